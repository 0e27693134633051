// Memory for the syntax tree of one analysis: nodes and texts live until the arena dies, all at once, so that a tree of
// any shape is freed without recursion. Holds only types without destructors.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <vector>

namespace safe_docker::shell {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  template <typename T>
  T* New() {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= kAlignment);
    return new (Allocate(RoundedUp(sizeof(T)))) T();
  }

  // A copy of `text` that lives as long as the arena.
  std::string_view Copy(std::string_view text) {
    if (text.empty()) {
      return {};
    }
    char* copy = static_cast<char*>(Allocate(RoundedUp(text.size())));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
  }

 private:
  static constexpr std::size_t kAlignment = alignof(void*);
  static constexpr std::size_t kFirstBlock = 4 * 1024;
  static constexpr std::size_t kLargestBlock = 512 * 1024;

  static constexpr std::size_t RoundedUp(std::size_t size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

  void* Allocate(std::size_t size) {
    if (size > left_) {
      Grow(size);
    }
    void* result = next_;
    next_ += size;
    left_ -= size;
    return result;
  }

  // Blocks double, so that a short command costs little and a long text few calls.
  void Grow(std::size_t size) {
    block_ = std::min(block_ * 2, kLargestBlock);
    left_ = std::max(size, block_);
    blocks_.emplace_back(new char[left_]);
    next_ = blocks_.back().get();
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t block_ = kFirstBlock / 2;
};

}  // namespace safe_docker::shell
