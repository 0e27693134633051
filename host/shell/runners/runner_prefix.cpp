#include "runner_prefix.hpp"

#include <algorithm>

#include "syntax/lexer.hpp"

namespace safe_docker::shell {
namespace {

struct OptionRule {
  enum class Value : std::uint8_t { kNone, kRequired, kOptional };
  std::string_view name;
  Value value = Value::kNone;
  OptionRole role = OptionRole::kNone;
};

// One entry of Runner::options.
OptionRule ParseRule(std::string_view entry) {
  OptionRule rule;
  if (!IsNameCharacter(entry.back()) && entry.back() != ':' && entry.back() != '?' && entry.size() > 1) {
    rule.role = static_cast<OptionRole>(entry.back());
    entry.remove_suffix(1);
  }
  if (entry.size() > 1 && (entry.back() == ':' || entry.back() == '?')) {
    rule.value = entry.back() == ':' ? OptionRule::Value::kRequired : OptionRule::Value::kOptional;
    entry.remove_suffix(1);
  }
  rule.name = entry;
  return rule;
}

// The rule of a letter or of a long name, which may be shortened as long as it stays unambiguous.
std::optional<OptionRule> FindRule(std::string_view options, std::string_view name, bool is_long) {
  std::optional<OptionRule> shortened;
  bool ambiguous = false;
  while (!options.empty()) {
    const std::size_t end = std::min(options.find(' '), options.size());
    const std::string_view entry = options.substr(0, end);
    options.remove_prefix(std::min(end + 1, options.size()));
    if (!entry.starts_with(name)) {
      continue;
    }
    const OptionRule rule = ParseRule(entry);
    if ((rule.name.size() > 1) != is_long) {
      continue;
    }
    if (rule.name == name) {
      return rule;
    }
    if (is_long) {
      ambiguous = ambiguous || (shortened && (shortened->value != rule.value || shortened->role != rule.role));
      shortened = rule;
    }
  }
  return ambiguous ? std::nullopt : shortened;
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

class PrefixReader {
 public:
  PrefixReader(const Runner& runner, const std::vector<Word>& words) : runner_(runner), words_(words) {}

  Prefix Read() {
    bool only_operands = false;
    for (; at_ < words_.size() && prefix_.understood && !command_found_; ++at_) {
      const Word& word = words_[at_];
      const std::string_view text = word.text;
      if (at_ == 1 && runner_.Has(Runner::kOldBundle) && !text.empty() && text[0] != '-') {
        ReadBundle(text);
      } else if (word.may_split && !runner_.Has(Runner::kOptionsAnywhere)) {
        prefix_.understood = false;
      } else if (!only_operands && text == "--") {
        only_operands = true;
        command_found_ = FindRule(runner_.options, "--", true).has_value();
      } else if (!only_operands && text.size() > 1 && text[0] == '-') {
        ReadOption(text);
      } else if (!only_operands && text == "-" && ReadDash()) {
        continue;
      } else if (!ReadWord(text)) {
        break;
      }
    }
    prefix_.command = std::min(at_, words_.size());
    return std::move(prefix_);
  }

 private:
  // tar's `cIf PROGRAM ARCHIVE`.
  void ReadBundle(std::string_view letters) {
    for (std::size_t i = 0; i < letters.size(); ++i) {
      const std::optional<OptionRule> rule = FindRule(runner_.options, letters.substr(i, 1), false);
      if (rule && at_ + 1 < words_.size()) {
        Note(*rule, rule->value == OptionRule::Value::kRequired ? NextWord() : std::string_view());
      }
    }
  }

  // False if the word is the command.
  bool ReadWord(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (runner_.Has(Runner::kAssignments) && equals != text.npos && IsName(text.substr(0, equals))) {
      prefix_.assignments.emplace_back(text.substr(0, equals), text.substr(equals + 1));
      return true;
    }
    const bool replaced = runner_.Has(Runner::kOptionsForOperands) && !prefix_.options.empty();
    const bool is_operand = static_cast<int>(prefix_.operands.size()) < runner_.operands && !replaced &&
                            (!runner_.Has(Runner::kNumericOperands) || IsNumber(text) || !IsKnown(text));
    if (is_operand || runner_.Has(Runner::kOptionsAnywhere)) {
      prefix_.operands.push_back(at_);
      return true;
    }
    return false;
  }

  // A lone dash: `env -`, `su -`.
  bool ReadDash() {
    const std::optional<OptionRule> rule = FindRule(runner_.options, "-", false);
    if (rule) {
      Note(*rule, {});
    }
    return rule.has_value();
  }

  void ReadOption(std::string_view text) {
    if (runner_.Has(Runner::kNumberOptions) && IsNumber(text.substr(text[1] == '-' ? 2 : 1))) {
      return;
    }
    if (text[1] == '-') {
      ReadLong(text.substr(2));
    } else if (!runner_.Has(Runner::kSingleDash) || !ReadSingleDash(text.substr(1))) {
      ReadLetters(text.substr(1));
    }
  }

  // A long option behind one dash; false if it is none.
  bool ReadSingleDash(std::string_view option) {
    const std::string_view name = option.substr(0, option.find('='));
    if (name.size() > 1 && FindRule(runner_.options, name, true)) {
      ReadLong(option);
      return true;
    }
    // zip's -TT may stand behind letters.
    for (std::size_t i = 1; i + 1 < name.size(); ++i) {
      const std::optional<OptionRule> rule = FindRule(runner_.options, name.substr(i), true);
      if (rule && rule->name == name.substr(i) && rule->role != OptionRole::kRunsNothing) {
        ReadLong(option.substr(i));
        return true;
      }
    }
    return false;
  }

  void ReadLong(std::string_view option) {
    const std::size_t equals = option.find('=');
    const std::optional<OptionRule> rule = FindRule(runner_.options, option.substr(0, equals), true);
    if (!rule) {
      const bool asks = option == "help" || option == "version";
      asks ? Note({option, OptionRule::Value::kNone, OptionRole::kRunsNothing}, {}) : NoteUnlisted();
      return;
    }
    if (rule->value == OptionRule::Value::kRequired && equals == option.npos) {
      Note(*rule, NextWord());
    } else {
      Note(*rule, equals == option.npos ? std::string_view() : option.substr(equals + 1));
    }
  }

  void ReadLetters(std::string_view letters) {
    for (std::size_t i = 0; i < letters.size() && prefix_.understood && !command_found_; ++i) {
      const std::optional<OptionRule> rule = FindRule(runner_.options, letters.substr(i, 1), false);
      if (!rule) {
        NoteUnlisted();
        continue;
      }
      if (rule->value == OptionRule::Value::kNone) {
        Note(*rule, {});
        continue;
      }
      const std::string_view rest = letters.substr(i + 1);
      const bool in_next = rest.empty() && rule->value == OptionRule::Value::kRequired;
      Note(*rule, in_next ? NextWord() : rest);
      return;
    }
  }

  void NoteUnlisted() { prefix_.understood = prefix_.understood && runner_.Has(Runner::kUnlistedFlags); }

  std::string_view NextWord() {
    if (at_ + 1 >= words_.size()) {
      NoteUnlisted();
      return {};
    }
    const Word& word = words_[++at_];
    prefix_.understood = prefix_.understood && (!word.may_split || runner_.Has(Runner::kOptionsAnywhere));
    return word.text;
  }

  void Note(const OptionRule& rule, std::string_view value) {
    command_found_ = rule.role == OptionRole::kCommandFollows;
    if (rule.role == OptionRole::kAssignment) {
      const std::size_t equals = value.find('=');
      const std::string_view unknown("\0", 1);
      prefix_.assignments.emplace_back(value.substr(0, equals),
                                       equals == value.npos ? unknown : value.substr(equals + 1));
    } else if (rule.role != OptionRole::kNone) {
      prefix_.options.push_back({rule.role, rule.name, value});
    }
  }

  const Runner& runner_;
  const std::vector<Word>& words_;
  Prefix prefix_;
  std::size_t at_ = 1;
  bool command_found_ = false;
};

// What a backslash and `c` stand for in the text of env -S outside single quotes; nothing if env refuses it.
std::optional<char> EnvEscape(char c) {
  constexpr std::string_view kLetters = "fnrtv\"#$'\\";
  const std::size_t which = kLetters.find(c);
  return which == kLetters.npos ? std::nullopt : std::optional("\f\n\r\t\v\"#$'\\"[which]);
}

class EnvSplitter {
 public:
  EnvSplitter(std::string_view text, const Word& origin) : text_(text), origin_(origin) {}

  std::optional<std::vector<Word>> Split() {
    for (; at_ < text_.size() && !refused_; ++at_) {
      const char c = text_[at_];
      const bool quotes = (c == '\'' || c == '"') && (quote_ == 0 || quote_ == c);
      if (quotes) {
        quote_ = quote_ == 0 ? c : '\0';
        open_ = true;
      } else if (quote_ == 0 && std::string_view(" \t\n\v\f\r").find(c) != std::string_view::npos) {
        End();
      } else if (c == '#' && quote_ == 0 && !open_) {
        break;
      } else if (c == '\\') {
        if (!ReadEscape()) {
          break;
        }
      } else if (c == '$' && quote_ != '\'') {
        ReadVariable();
      } else {
        Add(c);
      }
    }
    End();
    return refused_ || quote_ != 0 ? std::nullopt : std::optional(std::move(words_));
  }

 private:
  void Add(char c) {
    word_.push_back(c);
    open_ = true;
  }

  void End() {
    if (open_) {
      words_.push_back({std::move(word_), origin_.written, false, origin_.span});
    }
    word_.clear();
    open_ = false;
  }

  // False at "\c", which ends the text.
  bool ReadEscape() {
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (quote_ == '\'' && next != '\'' && next != '\\') {
      Add('\\');
      return true;
    }
    ++at_;
    if (next == 'c') {
      refused_ = quote_ != 0;
      return false;
    }
    if (next == '_') {
      quote_ == 0 ? End() : Add(' ');
      return true;
    }
    const std::optional<char> meant = EnvEscape(next);
    refused_ = !meant;
    Add(meant.value_or(' '));
    return true;
  }

  void ReadVariable() {
    const std::size_t end = text_.find('}', at_);
    refused_ = end == text_.npos || at_ + 1 >= text_.size() || text_[at_ + 1] != '{';
    at_ = std::min(end, text_.size() - 1);
    Add(kUnknownPart);
  }

  std::string_view text_;
  const Word& origin_;
  std::vector<Word> words_;
  std::string word_;
  std::size_t at_ = 0;
  char quote_ = '\0';
  bool open_ = false;
  bool refused_ = false;
};

}  // namespace

const GivenOption* Prefix::Find(OptionRole role) const {
  const auto found =
      std::find_if(options.rbegin(), options.rend(), [role](const GivenOption& each) { return each.role == role; });
  return found == options.rend() ? nullptr : &*found;
}

const GivenOption* Prefix::Find(OptionRole role, std::string_view name) const {
  const auto found = std::find_if(options.rbegin(), options.rend(), [role, name](const GivenOption& each) {
    return each.role == role && each.name == name;
  });
  return found == options.rend() ? nullptr : &*found;
}

Prefix ReadPrefix(const Runner& runner, const std::vector<Word>& words) { return PrefixReader(runner, words).Read(); }

std::optional<std::vector<Word>> SplitLikeEnv(std::string_view text, const Word& origin) {
  return EnvSplitter(text, origin).Split();
}

}  // namespace safe_docker::shell
