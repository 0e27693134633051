// Ways to write a text so that a shell reads it back.
#pragma once

#include <string>
#include <string_view>

#include "choices.hpp"

namespace safe_docker::oracle {

std::string SingleQuoted(std::string_view text);
std::string DoubleQuoted(std::string_view text);
// $'...': bash alone reads it. Some characters become escapes.
std::string AnsiQuoted(std::string_view text, Choices* choices);
// One of the above.
std::string Quoted(std::string_view text, bool is_posix, Choices* choices);
// The body of a here-document whose delimiter is not quoted.
std::string HereDocumentEscaped(std::string_view text);
// Between backquotes that stand in no double quotes.
std::string BackquoteEscaped(std::string_view text);

std::string Base64(std::string_view text);
std::string Hexadecimal(std::string_view text);
std::string Rotated(std::string_view text);  // rot13
std::string Reversed(std::string_view text);

// Whether it stands for itself without quotes.
bool IsPlain(std::string_view text);

}  // namespace safe_docker::oracle
