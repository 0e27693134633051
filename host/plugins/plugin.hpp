// One declared plugin, from its declaration to the calls into it. Loads itself when it is first wanted; once it has
// failed it stays failed, and says why.
#pragma once

#include <safe_docker/plugin.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "docker/request.hpp"
#include "plugins/description.hpp"
#include "plugins/plugin_set.hpp"
#include "plugins/services.hpp"
#include "policy/finding.hpp"

namespace safe_docker::plugins {

enum class Role : std::uint8_t { kExpand, kCheck, kAdvise };

class Plugin {
 public:
  Plugin(Declaration declaration, const Options& options);
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;
  // Calls the plugin's destroy. Its library stays loaded.
  ~Plugin();

  // Whether it must see `request` in that role. Loads it if that cannot be told otherwise. True if it has failed, since
  // nobody knows then what it would have wanted.
  bool Wants(Role role, const docker::Request& request);

  // Calls into the plugin, which Wants them. False if it has failed.
  bool Check(const docker::Request& request, const sdp_request& lent, std::vector<policy::Finding>* findings);
  bool Expand(const docker::Request& request, const sdp_request& lent, std::vector<docker::Request>* made,
              std::vector<policy::Finding>* findings);

  // True if it names the request's command, rather than taking every command.
  bool Claims(const docker::Request& request) const;
  // True if it reads but a part of what the request means, and nobody reads the rest.
  bool ReadsPartOf(const docker::Request& request) const;

  // What is wrong with it, as a finding about `request`.
  policy::Finding Failure(const docker::Request& request) const;

  // Loads it, and says what it is.
  PluginInfo Describe();

  // Marks it as failed, unless it is already.
  void Fail(std::string reason, std::string advice = {});
  bool failed() const { return !failure_.empty(); }
  const std::string& id() const { return declaration_.id; }

  // Whether the failure has been reported in the running judgement.
  bool reported = false;

 private:
  void Load();
  std::string Find();
  std::string CompareWithDeclaration() const;
  void Create();
  void LearnRules();
  bool IsWantedAsDeclared(Role role, const docker::Request& request) const;

  Declaration declaration_;
  Trust trust_;
  bool loaded_ = false;  // or failed to
  std::string failure_;
  std::string advice_;
  const sdp_plugin* raw_ = nullptr;
  void* self_ = nullptr;
  bool created_ = false;
  Description description_;
  std::unique_ptr<Services> services_;  // lent to the plugin, so it stays where it is
};

}  // namespace safe_docker::plugins
