// The words of conditions: names for the kinds of effects, and the fields of each kind and of requests. Tables that the
// reader, the evaluator and the tests of the documentation share.
#pragma once

#include <safe_docker/plugin.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace safe_docker::rules {

// Where an image's name is given to what a build makes. Nothing of that name is used, so it is a kind of its own here.
inline constexpr sdp_effect_kind kBuiltImage = 63;

struct EffectName {
  std::string_view name;
  sdp_effect_kind kind;
};

std::span<const EffectName> EffectNames();
// The kind of that name; 0 if there is none.
sdp_effect_kind FindEffect(std::string_view name);

// Where a field's value comes from.
enum class Source : std::uint8_t {
  // of an effect
  kSubject,
  kName,
  kTarget,
  kOptions,
  kPath,     // subject and resolved
  kTouches,  // the same, with all that holds it
  kImage,    // the parts of an image's name
  kRegistry,
  kRepository,
  kTag,
  kDigest,
  kPinned,
  kCapability,
  kHostPort,
  kAddress,
  kContainerPort,
  kProtocol,
  kReadOnly,
  kExists,
  kDirectory,
  kSocket,
  // of the request
  kCommand,
  kProgram,
  kEngine,
  kCwd,
  kFile,
  kService,
  kRemote,
  kArgument,
};

// What a field is compared with.
enum class Compared : std::uint8_t { kText, kPath, kFolder, kImage, kCapability, kFlag, kPort };

struct Field {
  std::string_view name;
  Source source;
  Compared compared;
  std::uint64_t kinds;  // of effects that have it, one bit each; 0: requests have it
};

// A name may stand in several rows, for different kinds.
std::span<const Field> Fields();
// The field `name` of effects of `kind`; of requests, if that is 0. Null if there is none.
const Field* FindField(std::string_view name, sdp_effect_kind kind);

// The fields of effects of `kind`, as a list: "path, target, read_only".
std::string FieldsOf(sdp_effect_kind kind);

// `, did you mean "X"?` with the known word that is nearest, or nothing if none is near.
std::string DidYouMean(std::string_view word, std::span<const std::string_view> known);

}  // namespace safe_docker::rules
