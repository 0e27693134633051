// `safe-docker audit suggest`.
#include <nlohmann/json.hpp>

#include "audit/suggestion.hpp"
#include "commands/audit_query.hpp"
#include "commands/audit_replaying.hpp"
#include "commands/commands.hpp"
#include "commands/json_output.hpp"
#include "commands/progress.hpp"
#include "commands/terminal.hpp"
#include "modes/answer.hpp"

namespace safe_docker::commands {
namespace {

// --decision here is about what would be decided now, so it is no filter of the log.
audit::SuggestionSettings ReadSettings(const Options& options, std::string* problem) {
  audit::SuggestionSettings settings;
  if (const std::optional<std::string> count = options.Last("--min-count")) {
    if (count->empty() || count->size() > 6 || count->find_first_not_of("0123456789") != std::string::npos ||
        std::stoul(*count) == 0) {
      *problem = "--min-count wants a number from 1 on, not '" + *count + "'";
      return settings;
    }
    settings.min_count = std::stoul(*count);
  }
  const std::string decisions = options.Last("--decision").value_or("ask,deny");
  settings.asks = decisions == "ask" || decisions == "ask,deny" || decisions == "deny,ask";
  settings.denials = decisions == "deny" || decisions == "ask,deny" || decisions == "deny,ask";
  if (!settings.asks && !settings.denials) {
    *problem = "--decision is ask, deny or ask,deny here, not '" + decisions + "'";
  }
  return settings;
}

Options WithoutDecision(Options options) {
  std::erase_if(options.given, [](const auto& each) { return each.first == "--decision"; });
  return options;
}

int Why(const std::string& id, bool as_json, audit::LogReader* reader, PastJudge* judge, Progress* progress) {
  audit::LoggedDecision logged;
  while (reader->Next(&logged)) {
    if (logged.id != id) {
      continue;
    }
    progress->End();
    const audit::Replayer::Outcome outcome = judge->Judge(logged);
    if (!outcome.verdict) {
      return RefuseArguments(id + " cannot be judged again: " + std::string(outcome.obstacle) +
                             ". It said: " + modes::Printable(logged.reason));
    }
    Print(as_json ? AsciiJson(audit::ExplainRecordAsJson(logged, *outcome.verdict)) + "\n"
                  : audit::ExplainRecord(logged, *outcome.verdict));
    return 0;
  }
  progress->End();
  return RefuseArguments("no record has the id '" + modes::Printable(id) + "'");
}

int Run(const Options& options) {
  AuditQuery query = ReadAuditQuery(WithoutDecision(options), /*config_names_log=*/false);
  audit::SuggestionSettings settings;
  PastJudge judge(options.Last("--config").value_or(""));
  std::vector<audit::LineSource> sources;
  if (query.problem.empty()) {
    settings = ReadSettings(options, &query.problem);
  }
  if (query.problem.empty()) {
    query.problem = judge.problem();
  }
  if (query.problem.empty()) {
    sources = OpenQuery(&query);
  }
  if (!query.problem.empty()) {
    return RefuseArguments(query.problem);
  }
  audit::LogReader reader(std::move(sources));
  Progress progress(Reading(query.name()));
  Watch(&reader, &progress);
  if (const std::optional<std::string> id = options.Last("--why")) {
    return Why(*id, options.Has("--json"), &reader, &judge, &progress);
  }
  audit::Suggestions suggestions(settings);
  judge.JudgeAll(&reader, query.filter, [&suggestions](const auto& logged, const auto& outcome) {
    if (outcome.verdict) {
      suggestions.Add(logged, *outcome.verdict);
    } else {
      suggestions.AddUnknown();
    }
  });
  progress.End();
  if (options.Has("--json")) {
    Print(AsciiJson(suggestions.ToJson()) + "\n");
    WarnOfBadLines(reader);
    return 0;
  }
  // Texts of the log stand in it, and must not command a terminal.
  std::string text;
  const std::string fragment = suggestions.Fragment();
  for (std::size_t from = 0; from < fragment.size();) {
    const std::size_t end = std::min(fragment.find('\n', from), fragment.size());
    const std::string_view line = std::string_view(fragment).substr(from, end - from);
    text += (line.starts_with('#') ? modes::Printable(line) : std::string(line)) + "\n";
    from = end + 1;
  }
  Print(text);
  WarnOfBadLines(reader);
  return 0;
}

}  // namespace

Command AuditSuggest() {
  return {
      .manual = {.name = "audit suggest",
                 .group = Group::kLog,
                 .summary = "exceptions for what was asked about again and again",
                 .usage = {"audit suggest [--min-count N] [--decision ask,deny] [--json] [FILTERS]",
                           "audit suggest --why ID [--json]"},
                 .description = {"Prints exceptions for what was asked about or denied again and again, as a piece of "
                                 "configuration to read and to copy from; nothing is changed.",
                                 "What a person has approved each time stands as it is, the rest is commented out. "
                                 "What gives a container power over the host is explained, never excused. What the "
                                 "configuration in force (or --config) allows already is left out. --decision is "
                                 "about what would be decided now."},
                 .options = WithQueryOptions({{"--min-count", "N", "how often something must have been met (2)"},
                                              {"--why", "ID", "explain one record"},
                                              {"--json", "", "as one JSON object"}}),
                 .examples = {{"safe-docker audit suggest --since 30d", "What could be excused, by the last 30 days."},
                              {"safe-docker audit suggest --why abd348fe2033942d", "How one record was decided."}},
                 .exit_codes = {{0, "the log was read"}, {2, "it was called wrongly, or the log cannot be read"}},
                 .see_also = {"safe-docker-audit-replay(1)", "safe-docker-policy(7)"}},
      .run = &Run};
}

}  // namespace safe_docker::commands
