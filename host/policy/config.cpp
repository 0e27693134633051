#include "policy/config.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "file_system.hpp"
#include "policy/config_keys.hpp"
#include "policy/project_file.hpp"

namespace safe_docker::policy {
namespace {

using Severity = Problem::Severity;

constexpr std::string_view kSystemFile = "/etc/safe-docker/config.toml";
constexpr std::uint64_t kLargestFile = 1 << 20;

bool HasShape(const toml::node& node, Shape shape) {
  switch (shape) {
    case Shape::kText:
      return node.is_string();
    case Shape::kFlag:
      return node.is_boolean();
    case Shape::kInteger:
      return node.is_integer();
    case Shape::kTexts:
    case Shape::kTables:
      return node.is_array();
    case Shape::kTextOrTexts:
      return node.is_string() || node.is_array();
    case Shape::kTable:
      return node.is_table();
  }
  return false;
}

std::string ShapeName(Shape shape) {
  switch (shape) {
    case Shape::kText:
      return "a string";
    case Shape::kFlag:
      return "true or false";
    case Shape::kInteger:
      return "an integer";
    case Shape::kTexts:
      return "a list";
    case Shape::kTextOrTexts:
      return "a string or a list";
    case Shape::kTable:
      return "a table";
    case Shape::kTables:
      return "tables: [[…]]";
  }
  return "another type";
}

void ReportUnknownKey(const toml::node& node, std::string_view key, Reader* reader) {
  const std::span<const std::string_view> tables = Tables();
  std::vector<std::string_view> known(tables.begin(), tables.end());
  for (const Key& each : Keys()) {
    known.push_back(each.name);
  }
  reader->Error(node, key, "unknown key" + DidYouMean(key, known));
}

void ReadTable(const toml::table& table, std::string_view prefix, Reader* reader);

void ReadKey(const std::string& name, const toml::node& node, Reader* reader) {
  const std::span<const Key> keys = Keys();
  const auto found = std::find_if(keys.begin(), keys.end(), [&name](const Key& key) { return key.name == name; });
  if (found == keys.end()) {
    ReportUnknownKey(node, name, reader);
  } else if (!HasShape(node, found->shape)) {
    reader->Error(node, name, "expected " + ShapeName(found->shape) + ", found " + TypeName(node.type()));
  } else {
    if (!reader->is_project()) {
      reader->Record(Contribution::Kind::kSets, node, name);
    }
    found->take(node, name, reader);
  }
}

void ReadTable(const toml::table& table, std::string_view prefix, Reader* reader) {
  // Lists first: the others name them.
  if (const toml::node* lists = prefix.empty() ? table.get("lists") : nullptr) {
    ReadKey("lists", *lists, reader);
  }
  for (const auto& [toml_key, node] : table) {
    const std::string name = std::string(prefix) + std::string(toml_key.str());
    if (prefix.empty() && name == "plugins" && node.is_table()) {
      for (const auto& [id, plugin] : *node.as_table()) {
        ReadPlugin(id.str(), plugin, reader);
      }
      continue;
    }
    const std::span<const std::string_view> tables = Tables();
    if (prefix.empty() && node.is_table() && std::find(tables.begin(), tables.end(), name) != tables.end()) {
      ReadTable(*node.as_table(), name + ".", reader);
    } else if (name != "lists") {
      ReadKey(name, node, reader);
    }
  }
}

void AddFileProblem(const std::string& file, std::string message, LoadedConfig* loaded) {
  Problem problem;
  problem.file = file;
  problem.message = std::move(message);
  loaded->problems.push_back(std::move(problem));
}

// Who can write the configuration can switch everything off and name code to load: only its owner, who is root or the
// user, may be able to.
void CheckOwner(const std::string& file, LoadedConfig* loaded) {
  struct stat status = {};
  if (stat(file.c_str(), &status) != 0) {
    return;
  }
  const bool is_private_group = status.st_gid == status.st_uid && status.st_uid != 0;  // as for plugins
  const mode_t others = is_private_group ? S_IWOTH : S_IWGRP | S_IWOTH;
  if (status.st_uid != 0 && status.st_uid != geteuid()) {
    AddFileProblem(file, "belongs to another user, who could allow anything; run: chown $USER " + file, loaded);
  } else if ((status.st_mode & others) != 0) {
    AddFileProblem(file, "others may write it, and so allow anything; run: chmod go-w " + file, loaded);
  }
}

void ReadFile(const std::string& file, bool required, std::string_view home, const ReadingOptions& options,
              LoadedConfig* loaded) {
  const FileContent content = ReadRegularFile(file, kLargestFile);
  if (content.status == FileContent::Status::kMissing && !required) {
    return;
  }
  if (content.status != FileContent::Status::kRead) {
    AddFileProblem(file, "cannot be read: " + content.error, loaded);
    return;
  }
  loaded->files.push_back(file);
  CheckOwner(file, loaded);
  ApplyConfigText(content.text, file, home, options, loaded);
}

// True for the file that packages install, in which nothing is said: TOML's reader need not look at it before each
// docker command. Whether a carriage return ends a line is for that reader to say.
bool HasOnlyComments(std::string_view text) {
  if (text.find('\r') != std::string_view::npos) {
    return false;
  }
  while (!text.empty()) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first != std::string_view::npos && text[first] != '#' && text[first] != '\n') {
      return false;
    }
    const std::size_t end = text.find('\n');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return true;
}

// The file of the user, or nothing if there is none.
void ReadUserFile(const Environment& environment, std::string_view explicit_path, const std::string& home,
                  const ReadingOptions& options, LoadedConfig* loaded) {
  if (!explicit_path.empty()) {
    return ReadFile(std::string(explicit_path), /*required=*/true, home, options, loaded);
  }
  // A relative path would count from the project's folder, and a project may not configure its own judge.
  const std::string named = environment.GetOr("SAFE_DOCKER_CONFIG", "");
  if (!named.empty() && named[0] != '/') {
    return AddFileProblem(named, "SAFE_DOCKER_CONFIG must be an absolute path", loaded);
  }
  const std::string path = UserConfigPath(environment);
  if (!path.empty()) {
    ReadFile(path, /*required=*/!named.empty(), home, options, loaded);
  }
}

}  // namespace

std::string Describe(const Problem& problem) {
  std::string text = problem.file;
  if (problem.line != 0) {
    text += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
  }
  text += problem.severity == Severity::kError ? ": error: " : ": warning: ";
  return text + (problem.key.empty() ? "" : problem.key + ": ") + problem.message;
}

bool LoadedConfig::has_errors() const {
  return std::any_of(problems.begin(), problems.end(),
                     [](const Problem& problem) { return problem.severity == Severity::kError; });
}

bool ProjectLists::empty() const {
  return sensitive_paths.empty() && blocked_flags.empty() && blocked_capabilities.empty() && allowed_images.empty();
}

Config DefaultConfig(std::string_view home) {
  Config config;
  config.sensitive_paths = {".ssh",    ".aws",       ".gnupg",       ".docker",    ".kube",  ".config/gcloud",
                            ".claude", ".terraform", ".vault-token", ".config/gh", ".npmrc", ".pypirc"};
  config.blocked_flags = {"--privileged", "--pid=host", "--network=host"};
  config.blocked_capabilities = {"SYS_ADMIN",       "SYS_PTRACE", "SYS_MODULE", "SYS_RAWIO",    "ALL",
                                 "DAC_READ_SEARCH", "NET_ADMIN",  "BPF",        "PERFMON",      "SYS_BOOT",
                                 "SYS_TIME",        "SYSLOG",     "MAC_ADMIN",  "MAC_OVERRIDE", "CHECKPOINT_RESTORE"};
  const std::string folder = std::string(home) + "/.local/share/safe-docker/";
  if (home.empty()) {
    return config;  // without a home there is no place for a log by itself
  }
  config.audit.jsonl_path = folder + "audit.jsonl";
  config.audit.otlp_path = folder + "audit-otlp.jsonl";
  return config;
}

void ApplyConfigText(std::string_view text, const std::string& file, std::string_view home,
                     const ReadingOptions& options, LoadedConfig* loaded, Author author) {
  if (HasOnlyComments(text)) {
    return;
  }
  const toml::parse_result parsed = toml::parse(text);
  Reader reader(file, home, options, author, loaded);
  if (!parsed) {
    reader.Report(Severity::kError, parsed.error().source(), "", std::string(parsed.error().description()));
    return;
  }
  // A project's lists are for its own lines: what the user's lines name was put in when they were read.
  std::map<std::string, std::vector<std::string>, std::less<>> lists = loaded->lists;
  ReadTable(parsed.table(), "", &reader);
  if (author != Author::kUser) {
    loaded->lists = std::move(lists);
  }
}

std::string UserConfigPath(const Environment& environment) {
  std::string named = environment.GetOr("SAFE_DOCKER_CONFIG", "");
  if (named.starts_with('/')) {
    return named;
  }
  std::string folder = environment.GetOr("XDG_CONFIG_HOME", "");
  if (folder.empty() || folder[0] != '/') {
    folder = environment.GetOr("HOME", "") + "/.config";
  }
  return folder == "/.config" ? "" : folder + "/safe-docker/config.toml";
}

LoadedConfig LoadConfig(const Environment& environment, std::string_view explicit_path, const ReadingOptions& options) {
  LoadedConfig loaded;
  const std::string home = environment.GetOr("HOME", "");
  loaded.config = DefaultConfig(home);
  ReadFile(std::string(kSystemFile), /*required=*/false, home, options, &loaded);
  ReadUserFile(environment, explicit_path, home, options, &loaded);
  if (!options.cwd.empty()) {
    ReadProjectFiles(environment, home, options, &loaded);
  }
  return loaded;
}

}  // namespace safe_docker::policy
