// Which names say that a secret stands beside them: DB_PASSWORD, --api-key, com.example.token. Knows names alone, never
// values.
#pragma once

#include <cstdint>
#include <string_view>

namespace safe_docker::audit {

enum class Sensitivity : std::uint8_t {
  kNone,
  kWeak,   // a secret if the value looks like one: AUTH, COOKIE, KEY
  kStrong  // a secret whatever the value: PASSWORD, TOKEN
};

Sensitivity SensitivityOf(std::string_view name);

// Variables whose values are ordinary by what they are: PATH, LANG, NODE_ENV.
bool IsOrdinaryVariable(std::string_view name);

}  // namespace safe_docker::audit
