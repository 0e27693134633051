// Words and operators of a shell text, one after the other as the lexer reads them, without a tree: what the printer's
// result is compared with. Line ends and ';' are left out, as are blanks and comments.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "shell/syntax/parser.hpp"

namespace safe_docker::shell {

class TokenReader : public Parser {
 public:
  using Parser::Parser;

  std::vector<std::string> Read() {
    while (!failed() && !AtEnd()) {
      SkipBlanks();
      if (!AtEnd() && !TakeNewline()) {
        ReadToken();
      }
    }
    for (const Redirection* each : documents_) {
      const std::string body(each->target == nullptr ? std::string_view() : each->target->written);
      tokens_.push_back(body.empty() || body.ends_with('\n') ? body : body + "\n");
      all_terminated_ = all_terminated_ && each->terminated;
    }
    return tokens_;
  }

  // Whether no here-document goes on to the end of the text.
  bool all_terminated() const { return all_terminated_; }

 private:
  void ReadToken() {
    const std::size_t begin = position_;
    const bool arithmetic = LooksAt("((");
    const Part* parts = nullptr;
    std::string_view inner;
    if (arithmetic) {
      position_ += 2;
      std::size_t lonely = 0;
      if (ReadArithmetic(&parts, &inner, &lonely)) {
        tokens_.emplace_back(WrittenSince(begin));
        return;
      }
      position_ = begin;
    }
    if (ReadOperator()) {
      return;
    }
    const SyntaxWord* word = ReadWord(WordMode::kAssignment);
    if (word == nullptr) {
      tokens_.emplace_back(1, text_[position_++]);
    } else {
      tokens_.emplace_back(word->written);
    }
  }

  bool ReadOperator() {
    static constexpr std::array<std::string_view, 20> kOperators = {"&>>", "<<<", "<<-", ";;&", "&&", "||", ";;",
                                                                    ";&",  "|&",  "&>",  "<<",  "<&", "<>", ">>",
                                                                    ">&",  ">|",  ";",   "&",   "|",  "<"};
    for (const std::string_view each : kOperators) {
      if ((each == "<" && Peek(1) == '(') || !Take(each)) {
        continue;
      }
      if (each != ";") {
        tokens_.emplace_back(each);
      }
      if (each == "<<" || each == "<<-") {
        ReadDocument(each == "<<-");
      }
      return true;
    }
    return false;
  }

  void ReadDocument(bool strip_tabs) {
    SkipBlanks();
    Redirection* redirection = arena_->New<Redirection>();
    redirection->delimiter = ReadWord(WordMode::kPlain);
    redirection->strip_tabs = strip_tabs;
    if (redirection->delimiter != nullptr) {
      tokens_.emplace_back(redirection->delimiter->written);
      AddHereDocument(redirection);
      documents_.push_back(redirection);
    }
  }

  std::vector<std::string> tokens_;
  std::vector<const Redirection*> documents_;
  bool all_terminated_ = true;
};

}  // namespace safe_docker::shell
