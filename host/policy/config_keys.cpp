#include "policy/config_keys.hpp"

#include <array>
#include <iterator>

#include "file_system.hpp"
#include "policy/suggestion.hpp"

namespace safe_docker::policy {
namespace {

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

// A list of the user's is replaced by the file that is read later; a project's file adds to a list of its own, which is
// judged beside the user's.
void SetOrAdd(const toml::node& node, std::string_view key, std::vector<std::string> items,
              std::vector<std::string>* own, std::vector<std::string>* of_project, Reader* reader) {
  if (!reader->is_project()) {
    *own = std::move(items);
    return;
  }
  of_project->insert(of_project->end(), items.begin(), items.end());
  reader->Record(Contribution::Kind::kTightens, node, key);
}

// Says what a project's file has no business with.
bool IsForUser(const toml::node& node, std::string_view key, Reader* reader) {
  if (reader->is_project()) {
    reader->Error(node, key, "cannot be set in a project's file: it belongs into ~/.config/safe-docker/config.toml");
  }
  return !reader->is_project();
}

void TakeAllowedPaths(const toml::node& node, std::string_view key, Reader* reader) {
  std::vector<std::string> paths = TakeTexts(node, key, reader, [&](const toml::node& item) {
    std::optional<std::string> path = reader->AbsolutePath(item, key);
    if (path && reader->options().thorough && ResolvePath(*path, "/").kind == ResolvedPath::Kind::kMissing) {
      reader->Warn(item, key, "'" + *path + "' does not exist");
    }
    return path;
  });
  std::vector<std::string>& allowed = reader->config().allowed_paths;
  if (!reader->is_project()) {
    allowed = std::move(paths);
  } else if (reader->MayLoosen(node, key)) {
    allowed.insert(allowed.end(), paths.begin(), paths.end());
  }
}

void TakeSensitivePaths(const toml::node& node, std::string_view key, Reader* reader) {
  std::vector<std::string> paths = TakeTexts(node, key, reader, [&](const toml::node& item) {
    const std::string_view text = *item.value<std::string_view>();
    std::optional<std::string> path;
    if (text.empty() || text[0] == '/' || text[0] == '~' || text[0] == '$') {
      reader->Error(item, key,
                    "'" + std::string(text) + "' must be relative to your home: write \".ssh\", not \"~/.ssh\"");
    } else if (path = CleanPath(text, "/").substr(1); path->empty() || CleanPath(text, "/x") == CleanPath(text, "/")) {
      reader->Error(item, key, "'" + std::string(text) + "' names no path below your home");
      path.reset();
    }
    return path;
  });
  Config& config = reader->config();
  SetOrAdd(node, key, std::move(paths), &config.sensitive_paths, &config.project.sensitive_paths, reader);
}

void TakeBlockedFlags(const toml::node& node, std::string_view key, Reader* reader) {
  std::vector<std::string> flags = TakeTexts(node, key, reader, [&](const toml::node& item) {
    std::optional<std::string> flag = item.value<std::string>();
    if (!flag->starts_with("--") || flag->size() < 3) {
      reader->Error(item, key, "'" + *flag + "' is no long flag: write \"--NAME\" or \"--NAME=VALUE\"");
      flag.reset();
    } else if (reader->options().flag_names != nullptr) {
      // A flag that docker does not have blocks nothing, and what was meant is not blocked either.
      const std::vector<std::string_view> known = reader->options().flag_names();
      const std::string_view name = std::string_view(*flag).substr(2, flag->find('=') - 2);
      if (!std::binary_search(known.begin(), known.end(), name)) {
        reader->Error(item, key, "docker has no flag --" + std::string(name) + DidYouMean(name, known));
      }
    }
    return flag;
  });
  Config& config = reader->config();
  SetOrAdd(node, key, std::move(flags), &config.blocked_flags, &config.project.blocked_flags, reader);
}

void TakeBlockedCapabilities(const toml::node& node, std::string_view key, Reader* reader) {
  std::vector<std::string> capabilities = TakeTexts(node, key, reader, [&](const toml::node& item) {
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
      reader->Error(item, key,
                    "unknown capability '" + name + "'" +
                        (nearest.empty() ? "" : ", did you mean " + std::string(nearest) + "?"));
    }
    return known;
  });
  Config& config = reader->config();
  SetOrAdd(node, key, std::move(capabilities), &config.blocked_capabilities, &config.project.blocked_capabilities,
           reader);
}

void TakeAllowedImages(const toml::node& node, std::string_view key, Reader* reader) {
  std::vector<std::string> patterns = TakeTexts(node, key, reader, [&](const toml::node& item) {
    constexpr std::string_view kLegal = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:/*.@";
    std::optional<std::string> pattern = item.value<std::string>();
    if (pattern->empty() || pattern->find_first_not_of(kLegal) != std::string::npos) {
      reader->Error(item, key, "'" + *pattern + "' is no image pattern: letters, digits and -_:/*.@ are allowed");
      pattern.reset();
    }
    return pattern;
  });
  Config& config = reader->config();
  if (!reader->is_project()) {
    config.allowed_images = std::move(patterns);
  } else if (!patterns.empty()) {
    config.project.allowed_images.push_back(std::move(patterns));
    reader->Record(Contribution::Kind::kTightens, node, key);
  }
}

void TakeBlockSocket(const toml::node& node, std::string_view key, Reader* reader) {
  const bool blocks = *node.value<bool>();
  bool& now = reader->config().block_docker_socket;
  if (blocks && reader->is_project()) {
    reader->config().project.block_docker_socket = true;
    return reader->Record(Contribution::Kind::kTightens, node, key);
  }
  if (blocks || !now || reader->MayLoosen(node, key)) {
    now = blocks;
  }
}

// An integer within its bounds, or nothing and a problem.
std::optional<std::int64_t> Bounded(const toml::node& node, std::string_view key, std::int64_t least, std::int64_t most,
                                    std::string_view unit, Reader* reader) {
  const std::int64_t number = *node.value<std::int64_t>();
  if (number < least || number > most) {
    reader->Error(node, key,
                  "must lie between " + std::to_string(least) + " and " + std::to_string(most) + std::string(unit));
    return std::nullopt;
  }
  return number;
}

void TakeDeadline(const toml::node& node, std::string_view key, Reader* reader) {
  // Agents give a hook ten seconds or more, and run the command after that.
  const auto milliseconds = Bounded(node, key, 50, 8000, " milliseconds", reader);
  if (milliseconds && IsForUser(node, key, reader)) {
    reader->config().deadline = std::chrono::milliseconds(*milliseconds);
  }
}

// The place of a text among `names`, or nothing and a problem.
template <std::size_t kCount>
std::optional<std::size_t> Choice(const toml::node& node, std::string_view key,
                                  const std::array<std::string_view, kCount>& names, Reader* reader) {
  const std::string_view text = *node.value<std::string_view>();
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) {
    return IsForUser(node, key, reader) ? std::optional<std::size_t>(found - names.begin()) : std::nullopt;
  }
  std::string list;
  for (const std::string_view name : names) {
    list += (list.empty() ? "" : ", ") + std::string(name);
  }
  const std::string_view nearest = Nearest(text, names);
  reader->Error(node, key,
                "'" + std::string(text) + "' is none of " + list +
                    (nearest.empty() ? "" : ", did you mean " + std::string(nearest) + "?"));
  return std::nullopt;
}

template <auto kMember>
void TakeAuditFlag(const toml::node& node, std::string_view key, Reader* reader) {
  if (IsForUser(node, key, reader)) {
    reader->config().audit.*kMember = *node.value<bool>();
  }
}

template <auto kMember>
void TakeAuditPath(const toml::node& node, std::string_view key, Reader* reader) {
  if (IsForUser(node, key, reader)) {
    std::string& path = reader->config().audit.*kMember;
    path = reader->AbsolutePath(node, key).value_or(path);
  }
}

void TakeAuditFormat(const toml::node& node, std::string_view key, Reader* reader) {
  if (const auto choice = Choice<3>(node, key, {"jsonl", "otlp", "both"}, reader)) {
    reader->config().audit.format = static_cast<AuditFormat>(*choice);
  }
}

void TakeRedaction(const toml::node& node, std::string_view key, Reader* reader) {
  if (const auto choice = Choice<3>(node, key, {"names", "pattern", "off"}, reader)) {
    reader->config().audit.redact = static_cast<Redaction>(*choice);
  }
}

void TakeAuditLevel(const toml::node& node, std::string_view key, Reader* reader) {
  if (const auto choice = Choice<3>(node, key, {"all", "ask+deny", "deny"}, reader)) {
    reader->config().audit.log = static_cast<AuditLevel>(*choice);
  }
}

void TakeAuditSync(const toml::node& node, std::string_view key, Reader* reader) {
  if (const auto choice = Choice<3>(node, key, {"none", "deny", "all"}, reader)) {
    reader->config().audit.sync = static_cast<AuditSync>(*choice);
  }
}

void TakeMaxSize(const toml::node& node, std::string_view key, Reader* reader) {
  const auto size = Bounded(node, key, 0, 1 << 20, " (MiB)", reader);
  if (size && IsForUser(node, key, reader)) {
    reader->config().audit.max_size_mb = static_cast<std::uint64_t>(*size);
  }
}

void TakeKeep(const toml::node& node, std::string_view key, Reader* reader) {
  const auto count = Bounded(node, key, 1, 1000, " files", reader);
  if (count && IsForUser(node, key, reader)) {
    reader->config().audit.keep = static_cast<std::uint32_t>(*count);
  }
}

void TakeDockerPath(const toml::node& node, std::string_view key, Reader* reader) {
  if (IsForUser(node, key, reader) && !node.value<std::string_view>()->empty()) {
    reader->config().wrapper.docker_path = reader->AbsolutePath(node, key).value_or("");
  }
}

void TakeNonInteractiveAsk(const toml::node& node, std::string_view key, Reader* reader) {
  const std::string_view text = *node.value<std::string_view>();
  if (text != "deny" && text != "allow") {
    reader->Error(node, key, "'" + std::string(text) + "' is neither deny nor allow");
  } else if (IsForUser(node, key, reader)) {
    reader->config().wrapper.allow_asks_without_terminal = text == "allow";
  }
}

constexpr std::string_view kTextsSchema = R"({"type": "array", "items": {"type": "string"}, "uniqueItems": true})";
constexpr std::string_view kFlagSchema = R"({"type": "boolean"})";
constexpr std::string_view kTextSchema = R"({"type": "string"})";
constexpr std::string_view kModeSchema =
    R"({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]})";
constexpr std::string_view kProfileSchema = R"({"enum": ["strict", "standard", "permissive"]})";
constexpr std::string_view kDecisionsSchema =
    R"({"type": "object", "additionalProperties": {"enum": ["allow", "ask", "deny"]}})";
constexpr std::string_view kListsSchema =
    R"({"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}})";
constexpr std::string_view kExceptionsSchema = R"({"type": "array", "items": {"type": "object", "properties": {
"rule": {"type": "string", "description": "\"mounts/outside-home\", \"mounts/*\", \"tag:files\" or \"all\""},
"match": {"type": "object", "properties": {
  "path": {"$ref": "#/$defs/texts"}, "image": {"$ref": "#/$defs/texts"},
  "service": {"$ref": "#/$defs/texts"}, "value": {"$ref": "#/$defs/texts"}}, "additionalProperties": false},
"reason": {"type": "string", "minLength": 1, "description": "why this is all right"},
"expires": {"description": "the last day on which it holds: 2026-12-31"}},
"required": ["rule", "reason"], "additionalProperties": false}})";
constexpr std::string_view kRulesSchema = R"({"type": "array", "items": {"$ref": "#/$defs/rule"}})";

constexpr Key kKeys[] = {
    {"allowed_images", Shape::kTexts, &TakeAllowedImages, kTextsSchema, "[]",
     "The images that may be used: * stands for anything but /, ** for anything. Empty: all (in the profile strict: "
     "none). In a project's file: an image must be on this list, too."},
    {"allowed_paths", Shape::kTexts, &TakeAllowedPaths, kTextsSchema, "[]",
     "Absolute paths that may be used like those below your home, also where they hold keys. \"~\" is your home."},
    {"audit.chain", Shape::kFlag, &TakeAuditFlag<&AuditSettings::chain>, kFlagSchema, "false",
     "Whether each record of the log carries the hash of the one before, so that `safe-docker audit verify` finds what "
     "was changed."},
    {"audit.enabled", Shape::kFlag, &TakeAuditFlag<&AuditSettings::enabled>, kFlagSchema, "false",
     "Whether decisions are logged. SAFE_DOCKER_AUDIT=1 does the same."},
    {"audit.format", Shape::kText, &TakeAuditFormat, R"({"enum": ["jsonl", "otlp", "both"]})", "\"jsonl\"",
     "How: one JSON object a line, OpenTelemetry's OTLP/JSON, or both."},
    {"audit.jsonl_path", Shape::kText, &TakeAuditPath<&AuditSettings::jsonl_path>, kTextSchema,
     "\"~/.local/share/safe-docker/audit.jsonl\"", "Where the JSON lines go."},
    {"audit.keep", Shape::kInteger, &TakeKeep, R"({"type": "integer", "minimum": 1, "maximum": 1000})", "5",
     "How many rotated files are kept."},
    {"audit.log", Shape::kText, &TakeAuditLevel, R"({"enum": ["all", "ask+deny", "deny"]})", "\"all\"",
     "Which decisions are logged."},
    {"audit.max_size_mb", Shape::kInteger, &TakeMaxSize, R"({"type": "integer", "minimum": 0, "maximum": 1048576})",
     "64", "The size in MiB at which a new file is begun; 0: never."},
    {"audit.otlp_path", Shape::kText, &TakeAuditPath<&AuditSettings::otlp_path>, kTextSchema,
     "\"~/.local/share/safe-docker/audit-otlp.jsonl\"", "Where the OTLP lines go."},
    {"audit.redact", Shape::kText, &TakeRedaction, R"({"enum": ["names", "pattern", "off"]})", "\"names\"",
     "What is kept out of the log: the values of all variables and build arguments (names), only what looks like a "
     "secret (pattern), or nothing (off)."},
    {"audit.sync", Shape::kText, &TakeAuditSync, R"({"enum": ["none", "deny", "all"]})", "\"none\"",
     "After which decisions the log is forced to the disk."},
    {"block_docker_socket", Shape::kFlag, &TakeBlockSocket, kFlagSchema, "true",
     "Whether containers are kept from the sockets of container engines."},
    {"blocked_capabilities", Shape::kTexts, &TakeBlockedCapabilities, kTextsSchema,
     "[\"SYS_ADMIN\", \"SYS_PTRACE\", \"SYS_MODULE\", \"SYS_RAWIO\", \"ALL\", \"DAC_READ_SEARCH\", "
     "\"NET_ADMIN\", \"BPF\", \"PERFMON\", \"SYS_BOOT\", \"SYS_TIME\", \"SYSLOG\", \"MAC_ADMIN\", "
     "\"MAC_OVERRIDE\", \"CHECKPOINT_RESTORE\"]",
     "Capabilities that no container may be given, without CAP_."},
    {"blocked_flags", Shape::kTexts, &TakeBlockedFlags, kTextsSchema,
     "[\"--privileged\", \"--pid=host\", \"--network=host\"]",
     "Flags of docker that are denied: \"--NAME\" with any value, \"--NAME=VALUE\" with that one."},
    {"deadline_ms", Shape::kInteger, &TakeDeadline, R"({"type": "integer", "minimum": 50, "maximum": 8000})", "2000",
     "How many milliseconds a judgement may take; then the command is denied."},
    {"decisions", Shape::kTable, &TakeDecisions, kDecisionsSchema,
     "\"flags/gpu\" = \"allow\"\n\"tag:supply-chain\" = \"deny\"",
     "Decisions of your own for single rules, all of a plugin (\"flags/*\"), or all with a tag (\"tag:network\")."},
    {"exceptions", Shape::kTables, &TakeExceptions, kExceptionsSchema,
     "rule = \"mounts/outside-home\"\nmatch = { path = \"/srv/data/**\" }\nreason = \"the test data of all "
     "projects\"\nexpires = 2099-12-31",
     "Findings that somebody has thought about and lets pass. What stands in match must all fit: path, image, service, "
     "value; each a glob or a list of them, or \"@NAME\" for one of [lists]."},
    {"lists", Shape::kTable, &TakeLists, kListsSchema, "databases = [\"postgres\", \"redis\"]",
     "Lists that exceptions and rules can name as \"@NAME\"."},
    {"modes.audit", Shape::kTextOrTexts, &TakeAudit, kModeSchema, "[\"flags/gpu\"]",
     "Rules whose objections are only recorded: rule ids, \"flags/*\", \"tag:NAME\", \"all\"; or a profile that "
     "is tried."},
    {"modes.enforce", Shape::kTextOrTexts, &TakeEnforce, kModeSchema, "[\"tag:escape\"]",
     "Rules that hold although a broader line below says otherwise; or the profile in force."},
    {"modes.warn", Shape::kTextOrTexts, &TakeWarn, kModeSchema, "\"strict\"",
     "Rules whose objections are only told to the user; or a profile that is tried."},
    {"profile", Shape::kText, &TakeProfile, kProfileSchema, "\"standard\"",
     "The decisions that hold unless other keys say otherwise: strict, standard or permissive."},
    {"profile_version", Shape::kInteger, &TakeProfileVersion, R"({"const": 1})", "1",
     "The version of the profiles: their decisions never change within one."},
    {"rules", Shape::kTables, &TakeRules, kRulesSchema,
     "id = \"no-latest\"\nwhen = { effect = \"image\", tag = \"latest\" }\ndecision = \"ask\"\nmessage = "
     "\"would use {image}, which may be another one tomorrow\"\nadvice = \"Name a version.\"",
     "Rules of your own; docs/rule-language.md has what `when` can say."},
    {"sensitive_paths", Shape::kTexts, &TakeSensitivePaths, kTextsSchema,
     "[\".ssh\", \".aws\", \".gnupg\", \".docker\", \".kube\", \".config/gcloud\", \".claude\", "
     "\".terraform\", \".vault-token\", \".config/gh\", \".npmrc\", \".pypirc\"]",
     "Paths below your home that are asked about, since they hold keys or logins."},
    {"wrapper.docker_path", Shape::kText, &TakeDockerPath, kTextSchema, "\"\"",
     "The real docker, for the wrapper. Empty: the first in PATH that is not safe-docker."},
    {"wrapper.non_interactive_ask", Shape::kText, &TakeNonInteractiveAsk, R"({"enum": ["deny", "allow"]})", "\"deny\"",
     "What an ask means for the wrapper where there is no terminal to ask on."},
};

constexpr std::string_view kTables[] = {"audit", "modes", "plugins", "wrapper"};
constexpr std::string_view kPluginKeys[] = {"enabled", "path", "settings"};

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

}  // namespace

std::span<const Key> Keys() { return kKeys; }

std::span<const std::string_view> Tables() { return kTables; }

void ReadPlugin(std::string_view id, const toml::node& node, Reader* reader) {
  const std::string prefix = "plugins." + std::string(id);
  if (!IsForUser(node, prefix, reader)) {
    return;
  }
  const toml::table* table = node.as_table();
  if (table == nullptr || !IsPluginId(id)) {
    reader->Error(node, prefix,
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
      reader->Error(value, name,
                    "found " + TypeName(value.type()) + ": path is a string, enabled true or false, settings a table");
    } else {
      reader->Error(value, name, "unknown key" + DidYouMean(key.str(), kPluginKeys));
    }
  }
}

}  // namespace safe_docker::policy
