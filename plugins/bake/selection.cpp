#include "selection.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "failure.hpp"

namespace safe_docker::bake {
namespace {

constexpr std::string_view kLink = "target:";

enum class Match : std::uint8_t { kNo, kYes, kUnknown };

// Go's path.Match, as far as '*' and '?' go.
Match Matches(std::string_view pattern, std::string_view name) {
  if (!plugin::IsKnown(pattern) || !plugin::IsKnown(name) || pattern.find_first_of("[\\") != std::string_view::npos) {
    return Match::kUnknown;
  }
  std::size_t at = 0;
  std::size_t in = 0;
  std::size_t star = std::string_view::npos;
  std::size_t star_in = 0;
  while (in < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      star_in = in;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == name[in])) {
      ++at;
      ++in;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in = ++star_in;
    } else {
      return Match::kNo;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos ? Match::kYes : Match::kNo;
}

// A field of --set whose value takes the place of the file's; the host judges that value.
struct Replaced {
  std::string_view option;
  std::string_view field;
};
constexpr Replaced kReplaced[] = {{"output", "output"},
                                  {"cache-to", "cache-to"},
                                  {"cache-from", "cache-from"},
                                  {"secrets", "secret"},
                                  {"ssh", "ssh"}};

Value GivenValue(const Override& given) {
  Value value = TextValue(given.value);
  value.is_given = true;
  return value;
}

class Selector {
 public:
  Selector(const Definition& definition, const Files& files, const ComposeFiles& compose, const CommandLine& line)
      : definition_(definition), files_(files), compose_(compose), line_(line) {
    for (const Target& target : definition.targets()) {
      by_name_.emplace(target.name, &target);
    }
    for (const Group& group : definition.groups()) {
      groups_.emplace(group.name, &group);
    }
  }

  std::vector<SelectedTarget> Select() {
    SelectNamed();
    std::vector<SelectedTarget> selected;
    // The list grows while it is walked.
    for (std::size_t index = 0; index < chosen_.size(); ++index) {
      const auto [target, is_linked] = chosen_[index];
      std::set<std::string_view> visited;
      selected.push_back({Resolve(*target, visited), is_linked});
      AddLinks(selected.back().target);
    }
    return selected;
  }

 private:
  void SelectNamed() {
    // A part that nobody sees may group and link targets of any name.
    bool is_all = compose_.MayLink() || !files_.unseen.empty();
    std::vector<std::string> names(line_.targets.begin(), line_.targets.end());
    if (names.empty()) {
      names.emplace_back("default");
    }
    for (std::string& name : names) {
      std::ranges::replace(name, '.', '_');
      is_all = !AddMatching(name) || is_all;
    }
    if (is_all) {
      AddAll(false);
    }
    // All services of compose files are built by default, each with what a target of its name adds to it.
    const bool has_default = std::ranges::find(names, "default") != names.end();
    for (const Target& target : definition_.targets()) {
      if (!plugin::IsKnown(target.name) || (has_default && compose_.MayName(target.name))) {
        Add(target, false);
      }
    }
  }

  void AddAll(bool are_linked) {
    for (const Target& target : definition_.targets()) {
      Add(target, are_linked);
    }
  }

  // False if nobody can tell what it names.
  bool AddMatching(const std::string& pattern) {
    if (pattern.find_first_of("*?[]") == std::string::npos) {
      return AddByName(pattern);
    }
    bool is_clear = true;
    const auto visit = [&](const std::string& name) {
      const Match match = Matches(pattern, name);
      is_clear = is_clear && match != Match::kUnknown && (match == Match::kNo || AddByName(name));
    };
    for (const Group& group : definition_.groups()) {
      visit(group.name);
    }
    for (const Target& target : definition_.targets()) {
      visit(target.name);
    }
    return is_clear;
  }

  bool AddByName(const std::string& name) {
    if (!plugin::IsKnown(name)) {
      return false;
    }
    const auto group = groups_.find(name);
    // A group that names itself means the target of that name.
    if (group == groups_.end() || !seen_groups_.insert(name).second) {
      const auto target = by_name_.find(name);
      if (target != by_name_.end()) {
        Add(*target->second, false);
      }
      return true;
    }
    bool is_clear = true;
    for (const std::string& member : group->second->targets) {
      is_clear = AddByName(member) && is_clear;
    }
    return is_clear;
  }

  void Add(const Target& target, bool is_linked) {
    if (seen_targets_.insert(&target).second) {
      chosen_.push_back({&target, is_linked});
    }
  }

  void AddLinks(const Target& target) {
    const Value* contexts = target.Find("contexts");
    if (contexts == nullptr || contexts->kind != Kind::kMap) {
      return;
    }
    for (const Value& item : *contexts->items) {
      const std::string text = TextOf(item);
      if (!text.starts_with(kLink)) {
        continue;
      }
      const auto linked = by_name_.find(std::string_view(text).substr(kLink.size()));
      if (linked != by_name_.end()) {
        Add(*linked->second, true);
      } else if (!plugin::IsKnown(text)) {
        AddAll(true);
      }
    }
  }

  // With all that it inherits; what goes in a circle is passed over, as buildx does.
  Target Resolve(const Target& target, std::set<std::string_view>& visited) {
    constexpr std::size_t kMaxChain = 200;
    constexpr std::size_t kMaxWork = 500000;
    visited.insert(target.name);
    if (visited.size() > kMaxChain || work_ > kMaxWork) {
      FailMalformed(target.place, "the target inherits too much to be checked");
    }
    Target made;
    made.name = target.name;
    made.place = target.place;
    const Value* inherits = target.Find("inherits");
    if (inherits != nullptr && inherits->kind != Kind::kList) {
      made.is_complete = false;
    } else if (inherits != nullptr) {
      for (const Value& item : *inherits->items) {
        Inherit(TextOf(item), visited, made);
      }
    }
    Count(made);
    made.Merge(target);
    for (const Override& given : line_.overrides) {
      if (Matches(given.pattern, target.name) == Match::kYes) {
        Apply(given, made);
      }
    }
    return made;
  }

  // What merging pays for: each field and item so far.
  void Count(const Target& target) {
    work_ += 8;
    for (const Field& field : target.fields) {
      work_ += 1 + (field.value.items == nullptr ? 0 : field.value.items->size());
    }
  }

  void Inherit(const std::string& name, std::set<std::string_view>& visited, Target& made) {
    const auto found = by_name_.find(name);
    if (!plugin::IsKnown(name)) {
      made.is_complete = false;
    } else if (found != by_name_.end()) {
      // A target that two others inherit counts at each place.
      std::set<std::string_view> inner = visited;
      if (!inner.contains(found->second->name)) {
        Count(made);
        made.Merge(Resolve(*found->second, inner));
      }
    }  // else buildx refuses it, unless a compose file, which is judged as well, defines it
  }

  void Apply(const Override& given, Target& target) const {
    if (!plugin::IsKnown(given.field) || !plugin::IsKnown(given.name)) {
      return;
    }
    if (given.field == "context" || given.field == "dockerfile") {
      target.Set(given.field, GivenValue(given));
    } else if (given.field == "contexts") {
      ReplaceContext(given, target);
    }
    const auto* replaced = std::ranges::find(kReplaced, given.field, &Replaced::option);
    if (replaced != std::end(kReplaced) && given.name.empty() && !Appends(given)) {
      target.Remove(replaced->field);
    }
  }

  // Versions differ in what they do if only some values are appended: then all of them count.
  bool Appends(const Override& given) const {
    return std::ranges::any_of(line_.overrides,
                               [&](const Override& other) { return other.field == given.field && other.appends; });
  }

  static void ReplaceContext(const Override& given, Target& target) {
    const Value* contexts = target.Find("contexts");
    if (contexts == nullptr || contexts->kind != Kind::kMap) {
      return;
    }
    std::vector<std::string> keys;
    std::vector<Value> items;
    for (std::size_t index = 0; index < contexts->keys->size(); ++index) {
      if ((*contexts->keys)[index] != given.name) {
        keys.push_back((*contexts->keys)[index]);
        items.push_back((*contexts->items)[index]);
      }
    }
    keys.emplace_back(given.name);
    items.push_back(GivenValue(given));
    target.Set("contexts", MapValue(std::move(keys), std::move(items)));
  }

  struct Chosen {
    const Target* target;
    bool is_linked;
  };

  const Definition& definition_;
  const Files& files_;
  const ComposeFiles& compose_;
  const CommandLine& line_;
  std::map<std::string_view, const Target*> by_name_;
  std::map<std::string_view, const Group*> groups_;
  std::set<std::string> seen_groups_;
  std::set<const Target*> seen_targets_;
  std::vector<Chosen> chosen_;
  std::size_t work_ = 0;
};

}  // namespace

std::vector<SelectedTarget> SelectTargets(const Definition& definition, const Files& files, const ComposeFiles& compose,
                                          const CommandLine& line) {
  return Selector(definition, files, compose, line).Select();
}

}  // namespace safe_docker::bake
