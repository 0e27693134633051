// What words become: each row runs in the real bash and in the analysis, with a recording `docker`. Where the analysis
// knows the words they must be equal, where it does not know all its pattern must fit them.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "cases.hpp"
#include "shell/analysis.hpp"

namespace safe_docker::shell {
namespace {

using Arguments = std::vector<std::string>;
using Calls = std::vector<Arguments>;

// Whether `text` can be what `pattern`, whose unknown parts are anything, turns out to be.
bool FitsText(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == kUnknownPart) {
      star = p++;
      retry = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of(kUnknownPart, p) == std::string_view::npos;
}

// The words in order; one that may split is any number of words, of which the text is put together.
bool FitsWords(const std::vector<Word>& words, std::size_t at, const Arguments& arguments, std::size_t from) {
  if (at == words.size()) {
    return from == arguments.size();
  }
  if (!words[at].may_split) {
    return from < arguments.size() && FitsText(words[at].text, arguments[from]) &&
           FitsWords(words, at + 1, arguments, from + 1);
  }
  for (std::size_t end = from; end <= arguments.size(); ++end) {
    std::string joined;
    for (std::size_t i = from; i < end; ++i) {
      joined += arguments[i];
    }
    if (FitsText(words[at].text, joined) && FitsWords(words, at + 1, arguments, end)) {
      return true;
    }
  }
  return false;
}

bool IsEntirelyKnown(const CommandLine& command) {
  for (const Word& word : command.words) {
    if (word.may_split || !IsKnown(word.text)) {
      return false;
    }
  }
  return true;
}

std::string Rendered(const Analysis& analysis) {
  std::string line;
  for (const CommandLine& command : analysis.commands) {
    for (const Word& word : command.words) {
      line += "<";
      for (const char c : word.text) {
        line += c == kUnknownPart ? '?' : c;
      }
      line += word.may_split ? ">~" : ">";
    }
    line += " ; ";
  }
  return line + (analysis.opaque.empty() ? "" : "+opaque");
}

class ExpansionTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists("/bin/bash")) {
      if (std::getenv("CI") != nullptr) {
        FAIL() << "bash is missing";
      }
      GTEST_SKIP() << "bash is missing";
    }
    std::string pattern = testing::TempDir() + "shell_expansion_XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = std::filesystem::canonical(pattern);
    std::filesystem::create_directories(folder_ / "project/sub/inner");
    std::filesystem::create_directories(folder_ / "project/other");
    for (const char* file :
         {"a.txt", "b.txt", "c.md", ".hidden", "A.TXT", "sub/x.c", "sub/y.c", "other/x.h", "1", "2"}) {
      std::ofstream(folder_ / "project" / file) << "";
    }
  }

  void TearDown() override {
    if (!folder_.empty()) {
      std::filesystem::remove_all(folder_);
    }
  }

  // The arguments of each docker that bash calls for each of `texts`, all in one process: a function records them.
  std::vector<Calls> Run(const std::vector<std::string>& texts) const {
    const std::string log = (folder_ / "log").string();
    std::vector<Calls> all;
    std::string script = "exec 9> " + log + "\ndocker() { printf '%s\\0' CALL \"$#\" \"$@\" >&9; }\n";
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::string file = (folder_ / ("case" + std::to_string(i))).string();
      std::ofstream(file) << texts[i] << "\n";
      script += "printf '%s\\0' ROW >&9; ( . " + file + " )\n";
    }
    const std::string script_path = (folder_ / "all").string();
    std::ofstream(script_path) << script;
    const pid_t child = fork();
    if (child == 0) {
      Exec(script_path);
    }
    int status = 0;
    waitpid(child, &status, 0);
    std::ifstream stream(log, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(stream)), {});
    std::size_t at = 0;
    const auto next = [&] {
      const std::size_t end = text.find('\0', at);
      std::string field = text.substr(at, end - at);
      at = end + 1;
      return field;
    };
    while (at < text.size()) {
      if (next() == "ROW") {
        all.emplace_back();
        continue;
      }
      Arguments arguments(std::stoul(next()));
      for (std::string& argument : arguments) {
        argument = next();
      }
      all.back().push_back(std::move(arguments));
    }
    return all;
  }

  Analysis Analyzed(const std::string& text) const {
    const std::string home = "HOME=" + folder_.string();
    const std::string path = "PATH=" + folder_.string() + ":/usr/bin:/bin";
    const std::array<const char*, 4> environment = {home.c_str(), path.c_str(), "LC_ALL=C.UTF-8", nullptr};
    return Analyze(text, {(folder_ / "project").string(), Environment(environment.data()), {"docker"}});
  }

  void Compare(const std::string& text, const Calls& calls, bool all_known) const {
    const Analysis analysis = Analyzed(text);
    if (!analysis.opaque.empty() && !all_known) {
      return;  // asked about as a whole
    }
    ASSERT_EQ(analysis.commands.size(), calls.size()) << text << "\n" << Rendered(analysis);
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const CommandLine& command = analysis.commands[i];
      std::vector<Word> arguments(command.words.begin() + 1, command.words.end());
      EXPECT_TRUE(FitsWords(arguments, 0, calls[i], 0))
          << text << "\nhere: " << Rendered(analysis) << "\nbash: " << testing::PrintToString(calls[i]);
      EXPECT_TRUE(IsEntirelyKnown(command) || !all_known) << text << "\nhere: " << Rendered(analysis);
    }
  }

 private:
  [[noreturn]] void Exec(const std::string& script) const {
    const std::string home = "HOME=" + folder_.string();
    const std::string path = "PATH=" + folder_.string() + ":/usr/bin:/bin";
    const std::array<const char*, 4> environment = {home.c_str(), path.c_str(), "LC_ALL=C.UTF-8", nullptr};
    const bool ready = chdir((folder_ / "project").c_str()) == 0 && std::freopen("/dev/null", "r", stdin) != nullptr &&
                       std::freopen("/dev/null", "w", stdout) != nullptr &&
                       std::freopen("/dev/null", "w", stderr) != nullptr;
    if (ready) {
      execle("/bin/bash", "bash", script.c_str(), nullptr, environment.data());
    }
    _exit(127);
  }

  std::filesystem::path folder_;
};

// Rows that begin with "? " may hold unknown words.
TEST_F(ExpansionTest, EveryRowIsWhatBashMakesOfIt) {
  std::vector<std::string> texts;
  std::vector<bool> known;
  for (const std::string& row : ReadRows("expansion.cases")) {
    known.push_back(!row.starts_with("? "));
    texts.push_back(WithLineBreaks(known.back() ? row : row.substr(2)));
  }
  EXPECT_GE(texts.size(), 400U);
  const std::vector<Calls> calls = Run(texts);
  ASSERT_EQ(calls.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_FALSE(calls[i].empty()) << "bash calls nothing: " << texts[i];
    Compare(texts[i], calls[i], known[i]);
  }
}

// Makes words of operations on parameters in one another.
class WordGenerator {
 public:
  explicit WordGenerator(unsigned seed) : random_(seed) {}

  std::string Program() {
    std::string text = "x=" + Quoted(Value()) + "; y=" + Quoted(Value()) +
                       "; e=; unset u; i=" + std::to_string(Pick(4)) + "; a=(" + Quoted(Value()) + " " +
                       Quoted(Value()) + " '')\n";
    text += "set -- " + Quoted(Value()) + " " + Quoted(Value()) + "\n";
    text += Pick(4) == 0 ? "IFS=" + Quoted(OneOf({",", " ,", "", ":", "a", " \n"})) + "\n" : "";
    text += Pick(6) == 0 ? "z=" + Word(2) + "\n" : "z=1\n";
    return text + "docker " + Word(3) + " " + Word(3) + " $z \"$z\"\n";
  }

 private:
  std::size_t Pick(std::size_t count) { return random_() % count; }
  std::string OneOf(const std::vector<std::string>& choices) { return choices[Pick(choices.size())]; }
  std::string Value() {
    return OneOf({"abc", "a b", " a ",        "",   "a/b/c.d", "x,y,,z", "aXbXc", "A:b::", "*",    "1",
                  "7",   "a&b", "foo.tar.gz", "-v", "a\\b",    "[a]",    "ab ab", "q'r",   "${x}", "~"});
  }
  static std::string Quoted(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) {
      quoted += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return quoted + "'";
  }
  std::string Name() { return OneOf({"x", "y", "e", "u", "1", "3", "a", "a[1]", "a[i]", "a[@]", "a[*]", "@", "*"}); }
  std::string Pattern(int depth) {
    return OneOf({"a",
                  "?",
                  "*",
                  "*b",
                  "b*",
                  "[ab]",
                  "[!a]",
                  ".*",
                  "*/",
                  " *",
                  "X",
                  "'a'",
                  "\"$e\"*",
                  "[[:lower:]]",
                  "$i",
                  "\\*",
                  depth > 0 ? Parameter(depth - 1) : "$x",
                  "[a-c]",
                  "*[X/]",
                  ","});
  }
  std::string Operation(int depth) {
    switch (Pick(12)) {
      case 0:
        return OneOf({":-", "-", ":+", "+"}) + (depth > 0 ? Word(depth - 1) : "d");
      case 1:
      case 2:
        return OneOf({"#", "##", "%", "%%"}) + Pattern(depth);
      case 3:
      case 4:
        return OneOf({"/", "//", "/#", "/%"}) + OneOf({"a", "b", "[ab]", "a*", "?", "X", "' '", "\\/", "$i"}) + "/" +
               OneOf({"", "Z", "<&>", "\\&", "\"q r\"", "$y", "&&", "\"$x\""});
      case 5:
        return OneOf({"^", "^^", ",", ",,", "^^[ab]", ",X", "~~"});
      case 6:
      case 7:
        return ":" + OneOf({"0", "1", "2", " -1", " -2", "i", "i+1", "$i"}) +
               OneOf({"", ":1", ":2", ":0", ":i", ":i+1"});
      case 8:
        return OneOf({"@Q", "@U", "@L", "@u"});
      default:
        return "";
    }
  }
  std::string Parameter(int depth) {
    return Pick(8) == 0 ? "${#" + OneOf({"x", "e", "a[@]", "a", "1", "@"}) + "}"
                        : "${" + Name() + Operation(depth) + "}";
  }
  std::string Word(int depth) {
    std::string word;
    for (std::size_t pieces = 1 + Pick(3); pieces > 0; --pieces) {
      switch (Pick(7)) {
        case 0:
          word += OneOf({"p", "'q r'", "\"s t\"", "''", "\\ ", "-"});
          break;
        case 1:
          word += "$((" + OneOf({"i", "i+1", "i*2", "2**i", "-i", "i?3:4"}) + "))";
          break;
        case 2:
        case 3:
          word += "\"" + Parameter(depth) + "\"";
          break;
        default:
          word += Parameter(depth);
      }
    }
    return word;
  }

  std::mt19937 random_;
};

TEST_F(ExpansionTest, RandomNestsAreWhatBashMakesOfThem) {
  std::vector<std::string> texts;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    texts.push_back(WordGenerator(seed).Program());
  }
  const std::vector<Calls> calls = Run(texts);
  ASSERT_EQ(calls.size(), texts.size());
  std::size_t known = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (calls[i].empty()) {
      continue;  // bash refuses something in it
    }
    SCOPED_TRACE(i);
    Compare(texts[i], calls[i], false);
    const Analysis analysis = Analyzed(texts[i]);
    known += analysis.commands.size() == 1 && IsEntirelyKnown(analysis.commands[0]) ? 1 : 0;
  }
  EXPECT_GE(known, 700U);
}

}  // namespace
}  // namespace safe_docker::shell
