// What expressions are worth.
#include <algorithm>
#include <array>

#include "program.hpp"
#include "text_decoders.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepestExpression = 24;
constexpr std::size_t kMostText = 64 * 1024;

constexpr std::array<std::string_view, 30> kDecoders = {
    "base64",  "b64decode",    "b32decode",     "b16decode",     "a85decode", "b85decode",
    "atob",    "fromCharCode", "unhexlify",     "fromhex",       "chr",       "codecs",
    "rot13",   "decompress",   "unpack",        "pack",          "reversed",  "reverse",
    "marshal", "getattr",      "__import__",    "base64_decode", "str_rot13", "strrev",
    "hex2bin", "decode64",     "fromCodePoint", "decode_base64", "gzinflate", "unescape"};

Value TextValue(std::string text) {
  Value value;
  value.kind = Value::Kind::kText;
  value.text = text.size() <= kMostText ? std::move(text) : std::string(1, kUnknownPart);
  return value;
}

Value UnknownText() { return TextValue(std::string(1, kUnknownPart)); }

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

// The text of a value; a single unknown part if it is none.
std::string TextOf(const Value& value) {
  return value.kind == Value::Kind::kText ? value.text : std::string(1, kUnknownPart);
}

// `left` and `right` put together. A list with something unknown goes on with any number of items.
Value Joined(Value left, const Value& right) {
  left.decoded = left.decoded || right.decoded;
  if (left.kind == Value::Kind::kList || right.kind == Value::Kind::kList) {
    if (left.kind != Value::Kind::kList) {
      left.kind = Value::Kind::kList;
      left.items = {{std::string(1, kUnknownPart), true}};
    }
    if (right.kind == Value::Kind::kList) {
      left.items.insert(left.items.end(), right.items.begin(), right.items.end());
    } else {
      left.items.push_back({std::string(1, kUnknownPart), true});
    }
    return left;
  }
  left.text = left.kind == Value::Kind::kText ? std::move(left.text) : std::string(1, kUnknownPart);
  left.kind = Value::Kind::kText;
  left.text.append(TextOf(right));
  if (left.text.size() > kMostText) {
    left.text.assign(1, kUnknownPart);
  }
  return left;
}

// What %s, %d and their like stand for becomes unknown.
std::string WithPercentHoles(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%' || i + 1 >= text.size()) {
      result.push_back(text[i]);
    } else if (text[i + 1] == '%') {
      result.push_back(text[i++]);
    } else {
      const bool named = text[i + 1] == '(';
      i = named ? std::min(text.find(')', i), text.size() - 1) + 1 : i + 1;
      while (i < text.size() && std::string_view("0123456789.+-# ").find(text[i]) != std::string_view::npos) {
        ++i;
      }
      result.push_back(kUnknownPart);
    }
  }
  return result;
}

std::string WithBraceHoles(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '{' && text[i] != '}') {
      result.push_back(text[i]);
    } else if (i + 1 < text.size() && text[i + 1] == text[i]) {
      result.push_back(text[i++]);
    } else if (text[i] == '{') {
      i = std::min(text.find('}', i), text.size() - 1);
      result.push_back(kUnknownPart);
    }
  }
  return result;
}

// The words that a shell, or a split at `separator`, makes of a text.
Value Split(const Value& value, const std::string& separator, bool quotes) {
  if (value.kind != Value::Kind::kText) {
    Value unknown;
    unknown.decoded = value.decoded;
    return unknown;
  }
  Value list;
  list.kind = Value::Kind::kList;
  list.decoded = value.decoded;
  std::string item;
  bool open = false;
  char quote = '\0';
  const std::string blanks = separator.empty() ? " \t\n" : separator.substr(0, 1);
  for (const char c : value.text) {
    if (quotes && (c == quote || (quote == '\0' && (c == '"' || c == '\'')))) {
      quote = quote == '\0' ? c : '\0';
      open = true;
    } else if (quote == '\0' && blanks.find(c) != std::string::npos) {
      open ? list.items.push_back({item, item.find(kUnknownPart) != std::string::npos}) : void();
      item.clear();
      open = false;
    } else {
      item.push_back(c);
      open = true;
    }
  }
  open ? list.items.push_back({item, item.find(kUnknownPart) != std::string::npos}) : void();
  return list;
}

Value JoinedItems(const Value& list, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    text.append(i == 0 ? "" : separator).append(list.items[i].text);
    if (text.size() > kMostText) {
      break;
    }
  }
  Value value = TextValue(text);
  value.decoded = list.decoded;
  return value;
}

std::string Replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = what.empty() ? std::string::npos : text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
    if (text.size() > kMostText) {
      return std::string(1, kUnknownPart);
    }
  }
  return text;
}

bool Known(const Value& value) { return value.kind == Value::Kind::kText && IsKnown(value.text); }

}  // namespace

bool ProgramReader::HasDecoder(std::size_t begin, std::size_t end) const {
  if (!Spend(end - begin)) {
    return false;
  }
  for (std::size_t i = begin; i < end && i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    const bool names_code = token.kind == Token::Kind::kString && token.pieces.size() == 1 &&
                            IsListed(" base64 hex rot13 rot_13 zlib ", token.pieces[0].text);
    if (names_code) {
      return true;
    }
    if (token.kind != Token::Kind::kName) {
      continue;
    }
    if (std::find(kDecoders.begin(), kDecoders.end(), token.text) != kDecoders.end()) {
      return true;
    }
    const auto found = values_.find(token.text);
    if (found != values_.end() && std::any_of(found->second.begin(), found->second.end(), [](const Value& value) {
          return value.decoded && (value.kind == Value::Kind::kUnknown || !IsKnown(value.text));
        })) {
      return true;
    }
  }
  return false;
}

// Whether there is work left: a program that takes more is not understood.
bool ProgramReader::Spend(std::size_t work) const {
  work_left_ -= std::min(work, work_left_);
  return work_left_ > 0;
}

// The arguments between two brackets, as they are separated by commas.
std::vector<ProgramReader::Argument> ProgramReader::ArgumentsBetween(std::size_t begin, std::size_t end) const {
  std::vector<Argument> arguments;
  std::size_t start = begin;
  const auto add = [&](std::size_t stop) {
    while (start < stop && tokens_[start].kind == Token::Kind::kNewline) {
      ++start;
    }
    if (start >= stop) {
      return;
    }
    Argument argument{{}, start, stop};
    const bool named = stop - start > 2 && tokens_[start].kind == Token::Kind::kName;
    const bool keyword = named && (tokens_[start + 1].Is("=") || tokens_[start + 1].Is(":")) &&
                         !tokens_[start + 2].Is("=") && !tokens_[start + 2].Is(":");
    if (keyword) {
      argument.keyword = tokens_[start].text;
      argument.begin = start + 2;
    }
    arguments.push_back(argument);
  };
  for (std::size_t i = begin; i < end; ++i) {
    if (matching_[i] > i && matching_[i] < end) {
      i = matching_[i];
    } else if (tokens_[i].Is(",")) {
      add(i);
      start = i + 1;
    }
  }
  add(end);
  return arguments;
}

const Value* ProgramReader::Lookup(std::string_view name) const {
  auto found = values_.find(name);
  const auto before = earlier_.find(name);
  // What the earlier pass knows of it counts where it stands before its assignment, or has more values in all.
  const bool use_earlier = found == values_.end() || (before != earlier_.end() && before->second.size() > 1);
  if (use_earlier && before == earlier_.end()) {
    return nullptr;
  }
  const std::vector<Value>& values = use_earlier ? before->second : found->second;
  if (values.empty() || forgotten_.find(name) != forgotten_.end() ||
      !Spend(1 + values.front().text.size() / 16 + values.front().items.size())) {
    return nullptr;
  }
  if (values.size() == 1) {
    return &values.front();
  }
  several_[std::string(name)] = values.size();
  const auto choice = choices_.find(name);
  return &values[choice == choices_.end() ? 0 : std::min(choice->second, values.size() - 1)];
}

std::vector<std::vector<Value>> ProgramReader::AllValuesOf(const std::vector<Argument>& arguments) const {
  constexpr std::size_t kMostChoices = 32;
  choices_.clear();
  several_.clear();
  std::vector<std::vector<Value>> all{ValuesOf(arguments)};
  const std::map<std::string, std::size_t, std::less<>> several = several_;
  std::size_t count = 1;
  for (const auto& [name, values] : several) {
    count = std::min(count * values, kMostChoices + 1);
  }
  if (count > kMostChoices) {
    return {std::vector<Value>(all[0].size())};
  }
  for (std::size_t i = 1; i < count; ++i) {
    std::size_t rest = i;
    for (const auto& [name, values] : several) {
      choices_[name] = rest % values;
      rest /= values;
    }
    all.push_back(ValuesOf(arguments));
  }
  choices_.clear();
  return all;
}

Value ProgramReader::ValueOfPieces(const std::vector<Piece>& pieces) const {
  std::string text;
  for (const Piece& piece : pieces) {
    if (text.size() > kMostText) {
      break;
    }
    if (!piece.is_hole) {
      text += piece.text;
      continue;
    }
    const std::string_view name = Trimmed(piece.text);
    if (IsListed(" os.getcwd() process.cwd() Dir.pwd Path.cwd() Deno.cwd() ", name) && IsKnown(context_.cwd)) {
      text += directory_.empty() ? context_.cwd : directory_;
      continue;
    }
    const Value* value = Lookup(name);
    value = value == nullptr ? Lookup("$" + std::string(name)) : value;
    text += value == nullptr ? std::string(1, kUnknownPart) : TextOf(*value);
  }
  return TextValue(std::move(text));
}

Value ProgramReader::EvaluateList(std::size_t open, int depth) const {
  Value list;
  list.kind = Value::Kind::kList;
  for (const Argument& argument : ArgumentsBetween(open + 1, matching_[open])) {
    if (tokens_[argument.begin].Is("*") || tokens_[argument.begin].Is(".")) {
      std::size_t at = argument.begin;
      while (at < argument.end && (tokens_[at].Is("*") || tokens_[at].Is("."))) {
        ++at;
      }
      list = Joined(std::move(list), Evaluate(at, argument.end, depth));
      continue;
    }
    Value value = Evaluate(argument.begin, argument.end, depth);
    list.decoded = list.decoded || value.decoded;
    const bool many = value.kind == Value::Kind::kList;
    if (many) {
      list.items.insert(list.items.end(), value.items.begin(), value.items.end());
    } else {
      const bool comprehension = std::any_of(tokens_.begin() + static_cast<std::ptrdiff_t>(argument.begin),
                                             tokens_.begin() + static_cast<std::ptrdiff_t>(argument.end),
                                             [](const Token& token) { return token.IsName("for"); });
      list.items.push_back({TextOf(value), comprehension || tokens_[argument.begin].text.starts_with('@')});
    }
  }
  return list;
}

// What a method makes of a value. `open` is the bracket of its arguments.
Value ProgramReader::ApplyMethod(const Value& value, std::string_view method, std::size_t open, int depth) const {
  std::vector<Value> arguments;
  for (const Argument& argument : ArgumentsBetween(open + 1, matching_[open])) {
    arguments.push_back(Evaluate(argument.begin, argument.end, depth));
  }
  const bool same = IsListed(
      " strip trim rstrip lstrip chomp trimEnd trimStart dup freeze toString encode to_s flatten "
      "flat decode copy slice ",
      method);
  if (same && (method != "slice" || arguments.empty())) {
    return value;
  }
  const bool text_joins_list =
      value.kind == Value::Kind::kText && !arguments.empty() && arguments[0].kind == Value::Kind::kList;
  if (method == "join" && text_joins_list) {
    return JoinedItems(arguments[0], value.text);
  }
  if (method == "join" && value.kind == Value::Kind::kList) {
    return JoinedItems(value, arguments.empty() ? "," : TextOf(arguments[0]));
  }
  if (method == "split" && (arguments.empty() || Known(arguments[0]))) {
    return Split(value, arguments.empty() ? "" : arguments[0].text, false);
  }
  if (method == "format" && value.kind == Value::Kind::kText) {
    return TextValue(WithBraceHoles(value.text));
  }
  const bool constant =
      value.kind == Value::Kind::kText && arguments.size() == 2 && Known(arguments[0]) && Known(arguments[1]);
  if ((method == "replace" || method == "replaceAll" || method == "gsub" || method == "sub") && constant) {
    return TextValue(Replaced(value.text, arguments[0].text, arguments[1].text));
  }
  if ((method == "concat" || method == "extend") && arguments.size() == 1) {
    return Joined(value, arguments[0]);
  }
  if ((method == "lower" || method == "toLowerCase" || method == "downcase") && Known(value)) {
    std::string text = value.text;
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return TextValue(text);
  }
  Value unknown;
  unknown.decoded = value.decoded || IsListed(" reverse replace translate map tr rot13 pack unpack ", method);
  return unknown;
}

// A list as it is; anything else as a list of one.
Value ProgramReader::EvaluateItems(const Argument& argument, int depth) const {
  Value value = Evaluate(argument.begin, argument.end, depth);
  if (value.kind == Value::Kind::kList) {
    return value;
  }
  Value list;
  list.kind = Value::Kind::kList;
  list.decoded = value.decoded;
  list.items = {{TextOf(value), value.kind == Value::Kind::kUnknown}};
  return list;
}

// A name, or a call of a function whose result is known.
Value ProgramReader::EvaluateName(std::size_t* at, std::size_t end, int depth) const {
  const std::size_t first = *at;
  std::string_view name = tokens_[first].text;
  std::size_t last = first;
  while (last + 2 < end && language_.concatenation != "." && tokens_[last + 1].Is(".") &&
         tokens_[last + 2].kind == Token::Kind::kName && values_.find(name) == values_.end()) {
    last += 2;
    name = tokens_[last].text;
  }
  *at = last + 1;
  const bool called = *at < end && tokens_[*at].Is("(") && matching_[*at] < end;
  if (!called && IsListed(" executable execPath ", name)) {
    return TextValue(std::string(language_.names.substr(1, language_.names.find(' ', 1) - 1)));
  }
  if (!called) {
    const Value* known = last == first ? Lookup(name) : nullptr;
    Value value = known != nullptr ? *known : Value();
    value.decoded = value.decoded || HasDecoder(first, *at);
    return value;
  }
  const std::size_t open = *at;
  *at = matching_[open] + 1;
  const std::vector<Argument> arguments = ArgumentsBetween(open + 1, matching_[open]);
  const Value value = arguments.empty() ? Value() : Evaluate(arguments[0].begin, arguments[0].end, depth);
  if (name == "split" && last > first && tokens_[first].text == "shlex") {
    return Split(value, "", true);
  }
  if (IsListed(" str String list tuple bytes Array escapeshellcmd raw fsencode expanduser ", name)) {
    return value;
  }
  if (IsListed(" sprintf format ", name) && value.kind == Value::Kind::kText) {
    return TextValue(WithPercentHoles(value.text));
  }
  if (last > first && IsListed(" from decode ", name) && arguments.size() == 2 && Known(value)) {
    const Value coding = Evaluate(arguments[1].begin, arguments[1].end, depth);
    const std::string function = coding.text == "base64" ? "atob" : coding.text == "hex" ? "fromhex" : coding.text;
    if (std::optional<std::string> text = DecodedText(function, value.text); text) {
      return TextValue(std::move(*text));
    }
  }
  if (Known(value)) {
    if (std::optional<std::string> text = DecodedText(name, value.text); text) {
      return TextValue(std::move(*text));
    }
  }
  if (std::optional<std::string> text =
          CharacterOf(name, arguments.size() == 1 ? tokens_[arguments[0].begin].text : "");
      text && arguments[0].end == arguments[0].begin + 1) {
    return TextValue(std::move(*text));
  }
  const bool joins = IsListed(" join implode paste ", name) && arguments.size() > 1 && last == first;
  if (joins) {
    const bool words = name == "paste";
    Value list;
    list.kind = Value::Kind::kList;
    for (std::size_t i = words ? 0 : 1; i < arguments.size(); ++i) {
      list = Joined(std::move(list), EvaluateItems(arguments[i], depth));
    }
    return JoinedItems(list, words ? " " : TextOf(value));
  }
  if (IsListed(" getcwd cwd pwd ", name) && arguments.empty() && IsKnown(context_.cwd)) {
    return TextValue(directory_.empty() ? context_.cwd : directory_);
  }
  if (values_.find(name) != values_.end() ||
      IsListed(" quote which escapeshellarg getcwd cwd dirname abspath ", name)) {
    return UnknownText();
  }
  Value unknown;
  unknown.decoded = HasDecoder(first, *at);
  return unknown;
}

Value ProgramReader::EvaluatePrimary(std::size_t* at, std::size_t end, int depth) const {
  const Token& token = tokens_[*at];
  using Kind = Token::Kind;
  if (token.kind == Kind::kString) {
    ++*at;
    return ValueOfPieces(token.pieces);
  }
  if (token.kind == Kind::kNumber) {
    ++*at;
    return TextValue(token.text);
  }
  if (token.kind == Kind::kWords) {
    ++*at;
    Value list;
    list.kind = Value::Kind::kList;
    for (const Piece& piece : token.pieces) {
      list.items.push_back({piece.is_hole ? std::string(1, kUnknownPart) : piece.text, piece.is_hole});
    }
    return list;
  }
  const bool opens = matching_[*at] > *at && matching_[*at] < end;
  if (opens && (token.Is("[") || token.Is("("))) {
    const std::size_t open = *at;
    *at = matching_[open] + 1;
    const std::vector<Argument> inner = ArgumentsBetween(open + 1, matching_[open]);
    const bool grouped = token.Is("(") && inner.size() == 1 && !tokens_[matching_[open] - 1].Is(",");
    return grouped ? Evaluate(inner[0].begin, inner[0].end, depth) : EvaluateList(open, depth);
  }
  if (token.kind == Kind::kName) {
    return EvaluateName(at, end, depth);
  }
  if (token.Is("$") && *at + 1 < end) {
    *at += 2;  // awk's field
    return UnknownText();
  }
  *at = opens ? matching_[*at] + 1 : *at + 1;
  return {};
}

// A primary with the methods and indices behind it.
Value ProgramReader::EvaluateTerm(std::size_t* at, std::size_t end, int depth) const {
  const bool awaited = tokens_[*at].IsName("await") || tokens_[*at].IsName("new");
  *at += awaited && *at + 1 < end ? 1 : 0;
  Value value = EvaluatePrimary(at, end, depth);
  while (*at < end) {
    const bool dotted = language_.concatenation != "." && tokens_[*at].Is(".");
    const bool method = *at + 2 < end && dotted && tokens_[*at + 1].kind == Token::Kind::kName &&
                        tokens_[*at + 2].Is("(") && matching_[*at + 2] < end;
    if (method) {
      value = ApplyMethod(value, tokens_[*at + 1].text, *at + 2, depth);
      *at = matching_[*at + 2] + 1;
    } else if (*at + 1 < end && dotted && tokens_[*at + 1].kind == Token::Kind::kName) {
      const bool same = tokens_[*at + 1].text == "split" || tokens_[*at + 1].text == "freeze";
      value = tokens_[*at + 1].text == "split" ? Split(value, "", false) : same ? value : Value();
      *at += 2;
    } else if ((tokens_[*at].Is("[") || tokens_[*at].Is("(")) && matching_[*at] < end && matching_[*at] > *at) {
      const bool reversed = matching_[*at] == *at + 5 && tokens_[*at + 3].Is("-");
      const bool decoded = value.decoded || (reversed && !Known(value));
      std::string text = value.text;
      std::reverse(text.begin(), text.end());
      value = reversed && Known(value) ? TextValue(text) : Value();
      value.decoded = decoded;
      *at = matching_[*at] + 1;
    } else {
      break;
    }
  }
  return value;
}

Value ProgramReader::Evaluate(std::size_t begin, std::size_t end, int depth) const {
  Value unknown;
  if (depth > kDeepestExpression || begin >= end || !Spend(1)) {
    return unknown;
  }
  std::size_t at = begin;
  Value value;
  bool first = true;
  while (at < end) {
    if (tokens_[at].kind == Token::Kind::kNewline) {
      ++at;
      continue;
    }
    const std::string_view joiner = language_.concatenation;
    const bool operation = !first && !joiner.empty() && tokens_[at].Is(joiner.substr(0, 1)) && at + joiner.size() < end;
    const bool adjacent =
        !first && language_.joins_adjacent && (tokens_[at].kind == Token::Kind::kString || language_.first_is_code);
    if (!first && !operation && tokens_[at].Is("%") && value.kind == Value::Kind::kText) {
      return TextValue(WithPercentHoles(value.text));
    }
    if (!first && !operation && !adjacent) {
      unknown.decoded = HasDecoder(begin, end) || value.decoded;
      return unknown;
    }
    at += operation ? joiner.size() : 0;
    while (at + 1 < end && tokens_[at].kind == Token::Kind::kNewline) {
      ++at;
    }
    Value next = EvaluateTerm(&at, end, depth + 1);
    value = first ? std::move(next) : Joined(std::move(value), next);
    first = false;
  }
  return value;
}

}  // namespace safe_docker::shell
