#include "docker/image_reference.hpp"

#include <algorithm>

namespace safe_docker::docker {
namespace {

constexpr std::size_t kIdLength = 64;
constexpr std::size_t kLongestTag = 128;

bool IsHex(char letter) { return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f'); }

bool IsAlphanumeric(char letter) {
  return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

bool IsPathLetter(char letter) {
  return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || letter == '.' || letter == '_' ||
         letter == '-' || letter == '/' || letter == '\0';
}

bool IsRegistry(std::string_view component) {
  return component == "localhost" || component.find_first_of(".:") != std::string_view::npos ||
         std::any_of(component.begin(), component.end(), [](char letter) { return letter >= 'A' && letter <= 'Z'; });
}

bool IsTag(std::string_view tag) {
  return !tag.empty() && tag.size() <= kLongestTag && tag[0] != '.' && tag[0] != '-' &&
         std::all_of(tag.begin(), tag.end(), [](char letter) {
           return IsAlphanumeric(letter) || letter == '_' || letter == '.' || letter == '-' || letter == '\0';
         });
}

}  // namespace

ImageReference CompleteImageReference(std::string_view text) {
  ImageReference reference;
  reference.full = std::string(text);
  const bool is_id =
      text.starts_with("sha256:") || (text.size() == kIdLength && std::all_of(text.begin(), text.end(), IsHex));
  if (is_id) {
    reference.kind = ImageReference::Kind::kId;
    return reference;
  }
  const std::size_t at = text.find('@');
  const std::string_view digest = at == std::string_view::npos ? std::string_view{} : text.substr(at);
  std::string_view name = text.substr(0, at);
  std::string_view tag;
  const std::size_t colon = name.rfind(':');
  if (colon != std::string_view::npos && name.find('/', colon) == std::string_view::npos) {
    tag = name.substr(colon + 1);
    name = name.substr(0, colon);
    if (!IsTag(tag)) {
      return reference;
    }
  }
  std::string_view registry = "docker.io";
  std::string_view path = name;
  if (const std::size_t slash = name.find('/'); slash != std::string_view::npos && IsRegistry(name.substr(0, slash))) {
    registry = name.substr(0, slash);
    path = name.substr(slash + 1);
  }
  if (registry == "index.docker.io" || registry == "registry-1.docker.io") {
    registry = "docker.io";
  }
  const bool valid = !path.empty() && path.front() != '/' && path.back() != '/' &&
                     path.find("//") == std::string_view::npos && std::all_of(path.begin(), path.end(), IsPathLetter);
  if (!valid) {
    return reference;
  }
  const bool is_official = registry == "docker.io" && path.find('/') == std::string_view::npos && path[0] != '\0';
  reference.kind = ImageReference::Kind::kName;
  reference.full = std::string(registry) + (is_official ? "/library/" : "/") + std::string(path);
  if (!tag.empty() || digest.empty()) {
    reference.full += ":" + std::string(tag.empty() ? "latest" : tag);
  }
  reference.full += digest;
  return reference;
}

}  // namespace safe_docker::docker
