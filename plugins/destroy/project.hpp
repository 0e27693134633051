// Which compose project a command belongs to by what compose itself goes by: variables, .env, the compose file, and the
// folder; and which objects of the engine carry its name. Whatever cannot be told for certain is nobody's.
#pragma once

#include <safe_docker/checker.hpp>

#include <cstddef>
#include <string_view>

namespace safe_docker::destroy {

class Project {
 public:
  Project(const plugin::Host& host, const plugin::Request& request);

  // Of the folder and the user's own settings, as compose would write it; empty if nobody can tell. What the judged
  // text itself asks for (-p, COMPOSE_PROJECT_NAME=..., files and folders elsewhere) does not count.
  std::string_view name() const { return {name_, size_}; }

  // The project that a command means which was given `chosen` with -p, empty if it was given none.
  std::string_view Meant(std::string_view chosen) const;

  // True if that is the current project.
  bool IsCurrent(std::string_view chosen) const;

  // True for "PROJECT", "PROJECT-x" and "PROJECT_x", where the last component of the repository counts.
  bool OwnsImage(std::string_view reference) const;

 private:
  static constexpr std::size_t kLongestName = 255;

  void Find(const plugin::Host& host, const plugin::Request& request);
  void Take(std::string_view name);

  char name_[kLongestName] = {};
  std::size_t size_ = 0;
  std::string_view variable_;  // COMPOSE_PROJECT_NAME where the judged text sets it
};

}  // namespace safe_docker::destroy
