#include <span>

#include "evaluator.hpp"
#include "rule.hpp"

namespace safe_docker::rules {
namespace {

using plugin::Effect;
using plugin::Request;
using plugin::View;

constexpr std::size_t kLongestValue = 200;

constexpr std::string_view kPlaceholders[] = {"path",    "image",   "subject", "name", "target",
                                              "options", "service", "command", "file"};

// For people: what is not known as "?", on one line, and not too long.
std::string Shown(std::string_view value) {
  std::string shown(value.substr(0, kLongestValue));
  for (char& letter : shown) {
    letter = static_cast<unsigned char>(letter) < ' ' || letter == '\x7f' ? '?' : letter;
  }
  shown += value.size() > kLongestValue ? "..." : "";
  return shown.empty() ? "(none)" : shown;
}

std::string_view ServiceOf(const Request& request, const Effect* effect, sdp_string sdp_evidence::*field) {
  const sdp_evidence* const own = effect == nullptr ? nullptr : effect->evidence();
  if (own != nullptr && (own->*field).size != 0) {
    return View(own->*field);
  }
  return request.evidence() == nullptr ? std::string_view{} : View(request.evidence()->*field);
}

std::string_view ValueOf(std::string_view word, const Request& request, const Effect* effect) {
  if (word == "service" || word == "file") {
    return ServiceOf(request, effect, word == "file" ? &sdp_evidence::file : &sdp_evidence::service);
  }
  if (word == "command") {
    return request.command();
  }
  if (effect == nullptr) {
    return {};
  }
  return word == "name"      ? effect->name()
         : word == "target"  ? effect->target()
         : word == "options" ? effect->options()
                             : effect->subject();  // the path, the image
}

}  // namespace

std::span<const std::string_view> Placeholders() { return kPlaceholders; }

std::string FillIn(const std::string& text, const Request& request, const Effect* effect) {
  std::string filled;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    const std::size_t close = rest.find('}', open == std::string_view::npos ? 0 : open);
    filled += rest.substr(0, open);
    if (open == std::string_view::npos || close == std::string_view::npos) {
      filled += open == std::string_view::npos ? std::string_view{} : rest.substr(open);
      break;
    }
    const std::string_view word = rest.substr(open + 1, close - open - 1);
    const bool is_known = std::ranges::find(kPlaceholders, word) != std::end(kPlaceholders);
    filled += is_known ? Shown(ValueOf(word, request, effect)) : std::string(rest.substr(open, close - open + 1));
    rest.remove_prefix(close + 1);
  }
  return filled;
}

}  // namespace safe_docker::rules
