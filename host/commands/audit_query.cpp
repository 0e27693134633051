#include "commands/audit_query.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "audit/times.hpp"
#include "diagnostics.hpp"
#include "modes/door.hpp"

namespace safe_docker::commands {
namespace {

struct FilterOption {
  OptionSpec option;
  audit::FilterField field;
};
constexpr FilterOption kFilterOptions[] = {
    {{"--decision", "allow|ask|deny", "several with commas between them"}, audit::FilterField::kDecision},
    {{"--rule", "GLOB", "of any rule that took part, as in 'flags/*'"}, audit::FilterField::kRule},
    {{"--mode", "hook|wrapper", "which door was asked"}, audit::FilterField::kMode},
    {{"--project", "GLOB", "of the project's folder"}, audit::FilterField::kProject},
    {{"--session", "ID", "of the agent's session"}, audit::FilterField::kSession},
    {{"--image", "GLOB", "of the image in full, as in 'docker.io/library/alpine:*'"}, audit::FilterField::kImage},
    {{"--path", "GLOB", "of any host path that was mounted, read, written or deleted"}, audit::FilterField::kPath},
};

const FilterOption* FindFilter(std::string_view name) {
  const auto* found = std::find_if(std::begin(kFilterOptions), std::end(kFilterOptions),
                                   [name](const FilterOption& each) { return each.option.name == name; });
  return found == std::end(kFilterOptions) ? nullptr : found;
}

// What is wrong with a value that can only be one of a few words; else empty.
std::string CheckValue(audit::FilterField field, const std::string& value) {
  if (field == audit::FilterField::kDecision && !audit::DecisionByName(value)) {
    return "--decision is allow, ask or deny, not '" + value + "'";
  }
  if (field == audit::FilterField::kMode && value != "hook" && value != "wrapper") {
    return "--mode is hook or wrapper, not '" + value + "'";
  }
  return {};
}

std::vector<std::string> SplitAtCommas(const std::string& list) {
  std::vector<std::string> items;
  for (std::size_t from = 0; from <= list.size();) {
    const std::size_t comma = std::min(list.find(',', from), list.size());
    items.push_back(list.substr(from, comma - from));
    from = comma + 1;
  }
  return items;
}

// Adds one option of the filters to `query`. --not was in front of it if `negated`.
void AddFilter(const FilterOption& option, const std::string& value, bool negated, AuditQuery* query) {
  const bool is_list = option.field == audit::FilterField::kDecision;
  for (std::string& each : is_list ? SplitAtCommas(value) : std::vector<std::string>{value}) {
    if (query->problem.empty()) {
      query->problem = CheckValue(option.field, each);
    }
    query->filter.Add(option.field, std::move(each), negated);
  }
}

void ReadFilters(const Options& options, AuditQuery* query) {
  bool negated = false;
  for (const auto& [name, value] : options.given) {
    const FilterOption* option = FindFilter(name);
    if (name == "--not") {
      negated = true;
    } else if (option != nullptr) {
      AddFilter(*option, value, negated, query);
      negated = false;
    } else if (negated) {
      break;
    }
  }
  if (negated && query->problem.empty()) {
    query->problem = "--not negates the filter behind it, as in --not --decision allow";
  }
}

void ReadTimes(const Options& options, AuditQuery* query) {
  const std::uint64_t now = audit::Now();
  for (const char* name : {"--since", "--until"}) {
    const std::optional<std::string> text = options.Last(name);
    if (!text) {
      continue;
    }
    const std::optional<std::uint64_t> time = audit::ParseTime(*text, now);
    if (!time) {
      query->problem = std::string(name) + ": '" + *text +
                       "' is no time: give an age (5m, 2h, 7d), a date (2026-11-22) or both with a clock "
                       "(2026-11-22T10:30Z)";
    } else if (name == std::string_view("--since")) {
      query->filter.SetSince(*time);
    } else {
      query->filter.SetUntil(*time);
    }
  }
}

}  // namespace

std::vector<OptionSpec> WithQueryOptions(std::vector<OptionSpec> own) {
  own.insert(own.end(),
             {{"--input-file", "FILE", "read FILE instead of the log; - is standard input"},
              {"--config", "PATH", "read this configuration, which names the log"},
              {.name = "--since",
               .value = "T",
               .text = "an age (5m, 2h, 7d), a date (2026-11-22) or RFC 3339; in UTC unless it says otherwise",
               .heading = "Which records; the same filter again is an alternative, different ones add up"},
              {"--until", "T", "what was before that moment"}});
  for (const FilterOption& each : kFilterOptions) {
    own.push_back(each.option);
  }
  own.push_back({"--not", "", "in front of one of these: all but those"});
  return own;
}

AuditQuery ReadAuditQuery(const Options& options, bool config_names_log) {
  AuditQuery query;
  ReadFilters(options, &query);
  ReadTimes(options, &query);
  query.input = options.Last("--input-file").value_or("");
  if (query.problem.empty() && query.input.empty()) {
    modes::ConfigurationRequest request;
    request.explicit_path = config_names_log ? options.Last("--config").value_or("") : "";
    const policy::LoadedConfig config = modes::LoadConfiguration(modes::ProcessEnvironment(), request);
    query.path = config.config.audit.jsonl_path;
    if (query.path.empty()) {
      query.problem = "there is no home, so no log either: name one with --input-file";
    }
  }
  return query;
}

std::vector<audit::LineSource> OpenQuery(AuditQuery* query) {
  if (query->input.empty()) {
    std::vector<audit::LineSource> sources = audit::OpenLog(query->path);
    if (sources.empty()) {
      query->problem = query->path + ": there is no log yet; [audit] enabled = true in config.toml switches it on";
    }
    return sources;
  }
  audit::LineSource source = audit::OpenInput(query->input);
  if (!source.is_open()) {
    query->problem =
        "--input-file: " + query->input + ": " + std::strerror(errno) + "; name a log, or - for standard input";
  }
  std::vector<audit::LineSource> sources;
  sources.push_back(std::move(source));
  return sources;
}

void WarnOfBadLines(const audit::LogReader& reader) {
  if (reader.bad_lines() > 0) {
    diagnostics::Warn(std::to_string(reader.bad_lines()) +
                      (reader.bad_lines() == 1 ? " line is no record and was passed over: "
                                               : " lines are no records and were passed over, the first being ") +
                      reader.first_bad());
  }
}

}  // namespace safe_docker::commands
