#include "commands/test_file.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "file_system.hpp"
#include "policy/config_reader.hpp"

namespace safe_docker::commands {
namespace {

constexpr std::uint64_t kLargestFile = 4 * 1024 * 1024;

constexpr std::string_view kTop[] = {"settings", "case"};
constexpr std::string_view kSettings[] = {"config", "cwd", "files", "links", "env"};
constexpr std::string_view kCase[] = {"name",  "command", "argv",   "compose", "cwd",  "files",
                                      "links", "env",     "expect", "rule",    "rules"};
constexpr std::string_view kDecisions[] = {"allow", "ask", "deny"};

using Texts = std::map<std::string, std::string>;

class TestReader {
 public:
  explicit TestReader(const std::string& path)
      : path_(path), folder_(std::filesystem::absolute(path).parent_path().lexically_normal()) {}

  TestFile Read() {
    const FileContent content = ReadRegularFile(path_, kLargestFile);
    if (content.status != FileContent::Status::kRead) {
      Report({}, "", content.status == FileContent::Status::kMissing ? "there is no such file" : content.error);
      return std::move(file_);
    }
    const toml::parse_result parsed = toml::parse(content.text);
    if (!parsed) {
      Report(parsed.error().source(), "", std::string(parsed.error().description()));
      return std::move(file_);
    }
    const toml::table& table = parsed.table();
    CheckKeys(table, kTop, "");
    ReadSettings(table);
    const toml::array* cases = table["case"].as_array();
    if (cases == nullptr || cases->empty()) {
      Report(table.source(), "case", "there are no cases: write [[case]] with a command and expect");
      return std::move(file_);
    }
    for (const toml::node& node : *cases) {
      if (const toml::table* item = node.as_table()) {
        ReadCase(*item);
      } else {
        Report(node.source(), "case", "expected tables: [[case]]");
      }
    }
    return std::move(file_);
  }

 private:
  void Report(const toml::source_region& where, std::string_view key, std::string message) {
    policy::Problem problem;
    problem.file = path_;
    problem.line = where.begin.line;
    problem.column = where.begin.column;
    problem.key = key;
    problem.message = std::move(message);
    file_.problems.push_back(std::move(problem));
  }

  void CheckKeys(const toml::table& table, std::span<const std::string_view> known, const std::string& prefix) {
    for (const auto& [key, value] : table) {
      if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
        Report(key.source(), prefix + std::string(key.str()), "unknown key" + policy::DidYouMean(key.str(), known));
      }
    }
  }

  std::string Text(const toml::table& table, std::string_view key) {
    const toml::node* node = table.get(key);
    if (node != nullptr && !node->is_string()) {
      Report(node->source(), key, "expected a text, found " + policy::TypeName(node->type()));
    }
    return node == nullptr ? std::string() : node->value<std::string>().value_or("");
  }

  std::vector<std::string> TextList(const toml::table& table, std::string_view key) {
    std::vector<std::string> texts;
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      return texts;
    }
    const toml::array* list = node->as_array();
    const bool fits = list != nullptr && !list->empty() &&
                      std::all_of(list->begin(), list->end(), [](const toml::node& item) { return item.is_string(); });
    if (!fits) {
      Report(node->source(), key, "expected a list of texts");
      return texts;
    }
    for (const toml::node& item : *list) {
      texts.push_back(*item.value<std::string>());
    }
    return texts;
  }

  // Adds the texts of a table to those that the settings have.
  void AddTexts(const toml::table& table, std::string_view key, Texts* texts) {
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      return;
    }
    if (!node->is_table()) {
      Report(node->source(), key, "expected a table of texts");
      return;
    }
    for (const auto& [name, value] : *node->as_table()) {
      if (!value.is_string()) {
        Report(value.source(), std::string(key) + "." + std::string(name.str()), "expected a text");
        continue;
      }
      (*texts)[std::string(name.str())] = *value.value<std::string>();
    }
  }

  void AddPaths(const toml::table& table, std::string_view key, Texts* texts) {
    AddTexts(table, key, texts);
    for (const auto& [path, content] : *texts) {
      const std::string framed = "/" + path + "/";
      if (path.empty() || path.starts_with('/') || framed.find("/../") != std::string::npos) {
        Report(table.get(key) == nullptr ? table.source() : table.get(key)->source(), std::string(key) + "." + path,
               "a file lies in the case's own project, or in its home (\"~/...\")");
      }
    }
  }

  // A path that counts from the file's folder.
  std::string Beside(const std::string& path) const {
    return path.empty() ? path : (folder_ / path).lexically_normal().string();
  }

  void ReadSettings(const toml::table& table) {
    const toml::node* node = table.get("settings");
    if (node == nullptr) {
      return;
    }
    if (!node->is_table()) {
      Report(node->source(), "settings", "expected a table");
      return;
    }
    const toml::table& settings = *node->as_table();
    CheckKeys(settings, kSettings, "settings.");
    file_.config = Beside(Text(settings, "config"));
    ReadSurroundings(settings, &settings_);
  }

  void ReadSurroundings(const toml::table& table, TestCase* test) {
    if (table.contains("cwd")) {
      test->cwd = Text(table, "cwd");
    }
    AddPaths(table, "files", &test->files);
    AddPaths(table, "links", &test->links);
    AddTexts(table, "env", &test->environment);
  }

  void ReadCase(const toml::table& table) {
    CheckKeys(table, kCase, "case.");
    TestCase test = settings_;
    test.file = path_;
    test.line = table.source().begin.line;
    test.command = Text(table, "command");
    test.arguments = TextList(table, "argv");
    test.compose = Beside(Text(table, "compose"));
    const int ways =
        (table.contains("command") ? 1 : 0) + (table.contains("argv") ? 1 : 0) + (table.contains("compose") ? 1 : 0);
    if (ways != 1) {
      Report(table.source(), "case", "a case has one of command, argv and compose");
    }
    ReadSurroundings(table, &test);
    ReadExpectation(table, &test);
    test.name = table.contains("name") ? Text(table, "name") : NameOf(test);
    file_.cases.push_back(std::move(test));
  }

  static std::string NameOf(const TestCase& test) {
    std::string name = test.command.empty() ? test.compose : test.command;
    for (const std::string& word : test.arguments) {
      name += (name.empty() ? "" : " ") + word;
    }
    return name;
  }

  void ReadExpectation(const toml::table& table, TestCase* test) {
    const std::string expect = Text(table, "expect");
    const auto* const found = std::find(std::begin(kDecisions), std::end(kDecisions), expect);
    if (found == std::end(kDecisions)) {
      Report(table.contains("expect") ? table.get("expect")->source() : table.source(), "case.expect",
             "a case expects \"allow\", \"ask\" or \"deny\"");
      return;
    }
    test->expected = static_cast<policy::Decision>(found - std::begin(kDecisions) + 1);
    test->rules = TextList(table, "rules");
    if (table.contains("rule")) {
      test->rules.push_back(Text(table, "rule"));
    }
    for (const std::string& rule : test->rules) {
      if (rule.find('/') == std::string::npos) {
        Report(table.source(), "case.rule", "'" + rule + "' is no rule's full name, as in mounts/outside-home");
      }
    }
  }

  std::string path_;
  std::filesystem::path folder_;
  TestCase settings_;
  TestFile file_;
};

}  // namespace

TestFile ReadTestFile(const std::string& path) { return TestReader(path).Read(); }

}  // namespace safe_docker::commands
