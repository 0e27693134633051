#include "commands/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

#include "modes/door.hpp"

namespace safe_docker::commands {
namespace {

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80; }

// In characters; each counts as one column.
std::size_t Width(std::string_view text) {
  std::size_t width = 0;
  for (const char byte : text) {
    width += IsContinuation(byte) ? 0 : 1;
  }
  return width;
}

std::string_view ColorOf(policy::Decision decision) {
  switch (decision) {
    case policy::Decision::kAllow:
      return "32";
    case policy::Decision::kAsk:
      return "33";
    case policy::Decision::kDeny:
      break;
  }
  return "31";
}

}  // namespace

Terminal Terminal::OfOutput() {
  const Environment environment = modes::ProcessEnvironment();
  Terminal terminal;
  terminal.is_terminal = isatty(STDOUT_FILENO) != 0;
  const bool is_forced = environment.GetOr("CLICOLOR_FORCE", "0") != "0";
  const bool is_able = terminal.is_terminal && environment.GetOr("TERM", "dumb") != "dumb";
  terminal.has_colors = environment.GetOr("NO_COLOR", "").empty() &&
                        (is_forced || (is_able && environment.GetOr("CLICOLOR", "1") != "0"));
  struct winsize size = {};
  if (terminal.is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
    terminal.columns = size.ws_col;
  }
  return terminal;
}

std::string Terminal::Paint(policy::Decision decision, std::string_view text) const {
  return has_colors ? "\x1b[" + std::string(ColorOf(decision)) + "m" + std::string(text) + "\x1b[0m"
                    : std::string(text);
}

std::string Terminal::PaintFaint(std::string_view text) const {
  return has_colors ? "\x1b[2m" + std::string(text) + "\x1b[0m" : std::string(text);
}

void Print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

std::string Shorten(std::string_view text, std::size_t columns) {
  if (columns == 0 || Width(text) <= columns) {
    return std::string(text);
  }
  constexpr std::string_view kEllipsis = "...";
  std::size_t width = 0;
  std::size_t end = 0;
  while (end < text.size() && width + kEllipsis.size() < columns) {
    ++width;
    do {
      ++end;
    } while (end < text.size() && IsContinuation(text[end]));
  }
  return std::string(text.substr(0, end)) + std::string(kEllipsis);
}

std::string PadRight(std::string_view text, std::size_t columns) {
  const std::size_t width = Width(text);
  return std::string(text) + std::string(width < columns ? columns - width : 0, ' ');
}

std::string PadLeft(std::string_view text, std::size_t columns) {
  const std::size_t width = Width(text);
  return std::string(width < columns ? columns - width : 0, ' ') + std::string(text);
}

}  // namespace safe_docker::commands
