// What doctor says of the docker that the wrapper would become, of the engine behind it, and of the order in PATH.
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "commands/doctor.hpp"
#include "commands/engine_probe.hpp"
#include "commands/outside_program.hpp"
#include "docker/engine.hpp"
#include "file_system.hpp"
#include "modes/installation.hpp"
#include "modes/real_docker.hpp"
#include "modes/search_path.hpp"

namespace safe_docker::commands {
namespace {

constexpr std::string_view kRootlessGuide = "https://docs.docker.com/engine/security/rootless/";

std::string FirstLine(const ProgramEnd& end) {
  const std::string& text = end.output.empty() ? end.errors : end.output;
  return text.substr(0, std::min<std::size_t>(text.find('\n'), 200));
}

// What the wrapper would become might be a script, or another copy, that becomes the wrapper again.
void CheckClient(const std::string& path, Findings* findings) {
  findings->Doing(path + " --version");
  const ProgramEnd end = RunOutside({path, {"docker", "--version"}, ""});
  const std::string all = end.output + end.errors;
  if (all.find("[safe-docker]") != std::string::npos || end.output.starts_with("safe-docker ")) {
    findings->Fail("docker.program", path + " leads back to safe-docker: no docker command can run",
                   "Name the real one with wrapper.docker_path in config.toml, or put it into PATH.");
  } else if (!end.problem.empty() || end.exit_code != 0) {
    findings->Fail("docker.program",
                   path + " --version " + (end.problem.empty() ? "fails: " + FirstLine(end) : end.problem),
                   "Mend or reinstall docker, or name another one with wrapper.docker_path in config.toml.");
  } else {
    findings->Ok("docker.program", path + ": " + FirstLine(end));
  }
}

bool IsInGroup(const char* name) {
  const group* const found = getgrnam(name);
  if (found == nullptr) {
    return false;
  }
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(getgroups(0, nullptr), 0)));
  const int count = getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(static_cast<std::size_t>(std::max(count, 0)));
  return found->gr_gid == getegid() || std::find(groups.begin(), groups.end(), found->gr_gid) != groups.end();
}

void CheckSocket(const std::string& socket, const docker::Engine& engine, Findings* findings) {
  findings->Doing("asking the engine at " + socket);
  const EngineAnswer answer = AskEngine(socket, std::chrono::seconds(2));
  const std::string name = engine.endpoint + " (" + engine.chosen_by + ")";
  if (!answer.problem.empty()) {
    findings->Warn("engine.reachable", name + " cannot be reached: " + answer.problem,
                   answer.is_refused ? "Let an administrator decide whether you may use it; rootless mode needs no "
                                       "such right: " +
                                           std::string(kRootlessGuide)
                   : answer.is_missing ? "Start the engine, or choose another one with `docker context use`."
                                       : "Look at the engine's log; choose another one with `docker context use`.");
    return;
  }
  findings->Ok("engine.reachable", name + ": " + (answer.is_podman ? "podman " : "docker ") + answer.version);
  if (!answer.knows_security) {
    findings->Warn("engine.rootless", name + " does not tell whether it runs as root",
                   "Look with `docker info`, and take it for root's until you know.");
  } else if (answer.is_rootless) {
    findings->Ok("engine.rootless", "it runs as you: root is out of its reach, your own files and keys are not");
  } else {
    findings->Warn(
        "engine.rootless",
        std::string("it runs as root: whoever breaks out of a container owns this machine") +
            (answer.has_user_namespaces ? ", though its containers' root is another user (userns-remap)" : ""),
        "Consider rootless mode: " + std::string(kRootlessGuide));
    if (geteuid() != 0) {
      findings->Warn("engine.group",
                     IsInGroup("docker") ? "you are in the group docker, which is as good as being root"
                                         : "you may use an engine of root's, which is as good as being root",
                     "Leave the group (`sudo gpasswd -d $USER docker`) where you can use rootless mode or sudo.");
    }
  }
}

// A link named like docker that leads nowhere any more, and was made for safe-docker.
bool IsDanglingLink(const std::string& path) {
  char target[4096];
  struct stat status = {};
  const ssize_t size = readlink(path.c_str(), target, sizeof target);
  return size > 0 && stat(path.c_str(), &status) != 0 &&
         BaseName(std::string_view(target, static_cast<std::size_t>(size))) == "safe-docker";
}

// What PATH says of one program's name.
struct Order {
  std::string first;     // the first program
  bool is_ours = false;  // it is safe-docker
  std::string our_link;  // the first that is
  std::vector<std::string> dangling;
};

Order OrderOf(std::string_view name, const Visit& visit) {
  Order order;
  std::vector<std::string> folders = modes::FoldersInPath(visit.environment);
  const std::size_t in_path = folders.size();
  if (const std::string home = visit.environment.GetOr("HOME", ""); !home.empty()) {
    folders.push_back(home + "/.local/bin");  // where `setup` puts the link
  }
  for (std::size_t index = 0; index < folders.size(); ++index) {
    const std::string path = (folders[index].empty() ? "." : folders[index]) + "/" + std::string(name);
    if (IsDanglingLink(path) && std::find(order.dangling.begin(), order.dangling.end(), path) == order.dangling.end()) {
      order.dangling.push_back(path);
    }
    if (!modes::IsProgram(path)) {
      continue;
    }
    const bool is_ours = modes::IsSafeDocker(path);
    if (order.first.empty() && index < in_path) {
      order.first = path;
      order.is_ours = is_ours;
    }
    order.our_link = order.our_link.empty() && is_ours ? path : order.our_link;
  }
  return order;
}

void CheckLink(const Order& order, Findings* findings) {
  for (const std::string& path : order.dangling) {
    findings->Fail("path.dangling", path + " is a link to a safe-docker that is gone",
                   "Make it again with `safe-docker setup --force`, or remove it.");
  }
  if (order.is_ours) {
    findings->Ok("path.docker", "docker is safe-docker: " + order.first);
  } else if (!order.our_link.empty()) {
    const std::string folder = order.our_link.substr(0, order.our_link.rfind('/'));
    findings->Warn("path.docker",
                   (order.first.empty() ? "PATH does not hold the folder of the link " + order.our_link
                                        : order.first + " comes before the link " + order.our_link) +
                       ": what people type is not judged",
                   "Add to your shell's start file: export PATH=\"" + folder + ":$PATH\"");
  } else {
    findings->Ok("path.docker", order.first.empty()
                                    ? "no docker in PATH"
                                    : "docker is " + order.first +
                                          ": what people type is not judged, only what agents run; `safe-docker "
                                          "setup` makes a link in front of it");
  }
}

void CheckFoldersBefore(const std::string& docker, const Visit& visit, Findings* findings) {
  for (const std::string& folder : modes::FoldersInPath(visit.environment)) {
    struct stat status = {};
    if (!folder.starts_with('/')) {
      findings->Warn("path.folders",
                     "PATH holds " + (folder.empty() ? "an empty entry" : "'" + folder + "'") +
                         " in front of docker's folder: a file called docker in whatever folder you are in would run",
                     "Take it out of PATH.");
    } else if (stat(folder.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0) {
      findings->Warn("path.folders",
                     "everyone may write to " + folder + ", which PATH has in front of docker's folder or is it",
                     "Repair it: chmod o-w " + folder);
    }
    if (docker.starts_with(folder + "/")) {
      return;
    }
  }
}

}  // namespace

void CheckDocker(const Visit& visit, Findings* findings) {
  const policy::LoadedConfig config = ConfigurationOf(visit);
  const modes::RealDocker docker =
      modes::FindRealDocker("docker", "", config.config.wrapper.docker_path, visit.environment);
  const bool is_named =
      !config.config.wrapper.docker_path.empty() || !visit.environment.GetOr("SAFE_DOCKER_DOCKER_PATH", "").empty();
  const std::string podman = modes::FindProgram("podman", modes::FoldersInPath(visit.environment));
  if (!docker.path.empty()) {
    CheckClient(docker.path, findings);
  } else if (is_named) {
    findings->Fail("docker.program", docker.problem, "Correct it, or remove it so that PATH is searched.");
  } else {
    findings->Warn("docker.program", docker.problem,
                   podman.empty() ? "Install docker; until then there is nothing to judge."
                                  : "None is needed where podman is used.");
  }
  if (!podman.empty()) {
    findings->Ok("docker.podman",
                 podman + ": its commands are judged where agents run them; no wrapper stands in front of it");
  }
}

void CheckEngine(const Visit& visit, Findings* findings) {
  const docker::Engine engine = docker::FindEngine({}, visit.environment);
  constexpr std::string_view kUnix = "unix://";
  if (!engine.problem.empty()) {
    findings->Warn("engine.endpoint", engine.chosen_by + ": " + engine.problem,
                   "Choose one that exists with `docker context use`, or unset DOCKER_CONTEXT and DOCKER_HOST.");
  } else if (engine.is_remote) {
    findings->Warn("engine.endpoint",
                   engine.endpoint + " (" + engine.chosen_by +
                       ") is another machine: paths and devices are the ones there, and are not looked at",
                   "Use the engine of this machine where that is not meant: `docker context use default`.");
  } else if (engine.endpoint.starts_with(kUnix)) {
    CheckSocket(engine.endpoint.substr(kUnix.size()), engine, findings);
  } else if (engine.endpoint.starts_with("tcp://")) {
    findings->Warn("engine.endpoint",
                   engine.endpoint + " (" + engine.chosen_by +
                       ") is a port of this machine: without TLS every user and every web page may reach it",
                   "Let the engine listen on its Unix socket alone.");
  } else {
    findings->Ok("engine.endpoint", engine.endpoint + " (" + engine.chosen_by + "), not asked");
  }
}

void CheckPath(const Visit& visit, Findings* findings) {
  const Order docker = OrderOf("docker", visit);
  CheckLink(docker, findings);
  const Order compose = OrderOf("docker-compose", visit);
  for (const std::string& path : compose.dangling) {
    findings->Fail("path.dangling", path + " is a link to a safe-docker that is gone",
                   "Make it again with `safe-docker setup --force`, or remove it.");
  }
  if (docker.is_ours && !compose.first.empty() && !compose.is_ours) {
    findings->Warn("path.compose", compose.first + " goes past safe-docker, though docker does not",
                   "Run `safe-docker setup`, which makes a link for it as well.");
  }
  CheckFoldersBefore(docker.first, visit, findings);
}

}  // namespace safe_docker::commands
