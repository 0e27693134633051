// The YAML of compose files: the shared reader's tree, with compose's tags for merging and with variables replaced as
// values are read.
#pragma once

#include <string_view>

#include "variables.hpp"
#include "yaml/arena.hpp"
#include "yaml/failure.hpp"
#include "yaml/scalars.hpp"
#include "yaml/yaml.hpp"

namespace safe_docker::compose {

using yaml::Arena;
using yaml::CastToBoolean;
using yaml::Documents;
using yaml::Entry;
using yaml::FailAt;
using yaml::FailMalformed;
using yaml::FailUnreadable;
using yaml::Failure;
using yaml::FailureRule;
using yaml::Find;
using yaml::FindNode;
using yaml::FindRaw;
using yaml::Kind;
using yaml::kMaxFileSize;
using yaml::Node;
using yaml::PlaceOf;
using yaml::Source;
using yaml::Tag;

// Reads every document of `content`. Throws Failure with the place and what is wrong.
Documents ReadYaml(std::string_view content, const Source& source, const Variables& variables, Arena& arena);

}  // namespace safe_docker::compose
