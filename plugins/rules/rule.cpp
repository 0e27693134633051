#include "rule.hpp"

#include <algorithm>
#include <span>

#include "condition_reader.hpp"

namespace safe_docker::rules {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostRules = 500;
constexpr std::size_t kLongestId = 64;
constexpr std::size_t kLongestSentence = 1000;

constexpr std::string_view kMembers[] = {"id",       "when", "decision", "message", "advice",    "strict", "permissive",
                                         "severity", "tags", "title",    "why",     "standards", "place"};

struct Choice {
  std::string_view name;
  std::int32_t value;
};
constexpr Choice kObjections[] = {{"ask", SDP_ASK}, {"deny", SDP_DENY}};
constexpr Choice kDecisions[] = {{"allow", SDP_ALLOW}, {"ask", SDP_ASK}, {"deny", SDP_DENY}};
constexpr Choice kSeverities[] = {{"info", SDP_SEVERITY_INFO},
                                  {"low", SDP_SEVERITY_LOW},
                                  {"medium", SDP_SEVERITY_MEDIUM},
                                  {"high", SDP_SEVERITY_HIGH},
                                  {"critical", SDP_SEVERITY_CRITICAL}};

bool IsWord(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= kLongestId && text.front() != '-' && text.back() != '-' &&
         std::ranges::all_of(text, fits);
}

bool AreTags(std::string_view words) {
  while (!words.empty()) {
    if (!IsWord(plugin::NextPart(&words, ' '))) {
      return false;
    }
  }
  return true;
}

class RuleReader {
 public:
  RuleReader(const Json& json, Pointer place, Problems* problems)
      : json_(json), place_(std::move(place)), problems_(problems) {}

  Rule Read() {
    Rule rule;
    rule.id = Text("id", true);
    problems_->Enter(rule.id, Text("place", false));
    if (!rule.id.empty() && !IsWord(rule.id)) {
      problems_->Add(place_ / "id", "an id is made of lower case letters, digits and dashes, 64 at most");
    }
    CheckMembers();
    ReadDecisions(&rule);
    rule.message = Sentence("message", true, /*stop=*/false);
    rule.advice = Sentence("advice", false, /*stop=*/true);
    rule.title = Text("title", false);
    rule.title = rule.title.empty() ? rule.message : rule.title;
    rule.why = Text("why", false);
    rule.why = rule.why.empty() ? "the configuration says so" : rule.why;
    rule.tags = Words("tags");
    if (json_.contains("tags") && !AreTags(rule.tags)) {
      problems_->Add(place_ / "tags", "tags are made of lower case letters, digits and dashes");
    }
    rule.standards = Words("standards");
    const std::int32_t fallback = rule.standard == SDP_DENY ? SDP_SEVERITY_HIGH : SDP_SEVERITY_MEDIUM;
    rule.severity = static_cast<std::uint32_t>(Choose("severity", kSeverities, fallback));
    if (!json_.contains("when")) {
      problems_->Add(place_, "a rule has a condition: when = { ... }");
    } else {
      rule.when = ConditionReader(problems_).Read(json_["when"], place_ / "when");
    }
    return rule;
  }

 private:
  void CheckMembers() {
    for (const auto& [key, value] : json_.items()) {
      if (std::ranges::find(kMembers, std::string_view(key)) == std::end(kMembers)) {
        problems_->Add(place_ / key, "unknown key \"" + key + "\"" + DidYouMean(key, kMembers));
      }
    }
  }

  void ReadDecisions(Rule* rule) {
    if (json_.contains("decision") && json_["decision"] == "allow") {
      problems_->Add(place_ / "decision",
                     "a rule can only object: write \"ask\" or \"deny\" here, and an exception for what is to be let "
                     "through");
      return;
    }
    if (!json_.contains("decision")) {
      problems_->Add(place_, "a rule has a decision: \"ask\" or \"deny\"");
    }
    rule->standard = Choose("decision", kObjections, SDP_DENY);
    rule->strict = Choose("strict", kObjections, rule->standard);
    rule->permissive = Choose("permissive", kDecisions, rule->standard);
    if (rule->strict < rule->standard || rule->permissive > rule->standard) {
      problems_->Add(place_, "strict is no weaker than decision, and permissive no stronger");
    }
  }

  std::int32_t Choose(const char* key, std::span<const Choice> choices, std::int32_t fallback) {
    if (!json_.contains(key)) {
      return fallback;
    }
    std::string names;
    for (const Choice& choice : choices) {
      if (json_[key] == Json(choice.name)) {
        return choice.value;
      }
      names.append(names.empty() ? "\"" : ", \"").append(choice.name).append("\"");
    }
    problems_->Add(place_ / key, std::string(key) + " is one of " + names);
    return fallback;
  }

  std::string Text(const char* key, bool required) {
    if (!json_.contains(key)) {
      if (required) {
        problems_->Add(place_, "a rule has " + std::string(key) + " = \"...\"");
      }
      return {};
    }
    const Json& value = json_[key];
    const bool fits = value.is_string() && !value.get_ref<const std::string&>().empty() &&
                      value.get_ref<const std::string&>().size() <= kLongestSentence &&
                      value.get_ref<const std::string&>().find_first_of(std::string("\0\n\r", 3)) == std::string::npos;
    if (!fits) {
      problems_->Add(place_ / key, std::string(key) + " is one line of text in quotes");
      return {};
    }
    return value.get<std::string>();
  }

  // A message goes into a sentence, and has no full stop; advice is one.
  std::string Sentence(const char* key, bool required, bool stop) {
    std::string text = Text(key, required);
    CheckPlaceholders(key, text);
    while (!stop && text.ends_with('.')) {
      text.pop_back();
    }
    return text + (stop && !text.empty() && !text.ends_with('.') ? "." : "");
  }

  void CheckPlaceholders(const char* key, std::string_view text) {
    for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
      const std::size_t close = text.find('}', open);
      const std::string_view word =
          close == std::string_view::npos ? std::string_view{} : text.substr(open + 1, close - open - 1);
      const bool is_word =
          !word.empty() && std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
      if (is_word && std::ranges::find(Placeholders(), word) == Placeholders().end()) {
        problems_->Add(place_ / key,
                       "unknown placeholder {" + std::string(word) + "}" + DidYouMean(word, Placeholders()));
      }
    }
  }

  // A list of words, or one text with blanks between them.
  std::string Words(const char* key) {
    if (!json_.contains(key)) {
      return {};
    }
    std::string words;
    for (const Json& word : json_[key].is_array() ? json_[key] : Json::array({json_[key]})) {
      if (!word.is_string() || word.get_ref<const std::string&>().empty() ||
          word.get_ref<const std::string&>().size() > kLongestId ||
          word.get_ref<const std::string&>().find_first_of(std::string(" \0\n\t", 4)) != std::string::npos) {
        problems_->Add(place_ / key, std::string(key) + " is a list of words");
        return {};
      }
      words.append(words.empty() ? "" : " ").append(word.get_ref<const std::string&>());
    }
    return words;
  }

  const Json& json_;
  Pointer place_;
  Problems* problems_;
};

}  // namespace

std::vector<Rule> ReadRules(const Json& settings, Problems* problems) {
  std::vector<Rule> rules;
  for (const auto& [key, value] : settings.items()) {
    if (key != "rules") {
      problems->Add(Pointer() / key, "the settings have rules, no \"" + key + "\"");
    }
  }
  if (!settings.contains("rules")) {
    return rules;
  }
  const Json& list = settings["rules"];
  const Pointer place = Pointer() / "rules";
  if (!list.is_array() || list.size() > kMostRules) {
    problems->Add(place, list.is_array() ? "500 rules are the most" : "rules is a list of tables: [[rules]]");
    return rules;
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    problems->Enter({}, {});
    if (!list[i].is_object()) {
      problems->Add(place / i, "a rule is a table");
      continue;
    }
    rules.push_back(RuleReader(list[i], place / i, problems).Read());
    const std::string& id = rules.back().id;
    const auto same = std::ranges::find(rules.begin(), rules.end() - 1, id, &Rule::id);
    if (!id.empty() && same != rules.end() - 1) {
      problems->Add(place / i / "id", "an earlier rule has the id \"" + id + "\" already");
    }
  }
  return rules;
}

sdp_rule Describe(const Rule& rule) {
  return plugin::Rule(rule.strict, rule.standard, rule.permissive,
                      {rule.id, rule.title, rule.why, rule.standards, rule.tags, rule.severity});
}

}  // namespace safe_docker::rules
