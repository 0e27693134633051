#include "field_builder.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::string_view kPatternCharacters = "*?[]()|!+@\\^-";

bool IsGlob(char c) { return c == '*' || c == '?' || c == '['; }

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

}  // namespace

bool IsPatternCharacter(char c) { return kPatternCharacters.find(c) != std::string_view::npos; }

FieldBuilder::FieldBuilder(Mode mode, const ShellVariable* ifs) : mode_(mode) {
  if (ifs == nullptr || ifs->state == Variable::State::kUnset) {
    return;
  }
  separators_known_ = ifs->state == Variable::State::kKnown && !ifs->is_array;
  separators_ = separators_known_ ? ifs->value : "";
  only_blanks_split_ = separators_known_ && separators_.find_first_not_of(" \t\n") == std::string::npos;
}

void FieldBuilder::NoteUnknown(std::string_view text, PrintedWords words) {
  if (IsKnown(text)) {
    return;
  }
  switch (words) {
    case PrintedWords::kIdentifier:
      has_identifier_ = true;
      break;
    case PrintedWords::kOne:
      has_one_ = true;
      break;
    case PrintedWords::kAtMostOne:
      has_optional_ = true;
      break;
    case PrintedWords::kAny:
      has_other_ = true;
      break;
  }
}

// The field that ends here; the next one begins.
Field FieldBuilder::Finished() {
  current_.is_identifier = has_identifier_ && !has_other_ && !has_one_ && !has_optional_;
  if (!has_other_ && (has_optional_ || has_identifier_)) {
    current_.words = PrintedWords::kAtMostOne;
  } else if (!has_other_ && has_one_) {
    current_.words = PrintedWords::kOne;
  }
  has_identifier_ = has_one_ = has_optional_ = has_other_ = false;
  return std::exchange(current_, {});
}

void FieldBuilder::AppendQuoted(std::string_view text, PrintedWords words) {
  NoteUnknown(text, words);
  if (mode_ == Mode::kPattern || mode_ == Mode::kReplacement) {
    for (const char c : text) {
      const bool quotes = mode_ == Mode::kPattern ? IsPatternCharacter(c) : c == '&' || c == '\\';
      current_.text.append(quotes ? "\\" : "").append(1, c);
    }
    return;
  }
  for (std::size_t at = text.find_first_of(kPatternCharacters); at != std::string_view::npos && splits();
       at = text.find_first_of(kPatternCharacters, at + 1)) {
    current_.quoted.push_back(static_cast<std::uint32_t>(current_.text.size() + at));
  }
  current_.text.append(text);
  present_ = true;
  anchored_ = true;
}

void FieldBuilder::AppendLiteral(std::string_view text) {
  NoteUnknown(text, PrintedWords::kAny);
  for (const char c : text) {
    AppendUnquoted(c);
  }
  present_ = present_ || !text.empty();
  anchored_ = anchored_ || !text.empty();
}

// One separator of IFS. Blanks next to each other are one, also around one that is no blank.
void FieldBuilder::Separate(char c) {
  if (IsBlank(c)) {
    const bool ended = present_;
    Break();
    after_blank_ = after_blank_ || ended;
    return;
  }
  if (after_blank_ && !present_) {
    after_blank_ = false;
    return;
  }
  present_ = true;
  anchored_ = true;
  Break();
}

void FieldBuilder::AppendSplit(std::string_view text, PrintedWords words) {
  NoteUnknown(text, words);
  if (mode_ != Mode::kSplit) {
    current_.text.append(text);
    return;
  }
  if (!separators_known_ && !text.empty()) {
    text = std::string_view("\0", 1);
  }
  const bool one_word = words != PrintedWords::kAny && only_blanks_split_;
  for (const char c : text) {
    if (c != kUnknownPart && separators_.find(c) != std::string::npos) {
      Separate(c);
      continue;
    }
    const bool may_split = current_.may_split;
    AppendUnquoted(c);
    current_.may_split = one_word ? may_split : current_.may_split;
    anchored_ = anchored_ || (c == kUnknownPart ? words == PrintedWords::kOne : true);
    present_ = true;
  }
}

void FieldBuilder::Break() {
  const bool had_field = present_;
  if (present_) {
    current_.may_split = current_.may_split || !anchored_;
    fields_.push_back(Finished());
    present_ = false;
    anchored_ = false;
  }
  after_blank_ = after_blank_ && !had_field;
}

void FieldBuilder::BreakUnquoted() {
  const bool keeps_empty = !separators_.empty() && !IsBlank(separators_[0]);
  if (keeps_empty && splits()) {
    Separate(separators_[0]);
  } else {
    Break();
  }
}

// At a parenthesis: with the character before it, an extended pattern may begin.
void FieldBuilder::NoteGroup() {
  const std::size_t size = current_.text.size();
  const bool opens = size > 0 && std::string_view("@!+").find(current_.text.back()) != std::string_view::npos;
  const bool is_quoted = !current_.quoted.empty() && current_.quoted.back() + 1 == size;
  if (opens && !is_quoted) {
    current_.globs.push_back(static_cast<std::uint32_t>(size - 1));
  }
}

void FieldBuilder::AppendUnquoted(char c) {
  if (IsGlob(c) && mode_ == Mode::kSplit) {
    current_.globs.push_back(static_cast<std::uint32_t>(current_.text.size()));
  } else if (c == '(' && mode_ == Mode::kSplit) {
    NoteGroup();
  }
  current_.may_split = current_.may_split || c == kUnknownPart;
  current_.text.push_back(c);
}

}  // namespace safe_docker::shell
