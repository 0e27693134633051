#include "audit/audit_log.hpp"

#include <algorithm>
#include <optional>

#include "audit/chain.hpp"
#include "audit/log_file.hpp"
#include "audit/redaction.hpp"

namespace safe_docker::audit {
namespace {

// What a link takes beside the record: two digests, a number, and their names.
constexpr std::size_t kLinkSize = 256;

// ---- A record that fits a line
// ---------------------------------------------------------------------------------------

constexpr std::size_t kLongestCommand = 16 * 1024;
constexpr std::size_t kLongestText = 4 * 1024;
constexpr std::size_t kLongestList = 64;

void CutText(std::size_t most, std::string* text, bool* is_cut) {
  constexpr std::string_view kCut = "...";
  if (text->size() > most) {
    text->resize(most);
    *text += kCut;
    *is_cut = true;
  }
}

template <typename Item>
void CutList(std::size_t most, std::vector<Item>* list, bool* is_cut) {
  if (list->size() > most) {
    list->resize(most);
    *is_cut = true;
  }
}

// `part`: 1 for the limits as they are, 2 for half of them, ...
void Cut(std::size_t part, Record* record) {
  const std::size_t longest = std::max<std::size_t>(kLongestText / part, 16);
  const std::size_t most = std::max<std::size_t>(kLongestList / part, 1);
  bool* is_cut = &record->truncated;
  CutText(std::max(kLongestCommand / part, longest), &record->command, is_cut);
  for (std::string* text : {&record->reason, &record->docker_subcommand, &record->docker_image, &record->cwd,
                            &record->home, &record->project, &record->session_id, &record->host_name,
                            &record->environment, &record->config_source, &record->tool}) {
    CutText(longest, text, is_cut);
  }
  for (std::vector<std::string>* list :
       {&record->rules, &record->bind_mounts, &record->dangerous_flags, &record->redactions}) {
    CutList(most, list, is_cut);
    for (std::string& text : *list) {
      CutText(longest, &text, is_cut);
    }
  }
  CutList(most, &record->findings, is_cut);
  for (policy::Finding& finding : record->findings) {
    for (std::string* text : {&finding.rule, &finding.message, &finding.because, &finding.written, &finding.file,
                              &finding.service, &finding.about.path, &finding.about.image, &finding.about.value}) {
      CutText(longest, text, is_cut);
    }
  }
  if (part > 1 && !record->requests.empty()) {
    record->requests.clear();
    *is_cut = true;
  }
}

// Before secrets are looked for, which takes longer the longer a text is. More than what is kept in the end: half a
// secret at the cut is not recognised as one.
void LeaveOutWhatCannotFit(Record* record) {
  bool* is_cut = &record->truncated;
  CutText(2 * kLongestCommand, &record->command, is_cut);
  CutList(kLongestList, &record->requests, is_cut);
  CutList(kLongestList, &record->findings, is_cut);
  for (docker::Request& request : record->requests) {
    for (std::string& argument : request.arguments) {
      CutText(2 * kLongestCommand, &argument, is_cut);
    }
  }
}

// Cuts `record` until `encode` makes a line of it that is short enough.
std::string EncodeToFit(std::string (*encode)(const Record& record), Record* record) {
  Cut(1, record);
  std::string line = encode(*record);
  for (std::size_t part = 2; line.size() + kLinkSize > kLongestLine && part < kLongestCommand; part *= 2) {
    Cut(part, record);
    line = encode(*record);
  }
  return line;
}

// ---- Files
// -----------------------------------------------------------------------------------------------------------

// The record that the next one follows. Most lines are short; the longest is 64 KiB, and what killed writers left may
// lie behind it.
Link LastLinkOf(const LogFile& file, bool is_new) {
  for (std::size_t size = kLongestLine / 8; size <= 8 * kLongestLine; size *= 8) {
    const std::string tail = file.Tail(size, is_new);
    if (const std::optional<Link> link = LastLink(tail)) {
      return *link;
    }
    if (tail.size() < size) {
      break;
    }
  }
  return {};
}

// What is written where.
struct Target {
  std::string path;
  std::string line;      // the record
  std::string rotation;  // what a file begins with that follows another
  bool is_chained = false;
};

LogFile::Limits LimitsOf(const policy::AuditSettings& settings) {
  LogFile::Limits limits;
  limits.largest = settings.max_size_mb * 1024 * 1024;
  limits.keep = settings.keep;
  return limits;
}

// Returns what went wrong, or nothing. `hash` gets that of the record, if it has one.
std::string AppendTo(const Target& target, const policy::AuditSettings& settings, bool sync, std::string* hash) {
  LogFile file(target.path, LimitsOf(settings));
  if (target.is_chained && !file.Lock()) {
    return file.problem();
  }
  const std::size_t room = target.line.size() + kLinkSize;
  bool is_open = file.Open(room);
  // Another process may have made it, or moved it away, meanwhile.
  if (!is_open && !target.is_chained && file.problem().empty()) {
    is_open = file.Lock() && file.Open(room);
  }
  if (!file.problem().empty()) {
    return file.problem();
  }
  Link last = target.is_chained ? LastLinkOf(file, /*is_new=*/!file.is_open()) : Link();
  if (!is_open) {
    const bool follows = file.is_open() || file.has_rotated();
    std::string first = follows ? target.rotation : "";
    if (follows && target.is_chained) {
      first = Seal(std::move(first), last);
      last = *ReadLink(first);
    }
    if (!file.Begin(first)) {
      return file.problem();
    }
  } else if (target.is_chained && last.hash.empty()) {
    last = LastLinkOf(file, /*is_new=*/true);
  }
  const std::string line = target.is_chained ? Seal(target.line, last) : target.line;
  file.Append(line, sync);
  if (target.is_chained) {
    *hash = ReadLink(line)->hash;
  }
  return file.problem();
}

bool IsWanted(const Record& record, policy::AuditLevel level) {
  return level == policy::AuditLevel::kAll || record.decision == policy::Decision::kDeny ||
         (level == policy::AuditLevel::kAskAndDeny && record.decision == policy::Decision::kAsk);
}

}  // namespace

std::string Write(Record record, const policy::AuditSettings& settings) {
  if (!IsWanted(record, settings.log)) {
    return {};
  }
  LeaveOutWhatCannotFit(&record);
  Redact(settings.redact, &record);
  const bool sync = settings.sync == policy::AuditSync::kAll ||
                    (settings.sync == policy::AuditSync::kDeny && record.decision == policy::Decision::kDeny);
  const Record rotation = MakeRotation(record);
  std::string problem;
  if (settings.format != policy::AuditFormat::kOtlp) {
    const Target target{settings.jsonl_path, EncodeToFit(&EncodeJsonLine, &record), EncodeJsonRotation(rotation),
                        settings.chain};
    problem = AppendTo(target, settings, sync, &record.hash);
  }
  if (settings.format != policy::AuditFormat::kJsonLines) {
    const Target target{settings.otlp_path, EncodeToFit(&EncodeOtlpLine, &record), EncodeOtlpRotation(rotation), false};
    std::string no_hash;
    const std::string otlp_problem = AppendTo(target, settings, sync, &no_hash);
    problem += problem.empty() || otlp_problem.empty() ? otlp_problem : "; " + otlp_problem;
  }
  return problem;
}

}  // namespace safe_docker::audit
