// Which objections an exception may be suggested for, how narrow it has to be, and what has to be said beside it. What
// gives a container power over the host is never suggested, however often it was asked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "policy/finding.hpp"

namespace safe_docker::audit {

// The field of an exception's match.
enum class MatchField : std::uint8_t { kPath, kImage, kValue };

// "path", "image" or "value".
std::string_view Name(MatchField field);

struct Excuse {
  enum class Kind : std::uint8_t {
    kSafe,     // may be suggested as it is, once a person has said yes to it
    kDoubtful  // only as a comment, with a warning
  };
  Kind kind = Kind::kDoubtful;
  MatchField field = MatchField::kValue;
  std::string match;      // the narrowest glob for what the finding is about
  std::string_view risk;  // half a sentence: what one accepts
  // Why there is none; the others are then empty.
  std::string_view refusal;
};

// The places of the user whom the finding concerned.
struct UserPlaces {
  std::string_view project;
  std::string_view home;
};

Excuse FindExcuse(const policy::Finding& finding, const UserPlaces& places);

// True if an exception for everything below `folder` would not reach further than the things in it that were met.
bool MayGeneralise(std::string_view folder, const UserPlaces& places);

}  // namespace safe_docker::audit
