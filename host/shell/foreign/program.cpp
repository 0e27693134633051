// Which text an interpreter's command runs: an option's value, a script, its standard input.
#include "program.hpp"

#include <algorithm>
#include <optional>

#include "file_system.hpp"
#include "foreign_code.hpp"
#include "joined_words.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::string_view kShellLikes = " pwsh powershell ";

// What an interpreter's command line says.
struct Invocation {
  std::string code;
  bool has_code = false;
  bool is_module = false;
  bool unknown = false;              // an option may be anything
  std::string script;                // empty: none, or standard input
  std::size_t arguments = 0;         // where those of the program start
  std::vector<std::string> presets;  // NAME=VALUE
};

class InvocationReader {
 public:
  InvocationReader(const Language& language, const std::vector<Word>& words) : language_(language), words_(words) {}

  Invocation Read();

 private:
  bool ReadOption();
  void ReadCluster(std::string_view word);
  void AddCode(std::string_view code);
  std::string_view Next() { return at_ + 1 < words_.size() ? std::string_view(words_[++at_].text) : ""; }

  const Language& language_;
  const std::vector<Word>& words_;
  std::size_t at_ = 1;
  Invocation result_;
};

void InvocationReader::AddCode(std::string_view code) {
  result_.code.append(result_.has_code ? "\n" : "").append(code);
  result_.has_code = true;
}

// Short options in one word: -lane CODE, -uc CODE, -vNAME=VALUE.
void InvocationReader::ReadCluster(std::string_view word) {
  for (std::size_t i = 1; i < word.size(); ++i) {
    const std::string option = std::string("-") + word[i];
    const std::string_view rest = word.substr(i + 1);
    if (IsListed(language_.code_options, option)) {
      AddCode(rest.empty() ? Next() : rest);
      return;
    }
    if (IsListed(language_.module_options, option)) {
      const std::string_view module = rest.empty() ? Next() : rest;
      result_.is_module = !IsListed(" cProfile profile pdb trace ", module);
      return;
    }
    if (IsListed(language_.value_options, option)) {
      const std::string_view value = rest.empty() ? Next() : rest;
      if (option == "-v") {
        result_.presets.emplace_back(value);
      }
      return;
    }
    if (option == "-f" && (language_.first_is_code || i == 1) &&
        language_.names.find("node") == std::string_view::npos) {
      result_.script = rest.empty() ? Next() : rest;
      return;
    }
    if (language_.attached.find(word[i]) != std::string_view::npos) {
      return;
    }
  }
}

// False if the word is no option.
bool InvocationReader::ReadOption() {
  const std::string_view word = words_[at_].text;
  if (word.size() < 2 || word[0] != '-') {
    return false;
  }
  const std::size_t equals = word.find('=');
  if (IsListed(language_.code_options, word)) {
    AddCode(Next());
  } else if (word.starts_with("--") && IsListed(language_.code_options, word.substr(0, equals))) {
    AddCode(word.substr(equals + 1));
  } else if (word == "--file") {
    result_.script = Next();
  } else if (IsListed(language_.value_options, word)) {
    const std::string_view value = Next();
    if (word == "-v" || word == "--assign") {
      result_.presets.emplace_back(value);
    }
  } else if (!word.starts_with("--")) {
    ReadCluster(word);
  }
  return true;
}

Invocation InvocationReader::Read() {
  bool options_end = false;
  for (; at_ < words_.size() && !result_.is_module; ++at_) {
    const std::string_view word = words_[at_].text;
    result_.unknown = result_.unknown || words_[at_].may_split;
    if (!options_end && word == "--") {
      options_end = true;
    } else if (options_end || word == "-" || !ReadOption()) {
      const bool sub_command = !options_end && IsListed(language_.sub_commands, word);
      if (sub_command) {
        word == "eval" ? AddCode(Next()) : void();
        continue;
      }
      if (language_.first_is_code && !result_.has_code && result_.script.empty()) {
        AddCode(word);
        ++at_;
      } else if (!result_.has_code && result_.script.empty()) {
        result_.script = word == "-" ? "/dev/stdin" : word;
        ++at_;
      }
      break;
    }
  }
  result_.arguments = std::min(at_, words_.size());
  return std::move(result_);
}

bool MentionedOutside(const std::vector<Word>& words, std::size_t from, const ForeignContext& context) {
  const bool in_environment =
      std::any_of(context.environment.changes().begin(), context.environment.changes().end(),
                  [&](const auto& change) { return context.names->CalledIn(change.second.value); });
  return in_environment || context.names->CalledIn(JoinedText(words, from)) ||
         (context.has_input && context.names->CalledIn(context.input));
}

// Where the language is a shell's, every word may be a command.
ForeignCode ReadShellLike(const std::vector<Word>& words, const ForeignContext& context) {
  ForeignCode code;
  std::string text = JoinedText(words, 1);
  text.append("\n").append(context.has_input ? context.input : std::string_view());
  const bool one_liner = std::any_of(words.begin() + 1, words.end(), [](const Word& word) {
    return word.text.find_first_of(" ({`") != std::string::npos;
  });
  if ((one_liner || context.may_have_input) && context.names->MentionedIn(text)) {
    code.NotUnderstood("a program in another language that may start it", true);
  }
  return code;
}

std::string_view WithoutVersion(std::string_view program) {
  const std::size_t digits = program.find_last_not_of("0123456789.-");
  return program.substr(0, digits == std::string_view::npos ? 0 : digits + 1);
}

}  // namespace

bool IsInterpreter(std::string_view program) {
  return FindLanguage(program) != nullptr || IsListed(kShellLikes, WithoutVersion(program));
}

ForeignCode ReadProgram(const std::vector<Word>& words, const ForeignContext& context) {
  const std::string_view program = BaseName(words[0].text);
  const Language* language = FindLanguage(program);
  if (language == nullptr) {
    return ReadShellLike(words, context);
  }
  ForeignCode code;
  const Invocation invocation = InvocationReader(*language, words).Read();
  if (invocation.unknown) {
    code.NotUnderstood("its options are known only when it runs", context.names->MentionedIn(JoinedText(words, 1)));
    return code;
  }
  std::optional<std::string> text;
  bool mentioned = MentionedOutside(words, invocation.arguments, context);
  if (invocation.is_module) {
    return code;
  }
  if (invocation.has_code) {
    text = invocation.code;
  } else if (invocation.script.empty() || invocation.script == "/dev/stdin") {
    if (context.has_input) {
      text = std::string(context.input);
      mentioned = false;
    } else if (context.may_have_input) {
      code.NotUnderstood("its program is known only when it runs", mentioned);
    }
  } else if (!IsKnown(invocation.script) || (invocation.script[0] != '/' && !IsKnown(context.cwd))) {
    code.NotUnderstood("which script runs is not known", mentioned || context.written_mention);
  } else {
    const std::string path = CleanPath(invocation.script, context.cwd);
    text = context.files->Read(path);
    code.reads_written = context.files->IsWritten(path);
  }
  if (!text) {
    return code;
  }
  if (*text == std::string(1, kUnknownPart)) {
    code.NotUnderstood("what its program holds is not known", mentioned);
    return code;
  }
  ProgramReader reader(*language, context, 0);
  for (const std::string& preset : invocation.presets) {
    const std::size_t equals = preset.find('=');
    equals == std::string::npos ? void() : reader.Preset(preset.substr(0, equals), preset.substr(equals + 1));
  }
  return reader.Read(*text, mentioned);
}

ForeignCode ReadScript(std::string_view interpreter, std::string_view text, const std::vector<Word>& arguments,
                       const ForeignContext& context) {
  const Language* language = FindLanguage(interpreter);
  ForeignCode code;
  if (language == nullptr) {
    if (IsListed(kShellLikes, WithoutVersion(interpreter)) && context.names->CalledIn(text)) {
      code.NotUnderstood("a program in another language that may start it", true);
    }
    return code;
  }
  return ProgramReader(*language, context, 0).Read(text, MentionedOutside(arguments, 0, context));
}

}  // namespace safe_docker::shell
