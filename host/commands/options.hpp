// Reads what stands behind one of safe-docker's own commands, by a table of the options that it has. An option may be
// given several times, with its value behind "=" or as the next word; "--" ends them. What the table does not know is a
// problem that names the nearest one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace safe_docker::commands {

// One row: what the option is called, what it wants, and what --help and the manual page say of it.
struct OptionSpec {
  std::string_view name;  // with its dashes: "--json"
  // What its value is called: "N". "PATH", "FILE" and "FOLDER" are completed as such; words with bars between them are
  // all that there are: "hook|wrapper". Empty: it takes none.
  std::string_view value = {};
  std::string_view text = {};        // a phrase that begins in lower case, without a full stop
  std::string_view short_name = {};  // "-f"
  std::string_view heading = {};     // stands above this row and those behind it
  bool takes_all_behind = false;     // all words behind it are not options, as behind "--"

  bool takes_value() const { return !value.empty() && !takes_all_behind; }
};

struct Options {
  std::vector<std::pair<std::string, std::string>> given;  // in order; the long name as in the table
  std::vector<std::string> words;                          // everything else
  std::string problem;                                     // one line for people; empty if all could be read

  bool Has(std::string_view name) const;
  // The value that was given last.
  std::optional<std::string> Last(std::string_view name) const;
  std::vector<std::string> All(std::string_view name) const;
};

Options ReadOptions(std::span<const OptionSpec> known, const std::vector<std::string>& arguments);

// Says on standard error that a command was called wrongly, and returns the exit code for that.
int RefuseArguments(const std::string& message);

}  // namespace safe_docker::commands
