// What the tools of this folder share: the form of a tool, its options, its input and the lines of it. A tool gives
// exactly what the real program prints, or nothing: a wrong constant would hide what runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"
#include "output.hpp"

namespace safe_docker::shell {

using Words = std::vector<Word>;
// What is printed, with unknown parts; nothing if it cannot be told at all.
using Printed = std::optional<std::string>;

inline constexpr std::size_t kMostPrinted = 256 * 1024;

// Options of a program that reads them with getopt_long.
struct Grammar {
  std::string_view flags;                // letters of those that take no value
  std::string_view with_value = {};      // letters of those that take one
  std::string_view optional_value = {};  // letters of those that take what follows in the same word
  // "name:letter" of each, between blanks, for the letters above.
  std::string_view long_options = {};
  std::string_view only_long = {};  // letters above that are no short options
  bool negative_numbers = false;    // are no options
};

struct Option {
  char letter;
  std::string_view value;
};

struct Arguments {
  std::vector<Option> options;             // in the order in which they stand
  std::vector<std::string_view> operands;  // which point into the words

  bool Has(char letter) const;
  // The last value that `letter` is given; nothing if it is not.
  std::optional<std::string_view> ValueOf(char letter) const;
};

// Nothing if a word is not known or an option is not in the grammar.
std::optional<Arguments> ParseArguments(const Words& words, const Grammar& grammar);

// "-5" as head, tail and fold take it as their first argument: the digits, or nothing.
std::optional<std::string_view> DigitsOption(const Words& words);

// A decimal number of at most nine digits, without a sign.
std::optional<std::size_t> ParseNumber(std::string_view text);

// What the named files hold one after the other; standard input if none is named, and for "-".
Printed ReadInputs(const std::vector<std::string_view>& operands, const ToolContext& context);
// The same for at most one file: for programs that treat each on its own.
Printed ReadInput(const std::vector<std::string_view>& operands, const ToolContext& context);

bool IsAscii(std::string_view text);
// Only characters that are printed, blanks and line breaks.
bool IsPlainText(std::string_view text);

// Takes the first line off `text`, with its line break if it has one.
std::string_view TakeLine(std::string_view* text);
std::string_view WithoutBreak(std::string_view line);

// The lines before the first unknown part. What programs print that go from line to line is known that far.
struct KnownLines {
  std::string_view lines;
  bool complete = true;  // false: an unknown part follows
};
KnownLines LinesBeforeUnknown(std::string_view text);

// Puts the unknown rest behind what is printed for the known lines, and keeps the bound.
Printed WithRest(std::string printed, const KnownLines& known);

// The value of the locale variable that counts for `category` (LC_CTYPE...); nothing if that is not known.
std::optional<std::string> LocaleOf(std::string_view category, const ToolContext& context);
// Whether lines are sorted by their bytes.
bool SortsByBytes(const ToolContext& context);
// Whether letters have their usual upper and lower case (in Turkish 'i' has not).
bool HasUsualCase(const ToolContext& context);

std::string UnknownText();

Printed PrintEcho(const Words& words, const ToolContext& context);
Printed PrintFormatted(const Words& words, const ToolContext& context);
Printed PrintNothing(const Words& words, const ToolContext& context);

// text_tools.cpp
Printed PrintFiles(const Words& words, const ToolContext& context);  // cat
Printed PrintLinesBackwards(const Words& words, const ToolContext& context);
Printed PrintReversed(const Words& words, const ToolContext& context);
Printed PrintTee(const Words& words, const ToolContext& context);
Printed PrintSorted(const Words& words, const ToolContext& context);
Printed PrintUnique(const Words& words, const ToolContext& context);
Printed PrintCounts(const Words& words, const ToolContext& context);
Printed PrintFolded(const Words& words, const ToolContext& context);
Printed PrintPasted(const Words& words, const ToolContext& context);
Printed PrintUnixText(const Words& words, const ToolContext& context);
Printed PrintDosText(const Words& words, const ToolContext& context);

Printed PrintHead(const Words& words, const ToolContext& context);
Printed PrintTail(const Words& words, const ToolContext& context);
Printed PrintCut(const Words& words, const ToolContext& context);
Printed PrintTranslated(const Words& words, const ToolContext& context);
Printed PrintEdited(const Words& words, const ToolContext& context);  // sed
Printed PrintMatching(const Words& words, const ToolContext& context);
Printed PrintFields(const Words& words, const ToolContext& context);  // awk

// encodings.cpp
Printed PrintBase64(const Words& words, const ToolContext& context);
Printed PrintBase32(const Words& words, const ToolContext& context);
Printed PrintBaseEncoded(const Words& words, const ToolContext& context);
Printed PrintHexDump(const Words& words, const ToolContext& context);  // xxd

// numbers.cpp
Printed PrintSequence(const Words& words, const ToolContext& context);
Printed PrintExpression(const Words& words, const ToolContext& context);

// places.cpp
Printed PrintWorkingDirectory(const Words& words, const ToolContext& context);
Printed PrintBaseName(const Words& words, const ToolContext& context);
Printed PrintFolderName(const Words& words, const ToolContext& context);
Printed PrintRealPath(const Words& words, const ToolContext& context);
Printed PrintLinkTarget(const Words& words, const ToolContext& context);
Printed PrintProgramPath(const Words& words, const ToolContext& context);
Printed PrintVariable(const Words& words, const ToolContext& context);

}  // namespace safe_docker::shell
