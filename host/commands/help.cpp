#include <cstdio>

#include "commands/commands.hpp"

namespace safe_docker::commands {

int PrintHelp() {
  std::fputs(
      "safe-docker judges docker commands before they run: allow, ask or deny.\n"
      "\n"
      "Usage:\n"
      "  safe-docker hook                           judge the agent's PreToolUse JSON on standard input\n"
      "  safe-docker [OPTIONS] DOCKER-COMMAND...    judge a docker command, then run it\n"
      "\n"
      "  safe-docker explain -- 'TEXT'              how a verdict comes about; nothing is run\n"
      "  safe-docker status                         which files are in force here, and what they do\n"
      "  safe-docker rules [RULE...]                the rules with their decisions\n"
      "  safe-docker check-config [--config PATH]   check the configuration; also --check-config\n"
      "  safe-docker config init|schema|reference   a file to begin with; what can be configured\n"
      "  safe-docker trust [PATH]                   let a project's .safe-docker.toml allow what it says\n"
      "  safe-docker test FILE...                   check a policy against cases\n"
      "  safe-docker audit COMMAND                  read the audit log (audit --help)\n"
      "  safe-docker compose [FLAGS] resolve        print the compose project as it is judged\n"
      "  safe-docker plugins                        list the plugins and their rules\n"
      "  safe-docker --version, --help\n"
      "\n"
      "Without arguments, and with standard input not a terminal, it is the hook. Called as 'docker' or\n"
      "'docker-compose' (by a link of that name) it stands in for them; every word is then docker's.\n"
      "\n"
      "Options, only in front of the docker command:\n"
      "  --dry-run            print the decision and why; run nothing\n"
      "  --verbose            also tell notes and tips\n"
      "  --docker-path PATH   the real docker\n"
      "\n"
      "Examples:\n"
      "  safe-docker run --rm -v ~/project:/app alpine ls /app\n"
      "  safe-docker --dry-run compose up\n"
      "\n"
      "Configuration: ~/.config/safe-docker/config.toml, or the file that SAFE_DOCKER_CONFIG names.\n"
      "SAFE_DOCKER_BYPASS=1 in front of a command that you type runs it unjudged.\n",
      stdout);
  return 0;
}

int PrintVersion() {
  std::puts("safe-docker " SAFE_DOCKER_VERSION);
  return 0;
}

}  // namespace safe_docker::commands
