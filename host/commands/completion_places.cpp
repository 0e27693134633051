#include "commands/completion_places.hpp"

#include <algorithm>
#include <iterator>

#include "docker/grammar.hpp"

namespace safe_docker::commands {
namespace {

struct Named {
  std::string_view value;
  Completes by;
};
constexpr Named kNamed[] = {
    {"FILE", Completes::kFiles},
    {"PATH", Completes::kFiles},
    {"FOLDER", Completes::kFolders},
    {"DOCKER-COMMAND...", Completes::kDockerCommand},
};

// "a|b|c" as its words.
std::vector<std::string_view> Alternatives(std::string_view value) {
  std::vector<std::string_view> words;
  while (!value.empty()) {
    const std::size_t end = std::min(value.find('|'), value.size());
    words.push_back(value.substr(0, end));
    value.remove_prefix(std::min(value.size(), end + 1));
  }
  return words;
}

Place* Find(std::vector<Place>* places, std::string_view name) {
  const auto found = std::find_if(places->begin(), places->end(), [&](const Place& each) { return each.name == name; });
  return found == places->end() ? nullptr : &*found;
}

// What is said of "plugin", which is only the front of others: the names of those.
std::string NamesOf(const std::vector<Place::Word>& words) {
  std::string text;
  for (const Place::Word& each : words) {
    text += (text.empty() ? "" : ", ") + std::string(each.word);
  }
  return text;
}

// All places there are, each behind that which it is below of.
std::vector<Place> PlacesByName(const std::vector<Command>& all) {
  std::vector<Place> places = {{.name = ""}};
  for (const Command& each : all) {
    for (std::size_t end = 0; end < each.manual.name.size(); ++end) {
      end = std::min(each.manual.name.find(' ', end), each.manual.name.size());
      if (Find(&places, each.manual.name.substr(0, end)) == nullptr) {
        places.push_back({.name = std::string(each.manual.name.substr(0, end))});
      }
    }
    Place* const place = Find(&places, each.manual.name);
    place->options = OptionsOf(each.manual);
    place->words = each.manual.words;
    place->offer = OfferFor(each.manual.words);
  }
  return places;
}

}  // namespace

Offer OfferFor(std::string_view value) {
  if (value.find('|') != std::string_view::npos) {
    return {Completes::kWords, Alternatives(value)};
  }
  const auto* const found =
      std::find_if(std::begin(kNamed), std::end(kNamed), [&](const Named& each) { return each.value == value; });
  return {found == std::end(kNamed) ? Completes::kNothing : found->by};
}

std::vector<Place> Places(const std::vector<Command>& all) {
  std::vector<Place> places = PlacesByName(all);
  // From the back, so that what is below of each is known before it is told of.
  for (std::size_t index = places.size(); index-- > 1;) {
    Place& place = places[index];
    const std::size_t blank = place.name.rfind(' ');
    const std::string_view name = place.name;
    const std::string_view word = blank == std::string::npos ? name : name.substr(blank + 1);
    place.is_dockers_too = blank == std::string::npos && docker::Command::Root().FindChild(word).has_value();
    const auto command =
        std::find_if(all.begin(), all.end(), [&](const Command& each) { return each.manual.name == name; });
    Place* const parent = Find(&places, blank == std::string::npos ? "" : name.substr(0, blank));
    parent->below.insert(parent->below.begin(),
                         {word, command == all.end() ? NamesOf(place.below) : std::string(command->manual.summary)});
  }
  return places;
}

}  // namespace safe_docker::commands
