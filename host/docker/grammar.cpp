#include "docker/grammar.hpp"

#include <algorithm>
#include <iterator>

namespace safe_docker::docker {
namespace {

#include "grammar_table.inc"

std::string_view TextAt(std::uint16_t offset) { return kText + offset; }

const CommandEntry& EntryAt(std::uint16_t index) { return kCommands[index]; }

}  // namespace

std::string_view GrammarEffect::name() const { return TextAt(entry_->name); }
std::string_view GrammarEffect::options() const { return TextAt(entry_->options); }

std::string_view Flag::name() const { return TextAt(entry_->canonical); }
GrammarEffect Flag::effect() const { return GrammarEffect(kEffects[entry_->effect]); }

Command Command::Root() { return Command(0); }
Command Command::Variables() { return Command(1); }

std::optional<Command> Command::Find(std::string_view path) {
  for (std::uint16_t index = 1; index < std::size(kCommands); ++index) {
    if (TextAt(kCommands[index].path) == path) {
      return Command(index);
    }
  }
  return std::nullopt;
}

std::string_view Command::path() const { return TextAt(EntryAt(index_).path); }
bool Command::ends_at_argument() const { return EntryAt(index_).ends_at_argument; }
bool Command::own_help() const { return EntryAt(index_).own_help; }
bool Command::expands() const { return EntryAt(index_).expands; }
ArgumentsRole Command::arguments() const { return EntryAt(index_).arguments; }
std::size_t Command::effect_count() const { return EntryAt(index_).effect_count; }

GrammarEffect Command::effect(std::size_t index) const {
  return GrammarEffect(kEffects[EntryAt(index_).first_effect + index]);
}

bool Command::has_children() const {
  return std::any_of(std::begin(kEdges), std::end(kEdges),
                     [this](const EdgeEntry& edge) { return edge.parent == index_; });
}

bool Command::reaches_host() const {
  const CommandEntry& entry = EntryAt(index_);
  const FlagEntry* first = kFlags + entry.first_flag;
  return entry.expands || entry.effect_count != 0 || entry.arguments != ArgumentsRole::kNone ||
         std::any_of(first, first + entry.flag_count,
                     [](const FlagEntry& flag) { return flag.role != FlagRole::kNone; });
}

std::vector<std::string_view> FlagNames() {
  std::vector<std::string_view> names;
  for (const FlagEntry& flag : kFlags) {
    names.push_back(TextAt(flag.name));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::optional<Flag> Command::FindFlag(std::string_view name) const {
  const FlagEntry* first = kFlags + EntryAt(index_).first_flag;
  const FlagEntry* last = first + EntryAt(index_).flag_count;
  const FlagEntry* found = std::lower_bound(
      first, last, name, [](const FlagEntry& entry, std::string_view text) { return TextAt(entry.name) < text; });
  return found != last && TextAt(found->name) == name ? std::optional(Flag(*found)) : std::nullopt;
}

std::optional<Flag> Command::FindShortFlag(char letter) const {
  const FlagEntry* first = kFlags + EntryAt(index_).first_flag;
  const FlagEntry* last = first + EntryAt(index_).flag_count;
  const FlagEntry* found =
      std::find_if(first, last, [letter](const FlagEntry& entry) { return entry.short_name == letter; });
  return found != last && letter != '\0' ? std::optional(Flag(*found)) : std::nullopt;
}

const EdgeEntry* Command::FindEdge(std::string_view word) const {
  const auto found = std::lower_bound(std::begin(kEdges), std::end(kEdges), word,
                                      [this](const EdgeEntry& edge, std::string_view text) {
                                        return edge.parent != index_ ? edge.parent < index_ : TextAt(edge.word) < text;
                                      });
  return found != std::end(kEdges) && found->parent == index_ && TextAt(found->word) == word ? found : nullptr;
}

std::optional<Command> Command::FindChild(std::string_view word) const {
  const EdgeEntry* edge = FindEdge(word);
  return edge != nullptr ? std::optional(Command(edge->child)) : std::nullopt;
}

std::optional<Command> Command::FindAlternativeChild(std::string_view word) const {
  const EdgeEntry* edge = FindEdge(word);
  return edge != nullptr && edge->alternative != 0 ? std::optional(Command(edge->alternative)) : std::nullopt;
}

}  // namespace safe_docker::docker
