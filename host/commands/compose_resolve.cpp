#include <algorithm>
#include <iterator>

#include "commands/commands.hpp"
#include "diagnostics.hpp"
#include "docker/requests.hpp"
#include "file_system.hpp"
#include "modes/door.hpp"
#include "modes/executable.hpp"

namespace safe_docker::commands {
namespace {

Word Written(const std::string& text) {
  Word word;
  word.text = text;
  word.written = text;
  return word;
}

int Refuse(const std::string& message) {
  diagnostics::Log(diagnostics::Level::kError, message);
  return 2;
}

}  // namespace

std::optional<int> ComposeResolve(const std::vector<std::string>& arguments) {
  std::vector<Word> given;
  std::transform(arguments.begin(), arguments.end(), std::back_inserter(given), Written);
  const std::vector<Word> as_config = docker::AsComposeConfig(given);
  if (as_config.empty()) {
    return std::nullopt;
  }
  CommandLine line;
  line.environment = modes::ProcessEnvironment();
  line.cwd = CurrentFolder(nullptr);
  line.words = {Written("docker")};
  line.words.insert(line.words.end(), as_config.begin(), as_config.end());
  const std::vector<docker::Request> requests = docker::ReadCommandLine(line);
  if (requests.empty()) {
    return std::nullopt;
  }
  const docker::Request& request = requests.front();
  if (std::any_of(request.options.begin(), request.options.end(),
                  [](const docker::Option& option) { return option.name == "help"; })) {
    return Refuse(modes::BecomeHelper("commands", {"compose", "resolve", "--help"}));
  }
  for (const docker::Effect& effect : request.effects) {
    if (effect.kind == SDP_EFFECT_UNKNOWN) {
      return Refuse(effect.subject + ": " + effect.name);
    }
  }
  std::vector<std::string> words;
  for (const docker::Option& option : request.options) {
    words.push_back("--" + option.name + "=" + option.value);
  }
  words.insert(words.end(), request.arguments.begin(), request.arguments.end());
  return Refuse(modes::BecomeHelper("compose-resolve", words));
}

}  // namespace safe_docker::commands
