#include "tilde.hpp"

#include <algorithm>

#include "command_line.hpp"
#include "file_system.hpp"
#include "syntax/lexer.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::uint64_t kMostUsers = 1024 * 1024;

}  // namespace

std::string HomeOfUser(std::string_view user) {
  const std::string unknown(1, kUnknownPart);
  if (!IsKnown(user)) {
    return unknown;
  }
  const bool is_name = std::all_of(user.begin(), user.end(), [](char c) {
    return IsNameCharacter(c) || std::string_view(".-@$\\").find(c) != std::string_view::npos;
  });
  if (!is_name) {
    return "~" + std::string(user);
  }
  const FileContent file = ReadRegularFile("/etc/passwd", kMostUsers);
  if (file.status != FileContent::Status::kRead) {
    return unknown;
  }
  for (std::string_view rest = file.text; !rest.empty();) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (!line.starts_with(user) || line.substr(user.size()).substr(0, 1) != ":") {
      continue;
    }
    for (int fields = 0; fields < 5; ++fields) {
      line.remove_prefix(std::min(line.find(':'), line.size() - 1) + 1);
    }
    return std::string(line.substr(0, line.find(':')));
  }
  return unknown;  // other sources of users may know the name
}

}  // namespace safe_docker::shell
