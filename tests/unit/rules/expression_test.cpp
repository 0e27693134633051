// Regular expressions: against a table, and against the standard library's on random patterns.
#include "expression.hpp"

#include <gtest/gtest.h>

#include <random>
#include <regex>

namespace safe_docker::rules {
namespace {

struct Row {
  std::string_view pattern;
  std::string_view text;
  bool finds;
};

constexpr Row kRows[] = {
    {"prod", "docker rm prod-1", true},
    {"prod", "docker rm dev-1", false},
    {"^docker (rm|stop) .*prod", "docker stop -t 3 prod", true},
    {"^docker (rm|stop) .*prod", "sudo docker stop prod", false},
    {"prod$", "rm prod", true},
    {"prod$", "rm prod x", false},
    {"pro?d", "prd", true},
    {"a{2,3}b", "ab", false},
    {"a{2,3}b", "aab", true},
    {"^a{2,3}b", "aaaab", false},
    {"^a{2}$", "aa", true},
    {"^a{2}$", "aaa", false},
    {"^a{2,}$", "aaaaa", true},
    {"^a{0,1}b", "aab", false},
    {"[a-c]+x", "bcax", true},
    {"[^a-c]x", "ax", false},
    {"[]x]", "]", true},
    {"[a-]", "-", true},
    {"\\d+\\.\\d+", "1.27", true},
    {"\\d+\\.\\d+", "1x27", false},
    {"\\bprod\\b", "my-prod", true},
    {"\\bprod\\b", "product", false},
    {"\\Bod", "prod", true},
    {"\\Bod", "od", false},
    {"(?i)PROD", "prod", true},
    {"(?i)[x-z]", "Y", true},
    {"(a|b|cd)e", "cde", true},
    {"(a|b|cd)e", "de", false},
    {"(|x)y", "y", true},
    {"^(ab)*$", "ababab", true},
    {"^(ab)*$", "ababa", false},
    {"^(a*)*$", "aaa", true},
    {"^(a*)+b$", "aab", true},
    {"(?:a+?)b", "aab", true},
    {"a.b", "a\nb", true},
    {"a.b",
     "a\xff"
     "b",
     true},
    {"\\{x\\}", "{x}", true},
    {"a{x}", "a{x}", true},
    {"\\s\\S", " x", true},
    {"\\w+\\W\\D", "ab-c", true},
    {"\\n\\t", "\n\t", true},
};

TEST(Expression, FindsWhatTheTableSays) {
  for (const Row& row : kRows) {
    Expression::Error error;
    const auto expression = Expression::Compile(row.pattern, &error);
    ASSERT_TRUE(expression) << row.pattern << ": " << error.what;
    EXPECT_EQ(expression->Finds(row.text), row.finds) << row.pattern << " in " << row.text;
  }
}

struct BadRow {
  std::string_view pattern;
  std::size_t at;
};

constexpr BadRow kBadRows[] = {
    {"a(b", 1},         {"a)b", 1},    {"[a", 0},    {"*a", 0},     {"a**", 2},    {"a\\", 1},
    {"(a)\\1", 3},      {"(?=a)", 0},  {"[b-a]", 4}, {"\\pL", 0},   {"a{3,2}", 6}, {"a{999}", 6},
    {"[[:digit:]]", 1}, {"a(?i)b", 1}, {"x(+)", 2},  {"(a|(b)", 0},
};

TEST(Expression, SaysWhereOneIsWrong) {
  for (const BadRow& row : kBadRows) {
    Expression::Error error;
    EXPECT_FALSE(Expression::Compile(row.pattern, &error)) << row.pattern;
    EXPECT_EQ(error.at, row.at) << row.pattern << ": " << error.what;
    EXPECT_FALSE(error.what.empty()) << row.pattern;
  }
}

TEST(Expression, RefusesWhatIsTooLarge) {
  Expression::Error error;
  EXPECT_FALSE(Expression::Compile("(((a{255}){255}){255})", &error));
  EXPECT_FALSE(Expression::Compile("((((()*){255}){255}){255}){255}", &error));
  EXPECT_FALSE(Expression::Compile(std::string(200, '(') + std::string(200, ')'), &error));
}

std::string RandomPattern(std::mt19937* random, int depth) {
  constexpr std::string_view kAtoms[] = {"a", "b", "c", ".", "[ab]", "[^a]", "\\b", "\\w", "^", "$"};
  constexpr std::string_view kTimes[] = {"", "", "", "", "*", "+", "?", "{2}", "{1,2}", "{2,}"};
  std::string pattern;
  for (std::size_t parts = 1 + (*random)() % 3; parts > 0; --parts) {
    if (depth > 0 && (*random)() % 3 == 0) {
      pattern += "(" + RandomPattern(random, depth - 1) + ")";
      pattern += kTimes[(*random)() % std::size(kTimes)];
    } else {
      const std::string_view atom = kAtoms[(*random)() % std::size(kAtoms)];
      pattern += atom;
      pattern += atom == "^" || atom == "$" || atom == "\\b" ? "" : kTimes[(*random)() % std::size(kTimes)];
    }
    pattern += parts > 1 && (*random)() % 4 == 0 ? "|" : "";
  }
  return pattern;
}

TEST(Expression, AgreesWithTheStandardLibrary) {
  std::mt19937 random(7);
  for (int i = 0; i < 8'000; ++i) {
    const std::string pattern = RandomPattern(&random, 2);
    Expression::Error error;
    const auto expression = Expression::Compile(pattern, &error);
    ASSERT_TRUE(expression) << pattern << ": " << error.what << " at " << error.at;
    const std::regex standard(pattern);
    for (int texts = 0; texts < 4; ++texts) {
      std::string text;
      for (std::size_t size = random() % 6; size > 0; --size) {
        text += "abc-"[random() % 4];
      }
      EXPECT_EQ(expression->Finds(text), std::regex_search(text, standard)) << pattern << " in '" << text << "'";
    }
  }
}

// An engine that goes back and tries again would not end in a lifetime.
TEST(Expression, EndsForAnyText) {
  Expression::Error error;
  for (const std::string_view pattern : {"(a*)*b", "(a|a)*b", "(a?){200}a{200}b", "^(.*a){12}$"}) {
    const auto expression = Expression::Compile(pattern, &error);
    ASSERT_TRUE(expression) << pattern << error.what;
    EXPECT_EQ(expression->Finds(std::string(16 * 1024, 'a')), pattern.back() == '$') << pattern;
  }
}

}  // namespace
}  // namespace safe_docker::rules
