// Texts that others have written, made safe to be shown: a terminal obeys some characters, and others change the order
// in which a text is read. Whatever people see of a command, a file or the log goes through here.
#pragma once

#include <string>
#include <string_view>

namespace safe_docker {

// `text` with control characters, what is no UTF-8, and the NUL of unknown parts made visible; a line end becomes a
// blank.
std::string Printable(std::string_view text);

}  // namespace safe_docker
