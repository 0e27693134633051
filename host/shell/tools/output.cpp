#include "output.hpp"

#include <algorithm>
#include <array>

#include "file_system.hpp"
#include "tool.hpp"

namespace safe_docker::shell {
namespace {

struct Tool {
  std::string_view name;
  Printed (*print)(const Words& words, const ToolContext& context);
};

// By name.
constexpr std::array kTools = {
    Tool{":", PrintNothing},
    Tool{"[", PrintNothing},
    Tool{"awk", PrintFields},
    Tool{"base32", PrintBase32},
    Tool{"base64", PrintBase64},
    Tool{"basename", PrintBaseName},
    Tool{"basenc", PrintBaseEncoded},
    Tool{"cat", PrintFiles},
    Tool{"command", PrintProgramPath},
    Tool{"cut", PrintCut},
    Tool{"dirname", PrintFolderName},
    Tool{"dos2unix", PrintUnixText},
    Tool{"echo", PrintEcho},
    Tool{"egrep", PrintMatching},
    Tool{"expr", PrintExpression},
    Tool{"false", PrintNothing},
    Tool{"fgrep", PrintMatching},
    Tool{"fold", PrintFolded},
    Tool{"gawk", PrintFields},
    Tool{"grep", PrintMatching},
    Tool{"gsed", PrintEdited},
    Tool{"head", PrintHead},
    Tool{"mawk", PrintFields},
    Tool{"paste", PrintPasted},
    Tool{"printenv", PrintVariable},
    Tool{"printf", PrintFormatted},
    Tool{"pwd", PrintWorkingDirectory},
    Tool{"readlink", PrintLinkTarget},
    Tool{"realpath", PrintRealPath},
    Tool{"rev", PrintReversed},
    Tool{"sed", PrintEdited},
    Tool{"seq", PrintSequence},
    Tool{"sort", PrintSorted},
    Tool{"tac", PrintLinesBackwards},
    Tool{"tail", PrintTail},
    Tool{"tee", PrintTee},
    Tool{"test", PrintNothing},
    Tool{"tr", PrintTranslated},
    Tool{"true", PrintNothing},
    Tool{"type", PrintProgramPath},
    Tool{"uniq", PrintUnique},
    Tool{"unix2dos", PrintDosText},
    Tool{"wc", PrintCounts},
    Tool{"which", PrintProgramPath},
    Tool{"xxd", PrintHexDump},
};
static_assert(std::is_sorted(kTools.begin(), kTools.end(),
                             [](const Tool& left, const Tool& right) { return left.name < right.name; }));

// Variables that change how programs read their options.
bool IsOrdinary(const Environment& environment) {
  return environment.Get("POSIXLY_CORRECT").state == Variable::State::kUnset &&
         environment.Get("_POSIX2_VERSION").state == Variable::State::kUnset;
}

}  // namespace

std::optional<std::string> OutputOf(const std::vector<Word>& words, const ToolContext& context) {
  const std::string_view program = BaseName(words[0].text);
  const auto* tool = std::lower_bound(kTools.begin(), kTools.end(), program,
                                      [](const Tool& each, std::string_view name) { return each.name < name; });
  if (tool == kTools.end() || tool->name != program) {
    return std::nullopt;
  }
  const bool is_simple = tool->print == PrintEcho || tool->print == PrintFormatted || tool->print == PrintNothing ||
                         tool->print == PrintWorkingDirectory;
  if (!is_simple && context.environment != nullptr && !IsOrdinary(*context.environment)) {
    return UnknownText();
  }
  Printed printed = tool->print(words, context);
  return printed && printed->size() <= kMostPrinted ? std::move(*printed) : UnknownText();
}

bool IsDecoder(const std::vector<Word>& words) {
  constexpr std::array<std::string_view, 13> kDecoders = {"rev",  "tr",      "xxd",   "openssl",  "gunzip",
                                                          "zcat", "bzcat",   "xzcat", "uudecode", "base32",
                                                          "unxz", "bunzip2", "tac"};
  const std::string_view program = BaseName(words[0].text);
  const auto has = [&words](std::string_view letters, std::string_view option) {
    return std::any_of(words.begin() + 1, words.end(), [&](const Word& word) {
      const std::string_view text = word.text;
      const bool bundled = text.size() > 1 && text[0] == '-' && text[1] != '-' && text.find(letters) != text.npos;
      return bundled || (text.size() > 3 && option.starts_with(text));
    });
  };
  if (program == "base64" || program == "basenc") {
    return has("d", "--decode") || has("D", "--decode");
  }
  if (program == "gpg" || program == "gpg2" || program == "age") {
    return has("d", "--decrypt");
  }
  if (program == "gzip" || program == "xz" || program == "bzip2" || program == "zstd") {
    return has("d", "--decompress");
  }
  return std::find(kDecoders.begin(), kDecoders.end(), program) != kDecoders.end();
}

}  // namespace safe_docker::shell
