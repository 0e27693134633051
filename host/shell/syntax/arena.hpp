// Memory for the syntax tree of one analysis: nodes and texts live until the arena dies, all at once, so that a tree of
// any shape is freed without recursion. Holds only types without destructors.
#pragma once

#include <sys/mman.h>

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
  static constexpr std::size_t kHugePage = 2 * 1024 * 1024;
  static constexpr std::size_t kLargestBlock = kHugePage;
  struct DeleteAligned {
    void operator()(char* memory) const { ::operator delete(memory, std::align_val_t(kHugePage)); }
  };

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
    if (left_ < kHugePage) {
      blocks_.emplace_back(new char[left_]);
      next_ = blocks_.back().get();
      return;
    }
    large_blocks_.emplace_back(static_cast<char*>(::operator new(left_, std::align_val_t(kHugePage))));
    next_ = large_blocks_.back().get();
#ifdef MADV_HUGEPAGE  // the tree of a long script is read and written once: faults of small pages would cost the most
    madvise(next_, left_, MADV_HUGEPAGE);
#endif
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  std::vector<std::unique_ptr<char, DeleteAligned>> large_blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t block_ = kFirstBlock / 2;
};

}  // namespace safe_docker::shell
