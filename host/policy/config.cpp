#include "policy/config.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "file_system.hpp"
#include "policy/suggestion.hpp"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace safe_docker::policy {
namespace {

using Severity = Problem::Severity;

constexpr std::string_view kSystemFile = "/etc/safe-docker/config.toml";
constexpr std::uint64_t kLargestFile = 1 << 20;

// The capabilities of Linux 6.1, as capabilities(7) lists them.
constexpr std::string_view kCapabilities[] = {"ALL",
                                              "AUDIT_CONTROL",
                                              "AUDIT_READ",
                                              "AUDIT_WRITE",
                                              "BLOCK_SUSPEND",
                                              "BPF",
                                              "CHECKPOINT_RESTORE",
                                              "CHOWN",
                                              "DAC_OVERRIDE",
                                              "DAC_READ_SEARCH",
                                              "FOWNER",
                                              "FSETID",
                                              "IPC_LOCK",
                                              "IPC_OWNER",
                                              "KILL",
                                              "LEASE",
                                              "LINUX_IMMUTABLE",
                                              "MAC_ADMIN",
                                              "MAC_OVERRIDE",
                                              "MKNOD",
                                              "NET_ADMIN",
                                              "NET_BIND_SERVICE",
                                              "NET_BROADCAST",
                                              "NET_RAW",
                                              "PERFMON",
                                              "SETFCAP",
                                              "SETGID",
                                              "SETPCAP",
                                              "SETUID",
                                              "SYSLOG",
                                              "SYS_ADMIN",
                                              "SYS_BOOT",
                                              "SYS_CHROOT",
                                              "SYS_MODULE",
                                              "SYS_NICE",
                                              "SYS_PACCT",
                                              "SYS_PTRACE",
                                              "SYS_RAWIO",
                                              "SYS_RESOURCE",
                                              "SYS_TIME",
                                              "SYS_TTY_CONFIG",
                                              "WAKE_ALARM"};

// Reads one file into a LoadedConfig, remembering where it is for messages.
class Reader {
 public:
  Reader(std::string file, std::string_view home, const ReadingOptions& options, LoadedConfig* loaded)
      : file_(std::move(file)), home_(home), options_(options), loaded_(*loaded) {}

  Config& config() { return loaded_.config; }
  const ReadingOptions& options() const { return options_; }
  const std::string& file() const { return file_; }

  void Report(Severity severity, const toml::source_region& where, std::string_view key, std::string message) {
    Problem problem;
    problem.severity = severity;
    problem.file = file_;
    problem.line = where.begin.line;
    problem.column = where.begin.column;
    problem.key = key;
    problem.message = std::move(message);
    loaded_.problems.push_back(std::move(problem));
  }

  // The text with "~" and $HOME in front replaced. Without a home nothing is: "~/x" must not become "/x".
  std::string Expand(std::string_view text) const {
    if (home_.empty()) {
      return std::string(text);
    }
    for (const std::string_view prefix : {"~", "$HOME", "${HOME}"}) {
      if (text.starts_with(prefix) && (text.size() == prefix.size() || text[prefix.size()] == '/')) {
        return home_ + std::string(text.substr(prefix.size()));
      }
    }
    return std::string(text);
  }

  // An absolute path, or nothing and a problem.
  std::optional<std::string> AbsolutePath(const toml::node& node, std::string_view key) {
    const std::string path = Expand(*node.value<std::string_view>());
    if (!path.starts_with('/')) {
      const bool needs_home = home_.empty() && (path[0] == '~' || path[0] == '$');
      Report(Severity::kError, node.source(), key,
             needs_home ? "'" + path + "' lies below your home, and HOME does not say where that is"
                        : "'" + path + "' is relative: write an absolute path, or one that starts with ~");
      return std::nullopt;
    }
    return CleanPath(path, "/");
  }

 private:
  std::string file_;
  std::string home_;
  ReadingOptions options_;
  LoadedConfig& loaded_;
};

std::string DidYouMean(std::string_view name, std::span<const std::string_view> known) {
  const std::string_view nearest = Nearest(name, known);
  return nearest.empty() ? "" : ", did you mean '" + std::string(nearest) + "'?";
}

std::string TypeName(toml::node_type type) {
  switch (type) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "another type";
  }
}

// The texts of a list, without those that `take` refuses. A text that stands twice is pointed out.
template <typename Take>
std::vector<std::string> TakeTexts(const toml::node& node, std::string_view key, Reader* reader, const Take& take) {
  std::vector<std::string> taken;
  for (const toml::node& item : *node.as_array()) {
    if (!item.is_string()) {
      reader->Report(Severity::kError, item.source(), key, "expected a string, found " + TypeName(item.type()));
      continue;
    }
    std::optional<std::string> text = take(item);
    if (!text) {
      continue;
    }
    if (std::find(taken.begin(), taken.end(), *text) != taken.end()) {
      reader->Report(Severity::kWarning, item.source(), key, "'" + *text + "' stands here twice");
      continue;
    }
    taken.push_back(std::move(*text));
  }
  return taken;
}

void TakeAllowedPaths(const toml::node& node, std::string_view key, Reader* reader) {
  reader->config().allowed_paths = TakeTexts(node, key, reader, [&](const toml::node& item) {
    std::optional<std::string> path = reader->AbsolutePath(item, key);
    if (path && reader->options().thorough && ResolvePath(*path, "/").kind == ResolvedPath::Kind::kMissing) {
      reader->Report(Severity::kWarning, item.source(), key, "'" + *path + "' does not exist");
    }
    return path;
  });
}

void TakeSensitivePaths(const toml::node& node, std::string_view key, Reader* reader) {
  reader->config().sensitive_paths = TakeTexts(node, key, reader, [&](const toml::node& item) {
    const std::string_view text = *item.value<std::string_view>();
    std::optional<std::string> path;
    if (text.empty() || text[0] == '/' || text[0] == '~' || text[0] == '$') {
      reader->Report(Severity::kError, item.source(), key,
                     "'" + std::string(text) + "' must be relative to your home: write \".ssh\", not \"~/.ssh\"");
    } else if (path = CleanPath(text, "/").substr(1); path->empty() || CleanPath(text, "/x") == CleanPath(text, "/")) {
      reader->Report(Severity::kError, item.source(), key, "'" + std::string(text) + "' names no path below your home");
      path.reset();
    }
    return path;
  });
}

void TakeBlockedFlags(const toml::node& node, std::string_view key, Reader* reader) {
  reader->config().blocked_flags = TakeTexts(node, key, reader, [&](const toml::node& item) {
    std::optional<std::string> flag = item.value<std::string>();
    if (!flag->starts_with("--") || flag->size() < 3) {
      reader->Report(Severity::kError, item.source(), key,
                     "'" + *flag + "' is no long flag: write \"--NAME\" or \"--NAME=VALUE\"");
      flag.reset();
    } else if (reader->options().flag_names != nullptr) {
      // A flag that docker does not have blocks nothing, and what was meant is not blocked either.
      const std::vector<std::string_view> known = reader->options().flag_names();
      const std::string_view name = std::string_view(*flag).substr(2, flag->find('=') - 2);
      if (!std::binary_search(known.begin(), known.end(), name)) {
        reader->Report(Severity::kError, item.source(), key,
                       "docker has no flag --" + std::string(name) + DidYouMean(name, known));
      }
    }
    return flag;
  });
}

void TakeBlockedCapabilities(const toml::node& node, std::string_view key, Reader* reader) {
  reader->config().blocked_capabilities = TakeTexts(node, key, reader, [&](const toml::node& item) {
    std::string name = *item.value<std::string>();
    std::transform(name.begin(), name.end(), name.begin(), [](char letter) {
      return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    });
    name.erase(0, name.starts_with("CAP_") ? 4 : 0);
    std::optional<std::string> known;
    if (std::find(std::begin(kCapabilities), std::end(kCapabilities), name) != std::end(kCapabilities)) {
      known = name;
    } else {
      const std::string_view nearest = Nearest(name, kCapabilities);
      reader->Report(Severity::kError, item.source(), key,
                     "unknown capability '" + name + "'" +
                         (nearest.empty() ? "" : ", did you mean " + std::string(nearest) + "?"));
    }
    return known;
  });
}

void TakeAllowedImages(const toml::node& node, std::string_view key, Reader* reader) {
  reader->config().allowed_images = TakeTexts(node, key, reader, [&](const toml::node& item) {
    constexpr std::string_view kLegal = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:/*.@";
    std::optional<std::string> pattern = item.value<std::string>();
    if (pattern->empty() || pattern->find_first_not_of(kLegal) != std::string::npos) {
      reader->Report(Severity::kError, item.source(), key,
                     "'" + *pattern + "' is no image pattern: letters, digits and -_:/*.@ are allowed");
      pattern.reset();
    }
    return pattern;
  });
}

void TakeBlockSocket(const toml::node& node, std::string_view, Reader* reader) {
  reader->config().block_docker_socket = *node.value<bool>();
}

void TakeDeadline(const toml::node& node, std::string_view key, Reader* reader) {
  constexpr std::int64_t kShortest = 50;
  constexpr std::int64_t kLongest = 8000;  // agents give a hook ten seconds or more, and run the command after that
  const std::int64_t milliseconds = *node.value<std::int64_t>();
  if (milliseconds < kShortest || milliseconds > kLongest) {
    reader->Report(Severity::kError, node.source(), key, "must lie between 50 and 8000 milliseconds");
    return;
  }
  reader->config().deadline = std::chrono::milliseconds(milliseconds);
}

void TakeAuditEnabled(const toml::node& node, std::string_view, Reader* reader) {
  reader->config().audit.enabled = *node.value<bool>();
}

void TakeAuditFormat(const toml::node& node, std::string_view key, Reader* reader) {
  constexpr std::string_view kFormats[] = {"jsonl", "otlp", "both"};
  const std::string_view text = *node.value<std::string_view>();
  const auto* found = std::find(std::begin(kFormats), std::end(kFormats), text);
  if (found == std::end(kFormats)) {
    const std::string_view nearest = Nearest(text, kFormats);
    reader->Report(Severity::kError, node.source(), key,
                   "'" + std::string(text) + "' is none of jsonl, otlp, both" +
                       (nearest.empty() ? "" : ", did you mean " + std::string(nearest) + "?"));
    return;
  }
  reader->config().audit.format = static_cast<AuditFormat>(found - std::begin(kFormats));
}

void TakeJsonlPath(const toml::node& node, std::string_view key, Reader* reader) {
  reader->config().audit.jsonl_path = reader->AbsolutePath(node, key).value_or(reader->config().audit.jsonl_path);
}

void TakeOtlpPath(const toml::node& node, std::string_view key, Reader* reader) {
  reader->config().audit.otlp_path = reader->AbsolutePath(node, key).value_or(reader->config().audit.otlp_path);
}

void TakeDockerPath(const toml::node& node, std::string_view key, Reader* reader) {
  if (!node.value<std::string_view>()->empty()) {
    reader->config().wrapper.docker_path = reader->AbsolutePath(node, key).value_or("");
  }
}

void TakeNonInteractiveAsk(const toml::node& node, std::string_view key, Reader* reader) {
  const std::string_view text = *node.value<std::string_view>();
  if (text != "deny" && text != "allow") {
    reader->Report(Severity::kError, node.source(), key, "'" + std::string(text) + "' is neither deny nor allow");
    return;
  }
  reader->config().wrapper.allow_asks_without_terminal = text == "allow";
}

// Every key, with its type and what takes its value.
struct Key {
  std::string_view name;  // with its table in front: "audit.format"
  toml::node_type type;
  void (*take)(const toml::node& node, std::string_view key, Reader* reader);
};
constexpr Key kKeys[] = {
    {"allowed_images", toml::node_type::array, &TakeAllowedImages},
    {"allowed_paths", toml::node_type::array, &TakeAllowedPaths},
    {"audit.enabled", toml::node_type::boolean, &TakeAuditEnabled},
    {"audit.format", toml::node_type::string, &TakeAuditFormat},
    {"audit.jsonl_path", toml::node_type::string, &TakeJsonlPath},
    {"audit.otlp_path", toml::node_type::string, &TakeOtlpPath},
    {"block_docker_socket", toml::node_type::boolean, &TakeBlockSocket},
    {"blocked_capabilities", toml::node_type::array, &TakeBlockedCapabilities},
    {"blocked_flags", toml::node_type::array, &TakeBlockedFlags},
    {"deadline_ms", toml::node_type::integer, &TakeDeadline},
    {"sensitive_paths", toml::node_type::array, &TakeSensitivePaths},
    {"wrapper.docker_path", toml::node_type::string, &TakeDockerPath},
    {"wrapper.non_interactive_ask", toml::node_type::string, &TakeNonInteractiveAsk},
};
constexpr std::string_view kTables[] = {"audit", "plugins", "wrapper"};
constexpr std::string_view kPluginKeys[] = {"enabled", "path", "settings"};

void ReportUnknownKey(const toml::node& node, std::string_view key, std::span<const std::string_view> known,
                      Reader* reader) {
  reader->Report(Severity::kError, node.source(), key, "unknown key" + DidYouMean(key, known));
}

// A value of a plugin's settings as JSON.
nlohmann::json ToJson(const toml::node& node) {
  if (const toml::table* table = node.as_table()) {
    nlohmann::json object = nlohmann::json::object();
    for (const auto& [key, value] : *table) {
      object[std::string(key.str())] = ToJson(value);
    }
    return object;
  }
  if (const toml::array* array = node.as_array()) {
    nlohmann::json list = nlohmann::json::array();
    for (const toml::node& item : *array) {
      list.push_back(ToJson(item));
    }
    return list;
  }
  if (const auto text = node.value_exact<std::string>()) {
    return *text;
  }
  if (const auto flag = node.value_exact<bool>()) {
    return *flag;
  }
  if (const auto integer = node.value_exact<std::int64_t>()) {
    return *integer;
  }
  if (const auto number = node.value_exact<double>()) {
    return *number;
  }
  return nullptr;
}

bool IsPluginId(std::string_view id) {
  return !id.empty() && id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

// The settings of plugin `id` so far, made if there are none.
PluginSettings* PluginById(std::string_view id, Reader* reader) {
  std::vector<PluginSettings>& plugins = reader->config().plugins;
  const auto found =
      std::find_if(plugins.begin(), plugins.end(), [id](const PluginSettings& plugin) { return plugin.id == id; });
  if (found != plugins.end()) {
    return &*found;
  }
  plugins.emplace_back();
  plugins.back().id = id;
  return &plugins.back();
}

void ReadPlugin(std::string_view id, const toml::node& node, Reader* reader) {
  const std::string prefix = "plugins." + std::string(id);
  const toml::table* table = node.as_table();
  if (table == nullptr || !IsPluginId(id)) {
    reader->Report(Severity::kError, node.source(), prefix,
                   table == nullptr ? "expected a table: [plugins." + std::string(id) + "]"
                                    : "a plugin's id has lower-case letters, digits and dashes");
    return;
  }
  PluginSettings* plugin = PluginById(id, reader);
  plugin->file = reader->file();
  plugin->line = node.source().begin.line;
  for (const auto& [key, value] : *table) {
    const std::string name = prefix + "." + std::string(key.str());
    if (key.str() == "path" && value.is_string()) {
      plugin->path = reader->AbsolutePath(value, name).value_or("");
    } else if (key.str() == "enabled" && value.is_boolean()) {
      plugin->enabled = *value.value<bool>();
    } else if (key.str() == "settings" && value.is_table()) {
      plugin->settings = ToJson(value);
    } else if (std::find(std::begin(kPluginKeys), std::end(kPluginKeys), key.str()) != std::end(kPluginKeys)) {
      reader->Report(Severity::kError, value.source(), name,
                     "found " + TypeName(value.type()) + ": path is a string, enabled true or false, settings a table");
    } else {
      reader->Report(Severity::kError, value.source(), name, "unknown key" + DidYouMean(key.str(), kPluginKeys));
    }
  }
}

void ReadTable(const toml::table& table, std::string_view prefix, Reader* reader) {
  for (const auto& [toml_key, node] : table) {
    const std::string name = std::string(prefix) + std::string(toml_key.str());
    if (prefix.empty() && name == "plugins" && node.is_table()) {
      for (const auto& [id, plugin] : *node.as_table()) {
        ReadPlugin(id.str(), plugin, reader);
      }
      continue;
    }
    if (prefix.empty() && (name == "audit" || name == "wrapper") && node.is_table()) {
      ReadTable(*node.as_table(), name + ".", reader);
      continue;
    }
    const auto* found =
        std::find_if(std::begin(kKeys), std::end(kKeys), [&name](const Key& key) { return key.name == name; });
    if (found == std::end(kKeys)) {
      std::vector<std::string_view> known(std::begin(kTables), std::end(kTables));
      for (const Key& key : kKeys) {
        known.push_back(key.name);
      }
      ReportUnknownKey(node, name, known, reader);
    } else if (node.type() != found->type) {
      reader->Report(Severity::kError, node.source(), name,
                     "expected " + TypeName(found->type) + ", found " + TypeName(node.type()));
    } else {
      found->take(node, name, reader);
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
                     const ReadingOptions& options, LoadedConfig* loaded) {
  const toml::parse_result parsed = toml::parse(text);
  Reader reader(file, home, options, loaded);
  if (!parsed) {
    reader.Report(Severity::kError, parsed.error().source(), "", std::string(parsed.error().description()));
    return;
  }
  ReadTable(parsed.table(), "", &reader);
}

LoadedConfig LoadConfig(const Environment& environment, std::string_view explicit_path, const ReadingOptions& options) {
  LoadedConfig loaded;
  const std::string home = environment.GetOr("HOME", "");
  loaded.config = DefaultConfig(home);
  ReadFile(std::string(kSystemFile), /*required=*/false, home, options, &loaded);
  if (!explicit_path.empty()) {
    ReadFile(std::string(explicit_path), /*required=*/true, home, options, &loaded);
    return loaded;
  }
  // A relative path would count from the project's folder, and a project may not configure its own judge.
  const std::string named = environment.GetOr("SAFE_DOCKER_CONFIG", "");
  if (!named.empty() && named[0] != '/') {
    AddFileProblem(named, "SAFE_DOCKER_CONFIG must be an absolute path", &loaded);
    return loaded;
  }
  if (!named.empty()) {
    ReadFile(named, /*required=*/true, home, options, &loaded);
    return loaded;
  }
  std::string folder = environment.GetOr("XDG_CONFIG_HOME", "");
  if (folder.empty() || folder[0] != '/') {
    folder = home + "/.config";
  }
  if (folder != "/.config") {  // there is a home
    ReadFile(folder + "/safe-docker/config.toml", /*required=*/false, home, options, &loaded);
  }
  return loaded;
}

}  // namespace safe_docker::policy
