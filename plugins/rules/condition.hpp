// A rule's condition, as the reader leaves it. A table that names kinds of effects holds if one effect of the request
// fits all that the table says; what stands below it is about the same effect.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expression.hpp"
#include "matching.hpp"
#include "vocabulary.hpp"

namespace safe_docker::rules {

// A field and the values of which it must have one.
struct Test {
  std::string field;
  bool of_effect = false;
  std::vector<std::string> patterns;
  std::vector<Ports> ports;
  bool flag = false;  // for fields that are true or false
};

struct OptionTest {
  std::vector<std::string> names;
  std::vector<std::string> values;
};

// All that is said must hold together.
struct Condition {
  std::uint64_t kinds = 0;  // of effects, one bit each; 0: it is not about an effect of its own
  std::vector<Test> tests;
  std::vector<OptionTest> options;         // any of them
  std::vector<std::string> lacks_options;  // any of them
  std::vector<Expression> expressions;     // any of them, over the command's text
  std::vector<Condition> all;
  std::vector<Condition> any;
  std::vector<Condition> none;
};

}  // namespace safe_docker::rules
