// What the readers of the single raw clients share: which sockets and addresses are an engine's, and how a request past
// docker's command line begins and ends.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"
#include "docker/request.hpp"

namespace safe_docker::docker {

enum class SocketKind : std::uint8_t { kOther, kEngine, kUnknown };

// Whose socket `path` is, by its name and by where its links lead.
SocketKind JudgeSocket(std::string_view path, const CommandLine& line, PathResolver* paths);

// True if a part of `text` is the path of an engine's socket: "9999:/var/run/docker.sock".
bool HoldsEngineSocket(std::string_view text, const CommandLine& line, PathResolver* paths);

// True for HOST:PORT, with or without scheme and path, if the port is the engine's or DOCKER_HOST names the same.
bool IsEngineAddress(std::string_view address, const Environment& environment);

// The host and port of an address.
std::string_view AuthorityOf(std::string_view address);

// The engine that it reaches.
void AddRawEndpoint(std::string_view endpoint, std::string_view chosen_by, Request* request);

// Says that the program goes past docker's command line, in front of all other effects. `subject` is what it asks for.
// It counts as read if no effect is an unknown one.
void AddRawEngine(std::string_view subject, const Evidence& evidence, Request* request);

// The same for what nobody has read.
void AddUnreadEngine(std::string_view subject, const Evidence& evidence, Request* request);

// curl.cpp
std::vector<Request> ReadCurl(const CommandLine& line);
// container_tools.cpp
std::vector<Request> ReadContainerTool(const CommandLine& line);
// k3s ctr ...: a distribution that brings the tools along.
std::vector<Request> ReadBundledTool(const CommandLine& line);
std::vector<Request> ReadNsenter(const CommandLine& line);
bool IsContainerTool(std::string_view name);
// machine_tools.cpp
std::vector<Request> ReadMachineTool(const CommandLine& line);

}  // namespace safe_docker::docker
