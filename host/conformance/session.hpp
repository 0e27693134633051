// One plugin in use, as the host uses it: loaded, made ready, asked, ended. Lives in a child process, because the
// library stays loaded.
#pragma once

#include <safe_docker/plugin.h>

#include <cstddef>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "conformance/isolated.hpp"
#include "conformance/offered_host.hpp"
#include "conformance/subject.hpp"
#include "docker/request.hpp"
#include "plugins/bridge.hpp"
#include "plugins/description.hpp"
#include "plugins/services.hpp"
#include "policy/finding.hpp"

namespace safe_docker::conformance {

// What one request came to.
struct Outcome {
  std::string problem;      // the contract was broken, or it failed
  bool is_refusal = false;  // it failed as the contract has it, saying why
  std::vector<policy::Finding> findings;
  std::vector<docker::Request> made;
};

class Session {
 public:
  explicit Session(const Subject& subject) : subject_(subject) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Loads it and reads its description. Returns what is wrong, or nothing.
  std::string Load();
  // Makes it ready, whatever its schema says of the settings.
  Outcome Create(const nlohmann::json& settings, Offer offer = Offer::kAll);
  // Load and Create with the settings of the user or of its schema's examples, which must fit the schema.
  Outcome Start(Offer offer = Offer::kAll);
  void Destroy();

  // Whether the host would show it the request, to be judged or expanded.
  bool Wants(const docker::Request& request) const;
  // Judges and expands as far as it wants to.
  Outcome Ask(const docker::Request& request);
  // The same with other structs than those that the host would make of `request`.
  Outcome Ask(const docker::Request& request, const sdp_request& lent);
  // Judges, with a sink that has heard enough at once. Returns how often it was told something all the same.
  std::size_t AskUntilStopped(const docker::Request& request);

  const sdp_plugin& raw() const { return *raw_; }
  const plugins::Description& description() const { return description_; }
  nlohmann::json settings() const;
  OfferedHost& host() { return *host_; }

 private:
  bool WantsCheck(const docker::Request& request) const;
  bool WantsExpand(const docker::Request& request) const;

  const Subject& subject_;
  const sdp_plugin* raw_ = nullptr;
  plugins::Description description_;
  std::size_t described_rules_ = 0;  // without those that the settings make
  std::unique_ptr<plugins::Services> services_;
  std::unique_ptr<OfferedHost> host_;
  void* self_ = nullptr;
};

// Settings to try a plugin with: what its schema has as "examples", or its properties' "default" and "examples".
nlohmann::json ExampleSettings(std::string_view schema);

// Everything that an outcome says, in one text to compare.
std::string Describe(const Outcome& outcome);

}  // namespace safe_docker::conformance
