#include "jsonc.hpp"

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

namespace safe_docker::devcontainer {
namespace {

using yaml::Entry;
using yaml::Kind;
using yaml::Node;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\r\n";

struct Literal {
  std::string_view text;
  Kind kind;
};
constexpr Literal kLiterals[] = {{"true", Kind::kBoolean}, {"false", Kind::kBoolean}, {"null", Kind::kNull}};

struct Escape {
  char letter;
  char byte;
};
constexpr Escape kEscapes[] = {{'"', '"'},  {'\\', '\\'}, {'/', '/'},  {'b', '\b'},
                               {'f', '\f'}, {'n', '\n'},  {'r', '\r'}, {'t', '\t'}};

void AppendUtf8(std::string& text, std::uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0U | (code >> 6U));
    text += static_cast<char>(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0U | (code >> 12U));
    text += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    text += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    text += static_cast<char>(0xF0U | (code >> 18U));
    text += static_cast<char>(0x80U | ((code >> 12U) & 0x3FU));
    text += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    text += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

class Reader {
 public:
  Reader(std::string_view content, const yaml::Source& source, const yaml::Dialect& dialect, yaml::Arena& arena)
      : rest_(content), source_(arena.Make(source)), dialect_(dialect), arena_(arena) {
    if (rest_.starts_with(kByteOrderMark)) {
      rest_.remove_prefix(kByteOrderMark.size());
    }
  }

  const Node* Read() {
    SkipBlanks();
    const Node* root = ReadValue(0);
    SkipBlanks();
    if (!rest_.empty()) {
      Fail("nothing may stand behind the value");
    }
    return root;
  }

 private:
  [[noreturn]] void Fail(std::string_view message) const {
    yaml::FailMalformed(source_->path, line_, column_, "json: " + std::string(message));
  }

  void Take(std::size_t count) {
    for (const char byte : rest_.substr(0, count)) {
      line_ += byte == '\n' ? 1 : 0;
      column_ = byte == '\n' ? 1 : column_ + 1;
    }
    rest_.remove_prefix(count);
  }

  bool TakeIf(char byte) {
    const bool is_there = rest_.starts_with(byte);
    Take(is_there ? 1 : 0);
    return is_there;
  }

  // Blanks and comments.
  void SkipBlanks() {
    while (true) {
      Take(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
      if (rest_.starts_with("//")) {
        Take(std::min(rest_.find_first_of("\r\n"), rest_.size()));
      } else if (rest_.starts_with("/*")) {
        const std::size_t end = rest_.find("*/", 2);
        if (end == std::string_view::npos) {
          Fail("this comment does not end");
        }
        Take(end + 2);
      } else {
        return;
      }
    }
  }

  Node* MakeNode(Kind kind) {
    if (++count_ > yaml::kMaxNodes) {
      Fail("the file has more than 100000 values");
    }
    Node node;
    node.kind = kind;
    node.line = line_;
    node.column = column_;
    node.source = source_;
    return arena_.Make(node);
  }

  const Node* ReadValue(int depth) {
    if (depth > yaml::kMaxDepth) {
      Fail("the file is nested more than 64 levels deep");
    }
    if (rest_.starts_with('{')) {
      return ReadObject(depth);
    }
    if (rest_.starts_with('[')) {
      return ReadArray(depth);
    }
    return rest_.starts_with('"') ? ReadString() : ReadLiteral();
  }

  const Node* ReadString() {
    Node* node = MakeNode(Kind::kString);
    node->written = arena_.Copy(ReadText());
    node->text = node->written;
    if (dialect_.replace != nullptr && node->text.find(dialect_.marker) != std::string_view::npos) {
      node->text = arena_.Copy(dialect_.replace(dialect_.context, node->text, *node));
    }
    return node;
  }

  const Node* ReadLiteral() {
    for (const Literal& literal : kLiterals) {
      if (rest_.starts_with(literal.text)) {
        return MakeScalar(literal.kind, literal.text.size());
      }
    }
    const std::size_t size = std::min(rest_.find_first_not_of("+-.0123456789eE"), rest_.size());
    if (size == 0 || (rest_.front() != '-' && (rest_.front() < '0' || rest_.front() > '9'))) {
      Fail(rest_.empty() ? "a value is missing" : "this is no value");
    }
    return MakeScalar(Kind::kNumber, size);
  }

  const Node* MakeScalar(Kind kind, std::size_t size) {
    Node* node = MakeNode(kind);
    node->written = arena_.Copy(rest_.substr(0, size));
    node->text = node->written;
    Take(size);
    return node;
  }

  std::string ReadText() {
    std::string text;
    Take(1);
    while (true) {
      const std::size_t plain = std::min(rest_.find_first_of("\"\\\n"), rest_.size());
      text += rest_.substr(0, plain);
      Take(plain);
      if (rest_.empty() || rest_.front() == '\n') {
        Fail("this text does not end");
      }
      if (TakeIf('"')) {
        break;
      }
      ReadEscape(&text);
    }
    if (text.find('\0') != std::string::npos) {
      Fail("a text may not hold a NUL character");
    }
    return text;
  }

  void ReadEscape(std::string* text) {
    Take(1);
    for (const Escape& escape : kEscapes) {
      if (TakeIf(escape.letter)) {
        *text += escape.byte;
        return;
      }
    }
    if (!TakeIf('u')) {
      Fail("this escape does not exist");
    }
    std::uint32_t code = ReadCode();
    if (code >= 0xD800 && code < 0xDC00 && rest_.starts_with("\\u")) {
      Take(2);
      const std::uint32_t low = ReadCode();
      code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
      code = low >= 0xDC00 && low < 0xE000 ? code : 0xD800;
    }
    if (code >= 0xD800 && code < 0xE000) {
      Fail("this is half a character");
    }
    AppendUtf8(*text, code);
  }

  std::uint32_t ReadCode() {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::uint32_t code = 0;
    for (int index = 0; index < 4; ++index) {
      const char byte = rest_.empty() ? ' ' : rest_.front();
      const std::size_t digit = kDigits.find(byte >= 'A' && byte <= 'F' ? static_cast<char>(byte - 'A' + 'a') : byte);
      if (digit == std::string_view::npos) {
        Fail("four digits are missing here");
      }
      code = code * 16 + static_cast<std::uint32_t>(digit);
      Take(1);
    }
    return code;
  }

  const Node* ReadArray(int depth) {
    Node* node = MakeNode(Kind::kList);
    std::vector<Entry> items;
    Take(1);
    while (!AtEnd(']')) {
      const Node* item = ReadValue(depth + 1);
      items.push_back({{}, item, item->line, item->column});
      TakeComma(']');
    }
    return Finish(node, items);
  }

  const Node* ReadObject(int depth) {
    Node* node = MakeNode(Kind::kMap);
    std::vector<Entry> entries;
    std::unordered_set<std::string_view> seen;
    Take(1);
    while (!AtEnd('}')) {
      if (!rest_.starts_with('"')) {
        Fail("a name in double quotes is missing here");
      }
      Entry entry{{}, nullptr, line_, column_};
      entry.key = arena_.Copy(ReadText());
      if (!seen.insert(entry.key).second) {
        yaml::FailMalformed(source_->path, entry.line, entry.column,
                            "json: \"" + std::string(entry.key.substr(0, 80)) + "\" is set twice");
      }
      SkipBlanks();
      if (!TakeIf(':')) {
        Fail("a colon is missing here");
      }
      SkipBlanks();
      entry.value = ReadValue(depth + 1);
      entries.push_back(entry);
      TakeComma('}');
    }
    return Finish(node, entries);
  }

  // True at the end of a list, which it takes.
  bool AtEnd(char end) {
    SkipBlanks();
    if (rest_.empty()) {
      Fail(std::string("'") + end + "' is missing");
    }
    return TakeIf(end);
  }

  void TakeComma(char end) {
    SkipBlanks();
    if (!TakeIf(',') && !rest_.starts_with(end)) {
      Fail(std::string("',' or '") + end + "' is missing here");
    }
  }

  const Node* Finish(Node* node, const std::vector<Entry>& entries) {
    node->entries = arena_.Copy(std::span<const Entry>(entries));
    for (const Entry& entry : entries) {
      node->weight += entry.value->weight;
    }
    return node;
  }

  std::string_view rest_;
  const yaml::Source* source_;
  const yaml::Dialect& dialect_;
  yaml::Arena& arena_;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
  std::uint64_t count_ = 0;
};

}  // namespace

const Node* ReadJsonc(std::string_view content, const yaml::Source& source, const yaml::Dialect& dialect,
                      yaml::Arena& arena) {
  return Reader(content, source, dialect, arena).Read();
}

}  // namespace safe_docker::devcontainer
