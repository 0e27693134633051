#include "audit/secret_shapes.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace safe_docker::audit {
namespace {

constexpr bool IsDigit(char letter) { return letter >= '0' && letter <= '9'; }
constexpr bool IsUpper(char letter) { return letter >= 'A' && letter <= 'Z'; }
constexpr bool IsLower(char letter) { return letter >= 'a' && letter <= 'z'; }
constexpr bool IsAlphanumeric(char letter) { return IsDigit(letter) || IsUpper(letter) || IsLower(letter); }

// What the letters behind a prefix may be.
enum class Letters : std::uint8_t {
  kUpper,  // and digits
  kAlphanumeric,
  kWord,    // and '_', '-'
  kDotted,  // and '.', '=', '/', '+'
};

bool Fits(Letters letters, char letter) {
  switch (letters) {
    case Letters::kUpper:
      return IsUpper(letter) || IsDigit(letter);
    case Letters::kAlphanumeric:
      return IsAlphanumeric(letter);
    case Letters::kWord:
      return IsAlphanumeric(letter) || letter == '_' || letter == '-';
    case Letters::kDotted:
      return IsAlphanumeric(letter) || std::string_view("_-.=/+").find(letter) != std::string_view::npos;
  }
  return false;
}

struct Prefix {
  std::string_view text;
  std::uint8_t least;  // letters behind it
  Letters letters;
};
constexpr Prefix kPrefixes[] = {
    {"AKIA", 16, Letters::kUpper},  // Amazon
    {"ASIA", 16, Letters::kUpper},
    {"ABIA", 16, Letters::kUpper},
    {"ACCA", 16, Letters::kUpper},
    {"AGE-SECRET-KEY-1", 30, Letters::kUpper},
    {"AIza", 30, Letters::kWord},  // Google
    {"ya29.", 20, Letters::kDotted},
    {"GOCSPX-", 20, Letters::kWord},
    {"dckr_pat_", 16, Letters::kWord},  // Docker
    {"dckr_oat_", 16, Letters::kWord},
    {"SWMTKN-1-", 20, Letters::kWord},
    {"SWMKEY-1-", 20, Letters::kDotted},
    {"dop_v1_", 32, Letters::kAlphanumeric},  // DigitalOcean
    {"doo_v1_", 32, Letters::kAlphanumeric},
    {"dor_v1_", 32, Letters::kAlphanumeric},
    {"ghp_", 30, Letters::kAlphanumeric},  // GitHub
    {"gho_", 30, Letters::kAlphanumeric},
    {"ghu_", 30, Letters::kAlphanumeric},
    {"ghs_", 30, Letters::kAlphanumeric},
    {"ghr_", 30, Letters::kAlphanumeric},
    {"github_pat_", 22, Letters::kWord},
    {"glpat-", 16, Letters::kDotted},  // GitLab
    {"gldt-", 16, Letters::kWord},
    {"glrt-", 16, Letters::kWord},
    {"gsk_", 30, Letters::kAlphanumeric},
    {"hf_", 30, Letters::kAlphanumeric},
    {"hvb.", 20, Letters::kWord},  // Vault
    {"hvs.", 20, Letters::kWord},
    {"lin_api_", 30, Letters::kAlphanumeric},
    {"npm_", 30, Letters::kAlphanumeric},
    {"nvapi-", 30, Letters::kWord},
    {"pul-", 40, Letters::kAlphanumeric},
    {"pypi-AgEI", 30, Letters::kWord},
    {"rk_live_", 16, Letters::kAlphanumeric},  // Stripe
    {"rk_test_", 16, Letters::kAlphanumeric},
    {"rubygems_", 40, Letters::kAlphanumeric},
    {"SG.", 40, Letters::kDotted},  // SendGrid
    {"shpat_", 30, Letters::kAlphanumeric},
    {"sk-ant-", 20, Letters::kWord},   // Anthropic
    {"sk-proj-", 20, Letters::kWord},  // OpenAI
    {"sk-", 32, Letters::kAlphanumeric},
    {"sk_live_", 16, Letters::kAlphanumeric},
    {"sk_test_", 16, Letters::kAlphanumeric},
    {"sq0atp-", 20, Letters::kWord},
    {"sq0csp-", 30, Letters::kWord},
    {"whsec_", 24, Letters::kDotted},
    {"xai-", 40, Letters::kAlphanumeric},
    {"xapp-", 20, Letters::kWord},  // Slack
    {"xoxa-", 10, Letters::kWord},
    {"xoxb-", 10, Letters::kWord},
    {"xoxe-", 10, Letters::kWord},
    {"xoxe.", 10, Letters::kDotted},
    {"xoxp-", 10, Letters::kWord},
    {"xoxr-", 10, Letters::kWord},
    {"xoxs-", 10, Letters::kWord},
};

std::size_t SkipLetters(Letters letters, std::string_view text, std::size_t at) {
  while (at < text.size() && Fits(letters, text[at])) {
    ++at;
  }
  return at;
}

bool HasDigit(std::string_view text) { return std::any_of(text.begin(), text.end(), IsDigit); }

// Header, payload and signature, each base64 of something that begins with '{'.
std::optional<Shape> FindWebToken(std::string_view text, std::size_t at) {
  constexpr std::size_t kLeast = 8;
  if (text.substr(at, 3) != "eyJ") {
    return std::nullopt;
  }
  std::size_t end = SkipLetters(Letters::kWord, text, at);
  const std::size_t second = end + 1;
  if (end - at < kLeast || end >= text.size() || text[end] != '.' || text.substr(second, 2) != "ey") {
    return std::nullopt;
  }
  end = SkipLetters(Letters::kWord, text, second);
  if (end - second < kLeast) {
    return std::nullopt;
  }
  if (end < text.size() && text[end] == '.') {
    end = SkipLetters(Letters::kWord, text, end + 1);
  }
  return Shape{at, end, "jwt"};
}

// Terraform's and Azure's have their mark in the middle.
std::optional<Shape> FindMarked(std::string_view text, std::size_t at) {
  constexpr std::string_view kTerraform = ".atlasv1.";
  const std::size_t end = SkipLetters(Letters::kAlphanumeric, text, at);
  if (end - at == 14 && text.substr(end, kTerraform.size()) == kTerraform) {
    return Shape{at, SkipLetters(Letters::kDotted, text, end), "token"};
  }
  constexpr std::size_t kAzureLeast = 31;
  if (end - at == 5 && text[at + 3] >= '0' && text[at + 3] <= '9' && text[at + 4] == 'Q' &&
      text.substr(end, 1) == "~") {
    std::size_t last = end + 1;
    while (last < text.size() && (Fits(Letters::kWord, text[last]) || text[last] == '.' || text[last] == '~')) {
      ++last;
    }
    if (last - end > kAzureLeast) {
      return Shape{at, last, "token"};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Shape> FindToken(std::string_view text, std::size_t at) {
  for (const Prefix& prefix : kPrefixes) {
    if (text[at] != prefix.text[0] || text.substr(at, prefix.text.size()) != prefix.text) {
      continue;
    }
    const std::size_t begin = at + prefix.text.size();
    const std::size_t end = SkipLetters(prefix.letters, text, begin);
    // A name that merely begins so has no digits: sk-learn-training.
    if (end - begin >= prefix.least && HasDigit(text.substr(begin, end - begin))) {
      return Shape{at, end, "token"};
    }
  }
  if (const std::optional<Shape> token = FindWebToken(text, at)) {
    return token;
  }
  return FindMarked(text, at);
}

std::optional<Shape> FindUserInfo(std::string_view text, std::size_t at) {
  constexpr std::size_t kLongest = 2048;
  const std::size_t begin = at + 3;
  std::size_t end = begin;
  std::size_t sign = std::string_view::npos;
  const std::size_t limit = std::min(text.size(), begin + kLongest);
  while (end < limit && std::string_view(" \t\n\r\"'`<>/?\\").find(text[end]) == std::string_view::npos) {
    sign = text[end] == '@' ? end : sign;
    ++end;
  }
  if (sign == std::string_view::npos || sign == begin) {
    return std::nullopt;
  }
  const std::string_view user = text.substr(begin, sign - begin);
  const std::size_t colon = user.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view password = user.substr(colon + 1);
    // A reference to a variable is no secret, nor is a part that nobody knows yet.
    const bool is_reference = password.empty() || password == std::string_view("\0", 1) ||
                              (password[0] == '$' && password.find('}') >= password.size() - 1);
    return is_reference ? std::nullopt : std::optional(Shape{begin, sign, "url"});
  }
  // Whoever stands alone in front of a web server is a token; of ssh and git it is a login name.
  const std::string_view scheme = text.substr(0, at);
  const bool is_web = scheme.ends_with("http") || scheme.ends_with("https");
  const bool is_reference = user[0] == '$' || user.find('\0') != std::string_view::npos;
  return LooksRandom(user) || (is_web && !is_reference && user.size() >= 6) ? std::optional(Shape{begin, sign, "url"})
                                                                            : std::nullopt;
}

std::optional<Shape> FindPrivateKey(std::string_view text, std::size_t at) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::string_view kKey = "PRIVATE KEY";
  constexpr std::size_t kLongestTitle = 64;
  if (text.substr(at, kBegin.size()) != kBegin) {
    return std::nullopt;
  }
  const std::string_view title = text.substr(at, kLongestTitle);
  const std::size_t title_end = title.find("-----", kBegin.size());
  if (title.substr(0, title_end).find(kKey) == std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t last = text.find("-----END ", at + kBegin.size());
  const std::size_t end = last == std::string_view::npos ? last : text.find("-----", last + 9);
  return Shape{at, end == std::string_view::npos ? text.size() : end + 5, "key"};
}

bool LooksRandom(std::string_view value) {
  constexpr std::size_t kLeast = 12;
  constexpr std::size_t kMost = 512;
  if (value.size() < kLeast) {
    return false;
  }
  std::array<std::uint16_t, 256> counts = {};
  const std::string_view looked = value.substr(0, kMost);
  int kinds = 0;
  bool has[3] = {};
  for (const char letter : looked) {
    ++counts[static_cast<unsigned char>(letter)];
    has[0] = has[0] || IsDigit(letter);
    has[1] = has[1] || IsUpper(letter);
    has[2] = has[2] || IsLower(letter);
  }
  kinds = static_cast<int>(has[0]) + static_cast<int>(has[1]) + static_cast<int>(has[2]);
  // Simpson's index instead of Shannon's entropy, which needs logarithms: how likely two letters of it are the same.
  // Below 1 in 10 there are as many different letters as in random text of more than 3.3 bits each.
  std::uint64_t pairs = 0;
  for (const std::uint64_t count : counts) {
    pairs += count * (count - (count > 0 ? 1 : 0));
  }
  const std::uint64_t all = static_cast<std::uint64_t>(looked.size()) * (looked.size() - 1);
  return has[0] && kinds >= 2 && pairs * 10 < all;
}

}  // namespace safe_docker::audit
