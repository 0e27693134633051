#include "writer.hpp"

namespace safe_docker::yaml {
namespace {

constexpr std::size_t kMaxWritten = 120;
constexpr std::size_t kMaxEffects = 200000;

void Render(const Node& node, std::string& text) {
  if (text.size() > kMaxWritten) {
    return;
  }
  if (!node.IsList() && !node.IsMap()) {
    text += node.written;
    return;
  }
  text += node.IsMap() ? '{' : '[';
  std::string_view separator;
  for (const Entry& entry : node.entries) {
    if (text.size() > kMaxWritten) {
      return;
    }
    text += separator;
    separator = ", ";
    if (node.IsMap()) {
      text += entry.key;
      text += ": ";
    }
    Render(*entry.value, text);
  }
  text += node.IsMap() ? '}' : ']';
}

void Shorten(std::string& text) {
  for (char& byte : text) {
    byte = byte == '\n' || byte == '\r' || byte == '\t' ? ' ' : byte;
  }
  if (text.size() <= kMaxWritten) {
    return;
  }
  std::size_t end = kMaxWritten - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  text.resize(end);
  text += "...";
}

}  // namespace

std::string Written(const Setting& setting) {
  std::string text(setting.field);
  text += ": ";
  Render(*setting.value, text);
  if (text.size() == setting.field.size() + 2) {
    text.resize(setting.field.size());
  }
  Shorten(text);
  return text;
}

void Writer::Count(const Setting& setting) {
  if (++count_ > kMaxEffects) {
    FailAt(*setting.value, "the files have more than 200000 settings to check");
  }
}

sdp_evidence Writer::EvidenceOf(const Setting& setting) {
  Count(setting);
  written_ = Written(setting);
  sdp_evidence evidence{};
  evidence.size = sizeof evidence;
  evidence.line = setting.line;
  evidence.column = setting.column;
  evidence.written = plugin::Text(written_);
  evidence.file = plugin::Text(setting.value->source->path);
  evidence.service = plugin::Text(service_);
  return evidence;
}

void Writer::BeginService(const Entry& service) {
  service_ = service.key;
  sdp_evidence evidence = EvidenceOf({"service", service});
  written_ = "service " + std::string(service.key.substr(0, kMaxWritten));
  evidence.written = plugin::Text(written_);
  requests_.Begin(command_, folder_, evidence);
}

void Writer::BeginPart(std::string_view what, const Node& part) {
  sdp_evidence evidence{};
  evidence.size = sizeof evidence;
  evidence.line = part.line;
  evidence.column = part.column;
  evidence.written = plugin::Text(what.substr(0, kMaxWritten));
  evidence.file = plugin::Text(part.source->path);
  requests_.Begin(command_, folder_, evidence);
}

void Writer::BeginProject(std::string_view command, const Setting& section) {
  sdp_evidence evidence = EvidenceOf(section);
  evidence.written = plugin::Text(section.field);
  requests_.Begin(command, folder_, evidence);
}

void Writer::End() {
  requests_.End();
  service_ = {};
}

void Writer::Option(const Setting& setting, std::string_view name, std::string_view value) {
  // A value that docker would refuse makes the host add an unknown effect by itself.
  requests_.Option(name, value, EvidenceOf(setting));
}

void Writer::Effect(const Setting& setting, sdp_effect_kind kind, const EffectText& text, std::uint32_t flags) {
  const sdp_evidence evidence = EvidenceOf(setting);
  sdp_effect effect{};
  effect.size = sizeof effect;
  effect.kind = kind;
  const bool is_known = plugin::IsKnown(text.subject) || kind == SDP_EFFECT_RUN_COMMAND;
  effect.flags = is_known ? flags : flags | SDP_EFFECT_UNRESOLVED;
  effect.subject = plugin::Text(text.subject);
  effect.name = plugin::Text(text.name);
  effect.target = plugin::Text(text.target);
  effect.options = plugin::Text(text.options);
  effect.evidence = &evidence;
  requests_.Add(effect);
}

void Writer::Run(const Setting& setting, std::string_view cwd, std::span<const sdp_string> words) {
  requests_.Run(cwd, words.data(), words.size(), EvidenceOf(setting));
}

void Writer::Unknown(const Setting& setting, std::string_view why) {
  const std::string written = Written(setting);
  const sdp_evidence evidence = EvidenceOf(setting);
  requests_.Add(SDP_EFFECT_UNKNOWN, written, why, evidence);
}

void Writer::Unseen(std::string_view what, std::string_view why, std::string_view file, std::uint32_t line,
                    std::uint32_t column) {
  sdp_evidence evidence{};
  evidence.size = sizeof evidence;
  evidence.line = line;
  evidence.column = column;
  evidence.written = plugin::Text(what.substr(0, kMaxWritten));
  evidence.file = plugin::Text(file);
  requests_.Begin(command_, folder_, evidence);
  requests_.Add(SDP_EFFECT_UNKNOWN, what, why, evidence);
  requests_.End();
}

}  // namespace safe_docker::yaml
