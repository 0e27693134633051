// Bodies of the Engine API that describe containers: containers/create, update and exec.
// Each field is a row; where its text is what a flag of the command line takes, the row names the flag.
#include <algorithm>
#include <array>

#include "docker/api/engine_body.hpp"
#include "docker/csv.hpp"
#include "docker/effects.hpp"

namespace safe_docker::docker {
namespace {

constexpr std::string_view kEngineFolder = "/";  // the engine's own working folder

// ---- Values that the command line has no grammar for, or another one ---------------------------------------------

// --network takes KEY=VALUE as well.
void JoinNetwork(std::string_view value, const Evidence& evidence, Request* request) {
  AddEffect(SDP_EFFECT_JOIN_NAMESPACE, value, "network", evidence, request);
}

// HostConfig.Cgroup: the cgroup of another container.
void AddCgroup(std::string_view value, const Evidence& evidence, Request* request) {
  AddEffect(SDP_EFFECT_CGROUP_PARENT, value, "", evidence, request);
}

void AddSecurityText(std::string_view value, const Evidence& evidence, Request* request) {
  std::size_t cut = value.find('=');
  cut = cut == std::string_view::npos ? value.find(':') : cut;
  const std::string_view key = value.substr(0, cut);
  std::string_view setting = cut == std::string_view::npos ? std::string_view{} : value.substr(cut + 1);
  if (key == "seccomp" && setting.starts_with('{')) {
    setting = "a profile in the request";  // the client has read the file
  }
  AddEffect(SDP_EFFECT_SECURITY_OPTION, setting, key, evidence, request);
}

void AddRestart(std::string_view value, const Evidence& evidence, Request* request) {
  if (value != "no") {
    GiveCommandFlag("container update", "restart", value, evidence, request);
  }
}

// Which of the engine's masks stay is not looked at: any list takes the place of its own.
void ReadMaskedPaths(const Json& /*value*/, const std::string& where, BodyReader* reader) {
  AddEffect(SDP_EFFECT_SECURITY_OPTION, "unconfined", "systempaths", reader->EvidenceOf(where, "a list of its own"),
            reader->request());
}

// The words of a command: one text, or a list of them.
std::string WordsOf(const Json* words) {
  std::string text;
  if (words != nullptr && words->is_string()) {
    return words->get<std::string>();
  }
  for (const Json& word : words != nullptr && words->is_array() ? *words : Json::array()) {
    text += (text.empty() ? "" : " ") + (word.is_string() ? word.get<std::string>() : std::string());
  }
  return text;
}

// ---- Mounts ------------------------------------------------------------------------------------------------------

constexpr Field kMountFields[] = {{"Type"},         {"Source"},        {"Target"},        {"ReadOnly"},
                                  {"Consistency"},  {"BindOptions"},   {"VolumeOptions"}, {"ImageOptions"},
                                  {"TmpfsOptions"}, {"ClusterOptions"}};
constexpr Field kBindFields[] = {
    {"Propagation"}, {"NonRecursive"}, {"CreateMountpoint"}, {"ReadOnlyNonRecursive"}, {"ReadOnlyForceRecursive"}};
constexpr Field kVolumeFields[] = {{"NoCopy"}, {"Labels"}, {"Subpath"}, {"DriverConfig"}};
constexpr Field kDriverFields[] = {{"Name"}, {"Options"}};

// What all kinds of mounts have.
struct Mount {
  std::string type, source, target, where;
  bool is_read_only = false;
};

void AddBind(const Json& value, const Mount& mount, BodyReader* reader) {
  Effect effect;
  effect.kind = SDP_EFFECT_MOUNT_HOST_PATH;
  effect.name = mount.type;
  effect.target = mount.target;
  effect.options = mount.is_read_only ? "ro" : "";
  effect.flags = mount.is_read_only ? static_cast<std::uint32_t>(SDP_EFFECT_READ_ONLY) : 0U;
  effect.evidence = reader->EvidenceOf(mount.where + "Source", mount.source);
  if (const Json* options = FindMember(value, "BindOptions")) {
    const std::string where = mount.where + "BindOptions.";
    reader->Read(*options, kBindFields, where);
    const std::string propagation = reader->Text(*options, "Propagation", where);
    effect.options += (effect.options.empty() || propagation.empty() ? "" : ",") + propagation;
  }
  ResolveEffectPath(mount.source, kEngineFolder, *reader->request(), &effect);
  reader->request()->effects.push_back(std::move(effect));
}

void AddVolumeMount(const Json& value, const Mount& mount, BodyReader* reader) {
  std::string driver;
  if (const Json* options = FindMember(value, "VolumeOptions")) {
    const std::string where = mount.where + "VolumeOptions.";
    reader->Read(*options, kVolumeFields, where);
    if (const Json* config = FindMember(*options, "DriverConfig")) {
      reader->Read(*config, kDriverFields, where + "DriverConfig.");
      driver = reader->Text(*config, "Name", where + "DriverConfig.");
      if (const Json* driver_options = FindMember(*config, "Options")) {
        ReadVolumeOptions(*driver_options, mount.target, where + "DriverConfig.Options", reader);
      }
    }
  }
  const Evidence evidence = reader->EvidenceOf(mount.where + "Source", mount.source);
  if (!driver.empty()) {
    AddVolumeDriver(driver, evidence, reader->request());
  }
  AddEffect(SDP_EFFECT_USE_VOLUME, mount.source, driver, evidence, reader->request());
  reader->request()->effects.back().target = mount.target;
  if (mount.type == "cluster") {
    AddEffect(SDP_EFFECT_SET_OPTION, mount.source, "cluster volume", evidence, reader->request());
  }
}

// ---- Devices -----------------------------------------------------------------------------------------------------

constexpr Field kDeviceFields[] = {{"PathOnHost"}, {"PathInContainer"}, {"CgroupPermissions"}};

void ReadDevice(const Json& value, const std::string& where, BodyReader* reader) {
  reader->Read(value, kDeviceFields, where);
  Effect effect;
  effect.kind = SDP_EFFECT_USE_DEVICE;
  effect.name = "device";
  effect.target = reader->Text(value, "PathInContainer", where);
  effect.options = reader->Text(value, "CgroupPermissions", where);
  const std::string path = reader->Text(value, "PathOnHost", where);
  effect.evidence = reader->EvidenceOf(where + "PathOnHost", path);
  ResolveEffectPath(path, kEngineFolder, *reader->request(), &effect);
  reader->request()->effects.push_back(std::move(effect));
}

constexpr Field kDeviceRequestFields[] = {{"Driver"}, {"Count"}, {"DeviceIDs"}, {"Capabilities"}, {"Options"}};

void ReadDeviceRequest(const Json& value, const std::string& where, BodyReader* reader) {
  reader->Read(value, kDeviceRequestFields, where);
  const Json* ids = FindMember(value, "DeviceIDs");
  const std::string_view name = reader->Text(value, "Driver", where) == "cdi" ? "cdi" : "gpu";
  bool has_device = false;
  for (const Json& id : ids != nullptr && ids->is_array() ? *ids : Json::array()) {
    const std::string device = id.is_string() ? id.get<std::string>() : std::string(1, kUnknownPart);
    AddEffect(SDP_EFFECT_USE_DEVICE, device, name, reader->EvidenceOf(where + "DeviceIDs", device), reader->request());
    has_device = true;
  }
  if (!has_device) {
    const Json* count = FindMember(value, "Count");
    const std::string subject = count != nullptr && *count != -1 ? count->dump() : "all";
    AddEffect(SDP_EFFECT_USE_DEVICE, subject, name, reader->EvidenceOf(where + "Count", subject), reader->request());
  }
}

// ---- Networks ----------------------------------------------------------------------------------------------------

constexpr Field kPortFields[] = {{"HostIp"}, {"HostPort"}};

// {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}]}
void ReadPorts(const Json& value, const std::string& where, BodyReader* reader) {
  for (const auto& [port, bindings] : value.items()) {
    const std::string place = where + port;
    if (!bindings.is_array() && !bindings.is_null()) {
      reader->Refuse(place, "the engine takes a list there");
      continue;
    }
    for (const Json& binding : bindings) {
      reader->Read(binding, kPortFields, place + ".");
      AddPort(reader->Text(binding, "HostIp", place + "."), reader->Text(binding, "HostPort", place + "."), port, place,
              reader);
    }
  }
}

constexpr Field kEndpointFields[] = {{"Aliases"},
                                     {"Links"},
                                     {"MacAddress"},
                                     {"GwPriority"},
                                     {"IPAMConfig"},
                                     {"NetworkID"},
                                     {"EndpointID"},
                                     {"Gateway"},
                                     {"IPAddress"},
                                     {"IPPrefixLen"},
                                     {"DNSNames"},
                                     {"IPv6Gateway"},
                                     {"GlobalIPv6PrefixLen"},
                                     {"GlobalIPv6Address"},
                                     {"DriverOpts", Shape::kPairs, {}, &AddEndpointOption}};

void ReadEndpoints(const Json& value, const std::string& where, BodyReader* reader) {
  for (const auto& [network, endpoint] : value.items()) {
    AddEffect(SDP_EFFECT_JOIN_NAMESPACE, network, "network", reader->EvidenceOf(where + network, ""),
              reader->request());
    if (!endpoint.is_null()) {
      ReadEndpoint(endpoint, where + network + ".", reader);
    }
  }
}

constexpr Field kNetworkingFields[] = {{"EndpointsConfig", Shape::kObject, {}, {}, &ReadEndpoints}};

void ReadNetworking(const Json& value, const std::string& where, BodyReader* reader) {
  reader->Read(value, kNetworkingFields, where);
}

// ---- Nested objects ----------------------------------------------------------------------------------------------

constexpr Field kLogFields[] = {{"Type", Shape::kText, "log-driver"}, {"Config", Shape::kPairs, "log-opt"}};
constexpr Field kRestartFields[] = {{"Name", Shape::kText, {}, &AddRestart}, {"MaximumRetryCount"}};

void ReadLog(const Json& value, const std::string& where, BodyReader* reader) {
  reader->Read(value, kLogFields, where);
}

void ReadRestart(const Json& value, const std::string& where, BodyReader* reader) {
  reader->Read(value, kRestartFields, where);
}

// ---- The container -----------------------------------------------------------------------------------------------

constexpr std::array kHostFields = std::to_array<Field>({
    {"Binds", Shape::kTexts, "volume"},
    {"Mounts", Shape::kObjects, {}, {}, &ReadMount},
    {"VolumesFrom", Shape::kTexts, "volumes-from"},
    {"VolumeDriver", Shape::kText, "volume-driver"},
    {"Privileged", Shape::kSwitch, "privileged"},
    {"CapAdd", Shape::kTexts, "cap-add"},
    {"Capabilities", Shape::kTexts, "cap-add"},  // of some engines: the whole set
    {"CapDrop"},
    {"PidMode", Shape::kText, "pid"},
    {"IpcMode", Shape::kText, "ipc"},
    {"UTSMode", Shape::kText, "uts"},
    {"UsernsMode", Shape::kText, "userns"},
    {"CgroupnsMode", Shape::kText, "cgroupns"},
    {"NetworkMode", Shape::kText, {}, &JoinNetwork},
    {"Cgroup", Shape::kText, {}, &AddCgroup},
    {"CgroupParent", Shape::kText, "cgroup-parent"},
    {"Devices", Shape::kObjects, {}, {}, &ReadDevice},
    {"DeviceRequests", Shape::kObjects, {}, {}, &ReadDeviceRequest},
    {"DeviceCgroupRules", Shape::kTexts, "device-cgroup-rule"},
    {"SecurityOpt", Shape::kTexts, {}, &AddSecurityText},
    {"MaskedPaths", Shape::kAnything, {}, {}, &ReadMaskedPaths},
    {"ReadonlyPaths", Shape::kAnything, {}, {}, &ReadMaskedPaths},
    {"Sysctls", Shape::kPairs, "sysctl"},
    {"Runtime", Shape::kText, "runtime"},
    {"Annotations", Shape::kPairs, "annotation"},
    {"Isolation", Shape::kText, "isolation"},
    {"LogConfig", Shape::kObject, {}, {}, &ReadLog},
    {"RestartPolicy", Shape::kObject, {}, {}, &ReadRestart},
    {"PortBindings", Shape::kObject, {}, {}, &ReadPorts},
    {"PublishAllPorts", Shape::kSwitch, "publish-all"},
    {"ExtraHosts", Shape::kTexts, {}, &AddHostText},
    {"GroupAdd", Shape::kTexts, "group-add"},
    {"Links", Shape::kTexts, "link"},
    {"StorageOpt", Shape::kPairs, "storage-opt"},
    {"OomScoreAdj", Shape::kNumber, "oom-score-adj"},
    {"OomKillDisable", Shape::kSwitch, "oom-kill-disable"},
    {"CpuRealtimePeriod", Shape::kNumber, "cpu-rt-period"},
    {"CpuRealtimeRuntime", Shape::kNumber, "cpu-rt-runtime"},
    {"AutoRemove"},
    {"BlkioDeviceReadBps"},
    {"BlkioDeviceReadIOps"},
    {"BlkioDeviceWriteBps"},
    {"BlkioDeviceWriteIOps"},
    {"BlkioWeight"},
    {"BlkioWeightDevice"},
    {"ConsoleSize"},
    {"ContainerIDFile"},  // only noted; the client writes it
    {"CpuCount"},
    {"CpuPercent"},
    {"CpuPeriod"},
    {"CpuQuota"},
    {"CpuShares"},
    {"CpusetCpus"},
    {"CpusetMems"},
    {"DiskQuota"},
    {"Dns"},
    {"DnsOptions"},
    {"DnsSearch"},
    {"IOMaximumBandwidth"},
    {"IOMaximumIOps"},
    {"Init"},
    {"KernelMemory"},
    {"KernelMemoryTCP"},
    {"Memory"},
    {"MemoryReservation"},
    {"MemorySwap"},
    {"MemorySwappiness"},
    {"NanoCpus"},
    {"PidsLimit"},
    {"ReadonlyRootfs"},
    {"ShmSize"},
    {"Tmpfs"},
    {"Ulimits"},
});

void ReadHostConfig(const Json& value, const std::string& where, BodyReader* reader) {
  reader->Read(value, kHostFields, where);
}

constexpr std::array kConfigFields = std::to_array<Field>({
    {"HostConfig", Shape::kObject, {}, {}, &ReadHostConfig},
    {"NetworkingConfig", Shape::kObject, {}, {}, &ReadNetworking},
    {"Image", Shape::kText, {}, &AddRunImage},
    {"User", Shape::kText, "user"},
    {"ArgsEscaped"},
    {"AttachStderr"},
    {"AttachStdin"},
    {"AttachStdout"},
    {"Cmd"},
    {"Cpuset"},
    {"Domainname"},
    {"Entrypoint"},
    {"Env"},
    {"ExposedPorts"},
    {"Healthcheck"},
    {"Hostname"},
    {"Labels"},
    {"MacAddress"},
    {"NetworkDisabled"},
    {"OnBuild"},
    {"OpenStdin"},
    {"Shell"},
    {"StdinOnce"},
    {"StopSignal"},
    {"StopTimeout"},
    {"Tty"},
    {"Volumes"},
    {"WorkingDir"},
});

// Engines up to version 24 take the fields of HostConfig at the top as well.
constexpr auto kContainerFields = [] {
  std::array<Field, kConfigFields.size() + kHostFields.size()> fields{};
  std::copy(kConfigFields.begin(), kConfigFields.end(), fields.begin());
  std::copy(kHostFields.begin(), kHostFields.end(), fields.begin() + kConfigFields.size());
  return fields;
}();

constexpr Field kExecFields[] = {{"Privileged", Shape::kSwitch, "privileged"},
                                 {"User", Shape::kText, "user"},
                                 {"Cmd", Shape::kIgnored},
                                 {"Env"},
                                 {"WorkingDir"},
                                 {"AttachStdin"},
                                 {"AttachStdout"},
                                 {"AttachStderr"},
                                 {"DetachKeys"},
                                 {"Detach"},
                                 {"Tty"},
                                 {"ConsoleSize"},
                                 {"Container"}};

}  // namespace

void AddHostText(std::string_view value, const Evidence& evidence, Request* request) {
  const std::size_t colon = value.find(':');
  const std::string_view name = value.substr(0, colon);
  const std::string_view address = colon == std::string_view::npos ? std::string_view{} : value.substr(colon + 1);
  if (name.find('=') == std::string_view::npos) {
    AddOptionEffects("add-host", value, evidence, request);
  } else {
    AddEffect(SDP_EFFECT_ADD_HOST, address, name, evidence, request);
  }
}

void AddRunImage(std::string_view value, const Evidence& evidence, Request* request) {
  AddImage(value, "run", evidence, request);
}

void AddEndpointOption(std::string_view value, const Evidence& evidence, Request* request) {
  GiveCommandFlag("network connect", "driver-opt", value, evidence, request);
}

void AddInnerCommand(const Json& body, std::string_view first, std::string_view second, std::string_view container,
                     const std::string& where, BodyReader* reader) {
  const std::string front = WordsOf(FindMember(body, first));
  const std::string back = WordsOf(FindMember(body, second));
  const std::string command = front + (front.empty() || back.empty() ? "" : " ") + back;
  if (!command.empty()) {
    AddEffect(SDP_EFFECT_RUN_COMMAND, command, container,
              reader->EvidenceOf(where + std::string(front.empty() ? second : first), command), reader->request());
  }
}

void ReadMount(const Json& value, const std::string& where, BodyReader* reader) {
  reader->Read(value, kMountFields, where);
  Mount mount{reader->Text(value, "Type", where), reader->Text(value, "Source", where),
              reader->Text(value, "Target", where), where, reader->IsOn(value, "ReadOnly", where)};
  const Evidence evidence = reader->EvidenceOf(where + "Type", mount.type);
  if (mount.type == "bind" || mount.type == "npipe") {
    AddBind(value, mount, reader);
  } else if (mount.type == "volume" || mount.type == "cluster") {
    AddVolumeMount(value, mount, reader);
  } else if (mount.type == "image") {
    AddImage(mount.source, "mount", evidence, reader->request());
  } else if (mount.type != "tmpfs") {
    reader->Refuse(where + "Type", "a mount of that type may mean access to the host");
  }
}

void AddPort(const std::string& address, const std::string& port, std::string_view target, const std::string& where,
             BodyReader* reader) {
  const std::string subject = address.empty() ? port : address + ":" + port;
  AddEffect(SDP_EFFECT_PUBLISH_PORT, subject, "", reader->EvidenceOf(where, subject), reader->request());
  reader->request()->effects.back().target = target;
}

void ReadContainerBody(const Json& body, BodyReader* reader) {
  reader->Read(body, kContainerFields, "");
  AddInnerCommand(body, "Entrypoint", "Cmd", "", "", reader);
}

// The engine applies but a few of these; others of its kind take more.
void ReadUpdateBody(const Json& body, BodyReader* reader) { reader->Read(body, kHostFields, ""); }

void ReadExecBody(const Json& body, BodyReader* reader) {
  reader->Read(body, kExecFields, "");
  const std::vector<std::string>& arguments = reader->request()->arguments;
  AddInnerCommand(body, "Cmd", "", arguments.empty() ? "" : arguments[0], "", reader);
}

void ReadEndpoint(const Json& endpoint, const std::string& where, BodyReader* reader) {
  reader->Read(endpoint, kEndpointFields, where);
}

void ReadVolumeOptions(const Json& options, std::string_view target, const std::string& where, BodyReader* reader) {
  std::string type, mount_options, device;
  if (!options.is_object()) {
    reader->Refuse(where, "the engine takes an object there");
    return;
  }
  for (const auto& [key, value] : options.items()) {
    const std::string text = value.is_string() ? value.get<std::string>() : std::string();
    if (!value.is_string() && !value.is_null()) {
      reader->Refuse(where + "." + key, "the engine takes a text there");
    } else if (key == "type" || key == "o" || key == "device") {
      (key == "type" ? type : key == "o" ? mount_options : device) = text;
    } else {
      GiveCommandFlag("volume create", "opt", key + "=" + text, reader->EvidenceOf(where, key + "=" + text),
                      reader->request());
    }
  }
  AddVolumeDriverOptions(type, mount_options, device, target, reader->EvidenceOf(where, options.dump()),
                         reader->request());
}

}  // namespace safe_docker::docker
