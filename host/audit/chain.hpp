// The hash chain of the native log: each record ends with the hash of the one before and with its own, so that a record
// that was changed, put in, moved or taken out shows. Works on the bytes of lines and knows nothing of what they say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace safe_docker::audit {

// What a chained record says of its place.
struct Link {
  std::uint64_t seq = 0;
  std::uint64_t time_unix_nano = 0;
  std::string prev;
  std::string hash;
};

// The link of a line; none if it has none. Says nothing of whether its hash is right.
std::optional<Link> ReadLink(std::string_view line);

// The hash that `line`, which has a link, should have.
std::string HashOf(std::string_view line);

// The last line of `text` that has a link.
std::optional<Link> LastLink(std::string_view text);

// The encoded record `line` (a JSON object with the member "event") as the one that follows `before`.
std::string Seal(std::string line, const Link& before);

}  // namespace safe_docker::audit
