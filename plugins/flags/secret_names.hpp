// Tells from the name of a build argument whether its value is likely to be a secret.
#pragma once

#include <string_view>

namespace safe_docker::flags {

// Goes by whole parts: "NPM_TOKEN" and "apiKey" are, "TOKENIZER_VERSION" and "MONKEY" are not.
bool IsSecretName(std::string_view name);

}  // namespace safe_docker::flags
