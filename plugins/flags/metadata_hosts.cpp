#include "metadata_hosts.hpp"

#include <arpa/inet.h>
#include <safe_docker/checker.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace safe_docker::flags {
namespace {

using namespace plugin;

struct Network4 {
  std::uint32_t address;
  std::uint32_t mask;
};

constexpr std::uint32_t Address4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr Network4 kNetworks4[] = {
    {Address4(169, 254, 0, 0), 0xffff0000},      // link-local: most clouds, and the credentials of their containers
    {Address4(100, 100, 100, 200), 0xffffffff},  // Alibaba
    {Address4(192, 0, 0, 192), 0xffffffff},      // Oracle
    {Address4(168, 63, 129, 16), 0xffffffff},    // Azure
};

constexpr std::string_view kAddresses6[] = {"fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:42::42"};

// Prefixes of 12 bytes in front of an IPv4 address.
constexpr unsigned char kEmbeddings[][12] = {
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff},     // mapped
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},           // compatible
    {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0},  // NAT64
};

constexpr std::string_view kNames[] = {
    "metadata",           "metadata.google.internal",   "metadata.goog",
    "instance-data",      "instance-data.ec2.internal", "metadata.azure.internal",
    "metadata.azure.com", "metadata.tencentyun.com",    "metadata.platformequinix.com",
    "metadata.packet.net"};

constexpr std::size_t kLongestAddress = 63;

// An address as a NUL-terminated text for the C library, without brackets, zone and outer blanks.
struct Terminated {
  explicit Terminated(std::string_view address) {
    while (StartsWith(address, ' ') || StartsWith(address, '[')) {
      address.remove_prefix(1);
    }
    while (EndsWith(address, ' ') || EndsWith(address, ']')) {
      address.remove_suffix(1);
    }
    address = Slice(address, 0, address.find('%'));
    if (address.size() <= kLongestAddress && IsKnown(address)) {
      std::memcpy(text, address.data(), address.size());
    }
  }
  char text[kLongestAddress + 1] = {};
};

bool IsMetadata4(std::uint32_t address) {
  for (const Network4& network : kNetworks4) {
    if ((address & network.mask) == network.address) {
      return true;
    }
  }
  return false;
}

bool IsMetadata6(const in6_addr& address) {
  for (std::string_view known : kAddresses6) {
    in6_addr other{};
    if (inet_pton(AF_INET6, Terminated(known).text, &other) == 1 && std::memcmp(&other, &address, sizeof other) == 0) {
      return true;
    }
  }
  const unsigned char* bytes = address.s6_addr;
  for (const auto& prefix : kEmbeddings) {
    if (std::equal(std::begin(prefix), std::end(prefix), bytes)) {
      return IsMetadata4(Address4(bytes[12], bytes[13], bytes[14], bytes[15]));
    }
  }
  return false;
}

}  // namespace

bool IsMetadataAddress(std::string_view address) {
  const Terminated terminated(address);
  if (terminated.text[0] == '\0') {
    return false;
  }
  in6_addr six{};
  if (inet_pton(AF_INET6, terminated.text, &six) == 1) {
    return IsMetadata6(six);
  }
  in_addr four{};  // inet_aton reads decimal, octal and hexadecimal spellings as well
  return inet_aton(terminated.text, &four) != 0 && IsMetadata4(ntohl(four.s_addr));
}

bool IsMetadataName(std::string_view name) {
  while (EndsWith(name, '.')) {
    name.remove_suffix(1);
  }
  for (std::string_view known : kNames) {
    if (EqualIgnoringCase(name, known)) {
      return true;
    }
  }
  return false;
}

}  // namespace safe_docker::flags
