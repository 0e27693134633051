#include "conformance/ordinary_requests.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "docker/grammar.hpp"
#include "docker/requests.hpp"

namespace safe_docker::conformance {
namespace {

struct ProjectFile {
  std::string_view path;
  std::string_view content;
};
constexpr ProjectFile kFiles[] = {
    {"compose.yaml",
     "services:\n"
     "  web:\n"
     "    image: nginx:1.27\n"
     "    build: .\n"
     "    ports: [\"8080:80\"]\n"
     "    volumes: [\"./src:/app\", \"data:/data\", \"/etc:/host-etc\"]\n"
     "    privileged: true\n"
     "  db:\n"
     "    image: postgres\n"
     "    environment: {POSTGRES_PASSWORD: example}\n"
     "volumes:\n"
     "  data: {}\n"},
    {"Dockerfile", "FROM alpine:3.20\nRUN true\n"},
    {"docker-bake.hcl",
     "group \"default\" { targets = [\"app\"] }\n"
     "target \"app\" {\n  context = \".\"\n  tags = [\"app:1\"]\n}\n"},
    {"pod.yaml",
     "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n"
     "  - {name: web, image: nginx, securityContext: {privileged: true}}\n"},
    {".devcontainer/devcontainer.json", "{\"image\": \"debian:12\", \"runArgs\": [\"--privileged\"]}\n"},
    {"app.env", "A=1\n"},
    {"src/main.c", "int main(void) { return 0; }\n"},
};

// Words are split at blanks; "?" inside "<?>" is a part that nobody knows.
constexpr std::string_view kCommandLines[] = {
    "docker ps",
    "docker run --rm alpine ls",
    "docker run --rm -v ./src:/app -w /app node:22 npm test",
    "docker run -d -p 8080:80 --name web --restart always nginx:1.27",
    "docker run -v /:/host alpine",
    "docker run -v /var/run/docker.sock:/var/run/docker.sock docker:cli ps",
    "docker run -v <?>/x:/x alpine",
    "docker run --mount type=bind,source=/etc,target=/x,readonly alpine",
    "docker run -v data:/data --volumes-from other alpine",
    "docker run --privileged ubuntu:24.04 bash",
    "docker run --cap-add SYS_ADMIN --cap-drop ALL alpine",
    "docker run --pid host --network host --ipc host --uts host --userns host alpine",
    "docker run --network container:web --device /dev/sda:/dev/sda:r --gpus all alpine",
    "docker run --security-opt seccomp=unconfined --sysctl net.core.somaxconn=1 alpine",
    "docker run --cgroup-parent /system.slice --add-host db:10.0.0.1 --runtime kata alpine",
    "docker run --env-file app.env -e HOME --log-driver syslog --use-api-socket alpine",
    "docker run ghcr.io/owner/image@sha256:0000000000000000000000000000000000000000000000000000000000000000",
    "docker run <?>",
    "docker run --frobnicate alpine",
    "docker create --name box alpine",
    "docker start box",
    "docker exec -it web sh",
    "docker exec --privileged web sh",
    "docker cp web:/etc/hosts ./hosts",
    "docker cp ./src web:/app",
    "docker build -t app:1 .",
    "docker build --build-arg A=1 --ssh default --secret id=key,src=app.env -f Dockerfile .",
    "docker build --iidfile id.txt https://github.com/owner/project.git",
    "docker buildx build --push -t registry.example.com/app .",
    "docker buildx build -o type=local,dest=out,mode=delete .",
    "docker buildx bake",
    "docker buildx prune -af",
    "docker pull alpine:3.20",
    "docker push registry.example.com/app",
    "docker save -o image.tar alpine",
    "docker load -i image.tar",
    "docker import https://example.com/root.tar base",
    "docker login registry.example.com",
    "docker compose up -d",
    "docker compose run web sh",
    "docker compose build",
    "docker compose down -v",
    "docker compose start",
    "docker compose restart",
    "docker compose stop",
    "docker compose rm -f",
    "docker compose create",
    "docker compose watch",
    "docker compose scale web=2",
    "docker compose wait web",
    "docker compose logs",
    "docker stack deploy -c compose.yaml app",
    "docker service create nginx",
    "docker swarm join --token t host:2377",
    "docker context use other",
    "docker plugin install owner/plugin",
    "docker --config /elsewhere ps",
    "docker -H tcp://host:2375 run alpine",
    "docker volume rm data",
    "docker volume create --driver local --opt type=none --opt o=bind --opt device=/etc v",
    "docker network create net",
    "docker system prune -af --volumes",
    "docker rm -f web",
    "docker rmi alpine",
    "docker system dial-stdio",
    "podman kube play pod.yaml",
    "podman run --rm alpine",
    "devcontainer up --workspace-folder .",
    "devcontainer build --workspace-folder .",
};

Word MakeWord(std::string_view written) {
  constexpr std::string_view kUnknown = "<?>";
  Word word;
  word.written = written;
  word.text = written;
  if (const std::size_t at = word.text.find(kUnknown); at != std::string::npos) {
    word.text.replace(at, kUnknown.size(), 1, kUnknownPart);
  }
  return word;
}

CommandLine MakeCommandLine(std::string_view text, const std::string& folder) {
  CommandLine line;
  line.source = text;
  line.cwd = folder;
  line.environment.Set("HOME", {Variable::State::kKnown, std::filesystem::path(folder).parent_path().string()});
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    line.words.push_back(MakeWord(text.substr(0, end)));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return line;
}

// The command that the words of `path` lead to, as somebody types them.
std::optional<docker::Command> Follow(std::string_view path, docker::Dialect dialect) {
  docker::Command command = docker::Command::Root(dialect);
  while (!path.empty()) {
    const std::size_t end = path.find(' ');
    const std::optional<docker::Command> child = command.FindChild(path.substr(0, end));
    if (!child) {
      return std::nullopt;
    }
    command = *child;
    path = end == std::string_view::npos ? std::string_view{} : path.substr(end + 1);
  }
  return command;
}

// Those that no command line has: what files describe, and the engine's API.
constexpr std::string_view kMadeCommands[] = {"compose service", "compose build service"};

}  // namespace

void WriteProject(const std::string& folder) {
  namespace fs = std::filesystem;
  for (const ProjectFile& file : kFiles) {
    const fs::path path = fs::path(folder) / file.path;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << file.content;
  }
}

std::vector<docker::Request> OrdinaryRequests(const std::string& folder) {
  std::vector<docker::Request> requests;
  for (const std::string_view text : kCommandLines) {
    std::vector<docker::Request> of_line = docker::ReadCommandLine(MakeCommandLine(text, folder));
    std::move(of_line.begin(), of_line.end(), std::back_inserter(requests));
  }
  return requests;
}

std::string CheckCommandPattern(std::string_view pattern) {
  constexpr docker::Dialect kDialects[] = {docker::Dialect::kDocker, docker::Dialect::kPodman,
                                           docker::Dialect::kNerdctl, docker::Dialect::kDevcontainer};
  if (pattern == "*") {
    return {};
  }
  std::string_view path = pattern;
  if (path.ends_with(" *")) {
    path.remove_suffix(2);
  }
  if (std::find(std::begin(kMadeCommands), std::end(kMadeCommands), path) != std::end(kMadeCommands)) {
    return {};
  }
  std::string other;
  for (const docker::Dialect dialect : kDialects) {
    const std::optional<docker::Command> command = Follow(path, dialect);
    if (command && command->path() == path) {
      return {};
    }
    other = command && other.empty() ? std::string(command->path()) : other;
  }
  return other.empty() ? "no such command is known" : "its canonical name is \"" + other + "\"";
}

}  // namespace safe_docker::conformance
