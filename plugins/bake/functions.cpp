#include "functions.hpp"

#include <algorithm>
#include <safe_docker/checker.hpp>

namespace safe_docker::bake {
namespace {

using Arguments = std::vector<Value>;

constexpr std::string_view kSpaces = " \t\n\r\v\f";

bool IsScalar(const Value& value) {
  return value.kind == Kind::kText || value.kind == Kind::kBoolean || value.kind == Kind::kNumber;
}

bool AreScalars(const Arguments& arguments, std::size_t count) {
  return arguments.size() == count && std::ranges::all_of(arguments, IsScalar);
}

bool IsList(const Value& value) { return value.kind == Kind::kList; }

Value FromTruth(Truth truth) { return truth == Truth::kUnknown ? Value{} : BooleanValue(truth == Truth::kTrue); }

// ---- Texts ----

Value ChangeCase(const Arguments& arguments, char first, char last, int distance) {
  if (!AreScalars(arguments, 1) || !IsAscii(TextOf(arguments[0]))) {
    return {};
  }
  std::string text = TextOf(arguments[0]);
  for (char& byte : text) {
    byte = byte >= first && byte <= last ? static_cast<char>(byte + distance) : byte;
  }
  return TextValue(text);
}
Value Upper(const Arguments& arguments) { return ChangeCase(arguments, 'a', 'z', 'A' - 'a'); }
Value Lower(const Arguments& arguments) { return ChangeCase(arguments, 'A', 'Z', 'a' - 'A'); }

Value TrimSpace(const Arguments& arguments) {
  if (!AreScalars(arguments, 1) || !IsAscii(TextOf(arguments[0]))) {
    return {};
  }
  const std::string text = TextOf(arguments[0]);
  const std::size_t first = text.find_first_not_of(kSpaces);
  const std::size_t last = text.find_last_not_of(kSpaces);
  return TextValue(first == std::string::npos ? std::string_view{}
                                              : std::string_view(text).substr(first, last - first + 1));
}

Value Chomp(const Arguments& arguments) {
  if (!AreScalars(arguments, 1)) {
    return {};
  }
  std::string text = TextOf(arguments[0]);
  while (text.ends_with('\n') || text.ends_with('\r')) {
    text.pop_back();
  }
  return TextValue(text);
}

Value TrimPrefix(const Arguments& arguments) {
  if (!AreScalars(arguments, 2)) {
    return {};
  }
  const std::string text = TextOf(arguments[0]);
  const std::string prefix = TextOf(arguments[1]);
  return TextValue(text.starts_with(prefix) ? std::string_view(text).substr(prefix.size()) : std::string_view(text));
}

Value TrimSuffix(const Arguments& arguments) {
  if (!AreScalars(arguments, 2)) {
    return {};
  }
  std::string text = TextOf(arguments[0]);
  const std::string suffix = TextOf(arguments[1]);
  text.resize(text.size() - (text.ends_with(suffix) ? suffix.size() : 0));
  return TextValue(text);
}

Value Replace(const Arguments& arguments) {
  if (!AreScalars(arguments, 3) || TextOf(arguments[1]).empty()) {
    return {};
  }
  const std::string text = TextOf(arguments[0]);
  const std::string wanted = TextOf(arguments[1]);
  const std::string given = TextOf(arguments[2]);
  constexpr std::size_t kMaxGrowth = 64;
  if (given.size() > kMaxGrowth * wanted.size()) {
    return {};
  }
  std::string result;
  std::size_t from = 0;
  for (std::size_t at = text.find(wanted); at != std::string::npos; at = text.find(wanted, from)) {
    result.append(text, from, at - from).append(given);
    from = at + wanted.size();
  }
  return TextValue(result.append(text, from));
}

Value Split(const Arguments& arguments) {
  if (!AreScalars(arguments, 2) || TextOf(arguments[0]).empty()) {
    return {};
  }
  const std::string separator = TextOf(arguments[0]);
  const std::string text = TextOf(arguments[1]);
  std::vector<Value> parts;
  std::size_t from = 0;
  for (std::size_t at = text.find(separator); at != std::string::npos; at = text.find(separator, from)) {
    parts.push_back(TextValue(text.substr(from, at - from)));
    from = at + separator.size();
  }
  parts.push_back(TextValue(text.substr(from)));
  return ListValue(std::move(parts));
}

Value Join(const Arguments& arguments) {
  if (arguments.empty() || !IsScalar(arguments[0]) ||
      !std::all_of(arguments.begin() + 1, arguments.end(),
                   [](const Value& list) { return IsList(list) && std::ranges::all_of(*list.items, IsScalar); })) {
    return {};
  }
  std::string text;
  bool is_first = true;
  for (std::size_t index = 1; index < arguments.size(); ++index) {
    for (const Value& item : *arguments[index].items) {
      text += is_first ? std::string{} : TextOf(arguments[0]);
      text += TextOf(item);
      is_first = false;
    }
  }
  return TextValue(text);
}

// %s, %d and %v of texts and whole numbers.
Value Format(const Arguments& arguments) {
  if (arguments.empty() || !std::ranges::all_of(arguments, IsScalar)) {
    return {};
  }
  const std::string format = TextOf(arguments[0]);
  std::string text;
  std::size_t next = 1;
  for (std::size_t at = 0; at < format.size(); ++at) {
    if (format[at] != '%') {
      text += format[at];
      continue;
    }
    const char verb = ++at < format.size() ? format[at] : '\0';
    if (verb == '%') {
      text += '%';
      continue;
    }
    const bool is_known_verb = verb == 's' || verb == 'v' || verb == 'd';
    if (!is_known_verb || next == arguments.size() || (verb == 'd' && arguments[next].kind != Kind::kNumber)) {
      return {};
    }
    text += TextOf(arguments[next++]);
  }
  return TextValue(text);
}

Value BaseName(const Arguments& arguments) {
  const std::string text = arguments.size() == 1 ? TextOf(arguments[0]) : std::string{};
  if (text.empty() || text.ends_with('/')) {
    return {};
  }
  return TextValue(text.substr(text.rfind('/') + 1));
}

Value Sanitize(const Arguments& arguments) {
  if (!AreScalars(arguments, 1) || !IsAscii(TextOf(arguments[0]))) {
    return {};
  }
  std::string text = TextOf(arguments[0]);
  for (char& byte : text) {
    const bool is_name = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                         byte == '_' || byte == '-';
    byte = is_name ? byte : '_';
  }
  return TextValue(text);
}

// ---- Truth ----

Value Equal(const Arguments& arguments) {
  return arguments.size() == 2 ? FromTruth(AreEqual(arguments[0], arguments[1])) : Value{};
}

Value Not(const Arguments& arguments) {
  const Truth truth = arguments.size() == 1 ? TruthOf(arguments[0]) : Truth::kUnknown;
  return truth == Truth::kUnknown ? Value{} : BooleanValue(truth == Truth::kFalse);
}

Value NotEqual(const Arguments& arguments) { return Not({Equal(arguments)}); }

Value Both(const Arguments& arguments) {
  const bool are_known =
      arguments.size() == 2 && TruthOf(arguments[0]) != Truth::kUnknown && TruthOf(arguments[1]) != Truth::kUnknown;
  return are_known ? BooleanValue(TruthOf(arguments[0]) == Truth::kTrue && TruthOf(arguments[1]) == Truth::kTrue)
                   : Value{};
}

Value Either(const Arguments& arguments) {
  const bool are_known =
      arguments.size() == 2 && TruthOf(arguments[0]) != Truth::kUnknown && TruthOf(arguments[1]) != Truth::kUnknown;
  return are_known ? BooleanValue(TruthOf(arguments[0]) == Truth::kTrue || TruthOf(arguments[1]) == Truth::kTrue)
                   : Value{};
}

// ---- Lists and maps ----

Value Concat(const Arguments& arguments) {
  if (arguments.empty() || !std::ranges::all_of(arguments, IsList)) {
    return {};
  }
  std::vector<Value> items;
  for (const Value& list : arguments) {
    items.insert(items.end(), list.items->begin(), list.items->end());
  }
  return ListValue(std::move(items));
}

void AddFlattened(const Value& list, std::vector<Value>& items) {
  for (const Value& item : *list.items) {
    if (IsList(item)) {
      AddFlattened(item, items);
    } else {
      items.push_back(item);
    }
  }
}

Value Flatten(const Arguments& arguments) {
  if (arguments.size() != 1 || !IsList(arguments[0])) {
    return {};
  }
  std::vector<Value> items;
  AddFlattened(arguments[0], items);
  return ListValue(std::move(items));
}

Value Compact(const Arguments& arguments) {
  if (arguments.size() != 1 || !IsList(arguments[0])) {
    return {};
  }
  std::vector<Value> items;
  std::ranges::copy_if(*arguments[0].items, std::back_inserter(items),
                       [](const Value& item) { return !item.IsNull() && TextOf(item) != ""; });
  return ListValue(std::move(items));
}

Value Contains(const Arguments& arguments) {
  if (arguments.size() != 2 || !IsList(arguments[0])) {
    return {};
  }
  bool is_found = false;
  for (const Value& item : *arguments[0].items) {
    const Truth truth = AreEqual(item, arguments[1]);
    if (truth == Truth::kUnknown) {
      return {};
    }
    is_found = is_found || truth == Truth::kTrue;
  }
  return BooleanValue(is_found);
}

Value Length(const Arguments& arguments) {
  const bool is_counted = arguments.size() == 1 && arguments[0].items != nullptr;
  return is_counted ? NumberValue(static_cast<double>(arguments[0].items->size())) : Value{};
}

Value Coalesce(const Arguments& arguments) {
  const auto found = std::ranges::find_if(arguments, [](const Value& value) { return !value.IsNull(); });
  // Of several types a common one is made.
  const bool are_alike = found != arguments.end() && std::ranges::all_of(arguments, [&](const Value& value) {
                           return value.IsNull() || value.kind == found->kind;
                         });
  return are_alike ? *found : Value{};
}

Value Lookup(const Arguments& arguments) {
  if (arguments.size() < 2 || arguments.size() > 3 || arguments[0].kind != Kind::kMap || !IsScalar(arguments[1])) {
    return {};
  }
  const Value* found = FindItem(arguments[0], TextOf(arguments[1]));
  if (found != nullptr) {
    return *found;
  }
  return arguments.size() == 3 && IsAscii(TextOf(arguments[1])) ? arguments[2] : Value{};
}

Value Merge(const Arguments& arguments) {
  std::vector<std::string> keys;
  std::vector<Value> items;
  for (const Value& map : arguments) {
    if (map.kind != Kind::kMap) {
      return {};
    }
    for (std::size_t index = 0; index < map.keys->size(); ++index) {
      const auto at = std::ranges::find(keys, (*map.keys)[index]);
      if (at == keys.end()) {
        keys.push_back((*map.keys)[index]);
        items.push_back((*map.items)[index]);
      } else {
        items[static_cast<std::size_t>(at - keys.begin())] = (*map.items)[index];
      }
    }
  }
  return MapValue(std::move(keys), std::move(items));
}

struct Function {
  std::string_view name;
  Value (*call)(const Arguments& arguments);
};
constexpr Function kFunctions[] = {
    {"and", Both},
    {"basename", BaseName},
    {"chomp", Chomp},
    {"coalesce", Coalesce},
    {"compact", Compact},
    {"concat", Concat},
    {"contains", Contains},
    {"equal", Equal},
    {"flatten", Flatten},
    {"format", Format},
    {"join", Join},
    {"length", Length},
    {"lookup", Lookup},
    {"lower", Lower},
    {"merge", Merge},
    {"not", Not},
    {"notequal", NotEqual},
    {"or", Either},
    {"replace", Replace},
    {"sanitize", Sanitize},
    {"split", Split},
    {"trimprefix", TrimPrefix},
    {"trimspace", TrimSpace},
    {"trimsuffix", TrimSuffix},
    {"upper", Upper},
};

// Functions that only put texts and items together: what they make of unknown parts is unknown in the same places.
constexpr std::string_view kKeepUnknown[] = {"concat", "flatten", "join", "merge", "format"};

}  // namespace

Value CallFunction(std::string_view name, const std::vector<Value>& arguments) {
  const auto* function = std::ranges::find(kFunctions, name, &Function::name);
  if (function == std::end(kFunctions)) {
    return {};
  }
  const bool keeps_unknown = std::ranges::find(kKeepUnknown, name) != std::end(kKeepUnknown);
  const bool are_known = std::ranges::all_of(arguments, [](const Value& value) { return IsKnown(value); });
  return are_known || keeps_unknown ? function->call(arguments) : Value{};
}

}  // namespace safe_docker::bake
