// Which findings an exception was made for.
#include <safe_docker/glob.hpp>

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

// The folders in front of the first "*", with links followed, as the paths of findings are: where /srv/data is a link,
// "/srv/data/**" means what it leads to.
std::string ResolvedGlob(const std::string& glob) {
  const std::size_t star = glob.find('*');
  const std::size_t slash = star == std::string::npos ? std::string::npos : glob.rfind('/', star);
  const std::string folder = glob.substr(0, slash);
  if (folder.empty()) {
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

// The position of a tag's colon; the colon of a registry's port stands in front of a slash.
std::size_t TagAt(std::string_view image) {
  const std::size_t colon = image.rfind(':');
  const bool is_port = colon != std::string_view::npos && image.find('/', colon) != std::string_view::npos;
  return is_port ? std::string_view::npos : colon;
}

// A name as people write it, completed as docker does: "redis" is "docker.io/library/redis".
std::string FullImageGlob(const std::string& glob) {
  const std::size_t slash = glob.find('/');
  const std::string first = glob.substr(0, slash);
  if (first.starts_with("**")) {
    return glob;
  }
  if (slash == std::string::npos) {
    return "docker.io/library/" + glob;
  }
  const bool has_host = first.find_first_of(".:*") != std::string::npos || first == "localhost";
  return has_host ? glob : "docker.io/" + glob;
}

// Without a tag or digest in the glob any of them will do.
bool MatchesImage(const std::vector<std::string>& globs, std::string_view image) {
  return std::any_of(globs.begin(), globs.end(), [image](const std::string& written) {
    const std::string glob = FullImageGlob(written);
    const bool has_digest = glob.find('@') != std::string::npos;
    const bool has_tag = !has_digest && TagAt(glob) != std::string::npos;
    const std::string_view name = image.substr(0, image.find('@'));
    const std::string_view compared = has_digest ? image : has_tag ? name : name.substr(0, TagAt(name));
    // A digest decides which image it is; the tag beside it says nothing.
    const bool tag_counts = !has_tag || image.find('@') == std::string_view::npos;
    return tag_counts && MatchesAny({glob}, compared);
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
