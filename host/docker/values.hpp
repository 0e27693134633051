// Which values the docker client refuses before it asks the engine for anything: numbers, sizes, times, addresses and
// the small grammars of its flags. A line with such a value does nothing today, but nobody can say what another client
// would make of it, so it is doubted. Knows nothing of what a value that is taken means.
#pragma once

#include <string_view>

namespace safe_docker::docker {

// What the flag `name` (canonical, no dashes) of `command` (canonical path) takes, if docker would refuse `value` for
// it: "a size such as 512m". Empty if it would not, or if nothing is known of the flag.
std::string_view ExpectedInstead(std::string_view command, std::string_view name, std::string_view value);

// True if docker reads the value of --network as KEY=VALUE fields: "\\w=\\w" stands somewhere in it.
bool IsLongNetwork(std::string_view text);

}  // namespace safe_docker::docker
