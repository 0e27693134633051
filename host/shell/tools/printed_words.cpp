// Programs whose text nobody can know beforehand, but how many words it makes.
#include <algorithm>
#include <array>

#include "output.hpp"

namespace safe_docker::shell {
namespace {

// Programs that print one word with each of these options alone ("none": without any).
struct OneWordProgram {
  std::string_view name;
  std::string_view options;
  PrintedWords words;
};
constexpr std::array kOneWordPrograms = {
    OneWordProgram{"id", " -u -g -un -gn -nu -ng -ur -gr -ru -rg --user --group ", PrintedWords::kOne},
    OneWordProgram{"nproc", " none --all ", PrintedWords::kOne},
    OneWordProgram{"whoami", " none ", PrintedWords::kOne},
    OneWordProgram{"arch", " none ", PrintedWords::kOne},
    OneWordProgram{"uname", " none -s -n -r -m -p -i -o ", PrintedWords::kOne},
    OneWordProgram{"hostname", " none -s -f ", PrintedWords::kAtMostOne},
    OneWordProgram{"mktemp", " none -d -u ", PrintedWords::kAtMostOne},
};

// +FORMAT that gives no blanks in any locale, and more than nothing.
bool IsDateWithoutBlanks(std::string_view format) {
  if (format.size() < 2 || format[0] != '+' || format[1] == '-') {
    return false;
  }
  for (std::size_t i = 1; i < format.size(); ++i) {
    if (format[i] == '%') {
      i = std::min(format.find_first_not_of("-0123456789", i + 1), format.size());
      if (i == format.size() || std::string_view("CDFGHMNRSTUVWYdgjmsuwyz").find(format[i]) == std::string_view::npos) {
        return false;
      }
    } else if (static_cast<unsigned char>(format[i]) <= ' ') {
      return false;
    }
  }
  return format[1] != '%' || format[2] != 'z';  // which may begin with '-'
}

// `git rev-parse`, `git describe` and `git branch --show-current` with options that do not make them print anything
// else.
bool PrintsOneRevision(const std::vector<Word>& words) {
  constexpr std::array<std::string_view, 14> kOptions = {
      "--short", "--verify", "--quiet", "-q",       "--abbrev-ref",   "--tags",        "--always",
      "--long",  "--dirty",  "--all",   "--abbrev", "--first-parent", "--exact-match", "--show-current"};
  std::size_t at = words.size() > 3 && words[1].text == "-C" ? 3 : 1;
  if (at >= words.size() || (words[at].text != "rev-parse" && words[at].text != "describe" &&
                             (words[at].text != "branch" || words.back().text != "--show-current"))) {
    return false;
  }
  std::size_t revisions = 0;
  for (++at; at < words.size(); ++at) {
    const std::string_view word = words[at].text;
    const bool option = std::find(kOptions.begin(), kOptions.end(), word.substr(0, word.find('='))) != kOptions.end();
    const bool blank = word.find_first_of(" \t\n") != std::string_view::npos;
    if (blank || (!option && (word.empty() || word[0] == '-' || word.find("..") != std::string_view::npos))) {
      return false;
    }
    revisions += option ? 0 : 1;
  }
  return revisions <= 1;
}

}  // namespace

bool MayPrintOneWord(std::string_view program) {
  return program == "git" || program == "date" ||
         std::any_of(kOneWordPrograms.begin(), kOneWordPrograms.end(),
                     [program](const OneWordProgram& each) { return each.name == program; });
}

PrintedWords WordsPrintedBy(const std::vector<Word>& words) {
  const std::string_view program = words[0].text;
  for (const Word& word : words) {
    if (word.may_split || !IsKnown(word.text)) {
      return PrintedWords::kAny;
    }
  }
  if (program == "git") {
    return PrintsOneRevision(words) ? PrintedWords::kAtMostOne : PrintedWords::kAny;
  }
  if (program == "date") {
    const bool utc = words.size() == 3 && (words[1].text == "-u" || words[1].text == "--utc");
    const bool fits = (words.size() == 2 || utc) && IsDateWithoutBlanks(words.back().text);
    return fits ? PrintedWords::kOne : PrintedWords::kAny;
  }
  const auto* found = std::find_if(kOneWordPrograms.begin(), kOneWordPrograms.end(),
                                   [program](const OneWordProgram& each) { return each.name == program; });
  if (found == kOneWordPrograms.end() || words.size() > 2) {
    return PrintedWords::kAny;
  }
  const std::string option = words.size() == 2 ? " " + words[1].text + " " : " none ";
  const bool listed = option.find(' ', 1) == option.size() - 1 && found->options.find(option) != std::string_view::npos;
  return listed ? found->words : PrintedWords::kAny;
}

PrintedWords WordsOfVariable(std::string_view name, bool in_bash) {
  constexpr std::array<std::string_view, 11> kOfBash = {
      "UID", "EUID", "PPID", "RANDOM", "SECONDS", "BASHPID", "HOSTNAME", "HOSTTYPE", "MACHTYPE", "OSTYPE", "LINENO"};
  if (std::find(kOfBash.begin(), kOfBash.end(), name) != kOfBash.end()) {
    return in_bash ? PrintedWords::kOne : PrintedWords::kAtMostOne;
  }
  return name == "USER" || name == "LOGNAME" ? PrintedWords::kAtMostOne : PrintedWords::kAny;
}

}  // namespace safe_docker::shell
