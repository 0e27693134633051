// The keys that say what is made of findings: profile, modes, decisions, exceptions, lists, declarative rules.
#include <cstdio>

#include "policy/config_keys.hpp"
#include "policy/rules.hpp"
#include "policy/suggestion.hpp"

namespace safe_docker::policy {
namespace {

constexpr std::string_view kProfiles[] = {"permissive", "standard", "strict"};
constexpr std::string_view kDecisions[] = {"allow", "ask", "deny"};
constexpr std::int64_t kNewestVersion = 1;

std::optional<std::size_t> IndexOf(std::string_view text, std::span<const std::string_view> known) {
  const auto found = std::find(known.begin(), known.end(), text);
  return found == known.end() ? std::nullopt : std::optional<std::size_t>(found - known.begin());
}

std::string Listed(std::span<const std::string_view> names) {
  std::string text;
  for (const std::string_view name : names) {
    text += (text.empty() ? "" : ", ") + std::string(name);
  }
  return text;
}

// The text of `node` as one of `known`, or nothing and a problem.
std::optional<std::size_t> OneOf(const toml::node& node, std::string_view key, std::span<const std::string_view> known,
                                 Reader* reader) {
  const std::optional<std::string> text = node.value_exact<std::string>();
  const std::optional<std::size_t> index = text ? IndexOf(*text, known) : std::nullopt;
  if (!index) {
    reader->Error(node, key,
                  text ? "'" + *text + "' is none of " + Listed(known) + DidYouMean(*text, known)
                       : "expected one of " + Listed(known) + ", found " + TypeName(node.type()));
  }
  return index;
}

// A selector that may mean something: "all", "tag:WORD", "PLUGIN/RULE".
std::optional<Selector> SelectorOf(const toml::node& node, std::string_view key, std::string_view text,
                                   Reader* reader) {
  constexpr std::string_view kLegal = "abcdefghijklmnopqrstuvwxyz0123456789-*";
  Selector selector = ReadSelector(text);
  const std::size_t slash = selector.text.find('/');
  const bool is_rule = selector.kind == Selector::Kind::kRule || selector.kind == Selector::Kind::kPattern;
  const bool is_id = slash != std::string::npos && slash > 0 && slash + 1 < selector.text.size() &&
                     selector.text.find_first_not_of(std::string(kLegal) + "/") == std::string::npos;
  const bool is_word = !selector.text.empty() && selector.text.find_first_not_of(kLegal) == std::string::npos;
  if ((is_rule && !is_id && selector.text != "**") || (selector.kind == Selector::Kind::kTag && !is_word)) {
    reader->Error(
        node, key,
        "'" + std::string(text) + "' names no rules: write \"flags/device\", \"flags/*\", \"tag:network\" or \"all\"");
    return std::nullopt;
  }
  if (selector.kind == Selector::Kind::kRule && IsFixed(selector.text)) {
    reader->Error(node, key, selector.text + " cannot be changed: safe-docker's own judgement depends on it");
    return std::nullopt;
  }
  return selector;
}

void SetProfile(const toml::node& node, std::string_view key, Profile profile, Reader* reader) {
  Policy& policy = reader->config().policy;
  if (!reader->is_project()) {
    policy.profile = profile;
    return;
  }
  if (profile > policy.profile) {
    policy.floor_profile = std::max(profile, policy.floor_profile.value_or(profile));
    reader->Record(Contribution::Kind::kTightens, node, key);
  } else if (profile < policy.profile && reader->MayLoosen(node, key)) {
    policy.profile = profile;
  }
}

// One word of a mode's list: a profile that is tried, or the rules that the mode holds for.
void TakeModeWord(const toml::node& node, std::string_view key, const std::string& text, Mode mode, Reader* reader) {
  Policy& policy = reader->config().policy;
  if (const std::optional<std::size_t> index = IndexOf(text, kProfiles)) {
    const auto profile = static_cast<Profile>(*index);
    if (mode == Mode::kEnforce) {
      SetProfile(node, key, profile, reader);
    } else {
      std::optional<Profile>& tried = mode == Mode::kWarn ? policy.warn_profile : policy.audit_profile;
      // A project's file takes no warning away that the user wants.
      tried = reader->is_project() ? std::max(profile, tried.value_or(profile)) : profile;
      if (reader->is_project()) {
        reader->Record(Contribution::Kind::kTightens, node, key);
      }
    }
    return;
  }
  std::optional<Selector> selector = SelectorOf(node, key, text, reader);
  if (!selector || (mode != Mode::kEnforce && !reader->MayLoosen(node, key))) {
    return;
  }
  policy.modes.push_back({std::move(*selector), mode, reader->PlaceOf(node)});
}

void TakeMode(const toml::node& node, std::string_view key, Mode mode, Reader* reader) {
  for (const std::string& text : reader->Texts(node, key)) {
    TakeModeWord(node, key, text, mode, reader);
  }
}

// ---- Exceptions -----------------------------------------------------------------------------------------------------

std::vector<std::string> PathGlobs(const toml::node& node, std::string_view key, Reader* reader) {
  std::vector<std::string> globs;
  for (const std::string& text : reader->Texts(node, key)) {
    const std::string path = reader->Expand(text);
    if (!path.starts_with('/')) {
      reader->Error(node, key, "'" + text + "' is relative: write an absolute path, or one that starts with ~");
    } else if (path.find_first_not_of("/*.") == std::string::npos) {
      reader->Error(node, key, "'" + text + "' would excuse every path: name the folder that is meant");
    } else {
      globs.push_back(path);
    }
  }
  return globs;
}

struct MatchField {
  std::string_view name;
  std::vector<std::string> Exception::*globs;
};
constexpr MatchField kMatchFields[] = {{"image", &Exception::images},
                                       {"path", &Exception::paths},
                                       {"service", &Exception::services},
                                       {"value", &Exception::values}};

void TakeMatch(const toml::node& node, std::string_view key, Exception* exception, Reader* reader) {
  const toml::table* const table = node.as_table();
  if (table == nullptr) {
    reader->Error(node, key, "expected a table: match = { path = \"/srv/data/**\" }");
    return;
  }
  for (const auto& [name, value] : *table) {
    const std::string full = std::string(key) + "." + std::string(name.str());
    const auto* const field = std::find_if(std::begin(kMatchFields), std::end(kMatchFields),
                                           [&name = name](const MatchField& each) { return each.name == name.str(); });
    if (field == std::end(kMatchFields)) {
      constexpr std::string_view kNames[] = {"image", "path", "service", "value"};
      reader->Error(value, full, "unknown key" + DidYouMean(name.str(), kNames) + " (it takes " + Listed(kNames) + ")");
      continue;
    }
    exception->*(field->globs) = field->name == "path" ? PathGlobs(value, full, reader) : reader->Texts(value, full);
    if ((exception->*(field->globs)).empty()) {
      exception->rule = {};  // what was meant to narrow it does not, so it holds for nothing
    }
  }
}

std::optional<std::chrono::year_month_day> DateOf(const toml::node& node) {
  const auto as_day = [](int year, unsigned month, unsigned day) -> std::optional<std::chrono::year_month_day> {
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    return date.ok() ? std::optional(date) : std::nullopt;
  };
  if (const auto date = node.value_exact<toml::date>()) {
    return as_day(date->year, date->month, date->day);
  }
  const std::optional<std::string> text = node.value_exact<std::string>();
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  char rest = 0;
  if (text && text->size() == 10 && std::sscanf(text->c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &rest) == 3) {
    return as_day(year, month, day);
  }
  return std::nullopt;
}

void TakeExceptionKey(std::string_view name, const toml::node& value, const std::string& full, Exception* exception,
                      bool* has_rule, Reader* reader) {
  if (name == "rule" && value.is_string()) {
    const std::string text = *value.value<std::string>();
    if (const std::optional<Selector> selector = SelectorOf(value, full, text, reader)) {
      exception->rule = *selector;
      *has_rule = true;
    }
  } else if (name == "reason" && value.is_string()) {
    exception->reason = *value.value<std::string>();
  } else if (name == "expires") {
    exception->expires = DateOf(value);
    if (!exception->expires) {
      reader->Error(value, full, "is no date: write expires = 2026-12-31");
    }
  } else {
    constexpr std::string_view kNames[] = {"expires", "match", "reason", "rule"};
    reader->Error(value, full,
                  IndexOf(name, kNames) ? "expected a string, found " + TypeName(value.type())
                                        : "unknown key" + DidYouMean(name, kNames));
  }
}

void TakeException(const toml::node& node, std::string_view key, Reader* reader) {
  const toml::table* const table = node.as_table();
  if (table == nullptr) {
    reader->Error(node, key, "expected tables: [[exceptions]]");
    return;
  }
  Exception exception;
  exception.place = reader->PlaceOf(node);
  bool has_rule = false;
  const auto* const match = table->get("match");
  for (const auto& [name, value] : *table) {
    if (name.str() != "match") {
      TakeExceptionKey(name.str(), value, std::string(key) + "." + std::string(name.str()), &exception, &has_rule,
                       reader);
    }
  }
  if (match != nullptr) {
    TakeMatch(*match, std::string(key) + ".match", &exception, reader);
  }
  if (table->get("rule") == nullptr) {
    reader->Error(node, key, "names no rule: rule = \"mounts/outside-home\"");
  }
  if (exception.reason.find_first_not_of(" \t") == std::string::npos) {
    reader->Error(node, key, "has no reason: say why this is all right, for whoever reads it later");
    return;
  }
  if (!has_rule || exception.rule.text.empty() != (exception.rule.kind == Selector::Kind::kAll)) {
    return;
  }
  if (match == nullptr) {
    reader->Warn(node, key,
                 "matches everything that " + Describe(exception.rule) + " finds: narrow it with match = { … }");
  }
  if (reader->options().thorough && IsExpired(exception, Today())) {
    reader->Warn(node, key, "has expired and is ignored: remove it, or think again and set another date");
  }
  if (reader->MayLoosen(node, key)) {
    reader->config().policy.exceptions.push_back(std::move(exception));
  }
}

// ---- Declarative rules ----------------------------------------------------------------------------------------------

// Puts the lists in whose names stand in `value`.
void PutListsIn(const toml::node& node, std::string_view key, nlohmann::json* value, Reader* reader) {
  if (value->is_string() && value->get_ref<const std::string&>().starts_with('@')) {
    const std::string name = value->get<std::string>().substr(1);
    if (const std::vector<std::string>* list = reader->List(node, key, name)) {
      *value = *list;
    }
    return;
  }
  if (value->is_array()) {
    nlohmann::json items = nlohmann::json::array();
    for (nlohmann::json& item : *value) {
      const bool is_name = item.is_string();
      PutListsIn(node, key, &item, reader);
      if (is_name && item.is_array()) {
        items.insert(items.end(), item.begin(), item.end());
      } else {
        items.push_back(std::move(item));
      }
    }
    *value = std::move(items);
    return;
  }
  if (value->is_object()) {
    for (nlohmann::json& item : *value) {
      PutListsIn(node, key, &item, reader);
    }
  }
}

}  // namespace

void TakeProfile(const toml::node& node, std::string_view key, Reader* reader) {
  if (const std::optional<std::size_t> index = OneOf(node, key, kProfiles, reader)) {
    SetProfile(node, key, static_cast<Profile>(*index), reader);
  }
}

void TakeProfileVersion(const toml::node& node, std::string_view key, Reader* reader) {
  const std::int64_t version = *node.value<std::int64_t>();
  if (version < 1 || version > kNewestVersion) {
    reader->Error(
        node, key,
        "this safe-docker knows the profiles of version 1; a newer version may know " + std::to_string(version));
  }
}

void TakeEnforce(const toml::node& node, std::string_view key, Reader* reader) {
  TakeMode(node, key, Mode::kEnforce, reader);
}
void TakeWarn(const toml::node& node, std::string_view key, Reader* reader) {
  TakeMode(node, key, Mode::kWarn, reader);
}
void TakeAudit(const toml::node& node, std::string_view key, Reader* reader) {
  TakeMode(node, key, Mode::kAudit, reader);
}

void TakeDecisions(const toml::node& node, std::string_view key, Reader* reader) {
  for (const auto& [name, value] : *node.as_table()) {
    const std::string full = std::string(key) + ".\"" + std::string(name.str()) + "\"";
    const std::optional<std::size_t> index = OneOf(value, full, kDecisions, reader);
    std::optional<Selector> selector = SelectorOf(value, full, name.str(), reader);
    if (!index || !selector) {
      continue;
    }
    DecisionLine line{std::move(*selector), static_cast<Decision>(*index + 1), reader->PlaceOf(value)};
    Policy& policy = reader->config().policy;
    if (!reader->is_project()) {
      policy.decisions.push_back(std::move(line));
      continue;
    }
    // What is stronger counts by itself; what is weaker only if somebody trusts the file.
    policy.floors.push_back(line);
    if (line.decision == Decision::kDeny) {
      reader->Record(Contribution::Kind::kTightens, value, full);
    } else if (reader->MayLoosen(value, full)) {
      policy.decisions.push_back(std::move(line));
    }
  }
}

void TakeExceptions(const toml::node& node, std::string_view key, Reader* reader) {
  for (const toml::node& item : *node.as_array()) {
    TakeException(item, key, reader);
  }
}

void TakeLists(const toml::node& node, std::string_view key, Reader* reader) {
  for (const auto& [name, value] : *node.as_table()) {
    const std::string full = std::string(key) + "." + std::string(name.str());
    if (!value.is_array()) {
      reader->Error(value, full, "expected a list of strings, found " + TypeName(value.type()));
      continue;
    }
    reader->SetList(name.str(),
                    TakeTexts(value, full, reader, [](const toml::node& item) { return item.value<std::string>(); }));
  }
}

void TakeRules(const toml::node& node, std::string_view key, Reader* reader) {
  for (const toml::node& item : *node.as_array()) {
    if (!item.is_table()) {
      reader->Error(item, key, "expected tables: [[rules]]");
      continue;
    }
    nlohmann::json rule = ToJson(item);
    if (rule.contains("when")) {
      PutListsIn(item, key, &rule["when"], reader);
    }
    // So that whatever is wrong with it can be said where it stands.
    rule["place"] = Describe(reader->PlaceOf(item));
    reader->config().rules.push_back(std::move(rule));
    if (reader->is_project()) {
      reader->Record(Contribution::Kind::kTightens, item, key);
    }
  }
}

}  // namespace safe_docker::policy
