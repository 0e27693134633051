// What the plugin makes of its settings: sound ones, wrong ones, and such as nobody would write.
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/cases.hpp"
#include "conformance/ordinary_requests.hpp"
#include "conformance/session.hpp"
#include "conformance/steps.hpp"
#include "plugins/settings_check.hpp"

namespace safe_docker::conformance {
namespace {

using Json = nlohmann::json;

std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

// Its schema and settings to try it with, learnt in a child.
struct Learnt {
  Json schema;
  Json settings;
  bool has_schema = false;
};
Learnt Learn(const Subject& subject) {
  Report facts;
  RunIsolated(
      subject.limits,
      [&](Teller& teller) {
        Session session(subject);
        if (session.Load().empty()) {
          teller.Know("schema", session.description().settings_schema);
          teller.Know("settings", Dump(session.settings()));
        }
      },
      &facts);
  Learnt learnt;
  learnt.has_schema = !facts.facts["schema"].empty();
  learnt.schema = Json::parse(facts.facts["schema"], nullptr, /*allow_exceptions=*/false);
  learnt.settings = Json::parse(facts.facts["settings"], nullptr, /*allow_exceptions=*/false);
  return learnt;
}

Json PropertiesOf(const Json& schema) {
  const Json properties = schema.is_object() ? schema.value("properties", Json::object()) : Json::object();
  return properties.is_object() ? properties : Json::object();
}

// Of several types, so that a property that has one refuses all others.
std::vector<Json> ValuesOfAllTypes() {
  return {Json(-7), Json("no such value"), Json(true), Json::array({Json::object()}), Json{{"no-such-key", 1}}};
}

// What nobody would write, for each property alike.
std::vector<std::pair<std::string, Json>> HostileValues() {
  Json deep = "deep";
  for (int i = 0; i < 50; ++i) {
    deep = i % 2 == 0 ? Json::array({deep}) : Json{{"a", deep}};
  }
  return {{"empty texts", ""},
          {"texts of 64 KiB", std::string(std::size_t{64} * 1024, 'x')},
          {"invalid UTF-8", "\xff\xfe"},
          {"a NUL byte", std::string(1, '\0')},
          {"the smallest integer", std::int64_t{-0x7fffffffffffffff} - 1},
          {"the largest integer", std::int64_t{0x7fffffffffffffff}},
          {"empty lists", Json::array()},
          {"lists of 10000 texts", Json(std::vector<std::string>(10'000, "x"))},
          {"lists of other things", Json::array({1, true, Json::array(), Json::object()})},
          {"tables in lists in tables", deep}};
}

}  // namespace

void TrySchema(const Subject& subject, Report* report) {
  const Learnt learnt = Learn(subject);
  if (!learnt.has_schema) {
    report->Ok("schema", "it takes no settings");
    return;
  }
  if (!learnt.schema.is_object()) {
    report->Fail("schema", "its settings schema is no JSON object", "Write it as JSON Schema (2020-12).");
    return;
  }
  if (learnt.schema.value("type", Json()) != Json("object") ||
      learnt.schema.value("additionalProperties", Json()) != Json(false)) {
    report->Warn("schema", "its settings schema accepts keys that it does not know, so a misspelt one goes unnoticed",
                 R"(Begin it with "type": "object", and end it with "additionalProperties": false.)");
    return;
  }
  for (const std::string& word : plugins::UnknownSchemaWords(learnt.schema)) {
    report->Warn("schema", "its settings schema has a word that JSON Schema does not know: " + word,
                 "Correct its spelling, or remove it.");
    return;
  }
  const std::size_t count = PropertiesOf(learnt.schema).size();
  report->Ok("schema", std::to_string(count) + (count == 1 ? " setting is" : " settings are") + " described");
}

void TrySettings(const Subject& subject, Report* report) {
  const Trial trial = {
      "settings", "", "Refuse settings with Findings::Fail, and let nothing else end create.",
      [&](std::size_t, Teller& teller) {
        teller.Doing("create");
        Session session(subject);
        const Outcome outcome = session.Start();
        if (outcome.problem.empty()) {
          teller.Tell({"settings", Level::kOk, "it is ready with " + Dump(session.settings()), ""});
          session.Destroy();
          return;
        }
        teller.Tell({"settings", Level::kFailure, outcome.problem + ", with the settings " + Dump(session.settings()),
                     subject.settings ? "Correct the settings, or what create asks of them."
                                      : "Name settings with --settings FILE, or give its schema "
                                        "\"examples\" that work."});
      }};
  TryCases(subject, trial, report);
}

void TryBadSettings(const Subject& subject, Report* report) {
  const Learnt learnt = Learn(subject);
  std::size_t tried = 0;
  const Json properties = PropertiesOf(learnt.schema);
  for (const auto& [name, schema] : properties.items()) {
    std::string accepted;
    bool is_refused = false;
    for (const Json& value : ValuesOfAllTypes()) {
      Json settings = learnt.settings;
      settings[name] = value;
      std::string problem = plugins::CheckSettings(settings, Dump(learnt.schema));
      if (problem.empty()) {  // then create may know better
        Report found;
        RunIsolated(
            subject.limits,
            [&](Teller& teller) {
              Session session(subject);
              if (session.Load().empty()) {
                teller.Know("problem", session.Create(settings).problem);
              }
            },
            &found);
        problem = found.facts["problem"];
      }
      ++tried;
      is_refused = is_refused || problem.find(name) != std::string::npos;
      if (!problem.empty() && problem.find(name) == std::string::npos) {
        report->Warn("refusals", "it refuses a wrong settings." + name + " without naming it: " + problem,
                     "Name the key in the message.");
        return;
      }
    }
    if (!is_refused) {
      report->Warn("refusals", "settings." + name + " may be anything: a number, a text, a list, a table",
                   "Give it a \"type\" in the schema.");
    }
  }
  if (tried > 0) {
    report->Ok("refusals",
               "wrong settings are refused, and the message names the key (" + std::to_string(tried) + " tried)");
  }
}

void TryHostileSettings(const Subject& subject, Report* report) {
  const Learnt learnt = Learn(subject);
  const Json properties = PropertiesOf(learnt.schema);
  std::vector<std::pair<std::string, Json>> cases = {{"no settings", Json::object()}};
  for (const auto& [name, value] : HostileValues()) {
    Json settings = Json::object();
    for (const auto& [key, schema] : properties.items()) {
      settings[key] = value;
    }
    settings["no-such-key"] = value;
    cases.emplace_back(name, std::move(settings));
  }
  const std::vector<docker::Request> requests = OrdinaryRequests(subject.folder);
  const std::string_view advice = "The schema keeps such settings away, but nothing that create is given may end it.";
  for (const auto& [name, settings] : cases) {  // each in a process of its own, since create is called once
    const Ending ending = RunIsolated(
        subject.limits,
        [&, &named = name, &given = settings](Teller& teller) {
          teller.Doing("create with " + named);
          Session session(subject);
          if (!session.Load().empty()) {
            return;
          }
          const Outcome outcome = session.Create(given);
          if (outcome.problem.ends_with("let an exception escape")) {
            teller.Tell(
                {"hostile-settings", Level::kFailure, outcome.problem + " (" + named + ")", std::string(advice)});
          }
          if (!outcome.problem.empty()) {
            return;
          }
          for (const docker::Request& request : requests) {
            if (session.Wants(request)) {
              teller.Doing("judging with " + named + " as settings: " + request.source);
              session.Ask(request);
            }
          }
          session.Destroy();
        },
        report);
    if (!ending.finished) {
      report->Fail("hostile-settings", "it " + ending.how + " in " + ending.doing, std::string(advice));
      return;
    }
  }
  if (report->points.empty() || report->points.back().id != "hostile-settings") {
    report->Ok("hostile-settings",
               "nothing that it may be given as settings ends it (" + std::to_string(cases.size()) + " tried)");
  }
}

}  // namespace safe_docker::conformance
