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
  std::string_view name;
  audit::FilterField field;
};
constexpr FilterOption kFilterOptions[] = {
    {"--decision", audit::FilterField::kDecision}, {"--rule", audit::FilterField::kRule},
    {"--mode", audit::FilterField::kMode},         {"--project", audit::FilterField::kProject},
    {"--session", audit::FilterField::kSession},   {"--image", audit::FilterField::kImage},
    {"--path", audit::FilterField::kPath},
};

const FilterOption* FindFilter(std::string_view name) {
  const auto* found = std::find_if(std::begin(kFilterOptions), std::end(kFilterOptions),
                                   [name](const FilterOption& each) { return each.name == name; });
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

const char* const kQueryHelp =
    "Which records:\n"
    "  --since T, --until T     an age (5m, 2h, 7d), a date (2026-11-22) or RFC 3339; in UTC unless it says otherwise\n"
    "  --decision D[,D]         allow, ask, deny\n"
    "  --rule GLOB              as in 'flags/*'\n"
    "  --mode hook|wrapper\n"
    "  --project GLOB, --session ID, --image GLOB, --path GLOB\n"
    "  --not                    in front of one of these: all but those\n"
    "The same filter again is an alternative; different ones add up.\n"
    "\n"
    "  --input-file F           read F instead of the log; - is standard input\n"
    "  --config PATH            read this configuration\n";

std::vector<OptionSpec> WithQueryOptions(std::initializer_list<OptionSpec> own) {
  std::vector<OptionSpec> specs(own);
  for (const FilterOption& each : kFilterOptions) {
    specs.push_back({each.name, true});
  }
  specs.insert(specs.end(), {{"--since", true},
                             {"--until", true},
                             {"--not", false},
                             {"--input-file", true},
                             {"--config", true},
                             {"--help", false},
                             {"-h", false}});
  return specs;
}

AuditQuery ReadAuditQuery(const Options& options, bool config_names_log) {
  AuditQuery query;
  query.problem = options.problem;
  if (query.problem.empty() && !options.words.empty()) {
    query.problem = "'" + options.words[0] + "' is not understood here; --help shows how it is used";
  }
  if (!query.problem.empty()) {
    return query;
  }
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
    query->problem = query->input + ": " + std::strerror(errno);
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
