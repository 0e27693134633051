#include "agents/claude_hook.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

namespace safe_docker::agents {
namespace {

constexpr std::string_view kProgram = "/bin/safe-docker";

struct Case {
  std::string name;  // "add ..." or "remove ..."
  std::string before;
  std::string after;
  int line = 0;
};

// A line of the file as it stands in the text that it is about.
std::string Decoded(std::string line) {
  const bool ends = !line.ends_with('\\');
  line.resize(line.size() - (ends ? 0 : 1));
  for (const auto& [written, meant] : {std::pair("\\t", "\t"), std::pair("\\r", "\r")}) {
    for (std::size_t at = line.find(written); at != std::string::npos; at = line.find(written, at)) {
      line.replace(at, 2, meant);
    }
  }
  return line + (ends ? "\n" : "");
}

std::vector<Case> ReadCases() {
  std::ifstream file(TEST_DATA_DIR "/claude_hook.cases");
  std::vector<Case> cases;
  std::string* text = nullptr;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.starts_with("=== ")) {
      cases.push_back({line.substr(4), "", "", number});
      text = &cases.back().before;
    } else if (line == "---") {
      text = &cases.back().after;
    } else if (text != nullptr) {
      *text += Decoded(line);
    }
  }
  return cases;
}

SettingsEdit Apply(const Case& each) {
  return each.name.starts_with("add") ? AddClaudeHook(each.before, kProgram) : RemoveClaudeHook(each.before);
}

TEST(ClaudeHook, ChangesTextsAsTheCasesSay) {
  const std::vector<Case> cases = ReadCases();
  ASSERT_GT(cases.size(), 20U);
  for (const Case& each : cases) {
    SCOPED_TRACE("claude_hook.cases:" + std::to_string(each.line) + ": " + each.name);
    const SettingsEdit edit = Apply(each);
    if (each.after.starts_with("problem ")) {
      const std::size_t colon = each.after.find(": ");
      EXPECT_EQ("problem " + std::to_string(edit.line), each.after.substr(0, colon)) << edit.problem;
      const std::string words = each.after.substr(colon + 2, each.after.size() - colon - 3);
      EXPECT_NE(edit.problem.find(words), std::string::npos) << edit.problem;
      EXPECT_EQ(edit.text, each.before);
      continue;
    }
    EXPECT_EQ(edit.problem, "");
    const bool stays = each.after == "unchanged\n";
    EXPECT_EQ(edit.text, stays ? each.before : each.after);
    EXPECT_EQ(edit.changes.empty(), stays);
  }
}

TEST(ClaudeHook, IsNotAddedTwice) {
  for (const Case& each : ReadCases()) {
    const SettingsEdit first = AddClaudeHook(each.before, kProgram);
    if (first.problem.empty()) {
      const SettingsEdit second = AddClaudeHook(first.text, kProgram);
      EXPECT_EQ(second.text, first.text) << each.name;
      EXPECT_TRUE(second.changes.empty()) << each.name;
    }
  }
}

// ---- Any settings ---------------------------------------------------------------------------------------------------

// Writes random settings in a random hand: order, blanks, comments, line ends.
class Writer {
 public:
  explicit Writer(std::uint32_t seed) : random_(seed), newline_(Chance(4) ? "\r\n" : "\n"), comments_(Chance(3)) {
    step_ = Chance(2) ? "  " : Chance(2) ? "\t" : "    ";
    spread_ = !Chance(4);
  }

  std::string Settings() {
    std::vector<std::string> members = {R"("model": "opus")", "\"env\": " + Value(1)};
    if (Chance(2)) {
      members.push_back("\"hooks\": " + Hooks());
    }
    members.push_back("\"z\": " + Value(1));
    std::shuffle(members.begin(), members.end(), random_);
    return (Chance(8) ? "\xEF\xBB\xBF" : "") + Container('{', members, 0) + (Chance(2) ? newline_ : "");
  }

 private:
  bool Chance(std::uint32_t of) { return random_() % of == 0; }

  std::string Hooks() {
    std::vector<std::string> groups;
    for (auto count = 1 + random_() % 3; count > 0; --count) {
      groups.push_back(Container('{', {R"("matcher": "Bash")", "\"hooks\": " + Handlers()}, 3));
    }
    std::vector<std::string> members = {"\"PreToolUse\": " + Container('[', groups, 2)};
    if (Chance(2)) {
      members.insert(Chance(2) ? members.begin() : members.end(), "\"Stop\": " + Value(2));
    }
    return Container('{', members, 1);
  }
  std::string Handlers() { return Container('[', {R"({"type": "command", "command": "a, // \"b\" /* c"})"}, 4); }

  std::string Value(int depth) {
    if (depth > 4 || Chance(2)) {
      constexpr const char* kWords[] = {"1", "-2.5e3", "true", "null", R"("x, {y} // no \\")", R"("\u00e4[]")", "\"\""};
      return kWords[random_() % std::size(kWords)];
    }
    std::vector<std::string> entries;
    const bool is_list = Chance(2);
    for (auto count = random_() % 4; count > 0; --count) {
      entries.push_back((is_list ? "" : "\"k" + std::to_string(count) + "\": ") + Value(depth + 1));
    }
    return Container(is_list ? '[' : '{', entries, depth);
  }

  std::string Comment() {
    if (!comments_ || !Chance(3)) {
      return "";
    }
    return Chance(2) && spread_ ? " // a, \"b\": {" + newline_ : " /* ], } */";
  }

  std::string Container(char open, const std::vector<std::string>& entries, int depth) {
    std::string indentation;
    for (int count = 0; count < depth; ++count) {
      indentation += step_;
    }
    std::string text(1, open);
    for (std::size_t index = 0; index < entries.size(); ++index) {
      text += (index == 0 ? "" : ",") + Comment() + (spread_ ? newline_ + indentation + step_ : index == 0 ? "" : " ");
      text += entries[index];
    }
    text += entries.empty() ? "" : Comment();
    return text + (spread_ && !entries.empty() ? newline_ + indentation : "") + (open == '{' ? "}" : "]");
  }

  std::mt19937 random_;
  std::string newline_;
  std::string step_;
  bool comments_;
  bool spread_ = true;
};

TEST(ClaudeHook, LeavesEveryOtherByteOfAnySettings) {
  for (std::uint32_t seed = 1; seed <= 1000; ++seed) {
    const std::string before = Writer(seed).Settings();
    SCOPED_TRACE(seed);
    const SettingsEdit added = AddClaudeHook(before, kProgram);
    ASSERT_EQ(added.problem, "") << before;
    const nlohmann::json settings = nlohmann::json::parse(added.text, nullptr, false, true);
    ASSERT_FALSE(settings.is_discarded()) << added.text;
    ASSERT_EQ(settings["hooks"]["PreToolUse"].back()["hooks"][0]["command"], kProgram) << added.text;
    const SettingsEdit removed = RemoveClaudeHook(added.text);
    ASSERT_EQ(removed.problem, "") << added.text;
    ASSERT_EQ(removed.text, before) << added.text;
  }
}

TEST(ClaudeHook, SurvivesWhateverElseIsThere) {
  std::mt19937 random(7);
  for (std::uint32_t seed = 1; seed <= 1000; ++seed) {
    std::string text = AddClaudeHook(Writer(seed).Settings(), kProgram).text;
    for (int count = 0; count < 3; ++count) {
      constexpr std::string_view kLetters = "{}[],:\"\\/*\n x";
      text[random() % text.size()] = kLetters[random() % kLetters.size()];
    }
    for (const SettingsEdit& edit : {AddClaudeHook(text, kProgram), RemoveClaudeHook(text)}) {
      EXPECT_TRUE(edit.problem.empty() || edit.text == text) << text;
      EXPECT_TRUE(!edit.problem.empty() || nlohmann::json::accept(edit.text, true)) << text;
    }
  }
}

}  // namespace
}  // namespace safe_docker::agents
