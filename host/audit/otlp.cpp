// The OTLP/JSON encoding of a record. The proto3 JSON mapping with OTLP's deviations: 64-bit integers are strings,
// enums are integers, names are lowerCamelCase.
#include "audit/record.hpp"

namespace safe_docker::audit {
namespace {

using Json = nlohmann::ordered_json;

// Severity numbers of the OpenTelemetry log data model: INFO, WARN, ERROR.
struct Severity {
  int number;
  const char* text;
};

Severity SeverityOf(policy::Decision decision) {
  switch (decision) {
    case policy::Decision::kAllow:
      return {9, "INFO"};
    case policy::Decision::kAsk:
      return {13, "WARN"};
    case policy::Decision::kDeny:
      return {17, "ERROR"};
  }
  return {17, "ERROR"};
}

// Attributes whose values are empty are left out, as the encoding asks for.
void AddText(Json* attributes, const char* key, const std::string& value) {
  if (!value.empty()) {
    attributes->push_back({{"key", key}, {"value", {{"stringValue", value}}}});
  }
}

void AddTexts(Json* attributes, const char* key, const std::vector<std::string>& values) {
  if (values.empty()) {
    return;
  }
  Json list = Json::array();
  for (const std::string& value : values) {
    list.push_back({{"stringValue", value}});
  }
  attributes->push_back({{"key", key}, {"value", {{"arrayValue", {{"values", list}}}}}});
}

Json ResourceOf(const Record& record) {
  Json attributes = Json::array();
  AddText(&attributes, "service.name", "safe-docker");
  AddText(&attributes, "service.version", SAFE_DOCKER_VERSION);
  AddText(&attributes, "host.name", record.host_name);
  AddText(&attributes, "deployment.environment.name", record.environment);
  return {{"attributes", attributes}};
}

Json AttributesOf(const Record& record) {
  Json attributes = Json::array();
  AddText(&attributes, "session.id", record.session_id);
  AddText(&attributes, "safe_docker.decision", std::string(policy::Name(record.decision)));
  AddText(&attributes, "safe_docker.mode", record.mode);
  AddText(&attributes, "safe_docker.subcommand", record.docker_subcommand);
  AddText(&attributes, "safe_docker.config_source", record.config_source);
  AddTexts(&attributes, "safe_docker.rules", record.rules);
  AddTexts(&attributes, "safe_docker.mounts", record.bind_mounts);
  AddTexts(&attributes, "safe_docker.flags", record.dangerous_flags);
  AddText(&attributes, "security_rule.name", record.rules.empty() ? "" : record.rules.front());
  AddText(&attributes, "container.image.name", record.docker_image);
  AddText(&attributes, "process.command_line", record.command);
  AddText(&attributes, "process.working_directory", record.cwd);
  attributes.push_back({{"key", "process.pid"}, {"value", {{"intValue", std::to_string(record.pid)}}}});
  return attributes;
}

}  // namespace

std::string EncodeOtlpLine(const Record& record) {
  const Severity severity = SeverityOf(record.decision);
  const std::string time = std::to_string(record.time_unix_nano);
  const Json log_record = {{"timeUnixNano", time},
                           {"observedTimeUnixNano", time},
                           {"severityNumber", severity.number},
                           {"severityText", severity.text},
                           {"eventName", "safe_docker.decision"},
                           {"body", {{"stringValue", record.reason}}},
                           {"attributes", AttributesOf(record)}};
  const Json scope = {{"scope", {{"name", "safe-docker"}, {"version", SAFE_DOCKER_VERSION}}},
                      {"logRecords", Json::array({log_record})}};
  const Json resource_logs = {{"resource", ResourceOf(record)}, {"scopeLogs", Json::array({scope})}};
  const Json line = {{"resourceLogs", Json::array({resource_logs})}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace safe_docker::audit
