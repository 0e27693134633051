#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include "plugins/sinks.hpp"
#include "plugins/text.hpp"

namespace safe_docker::plugins {
namespace {

policy::Decision ToDecision(sdp_decision decision) { return static_cast<policy::Decision>(decision); }

// What the rule says in each profile. A finding that was reported weaker than its rule (since something is not certain)
// is no stronger in any of them, and one that was reported stronger no weaker.
policy::Profiles ProfilesOf(const Rule& rule, policy::Decision reported) {
  const policy::Decision standard = ToDecision(rule.standard);
  const auto in_profile = [&](sdp_decision decision) {
    return reported < standard   ? std::min(ToDecision(decision), reported)
           : reported > standard ? std::max(ToDecision(decision), reported)
                                 : ToDecision(decision);
  };
  return {in_profile(rule.strict), in_profile(rule.standard), in_profile(rule.permissive)};
}

bool IsPathKind(sdp_effect_kind kind) {
  return (kind >= SDP_EFFECT_MOUNT_HOST_PATH && kind <= SDP_EFFECT_DELETE_HOST_PATH) || kind == SDP_EFFECT_USE_DEVICE;
}

// False if the texts of the effect cannot be read.
bool ReadAbout(const sdp_effect* effect, policy::Subject* about) {
  if (effect == nullptr) {
    return true;
  }
  std::string subject, name, resolved;
  if (effect->size < sizeof *effect ||
      !ReadAll({{&effect->subject, &subject}, {&effect->name, &name}, {&effect->resolved, &resolved}})) {
    return false;
  }
  about->kind = effect->kind;
  // Nobody knows which path an unresolved one will be, so no exception can be made for it.
  if (IsPathKind(effect->kind) && (effect->flags & SDP_EFFECT_UNRESOLVED) == 0) {
    about->path = resolved.empty() ? subject : resolved;
  }
  if (effect->kind == SDP_EFFECT_USE_IMAGE) {
    about->image = subject;
  }
  about->value = name.empty() ? subject : subject.empty() ? name : name + "=" + subject;
  return true;
}

}  // namespace

FindingSink::FindingSink(const Description& description, const docker::Request* request,
                         std::vector<policy::Finding>* findings)
    : description_(description), request_(request), findings_(findings), raw_{sizeof raw_, 0, this, &Report, &Error} {}

std::int32_t FindingSink::Report(void* context, const sdp_finding* finding) noexcept {
  FindingSink& self = *static_cast<FindingSink*>(context);
  try {
    if (!self.errors_.violation.empty()) {
      return SDP_FAILED;
    }
    if (finding == nullptr || finding->size < sizeof *finding) {
      return self.errors_.Violate("it reported something that is no finding");
    }
    return self.Take(*finding);
  } catch (const std::exception&) {
    return self.errors_.Violate("out of memory");
  }
}

std::int32_t FindingSink::Take(const sdp_finding& raw) {
  if (request_ == nullptr || ++count_ > kMostFindings) {
    return errors_.Violate(request_ == nullptr ? "it reported a finding while nothing was judged"
                                               : "it reported more than 1000 findings");
  }
  const std::optional<std::string_view> id = Read(raw.rule);
  const Rule* const rule = id ? description_.FindRule(*id) : nullptr;
  if (rule == nullptr) {
    return errors_.Violate("it reported the rule " + std::string(id.value_or("?").substr(0, 64)) +
                           ", which it does not describe");
  }
  if (raw.decision < SDP_ALLOW || raw.decision > SDP_DENY) {
    return errors_.Violate("it reported the decision " + std::to_string(raw.decision) + ", which does not exist");
  }
  if (description_.advises && raw.decision != SDP_ALLOW) {
    return errors_.Violate("it says that it only advises, but reported more than a note");
  }
  policy::Finding finding;
  std::optional<docker::Evidence> evidence = ReadEvidence(raw.evidence, request_->evidence);
  if (!evidence || !ReadAll({{&raw.message, &finding.message}, {&raw.advice, &finding.advice}})) {
    return errors_.Violate("it reported a text that is null or too long");
  }
  if (finding.message.empty()) {
    return errors_.Violate("it reported " + std::string(rule->id) + " without a message");
  }
  finding.rule.append(description_.id).append("/").append(rule->id);
  finding.decision = static_cast<policy::Decision>(raw.decision);
  finding.profiles = ProfilesOf(*rule, finding.decision);
  finding.tags = rule->tags;
  if (!ReadAbout(raw.effect, &finding.about)) {
    return errors_.Violate("it reported a finding about an effect that is none");
  }
  finding.written = std::move(evidence->written);
  finding.file = std::move(evidence->file);
  finding.service = std::move(evidence->service);
  finding.line = evidence->line;
  findings_->push_back(std::move(finding));
  return SDP_OK;
}

void FindingSink::Error(void* context, sdp_string message) noexcept {
  CallErrors& errors = static_cast<FindingSink*>(context)->errors_;
  try {
    const std::optional<std::string_view> text = Read(message);
    if (errors.error.empty()) {
      errors.error = text && !text->empty() ? *text : "it gave no reason";
    }
  } catch (const std::exception&) {
    errors.Violate("out of memory");
  }
}

}  // namespace safe_docker::plugins
