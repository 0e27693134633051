#include "sed_script.hpp"

#include <algorithm>

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostCommands = 200;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlphanumeric(char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class ScriptReader {
 public:
  ScriptReader(std::string_view text, bool extended) : text_(text), extended_(extended) {}

  std::optional<std::vector<SedCommand>> Read() {
    std::vector<SedCommand> commands;
    while (true) {
      SkipAny(" \t\n;");
      if (AtEnd()) {
        return commands;
      }
      std::optional<SedCommand> command = ReadCommand();
      if (!command || commands.size() == kMostCommands) {
        return std::nullopt;
      }
      commands.push_back(std::move(*command));
    }
  }

 private:
  bool AtEnd() const { return at_ >= text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }
  void SkipAny(std::string_view what) { at_ = std::min(text_.find_first_not_of(what, at_), text_.size()); }

  std::optional<std::size_t> ReadNumber() {
    std::size_t number = 0;
    const std::size_t begin = at_;
    for (; IsDigit(Peek()) && at_ - begin < 9; ++at_) {
      number = number * 10 + static_cast<std::size_t>(Peek() - '0');
    }
    return at_ == begin || IsDigit(Peek()) ? std::nullopt : std::optional(number);
  }

  std::optional<SedCommand> ReadCommand() {
    SedCommand command;
    if (!ReadAddress(false, &command.from)) {
      return std::nullopt;
    }
    if (command.from.kind != SedAddress::Kind::kNone && Peek() == ',') {
      ++at_;
      if (!ReadAddress(true, &command.to) || command.to.kind == SedAddress::Kind::kNone) {
        return std::nullopt;
      }
    }
    SkipAny(" \t");
    if (Peek() == '!') {
      command.negated = true;
      ++at_;
      SkipAny(" \t");
    }
    command.name = Peek();
    ++at_;
    return ReadBody(&command) ? std::optional(std::move(command)) : std::nullopt;
  }

  bool ReadBody(SedCommand* command) {
    const bool is_range = command->to.kind != SedAddress::Kind::kNone;
    switch (command->name) {
      case 's':
        return ReadSubstitution(command);
      case 'y':
        return ReadTransliteration(command);
      case 'd':
      case 'p':
      case '=':
        return ReadEnd();
      case 'q':
        return !is_range && ReadEnd();
      case 'a':
      case 'i':
        return ReadText(command);
      case 'c':
        return !is_range && !command->negated && ReadText(command);
      default:
        return false;
    }
  }

  // A command ends at ';' or the end of the line.
  bool ReadEnd() {
    SkipAny(" \t");
    return AtEnd() || Peek() == ';' || Peek() == '\n';
  }

  bool ReadAddress(bool second, SedAddress* address) {
    if (Peek() == '$') {
      address->kind = SedAddress::Kind::kLast;
      ++at_;
    } else if (IsDigit(Peek()) || (second && Peek() == '+')) {
      address->kind = Peek() == '+' ? SedAddress::Kind::kOffset : SedAddress::Kind::kLine;
      at_ += Peek() == '+' ? 1 : 0;
      const std::optional<std::size_t> number = ReadNumber();
      address->number = number.value_or(0);
      SkipAny(" ");
      return number && (*number > 0 || address->kind == SedAddress::Kind::kOffset) && Peek() != '~';
    } else if (Peek() == '/') {
      ++at_;
      address->kind = SedAddress::Kind::kRegex;
      const std::optional<std::string> pattern = ReadRegexText('/');
      const bool ignore_case = Peek() == 'I';
      at_ += ignore_case ? 1 : 0;
      address->regex = pattern ? Regex::Compile(*pattern, {extended_, ignore_case, true}) : std::nullopt;
      SkipAny(" \t");
      return address->regex.has_value();
    }
    SkipAny(" \t");
    return true;
  }

  // Up to the delimiter, which a backslash makes an ordinary character.
  std::optional<std::string> ReadRegexText(char delimiter) {
    std::string pattern;
    for (; !AtEnd() && Peek() != delimiter && Peek() != '\n'; ++at_) {
      if (Peek() == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        const bool plain = std::string_view("/,:;@#%!~=_-\"").find(delimiter) != std::string_view::npos;
        if (Peek() == delimiter && !plain) {
          return std::nullopt;
        }
        if (Peek() != delimiter) {
          pattern.push_back('\\');
        }
      }
      pattern.push_back(Peek());
    }
    if (Peek() != delimiter || AtEnd()) {
      return std::nullopt;
    }
    ++at_;
    // A bracket that a delimiter cuts in two is not read alike everywhere.
    return pattern;
  }

  bool ReadSubstitution(SedCommand* command) {
    const char delimiter = Peek();
    if (std::string_view("/,:;@#%!~=_-|+^.\"").find(delimiter) == std::string_view::npos || AtEnd()) {
      return false;
    }
    ++at_;
    const std::optional<std::string> pattern = ReadRegexText(delimiter);
    if (!pattern || !ReadReplacement(delimiter, command)) {
      return false;
    }
    bool ignore_case = false;
    bool counted = false;
    while (!AtEnd() && std::string_view(";\n \t").find(Peek()) == std::string_view::npos) {
      if (IsDigit(Peek())) {
        const std::optional<std::size_t> number = ReadNumber();
        if (!number || *number == 0 || counted) {
          return false;
        }
        counted = true;
        command->occurrence = *number;
        continue;
      }
      bool* flag = Peek() == 'g' ? &command->global : (Peek() == 'p' ? &command->prints : nullptr);
      flag = Peek() == 'i' || Peek() == 'I' ? &ignore_case : flag;
      if (flag == nullptr || *flag) {
        return false;
      }
      *flag = true;
      ++at_;
    }
    command->regex = Regex::Compile(*pattern, {extended_, ignore_case, true});
    return command->regex && ReadEnd() && GroupsExist(*command);
  }

  static bool GroupsExist(const SedCommand& command) {
    const auto groups = static_cast<int>(command.regex->groups());
    return std::all_of(command.replacement.begin(), command.replacement.end(),
                       [groups](const SedPiece& piece) { return piece.group <= groups; });
  }

  bool ReadReplacement(char delimiter, SedCommand* command) {
    SedPiece piece;
    const auto put_group = [&piece, command](int group) {
      piece.group = group;
      command->uses_groups = command->uses_groups || group > 0;
      command->replacement.push_back(std::move(piece));
      piece = {};
    };
    for (; !AtEnd() && Peek() != delimiter; ++at_) {
      if (Peek() == '&') {
        put_group(0);
      } else if (Peek() == '\n') {
        return false;
      } else if (Peek() != '\\') {
        piece.text.push_back(Peek());
      } else {
        ++at_;
        if (IsDigit(Peek())) {
          put_group(Peek() - '0');
        } else if (Peek() == 'n' || Peek() == 't') {
          piece.text.push_back(Peek() == 'n' ? '\n' : '\t');
        } else if (AtEnd() || IsAlphanumeric(Peek())) {
          return false;
        } else {
          piece.text.push_back(Peek());
        }
      }
    }
    if (AtEnd()) {
      return false;
    }
    ++at_;
    command->replacement.push_back(std::move(piece));
    return true;
  }

  std::optional<std::string> ReadCharacters(char delimiter) {
    std::string characters;
    for (; !AtEnd() && Peek() != delimiter; ++at_) {
      if (Peek() == '\\') {
        ++at_;
        if (Peek() != '\\' && Peek() != delimiter) {
          return std::nullopt;
        }
      }
      if (AtEnd() || Peek() == '\n' || static_cast<unsigned char>(Peek()) >= 0x80) {
        return std::nullopt;
      }
      characters.push_back(Peek());
    }
    ++at_;
    return at_ > text_.size() ? std::nullopt : std::optional(std::move(characters));
  }

  bool ReadTransliteration(SedCommand* command) {
    const char delimiter = Peek();
    if (std::string_view("/,:;@#%!|").find(delimiter) == std::string_view::npos || AtEnd()) {
      return false;
    }
    ++at_;
    const std::optional<std::string> from = ReadCharacters(delimiter);
    const std::optional<std::string> to = from ? ReadCharacters(delimiter) : std::nullopt;
    if (!to || from->size() != to->size() || !ReadEnd()) {
      return false;
    }
    for (std::size_t c = 0; c < command->becomes.size(); ++c) {
      command->becomes[c] = static_cast<char>(c);
    }
    for (std::size_t i = 0; i < from->size(); ++i) {
      // Which of two counts is not the same everywhere.
      if (from->find((*from)[i]) != i) {
        return false;
      }
      command->becomes[static_cast<unsigned char>((*from)[i])] = (*to)[i];
    }
    return true;
  }

  // The rest of the line.
  bool ReadText(SedCommand* command) {
    SkipAny(" \t");
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    command->text = std::string(text_.substr(at_, end - at_));
    at_ = end;
    return !command->text.empty() && command->text.find('\\') == std::string::npos;
  }

  std::string_view text_;
  bool extended_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::vector<SedCommand>> ParseSedScript(std::string_view script, bool extended) {
  return ScriptReader(script, extended).Read();
}

}  // namespace safe_docker::shell
