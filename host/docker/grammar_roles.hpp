// The words of grammar.txt: which tool a command line is for, how a flag takes its value, and what values and arguments
// mean to the host. gen_grammar.py writes these names into its tables, so that the compiler checks them.
#pragma once

#include <cstdint>

namespace safe_docker::docker {

// The tools that speak docker's language, each with its own differences.
enum class Dialect : std::uint8_t { kDocker, kPodman, kNerdctl, kDevcontainer };

// How a flag takes its value: a switch never takes the next word, nor does an optional one, which may have any value
// behind "="; a list is cut at its commas. What is a list or a value depends on the version of the tool.
enum class FlagKind : std::uint8_t { kSwitch, kOptional, kValue, kList, kListOrValue };

// What a flag's value means to the host.
enum class FlagRole : std::uint8_t {
  kNone,
  kEffect,  // the flag itself says which
  kVolume,
  kMount,
  kVolumesFrom,
  kVolumeDriver,
  kVolumeOpt,
  kVolumeCreateDriver,
  kPrivileged,
  kPrivilegedExec,
  kCapAdd,
  kSecurityOpt,
  kDevice,
  kDeviceCgroupRule,
  kGpus,
  kSysctl,
  kNetwork,
  kBuildNetwork,
  kPid,
  kIpc,
  kUts,
  kUserns,
  kCgroupns,
  kCgroupParent,
  kReadEnvFile,
  kReadLabelFile,
  kReadDockerfile,
  kReadBakeFile,
  kRead,
  kWrite,
  kReplace,
  kAddHost,
  kUseApiSocket,
  kRuntime,
  kPublish,
  kEnv,
  kImage,
  kBuildContext,
  kBuildSecret,
  kBuildSsh,
  kBuildArg,
  kCacheFrom,
  kCacheTo,
  kOutput,
  kBuildPolicy,
  kBakeSet,
  kAllow,
  kBuilderDriverOpt,
  kBuilderFlags,
  kEngineHost,
  kEngineContext,
  kClientConfig,
  kClientHome,
  kContextEndpoint,
  kCheckpointDir,
  kEndpointOption,
  kLogDriver,
  kLogOption,
  kExternalCa,
  kWipe,
  kComposeRemoveImages,
  kTlsFile,
  kEnvFiles,
};

// What the arguments of a command mean to the host.
enum class ArgumentsRole : std::uint8_t {
  kNone,
  kImageAndCommand,
  kContainerAndCommand,
  kCopy,
  kBuildContext,
  kImport,
  kImage,
  kImageAndDestination,
  kFile,
  kNameAndFile,
  kNameAndOutput,
  kName,
  kOutput,
  kBake,
  kBuilderEndpoint,
};

// Where an effect of the grammar takes its subject from: nowhere (a flag's: its value), the command's path, the first
// or second argument, or each of them, one effect an argument; where there is none, nothing or what is in use.
enum class EffectSubject : std::uint8_t { kNone, kCommand, kFirst, kSecond, kEach, kEachOrCurrent };

}  // namespace safe_docker::docker
