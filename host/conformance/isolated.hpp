// Runs code of a plugin in a child process, because it may crash, hang or end the process. What the child finds comes
// back through a pipe; how it ended, and what it was doing then, says the parent.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "conformance/report.hpp"

namespace safe_docker::conformance {

// The child's way to tell its parent.
class Teller {
 public:
  Teller(int descriptor, std::string secret) : descriptor_(descriptor), secret_(std::move(secret)) {}

  // What is begun now; the deadline of a call counts from here.
  void Doing(std::string_view what);
  // The same for case `index` of several.
  void Begin(std::size_t index, std::string_view what);
  void Tell(const Point& point);
  void Know(std::string_view fact, std::string_view value);
  void Detail(std::string_view text);
  // All is done; without it the child was ended by somebody else.
  void Finish();

 private:
  void Send(std::string_view kind, std::initializer_list<std::string_view> texts);
  int descriptor_;
  std::string secret_;  // begins each line
};

struct Limits {
  std::chrono::milliseconds call{2000};   // of one call: what the host allows a whole command by default
  std::chrono::milliseconds all{120000};  // of one child
};

struct Ending {
  bool finished = false;
  std::string how;          // "was ended by SIGSEGV", "did not come back within 2 s"; empty if it finished
  std::string doing;        // what it was doing then
  std::size_t reached = 0;  // the case that was begun last
  std::string output;       // the beginning of what it wrote to standard output or error
};

// Runs `body` in a child, and puts what it tells into `report`.
Ending RunIsolated(const Limits& limits, const std::function<void(Teller&)>& body, Report* report);

}  // namespace safe_docker::conformance
