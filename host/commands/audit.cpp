#include "commands/audit.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string_view>

#include "commands/commands.hpp"
#include "diagnostics.hpp"
#include "policy/suggestion.hpp"

namespace safe_docker::commands {
namespace {

struct Subcommand {
  std::string_view name;
  int (*run)(const std::vector<std::string>& arguments);  // those behind the subcommand's name
  std::string_view usage;                                 // its options and what it does, in two columns
};
constexpr Subcommand kSubcommands[] = {
    {"anomalies", &AuditAnomalies, "anomalies [FILTERS] [--json]      commands that do what their project never did"},
    {"baseline", &AuditBaseline, "baseline [FILTERS] [-o FILE]      what the commands of each project do"},
    {"head", &AuditHead, "head [FILE]                       print the hash of the last record"},
    {"replay", &AuditReplay, "replay [--config NEW] [FILTERS]   which past decisions a configuration would change"},
    {"show", &AuditShow, "show [-f] [--last N] [FILTERS]    print what was decided"},
    {"stats", &AuditStats, "stats [--by PROPERTY] [FILTERS]   count decisions by rule, image, project, day, ..."},
    {"suggest", &AuditSuggest, "suggest [FILTERS]                 exceptions for what was asked about again and again"},
    {"tail", &AuditTail, "tail [FILTERS]                    print what is decided from now on"},
    {"verify", &AuditVerify, "verify [--head HASH] [FILE]       check that nothing is missing or was changed"},
};

int PrintUsage() {
  std::string text = "Usage: safe-docker audit COMMAND\n\n";
  for (const Subcommand& each : kSubcommands) {
    text += "  " + std::string(each.usage) + "\n";
  }
  text +=
      "\nEach has --help, and takes --config PATH and --json. Without a FILE it is the log of the configuration "
      "([audit] jsonl_path).\n";
  std::fputs(text.c_str(), stdout);
  return 0;
}

}  // namespace

int Audit(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h") {
    return PrintUsage();
  }
  const auto* found = std::find_if(std::begin(kSubcommands), std::end(kSubcommands),
                                   [&](const Subcommand& each) { return each.name == arguments[0]; });
  if (found != std::end(kSubcommands)) {
    return found->run({arguments.begin() + 1, arguments.end()});
  }
  std::vector<std::string_view> names;
  std::transform(std::begin(kSubcommands), std::end(kSubcommands), std::back_inserter(names),
                 [](const Subcommand& each) { return each.name; });
  const std::string_view nearest = policy::Nearest(arguments[0], names);
  diagnostics::Log(diagnostics::Level::kError, "audit has no command '" + arguments[0] + "'" +
                                                   (nearest.empty() ? "; `safe-docker audit --help` lists them"
                                                                    : ", did you mean " + std::string(nearest) + "?"));
  return 2;
}

}  // namespace safe_docker::commands
