#include "definition.hpp"

#include <algorithm>
#include <utility>

#include "failure.hpp"
#include "json.hpp"
#include "parser.hpp"

namespace safe_docker::bake {
namespace {

constexpr std::size_t kMaxTargets = 2000;
constexpr std::string_view kAppended[] = {"annotations", "attest",          "policy",  "secret",       "ssh",
                                          "cache-from",  "no-cache-filter", "ulimits", "entitlements", "inherits"};
constexpr std::string_view kMerged[] = {"args", "contexts", "labels", "extra-hosts"};

template <std::size_t kCount>
bool IsOneOf(std::string_view text, const std::string_view (&choices)[kCount]) {
  return std::ranges::find(choices, text) != std::end(choices);
}

Value Appended(const Value& earlier, const Value& later) {
  std::vector<Value> items;
  for (const Value* value : {&earlier, &later}) {
    if (value->kind == Kind::kList) {
      items.insert(items.end(), value->items->begin(), value->items->end());
    } else {
      items.push_back(*value);
    }
  }
  return ListValue(std::move(items));
}

Value Merged(const Value& earlier, const Value& later) {
  std::vector<std::string> keys;
  std::vector<Value> items;
  for (const Value* value : {&earlier, &later}) {
    if (value->kind != Kind::kMap) {
      keys.emplace_back(1, '\0');
      items.push_back(*value);
      continue;
    }
    for (std::size_t index = 0; index < value->keys->size(); ++index) {
      const std::string& key = (*value->keys)[index];
      const Value& item = (*value->items)[index];
      const auto at = std::ranges::find(keys, key);
      if (at == keys.end() || !plugin::IsKnown(key)) {
        keys.push_back(key);
        items.push_back(item);
      } else if (!item.IsNull()) {
        items[static_cast<std::size_t>(at - keys.begin())] = item;
      }
    }
  }
  return MapValue(std::move(keys), std::move(items));
}

// Go's strconv.ParseBool.
Value ParseBoolean(std::string_view text) {
  constexpr std::string_view kTrue[] = {"1", "t", "T", "true", "TRUE", "True"};
  constexpr std::string_view kFalse[] = {"0", "f", "F", "false", "FALSE", "False"};
  if (IsOneOf(text, kTrue) || IsOneOf(text, kFalse)) {
    return BooleanValue(IsOneOf(text, kTrue));
  }
  return {};
}

Value ParseNumber(std::string_view text) {
  if (text.empty() || text.size() > 15 || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return {};
  }
  double number = 0;
  for (const char digit : text) {
    number = number * 10 + (digit - '0');
  }
  return NumberValue(number);
}

// What a given text becomes as a variable of that type.
Value Converted(std::string_view text, std::string_view type) {
  if (!plugin::IsKnown(text)) {
    return type == "string" ? TextValue(text) : Value{};
  }
  if (type == "string") {
    return TextValue(text);
  }
  if (type == "bool") {
    return ParseBoolean(text);
  }
  return type == "number" ? ParseNumber(text) : Value{};
}

bool HoldsTextsAlone(const Value& value) {
  return value.items == nullptr ? value.kind == Kind::kText : std::ranges::all_of(*value.items, HoldsTextsAlone);
}

// A preset value as the type that the variable declares.
Value Declared(const Value& preset, const Attribute& type) {
  if (preset.IsNull() || preset.IsUnknown()) {
    return preset;
  }
  if (type.value.form == Form::kVariable && type.value.text == "string") {
    return TextValue(TextOf(preset));
  }
  const bool is_kept = (preset.kind == Kind::kBoolean && type.value.text == "bool") ||
                       (preset.kind == Kind::kNumber && type.value.text == "number") || HoldsTextsAlone(preset);
  return is_kept ? preset : Value{};
}

// The type that a variable has: that which it declares, else that of its preset value.
std::string_view TypeOf(const Block& variable, const Value& preset) {
  const Attribute* type = Find(variable.body, "type");
  if (type != nullptr) {
    return type->value.form == Form::kVariable ? std::string_view(type->value.text) : std::string_view{};
  }
  switch (preset.kind) {
    case Kind::kNull:
    case Kind::kText:
      return "string";
    case Kind::kBoolean:
      return "bool";
    case Kind::kNumber:
      return "number";
    default:
      return {};
  }
}

const std::string& LabelOf(const Block& block) {
  if (block.labels.size() != 1) {
    FailMalformed(block.place, block.type + " has one name");
  }
  return block.labels.front();
}

}  // namespace

// ---- Targets -----------------------------------------------------------------------------------------------------

const Value* Target::Find(std::string_view field) const {
  const auto found = std::ranges::find(fields, field, &Field::name);
  return found == fields.end() || found->value.IsNull() ? nullptr : &found->value;
}

void Target::Set(std::string_view field, Value value) {
  const auto found = std::ranges::find(fields, field, &Field::name);
  if (found == fields.end()) {
    fields.push_back({std::string(field), std::move(value)});
  } else {
    found->value = std::move(value);
  }
}

void Target::Remove(std::string_view field) {
  std::erase_if(fields, [field](const bake::Field& one) { return one.name == field; });
}

void Target::Merge(const Target& later) {
  is_complete = is_complete && later.is_complete;
  for (const bake::Field& field : later.fields) {
    if (field.value.IsNull()) {
      continue;
    }
    const Value* earlier = Find(field.name);
    if (earlier != nullptr && IsOneOf(field.name, kAppended)) {
      Set(field.name, Appended(*earlier, field.value));
    } else if (earlier != nullptr && IsOneOf(field.name, kMerged)) {
      Set(field.name, Merged(*earlier, field.value));
    } else {
      Set(field.name, field.value);
    }
  }
}

// ---- Files -------------------------------------------------------------------------------------------------------

Definition::Definition(const plugin::Host& host, const CommandLine& line)
    : host_(host), line_(line), evaluator_(*this) {}

bool Definition::Read(const std::string& path, std::string_view* why) {
  std::string_view content;
  switch (host_.ReadFile(path, kMaxFileSize, &content)) {
    case SDP_OK:
      break;
    case SDP_UNKNOWN:
      *why = content;
      return false;
    case SDP_ABSENT:
      FailUnreadable(path, "the bake file " + path + " does not exist");
    default:
      FailUnreadable(path, "the bake file " + path + " cannot be read: " + std::string(content));
  }
  File& file = files_.emplace_back();
  file.source.path = path;
  file.source.text = content;
  if (!plugin::IsKnown(content)) {
    FailMalformed({&file.source, 0, 0, {}}, "the file holds a NUL byte");
  }
  // HCL is tried first, whatever the file is called, and nothing of it begins with a brace.
  const std::size_t first = content.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string_view::npos && content[first] == '{';
  file.body = is_json ? ReadJson(file.source) : ReadHcl(file.source);
  Index(file.body);
  return true;
}

void Definition::Index(const Body& body) {
  for (const Block& block : body.blocks) {
    if (block.type == "target") {
      target_blocks_.push_back(&block);
    } else if (block.type == "group") {
      group_blocks_.push_back(&block);
    } else if (block.type == "variable") {
      variables_.insert_or_assign(LabelOf(block), &block);
    } else if (block.type == "function") {
      functions_.insert_or_assign(LabelOf(block), &block);
    }  // buildx passes over blocks of other types
  }
  for (const Attribute& attribute : body.attributes) {
    attributes_[attribute.name].push_back(&attribute);
  }
}

// ---- Names -------------------------------------------------------------------------------------------------------

Value Definition::Variable(const std::string& name) {
  const auto known = values_.find(name);
  if (known != values_.end()) {
    return known->second;
  }
  if (!evaluating_.insert(name).second) {
    return {};  // a circle
  }
  Value value = VariableOf(name);
  evaluating_.erase(name);
  values_.emplace(name, value);
  return value;
}

Value Definition::VariableOf(const std::string& name) {
  if (name == "BAKE_CMD_CONTEXT") {
    return line_.is_remote ? Value{} : TextValue("cwd://");
  }
  // What buildx gives a value to cannot be defined by a file.
  constexpr std::string_view kReserved[] = {"BAKE_LOCAL_PLATFORM", "target", "group"};
  if (IsOneOf(name, kReserved)) {
    return {};
  }
  const auto variable = variables_.find(name);
  const auto attributes = attributes_.find(name);
  const Expression* expression = nullptr;
  if (attributes != attributes_.end()) {
    expression = &attributes->second.front()->value;
  } else if (variable != variables_.end()) {
    const Attribute* preset = Find(variable->second->body, "default");
    expression = preset == nullptr ? nullptr : &preset->value;
  }
  Value preset = expression == nullptr ? Value{} : evaluator_.Evaluate(*expression, nullptr);
  if (attributes != attributes_.end() && attributes->second.size() > 1) {
    preset = {};  // which one counts depends on the version
  }
  if (variable == variables_.end()) {
    return preset;
  }
  const Attribute* type = Find(variable->second->body, "type");
  return Given(name, *variable->second, type == nullptr ? preset : Declared(preset, *type));
}

// --var and the environment come before what the file presets.
Value Definition::Given(const std::string& name, const Block& variable, const Value& preset) {
  const bool has_preset = Find(variable.body, "default") != nullptr;
  const std::string_view type =
      has_preset || Find(variable.body, "type") != nullptr ? TypeOf(variable, preset) : std::string_view("string");
  const auto given = std::find_if(line_.variables.rbegin(), line_.variables.rend(),
                                  [&](const auto& one) { return one.first == name || !plugin::IsKnown(one.first); });
  if (given != line_.variables.rend()) {
    return given->first == name ? Converted(given->second, type) : Value{};
  }
  std::string_view text;
  const std::int32_t switched_off = host_.Environment("BUILDX_BAKE_DISABLE_VARS_ENV_LOOKUP", &text);
  const Value is_off = switched_off == SDP_OK ? ParseBoolean(text) : BooleanValue(false);
  if (switched_off == SDP_UNKNOWN) {
    return {};
  }
  if (is_off.truth) {
    return preset;
  }
  for (const std::string_view form : {"_JSON", "_CSV"}) {
    if (host_.Environment(name + std::string(form), &text) != SDP_ABSENT) {
      return {};  // some versions read it, some do not
    }
  }
  switch (host_.Environment(name, &text)) {
    case SDP_ABSENT:
      return preset;
    case SDP_OK:
      return Converted(text, type);
    default:
      return {};
  }
}

Value Definition::Field(std::string_view type, std::string_view name, std::string_view field) {
  const Block* found = nullptr;
  for (const Block* block : type == "target" ? target_blocks_ : group_blocks_) {
    if (LabelOf(*block) == name) {
      if (found != nullptr) {
        return {};
      }
      found = block;
    }
  }
  const Attribute* attribute = found == nullptr ? nullptr : Find(found->body, field);
  if (attribute == nullptr || Find(found->body, "matrix") != nullptr) {
    return {};
  }
  const std::string key = std::string(type) + "." + std::string(name) + "." + std::string(field);
  if (!evaluating_.insert(key).second) {
    return {};
  }
  Value value = evaluator_.Evaluate(attribute->value, nullptr);
  evaluating_.erase(key);
  return value;
}

const Block* Definition::Function(std::string_view name) {
  const auto found = functions_.find(name);
  return found == functions_.end() ? nullptr : found->second;
}

// ---- Groups and targets ------------------------------------------------------------------------------------------

void Definition::Resolve() {
  for (const Block* block : target_blocks_) {
    AddTarget(*block);
  }
  for (const Block* block : group_blocks_) {
    AddGroup(*block);
  }
}

void Definition::AddTo(const std::string& group, const std::string& target) {
  const auto found = std::ranges::find(groups_, group, &Group::name);
  if (found == groups_.end()) {
    groups_.push_back({group, {target}});
  } else {
    found->targets.push_back(target);
  }
}

// Of several groups with one name versions take one or all: all are looked at.
void Definition::AddGroup(const Block& block) {
  const std::string& name = LabelOf(block);
  const Attribute* targets = Find(block.body, "targets");
  if (targets == nullptr) {
    FailMalformed(block.place, "group '" + name + "' has no targets");
  }
  const Value value = evaluator_.Evaluate(targets->value, nullptr);
  if (value.kind != Kind::kList) {
    AddTo(name, TextOf(value));
    return;
  }
  for (const Value& item : *value.items) {
    AddTo(name, TextOf(item));
  }
}

std::vector<Scope> Definition::MatrixOf(const Block& block) {
  const Attribute* attribute = Find(block.body, "matrix");
  std::vector<Scope> scopes(1);
  if (attribute == nullptr) {
    return scopes;
  }
  const Value matrix = evaluator_.Evaluate(attribute->value, nullptr);
  if (matrix.kind != Kind::kMap) {
    return scopes;  // what it defines is not known then
  }
  for (std::size_t key = 0; key < matrix.keys->size(); ++key) {
    const Value& list = (*matrix.items)[key];
    const std::vector<Value> unknown(1);
    const std::vector<Value>& items = list.kind == Kind::kList ? *list.items : unknown;
    std::vector<Scope> longer;
    if (scopes.size() * items.size() > kMaxTargets) {
      FailMalformed(attribute->place, "the matrix has more than 2000 combinations");
    }
    for (const Value& item : items) {
      for (const Scope& scope : scopes) {
        longer.push_back(scope);
        longer.back().names.push_back((*matrix.keys)[key]);
        longer.back().values.push_back(item);
      }
    }
    scopes = std::move(longer);
  }
  return scopes;
}

void Definition::AddTarget(const Block& block) {
  const std::string& label = LabelOf(block);
  if (!block.body.blocks.empty()) {
    FailMalformed(block.body.blocks.front().place, "a target holds no blocks");
  }
  const Attribute* name = Find(block.body, "name");
  for (const Scope& scope : MatrixOf(block)) {
    Target target;
    target.name = name == nullptr ? label : TextOf(evaluator_.Evaluate(name->value, &scope));
    target.place = block.place;
    for (const Attribute& attribute : block.body.attributes) {
      if (attribute.name != "name" && attribute.name != "matrix") {
        target.Set(attribute.name, evaluator_.Evaluate(attribute.value, &scope));
      }
    }
    if (target.name != label) {
      AddTo(label, target.name);
    }
    const auto same = std::ranges::find(targets_, target.name, &Target::name);
    if (same != targets_.end() && plugin::IsKnown(target.name)) {
      same->Merge(target);
    } else if (targets_.size() == kMaxTargets) {
      FailMalformed(block.place, "there are more than 2000 targets");
    } else {
      targets_.push_back(std::move(target));
    }
  }
}

}  // namespace safe_docker::bake
