// Command lines for the fuzz targets: always the same home, working folder and environment, so that a finding happens
// again wherever it is replayed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"

namespace safe_docker::fuzz {

// Bytes of an input that stand for what no argument of a program can hold.
inline constexpr char kUnknownByte = '\x1e';    // a part that nobody knows
inline constexpr char kSeparatorByte = '\x1f';  // the end of a word
inline constexpr char kSplitsByte = '\x1d';     // the word may become several, or none

// The input as text: kUnknownByte becomes an unknown part, a NUL byte (which no argument has) as well.
std::string TextOf(const std::uint8_t* data, std::size_t size);

Word MakeWord(std::string text);

// The words of a text that blanks separate.
std::vector<Word> WordsOf(std::string_view text);

CommandLine MakeCommandLine(std::vector<Word> words);

}  // namespace safe_docker::fuzz
