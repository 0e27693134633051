#include "policy/selector.hpp"

#include <safe_docker/glob.hpp>

#include "policy/rules.hpp"

namespace safe_docker::policy {
namespace {

constexpr std::string_view kTagPrefix = "tag:";

}  // namespace

Selector ReadSelector(std::string_view text) {
  if (text == "all") {
    return {Selector::Kind::kAll, {}};
  }
  if (text.starts_with(kTagPrefix)) {
    return {Selector::Kind::kTag, std::string(text.substr(kTagPrefix.size()))};
  }
  const bool is_pattern = text.find('*') != std::string_view::npos;
  return {is_pattern ? Selector::Kind::kPattern : Selector::Kind::kRule, std::string(text)};
}

bool Selects(const Selector& selector, std::string_view rule, std::string_view tags) {
  switch (selector.kind) {
    case Selector::Kind::kAll:
      return true;
    case Selector::Kind::kTag:
      return HasTag(tags, selector.text);
    case Selector::Kind::kPattern:
      return plugin::MatchesGlob(selector.text, rule);
    case Selector::Kind::kRule:
      return selector.text == rule;
  }
  return false;
}

std::string Describe(const Selector& selector) {
  switch (selector.kind) {
    case Selector::Kind::kAll:
      return "all";
    case Selector::Kind::kTag:
      return std::string(kTagPrefix) + selector.text;
    default:
      return selector.text;
  }
}

}  // namespace safe_docker::policy
