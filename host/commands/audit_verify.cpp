#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "audit/verify.hpp"
#include "commands/audit.hpp"
#include "commands/options.hpp"
#include "diagnostics.hpp"
#include "modes/door.hpp"

namespace safe_docker::commands {
namespace {

constexpr int kBroken = 1;
constexpr int kUnreadable = 2;

int Refuse(const std::string& why) {
  diagnostics::Log(diagnostics::Level::kError, why);
  return kUnreadable;
}

// The file that was named, or that of the configuration.
std::string LogPath(const Options& options) {
  if (!options.words.empty()) {
    return options.words[0];
  }
  modes::ConfigurationRequest request;
  request.explicit_path = options.Last("--config").value_or("");
  return modes::LoadConfiguration(modes::ProcessEnvironment(), request).config.audit.jsonl_path;
}

nlohmann::ordered_json FlawJson(const audit::Flaw& flaw) {
  nlohmann::ordered_json json = {
      {"kind", flaw.kind}, {"breaks", flaw.breaks}, {"file", flaw.file}, {"line", flaw.line}};
  if (flaw.seq != 0) {
    json["seq"] = flaw.seq;
  }
  json["what"] = flaw.what;
  json["expected"] = flaw.expected;
  json["got"] = flaw.got;
  return json;
}

void PrintJson(const audit::Verification& log) {
  nlohmann::ordered_json json = {{"ok", log.holds()},          {"files", log.files},
                                 {"records", log.records},     {"chained", log.chained},
                                 {"first_seq", log.first_seq}, {"last_seq", log.last_seq},
                                 {"head", log.head},           {"flaws", nlohmann::ordered_json::array()}};
  std::transform(log.flaws.begin(), log.flaws.end(), std::back_inserter(json["flaws"]), FlawJson);
  std::puts(json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
}

void PrintText(const audit::Verification& log) {
  for (const audit::Flaw& flaw : log.flaws) {
    std::string line = flaw.file + ":" + std::to_string(flaw.line) + ": " + (flaw.breaks ? "BROKEN" : "note") + ": ";
    line += (flaw.seq == 0 ? "" : "seq " + std::to_string(flaw.seq) + ": ") + flaw.what;
    line += flaw.expected.empty() ? "" : "\n  expected " + flaw.expected;
    line += flaw.got.empty() ? "" : "\n  got      " + flaw.got;
    std::puts(line.c_str());
  }
  std::printf("%s: %llu records, %llu chained (seq %llu to %llu) in %zu file%s\n", log.holds() ? "ok" : "BROKEN",
              static_cast<unsigned long long>(log.records), static_cast<unsigned long long>(log.chained),
              static_cast<unsigned long long>(log.first_seq), static_cast<unsigned long long>(log.last_seq),
              log.files.size(), log.files.size() == 1 ? "" : "s");
}

}  // namespace

int AuditVerify(const std::vector<std::string>& arguments) {
  constexpr OptionSpec kOptions[] = {{"--config", true}, {"--head", true}, {"--json", false}};
  const Options options = ReadOptions(kOptions, arguments);
  if (!options.problem.empty() || options.words.size() > 1) {
    return Refuse(options.problem.empty() ? "audit verify takes one file" : options.problem);
  }
  const audit::Verification log = audit::VerifyLog(LogPath(options), options.Last("--head").value_or(""));
  if (!log.problem.empty()) {
    return Refuse(log.problem);
  }
  options.Has("--json") ? PrintJson(log) : PrintText(log);
  return log.holds() ? 0 : kBroken;
}

int AuditHead(const std::vector<std::string>& arguments) {
  constexpr OptionSpec kOptions[] = {{"--config", true}};
  const Options options = ReadOptions(kOptions, arguments);
  if (!options.problem.empty() || options.words.size() > 1) {
    return Refuse(options.problem.empty() ? "audit head takes one file" : options.problem);
  }
  const std::string path = LogPath(options);
  const audit::Verification log = audit::VerifyLog(path, "");
  if (!log.problem.empty()) {
    return Refuse(log.problem);
  }
  if (log.head.empty()) {
    return Refuse(path + ": no record is chained; [audit] chain = true chains those to come");
  }
  std::puts(log.head.c_str());
  return log.holds() ? 0 : kBroken;
}

}  // namespace safe_docker::commands
