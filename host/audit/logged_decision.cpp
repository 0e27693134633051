#include "audit/logged_decision.hpp"

#include <algorithm>
#include <iterator>
#include <span>

#include "audit/json_reader.hpp"

namespace safe_docker::audit {
namespace {

constexpr policy::Decision kNotSaid{};

// Where the value of each member goes; one reader a kind.
template <typename Object>
struct Member {
  std::string_view key;
  bool (*read)(JsonReader* reader, Object* object);
};

template <auto kField, typename Object>
bool ReadText(JsonReader* reader, Object* object) {
  return reader->ReadString(&(object->*kField));
}

template <auto kField, typename Object>
bool ReadNumber(JsonReader* reader, Object* object) {
  return reader->ReadUnsigned(&(object->*kField));
}

template <auto kField, typename Object>
bool ReadRaw(JsonReader* reader, Object* object) {
  return reader->Skip(&(object->*kField));
}

bool ReadTexts(JsonReader* reader, std::vector<std::string>* texts) {
  return reader->ReadArray([&] { reader->ReadString(&texts->emplace_back()); });
}

template <auto kField, typename Object>
bool ReadList(JsonReader* reader, Object* object) {
  return ReadTexts(reader, &(object->*kField));
}

bool ReadOneDecision(JsonReader* reader, policy::Decision* decision) {
  std::string name;
  if (!reader->ReadString(&name)) {
    return false;
  }
  const std::optional<policy::Decision> found = DecisionByName(name);
  *decision = found.value_or(policy::Decision::kDeny);
  return found || reader->Fail();
}

template <auto kField, typename Object>
bool ReadDecision(JsonReader* reader, Object* object) {
  return ReadOneDecision(reader, &(object->*kField));
}

// The members come in the order in which they are written, so the search goes on from the one before.
template <typename Object>
bool ReadMembers(JsonReader* reader, std::span<const Member<Object>> members, Object* object) {
  std::size_t next = 0;
  return reader->ReadObject([&](std::string_view key) {
    for (std::size_t tried = 0; tried < members.size(); ++tried) {
      const Member<Object>& member = members[(next + tried) % members.size()];
      if (member.key == key) {
        next = (next + tried + 1) % members.size();
        return member.read(reader, object);
      }
    }
    return reader->Skip();
  });
}

bool ReadDuration(JsonReader* reader, LoggedDecision* logged) {
  logged->has_duration = true;
  return reader->ReadUnsigned(&logged->duration_us);
}

// A line without it comes from another version, or is a note about the log itself.
bool ReadEvent(JsonReader* reader, LoggedDecision* logged) { return reader->ReadString(&logged->event); }

using D = LoggedDecision;
constexpr Member<D> kLineMembers[] = {
    {"v", &ReadNumber<&D::version>},
    {"id", &ReadText<&D::id>},
    {"timestamp_unix_nano", &ReadNumber<&D::time_unix_nano>},
    {"event", &ReadEvent},
    {"session_id", &ReadText<&D::session>},
    {"mode", &ReadText<&D::mode>},
    {"command", &ReadText<&D::command>},
    {"decision", &ReadDecision<&D::decision>},
    {"reason", &ReadText<&D::reason>},
    {"rules", &ReadList<&D::rules>},
    {"docker_subcommand", &ReadText<&D::subcommand>},
    {"docker_image", &ReadText<&D::image>},
    {"bind_mounts", &ReadList<&D::bind_mounts>},
    {"cwd", &ReadText<&D::cwd>},
    {"home", &ReadText<&D::home>},
    {"project", &ReadText<&D::project>},
    {"config_source", &ReadText<&D::config_source>},
    {"config_hash", &ReadText<&D::config_hash>},
    {"profile", &ReadText<&D::profile>},
    {"duration_us", &ReadDuration},
    {"answer", &ReadText<&D::answer>},
    {"findings", &ReadRaw<&D::findings>},
    {"requests", &ReadRaw<&D::requests>},
    {"truncated", [](JsonReader* reader, LoggedDecision* logged) { return reader->ReadBoolean(&logged->truncated); }},
};

bool ReadByProfile(JsonReader* reader, LoggedFinding* finding) {
  std::size_t count = 0;
  return reader->ReadArray([&] {
    policy::Decision decision = policy::Decision::kDeny;
    if (ReadOneDecision(reader, &decision) && count < finding->by_profile.size()) {
      finding->by_profile[count++] = decision;
    }
  });
}

using F = LoggedFinding;
constexpr Member<F> kFindingMembers[] = {
    {"rule", &ReadText<&F::rule>},
    {"raised", &ReadDecision<&F::raised>},
    {"decision", &ReadDecision<&F::decision>},
    {"treatment", &ReadText<&F::treatment>},
    {"because", &ReadText<&F::because>},
    {"message", &ReadText<&F::message>},
    {"written", &ReadText<&F::written>},
    {"file", &ReadText<&F::file>},
    {"line", &ReadNumber<&F::line>},
    {"service", &ReadText<&F::service>},
    {"by_profile", &ReadByProfile},
};

template <auto kField, typename Object>
bool ReadSmallNumber(JsonReader* reader, Object* object) {
  std::uint64_t number = 0;
  if (!reader->ReadUnsigned(&number) || number > UINT32_MAX) {
    return reader->Fail();
  }
  object->*kField = static_cast<std::uint32_t>(number);
  return true;
}

using E = docker::Effect;
constexpr Member<E> kEffectMembers[] = {
    {"k", &ReadSmallNumber<&E::kind>},
    {"f", &ReadSmallNumber<&E::flags>},
    {"s", &ReadText<&E::subject>},
    {"n", &ReadText<&E::name>},
    {"t", &ReadText<&E::target>},
    {"o", &ReadText<&E::options>},
    {"r", &ReadText<&E::resolved>},
    {"w", [](JsonReader* reader, E* effect) { return reader->ReadString(&effect->evidence.written); }},
};

bool ReadEffects(JsonReader* reader, docker::Request* request) {
  return reader->ReadArray([&] { ReadMembers<E>(reader, kEffectMembers, &request->effects.emplace_back()); });
}

// [["volume", "/a:/b"], ...]
bool ReadOptions(JsonReader* reader, docker::Request* request) {
  return reader->ReadArray([&] {
    docker::Option& option = request->options.emplace_back();
    std::size_t count = 0;
    const bool is_read = reader->ReadArray([&] {
      std::string* const part = count == 0 ? &option.name : &option.value;
      ++count;
      return reader->ReadString(part);
    });
    return (is_read && count == 2) || reader->Fail();
  });
}

using R = docker::Request;
constexpr Member<R> kRequestMembers[] = {
    {"command", &ReadText<&R::command>},
    {"program", &ReadText<&R::program>},
    {"flags", &ReadSmallNumber<&R::flags>},
    {"origin", &ReadSmallNumber<&R::origin>},
    {"engine", &ReadText<&R::engine>},
    {"cwd", &ReadText<&R::cwd>},
    {"service", [](JsonReader* reader, R* request) { return reader->ReadString(&request->evidence.service); }},
    {"file", [](JsonReader* reader, R* request) { return reader->ReadString(&request->evidence.file); }},
    {"line", [](JsonReader* reader,
                R* request) { return ReadSmallNumber<&docker::Evidence::line>(reader, &request->evidence); }},
    {"options", &ReadOptions},
    {"arguments", &ReadList<&R::arguments>},
    {"effects", &ReadEffects},
};

// What is said of the request as a whole is said of its effects, too.
void SpreadEvidence(docker::Request* request) {
  for (docker::Effect& effect : request->effects) {
    effect.evidence.file = request->evidence.file;
    effect.evidence.service = request->evidence.service;
    effect.evidence.line = request->evidence.line;
  }
}

// Empty, but with the memory that it has.
void Clear(LoggedDecision* logged) {
  for (std::string* text :
       {&logged->id, &logged->event, &logged->session, &logged->mode, &logged->command, &logged->reason,
        &logged->subcommand, &logged->image, &logged->cwd, &logged->home, &logged->project, &logged->config_hash,
        &logged->config_source, &logged->profile, &logged->answer}) {
    text->clear();
  }
  logged->decision = policy::Decision::kAllow;
  logged->version = 0;
  logged->time_unix_nano = 0;
  logged->duration_us = 0;
  logged->has_duration = false;
  logged->truncated = false;
  logged->rules.clear();
  logged->bind_mounts.clear();
  logged->findings = {};
  logged->requests = {};
}

}  // namespace

std::optional<policy::Decision> DecisionByName(std::string_view name) {
  for (const policy::Decision each : {policy::Decision::kAllow, policy::Decision::kAsk, policy::Decision::kDeny}) {
    if (policy::Name(each) == name) {
      return each;
    }
  }
  return std::nullopt;
}

bool ReadLine(std::string_view line, LoggedDecision* logged) {
  Clear(logged);
  logged->line = line;
  JsonReader reader(line);
  return ReadMembers<D>(&reader, kLineMembers, logged) && reader.IsDone() && logged->time_unix_nano != 0;
}

std::optional<std::vector<LoggedFinding>> ReadFindings(const LoggedDecision& logged) {
  std::vector<LoggedFinding> findings;
  if (logged.findings.empty()) {
    std::transform(logged.rules.begin(), logged.rules.end(), std::back_inserter(findings), [](const std::string& rule) {
      LoggedFinding finding;
      finding.rule = rule;
      return finding;
    });
    return findings;
  }
  JsonReader reader(logged.findings);
  const bool is_read = reader.ReadArray([&] {
    LoggedFinding& finding = findings.emplace_back();
    ReadMembers<F>(&reader, kFindingMembers, &finding);
    finding.raised = finding.raised == kNotSaid ? finding.decision : finding.raised;
  });
  return is_read && reader.IsDone() ? std::optional(std::move(findings)) : std::nullopt;
}

std::optional<std::vector<docker::Request>> ReadRequests(const LoggedDecision& logged) {
  std::vector<docker::Request> requests;
  if (logged.truncated || (logged.requests.empty() && logged.version == 0)) {
    return std::nullopt;
  }
  if (logged.requests.empty()) {
    return requests;  // a text that asks nothing of docker may be objected to as well
  }
  JsonReader reader(logged.requests);
  const bool is_read = reader.ReadArray([&] {
    docker::Request& request = requests.emplace_back();
    request.home = logged.home;
    request.cwd = logged.cwd;
    if (ReadMembers<R>(&reader, kRequestMembers, &request)) {
      SpreadEvidence(&request);
    }
  });
  return is_read && reader.IsDone() ? std::optional(std::move(requests)) : std::nullopt;
}

}  // namespace safe_docker::audit
