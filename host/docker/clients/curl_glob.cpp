// The patterns that curl takes in an address, as far as they may choose where it goes.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "docker/clients/curl.hpp"

namespace safe_docker::docker {
namespace {

constexpr std::size_t kMostAddresses = 256;
const std::string kUnknownText(1, kUnknownPart);

// One group: what it stands for, and where it ends.
struct Glob {
  std::vector<std::string> texts;
  std::size_t end = 0;
};

std::vector<std::string> ReadSet(std::string_view inside) {
  std::vector<std::string> texts(1);
  for (const char letter : inside) {
    if (letter == ',') {
      texts.emplace_back();
    } else {
      texts.back() += letter;
    }
  }
  return texts;
}

std::optional<unsigned> ReadNumber(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

// "1-9", "01-10:2"; also "a-z", of which no port or host of an engine is made: unknown, as all that is too much.
std::vector<std::string> ReadRange(std::string_view inside) {
  const std::size_t dash = inside.find('-');
  const std::size_t colon = std::min(inside.find(':'), inside.size());
  if (dash == std::string_view::npos || dash > colon) {
    return {kUnknownText};
  }
  const std::string_view first_text = inside.substr(0, dash);
  const std::optional<unsigned> first = ReadNumber(first_text);
  const std::optional<unsigned> last = ReadNumber(inside.substr(dash + 1, colon - dash - 1));
  const std::optional<unsigned> step = colon == inside.size() ? 1U : ReadNumber(inside.substr(colon + 1));
  if (!first || !last || !step || *step == 0 || *last < *first || (*last - *first) / *step >= kMostAddresses) {
    return {kUnknownText};
  }
  std::vector<std::string> texts;
  for (std::uint64_t number = *first; number <= *last; number += *step) {
    const std::string digits = std::to_string(number);
    texts.push_back(std::string(first_text.size() - std::min(first_text.size(), digits.size()), '0') + digits);
  }
  return texts;
}

// "[::1]" is no range.
bool IsIpv6(std::string_view inside) {
  return inside.find(':') != std::string_view::npos && inside.find('-') == std::string_view::npos;
}

// The group at `begin`; nothing if curl takes it as it stands, or refuses it.
std::optional<Glob> ReadGlob(std::string_view address, std::size_t begin) {
  const bool is_set = address[begin] == '{';
  const std::size_t end = address.find(is_set ? '}' : ']', begin);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view inside = address.substr(begin + 1, end - begin - 1);
  if (!is_set && IsIpv6(inside)) {
    return std::nullopt;
  }
  return Glob{is_set ? ReadSet(inside) : ReadRange(inside), end + 1};
}

// True if the path has begun, so that nothing behind changes where the address leads.
bool HasPath(std::string_view text) {
  const std::size_t scheme = text.find("://");
  return text.find_first_of("/?#", scheme == std::string_view::npos ? 0 : scheme + 3) != std::string_view::npos;
}

void AppendToAll(std::string_view text, std::vector<std::string>* addresses) {
  for (std::string& address : *addresses) {
    address += text;
  }
}

}  // namespace

std::vector<std::string> ExpandCurlGlobs(const std::string& address) {
  std::vector<std::string> addresses(1);
  for (std::size_t at = 0; at < address.size();) {
    const std::size_t begin = std::min(address.find_first_of("{[", at), address.size());
    AppendToAll(std::string_view(address).substr(at, begin - at), &addresses);
    const std::optional<Glob> glob = begin < address.size() ? ReadGlob(address, begin) : std::nullopt;
    if (!glob || std::all_of(addresses.begin(), addresses.end(), &HasPath)) {
      AppendToAll(std::string_view(address).substr(begin, glob ? std::string::npos : 1), &addresses);
      at = glob ? address.size() : begin + 1;
    } else if (addresses.size() * glob->texts.size() > kMostAddresses) {
      AppendToAll(kUnknownText, &addresses);
      at = glob->end;
    } else {
      std::vector<std::string> longer;
      for (const std::string& front : addresses) {
        for (const std::string& text : glob->texts) {
          longer.push_back(front + text);
        }
      }
      addresses = std::move(longer);
      at = glob->end;
    }
  }
  return addresses;
}

}  // namespace safe_docker::docker
