#include "agents/json_text.hpp"

#include <algorithm>
#include <utility>

namespace safe_docker::agents {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDeepest = 100;
constexpr std::string_view kBlanks = " \t\r\n";

// ---- Reading -------------------------------------------------------------------------------------------------------

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<JsonValue> ScanAll() {
    at_ = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    SkipBetween();
    JsonValue value;
    if (!ScanValue(&value, 0)) {
      return std::nullopt;
    }
    SkipBetween();
    return at_ == text_.size() ? std::optional(std::move(value)) : std::nullopt;
  }

 private:
  // Blanks and comments.
  void SkipBetween() {
    while (at_ < text_.size()) {
      if (kBlanks.find(text_[at_]) != std::string_view::npos) {
        ++at_;
      } else if (text_.substr(at_, 2) == "//") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_, 2) == "/*") {
        const std::size_t end = text_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? text_.size() : end + 2;
      } else {
        return;
      }
    }
  }

  bool Take(char expected) {
    if (at_ == text_.size() || text_[at_] != expected) {
      return false;
    }
    ++at_;
    return true;
  }

  bool ScanValue(JsonValue* value, int depth) {
    if (at_ == text_.size() || depth > kDeepest) {
      return false;
    }
    value->begin = at_;
    const bool is_sound = text_[at_] == '{'   ? ScanObject(value, depth)
                          : text_[at_] == '[' ? ScanList(value, depth)
                          : text_[at_] == '"' ? ScanString(&value->string)
                                              : ScanWord();
    value->kind = text_[value->begin] == '{'   ? JsonValue::Kind::kObject
                  : text_[value->begin] == '[' ? JsonValue::Kind::kList
                  : text_[value->begin] == '"' ? JsonValue::Kind::kString
                                               : JsonValue::Kind::kOther;
    value->end = at_;
    return is_sound;
  }

  bool ScanObject(JsonValue* object, int depth) {
    ++at_;
    SkipBetween();
    if (Take('}')) {
      return true;
    }
    do {
      SkipBetween();
      JsonMember member;
      member.begin = at_;
      if (at_ == text_.size() || text_[at_] != '"' || !ScanString(&member.key)) {
        return false;
      }
      SkipBetween();
      if (!Take(':')) {
        return false;
      }
      SkipBetween();
      if (!ScanValue(&member.value, depth + 1)) {
        return false;
      }
      object->members.push_back(std::move(member));
      SkipBetween();
    } while (Take(','));
    return Take('}');
  }

  bool ScanList(JsonValue* list, int depth) {
    ++at_;
    SkipBetween();
    if (Take(']')) {
      return true;
    }
    do {
      SkipBetween();
      JsonValue item;
      if (!ScanValue(&item, depth + 1)) {
        return false;
      }
      list->items.push_back(std::move(item));
      SkipBetween();
    } while (Take(','));
    return Take(']');
  }

  bool ScanString(std::string* string) {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && text_[at_] != '"') {
      at_ += text_[at_] == '\\' ? 2U : 1U;
    }
    if (at_ >= text_.size()) {
      return false;
    }
    ++at_;
    const Json value = Json::parse(text_.substr(begin, at_ - begin), nullptr, /*allow_exceptions=*/false);
    if (!value.is_string()) {
      return false;
    }
    *string = value.get<std::string>();
    return true;
  }

  bool ScanWord() {
    const std::size_t begin = at_;
    at_ = std::min(text_.find_first_of(",]}/ \t\r\n", at_), text_.size());
    return at_ > begin;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// ---- Writing -------------------------------------------------------------------------------------------------------

// How the text lays its values out.
struct Layout {
  std::string newline;
  std::string step;  // one step of indentation
};

Layout LayoutOf(std::string_view text) {
  const std::size_t line_end = text.find('\n');
  Layout layout = {line_end != std::string_view::npos && line_end > 0 && text[line_end - 1] == '\r' ? "\r\n" : "\n",
                   "  "};
  // The first line that is indented shows one step.
  for (std::size_t at = line_end; at != std::string_view::npos; at = text.find('\n', at + 1)) {
    const std::size_t first = text.find_first_not_of(" \t", at + 1);
    if (first != std::string_view::npos && first > at + 1 && (text[first] == '"' || text[first] == '{')) {
      layout.step = text.substr(at + 1, first - at - 1);
      break;
    }
  }
  return layout;
}

// The blanks that the line of `offset` begins with.
std::string IndentationAt(std::string_view text, std::size_t offset) {
  const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const std::size_t end = std::min(text.find_first_not_of(" \t", begin), offset);
  return std::string(text.substr(begin, end - begin));
}

bool IsShort(const Json& value) {
  return std::all_of(value.begin(), value.end(), [](const Json& item) { return !item.is_structured(); });
}

// `value` as text whose lines but the first begin with `indentation`. A list of words stays on one line.
std::string Write(const Json& value, const Layout& layout, const std::string& indentation) {
  if (!value.is_structured() || value.empty()) {
    return value.dump();
  }
  if (value.is_array() && IsShort(value)) {
    std::string text;
    for (const Json& item : value) {
      text += (text.empty() ? "[" : ", ") + item.dump();
    }
    return text + "]";
  }
  const std::string inner = indentation + layout.step;
  std::string text;
  for (const auto& [key, item] : value.items()) {
    text += (text.empty() ? "" : ",") + layout.newline + inner;
    text += (value.is_object() ? Json(key).dump() + ": " : "") + Write(item, layout, inner);
  }
  return (value.is_object() ? "{" : "[") + text + layout.newline + indentation + (value.is_object() ? "}" : "]");
}

// The same on one line.
std::string WriteInline(const Json& value) {
  if (!value.is_structured()) {
    return value.dump();
  }
  std::string text;
  for (const auto& [key, item] : value.items()) {
    text += text.empty() ? "" : ", ";
    text += (value.is_object() ? Json(key).dump() + ": " : "") + WriteInline(item);
  }
  return (value.is_object() ? "{" : "[") + text + (value.is_object() ? "}" : "]");
}

std::string Replaced(std::string_view text, std::size_t begin, std::size_t end, std::string_view by) {
  return std::string(text.substr(0, begin)) + std::string(by) + std::string(text.substr(end));
}

// Puts one more entry behind the last one in `container`, whose last entry ends at `last_end` (0: it has none). `front`
// is what stands in front of the value: the key, or nothing.
std::string Append(std::string_view text, const JsonValue& container, std::size_t last_end, const std::string& front,
                   const Json& value) {
  const Layout layout = LayoutOf(text);
  const std::size_t close = container.end - 1;
  const bool is_empty = last_end == 0;
  const std::size_t rest = text.find_last_not_of(kBlanks, close - 1) + 1;  // behind what stands last, a comment perhaps
  const bool is_spread = text.substr(container.begin, close - container.begin).find('\n') != std::string_view::npos;
  // What is written on one line stays there, unless there is nothing yet that shows how it is to be written.
  const std::size_t end = text.find_last_not_of(kBlanks);
  const bool whole_is_inline = text.substr(0, end).find('\n') == std::string_view::npos && end > 1;
  if (!is_spread && (!is_empty || whole_is_inline)) {
    return Replaced(text, is_empty ? rest : last_end, is_empty ? rest : last_end,
                    (is_empty ? "" : ", ") + front + WriteInline(value));
  }
  const std::string outer = IndentationAt(text, is_spread ? close : container.begin);
  const std::string inner = outer + layout.step;
  std::string entry = layout.newline + inner + front + Write(value, layout, inner);
  if (text.substr(rest, close - rest).find('\n') == std::string_view::npos) {
    entry += layout.newline + outer;
  }
  std::string result = Replaced(text, rest, rest, entry);
  return is_empty ? result : Replaced(result, last_end, last_end, ",");
}

// Where the first comma stands behind `offset`; commas in comments do not count.
std::size_t CommaBehind(std::string_view text, std::size_t offset) {
  while (offset < text.size() && text[offset] != ',') {
    const std::string_view here = text.substr(offset, 2);
    const std::size_t end = here == "//"   ? text.find('\n', offset)
                            : here == "/*" ? text.find("*/", offset + 2)
                                           : offset;
    offset = std::min(end, text.size() - 1) + (here == "/*" ? 2 : 1);
  }
  return std::min(offset, text.size());
}

// Takes the entry out that stands from `begin` to `end`, with the blanks in front of it and the comma that parts it
// from the others. `before` is where the entry in front of it ends; 0: it is the first.
std::string TakeOut(std::string_view text, std::size_t begin, std::size_t end, std::size_t before, bool is_last) {
  std::size_t cut_end = is_last ? end : CommaBehind(text, end) + 1;
  std::size_t cut_begin = text.find_last_not_of(kBlanks, begin - 1) + 1;
  const std::size_t next = text.find_first_not_of(" \t", cut_end);
  const bool line_goes_on = next != std::string_view::npos && text[next] != '\r' && text[next] != '\n';
  const bool begins_line = text.substr(cut_begin, begin - cut_begin).find('\n') != std::string_view::npos;
  if (line_goes_on && begins_line) {
    cut_begin = begin;  // the line in front may end with a comment
  }
  if (line_goes_on && !is_last && (begins_line || before == 0)) {
    cut_begin = begin;  // what comes next takes its place
    cut_end = next;
  }
  const std::string result = Replaced(text, cut_begin, cut_end, "");
  if (!is_last || before == 0) {
    return result;
  }
  const std::size_t comma = CommaBehind(result, before);
  return Replaced(result, comma, comma + 1, "");
}

}  // namespace

std::optional<JsonValue> ScanJson(std::string_view text) { return Scanner(text).ScanAll(); }

const JsonValue* FindMember(const JsonValue& object, std::string_view key) {
  const auto found = std::find_if(object.members.rbegin(), object.members.rend(),
                                  [&](const JsonMember& member) { return member.key == key; });
  return found == object.members.rend() ? nullptr : &found->value;
}

std::uint32_t LineAt(std::string_view text, std::size_t offset) {
  return 1 +
         static_cast<std::uint32_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

std::string WithMember(std::string_view text, const JsonValue& object, std::string_view key, const Json& value) {
  const Layout layout = LayoutOf(text);
  if (const JsonValue* const old = FindMember(object, key); old != nullptr) {
    return Replaced(text, old->begin, old->end, Write(value, layout, IndentationAt(text, old->begin)));
  }
  const std::size_t last_end = object.members.empty() ? 0 : object.members.back().value.end;
  return Append(text, object, last_end, Json(key).dump() + ": ", value);
}

std::string WithoutMember(std::string_view text, const JsonValue& object, std::string_view key) {
  for (std::size_t index = 0; index < object.members.size(); ++index) {
    const JsonMember& member = object.members[index];
    if (member.key == key) {
      return TakeOut(text, member.begin, member.value.end, index == 0 ? 0 : object.members[index - 1].value.end,
                     index + 1 == object.members.size());
    }
  }
  return std::string(text);
}

std::string WithItem(std::string_view text, const JsonValue& list, const Json& item) {
  return Append(text, list, list.items.empty() ? 0 : list.items.back().end, "", item);
}

std::string WithoutItem(std::string_view text, const JsonValue& list, std::size_t index) {
  return TakeOut(text, list.items[index].begin, list.items[index].end, index == 0 ? 0 : list.items[index - 1].end,
                 index + 1 == list.items.size());
}

}  // namespace safe_docker::agents
