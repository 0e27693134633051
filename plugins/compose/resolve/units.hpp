// Numbers, sizes and durations as compose prints them, whatever way they are written in the file.
#pragma once

#include <string>
#include <string_view>

namespace safe_docker::compose {

// A YAML number in decimal: "0x10" is "16", "010" is "8", "1_000" is "1000", "1.50" is "1.5". Texts that are no numbers
// stay as they are.
std::string DecimalNumber(std::string_view text);

// "64m" is "67108864"; what is no size stays as it is.
std::string SizeInBytes(std::string_view text);

// "90s" is "1m30s"; what is no duration stays as it is.
std::string NormalDuration(std::string_view text);

}  // namespace safe_docker::compose
