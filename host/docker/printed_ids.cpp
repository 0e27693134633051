#include "docker/printed_ids.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "docker/arguments.hpp"
#include "docker/grammar.hpp"
#include "docker/programs.hpp"
#include "file_system.hpp"

namespace safe_docker::docker {
namespace {

// A command that prints one id or name; `option` must be given, unless it is empty.
struct Printer {
  std::string_view command;
  std::string_view option;
};
constexpr std::array kPrinters = {
    Printer{"build", "quiet"},
    Printer{"image build", "quiet"},
    Printer{"buildx build", "quiet"},
    Printer{"builder build", "quiet"},
    Printer{"run", "detach"},
    Printer{"container run", "detach"},
    Printer{"create", ""},
    Printer{"container create", ""},
    Printer{"volume create", ""},
    Printer{"network create", ""},
    Printer{"commit", ""},
    Printer{"container commit", ""},
};

}  // namespace

bool PrintsIdentifier(const std::vector<Word>& words) {
  const Program& program = FindProgram(BaseName(words[0].text));
  if (program.is_own || !program.start.empty()) {
    return false;
  }
  const Invocation invocation = ReadArguments(Command::Root(program.dialect), std::span(words).subspan(1));
  const auto given = [&invocation](std::string_view name) {
    const GivenOption* option = LastOption(invocation, name);
    return option != nullptr && option->value != "false";
  };
  const bool prints = std::any_of(kPrinters.begin(), kPrinters.end(), [&](const Printer& each) {
    return each.command == invocation.command.path() && (each.option.empty() || given(each.option));
  });
  return prints && !invocation.prints_help && invocation.doubts.empty();
}

}  // namespace safe_docker::docker
