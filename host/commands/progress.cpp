#include "commands/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "colors.hpp"
#include "commands/terminal.hpp"
#include "file_system.hpp"
#include "modes/answer.hpp"
#include "modes/door.hpp"

namespace safe_docker::commands {
namespace {

constexpr std::chrono::milliseconds kBetween{100};
// The cursor stays in front: whatever else is written there covers the line.
constexpr std::string_view kWipe = "\r\x1b[K";
constexpr std::array kEndingSignals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

void Write(std::string_view text) {
  // A line that cannot be drawn is no harm.
  [[maybe_unused]] const ssize_t count = write(STDERR_FILENO, text.data(), text.size());
}

// Wipes the line, then lets the signal do what it does.
void EndBySignal(int number) {
  Write(kWipe);
  std::signal(number, SIG_DFL);
  std::raise(number);
}

// Only those that would end the process; who ignores one, or has a handler, goes on.
void HandleSignals(void (*from)(int), void (*to)(int)) {
  for (const int number : kEndingSignals) {
    struct sigaction action = {};
    if (sigaction(number, nullptr, &action) == 0 && action.sa_handler == from) {
      action.sa_handler = to;
      action.sa_flags = 0;
      sigaction(number, &action, nullptr);
    }
  }
}

// COLUMNS, as a person has set it; else what the terminal says.
std::size_t ColumnsOfError() {
  const std::string columns = modes::ProcessEnvironment().GetOr("COLUMNS", "");
  const unsigned long number = std::strtoul(columns.c_str(), nullptr, 10);
  if (number > 0 && number < 10'000) {
    return number;
  }
  struct winsize size = {};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string Counted(std::uint64_t count, Progress::Unit unit) {
  return std::to_string(unit == Progress::Unit::kBytes ? (count + 500'000) / 1'000'000 : count);
}

}  // namespace

Progress::Progress(std::string what, Unit unit, std::chrono::milliseconds patience)
    : what_(std::move(what)),
      unit_(unit),
      is_wanted_(ObeysEscapeCodes(STDERR_FILENO, modes::ProcessEnvironment())),
      next_(std::chrono::steady_clock::now() + patience) {}

bool Progress::IsDue() {
  if (!is_wanted_) {
    return false;
  }
  const auto now = std::chrono::steady_clock::now();
  const bool is_due = now >= next_;
  next_ = is_due ? now + kBetween : next_;
  return is_due;
}

void Progress::Tell(std::uint64_t done, std::uint64_t all) {
  if (!IsDue()) {
    return;
  }
  const std::string unit = unit_ == Unit::kBytes ? " MB" : "";
  done = all == 0 ? done : std::min(done, all);  // a log may grow meanwhile
  Draw(what_ + ": " +
       (all == 0
            ? Counted(done, unit_) + unit
            : std::to_string(static_cast<std::uint64_t>(100 * static_cast<double>(done) / static_cast<double>(all))) +
                  " % (" + Counted(done, unit_) + " of " + Counted(all, unit_) + unit + ")"));
}

void Progress::Tell(std::string_view step) {
  if (IsDue()) {
    Draw(what_ + ": " + std::string(step));
  }
}

void Progress::Draw(const std::string& line) {
  if (!is_shown_) {
    HandleSignals(SIG_DFL, &EndBySignal);
    is_shown_ = true;
  }
  // One column stays free: some terminals begin a new line behind the last.
  const std::size_t columns = ColumnsOfError();
  const std::string fitting = columns < 8 ? "" : Shorten(modes::Printable(line), columns - 1);
  Write("\r" + fitting + "\x1b[K\r");
}

void Progress::End() {
  if (is_shown_) {
    Write(kWipe);
    HandleSignals(&EndBySignal, SIG_DFL);
    is_shown_ = false;
  }
  is_wanted_ = false;
}

void Watch(audit::LogReader* reader, Progress* progress) {
  reader->Watch([progress](std::uint64_t done, std::uint64_t all) { progress->Tell(done, all); });
}

std::string Reading(std::string_view path) {
  return "reading " + (path == "-" ? std::string("standard input") : std::string(BaseName(path)));
}

}  // namespace safe_docker::commands
