// Times as people give them and as they are shown. All are UTC, counted in nanoseconds since 1970.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace safe_docker::audit {

// "5m", "2h", "7d" (before `now`), "2026-11-22", "2026-11-22T10:30", or RFC 3339. Nothing if it is none of these.
std::optional<std::uint64_t> ParseTime(std::string_view text, std::uint64_t now);

// "2026-11-22T10:30:00Z".
std::string FormatTime(std::uint64_t unix_nano);

// "2026-11-22".
std::string FormatDay(std::uint64_t unix_nano);

std::uint64_t Now();

}  // namespace safe_docker::audit
