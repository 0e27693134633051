// `safe-docker audit`, which only has others below it, and what their tables have in common.
#include "commands/commands.hpp"

namespace safe_docker::commands {

Command Audit() {
  return {.manual = {
              .name = "audit",
              .group = Group::kLog,
              .summary = "what was decided: show, count, replay, verify",
              .usage = {"audit COMMAND [OPTIONS]"},
              .description = {"Reads the audit log of the configuration, with its rotated files. [audit] enabled = "
                              "true in config.toml switches it on."},
              .examples = {{"safe-docker audit show --since 1d --decision deny", "What was denied since yesterday."},
                           {"safe-docker audit stats --by image", "Which images are used, and how they are judged."}},
              .exit_codes = {{0, "the command did what it was asked to"},
                             {1, "what the command looks for was found; each says what that is"},
                             {2, "it was called wrongly, or the log cannot be read"}},
              .see_also = {"safe-docker-audit(7)"},
          }};
}

}  // namespace safe_docker::commands
