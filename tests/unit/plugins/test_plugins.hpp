// The plugins of tests/plugins for tests: copied to a folder that can be trusted wherever the build tree is, and some
// requests to show them.
#pragma once

#include <string>
#include <string_view>

#include "docker/request.hpp"
#include "plugins/plugin_set.hpp"

namespace safe_docker {

// A folder that is deleted in the end, and that only its owner can write.
class PrivateFolder {
 public:
  PrivateFolder();
  ~PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;

  const std::string& path() const { return path_; }
  // Copies test plugin `name` here; returns where.
  std::string Copy(std::string_view name) const;

 private:
  std::string path_;
};

// Declares the plugin at `path`, whose id is the file's name with dashes.
plugins::Declaration Declare(const std::string& path);

// "docker run IMAGE".
docker::Request RunRequest(std::string_view image);

// "docker compose up", which only an expander understands.
docker::Request ComposeRequest();

}  // namespace safe_docker
