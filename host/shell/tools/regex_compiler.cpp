#include <algorithm>

#include "regex.hpp"

namespace safe_docker::shell {
namespace {

using Kind = RegexInstruction::Kind;
using Fragment = std::vector<RegexInstruction>;

constexpr std::size_t kMostInstructions = 2000;
constexpr std::size_t kMostGroups = 9;

std::size_t Index(char c) { return static_cast<unsigned char>(c); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLetter(char c) { return IsLower(c) || IsUpper(c); }

struct NamedClass {
  std::string_view name;
  std::string_view ranges;  // pairs of first and last
};
constexpr std::array kClasses = {
    NamedClass{"alnum", "09AZaz"}, NamedClass{"alpha", "AZaz"},     NamedClass{"blank", "\t\t  "},
    NamedClass{"digit", "09"},     NamedClass{"lower", "az"},       NamedClass{"upper", "AZ"},
    NamedClass{"space", "\t\r  "}, NamedClass{"punct", "!/:@[`{~"}, NamedClass{"xdigit", "09AFaf"},
    NamedClass{"print", " ~"},
};

void AddRanges(std::string_view ranges, Regex::Set* set) {
  for (std::size_t i = 0; i + 1 < ranges.size(); i += 2) {
    for (std::size_t c = Index(ranges[i]); c <= Index(ranges[i + 1]); ++c) {
      set->set(c);
    }
  }
}

void Append(const Fragment& from, Fragment* to) { to->insert(to->end(), from.begin(), from.end()); }

RegexInstruction Split(std::size_t first, std::size_t second) {
  return {Kind::kSplit, 0, static_cast<std::int32_t>(first), static_cast<std::int32_t>(second)};
}

struct Repetition {
  std::size_t least = 1;
  std::size_t most = 1;
  bool without_end = false;
};

// `atom` as often as it may stand.
Fragment Repeat(const Fragment& atom, const Repetition& repetition) {
  Fragment result;
  for (std::size_t i = 0; i < repetition.least; ++i) {
    Append(atom, &result);
  }
  if (repetition.without_end) {
    result.push_back(Split(1, atom.size() + 2));
    Append(atom, &result);
    result.push_back({Kind::kJump, 0, -static_cast<std::int32_t>(atom.size() + 1), 1});
    return result;
  }
  const std::size_t optional = repetition.most - repetition.least;
  for (std::size_t i = 0; i < optional; ++i) {
    result.push_back(Split(1, (optional - i) * (atom.size() + 1)));
    Append(atom, &result);
  }
  return result;
}

}  // namespace

class RegexCompiler {
 public:
  RegexCompiler(std::string_view pattern, const RegexOptions& options) : text_(pattern), options_(options) {}

  std::optional<Regex> Compile() {
    std::optional<Fragment> body = ReadAlternatives(0);
    if (!body || at_ != text_.size() || body->size() > kMostInstructions) {
      return std::nullopt;
    }
    body->push_back({Kind::kMatch, 0, 1, 1});
    regex_.program_ = std::move(*body);
    if (!only_literal_) {
      regex_.literal_.clear();
    }
    return std::move(regex_);
  }

 private:
  bool LooksAt(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  std::string_view Token(std::string_view extended) const {
    // In basic expressions the same tokens have a backslash before them.
    return options_.extended ? extended.substr(1) : extended;
  }
  bool EndsBranch() const { return at_ == text_.size() || LooksAt(Token("\\|")) || LooksAt(Token("\\)")); }

  std::optional<Fragment> ReadAlternatives(std::size_t depth) {
    std::optional<Fragment> result = ReadBranch(depth);
    while (result && LooksAt(Token("\\|"))) {
      at_ += Token("\\|").size();
      regex_.simple_ = false;
      only_literal_ = false;
      const std::optional<Fragment> other = ReadBranch(depth);
      if (!other || result->size() + other->size() > kMostInstructions) {
        return std::nullopt;
      }
      Fragment either = {Split(1, result->size() + 2)};
      Append(*result, &either);
      either.push_back({Kind::kJump, 0, static_cast<std::int32_t>(other->size() + 1), 1});
      Append(*other, &either);
      result = std::move(either);
    }
    return result;
  }

  std::optional<Fragment> ReadBranch(std::size_t depth) {
    Fragment branch;
    const std::size_t begin = at_;
    while (!EndsBranch()) {
      const bool anchored = at_ == begin + 1 && text_[begin] == '^';
      is_anchor_ = false;
      is_group_ = false;
      std::optional<Fragment> atom = ReadAtom(at_ == begin, begin == 0 && (at_ == begin || anchored), depth);
      if (!atom) {
        return std::nullopt;
      }
      const std::size_t before = at_;
      Repetition repetition;
      if (!(is_anchor_ && !options_.extended) && !ReadRepetition(&repetition)) {
        return std::nullopt;
      }
      if (at_ != before) {
        if (is_anchor_ || branch.size() + (repetition.most + 1) * (atom->size() + 1) > kMostInstructions) {
          return std::nullopt;
        }
        only_literal_ = false;
        regex_.simple_ = regex_.simple_ && !is_group_;
        regex_.repeated_groups_ = regex_.repeated_groups_ || (is_group_ && repetition.most > 1);
        atom = Repeat(*atom, repetition);
      }
      Append(*atom, &branch);
    }
    // What is empty means different things.
    return at_ == begin || branch.size() > kMostInstructions ? std::nullopt : std::optional(std::move(branch));
  }

  std::optional<Fragment> ReadAtom(bool first, bool star_is_literal, std::size_t depth) {
    const char c = text_[at_++];
    if (c == '^' && (options_.extended || first)) {
      return Anchor(Kind::kLineBegin);
    }
    if (c == '$' && (options_.extended || EndsBranch())) {
      return Anchor(Kind::kLineEnd);
    }
    if (c == '*' && (options_.extended || !star_is_literal || depth > 0)) {
      return std::nullopt;
    }
    if (c == '.') {
      Regex::Set all;
      regex_.matches_bytes_ = false;
      return OfSet(all.set().reset(0));
    }
    if (c == '[') {
      return ReadBracket();
    }
    if (c == '(' && options_.extended) {
      return ReadGroup(depth);
    }
    if (c == '\\') {
      return ReadEscaped(depth);
    }
    if (options_.extended && std::string_view("+?{}").find(c) != std::string_view::npos) {
      return std::nullopt;
    }
    return Literal(c);
  }

  Fragment Anchor(Kind kind) {
    is_anchor_ = true;
    only_literal_ = false;
    return {{kind, 0, 1, 1}};
  }

  std::optional<Fragment> ReadEscaped(std::size_t depth) {
    if (at_ == text_.size()) {
      return std::nullopt;
    }
    const char c = text_[at_++];
    if (c == '(' && !options_.extended) {
      return ReadGroup(depth);
    }
    if (options_.of_sed && (c == 'n' || c == 't')) {
      return Literal(c == 'n' ? '\n' : '\t');
    }
    if (c == 'w' || c == 'W' || c == 's' || c == 'S') {
      Regex::Set set;
      AddRanges(c == 'w' || c == 'W' ? "09AZaz__" : "\t\r  ", &set);
      regex_.matches_bytes_ = false;
      return OfSet(IsUpper(c) ? set.flip().reset(0) : set);
    }
    constexpr std::string_view kAlways = ".*[]^$/\\-:\"@,#%";
    const bool literal = kAlways.find(c) != std::string_view::npos ||
                         (options_.extended && std::string_view("+?(){}|").find(c) != std::string_view::npos);
    return literal ? std::optional(Literal(c)) : std::nullopt;
  }

  Fragment Literal(char c) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      regex_.matches_bytes_ = false;
    }
    Regex::Set set;
    set.set(Index(c));
    regex_.literal_.push_back(c);
    const bool was_literal = only_literal_ && !(options_.ignore_case && IsLetter(c));
    Fragment fragment = OfSet(set);
    only_literal_ = was_literal;
    return fragment;
  }

  Fragment OfSet(Regex::Set set) {
    if (options_.ignore_case) {
      regex_.matches_bytes_ = false;
      for (char c = 'a'; c <= 'z'; ++c) {
        const std::size_t upper = Index(c) - 32;
        const bool either = set.test(Index(c)) || set.test(upper);
        set.set(Index(c), either).set(upper, either);
      }
    }
    only_literal_ = false;
    regex_.sets_.push_back(set);
    return {{Kind::kSet, static_cast<std::uint32_t>(regex_.sets_.size() - 1), 1, 1}};
  }

  std::optional<Fragment> ReadGroup(std::size_t depth) {
    if (regex_.groups_ == kMostGroups) {
      return std::nullopt;
    }
    const auto group = static_cast<std::uint32_t>(++regex_.groups_);
    only_literal_ = false;
    regex_.simple_ = regex_.simple_ && depth == 0;
    std::optional<Fragment> body = ReadAlternatives(depth + 1);
    if (!body || !LooksAt(Token("\\)"))) {
      return std::nullopt;
    }
    at_ += Token("\\)").size();
    is_group_ = true;
    is_anchor_ = false;
    Fragment result = {{Kind::kSave, group * 2, 1, 1}};
    Append(*body, &result);
    result.push_back({Kind::kSave, group * 2 + 1, 1, 1});
    return result;
  }

  // What stands between '[' and ']'.
  std::optional<Fragment> ReadBracket() {
    Regex::Set set;
    const bool negated = LooksAt("^");
    at_ += negated ? 1 : 0;
    for (bool first = true; first || !LooksAt("]"); first = false) {
      if (at_ >= text_.size() || !ReadBracketItem(&set)) {
        return std::nullopt;
      }
    }
    ++at_;
    if (negated) {
      regex_.matches_bytes_ = false;
      // Case is ignored before the set is turned round.
      for (char c = 'a'; options_.ignore_case && c <= 'z'; ++c) {
        const bool either = set.test(Index(c)) || set.test(Index(c) - 32);
        set.set(Index(c), either).set(Index(c) - 32, either);
      }
      set.flip().reset(0);
    }
    return OfSet(set);
  }

  bool ReadBracketItem(Regex::Set* set) {
    if (LooksAt("[:")) {
      const std::size_t end = text_.find(":]", at_ + 2);
      const std::string_view name = text_.substr(at_ + 2, end == text_.npos ? 0 : end - at_ - 2);
      const auto* found =
          std::find_if(kClasses.begin(), kClasses.end(), [name](const NamedClass& each) { return each.name == name; });
      if (found == kClasses.end()) {
        return false;
      }
      AddRanges(found->ranges, set);
      // Classes hold more than ASCII.
      regex_.matches_bytes_ = false;
      at_ = end + 2;
      return true;
    }
    const char c = text_[at_];
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    const bool odd_escape = c == '\\' && (IsLetter(next) || IsDigit(next) || next == '\\' || next == ']');
    if (LooksAt("[.") || LooksAt("[=") || odd_escape || Index(c) >= 0x80) {
      return false;
    }
    ++at_;
    if (next != '-' || at_ + 1 >= text_.size() || text_[at_ + 1] == ']') {
      set->set(Index(c));
      return true;
    }
    const char last = text_[at_ + 1];
    at_ += 2;
    // Other ranges depend on how the locale sorts.
    const bool usual = (IsDigit(c) && IsDigit(last)) || (IsLower(c) && IsLower(last)) || (IsUpper(c) && IsUpper(last));
    for (std::size_t each = Index(c); usual && each <= Index(last); ++each) {
      set->set(each);
    }
    return usual && c <= last && !LooksAt("-");
  }

  bool ReadRepetition(Repetition* repetition) {
    const auto take = [this, repetition](std::string_view token, std::size_t least, bool without_end) {
      if (!LooksAt(token)) {
        return false;
      }
      at_ += token.size();
      *repetition = {least, std::max<std::size_t>(least, 1), without_end};
      return true;
    };
    if (LooksAt(Token("\\{"))) {
      if (!ReadInterval(repetition)) {
        return false;
      }
    } else if (take("*", 0, true) || take(Token("\\+"), 1, true)) {
      repetition->most = 2;
    } else if (!take(Token("\\?"), 0, false)) {
      return true;
    }
    return !LooksAt("*") && !LooksAt(Token("\\+")) && !LooksAt(Token("\\?")) && !LooksAt(Token("\\{"));
  }

  std::optional<std::size_t> ReadCount() {
    std::size_t count = 0;
    const std::size_t begin = at_;
    for (; at_ < text_.size() && IsDigit(text_[at_]) && at_ - begin < 3; ++at_) {
      count = count * 10 + static_cast<std::size_t>(text_[at_] - '0');
    }
    return at_ == begin || count > 100 ? std::nullopt : std::optional(count);
  }

  // {n}, {n,} and {n,m}
  bool ReadInterval(Repetition* repetition) {
    at_ += Token("\\{").size();
    const std::optional<std::size_t> least = ReadCount();
    std::optional<std::size_t> most = least;
    bool without_end = false;
    if (least && LooksAt(",")) {
      ++at_;
      without_end = LooksAt(Token("\\}"));
      most = without_end ? least : ReadCount();
    }
    if (!least || !most || *most < *least || (*most == 0 && !without_end) || !LooksAt(Token("\\}"))) {
      return false;
    }
    at_ += Token("\\}").size();
    *repetition = {*least, without_end ? *least + 1 : *most, without_end};
    return true;
  }

  std::string_view text_;
  RegexOptions options_;
  std::size_t at_ = 0;
  Regex regex_;
  bool only_literal_ = true;
  bool is_anchor_ = false;  // of the atom read last
  bool is_group_ = false;
};

std::optional<Regex> Regex::Compile(std::string_view pattern, const RegexOptions& options) {
  return pattern.find('\0') == std::string_view::npos ? RegexCompiler(pattern, options).Compile() : std::nullopt;
}

}  // namespace safe_docker::shell
