#include "audit/json_reader.hpp"

#include <charconv>
#include <cstring>
#include <optional>

namespace safe_docker::audit {
namespace {

constexpr int kDeepest = 64;

bool IsBlank(char letter) { return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r'; }

// Characters of numbers and of true, false and null.
bool IsBare(char letter) {
  return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || letter == '-' || letter == '+' ||
         letter == '.' || letter == 'E';
}

std::optional<std::uint32_t> HexDigits(std::string_view text) {
  std::uint32_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return text.size() == 4 && result.ec == std::errc() && result.ptr == text.data() + text.size() && text[0] != '-'
             ? std::optional(value)
             : std::nullopt;
}

void AppendUtf8(std::uint32_t code, std::string* text) {
  const auto put = [text](std::uint32_t byte) { *text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

// What the letter behind a backslash stands for; nothing for 'u' and for what is no escape.
char SimpleEscape(char letter) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const std::size_t index = kLetters.find(letter);
  return index == std::string_view::npos ? '\0' : kMeanings[index];
}

}  // namespace

bool JsonReader::Fail() {
  failed_ = true;
  return false;
}

void JsonReader::SkipBlanks() {
  while (at_ < text_.size() && IsBlank(text_[at_])) {
    ++at_;
  }
}

bool JsonReader::IsDone() {
  SkipBlanks();
  return !failed_ && at_ == text_.size();
}

bool JsonReader::IsString() {
  SkipBlanks();
  return !failed_ && at_ < text_.size() && text_[at_] == '"';
}

bool JsonReader::IsNumber() {
  SkipBlanks();
  return !failed_ && at_ < text_.size() && (text_[at_] == '-' || (text_[at_] >= '0' && text_[at_] <= '9'));
}

bool JsonReader::Enter(char bracket) {
  SkipBlanks();
  if (failed_ || at_ == text_.size() || text_[at_] != bracket || ++depth_ > kDeepest) {
    return Fail();
  }
  ++at_;
  return true;
}

// True at the end of an object or array, also if it is broken. Else the next member or item begins.
bool JsonReader::Leave(char bracket, bool first) {
  SkipBlanks();
  if (failed_ || at_ == text_.size()) {
    Fail();
    return true;
  }
  if (text_[at_] == bracket) {
    ++at_;
    return true;
  }
  if (first) {
    return false;
  }
  if (text_[at_] != ',') {
    Fail();
    return true;
  }
  ++at_;
  SkipBlanks();
  if (at_ < text_.size() && text_[at_] == bracket) {
    Fail();  // a comma with nothing behind it
    return true;
  }
  return false;
}

// From the opening quote on: where the closing one stands.
bool JsonReader::FindStringEnd(std::size_t* end, bool* has_escapes) {
  *has_escapes = false;
  for (std::size_t from = at_ + 1; from < text_.size();) {
    const void* quote = std::memchr(text_.data() + from, '"', text_.size() - from);
    if (quote == nullptr) {
      return Fail();
    }
    const auto found = static_cast<std::size_t>(static_cast<const char*>(quote) - text_.data());
    const void* backslash = std::memchr(text_.data() + from, '\\', found - from);
    if (backslash == nullptr) {
      *end = found;
      return true;
    }
    *has_escapes = true;
    from = static_cast<std::size_t>(static_cast<const char*>(backslash) - text_.data()) + 2;
  }
  return Fail();
}

bool JsonReader::ReadKey(std::string_view* key) {
  std::size_t end = 0;
  bool has_escapes = false;
  if (!IsString() || !FindStringEnd(&end, &has_escapes)) {
    return Fail();
  }
  *key = text_.substr(at_ + 1, end - at_ - 1);
  if (has_escapes) {
    if (!Unescape(*key, &key_)) {
      return false;
    }
    *key = key_;
  }
  at_ = end + 1;
  SkipBlanks();
  if (at_ == text_.size() || text_[at_] != ':') {
    return Fail();
  }
  ++at_;
  return true;
}

bool JsonReader::ReadString(std::string* value) {
  std::size_t end = 0;
  bool has_escapes = false;
  if (!IsString() || !FindStringEnd(&end, &has_escapes)) {
    return Fail();
  }
  const std::string_view written = text_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
  if (has_escapes) {
    return Unescape(written, value);
  }
  value->assign(written);
  return true;
}

bool JsonReader::Unescape(std::string_view written, std::string* value) {
  value->clear();
  for (std::size_t at = 0; at < written.size();) {
    const std::size_t backslash = std::min(written.find('\\', at), written.size());
    value->append(written, at, backslash - at);
    at = backslash + 2;
    if (backslash == written.size()) {
      return true;
    }
    const char letter = backslash + 1 < written.size() ? written[backslash + 1] : '\0';
    if (const char meaning = SimpleEscape(letter); meaning != '\0') {
      *value += meaning;
      continue;
    }
    std::optional<std::uint32_t> code = letter == 'u' ? HexDigits(written.substr(at, 4)) : std::nullopt;
    if (!code) {
      return Fail();
    }
    at += 4;
    if (*code >= 0xD800 && *code <= 0xDFFF) {  // the first of two, which make one character together
      const bool is_pair = *code < 0xDC00 && written.substr(at, 2) == "\\u";
      const std::optional<std::uint32_t> low = is_pair ? HexDigits(written.substr(at + 2, 4)) : std::nullopt;
      if (!low || *low < 0xDC00 || *low > 0xDFFF) {
        return Fail();
      }
      code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
      at += 6;
    }
    AppendUtf8(*code, value);
  }
  return true;
}

bool JsonReader::ReadUnsigned(std::uint64_t* value) {
  SkipBlanks();
  const char* const begin = text_.data() + at_;
  const char* const end = text_.data() + text_.size();
  const auto result = std::from_chars(begin, end, *value);
  if (failed_ || result.ec != std::errc() || (result.ptr != end && IsBare(*result.ptr))) {
    return Fail();
  }
  at_ += static_cast<std::size_t>(result.ptr - begin);
  return true;
}

bool JsonReader::ReadBoolean(bool* value) {
  std::string_view raw;
  if (!Skip(&raw) || (raw != "true" && raw != "false")) {
    return Fail();
  }
  *value = raw == "true";
  return true;
}

// Over an object or array. Only strings may hold brackets that do not count.
bool JsonReader::SkipBrackets() {
  char open[kDeepest];
  int depth = 0;
  for (; at_ < text_.size(); ++at_) {
    const char letter = text_[at_];
    if (letter == '"') {
      std::size_t end = 0;
      bool has_escapes = false;
      if (!FindStringEnd(&end, &has_escapes)) {
        return false;
      }
      at_ = end;
    } else if (letter == '{' || letter == '[') {
      if (depth == kDeepest) {
        return Fail();
      }
      open[depth++] = letter;
    } else if (letter == '}' || letter == ']') {
      if (depth == 0 || open[--depth] != (letter == '}' ? '{' : '[')) {
        return Fail();
      }
      if (depth == 0) {
        ++at_;
        return true;
      }
    }
  }
  return Fail();
}

bool JsonReader::Skip(std::string_view* raw) {
  SkipBlanks();
  if (failed_ || at_ == text_.size()) {
    return Fail();
  }
  const std::size_t begin = at_;
  if (text_[at_] == '"') {
    std::size_t end = 0;
    bool has_escapes = false;
    if (!FindStringEnd(&end, &has_escapes)) {
      return false;
    }
    at_ = end + 1;
  } else if (text_[at_] == '{' || text_[at_] == '[') {
    if (!SkipBrackets()) {
      return false;
    }
  } else {
    while (at_ < text_.size() && IsBare(text_[at_])) {
      ++at_;
    }
    if (at_ == begin) {
      return Fail();
    }
  }
  if (raw != nullptr) {
    *raw = text_.substr(begin, at_ - begin);
  }
  return true;
}

}  // namespace safe_docker::audit
