// What doctor says of the hook: which settings count, whether the wiring leaves a gap, and what it answers when it is
// tried.
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "agents/claude_settings.hpp"
#include "agents/tool_matcher.hpp"
#include "commands/doctor.hpp"
#include "commands/hook_trial.hpp"
#include "file_system.hpp"
#include "modes/installation.hpp"
#include "modes/real_docker.hpp"

namespace safe_docker::commands {
namespace {

using agents::ClaudeSettings;
using agents::HookHandler;
using agents::Match;
using agents::MatchTool;
using agents::Scope;

constexpr std::string_view kSetup = "Run `safe-docker setup claude-code`.";
constexpr double kShortest = 5;  // seconds

// The tools that start processes by a command's text.
struct Tool {
  std::string_view name;
  bool is_on_all_systems;  // without it in the matcher there is no protection at all
};
constexpr Tool kTools[] = {{"Bash", true}, {"PowerShell", false}, {"Monitor", false}};

std::string PlaceOf(const HookHandler& handler) { return handler.file + ":" + std::to_string(handler.line); }

// One of our handlers, and whose settings it stands in.
struct Wired {
  HookHandler handler;
  Scope scope = Scope::kUser;
};

std::vector<Wired> FindOurs(const std::vector<ClaudeSettings>& all) {
  std::vector<Wired> ours;
  for (const ClaudeSettings& settings : all) {
    for (const HookHandler& handler : settings.handlers) {
      if (RunsSafeDocker(handler)) {
        ours.push_back({handler, settings.scope});
      }
    }
  }
  return ours;
}

void TellProblems(const std::vector<ClaudeSettings>& all, Findings* findings) {
  for (const ClaudeSettings& settings : all) {
    for (const agents::SettingsProblem& problem : settings.problems) {
      if (problem.is_error) {
        findings->Fail("hook.settings", Describe(problem), "Mend it; Claude Code may ignore the whole file.");
      } else {
        findings->Warn("hook.settings", Describe(problem), "Remove them, if Claude Code complains of the file.");
      }
    }
  }
}

// Takes out what a switch turns off, and tells of it.
void ApplySwitches(const std::vector<ClaudeSettings>& all, std::vector<Wired>* ours, Findings* findings) {
  // The first file that says something about it wins; what is managed only an administrator can switch off.
  const auto decides =
      std::find_if(all.begin(), all.end(), [](const ClaudeSettings& settings) { return settings.disables_line != 0; });
  if (decides != all.end() && decides->disables_all_hooks) {
    const bool is_managed = decides->scope == Scope::kManaged;
    const auto turned_off =
        std::erase_if(*ours, [is_managed](const Wired& each) { return is_managed || each.scope != Scope::kManaged; });
    if (turned_off != 0) {
      findings->Fail(
          "hook.disabled",
          decides->file + ":" + std::to_string(decides->disables_line) + ": disableAllHooks is true: no hook is asked",
          "Remove that line.");
    }
  }
  for (const ClaudeSettings& settings : all) {
    if (settings.scope != Scope::kManaged || !settings.allows_managed_hooks_only) {
      continue;
    }
    const auto turned_off = std::erase_if(*ours, [](const Wired& each) { return each.scope != Scope::kManaged; });
    if (turned_off != 0) {
      findings->Fail("hook.disabled",
                     settings.file + ":" + std::to_string(settings.allows_line) +
                         ": allowManagedHooksOnly is true: hooks of users and projects are not asked",
                     "Let the administrator put safe-docker's hook into the managed settings.");
    }
  }
}

// Settings give the hook variables that doctor, which tries it, does not set: they might make it run anything.
void CheckVariables(const std::vector<ClaudeSettings>& all, Findings* findings) {
  constexpr std::string_view kDeciding[] = {"PATH", "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "BASH_ENV"};
  for (const ClaudeSettings& settings : all) {
    for (const agents::SettingsVariable& variable : settings.variables) {
      const bool decides = variable.name.starts_with("SAFE_DOCKER_") || variable.name.starts_with("LD_") ||
                           variable.name.starts_with("DYLD_") ||
                           std::find(std::begin(kDeciding), std::end(kDeciding), variable.name) != std::end(kDeciding);
      if (decides) {
        findings->Warn("hook.environment",
                       settings.file + ":" + std::to_string(variable.line) + ": \"env\" sets " + variable.name +
                           ", which may change what the hook judges by; it is tried here without it",
                       "Remove it, if you do not know what it is for.");
      }
    }
  }
}

void CheckMatchers(const std::vector<Wired>& ours, Findings* findings) {
  bool is_covered = true;
  for (const Wired& each : ours) {
    if (MatchTool(each.handler.matcher, "Bash") == Match::kNoPattern) {
      findings->Fail(
          "hook.matcher",
          PlaceOf(each.handler) + ": the matcher '" + each.handler.matcher + "' is no pattern that can be read",
          "Use \"matcher\": \"Bash|PowerShell|Monitor\".");
    }
  }
  for (const Tool& tool : kTools) {
    const bool has = std::any_of(ours.begin(), ours.end(), [&tool](const Wired& each) {
      return MatchTool(each.handler.matcher, tool.name) == Match::kYes;
    });
    if (has) {
      continue;
    }
    is_covered = false;
    const std::string text = PlaceOf(ours.front().handler) + ": the matcher '" + ours.front().handler.matcher +
                             "' leaves out the tool " + std::string(tool.name) + ", which runs commands, too";
    const std::string fix = "Use \"matcher\": \"Bash|PowerShell|Monitor\", or run `safe-docker setup claude-code`.";
    tool.is_on_all_systems ? findings->Fail("hook.matcher", text, fix) : findings->Warn("hook.matcher", text, fix);
  }
  if (is_covered) {
    findings->Ok("hook.matcher", "covers Bash, PowerShell and Monitor");
  }
}

void CheckSwitchesOf(const HookHandler& handler, Findings* findings) {
  const std::string place = PlaceOf(handler) + ": ";
  if (handler.on_failure != "block") {
    findings->Warn("hook.on-failure",
                   place + "without \"onFailure\": \"block\" a command runs when the hook cannot be started",
                   std::string(kSetup) + " Claude Code heeds it from 2.1.295 on.");
  }
  if (handler.timeout && *handler.timeout < kShortest) {
    findings->Warn("hook.timeout", place + "a command runs when the hook takes longer than its timeout, which is short",
                   "Set \"timeout\": 10.");
  }
  if (!handler.condition.empty()) {
    findings->Fail("hook.condition",
                   place + "\"if\": \"" + handler.condition +
                       "\" keeps commands from the hook that run docker in other ways, as sh -c and scripts do",
                   "Remove \"if\"; safe-docker is silent, and fast, where no docker is.");
  }
  if (handler.is_async) {
    findings->Fail("hook.async", place + "\"async\": true: nobody waits for what it answers", "Remove \"async\".");
  }
}

void CheckProgram(const HookHandler& handler, const HookProgram& program, Findings* findings) {
  const std::string place = PlaceOf(handler) + ": ";
  if (program.words.empty()) {
    return;  // a shell has more to do: trying it tells
  }
  const std::string& name = program.words[0];
  if (program.path.empty()) {
    findings->Fail("hook.program",
                   place + name + (name.find('/') == std::string::npos ? " is not in PATH" : " is no program") +
                       ": the hook cannot be started",
                   std::string(kSetup));
  } else if (name.find('/') != std::string::npos && !name.starts_with('/')) {
    findings->Fail("hook.program", place + name + " is a path from whatever folder the agent works in",
                   "Write the whole path. " + std::string(kSetup));
  } else if (BaseName(name) == "safe-docker" && !modes::IsSafeDocker(program.path)) {
    findings->Warn("hook.program",
                   place + program.path + " is another safe-docker than this one, " + modes::ProgramPath(),
                   "Remove the one that you do not use. " + std::string(kSetup));
  } else {
    findings->Ok("hook.program", place + program.path);
  }
  if (!program.path.empty()) {
    CheckWhoMayWrite("hook.permissions", program.path, findings);
  }
}

// Whether the files that say what is run are the person's own: whoever has been given another home or folder of
// settings for the time of this command may have written anything there.
bool IsOwnFile(const Wired& wired, const Visit& visit) {
  if (wired.scope == Scope::kManaged) {
    return true;
  }
  const passwd* const user = getpwuid(geteuid());
  return wired.scope == Scope::kUser && user != nullptr && visit.environment.GetOr("HOME", "") == user->pw_dir &&
         visit.environment.GetOr("CLAUDE_CONFIG_DIR", "").empty();
}

void TellHarmless(const std::string& place, const HookReply& reply, Findings* findings) {
  switch (reply.answer) {
    case HookAnswer::kSilent:
      findings->Ok("hook.harmless", place + "silent on a harmless command");
      return;
    case HookAnswer::kAllow:
      findings->Fail("hook.harmless",
                     place + "answers a harmless command with \"allow\", which skips your own permission prompt",
                     std::string(kSetup));
      return;
    case HookAnswer::kBroken:
      findings->Fail("hook.harmless", place + reply.what, std::string(kSetup));
      return;
    case HookAnswer::kAsk:
    case HookAnswer::kDeny:
      findings->Fail("hook.harmless", place + "objects to a harmless command: " + reply.what, std::string(kSetup));
      return;
  }
}

void TellDenied(const std::string& place, const HookReply& reply, bool passes_by_policy, bool is_recorded,
                Findings* findings) {
  const std::string record =
      is_recorded ? "; the audit log has a record of it, with the session safe-docker-doctor" : "";
  switch (reply.answer) {
    case HookAnswer::kDeny:
      findings->Ok("hook.denied", place + "denies `docker run --privileged`" + record);
      return;
    case HookAnswer::kAsk:
      findings->Ok("hook.denied", place + "asks about `docker run --privileged`" + record);
      return;
    case HookAnswer::kSilent:
      if (passes_by_policy) {
        findings->Warn("hook.denied",
                       place +
                           "lets `docker run --privileged` pass, because the configuration does: a mode that only "
                           "records or warns, a decision or an exception" +
                           record,
                       "If you did not mean that, look with `safe-docker explain 'docker run --privileged alpine'`.");
        return;
      }
      [[fallthrough]];
    case HookAnswer::kAllow:
      findings->Fail("hook.denied", place + "lets `docker run --privileged` pass" + record,
                     "Look at that command line. " + std::string(kSetup));
      return;
    case HookAnswer::kBroken:
      findings->Fail("hook.denied", place + reply.what + ": the command would run", std::string(kSetup));
      return;
  }
}

constexpr std::string_view kDenied = "docker run --rm --privileged alpine true";

// What this safe-docker itself answers: where it is silent, too, the configuration wants it so.
bool PassesByPolicy(const Visit& visit) {
  HookHandler handler;
  handler.command = modes::ProgramPath();
  handler.args = {"hook"};
  handler.has_args = true;
  return TryHook(handler, FindProgram(handler, visit), visit, kDenied).answer == HookAnswer::kSilent;
}

void Try(const Wired& wired, const HookProgram& program, const Visit& visit, Findings* findings) {
  const HookHandler& handler = wired.handler;
  const std::string place = PlaceOf(handler) + ": ";
  if (handler.has_args && program.path.empty()) {
    return;
  }
  if (!program.is_ours_alone && !visit.runs_hooks && !IsOwnFile(wired, visit)) {
    findings->Warn("hook.tried",
                   place + "not tried: it runs more than this safe-docker, or another one, and may not be your own",
                   "Look at it, and run `safe-docker doctor --run-hooks` if you trust it.");
    return;
  }
  findings->Doing("trying the hook of " + PlaceOf(handler));
  const policy::LoadedConfig config = ConfigurationOf(visit);
  const bool is_recorded = config.config.audit.enabled || visit.environment.GetOr("SAFE_DOCKER_AUDIT", "") == "1";
  TellHarmless(place, TryHook(handler, program, visit, "echo safe-docker doctor"), findings);
  const HookReply reply = TryHook(handler, program, visit, kDenied);
  TellDenied(place, reply, reply.answer == HookAnswer::kSilent && PassesByPolicy(visit), is_recorded, findings);
}

void TellNone(const agents::ClaudeFolders& folders, const std::vector<ClaudeSettings>& all, Findings* findings) {
  struct stat status = {};
  const bool has_folder = !folders.user.empty() && stat(folders.user.c_str(), &status) == 0;
  const bool has_settings =
      std::any_of(all.begin(), all.end(), [](const ClaudeSettings& settings) { return settings.exists; });
  if (!has_folder && !has_settings) {
    findings->Ok("hook.found", "Claude Code has not been used here: there is nothing to wire");
  } else {
    findings->Warn("hook.found", "no hook of Claude Code runs safe-docker: what agents run is not judged",
                   std::string(kSetup));
  }
}

// Those that are asked about one and the same tool; what is written twice alike is run once.
void CheckTwice(const std::vector<Wired>& ours, Findings* findings) {
  for (std::size_t index = 1; index < ours.size(); ++index) {
    const auto twin =
        std::find_if(ours.begin(), ours.begin() + static_cast<std::ptrdiff_t>(index), [&](const Wired& each) {
          return MatchTool(each.handler.matcher, "Bash") == Match::kYes &&
                 MatchTool(ours[index].handler.matcher, "Bash") == Match::kYes;
        });
    if (twin != ours.begin() + static_cast<std::ptrdiff_t>(index)) {
      findings->Warn("hook.twice",
                     PlaceOf(ours[index].handler) + ": safe-docker is asked here and at " + PlaceOf(twin->handler),
                     "Remove one of them.");
    }
  }
}

}  // namespace

void CheckHook(const Visit& visit, Findings* findings) {
  const agents::ClaudeFolders folders = agents::FindClaudeFolders(visit.environment, visit.folder);
  const std::vector<ClaudeSettings> all = ReadClaudeSettings(folders);
  TellProblems(all, findings);
  std::vector<Wired> ours = FindOurs(all);
  if (ours.empty()) {
    TellNone(folders, all, findings);
    return;
  }
  ApplySwitches(all, &ours, findings);
  if (ours.empty()) {
    return;
  }
  findings->Ok("hook.found", PlaceOf(ours.front().handler) + " (" + std::string(Name(ours.front().scope)) + ")");
  CheckVariables(all, findings);
  CheckMatchers(ours, findings);
  CheckTwice(ours, findings);
  for (const Wired& each : ours) {
    const HookProgram program = FindProgram(each.handler, visit);
    CheckSwitchesOf(each.handler, findings);
    CheckProgram(each.handler, program, findings);
    Try(each, program, visit, findings);
  }
}

}  // namespace safe_docker::commands
