#include "parser.hpp"

#include <algorithm>
#include <utility>

#include "cursor.hpp"
#include "heredoc.hpp"

namespace safe_docker::bake {
namespace {

bool IsLetter(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
         (static_cast<unsigned char>(byte) & 0x80) != 0;
}
bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }
bool ContinuesName(char byte) { return IsLetter(byte) || IsDigit(byte) || byte == '-'; }

// Operators by strength, the weakest first; those of one level are tried in order, the longer ones first.
struct Level {
  std::string_view operators[4];
};
constexpr Level kLevels[] = {
    {{"||"}}, {{"&&"}}, {{"==", "!="}}, {{">=", "<=", ">", "<"}}, {{"+", "-"}}, {{"*", "/", "%"}},
};

class Parser {
 public:
  explicit Parser(Cursor& cursor) : cursor_(cursor) {}

  Body ReadFile() {
    if (cursor_.StartsWith("\xEF\xBB\xBF")) {
      cursor_.Fail("the file begins with a byte order mark");
    }
    Body body = ReadBody();
    if (!cursor_.AtEnd()) {
      cursor_.Fail("a '}' without a block");
    }
    return body;
  }

  Expression ReadWholeTemplate() {
    Expression text = StartExpression(Form::kTemplate);
    while (!cursor_.AtEnd()) {
      if (!ReadMarked(text)) {
        AddByte(text, cursor_.Next());
      }
    }
    return Simplified(std::move(text));
  }

 private:
  // Whether a new line ends what is being read; put back at the end of its life.
  class Lines {
   public:
    Lines(Parser& parser, bool are_blank) : parser_(parser), before_(std::exchange(parser.ignores_lines_, are_blank)) {}
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;
    ~Lines() { parser_.ignores_lines_ = before_; }

   private:
    Parser& parser_;
    bool before_;
  };

  // ---- Blanks, names ----

  void SkipComment() {
    if (cursor_.Take("/*")) {
      while (!cursor_.Take("*/")) {
        if (cursor_.AtEnd()) {
          cursor_.Fail("a comment without an end");
        }
        cursor_.Next();
      }
      return;
    }
    while (!cursor_.AtEnd() && cursor_.Peek() != '\n') {
      cursor_.Next();
    }
  }

  void SkipBlank() {
    while (!cursor_.AtEnd()) {
      const char byte = cursor_.Peek();
      if (byte == '#' || cursor_.StartsWith("//") || cursor_.StartsWith("/*")) {
        SkipComment();
      } else if (byte == ' ' || byte == '\t' || cursor_.StartsWith("\r\n") || (byte == '\n' && ignores_lines_)) {
        cursor_.Next();
      } else {
        return;
      }
    }
  }

  void SkipLines() {
    const Lines lines(*this, true);
    SkipBlank();
  }

  void Expect(std::string_view wanted, std::string_view message) {
    SkipBlank();
    if (!cursor_.Take(wanted)) {
      cursor_.Fail(message);
    }
  }

  std::string ReadName(std::string_view message) {
    if (!IsLetter(cursor_.Peek())) {
      cursor_.Fail(message);
    }
    std::string name;
    while (!cursor_.AtEnd() && ContinuesName(cursor_.Peek())) {
      name += cursor_.Next();
    }
    return name;
  }

  // ---- Bodies ----

  Body ReadBody() {
    const Nesting nesting(depth_, kMaxDepth, cursor_);
    const Lines lines(*this, false);
    Body body;
    while (true) {
      SkipLines();
      if (cursor_.AtEnd() || cursor_.Peek() == '}') {
        return body;
      }
      ReadItem(body);
      SkipBlank();
      if (!cursor_.AtEnd() && cursor_.Peek() != '\n' && cursor_.Peek() != '}') {
        cursor_.Fail("a new line is missing behind this attribute or block");
      }
    }
  }

  void ReadItem(Body& body) {
    const std::size_t begin = cursor_.at();
    const Place place = cursor_.place();
    std::string name = ReadName("an attribute or a block is expected here");
    SkipBlank();
    if (cursor_.Peek() != '=') {
      Block block = ReadBlock(std::move(name), place);
      body.blocks.push_back(std::move(block));
      return;
    }
    cursor_.Next();
    if (Find(body, name) != nullptr) {
      FailMalformed(place, "the attribute '" + name + "' is set twice");
    }
    Expression value = ReadExpression();
    body.attributes.push_back({std::move(name), cursor_.Since(begin, place), std::move(value)});
  }

  Block ReadBlock(std::string type, const Place& place) {
    Block block;
    block.type = std::move(type);
    block.place = place;
    while (cursor_.Peek() != '{') {
      if (cursor_.Peek() == '"') {
        block.labels.push_back(ReadLabel());
      } else {
        block.labels.push_back(ReadName("'=', a label or '{' is expected here"));
      }
      SkipBlank();
    }
    cursor_.Next();
    block.body = ReadBody();
    Expect("}", "the block has no '}'");
    return block;
  }

  std::string ReadLabel() {
    const Expression label = ReadQuoted();
    if (label.form != Form::kText) {
      FailMalformed(label.place, "a label must be a plain text");
    }
    return label.text;
  }

  // ---- Expressions ----

  Expression StartExpression(Form form) const {
    Expression expression;
    expression.form = form;
    expression.place = cursor_.place();
    return expression;
  }

  Expression ReadExpression() {
    const Nesting nesting(depth_, kMaxDepth, cursor_);
    SkipBlank();
    const std::size_t begin = cursor_.at();
    Expression condition = ReadBinary(0);
    SkipBlank();
    if (!cursor_.Take("?")) {
      return condition;
    }
    Expression choice;
    choice.form = Form::kConditional;
    const Place place = condition.place;
    choice.parts.push_back(std::move(condition));
    choice.parts.push_back(ReadExpression());
    Expect(":", "the conditional has no ':'");
    choice.parts.push_back(ReadExpression());
    choice.place = cursor_.Since(begin, place);
    return choice;
  }

  std::string_view TakeOperator(const Level& level) {
    SkipBlank();
    for (const std::string_view sign : level.operators) {
      if (!sign.empty() && cursor_.Take(sign)) {
        return sign;
      }
    }
    return {};
  }

  Expression ReadBinary(std::size_t level) {
    if (level == std::size(kLevels)) {
      return ReadUnary();
    }
    const std::size_t begin = cursor_.at();
    Expression left = ReadBinary(level + 1);
    // Chains lean to the left, so that they count as depth too.
    for (int length = 0;; ++length) {
      const std::string_view sign = TakeOperator(kLevels[level]);
      if (sign.empty()) {
        return left;
      }
      if (length > kMaxDepth) {
        cursor_.Fail("nested too deeply to be checked");
      }
      Expression both;
      both.form = Form::kBinary;
      both.text = sign;
      const Place place = left.place;
      both.parts.push_back(std::move(left));
      both.parts.push_back(ReadBinary(level + 1));
      both.place = cursor_.Since(begin, place);
      left = std::move(both);
    }
  }

  Expression ReadUnary() {
    const Nesting nesting(depth_, kMaxDepth, cursor_);
    SkipBlank();
    const char sign = cursor_.Peek();
    if (sign != '!' && sign != '-') {
      return ReadTraversal();
    }
    const std::size_t begin = cursor_.at();
    Expression unary = StartExpression(Form::kUnary);
    unary.text = std::string(1, cursor_.Next());
    unary.parts.push_back(ReadUnary());
    unary.place = cursor_.Since(begin, unary.place);
    return unary;
  }

  // A term, and what is taken out of it: .name .0 .* [key] [*]
  Expression ReadTraversal() {
    const std::size_t begin = cursor_.at();
    Expression value = ReadTerm();
    for (int length = 0;; ++length) {
      const Place place = value.place;
      SkipBlank();
      if (cursor_.Peek() != '[' && (cursor_.Peek() != '.' || cursor_.StartsWith("..."))) {
        return value;
      }
      if (length > kMaxDepth) {
        cursor_.Fail("nested too deeply to be checked");
      }
      value = cursor_.Next() == '[' ? ReadIndex(std::move(value)) : ReadStep(std::move(value));
      value.place = cursor_.Since(begin, place);
    }
  }

  Expression ReadIndex(Expression value) {
    const Lines lines(*this, true);
    Expression index;
    SkipBlank();
    if (cursor_.Take("*")) {
      index.form = Form::kOpaque;
    } else {
      index.form = Form::kIndex;
      index.parts.push_back(std::move(value));
      index.parts.push_back(ReadExpression());
    }
    Expect("]", "the index has no ']'");
    return index;
  }

  Expression ReadStep(Expression value) {
    Expression step;
    SkipBlank();
    if (cursor_.Take("*")) {
      step.form = Form::kOpaque;
      return step;
    }
    const bool is_number = IsDigit(cursor_.Peek());
    step.form = is_number ? Form::kIndex : Form::kAttribute;
    step.parts.push_back(std::move(value));
    if (!is_number) {
      step.text = ReadName("a name is expected behind the dot");
      return step;
    }
    Expression key = StartExpression(Form::kNumber);
    while (IsDigit(cursor_.Peek())) {
      key.text += cursor_.Next();
    }
    step.parts.push_back(std::move(key));
    return step;
  }

  Expression ReadTerm() {
    SkipBlank();
    const std::size_t begin = cursor_.at();
    const Place place = cursor_.place();
    Expression term = ReadBareTerm();
    term.place = cursor_.Since(begin, place);
    return term;
  }

  Expression ReadBareTerm() {
    const char byte = cursor_.Peek();
    switch (byte) {
      case '"':
        return ReadQuoted();
      case '[':
        return ReadList();
      case '{':
        return ReadMap();
      case '(':
        return ReadParenthesis();
      default:
        break;
    }
    if (cursor_.StartsWith("<<")) {
      return ReadHeredoc();
    }
    if (IsDigit(byte)) {
      return ReadNumber();
    }
    return ReadNamed();
  }

  Expression ReadParenthesis() {
    cursor_.Next();
    const Lines lines(*this, true);
    Expression inner = ReadExpression();
    Expect(")", "the parenthesis has no ')'");
    return inner;
  }

  Expression ReadNumber() {
    Expression number = StartExpression(Form::kNumber);
    const auto take_digits = [&] {
      while (IsDigit(cursor_.Peek())) {
        number.text += cursor_.Next();
      }
    };
    take_digits();
    if (cursor_.Peek() == '.' && IsDigit(cursor_.Peek(1))) {
      number.text += cursor_.Next();
      take_digits();
    }
    const bool has_exponent = cursor_.Peek() == 'e' || cursor_.Peek() == 'E';
    const bool has_sign = cursor_.Peek(1) == '+' || cursor_.Peek(1) == '-';
    if (has_exponent && IsDigit(cursor_.Peek(has_sign ? 2 : 1))) {
      number.text += cursor_.Next();
      number.text += cursor_.Next();
      take_digits();
    }
    return number;
  }

  // true, false, null, a variable, or a call.
  Expression ReadNamed() {
    Expression named = StartExpression(Form::kVariable);
    named.text = ReadName("a value is expected here");
    while (cursor_.Take("::")) {
      named.text += "::" + ReadName("a name is expected behind '::'");
    }
    SkipBlank();
    if (cursor_.Take("(")) {
      ReadArguments(named);
    } else if (named.text == "null") {
      named.form = Form::kNull;
    } else if (named.text == "true" || named.text == "false") {
      named.form = Form::kBoolean;
    }
    return named;
  }

  void ReadArguments(Expression& call) {
    call.form = Form::kCall;
    const Lines lines(*this, true);
    while (true) {
      SkipBlank();
      if (cursor_.Take(")")) {
        return;
      }
      call.parts.push_back(ReadExpression());
      SkipBlank();
      if (cursor_.Take("...")) {  // the last argument is a list of arguments
        call.form = Form::kOpaque;
        SkipBlank();
      }
      if (!cursor_.Take(",") && cursor_.Peek() != ')') {
        cursor_.Fail("the call has no ')'");
      }
    }
  }

  bool IsFor() const {
    return cursor_.StartsWith("for") && !ContinuesName(cursor_.Peek(3)) && cursor_.Peek(3) != '=' &&
           cursor_.Peek(3) != ':';
  }

  Expression ReadList() {
    Expression list = StartExpression(Form::kList);
    cursor_.Next();
    const Lines lines(*this, true);
    SkipBlank();
    if (IsFor()) {
      return ReadFor(Form::kForList, "]");
    }
    while (true) {
      SkipBlank();
      if (cursor_.Take("]")) {
        return list;
      }
      list.parts.push_back(ReadExpression());
      SkipBlank();
      if (!cursor_.Take(",") && cursor_.Peek() != ']') {
        cursor_.Fail("the list has no ']' or lacks a comma");
      }
    }
  }

  Expression ReadMap() {
    Expression map = StartExpression(Form::kMap);
    cursor_.Next();
    SkipLines();
    if (IsFor() && IsForMap()) {
      const Lines lines(*this, true);
      return ReadFor(Form::kForMap, "}");
    }
    const Lines lines(*this, false);
    while (true) {
      SkipLines();
      if (cursor_.Take("}")) {
        return map;
      }
      const bool is_computed = cursor_.Peek() == '(';
      Expression key = ReadExpression();
      map.parts.push_back(is_computed ? std::move(key) : AsKey(std::move(key)));
      SkipBlank();
      if (!cursor_.Take("=") && !cursor_.Take(":")) {
        cursor_.Fail("'=' is expected behind the key");
      }
      map.parts.push_back(ReadExpression());
      SkipBlank();
      if (!cursor_.Take(",") && cursor_.Peek() != '}' && cursor_.Peek() != '\n') {
        cursor_.Fail("the map has no '}' or lacks a comma");
      }
    }
  }

  // "for" may be a key as well.
  bool IsForMap() const {
    const std::string_view behind = cursor_.rest().substr(3);
    const std::size_t at = behind.find_first_not_of(" \t\r\n");
    return at != std::string_view::npos && behind[at] != '=' && behind[at] != ':';
  }

  // A bare name in front of '=' is a text.
  static Expression AsKey(Expression key) {
    if (key.form == Form::kVariable || key.form == Form::kBoolean) {
      key.form = Form::kText;
    } else if (key.form == Form::kNull) {
      key.form = Form::kText;
      key.text = "null";
    }
    return key;
  }

  Expression ReadFor(Form form, std::string_view end) {
    Expression loop = StartExpression(form);
    cursor_.Skip(3);
    SkipBlank();
    loop.text = ReadName("the name of a variable is expected behind 'for'");
    SkipBlank();
    if (cursor_.Take(",")) {
      SkipBlank();
      loop.other = ReadName("the name of a variable is expected behind ','");
    }
    SkipBlank();
    if (ReadName("'in' is expected here") != "in") {
      cursor_.Fail("'in' is expected here");
    }
    loop.parts.push_back(ReadExpression());
    Expect(":", "the loop has no ':'");
    loop.parts.push_back(ReadExpression());
    if (form == Form::kForMap) {
      Expect("=>", "the loop has no '=>'");
      loop.parts.push_back(ReadExpression());
      SkipBlank();
      loop.form = cursor_.Take("...") ? Form::kOpaque : loop.form;
    }
    SkipBlank();
    if (cursor_.StartsWith("if") && !ContinuesName(cursor_.Peek(2))) {
      cursor_.Skip(2);
      loop.parts.push_back(ReadExpression());
    }
    Expect(end, "the loop has no end");
    return loop;
  }

  // ---- Templates ----

  static void AddByte(Expression& text, char byte) {
    if (text.parts.empty() || text.parts.back().form != Form::kText) {
      text.parts.emplace_back().form = Form::kText;
      text.parts.back().place = text.place;
    }
    text.parts.back().text += byte;
  }

  // Reads what "${", "%{" and their escapes begin; false if none stands here.
  bool ReadMarked(Expression& text) {
    const bool is_escape = cursor_.StartsWith("$${") || cursor_.StartsWith("%%{");
    if (is_escape) {
      cursor_.Next();
      AddByte(text, cursor_.Next());
      AddByte(text, cursor_.Next());
      return true;
    }
    if (!cursor_.StartsWith("${") && !cursor_.StartsWith("%{")) {
      return false;
    }
    const bool is_directive = cursor_.Next() == '%';
    cursor_.Next();
    const Lines lines(*this, true);
    bool is_opaque = cursor_.Take("~") || is_directive;
    if (is_directive) {
      ReadDirective();
    } else {
      text.parts.push_back(ReadExpression());
    }
    SkipBlank();
    is_opaque = cursor_.Take("~") || is_opaque;
    Expect("}", "the template has no '}'");
    if (is_opaque) {  // directives, and markers that take blanks away, are not evaluated
      text.parts.emplace_back().form = Form::kOpaque;
      text.parts.back().place = cursor_.place();
    }
    return true;
  }

  void ReadDirective() {
    SkipBlank();
    const std::string word = ReadName("a directive is expected here");
    if (word == "if") {
      ReadExpression();
    } else if (word == "for") {
      SkipBlank();
      ReadName("the name of a variable is expected behind 'for'");
      SkipBlank();
      if (cursor_.Take(",")) {
        SkipBlank();
        ReadName("the name of a variable is expected behind ','");
        SkipBlank();
      }
      ReadName("'in' is expected here");
      ReadExpression();
    } else if (word != "else" && word != "endif" && word != "endfor") {
      cursor_.Fail("this directive is not known");
    }
  }

  // A template that is but one interpolation has its value, whatever that is.
  static Expression Simplified(Expression text) {
    if (text.parts.empty()) {
      text.form = Form::kText;
    } else if (text.parts.size() == 1 && text.parts[0].form == Form::kText) {
      text.form = Form::kText;
      text.text = std::move(text.parts[0].text);
      text.parts.clear();
    }
    return text;
  }

  void ReadEscape(Expression& text) {
    struct Escape {
      char letter;
      char byte;
    };
    constexpr Escape kEscapes[] = {{'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'"', '"'}, {'\\', '\\'}};
    cursor_.Next();
    const char letter = cursor_.Peek();
    const auto* found = std::ranges::find(kEscapes, letter, &Escape::letter);
    if (found != std::end(kEscapes)) {
      cursor_.Next();
      AddByte(text, found->byte);
      return;
    }
    if (letter != 'u' && letter != 'U') {
      cursor_.Fail("this escape is not known");
    }
    cursor_.Next();
    std::string point;
    if (!AppendCodePoint(ReadHexadecimal(cursor_, letter == 'u' ? 4 : 8), point)) {
      cursor_.Fail("there is no such character");
    }
    for (const char byte : point) {
      AddByte(text, byte);
    }
  }

  Expression ReadQuoted() {
    const std::size_t begin = cursor_.at();
    Expression text = StartExpression(Form::kTemplate);
    cursor_.Next();
    while (!cursor_.Take("\"")) {
      if (cursor_.AtEnd() || cursor_.Peek() == '\n') {
        cursor_.Fail("the text has no closing quote on its line");
      }
      if (cursor_.Peek() == '\\') {
        ReadEscape(text);
      } else if (!ReadMarked(text)) {
        AddByte(text, cursor_.Next());
      }
    }
    text.place = cursor_.Since(begin, text.place);
    return Simplified(std::move(text));
  }

  Expression ReadHeredoc() {
    Expression text = StartExpression(Form::kTemplate);
    cursor_.Skip(2);
    const bool is_flush = cursor_.Take("-");
    const std::string marker = ReadName("the name of the text's end is expected behind '<<'");
    if (!cursor_.Take("\n") && !cursor_.Take("\r\n")) {
      cursor_.Fail("a new line is expected here");
    }
    bool at_line_start = true;
    while (!at_line_start || !IsHeredocEnd(cursor_.rest(), marker)) {
      if (cursor_.AtEnd()) {
        FailMalformed(text.place, "the text has no end: " + marker + " on a line of its own");
      }
      at_line_start = false;
      if (!ReadMarked(text)) {
        const char byte = cursor_.Next();
        AddByte(text, byte);
        at_line_start = byte == '\n';
      }
    }
    cursor_.Skip(cursor_.rest().find(marker) + marker.size());
    if (is_flush) {
      RemoveIndentation(text);
    }
    return Simplified(std::move(text));
  }

  Cursor& cursor_;
  bool ignores_lines_ = false;
  int depth_ = 0;
};

}  // namespace

Body ReadHcl(const Source& source) {
  Cursor cursor(source);
  return Parser(cursor).ReadFile();
}

Expression ReadTemplate(std::string_view text, const Place& place) {
  Cursor cursor(text, place);
  return Parser(cursor).ReadWholeTemplate();
}

}  // namespace safe_docker::bake
