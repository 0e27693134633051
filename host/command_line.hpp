// What the doors hand to the docker room: the words of one simple command, with what is known of each word, the place
// where it stands, and the environment it would run in. The shell room makes command lines from text, the wrapper from
// argv. Everything is an owned value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "written_files.hpp"

namespace safe_docker {

// Stands in a word's text for a part that nobody can know before the command runs ("$DIR/x" with DIR unknown is
// "\0/x"). An argument can never hold a NUL byte, so nothing else is ever mistaken for one.
inline constexpr char kUnknownPart = '\0';

// False if `text` holds an unknown part.
inline bool IsKnown(std::string_view text) { return text.find(kUnknownPart) == std::string_view::npos; }

// A part of the judged text: bytes [begin, end).
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

// One word after quote removal and expansion.
struct Word {
  std::string text;
  std::string written;     // as it stands in the source, quotes and all
  bool may_split = false;  // holds an unquoted unknown part: may become no word, or several
  Span span;
  // Its unknown parts are ids or names that a program printed (docker build -q): each nothing, or letters, digits, '_',
  // '.' and '-' with a letter or digit first. If it may split it is such a word or none.
  bool is_identifier = false;
};

// A variable as the command would see it.
struct Variable {
  enum class State : std::uint8_t { kKnown, kUnset, kUnknown };
  State state = State::kUnset;
  std::string value;  // may hold unknown parts if kUnknown
};

// The environment of a command: what the judged text did to it, on top of what safe-docker itself was started with.
class Environment {
 public:
  // `process` is a NUL-terminated array of "NAME=value" as in environ, read and not kept beyond look-ups; may be null.
  explicit Environment(const char* const* process = nullptr) : process_(process) {}

  // The value that `name` has.
  Variable Get(std::string_view name) const;

  // The value that safe-docker itself was started with, whatever the judged text has made of it.
  Variable GetInherited(std::string_view name) const;

  // The known value of `name`, or `fallback` if it is unset, unknown or empty.
  std::string GetOr(std::string_view name, std::string_view fallback) const;

  void Set(std::string_view name, Variable value) { changes_.insert_or_assign(std::string(name), std::move(value)); }

  // What the judged text itself assigned, by name.
  const std::map<std::string, Variable, std::less<>>& changes() const { return changes_; }

 private:
  const char* const* process_;
  std::map<std::string, Variable, std::less<>> changes_;
};

// One simple command that might run.
struct CommandLine {
  std::vector<Word> words;  // the first is the command's name; assignments in front are in `environment`
  Environment environment;
  std::string cwd;                  // absolute; holds kUnknownPart if it cannot be known
  std::string source;               // the command as written, for messages
  std::string standard_input;       // what a here-document or here-string feeds it
  bool has_standard_input = false;  // whether standard_input is known to be that
  // The files that standard input and output are redirected to, absolute as far as they are known; else empty.
  std::string standard_input_file;
  std::string standard_output_file;
  std::shared_ptr<const WrittenFiles> files;  // what the text has made of files by then; null if it has touched none
};

}  // namespace safe_docker
