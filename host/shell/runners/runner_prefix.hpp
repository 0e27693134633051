// Reads what stands between the name of a program that runs another and the command that it runs: options by the
// program's own grammar as getopt_long takes them, assignments, and operands such as the seconds of `timeout`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "command_line.hpp"
#include "runners.hpp"

namespace safe_docker::shell {

// An option that means something to the inner command. The texts are those of the row and of the words.
struct GivenOption {
  OptionRole role = OptionRole::kNone;
  std::string_view name;
  std::string_view value;
};

// What stands between a runner's name and its inner command.
struct Prefix {
  bool understood = true;
  std::size_t command = 0;  // where the inner command starts
  std::vector<GivenOption> options;
  std::vector<std::size_t> operands;  // the places of the words that are no options
  std::vector<std::pair<std::string, std::string>> assignments;

  // The last such option; null if there is none.
  const GivenOption* Find(OptionRole role) const;
  const GivenOption* Find(OptionRole role, std::string_view name) const;
  bool Has(OptionRole role) const { return Find(role) != nullptr; }
};

Prefix ReadPrefix(const Runner& runner, const std::vector<Word>& words);

// The words that env makes of the text of its -S, with unknown parts for variables. Nothing if env refuses it.
std::optional<std::vector<Word>> SplitLikeEnv(std::string_view text, const Word& origin);

}  // namespace safe_docker::shell
