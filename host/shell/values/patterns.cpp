#include "patterns.hpp"

#include <algorithm>
#include <array>

#include "command_line.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostWork = 2'000'000;  // steps from one place to another that a match may take
constexpr int kDeepestGroup = 16;
constexpr std::size_t kMostText = 65536;
constexpr std::size_t kNowhere = std::string_view::npos;

struct CharacterClass {
  std::string_view name;
  bool (*contains)(unsigned char c);
};

constexpr bool IsUpper(unsigned char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool IsLower(unsigned char c) { return c >= 'a' && c <= 'z'; }
constexpr bool IsDigit(unsigned char c) { return c >= '0' && c <= '9'; }
constexpr bool IsGraph(unsigned char c) { return c > ' ' && c < 0x7F; }

constexpr std::array<CharacterClass, 14> kClasses = {{
    {"alpha", [](unsigned char c) { return IsUpper(c) || IsLower(c); }},
    {"digit", [](unsigned char c) { return IsDigit(c); }},
    {"alnum", [](unsigned char c) { return IsUpper(c) || IsLower(c) || IsDigit(c); }},
    {"upper", [](unsigned char c) { return IsUpper(c); }},
    {"lower", [](unsigned char c) { return IsLower(c); }},
    {"space", [](unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }},
    {"blank", [](unsigned char c) { return c == ' ' || c == '\t'; }},
    {"punct", [](unsigned char c) { return IsGraph(c) && !IsUpper(c) && !IsLower(c) && !IsDigit(c); }},
    {"print", [](unsigned char c) { return c >= ' ' && c < 0x7F; }},
    {"graph", [](unsigned char c) { return IsGraph(c); }},
    {"cntrl", [](unsigned char c) { return c < ' ' || c == 0x7F; }},
    {"xdigit", [](unsigned char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }},
    {"ascii", [](unsigned char c) { return c < 0x80; }},
    {"word", [](unsigned char c) { return IsUpper(c) || IsLower(c) || IsDigit(c) || c == '_'; }},
}};

bool OpensGroup(char c) { return c == '?' || c == '*' || c == '+' || c == '@' || c == '!'; }

unsigned char OtherCase(unsigned char c) { return IsUpper(c) || IsLower(c) ? static_cast<unsigned char>(c ^ 0x20) : c; }

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::string QuotedPattern(std::string_view text, const std::vector<std::uint32_t>& active) {
  std::string pattern;
  std::size_t next = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_active = next < active.size() && active[next] == i;
    next += is_active ? 1 : 0;
    if (!is_active && std::string_view("*?[\\").find(text[i]) != kNowhere) {
      pattern.push_back('\\');
    }
    pattern.push_back(text[i]);
  }
  return pattern;
}

bool HasExtendedGlob(std::string_view pattern) {
  for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (OpensGroup(pattern[i]) && pattern[i + 1] == '(') {
      return true;
    }
  }
  return false;
}

bool HasGlob(std::string_view pattern, bool extended) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern[i] == '*' || pattern[i] == '?' || (pattern[i] == '[' && pattern.find(']', i + 1) != kNowhere) ||
               (extended && OpensGroup(pattern[i]) && pattern.substr(i + 1).starts_with('('))) {
      return true;
    }
  }
  return false;
}

// Reads a pattern's text into elements.
class Pattern::Compiler {
 public:
  Compiler(std::string_view pattern, PatternOptions options) : pattern_(pattern), options_(options) {}

  Elements Compile(bool in_group);
  bool too_deep() const { return too_deep_; }

 private:
  void CompileGroup(Elements* elements);
  bool GroupCloses() const;
  bool CompileBracket(Elements* elements);
  bool ReadBracketItem(std::size_t* at, std::bitset<256>* set, int* single) const;

  std::string_view pattern_;
  PatternOptions options_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool too_deep_ = false;
};

Pattern::Elements Pattern::Compiler::Compile(bool in_group) {
  Elements elements;
  while (at_ < pattern_.size()) {
    const char c = pattern_[at_];
    if (in_group && (c == '|' || c == ')')) {
      break;
    }
    if (options_.extended && OpensGroup(c) && pattern_.substr(at_ + 1).starts_with('(') && GroupCloses()) {
      CompileGroup(&elements);
      continue;
    }
    if (c == '[' && CompileBracket(&elements)) {
      continue;
    }
    Element element;
    element.character = c;
    if (c == '\\' && at_ + 1 < pattern_.size()) {
      element.character = pattern_[++at_];
    } else if (c == '*' || c == kUnknownPart) {
      element.kind = c == '*' ? Element::Kind::kStar : Element::Kind::kUnknown;
    } else if (c == '?') {
      element.kind = Element::Kind::kAny;
    }
    ++at_;
    const auto byte = static_cast<unsigned char>(element.character);
    if (options_.ignore_case && element.kind == Element::Kind::kCharacter && OtherCase(byte) != byte) {
      element.kind = Element::Kind::kBracket;
      element.set.set(byte);
      element.set.set(OtherCase(byte));
    }
    elements.push_back(std::move(element));
  }
  return elements;
}

// Whether the parenthesis behind the character at the place has its partner.
bool Pattern::Compiler::GroupCloses() const {
  std::size_t open = 0;
  for (std::size_t i = at_ + 1; i < pattern_.size(); ++i) {
    if (pattern_[i] == '\\') {
      ++i;
    } else if (pattern_[i] == '(') {
      ++open;
    } else if (pattern_[i] == ')' && --open == 0) {
      return true;
    }
  }
  return false;
}

void Pattern::Compiler::CompileGroup(Elements* elements) {
  Element group;
  group.kind = Element::Kind::kGroup;
  group.character = pattern_[at_];
  at_ += 2;
  if (++depth_ > kDeepestGroup) {
    too_deep_ = true;
    at_ = pattern_.size();
    return;
  }
  while (true) {
    group.alternatives.push_back(Compile(true));
    if (at_ >= pattern_.size() || pattern_[at_++] == ')') {
      break;
    }
  }
  --depth_;
  elements->push_back(std::move(group));
}

// One item of a bracket expression: a class, or one character, which `single` then holds (else -1).
bool Pattern::Compiler::ReadBracketItem(std::size_t* at, std::bitset<256>* set, int* single) const {
  *single = -1;
  const std::string_view rest = pattern_.substr(*at);
  if (rest.size() > 1 && rest[0] == '[' && (rest[1] == ':' || rest[1] == '=' || rest[1] == '.')) {
    const std::string closing = {rest[1], ']'};
    const std::size_t end = rest.find(closing, 2);
    if (end != kNowhere) {
      const std::string_view name = rest.substr(2, end - 2);
      if (rest[1] == ':') {
        for (const CharacterClass& each : kClasses) {
          for (unsigned c = 0; c < 256 && each.name == name; ++c) {
            set->set(c, set->test(c) || each.contains(static_cast<unsigned char>(c)));
          }
        }
      } else if (name.size() == 1) {
        *single = static_cast<unsigned char>(name[0]);
      }
      *at += end + 2;
      return true;
    }
  }
  if (rest[0] == '\\' && rest.size() > 1) {
    ++*at;
  }
  *single = static_cast<unsigned char>(pattern_[(*at)++]);
  return true;
}

bool Pattern::Compiler::CompileBracket(Elements* elements) {
  std::size_t at = at_ + 1;
  const bool negated = at < pattern_.size() && (pattern_[at] == '!' || pattern_[at] == '^');
  at += negated ? 1 : 0;
  Element bracket;
  bracket.kind = Element::Kind::kBracket;
  for (bool first = true; at < pattern_.size() && (first || pattern_[at] != ']'); first = false) {
    int from = -1;
    ReadBracketItem(&at, &bracket.set, &from);
    const bool range = from >= 0 && at + 1 < pattern_.size() && pattern_[at] == '-' && pattern_[at + 1] != ']';
    int to = from;
    if (range) {
      ++at;
      ReadBracketItem(&at, &bracket.set, &to);
    }
    for (int c = from; c >= 0 && c <= to; ++c) {
      bracket.set.set(static_cast<std::size_t>(c));
    }
  }
  if (at >= pattern_.size()) {
    return false;
  }
  for (unsigned c = 0; c < 256 && options_.ignore_case; ++c) {
    bracket.set.set(c, bracket.set.test(c) || bracket.set.test(OtherCase(static_cast<unsigned char>(c))));
  }
  if (negated) {
    bracket.set.flip();
  }
  at_ = at + 1;
  elements->push_back(std::move(bracket));
  return true;
}

// Walks elements over a text: which places are reached from which.
class Pattern::Matcher {
 public:
  // A set of places in the text, its end included.
  using Places = std::vector<bool>;

  Matcher(std::string_view text, bool possible) : text_(text), possible_(possible) {}

  Places Run(const Elements& elements, Places from);
  Places From(std::size_t place) const {
    Places places(text_.size() + 1);
    places[place] = true;
    return places;
  }
  bool gave_up() const { return work_ > kMostWork; }

 private:
  Places Step(const Element& element, const Places& from);
  Places StepGroup(const Element& group, const Places& from);
  Places StepNot(const Element& group, const Places& from);
  Places Repeat(const Element& group, Places from);
  Places RunAlternatives(const Element& group, const Places& from);
  void SkipUnknown(Places* places) const;
  static bool Add(const Places& more, Places* places);

  std::string_view text_;
  bool possible_;  // which places might be reached, whatever the unknown parts are; else which are for sure
  std::size_t work_ = 0;
};

bool Pattern::Matcher::Add(const Places& more, Places* places) {
  bool grew = false;
  for (std::size_t i = 0; i < more.size(); ++i) {
    if (more[i] && !(*places)[i]) {
      (*places)[i] = true;
      grew = true;
    }
  }
  return grew;
}

// An unknown part of the text may be nothing.
void Pattern::Matcher::SkipUnknown(Places* places) const {
  for (std::size_t i = 0; i < text_.size() && possible_; ++i) {
    if ((*places)[i] && text_[i] == kUnknownPart) {
      (*places)[i + 1] = true;
    }
  }
}

Pattern::Matcher::Places Pattern::Matcher::Run(const Elements& elements, Places from) {
  SkipUnknown(&from);
  for (const Element& element : elements) {
    if (gave_up()) {
      break;
    }
    from = Step(element, from);
    SkipUnknown(&from);
  }
  return from;
}

Pattern::Matcher::Places Pattern::Matcher::Step(const Element& element, const Places& from) {
  work_ += text_.size() + 1;
  if (element.kind == Element::Kind::kGroup) {
    return StepGroup(element, from);
  }
  Places to(text_.size() + 1);
  if (element.kind == Element::Kind::kStar || (element.kind == Element::Kind::kUnknown && possible_)) {
    const auto first = static_cast<std::size_t>(std::find(from.begin(), from.end(), true) - from.begin());
    std::fill(to.begin() + static_cast<std::ptrdiff_t>(std::min(first, to.size())), to.end(), true);
    return to;
  }
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (!from[i]) {
      continue;
    }
    const char c = text_[i];
    if (c == kUnknownPart) {
      to[i] = to[i] || possible_;  // the character is in it, and it may go on
    } else if ((element.kind == Element::Kind::kAny) ||
               (element.kind == Element::Kind::kBracket && element.set.test(static_cast<unsigned char>(c))) ||
               (element.kind == Element::Kind::kCharacter && c == element.character)) {
      to[i + 1] = true;
    }
  }
  return to;
}

Pattern::Matcher::Places Pattern::Matcher::RunAlternatives(const Element& group, const Places& from) {
  Places to(text_.size() + 1);
  for (const Elements& alternative : group.alternatives) {
    Add(Run(alternative, from), &to);
  }
  return to;
}

Pattern::Matcher::Places Pattern::Matcher::Repeat(const Element& group, Places from) {
  Places next = from;
  do {
    next = RunAlternatives(group, next);
  } while (!gave_up() && Add(next, &from));
  return from;
}

Pattern::Matcher::Places Pattern::Matcher::StepGroup(const Element& group, const Places& from) {
  switch (group.character) {
    case '@':
      return RunAlternatives(group, from);
    case '?': {
      Places to = RunAlternatives(group, from);
      Add(from, &to);
      return to;
    }
    case '*':
      return Repeat(group, from);
    case '+':
      return Repeat(group, RunAlternatives(group, from));
    default:
      return StepNot(group, from);
  }
}

// Everything that none of the alternatives matches: what is possible for them is not certain for this.
Pattern::Matcher::Places Pattern::Matcher::StepNot(const Element& group, const Places& from) {
  Places to(text_.size() + 1);
  for (std::size_t i = 0; i < from.size() && !gave_up(); ++i) {
    if (!from[i]) {
      continue;
    }
    possible_ = !possible_;
    const Places matched = RunAlternatives(group, From(i));
    possible_ = !possible_;
    for (std::size_t end = i; end < to.size(); ++end) {
      to[end] = to[end] || !matched[end] || (possible_ && !IsKnown(text_.substr(i, end - i)));
    }
  }
  return to;
}

Pattern::Pattern(std::string_view pattern, PatternOptions options) : options_(options) {
  Compiler compiler(pattern, options);
  elements_ = compiler.Compile(false);
  too_deep_ = compiler.too_deep() || pattern.size() > kMostText;
}

void Pattern::Reverse(Elements* elements) {
  std::reverse(elements->begin(), elements->end());
  for (Element& element : *elements) {
    for (Elements& alternative : element.alternatives) {
      Reverse(&alternative);
    }
  }
}

// Whether it matters which bytes make one character.
bool Pattern::CountsCharacters(const Elements& elements) const {
  return std::any_of(elements.begin(), elements.end(), [this](const Element& element) {
    return element.kind == Element::Kind::kAny || element.kind == Element::Kind::kBracket ||
           std::any_of(element.alternatives.begin(), element.alternatives.end(),
                       [this](const Elements& each) { return CountsCharacters(each); });
  });
}

Pattern::Match Pattern::Matches(std::string_view text) const {
  if (too_deep_ || text.size() > kMostText || (!IsAscii(text) && CountsCharacters(elements_))) {
    return Match::kUnknown;
  }
  Matcher possible(text, true);
  const bool may = possible.Run(elements_, possible.From(0))[text.size()];
  if (possible.gave_up()) {
    return Match::kUnknown;
  }
  if (!may) {
    return Match::kNo;
  }
  Matcher certain(text, false);
  const bool does = certain.Run(elements_, certain.From(0))[text.size()];
  return does && !certain.gave_up() ? Match::kYes : Match::kUnknown;
}

Pattern::Piece Pattern::Find(const Elements& elements, std::string_view text, bool longest) const {
  const Piece unknown{Match::kUnknown, 0};
  if (too_deep_ || text.size() > kMostText || (!IsAscii(text) && CountsCharacters(elements))) {
    return unknown;
  }
  Matcher possible(text, true);
  const Matcher::Places may = possible.Run(elements, possible.From(0));
  Matcher certain(text, false);
  const Matcher::Places does = certain.Run(elements, certain.From(0));
  if (possible.gave_up() || certain.gave_up()) {
    return unknown;
  }
  for (std::size_t step = 0; step <= text.size(); ++step) {
    const std::size_t end = longest ? text.size() - step : step;
    if (!may[end]) {
      continue;
    }
    const bool may_go_on = longest && end < text.size() && text[end] == kUnknownPart;
    return does[end] && !may_go_on ? Piece{Match::kYes, end} : unknown;
  }
  return {};
}

Pattern::Piece Pattern::FindPrefix(std::string_view text, bool longest) const { return Find(elements_, text, longest); }

Pattern::Piece Pattern::FindSuffix(std::string_view text, bool longest) const {
  Elements reversed = elements_;
  Reverse(&reversed);
  Piece piece = Find(reversed, std::string(text.rbegin(), text.rend()), longest);
  piece.end = text.size() - piece.end;
  return piece;
}

bool MatchesPattern(std::string_view pattern, const std::vector<std::uint32_t>* globs, std::string_view text) {
  const std::string quoted = QuotedPattern(pattern, globs == nullptr ? std::vector<std::uint32_t>() : *globs);
  return Pattern(quoted, {}).Matches(text) != Pattern::Match::kNo;
}

namespace {

// The replacement with what matched in the place of each '&'.
void AppendReplacement(const Replacement& replacement, std::string_view matched, std::string* result) {
  for (std::size_t i = 0; i < replacement.text.size(); ++i) {
    const char c = replacement.text[i];
    if (replacement.ampersand && c == '\\' && i + 1 < replacement.text.size() &&
        (replacement.text[i + 1] == '&' || replacement.text[i + 1] == '\\')) {
      result->push_back(replacement.text[++i]);
    } else if (replacement.ampersand && c == '&') {
      result->append(matched);
    } else {
      result->push_back(c);
    }
  }
}

}  // namespace

std::optional<std::string> ReplaceMatches(std::string_view text, const Pattern& pattern,
                                          const Replacement& replacement) {
  std::string result;
  if (replacement.anchor == '%') {
    const Pattern::Piece piece = pattern.FindSuffix(text, true);
    if (piece.found == Pattern::Match::kUnknown) {
      return std::nullopt;
    }
    result = text.substr(0, piece.found == Pattern::Match::kYes ? piece.end : text.size());
    if (piece.found == Pattern::Match::kYes) {
      AppendReplacement(replacement, text.substr(piece.end), &result);
    }
    return result;
  }
  if (text.empty() && replacement.anchor == '\0') {
    const Pattern::Match match = pattern.Matches(text);
    match == Pattern::Match::kYes ? AppendReplacement(replacement, text, &result) : void();
    return match == Pattern::Match::kUnknown ? std::nullopt : std::optional(result);
  }
  std::size_t at = 0;
  std::size_t budget = kMostWork;
  while (at < text.size() || (at == 0 && replacement.anchor == '#')) {
    const std::size_t cost = 2 * (text.size() - at) + 1;
    const Pattern::Piece piece = pattern.FindPrefix(text.substr(at), true);
    if (piece.found == Pattern::Match::kUnknown || budget < cost || result.size() > kMostText) {
      return std::nullopt;
    }
    budget -= cost;
    const bool matched = piece.found == Pattern::Match::kYes;
    if (matched && piece.end == 0 && replacement.anchor == '\0') {
      return std::nullopt;
    }
    if (matched) {
      AppendReplacement(replacement, text.substr(at, piece.end), &result);
      at += piece.end;
    }
    if (replacement.anchor == '#' || (matched && !replacement.all)) {
      break;
    }
    if (!matched) {
      result.push_back(text[at++]);
    }
  }
  return result.append(text.substr(at));
}

}  // namespace safe_docker::shell
