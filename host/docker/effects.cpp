#include "docker/effects.hpp"

#include <algorithm>
#include <array>

#include "docker/arguments.hpp"
#include "docker/csv.hpp"
#include "docker/image_reference.hpp"
#include "docker/programs.hpp"
#include "docker/value_text.hpp"
#include "docker/values.hpp"
#include "file_system.hpp"

namespace safe_docker::docker {
namespace {

bool IsTrue(std::string_view value) { return ParseBool(value).value_or(true); }

// "KEY=VALUE" or, without "=", "KEY:VALUE".
KeyValue CutPair(std::string_view value) {
  const Cut cut = CutAt(value, value.find('=') != std::string_view::npos ? '=' : ':');
  return {std::string(cut.before), std::string(cut.after), cut.found};
}

// An option of a container's place in a network. Its sysctls are those of --sysctl, several between commas.
bool AddEndpointOption(std::string_view value, const Evidence& evidence, Request* request) {
  const KeyValue option = CutPair(value);
  if (option.key != "com.docker.network.endpoint.sysctls") {
    AddEffect(SDP_EFFECT_SET_OPTION, value, "endpoint option", evidence, request);
    return true;
  }
  std::string_view sysctls = option.value;
  while (!sysctls.empty()) {
    AddSysctl(NextPart(&sysctls, ','), evidence, request);
  }
  return true;
}

bool AddNetwork(std::string_view value, const Evidence& evidence, Request* request) {
  if (!IsLongNetwork(value) || FindProgram(request->program).dialect == Dialect::kPodman) {
    AddNamespace("network", value, evidence, request);
    return true;
  }
  const std::optional<std::vector<KeyValue>> fields = ReadCsvKeyValues(value);
  if (!fields) {
    return Refuse("--network takes a network, or a list of KEY=VALUE", evidence, request);
  }
  for (const KeyValue& field : *fields) {
    // docker lower-cases the whole field: NAME=HOST is the host's network.
    const std::string field_value = ToLower(Trim(field.value));
    const std::string_view key = Trim(field.key);
    if (key == "name") {
      AddNamespace("network", field_value, evidence, request);
    } else if (key == "driver-opt") {
      AddEndpointOption(field_value, evidence, request);
    }
  }
  return true;
}

// These keep the log on the engine's machine; others send it elsewhere.
bool AddLogDriver(std::string_view value, const Evidence& evidence, Request* request) {
  const bool stays_here = IsOneOf(value, {"", "json-file", "local", "none", "journald", "k8s-file", "passthrough"});
  AddEffect(stays_here ? SDP_EFFECT_ORDINARY_OPTION : SDP_EFFECT_SET_OPTION, value, "log-driver", evidence, request);
  return true;
}

// These only shape the log; others name files, sockets and addresses that the engine opens.
bool AddLogOption(std::string_view value, const Evidence& evidence, Request* request) {
  const bool shapes = IsOneOf(CutAt(value, '=').before, {"max-size", "max-file", "max-buffer-size", "compress", "mode",
                                                         "labels", "labels-regex", "env", "env-regex", "tag"});
  AddEffect(shapes ? SDP_EFFECT_ORDINARY_OPTION : SDP_EFFECT_SET_OPTION, value, "log-opt", evidence, request);
  return true;
}

bool AddSecurityOption(std::string_view value, const Evidence& evidence, Request* request) {
  const KeyValue option = CutPair(value);
  AddEffect(SDP_EFFECT_SECURITY_OPTION, option.value, option.key, evidence, request);
  if (option.key == "seccomp" && option.value != "unconfined" && option.value != "builtin") {
    AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, option.value, "seccomp profile", evidence, request);
  }
  return true;
}

// A name of the Container Device Interface: vendor.domain/class=name.
bool IsCdiName(std::string_view value) {
  const std::size_t slash = value.find('/');
  const std::size_t equals = value.find('=');
  return !value.empty() && value[0] != '/' && value[0] != '.' && slash != std::string_view::npos &&
         equals != std::string_view::npos && slash < equals && value.find('/', slash + 1) == std::string_view::npos;
}

bool IsDeviceMode(std::string_view text) {
  return !text.empty() && text.size() <= 3 && text.find_first_not_of("rwm") == std::string_view::npos;
}

bool AddDevice(std::string_view value, const Evidence& evidence, Request* request) {
  if (IsCdiName(value)) {
    AddEffect(SDP_EFFECT_USE_DEVICE, value, "cdi", evidence, request);
    return true;
  }
  Effect effect;
  effect.kind = SDP_EFFECT_USE_DEVICE;
  effect.name = "device";
  effect.evidence = evidence;
  const std::size_t first = value.find(':');
  const std::string_view rest = first == std::string_view::npos ? std::string_view{} : value.substr(first + 1);
  const std::size_t second = rest.find(':');
  if (second != std::string_view::npos) {
    effect.target = rest.substr(0, second);
    effect.options = rest.substr(second + 1);
  } else {
    (IsDeviceMode(rest) ? effect.options : effect.target) = rest;
  }
  ResolveEffectPath(value.substr(0, first), "/", *request, &effect);
  request->effects.push_back(std::move(effect));
  return true;
}

bool AddHost(std::string_view value, const Evidence& evidence, Request* request) {
  const KeyValue host = CutPair(value);
  std::string_view address = host.value;
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  AddEffect(SDP_EFFECT_ADD_HOST, address, host.key, evidence, request);
  return true;
}

// "NAME=value" gives nothing of the host away; a bare NAME takes the caller's value along.
bool AddEnvironment(std::string_view value, const Evidence& evidence, Request* request) {
  if (value.find('=') == std::string_view::npos) {
    AddEffect(SDP_EFFECT_PASS_ENVIRONMENT, "", value, evidence, request);
  }
  return true;
}

// The long form (published=, target=, protocol=) as the short one; docker itself joins the fields so. What is not known
// stays so, in whatever place of the text it stands.
std::string ShortPort(std::string_view value) {
  std::string published, target, protocol;
  for (const KeyValue& field : ReadCsvKeyValues(value).value_or(std::vector<KeyValue>{})) {
    published = field.key == "published" ? field.value + ":" : published;
    target = field.key == "target" ? field.value : target;
    protocol = field.key == "protocol" ? "/" + field.value : protocol;
  }
  return published + target + protocol + (IsKnown(value) ? "" : std::string(1, kUnknownPart));
}

bool AddPort(std::string_view value, const Evidence& evidence, Request* request) {
  const std::string port = value.find('=') == std::string_view::npos ? std::string(value) : ShortPort(value);
  const std::size_t colon = port.rfind(':');
  Effect effect;
  effect.kind = SDP_EFFECT_PUBLISH_PORT;
  effect.subject = colon == std::string::npos ? "" : port.substr(0, colon);
  effect.target = colon == std::string::npos ? port : port.substr(colon + 1);
  effect.evidence = evidence;
  request->effects.push_back(std::move(effect));
  return true;
}

// volume create -o: each option comes by itself, so the whole is put together when the request is complete.
bool AddVolumeOption(std::string_view value, const Evidence& evidence, Request* request) {
  const KeyValue option = CutPair(value);
  if (option.key != "type" && option.key != "o" && option.key != "device" && option.key != "size") {
    AddUnknown("the volume option '" + option.key + "'", "the volume driver runs as root", evidence, request);
  }
  return true;
}

bool AddCapability(std::string_view value, const Evidence& evidence, Request* request) {
  std::string capability = ToUpper(Trim(value));
  if (capability.starts_with("CAP_")) {
    capability.erase(0, 4);
  }
  AddEffect(SDP_EFFECT_ADD_CAPABILITY, capability, "", evidence, request);
  return true;
}

// The one namespace whose value the client does not check.
bool AddIpc(std::string_view value, const Evidence& evidence, Request* request) {
  constexpr std::string_view kKnown[] = {"", "none", "private", "shareable", "host"};
  const bool is_known = std::find(std::begin(kKnown), std::end(kKnown), value) != std::end(kKnown) ||
                        value.starts_with("container:") || value.starts_with("ns:") || !IsKnown(value);
  if (!is_known) {
    AddUnknown("--ipc '" + std::string(value) + "'", "it may share the memory of other processes", evidence, request);
  }
  AddNamespace("ipc", value, evidence, request);
  return is_known;
}

bool AddRunImage(std::string_view value, const Evidence& evidence, Request* request) {
  AddImage(value, "run", evidence, request);
  return true;
}

// Roles whose value simply is the subject of one effect. An empty value has none.
struct SubjectRole {
  FlagRole role;
  sdp_effect_kind kind;
  std::string_view name;
};
constexpr SubjectRole kSubjectRoles[] = {
    {FlagRole::kVolumesFrom, SDP_EFFECT_INHERIT_MOUNTS, ""},
    {FlagRole::kDeviceCgroupRule, SDP_EFFECT_USE_DEVICE, "cgroup-rule"},
    {FlagRole::kGpus, SDP_EFFECT_USE_DEVICE, "gpu"},
    {FlagRole::kPid, SDP_EFFECT_JOIN_NAMESPACE, "pid"},
    {FlagRole::kUts, SDP_EFFECT_JOIN_NAMESPACE, "uts"},
    {FlagRole::kUserns, SDP_EFFECT_JOIN_NAMESPACE, "userns"},
    {FlagRole::kCgroupns, SDP_EFFECT_JOIN_NAMESPACE, "cgroupns"},
    {FlagRole::kCgroupParent, SDP_EFFECT_CGROUP_PARENT, ""},
    {FlagRole::kRuntime, SDP_EFFECT_USE_RUNTIME, ""},
};

// Roles whose value is a file that the client opens.
struct PathRole {
  FlagRole role;
  sdp_effect_kind kind;
  std::string_view name;
};
constexpr PathRole kPathRoles[] = {
    {FlagRole::kReadEnvFile, SDP_EFFECT_READ_HOST_PATH, "env file"},
    {FlagRole::kReadLabelFile, SDP_EFFECT_READ_HOST_PATH, "label file"},
    {FlagRole::kRead, SDP_EFFECT_READ_HOST_PATH, "input"},
    {FlagRole::kWrite, SDP_EFFECT_WRITE_HOST_PATH, "output"},
    // The old file is removed before anything else happens, even if that then fails.
    {FlagRole::kReplace, SDP_EFFECT_DELETE_HOST_PATH, "output"},
};

// Switches that have an effect when they are on.
struct SwitchRole {
  FlagRole role;
  sdp_effect_kind kind;
  std::string_view name;
};
constexpr SwitchRole kSwitchRoles[] = {
    {FlagRole::kPrivileged, SDP_EFFECT_PRIVILEGED, "container"},
    {FlagRole::kPrivilegedExec, SDP_EFFECT_PRIVILEGED, "exec"},
    {FlagRole::kUseApiSocket, SDP_EFFECT_USE_API_SOCKET, ""},
};

// Roles whose value has a grammar of its own.
struct GrammarRole {
  FlagRole role;
  bool (*add)(std::string_view value, const Evidence& evidence, Request* request);
};
constexpr GrammarRole kGrammarRoles[] = {
    {FlagRole::kVolume, &AddVolume},
    {FlagRole::kMount, &AddMount},
    {FlagRole::kVolumeDriver, &AddVolumeDriver},
    {FlagRole::kVolumeCreateDriver, &AddVolumeDriver},
    {FlagRole::kVolumeOpt, &AddVolumeOption},
    {FlagRole::kCapAdd, &AddCapability},
    {FlagRole::kSecurityOpt, &AddSecurityOption},
    {FlagRole::kDevice, &AddDevice},
    {FlagRole::kSysctl, &AddSysctl},
    {FlagRole::kNetwork, &AddNetwork},
    {FlagRole::kBuildNetwork, &AddNetwork},
    {FlagRole::kAddHost, &AddHost},
    {FlagRole::kPublish, &AddPort},
    {FlagRole::kEnv, &AddEnvironment},
    {FlagRole::kImage, &AddRunImage},
    {FlagRole::kIpc, &AddIpc},
    {FlagRole::kEndpointOption, &AddEndpointOption},
    {FlagRole::kLogDriver, &AddLogDriver},
    {FlagRole::kLogOption, &AddLogOption},
    // build_effects.cpp
    {FlagRole::kReadDockerfile, &AddDockerfile},
    {FlagRole::kReadBakeFile, &AddBakeFile},
    {FlagRole::kBuildContext, &AddNamedContext},
    {FlagRole::kBuildSecret, &AddSecret},
    {FlagRole::kBuildSsh, &AddSsh},
    {FlagRole::kBuildArg, &AddBuildArgument},
    {FlagRole::kCacheFrom, &AddCacheFrom},
    {FlagRole::kCacheTo, &AddCacheTo},
    {FlagRole::kOutput, &AddOutput},
    {FlagRole::kAllow, &AddAllow},
    {FlagRole::kBuildPolicy, &AddBuildPolicy},
    {FlagRole::kBakeSet, &AddBakeSet},
    {FlagRole::kBuilderDriverOpt, &AddBuilderOption},
    {FlagRole::kBuilderFlags, &AddBuilderFlags},
    // client_effects.cpp
    {FlagRole::kClientConfig, &AddClientConfig},
    {FlagRole::kClientHome, &AddClientHome},
    {FlagRole::kCheckpointDir, &AddCheckpointFolder},
    {FlagRole::kContextEndpoint, &AddContextEndpoint},
    {FlagRole::kExternalCa, &AddExternalCa},
    {FlagRole::kWipe, &AddWipe},
    {FlagRole::kComposeRemoveImages, &AddRemovedImages},
    {FlagRole::kTlsFile, &AddTlsFile},
    {FlagRole::kEnvFiles, &AddEnvFiles},
};

// The row for `role`; null if the table has none.
template <typename Row, std::size_t kCount>
const Row* FindRole(const Row (&rows)[kCount], FlagRole role) {
  const Row* found = std::find_if(rows, rows + kCount, [role](const Row& row) { return row.role == role; });
  return found != rows + kCount ? found : nullptr;
}

}  // namespace

void AddEffect(sdp_effect_kind kind, std::string_view subject, std::string_view name, const Evidence& evidence,
               Request* request) {
  Effect effect;
  effect.kind = kind;
  effect.subject = subject;
  effect.name = name;
  effect.evidence = evidence;
  if (!IsKnown(subject) || !IsKnown(name)) {
    effect.flags |= SDP_EFFECT_UNRESOLVED;
  }
  request->effects.push_back(std::move(effect));
}

void AddNamespace(std::string_view kind, std::string_view value, const Evidence& evidence, Request* request) {
  if (value.empty()) {
    return;
  }
  AddEffect(SDP_EFFECT_JOIN_NAMESPACE, value, kind, evidence, request);
}

bool AddSysctl(std::string_view value, const Evidence& evidence, Request* request) {
  const std::size_t equals = value.find('=');
  AddEffect(SDP_EFFECT_SET_SYSCTL, equals == std::string_view::npos ? std::string_view{} : value.substr(equals + 1),
            value.substr(0, equals), evidence, request);
  return true;
}

void AddUnknown(std::string_view what, std::string_view why, const Evidence& evidence, Request* request) {
  AddEffect(SDP_EFFECT_UNKNOWN, what, why, evidence, request);
}

bool Refuse(std::string_view what, const Evidence& evidence, Request* request) {
  AddUnknown(what, "", evidence, request);
  request->effects.back().options = "refused";
  return false;
}

void ResolveEffectPath(std::string_view path, std::string_view base, const Request& request, Effect* effect) {
  const bool relative = !path.starts_with('/');
  if (!IsKnown(path) || path.empty() || (relative && (base.empty() || !IsKnown(base)))) {
    effect->subject = path;
    effect->flags |= SDP_EFFECT_UNRESOLVED;
    return;
  }
  ResolvedPath resolved = request.paths->Resolve(path, base);
  using Kind = ResolvedPath::Kind;
  effect->subject = std::move(resolved.clean);
  effect->resolved = std::move(resolved.resolved);
  effect->flags |= resolved.kind == Kind::kMissing ? 0U : static_cast<std::uint32_t>(SDP_EFFECT_EXISTS);
  effect->flags |= resolved.kind == Kind::kSocket ? static_cast<std::uint32_t>(SDP_EFFECT_SOCKET) : 0U;
  effect->flags |= resolved.kind == Kind::kDirectory ? static_cast<std::uint32_t>(SDP_EFFECT_DIRECTORY) : 0U;
  if (!resolved.complete) {
    effect->flags |= SDP_EFFECT_UNRESOLVED;
  }
}

void AddOpenedPath(sdp_effect_kind kind, std::string_view path, std::string_view name, const Evidence& evidence,
                   Request* request) {
  Effect effect;
  effect.kind = kind;
  effect.name = name;
  effect.evidence = evidence;
  ResolveEffectPath(path, request->cwd, *request, &effect);
  if (!effect.resolved.empty() && path.find("..") != std::string_view::npos) {
    // The client opens the path as it stands: behind a link ".." may lead elsewhere than the text says.
    const ResolvedPath opened = request->paths->ResolveAsOpened(path, request->cwd);
    if (opened.resolved != effect.resolved || !opened.complete) {
      Effect other = effect;
      other.resolved = opened.resolved;
      other.flags |= opened.complete ? 0U : static_cast<std::uint32_t>(SDP_EFFECT_UNRESOLVED);
      request->effects.push_back(std::move(other));
    }
  }
  request->effects.push_back(std::move(effect));
}

bool AddVolumeDriver(std::string_view value, const Evidence& evidence, Request* request) {
  if (value != "local") {
    AddEffect(SDP_EFFECT_SET_OPTION, value, "volume-driver", evidence, request);
  }
  return true;
}

void AddImage(std::string_view reference, std::string_view use, const Evidence& evidence, Request* request) {
  const bool has_transports = FindProgram(request->program).dialect != Dialect::kDocker;
  if (has_transports && AddImageTransport(reference, /*is_written=*/false, use, evidence, request)) {
    return;
  }
  const ImageReference image = CompleteImageReference(reference);
  AddEffect(SDP_EFFECT_USE_IMAGE, image.full, use, evidence, request);
  request->effects.back().options = image.kind == ImageReference::Kind::kId        ? "id"
                                    : image.kind == ImageReference::Kind::kInvalid ? "invalid"
                                                                                   : "";
}

void AddGrammarEffect(const GrammarEffect& effect, std::string_view subject, const Evidence& evidence,
                      Request* request) {
  AddEffect(effect.kind(), subject, effect.name(), evidence, request);
  request->effects.back().options = effect.options();
}

namespace {

// What is said of the value by its role alone.
bool AddRoleEffects(const Flag& flag, std::string_view value, const Evidence& evidence, Request* request) {
  const FlagRole role = flag.role();
  if (role == FlagRole::kNone || role == FlagRole::kEngineHost || role == FlagRole::kEngineContext) {
    return true;  // which engine it is is found by itself
  }
  if (role == FlagRole::kEffect) {
    if (!flag.is_switch() || IsTrue(value)) {
      AddGrammarEffect(flag.effect(), flag.is_switch() ? std::string_view{} : value, evidence, request);
    }
    return true;
  }
  if (const SubjectRole* row = FindRole(kSubjectRoles, role)) {
    if (!value.empty()) {
      AddEffect(row->kind, value, row->name, evidence, request);
    }
    return true;
  }
  if (const PathRole* row = FindRole(kPathRoles, role)) {
    if (value.empty() && row->kind != SDP_EFFECT_READ_HOST_PATH) {
      return true;  // as if it were not given
    }
    AddOpenedPath(row->kind, value, row->name, evidence, request);
    return true;
  }
  if (const SwitchRole* row = FindRole(kSwitchRoles, role)) {
    if (IsTrue(value)) {
      AddEffect(row->kind, "", row->name, evidence, request);
    }
    return true;
  }
  if (const GrammarRole* row = FindRole(kGrammarRoles, role)) {
    return row->add(value, evidence, request);
  }
  AddUnknown("a flag whose meaning is not written down", "it may give the container access to the host", evidence,
             request);
  return false;
}

// True if no effect from `first` on shows that a part of the value is unknown: that part could be a further field.
bool HidesUnknownPart(const Request& request, std::size_t first) {
  return std::none_of(request.effects.begin() + static_cast<std::ptrdiff_t>(first), request.effects.end(),
                      [](const Effect& effect) {
                        return effect.kind == SDP_EFFECT_UNKNOWN || (effect.flags & SDP_EFFECT_UNRESOLVED) != 0 ||
                               !IsKnown(effect.target) || !IsKnown(effect.options);
                      });
}

// Roles whose value has no fields, so that an unknown part of it says nothing else than what its effects say.
bool HasNoFields(FlagRole role) {
  constexpr std::array kRoles = {FlagRole::kNone,       FlagRole::kEffect,        FlagRole::kEnv,
                                 FlagRole::kEngineHost, FlagRole::kEngineContext, FlagRole::kVolume,
                                 FlagRole::kClientHome, FlagRole::kPublish};
  return std::find(kRoles.begin(), kRoles.end(), role) != kRoles.end();
}

}  // namespace

bool AddFlagEffects(const Flag& flag, std::string_view value, const Evidence& evidence, Request* request) {
  const std::size_t first = request->effects.size();
  const bool is_valid = AddRoleEffects(flag, value, evidence, request);
  if (!IsKnown(value) && !flag.is_switch() && !HasNoFields(flag.role()) && HidesUnknownPart(*request, first)) {
    AddUnknown("a part of --" + std::string(flag.name()) + " that is only known when the command runs",
               "it may be a further field", evidence, request);
  }
  return is_valid;
}

void AddCommandEffects(const Command& command, const std::vector<Word>& arguments, Request* request) {
  for (std::size_t index = 0; index < command.effect_count(); ++index) {
    const GrammarEffect effect = command.effect(index);
    const std::size_t place = effect.subject() == EffectSubject::kSecond ? 1 : 0;
    const bool is_each = effect.subject() == EffectSubject::kEach || effect.subject() == EffectSubject::kEachOrCurrent;
    if (effect.subject() == EffectSubject::kEach && arguments.empty()) {
      continue;  // docker refuses it
    }
    if (is_each && !arguments.empty()) {
      for (const Word& word : arguments) {
        Evidence evidence;
        evidence.written = word.written;
        AddGrammarEffect(effect, word.text, evidence, request);
      }
    } else if (effect.subject() == EffectSubject::kCommand) {
      AddGrammarEffect(effect, command.path(), request->evidence, request);
    } else {
      const bool has_subject = effect.subject() != EffectSubject::kNone && place < arguments.size();
      AddGrammarEffect(effect, has_subject ? std::string_view(arguments[place].text) : std::string_view{},
                       request->evidence, request);
    }
  }
}

bool AddOptionEffects(std::string_view option, std::string_view value, const Evidence& evidence, Request* request) {
  if (option == "image") {
    AddImage(value, "run", evidence, request);
    return true;
  }
  constexpr std::string_view kBuild = "buildx build";
  const std::optional<Command> command = Command::Find(request->command == kBuild ? kBuild : "container run");
  const std::optional<Flag> flag = command ? command->FindFlag(option) : std::nullopt;
  if (!flag) {
    AddUnknown("the option --" + std::string(option),
               request->command == kBuild ? "docker build does not know it" : "docker run does not know it", evidence,
               request);
    return false;
  }
  return AddFlagEffects(*flag, value, evidence, request);
}

}  // namespace safe_docker::docker
