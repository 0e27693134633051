// From expressions to values. What names stand for is asked of `Names`. Work is counted, so that no file takes long or
// grows without end; what HCL would refuse to evaluate has a value that is not known.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "syntax.hpp"
#include "value.hpp"

namespace safe_docker::bake {

// The names that one part of a file has for itself: the variables of loops, of a matrix, of functions.
struct Scope {
  const Scope* outer = nullptr;
  std::vector<std::string> names = {};
  std::vector<Value> values = {};
};

class Names {
 public:
  Names() = default;
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  // A variable or attribute of the files.
  virtual Value Variable(const std::string& name) = 0;
  // target.NAME.FIELD, group.NAME.FIELD
  virtual Value Field(std::string_view type, std::string_view name, std::string_view field) = 0;
  // A function that the files define; null if there is none.
  virtual const Block* Function(std::string_view name) = 0;

 protected:
  ~Names() = default;
};

class Evaluator {
 public:
  explicit Evaluator(Names& names) : names_(names) {}

  Value Evaluate(const Expression& expression, const Scope* scope);

 private:
  Value ValueOf(const Expression& expression, const Scope* scope);
  Value Template(const Expression& expression, const Scope* scope);
  Value Variable(const Expression& expression, const Scope* scope);
  Value Attribute(const Expression& expression, const Scope* scope);
  Value Index(const Expression& expression, const Scope* scope);
  Value Call(const Expression& expression, const Scope* scope);
  Value CallOwn(const Block& function, const std::vector<Value>& arguments);
  Value List(const Expression& expression, const Scope* scope);
  Value Map(const Expression& expression, const Scope* scope);
  Value Unary(const Expression& expression, const Scope* scope);
  Value Binary(const Expression& expression, const Scope* scope);
  Value Conditional(const Expression& expression, const Scope* scope);
  Value For(const Expression& expression, const Scope* scope);
  void Count(const Expression& expression, std::size_t amount);

  Names& names_;
  std::size_t work_ = 0;
  int depth_ = 0;
};

}  // namespace safe_docker::bake
