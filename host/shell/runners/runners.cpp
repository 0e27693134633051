#include "runners.hpp"

#include <algorithm>
#include <array>

#include "runner_prefix.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::array<std::string_view, 13> kShells = {"bash", "sh",   "dash", "ksh", "zsh",  "ash",  "rbash",
                                                      "mksh", "fish", "tcsh", "csh", "yash", "xonsh"};

template <typename Table>
bool IsIn(const Table& table, std::string_view word) {
  return std::find(table.begin(), table.end(), word) != table.end();
}

}  // namespace

bool RunsSubcommand(const Runner& runner, const std::vector<Word>& words) {
  if (runner.inner != Runner::Inner::kSubcommand || !runner.Has(Runner::kGenericElse)) {
    return true;
  }
  const Prefix prefix = ReadPrefix(runner, words);
  return !prefix.understood ||
         (prefix.command < words.size() && FindSubcommand(runner.name, words[prefix.command].text));
}

// With or without a version: bash-5.2, zsh5.
bool IsShell(std::string_view program) {
  const std::size_t end = program.find_last_not_of("0123456789.-");
  return end != std::string_view::npos && IsIn(kShells, program.substr(0, end + 1));
}

bool RunsArgumentText(std::string_view program) {
  constexpr std::array<std::string_view, 12> kNames = {"nix",    "onchange", "npm-run-all", "tcl",
                                                       "zellij", "byobu",    "sqlite3",     "psql",
                                                       "mysql",  "gnuplot",  "octave",      "m4"};
  return IsIn(kNames, program);
}

}  // namespace safe_docker::shell
