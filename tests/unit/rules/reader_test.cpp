// Rules that make no sense, all of which is told; and that the words of the schema are those of the reader.
#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "rule.hpp"
#include "settings_schema.hpp"
#include "vocabulary.hpp"

namespace safe_docker::rules {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string ProblemsOf(const json& settings) {
  Problems problems;
  ReadRules(settings, &problems);
  return problems.text();
}

json Sound(const std::string& id, const json& when) {
  return {{"id", id}, {"decision", "deny"}, {"message", "objects"}, {"when", when}};
}

struct Row {
  std::string text;
  json rule;
  std::vector<std::string> said;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.text; }

std::vector<Row> ReadRows() {
  std::ifstream file(std::string(TEST_DATA_DIR) + "/problems.cases");
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    const std::size_t arrow = line.find(" => ");
    if (line.empty() || line.starts_with('#') || arrow == std::string::npos) {
      continue;
    }
    const bool is_condition = line.starts_with("when ");
    const json read = json::parse(line.substr(is_condition ? 5 : 0, arrow - (is_condition ? 5 : 0)));
    Row row{line, is_condition ? Sound("r", read) : read, {}};
    std::string rest = line.substr(arrow + 4);
    for (std::size_t bar = rest.find(" | "); bar != std::string::npos; bar = rest.find(" | ")) {
      row.said.push_back(rest.substr(0, bar));
      rest = rest.substr(bar + 3);
    }
    row.said.push_back(rest);
    rows.push_back(std::move(row));
  }
  if (rows.size() < 60) {
    throw std::runtime_error("cannot read problems.cases");
  }
  return rows;
}

class Nonsense : public testing::TestWithParam<Row> {};

TEST_P(Nonsense, IsTold) {
  const std::string said = ProblemsOf({{"rules", json::array({GetParam().rule})}});
  for (const std::string& part : GetParam().said) {
    EXPECT_THAT(said, HasSubstr(part));
  }
}

INSTANTIATE_TEST_SUITE_P(Each, Nonsense, testing::ValuesIn(ReadRows()));

TEST(RuleReader, TellsAllOfSeveralRules) {
  const std::string said = ProblemsOf({{"rules", {Sound("a", json::object()), Sound("b", {{"nope", 1}}), 7}}});
  EXPECT_EQ(said,
            "/rules/0/when (rule a): an empty condition would hold of everything: say what the rule is about; "
            "/rules/1/when/nope (rule b): unknown field \"nope\", did you mean \"not\"?; "
            "/rules/2: a rule is a table");
}

TEST(RuleReader, TellsAnIdThatIsUsedTwice) {
  EXPECT_THAT(ProblemsOf({{"rules", {Sound("a", {{"remote", true}}), Sound("a", {{"remote", true}})}}}),
              HasSubstr("/rules/1/id (rule a): an earlier rule has the id \"a\" already"));
}

TEST(RuleReader, TellsSettingsThatAreNone) {
  EXPECT_THAT(ProblemsOf({{"ruls", json::array()}}), HasSubstr("/ruls: the settings have rules, no \"ruls\""));
  EXPECT_THAT(ProblemsOf({{"rules", "x"}}), HasSubstr("rules is a list of tables"));
}

TEST(RuleReader, BoundsDepthAndNumber) {
  json deep = {{"remote", true}};
  for (int i = 0; i < 20; ++i) {
    deep = {{"not", deep}};
  }
  EXPECT_THAT(ProblemsOf({{"rules", {Sound("a", deep)}}}), HasSubstr("16 tables deep"));
  EXPECT_THAT(ProblemsOf({{"rules", json(501, Sound("a", deep))}}), HasSubstr("500 rules are the most"));
  EXPECT_THAT(ProblemsOf({{"rules", {Sound("a", {{"program", std::string(2000, 'x')}})}}}), HasSubstr("1024 bytes"));
}

TEST(RuleReader, FillsInWhatIsNotSaid) {
  Problems problems;
  const std::vector<Rule> rules = ReadRules({{"rules",
                                              {{{"id", "a"},
                                                {"when", {{"remote", true}}},
                                                {"decision", "ask"},
                                                {"strict", "deny"},
                                                {"permissive", "allow"},
                                                {"message", "Says {subject}."},
                                                {"advice", "Leave it"},
                                                {"tags", {"network", "prod"}},
                                                {"standards", "CIS-5.1"}}}}},
                                            &problems);
  ASSERT_EQ(problems.text(), "");
  const Rule& rule = rules.at(0);
  EXPECT_EQ(rule.message, "Says {subject}");
  EXPECT_EQ(rule.title, "Says {subject}");
  EXPECT_EQ(rule.advice, "Leave it.");
  EXPECT_EQ(rule.tags, "network prod");
  EXPECT_EQ(rule.standards, "CIS-5.1");
  EXPECT_EQ(rule.severity, std::uint32_t{SDP_SEVERITY_MEDIUM});
  EXPECT_EQ(rule.strict, SDP_DENY);
  EXPECT_EQ(rule.standard, SDP_ASK);
  EXPECT_EQ(rule.permissive, SDP_ALLOW);
}

TEST(Vocabulary, HasANameForEveryEffect) {
  std::set<sdp_effect_kind> kinds;
  for (const EffectName& effect : EffectNames()) {
    EXPECT_TRUE(kinds.insert(effect.kind).second) << effect.name;
  }
  for (sdp_effect_kind kind = 1; kind < SDP_EFFECT_KIND_COUNT; ++kind) {
    EXPECT_TRUE(kinds.contains(kind)) << kind;
  }
}

TEST(Vocabulary, HasNoFieldOfBothEffectsAndRequests) {
  for (const Field& field : Fields()) {
    if (field.kinds == 0) {
      for (const EffectName& effect : EffectNames()) {
        EXPECT_EQ(FindField(field.name, effect.kind), nullptr) << field.name;
      }
    }
  }
}

TEST(Schema, HasTheReadersWords) {
  const json schema = json::parse(kSettingsSchema);
  std::set<std::string> effects;
  for (const EffectName& effect : EffectNames()) {
    effects.emplace(effect.name);
  }
  EXPECT_EQ(schema["$defs"]["effect"]["enum"].get<std::set<std::string>>(), effects);
  std::set<std::string> fields = {"effect", "all", "any", "not", "option", "lacks_option", "command_matches"};
  for (const Field& field : Fields()) {
    fields.emplace(field.name);
  }
  std::set<std::string> described;
  for (const auto& [name, value] : schema["$defs"]["condition"]["properties"].items()) {
    described.insert(name);
  }
  EXPECT_EQ(described, fields);
}

}  // namespace
}  // namespace safe_docker::rules
