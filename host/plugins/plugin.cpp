#include "plugins/plugin.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "guard.hpp"
#include "plugins/call.hpp"
#include "plugins/loader.hpp"
#include "plugins/settings_check.hpp"
#include "plugins/sinks.hpp"
#include "plugins/trust.hpp"

namespace safe_docker::plugins {
namespace {

// Names the plugin in the dying answer while its code may run.
class Stage {
 public:
  explicit Stage(std::string_view id) { guard::SetStage("plugin " + std::string(id)); }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage() { guard::SetStage({}); }
};

policy::Decision ToDecision(sdp_decision decision) { return static_cast<policy::Decision>(decision); }

}  // namespace

Plugin::Plugin(Declaration declaration, const Options& options)
    : declaration_(std::move(declaration)), trust_(options.trust) {}

Plugin::~Plugin() {
  if (!created_ || raw_->destroy == nullptr) {
    return;
  }
  const Stage stage(declaration_.id);
  Guarded([this]() -> std::int32_t {
    raw_->destroy(self_);
    return SDP_OK;
  });
}

bool Plugin::IsWantedAsDeclared(Role role, const docker::Request& request) const {
  if (!declaration_.shipped) {
    return true;  // nobody knows before it is loaded
  }
  const std::vector<std::string_view> commands(declaration_.commands.begin(), declaration_.commands.end());
  if (!MatchesCommand(commands, request.command)) {
    return false;
  }
  if (role == Role::kExpand) {
    return declaration_.expands;
  }
  if (declaration_.advises != (role == Role::kAdvise)) {
    return false;
  }
  return declaration_.effects == 0 ? !declaration_.expands : HasWantedEffect(declaration_.effects, request);
}

bool Plugin::Wants(Role role, const docker::Request& request) {
  if (!IsWantedAsDeclared(role, request)) {
    return false;
  }
  Load();
  if (failed()) {
    return true;
  }
  if (!MatchesCommand(description_.commands, request.command)) {
    return false;
  }
  if (role == Role::kExpand) {
    return raw_->expand != nullptr;
  }
  return raw_->check != nullptr && description_.advises == (role == Role::kAdvise) &&
         (description_.effects == 0 || HasWantedEffect(description_.effects, request));
}

bool Plugin::Claims(const docker::Request& request) const {
  return !description_.commands.empty() && MatchesCommand(description_.commands, request.command);
}

bool Plugin::ReadsPartOf(const docker::Request& request) const {
  return std::find(declaration_.partial.begin(), declaration_.partial.end(), request.command) !=
         declaration_.partial.end();
}

void Plugin::Fail(std::string reason, std::string advice) {
  if (!failed()) {
    failure_ = std::move(reason);
    advice_ = std::move(advice);
  }
}

void Plugin::Load() {
  if (loaded_ || failed()) {
    return;
  }
  loaded_ = true;
  const TrustedFile file = CheckTrust(declaration_.path, trust_);
  if (file.path.empty()) {
    Fail(file.refusal, file.advice);
    return;
  }
  declaration_.path = file.path;
  if (std::string error = Find(); !error.empty()) {
    Fail(std::move(error));
    return;
  }
  Create();
}

// Loads the library and reads what it says of itself.
std::string Plugin::Find() {
  const Stage stage(declaration_.id);
  LoadedLibrary library;
  const auto load = [&]() -> std::int32_t {  // a library's initialisers are its own code
    library = LoadLibrary(declaration_.path);
    return SDP_OK;
  };
  if (!Guarded(load)) {
    return "loading it let an exception escape";
  }
  if (library.plugin == nullptr) {
    return std::move(library.error);
  }
  raw_ = library.plugin;
  std::string error = ReadDescription(*raw_, declaration_.id, &description_);
  return error.empty() && declaration_.shipped ? CompareWithDeclaration() : error;
}

// What is known of a shipped plugin decides when it is loaded, so it must be true.
std::string Plugin::CompareWithDeclaration() const {
  const auto same_commands = [this] {
    return std::is_permutation(declaration_.commands.begin(), declaration_.commands.end(),
                               description_.commands.begin(), description_.commands.end());
  };
  // A plugin that wants every request may be declared with less by who knows its settings, others not.
  const bool same = (declaration_.effects == 0 || (description_.effects & ~declaration_.effects) == 0) &&
                    (declaration_.commands.empty() || same_commands()) &&
                    declaration_.expands == (raw_->expand != nullptr) && declaration_.advises == description_.advises;
  return same ? std::string() : "it is of another version than safe-docker itself: install both again";
}

void Plugin::Create() {
  if (!declaration_.shipped) {  // whose settings are made by code
    std::string wrong = CheckSettings(declaration_.settings, description_.settings_schema);
    if (!wrong.empty()) {
      Fail(std::move(wrong), "Correct [plugins." + declaration_.id + ".settings] in config.toml");
      return;
    }
  }
  services_ = std::make_unique<Services>(declaration_.id, std::move(declaration_.settings));
  const Stage stage(declaration_.id);
  std::vector<policy::Finding> none;
  FindingSink sink(description_, nullptr, &none);
  const std::optional<std::int32_t> status =
      Guarded([&] { return raw_->create(&services_->raw(), &sink.raw(), &self_); });
  services_->EndCall();
  Fail(Outcome("create", status, sink.errors()));
  created_ = !failed();
  if (created_) {
    LearnRules();
  }
}

// Those that its settings gave it.
void Plugin::LearnRules() {
  std::string error;
  const std::optional<std::int32_t> status = Guarded([&]() -> std::int32_t {
    error = ReadOwnRules(*raw_, self_, &description_);
    return SDP_OK;
  });
  services_->EndCall();
  Fail(status ? std::move(error) : "extension let an exception escape");
}

bool Plugin::Check(const docker::Request& request, const sdp_request& lent, std::vector<policy::Finding>* findings) {
  if (failed()) {
    return false;
  }
  const Stage stage(declaration_.id);
  FindingSink sink(description_, &request, findings);
  services_->BeginCall(request.environment, request.inputs);
  const std::optional<std::int32_t> status = Guarded([&] { return raw_->check(self_, &lent, &sink.raw()); });
  services_->EndCall();
  Fail(Outcome("check", status, sink.errors()));
  return !failed();
}

bool Plugin::Expand(const docker::Request& request, const sdp_request& lent, std::vector<docker::Request>* made,
                    std::vector<policy::Finding>* findings) {
  if (failed()) {
    return false;
  }
  const Stage stage(declaration_.id);
  FindingSink sink(description_, &request, findings);
  RequestSink requests(request, made);
  const std::size_t requests_before = made->size();
  const auto findings_before = static_cast<std::ptrdiff_t>(findings->size());
  services_->BeginCall(request.environment, request.inputs);
  const std::optional<std::int32_t> status =
      Guarded([&] { return raw_->expand(self_, &lent, &requests.raw(), &sink.raw()); });
  if (made->size() == requests_before) {
    // Without the file docker does nothing; that it may be there is judged by itself.
    findings->erase(std::remove_if(findings->begin() + findings_before, findings->end(),
                                   [this](const policy::Finding& each) { return services_->WasMissing(each.file); }),
                    findings->end());
  }
  services_->EndCall();
  Fail(requests.Finish().violation);
  Fail(Outcome("expand", status, sink.errors()));
  return !failed();
}

policy::Finding Plugin::Failure(const docker::Request& request) const {
  policy::Finding finding = policy::HostFinding(policy::kPluginFailed);
  finding.message = "the plugin " + declaration_.id + " (" + declaration_.path + ") failed: " + failure_ +
                    ", so nobody knows what it would have objected to";
  finding.advice = (advice_.empty() ? "Repair or update it" : advice_) +
                   ", or switch it off in config.toml: [plugins." + declaration_.id + "] enabled = false";
  finding.written = request.evidence.written;
  finding.file = request.evidence.file;
  finding.service = request.evidence.service;
  finding.line = request.evidence.line;
  return finding;
}

PluginInfo Plugin::Describe() {
  Load();
  PluginInfo info;
  info.id = declaration_.id;
  info.path = declaration_.path;
  info.shipped = declaration_.shipped;
  info.error = failure_;
  if (raw_ == nullptr) {
    return info;
  }
  info.abi = std::to_string(raw_->abi_major) + "." + std::to_string(raw_->abi_minor);
  info.version = description_.version;
  info.summary = description_.summary;
  info.settings_schema = description_.settings_schema;
  for (const Rule& rule : description_.rules) {
    info.rules.push_back({declaration_.id + "/" + std::string(rule.id),
                          {ToDecision(rule.strict), ToDecision(rule.standard), ToDecision(rule.permissive)},
                          std::string(rule.title),
                          std::string(rule.why),
                          std::string(rule.standards),
                          std::string(rule.tags),
                          static_cast<policy::Severity>(rule.severity)});
  }
  return info;
}

}  // namespace safe_docker::plugins
