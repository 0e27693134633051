// What the recording stubs and the reader of their log agree on: where it is, and how a call is written. A call is a
// row of fields, each "LENGTH:BYTES"; one write appends it, so that calls at the same time do not mix.
#pragma once

#include <string>
#include <string_view>

namespace safe_docker::oracle {

inline constexpr const char* kLogPath = "/oracle/log";

// Stands behind the end of a stub's executable, before the name of the program that it stands for.
inline constexpr std::string_view kNameMark = "\noracle stub of ";

// What of the environment decides where docker goes and what it reads.
inline constexpr const char* kRecordedVariables[] = {"HOME", "DOCKER_HOST", "DOCKER_CONTEXT", "COMPOSE_FILE"};

inline void AppendField(std::string_view field, std::string* record) {
  *record += std::to_string(field.size());
  *record += ':';
  *record += field;
}

}  // namespace safe_docker::oracle
