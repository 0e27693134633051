#include "output.hpp"

#include <algorithm>
#include <array>

#include "names.hpp"

namespace safe_docker::shell {
namespace {

std::string Unknown() { return std::string(1, kUnknownPart); }

std::string Echo(const std::vector<Word>& words) {
  std::size_t first = 1;
  bool newline = true;
  bool escapes = false;
  for (; first < words.size(); ++first) {
    const std::string& word = words[first].text;
    if (word.size() < 2 || word[0] != '-' || word.find_first_not_of("neE", 1) != std::string::npos) {
      break;
    }
    newline = newline && word.find('n') == std::string::npos;
    escapes = escapes || word.find('e') != std::string::npos;
  }
  std::string text;
  for (std::size_t i = first; i < words.size(); ++i) {
    text.append(i == first ? "" : " ").append(words[i].text);
  }
  if (escapes && text.find('\\') != std::string::npos) {
    return Unknown();
  }
  return newline ? text + "\n" : text;
}

// printf with %s, %d, %% and the common escapes; anything else is unknown.
std::string Printf(const std::vector<Word>& words) {
  std::size_t at = words.size() > 1 && words[1].text == "--" ? 2 : 1;
  if (words.size() <= at || words[at].text.starts_with('-')) {
    return Unknown();
  }
  const std::string& format = words[at++].text;
  std::string text;
  do {
    const std::size_t before = at;
    for (std::size_t i = 0; i < format.size(); ++i) {
      const char c = format[i];
      const char next = i + 1 < format.size() ? format[i + 1] : '\0';
      if (c == '\\') {
        const std::size_t which = std::string_view("nt\\\"'").find(next);
        if (which == std::string_view::npos || next == '\0') {
          return Unknown();
        }
        text.push_back("\n\t\\\"'"[which]);
        ++i;
      } else if (c == '%') {
        if (next != 's' && next != 'd' && next != '%') {
          return Unknown();
        }
        next == '%' ? text.append("%") : text.append(at < words.size() ? words[at].text : (next == 'd' ? "0" : ""));
        at += next == '%' ? 0 : 1;
        ++i;
      } else {
        text.push_back(c);
      }
    }
    if (at == before || text.size() > 65536) {
      break;
    }
  } while (at < words.size());
  return text;
}

}  // namespace

std::optional<std::string> OutputOf(const std::vector<Word>& words, std::string_view cwd, const std::string* input) {
  const std::string_view program = BaseName(words[0].text);
  const bool may_split = std::any_of(words.begin(), words.end(), [](const Word& word) { return word.may_split; });
  if (program == "echo") {
    return Echo(words);
  }
  if (program == "printf") {
    return may_split ? Unknown() : Printf(words);
  }
  if (program == "pwd") {
    return std::string(cwd) + "\n";
  }
  if (program == "cat" && words.size() == 1 && input != nullptr) {
    return *input;
  }
  if (program == "true" || program == ":" || program == "false" || program == "test" || program == "[") {
    return std::string();
  }
  return std::nullopt;
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
  if (program == "gzip" || program == "xz" || program == "bzip2" || program == "zstd") {
    return has("d", "--decompress");
  }
  return std::find(kDecoders.begin(), kDecoders.end(), program) != kDecoders.end();
}

}  // namespace safe_docker::shell
