// The list blocked_flags of the config ("--privileged", "--pid=host", ...) and what it matches: an option as docker's
// parser saw it, or an effect, which is how a setting of a compose file says the same.
#pragma once

#include <safe_docker/checker.hpp>

#include <string_view>

namespace safe_docker::flags {

// One entry: a name, and a value unless any will do.
struct BlockedFlag {
  explicit BlockedFlag(std::string_view entry);
  std::string_view name;
  std::string_view value;
  bool has_value;
};

// How well an option or effect fits an entry. kName: the name fits, the value does not.
enum class FlagMatch { kNone, kName, kFull };

FlagMatch Match(const BlockedFlag& blocked, const plugin::Option& option);
FlagMatch Match(const BlockedFlag& blocked, const plugin::Effect& effect);

// The first entry that fits the effect in full; empty if none does.
std::string_view FindBlocked(const plugin::Texts& entries, const plugin::Effect& effect);

// The capability as the config and effects are compared: without CAP_.
std::string_view BareCapability(std::string_view name);

}  // namespace safe_docker::flags
