#include "problems.hpp"

namespace safe_docker::rules {
namespace {

// More would not be read.
constexpr std::size_t kMostShown = 50;

// As one line, and as no more than one problem.
std::string Plain(std::string_view text) {
  std::string plain(text);
  for (char& letter : plain) {
    letter = static_cast<unsigned char>(letter) < ' ' || letter == '\x7f' ? '?' : letter == ';' ? ',' : letter;
  }
  return plain;
}

}  // namespace

Pointer Pointer::operator/(std::string_view key) const {
  Pointer below = *this;
  below.text_ += '/';
  for (const char letter : key) {
    below.text_ += letter == '~' ? "~0" : letter == '/' ? "~1" : std::string(1, letter);
  }
  return below;
}

void Problems::Add(const Pointer& place, std::string_view what) {
  const std::string rule = rule_.empty() ? "" : " (rule " + rule_ + (place_.empty() ? "" : " in " + place_) + ")";
  texts_.push_back(Plain((place.text().empty() ? "/" : place.text()) + rule + ": " + std::string(what)));
}

std::string Problems::text() const {
  std::string all;
  for (std::size_t i = 0; i < texts_.size() && i < kMostShown; ++i) {
    all += (i == 0 ? "" : "; ") + texts_[i];
  }
  return texts_.size() > kMostShown ? all + "; and " + std::to_string(texts_.size() - kMostShown) + " more" : all;
}

}  // namespace safe_docker::rules
