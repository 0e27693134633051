// From what a command line says to what it would do: the value of each flag that matters to the host becomes effects of
// the request. Which flag matters how is data (FlagRole in grammar.txt); this is the small engine behind it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"
#include "docker/grammar.hpp"
#include "docker/request.hpp"

namespace safe_docker::docker {

// Adds the effects of a flag with this value. False if docker would refuse the value: an unknown effect is added then.
bool AddFlagEffects(const Flag& flag, std::string_view value, const Evidence& evidence, Request* request);

// Adds the effects of a command with these arguments, whatever its flags.
void AddCommandEffects(const Command& command, const std::vector<Word>& arguments, Request* request);

// Adds the effects that `docker run --OPTION=VALUE` would have; "image" stands for the image. False if docker would
// refuse it or does not know the option: an unknown effect is added then.
bool AddOptionEffects(std::string_view option, std::string_view value, const Evidence& evidence, Request* request);

// ---- Building blocks, for the files of this room -----------------------------------------------------------------

void AddEffect(sdp_effect_kind kind, std::string_view subject, std::string_view name, const Evidence& evidence,
               Request* request);

// What could not be understood, and why that matters. Asks.
void AddUnknown(std::string_view what, std::string_view why, const Evidence& evidence, Request* request);

// What docker itself would refuse, in words of what it takes: "--memory takes a size such as 512m". Asks, since another
// version may read it otherwise. Returns false.
bool Refuse(std::string_view what, const Evidence& evidence, Request* request);

// A host path that the client opens: relative ones count from the request's cwd. `name` says what for.
void AddOpenedPath(sdp_effect_kind kind, std::string_view path, std::string_view name, const Evidence& evidence,
                   Request* request);

// A folder that is emptied before it is written.
void AddWipedFolder(std::string_view path, const Evidence& evidence, Request* request);

// Fills in subject, resolved and the flags of an effect whose path the engine or the client takes from `base`.
void ResolveEffectPath(std::string_view path, std::string_view base, const Request& request, Effect* effect);

// A reference that says by a transport where the image lies; image_transport.cpp. False if it has none.
bool AddImageTransport(std::string_view reference, bool is_written, std::string_view use, const Evidence& evidence,
                       Request* request);

// An image; `use` is "run", "pull", ...
void AddImage(std::string_view reference, std::string_view use, const Evidence& evidence, Request* request);

// -v, --mount, and the options of the local volume driver; mounts.cpp.
bool AddVolume(std::string_view value, const Evidence& evidence, Request* request);
bool AddMount(std::string_view value, const Evidence& evidence, Request* request);
bool AddVolumeDriver(std::string_view value, const Evidence& evidence, Request* request);
void AddVolumeDriverOptions(std::string_view type, std::string_view options, std::string_view device,
                            std::string_view target, const Evidence& evidence, Request* request);

// Adds an effect of the grammar with this subject.
void AddGrammarEffect(const GrammarEffect& effect, std::string_view subject, const Evidence& evidence,
                      Request* request);

// Namespaces, sysctls and the like, as flags and as fields of other values give them.
void AddNamespace(std::string_view kind, std::string_view value, const Evidence& evidence, Request* request);
bool AddSysctl(std::string_view value, const Evidence& evidence, Request* request);

// True for what an engine or a builder fetches by itself: URLs and git addresses.
bool IsRemoteSource(std::string_view value);

// buildx create with the address of a builder.
void AddBuilderEndpoint(std::string_view value, const Evidence& evidence, Request* request);

void AddBuildContext(std::string_view value, const Evidence& evidence, Request* request);

// ---- Values with a grammar of their own: each adds its effects, and returns false if docker would refuse the value
// ---

// build_effects.cpp
bool AddDockerfile(std::string_view value, const Evidence& evidence, Request* request);
bool AddBakeFile(std::string_view value, const Evidence& evidence, Request* request);
bool AddNamedContext(std::string_view value, const Evidence& evidence, Request* request);
bool AddSecret(std::string_view value, const Evidence& evidence, Request* request);
bool AddSsh(std::string_view value, const Evidence& evidence, Request* request);
bool AddBuildArgument(std::string_view value, const Evidence& evidence, Request* request);
bool AddCacheFrom(std::string_view value, const Evidence& evidence, Request* request);
bool AddCacheTo(std::string_view value, const Evidence& evidence, Request* request);
bool AddOutput(std::string_view value, const Evidence& evidence, Request* request);
bool AddAllow(std::string_view value, const Evidence& evidence, Request* request);
bool AddBuildPolicy(std::string_view value, const Evidence& evidence, Request* request);
bool AddBakeSet(std::string_view value, const Evidence& evidence, Request* request);
bool AddBuilderOption(std::string_view value, const Evidence& evidence, Request* request);
bool AddBuilderFlags(std::string_view value, const Evidence& evidence, Request* request);

// client_effects.cpp
bool AddClientConfig(std::string_view value, const Evidence& evidence, Request* request);
bool AddClientHome(std::string_view value, const Evidence& evidence, Request* request);
bool AddCheckpointFolder(std::string_view value, const Evidence& evidence, Request* request);
bool AddContextEndpoint(std::string_view value, const Evidence& evidence, Request* request);
bool AddExternalCa(std::string_view value, const Evidence& evidence, Request* request);
bool AddWipe(std::string_view value, const Evidence& evidence, Request* request);
bool AddRemovedImages(std::string_view value, const Evidence& evidence, Request* request);
bool AddTlsFile(std::string_view value, const Evidence& evidence, Request* request);
bool AddEnvFiles(std::string_view value, const Evidence& evidence, Request* request);

}  // namespace safe_docker::docker
