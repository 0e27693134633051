// sed: runs a script over lines.
#include <algorithm>

#include "sed_script.hpp"
#include "tool.hpp"

namespace safe_docker::shell {
namespace {

struct Invocation {
  std::vector<SedCommand> commands;
  std::vector<std::string_view> files;
  bool quiet = false;
  bool in_place = false;
};

std::optional<Invocation> ReadInvocation(const Words& words) {
  constexpr std::string_view kLong =
      " expression:e quiet:n silent:n regexp-extended:r in-place:i unbuffered:u separate:s ";
  std::optional<Arguments> arguments = ParseArguments(words, {"nrEu", "e", "i", kLong});
  if (!arguments) {
    return std::nullopt;
  }
  std::string script;
  for (const Option& option : arguments->options) {
    if (option.letter == 'e') {
      script.append(script.empty() ? "" : "\n").append(option.value);
    }
  }
  Invocation invocation;
  invocation.files = arguments->operands;
  if (!arguments->Has('e')) {
    if (arguments->operands.empty()) {
      return std::nullopt;
    }
    script = arguments->operands[0];
    invocation.files.erase(invocation.files.begin());
  }
  // An empty script is that of another sed, whose -i takes the next word.
  if (script.empty() || script.starts_with("#")) {
    return std::nullopt;
  }
  std::optional<std::vector<SedCommand>> commands = ParseSedScript(script, arguments->Has('E') || arguments->Has('r'));
  if (!commands) {
    return std::nullopt;
  }
  invocation.commands = std::move(*commands);
  invocation.quiet = arguments->Has('n');
  invocation.in_place = arguments->Has('i');
  return invocation;
}

// What is printed. A last line without a line break gets one only when more follows.
class LineWriter {
 public:
  void Write(std::string_view line, bool with_break) {
    text_.append(break_missing_ ? "\n" : "").append(line).append(with_break ? "\n" : "");
    break_missing_ = !with_break;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  bool break_missing_ = false;
};

class SedRun {
 public:
  SedRun(const Invocation& invocation, bool ascii)
      : invocation_(invocation), ascii_(ascii), in_range_(invocation.commands.size()), ends_(in_range_.size()) {}

  Printed Run(std::string_view text) {
    const KnownLines known = LinesBeforeUnknown(text);
    KnownLines rest = known;
    while (!rest.lines.empty() && !quit_) {
      const std::string_view line = TakeLine(&rest.lines);
      // Whether a line is the last is not known before what is unknown.
      last_ = rest.lines.empty() ? (known.complete ? Last::kYes : Last::kUnknown) : Last::kNo;
      space_ = WithoutBreak(line);
      has_breaks_ = false;
      with_break_ = line.ends_with('\n');
      ++line_;
      if (!RunCycle() || writer_.text().size() > kMostPrinted) {
        return std::nullopt;
      }
    }
    return WithRest(writer_.text(), quit_ ? KnownLines() : known);
  }

 private:
  enum class Last : std::uint8_t { kNo, kYes, kUnknown };
  enum class Flow : std::uint8_t { kNext, kEndCycle, kFail };

  bool RunCycle() {
    deleted_ = false;
    appended_.clear();
    for (std::size_t i = 0; i < invocation_.commands.size(); ++i) {
      const std::optional<bool> selected = Selects(i);
      if (!selected) {
        return false;
      }
      const Flow flow = *selected ? RunCommand(invocation_.commands[i]) : Flow::kNext;
      if (flow == Flow::kFail) {
        return false;
      }
      if (flow == Flow::kEndCycle) {
        break;
      }
    }
    if (!deleted_ && !invocation_.quiet) {
      writer_.Write(space_, with_break_);
    }
    for (const std::string_view text : appended_) {
      writer_.Write(text, true);
    }
    return true;
  }

  std::optional<bool> Matches(const SedAddress& address) {
    switch (address.kind) {
      case SedAddress::Kind::kLine:
        return line_ == address.number;
      case SedAddress::Kind::kLast:
        return last_ == Last::kUnknown ? std::nullopt : std::optional(last_ == Last::kYes);
      case SedAddress::Kind::kRegex: {
        RegexMatch match;
        return Search(*address.regex, 0, false, &match);
      }
      default:
        return true;
    }
  }

  std::optional<bool> Search(const Regex& regex, std::size_t from, bool needs_groups, RegexMatch* match) {
    const bool plain = (ascii_ || regex.matches_bytes()) && !has_breaks_;
    const RegexMatcher::Result result =
        plain ? matcher_.Search(regex, space_, from, needs_groups, match) : RegexMatcher::Result::kUnknown;
    return result == RegexMatcher::Result::kUnknown ? std::nullopt
                                                    : std::optional(result == RegexMatcher::Result::kMatch);
  }

  std::optional<bool> Selects(std::size_t index) {
    const SedCommand& command = invocation_.commands[index];
    const std::optional<bool> matches =
        command.to.kind == SedAddress::Kind::kNone ? Matches(command.from) : MatchesRange(index);
    return matches ? std::optional(*matches != command.negated) : std::nullopt;
  }

  std::optional<bool> MatchesRange(std::size_t index) {
    const SedCommand& command = invocation_.commands[index];
    const bool ends_at_line =
        command.to.kind == SedAddress::Kind::kLine || command.to.kind == SedAddress::Kind::kOffset;
    if (!in_range_[index]) {
      const std::optional<bool> begins = Matches(command.from);
      if (!begins || !*begins) {
        return begins;
      }
      ends_[index] = command.to.number + (command.to.kind == SedAddress::Kind::kOffset ? line_ : 0);
      in_range_[index] = !ends_at_line || ends_[index] > line_;
      // A range that begins on the last line ends there, whatever it ends with.
      return true;
    }
    if (ends_at_line) {
      if (line_ > ends_[index]) {
        return std::nullopt;  // the command was not reached on the line where its range ends
      }
      in_range_[index] = line_ < ends_[index];
      return true;
    }
    const std::optional<bool> ends = Matches(command.to);
    if (ends) {
      in_range_[index] = !*ends;
    }
    return ends ? std::optional(true) : std::nullopt;
  }

  Flow RunCommand(const SedCommand& command) {
    switch (command.name) {
      case 's':
        return Substitute(command);
      case 'y':
        return Transliterate(command);
      case 'p':
        writer_.Write(space_, with_break_);
        return Flow::kNext;
      case '=':
        writer_.Write(std::to_string(line_), true);
        return Flow::kNext;
      case 'a':
        appended_.push_back(command.text);
        return Flow::kNext;
      case 'i':
        writer_.Write(command.text, true);
        return Flow::kNext;
      case 'c':
        writer_.Write(command.text, true);
        deleted_ = true;
        return Flow::kEndCycle;
      case 'd':
        deleted_ = true;
        return Flow::kEndCycle;
      case 'q':
        quit_ = true;
        // A missing line break is then added by some.
        return with_break_ ? Flow::kEndCycle : Flow::kFail;
      default:
        return Flow::kFail;
    }
  }

  Flow Transliterate(const SedCommand& command) {
    for (char& c : space_) {
      c = command.becomes[static_cast<unsigned char>(c)];
    }
    return Flow::kNext;
  }

  void AppendReplacement(const SedCommand& command, const RegexMatch& match, std::string* result) const {
    for (const SedPiece& piece : command.replacement) {
      result->append(piece.text);
      const auto place = static_cast<std::size_t>(std::max(piece.group, 0)) * 2;
      if (piece.group != SedPiece::kNoGroup && match.places[place] != RegexMatch::kNone) {
        result->append(space_, match.places[place], match.places[place + 1] - match.places[place]);
      }
    }
  }

  Flow Substitute(const SedCommand& command) {
    std::string result;
    std::size_t at = 0;
    std::size_t count = 0;
    std::size_t last_end = RegexMatch::kNone;
    bool replaced = false;
    for (bool again = true; again && at <= space_.size();) {
      RegexMatch match;
      const std::optional<bool> found = Search(*command.regex, at, command.uses_groups, &match);
      if (!found || result.size() > kMostPrinted) {
        return Flow::kFail;
      }
      if (!*found) {
        break;
      }
      result.append(space_, at, match.begin() - at);
      const bool empty = match.begin() == match.end();
      // An empty match right behind another one does not count.
      if (!(empty && match.begin() == last_end)) {
        if (++count >= command.occurrence) {
          AppendReplacement(command, match, &result);
          replaced = true;
          again = command.global;
        } else {
          result.append(space_, match.begin(), match.end() - match.begin());
        }
      }
      last_end = match.end();
      at = match.end();
      if (empty && again) {
        result.append(space_, std::min(at, space_.size()), 1);
        ++at;
      }
    }
    result.append(space_, std::min(at, space_.size()));
    if (replaced) {
      space_ = std::move(result);
      has_breaks_ = space_.find('\n') != std::string::npos;
      if (command.prints) {
        writer_.Write(space_, with_break_);
      }
    }
    return Flow::kNext;
  }

  const Invocation& invocation_;
  bool ascii_;
  RegexMatcher matcher_;
  LineWriter writer_;
  std::vector<bool> in_range_;
  std::vector<std::size_t> ends_;
  std::vector<std::string_view> appended_;
  std::string space_;
  bool has_breaks_ = false;  // the space holds line breaks, by a replacement
  std::size_t line_ = 0;
  Last last_ = Last::kNo;
  bool with_break_ = true;
  bool deleted_ = false;
  bool quit_ = false;
};

}  // namespace

Printed PrintEdited(const Words& words, const ToolContext& context) {
  const std::optional<Invocation> invocation = ReadInvocation(words);
  if (!invocation) {
    return std::nullopt;
  }
  if (invocation->in_place) {
    return std::string();
  }
  const Printed text = ReadInput(invocation->files, context);
  return text ? SedRun(*invocation, IsAscii(*text)).Run(*text) : std::nullopt;
}

std::optional<std::string> EditWithSed(const std::vector<Word>& words, std::string_view text) {
  const std::optional<Invocation> invocation = ReadInvocation(words);
  if (!invocation || !invocation->in_place || invocation->files.empty()) {
    return std::nullopt;
  }
  return SedRun(*invocation, IsAscii(text)).Run(text);
}

}  // namespace safe_docker::shell
