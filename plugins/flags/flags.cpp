// The checker of the options that take a container's walls down: privileges, capabilities, shared namespaces, devices,
// security options, and the like.
#include <safe_docker/checker.hpp>

#include "blocked_flags.hpp"
#include "classify.hpp"

namespace {

using namespace safe_docker::plugin;
using safe_docker::flags::Blocked;
using safe_docker::flags::BlockedFlag;
using safe_docker::flags::Classify;
using safe_docker::flags::FindBlocked;
using safe_docker::flags::FlagMatch;
using safe_docker::flags::Match;
using safe_docker::flags::Objection;

// What of an effect a message names.
enum class Detail { kSubject, kName, kNameAndSubject, kWritten };

// A rule and the words around the detail.
struct FlagRule {
  sdp_rule rule;
  Detail detail;
  std::string_view before;
  std::string_view after;
  std::string_view advice;
};

// In the order of Objection.
constexpr FlagRule kRules[] = {
    {Rule(SDP_DENY, {"privileged", "a privileged container, command or build step",
                     "it has all capabilities and devices of the host", "CIS-5.5 CIS-5.23 PSS-privileged"}),
     Detail::kName, "would make this ", " privileged, which gives it all capabilities and devices of the host",
     "Leave --privileged out, and add the single capability that is needed with --cap-add."},
    {Rule(SDP_DENY, SDP_DENY, SDP_ASK,
          {"capability", "a capability on the list blocked_capabilities", "it reaches beyond the container",
           "CIS-5.4 PSS-capabilities_baseline"}),
     Detail::kSubject, "would add the capability ", ", which reaches beyond the container",
     "Leave it out, or take it off blocked_capabilities in config.toml."},
    {Rule(SDP_DENY, SDP_DENY, SDP_ASK,
          {"host-namespace", "a namespace shared with the host", "the container is not separated from the host there",
           "CIS-5.10 CIS-5.16 CIS-5.17 CIS-5.21 CIS-5.31 PSS-hostNamespaces"}),
     Detail::kName, "would share the host's ",
     " namespace, so that nothing separates the container from the host there",
     "Leave the option out; publish ports with --publish where the network is meant."},
    {Rule(SDP_DENY, SDP_DENY, SDP_ASK,
          {"container-namespace", "a namespace shared with another container",
           "the container sees and touches what belongs to the other one", ""}),
     Detail::kNameAndSubject, "would join another container's namespace (", "), and so what that one may do",
     "Put both containers on one network with docker network create instead."},
    {Rule(
         SDP_DENY, SDP_DENY, SDP_ASK,
         {"security-option", "a protection of the engine that is switched off",
          "it keeps processes in the container from attacking the kernel",
          "CIS-5.2 CIS-5.3 CIS-5.22 PSS-appArmorProfile PSS-seLinuxOptions PSS-procMount PSS-seccompProfile_baseline"}),
     Detail::kNameAndSubject, "would switch off a protection (", ") that keeps the container away from the kernel",
     "Leave this --security-opt out."},
    {Rule(SDP_DENY, SDP_ASK, SDP_ALLOW,
          {"seccomp-profile", "a seccomp profile of one's own", "it may permit what the engine's profile forbids",
           "CIS-5.22 PSS-seccompProfile_baseline"}),
     Detail::kSubject, "would replace the engine's seccomp profile by ", ", which may permit anything",
     "Leave it out, or use --security-opt seccomp=builtin."},
    {Rule(SDP_DENY, SDP_ASK, SDP_ASK,
          {"other-security-option", "a security option that is not known", "it may switch a protection off",
           "PSS-seLinuxOptions"}),
     Detail::kNameAndSubject, "would set the security option ", ", which is not known to be harmless",
     "Leave this --security-opt out."},
    {Rule(SDP_DENY, SDP_DENY, SDP_ASK,
          {"raw-device", "a disk, the memory or all devices of the host",
           "its content is the host's, past all permissions", "CIS-5.18"}),
     Detail::kSubject, "would give the container ", ", and with it disks or memory of the host past all permissions",
     "Mount the folder with the data instead, below your home."},
    {Rule(SDP_DENY, SDP_ASK, SDP_ALLOW,
          {"device", "a device of the host", "its driver is open to attack from the container", "CIS-5.18"}),
     Detail::kSubject, "would give the container the device ", ", which belongs to the host",
     "Leave the device out if the container can do without."},
    {Rule(SDP_DENY, SDP_ASK, SDP_ALLOW,
          {"gpu", "a graphics processor of the host", "its driver is open to attack from the container", "CIS-5.18"}),
     Detail::kSubject, "would give the container graphics processors of the host (", ")",
     "Leave --gpus out if the container can do without."},
    {Rule(SDP_DENY, SDP_DENY, SDP_ASK,
          {"kernel-sysctl", "a kernel parameter below kernel.", "it may hold for the whole host", "PSS-sysctls"}),
     Detail::kName, "would set the kernel parameter ", ", which may change the host's kernel",
     "Leave the parameter out."},
    {Rule(SDP_DENY, SDP_ASK, SDP_ALLOW,
          {"sysctl", "a kernel parameter", "with the host's network it holds for the whole host", "PSS-sysctls"}),
     Detail::kName, "would set the kernel parameter ", ", which may reach beyond the container",
     "Leave the parameter out if the program runs without."},
    {Rule(SDP_DENY, SDP_ASK, SDP_ASK,
          {"volumes-from", "the mounts of another container", "host paths and sockets may be among them",
           "PSS-hostPathVolumes"}),
     Detail::kSubject, "would take over all mounts of the container ", ", host paths and sockets among them",
     "Name the one volume that is needed with --volume NAME:PATH."},
    {Rule(SDP_DENY, SDP_ASK, SDP_ASK,
          {"metadata-host", "a name for the metadata service of a cloud", "it hands out the credentials of the machine",
           ""}),
     Detail::kNameAndSubject, "would name a cloud's metadata service (",
     "), which hands out the credentials of the machine", "Leave this --add-host out."},
    {Rule(SDP_DENY, SDP_DENY, SDP_ASK,
          {"cgroup-parent", "another cgroup than the engine's", "the limits set for containers do not hold there",
           "CIS-5.25"}),
     Detail::kSubject, "would run in the cgroup ", ", where the limits for containers do not hold",
     "Leave --cgroup-parent out."},
    {Rule(SDP_DENY, SDP_ASK, SDP_ASK,
          {"build-secret", "a build argument that looks like a secret", "build arguments stay readable in the image",
           "CIS-4.10"}),
     Detail::kName, "would write the build argument ", " into the image's history, where everyone can read it",
     "Hand it over with --secret id=NAME,env=VARIABLE instead."},
    {Rule(SDP_DENY, {"api-socket", "the engine's socket and the registry logins",
                     "who talks to the engine can start any container, and so controls the host", "CIS-5.32"}),
     Detail::kWritten, "would hand the engine's socket and the registry logins to the container (",
     "): whoever talks to the engine controls the host",
     "Leave --use-api-socket out and run the docker commands outside of the container."},
    {Rule(SDP_DENY, SDP_ASK, SDP_ASK,
          {"foreign-code", "code from elsewhere that runs on the host", "no container holds it", ""}),
     Detail::kNameAndSubject, "would run code from elsewhere on the host (", "), which no container holds",
     "Look at that code first, and run it yourself if it is wanted."},
    {Rule(SDP_DENY, SDP_ASK, SDP_ASK,
          {"engine-change", "a change of the engine or the client", "it decides what later commands do", "CIS-5.1"}),
     Detail::kNameAndSubject, "would change the engine or the client (", "), which decides what later commands do",
     "Let the person at the machine do this."},
    {Rule(SDP_DENY, SDP_ASK, SDP_ASK,
          {"runtime", "an OCI runtime that is not known", "it is a program that the engine runs as root", ""}),
     Detail::kSubject, "would start the container with the runtime ", ", a program that the engine runs as root",
     "Leave --runtime out, or use runc."},
    {Rule(SDP_DENY, SDP_DENY, SDP_ASK,
          {"blocked-flag", "an option on the list blocked_flags", "the config forbids it", ""}),
     Detail::kWritten, "would use ", "", "Leave it out, or take it off blocked_flags in config.toml."},
    {Rule(SDP_DENY, SDP_ASK, SDP_ASK,
          {"unresolved", "an option whose value is only known when the command runs", "it might be any value", ""}),
     Detail::kWritten, "would use ", ", whose value is only known when the command runs",
     "Write the value out in full."},
};
static_assert(std::size(kRules) == static_cast<std::size_t>(Objection::kNone));

constexpr sdp_description kDescription = {
    sizeof(sdp_description),
    0,
    Text("flags"),
    Text("0.1.0"),
    Text("Options that take a container's walls down"),
    Text("MIT OR Apache-2.0"),
    Text(""),
    {&kRules[0].rule, static_cast<std::uint32_t>(std::size(kRules)), static_cast<std::uint32_t>(sizeof(FlagRule))},
    {},
    0,  // blocked_flags may name any option
    Text(R"({"type": "object", "properties": {
"blocked_flags": {"type": "array", "items": {"type": "string"},
  "description": "options that are denied: a name, or a name with a value as in --pid=host"},
"blocked_capabilities": {"type": "array", "items": {"type": "string"},
  "description": "capabilities that may not be added"}},
"additionalProperties": false})")};

const FlagRule& RuleOf(Objection objection) { return kRules[static_cast<std::size_t>(objection)]; }

std::string_view OrUnknown(std::string_view text) { return IsKnown(text) ? text : "a value not known yet"; }

// The words of the command that say so.
std::string_view Written(const Effect& effect) {
  const std::string_view text = effect.written().empty() ? effect.name() : effect.written();
  return text.empty() ? "an option" : OrUnknown(text);
}

void ReportEffect(Objection objection, const Effect& effect, Findings& findings) {
  const FlagRule& rule = RuleOf(objection);
  std::string_view first = OrUnknown(effect.name());
  std::string_view second;
  switch (rule.detail) {
    case Detail::kSubject:
      first = OrUnknown(effect.subject());
      break;
    case Detail::kNameAndSubject:
      second = OrUnknown(effect.subject());
      break;
    case Detail::kWritten:
      first = Written(effect);
      break;
    case Detail::kName:
      break;
  }
  if (first.empty() && second.empty()) {
    first = Written(effect);
  }
  findings.Report(rule.rule, effect,
                  Message(rule.before, first, first.empty() || second.empty() ? "" : "=", second, rule.after),
                  rule.advice);
}

void ReportBlocked(std::string_view entry, std::string_view written, const sdp_evidence* evidence, Findings& findings) {
  const FlagRule& rule = RuleOf(Objection::kBlockedFlag);
  findings.Report(View(rule.rule.id), rule.rule.standard, evidence,
                  Message(rule.before, OrUnknown(written), ", which the config forbids (", entry, " in blocked_flags)"),
                  rule.advice);
}

class Flags {
 public:
  void Create(const Host& host, Findings&) {
    host.SettingList("/blocked_flags", &blocked_.flags);
    host.SettingList("/blocked_capabilities", &blocked_.capabilities);
  }

  void Check(const Request& request, Findings& findings) const {
    for (const Effect effect : request.effects()) {
      const Objection objection = Classify(effect, blocked_);
      if (objection != Objection::kNone) {
        ReportEffect(objection, effect, findings);
      }
      const std::string_view entry = FindBlocked(blocked_.flags, effect);
      const bool is_denied = objection != Objection::kNone && RuleOf(objection).rule.standard == SDP_DENY;
      if (!entry.empty() && !is_denied) {
        ReportBlocked(entry, Written(effect), effect.evidence(), findings);
      }
    }
    for (std::string_view entry : blocked_.flags) {
      CheckOptions(entry, request, findings);
    }
  }

 private:
  // Options that have no effect of their own. One finding an entry is enough.
  static void CheckOptions(std::string_view entry, const Request& request, Findings& findings) {
    const BlockedFlag blocked(entry);
    FlagMatch of_effects = FlagMatch::kNone;
    for (const Effect effect : request.effects()) {
      const FlagMatch match = Match(blocked, effect);
      of_effects = match > of_effects ? match : of_effects;
    }
    if (of_effects == FlagMatch::kFull) {
      return;
    }
    for (const Option option : request.options()) {
      const FlagMatch match = Match(blocked, option);
      const bool is_unknown = match == FlagMatch::kName && of_effects == FlagMatch::kNone && !IsKnown(option.value());
      if (match != FlagMatch::kFull && !is_unknown) {
        continue;
      }
      sdp_evidence evidence{};
      evidence.size = sizeof evidence;
      evidence.written = Text(option.written());
      if (match == FlagMatch::kFull) {
        return ReportBlocked(entry, option.written(), &evidence, findings);
      }
      const FlagRule& rule = RuleOf(Objection::kUnresolved);
      return findings.Report(View(rule.rule.id), rule.rule.standard, &evidence,
                             Message(rule.before, OrUnknown(option.written()), rule.after), rule.advice);
    }
  }

  Blocked blocked_;
};

}  // namespace

SAFE_DOCKER_PLUGIN(Flags, kDescription);
