#include "brace_expansion.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string>

#include "syntax/lexer.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostWords = 512;
constexpr std::size_t kMostAtoms = 65536;
constexpr int kDeepest = 32;

// One unquoted character, or a part that brace expansion carries along unread.
struct Atom {
  char character = '\0';
  const Part* part = nullptr;
  std::size_t match = 0;      // of '{': where its '}' stands; 0 if nowhere
  bool alternatives = false;  // of '{': a comma or ".." stands in it
};

using Atoms = std::vector<Atom>;

class BraceReader {
 public:
  explicit BraceReader(Atoms atoms) : atoms_(std::move(atoms)) {}

  std::vector<Atoms> Expand(std::size_t begin, std::size_t end, int depth);
  bool too_much() const { return too_much_; }

 private:
  bool Sequence(std::size_t begin, std::size_t end, std::vector<Atoms>* alternatives);
  std::vector<Atoms> Alternatives(std::size_t open, int depth);
  void Multiply(std::vector<Atoms>* results, const std::vector<Atoms>& alternatives);
  bool Spend(std::size_t atoms) {
    produced_ += atoms;
    too_much_ = too_much_ || produced_ > kMostAtoms;
    return !too_much_;
  }

  Atoms atoms_;
  std::size_t produced_ = 0;
  bool too_much_ = false;
};

constexpr Part MakeNothing() {
  Part part;
  part.quoted = true;
  return part;
}
constexpr Part kNothing = MakeNothing();

Atoms AtomsOf(std::string_view text) {
  Atoms atoms;
  for (const char c : text) {
    atoms.push_back({c, nullptr, 0, false});
  }
  return atoms;
}

bool ParseNumber(std::string_view text, long* number) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size() && std::labs(*number) < 1'000'000'000;
}

std::string Padded(long number, std::size_t width) {
  std::string digits = std::to_string(std::labs(number));
  const std::size_t sign = number < 0 ? 1 : 0;
  if (digits.size() + sign < width) {
    digits.insert(0, width - digits.size() - sign, '0');
  }
  return (number < 0 ? "-" : "") + digits;
}

bool IsPadded(std::string_view text) {
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  return text.size() > sign + 1 && text[sign] == '0';
}

// {1..3}, {a..c}, {1..9..2}
bool BraceReader::Sequence(std::size_t begin, std::size_t end, std::vector<Atoms>* alternatives) {
  std::string text;
  for (std::size_t i = begin; i < end; ++i) {
    if (atoms_[i].part != nullptr) {
      return false;
    }
    text.push_back(atoms_[i].character);
  }
  const std::size_t dots = text.find("..");
  if (dots == std::string::npos) {
    return false;
  }
  const std::size_t more = text.find("..", dots + 2);
  const std::string first = text.substr(0, dots);
  const std::string last = text.substr(dots + 2, more == std::string::npos ? more : more - dots - 2);
  long from = 0;
  long to = 0;
  long step = 1;
  if (more != std::string::npos && !ParseNumber(text.substr(more + 2), &step)) {
    return false;
  }
  const auto is_letter = [](const std::string& s) {
    return s.size() == 1 && ((s[0] | 0x20) >= 'a' && (s[0] | 0x20) <= 'z');
  };
  const bool letters = is_letter(first) && is_letter(last);
  if (letters) {
    from = static_cast<unsigned char>(first[0]);
    to = static_cast<unsigned char>(last[0]);
  } else if (!ParseNumber(first, &from) || !ParseNumber(last, &to)) {
    return false;
  }
  step = step == 0 ? 1 : std::labs(step);
  const std::size_t width = IsPadded(first) || IsPadded(last) ? std::max(first.size(), last.size()) : 0;
  if (std::labs(to - from) / step >= static_cast<long>(kMostWords)) {
    too_much_ = true;
    return true;
  }
  for (long at = from; from <= to ? at <= to : at >= to; at += from <= to ? step : -step) {
    if (letters && at == '\\') {
      alternatives->push_back({{'\0', &kNothing, 0, false}});  // a backslash before nothing, which goes
      continue;
    }
    alternatives->push_back(AtomsOf(letters ? std::string(1, static_cast<char>(at)) : Padded(at, width)));
  }
  return true;
}

std::vector<Atoms> BraceReader::Alternatives(std::size_t open, int depth) {
  const std::size_t close = atoms_[open].match;
  std::vector<Atoms> alternatives;
  std::size_t piece = open + 1;
  bool comma = false;
  const auto add = [&](std::size_t end) {
    std::vector<Atoms> expanded = Expand(piece, end, depth + 1);
    alternatives.insert(alternatives.end(), expanded.begin(), expanded.end());
    piece = end + 1;
  };
  for (std::size_t i = open + 1; i < close && !too_much_; ++i) {
    if (atoms_[i].character == '{' && atoms_[i].match != 0) {
      i = atoms_[i].match;
    } else if (atoms_[i].character == ',') {
      comma = true;
      add(i);
    }
  }
  if (comma) {
    add(close);
  } else if (!Sequence(open + 1, close, &alternatives)) {
    alternatives.clear();
  }
  return alternatives;
}

void BraceReader::Multiply(std::vector<Atoms>* results, const std::vector<Atoms>& alternatives) {
  if (results->size() * alternatives.size() > kMostWords) {
    too_much_ = true;
    return;
  }
  std::vector<Atoms> product;
  for (const Atoms& result : *results) {
    for (const Atoms& alternative : alternatives) {
      if (!Spend(result.size() + alternative.size())) {
        return;
      }
      product.push_back(result);
      product.back().insert(product.back().end(), alternative.begin(), alternative.end());
    }
  }
  *results = std::move(product);
}

std::vector<Atoms> BraceReader::Expand(std::size_t begin, std::size_t end, int depth) {
  std::vector<Atoms> results(1);
  too_much_ = too_much_ || depth > kDeepest;
  for (std::size_t i = begin; i < end && !too_much_; ++i) {
    const Atom& atom = atoms_[i];
    if (atom.character == '{' && atom.match != 0 && atom.alternatives) {
      const std::vector<Atoms> alternatives = Alternatives(i, depth);
      if (!alternatives.empty()) {
        Multiply(&results, alternatives);
        i = atom.match;
        continue;
      }
    }
    if (!Spend(results.size())) {
      break;
    }
    for (Atoms& result : results) {
      result.push_back(atom);
    }
  }
  return results;
}

// Pairs braces in one pass, so that a run of opening ones costs no more than others.
void PairBraces(Atoms* atoms) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < atoms->size(); ++i) {
    const char c = (*atoms)[i].character;
    if (c == '{') {
      open.push_back(i);
    } else if (c == '}' && !open.empty()) {
      (*atoms)[open.back()].match = i;
      open.pop_back();
    } else if (!open.empty() && (c == ',' || (c == '.' && (*atoms)[i - 1].character == '.'))) {
      (*atoms)[open.back()].alternatives = true;
    }
  }
}

const Part* PartsOf(const Atoms& atoms, Arena* arena) {
  NodeList<Part> parts;
  std::string text;
  const auto flush = [&] {
    if (!text.empty() && parts.last != nullptr && parts.last->bare && !parts.last->quoted) {
      // Braces go before parameters: $x{a,b} is $xa $xb.
      const auto end = std::find_if_not(text.begin(), text.end(), IsNameCharacter);
      parts.last->name = arena->Copy(std::string(parts.last->name).append(text.begin(), end));
      text.erase(text.begin(), end);
    }
    if (!text.empty()) {
      Part* literal = arena->New<Part>();
      literal->text = arena->Copy(text);
      parts.Add(literal);
      text.clear();
    }
  };
  for (const Atom& atom : atoms) {
    if (atom.part == nullptr) {
      text.push_back(atom.character);
      continue;
    }
    flush();
    Part* copy = arena->New<Part>();
    *copy = *atom.part;
    copy->next = nullptr;
    parts.Add(copy);
  }
  flush();
  return parts.first;
}

}  // namespace

BraceExpansion ExpandBraces(const SyntaxWord& word, Arena* arena) {
  Atoms atoms;
  for (const Part* part = word.parts; part != nullptr; part = part->next) {
    if (part->kind != Part::Kind::kLiteral || part->quoted) {
      atoms.push_back({'\0', part, 0, false});
      continue;
    }
    for (const char c : part->text) {
      atoms.push_back({c, nullptr, 0, false});
    }
  }
  PairBraces(&atoms);
  const std::size_t size = atoms.size();
  bool any = false;
  for (const Atom& atom : atoms) {
    any = any || (atom.match != 0 && atom.alternatives);
  }
  BraceExpansion result;
  if (!any) {
    result.words.push_back(word.parts);
    return result;
  }
  BraceReader reader(std::move(atoms));
  for (const Atoms& each : reader.Expand(0, size, 0)) {
    if (const Part* parts = PartsOf(each, arena); parts != nullptr) {
      result.words.push_back(parts);
    }
  }
  result.too_much = reader.too_much();
  return result;
}

}  // namespace safe_docker::shell
