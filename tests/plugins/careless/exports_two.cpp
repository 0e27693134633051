// Exports a symbol beside its entry.
#include "careless.hpp"

extern "C" SDP_EXPORT const int safe_docker_test_second_symbol;
const int safe_docker_test_second_symbol = 2;

namespace {

class ExportsTwo {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request& request, careless::Findings& findings) const {
    careless::Object(request, findings);
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(ExportsTwo, careless::kDescription);
