// The checker of host paths: what a container would be given of the host's files, and what docker itself would read,
// write or delete there.
#include <safe_docker/checker.hpp>

#include "engine_sockets.hpp"
#include "paths.hpp"
#include "takeover.hpp"

namespace {

using namespace safe_docker::plugin;
using safe_docker::mounts::Contains;
using safe_docker::mounts::ContainsAnywhere;
using safe_docker::mounts::FindEndpoint;
using safe_docker::mounts::FindHomeSocket;
using safe_docker::mounts::FindSystemSocket;
using safe_docker::mounts::FindTakeover;
using safe_docker::mounts::IsSocketName;
using safe_docker::mounts::kPermittedNames;
using safe_docker::mounts::Names;
using safe_docker::mounts::SocketMatch;
using safe_docker::mounts::TakeoverPlace;

// In the order of kRules.
enum RuleIndex {
  kEngineSocket,
  kOutsideHome,
  kSensitivePath,
  kRemotePath,
  kUnresolved,
  kSharedPropagation,
  kOtherSocket,
  kClientTakeover,
  kOutsideProject
};

constexpr sdp_rule kRules[] = {
    Rule(SDP_DENY, {"engine-socket", "the control socket of a container engine, or a folder that holds one",
                    "who talks to the engine can start any container, and so controls the host", "CIS-5.32",
                    "files engine escape", SDP_SEVERITY_CRITICAL}),
    Rule(SDP_DENY, {"outside-home", "a host path outside the home and the allowed paths",
                    "files of the system and of other users are no business of a container",
                    "CIS-5.6 PSS-hostPathVolumes", "files", SDP_SEVERITY_HIGH}),
    Rule(SDP_DENY, SDP_ASK, SDP_ASK,
         {"sensitive-path", "a path that holds keys, tokens or logins",
          "what runs in the container could take them away", "CIS-5.6 PSS-hostPathVolumes", "files secrets",
          SDP_SEVERITY_HIGH}),
    Rule(SDP_DENY, SDP_ASK, SDP_ASK,
         {"remote-path", "a host path of another machine", "what lies there cannot be seen from here",
          "CIS-5.6 PSS-hostPathVolumes", "files remote", SDP_SEVERITY_MEDIUM}),
    Rule(SDP_DENY, SDP_ASK, SDP_ASK,
         {"unresolved", "a host path that is only known when the command runs", "it might be any path", "",
          "files unknown", SDP_SEVERITY_HIGH}),
    Rule(SDP_DENY, SDP_DENY, SDP_ASK,
         {"shared-propagation", "a mount with shared propagation",
          "what is mounted inside the container appears on the host", "CIS-5.20", "files kernel", SDP_SEVERITY_HIGH}),
    Rule(SDP_DENY, SDP_ASK, SDP_ASK,
         {"other-socket", "a socket of the host that is not known", "an engine may answer on it under any name",
          "CIS-5.32", "files engine", SDP_SEVERITY_HIGH}),
    Rule(SDP_DENY, SDP_DENY, SDP_ASK,
         {"client-takeover", "writing where docker or an engine keeps programs and settings",
          "who writes there runs code at the next docker command", "", "files code escape", SDP_SEVERITY_CRITICAL}),
    Rule(SDP_DENY, SDP_ALLOW, SDP_ALLOW,
         {"outside-project", "a path below the home, but outside the project", "other projects are not this one's work",
          "PSS-hostPathVolumes", "files", SDP_SEVERITY_MEDIUM}),
};

constexpr sdp_description kDescription = {sizeof(sdp_description),
                                          0,
                                          Text("mounts"),
                                          Text("0.1.0"),
                                          Text("Host paths that are mounted, read, written or deleted"),
                                          Text("MIT OR Apache-2.0"),
                                          Text(""),
                                          ArrayOf(kRules),
                                          {},
                                          Bit(SDP_EFFECT_MOUNT_HOST_PATH) | Bit(SDP_EFFECT_READ_HOST_PATH) |
                                              Bit(SDP_EFFECT_WRITE_HOST_PATH) | Bit(SDP_EFFECT_DELETE_HOST_PATH),
                                          Text(R"({"type": "object", "properties": {
"allowed_paths": {"type": "array", "items": {"type": "string"},
  "description": "absolute paths outside the home that may be used like those inside"},
"sensitive_paths": {"type": "array", "items": {"type": "string"},
  "description": "paths relative to the home that are asked about"},
"project_sensitive_paths": {"type": "array", "items": {"type": "string"},
  "description": "those that the project's own file adds"},
"project_block_docker_socket": {"type": "boolean", "default": false,
  "description": "whether a project wants engine sockets blocked, whatever block_docker_socket says"},
"project_only": {"type": "boolean", "default": false,
  "description": "whether paths below the home, but outside the project, are reported"},
"project_folder": {"type": "string", "description": "the project; empty if there is none"},
"block_docker_socket": {"type": "boolean", "default": true}},
"additionalProperties": false})")};

// What a path is objected to for. Later ones win over earlier ones.
enum class Concern {
  kNone,
  kUnresolved,
  kOtherSocket,
  kSensitive,
  kHoldsSensitive,
  kTakeover,
  kRemote,
  kOutsideHome,
  kSocketFolder,
  kSocket
};

struct Judgement {
  Concern concern = Concern::kNone;
  std::string_view path;       // the one that led to it
  std::string_view sensitive;  // the sensitive path that it touches
  const TakeoverPlace* place = nullptr;
};

// A path for people: "~" for the home.
struct Shown {
  std::string_view prefix;
  std::string_view rest;
};

bool IsClean(std::string_view path) {
  if (!StartsWith(path, '/') || !IsKnown(path)) {
    return false;
  }
  std::string_view rest = Slice(path, 1);
  while (!rest.empty()) {
    const std::string_view part = NextPart(&rest, '/');
    if (part.empty() || part == "." || part == "..") {
      return false;
    }
  }
  return true;
}

bool IsTimeZone(std::string_view path) {
  constexpr std::string_view kFolders[] = {"/etc/localtime", "/etc/timezone", "/usr/share/zoneinfo",
                                           "/var/db/timezone/zoneinfo", "/private/var/db/timezone"};
  for (std::string_view folder : kFolders) {
    if (IsWithin(path, folder)) {
      return IsClean(path);
    }
  }
  return false;
}

bool IsDescriptor(std::string_view path) {
  for (std::string_view folder :
       {std::string_view("/dev/fd/"), std::string_view("/proc/self/fd/"), std::string_view("/proc/thread-self/fd/")}) {
    if (StartsWith(path, folder)) {
      const std::string_view number = Slice(path, folder.size());
      return !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
    }
  }
  return false;
}

// The streams that every command has, and those that a shell opens for it: <(...) is /dev/fd/63. What they lead to is
// the shell's doing, not docker's.
bool IsStream(std::string_view path, bool for_reading) {
  return path == "/dev/null" || IsDescriptor(path) ||
         (for_reading ? path == "/dev/stdin" : path == "/dev/stdout" || path == "/dev/stderr");
}

// The time zone files mounted read-only, and streams that the client opens. A stream that is mounted is the engine's.
bool IsHarmless(const Effect& effect) {
  const std::string_view path = effect.subject();
  const std::string_view resolved = effect.resolved().empty() ? path : effect.resolved();
  switch (effect.kind()) {
    case SDP_EFFECT_MOUNT_HOST_PATH:
      return effect.Is(SDP_EFFECT_READ_ONLY) && IsTimeZone(path) && IsTimeZone(resolved);
    case SDP_EFFECT_READ_HOST_PATH:
      return IsStream(path, true) && IsStream(resolved, true);
    case SDP_EFFECT_WRITE_HOST_PATH:
      return IsStream(path, false) && IsStream(resolved, false);
    default:
      return false;
  }
}

bool IsPathEffect(const Effect& effect) {
  return effect.kind() >= SDP_EFFECT_MOUNT_HOST_PATH && effect.kind() <= SDP_EFFECT_DELETE_HOST_PATH;
}

// "shared" among the options, bare or as the value of one ("bind-propagation=rshared").
bool IsShared(std::string_view options) {
  while (!options.empty()) {
    std::string_view option = NextPart(&options, ',');
    const std::size_t equals = option.find('=');
    if (equals != std::string_view::npos) {
      if (!EndsWith(Slice(option, 0, equals), "propagation")) {
        continue;
      }
      option = Slice(option, equals + 1);
    }
    if (EqualIgnoringCase(option, "shared") || EqualIgnoringCase(option, "rshared")) {
      return true;
    }
  }
  return false;
}

// True for a mount whose options nobody knows. A target that is not known may hold some, behind a colon.
bool HasUnknownOptions(const Effect& effect) {
  return effect.kind() == SDP_EFFECT_MOUNT_HOST_PATH && !(IsKnown(effect.options()) && IsKnown(effect.target()));
}

// What the request would do, in front of and behind the path.
Shown Deed(const Effect& effect) {
  switch (effect.kind()) {
    case SDP_EFFECT_MOUNT_HOST_PATH:
      return {"would mount ", " into the container"};
    case SDP_EFFECT_READ_HOST_PATH:
      return effect.name().find("context") != std::string_view::npos ? Shown{"would send ", " to the builder"}
                                                                     : Shown{"would read ", ""};
    case SDP_EFFECT_WRITE_HOST_PATH:
      return effect.Is(SDP_EFFECT_EXISTS) && !effect.Is(SDP_EFFECT_DIRECTORY) ? Shown{"would overwrite ", ""}
                                                                              : Shown{"would write to ", ""};
    default:
      return {"would delete ", ""};
  }
}

std::string_view Written(const Effect& effect) {
  return effect.written().empty() ? std::string_view("a path") : effect.written();
}

class Mounts {
 public:
  void Create(const Host& host, Findings&) {
    host_ = &host.raw();
    host.SettingList("/allowed_paths", &allowed_);
    host.SettingList("/sensitive_paths", &sensitive_settings_);
    host.SettingList("/project_sensitive_paths", &project_sensitive_settings_);
    blocks_sockets_ = host.SettingFlag("/block_docker_socket", true);
    project_only_ = host.SettingFlag("/project_only", false);
    project_blocks_sockets_ = host.SettingFlag("/project_block_docker_socket", false);
    AddWithTarget(host.SettingText("/project_folder", ""), &project_);
  }

  void Check(const Request& request, Findings& findings) {
    LearnHome(request.home());
    for (const Effect effect : request.effects()) {
      if (!IsPathEffect(effect)) {
        continue;
      }
      if (effect.kind() == SDP_EFFECT_MOUNT_HOST_PATH && IsShared(effect.options())) {
        ReportShared(effect, findings);
      }
      if (!IsHarmless(effect)) {
        const Judgement judgement = Judge(request, effect, blocks_sockets_);
        Report(effect, judgement, findings);
        if (judgement.concern == Concern::kSocketFolder) {
          // A whole folder is more than the socket in it: who lets the one pass has said nothing of the rest.
          Report(effect, Judge(request, effect, /*with_sockets=*/false), findings);
        }
        ReportBeside(request, effect, findings);
        ReportForProject(request, effect, judgement, findings);
      }
    }
  }

 private:
  Host host() const { return Host(*host_); }

  // Finds out where the home and the sensitive paths lead. The home hardly ever changes between two requests, so this
  // is done once a process.
  void LearnHome(std::string_view home) {
    if (has_home_ && home == *written_home_.begin()) {
      return;
    }
    written_home_.Clear();
    written_home_.Add(home);
    has_home_ = true;
    homes_.Clear();
    sensitive_.Clear();
    project_sensitive_.Clear();
    while (home.size() > 1 && EndsWith(home, '/')) {
      home.remove_suffix(1);
    }
    if (home == "/" || !IsClean(home)) {
      return;
    }
    AddWithTarget(home, &homes_);
    AddBelow(home, sensitive_settings_, &sensitive_);
    AddBelow(home, project_sensitive_settings_, &project_sensitive_);
  }

  void AddBelow(std::string_view home, const Texts& paths, Texts* list) const {
    for (std::string_view path : paths) {
      while (EndsWith(path, '/')) {
        path.remove_suffix(1);
      }
      if (!path.empty()) {
        AddWithTarget(StartsWith(path, '/') ? Message(path) : Message(home, "/", path), list);
      }
    }
  }

  void AddWithTarget(std::string_view path, Texts* list) const {
    if (path.empty()) {
      return;
    }
    list->Add(path);
    sdp_path found{};
    if (host().ResolvePath(path, "/", &found) == SDP_OK && View(found.resolved) != path &&
        View(found.resolved) != "/" && StartsWith(View(found.resolved), '/')) {
      list->Add(View(found.resolved));
    }
  }

  bool IsInside(std::string_view path) const {
    for (std::string_view home : homes_) {
      if (Contains(home, path, kPermittedNames)) {
        return true;
      }
    }
    return IsAllowed(path);
  }

  bool IsAllowed(std::string_view path) const {
    for (std::string_view allowed : allowed_) {
      if (StartsWith(allowed, '/') && Contains(allowed, path, kPermittedNames)) {
        return true;
      }
    }
    return false;
  }

  // True if an allowed path that lies in the sensitive one makes an exception for `path`.
  bool IsExempt(std::string_view path, std::string_view sensitive) const {
    for (std::string_view allowed : allowed_) {
      if (StartsWith(allowed, '/') && Contains(sensitive, allowed, kPermittedNames) &&
          Contains(allowed, path, kPermittedNames)) {
        return true;
      }
    }
    return false;
  }

  Judgement JudgeSensitive(std::string_view path, const Texts& sensitive_paths) const {
    for (std::string_view sensitive : sensitive_paths) {
      if (Contains(sensitive, path, Names::kFold) && !IsExempt(path, sensitive)) {
        return {Concern::kSensitive, path, sensitive};
      }
    }
    for (std::string_view sensitive : sensitive_paths) {
      if (Contains(path, sensitive, Names::kFold) && !IsExempt(path, sensitive)) {
        return {Concern::kHoldsSensitive, path, sensitive};
      }
    }
    return homes_.empty() ? JudgeSensitiveAnywhere(path) : Judgement{};
  }

  // Where nobody knows the home, any folder may be one.
  Judgement JudgeSensitiveAnywhere(std::string_view path) const {
    for (std::string_view sensitive : sensitive_settings_) {
      if (!StartsWith(sensitive, '/') && !sensitive.empty() && ContainsAnywhere(sensitive, path, Names::kFold)) {
        return {Concern::kSensitive, path, sensitive};
      }
    }
    return {};
  }

  // The place that would be taken over by writing to `path`; null if there is none, or if the settings allow it.
  const TakeoverPlace* JudgeTakeover(const Effect& effect, std::string_view path) const {
    const bool is_mount = effect.kind() == SDP_EFFECT_MOUNT_HOST_PATH;
    if (effect.kind() == SDP_EFFECT_READ_HOST_PATH || (is_mount && effect.Is(SDP_EFFECT_READ_ONLY))) {
      return nullptr;
    }
    const TakeoverPlace* place = FindTakeover(path, {}, is_mount);
    for (std::string_view home : homes_) {
      place = place == nullptr ? FindTakeover(path, home, is_mount) : place;
    }
    for (std::string_view allowed : allowed_) {
      const bool names_it = StartsWith(allowed, '/') && Contains(allowed, path, kPermittedNames) && place != nullptr &&
                            ContainsAnywhere(place->path, allowed, Names::kFold);
      place = names_it ? nullptr : place;
    }
    return place;
  }

  // Reading a folder passes over the sockets in it, and only a mount lets somebody talk to one that is there now.
  Concern JudgeSocket(const Request& request, const Effect& effect, std::string_view path) const {
    const bool is_local_file = effect.Is(SDP_EFFECT_EXISTS) && !request.Is(SDP_REQUEST_REMOTE_ENGINE);
    if (IsSocketName(path) && (effect.Is(SDP_EFFECT_SOCKET) || !is_local_file)) {
      return Concern::kSocket;
    }
    if (!IsClean(path)) {
      return Concern::kNone;
    }
    SocketMatch match = FindSystemSocket(path);
    for (std::string_view home : homes_) {
      match = match == SocketMatch::kNone ? FindHomeSocket(host(), path, home) : match;
    }
    match = match == SocketMatch::kNone ? FindEndpoint(host(), path, request.engine()) : match;
    switch (match) {
      case SocketMatch::kSocket:
        return Concern::kSocket;
      case SocketMatch::kFolder:
        return effect.kind() == SDP_EFFECT_READ_HOST_PATH ? Concern::kNone : Concern::kSocketFolder;
      case SocketMatch::kOpenFolder:
        return effect.kind() == SDP_EFFECT_MOUNT_HOST_PATH ? Concern::kSocketFolder : Concern::kNone;
      case SocketMatch::kNone:
        break;
    }
    return Concern::kNone;
  }

  Judgement JudgePath(const Request& request, const Effect& effect, std::string_view path, bool with_sockets) const {
    if (with_sockets && effect.kind() != SDP_EFFECT_DELETE_HOST_PATH) {
      const Concern concern = JudgeSocket(request, effect, path);
      if (concern != Concern::kNone) {
        return {concern, path, {}};
      }
    }
    if (!IsClean(path)) {
      return {Concern::kUnresolved, path, {}};
    }
    if (effect.kind() == SDP_EFFECT_MOUNT_HOST_PATH && request.Is(SDP_REQUEST_REMOTE_ENGINE)) {
      return {Concern::kRemote, path, {}};
    }
    // What the shell opens for a stream needs no engine: only what it gives away or lets others take over counts.
    if (!IsInside(path) && effect.options() != "stream") {
      return {Concern::kOutsideHome, path, {}};
    }
    const TakeoverPlace* place = JudgeTakeover(effect, path);
    return place != nullptr ? Judgement{Concern::kTakeover, path, {}, place} : JudgeSensitive(path, sensitive_);
  }

  // The stricter of what is said of the path and of where it leads.
  Judgement Judge(const Request& request, const Effect& effect, bool with_sockets) const {
    Judgement judgement = JudgePath(request, effect, effect.subject(), with_sockets);
    if (!effect.resolved().empty() && effect.resolved() != effect.subject()) {
      const Judgement of_target = JudgePath(request, effect, effect.resolved(), with_sockets);
      judgement = of_target.concern > judgement.concern ? of_target : judgement;
    }
    if (judgement.concern == Concern::kNone && (effect.Is(SDP_EFFECT_UNRESOLVED) || HasUnknownOptions(effect))) {
      judgement = {Concern::kUnresolved, effect.subject(), {}};
    }
    const bool is_mounted_socket = effect.kind() == SDP_EFFECT_MOUNT_HOST_PATH && effect.Is(SDP_EFFECT_SOCKET);
    if (judgement.concern == Concern::kNone && is_mounted_socket && with_sockets && !IsAllowed(effect.resolved())) {
      judgement = {Concern::kOtherSocket, effect.subject(), {}};
    }
    return judgement;
  }

  // A project that wants sockets blocked says so beside what the user's own settings say, so that it takes nothing
  // back.
  void ReportBeside(const Request& request, const Effect& effect, Findings& findings) const {
    if (!blocks_sockets_ && project_blocks_sockets_) {
      const Judgement of_project = Judge(request, effect, /*with_sockets=*/true);
      const bool is_socket = of_project.concern == Concern::kSocket || of_project.concern == Concern::kSocketFolder ||
                             of_project.concern == Concern::kOtherSocket;
      if (is_socket) {
        Report(effect, of_project, findings);
      }
    }
  }

  // What only this project objects to: the paths that its own file names, and, where the project is the limit, whatever
  // lies elsewhere in the home. It stands beside what is said of every path, so that it can take nothing back.
  void ReportForProject(const Request& request, const Effect& effect, const Judgement& judgement,
                        Findings& findings) const {
    if (judgement.concern >= Concern::kRemote || effect.options() == "stream" ||
        request.Is(SDP_REQUEST_REMOTE_ENGINE)) {
      return;
    }
    bool is_sensitive = judgement.concern >= Concern::kSensitive;
    for (std::string_view path : {effect.subject(), effect.resolved()}) {
      if (!IsClean(path)) {
        continue;
      }
      const Judgement of_project = JudgeSensitive(path, project_sensitive_);
      if (of_project.concern != Concern::kNone && !is_sensitive) {
        is_sensitive = true;
        Report(effect, of_project, findings);
      }
      if (project_only_ && !IsAllowed(path) && !IsInProject(path)) {
        const Shown deed = Deed(effect);
        const Shown shown = Show(path);
        return findings.Report(
            kRules[kOutsideProject], effect,
            Message(deed.prefix, shown.prefix, shown.rest, deed.rest, ", which is outside of this project"),
            Message("Use a path inside the project, or add ", shown.prefix, shown.rest,
                    " to allowed_paths in config.toml."));
      }
    }
  }

  bool IsInProject(std::string_view path) const {
    for (std::string_view folder : project_) {
      if (Contains(folder, path, kPermittedNames)) {
        return true;
      }
    }
    return false;
  }

  Shown Show(std::string_view path) const {
    if (!IsKnown(path)) {
      return {"a path that is not known yet", ""};
    }
    for (std::string_view home : homes_) {
      if (IsWithin(path, home)) {
        return {"~", Slice(path, home.size())};
      }
    }
    return {path, ""};
  }

  void ReportShared(const Effect& effect, Findings& findings) const {
    const Shown path = Show(effect.subject());
    findings.Report(kRules[kSharedPropagation], effect,
                    Message("would mount ", path.prefix, path.rest,
                            " with shared propagation, so that mounts made in the container appear on the host"),
                    "Leave the propagation out, or use rslave.");
  }

  void Report(const Effect& effect, const Judgement& judgement, Findings& findings) const {
    const Shown deed = Deed(effect);
    const Shown path = Show(effect.subject());
    const Shown target = Show(judgement.path);
    const bool is_link = judgement.path != effect.subject() && IsKnown(effect.subject());
    const Message what(deed.prefix, path.prefix, path.rest, is_link ? " (which leads to " : "",
                       is_link ? target.prefix : "", is_link ? target.rest : "", is_link ? ")" : "", deed.rest);
    switch (judgement.concern) {
      case Concern::kNone:
        return;
      case Concern::kUnresolved:
        return ReportUnresolved(effect, findings);
      case Concern::kOtherSocket:
        findings.Report(kRules[kOtherSocket], effect,
                        Message(what, ", a socket: an engine may answer on it under any name"),
                        "Leave this out, or add its folder to allowed_paths in config.toml if you know who listens.");
        return;
      case Concern::kSensitive:
      case Concern::kHoldsSensitive:
        return ReportSensitive(effect, judgement, what, findings);
      case Concern::kTakeover:
        findings.Report(kRules[kClientTakeover], effect, Message(what, ": ", judgement.place->why),
                        effect.kind() == SDP_EFFECT_MOUNT_HOST_PATH ? "Mount it read-only (:ro), or another folder."
                                                                    : "Write to another place.");
        return;
      case Concern::kRemote:
        findings.Report(kRules[kRemotePath], effect,
                        Message(what, ", a path of the engine's machine, which cannot be looked at from here"),
                        "Use a named volume instead, or the engine of this machine.");
        return;
      case Concern::kOutsideHome:
        return ReportOutside(effect, judgement, what, findings);
      case Concern::kSocketFolder:
        findings.Report(kRules[kEngineSocket], effect,
                        Message(what, judgement.path == "/" ? ", the whole host with" : ", with",
                                " the socket of a container engine in it: whoever talks to that controls the host"),
                        "Name a folder below your home that holds no such socket.");
        return;
      case Concern::kSocket:
        findings.Report(kRules[kEngineSocket], effect,
                        Message(what, ", the socket of a container engine: whoever talks to it controls the host",
                                effect.Is(SDP_EFFECT_READ_ONLY) ? ", and read-only does not help" : ""),
                        "Leave this out and run the docker commands outside of the container; a service that cannot do "
                        "without is for a person to start.");
        return;
    }
  }

  void ReportUnresolved(const Effect& effect, Findings& findings) const {
    const Shown deed = Deed(effect);
    if (HasUnknownOptions(effect) && IsKnown(effect.subject()) && !effect.Is(SDP_EFFECT_UNRESOLVED)) {
      findings.Report(kRules[kUnresolved], effect,
                      Message(deed.prefix, Written(effect), deed.rest,
                              ", whose options are only known when the command runs and might share mounts made in the "
                              "container with the host"),
                      "Write the target and the options out in full.");
      return;
    }
    findings.Report(kRules[kUnresolved], effect,
                    Message(deed.prefix, Written(effect), deed.rest,
                            ", which is only known when the command runs and might be any path"),
                    "Write the path out in full.");
  }

  void ReportSensitive(const Effect& effect, const Judgement& judgement, std::string_view what,
                       Findings& findings) const {
    const Shown sensitive = Show(judgement.sensitive);
    if (judgement.concern == Concern::kHoldsSensitive) {
      findings.Report(kRules[kSensitivePath], effect,
                      Message(what, ", with ", sensitive.prefix, sensitive.rest, " in it, which may hold secrets"),
                      "Name only the folder that is needed, one without secrets below it.");
      return;
    }
    const Shown path = Show(judgement.path);
    findings.Report(kRules[kSensitivePath], effect,
                    Message(what, ", which may hold secrets (", sensitive.prefix, sensitive.rest, ")"),
                    Message("Use another path, or add ", path.prefix, path.rest,
                            " to allowed_paths in config.toml if it holds no secret."));
  }

  void ReportOutside(const Effect& effect, const Judgement& judgement, std::string_view what,
                     Findings& findings) const {
    const std::string_view path = judgement.path;
    const bool is_mount = effect.kind() == SDP_EFFECT_MOUNT_HOST_PATH;
    const Message message(what, homes_.empty() ? ", which is not among the allowed paths, and your home is not known: "
                                                 "HOME names no folder that could be one"
                                               : ", which is outside your home and the allowed paths");
    if (is_mount && IsTimeZone(path) && IsTimeZone(effect.subject())) {
      findings.Report(kRules[kOutsideHome], effect, message, "Mount it read-only (:ro), which is allowed.");
      return;
    }
    const std::string_view place = is_mount ? "Mount a folder" : "Use a path";
    const bool may_be_any = effect.Is(SDP_EFFECT_UNRESOLVED);  // whoever allowed it would allow everything
    if (homes_.empty()) {
      findings.Report(kRules[kOutsideHome], effect, message,
                      path == "/" || may_be_any ? Message("Set HOME to your home folder.")
                                                : Message("Set HOME to your home folder, or add ", path,
                                                          " to allowed_paths in config.toml."));
      return;
    }
    if (path == "/" || may_be_any) {
      findings.Report(kRules[kOutsideHome], effect, message, Message(place, " below your home."));
      return;
    }
    findings.Report(kRules[kOutsideHome], effect, message,
                    Message(place, " below your home, or add ", path, " to allowed_paths in config.toml."));
  }

  const sdp_host* host_ = nullptr;
  bool blocks_sockets_ = true;
  bool project_blocks_sockets_ = false;
  Texts allowed_;
  Texts sensitive_settings_;
  Texts project_sensitive_settings_;
  bool project_only_ = false;
  Texts project_;  // its folder, and where that leads
  bool has_home_ = false;
  Texts written_home_;  // the home that the next two belong to
  Texts homes_;         // clean, and where it leads
  Texts sensitive_;     // likewise
  Texts project_sensitive_;
};

}  // namespace

SAFE_DOCKER_PLUGIN(Mounts, kDescription);
