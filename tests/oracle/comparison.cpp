#include "comparison.hpp"

#include <algorithm>
#include <filesystem>

#include "file_system.hpp"
#include "stub_log.hpp"

namespace safe_docker::oracle {
namespace {

// Whether `text` can be what `pattern` becomes: an unknown part is any text.
bool Matches(std::string_view pattern, std::string_view text) {
  const std::size_t unknown = pattern.find(kUnknownPart);
  if (unknown == std::string_view::npos) {
    return pattern == text;
  }
  if (text.substr(0, unknown) != pattern.substr(0, unknown)) {
    return false;
  }
  text.remove_prefix(unknown);
  pattern.remove_prefix(unknown + 1);
  for (;;) {
    const std::size_t end = pattern.find(kUnknownPart);
    if (end == std::string_view::npos) {
      return text.ends_with(pattern);
    }
    const std::size_t at = text.find(pattern.substr(0, end));
    if (at == std::string_view::npos) {
      return false;
    }
    text.remove_prefix(at + end);
    pattern.remove_prefix(end + 1);
  }
}

bool IsAllUnknown(std::string_view text) { return text.find_first_not_of(kUnknownPart) == std::string_view::npos; }

// Whether a word that may split can be the words [begin, end).
bool CanSplitInto(std::string_view pattern, const std::string* begin, const std::string* end) {
  if (begin == end) {
    return IsAllUnknown(pattern);
  }
  return begin->starts_with(pattern.substr(0, pattern.find(kUnknownPart))) &&
         (end - 1)->ends_with(pattern.substr(pattern.rfind(kUnknownPart) + 1));
}

// Whether the reported words, from `first` on, can be the called ones.
bool WordsMatch(const std::vector<Word>& words, const std::vector<std::string>& called) {
  // reachable[i]: the words so far can be the first i called ones.
  std::vector<bool> reachable(called.size() + 1);
  reachable[1] = true;
  for (std::size_t at = 1; at < words.size(); ++at) {
    std::vector<bool> next(called.size() + 1);
    const bool splits = words[at].may_split && !IsKnown(words[at].text);
    for (std::size_t from = 0; from <= called.size(); ++from) {
      if (!reachable[from]) {
        continue;
      }
      if (from < called.size() && Matches(words[at].text, called[from])) {
        next[from + 1] = true;
      }
      for (std::size_t to = from; splits && to <= called.size(); ++to) {
        next[to] = next[to] || CanSplitInto(words[at].text, called.data() + from, called.data() + to);
      }
    }
    reachable = std::move(next);
  }
  return reachable[called.size()];
}

bool NameMatches(const Word& word, const Call& call) {
  return BaseName(word.text) == call.name || Matches(word.text, call.words[0]);
}

// The folder is the same, or a link leads to it.
bool FolderMatches(const std::string& reported, const std::string& real) {
  if (Matches(reported, real)) {
    return true;
  }
  std::error_code error;
  return IsKnown(reported) && std::filesystem::canonical(reported, error) == real;
}

bool VariableMatches(const Variable& variable, const std::optional<std::string>& real) {
  switch (variable.state) {
    case Variable::State::kKnown:
      return real == variable.value;
    case Variable::State::kUnset:
      return !real;
    case Variable::State::kUnknown:
      return !real || variable.value.empty() || Matches(variable.value, *real);
  }
  return false;
}

// What of a call a command with its words gets wrong; empty if nothing.
std::string WrongSurroundings(const CommandLine& command, const Call& call) {
  if (!FolderMatches(command.cwd, call.cwd)) {
    return "folder " + call.cwd;
  }
  for (const auto& [name, value] : call.environment) {
    if (!VariableMatches(command.environment.Get(name), value)) {
      return "environment " + name + "=" + value.value_or("(unset)");
    }
  }
  if (command.has_standard_input && call.standard_input && !Matches(command.standard_input, *call.standard_input)) {
    return "standard input";
  }
  return {};
}

bool HasUnknown(const CommandLine& command) {
  return !IsKnown(command.cwd) ||
         std::any_of(command.words.begin(), command.words.end(), [](const Word& word) { return !IsKnown(word.text); });
}

bool Asks(const shell::Opaque& part) {
  using Reason = shell::Opaque::Reason;
  return part.mentions_name || part.reason == Reason::kHiddenCode || part.reason == Reason::kTooMuch;
}

// `run` with what gives the host away right behind it.
bool IsDangerous(const Call& call) {
  const std::vector<std::string>& words = call.words;
  return words.size() > 3 && words[1] == "run" &&
         (words[2] == "--privileged" || (words[2] == "-v" && words[3].starts_with("/:/")));
}

std::string Quoted(std::string_view text) {
  std::string quoted = "[";
  for (const char letter : text) {
    quoted += letter == kUnknownPart ? "?" : letter == '\n' ? "\u21B5" : std::string(1, letter);
  }
  return quoted + "]";
}

std::string_view ReasonName(shell::Opaque::Reason reason) {
  using Reason = shell::Opaque::Reason;
  switch (reason) {
    case Reason::kSyntaxError:
      return "syntax error";
    case Reason::kUnknownCommand:
      return "unknown command";
    case Reason::kComputedCode:
      return "computed code";
    case Reason::kHiddenCode:
      return "hidden code";
    case Reason::kInterpreter:
      return "interpreter";
    case Reason::kTooMuch:
      return "too much";
    case Reason::kOtherMachine:
      return "other machine";
  }
  return "?";
}

// Finds for one call the command that covers it.
class Coverage {
 public:
  Coverage(const shell::Analysis& analysis, const Call& call) {
    for (const CommandLine& command : analysis.commands) {
      if (command.words.empty() || !NameMatches(command.words[0], call) || !WordsMatch(command.words, call.words)) {
        continue;
      }
      const std::string wrong = WrongSurroundings(command, call);
      wrong_ = wrong.empty() ? wrong_ : wrong;
      is_covered_ = is_covered_ || wrong.empty();
      is_known_ = is_known_ || (wrong.empty() && !HasUnknown(command));
    }
  }

  bool is_covered() const { return is_covered_; }
  bool is_known() const { return is_known_; }
  const std::string& wrong() const { return wrong_; }

 private:
  bool is_covered_ = false;
  bool is_known_ = false;
  std::string wrong_;
};

// Whether a reported command is one that ran.
bool Ran(const CommandLine& command, const std::vector<Call>& calls) {
  return std::any_of(calls.begin(), calls.end(), [&](const Call& call) {
    return NameMatches(command.words[0], call) && WordsMatch(command.words, call.words) &&
           WrongSurroundings(command, call).empty();
  });
}

}  // namespace

Comparison Compare(const Recording& recording, const shell::Analysis& analysis, const std::vector<std::string>& names) {
  Comparison comparison;
  comparison.asks = std::any_of(analysis.opaque.begin(), analysis.opaque.end(), Asks);
  comparison.has_commands = !analysis.commands.empty();
  comparison.is_exact = !comparison.asks;
  for (const Call& call : recording.calls) {
    if (call.words.empty() || std::find(names.begin(), names.end(), call.name) == names.end()) {
      continue;
    }
    comparison.calls.push_back(call);
    comparison.is_dangerous = comparison.is_dangerous || IsDangerous(call);
    const Coverage coverage(analysis, call);
    comparison.is_exact = comparison.is_exact && coverage.is_known();
    if (!coverage.is_covered()) {
      comparison.uncovered.push_back(coverage.wrong().empty() ? "call " + Describe(call)
                                                              : coverage.wrong() + " of " + Describe(call));
    }
  }
  comparison.is_exact =
      comparison.is_exact && !comparison.calls.empty() &&
      std::all_of(analysis.commands.begin(), analysis.commands.end(),
                  [&](const CommandLine& command) { return !HasUnknown(command) && Ran(command, comparison.calls); });
  return comparison;
}

std::string Describe(const Call& call) {
  std::string text;
  for (const std::string& word : call.words) {
    text += Quoted(word);
  }
  text += " in " + call.cwd;
  for (const auto& [name, value] : call.environment) {
    if (value != (name == "HOME" ? std::optional<std::string>(kHome) : std::nullopt)) {
      text += " " + name + "=" + value.value_or("(unset)");
    }
  }
  return call.standard_input ? text + " < " + Quoted(*call.standard_input) : text;
}

std::string Describe(const shell::Analysis& analysis) {
  std::string text;
  for (const CommandLine& command : analysis.commands) {
    text += "    says  ";
    for (const Word& word : command.words) {
      text += Quoted(word.text) + (word.may_split ? "..." : "");
    }
    text += " in " + Quoted(command.cwd);
    for (const char* name : kRecordedVariables) {
      const Variable variable = command.environment.Get(name);
      const bool is_usual =
          std::string_view(name) == "HOME" ? variable.value == kHome : variable.state == Variable::State::kUnset;
      text += is_usual ? "" : std::string(" ") + name + "=" + Quoted(variable.value);
    }
    text += command.has_standard_input ? " < " + Quoted(command.standard_input) : std::string();
    text += "\n";
  }
  for (const shell::Opaque& part : analysis.opaque) {
    text += "    opaque  " + std::string(ReasonName(part.reason)) + (Asks(part) ? ", asks: " : ", silent: ") +
            Quoted(part.written) + " " + part.detail + "\n";
  }
  return text;
}

}  // namespace safe_docker::oracle
