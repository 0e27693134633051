#include "modes/self_protection.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "file_system.hpp"
#include "modes/installation.hpp"
#include "own_commands.hpp"
#include "policy/rules.hpp"

namespace safe_docker::modes {
namespace {

using policy::Finding;

// A file or folder of safe-docker or of an agent that asks it. `path` is below the home folder if it begins with '~',
// absolute if it begins with '/', else below whatever folder.
struct Guarded {
  std::string_view path;
  std::string_view meaning;
};

constexpr std::string_view kSettings = "decides what safe-docker allows";
constexpr std::string_view kRecords = "holds what people have trusted, and the log of what was decided";
constexpr std::string_view kCode = "holds safe-docker's own code";
constexpr std::string_view kHooks = "decides whether the agent asks safe-docker at all";

constexpr std::array kGuarded = {
    Guarded{"~/.config/safe-docker", kSettings},
    Guarded{"/etc/safe-docker", kSettings},
    Guarded{"~/.local/share/safe-docker", kRecords},
    Guarded{"~/.local/lib/safe-docker", kCode},
    Guarded{"/usr/lib/safe-docker", kCode},
    Guarded{"/usr/lib/x86_64-linux-gnu/safe-docker", kCode},
    Guarded{"/usr/lib/aarch64-linux-gnu/safe-docker", kCode},
    Guarded{"/usr/lib64/safe-docker", kCode},
    Guarded{"/usr/local/lib/safe-docker", kCode},
    Guarded{"~/.local/bin/safe-docker", kCode},
    Guarded{"/usr/bin/safe-docker", kCode},
    Guarded{"/usr/local/bin/safe-docker", kCode},
    Guarded{"/opt/homebrew/lib/safe-docker", kCode},
    Guarded{"/opt/homebrew/bin/safe-docker", kCode},
    Guarded{"Cellar/safe-docker", kCode},
    Guarded{".claude/settings.json", kHooks},
    Guarded{".claude/settings.local.json", kHooks},
    Guarded{"/etc/claude-code/managed-settings.json", kHooks},
    Guarded{".codex/hooks.json", kHooks},
    Guarded{".codex/config.toml", kHooks},
    Guarded{".cursor/hooks.json", kHooks},
    Guarded{".gemini/settings.json", kHooks},
    Guarded{".gemini/config/hooks.json", kHooks},
    Guarded{".qwen/settings.json", kHooks},
    Guarded{".factory/hooks.json", kHooks},
    Guarded{".factory/settings.json", kHooks},
    Guarded{".augment/settings.json", kHooks},
    Guarded{".codeium/windsurf/hooks.json", kHooks},
    Guarded{".windsurf/hooks.json", kHooks},
    Guarded{".openhands/hooks.json", kHooks},
    Guarded{".agents/hooks.json", kHooks},
    Guarded{".crush.json", kHooks},
    Guarded{"crush/crush.json", kHooks},
    Guarded{".devin/hooks.json", kHooks},
    Guarded{".devin/hooks.v1.json", kHooks},
    Guarded{".devin/config.json", kHooks},
    Guarded{"devin/config.json", kHooks},
    Guarded{".cline/hooks", kHooks},
    Guarded{".clinerules/hooks", kHooks},
    Guarded{".copilot/hooks", kHooks},
    Guarded{".github/hooks", kHooks},
    Guarded{".kiro/hooks", kHooks},
    Guarded{".grok/hooks", kHooks},
    Guarded{".opencode/plugins", kHooks},
    Guarded{"opencode/plugins", kHooks},
    Guarded{"amp/plugins", kHooks},
};

// What a program can do to safe-docker if one of its words names it.
struct Tool {
  std::string_view name;
  std::string_view deed;
};
constexpr std::string_view kStops = "stops safe-docker";
constexpr std::string_view kRemoves = "may remove or replace safe-docker";
// The program with safe-docker's own commands, if it is called by itself.
constexpr std::string_view kHelper = "commands";
// Of these a word must name what is guarded, not just safe-docker.
constexpr std::string_view kWrites = "may write to what decides over safe-docker";
constexpr std::string_view kChanges = "may change what decides over safe-docker";
constexpr std::array kTools = {
    Tool{"pkill", kStops},     Tool{"killall", kStops},   Tool{"kill", kStops},       Tool{"skill", kStops},
    Tool{"systemctl", kStops}, Tool{"service", kStops},   Tool{"apt", kRemoves},      Tool{"apt-get", kRemoves},
    Tool{"dpkg", kRemoves},    Tool{"dnf", kRemoves},     Tool{"yum", kRemoves},      Tool{"rpm", kRemoves},
    Tool{"zypper", kRemoves},  Tool{"brew", kRemoves},    Tool{"chmod", kRemoves},    Tool{"chown", kRemoves},
    Tool{"chattr", kRemoves},  Tool{"setfacl", kRemoves}, Tool{"shred", kRemoves},    Tool{"python", kChanges},
    Tool{"python3", kChanges}, Tool{"node", kChanges},    Tool{"perl", kChanges},     Tool{"ruby", kChanges},
    Tool{"ln", kChanges},      Tool{"tar", kWrites},      Tool{"bsdtar", kWrites},    Tool{"unzip", kWrites},
    Tool{"7z", kWrites},       Tool{"cpio", kWrites},     Tool{"git", kWrites},       Tool{"mount", kWrites},
    Tool{"vim", kWrites},      Tool{"vi", kWrites},       Tool{"nvim", kWrites},      Tool{"emacs", kWrites},
    Tool{"nano", kWrites},     Tool{"awk", kWrites},      Tool{"gawk", kWrites},      Tool{"mawk", kWrites},
    Tool{"stow", kWrites},     Tool{"find", kWrites},     Tool{"ed", kChanges},       Tool{"ex", kChanges},
    Tool{"patch", kChanges},   Tool{"rsync", kWrites},    Tool{"scp", kWrites},       Tool{"sftp", kWrites},
    Tool{"rename", kWrites},   Tool{"trash", kWrites},    Tool{"trash-put", kWrites}, Tool{"gio", kWrites},
    Tool{"exch", kWrites},
};

const Tool* FindTool(std::string_view program) {
  const auto* found =
      std::find_if(kTools.begin(), kTools.end(), [program](const Tool& each) { return each.name == program; });
  return found == kTools.end() ? nullptr : found;
}

Finding Tampering(std::string written, std::string message, std::string advice) {
  Finding finding = policy::HostFinding(policy::kSelfProtection);
  finding.written = std::move(written);
  finding.message = std::move(message);
  finding.advice = std::move(advice);
  return finding;
}

// Whether `place`, a relative path, stands in `path` as whole components: ".claude/settings.json" in
// "/p/.claude/settings.json".
bool HoldsPlace(std::string_view path, std::string_view place) {
  const std::size_t at = path.find(place);
  const std::size_t end = at + place.size();
  return at != std::string_view::npos && at > 0 && path[at - 1] == '/' && (end == path.size() || path[end] == '/');
}

// Whether a path with unknown parts, a pattern, may be `place` or something in it.
bool MayBeIn(std::string_view path, std::string_view place) {
  const std::size_t unknown = path.find(kUnknownPart);
  const std::string_view folder = path.substr(0, path.rfind('/', unknown));
  const std::string_view end = path.substr(path.rfind(kUnknownPart) + 1);
  const bool beside = folder == place.substr(0, place.rfind('/')) && place.ends_with(end);
  return !folder.empty() && (beside || IsWithin(folder, place));
}

// Whether `path` is the folder that an agent has in a project or a home, with its settings and hooks.
bool IsFolderOfAgent(std::string_view path, const Guarded& guarded) {
  const std::string_view folder = guarded.path.substr(0, guarded.path.find('/'));
  return folder.starts_with('.') && folder != ".github" && BaseName(path) == folder;
}

bool IsFolderOfAnyAgent(std::string_view path) {
  return std::any_of(kGuarded.begin(), kGuarded.end(),
                     [path](const Guarded& each) { return IsFolderOfAgent(path, each); });
}

// The program that judges and what it loads, wherever that is installed.
constexpr Guarded kInstallation = {"", kCode};

bool IsOfInstallation(const std::string& path, bool with_folder) {
  const std::string program = ProgramPath();
  const std::string helpers = HelperFolder();
  return path == program || IsWithin(path, helpers) ||
         (with_folder && (IsWithin(program, path) || IsWithin(helpers, path)));
}

// What is guarded at `path` or below it; null if nothing is. `home` may be empty.
const Guarded* FindGuarded(const std::string& path, const std::string& home, bool with_folder) {
  for (const Guarded& each : kGuarded) {
    const bool of_home = each.path[0] == '~';
    const bool fixed = (of_home && !home.empty()) || each.path[0] == '/';
    const std::string place = of_home ? home + std::string(each.path.substr(1)) : std::string(each.path);
    if (fixed &&
        (IsWithin(path, place) || (with_folder && IsWithin(place, path)) || (!IsKnown(path) && MayBeIn(path, place)))) {
      return &each;
    }
    // The folder of an agent in a project may be removed as a whole, too.
    if (!fixed && !of_home && (HoldsPlace(path, each.path) || (with_folder && IsFolderOfAgent(path, each)))) {
      return &each;
    }
  }
  return IsOfInstallation(path, with_folder) ? &kInstallation : nullptr;
}

// True if `path` is a link by which safe-docker is called in docker's place. Who writes there writes into safe-docker.
bool IsWrapperLink(const std::string& path, PathResolver* resolver) {
  return IsKnown(path) && BaseName(path) != "safe-docker" &&
         BaseName(resolver->Resolve(path, "/").resolved) == "safe-docker";
}

void AddPaths(const std::vector<std::string>& paths, bool removed, const shell::Context& context,
              std::vector<Finding>* findings) {
  const std::string home = context.environment.GetInherited("HOME").value;
  PathResolver resolver;
  for (const std::string& path : paths) {
    // Who writes the folder itself, as `cp -r other/. .claude` does, writes what is in it.
    const Guarded* guarded = FindGuarded(path, home, removed || IsFolderOfAnyAgent(path));
    if (guarded != nullptr || IsWrapperLink(path, &resolver)) {
      findings->push_back(
          Tampering(path,
                    std::string(removed ? "the command removes " : "the command writes to ") + path + ", which " +
                        std::string(guarded != nullptr ? guarded->meaning : "calls safe-docker in docker's place"),
                    "Leave the file alone; a person may change it."));
    }
  }
}

// True if this `ln` puts another link in the place of one that calls safe-docker: the last word is the link, or the
// folder in which it gets the name of what it leads to; -t names the folder, too.
bool ReplacesWrapperLink(const CommandLine& line) {
  PathResolver resolver;
  const auto is_wrapper = [&](std::string_view path) {
    return IsKnown(path) && IsKnown(line.cwd) && IsWrapperLink(CleanPath(path, line.cwd), &resolver);
  };
  std::string_view folder = line.words.back().text;
  for (std::size_t index = 1; index < line.words.size(); ++index) {
    const std::string_view word = line.words[index].text;
    constexpr std::string_view kLong = "--target-directory=";
    folder = word.starts_with(kLong) ? word.substr(kLong.size())
             : word.starts_with('-') && !word.starts_with("--") && word.ends_with('t') && index + 1 < line.words.size()
                 ? line.words[index + 1].text
                 : folder;
  }
  return is_wrapper(line.words.back().text) ||
         std::any_of(line.words.begin() + 1, line.words.end(), [&](const Word& word) {
           return is_wrapper(std::string(folder) + "/" + std::string(BaseName(word.text)));
         });
}

// `chmod -x ~/bin/docker` changes what the link leads to: safe-docker.
bool NamesWrapperLink(const CommandLine& line) {
  PathResolver resolver;
  return IsKnown(line.cwd) && std::any_of(line.words.begin() + 1, line.words.end(), [&](const Word& word) {
           return IsKnown(word.text) && IsWrapperLink(CleanPath(word.text, line.cwd), &resolver);
         });
}

// Whether it puts files into the folder that it is told, or takes them out of it.
bool FillsFolders(std::string_view program) {
  constexpr std::string_view kPrograms[] = {"7z", "bsdtar", "cpio", "git", "mount", "rsync", "tar", "unzip"};
  return std::find(std::begin(kPrograms), std::end(kPrograms), program) != std::end(kPrograms);
}

// `chmod 000 .claude`: the agent finds no settings there any more.
bool NamesFolderOfAgent(const CommandLine& line) {
  return IsKnown(line.cwd) && std::any_of(line.words.begin() + 1, line.words.end(), [&](const Word& word) {
           return IsKnown(word.text) && IsFolderOfAnyAgent(CleanPath(word.text, line.cwd));
         });
}

// Of git, what leaves the files that it names as they are.
bool OnlyLooksOrRecords(const CommandLine& line) {
  constexpr std::string_view kCommands[] = {"add",  "blame",     "cat-file", "check-ignore", "commit",
                                            "diff", "fetch",     "grep",     "log",          "ls-files",
                                            "push", "rev-parse", "show",     "status",       "tag"};
  std::size_t index = 1;
  while (index < line.words.size() && line.words[index].text.starts_with('-')) {
    index += line.words[index].text == "-C" || line.words[index].text == "-c" ? 2 : 1;
  }
  return index < line.words.size() &&
         std::find(std::begin(kCommands), std::end(kCommands), line.words[index].text) != std::end(kCommands);
}

// True if the command works in a guarded folder, or one of its words names one.
bool NamesGuarded(const CommandLine& line, const shell::Context& context) {
  const std::string_view program = BaseName(line.words[0].text);
  if (program == "git" && OnlyLooksOrRecords(line)) {
    return false;
  }
  const bool fills = FillsFolders(program);
  const std::string home = context.environment.GetInherited("HOME").value;
  const auto is_guarded = [&](const std::string& path) {
    return FindGuarded(path, home, /*with_folder=*/false) != nullptr || (fills && IsFolderOfAnyAgent(path));
  };
  if (IsKnown(line.cwd) && is_guarded(line.cwd)) {
    return true;
  }
  // In whatever way the word has it: as the path, behind "--directory=", or in the program's own text.
  const auto names_one = [&](const Word& word) {
    const bool is_path =
        IsKnown(word.text) && IsKnown(line.cwd) && !word.text.empty() && is_guarded(CleanPath(word.text, line.cwd));
    return is_path || std::any_of(kGuarded.begin(), kGuarded.end(), [&](const Guarded& each) {
             const std::string place = each.path[0] == '~' ? home + std::string(each.path.substr(1)) : "";
             return !home.empty() && !place.empty() && word.text.find(place) != std::string::npos;
           });
  };
  return std::any_of(line.words.begin() + 1, line.words.end(), names_one);
}

// True if the words name safe-docker itself, or something that is guarded by its path in whatever folder.
bool NamesSafeDocker(const std::vector<Word>& words) {
  return std::any_of(words.begin() + 1, words.end(), [](const Word& word) {
    const std::string_view text = word.text;
    return text.find("safe-docker") != text.npos || word.written.find("safe-docker") != text.npos ||
           std::any_of(kGuarded.begin(), kGuarded.end(), [text](const Guarded& each) {
             return each.path[0] == '.' && each.path.find('/') != each.path.npos && text.find(each.path) != text.npos;
           });
  });
}

// `doctor` runs what PATH, the settings and the configuration name. It is for anyone to call, but not with others than
// those that are in force.
bool MakesDoctorRunOthers(const CommandLine& line) {
  constexpr std::string_view kChoosing[] = {
      "PATH", "HOME", "XDG_CONFIG_HOME", "CLAUDE_CONFIG_DIR", "SAFE_DOCKER_CONFIG", "SAFE_DOCKER_DOCKER_PATH"};
  return std::any_of(line.words.begin() + 2, line.words.end(),
                     [](const Word& word) { return word.text.starts_with("--run") || !IsKnown(word.text); }) ||
         std::any_of(std::begin(kChoosing), std::end(kChoosing),
                     [&line](std::string_view name) { return line.environment.changes().contains(name); });
}

// `setup --dry-run` and `setup claude-code --help`: where a value cannot stand, so that it is the option.
bool OnlyTellsOfSetup(const CommandLine& line) {
  const auto word = [&line](std::size_t index) {
    return index < line.words.size() ? std::string_view(line.words[index].text) : std::string_view();
  };
  const std::string_view option = word(word(2) == "claude-code" ? 3 : 2);
  return word(1) == "setup" && (option == "--help" || option == "-h" || option == "--dry-run");
}

void AddCommand(const CommandLine& line, const shell::Context& context, std::vector<Finding>* findings) {
  const std::string_view program = BaseName(line.words[0].text);
  const std::string_view first = line.words.size() > 1 ? std::string_view(line.words[1].text) : std::string_view();
  const std::string_view second = line.words.size() > 2 ? std::string_view(line.words[2].text) : std::string_view();
  const OwnCommand* const own = FindOwnCommand(first, second);
  // `audit baseline -o FILE` writes whatever file it is told to.
  const bool writes = own != nullptr && own->name == "audit" &&
                      std::any_of(line.words.begin() + 2, line.words.end(), [](const Word& word) {
                        return word.text.starts_with("-o") || word.text.starts_with("--o") || !IsKnown(word.text);
                      });
  const bool runs_others = own != nullptr && own->name == "doctor" && MakesDoctorRunOthers(line);
  const bool changes = writes || runs_others || (own != nullptr && own->changes_policy(second)) ||
                       first == "uninstall" || !IsKnown(first);
  // Other people's programs are called "commands", too.
  const bool is_helper = program == kHelper && (line.words[0].text.find("safe-docker") != std::string::npos ||
                                                line.cwd.find("safe-docker") != std::string::npos);
  if (changes && !OnlyTellsOfSetup(line) && (program == "safe-docker" || is_helper)) {
    const std::string command = "safe-docker " + (IsKnown(first) ? std::string(first) : "with an unknown command");
    findings->push_back(Tampering(line.source,
                                  command + (runs_others ? " would run whatever these settings name"
                                                         : " changes what safe-docker judges and how"),
                                  runs_others ? "Run it without them, or let a person run it in their own shell."
                                              : "Let a person run it in their own shell."));
    return;
  }
  const Tool* tool = FindTool(program);
  const bool only_looks = (program == "systemctl" && first == "status") || (program == "kill" && first == "-l") ||
                          ((program == "apt" || program == "dpkg" || program == "brew") &&
                           (first == "show" || first == "list" || first == "search" || first == "info" ||
                            first == "-s" || first == "-l" || first == "-L" || first == "install"));
  const bool touches =
      tool != nullptr && !only_looks &&
      (tool->deed == kWrites ? NamesGuarded(line, context)
                             : NamesSafeDocker(line.words) || (program == "ln" && ReplacesWrapperLink(line)) ||
                                   (tool->deed == kRemoves && (NamesFolderOfAgent(line) || NamesWrapperLink(line))));
  if (touches) {
    findings->push_back(Tampering(line.source, "this " + std::string(tool->deed),
                                  "Leave safe-docker and the agent's hooks alone; a person may change them."));
  }
}

}  // namespace

namespace {

// A place of safe-docker's own, and why it is guarded.
struct OwnPlace {
  std::string path;
  std::string_view meaning;
};

// Those below the home: whoever allows /etc or /usr has allowed what the system's owner keeps there.
std::vector<OwnPlace> OwnPlaces(const std::string& home) {
  std::vector<OwnPlace> places;
  for (const Guarded& each : kGuarded) {
    if (each.path[0] == '~' && each.path.find("safe-docker") != each.path.npos && !home.empty()) {
      places.push_back({home + std::string(each.path.substr(1)), each.meaning});
    }
  }
  return places;
}

// The hooks of an agent, in whatever project: who may write there decides whether safe-docker is asked. A project that
// is mounted as a whole holds them as well, but that is what containers are for.
const Guarded* FindHooks(std::string_view path, bool is_mount) {
  const auto* const found = std::find_if(kGuarded.begin(), kGuarded.end(), [&](const Guarded& each) {
    const bool anywhere = each.path[0] != '~' && each.path[0] != '/';
    return anywhere && (HoldsPlace(path, each.path) || (is_mount && IsFolderOfAgent(path, each)));
  });
  return found == kGuarded.end() ? nullptr : found;
}

Finding TamperingByDocker(const docker::Effect& effect, const std::string& path, std::string_view meaning) {
  return Tampering(effect.evidence.written,
                   "would let docker write to " + path + ", which is or holds what " + std::string(meaning),
                   "Name a folder without the files of safe-docker and of agents, or mount it read-only.");
}

}  // namespace

bool MayTouchSafeDocker(std::string_view program) { return program == kHelper || FindTool(program) != nullptr; }

bool WritesWhereItIsTold(std::string_view program) {
  const Tool* const tool = FindTool(program);
  return tool != nullptr && tool->deed == kWrites;
}

bool MayNameSafeDocker(std::string_view text) {
  constexpr std::string_view kParts[] = {"safe", ".config", ".local", ".claude", ".codex", ".cursor", ".gemini"};
  return std::any_of(std::begin(kParts), std::end(kParts),
                     [text](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

std::vector<Finding> FindTamperingByDocker(const std::vector<docker::Request>& requests) {
  std::vector<Finding> findings;
  const std::vector<OwnPlace> places = requests.empty() ? std::vector<OwnPlace>{} : OwnPlaces(requests.front().home);
  for (const docker::Request& request : requests) {
    if ((request.flags & SDP_REQUEST_REMOTE_ENGINE) != 0) {
      continue;
    }
    for (const docker::Effect& effect : request.effects) {
      // A mount gives the whole folder away; a file that is written beside a guarded one does nothing to it.
      const bool is_mount = effect.kind == SDP_EFFECT_MOUNT_HOST_PATH && (effect.flags & SDP_EFFECT_READ_ONLY) == 0;
      const std::string& path = effect.resolved.empty() ? effect.subject : effect.resolved;
      if (!(is_mount || effect.kind == SDP_EFFECT_WRITE_HOST_PATH || effect.kind == SDP_EFFECT_DELETE_HOST_PATH) ||
          !IsKnown(path)) {
        continue;
      }
      // As it is written and as it leads: the home may be a link.
      const auto found = std::find_if(places.begin(), places.end(), [&](const OwnPlace& place) {
        const auto touches = [&](const std::string& each) {
          return !each.empty() && (IsWithin(each, place.path) || (is_mount && IsWithin(place.path, each)));
        };
        return touches(effect.resolved) || touches(effect.subject);
      });
      const Guarded* const hooks = found == places.end() ? FindHooks(path, is_mount) : nullptr;
      if (found != places.end() || hooks != nullptr) {
        findings.push_back(TamperingByDocker(effect, path, hooks != nullptr ? hooks->meaning : found->meaning));
      }
    }
  }
  return findings;
}

std::vector<Finding> FindTampering(const shell::Analysis& analysis, const shell::Context& context) {
  std::vector<Finding> findings;
  for (const std::string& name : analysis.assigned) {
    if (name.starts_with("SAFE_DOCKER_")) {
      findings.push_back(
          Tampering(name, "the command sets " + name + ", which changes or switches off safe-docker's own judgement",
                    "Leave the variable out; a person may set it in their own shell."));
    }
  }
  AddPaths(analysis.written, /*removed=*/false, context, &findings);
  AddPaths(analysis.removed, /*removed=*/true, context, &findings);
  for (const CommandLine& line : analysis.commands) {
    if (!line.words.empty()) {
      AddCommand(line, context, &findings);
    }
  }
  return findings;
}

}  // namespace safe_docker::modes
