#include "facts.hpp"

#include <safe_docker/image_pattern.hpp>

namespace safe_docker::rules {
namespace {

using plugin::Effect;
using plugin::IsKnown;

using Text = std::optional<std::string>;

constexpr std::string_view kOfficial = "library/";
// Without an address docker listens on all.
constexpr std::string_view kAllAddresses = "0.0.0.0";

bool HasOption(std::string_view options, std::string_view wanted) {
  while (!options.empty()) {
    if (plugin::NextPart(&options, ',') == wanted) {
      return true;
    }
  }
  return false;
}

// The effect says that something of it is not known, and none of its texts shows what.
bool HidesUnknown(const Effect& effect) {
  return effect.Is(SDP_EFFECT_UNRESOLVED) && IsKnown(effect.subject()) && IsKnown(effect.name()) &&
         IsKnown(effect.target()) && IsKnown(effect.options()) && IsKnown(effect.resolved());
}

// The name of an image in full, if it is one that says where it comes from.
std::optional<std::string_view> ImageOf(const Effect& effect) {
  const bool is_name = !effect.subject().empty() && IsKnown(effect.subject()) && !effect.Is(SDP_EFFECT_UNRESOLVED) &&
                       !HasOption(effect.options(), "id") && !HasOption(effect.options(), "invalid");
  return is_name ? std::optional(effect.subject()) : std::nullopt;
}

std::vector<Text> RepositoryOf(const plugin::ImageName& image) {
  std::string full = std::string(image.folder) + std::string(image.repository);
  if (!full.starts_with(kOfficial)) {
    return {std::move(full)};
  }
  std::string shorter = full.substr(kOfficial.size());
  return {std::move(full), std::move(shorter)};
}

std::vector<Text> ImageTexts(const Effect& effect, Source source) {
  const std::optional<std::string_view> name = ImageOf(effect);
  if (!name) {
    return {std::nullopt};
  }
  const plugin::ImageName image = plugin::SplitImage(*name);
  switch (source) {
    case Source::kRegistry:
      return {std::string(image.host)};
    case Source::kRepository:
      return RepositoryOf(image);
    case Source::kDigest:
      return {std::string(image.digest)};
    default:  // beside a digest the tag is decoration
      return {std::string(image.digest.empty() ? image.tag : std::string_view{})};
  }
}

std::vector<Text> OptionTexts(const Effect& effect) {
  std::vector<Text> texts = {std::string(effect.options())};
  std::string_view rest = effect.options();
  while (rest.find(',') != std::string_view::npos) {
    texts.emplace_back(std::string(plugin::NextPart(&rest, ',')));
  }
  if (texts.size() > 1) {
    texts.emplace_back(std::string(rest));
  }
  return texts;
}

// "127.0.0.1:8080", "[::1]:8080", "8080", "127.0.0.1:", or nothing at all.
Text AddressOf(const Effect& effect) {
  const std::string_view subject = effect.subject();
  if (!IsKnown(subject)) {
    return std::nullopt;
  }
  const std::size_t colon = subject.rfind(':');
  std::string_view address = colon == std::string_view::npos ? std::string_view{} : subject.substr(0, colon);
  if (address.size() > 1 && address.front() == '[' && address.back() == ']') {
    address = address.substr(1, address.size() - 2);
  }
  return std::string(address.empty() ? kAllAddresses : address);
}

}  // namespace

Text SubjectOf(const Effect& effect) {
  return HidesUnknown(effect) ? std::nullopt : std::optional(std::string(effect.subject()));
}

Text ResolvedOf(const Effect& effect) {
  if (effect.Is(SDP_EFFECT_UNRESOLVED)) {
    return std::nullopt;
  }
  return std::string(effect.resolved().empty() ? effect.subject() : effect.resolved());
}

Text PortOf(const Effect& effect, Source source) {
  const std::string_view text = source == Source::kHostPort ? effect.subject() : effect.target();
  if (!IsKnown(text)) {
    return std::nullopt;
  }
  return std::string(source == Source::kHostPort ? text.substr(text.rfind(':') + 1) : text.substr(0, text.find('/')));
}

std::vector<Text> TextsOf(const Effect& effect, Source source) {
  switch (source) {
    case Source::kName:
      return {std::string(effect.name())};
    case Source::kTarget:
      return {std::string(effect.target())};
    case Source::kOptions:
      return OptionTexts(effect);
    case Source::kRegistry:
    case Source::kRepository:
    case Source::kTag:
    case Source::kDigest:
      return ImageTexts(effect, source);
    case Source::kAddress:
      return {AddressOf(effect)};
    case Source::kProtocol: {
      const std::string_view target = effect.target();
      if (!IsKnown(target)) {
        return {std::nullopt};
      }
      const std::size_t slash = target.find('/');
      return {std::string(slash == std::string_view::npos ? "tcp" : target.substr(slash + 1))};
    }
    default:
      return {SubjectOf(effect)};
  }
}

std::optional<bool> IsPinned(const Effect& effect) {
  if (HasOption(effect.options(), "id") && IsKnown(effect.subject())) {
    return true;  // an id is one of a content, too
  }
  const std::optional<std::string_view> name = ImageOf(effect);
  return name ? std::optional(!plugin::SplitImage(*name).digest.empty()) : std::nullopt;
}

Truth MatchesImage(std::string_view pattern, const Effect& effect) {
  if (pattern == "*" || pattern == "**") {
    return Truth::kTrue;
  }
  const std::optional<std::string_view> name = ImageOf(effect);
  return name ? FromBool(plugin::MatchesImage(pattern, *name)) : Truth::kUnknown;
}

}  // namespace safe_docker::rules
