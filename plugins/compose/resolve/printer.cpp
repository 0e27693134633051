#include "printer.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "yaml.hpp"

namespace safe_docker::compose {
namespace {

std::string WithDollarsDoubled(std::string_view text) {
  std::string doubled;
  for (const char byte : text) {
    doubled.append(byte == '$' ? 2 : 1, byte);
  }
  return doubled;
}

// Words that some readers of YAML take for a boolean.
bool IsOldBoolean(std::string_view text) {
  return text == "y" || text == "Y" || text == "n" || text == "N" || CastToBoolean(text).has_value();
}

// Digits with what some readers of YAML allow between them: "1_000", "12:30:45", "2026-11-22".
bool IsOldNumber(std::string_view text) {
  return text.find_first_not_of("0123456789_:-") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

// True if the text has to stand in quotes to be read as one.
bool NeedsQuotes(std::string_view text) {
  return IsOldBoolean(text) || IsOldNumber(text) || yaml::ScalarKind(text, {}, /*is_plain=*/true) != Kind::kString;
}

void EmitText(const std::string& text, YAML::Emitter& out) {
  if (NeedsQuotes(text)) {
    out << YAML::DoubleQuoted;
  }
  out << text;
}

void Emit(const Value& value, YAML::Emitter& out) {
  switch (value.kind) {
    case Value::Kind::kNull:
      out << YAML::Null;
      break;
    case Value::Kind::kBoolean:
    case Value::Kind::kNumber:
      out << value.text;
      break;
    case Value::Kind::kString:
      EmitText(WithDollarsDoubled(value.text), out);
      break;
    case Value::Kind::kList:
      out << (value.entries.empty() ? YAML::Flow : YAML::Block) << YAML::BeginSeq;
      for (const auto& [key, item] : value.entries) {
        Emit(item, out);
      }
      out << YAML::EndSeq;
      break;
    case Value::Kind::kMap:
      out << (value.entries.empty() ? YAML::Flow : YAML::Block) << YAML::BeginMap;
      for (const auto& [key, item] : value.entries) {
        out << YAML::Key;
        EmitText(key, out);
        out << YAML::Value;
        Emit(item, out);
      }
      out << YAML::EndMap;
      break;
  }
}

nlohmann::ordered_json ToJson(const Value& value) {
  switch (value.kind) {
    case Value::Kind::kNull:
      return nullptr;
    case Value::Kind::kBoolean:
      return value.text == "true";
    case Value::Kind::kNumber: {
      nlohmann::ordered_json number = nlohmann::ordered_json::parse(value.text, nullptr, /*allow_exceptions=*/false);
      return number.is_discarded() ? nlohmann::ordered_json(value.text) : number;
    }
    case Value::Kind::kString:
      return WithDollarsDoubled(value.text);
    case Value::Kind::kList: {
      nlohmann::ordered_json list = nlohmann::ordered_json::array();
      for (const auto& [key, item] : value.entries) {
        list.push_back(ToJson(item));
      }
      return list;
    }
    case Value::Kind::kMap:
      break;
  }
  nlohmann::ordered_json map = nlohmann::ordered_json::object();
  for (const auto& [key, item] : value.entries) {
    map[WithDollarsDoubled(key)] = ToJson(item);
  }
  return map;
}

}  // namespace

std::string PrintYaml(const Value& value) {
  YAML::Emitter out;
  out.SetNullFormat(YAML::LowerNull);
  Emit(value, out);
  return std::string(out.c_str(), out.size()) + "\n";
}

std::string PrintJson(const Value& value) {
  return ToJson(value).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace safe_docker::compose
