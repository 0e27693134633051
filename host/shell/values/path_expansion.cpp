#include "path_expansion.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "file_system.hpp"
#include "patterns.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostEntries = 20000;
constexpr std::size_t kMostPaths = 512;
constexpr std::size_t kMostComponents = 32;
constexpr std::size_t kLongestPattern = 1024;
constexpr std::size_t kCostOfFolder = 200;  // of looking a path up and opening it, in entries

std::string Unquoted(std::string_view pattern) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    i += pattern[i] == '\\' && i + 1 < pattern.size() ? 1 : 0;
    text.push_back(pattern[i]);
  }
  return text;
}

// What of the options matters here, all of it known.
struct Matching {
  PatternOptions pattern;
  bool dot_files = false;
};

class Search {
 public:
  Search(std::string cwd, Matching matching) : cwd_(std::move(cwd)), matching_(matching) {}

  PathExpansion Run(std::string_view pattern);

 private:
  PathExpansion Unknown() const { return {false, work_ + kCostOfFolder, {}}; }
  bool Descend(std::string_view component, bool is_last);
  bool AddMatches(const std::string& prefix, std::string_view component, bool is_last, std::vector<std::string>* found);
  std::optional<std::vector<std::string>> Entries(const std::string& folder);

  std::string cwd_;
  Matching matching_;
  std::vector<std::string> prefixes_ = {""};  // as they will stand in the words, each ending in a slash or empty
  std::size_t work_ = 0;
};

// The names in `folder`; none if it is no folder. Nothing if they cannot be told.
std::optional<std::vector<std::string>> Search::Entries(const std::string& folder) {
  work_ += kCostOfFolder;
  const ResolvedPath resolved = ResolvePath(folder, "/");
  const bool changing = IsWithin(resolved.resolved, "/proc") || IsWithin(resolved.resolved, "/dev") ||
                        IsWithin(resolved.resolved, "/sys");
  if (!resolved.complete || changing) {
    return std::nullopt;
  }
  if (resolved.kind != ResolvedPath::Kind::kDirectory) {
    return std::vector<std::string>();
  }
  const int descriptor = open(resolved.resolved.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(descriptor < 0 ? nullptr : fdopendir(descriptor), closedir);
  if (stream == nullptr) {
    if (descriptor >= 0) {
      close(descriptor);
    }
    return std::nullopt;
  }
  std::vector<std::string> names;
  while (const dirent* entry = readdir(stream.get())) {
    if (++work_ > kMostEntries) {
      return std::nullopt;
    }
    const std::string_view name = static_cast<const char*>(entry->d_name);
    if (name != "." && name != "..") {
      names.emplace_back(name);
    }
  }
  return names;
}

bool Search::AddMatches(const std::string& prefix, std::string_view component, bool is_last,
                        std::vector<std::string>* found) {
  const std::optional<std::vector<std::string>> names = Entries(CleanPath(prefix.empty() ? "." : prefix, cwd_));
  if (!names) {
    return false;
  }
  const Pattern pattern(component, matching_.pattern);
  const bool dot_files = matching_.dot_files || component.starts_with('.') || component.starts_with("\\.");
  for (const std::string& name : *names) {
    if (name[0] == '.' && !dot_files) {
      continue;
    }
    const Pattern::Match match = pattern.Matches(name);
    if (match == Pattern::Match::kUnknown || found->size() > kMostPaths) {
      return false;
    }
    if (match == Pattern::Match::kYes) {
      found->push_back(prefix + name + (is_last ? "" : "/"));
    }
  }
  return true;
}

bool Search::Descend(std::string_view component, bool is_last) {
  std::vector<std::string> found;
  const bool globs = HasGlob(component, matching_.pattern.extended);
  for (const std::string& prefix : prefixes_) {
    if (globs) {
      if (!AddMatches(prefix, component, is_last, &found)) {
        return false;
      }
    } else {
      found.push_back(prefix + Unquoted(component) + (is_last ? "" : "/"));
    }
  }
  prefixes_ = std::move(found);
  return prefixes_.size() <= kMostPaths;
}

PathExpansion Search::Run(std::string_view pattern) {
  // Without the folder that the text runs in, what is in it cannot be told.
  if (!pattern.starts_with('/') && ResolvePath(cwd_, "/").kind != ResolvedPath::Kind::kDirectory) {
    return Unknown();
  }
  std::size_t components = 0;
  for (std::size_t at = 0; at <= pattern.size() && !prefixes_.empty();) {
    const std::size_t slash = std::min(pattern.find('/', at), pattern.size());
    const bool is_last = slash == pattern.size();
    if (++components > kMostComponents) {
      return Unknown();
    }
    if (slash == at) {  // a slash at the front, at the end, or after another
      for (std::string& prefix : prefixes_) {
        prefix.append(is_last ? "" : "/");
      }
    } else if (!Descend(pattern.substr(at, slash - at), is_last)) {
      return Unknown();
    }
    at = slash + 1;
  }
  PathExpansion result{true, work_ + prefixes_.size() * 4, {}};
  for (std::string& path : prefixes_) {
    struct stat status = {};
    const std::string absolute = path.starts_with('/') ? path : cwd_ + "/" + path;
    if (lstat(absolute.c_str(), &status) == 0) {
      result.paths.push_back(std::move(path));
    }
  }
  std::sort(result.paths.begin(), result.paths.end());
  return result;
}

}  // namespace

PathExpansion ExpandPathPattern(std::string_view pattern, const std::string& cwd, const ShellOptions& options) {
  const bool extended_matters = HasExtendedGlob(pattern);
  const bool unsure = options.noglob == Setting::kUnknown || options.nullglob == Setting::kUnknown ||
                      options.failglob != Setting::kOff || options.dotglob == Setting::kUnknown ||
                      options.nocaseglob == Setting::kUnknown ||
                      (options.globstar != Setting::kOff && pattern.find("**") != std::string_view::npos) ||
                      (extended_matters && options.extglob == Setting::kUnknown);
  // Whether the ".." of a path goes up by text or by links would have to be told apart.
  const bool goes_up = pattern.find("..") != std::string_view::npos;
  if (unsure || goes_up || pattern.size() > kLongestPattern || cwd.empty() || !IsKnown(cwd) || !IsKnown(pattern)) {
    return {};
  }
  Matching matching;
  matching.pattern.extended = extended_matters && options.extglob == Setting::kOn;
  matching.pattern.ignore_case = options.nocaseglob == Setting::kOn;
  matching.dot_files = options.dotglob == Setting::kOn;
  return Search(cwd, matching).Run(pattern);
}

}  // namespace safe_docker::shell
