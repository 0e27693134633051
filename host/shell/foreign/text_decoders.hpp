// What functions make of constant text that decode it: base64, hexadecimal digits, rot13, reversal, character codes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace safe_docker::shell {

// Nothing if `function` (b64decode, atob, unhexlify, strrev ...) is none of them, or `text` is not what it takes.
std::optional<std::string> DecodedText(std::string_view function, std::string_view text);

// The character that chr, fromCharCode and their like make of a number.
std::optional<std::string> CharacterOf(std::string_view function, std::string_view number);

}  // namespace safe_docker::shell
