#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "audit/verify.hpp"
#include "commands/commands.hpp"
#include "commands/json_output.hpp"
#include "commands/progress.hpp"
#include "commands/terminal.hpp"
#include "diagnostics.hpp"
#include "modes/answer.hpp"
#include "modes/door.hpp"

namespace safe_docker::commands {
namespace {

using modes::Printable;

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
  std::puts(AsciiJson(json).c_str());
}

void PrintText(const audit::Verification& log) {
  const Colors colors = Terminal::OfOutput().colors;
  const std::string broken = colors.Paint(Color::kBad, "BROKEN");
  for (const audit::Flaw& flaw : log.flaws) {
    std::string line = Printable(flaw.file) + ":" + std::to_string(flaw.line) + ": " + (flaw.breaks ? broken : "note");
    line += ": " + (flaw.seq == 0 ? "" : "seq " + std::to_string(flaw.seq) + ": ") + flaw.what;
    line += flaw.expected.empty() ? "" : "\n  expected " + Printable(flaw.expected);
    line += flaw.got.empty() ? "" : "\n  got      " + Printable(flaw.got);
    Print(line + "\n");
  }
  std::printf("%s: %llu records, %llu chained (seq %llu to %llu) in %zu file%s\n",
              log.holds() ? colors.Paint(Color::kGood, "ok").c_str() : broken.c_str(),
              static_cast<unsigned long long>(log.records), static_cast<unsigned long long>(log.chained),
              static_cast<unsigned long long>(log.first_seq), static_cast<unsigned long long>(log.last_seq),
              log.files.size(), log.files.size() == 1 ? "" : "s");
}

audit::Verification Verify(const std::string& path, const std::string& head) {
  Progress progress(Reading(path));
  if (access(path.c_str(), F_OK) != 0 && errno == ENOENT) {
    audit::Verification missing;
    missing.problem = path + ": there is no such log; name its file, or switch it on with [audit] enabled = true";
    return missing;
  }
  return audit::VerifyLog(path, head, [&progress](auto done, auto all) { progress.Tell(done, all); });
}

int RunVerify(const Options& options) {
  const audit::Verification log = Verify(LogPath(options), options.Last("--head").value_or(""));
  if (!log.problem.empty()) {
    return Refuse(log.problem);
  }
  options.Has("--json") ? PrintJson(log) : PrintText(log);
  return log.holds() ? 0 : kBroken;
}

int RunHead(const Options& options) {
  const std::string path = LogPath(options);
  const audit::Verification log = Verify(path, "");
  if (!log.problem.empty()) {
    return Refuse(log.problem);
  }
  if (log.head.empty()) {
    return Refuse(path + ": no record is chained; [audit] chain = true chains those to come");
  }
  if (options.Has("--json")) {
    const nlohmann::ordered_json json = {{"head", log.head}, {"seq", log.last_seq}, {"ok", log.holds()}};
    std::puts(AsciiJson(json).c_str());
  } else {
    std::puts(log.head.c_str());
  }
  return log.holds() ? 0 : kBroken;
}

constexpr OptionSpec kConfigOption = {"--config", "PATH", "read this configuration, which names the log"};

}  // namespace

Command AuditVerify() {
  return {
      .manual = {.name = "audit verify",
                 .group = Group::kLog,
                 .summary = "check that nothing is missing or was changed",
                 .usage = {"audit verify [--head HASH] [--json] [FILE]"},
                 .description = {"Checks the chain of hashes in the log, or in FILE: that no record is missing, "
                                 "was changed or came in between. [audit] chain = true makes the chain."},
                 .options = {{"--head", "HASH", "the last record that must be there, as `audit head` has printed it"},
                             {"--json", "", "what was found as one JSON object"},
                             kConfigOption},
                 .words = "FILE",
                 .most_words = 1,
                 .examples = {{"safe-docker audit verify", "Check the log."},
                              {"safe-docker audit verify --head \"$(cat kept-elsewhere)\"",
                               "Notice, too, if its end is missing."}},
                 .exit_codes = {{0, "the log is whole"},
                                {1, "something is missing or was changed"},
                                {2, "it was called wrongly, or the log cannot be read"}},
                 .see_also = {"safe-docker-audit-head(1)", "safe-docker-audit(7)"}},
      .run = &RunVerify};
}

Command AuditHead() {
  return {.manual = {.name = "audit head",
                     .group = Group::kLog,
                     .summary = "print the hash of the last record",
                     .usage = {"audit head [--json] [FILE]"},
                     .description = {"Prints the hash of the log's last record. Kept where nobody who can change the "
                                     "log can change it, it lets `audit verify --head` notice that the end is "
                                     "missing."},
                     .options = {{"--json", "", "with its number, and whether the log is whole, as one JSON object"},
                                 kConfigOption},
                     .words = "FILE",
                     .most_words = 1,
                     .examples = {{"safe-docker audit head | ssh keeper 'cat >> heads'", "Keep it on another machine."},
                                  {"safe-docker audit head --json", "With the number of the record."}},
                     .exit_codes = {{0, "printed"},
                                    {1, "printed, but something is missing in the log or was changed"},
                                    {2, "it was called wrongly, no record is chained, or the log cannot be read"}},
                     .see_also = {"safe-docker-audit-verify(1)", "safe-docker-audit(7)"}},
          .run = &RunHead};
}

}  // namespace safe_docker::commands
