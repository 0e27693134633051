#include "sha256.hpp"

#include <sodium/crypto_hash_sha256.h>

namespace safe_docker {

std::string HexDigits(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += kDigits[value >> 4U];
    text += kDigits[value & 15U];
  }
  return text;
}

std::string Sha256Hex(std::string_view bytes) {
  unsigned char digest[crypto_hash_sha256_BYTES];
  // Plain C without a choice of implementations: sodium_init() is not needed for it.
  crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return HexDigits({reinterpret_cast<const char*>(digest), sizeof digest});
}

}  // namespace safe_docker
