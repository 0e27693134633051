// The part of the evaluator that knows bash's own commands.
#include <algorithm>
#include <string>

#include "evaluator.hpp"
#include "file_system.hpp"

namespace safe_docker::shell {
namespace {

std::string Unknown() { return std::string(1, kUnknownPart); }

// The place of the first word that is no option.
std::size_t SkipOptions(const std::vector<Word>& words) {
  std::size_t at = 1;
  while (at < words.size() && words[at].text.size() > 1 && (words[at].text[0] == '-' || words[at].text[0] == '+')) {
    if (words[at++].text == "--") {
      break;
    }
  }
  return at;
}

}  // namespace

bool Evaluator::RunBuiltin(const Words& words, const Streams& streams) {
  const std::string_view name = words[0].text;
  if (name == "cd" || name == "pushd" || name == "popd") {
    ChangeDirectory(words);
  } else if (name == "export" || name == "declare" || name == "typeset" || name == "local" || name == "readonly") {
    Declare(words);
  } else if (name == "unset") {
    UnsetNames(words);
  } else if (name == "set" || name == "shift") {
    SetArguments(words);
  } else if (name == "eval") {
    std::string text;
    for (std::size_t i = words.size() > 1 && words[1].text == "--" ? 2 : 1; i < words.size(); ++i) {
      text.append(text.empty() ? "" : " ").append(words[i].text);
    }
    RunText(text, streams);
  } else if (name == "source" || name == ".") {
    RunSource(words, streams);
  } else if (name == "alias") {
    DefineAliases(words);
  } else if (name == "unalias") {
    // An alias may still hold where bash read the line before: keep following it.
  } else if (name == "trap") {
    SetTrap(words);
  } else if (name == "read" || name == "mapfile" || name == "readarray" || name == "getopts" || name == "let") {
    ReadVariables(words, streams);
  } else if (name == "shopt") {
    globs_may_vanish_ =
        globs_may_vanish_ || std::any_of(words.begin() + 1, words.end(), [](const Word& word) {
          return word.text == "nullglob" || word.text == "failglob" || word.text == "extglob" || !IsKnown(word.text);
        });
    const auto has_letter = [&words](char letter) {
      return std::any_of(words.begin() + 1, words.end(), [letter](const Word& word) {
        return word.text.starts_with('-') && word.text.find(letter) != std::string::npos;
      });
    };
    for (std::size_t i = 1; i < words.size() && has_letter('o'); ++i) {
      SetOption(has_letter('s') ? "-o" : "+o", words[i].text);
    }
    return false;
  } else if (name == "break" || name == "continue") {
    left_loop_ = true;
  } else if (name == "exit" || name == "return") {
    may_end_early_ = may_end_early_ || !IsCertain() || name == "return";
  } else {
    return false;
  }
  return true;
}

void Evaluator::ChangeDirectory(const Words& words) {
  const std::size_t at = SkipOptions(words);
  const bool plain = words[0].text == "cd";
  std::string target = at < words.size() ? words[at].text : Unknown();
  if (plain && at == words.size()) {
    const ShellVariable home = state_.Get("HOME");
    target = home.state == Variable::State::kKnown ? home.value : Unknown();
  }
  const bool other_places =
      state_.Get("CDPATH").state != Variable::State::kUnset && !target.starts_with('/') && !target.starts_with('.');
  const bool known = IsKnown(target) && target != "-" && !target.empty() && words[0].text != "popd" &&
                     !(words[0].text == "pushd" && target.starts_with('+')) && !other_places &&
                     (target.starts_with('/') || IsKnown(state_.cwd));
  const std::string clean = known ? CleanPath(target, state_.cwd) : Unknown();
  const bool upwards = known && IsKnown(state_.cwd) && IsWithin(state_.cwd, clean);
  const bool unsure_options = std::any_of(words.begin(), words.end(), [](const Word& word) { return word.may_split; });
  const bool physical =
      state_.physical || std::any_of(words.begin() + 1, words.begin() + static_cast<std::ptrdiff_t>(at),
                                     [](const Word& word) { return word.text.find('P') != std::string::npos; });
  const bool there = upwards || (known && ResolvePath(clean, "/").kind == ResolvedPath::Kind::kDirectory);
  if (known && !there) {
    attempted_directory_ = clean;  // may fail, which leaves the shell where it is
  }
  const ResolvedPath opened = physical && there ? PathResolver().ResolveAsOpened(target, state_.cwd) : ResolvedPath();
  const bool by_links = physical && there && (!opened.complete || opened.resolved != clean);
  state_.cwd = there && !by_links && !unsure_options ? clean : Unknown();
  attempted_directory_ = physical || unsure_options ? std::string() : attempted_directory_;
}

void Evaluator::Declare(const Words& words) {
  const bool is_export = words[0].text == "export";
  bool local =
      words[0].text == "local" || ((words[0].text == "declare" || words[0].text == "typeset") && !locals_.empty());
  bool exports = is_export;
  bool unsure = false;
  bool array = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::string_view word = words[i].text;
    if (word.starts_with('-') || word.starts_with('+')) {
      exports = exports || (word[0] == '-' && word.find('x') != word.npos);
      local = local && word.find('g') == word.npos;
      unsure = unsure || word.find_first_of("niluA") != word.npos;
      array = array || word.find_first_of("aA") != word.npos;
      continue;
    }
    const std::size_t equals = word.find('=');
    std::string_view name = word.substr(0, equals);
    const bool append = equals != word.npos && name.ends_with('+');
    name.remove_suffix(append ? 1 : 0);
    const std::size_t bracket = name.find('[');
    name = name.substr(0, bracket);
    if (!IsName(name)) {
      continue;
    }
    NoteAssigned(name);
    if (local && !locals_.empty()) {
      locals_.back().emplace_back(std::string(name), state_.Has(name) ? std::optional(state_.Get(name)) : std::nullopt);
    }
    if (equals != word.npos) {
      const ShellVariable old = state_.Get(name);
      std::string value(word.substr(equals + 1));
      ShellVariable variable =
          unsure || append || bracket != word.npos ? UnknownVariable() : KnownOrNot(std::move(value));
      variable.is_array = array || bracket != word.npos || words[i].written.ends_with(')');
      if (append && old.state == Variable::State::kKnown && !old.is_array && !unsure) {
        variable = KnownOrNot(old.value + std::string(word.substr(equals + 1)));
      }
      if (variable.is_array) {
        variable = UnknownVariable();
        variable.is_array = true;
      }
      state_.Set(name, std::move(variable));
    } else if (local) {
      state_.Unset(name);
    }
    if (exports) {
      state_.Export(name);
    }
  }
}

void Evaluator::UnsetNames(const Words& words) {
  const bool functions = words.size() > 1 && words[1].text == "-f";
  for (std::size_t i = SkipOptions(words); i < words.size(); ++i) {
    const std::string name = words[i].text.substr(0, words[i].text.find('['));
    if (functions) {
      state_.functions.erase(name);
    } else if (IsName(name)) {
      NoteAssigned(name);
      name == words[i].text ? state_.Unset(name) : state_.Set(name, UnknownVariable());
      // Without -v a function of that name goes where no variable has it.
      if (const auto found = state_.functions.find(name); found != state_.functions.end()) {
        found->second.push_back(nullptr);
      }
    }
  }
}

void Evaluator::SetArguments(const Words& words) {
  const bool unknown = std::any_of(words.begin(), words.end(), [](const Word& word) { return word.may_split; });
  if (words[0].text == "shift") {
    std::size_t count = 1;
    if (words.size() > 1) {
      const bool digit = words[1].text.size() == 1 && words[1].text[0] >= '0' && words[1].text[0] <= '9';
      state_.arguments_known = state_.arguments_known && digit;
      count = digit ? static_cast<std::size_t>(words[1].text[0] - '0') : 0;
    }
    if (count <= state_.arguments.size()) {
      state_.arguments.erase(state_.arguments.begin(), state_.arguments.begin() + static_cast<std::ptrdiff_t>(count));
    }
    return;
  }
  std::size_t at = 1;
  while (at < words.size() && words[at].text.size() > 1 && (words[at].text[0] == '-' || words[at].text[0] == '+') &&
         words[at].text != "--") {
    const std::string_view option = words[at].text;
    const bool named = option.ends_with('o') && at + 1 < words.size();
    SetOption(option, named ? std::string_view(words[at + 1].text) : std::string_view());
    at += option.ends_with('o') ? 2 : 1;
  }
  if (at < words.size() || unknown) {
    const bool explicit_list = at < words.size() && words[at].text == "--";
    state_.arguments.clear();
    state_.arguments_known = !unknown;
    for (std::size_t i = at + (explicit_list ? 1 : 0); i < words.size() && !unknown; ++i) {
      state_.arguments.push_back(words[i].text);
    }
  }
}

// What of `set` matters to what commands get. `name` belongs to an "-o" at the option's end.
void Evaluator::SetOption(std::string_view option, std::string_view name) {
  const bool on = option[0] == '-';
  const bool unsure = !IsKnown(option) || !IsKnown(name);
  may_end_early_ = may_end_early_ || (on && option.find('e') != option.npos) || name == "errexit" || unsure;
  if (option.find('a') != option.npos || name == "allexport" || unsure) {
    state_.export_all = on || unsure;
  }
  if (option.find('P') != option.npos || name == "physical" || unsure) {
    state_.physical = on || unsure;
  }
}

void Evaluator::DefineAliases(const Words& words) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t equals = words[i].text.find('=');
    if (equals != std::string::npos && equals > 0) {
      state_.aliases[words[i].text.substr(0, equals)] = words[i].text.substr(equals + 1);
    }
  }
}

// What reads its variables' values from somewhere.
void Evaluator::ReadVariables(const Words& words, const Streams& streams) {
  const bool one_name = words[0].text == "read" && streams.input != nullptr && IsKnown(*streams.input) &&
                        streams.input->find('\n') == streams.input->size() - 1 &&
                        streams.input->find_first_of("\\ \t") == std::string::npos;
  std::vector<std::string> found;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string name = words[i].text.substr(0, words[i].text.find_first_of("=+-*/["));
    if (IsName(name)) {
      found.push_back(name);
    }
  }
  if (found.empty()) {
    found = {words[0].text == "read" ? "REPLY" : "MAPFILE"};
  }
  const bool single =
      one_name && found.size() == 1 && words.size() == (words.size() > 1 && words[1].text == "-r" ? 3U : 2U);
  for (const std::string& name : found) {
    NoteAssigned(name);
    read_names_.insert(name);
    ShellVariable variable =
        single ? KnownOrNot(streams.input->substr(0, streams.input->size() - 1)) : UnknownVariable();
    variable.is_array = words[0].text == "mapfile" || words[0].text == "readarray" ||
                        (words.size() > 1 && words[1].text.starts_with('-') && words[1].text.ends_with('a'));
    state_.Set(name, std::move(variable));
  }
}

}  // namespace safe_docker::shell
