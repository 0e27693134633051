#include "docker/request.hpp"

namespace safe_docker::docker {

Request StartRequest(const CommandLine& line, std::string_view program) {
  Request request;
  request.program = program;
  request.cwd = line.cwd;
  // The home that paths are judged by is the user's, not one that the command has given itself.
  request.home = line.environment.GetInherited("HOME").value;
  request.source = line.source;
  request.environment = line.environment;
  request.evidence = EvidenceOf(line.source);
  return request;
}

Evidence EvidenceOf(std::string_view written) {
  Evidence evidence;
  evidence.written = written;
  return evidence;
}

std::string JoinWords(const std::vector<Word>& words, std::size_t first) {
  std::string text;
  for (std::size_t index = first; index < words.size(); ++index) {
    text += (index == first ? "" : " ") + words[index].text;
  }
  return text;
}

}  // namespace safe_docker::docker
