#include "bake_files.hpp"

#include <algorithm>
#include <iterator>
#include <span>

#include "failure.hpp"

namespace safe_docker::bake {
namespace {

constexpr std::string_view kDefaultFiles[] = {"docker-bake.json", "docker-bake.hcl", "docker-bake.override.json",
                                              "docker-bake.override.hcl"};
constexpr std::string_view kDefaultComposeFiles[] = {"compose.yaml", "compose.yml", "docker-compose.yml",
                                                     "docker-compose.yaml"};
constexpr std::string_view kPrinting[] = {"print", "list", "list-targets", "list-variables", "help"};
constexpr std::string_view kAddresses[] = {"http://", "https://", "git://", "ssh://", "git@", "github.com/"};
constexpr std::string_view kWorkingFolder = "cwd://";

bool IsFalse(std::string_view value) {
  constexpr std::string_view kFalse[] = {"", "0", "f", "F", "false", "FALSE", "False"};
  return std::ranges::find(kFalse, value) != std::end(kFalse);
}

bool EndsWithIgnoringCase(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && plugin::EqualIgnoringCase(text.substr(text.size() - end.size()), end);
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Override ReadOverride(std::string_view text) {
  Override made;
  const std::size_t equals = text.find('=');
  std::string_view key = text.substr(0, equals);
  made.value = equals == std::string_view::npos ? std::string_view{} : text.substr(equals + 1);
  made.appends = key.ends_with('+');
  key.remove_suffix(made.appends ? 1 : 0);
  made.pattern = plugin::NextPart(&key, '.');
  made.field = plugin::NextPart(&key, '.');
  made.name = key;
  return made;
}

std::string Absolute(std::string_view path, std::string_view cwd) {
  return path.starts_with('/') ? std::string(path) : std::string(cwd) + "/" + std::string(path);
}

class Finder {
 public:
  Finder(const plugin::Host& host, const CommandLine& line) : host_(host), line_(line) {}

  Files Find() {
    if (!plugin::IsKnown(line_.cwd) || line_.cwd.empty()) {
      AddUnseen("the bake file in an unknown folder",
                "the working directory is not known, so what is built is not either");
      return std::move(files_);
    }
    HeedRelativePaths();
    const bool has_names = !line_.files.empty();
    if (has_names) {
      for (const std::string_view name : line_.files) {
        Add(name);
      }
    } else if (!AddFromEnvironment() && !line_.is_remote) {
      AddDefaults();
    }
    return std::move(files_);
  }

 private:
  void AddUnseen(std::string_view what, std::string_view why) { files_.unseen.push_back({std::string(what), why}); }

  void HeedRelativePaths() {
    std::string_view value;
    const std::int32_t status = host_.Environment("BUILDX_BAKE_FILE_RELATIVE_PATHS", &value);
    if (status == SDP_UNKNOWN || (status == SDP_OK && !IsFalse(Trim(value)))) {
      AddUnseen("BUILDX_BAKE_FILE_RELATIVE_PATHS", "paths count from the folders of the files then");
    }
  }

  void Add(std::string_view name) {
    const bool is_here = name.starts_with(kWorkingFolder);
    name.remove_prefix(is_here ? kWorkingFolder.size() : 0);
    if (line_.is_remote && !is_here) {
      return;  // a file at the address
    }
    if (!plugin::IsKnown(name)) {
      AddUnseen(name, "the name of this bake file depends on a variable that is not known");
    } else if (name == "-") {
      AddUnseen("standard input", "a bake file read from a stream cannot be checked before");
    } else if (IsAddress(name)) {
      AddUnseen(name, "a bake file fetched from elsewhere cannot be checked before");
    } else if (EndsWithIgnoringCase(name, ".yml") || EndsWithIgnoringCase(name, ".yaml")) {
      files_.compose.push_back(Absolute(name, line_.cwd));
    } else if (EndsWithIgnoringCase(name, ".hcl") || EndsWithIgnoringCase(name, ".json")) {
      files_.paths.push_back(Absolute(name, line_.cwd));
    } else {
      AddUnseen(name, "buildx tries files without .hcl, .json, .yaml or .yml as one kind after the other");
    }
  }

  // False if BUILDX_BAKE_FILE says nothing.
  bool AddFromEnvironment() {
    std::string_view value;
    std::string_view separator;
    const std::int32_t status = host_.Environment("BUILDX_BAKE_FILE", &value);
    const std::int32_t separator_status = host_.Environment("BUILDX_BAKE_PATH_SEPARATOR", &separator);
    if (status == SDP_ABSENT) {
      return false;
    }
    if (status != SDP_OK || separator_status == SDP_UNKNOWN || !plugin::IsKnown(separator)) {
      AddUnseen("BUILDX_BAKE_FILE", "it names the bake files, and its value is not known");
      return true;
    }
    separator = separator.empty() ? std::string_view(":") : separator;
    bool has_names = false;
    while (true) {
      const std::size_t end = value.find(separator);
      const std::string_view name = Trim(value.substr(0, end));
      if (!name.empty()) {
        Add(name);
        has_names = true;
      }
      if (end == std::string_view::npos) {
        return has_names;
      }
      value.remove_prefix(end + separator.size());
    }
  }

  bool Exists(std::string_view name) const {
    sdp_path found{};
    return host_.ResolvePath(Absolute(name, line_.cwd), line_.cwd, &found) != SDP_OK ||
           (found.flags & SDP_PATH_EXISTS) != 0;
  }

  void AddExisting(std::span<const std::string_view> names, std::vector<std::string>& found) const {
    for (const std::string_view name : names) {
      if (Exists(name)) {
        found.push_back(Absolute(name, line_.cwd));
      }
    }
  }

  void AddDefaults() {
    AddExisting(kDefaultComposeFiles, files_.compose);
    AddExisting(kDefaultFiles, files_.paths);
    if (files_.paths.empty() && files_.compose.empty()) {
      FailUnreadable({}, "no bake file found in " + std::string(line_.cwd) +
                             " (docker-bake.hcl, docker-bake.json, or a compose file)");
    }
  }

  const plugin::Host& host_;
  const CommandLine& line_;
  Files files_;
};

}  // namespace

CommandLine::CommandLine(const plugin::Request& request) : cwd(request.cwd()) {
  for (const plugin::Option option : request.options()) {
    const std::string_view name = option.name();
    if (name == "file") {
      files.push_back(option.value());
    } else if (name == "var") {
      const std::size_t equals = std::min(option.value().find('='), option.value().size());
      variables.emplace_back(option.value().substr(0, equals), plugin::Slice(option.value(), equals + 1));
    } else if (name == "set") {
      overrides.push_back(ReadOverride(option.value()));
    }
    const bool is_list = name == "list";
    const bool is_off = is_list ? option.value().empty() : IsFalse(option.value()) || !plugin::IsKnown(option.value());
    if (std::ranges::find(kPrinting, name) != std::end(kPrinting) && !request.Is(SDP_REQUEST_INCOMPLETE)) {
      only_prints = !is_off;
    }
  }
  for (const std::string_view word : request.arguments()) {
    targets.push_back(word);
  }
  is_remote = !targets.empty() && IsAddress(targets.front());
  // The second address is the folder that paths count from.
  for (int addresses = 0; addresses < 2 && !targets.empty() && IsAddress(targets.front()); ++addresses) {
    targets.erase(targets.begin());
  }
}

Files FindFiles(const plugin::Host& host, const CommandLine& line) { return Finder(host, line).Find(); }

bool IsAddress(std::string_view text) {
  return std::ranges::any_of(kAddresses, [&](std::string_view start) { return text.starts_with(start); });
}

}  // namespace safe_docker::bake
