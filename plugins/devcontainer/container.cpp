#include "container.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace safe_docker::devcontainer {
namespace {

bool IsCompose(const Node& root) { return yaml::FindRaw(root, "dockerComposeFile") != nullptr; }

// What ends a line, for a reader of YAML as well.
bool BreaksLine(std::string_view text) {
  constexpr std::string_view kBreaks[] = {"\n", "\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};
  return std::ranges::any_of(kBreaks,
                             [text](std::string_view sign) { return text.find(sign) != std::string_view::npos; });
}

// For compose, the tool writes these settings into a further file, as they are.
void DoubtInCompose(const Context& context, const yaml::Setting& setting, std::string_view text) {
  if (IsCompose(*context.configuration.root) && (BreaksLine(text) || text.find('$') != std::string_view::npos)) {
    context.out.Unknown(setting, "it is written into a compose file as it is, and may say more than it seems to");
  }
}

// One row of the table: a setting, and what writes it.
struct Field {
  std::string_view name;
  void (*write)(const Context& context, const Field& field, const Entry& entry);
  std::string_view option = {};
};

// ---- The container -------------------------------------------------------------------------------------------------

void WriteSwitch(const Context& context, const Field& field, const Entry& entry) {
  if (IsTruthy(*entry.value)) {
    context.out.Option({field.name, entry}, field.option, "true");
  }
}

void WriteList(const Context& context, const Field& field, const Entry& entry) {
  ForEachItem(entry, field.name, [&](const Entry& item) {
    DoubtInCompose(context, {field.name, item}, TextOf(item, field.name));
    context.out.Option({field.name, item}, field.option, TextOf(item, field.name));
  });
}

std::string_view MapText(const Node& map, std::string_view key) {
  const Entry* entry = yaml::Find(map, key);
  return entry == nullptr ? std::string_view{} : TextOf(*entry, key);
}

// A mount as --mount has it, put together as the tool does.
std::string MountText(const Entry& item) {
  if (!item.value->IsMap()) {
    return std::string(TextOf(item, "mounts"));
  }
  const Node& mount = *item.value;
  const std::string_view source = MapText(mount, "source");
  return "type=" + std::string(MapText(mount, "type")) + (source.empty() ? "" : ",src=" + std::string(source)) +
         ",dst=" + std::string(MapText(mount, "target"));
}

void WriteMounts(const Context& context, const Field& field, const Entry& entry) {
  ForEachItem(entry, field.name, [&](const Entry& item) {
    const std::string mount = MountText(item);
    DoubtInCompose(context, {field.name, item}, mount);
    context.out.Option({field.name, item}, field.option, mount);
  });
}

void WriteEnvironment(const Context& context, const Field& field, const Entry& entry) {
  for (const Entry& variable : entry.value->entries) {
    if (variable.value->IsScalar()) {
      DoubtInCompose(context, {field.name, variable},
                     std::string(variable.key) + "=" + std::string(variable.value->text));
    }
  }
}

void WriteUser(const Context& context, const Field& field, const Entry& entry) {
  DoubtInCompose(context, {field.name, entry}, TextOf(entry, field.name));
}

void WritePorts(const Context& context, const Field& field, const Entry& entry) {
  ForEachItemOrSelf(entry, [&](const Entry& item) {
    const std::string port(TextOf(item, field.name));
    const bool is_number = item.value->kind == yaml::Kind::kNumber;
    context.out.Option({field.name, item}, field.option, is_number ? "127.0.0.1:" + port + ":" + port : port);
  });
}

void WriteImage(const Context& context, const Field& field, const Entry& entry) {
  if (!TextOf(entry, field.name).empty()) {
    context.out.Option({field.name, entry}, field.option, entry.value->text);
  }
}

void WriteGpus(const Context& context, const Field& field, const Entry& entry) {
  const Entry* gpu = entry.value->IsMap() ? yaml::Find(*entry.value, "gpu") : nullptr;
  if (gpu != nullptr && IsTruthy(*gpu->value)) {
    context.out.Option({"hostRequirements.gpu", *gpu}, field.option, "all");
  }
}

// A text for a shell, a list of words, or several of these with names.
void WriteHostCommand(const Context& context, const Field& field, const Entry& entry) {
  if (entry.value->IsMap()) {
    for (const Entry& named : entry.value->entries) {
      WriteHostCommand(context, field, named);
    }
    return;
  }
  std::string command;
  ForEachItemOrSelf(entry, [&](const Entry& item) {
    command += (command.empty() ? "" : " ") + std::string(TextOf(item, field.name));
  });
  if (!command.empty()) {
    context.out.Effect({field.name, entry}, SDP_EFFECT_RUN_CODE, {command, "host command"});
  }
}

void WriteWorkspaceMount(const Context& context, const Field& field, const Entry& entry) {
  if (!TextOf(entry, field.name).empty()) {
    context.out.Option({field.name, entry}, field.option, entry.value->text);
  }
}

void WriteFeaturesField(const Context& context, const Field& /*field*/, const Entry& entry) {
  if (!entry.value->IsMap()) {
    FailType(entry, "features", "a mapping");
  }
  WriteFeatures(context, *entry.value);
}

constexpr Field kSecurityFields[] = {
    {"privileged", WriteSwitch, "privileged"},
    {"capAdd", WriteList, "cap-add"},
    {"securityOpt", WriteList, "security-opt"},
    {"mounts", WriteMounts, "mount"},
};

// What counts only where a container is started.
constexpr Field kStartFields[] = {
    {"containerEnv", WriteEnvironment},
    {"containerUser", WriteUser},
    {"hostRequirements", WriteGpus, "gpus"},
};

constexpr Field kFields[] = {
    {"image", WriteImage, "image"},
    {"features", WriteFeaturesField},
    {"initializeCommand", WriteHostCommand},
};

// Of a container that compose does not start.
constexpr Field kOwnFields[] = {
    {"appPort", WritePorts, "publish"},
    {"workspaceMount", WriteWorkspaceMount, "mount"},
};

// What means nothing to the host, what is said by a command line below, and what editors keep here.
constexpr std::string_view kHarmless[] = {
    "$schema",
    "name",
    "customizations",
    "init",
    "build",
    "context",
    "devPort",
    "dockerComposeFile",
    "dockerFile",
    "extensions",
    "forwardPorts",
    "onCreateCommand",
    "otherPortsAttributes",
    "overrideCommand",
    "overrideFeatureInstallOrder",
    "portsAttributes",
    "postAttachCommand",
    "postCreateCommand",
    "postStartCommand",
    "remoteEnv",
    "remoteUser",
    "runArgs",
    "runServices",
    "secrets",
    "service",
    "settings",
    "shutdownAction",
    "updateContentCommand",
    "updateRemoteUserUID",
    "userEnvProbe",
    "waitFor",
    "workspaceFolder",
};

template <std::size_t kCount>
bool WriteField(const Field (&fields)[kCount], bool is_wanted, const Context& context, const Entry& entry) {
  const auto* field = std::ranges::find(fields, entry.key, &Field::name);
  if (field == std::end(fields)) {
    return false;
  }
  if (is_wanted && !entry.value->IsNull()) {
    field->write(context, *field, entry);
  }
  return true;
}

void WriteSettings(const Context& context) {
  const Node& root = *context.configuration.root;
  const bool starts_itself = context.starts && !IsCompose(root);
  for (const Entry& entry : root.entries) {
    const bool is_known = WriteField(kFields, true, context, entry) ||
                          WriteField(kSecurityFields, context.starts, context, entry) ||
                          WriteField(kStartFields, context.starts, context, entry) ||
                          WriteField(kOwnFields, starts_itself, context, entry) ||
                          std::ranges::find(kHarmless, entry.key) != std::end(kHarmless);
    if (!is_known) {
      context.out.Unknown({entry.key, entry}, "this setting of a dev container is not known here");
    }
  }
}

// The workspace is mounted unless the file says otherwise, with the repository around it.
void WriteDefaultMount(const Context& context) {
  const Node& root = *context.configuration.root;
  if (!context.starts || IsCompose(root) || yaml::FindRaw(root, "workspaceMount") != nullptr) {
    return;
  }
  Node nothing;  // stands where the setting would
  nothing.source = root.source;
  const Entry place{"workspaceMount", &nothing, root.line, root.column};
  const std::string_view folder = context.configuration.mounted_folder;
  context.out.Effect({"workspaceMount (the default)", place}, SDP_EFFECT_MOUNT_HOST_PATH,
                     {folder, "bind", "/workspaces/" + std::string(BaseName(folder))});
}

// ---- Command lines -------------------------------------------------------------------------------------------------

// The words of a command line of docker.
class Words {
 public:
  void Add(std::string_view word) { words_.emplace_back(word); }
  void Add(std::string_view option, std::string_view value) {
    Add(option);
    Add(value);
  }

  void Run(const Context& context, const yaml::Setting& setting) const {
    std::vector<sdp_string> words;
    words.reserve(words_.size());
    for (const std::string& word : words_) {
      words.push_back(plugin::Text(word));
    }
    context.out.Run(setting, context.configuration.workspace_folder, words);
  }

 private:
  std::vector<std::string> words_;
};

// The flags of `docker run` that stand in the file as words, with an image that has no name behind them.
void RunArguments(const Context& context) {
  const Entry* entry = yaml::Find(*context.configuration.root, "runArgs");
  if (entry == nullptr || !context.starts || IsCompose(*context.configuration.root)) {
    return;
  }
  Words words;
  words.Add("docker", "run");
  ForEachItem(*entry, "runArgs", [&](const Entry& item) { words.Add(TextOf(item, "runArgs")); });
  words.Add("");
  words.Run(context, {"runArgs", *entry});
}

std::string Below(const Context& context, std::string_view path) {
  const std::string_view known = Resolve(context.host, path, context.configuration.folder);
  return known.empty() ? std::string(path) : std::string(known);
}

// The build's Dockerfile; null if nothing is built.
const Entry* FindDockerfile(const Node& root, const Node* build) {
  const Entry* old = yaml::Find(root, "dockerFile");
  return old != nullptr || build == nullptr ? old : yaml::Find(*build, "dockerfile");
}

void AddBuildSettings(const Node& build, Words* words) {
  if (const Entry* target = yaml::Find(build, "target")) {
    words->Add("--target", TextOf(*target, "build.target"));
  }
  if (const Entry* caches = yaml::Find(build, "cacheFrom")) {
    ForEachItemOrSelf(*caches, [&](const Entry& item) { words->Add("--cache-from", TextOf(item, "build.cacheFrom")); });
  }
  if (const Entry* arguments = yaml::Find(build, "args")) {
    for (const Entry& argument : arguments->value->entries) {
      words->Add("--build-arg", std::string(argument.key) + "=" + std::string(TextOf(argument, "build.args")));
    }
  }
  if (const Entry* options = yaml::Find(build, "options")) {
    ForEachItem(*options, "build.options", [&](const Entry& item) { words->Add(TextOf(item, "build.options")); });
  }
}

void RunBuild(const Context& context) {
  const Node& root = *context.configuration.root;
  const Entry* build = yaml::Find(root, "build");
  if (build != nullptr && !build->value->IsMap()) {
    FailType(*build, "build", "a mapping");
  }
  const Entry* dockerfile = FindDockerfile(root, build == nullptr ? nullptr : build->value);
  if (dockerfile == nullptr) {
    return;
  }
  const std::string file = Below(context, TextOf(*dockerfile, "dockerfile"));
  const Entry* folder = build == nullptr ? nullptr : yaml::Find(*build->value, "context");
  folder = folder == nullptr ? yaml::Find(root, "context") : folder;
  Words words;
  words.Add("docker", "build");
  words.Add("-f", file);
  if (build != nullptr) {
    AddBuildSettings(*build->value, &words);
  }
  words.Add(folder == nullptr ? file.substr(0, file.rfind('/') + 1) : Below(context, TextOf(*folder, "context")));
  words.Run(context, {dockerfile->key, *dockerfile});
}

// The project is compose's; without files it finds them itself.
void RunCompose(const Context& context) {
  const Node& root = *context.configuration.root;
  const Entry* files = yaml::Find(root, "dockerComposeFile");
  if (files == nullptr) {
    return;
  }
  Words words;
  words.Add("docker", "compose");
  ForEachItemOrSelf(*files,
                    [&](const Entry& item) { words.Add("-f", Below(context, TextOf(item, "dockerComposeFile"))); });
  words.Add(context.starts ? "up" : "build");
  if (context.starts) {
    words.Add("-d");
  }
  const Entry* service = yaml::Find(root, "service");
  const Entry* services = yaml::Find(root, "runServices");
  const bool names_some = services != nullptr && !services->value->entries.empty();
  if (names_some && context.starts) {
    ForEachItem(*services, "runServices", [&](const Entry& item) { words.Add(TextOf(item, "runServices")); });
  }
  if (service != nullptr && (names_some || !context.starts)) {
    words.Add(TextOf(*service, "service"));
  }
  words.Run(context, {"dockerComposeFile", *files});
}

// Ends the request of the container in any case, so that a failure half-way leaves none open.
class OpenPart {
 public:
  explicit OpenPart(const Context& context) : out_(context.out) {
    out_.BeginPart("dev container", *context.configuration.root);
  }
  OpenPart(const OpenPart&) = delete;
  OpenPart& operator=(const OpenPart&) = delete;
  ~OpenPart() { out_.End(); }

 private:
  yaml::Writer& out_;
};

}  // namespace

bool WriteSecurity(const Context& context, const Entry& entry) {
  return WriteField(kSecurityFields, context.starts, context, entry);
}

void WriteConfiguration(const Context& context) {
  {
    const OpenPart open(context);
    WriteSettings(context);
    WriteDefaultMount(context);
  }
  RunArguments(context);
  RunBuild(context);
  RunCompose(context);
}

}  // namespace safe_docker::devcontainer
