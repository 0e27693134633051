#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "commands/commands.hpp"
#include "diagnostics.hpp"
#include "docker/requests.hpp"
#include "file_system.hpp"
#include "modes/door.hpp"
#include "modes/executable.hpp"

namespace safe_docker::commands {
namespace {

// Where the helper lies, seen from the folder above that of this executable.
std::string HelperPath() {
  std::string folder = modes::ExecutablePath();
  for (int level = 0; level < 2 && !folder.empty(); ++level) {
    folder.resize(folder.rfind('/'));
  }
  return folder + "/" SAFE_DOCKER_HELPER_SUBDIR "/compose-resolve";
}

// The request that docker would be asked with these words.
std::vector<docker::Request> ReadWords(const std::vector<std::string>& arguments) {
  CommandLine line;
  line.environment = modes::ProcessEnvironment();
  line.cwd = CurrentFolder(nullptr);
  const auto add = [&line](const std::string& text) {
    Word& word = line.words.emplace_back();
    word.text = text;
    word.written = text;
  };
  add("docker");
  std::for_each(arguments.begin(), arguments.end(), add);
  return docker::ReadCommandLine(line);
}

bool IsConfig(const std::vector<docker::Request>& requests) {
  return !requests.empty() && requests.front().command == "compose config";
}

int Refuse(const std::string& message) {
  diagnostics::Log(diagnostics::Level::kError, message);
  return 2;
}

}  // namespace

std::optional<int> ComposeResolve(const std::vector<std::string>& arguments) {
  const auto word = std::find(arguments.begin(), arguments.end(), "resolve");
  if (arguments.empty() || arguments.front() != "compose" || word == arguments.end()) {
    return std::nullopt;
  }
  // It is our command if it stands where compose has its own: `config` in its place would be that.
  std::vector<std::string> as_config = arguments;
  as_config[static_cast<std::size_t>(word - arguments.begin())] = "config";
  const std::vector<docker::Request> requests = ReadWords(as_config);
  if (!IsConfig(requests) || IsConfig(ReadWords(arguments))) {
    return std::nullopt;
  }
  const docker::Request& request = requests.front();
  for (const docker::Effect& effect : request.effects) {
    if (effect.kind == SDP_EFFECT_UNKNOWN) {
      return Refuse(effect.subject + ": " + effect.name);
    }
  }
  const std::string path = HelperPath();
  std::vector<std::string> words = {path};
  for (const docker::Option& option : request.options) {
    words.push_back("--" + option.name + "=" + option.value);
  }
  words.insert(words.end(), request.arguments.begin(), request.arguments.end());
  std::vector<char*> raw;
  for (std::string& each : words) {
    raw.push_back(each.data());
  }
  raw.push_back(nullptr);
  execv(path.c_str(), raw.data());
  return Refuse(path + " cannot be started: " + std::strerror(errno) +
                ". It comes with safe-docker: install it again.");
}

}  // namespace safe_docker::commands
