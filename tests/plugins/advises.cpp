// Only advises: one note for each request.
#include "fault.hpp"

namespace {

constexpr sdp_description kAdvises = fault::Describe(SDP_PLUGIN_ADVISES);

class Advises {
 public:
  void Create(const fault::Host&, fault::Findings&) {}
  void Check(const fault::Request& request, fault::Findings& findings) const {
    findings.Report("found", SDP_ALLOW, request.evidence(), "a note");
  }
};

}  // namespace

SAFE_DOCKER_PLUGIN(Advises, kAdvises);
