#include "project.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "paths.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {
namespace {

constexpr std::string_view kFileNames[] = {"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"};
constexpr std::string_view kOverrideNames[] = {"compose.override.yml", "compose.override.yaml",
                                               "docker-compose.override.yml", "docker-compose.override.yaml"};
// podman-compose takes all of these that exist, each over the ones before.
constexpr std::string_view kPodmanFileNames[] = {"compose.yaml",
                                                 "compose.yml",
                                                 "compose.override.yaml",
                                                 "compose.override.yml",
                                                 "podman-compose.yaml",
                                                 "podman-compose.yml",
                                                 "docker-compose.yml",
                                                 "docker-compose.yaml",
                                                 "docker-compose.override.yml",
                                                 "docker-compose.override.yaml",
                                                 "container-compose.yml",
                                                 "container-compose.yaml",
                                                 "container-compose.override.yml",
                                                 "container-compose.override.yaml"};
// What Go's strconv.ParseBool takes for true.
constexpr std::string_view kTrueSettings[] = {"1", "t", "T", "true", "TRUE", "True"};

struct ListFlag {
  std::string_view name;
  std::vector<std::string_view> CommandLine::*values;
};
constexpr ListFlag kListFlags[] = {
    {"file", &CommandLine::files}, {"env-file", &CommandLine::env_files}, {"profile", &CommandLine::profiles}};

// The flags of bake with which it builds nothing.
constexpr std::string_view kPrintingFlags[] = {"print", "list", "list-targets", "list-variables"};

struct SwitchFlag {
  std::string_view name;
  bool CommandLine::*value;
};
constexpr SwitchFlag kSwitchFlags[] = {{"no-deps", &CommandLine::no_deps},
                                       {"watch", &CommandLine::watch},
                                       {"with-dependencies", &CommandLine::with_dependencies},
                                       {"service-ports", &CommandLine::publishes_ports},
                                       {"volumes", &CommandLine::volumes},
                                       {"stop", &CommandLine::stops},
                                       {"down-project", &CommandLine::stops}};

// True if compose shows its help and does nothing else. Other tools than docker's own run the command all the same
// where --help stands in front of it.
bool OnlyPrintsHelp(const plugin::Request& request) {
  bool is_asked = false;
  for (const plugin::Option option : request.options()) {
    if (option.name() == "help") {
      if (option.value() != "true") {
        return false;
      }
      is_asked = true;
    }
  }
  return is_asked && request.program().starts_with("docker") && !request.Is(SDP_REQUEST_INCOMPLETE);
}

Reader ReaderOf(std::string_view program) {
  return program.starts_with("podman-compose") ? Reader::kPodmanCompose
         : program.starts_with("podman")       ? Reader::kEither
                                               : Reader::kCompose;
}

bool IsLocal(std::string_view path) { return path != "-" && !IsRemote(path); }

std::vector<std::string_view> Split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(at + separator.size());
  }
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first, last - first + 1);
}

}  // namespace

CommandLine::CommandLine(const plugin::Request& request)
    : command(request.command()), cwd(request.cwd()), home(request.home()) {
  publishes_ports = command != "compose run";
  is_bake = command == "buildx bake";
  prints_help = OnlyPrintsHelp(request);
  reader = ReaderOf(request.program());
  for (const plugin::Option option : request.options()) {
    for (const ListFlag& flag : kListFlags) {
      if (flag.name == option.name()) {
        (this->*flag.values).push_back(option.value());
      }
    }
    if (option.name() == "compose-file") {
      const std::vector<std::string_view> names = Split(option.value(), ",");
      files.insert(files.end(), names.begin(), names.end());
    }
    for (const SwitchFlag& flag : kSwitchFlags) {
      if (flag.name == option.name()) {
        const bool is_false = option.value() == "false" || option.value() == "0";
        this->*flag.value = !is_false;
      }
    }
    if (std::ranges::find(kPrintingFlags, option.name()) != std::end(kPrintingFlags)) {
      only_prints = option.value() != "false" && option.value() != "0" && plugin::IsKnown(option.value()) &&
                    !option.value().empty() && !request.Is(SDP_REQUEST_INCOMPLETE);
    }
    if (option.name() == "var") {
      const std::size_t equals = std::min(option.value().find('='), option.value().size());
      variables.emplace_back(option.value().substr(0, equals), plugin::Slice(option.value(), equals + 1));
    }
    if (option.name() == "env" && command == "compose run") {
      environment.push_back(option.value());
    }
    if (option.name() == "project-name") {
      project_name = option.value();
    }
    // run has a --workdir of its own, in the container; that of compose is called project-directory by now.
    if (option.name() == "project-directory") {
      project_directory = option.value();
    }
  }
  for (const std::string_view word : request.arguments()) {
    arguments.push_back(word);
  }
  if (command == "stack deploy") {
    // Its argument is the stack's name; every service is deployed.
    arguments.clear();
  }
}

std::vector<std::string_view> DefaultFileNames() { return {std::begin(kFileNames), std::end(kFileNames)}; }

Project::Project(const plugin::Host& host, const CommandLine& line, Arena& arena, Bases bases)
    : host_(host),
      line_(line),
      arena_(arena),
      loader_(host, arena),
      variables_(host, line.cwd),
      podman_variables_(&variables_) {
  if (line.reader == Reader::kCompose || line.is_bake) {
    return;
  }
  for (const std::string_view pair : line.environment) {
    const std::size_t equals = pair.find('=');
    if (!plugin::IsKnown(pair.substr(0, equals))) {
      loader_.AddUnseen({pair, "podman-compose may replace this variable in the files, and its name is not known", {}});
    } else if (equals != std::string_view::npos) {
      podman_variables_.Override(pair.substr(0, equals), pair.substr(equals + 1));
    }
  }
  loader_.LoadAsPodman({true, bases == Bases::kProject, &podman_variables_});
}

std::string_view Project::Absolute(std::string_view path) { return arena_.Copy(AbsolutePath(path, line_.cwd)); }

bool Project::IsPlaceKnown() {
  if (line_.cwd.empty() || !plugin::IsKnown(line_.cwd)) {
    loader_.AddUnseen(
        {"the project in an unknown folder", "the working directory is not known, so the project is not either", {}});
    return false;
  }
  if (!plugin::IsKnown(line_.project_directory)) {
    loader_.AddUnseen({line_.project_directory, "the project directory depends on a variable that is not known", {}});
    return false;
  }
  return true;
}

std::string_view Project::FolderOfFirst(const std::vector<std::string_view>& files) const {
  const auto first = std::ranges::find_if(files, IsLocal);
  return first == files.end() ? line_.cwd : arena_.Copy(FolderOf(AbsolutePath(*first, line_.cwd)));
}

void Project::Load() {
  if (!IsPlaceKnown()) {
    return;
  }
  if (!line_.is_bake && !plugin::IsKnown(variables_.Get("COMPOSE_DISABLE_ENV_FILE").text)) {
    loader_.AddUnseen({"COMPOSE_DISABLE_ENV_FILE", "it decides whether .env counts, and its value is not known", {}});
  }
  if (line_.is_bake) {
    HeedBakeVariables();
  }
  const bool has_own_env_files = LoadEnvFiles();
  if (!FindFiles()) {
    return;
  }
  if (!line_.project_directory.empty()) {
    folder_ = Absolute(line_.project_directory);
  } else {
    folder_ = FolderOfFirst(files_);
  }
  if (!plugin::IsKnown(folder_)) {
    loader_.AddUnseen({files_.front(), "the name of this file depends on a variable that is not known", {}});
    return;
  }
  if (!has_own_env_files) {
    if (IsDotenvDisabled()) {
      variables_.KeepSettingsOnly();
    } else {
      LoadDotenv(folder_);
    }
  }
  if (line_.reader != Reader::kCompose && !line_.is_bake) {
    HeedPodmanSettings();
    if (line_.cwd != folder_ || has_own_env_files) {
      HeedPodmanEnvFile(line_.cwd);
    }
    if (has_own_env_files) {
      HeedPodmanEnvFile(folder_);
    }
  }
  FindProfiles();
  LoadModel();
}

// podman-compose knows some settings of compose not at all, some from the environment alone, and has one of its own.
void Project::HeedPodmanSettings() {
  for (const std::string_view name : {"COMPOSE_PROJECT_DIR", "COMPOSE_ENV_FILES", "COMPOSE_DISABLE_ENV_FILE"}) {
    const Variable setting = variables_.Get(name);
    if (setting.state == Variable::State::kUnknown || !setting.text.empty()) {
      loader_.AddUnseen({name, "compose and podman-compose differ in what they make of it: unset it", {}});
    }
  }
  for (const std::string_view name : {"COMPOSE_FILE", "COMPOSE_PATH_SEPARATOR"}) {
    if (line_.files.empty() && variables_.defined().contains(name)) {
      loader_.AddUnseen({name, "podman-compose does not heed it in an env file: name the files with -f", {}});
    }
  }
}

// podman-compose also reads the .env of `folder`: all is well if that changes no variable.
void Project::HeedPodmanEnvFile(std::string_view folder) {
  Variables more(&variables_);
  const std::string_view path = arena_.Copy(AbsolutePath(".env", folder));
  loader_.LoadEnvFile(path, false, more);
  for (const auto& [name, text] : more.defined()) {
    const Variable known = variables_.Get(name);
    if (known.state != Variable::State::kKnown || known.text != text) {
      loader_.AddUnseen({path, "podman-compose reads this file as well, and it changes variables", {}});
      return;
    }
  }
}

// The first of `names` that is one, as compose spells it.
std::string_view Project::FirstName(std::initializer_list<std::string_view> names) {
  for (const std::string_view written : names) {
    std::string name;
    for (const char letter : written) {
      const bool is_upper = letter >= 'A' && letter <= 'Z';
      const char lower = is_upper ? static_cast<char>(letter - 'A' + 'a') : letter;
      const bool may_begin = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') || lower == '\0';
      if (may_begin || (!name.empty() && (lower == '_' || lower == '-'))) {
        name += lower;
      }
    }
    if (!name.empty()) {
      return arena_.Copy(name);
    }
  }
  return {};
}

// The files may name the project, and may use its name: if they do both, they are read again.
void Project::LoadModel() {
  const std::string_view given = FirstName({line_.project_name, variables_.Get("COMPOSE_PROJECT_NAME").text});
  const std::string_view of_folder = folder_.substr(folder_.rfind('/') + 1);
  name_ = given.empty() ? FirstName({of_folder}) : given;
  variables_.SetProjectName(name_);
  const std::vector<std::string_view> files = WithoutUnseen();
  const std::size_t unseen = loader_.unseen().size();
  model_ = loader_.Load(files, folder_, variables_);
  const Node* name = model_ == nullptr ? nullptr : FindNode(*model_, "name");
  if (name == nullptr || !given.empty()) {
    return;
  }
  const std::string_view written = FirstName({name->text, of_folder});
  const bool has_used_another = variables_.has_used_project_name() && written != name_;
  name_ = written;
  if (has_used_another) {
    variables_.SetProjectName(name_);
    loader_.Forget(unseen);
    model_ = loader_.Load(files, folder_, variables_);
  }
}

// ---- Variables -------------------------------------------------------------------------------------------------

// False if there are none but .env.
bool Project::LoadEnvFiles() {
  if (line_.is_bake) {  // which knows no others, and no variable that switches this one off
    LoadDotenv(line_.cwd);
    return true;
  }
  std::vector<std::string_view> files = line_.env_files;
  if (files.empty()) {
    const Variable setting = variables_.Get("COMPOSE_ENV_FILES");
    if (setting.state != Variable::State::kUnset && !setting.text.empty()) {
      files = Split(setting.text, ",");
    }
  }
  for (const std::string_view file : files) {
    if (!plugin::IsKnown(file) || loader_.IsUnseenStream(file)) {
      loader_.AddUnseen({file, "the variables of this env file cannot be seen before", {}});
      variables_.MarkUnread();
    } else {
      loader_.LoadEnvFile(arena_.Copy(AbsolutePathWithHome(file, line_.cwd, line_.home)), true, variables_);
    }
  }
  if (files.empty() && !IsDotenvDisabled()) {
    LoadDotenv(line_.project_directory.empty() ? FolderOfFirst(line_.files) : Absolute(line_.project_directory));
  }
  return !files.empty();
}

// What bake has of its own: variables of the command line, and settings that change what all others mean.
void Project::HeedBakeVariables() {
  for (const auto& [name, text] : line_.variables) {
    variables_.Override(name, text);
  }
  for (const std::string_view setting : {"BUILDX_BAKE_DISABLE_VARS_ENV_LOOKUP", "BUILDX_BAKE_FILE_RELATIVE_PATHS"}) {
    const std::string_view text = variables_.Get(setting).text;
    if (!text.empty() && text != "0" && text != "false") {
      loader_.AddUnseen({setting, "it changes what the compose files mean to buildx", {}});
    }
  }
}

void Project::LoadDotenv(std::string_view folder) {
  if (plugin::IsKnown(folder)) {
    loader_.LoadEnvFile(arena_.Copy(AbsolutePath(".env", folder)), false, variables_);
  }
}

bool Project::IsDotenvDisabled() const {
  const Variable setting = variables_.Get("COMPOSE_DISABLE_ENV_FILE");
  return std::ranges::find(kTrueSettings, setting.text) != std::end(kTrueSettings);
}

void Project::FindProfiles() {
  profiles_ = line_.profiles;
  if (profiles_.empty()) {
    for (const std::string_view profile : Split(variables_.Get("COMPOSE_PROFILES").text, ",")) {
      profiles_.push_back(Trim(profile));
    }
  }
  for (std::string_view& profile : profiles_) {
    // What could be any profile is judged as all of them.
    profile = plugin::IsKnown(profile) ? profile : std::string_view("*");
  }
}

// ---- Files -----------------------------------------------------------------------------------------------------

bool Project::FindFiles() {
  const Variable setting = variables_.Get("COMPOSE_FILE");
  if (!line_.files.empty()) {
    files_ = line_.files;
  } else if (setting.state == Variable::State::kUnset) {
    Discover();
  } else if (!SplitComposeFile(setting)) {
    return false;
  }
  for (std::string_view& file : files_) {
    file = IsLocal(file) && plugin::IsKnown(file) ? Absolute(file) : file;
  }
  return true;
}

bool Project::SplitComposeFile(const Variable& setting) {
  if (setting.text.empty()) {
    FailUnreadable({}, "COMPOSE_FILE is set to nothing, so no compose file can be found",
                   "Unset COMPOSE_FILE, or name the file with -f.");
  }
  const Variable separator = variables_.Get("COMPOSE_PATH_SEPARATOR");
  if (!plugin::IsKnown(setting.text) || !plugin::IsKnown(separator.text)) {
    loader_.AddUnseen({"COMPOSE_FILE", "it names the compose files, and its value is not known", {}});
    return false;
  }
  files_ = Split(setting.text, separator.text.empty() ? std::string_view(":") : separator.text);
  return true;
}

void Project::Discover() {
  const std::string_view start = line_.project_directory.empty() ? line_.cwd : Absolute(line_.project_directory);
  std::string_view folder = start;
  while (true) {
    if (DiscoverIn(folder)) {
      return;
    }
    if (folder.size() <= 1) {
      break;
    }
    folder = FolderOf(folder);
  }
  throw Failure{FailureRule::kUnreadable,
                "no compose file found in " + std::string(start) +
                    " or any parent folder (compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml)",
                "Run the command where the compose file is, or name the file with -f.",
                {}};
}

// True if the project is in `folder`.
bool Project::DiscoverIn(std::string_view folder) {
  const std::string_view found = FirstExisting(folder, kFileNames);
  if (!found.empty()) {
    files_.push_back(found);
    const std::string_view override_file = FirstExisting(folder, kOverrideNames);
    if (!override_file.empty()) {
      files_.push_back(override_file);
    }
  }
  if (line_.reader == Reader::kCompose) {
    return !files_.empty();
  }
  std::vector<std::string_view> all = Existing(folder, kPodmanFileNames);
  if (line_.reader == Reader::kEither && !files_.empty()) {
    for (const std::string_view file : all) {
      if (std::ranges::find(files_, file) == files_.end()) {
        loader_.AddUnseen({file, "whether this file counts depends on the program that podman starts", {}});
      }
    }
  } else {
    files_ = std::move(all);
  }
  return !files_.empty();
}

std::vector<std::string_view> Project::Existing(std::string_view folder, std::span<const std::string_view> names) {
  std::vector<std::string_view> existing;
  for (const std::string_view& name : names) {
    const std::string_view found = FirstExisting(folder, {&name, 1});
    if (!found.empty()) {
      existing.push_back(found);
    }
  }
  return existing;
}

std::string_view Project::FirstExisting(std::string_view folder, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    const std::string path = AbsolutePath(name, folder);
    sdp_path found{};
    if (host_.ResolvePath(path, folder, &found) == SDP_OK && (found.flags & SDP_PATH_EXISTS) != 0) {
      return arena_.Copy(path);
    }
  }
  return {};
}

std::vector<std::string_view> Project::WithoutUnseen() {
  std::vector<std::string_view> seen;
  for (const std::string_view file : files_) {
    if (!plugin::IsKnown(file)) {
      loader_.AddUnseen({file, "the name of this file depends on a variable that is not known", {}});
    } else if (loader_.IsUnseenStream(file)) {
      const bool is_standard_input = file == "-";
      loader_.AddUnseen(
          {is_standard_input ? "standard input" : file, "a project read from a stream cannot be checked before", {}});
    } else if (IsRemote(file)) {
      loader_.AddUnseen({file, "a project fetched from elsewhere cannot be checked before", {}});
    } else {
      seen.push_back(OpenedStream(file));
    }
  }
  return seen;
}

}  // namespace safe_docker::compose
