// A sorted table of runners without pointers: the loader, which would write each of them when the program starts, has
// nothing to do for it. The table stands in the source as rows of Runner; this is what of it gets into the program.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "runners.hpp"

namespace safe_docker::shell {

template <const auto& kRows>
class PackedRunners {
 public:
  // The first row whose name is not before `name`. Its texts live as long as the program.
  static std::optional<Runner> FirstNotBefore(std::string_view name) {
    const auto* found =
        std::lower_bound(kPacked.begin(), kPacked.end(), name,
                         [](const Row& row, std::string_view wanted) { return TextAt(row.name) < wanted; });
    if (found == kPacked.end()) {
      return std::nullopt;
    }
    return Runner{TextAt(found->name), found->inner, TextAt(found->options), found->operands, found->traits};
  }

 private:
  struct Place {
    std::uint16_t begin = 0;
    std::uint16_t size = 0;
  };
  struct Row {
    Place name;
    Place options;
    Runner::Inner inner = Runner::Inner::kCommand;
    std::uint8_t operands = 0;
    std::uint32_t traits = 0;
  };

  static constexpr std::size_t TextSize() {
    std::size_t size = 0;
    for (const Runner& row : kRows) {
      size += row.name.size() + row.options.size();
    }
    return size;
  }
  static_assert(TextSize() <= 0xFFFF);

  static constexpr std::array<char, TextSize()> Text() {
    std::array<char, TextSize()> text{};
    auto at = text.begin();
    for (const Runner& row : kRows) {
      at = std::copy(row.name.begin(), row.name.end(), at);
      at = std::copy(row.options.begin(), row.options.end(), at);
    }
    return text;
  }

  static constexpr auto Packed() {
    std::array<Row, kRows.size()> packed{};
    std::uint16_t at = 0;
    const auto place = [&at](std::string_view text) {
      const Place result{at, static_cast<std::uint16_t>(text.size())};
      at = static_cast<std::uint16_t>(at + text.size());
      return result;
    };
    for (std::size_t i = 0; i < kRows.size(); ++i) {
      const Runner& row = kRows[i];
      packed[i].name = place(row.name);
      packed[i].options = place(row.options);
      packed[i].inner = row.inner;
      packed[i].operands = static_cast<std::uint8_t>(row.operands);
      packed[i].traits = row.traits;
    }
    return packed;
  }

  static constexpr std::string_view TextAt(const Place& place) { return {kText.data() + place.begin, place.size}; }

  static constexpr std::array<char, TextSize()> kText = Text();
  static constexpr std::array<Row, kRows.size()> kPacked = Packed();
};

}  // namespace safe_docker::shell
