#include "test_plugins.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace safe_docker {

namespace fs = std::filesystem;

PrivateFolder::PrivateFolder() {
  std::string name = (fs::canonical(fs::temp_directory_path()) / "safe-docker-test-XXXXXX").string();
  path_ = mkdtemp(name.data());
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string PrivateFolder::Copy(std::string_view name) const {
  const std::string file = std::string(name) + ".so";
  const std::string copy = path_ + "/" + file;
  // Never over an earlier copy: it may be loaded already.
  fs::copy_file(fs::path(FAULT_PLUGIN_DIR) / file, copy, fs::copy_options::skip_existing);
  chmod(copy.c_str(), 0644);
  return copy;
}

plugins::Declaration Declare(const std::string& path) {
  plugins::Declaration declaration;
  declaration.id = fs::path(path).stem().string();
  std::replace(declaration.id.begin(), declaration.id.end(), '_', '-');
  declaration.path = path;
  return declaration;
}

docker::Request RunRequest(std::string_view image) {
  docker::Request request;
  request.program = "docker";
  request.command = "container run";
  request.cwd = "/";
  request.home = "/home/nobody";
  request.engine = "unix:///var/run/docker.sock";
  request.source = "docker run " + std::string(image);
  request.evidence.written = request.source;
  docker::Effect engine;
  engine.kind = SDP_EFFECT_USE_ENGINE;
  engine.subject = request.engine;
  engine.name = "default";
  docker::Effect use;
  use.kind = SDP_EFFECT_USE_IMAGE;
  use.subject = image;
  use.name = "run";
  use.evidence.written = image;
  request.effects = {engine, use};
  return request;
}

docker::Request ComposeRequest() {
  docker::Request request = RunRequest("none");
  request.command = "compose up";
  request.source = "docker compose up";
  request.evidence.written = request.source;
  request.effects.pop_back();
  request.flags = SDP_REQUEST_INCOMPLETE;
  request.needs_expansion = true;
  return request;
}

}  // namespace safe_docker
