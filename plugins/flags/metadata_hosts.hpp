// Recognises the metadata services of clouds, which hand the machine's credentials to whoever asks: by address, in any
// spelling of it, and by name.
#pragma once

#include <string_view>

namespace safe_docker::flags {

bool IsMetadataAddress(std::string_view address);

bool IsMetadataName(std::string_view name);

}  // namespace safe_docker::flags
