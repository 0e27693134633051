#include "vocabulary.hpp"

#include <safe_docker/nearest.hpp>

#include <algorithm>
#include <vector>

namespace safe_docker::rules {
namespace {

constexpr EffectName kEffectNames[] = {
    {"unknown", SDP_EFFECT_UNKNOWN},
    {"mount", SDP_EFFECT_MOUNT_HOST_PATH},
    {"read", SDP_EFFECT_READ_HOST_PATH},
    {"write", SDP_EFFECT_WRITE_HOST_PATH},
    {"delete", SDP_EFFECT_DELETE_HOST_PATH},
    {"volume", SDP_EFFECT_USE_VOLUME},
    {"inherit-mounts", SDP_EFFECT_INHERIT_MOUNTS},
    {"privileged", SDP_EFFECT_PRIVILEGED},
    {"capability", SDP_EFFECT_ADD_CAPABILITY},
    {"namespace", SDP_EFFECT_JOIN_NAMESPACE},
    {"device", SDP_EFFECT_USE_DEVICE},
    {"security-option", SDP_EFFECT_SECURITY_OPTION},
    {"sysctl", SDP_EFFECT_SET_SYSCTL},
    {"cgroup-parent", SDP_EFFECT_CGROUP_PARENT},
    {"add-host", SDP_EFFECT_ADD_HOST},
    {"build-argument", SDP_EFFECT_BUILD_ARGUMENT},
    {"build-credential", SDP_EFFECT_BUILD_CREDENTIAL},
    {"image", SDP_EFFECT_USE_IMAGE},
    {"built-image", kBuiltImage},
    {"engine", SDP_EFFECT_USE_ENGINE},
    {"destroy", SDP_EFFECT_DESTROY},
    {"run-code", SDP_EFFECT_RUN_CODE},
    {"command", SDP_EFFECT_RUN_COMMAND},
    {"port", SDP_EFFECT_PUBLISH_PORT},
    {"environment", SDP_EFFECT_PASS_ENVIRONMENT},
    {"api-socket", SDP_EFFECT_USE_API_SOCKET},
    {"change-engine", SDP_EFFECT_CHANGE_ENGINE},
    {"runtime", SDP_EFFECT_USE_RUNTIME},
    {"send", SDP_EFFECT_SEND},
    {"fetch", SDP_EFFECT_FETCH},
    {"option", SDP_EFFECT_SET_OPTION},
    {"container-control", SDP_EFFECT_CONTROL_CONTAINER},
    {"raw-engine", SDP_EFFECT_RAW_ENGINE},
    {"ordinary-option", SDP_EFFECT_ORDINARY_OPTION},
};

constexpr std::uint64_t Bits(std::initializer_list<sdp_effect_kind> kinds) {
  std::uint64_t bits = 0;
  for (const sdp_effect_kind kind : kinds) {
    bits |= std::uint64_t{1} << kind;
  }
  return bits;
}

constexpr std::uint64_t kRequest = 0;
constexpr std::uint64_t kEvery = ((std::uint64_t{1} << SDP_EFFECT_KIND_COUNT) - 2) | Bits({kBuiltImage});
constexpr std::uint64_t kMount = Bits({SDP_EFFECT_MOUNT_HOST_PATH});
constexpr std::uint64_t kFiles =
    kMount | Bits({SDP_EFFECT_READ_HOST_PATH, SDP_EFFECT_WRITE_HOST_PATH, SDP_EFFECT_DELETE_HOST_PATH});
constexpr std::uint64_t kPaths = kFiles | Bits({SDP_EFFECT_USE_DEVICE});
constexpr std::uint64_t kImage = Bits({SDP_EFFECT_USE_IMAGE, kBuiltImage});
constexpr std::uint64_t kPort = Bits({SDP_EFFECT_PUBLISH_PORT});
constexpr std::uint64_t kSettings =
    Bits({SDP_EFFECT_SECURITY_OPTION, SDP_EFFECT_SET_SYSCTL, SDP_EFFECT_SET_OPTION, SDP_EFFECT_ORDINARY_OPTION});

constexpr Field kFields[] = {
    {"subject", Source::kSubject, Compared::kText, kEvery},
    {"name", Source::kName, Compared::kText, kEvery},
    {"target", Source::kTarget, Compared::kText, kEvery},
    {"options", Source::kOptions, Compared::kText, kEvery},

    {"path", Source::kPath, Compared::kPath, kPaths},
    {"touches", Source::kTouches, Compared::kFolder, kPaths},
    {"read_only", Source::kReadOnly, Compared::kFlag, kMount},
    {"exists", Source::kExists, Compared::kFlag, kFiles},
    {"directory", Source::kDirectory, Compared::kFlag, kFiles},
    {"socket", Source::kSocket, Compared::kFlag, kFiles},
    {"purpose", Source::kName, Compared::kText, (kFiles & ~kMount) | kImage | Bits({SDP_EFFECT_FETCH})},
    {"permissions", Source::kOptions, Compared::kText, Bits({SDP_EFFECT_USE_DEVICE})},

    {"volume", Source::kSubject, Compared::kText, Bits({SDP_EFFECT_USE_VOLUME})},
    {"driver", Source::kName, Compared::kText, Bits({SDP_EFFECT_USE_VOLUME})},
    {"container", Source::kSubject, Compared::kText, Bits({SDP_EFFECT_INHERIT_MOUNTS, SDP_EFFECT_CONTROL_CONTAINER})},
    {"container", Source::kName, Compared::kText, Bits({SDP_EFFECT_RUN_COMMAND})},
    {"action", Source::kName, Compared::kText, Bits({SDP_EFFECT_CONTROL_CONTAINER})},
    {"runs", Source::kSubject, Compared::kText, Bits({SDP_EFFECT_RUN_COMMAND})},

    {"what", Source::kName, Compared::kText,
     Bits({SDP_EFFECT_PRIVILEGED, SDP_EFFECT_CHANGE_ENGINE, SDP_EFFECT_SEND, SDP_EFFECT_DESTROY})},
    {"to", Source::kSubject, Compared::kText, Bits({SDP_EFFECT_SEND})},
    {"from", Source::kSubject, Compared::kText, Bits({SDP_EFFECT_FETCH, SDP_EFFECT_RUN_CODE})},
    {"how", Source::kName, Compared::kText, Bits({SDP_EFFECT_RUN_CODE})},

    {"capability", Source::kCapability, Compared::kCapability, Bits({SDP_EFFECT_ADD_CAPABILITY})},
    {"namespace", Source::kName, Compared::kText, Bits({SDP_EFFECT_JOIN_NAMESPACE})},
    {"of", Source::kSubject, Compared::kText, Bits({SDP_EFFECT_JOIN_NAMESPACE})},
    {"key", Source::kName, Compared::kText, kSettings | Bits({SDP_EFFECT_BUILD_ARGUMENT})},
    {"value", Source::kSubject, Compared::kText, kSettings | Bits({SDP_EFFECT_BUILD_ARGUMENT})},
    {"credential", Source::kName, Compared::kText, Bits({SDP_EFFECT_BUILD_CREDENTIAL})},
    {"cgroup", Source::kSubject, Compared::kText, Bits({SDP_EFFECT_CGROUP_PARENT})},
    {"host", Source::kName, Compared::kText, Bits({SDP_EFFECT_ADD_HOST})},
    {"address", Source::kSubject, Compared::kText, Bits({SDP_EFFECT_ADD_HOST})},
    {"variable", Source::kName, Compared::kText, Bits({SDP_EFFECT_PASS_ENVIRONMENT})},
    {"runtime", Source::kSubject, Compared::kText, Bits({SDP_EFFECT_USE_RUNTIME})},
    {"endpoint", Source::kSubject, Compared::kText, Bits({SDP_EFFECT_USE_ENGINE})},
    {"chosen_by", Source::kName, Compared::kText, Bits({SDP_EFFECT_USE_ENGINE})},
    {"client", Source::kName, Compared::kText, Bits({SDP_EFFECT_RAW_ENGINE})},
    {"asks", Source::kSubject, Compared::kText, Bits({SDP_EFFECT_RAW_ENGINE})},

    {"image", Source::kImage, Compared::kImage, kImage},
    {"registry", Source::kRegistry, Compared::kText, kImage},
    {"repository", Source::kRepository, Compared::kText, kImage},
    {"tag", Source::kTag, Compared::kText, kImage},
    {"digest", Source::kDigest, Compared::kText, kImage},
    {"pinned", Source::kPinned, Compared::kFlag, kImage},

    {"address", Source::kAddress, Compared::kText, kPort},
    {"host_port", Source::kHostPort, Compared::kPort, kPort},
    {"container_port", Source::kContainerPort, Compared::kPort, kPort},
    {"protocol", Source::kProtocol, Compared::kText, kPort},

    {"command", Source::kCommand, Compared::kText, kRequest},
    {"program", Source::kProgram, Compared::kText, kRequest},
    {"engine", Source::kEngine, Compared::kText, kRequest},
    {"cwd", Source::kCwd, Compared::kPath, kRequest},
    {"file", Source::kFile, Compared::kPath, kRequest},
    {"service", Source::kService, Compared::kText, kRequest},
    {"remote", Source::kRemote, Compared::kFlag, kRequest},
    {"argument", Source::kArgument, Compared::kText, kRequest},
};

}  // namespace

std::span<const EffectName> EffectNames() { return kEffectNames; }

sdp_effect_kind FindEffect(std::string_view name) {
  const auto* const found = std::ranges::find(kEffectNames, name, &EffectName::name);
  return found == std::end(kEffectNames) ? 0 : found->kind;
}

std::span<const Field> Fields() { return kFields; }

const Field* FindField(std::string_view name, sdp_effect_kind kind) {
  const auto* const found = std::ranges::find_if(kFields, [&](const Field& field) {
    return field.name == name && (kind == 0 ? field.kinds == 0 : (field.kinds >> kind & 1) != 0);
  });
  return found == std::end(kFields) ? nullptr : found;
}

std::string FieldsOf(sdp_effect_kind kind) {
  std::string names;
  for (const Field& field : kFields) {
    if ((field.kinds >> kind & 1) != 0) {
      names.append(names.empty() ? "" : ", ").append(field.name);
    }
  }
  return names;
}

std::string DidYouMean(std::string_view word, std::span<const std::string_view> known) {
  const std::string_view nearest = plugin::Nearest(word, known);
  return nearest.empty() ? std::string() : ", did you mean \"" + std::string(nearest) + "\"?";
}

}  // namespace safe_docker::rules
