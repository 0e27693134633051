// Tries one thing after the other with a plugin, in children: a case that ends its child is a failure, and the rest
// goes on in another.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "conformance/isolated.hpp"
#include "conformance/made_requests.hpp"
#include "conformance/session.hpp"
#include "conformance/subject.hpp"

namespace safe_docker::conformance {

struct Trial {
  std::string_view id;                                  // of its points
  std::string_view ok;                                  // what it says if nothing is wrong
  std::string_view advice;                              // if the plugin ends its process
  std::function<void(std::size_t first, Teller&)> run;  // cases from `first` on; says Begin for each
  bool has_cases = false;                               // otherwise it is one, and not tried again
};

// False if something failed.
bool TryCases(const Subject& subject, const Trial& trial, Report* report);

// How a failed call is told, once for each kind of problem.
class Problems {
 public:
  Problems(std::string_view id, Teller& teller) : id_(id), teller_(teller) {}
  void Fail(const std::string& what, const std::string& problem, std::string_view advice) {
    Tell(Level::kFailure, what, problem, advice);
  }
  void Warn(const std::string& what, const std::string& problem, std::string_view advice) {
    Tell(Level::kWarning, what, problem, advice);
  }

 private:
  void Tell(Level level, const std::string& what, const std::string& problem, std::string_view advice);

  std::string id_;
  Teller& teller_;
  std::string told_;
};

// Asks about each request that the plugin wants, from `first` on. What comes of each goes to `look`, if it is given.
struct Asking {
  std::string_view id;
  Offer offer = Offer::kAll;
  bool may_refuse = false;          // whether failing with a reason is no more than a warning
  std::string_view tolerated = {};  // a problem that is none here
  std::function<void(const NamedRequest& request, const Outcome& outcome)> look = nullptr;
};
void AskEach(const Subject& subject, const Asking& asking, const std::vector<NamedRequest>& requests, std::size_t first,
             Teller& teller);

// A command that the plugin wants.
std::string WantedCommand(const plugins::Description& description);

}  // namespace safe_docker::conformance
