#include "plugins/settings_check.hpp"

#include <safe_docker/nearest.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <iterator>

namespace safe_docker::plugins {
namespace {

using Json = nlohmann::json;

// Deeper than anything that people write; a schema may refer to itself without end.
constexpr int kDeepest = 100;

std::string TypeOf(const Json& value) {
  if (value.is_object()) {
    return "a table";
  }
  if (value.is_array()) {
    return "a list";
  }
  return value.is_string()           ? "a text"
         : value.is_boolean()        ? "true or false"
         : value.is_number_integer() ? "an integer"
         : value.is_number()         ? "a number"
                                     : "nothing";
}

struct Type {
  std::string_view name;
  std::string_view for_people;
  bool (*fits)(const Json& value);
};
constexpr Type kTypes[] = {
    {"string", "a text", [](const Json& value) { return value.is_string(); }},
    {"boolean", "true or false", [](const Json& value) { return value.is_boolean(); }},
    {"integer", "an integer", [](const Json& value) { return value.is_number_integer(); }},
    {"number", "a number", [](const Json& value) { return value.is_number(); }},
    {"array", "a list", [](const Json& value) { return value.is_array(); }},
    {"object", "a table", [](const Json& value) { return value.is_object(); }},
    {"null", "nothing", [](const Json& value) { return value.is_null(); }},
};

// Bytes that begin a character.
std::size_t Length(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (byte & '\xc0') != '\x80'; }));
}

class Checker {
 public:
  explicit Checker(const Json& schema) : root_(schema) {}

  // The first thing that is wrong with `value`, which is called `name`.
  std::string Check(const Json& value, const Json& schema, const std::string& name, int depth = 0) const {
    if (schema.is_boolean()) {
      return schema.get<bool>() ? "" : name + " may not be set";
    }
    if (!schema.is_object() || depth > kDeepest) {
      return name + " cannot be checked: the plugin's settings schema is malformed";
    }
    std::string problem = CheckReferred(value, schema, name, depth);
    for (const auto check : {&Checker::CheckType, &Checker::CheckChoice, &Checker::CheckBounds}) {
      if (problem.empty()) {
        problem = (this->*check)(value, schema, name);
      }
    }
    for (const auto check : {&Checker::CheckTable, &Checker::CheckList, &Checker::CheckAlternatives}) {
      if (problem.empty()) {
        problem = (this->*check)(value, schema, name, depth);
      }
    }
    return problem;
  }

 private:
  std::string CheckReferred(const Json& value, const Json& schema, const std::string& name, int depth) const {
    const auto reference = schema.find("$ref");
    if (reference == schema.end()) {
      return {};
    }
    const std::string text = reference->is_string() ? reference->get<std::string>() : "";
    if (!text.starts_with('#')) {
      return {};  // to another document, which nobody fetches
    }
    const Json::json_pointer place(text.substr(1));
    return root_.contains(place) ? Check(value, root_.at(place), name, depth + 1)
                                 : name + " cannot be checked: the plugin's settings schema has no " + text;
  }

  std::string CheckType(const Json& value, const Json& schema, const std::string& name) const {
    const auto wanted = schema.find("type");
    if (wanted == schema.end()) {
      return {};
    }
    const Json types = wanted->is_array() ? *wanted : Json::array({*wanted});
    std::string expected;
    for (const Type& type : kTypes) {
      if (std::find(types.begin(), types.end(), type.name) == types.end()) {
        continue;
      }
      if (type.fits(value)) {
        return {};
      }
      expected += (expected.empty() ? "" : " or ") + std::string(type.for_people);
    }
    return name + " is " + TypeOf(value) + ", not " + (expected.empty() ? "of a type that exists" : expected);
  }

  std::string CheckChoice(const Json& value, const Json& schema, const std::string& name) const {
    if (const auto only = schema.find("const"); only != schema.end() && *only != value) {
      return name + " is not " + only->dump();
    }
    const auto choices = schema.find("enum");
    if (choices == schema.end() || std::find(choices->begin(), choices->end(), value) != choices->end()) {
      return {};
    }
    std::string list;
    for (const Json& choice : *choices) {
      list += (list.empty() ? "" : ", ") + choice.dump();
    }
    return name + " is not one of " + list;
  }

  std::string CheckBounds(const Json& value, const Json& schema, const std::string& name) const {
    const auto bound = [&schema](const char* word, double fallback) {
      const auto found = schema.find(word);
      return found != schema.end() && found->is_number() ? found->get<double>() : fallback;
    };
    constexpr double kHuge = 1e300;
    if (value.is_number()) {
      const auto number = value.get<double>();
      return number < bound("minimum", -kHuge) || number > bound("maximum", kHuge) ||
                     number <= bound("exclusiveMinimum", -kHuge) || number >= bound("exclusiveMaximum", kHuge)
                 ? name + " is out of its bounds"
                 : "";
    }
    const auto within = [&](std::size_t size, const char* least, const char* most) {
      return static_cast<double>(size) >= bound(least, 0) && static_cast<double>(size) <= bound(most, kHuge);
    };
    if (value.is_string() && !within(Length(value.get_ref<const std::string&>()), "minLength", "maxLength")) {
      return name + (value.get_ref<const std::string&>().empty() ? " is empty" : " is too short or too long");
    }
    if (value.is_array() && !within(value.size(), "minItems", "maxItems")) {
      return name + " has too few or too many items";
    }
    if (value.is_object() && !within(value.size(), "minProperties", "maxProperties")) {
      return name + " has too few or too many keys";
    }
    return {};
  }

  std::string CheckTable(const Json& value, const Json& schema, const std::string& name, int depth) const {
    if (!value.is_object()) {
      return {};
    }
    const Json properties = schema.value("properties", Json::object());
    for (const Json& required : schema.value("required", Json::array())) {
      if (required.is_string() && !value.contains(required.get_ref<const std::string&>())) {
        return name + "." + required.get<std::string>() + " is missing";
      }
    }
    const Json others =
        schema.contains("patternProperties") ? Json(true) : schema.value("additionalProperties", Json(true));
    for (const auto& [key, item] : value.items()) {
      const std::string place = name + "." + key;
      const auto property = properties.find(key);
      if (property == properties.end() && others == Json(false)) {
        return place + " is no setting of this plugin" + DidYouMean(key, properties);
      }
      std::string problem = Check(item, property == properties.end() ? others : *property, place, depth + 1);
      if (!problem.empty()) {
        return problem;
      }
    }
    return {};
  }

  static std::string DidYouMean(std::string_view key, const Json& properties) {
    std::vector<std::string_view> known;
    for (const auto& [name, schema] : properties.items()) {
      known.push_back(name);
    }
    const std::string_view nearest = plugin::Nearest(key, known);
    return nearest.empty() ? "" : ", did you mean " + std::string(nearest) + "?";
  }

  std::string CheckList(const Json& value, const Json& schema, const std::string& name, int depth) const {
    if (!value.is_array()) {
      return {};
    }
    const Json items = schema.value("items", Json(true));
    const bool is_set = schema.value("uniqueItems", Json(false)) == Json(true);
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string place = name + "[" + std::to_string(i) + "]";
      const auto at = value.begin() + static_cast<std::ptrdiff_t>(i);
      if (is_set && std::find(value.begin(), at, *at) != at) {
        return place + " stands there twice";
      }
      if (std::string problem = Check(*at, items, place, depth + 1); !problem.empty()) {
        return problem;
      }
    }
    return {};
  }

  std::string CheckAlternatives(const Json& value, const Json& schema, const std::string& name, int depth) const {
    for (const Json& each : schema.value("allOf", Json::array())) {
      if (std::string problem = Check(value, each, name, depth + 1); !problem.empty()) {
        return problem;
      }
    }
    for (const char* word : {"anyOf", "oneOf"}) {
      std::string first;
      bool fits = !schema.contains(word);
      for (const Json& each : schema.value(word, Json::array())) {
        const std::string problem = Check(value, each, name, depth + 1);
        first = first.empty() ? problem : first;
        fits = fits || problem.empty();
      }
      if (!fits) {
        return first.empty() ? name + " fits nothing that it may be" : first;
      }
    }
    return {};
  }

  const Json& root_;
};

// Whose values are schemas by name, are schemas, or are lists of them.
constexpr std::string_view kTablesOfSchemas[] = {"properties", "$defs", "patternProperties", "dependentSchemas"};
constexpr std::string_view kSchemas[] = {"items",
                                         "additionalProperties",
                                         "not",
                                         "if",
                                         "then",
                                         "else",
                                         "contains",
                                         "propertyNames",
                                         "unevaluatedProperties",
                                         "unevaluatedItems"};
constexpr std::string_view kListsOfSchemas[] = {"anyOf", "allOf", "oneOf", "prefixItems"};
constexpr std::string_view kOthers[] = {
    "$schema",   "$id",       "$ref",      "$anchor",          "$comment",          "$dynamicRef", "$dynamicAnchor",
    "type",      "enum",      "const",     "required",         "minimum",           "maximum",     "exclusiveMinimum",
    "minLength", "maxLength", "pattern",   "exclusiveMaximum", "multipleOf",        "minItems",    "maxItems",
    "title",     "format",    "default",   "uniqueItems",      "minContains",       "maxContains", "minProperties",
    "examples",  "readOnly",  "writeOnly", "maxProperties",    "dependentRequired", "deprecated",  "description"};

template <std::size_t kSize>
bool IsOneOf(std::string_view word, const std::string_view (&words)[kSize]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

void FindUnknownWords(const Json& schema, const std::string& place, int depth, std::vector<std::string>* unknown) {
  if (!schema.is_object() || depth > kDeepest) {
    return;
  }
  for (const auto& [word, value] : schema.items()) {
    const std::string here = place + "/" + word;
    if (IsOneOf(word, kTablesOfSchemas) || IsOneOf(word, kListsOfSchemas)) {
      for (const auto& [name, each] : value.items()) {
        FindUnknownWords(each, here + "/" + name, depth + 1, unknown);
      }
    } else if (IsOneOf(word, kSchemas)) {
      FindUnknownWords(value, here, depth + 1, unknown);
    } else if (!IsOneOf(word, kOthers)) {
      unknown->push_back(here);
    }
  }
}

}  // namespace

std::string CheckSettings(const Json& settings, std::string_view schema) {
  if (schema.empty()) {
    return settings.empty() ? "" : "it takes no settings";
  }
  const Json rules = Json::parse(schema, nullptr, /*allow_exceptions=*/false);
  if (!rules.is_object()) {
    return "its settings schema is no JSON object";
  }
  try {
    return Checker(rules).Check(settings, rules, "settings");
  } catch (const std::exception&) {  // "required": 7, and whatever else a schema may not be
    return "its settings schema is malformed";
  }
}

std::vector<std::string> UnknownSchemaWords(const Json& schema) {
  std::vector<std::string> unknown;
  FindUnknownWords(schema, "", 0, &unknown);
  return unknown;
}

}  // namespace safe_docker::plugins
