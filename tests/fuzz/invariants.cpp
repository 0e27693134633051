#include "invariants.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "file_system.hpp"

namespace safe_docker::fuzz {
namespace {

using docker::Effect;
using docker::Request;

void Print(const char* name, const std::string& text) {
  std::fprintf(stderr, "  %s: ", name);
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte >= ' ' && byte < 0x7f) {
      std::fputc(byte, stderr);
    } else {
      std::fprintf(stderr, "\\x%02x", byte);
    }
  }
  std::fputc('\n', stderr);
}

bool IsPathEffect(const Effect& effect) {
  return effect.kind >= SDP_EFFECT_MOUNT_HOST_PATH && effect.kind <= SDP_EFFECT_DELETE_HOST_PATH;
}

bool Is(const Effect& effect, std::uint32_t flag) { return (effect.flags & flag) != 0; }

void RequireSoundPath(const Effect& effect) {
  if (!effect.resolved.empty()) {
    Require(effect.resolved.starts_with('/') && IsKnown(effect.resolved), "a resolved path is absolute and known",
            &effect);
  }
  if (Is(effect, SDP_EFFECT_UNRESOLVED)) {
    return;
  }
  Require(IsKnown(effect.subject), "a path that is not unresolved is known", &effect);
  Require(!effect.resolved.empty(), "a path that is not unresolved is resolved", &effect);
  Require(CleanPath(effect.subject, "/") == effect.subject, "a path that is not unresolved is absolute and clean",
          &effect);
  Require(CleanPath(effect.resolved, "/") == effect.resolved, "a resolved path is clean", &effect);
}

bool HoldsUnknownPart(const Effect& effect) {
  const std::string* const texts[] = {&effect.subject, &effect.name, &effect.target, &effect.options};
  return effect.kind == SDP_EFFECT_UNKNOWN || Is(effect, SDP_EFFECT_UNRESOLVED) ||
         std::any_of(std::begin(texts), std::end(texts), [](const std::string* text) { return !IsKnown(*text); });
}

bool IsSame(const Effect& left, const Effect& right) {
  return left.kind == right.kind && left.flags == right.flags && left.subject == right.subject &&
         left.name == right.name && left.target == right.target && left.options == right.options &&
         left.resolved == right.resolved;
}

bool IsSameRequest(const Request& left, const Request& right) {
  const auto is_same_option = [](const docker::Option& one, const docker::Option& other) {
    return one.name == other.name && one.value == other.value;
  };
  return left.command == right.command && left.flags == right.flags && left.engine == right.engine &&
         left.arguments == right.arguments && left.needs_expansion == right.needs_expansion &&
         std::equal(left.options.begin(), left.options.end(), right.options.begin(), right.options.end(),
                    is_same_option);
}

}  // namespace

void Require(bool holds, const char* rule, const Effect* effect) {
  if (holds) {
    return;
  }
  std::fprintf(stderr, "broken: %s\n", rule);
  if (effect != nullptr) {
    std::fprintf(stderr, "  kind: %u, flags: %u\n", effect->kind, effect->flags);
    Print("subject", effect->subject);
    Print("name", effect->name);
    Print("target", effect->target);
    Print("options", effect->options);
    Print("resolved", effect->resolved);
    Print("written", effect->evidence.written);
  }
  std::abort();
}

void RequireSoundEffects(const std::vector<Request>& requests) {
  for (const Request& request : requests) {
    for (const Effect& effect : request.effects) {
      Require(effect.kind > 0 && effect.kind < SDP_EFFECT_KIND_COUNT, "the kind is one of plugin.h", &effect);
      Require(effect.kind == SDP_EFFECT_USE_ENGINE || !effect.evidence.written.empty(),
              "an effect says which words it comes from", &effect);
      if (IsPathEffect(effect)) {
        RequireSoundPath(effect);
      }
    }
    const auto engines = std::count_if(request.effects.begin(), request.effects.end(),
                                       [](const Effect& effect) { return effect.kind == SDP_EFFECT_USE_ENGINE; });
    // What runs in a virtual machine and is not docker has none.
    Require(engines <= 1, "a request has one engine at most");
  }
}

bool ShowsUnknownPart(const std::vector<Request>& requests) {
  return std::any_of(requests.begin(), requests.end(), [](const Request& request) {
    return std::any_of(request.effects.begin(), request.effects.end(), HoldsUnknownPart);
  });
}

void RequireSameEffects(const std::vector<Request>& left, const std::vector<Request>& right, const char* rule) {
  Require(left.size() == right.size(), rule);
  for (std::size_t index = 0; index < left.size(); ++index) {
    const std::vector<Effect>& one = left[index].effects;
    const std::vector<Effect>& other = right[index].effects;
    for (std::size_t at = 0; at < std::min(one.size(), other.size()); ++at) {
      Require(IsSame(one[at], other[at]), rule, &other[at]);
    }
    Require(one.size() == other.size(), rule);
    Require(IsSameRequest(left[index], right[index]), rule);
  }
}

}  // namespace safe_docker::fuzz
