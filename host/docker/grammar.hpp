// The grammar of docker's command line as data: every command of docker, buildx and compose with its flags. The tables
// are made at build time from grammar/grammar.txt and cost nothing at start-up; this header is how they are asked.
#pragma once

#include <safe_docker/plugin.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "docker/grammar_roles.hpp"

namespace safe_docker::docker {

struct EffectEntry {
  std::uint8_t kind;  // sdp_effect_kind
  EffectSubject subject;
  std::uint16_t name;
  std::uint16_t options;
};

struct FlagEntry {
  std::uint16_t name;
  std::uint16_t canonical;
  char short_name;  // NUL if it has none
  FlagKind kind;
  FlagRole role;
  std::uint16_t effect;
};

struct CommandEntry {
  std::uint16_t path;
  std::uint16_t base;  // docker's command of which this is another tool's reading; itself if there is none
  std::uint16_t first_flag;
  std::uint16_t flag_count;
  ArgumentsRole arguments;
  std::uint16_t first_effect;
  std::uint8_t effect_count;
  bool ends_at_argument;
  bool own_help;
  bool expands;
};

struct EdgeEntry {
  std::uint16_t parent;
  std::uint16_t word;
  std::uint16_t child;
  std::uint16_t alternative;  // 0 if there is none
};

// What running a command or giving a flag is by itself, whatever the words; lives for ever.
class GrammarEffect {
 public:
  explicit GrammarEffect(const EffectEntry& entry) : entry_(&entry) {}
  sdp_effect_kind kind() const { return entry_->kind; }
  EffectSubject subject() const { return entry_->subject; }
  std::string_view name() const;
  std::string_view options() const;

 private:
  const EffectEntry* entry_;
};

// A flag of a command; lives for ever.
class Flag {
 public:
  explicit Flag(const FlagEntry& entry) : entry_(&entry) {}
  std::string_view name() const;  // canonical, no dashes
  FlagKind kind() const { return entry_->kind; }
  bool is_switch() const { return entry_->kind == FlagKind::kSwitch; }
  bool takes_next_word() const { return entry_->kind != FlagKind::kSwitch && entry_->kind != FlagKind::kOptional; }
  FlagRole role() const { return entry_->role; }
  GrammarEffect effect() const;  // of a flag with the role kEffect

 private:
  const FlagEntry* entry_;
};

// A command, or the docker level itself; lives for ever.
class Command {
 public:
  // The level in front of every command.
  static Command Root(Dialect dialect = Dialect::kDocker);
  // Not a command: its flags are the variables that work like one.
  static Command Variables(Dialect dialect = Dialect::kDocker);
  // docker's command by its canonical path ("container run").
  static std::optional<Command> Find(std::string_view path);

  std::string_view path() const;  // canonical; empty for the root
  bool ends_at_argument() const;
  bool own_help() const;
  bool expands() const;
  bool has_children() const;
  bool is_root() const;
  // Other tools than docker obey their global flags behind every command too, and find the command as cobra's Traverse
  // does.
  Dialect dialect() const { return dialect_; }
  // Whether any of its flags, its arguments or running it at all means something to the host.
  bool reaches_host() const;
  ArgumentsRole arguments() const;
  std::size_t effect_count() const;
  GrammarEffect effect(std::size_t index) const;

  std::optional<Flag> FindFlag(std::string_view name) const;
  std::optional<Flag> FindShortFlag(char letter) const;

  // The command that `word` leads to from here. Where two programs claim the word (build: buildx and the classic
  // builder), this is the one that a current installation uses.
  std::optional<Command> FindChild(std::string_view word) const;
  // The other one.
  std::optional<Command> FindAlternativeChild(std::string_view word) const;

  bool operator==(const Command&) const = default;

 private:
  Command(std::uint16_t index, Dialect dialect) : index_(index), dialect_(dialect) {}
  const EdgeEntry* FindEdge(std::string_view word) const;

  std::uint16_t index_;
  Dialect dialect_;
};

// The names of all flags of all commands, sorted, without dashes.
std::vector<std::string_view> FlagNames();

}  // namespace safe_docker::docker
