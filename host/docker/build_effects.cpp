// What the flags of a build read from the host, write to it, and hand to the builder. The grammars are those of buildx
// (util/buildflags) and of the classic builder.
#include <algorithm>

#include "docker/arguments.hpp"
#include "docker/csv.hpp"
#include "docker/effects.hpp"
#include "docker/value_text.hpp"
#include "file_system.hpp"
#include "fixed_text.hpp"

namespace safe_docker::docker {
namespace {

bool RefuseValue(std::string_view what, const Evidence& evidence, Request* request) {
  return Refuse(std::string(what) + " takes a list of KEY=VALUE", evidence, request);
}

// Where a cache comes from or goes to. Some kinds read the caller's logins and hand them to the builder.
bool AddCache(std::string_view value, bool is_source, const Evidence& evidence, Request* request) {
  const bool has_fields = value.find('=') != std::string_view::npos;
  const std::optional<std::vector<KeyValue>> fields = ReadCsvKeyValues(value);
  if (!fields) {
    return RefuseValue("a build cache", evidence, request);
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

// Options of a builder that mean nothing to the host.
bool IsHarmlessBuilderOption(std::string_view key) {
  constexpr std::string_view kHarmless[] = {
      "memory",      "memory-swap",     "cpu-quota",     "cpu-period", "cpu-shares",           "cpuset-cpus",
      "cpuset-mems", "default-load",    "replicas",      "platform",   "qemu.install",         "requests.cpu",
      "limits.cpu",  "requests.memory", "limits.memory", "timeout",    "allow-untrusted-image"};
  return std::find(std::begin(kHarmless), std::end(kHarmless), key) != std::end(kHarmless) || key.starts_with("env.");
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

}  // namespace

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
    AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, NextPart(&paths, ','), "ssh key or agent", evidence, request);
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
    } else {
      AddEffect(SDP_EFFECT_SET_OPTION, field.key + "=" + field.value, "build policy", evidence, request);
    }
  }
  return true;
}

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

// "BUILDKIT_SYNTAX" names the image that reads the Dockerfile.
bool AddBuildArgument(std::string_view value, const Evidence& evidence, Request* request) {
  const auto [name, setting, has_value] = CutAt(value, '=');
  AddEffect(SDP_EFFECT_BUILD_ARGUMENT, setting, name, evidence, request);
  if (name == "BUILDKIT_SYNTAX") {
    AddEffect(SDP_EFFECT_SET_OPTION, setting, "build frontend", evidence, request);
  }
  return true;
}

// The builder's own flags. An insecure entitlement lets build steps do what a privileged container may.
bool AddBuilderFlags(std::string_view value, const Evidence& evidence, Request* request) {
  AddEffect(SDP_EFFECT_SET_OPTION, value, "buildkitd-flags", evidence, request);
  if (value.find("insecure") != std::string_view::npos || !IsKnown(value)) {
    AddEffect(SDP_EFFECT_PRIVILEGED, "", "build", evidence, request);
  }
  return true;
}

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

bool AddDockerfile(std::string_view value, const Evidence& evidence, Request* request) {
  AddBuildFile(value, "Dockerfile", evidence, request);
  return true;
}

bool AddBakeFile(std::string_view value, const Evidence& evidence, Request* request) {
  AddBuildFile(value, "bake file", evidence, request);
  return true;
}

// NAME=SOURCE
bool AddNamedContext(std::string_view value, const Evidence& evidence, Request* request) {
  constexpr std::string_view kLayout = "oci-layout://";
  constexpr std::string_view kImage = "docker-image://";
  const Cut cut = CutAt(value, '=');
  const std::string_view source = cut.found ? cut.after : value;
  if (source.starts_with(kLayout)) {
    const std::string_view path = source.substr(kLayout.size());
    AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, path.substr(0, path.find_first_of(":@")), "build context", evidence,
                  request);
  } else if (source.starts_with(kImage)) {
    AddImage(source.substr(kImage.size()), "build", evidence, request);
  } else if (!source.starts_with("target:")) {
    AddBuildContext(source, evidence, request);
  }
  return true;
}

}  // namespace safe_docker::docker
