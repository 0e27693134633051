// Which rule of the flags checker an effect breaks. Pure: says nothing to anyone, so that it can be asked twice.
#pragma once

#include <safe_docker/checker.hpp>

namespace safe_docker::flags {

// In the order of the table of rules in flags.cpp.
enum class Objection {
  kPrivileged,
  kCapability,
  kOtherCapability,
  kHostNamespace,
  kContainerNamespace,
  kSecurityOption,
  kSeccompProfile,
  kOtherSecurityOption,
  kRawDevice,
  kDevice,
  kGpu,
  kKernelSysctl,
  kSysctl,
  kVolumesFrom,
  kMetadataHost,
  kCgroupParent,
  kBuildSecret,
  kApiSocket,
  kForeignCode,
  kEnginePlugin,
  kCliPlugin,
  kClientConfig,
  kBuilder,
  kBuildSsh,
  kEngineChange,
  kSwarm,
  kOtherEngine,
  kRawEngine,
  kRawEngineOpaque,
  kCheckpoint,
  kEngineOption,
  kLoginPassword,
  kSend,
  kFetch,
  kWipedFolder,
  kRuntime,
  kBlockedFlag,
  kUnresolved,
  kNone,
};

// The lists of the config that decide.
struct Blocked {
  plugin::Texts flags;
  plugin::Texts capabilities;
};

Objection Classify(const plugin::Effect& effect, const Blocked& blocked);

}  // namespace safe_docker::flags
