#include "matching.hpp"

#include <safe_docker/checker.hpp>
#include <safe_docker/glob.hpp>

#include <charconv>

namespace safe_docker::rules {
namespace {

using plugin::IsKnown;
using plugin::IsWithin;

// Longer ones are not compared: a name or a path has no such length, and hostile ones would take their time.
constexpr std::size_t kLongestText = 64 * 1024;

// A step of a pattern: a letter, "*" or "**".
struct Step {
  enum class Kind : std::uint8_t { kLetter, kStar, kGlobstar } kind;
  char letter;
};

std::vector<Step> StepsOf(std::string_view pattern) {
  std::vector<Step> steps;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '*') {
      steps.push_back({Step::Kind::kLetter, pattern[i]});
    } else if (i + 1 < pattern.size() && pattern[i + 1] == '*') {
      steps.push_back({Step::Kind::kGlobstar, '*'});
      ++i;
    } else {
      steps.push_back({Step::Kind::kStar, '*'});
    }
  }
  return steps;
}

// Goes on from every place that a "*" or "**" may be passed over at.
void PassStars(const std::vector<Step>& steps, std::vector<bool>* places) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if ((*places)[i] && steps[i].kind != Step::Kind::kLetter) {
      (*places)[i + 1] = true;
    }
  }
}

// Whether some text in the unknown parts' places would fit: the places of the pattern that may be reached, letter by
// letter.
bool MayMatch(std::string_view pattern, std::string_view text) {
  const std::vector<Step> steps = StepsOf(pattern);
  std::vector<bool> places(steps.size() + 1);
  places[0] = true;
  PassStars(steps, &places);
  for (const char letter : text) {
    std::vector<bool> next(places.size());
    bool reached = false;
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (letter == '\0') {  // any text: every place from here on
        reached = reached || places[i];
        next[i] = reached;
        continue;
      }
      if (i == steps.size() || !places[i]) {
        continue;
      }
      const bool stays =
          steps[i].kind == Step::Kind::kGlobstar || (steps[i].kind == Step::Kind::kStar && letter != '/');
      next[i] = next[i] || stays;
      next[i + 1] = next[i + 1] || (steps[i].kind == Step::Kind::kLetter && steps[i].letter == letter);
    }
    PassStars(steps, &next);
    places = std::move(next);
  }
  return places[steps.size()];
}

std::string Folded(std::string_view text) {
  std::string folded(text);
  for (char& letter : folded) {
    letter = plugin::ToLower(letter);
  }
  return folded;
}

}  // namespace

Truth MatchesPattern(std::string_view pattern, std::string_view text, Letters letters) {
  if (pattern == "*" || pattern == "**") {
    return Truth::kTrue;
  }
  if (text.size() > kLongestText) {
    return Truth::kUnknown;
  }
  if (letters == Letters::kIgnoreCase) {
    return MatchesPattern(Folded(pattern), Folded(text));
  }
  if (IsKnown(text)) {
    return FromBool(plugin::MatchesGlob(pattern, text));
  }
  return MayMatch(pattern, text) ? Truth::kUnknown : Truth::kFalse;
}

Truth MatchesPath(std::string_view pattern, std::string_view path, Letters letters) {
  const Truth below = MatchesPattern(pattern, path, letters);
  if (!IsKnown(path)) {
    return Or(below, Truth::kUnknown);  // an unknown part may climb: "/srv/\0" may be "/srv/../etc"
  }
  constexpr std::string_view kBelow = "/**";
  if (!pattern.ends_with(kBelow)) {
    return below;
  }
  const std::string_view folder = pattern.substr(0, pattern.size() - kBelow.size());
  return Or(below, MatchesPattern(folder.empty() ? "/" : folder, path, letters));
}

Truth Touches(std::string_view folder, std::string_view path, Letters letters) {
  if (!IsKnown(path)) {
    return Truth::kUnknown;
  }
  if (letters == Letters::kIgnoreCase) {
    return Touches(Folded(folder), Folded(path), Letters::kExact);
  }
  return FromBool(IsWithin(path, folder) || IsWithin(folder, path));
}

bool ReadPorts(std::string_view text, Ports* ports) {
  const auto read = [](std::string_view digits, std::int64_t* number) {
    const char* const end = digits.data() + digits.size();
    const auto [at, error] = std::from_chars(digits.data(), end, *number);
    return error == std::errc() && at == end && *number >= 0 && *number <= 65535;
  };
  const std::size_t dash = text.find('-');
  if (!read(text.substr(0, dash), &ports->first)) {
    return false;
  }
  ports->last = ports->first;
  return dash == std::string_view::npos || (read(text.substr(dash + 1), &ports->last) && ports->last >= ports->first);
}

Truth MatchesPorts(const Ports& ports, std::string_view text, Reading reading) {
  if (text.empty()) {
    return Truth::kFalse;
  }
  Ports given;
  if (!IsKnown(text) || !ReadPorts(text, &given)) {
    return Truth::kUnknown;
  }
  return FromBool(reading == Reading::kWide ? given.first <= ports.last && given.last >= ports.first
                                            : given.first >= ports.first && given.last <= ports.last);
}

}  // namespace safe_docker::rules
