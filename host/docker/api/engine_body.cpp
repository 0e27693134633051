#include "docker/api/engine_body.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "docker/csv.hpp"
#include "docker/effects.hpp"

namespace safe_docker::docker {
namespace {

constexpr std::size_t kLargestBody = 4 << 20;  // as much as the engine shows to those who stand in between
constexpr int kMostLevels = 64;
constexpr std::size_t kLongestEvidence = 160;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Looks at the keys while the parser goes along.
class KeyWatch {
 public:
  bool Take(int depth, Json::parse_event_t event, const Json& parsed) {
    if (depth > kMostLevels) {
      problem_ = "it has more than 64 levels";
    } else if (event == Json::parse_event_t::object_start) {
      keys_.emplace_back();
    } else if (event == Json::parse_event_t::object_end && !keys_.empty()) {
      keys_.pop_back();
    } else if (event == Json::parse_event_t::key && !keys_.empty() &&
               !keys_.back().insert(FoldName(parsed.get_ref<const std::string&>())).second) {
      problem_ = "it has the key '" + parsed.get<std::string>() + "' twice, in any case";
    }
    return problem_.empty();
  }

  const std::string& problem() const { return problem_; }

 private:
  std::vector<std::set<std::string>> keys_;
  std::string problem_;
};

std::string NumberText(const Json& value) { return value.dump(); }

std::string Shortened(std::string_view text) {
  std::string shortened(text.substr(0, kLongestEvidence));
  std::replace(shortened.begin(), shortened.end(), kUnknownPart, '?');
  return shortened + (text.size() > kLongestEvidence ? "..." : "");
}

}  // namespace

std::string FoldName(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at).starts_with("\xC5\xBF")) {  // the long s
      folded += 's';
      at += 1;
    } else if (text.substr(at).starts_with("\xE2\x84\xAA")) {  // the Kelvin sign
      folded += 'k';
      at += 2;
    } else {
      folded += text[at] >= 'A' && text[at] <= 'Z' ? static_cast<char>(text[at] - 'A' + 'a') : text[at];
    }
  }
  return folded;
}

DecodedBody DecodeBody(std::string_view text) {
  DecodedBody body;
  if (text.size() > kLargestBody) {
    body.problem = "it is larger than 4 MiB";
  } else if (text.starts_with(kByteOrderMark)) {
    body.problem = "it begins with a byte order mark";
  } else {
    KeyWatch watch;
    body.value = Json::parse(
        text, [&watch](int depth, Json::parse_event_t event, Json& parsed) { return watch.Take(depth, event, parsed); },
        /*allow_exceptions=*/false);
    body.problem = body.value.is_discarded() ? "it is not one JSON value" : "";
    body.problem = watch.problem().empty() ? body.problem : watch.problem();
  }
  return body;
}

const Json* FindMember(const Json& object, std::string_view name) {
  if (!object.is_object()) {
    return nullptr;
  }
  const std::string wanted = FoldName(name);
  for (const auto& [key, value] : object.items()) {
    if (!value.is_null() && FoldName(key) == wanted) {
      return &value;
    }
  }
  return nullptr;
}

void GiveCommandFlag(std::string_view command, std::string_view flag, std::string_view value, const Evidence& evidence,
                     Request* request) {
  const std::optional<Command> owner = Command::Find(command);
  const std::optional<Flag> found = owner ? owner->FindFlag(flag) : std::nullopt;
  if (!found) {
    AddUnknown("the option --" + std::string(flag), "no command knows it", evidence, request);
    return;
  }
  request->options.push_back({std::string(found->name()), std::string(value), evidence.written});
  AddFlagEffects(*found, value, evidence, request);
}

Evidence BodyReader::EvidenceOf(const std::string& where, std::string_view value) const {
  Evidence evidence = evidence_;
  evidence.written = where + ": " + Shortened(value);
  return evidence;
}

void BodyReader::Refuse(const std::string& where, std::string_view why) {
  AddUnknown("the field " + Shortened(where) + " of the request", why, EvidenceOf(where, ""), request_);
}

void BodyReader::GiveFlag(std::string_view flag, std::string_view value, const Evidence& evidence) {
  GiveCommandFlag(command_, flag, value, evidence, request_);
}

void BodyReader::Give(std::string_view value, const Field& field, const std::string& where) {
  const Evidence evidence = EvidenceOf(where, value);
  if (field.add != nullptr) {
    field.add(value, evidence, request_);
  } else {
    GiveFlag(field.flag, value, evidence);
  }
}

std::string BodyReader::Text(const Json& object, std::string_view name, const std::string& where) {
  const Json* member = FindMember(object, name);
  if (member != nullptr && !member->is_string()) {
    Refuse(where + std::string(name), "the engine takes a text there");
  }
  return member != nullptr && member->is_string() ? member->get<std::string>() : std::string();
}

bool BodyReader::IsOn(const Json& object, std::string_view name, const std::string& where) {
  const Json* member = FindMember(object, name);
  if (member != nullptr && !member->is_boolean()) {
    Refuse(where + std::string(name), "the engine takes true or false there");
  }
  return member != nullptr && member->is_boolean() && member->get<bool>();
}

void BodyReader::ReadEach(const Json& value, const Field& field, const std::string& where) {
  for (const auto& [key, item] : value.items()) {
    const bool is_pair = field.shape == Shape::kPairs;
    const std::string place = is_pair ? where + "." + key : where + "[" + key + "]";
    if (field.shape == Shape::kObjects && (item.is_object() || item.is_null())) {
      // Null is an object without members.
      field.read(item.is_null() ? Json::object() : item, place + ".", this);
    } else if (field.shape != Shape::kObjects && (item.is_string() || item.is_null())) {
      const std::string text = item.is_null() ? std::string() : item.get<std::string>();
      if (is_pair) {
        Give(key + "=" + text, field, where);
      } else if (!text.empty()) {
        Give(text, field, where);
      }
    } else {
      Refuse(place, "the engine takes something of another type there");
    }
  }
}

void BodyReader::ReadField(const Json& value, const Field& field, const std::string& where) {
  const bool is_single_text = (field.shape == Shape::kText || field.shape == Shape::kTextOrTexts) && value.is_string();
  const bool is_list = value.is_array() && (field.shape == Shape::kTexts || field.shape == Shape::kTextOrTexts ||
                                            field.shape == Shape::kObjects);
  if (is_single_text) {
    if (!value.get_ref<const std::string&>().empty()) {
      Give(value.get_ref<const std::string&>(), field, where);
    }
  } else if (field.shape == Shape::kSwitch && value.is_boolean()) {
    if (value.get<bool>()) {
      Give("true", field, where);
    }
  } else if (field.shape == Shape::kNumber && value.is_number_integer()) {
    if (value != 0) {
      Give(NumberText(value), field, where);
    }
  } else if (is_list || (field.shape == Shape::kPairs && value.is_object())) {
    ReadEach(value, field, where);
  } else if (field.shape == Shape::kAnything || (field.shape == Shape::kObject && value.is_object())) {
    field.read(value, where + ".", this);
  } else {
    Refuse(where, "the engine takes something of another type there");
  }
}

void BodyReader::Read(const Json& object, std::span<const Field> fields, const std::string& where) {
  if (!object.is_object()) {
    Refuse(where.empty() ? "body" : where, "the engine takes an object there");
    return;
  }
  for (const auto& [key, value] : object.items()) {
    const std::string folded = FoldName(key);
    const auto row =
        std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return ToLower(field.name) == folded; });
    if (row == fields.end()) {
      Refuse(where + key, "it is not known here, and may mean access to the host");
    } else if (!value.is_null() && row->shape != Shape::kIgnored) {
      ReadField(value, *row, where + std::string(row->name));
    }
  }
}

}  // namespace safe_docker::docker
