#include "paths.hpp"

#include <safe_docker/checker.hpp>

#include <cstring>

namespace safe_docker::mounts {
namespace {

using namespace plugin;

// Letters beyond ASCII that full case folding makes ASCII of (Unicode's CaseFolding.txt, status C and F).
struct Folding {
  std::string_view letter;
  std::string_view folded;
};
constexpr Folding kFoldings[] = {
    {"\xc5\xbf", "s"},       {"\xe2\x84\xaa", "k"},  {"\xc3\x9f", "ss"},     {"\xe1\xba\x9e", "ss"},
    {"\xef\xac\x80", "ff"},  {"\xef\xac\x81", "fi"}, {"\xef\xac\x82", "fl"}, {"\xef\xac\x83", "ffi"},
    {"\xef\xac\x84", "ffl"}, {"\xef\xac\x85", "st"}, {"\xef\xac\x86", "st"}, {"\xc2\xad", ""},
    {"\xcd\x8f", ""},        {"\xef\xbb\xbf", ""},
};

// Invisible letters that HFS+ and the case-insensitive folders of ext4 pass over, by their first two bytes and a range
// of the third.
struct InvisibleLetters {
  std::string_view front;
  char first;
  char last;
};
constexpr InvisibleLetters kInvisible[] = {{"\xe2\x80", '\x8b', '\x8f'},
                                           {"\xe2\x80", '\xaa', '\xae'},
                                           {"\xe2\x81", '\xa0', '\xaf'},
                                           {"\xef\xb8", '\x80', '\x8f'}};

// Gives a name byte by byte, folded.
class FoldedName {
 public:
  explicit FoldedName(std::string_view name) : rest_(name) {}

  // False at the end.
  bool Next(char* byte) {
    while (pending_.empty() && !rest_.empty()) {
      Refill();
    }
    if (pending_.empty()) {
      return false;
    }
    *byte = ToLower(pending_.front());
    pending_.remove_prefix(1);
    return true;
  }

 private:
  void Refill() {
    for (const Folding& folding : kFoldings) {
      if (StartsWith(rest_, folding.letter)) {
        rest_.remove_prefix(folding.letter.size());
        pending_ = folding.folded;
        return;
      }
    }
    for (const InvisibleLetters& letters : kInvisible) {
      if (rest_.size() >= 3 && StartsWith(rest_, letters.front) && rest_[2] >= letters.first &&
          rest_[2] <= letters.last) {
        rest_.remove_prefix(3);
        return;
      }
    }
    pending_ = Slice(rest_, 0, 1);
    rest_.remove_prefix(1);
  }

  std::string_view rest_;
  std::string_view pending_;
};

bool IsAscii(char letter) { return static_cast<unsigned char>(letter) < 0x80; }

bool IsSameFolded(std::string_view left, std::string_view right) {
  // Nearly every name is ASCII, and this is asked for each part of each path.
  while (!left.empty() && !right.empty() && IsAscii(left.front()) && IsAscii(right.front())) {
    if (ToLower(left.front()) != ToLower(right.front())) {
      return false;
    }
    left.remove_prefix(1);
    right.remove_prefix(1);
  }
  FoldedName left_name(left);
  FoldedName right_name(right);
  char left_byte = 0;
  char right_byte = 0;
  while (left_name.Next(&left_byte)) {
    if (!right_name.Next(&right_byte) || left_byte != right_byte) {
      return false;
    }
  }
  return !right_name.Next(&right_byte);
}

// Takes the next component that is not empty; empty at the end.
std::string_view NextComponent(std::string_view* rest) {
  std::string_view component;
  while (component.empty() && !rest->empty()) {
    component = NextPart(rest, '/');
  }
  return component;
}

// A number of bytes, in steps of eight, that both begin with.
std::size_t EqualStart(std::string_view left, std::string_view right) {
  constexpr std::size_t kStep = 8;
  std::size_t at = 0;
  while (at + kStep <= left.size() && at + kStep <= right.size() &&
         std::memcmp(left.data() + at, right.data() + at, kStep) == 0) {
    at += kStep;
  }
  return at;
}

enum class Answer { kNo, kYes, kUnknown };

// Whether the folder contains the path, as long as only ASCII letters come into it. Nearly all do, and this is asked of
// each path for each place that matters.
Answer ContainsAscii(std::string_view folder, std::string_view path) {
  while (EndsWith(folder, '/')) {
    folder.remove_suffix(1);
  }
  std::size_t at = EqualStart(folder, path);
  for (; at < folder.size() && at < path.size(); ++at) {
    if (!IsAscii(folder[at]) || !IsAscii(path[at])) {
      return Answer::kUnknown;
    }
    if (ToLower(folder[at]) != ToLower(path[at])) {
      return Answer::kNo;
    }
  }
  if ((at < folder.size() && !IsAscii(folder[at])) || (at < path.size() && !IsAscii(path[at]))) {
    return Answer::kUnknown;
  }
  return at == folder.size() && (at == path.size() || path[at] == '/') ? Answer::kYes : Answer::kNo;
}

}  // namespace

bool IsSameName(std::string_view left, std::string_view right, Names names) {
  switch (names) {
    case Names::kExact:
      return left == right;
    case Names::kIgnoreCase:
      return EqualIgnoringCase(left, right);
    case Names::kFold:
      return IsSameFolded(left, right);
  }
  return false;
}

bool Contains(std::string_view folder, std::string_view path, Names names) {
  if (names == Names::kExact) {
    return IsWithin(path, folder);
  }
  const Answer answer = ContainsAscii(folder, path);
  if (answer != Answer::kUnknown) {
    return answer == Answer::kYes;
  }
  while (true) {
    const std::string_view expected = NextComponent(&folder);
    if (expected.empty()) {
      return true;
    }
    const std::string_view component = NextComponent(&path);
    if (component.empty() || !IsSameName(component, expected, names)) {
      return false;
    }
  }
}

bool ContainsAnywhere(std::string_view part, std::string_view path, Names names) {
  while (StartsWith(part, '/')) {
    part.remove_prefix(1);
  }
  while (!path.empty()) {
    if (!StartsWith(path, '/') && Contains(part, path, names)) {
      return true;
    }
    NextPart(&path, '/');
  }
  return false;
}

}  // namespace safe_docker::mounts
