// `safe-docker setup claude-code`: puts the hook into Claude Code's settings, and takes it out again.
#include <optional>
#include <string>
#include <string_view>

#include "agents/claude_hook.hpp"
#include "agents/claude_settings.hpp"
#include "agents/settings_file.hpp"
#include "commands/commands.hpp"
#include "commands/terminal.hpp"
#include "diagnostics.hpp"
#include "file_system.hpp"
#include "modes/door.hpp"
#include "modes/search_path.hpp"
#include "printable.hpp"

namespace safe_docker::commands {
namespace {

struct Target {
  std::string path;
  bool is_shared = false;  // others get it with the project
  std::string problem;
};

Target FindTarget(const Options& options, const Environment& environment) {
  const int count =
      (options.Has("--user") ? 1 : 0) + (options.Has("--project") ? 1 : 0) + (options.Has("--local") ? 1 : 0);
  if (count > 1) {
    return {"", false, "choose one of --user, --project and --local"};
  }
  const std::string folder = CurrentFolder(nullptr);
  if (options.Has("--project") || options.Has("--local")) {
    if (folder.empty()) {
      return {"", false, "the folder that this was started in is no longer there"};
    }
    const std::string project = agents::FindClaudeProject(folder) + "/.claude/";
    if (project == CleanPath(agents::FindClaudeFolders(environment, folder).user, "/") + "/") {
      return {"", false, "the project's settings are your own here; use --user, or go into a project"};
    }
    return {project + (options.Has("--project") ? "settings.json" : "settings.local.json"), options.Has("--project"),
            ""};
  }
  const std::string user = agents::FindClaudeFolders(environment, folder).user;
  if (!user.starts_with('/')) {
    return {"", false,
            user.empty() ? "HOME is not set, so nobody knows whose settings to change"
                         : "CLAUDE_CONFIG_DIR is no absolute path: " + user};
  }
  return {CleanPath(user, "/") + "/settings.json", false, ""};
}

// What the settings start. Others who get a project's settings have safe-docker elsewhere, but in PATH.
std::string ProgramFor(const Target& target, const Environment& environment) {
  const std::string program = modes::FindSafeDocker(environment);
  const bool is_in_path = modes::FindProgram("safe-docker", modes::FoldersInPath(environment)) == program;
  return target.is_shared && is_in_path ? "safe-docker" : program;
}

// What is to be done, and in which way.
struct Work {
  agents::SettingsEdit edit;
  bool restores = false;      // the text is that of the backup
  bool removes_file = false;  // setup has made it, and nothing else is in it
};

Work Plan(const agents::SettingsFile& file, const std::string& program, bool removes) {
  if (!removes) {
    return {agents::AddClaudeHook(file.text, program)};
  }
  Work work = {agents::RemoveClaudeHook(file.text)};
  // If nothing has happened to it since, the file is put back to the last byte: but never a hook of ours with it, be it
  // an older one that was brought up to date, or one that somebody has written into the backup.
  const std::optional<std::string> before = agents::NewestBackup(file);
  if (before && !work.edit.changes.empty() && agents::RemoveClaudeHook(*before).changes.empty() &&
      agents::AddClaudeHook(*before, program).text == file.text) {
    work.edit.text = *before;
    work.restores = true;
  }
  work.removes_file = !before && !work.edit.changes.empty() && file.text == agents::AddClaudeHook("", program).text;
  return work;
}

agents::Written Carry(const Work& work, const agents::SettingsFile& file) {
  if (work.removes_file) {
    return {"", agents::RemoveSettingsFile(file)};
  }
  return agents::ReplaceSettingsFile(file, work.edit.text,
                                     work.restores ? agents::OldText::kDropped : agents::OldText::kKept);
}

void TellChanges(const agents::SettingsEdit& edit, const std::string& path, bool is_dry_run) {
  Print((is_dry_run ? "Would change " : "Changed ") + Printable(path) + ":\n");
  for (const std::string& change : edit.changes) {
    Print("  " + Printable(change) + "\n");
  }
}

void TellWhatFollows(const Target& target, const std::string& program) {
  Print(
      "Sessions that are running read it when they start anew. onFailure, by which a hook that fails stops the\n"
      "command, needs Claude Code " +
      std::string(agents::kFirstVersionThatBlocks) + " or later.\n");
  if (target.is_shared) {
    Print("Everyone who works in this project gets the hook, and without " + Printable(program) +
          " no command\nwould run there: tell them.\n");
  }
  Print("Try it: safe-docker doctor\nUndo it: safe-docker setup claude-code" +
        std::string(target.is_shared                       ? " --project"
                    : target.path.ends_with(".local.json") ? " --local"
                                                           : "") +
        " --remove\n");
}

int Run(const Options& options) {
  const Environment environment = modes::ProcessEnvironment();
  const Target target = FindTarget(options, environment);
  if (!target.problem.empty()) {
    return RefuseArguments("setup claude-code: " + target.problem);
  }
  const bool removes = options.Has("--remove");
  const bool is_dry_run = options.Has("--dry-run");
  const std::string program = ProgramFor(target, environment);
  const agents::SettingsFile file = agents::ReadSettingsFile(target.path);
  const std::string shown = Printable(file.path);
  if (!file.problem.empty()) {
    diagnostics::Log(diagnostics::Level::kError, shown + ": " + file.problem);
    return 1;
  }
  const Work work = Plan(file, program, removes);
  const agents::SettingsEdit& edit = work.edit;
  if (!edit.problem.empty()) {
    diagnostics::Log(diagnostics::Level::kError, shown + (edit.line == 0 ? "" : ":" + std::to_string(edit.line)) +
                                                     ": " + edit.problem + ". Nothing was changed.");
    return 1;
  }
  if (edit.changes.empty()) {
    Print(removes ? "There is no hook of safe-docker in " + shown + ".\n"
                  : "The hook is in " + shown + " already, as it should be.\n");
  } else if (is_dry_run) {
    TellChanges(edit, file.path, true);
    return 0;
  } else {
    const agents::Written written = Carry(work, file);
    if (!written.problem.empty()) {
      diagnostics::Log(diagnostics::Level::kError, written.problem + ". Nothing was changed.");
      return 1;
    }
    TellChanges(edit, file.path, false);
    Print(written.backup.empty() ? "" : "What was there before: " + Printable(written.backup) + "\n");
  }
  if (agents::ReadClaudeSettingsFile(file.path, agents::Scope::kUser).disables_all_hooks && !removes) {
    diagnostics::Warn(shown + " has disableAllHooks, so no hook is asked; take that out");
  }
  if (!removes) {
    TellWhatFollows(target, program);
  }
  return 0;
}

}  // namespace

Command SetupClaudeCode() {
  return {.manual = {.name = "setup claude-code",
                     .group = Group::kSettingUp,
                     .summary = "let Claude Code ask safe-docker before each command",
                     .usage = {"setup claude-code [--user | --project | --local] [--remove] [--dry-run]"},
                     .description =
                         {"Puts the hook into a settings file of Claude Code, so that it asks safe-docker before each "
                          "shell command, and stops the command if safe-docker fails. Everything else in the file "
                          "stays as it is, to the byte; the file as it was is kept beside it.",
                          "An older hook of safe-docker's is brought up to date. A file that cannot be changed safely "
                          "is left alone, with what is in the way."},
                     .options = {{"--user", "", "~/.claude/settings.json, or that in CLAUDE_CONFIG_DIR (the default)"},
                                 {"--project", "", ".claude/settings.json of this project, for all who work in it"},
                                 {"--local", "", ".claude/settings.local.json of this project, for you"},
                                 {"--remove", "", "take the hook out again"},
                                 {"--dry-run", "", "tell what would be changed"}},
                     .examples = {{"safe-docker setup claude-code", "For all that you do with Claude Code."},
                                  {"safe-docker setup claude-code --project", "For everyone in this project."},
                                  {"safe-docker setup claude-code --remove", "As it was before."}},
                     .exit_codes = {{0, "it is as it was asked for"},
                                    {1, "the file cannot be read, changed safely, or written; nothing was changed"},
                                    {2, "it was called wrongly"}},
                     .see_also = {"safe-docker-doctor(1)", "safe-docker-hook(1)", "safe-docker-setup(1)"}},
          .run = &Run};
}

}  // namespace safe_docker::commands
