#include "plugins/description.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "plugins/text.hpp"

namespace safe_docker::plugins {
namespace {

constexpr std::size_t kLongestId = 64;
constexpr std::size_t kLongestLine = 4096;
constexpr std::uint32_t kMostRules = 1000;

// Whose rules the host's own findings name.
constexpr std::string_view kReservedId = "host";

bool IsId(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= kLongestId && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), fits);
}

// Words as ids are, separated by blanks.
bool AreTags(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    if (!IsId(text.substr(0, end))) {
      return false;
    }
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return true;
}

bool IsDecision(sdp_decision decision) { return decision >= SDP_ALLOW && decision <= SDP_DENY; }

// Reads one-line texts; false if one of them is wrong.
struct Line {
  const sdp_string* from;
  std::string_view* to;
};
bool ReadLines(std::initializer_list<Line> lines) {
  for (const Line& line : lines) {
    const std::optional<std::string_view> text = Read(*line.from, kLongestLine);
    if (!text) {
      return false;
    }
    *line.to = *text;
  }
  return true;
}

std::string ReadRule(const sdp_rule& raw, Description* description) {
  Rule rule{{}, raw.strict, raw.standard, raw.permissive, {}, {}, {}, {}, 0};
  if (raw.size < sizeof raw || !ReadLines({{&raw.id, &rule.id},
                                           {&raw.title, &rule.title},
                                           {&raw.why, &rule.why},
                                           {&raw.standards, &rule.standards},
                                           {&raw.tags, &rule.tags}})) {
    return "one of its rules is malformed";
  }
  rule.severity = raw.severity;
  if (!IsId(rule.id)) {
    return "the id of one of its rules is not made of lower case letters, digits and dashes";
  }
  if (!IsDecision(rule.strict) || !IsDecision(rule.standard) || !IsDecision(rule.permissive)) {
    return "its rule " + std::string(rule.id) + " has a decision that is none";
  }
  if (rule.severity < SDP_SEVERITY_INFO || rule.severity > SDP_SEVERITY_CRITICAL || !AreTags(rule.tags)) {
    return "its rule " + std::string(rule.id) + " has a severity that is none, or tags that are no words";
  }
  if (description->FindRule(rule.id) != nullptr) {
    return "its rule " + std::string(rule.id) + " is described twice";
  }
  description->rules.push_back(rule);
  return {};
}

std::string ReadRules(const sdp_array& rules, Description* description) {
  if (!IsSound<sdp_rule>(rules) || description->rules.size() + rules.count > kMostRules) {
    return "its list of rules is malformed";
  }
  description->rules.reserve(description->rules.size() + rules.count);
  for (std::uint32_t i = 0; i < rules.count; ++i) {
    if (std::string error = ReadRule(ItemAt<sdp_rule>(rules, i), description); !error.empty()) {
      return error;
    }
  }
  return {};
}

std::string ReadCommands(const sdp_array& commands, Description* description) {
  if (!IsSound<sdp_string>(commands)) {
    return "its list of commands is malformed";
  }
  for (std::uint32_t i = 0; i < commands.count; ++i) {
    const std::optional<std::string_view> command = Read(ItemAt<sdp_string>(commands, i), kLongestLine);
    if (!command || command->empty()) {
      return "its list of commands is malformed";
    }
    description->commands.push_back(*command);
  }
  return {};
}

std::string ReadIdentity(const sdp_description& raw, std::string_view id, Description* description) {
  if (!ReadLines({{&raw.id, &description->id},
                  {&raw.version, &description->version},
                  {&raw.summary, &description->summary}})) {
    return "its description is malformed";
  }
  if (!IsId(description->id) || description->id == kReservedId) {
    return "its id is reserved, or not made of lower case letters, digits and dashes";
  }
  if (description->id != id) {
    return "it calls itself " + std::string(description->id) + ", not " + std::string(id);
  }
  return {};
}

}  // namespace

const Rule* Description::FindRule(std::string_view rule) const {
  const auto found = std::find_if(rules.begin(), rules.end(), [rule](const Rule& each) { return each.id == rule; });
  return found == rules.end() ? nullptr : &*found;
}

std::string ReadDescription(const sdp_plugin& plugin, std::string_view id, Description* description) {
  if (plugin.description == nullptr || plugin.description->size < sizeof(sdp_description)) {
    return "it has no description, or one that is smaller than ABI 1.0 has it";
  }
  const sdp_description& raw = *plugin.description;
  if (std::string error = ReadIdentity(raw, id, description); !error.empty()) {
    return error;
  }
  if (std::string error = ReadRules(raw.rules, description); !error.empty()) {
    return error;
  }
  if (std::string error = ReadCommands(raw.commands, description); !error.empty()) {
    return error;
  }
  // A kind that does not exist would keep the plugin from ever being asked.
  if ((raw.effects & ~((std::uint64_t{1} << SDP_EFFECT_KIND_COUNT) - 2)) != 0) {
    return "it wants effects of a kind that does not exist";
  }
  const std::optional<std::string_view> schema = Read(raw.settings_schema);
  if (!schema) {
    return "its settings schema is malformed";
  }
  description->effects = raw.effects;
  description->advises = (raw.flags & SDP_PLUGIN_ADVISES) != 0;
  description->settings_schema = *schema;
  return {};
}

std::string ReadOwnRules(const sdp_plugin& plugin, void* self, Description* description) {
  if (plugin.extension == nullptr) {
    return {};
  }
  const auto* rules = static_cast<const sdp_array*>(plugin.extension(self, SDP_EXTENSION_RULES));
  return rules == nullptr ? std::string() : ReadRules(*rules, description);
}

bool HasWantedEffect(std::uint64_t wanted, const docker::Request& request) {
  return std::any_of(request.effects.begin(), request.effects.end(), [wanted](const docker::Effect& effect) {
    return effect.kind < SDP_EFFECT_KIND_COUNT && (wanted >> effect.kind & 1) != 0;
  });
}

}  // namespace safe_docker::plugins
