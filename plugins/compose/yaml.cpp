#include "yaml.hpp"

#include <string>

#include "interpolation.hpp"

namespace safe_docker::compose {
namespace {

std::string Replace(const void* variables, std::string_view text, const Node& node) {
  try {
    return Interpolate(text, *static_cast<const Variables*>(variables));
  } catch (const InterpolationError& error) {
    FailAt(node, error.message);
  }
}

}  // namespace

Documents ReadYaml(std::string_view content, const Source& source, const Variables& variables, Arena& arena) {
  yaml::Dialect dialect;
  dialect.has_merge_tags = true;
  dialect.marker = '$';
  dialect.replace = &Replace;
  dialect.context = &variables;
  return yaml::ReadYaml(content, source, dialect, arena);
}

}  // namespace safe_docker::compose
