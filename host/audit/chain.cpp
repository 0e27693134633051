#include "audit/chain.hpp"

#include <charconv>

#include "sha256.hpp"

namespace safe_docker::audit {
namespace {

constexpr std::size_t kDigits = 64;
constexpr std::string_view kHash = ",\"hash\":\"";
constexpr std::string_view kPrev = ",\"prev\":\"";
constexpr std::string_view kEnd = "\"}";

// The number behind `key`. Only members of fixed form stand in front of those that are asked for, so nothing that an
// agent wrote is mistaken for one.
std::optional<std::uint64_t> NumberBehind(std::string_view key, std::string_view line) {
  const std::size_t at = line.find(key);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  const char* begin = line.data() + at + key.size();
  const auto [end, error] = std::from_chars(begin, line.data() + line.size(), number);
  return error == std::errc() && end != begin ? std::optional(number) : std::nullopt;
}

// Cuts `KEY` + 64 digits (or none, if `may_be_empty`) off the end of `line`.
std::optional<std::string> CutDigest(std::string_view key, std::string_view* line, bool may_be_empty) {
  for (const std::size_t size : {kDigits, std::size_t{0}}) {
    if ((size == 0 && !may_be_empty) || line->size() < key.size() + size) {
      continue;
    }
    const std::string_view digest = line->substr(line->size() - size);
    std::string_view rest = line->substr(0, line->size() - size);
    if (rest.ends_with(key) && digest.find_first_not_of("0123456789abcdef") == std::string_view::npos) {
      line->remove_suffix(size + key.size());
      return std::string(digest);
    }
  }
  return std::nullopt;
}

// What the hash covers.
std::string_view Covered(std::string_view line) {
  const std::size_t behind = kHash.size() + kDigits + kEnd.size();
  return line.substr(0, line.size() < behind ? 0 : line.size() - behind);
}

}  // namespace

std::optional<Link> ReadLink(std::string_view line) {
  std::string_view rest = line;
  if (!rest.starts_with("{\"v\":") || !rest.ends_with(kEnd)) {
    return std::nullopt;
  }
  rest.remove_suffix(kEnd.size());
  const std::optional<std::string> hash = CutDigest(kHash, &rest, /*may_be_empty=*/false);
  if (!hash || !rest.ends_with('"')) {
    return std::nullopt;
  }
  rest.remove_suffix(1);
  const std::optional<std::string> prev = CutDigest(kPrev, &rest, /*may_be_empty=*/true);
  const std::string_view head = rest.substr(0, rest.find(",\"event\":"));
  const std::optional<std::uint64_t> seq = NumberBehind(",\"seq\":", head);
  if (!prev || !seq) {
    return std::nullopt;
  }
  return Link{*seq, NumberBehind(",\"timestamp_unix_nano\":", head).value_or(0), *prev, *hash};
}

std::string HashOf(std::string_view line) { return Sha256Hex(Covered(line)); }

std::optional<Link> LastLink(std::string_view text) {
  while (!text.empty()) {
    const std::size_t line_end = text.rfind('\n');
    const std::size_t begin = line_end == std::string_view::npos ? 0 : line_end + 1;
    if (std::optional<Link> link = ReadLink(text.substr(begin))) {
      return link;
    }
    text = text.substr(0, begin == 0 ? 0 : begin - 1);
  }
  return std::nullopt;
}

std::string Seal(std::string line, const Link& before) {
  line.insert(line.find(",\"event\":"), ",\"seq\":" + std::to_string(before.seq + 1));
  line.pop_back();
  line += std::string(kPrev) + before.hash + "\"";
  const std::string hash = Sha256Hex(line);
  return line + std::string(kHash) + hash + std::string(kEnd);
}

}  // namespace safe_docker::audit
