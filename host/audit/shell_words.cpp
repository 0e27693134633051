#include "audit/shell_words.hpp"

namespace safe_docker::audit {
namespace {

// Behind the ")" that belongs to the "(" at `at`.
std::size_t BehindParenthesis(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  for (; at < text.size(); ++at) {
    depth += text[at] == '(' ? 1U : 0U;
    if (text[at] == ')' && --depth == 0) {
      return at + 1;
    }
  }
  return at;
}

}  // namespace

bool IsBlank(char letter) { return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r'; }

bool EndsCommand(char letter) { return letter == ';' || letter == '|' || letter == '&' || letter == '\n'; }

std::size_t QuotedEnd(std::string_view text, std::size_t at, char quote, bool escaped) {
  for (; at < text.size(); ++at) {
    if (text[at] == quote) {
      // 'it'\''s' goes on.
      if (quote == '\'' && text.substr(at, 4) == "'\\''") {
        at += 3;
        continue;
      }
      return at;
    }
    if (text[at] == '\\' && quote != '\'') {
      if (escaped && at + 1 < text.size() && text[at + 1] == quote) {
        return at;
      }
      ++at;
    }
  }
  return text.size();
}

std::size_t WordEnd(std::string_view text, std::size_t at, const Surroundings& around) {
  while (at < text.size()) {
    const char letter = text[at];
    if (letter == around.quote || IsBlank(letter) || EndsCommand(letter) || letter == '<' || letter == '>' ||
        letter == '(' || letter == ')' || letter == '`') {
      return at;
    }
    if (letter == ',' && around.ends_at_comma) {
      return at;
    }
    if (letter == '\\' && at + 1 < text.size() && text[at + 1] == '"' && around.quote == '"') {
      at = QuotedEnd(text, at + 2, '"', /*escaped=*/true) + 2;
    } else if (letter == '\\') {
      at += 2;
    } else if (letter == '\'' || letter == '"') {
      at = QuotedEnd(text, at + 1, letter, /*escaped=*/false) + 1;
    } else if (letter == '$' && at + 1 < text.size() && text[at + 1] == '(') {
      at = BehindParenthesis(text, at + 1);
    } else {
      ++at;
    }
  }
  return text.size();
}

}  // namespace safe_docker::audit
