#include "plugins/settings_check.hpp"

#include <gtest/gtest.h>

namespace safe_docker::plugins {
namespace {

struct Row {
  const char* schema;
  const char* settings;
  const char* problem;  // a part of it; empty if there is none
};

constexpr const char* kRegistry =
    R"({"type": "object", "required": ["registry"], "additionalProperties": false, "properties": {
        "registry": {"type": "string", "minLength": 1},
        "ports": {"type": "array", "maxItems": 2, "uniqueItems": true, "items": {"type": "integer", "minimum": 1}},
        "mode": {"enum": ["a", "b"]},
        "more": {"type": "object", "properties": {"x": {"$ref": "#/$defs/flag"}}, "additionalProperties": false},
        "any": {"anyOf": [{"type": "string"}, {"type": "array"}]}},
        "$defs": {"flag": {"type": "boolean"}}})";

constexpr Row kRows[] = {
    {kRegistry, R"({"registry": "r"})", ""},
    {kRegistry, R"({})", "settings.registry is missing"},
    {kRegistry, R"({"registri": "r", "registry": "r"})",
     "settings.registri is no setting of this plugin, did you mean registry?"},
    {kRegistry, R"({"registry": 7})", "settings.registry is an integer, not a text"},
    {kRegistry, R"({"registry": ""})", "settings.registry is empty"},
    {kRegistry, R"({"registry": "r", "ports": [1, 2]})", ""},
    {kRegistry, R"({"registry": "r", "ports": [1, 2, 3]})", "settings.ports has too few or too many items"},
    {kRegistry, R"({"registry": "r", "ports": [1, 1]})", "settings.ports[1] stands there twice"},
    {kRegistry, R"({"registry": "r", "ports": [1, 0]})", "settings.ports[1] is out of its bounds"},
    {kRegistry, R"({"registry": "r", "ports": ["1"]})", "settings.ports[0] is a text, not an integer"},
    {kRegistry, R"({"registry": "r", "mode": "c"})", R"(settings.mode is not one of "a", "b")"},
    {kRegistry, R"({"registry": "r", "more": {"x": true}})", ""},
    {kRegistry, R"({"registry": "r", "more": {"x": 1}})", "settings.more.x is an integer, not true or false"},
    {kRegistry, R"({"registry": "r", "more": {"y": true}})", "settings.more.y is no setting of this plugin"},
    {kRegistry, R"({"registry": "r", "any": []})", ""},
    {kRegistry, R"({"registry": "r", "any": 1})", "settings.any is an integer, not a text"},
    {"", "{}", ""},
    {"", R"({"a": 1})", "it takes no settings"},
    {"{}", R"({"a": 1})", ""},
    {"[]", "{}", "its settings schema is no JSON object"},
    {"{", "{}", "its settings schema is no JSON object"},
    {R"({"required": 7})", "{}", ""},
    {R"({"$ref": "#"})", "{}", "malformed"},
    {R"({"$ref": "#/$defs/none"})", "{}", "has no #/$defs/none"},
    {R"({"type": 7})", "{}", "not of a type that exists"},
};

TEST(SettingsCheck, Rows) {
  for (const Row& row : kRows) {
    const std::string problem = CheckSettings(nlohmann::json::parse(row.settings), row.schema);
    const std::string expected = row.problem;
    EXPECT_EQ(problem.empty(), expected.empty()) << row.settings << ": " << problem;
    EXPECT_NE(problem.find(expected), std::string::npos) << row.settings << ": " << problem;
  }
}

TEST(SettingsCheck, FindsMisspeltWordsOfTheSchema) {
  const auto schema = nlohmann::json::parse(
      R"({"type": "object", "properties": {"requird": {"minimun": 1}}, "additionalPropertys": false})");
  EXPECT_EQ(UnknownSchemaWords(schema),
            (std::vector<std::string>{"/additionalPropertys", "/properties/requird/minimun"}));
}

}  // namespace
}  // namespace safe_docker::plugins
