// What a plugin must leave as it found it, taken down before and compared after.
#pragma once

#include <string>
#include <vector>

namespace safe_docker::conformance {

struct Difference {
  std::string id;    // "working-directory"
  std::string text;  // what has changed; empty if nothing has
  std::string ok;
  std::string advice;
};

class ProcessState {
 public:
  // As it is now. `last_descriptor`: those above are the caller's own.
  explicit ProcessState(int last_descriptor);

  // What differs in `later`, one for each thing that is compared.
  std::vector<Difference> CompareWith(const ProcessState& later) const;

 private:
  std::vector<std::string> descriptors_;  // what each leads to; empty if it is closed
  std::string folder_;
  std::string umask_;
  std::vector<std::string> environment_;
  std::vector<std::string> signals_;  // handler and flags of each
  std::string mask_;
  std::string locale_;
  std::string rounding_;
  long threads_ = 0;  // 0: not known here
  bool has_children_ = false;
};

}  // namespace safe_docker::conformance
