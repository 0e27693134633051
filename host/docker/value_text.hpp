// Numbers, sizes, times and addresses as the libraries of the docker client read them (Go's strconv, time, math/big and
// net, docker's go-units): which texts they take. What a text is worth is asked nowhere but in a table of ports.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace safe_docker::docker {

struct Cut {
  std::string_view before;
  std::string_view after;
  bool found;
};

// `text` at its first `separator`; all of it is in front if there is none.
Cut CutAt(std::string_view text, char separator);

// Takes the text before the next `separator` off the front of `rest`, and the separator with it. The last part is all
// that is left.
std::string_view NextPart(std::string_view* rest, char separator);

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> wanted);
bool IsDigit(char letter);

// The digits of `text` in `base`, at most `limit`; nothing if they are none.
std::optional<std::uint64_t> ParseDigits(std::string_view text, int base, std::uint64_t limit);

// Whole numbers: the prefix says which base it is (0x10, 010, 0b11), and underscores may stand between digits.
bool IsUnsigned64(std::string_view text);
bool IsUnsigned16(std::string_view text);
bool IsSigned64(std::string_view text);
bool IsCount(std::string_view text);       // not negative
bool IsSwappiness(std::string_view text);  // -1 to 100

bool IsFloat(std::string_view text);
bool IsCpus(std::string_view text);      // a share of processors down to a billionth: "1.5" or "1/2"
bool IsByteSize(std::string_view text);  // "512m"
bool IsSwapSize(std::string_view text);  // the same, or -1
bool IsDuration(std::string_view text);  // "1m30s"
bool IsPositiveDuration(std::string_view text);

bool IsAddress(std::string_view text);  // IPv4 or IPv6

}  // namespace safe_docker::docker
