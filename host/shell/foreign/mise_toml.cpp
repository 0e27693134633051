// Tasks of a mise.toml.
#include <algorithm>
#include <array>
#include <set>

#include "file_system.hpp"
#include "joined_words.hpp"
#include "language.hpp"
#include "task_readers.hpp"
#include "toml.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepestTask = 16;

class MiseTasks {
 public:
  MiseTasks(const toml::table& tasks, std::string directory) : tasks_(tasks), directory_(std::move(directory)) {}

  void Run(const std::string& name, const std::vector<Word>& arguments, int depth);
  ForeignCode Take() { return std::move(code_); }

 private:
  void Emit(const toml::node& node, const std::string& directory, const std::vector<Word>& arguments);

  const toml::table& tasks_;
  std::string directory_;
  std::set<std::string> visited_;
  ForeignCode code_;
};

// A text, or an array of texts. Templates are not followed.
void MiseTasks::Emit(const toml::node& node, const std::string& directory, const std::vector<Word>& arguments) {
  if (const toml::array* list = node.as_array(); list != nullptr) {
    for (const toml::node& each : *list) {
      each.is_string() ? Emit(each, directory, arguments) : void();
    }
    return;
  }
  const std::string text = node.value_or(std::string());
  FoundCommand command;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = std::min(text.find("{{", at), text.size());
    const std::size_t close = text.find("}}", open);
    command.text.append(text, at, open - at);
    command.text.append(open < text.size() ? 1 : 0, kUnknownPart);
    at = open == text.size() || close == std::string::npos ? text.size() : close + 2;
  }
  for (const Word& argument : arguments) {
    command.text.append(" ").append(Quoted(argument));
  }
  command.directory = directory;
  code_.commands.push_back(std::move(command));
}

void MiseTasks::Run(const std::string& name, const std::vector<Word>& arguments, int depth) {
  const toml::node* task = tasks_.get(name);
  if (task == nullptr || depth > kDeepestTask || !visited_.insert(name).second) {
    return;
  }
  const toml::table* table = task->as_table();
  if (table == nullptr) {
    Emit(*task, directory_, arguments);
    return;
  }
  for (const char* key : {"depends", "depends_post", "wait_for"}) {
    const toml::node* list = table->get(key);
    const toml::array* names = list == nullptr ? nullptr : list->as_array();
    for (std::size_t i = 0; names != nullptr && i < names->size(); ++i) {
      Run((*names)[i].value_or(std::string()), {}, depth + 1);
    }
    list != nullptr && list->is_string() ? Run(list->value_or(std::string()), {}, depth + 1) : void();
  }
  const toml::node* folder = table->get("dir");
  const std::string directory = folder == nullptr ? directory_ : CleanPath(folder->value_or(std::string()), directory_);
  const toml::node* run = table->get("run");
  run == nullptr ? void() : Emit(*run, directory, arguments);
}

}  // namespace

ForeignCode ReadMiseTasks(const std::vector<Word>& words, const ForeignContext& context) {
  std::size_t at = 1;
  while (at < words.size() && words[at].text.starts_with('-')) {
    at += IsListed(" -C --cd -E --env -j --jobs ", words[at].text) ? 2 : 1;
  }
  const bool runs = at < words.size() && IsListed(" run r tasks ", words[at].text);
  at += runs ? 1 : 0;
  at += runs && at < words.size() && words[at].text == "run" ? 1 : 0;
  while (at < words.size() && words[at].text.starts_with('-')) {
    at += IsListed(" -C --cd -j --jobs -o --output ", words[at].text) ? 2 : 1;
  }
  ForeignCode code;
  if (at >= words.size() || !IsKnown(context.cwd)) {
    return code;
  }
  std::vector<Word> arguments(words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end());
  if (!arguments.empty() && arguments[0].text == "--") {
    arguments.erase(arguments.begin());
  }
  for (std::string folder = context.cwd;; folder = CleanPath("..", folder)) {
    for (const char* name : {"mise.toml", ".mise.toml", "mise.local.toml", ".config/mise.toml"}) {
      const std::optional<std::string> text = context.files->Read(CleanPath(name, folder));
      if (!text) {
        continue;
      }
      const toml::parse_result parsed = toml::parse(*text);
      if (!parsed) {
        code.reads_written = context.files->IsWritten(CleanPath(name, folder));
        code.NotUnderstood(std::string(name) + " cannot be read", context.names->MentionedIn(*text));
        return code;
      }
      const toml::node* tasks = parsed.table().get("tasks");
      if (tasks != nullptr && tasks->is_table()) {
        MiseTasks reader(*tasks->as_table(), folder);
        reader.Run(words[at].text, arguments, 0);
        return reader.Take();
      }
    }
    if (folder == "/") {
      return code;
    }
  }
}

}  // namespace safe_docker::shell
