// What the fields of an effect are, read from the texts that the contract gives it. Nothing in the place of a text:
// nobody knows it before the command runs.
#pragma once

#include <safe_docker/checker.hpp>

#include <optional>
#include <string>
#include <vector>

#include "truth.hpp"
#include "vocabulary.hpp"

namespace safe_docker::rules {

std::optional<std::string> SubjectOf(const plugin::Effect& effect);

// Where its path leads.
std::optional<std::string> ResolvedOf(const plugin::Effect& effect);

// The texts of which a rule may name any: one for most fields, several for a list.
std::vector<std::optional<std::string>> TextsOf(const plugin::Effect& effect, Source source);

// kHostPort or kContainerPort; empty if there is none.
std::optional<std::string> PortOf(const plugin::Effect& effect, Source source);

// Whether a digest says which image it is.
std::optional<bool> IsPinned(const plugin::Effect& effect);

Truth MatchesImage(std::string_view pattern, const plugin::Effect& effect);

}  // namespace safe_docker::rules
