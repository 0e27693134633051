#include "plugins/plugin_set.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <utility>

#include "plugins/bridge.hpp"
#include "plugins/plugin.hpp"

namespace safe_docker::plugins {
namespace {

policy::Finding Ask(std::string_view rule, const docker::Evidence& evidence) {
  policy::Finding finding = policy::HostFinding(rule);
  finding.written = evidence.written;
  finding.file = evidence.file;
  finding.service = evidence.service;
  finding.line = evidence.line;
  return finding;
}

// What the host could not understand is its own to ask about, whatever plugins say.
void AskAboutUnknown(const docker::Request& request, std::vector<policy::Finding>* findings) {
  for (const docker::Effect& effect : request.effects) {
    const bool known = effect.kind > SDP_EFFECT_UNKNOWN && effect.kind < SDP_EFFECT_KIND_COUNT;
    if (known) {
      continue;
    }
    policy::Finding finding = Ask(policy::kUnknown, effect.evidence);
    if (effect.kind == SDP_EFFECT_UNKNOWN && effect.options == "refused") {
      finding.message = "docker refuses this, and another version may read it otherwise: " + effect.subject;
      finding.advice = "Correct it as docker's help has it.";
      findings->push_back(std::move(finding));
      continue;
    }
    if (effect.name == kContentNotKnown) {
      finding = Ask(policy::kOpaqueShell, effect.evidence);
      finding.message = (effect.subject == effect.evidence.written ? std::string{} : effect.subject + ": ") +
                        std::string(kContentNotKnown);
      finding.advice = "Write the file with one command, and use it with the next.";
      findings->push_back(std::move(finding));
      continue;
    }
    const bool is_said = !effect.subject.empty() && effect.subject == effect.evidence.written;
    finding.message = effect.subject.empty() ? "a part of the command" : effect.subject;
    finding.message = (is_said ? "this" : finding.message) + " cannot be judged";
    if (!effect.name.empty()) {
      finding.message += ": " + effect.name;
    }
    finding.advice = "Write it out or check its spelling, so that it can be judged before it runs.";
    findings->push_back(std::move(finding));
  }
}

policy::Finding NotExpanded(const docker::Request& request) {
  policy::Finding finding = Ask(policy::kNotExpanded, request.evidence);
  finding.message = "nothing could tell what docker " + request.command + " would do";
  finding.advice =
      "Enable the plugin that reads such projects in config.toml, as in: [plugins.compose] enabled = true.";
  return finding;
}

void Report(Plugin* plugin, const docker::Request& request, std::vector<policy::Finding>* findings) {
  if (!plugin->reported) {
    plugin->reported = true;
    findings->push_back(plugin->Failure(request));
  }
}

}  // namespace

PluginSet::PluginSet(std::vector<Declaration> declarations, Options options) {
  plugins_.reserve(declarations.size());
  for (Declaration& declaration : declarations) {
    const bool twice = std::any_of(plugins_.begin(), plugins_.end(),
                                   [&](const auto& plugin) { return plugin->id() == declaration.id; });
    plugins_.push_back(std::make_unique<Plugin>(std::move(declaration), options));
    if (twice) {
      plugins_.back()->Fail("another plugin with this id is declared");
    }
  }
}

PluginSet::~PluginSet() = default;

void PluginSet::Close() { plugins_.clear(); }

std::vector<policy::Finding> PluginSet::Judge(std::vector<docker::Request>* requests, bool with_advice) {
  std::vector<policy::Finding> findings;
  for (const std::unique_ptr<Plugin>& plugin : plugins_) {
    plugin->reported = false;
  }
  ExpandAll(requests, &findings);
  CheckAll(*requests, &findings);
  if (with_advice) {
    std::vector<policy::Finding> notes = Advise(*requests);
    std::move(notes.begin(), notes.end(), std::back_inserter(findings));
  }
  return findings;
}

std::vector<policy::Finding> PluginSet::CheckAgain(const std::vector<docker::Request>& requests) {
  std::vector<policy::Finding> findings;
  for (const std::unique_ptr<Plugin>& plugin : plugins_) {
    plugin->reported = false;
  }
  CheckAll(requests, &findings);
  return findings;
}

void PluginSet::CheckAll(const std::vector<docker::Request>& requests, std::vector<policy::Finding>* findings) {
  for (const docker::Request& request : requests) {
    AskAboutUnknown(request, findings);
    Check(request, false, findings);
  }
}

std::vector<policy::Finding> PluginSet::Advise(const std::vector<docker::Request>& requests) {
  std::vector<policy::Finding> findings;
  for (const docker::Request& request : requests) {
    Check(request, true, &findings);
  }
  return findings;
}

// What an expander hands over to another one, as a dev container does that is a compose project, is expanded in turn.
void PluginSet::ExpandAll(std::vector<docker::Request>* requests, std::vector<policy::Finding>* findings) {
  constexpr int kMostHandOvers = 2;
  std::size_t first = 0;
  for (int hand_overs = 0; first < requests->size(); ++hand_overs) {
    std::vector<docker::Request> made;
    for (const docker::Request& request : std::span(*requests).subspan(first)) {
      if (hand_overs > kMostHandOvers && request.needs_expansion) {
        findings->push_back(NotExpanded(request));
      } else if (hand_overs == 0 || request.needs_expansion) {
        Expand(request, &made, findings);
      }
    }
    first = requests->size();
    std::move(made.begin(), made.end(), std::back_inserter(*requests));
  }
}

// Whoever names the command answers for what comes of it, be it nothing; who takes every command only for what it made.
void PluginSet::Expand(const docker::Request& request, std::vector<docker::Request>* made,
                       std::vector<policy::Finding>* findings) {
  bool taken = false;
  const LentRequest lent(request);
  for (const std::unique_ptr<Plugin>& plugin : plugins_) {
    if (!plugin->Wants(Role::kExpand, request)) {
      continue;
    }
    const std::size_t before = made->size() + findings->size();
    if (plugin->Expand(request, lent.raw(), made, findings)) {
      const bool answers = plugin->Claims(request) || made->size() + findings->size() > before;
      taken = taken || (answers && !plugin->ReadsPartOf(request));
    } else {
      Report(plugin.get(), request, findings);
    }
  }
  if (request.needs_expansion && !taken) {
    findings->push_back(NotExpanded(request));
  }
}

void PluginSet::Check(const docker::Request& request, bool advisers, std::vector<policy::Finding>* findings) {
  const LentRequest lent(request);
  for (const std::unique_ptr<Plugin>& plugin : plugins_) {
    if (plugin->Wants(advisers ? Role::kAdvise : Role::kCheck, request) &&
        !plugin->Check(request, lent.raw(), findings)) {
      Report(plugin.get(), request, findings);
    }
  }
}

std::vector<PluginInfo> PluginSet::Describe() {
  std::vector<PluginInfo> infos;
  infos.reserve(plugins_.size());
  for (const std::unique_ptr<Plugin>& plugin : plugins_) {
    infos.push_back(plugin->Describe());
  }
  return infos;
}

}  // namespace safe_docker::plugins
