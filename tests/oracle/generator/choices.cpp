#include "choices.hpp"

namespace safe_docker::oracle {

std::uint32_t Choices::Draw(std::uint32_t bound) {
  if (!is_random_) {
    const std::uint32_t value = next_ < values_.size() ? values_[next_++] : 0;
    return value % bound;
  }
  // splitmix64: the same numbers on every machine.
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
  mixed ^= mixed >> 31U;
  values_.push_back(static_cast<std::uint32_t>((mixed >> 32U) % bound));
  return values_.back();
}

}  // namespace safe_docker::oracle
