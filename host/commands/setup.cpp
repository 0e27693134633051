// `safe-docker setup`: makes the links by which safe-docker stands in front of docker, and tells what PATH makes of
// them.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "commands/commands.hpp"
#include "commands/terminal.hpp"
#include "diagnostics.hpp"
#include "file_system.hpp"
#include "modes/door.hpp"
#include "modes/real_docker.hpp"
#include "modes/search_path.hpp"
#include "printable.hpp"

namespace safe_docker::commands {
namespace {

struct Setting {
  Environment environment;
  std::string target;   // the folder of the links
  std::string program;  // what they lead to
  bool is_forced = false;
  bool removes = false;
  bool is_dry_run = false;
};

// ---- What lies where a link is to be
// ---------------------------------------------------------------------------------

enum class Lies : std::uint8_t { kNothing, kOurLink, kOurOldLink, kOtherLink, kOurProgram, kOther };

struct Found {
  Lies what = Lies::kNothing;
  std::string leads_to;  // of a link, as it is written
};

Found LookAt(const std::string& path, const std::string& program) {
  struct stat status = {};
  if (lstat(path.c_str(), &status) != 0) {
    return {};
  }
  if (!S_ISLNK(status.st_mode)) {
    return {modes::IsSafeDocker(path) ? Lies::kOurProgram : Lies::kOther, ""};
  }
  char text[4096];
  const ssize_t size = readlink(path.c_str(), text, sizeof text);
  Found found = {Lies::kOtherLink, std::string(text, size > 0 ? static_cast<std::size_t>(size) : 0)};
  const bool leads_nowhere = stat(path.c_str(), &status) != 0;
  if (found.leads_to == program && !leads_nowhere) {
    found.what = Lies::kOurLink;
  } else if (modes::IsSafeDocker(path) || (leads_nowhere && BaseName(found.leads_to) == "safe-docker")) {
    found.what = Lies::kOurOldLink;
  }
  return found;
}

// True if `path` is the only docker that PATH has: without it safe-docker would have nothing to become.
bool IsOnlyDocker(const Setting& setting, const std::string& name) {
  std::vector<std::string> others;
  bool is_in_path = false;
  for (const std::string& folder : modes::FoldersInPath(setting.environment)) {
    const bool is_target = ResolvePath(folder, "/").resolved == ResolvePath(setting.target, "/").resolved;
    const std::string path = folder + "/" + name;
    is_in_path = is_in_path || is_target;
    if (!is_target && modes::IsProgram(path) && !modes::IsSafeDocker(path)) {
      others.push_back(path);
    }
  }
  return is_in_path && others.empty();
}

std::string WhatIsInTheWay(const Setting& setting, const std::string& path, const std::string& name,
                           const Found& found) {
  const std::string shown = Printable(path);
  if (found.what == Lies::kOther) {
    return shown +
           " is there already, and no link: choose another folder with --target (in front of it in PATH), or "
           "move it away yourself";
  }
  const std::string link = shown + " is a link to " + Printable(found.leads_to);
  if (!setting.is_forced) {
    return link + ": choose another folder with --target, or let --force replace it";
  }
  return IsOnlyDocker(setting, name) && modes::IsProgram(path)
             ? link + ", the only " + name +
                   " in PATH: it would be lost; choose another folder with --target, in front of it in PATH"
             : "";
}

// ---- Links
// -----------------------------------------------------------------------------------------------------------

bool MakeFolders(const std::string& folder) {
  for (std::size_t slash = folder.find('/', 1); true; slash = folder.find('/', slash + 1)) {
    if (mkdir(folder.substr(0, slash).c_str(), 0755) != 0 && errno != EEXIST) {
      return false;
    }
    if (slash == std::string::npos) {
      return true;
    }
  }
}

// The link appears all at once, whatever was there.
bool MakeLink(const std::string& path, const std::string& program) {
  const std::string temporary = path + ".safe-docker-" + std::to_string(getpid());
  if (symlink(program.c_str(), temporary.c_str()) != 0) {
    return false;
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    unlink(temporary.c_str());
    errno = error;
    return false;
  }
  return true;
}

int Fail(const std::string& message) {
  diagnostics::Log(diagnostics::Level::kError, "setup: " + message);
  return 1;
}

int AddLink(const Setting& setting, const std::string& name) {
  const std::string path = setting.target + "/" + name;
  const std::string link = Printable(path) + " -> " + Printable(setting.program);
  const Found found = LookAt(path, setting.program);
  if (found.what == Lies::kOurLink || found.what == Lies::kOurProgram) {
    Print("There already: " + link + "\n");
    return 0;
  }
  if (found.what == Lies::kOther || found.what == Lies::kOtherLink) {
    if (const std::string problem = WhatIsInTheWay(setting, path, name, found); !problem.empty()) {
      return Fail(problem);
    }
  }
  if (!setting.is_dry_run && (!MakeFolders(setting.target) || !MakeLink(path, setting.program))) {
    return Fail(Printable(path) + " cannot be made: " + std::strerror(errno));
  }
  Print((setting.is_dry_run ? "Would link: " : "Linked: ") + link +
        (found.leads_to.empty() ? "" : " (it led to " + Printable(found.leads_to) + ")") + "\n");
  return 0;
}

int RemoveLink(const Setting& setting, const std::string& name) {
  const std::string path = setting.target + "/" + name;
  const Found found = LookAt(path, setting.program);
  if (found.what != Lies::kOurLink && found.what != Lies::kOurOldLink) {
    Print(found.what == Lies::kNothing ? "Not there: " + Printable(path) + "\n"
                                       : "Left alone: " + Printable(path) + " does not lead to safe-docker\n");
    return 0;
  }
  if (!setting.is_dry_run && unlink(path.c_str()) != 0) {
    return Fail(Printable(path) + " cannot be removed: " + std::strerror(errno));
  }
  Print((setting.is_dry_run ? "Would remove: " : "Removed: ") + Printable(path) + "\n");
  return 0;
}

// ---- What PATH makes of it
// -------------------------------------------------------------------------------------------

// The line that puts the folder in front, for the shell that one uses.
std::string HowToPutInFront(const Setting& setting) {
  const std::string home = setting.environment.GetOr("HOME", "");
  const bool is_in_home = !home.empty() && IsWithin(setting.target, home);
  const std::string folder = (is_in_home ? "$HOME" + setting.target.substr(home.size()) : setting.target);
  const std::string path = setting.environment.GetOr("SHELL", "");
  const std::string_view shell = BaseName(path);
  if (shell == "fish") {
    return "fish_add_path --move \"" + folder + "\"";
  }
  const std::string line = "export PATH=\"" + folder + ":$PATH\"";
  return "echo '" + line + "' >> ~/" + (shell == "zsh" ? ".zshrc" : shell == "bash" ? ".bashrc" : ".profile");
}

void TellAboutPath(const Setting& setting) {
  const std::string first = modes::FindProgram("docker", modes::FoldersInPath(setting.environment));
  if (!first.empty() && modes::IsSafeDocker(first)) {
    Print("In PATH, docker is safe-docker now. A shell that is open may remember the other: hash -r\n");
    return;
  }
  Print((first.empty() ? Printable(setting.target) + " is not in PATH"
                       : "In PATH, docker is still " + Printable(first) + ", which stands in front") +
        ". To put the links in front:\n  " + Printable(HowToPutInFront(setting)) + "\nThen open a new shell.\n");
}

void TellRealDocker(const Setting& setting) {
  modes::ConfigurationRequest request;
  const policy::LoadedConfig loaded = modes::LoadConfiguration(setting.environment, request);
  const modes::RealDocker docker =
      modes::FindRealDocker("docker", "", loaded.config.wrapper.docker_path, setting.environment);
  if (docker.path.empty()) {
    diagnostics::Warn("no real docker: " + docker.problem);
  } else {
    Print("The real docker: " + Printable(docker.path) + "\n");
  }
}

int Apply(const Setting& setting) {
  if (setting.removes) {
    const int code = RemoveLink(setting, "docker");
    return RemoveLink(setting, "docker-compose") | code;
  }
  int code = AddLink(setting, "docker");
  if (!modes::FindRealDocker("docker-compose", "", "", setting.environment).path.empty()) {
    code |= AddLink(setting, "docker-compose");
  }
  if (code == 0) {
    TellRealDocker(setting);
  }
  if (code == 0 && !setting.is_dry_run) {
    TellAboutPath(setting);
    Print("Undo it: safe-docker setup --remove\nFor Claude Code: safe-docker setup claude-code\n");
  }
  return code;
}

int Run(const Options& options) {
  Setting setting;
  setting.environment = modes::ProcessEnvironment();
  const std::string home = setting.environment.GetOr("HOME", "");
  std::string target = options.Last("--target").value_or("~/.local/bin");
  if (target.starts_with("~/") || target == "~") {  // in --target=~/bin the shell leaves it
    if (!home.starts_with('/')) {
      return RefuseArguments("setup: HOME is not set, so nobody knows where ~ is; name a folder with --target");
    }
    target.replace(0, 1, home);
  }
  if (target.empty()) {
    return RefuseArguments("setup: --target is empty; name a folder");
  }
  setting.target = CleanPath(target, CurrentFolder(nullptr));
  setting.program = modes::FindSafeDocker(setting.environment);
  setting.is_forced = options.Has("--force");
  setting.removes = options.Has("--remove");
  setting.is_dry_run = options.Has("--dry-run");
  return Apply(setting);
}

}  // namespace

Command Setup() {
  return {
      .manual = {.name = "setup",
                 .group = Group::kSettingUp,
                 .summary = "put safe-docker in front of docker, by links in PATH",
                 .usage = {"setup [--target DIR] [--force] [--remove] [--dry-run]", "setup claude-code [OPTIONS]"},
                 .description =
                     {"Makes the link docker, and docker-compose if that is installed, so that what is typed as docker "
                      "is judged first. Tells which docker is the real one, and whether PATH finds the link before "
                      "it. Nothing else is changed; a file is never replaced.",
                      "For a coding agent see setup claude-code: its hook sees whole shell texts, the link only "
                      "docker's words."},
                 .options = {{"--target", "FOLDER", "where the links are made (~/.local/bin)"},
                             {"--force", "", "replace a link that leads elsewhere"},
                             {"--remove", "", "remove the links that lead to safe-docker"},
                             {"--dry-run", "", "tell what would be done"}},
                 .examples = {{"safe-docker setup", "Links in ~/.local/bin."},
                              {"safe-docker setup --target ~/bin", "Links in another folder."},
                              {"safe-docker setup --remove", "As it was before."}},
                 .exit_codes = {{0, "the links are as they were asked for"},
                                {1, "something is in the way, or cannot be written"},
                                {2, "it was called wrongly"}},
                 .see_also = {"safe-docker-setup-claude-code(1)", "safe-docker-doctor(1)"}},
      .run = &Run};
}

}  // namespace safe_docker::commands
