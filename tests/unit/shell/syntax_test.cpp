// Which texts are accepted and which refused, row by row, with bash -n as the judge; and what an error says.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "bash_syntax.hpp"
#include "cases.hpp"
#include "shell/syntax/parser.hpp"

namespace safe_docker::shell {
namespace {

struct Row {
  bool accepted;
  std::string text;
};

std::vector<Row> ReadSyntaxRows(const std::string& name) {
  std::vector<Row> rows;
  for (const std::string& row : ReadRows(name)) {
    const std::size_t blank = row.find(' ');
    rows.push_back({row.starts_with("accept "), WithLineBreaks(row.substr(blank + 1, row.find(" => ") - blank - 1))});
  }
  return rows;
}

bool IsAccepted(const std::string& text) {
  Arena arena;
  return Parse(text, &arena, 0).failure == Failure::kNone;
}

std::string ErrorOf(const std::string& text) {
  Arena arena;
  const Program program = Parse(text, &arena, 0);
  return program.failure == Failure::kNone ? "" : Describe(program.error, text);
}

bool BashIsMissing() { return std::getenv("CI") == nullptr && !std::filesystem::exists("/bin/bash"); }

TEST(SyntaxTest, AcceptsAndRefusesWhatBashDoes) {
  const std::vector<Row> rows = ReadSyntaxRows("syntax.cases");
  ASSERT_GE(rows.size(), 600U);
  for (const Row& row : rows) {
    EXPECT_EQ(IsAccepted(row.text), row.accepted) << row.text << "\n" << ErrorOf(row.text);
    if (!BashIsMissing()) {
      EXPECT_EQ(BashAccepts(row.text), row.accepted) << "bash: " << row.text;
    }
  }
}

TEST(SyntaxTest, DiffersFromBashOnlyWhereItIsListed) {
  const std::vector<Row> rows = ReadSyntaxRows("syntax_differences.cases");
  ASSERT_FALSE(rows.empty());
  for (const Row& row : rows) {
    EXPECT_EQ(IsAccepted(row.text), row.accepted) << row.text;
    if (!BashIsMissing()) {
      EXPECT_NE(BashAccepts(row.text), row.accepted) << "bash: " << row.text;
    }
  }
}

TEST(SyntaxTest, ErrorsNameTheirLineAndToken) {
  EXPECT_EQ(ErrorOf("a\nif b; fi"), "line 2: unexpected 'fi', expected 'then'");
  EXPECT_EQ(ErrorOf("a\n\n b 'c"), "line 3: this quote is never closed");
  EXPECT_EQ(ErrorOf("echo $(\na"), "line 1: this parenthesis is never closed");
  EXPECT_EQ(ErrorOf("echo \"${a"), "line 1: this brace is never closed");
  EXPECT_EQ(ErrorOf("a |"), "line 1: unexpected end of the text, expected a command");
  EXPECT_EQ(ErrorOf("a )"), "line 1: unexpected ')'");
  EXPECT_EQ(ErrorOf("a >\n"), "line 1: unexpected end of the line, expected a word");
  EXPECT_EQ(ErrorOf("[[ a b ]]"), "line 1: unexpected 'b', expected an operator of a condition");
  EXPECT_EQ(ErrorOf("case a in b c) ;; esac"), "line 1: unexpected 'c', expected ')'");
}

TEST(SyntaxTest, AnErrorInsideOfOthersHasItsOwnPlace) {
  const std::string text = "a; echo \"$(b; { c; )\" d";
  Arena arena;
  const Program program = Parse(text, &arena, 0);
  EXPECT_EQ(program.failure, Failure::kSyntax);
  EXPECT_EQ(program.error.offset, text.find(')'));
  EXPECT_EQ(program.error.token, ")");
  EXPECT_EQ(program.rest, text);
}

TEST(SyntaxTest, WhatStandsBeforeAnErrorIsATree) {
  const std::string text = "a; b\nc | d\ne )\nf";
  Arena arena;
  const Program program = Parse(text, &arena, 0);
  EXPECT_EQ(program.rest, "e )\nf");
  ASSERT_NE(program.commands->first, nullptr);
  EXPECT_EQ(program.commands->first->written, "a; b");
  EXPECT_EQ(program.commands->first->next->first->written, "c | d");
}

TEST(SyntaxTest, CodeInBackquotesIsJudgedWhenItRuns) {
  Arena arena;
  const Program program = Parse("a `b (` c", &arena, 0);
  EXPECT_EQ(program.failure, Failure::kNone);
  ASSERT_EQ(program.broken_parts.size(), 1U);
  EXPECT_EQ(program.broken_parts[0].text, "b (");
}

TEST(SyntaxTest, NothingIsReadAfterAFailure) {
  EXPECT_EQ(ErrorOf("for ((${a; `b`; c)); do d; done"), "line 1: this brace is never closed");
  EXPECT_NE(ErrorOf("for ((a-u${@:1:2x; `b`; ${c}{}));"), "");
}

// Texts of other shells are not bash: what counts is that they are read to their end or refused at a place.
TEST(SyntaxTest, OtherShellsAreLexedSafely) {
  for (const std::string text :
       {"print ${(j:,:)array} =ls **/*(.om[1,3])", "for x (a b c) { echo $x }", "if test $status -eq 0; echo ok; end",
        "set -l x (string split , $argv); and echo $x[1..-1]", "function f --on-event e; echo $argv; end",
        "repeat 3 echo hi", "echo $((1 + $x[2])) ${x:#pattern} ${^array}", "begin; a; end | b ^&1",
        "noglob echo {1..3} =(a) >(b)", "[[ -n $x && $y == (#i)abc ]]"}) {
    Arena arena;
    const Program program = Parse(text, &arena, 0);
    EXPECT_LE(program.error.offset, text.size()) << text;
    EXPECT_TRUE(program.failure == Failure::kNone || !program.rest.empty()) << text;
  }
}

}  // namespace
}  // namespace safe_docker::shell
