// The memory of one expansion: texts and nodes are put here and live until the whole project has been judged, so that
// everything else can be views and plain pointers. Holds only what needs no destructor.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "failure.hpp"

namespace safe_docker::yaml {

class Arena {
 public:
  std::string_view Copy(std::string_view text) {
    if (text.empty()) {
      return {};
    }
    Count(text.size());
    auto* bytes = static_cast<char*>(memory_.allocate(text.size(), 1));
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
  }

  template <typename Item>
  std::span<const Item> Copy(std::span<const Item> items) {
    static_assert(std::is_trivially_copyable_v<Item>);
    if (items.empty()) {
      return {};
    }
    Count(items.size_bytes());
    auto* copies = static_cast<Item*>(memory_.allocate(items.size_bytes(), alignof(Item)));
    std::uninitialized_copy(items.begin(), items.end(), copies);
    return {copies, items.size()};
  }

  template <typename Item>
  Item* Make(const Item& value) {
    static_assert(std::is_trivially_destructible_v<Item>);
    return new (memory_.allocate(sizeof(Item), alignof(Item))) Item(value);
  }

 private:
  // What variables and merging multiply ends here.
  void Count(std::size_t bytes) {
    constexpr std::size_t kMaxSize = std::size_t{128} << 20;
    size_ += bytes;
    if (size_ > kMaxSize) {
      FailUnreadable({}, "what the files say becomes too large to be checked", "Split them into smaller ones.");
    }
  }

  std::size_t size_ = 0;
  std::pmr::monotonic_buffer_resource memory_{std::size_t{32} * 1024};
};

}  // namespace safe_docker::yaml
