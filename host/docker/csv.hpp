// The comma-separated records that many docker values are (--mount, --secret, --output, the long form of --network), as
// Go's csv reader takes them: only the first record counts, a field may be quoted to hold commas.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::docker {

// The fields of the first record; nothing if docker would refuse the text.
std::optional<std::vector<std::string>> ReadCsvRecord(std::string_view text);

struct KeyValue {
  std::string key;  // in lower case, unless asked otherwise
  std::string value;
  bool has_value = false;  // whether there was a "="
};

// The same with each field cut at its first "=".
std::optional<std::vector<KeyValue>> ReadCsvKeyValues(std::string_view text);

// The text without white space at both ends.
std::string_view Trim(std::string_view text);

// ASCII letters in lower case.
std::string ToLower(std::string_view text);
std::string ToUpper(std::string_view text);

}  // namespace safe_docker::docker
