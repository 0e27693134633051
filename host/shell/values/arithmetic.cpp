#include "arithmetic.hpp"

#include <algorithm>
#include <array>

#include "command_line.hpp"
#include "syntax/lexer.hpp"

namespace safe_docker::shell {
namespace {

constexpr int kDeepest = 64;          // parentheses and unary operators in one another
constexpr int kDeepestVariable = 16;  // values that are expressions, in one another
constexpr std::size_t kMostExpression = 16384;
constexpr std::size_t kMostSteps = 20000;

using Status = ArithmeticResult::Status;

struct Operator {
  std::string_view text;
  int precedence;  // higher binds tighter
};

// Longer ones first.
constexpr std::array<Operator, 20> kBinary = {
    {{"**", 12}, {"<<", 9}, {">>", 9}, {"<=", 8}, {">=", 8}, {"==", 7}, {"!=", 7}, {"&&", 3}, {"||", 2}, {"*", 11},
     {"/", 11},  {"%", 11}, {"+", 10}, {"-", 10}, {"<", 8},  {">", 8},  {"&", 6},  {"^", 5},  {"|", 4},  {"", 0}}};

constexpr std::array<std::string_view, 11> kAssignments = {
    "=", "*=", "/=", "%=", "+=", "-=", "<<=", ">>=", "&=", "^=", "|="};

std::int64_t Wrapped(std::uint64_t value) { return static_cast<std::int64_t>(value); }

// The value of a digit in bases up to 64; 64 if it is none.
int DigitValue(char c, int base) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'z') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'Z') {
    return c - 'A' + (base <= 36 ? 10 : 36);
  }
  return c == '@' ? 62 : (c == '_' ? 63 : 64);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

class Evaluation {
 public:
  Evaluation(ArithmeticVariables* variables, int variable_depth, std::size_t* steps)
      : variables_(variables), variable_depth_(variable_depth), steps_(steps) {}

  ArithmeticResult Run(std::string_view text);

 private:
  // What stands on a place of the expression.
  struct Operand {
    bool known = true;
    std::int64_t value = 0;
    std::string_view name;  // if it can be assigned to
    std::optional<std::string_view> subscript;
  };

  Operand Comma();
  Operand Assignment();
  Operand Conditional();
  Operand Binary(int lowest);
  Operand Unary();
  Operand Sign();
  Operand PrefixStep(bool increment);
  Operand Primary();
  Operand Number();
  Operand Name();
  Operand Postfix(Operand operand);
  Operand Read(std::string_view name, std::optional<std::string_view> subscript);
  void Write(const Operand& target, const Operand& value);
  Operand LogicalRight(bool is_and, const Operand& left, int precedence);
  Operand Applied(std::string_view operation, const Operand& left, const Operand& right);
  std::optional<std::int64_t> Computed(std::string_view operation, std::int64_t left, std::int64_t right);
  const Operator* PeekBinary();
  std::string_view PeekAssignment();
  std::optional<std::string_view> TakeSubscript();

  static Operand Unknown() {
    Operand operand;
    operand.known = false;
    return operand;
  }
  static Operand Known(std::int64_t value) {
    Operand operand;
    operand.value = value;
    return operand;
  }
  Operand Error() {
    failed_ = true;
    at_ = text_.size();
    return Unknown();
  }
  void SkipBlanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) {
      ++at_;
    }
  }
  bool LooksAt(std::string_view what) {
    SkipBlanks();
    return text_.substr(at_).starts_with(what);
  }
  char PeekAt(std::size_t place) const { return place < text_.size() ? text_[place] : ' '; }

  ArithmeticVariables* variables_;
  int variable_depth_;
  std::size_t* steps_;
  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int skipped_ = 0;    // in an arm that is not evaluated
  int uncertain_ = 0;  // in an arm that may be evaluated
  bool failed_ = false;
  bool gave_up_ = false;
};

ArithmeticResult Evaluation::Run(std::string_view text) {
  text_ = text;
  if (text.size() > kMostExpression) {
    return {Status::kUnknown, 0};
  }
  SkipBlanks();
  if (at_ == text_.size()) {
    return {Status::kKnown, 0};
  }
  const Operand result = Comma();
  SkipBlanks();
  const bool complete = !failed_ && at_ >= text_.size();
  if (gave_up_ || (!complete && !IsKnown(text))) {
    return {Status::kUnknown, 0};
  }
  if (!complete) {
    return {Status::kError, 0};
  }
  return {result.known ? Status::kKnown : Status::kUnknown, result.value};
}

Evaluation::Operand Evaluation::Comma() {
  if (++depth_ > kDeepest || ++*steps_ > kMostSteps) {
    gave_up_ = true;
    return Error();
  }
  Operand result = Assignment();
  while (!failed_ && LooksAt(",")) {
    ++at_;
    result = Assignment();
  }
  --depth_;
  return result;
}

std::string_view Evaluation::PeekAssignment() {
  SkipBlanks();
  for (const std::string_view each : kAssignments) {
    if (LooksAt(each) && !(each == "=" && PeekAt(at_ + 1) == '=')) {
      return each;
    }
  }
  return {};
}

// name = value, which goes from right to left.
Evaluation::Operand Evaluation::Assignment() {
  if (++depth_ > kDeepest || ++*steps_ > kMostSteps) {
    gave_up_ = true;
    return Error();
  }
  const Operand target = Conditional();
  const std::string_view operation = failed_ ? std::string_view() : PeekAssignment();
  if (operation.empty()) {
    --depth_;
    return target;
  }
  if (target.name.empty() && target.known) {
    return Error();
  }
  at_ += operation.size();
  Operand value = Assignment();
  value.name = {};
  if (operation.size() > 1) {
    value = Applied(operation.substr(0, operation.size() - 1), target, value);
  }
  Write(target, value);
  value.name = {};
  --depth_;
  return value;
}

Evaluation::Operand Evaluation::Conditional() {
  const Operand condition = Binary(1);
  if (failed_ || !LooksAt("?")) {
    return condition;
  }
  ++at_;
  const bool known = condition.known;
  const bool first = known && condition.value != 0;
  int& before_first = known ? skipped_ : uncertain_;
  before_first += !known || !first ? 1 : 0;
  const Operand then = Comma();
  before_first -= !known || !first ? 1 : 0;
  if (failed_ || !LooksAt(":")) {
    return Error();
  }
  ++at_;
  int& before_second = known ? skipped_ : uncertain_;
  before_second += !known || first ? 1 : 0;
  if (++depth_ > kDeepest) {
    gave_up_ = true;
    return Error();
  }
  Operand otherwise = Conditional();
  --depth_;
  before_second -= !known || first ? 1 : 0;
  Operand result = known ? (first ? then : otherwise) : Unknown();
  result.name = {};
  return result;
}

const Operator* Evaluation::PeekBinary() {
  SkipBlanks();
  const std::string_view rest = text_.substr(at_);
  const auto* found = std::find_if(kBinary.begin(), kBinary.end(),
                                   [rest](const Operator& each) { return rest.starts_with(each.text); });
  if (found->text.empty() || !PeekAssignment().empty()) {
    return nullptr;
  }
  return found;
}

Evaluation::Operand Evaluation::Binary(int lowest) {
  Operand left = Unary();
  for (const Operator* each = nullptr; !failed_ && (each = PeekBinary()) != nullptr && each->precedence >= lowest;) {
    if (++*steps_ > kMostSteps) {
      gave_up_ = true;
      return Error();
    }
    at_ += each->text.size();
    if (each->text == "&&" || each->text == "||") {
      left = LogicalRight(each->text == "&&", left, each->precedence);
      continue;
    }
    if (++depth_ > kDeepest) {
      gave_up_ = true;
      return Error();
    }
    const Operand right = Binary(each->text == "**" ? each->precedence : each->precedence + 1);
    --depth_;
    left = Applied(each->text, left, right);
  }
  return left;
}

// The right side of && and ||, which is evaluated only if the left one leaves the matter open.
Evaluation::Operand Evaluation::LogicalRight(bool is_and, const Operand& left, int precedence) {
  const bool decided = left.known && (left.value != 0) != is_and;
  int& mode = left.known ? skipped_ : uncertain_;
  mode += decided || !left.known ? 1 : 0;
  if (++depth_ > kDeepest) {
    gave_up_ = true;
    return Error();
  }
  const Operand right = Binary(precedence + 1);
  --depth_;
  mode -= decided || !left.known ? 1 : 0;
  if (decided) {
    return Known(is_and ? 0 : 1);
  }
  const bool right_decides = right.known && (right.value != 0) != is_and;
  if (right_decides) {
    return Known(is_and ? 0 : 1);
  }
  return left.known && right.known ? Known(right.value != 0 ? 1 : 0) : Unknown();
}

Evaluation::Operand Evaluation::Applied(std::string_view operation, const Operand& left, const Operand& right) {
  if (!left.known || !right.known) {
    return Unknown();
  }
  if (skipped_ > 0) {
    return Known(0);
  }
  const std::optional<std::int64_t> result = Computed(operation, left.value, right.value);
  if (!result) {
    return uncertain_ > 0 ? Unknown() : Error();
  }
  return Known(*result);
}

std::optional<std::int64_t> Evaluation::Computed(std::string_view operation, std::int64_t left, std::int64_t right) {
  const auto a = static_cast<std::uint64_t>(left);
  const auto b = static_cast<std::uint64_t>(right);
  const char c = operation[0];
  if (operation == "**") {
    std::uint64_t power = 1;
    if (right < 0) {
      return std::nullopt;
    }
    std::uint64_t base = a;
    for (std::uint64_t rest = b; rest != 0; rest >>= 1U, base *= base) {
      power *= (rest & 1U) != 0 ? base : 1;
    }
    return Wrapped(power);
  }
  if (operation == "<<" || operation == ">>") {
    return c == '<' ? Wrapped(a << (b & 63U)) : left >> (b & 63U);
  }
  if (operation.size() == 2) {
    return (operation == "<=" && left <= right) || (operation == ">=" && left >= right) ||
           (operation == "==" && left == right) || (operation == "!=" && left != right);
  }
  if ((c == '/' || c == '%') && right == 0) {
    return std::nullopt;
  }
  if ((c == '/' || c == '%') && right == -1) {
    return c == '/' ? Wrapped(0 - a) : 0;
  }
  switch (c) {
    case '*':
      return Wrapped(a * b);
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '+':
      return Wrapped(a + b);
    case '-':
      return Wrapped(a - b);
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '&':
      return Wrapped(a & b);
    case '^':
      return Wrapped(a ^ b);
    default:
      return Wrapped(a | b);
  }
}

Evaluation::Operand Evaluation::Unary() {
  if (++depth_ > kDeepest) {
    gave_up_ = true;
    return Error();
  }
  SkipBlanks();
  Operand result;
  const char c = PeekAt(at_);
  if (c == '!' || c == '~') {
    ++at_;
    const Operand operand = Unary();
    result = operand.known ? Known(c == '!' ? (operand.value == 0 ? 1 : 0) : ~operand.value) : Unknown();
  } else if (c == '+' || c == '-') {
    result = Sign();
  } else {
    result = Primary();
  }
  --depth_;
  return result;
}

// + and - in front, and ++ and -- in front of a name; before anything else these are two signs.
Evaluation::Operand Evaluation::Sign() {
  const char c = text_[at_++];
  if (PeekAt(at_) == c) {
    const std::size_t next = text_.find_first_not_of(" \t\n", at_ + 1);
    if (next != std::string_view::npos && IsNameCharacter(text_[next]) && !IsDigit(text_[next])) {
      ++at_;
      return PrefixStep(c == '+');
    }
  }
  const Operand operand = Unary();
  if (!operand.known) {
    return Unknown();
  }
  return Known(c == '-' ? Wrapped(0 - static_cast<std::uint64_t>(operand.value)) : operand.value);
}

Evaluation::Operand Evaluation::PrefixStep(bool increment) {
  const Operand target = Unary();
  Operand value =
      target.known
          ? Known(Wrapped(static_cast<std::uint64_t>(target.value) + (increment ? 1 : ~static_cast<std::uint64_t>(0))))
          : Unknown();
  if (!target.name.empty()) {
    Write(target, value);
  }
  return value;
}

Evaluation::Operand Evaluation::Primary() {
  SkipBlanks();
  const char c = PeekAt(at_);
  if (c == '(') {
    ++at_;
    Operand inner = Comma();
    if (failed_ || !LooksAt(")")) {
      return Error();
    }
    ++at_;
    inner.name = {};
    return inner;
  }
  // An unknown part makes the name or number that it stands in unknown.
  const std::size_t begin = at_;
  std::size_t end = at_;
  while (end < text_.size() && (IsNameCharacter(text_[end]) || text_[end] == kUnknownPart || text_[end] == '#')) {
    ++end;
  }
  if (!IsKnown(text_.substr(begin, end - begin))) {
    at_ = end;
    if (PeekAt(at_) == '[') {
      TakeSubscript();
    }
    return Postfix(Unknown());
  }
  if (IsDigit(c)) {
    return Number();
  }
  return IsNameCharacter(c) ? Name() : Error();
}

Evaluation::Operand Evaluation::Number() {
  std::size_t end = at_;
  int base = 10;
  if (text_[at_] == '0' && (PeekAt(at_ + 1) == 'x' || PeekAt(at_ + 1) == 'X')) {
    base = 16;
    at_ += 2;
    end = at_;
  } else if (text_[at_] == '0') {
    base = 8;
  }
  while (end < text_.size() && (IsNameCharacter(text_[end]) || text_[end] == '@')) {
    ++end;
  }
  if (PeekAt(end) == '#' && base == 10) {
    base = 0;
    for (; at_ < end; ++at_) {
      base = IsDigit(text_[at_]) && base < 100 ? base * 10 + (text_[at_] - '0') : 1000;
    }
    if (base < 2 || base > 64) {
      return Error();
    }
    ++at_;
    end = at_;
    while (end < text_.size() && (IsNameCharacter(text_[end]) || text_[end] == '@')) {
      ++end;
    }
    if (end == at_) {
      return Error();
    }
  }
  std::uint64_t value = 0;
  for (; at_ < end; ++at_) {
    const int digit = DigitValue(text_[at_], base);
    if (digit >= base) {
      return Error();
    }
    value = value * static_cast<std::uint64_t>(base) + static_cast<std::uint64_t>(digit);
  }
  return Known(Wrapped(value));
}

std::optional<std::string_view> Evaluation::TakeSubscript() {
  const std::size_t begin = at_ + 1;
  int open = 0;
  for (; at_ < text_.size(); ++at_) {
    open += text_[at_] == '[' ? 1 : (text_[at_] == ']' ? -1 : 0);
    if (open == 0) {
      ++at_;
      return text_.substr(begin, at_ - 1 - begin);
    }
  }
  return std::nullopt;
}

Evaluation::Operand Evaluation::Name() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && IsNameCharacter(text_[at_])) {
    ++at_;
  }
  const std::string_view name = text_.substr(begin, at_ - begin);
  std::optional<std::string_view> subscript;
  if (PeekAt(at_) == '[') {
    subscript = TakeSubscript();
    if (!subscript) {
      return Error();
    }
  }
  // The value does not matter to a plain assignment, but its code would run.
  const bool assigned = PeekAssignment() == "=";
  Operand operand = skipped_ > 0 || assigned ? Known(0) : Read(name, subscript);
  operand.name = name;
  operand.subscript = subscript;
  return Postfix(operand);
}

Evaluation::Operand Evaluation::Postfix(Operand operand) {
  SkipBlanks();
  const bool increment = LooksAt("++");
  if ((!increment && !LooksAt("--")) || (operand.name.empty() && operand.known)) {
    return operand;
  }
  const std::size_t next = text_.find_first_not_of(" \t\n", at_ + 2);
  const bool operand_follows =
      next != std::string_view::npos && (IsNameCharacter(text_[next]) || text_[next] == '(' || text_[next] == '$');
  if (operand_follows) {
    return operand;  // a + +b
  }
  at_ += 2;
  Operand next_value = operand;
  next_value.value =
      Wrapped(static_cast<std::uint64_t>(operand.value) + (increment ? 1 : ~static_cast<std::uint64_t>(0)));
  Write(operand, next_value);
  operand.name = {};
  return operand;
}

// A variable's value is an expression of its own.
Evaluation::Operand Evaluation::Read(std::string_view name, std::optional<std::string_view> subscript) {
  if (variable_depth_ >= kDeepestVariable || ++*steps_ > kMostSteps) {
    return Unknown();
  }
  const std::string text = variables_->ReadOperand(name, subscript);
  Evaluation inner(variables_, variable_depth_ + 1, steps_);
  inner.uncertain_ = uncertain_;
  const ArithmeticResult result = inner.Run(text);
  if (result.status == Status::kError) {
    return uncertain_ > 0 ? Unknown() : Error();
  }
  return result.status == Status::kKnown ? Known(result.value) : Unknown();
}

void Evaluation::Write(const Operand& target, const Operand& value) {
  if (skipped_ > 0 || target.name.empty() || failed_) {
    return;
  }
  const bool certain = value.known && uncertain_ == 0;
  variables_->WriteOperand(target.name, target.subscript,
                           certain ? std::optional<std::int64_t>(value.value) : std::nullopt);
}

}  // namespace

ArithmeticResult EvaluateArithmetic(std::string_view expression, ArithmeticVariables* variables) {
  const std::size_t begin = std::min(expression.find_first_not_of(" \t\n"), expression.size());
  const std::string_view trimmed = expression.substr(begin);
  // By far the most: a number alone, or a sum without names.
  if (trimmed.size() == 1 && IsDigit(trimmed[0])) {
    return {Status::kKnown, trimmed[0] - '0'};
  }
  std::size_t steps = 0;
  return Evaluation(variables, 0, &steps).Run(expression);
}

}  // namespace safe_docker::shell
