#include "cases.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <utility>

namespace safe_docker::expanders {
namespace {

std::vector<std::string> Words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    words.push_back(word);
  }
  return words;
}

void AddSetting(Case& made, const std::string& line) {
  const std::string name = line.substr(1, line.find(' ') - 1);
  const std::string value = line.find(' ') == std::string::npos ? std::string{} : line.substr(line.find(' ') + 1);
  if (name == "env") {
    made.host.variables[value.substr(0, value.find('='))] = value.substr(value.find('=') + 1);
  } else if (name == "unknown") {
    made.host.unknown_variables.insert(value);
  } else if (name == "unreadable") {
    made.host.unreadable.insert(value);
  } else if (name == "cwd") {
    made.host.cwd = value;
  } else if (name == "program") {
    made.host.tool.program = value;
  } else if (name == "places") {
    made.host.shows_places = true;
  } else {
    ADD_FAILURE() << made.file << ": unknown setting " << line;
  }
}

std::vector<Case> ReadFile(const std::filesystem::path& path, const Tool& tool) {
  std::vector<Case> cases;
  std::ifstream stream(path);
  std::string* text = nullptr;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("=== ")) {
      cases.emplace_back(tool);
      cases.back().file = path.filename().string();
      cases.back().name = line.substr(4);
      text = nullptr;
    } else if (line.starts_with("--- ")) {
      const std::string name = line.substr(4);
      text = &cases.back().host.files[name.starts_with('/') ? name : "/home/me/app/" + name];
    } else if (line.starts_with(">>> ")) {
      cases.back().command = Words(line.substr(4));
      text = &cases.back().expected;
    } else if (line.starts_with("!") && !cases.empty()) {
      AddSetting(cases.back(), line);
    } else if (text != nullptr && (text != &cases.back().expected || !line.empty())) {
      *text += line + "\n";
    }
  }
  return cases;
}

}  // namespace

std::vector<Case> ReadCases(const std::filesystem::path& folder, const Tool& tool) {
  std::vector<Case> cases;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    for (Case& one : ReadFile(entry.path(), tool)) {
      cases.push_back(std::move(one));
    }
  }
  return cases;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  return text;
}

void RunCases(const std::filesystem::path& folder, const Tool& tool, std::size_t least) {
  std::vector<Case> cases = ReadCases(folder, tool);
  EXPECT_GE(cases.size(), least);
  for (Case& one : cases) {
    EXPECT_EQ(Joined(one.host.Expand(one.command)), one.expected) << one.file << ": " << one.name;
  }
}

}  // namespace safe_docker::expanders
