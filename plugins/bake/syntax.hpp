// What a bake file says, before anything is evaluated: blocks, attributes and expressions, each with its place. HCL's
// own syntax and its JSON form end in the same tree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::bake {

// A file, which owns the text that places point into.
struct Source {
  std::string path;  // absolute
  std::string text;
};

struct Place {
  const Source* source = nullptr;  // null: the command line
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string_view written;  // the words as they stand there
};

enum class Form : std::uint8_t {
  kNull,
  kBoolean,      // text: true, false
  kNumber,       // text: as written
  kText,         // text
  kTemplate,     // parts: the pieces
  kOpaque,       // something that nothing here evaluates
  kVariable,     // text: the name
  kAttribute,    // parts: the object; text: the name
  kIndex,        // parts: the collection, the key
  kCall,         // text: the function; parts: the arguments
  kList,         // parts: the items
  kMap,          // parts: key, value, key, value, ...
  kUnary,        // text: the operator
  kBinary,       // text: the operator
  kConditional,  // parts: the condition, then, else
  kForList,      // text, other: the names; parts: the collection, the value, and perhaps a condition
  kForMap,       // the same, with the key in front of the value
};

struct Expression {
  Form form = Form::kNull;
  Place place;
  std::string text;
  std::string other;
  std::vector<Expression> parts;
};

struct Attribute {
  std::string name;
  Place place;
  Expression value;
};

struct Block;

struct Body {
  std::vector<Attribute> attributes;
  std::vector<Block> blocks;
};

struct Block {
  std::string type;
  std::vector<std::string> labels;
  Place place;
  Body body;
};

inline const Attribute* Find(const Body& body, std::string_view name) {
  for (const Attribute& attribute : body.attributes) {
    if (attribute.name == name) {
      return &attribute;
    }
  }
  return nullptr;
}

}  // namespace safe_docker::bake
