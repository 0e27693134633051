// Which calls of a program start others, and what they start.
#include <algorithm>
#include <utility>

#include "file_system.hpp"
#include "program.hpp"

namespace safe_docker::shell {
namespace {

using Kind = Token::Kind;
constexpr int kDeepestCode = 4;
constexpr std::string_view kDefiners = " def function sub fun fn func proc ";
// What ends the arguments of a call without parentheses.
constexpr std::string_view kModifiers = " if unless or and while until do then end ";

constexpr Executor kWrapper{"", Executor::Shape::kWrapper, {}};

// The command whose program is `program`, whatever name `values` begin with.
Value ListOf(const Value& program, const std::vector<Value>& values) {
  Value list;
  list.kind = Value::Kind::kList;
  list.items = {{program.text, false}};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::vector<Value::Item> items = ItemsOf(values[i]);
    list.items.insert(list.items.end(), items.begin() + (i == 0 && !items.empty() ? 1 : 0), items.end());
  }
  return list;
}

}  // namespace

// What the arguments are worth: those by position; else the one that is named like a command.
std::vector<Value> ProgramReader::ValuesOf(const std::vector<Argument>& arguments) const {
  std::vector<Value> values;
  for (const Argument& argument : arguments) {
    if (!argument.keyword.empty() && !IsListed(" args command cmd ", argument.keyword)) {
      continue;
    }
    if (tokens_[argument.begin].Is("{")) {
      // Options of a call, unless they hold the arguments: new Deno.Command("x", {args: [...]}).
      for (const Argument& inner : ArgumentsBetween(argument.begin + 1, matching_[argument.begin])) {
        if (inner.keyword == "args" || inner.keyword == "cmd") {
          values.push_back(Evaluate(inner.begin, inner.end, 0));
        }
      }
      continue;
    }
    const bool spread = tokens_[argument.begin].Is("*") && argument.begin + 1 < argument.end;
    values.push_back(Evaluate(argument.begin + (spread ? 1 : 0), argument.end, 0));
  }
  return values;
}

// Directory and environment that a call gives: cwd="...", env={...}, {cwd: "..."}, chdir: "...".
void ProgramReader::TakeOptions(const std::vector<Argument>& arguments) {
  for (const Argument& argument : arguments) {
    const bool is_object = tokens_[argument.begin].Is("{") && matching_[argument.begin] > argument.begin;
    if (argument.keyword.empty() && is_object) {
      TakeOptions(ArgumentsBetween(argument.begin + 1, matching_[argument.begin]));
    } else if (IsListed(" cwd chdir current_dir ", argument.keyword)) {
      const Value value = Evaluate(argument.begin, argument.end, 0);
      const bool known = value.kind == Value::Kind::kText && IsKnown(value.text) && !value.text.empty() &&
                         (value.text[0] == '/' || IsKnown(context_.cwd));
      call_directory_ = known ? CleanPath(value.text, context_.cwd) : std::string(1, kUnknownPart);
    } else if (argument.keyword == "env" && is_object) {
      for (std::size_t i = argument.begin + 1; i + 2 < matching_[argument.begin]; ++i) {
        const bool pair = tokens_[i].kind == Kind::kString && tokens_[i + 1].Is(":") && tokens_[i].pieces.size() == 1;
        if (pair && tokens_[i + 2].kind == Kind::kString) {
          call_environment_.emplace_back(tokens_[i].pieces[0].text, ValueOfPieces(tokens_[i + 2].pieces).text);
        }
      }
    }
  }
}

// Whether the name at `at` is called; its arguments stand from `begin` to `end`.
bool ProgramReader::IsCall(std::size_t at, std::size_t* begin, std::size_t* end) const {
  std::size_t next = at + 1;
  if (next >= tokens_.size()) {
    return false;
  }
  if (tokens_[next].Is("(") && matching_[next] > next) {
    *begin = next + 1;
    *end = matching_[next];
    const bool tagged = *end + 1 < tokens_.size() && tokens_[*end + 1].kind == Kind::kString && !language_.bare_calls;
    *begin = tagged ? *end + 1 : *begin;
    *end = tagged ? *begin + 1 : *end;
    return true;
  }
  const bool tagged = tokens_[next].kind == Kind::kString && language_.syntax.template_quote != '\0';
  if (tagged) {
    *begin = next;
    *end = next + 1;
    return true;
  }
  const bool has_block = tokens_[next].Is("{") && language_.syntax.quote_operators && matching_[next] > next &&
                         (tokens_[at].IsName("exec") || tokens_[at].IsName("system"));
  next = has_block ? matching_[next] + 1 : next;
  if (next >= tokens_.size()) {
    return false;
  }
  const bool value_follows = tokens_[next].kind == Kind::kString || tokens_[next].kind == Kind::kWords ||
                             tokens_[next].kind == Kind::kName || tokens_[next].Is("[") || tokens_[next].Is("*");
  if (!language_.bare_calls || !value_follows ||
      (tokens_[next].kind == Kind::kName && IsListed(kModifiers, tokens_[next].text))) {
    return false;
  }
  *begin = next;
  for (*end = next; *end < EndOfStatement(next) && Spend(1); ++*end) {
    const Token& token = tokens_[*end];
    const bool stops =
        (token.kind == Kind::kName && IsListed(kModifiers, token.text)) || token.Is("|") || token.Is("&");
    if (stops) {
      break;
    }
    *end = matching_[*end] > *end ? matching_[*end] : *end;
  }
  return true;
}

// Another name for a function that runs commands, or one that is imported: true if the token is no call to be judged.
bool ProgramReader::IsAlias(std::size_t at, const Executor& executor) {
  const std::size_t start = StartOfStatement(at);
  std::size_t name = start;
  while (name < at && tokens_[name].kind == Kind::kName &&
         IsListed(" const let var my our local ", tokens_[name].text)) {
    ++name;
  }
  const std::size_t end = EndOfStatement(at);
  // ..., f = cp.exec
  std::size_t first = at;
  while (first > 1 && tokens_[first - 1].Is(".") && tokens_[first - 2].kind == Kind::kName) {
    first -= 2;
  }
  const bool lists = language_.syntax.template_quote != '\0';
  if (lists && first > 1 && tokens_[first - 1].Is("=") && tokens_[first - 2].kind == Kind::kName) {
    aliases_[tokens_[first - 2].text] = &executor;
    return true;
  }
  if (name < at && tokens_[name].kind == Kind::kName && name + 1 < at && tokens_[name + 1].Is("=")) {
    aliases_[tokens_[name].text] = &executor;
    return true;
  }
  if (tokens_[start].IsName("from") || tokens_[start].IsName("import")) {
    return true;
  }
  // {exec, spawn: start} = require("child_process")
  const bool in_braces = at > 0 && (tokens_[at - 1].Is("{") || tokens_[at - 1].Is(","));
  const bool named = in_braces && at + 2 < tokens_.size() && (tokens_[at + 1].Is(":") || tokens_[at + 1].IsName("as"));
  std::size_t close = at;
  while (close < tokens_.size() && close < at + 64 && !tokens_[close].Is("}")) {
    ++close;
  }
  const std::size_t statement_end = close < tokens_.size() && tokens_[close].Is("}") ? EndOfStatement(close + 1) : end;
  for (std::size_t i = close; i < statement_end && in_braces; ++i) {
    if (tokens_[i].kind == Kind::kString && !tokens_[i].pieces.empty()) {
      std::string_view module = tokens_[i].pieces[0].text;
      module.remove_prefix(module.starts_with("node:") ? 5 : 0);
      if (executor.qualifiers.empty() || IsListed(executor.qualifiers, module)) {
        aliases_[tokens_[named ? at + 2 : at].text] = &executor;
        return true;
      }
    }
  }
  return false;
}

// Other names that stand anywhere, before they are looked for.
void ProgramReader::CollectAliases() {
  for (std::size_t i = 0; i < tokens_.size() && Spend(1); ++i) {
    bool certain = false;
    std::size_t begin = 0;
    std::size_t end = 0;
    if (tokens_[i].kind != Kind::kName || IsCall(i, &begin, &end)) {
      continue;
    }
    const Executor* executor = FindExecutor(i, &certain);
    const bool compared = i + 1 < tokens_.size() && tokens_[i + 1].Is("=");
    if (executor != nullptr && executor->shape != Shape::kCode && !compared && Spend(64)) {
      IsAlias(i, *executor);
    }
  }
}

// Inside of a function whose argument is run: calls of that function are what matters.
void ProgramReader::NoteOpenCall(std::size_t at, std::size_t end) {
  open_call_ = std::min(open_call_, at);
  code_.hidden = code_.hidden || HasDecoder(at, end);
  for (std::size_t i = at; i < end && !function_.empty(); ++i) {
    const bool runs_parameter =
        tokens_[i].kind == Kind::kName && parameters_.find(tokens_[i].text) != parameters_.end();
    if (runs_parameter && aliases_.find(function_) == aliases_.end()) {
      aliases_[function_] = &kWrapper;
      wrapper_found_ = true;
    }
  }
}

void ProgramReader::ScanCall(std::size_t at, const Executor& executor, bool certain) {
  std::size_t begin = 0;
  std::size_t end = 0;
  if (executor.shape == Shape::kLine) {
    RunLine(at);
    return;
  }
  if (!IsCall(at, &begin, &end)) {
    const bool compared = at + 1 < tokens_.size() && tokens_[at + 1].Is("=");
    const bool block = at + 1 < tokens_.size() && (tokens_[at + 1].Is("{") || tokens_[at + 1].Is(":"));
    const bool passed = certain && !compared && !block && executor.shape != Shape::kCode &&
                        executor.shape != Shape::kWrapper && executor.name != "$" && !IsAlias(at, executor);
    if (passed && !QualifierOf(at).empty()) {
      NoteOpenCall(at, EndOfStatement(at));
    }
    return;
  }
  // Perl: exec {"program"} "name", "argument"
  const bool has_block = tokens_[at + 1].Is("{");
  const Value block = has_block ? Evaluate(at + 2, matching_[at + 1], 0) : Value();
  const std::vector<Argument> arguments = ArgumentsBetween(begin, end);
  call_directory_.clear();
  call_environment_.clear();
  TakeOptions(arguments);
  const std::vector<std::vector<Value>> choices = AllValuesOf(arguments);
  const std::size_t before = code_.commands.size();
  bool understood = true;
  for (std::vector<Value> values : choices) {
    block.kind == Value::Kind::kUnknown ? void() : void(values = {ListOf(block, values)});
    understood = RunValues(executor.shape, std::move(values)) && understood;
  }
  call_directory_.clear();
  call_environment_.clear();
  if (understood) {
    std::fill(accounted_.begin() + static_cast<std::ptrdiff_t>(begin),
              accounted_.begin() + static_cast<std::ptrdiff_t>(end), true);
  } else if (certain && !choices[0].empty()) {
    NoteOpenCall(at, end);
  } else {
    code_.commands.resize(std::min(before, code_.commands.size()));
  }
}

// getattr(os, "system")("..."), cp["execSync"]("..."), "...".execute().
void ProgramReader::ScanComputedCall(std::size_t at) {
  const bool index = tokens_[at].Is("[") && matching_[at] > at;
  const bool attribute = tokens_[at].IsName("getattr") && at + 1 < tokens_.size() && tokens_[at + 1].Is("(");
  const std::size_t close = index ? matching_[at] : attribute ? matching_[at + 1] : at;
  const bool called =
      close > at && close + 1 < tokens_.size() && tokens_[close + 1].Is("(") && matching_[close + 1] > close;
  if (close <= at || (!called && !attribute)) {
    return;
  }
  const std::vector<Argument> inner = ArgumentsBetween(at + (index ? 1 : 2), close);
  const std::size_t which = index ? 0 : 1;
  const Value name = inner.size() > which ? Evaluate(inner[which].begin, inner[which].end, 0) : Value();
  const bool known = name.kind == Value::Kind::kText && IsKnown(name.text);
  const Executor* executor = known ? ExecutorNamed(name.text) : nullptr;
  const std::size_t end = called ? matching_[close + 1] : close;
  if (executor != nullptr && !called) {
    NoteOpenCall(at, end);
    return;
  }
  if (executor != nullptr) {
    const bool understood = RunValues(executor->shape, ValuesOf(ArgumentsBetween(close + 2, end)));
    understood ? std::fill(accounted_.begin() + static_cast<std::ptrdiff_t>(close),
                           accounted_.begin() + static_cast<std::ptrdiff_t>(end), true)
               : NoteOpenCall(at, end);
    return;
  }
  // A function that cannot be told, of a module that has such functions.
  const std::string owner = index ? QualifierOf(at) : inner.empty() ? "" : tokens_[inner[0].begin].text;
  const bool module = IsListed(" os subprocess child_process cp childProcess builtins __builtins__ Kernel ", owner);
  const bool required = index && at > 0 && tokens_[at - 1].Is(")");
  if (!known && (module || required || HasDecoder(at, close))) {
    NoteOpenCall(at, end);
  }
}

// Groovy: "...".execute(), ["a", "b"].execute()
bool ProgramReader::RunReceiver(std::size_t at) {
  const bool executes = tokens_[at].IsName("execute") && at > 1 && tokens_[at - 1].Is(".");
  if (!executes || (tokens_[at - 2].kind != Kind::kString && !tokens_[at - 2].Is("]"))) {
    return false;
  }
  const std::size_t begin = std::min(matching_[at - 2], at - 2);
  const bool understood = RunValues(Shape::kShell, {Evaluate(begin, at - 1, 0)});
  understood ? void(accounted_[at - 2] = true) : NoteOpenCall(begin, at);
  return true;
}

// Tcl: the words up to the end of the line, as they stand.
void ProgramReader::RunLine(std::size_t at) {
  const std::size_t begin = tokens_[at].begin + tokens_[at].text.size();
  std::size_t end = std::min(text_.find_first_of("\n;", begin), text_.size());
  std::string text;
  int depth = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const char c = text_[i];
    if (c == ']' && depth == 0) {
      break;
    }
    if (c == '$' || c == '[') {
      text.push_back(kUnknownPart);
      depth += c == '[' ? 1 : 0;
      while (c == '$' && i + 1 < end &&
             (std::isalnum(static_cast<unsigned char>(text_[i + 1])) || text_[i + 1] == '_')) {
        ++i;
      }
    } else if (c == ']') {
      --depth;
    } else if (depth == 0) {
      text.push_back(c == '{' || c == '}' ? '\'' : c);
    }
  }
  const bool understood = RunShellText(text);
  understood ? void() : NoteOpenCall(at, EndOfStatement(at));
}

// awk: "command" | getline, and print ... | "command".
void ProgramReader::RunAwkPipe(std::size_t at) {
  const bool doubled = (at > 0 && tokens_[at - 1].Is("|")) || (at + 1 < tokens_.size() && tokens_[at + 1].Is("|"));
  if (doubled || at + 1 >= tokens_.size()) {
    return;
  }
  const std::size_t behind = at + (tokens_[at + 1].Is("&") ? 2 : 1);
  const bool reads = behind < tokens_.size() && tokens_[behind].IsName("getline");
  std::size_t begin = behind;
  std::size_t end = EndOfStatement(behind);
  if (reads) {
    end = at;
    begin = at;
    while (begin > 0 && !tokens_[begin - 1].Is("(") && !tokens_[begin - 1].Is("{") && !tokens_[begin - 1].Is(";") &&
           !tokens_[begin - 1].Is("}") && !tokens_[begin - 1].Is("&") && tokens_[begin - 1].kind != Kind::kNewline) {
      begin = matching_[begin - 1] < begin - 1 ? matching_[begin - 1] : begin - 1;
    }
  }
  const Value value = Evaluate(begin, end, 0);
  if (value.kind == Value::Kind::kText && RunShellText(value.text)) {
    std::fill(accounted_.begin() + static_cast<std::ptrdiff_t>(begin),
              accounted_.begin() + static_cast<std::ptrdiff_t>(end), true);
  } else {
    NoteOpenCall(begin, end);
  }
}

// os.chdir("x"): what follows runs there.
void ProgramReader::NoteDirectory(std::size_t at) {
  std::size_t begin = 0;
  std::size_t end = 0;
  if (!IsListed(" chdir cd ", tokens_[at].text) || !IsCall(at, &begin, &end)) {
    return;
  }
  const Value value = Evaluate(begin, end, 0);
  const std::string& base = directory_.empty() ? context_.cwd : directory_;
  const bool known = value.kind == Value::Kind::kText && IsKnown(value.text) && !value.text.empty() &&
                     (value.text[0] == '/' || IsKnown(base)) && function_.empty();
  directory_ = known ? CleanPath(value.text, base) : std::string(1, kUnknownPart);
}

void ProgramReader::NoteDefinition(std::size_t at) {
  const Token& token = tokens_[at];
  if (token.kind != Kind::kName || at + 1 >= tokens_.size()) {
    return;
  }
  std::size_t open = at + 1;
  std::string name;
  if (IsListed(kDefiners, token.text) && tokens_[at + 1].kind == Kind::kName) {
    name = tokens_[at + 1].text;
    open = at + 2;
  } else if (tokens_[at + 1].Is("=")) {
    // const NAME = (x) => ..., NAME = lambda x: ...
    std::size_t next = at + 2;
    next += next < tokens_.size() && tokens_[next].IsName("async") ? 1 : 0;
    const bool arrow = next < tokens_.size() && tokens_[next].Is("(") && matching_[next] + 1 < tokens_.size() &&
                       tokens_[matching_[next] + 1].Is("=");
    const bool bare_arrow = next + 2 < tokens_.size() && tokens_[next].kind == Kind::kName &&
                            tokens_[next + 1].Is("=") && tokens_[next + 2].Is(">");
    const bool lambda = next < tokens_.size() && tokens_[next].IsName("lambda");
    if (!arrow && !lambda && !bare_arrow) {
      return;
    }
    name = token.text;
    open = next;
  } else {
    return;
  }
  function_ = name;
  parameters_.clear();
  const std::size_t last = open < tokens_.size() && tokens_[open].Is("(") ? matching_[open] : EndOfStatement(open);
  for (std::size_t i = open; i < last && i < open + 64; ++i) {
    tokens_[i].kind == Kind::kName ? void(parameters_.insert(tokens_[i].text)) : void();
  }
  // Perl's and a shell's functions take theirs by another way.
  parameters_.insert({"@_", "$_", "$cmd", "$command", "@cmd", "args", "arguments"});
}

// os.environ["X"] = "y", process.env.X = "y", $ENV{X} = "y": what is started later gets it.
void ProgramReader::NoteEnvironment(std::size_t at) {
  const Token& token = tokens_[at];
  if (token.kind != Kind::kName || !IsListed(" environ ENV env $ENV ", token.text) || at + 3 >= tokens_.size()) {
    return;
  }
  std::string name;
  std::size_t equals = at + 3;
  if (tokens_[at + 1].Is(".") && tokens_[at + 2].kind == Kind::kName) {
    name = tokens_[at + 2].text;
  } else if (matching_[at + 1] == at + 3) {
    const Token& key = tokens_[at + 2];
    name = key.kind == Kind::kName ? key.text : key.pieces.empty() ? "" : key.pieces[0].text;
    equals = at + 4;
  }
  if (name.empty() || equals + 1 >= tokens_.size() || !tokens_[equals].Is("=") || tokens_[equals + 1].Is("=")) {
    return;
  }
  const Value value = Evaluate(equals + 1, EndOfStatement(equals + 1), 0);
  environment_.emplace_back(name, value.kind == Value::Kind::kText ? value.text : std::string(1, kUnknownPart));
}

void ProgramReader::ScanToken(std::size_t at) {
  const Token& token = tokens_[at];
  NoteDefinition(at);
  ScanComputedCall(at);
  if (token.kind == Kind::kCommand) {
    const std::string text = ValueOfPieces(token.pieces).text;
    const bool understood = RunShellText(text);
    accounted_[at] = understood;
    understood ? void() : NoteOpenCall(at, at + 1);
  }
  if (token.kind == Kind::kName) {
    NoteDirectory(at);
    NoteEnvironment(at);
    bool certain = false;
    const Executor* executor = RunReceiver(at) ? nullptr : FindExecutor(at, &certain);
    executor == nullptr ? void() : ScanCall(at, *executor, certain);
  } else if (token.Is("|") && language_.first_is_code) {
    RunAwkPipe(at);
  }
  // Code in the holes of strings.
  for (const Piece& piece : token.pieces) {
    const bool calls =
        piece.is_hole && (piece.text.find('(') != std::string::npos || piece.text.find('`') != std::string::npos);
    if (calls && depth_ < kDeepestCode) {
      Value value;
      value.kind = Value::Kind::kText;
      value.text = piece.text;
      RunCode(value);
    }
  }
}

void ProgramReader::ScanCalls() {
  for (int pass = 0; pass < 3; ++pass) {
    wrapper_found_ = false;
    code_ = {};
    open_call_ = std::string::npos;
    accounted_.assign(tokens_.size(), false);
    directory_.clear();
    environment_.clear();
    function_.clear();
    parameters_.clear();
    for (std::size_t i = 0; i < tokens_.size() && Spend(1); ++i) {
      ScanToken(i);
    }
    if (!wrapper_found_) {
      return;
    }
  }
}

void ProgramReader::Preset(const std::string& name, std::string text) {
  Value value;
  value.kind = Value::Kind::kText;
  value.text = std::move(text);
  Assign(name, std::move(value));
}

ForeignCode ProgramReader::Read(std::string_view text, bool mentioned_outside) {
  text_ = text;
  Tokens lexed = Tokenize(text, language_.syntax);
  tokens_ = std::move(lexed.tokens);
  const bool unknown_code = std::any_of(tokens_.begin(), tokens_.end(),
                                        [](const Token& token) { return token.Is(std::string_view("\0", 1)); });
  MatchBrackets();
  MarkStatements();
  const auto presets = values_;
  CollectNames();
  CollectAliases();
  earlier_ = std::exchange(values_, presets);
  CollectNames();
  ScanCalls();
  CheckModules();
  CheckSockets();
  CheckCodeInStrings();
  const bool open = open_call_ != std::string::npos || code_.hidden;
  const bool unread = lexed.broken || unknown_code || work_left_ == 0;
  if (unread && (mentioned_outside || context_.names->MentionedIn(text))) {
    code_.NotUnderstood("a program that cannot be read", true);
  } else if (open && (code_.hidden || mentioned_outside || MentionsLeft())) {
    const std::string where = "line " + std::to_string(LineOf(open_call_)) + ": ";
    code_.NotUnderstood(where + "what it runs is known only when it does", mentioned_outside || MentionsLeft());
  }
  return std::move(code_);
}

}  // namespace safe_docker::shell
