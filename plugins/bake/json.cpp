#include "json.hpp"

#include <algorithm>
#include <utility>

#include "cursor.hpp"
#include "parser.hpp"

namespace safe_docker::bake {
namespace {

constexpr std::string_view kBlockTypes[] = {"target", "group", "variable", "function"};

bool IsBlockType(std::string_view name) { return std::ranges::find(kBlockTypes, name) != std::end(kBlockTypes); }

// Texts are read as they are; what becomes an expression is made a template later.
class JsonReader {
 public:
  explicit JsonReader(Cursor& cursor) : cursor_(cursor) {}

  Expression ReadFile() {
    Expression root = ReadValue();
    SkipBlank();
    if (!cursor_.AtEnd()) {
      cursor_.Fail("nothing is expected behind the value");
    }
    return root;
  }

 private:
  void SkipBlank() {
    while (!cursor_.AtEnd() && std::string_view(" \t\r\n").find(cursor_.Peek()) != std::string_view::npos) {
      cursor_.Next();
    }
  }

  Expression ReadValue() {
    const Nesting nesting(depth_, kMaxDepth, cursor_);
    SkipBlank();
    const std::size_t begin = cursor_.at();
    const Place place = cursor_.place();
    Expression value = ReadBareValue();
    value.place = cursor_.Since(begin, place);
    return value;
  }

  Expression ReadBareValue() {
    switch (cursor_.Peek()) {
      case '{':
        return ReadObject();
      case '[':
        return ReadArray();
      case '"':
        return ReadString();
      default:
        return ReadWord();
    }
  }

  bool TakeSeparator(std::string_view end) {
    SkipBlank();
    if (cursor_.Take(end)) {
      return false;
    }
    if (!cursor_.Take(",")) {
      cursor_.Fail("',' or '" + std::string(end) + "' is expected here");
    }
    return true;
  }

  Expression ReadObject() {
    Expression object;
    object.form = Form::kMap;
    cursor_.Next();
    SkipBlank();
    if (cursor_.Take("}")) {
      return object;
    }
    do {
      SkipBlank();
      if (cursor_.Peek() != '"') {
        cursor_.Fail("a key in quotes is expected here");
      }
      object.parts.push_back(ReadValue());
      SkipBlank();
      if (!cursor_.Take(":")) {
        cursor_.Fail("':' is expected behind the key");
      }
      object.parts.push_back(ReadValue());
    } while (TakeSeparator("}"));
    return object;
  }

  Expression ReadArray() {
    Expression array;
    array.form = Form::kList;
    cursor_.Next();
    SkipBlank();
    if (cursor_.Take("]")) {
      return array;
    }
    do {
      array.parts.push_back(ReadValue());
    } while (TakeSeparator("]"));
    return array;
  }

  Expression ReadWord() {
    Expression word;
    while (!cursor_.AtEnd() && std::string_view(",]} \t\r\n").find(cursor_.Peek()) == std::string_view::npos) {
      word.text += cursor_.Next();
    }
    const bool is_number = !word.text.empty() && word.text.find_first_not_of("0123456789+-.eE") == std::string::npos;
    if (word.text == "null") {
      word.form = Form::kNull;
    } else if (word.text == "true" || word.text == "false") {
      word.form = Form::kBoolean;
    } else if (is_number) {
      word.form = Form::kNumber;
    } else {
      cursor_.Fail("a value is expected here");
    }
    return word;
  }

  Expression ReadString() {
    Expression text;
    text.form = Form::kText;
    cursor_.Next();
    while (!cursor_.Take("\"")) {
      if (cursor_.AtEnd() || static_cast<unsigned char>(cursor_.Peek()) < 0x20) {
        cursor_.Fail("the text has no closing quote");
      }
      if (cursor_.Peek() == '\\') {
        ReadEscape(text.text);
      } else {
        text.text += cursor_.Next();
      }
    }
    return text;
  }

  void ReadEscape(std::string& text) {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kBytes = "\"\\/\b\f\n\r\t";
    cursor_.Next();
    const std::size_t found = cursor_.AtEnd() ? std::string_view::npos : kLetters.find(cursor_.Peek());
    if (found != std::string_view::npos) {
      cursor_.Next();
      text += kBytes[found];
      return;
    }
    if (!cursor_.Take("u")) {
      cursor_.Fail("this escape is not known");
    }
    std::uint32_t point = ReadHexadecimal(cursor_, 4);
    if (point >= 0xD800 && point < 0xDC00 && cursor_.Take("\\u")) {  // two halves of one
      point = 0x10000 + ((point - 0xD800) << 10) + ((ReadHexadecimal(cursor_, 4) - 0xDC00) & 0x3FF);
    }
    if (!AppendCodePoint(point, text)) {
      cursor_.Fail("there is no such character");
    }
  }

  Cursor& cursor_;
  int depth_ = 0;
};

Expression AsExpression(Expression value) {
  if (value.form == Form::kText) {
    Expression text = ReadTemplate(value.text, value.place);
    text.place = value.place;
    return text;
  }
  for (Expression& part : value.parts) {
    part = AsExpression(std::move(part));
  }
  return value;
}

// Calls `visit(key, value)` for each pair of an object, or of all objects of a list.
template <typename Visit>
void ForEachPair(Expression& value, std::string_view what, const Visit& visit) {
  if (value.form == Form::kList) {
    for (Expression& item : value.parts) {
      if (item.form != Form::kMap) {
        FailMalformed(item.place, std::string(what) + " must be an object");
      }
      ForEachPair(item, what, visit);
    }
    return;
  }
  if (value.form != Form::kMap) {
    FailMalformed(value.place, std::string(what) + " must be an object");
  }
  for (std::size_t index = 0; index + 1 < value.parts.size(); index += 2) {
    if (value.parts[index].text != "//") {  // how this form writes comments
      visit(value.parts[index], value.parts[index + 1]);
    }
  }
}

void AddAttribute(Body& body, const Expression& key, Expression value) {
  if (Find(body, key.text) != nullptr) {
    FailMalformed(key.place, "the attribute '" + key.text + "' is set twice");
  }
  Place place = key.place;
  if (key.place.source != nullptr && !value.place.written.empty()) {
    const char* begin = key.place.written.data();
    place.written = {begin, static_cast<std::size_t>(value.place.written.data() + value.place.written.size() - begin)};
  }
  body.attributes.push_back({key.text, place, AsExpression(std::move(value))});
}

void AddBlock(Body& file, const std::string& type, const Expression& label, Expression& value) {
  Block block;
  block.type = type;
  block.labels.push_back(label.text);
  block.place = label.place;
  ForEachPair(value, type,
              [&block](const Expression& key, Expression& inner) { AddAttribute(block.body, key, std::move(inner)); });
  file.blocks.push_back(std::move(block));
}

}  // namespace

Body ReadJson(const Source& source) {
  Cursor cursor(source);
  Expression root = JsonReader(cursor).ReadFile();
  Body file;
  ForEachPair(root, "a bake file", [&file](const Expression& key, Expression& value) {
    if (!IsBlockType(key.text)) {
      AddAttribute(file, key, std::move(value));
      return;
    }
    ForEachPair(value, key.text,
                [&](const Expression& label, Expression& inner) { AddBlock(file, key.text, label, inner); });
  });
  return file;
}

}  // namespace safe_docker::bake
