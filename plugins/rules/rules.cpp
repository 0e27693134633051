// The checker of the user's own rules: conditions over effects and requests, declared in the configuration.
#include <safe_docker/checker.hpp>

#include <memory>
#include <string>
#include <vector>

#include "evaluator.hpp"
#include "rule.hpp"
#include "settings_schema.hpp"

namespace {

using namespace safe_docker::plugin;
using safe_docker::rules::Evaluator;
using safe_docker::rules::FillIn;
using safe_docker::rules::Places;
using safe_docker::rules::Problems;
using safe_docker::rules::Truth;
using safe_docker::rules::Witness;
using DeclaredRule = safe_docker::rules::Rule;

constexpr sdp_description kDescription = {sizeof(sdp_description),
                                          0,
                                          Text("rules"),
                                          Text("0.1.0"),
                                          Text("The user's own rules, from [[rules]]"),
                                          Text("MIT OR Apache-2.0"),
                                          Text(""),
                                          {},
                                          {},
                                          0,
                                          Text(safe_docker::rules::kSettingsSchema)};

// The host takes 1000 findings of a request. A rule that has more to object to than is left says so once, of the
// request as a whole, so that no exception for one path or image takes all of it back.
constexpr std::size_t kMostFindings = 400;

class DeclaredRules {
 public:
  void Create(const Host& host, Findings& findings) {
    places_ = std::make_unique<Places>(host);
    sdp_string json{};
    if (host.raw().settings_json(host.raw().context, &json) != SDP_OK) {
      findings.Fail("the settings cannot be read");
      return;
    }
    Problems problems;
    rules_ = safe_docker::rules::ReadRules(nlohmann::json::parse(View(json)), &problems);
    if (!problems.empty()) {
      findings.Fail(problems.text());
      return;
    }
    for (const DeclaredRule& rule : rules_) {
      described_.push_back(safe_docker::rules::Describe(rule));
    }
    array_ = {described_.data(), static_cast<std::uint32_t>(described_.size()), sizeof(sdp_rule)};
  }

  const sdp_array* Rules() const { return &array_; }

  void Check(const Request& request, Findings& findings) {
    const Evaluator evaluator(request, places_.get());
    std::size_t left = kMostFindings;
    for (const DeclaredRule& rule : rules_) {
      const Truth truth = evaluator.Holds(rule.when);
      if (truth == Truth::kFalse) {
        continue;
      }
      const std::vector<Witness> witnesses = evaluator.Witnesses(rule.when);
      if (witnesses.empty() || witnesses.size() > left) {
        Report(rule, truth, request, nullptr, findings);
        continue;
      }
      left -= witnesses.size();
      for (const Witness& witness : witnesses) {
        Report(rule, And(truth, witness.truth), request, &witness.effect, findings);
      }
    }
  }

 private:
  static void Report(const DeclaredRule& rule, Truth truth, const Request& request, const Effect* effect,
                     Findings& findings) {
    const bool is_certain = truth == Truth::kTrue;
    std::string message = FillIn(rule.message, request, effect);
    message += is_certain ? "" : " (as far as can be told before it runs)";
    const sdp_decision decision = is_certain ? rule.standard : std::min<sdp_decision>(rule.standard, SDP_ASK);
    const std::string advice = FillIn(rule.advice, request, effect);
    if (effect == nullptr) {
      findings.Report(rule.id, decision, request.evidence(), message, advice);
    } else {
      findings.Report(rule.id, decision, *effect, message, advice);
    }
  }

  std::unique_ptr<Places> places_;
  std::vector<DeclaredRule> rules_;
  std::vector<sdp_rule> described_;
  sdp_array array_{};
};

}  // namespace

SAFE_DOCKER_PLUGIN(DeclaredRules, kDescription);
