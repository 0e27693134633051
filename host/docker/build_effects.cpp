// What the flags of a build read from the host, write to it, and hand to the builder. The grammars are those of buildx
// (util/buildflags) and of the classic builder.
#include <algorithm>

#include "docker/arguments.hpp"
#include "docker/csv.hpp"
#include "docker/effects.hpp"
#include "file_system.hpp"
#include "fixed_text.hpp"

namespace safe_docker::docker {
namespace {

bool RefuseValue(std::string_view what, const Evidence& evidence, Request* request) {
  AddUnknown("a " + std::string(what) + " that docker would refuse", "it is no valid list of KEY=VALUE", evidence,
             request);
  return false;
}

bool AddSecret(std::string_view value, const Evidence& evidence, Request* request) {
  const std::optional<std::vector<KeyValue>> fields = ReadCsvKeyValues(value);
  if (!fields) {
    return RefuseValue("--secret", evidence, request);
  }
  std::string type, id, source;
  bool has_source = false;
  for (const KeyValue& field : *fields) {
    if (field.key == "type") {
      type = field.value;
    } else if (field.key == "id") {
      id = field.value;
    } else if (field.key == "src" || field.key == "source") {
      source = field.value;
      has_source = true;
    } else if (field.key == "env") {
      type = "env";
    } else {
      return RefuseValue("--secret", evidence, request);
    }
  }
  AddEffect(SDP_EFFECT_BUILD_CREDENTIAL, id, "secret", evidence, request);
  // With an id alone docker takes the variable of that name, and the file of that name if there is none.
  const bool is_variable =
      type == "env" || (type.empty() && !has_source && request->environment.Get(id).state == Variable::State::kKnown);
  if (!is_variable) {
    AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, has_source ? source : id, "build secret", evidence, request);
  }
  return true;
}

bool AddSsh(std::string_view value, const Evidence& evidence, Request* request) {
  const std::size_t equals = value.find('=');
  AddEffect(SDP_EFFECT_BUILD_CREDENTIAL, value.substr(0, equals), "ssh", evidence, request);
  std::string_view paths = equals == std::string_view::npos ? std::string_view{} : value.substr(equals + 1);
  while (!paths.empty()) {
    const std::size_t comma = paths.find(',');
    AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, paths.substr(0, comma), "ssh key or agent", evidence, request);
    paths = comma == std::string_view::npos ? std::string_view{} : paths.substr(comma + 1);
  }
  return true;
}

// What a build makes: a folder, an archive, an image here, or an image elsewhere.
bool AddOutput(std::string_view value, const Evidence& evidence, Request* request) {
  const std::optional<std::vector<KeyValue>> fields = ReadCsvKeyValues(value);
  if (!fields) {
    return RefuseValue("--output", evidence, request);
  }
  if (fields->size() == 1 && !fields->front().has_value) {
    if (value != "-") {
      AddOpenedPath(SDP_EFFECT_WRITE_HOST_PATH, value, "build output", evidence, request);
    }
    return true;
  }
  std::string destination, type, name;
  bool deletes = false;
  bool pushes = false;
  for (const KeyValue& field : *fields) {
    destination = field.key == "dest" ? field.value : destination;
    type = field.key == "type" ? field.value : type;
    name = field.key == "name" ? field.value : name;
    deletes = deletes || (field.key == "mode" && field.value == "delete");
    pushes = pushes || (field.key == "push" && ParseBool(field.value).value_or(true));
  }
  if (pushes || type == "registry" || !IsKnown(type)) {
    AddEffect(SDP_EFFECT_SEND, name, "build result", evidence, request);
  }
  if (!destination.empty() && destination != "-") {
    AddOpenedPath(SDP_EFFECT_WRITE_HOST_PATH, destination, "build output", evidence, request);
    if (deletes) {
      AddWipedFolder(destination, evidence, request);
    }
  }
  return true;
}

// Where a cache comes from or goes to. Some kinds read the caller's logins and hand them to the builder.
bool AddCache(std::string_view value, bool is_source, const Evidence& evidence, Request* request) {
  const bool has_fields = value.find('=') != std::string_view::npos;
  const std::optional<std::vector<KeyValue>> fields = ReadCsvKeyValues(value);
  if (!fields) {
    return RefuseValue("build cache", evidence, request);
  }
  std::string type = "registry";
  for (const KeyValue& field : *fields) {
    if (has_fields && field.key == "type") {
      type = field.value;
    } else if (has_fields && field.key == "src") {
      AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, field.value, "build cache", evidence, request);
    } else if (has_fields && field.key == "dest") {
      AddOpenedPath(SDP_EFFECT_WRITE_HOST_PATH, field.value, "build cache", evidence, request);
    }
  }
  if (type == "registry" && is_source) {
    AddEffect(SDP_EFFECT_FETCH, value, "build cache", evidence, request);
  } else if (type != "local" && type != "inline") {
    AddEffect(SDP_EFFECT_SEND, value, type == "registry" ? "build cache" : "logins for the build cache", evidence,
              request);
  }
  return true;
}

bool AddCacheFrom(std::string_view value, const Evidence& evidence, Request* request) {
  return AddCache(value, /*is_source=*/true, evidence, request);
}

bool AddCacheTo(std::string_view value, const Evidence& evidence, Request* request) {
  return AddCache(value, /*is_source=*/false, evidence, request);
}

// The rules that a build's sources are checked by.
bool AddBuildPolicy(std::string_view value, const Evidence& evidence, Request* request) {
  const std::optional<std::vector<KeyValue>> fields = ReadCsvKeyValues(value);
  if (!fields) {
    return RefuseValue("--policy", evidence, request);
  }
  for (const KeyValue& field : *fields) {
    if (field.key == "filename") {
      AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, field.value, "build policy", evidence, request);
    } else if (field.key == "disabled" || field.key == "strict" || !IsKnown(field.key)) {
      AddEffect(SDP_EFFECT_SET_OPTION, field.key + "=" + field.value, "build policy", evidence, request);
    }
  }
  return true;
}

// bake --set TARGET.FIELD=VALUE: the option of build that each field is.
struct BakeField {
  FixedText<20> field;
  FixedText<16> option;  // empty: a field that means nothing to the host
};
constexpr BakeField kBakeFields[] = {
    {"output", "output"},
    {"outputs", "output"},
    {"secret", "secret"},
    {"secrets", "secret"},
    {"ssh", "ssh"},
    {"cache-from", "cache-from"},
    {"cache-to", "cache-to"},
    {"context", ""},
    {"dockerfile", "file"},
    {"contexts", "build-context"},
    {"args", "build-arg"},
    {"network", "network"},
    {"entitlements", "allow"},
    {"attest", "attest"},
    {"policy", "policy"},
    {"extra-hosts", "add-host"},
    {"tag", ""},
    {"tags", ""},
    {"platform", ""},
    {"platforms", ""},
    {"label", ""},
    {"labels", ""},
    {"target", ""},
    {"pull", ""},
    {"no-cache", ""},
    {"no-cache-filter", ""},
    {"call", ""},
    {"annotations", ""},
    {"shm-size", ""},
    {"ulimits", ""},
    {"description", ""},
    {"load", ""},
};

bool AddBakeSet(std::string_view value, const Evidence& evidence, Request* request) {
  const std::size_t equals = value.find('=');
  const std::string_view path = value.substr(0, equals);
  const std::string_view setting = equals == std::string_view::npos ? std::string_view{} : value.substr(equals + 1);
  const std::size_t dot = path.find('.');
  std::string_view field = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  const std::size_t second = field.find('.');
  const std::string name(second == std::string_view::npos ? std::string_view{} : field.substr(second + 1));
  field = field.substr(0, second);
  if (field.ends_with('+')) {  // appends to a list
    field.remove_suffix(1);
  }
  for (const BakeField& row : kBakeFields) {
    if (row.field != field) {
      continue;
    }
    if (field == "context") {
      AddBuildContext(setting, evidence, request);
    } else if (field == "network") {
      AddNamespace("network", setting, evidence, request);
    } else if (!row.option.empty()) {
      const std::string written = name.empty() ? std::string(setting) : name + "=" + std::string(setting);
      const std::optional<Flag> flag = Command::Find("buildx build")->FindFlag(row.option);
      return AddFlagEffects(*flag, written, evidence, request);
    }
    return true;
  }
  if (field == "push") {
    AddEffect(SDP_EFFECT_SEND, "", "build result", evidence, request);
    return true;
  }
  AddUnknown("the field '" + std::string(path) + "' of a bake file", "it may reach files of the host", evidence,
             request);
  return true;
}

// Options of a builder that mean nothing to the host.
bool IsHarmlessBuilderOption(std::string_view key) {
  constexpr std::string_view kHarmless[] = {
      "memory",      "memory-swap",     "cpu-quota",     "cpu-period", "cpu-shares",           "cpuset-cpus",
      "cpuset-mems", "default-load",    "replicas",      "platform",   "qemu.install",         "requests.cpu",
      "limits.cpu",  "requests.memory", "limits.memory", "timeout",    "allow-untrusted-image"};
  return std::find(std::begin(kHarmless), std::end(kHarmless), key) != std::end(kHarmless) || key.starts_with("env.");
}

// The builder's container is always privileged: whoever chooses its image runs code as root.
bool AddBuilderOption(std::string_view value, const Evidence& evidence, Request* request) {
  const std::optional<std::vector<KeyValue>> fields = ReadCsvKeyValues(value);
  if (!fields) {
    return RefuseValue("--driver-opt", evidence, request);
  }
  for (const KeyValue& field : *fields) {
    if (field.key == "image" || field.key == "qemu.image") {
      AddEffect(SDP_EFFECT_RUN_CODE, field.value, "privileged builder image", evidence, request);
    } else if (field.key == "network") {
      AddNamespace("network", field.value, evidence, request);
    } else if (field.key == "cacert" || field.key == "cert" || field.key == "key") {
      AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, field.value, "builder certificate", evidence, request);
      AddEffect(SDP_EFFECT_SET_OPTION, field.value, "builder certificate", evidence, request);
    } else if (!IsHarmlessBuilderOption(field.key)) {
      AddEffect(SDP_EFFECT_SET_OPTION, field.key + "=" + field.value, "builder option", evidence, request);
    }
  }
  return true;
}

// An entitlement that the builder is granted.
bool AddAllow(std::string_view value, const Evidence& evidence, Request* request) {
  const std::size_t equals = value.find('=');
  const std::string_view name = value.substr(0, equals);
  const std::string_view rest = equals == std::string_view::npos ? std::string_view{} : value.substr(equals + 1);
  if (name == "security.insecure") {
    AddEffect(SDP_EFFECT_PRIVILEGED, "", "build", evidence, request);
  } else if (name == "network.host") {
    AddEffect(SDP_EFFECT_JOIN_NAMESPACE, "host", "network", evidence, request);
  } else if (name == "device") {
    AddEffect(SDP_EFFECT_USE_DEVICE, rest, "cdi", evidence, request);
  } else if (name == "fs" || name == "fs.read" || name == "fs.write") {
    const sdp_effect_kind kind = name == "fs.read" ? SDP_EFFECT_READ_HOST_PATH : SDP_EFFECT_WRITE_HOST_PATH;
    AddOpenedPath(kind, rest == "*" ? "/" : rest, "build", evidence, request);
  } else if (name == "image.push") {
    AddEffect(SDP_EFFECT_SEND, rest, "build result", evidence, request);
  } else if (name == "ssh") {
    AddEffect(SDP_EFFECT_BUILD_CREDENTIAL, rest, "ssh", evidence, request);
  } else if (name != "image" && name != "image.load") {
    AddUnknown("the entitlement '" + std::string(value) + "'", "it lifts a restriction of the builder", evidence,
               request);
  }
  return true;
}

// A file that says what is built: from here, from standard input ("-"), or from elsewhere.
void AddBuildFile(std::string_view value, std::string_view name, const Evidence& evidence, Request* request) {
  constexpr std::string_view kWorkingFolder = "cwd://";
  if (value.starts_with(kWorkingFolder)) {
    value.remove_prefix(kWorkingFolder.size());
  }
  if (IsRemoteSource(value)) {
    AddEffect(SDP_EFFECT_FETCH, value, name, evidence, request);
  } else if (value != "-") {
    AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, value, name, evidence, request);
  }
}

// "BUILDKIT_SYNTAX" names the image that reads the Dockerfile.
void AddBuildArgument(std::string_view value, const Evidence& evidence, Request* request) {
  const std::size_t equals = value.find('=');
  const std::string_view name = value.substr(0, equals);
  const std::string_view setting = equals == std::string_view::npos ? std::string_view{} : value.substr(equals + 1);
  AddEffect(SDP_EFFECT_BUILD_ARGUMENT, setting, name, evidence, request);
  if (name == "BUILDKIT_SYNTAX") {
    AddEffect(SDP_EFFECT_SET_OPTION, setting, "build frontend", evidence, request);
  }
}

// The builder's own flags. An insecure entitlement lets build steps do what a privileged container may.
bool AddBuilderFlags(std::string_view value, const Evidence& evidence, Request* request) {
  AddEffect(SDP_EFFECT_SET_OPTION, value, "buildkitd-flags", evidence, request);
  if (value.find("insecure") != std::string_view::npos || !IsKnown(value)) {
    AddEffect(SDP_EFFECT_PRIVILEGED, "", "build", evidence, request);
  }
  return true;
}

// Roles whose value has a grammar of its own.
struct BuildRole {
  FlagRole role;
  bool (*add)(std::string_view value, const Evidence& evidence, Request* request);
};
constexpr BuildRole kBuildRoles[] = {
    {FlagRole::kBuildSecret, &AddSecret},
    {FlagRole::kBuildSsh, &AddSsh},
    {FlagRole::kCacheFrom, &AddCacheFrom},
    {FlagRole::kCacheTo, &AddCacheTo},
    {FlagRole::kOutput, &AddOutput},
    {FlagRole::kAllow, &AddAllow},
    {FlagRole::kBuildPolicy, &AddBuildPolicy},
    {FlagRole::kBakeSet, &AddBakeSet},
    {FlagRole::kBuilderDriverOpt, &AddBuilderOption},
    {FlagRole::kBuilderFlags, &AddBuilderFlags},
};

}  // namespace

bool IsRemoteSource(std::string_view value) {
  for (const std::string_view prefix : {"http://", "https://", "git://", "ssh://", "git@", "github.com/"}) {
    if (value.starts_with(prefix)) {
      return true;
    }
  }
  return false;
}

void AddBuildContext(std::string_view value, const Evidence& evidence, Request* request) {
  if (value == "-") {
    return;
  }
  // A folder that exists wins over an address.
  const bool exists = IsKnown(value) && IsKnown(request->cwd) &&
                      request->paths->Resolve(value, request->cwd).kind != ResolvedPath::Kind::kMissing;
  if (exists || !IsRemoteSource(value)) {
    AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, value, "build context", evidence, request);
  } else {
    AddEffect(SDP_EFFECT_FETCH, value, "build context", evidence, request);
  }
}

bool AddBuildFlagEffects(FlagRole role, std::string_view value, const Evidence& evidence, Request* request) {
  for (const BuildRole& row : kBuildRoles) {
    if (row.role == role) {
      return row.add(value, evidence, request);
    }
  }
  switch (role) {
    case FlagRole::kReadDockerfile:
    case FlagRole::kReadBakeFile:
      AddBuildFile(value, role == FlagRole::kReadDockerfile ? "Dockerfile" : "bake file", evidence, request);
      return true;
    case FlagRole::kBuildContext: {
      const std::size_t equals = value.find('=');
      std::string_view source = equals == std::string_view::npos ? value : value.substr(equals + 1);
      constexpr std::string_view kLayout = "oci-layout://";
      constexpr std::string_view kImage = "docker-image://";
      if (source.starts_with(kLayout)) {
        source.remove_prefix(kLayout.size());
        AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, source.substr(0, source.find_first_of(":@")), "build context",
                      evidence, request);
      } else if (source.starts_with(kImage)) {
        AddImage(source.substr(kImage.size()), "build", evidence, request);
      } else if (!source.starts_with("target:")) {
        AddBuildContext(source, evidence, request);
      }
      return true;
    }
    case FlagRole::kBuildArg:
      AddBuildArgument(value, evidence, request);
      return true;
    default:
      AddUnknown("a flag whose meaning is not written down", "it may give the container access to the host", evidence,
                 request);
      return false;
  }
}

}  // namespace safe_docker::docker
