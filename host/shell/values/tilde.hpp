// The home folders that tildes stand for.
#pragma once

#include <string>
#include <string_view>

namespace safe_docker::shell {

// What ~user becomes: the home in /etc/passwd; "~user" itself if no source of users can have such a name; else unknown.
std::string HomeOfUser(std::string_view user);

}  // namespace safe_docker::shell
