// Puts the pieces of a word's expansion together to fields: splits what unquoted expansions give at the separators of
// IFS, remembers which characters may be patterns, and what may split or vanish because it is not known.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/output.hpp"
#include "variables.hpp"

namespace safe_docker::shell {

struct Field {
  std::string text;
  bool may_split = false;
  bool is_identifier = false;               // as in Word
  PrintedWords words = PrintedWords::kAny;  // what its unknown parts are
  std::vector<std::uint32_t> globs = {};    // where unquoted glob characters stand in `text`
  std::vector<std::uint32_t> quoted = {};   // where quoted ones stand, of those that mean something in patterns
};

// Whether `c` means something in a pattern.
bool IsPatternCharacter(char c);

class FieldBuilder {
 public:
  enum class Mode : std::uint8_t {
    kSplit,       // the words of a command
    kOne,         // one field: assignments, redirections, here-documents
    kPattern,     // the same, as a pattern in which a backslash quotes
    kReplacement  // the same, with a backslash before each quoted '&' and backslash
  };

  // `ifs`: null if the text has not touched it.
  FieldBuilder(Mode mode, const ShellVariable* ifs);

  // `words`: what is known of an unknown part in `text`.
  void AppendQuoted(std::string_view text, PrintedWords words = PrintedWords::kAny);
  void AppendLiteral(std::string_view text);
  // What an unquoted expansion gives.
  void AppendSplit(std::string_view text, PrintedWords words);
  // Ends the field, between the elements of a list.
  void Break();
  // Between the elements of an unquoted list.
  void BreakUnquoted();
  // A list of which it is not known how many elements it has stands here.
  void MaySplit() { current_.may_split = true; }
  bool splits() const { return mode_ == Mode::kSplit; }
  Mode mode() const { return mode_; }
  // Whether tildes expand behind ':' and '='.
  bool is_assignment() const { return is_assignment_; }
  void set_assignment(bool is_assignment) { is_assignment_ = is_assignment; }

  std::vector<Field> Take() {
    Break();
    return std::move(fields_);
  }
  Field TakeOne() { return Finished(); }

 private:
  void AppendUnquoted(char c);
  void NoteUnknown(std::string_view text, PrintedWords words);
  Field Finished();
  void NoteGroup();
  void Separate(char c);

  Mode mode_;
  bool is_assignment_ = false;
  std::string separators_ = " \t\n";
  bool separators_known_ = true;
  bool only_blanks_split_ = true;
  std::vector<Field> fields_;
  Field current_;
  bool has_identifier_ = false;  // some unknown part is one
  bool has_one_ = false;         // some is one word
  bool has_optional_ = false;    // some is one word or nothing
  bool has_other_ = false;       // some is anything
  bool present_ = false;         // the field counts even if it is empty
  bool anchored_ = false;        // the field holds something that cannot turn out to be nothing
  bool after_blank_ = false;     // a blank of IFS ended the field before: another separator may belong to it
};

}  // namespace safe_docker::shell
