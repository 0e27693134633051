// Recipes of a justfile.
#include <algorithm>
#include <map>
#include <set>

#include "file_system.hpp"
#include "language.hpp"
#include "makefile.hpp"
#include "string_literals.hpp"
#include "task_readers.hpp"

namespace safe_docker::shell {
namespace {

constexpr auto kNpos = std::string_view::npos;
constexpr int kDeepestRecipe = 16;
constexpr int kDeepestImport = 4;
constexpr std::size_t kMostCommands = 512;
constexpr std::size_t kMostText = 64 * 1024;
constexpr std::size_t kMostVisits = 1024;

struct Parameter {
  std::string name;
  std::string value;  // by default: an expression
  bool has_value = false;
  char many = '\0';  // '+' or '*'
};

struct Dependency {
  std::string name;
  std::vector<std::string> arguments;  // expressions
};

struct Recipe {
  std::string name;
  std::vector<Parameter> parameters;
  std::vector<Dependency> dependencies;
  std::vector<std::string> lines;
  int number = 0;
};

using Scope = std::map<std::string, std::string, std::less<>>;

class Justfile {
 public:
  Justfile(const ForeignContext& context, std::string directory)
      : context_(context), directory_(std::move(directory)) {}

  void Override(const std::string& name, std::string value) { overrides_[name] = std::move(value); }
  bool Read(const std::string& path, int depth);
  ForeignCode Run(const std::vector<std::string>& words, bool unknown);

 private:
  void ReadLine(std::string_view line, int number, int depth);
  void ReadHeader(std::string_view line, int number);
  void ReadDependencies(std::string_view text, Recipe* recipe) const;
  void ReadShell(std::string_view text);
  void RunRecipe(const Recipe& recipe, const std::vector<std::string>& arguments, int depth);
  void RunScript(const Recipe& recipe, const std::string& text);
  std::string Evaluate(std::string_view expression, const Scope& scope, int depth);
  std::string EvaluateTerm(std::string_view text, std::size_t* at, const Scope& scope, int depth);
  std::string Interpolated(std::string_view text, const Scope& scope);
  const Recipe* Find(const std::string& name) const;
  void Emit(std::string_view text);

  const ForeignContext& context_;
  std::string directory_;
  std::string file_;
  std::vector<Recipe> recipes_;
  std::map<std::string, std::string, std::less<>> variables_;  // expressions
  Scope overrides_;
  std::map<std::string, std::string, std::less<>> aliases_;
  std::vector<std::string> exported_;
  std::string shell_ = "sh";
  bool mentions_ = false;
  bool incomplete_ = false;  // a module or an import was not read
  std::set<std::string> visited_;
  std::size_t work_left_ = 100'000;
  ForeignCode code_;
};

bool Justfile::Read(const std::string& path, int depth) {
  const std::optional<std::string> text = context_.files->Read(path);
  if (!text) {
    return false;
  }
  if (*text == std::string(1, kUnknownPart)) {
    code_.reads_written = context_.files->IsWritten(path);
    code_.NotUnderstood("what " + std::string(BaseName(path)) + " holds is not known", false);
    return true;
  }
  file_ = path;
  mentions_ = mentions_ || context_.names->MentionedIn(*text);
  int number = 0;
  for (std::size_t at = 0; at < text->size();) {
    const std::size_t end = std::min(text->find('\n', at), text->size());
    std::string_view line = std::string_view(*text).substr(at, end - at);
    line.remove_suffix(line.ends_with('\r') ? 1 : 0);
    ReadLine(line, ++number, depth);
    at = end + 1;
  }
  return true;
}

void Justfile::ReadLine(std::string_view line, int number, int depth) {
  const bool indented = !line.empty() && (line[0] == ' ' || line[0] == '\t');
  if (indented && !recipes_.empty()) {
    recipes_.back().lines.emplace_back(line);
    return;
  }
  line = Trim(line);
  if (line.empty()) {
    if (!recipes_.empty()) {
      recipes_.back().lines.emplace_back();
    }
    return;
  }
  if (line[0] == '#' || line[0] == '[') {
    return;
  }
  const bool exported = line.starts_with("export ");
  line = exported ? Trim(line.substr(7)) : line;
  const std::size_t assign = line.find(":=");
  const std::string_view head = Trim(line.substr(0, assign));
  if (line.starts_with("import") || line.starts_with("mod ") || line.starts_with("mod? ")) {
    const std::size_t quote = line.find_first_of("'\"");
    const bool read =
        line.starts_with("import") && quote != kNpos && depth < kDeepestImport &&
        Read(CleanPath(line.substr(quote + 1, line.find(line[quote], quote + 1) - quote - 1), directory_), depth + 1);
    incomplete_ = incomplete_ || !read;
  } else if (assign == kNpos || head.find_first_of("('\":") != kNpos) {
    ReadHeader(line, number);
  } else if (head.starts_with("set ")) {
    head == "set shell" ? ReadShell(line.substr(assign + 2)) : void();
  } else if (head.starts_with("alias ")) {
    aliases_[std::string(Trim(head.substr(6)))] = Trim(line.substr(assign + 2));
  } else {
    variables_[std::string(head)] = line.substr(assign + 2);
    if (exported) {
      exported_.emplace_back(head);
    }
  }
}

void Justfile::ReadShell(std::string_view text) {
  const std::size_t quote = text.find_first_of("'\"");
  shell_ = quote == kNpos ? "sh" : text.substr(quote + 1, text.find(text[quote], quote + 1) - quote - 1);
}

// (name expression...) or name, blanks between; && in front of those that run afterwards.
void Justfile::ReadDependencies(std::string_view text, Recipe* recipe) const {
  for (std::size_t i = 0; i < text.size();) {
    if (std::string_view(" \t&").find(text[i]) != kNpos) {
      ++i;
      continue;
    }
    const bool grouped = text[i] == '(';
    const std::size_t end = std::min(grouped ? text.find(')', i) : text.find_first_of(" \t&", i), text.size());
    const std::string_view inside = Trim(text.substr(i + (grouped ? 1 : 0), end - i - (grouped ? 1 : 0)));
    Dependency dependency;
    dependency.name = inside.substr(0, inside.find(' '));
    std::string_view rest = inside.substr(dependency.name.size());
    while (!Trim(rest).empty()) {
      rest = Trim(rest);
      const bool quoted = rest[0] == '"' || rest[0] == '\'' || rest[0] == '`';
      const std::size_t close = quoted ? rest.find(rest[0], 1) : rest.find(' ');
      const std::size_t size = std::min(close == kNpos ? rest.size() : close + (quoted ? 1 : 0), rest.size());
      dependency.arguments.emplace_back(rest.substr(0, size));
      rest.remove_prefix(size);
    }
    recipe->dependencies.push_back(std::move(dependency));
    i = end + (grouped ? 1 : 0);
  }
}

void Justfile::ReadHeader(std::string_view line, int number) {
  Recipe recipe;
  recipe.number = number;
  char quote = '\0';
  std::size_t colon = kNpos;
  for (std::size_t i = 0; i < line.size() && colon == kNpos; ++i) {
    const char c = line[i];
    const bool quotes = c == '"' || c == '\'' || c == '`';
    colon = c == ':' && quote == '\0' ? i : kNpos;
    quote = quotes && quote == '\0' ? c : c == quote ? '\0' : quote;
  }
  if (colon == kNpos) {
    return;
  }
  std::string_view head = Trim(line.substr(0, colon));
  head.remove_prefix(head.starts_with("@") ? 1 : 0);
  recipe.name = head.substr(0, head.find(' '));
  std::string_view rest = Trim(head.substr(recipe.name.size()));
  while (!rest.empty()) {
    Parameter parameter;
    parameter.many = rest[0] == '+' || rest[0] == '*' ? rest[0] : '\0';
    rest.remove_prefix(parameter.many != '\0' || rest[0] == '$' ? 1 : 0);
    const std::size_t end = std::min(rest.find_first_of(" ="), rest.size());
    parameter.name = rest.substr(0, end);
    rest = Trim(rest.substr(end));
    if (rest.starts_with("=")) {
      rest = Trim(rest.substr(1));
      const bool quoted = !rest.empty() && (rest[0] == '"' || rest[0] == '\'' || rest[0] == '`');
      const std::size_t close = quoted ? rest.find(rest[0], 1) : rest.find(' ');
      const std::size_t size = std::min(close == kNpos ? rest.size() : close + (quoted ? 1 : 0), rest.size());
      parameter.value = rest.substr(0, size);
      parameter.has_value = true;
      rest = Trim(rest.substr(size));
    }
    if (parameter.name.empty()) {
      break;
    }
    recipe.parameters.push_back(std::move(parameter));
  }
  ReadDependencies(line.substr(colon + 1).substr(0, line.substr(colon + 1).find('#')), &recipe);
  recipes_.push_back(std::move(recipe));
}

const Recipe* Justfile::Find(const std::string& name) const {
  const auto alias = aliases_.find(name);
  const std::string& wanted = alias == aliases_.end() ? name : alias->second;
  const auto found =
      std::find_if(recipes_.begin(), recipes_.end(), [&wanted](const Recipe& each) { return each.name == wanted; });
  return found == recipes_.end() ? nullptr : &*found;
}

std::string Justfile::EvaluateTerm(std::string_view text, std::size_t* at, const Scope& scope, int depth) {
  const char c = text[*at];
  if (c == '"' || c == '\'' || c == '`') {
    const bool triple = text.substr(*at).starts_with(std::string(3, c));
    StringStyle style;
    style.close = std::string(triple ? 3 : 1, c);
    style.raw = c != '"';
    const StringLiteral literal = ReadStringLiteral(text, *at + style.close.size(), style);
    *at = literal.end;
    const std::string value = literal.pieces.empty() ? std::string() : literal.pieces[0].text;
    if (c != '`') {
      return value;
    }
    Emit(value);
    return kShellBegin + value + kShellEnd;
  }
  std::size_t end = *at;
  while (end < text.size() &&
         (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_' || text[end] == '-')) {
    ++end;
  }
  const std::string name(text.substr(*at, end - *at));
  if (name.empty() || (end < text.size() && text[end] == '(') || name == "if") {
    // What is not followed may hold a name.
    if (context_.names->MentionedIn(text)) {
      code_.NotUnderstood(std::string(BaseName(file_)) + ": an expression that is not followed", true);
    }
    *at = text.size();
    return name == "justfile_directory" || name == "invocation_directory" ? directory_ : std::string(1, kUnknownPart);
  }
  *at = end;
  if (const auto value = scope.find(name); value != scope.end()) {
    return value->second;
  }
  if (const auto value = overrides_.find(name); value != overrides_.end()) {
    return value->second;
  }
  const auto variable = variables_.find(name);
  return variable == variables_.end() ? std::string(1, kUnknownPart) : Evaluate(variable->second, {}, depth + 1);
}

std::string Justfile::Evaluate(std::string_view expression, const Scope& scope, int depth) {
  std::string result;
  for (std::size_t at = 0; at < expression.size() && depth < kDeepestRecipe;) {
    if (work_left_ == 0 || result.size() > kMostText) {
      code_.NotUnderstood(std::string(BaseName(file_)) + ": an expression that is too long", mentions_);
      return std::string(1, kUnknownPart);
    }
    --work_left_;
    const char c = expression[at];
    if (c == ' ' || c == '\t' || c == '+' || c == '(' || c == ')') {
      ++at;
    } else if (c == '/') {
      result.push_back('/');
      ++at;
    } else if (c == '#') {
      break;
    } else {
      const std::size_t before = at;
      result += EvaluateTerm(expression, &at, scope, depth);
      at += at == before ? 1 : 0;
    }
  }
  return depth < kDeepestRecipe ? result : std::string(1, kUnknownPart);
}

std::string Justfile::Interpolated(std::string_view text, const Scope& scope) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find("{{", at);
    result += text.substr(at, open - at);
    if (open == kNpos) {
      break;
    }
    if (text.substr(open).starts_with("{{{{")) {
      result += "{{";
      at = open + 4;
      continue;
    }
    const std::size_t close = text.find("}}", open);
    result += close == kNpos ? std::string(1, kUnknownPart)
                             : Evaluate(Trim(text.substr(open + 2, close - open - 2)), scope, 0);
    at = close == kNpos ? text.size() : close + 2;
  }
  return result;
}

void Justfile::Emit(std::string_view text) {
  if (code_.commands.size() >= kMostCommands) {
    code_.NotUnderstood("it runs too many commands", mentions_);
    return;
  }
  FoundCommand command;
  command.text = WithSubstitutions(text);
  command.shell = shell_;
  command.directory = directory_;
  code_.commands.push_back(std::move(command));
}

// A recipe whose first line is "#!..." is one program.
void Justfile::RunScript(const Recipe& recipe, const std::string& text) {
  const std::string_view first = Trim(std::string_view(text).substr(2, text.find('\n') - 2));
  std::string_view program = first.substr(0, first.find(' '));
  if (BaseName(program) == "env") {
    program = Trim(first.substr(program.size()));
    program.remove_prefix(program.starts_with("-S ") ? 3 : 0);
    program = program.substr(0, program.find(' '));
  }
  if (IsInterpreter(BaseName(program))) {
    ForeignCode inner = ReadScript(BaseName(program), text, {}, context_);
    code_.commands.insert(code_.commands.end(), inner.commands.begin(), inner.commands.end());
    inner.understood
        ? void()
        : code_.NotUnderstood(std::string(BaseName(file_)) + ":" + std::to_string(recipe.number) + ": " + inner.detail,
                              inner.mentions_name);
    return;
  }
  const std::string outer = std::exchange(shell_, std::string(program));
  Emit(text);
  shell_ = outer;
}

void Justfile::RunRecipe(const Recipe& recipe, const std::vector<std::string>& arguments, int depth) {
  std::string key = recipe.name;
  std::for_each(arguments.begin(), arguments.end(), [&key](const std::string& each) { key.append("\n").append(each); });
  if (!visited_.insert(std::move(key)).second) {
    return;
  }
  if (depth > kDeepestRecipe || visited_.size() > kMostVisits) {
    code_.NotUnderstood(std::string(BaseName(file_)) + ": recipes need too many others", mentions_);
    return;
  }
  Scope scope;
  for (std::size_t i = 0; i < recipe.parameters.size(); ++i) {
    const Parameter& parameter = recipe.parameters[i];
    std::string value = i < arguments.size() ? arguments[i] : Evaluate(parameter.value, scope, 0);
    for (std::size_t k = i + 1; parameter.many != '\0' && k < arguments.size(); ++k) {
      value.append(" ").append(arguments[k]);
    }
    scope[parameter.name] = std::move(value);
  }
  for (const Dependency& dependency : recipe.dependencies) {
    std::vector<std::string> values;
    for (const std::string& each : dependency.arguments) {
      values.push_back(Evaluate(each, scope, 0));
    }
    const Recipe* found = Find(dependency.name);
    found == nullptr ? void() : RunRecipe(*found, values, depth + 1);
  }
  std::string text;
  for (const std::string& line : recipe.lines) {
    text.append(text.empty() && Trim(line).empty() ? "" : std::string(Trim(line)) + "\n");
  }
  if (text.starts_with("#!")) {
    RunScript(recipe, Interpolated(text, scope));
    return;
  }
  std::string joined;
  for (const std::string& line : recipe.lines) {
    std::string_view bare = Trim(line);
    while (joined.empty() && !bare.empty() && (bare[0] == '@' || bare[0] == '-')) {
      bare = Trim(bare.substr(1));
    }
    joined.append(bare);
    if (joined.ends_with('\\')) {
      joined.pop_back();
      joined.push_back(' ');
      continue;
    }
    joined.empty() ? void() : Emit(Interpolated(joined, scope));
    joined.clear();
  }
  joined.empty() ? void() : Emit(Interpolated(joined, scope));
}

ForeignCode Justfile::Run(const std::vector<std::string>& words, bool unknown) {
  for (const auto& [name, expression] : std::map<std::string, std::string, std::less<>>(variables_)) {
    expression.find('`') == std::string::npos ? std::string() : Evaluate(expression, {}, 0);
  }
  if (words.empty() && !unknown && !recipes_.empty()) {
    const Recipe* by_name = Find("default");
    RunRecipe(by_name != nullptr ? *by_name : recipes_.front(), {}, 0);
    RunRecipe(recipes_.front(), {}, 0);
  }
  for (std::size_t i = 0; i < words.size();) {
    const Recipe* recipe = Find(words[i++]);
    if (recipe == nullptr) {
      unknown = unknown || incomplete_ || !IsKnown(words[i - 1]);
      break;
    }
    const bool any = std::any_of(recipe->parameters.begin(), recipe->parameters.end(),
                                 [](const Parameter& each) { return each.many != '\0'; });
    const std::size_t count = any ? words.size() - i : std::min(recipe->parameters.size(), words.size() - i);
    const auto begin = words.begin() + static_cast<std::ptrdiff_t>(i);
    RunRecipe(*recipe, {begin, begin + static_cast<std::ptrdiff_t>(count)}, 0);
    i += count;
  }
  if (unknown) {
    code_.NotUnderstood(std::string(BaseName(file_)) + ": which recipe runs is not known", mentions_);
  }
  for (FoundCommand& command : code_.commands) {
    for (const std::string& name : exported_) {
      std::string value = Evaluate(name, {}, 0);
      value = value.find(kShellBegin) == std::string::npos ? value : std::string(1, kUnknownPart);
      command.environment.emplace_back(name, std::move(value));
    }
  }
  return std::move(code_);
}

}  // namespace

ForeignCode ReadJustfile(const std::vector<Word>& words, const ForeignContext& context) {
  constexpr std::string_view kValueOptions =
      " --chooser --color --command-color --dotenv-filename --dotenv-path "
      "--shell --shell-arg --tempdir --list-heading --list-prefix ";
  constexpr std::string_view kSilent =
      " -l --list --summary --dump --show -s --init -e --edit --fmt -n --dry-run --help "
      "-h --version -V --completions --variables --groups ";
  std::string path;
  std::string directory;
  std::vector<std::string> rest;
  std::vector<std::pair<std::string, std::string>> overrides;
  bool unknown = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i].text;
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto value = [&] {
      return equals == kNpos ? (i + 1 < words.size() ? words[++i].text : "") : word.substr(equals + 1);
    };
    if (words[i].may_split) {
      unknown = true;
    } else if (!rest.empty() || word.empty() || word[0] != '-') {
      const bool sets = rest.empty() && equals != kNpos && equals > 0;
      sets ? void(overrides.emplace_back(name, word.substr(equals + 1))) : rest.push_back(word);
    } else if (IsListed(kSilent, word)) {
      return {};
    } else if (name == "-f" || name == "--justfile") {
      path = value();
    } else if (name == "-d" || name == "--working-directory") {
      directory = value();
    } else if (name == "--set" && i + 2 < words.size()) {
      overrides.emplace_back(words[i + 1].text, words[i + 2].text);
      i += 2;
    } else if (IsListed(kValueOptions, name)) {
      value();
    }
  }
  if (!IsKnown(context.cwd) || !IsKnown(path) || !IsKnown(directory)) {
    return {};
  }
  std::string folder = context.cwd;
  if (!rest.empty() && rest[0].find('/') != std::string::npos && IsKnown(rest[0])) {
    folder = CleanPath(rest[0].substr(0, rest[0].rfind('/') + 1), folder);
    rest[0] = BaseName(rest[0]);
    rest[0].empty() ? void(rest.erase(rest.begin())) : void();
  }
  for (std::string at = folder; path.empty(); at = CleanPath("..", at)) {
    for (const char* name : {"justfile", ".justfile", "Justfile", "JUSTFILE"}) {
      path = path.empty() && context.files->Read(CleanPath(name, at)) ? CleanPath(name, at) : path;
    }
    if (at == "/" && path.empty()) {
      return {};
    }
  }
  path = CleanPath(path, context.cwd);
  directory = directory.empty() ? CleanPath(path + "/..", "/") : CleanPath(directory, context.cwd);
  Justfile justfile(context, directory);
  for (auto& [name, value] : overrides) {
    justfile.Override(name, value);
  }
  return justfile.Read(path, 0) ? justfile.Run(rest, unknown) : ForeignCode();
}

}  // namespace safe_docker::shell
