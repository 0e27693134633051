#include "colors.hpp"

#include <unistd.h>

#include <cstddef>

namespace safe_docker {

bool ObeysEscapeCodes(int descriptor, const Environment& environment) {
  return isatty(descriptor) != 0 && environment.GetOr("TERM", "dumb") != "dumb";
}

Colors Colors::Of(int descriptor, const Environment& environment) {
  Colors colors;
  if (!environment.GetOr("NO_COLOR", "").empty()) {
    return colors;
  }
  const bool is_forced = environment.GetOr("CLICOLOR_FORCE", "0") != "0";
  colors.are_on_ =
      is_forced || (environment.GetOr("CLICOLOR", "1") != "0" && ObeysEscapeCodes(descriptor, environment));
  return colors;
}

std::string Colors::Paint(Color color, std::string_view text) const {
  if (!are_on_ || text.empty()) {
    return std::string(text);
  }
  constexpr std::string_view kCodes[] = {"1;31", "33", "32", "1", "2"};  // in the order of Color
  return "\x1b[" + std::string(kCodes[static_cast<std::size_t>(color)]) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace safe_docker
