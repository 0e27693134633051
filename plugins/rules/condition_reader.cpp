#include "condition_reader.hpp"

#include <algorithm>

namespace safe_docker::rules {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 16;
constexpr int kMostTables = 2000;
constexpr std::size_t kLongestPattern = 1024;
constexpr std::size_t kMostPatterns = 1000;
constexpr std::int64_t kLastPort = 65535;

// The members of a table that are no field.
constexpr std::string_view kOtherMembers[] = {"effect",         "all", "any", "not", "option", "lacks_option",
                                              "command_matches"};

// What docker calls by a shorter name, in the requests' own words.
struct ShortCommand {
  std::string_view name;
  std::string_view canonical;
};
constexpr ShortCommand kShortCommands[] = {
    {"run", "container run"},
    {"create", "container create"},
    {"exec", "container exec"},
    {"cp", "container cp"},
    {"commit", "container commit"},
    {"diff", "container diff"},
    {"export", "container export"},
    {"kill", "container kill"},
    {"logs", "container logs"},
    {"ps", "container ls"},
    {"pause", "container pause"},
    {"port", "container port"},
    {"rename", "container rename"},
    {"restart", "container restart"},
    {"rm", "container rm"},
    {"start", "container start"},
    {"stats", "container stats"},
    {"stop", "container stop"},
    {"top", "container top"},
    {"unpause", "container unpause"},
    {"update", "container update"},
    {"wait", "container wait"},
    {"attach", "container attach"},
    {"build", "buildx build"},
    {"history", "image history"},
    {"import", "image import"},
    {"load", "image load"},
    {"images", "image ls"},
    {"pull", "image pull"},
    {"push", "image push"},
    {"rmi", "image rm"},
    {"save", "image save"},
    {"tag", "image tag"},
    {"events", "system events"},
    {"info", "system info"},
    {"bake", "buildx bake"},
};

std::vector<std::string_view> KnownMembers(std::uint64_t kinds) {
  std::vector<std::string_view> known(std::begin(kOtherMembers), std::end(kOtherMembers));
  for (const Field& field : Fields()) {
    if (kinds == 0 || field.kinds == 0 || (field.kinds & kinds) != 0) {
      known.push_back(field.name);
    }
  }
  return known;
}

std::string Quote(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string NameOf(sdp_effect_kind kind) {
  const auto names = EffectNames();
  const auto found = std::ranges::find(names, kind, &EffectName::kind);
  return Quote(found == names.end() ? "?" : found->name);
}

bool IsAbsolute(std::string_view pattern) {
  return pattern.starts_with('/') || pattern == "~" || pattern.starts_with("~/") || pattern.starts_with("**") ||
         pattern == "*";
}

bool HasPart(std::string_view path, std::string_view part) {
  const std::string framed = "/" + std::string(path) + "/";
  return framed.find("/" + std::string(part) + "/") != std::string::npos;
}

bool IsOnly(const Json& table, const char* key, bool value) { return table.contains(key) && table[key] == Json(value); }

}  // namespace

Condition ConditionReader::ReadTable(const Json& json, const Pointer& place, Scope scope) {
  Condition condition;
  if (!json.is_object()) {
    problems_->Add(place, "a condition is a table, as in { effect = \"image\", tag = \"latest\" }");
    return condition;
  }
  if (json.empty()) {
    problems_->Add(place, "an empty condition would hold of everything: say what the rule is about");
    return condition;
  }
  if (++scope.depth > kDeepest || ++count_ > kMostTables) {
    problems_->Add(place, scope.depth > kDeepest ? "conditions go 16 tables deep at most" : "too many tables");
    return condition;
  }
  if (json.contains("effect")) {
    ReadEffects(json["effect"], place / "effect", &scope, &condition);
  }
  scope.chooses_requests =
      scope.chooses_requests || json.contains("effect") || json.contains("command") || json.contains("service");
  for (const auto& [key, value] : json.items()) {
    if (key != "effect") {
      ReadMember(key, value, place / key, scope, &condition);
    }
  }
  CheckTogether(json, place);
  return condition;
}

void ConditionReader::ReadEffects(const Json& json, const Pointer& place, Scope* scope, Condition* condition) {
  std::vector<std::string_view> known;
  for (const EffectName& effect : EffectNames()) {
    known.push_back(effect.name);
  }
  for (const std::string& name : ReadPatterns(json, place)) {
    const sdp_effect_kind kind = FindEffect(name);
    if (kind == 0) {
      problems_->Add(place, "unknown effect " + Quote(name) + DidYouMean(name, known));
      continue;
    }
    condition->kinds |= std::uint64_t{1} << kind;
    if ((scope->kinds >> kind & 1) != 0) {
      problems_->Add(place, "the table around it is about an effect " + Quote(name) +
                                " already, and this would look for another one: leave effect out here to say more of "
                                "the same, or write both side by side in all = [...]");
    }
  }
  scope->kinds = condition->kinds;
}

void ConditionReader::ReadMember(const std::string& key, const Json& value, const Pointer& place, const Scope& scope,
                                 Condition* condition) {
  if (ReadCombinator(key, value, place, scope, condition)) {
    return;
  }
  if (key == "option") {
    ReadOption(value, place, condition);
  } else if (key == "lacks_option") {
    ReadLacks(value, place, scope, condition);
  } else if (key == "command_matches") {
    ReadExpressions(value, place, condition);
  } else {
    ReadField(key, value, place, scope, condition);
  }
}

bool ConditionReader::ReadCombinator(const std::string& key, const Json& value, const Pointer& place, Scope scope,
                                     Condition* condition) {
  const bool negates = key == "not";
  if (key != "all" && key != "any" && !negates) {
    return false;
  }
  std::vector<Condition>* const parts = key == "all" ? &condition->all : negates ? &condition->none : &condition->any;
  scope.negated = scope.negated != negates;
  if (negates && value.is_object()) {
    parts->push_back(ReadTable(value, place, scope));
    return true;
  }
  if (!value.is_array() || value.empty()) {
    problems_->Add(place, negates ? "not takes a table, or a list of tables of which none may hold"
                                  : key + " takes a list of tables that is not empty");
    return true;
  }
  for (const Json& part : value) {  // in a list that must hold together, one table may choose for the others
    const bool chooses = part.is_object() && (part.contains("command") || part.contains("effect"));
    scope.chooses_requests = scope.chooses_requests || (key == "all" && chooses);
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    parts->push_back(ReadTable(value[i], place / i, scope));
  }
  return true;
}

void ConditionReader::ReadField(const std::string& key, const Json& value, const Pointer& place, const Scope& scope,
                                Condition* condition) {
  const Field* const field = FindFieldFor(key, place, scope.kinds);
  if (field == nullptr) {
    return;
  }
  Test test;
  test.field = key;
  test.of_effect = field->kinds != 0;
  ReadValues(*field, value, place, &test);
  condition->tests.push_back(std::move(test));
}

// The field of that name, which all the effects that the table is about have, or else requests.
const Field* ConditionReader::FindFieldFor(const std::string& key, const Pointer& place, std::uint64_t kinds) {
  if (const Field* const field = FindField(key, 0)) {
    return field;
  }
  const auto fields = Fields();
  if (std::ranges::find(fields, std::string_view(key), &Field::name) == fields.end()) {
    problems_->Add(place, "unknown field " + Quote(key) + DidYouMean(key, KnownMembers(kinds)));
    return nullptr;
  }
  const Field* found = nullptr;
  for (const EffectName& effect : EffectNames()) {
    if ((kinds >> effect.kind & 1) == 0) {
      continue;
    }
    found = FindField(key, effect.kind);
    if (found == nullptr) {
      problems_->Add(place,
                     "an effect " + NameOf(effect.kind) + " has no " + key + ", it has: " + FieldsOf(effect.kind));
      return nullptr;
    }
  }
  if (found == nullptr) {
    problems_->Add(place, key + " is a field of effects: say of which, as in effect = \"...\" beside it");
  }
  return found;
}

void ConditionReader::ReadValues(const Field& field, const Json& value, const Pointer& place, Test* test) {
  switch (field.compared) {
    case Compared::kFlag:
      if (!value.is_boolean()) {
        problems_->Add(place, std::string(field.name) + " takes true or false, without quotes");
      } else {
        test->flag = value.get<bool>();
      }
      return;
    case Compared::kPort:
      for (const Json& item : value.is_array() ? value : Json::array({value})) {
        ReadPorts(item, place, test);
      }
      if (test->ports.empty()) {
        problems_->Add(place, "an empty list never holds");
      }
      return;
    default:
      test->patterns = ReadPatterns(value, place);
      CheckPatterns(field, place, &test->patterns);
  }
}

void ConditionReader::ReadPorts(const Json& value, const Pointer& place, Test* test) {
  Ports ports;
  bool is_read = false;
  if (value.is_number_integer()) {
    ports.first = ports.last = value.get<std::int64_t>();
    is_read = ports.first >= 0 && ports.last <= kLastPort;
  } else if (value.is_string()) {
    is_read = rules::ReadPorts(value.get_ref<const std::string&>(), &ports);
  } else if (value.is_object() && !value.empty()) {
    is_read = true;
    for (const auto& [key, bound] : value.items()) {
      is_read = is_read && bound.is_number_integer() && (key == "min" || key == "max");
      if (is_read) {
        (key == "min" ? ports.first : ports.last) = bound.get<std::int64_t>();
      }
    }
    is_read = is_read && ports.first >= 0 && ports.first <= ports.last && ports.last <= kLastPort;
  }
  if (!is_read) {
    problems_->Add(place, "a port is a number up to 65535, a range like \"8000-8010\", or { min = 1, max = 1023 }");
  }
  test->ports.push_back(ports);
}

std::vector<std::string> ConditionReader::ReadPatterns(const Json& value, const Pointer& place) {
  std::vector<std::string> patterns;
  const bool is_list = value.is_array();
  if ((is_list && value.empty()) || (is_list && value.size() > kMostPatterns)) {
    problems_->Add(place, value.empty() ? "an empty list never holds" : "a list has 1000 items at most");
    return patterns;
  }
  for (std::size_t i = 0; i < (is_list ? value.size() : 1); ++i) {
    const Json& item = is_list ? value[i] : value;
    const Pointer here = is_list ? place / i : place;
    if (!item.is_string()) {
      problems_->Add(here, "this takes a text in quotes, or a list of texts");
      continue;
    }
    const std::string& text = item.get_ref<const std::string&>();
    if (text.size() > kLongestPattern || text.find('\0') != std::string::npos) {
      problems_->Add(here, "a text here has 1024 bytes at most, and no NUL among them");
      continue;
    }
    patterns.push_back(text);
  }
  return patterns;
}

// What could never fit, because the texts that it is compared with are clean.
void ConditionReader::CheckPatterns(const Field& field, const Pointer& place, std::vector<std::string>* patterns) {
  for (std::string& pattern : *patterns) {
    const bool is_path = field.compared == Compared::kPath || field.compared == Compared::kFolder;
    if (is_path) {
      while (pattern.size() > 1 && pattern.ends_with('/')) {
        pattern.pop_back();
      }
      if (!IsAbsolute(pattern)) {
        problems_->Add(place,
                       Quote(pattern) + " never fits, since paths are compared in full: begin with / or ~/ or **");
      } else if (HasPart(pattern, "..") || HasPart(pattern, ".") || pattern.find("//") != std::string::npos) {
        problems_->Add(place, Quote(pattern) + " never fits, since paths are compared without . and .. and //");
      }
    }
    if (field.compared == Compared::kFolder && pattern.find('*') != std::string::npos) {
      problems_->Add(place, "touches takes folders and files, no patterns: use path for those");
    }
    if (field.compared == Compared::kCapability) {
      std::ranges::transform(pattern, pattern.begin(),
                             [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
      pattern = pattern.starts_with("CAP_") ? pattern.substr(4) : pattern;
    }
    if (field.compared == Compared::kImage && pattern.empty()) {
      problems_->Add(place, "an image has a name");
    }
    const auto* const short_command = std::ranges::find(kShortCommands, std::string_view(pattern), &ShortCommand::name);
    if (field.source == Source::kCommand && short_command != std::end(kShortCommands)) {
      problems_->Add(
          place, Quote(pattern) + " never fits, since the command's full name is " + Quote(short_command->canonical));
    }
    if (field.source == Source::kRegistry && pattern.find('/') != std::string::npos) {
      problems_->Add(place, Quote(pattern) + " never fits, since a registry has no /: use image for whole names");
    }
    if (field.source == Source::kTag && pattern.find_first_of(":/@") != std::string::npos) {
      problems_->Add(place, Quote(pattern) + " never fits, since a tag is what follows the colon");
    }
  }
}

// option = "memory", { name = "memory", value = "*" }, or a list of these.
void ConditionReader::ReadOption(const Json& value, const Pointer& place, Condition* condition) {
  const bool is_list = value.is_array();
  if (is_list && value.empty()) {
    problems_->Add(place, "an empty list never holds");
  }
  for (std::size_t i = 0; i < (is_list ? value.size() : 1); ++i) {
    const Json& item = is_list ? value[i] : value;
    const Pointer here = is_list ? place / i : place;
    OptionTest test{{}, {"*"}};
    if (item.is_string()) {
      test.names = ReadPatterns(item, here);
    } else if (item.is_object() && item.contains("name")) {
      for (const auto& [key, member] : item.items()) {
        if (key == "name" || key == "value") {
          (key == "name" ? test.names : test.values) = ReadPatterns(member, here / key);
        } else {
          problems_->Add(here / key, "an option has name and value, no " + Quote(key));
        }
      }
    } else {
      problems_->Add(here, "an option is a name, or { name = \"memory\", value = \"*\" }");
    }
    for (const std::string& name : test.names) {
      if (name.starts_with('-')) {
        problems_->Add(here,
                       "options are named in full and without dashes: " + Quote("memory") + ", not " + Quote(name));
      }
    }
    condition->options.push_back(std::move(test));
  }
}

void ConditionReader::ReadLacks(const Json& value, const Pointer& place, const Scope& scope, Condition* condition) {
  condition->lacks_options = ReadPatterns(value, place);
  for (const std::string& name : condition->lacks_options) {
    if (name.starts_with('-')) {
      problems_->Add(place, "options are named in full and without dashes: \"memory\", not " + Quote(name));
    }
  }
  if (!scope.chooses_requests && !scope.negated) {
    problems_->Add(place,
                   "nearly every command lacks it: say which ones must have it, as in command = \"container run\"");
  }
}

void ConditionReader::ReadExpressions(const Json& value, const Pointer& place, Condition* condition) {
  for (const std::string& text : ReadPatterns(value, place)) {
    Expression::Error error;
    std::optional<Expression> expression = Expression::Compile(text, &error);
    if (!expression) {
      problems_->Add(place, "bad regular expression at character " + std::to_string(error.at + 1) + ": " + error.what);
      continue;
    }
    if (expression->Finds("")) {
      problems_->Add(place, "this regular expression fits every text, since it fits the empty one");
    }
    condition->expressions.push_back(std::move(*expression));
  }
}

// What one table says, and cannot hold together.
void ConditionReader::CheckTogether(const Json& json, const Pointer& place) {
  if (json.contains("tag") && (json.contains("digest") || IsOnly(json, "pinned", true))) {
    problems_->Add(place, "this never holds: beside a digest no tag is looked at, since it is the digest that decides");
  }
  if (json.contains("digest") && IsOnly(json, "pinned", false)) {
    problems_->Add(place, "this never holds: an image with a digest is pinned");
  }
  if (IsOnly(json, "exists", false) && (IsOnly(json, "directory", true) || IsOnly(json, "socket", true))) {
    problems_->Add(place, "this never holds: what does not exist is no folder and no socket");
  }
  if (IsOnly(json, "directory", true) && IsOnly(json, "socket", true)) {
    problems_->Add(place, "this never holds: a folder is no socket");
  }
  if (json.contains("option") && json.contains("lacks_option") && json["option"] == json["lacks_option"]) {
    problems_->Add(place, "this never holds: an option cannot be there and be missing");
  }
}

}  // namespace safe_docker::rules
