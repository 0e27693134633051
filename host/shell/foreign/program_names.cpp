// What names stand for: variables that are set to constants, functions that start programs under another name, modules.
#include <algorithm>
#include <array>

#include "program.hpp"

namespace safe_docker::shell {
namespace {

using Kind = Token::Kind;
constexpr std::size_t kMostValues = 16;
constexpr std::size_t kMostText = 64 * 1024;
constexpr std::size_t kMostItems = 1024;

constexpr std::string_view kDefiners = " def function sub fun fn func proc lambda ";
constexpr std::string_view kDeclarers = " const let var my our local final val state global ";
constexpr std::string_view kChangers =
    " append extend insert push unshift splice concat add pop remove shift prepend clear update ";
constexpr std::string_view kChangersInFront = " push unshift splice chomp chop read sysread lappend append ";

// Perl's @list and $scalar, PHP's $x: the sigil belongs to the name. An element of @list is written $list[0].
bool IsVariable(const Token& token) { return token.kind == Kind::kName; }

}  // namespace

// Pairs the brackets. One without a partner is paired with itself.
void ProgramReader::MatchBrackets() {
  matching_.resize(tokens_.size() + 1);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    matching_[i] = i;
    if (tokens_[i].kind != Kind::kSymbol) {
      continue;
    }
    const char c = tokens_[i].text[0];
    if (c == '(' || c == '[' || c == '{') {
      open.push_back(i);
    } else if ((c == ')' || c == ']' || c == '}') && !open.empty()) {
      matching_[open.back()] = i;
      matching_[i] = open.back();
      open.pop_back();
    }
  }
}

// Where each token's statement starts and ends, so that looking it up costs nothing.
void ProgramReader::MarkStatements() {
  starts_.assign(tokens_.size() + 1, 0);
  for (std::size_t i = 1; i <= tokens_.size(); ++i) {
    const Token& before = tokens_[i - 1];
    const bool ends = before.kind == Kind::kNewline || before.Is(";") || before.Is("{") || before.Is("}");
    starts_[i] = matching_[i - 1] < i - 1 ? starts_[matching_[i - 1]] : ends ? i : starts_[i - 1];
  }
  ends_.assign(tokens_.size() + 1, tokens_.size());
  for (std::size_t i = tokens_.size(); i-- > 0;) {
    const Token& token = tokens_[i];
    // A line that ends in an operator, or is followed by one, goes on.
    const bool goes_on = token.kind == Kind::kNewline && i > 0 && i + 1 < tokens_.size() &&
                         (tokens_[i - 1].Is("+") || tokens_[i - 1].Is(",") || tokens_[i - 1].Is("=") ||
                          tokens_[i + 1].Is("+") || tokens_[i + 1].Is("."));
    const bool ends =
        token.Is(";") || token.Is("}") || token.Is(")") || token.Is("]") || (token.kind == Kind::kNewline && !goes_on);
    ends_[i] = matching_[i] > i ? ends_[matching_[i] + 1] : ends ? i : ends_[i + 1];
  }
}

std::size_t ProgramReader::EndOfStatement(std::size_t at) const {
  at = std::min(at, tokens_.size());
  return at < tokens_.size() && tokens_[at].kind == Kind::kNewline ? at : ends_[at];
}

std::size_t ProgramReader::StartOfStatement(std::size_t at) const { return starts_[std::min(at, tokens_.size())]; }

void ProgramReader::Assign(const std::string& name, Value value) {
  std::vector<Value>& values = values_[name];
  if (std::find(values.begin(), values.end(), value) != values.end()) {
    return;
  }
  if (values.size() >= kMostValues || !Spend(1 + value.text.size() / 16 + value.items.size())) {
    Forget(name);
    return;
  }
  values.push_back(std::move(value));
}

// The names between the parentheses of a definition may be worth anything.
bool ProgramReader::CollectParameters(std::size_t at) {
  const Token& token = tokens_[at];
  std::size_t open = tokens_.size();
  if (token.kind == Kind::kName && IsListed(kDefiners, token.text)) {
    open = at + 1;
    while (open < tokens_.size() && tokens_[open].kind == Kind::kName && open < at + 3) {
      ++open;
    }
  } else if (token.Is("(") && matching_[at] > at && matching_[at] + 2 < tokens_.size() &&
             tokens_[matching_[at] + 1].Is("=") && tokens_[matching_[at] + 2].Is(">")) {
    open = at;
  } else if (token.kind == Kind::kName && at + 2 < tokens_.size() && tokens_[at + 1].Is("=") &&
             tokens_[at + 2].Is(">") && language_.concatenation == "+") {
    Forget(token.text);
    return true;
  } else if (token.Is("|") && at > 0 && (tokens_[at - 1].Is("{") || tokens_[at - 1].IsName("do"))) {
    for (std::size_t i = at + 1; i < tokens_.size() && !tokens_[i].Is("|") && i < at + 16; ++i) {
      Forget(tokens_[i].text);
    }
    return true;
  }
  if (open >= tokens_.size() || !tokens_[open].Is("(") || matching_[open] <= open) {
    return false;
  }
  for (std::size_t i = open + 1; i < matching_[open]; ++i) {
    if (IsVariable(tokens_[i])) {
      Forget(tokens_[i].text);
    }
  }
  return true;
}

// The value of an expression, for each choice of values that the names in it have.
void ProgramReader::AssignAll(const std::string& name, std::size_t begin, std::size_t end) {
  // const a = 1, b = 2
  const std::vector<Argument> parts = ArgumentsBetween(begin, end);
  const bool several = language_.syntax.template_quote != '\0' && parts.size() > 1 && parts[0].keyword.empty();
  end = several ? parts[0].end : end;
  const bool module = tokens_[begin].IsName("require") && begin + 2 < end && tokens_[begin + 1].Is("(") &&
                      tokens_[begin + 2].kind == Kind::kString && !tokens_[begin + 2].pieces.empty() &&
                      matching_[begin + 1] + 1 >= end;
  if (module) {
    const std::string& path = tokens_[begin + 2].pieces[0].text;
    modules_[name] = path.starts_with("node:") ? path.substr(5) : path;
  }
  const bool constructs = tokens_[begin].Is("{");
  Argument whole;
  whole.begin = begin;
  whole.end = end;
  for (std::vector<Value>& values : AllValuesOf(constructs ? std::vector<Argument>() : std::vector<Argument>{whole})) {
    Value value = values.empty() ? Value() : std::move(values[0]);
    if (value.kind == Value::Kind::kUnknown) {
      value.decoded = value.decoded || HasDecoder(begin, end);
      Forget(name);
    }
    Assign(name, std::move(value));
  }
}

// NAME += expression, NAME.append(expression), push @NAME, expression: both what it was and the sum may be its value.
bool ProgramReader::CollectAddition(std::size_t at) {
  const std::string& name = tokens_[at].text;
  const bool sign = at + 3 < tokens_.size() && tokens_[at + 2].Is("=") &&
                    (tokens_[at + 1].Is("+") || (tokens_[at + 1].Is(".") && language_.concatenation == "."));
  const bool shifts = at + 3 < tokens_.size() && tokens_[at + 1].Is("<") && tokens_[at + 2].Is("<") &&
                      language_.syntax.percent_literals;
  const bool method = at + 4 < tokens_.size() && tokens_[at + 1].Is(".") && tokens_[at + 3].Is("(") &&
                      IsListed(" append extend push concat ", tokens_[at + 2].text);
  const bool pushes = at > 0 && tokens_[at - 1].IsName("push") && at + 2 < tokens_.size() && tokens_[at + 1].Is(",");
  const auto found = values_.find(name);
  if ((!sign && !shifts && !method && !pushes) || found == values_.end() || found->second.empty() ||
      forgotten_.find(name) != forgotten_.end()) {
    return false;
  }
  const std::size_t begin = at + (pushes ? 2 : method ? 4 : 3);
  const std::size_t end = method ? matching_[at + 3] : EndOfStatement(begin);
  Argument whole;
  whole.begin = begin;
  whole.end = std::max(begin, end);
  const bool spreads = tokens_[begin].Is("*") || tokens_[begin].Is(".");
  const std::vector<Value> before = found->second;
  for (const Value& value : before) {
    Value sum = value;
    const Value added = spreads ? Value() : Evaluate(whole.begin, whole.end, 0);
    const bool texts = sum.kind == Value::Kind::kText && added.kind == Value::Kind::kText &&
                       sum.text.size() + added.text.size() <= kMostText;
    if (texts) {
      sum.text += added.text;
    } else if (sum.kind == Value::Kind::kList && sum.items.size() <= kMostItems) {
      const Value items = spreads ? Value() : EvaluateItems(whole, 0);
      items.items.empty() ? sum.items.push_back({std::string(1, kUnknownPart), true})
                          : void(sum.items.insert(sum.items.end(), items.items.begin(), items.items.end()));
    } else {
      Forget(name);
    }
    sum.decoded = sum.decoded || added.decoded;
    Assign(name, std::move(sum));
  }
  return true;
}

void ProgramReader::CollectAssignment(std::size_t at) {
  const Token& name = tokens_[at];
  if (name.kind != Kind::kName || at + 1 >= tokens_.size()) {
    return;
  }
  const bool has_next = at + 2 < tokens_.size();
  const bool equals = tokens_[at + 1].Is("=") && has_next && !tokens_[at + 2].Is("=") && !tokens_[at + 2].Is("~") &&
                      !(tokens_[at + 2].Is(">"));
  const Token* before = at > 0 ? &tokens_[at - 1] : nullptr;
  const bool starts =
      before == nullptr || before->kind == Kind::kNewline || before->Is(";") || before->Is("{") || before->Is("}") ||
      before->Is(":") || before->Is(")") || before->IsName("do") || before->IsName("then") || before->IsName("BEGIN") ||
      (before->kind == Kind::kName && IsListed(kDeclarers, before->text)) ||
      (equals && before->Is(",") && language_.syntax.template_quote != '\0' && CalleeAround(at).empty());
  if (equals && starts) {
    AssignAll(name.text, at + 2, EndOfStatement(at + 2));
    return;
  }
  if (CollectAddition(at)) {
    return;
  }
  const bool keyword = equals && before != nullptr && (before->Is("(") || before->Is(","));
  const bool in_call = keyword && CalleeAround(at) != "" && CalleeAround(at) != "?";
  const bool operation = has_next && tokens_[at + 2].Is("=") && tokens_[at + 1].kind == Kind::kSymbol &&
                         std::string_view("+.|&?*-:<").find(tokens_[at + 1].text) != std::string_view::npos;
  const bool shifted = has_next && tokens_[at + 1].Is("<") && tokens_[at + 2].Is("<");
  const bool changed = has_next && tokens_[at + 1].Is(".") && tokens_[at + 2].kind == Kind::kName &&
                       IsListed(kChangers, tokens_[at + 2].text);
  const bool changed_in_front =
      before != nullptr && before->kind == Kind::kName && IsListed(kChangersInFront, before->text);
  // An element of it is set.
  const bool indexed = tokens_[at + 1].Is("[") && matching_[at + 1] > at + 1 &&
                       matching_[at + 1] + 2 < tokens_.size() && tokens_[matching_[at + 1] + 1].Is("=") &&
                       !tokens_[matching_[at + 1] + 2].Is("=");
  if ((equals && !in_call && !(before != nullptr && before->Is("."))) || operation || shifted || changed ||
      changed_in_front || indexed) {
    Forget(name.text);
    const std::size_t end = EndOfStatement(at);
    if (HasDecoder(at + 1, end)) {
      Value value;
      value.decoded = true;
      Assign(name.text, std::move(value));
    }
  }
}

// for NAME in [..]: each item is a value of it.
void ProgramReader::CollectLoop(std::size_t at) {
  // Perl: for my $c (...)
  const bool in_parentheses = at > 1 && at + 1 < tokens_.size() && tokens_[at + 1].Is("(") &&
                              (tokens_[at - 2].IsName("for") || tokens_[at - 2].IsName("foreach"));
  if (in_parentheses && tokens_[at - 1].IsName("my")) {
    for (const Value::Item& item : EvaluateList(at + 1, 0).items) {
      Value value;
      value.kind = Value::Kind::kText;
      value.text = item.text;
      Assign(tokens_[at].text, std::move(value));
    }
    return;
  }
  const bool loops = at > 0 && at + 1 < tokens_.size() && tokens_[at].kind == Kind::kName &&
                     (tokens_[at + 1].IsName("in") || tokens_[at + 1].IsName("of"));
  const bool declared = loops && (tokens_[at - 1].IsName("for") || IsListed(kDeclarers, tokens_[at - 1].text));
  if (!declared) {
    return;
  }
  std::size_t end = at + 2;
  while (end < tokens_.size() && !tokens_[end].Is(":") && !tokens_[end].Is(")") && !tokens_[end].Is("]") &&
         tokens_[end].kind != Kind::kNewline) {
    end = matching_[end] > end ? matching_[end] + 1 : end + 1;
  }
  const Value list = Evaluate(at + 2, end, 0);
  if (list.kind != Value::Kind::kList) {
    Forget(tokens_[at].text);
    return;
  }
  for (const Value::Item& item : list.items) {
    Value value;
    value.kind = Value::Kind::kText;
    value.text = item.text;
    Assign(tokens_[at].text, std::move(value));
  }
}

// import X as Y, from X import Y: modules that are named like one of the names, and functions under another name.
void ProgramReader::CollectImport(std::size_t at) {
  const bool imports = tokens_[at].IsName("import") || tokens_[at].IsName("from");
  const bool starts = at == StartOfStatement(at);
  if (!imports || !starts) {
    return;
  }
  const std::size_t end = EndOfStatement(at);
  bool engine = false;
  // import * as cp from "child_process", import cp from "child_process"
  const bool from_text = end > at + 2 && tokens_[end - 1].kind == Kind::kString && tokens_[end - 2].IsName("from") &&
                         !tokens_[end - 1].pieces.empty() && tokens_[end - 3].kind == Kind::kName;
  if (from_text) {
    const std::string& path = tokens_[end - 1].pieces[0].text;
    modules_[tokens_[end - 3].text] = path.starts_with("node:") ? path.substr(5) : path;
  }
  for (std::size_t i = at + 1; i < end; ++i) {
    const bool whole = i == at + 1 || tokens_[i - 1].Is(",") || tokens_[i - 1].IsName("import");
    const std::string_view word = tokens_[i].text;
    for (std::size_t from = 0; whole && tokens_[i].kind == Kind::kName && from < word.size(); ++from) {
      engine = engine || context_.names->Contains(word.substr(from));  // aiodocker too
    }
    if (i > at + 1 && tokens_[i].kind == Kind::kName && tokens_[i - 1].IsName("as")) {
      modules_[tokens_[i].text] = tokens_[i - 2].text;
      const Executor* executor = ExecutorNamed(tokens_[i - 2].text);
      executor != nullptr ? void(aliases_[tokens_[i].text] = executor) : void();
    } else if (tokens_[i].kind == Kind::kName && tokens_[at].IsName("from") && i > at + 2) {
      const Executor* executor = ExecutorNamed(tokens_[i].text);
      const bool certain =
          executor != nullptr && (executor->qualifiers.empty() || IsListed(executor->qualifiers, tokens_[at + 1].text));
      certain ? void(aliases_[tokens_[i].text] = executor) : void();
    }
  }
  for (std::size_t i = at + 1; i < end && engine; ++i) {
    if (tokens_[i].kind == Kind::kName && !tokens_[i].IsName("import") && !tokens_[i].IsName("as")) {
      imported_.insert(tokens_[i].text);
    }
  }
}

void ProgramReader::CollectNames() {
  for (std::size_t i = 0; i < tokens_.size() && Spend(1); ++i) {
    if (!CollectParameters(i)) {
      CollectLoop(i);
      CollectAssignment(i);
    }
    if (tokens_[i].kind == Kind::kName) {
      CollectImport(i);
    }
  }
}

// The name in front of the one at `at`: os in os.system, Open3 in Open3::popen, $x in $x->run, new in new Process.
// "?" if something else stands there.
std::string ProgramReader::QualifierOf(std::size_t at) const {
  if (at == 0) {
    return {};
  }
  std::size_t before = at - 1;
  const bool dotted = tokens_[before].Is(".") || tokens_[before].Is(":") || tokens_[before].Is(">");
  if (!dotted) {
    const bool name = tokens_[before].kind == Kind::kName;
    return name ? tokens_[before].text : std::string();
  }
  while (before > 0 && (tokens_[before].Is(".") || tokens_[before].Is(":") || tokens_[before].Is(">") ||
                        tokens_[before].Is("-") || tokens_[before].Is("?"))) {
    --before;
  }
  if (tokens_[before].Is(")")) {
    // require("child_process").exec
    for (std::size_t i = matching_[before]; i < before; ++i) {
      if (tokens_[i].kind == Kind::kString && !tokens_[i].pieces.empty()) {
        const std::string& module = tokens_[i].pieces[0].text;
        return module.starts_with("node:") ? module.substr(5) : module;
      }
    }
    return "?";
  }
  const auto module = modules_.find(tokens_[before].text);
  const std::string& name = module == modules_.end() ? tokens_[before].text : module->second;
  return tokens_[before].kind == Kind::kName ? name : "?";
}

const Executor* ProgramReader::ExecutorNamed(std::string_view name) const {
  const auto alias = aliases_.find(name);
  if (alias != aliases_.end()) {
    return alias->second;
  }
  const auto found = std::find_if(language_.executors.begin(), language_.executors.end(),
                                  [name](const Executor& each) { return each.name == name; });
  return found == language_.executors.end() ? nullptr : &*found;
}

// The function that the name at `at` stands for. `certain`: it is that one, not a namesake.
const Executor* ProgramReader::FindExecutor(std::size_t at, bool* certain) const {
  const Executor* executor = ExecutorNamed(tokens_[at].text);
  if (executor == nullptr) {
    return nullptr;
  }
  const std::string qualifier = QualifierOf(at);
  const bool defined = at > 0 && tokens_[at - 1].kind == Kind::kName && IsListed(kDefiners, tokens_[at - 1].text);
  if (defined) {
    return nullptr;
  }
  *certain = aliases_.find(tokens_[at].text) != aliases_.end() || executor->qualifiers.empty() ||
             IsListed(executor->qualifiers, qualifier);
  if (executor->shape == Shape::kCode && !qualifier.empty() && qualifier != "?" &&
      !IsListed(" builtins globalThis window vm Kernel return new ", qualifier)) {
    return nullptr;  // re.compile, db.eval
  }
  return executor;
}

}  // namespace safe_docker::shell
