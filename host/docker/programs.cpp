#include "docker/programs.hpp"

#include <algorithm>

namespace safe_docker::docker {
namespace {

// The first is what any other name stands for: a docker under another name.
constexpr Program kPrograms[] = {
    {"docker", "", true, false},
    {"docker.exe", "", true, false},
    {"docker-compose", "compose", true, false},
    {"docker-buildx", "buildx", true, false},
    {"podman", "", false, false},
    {"nerdctl", "", false, false},
    {"podman-compose", "compose", false, false},
    {"safe-docker", "", true, true},
};

// Flags that docker-compose takes in front and hands to docker itself.
bool IsConnectionFlag(const Word& word, bool* takes_value) {
  constexpr std::string_view kWithValue[] = {"--host",      "-H",          "--context", "-c",
                                             "--log-level", "--tlscacert", "--tlscert", "--tlskey"};
  constexpr std::string_view kSwitches[] = {"--debug", "-D", "--tls", "--tlsverify"};
  const std::string_view name = std::string_view(word.text).substr(0, word.text.find('='));
  *takes_value = std::find(std::begin(kWithValue), std::end(kWithValue), name) != std::end(kWithValue) &&
                 name.size() == word.text.size();
  return std::find(std::begin(kWithValue), std::end(kWithValue), name) != std::end(kWithValue) ||
         std::find(std::begin(kSwitches), std::end(kSwitches), name) != std::end(kSwitches);
}

}  // namespace

const Program& FindProgram(std::string_view name) {
  const auto* found = std::find_if(std::begin(kPrograms), std::end(kPrograms),
                                   [name](const Program& program) { return program.name == name; });
  return found != std::end(kPrograms) ? *found : kPrograms[0];
}

std::vector<Word> AsPluginCall(std::span<const Word> words) {
  std::vector<Word> front, back;
  Word compose;
  compose.text = compose.written = "compose";
  back.push_back(compose);
  std::size_t at = 0;
  for (; at < words.size() && words[at].text.starts_with('-'); ++at) {
    bool takes_value = false;
    const bool is_connection = IsConnectionFlag(words[at], &takes_value);
    std::vector<Word>& side = is_connection ? front : back;
    side.push_back(words[at]);
    const std::optional<Command> level = Command::Find("compose");
    const std::string_view text = words[at].text;
    const std::optional<Flag> flag = text.starts_with("--") ? level->FindFlag(text.substr(2))
                                     : text.size() == 2     ? level->FindShortFlag(text[1])
                                                            : std::nullopt;
    if ((takes_value || (!is_connection && flag && !flag->is_switch())) && at + 1 < words.size()) {
      side.push_back(words[++at]);
    }
  }
  back.insert(back.end(), words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
  front.insert(front.end(), back.begin(), back.end());
  return front;
}

OwnWords ReadOwnWords(std::span<const Word> words) {
  constexpr std::string_view kCommands[] = {"hook", "plugins", "--check-config", "--help", "-h", "--version"};
  OwnWords own;
  // `plugins` is a command of its own only by itself; with words behind it everything is docker's.
  const bool is_own = !words.empty() && (words[0].text != "plugins" || words.size() == 1) &&
                      std::find(std::begin(kCommands), std::end(kCommands), words[0].text) != std::end(kCommands);
  own.runs_docker = !words.empty() && !is_own;
  for (; own.count < words.size(); ++own.count) {
    const Word& word = words[own.count];
    if (word.text == "--docker-path" && own.count + 1 < words.size()) {
      own.docker_path = &words[++own.count];
    } else if (word.text.starts_with("--docker-path=")) {
      own.docker_path = &word;
    } else if (word.text != "--dry-run" && word.text != "--verbose") {
      break;
    }
  }
  return own;
}

std::vector<std::string> ProgramNames() {
  std::vector<std::string> names;
  for (const Program& program : kPrograms) {
    names.emplace_back(program.name);
  }
  return names;
}

}  // namespace safe_docker::docker
