// A host made up for the tests of the compose plugin: files and variables are maps, and what the plugin hands over is
// written down as lines of text.
#pragma once

#include <safe_docker/plugin.h>

#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

extern "C" const sdp_plugin safe_docker_plugin_v1;

namespace safe_docker::compose {

struct FakeHost {
  std::map<std::string, std::string, std::less<>> files;  // by absolute path
  std::set<std::string, std::less<>> unreadable;
  std::map<std::string, std::string, std::less<>> variables;
  std::set<std::string, std::less<>> unknown_variables;
  std::string cwd = "/home/me/app";
  std::string home = "/home/me";
  bool shows_places = false;  // add file, line, column and the written setting to each line

  // Expands "compose ..." and returns a line for each thing that the plugin said.
  std::vector<std::string> Expand(const std::vector<std::string>& words);

  std::deque<std::string> lent;  // what services gave back
};

}  // namespace safe_docker::compose
