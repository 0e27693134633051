// SHA-256 of bytes, as hex digits: what names a file's content (trusted project files, the configuration in force) and
// what chains the records of the audit log. A thin layer over libsodium, which is linked statically.
#pragma once

#include <string>
#include <string_view>

namespace safe_docker {

// `bytes` in lower-case hex digits, two a byte.
std::string HexDigits(std::string_view bytes);

// The SHA-256 of `bytes` in 64 hex digits.
std::string Sha256Hex(std::string_view bytes);

}  // namespace safe_docker
