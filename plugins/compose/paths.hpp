// Paths by text alone, as compose and Go treat them: joining, cleaning, "~". A path with an unknown part (a NUL byte)
// is joined but not cleaned, since ".." could take away what nobody knows.
#pragma once

#include <string>
#include <string_view>

namespace safe_docker::compose {

// `path` counted from `base`, absolute and clean.
std::string AbsolutePath(std::string_view path, std::string_view base);

// The same, with a leading "~" standing for `home` as compose has it: "~x" is `home`/x.
std::string AbsolutePathWithHome(std::string_view path, std::string_view base, std::string_view home);

// The same for what is opened as it stands: an absolute path that holds ".." is not cleaned, since behind a link ".."
// leads elsewhere than the text says. The host looks at both.
std::string OpenedPath(std::string_view path, std::string_view base);
std::string OpenedPathWithHome(std::string_view path, std::string_view base, std::string_view home);

// The folder that holds `path`, which is absolute and clean.
std::string_view FolderOf(std::string_view path);

// True for what compose would fetch from elsewhere: oci://, git addresses, other URLs.
bool IsRemote(std::string_view reference);

// True for standard input and other descriptors, whose content can be read in advance only if the command itself says
// what comes in there.
bool IsStream(std::string_view path);

// The path that opens a stream: "-" is standard input.
std::string_view OpenedStream(std::string_view path);

}  // namespace safe_docker::compose
