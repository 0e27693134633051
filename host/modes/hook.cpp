#include "modes/hook.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "guard.hpp"
#include "modes/answer.hpp"
#include "modes/door.hpp"
#include "modes/judge.hpp"
#include "modes/text_reading.hpp"
#include "policy/rules.hpp"

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
  Finding finding = policy::HostFinding(policy::kBadInput);
  finding.message = std::move(message);
  finding.advice = "Check how the hook is wired: it wants the agent's PreToolUse JSON on standard input.";
  return finding;
}

// Standard input up to the limit and one byte more.
std::string ReadInput() {
  std::string input;
  char piece[4 * 1024];  // most calls are shorter
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

// Nothing of docker's, and nothing that the profile objects to.
bool IsUneventful(const Judgement& judgement) {
  return judgement.requests.empty() &&
         std::all_of(judgement.verdict.findings.begin(), judgement.verdict.findings.end(),
                     [](const Finding& finding) { return finding.treatment == policy::Treatment::kPassed; });
}

// Denies an input that cannot be judged.
int Refuse(const Finding& problem, const std::string& text) {
  const Judgement judgement{policy::Merge({problem}), {}};
  guard::WriteAnswer(HookAnswer(judgement.verdict));
  const Environment environment = ProcessEnvironment();
  const policy::LoadedConfig config = LoadConfiguration(environment, {});
  WriteAudit({"hook", "", text, ""}, judgement, config, environment);
  return 0;
}

// Who asks: Claude Code names its session; nobody else speaks this protocol by now.
std::string AgentOf(const std::string& session_id) { return session_id.empty() ? "" : "claude-code"; }

}  // namespace

int RunHook() {
  const auto started = std::chrono::steady_clock::now();
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
  const Environment environment = ProcessEnvironment();
  const std::string cwd = WorkingFolder(call.cwd);
  TextReading reading = ReadShellText({call.command, call.tool == "PowerShell", cwd, environment});
  if (reading.requests.empty() && reading.findings.empty()) {
    guard::Answered();
    return 0;
  }
  guard::SetStage("reading the configuration");
  const policy::LoadedConfig config = LoadConfiguration(environment, ForCommandIn(cwd));
  guard::SetDeadline(config.config.deadline);
  const Judgement judgement = Judge(std::move(reading.requests), std::move(reading.findings), config, /*advise=*/false);
  const std::string answer = HookAnswer(judgement.verdict);
  if (answer.empty()) {
    guard::Answered();
  } else {
    guard::WriteAnswer(answer);
  }
  if (!IsUneventful(judgement)) {
    Occasion occasion{"hook", call.session_id, call.command, cwd};
    occasion.agent = AgentOf(call.session_id);
    occasion.tool = call.tool;
    occasion.started = started;
    WriteAudit(occasion, judgement, config, environment);
  }
  return 0;
}

}  // namespace safe_docker::modes
