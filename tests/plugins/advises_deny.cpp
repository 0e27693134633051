// Says that it only advises, and denies.
#include "fault.hpp"

namespace {

constexpr sdp_description kAdvises = fault::Describe(SDP_PLUGIN_ADVISES);

class Denies {
 public:
  void Create(const fault::Host&, fault::Findings&) {}
  void Check(const fault::Request& request, fault::Findings& findings) const {
    findings.Report("found", SDP_DENY, request.evidence(), "more than a note");
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(Denies, kAdvises);
