#include "audit/log_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace safe_docker::audit {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;
// A record is far below this; what is longer is no log, and must not fill the memory.
constexpr std::size_t kLongestBuffered = std::size_t{16} << 20;
constexpr int kMostRotated = 1000;

bool IsSameFile(const struct stat& left, const struct stat& right) {
  return left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

}  // namespace

bool LineSource::can_be_shared() const { return lseek(descriptor(), 0, SEEK_CUR) >= 0; }

bool LineSource::Fill() {
  buffer_.erase(0, at_);
  searched_ -= at_;
  at_ = 0;
  if (buffer_.size() >= kLongestBuffered) {
    return false;
  }
  const std::size_t size = buffer_.size();
  buffer_.resize(size + kPiece);
  ssize_t count = 0;
  do {
    count = is_pipe_ ? read(descriptor(), buffer_.data() + size, kPiece)
                     : pread(descriptor(), buffer_.data() + size, kPiece, offset_);
    is_pipe_ = is_pipe_ || (count < 0 && errno == ESPIPE);
  } while (count < 0 && (errno == EINTR || errno == ESPIPE));
  buffer_.resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  offset_ += std::max<ssize_t>(count, 0);
  return count > 0;
}

bool LineSource::Next(std::string_view* line) {
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched_);
    if (end != std::string::npos) {
      *line = std::string_view(buffer_).substr(at_, end - at_);
      at_ = end + 1;
      searched_ = at_;
      return true;
    }
    searched_ = buffer_.size();
    if (!is_open() || !Fill()) {
      return false;
    }
  }
}

std::vector<LineSource> OpenLog(const std::string& path) {
  std::vector<LineSource> sources;
  std::vector<struct stat> known;
  // The youngest first: if the log is rotated meanwhile, a file is met twice, and none is missed.
  for (int number = 0; number <= kMostRotated; ++number) {
    const std::string name = number == 0 ? path : path + "." + std::to_string(number);
    LineSource source(Descriptor(open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)), name);
    struct stat status = {};
    if (!source.is_open() || fstat(source.descriptor(), &status) != 0 || !S_ISREG(status.st_mode)) {
      if (number > 0) {
        break;
      }
      continue;
    }
    const bool is_known =
        std::any_of(known.begin(), known.end(), [&](const struct stat& each) { return IsSameFile(each, status); });
    if (!is_known) {
      known.push_back(status);
      sources.push_back(std::move(source));
    }
  }
  std::reverse(sources.begin(), sources.end());
  return sources;
}

LineSource OpenInput(const std::string& path) {
  return path == "-" ? LineSource(Descriptor(STDIN_FILENO), "standard input")
                     : LineSource(Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC)), path);
}

void LogReader::Watch(ReadingWatch::Teller teller) {
  std::uint64_t all = 0;
  bool is_known = true;
  for (const LineSource& source : sources_) {
    struct stat status = {};
    is_known = is_known && fstat(source.descriptor(), &status) == 0 && S_ISREG(status.st_mode);
    all += static_cast<std::uint64_t>(status.st_size);
  }
  watch_ = ReadingWatch(std::move(teller), is_known ? all : 0);
}

bool LogReader::NextLine(std::string_view* line) {
  for (; source_ < sources_.size(); ++source_) {
    LineSource& source = sources_[source_];
    if (!took_rest_ && source.Next(line)) {
      ++line_in_source_;
      watch_.Count(line->size() + 1);
      return true;
    }
    const bool has_rest = !took_rest_ && !source.rest().empty();
    took_rest_ = has_rest;
    if (has_rest) {
      *line = source.rest();
      ++line_in_source_;
      return true;
    }
    line_in_source_ = 0;
  }
  return false;
}

bool LogReader::Next(LoggedDecision* logged) {
  std::string_view line;
  while (NextLine(&line)) {
    const bool is_mine = lines_ % share_.of == share_.index;
    ++lines_;
    if (!is_mine || line.empty()) {
      continue;
    }
    if (!ReadLine(line, logged)) {
      if (bad_lines_++ == 0) {
        first_bad_ = sources_[source_].name() + ":" + std::to_string(line_in_source_);
      }
      continue;
    }
    if (logged->is_decision()) {
      return true;
    }
  }
  return false;
}

}  // namespace safe_docker::audit
