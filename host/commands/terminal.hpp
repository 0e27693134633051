// What standard output leads to: whether a person looks at it, how wide it is, whether colours are wanted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "colors.hpp"
#include "policy/config.hpp"
#include "policy/finding.hpp"

namespace safe_docker::commands {

struct Terminal {
  bool is_terminal = false;
  Colors colors;
  std::size_t columns = 0;  // 0: not bounded

  static Terminal OfOutput();

  // `text` in the colour that goes with `decision`.
  std::string Paint(policy::Decision decision, std::string_view text) const;
  std::string PaintFaint(std::string_view text) const { return colors.Paint(Color::kFaint, text); }
  std::string PaintBold(std::string_view text) const { return colors.Paint(Color::kBold, text); }
};

// `text` with its headings bold: the lines that end in a colon and have indented ones below them, and "Usage:".
std::string PaintHeadings(const std::string& text, const Terminal& terminal);

// One line: what is wrong in a configuration, and where.
std::string Describe(const policy::Problem& problem, const Colors& colors);

// Writes all of `text` to standard output.
void Print(std::string_view text);

// `text` cut to `columns` characters, with an ellipsis if something was cut. 0: as it is.
std::string Shorten(std::string_view text, std::size_t columns);

// `text` with blanks behind (or in front of) it, up to `columns` characters.
std::string PadRight(std::string_view text, std::size_t columns);
std::string PadLeft(std::string_view text, std::size_t columns);

}  // namespace safe_docker::commands
