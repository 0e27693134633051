#include "conformance/session.hpp"

#include <algorithm>
#include <utility>

#include "plugins/call.hpp"
#include "plugins/loader.hpp"
#include "plugins/settings_check.hpp"
#include "plugins/text.hpp"

namespace safe_docker::conformance {
namespace {

using plugins::Guarded;

void Append(std::initializer_list<std::string_view> texts, std::string* to) {
  for (const std::string_view text : texts) {
    to->append(text).append("\x1f");
  }
}

void Append(const docker::Evidence& evidence, std::string* to) {
  Append({evidence.written, evidence.file, evidence.service, std::to_string(evidence.line),
          std::to_string(evidence.column)},
         to);
}

void Conclude(std::string_view function, std::optional<std::int32_t> status, const plugins::CallErrors& errors,
              Outcome* outcome) {
  outcome->problem = plugins::Outcome(function, status, errors);
  outcome->is_refusal = status == SDP_FAILED && errors.violation.empty() && !errors.error.empty();
}

// Of the first of "examples", "default" that is there.
std::optional<nlohmann::json> ExampleOf(const nlohmann::json& schema) {
  if (!schema.is_object()) {
    return std::nullopt;
  }
  if (const auto examples = schema.find("examples");
      examples != schema.end() && examples->is_array() && !examples->empty()) {
    return examples->front();
  }
  const auto fallback = schema.find("default");
  return fallback == schema.end() ? std::nullopt : std::optional<nlohmann::json>(*fallback);
}

}  // namespace

nlohmann::json ExampleSettings(std::string_view schema_text) {
  const nlohmann::json schema = nlohmann::json::parse(schema_text, nullptr, /*allow_exceptions=*/false);
  if (const std::optional<nlohmann::json> example = ExampleOf(schema)) {
    return *example;
  }
  nlohmann::json settings = nlohmann::json::object();
  if (!schema.is_object() || !schema.contains("properties") || !schema["properties"].is_object()) {
    return settings;
  }
  for (const auto& [name, property] : schema["properties"].items()) {
    if (const std::optional<nlohmann::json> example = ExampleOf(property)) {
      settings[name] = *example;
    }
  }
  return settings;
}

nlohmann::json Session::settings() const {
  return subject_.settings ? *subject_.settings : ExampleSettings(description_.settings_schema);
}

std::string Session::Load() {
  plugins::LoadedLibrary library;
  const auto load = [&]() -> std::int32_t {
    library = plugins::LoadLibrary(subject_.path);
    return SDP_OK;
  };
  if (!Guarded(load)) {
    return "loading it let an exception escape";
  }
  if (library.plugin == nullptr) {
    return library.error;
  }
  raw_ = library.plugin;
  // What it calls itself is not known before; that it is an id is checked by what reads the rest.
  const bool has_id = raw_->description != nullptr && raw_->description->size >= sizeof(sdp_description);
  const std::string id(has_id ? plugins::Read(raw_->description->id, 100).value_or("") : "");
  std::string error = plugins::ReadDescription(*raw_, id, &description_);
  described_rules_ = description_.rules.size();
  return error;
}

Outcome Session::Create(const nlohmann::json& settings, Offer offer) {
  Outcome outcome;
  description_.rules.resize(described_rules_);
  services_ = std::make_unique<plugins::Services>(std::string(description_.id), settings);
  host_ = std::make_unique<OfferedHost>(services_->raw(), offer);
  plugins::FindingSink sink(description_, nullptr, &outcome.findings);
  const std::optional<std::int32_t> status = Guarded([&] { return raw_->create(&host_->raw(), &sink.raw(), &self_); });
  Conclude("create", status, sink.errors(), &outcome);
  if (outcome.problem.empty()) {
    const std::optional<std::int32_t> learnt = Guarded([&]() -> std::int32_t {
      outcome.problem = plugins::ReadOwnRules(*raw_, self_, &description_);
      return SDP_OK;
    });
    outcome.problem = learnt ? outcome.problem : "extension let an exception escape";
  }
  services_->EndCall();
  return outcome;
}

Outcome Session::Start(Offer offer) {
  Outcome outcome;
  outcome.problem = Load();
  if (outcome.problem.empty()) {
    outcome.problem = plugins::CheckSettings(settings(), description_.settings_schema);
    outcome.is_refusal = !outcome.problem.empty();
  }
  return outcome.problem.empty() ? Create(settings(), offer) : outcome;
}

void Session::Destroy() {
  if (raw_->destroy != nullptr) {
    Guarded([this]() -> std::int32_t {
      raw_->destroy(self_);
      return SDP_OK;
    });
  }
  self_ = nullptr;
}

bool Session::WantsCheck(const docker::Request& request) const {
  return raw_->check != nullptr && plugins::MatchesCommand(description_.commands, request.command) &&
         (description_.effects == 0 || plugins::HasWantedEffect(description_.effects, request));
}

bool Session::WantsExpand(const docker::Request& request) const {
  return raw_->expand != nullptr && plugins::MatchesCommand(description_.commands, request.command);
}

bool Session::Wants(const docker::Request& request) const { return WantsCheck(request) || WantsExpand(request); }

Outcome Session::Ask(const docker::Request& request) {
  const plugins::LentRequest lent(request);
  return Ask(request, lent.raw());
}

Outcome Session::Ask(const docker::Request& request, const sdp_request& lent) {
  Outcome outcome;
  services_->BeginCall(request.environment, request.inputs);
  if (WantsExpand(request)) {
    plugins::FindingSink sink(description_, &request, &outcome.findings);
    plugins::RequestSink requests(request, &outcome.made);
    const std::optional<std::int32_t> status =
        Guarded([&] { return raw_->expand(self_, &lent, &requests.raw(), &sink.raw()); });
    outcome.problem = requests.Finish().violation;
    if (outcome.problem.empty()) {
      Conclude("expand", status, sink.errors(), &outcome);
    }
  }
  if (WantsCheck(request) && outcome.problem.empty()) {
    plugins::FindingSink sink(description_, &request, &outcome.findings);
    const std::optional<std::int32_t> status = Guarded([&] { return raw_->check(self_, &lent, &sink.raw()); });
    Conclude("check", status, sink.errors(), &outcome);
  }
  services_->EndCall();
  return outcome;
}

std::size_t Session::AskUntilStopped(const docker::Request& request) {
  const plugins::LentRequest lent(request);
  std::size_t count = 0;
  sdp_finding_sink sink{};
  sink.size = sizeof sink;
  sink.context = &count;
  sink.report = [](void* context, const sdp_finding*) -> std::int32_t {
    ++*static_cast<std::size_t*>(context);
    return SDP_FAILED;
  };
  sink.error = [](void*, sdp_string) {};
  services_->BeginCall(request.environment, request.inputs);
  Guarded([&] { return raw_->check(self_, &lent.raw(), &sink); });
  services_->EndCall();
  return count;
}

std::string Describe(const Outcome& outcome) {
  std::string text = outcome.problem;
  for (const policy::Finding& finding : outcome.findings) {
    Append(
        {finding.rule, policy::Name(finding.decision), finding.message, finding.advice, finding.written, finding.file,
         finding.service, std::to_string(finding.line), finding.about.path, finding.about.image, finding.about.value},
        &text);
  }
  for (const docker::Request& request : outcome.made) {
    Append({"request", request.program, request.command, request.cwd, request.engine}, &text);
    Append(request.evidence, &text);
    for (const docker::Effect& effect : request.effects) {
      Append({std::to_string(effect.kind), std::to_string(effect.flags), effect.subject, effect.name, effect.target,
              effect.options, effect.resolved},
             &text);
      Append(effect.evidence, &text);
    }
  }
  return text;
}

}  // namespace safe_docker::conformance
