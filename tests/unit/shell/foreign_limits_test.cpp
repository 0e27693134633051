// Huge and deep programs, Makefiles and task files are answered soon, and never crash.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "projects.hpp"
#include "shell/analysis.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kSize = 32 * 1024;
constexpr std::chrono::seconds kBound(10);  // far above what it takes, also with sanitizers

std::string Repeated(std::string_view piece) {
  std::string text;
  while (text.size() < kSize) {
    text += piece;
  }
  return text;
}

void ExpectSoon(const std::string& text, const std::string& folder, std::string_view piece) {
  const Context context{folder, Environment(), {"docker"}};
  const auto start = std::chrono::steady_clock::now();
  Analyze(text, context);
  EXPECT_LT(std::chrono::steady_clock::now() - start, kBound) << text.substr(0, 40) << ": " << piece;
}

TEST(ForeignLimitsTest, ProgramsAreReadInTime) {
  constexpr const char* kPieces[] = {"(",
                                     "[",
                                     "{",
                                     "os.system(",
                                     "a=a+a\n",
                                     "a='x'\na+=a\n",
                                     "a+=[a]\n",
                                     "f'{a}{a}'+",
                                     "f'{",
                                     "`${",
                                     "'a'+",
                                     "\"",
                                     "'''",
                                     "a.join(",
                                     "exec('",
                                     "[*a,*a],",
                                     "def f(a):\n",
                                     "a=[a,a]\n",
                                     "a,",
                                     "import a as b\n",
                                     "a=os.system\n",
                                     "system(a);",
                                     "x[",
                                     "getattr(a,",
                                     "q{",
                                     "<<A\n",
                                     "%w[a]\n",
                                     "/a/",
                                     "| getline",
                                     "\"a\" | getline\n",
                                     "a=1;a=2;a=3\n",
                                     "#{\""};
  for (const char* piece : kPieces) {
    const std::string program = "x='docker'\na='aaaaaaaa'\n" + Repeated(piece);
    for (const char* interpreter : {"python3 -", "node -", "perl -", "ruby -", "awk -f -"}) {
      ExpectSoon(std::string(interpreter) + " <<'END_OF_PROGRAM'\n" + program + "\nEND_OF_PROGRAM\n", "/", piece);
    }
  }
}

TEST(ForeignLimitsTest, MakefilesAreReadInTime) {
  constexpr const char* kPieces[] = {"X:=$(X)$(X)\n",
                                     "X=$(X)$(X)\n",
                                     "X+=$(X)\n",
                                     "$(call X,$(X))",
                                     "$(eval X:=$(X)$(X))\n",
                                     "ifeq (a,b)\n",
                                     "a:a\n",
                                     "$(foreach i,$(X),",
                                     "$(",
                                     "define X\n",
                                     "$(shell ",
                                     "%:%x\n\tdocker\n",
                                     "all: b\nb: c\n\tx\n",
                                     "X?=$(if $(X),a)\n",
                                     "a b c d e f: g h\n",
                                     "include Makefile\n"};
  for (const char* piece : kPieces) {
    ExpectSoon("make -f - all <<'END_OF_MAKEFILE'\nX=docker\nall:\n\t$(X)\n" + Repeated(piece) + "\nEND_OF_MAKEFILE\n",
               "/", piece);
  }
}

TEST(ForeignLimitsTest, ManyTargetsAreMadeInTime) {
  std::string text = "make -f - <<'END_OF_MAKEFILE'\nall:";
  std::string rules;
  for (int i = 0; i < 8000; ++i) {
    text += " t" + std::to_string(i);
    rules += "t" + std::to_string(i) + ":\n\ttrue\n";
  }
  ExpectSoon(text + "\n" + rules + "END_OF_MAKEFILE\n", "/", "targets");
}

TEST(ForeignLimitsTest, FilesThatGrowAreReadInTime) {
  std::string just = "a0 := 'docker'\n";
  std::string task = "version: '3'\nvars:\n  A0: docker\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = std::to_string(i - 1);
    just += "a" + std::to_string(i) + " := a" + before + " + a" + before + " + a" + before + "\n";
    task += "  A" + std::to_string(i) + ": '{{.A" + before + "}}{{.A" + before + "}}'\n";
  }
  just += "default:\n    echo {{a39}}\n";
  task +=
      "tasks:\n  default:\n    cmds:\n      - echo {{.A39}}\n      - task: default\n        vars: {B: '{{.B}}x'}\n"
      "      - task: default\n        vars: {B: '{{.B}}y'}\n";
  Project project{"growing", {{"justfile", just}, {"Taskfile.yml", task}}, {}};
  project.files.emplace_back("Makefile", "all:\n\t$(MAKE) X=$(X)1\n\t$(MAKE) X=$(X)2\n\t$(MAKE) X=$(X)3\n");
  project.files.emplace_back("package.json",
                             R"({"scripts": {"a": "npm run a -- x; npm run a -- y", "b": "npm run b"}})");
  const ProjectFolder folder(project);
  for (const char* command : {"just", "task", "make", "npm run a", "npm run b"}) {
    ExpectSoon(command, folder.path(), command);
  }
}

}  // namespace
}  // namespace safe_docker::shell
