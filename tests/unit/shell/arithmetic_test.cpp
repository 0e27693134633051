// Arithmetic on its own: unknown parts, errors and bounds, which rows run in bash cannot show.
#include "shell/values/arithmetic.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "command_line.hpp"
#include "shell/values/patterns.hpp"

namespace safe_docker::shell {
namespace {

using Status = ArithmeticResult::Status;

class Variables final : public ArithmeticVariables {
 public:
  std::string ReadOperand(std::string_view name, std::optional<std::string_view> subscript) override {
    return values[Key(name, subscript)];
  }
  void WriteOperand(std::string_view name, std::optional<std::string_view> subscript,
                    std::optional<std::int64_t> value) override {
    values[Key(name, subscript)] = value ? std::to_string(*value) : std::string(1, kUnknownPart);
  }

  std::map<std::string, std::string> values;

 private:
  static std::string Key(std::string_view name, std::optional<std::string_view> subscript) {
    return std::string(name) + (subscript ? "[" + std::string(*subscript) + "]" : "");
  }
};

Status StatusOf(const std::string& expression, Variables* variables) {
  return EvaluateArithmetic(expression, variables).status;
}

TEST(ArithmeticTest, WhatDependsOnAnUnknownPartIsUnknown) {
  Variables variables;
  variables.values["u"] = std::string(1, kUnknownPart);
  EXPECT_EQ(StatusOf("u + 1", &variables), Status::kUnknown);
  EXPECT_EQ(StatusOf(std::string("1 + \0", 5), &variables), Status::kUnknown);
  EXPECT_EQ(StatusOf(std::string("1 \0 2", 5), &variables), Status::kUnknown);
  EXPECT_EQ(EvaluateArithmetic("u && 0", &variables).value, 0);
  EXPECT_EQ(StatusOf("u && 0", &variables), Status::kKnown);
  EXPECT_EQ(EvaluateArithmetic("u || 1", &variables).value, 1);
}

TEST(ArithmeticTest, AssignmentsThatMayHappenMakeUnknown) {
  Variables variables;
  variables.values["u"] = std::string(1, kUnknownPart);
  EvaluateArithmetic("u ? (a = 1) : (b = 2), c = 3", &variables);
  EXPECT_FALSE(IsKnown(variables.values["a"]));
  EXPECT_FALSE(IsKnown(variables.values["b"]));
  EXPECT_EQ(variables.values["c"], "3");
  EvaluateArithmetic("0 && (d = 1), 1 || (e = 1)", &variables);
  EXPECT_EQ(variables.values.count("d"), 0U);
  EXPECT_EQ(variables.values.count("e"), 0U);
}

TEST(ArithmeticTest, WhatBashRefusesIsAnError) {
  Variables variables;
  for (const char* expression :
       {"1/0", "1%0", "1 +", "(1", "1 2", "08", "2#3", "1 = 2", "2 ** -1", "a[", "1 ? 2", "$"}) {
    EXPECT_EQ(StatusOf(expression, &variables), Status::kError) << expression;
  }
}

TEST(ArithmeticTest, CirclesAndDepthAreBounded) {
  Variables variables;
  variables.values["x"] = "y";
  variables.values["y"] = "x + x";
  EXPECT_NE(StatusOf("x", &variables), Status::kKnown);
  EXPECT_NE(StatusOf(std::string(5000, '('), &variables), Status::kKnown);
  EXPECT_NE(StatusOf(std::string(5000, '-') + "1", &variables), Status::kKnown);
  std::string sum = "1";
  for (int i = 0; i < 10000; ++i) {
    sum += "+1";
  }
  EXPECT_NE(StatusOf(sum, &variables), Status::kError);
}

TEST(PatternTest, UnknownPartsLeaveTheMatchOpenOrNot) {
  const struct {
    std::string pattern;
    std::string text;
    Pattern::Match match;
  } kCases[] = {
      {"*/b", std::string("\0/b", 3), Pattern::Match::kYes},
      {"*.c", std::string("\0/b", 3), Pattern::Match::kNo},
      {"a*", std::string("\0/b", 3), Pattern::Match::kUnknown},
      {"?", std::string("\0", 1), Pattern::Match::kUnknown},
      {"*", std::string("\0", 1), Pattern::Match::kYes},
      {"+(a|b)c", "ababc", Pattern::Match::kYes},
      {"!(a*)", "ab", Pattern::Match::kNo},
      {"*(*(*(a)))b", std::string(200, 'a'), Pattern::Match::kNo},
      {"[[:digit:]-z]", "-", Pattern::Match::kYes},
      {"a[", "a[", Pattern::Match::kYes},
  };
  for (const auto& [pattern, text, match] : kCases) {
    EXPECT_EQ(Pattern(pattern, {true, false}).Matches(text), match) << pattern << " " << text;
  }
}

}  // namespace
}  // namespace safe_docker::shell
