#include "docker/engine.hpp"

#include <dirent.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "file_system.hpp"

namespace safe_docker::docker {
namespace {

constexpr std::string_view kDefaultEndpoint = "unix:///var/run/docker.sock";
constexpr std::string_view kContainerdEndpoint = "unix:///run/containerd/containerd.sock";
constexpr std::uint64_t kLargestConfig = 1 << 20;

// The JSON in `path`; discarded if it is missing or malformed.
nlohmann::json ReadJson(const std::string& path) {
  const FileContent content = ReadRegularFile(path, kLargestConfig);
  if (content.status != FileContent::Status::kRead) {
    return nlohmann::json(nlohmann::json::value_t::discarded);
  }
  return nlohmann::json::parse(content.text, nullptr, /*allow_exceptions=*/false);
}

std::string TextMember(const nlohmann::json& object, const char* key) {
  if (!object.is_object()) {
    return {};
  }
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

// True if the engine runs on another machine for certain. This machine reached by its own network is still this
// machine, and its paths are the ones that count.
bool IsRemote(std::string_view endpoint) {
  const std::size_t scheme = endpoint.find("://");
  if (scheme == std::string_view::npos || !IsKnown(endpoint) || endpoint.starts_with("unix://") ||
      endpoint.starts_with("npipe://") || endpoint.starts_with("fd://")) {
    return false;
  }
  std::string_view host = endpoint.substr(scheme + 3);
  host = host.substr(0, host.find('/'));
  host = host.substr(host.rfind('@') + 1);
  for (const std::string_view own : {"localhost", "127.", "[::1]", "[::]", "0.", ":"}) {
    if (host.starts_with(own)) {
      return false;
    }
  }
  return !host.empty();
}

Engine FromHost(std::string_view host, std::string chosen_by) {
  Engine engine;
  engine.chosen_by = std::move(chosen_by);
  if (host.empty()) {
    engine.endpoint = kDefaultEndpoint;
  } else if (host.find("://") == std::string_view::npos && host[0] != kUnknownPart) {
    engine.endpoint = "tcp://" + std::string(host);
  } else {
    engine.endpoint = std::string(host);
  }
  engine.is_remote = IsRemote(engine.endpoint);
  if (!IsKnown(host)) {
    engine.problem = "the engine's address is not known";
  }
  return engine;
}

// The endpoint that the context store below `folder` has for `name`. Contexts lie in folders named after a hash of
// their name; each says its name itself, so they are simply all looked at.
std::string EndpointOfContext(const std::string& folder, std::string_view name) {
  const std::string store = folder + "/contexts/meta";
  DIR* entries = opendir(store.c_str());
  if (entries == nullptr) {
    return {};
  }
  std::string endpoint;
  while (const dirent* entry = readdir(entries)) {
    const nlohmann::json context = ReadJson(store + "/" + entry->d_name + "/meta.json");
    if (TextMember(context, "Name") != name || !context.contains("Endpoints")) {
      continue;
    }
    const nlohmann::json& endpoints = context["Endpoints"];
    if (endpoints.is_object() && endpoints.contains("docker")) {
      endpoint = TextMember(endpoints["docker"], "Host");
    }
  }
  closedir(entries);
  return endpoint;
}

Engine FromContext(const std::string& folder, std::string_view name) {
  if (name == "default") {
    return FromHost("", "context default");
  }
  Engine engine;
  if (!IsKnown(name) || !IsKnown(folder)) {
    engine.chosen_by = "context";
    engine.problem = "the name of the context is not known";
    return engine;
  }
  const std::string endpoint = EndpointOfContext(folder, name);
  engine = FromHost(endpoint, "context " + std::string(name));
  if (endpoint.empty()) {
    engine.endpoint.clear();
    engine.problem = "there is no context " + std::string(name) + " in " + folder;
  }
  return engine;
}

// The context "default" is no stored one: it is what DOCKER_HOST names.
template <typename GetVariable>
Engine FromDefaultContext(GetVariable get) {
  const Variable host = get("DOCKER_HOST");
  const std::string unknown(1, kUnknownPart);
  return FromHost(host.state == Variable::State::kUnknown ? unknown : host.value, "context default");
}

// The engine that the variables and the client's settings name, as `get` sees the variables.
template <typename GetVariable>
Engine FromVariables(const std::string& folder, GetVariable get) {
  for (const auto& [name, is_context] : {std::pair{"DOCKER_HOST", false}, std::pair{"DOCKER_CONTEXT", true}}) {
    Variable variable = get(name);
    if (variable.state == Variable::State::kUnknown) {
      variable.value = std::string(1, kUnknownPart);
    }
    if (variable.state != Variable::State::kUnset && !variable.value.empty()) {
      return is_context ? FromContext(folder, variable.value) : FromHost(variable.value, name);
    }
  }
  const std::string current = IsKnown(folder) ? TextMember(ReadJson(folder + "/config.json"), "currentContext") : "";
  return current.empty() ? FromHost("", "default") : FromContext(folder, current);
}

// The folder of the client's settings, as `get` sees the variables.
template <typename GetVariable>
std::string ClientFolder(GetVariable get) {
  const Variable config = get("DOCKER_CONFIG");
  if (config.state == Variable::State::kUnknown) {
    return std::string(1, kUnknownPart);
  }
  return !config.value.empty() ? config.value : get("HOME").value + "/.docker";
}

// True if the judged text itself has changed what the engine is chosen by.
bool ChangesEngine(const Environment& environment) {
  constexpr std::string_view kNames[] = {"DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "HOME"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&environment](std::string_view name) { return environment.changes().contains(name); });
}

// A variable's value; unknown if nobody can tell, empty if it is not set.
std::string ValueOf(const Variable& variable) {
  return variable.state == Variable::State::kUnknown ? std::string(1, kUnknownPart) : variable.value;
}

// podman without a service does the work itself; it is taken for the service that would have the same containers.
template <typename GetVariable>
Engine LocalPodman(GetVariable get) {
  const std::string folder = ValueOf(get("XDG_RUNTIME_DIR"));
  return FromHost("unix://" + (folder.empty() ? "/run" : folder) + "/podman/podman.sock", "default");
}

// A connection of podman's; the default one if `name` is empty.
template <typename GetVariable>
Engine FromConnection(std::string name, GetVariable get) {
  const std::string folder = ValueOf(get("XDG_CONFIG_HOME"));
  const std::string file =
      (folder.empty() ? ValueOf(get("HOME")) + "/.config" : folder) + "/containers/podman-connections.json";
  const nlohmann::json store = IsKnown(file) ? ReadJson(file) : nlohmann::json();
  const nlohmann::json connection = store.is_object() ? store.value("Connection", nlohmann::json()) : nlohmann::json();
  if (name.empty()) {
    name = TextMember(connection, "Default");
  }
  if (name.empty() || name == "default") {
    return LocalPodman(get);
  }
  const nlohmann::json all =
      connection.is_object() ? connection.value("Connections", nlohmann::json()) : nlohmann::json();
  const std::string endpoint =
      IsKnown(name) && all.is_object() && all.contains(name) ? TextMember(all[name], "URI") : std::string();
  Engine engine = FromHost(endpoint, "connection " + name);
  if (endpoint.empty()) {
    engine.endpoint.clear();
    engine.problem = IsKnown(name) ? "there is no connection " + name + " in " + file : "its name is not known";
  }
  return engine;
}

// The engine that podman's variables name; its own connections count only with a service elsewhere.
template <typename GetVariable>
Engine PodmanFromVariables(bool is_remote, GetVariable get) {
  if (const std::string name = ValueOf(get("CONTAINER_CONNECTION")); !name.empty()) {
    return FromConnection(name, get);
  }
  if (const std::string host = ValueOf(get("CONTAINER_HOST")); !host.empty()) {
    return FromHost(host, "CONTAINER_HOST");
  }
  return is_remote ? FromConnection("", get) : LocalPodman(get);
}

// An address of containerd is a path, with "unix://" in front or without.
Engine ContainerdAt(const std::string& address, std::string chosen_by) {
  return FromHost((address.starts_with('/') ? "unix://" : "") + address, std::move(chosen_by));
}

template <typename GetVariable>
Engine NerdctlFromVariables(GetVariable get) {
  const std::string address = ValueOf(get("CONTAINERD_ADDRESS"));
  return ContainerdAt(address.empty() ? std::string(kContainerdEndpoint) : address,
                      address.empty() ? "default" : "CONTAINERD_ADDRESS");
}

const GivenOption* GlobalOption(const Invocation& invocation, std::string_view name, FlagRole role) {
  const GivenOption* option = LastOption(invocation, name);
  return option != nullptr && option->flag.role() == role ? option : nullptr;
}

Engine FindPodman(const Invocation& invocation, const Environment& environment) {
  const auto now = [&environment](std::string_view name) { return environment.Get(name); };
  const auto inherited = [&environment](std::string_view name) { return environment.GetInherited(name); };
  const GivenOption* context = GlobalOption(invocation, "context", FlagRole::kEngineContext);
  const GivenOption* host = GlobalOption(invocation, "host", FlagRole::kEngineHost);
  const GivenOption* remote = LastOption(invocation, "remote");
  const bool is_remote = remote != nullptr && remote->value == "true";
  Engine engine = context != nullptr ? FromConnection(context->value, now)
                  : host != nullptr  ? FromHost(host->value, "--url")
                                     : PodmanFromVariables(is_remote, now);
  engine.is_other = engine.endpoint != PodmanFromVariables(is_remote, inherited).endpoint;
  return engine;
}

Engine FindContainerd(const Invocation& invocation, const Environment& environment) {
  const auto now = [&environment](std::string_view name) { return environment.Get(name); };
  const auto inherited = [&environment](std::string_view name) { return environment.GetInherited(name); };
  const GivenOption* host = GlobalOption(invocation, "host", FlagRole::kEngineHost);
  Engine engine = host != nullptr ? ContainerdAt(host->value, "--address") : NerdctlFromVariables(now);
  engine.is_other = engine.endpoint != NerdctlFromVariables(inherited).endpoint;
  return engine;
}

}  // namespace

Engine FindEngine(const Invocation& invocation, const Environment& environment) {
  if (invocation.command.dialect() == Dialect::kPodman) {
    return FindPodman(invocation, environment);
  }
  if (invocation.command.dialect() == Dialect::kNerdctl) {
    return FindContainerd(invocation, environment);
  }
  const auto now = [&environment](std::string_view name) { return environment.Get(name); };
  const auto inherited = [&environment](std::string_view name) { return environment.GetInherited(name); };
  const GivenOption* config = GlobalOption(invocation, "config", FlagRole::kClientConfig);
  const GivenOption* context = GlobalOption(invocation, "context", FlagRole::kEngineContext);
  const GivenOption* host = GlobalOption(invocation, "host", FlagRole::kEngineHost);
  const std::string folder = config != nullptr ? config->value : ClientFolder(now);
  if (config == nullptr && context == nullptr && host == nullptr && !ChangesEngine(environment)) {
    return FromVariables(folder, now);
  }
  Engine engine = context != nullptr && context->value == "default" ? FromDefaultContext(now)
                  : context != nullptr                              ? FromContext(folder, context->value)
                  : host != nullptr                                 ? FromHost(host->value, "--host")
                                                                    : FromVariables(folder, now);
  engine.is_other = engine.endpoint != FromVariables(ClientFolder(inherited), inherited).endpoint;
  return engine;
}

}  // namespace safe_docker::docker
