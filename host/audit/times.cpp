#include "audit/times.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>

namespace safe_docker::audit {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

struct Unit {
  char letter;
  std::uint64_t seconds;
};
constexpr Unit kUnits[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};

// Takes exactly `digits` digits from the front of `text`; negative if they are not there.
int TakeNumber(std::size_t digits, std::string_view* text) {
  const std::string_view front = text->substr(0, digits);
  if (front.size() < digits || front.find_first_not_of("0123456789") != std::string_view::npos) {
    return -1;
  }
  int number = 0;
  std::from_chars(front.data(), front.data() + front.size(), number);
  text->remove_prefix(digits);
  return number;
}

bool Take(char letter, std::string_view* text) {
  if (text->empty() || text->front() != letter) {
    return false;
  }
  text->remove_prefix(1);
  return true;
}

// "1h30m" in seconds.
std::optional<std::uint64_t> ParseDuration(std::string_view text) {
  std::uint64_t seconds = 0;
  while (!text.empty()) {
    std::uint64_t number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(result.ptr - text.data()));
    constexpr std::uint64_t kMost = 100'000'000;  // as seconds three years, as weeks beyond 1970
    if (result.ec != std::errc() || number > kMost || text.empty()) {
      return std::nullopt;
    }
    std::uint64_t factor = 0;
    for (const Unit& unit : kUnits) {
      factor = unit.letter == text.front() ? unit.seconds : factor;
    }
    if (factor == 0) {
      return std::nullopt;
    }
    seconds += number * factor;
    text.remove_prefix(1);
  }
  return seconds;
}

// The seconds of the day, from "T10:30", "T10:30:05.5"; 0 if there is none.
std::optional<std::int64_t> TakeClock(std::string_view* text) {
  if (text->empty()) {
    return 0;
  }
  if (!Take('T', text) && !Take('t', text) && !Take(' ', text)) {
    return std::nullopt;
  }
  const int hour = TakeNumber(2, text);
  const int minute = Take(':', text) ? TakeNumber(2, text) : -1;
  int second = 0;
  if (Take(':', text)) {
    second = TakeNumber(2, text);
    if (Take('.', text)) {
      const std::size_t digits = text->find_first_not_of("0123456789");
      text->remove_prefix(std::min(digits, text->size()));
    }
  }
  if (hour < 0 || minute < 0 || second < 0 || hour > 23 || minute > 59 || second > 60) {
    return std::nullopt;
  }
  return hour * 3600 + minute * 60 + second;
}

// What has to be taken away for UTC: "Z", "+02:00", or nothing at all.
std::optional<std::int64_t> TakeOffset(std::string_view* text) {
  if (text->empty() || Take('Z', text) || Take('z', text)) {
    return 0;
  }
  const bool is_ahead = Take('+', text);
  if (!is_ahead && !Take('-', text)) {
    return std::nullopt;
  }
  const int hours = TakeNumber(2, text);
  const int minutes = Take(':', text) ? TakeNumber(2, text) : -1;
  if (hours < 0 || minutes < 0 || hours > 23 || minutes > 59) {
    return std::nullopt;
  }
  const std::int64_t seconds = hours * 3600 + minutes * 60;
  return is_ahead ? seconds : -seconds;
}

std::optional<std::uint64_t> ParseDate(std::string_view text) {
  const int year = TakeNumber(4, &text);
  const int month = Take('-', &text) ? TakeNumber(2, &text) : -1;
  const int day = Take('-', &text) ? TakeNumber(2, &text) : -1;
  if (year < 0 || month < 0 || day < 0) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  const std::optional<std::int64_t> clock = TakeClock(&text);
  const std::optional<std::int64_t> offset = TakeOffset(&text);
  if (!date.ok() || year < 1970 || year > 2500 || !clock || !offset || !text.empty()) {
    return std::nullopt;
  }
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = days * 86400 + *clock - *offset;
  return seconds < 0 ? 0 : static_cast<std::uint64_t>(seconds) * kSecond;
}

}  // namespace

std::optional<std::uint64_t> ParseTime(std::string_view text, std::uint64_t now) {
  if (text == "now") {
    return now;
  }
  if (text.empty()) {
    return std::nullopt;
  }
  if (const std::optional<std::uint64_t> seconds = ParseDuration(text)) {
    return *seconds > now / kSecond ? 0 : now - *seconds * kSecond;
  }
  return ParseDate(text);
}

std::string FormatDay(std::uint64_t unix_nano) {
  const std::chrono::sys_days days(std::chrono::days(unix_nano / kSecond / 86400));
  const std::chrono::year_month_day date(days);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  return text;
}

std::string FormatTime(std::uint64_t unix_nano) {
  const auto second = static_cast<unsigned>(unix_nano / kSecond % 86400);
  char text[40];
  std::snprintf(text, sizeof text, "T%02u:%02u:%02uZ", second / 3600, second / 60 % 60, second % 60);
  return FormatDay(unix_nano) + text;
}

std::uint64_t Now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

}  // namespace safe_docker::audit
