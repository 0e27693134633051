#include "agents/claude_hook.hpp"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "agents/claude_settings.hpp"
#include "agents/json_text.hpp"
#include "agents/located_json.hpp"
#include "agents/tool_matcher.hpp"
#include "file_system.hpp"

namespace safe_docker::agents {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kMatcher = "Bash|PowerShell|Monitor";
constexpr int kSeconds = 10;

Json Handler(std::string_view program) {
  return {{"type", "command"}, {"command", program}, {"args", {"hook"}}, {"timeout", kSeconds}, {"onFailure", "block"}};
}

Json Group(std::string_view program) { return {{"matcher", kMatcher}, {"hooks", Json::array({Handler(program)})}}; }

// ---- Whose a handler is --------------------------------------------------------------------------------------------

bool IsSafeDockerName(std::string_view program) { return BaseName(program) == "safe-docker"; }

std::string_view StringOf(const JsonValue& object, std::string_view key) {
  const JsonValue* const value = FindMember(object, key);
  return value == nullptr ? std::string_view() : std::string_view(value->string);
}

// `"/a b/safe-docker" hook`, '/usr/bin/safe-docker hook': what people write for a shell to read.
bool IsPlainShellForm(std::string_view command) {
  constexpr std::string_view kEnd = " hook";
  if (!command.ends_with(kEnd)) {
    return false;
  }
  command.remove_suffix(kEnd.size());
  if (command.size() > 2 && (command[0] == '"' || command[0] == '\'') && command.back() == command[0]) {
    command = command.substr(1, command.size() - 2);
    return command.find_first_of("\"'$`\\") == std::string_view::npos && IsSafeDockerName(command);
  }
  return command.find_first_of(" \t\n\"'$`\\;&|()<>*?") == std::string_view::npos && IsSafeDockerName(command);
}

// True for a handler that does nothing but start safe-docker's hook, as setup writes it or a person would.
bool IsOurs(const JsonValue& handler) {
  if (handler.kind != JsonValue::Kind::kObject || StringOf(handler, "type") != "command") {
    return false;
  }
  const JsonValue* const args = FindMember(handler, "args");
  if (args == nullptr) {
    return IsPlainShellForm(StringOf(handler, "command"));
  }
  return IsSafeDockerName(StringOf(handler, "command")) && args->items.size() == 1 && args->items[0].string == "hook";
}

// True for one that starts safe-docker in a way of its own, which is not for us to change.
bool IsOfItsOwn(const JsonValue& handler) {
  HookHandler read;
  read.type = StringOf(handler, "type");
  read.command = StringOf(handler, "command");
  const JsonValue* const args = FindMember(handler, "args");
  read.has_args = args != nullptr;
  for (std::size_t index = 0; args != nullptr && index < args->items.size(); ++index) {
    read.args.push_back(args->items[index].string);
  }
  return RunsSafeDocker(read);
}

constexpr std::string_view kTools[] = {"Bash", "PowerShell", "Monitor"};

bool CoversAllTools(std::string_view matcher) {
  return std::all_of(std::begin(kTools), std::end(kTools),
                     [&](std::string_view tool) { return MatchTool(matcher, tool) == Match::kYes; });
}

// `matcher` with the tools that it leaves out.
std::string Widened(std::string_view matcher) {
  std::string all(matcher);
  for (const std::string_view tool : kTools) {
    all += MatchTool(all, tool) == Match::kYes ? "" : "|" + std::string(tool);
  }
  return CoversAllTools(all) ? all : std::string(kMatcher);
}

// ---- The way to the handlers ---------------------------------------------------------------------------------------

struct Place {
  const JsonValue* group = nullptr;
  const JsonValue* handlers = nullptr;  // the group's list
  std::size_t group_index = 0;
  std::size_t index = 0;
};

struct Document {
  std::string text;
  JsonValue root;
  const JsonValue* hooks = nullptr;
  const JsonValue* groups = nullptr;  // of PreToolUse
  std::vector<Place> ours;
  const JsonValue* other = nullptr;  // the first that starts safe-docker in a way of its own
  std::string problem;
  std::uint32_t line = 0;
};

void Refuse(const JsonValue& value, std::string problem, Document* document) {
  if (document->problem.empty()) {
    document->problem = std::move(problem);
    document->line = LineAt(document->text, value.begin);
  }
}

// The member of `object` that the way leads through; null if there is none. Another kind, or two of them, is a problem.
const JsonValue* Step(const JsonValue& object, std::string_view key, JsonValue::Kind kind, Document* document) {
  const JsonValue* const value = FindMember(object, key);
  if (value == nullptr) {
    return nullptr;
  }
  if (std::count_if(object.members.begin(), object.members.end(),
                    [&](const JsonMember& member) { return member.key == key; }) > 1) {
    Refuse(
        *value,
        "\"" + std::string(key) + "\" stands here a second time, and readers differ in which one counts; take one out",
        document);
    return nullptr;
  }
  if (value->kind != kind) {
    Refuse(*value,
           "\"" + std::string(key) + "\" is expected to be " +
               (kind == JsonValue::Kind::kObject ? "an object" : "a list") + "; mend that first",
           document);
    return nullptr;
  }
  return value;
}

void FindOurs(Document* document) {
  for (std::size_t group = 0; document->groups != nullptr && group < document->groups->items.size(); ++group) {
    const JsonValue& each = document->groups->items[group];
    if (each.kind != JsonValue::Kind::kObject) {
      Refuse(each, "\"PreToolUse\" is expected to be a list of objects; mend that first", document);
      return;
    }
    const JsonValue* const handlers = Step(each, "hooks", JsonValue::Kind::kList, document);
    for (std::size_t index = 0; handlers != nullptr && index < handlers->items.size(); ++index) {
      const JsonValue& handler = handlers->items[index];
      if (IsOurs(handler)) {
        document->ours.push_back({&each, handlers, group, index});
      } else if (handler.kind == JsonValue::Kind::kObject && IsOfItsOwn(handler) && document->other == nullptr) {
        document->other = &handler;
      }
    }
  }
}

// Reads the text; the pointers lead into the result, so it stays where it is.
void Read(std::string text, Document* document) {
  document->text = std::move(text);
  const LocatedJson json = ReadLocatedJson(document->text);
  std::optional<JsonValue> root = ScanJson(document->text);
  if (json.value.is_discarded() || !root) {
    document->problem = "is not JSON: " + (json.problem.empty() ? "it cannot be read" : json.problem);
    document->line = json.problem_line;
    return;
  }
  document->root = std::move(*root);
  if (document->root.kind != JsonValue::Kind::kObject) {
    Refuse(document->root, "the settings are expected to be an object; mend that first", document);
    return;
  }
  document->hooks = Step(document->root, "hooks", JsonValue::Kind::kObject, document);
  document->groups =
      document->hooks == nullptr ? nullptr : Step(*document->hooks, "PreToolUse", JsonValue::Kind::kList, document);
  FindOurs(document);
}

// ---- Changes, one at a time ----------------------------------------------------------------------------------------

// A change of the text: the new one, and what it does. Nothing: it is not needed.
struct Change {
  std::string text;
  std::vector<std::string> what;  // empty: part of the change before it
};
using NextChange = std::function<std::optional<Change>(Document*)>;

// Makes changes until none is needed or there is a problem, and reads the text anew after each, since all places have
// moved.
SettingsEdit ChangeAll(std::string_view text, const NextChange& next) {
  constexpr int kMost = 1000;
  SettingsEdit edit;
  edit.text = text;
  for (int count = 0; count < kMost; ++count) {
    Document document;
    Read(edit.text, &document);
    std::optional<Change> change = document.problem.empty() ? next(&document) : std::nullopt;
    if (!document.problem.empty()) {
      edit.problem = document.problem;
      edit.line = document.line;
      return edit;
    }
    if (!change) {
      return edit;
    }
    edit.text = std::move(change->text);
    std::move(change->what.begin(), change->what.end(), std::back_inserter(edit.changes));
  }
  edit.problem = "has more hooks than can be looked through";
  return edit;
}

Change AddGroup(const Document& document, std::string_view program) {
  const std::string what = "added the hook: " + std::string(kMatcher) + " runs " + std::string(program) + " hook";
  const Json group = Group(program);
  if (document.groups != nullptr) {
    return {WithItem(document.text, *document.groups, group), {what}};
  }
  const Json groups = Json::array({group});
  if (document.hooks != nullptr) {
    return {WithMember(document.text, *document.hooks, "PreToolUse", groups), {what}};
  }
  return {WithMember(document.text, document.root, "hooks", Json({{"PreToolUse", groups}})), {what}};
}

// True if nothing but ours is in the group, and nothing that somebody has said of it.
bool IsOursAlone(const Place& place) {
  return place.handlers->items.size() == 1 &&
         std::all_of(place.group->members.begin(), place.group->members.end(),
                     [](const JsonMember& member) { return member.key == "matcher" || member.key == "hooks"; });
}

// With its group, if that would be empty.
Change TakeOutOurs(const Document& document, const Place& place) {
  const std::string what = "removed the hook on line ";
  if (IsOursAlone(place)) {
    return {WithoutItem(document.text, *document.groups, place.group_index),
            {what + std::to_string(LineAt(document.text, place.group->begin))}};
  }
  return {WithoutItem(document.text, *place.handlers, place.index),
          {what + std::to_string(LineAt(document.text, place.handlers->items[place.index].begin))}};
}

// What a handler of ours has, and what it should have.
struct Wish {
  std::string_view key;
  Json value;  // null: it should not be there
  std::string_view what;
};

bool IsAsWished(const std::string& text, const JsonValue& object, const Wish& wish) {
  const JsonValue* const value = FindMember(object, wish.key);
  if (wish.value.is_null() || value == nullptr) {
    return wish.value.is_null() && value == nullptr;
  }
  const Json found = Json::parse(text.substr(value->begin, value->end - value->begin), nullptr, false, true);
  // Whoever gave it another time will have had a reason, if it is enough.
  return found == wish.value || (wish.key == "timeout" && found.is_number() && found >= kSeconds / 2);
}

// The object that begins at `offset`, wherever it stands.
const JsonValue* ObjectAt(const JsonValue& value, std::size_t offset) {
  if (value.begin == offset && value.kind == JsonValue::Kind::kObject) {
    return &value;
  }
  const JsonValue* found = nullptr;
  for (std::size_t index = 0; found == nullptr && index < value.members.size(); ++index) {
    found = ObjectAt(value.members[index].value, offset);
  }
  for (std::size_t index = 0; found == nullptr && index < value.items.size(); ++index) {
    found = ObjectAt(value.items[index], offset);
  }
  return found;
}

// All of them at once: a handler that has only some is not recognized as ours. What is changed in an object does not
// move where it begins.
std::optional<Change> Grant(const Document& document, std::size_t offset, const std::vector<Wish>& wishes) {
  Change change = {document.text, {}};
  for (const Wish& wish : wishes) {
    const std::optional<JsonValue> root = ScanJson(change.text);
    const JsonValue* const object = root ? ObjectAt(*root, offset) : nullptr;
    if (object == nullptr || IsAsWished(change.text, *object, wish)) {
      continue;
    }
    change.text = wish.value.is_null() ? WithoutMember(change.text, *object, wish.key)
                                       : WithMember(change.text, *object, wish.key, wish.value);
    change.what.emplace_back(wish.what);
  }
  return change.what.empty() ? std::nullopt : std::optional(std::move(change));
}

// The next thing to be done about the handler at `place`.
std::optional<Change> BringUpToDate(const Document& document, const Place& place, std::string_view program) {
  const bool is_alone = place.handlers->items.size() == 1;
  if (!CoversAllTools(StringOf(*place.group, "matcher"))) {
    // Other people's handlers keep the tools that they are for.
    const std::string matcher = Widened(StringOf(*place.group, "matcher"));
    return is_alone
               ? Change{WithMember(document.text, *place.group, "matcher", matcher), {"set the matcher to " + matcher}}
               : TakeOutOurs(document, place);
  }
  return Grant(document, place.handlers->items[place.index].begin,
               {{"command", program, "set the program to the one that is installed"},
                {"args", Json::array({"hook"}), "start it directly, without a shell"},
                {"timeout", kSeconds, "gave it ten seconds"},
                {"onFailure", "block", "a failing hook now stops the tool (onFailure)"},
                {"if", nullptr, "took its condition out (if), which some commands would not meet"},
                {"async", nullptr, "let the tool wait for the answer (async)"}});
}

// ---- What must hold in the end -------------------------------------------------------------------------------------

// The settings as a program reads them, without what is ours and what is empty without it.
nlohmann::json OfOthers(const std::string& text) {
  nlohmann::json settings = nlohmann::json::parse(text, nullptr, false, true);
  Document document;
  Read(text, &document);
  if (!settings.is_object() || document.groups == nullptr || !document.problem.empty()) {
    if (settings.is_object() && settings.contains("hooks") && settings["hooks"].empty()) {
      settings.erase("hooks");
    }
    return settings;
  }
  nlohmann::json& groups = settings["hooks"]["PreToolUse"];
  for (auto place = document.ours.rbegin(); place != document.ours.rend(); ++place) {
    nlohmann::json& handlers = groups[place->group_index]["hooks"];
    handlers.erase(handlers.begin() + static_cast<std::ptrdiff_t>(place->index));
  }
  // A group without handlers does nothing, and may have gone with ours.
  for (std::size_t index = groups.size(); index > 0; --index) {
    nlohmann::json without = groups[index - 1];
    without.erase("matcher");
    if (without == nlohmann::json{{"hooks", nlohmann::json::array()}}) {
      groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(index - 1));
    }
  }
  if (groups.empty()) {
    settings["hooks"].erase("PreToolUse");
  }
  if (settings["hooks"].empty()) {
    settings.erase("hooks");
  }
  return settings;
}

// Nothing of others may have changed, whatever the text was. A change that did not keep to that is none.
SettingsEdit Checked(std::string_view before, SettingsEdit edit) {
  if (edit.problem.empty() && OfOthers(std::string(before)) != OfOthers(edit.text)) {
    edit.problem = "is written in a way that cannot be changed safely; add the hook by hand";
  }
  if (!edit.problem.empty()) {
    edit.text = before;
    edit.changes.clear();
  }
  return edit;
}

// JSON has no way to write other bytes.
bool IsUtf8(std::string_view text) {
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace)) == text;
}

bool IsBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

SettingsEdit AddClaudeHook(std::string_view text, std::string_view program) {
  if (!IsUtf8(program)) {
    return {std::string(text), {}, "cannot name safe-docker, whose path is no UTF-8; install it in another folder", 0};
  }
  const std::string_view before = IsBlank(text) ? "{}\n" : text;
  bool is_added = false;
  return Checked(before, ChangeAll(before, [&](Document* document) -> std::optional<Change> {
                   if (document->ours.empty() && document->other != nullptr) {
                     Refuse(*document->other,
                            "safe-docker is started here in a way of its own; leave it (`safe-docker doctor` tells "
                            "whether it works), or "
                            "take it out first",
                            document);
                     return std::nullopt;
                   }
                   if (document->ours.empty()) {
                     is_added = true;
                     return AddGroup(*document, program);
                   }
                   std::optional<Change> change;
                   if (!is_added) {
                     change = BringUpToDate(*document, document->ours[0], program);
                   }
                   return change || document->ours.size() == 1 ? change : TakeOutOurs(*document, document->ours[1]);
                 }));
}

SettingsEdit RemoveClaudeHook(std::string_view text) {
  if (IsBlank(text)) {
    return {std::string(text), {}, {}, 0};
  }
  bool is_changed = false;
  return Checked(text, ChangeAll(text, [&](Document* document) -> std::optional<Change> {
                   if (!document->ours.empty()) {
                     is_changed = true;
                     return TakeOutOurs(*document, document->ours[0]);
                   }
                   if (is_changed && document->groups != nullptr && document->groups->items.empty()) {
                     return Change{WithoutMember(document->text, *document->hooks, "PreToolUse"), {}};
                   }
                   if (is_changed && document->hooks != nullptr && document->hooks->members.empty()) {
                     return Change{WithoutMember(document->text, document->root, "hooks"), {}};
                   }
                   return std::nullopt;
                 }));
}

}  // namespace safe_docker::agents
