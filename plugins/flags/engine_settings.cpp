#include "engine_settings.hpp"

namespace safe_docker::flags {
namespace {

using namespace plugin;

// The values of a setting that are harmless: all of those in the list, or those that begin with an entry ending in "*".
struct Setting {
  std::string_view name;
  Objection objection;             // for any other value
  std::string_view harmless = {};  // separated by blanks
};

constexpr Setting kSettings[] = {
    {"attest", Objection::kEngineOption, "!generator="},
    {"builder certificate", Objection::kBuilder},
    {"builder driver", Objection::kEngineOption, "docker docker-container"},
    {"buildkitd-flags", Objection::kBuilder},
    {"checkpoint", Objection::kCheckpoint},
    {"checkpoint-dir", Objection::kCheckpoint},
    {"cpu-rt-period", Objection::kEngineOption, "0"},
    {"cpu-rt-runtime", Objection::kEngineOption, "0"},
    {"engine", Objection::kOtherEngine},
    {"ipam driver", Objection::kEngineOption, "default"},
    {"isolation", Objection::kEngineOption, "default"},
    {"login password", Objection::kLoginPassword},
    {"network driver", Objection::kEngineOption, "bridge overlay"},
    {"network option", Objection::kEngineOption,
     "com.docker.network.bridge.enable_icc=* "
     "com.docker.network.bridge.enable_ip_masquerade=* com.docker.network.bridge.host_binding_ipv4=127.* "
     "com.docker.network.bridge.inhibit_ipv4=* com.docker.network.driver.mtu=* "
     "com.docker.network.container_iface_prefix=* encrypted encrypted=*"},
    {"namespace", Objection::kEngineOption, "default"},
    {"network scope", Objection::kEngineOption, "local"},
    {"oom-score-adj", Objection::kEngineOption, "0* 1* 2* 3* 4* 5* 6* 7* 8* 9*"},
    {"sbom", Objection::kEngineOption, "!generator="},
};

bool IsHarmlessValue(std::string_view value, std::string_view harmless) {
  if (value.empty() || !IsKnown(value)) {
    return value.empty();
  }
  if (StartsWith(harmless, '!')) {  // whatever does not hold this text
    return value.find(Slice(harmless, 1)) == std::string_view::npos;
  }
  while (!harmless.empty()) {
    const std::string_view entry = NextPart(&harmless, ' ');
    const bool is_prefix = EndsWith(entry, '*');
    if (is_prefix ? StartsWith(value, Slice(entry, 0, entry.size() - 1)) : value == entry) {
      return true;
    }
  }
  return false;
}

// Commands of Docker Desktop that start agents, servers and extensions, or hand later commands to another machine.
constexpr std::string_view kDeniedCommands[] = {"agent", "ai",        "cagent", "cloud",   "desktop",
                                                "dev",   "extension", "mcp",    "offload", "sandbox"};

// What a name is objected to for; anything else gets `other`.
struct Named {
  std::string_view name;
  Objection objection;
};

template <std::size_t kCount>
Objection FindNamed(const Named (&rows)[kCount], std::string_view name, Objection other) {
  for (const Named& row : rows) {
    if (row.name == name) {
      return row.objection;
    }
  }
  return other;
}

}  // namespace

Objection ClassifySetting(const Effect& effect) {
  for (const Setting& setting : kSettings) {
    if (effect.name() == setting.name) {
      return !setting.harmless.empty() && IsHarmlessValue(effect.subject(), setting.harmless) ? Objection::kNone
                                                                                              : setting.objection;
    }
  }
  return Objection::kEngineOption;
}

Objection ClassifyCode(const Effect& effect) {
  if (effect.name() == "cli plugin") {
    for (std::string_view denied : kDeniedCommands) {
      if (effect.subject() == denied) {
        return Objection::kCliPlugin;
      }
    }
    return Objection::kForeignCode;
  }
  constexpr Named kCode[] = {{"engine plugin", Objection::kEnginePlugin},
                             {"client configuration", Objection::kClientConfig},
                             {"privileged builder image", Objection::kBuilder}};
  const Objection objection = FindNamed(kCode, effect.name(), Objection::kForeignCode);
  // A folder that nobody knows may be the user's own.
  const bool may_be_own = objection == Objection::kClientConfig && !IsKnown(effect.subject());
  return may_be_own ? Objection::kUnresolved : objection;
}

Objection ClassifyChange(const Effect& effect) {
  constexpr Named kChanges[] = {{"foreign swarm", Objection::kSwarm},
                                {"lost swarm", Objection::kSwarm},
                                {"engine plugin", Objection::kEnginePlugin}};
  return FindNamed(kChanges, effect.name(), Objection::kEngineChange);
}

Objection ClassifySent(const Effect& effect) {
  constexpr Named kSent[] = {
      {"image", Objection::kNone}, {"build result", Objection::kNone}, {"build cache", Objection::kNone}};
  return FindNamed(kSent, effect.name(), Objection::kSend);
}

Objection ClassifyFetched(const Effect& effect) {
  return effect.name() == "build cache" ? Objection::kNone : Objection::kFetch;
}

}  // namespace safe_docker::flags
