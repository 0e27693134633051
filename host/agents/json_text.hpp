// JSON as a person wrote it: where each value stands in the text, and changes of single members and items that leave
// every other byte as it is (order, indentation, line ends, comments). Texts are read by located_json first; what is
// passed here is JSON, with or without comments.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::agents {

struct JsonMember;

// A value and its place: text.substr(begin, end - begin).
struct JsonValue {
  enum class Kind : std::uint8_t { kObject, kList, kString, kOther };
  Kind kind = Kind::kOther;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string string;               // of kString: what it says, without quotes and escapes
  std::vector<JsonMember> members;  // of kObject, as written: a key may stand there twice
  std::vector<JsonValue> items;     // of kList
};

struct JsonMember {
  std::string key;
  std::size_t begin = 0;  // of the key, with its quote
  JsonValue value;
};

// Nothing if `text` is no JSON after all.
std::optional<JsonValue> ScanJson(std::string_view text);

// The member of that key; null if there is none. Of several the last, as most readers have it.
const JsonValue* FindMember(const JsonValue& object, std::string_view key);

// The line on which `offset` stands, from 1.
std::uint32_t LineAt(std::string_view text, std::size_t offset);

// ---- Changes: each returns the whole text --------------------------------------------------------------------------

// `object` gets the member, behind its others if it has none of that key.
std::string WithMember(std::string_view text, const JsonValue& object, std::string_view key,
                       const nlohmann::ordered_json& value);
std::string WithoutMember(std::string_view text, const JsonValue& object, std::string_view key);

// `list` gets one more item at its end.
std::string WithItem(std::string_view text, const JsonValue& list, const nlohmann::ordered_json& item);
std::string WithoutItem(std::string_view text, const JsonValue& list, std::size_t index);

}  // namespace safe_docker::agents
