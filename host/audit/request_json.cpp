#include "audit/request_json.hpp"

#include <algorithm>
#include <string>

namespace safe_docker::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostRequests = 64;
constexpr std::size_t kMostBytes = 24 * 1024;

// Members that say nothing are left out.
void AddText(const char* key, const std::string& text, Json* object) {
  if (!text.empty()) {
    (*object)[key] = text;
  }
}

void AddNumber(const char* key, std::uint32_t number, Json* object) {
  if (number != 0) {
    (*object)[key] = number;
  }
}

Json EffectJson(const docker::Effect& effect) {
  Json json = {{"k", effect.kind}};
  AddNumber("f", effect.flags, &json);
  AddText("s", effect.subject, &json);
  AddText("n", effect.name, &json);
  AddText("t", effect.target, &json);
  AddText("o", effect.options, &json);
  AddText("r", effect.resolved, &json);
  AddText("w", effect.evidence.written, &json);
  return json;
}

Json RequestJson(const docker::Request& request) {
  Json json = Json::object();
  AddText("command", request.command, &json);
  AddText("program", request.program, &json);
  AddNumber("flags", request.flags, &json);
  AddNumber("origin", request.origin == SDP_ORIGIN_COMMAND_LINE ? 0 : request.origin, &json);
  AddText("engine", request.engine, &json);
  AddText("cwd", request.cwd, &json);
  AddText("service", request.evidence.service, &json);
  AddText("file", request.evidence.file, &json);
  AddNumber("line", request.evidence.line, &json);
  for (const docker::Option& option : request.options) {
    json["options"].push_back(Json::array({option.name, option.value}));
  }
  for (const std::string& argument : request.arguments) {
    json["arguments"].push_back(argument);
  }
  for (const docker::Effect& effect : request.effects) {
    json["effects"].push_back(EffectJson(effect));
  }
  return json;
}

Json AboutJson(const policy::Subject& about) {
  Json json = Json::object();
  AddNumber("kind", about.kind, &json);
  AddText("path", Readable(about.path), &json);
  AddText("image", Readable(about.image), &json);
  AddText("value", Readable(about.value), &json);
  return json;
}

Json FindingJson(const policy::Finding& finding) {
  Json json = {{"rule", finding.rule},
               {"raised", policy::Name(finding.raised)},
               {"decision", policy::Name(finding.decision)},
               {"treatment", policy::Name(finding.treatment)}};
  AddText("because", Readable(finding.because), &json);
  AddText("message", Readable(finding.message), &json);
  AddText("written", Readable(finding.written), &json);
  AddText("file", Readable(finding.file), &json);
  AddNumber("line", finding.line, &json);
  AddText("service", Readable(finding.service), &json);
  if (Json about = AboutJson(finding.about); !about.empty()) {
    json["about"] = std::move(about);
  }
  const policy::Profiles& profiles = finding.profiles;
  json["by_profile"] = {policy::Name(profiles.strict), policy::Name(profiles.standard),
                        policy::Name(profiles.permissive)};
  return json;
}

}  // namespace

std::string Readable(std::string text) {
  std::replace(text.begin(), text.end(), kUnknownPart, '?');
  return text;
}

Json RequestsJson(const std::vector<docker::Request>& requests, bool* is_cut) {
  Json list = Json::array();
  std::size_t size = 0;
  for (const docker::Request& request : requests) {
    Json json = RequestJson(request);
    size += json.dump(-1, ' ', false, Json::error_handler_t::replace).size() + 1;
    if (list.size() == kMostRequests || size > kMostBytes) {
      *is_cut = true;
      break;
    }
    list.push_back(std::move(json));
  }
  return list;
}

Json FindingsJson(const std::vector<policy::Finding>& findings) {
  Json list = Json::array();
  std::transform(findings.begin(), findings.end(), std::back_inserter(list), FindingJson);
  return list;
}

}  // namespace safe_docker::audit
