#include "configuration.hpp"

#include "jsonc.hpp"
#include "yaml/file.hpp"

namespace safe_docker::devcontainer {
namespace {

constexpr std::string_view kPlaces[] = {".devcontainer/devcontainer.json", ".devcontainer.json"};
constexpr int kMostFolders = 100;

struct TextOption {
  std::string_view name;
  std::string_view CommandLine::*value;
};
constexpr TextOption kTextOptions[] = {{"workspace-folder", &CommandLine::workspace_folder},
                                       {"config", &CommandLine::config},
                                       {"override-config", &CommandLine::override_config},
                                       {"additional-features", &CommandLine::additional_features}};

std::string_view FolderOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string_view::npos ? std::string_view("/") : path.substr(0, slash);
}

bool Exists(const plugin::Host& host, std::string_view path, std::string_view base) {
  sdp_path resolved{};
  return host.ResolvePath(path, base, &resolved) != SDP_UNKNOWN && (resolved.flags & SDP_PATH_EXISTS) != 0;
}

// The nearest folder with a repository, from `folder` upwards; `folder` if there is none.
std::string_view RepositoryOf(const plugin::Host& host, std::string_view folder) {
  std::string_view at = folder;
  for (int count = 0; count < kMostFolders; ++count) {
    if (Exists(host, ".git", at)) {
      return at;
    }
    if (at == "/") {
      break;
    }
    at = FolderOf(at);
  }
  return folder;
}

// Where the file is that counts; the folder that paths count from may be another's.
struct Place {
  std::string_view file;
  std::string_view folder;
};

Place FindFile(const plugin::Host& host, const CommandLine& line, std::string_view workspace, yaml::Arena& arena) {
  std::string_view file;
  if (!line.config.empty()) {
    file = Resolve(host, line.config, line.cwd);
  } else {
    for (const std::string_view place : kPlaces) {
      if (file.empty() && Exists(host, place, workspace)) {
        file = Resolve(host, place, workspace);
      }
    }
  }
  if (!line.override_config.empty()) {
    const std::string_view usual = file.empty() ? Resolve(host, kPlaces[0], workspace) : file;
    return {arena.Copy(Resolve(host, line.override_config, line.cwd)), arena.Copy(FolderOf(usual))};
  }
  if (file.empty()) {
    yaml::FailUnreadable(
        {}, "there is no .devcontainer/devcontainer.json or .devcontainer.json in " + std::string(workspace),
        "Name the folder with --workspace-folder, or the file with --config.");
  }
  return {arena.Copy(file), arena.Copy(FolderOf(file))};
}

// Where the workspace is inside, unless the file says otherwise.
std::string DefaultContainerFolder(std::string_view workspace, std::string_view mounted) {
  const std::string_view parent = FolderOf(mounted);
  return "/workspaces/" + std::string(workspace.substr(parent == "/" ? 1 : parent.size() + 1));
}

}  // namespace

CommandLine::CommandLine(const plugin::Request& request)
    : command(request.command()), cwd(request.cwd()), home(request.home()) {
  for (const plugin::Option option : request.options()) {
    for (const TextOption& text : kTextOptions) {
      if (text.name == option.name()) {
        this->*text.value = option.value();
      }
    }
    if (option.name() == "mount-workspace-git-root") {
      mounts_git_root = option.value() != "false";
    }
    prints_help = prints_help || (option.name() == "help" && option.value() == "true");
  }
}

std::string_view Resolve(const plugin::Host& host, std::string_view path, std::string_view base) {
  sdp_path resolved{};
  return host.ResolvePath(path, base, &resolved) == SDP_UNKNOWN ? std::string_view{} : plugin::View(resolved.clean);
}

Configuration ReadConfiguration(const plugin::Host& host, const CommandLine& line, yaml::Arena& arena,
                                std::string* why) {
  Configuration configuration;
  const std::string_view workspace =
      Resolve(host, line.workspace_folder.empty() ? std::string_view(".") : line.workspace_folder, line.cwd);
  if (workspace.empty()) {
    *why = "which workspace folder is meant is not known";
    return configuration;
  }
  configuration.workspace_folder = arena.Copy(workspace);
  if (!plugin::IsKnown(line.config) || !plugin::IsKnown(line.override_config)) {
    *why = "which configuration is meant is not known";
    return configuration;
  }
  configuration.mounted_folder = line.mounts_git_root ? arena.Copy(RepositoryOf(host, configuration.workspace_folder))
                                                      : configuration.workspace_folder;
  const Place place = FindFile(host, line, configuration.workspace_folder, arena);
  configuration.folder = place.folder;
  const yaml::FileContent file = yaml::ReadFile(host, place.file);
  if (!file.why_unknown.empty()) {
    *why = file.why_unknown;
    return configuration;
  }
  const yaml::Source source{place.file, place.folder};
  Variables variables{&host, line.home, configuration.workspace_folder,
                      DefaultContainerFolder(configuration.workspace_folder, configuration.mounted_folder)};
  // The folder inside may be set by the file itself, whose other texts name it.
  const Node* raw = ReadJsonc(file.text, source, {}, arena);
  if (!raw->IsMap()) {
    FailAt(*raw, "a dev container's configuration must be an object");
  }
  if (const Node* folder = yaml::FindNode(*raw, "workspaceFolder"); folder != nullptr && folder->IsScalar()) {
    variables.container_workspace_folder = Replace(variables, folder->text, *folder);
  }
  configuration.container_workspace_folder = variables.container_workspace_folder;
  configuration.root = ReadJsonc(file.text, source, Replacing(variables), arena);
  return configuration;
}

void FailType(const Entry& entry, std::string_view field, std::string_view expected) {
  FailAt(entry, std::string(field) + " must be " + std::string(expected));
}

std::string_view TextOf(const Entry& entry, std::string_view field) {
  if (!entry.value->IsScalar()) {
    FailType(entry, field, "a single value");
  }
  return entry.value->text;
}

bool IsTruthy(const Node& node) {
  const bool is_false =
      node.IsNull() || (node.kind == yaml::Kind::kBoolean && node.text == "false") ||
      (node.kind == yaml::Kind::kString && node.text.empty()) ||
      (node.kind == yaml::Kind::kNumber && node.text.find_first_of("123456789") == std::string_view::npos);
  return !is_false;
}

}  // namespace safe_docker::devcontainer
