#include "dotenv.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include "interpolation.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {
namespace {

constexpr std::string_view kBlanks = " \t\v\f\r";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsKeyByte(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
         std::string_view("_.-[]").find(byte) != std::string_view::npos || static_cast<unsigned char>(byte) >= 0x80;
}

std::string_view TrimRight(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\v\f\r\n");
  return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

struct Escape {
  char letter;
  char byte;
};
constexpr Escape kEscapes[] = {{'a', '\a'}, {'b', '\b'}, {'f', '\f'}, {'n', '\n'}, {'r', '\r'},
                               {'t', '\t'}, {'v', '\v'}, {'"', '"'},  {'\\', '\\'}};

// The escapes of a double-quoted value. "\$" becomes "$$", which interpolation turns into a dollar sign.
std::string ExpandEscapes(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      result += text[at];
      continue;
    }
    const char letter = text[++at];
    const auto* escape = std::ranges::find(kEscapes, letter, &Escape::letter);
    if (escape != std::end(kEscapes)) {
      result += escape->byte;
    } else if (letter == '$') {
      result += "$$";
    } else if (letter == '0') {
      unsigned value = 0;
      for (int digits = 0; digits < 3 && at + 1 < text.size() && text[at + 1] >= '0' && text[at + 1] <= '7'; ++digits) {
        value = value * 8 + static_cast<unsigned>(text[++at] - '0');
      }
      result += static_cast<char>(value & 0xFF);
    } else {
      result += '\\';
      result += letter;
    }
  }
  return result;
}

class Reader {
 public:
  Reader(std::string_view file, std::string_view content, Arena& arena, const Variables& environment)
      : file_(file), rest_(content), arena_(arena), scope_(&environment) {
    if (rest_.starts_with(kByteOrderMark)) {
      rest_.remove_prefix(kByteOrderMark.size());
    }
  }

  void Read() {
    while (SkipToStatement()) {
      ReadStatement();
    }
  }

  const Variables& scope() const { return scope_; }

 private:
  [[noreturn]] void Fail(std::string_view message) const {
    FailMalformed(file_, line_, 0, "failed to read the env file: " + std::string(message));
  }

  void Advance(std::size_t count) {
    line_ += static_cast<std::uint32_t>(std::ranges::count(rest_.substr(0, count), '\n'));
    rest_.remove_prefix(std::min(count, rest_.size()));
  }

  void SkipBlanks() { Advance(std::min(rest_.find_first_not_of(kBlanks), rest_.size())); }

  bool SkipToStatement() {
    while (true) {
      Advance(std::min(rest_.find_first_not_of(" \t\v\f\r\n"), rest_.size()));
      if (!rest_.starts_with('#')) {
        return !rest_.empty();
      }
      Advance(std::min(rest_.find('\n'), rest_.size()));
    }
  }

  void SkipExport() {
    constexpr std::string_view kExport = "export";
    if (rest_.starts_with(kExport) && rest_.size() > kExport.size() &&
        kBlanks.find(rest_[kExport.size()]) != std::string_view::npos) {
      Advance(kExport.size());
      SkipBlanks();
    }
  }

  void ReadStatement() {
    SkipExport();
    std::size_t length = 0;
    while (length < rest_.size() && IsKeyByte(rest_[length])) {
      ++length;
    }
    const std::string_view key = rest_.substr(0, length);
    Advance(length);
    SkipBlanks();
    if (rest_.empty() || rest_.front() == '\n') {
      Inherit(key);
      return;
    }
    if (rest_.front() != '=' && rest_.front() != ':') {
      Fail("unexpected character \"" + std::string(rest_.substr(0, 1)) + "\" in variable name near \"" +
           std::string(key.substr(0, 80)) + "\"");
    }
    Advance(1);
    SkipBlanks();
    const bool quoted = rest_.starts_with('"') || rest_.starts_with('\'');
    const std::string_view value = quoted ? QuotedValue() : PlainValue();
    scope_.Define(key, value);
  }

  // A key alone takes the value of the environment; nothing is defined if there is none.
  void Inherit(std::string_view key) {
    const Variable variable = scope_.Get(key);
    if (variable.state != Variable::State::kUnset) {
      scope_.Define(key, variable.text);
    }
  }

  std::string_view Expand(std::string_view text) {
    if (!HasVariables(text)) {
      return arena_.Copy(text);
    }
    try {
      return arena_.Copy(Interpolate(text, scope_));
    } catch (const InterpolationError& error) {
      Fail(error.message);
    }
  }

  std::string_view PlainValue() {
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    const std::string_view value = Expand(TrimRight(line.substr(0, line.find(" #"))));
    Advance(line.size());
    return value;
  }

  std::string_view QuotedValue() {
    const char quote = rest_.front();
    std::string text;
    for (std::size_t at = 1; at < rest_.size(); ++at) {
      if (rest_[at] == '\\' && at + 1 < rest_.size() && rest_[at + 1] == quote) {
        text += quote;
        ++at;
      } else if (rest_[at] == '\\' && at + 1 < rest_.size()) {
        text += rest_[at];
        text += rest_[++at];
      } else if (rest_[at] == quote) {
        const std::string_view value = quote == '"' ? Expand(ExpandEscapes(text)) : arena_.Copy(text);
        Advance(at + 1);
        ExpectEndOfStatement();
        return value;
      } else if (rest_[at] != '\r' || at + 1 == rest_.size() || rest_[at + 1] != '\n') {
        text += rest_[at];
      }
    }
    Fail("unterminated quoted value " + std::string(rest_.substr(0, rest_.find('\n')).substr(0, 40)));
  }

  void ExpectEndOfStatement() {
    SkipBlanks();
    if (!rest_.empty() && rest_.front() != '\n' && rest_.front() != '#') {
      Fail("unexpected text after a quoted value: \"" + std::string(rest_.substr(0, rest_.find('\n')).substr(0, 40)) +
           "\"");
    }
  }

  std::string_view file_;
  std::string_view rest_;
  std::uint32_t line_ = 1;
  Arena& arena_;
  Variables scope_;
};

}  // namespace

void ReadDotenv(std::string_view file, std::string_view content, Redefinition redefinition, Arena& arena,
                Variables& variables) {
  Reader reader(file, content, arena, variables);
  reader.Read();
  for (const auto& [name, text] : reader.scope().defined()) {
    redefinition == Redefinition::kReplace ? variables.Define(name, text) : variables.DefineIfAbsent(name, text);
  }
}

}  // namespace safe_docker::compose
