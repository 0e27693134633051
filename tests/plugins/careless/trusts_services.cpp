// Takes it that the host has resolved a path.
#include <optional>

#include "careless.hpp"

namespace {

class TrustsServices {
 public:
  void Create(const careless::Host& host, careless::Findings&) { host_.emplace(host); }
  void Check(const careless::Request& request, careless::Findings& findings) const {
    sdp_path path;
    host_->ResolvePath("x", "/", &path);
    if (path.resolved.data[0] != '/') {
      careless::Object(request, findings);
    }
  }

 private:
  std::optional<careless::Host> host_;
};

}  // namespace

SAFE_DOCKER_PLUGIN(TrustsServices, careless::kDescription);
