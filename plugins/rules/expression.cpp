#include "expression.hpp"

#include <algorithm>
#include <utility>

namespace safe_docker::rules {
namespace {

using Set = Expression::Set;

bool IsDigit(unsigned char c) { return c >= '0' && c <= '9'; }
bool IsLetter(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsWordLetter(unsigned char c) { return IsDigit(c) || IsLetter(c) || c == '_'; }
bool IsBlank(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

// The ways that are being followed, each at most once, and all at the same place of the text.
class ExpressionWalk {
 public:
  ExpressionWalk(const Expression& expression, std::string_view text)
      : expression_(expression), text_(text), seen_(expression.steps_.size()) {}

  bool Finds() {
    for (std::size_t at = 0;; ++at) {
      ++round_;
      next_.clear();
      Follow(0, at);
      for (const std::size_t step : now_) {
        Follow(step, at);
      }
      if (found_ || at == text_.size()) {
        return found_;
      }
      now_.clear();
      for (const std::size_t step : next_) {
        const Expression::Step& set = expression_.steps_[step];
        if (expression_.sets_[set.set].test(static_cast<unsigned char>(text_[at]))) {
          now_.push_back(set.first);
        }
      }
    }
  }

 private:
  // Goes as far as can be gone without taking a byte, and notes the sets that it comes to.
  void Follow(std::size_t start, std::size_t at) {
    using Kind = Expression::Step::Kind;
    stack_.assign(1, start);
    while (!stack_.empty() && !found_) {
      const std::size_t index = stack_.back();
      stack_.pop_back();
      if (seen_[index] == round_) {
        continue;
      }
      seen_[index] = round_;
      const Expression::Step& step = expression_.steps_[index];
      switch (step.kind) {
        case Kind::kMatch:
          found_ = true;
          break;
        case Kind::kSet:
          next_.push_back(index);
          break;
        case Kind::kSplit:
          stack_.push_back(step.second);
          stack_.push_back(step.first);
          break;
        default:
          if (Passes(step.kind, at)) {
            stack_.push_back(step.first);
          }
      }
    }
  }

  bool Passes(Expression::Step::Kind kind, std::size_t at) const {
    using Kind = Expression::Step::Kind;
    const bool before = at > 0 && IsWordLetter(static_cast<unsigned char>(text_[at - 1]));
    const bool behind = at < text_.size() && IsWordLetter(static_cast<unsigned char>(text_[at]));
    return kind == Kind::kBegin      ? at == 0
           : kind == Kind::kEnd      ? at == text_.size()
           : kind == Kind::kWordEdge ? before != behind
                                     : kind == Kind::kJump || before == behind;
  }

  const Expression& expression_;
  std::string_view text_;
  std::vector<std::size_t> seen_;  // the round in which each step was come to last
  std::vector<std::size_t> now_, next_, stack_;
  std::size_t round_ = 0;
  bool found_ = false;
};

// Reads a pattern and writes its steps. What is repeated is read again for each time that it must be there.
class ExpressionWriter {
 public:
  explicit ExpressionWriter(std::string_view pattern) : pattern_(pattern) {}

  std::optional<Expression> Write(Expression::Error* error) {
    if (pattern_.starts_with("(?i)")) {
      ignores_case_ = true;
      at_ = 4;
    }
    ReadAlternatives();
    if (error_.what.empty() && at_ < pattern_.size()) {
      Fail("this ) closes nothing");
    }
    if (!error_.what.empty()) {
      *error = error_;
      return std::nullopt;
    }
    Add(Kind::kMatch);
    return std::move(expression_);
  }

 private:
  using Step = Expression::Step;
  using Kind = Step::Kind;
  static constexpr std::size_t kMostSteps = 1000;
  static constexpr std::size_t kMostTimes = 255;
  static constexpr std::size_t kMostAtoms = 10'000;
  static constexpr int kDeepest = 50;

  struct Times {
    std::size_t least = 1;
    std::size_t most = 1;  // 0: any number
  };

  std::vector<Step>& steps() { return expression_.steps_; }
  bool failed() const { return !error_.what.empty(); }
  bool AtEnd() const { return at_ >= pattern_.size(); }
  char Peek() const { return AtEnd() ? '\0' : pattern_[at_]; }

  bool Take(std::string_view text) {
    const bool is_there = pattern_.substr(std::min(at_, pattern_.size())).starts_with(text);
    at_ += is_there ? text.size() : 0;
    return is_there;
  }

  void Fail(std::string_view what) {
    if (!failed()) {
      error_ = {at_, std::string(what)};
      at_ = pattern_.size();
    }
  }

  // Adds a step that goes on with the one behind it.
  std::size_t Add(Kind kind, std::size_t set = 0) {
    if (steps().size() >= kMostSteps) {
      Fail("the expression is too large");
      return 0;
    }
    steps().push_back({kind, set, steps().size() + 1, steps().size() + 1});
    return steps().size() - 1;
  }

  std::size_t AddSet(Set set) {
    for (unsigned char letter = 'a'; ignores_case_ && letter <= 'z'; ++letter) {
      const auto upper = static_cast<unsigned char>(letter - 'a' + 'A');
      const bool either = set.test(letter) || set.test(upper);
      set.set(letter, either).set(upper, either);
    }
    expression_.sets_.push_back(set);
    return Add(Kind::kSet, expression_.sets_.size() - 1);
  }

  // Makes room for a split in front of the steps from `begin` on, which are moved.
  void Insert(std::size_t begin) {
    Add(Kind::kJump);
    if (failed()) {
      return;
    }
    steps().pop_back();
    for (Step& step : steps()) {
      step.first += step.first > begin ? 1U : 0U;
      step.second += step.second > begin ? 1U : 0U;
    }
    for (std::size_t i = begin; i < steps().size(); ++i) {  // those inside that go back to the first
      steps()[i].first += steps()[i].first == begin ? 1U : 0U;
      steps()[i].second += steps()[i].second == begin ? 1U : 0U;
    }
    steps().insert(steps().begin() + static_cast<std::ptrdiff_t>(begin), Step{Kind::kSplit, 0, begin + 1, begin + 1});
  }

  void ReadAlternatives() {
    if (++depth_ > kDeepest) {
      Fail("groups go 50 deep at most");
    }
    const std::size_t begin = steps().size();
    ReadSequence();
    while (!failed() && Take("|")) {
      Insert(begin);
      const std::size_t end_of_first = Add(Kind::kJump);
      steps()[begin].second = steps().size();
      ReadAlternatives();  // all that are left
      if (!failed()) {
        steps()[end_of_first].first = steps().size();
      }
    }
    --depth_;
  }

  void ReadSequence() {
    while (!failed() && !AtEnd() && Peek() != '|' && Peek() != ')') {
      ReadRepeated();
    }
  }

  // An atom, as often as it may stand.
  void ReadRepeated() {
    const std::size_t begin = steps().size();
    const std::size_t atom = at_;
    ReadAtom();
    const Times times = ReadTimes();
    const std::size_t end = at_;
    for (std::size_t i = 1; i < times.least && !failed(); ++i) {
      at_ = atom;
      ReadAtom();
    }
    if (times.most == 0 && times.least > 0 && !failed()) {  // x+ is x and back
      at_ = atom;
      const std::size_t last = steps().size();
      ReadAtom();
      Loop(last);
    } else if (times.most == 0 && !failed()) {
      Loop(begin);
    } else if (times.least == 0 && !failed()) {
      Optional(begin);
    }
    for (std::size_t i = times.least == 0 ? 1 : times.least; i < times.most && !failed(); ++i) {
      at_ = atom;
      const std::size_t last = steps().size();
      ReadAtom();
      Optional(last);
    }
    at_ = failed() ? at_ : end;
  }

  // What begins at `begin`, any number of times.
  void Loop(std::size_t begin) {
    Insert(begin);
    const std::size_t back = Add(Kind::kJump);
    if (!failed()) {
      steps()[back].first = begin;
      steps()[begin].second = steps().size();
    }
  }

  void Optional(std::size_t begin) {
    Insert(begin);
    if (!failed()) {
      steps()[begin].second = steps().size();
    }
  }

  Times ReadTimes() {
    Times times;
    if (Take("*")) {
      times = {0, 0};
    } else if (Take("+")) {
      times = {1, 0};
    } else if (Take("?")) {
      times = {0, 1};
    } else if (Peek() == '{' && at_ + 1 < pattern_.size() && IsDigit(static_cast<unsigned char>(pattern_[at_ + 1]))) {
      ++at_;
      times.least = ReadNumber();
      times.most = times.least;
      if (Take(",")) {
        times.most = Peek() == '}' ? 0 : ReadNumber();
      }
      const bool is_any = times.most == 0 && pattern_[at_ - 1] == ',';
      if (!Take("}") || times.least > kMostTimes || times.most > kMostTimes ||
          (!is_any && (times.most < times.least || times.most == 0))) {
        Fail("a repetition is {n}, {n,} or {n,m}, up to 255 times");
      }
    } else {
      return times;
    }
    Take("?");  // as few as possible: the same, since only whether it fits is asked
    if (Peek() == '*' || Peek() == '+' || Peek() == '?') {
      Fail("a repetition of a repetition");
    }
    return times;
  }

  std::size_t ReadNumber() {
    std::size_t number = 0;
    while (IsDigit(static_cast<unsigned char>(Peek())) && number <= kMostTimes) {
      number = number * 10 + static_cast<std::size_t>(pattern_[at_++] - '0');
    }
    return number;
  }

  void ReadAtom() {
    if (++atoms_ > kMostAtoms) {
      Fail("the expression is too large");
      return;
    }
    const std::size_t start = at_;
    const char letter = pattern_[at_++];
    switch (letter) {
      case '(':
        ReadGroup(start);
        return;
      case '[':
        AddSet(ReadClass(start));
        return;
      case '.':
        AddSet(Set().set());
        return;
      case '^':
        Add(Kind::kBegin);
        return;
      case '$':
        Add(Kind::kEnd);
        return;
      case '*':
      case '+':
      case '?':
        at_ = start;
        Fail("there is nothing to repeat");
        return;
      case '\\':
        if (Take("b") || Take("B")) {
          Add(pattern_[at_ - 1] == 'b' ? Kind::kWordEdge : Kind::kNoWordEdge);
        } else {
          AddSet(ReadEscape(start));
        }
        return;
      default:
        AddSet(Set().set(static_cast<unsigned char>(letter)));
    }
  }

  void ReadGroup(std::size_t start) {
    if (Peek() == '?' && !Take("?:")) {
      at_ = start;
      Fail("of groups with ? there is only (?:...), and (?i) at the very beginning");
      return;
    }
    ReadAlternatives();
    if (!failed() && !Take(")")) {
      at_ = start;
      Fail("this ( is never closed");
    }
  }

  // What follows a backslash.
  Set ReadEscape(std::size_t start) {
    if (AtEnd()) {
      at_ = start;
      Fail("a backslash at the end");
      return {};
    }
    const char letter = pattern_[at_++];
    const auto of = [](bool (*fits)(unsigned char)) {
      Set set;
      for (std::size_t i = 0; i < set.size(); ++i) {
        set.set(i, fits(static_cast<unsigned char>(i)));
      }
      return set;
    };
    switch (letter) {
      case 'd':
        return of(&IsDigit);
      case 'D':
        return ~of(&IsDigit);
      case 's':
        return of(&IsBlank);
      case 'S':
        return ~of(&IsBlank);
      case 'w':
        return of(&IsWordLetter);
      case 'W':
        return ~of(&IsWordLetter);
      case 'n':
        return Set().set('\n');
      case 't':
        return Set().set('\t');
      default:
        break;
    }
    if (IsDigit(static_cast<unsigned char>(letter)) || IsLetter(static_cast<unsigned char>(letter))) {
      at_ = start;
      Fail("of escapes there are \\d \\s \\w \\b, their opposites, \\n, \\t, and those of punctuation");
    }
    return Set().set(static_cast<unsigned char>(letter));
  }

  // One letter of a class, or what an escape stands for.
  Set ReadClassItem() {
    const std::size_t start = at_++;
    return pattern_[start] == '\\' ? ReadEscape(start) : Set().set(static_cast<unsigned char>(pattern_[start]));
  }

  Set ReadClass(std::size_t start) {
    const bool is_negated = Take("^");
    Set set;
    for (bool is_first = true; !failed() && (is_first || Peek() != ']'); is_first = false) {
      if (AtEnd() || pattern_.substr(at_).starts_with("[:")) {
        at_ = AtEnd() ? start : at_;
        Fail(at_ == start ? "this [ is never closed" : "write \\d, \\s or a range like a-z");
        return {};
      }
      const auto from = static_cast<unsigned char>(Peek());
      const Set item = ReadClassItem();
      const bool is_range = Peek() == '-' && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']';
      if (!is_range) {
        set |= item;
        continue;
      }
      ++at_;
      const auto to = static_cast<unsigned char>(pattern_[at_++]);
      if (from == '\\' || to == '\\' || to < from) {
        Fail("a range goes from one plain letter up to another");
        return {};
      }
      for (std::size_t i = from; i <= to; ++i) {
        set.set(i);
      }
    }
    ++at_;  // ]
    return is_negated ? ~set : set;
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  std::size_t atoms_ = 0;  // each as often as it was read
  int depth_ = 0;
  bool ignores_case_ = false;
  Expression expression_;
  Expression::Error error_;
};

std::optional<Expression> Expression::Compile(std::string_view pattern, Error* error) {
  return ExpressionWriter(pattern).Write(error);
}

bool Expression::Finds(std::string_view text) const { return ExpressionWalk(*this, text).Finds(); }

}  // namespace safe_docker::rules
