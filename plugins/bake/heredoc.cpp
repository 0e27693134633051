#include "heredoc.hpp"

#include <algorithm>
#include <limits>

namespace safe_docker::bake {
namespace {

constexpr std::string_view kBlanks = " \t";

// Calls `visit` for each line of a template, as far as the expression that follows; it returns what is kept of it.
template <typename Visit>
void ForEachLine(Expression& text, const Visit& visit) {
  bool at_line_start = true;
  for (Expression& piece : text.parts) {
    if (piece.form != Form::kText) {
      if (at_line_start) {
        visit(std::string_view{});
      }
      at_line_start = false;
      continue;
    }
    std::string_view rest = piece.text;
    std::string kept;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(end);
      kept += at_line_start ? visit(line) : line;
      at_line_start = line.ends_with('\n');
    }
    piece.text = kept;
  }
}

}  // namespace

bool IsHeredocEnd(std::string_view rest, std::string_view marker) {
  std::string_view line = rest.substr(0, rest.find('\n'));
  line.remove_suffix(line.ends_with('\r') ? 1 : 0);
  const std::size_t first = line.find_first_not_of(kBlanks);
  return first != std::string_view::npos && line.substr(first) == marker;
}

void RemoveIndentation(Expression& text) {
  std::size_t indent = std::numeric_limits<std::size_t>::max();
  bool is_doubtful = false;
  ForEachLine(text, [&](std::string_view line) {
    const std::size_t first = std::min(line.find_first_not_of(kBlanks), line.size());
    const bool is_empty = line.ends_with('\n') && line.find_first_not_of(" \t\r\n") == std::string_view::npos;
    is_doubtful = is_doubtful || is_empty || line.substr(0, first).find('\t') != std::string_view::npos;
    indent = std::min(indent, first);
    return line;
  });
  ForEachLine(text, [&](std::string_view line) { return line.substr(std::min(indent, line.size())); });
  if (is_doubtful) {
    text.parts.emplace_back().form = Form::kOpaque;
    text.parts.back().place = text.place;
  }
}

}  // namespace safe_docker::bake
