// A host made up for the tests of expanders: files and variables are maps, and what the plugin hands over is written
// down as lines of text.
#pragma once

#include <safe_docker/plugin.h>

#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

extern "C" const sdp_plugin safe_docker_plugin_v1;

namespace safe_docker::expanders {

// The command line of the program whose files a plugin reads.
struct Tool {
  std::string program;                     // "docker"
  std::string level;                       // "compose", in front of the command's own word
  std::string made;                        // the command of the requests that the plugin makes
  std::vector<std::string> value_options;  // those that take the next word
};

struct FakeHost {
  explicit FakeHost(const Tool& given) : tool(given) {}

  Tool tool;
  std::map<std::string, std::string, std::less<>> files;  // by absolute path
  std::set<std::string, std::less<>> unreadable;
  std::map<std::string, std::string, std::less<>> variables;
  std::set<std::string, std::less<>> unknown_variables;
  std::string cwd = "/home/me/app";
  std::string home = "/home/me";
  bool shows_places = false;  // add file, line, column and the written setting to each line

  // Expands the words behind the tool's level and returns a line for each thing that the plugin said.
  std::vector<std::string> Expand(const std::vector<std::string>& words);

  std::deque<std::string> lent;  // what services gave back
};

}  // namespace safe_docker::expanders
