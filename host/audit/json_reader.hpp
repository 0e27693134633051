// Reads JSON piece by piece, without building a tree of it: a log has many lines, and most of what a line says is not
// asked for. What is skipped is checked only as far as it takes to find its end. The first thing that is wrong ends the
// reading; what was read before it stays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace safe_docker::audit {

class JsonReader {
 public:
  // `text` must outlive the reader and the views that it gives out.
  explicit JsonReader(std::string_view text) : text_(text) {}

  // Calls `member(key)` for each member of the object that comes next. It must read or skip exactly one value. `key` is
  // valid until the next call of the reader.
  template <typename Member>
  bool ReadObject(const Member& member) {
    if (!Enter('{')) {
      return false;
    }
    for (bool first = true; !Leave('}', first); first = false) {
      std::string_view key;
      if (!ReadKey(&key)) {
        return false;
      }
      member(key);
      if (failed_) {
        return false;
      }
    }
    --depth_;
    return !failed_;
  }

  // Calls `item()` for each item of the array that comes next. It must read or skip exactly one value.
  template <typename Item>
  bool ReadArray(const Item& item) {
    if (!Enter('[')) {
      return false;
    }
    for (bool first = true; !Leave(']', first); first = false) {
      item();
      if (failed_) {
        return false;
      }
    }
    --depth_;
    return !failed_;
  }

  // Each reads the value that comes next, and fails if it is of another kind.
  bool ReadString(std::string* value);
  bool ReadUnsigned(std::uint64_t* value);
  bool ReadBoolean(bool* value);

  // Passes over the value that comes next, and says how it was written if `raw` is not null.
  bool Skip(std::string_view* raw = nullptr);

  // True for a string, false for anything else that comes next.
  bool IsString();
  bool IsNumber();

  // True if nothing but blanks comes next and all that was read was right.
  bool IsDone();
  bool failed() const { return failed_; }
  bool Fail();

 private:
  void SkipBlanks();
  bool Enter(char bracket);
  bool Leave(char bracket, bool first);
  bool ReadKey(std::string_view* key);
  bool FindStringEnd(std::size_t* end, bool* has_escapes);
  bool Unescape(std::string_view written, std::string* value);
  bool SkipBrackets();

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
  std::string key_;  // of a key that was written with escapes
};

}  // namespace safe_docker::audit
