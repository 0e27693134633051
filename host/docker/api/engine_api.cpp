#include "docker/api/engine_api.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "docker/api/engine_body.hpp"
#include "docker/api/engine_path.hpp"
#include "docker/csv.hpp"
#include "docker/effects.hpp"
#include "fixed_text.hpp"

namespace safe_docker::docker {
namespace {

constexpr std::size_t kLongestTarget = 64 << 10;
constexpr int kOldestMinor = 24;         // of version 1: what is older takes host paths elsewhere
constexpr int kMinorWithAnonymous = 42;  // from here volumes/prune leaves volumes with a name alone

// A call while it is read.
struct Api {
  const EngineCall& call;
  EnginePath where;
  std::vector<EngineParameter> query;
  Request* request;
};

void Doubt(std::string_view what, std::string_view why, Api* api) {
  AddUnknown(what, why, api->call.evidence, api->request);
}

// What the engine takes for true.
bool IsTrue(std::string_view value) {
  const std::string text = ToLower(Trim(value));
  return !text.empty() && text != "0" && text != "no" && text != "false" && text != "none";
}

std::string Parameter(const Api& api, std::string_view name) {
  for (const auto& [key, value] : api.query) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

Evidence EvidenceOf(const Api& api, std::string_view name, std::string_view value) {
  Evidence evidence = api.call.evidence;
  evidence.written = std::string(name) + "=" + std::string(value);
  std::replace(evidence.written.begin(), evidence.written.end(), kUnknownPart, '?');
  return evidence;
}

// ---- Parameters --------------------------------------------------------------------------------------------------

// A parameter that means what a flag of the command means.
struct ParameterRow {
  FixedText<24> command;
  FixedText<24> parameter;
  FixedText<24> flag;
  bool is_switch;
};
constexpr ParameterRow kParameters[] = {
    {"container rm", "v", "volumes", true},
    {"container rm", "force", "force", true},
    {"container start", "checkpoint", "checkpoint", false},
    {"container start", "checkpoint-dir", "checkpoint-dir", false},
    {"checkpoint rm", "dir", "checkpoint-dir", false},
    {"checkpoint ls", "dir", "checkpoint-dir", false},
    {"image build", "networkmode", "network", false},
    {"image build", "cgroupparent", "cgroup-parent", false},
    {"image build", "extrahosts", "add-host", false},
    {"image build", "isolation", "isolation", false},
    {"image rm", "force", "force", true},
    {"builder prune", "all", "all", true},
    {"service update", "rollback", "rollback", true},
    {"swarm leave", "force", "force", true},
    {"volume rm", "force", "force", true},
};

// The engine takes the first of a parameter that stands there twice; here each counts.
void ReadParameters(std::string_view command, Api* api) {
  for (const ParameterRow& row : kParameters) {
    for (const auto& [name, value] : api->query) {
      const bool counts = row.is_switch ? IsTrue(value) : !value.empty();
      if (row.command == command && row.parameter == name && counts) {
        GiveCommandFlag(command, row.flag, row.is_switch ? "true" : value, EvidenceOf(*api, name, value), api->request);
      }
    }
  }
}

bool IsYes(std::string_view text) { return text == "1" || ToLower(text) == "true"; }
bool IsNo(std::string_view text) { return text == "0" || ToLower(text) == "false"; }

// True if the filter `name` of a prune has such a value: {"dangling": {"false": true}}, or a list of its values.
bool HasFilter(std::string_view name, bool (*wanted)(std::string_view), Api* api) {
  bool found = false;
  for (const auto& [key, text] : api->query) {
    if (key != "filters" || text.empty()) {
      continue;
    }
    const DecodedBody filters = DecodeBody(text);
    const Json* filter = filters.problem.empty() ? FindMember(filters.value, name) : nullptr;
    if (!filters.problem.empty() || !filters.value.is_object() || !IsKnown(text)) {
      Doubt("filters that are no JSON object", "they say what is destroyed", api);
    }
    if (filter == nullptr || !filter->is_structured()) {
      continue;
    }
    for (const auto& [item, value] : filter->items()) {
      found = found || wanted(value.is_string() ? value.get_ref<const std::string&>() : item);
    }
  }
  return found;
}

void ReadImagePrune(Api* api) {
  if (HasFilter("dangling", &IsNo, api)) {
    GiveCommandFlag("image prune", "all", "true", EvidenceOf(*api, "filters", "dangling: false"), api->request);
  }
}

void ReadVolumePrune(Api* api) {
  const bool is_old = !api->where.version.empty() && EngineMinor(api->where.version) < kMinorWithAnonymous;
  if (HasFilter("all", &IsYes, api) || is_old) {
    GiveCommandFlag("volume prune", "all", "true", EvidenceOf(*api, "filters", "all"), api->request);
  }
}

// Images come from a registry, from the body, or from an address that the engine fetches.
void ReadImageCreate(Api* api) {
  const std::string image = Parameter(*api, "fromImage");
  const std::string tag = Parameter(*api, "tag");
  if (!image.empty()) {
    const std::string_view separator = tag.empty() ? "" : tag.find(':') != std::string::npos ? "@" : ":";
    AddImage(image + std::string(separator) + tag, "pull", EvidenceOf(*api, "fromImage", image), api->request);
  }
  for (const auto& [name, value] : api->query) {
    if (name == "fromSrc" && !value.empty() && value != "-") {
      AddEffect(SDP_EFFECT_FETCH, value, "image import", EvidenceOf(*api, name, value), api->request);
    }
  }
  api->request->command = image.empty() ? "image import" : "image pull";
}

// {"NAME": "value"}
void ReadBuildArguments(const std::string& text, Api* api) {
  const DecodedBody arguments = DecodeBody(text);
  if (!arguments.problem.empty() || !arguments.value.is_object()) {
    Doubt("build arguments that are no JSON object", "the engine would refuse them", api);
    return;
  }
  for (const auto& [name, value] : arguments.value.items()) {
    const std::string pair = value.is_string() ? name + "=" + value.get<std::string>() : name + "=";
    GiveCommandFlag("image build", "build-arg", pair, EvidenceOf(*api, "buildargs", pair), api->request);
  }
}

void ReadBuild(Api* api) {
  constexpr std::string_view kHarmless[] = {
      "t",       "dockerfile", "q",          "nocache",   "pull",     "rm",          "forcerm",   "squash",
      "labels",  "memory",     "memswap",    "cpushares", "cpuquota", "cpuperiod",   "shmsize",   "cpusetcpus",
      "target",  "ulimits",    "cpusetmems", "platform",  "compress", "networkmode", "cachefrom", "cgroupparent",
      "buildid", "extrahosts", "isolation"};
  for (const auto& [name, value] : api->query) {
    const Evidence evidence = EvidenceOf(*api, name, value);
    const bool is_harmless = std::find(std::begin(kHarmless), std::end(kHarmless), name) != std::end(kHarmless);
    if (is_harmless || value.empty() || (name == "version" && value == "1")) {
      continue;
    }
    if (name == "remote") {
      AddEffect(SDP_EFFECT_FETCH, value, "build context", evidence, api->request);
    } else if (name == "buildargs") {
      ReadBuildArguments(value, api);
    } else if (name == "securityopt") {
      GiveCommandFlag("image build", "security-opt", value, evidence, api->request);
    } else {
      // Among them the session and the outputs of BuildKit.
      AddUnknown("the parameter '" + name + "' of a build", "it may reach beyond the build", evidence, api->request);
    }
  }
}

void ReadStream(Api* api) {
  Doubt("a BuildKit session", "builds are described in a stream that nobody can look into", api);
}

void ReadImagePush(Api* api) {
  if (!Parameter(*api, "tag").empty() && !api->request->arguments.empty()) {
    api->request->arguments[0] += ":" + Parameter(*api, "tag");
  }
}

void ReadRemote(Api* api) { api->request->arguments = {Parameter(*api, "remote")}; }

void ReadPluginName(Api* api) { api->request->arguments = {Parameter(*api, "name")}; }

void ReadCopy(Api* api) {
  AddEffect(SDP_EFFECT_CONTROL_CONTAINER, api->request->arguments[0], "cp", api->call.evidence, api->request);
}

void ReadChange(Api* api) {
  AddEffect(SDP_EFFECT_CHANGE_ENGINE, api->request->arguments[0], "swarm", api->call.evidence, api->request);
}

// ---- Routes ------------------------------------------------------------------------------------------------------

enum class BodyUse : std::uint8_t {
  kNone,    // the engine reads none
  kStream,  // an archive, raw bytes, or JSON that means nothing to the host
  kJson,
};

struct Route {
  FixedText<8> method;
  FixedText<40> pattern;  // '*' is a name, slashes and all
  FixedText<32> command;  // that does the same; empty if none does
  BodyUse use = BodyUse::kNone;
  void (*read_body)(const Json& body, BodyReader* reader) = nullptr;
  void (*read_query)(Api* api) = nullptr;
  FixedText<24> flags_of = {};  // the command whose flags the body's fields stand for, if it is another one
};

// The first that fits counts. Without anything else a route has the effects of its command.
constexpr Route kRoutes[] = {
    // What only looks.
    {"GET", "/_ping", ""},
    {"GET", "/version", "version"},
    {"GET", "/info", "system info"},
    {"GET", "/events", "system events"},
    {"GET", "/system/df", "system df"},
    {"GET", "/containers/json", "container ls"},
    {"GET", "/containers/*/json", "container inspect"},
    {"GET", "/containers/*/top", "container top"},
    {"GET", "/containers/*/logs", "container logs"},
    {"GET", "/containers/*/changes", "container diff"},
    {"GET", "/containers/*/stats", "container stats"},
    {"GET", "/containers/*/export", "container export"},
    {"GET", "/containers/*/checkpoints", "checkpoint ls"},
    {"GET", "/containers/*/archive", "container cp", BodyUse::kNone, nullptr, &ReadCopy},
    {"GET", "/containers/*/attach/ws", "container attach"},
    {"GET", "/exec/*/json", ""},
    {"GET", "/images/json", "image ls"},
    {"GET", "/images/search", "search"},
    {"GET", "/images/get", "image save"},
    {"GET", "/images/*/get", "image save"},
    {"GET", "/images/*/history", "image history"},
    {"GET", "/images/*/json", "image inspect"},
    {"GET", "/distribution/*/json", "manifest inspect"},
    {"GET", "/volumes", "volume ls"},
    {"GET", "/volumes/*", "volume inspect"},
    {"GET", "/networks", "network ls"},
    {"GET", "/networks/*", "network inspect"},
    {"GET", "/services", "service ls"},
    {"GET", "/services/*/logs", "service logs"},
    {"GET", "/services/*", "service inspect"},
    {"GET", "/tasks", "service ps"},
    {"GET", "/tasks/*/logs", "service logs"},
    {"GET", "/tasks/*", "service ps"},
    {"GET", "/secrets", "secret ls"},
    {"GET", "/secrets/*", "secret inspect"},
    {"GET", "/configs", "config ls"},
    {"GET", "/configs/*", "config inspect"},
    {"GET", "/nodes", "node ls"},
    {"GET", "/nodes/*", "node inspect"},
    {"GET", "/plugins", "plugin ls"},
    {"GET", "/plugins/privileges", "plugin inspect"},
    {"GET", "/plugins/*/json", "plugin inspect"},
    {"GET", "/swarm", "swarm join-token"},  // the answer holds the tokens
    {"GET", "/swarm/unlockkey", "swarm unlock-key"},
    {"HEAD", "/containers/*/archive", "container cp", BodyUse::kNone, nullptr, &ReadCopy},
    {"HEAD", "/_ping", ""},
    // Containers.
    {"POST", "/containers/create", "container create", BodyUse::kJson, &ReadContainerBody},
    {"POST", "/containers/prune", "container prune"},
    {"POST", "/containers/*/exec", "container exec", BodyUse::kJson, &ReadExecBody},
    {"POST", "/exec/*/start", "container exec", BodyUse::kStream},
    {"POST", "/exec/*/resize", ""},
    {"POST", "/containers/*/start", "container start"},
    {"POST", "/containers/*/stop", "container stop"},
    {"POST", "/containers/*/restart", "container restart"},
    {"POST", "/containers/*/kill", "container kill"},
    {"POST", "/containers/*/pause", "container pause"},
    {"POST", "/containers/*/unpause", "container unpause"},
    {"POST", "/containers/*/rename", "container rename"},
    {"POST", "/containers/*/resize", ""},
    {"POST", "/containers/*/wait", "container wait"},
    {"POST", "/containers/*/attach", "container attach", BodyUse::kStream},
    {"POST", "/containers/*/update", "container update", BodyUse::kJson, &ReadUpdateBody, nullptr, "container create"},
    {"POST", "/containers/*/checkpoints", "checkpoint create", BodyUse::kJson, &ReadCheckpointBody},
    {"DELETE", "/containers/*/checkpoints/*", "checkpoint rm"},
    {"PUT", "/containers/*/archive", "container cp", BodyUse::kStream, nullptr, &ReadCopy},
    {"DELETE", "/containers/*", "container rm"},
    {"POST", "/commit", "container commit", BodyUse::kStream},
    // Images and builds.
    {"POST", "/images/create", "image pull", BodyUse::kStream, nullptr, &ReadImageCreate},
    {"POST", "/images/load", "image load", BodyUse::kStream},
    {"POST", "/images/prune", "image prune", BodyUse::kNone, nullptr, &ReadImagePrune},
    {"POST", "/images/*/push", "image push", BodyUse::kStream, nullptr, &ReadImagePush},
    {"POST", "/images/*/tag", "image tag"},
    {"DELETE", "/images/*", "image rm"},
    {"POST", "/build", "image build", BodyUse::kStream, nullptr, &ReadBuild},
    {"POST", "/build/prune", "builder prune"},
    {"POST", "/build/cancel", ""},
    {"POST", "/session", "", BodyUse::kStream, nullptr, &ReadStream},
    {"POST", "/grpc", "", BodyUse::kStream, nullptr, &ReadStream},
    // Volumes and networks.
    {"POST", "/volumes/create", "volume create", BodyUse::kJson, &ReadVolumeBody},
    {"POST", "/volumes/prune", "volume prune", BodyUse::kNone, nullptr, &ReadVolumePrune},
    {"PUT", "/volumes/*", "volume update", BodyUse::kStream, nullptr, &ReadChange},
    {"DELETE", "/volumes/*", "volume rm"},
    {"POST", "/networks/create", "network create", BodyUse::kJson, &ReadNetworkBody},
    {"POST", "/networks/prune", "network prune"},
    {"POST", "/networks/*/connect", "network connect", BodyUse::kJson, &ReadNetworkConnectBody},
    {"POST", "/networks/*/disconnect", "network disconnect", BodyUse::kJson, &ReadNetworkConnectBody},
    {"DELETE", "/networks/*", "network rm"},
    // The swarm.
    {"POST", "/services/create", "service create", BodyUse::kJson, &ReadServiceBody},
    {"POST", "/services/*/update", "service update", BodyUse::kJson, &ReadServiceBody, nullptr, "service create"},
    {"DELETE", "/services/*", "service rm"},
    {"POST", "/secrets/create", "secret create", BodyUse::kJson, &ReadSecretBody},
    {"POST", "/secrets/*/update", "", BodyUse::kStream, nullptr, &ReadChange},
    {"DELETE", "/secrets/*", "secret rm"},
    {"POST", "/configs/create", "config create", BodyUse::kJson, &ReadSecretBody},
    {"POST", "/configs/*/update", "", BodyUse::kStream, nullptr, &ReadChange},
    {"DELETE", "/configs/*", "config rm"},
    {"POST", "/swarm/init", "swarm init", BodyUse::kJson, &ReadSwarmBody},
    {"POST", "/swarm/join", "swarm join", BodyUse::kJson, &ReadSwarmBody},
    {"POST", "/swarm/update", "swarm update", BodyUse::kJson, &ReadSwarmSpec},
    {"POST", "/swarm/unlock", "swarm unlock", BodyUse::kStream},
    {"POST", "/swarm/leave", "swarm leave"},
    {"POST", "/nodes/*/update", "node update", BodyUse::kStream},
    {"DELETE", "/nodes/*", "node rm"},
    // Engine plugins.
    {"POST", "/plugins/pull", "plugin install", BodyUse::kStream, nullptr, &ReadRemote},
    {"POST", "/plugins/create", "plugin create", BodyUse::kStream, nullptr, &ReadPluginName},
    {"POST", "/plugins/*/upgrade", "plugin upgrade", BodyUse::kStream},
    {"POST", "/plugins/*/set", "plugin set", BodyUse::kStream},
    {"POST", "/plugins/*/enable", "plugin enable"},
    {"POST", "/plugins/*/disable", "plugin disable"},
    {"POST", "/plugins/*/push", "plugin push", BodyUse::kStream},
    {"DELETE", "/plugins/*", "plugin rm"},
    {"POST", "/auth", "login", BodyUse::kJson, &ReadLoginBody},
};

// Whether `path` fits; what stands for the first star goes to `name`.
bool Fits(std::string_view path, std::string_view pattern, std::string* name) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) {
    return path == pattern;
  }
  const std::string_view front = pattern.substr(0, star);
  const std::string_view back = pattern.substr(star + 1);
  if (!path.starts_with(front)) {
    return false;
  }
  const std::string_view rest = path.substr(front.size());
  std::string inner;
  for (std::size_t size = 1; size <= rest.size(); ++size) {
    if (rest.size() - size >= (back.empty() ? 0 : 1) && Fits(rest.substr(size), back, &inner)) {
      *name = rest.substr(0, size);
      return true;
    }
  }
  return false;
}

const Route* FindRoute(std::string_view method, std::string_view path, std::string* name) {
  for (const Route& route : kRoutes) {
    // What GET reads HEAD only measures.
    const bool is_method = route.method == method || (method == "HEAD" && route.method == "GET");
    if (is_method && Fits(path, route.pattern, name)) {
      return &route;
    }
  }
  return nullptr;
}

// ---- Bodies ------------------------------------------------------------------------------------------------------

std::string MediaType(std::string_view content_type) {
  return ToLower(Trim(content_type.substr(0, content_type.find(';'))));
}

// An unknown part inside a text of the JSON stays one; anywhere else the whole is no JSON.
std::string WithUnknownParts(std::string_view body) {
  std::string text;
  text.reserve(body.size());
  for (const char letter : body) {
    letter == kUnknownPart ? text += "\\u0000" : text += letter;
  }
  return text;
}

void ReadJsonBody(const Route& route, Api* api) {
  const EngineCall& call = api->call;
  if (!call.body || call.body->empty()) {
    Doubt("a request without the body that it needs", "its body says what happens", api);
    return;
  }
  if (MediaType(call.content_type) != "application/json") {
    Doubt("a body that is not said to be application/json", "docker refuses it, other engines read it", api);
  }
  if (!IsKnown(*call.body)) {
    Doubt("a body of which a part is not known", "that part may say anything", api);
  }
  const DecodedBody body = DecodeBody(IsKnown(*call.body) ? *call.body : WithUnknownParts(*call.body));
  if (!body.problem.empty()) {
    Doubt("a body that cannot be read: " + body.problem, "the engine may read it in another way", api);
    return;
  }
  BodyReader reader(route.flags_of.empty() ? route.command.view() : route.flags_of.view(), call.evidence, api->request);
  route.read_body(body.value, &reader);
}

void ReadBody(const Route& route, Api* api) {
  const std::optional<std::string>& body = api->call.body;
  const std::string type = MediaType(api->call.content_type);
  const bool is_form = type == "application/x-www-form-urlencoded" || type == "multipart/form-data";
  if (route.use == BodyUse::kJson) {
    ReadJsonBody(route, api);
  } else if (is_form && (!body || !body->empty())) {
    Doubt("a body with parameters", "they count before those of the address", api);
  } else if (route.use == BodyUse::kNone && body && !body->empty() && Trim(*body) != "{}" && Trim(*body) != "null") {
    Doubt("a body where the engine takes none", "another version may read it", api);
  }
}

// ---- The call ----------------------------------------------------------------------------------------------------

std::vector<Word> AsWords(const std::vector<std::string>& texts) {
  std::vector<Word> words;
  for (const std::string& text : texts) {
    Word word;
    word.text = word.written = text;
    words.push_back(std::move(word));
  }
  return words;
}

void ReadRoute(const Route& route, Api* api) {
  api->request->command = route.command;
  ReadParameters(route.command, api);
  if (route.read_query != nullptr) {
    route.read_query(api);
  }
  ReadBody(route, api);
  if (const std::optional<Command> command = Command::Find(route.command); command && !route.command.empty()) {
    AddCommandEffects(*command, AsWords(api->request->arguments), api->request);
  }
}

void ReadCall(const EngineCall& call, Request* request) {
  Api api{call, {}, {}, request};
  std::optional<EnginePath> where =
      call.target.size() <= kLongestTarget ? ReadEnginePath(call.target) : std::optional<EnginePath>();
  if (!where || IsUncleanPath(where->path)) {
    Doubt("a request whose path is malformed", "nobody can tell what the engine makes of it", &api);
    return;
  }
  api.where = std::move(*where);
  std::optional<std::vector<EngineParameter>> query = ReadEngineQuery(api.where.query);
  const bool is_valid = query.has_value();
  api.query = is_valid ? std::move(*query) : std::vector<EngineParameter>();
  if (!IsKnown(call.method) || !IsKnown(call.target) || !IsKnown(call.content_type) || !IsKnown(api.where.path)) {
    Doubt("a request of which a part is not known", "that part may ask for anything", &api);
  }
  if (!is_valid) {
    Doubt("parameters that are malformed", "nobody can tell what the engine makes of them", &api);
  }
  if (!api.where.version.empty() && EngineMinor(api.where.version) < kOldestMinor) {
    Doubt("the version " + api.where.version + " of the engine's API", "it is too old to be known here", &api);
  }
  if (MediaType(call.content_type).starts_with("application/grpc")) {
    ReadStream(&api);
  }
  std::string name;
  const Route* route = FindRoute(call.method, api.where.path, &name);
  if (route == nullptr) {
    Doubt("the request '" + call.method + " " + api.where.path + "'", "it is not known what the engine does with it",
          &api);
    return;
  }
  if (!name.empty()) {
    request->arguments.push_back(std::move(name));
  }
  ReadRoute(*route, &api);
}

}  // namespace

void ReadEngineCall(const EngineCall& call, Request* request) {
  request->origin = SDP_ORIGIN_ENGINE_API;
  try {
    ReadCall(call, request);
  } catch (const Json::exception&) {
    AddUnknown("a body that cannot be read", "nobody can tell what the engine makes of it", call.evidence, request);
  }
}

}  // namespace safe_docker::docker
