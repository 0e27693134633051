#include "output.hpp"

#include <algorithm>
#include <array>

#include "file_system.hpp"
#include "names.hpp"

namespace safe_docker::shell {
namespace {

std::string Unknown() { return std::string(1, kUnknownPart); }

std::string Echo(const std::vector<Word>& words) {
  std::size_t first = 1;
  bool newline = true;
  bool escapes = false;
  for (; first < words.size(); ++first) {
    const std::string& word = words[first].text;
    if (word.size() < 2 || word[0] != '-' || word.find_first_not_of("neE", 1) != std::string::npos) {
      break;
    }
    newline = newline && word.find('n') == std::string::npos;
    escapes = escapes || word.find('e') != std::string::npos;
  }
  std::string text;
  for (std::size_t i = first; i < words.size(); ++i) {
    text.append(i == first ? "" : " ").append(words[i].text);
  }
  if (escapes && text.find('\\') != std::string::npos) {
    return Unknown();
  }
  return newline ? text + "\n" : text;
}

// printf with %s, %d, %% and the common escapes; anything else is unknown.
std::string Printf(const std::vector<Word>& words) {
  std::size_t at = words.size() > 1 && words[1].text == "--" ? 2 : 1;
  if (words.size() <= at || words[at].text.starts_with('-')) {
    return Unknown();
  }
  const std::string& format = words[at++].text;
  std::string text;
  do {
    const std::size_t before = at;
    for (std::size_t i = 0; i < format.size(); ++i) {
      const char c = format[i];
      const char next = i + 1 < format.size() ? format[i + 1] : '\0';
      if (c == '\\') {
        const std::size_t which = std::string_view("nt\\\"'").find(next);
        if (which == std::string_view::npos || next == '\0') {
          return Unknown();
        }
        text.push_back("\n\t\\\"'"[which]);
        ++i;
      } else if (c == '%') {
        if (next != 's' && next != 'd' && next != '%') {
          return Unknown();
        }
        next == '%' ? text.append("%") : text.append(at < words.size() ? words[at].text : (next == 'd' ? "0" : ""));
        at += next == '%' ? 0 : 1;
        ++i;
      } else {
        text.push_back(c);
      }
    }
    if (at == before || text.size() > 65536) {
      break;
    }
  } while (at < words.size());
  return text;
}

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

std::optional<std::string> OutputOf(const std::vector<Word>& words, const ToolContext& context) {
  const std::string_view program = BaseName(words[0].text);
  const bool may_split = std::any_of(words.begin(), words.end(), [](const Word& word) { return word.may_split; });
  if (program == "echo") {
    return Echo(words);
  }
  if (program == "printf") {
    return may_split ? Unknown() : Printf(words);
  }
  if (program == "pwd") {
    const bool follows = context.physical || std::any_of(words.begin() + 1, words.end(), [](const Word& word) {
                           return word.may_split || word.text.find('P') != std::string::npos || !IsKnown(word.text);
                         });
    const ResolvedPath folder = follows && IsKnown(context.cwd) ? ResolvePath(context.cwd, "/") : ResolvedPath();
    const bool same = !follows || (folder.complete && folder.resolved == context.cwd);
    return (same ? std::string(context.cwd) : Unknown()) + "\n";
  }
  if (program == "cat" && words.size() == 1 && context.input != nullptr) {
    return *context.input;
  }
  if (program == "true" || program == ":" || program == "false" || program == "test" || program == "[") {
    return std::string();
  }
  return std::nullopt;
}

bool IsDecoder(const std::vector<Word>& words) {
  constexpr std::array<std::string_view, 13> kDecoders = {"rev",  "tr",      "xxd",   "openssl",  "gunzip",
                                                          "zcat", "bzcat",   "xzcat", "uudecode", "base32",
                                                          "unxz", "bunzip2", "tac"};
  const std::string_view program = BaseName(words[0].text);
  const auto has = [&words](std::string_view letters, std::string_view option) {
    return std::any_of(words.begin() + 1, words.end(), [&](const Word& word) {
      const std::string_view text = word.text;
      const bool bundled = text.size() > 1 && text[0] == '-' && text[1] != '-' && text.find(letters) != text.npos;
      return bundled || (text.size() > 3 && option.starts_with(text));
    });
  };
  if (program == "base64" || program == "basenc") {
    return has("d", "--decode") || has("D", "--decode");
  }
  if (program == "gzip" || program == "xz" || program == "bzip2" || program == "zstd") {
    return has("d", "--decompress");
  }
  return std::find(kDecoders.begin(), kDecoders.end(), program) != kDecoders.end();
}

}  // namespace safe_docker::shell
