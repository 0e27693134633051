#include "plugins/text.hpp"

#include <string>
#include <utility>

namespace safe_docker::plugins {

std::optional<std::string_view> Read(const sdp_string& text, std::size_t longest) {
  if (text.size == 0) {
    return std::string_view{};
  }
  if (text.data == nullptr || text.size > longest) {
    return std::nullopt;
  }
  return std::string_view(text.data, text.size);
}

bool ReadAll(std::initializer_list<TextField> fields) {
  for (const TextField& field : fields) {
    const std::optional<std::string_view> text = Read(*field.from);
    if (!text) {
      return false;
    }
    field.to->assign(*text);
  }
  return true;
}

std::optional<docker::Evidence> ReadEvidence(const sdp_evidence* evidence, const docker::Evidence& fallback) {
  if (evidence == nullptr) {
    return fallback;
  }
  docker::Evidence copy;
  if (evidence->size < sizeof *evidence ||
      !ReadAll(
          {{&evidence->written, &copy.written}, {&evidence->file, &copy.file}, {&evidence->service, &copy.service}})) {
    return std::nullopt;
  }
  copy.line = evidence->line;
  copy.column = evidence->column;
  return copy;
}

}  // namespace safe_docker::plugins
