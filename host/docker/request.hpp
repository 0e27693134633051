// What docker is about to be asked to do, in the vocabulary that all checkers share: requests and their effects. These
// are the host's own values; host/plugins lends them to plugins as the structs of <safe_docker/plugin.h>, whose
// comments say what the fields of each kind of effect mean.
#pragma once

#include <safe_docker/plugin.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"
#include "file_system.hpp"

namespace safe_docker::docker {

// Where something was said. Empty `file`: the command line.
struct Evidence {
  std::string written;
  std::string file;
  std::string service;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct Effect {
  sdp_effect_kind kind = SDP_EFFECT_UNKNOWN;
  std::uint32_t flags = 0;
  std::string subject;
  std::string name;
  std::string target;
  std::string options;
  std::string resolved;
  Evidence evidence;
};

struct Option {
  std::string name;  // canonical long name, no dashes
  std::string value;
  std::string written;
};

struct Request {
  std::uint32_t origin = SDP_ORIGIN_COMMAND_LINE;
  std::uint32_t flags = 0;
  std::string program;
  std::string command;
  std::string cwd;
  std::string home;
  std::string engine;
  std::string source;
  std::vector<Option> options;
  std::vector<std::string> arguments;
  std::vector<Effect> effects;
  Evidence evidence;
  Environment environment;
  CommandInputs inputs;
  // Shared by the requests of one judgement.
  std::shared_ptr<PathResolver> paths = std::make_shared<PathResolver>();
  // Says nothing by itself until an expander has turned it into further requests (compose up).
  bool needs_expansion = false;
};

// A request of which nothing has been read yet.
Request StartRequest(const CommandLine& line, std::string_view program);

// Nobody knows where a path leads that the judged text may make a link of something else first.
void HeedLinks(Request* request);

Evidence EvidenceOf(std::string_view written);

// The texts of the words from `first` on, joined by blanks.
std::string JoinWords(const std::vector<Word>& words, std::size_t first);

}  // namespace safe_docker::docker
