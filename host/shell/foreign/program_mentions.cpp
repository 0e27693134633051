// Where names stand in a program that no understood call accounts for: in data they do not matter, elsewhere they may
// be what an unknown command runs.
#include <algorithm>
#include <array>

#include "program.hpp"

namespace safe_docker::shell {
namespace {

using Kind = Token::Kind;

// Functions that print, log, compare, look for or read what they are given.
constexpr std::string_view kDataFunctions =
    " print printf println puts p pp say echo log info warn warning error debug trace critical exception write "
    "writelines writeln print_r var_dump die croak carp exit abort fail raise throw open exists isfile isdir is_file "
    "isFile Path join readFile readFileSync writeFile writeFileSync existsSync match fullmatch test search findall "
    "finditer sub startswith endswith startsWith endsWith includes indexOf contains index find count which "
    "find_executable assert assertEqual assertIn assertTrue expect toBe toEqual toContain describe it "
    "add_argument add_parser getenv get has require import requires File Error Exception ValueError RuntimeError "
    "TypeError SystemExit read_text file_get_contents file_put_contents strpos str_contains preg_match grepl grep cat "
    "message format_help set_title title Text secho style red green yellow blue bold fetch urlopen getLogger dump "
    "dumps stringify parse loads gsub option help command_exists commandExists loadfile dofile basename dirname stat "
    "access readlink unlink ";
constexpr std::string_view kDataKeywords =
    " help description title message msg name label doc text url path prog usage ";
constexpr std::string_view kComparisons = " in not is eq ne case when cmp ";

// Functions of kDataFunctions that reach what an address names, and do not just read it.
constexpr std::string_view kReaches = " get fetch urlopen open Path require ";

bool EndsLikeError(std::string_view name) { return name.ends_with("Error") || name.ends_with("Exception"); }

}  // namespace

int ProgramReader::LineOf(std::size_t at) const {
  const std::size_t begin = at < tokens_.size() ? tokens_[at].begin : text_.size();
  return 1 + static_cast<int>(std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
}

// The function in whose arguments the token stands; "?" if brackets without a name, empty if in none.
std::string ProgramReader::CalleeAround(std::size_t at) const {
  std::size_t steps = 0;
  for (std::size_t i = at; i > 0 && steps < 512; --i, ++steps) {
    if (matching_[i - 1] < i - 1) {
      i = matching_[i - 1] + 1;
    } else if (tokens_[i - 1].Is("(")) {
      return i > 1 && tokens_[i - 2].kind == Kind::kName ? tokens_[i - 2].text : "?";
    } else if (tokens_[i - 1].Is("[") || tokens_[i - 1].Is("{")) {
      return "?";
    } else if (tokens_[i - 1].Is(";")) {
      return {};
    }
  }
  return steps < 512 ? "" : "?";
}

bool ProgramReader::IsCompared(std::size_t at) const {
  const auto is_equals = [this](std::size_t i) { return i < tokens_.size() && tokens_[i].Is("="); };
  const Token* before = at > 0 ? &tokens_[at - 1] : nullptr;
  const Token* after = at + 1 < tokens_.size() ? &tokens_[at + 1] : nullptr;
  const bool by_name = (before != nullptr && before->kind == Kind::kName && IsListed(kComparisons, before->text)) ||
                       (after != nullptr && after->kind == Kind::kName && IsListed(kComparisons, after->text));
  const bool by_sign = (is_equals(at + 1) && is_equals(at + 2)) ||
                       (at > 1 && is_equals(at - 1) && (is_equals(at - 2) || tokens_[at - 2].Is("!"))) ||
                       (after != nullptr && after->Is("!") && is_equals(at + 2)) ||
                       (before != nullptr && before->Is("~"));
  return by_name || by_sign;
}

// Whether what stands at `at` is only printed, compared, looked for, or nothing at all.
bool ProgramReader::IsData(std::size_t at) const {
  const Token* before = at > 0 ? &tokens_[at - 1] : nullptr;
  const Token* after = at + 1 < tokens_.size() ? &tokens_[at + 1] : nullptr;
  const bool alone = (before == nullptr || before->kind == Kind::kNewline || before->Is(":")) &&
                     (after == nullptr || after->kind == Kind::kNewline);
  const bool keyword = before != nullptr && at > 1 && (before->Is("=") || before->Is(":")) &&
                       tokens_[at - 2].kind == Kind::kName && IsListed(kDataKeywords, tokens_[at - 2].text);
  if (alone || keyword || IsCompared(at)) {
    return true;
  }
  std::string callee = CalleeAround(at);
  if (IsListed(kDataFunctions, callee) || EndsLikeError(callee)) {
    return true;
  }
  const std::size_t start = StartOfStatement(at);
  std::size_t word = start;
  while (word + 2 < at && tokens_[word].kind == Kind::kName && tokens_[word + 1].Is(".")) {
    word += 2;
  }
  const bool calls = word + 1 < tokens_.size() && (tokens_[word + 1].Is("(") || language_.bare_calls ||
                                                   IsListed(" echo raise throw print ", tokens_[word].text));
  return word < at && tokens_[word].kind == Kind::kName && calls &&
         (IsListed(kDataFunctions, tokens_[word].text) || IsListed(" console logger logging ", tokens_[start].text)) &&
         (callee.empty() || callee != "?");
}

bool ProgramReader::IsMention(std::size_t at) const {
  const Token& token = tokens_[at];
  if (token.kind == Kind::kName) {
    return context_.names->Contains(token.text) && imported_.find(token.text) == imported_.end();
  }
  if (token.kind != Kind::kString && token.kind != Kind::kCommand && token.kind != Kind::kWords) {
    return false;
  }
  return std::any_of(token.pieces.begin(), token.pieces.end(),
                     [this](const Piece& piece) { return context_.names->MentionedIn(piece.text); });
}

bool ProgramReader::MentionsLeft() const {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (!accounted_[i] && IsMention(i) && !IsData(i)) {
      return true;
    }
  }
  return false;
}

// A module that drives an engine, by its name: what it does is no command that could be judged.
void ProgramReader::CheckModules() {
  const auto report = [this](std::size_t at) {
    code_.NotUnderstood("line " + std::to_string(LineOf(at)) + ": uses the module " +
                            (tokens_[at].pieces.empty() ? tokens_[at].text : tokens_[at].pieces[0].text),
                        true);
  };
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    if (token.kind == Kind::kName && imported_.find(token.text) != imported_.end() && i + 1 < tokens_.size()) {
      const bool method = tokens_[i + 1].Is(".") && i + 3 < tokens_.size() && tokens_[i + 3].Is("(");
      const bool called = tokens_[i + 1].Is("(") && (i == 0 || !tokens_[i - 1].Is("."));
      method || called || tokens_[i + 1].Is("[") ? report(i) : void();
    }
    // The module sh of Python: each of its functions is the program of that name.
    const bool is_program = token.kind == Kind::kName && context_.names->Contains(token.text) &&
                            i + 1 < tokens_.size() && tokens_[i + 1].Is("(") && QualifierOf(i) == "sh";
    is_program ? report(i) : void();
    const bool loads = token.kind == Kind::kString && !token.pieces.empty() &&
                       (CalleeAround(i) == "require" || CalleeAround(i) == "import" ||
                        CalleeAround(i) == "__import__" || CalleeAround(i) == "import_module" ||
                        (i > 0 && (tokens_[i - 1].IsName("from") || tokens_[i - 1].IsName("require") ||
                                   tokens_[i - 1].IsName("import"))));
    const std::string_view module = loads ? std::string_view(token.pieces[0].text) : std::string_view();
    for (std::size_t end = 4; end <= module.size() && !module.ends_with(".json"); ++end) {
      if (context_.names->Contains(module.substr(0, end))) {
        report(i);
        break;
      }
    }
    // Docker::Container.create, use Docker::API
    std::string lower = token.kind == Kind::kName ? token.text : std::string();
    lower.empty() ? void() : void(lower[0] = static_cast<char>(lower[0] | 0x20));
    if (lower != token.text && context_.names->Contains(lower) && i + 2 < tokens_.size() && tokens_[i + 1].Is(":") &&
        tokens_[i + 2].Is(":")) {
      report(i);
    }
  }
}

// A string that holds the socket of one of the names ("/run/NAME.sock", also in an address): who opens it talks to the
// engine by himself, with no command that could be judged.
void ProgramReader::CheckSockets() {
  constexpr std::string_view kEnd = ".sock";
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    if (token.kind != Kind::kString || (IsData(i) && !IsListed(kReaches, CalleeAround(i)))) {
      continue;
    }
    for (const Piece& piece : token.pieces) {
      const std::string_view text = piece.text;
      const std::size_t end = text.find(kEnd);
      const std::size_t before = end == std::string_view::npos ? end : text.find_last_of("/F", end);  // "/", "%2F"
      if (before != std::string_view::npos && context_.names->Contains(text.substr(before + 1, end - before - 1))) {
        code_.NotUnderstood("line " + std::to_string(LineOf(i)) + ": opens " +
                                std::string(text.substr(before + 1, end - before - 1)) + std::string(kEnd),
                            true);
      }
    }
  }
}

// Strings that hold calls of a function that runs commands: code that is made to run, or that was taken for a string.
void ProgramReader::CheckCodeInStrings() {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (tokens_[i].kind != Kind::kString || accounted_[i]) {
      continue;
    }
    for (const Piece& piece : tokens_[i].pieces) {
      for (const Executor& executor : language_.executors) {
        const std::size_t at =
            piece.text.size() > executor.name.size() ? piece.text.find(executor.name) : std::string::npos;
        const bool called = at != std::string::npos && at + executor.name.size() < piece.text.size() &&
                            piece.text[at + executor.name.size()] == '(' &&
                            (at == 0 || !std::isalnum(static_cast<unsigned char>(piece.text[at - 1])));
        if (called && executor.qualifiers.empty() && !IsData(i)) {
          open_call_ = std::min(open_call_, i);
        }
      }
    }
  }
}

}  // namespace safe_docker::shell
