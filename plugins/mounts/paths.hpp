// Whether one path lies in another, for file systems that tell upper from lower case and for those that do not. A
// permission is read narrowly and a prohibition widely, so each caller says how names are to be compared.
#pragma once

#include <string_view>

namespace safe_docker::mounts {

enum class Names {
  kExact,
  kIgnoreCase,  // of ASCII letters
  kFold,        // as any file system might: also the long s for an s, the sharp s for two, and no invisible letters
};

// For what is permitted: as the file systems that this build is meant for usually do.
#ifdef __APPLE__
inline constexpr Names kPermittedNames = Names::kIgnoreCase;
#else
inline constexpr Names kPermittedNames = Names::kExact;
#endif

// Two names without slashes. Beyond ASCII names are bytes: letters that can be written in two ways (one code point, or
// a letter and an accent) are two names here, since only the file system knows which of them it takes for one.
bool IsSameName(std::string_view left, std::string_view right, Names names);

// True if `path` is `folder` or lies below it. Both absolute and clean; every path lies within "/".
bool Contains(std::string_view folder, std::string_view path, Names names);

// True if the components of `part` stand next to each other anywhere in `path`.
bool ContainsAnywhere(std::string_view part, std::string_view path, Names names);

}  // namespace safe_docker::mounts
