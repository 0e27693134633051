// What compose files could mean for the targets of bake files beside them, told from their text alone: another plugin
// reads and judges them. Errs towards more.
#pragma once

#include <safe_docker/checker.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::bake {

class ComposeFiles {
 public:
  ComposeFiles(const plugin::Host& host, const std::vector<std::string>& paths);

  // True if a service could link to targets, or if other files could be part of the project.
  bool MayLink() const { return may_link_; }
  // True if there could be a service of that name, as bake spells it.
  bool MayName(std::string_view target) const;

 private:
  std::vector<std::string> texts_;
  bool may_link_ = false;
};

}  // namespace safe_docker::bake
