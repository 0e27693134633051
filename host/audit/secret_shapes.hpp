// Secrets that show by their own shape, whatever stands beside them: tokens with a maker's prefix, JSON web tokens,
// keys in PEM, the user and password of an address. Each look is linear in what it reads.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace safe_docker::audit {

struct Shape {
  std::size_t begin = 0;
  std::size_t end = 0;  // of the secret itself
  std::string_view kind;
};

// The secret that begins at `at`, which is the beginning of a word of letters, digits, '_' and '-'.
std::optional<Shape> FindToken(std::string_view text, std::size_t at);

// The user and password of the address whose "://" stands at `at`, if there is a password or a token.
std::optional<Shape> FindUserInfo(std::string_view text, std::size_t at);

// The private key whose "-----BEGIN " stands at `at`; to the end of the text, if it has no end.
std::optional<Shape> FindPrivateKey(std::string_view text, std::size_t at);

// Whether a value beside a name that may speak of a secret looks random enough to be one.
bool LooksRandom(std::string_view value);

}  // namespace safe_docker::audit
