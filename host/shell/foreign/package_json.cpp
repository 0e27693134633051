// Scripts of a package.json, as npm, pnpm, yarn, bun and node run them, of a composer.json, and tasks of a deno.json.
#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "file_system.hpp"
#include "joined_words.hpp"
#include "language.hpp"
#include "task_readers.hpp"

namespace safe_docker::shell {
namespace {

using nlohmann::json;

constexpr std::size_t kMostWorkspaces = 64;
constexpr int kDeepestScript = 8;

// What a package manager's command line asks for.
struct Request {
  std::string directory;
  std::vector<std::string> scripts;  // in the order in which they run; missing ones are skipped
  std::vector<Word> arguments;       // for the last of them
  bool all_workspaces = false;
};

struct Manager {
  std::string_view name;
  std::string_view directory_options;  // between blanks
  std::string_view value_options;
  std::string_view run_commands;
  bool runs_any_word = false;   // yarn build
  bool passes_options = false;  // arguments need no --
  std::string_view install_commands;
};

constexpr std::string_view kWorkspaceOptions = " -w --workspace -ws --workspaces -r --recursive --filter -F ";
constexpr std::array kManagers = {
    Manager{"npm", " --prefix -C ", " -w --workspace --loglevel --userconfig --registry --cache --script-shell ",
            " run run-script rum urn ", false, false,
            " install i in ins inst insta instal isnt isnta isntal isntall add ci clean-install ic install-clean "
            "install-test it cit "},
    Manager{"pnpm", " --dir -C --prefix ", " --filter -F --loglevel --reporter --registry ", " run run-script ", true,
            true, " install i add ci "},
    Manager{"yarn", " --cwd ", " --registry --cache-folder ", " run ", true, true, " install add "},
    Manager{"bun", " --cwd ", " --filter -F --config -c ", " run ", true, true, " install i add ci "},
};

std::optional<json> ReadJson(const std::string& path, const ForeignContext& context, ForeignCode* code) {
  const std::optional<std::string> text = context.files->Read(path);
  if (!text) {
    return std::nullopt;
  }
  json document = json::parse(*text, nullptr, false, true);
  if (document.is_discarded() || !document.is_object()) {
    code->reads_written = context.files->IsWritten(path);
    code->NotUnderstood(std::string(BaseName(path)) + " cannot be read", context.names->MentionedIn(*text));
    return std::nullopt;
  }
  return document;
}

void AddScript(const json& scripts, const std::string& name, const std::vector<Word>& arguments,
               const std::string& directory, ForeignCode* code) {
  const auto found = scripts.find(name);
  if (found == scripts.end() || !found->is_string()) {
    return;
  }
  FoundCommand command;
  command.text = found->get<std::string>();
  // A NUL would be taken for an unknown part.
  command.text.erase(std::find(command.text.begin(), command.text.end(), '\0'), command.text.end());
  for (const Word& argument : arguments) {
    command.text.append(" ").append(Quoted(argument));
  }
  command.directory = directory;
  code->commands.push_back(std::move(command));
}

void AddScripts(const Request& request, const json& document, const std::string& directory, const Names& names,
                ForeignCode* code) {
  const auto found = document.find("scripts");
  if (found == document.end() || !found->is_object()) {
    return;
  }
  const bool mentions = std::any_of(found->begin(), found->end(), [&names](const json& each) {
    return each.is_string() && names.MentionedIn(each.get_ref<const std::string&>());
  });
  for (std::size_t i = 0; i < request.scripts.size(); ++i) {
    if (!IsKnown(request.scripts[i])) {
      code->NotUnderstood("which script of package.json runs is not known", mentions);
    }
    const bool is_asked_for = !request.arguments.empty() && i + 1 == request.scripts.size();
    AddScript(*found, request.scripts[i], is_asked_for ? request.arguments : std::vector<Word>(), directory, code);
  }
}

// The folders that the patterns of "workspaces" match: packages/*, tools/cli.
std::vector<std::string> Workspaces(const json& document, const std::string& directory) {
  std::vector<std::string> folders;
  auto patterns = document.find("workspaces");
  if (patterns != document.end() && patterns->is_object()) {
    patterns = patterns->find("packages");
  }
  if (patterns == document.end() || !patterns->is_array()) {
    return folders;
  }
  for (const json& each : *patterns) {
    const std::string pattern = each.is_string() ? each.get<std::string>() : std::string();
    if (pattern.ends_with("/*") || pattern.ends_with("/**")) {
      const std::string parent = CleanPath(pattern.substr(0, pattern.find('*')), directory);
      std::error_code error;
      for (const auto& entry : std::filesystem::directory_iterator(parent, error)) {
        folders.size() < kMostWorkspaces ? folders.push_back(entry.path().string()) : void();
      }
    } else if (!pattern.empty()) {
      folders.push_back(CleanPath(pattern, directory));
    }
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

// The nearest folder upwards that has a package.json, as package managers look for it.
std::string PackageFolder(std::string directory, const ForeignContext& context, const char* file) {
  for (std::string at = directory;; at = CleanPath("..", at)) {
    if (context.files->Read(CleanPath(file, at))) {
      return at;
    }
    if (at == "/") {
      return directory;
    }
  }
}

std::vector<std::string> LifeCycle(std::string_view command) {
  if (command == "test" || command == "t" || command == "tst") {
    return {"pretest", "posttest", "test"};
  }
  if (command == "restart") {
    return {"prerestart", "prestop", "stop", "poststop", "prestart", "start", "poststart", "postrestart", "restart"};
  }
  if (command == "publish") {
    return {"prepublishOnly", "prepack", "prepare", "postpack", "publish", "postpublish"};
  }
  if (command == "pack") {
    return {"prepack", "prepare", "postpack"};
  }
  if (command == "version") {
    return {"preversion", "version", "postversion"};
  }
  return {};
}

class RequestReader {
 public:
  RequestReader(const Manager& manager, const std::vector<Word>& words, const ForeignContext& context)
      : manager_(manager), words_(words) {
    request_.directory = context.cwd;
  }

  Request Read();

 private:
  bool ReadOption(bool before_script);
  void TakeScript(const std::string& name);

  const Manager& manager_;
  const std::vector<Word>& words_;
  std::size_t at_ = 1;
  Request request_;
};

bool RequestReader::ReadOption(bool before_script) {
  const std::string& word = words_[at_].text;
  if (word.size() < 2 || word[0] != '-') {
    return false;
  }
  const std::size_t equals = word.find('=');
  const std::string name = word.substr(0, equals);
  request_.all_workspaces = request_.all_workspaces || IsListed(kWorkspaceOptions, name);
  const bool names_directory = IsListed(manager_.directory_options, name);
  const bool takes_value = equals == std::string::npos && (names_directory || IsListed(manager_.value_options, name));
  std::string value = equals == std::string::npos ? std::string() : word.substr(equals + 1);
  if (takes_value && at_ + 1 < words_.size()) {
    value = words_[++at_].text;
  }
  if (names_directory && before_script) {
    const bool known = IsKnown(value) && IsKnown(request_.directory);
    request_.directory = known ? CleanPath(value, request_.directory) : std::string(1, kUnknownPart);
  }
  return true;
}

void RequestReader::TakeScript(const std::string& name) { request_.scripts = {"pre" + name, "post" + name, name}; }

Request RequestReader::Read() {
  while (at_ < words_.size() && ReadOption(true)) {
    ++at_;
  }
  const std::string command = at_ < words_.size() ? words_[at_++].text : std::string();
  const bool installs = IsListed(manager_.install_commands, command) || (command.empty() && manager_.name == "yarn");
  if (IsListed(manager_.run_commands, command) && !command.empty()) {
    while (at_ < words_.size() && ReadOption(true)) {
      ++at_;
    }
    at_ < words_.size() ? TakeScript(words_[at_++].text) : void();
  } else if (installs) {
    request_.scripts = {"preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"};
    if (command.ends_with("-test") || command == "it" || command == "cit") {
      request_.scripts.insert(request_.scripts.end(), {"pretest", "test", "posttest"});
    }
    for (; at_ < words_.size(); ++at_) {
      const bool off = words_[at_].text == "--ignore-scripts" || words_[at_].text == "--ignore-scripts=true";
      off ? request_.scripts.clear() : void(ReadOption(true));
    }
    return request_;
  } else if (const std::vector<std::string> cycle = LifeCycle(command); !cycle.empty()) {
    request_.scripts = cycle;
  } else if (manager_.runs_any_word || command == "start" || command == "stop") {
    command.empty() ? void() : TakeScript(command);
  }
  for (bool passed = manager_.passes_options; at_ < words_.size(); ++at_) {
    if (!passed && words_[at_].text == "--") {
      passed = true;
    } else if (passed || !ReadOption(true)) {
      request_.arguments.push_back(words_[at_]);
    }
  }
  return request_;
}

// npm start without such a script runs server.js; a script that is not there runs nothing.
ForeignCode ReadRequest(const Request& request, const ForeignContext& context) {
  ForeignCode code;
  if (!IsKnown(request.directory)) {
    return code;
  }
  const std::string folder = PackageFolder(request.directory, context, "package.json");
  const std::optional<json> document = ReadJson(CleanPath("package.json", folder), context, &code);
  if (!document) {
    return code;
  }
  AddScripts(request, *document, folder, *context.names, &code);
  if (request.all_workspaces) {
    for (const std::string& workspace : Workspaces(*document, folder)) {
      if (const std::optional<json> inner = ReadJson(CleanPath("package.json", workspace), context, &code); inner) {
        AddScripts(request, *inner, workspace, *context.names, &code);
      }
    }
  }
  return code;
}

// "scripts" of composer.json: a command, or a list of commands and of "@name" of others.
void AddComposerScript(const json& scripts, const std::string& name, int depth, const std::string& folder,
                       ForeignCode* code) {
  const auto found = scripts.find(name);
  if (found == scripts.end() || depth > kDeepestScript) {
    return;
  }
  const std::vector<json> entries = found->is_array() ? found->get<std::vector<json>>() : std::vector<json>{*found};
  for (const json& entry : entries) {
    const std::string text = entry.is_string() ? entry.get<std::string>() : std::string();
    const bool is_php = text.starts_with("@php ");
    if (text.starts_with("@") && !is_php && !text.starts_with("@composer ") && !text.starts_with("@putenv ")) {
      AddComposerScript(scripts, text.substr(1, text.find(' ') - 1), depth + 1, folder, code);
    } else if (text.find("::") == std::string::npos && !text.empty() && code->commands.size() < 512) {
      FoundCommand command;
      command.text = text.starts_with("@") ? text.substr(1) : text;
      command.directory = folder;
      code->commands.push_back(std::move(command));
    }
  }
}

}  // namespace

ForeignCode ReadPackageScripts(const std::vector<Word>& words, const ForeignContext& context) {
  std::string_view program = BaseName(words[0].text);
  if (program == "node") {
    // node --run NAME
    Request request;
    request.directory = context.cwd;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::string_view word = words[i].text;
      if (word == "--run" && i + 1 < words.size()) {
        request.scripts = {words[i + 1].text};
      } else if (word.starts_with("--run=")) {
        request.scripts = {std::string(word.substr(6))};
      }
    }
    return request.scripts.empty() ? ForeignCode() : ReadRequest(request, context);
  }
  program = program == "bunx" ? "bun" : program == "yarnpkg" ? "yarn" : program;
  const auto* manager =
      std::find_if(kManagers.begin(), kManagers.end(), [program](const Manager& each) { return each.name == program; });
  if (manager == kManagers.end()) {
    return {};
  }
  return ReadRequest(RequestReader(*manager, words, context).Read(), context);
}

ForeignCode ReadComposerScripts(const std::vector<Word>& words, const ForeignContext& context) {
  ForeignCode code;
  std::vector<std::string> names;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i].text;
    if (!word.empty() && word[0] != '-' && word != "run-script" && word != "run") {
      names.push_back(word);
      break;
    }
  }
  if (names.empty() || !IsKnown(context.cwd)) {
    return code;
  }
  const std::string name = names[0];
  names.insert(names.end(),
               {"pre-" + name + "-cmd", "post-" + name + "-cmd", "pre-autoload-dump", "post-autoload-dump"});
  const std::optional<json> document = ReadJson(CleanPath("composer.json", context.cwd), context, &code);
  const auto scripts = document ? document->find("scripts") : json::const_iterator();
  if (document && scripts != document->end() && scripts->is_object()) {
    const bool dumps = name == "install" || name == "update" || name == "dump-autoload" || name == "require";
    for (std::size_t i = 0; i < (dumps ? names.size() : 3); ++i) {
      AddComposerScript(*scripts, names[i], 0, context.cwd, &code);
    }
  }
  return code;
}

ForeignCode ReadDenoTasks(const std::vector<Word>& words, const ForeignContext& context) {
  ForeignCode code;
  if (words.size() < 3 || words[1].text != "task" || !IsKnown(context.cwd)) {
    return code;
  }
  std::size_t at = 2;
  std::string directory = context.cwd;
  while (at < words.size() && words[at].text.starts_with('-')) {
    const bool takes_value = IsListed(" --cwd -c --config ", words[at].text) && at + 1 < words.size();
    directory = words[at].text == "--cwd" && takes_value ? CleanPath(words[at + 1].text, directory) : directory;
    at += takes_value ? 2 : 1;
  }
  if (at >= words.size()) {
    return code;
  }
  const std::vector<Word> arguments(words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end());
  for (const char* file : {"deno.json", "deno.jsonc", "package.json"}) {
    const std::optional<json> document = ReadJson(CleanPath(file, directory), context, &code);
    const char* key = std::string_view(file) == "package.json" ? "scripts" : "tasks";
    const auto tasks = document ? document->find(key) : json::const_iterator();
    if (!document || tasks == document->end() || !tasks->is_object()) {
      continue;
    }
    const auto task = tasks->find(words[at].text);
    if (task != tasks->end() && task->is_object() && task->contains("command")) {
      AddScript(*task, "command", arguments, directory, &code);
      for (const json& each : task->value("dependencies", json::array())) {
        each.is_string() ? AddScript(*tasks, each.get<std::string>(), {}, directory, &code) : void();
      }
    } else {
      AddScript(*tasks, words[at].text, arguments, directory, &code);
    }
  }
  return code;
}

}  // namespace safe_docker::shell
