// Tasks of a Taskfile.yml (go-task).
#include <yaml.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "file_system.hpp"
#include "joined_words.hpp"
#include "language.hpp"
#include "makefile.hpp"
#include "task_readers.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepestTask = 16;
constexpr std::size_t kMostCommands = 512;
constexpr std::size_t kMostText = 64 * 1024;
constexpr std::size_t kMostVisits = 1024;

// A document of libyaml: nodes that refer to one another.
class Document {
 public:
  explicit Document(const std::string& text) {
    yaml_parser_t parser;
    if (yaml_parser_initialize(&parser) == 0) {
      return;
    }
    yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    loaded_ = yaml_parser_load(&parser, &document_) != 0;
    yaml_parser_delete(&parser);
  }
  ~Document() {
    if (loaded_) {
      yaml_document_delete(&document_);
    }
  }
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  const yaml_node_t* Root() { return loaded_ ? yaml_document_get_root_node(&document_) : nullptr; }
  bool loaded() const { return loaded_; }

  static std::string Text(const yaml_node_t* node) {
    if (node == nullptr || node->type != YAML_SCALAR_NODE) {
      return {};
    }
    const auto* value = reinterpret_cast<const char*>(node->data.scalar.value);
    const std::string text(value, node->data.scalar.length);
    return text.substr(0, text.find('\0'));
  }
  static bool IsScalar(const yaml_node_t* node) { return node != nullptr && node->type == YAML_SCALAR_NODE; }

  const yaml_node_t* Get(const yaml_node_t* map, std::string_view key) {
    for (const auto& [name, value] : Pairs(map)) {
      if (name == key) {
        return value;
      }
    }
    return nullptr;
  }
  std::vector<std::pair<std::string, const yaml_node_t*>> Pairs(const yaml_node_t* map) {
    std::vector<std::pair<std::string, const yaml_node_t*>> pairs;
    if (map != nullptr && map->type == YAML_MAPPING_NODE) {
      for (const auto* each = map->data.mapping.pairs.start; each < map->data.mapping.pairs.top; ++each) {
        pairs.emplace_back(Text(yaml_document_get_node(&document_, each->key)),
                           yaml_document_get_node(&document_, each->value));
      }
    }
    return pairs;
  }
  std::vector<const yaml_node_t*> Items(const yaml_node_t* list) {
    std::vector<const yaml_node_t*> items;
    if (list != nullptr && list->type == YAML_SEQUENCE_NODE) {
      for (const auto* each = list->data.sequence.items.start; each < list->data.sequence.items.top; ++each) {
        items.push_back(yaml_document_get_node(&document_, *each));
      }
    }
    return items;
  }

 private:
  yaml_document_t document_{};
  bool loaded_ = false;
};

using Variables = std::map<std::string, std::string, std::less<>>;

class Taskfile {
 public:
  Taskfile(Document* document, std::string directory, bool mentions)
      : document_(*document), directory_(std::move(directory)), mentions_(mentions) {}

  ForeignCode Run(const std::vector<std::string>& tasks, const Variables& given);

 private:
  void RunTask(const std::string& name, const Variables& given, int depth);
  void RunEntry(const yaml_node_t* entry, const Variables& variables, const std::string& directory, int depth);
  void TakeVariables(const yaml_node_t* map, const std::string& directory, Variables* variables);
  std::string Filled(std::string_view text, const Variables& variables) const;
  void Emit(const std::string& text, const Variables& variables, const std::string& directory);
  const yaml_node_t* Find(const std::string& name);

  Document& document_;
  std::string directory_;
  bool mentions_;
  std::vector<std::pair<std::string, std::string>> environment_;
  Variables variables_;
  std::set<std::string> visited_;
  ForeignCode code_;
};

// {{.NAME}} is a variable; any other template is not followed.
std::string Taskfile::Filled(std::string_view text, const Variables& variables) const {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find("{{", at);
    result += text.substr(at, open - at);
    if (open == std::string_view::npos) {
      break;
    }
    const std::size_t close = text.find("}}", open);
    const bool closed = close != std::string_view::npos;
    std::string_view name = closed ? Trim(text.substr(open + 2, close - open - 2)) : std::string_view();
    name.remove_prefix(name.starts_with(".") ? 1 : 0);
    const auto found = variables.find(name);
    result += found == variables.end() ? std::string(1, kUnknownPart) : found->second;
    at = closed ? close + 2 : text.size();
    if (result.size() > kMostText) {
      return std::string(1, kUnknownPart);
    }
  }
  return result;
}

void Taskfile::TakeVariables(const yaml_node_t* map, const std::string& directory, Variables* variables) {
  for (const auto& [name, node] : document_.Pairs(map)) {
    const yaml_node_t* command = document_.Get(node, "sh");
    if (Document::IsScalar(command)) {
      const std::string text = Filled(Document::Text(command), *variables);
      Emit(text, *variables, directory);
      (*variables)[name] = kShellBegin + text + kShellEnd;
    } else {
      (*variables)[name] =
          Document::IsScalar(node) ? Filled(Document::Text(node), *variables) : std::string(1, kUnknownPart);
    }
  }
}

void Taskfile::Emit(const std::string& text, const Variables& variables, const std::string& directory) {
  if (code_.commands.size() >= kMostCommands) {
    code_.NotUnderstood("it runs too many commands", mentions_);
    return;
  }
  FoundCommand command;
  command.text = WithSubstitutions(Filled(text, variables));
  command.shell = "bash";  // mvdan's shell reads what bash does
  command.directory = directory;
  command.environment = environment_;
  code_.commands.push_back(std::move(command));
}

const yaml_node_t* Taskfile::Find(const std::string& name) {
  const yaml_node_t* tasks = document_.Get(document_.Root(), "tasks");
  if (const yaml_node_t* found = document_.Get(tasks, name); found != nullptr) {
    return found;
  }
  for (const auto& [key, task] : document_.Pairs(tasks)) {
    const std::size_t star = key.find('*');
    const bool matches = star != std::string::npos && name.starts_with(key.substr(0, star));
    const std::vector<const yaml_node_t*> aliases = document_.Items(document_.Get(task, "aliases"));
    if (matches || std::any_of(aliases.begin(), aliases.end(),
                               [&name](const yaml_node_t* each) { return Document::Text(each) == name; })) {
      return task;
    }
  }
  return nullptr;
}

// A command: a text, {cmd: text}, {task: name}, {defer: ...}, {for: ..., cmd: ...}.
void Taskfile::RunEntry(const yaml_node_t* entry, const Variables& variables, const std::string& directory, int depth) {
  if (Document::IsScalar(entry)) {
    Emit(Document::Text(entry), variables, directory);
    return;
  }
  for (const char* key : {"cmd", "defer", "sh"}) {
    const yaml_node_t* node = document_.Get(entry, key);
    if (Document::IsScalar(node)) {
      Emit(Document::Text(node), variables, directory);
    } else if (node != nullptr && depth < kDeepestTask) {
      RunEntry(node, variables, directory, depth + 1);
    }
  }
  if (const yaml_node_t* task = document_.Get(entry, "task"); task != nullptr) {
    Variables given;
    TakeVariables(document_.Get(entry, "vars"), directory, &given);
    RunTask(Filled(Document::Text(task), variables), given, depth + 1);
  }
}

void Taskfile::RunTask(const std::string& name, const Variables& given, int depth) {
  std::string key = name;
  for (const auto& [variable, value] : given) {
    key.append("\n").append(variable).append("=").append(value);
  }
  if (!visited_.insert(std::move(key)).second) {
    return;
  }
  if (depth > kDeepestTask || visited_.size() > kMostVisits) {
    code_.NotUnderstood("Taskfile: tasks need too many others", mentions_);
    return;
  }
  const yaml_node_t* task = Find(name);
  if (task == nullptr) {
    if (document_.Get(document_.Root(), "includes") != nullptr || !IsKnown(name)) {
      code_.NotUnderstood("Taskfile: the task " + name + " stands elsewhere", mentions_);
    }
    return;
  }
  Variables variables = variables_;
  const std::string folder = Filled(Document::Text(document_.Get(task, "dir")), variables);
  const std::string directory = folder.empty()    ? directory_
                                : IsKnown(folder) ? CleanPath(folder, directory_)
                                                  : std::string(1, kUnknownPart);
  TakeVariables(document_.Get(task, "vars"), directory, &variables);
  for (const auto& [variable, value] : given) {
    variables[variable] = value;
  }
  const auto outer = environment_;
  for (const auto& [variable, node] : document_.Pairs(document_.Get(task, "env"))) {
    environment_.emplace_back(
        variable, Document::IsScalar(node) ? Filled(Document::Text(node), variables) : std::string(1, kUnknownPart));
  }
  for (const yaml_node_t* dependency : document_.Items(document_.Get(task, "deps"))) {
    Document::IsScalar(dependency) ? RunTask(Document::Text(dependency), {}, depth + 1)
                                   : RunEntry(dependency, variables, directory, depth);
  }
  Document::IsScalar(task) ? Emit(Document::Text(task), variables, directory) : void();
  std::vector<const yaml_node_t*> entries = document_.Items(task);
  for (const char* list : {"preconditions", "status", "cmds"}) {
    const std::vector<const yaml_node_t*> items = document_.Items(document_.Get(task, list));
    entries.insert(entries.end(), items.begin(), items.end());
    const yaml_node_t* only = document_.Get(task, list);
    Document::IsScalar(only) ? entries.push_back(only) : void();
  }
  entries.push_back(document_.Get(task, "cmd"));
  for (const yaml_node_t* entry : entries) {
    entry == nullptr ? void() : RunEntry(entry, variables, directory, depth);
  }
  environment_ = outer;
}

ForeignCode Taskfile::Run(const std::vector<std::string>& tasks, const Variables& given) {
  variables_ = given;
  TakeVariables(document_.Get(document_.Root(), "vars"), directory_, &variables_);
  for (const auto& [name, value] : given) {
    variables_[name] = value;
  }
  for (const auto& [name, node] : document_.Pairs(document_.Get(document_.Root(), "env"))) {
    environment_.emplace_back(
        name, Document::IsScalar(node) ? Filled(Document::Text(node), variables_) : std::string(1, kUnknownPart));
  }
  for (const std::string& task : tasks) {
    RunTask(task, {}, 0);
  }
  return std::move(code_);
}

}  // namespace

ForeignCode ReadTaskfile(const std::vector<Word>& words, const ForeignContext& context) {
  constexpr std::string_view kSilent =
      " -l --list -a --list-all --init -i --version -h --help --summary -n --dry --status ";
  std::string path;
  std::string directory = context.cwd;
  std::vector<std::string> tasks;
  Variables given;
  std::string rest;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i].text;
    const std::size_t equals = word.find('=');
    const auto value = [&] {
      return equals == std::string::npos ? (i + 1 < words.size() ? words[++i].text : "") : word.substr(equals + 1);
    };
    if (word == "--") {
      rest = JoinedText(words, i + 1);
      break;
    }
    if (IsListed(kSilent, word)) {
      return {};
    }
    const std::string name = word.substr(0, equals);
    if (name == "-t" || name == "--taskfile") {
      path = value();
    } else if (name == "-d" || name == "--dir") {
      directory = CleanPath(value(), context.cwd);
    } else if (IsListed(" -C --concurrency -o --output -I --interval ", name)) {
      value();
    } else if (!word.starts_with('-')) {
      equals == std::string::npos ? tasks.push_back(word) : void(given[name] = word.substr(equals + 1));
    }
  }
  given["CLI_ARGS"] = rest;
  if (tasks.empty()) {
    tasks.emplace_back("default");
  }
  ForeignCode code;
  if (!IsKnown(directory) || !IsKnown(path)) {
    return code;
  }
  for (std::string at = directory; path.empty(); at = CleanPath("..", at)) {
    for (const char* name : {"Taskfile.yml", "taskfile.yml", "Taskfile.yaml", "taskfile.yaml", "Taskfile.dist.yml",
                             "taskfile.dist.yml", "Taskfile.dist.yaml", "taskfile.dist.yaml"}) {
      path = path.empty() && context.files->Read(CleanPath(name, at)) ? CleanPath(name, at) : path;
    }
    if (at == "/" && path.empty()) {
      return code;
    }
  }
  path = CleanPath(path, directory);
  const std::optional<std::string> text = context.files->Read(path);
  if (!text) {
    return code;
  }
  const bool mentions = context.names->MentionedIn(*text);
  Document document(*text);
  if (!document.loaded()) {
    code.reads_written = context.files->IsWritten(path);
    code.NotUnderstood(std::string(BaseName(path)) + " cannot be read", mentions);
    return code;
  }
  return Taskfile(&document, CleanPath(path + "/..", "/"), mentions).Run(tasks, given);
}

}  // namespace safe_docker::shell
