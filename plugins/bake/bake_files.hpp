// The command line of bake, as far as it matters here, and the files that it means.
#pragma once

#include <safe_docker/checker.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace safe_docker::bake {

// --set PATTERN.FIELD[.NAME][+]=VALUE
struct Override {
  std::string_view pattern;
  std::string_view field;
  std::string_view name;
  std::string_view value;
  bool appends = false;
};

struct CommandLine {
  explicit CommandLine(const plugin::Request& request);

  std::string_view cwd;
  std::vector<std::string_view> files;
  std::vector<std::pair<std::string_view, std::string_view>> variables;  // --var
  std::vector<Override> overrides;
  std::vector<std::string_view> targets;
  bool is_remote = false;    // the definition is at an address
  bool only_prints = false;  // --print, --list, --help: nothing is built
};

// A definition that nobody here can read.
struct Unseen {
  std::string what;
  std::string_view why;
};

struct Files {
  std::vector<std::string> paths;    // absolute, of HCL and JSON files, in order
  std::vector<std::string> compose;  // compose files, which another plugin judges
  std::vector<Unseen> unseen;
};

// The files that buildx would read. Throws Failure if there are none.
Files FindFiles(const plugin::Host& host, const CommandLine& line);

// True for what buildx and BuildKit fetch from elsewhere.
bool IsAddress(std::string_view text);

}  // namespace safe_docker::bake
