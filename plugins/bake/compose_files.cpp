#include "compose_files.hpp"

#include <algorithm>

#include "parser.hpp"

namespace safe_docker::bake {
namespace {

// The fields of a service that link, those that bring other files in, and what could spell them otherwise.
constexpr std::string_view kLinks[] = {"additional_contexts", "x-bake", "include", "extends", "\\"};

bool IsNamePart(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_' ||
         byte == '-';
}

}  // namespace

ComposeFiles::ComposeFiles(const plugin::Host& host, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    std::string_view content;
    if (host.ReadFile(path, kMaxFileSize, &content) != SDP_OK) {
      may_link_ = true;
      continue;
    }
    may_link_ = may_link_ || std::ranges::any_of(kLinks, [content](std::string_view word) {
                  return content.find(word) != std::string_view::npos;
                });
    std::string& text = texts_.emplace_back(content);
    std::ranges::replace(text, '.', '_');  // as bake spells the names of services
  }
}

bool ComposeFiles::MayName(std::string_view target) const {
  const auto names = [target](const std::string& text) {
    for (std::size_t at = text.find(target); at != std::string::npos; at = text.find(target, at + 1)) {
      const std::size_t end = at + target.size();
      if ((at == 0 || !IsNamePart(text[at - 1])) && (end == text.size() || !IsNamePart(text[end]))) {
        return true;
      }
    }
    return false;
  };
  return std::ranges::any_of(texts_, names);
}

}  // namespace safe_docker::bake
