#include "shell/analysis.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "cases.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::array<const char*, 3> kEnvironment = {"HOME=/home/u", "PATH=/usr/bin", nullptr};

Analysis AnalyzeHere(std::string_view text) {
  const Context context{
      "/home/u/project", Environment(kEnvironment.data()), {"docker", "docker-compose", "podman", "devcontainer"}};
  return Analyze(text, context);
}

std::string Rendered(const Word& word) {
  std::string text = word.text;
  std::replace(text.begin(), text.end(), kUnknownPart, '?');
  return word.may_split ? text + "~" : text;
}

std::string Rendered(const Analysis& analysis) {
  constexpr std::array<const char*, 7> kReasons = {"syntax", "unknown", "computed", "hidden",
                                                   "interp", "toomuch", "other"};
  std::string line;
  for (const CommandLine& command : analysis.commands) {
    line += line.empty() ? "" : " ;; ";
    for (std::size_t i = 0; i < command.words.size(); ++i) {
      line += (i == 0 ? "" : "|") + Rendered(command.words[i]);
    }
  }
  for (const Opaque& opaque : analysis.opaque) {
    line += line.empty() ? "!" : " ;; !";
    line += kReasons[static_cast<std::size_t>(opaque.reason)];
    line += opaque.mentions_name ? "+" : "";
  }
  return line;
}

void ExpectEveryCase(const std::string& file, std::size_t least) {
  const std::vector<std::string> rows = ReadRows(file);
  ASSERT_GE(rows.size(), least);
  for (const std::string& row : rows) {
    const std::size_t arrow = row.rfind(" =>");
    ASSERT_NE(arrow, std::string::npos) << row;
    const std::string expected = row.size() > arrow + 4 ? row.substr(arrow + 4) : "";
    EXPECT_EQ(Rendered(AnalyzeHere(WithLineBreaks(row.substr(0, arrow)))), expected) << row;
  }
}

TEST(AnalysisTest, AnswersEveryCase) { ExpectEveryCase("commands.cases", 450); }

TEST(AnalysisTest, AnswersEveryCaseOfRunners) { ExpectEveryCase("runners.cases", 1000); }

TEST(AnalysisTest, WordsKnowTheirPlace) {
  const std::string text = "cd x; sudo docker run  -v \"$HOME\":/y img";
  const Analysis analysis = AnalyzeHere(text);
  ASSERT_EQ(analysis.commands.size(), 1U);
  const Word& mount = analysis.commands[0].words[3];
  EXPECT_EQ(mount.written, "\"$HOME\":/y");
  EXPECT_EQ(text.substr(mount.span.begin, mount.span.end - mount.span.begin), mount.written);
  EXPECT_EQ(analysis.commands[0].source, "sudo docker run -v \"$HOME\":/y img");
}

TEST(AnalysisTest, WordsOfInnerTextsHaveThePlaceOfTheirCommand) {
  const std::string text = "ls; sh -c 'docker ps'";
  const Analysis analysis = AnalyzeHere(text);
  ASSERT_EQ(analysis.commands.size(), 1U);
  const Span span = analysis.commands[0].words[0].span;
  EXPECT_EQ(text.substr(span.begin, span.end - span.begin), "sh -c 'docker ps'");
}

TEST(AnalysisTest, EnvironmentHasPrefixesExportsAndRunnersAssignments) {
  const Analysis analysis = AnalyzeHere("export A=1; B=2; C=3 sudo -E D=4 docker ps; unset HOME; docker ps");
  ASSERT_EQ(analysis.commands.size(), 2U);
  const Environment& environment = analysis.commands[0].environment;
  EXPECT_EQ(environment.GetOr("A", ""), "1");
  EXPECT_EQ(environment.GetOr("B", ""), "");
  EXPECT_EQ(environment.GetOr("C", ""), "3");
  EXPECT_EQ(environment.GetOr("D", ""), "4");
  EXPECT_EQ(environment.Get("HOME").state, Variable::State::kUnknown);
  EXPECT_EQ(analysis.commands[1].environment.Get("HOME").state, Variable::State::kUnset);
  EXPECT_EQ(analysis.commands[1].environment.GetOr("D", ""), "");
}

TEST(AnalysisTest, SudoDropsVariablesUnlessToldOtherwise) {
  const struct {
    const char* text;
    const char* a;  // null: unknown
    const char* b;
  } kCases[] = {
      {"export A=1 B=2; sudo docker ps", nullptr, nullptr},
      {"A=1 B=2 sudo docker ps", nullptr, nullptr},
      {"export A=1 B=2; sudo -E docker ps", "1", "2"},
      {"export A=1 B=2; sudo -nE docker ps", "1", "2"},
      {"export A=1 B=2; sudo --preserve-env docker ps", "1", "2"},
      {"export A=1 B=2; sudo --preserve-env=B,C docker ps", nullptr, "2"},
      {"export A=1 B=2; sudo --preserve-e=A docker ps", "1", nullptr},
      {"export A=1; sudo B=2 docker ps", nullptr, "2"},
      {"export A=1; sudo A=3 B=2 nice docker ps", "3", "2"},
      {"export A=1; doas env B=2 docker ps", nullptr, "2"},
      {"export A=1; env B=2 docker ps", "1", "2"},
      {"export A=1; env -i B=2 docker ps", nullptr, "2"},
      {"export B=2; env -u A docker ps", "", "2"},
  };
  for (const auto& [text, a, b] : kCases) {
    const Analysis analysis = AnalyzeHere(text);
    ASSERT_EQ(analysis.commands.size(), 1U) << text;
    const Environment& environment = analysis.commands[0].environment;
    EXPECT_EQ(environment.Get("A").state == Variable::State::kUnknown, a == nullptr) << text;
    EXPECT_EQ(environment.GetOr("A", ""), a == nullptr ? "" : a) << text;
    EXPECT_EQ(environment.Get("B").state == Variable::State::kUnknown, b == nullptr) << text;
    EXPECT_EQ(environment.GetOr("B", ""), b == nullptr ? "" : b) << text;
  }
}

TEST(AnalysisTest, ListsEveryAssignedName) {
  const Analysis analysis =
      AnalyzeHere("A=1 ls; export B; env C=1 ls; unset D; sh -c 'E=1'; read F; for G in x; do :; done");
  EXPECT_EQ(analysis.assigned, (std::vector<std::string>{"A", "B", "C", "D", "E", "F", "G"}));
}

TEST(AnalysisTest, FeedsHereDocumentsToTheCommand) {
  const Analysis analysis = AnalyzeHere("docker build - <<EOF\nFROM $X\nEOF\ndocker load <<< \"a b\"");
  ASSERT_EQ(analysis.commands.size(), 2U);
  EXPECT_FALSE(analysis.commands[0].has_standard_input);
  EXPECT_TRUE(analysis.commands[1].has_standard_input);
  EXPECT_EQ(analysis.commands[1].standard_input, "a b\n");
}

TEST(AnalysisTest, KnowsTheDirectoryOfEachCommand) {
  const Analysis analysis = AnalyzeHere("docker ps; cd /usr; docker ps; cd \"$X\"; docker ps");
  ASSERT_EQ(analysis.commands.size(), 3U);
  EXPECT_EQ(analysis.commands[0].cwd, "/home/u/project");
  EXPECT_EQ(analysis.commands[1].cwd, "/usr");
  EXPECT_FALSE(IsKnown(analysis.commands[2].cwd));
}

TEST(AnalysisTest, RunnersMayChangeDirectoryAndHome) {
  const struct {
    const char* text;
    const char* cwd;  // null: unknown
    bool home_known;
  } kCases[] = {
      {"nice docker ps", "/home/u/project", true},
      {"env -C /usr docker ps", "/usr", true},
      {"env --chdir=/usr docker ps", "/usr", true},
      {"env -C missing docker ps", nullptr, true},
      {"env -i docker ps", "/home/u/project", false},
      {"env - A=1 docker ps", "/home/u/project", false},
      {"env -i HOME=/x docker ps", "/home/u/project", true},
      {"sudo docker ps", "/home/u/project", false},
      {"sudo -D /usr docker ps", "/usr", false},
      {"sudo -i docker ps", nullptr, false},
      {"su - -c 'docker ps'", nullptr, false},
      {"su -l root -c 'docker ps'", nullptr, false},
      {"runuser -l root -c 'docker ps'", nullptr, false},
      {"cd -P /proc/self; docker ps", nullptr, true},
      {"set -P; cd /proc/self; docker ps", nullptr, true},
      {"set -o physical; cd /proc/self; docker ps", nullptr, true},
      {"cd -P /usr; docker ps", "/usr", true},
      {"cd /proc/self; docker ps", nullptr, true},
  };
  for (const auto& [text, cwd, home_known] : kCases) {
    const Analysis analysis = AnalyzeHere(text);
    ASSERT_EQ(analysis.commands.size(), 1U) << text;
    const CommandLine& command = analysis.commands[0];
    EXPECT_EQ(IsKnown(command.cwd) ? command.cwd : "", cwd == nullptr ? "" : cwd) << text;
    EXPECT_EQ(command.environment.Get("HOME").state == Variable::State::kKnown, home_known) << text;
  }
}

TEST(AnalysisTest, ExportsWhatIsAssignedUnderAllexport) {
  for (const char* option : {"set -a", "set -o allexport", "set -ea", "shopt -so allexport"}) {
    const Analysis analysis = AnalyzeHere(std::string(option) + "; A=1; set +a; B=2; docker ps");
    ASSERT_EQ(analysis.commands.size(), 1U) << option;
    EXPECT_EQ(analysis.commands[0].environment.GetOr("A", ""), "1") << option;
    EXPECT_EQ(analysis.commands[0].environment.GetOr("B", ""), "") << option;
  }
}

TEST(AnalysisTest, ListsWrittenAndLinkedFiles) {
  using Paths = std::vector<std::string>;
  const struct {
    const char* text;
    Paths written;
    Paths linked;
  } kCases[] = {
      {"ls > /a; ls >> /b; ls >| /c; ls &> /d; ls >& /e; ls 2>&1 > /dev/null", {"/a", "/b", "/c", "/d", "/e"}, {}},
      {"tee x ../y", {"/home/u/project/x", "/home/u/y"}, {}},
      {"cp -a /q /r", {"/r", "/r/q"}, {"/r", "/r/q"}},
      {"mv -t /d x/y", {"/d/y"}, {"/d/y"}},
      {"cp --target-directory=/d y", {"/d/y"}, {"/d/y"}},
      {"install -m 755 a /o", {"/o", "/o/a"}, {}},
      {"ln -s /t", {"/home/u/project/t"}, {"/home/u/project/t"}},
      {"mount --bind / /mnt; mount -o bind,ro /a /b; mount /dev/x /y", {}, {"/b", "/mnt"}},
      {"sed -i -e s,a,b, /z; sed -e s,a,b, /y", {"/z"}, {}},
      {"curl -fsSLo /k http://h/x; curl --output=/l u; wget -O /m u", {"/k", "/l", "/m"}, {}},
      {"curl -O http://h/x; wget http://h/w", {"/home/u/project/w", "/home/u/project/x"}, {}},
      {"cd \"$X\"; ls > a; ls > \"$Y\"", {}, {}},
  };
  for (const auto& [text, written, linked] : kCases) {
    const Analysis analysis = AnalyzeHere(text);
    EXPECT_EQ(analysis.written, written) << text;
    EXPECT_EQ(analysis.linked, linked) << text;
  }
}

TEST(AnalysisTest, ReadsScriptsThatAShellGetsAsInput) {
  const std::string path = testing::TempDir() + "shell_test_input.sh";
  std::ofstream(path) << "docker rm x\n";
  for (const std::string& text : {"sh < " + path, "cat " + path + " | sh", "cat " + path + " | sudo bash -s y"}) {
    EXPECT_EQ(Rendered(AnalyzeHere(text)), "docker|rm|x") << text;
  }
  std::remove(path.c_str());
}

TEST(AnalysisTest, ReadsScriptsThatAreThere) {
  const std::string path = testing::TempDir() + "shell_test_script.sh";
  std::ofstream(path) << "docker rm \"$1\"\nX=2\n";
  EXPECT_EQ(Rendered(AnalyzeHere("bash " + path + " a")), "docker|rm|a");
  EXPECT_EQ(Rendered(AnalyzeHere(". " + path + "; docker rm $X")), "docker|rm|? ;; docker|rm|2");
  std::remove(path.c_str());
  EXPECT_EQ(Rendered(AnalyzeHere("bash " + path)), "");
}

TEST(AnalysisTest, ReadsScriptsThatAreCalledByTheirPath) {
  const std::string path = testing::TempDir() + "shell_test_called.sh";
  const struct {
    const char* content;
    const char* commands;
  } kCases[] = {
      {"#!/bin/sh\ndocker rm \"$1\" $0\n", "docker|rm|a|"},
      {"#!/usr/bin/env -S bash -eu\ndocker rm $1\n", "docker|rm|a"},
      {"docker rm $1\n", "docker|rm|a"},
      {"#!/usr/bin/python3\ndocker rm $1\n", ""},
      {"\x7f"
       "ELF",
       ""},
  };
  for (const auto& [content, commands] : kCases) {
    std::ofstream(path) << content;
    const std::string expected = std::string(commands).ends_with('|') ? commands + path : commands;
    EXPECT_EQ(Rendered(AnalyzeHere(path + " a")), expected) << content;
  }
  std::remove(path.c_str());
}

}  // namespace
}  // namespace safe_docker::shell
