#include "commands/options.hpp"

#include <algorithm>

#include "diagnostics.hpp"
#include "guard.hpp"
#include "policy/suggestion.hpp"

namespace safe_docker::commands {
namespace {

const OptionSpec* Find(std::span<const OptionSpec> known, std::string_view name) {
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const OptionSpec& each) { return each.name == name || each.short_name == name; });
  return found == known.end() ? nullptr : &*found;
}

std::string Unknown(std::string_view name, std::span<const OptionSpec> known) {
  std::vector<std::string_view> names;
  for (const OptionSpec& each : known) {
    names.push_back(each.name);
    if (!each.short_name.empty()) {
      names.push_back(each.short_name);
    }
  }
  const std::string_view nearest = policy::Nearest(name, names);
  return "unknown option '" + std::string(name) + "'" +
         (nearest.empty() ? "" : ", did you mean " + std::string(nearest) + "?");
}

}  // namespace

bool Options::Has(std::string_view name) const { return Last(name).has_value(); }

std::optional<std::string> Options::Last(std::string_view name) const {
  const auto found = std::find_if(given.rbegin(), given.rend(), [&](const auto& each) { return each.first == name; });
  return found == given.rend() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> Options::All(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [each, value] : given) {
    if (each == name) {
      values.push_back(value);
    }
  }
  return values;
}

Options ReadOptions(std::span<const OptionSpec> known, const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t index = 0; index < arguments.size(); ++index) {
    const std::string_view word = arguments[index];
    if (word == "--") {
      options.words.insert(options.words.end(), arguments.begin() + static_cast<std::ptrdiff_t>(index) + 1,
                           arguments.end());
      break;
    }
    if (word.size() < 2 || word[0] != '-') {
      options.words.emplace_back(word);
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    const OptionSpec* spec = Find(known, name);
    if (spec == nullptr) {
      options.problem = Unknown(name, known);
      return options;
    }
    if (!spec->takes_value() && equals != std::string_view::npos) {
      options.problem = std::string(name) + " takes no value";
      return options;
    }
    if (spec->takes_value() && equals == std::string_view::npos && index + 1 == arguments.size()) {
      options.problem = std::string(name) + " needs a value: " + std::string(spec->value);
      return options;
    }
    const std::string_view value = !spec->takes_value()               ? std::string_view{}
                                   : equals == std::string_view::npos ? std::string_view(arguments[++index])
                                                                      : word.substr(equals + 1);
    options.given.emplace_back(spec->name, value);
    if (spec->takes_all_behind && !options.words.empty()) {
      options.problem = "'" + options.words[0] + "' may not stand in front of " + std::string(name);
      return options;
    }
    if (spec->takes_all_behind) {
      options.words.insert(options.words.end(), arguments.begin() + static_cast<std::ptrdiff_t>(index) + 1,
                           arguments.end());
      break;
    }
  }
  return options;
}

int RefuseArguments(const std::string& message) {
  guard::Answered();  // nothing was to be judged
  diagnostics::Log(diagnostics::Level::kError, message);
  return 2;
}

}  // namespace safe_docker::commands
