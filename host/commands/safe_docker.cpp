// safe-docker itself and what it does without another program: the tables of the doors. Their code is in modes/.
#include "commands/commands.hpp"
#include "commands/wrapper_options.hpp"

namespace safe_docker::commands {
namespace {

int RunSafeDocker(const Options& options) {
  options.Has("--json") ? PrintVersionAsJson() : PrintVersion();
  return 0;
}

}  // namespace

Command SafeDocker() {
  return {
      .manual =
          {
              .name = "",
              .group = Group::kJudging,
              .summary = "judge docker commands before they run",
              .usage = {"[OPTIONS] DOCKER-COMMAND...", "COMMAND [OPTIONS]", "--help | --version [--json]"},
              .description =
                  {"Judges docker commands before they run: allow, ask or deny. In front of a docker command it "
                   "judges, then runs it; as an agent's hook it judges what the agent is about to run.",
                   "Without arguments, and with standard input not a terminal, it is the hook. Called as "
                   "'docker' or 'docker-compose' (by a link of that name) it stands in for them; every word is "
                   "then docker's.",
                   "Configuration: ~/.config/safe-docker/config.toml, or the file that SAFE_DOCKER_CONFIG names. "
                   "SAFE_DOCKER_BYPASS=1 in front of a command that you type runs it unjudged."},
              .options = {{"--version", "", "print the version and exit"},
                          {"--json", "", "behind --version: as one JSON object, with that of the plugins' contract"},
                          {"--check-config", "", "the same as the command check-config"},
                          {.name = kDryRun.name,
                           .text = kDryRun.text,
                           .heading = "Options, only in front of the docker command"},
                          kVerbose,
                          kDockerPath},
              .examples = {{"safe-docker run --rm -v ~/project:/app alpine ls /app", "Judge, then run."},
                           {"safe-docker --dry-run compose up", "Judge only."}},
              .exit_codes = {{0, "what was run ended well, or --dry-run let it pass or would ask"},
                             {1, "denied, or not consented to; else what was run has its own exit codes"},
                             {2, "safe-docker was called wrongly, or could not judge"}},
              .see_also = {"safe-docker-hook(1)", "safe-docker-setup(1)", "safe-docker-doctor(1)",
                           "safe-docker-config(5)", "safe-docker-policy(7)", "safe-docker-rules(7)",
                           "safe-docker-audit(7)", "safe-docker-plugins(7)", "docker(1)"},
          },
      .run = &RunSafeDocker};
}

Command Hook() {
  return {
      .manual = {
          .name = "hook",
          .group = Group::kJudging,
          .summary = "judge the agent's PreToolUse JSON on standard input",
          .usage = {"hook"},
          .description = {"Reads the JSON that an agent gives to its PreToolUse hooks, judges the shell text in it, "
                          "and answers on standard output with JSON: ask or deny, with the reason. No output lets "
                          "the agent go on as if there were no hook.",
                          "It denies what it cannot read, and when it takes longer than its deadline."},
          .examples = {{"echo '{\"tool_name\": \"Bash\", \"tool_input\": {\"command\": \"docker run --privileged "
                        "alpine\"}}' | safe-docker hook",
                        "Ask it as an agent would."}},
          .exit_codes = {{0, "judged; the answer is on standard output"},
                         {2, "denied, because it could not judge; the reason is on standard error"}},
          .see_also = {"safe-docker-explain(1)", "safe-docker-policy(7)"},
      }};
}

Command ComposeResolving() {
  return {
      .manual = {.name = "compose resolve",
                 .group = Group::kUnderstanding,
                 .summary = "print the compose project as it is judged",
                 .usage = {"compose [COMPOSE-FLAGS] resolve [--format yaml|json] [SERVICE...]"},
                 .description = {"Prints the compose project as safe-docker judges it, in the form of `docker "
                                 "compose config`: files found, merged and extended, variables replaced, paths made "
                                 "absolute. The flags are those of docker compose."},
                 .options = {{"--format", "yaml|json", "the form in which it is printed (yaml)"}},
                 .words = "SERVICE",
                 .most_words = kAnyNumber,
                 .examples = {{"safe-docker compose resolve", "The project of this folder."},
                              {"safe-docker compose -f compose.yaml -f extra.yaml resolve --format json web",
                               "One service of two files, for a program."}},
                 .exit_codes = {{0, "printed"}, {1, "the project cannot be read"}, {2, "it was called wrongly"}},
                 .see_also = {"safe-docker-explain(1)", "docker-compose-config(1)"}}};
}

}  // namespace safe_docker::commands
