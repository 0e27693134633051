// printf, of bash and of others.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>

#include "escapes.hpp"
#include "tool.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostSteps = 1024 * 1024;

// One %... of a format.
struct Directive {
  std::string flags;
  int width = 0;
  int precision = -1;
  char conversion = '\0';
};

struct Number {
  bool known = false;
  std::intmax_t value = 0;
  bool negative = false;
};

// As strtoimax reads it, or the code of the character behind a quote.
Number ParseInteger(const std::string& text) {
  if (text.empty() || !IsKnown(text) || !IsAscii(text)) {
    return {text.empty(), 0, false};
  }
  if (text[0] == '\'' || text[0] == '"') {
    return {text.size() == 2, text.size() == 2 ? text[1] : 0, false};
  }
  char* end = nullptr;
  errno = 0;
  const std::intmax_t value = std::strtoimax(text.c_str(), &end, 0);
  return {end == text.c_str() + text.size() && errno == 0, value, value < 0};
}

// Quoted as bash's %q does it with characters that can be printed.
Printed QuotedForShell(std::string_view text) {
  constexpr std::string_view kSpecial = " '\"\\|&;()<>!{}*[]?^$`,";
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; })) {
    return std::nullopt;
  }
  std::string quoted = text.empty() ? "''" : "";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char before = i == 0 ? '\0' : text[i - 1];
    const bool tilde = text[i] == '~' && (i == 0 || before == ':' || before == '=');
    const bool special = kSpecial.find(text[i]) != std::string_view::npos || (text[i] == '#' && i == 0) || tilde;
    quoted.append(special ? "\\" : "").append(1, text[i]);
  }
  return quoted;
}

class FormatPrinter {
 public:
  FormatPrinter(const Words& words, std::size_t format_at, bool is_builtin, bool dot)
      : words_(words), format_(words[format_at].text), next_(format_at + 1), is_builtin_(is_builtin), dot_(dot) {}

  Printed Print() {
    bool goes_on = true;
    for (bool again = true; again && goes_on;) {
      const std::size_t before = next_;
      goes_on = PrintOnce();
      again = next_ != before && next_ < words_.size();
    }
    return steps_ > kMostSteps || text_.size() > kMostPrinted ? Printed() : Printed(std::move(text_));
  }

 private:
  // False if nothing more is printed, or that cannot be told.
  bool PrintOnce() {
    for (std::size_t i = 0; i < format_.size();) {
      if (++steps_ > kMostSteps || text_.size() > kMostPrinted) {
        return false;
      }
      if (format_[i] == kUnknownPart) {
        return GiveUp();
      }
      if (format_[i] != '\\' && format_[i] != '%') {
        text_.push_back(format_[i++]);
      } else if (!(format_[i] == '\\' ? PrintEscape(&i) : PrintDirective(&i))) {
        return false;
      }
    }
    return true;
  }

  bool GiveUp() {
    text_.push_back(kUnknownPart);
    return false;
  }

  bool PrintEscape(std::size_t* at) {
    const Escape escape = DecodeEscape(std::string_view(format_).substr(*at), EscapeDialect::kFormat);
    *at += escape.size;
    const bool cut_short = *at < format_.size() ? format_[*at] == kUnknownPart : escape.size < 2;
    if (cut_short || !IsKnown(escape.text) || !escape.known || (!is_builtin_ && !escape.portable)) {
      // A real NUL is the same as an unknown part, and printing goes on behind it.
      text_.push_back(kUnknownPart);
      return !cut_short && escape.known && (is_builtin_ || escape.portable);
    }
    text_.append(escape.text);
    return true;
  }

  // The next argument; the empty word if none is left.
  const std::string& TakeArgument() { return next_ < words_.size() ? words_[next_++].text : none_; }

  bool ReadSize(std::size_t* at, int* size) {
    if (*at < format_.size() && format_[*at] == '*') {
      ++*at;
      const Number number = ParseInteger(TakeArgument());
      *size = static_cast<int>(std::clamp<std::intmax_t>(number.value, -1000000, 1000000));
      return number.known && number.value == *size;
    }
    const std::size_t end = std::min(format_.find_first_not_of("0123456789", *at), format_.size());
    const std::optional<std::size_t> number = ParseNumber(std::string_view(format_).substr(*at, end - *at));
    const bool none = end == *at;
    *at = end;
    *size = number ? static_cast<int>(std::min<std::size_t>(*number, 1000000)) : 0;
    return none || (number && *number <= 1000000);
  }

  bool ReadDirective(std::size_t* at, Directive* directive) {
    for (; *at < format_.size() && std::string_view("-+ #0").find(format_[*at]) != std::string_view::npos; ++*at) {
      if (directive->flags.find(format_[*at]) == std::string::npos) {
        directive->flags.push_back(format_[*at]);
      }
    }
    if (!ReadSize(at, &directive->width)) {
      return false;
    }
    if (directive->width < 0) {
      directive->width = -directive->width;
      directive->flags.push_back('-');
    }
    if (*at < format_.size() && format_[*at] == '.') {
      ++*at;
      if (!ReadSize(at, &directive->precision)) {
        return false;
      }
    }
    directive->conversion = *at < format_.size() ? format_[(*at)++] : '\0';
    return directive->conversion != '\0';
  }

  bool PrintDirective(std::size_t* at) {
    ++*at;
    if (*at < format_.size() && format_[*at] == '%') {
      text_.push_back('%');
      ++*at;
      return true;
    }
    Directive directive;
    if (!ReadDirective(at, &directive)) {
      return GiveUp();
    }
    switch (directive.conversion) {
      case 's':
      case 'c':
      case 'q':
        return PrintString(directive);
      case 'b':
        return PrintDecoded(directive);
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        return PrintInteger(directive);
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
        return PrintFloating(directive);
      default:
        return GiveUp();
    }
  }

  bool Pad(const std::string& text, const Directive& directive) {
    const bool left = directive.flags.find('-') != std::string::npos;
    const bool odd = directive.flags.find_first_not_of('-') != std::string::npos;
    if (odd || !IsKnown(text) || (!IsAscii(text) && (directive.width > 0 || directive.precision >= 0))) {
      text_.push_back(kUnknownPart);
      return !odd;
    }
    const std::string_view cut = std::string_view(text).substr(
        0, directive.precision < 0 ? text.size() : static_cast<std::size_t>(directive.precision));
    const std::size_t width = static_cast<std::size_t>(directive.width);
    const std::string blanks(width > cut.size() ? width - cut.size() : 0, ' ');
    text_.append(left ? "" : blanks).append(cut).append(left ? blanks : "");
    return true;
  }

  bool PrintString(const Directive& directive) {
    const std::string& argument = TakeArgument();
    const bool plain = directive.width == 0 && directive.precision < 0 && directive.flags.empty();
    if (directive.conversion == 's') {
      plain ? text_.append(argument) : text_;
      return plain || Pad(argument, directive);
    }
    if (directive.conversion == 'c') {
      if (argument.empty() || !IsAscii(argument)) {
        text_.push_back(kUnknownPart);
        return true;
      }
      return directive.precision < 0 ? Pad(argument.substr(0, 1), directive) : GiveUp();
    }
    const Printed quoted = IsKnown(argument) && is_builtin_ ? QuotedForShell(argument) : std::nullopt;
    text_.append(quoted && plain ? *quoted : UnknownText());
    return is_builtin_;
  }

  bool PrintDecoded(const Directive& directive) {
    const std::string& argument = TakeArgument();
    std::string decoded;
    for (std::size_t at = 0; at < argument.size(); ++steps_) {
      if (argument[at] != '\\') {
        if (argument[at] == kUnknownPart) {
          text_.append(directive.width == 0 && directive.precision < 0 ? decoded : "");
          return GiveUp();  // it may hold \c
        }
        decoded.push_back(argument[at++]);
        continue;
      }
      const Escape escape = DecodeEscape(std::string_view(argument).substr(at), EscapeDialect::kArgument);
      at += escape.size;
      const bool cut_short = at < argument.size() && argument[at] == kUnknownPart;
      if (cut_short || !escape.known || (!is_builtin_ && !escape.portable)) {
        return GiveUp();
      }
      if (escape.ends) {
        Pad(decoded, directive);
        return false;
      }
      decoded.append(escape.text);
    }
    const bool plain = directive.width == 0 && directive.precision < 0 && directive.flags.empty();
    plain ? text_.append(decoded) : text_;
    return plain || Pad(decoded, directive);
  }

  template <typename Value>
  bool PrintNumber(const Directive& directive, std::string_view modifier, Value value) {
    std::string format = "%" + directive.flags + "*";
    format.append(directive.precision < 0 ? "" : ".*").append(modifier).push_back(directive.conversion);
    std::vector<char> printed(static_cast<std::size_t>(std::max(directive.width, 0)) +
                              static_cast<std::size_t>(std::max(directive.precision, 0)) + 5100);
    const int size = directive.precision < 0
                         ? std::snprintf(printed.data(), printed.size(), format.c_str(), directive.width, value)
                         : std::snprintf(printed.data(), printed.size(), format.c_str(), directive.width,
                                         directive.precision, value);
    steps_ += printed.size() / 64;
    if (size < 0 || static_cast<std::size_t>(size) >= printed.size()) {
      return GiveUp();
    }
    text_.append(printed.data(), static_cast<std::size_t>(size));
    return true;
  }

  bool PrintInteger(const Directive& directive) {
    const Number number = ParseInteger(TakeArgument());
    const bool is_signed = directive.conversion == 'd' || directive.conversion == 'i';
    if (!number.known || (number.negative && !is_signed)) {
      text_.push_back(kUnknownPart);
      return is_builtin_;
    }
    return PrintNumber(directive, "j", number.value);
  }

  bool PrintFloating(const Directive& directive) {
    const std::string& argument = TakeArgument();
    const bool plain = !argument.empty() && argument.size() < 32 && IsKnown(argument) &&
                       argument.find_first_not_of("0123456789.-") == std::string::npos && dot_ && is_builtin_;
    char* end = nullptr;
    const long double value = plain ? std::strtold(argument.c_str(), &end) : 0;
    if (!plain || end != argument.c_str() + argument.size()) {
      text_.push_back(kUnknownPart);
      return is_builtin_;
    }
    return PrintNumber(directive, "L", value);
  }

  const Words& words_;
  const std::string& format_;
  std::size_t next_;
  bool is_builtin_;
  bool dot_;  // the decimal point is one
  std::size_t steps_ = 0;
  std::string none_;
  std::string text_;
};

bool HasDecimalDot(const ToolContext& context) {
  const std::optional<std::string> locale = LocaleOf("LC_NUMERIC", context);
  return locale && (*locale == "C" || *locale == "POSIX" || locale->starts_with("C.") || locale->starts_with("en_US"));
}

}  // namespace

Printed PrintFormatted(const Words& words, const ToolContext& context) {
  const std::size_t at = words.size() > 1 && words[1].text == "--" ? 2 : 1;
  const bool may_split = std::any_of(words.begin(), words.end(), [](const Word& word) { return word.may_split; });
  if (may_split || words.size() <= at || words[at].text.starts_with('-')) {
    return std::nullopt;
  }
  const bool is_builtin = context.is_bash && words[0].text == "printf";
  return FormatPrinter(words, at, is_builtin, HasDecimalDot(context)).Print();
}

}  // namespace safe_docker::shell
