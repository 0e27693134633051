// Puts into words what would be destroyed: each kind of object by its names, by its project, or as everything that is
// not in use, joined to one list.
#pragma once

#include <safe_docker/checker.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace safe_docker::destroy {

// Of an effect: which of its objects are meant.
struct Extent {
  explicit Extent(std::string_view options);

  bool data = false;
  bool unused = false;
  bool all = false;
  bool anonymous = false;
  bool project = false;
  bool orphans = false;
};

struct Kind {
  std::string_view name;
  std::string_view names;
  std::string_view look;        // the command that shows what there is
  std::string_view unused;      // everything that is not in use
  std::string_view unused_all;  // the same with "all"
};

// The kinds of objects that a DESTROY effect names; the last one stands for all others.
inline constexpr std::size_t kKindCount = 17;
std::size_t KindOf(std::string_view name);
const Kind& KindAt(std::size_t index);

// A list that is joined as people write it: "a, b and c". What exceeds some length is counted only.
class Enumeration {
 public:
  void Add(std::string_view item);
  // Something whose name is only known when the command runs.
  void AddUnknown() { has_unknown_ = true; }
  bool IsEmpty() const { return count_ == 0 && !has_unknown_; }
  bool IsOneName() const { return count_ == 1 && !has_unknown_; }
  // Owned by the enumeration, valid until the next call.
  std::string_view Join();

 private:
  plugin::Texts items_;
  plugin::Texts joined_;
  std::size_t count_ = 0;
  bool has_unknown_ = false;
};

// Adds to `list` what the objects in `names` are, all of this kind and extent: "the volumes a and b".
void AddPhrase(const Kind& kind, const Extent& extent, Enumeration* names, Enumeration* list);

// The same for everything of the kind that is not in use.
void AddUnusedPhrase(const Kind& kind, const Extent& extent, Enumeration* list);

}  // namespace safe_docker::destroy
