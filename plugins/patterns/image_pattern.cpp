#include "patterns/image_pattern.hpp"

#include <safe_docker/checker.hpp>
#include <safe_docker/glob.hpp>

namespace safe_docker::patterns {
namespace {

using namespace plugin;

constexpr std::string_view kDefaultHost = "docker.io";
constexpr std::string_view kDefaultHostNames[] = {"index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"};
constexpr std::string_view kDefaultFolder = "library/";

// Names are at most 255 bytes, tags 128, digests 135; whatever is longer is no image.
constexpr std::size_t kLongestReference = 1024;

bool IsHost(std::string_view first) {
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

std::string_view CanonicalHost(std::string_view host) {
  for (std::string_view name : kDefaultHostNames) {
    if (host == name) {
      return kDefaultHost;
    }
  }
  return host;
}

// "**" in front stands for the folders, too; without it docker's rules for short names hold.
void SplitRepository(std::string_view name, ImageName* reference) {
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

bool MatchesRepository(const ImageName& pattern, const ImageName& reference) {
  const Message name(reference.folder, reference.repository);
  if (pattern.host.empty()) {
    return MatchesGlob(pattern.repository, Message(reference.host, "/", std::string_view(name)));
  }
  // Apart, so that a "**" in the host's place never reaches into the repository.
  return MatchesGlob(pattern.host, reference.host) && MatchesGlob(Message(pattern.folder, pattern.repository), name);
}

// The digest decides what runs: beside one the tag is decoration, and says nothing.
bool MatchesVersion(const ImageName& pattern, const ImageName& reference) {
  if (!pattern.digest.empty()) {
    return !reference.digest.empty() && MatchesGlob(pattern.digest, reference.digest);
  }
  const bool any = pattern.tag.empty() || pattern.tag == "*" || pattern.tag == "**";
  return any || (reference.digest.empty() && MatchesGlob(pattern.tag, reference.tag));
}

}  // namespace

ImageName SplitImage(std::string_view text) {
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
  SplitRepository(text, &reference);
  return reference;
}

bool MatchesImage(std::string_view pattern, std::string_view reference) {
  if (pattern.empty() || reference.empty() || reference.size() > kLongestReference || !IsKnown(reference)) {
    return false;
  }
  const ImageName wanted = SplitImage(pattern);
  const ImageName used = SplitImage(reference);
  return MatchesRepository(wanted, used) && MatchesVersion(wanted, used);
}

}  // namespace safe_docker::patterns
