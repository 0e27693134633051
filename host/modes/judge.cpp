#include "modes/judge.hpp"

#include "modes/shipped_plugins.hpp"
#include "plugins/plugin_set.hpp"

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
    policy::Finding finding;
    finding.rule = "host/config-error";
    finding.decision = policy::Decision::kAsk;
    finding.message =
        "safe-docker's configuration has an error, so what it allows is not certain: " + Describe(problem);
    finding.advice = "Mend the file; `safe-docker --check-config` shows every problem.";
    findings->push_back(std::move(finding));
  }
}

}  // namespace

Judgement Judge(std::vector<docker::Request> requests, std::vector<policy::Finding> findings,
                const policy::LoadedConfig& config, bool advise) {
  Judgement judgement;
  judgement.requests = std::move(requests);
  if (judgement.requests.empty()) {
    judgement.verdict = policy::Merge(std::move(findings));
    return judgement;
  }
  AddConfigErrors(config, &findings);
  plugins::PluginSet plugin_set(DeclarePlugins(config.config, Which::kNeeded));
  Append(plugin_set.Judge(&judgement.requests, /*with_advice=*/false), &findings);
  judgement.verdict = policy::Merge(std::move(findings));
  // A person who is asked reads the notes; an agent that is denied has no use for them.
  if (advise || judgement.verdict.decision == policy::Decision::kAsk) {
    findings = std::move(judgement.verdict.findings);
    Append(plugin_set.Advise(judgement.requests), &findings);
    judgement.verdict = policy::Merge(std::move(findings));
  }
  return judgement;
}

}  // namespace safe_docker::modes
