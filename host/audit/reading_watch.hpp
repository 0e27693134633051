// Tells someone now and then how much of a log has been read, so seldom that it costs nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <utility>

namespace safe_docker::audit {

class ReadingWatch {
 public:
  using Teller = std::function<void(std::uint64_t done, std::uint64_t all)>;

  ReadingWatch() = default;
  // `all`: how many bytes there are; 0 if nobody knows.
  ReadingWatch(Teller teller, std::uint64_t all) : teller_(std::move(teller)), all_(all), next_(teller_ ? 0 : kNever) {}

  void Count(std::size_t bytes) {
    done_ += bytes;
    if (done_ >= next_) {
      next_ = done_ + kBetween;
      teller_(done_, all_);
    }
  }

 private:
  static constexpr std::uint64_t kBetween = 64 * 1024;
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

  Teller teller_;
  std::uint64_t all_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t next_ = kNever;
};

}  // namespace safe_docker::audit
