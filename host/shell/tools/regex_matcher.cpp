#include <algorithm>

#include "regex.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostPlaces = 1024 * 1024;
constexpr std::size_t kWorkOfSearch = 10;

bool SameGroups(const RegexMatch& left, const RegexMatch& right) { return left.places == right.places; }

}  // namespace

// Whether this place is seen for the first time. A place that was seen either led to no match, or to one that was
// tried first and therefore counts.
bool RegexMatcher::Visit(std::size_t instruction, std::size_t position) {
  if (work_left_ == 0) {
    return false;
  }
  --work_left_;
  if (exhaustive_) {
    return true;
  }
  std::uint32_t& seen = visited_[instruction * width_ + (position - from_)];
  if (seen == round_) {
    return false;
  }
  seen = round_;
  return true;
}

void RegexMatcher::Reach(std::size_t position, RegexMatch* match) {
  current_.places[1] = position;
  if (!found_ || position > match->end()) {
    *match = current_;
    found_ = true;
    unique_ = true;
  } else if (position == match->end() && !SameGroups(current_, *match)) {
    unique_ = false;
  }
}

// Follows one way to its end, and notes the others.
void RegexMatcher::Walk(const Regex& regex, std::string_view text, Job job, RegexMatch* match) {
  using Kind = RegexInstruction::Kind;
  while (Visit(job.instruction, job.position)) {
    const RegexInstruction& instruction = regex.program_[job.instruction];
    const auto go = [&job](std::int32_t distance) {
      job.instruction = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(job.instruction) + distance);
    };
    switch (instruction.kind) {
      case Kind::kMatch:
        Reach(job.position, match);
        return;
      case Kind::kSet:
        if (job.position == text.size() ||
            !regex.sets_[instruction.number].test(static_cast<unsigned char>(text[job.position]))) {
          return;
        }
        ++job.position;
        break;
      case Kind::kLineBegin:
        if (job.position != 0) {
          return;
        }
        break;
      case Kind::kLineEnd:
        if (job.position != text.size()) {
          return;
        }
        break;
      case Kind::kSave: {
        std::size_t& place = current_.places[instruction.number];
        jobs_.push_back({0, place, instruction.number});
        place = job.position;
        break;
      }
      case Kind::kSplit: {
        Job other = job;
        other.instruction = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(job.instruction) + instruction.second);
        jobs_.push_back(other);
        break;
      }
      case Kind::kJump:
        break;
    }
    go(instruction.first);
  }
}

// The longest match that begins at `begin`; of several, the one whose parts are longer from left to right.
bool RegexMatcher::MatchAt(const Regex& regex, std::string_view text, std::size_t begin, RegexMatch* match) {
  current_.places.fill(RegexMatch::kNone);
  current_.places[0] = begin;
  found_ = false;
  jobs_.clear();
  jobs_.push_back({0, begin, kNotRestoring});
  while (!jobs_.empty() && work_left_ > 0) {
    const Job job = jobs_.back();
    jobs_.pop_back();
    if (job.place != kNotRestoring) {
      current_.places[job.place] = job.position;
    } else {
      Walk(regex, text, job, match);
    }
  }
  return found_;
}

RegexMatcher::Result RegexMatcher::SearchLiteral(const std::string& literal, std::string_view text, std::size_t from,
                                                 RegexMatch* match) {
  const std::size_t at = text.find(literal, from);
  match->places.fill(RegexMatch::kNone);
  match->places[0] = at;
  match->places[1] = at + literal.size();
  return at == std::string_view::npos ? Result::kNoMatch : Result::kMatch;
}

RegexMatcher::Result RegexMatcher::Search(const Regex& regex, std::string_view text, std::size_t from,
                                          bool needs_groups, RegexMatch* match) {
  work_left_ -= std::min(work_left_, kWorkOfSearch);
  if (work_left_ == 0) {
    return Result::kUnknown;
  }
  if (!regex.literal_.empty()) {
    return SearchLiteral(regex.literal_, text, from, match);
  }
  width_ = text.size() - from + 1;
  const std::size_t places = regex.program_.size() * width_;
  if (places > kMostPlaces || (needs_groups && regex.repeated_groups_)) {
    return Result::kUnknown;
  }
  exhaustive_ = needs_groups && !regex.simple_;
  visited_.resize(std::max(visited_.size(), places));
  ++round_;
  from_ = from;
  for (std::size_t begin = from; begin <= text.size(); ++begin) {
    const bool found = MatchAt(regex, text, begin, match);
    if (work_left_ == 0 || (found && exhaustive_ && !unique_)) {
      return Result::kUnknown;
    }
    if (found) {
      return Result::kMatch;
    }
  }
  return Result::kNoMatch;
}

}  // namespace safe_docker::shell
