#include "docker/grammar.hpp"

#include <algorithm>
#include <iterator>

namespace safe_docker::docker {
namespace {

#include "grammar_table.inc"

std::string_view TextAt(std::uint16_t offset) { return kText + offset; }

const CommandEntry& EntryAt(std::uint16_t index) { return kCommands[index]; }

std::uint16_t RootOf(Dialect dialect) { return kRoots[static_cast<std::size_t>(dialect)]; }

// The flag of a command by its name; null if it has none.
const FlagEntry* FindFlagOf(const CommandEntry& command, std::string_view name) {
  const FlagEntry* first = kFlags + command.first_flag;
  const FlagEntry* last = first + command.flag_count;
  const FlagEntry* found = std::lower_bound(
      first, last, name, [](const FlagEntry& entry, std::string_view text) { return TextAt(entry.name) < text; });
  return found != last && TextAt(found->name) == name ? found : nullptr;
}

const FlagEntry* FindShortFlagOf(const CommandEntry& command, char letter) {
  const FlagEntry* first = kFlags + command.first_flag;
  const FlagEntry* last = first + command.flag_count;
  const FlagEntry* found =
      std::find_if(first, last, [letter](const FlagEntry& entry) { return entry.short_name == letter; });
  return found != last && letter != '\0' ? found : nullptr;
}

const EdgeEntry* FindEdgeOf(std::uint16_t parent, std::string_view word) {
  const auto found = std::lower_bound(std::begin(kEdges), std::end(kEdges), word,
                                      [parent](const EdgeEntry& edge, std::string_view text) {
                                        return edge.parent != parent ? edge.parent < parent : TextAt(edge.word) < text;
                                      });
  return found != std::end(kEdges) && found->parent == parent && TextAt(found->word) == word ? found : nullptr;
}

// The edges are sorted by the command that they start from.
bool HasEdges(std::uint16_t parent) {
  const auto* found =
      std::lower_bound(std::begin(kEdges), std::end(kEdges), parent,
                       [](const EdgeEntry& edge, std::uint16_t wanted) { return edge.parent < wanted; });
  return found != std::end(kEdges) && found->parent == parent;
}

}  // namespace

std::string_view GrammarEffect::name() const { return TextAt(entry_->name); }
std::string_view GrammarEffect::options() const { return TextAt(entry_->options); }

std::string_view Flag::name() const { return TextAt(entry_->canonical); }
GrammarEffect Flag::effect() const { return GrammarEffect(kEffects[entry_->effect]); }

Command Command::Root(Dialect dialect) { return Command(RootOf(dialect), dialect); }

// They stand behind the root.
Command Command::Variables(Dialect dialect) {
  return Command(static_cast<std::uint16_t>(RootOf(dialect) + 1), dialect);
}

std::optional<Command> Command::Find(std::string_view path) {
  for (std::uint16_t index = 1; index < std::size(kCommands); ++index) {
    if (TextAt(kCommands[index].path) == path) {
      return Command(index, Dialect::kDocker);
    }
  }
  return std::nullopt;
}

bool Command::is_root() const { return index_ == RootOf(dialect_); }
std::string_view Command::path() const { return TextAt(EntryAt(index_).path); }
bool Command::ends_at_argument() const { return EntryAt(index_).ends_at_argument; }
// Other tools than docker have a --help of their own at every level.
bool Command::own_help() const { return EntryAt(index_).own_help || dialect_ != Dialect::kDocker; }
bool Command::expands() const { return EntryAt(index_).expands; }
ArgumentsRole Command::arguments() const { return EntryAt(index_).arguments; }
std::size_t Command::effect_count() const { return EntryAt(index_).effect_count; }

GrammarEffect Command::effect(std::size_t index) const {
  return GrammarEffect(kEffects[EntryAt(index_).first_effect + index]);
}

bool Command::has_children() const { return HasEdges(index_) || HasEdges(EntryAt(index_).base); }

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
  if (const FlagEntry* flag = FindFlagOf(EntryAt(index_), name)) {
    return Flag(*flag);
  }
  const FlagEntry* inherited = dialect_ == Dialect::kDocker ? nullptr : FindFlagOf(EntryAt(RootOf(dialect_)), name);
  return inherited != nullptr ? std::optional(Flag(*inherited)) : std::nullopt;
}

std::optional<Flag> Command::FindShortFlag(char letter) const {
  if (const FlagEntry* flag = FindShortFlagOf(EntryAt(index_), letter)) {
    return Flag(*flag);
  }
  const FlagEntry* inherited =
      dialect_ == Dialect::kDocker ? nullptr : FindShortFlagOf(EntryAt(RootOf(dialect_)), letter);
  return inherited != nullptr ? std::optional(Flag(*inherited)) : std::nullopt;
}

const EdgeEntry* Command::FindEdge(std::string_view word) const {
  const EdgeEntry* own = FindEdgeOf(index_, word);
  return own != nullptr ? own : FindEdgeOf(EntryAt(index_).base, word);
}

std::optional<Command> Command::FindChild(std::string_view word) const {
  const EdgeEntry* edge = FindEdge(word);
  return edge != nullptr ? std::optional(Command(edge->child, dialect_)) : std::nullopt;
}

std::optional<Command> Command::FindAlternativeChild(std::string_view word) const {
  const EdgeEntry* edge = FindEdge(word);
  return edge != nullptr && edge->alternative != 0 ? std::optional(Command(edge->alternative, dialect_)) : std::nullopt;
}

}  // namespace safe_docker::docker
