// Reading what a plugin hands over: every text and array is checked before a byte of it is used, because a plugin may
// be wrong about it. An array's items are seen through its stride.
#pragma once

#include <safe_docker/plugin.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "docker/request.hpp"

namespace safe_docker::plugins {

// More than anything that is true; larger ones are garbage.
inline constexpr std::size_t kLongestText = 1024 * 1024;
inline constexpr std::uint32_t kMostItems = 10'000;
inline constexpr std::uint32_t kWidestStride = 4096;

inline sdp_string Lend(std::string_view text) { return {text.data(), text.size()}; }

// Nothing if `text` is too long, or null with a size.
std::optional<std::string_view> Read(const sdp_string& text, std::size_t longest = kLongestText);

// Reads several texts into the strings beside them; false if one of them is wrong.
struct TextField {
  const sdp_string* from;
  std::string* to;
};
bool ReadAll(std::initializer_list<TextField> fields);

// An evidence; `fallback` if there is none. Nothing if it is wrong.
std::optional<docker::Evidence> ReadEvidence(const sdp_evidence* evidence, const docker::Evidence& fallback);

// True if the array's items can be read as Item.
template <typename Item>
bool IsSound(const sdp_array& array) {
  if (array.count == 0) {
    return true;
  }
  return array.items != nullptr && array.count <= kMostItems && array.stride >= sizeof(Item) &&
         array.stride <= kWidestStride && array.stride % alignof(Item) == 0 &&
         reinterpret_cast<std::uintptr_t>(array.items) % alignof(Item) == 0;
}

// Item `index` of a sound array.
template <typename Item>
const Item& ItemAt(const sdp_array& array, std::uint32_t index) {
  const char* const at = static_cast<const char*>(array.items) + static_cast<std::size_t>(index) * array.stride;
  return *static_cast<const Item*>(static_cast<const void*>(at));
}

}  // namespace safe_docker::plugins
