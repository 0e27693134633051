// Names of images, and patterns for them, read the way docker reads image names: "nginx" means
// "docker.io/library/nginx". In a pattern "*" stands for any characters but "/", "**" for any characters, and the whole
// name must match. A pattern without tag and digest fits every tag and digest. Header-only, and without the C++ runtime
// library.
#ifndef SAFE_DOCKER_IMAGE_PATTERN_HPP
#define SAFE_DOCKER_IMAGE_PATTERN_HPP

#include <safe_docker/checker.hpp>
#include <safe_docker/glob.hpp>

#include <string_view>

namespace safe_docker::plugin {

// An image name or a pattern for some, in its parts. The full repository is HOST/FOLDER REPOSITORY; an empty host means
// that the repository's pattern spans it.
struct ImageName {
  std::string_view host;
  std::string_view folder;  // with its slash
  std::string_view repository;
  std::string_view tag;
  std::string_view digest;
};

namespace image_pattern {

inline constexpr std::string_view kDefaultHost = "docker.io";
inline constexpr std::string_view kDefaultHostNames[] = {"index.docker.io", "registry-1.docker.io",
                                                         "registry.hub.docker.com"};
inline constexpr std::string_view kDefaultFolder = "library/";

// Names are at most 255 bytes, tags 128, digests 135; whatever is longer is no image.
inline constexpr std::size_t kLongestReference = 1024;

inline bool IsHost(std::string_view first) {
  if (first.find_first_of(".:") != std::string_view::npos || first == "localhost") {
    return true;
  }
  for (char letter : first) {
    if (letter >= 'A' && letter <= 'Z') {
      return true;
    }
  }
  return false;
}

inline std::string_view CanonicalHost(std::string_view host) {
  for (std::string_view name : kDefaultHostNames) {
    if (host == name) {
      return kDefaultHost;
    }
  }
  return host;
}

// "**" in front stands for the folders, too; without it docker's rules for short names hold.
inline void SplitRepository(std::string_view name, ImageName* reference) {
  const std::size_t slash = name.find('/');
  const bool has_host = slash != std::string_view::npos && IsHost(Slice(name, 0, slash));
  reference->repository = has_host ? Slice(name, slash + 1) : name;
  if (!has_host && StartsWith(name, "**")) {
    return;
  }
  reference->host = has_host ? CanonicalHost(Slice(name, 0, slash)) : kDefaultHost;
  const bool is_short = reference->repository.find('/') == std::string_view::npos;
  if (reference->host == kDefaultHost && is_short && !StartsWith(reference->repository, "**")) {
    reference->folder = kDefaultFolder;
  }
}

inline bool MatchesRepository(const ImageName& pattern, const ImageName& reference) {
  const Message name(reference.folder, reference.repository);
  if (pattern.host.empty()) {
    return MatchesGlob(pattern.repository, Message(reference.host, "/", std::string_view(name)));
  }
  // Apart, so that a "**" in the host's place never reaches into the repository.
  return MatchesGlob(pattern.host, reference.host) && MatchesGlob(Message(pattern.folder, pattern.repository), name);
}

// The digest decides what runs: beside one the tag is decoration, and says nothing.
inline bool MatchesVersion(const ImageName& pattern, const ImageName& reference) {
  if (!pattern.digest.empty()) {
    return !reference.digest.empty() && MatchesGlob(pattern.digest, reference.digest);
  }
  const bool any = pattern.tag.empty() || pattern.tag == "*" || pattern.tag == "**";
  return any || (reference.digest.empty() && MatchesGlob(pattern.tag, reference.tag));
}

}  // namespace image_pattern

// The parts of `text`, which must stay.
inline ImageName SplitImage(std::string_view text) {
  ImageName reference;
  const std::size_t at = text.find('@');
  if (at != std::string_view::npos) {
    reference.digest = Slice(text, at + 1);
    text = Slice(text, 0, at);
  }
  const std::size_t colon = text.rfind(':');
  const std::size_t slash = text.rfind('/');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    reference.tag = Slice(text, colon + 1);
    text = Slice(text, 0, colon);
  }
  image_pattern::SplitRepository(text, &reference);
  return reference;
}

// The name without its tag and digest.
inline std::string_view ImageRepository(std::string_view image) {
  image = Slice(image, 0, image.find('@'));
  const std::size_t colon = image.rfind(':');
  const std::size_t slash = image.rfind('/');
  const bool has_tag = colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
  return has_tag ? Slice(image, 0, colon) : image;
}

// True if `reference`, an image name in full, is one that `pattern` means.
inline bool MatchesImage(std::string_view pattern, std::string_view reference) {
  if (pattern.empty() || reference.empty() || reference.size() > image_pattern::kLongestReference ||
      !IsKnown(reference)) {
    return false;
  }
  const ImageName wanted = SplitImage(pattern);
  const ImageName used = SplitImage(reference);
  return image_pattern::MatchesRepository(wanted, used) && image_pattern::MatchesVersion(wanted, used);
}

}  // namespace safe_docker::plugin

#endif
