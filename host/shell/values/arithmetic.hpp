// Shell arithmetic: 64-bit integers, every operator of bash, variables whose values are expressions themselves. What
// depends on an unknown value is unknown; its assignments still happen, with unknown results where needed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace safe_docker::shell {

// What an expression needs of the shell. A subscript is the text between the brackets, as it stands in the expression.
class ArithmeticVariables {
 public:
  // The text of a variable or array element, with unknown parts where it has them; empty if it is unset.
  virtual std::string ReadOperand(std::string_view name, std::optional<std::string_view> subscript) = 0;
  // `value` is nothing if it is not known.
  virtual void WriteOperand(std::string_view name, std::optional<std::string_view> subscript,
                            std::optional<std::int64_t> value) = 0;

 protected:
  ~ArithmeticVariables() = default;
};

struct ArithmeticResult {
  enum class Status : std::uint8_t { kKnown, kUnknown, kError };  // kError: bash refuses the expression
  Status status = Status::kUnknown;
  std::int64_t value = 0;  // if kKnown
};

// Evaluates `expression`, whose expansions are done already. It may hold unknown parts.
ArithmeticResult EvaluateArithmetic(std::string_view expression, ArithmeticVariables* variables);

}  // namespace safe_docker::shell
