// The program behind safe-docker's own commands: what a person types besides docker commands. It lies among the
// helpers; safe-docker becomes it.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "commands/commands.hpp"
#include "commands/terminal.hpp"
#include "guard.hpp"
#include "policy/suggestion.hpp"

namespace {

using namespace safe_docker;
using commands::Command;

// For the commands that look at plugins, which may crash or hang.
constexpr std::chrono::milliseconds kDeadline{8000};

// `--check-config`, also behind `--config PATH`, is what check-config was called first.
std::vector<std::string> WithCheckConfigInFront(std::vector<std::string> arguments) {
  const auto found = std::find(arguments.begin(), arguments.end(), "--check-config");
  if (found != arguments.end() && !arguments.empty() && arguments[0].starts_with("--")) {
    arguments.erase(found);
    arguments.insert(arguments.begin(), "check-config");
  }
  return arguments;
}

// How many of `arguments` are the words of `name`; nothing if it is another command's.
std::optional<std::size_t> CountWords(std::string_view name, const std::vector<std::string>& arguments) {
  std::size_t count = 0;
  while (!name.empty()) {
    const std::string_view word = name.substr(0, name.find(' '));
    if (count == arguments.size() || arguments[count] != word) {
      return std::nullopt;
    }
    name.remove_prefix(std::min(name.size(), word.size() + 1));
    ++count;
  }
  return count;
}

// That whose name has the most words that are there: "audit show" rather than "audit", safe-docker itself if there is
// no other.
struct Call {
  const Command* command = nullptr;
  std::vector<std::string> arguments;  // those behind the name
};
Call FindCommand(const std::vector<Command>& all, const std::vector<std::string>& arguments) {
  Call call;
  std::size_t most = 0;
  for (const Command& each : all) {
    const std::optional<std::size_t> count = CountWords(each.manual.name, arguments);
    if (count && (call.command == nullptr || *count > most)) {
      call.command = &each;
      most = *count;
    }
  }
  call.arguments.assign(arguments.begin() + static_cast<std::ptrdiff_t>(most), arguments.end());
  return call;
}

// "safe-docker audit show"
std::string FullName(const Command& command) {
  return "safe-docker" + (command.manual.name.empty() ? "" : " " + std::string(command.manual.name));
}

// A command that only has others below it was given a word that is none of them.
int RefuseWord(const std::vector<Command>& all, const Command& command, const std::string& word) {
  const std::string front = command.manual.name.empty() ? "" : std::string(command.manual.name) + " ";
  std::vector<std::string_view> names;
  for (const Command& each : all) {
    if (each.manual.name.starts_with(front)) {
      names.push_back(each.manual.name.substr(front.size()));
    }
  }
  const std::string_view nearest = policy::Nearest(word, names);
  return commands::RefuseArguments((command.manual.name.empty() ? "safe-docker" : std::string(command.manual.name)) +
                                   " has no command '" + word + "'" +
                                   (nearest.empty() ? "; `" + FullName(command) + " --help` lists them"
                                                    : ", did you mean " + std::string(nearest) + "?"));
}

int Run(const std::vector<Command>& all, const Call& call) {
  const Command& command = *call.command;
  if (command.run == nullptr && !call.arguments.empty() && !call.arguments[0].starts_with('-')) {
    return RefuseWord(all, command, call.arguments[0]);
  }
  const commands::Options options = ReadOptions(command.manual, call.arguments);
  if (options.Has("--help") || (command.run == nullptr && options.problem.empty())) {
    const commands::Terminal terminal = commands::Terminal::OfOutput();
    commands::Print(PaintHeadings(HelpText(command.manual, ListOf(all, command.manual)), terminal));
    return 0;
  }
  if (!options.problem.empty()) {
    return commands::RefuseArguments((command.manual.name.empty() ? "" : std::string(command.manual.name) + ": ") +
                                     options.problem + (options.problem.ends_with('?') ? " `" : "; `") +
                                     FullName(command) + " --help` shows how it is used");
  }
  if (command.is_watched) {
    guard::Install(guard::Answer::kWrapper, kDeadline);
  }
  return command.run(options);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments = WithCheckConfigInFront({argv + (argc > 0 ? 1 : 0), argv + argc});
  const std::vector<Command> all = commands::AllCommands();
  const int code = Run(all, FindCommand(all, arguments));
  // Half an answer is none, whatever it says.
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    return commands::RefuseArguments(std::string("the output could not be written: ") + std::strerror(errno));
  }
  return code;
}
