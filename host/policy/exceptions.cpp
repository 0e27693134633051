// Which findings an exception was made for.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <safe_docker/glob.hpp>
#include <safe_docker/image_pattern.hpp>

#include <algorithm>

#include "command_line.hpp"
#include "file_system.hpp"
#include "policy/policy.hpp"

namespace safe_docker::policy {
namespace {

bool MatchesAny(const std::vector<std::string>& globs, std::string_view text) {
  return !text.empty() && IsKnown(text) && std::any_of(globs.begin(), globs.end(), [text](const std::string& glob) {
    return plugin::MatchesGlob(glob, text);
  });
}

// True if whoever runs commands here may put another link in the place of one that lies on the way to `path`: it would
// carry an exception that was made for a folder to any other.
bool MayBeRelinked(const std::string& path) {
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    struct stat status = {};
    const std::string folder = part.substr(0, std::max<std::size_t>(part.rfind('/'), 1));
    if (lstat(part.c_str(), &status) == 0 && S_ISLNK(status.st_mode) &&
        faccessat(AT_FDCWD, folder.c_str(), W_OK, AT_EACCESS) == 0) {
      return true;
    }
    if (slash == std::string::npos) {
      return false;
    }
  }
}

// The folders in front of the first "*", with links followed, as the paths of findings are: where /srv/data is a link
// that only root can change, "/srv/data/**" means what it leads to.
std::string ResolvedGlob(const std::string& glob) {
  const std::size_t star = glob.find('*');
  const std::size_t slash = star == std::string::npos ? std::string::npos : glob.rfind('/', star);
  const std::string folder = glob.substr(0, slash);
  if (folder.empty() || MayBeRelinked(folder)) {
    return glob;
  }
  const ResolvedPath found = ResolvePath(folder, "/");
  return found.complete ? found.resolved + (slash == std::string::npos ? "" : glob.substr(slash)) : glob;
}

// "/srv/data" means the folder, "/srv/data/**" what is below it.
bool MatchesPath(const std::vector<std::string>& globs, std::string_view path) {
  return !path.empty() && IsKnown(path) && std::any_of(globs.begin(), globs.end(), [path](const std::string& glob) {
    return plugin::MatchesGlob(glob, path) || plugin::MatchesGlob(ResolvedGlob(glob), path);
  });
}

bool MatchesImage(const std::vector<std::string>& patterns, std::string_view image) {
  return std::any_of(patterns.begin(), patterns.end(), [image](const std::string& pattern) {
    return plugin::MatchesImage(pattern, image);  // nothing that is not known
  });
}

}  // namespace

bool Matches(const Exception& exception, const Finding& finding) {
  const std::string& value = finding.about.kind == 0 ? finding.written : finding.about.value;
  return Selects(exception.rule, finding.rule, finding.tags) &&
         (exception.paths.empty() || MatchesPath(exception.paths, finding.about.path)) &&
         (exception.images.empty() || MatchesImage(exception.images, finding.about.image)) &&
         (exception.services.empty() || MatchesAny(exception.services, finding.service)) &&
         (exception.values.empty() || MatchesAny(exception.values, value));
}

}  // namespace safe_docker::policy
