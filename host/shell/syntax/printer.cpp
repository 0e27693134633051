#include "printer.hpp"

#include <array>
#include <functional>
#include <string_view>
#include <vector>

namespace safe_docker::shell {
namespace {

class Printer {
 public:
  std::string Print(const Command& command) {
    PrintCommand(command);
    EndLine();
    return std::move(out_);
  }

 private:
  void PrintCommand(const Command& command);
  void PrintKind(const Command& command);
  void PrintEnclosed(const Command& command);
  void PrintList(const Command& list);
  void PrintBlock(const Command* list);
  void PrintJoined(const Command& command);
  void PrintPipeline(const Command& command);
  void PrintSimple(const Command& command);
  void PrintIf(const Command& command);
  void PrintFor(const Command& command);
  void PrintForArithmetic(const Command& command);
  void PrintBody(const Command& command);
  void PrintCase(const Command& command);
  void PrintCaseItem(const CaseItem& item);
  void PrintFunction(const Command& command);
  void PrintCoproc(const Command& command);
  void PrintCondition(const Condition& condition);
  void PrintConditions(const Condition& condition, std::string_view connector);
  void PrintWords(const SyntaxWord* words, std::string_view separator);
  void PrintAssigned(std::string_view written, const SyntaxWord& word);
  void PrintWord(const SyntaxWord& word) { PrintAssigned(word.written, word); }
  void PrintRedirections(const Redirection* redirections);
  void PrintRedirection(const Redirection& redirection);

  void Write(std::string_view text) {
    if (at_line_start_) {
      out_.append(2 * depth_, ' ');
      at_line_start_ = false;
    }
    out_.append(text);
  }
  void EndLine();

  std::string out_;
  std::size_t depth_ = 0;
  bool at_line_start_ = true;
  std::vector<const Redirection*> here_documents_;  // of the line
};

// Ends the line, if there is one, and writes what waits for its end.
void Printer::EndLine() {
  if (at_line_start_) {
    return;
  }
  out_.push_back('\n');
  at_line_start_ = true;
  for (const Redirection* each : here_documents_) {
    const std::string_view body = each->target == nullptr ? std::string_view() : each->target->written;
    out_.append(body);
    if (!body.empty() && !body.ends_with('\n')) {
      out_.push_back('\n');
    }
    out_.append(each->terminator).push_back('\n');
  }
  here_documents_.clear();
}

void Printer::PrintCommand(const Command& command) {
  if (command.kind == Command::Kind::kSimple) {
    PrintSimple(command);
    return;
  }
  PrintKind(command);
  PrintRedirections(command.redirections);
}

void Printer::PrintKind(const Command& command) {
  using Kind = Command::Kind;
  switch (command.kind) {
    case Kind::kSimple:
      break;
    case Kind::kPipeline:
    case Kind::kAndOr:
      PrintPipeline(command);
      break;
    case Kind::kList:
      PrintList(command);
      break;
    case Kind::kGroup:
    case Kind::kSubshell:
    case Kind::kCondition:
    case Kind::kArithmetic:
      PrintEnclosed(command);
      break;
    case Kind::kIf:
      PrintIf(command);
      break;
    case Kind::kLoop:
      Write(command.until ? "until" : "while");
      PrintBlock(command.first);
      PrintBody(command);
      break;
    case Kind::kFor:
      PrintFor(command);
      break;
    case Kind::kForArithmetic:
      PrintForArithmetic(command);
      break;
    case Kind::kCase:
      PrintCase(command);
      break;
    case Kind::kFunction:
      PrintFunction(command);
      break;
    case Kind::kCoproc:
      PrintCoproc(command);
      break;
  }
}

void Printer::PrintEnclosed(const Command& command) {
  if (command.kind == Command::Kind::kCondition) {
    Write("[[ ");
    PrintCondition(*command.compound->condition);
    Write(" ]]");
  } else if (command.kind == Command::Kind::kArithmetic) {
    Write("((");
    Write(command.words->written);
    Write("))");
  } else {
    const bool group = command.kind == Command::Kind::kGroup;
    Write(group ? "{" : "(");
    PrintBlock(command.first);
    Write(group ? "}" : ")");
  }
}

void Printer::PrintList(const Command& list) {
  for (const Command* member = list.first; member != nullptr; member = member->next) {
    PrintCommand(*member);
    if (member->background) {
      Write(" &");
    }
    EndLine();
  }
}

void Printer::PrintBlock(const Command* list) {
  EndLine();
  ++depth_;
  PrintList(*list);
  --depth_;
}

void Printer::PrintJoined(const Command& command) {
  static constexpr std::array<std::string_view, 5> kConnectors = {"", " && ", " || ", " | ", " |& "};
  for (const Command* member = command.first; member != nullptr; member = member->next) {
    Write(kConnectors[member == command.first ? 0 : static_cast<std::size_t>(member->connector)]);
    PrintCommand(*member);
  }
}

// A pipeline, or members with && and || between them.
void Printer::PrintPipeline(const Command& command) {
  Write(command.compound->prefix);
  if (command.first != nullptr) {
    Write(command.compound->prefix.empty() ? "" : " ");
    PrintJoined(command);
  }
}

// Words, assignments and redirections in the order in which they stand in the text.
void Printer::PrintSimple(const Command& command) {
  const Assignment* assignment = command.assignments;
  const SyntaxWord* word = command.words;
  const Redirection* redirection = command.redirections;
  const std::less<const char*> before;
  for (bool first = true; assignment != nullptr || word != nullptr || redirection != nullptr; first = false) {
    Write(first ? "" : " ");
    const char* other = assignment != nullptr ? assignment->written.data()
                        : word != nullptr     ? word->written.data()
                                              : nullptr;
    if (redirection != nullptr && (other == nullptr || before(redirection->written.data(), other))) {
      PrintRedirection(*redirection);
      redirection = redirection->next;
    } else if (assignment != nullptr) {
      PrintAssigned(assignment->written, *assignment->value);
      assignment = assignment->next;
    } else {
      PrintWord(*word);
      word = word->next;
    }
  }
}

void Printer::PrintIf(const Command& command) {
  const Command* branch = &command;
  while (true) {
    Write(branch == &command ? "if" : "elif");
    PrintBlock(branch->first);
    Write("then");
    PrintBlock(branch->second);
    if (branch->compound->third == nullptr || !branch->compound->third->elif) {
      break;
    }
    branch = branch->compound->third;
  }
  if (branch->compound->third != nullptr) {
    Write("else");
    PrintBlock(branch->compound->third);
  }
  Write("fi");
}

void Printer::PrintBody(const Command& command) {
  Write(command.brace_body ? "{" : "do");
  PrintBlock(command.second);
  Write(command.brace_body ? "}" : "done");
}

void Printer::PrintFor(const Command& command) {
  Write(command.select ? "select " : "for ");
  Write(command.name);
  if (command.over_list) {
    Write(" in");
    Write(command.words == nullptr ? "" : " ");
    PrintWords(command.words, " ");
  }
  EndLine();
  PrintBody(command);
}

void Printer::PrintForArithmetic(const Command& command) {
  Write("for ((");
  PrintWords(command.words, ";");
  Write("))");
  EndLine();
  PrintBody(command);
}

void Printer::PrintCase(const Command& command) {
  Write("case ");
  PrintWord(*command.words);
  Write(" in");
  EndLine();
  ++depth_;
  for (const CaseItem* item = command.compound->items; item != nullptr; item = item->next) {
    PrintCaseItem(*item);
  }
  --depth_;
  Write("esac");
}

void Printer::PrintCaseItem(const CaseItem& item) {
  static constexpr std::array<std::string_view, 4> kTerminators = {";;", ";&", ";;&", ""};
  Write(item.parenthesis ? "(" : "");
  PrintWords(item.patterns, " | ");
  Write(")");
  PrintBlock(item.body);
  if (item.terminator != CaseItem::Terminator::kMissing) {
    Write(kTerminators[static_cast<std::size_t>(item.terminator)]);
    EndLine();
  }
}

void Printer::PrintFunction(const Command& command) {
  Write(command.function_keyword ? "function " : "");
  Write(command.name);
  Write(command.function_parentheses ? " () " : " ");
  PrintCommand(*command.first);
}

void Printer::PrintCoproc(const Command& command) {
  Write("coproc ");
  Write(command.name);
  Write(command.name.empty() ? "" : " ");
  PrintCommand(*command.first);
}

void Printer::PrintConditions(const Condition& condition, std::string_view connector) {
  for (const Condition* member = condition.first; member != nullptr; member = member->next) {
    Write(member == condition.first ? "" : connector);
    PrintCondition(*member);
  }
}

void Printer::PrintCondition(const Condition& condition) {
  using Kind = Condition::Kind;
  switch (condition.kind) {
    case Kind::kWord:
    case Kind::kBinary:
      Write(condition.left->written);
      if (condition.kind == Kind::kBinary) {
        Write(" ");
        Write(condition.operation);
        Write(" ");
        Write(condition.right->written);
      }
      break;
    case Kind::kUnary:
      Write(condition.operation);
      Write(" ");
      Write(condition.left->written);
      break;
    case Kind::kAnd:
      PrintConditions(condition, " && ");
      break;
    case Kind::kOr:
      PrintConditions(condition, " || ");
      break;
    case Kind::kNot:
      Write("! ");
      PrintCondition(*condition.first);
      break;
    case Kind::kGroup:
      Write("( ");
      PrintCondition(*condition.first);
      Write(" )");
      break;
  }
}

void Printer::PrintWords(const SyntaxWord* words, std::string_view separator) {
  for (const SyntaxWord* word = words; word != nullptr; word = word->next) {
    Write(word == words ? "" : separator);
    PrintWord(*word);
  }
}

// A word, or an assignment whose value is `word`. The elements of an array stand in the lines of the text, and so may
// bodies of here-documents between them.
void Printer::PrintAssigned(std::string_view written, const SyntaxWord& word) {
  if (!word.is_array) {
    Write(written);
    const std::size_t slashes = written.size() - (written.find_last_not_of('\\') + 1);
    Write(slashes % 2 == 1 ? "\\" : "");  // the text ended there: a line that follows would be joined
    return;
  }
  const Part* last = word.parts;
  while (last->next != nullptr) {
    last = last->next;
  }
  const char* parenthesis = last->written.data() + last->written.size();
  Write(written.substr(0, static_cast<std::size_t>(parenthesis - written.data())));
  Write("(");
  PrintWords(word.elements, " ");
  Write(")");
}

void Printer::PrintRedirections(const Redirection* redirections) {
  for (const Redirection* each = redirections; each != nullptr; each = each->next) {
    Write(" ");
    PrintRedirection(*each);
  }
}

void Printer::PrintRedirection(const Redirection& redirection) {
  Write(redirection.descriptor_written);
  Write(redirection.operation);
  const bool is_document = redirection.kind == Redirection::Kind::kHereDocument;
  const std::string_view target = is_document ? redirection.delimiter->written : redirection.target->written;
  const bool joins = target.starts_with('<') || target.starts_with('>') || target.starts_with('-');
  Write(joins ? " " : "");
  PrintAssigned(target, is_document ? *redirection.delimiter : *redirection.target);
  if (is_document) {
    here_documents_.push_back(&redirection);
  }
}

}  // namespace

std::string Print(const Program& program) { return Print(*program.commands); }

std::string Print(const Command& command) { return Printer().Print(command); }

}  // namespace safe_docker::shell
