// echo, of bash and of others.
#include <algorithm>

#include "escapes.hpp"
#include "tool.hpp"

namespace safe_docker::shell {
namespace {

bool LooksLikeOption(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && word.find_first_not_of("neE", 1) == std::string_view::npos;
}

// Whether the word may turn out to be an option, or nothing, once its unknown parts are known.
bool MayBeOption(const Word& word) {
  return word.may_split ||
         (!IsKnown(word.text) && word.text.find_first_not_of(std::string_view("\0-neE", 5)) == std::string::npos);
}

std::string Decode(std::string_view text) {
  std::string decoded;
  const std::size_t unknown = std::min(text.find(kUnknownPart), text.size());
  const std::string_view known = text.substr(0, unknown);
  for (std::size_t at = 0; at < known.size();) {
    if (known[at] != '\\') {
      decoded.push_back(known[at++]);
      continue;
    }
    const Escape escape = DecodeEscape(known.substr(at), EscapeDialect::kEcho);
    at += escape.size;
    if (escape.ends) {
      return decoded;
    }
    if (at == known.size() && unknown < text.size()) {
      break;  // which may go on
    }
    decoded.append(escape.known ? escape.text : UnknownText());
  }
  // The unknown part may hold the first half of an escape, or \c.
  return unknown < text.size() ? decoded + kUnknownPart : decoded;
}

std::string Joined(const Words& words, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < words.size(); ++i) {
    text.append(i == first ? "" : " ").append(words[i].text);
  }
  return text;
}

// Of dash, zsh and /bin/echo: only what all of them print alike.
Printed PrintPortably(const Words& words) {
  const bool newline = words.size() < 2 || words[1].text != "-n";
  const std::size_t first = newline ? 1 : 2;
  const std::string text = Joined(words, first);
  if (text.starts_with('-') || text.find('\\') != std::string::npos) {
    return std::nullopt;
  }
  if (!IsKnown(text)) {  // which may hold \c where escapes are always decoded
    return text.substr(0, text.find(kUnknownPart) + 1);
  }
  return newline ? text + "\n" : text;
}

}  // namespace

Printed PrintEcho(const Words& words, const ToolContext& context) {
  const auto may_be_option = [&words](std::size_t i) { return i < words.size() && MayBeOption(words[i]); };
  // BASHOPTS of the environment switches xpg_echo on.
  const bool plain =
      context.environment == nullptr || context.environment->Get("BASHOPTS").state == Variable::State::kUnset;
  const bool is_builtin = context.is_bash && plain && words[0].text == "echo";
  std::size_t first = 1;
  bool newline = true;
  bool escapes = false;
  for (; first < words.size() && !words[first].may_split && LooksLikeOption(words[first].text); ++first) {
    for (const char letter : words[first].text) {
      newline = newline && letter != 'n';
      escapes = letter == 'e' || (escapes && letter != 'E');
    }
  }
  // An unknown word that is an option changes what the words behind it mean, if these hold escapes or options.
  if (may_be_option(first)) {
    for (std::size_t i = first + 1; i < words.size(); ++i) {
      if (words[i].text.starts_with('-') || words[i].text.find('\\') != std::string::npos) {
        return std::nullopt;
      }
    }
  }
  if (!is_builtin) {
    return PrintPortably(words);
  }
  const std::string text = Joined(words, first) + (newline ? "\n" : "");
  return escapes ? Decode(text) : text;
}

Printed PrintNothing(const Words& /*words*/, const ToolContext& /*context*/) { return std::string(); }

}  // namespace safe_docker::shell
