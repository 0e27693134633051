// Whether a condition holds of a request: surely, surely not, or nobody can tell. Knows what the fields of each kind of
// effect mean.
#pragma once

#include <safe_docker/checker.hpp>

#include <optional>
#include <string>
#include <vector>

#include "condition.hpp"
#include "places.hpp"
#include "truth.hpp"

namespace safe_docker::rules {

// An effect that a condition found, and how sure that is.
struct Witness {
  plugin::Effect effect;
  Truth truth;
};

class Evaluator {
 public:
  Evaluator(const plugin::Request& request, Places* places) : request_(request), places_(places) {}

  Truth Holds(const Condition& condition) const { return Holds(condition, nullptr, Reading::kWide); }

  // The effects that a condition which may hold is about: those of its first table that names effects.
  std::vector<Witness> Witnesses(const Condition& condition) const;

 private:
  Truth Holds(const Condition& condition, const plugin::Effect* effect, Reading reading) const;
  Truth HoldsOf(const Condition& condition, const plugin::Effect* effect, Reading reading) const;
  Truth Compare(const Test& test, const plugin::Effect* effect, Reading reading) const;
  Truth CompareEffect(const Test& test, const plugin::Effect& effect, Reading reading) const;
  Truth CompareRequest(const Test& test, const plugin::Effect* effect, Reading reading) const;
  Truth ComparePaths(const Test& test, bool touches, const std::optional<std::string>& written,
                     const std::optional<std::string>& resolved, Reading reading) const;
  Truth ComparePath(const Test& test, bool touches, const std::optional<std::string>& path, Letters letters) const;
  Truth CompareFile(const Test& test, std::uint32_t flag, const plugin::Effect& effect) const;
  Truth HasOption(const Condition& condition) const;
  Truth LacksOption(const Condition& condition) const;
  Truth FindsOption(const OptionTest& test) const;
  Truth MatchesSource(const Condition& condition, Reading reading) const;
  // What it comes to that something was not found among what the request lists.
  Truth NotListed() const;
  // The same of its options, of which files and the engine's API list but a part.
  Truth NotAmongOptions() const;
  const sdp_evidence* EvidenceOf(const plugin::Effect* effect) const;

  const plugin::Request& request_;
  Places* places_;
};

// The kind of the effect, as rules have it.
sdp_effect_kind KindOf(const plugin::Effect& effect);

}  // namespace safe_docker::rules
