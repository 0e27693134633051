// Texts in the quotes that bash itself prints them in, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace safe_docker::shell {

// As ${x@Q} gives it: in single quotes, or in $'...' if it holds control characters. Nothing if the locale decides.
std::optional<std::string> ReusablyQuoted(std::string_view text);

// As ${a[@]@A} gives an element: in double quotes, or in $'...'.
std::optional<std::string> DoublyQuoted(std::string_view text);

// As ${m[@]@K} gives a key: in quotes only if it needs them.
std::optional<std::string> KeyQuoted(std::string_view text);

// What $'text' means. Nothing if the locale decides.
std::optional<std::string> AnsiUnescaped(std::string_view text);

}  // namespace safe_docker::shell
