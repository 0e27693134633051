// Runs the real tools, and compares what they print with what OutputOf says that they print.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "cases.hpp"
#include "shell/analysis.hpp"
#include "shell/joined_words.hpp"
#include "shell/tools/output.hpp"

namespace safe_docker::shell {
namespace {

// What stands in the data file for an unknown part.
constexpr std::string_view kUnknownSign = "\u25CC";

struct Case {
  std::string kind;
  std::vector<Word> words;
  std::string input;  // with unknown parts
};

std::string Replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

// Words with single quotes only.
std::vector<Word> SplitWords(std::string_view text) {
  std::vector<Word> words;
  bool quoted = false;
  bool inside = false;
  for (const char c : text) {
    if (c == '\'') {
      quoted = !quoted;
    }
    const bool blank = c == ' ' && !quoted;
    if (!blank && !inside) {
      words.emplace_back();
    }
    inside = !blank;
    if (inside && c != '\'') {
      words.back().text.push_back(c);
    }
  }
  return words;
}

std::string TextOf(const std::vector<Word>& words) {
  std::string text;
  for (const Word& word : words) {
    text.append(text.empty() ? "" : " ").append(text.empty() ? word.text : Quoted(word));
  }
  return text;
}

// Whether `text` is what `printed` says, in which an unknown part is any text.
bool Fits(std::string_view printed, std::string_view text) {
  const std::size_t first = printed.find(kUnknownPart);
  if (first == std::string_view::npos) {
    return printed == text;
  }
  if (!text.starts_with(printed.substr(0, first))) {
    return false;
  }
  text.remove_prefix(first);
  printed.remove_prefix(first);
  while (!printed.empty()) {
    printed.remove_prefix(1);
    const std::size_t end = printed.find(kUnknownPart);
    const std::string_view piece = printed.substr(0, end);
    if (end == std::string_view::npos) {
      return text.ends_with(piece);
    }
    const std::size_t at = text.find(piece);
    if (at == std::string_view::npos) {
      return false;
    }
    text.remove_prefix(at + piece.size());
    printed.remove_prefix(end);
  }
  return true;
}

struct RealRun {
  std::string command;
  std::string input;
  std::string output;
};

class ToolsTest : public testing::Test {
 protected:
  void SetUp() override {
#ifndef __linux__
    GTEST_SKIP() << "the cases are of GNU's tools";
#endif
    std::string pattern = testing::TempDir() + "shell_tools_XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = std::filesystem::canonical(pattern);
    std::ofstream(folder_ / "file") << "first\nsecond line\n\nlast";
  }

  void TearDown() override {
    if (!folder_.empty()) {
      std::filesystem::remove_all(folder_);
    }
  }

  std::string Real(const std::string& name) const { return (folder_ / name).string(); }

  static std::string ReadAll(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // All in one shell, each with its input.
  void RunAll(const std::string& shell, const std::string& locale, std::vector<RealRun>* runs) const {
    std::string script = "cd " + folder_.string() + "\n";
    for (std::size_t i = 0; i < runs->size(); ++i) {
      const std::string number = std::to_string(i);
      std::ofstream(Real("in." + number), std::ios::binary) << (*runs)[i].input;
      script.append((*runs)[i].command).append(" < in.").append(number).append(" > out." + number + " 2> /dev/null\n");
    }
    std::ofstream(Real("script"), std::ios::binary) << script;
    const std::string command = "env -u LANG LC_ALL=" + locale + " " + shell + " " + Real("script");
    EXPECT_NE(std::system(command.c_str()), -1);
    for (std::size_t i = 0; i < runs->size(); ++i) {
      (*runs)[i].output = ReadAll(Real("out." + std::to_string(i)));
    }
  }

  std::string Told(const Case& each, bool is_bash) const {
    const Files files;
    const std::string cwd = folder_.string();
    ToolContext context;
    context.cwd = cwd;
    context.input = &each.input;
    context.files = &files;
    context.is_bash = is_bash;
    return OutputOf(each.words, context).value_or(std::string(1, kUnknownPart));
  }

  // Compares with what the tools print, whatever the unknown parts turn out to be.
  void Compare(const std::vector<Case>& cases, const std::string& shell, const std::string& locale) {
    static const std::vector<std::string> kValues = {"", "a", "b\na", "-n x:y", "ab\n\nba\n"};
    std::vector<RealRun> runs;
    std::vector<const Case*> of_run;
    for (const Case& each : cases) {
      if (each.kind == "unknown") {
        continue;  // some of which never end
      }
      const bool known = IsKnown(each.input);
      for (std::size_t i = 0; i < (known ? 1 : kValues.size()); ++i) {
        runs.push_back({TextOf(each.words), Replaced(each.input, std::string_view("\0", 1), kValues[i]), {}});
        of_run.push_back(&each);
      }
    }
    RunAll(shell, locale, &runs);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const std::string told = Told(*of_run[i], shell == "bash");
      EXPECT_TRUE(Fits(told, runs[i].output))
          << shell << " " << locale << ": " << runs[i].command << "\n input: " << testing::PrintToString(runs[i].input)
          << "\n  told: " << testing::PrintToString(told) << "\n  real: " << testing::PrintToString(runs[i].output);
    }
  }

  std::filesystem::path folder_;
};

// KIND :: COMMAND [:: INPUT]
std::vector<Case> ReadCases() {
  std::vector<Case> cases;
  for (const std::string& row : ReadRows("tools.cases")) {
    const std::size_t command = row.find(" :: ");
    const std::size_t input = row.find(" :: ", command + 4);
    Case each;
    each.kind = row.substr(0, command);
    each.words = SplitWords(WithLineBreaks(row.substr(command + 4, input - command - 4)));
    each.input = input == std::string::npos ? "" : WithLineBreaks(row.substr(input + 4));
    each.input = Replaced(Replaced(each.input, kUnknownSign, std::string_view("\0", 1)), "\u240D", "\r");
    cases.push_back(std::move(each));
  }
  return cases;
}

TEST_F(ToolsTest, TellsWhatMustBeKnown) {
  const std::vector<Case> cases = ReadCases();
  ASSERT_GE(cases.size(), 250U);
  for (const Case& each : cases) {
    const std::string told = Told(each, each.kind != "shells");
    if (each.kind == "bash" || each.kind == "shells") {
      EXPECT_TRUE(IsKnown(told)) << TextOf(each.words);
    } else if (each.kind == "partly") {
      EXPECT_TRUE(!IsKnown(told) && told.size() > 1) << TextOf(each.words);
    } else {
      EXPECT_EQ(each.kind, "unknown") << TextOf(each.words);
      EXPECT_FALSE(IsKnown(told)) << TextOf(each.words) << told;
    }
  }
}

TEST_F(ToolsTest, AgreesWithTheTools) {
  const std::vector<Case> cases = ReadCases();
  Compare(cases, "bash", "C.UTF-8");
  Compare(cases, "bash", "C");
  Compare(cases, "dash", "C.UTF-8");
}

std::string Output(std::string_view command, const ToolContext& context) {
  return OutputOf(SplitWords(command), context).value_or("no tool");
}

const std::string& UnknownOutput() {
  static const std::string kUnknown(1, kUnknownPart);
  return kUnknown;
}

TEST(ToolContextTest, LocaleDecidesTheOrder) {
  const std::string input = "b\nA\na\n";
  for (const auto& [locale, sorted] : {std::pair<const char*, std::string>{"LC_ALL=C", "A\na\nb\n"},
                                       {"LANG=C.UTF-8", "A\na\nb\n"},
                                       {"LANG=en_US.UTF-8", UnknownOutput()},
                                       {"X=", "A\na\nb\n"}}) {
    const char* variables[] = {locale, nullptr};
    const Environment environment(variables);
    ToolContext context;
    context.input = &input;
    context.environment = &environment;
    EXPECT_EQ(Output("sort", context), sorted) << locale;
  }
}

TEST(ToolContextTest, TurkishHasOtherLetters) {
  const std::string input = "privileged\n";
  const char* variables[] = {"LC_CTYPE=tr_TR.UTF-8", nullptr};
  const Environment environment(variables);
  ToolContext context;
  context.input = &input;
  EXPECT_EQ(Output("tr [:lower:] [:upper:]", context), "PRIVILEGED\n");
  context.environment = &environment;
  EXPECT_EQ(Output("tr [:lower:] [:upper:]", context), UnknownOutput());
  EXPECT_EQ(Output("tr a-z A-Z", context), "PRIVILEGED\n");
}

TEST(ToolContextTest, VariablesOfTheEnvironmentChangeHowToolsReadTheirArguments) {
  const std::string input = "a\nb\n";
  const char* variables[] = {"POSIXLY_CORRECT=1", "BASHOPTS=xpg_echo", nullptr};
  const Environment environment(variables);
  ToolContext context;
  context.input = &input;
  context.is_bash = true;
  EXPECT_EQ(Output("head -n 1", context), "a\n");
  EXPECT_EQ(Output("echo a\\nb", context), "a\\nb\n");
  context.environment = &environment;
  EXPECT_EQ(Output("head -n 1", context), UnknownOutput());
  EXPECT_EQ(Output("echo a\\nb", context), UnknownOutput());
}

TEST(ToolContextTest, ProgramsStandInPath) {
  const char* variables[] = {"PATH=/missing:/usr/bin:/bin", "HOME=/home/me", nullptr};
  const Environment environment(variables);
  const std::string path = std::filesystem::exists("/usr/bin/env") ? "/usr/bin/env\n" : "/bin/env\n";
  ToolContext context;
  context.environment = &environment;
  EXPECT_EQ(Output("which env", context), path);
  EXPECT_EQ(Output("type -P env", context), path);
  EXPECT_EQ(Output("command -v env", context), UnknownOutput());
  EXPECT_EQ(Output("printenv HOME", context), "/home/me\n");
  EXPECT_EQ(Output("printenv MISSING", context), "");
  context.asks_for_program = true;
  EXPECT_EQ(Output("command -v env", context), path);
  EXPECT_EQ(Output("command -v echo", context), UnknownOutput());
  EXPECT_EQ(Output("command -v no-such-program", context), UnknownOutput());
  context.paths_changed = true;
  EXPECT_EQ(Output("which env", context), UnknownOutput());
}

TEST(ToolContextTest, NothingIsToldWithoutInputOrFiles) {
  for (const char* command : {"cat", "cat /etc/passwd", "rev", "tr a b", "sed s/a/b/", "base64 -d", "head", "grep a"}) {
    EXPECT_EQ(Output(command, {}), UnknownOutput()) << command;
  }
  EXPECT_EQ(Output("od", {}), "no tool");
  EXPECT_EQ(Output("python3 -c x", {}), "no tool");
}

TEST(ToolContextTest, UnknownArguments) {
  ToolContext context;
  context.is_bash = true;
  const Word unknown = {UnknownOutput(), "\"$x\"", false, {}};
  const Word splits = {UnknownOutput(), "$x", true, {}};
  const auto output = [&context](const std::vector<Word>& words) {
    return OutputOf(words, context).value_or("no tool");
  };
  const auto word = [](const char* text) { return Word{text, text, false, {}}; };
  EXPECT_EQ(output({word("echo"), word("a"), unknown, word("b")}), std::string("a \0 b\n", 6));
  EXPECT_EQ(output({word("echo"), unknown, word("b\\x41")}), UnknownOutput());
  EXPECT_EQ(output({word("echo"), word("-e"), word("a"), unknown, word("b")}), std::string("a \0", 3));
  EXPECT_EQ(output({word("printf"), word("%s-%s\n"), unknown, word("b")}), std::string("\0-b\n", 4));
  EXPECT_EQ(output({word("printf"), word("%s-%s\n"), splits, word("b")}), UnknownOutput());
  EXPECT_EQ(output({word("printf"), word("a%b-%s\n"), unknown, word("b")}), std::string("a\0", 2));
  EXPECT_EQ(output({word("basename"), unknown}), UnknownOutput());
}

TEST(ToolsInPipelinesTest, WhatTheyPrintIsRun) {
  for (const char* text :
       {"echo ZG9ja2VyIHJ1biBp | base64 -d | sh", "sh <<< \"$(echo 'i nur rekcod' | rev)\"",
        "printf '\\144ocker run i' | sh", "echo qbpxre eha v | tr a-z n-za-m | bash",
        "cat <<EOF | sed s/x/docker/ | bash\nx run i\nEOF", "echo x:docker run i | cut -d: -f2 | sh",
        "echo 646f636b65722072756e2069 | xxd -r -p | sh", "awk 'BEGIN{print \"docker run i\"}' | sh",
        "printf 'x\\ndocker run i\\n' | tail -n 1 | sh", "printf 'docker run i\\nx\\n' | grep -v x | sh"}) {
    const Analysis analysis = Analyze(text, {"/", Environment(), {"docker"}});
    EXPECT_TRUE(std::any_of(analysis.commands.begin(), analysis.commands.end(), [](const CommandLine& command) {
      return command.words.size() == 3 && command.words[1].text == "run" && command.words[2].text == "i";
    })) << text;
  }
}

TEST(EditWithSedTest, ChangesTheText) {
  const auto edited = [](std::string_view command, std::string_view text) {
    return EditWithSed(SplitWords(command), text).value_or("unknown");
  };
  EXPECT_EQ(edited("sed -i s/a/b/ x", "a\nc\n"), "b\nc\n");
  EXPECT_EQ(edited("sed -i.bak -e 2d x y", "a\nc\n"), "a\n");
  EXPECT_EQ(edited("sed -Ei 's/(a)/\\1\\1/' x", "a"), "aa");
  EXPECT_EQ(edited("sed -iE 's/(a)/\\1\\1/' x", "a"), "unknown");  // E is the suffix of the copy
  EXPECT_EQ(edited("sed -i -E 's/(a)/\\1\\1/' x", "a"), "aa");
  EXPECT_EQ(edited("sed s/a/b/ x", "a\n"), "unknown");
  EXPECT_EQ(edited("sed -i s/a/b/", "a\n"), "unknown");
  EXPECT_EQ(edited("sed -i '' s/a/b/ x", "a\n"), "unknown");
  EXPECT_EQ(edited("sed -i s/a/b/e x", "a\n"), "unknown");
}

TEST(ToolBoundsTest, WorkAndOutputAreBounded) {
  ToolContext context;
  context.is_bash = true;
  const std::string line = std::string(200 * 1024, 'a') + "\n";
  context.input = &line;
  for (const char* command : {"sed s/a/bb/g", "sed 's/a*a*a*b/x/'", "sed -E 's/((a*)*)*b/\\1/'", "grep -E '(a|aa)*c'",
                              "sed 's/[ab]/x/g'", "sed -E 's/(a|a)*$/\\1/g'", "fold -w1", "xxd -p", "grep -o a"}) {
    const auto begin = std::chrono::steady_clock::now();
    const std::string output = Output(command, context);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    EXPECT_LE(output.size(), 256U * 1024) << command;
    EXPECT_LT(seconds.count(), 0.5) << command;
  }
  EXPECT_EQ(Output("printf %999999s%999999s", context), UnknownOutput());
  EXPECT_EQ(Output("seq 999999999", context), UnknownOutput());
}

// Random commands of one tool each.
class Generator {
 public:
  explicit Generator(unsigned int seed) : random_(seed) {}

  Case Make() {
    Case each;
    each.words = Words();
    each.input = Input();
    return each;
  }

 private:
  std::size_t Below(std::size_t bound) { return random_() % bound; }
  std::string Pick(const std::vector<std::string>& choices) { return choices[Below(choices.size())]; }
  std::string Several(const std::vector<std::string>& choices, std::size_t most) {
    std::string text;
    for (std::size_t i = Below(most) + 1; i > 0; --i) {
      text.append(Pick(choices));
    }
    return text;
  }
  std::string Number() { return std::to_string(Below(6)); }

  std::string Input() {
    const std::vector<std::string> pieces = {"a",  "b",  "ab",  "x", "aa", ":", " ",
                                             "\n", "\n", "c:d", "1", "-",  "B", "A"};
    std::string text;
    const bool has_unknown = Below(8) == 0;
    for (std::size_t i = Below(14); i > 0; --i) {
      text.append(has_unknown && Below(6) == 0 ? std::string(1, kUnknownPart) : Pick(pieces));
    }
    return Below(4) == 0 ? text : text + "\n";
  }

  std::string Atom(bool extended, std::size_t depth) {
    if (depth < 2 && Below(6) == 0) {
      const std::string inner = Pattern(extended, depth + 1);
      return extended ? "(" + inner + ")" : "\\(" + inner + "\\)";
    }
    return Pick({"a", "b", "x",   "a",   ".", "[ab]", "[^a]", "[a-c]", ":", "1",   "[[:alpha:]]",
                 "^", "$", "\\.", "\\w", "*", "[]a]", "-",    "{",     "B", "\\s", "\\b"});
  }

  std::string Pattern(bool extended, std::size_t depth) {
    std::string text;
    for (std::size_t i = Below(3) + 1; i > 0; --i) {
      text.append(Atom(extended, depth));
      if (Below(3) == 0) {
        text.append(extended ? Pick({"*", "+", "?", "{2}", "{1,2}", "{0,1}", "{1,}"})
                             : Pick({"*", "\\+", "\\?", "\\{2\\}", "\\{1,2\\}", "*"}));
      }
      if (Below(8) == 0) {
        text.append(extended ? "|" : "\\|").append(Atom(extended, depth));
      }
    }
    return text;
  }

  std::string Address(bool extended) {
    const std::string one = Below(2) == 0 ? std::to_string(Below(4)) : Pick({"$", "/" + Pattern(extended, 1) + "/"});
    const std::string second = Below(3) == 0 ? "," + Pick({"2", "3", "$", "+1", "/a/"}) : "";
    return one + second + (Below(5) == 0 ? "!" : "");
  }

  std::string SedCommandText(bool extended) {
    const std::string address = Below(3) == 0 ? Address(extended) : "";
    if (Below(4) != 0) {
      return address + "s/" + Pattern(extended, 0) + "/" +
             Several({"X", "&", "\\1", "y", "", "\\n", "\\&", "\\\\", "\\2"}, 3) + "/" +
             Pick({"", "g", "g", "2", "p", "2g", "i", "gp"});
    }
    return address + Pick({"d", "p", "q", "=", "y/ab/xy/", "a text", "i text", "c text", "y/a:/:a/"});
  }

  std::vector<std::string> Sed() {
    const bool extended = Below(2) == 0;
    std::string script = SedCommandText(extended);
    for (std::size_t i = Below(3); i > 0; --i) {
      script.append(Pick({";", "\n", " ; "})).append(SedCommandText(extended));
    }
    std::vector<std::string> words = {"sed"};
    extended ? words.push_back(Pick({"-E", "-r"})) : void();
    Below(4) == 0 ? words.push_back("-n") : void();
    words.push_back(script);
    return words;
  }

  std::vector<std::string> Grep() {
    const bool extended = Below(2) == 0;
    std::vector<std::string> words = {"grep"};
    extended ? words.push_back("-E") : void();
    Below(2) == 0 ? words.push_back(Pick({"-v", "-i", "-o", "-c", "-n", "-on", "-x", "-oi", "-F", "-m1"})) : void();
    words.insert(words.end(), {"-e", Pattern(extended, 0)});
    return words;
  }

  std::vector<std::string> Tr() {
    const std::vector<std::string> pieces = {"a-c", "b", "x",     "0-9", "[:upper:]", "[:lower:]", "\\n", "[:alpha:]",
                                             "a",   " ", "\\055", "-",   "A-C",       ":",         "[",   "]"};
    const std::string option = Pick({"", "", "-d", "-s", "-c", "-cd", "-ds", "-cs", "-t", "-dc"});
    std::vector<std::string> words = {"tr"};
    option.empty() ? void() : words.push_back(option);
    words.push_back("--");
    words.push_back(Several(pieces, 3));
    Below(4) == 0 ? void() : words.push_back(Several(pieces, 3));
    return words;
  }

  std::vector<std::string> Cut() {
    const std::string list = Pick({"1", "2", "1,3", "2-", "-2", "1-2,4", "3-1", "2,1", "1-", "0", "5-6,1"});
    const std::vector<std::string> ends = {"-s", "--complement", "--output-delimiter=_"};
    std::vector<std::string> words = Below(2) == 0
                                         ? std::vector<std::string>{"cut", Pick({"-d:", "-d ", "-da"}), "-f" + list}
                                         : std::vector<std::string>{"cut", Pick({"-c", "-b"}), list};
    Below(2) == 0 ? words.push_back(Pick(ends)) : void();
    return words;
  }

  std::vector<std::string> HeadTail() {
    const std::string tool = Pick({"head", "tail"});
    const std::string n = Number();
    return {tool, Pick({"-n" + n, "-" + n, "-n-" + n, "-n+" + n, "-c" + n, "-c-" + n, "-c+" + n, "--lines=" + n})};
  }

  std::vector<std::string> Printf() {
    std::vector<std::string> words = {
        "printf", Several({"%s",   "%d",   "%5s|", "%-5s|", "%.2s", "%x",   "%05d",  "%+d",   "%b",     "%q",
                           "%c",   "%o",   "%%",   "%*d",   "a",    "\\n",  "\\x41", "\\101", "\\0101", "\\u0041",
                           "\\\\", "\\\"", "\\q",  "%i",    "%u",   "%#x",  "% d",   "%.3d",  "%X",     "%",
                           "\\",   "\\c",  "%'d",  "%-05d", "%.0s", "%5c|", "%.*s"},
                          4)};
    for (std::size_t i = Below(5); i > 0; --i) {
      words.push_back(
          Pick({"a", "12", "-3", "a b",   "0x1f", "010", "'A",  "",   "x\\ny", "\\0101", "a\\cb", "\\x41", "3abc",
                "*", "~a", "#",  "\\101", "-",    "--",  "\"B", "+4", " 5",    "$x",     "a,b",   "c=~",   "7"}));
    }
    return words;
  }

  std::vector<std::string> Echo() {
    std::vector<std::string> words = {"echo"};
    const std::vector<std::string> pieces = {"a",     "\\n", "\\\\",  "\\x41",  "\\x4", "\\0101", "\\101",
                                             "\\u41", "\\t", "\\c",   "\\",     "\\\"", "1",      "\\e",
                                             "\\0",   "\\x", "\\U41", "\\1234", "\\'",  "-n",     "-e"};
    for (std::size_t i = Below(4); i > 0; --i) {
      words.push_back(Below(3) == 0 ? Pick({"-n", "-e", "-ne", "-E", "-", "-nex", "--"}) : Several(pieces, 4));
    }
    return words;
  }

  std::vector<std::string> Small() {
    static const std::vector<std::vector<std::string>> kCommands = {{"rev"},
                                                                    {"tac"},
                                                                    {"cat"},
                                                                    {"cat", "-n"},
                                                                    {"cat", "-b"},
                                                                    {"cat", "-A"},
                                                                    {"uniq"},
                                                                    {"uniq", "-c"},
                                                                    {"uniq", "-d"},
                                                                    {"uniq", "-u"},
                                                                    {"wc", "-l"},
                                                                    {"wc", "-w"},
                                                                    {"wc", "-c"},
                                                                    {"fold", "-w3"},
                                                                    {"fold", "-2"},
                                                                    {"paste", "-s"},
                                                                    {"paste", "-sd,"},
                                                                    {"paste", "-d:", "-", "-"},
                                                                    {"paste", "-", "-", "-"},
                                                                    {"base64"},
                                                                    {"base64", "-w4"},
                                                                    {"base32"},
                                                                    {"xxd", "-p"},
                                                                    {"base64", "-w0"},
                                                                    {"sort"},
                                                                    {"sort", "-u"},
                                                                    {"sort", "-n"},
                                                                    {"tee"},
                                                                    {"cat", "-", "file"},
                                                                    {"basenc", "--base16"},
                                                                    {"base64", "-d"},
                                                                    {"base64", "-di"},
                                                                    {"base32", "-d"},
                                                                    {"xxd", "-r", "-p"},
                                                                    {"tail", "file"},
                                                                    {"rev", "file"},
                                                                    {"paste", "-s", "-d", "\\n:"}};
    return kCommands[Below(kCommands.size())];
  }

  std::vector<std::string> Awk() {
    std::vector<std::string> words = {"awk"};
    Below(2) == 0 ? words.push_back("-F" + Pick({":", ",", "-", "\\t", " ", "|", "a", "/"})) : void();
    words.push_back(Pick({"", "", "NR==2", "NR==1 ", "BEGIN "}) + "{" +
                    Pick({"print", "print $1", "print $2", "print $NF", "print $1,$2", "print $1 \"-\" $2", "print $0",
                          "print \"b\"", "print $1$2;", "print $1, \"x\"", "print $3 ", "print NF", "print $(1)"}) +
                    "}");
    return words;
  }

  std::vector<Word> Words() {
    std::vector<std::string> texts;
    switch (Below(12)) {
      case 0:
      case 1:
      case 2:
        texts = Sed();
        break;
      case 3:
        texts = Grep();
        break;
      case 4:
        texts = Tr();
        break;
      case 5:
        texts = Cut();
        break;
      case 6:
        texts = HeadTail();
        break;
      case 7:
      case 8:
        texts = Printf();
        break;
      case 9:
        texts = Echo();
        break;
      case 10:
        texts = Awk();
        break;
      default:
        texts = Small();
    }
    std::vector<Word> words;
    for (const std::string& text : texts) {
      words.push_back({text, text, false, {}});
    }
    return words;
  }

  std::mt19937 random_;
};

TEST_F(ToolsTest, AgreesOnRandomCommands) {
  const char* asked = std::getenv("SAFE_DOCKER_TEST_ROUNDS");
  const unsigned int rounds = asked == nullptr ? 1 : static_cast<unsigned int>(std::strtoul(asked, nullptr, 10));
  for (unsigned int seed = 1; seed <= rounds; ++seed) {
    Generator generator(seed);
    std::vector<Case> cases;
    std::size_t known = 0;
    for (int i = 0; i < 1500; ++i) {
      cases.push_back(generator.Make());
      known += IsKnown(Told(cases.back(), true)) ? 1U : 0U;
    }
    EXPECT_GE(known, 750U);
    Compare(cases, "bash", seed % 2 == 0 ? "C" : "C.UTF-8");
    if (HasFailure()) {
      break;
    }
  }
}

}  // namespace
}  // namespace safe_docker::shell
