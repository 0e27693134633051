// The part of the evaluator that knows bash's own commands.
#include <algorithm>
#include <charconv>
#include <string>

#include "evaluator.hpp"
#include "file_system.hpp"
#include "joined_words.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kLongestPath = 4096;  // what a system call takes

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
  } else if (name == "set") {
    SetArguments(words);
  } else if (name == "shift") {
    ShiftArguments(words);
  } else if (name == "alias") {
    DefineAliases(words);
  } else if (name == "unalias") {
    // An alias may still hold where bash read the line before: keep following it.
  } else if (name == "shopt") {
    SetShellOptions(words);
    return false;
  } else if (name == "test" || name == "[") {
    TestReferences(words);
    return false;
  } else if (name == "break" || name == "continue") {
    left_loop_ = true;
    leaving_ = std::max(leaving_, Leaving::kLoop);
  } else if (name == "exit" || name == "return") {
    may_end_early_ = may_end_early_ || !IsCertain() || name == "return";
    leaving_ = std::max(leaving_, name == "exit" ? Leaving::kShell : Leaving::kFunction);
  } else {
    return RunVariableBuiltin(words, streams) || RunCodeBuiltin(words, streams);
  }
  return true;
}

bool Evaluator::RunVariableBuiltin(const Words& words, const Streams& streams) {
  const std::string_view name = words[0].text;
  if (name == "export" || name == "declare" || name == "typeset" || name == "local" || name == "readonly") {
    Declare(words);
  } else if (name == "unset") {
    UnsetNames(words);
  } else if (name == "read") {
    ReadVariables(words, streams);
  } else if (name == "mapfile" || name == "readarray") {
    MapLines(words, streams);
  } else if (name == "printf") {
    return PrintToVariable(words);
  } else if (name == "getopts") {
    GetOption(words);
  } else if (name == "let") {
    for (std::size_t i = 1; i < words.size(); ++i) {
      expander_.Evaluate(words[i].text);
    }
  } else {
    return false;
  }
  return true;
}

// Builtins that run code which stands in their arguments, now or later.
bool Evaluator::RunCodeBuiltin(const Words& words, const Streams& streams) {
  const std::string_view name = words[0].text;
  if (name == "eval") {
    std::string text;
    for (std::size_t i = words.size() > 1 && words[1].text == "--" ? 2 : 1; i < words.size(); ++i) {
      text.append(text.empty() ? "" : " ").append(words[i].text);
    }
    RunText(text, streams);
  } else if (name == "source" || name == ".") {
    RunSource(words, streams);
  } else if (name == "trap") {
    SetTrap(words);
  } else if (name == "compgen" || name == "complete" || name == "bind") {
    CompleteWords(words);
  } else if (name == "hash") {
    RememberPath(words);
  } else {
    return false;
  }
  return true;
}

// compgen and complete -C run a command, -W expands words; bind -x keeps a command for a key.
void Evaluator::CompleteWords(const Words& words) {
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    const std::string& option = words[i].text;
    const std::string& value = words[i + 1].text;
    if (option == "-C" || (option == "-F" && words[0].text != "bind")) {
      RunText(value + " " + Unknown(), {});  // bash adds what is completed
    } else if (option == "-W") {
      expander_.ExpandAgain(value);
    } else if (option == "-x" && words[0].text == "bind" && value.find(':') != std::string::npos) {
      RunText(value.substr(value.find(':') + 1), {});
    }
  }
}

// hash -p PATH NAME: NAME is PATH from here on.
void Evaluator::RememberPath(const Words& words) {
  for (std::size_t i = 1; i + 2 < words.size(); ++i) {
    if (words[i].text == "-p") {
      state_.aliases[words[i + 2].text] = Quoted(words[i + 1]);
    }
  }
}

// test -v NAME[SUBSCRIPT] runs the code in the subscript.
void Evaluator::TestReferences(const Words& words) {
  for (std::size_t i = 1; i + 1 < words.size(); ++i) {
    if (words[i].text == "-v" || words[i].text == "-R") {
      expander_.TestReference(words[i + 1].text);
    }
  }
}

void Evaluator::ChangeDirectory(const Words& words) {
  const std::size_t at = SkipOptions(words);
  const bool certain = std::none_of(words.begin(), words.end(), [](const Word& word) { return word.may_split; });
  const bool physical =
      state_.physical || std::any_of(words.begin() + 1, words.begin() + static_cast<std::ptrdiff_t>(at),
                                     [](const Word& word) { return word.text.find('P') != std::string::npos; });
  const bool rotates =
      words[0].text == "popd" || (words[0].text == "pushd" && (at == words.size() || words[at].text.starts_with('+') ||
                                                               words[at - 1].text.starts_with('+') || at > 1));
  if (rotates) {
    RotateDirectories(words);
    return;
  }
  std::string target = at < words.size() ? words[at].text : Unknown();
  if (at == words.size()) {
    const ShellVariable home = state_.Get("HOME");
    target = home.state == Variable::State::kKnown ? home.value : Unknown();
  } else if (target == "-") {
    const ShellVariable old = state_.Has("OLDPWD") ? state_.Get("OLDPWD") : KnownOrNot(state_.old_cwd);
    target = old.value.empty() ? Unknown() : old.value;
  }
  const bool other_places =
      state_.Get("CDPATH").state != Variable::State::kUnset && !target.starts_with('/') && !target.starts_with('.');
  const std::string before = state_.cwd;
  MoveTo(other_places ? Unknown() : target, physical, certain);
  if (words[0].text == "pushd") {
    state_.directory_stack.push_back(IsKnown(state_.cwd) ? before : Unknown());
  }
}

// `target` is taken as `cd` takes it.
void Evaluator::MoveTo(const std::string& target, bool physical, bool certain) {
  bool known = IsKnown(target) && !target.empty() && (target.starts_with('/') || IsKnown(state_.cwd));
  std::string clean = known ? CleanPath(target, state_.cwd) : Unknown();
  if (clean.size() > kLongestPath) {
    clean = Unknown();
    known = false;
  }
  const bool upwards = known && IsKnown(state_.cwd) && IsWithin(state_.cwd, clean);
  const bool is_odd = target.starts_with("//") || target.starts_with("/proc");  // which bash keeps, or others lead
  const bool there =
      upwards || (known && (ResolvePath(clean, "/").kind == ResolvedPath::Kind::kDirectory || IsFolderByNow(clean)));
  if (known && !there) {
    attempted_directory_ = clean;  // may fail, which leaves the shell where it is
  }
  const ResolvedPath opened = physical && there ? PathResolver().ResolveAsOpened(target, state_.cwd) : ResolvedPath();
  const bool by_links = physical && there && (!opened.complete || opened.resolved != clean);
  const bool moves = there && certain && !is_odd;
  cwd_changed_ = true;
  succeeded_ = moves ? std::optional(true) : std::nullopt;
  state_.old_cwd = moves ? state_.cwd : Unknown();
  state_.cwd = moves && !by_links ? clean : Unknown();
  attempted_directory_ = physical || !certain ? std::string() : attempted_directory_;
  state_.Forget("PWD");
  state_.Forget("OLDPWD");
}

// popd, and pushd without a folder.
void Evaluator::RotateDirectories(const Words& words) {
  std::vector<std::string>& stack = state_.directory_stack;
  const bool known = words.size() == 1 && !stack.empty() && IsKnown(stack.back());
  if (!known) {
    stack.assign(1, Unknown());
    MoveTo(Unknown(), false, false);
    return;
  }
  const std::string before = state_.cwd;
  const std::string target = stack.back();
  stack.pop_back();
  MoveTo(target, false, true);
  if (words[0].text == "pushd") {
    stack.push_back(before);
  }
}

void Evaluator::ShiftArguments(const Words& words) {
  std::size_t count = 1;
  if (words.size() > 1) {
    const std::string_view text = words[1].text;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const bool known = error == std::errc() && end == text.data() + text.size() && !words[1].may_split;
    state_.arguments_known = state_.arguments_known && known;
    count = known ? count : state_.arguments.size();
  }
  if (!state_.arguments_known) {
    count = std::min(count, state_.arguments.size());
  }
  if (count <= state_.arguments.size()) {
    state_.arguments.erase(state_.arguments.begin(), state_.arguments.begin() + static_cast<std::ptrdiff_t>(count));
  }
}

void Evaluator::SetArguments(const Words& words) {
  const bool unknown = std::any_of(words.begin(), words.end(), [](const Word& word) { return word.may_split; });
  std::size_t at = 1;
  while (at < words.size() && words[at].text.size() > 1 && (words[at].text[0] == '-' || words[at].text[0] == '+') &&
         words[at].text != "--" && !words[at].may_split) {
    const std::string_view option = words[at].text;
    const bool named = option.find('o') != option.npos && at + 1 < words.size();
    SetOption(option, named ? std::string_view(words[at + 1].text) : std::string_view());
    at += option.find('o') != option.npos ? 2 : 1;
  }
  if (at < words.size() || unknown) {
    const bool explicit_list = at < words.size() && (words[at].text == "--" || words[at].text == "-");
    const bool only_dash = explicit_list && words[at].text == "-" && at + 1 == words.size();
    if (only_dash) {
      return;
    }
    state_.SetArguments(std::span(words).subspan(std::min(at + (explicit_list ? 1 : 0), words.size())));
  }
}

// What of `set` matters to what commands get. `name` belongs to an "-o" in the option.
void Evaluator::SetOption(std::string_view option, std::string_view name) {
  const bool on = option[0] == '-';
  const bool unsure = !IsKnown(option) || !IsKnown(name);
  if (name == "posix" && on && TextMentions()) {
    ReportOpaque(Opaque::Reason::kComputedCode, source_, "in POSIX mode the rest may be read otherwise", true);
  }
  const bool ends_on_error = (on && option.find('e') != option.npos) || name == "errexit" || unsure;
  may_end_early_ = may_end_early_ || ends_on_error;
  leaving_ = ends_on_error ? Leaving::kShell : leaving_;
  if (option.find('a') != option.npos || name == "allexport" || unsure) {
    state_.export_all = on || unsure;
  }
  if (option.find('P') != option.npos || name == "physical" || unsure) {
    state_.physical = on || unsure;
  }
  noclobber_ = noclobber_ || (on && option.find('C') != option.npos) || name == "noclobber" || unsure;
  const Setting setting = unsure ? Setting::kUnknown : (on ? Setting::kOn : Setting::kOff);
  if (option.find('f') != option.npos || unsure) {
    state_.options.noglob = setting;
  }
  if (option.find('B') != option.npos || unsure) {
    state_.options.braceexpand = setting;
  }
  if (Setting* found = FindOption(&state_.options, name); found != nullptr) {
    *found = setting;
  }
}

void Evaluator::SetShellOptions(const Words& words) {
  const auto has_letter = [&words](char letter) {
    return std::any_of(words.begin() + 1, words.end(), [letter](const Word& word) {
      return word.text.starts_with('-') && word.text.find(letter) != std::string::npos;
    });
  };
  const bool sets = has_letter('s');
  if (!sets && !has_letter('u')) {
    const bool unknown = std::any_of(words.begin(), words.end(), [](const Word& word) { return !IsKnown(word.text); });
    unknown ? SetOption("-o", std::string_view("\0", 1)) : void();
    return;
  }
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i].text.starts_with('-')) {
      continue;
    }
    if (has_letter('o')) {
      SetOption(sets ? "-o" : "+o", words[i].text);
    } else if (Setting* option = FindOption(&state_.options, words[i].text); option != nullptr) {
      *option = sets ? Setting::kOn : Setting::kOff;
    } else if (!IsKnown(words[i].text)) {
      state_.options.nullglob = state_.options.dotglob = state_.options.nocaseglob = Setting::kUnknown;
      state_.options.failglob = state_.options.extglob = state_.options.globstar = Setting::kUnknown;
      state_.options.nocasematch = state_.options.patsub_replacement = Setting::kUnknown;
      state_.options.lastpipe = Setting::kUnknown;
    }
  }
}

void Evaluator::DefineAliases(const Words& words) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t equals = words[i].text.find('=');
    if (equals != std::string::npos && equals > 0) {
      state_.aliases[words[i].text.substr(0, equals)] = words[i].text.substr(equals + 1);
      if (names_.MentionedIn(words[i].text)) {
        tainted_.insert("BASH_ALIASES");
      }
    }
  }
}

}  // namespace safe_docker::shell
