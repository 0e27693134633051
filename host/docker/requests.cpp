#include "docker/requests.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "docker/argument_effects.hpp"
#include "docker/arguments.hpp"
#include "docker/clients/raw_clients.hpp"
#include "docker/effects.hpp"
#include "docker/engine.hpp"
#include "docker/program_search.hpp"
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

// What a command reads or writes if it is told nothing else.
void AddDefaultPaths(const Invocation& invocation, Request* request) {
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
  if (const GivenOption* folder = LastOption(invocation, "project-directory")) {
    return CleanPath(folder->value, cwd);
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

// The files that the shell opens for the command's streams: with the rights of whoever types, not with the engine's.
void AddStreams(const CommandLine& line, Request* request) {
  const auto add = [request](sdp_effect_kind kind, const std::string& path, std::string_view sign) {
    if (path.empty() || !IsKnown(path)) {
      return;
    }
    AddOpenedPath(kind, path, "stream", {std::string(sign) + " " + path, {}, {}, 0, 0}, request);
    request->effects.back().options = "stream";
  };
  if (request->command != "login") {  // what a password stands in is read by docker alone
    add(SDP_EFFECT_READ_HOST_PATH, line.standard_input_file, "<");
  }
  add(SDP_EFFECT_WRITE_HOST_PATH, line.standard_output_file, ">");
}

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
  AddStreams(line, &request);
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

bool IsComposeConfig(std::span<const Word> words) {
  return ReadArguments(Command::Root(), words).command.path() == "compose config";
}

}  // namespace

std::vector<Word> AsComposeConfig(std::span<const Word> words) {
  const bool is_certain =
      std::all_of(words.begin(), words.end(), [](const Word& word) { return IsKnown(word.text) && !word.may_split; });
  if (!is_certain || words.empty() || words[0].text != "compose" || IsComposeConfig(words)) {
    return {};
  }
  // It is our command if it stands where compose has its own: `config` in its place would be that.
  for (std::size_t at = 1; at < words.size(); ++at) {
    if (words[at].text == "resolve") {
      std::vector<Word> as_config(words.begin(), words.end());
      as_config[at].text = "config";
      if (IsComposeConfig(as_config)) {
        return as_config;
      }
    }
  }
  return {};
}

bool MayReadProject(const std::vector<Word>& words) {
  return std::any_of(words.begin(), words.end(), [](const Word& word) {
    constexpr std::array<std::string_view, 4> kWords = {"stack", "bake", "f", "play"};
    constexpr std::array<std::string_view, 2> kNames = {"compose", "devcontainer"};
    return !IsKnown(word.text) || std::find(kWords.begin(), kWords.end(), word.text) != kWords.end() ||
           std::any_of(kNames.begin(), kNames.end(),
                       [&word](std::string_view name) { return word.text.find(name) != std::string::npos; });
  });
}

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
  if (program.is_own && own.count == 0) {
    plugin_call = AsComposeConfig(words);
    words = plugin_call.empty() ? words : plugin_call;
  }
  if (program.start == "compose") {
    plugin_call = AsPluginCall(words);
    words = plugin_call;
  } else if (!program.start.empty()) {
    start = *start.FindChild(program.start);
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
