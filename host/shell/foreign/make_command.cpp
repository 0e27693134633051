// make's command line: which files it reads, where, and for which goals.
#include <algorithm>
#include <array>

#include "file_system.hpp"
#include "language.hpp"
#include "makefile.hpp"
#include "task_readers.hpp"

namespace safe_docker::shell {
namespace {

constexpr auto kNpos = std::string_view::npos;
constexpr std::string_view kLettersWithValue = "CfIEoW";
constexpr std::string_view kLettersWithNumber = "jlO";
// A number, or one that is not known.
constexpr std::string_view kNumber("0123456789.\0", 12);
constexpr std::string_view kLongWithValue =
    " directory file makefile include-dir eval old-file assume-old what-if new-file assume-new ";

class ArgumentReader {
 public:
  explicit ArgumentReader(const std::string& cwd) { arguments_.directory = cwd; }

  void Read(const std::vector<std::string>& words);
  MakeArguments Take() { return std::move(arguments_); }

 private:
  void TakeValue(char letter, const std::string& value);
  void ReadLong(const std::vector<std::string>& words, std::size_t* at);
  void ReadShort(const std::vector<std::string>& words, std::size_t* at);
  void ReadOperand(const std::string& word);

  MakeArguments arguments_;
};

void ArgumentReader::TakeValue(char letter, const std::string& value) {
  if (letter == 'C') {
    const bool known = IsKnown(value) && !value.empty() && (value[0] == '/' || IsKnown(arguments_.directory));
    arguments_.directory = known ? CleanPath(value, arguments_.directory) : std::string(1, kUnknownPart);
  } else if (letter == 'f') {
    arguments_.files.push_back(value);
  } else if (letter == 'E') {
    arguments_.texts.push_back(value);
  }
}

void ArgumentReader::ReadLong(const std::vector<std::string>& words, std::size_t* at) {
  const std::string_view word = words[*at];
  const std::size_t equals = word.find('=');
  const std::string_view name = word.substr(2, equals == kNpos ? kNpos : equals - 2);
  arguments_.dry_run = arguments_.dry_run || IsListed(" dry-run just-print recon question touch ", name);
  arguments_.environment_wins = arguments_.environment_wins || name == "environment-overrides";
  if (!IsListed(kLongWithValue, name)) {
    return;
  }
  const bool in_next = equals == kNpos && *at + 1 < words.size();
  const std::string value = in_next ? words[++*at] : std::string(word.substr(std::min(equals, word.size() - 1) + 1));
  const char letter = name == "directory"                    ? 'C'
                      : name == "file" || name == "makefile" ? 'f'
                      : name == "eval"                       ? 'E'
                                                             : 'o';
  TakeValue(letter, value);
}

void ArgumentReader::ReadShort(const std::vector<std::string>& words, std::size_t* at) {
  const std::string& word = words[*at];
  for (std::size_t i = 1; i < word.size(); ++i) {
    arguments_.dry_run = arguments_.dry_run || word[i] == 'n' || word[i] == 'q' || word[i] == 't';
    arguments_.environment_wins = arguments_.environment_wins || word[i] == 'e';
    const std::string rest = word.substr(i + 1);
    if (kLettersWithValue.find(word[i]) != kNpos) {
      TakeValue(word[i], rest.empty() && *at + 1 < words.size() ? words[++*at] : rest);
      return;
    }
    if (kLettersWithNumber.find(word[i]) != kNpos) {
      const bool number_follows = rest.empty() && *at + 1 < words.size() && !words[*at + 1].empty() &&
                                  words[*at + 1].find_first_not_of(kNumber) == std::string::npos;
      *at += number_follows ? 1 : 0;
      return;
    }
  }
}

void ArgumentReader::ReadOperand(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0) {
    arguments_.goals.push_back(word);
    return;
  }
  std::string name = word.substr(0, equals);
  while (!name.empty() && std::string_view(":+?!").find(name.back()) != kNpos) {
    name.pop_back();
  }
  const auto same = [&name](const auto& each) { return each.first == name; };
  arguments_.variables.erase(std::remove_if(arguments_.variables.begin(), arguments_.variables.end(), same),
                             arguments_.variables.end());
  arguments_.variables.emplace_back(std::move(name), word.substr(equals + 1));
}

void ArgumentReader::Read(const std::vector<std::string>& words) {
  bool options_end = false;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (word == "--") {
      options_end = true;
    } else if (!options_end && word.starts_with("--")) {
      ReadLong(words, &at);
    } else if (!options_end && word.size() > 1 && word[0] == '-') {
      ReadShort(words, &at);
    } else if (!word.empty()) {
      ReadOperand(word);
    }
  }
}

// The words of MAKEFLAGS: the first may be letters without a dash.
std::vector<std::string> FlagsOf(const ForeignContext& context) {
  std::vector<std::string> words;
  for (const char* name : {"MAKEFLAGS", "GNUMAKEFLAGS"}) {
    const Variable variable = context.environment.Get(name);
    std::string word;
    bool first = true;
    const auto add = [&] {
      const bool letters = first && !word.empty() && word[0] != '-' && word.find('=') == std::string::npos;
      word.empty() ? void() : words.push_back(letters ? "-" + word : word);
      word.clear();
      first = false;
    };
    for (std::size_t i = 0; variable.state != Variable::State::kUnset && i < variable.value.size(); ++i) {
      if (variable.value[i] == '\\' && i + 1 < variable.value.size()) {
        word.push_back(variable.value[++i]);
      } else {
        variable.value[i] == ' ' ? add() : word.push_back(variable.value[i]);
      }
    }
    add();
    words.erase(std::remove(words.begin(), words.end(), "--"), words.end());
  }
  return words;
}

}  // namespace

ForeignCode ReadMake(const std::vector<Word>& words, const ForeignContext& context) {
  ArgumentReader reader(context.cwd);
  reader.Read(FlagsOf(context));
  std::vector<std::string> texts;
  bool unknown_goal = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const bool plain =
        !words[i].may_split || words[i].text.find('=') != std::string::npos || words[i].text.starts_with('-');
    plain ? texts.push_back(words[i].text) : void(unknown_goal = true);
  }
  reader.Read(texts);
  const MakeArguments arguments = reader.Take();
  Makefile makefile(context, arguments);
  ForeignCode nothing;
  if (!IsKnown(arguments.directory)) {
    nothing.NotUnderstood("which Makefile is read is not known", context.written_mention);
    return arguments.texts.empty() ? nothing : makefile.Run(unknown_goal);
  }
  bool read = !arguments.texts.empty();
  for (const std::string& file : arguments.files) {
    if (file == "-" || file == "/dev/stdin") {
      context.has_input&& IsKnown(context.input) ? makefile.ReadText(context.input, "-", 0)
                                                 : nothing.NotUnderstood("the Makefile is not known", false);
      read = read || context.has_input;
    } else if (IsKnown(file)) {
      read = makefile.ReadFile(CleanPath(file, arguments.directory), 0) || read;
    } else {
      nothing.NotUnderstood("which Makefile is read is not known", context.written_mention);
    }
  }
  for (const char* name : {"GNUmakefile", "makefile", "Makefile"}) {
    if (arguments.files.empty() && makefile.ReadFile(CleanPath(name, arguments.directory), 0)) {
      read = true;
      break;
    }
  }
  return read ? makefile.Run(unknown_goal) : nothing;
}

}  // namespace safe_docker::shell
