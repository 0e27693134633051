// Bodies of the Engine API that describe the services of a swarm.
#include "docker/api/engine_body.hpp"
#include "docker/effects.hpp"

namespace safe_docker::docker {
namespace {

// A line of /etc/hosts: an address and its names.
void AddHostsLine(std::string_view value, const Evidence& evidence, Request* request) {
  const std::size_t blank = value.find(' ');
  std::string_view names = blank == std::string_view::npos ? std::string_view{} : value.substr(blank + 1);
  while (!names.empty()) {
    const std::size_t end = names.find(' ');
    if (end != 0) {
      AddHostText(std::string(names.substr(0, end)) + ":" + std::string(value.substr(0, blank)), evidence, request);
    }
    names = end == std::string_view::npos ? std::string_view{} : names.substr(end + 1);
  }
}

void AddCustomSeccomp(std::string_view value, const Evidence& evidence, Request* request) {
  if (value != "default") {
    const bool is_custom = value == "custom";
    AddEffect(SDP_EFFECT_SECURITY_OPTION, is_custom ? "a profile in the request" : value, "seccomp", evidence, request);
  }
}

void AddAppArmorMode(std::string_view value, const Evidence& evidence, Request* request) {
  if (value != "default") {
    AddEffect(SDP_EFFECT_SECURITY_OPTION, value == "disabled" ? "unconfined" : value, "apparmor", evidence, request);
  }
}

void AddLabelSwitch(std::string_view /*value*/, const Evidence& evidence, Request* request) {
  AddEffect(SDP_EFFECT_SECURITY_OPTION, "disable", "label", evidence, request);
}

template <const char* kPart>
void AddLabel(std::string_view value, const Evidence& evidence, Request* request) {
  AddEffect(SDP_EFFECT_SECURITY_OPTION, std::string(kPart) + ":" + std::string(value), "label", evidence, request);
}
constexpr char kUser[] = "user", kRole[] = "role", kType[] = "type", kLevel[] = "level";

template <const char* kScheme>
void AddCredentialSpec(std::string_view value, const Evidence& evidence, Request* request) {
  GiveCommandFlag("service create", "credential-spec", std::string(kScheme) + "://" + std::string(value), evidence,
                  request);
}
constexpr char kConfig[] = "config", kFile[] = "file", kRegistry[] = "registry";

// ---- The service -------------------------------------------------------------------------------------------------

constexpr Field kCredentialSpecFields[] = {
    {"Config", Shape::kText, {}, &AddCredentialSpec<kConfig>},
    {"File", Shape::kText, {}, &AddCredentialSpec<kFile>},
    {"Registry", Shape::kText, {}, &AddCredentialSpec<kRegistry>},
};
constexpr Field kSelinuxFields[] = {
    {"Disable", Shape::kSwitch, {}, &AddLabelSwitch}, {"User", Shape::kText, {}, &AddLabel<kUser>},
    {"Role", Shape::kText, {}, &AddLabel<kRole>},     {"Type", Shape::kText, {}, &AddLabel<kType>},
    {"Level", Shape::kText, {}, &AddLabel<kLevel>},
};
constexpr Field kSeccompFields[] = {{"Mode", Shape::kText, {}, &AddCustomSeccomp}, {"Profile"}};
constexpr Field kAppArmorFields[] = {{"Mode", Shape::kText, {}, &AddAppArmorMode}};

template <const auto& kFields>
void ReadFields(const Json& value, const std::string& where, BodyReader* reader) {
  reader->Read(value, kFields, where);
}

constexpr Field kPrivilegesFields[] = {
    {"CredentialSpec", Shape::kObject, {}, {}, &ReadFields<kCredentialSpecFields>},
    {"SELinuxContext", Shape::kObject, {}, {}, &ReadFields<kSelinuxFields>},
    {"Seccomp", Shape::kObject, {}, {}, &ReadFields<kSeccompFields>},
    {"AppArmor", Shape::kObject, {}, {}, &ReadFields<kAppArmorFields>},
    {"NoNewPrivileges"},
};

template <const char* kFlag, const char* kName>
void ReadReference(const Json& value, const std::string& where, BodyReader* reader) {
  const std::string name = reader->Text(value, kName, where);
  reader->GiveFlag(kFlag, name, reader->EvidenceOf(where + kName, name));
}
constexpr char kSecret[] = "secret", kSecretName[] = "SecretName", kConfigName[] = "ConfigName";

void ReadAttachment(const Json& value, const std::string& where, BodyReader* reader) {
  const std::string network = reader->Text(value, "Target", where);
  AddEffect(SDP_EFFECT_JOIN_NAMESPACE, network, "network", reader->EvidenceOf(where + "Target", network),
            reader->request());
  if (const Json* options = FindMember(value, "DriverOpts")) {
    constexpr Field kFields[] = {{"DriverOpts", Shape::kPairs, {}, &AddEndpointOption}};
    reader->Read(Json{{"DriverOpts", *options}}, kFields, where);
  }
}

void ReadPublishedPort(const Json& value, const std::string& where, BodyReader* reader) {
  const Json* published = FindMember(value, "PublishedPort");
  const Json* target = FindMember(value, "TargetPort");
  AddPort("", published == nullptr ? "" : published->dump(), target == nullptr ? "" : target->dump(), where, reader);
}

// A task that is no container: the swarm installs an engine plugin on each node.
void ReadPluginSpec(const Json& value, const std::string& where, BodyReader* reader) {
  const std::string remote = reader->Text(value, "Remote", where);
  AddEffect(SDP_EFFECT_RUN_CODE, remote, "engine plugin", reader->EvidenceOf(where + "Remote", remote),
            reader->request());
}

void AddTaskRuntime(std::string_view value, const Evidence& evidence, Request* request) {
  if (value == "plugin") {
    AddEffect(SDP_EFFECT_RUN_CODE, "", "engine plugin", evidence, request);
  } else if (value != "container") {
    AddUnknown("a task of the runtime '" + std::string(value) + "'", "it may be more than a container", evidence,
               request);
  }
}

constexpr Field kContainerSpecFields[] = {
    {"Image", Shape::kText, {}, &AddRunImage},
    {"Mounts", Shape::kObjects, {}, {}, &ReadMount},
    {"Privileges", Shape::kObject, {}, {}, &ReadFields<kPrivilegesFields>},
    {"CapabilityAdd", Shape::kTexts, "cap-add"},
    {"CapabilityDrop"},
    {"Sysctls", Shape::kPairs, "sysctl"},
    {"Isolation", Shape::kText, "isolation"},
    {"OomScoreAdj", Shape::kNumber, "oom-score-adj"},
    {"Hosts", Shape::kTexts, {}, &AddHostsLine},
    {"Secrets", Shape::kObjects, {}, {}, &ReadReference<kSecret, kSecretName>},
    {"Configs", Shape::kObjects, {}, {}, &ReadReference<kConfig, kConfigName>},
    {"User", Shape::kText, "user"},
    {"Args"},
    {"Command"},
    {"DNSConfig"},
    {"Dir"},
    {"Env"},
    {"Groups"},
    {"Healthcheck"},
    {"Hostname"},
    {"Init"},
    {"Labels"},
    {"OpenStdin"},
    {"ReadOnly"},
    {"StopGracePeriod"},
    {"StopSignal"},
    {"TTY"},
    {"Ulimits"},
};

void ReadContainerSpec(const Json& value, const std::string& where, BodyReader* reader) {
  reader->Read(value, kContainerSpecFields, where);
  AddInnerCommand(value, "Command", "Args", "", where, reader);
}

constexpr Field kLogDriverFields[] = {{"Name", Shape::kText, "log-driver"}, {"Options", Shape::kPairs, "log-opt"}};
constexpr Field kTaskFields[] = {
    {"ContainerSpec", Shape::kObject, {}, {}, &ReadContainerSpec},
    {"PluginSpec", Shape::kObject, {}, {}, &ReadPluginSpec},
    {"Runtime", Shape::kText, {}, &AddTaskRuntime},
    {"Networks", Shape::kObjects, {}, {}, &ReadAttachment},
    {"LogDriver", Shape::kObject, {}, {}, &ReadFields<kLogDriverFields>},
    {"Resources"},
    {"RestartPolicy"},
    {"Placement"},
    {"ForceUpdate"},
};
constexpr Field kPortsFields[] = {{"Mode"}, {"Ports", Shape::kObjects, {}, {}, &ReadPublishedPort}};
constexpr Field kServiceFields[] = {
    {"TaskTemplate", Shape::kObject, {}, {}, &ReadFields<kTaskFields>},
    {"Networks", Shape::kObjects, {}, {}, &ReadAttachment},
    {"EndpointSpec", Shape::kObject, {}, {}, &ReadFields<kPortsFields>},
    {"Name"},
    {"Labels"},
    {"Mode"},
    {"UpdateConfig"},
    {"RollbackConfig"},
};

}  // namespace

void ReadServiceBody(const Json& body, BodyReader* reader) { reader->Read(body, kServiceFields, ""); }

}  // namespace safe_docker::docker
