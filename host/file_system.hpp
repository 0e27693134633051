// The door to the file system: where a path really leads, and bounded reading. Everyone who needs to know whether
// something exists asks here, so that links, "..", missing parts and strange files are treated alike everywhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace safe_docker {

struct ResolvedPath {
  enum class Kind : std::uint8_t { kMissing, kRegular, kDirectory, kSocket, kBlockDevice, kCharacterDevice, kOther };
  std::string clean;     // absolute, "." and ".." and "//" taken out by text alone
  std::string resolved;  // `clean` with every link followed; the missing rest is appended as it stands
  Kind kind = Kind::kMissing;
  // False if links go in a circle, a folder may not be searched, or what is there depends on which process looks
  // (/proc/self/cwd): `resolved` is then as far as anybody can tell.
  bool complete = true;
};

// The folder that this process works in, as docker's client takes it: by the name that `pwd`, the variable PWD, has for
// it, if it is that folder. Empty if the folder has been removed.
std::string CurrentFolder(const char* pwd);

// What stands behind the last slash.
std::string_view BaseName(std::string_view path);

// `path` made absolute from `base` and cleaned by text alone, as Go's filepath.Clean does.
std::string CleanPath(std::string_view path, std::string_view base);

// Follows paths and remembers what it has looked at: one judgement asks about the same folders again and again, and
// each look is a system call. Lives as long as the judgement, so that its answers stay those of one moment.
class PathResolver {
 public:
  // Where `path` leads. Links are followed after cleaning, as the engine does.
  ResolvedPath Resolve(std::string_view path, std::string_view base);

  // Where opening `path` leads: as the kernel walks it, ".." after a link goes up from where the link led. `clean` is
  // as above.
  ResolvedPath ResolveAsOpened(std::string_view path, std::string_view base);

 private:
  // What lies at one path, itself not followed.
  struct Node {
    ResolvedPath::Kind kind = ResolvedPath::Kind::kMissing;
    bool is_link = false;
    bool is_magic = false;      // a link of procfs: the kernel goes where the process does, whatever the text says
    bool may_be_there = false;  // it could not be looked at
    std::string target;         // of a link
  };
  const Node& LookAt(const std::string& path);
  void Follow(std::string rest, ResolvedPath* result);

  std::unordered_map<std::string, Node> seen_;
};

// The same for one path alone.
ResolvedPath ResolvePath(std::string_view path, std::string_view base);

// True if `path` is `folder` or lies below it; by component, both absolute and clean.
bool IsWithin(std::string_view path, std::string_view folder);

struct FileContent {
  enum class Status : std::uint8_t { kRead, kMissing, kFailed };
  Status status = Status::kFailed;
  std::string text;   // the content if kRead
  std::string error;  // why, if kFailed
};

// Reads a regular file of at most `limit` bytes. Never waits on a FIFO or a device, and refuses a path by which another
// process would reach another file (/dev/stdin, /proc/self/cwd/x).
FileContent ReadRegularFile(const std::string& path, std::uint64_t limit);

}  // namespace safe_docker
