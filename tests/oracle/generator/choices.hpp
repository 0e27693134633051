// The choices that a program is made of: drawn at random and kept, or replayed. A program is shrunk by replaying fewer
// and smaller choices; 0 is always the simplest, and so is what comes after the last.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace safe_docker::oracle {

class Choices {
 public:
  explicit Choices(std::uint64_t seed) : state_(seed), is_random_(true) {}
  explicit Choices(std::vector<std::uint32_t> values) : values_(std::move(values)) {}

  // A number below `bound`.
  std::uint32_t Draw(std::uint32_t bound);

  // True once in `times`.
  bool OneIn(std::uint32_t times) { return Draw(times) == times - 1; }

  const std::string& OneOf(const std::vector<std::string>& list) {
    return list[Draw(static_cast<std::uint32_t>(list.size()))];
  }

  // What was drawn, or is replayed.
  const std::vector<std::uint32_t>& values() const { return values_; }

 private:
  std::uint64_t state_ = 0;
  bool is_random_ = false;
  std::size_t next_ = 0;
  std::vector<std::uint32_t> values_;
};

}  // namespace safe_docker::oracle
