// `safe-docker setup`: makes the links by which safe-docker stands in front of docker, and tells what PATH makes of
// them.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

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
  bool is_default = true;  // the target
};

// ---- What lies where a link is to be

enum class Lies : std::uint8_t { kNothing, kOurLink, kOurOldLink, kOtherLink, kOurProgram, kOther };

struct Found {
  Lies what = Lies::kNothing;
  std::string leads_to;  // of a link, as it is written
};

// What the link at `path` says; empty if it is none.
std::string LinkText(const std::string& path) {
  char text[4096];
  const ssize_t size = readlink(path.c_str(), text, sizeof text);
  return {text, size > 0 ? static_cast<std::size_t>(size) : 0};
}

Found LookAt(const std::string& path, const std::string& program) {
  struct stat status = {};
  if (lstat(path.c_str(), &status) != 0) {
    return {};
  }
  if (!S_ISLNK(status.st_mode)) {
    return {modes::IsSafeDocker(path) ? Lies::kOurProgram : Lies::kOther, ""};
  }
  Found found = {Lies::kOtherLink, LinkText(path)};
  const bool leads_nowhere = stat(path.c_str(), &status) != 0;
  if (found.leads_to == program && !leads_nowhere) {
    found.what = Lies::kOurLink;
  } else if (modes::IsSafeDocker(path) || (leads_nowhere && BaseName(found.leads_to) == "safe-docker")) {
    found.what = Lies::kOurOldLink;
  }
  return found;
}

// The docker (or docker-compose) that safe-docker becomes.
modes::RealDocker RealDockerOf(const Setting& setting, const std::string& name) {
  const policy::LoadedConfig loaded = modes::LoadConfiguration(setting.environment, {});
  return modes::FindRealDocker(name, "", loaded.config.wrapper.docker_path, setting.environment);
}

// `path`, whose folder is followed and whose last name is not.
std::string InRealFolder(const std::string& path, const std::string& base) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  return PathResolver().ResolveAsOpened(folder, base).resolved + "/" + std::string(BaseName(path));
}

// True if following `path` comes by `link`.
bool LeadsThrough(const std::string& path, const std::string& link) {
  constexpr int kMostLinks = 40;
  const std::string wanted = InRealFolder(link, "/");
  std::string here = InRealFolder(path, "/");
  for (int count = 0; count < kMostLinks; ++count) {
    const std::string next = LinkText(here);
    if (here == wanted || next.empty()) {
      return here == wanted;
    }
    here = InRealFolder(next, here.substr(0, here.rfind('/') + 1));
  }
  return true;  // nobody knows where it ends
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
  const std::string real = RealDockerOf(setting, name).path;
  return !real.empty() && LeadsThrough(real, path)
             ? link + ", by which the real " + name + " is reached (" + Printable(real) +
                   "): it is never replaced; choose another folder with --target, in front of it in PATH"
             : "";
}

// ---- Links

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

// True if no shell reads anything in `folder` as its own, when it stands between double quotes. People paste the line.
bool IsPlain(std::string_view folder) {
  return std::all_of(folder.begin(), folder.end(), [](unsigned char letter) {
    return std::isalnum(letter) != 0 ||
           std::string_view(" /._-+@%,=~").find(static_cast<char>(letter)) != std::string_view::npos;
  });
}

// The line that puts the folder in front, for the shell that one uses.
std::string HowToPutInFront(const Setting& setting) {
  const std::string home = setting.environment.GetOr("HOME", "");
  const bool is_in_home = !home.empty() && IsWithin(setting.target, home);
  const std::string rest = is_in_home ? setting.target.substr(home.size()) : setting.target;
  if (!IsPlain(rest)) {
    return "(put the folder into PATH yourself: its name has letters that shells read as their own)";
  }
  const std::string folder = (is_in_home ? "$HOME" : "") + rest;
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
  const modes::RealDocker docker = RealDockerOf(setting, "docker");
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
  if (!RealDockerOf(setting, "docker-compose").path.empty()) {
    code |= AddLink(setting, "docker-compose");
  }
  if (code == 0) {
    TellRealDocker(setting);
  }
  if (code == 0 && !setting.is_dry_run) {
    TellAboutPath(setting);
    Print("Undo it: safe-docker setup --remove" + std::string(setting.is_default ? "" : ", with the same --target") +
          "\nFor Claude Code: safe-docker setup claude-code\n");
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
  const std::string folder = CurrentFolder(nullptr);
  if (folder.empty() && !target.starts_with('/')) {
    return RefuseArguments("setup: the folder that this was started in is no longer there; name an absolute --target");
  }
  setting.target = CleanPath(target, folder);
  if (setting.target.find(':') != std::string::npos) {
    return RefuseArguments("setup: " + Printable(setting.target) +
                           " has a colon in its name, so it cannot stand in PATH; choose another --target");
  }
  setting.program = modes::FindSafeDocker(setting.environment);
  setting.is_default = !options.Has("--target");
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
                 .summary = "put it in front of docker; setup claude-code: into Claude Code",
                 .usage = {"setup [--target DIR] [--force] [--remove] [--dry-run]", "setup claude-code [OPTIONS]"},
                 .description =
                     {"Makes the link docker, and docker-compose if that is installed, so that what is typed as docker "
                      "is judged first. Tells which docker is the real one, and whether PATH finds the link before "
                      "it. Nothing else is changed; a file is never replaced.",
                      "For a coding agent see setup claude-code: its hook sees whole shell texts, the link only "
                      "docker's words."},
                 .options = {{"--target", "FOLDER", "where the links are made (~/.local/bin)"},
                             {"--force", "", "replace a link that leads elsewhere"},
                             {"--remove", "",
                              "remove the links that lead to safe-docker; what --force replaced is not put back"},
                             {"--dry-run", "", "tell what would be done"}},
                 .examples = {{"safe-docker setup", "Links in ~/.local/bin."},
                              {"safe-docker setup --target ~/bin", "Links in another folder."},
                              {"safe-docker setup --remove", "Call docker itself again."}},
                 .exit_codes = {{0, "the links are as they were asked for"},
                                {1, "something is in the way, or cannot be written"},
                                {2, "it was called wrongly"}},
                 .see_also = {"safe-docker-setup-claude-code(1)", "safe-docker-doctor(1)"}},
      .run = &Run};
}

}  // namespace safe_docker::commands
