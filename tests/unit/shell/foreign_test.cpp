// Programs of other languages and projects of task runners: what they run is judged as if typed, what cannot be told
// asks, all else is silent.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cases.hpp"
#include "projects.hpp"
#include "shell/analysis.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::array<const char*, 3> kEnvironment = {"HOME=/home/u", "PATH=/usr/bin", nullptr};

std::string Rendered(const Analysis& analysis, const std::string& folder) {
  constexpr std::array<const char*, 7> kReasons = {"syntax", "unknown", "computed", "hidden",
                                                   "interp", "toomuch", "other"};
  std::string line;
  for (const CommandLine& command : analysis.commands) {
    line += line.empty() ? "" : " ;; ";
    for (std::size_t i = 0; i < command.words.size(); ++i) {
      std::string text = command.words[i].text;
      std::replace(text.begin(), text.end(), kUnknownPart, '?');
      for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder, at)) {
        text.replace(at, folder.size(), "@");
      }
      line += (i == 0 ? "" : "|") + text + (command.words[i].may_split ? "~" : "");
    }
  }
  for (const Opaque& opaque : analysis.opaque) {
    // What mentions no name and hides nothing interrupts nobody.
    const bool asks = opaque.mentions_name || opaque.reason == Opaque::Reason::kHiddenCode ||
                      opaque.reason == Opaque::Reason::kTooMuch;
    if (asks) {
      line += line.empty() ? "!" : " ;; !";
      line += kReasons[static_cast<std::size_t>(opaque.reason)];
    }
  }
  return line;
}

std::string AnalyzedIn(const std::string& folder, const std::string& text) {
  const Context context{folder, Environment(kEnvironment.data()), {"docker", "docker-compose", "podman"}};
  return Rendered(Analyze(text, context), folder);
}

TEST(ForeignTest, AnswersEveryProgram) {
  const std::vector<std::string> rows = ReadRows("foreign_programs.cases");
  ASSERT_GE(rows.size(), 250U);
  for (const std::string& row : rows) {
    const std::size_t arrow = row.rfind(" =>");
    ASSERT_NE(arrow, std::string::npos) << row;
    const std::string expected = row.size() > arrow + 4 ? row.substr(arrow + 4) : "";
    EXPECT_EQ(AnalyzedIn("/home/u/project", WithLineBreaks(row.substr(0, arrow))), expected) << row;
  }
}

TEST(ForeignTest, AnswersEveryTaskOfEveryProject) {
  std::size_t rows = 0;
  for (const Project& project : ReadProjects("foreign_projects.cases")) {
    const ProjectFolder folder(project);
    for (const Project::Row& row : project.rows) {
      EXPECT_EQ(AnalyzedIn(folder.path(), WithLineBreaks(row.command)), row.expected)
          << project.name << ": " << row.command;
      ++rows;
    }
  }
  EXPECT_GE(rows, 150U);
}

}  // namespace
}  // namespace safe_docker::shell
