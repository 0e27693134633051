// What the flags of a build read from the host, write to it, and hand to the builder. The grammars are those of buildx
// (util/buildflags) and of the classic builder.
#include "docker/arguments.hpp"
#include "docker/csv.hpp"
#include "docker/effects.hpp"
#include "file_system.hpp"

namespace safe_docker::docker {
namespace {

bool RefuseValue(std::string_view what, const Evidence& evidence, Request* request) {
  AddUnknown("a " + std::string(what) + " that docker would refuse", "it is no valid list of KEY=VALUE", evidence,
             request);
  return false;
}

// True for what a builder fetches by itself: URLs, git addresses, images.
bool IsRemoteSource(std::string_view value) {
  for (const std::string_view prefix :
       {"http://", "https://", "git://", "ssh://", "git@", "github.com/", "docker-image://", "target:"}) {
    if (value.starts_with(prefix)) {
      return true;
    }
  }
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
  std::string destination;
  bool deletes = false;
  for (const KeyValue& field : *fields) {
    destination = field.key == "dest" ? field.value : destination;
    deletes = deletes || (field.key == "mode" && field.value == "delete");
  }
  if (!destination.empty() && destination != "-") {
    AddOpenedPath(deletes ? SDP_EFFECT_DELETE_HOST_PATH : SDP_EFFECT_WRITE_HOST_PATH, destination, "build output",
                  evidence, request);
  }
  return true;
}

bool AddCache(std::string_view value, const Evidence& evidence, Request* request) {
  if (value.find('=') == std::string_view::npos) {
    return true;
  }
  const std::optional<std::vector<KeyValue>> fields = ReadCsvKeyValues(value);
  if (!fields) {
    return RefuseValue("build cache", evidence, request);
  }
  for (const KeyValue& field : *fields) {
    if (field.key == "src") {
      AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, field.value, "build cache", evidence, request);
    } else if (field.key == "dest") {
      AddOpenedPath(SDP_EFFECT_WRITE_HOST_PATH, field.value, "build cache", evidence, request);
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
  } else if (name != "ssh" && !name.starts_with("image")) {
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
  if (value != "-" && !IsRemoteSource(value)) {
    AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, value, name, evidence, request);
  }
}

}  // namespace

void AddBuildContext(std::string_view value, const Evidence& evidence, Request* request) {
  if (value == "-") {
    return;
  }
  // A folder that exists wins over an address.
  const bool exists = IsKnown(value) && IsKnown(request->cwd) &&
                      request->paths->Resolve(value, request->cwd).kind != ResolvedPath::Kind::kMissing;
  if (exists || !IsRemoteSource(value)) {
    AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, value, "build context", evidence, request);
  }
}

bool AddBuildFlagEffects(FlagRole role, std::string_view value, const Evidence& evidence, Request* request) {
  switch (role) {
    case FlagRole::kReadDockerfile:
    case FlagRole::kReadBakeFile:
      AddBuildFile(value, role == FlagRole::kReadDockerfile ? "Dockerfile" : "bake file", evidence, request);
      return true;
    case FlagRole::kBuildContext: {
      const std::size_t equals = value.find('=');
      std::string_view source = equals == std::string_view::npos ? value : value.substr(equals + 1);
      constexpr std::string_view kLayout = "oci-layout://";
      if (source.starts_with(kLayout)) {
        source.remove_prefix(kLayout.size());
        AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, source.substr(0, source.find_first_of(":@")), "build context",
                      evidence, request);
      } else {
        AddBuildContext(source, evidence, request);
      }
      return true;
    }
    case FlagRole::kBuildSecret:
      return AddSecret(value, evidence, request);
    case FlagRole::kBuildSsh:
      return AddSsh(value, evidence, request);
    case FlagRole::kBuildArg: {
      const std::size_t equals = value.find('=');
      AddEffect(SDP_EFFECT_BUILD_ARGUMENT,
                equals == std::string_view::npos ? std::string_view{} : value.substr(equals + 1),
                value.substr(0, equals), evidence, request);
      return true;
    }
    case FlagRole::kCache:
      return AddCache(value, evidence, request);
    case FlagRole::kOutput:
      return AddOutput(value, evidence, request);
    case FlagRole::kAllow:
      return AddAllow(value, evidence, request);
    default:
      AddUnknown("a flag whose meaning is not written down", "it may give the container access to the host", evidence,
                 request);
      return false;
  }
}

}  // namespace safe_docker::docker
