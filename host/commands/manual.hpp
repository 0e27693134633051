// What there is to say of a command, as one table: its options are parsed by it, and --help, the manual page, the
// completions of the shells and the list of all commands are written from it. So nothing is said of an option that does
// not exist, and no option exists of which nothing is said.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "commands/options.hpp"

namespace safe_docker::commands {

struct Example {
  std::string_view command;  // the whole line, as a person would type it
  std::string_view text;     // what it does, as a sentence
};

struct ExitCode {
  int code;
  std::string_view meaning;
};

// Under which heading `safe-docker --help` lists the command.
enum class Group : std::uint8_t { kJudging, kUnderstanding, kSettingUp, kConfiguring, kLog, kPlugins };

struct Manual {
  std::string_view name;  // behind "safe-docker": "audit show"; empty for safe-docker itself
  Group group = Group::kJudging;
  std::string_view summary;  // a phrase that begins in lower case, without a full stop; fits in a line of the list
  std::vector<std::string_view> usage = {};        // what stands behind "safe-docker", a line each
  std::vector<std::string_view> description = {};  // a paragraph each
  std::vector<OptionSpec> options = {};            // but --help, which all have
  // The words that it takes besides options: what they are called, as OptionSpec::value, and how many at most.
  std::string_view words = {};
  std::size_t most_words = 0;
  std::vector<Example> examples = {};
  std::vector<ExitCode> exit_codes = {};
  std::vector<std::string_view> see_also = {};  // other pages: "safe-docker-audit(7)"
};

constexpr std::size_t kAnyNumber = static_cast<std::size_t>(-1);

// The options of the manual and --help.
std::vector<OptionSpec> OptionsOf(const Manual& manual);

// What stands behind the command's name, read by its manual. Too many words are a problem, too.
Options ReadOptions(const Manual& manual, const std::vector<std::string>& arguments);

// What --help prints. `list`: the commands below it, if there are some.
std::string HelpText(const Manual& manual, std::string_view list);

// `text` as lines of at most `width` columns, each with `indent` blanks in front of it.
std::string Wrap(std::string_view text, std::size_t indent, std::size_t width);

}  // namespace safe_docker::commands
