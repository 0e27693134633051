#include "audit/baseline.hpp"

#include <safe_docker/image_pattern.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "file_system.hpp"

namespace safe_docker::audit {
namespace {

constexpr std::uint64_t kEnoughCommands = 20;
constexpr int kFileVersion = 1;

// The places that effects are about, as this record has them.
struct Places {
  std::string_view project;
  std::string_view home;
};

// "/data/sets/a/b" up to `count` names: "/data/sets".
std::string_view FirstNames(std::string_view path, int count) {
  std::size_t end = 0;
  for (int index = 0; index < count && end < path.size(); ++index) {
    end = std::min(path.find('/', end + 1), path.size());
  }
  return path.substr(0, end);
}

// A path as it is compared: what the project's own files are, which part of the home, which folder of the system.
std::string GeneralPath(std::string_view path, const Places& places) {
  if (path.empty() || !IsKnown(path)) {
    return "a path that was not known";
  }
  if (!places.project.empty() && IsWithin(path, places.project)) {
    return "its own files";
  }
  if (!places.home.empty() && IsWithin(path, places.home)) {
    return "~" + std::string(FirstNames(path.substr(places.home.size()), 1));
  }
  return std::string(FirstNames(path, 2));
}

std::string Known(const std::string& text) { return IsKnown(text) ? text : "something that was not known"; }

using docker::Effect;

std::string PathOf(const Effect& effect, const Places& places) {
  return GeneralPath(effect.resolved.empty() ? effect.subject : effect.resolved, places);
}

std::string Mount(const Effect& effect, const Places& places) {
  return "mounts " + PathOf(effect, places) + ((effect.flags & SDP_EFFECT_READ_ONLY) != 0 ? " read-only" : "");
}

std::string Namespace(const Effect& effect, const Places&) {
  if (effect.subject == "host") {
    return "joins the host's " + effect.name + " namespace";
  }
  return effect.subject.starts_with("container:") ? "joins the " + effect.name + " namespace of another container"
                                                  : "joins a named network";
}

std::string Image(const Effect& effect, const Places&) {
  return effect.name == "build" ? "builds images"
                                : "uses the image " + Known(std::string(plugin::ImageRepository(effect.subject)));
}

std::string Destroy(const Effect& effect, const Places&) {
  return effect.subject.empty() ? "destroys whatever " + effect.name + " there is" : "destroys a " + effect.name;
}

// How an effect is told. What is not here is ordinary, or too various to be compared: variables, ports' numbers, what
// runs inside.
struct Telling {
  std::uint32_t kind;
  std::string (*tell)(const Effect& effect, const Places& places);
};
constexpr Telling kTellings[] = {
    {SDP_EFFECT_UNKNOWN,
     [](const Effect&, const Places&) -> std::string { return "does something that is not known"; }},
    {SDP_EFFECT_MOUNT_HOST_PATH, &Mount},
    {SDP_EFFECT_READ_HOST_PATH, [](const Effect& e, const Places& p) { return "reads " + PathOf(e, p); }},
    {SDP_EFFECT_WRITE_HOST_PATH, [](const Effect& e, const Places& p) { return "writes to " + PathOf(e, p); }},
    {SDP_EFFECT_DELETE_HOST_PATH, [](const Effect& e, const Places& p) { return "deletes " + PathOf(e, p); }},
    {SDP_EFFECT_INHERIT_MOUNTS,
     [](const Effect&, const Places&) -> std::string { return "takes over the mounts of another container"; }},
    {SDP_EFFECT_PRIVILEGED, [](const Effect& e, const Places&) { return "makes a " + e.name + " privileged"; }},
    {SDP_EFFECT_ADD_CAPABILITY,
     [](const Effect& e, const Places&) { return "adds the capability " + Known(e.subject); }},
    {SDP_EFFECT_JOIN_NAMESPACE, &Namespace},
    {SDP_EFFECT_USE_DEVICE, [](const Effect& e, const Places&) { return "uses the device " + Known(e.subject); }},
    {SDP_EFFECT_SECURITY_OPTION,
     [](const Effect& e, const Places&) { return "sets the security option " + Known(e.name + "=" + e.subject); }},
    {SDP_EFFECT_SET_SYSCTL,
     [](const Effect& e, const Places&) { return "sets the kernel parameter " + Known(e.name); }},
    {SDP_EFFECT_CGROUP_PARENT, [](const Effect&, const Places&) -> std::string { return "chooses the cgroup"; }},
    {SDP_EFFECT_BUILD_CREDENTIAL, [](const Effect& e, const Places&) { return "gives builds " + Known(e.name); }},
    {SDP_EFFECT_USE_IMAGE, &Image},
    {SDP_EFFECT_USE_ENGINE, [](const Effect& e, const Places&) { return "talks to the engine " + Known(e.subject); }},
    {SDP_EFFECT_DESTROY, &Destroy},
    {SDP_EFFECT_RUN_CODE, [](const Effect& e, const Places&) { return "runs foreign code (" + Known(e.name) + ")"; }},
    {SDP_EFFECT_PUBLISH_PORT, [](const Effect&, const Places&) -> std::string { return "publishes ports"; }},
    {SDP_EFFECT_USE_API_SOCKET,
     [](const Effect&, const Places&) -> std::string { return "gives containers the engine's socket"; }},
    {SDP_EFFECT_CHANGE_ENGINE,
     [](const Effect& e, const Places&) { return "changes settings of the engine (" + Known(e.name) + ")"; }},
    {SDP_EFFECT_USE_RUNTIME, [](const Effect& e, const Places&) { return "uses the runtime " + Known(e.subject); }},
    {SDP_EFFECT_SEND, [](const Effect& e, const Places&) { return "sends away: " + Known(e.name); }},
    {SDP_EFFECT_FETCH, [](const Effect& e, const Places&) { return "lets the engine fetch: " + Known(e.name); }},
    {SDP_EFFECT_SET_OPTION, [](const Effect& e, const Places&) { return "sets the option " + Known(e.name); }},
    {SDP_EFFECT_CONTROL_CONTAINER,
     [](const Effect& e, const Places&) { return "does '" + Known(e.name) + "' to existing containers"; }},
    {SDP_EFFECT_RAW_ENGINE,
     [](const Effect& e, const Places&) { return "reaches the engine past docker (" + Known(e.name) + ")"; }},
};

// What lines of earlier versions say.
std::vector<Effect> EffectsOfOldLine(const LoggedDecision& logged) {
  std::vector<Effect> effects;
  for (const std::string& mount : logged.bind_mounts) {
    Effect& effect = effects.emplace_back();
    effect.kind = SDP_EFFECT_MOUNT_HOST_PATH;
    effect.subject = mount.substr(0, mount.find(':'));
    effect.flags = mount.ends_with(":ro") ? SDP_EFFECT_READ_ONLY : 0;
  }
  if (!logged.image.empty()) {
    Effect& effect = effects.emplace_back();
    effect.kind = SDP_EFFECT_USE_IMAGE;
    effect.subject = logged.image;
  }
  return effects;
}

}  // namespace

std::vector<Deed> DeedsOf(const LoggedDecision& logged) {
  std::vector<Deed> deeds;
  const Places places{logged.project, logged.home};
  const auto add = [&](const Effect& effect) {
    const auto* telling = std::find_if(std::begin(kTellings), std::end(kTellings),
                                       [&effect](const Telling& each) { return each.kind == effect.kind; });
    if (telling != std::end(kTellings)) {
      deeds.push_back({effect.kind, telling->tell(effect, places)});
    }
  };
  if (const std::optional<std::vector<docker::Request>> requests = ReadRequests(logged)) {
    for (const docker::Request& request : *requests) {
      std::for_each(request.effects.begin(), request.effects.end(), add);
    }
  } else {
    const std::vector<Effect> effects = EffectsOfOldLine(logged);
    std::for_each(effects.begin(), effects.end(), add);
  }
  std::sort(deeds.begin(), deeds.end());
  deeds.erase(std::unique(deeds.begin(), deeds.end()), deeds.end());
  return deeds;
}

bool IsLearnt(const LoggedDecision& logged) {
  return logged.decision == policy::Decision::kAllow ||
         (logged.decision == policy::Decision::kAsk && logged.answer == "yes");
}

void ProjectPast::Add(const LoggedDecision& logged, const std::vector<Deed>& done) {
  first = commands == 0 ? logged.time_unix_nano : std::min(first, logged.time_unix_nano);
  last = std::max(last, logged.time_unix_nano);
  ++commands;
  for (const Deed& deed : done) {
    ++deeds[deed];
  }
}

bool ProjectPast::is_short() const { return commands < kEnoughCommands; }

bool ProjectPast::IsUnusual(const Deed& deed) const {
  if (is_short() || deeds.contains(deed)) {
    return false;
  }
  // Every fifth time that it did such a thing, it was a new one: then one more says nothing.
  constexpr std::uint64_t kSomeKinds = 3;
  constexpr std::uint64_t kOftenNew = 5;
  std::uint64_t various = 0;
  std::uint64_t times = 0;
  for (auto at = deeds.lower_bound({deed.kind, ""}); at != deeds.end() && at->first.kind == deed.kind; ++at) {
    ++various;
    times += at->second;
  }
  return various < kSomeKinds || various * kOftenNew < times;
}

std::string WriteBaseline(const Baseline& baseline) {
  nlohmann::ordered_json json;
  json["version"] = kFileVersion;
  json["projects"] = nlohmann::ordered_json::array();
  for (const auto& [project, past] : baseline) {
    nlohmann::ordered_json one;
    one["project"] = project;
    one["commands"] = past.commands;
    one["first_unix_nano"] = past.first;
    one["last_unix_nano"] = past.last;
    one["deeds"] = nlohmann::ordered_json::array();
    for (const auto& [deed, count] : past.deeds) {
      nlohmann::ordered_json row;
      row["kind"] = deed.kind;
      row["text"] = deed.text;
      row["commands"] = count;
      one["deeds"].push_back(std::move(row));
    }
    json["projects"].push_back(std::move(one));
  }
  return json.dump(2, ' ', /*ensure_ascii=*/true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::optional<Baseline> ReadBaseline(std::string_view text) {
  try {
    const nlohmann::json json = nlohmann::json::parse(text);
    if (json.at("version") != kFileVersion) {
      return std::nullopt;
    }
    Baseline baseline;
    for (const nlohmann::json& one : json.at("projects")) {
      ProjectPast& past = baseline[one.at("project").get<std::string>()];
      past.commands = one.at("commands");
      past.first = one.at("first_unix_nano");
      past.last = one.at("last_unix_nano");
      for (const nlohmann::json& row : one.at("deeds")) {
        past.deeds[{row.at("kind"), row.at("text")}] = row.at("commands");
      }
    }
    return baseline;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

std::string Anomaly::Describe() const {
  return "first time that " + std::string(project.empty() ? "anybody outside of projects " : "this project ") +
         deed.text + "; 0 of " + std::to_string(commands) + " commands before did";
}

void AnomalyFinder::Add(const LoggedDecision& logged, bool reports) {
  ProjectPast& past = past_[logged.project];
  const std::vector<Deed> deeds = DeedsOf(logged);
  for (const Deed& deed : deeds) {
    if (!reports || !past.IsUnusual(deed)) {
      continue;
    }
    const auto [known, is_new] = known_.try_emplace({logged.project, deed}, anomalies_.size());
    if (!is_new) {
      ++anomalies_[known->second].times;
      continue;
    }
    Anomaly& anomaly = anomalies_.emplace_back();
    anomaly.project = logged.project;
    anomaly.deed = deed;
    anomaly.commands = past.commands;
    anomaly.time_unix_nano = logged.time_unix_nano;
    anomaly.id = logged.id;
    anomaly.command = logged.command;
    anomaly.decision = logged.decision;
  }
  if (IsLearnt(logged)) {
    past.Add(logged, deeds);
  }
}

}  // namespace safe_docker::audit
