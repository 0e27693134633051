// `safe-docker audit stats`.
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "audit/statistics.hpp"
#include "audit/times.hpp"
#include "commands/audit_query.hpp"
#include "commands/commands.hpp"
#include "commands/json_output.hpp"
#include "commands/progress.hpp"
#include "commands/terminal.hpp"
#include "modes/answer.hpp"

namespace safe_docker::commands {
namespace {

using audit::Statistics;
using audit::Tally;
using policy::Decision;

constexpr std::size_t kLongestKey = 48;
constexpr std::size_t kUsualRows = 20;
constexpr std::size_t kBarColumns = 20;

std::string Percent(std::uint64_t part, std::uint64_t whole) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f%%",
                whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
  return text;
}

// "0.45 ms"; "-" if nobody knows.
std::string Duration(std::optional<std::uint32_t> microseconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f ms", static_cast<double>(microseconds.value_or(0)) / 1000);
  return microseconds ? text : "-";
}

std::string Bar(std::uint64_t count, std::uint64_t most) {
  std::string bar;
  const std::uint64_t length = most == 0 ? 0 : (count * kBarColumns + most - 1) / most;
  for (std::uint64_t column = 0; column < length; ++column) {
    bar += "\u2588";
  }
  return bar;
}

std::string Summary(const Statistics& statistics, const Terminal& terminal) {
  const Tally& total = statistics.total();
  std::string text = std::to_string(total.count()) + (total.count() == 1 ? " decision" : " decisions");
  if (total.count() == 0) {
    return text + "\n";
  }
  text += ", " + audit::FormatTime(statistics.first_time()) + " to " + audit::FormatTime(statistics.last_time()) + "\n";
  for (const Decision decision : {Decision::kAllow, Decision::kAsk, Decision::kDeny}) {
    text += std::string(decision == Decision::kAllow ? "" : ", ") + terminal.Paint(decision, policy::Name(decision)) +
            " " + std::to_string(total.Of(decision)) + " (" + Percent(total.Of(decision), total.count()) + ")";
  }
  return text + "; half within " + Duration(total.Percentile(50)) + ", 95 % within " + Duration(total.Percentile(95)) +
         "\n";
}

std::string Row(const std::string& key, std::size_t key_columns, const Tally& tally) {
  return PadRight(Shorten(modes::Printable(key), kLongestKey), key_columns) +
         PadLeft(std::to_string(tally.count()), 9) + PadLeft(std::to_string(tally.Of(Decision::kAsk)), 8) +
         PadLeft(std::to_string(tally.Of(Decision::kDeny)), 8) +
         PadLeft(Percent(tally.Of(Decision::kDeny), tally.count()), 9) + PadLeft(Duration(tally.Percentile(50)), 11) +
         PadLeft(Duration(tally.Percentile(95)), 11);
}

void PrintTable(const Statistics& statistics, const std::string& property, bool all_rows) {
  const Terminal terminal = Terminal::OfOutput();
  std::string text = Summary(statistics, terminal);
  const auto groups = statistics.Groups();
  if (groups.empty()) {
    Print(text);
    return;
  }
  std::size_t columns = property.size();
  std::uint64_t most = 0;
  for (const auto& [key, tally] : groups) {
    columns = std::max(columns, std::min(modes::Printable(key).size(), kLongestKey));
    most = std::max(most, tally->count());
  }
  text += "\n" + PadRight(property, columns) + PadLeft("count", 9) + PadLeft("ask", 8) + PadLeft("deny", 8) +
          PadLeft("denied", 9) + PadLeft("p50", 11) + PadLeft("p95", 11) + "\n";
  const std::size_t rows = all_rows ? groups.size() : std::min(groups.size(), kUsualRows);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto& [key, tally] = groups[row];
    const Decision worst = tally->Of(Decision::kDeny) > 0  ? Decision::kDeny
                           : tally->Of(Decision::kAsk) > 0 ? Decision::kAsk
                                                           : Decision::kAllow;
    text += Row(key, columns, *tally);
    text += terminal.is_terminal ? "  " + terminal.Paint(worst, Bar(tally->count(), most)) : "";
    text += "\n";
  }
  if (rows < groups.size()) {
    text += "(and " + std::to_string(groups.size() - rows) + " more; --all shows them)\n";
  }
  Print(text);
}

nlohmann::ordered_json ToJson(const Tally& tally) {
  nlohmann::ordered_json json;
  json["count"] = tally.count();
  for (const Decision decision : {Decision::kAllow, Decision::kAsk, Decision::kDeny}) {
    json[std::string(policy::Name(decision))] = tally.Of(decision);
  }
  for (const unsigned percent : {50U, 95U}) {
    const std::optional<std::uint32_t> value = tally.Percentile(percent);
    json["p" + std::to_string(percent) + "_us"] = value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
  }
  return json;
}

void PrintJson(const Statistics& statistics, const std::string& property, std::uint64_t bad_lines) {
  nlohmann::ordered_json json;
  const bool is_empty = statistics.total().count() == 0;
  json["first"] = is_empty ? "" : audit::FormatTime(statistics.first_time());
  json["last"] = is_empty ? "" : audit::FormatTime(statistics.last_time());
  json["bad_lines"] = bad_lines;
  json["total"] = ToJson(statistics.total());
  json["by"] = property;
  json["groups"] = nlohmann::ordered_json::array();
  for (const auto& [key, tally] : statistics.Groups()) {
    nlohmann::ordered_json group = {{property, key}};
    group.update(ToJson(*tally));
    json["groups"].push_back(std::move(group));
  }
  Print(AsciiJson(json) + "\n");
}

int Run(const Options& options) {
  AuditQuery query = ReadAuditQuery(options);
  const std::string name = options.Last("--by").value_or("rule");
  const std::optional<audit::Property> property = audit::PropertyByName(name);
  if (query.problem.empty() && !property) {
    query.problem = "--by is rule, image, session, project, day, decision or mode, not '" + name + "'";
  }
  std::vector<audit::LineSource> sources;
  if (query.problem.empty()) {
    sources = OpenQuery(&query);
  }
  if (!query.problem.empty()) {
    return RefuseArguments(query.problem);
  }
  audit::LogReader reader(std::move(sources));
  Progress progress(Reading(query.name()));
  Watch(&reader, &progress);
  Statistics statistics(*property);
  audit::LoggedDecision logged;
  while (reader.Next(&logged)) {
    if (query.filter.Matches(logged)) {
      statistics.Add(logged);
    }
  }
  progress.End();
  if (options.Has("--json")) {
    PrintJson(statistics, name, reader.bad_lines());
  } else {
    PrintTable(statistics, name, options.Has("--all"));
  }
  WarnOfBadLines(reader);
  return statistics.total().count() == 0 && options.Has("--exit-code") ? 1 : 0;
}

}  // namespace

Command AuditStats() {
  return {
      .manual = {.name = "audit stats",
                 .group = Group::kLog,
                 .summary = "count decisions by rule, image, project, day, ...",
                 .usage = {"audit stats [--by PROPERTY] [OPTIONS] [FILTERS]"},
                 .description = {"Counts decisions: how many, which share was denied, how long half and 95 % of them "
                                 "took at most. A record counts for each rule that took part."},
                 .options = WithQueryOptions({{"--by", "rule|image|session|project|day|decision|mode",
                                               "count by this; by rule if it is not given"},
                                              {"--all", "", "all rows, not the first 20"},
                                              {"--json", "", "everything as one JSON object"},
                                              {"--exit-code", "", "exit with 1 if no record is found"}}),
                 .examples = {{"safe-docker audit stats --by image --since 7d", "Which images were used in a week."},
                              {"safe-docker audit stats --by day --json", "How many a day, for a program."}},
                 .exit_codes = {{0, "the log was read"},
                                {1, "with --exit-code: no record was found"},
                                {2, "it was called wrongly, or the log cannot be read"}},
                 .see_also = {"safe-docker-audit-show(1)", "safe-docker-audit(7)"}},
      .run = &Run};
}

}  // namespace safe_docker::commands
