#include "commands/hook_trial.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "commands/outside_program.hpp"
#include "file_system.hpp"
#include "modes/real_docker.hpp"

namespace safe_docker::commands {
namespace {

using agents::HookHandler;
using Json = nlohmann::json;

constexpr double kMostSeconds = 10;
constexpr std::size_t kMostShown = 200;
constexpr std::string_view kOfNames = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

// Puts the value of a variable that hooks are written with into `word`; false for any other one.
bool ExpandVariable(std::string_view text, std::size_t* at, const Visit& visit, std::string* word) {
  struct Known {
    std::string_view name;
    std::string value;
  };
  const Known known[] = {{"HOME", visit.environment.GetOr("HOME", "")},
                         {"CLAUDE_PROJECT_DIR", agents::FindClaudeProject(visit.folder)}};
  const bool has_brace = text.substr(*at + 1, 1) == "{";
  const std::size_t begin = *at + (has_brace ? 2 : 1);
  const std::size_t end = std::min(text.find_first_not_of(kOfNames, begin), text.size());
  const auto* const found = std::find_if(std::begin(known), std::end(known), [&](const Known& each) {
    return each.name == text.substr(begin, end - begin);
  });
  if (found == std::end(known) || (has_brace && text.substr(end, 1) != "}")) {
    return false;
  }
  *word += found->value;
  *at = has_brace ? end : end - 1;
  return true;
}

// The words of a shell line that is nothing but words, with quotes and the variables above; nothing if it is more.
std::optional<std::vector<std::string>> PlainWords(std::string_view text, const Visit& visit) {
  std::vector<std::string> words;
  bool is_inside = false;
  char quote = '\0';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    if (quote == '\0' && (letter == ' ' || letter == '\t')) {
      is_inside = false;
      continue;
    }
    if (!is_inside) {
      words.emplace_back();
    }
    const bool is_first = !is_inside;
    is_inside = true;
    if (letter == quote || (quote == '\0' && (letter == '"' || letter == '\''))) {
      quote = letter == quote ? '\0' : letter;
    } else if (letter == '$' && quote != '\'') {
      if (!ExpandVariable(text, &at, visit, &words.back())) {
        return std::nullopt;
      }
    } else if (letter == '~' && is_first && text.substr(at + 1, 1) == "/") {
      words.back() += visit.environment.GetOr("HOME", "");
    } else if (quote == '\'' ? letter == '\n' : std::string_view("\\`;&|<>(){}*?[]#!=\n~").find(letter) != text.npos) {
      return std::nullopt;
    } else {
      words.back() += letter;
    }
  }
  return quote == '\0' ? std::optional(words) : std::nullopt;
}

// From the folder of the visit. It is not cleaned: behind a link ".." leads elsewhere than the text says, and what is
// looked at must be what would run.
std::string From(const std::string& folder, const std::string& path) {
  return path.starts_with('/') ? path : folder + "/" + path;
}

std::string FindFile(const std::string& name, const Visit& visit) {
  if (name.find('/') != std::string::npos) {
    const std::string path = From(visit.folder, name);
    return modes::IsProgram(path) ? path : "";
  }
  std::string path = visit.environment.GetOr("PATH", "/usr/local/bin:/usr/bin:/bin");
  for (std::size_t begin = 0; begin <= path.size() && !name.empty();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    // An empty entry is the folder itself.
    const std::string file = From(visit.folder, path.substr(begin, end - begin)) + "/" + name;
    if (modes::IsProgram(file)) {
      return file;
    }
    begin = end + 1;
  }
  return "";
}

// Who starts it would only see what stands in front of that.
bool HasNul(const HookHandler& handler) {
  const auto has_nul = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  return has_nul(handler.command) || std::any_of(handler.args.begin(), handler.args.end(), has_nul);
}

std::string ToolCall(const Visit& visit, std::string_view command) {
  const Json call = {{"session_id", "safe-docker-doctor"},
                     {"transcript_path", ""},
                     {"cwd", visit.folder},
                     {"permission_mode", "default"},
                     {"hook_event_name", "PreToolUse"},
                     {"tool_name", "Bash"},
                     {"tool_input", {{"command", command}, {"description", "safe-docker doctor tries its hook"}}},
                     {"tool_use_id", "safe-docker-doctor"}};
  return call.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Shown(std::string_view text) { return std::string(text.substr(0, std::min(text.find('\n'), kMostShown))); }

HookReply Broken(std::string what) { return {HookAnswer::kBroken, std::move(what)}; }

// What the agent's older form and its present one call the same thing.
struct NamedAnswer {
  std::string_view name;
  HookAnswer answer;
};
constexpr NamedAnswer kDecisions[] = {{"allow", HookAnswer::kAllow},
                                      {"approve", HookAnswer::kAllow},
                                      {"ask", HookAnswer::kAsk},
                                      {"deny", HookAnswer::kDeny},
                                      {"block", HookAnswer::kDeny}};

HookReply ReadJson(const std::string& output) {
  const Json json = Json::parse(output, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return Broken("it prints JSON that is no answer: " + Shown(output));
  }
  const bool is_older = !json.contains("hookSpecificOutput");
  const Json& answer = is_older ? json : json["hookSpecificOutput"];
  const char* const key = is_older ? "decision" : "permissionDecision";
  if (!answer.is_object() || (!is_older && answer.value("hookEventName", Json()) != "PreToolUse")) {
    return Broken("it prints JSON that is no answer: " + Shown(output));
  }
  if (!answer.contains(key)) {
    return {HookAnswer::kSilent, ""};  // a message for the user alone
  }
  const auto* const found = std::find_if(std::begin(kDecisions), std::end(kDecisions), [&](const NamedAnswer& each) {
    return answer[key] == std::string(each.name);
  });
  if (found == std::end(kDecisions)) {
    return Broken("it prints a decision that does not exist: " + Shown(output));
  }
  const Json reason = answer.value(is_older ? "reason" : "permissionDecisionReason", Json());
  return {found->answer, reason.is_string() ? Shown(reason.get<std::string>()) : ""};
}

// As the agent reads it: exit status 2 blocks, else the JSON counts; without it any other status is a hook that failed.
HookReply ReadReply(const ProgramEnd& end) {
  if (!end.problem.empty()) {
    return Broken("it " + end.problem);
  }
  if (end.exit_code == 2) {
    return {HookAnswer::kDeny, Shown(end.errors)};
  }
  const std::size_t begin = end.output.find_first_not_of(" \t\r\n");
  if (begin != std::string::npos && end.output[begin] == '{') {
    return ReadJson(end.output.substr(begin));
  }
  if (end.exit_code != 0) {
    return Broken("it ends with exit status " + std::to_string(end.exit_code) +
                  (end.errors.empty() ? "" : ": " + Shown(end.errors)));
  }
  return {HookAnswer::kSilent, Shown(end.output)};
}

}  // namespace

HookProgram FindProgram(const HookHandler& handler, const Visit& visit) {
  HookProgram program;
  if (HasNul(handler)) {
    return program;
  }
  if (handler.has_args) {
    program.words = {handler.command};
    program.words.insert(program.words.end(), handler.args.begin(), handler.args.end());
  } else {
    program.words = PlainWords(handler.command, visit).value_or(std::vector<std::string>{});
  }
  if (!program.words.empty()) {
    program.path = FindFile(program.words[0], visit);
  }
  const bool is_hook = program.words.size() == 1 || (program.words.size() == 2 && program.words[1] == "hook");
  // A link called docker is the wrapper.
  program.is_ours_alone = is_hook && BaseName(program.words[0]) == "safe-docker" && modes::IsSafeDocker(program.path);
  return program;
}

HookReply TryHook(const HookHandler& handler, const HookProgram& program, const Visit& visit,
                  std::string_view command) {
  if (HasNul(handler)) {
    return Broken("has a NUL character in it, with which nothing can be started");
  }
  ProgramCall call;
  // What has been found to be safe-docker alone is started as it was found: a shell might find another.
  if (handler.has_args || program.is_ours_alone) {
    call.path = program.path;
    call.words = program.words;
  } else {
    call.path = "/bin/sh";
    call.words = {"sh", "-c", handler.command};
  }
  call.input = ToolCall(visit, command);
  call.folder = visit.folder;
  const double seconds = std::clamp(handler.timeout.value_or(kMostSeconds), 1.0, kMostSeconds);
  call.limit = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  call.variables = {{"CLAUDE_PROJECT_DIR", agents::FindClaudeProject(visit.folder)}, {kDoctorVariable, "1"}};
  return ReadReply(RunOutside(call));
}

}  // namespace safe_docker::commands
