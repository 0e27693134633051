// The OTLP/JSON encoding of a record. The proto3 JSON mapping with OTLP's deviations: 64-bit integers are strings,
// enums are integers, names are lowerCamelCase.
#include <algorithm>

#include "audit/record.hpp"
#include "audit/request_json.hpp"

namespace safe_docker::audit {
namespace {

using Json = nlohmann::ordered_json;

// The version of the semantic conventions whose names the attributes have.
constexpr const char* kSchemaUrl = "https://opentelemetry.io/schemas/1.44.0";

#if defined(__APPLE__)
constexpr const char* kSystem = "darwin";
#else
constexpr const char* kSystem = "linux";
#endif

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

Json TextValue(const std::string& text) { return {{"stringValue", Readable(text)}}; }

Json NumberValue(std::uint64_t number) { return {{"intValue", std::to_string(number)}}; }

Json ListValue(const std::vector<std::string>& texts) {
  Json list = Json::array();
  std::transform(texts.begin(), texts.end(), std::back_inserter(list), TextValue);
  return {{"arrayValue", {{"values", std::move(list)}}}};
}

void Add(const char* key, Json value, Json* attributes) {
  attributes->push_back({{"key", key}, {"value", std::move(value)}});
}

// Attributes whose values are empty are left out, as the encoding asks for.
void AddText(const char* key, const std::string& text, Json* attributes) {
  if (!text.empty()) {
    Add(key, TextValue(text), attributes);
  }
}

void AddTexts(const char* key, const std::vector<std::string>& texts, Json* attributes) {
  if (!texts.empty()) {
    Add(key, ListValue(texts), attributes);
  }
}

Json ResourceOf(const Record& record) {
  Json attributes = Json::array();
  AddText("service.name", "safe-docker", &attributes);
  AddText("service.version", SAFE_DOCKER_VERSION, &attributes);
  AddText("host.name", record.host_name, &attributes);
  AddText("os.type", kSystem, &attributes);
  AddText("deployment.environment.name", record.environment, &attributes);
  return {{"attributes", attributes}};
}

// "docker.io/library/alpine:3@sha256:..." as the conventions take it apart.
void AddImage(const std::string& image, Json* attributes) {
  const std::size_t digest = image.find('@');
  std::string name = image.substr(0, digest);
  const std::size_t slash = name.rfind('/');
  const std::size_t colon = name.find(':', slash == std::string::npos ? 0 : slash);
  if (colon != std::string::npos) {
    AddTexts("container.image.tags", {name.substr(colon + 1)}, attributes);
    name.resize(colon);
  }
  AddText("container.image.name", name, attributes);
  if (digest != std::string::npos) {
    AddTexts("container.image.repo_digests", {name + image.substr(digest)}, attributes);
  }
}

// The rule that decided, in the names that security tools share.
void AddDecidingRule(const Record& record, Json* attributes) {
  if (record.rules.empty()) {
    return;
  }
  const std::string& rule = record.rules.front();
  AddText("security_rule.name", rule, attributes);
  AddText("security_rule.category", rule.substr(0, rule.find('/')), attributes);
  AddText("security_rule.description", record.reason, attributes);
  AddText("security_rule.ruleset.name", record.profile, attributes);
  AddText("security_rule.version", record.config_hash, attributes);
}

// A member of a finding's JSON, which is a text, a number, or a list or object of texts.
Json ValueOf(const Json& json) {
  if (json.is_number_unsigned()) {
    return NumberValue(json.get<std::uint64_t>());
  }
  if (json.is_array()) {
    Json list = Json::array();
    std::transform(json.begin(), json.end(), std::back_inserter(list), ValueOf);
    return {{"arrayValue", {{"values", std::move(list)}}}};
  }
  if (json.is_object()) {
    Json list = Json::array();
    for (const auto& [key, value] : json.items()) {
      Add(key.c_str(), ValueOf(value), &list);
    }
    return {{"kvlistValue", {{"values", std::move(list)}}}};
  }
  return TextValue(json.is_string() ? json.get<std::string>() : json.dump());
}

Json AttributesOf(const Record& record) {
  Json attributes = Json::array();
  AddText("session.id", record.session_id, &attributes);
  AddText("gen_ai.agent.name", record.agent, &attributes);
  AddText("gen_ai.conversation.id", record.session_id, &attributes);
  AddText("gen_ai.tool.name", record.tool, &attributes);
  AddText("safe_docker.id", record.id, &attributes);
  AddText("safe_docker.decision", std::string(policy::Name(record.decision)), &attributes);
  AddText("safe_docker.mode", record.mode, &attributes);
  AddText("safe_docker.answer", record.answer, &attributes);
  AddText("safe_docker.subcommand", record.docker_subcommand, &attributes);
  AddText("safe_docker.project", record.project, &attributes);
  AddText("safe_docker.profile", record.profile, &attributes);
  AddText("safe_docker.config.source", record.config_source, &attributes);
  AddText("safe_docker.config.hash", record.config_hash, &attributes);
  AddText("safe_docker.hash", record.hash, &attributes);
  AddTexts("safe_docker.rules", record.rules, &attributes);
  AddTexts("safe_docker.mounts", record.bind_mounts, &attributes);
  AddTexts("safe_docker.flags", record.dangerous_flags, &attributes);
  AddTexts("safe_docker.redactions", record.redactions, &attributes);
  if (!record.findings.empty()) {
    Add("safe_docker.findings", ValueOf(FindingsJson(record.findings)), &attributes);
  }
  Add("safe_docker.duration_us", NumberValue(record.duration_us), &attributes);
  AddDecidingRule(record, &attributes);
  AddImage(record.docker_image, &attributes);
  AddText("process.command_line", record.command, &attributes);
  AddText("process.working_directory", record.cwd, &attributes);
  Add("process.pid", NumberValue(static_cast<std::uint64_t>(record.pid)), &attributes);
  return attributes;
}

bool IsHex(std::string_view text, std::size_t size) {
  return text.size() == size && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// "00-TRACE-SPAN-FLAGS" of the W3C's trace context. What is not exactly that is left out, and so are ids of zeros.
void AddTrace(std::string_view parent, Json* log_record) {
  if (parent.size() < 55 || parent[2] != '-' || parent[35] != '-' || parent[52] != '-') {
    return;
  }
  const std::string_view version = parent.substr(0, 2);
  const std::string_view trace = parent.substr(3, 32);
  const std::string_view span = parent.substr(36, 16);
  const std::string_view flags = parent.substr(53, 2);
  const bool fits = IsHex(version, 2) && version != "ff" && (version != "00" || parent.size() == 55) &&
                    (parent.size() == 55 || parent[55] == '-') && IsHex(trace, 32) && IsHex(span, 16) &&
                    IsHex(flags, 2) && trace.find_first_not_of('0') != std::string_view::npos &&
                    span.find_first_not_of('0') != std::string_view::npos;
  if (!fits) {
    return;
  }
  (*log_record)["traceId"] = trace;
  (*log_record)["spanId"] = span;
  (*log_record)["flags"] = std::stoi(std::string(flags), nullptr, 16);
}

std::string LogsData(const Record& record, Json log_record) {
  const Json scope = {{"scope", {{"name", "safe-docker"}, {"version", SAFE_DOCKER_VERSION}}},
                      {"logRecords", Json::array({std::move(log_record)})},
                      {"schemaUrl", kSchemaUrl}};
  const Json resource_logs = {
      {"resource", ResourceOf(record)}, {"scopeLogs", Json::array({scope})}, {"schemaUrl", kSchemaUrl}};
  const Json line = {{"resourceLogs", Json::array({resource_logs})}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json Event(const Record& record, const char* name, Severity severity, const std::string& body, Json attributes) {
  const std::string time = std::to_string(record.time_unix_nano);
  return {{"timeUnixNano", time},
          {"observedTimeUnixNano", time},
          {"severityNumber", severity.number},
          {"severityText", severity.text},
          {"eventName", name},
          {"body", TextValue(body)},
          {"attributes", std::move(attributes)}};
}

}  // namespace

std::string EncodeOtlpLine(const Record& record) {
  Json event = Event(record, "safe_docker.decision", SeverityOf(record.decision), record.reason, AttributesOf(record));
  AddTrace(record.trace_parent, &event);
  return LogsData(record, std::move(event));
}

std::string EncodeOtlpRotation(const Record& record) {
  Json attributes = Json::array();
  AddText("safe_docker.id", record.id, &attributes);
  Add("process.pid", NumberValue(static_cast<std::uint64_t>(record.pid)), &attributes);
  return LogsData(record, Event(record, "safe_docker.rotate", SeverityOf(policy::Decision::kAllow),
                                "a new file was begun; the one before it was full", std::move(attributes)));
}

}  // namespace safe_docker::audit
