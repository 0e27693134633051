#include "fields.hpp"

#include <optional>
#include <string>

namespace safe_docker::kube {
namespace {

char ToLower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

// Takes one character off the front, folded as Go folds it: the Kelvin sign is a k, and the long s an s.
char TakeFolded(std::string_view* text) {
  constexpr std::string_view kKelvin = "\xE2\x84\xAA";
  constexpr std::string_view kLongS = "\xC5\xBF";
  for (const auto& [sign, letter] : {std::pair{kKelvin, 'k'}, std::pair{kLongS, 's'}}) {
    if (text->starts_with(sign)) {
      text->remove_prefix(sign.size());
      return letter;
    }
  }
  const char letter = ToLower(text->front());
  text->remove_prefix(1);
  return letter;
}

}  // namespace

bool IsField(std::string_view key, std::string_view name) {
  while (!key.empty() && !name.empty()) {
    if (TakeFolded(&key) != ToLower(name.front())) {
      return false;
    }
    name.remove_prefix(1);
  }
  return key.empty() && name.empty();
}

void FailType(const Entry& entry, std::string_view field, std::string_view expected) {
  FailAt(entry, std::string(field) + " must be " + std::string(expected));
}

std::string_view TextOf(const Entry& entry, std::string_view field) {
  if (!entry.value->IsScalar() && !entry.value->IsNull()) {
    FailType(entry, field, "a single value, not a list or mapping");
  }
  return entry.value->text;
}

Truth TruthOf(const Entry& entry, std::string_view field) {
  const std::optional<bool> truth = yaml::CastToBoolean(TextOf(entry, field));
  if (!truth.has_value()) {
    return Truth::kUnknown;
  }
  return *truth ? Truth::kTrue : Truth::kFalse;
}

std::string_view FieldText(const Node& map, std::string_view name) {
  std::string_view text;
  ForEachField(map, name, [&](const Entry& entry) { text = TextOf(entry, name); });
  return text;
}

bool HasField(const Node& map, std::string_view name) {
  bool found = false;
  ForEachField(map, name, [&](const Entry&) { found = true; });
  return found;
}

}  // namespace safe_docker::kube
