// The commands that safe-docker has itself, beside the docker commands that it judges. Docker has some of these names,
// too, so the word behind decides whose is meant.
#pragma once

#include <string_view>
#include <vector>

namespace safe_docker {

struct OwnCommand {
  std::string_view name;
  bool (*is_ours)(std::string_view next);  // the word behind the name, empty if there is none
  // Whether it changes what is judged and how, so that it is for a person to run.
  bool (*changes_policy)(std::string_view next);
};

// Null if docker's own is meant, or nothing at all.
const OwnCommand* FindOwnCommand(std::string_view name, std::string_view next);

// Their first words, for who has misspelt one.
std::vector<std::string_view> OwnCommandNames();

}  // namespace safe_docker
