#include "trial.hpp"

#include <nlohmann/json.hpp>

#include "docker/requests.hpp"

namespace safe_docker::oracle {
namespace {

std::string AskHook(Sandbox& sandbox, const std::string& text) {
  const nlohmann::json call = {
      {"hook_event_name", "PreToolUse"}, {"tool_name", "Bash"}, {"cwd", kProject}, {"tool_input", {{"command", text}}}};
  const std::string input = call.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const std::string answer = sandbox.Ask({std::string(kHost) + "/bin/safe-docker", "hook"}, input);
  if (answer.empty()) {
    return {};
  }
  const nlohmann::json json = nlohmann::json::parse(answer, nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json.value("/hookSpecificOutput/permissionDecision"_json_pointer, "nothing readable")
                          : "nothing readable";
}

std::string Uncovered(const Trial& trial) {
  std::string text;
  for (const std::string& miss : trial.comparison.uncovered) {
    text += (text.empty() ? "missed " : "; ") + miss;
  }
  return text;
}

}  // namespace

const std::vector<std::string>& Names() {
  static const std::vector<std::string> names = docker::ProgramNames();
  return names;
}

Trial Try(Sandbox& sandbox, const std::string& text) {
  Trial trial;
  sandbox.Reset();
  const shell::Context context{kProject, Environment(kEnvironment), Names()};
  trial.analysis = shell::Analyze(text, context);
  trial.verdict = AskHook(sandbox, text);
  trial.recording = sandbox.Run(text);
  trial.comparison = Compare(trial.recording, trial.analysis, Names());
  return trial;
}

std::string FindMiss(const Trial& trial) {
  if (trial.comparison.is_dangerous && trial.verdict != "ask" && trial.verdict != "deny") {
    return "a dangerous call is allowed; " + Uncovered(trial);
  }
  return trial.comparison.asks ? std::string() : Uncovered(trial);
}

std::string FindDisagreement(const Trial& trial, Expectation expectation) {
  const Comparison& comparison = trial.comparison;
  const std::string miss = FindMiss(trial);
  if (!miss.empty()) {
    return miss;
  }
  switch (expectation) {
    case Expectation::kExact:
      return comparison.calls.empty() ? "bash calls nothing"
             : comparison.is_exact    ? ""
                                      : "not exact; " + Uncovered(trial);
    case Expectation::kCovers:
      return comparison.calls.empty() ? "bash calls nothing" : comparison.asks ? "asks; " + Uncovered(trial) : "";
    case Expectation::kCaught:
      return comparison.calls.empty() ? "bash calls nothing" : "";
    case Expectation::kAsks:
      return comparison.asks ? "" : "does not ask";
    case Expectation::kSilent:
      return !comparison.calls.empty() ? "bash makes a call"
             : comparison.has_commands ? "reports a command that does not run"
             : comparison.asks         ? "asks"
             : !trial.verdict.empty()  ? "the hook says " + trial.verdict
                                       : "";
    case Expectation::kAllowed:
      return !comparison.uncovered.empty() ? Uncovered(trial)
             : !trial.verdict.empty()      ? "the hook says " + trial.verdict
                                           : "";
  }
  return "";
}

std::string Describe(const Trial& trial) {
  std::string text;
  for (const Call& call : trial.recording.calls) {
    text += "    bash  " + Describe(call) + "\n";
  }
  text += trial.recording.timed_out ? "    (stopped by the time limit)\n" : "";
  text += Describe(trial.analysis);
  return text + "    the hook: " + (trial.verdict.empty() ? "nothing" : trial.verdict) + "\n";
}

}  // namespace safe_docker::oracle
