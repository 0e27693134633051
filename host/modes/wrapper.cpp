#include "modes/wrapper.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>

#include "diagnostics.hpp"
#include "docker/requests.hpp"
#include "file_system.hpp"
#include "guard.hpp"
#include "modes/answer.hpp"
#include "modes/door.hpp"
#include "modes/judge.hpp"
#include "modes/real_docker.hpp"
#include "modes/typed_line.hpp"
#include "own_commands.hpp"
#include "policy/rules.hpp"
#include "policy/suggestion.hpp"

namespace safe_docker::modes {
namespace {

using policy::Decision;

constexpr int kDenied = 1;
constexpr int kFailed = 2;

void WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void Say(std::string_view text) { WriteAll(STDERR_FILENO, std::string(text) + "\n"); }

CommandLine MakeCommandLine(const std::string& program, const std::vector<std::string>& arguments) {
  const Environment environment = ProcessEnvironment();
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return LineOfWords(words, CurrentFolder(environment.GetOr("PWD", "").c_str()), environment);
}

// Asks on the terminal. Nothing if there is none. `reasons` are shown there if standard error does not lead to it.
std::optional<bool> AskPerson(const std::string& reasons) {
  const int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0) {
    return std::nullopt;
  }
  if (isatty(STDERR_FILENO) == 0) {
    WriteAll(terminal, reasons + "\n");
  }
  WriteAll(terminal, "[safe-docker] Run it anyway? [y/N] ");
  std::string answer;
  char letter = '\0';
  while (read(terminal, &letter, 1) == 1 && letter != '\n') {
    answer += letter;
  }
  const bool is_complete = letter == '\n';
  if (!is_complete) {
    WriteAll(terminal, "\n");
  }
  close(terminal);
  return is_complete && (answer == "y" || answer == "Y" || answer == "yes" || answer == "Yes" || answer == "YES");
}

// Whether a command that needs consent may run. `said` gets what a person has answered.
bool HasConsent(const policy::Verdict& verdict, const policy::LoadedConfig& config, const Environment& environment,
                std::string* said) {
  guard::SetDeadline(std::chrono::milliseconds::zero());
  if (const std::optional<bool> answer = AskPerson(Explain(verdict, /*notes=*/true))) {
    *said = *answer ? "yes" : "no";
    return *answer;
  }
  const std::string variable = environment.GetOr("SAFE_DOCKER_ASK", "");
  if (variable == "allow" || variable == "deny") {
    return variable == "allow";
  }
  if (config.config.wrapper.allow_asks_without_terminal) {
    return true;
  }
  Say("[safe-docker] There is no terminal to ask on, so it is not run. SAFE_DOCKER_ASK=allow lets such commands pass.");
  return false;
}

// The words to exec: docker-compose that is not installed is docker's own compose.
struct Target {
  RealDocker docker;
  std::vector<std::string> words;
};

Target FindTarget(const std::string& program, const std::vector<std::string>& arguments, const WrapperOptions& options,
                  const std::string& config_path, const Environment& environment) {
  Target target;
  target.docker = FindRealDocker(program, options.docker_path, config_path, environment);
  target.words = {program};
  if (program == "docker-compose" && target.docker.path.empty()) {
    target.docker = FindRealDocker("docker", "", config_path, environment);
    target.words = {"docker", "compose"};
  }
  target.words.insert(target.words.end(), arguments.begin(), arguments.end());
  return target;
}

int Execute(const Target& target, const Environment& environment) {
  guard::Answered();
  if (target.docker.path.empty()) {
    Say("[safe-docker] " + Printable(target.docker.problem));
    return kFailed;
  }
  Say("[safe-docker] " + Become(target.docker.path, target.words, environment));
  return kFailed;
}

std::string Join(const Target& target) {
  std::string text = target.docker.path;
  for (std::size_t index = 1; index < target.words.size(); ++index) {
    text += " " + QuoteWord(target.words[index]);
  }
  return text;
}

// Who has called safe-docker itself may have meant one of its own commands, or an option of `docker run`.
std::string Hint(const policy::Verdict& verdict, const std::vector<std::string>& arguments) {
  const bool is_unknown =
      std::any_of(verdict.findings.begin(), verdict.findings.end(), [](const policy::Finding& finding) {
        return finding.rule == policy::kUnknown && finding.decision != Decision::kAllow;
      });
  if (!is_unknown || arguments.empty()) {
    return {};
  }
  const std::string_view nearest = policy::Nearest(arguments[0], OwnCommandNames());
  if (!nearest.empty()) {
    return "  Did you mean `safe-docker " + std::string(nearest) + "`? `safe-docker --help` lists its commands.";
  }
  return arguments[0].starts_with('-') ? "  Options of docker's commands stand behind them: safe-docker run " +
                                             Printable(arguments[0]) + " ...; `safe-docker --help` lists its own."
                                       : "";
}

bool HasNotes(const policy::Verdict& verdict) {
  return std::any_of(verdict.findings.begin(), verdict.findings.end(),
                     [](const policy::Finding& finding) { return finding.treatment == policy::Treatment::kEnforced; });
}

int PrintDecision(const policy::Verdict& verdict, const Target& target, const Environment& environment) {
  const Colors colors = Colors::Of(guard::AnswerDescriptor(), environment);
  std::string text =
      "[safe-docker] Decision: " + colors.Paint(ColorOf(verdict.decision), policy::Name(verdict.decision)) + "\n";
  for (const policy::Finding& finding : verdict.findings) {
    const bool is_let_through = finding.treatment != policy::Treatment::kEnforced;
    if (is_let_through && finding.raised == Decision::kAllow) {
      continue;  // the profile has nothing against it
    }
    text += "  " +
            (is_let_through ? std::string(policy::Name(finding.treatment)) + " (" + Printable(finding.because) + ")"
             : finding.decision == Decision::kAllow ? std::string("note")
                                                    : colors.Paint(ColorOf(finding.decision), Name(finding.decision))) +
            ": " + Describe(finding, colors) + "\n";
  }
  if (verdict.decision == Decision::kAllow) {
    text += target.docker.path.empty() ? "  would fail: " + Printable(target.docker.problem) + "\n"
                                       : "  would run: " + Printable(Join(target)) + "\n";
  }
  guard::WriteAnswer(text);
  return verdict.decision == Decision::kDeny ? kDenied : 0;
}

}  // namespace

int RunWrapper(const std::string& program, const std::vector<std::string>& arguments, const WrapperOptions& options) {
  const CommandLine line = MakeCommandLine(program, arguments);
  const Environment& environment = line.environment;
  if (IsRecursion(environment)) {
    Say("[safe-docker] The docker that was found leads back to safe-docker. Name the real one with --docker-path, "
        "SAFE_DOCKER_DOCKER_PATH or wrapper.docker_path in config.toml.");
    guard::Answered();
    return kFailed;
  }
  guard::SetStage("reading the configuration");
  const policy::LoadedConfig config = LoadConfiguration(environment, ForCommandIn(line.cwd));
  guard::SetDeadline(config.config.deadline);
  const Target target = FindTarget(program, arguments, options, config.config.wrapper.docker_path, environment);
  Occasion occasion{"wrapper", "", line.source, line.cwd};
  if (environment.GetOr("SAFE_DOCKER_BYPASS", "") == "1" && !options.dry_run) {
    diagnostics::Warn("SAFE_DOCKER_BYPASS=1: not judged");
    policy::Finding note = policy::HostFinding(policy::kBypass);
    note.message = "SAFE_DOCKER_BYPASS=1: not judged";
    WriteAudit(occasion, {policy::Merge({std::move(note)}), {}}, config, environment);
    return Execute(target, environment);
  }
  guard::SetStage("reading the docker command");
  const Judgement judgement =
      Judge(docker::ReadCommandLine(line), {}, config, /*advise=*/options.dry_run || options.verbose);
  if (options.dry_run) {
    const int code = PrintDecision(judgement.verdict, target, environment);
    WriteAudit(occasion, judgement, config, environment);
    return code;
  }
  const Colors colors = Colors::Of(STDERR_FILENO, environment);
  if (const std::string warnings = Warnings(judgement.verdict, colors); !warnings.empty()) {
    Say(warnings);
  }
  const bool is_silent =
      judgement.verdict.decision == Decision::kAllow && (!options.verbose || !HasNotes(judgement.verdict));
  if (!is_silent) {
    Say(Explain(judgement.verdict, /*notes=*/options.verbose, colors));
  }
  if (const std::string hint = options.by_own_name ? Hint(judgement.verdict, arguments) : ""; !hint.empty()) {
    Say(hint);
  }
  if (options.verbose && judgement.verdict.decision == Decision::kDeny) {
    Say("  Tip: ~/.config/safe-docker/config.toml holds the allowed paths, images and flags.");
  }
  const bool runs = judgement.verdict.decision == Decision::kAllow ||
                    (judgement.verdict.decision == Decision::kAsk &&
                     HasConsent(judgement.verdict, config, environment, &occasion.answer));
  guard::Answered();
  WriteAudit(occasion, judgement, config, environment);
  return runs ? Execute(target, environment) : kDenied;
}

}  // namespace safe_docker::modes
