#include "commands/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "modes/answer.hpp"
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

// The line that begins at `start`.
std::string_view LineAt(std::string_view text, std::size_t start) {
  return text.substr(start, text.find('\n', start) - start);
}

}  // namespace

Terminal Terminal::OfOutput() {
  const Environment environment = modes::ProcessEnvironment();
  Terminal terminal;
  terminal.is_terminal = isatty(STDOUT_FILENO) != 0;
  terminal.colors = Colors::Of(STDOUT_FILENO, environment);
  struct winsize size = {};
  if (terminal.is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
    terminal.columns = size.ws_col;
  }
  return terminal;
}

std::string Terminal::Paint(policy::Decision decision, std::string_view text) const {
  return colors.Paint(modes::ColorOf(decision), text);
}

std::string PaintHeadings(const std::string& text, const Terminal& terminal) {
  constexpr std::string_view kUsage = "Usage:";
  std::string painted;
  for (std::size_t start = 0; start < text.size();) {
    const std::string_view line = LineAt(text, start);
    const std::size_t next = std::min(start + line.size() + 1, text.size());
    const bool is_heading =
        line.ends_with(':') && line[0] >= 'A' && line[0] <= 'Z' && LineAt(text, next).starts_with("  ");
    const std::size_t bold = is_heading ? line.size() : line.starts_with(kUsage) ? kUsage.size() : 0;
    painted += terminal.PaintBold(line.substr(0, bold)) + text.substr(start + bold, next - start - bold);
    start = next;
  }
  return painted;
}

std::string Describe(const policy::Problem& problem, const Colors& colors) {
  const std::string text = policy::Describe(problem);
  const bool is_error = problem.severity == policy::Problem::Severity::kError;
  const std::string_view severity = is_error ? "error" : "warning";
  const std::size_t at = text.find(severity, problem.file.size());
  return modes::Printable(text.substr(0, at)) + colors.Paint(is_error ? Color::kBad : Color::kCaution, severity) +
         modes::Printable(text.substr(at + severity.size()));
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
