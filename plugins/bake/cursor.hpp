// A place in a text that moves forward and knows its line and column.
#pragma once

#include <cstddef>
#include <string_view>

#include "failure.hpp"
#include "syntax.hpp"

namespace safe_docker::bake {

class Cursor {
 public:
  explicit Cursor(const Source& source) : text_(source.text), place_{&source, 1, 1, {}} {}
  // Everything in `text` is said to stand at `place`.
  Cursor(std::string_view text, const Place& place) : text_(text), place_(place), is_fixed_(true) {}

  bool AtEnd() const { return at_ == text_.size(); }
  // NUL at the end; the reader of the file has refused NUL bytes.
  char Peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool StartsWith(std::string_view start) const { return text_.substr(at_).starts_with(start); }
  std::string_view rest() const { return text_.substr(at_); }
  std::size_t at() const { return at_; }

  char Next() {
    const char byte = text_[at_++];
    if (!is_fixed_) {
      place_.line += byte == '\n' ? 1 : 0;
      place_.column = byte == '\n' ? 1 : place_.column + 1;
    }
    return byte;
  }
  void Skip(std::size_t count) {
    for (; count > 0; --count) {
      Next();
    }
  }
  bool Take(std::string_view wanted) {
    if (!StartsWith(wanted)) {
      return false;
    }
    Skip(wanted.size());
    return true;
  }

  Place place() const { return place_; }
  // `start` with the words from position `begin` up to here.
  Place Since(std::size_t begin, Place start) const {
    if (!is_fixed_) {
      start.written = text_.substr(begin, at_ - begin);
    }
    return start;
  }

  [[noreturn]] void Fail(std::string_view message) const { FailMalformed(place_, message); }

 private:
  std::string_view text_;
  Place place_;
  bool is_fixed_ = false;
  std::size_t at_ = 0;
};

// Counts how deeply a reader is nested, for as long as it lives.
class Nesting {
 public:
  Nesting(int& depth, int limit, const Cursor& cursor) : depth_(depth) {
    if (++depth_ > limit) {
      --depth_;
      cursor.Fail("nested too deeply to be checked");
    }
  }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;
  ~Nesting() { --depth_; }

 private:
  int& depth_;
};

// Appends a code point as UTF-8; false if there is no such.
bool AppendCodePoint(std::uint32_t point, std::string& text);

// Reads `digits` hexadecimal digits; fails if there are fewer.
std::uint32_t ReadHexadecimal(Cursor& cursor, int digits);

}  // namespace safe_docker::bake
