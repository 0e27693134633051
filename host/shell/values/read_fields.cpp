#include "read_fields.hpp"

#include <algorithm>

namespace safe_docker::shell {
namespace {

// One line, with what a backslash took the meaning from.
struct Line {
  std::string text;
  std::vector<bool> escaped;

  void Add(char c, bool is_escaped) {
    text.push_back(c);
    escaped.push_back(is_escaped);
  }
};

// Reads up to the delimiter; false if an unknown part stands in the way.
bool TakeLine(const ReadRequest& request, std::string* input, Line* line) {
  std::size_t at = 0;
  bool complete = false;
  while (at < input->size() && !complete && line->text.size() < request.most) {
    const char c = (*input)[at++];
    if (c == kUnknownPart) {
      return false;
    }
    if (c == '\\' && !request.raw) {
      if (at < input->size() && (*input)[at] == kUnknownPart) {
        return false;
      }
      const bool has_next = at < input->size();
      const char next = has_next ? (*input)[at++] : '\0';
      if (has_next && next != '\n') {
        line->Add(next, true);
      }
      continue;
    }
    complete = !request.exactly && c == request.delimiter;
    if (!complete) {
      line->Add(c, false);
    }
  }
  input->erase(0, at);
  return true;
}

class Splitter {
 public:
  Splitter(const Line& line, std::string_view separators) : line_(line), separators_(separators) {}

  void SkipBlanks() {
    while (at_ < line_.text.size() && IsBlank(at_)) {
      ++at_;
    }
  }
  bool AtEnd() const { return at_ >= line_.text.size(); }

  // Up to the next separator, which goes with the blanks around it.
  std::string Next() {
    const std::size_t begin = at_;
    while (!AtEnd() && !Separates(at_)) {
      ++at_;
    }
    std::string field = line_.text.substr(begin, at_ - begin);
    SkipBlanks();
    if (!AtEnd() && Separates(at_)) {
      ++at_;
      SkipBlanks();
    }
    return field;
  }

  // All that is left, as the last variable gets it: one field without its separator, or everything.
  std::string Rest() {
    const std::size_t begin = at_;
    std::string field = Next();
    if (AtEnd()) {
      return field;
    }
    std::size_t end = line_.text.size();
    while (end > begin && IsBlank(end - 1)) {
      --end;
    }
    at_ = line_.text.size();
    return line_.text.substr(begin, end - begin);
  }

 private:
  bool Separates(std::size_t at) const {
    return !line_.escaped[at] && separators_.find(line_.text[at]) != std::string_view::npos;
  }
  bool IsBlank(std::size_t at) const {
    const char c = line_.text[at];
    return Separates(at) && (c == ' ' || c == '\t' || c == '\n');
  }

  const Line& line_;
  std::string_view separators_;
  std::size_t at_ = 0;
};

std::vector<std::string> SplitLine(const ReadRequest& request, const Line& line, std::string_view separators) {
  std::vector<std::string> fields;
  if (request.exactly || request.whole_line) {
    fields.push_back(line.text);
    fields.resize(std::max<std::size_t>(request.fields, 1));
    return fields;
  }
  Splitter splitter(line, separators);
  splitter.SkipBlanks();
  while (request.fields == 0 ? !splitter.AtEnd() : fields.size() < request.fields) {
    fields.push_back(fields.size() + 1 == request.fields ? splitter.Rest() : splitter.Next());
  }
  return fields;
}

}  // namespace

std::optional<std::vector<std::string>> ReadFields(const ReadRequest& request, std::string* input) {
  Line line;
  std::string separators = " \t\n";
  const bool has_separators = request.separators != nullptr && request.separators->state != Variable::State::kUnset;
  if (has_separators) {
    separators = request.separators->value;
  }
  const bool separators_known = !has_separators || request.separators->state == Variable::State::kKnown;
  if (!separators_known || !TakeLine(request, input, &line)) {
    input->assign(1, kUnknownPart);
    return std::nullopt;
  }
  return SplitLine(request, line, separators);
}

}  // namespace safe_docker::shell
