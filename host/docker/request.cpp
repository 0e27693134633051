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
  request.inputs.files = line.files;
  request.inputs.standard_input_file = line.standard_input_file;
  if (line.has_standard_input) {
    request.inputs.standard_input = std::make_shared<const std::string>(line.standard_input);
  }
  request.evidence = EvidenceOf(line.source);
  return request;
}

void HeedLinks(Request* request) {
  const WrittenFiles* files = request->inputs.files.get();
  for (Effect& effect : request->effects) {
    const bool is_behind_link = files != nullptr && !effect.resolved.empty() &&
                                (files->IsBehindLink(effect.subject) || files->IsBehindLink(effect.resolved));
    effect.flags |= is_behind_link ? static_cast<std::uint32_t>(SDP_EFFECT_UNRESOLVED) : 0U;
  }
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
