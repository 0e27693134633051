// Says something else in each process.
#include <unistd.h>

#include "careless.hpp"

namespace {

class DependsOnProcess {
 public:
  void Create(const careless::Host&, careless::Findings&) {}
  void Check(const careless::Request& request, careless::Findings& findings) const {
    char digits[12] = {};
    int rest = getpid();
    for (char* digit = digits; rest != 0; rest /= 10) {
      *digit++ = static_cast<char>('0' + rest % 10);
    }
    careless::Object(request, findings, careless::Message("in ", std::string_view(digits)));
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(DependsOnProcess, careless::kDescription);
