#include "plugins/bridge.hpp"

#include <cstdint>

#include "plugins/text.hpp"

namespace safe_docker::plugins {
namespace {

template <typename Item>
sdp_array LendArray(const std::vector<Item>& items) {
  return {items.data(), static_cast<std::uint32_t>(items.size()), sizeof(Item)};
}

sdp_evidence LendEvidence(const docker::Evidence& evidence) {
  return {sizeof(sdp_evidence),   evidence.line,       evidence.column,       0,
          Lend(evidence.written), Lend(evidence.file), Lend(evidence.service)};
}

bool SaysNothing(const docker::Evidence& evidence) {
  return evidence.written.empty() && evidence.file.empty() && evidence.service.empty();
}

}  // namespace

LentRequest::LentRequest(const docker::Request& request) : request_evidence_(LendEvidence(request.evidence)), raw_() {
  options_.reserve(request.options.size());
  for (const docker::Option& option : request.options) {
    options_.push_back({sizeof(sdp_option), 0, Lend(option.name), Lend(option.value), Lend(option.written)});
  }
  arguments_.reserve(request.arguments.size());
  for (const std::string& argument : request.arguments) {
    arguments_.push_back(Lend(argument));
  }
  LendEffects(request.effects);
  raw_.size = sizeof raw_;
  raw_.origin = request.origin;
  raw_.flags = request.flags;
  raw_.program = Lend(request.program);
  raw_.command = Lend(request.command);
  raw_.cwd = Lend(request.cwd);
  raw_.home = Lend(request.home);
  raw_.engine = Lend(request.engine);
  raw_.source = Lend(request.source);
  raw_.options = LendArray(options_);
  raw_.arguments = LendArray(arguments_);
  raw_.effects = LendArray(effects_);
  raw_.evidence = &request_evidence_;
}

void LentRequest::LendEffects(const std::vector<docker::Effect>& effects) {
  evidence_.reserve(effects.size());  // never grows below: effects point into it
  effects_.reserve(effects.size());
  for (const docker::Effect& effect : effects) {
    evidence_.push_back(LendEvidence(effect.evidence));
    effects_.push_back({sizeof(sdp_effect), effect.kind, effect.flags, 0, Lend(effect.subject), Lend(effect.name),
                        Lend(effect.target), Lend(effect.options), Lend(effect.resolved),
                        SaysNothing(effect.evidence) ? nullptr : &evidence_.back()});
  }
}

}  // namespace safe_docker::plugins
