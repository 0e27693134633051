// `safe-docker completion`: prints what makes a shell complete safe-docker's words.
#include <algorithm>
#include <iterator>

#include "commands/commands.hpp"
#include "commands/completion_places.hpp"
#include "commands/terminal.hpp"

namespace safe_docker::commands {
namespace {

struct Shell {
  std::string_view name;
  std::string (*script)(const std::vector<Place>& places);
};
constexpr Shell kShells[] = {{"bash", &BashCompletion}, {"zsh", &ZshCompletion}, {"fish", &FishCompletion}};

int Run(const Options& options) {
  const auto* const shell = options.words.empty()
                                ? std::end(kShells)
                                : std::find_if(std::begin(kShells), std::end(kShells),
                                               [&options](const Shell& each) { return each.name == options.words[0]; });
  if (shell == std::end(kShells)) {
    return RefuseArguments("completion: for which shell: bash, zsh or fish?");
  }
  Print(shell->script(Places(AllCommands())));
  return 0;
}

}  // namespace

Command Completion() {
  return {
      .manual = {.name = "completion",
                 .group = Group::kSettingUp,
                 .summary = "print the completions for bash, zsh or fish",
                 .usage = {"completion bash|zsh|fish"},
                 .description = {"Prints a script that completes safe-docker's commands and options in that shell. "
                                 "Where a docker command stands, docker's own completion is asked, if there is one. "
                                 "Packages have installed the scripts already.",
                                 "docker has a command of this name, too: completion powershell is handed on to it."},
                 .words = "bash|zsh|fish",
                 .most_words = 1,
                 .examples = {{"source <(safe-docker completion bash)", "For this bash; in ~/.bashrc for each."},
                              {"source <(safe-docker completion zsh)", "For zsh, behind compinit in ~/.zshrc."},
                              {"safe-docker completion fish > ~/.config/fish/completions/safe-docker.fish",
                               "For every fish."}},
                 .exit_codes = {{0, "printed"}, {2, "it was called wrongly"}},
                 .see_also = {"safe-docker-manual(1)"}},
      .run = &Run};
}

}  // namespace safe_docker::commands
