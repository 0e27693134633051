// A project's own file, .safe-docker.toml: the nearest one from the working folder upwards, inside the home. Whatever
// lies in a repository may have been written by anyone, so it can make things stricter by itself, and can allow
// something only after a person has looked at exactly this content and trusts it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"
#include "policy/config.hpp"

namespace safe_docker::policy {

inline constexpr std::string_view kProjectFileName = ".safe-docker.toml";

// The nearest project file from `folder` upwards, strictly inside `home`; empty if there is none.
std::string FindProjectFile(std::string_view folder, std::string_view home);

// The nearest folder from `folder` upwards, strictly inside `home`, that has a .git or a project file; else `folder`
// itself if it lies inside the home; else empty.
std::string FindProjectFolder(std::string_view folder, std::string_view home);

// Applies the project's file, and that of the project that the agent says it works in.
void ReadProjectFiles(const Environment& environment, const std::string& home, const ReadingOptions& options,
                      LoadedConfig* loaded);

// ---- What a person has trusted ------------------------------------------------------------------------------------

// Where it is kept that the content with this hash is trusted at `path`.
std::string TrustRecordPath(const Environment& environment, std::string_view path);

bool IsTrusted(const Environment& environment, std::string_view path, std::string_view sha256);

// Records it; what went wrong, or nothing.
std::string Trust(const Environment& environment, const std::string& path, std::string_view sha256);

// Forgets it. False if it was not trusted.
bool Distrust(const Environment& environment, std::string_view path);

// What has been trusted, by path. The file may have changed since, or be gone.
struct TrustRecord {
  std::string path;
  std::string sha256;
};
std::vector<TrustRecord> TrustRecords(const Environment& environment);

}  // namespace safe_docker::policy
