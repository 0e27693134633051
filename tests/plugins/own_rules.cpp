// Does everything right with a rule that its settings made: reports it for every request.
#include "fault.hpp"

namespace {

class OwnRules {
 public:
  void Create(const fault::Host&, fault::Findings&) {
    rule_ = fault::Rule(SDP_ASK, {"made", "a rule from settings", "it is the user's own", ""});
    rules_ = {&rule_, 1, sizeof rule_};
  }
  const sdp_array* Rules() const { return &rules_; }
  void Check(const fault::Request& request, fault::Findings& findings) const {
    findings.Report("made", SDP_ASK, request.evidence(), "a rule of its own");
    findings.Report("found", SDP_DENY, request.evidence(), "a rule of its description");
  }

 private:
  sdp_rule rule_{};
  sdp_array rules_{};
};

}  // namespace

SAFE_DOCKER_PLUGIN(OwnRules, fault::kDescription);
