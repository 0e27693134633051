// A file of lines that many short-lived processes append to, each with one write: opened so that nothing but the user's
// own regular file is ever written, rotated by size, and repaired where a writer was killed in the middle of a line.
// Writers that chain their records hold the file's lock from reading its end until they have written.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace safe_docker::audit {

// A line and its end never take more.
inline constexpr std::size_t kLongestLine = 64 * 1024;

// A descriptor that is closed with it.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

class LogFile {
 public:
  struct Limits {
    std::uint64_t largest = 0;                  // bytes; 0: never rotated
    std::uint32_t keep = 5;                     // rotated files: PATH.1 is the newest
    std::chrono::milliseconds patience{10000};  // for another process's lock
  };

  LogFile(std::string path, const Limits& limits) : path_(std::move(path)), limits_(limits) {}

  // What went wrong, for people; empty if nothing has.
  const std::string& problem() const { return problem_; }

  // Opens the file, or what has taken its place by now. True if it is there: a file that is not, and one that cannot
  // hold `room` further bytes, are made with Begin().
  bool Open(std::size_t room);

  // Waits for the lock that goes with the file, and holds it as long as this lives.
  bool Lock();

  // With the lock: moves what is there out of the way, if it is full, and puts a file in its place that begins with
  // `line` (nothing, if that is empty).
  bool Begin(std::string_view line);

  // Appends `line` and a line's end. If what is there ends in the middle of a line, that line is ended first.
  // `sync`: returns when it is on the disk.
  bool Append(std::string_view line, bool sync);

  // The last `size` bytes of what is open, or of PATH.1 if `rotated`; all of it if it is shorter.
  std::string Tail(std::size_t size, bool rotated) const;

  bool is_open() const { return file_.is_open(); }

  // Whether there is a rotated file for a new one to follow.
  bool has_rotated() const;

 private:
  bool Fail(const std::string& path, std::string_view why);
  bool FailWithErrno(const std::string& path);
  bool Check(const std::string& path, const Descriptor& file);
  bool OpenOnce();
  bool MoveAway();
  bool EndsInsideLine() const;
  bool NeedsRepair() const;
  bool WriteWhole(const Descriptor& file, std::string_view text);

  std::string path_;
  Limits limits_;
  std::string problem_;
  Descriptor lock_;
  Descriptor file_;
};

}  // namespace safe_docker::audit
