#include "docker/arguments.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "docker/csv.hpp"
#include "docker/values.hpp"

namespace safe_docker::docker {
namespace {

bool LooksLikeFlag(const Word& word) { return word.text.size() > 1 && word.text[0] == '-'; }

bool StartsUnknown(const Word& word) { return !word.text.empty() && word.text[0] == kUnknownPart; }

// The value of a flag that stands alone and takes no word behind it.
std::string ValueWhenBare(const Flag& flag) { return flag.is_switch() ? "true" : ""; }

// Reads the flags of one level.
class FlagReader {
 public:
  FlagReader(Command command, std::span<const Word> words, Invocation* invocation)
      : command_(command), words_(words), invocation_(*invocation) {}

  // Reads flags from the first word on. Returns how many words were read: all of them, or up to the first argument if
  // arguments end the flags of this level, or up to and with "--".
  std::size_t Read(bool ends_at_argument) {
    while (at_ < words_.size()) {
      const Word& word = words_[at_];
      if (word.text == "--") {
        ++at_;
        break;
      }
      if (!LooksLikeFlag(word)) {
        DoubtArgument(word);
        if (ends_at_argument) {
          break;
        }
        invocation_.arguments.push_back(word);
        ++at_;
        continue;
      }
      ++at_;
      if (!(word.text[1] == '-' ? ReadLong(word) : ReadShort(word))) {
        return words_.size();
      }
    }
    return at_;
  }

 private:
  bool Refuse(std::string what, const Word& word) {
    invocation_.doubts.push_back({std::move(what), word.written, /*is_refusal=*/true});
    return false;
  }

  bool DoubtFlag(std::string what, const Word& word) {
    invocation_.doubts.push_back({std::move(what), word.written});
    return false;
  }

  // An unquoted unknown part in front of the image may turn into any option. A word that starts with known text and is
  // no flag is the image; what it may bring along comes after it.
  void DoubtArgument(const Word& word) {
    if (!StartsUnknown(word) || command_.arguments() != ArgumentsRole::kImageAndCommand || IsImageOrNothing(word)) {
      return;
    }
    DoubtValue(word);
    if (!word.may_split && at_ + 1 < words_.size()) {
      invocation_.doubts.push_back(
          {"a value in the image's place that may be an option, with the image behind it", word.written});
    }
  }

  // An id that a program printed is no option. If it printed none, what follows must not be options either.
  bool IsImageOrNothing(const Word& word) const {
    const bool options_follow =
        std::any_of(words_.begin() + static_cast<std::ptrdiff_t>(at_) + 1, words_.end(),
                    [](const Word& other) { return other.may_split || StartsUnknown(other) || other.text[0] == '-'; });
    return word.is_identifier && !options_follow;
  }

  // The next word as a value, whatever it looks like.
  const Word* TakeValue() {
    if (at_ == words_.size()) {
      return nullptr;
    }
    const Word& word = words_[at_++];
    DoubtValue(word);
    return &word;
  }

  void DoubtValue(const Word& word) {
    if (word.may_split && command_.arguments() == ArgumentsRole::kImageAndCommand) {
      invocation_.doubts.push_back({"an unquoted value that may hold options", word.written});
    }
  }

  // What docker refuses does nothing, but the rest of the line is read all the same: the doubt alone would only ask.
  void DoubtRefusedValue(const Flag& flag, std::string_view value, const std::string& written) {
    if (command_.dialect() != Dialect::kDocker) {
      return;  // others take other values
    }
    const std::string_view expected = ExpectedInstead(command_.path(), flag.name(), value);
    if (!expected.empty()) {
      invocation_.doubts.push_back(
          {"--" + std::string(flag.name()) + " takes " + std::string(expected), written, true});
    }
  }

  bool Add(const Flag& flag, std::string value, std::string written, const Word& word) {
    if (flag.is_switch() && IsKnown(value)) {
      const std::optional<bool> parsed = ParseBool(value);
      if (!parsed) {
        return Refuse("--" + std::string(flag.name()) + " takes true or false", word);
      }
      value = *parsed ? "true" : "false";
    } else if (IsKnown(value)) {
      DoubtRefusedValue(flag, value, written);
    }
    const bool is_list = flag.kind() == FlagKind::kList || flag.kind() == FlagKind::kListOrValue;
    const bool has_parts = is_list && value.find_first_of(",\"\n") != std::string::npos;
    if (has_parts && !AddParts(flag, value, written)) {
      return Refuse("--" + std::string(flag.name()) + " takes a list", word);
    }
    if (!has_parts || flag.kind() == FlagKind::kListOrValue) {
      invocation_.options.push_back({flag, std::move(value), std::move(written)});
    }
    return true;
  }

  // The parts of a list as options of their own.
  bool AddParts(const Flag& flag, std::string_view value, const std::string& written) {
    const std::optional<std::vector<std::string>> parts = ReadCsvRecord(value);
    if (!parts) {
      return flag.kind() == FlagKind::kListOrValue;
    }
    for (const std::string& part : *parts) {
      invocation_.options.push_back({flag, part, written});
    }
    return true;
  }

  bool ReadLong(const Word& word) {
    const std::string_view text = std::string_view(word.text).substr(2);
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    if (name.empty() || name[0] == '-') {
      return Refuse("an option is -x, --name or --name=value", word);
    }
    const std::optional<Flag> flag = command_.FindFlag(name);
    if (!flag) {
      return DoubtFlag(IsKnown(name) ? "unknown flag --" + std::string(name) : "a flag whose name is not known", word);
    }
    if (equals != std::string_view::npos) {
      DoubtValue(word);
      return Add(*flag, std::string(text.substr(equals + 1)), word.written, word);
    }
    if (!flag->takes_next_word()) {
      return Add(*flag, ValueWhenBare(*flag), word.written, word);
    }
    const Word* value = TakeValue();
    return value != nullptr ? Add(*flag, value->text, word.written + " " + value->written, word)
                            : Refuse("--" + std::string(name) + " needs a value", word);
  }

  // One word of bundled letters.
  bool ReadShort(const Word& word) {
    constexpr std::size_t kMostLetters = 1000;
    std::string_view rest = std::string_view(word.text).substr(1);
    std::size_t letters = 0;
    while (!rest.empty()) {
      const char letter = rest[0];
      rest.remove_prefix(1);
      const std::optional<Flag> flag = command_.FindShortFlag(letter);
      if (!flag) {
        return DoubtFlag(
            letter == kUnknownPart ? "a flag whose name is not known" : std::string("unknown short flag -") + letter,
            word);
      }
      if (rest.size() > 1 && rest[0] == '=') {
        DoubtValue(word);
        return Add(*flag, std::string(rest.substr(1)), word.written, word);
      }
      if (!flag->takes_next_word()) {
        if (++letters > kMostLetters) {
          return DoubtFlag("more flags in one word than anybody writes", word);
        }
        if (!Add(*flag, ValueWhenBare(*flag), word.written.substr(0, kMostLetters), word)) {
          return false;
        }
        continue;
      }
      if (!rest.empty()) {
        DoubtValue(word);
        return Add(*flag, std::string(rest), word.written, word);
      }
      const Word* value = TakeValue();
      return value != nullptr ? Add(*flag, value->text, word.written + " " + value->written, word)
                              : Refuse(std::string("-") + letter + " needs a value", word);
    }
    return true;
  }

  Command command_;
  std::span<const Word> words_;
  Invocation& invocation_;
  std::size_t at_ = 0;
};

// True if cobra, looking for the next command's name, would take the word after `word` for a value of it. It looks at
// single words only: a bundle of letters never takes one.
bool HidesNextWord(Command command, const Word& word) {
  const std::string_view text = word.text;
  if (text.find('=') != std::string_view::npos) {
    return false;
  }
  if (text.starts_with("--")) {
    const std::optional<Flag> flag = command.FindFlag(text.substr(2));
    return !flag || flag->takes_next_word();
  }
  if (text.size() == 2) {
    const std::optional<Flag> flag = command.FindShortFlag(text[1]);
    return !flag || flag->takes_next_word();
  }
  return false;
}

// The place of the next command's name in `words`; their number if there is none.
std::size_t FindCommandWord(Command command, std::span<const Word> words) {
  std::size_t at = 0;
  while (at < words.size() && (LooksLikeFlag(words[at]))) {
    at += HidesNextWord(command, words[at]) ? 2 : 1;
  }
  return std::min(at, words.size());
}

// True if the words in front of the command's name can be read in two ways. Where docker's client reads its global
// flags by itself, others let cobra look for the command: it takes "--" for a flag with a value, and a flag's value
// that looks like a flag for one.
bool IsAmbiguous(Command command, std::span<const Word> words) {
  for (std::size_t at = 0; at < words.size(); ++at) {
    const bool has_value = HidesNextWord(command, words[at]);
    if (words[at].text == "--" || (has_value && at + 1 < words.size() && LooksLikeFlag(words[at + 1]))) {
      return true;
    }
    at += has_value ? 1 : 0;
  }
  return false;
}

bool AsksForHelp(const Invocation& invocation, std::size_t first_option, std::size_t last_option) {
  bool help = false;
  for (std::size_t index = first_option; index < last_option; ++index) {
    if (invocation.options[index].flag.name() == "help") {
      help = invocation.options[index].value == "true";
    }
  }
  return help;
}

// How many arguments a command takes.
struct ArgumentCount {
  std::string_view command;
  std::size_t least;
  std::size_t most;
};
constexpr std::size_t kAnyNumber = SIZE_MAX;
constexpr ArgumentCount kArgumentCounts[] = {
    {"buildx build", 1, 1},
    {"container create", 1, kAnyNumber},
    {"container exec", 2, kAnyNumber},
    {"container run", 1, kAnyNumber},
    {"image build", 1, 1},
    {"service create", 1, kAnyNumber},
    {"service update", 1, 1},
    {"volume create", 0, 1},
};

void DoubtArgumentCount(Invocation* invocation) {
  const std::vector<Word>& words = invocation->arguments;
  for (const ArgumentCount& count : kArgumentCounts) {
    if (count.command != invocation->command.path() || invocation->command.dialect() != Dialect::kDocker) {
      continue;
    }
    const bool may_split = std::any_of(words.begin(), words.end(), [](const Word& word) { return word.may_split; });
    if (!may_split && (words.size() < count.least || words.size() > count.most)) {
      invocation->doubts.push_back(
          {"docker " + std::string(count.command) + " takes " +
               (words.size() < count.least ? "more arguments than these" : "fewer arguments than these"),
           words.empty() ? std::string() : words.back().written, true});
    }
  }
}

// The client refuses two engines at once.
void DoubtEngineFlags(Invocation* invocation) {
  const auto chooses_engine = [](const GivenOption& option) {
    return option.flag.role() == FlagRole::kEngineHost || option.flag.role() == FlagRole::kEngineContext;
  };
  const auto is_host = [](const GivenOption& option) { return option.flag.role() == FlagRole::kEngineHost; };
  const std::vector<GivenOption>& options = invocation->options;
  const auto hosts = std::count_if(options.begin(), options.end(), is_host);
  const auto all = std::count_if(options.begin(), options.end(), chooses_engine);
  if (hosts > 1 || (hosts == 1 && all > 1)) {
    invocation->doubts.push_back({"-H and --context name one engine, once", options.front().written, true});
  }
}

}  // namespace

std::optional<bool> ParseBool(std::string_view text) {
  constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "TRUE", "true", "True"};
  constexpr std::array<std::string_view, 6> kFalse = {"0", "f", "F", "FALSE", "false", "False"};
  if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) {
    return true;
  }
  if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) {
    return false;
  }
  return std::nullopt;
}

Invocation ReadArguments(Command start, std::span<const Word> words, bool classic) {
  Invocation invocation;
  invocation.command = start;
  bool help_in_front = false;
  if (start == Command::Root()) {
    // The client reads its global flags once by itself before it looks for the command; "--" ends only that reading.
    FlagReader reader(start, words, &invocation);
    words = words.subspan(reader.Read(/*ends_at_argument=*/true));
    help_in_front = AsksForHelp(invocation, 0, invocation.options.size());
  }
  while (invocation.doubts.empty() && invocation.command.has_children()) {
    const std::size_t at = FindCommandWord(invocation.command, words);
    if (at == words.size()) {
      break;
    }
    std::optional<Command> child = invocation.command.FindChild(words[at].text);
    if (classic && invocation.command.FindAlternativeChild(words[at].text)) {
      child = invocation.command.FindAlternativeChild(words[at].text);
    }
    if (!child) {
      break;
    }
    if (child->dialect() != Dialect::kDocker && IsAmbiguous(invocation.command, words.first(at))) {
      invocation.doubts.push_back({"options in front of the command that can be read in two ways", words[0].written});
    }
    const std::size_t first_option = invocation.options.size();
    FlagReader(invocation.command, words.first(at), &invocation).Read(/*ends_at_argument=*/false);
    help_in_front = help_in_front || AsksForHelp(invocation, first_option, invocation.options.size());
    words = words.subspan(at + 1);
    invocation.command = *child;
  }
  if (!invocation.doubts.empty()) {
    return invocation;
  }
  invocation.arguments.clear();
  const std::size_t first_option = invocation.options.size();
  FlagReader reader(invocation.command, words, &invocation);
  const std::size_t read = reader.Read(invocation.command.ends_at_argument());
  invocation.arguments.insert(invocation.arguments.end(), words.begin() + static_cast<std::ptrdiff_t>(read),
                              words.end());
  invocation.prints_help = AsksForHelp(invocation, first_option, invocation.options.size()) ||
                           (help_in_front && !invocation.command.own_help());
  if (!invocation.prints_help && invocation.doubts.empty() && start.dialect() == Dialect::kDocker) {
    DoubtArgumentCount(&invocation);
  }
  DoubtEngineFlags(&invocation);
  return invocation;
}

const GivenOption* LastOption(const Invocation& invocation, std::string_view name) {
  const auto found = std::find_if(invocation.options.rbegin(), invocation.options.rend(),
                                  [name](const GivenOption& option) { return option.flag.name() == name; });
  return found != invocation.options.rend() ? &*found : nullptr;
}

}  // namespace safe_docker::docker
