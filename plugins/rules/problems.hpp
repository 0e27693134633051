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
  // Those that follow are about the rule of that id, which stands at `place` of a file; both may be empty.
  void Enter(std::string rule, std::string place) {
    rule_ = std::move(rule);
    place_ = std::move(place);
  }
  void Add(const Pointer& place, std::string_view what);
  // One line: each "PLACE (rule ID in FILE:LINE): what", separated by "; ".
  std::string text() const;
  bool empty() const { return texts_.empty(); }

 private:
  std::string rule_;
  std::string place_;
  std::vector<std::string> texts_;
};

}  // namespace safe_docker::rules
