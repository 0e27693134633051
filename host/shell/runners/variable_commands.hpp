// Variables that name a command which other programs run: EDITOR, PAGER, BASH_ENV, GIT_SSH_COMMAND. Whoever assigns or
// exports one has said what will run.
#pragma once

#include <cstdint>
#include <string_view>

namespace safe_docker::shell {

struct VariableCommand {
  enum class Kind : std::uint8_t {
    kShellText,     // text that a shell runs
    kCommandWords,  // a program, perhaps with arguments, to which others are added
    kFile,          // the path of a file whose text a shell runs
    kExpanded,      // text that bash expands as between double quotes before it prints it (PS4)
    kMayHoldOne,    // options or settings among which a command may stand
  };
  std::string_view name;  // one that ends in '*' stands for every name that begins so
  Kind kind = Kind::kShellText;
};

// Null if `name` is none.
const VariableCommand* FindVariableCommand(std::string_view name);

}  // namespace safe_docker::shell
