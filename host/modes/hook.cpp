#include "modes/hook.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "docker/requests.hpp"
#include "guard.hpp"
#include "modes/answer.hpp"
#include "modes/door.hpp"
#include "modes/judge.hpp"
#include "shell/analysis.hpp"

namespace safe_docker::modes {
namespace {

using policy::Decision;
using policy::Finding;

constexpr std::size_t kLargestInput = 256 * 1024;

// What the agent is about to do, as far as it concerns us.
struct ToolCall {
  std::string tool;
  std::string command;
  std::string cwd;
  std::string session_id;
};

Finding BadInput(std::string message) {
  Finding finding;
  finding.rule = "host/bad-input";
  finding.message = std::move(message);
  finding.advice = "Check how the hook is wired: it wants the agent's PreToolUse JSON on standard input.";
  return finding;
}

// Standard input up to the limit and one byte more.
std::string ReadInput() {
  std::string input;
  char piece[16 * 1024];
  while (input.size() <= kLargestInput) {
    const ssize_t count = read(STDIN_FILENO, piece, std::min(sizeof piece, kLargestInput + 1 - input.size()));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      break;
    }
    input.append(piece, static_cast<std::size_t>(count));
  }
  return input;
}

std::string TextMember(const nlohmann::json& object, const char* key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

bool IsShellTool(std::string_view tool) { return tool == "Bash" || tool == "PowerShell" || tool == "Monitor"; }

// What a tool call asks for: a command to judge, nothing that concerns us, or an input that cannot be judged.
struct Input {
  std::optional<ToolCall> call;
  std::optional<Finding> problem;
};

Input ReadToolCall(const std::string& text) {
  Input input;
  if (text.size() > kLargestInput) {
    input.problem = BadInput("the hook's input is larger than 256 KiB");
    return input;
  }
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    input.problem = BadInput(text.empty() ? "the hook's input is empty" : "the hook's input is no JSON object");
    return input;
  }
  const std::string tool = TextMember(json, "tool_name");
  const std::string event = TextMember(json, "hook_event_name");
  if (tool.empty()) {
    input.problem = BadInput("the hook's input names no tool");
    return input;
  }
  if (!IsShellTool(tool) || (!event.empty() && event != "PreToolUse")) {
    return input;
  }
  const auto tool_input = json.find("tool_input");
  const bool has_input = tool_input != json.end() && tool_input->is_object();
  if (tool == "Monitor" && has_input && tool_input->contains("ws") && !tool_input->contains("command")) {
    return input;  // a web socket that is listened to; nothing is run
  }
  if (!has_input || !tool_input->contains("command") || !(*tool_input)["command"].is_string()) {
    input.problem = BadInput("the hook's input has no tool_input.command for the tool " + tool);
    return input;
  }
  ToolCall call{tool, TextMember(*tool_input, "command"), TextMember(json, "cwd"), TextMember(json, "session_id")};
  if (!IsKnown(call.command)) {
    input.problem = BadInput("the command holds a NUL byte, which no shell can run");
    return input;
  }
  input.call = std::move(call);
  return input;
}

// The agent says where it is; without a word of it that is where the hook was started.
std::string WorkingFolder(const std::string& given) {
  if (!given.empty()) {
    return given.starts_with('/') ? given : std::string(1, kUnknownPart);
  }
  char* current = getcwd(nullptr, 0);
  const std::string folder = current != nullptr ? current : std::string(1, kUnknownPart);
  std::free(current);
  return folder;
}

// Words for each kind of text that could not be followed.
std::string_view WhyOpaque(shell::Opaque::Reason reason) {
  using Reason = shell::Opaque::Reason;
  switch (reason) {
    case Reason::kSyntaxError:
      return "bash would refuse this text from here on, so nobody can tell what it runs";
    case Reason::kUnknownCommand:
      return "the name of the command is not known before it runs";
    case Reason::kComputedCode:
      return "this shell code is computed while it runs, so nobody can tell what it does";
    case Reason::kHiddenCode:
      return "this shell code is decoded while it runs, which hides what it does";
    case Reason::kInterpreter:
      return "a program of another language may run docker here";
    case Reason::kTooMuch:
      return "the text is nested too deep or goes on too long to be followed";
    case Reason::kOtherMachine:
      return "this runs docker on another machine, whose files are not known here";
  }
  return "this text cannot be followed";
}

// Text whose commands cannot be told asks if docker is in sight or the text is being hidden.
void AddOpaqueFindings(const shell::Analysis& analysis, std::vector<Finding>* findings) {
  for (const shell::Opaque& part : analysis.opaque) {
    // Hiding and exhausting are ways to keep docker out of sight.
    const bool evades =
        part.reason == shell::Opaque::Reason::kHiddenCode || part.reason == shell::Opaque::Reason::kTooMuch;
    if (!part.mentions_name && !evades) {
      continue;
    }
    Finding finding;
    finding.rule = "host/opaque-shell";
    finding.decision = Decision::kAsk;
    finding.written = part.written;
    finding.message = std::string(WhyOpaque(part.reason)) + (part.detail.empty() ? "" : ": " + part.detail);
    finding.advice = "Write the docker command out, so that it can be judged.";
    findings->push_back(std::move(finding));
  }
}

// The variables that switch safe-docker off or aim it elsewhere belong to people, not to judged commands.
void AddSelfProtection(const shell::Analysis& analysis, std::vector<Finding>* findings) {
  for (const std::string& name : analysis.assigned) {
    if (name.starts_with("SAFE_DOCKER_")) {
      Finding finding;
      finding.rule = "host/self-protection";
      finding.decision = Decision::kAsk;
      finding.written = name;
      finding.message = "the command sets " + name + ", which changes or switches off safe-docker's own judgement";
      finding.advice = "Leave the variable out; a person may set it in their own shell.";
      findings->push_back(std::move(finding));
    }
  }
}

char ToLower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

bool HoldsName(std::string text, const std::vector<std::string>& names) {
  std::transform(text.begin(), text.end(), text.begin(), ToLower);
  return std::any_of(names.begin(), names.end(),
                     [&text](const std::string& name) { return text.find(name) != std::string::npos; });
}

// One simple command that begins with a name and has nothing that the two shells read differently.
bool ReadsAlikeInPowerShell(const std::string& text, const std::vector<std::string>& names) {
  const std::string first = text.substr(0, text.find(' '));
  return std::find(names.begin(), names.end(), first) != names.end() &&
         text.find_first_of("\\'\"`$&{}()[]@%#<>;|~*?!^\r\n\t") == std::string::npos;
}

// PowerShell is not bash. What reads alike in both is judged; the rest asks if docker is in sight.
void AddPowerShellDoubt(const ToolCall& call, const std::vector<std::string>& names, std::vector<Finding>* findings) {
  if (call.tool != "PowerShell" || !HoldsName(call.command, names) || ReadsAlikeInPowerShell(call.command, names)) {
    return;
  }
  Finding finding;
  finding.rule = "host/opaque-shell";
  finding.decision = Decision::kAsk;
  finding.written = call.command.substr(0, 80);
  finding.message = "PowerShell's own syntax around docker is not followed, so nobody can tell what it runs";
  finding.advice = "Write the docker command by itself, without quotes, variables or blocks.";
  findings->push_back(std::move(finding));
}

// Denies an input that cannot be judged.
int Refuse(const Finding& problem, const std::string& text) {
  const Judgement judgement{policy::Merge({problem}), {}};
  guard::WriteAnswer(HookAnswer(judgement.verdict));
  const Environment environment = ProcessEnvironment();
  const policy::LoadedConfig config = LoadConfiguration(environment, "", /*thorough=*/false);
  WriteAudit({"hook", "", text, ""}, judgement, config, environment);
  return 0;
}

}  // namespace

int RunHook() {
  const std::string text = ReadInput();
  const Input input = ReadToolCall(text);
  if (input.problem) {
    return Refuse(*input.problem, text);
  }
  if (!input.call) {
    guard::Answered();
    return 0;
  }
  const ToolCall& call = *input.call;
  shell::Context context;
  context.cwd = WorkingFolder(call.cwd);
  context.environment = ProcessEnvironment();
  context.names = docker::ProgramNames();
  guard::SetStage("reading the shell text");
  const shell::Analysis analysis = shell::Analyze(call.command, context);

  std::vector<Finding> findings;
  AddOpaqueFindings(analysis, &findings);
  AddSelfProtection(analysis, &findings);
  AddPowerShellDoubt(call, context.names, &findings);
  if (analysis.commands.empty() && findings.empty()) {
    guard::Answered();
    return 0;
  }
  guard::SetStage("reading the docker command");
  std::vector<docker::Request> requests;
  for (const CommandLine& line : analysis.commands) {
    std::vector<docker::Request> made = docker::ReadCommandLine(line);
    std::move(made.begin(), made.end(), std::back_inserter(requests));
  }
  guard::SetStage("reading the configuration");
  const policy::LoadedConfig config = LoadConfiguration(context.environment, "", /*thorough=*/false);
  guard::SetDeadline(config.config.deadline);
  const Judgement judgement = Judge(std::move(requests), std::move(findings), config, /*advise=*/false);
  const std::string answer = HookAnswer(judgement.verdict);
  if (answer.empty()) {
    guard::Answered();
  } else {
    guard::WriteAnswer(answer);
  }
  WriteAudit({"hook", call.session_id, call.command, context.cwd}, judgement, config, context.environment);
  return 0;
}

}  // namespace safe_docker::modes
