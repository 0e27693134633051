#include "docker/program_search.hpp"

#include "docker/effects.hpp"
#include "file_system.hpp"

namespace safe_docker::docker {
namespace {

// True if `name` is there as an executable file in the folder `entry` of PATH.
bool HasProgram(std::string_view entry, std::string_view cwd, std::string_view name, PathResolver* paths) {
  const bool is_known = IsKnown(entry) && (entry.starts_with('/') || IsKnown(cwd));
  return is_known && !cwd.empty() &&
         paths->Resolve(std::string(entry) + "/" + std::string(name), cwd).kind != ResolvedPath::Kind::kMissing;
}

// The first folder of a PATH that has a program of this name; empty if none that is known has.
std::string FolderOfProgram(std::string_view path, std::string_view name, const Request& request) {
  while (!path.empty()) {
    const std::size_t colon = path.find(':');
    const std::string_view entry = path.substr(0, colon);
    if (HasProgram(entry.empty() ? "." : entry, request.cwd, name, request.paths.get())) {
      return std::string(entry.empty() ? "." : entry);
    }
    path = colon == std::string_view::npos ? std::string_view{} : path.substr(colon + 1);
  }
  return {};
}

}  // namespace

void AddOtherPath(const CommandLine& line, Request* request) {
  const auto change = line.environment.changes().find("PATH");
  if (change == line.environment.changes().end() || line.words[0].text.find('/') != std::string::npos) {
    return;
  }
  const std::string& path = change->second.value;
  const std::string found = FolderOfProgram(path, request->program, *request);
  const std::string usual = FolderOfProgram(line.environment.GetInherited("PATH").value, request->program, *request);
  const bool starts_here = !path.empty() && path[0] != '/' && path[0] != kUnknownPart;
  if (starts_here || found != usual) {
    AddEffect(SDP_EFFECT_RUN_CODE, starts_here ? path.substr(0, path.find(':')) : found, "docker from another PATH",
              EvidenceOf("PATH=" + path), request);
  }
}

}  // namespace safe_docker::docker
