#include "agents/claude_settings.hpp"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "agents/located_json.hpp"
#include "file_system.hpp"

namespace safe_docker::agents {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kLargestFile = 4 * 1024 * 1024;

// Reads one file's JSON, and reports what has another type than Claude Code expects there.
class Reader {
 public:
  Reader(const LocatedJson& json, ClaudeSettings* settings) : json_(json), settings_(*settings) {}

  void Read() {
    if (!json_.value.is_object()) {
      Report("", "expected an object");
      return;
    }
    if (json_.has_comments) {
      settings_.problems.push_back({false, settings_.file, 0, "has comments, which not every reader of it allows"});
    }
    settings_.disables_all_hooks = Switch("disableAllHooks", &settings_.disables_line);
    settings_.allows_managed_hooks_only = Switch("allowManagedHooksOnly", &settings_.allows_line);
    ReadVariables();
    const Json* const hooks = Member(json_.value, "", "hooks", Json::value_t::object);
    const Json* const groups =
        hooks == nullptr ? nullptr : Member(*hooks, "/hooks", "PreToolUse", Json::value_t::array);
    for (std::size_t index = 0; groups != nullptr && index < groups->size(); ++index) {
      ReadGroup((*groups)[index], "/hooks/PreToolUse/" + std::to_string(index));
    }
  }

 private:
  void Report(const std::string& pointer, std::string message) {
    settings_.problems.push_back({true, settings_.file, json_.LineOf(pointer), std::move(message)});
  }

  // The member `key` of the object at `pointer`; null if there is none, or one of another type, which is reported.
  const Json* Member(const Json& object, const std::string& pointer, const char* key, Json::value_t type) {
    const auto found = object.find(key);
    if (found == object.end()) {
      return nullptr;
    }
    if (found->type() != type) {
      Report(pointer + "/" + PointerStep(key),
             std::string(key) + ": expected " + std::string(NameOf(type)) + ", found " + found->type_name());
      return nullptr;
    }
    return &*found;
  }
  static std::string_view NameOf(Json::value_t type) {
    switch (type) {
      case Json::value_t::object:
        return "an object";
      case Json::value_t::array:
        return "a list";
      case Json::value_t::boolean:
        return "true or false";
      default:
        return "a string";
    }
  }

  std::string Text(const Json& object, const std::string& pointer, const char* key) {
    const Json* const text = Member(object, pointer, key, Json::value_t::string);
    return text == nullptr ? "" : text->get<std::string>();
  }

  bool Switch(const char* key, std::uint32_t* line) {
    const Json* const value = Member(json_.value, "", key, Json::value_t::boolean);
    *line = json_.LineOf("/" + PointerStep(key));
    return value != nullptr && value->get<bool>();
  }

  void ReadVariables() {
    const Json* const variables = Member(json_.value, "", "env", Json::value_t::object);
    if (variables == nullptr) {
      return;
    }
    for (const auto& variable : variables->items()) {
      settings_.variables.push_back({variable.key(), json_.LineOf("/env/" + PointerStep(variable.key()))});
    }
  }

  void ReadGroup(const Json& group, const std::string& pointer) {
    if (!group.is_object()) {
      Report(pointer, std::string("PreToolUse: expected objects, found ") + group.type_name());
      return;
    }
    const std::string matcher = Text(group, pointer, "matcher");
    const Json* const handlers = Member(group, pointer, "hooks", Json::value_t::array);
    for (std::size_t index = 0; handlers != nullptr && index < handlers->size(); ++index) {
      const std::string place = pointer + "/hooks/" + std::to_string(index);
      if ((*handlers)[index].is_object()) {
        ReadHandler((*handlers)[index], place, matcher);
      } else {
        Report(place, std::string("hooks: expected objects, found ") + (*handlers)[index].type_name());
      }
    }
  }

  void ReadHandler(const Json& object, const std::string& pointer, const std::string& matcher) {
    HookHandler handler;
    handler.file = settings_.file;
    handler.line = json_.LineOf(pointer);
    handler.matcher = matcher;
    handler.type = Text(object, pointer, "type");
    handler.command = Text(object, pointer, "command");
    handler.on_failure = Text(object, pointer, "onFailure");
    handler.condition = Text(object, pointer, "if");
    const Json* const asynchronous = Member(object, pointer, "async", Json::value_t::boolean);
    handler.is_async = asynchronous != nullptr && asynchronous->get<bool>();
    if (const auto timeout = object.find("timeout"); timeout != object.end()) {
      if (timeout->is_number()) {
        handler.timeout = timeout->get<double>();
      } else {
        Report(pointer + "/timeout",
               std::string("timeout: expected a number of seconds, found ") + timeout->type_name());
      }
    }
    ReadArguments(object, pointer, &handler);
    settings_.handlers.push_back(std::move(handler));
  }

  void ReadArguments(const Json& object, const std::string& pointer, HookHandler* handler) {
    const Json* const list = Member(object, pointer, "args", Json::value_t::array);
    handler->has_args = list != nullptr;
    for (std::size_t index = 0; list != nullptr && index < list->size(); ++index) {
      if ((*list)[index].is_string()) {
        handler->args.push_back((*list)[index].get<std::string>());
      } else {
        Report(pointer + "/args/" + std::to_string(index),
               std::string("args: expected strings, found ") + (*list)[index].type_name());
      }
    }
  }

  const LocatedJson& json_;
  ClaudeSettings& settings_;
};

// The files in the managed settings' folder of pieces, in the order in which they are read.
std::vector<std::string> PiecesIn(const std::string& folder) {
  std::vector<std::string> pieces;
  DIR* const opened = opendir(folder.c_str());
  for (const dirent* entry = opened == nullptr ? nullptr : readdir(opened); entry != nullptr; entry = readdir(opened)) {
    const std::string_view name = entry->d_name;
    if (name.ends_with(".json") && !name.starts_with('.')) {
      pieces.push_back(folder + "/" + std::string(name));
    }
  }
  if (opened != nullptr) {
    closedir(opened);
  }
  std::sort(pieces.begin(), pieces.end());
  return pieces;
}

// Whether one of the words that `text` is made of at blanks, quotes and the shell's own signs is a path to safe-docker.
bool NamesSafeDocker(std::string_view text) {
  constexpr std::string_view kBetweenWords = " \t\n'\"\\;&|(){}<>=";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(kBetweenWords), text.size());
    if (BaseName(text.substr(0, end)) == "safe-docker") {
      return true;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

}  // namespace

std::string_view Name(Scope scope) {
  constexpr std::string_view kNames[] = {"managed", "local", "project", "user"};
  return kNames[static_cast<std::size_t>(scope)];
}

std::string Describe(const SettingsProblem& problem) {
  return problem.file + (problem.line == 0 ? "" : ":" + std::to_string(problem.line)) + ": " + problem.message;
}

bool ClaudeSettings::has_errors() const {
  return std::any_of(problems.begin(), problems.end(), [](const SettingsProblem& problem) { return problem.is_error; });
}

bool RunsSafeDocker(const HookHandler& handler) {
  if (handler.type != "command") {
    return false;
  }
  // A program that is started directly may be one that starts ours: `env`, `timeout 5`, `sh -c`.
  return NamesSafeDocker(handler.command) ||
         (handler.has_args && std::any_of(handler.args.begin(), handler.args.end(), NamesSafeDocker));
}

std::string FindClaudeProject(const std::string& folder) {
  struct stat status = {};
  std::string nearest;
  for (std::string each = folder; !each.empty(); each.resize(each.rfind('/'))) {
    if (nearest.empty() && lstat((each + "/.claude").c_str(), &status) == 0) {
      nearest = each;
    }
    if (lstat((each + "/.git").c_str(), &status) == 0) {
      return nearest.empty() ? each : nearest;
    }
  }
  return folder;
}

ClaudeFolders FindClaudeFolders(const Environment& environment, std::string_view folder) {
  ClaudeFolders folders;
#if defined(__APPLE__)
  folders.managed = "/Library/Application Support/ClaudeCode";
#endif
  const std::string home = environment.GetOr("HOME", "");
  folders.user = environment.GetOr("CLAUDE_CONFIG_DIR", home.empty() ? "" : home + "/.claude");
  folders.project = FindClaudeProject(std::string(folder));
  return folders;
}

ClaudeSettings ReadClaudeSettingsFile(const std::string& path, Scope scope) {
  ClaudeSettings settings;
  settings.file = path;
  settings.scope = scope;
  const FileContent content = ReadRegularFile(path, kLargestFile);
  settings.exists = content.status != FileContent::Status::kMissing;
  if (content.status == FileContent::Status::kFailed) {
    settings.problems.push_back({true, path, 0, "cannot be read: " + content.error});
  }
  if (content.status != FileContent::Status::kRead) {
    return settings;
  }
  const LocatedJson json = ReadLocatedJson(content.text);
  if (json.value.is_discarded()) {
    settings.problems.push_back({true, path, json.problem_line, "is not JSON: " + json.problem});
    return settings;
  }
  Reader(json, &settings).Read();
  return settings;
}

std::vector<ClaudeSettings> ReadClaudeSettings(const ClaudeFolders& folders) {
  std::vector<ClaudeSettings> all;
  all.push_back(ReadClaudeSettingsFile(folders.managed + "/managed-settings.json", Scope::kManaged));
  for (const std::string& piece : PiecesIn(folders.managed + "/managed-settings.d")) {
    all.push_back(ReadClaudeSettingsFile(piece, Scope::kManaged));
  }
  const std::string project = folders.project + "/.claude";
  if (!folders.project.empty() && project != folders.user) {
    all.push_back(ReadClaudeSettingsFile(project + "/settings.local.json", Scope::kLocal));
    all.push_back(ReadClaudeSettingsFile(project + "/settings.json", Scope::kProject));
  }
  if (!folders.user.empty()) {
    all.push_back(ReadClaudeSettingsFile(folders.user + "/settings.json", Scope::kUser));
  }
  return all;
}

}  // namespace safe_docker::agents
