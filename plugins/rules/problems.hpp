// What is wrong with the settings, all of it: where, as a JSON pointer, in which rule, and what to write instead.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::rules {

// A place in the settings: "/rules/0/when/tag".
class Pointer {
 public:
  Pointer() = default;
  Pointer operator/(std::string_view key) const;
  Pointer operator/(std::size_t index) const { return *this / std::to_string(index); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

class Problems {
 public:
  // Those that follow are about the rule of that id; empty if it has none.
  void Enter(std::string rule) { rule_ = std::move(rule); }
  void Add(const Pointer& place, std::string_view what);
  // One line: each "PLACE (rule ID): what", separated by "; ".
  std::string text() const;
  bool empty() const { return texts_.empty(); }

 private:
  std::string rule_;
  std::vector<std::string> texts_;
};

}  // namespace safe_docker::rules
