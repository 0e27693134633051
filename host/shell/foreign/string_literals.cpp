#include "string_literals.hpp"

#include <algorithm>
#include <cstdint>

namespace safe_docker::shell {
namespace {

constexpr auto kNpos = std::string_view::npos;
constexpr std::size_t kMostCode = 4096;  // in a hole

int DigitOf(char c) {
  const bool digit = c >= '0' && c <= '9';
  const bool lower = c >= 'a' && c <= 'f';
  const bool upper = c >= 'A' && c <= 'F';
  return digit ? c - '0' : lower ? c - 'a' + 10 : upper ? c - 'A' + 10 : 99;
}

bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsNamePart(char c) { return IsNameStart(c) || (c >= '0' && c <= '9'); }

void AppendCodePoint(std::uint32_t code, std::string* out) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (code == 0) {
    out->append("?");  // an argument ends there: nobody takes it for an unknown part
  } else if (code < 0x80) {
    out->push_back(byte(code));
  } else if (code < 0x800) {
    out->append({byte(0xC0 | (code >> 6)), byte(0x80 | (code & 0x3F))});
  } else if (code < 0x10000) {
    out->append({byte(0xE0 | (code >> 12)), byte(0x80 | ((code >> 6) & 0x3F)), byte(0x80 | (code & 0x3F))});
  } else {
    out->append({byte(0xF0 | ((code >> 18) & 7)), byte(0x80 | ((code >> 12) & 0x3F)), byte(0x80 | ((code >> 6) & 0x3F)),
                 byte(0x80 | (code & 0x3F))});
  }
}

class Reader {
 public:
  Reader(std::string_view text, std::size_t begin, const StringStyle& style) : text_(text), at_(begin), style_(style) {}

  StringLiteral Run();

 private:
  void Append(std::string_view text);
  void AddHole(std::string_view code) { literal_.pieces.push_back({std::string(code), true}); }
  bool ReadEscape();
  std::size_t ReadNumber(std::size_t at, int base, std::size_t most);
  bool ReadHole();
  bool ReadBracedHole(std::size_t opener_size);
  bool ReadSigilHole();
  std::size_t EndOfCode(std::size_t from) const;
  bool AtEnd();

  std::string_view text_;
  std::size_t at_;
  const StringStyle& style_;
  int depth_ = 0;
  bool broken_ = false;  // a hole does not end
  StringLiteral literal_;
};

void Reader::Append(std::string_view text) {
  if (literal_.pieces.empty() || literal_.pieces.back().is_hole) {
    literal_.pieces.emplace_back();
  }
  literal_.pieces.back().text.append(text);
}

// The code point that the digits from `at` on write; returns the place behind them.
std::size_t Reader::ReadNumber(std::size_t at, int base, std::size_t most) {
  std::uint32_t code = 0;
  std::size_t count = 0;
  for (; count < most && at < text_.size() && DigitOf(text_[at]) < base; ++at, ++count) {
    code = code * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(DigitOf(text_[at]));
  }
  std::string bytes;
  AppendCodePoint(code, &bytes);
  Append(bytes);
  return at;
}

bool Reader::ReadEscape() {
  if (text_[at_] != '\\' || at_ + 1 >= text_.size()) {
    return false;
  }
  const char c = text_[at_ + 1];
  if (style_.raw || style_.plain) {
    const bool escapes = style_.plain && !style_.raw && (c == '\\' || style_.close.find(c) != kNpos);
    Append(text_.substr(at_ + (escapes ? 1 : 0), escapes ? 1 : 2));
    at_ += 2;
    return true;
  }
  constexpr std::string_view kLetters = "ntrabfve0";
  constexpr std::string_view kValues = "\n\t\r\a\b\f\v\x1b";
  at_ += 2;
  if (c == 'x' || c == 'u' || c == 'U') {
    const bool braced = at_ < text_.size() && text_[at_] == '{';
    at_ = ReadNumber(at_ + (braced ? 1 : 0), 16, braced ? 6 : c == 'x' ? 2 : c == 'u' ? 4 : 8);
    at_ += braced && at_ < text_.size() ? 1 : 0;
  } else if (c >= '0' && c <= '7') {
    at_ = ReadNumber(at_ - 1, 8, 3);
  } else if (const std::size_t letter = kLetters.find(c); letter < kValues.size()) {
    Append(kValues.substr(letter, 1));
  } else if (c != '\n') {
    Append(std::string_view(&text_[at_ - 1], 1));
  }
  return true;
}

// Where the '}' stands that closes code which starts at `from`; strings in it are skipped.
std::size_t Reader::EndOfCode(std::size_t from) const {
  int depth = 0;
  char quote = '\0';
  const std::size_t last = std::min(text_.size(), from + kMostCode);
  for (std::size_t i = from; i < last; ++i) {
    const char c = text_[i];
    if (quote != '\0') {
      i += c == '\\' ? 1 : 0;
      quote = c == quote ? '\0' : quote;
    } else if (c == '"' || c == '\'' || c == '`') {
      quote = c;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && depth-- == 0) {
      return i;
    }
  }
  return kNpos;
}

bool Reader::ReadBracedHole(std::size_t opener_size) {
  const std::size_t end = EndOfCode(at_ + opener_size);
  if (end == kNpos) {
    broken_ = true;
    return false;
  }
  AddHole(text_.substr(at_ + opener_size, end - at_ - opener_size));
  at_ = end + 1;
  return true;
}

bool Reader::ReadSigilHole() {
  const char sigil = text_[at_];
  if (!style_.sigil_holes || (sigil != '$' && sigil != '@') || at_ + 1 >= text_.size()) {
    return false;
  }
  const char next = text_[at_ + 1];
  if (next == '{') {
    return ReadBracedHole(2);
  }
  constexpr std::string_view kSpecial = "$!@&0123456789_";
  if (!IsNameStart(next) && (sigil == '@' || kSpecial.find(next) == kNpos)) {
    return false;
  }
  std::size_t end = at_ + 2;
  while (end < text_.size() && IsNamePart(text_[end])) {
    ++end;
  }
  const std::size_t name_end = end;
  // An element or a member of it: which value that is cannot be told.
  while (end < text_.size() && (text_[end] == '[' || text_[end] == '{' || text_.substr(end).starts_with("->"))) {
    const std::size_t close = text_.find_first_of("]} \"", end);
    end = close == kNpos || text_[close] == ' ' || text_[close] == '"' ? std::min(end + 2, text_.size()) : close + 1;
    end = std::min(end, text_.size());
    while (end < text_.size() && IsNamePart(text_[end])) {
      ++end;
    }
  }
  AddHole(end == name_end ? text_.substr(at_, name_end - at_) : text_.substr(at_, end - at_));
  at_ = end;
  return true;
}

bool Reader::ReadHole() {
  if (style_.brace_holes && (text_[at_] == '{' || text_[at_] == '}')) {
    const bool doubled = at_ + 1 < text_.size() && text_[at_ + 1] == text_[at_];
    if (doubled || text_[at_] == '}') {
      Append(text_.substr(at_, 1));
      at_ += doubled ? 2 : 1;
      return true;
    }
    return ReadBracedHole(1);
  }
  if (!style_.hole.empty() && text_.substr(at_).starts_with(style_.hole)) {
    return ReadBracedHole(style_.hole.size());
  }
  return ReadSigilHole();
}

bool Reader::AtEnd() {
  if (at_ >= text_.size()) {
    literal_.closed = style_.close.empty();
    literal_.end = at_;
    return true;
  }
  if (!style_.close.empty() && depth_ == 0 && text_.substr(at_).starts_with(style_.close)) {
    literal_.end = at_ + style_.close.size();
    return true;
  }
  return false;
}

StringLiteral Reader::Run() {
  while (!AtEnd()) {
    const char c = text_[at_];
    if (ReadEscape() || ReadHole()) {
      continue;
    }
    depth_ += style_.open != '\0' && c == style_.open ? 1 : 0;
    depth_ -= style_.open != '\0' && depth_ > 0 && c == style_.close[0] ? 1 : 0;
    Append(text_.substr(at_, 1));
    ++at_;
  }
  literal_.closed = literal_.closed && !broken_;
  return std::move(literal_);
}

}  // namespace

StringLiteral ReadStringLiteral(std::string_view text, std::size_t begin, const StringStyle& style) {
  return Reader(text, begin, style).Run();
}

char ClosingOf(char open) {
  constexpr std::string_view kOpen = "([{<";
  constexpr std::string_view kClose = ")]}>";
  const std::size_t at = kOpen.find(open);
  return at == kNpos || open == '\0' ? open : kClose[at];
}

std::vector<Piece> SplitPieces(const std::vector<Piece>& pieces) {
  std::vector<Piece> words;
  bool open = false;  // the last word may go on
  for (const Piece& piece : pieces) {
    if (piece.is_hole) {
      words.push_back(piece);
      open = false;
      continue;
    }
    for (const char c : piece.text) {
      const bool blank = c == ' ' || c == '\t' || c == '\n';
      if (!blank && !open) {
        words.emplace_back();
      }
      open = !blank;
      if (!blank) {
        words.back().text.push_back(c);
      }
    }
  }
  return words;
}

}  // namespace safe_docker::shell
