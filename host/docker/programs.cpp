#include "docker/programs.hpp"

#include <algorithm>
#include <optional>

#include "file_system.hpp"
#include "own_commands.hpp"

namespace safe_docker::docker {
namespace {

// The first is what any other name stands for: a docker under another name.
constexpr Program kPrograms[] = {
    {"docker", ""},
    {"docker.exe", ""},
    {"com.docker.cli", ""},
    {"docker-compose", "compose"},
    {"docker-buildx", "buildx"},
    {"podman", "", Dialect::kPodman},
    {"podman-remote", "", Dialect::kPodman},
    {"podman-compose", "compose", Dialect::kPodman},
    {"nerdctl", "", Dialect::kNerdctl},
    {"nerdctl.lima", "", Dialect::kNerdctl},
    {"finch", "", Dialect::kNerdctl},
    {"devcontainer", "devcontainer", Dialect::kDevcontainer},
    {"lima", "", Dialect::kNerdctl, /*is_own=*/false, /*is_virtual_machine=*/true},
    {"limactl", "", Dialect::kNerdctl, /*is_own=*/false, /*is_virtual_machine=*/true},
    {"colima", "", Dialect::kNerdctl, /*is_own=*/false, /*is_virtual_machine=*/true},
    {"safe-docker", "", Dialect::kDocker, /*is_own=*/true},
};

// How a program runs a command in a virtual machine.
struct MachineCall {
  std::string_view program;
  std::string_view subcommand;  // empty: it needs none
  std::size_t names = 0;        // words in front of the command that are no options
  std::string_view runs = {};   // the command that the words belong to; empty: it is the first of them
};
constexpr MachineCall kMachineCalls[] = {
    {"lima", ""},
    {"limactl", "shell", /*names=*/1},
    {"colima", "ssh"},
    {"colima", "exec"},
    {"colima", "x"},
    {"colima", "nerdctl", 0, "nerdctl"},
    {"colima", "n", 0, "nerdctl"},
};

constexpr std::string_view kMachineValueOptions[] = {"--shell",      "--workdir", "--log-level",
                                                     "--log-format", "--profile", "-p"};
constexpr std::string_view kMachineSwitches[] = {"--debug",   "--tty", "--preserve-env", "--reconnect", "--start", "-y",
                                                 "--verbose", "-v",    "--very-verbose"};

template <std::size_t kCount>
bool IsIn(const std::string_view (&list)[kCount], std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

// The place behind the options of a virtual machine's program; nothing if one is not known.
std::optional<std::size_t> SkipMachineOptions(std::span<const Word> words, std::size_t at) {
  for (; at < words.size() && words[at].text.starts_with('-'); ++at) {
    const std::string_view text = words[at].text;
    const std::string_view name = text.substr(0, text.find('='));
    if (text == "--") {
      return at + 1;
    }
    if (IsIn(kMachineValueOptions, name)) {
      at += name.size() == text.size() ? 1 : 0;
    } else if (!IsIn(kMachineSwitches, name)) {
      return std::nullopt;
    }
  }
  return std::min(at, words.size());
}

bool IsNameLetter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
}

// True if `name` stands in `text` as a word of its own.
bool Mentions(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !IsNameLetter(text[at - 1])) && (end == text.size() || !IsNameLetter(text[end]))) {
      return true;
    }
  }
  return false;
}

// True if one of the words names a tool that reaches an engine.
bool MayReachEngine(std::span<const Word> words) {
  return std::any_of(words.begin(), words.end(), [](const Word& word) { return NamesEngineTool(word.text); });
}

// The row of a program by its base name; null if it has none.
const Program* FindRow(std::string_view name) {
  const auto* found = std::find_if(std::begin(kPrograms), std::end(kPrograms),
                                   [name](const Program& program) { return program.name == name; });
  return found != std::end(kPrograms) ? found : nullptr;
}

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

bool NamesEngineTool(std::string_view text) {
  constexpr std::string_view kTools[] = {"docker", "podman", "nerdctl", "finch", "ctr", "crictl", "runc", "buildctl"};
  return std::any_of(std::begin(kTools), std::end(kTools),
                     [text](std::string_view tool) { return Mentions(text, tool); });
}

const Program& FindProgram(std::string_view name) {
  const Program* found = FindRow(name);
  return found != nullptr ? *found : kPrograms[0];
}

InnerCall ReadInnerCall(const Program& program, std::span<const Word> words) {
  InnerCall unread;
  unread.is_unread = MayReachEngine(words);
  std::optional<std::size_t> at = SkipMachineOptions(words, 0);
  if (!at || *at == words.size()) {
    return unread;
  }
  for (const MachineCall& call : kMachineCalls) {
    if (call.program != program.name || (!call.subcommand.empty() && call.subcommand != words[*at].text)) {
      continue;
    }
    at = SkipMachineOptions(words, *at + (call.subcommand.empty() ? 0 : 1));
    at = at ? SkipMachineOptions(words, *at + call.names) : at;
    if (!at || *at >= words.size()) {
      return unread;
    }
    InnerCall inner;
    inner.words.assign(words.begin() + static_cast<std::ptrdiff_t>(*at), words.end());
    if (!call.runs.empty()) {
      Word runs;
      runs.text = runs.written = call.runs;
      inner.words.insert(inner.words.begin(), std::move(runs));
    }
    const Program* row = FindRow(BaseName(inner.words[0].text));
    if (row != nullptr && !row->is_virtual_machine && !row->is_own) {
      return inner;
    }
    unread.is_unread = unread.is_unread || row != nullptr || !IsKnown(inner.words[0].text);
    return unread;
  }
  return unread;
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
    if ((takes_value || (!is_connection && flag && flag->takes_next_word())) && at + 1 < words.size()) {
      side.push_back(words[++at]);
    }
  }
  back.insert(back.end(), words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
  front.insert(front.end(), back.begin(), back.end());
  return front;
}

OwnWords ReadOwnWords(std::span<const Word> words) {
  OwnWords own;
  const bool is_own = !words.empty() && FindOwnCommand(words[0].text, words.size() > 1 ? words[1].text : "") != nullptr;
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
