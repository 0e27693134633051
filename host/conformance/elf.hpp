// What the dynamic linker would make of a shared library in ELF, read without running any of it: what it exports and
// what it needs. Every offset is checked, because the file may be anything.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::conformance {

struct Library {
  std::string error;                  // why it is no library for this machine; else empty
  std::vector<std::string> exported;  // symbols that others can bind to
  std::vector<std::string> unique;    // of those, the ones that the linker makes one of in the whole process
  std::vector<std::string> needed;    // libraries, as DT_NEEDED names them
  bool has_executable_stack = false;
  bool has_symbols = false;  // whether the tables that say so are there
};

// `bytes` is the whole file.
Library ReadLibrary(std::string_view bytes);

}  // namespace safe_docker::conformance
