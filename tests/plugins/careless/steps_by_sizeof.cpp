// Steps through effects by the size that they had when it was built.
#include "careless.hpp"

namespace {

class StepsBySizeof {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request& request, careless::Findings& findings) const {
    const auto* effects = static_cast<const sdp_effect*>(request.raw().effects.items);
    for (std::uint32_t i = 0; i < request.raw().effects.count; ++i) {
      const std::string_view subject = careless::View(effects[i].subject);
      if (!subject.empty() && subject.back() == '!') {
        careless::Object(request, findings);
      }
    }
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(StepsBySizeof, careless::kDescription);
