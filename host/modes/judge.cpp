#include "modes/judge.hpp"

#include <algorithm>
#include <iterator>

#include "modes/self_protection.hpp"
#include "modes/shipped_plugins.hpp"
#include "plugins/plugin_set.hpp"
#include "policy/rules.hpp"

namespace safe_docker::modes {
namespace {

void Append(std::vector<policy::Finding> more, std::vector<policy::Finding>* findings) {
  findings->insert(findings->end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// A configuration that cannot be trusted to say what its author meant makes every docker command ask.
void AddConfigErrors(const policy::LoadedConfig& config, std::vector<policy::Finding>* findings) {
  for (const policy::Problem& problem : config.problems) {
    if (problem.severity != policy::Problem::Severity::kError) {
      continue;
    }
    policy::Finding finding = policy::HostFinding(policy::kConfigError);
    finding.message =
        "safe-docker's configuration has an error, so what it allows is not certain: " + Describe(problem);
    finding.advice = "Mend the file; `safe-docker check-config` shows every problem.";
    findings->push_back(std::move(finding));
  }
}

// A configuration that has errors loosens nothing: of what it says only the stricter half counts.
policy::Policy SoundPart(const policy::LoadedConfig& config) {
  if (!config.has_errors()) {
    return config.config.policy;
  }
  policy::Policy sound = config.config.policy;
  sound.profile = std::max(sound.profile, policy::Profile::kStandard);
  sound.only_stricter = true;
  sound.modes.clear();
  sound.exceptions.clear();
  return sound;
}

}  // namespace

Judgement Judge(std::vector<docker::Request> requests, std::vector<policy::Finding> findings,
                const policy::LoadedConfig& config, bool advise) {
  Judgement judgement;
  judgement.requests = std::move(requests);
  const policy::Policy policy = SoundPart(config);
  if (judgement.requests.empty()) {
    judgement.verdict = policy::Decide(std::move(findings), policy, policy::Today());
    return judgement;
  }
  AddConfigErrors(config, &findings);
  plugins::PluginSet plugin_set(DeclarePlugins(config.config, Which::kNeeded));
  Append(plugin_set.Judge(&judgement.requests, /*with_advice=*/false), &findings);
  judgement.verdict = policy::Decide(std::move(findings), policy, policy::Today());
  if (judgement.verdict.decision == policy::Decision::kAllow) {
    std::vector<policy::Finding> tampering = FindTamperingByDocker(judgement.requests);
    if (!tampering.empty()) {
      tampering.insert(tampering.end(), std::make_move_iterator(judgement.verdict.findings.begin()),
                       std::make_move_iterator(judgement.verdict.findings.end()));
      judgement.verdict = policy::Merge(std::move(tampering));
    }
  }
  // A person who is asked reads the notes; an agent that is denied has no use for them.
  if (advise || judgement.verdict.decision == policy::Decision::kAsk) {
    findings = std::move(judgement.verdict.findings);
    Append(plugin_set.Advise(judgement.requests), &findings);
    judgement.verdict = policy::Merge(std::move(findings));
  }
  return judgement;
}

}  // namespace safe_docker::modes
