// The plugins that the configuration declares, as the judge sees them: requests go in, findings come out. A plugin is
// loaded when the first request comes that it may want, once, and never unloaded. Whatever is wrong with one becomes a
// finding (host/plugin-failed, deny); nothing here throws.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "docker/request.hpp"
#include "plugins/trust.hpp"
#include "policy/finding.hpp"
#include "policy/rules.hpp"

namespace safe_docker::plugins {

// One plugin as the configuration declares it.
struct Declaration {
  std::string id;    // must equal what the plugin says of itself
  std::string path;  // absolute
  nlohmann::json settings = nlohmann::json::object();
  bool shipped = false;  // one of safe-docker's own
  // What is known of a shipped one without loading it, as its description says it; only `effects` may be less, if the
  // description wants every request. With neither effects nor expands it is loaded whenever its commands match, and
  // others are loaded for every request.
  std::uint64_t effects = 0;          // kinds that its check wants
  std::vector<std::string> commands;  // empty: all
  bool expands = false;
  bool advises = false;
  // Of those, the ones that it reads but a part of, while who reads the rest is switched off: it does not answer for
  // them.
  std::vector<std::string> partial;
};

// What a plugin says of itself; beyond id, path and shipped only if it could be loaded.
struct PluginInfo {
  std::string id;
  std::string version;
  std::string summary;
  std::string path;
  std::string abi;                  // "1.0"
  std::vector<policy::Rule> rules;  // with full ids
  bool shipped = false;
  std::string settings_schema;
  std::string error;  // why it cannot be used; else empty
};

struct Options {
  Trust trust;
};

class Plugin;

class PluginSet {
 public:
  explicit PluginSet(std::vector<Declaration> declarations, Options options = {});
  PluginSet(const PluginSet&) = delete;
  PluginSet& operator=(const PluginSet&) = delete;
  // Ends every plugin; their libraries stay loaded. A process that has answered may just end instead.
  ~PluginSet();

  // Does what the destructor does. Nothing else may be called afterwards.
  void Close();

  // Expands and checks `requests`, to which it appends what expanders make of them, and returns all findings with full
  // rule ids. `with_advice`: as if followed by Advise.
  std::vector<policy::Finding> Judge(std::vector<docker::Request>* requests, bool with_advice);

  // Checks `requests` that have been expanded before, as those that an audit log has kept, and expands nothing.
  std::vector<policy::Finding> CheckAgain(const std::vector<docker::Request>& requests);

  // The notes of the plugins that only advise, on requests that have been judged.
  std::vector<policy::Finding> Advise(const std::vector<docker::Request>& requests);

  // Loads every plugin, hands it its settings, and says what it is, or why it cannot be used.
  std::vector<PluginInfo> Describe();

 private:
  void ExpandAll(std::vector<docker::Request>* requests, std::vector<policy::Finding>* findings);
  void Expand(const docker::Request& request, std::vector<docker::Request>* made,
              std::vector<policy::Finding>* findings);
  void CheckAll(const std::vector<docker::Request>& requests, std::vector<policy::Finding>* findings);
  void Check(const docker::Request& request, bool advisers, std::vector<policy::Finding>* findings);

  std::vector<std::unique_ptr<Plugin>> plugins_;
};

}  // namespace safe_docker::plugins
