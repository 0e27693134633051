// What the syntax tree tells of each construct.
#include "shell/syntax/parser.hpp"

#include <gtest/gtest.h>

#include <string>

#include "shell/syntax/printer.hpp"

namespace safe_docker::shell {
namespace {

class ParserTest : public testing::Test {
 protected:
  // The first command of `text`, which must be valid.
  const Command& First(const std::string& text) {
    text_ = text;
    program_ = Parse(text_, &arena_, 0);
    EXPECT_EQ(program_.failure, Failure::kNone) << Describe(program_.error, text_);
    return *program_.commands->first->first;
  }

  // The first part of the last word of `text`.
  const Part& PartOf(const std::string& text) {
    const SyntaxWord* word = First(text).words;
    while (word->next != nullptr) {
      word = word->next;
    }
    return *word->parts;
  }

  Arena arena_;
  std::string text_;
  Program program_;
};

std::string Joined(const Part* parts) {
  std::string text;
  for (; parts != nullptr; parts = parts->next) {
    text.append(parts->kind == Part::Kind::kLiteral ? parts->text : parts->written);
  }
  return text;
}

TEST_F(ParserTest, LoopsSayWhichTheyAre) {
  EXPECT_FALSE(First("while a; do b; done").until);
  EXPECT_TRUE(First("until a; do b; done").until);
  EXPECT_TRUE(First("select x in a; do b; done").select);
  EXPECT_TRUE(First("for x in a; { b; }").brace_body);
  EXPECT_FALSE(First("for x; do b; done").over_list);
}

TEST_F(ParserTest, ArithmeticForHasThreeExpressions) {
  const Command& loop = First("for ((i = 0; i < \"$n;\"; )); do a; done");
  EXPECT_EQ(loop.kind, Command::Kind::kForArithmetic);
  EXPECT_EQ(loop.words->written, "i = 0");
  EXPECT_EQ(loop.words->next->written, " i < \"$n;\"");
  EXPECT_EQ(loop.words->next->next->written, " ");
  EXPECT_EQ(loop.words->next->next->next, nullptr);
}

TEST_F(ParserTest, PipelinesKeepTheirPrefixesAndConnectors) {
  const Command& pipeline = First("! time -p ! a |& b | c");
  EXPECT_EQ(pipeline.kind, Command::Kind::kPipeline);
  EXPECT_FALSE(pipeline.negated);
  EXPECT_TRUE(pipeline.timed && pipeline.timed_posix);
  EXPECT_EQ(pipeline.compound->prefix, "! time -p !");
  EXPECT_EQ(pipeline.first->next->connector, Command::Connector::kPipeBoth);
  EXPECT_EQ(pipeline.first->next->next->connector, Command::Connector::kPipe);
}

TEST_F(ParserTest, TimeBehindAPipeIsAProgram) { EXPECT_EQ(First("a | time b").first->next->words->written, "time"); }

TEST_F(ParserTest, CaseItemsSayHowTheyEnd) {
  const CaseItem* item = First("case $x in (a|b) c;; d) e;& f) g;;& h) i; esac").compound->items;
  using Terminator = CaseItem::Terminator;
  EXPECT_TRUE(item->parenthesis);
  EXPECT_EQ(item->patterns->next->written, "b");
  for (const Terminator expected :
       {Terminator::kBreak, Terminator::kFallThrough, Terminator::kTestNext, Terminator::kMissing}) {
    ASSERT_NE(item, nullptr);
    EXPECT_EQ(item->terminator, expected);
    item = item->next;
  }
  EXPECT_EQ(item, nullptr);
}

TEST_F(ParserTest, RedirectionsKeepTheirSpelling) {
  const Redirection* each = First("a 2>>b {fd}<c &>>d >&e 10>&-").redirections;
  EXPECT_EQ(each->operation, ">>");
  EXPECT_EQ(each->descriptor, 2);
  EXPECT_EQ(each->written, "2>>b");
  each = each->next;
  EXPECT_EQ(each->variable, "fd");
  EXPECT_EQ(each->descriptor, -1);
  each = each->next;
  EXPECT_EQ(each->operation, "&>>");
  EXPECT_TRUE(each->both);
  each = each->next;
  EXPECT_TRUE(each->both);
  EXPECT_EQ(each->descriptor_written, "");
  each = each->next;
  EXPECT_EQ(each->descriptor, 10);
  EXPECT_EQ(each->target->written, "-");
}

TEST_F(ParserTest, HereDocumentsTellDelimiterAndBody) {
  const Redirection* each = First("a <<-'E F' <<G; b\n\tx $y\n\tE F\nz $y\nG\n").redirections;
  EXPECT_TRUE(each->strip_tabs && each->verbatim && each->terminated);
  EXPECT_EQ(each->delimiter->written, "'E F'");
  EXPECT_EQ(each->terminator, "E F");
  EXPECT_EQ(each->target->written, "\tx $y\n");
  EXPECT_EQ(each->target->parts->text, "x $y\n");
  each = each->next;
  EXPECT_FALSE(each->verbatim || each->strip_tabs);
  EXPECT_EQ(each->target->parts->next->name, "y");
  EXPECT_FALSE(First("a <<E\nb").redirections->terminated);
}

TEST_F(ParserTest, FunctionsSayTheirForm) {
  EXPECT_TRUE(First("function f { a; } >b").function_keyword);
  EXPECT_FALSE(First("function f { a; }").function_parentheses);
  EXPECT_TRUE(First("function f () { a; }").function_parentheses);
  const Command& function = First("f() { a; } >b 2>&1");
  EXPECT_EQ(function.name, "f");
  EXPECT_EQ(function.first->redirections->next->descriptor, 2);
  EXPECT_EQ(First("coproc N { a; }").name, "N");
  EXPECT_EQ(First("coproc a b").name, "");
}

TEST_F(ParserTest, ConditionsAreTrees) {
  const Command& command = First("[[ -f $a && ! ( b == c* || d =~ (e|f g)$ ) ]]");
  using Kind = Condition::Kind;
  const Condition* all = command.compound->condition;
  ASSERT_EQ(all->kind, Kind::kAnd);
  EXPECT_EQ(all->first->kind, Kind::kUnary);
  EXPECT_EQ(all->first->operation, "-f");
  const Condition* negated = all->first->next;
  ASSERT_EQ(negated->kind, Kind::kNot);
  ASSERT_EQ(negated->first->kind, Kind::kGroup);
  const Condition* either = negated->first->first;
  ASSERT_EQ(either->kind, Kind::kOr);
  EXPECT_EQ(either->first->operation, "==");
  EXPECT_EQ(either->first->right->written, "c*");
  EXPECT_EQ(either->first->next->operation, "=~");
  EXPECT_EQ(either->first->next->right->written, "(e|f g)$");
  EXPECT_EQ(command.words->written, "$a");
}

TEST_F(ParserTest, ArraysHaveSubscripts) {
  const Assignment* assignment = First("a=([x y]=1 [$k]+=\"2 3\" 4)").assignments;
  ASSERT_TRUE(assignment->value->is_array);
  const SyntaxWord* element = assignment->value->elements;
  ASSERT_NE(element->assignment, nullptr);
  EXPECT_EQ(Joined(element->assignment->subscript), "x y");
  EXPECT_EQ(Joined(element->assignment->value->parts), "1");
  element = element->next;
  EXPECT_TRUE(element->assignment->append);
  EXPECT_EQ(Joined(element->assignment->value->parts), "2 3");
  EXPECT_EQ(element->next->assignment, nullptr);
  const SyntaxWord* word = First("declare -A m=([k]=v) n=o").words->next->next;
  EXPECT_EQ(word->assignment->name, "m");
  EXPECT_EQ(Joined(word->assignment->value->elements->assignment->subscript), "k");
  EXPECT_EQ(Joined(word->next->assignment->value->parts), "o");
}

TEST_F(ParserTest, ParametersTellTheirOperation) {
  EXPECT_EQ(PartOf("a ${x:-y}").expansion->operation, ":-");
  EXPECT_TRUE(PartOf("a ${#x}").length);
  EXPECT_TRUE(PartOf("a ${!x}").indirect);
  EXPECT_EQ(PartOf("a ${!x*}").expansion->operation, "*");
  EXPECT_EQ(PartOf("a ${!x@}").expansion->argument, nullptr);
  EXPECT_EQ(Joined(PartOf("a ${!x[@]}").expansion->index), "@");
  EXPECT_EQ(PartOf("a ${x@Q}").expansion->operation, "@");
  EXPECT_EQ(Joined(PartOf("a ${x@Q}").expansion->argument), "Q");
  EXPECT_EQ(PartOf("a ${x[1]}").name, "x");
}

TEST_F(ParserTest, SubstitutionsSplitPatternAndReplacement) {
  const Part& part = PartOf("a \"${x//\\/\"/\"'/'$(b /)/c/d}\"");
  EXPECT_EQ(part.expansion->operation, "//");
  EXPECT_EQ(Joined(part.expansion->argument), "///$(b /)");
  EXPECT_EQ(Joined(part.expansion->second_argument), "c/d");
  EXPECT_EQ(PartOf("a ${x/b}").expansion->second_argument, nullptr);
  ASSERT_NE(PartOf("a ${x/b/}").expansion->second_argument, nullptr);
  EXPECT_EQ(Joined(PartOf("a ${x/b/}").expansion->second_argument), "");
}

TEST_F(ParserTest, SlicesSplitOffsetAndLength) {
  const Part& part = PartOf("a ${x:$y?1:(b?2:3):${z:-4}}");
  EXPECT_EQ(part.expansion->operation, ":");
  EXPECT_EQ(Joined(part.expansion->argument), "$y?1:(b?2:3)");
  EXPECT_EQ(Joined(part.expansion->second_argument), "${z:-4}");
  EXPECT_EQ(PartOf("a ${x: -1}").expansion->second_argument, nullptr);
}

TEST_F(ParserTest, SingleQuotesInDoubleQuotedOperandsPairButDoNotQuote) {
  const Part& part = PartOf("a \"${x:-'$(b)}'}\"");
  EXPECT_EQ(Joined(part.expansion->argument), "'$(b)}'");
  EXPECT_EQ(part.expansion->argument->next->expansion->command->first->words->written, "b");
}

TEST_F(ParserTest, SubstitutionsSayTheirForm) {
  EXPECT_EQ(PartOf("a `b`").form, Part::Form::kBackquote);
  EXPECT_EQ(PartOf("a ${ b; }").form, Part::Form::kBrace);
  EXPECT_EQ(PartOf("a ${| b; }").form, Part::Form::kBraceValue);
  EXPECT_EQ(PartOf("a $[1]").form, Part::Form::kBracket);
  EXPECT_EQ(PartOf("a $((1))").kind, Part::Kind::kArithmetic);
  EXPECT_EQ(PartOf("a $((b); c)").kind, Part::Kind::kCommand);
  EXPECT_EQ(PartOf("a >(b)").expansion->operation, ">");
}

// A quote in a comment in a substitution must not make two subshells look like arithmetic.
TEST_F(ParserTest, SubshellsThatLookLikeArithmeticAreSubshells) {
  EXPECT_EQ(First("((a $(: # '\n)); b ' ))'; c )").kind, Command::Kind::kSubshell);
  EXPECT_EQ(First("((a + $(case x in x) echo 1;; esac)))").kind, Command::Kind::kArithmetic);
}

TEST_F(ParserTest, WordsSayWhatIsInThem) {
  EXPECT_FALSE(First("ab").words->quoted);
  EXPECT_TRUE(First("a\"b\"").words->quoted);
  EXPECT_TRUE(First("a @(b|c d)e").words->next->has_group);
  EXPECT_TRUE(First("a @(b|c d)e").words->next->parts->next->in_group);
  EXPECT_EQ(PartOf("a $'b\\'\\x41'").quote, Part::Quote::kAnsi);
  EXPECT_EQ(PartOf("a $'b\\'\\x41'").text, "b'A");
  EXPECT_EQ(PartOf("a $\"b\"").quote, Part::Quote::kLocale);
  EXPECT_EQ(PartOf("a \\b").written, "\\b");
  EXPECT_EQ(First("d\\\nocker").words->parts->text, "docker");
  EXPECT_EQ(First("a\rb c").words->written, "a\rb");
  EXPECT_EQ(First(std::string("a\0b c", 5)).words->parts->text, std::string("a\0b", 3));
}

TEST_F(ParserTest, ADelimiterMayShareItsLineWithTheParenthesis) {
  const Part& part = PartOf("a $(b <<E\nc\nE)");
  EXPECT_EQ(part.expansion->command->first->redirections->target->written, "c\n");
}

TEST_F(ParserTest, PrintsWhatItRead) {
  First("if a; then b <<E | c; else d & fi\nx\nE\n! e>f g &&\n [[ h ]]");
  EXPECT_EQ(Print(program_), "if\n  a\nthen\n  b <<E | c\nx\nE\nelse\n  d &\nfi\n! e >f g && [[ h ]]\n");
}

TEST_F(ParserTest, LongChainsDoNotNest) {
  std::string text = "if a; then b; ";
  for (int i = 0; i < 5000; ++i) {
    text += "elif a; then b; ";
  }
  First(text + "fi");
  std::string condition = "[[ a";
  for (int i = 0; i < 5000; ++i) {
    condition += " && a || b";
  }
  First(condition + " ]]");
}

}  // namespace
}  // namespace safe_docker::shell
