// `safe-docker audit show` and `audit tail`.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <deque>
#include <nlohmann/json.hpp>
#include <optional>

#include "audit/times.hpp"
#include "commands/audit_query.hpp"
#include "commands/commands.hpp"
#include "commands/json_output.hpp"
#include "commands/terminal.hpp"
#include "diagnostics.hpp"
#include "modes/answer.hpp"

namespace safe_docker::commands {
namespace {

using audit::LoggedDecision;
using modes::Printable;

constexpr std::size_t kUsualLast = 20;

enum class Format : std::uint8_t { kCompact, kDict, kJson, kJsonLines };

struct FormatName {
  std::string_view name;
  Format format;
};
constexpr FormatName kFormats[] = {
    {"compact", Format::kCompact}, {"dict", Format::kDict}, {"json", Format::kJson}, {"jsonl", Format::kJsonLines}};

std::string Join(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) {
    text += (text.empty() ? "" : " ") + item;
  }
  return text;
}

// "2026-11-22T10:30:00Z  deny   hook     docker run --privileged alpine  [flags/privileged] 0123456789abcdef"
std::string Compact(const LoggedDecision& logged, const Terminal& terminal) {
  const std::string front = audit::FormatTime(logged.time_unix_nano) + "  ";
  const std::string middle = "  " + PadRight(Printable(logged.mode), 7) + "  ";
  const std::string rules = logged.rules.empty() ? "" : "  [" + Printable(Join(logged.rules)) + "]";
  const std::string back = rules + (logged.id.empty() ? "" : "  " + Printable(logged.id));
  const std::size_t taken = front.size() + 5 + middle.size() + back.size();
  constexpr std::size_t kShortest = 24;
  const std::size_t left = terminal.columns > taken + kShortest ? terminal.columns - taken : kShortest;
  return front + terminal.Paint(logged.decision, PadRight(policy::Name(logged.decision), 5)) + middle +
         Shorten(Printable(logged.command), terminal.columns == 0 ? 0 : left) + terminal.PaintFaint(back) + "\n";
}

std::string Milliseconds(std::uint64_t microseconds) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2f ms", static_cast<double>(microseconds) / 1000);
  return text;
}

std::string Findings(const LoggedDecision& logged) {
  std::string text;
  const std::optional<std::vector<audit::LoggedFinding>> findings = audit::ReadFindings(logged);
  if (!findings || logged.findings.empty()) {
    return text;
  }
  for (const audit::LoggedFinding& finding : *findings) {
    text += "  finding      " + std::string(policy::Name(finding.decision)) + " " + Printable(finding.rule) + ": " +
            Printable(finding.message);
    if (finding.raised != finding.decision) {
      text += " (" + std::string(policy::Name(finding.raised)) + " by itself, " + Printable(finding.treatment) +
              (finding.because.empty() ? "" : ": " + Printable(finding.because)) + ")";
    }
    text += "\n";
  }
  return text;
}

std::string Dict(const LoggedDecision& logged, const Terminal& terminal) {
  std::string text = audit::FormatTime(logged.time_unix_nano) + " " +
                     terminal.Paint(logged.decision, policy::Name(logged.decision)) + " " + Printable(logged.id) + "\n";
  const auto add = [&text](std::string_view name, const std::string& value) {
    text += value.empty() ? "" : "  " + PadRight(name, 12) + " " + Printable(value) + "\n";
  };
  add("command", logged.command);
  add("reason", logged.reason);
  text += Findings(logged);
  add("rules", Join(logged.rules));
  add("mode", logged.mode);
  add("answer", logged.answer);
  add("session", logged.session);
  add("project", logged.project);
  add("cwd", logged.cwd);
  add("subcommand", logged.subcommand);
  add("image", logged.image);
  for (const std::string& mount : logged.bind_mounts) {
    add("mount", mount);
  }
  add("profile", logged.profile);
  add("config", logged.config_source + (logged.config_hash.empty() ? "" : " (" + logged.config_hash + ")"));
  add("duration", logged.has_duration ? Milliseconds(logged.duration_us) : "");
  return text + "\n";
}

// The line as JSON that no terminal obeys.
std::string LoggedJson(const LoggedDecision& logged, int indent) {
  const auto json = nlohmann::ordered_json::parse(logged.line, nullptr, /*allow_exceptions=*/false);
  return json.is_discarded() ? "null" : AsciiJson(json, indent);
}

// What was asked for, as far as printing is concerned.
struct Request {
  Format format = Format::kCompact;
  std::size_t last = 0;  // 0: all
  bool limited_by_default = false;
  bool follows = false;
};

class Printer {
 public:
  explicit Printer(const Request& request) : request_(request), terminal_(Terminal::OfOutput()) {}

  void Take(const LoggedDecision& logged) {
    ++matched_;
    std::string text = Show(logged);
    if (request_.last == 0 || is_live_) {
      Put(text);
      return;
    }
    kept_.push_back(std::move(text));
    if (kept_.size() > request_.last) {
      kept_.pop_front();
    }
  }

  // The end of what is there; what comes now is printed at once.
  void EndOfLog() {
    for (const std::string& text : kept_) {
      Put(text);
    }
    if (request_.limited_by_default && matched_ > kept_.size()) {
      std::fflush(stdout);
      std::fprintf(stderr, "(the last %zu of %llu; --last 0 shows all)\n", kept_.size(),
                   static_cast<unsigned long long>(matched_));
    }
    kept_.clear();
    is_live_ = true;
    std::fflush(stdout);
  }

  void End() {
    if (request_.format == Format::kJson) {
      Print(printed_ == 0 ? "[]\n" : "\n]\n");
    }
  }

  std::uint64_t matched() const { return matched_; }

 private:
  std::string Show(const LoggedDecision& logged) const {
    switch (request_.format) {
      case Format::kCompact:
        return Compact(logged, terminal_);
      case Format::kDict:
        return Dict(logged, terminal_);
      case Format::kJson:
        return LoggedJson(logged, kIndented);
      case Format::kJsonLines:
        break;
    }
    return (terminal_.is_terminal ? LoggedJson(logged, kOnOneLine) : std::string(logged.line)) + "\n";
  }

  void Put(const std::string& text) {
    if (request_.format == Format::kJson) {
      Print(printed_ == 0 ? "[\n" : ",\n");
    }
    ++printed_;
    Print(text);
  }

  Request request_;
  Terminal terminal_;
  std::deque<std::string> kept_;
  std::uint64_t matched_ = 0;
  std::uint64_t printed_ = 0;
  bool is_live_ = false;
};

// The file of the log at `path` that follows the one open as `current`: the one that was begun when that was rotated.
// Not open if `current` is still the youngest.
audit::LineSource OpenNext(const std::string& path, const audit::LineSource& current) {
  std::vector<audit::LineSource> all = audit::OpenLog(path);
  struct stat mine = {};
  if (all.empty() || (current.is_open() && fstat(current.descriptor(), &mine) != 0)) {
    return {};
  }
  for (std::size_t index = all.size(); current.is_open() && index-- > 0;) {
    struct stat other = {};
    if (fstat(all[index].descriptor(), &other) == 0 && other.st_dev == mine.st_dev && other.st_ino == mine.st_ino) {
      return index + 1 < all.size() ? std::move(all[index + 1]) : audit::LineSource();
    }
  }
  return std::move(all.back());  // whatever became of the old one
}

// Prints what is appended to the log at `path`, for ever.
void Follow(const std::string& path, audit::LineSource source, const audit::LogFilter& filter, Printer* printer) {
  constexpr struct timespec kPause = {0, 200'000'000};
  LoggedDecision logged;
  for (;;) {
    // Before reading, so that what a writer still appends to the old file is read before it is left.
    audit::LineSource next = OpenNext(path, source);
    std::string_view line;
    while (source.Next(&line)) {
      if (!line.empty() && !audit::ReadLine(line, &logged)) {
        diagnostics::Warn("a line is no record and was passed over");
      } else if (!line.empty() && logged.is_decision() && filter.Matches(logged)) {
        printer->Take(logged);
      }
    }
    std::fflush(stdout);
    if (next.is_open()) {
      source = std::move(next);
      continue;
    }
    nanosleep(&kPause, nullptr);
  }
}

std::string ReadRequest(const Options& options, const audit::LogFilter& filter, bool follows, Request* request) {
  request->follows = follows || options.Has("--follow");
  request->limited_by_default = !filter.has_times();
  request->last = request->limited_by_default ? kUsualLast : 0;
  if (const std::optional<std::string> last = options.Last("--last")) {
    request->limited_by_default = false;
    if (last->empty() || last->size() > 9 || last->find_first_not_of("0123456789") != std::string::npos) {
      return "--last wants a number, not '" + *last + "'";
    }
    request->last = static_cast<std::size_t>(std::stoul(*last));
  }
  const std::optional<std::string> name = options.Has("--json")
                                              ? std::optional<std::string>(request->follows ? "jsonl" : "json")
                                              : options.Last("--output");
  for (const FormatName& each : kFormats) {
    if (name == each.name) {
      request->format = each.format;
      return {};
    }
  }
  return name ? "--output is compact, dict, json or jsonl, not '" + *name + "'" : std::string();
}

int Show(const Options& options, bool follows) {
  AuditQuery query = ReadAuditQuery(options);
  Request request;
  if (query.problem.empty()) {
    query.problem = ReadRequest(options, query.filter, follows, &request);
  }
  if (query.problem.empty() && request.follows && !query.input.empty()) {
    query.problem = "--follow follows the log; leave --input-file out";
  }
  if (!query.problem.empty()) {
    return RefuseArguments(query.problem);
  }
  std::vector<audit::LineSource> sources = OpenQuery(&query);
  audit::LineSource newest;
  if (request.follows) {
    if (!sources.empty()) {
      newest = std::move(sources.back());
      sources.pop_back();
    }
  } else if (!query.problem.empty()) {
    return RefuseArguments(query.problem);
  }
  Printer printer(request);
  LoggedDecision logged;
  audit::LogReader reader(std::move(sources));
  while (reader.Next(&logged)) {
    if (query.filter.Matches(logged)) {
      printer.Take(logged);
    }
  }
  if (request.follows) {
    // What stands in the newest file already is history as well.
    std::string_view line;
    while (newest.Next(&line)) {
      if (audit::ReadLine(line, &logged) && logged.is_decision() && query.filter.Matches(logged)) {
        printer.Take(logged);
      }
    }
    printer.EndOfLog();
    Follow(query.path, std::move(newest), query.filter, &printer);
  }
  printer.EndOfLog();
  printer.End();
  WarnOfBadLines(reader);
  return printer.matched() == 0 && options.Has("--exit-code") ? 1 : 0;
}

int RunShow(const Options& options) { return Show(options, /*follows=*/false); }
int RunTail(const Options& options) { return Show(options, /*follows=*/true); }

std::vector<OptionSpec> OwnOptions() {
  return WithQueryOptions(
      {{"--last", "N", "the last N records; 0: all (20, unless --since or --until is given)"},
       {"--follow", "", "wait for more, also when the log is rotated", "-f"},
       {"--output", "compact|dict|json|jsonl",
        "compact is one line each, dict all fields, json an array, jsonl the lines as they were logged", "-o"},
       {"--json", "", "the same as --output json; of what is followed, --output jsonl"},
       {"--exit-code", "", "exit with 1 if no record is found"}});
}

}  // namespace

Command AuditShow() {
  return {
      .manual = {.name = "audit show",
                 .group = Group::kLog,
                 .summary = "print what was decided",
                 .usage = {"audit show [OPTIONS] [FILTERS]"},
                 .description = {"Prints what was decided, oldest first."},
                 .options = OwnOptions(),
                 .examples = {{"safe-docker audit show --since 1d --decision deny", "What was denied since yesterday."},
                              {"safe-docker audit show --rule 'flags/*' --not --mode hook -o dict",
                               "All that is known of what people, not agents, did with certain flags."}},
                 .exit_codes = {{0, "the log was read"},
                                {1, "with --exit-code: no record was found"},
                                {2, "it was called wrongly, or the log cannot be read"}},
                 .see_also = {"safe-docker-audit-tail(1)", "safe-docker-audit(7)"}},
      .run = &RunShow};
}

Command AuditTail() {
  return {.manual = {.name = "audit tail",
                     .group = Group::kLog,
                     .summary = "print what is decided from now on",
                     .usage = {"audit tail [OPTIONS] [FILTERS]"},
                     .description = {"Prints the end of the log and goes on with what comes: `audit show --follow`."},
                     .options = OwnOptions(),
                     .examples = {{"safe-docker audit tail", "Watch an agent at work."},
                                  {"safe-docker audit tail --last 0 --not --decision allow",
                                   "Only what was asked about or denied, from the beginning."}},
                     .exit_codes = {{2, "it was called wrongly, or the log cannot be read"}},
                     .see_also = {"safe-docker-audit-show(1)", "safe-docker-audit(7)"}},
          .run = &RunTail};
}

}  // namespace safe_docker::commands
