#include "audit/suggestion.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "audit/request_json.hpp"
#include "audit/times.hpp"
#include "printable.hpp"

namespace safe_docker::audit {
namespace {

using policy::Decision;
using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestExample = 200;
constexpr std::size_t kEnoughSiblings = 3;

// A text as a basic string of TOML that no terminal obeys.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const Character character = NextCharacter(text.substr(at));
    if (character.code == kNoCharacter) {
      quoted += "\\uFFFD";
    } else if (MayMislead(character.code)) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04X", static_cast<unsigned>(character.code & 0xFFFFU));
      quoted += escape;
    } else {
      quoted += text[at] == '"' || text[at] == '\\' ? "\\" : "";
      quoted += text.substr(at, character.size);
    }
    at += character.size;
  }
  return quoted + "\"";
}

// A text inside a comment, which is one line.
std::string OneLine(std::string_view text) {
  return Printable(text.substr(0, kLongestExample)) + (text.size() > kLongestExample ? "..." : "");
}

std::string Times(std::uint64_t count) { return std::to_string(count) + (count == 1 ? " time" : " times"); }

std::string Span(const Meetings& meetings) {
  const std::string first = FormatDay(meetings.first);
  const std::string last = FormatDay(meetings.last);
  return first == last ? "on " + first : "from " + first + " to " + last;
}

// "asked 5 times in 2 sessions from 2026-10-09 to 2026-11-01, approved 5 times".
std::string Counted(const Meetings& meetings) {
  std::string text = meetings.decision == Decision::kDeny ? "denied " : "asked ";
  text += Times(meetings.count);
  text += meetings.sessions.size() > 1 ? " in " + std::to_string(meetings.sessions.size()) + " sessions" : "";
  text += " " + Span(meetings);
  text += meetings.approved > 0 ? ", approved " + Times(meetings.approved) : "";
  text += meetings.refused > 0 ? ", refused " + Times(meetings.refused) : "";
  return text;
}

// The same, with what the log cannot know.
std::string Told(const Meetings& meetings) {
  std::string text = Counted(meetings);
  if (meetings.decision == Decision::kAsk && meetings.approved + meetings.refused < meetings.count) {
    text += meetings.approved + meetings.refused == 0 ? "; what was answered is not known"
                                                      : "; what else was answered is not known";
  }
  return text;
}

std::string ParentOf(const std::string& path) { return path.substr(0, std::max<std::size_t>(path.rfind('/'), 0)); }

// Of a hook the log cannot know what the person said; of a wrapper it does.
Meetings MeetingOf(const LoggedDecision& logged, Decision decision) {
  Meetings meeting;
  meeting.count = 1;
  meeting.approved = logged.decision == Decision::kAsk && logged.answer == "yes" ? 1 : 0;
  meeting.refused = logged.decision == Decision::kAsk && logged.answer == "no" ? 1 : 0;
  if (!logged.session.empty()) {
    meeting.sessions.insert(logged.session);
  }
  meeting.first = logged.time_unix_nano;
  meeting.last = logged.time_unix_nano;
  meeting.decision = decision;
  meeting.example = logged.command;
  meeting.example_id = logged.id;
  meeting.project = logged.project;
  meeting.home = logged.home;
  return meeting;
}

std::string Example(const Meetings& meetings) {
  return "#   for example: " + OneLine(meetings.example) +
         (meetings.example_id.empty() ? "" : "  (" + OneLine(meetings.example_id) + ")") + "\n";
}

Json MeetingsJson(const Meetings& meetings) {
  return {{"decision", policy::Name(meetings.decision)},
          {"count", meetings.count},
          {"approved", meetings.approved},
          {"refused", meetings.refused},
          {"sessions", meetings.sessions.size()},
          {"first", FormatTime(meetings.first)},
          {"last", FormatTime(meetings.last)},
          {"example", meetings.example},
          {"example_id", meetings.example_id}};
}

}  // namespace

void Meetings::Add(const Meetings& other) {
  if (count == 0 || other.first < first) {
    first = other.first;
    example = other.example;
    example_id = other.example_id;
    project = other.project;
    home = other.home;
  }
  count += other.count;
  approved += other.approved;
  refused += other.refused;
  sessions.insert(other.sessions.begin(), other.sessions.end());
  last = std::max(last, other.last);
  decision = std::max(decision, other.decision);
}

void Suggestions::Add(const LoggedDecision& logged, const policy::Verdict& verdict) {
  ++records_;
  const bool is_wanted = verdict.decision == Decision::kAsk    ? settings_.asks
                         : verdict.decision == Decision::kDeny ? settings_.denials
                                                               : false;
  if (!is_wanted) {
    return;
  }
  const Meetings meeting = MeetingOf(logged, verdict.decision);
  std::set<Key> met;  // several effects of one command may be the same thing
  for (const policy::Finding& finding : verdict.findings) {
    if (finding.decision != verdict.decision) {
      continue;  // it did not decide: nobody was asked because of it
    }
    const Excuse excuse = FindExcuse(finding, {logged.project, logged.home});
    Key key{finding.rule, excuse.field, excuse.match};
    if (!met.insert(key).second) {
      continue;
    }
    if (!excuse.refusal.empty()) {
      Refused& refused = refused_[finding.rule];
      refused.why = excuse.refusal;
      refused.advice = refused.advice.empty() ? finding.advice : refused.advice;
      refused.meetings.Add(meeting);
      continue;
    }
    Candidate& candidate = candidates_[std::move(key)];
    candidate.kind = excuse.kind;
    candidate.risk = excuse.risk;
    candidate.meetings.Add(meeting);
  }
}

// Three or more things in one folder stand for the folder, where that is not too much.
Suggestions::Candidates Suggestions::Generalise(const Candidates& candidates) {
  std::map<Key, std::size_t> siblings;
  const auto folder_of = [](const Key& key) { return Key{key.rule, key.field, ParentOf(key.match)}; };
  const auto may_be_general = [](const Key& key, const Candidate& candidate) {
    return key.field == MatchField::kPath && candidate.kind == Excuse::Kind::kSafe &&
           MayGeneralise(ParentOf(key.match), {candidate.meetings.project, candidate.meetings.home});
  };
  for (const auto& [key, candidate] : candidates) {
    siblings[folder_of(key)] += may_be_general(key, candidate) ? 1 : 0;
  }
  Candidates general;
  for (const auto& [key, candidate] : candidates) {
    Key folder = folder_of(key);
    const bool is_one_of_many = may_be_general(key, candidate) && siblings[folder] >= kEnoughSiblings;
    folder.match += "/**";
    Candidate& target = general[is_one_of_many ? folder : key];
    target.kind = candidate.kind;
    target.risk = candidate.risk;
    target.meetings.Add(candidate.meetings);
  }
  return general;
}

bool Suggestions::IsRepeated(const Meetings& meetings) const {
  return meetings.count >= settings_.min_count || meetings.sessions.size() >= 2;
}

bool Suggestions::IsAgreedTo(const Candidate& candidate) const {
  return candidate.kind == Excuse::Kind::kSafe && candidate.meetings.decision == Decision::kAsk &&
         candidate.meetings.approved >= settings_.min_count && candidate.meetings.refused == 0;
}

std::string Suggestions::Exception(const Key& key, const Candidate& candidate) const {
  const Meetings& meetings = candidate.meetings;
  const std::string front = IsAgreedTo(candidate) ? "" : "# ";
  return "# " + key.rule + ": " + Told(meetings) + "\n" + Example(meetings) +
         "#   risk: " + std::string(candidate.risk) + "\n" + front + "[[exceptions]]\n" + front +
         "rule = " + Quoted(key.rule) + "\n" + front + "match = { " + std::string(Name(key.field)) + " = " +
         Quoted(key.match) + " }\n" + front + "reason = " + Quoted(Counted(meetings)) + "\n\n";
}

std::string Suggestions::Fragment() const {
  std::string agreed;
  std::string others;
  for (const auto& [key, candidate] : Generalise(candidates_)) {
    if (IsRepeated(candidate.meetings)) {
      (IsAgreedTo(candidate) ? agreed : others) += Exception(key, candidate);
    }
  }
  std::string refusals;
  for (const auto& [rule, refused] : refused_) {
    if (IsRepeated(refused.meetings)) {
      refusals += "# " + rule + ": " + Told(refused.meetings) + "\n" + Example(refused.meetings) +
                  "#   no exception: " + std::string(refused.why) + "\n" +
                  (refused.advice.empty() ? "" : "#   instead: " + OneLine(refused.advice) + "\n") + "#\n";
    }
  }
  std::string text =
      "# From " + std::to_string(records_) + (records_ == 1 ? " record" : " records") +
      " of the audit log, as they would be decided now. Copy what you agree with into config.toml,\n"
      "# and say in the reason why it is all right; `safe-docker audit replay --config NEW` shows what it "
      "changes.\n";
  if (unknown_ > 0) {
    text +=
        "# " + std::to_string(unknown_) +
        (unknown_ == 1 ? " record could not be judged again and is" : " records could not be judged again and are") +
        " left out.\n";
  }
  text += "\n";
  text += agreed.empty() ? "" : "# ---- Approved by a person each time it was asked\n\n" + agreed;
  text += others.empty()
              ? ""
              : "# ---- To be thought about: denied, doubtful, or nobody knows what was answered. In hook mode the\n"
                "# agent's own program asks, and the log cannot know the answer.\n\n" +
                    others;
  text += refusals.empty() ? "" : "# ---- Never excused\n#\n" + refusals;
  return text + (agreed.empty() && others.empty() && refusals.empty() ? "# Nothing was met often enough.\n" : "");
}

nlohmann::ordered_json Suggestions::ToJson() const {
  Json exceptions = Json::array();
  for (const auto& [key, candidate] : Generalise(candidates_)) {
    if (IsRepeated(candidate.meetings)) {
      Json one = {{"rule", key.rule},
                  {"match", {{Name(key.field), Readable(key.match)}}},
                  {"approved_each_time", IsAgreedTo(candidate)},
                  {"risk", candidate.risk}};
      one.update(MeetingsJson(candidate.meetings));
      exceptions.push_back(std::move(one));
    }
  }
  Json refusals = Json::array();
  for (const auto& [rule, refused] : refused_) {
    if (IsRepeated(refused.meetings)) {
      Json one = {{"rule", rule}, {"why", refused.why}, {"advice", Readable(refused.advice)}};
      one.update(MeetingsJson(refused.meetings));
      refusals.push_back(std::move(one));
    }
  }
  return {{"records", records_}, {"not_judged", unknown_}, {"exceptions", exceptions}, {"never_excused", refusals}};
}

nlohmann::ordered_json ExplainRecordAsJson(const LoggedDecision& logged, const policy::Verdict& verdict) {
  return {{"id", logged.id},
          {"time", FormatTime(logged.time_unix_nano)},
          {"command", logged.command},
          {"then", policy::Name(logged.decision)},
          {"answer", logged.answer},
          {"now", policy::Name(verdict.decision)},
          {"findings", FindingsJson(verdict.findings)}};
}

std::string ExplainRecord(const LoggedDecision& logged, const policy::Verdict& verdict) {
  std::string text = OneLine(logged.id) + "  " + FormatTime(logged.time_unix_nano) + "\n  " + OneLine(logged.command) +
                     "\n  then: " + std::string(policy::Name(logged.decision)) +
                     (logged.answer.empty() ? "" : " (answered " + OneLine(logged.answer) + ")") +
                     "; now: " + std::string(policy::Name(verdict.decision)) + "\n";
  for (const policy::Finding& finding : verdict.findings) {
    text += "\n" + std::string(policy::Name(finding.decision)) + "  " + finding.rule + "\n  " +
            OneLine(finding.message) + "\n";
    if (!finding.because.empty()) {
      text += "  " + std::string(policy::Name(finding.raised)) + " by itself, but " + OneLine(finding.because) + "\n";
    }
    if (finding.decision == Decision::kAllow) {
      continue;
    }
    text += finding.advice.empty() ? "" : "  instead: " + OneLine(finding.advice) + "\n";
    const Excuse excuse = FindExcuse(finding, {logged.project, logged.home});
    text += excuse.refusal.empty() ? "  an exception would be: [[exceptions]] rule = " + Quoted(finding.rule) +
                                         ", match = { " + std::string(Name(excuse.field)) + " = " +
                                         Quoted(excuse.match) + " }\n  its risk: " + std::string(excuse.risk) + "\n"
                                   : "  no exception is suggested: " + std::string(excuse.refusal) + "\n";
  }
  return text + (verdict.findings.empty() ? "\nnothing objects to it\n" : "");
}

}  // namespace safe_docker::audit
