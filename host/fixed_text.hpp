// A short text inside a row of a constant table. It holds its letters itself where a std::string_view would hold their
// address, which the loader has to fill in for each row each time that the program starts.
#pragma once

#include <cstddef>
#include <string_view>

namespace safe_docker {

// At most kSize - 1 letters.
template <std::size_t kSize>
class FixedText {
 public:
  constexpr FixedText() = default;

  template <std::size_t kLiteralSize>
  // NOLINTNEXTLINE(google-explicit-constructor): rows are written as plain literals
  constexpr FixedText(const char (&text)[kLiteralSize]) {
    static_assert(kLiteralSize <= kSize, "the row's text is too long for its column");
    for (std::size_t index = 0; index < kLiteralSize; ++index) {
      letters_[index] = text[index];
    }
  }

  constexpr std::string_view view() const { return letters_; }
  constexpr bool empty() const { return letters_[0] == '\0'; }
  // NOLINTNEXTLINE(google-explicit-constructor): it is a text like any other
  constexpr operator std::string_view() const { return view(); }

  friend constexpr bool operator==(const FixedText& left, std::string_view right) { return left.view() == right; }

 private:
  char letters_[kSize] = {};
};

}  // namespace safe_docker
