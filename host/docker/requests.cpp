#include "docker/requests.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "docker/arguments.hpp"
#include "docker/clients/raw_clients.hpp"
#include "docker/effects.hpp"
#include "docker/engine.hpp"
#include "docker/programs.hpp"
#include "file_system.hpp"

namespace safe_docker::docker {
namespace {

// Flags of which only the last counts.
bool OnlyLastCounts(FlagRole role) {
  constexpr std::array kRoles = {
      FlagRole::kPrivileged,   FlagRole::kPrivilegedExec, FlagRole::kPid,           FlagRole::kIpc,
      FlagRole::kUts,          FlagRole::kUserns,         FlagRole::kCgroupns,      FlagRole::kCgroupParent,
      FlagRole::kUseApiSocket, FlagRole::kRuntime,        FlagRole::kVolumeDriver,  FlagRole::kVolumeCreateDriver,
      FlagRole::kImage,        FlagRole::kBuildNetwork,   FlagRole::kReadDockerfile};
  return std::find(kRoles.begin(), kRoles.end(), role) != kRoles.end();
}

bool IsOverridden(const std::vector<GivenOption>& options, std::size_t index) {
  const FlagRole role = options[index].flag.role();
  return OnlyLastCounts(role) && std::any_of(options.begin() + static_cast<std::ptrdiff_t>(index) + 1, options.end(),
                                             [role](const GivenOption& later) { return later.flag.role() == role; });
}

// The written forms of the words from `first` on, joined.
std::string WrittenFrom(const std::vector<Word>& words, std::size_t first) {
  std::string written;
  for (std::size_t index = first; index < words.size(); ++index) {
    written += (index == first ? "" : " ") + words[index].written;
  }
  return written;
}

void AddInnerCommand(const std::vector<Word>& words, std::size_t first, std::string_view container, Request* request) {
  if (words.size() > first) {
    AddEffect(SDP_EFFECT_RUN_COMMAND, JoinWords(words, first), container, EvidenceOf(WrittenFrom(words, first)),
              request);
  }
}

// The command of a new container: the words behind the image, behind the entrypoint if one is given.
void AddContainerCommand(const Invocation& invocation, Request* request) {
  const GivenOption* entrypoint = LastOption(invocation, "entrypoint");
  if (entrypoint == nullptr || entrypoint->value.empty()) {
    return AddInnerCommand(invocation.arguments, 1, "", request);
  }
  std::vector<Word> words = invocation.arguments;
  words[0].text = entrypoint->value;
  words[0].written = entrypoint->written;
  AddInnerCommand(words, 0, "", request);
}

// docker cp takes a side for a path of the host if it is absolute, has no colon, or starts with a dot in front of one.
// One that starts with an unknown part may be anything.
bool MayBeLocalSide(std::string_view side) {
  return side.empty() || side[0] == '/' || side[0] == '.' || side[0] == kUnknownPart ||
         side.find(':') == std::string_view::npos;
}

void AddCopySide(const Word& word, bool is_source, Request* request) {
  if (word.text != "-" && MayBeLocalSide(word.text)) {
    AddOpenedPath(is_source ? SDP_EFFECT_READ_HOST_PATH : SDP_EFFECT_WRITE_HOST_PATH, word.text, "copy",
                  EvidenceOf(word.written), request);
  }
}

bool IsUrl(std::string_view text) { return text.starts_with("http://") || text.starts_with("https://"); }

// What bake takes for the address of a file elsewhere rather than for a target.
bool IsRemoteAddress(std::string_view text) {
  return text.find("://") != std::string_view::npos || text.starts_with("git@") || text.starts_with("github.com/");
}

// podman run --rootfs FOLDER[:OPTIONS]: the folder is the container's root, and what it writes stays there.
void AddRootFolder(std::string_view folder, const Evidence& evidence, Request* request) {
  Effect effect;
  effect.kind = SDP_EFFECT_MOUNT_HOST_PATH;
  effect.name = "rootfs";
  effect.target = "/";
  effect.evidence = evidence;
  const std::size_t colon = folder.rfind(':');
  effect.options = colon == std::string_view::npos ? std::string_view{} : folder.substr(colon + 1);
  ResolveEffectPath(folder.substr(0, colon), request->cwd, *request, &effect);
  request->effects.push_back(std::move(effect));
}

// The effects of the words that are no options.
void AddArgumentEffects(const Invocation& invocation, Request* request) {
  const std::vector<Word>& words = invocation.arguments;
  if (words.empty()) {
    return;
  }
  const Evidence first = EvidenceOf(words[0].written);
  switch (invocation.command.arguments()) {
    case ArgumentsRole::kNone:
    case ArgumentsRole::kName:
      break;
    case ArgumentsRole::kImageAndCommand:
      if (const GivenOption* rootfs = LastOption(invocation, "rootfs"); rootfs != nullptr && rootfs->value != "false") {
        AddRootFolder(words[0].text, first, request);
      } else {
        AddImage(words[0].text, "run", first, request);
      }
      AddContainerCommand(invocation, request);
      break;
    case ArgumentsRole::kContainerAndCommand:
      AddInnerCommand(words, 1, words[0].text, request);
      break;
    case ArgumentsRole::kImageAndDestination:
      if (words.size() > 1) {
        AddImageTransport(words[1].text, /*is_written=*/true, "push", EvidenceOf(words[1].written), request);
      }
      break;
    case ArgumentsRole::kImage:
      AddImage(words[0].text, "pull", first, request);
      break;
    case ArgumentsRole::kCopy:
      AddCopySide(words[0], /*is_source=*/true, request);
      if (words.size() > 1) {
        AddCopySide(words[1], /*is_source=*/false, request);
      }
      break;
    case ArgumentsRole::kBuildContext:
      AddBuildContext(words.back().text, EvidenceOf(words.back().written), request);
      break;
    case ArgumentsRole::kImport:
      if (IsUrl(words[0].text)) {
        AddEffect(SDP_EFFECT_FETCH, words[0].text, "image import", first, request);
      } else if (words[0].text != "-") {
        AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, words[0].text, "image", first, request);
      }
      break;
    case ArgumentsRole::kFile:
      for (const Word& word : words) {
        if (word.text != "-" && !IsUrl(word.text)) {
          AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, word.text, "input", EvidenceOf(word.written), request);
        }
      }
      break;
    case ArgumentsRole::kOutput:
      AddOpenedPath(SDP_EFFECT_WRITE_HOST_PATH, words[0].text, "output", first, request);
      break;
    case ArgumentsRole::kBuilderEndpoint:
      AddBuilderEndpoint(words[0].text, first, request);
      break;
    case ArgumentsRole::kBake:
      // Files that are here are held by buildx to what lies below the working folder, unless --allow says otherwise.
      if (IsRemoteAddress(words[0].text)) {
        AddEffect(SDP_EFFECT_RUN_CODE, words[0].text, "remote bake file", first, request);
      }
      break;
    case ArgumentsRole::kNameAndFile:
    case ArgumentsRole::kNameAndOutput:
      if (words.size() > 1 && words[1].text != "-") {
        const bool reads = invocation.command.arguments() == ArgumentsRole::kNameAndFile;
        AddOpenedPath(reads ? SDP_EFFECT_READ_HOST_PATH : SDP_EFFECT_WRITE_HOST_PATH, words[1].text,
                      reads ? "input" : "output", EvidenceOf(words[1].written), request);
      }
      break;
  }
}

// What a command reads or writes if it is told nothing else.
void AddDefaultPaths(const Invocation& invocation, Request* request) {
  if (request->command == "buildx bake") {
    // A bake file may send anything below the working folder to the builder without a question.
    AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, ".", "build context", request->evidence, request);
  }
  if (request->command == "compose bridge convert" && LastOption(invocation, "output") == nullptr) {
    AddWipedFolder("./out", request->evidence, request);
  }
}

// What belongs to a compose project says to which, if the options name it.
void NameProject(const Invocation& invocation, Request* request) {
  const GivenOption* project = LastOption(invocation, "project-name");
  for (Effect& effect : request->effects) {
    if (project != nullptr && effect.kind == SDP_EFFECT_DESTROY &&
        effect.options.find("project") != std::string::npos) {
      effect.subject = project->value;
    }
  }
}

// volume create -o type=… -o o=… -o device=…: only together do they say what is mounted.
void AddVolumeCreateOptions(const Invocation& invocation, Request* request) {
  std::string type, options, device, written;
  for (const GivenOption& option : invocation.options) {
    if (option.flag.role() != FlagRole::kVolumeOpt) {
      continue;
    }
    written += (written.empty() ? "" : " ") + option.written;
    const std::size_t equals = option.value.find('=');
    const std::string_view key = std::string_view(option.value).substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : option.value.substr(equals + 1);
    if (key == "type") {
      type = value;
    } else if (key == "device") {
      device = value;
    } else if (key == "o") {
      options = value;
    }
  }
  if (!written.empty()) {
    AddVolumeDriverOptions(type, options, device, "", EvidenceOf(written), request);
  }
}

// True if `name` is there as an executable file in the folder `entry` of PATH.
bool HasProgram(std::string_view entry, std::string_view cwd, std::string_view name, PathResolver* paths) {
  const bool is_known = IsKnown(entry) && (entry.starts_with('/') || IsKnown(cwd));
  return is_known && !cwd.empty() &&
         paths->Resolve(std::string(entry) + "/" + std::string(name), cwd).kind != ResolvedPath::Kind::kMissing;
}

// The first folder of a PATH that has a program of this name; empty if none that is known has.
std::string FolderOfProgram(std::string_view path, std::string_view name, const Request& request) {
  while (!path.empty()) {
    const std::size_t colon = path.find(':');
    const std::string_view entry = path.substr(0, colon);
    if (HasProgram(entry.empty() ? "." : entry, request.cwd, name, request.paths.get())) {
      return std::string(entry.empty() ? "." : entry);
    }
    path = colon == std::string_view::npos ? std::string_view{} : path.substr(colon + 1);
  }
  return {};
}

// A PATH that the judged text has changed may lead to another program of the same name, or to one that is put there
// first: a folder that the search starts with and that is not absolute can be filled by anyone.
void AddOtherPath(const CommandLine& line, Request* request) {
  const auto change = line.environment.changes().find("PATH");
  if (change == line.environment.changes().end() || line.words[0].text.find('/') != std::string::npos) {
    return;
  }
  const std::string& path = change->second.value;
  const std::string found = FolderOfProgram(path, request->program, *request);
  const std::string usual = FolderOfProgram(line.environment.GetInherited("PATH").value, request->program, *request);
  const bool starts_here = !path.empty() && path[0] != '/' && path[0] != kUnknownPart;
  if (starts_here || found != usual) {
    AddEffect(SDP_EFFECT_RUN_CODE, starts_here ? path.substr(0, path.find(':')) : found, "docker from another PATH",
              EvidenceOf("PATH=" + path), request);
  }
}

// Variables that the judged text itself gave the command and that work like a flag.
void AddVariableEffects(const CommandLine& line, Request* request) {
  for (const auto& [name, variable] : line.environment.changes()) {
    const std::optional<Flag> flag = Command::Variables(FindProgram(request->program).dialect).FindFlag(name);
    if (!flag || variable.state == Variable::State::kUnset ||
        (variable.state == Variable::State::kKnown && variable.value.empty())) {
      continue;
    }
    const std::string value = variable.state == Variable::State::kKnown ? variable.value : std::string(1, kUnknownPart);
    AddFlagEffects(*flag, value, EvidenceOf(name + "=" + variable.value), request);
  }
}

void AddEngine(const Engine& engine, bool reaches_host, Request* request) {
  const bool is_doubtful = !engine.problem.empty() && reaches_host;
  if (is_doubtful) {
    AddUnknown("the engine that this reaches", engine.problem, request->evidence, request);
  }
  request->engine = engine.endpoint;
  request->flags |= engine.is_remote ? static_cast<std::uint32_t>(SDP_REQUEST_REMOTE_ENGINE) : 0U;
  AddEffect(SDP_EFFECT_USE_ENGINE, engine.endpoint, engine.chosen_by, request->evidence, request);
  if (engine.is_other && !is_doubtful) {
    AddEffect(SDP_EFFECT_SET_OPTION, engine.endpoint, "engine", request->evidence, request);
  }
}

// What cannot be read for certain is an unknown effect.
void AddDoubts(const Invocation& invocation, const Program& program, Request* request) {
  for (const Doubt& doubt : invocation.doubts) {
    request->flags |= SDP_REQUEST_INCOMPLETE;
    const Evidence evidence = doubt.written.empty() ? request->evidence : EvidenceOf(doubt.written);
    if (doubt.is_refusal) {
      Refuse(doubt.what, evidence, request);
    } else {
      AddUnknown(doubt.what, "it may give the container access to the host", evidence, request);
    }
  }
  // A plugin of that name is run even to print its help.
  const bool has_no_command = invocation.command.has_children() && !invocation.arguments.empty() &&
                              (!invocation.prints_help || invocation.command == Command::Root());
  if (has_no_command && invocation.doubts.empty()) {
    const Word& word = invocation.arguments[0];
    const std::string level(invocation.command.path());
    AddUnknown(
        "the command '" + std::string(program.name) + (level.empty() ? " " : " " + level + " ") + word.written + "'",
        program.dialect == Dialect::kDocker ? "docker may run a program of that name" : "nobody can tell what it does",
        EvidenceOf(word.written), request);
  }
}

// The folder of the compose project that the options name; empty if they name none.
std::string ProjectFolder(const Invocation& invocation, const std::string& cwd) {
  // --workdir in front of the subcommand is another name of --project-directory; run has one of its own.
  const Command compose = *Command::Find("compose");
  for (auto option = invocation.options.rbegin(); option != invocation.options.rend(); ++option) {
    const std::optional<Flag> global = compose.FindFlag(option->flag.name());
    const bool is_folder = option->flag.name() == "project-directory" ||
                           (option->flag.name() == "workdir" && global && *global == option->flag);
    if (is_folder) {
      return CleanPath(option->value, cwd);
    }
  }
  for (const GivenOption& option : invocation.options) {
    if (option.flag.name() == "file" && option.value != "-") {
      return CleanPath(option.value + "/..", cwd);
    }
  }
  return {};
}

// A relative path of compose run -v counts from the working folder or from the project's, depending on the version:
// both are looked at.
void AddProjectVolume(const GivenOption& option, const std::string& folder, Request* request) {
  if (request->command != "compose run" || option.flag.role() != FlagRole::kVolume || !option.value.starts_with('.') ||
      folder.empty() || folder == request->cwd) {
    return;
  }
  const std::string cwd = std::exchange(request->cwd, folder);
  AddFlagEffects(option.flag, option.value, EvidenceOf(option.written), request);
  request->cwd = cwd;
}

// Options that read files or run code do so even if only help is printed.
bool MattersInHelp(const GivenOption& option) { return option.flag.role() == FlagRole::kClientConfig; }

Request MakeRequest(const CommandLine& line, const Program& program, const Invocation& invocation) {
  Request request = StartRequest(line, program.name);
  // docker takes $PWD for the working folder if it is the same one, and ".." of it may be another.
  request.cwd = line.environment.changes().contains("PWD") ? std::string(1, kUnknownPart) : line.cwd;
  request.command = invocation.command.path();
  request.needs_expansion = invocation.command.expands() && !invocation.prints_help;
  AddDoubts(invocation, program, &request);
  for (const GivenOption& option : invocation.options) {
    request.options.push_back({std::string(option.flag.name()), option.value, option.written});
  }
  for (std::size_t index = 0; index < invocation.options.size(); ++index) {
    const GivenOption& option = invocation.options[index];
    if ((!invocation.prints_help || MattersInHelp(option)) && !IsOverridden(invocation.options, index)) {
      AddFlagEffects(option.flag, option.value, EvidenceOf(option.written), &request);
      AddProjectVolume(option, ProjectFolder(invocation, line.cwd), &request);
    }
  }
  if (!invocation.prints_help) {
    for (const Word& word : invocation.arguments) {
      request.arguments.push_back(word.text);
    }
    AddArgumentEffects(invocation, &request);
    AddCommandEffects(invocation.command, invocation.arguments, &request);
    AddVolumeCreateOptions(invocation, &request);
    AddDefaultPaths(invocation, &request);
    NameProject(invocation, &request);
  }
  AddVariableEffects(line, &request);
  AddOtherPath(line, &request);
  AddEngine(FindEngine(invocation, line.environment), invocation.command.reaches_host(), &request);
  return request;
}

// True if both readings have the same options with the same meaning, and the same arguments.
bool SameEffects(const Invocation& left, const Invocation& right) {
  return std::equal(left.options.begin(), left.options.end(), right.options.begin(), right.options.end(),
                    [](const GivenOption& one, const GivenOption& other) {
                      return one.flag.name() == other.flag.name() && one.flag.role() == other.flag.role() &&
                             one.value == other.value;
                    }) &&
         std::equal(left.arguments.begin(), left.arguments.end(), right.arguments.begin(), right.arguments.end(),
                    [](const Word& one, const Word& other) { return one.text == other.text; });
}

// docker build is buildx or, where that is missing or switched off, the classic builder with flags of its own. Where
// the environment does not say which, both are looked at, unless one of them would refuse the line.
std::vector<Invocation> ReadAsAnyBuilder(Command start, std::span<const Word> words, const Environment& environment) {
  std::vector<Invocation> readings;
  readings.push_back(ReadArguments(start, words));
  Invocation classic = ReadArguments(start, words, /*classic=*/true);
  if (classic.command == readings[0].command) {
    return readings;
  }
  const Variable buildkit = environment.Get("DOCKER_BUILDKIT");
  const std::optional<bool> wanted =
      buildkit.state == Variable::State::kKnown ? ParseBool(buildkit.value) : std::nullopt;
  const bool only_classic = wanted == false || !readings[0].doubts.empty();
  const bool only_buildx = wanted == true || !classic.doubts.empty() || SameEffects(readings[0], classic);
  if (only_classic && classic.doubts.empty()) {
    readings[0] = std::move(classic);
  } else if (!only_buildx) {
    readings.push_back(std::move(classic));
  }
  return readings;
}

}  // namespace

std::vector<Request> ReadCommandLine(const CommandLine& line) {
  if (line.words.empty()) {
    return {};
  }
  if (IsRawClient(BaseName(line.words[0].text))) {
    return ReadRawClient(line);
  }
  const Program& program = FindProgram(BaseName(line.words[0].text));
  std::span<const Word> words = std::span(line.words).subspan(1);
  OwnWords own;
  if (program.is_own) {
    own = ReadOwnWords(words);
    if (!own.runs_docker) {
      return {};
    }
    words = words.subspan(own.count);
  }
  std::vector<Word> plugin_call;
  Command start = Command::Root(program.dialect);
  if (program.start == "compose") {
    plugin_call = AsPluginCall(words);
    words = plugin_call;
  } else if (!program.start.empty()) {
    start = *Command::Find(program.start);
  }
  std::vector<Request> requests;
  for (const Invocation& invocation : ReadAsAnyBuilder(start, words, line.environment)) {
    requests.push_back(MakeRequest(line, program, invocation));
  }
  if (own.docker_path != nullptr) {
    AddEffect(SDP_EFFECT_RUN_CODE, own.docker_path->text, "another docker", EvidenceOf(own.docker_path->written),
              &requests.front());
  }
  return requests;
}

}  // namespace safe_docker::docker
