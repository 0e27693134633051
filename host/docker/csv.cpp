#include "docker/csv.hpp"

namespace safe_docker::docker {
namespace {

// Reads one quoted field from behind its opening quote; returns the place behind the closing one.
std::optional<std::size_t> ReadQuoted(std::string_view text, std::size_t at, std::string* field) {
  while (at < text.size()) {
    if (text[at] != '"') {
      *field += text[at++];
    } else if (at + 1 < text.size() && text[at + 1] == '"') {
      *field += '"';
      at += 2;
    } else {
      return at + 1;
    }
  }
  return std::nullopt;
}

bool EndsRecord(char letter) { return letter == '\n'; }

}  // namespace

std::optional<std::vector<std::string>> ReadCsvRecord(std::string_view text) {
  while (!text.empty() && (text[0] == '\n' || text.starts_with("\r\n"))) {
    text.remove_prefix(text[0] == '\n' ? 1 : 2);
  }
  std::vector<std::string> fields;
  std::size_t at = 0;
  while (true) {
    std::string field;
    if (at < text.size() && text[at] == '"') {
      const std::optional<std::size_t> end = ReadQuoted(text, at + 1, &field);
      if (!end || (*end < text.size() && text[*end] != ',' && !EndsRecord(text[*end]))) {
        return std::nullopt;
      }
      at = *end;
    } else {
      while (at < text.size() && text[at] != ',' && !EndsRecord(text[at])) {
        if (text[at] == '"') {
          return std::nullopt;
        }
        field += text[at++];
      }
      if (at < text.size() && EndsRecord(text[at]) && field.ends_with('\r')) {
        field.pop_back();
      }
    }
    fields.push_back(std::move(field));
    if (at >= text.size() || EndsRecord(text[at])) {
      return fields;
    }
    ++at;
  }
}

std::optional<std::vector<KeyValue>> ReadCsvKeyValues(std::string_view text) {
  const std::optional<std::vector<std::string>> fields = ReadCsvRecord(text);
  if (!fields) {
    return std::nullopt;
  }
  std::vector<KeyValue> pairs;
  for (const std::string& field : *fields) {
    const std::size_t equals = field.find('=');
    pairs.push_back({ToLower(std::string_view(field).substr(0, equals)),
                     equals == std::string::npos ? "" : field.substr(equals + 1), equals != std::string::npos});
  }
  return pairs;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string ToLower(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower) {
    letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  return lower;
}

std::string ToUpper(std::string_view text) {
  std::string upper(text);
  for (char& letter : upper) {
    letter = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  }
  return upper;
}

}  // namespace safe_docker::docker
