#include "variables.hpp"

#include <algorithm>
#include <iterator>

namespace safe_docker::devcontainer {
namespace {

constexpr std::string_view kUnknownText{"\0", 1};
// It stands for a hash; all that matters is that it holds letters and digits only.
constexpr std::string_view kContainerId = "devcontainerid";

std::string Environment(const Variables& variables, std::string_view arguments, const yaml::Node& node) {
  const std::size_t colon = arguments.find(':');
  const std::string_view name = arguments.substr(0, colon);
  if (name.empty()) {
    yaml::FailAt(node, "a variable of the environment is meant, and its name is missing");
  }
  std::string_view value;
  switch (variables.host->Environment(name, &value)) {
    case SDP_OK:
      return std::string(value);
    case SDP_ABSENT: {
      const std::string_view fallback =
          colon == std::string_view::npos ? std::string_view{} : arguments.substr(colon + 1);
      return std::string(fallback.substr(0, fallback.find(':')));
    }
    default:
      return std::string(kUnknownText);
  }
}

struct Name {
  std::string_view name;
  std::string (*value)(const Variables& variables);
};
constexpr Name kNames[] = {
    {"localHomeFolder",
     [](const Variables& variables) { return std::string(variables.home.empty() ? kUnknownText : variables.home); }},
    {"localWorkspaceFolder", [](const Variables& variables) { return std::string(variables.workspace_folder); }},
    {"localWorkspaceFolderBasename",
     [](const Variables& variables) { return std::string(BaseName(variables.workspace_folder)); }},
    {"containerWorkspaceFolder", [](const Variables& variables) { return variables.container_workspace_folder; }},
    {"containerWorkspaceFolderBasename",
     [](const Variables& variables) { return std::string(BaseName(variables.container_workspace_folder)); }},
    {"devcontainerId", [](const Variables&) { return std::string(kContainerId); }},
};

std::string ReplaceOne(const Variables& variables, std::string_view whole, const yaml::Node& node) {
  const std::string_view inside = whole.substr(2, whole.size() - 3);
  const std::size_t colon = inside.find(':');
  const std::string_view name = inside.substr(0, colon);
  if (name == "localEnv" || name == "env") {
    return Environment(variables, colon == std::string_view::npos ? std::string_view{} : inside.substr(colon + 1),
                       node);
  }
  const auto* found = std::ranges::find(kNames, name, &Name::name);
  return found != std::end(kNames) ? found->value(variables) : std::string(whole);
}

}  // namespace

std::string Replace(const Variables& variables, std::string_view text, const yaml::Node& node) {
  std::string replaced;
  while (true) {
    const std::size_t begin = text.find("${");
    const std::size_t end = begin == std::string_view::npos ? begin : text.find('}', begin);
    // The tool's pattern does not go over lines.
    const bool is_one =
        end != std::string_view::npos && text.substr(begin, end - begin).find('\n') == std::string_view::npos;
    if (end == std::string_view::npos) {
      replaced += text;
      return replaced;
    }
    replaced += text.substr(0, begin);
    const std::string_view whole = text.substr(begin, end + 1 - begin);
    if (is_one) {
      replaced += ReplaceOne(variables, whole, node);
      text.remove_prefix(end + 1);
    } else {
      replaced += "${";
      text.remove_prefix(begin + 2);
    }
  }
}

yaml::Dialect Replacing(const Variables& variables) {
  yaml::Dialect dialect;
  dialect.marker = '$';
  dialect.context = &variables;
  dialect.replace = [](const void* context, std::string_view text, const yaml::Node& node) {
    return Replace(*static_cast<const Variables*>(context), text, node);
  };
  return dialect;
}

std::string_view BaseName(std::string_view path) {
  while (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  return path.substr(path.rfind('/') + 1);
}

}  // namespace safe_docker::devcontainer
