// tr, byte by byte.
#include <algorithm>
#include <array>
#include <bitset>

#include "tool.hpp"

namespace safe_docker::shell {
namespace {

using Bytes = std::bitset<256>;

struct CharacterClass {
  std::string_view name;
  std::string_view ranges;  // pairs of first and last, ascending
};
constexpr std::array kClasses = {
    CharacterClass{"alnum", "09AZaz"},   CharacterClass{"alpha", "AZaz"},   CharacterClass{"blank", "\t\t  "},
    CharacterClass{"digit", "09"},       CharacterClass{"lower", "az"},     CharacterClass{"upper", "AZ"},
    CharacterClass{"punct", "!/:@[`{~"}, CharacterClass{"space", "\t\r  "}, CharacterClass{"xdigit", "09AFaf"},
    CharacterClass{"graph", "!~"},       CharacterClass{"print", " ~"},
};

std::size_t Index(char c) { return static_cast<unsigned char>(c); }

// A SET of the command line, written out.
struct Set {
  std::string bytes;
  // Where classes begin in `bytes`.
  struct Class {
    std::string_view name;
    std::size_t begin;
  };
  std::vector<Class> classes;
};

class SetReader {
 public:
  explicit SetReader(std::string_view text) : text_(text) {}

  std::optional<Set> Read() {
    while (at_ < text_.size()) {
      if (text_.substr(at_).starts_with("[:") && text_.find(":]", at_ + 2) != std::string_view::npos) {
        if (!ReadClass()) {
          return std::nullopt;
        }
      } else if (IsOddBracket() || !ReadRange()) {
        return std::nullopt;
      }
    }
    return IsAscii(text_) ? std::optional(std::move(set_)) : std::nullopt;
  }

 private:
  // [=c=] and [c*n]
  bool IsOddBracket() const {
    return text_[at_] == '[' && (text_.substr(at_ + 1).starts_with('=') || text_.find('*', at_) != text_.npos);
  }

  bool ReadClass() {
    const std::size_t end = text_.find(":]", at_ + 2);
    const std::string_view name = text_.substr(at_ + 2, end - at_ - 2);
    const auto* found = std::find_if(kClasses.begin(), kClasses.end(),
                                     [name](const CharacterClass& each) { return each.name == name; });
    if (found == kClasses.end()) {
      return false;
    }
    set_.classes.push_back({found->name, set_.bytes.size()});
    for (std::size_t i = 0; i < found->ranges.size(); i += 2) {
      for (char c = found->ranges[i]; c <= found->ranges[i + 1]; ++c) {
        set_.bytes.push_back(c);
      }
    }
    at_ = end + 2;
    return true;
  }

  bool ReadRange() {
    const std::optional<unsigned char> first = ReadByte();
    if (!first) {
      return false;
    }
    if (at_ + 1 >= text_.size() || text_[at_] != '-') {
      set_.bytes.push_back(static_cast<char>(*first));
      return true;
    }
    ++at_;
    const std::optional<unsigned char> last = ReadByte();
    if (!last || *last < *first) {
      return false;
    }
    for (int c = *first; c <= *last; ++c) {
      set_.bytes.push_back(static_cast<char>(c));
    }
    return true;
  }

  std::optional<unsigned char> ReadByte() {
    constexpr std::string_view kLetters = "abfnrtv\\";
    constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\";
    const char c = text_[at_++];
    if (c != '\\') {
      return static_cast<unsigned char>(c);
    }
    if (at_ == text_.size()) {
      return std::nullopt;
    }
    int value = 0;
    std::size_t digits = 0;
    for (; digits < 3 && at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '7'; ++digits) {
      value = value * 8 + (text_[at_++] - '0');
    }
    if (digits > 0) {
      return value < 256 ? std::optional(static_cast<unsigned char>(value)) : std::nullopt;
    }
    const std::size_t letter = kLetters.find(text_[at_++]);
    // What else stands behind a backslash is not the same in all of them.
    const bool punctuation = std::string_view("-[]\"'/ ").find(text_[at_ - 1]) != std::string_view::npos;
    if (letter == std::string_view::npos) {
      return punctuation ? std::optional(static_cast<unsigned char>(text_[at_ - 1])) : std::nullopt;
    }
    return static_cast<unsigned char>(kMeanings[letter]);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Set set_;
};

Bytes Members(std::string_view bytes) {
  Bytes members;
  for (const char c : bytes) {
    members.set(Index(c));
  }
  return members;
}

// What to do with each byte.
struct Plan {
  Bytes deleted;
  Bytes squeezed;
  std::array<char, 256> becomes{};
};

// Classes of the second set must stand where the first has the other case.
bool ClassesFit(const Set& from, const Set& to) {
  return std::all_of(to.classes.begin(), to.classes.end(), [&from](const Set::Class& each) {
    return (each.name == "lower" || each.name == "upper") &&
           std::any_of(from.classes.begin(), from.classes.end(), [&each](const Set::Class& other) {
             return other.begin == each.begin && (other.name == "lower" || other.name == "upper");
           });
  });
}

bool PlanTranslation(Set from, const Set& to, const Arguments& arguments, Plan* plan) {
  std::string target = to.bytes;
  const bool complement = arguments.Has('c');
  if (target.empty() || !ClassesFit(from, to) || (complement && !from.classes.empty() && target.size() > 1)) {
    return false;
  }
  if (!from.classes.empty() && to.classes.empty() && target.size() > 1) {
    return false;
  }
  if (complement) {
    const Bytes members = Members(from.bytes);
    from.bytes.clear();
    for (std::size_t c = 0; c < 256; ++c) {
      members.test(c) ? from.bytes : from.bytes.append(1, static_cast<char>(c));
    }
  }
  if (from.bytes.size() > target.size()) {
    if (arguments.Has('t')) {
      from.bytes.resize(target.size());
    } else if (!to.classes.empty()) {
      return false;
    }
    target.resize(std::max(target.size(), from.bytes.size()), target.back());
  }
  for (std::size_t i = 0; i < from.bytes.size(); ++i) {
    plan->becomes[Index(from.bytes[i])] = target[i];
  }
  return true;
}

std::optional<Plan> MakePlan(const Arguments& arguments, const ToolContext& context) {
  Plan plan;
  for (std::size_t c = 0; c < 256; ++c) {
    plan.becomes[c] = static_cast<char>(c);
  }
  const bool deletes = arguments.Has('d');
  const bool squeezes = arguments.Has('s');
  const std::size_t sets = arguments.operands.size();
  if (sets < 1 || sets > 2 || (deletes ? sets != (squeezes ? 2U : 1U) : sets == 1 && !squeezes)) {
    return std::nullopt;
  }
  const std::optional<Set> from = SetReader(arguments.operands[0]).Read();
  const std::optional<Set> to = SetReader(sets == 2 ? arguments.operands[1] : "").Read();
  if (!from || !to || ((!from->classes.empty() || !to->classes.empty()) && !HasUsualCase(context))) {
    return std::nullopt;
  }
  const Bytes first = arguments.Has('c') ? ~Members(from->bytes) : Members(from->bytes);
  if (deletes) {
    plan.deleted = first;
  } else if (sets == 2 && !PlanTranslation(*from, *to, arguments, &plan)) {
    return std::nullopt;
  }
  if (squeezes) {
    plan.squeezed = sets == 2 ? Members(to->bytes) : first;
  }
  return plan;
}

}  // namespace

Printed PrintTranslated(const Words& words, const ToolContext& context) {
  constexpr std::string_view kLong = " complement:c delete:d squeeze-repeats:s truncate-set1:t ";
  std::optional<Arguments> arguments = ParseArguments(words, {"cCdst", "", "", kLong});
  if (!arguments || context.input == nullptr) {
    return std::nullopt;
  }
  for (Option& option : arguments->options) {
    option.letter = option.letter == 'C' ? 'c' : option.letter;
  }
  const std::optional<Plan> plan = MakePlan(*arguments, context);
  if (!plan || (!IsAscii(*context.input) && arguments->Has('c'))) {
    return std::nullopt;
  }
  std::string text;
  std::optional<char> last;
  for (const char c : *context.input) {
    if (c == kUnknownPart) {
      text.push_back(c);
      if (plan->squeezed.any()) {
        return text;  // what follows may be squeezed into it
      }
      continue;
    }
    const char becomes = plan->becomes[Index(c)];
    if (plan->deleted.test(Index(c)) || (last == becomes && plan->squeezed.test(Index(becomes)))) {
      continue;
    }
    text.push_back(becomes);
    last = becomes;
  }
  return text;
}

}  // namespace safe_docker::shell
