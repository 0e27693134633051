// Reads the log's files line by line, oldest first. Lines that cannot be read are counted and passed over: a log may
// end in the middle of a line, and one bad line must not hide the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/log_file.hpp"
#include "audit/logged_decision.hpp"
#include "audit/reading_watch.hpp"

namespace safe_docker::audit {

// One open file of the log, or standard input.
class LineSource {
 public:
  LineSource() = default;
  LineSource(Descriptor descriptor, std::string name) : descriptor_(std::move(descriptor)), name_(std::move(name)) {}

  // The next line without its end, valid until the next call. False at the end of the file, where what was not ended
  // by a line end is kept for the next call.
  bool Next(std::string_view* line);
  // What stands behind the last line end.
  std::string_view rest() const { return std::string_view(buffer_).substr(at_); }

  bool is_open() const { return descriptor_.is_open(); }
  int descriptor() const { return descriptor_.get(); }
  // False for a pipe, which gives each byte to one reader only.
  bool can_be_shared() const;
  const std::string& name() const { return name_; }

 private:
  bool Fill();

  Descriptor descriptor_;
  std::string name_;
  // Where to read next, so that several processes may read the same open file; not used if it is a pipe.
  std::int64_t offset_ = 0;
  bool is_pipe_ = false;
  std::string buffer_;
  std::size_t at_ = 0;        // what was given out ends here
  std::size_t searched_ = 0;  // no line end between at_ and here
};

// The log at `path` with what it was rotated to (PATH.1 is younger than PATH.2), opened, oldest first.
std::vector<LineSource> OpenLog(const std::string& path);

// Opens a file that may be anything that can be read; "-" is standard input. Not open if that fails: errno says why.
LineSource OpenInput(const std::string& path);

// Every so many lines that one of several readers of the same log takes.
struct Share {
  std::uint64_t index = 0;
  std::uint64_t of = 1;
};

class LogReader {
 public:
  explicit LogReader(std::vector<LineSource> sources, Share share = {}) : sources_(std::move(sources)), share_(share) {}

  // The next decision of this reader's share; its views are valid until the next call. False at the end.
  bool Next(LoggedDecision* logged);

  // Lets `teller` know from now on how much has been read.
  void Watch(ReadingWatch::Teller teller);

  std::uint64_t lines() const { return lines_; }  // of all shares
  std::uint64_t bad_lines() const { return bad_lines_; }
  // "FILE:LINE" of the first bad line.
  const std::string& first_bad() const { return first_bad_; }

 private:
  bool NextLine(std::string_view* line);

  std::vector<LineSource> sources_;
  Share share_;
  std::size_t source_ = 0;
  bool took_rest_ = false;
  std::uint64_t line_in_source_ = 0;
  std::uint64_t lines_ = 0;
  std::uint64_t bad_lines_ = 0;
  std::string first_bad_;
  ReadingWatch watch_;
};

}  // namespace safe_docker::audit
