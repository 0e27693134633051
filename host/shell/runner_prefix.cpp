#include "runner_prefix.hpp"

#include <algorithm>

#include "lexer.hpp"

namespace safe_docker::shell {
namespace {

// An option list of Runner, in which each name stands between blanks. Abbreviations count.
bool Lists(std::string_view list, std::string_view option) {
  return list.find(" " + std::string(option)) != std::string_view::npos;
}

// The text of env -S, in which a backslash and a letter stand for a blank.
std::string WithEscapedBlanks(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
    const bool blank = next != '\0' && std::string_view("_tnrvf").find(next) != std::string_view::npos;
    if (blank || next == 'c') {
      result.push_back(blank ? ' ' : '#');
      ++i;
    } else if (next != '\0') {
      result.append({text[i], next});
      ++i;
    } else {
      result.push_back(text[i]);
    }
  }
  return result;
}

class PrefixReader {
 public:
  PrefixReader(const Runner& runner, const std::vector<Word>& words) : runner_(runner), words_(words) {
    if (const RunnerEffects* effects = FindEffects(runner.name); effects != nullptr) {
      effects_ = *effects;
    }
    prefix_.starts_shell = effects_.shell_options == " always ";
  }

  Prefix Read() {
    int arguments = runner_.arguments;
    std::size_t at = 1;
    for (; at < words_.size() && prefix_.understood; ++at) {
      const Word& word = words_[at];
      const std::string_view text = word.text;
      const std::size_t equals = text.find('=');
      if (word.may_split) {
        prefix_.understood = false;
      } else if (text == "--") {
        at += 1 + static_cast<std::size_t>(arguments);
        break;
      } else if (text.size() > 2 && text.starts_with("--")) {
        ReadLong(text.substr(2), &at);
      } else if (text.size() > 1 && text[0] == '-') {
        ReadShort(text.substr(1), &at);
      } else if (runner_.assignments && equals != text.npos && IsName(text.substr(0, equals))) {
        prefix_.assignments.emplace_back(text.substr(0, equals), text.substr(equals + 1));
      } else if (text == "-") {
        prefix_.is_login = true;
        prefix_.clears_environment = prefix_.clears_environment || runner_.name == "env";
      } else if (arguments > 0 || runner_.inner == Runner::Inner::kNone) {
        --arguments;
      } else {
        break;
      }
    }
    prefix_.command = std::min(at, words_.size());
    return std::move(prefix_);
  }

 private:
  void ReadLong(std::string_view option, std::size_t* at) {
    const std::size_t equals = option.find('=');
    const std::string_view name = option.substr(0, equals);
    const bool takes_value = Lists(runner_.long_with_value, name);
    if (!takes_value && !Lists(runner_.long_flags, name)) {
      prefix_.understood = false;
      return;
    }
    std::string_view value = equals == option.npos ? "" : option.substr(equals + 1);
    if (takes_value && equals == option.npos && !OptionalValue(name)) {
      value = NextWord(at);
    }
    NoteEffects(name, takes_value ? &value : nullptr);
    if (name == "command" || name == "split-string" || name == "session-command") {
      SetText(value);
    } else if (name == "replace" && runner_.inner != Runner::Inner::kWords) {
      prefix_.replacement = value.empty() ? "{}" : std::string(value);
    } else if (name == "unset") {
      prefix_.assignments.emplace_back(value, std::string(1, kUnknownPart));
    }
  }

  // xargs --replace and the like take a value only behind '='.
  bool OptionalValue(std::string_view name) const {
    return runner_.inner != Runner::Inner::kWords && (name == "replace" || name == "eof" || name == "max-lines");
  }

  void ReadShort(std::string_view letters, std::size_t* at) {
    for (std::size_t i = 0; i < letters.size() && prefix_.understood; ++i) {
      const char letter = letters[i];
      const bool takes_value = runner_.short_with_value.find(letter) != std::string_view::npos;
      const bool is_text = runner_.text_option.find(letter) != std::string_view::npos;
      if (takes_value || is_text) {
        const std::string_view rest = letters.substr(i + 1);
        const std::string_view value = rest.empty() ? NextWord(at) : rest;
        NoteEffects(letters.substr(i, 1), &value);
        if (is_text) {
          SetText(value);
        } else if (runner_.inner == Runner::Inner::kXargs || runner_.inner == Runner::Inner::kParallel) {
          prefix_.replacement = letter == 'I' ? std::string(value) : prefix_.replacement;
        } else if (letter == 'u' && runner_.assignments && runner_.name == "env") {
          prefix_.assignments.emplace_back(value, std::string(1, kUnknownPart));
        }
        return;
      }
      NoteEffects(letters.substr(i, 1), nullptr);
      if (runner_.short_flags.find(letter) == std::string_view::npos) {
        prefix_.understood = false;
      } else if (runner_.inner == Runner::Inner::kXargs && (letter == 'i' || letter == 'l' || letter == 'e')) {
        prefix_.replacement =
            letter == 'i' ? (i + 1 < letters.size() ? std::string(letters.substr(i + 1)) : "{}") : prefix_.replacement;
        return;
      }
    }
  }

  std::string_view NextWord(std::size_t* at) {
    if (*at + 1 >= words_.size()) {
      prefix_.understood = false;
      return {};
    }
    prefix_.understood = prefix_.understood && !words_[*at + 1].may_split;
    return words_[++*at].text;
  }

  void SetText(std::string_view text) {
    prefix_.text.append(prefix_.has_text ? " " : "").append(runner_.name == "env" ? WithEscapedBlanks(text) : text);
    prefix_.has_text = true;
  }

  // What an option means besides being one; `value` is null if it has none.
  void NoteEffects(std::string_view option, const std::string_view* value) {
    const std::string name = " " + std::string(option);
    const auto among = [&](std::string_view list) {
      return list.find(option.size() == 1 ? name + " " : name) != std::string_view::npos;
    };
    if (value != nullptr && among(effects_.directory_options)) {
      prefix_.directory = *value;
      prefix_.has_directory = true;
    }
    prefix_.is_login = prefix_.is_login || among(effects_.login_options);
    prefix_.starts_shell = prefix_.starts_shell || among(effects_.shell_options);
    if (runner_.name == "env") {
      const bool clears =
          option == "i" || (option.size() > 1 && std::string_view("ignore-environment").starts_with(option));
      prefix_.clears_environment = prefix_.clears_environment || clears;
    }
  }

  const Runner& runner_;
  RunnerEffects effects_{};
  const std::vector<Word>& words_;
  Prefix prefix_;
};

}  // namespace

Prefix ReadPrefix(const Runner& runner, const std::vector<Word>& words) { return PrefixReader(runner, words).Read(); }

}  // namespace safe_docker::shell
