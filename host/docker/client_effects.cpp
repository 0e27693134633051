// Flags that change the client or the engine rather than a container: contexts, checkpoints, certificates, and the
// folder of the client's own settings, in which it looks for programs to run.
#include "docker/csv.hpp"
#include "docker/effects.hpp"
#include "docker/value_text.hpp"
#include "file_system.hpp"

namespace safe_docker::docker {
namespace {

// The folder of the client's settings, unless the command says otherwise.
std::string UsersClientFolder(const Request& request) {
  const std::string folder = request.environment.GetInherited("DOCKER_CONFIG").value;
  return CleanPath(folder.empty() ? ".docker" : folder, request.home);
}

// Reads the files that these keys of a list name.
bool AddFilesNamedIn(std::string_view value, std::string_view what, const Evidence& evidence, Request* request) {
  const std::optional<std::vector<KeyValue>> fields = ReadCsvKeyValues(value);
  if (!fields) {
    return Refuse("--docker and --external-ca take a list of KEY=VALUE", evidence, request);
  }
  for (const KeyValue& field : *fields) {
    if (field.key == "ca" || field.key == "cert" || field.key == "key" || field.key == "cacert") {
      AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, field.value, what, evidence, request);
    }
  }
  return true;
}

}  // namespace

// Programs below this folder run as docker's commands, and its settings name more of them.
bool AddClientConfig(std::string_view value, const Evidence& evidence, Request* request) {
  const bool is_users = !value.empty() && IsKnown(value) && IsKnown(request->cwd) &&
                        CleanPath(value, request->cwd) == UsersClientFolder(*request);
  if (!is_users && !value.empty()) {
    AddEffect(SDP_EFFECT_RUN_CODE, value, "client configuration", evidence, request);
  }
  return true;
}

// Another home has another folder of settings. An unknown one is what sudo makes of it.
bool AddClientHome(std::string_view value, const Evidence& evidence, Request* request) {
  const bool names_folder = !request->environment.Get("DOCKER_CONFIG").value.empty();
  return !IsKnown(value) || value.empty() || names_folder ||
         AddClientConfig(std::string(value) + "/.docker", evidence, request);
}

// The engine reads or writes there as root, and restores what it reads as a running process.
bool AddCheckpointFolder(std::string_view value, const Evidence& evidence, Request* request) {
  AddOpenedPath(SDP_EFFECT_WRITE_HOST_PATH, value, "checkpoint", evidence, request);
  AddEffect(SDP_EFFECT_SET_OPTION, value, "checkpoint-dir", evidence, request);
  return true;
}

bool AddContextEndpoint(std::string_view value, const Evidence& evidence, Request* request) {
  AddEffect(SDP_EFFECT_ORDINARY_OPTION, value, "context endpoint", evidence, request);
  return AddFilesNamedIn(value, "context certificate", evidence, request);
}

bool AddExternalCa(std::string_view value, const Evidence& evidence, Request* request) {
  AddEffect(SDP_EFFECT_ORDINARY_OPTION, value, "external-ca", evidence, request);
  return AddFilesNamedIn(value, "certificate authority", evidence, request);
}

bool AddWipe(std::string_view value, const Evidence& evidence, Request* request) {
  AddWipedFolder(value, evidence, request);
  return true;
}

// compose down --rmi: "local" means those without a name of their own, "all" every image that a service uses.
bool AddRemovedImages(std::string_view value, const Evidence& evidence, Request* request) {
  if (value != "local" && value != "all" && IsKnown(value)) {
    return Refuse("--rmi takes local or all", evidence, request);
  }
  AddEffect(SDP_EFFECT_DESTROY, "", "image", evidence, request);
  request->effects.back().options = value == "local" ? "project" : "all,project";
  return true;
}

// What the client trusts an engine by.
bool AddTlsFile(std::string_view value, const Evidence& evidence, Request* request) {
  AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, value, "certificate", evidence, request);
  AddEffect(SDP_EFFECT_SET_OPTION, value, "tls", evidence, request);
  return true;
}

// COMPOSE_ENV_FILES: paths between commas.
bool AddEnvFiles(std::string_view value, const Evidence& evidence, Request* request) {
  while (!value.empty()) {
    AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, NextPart(&value, ','), "env file", evidence, request);
  }
  return true;
}

void AddBuilderEndpoint(std::string_view value, const Evidence& evidence, Request* request) {
  // The name of a context of the user's own is no address.
  if (value.find("://") != std::string_view::npos || !IsKnown(value)) {
    AddEffect(SDP_EFFECT_SET_OPTION, value, "builder endpoint", evidence, request);
  }
}

void AddWipedFolder(std::string_view path, const Evidence& evidence, Request* request) {
  AddOpenedPath(SDP_EFFECT_DELETE_HOST_PATH, path, "output", evidence, request);
  request->effects.back().options = "tree";
}

}  // namespace safe_docker::docker
