// The checker of what is destroyed: volumes with their data, everything that is not in use whoever it belongs to, and
// single objects of the engine. What compose or docker makes again by itself, and belongs to the current project,
// passes.
#include <safe_docker/checker.hpp>

#include <optional>

#include "phrases.hpp"
#include "project.hpp"

namespace {

using namespace safe_docker::plugin;
using safe_docker::destroy::AddPhrase;
using safe_docker::destroy::AddUnusedPhrase;
using safe_docker::destroy::Enumeration;
using safe_docker::destroy::Extent;
using safe_docker::destroy::Kind;
using safe_docker::destroy::KindAt;
using safe_docker::destroy::KindOf;
using safe_docker::destroy::kKindCount;
using safe_docker::destroy::Project;

// In the order of kRules.
enum RuleIndex { kData, kEverything, kObject, kNothing };

constexpr sdp_rule kRules[] = {
    Rule(SDP_ASK, {"data", "volumes that would be destroyed",
                   "what a container has stored in them cannot be made again", "", "data-loss", SDP_SEVERITY_HIGH}),
    Rule(SDP_DENY, SDP_ASK, SDP_ASK,
         {"everything", "everything that is not in use, of every user of the engine",
          "it reaches beyond the current project, and nobody sees beforehand what it means", "", "data-loss",
          SDP_SEVERITY_HIGH}),
    Rule(SDP_ASK, SDP_ASK, SDP_ALLOW,
         {"object", "images, services, secrets, builders and the like that would be removed",
          "others may need them, and making them again takes time", "", "data-loss", SDP_SEVERITY_MEDIUM}),
};
static_assert(std::size(kRules) == kNothing);

constexpr sdp_description kDescription = {sizeof(sdp_description),
                                          0,
                                          Text("destroy"),
                                          Text("0.1.0"),
                                          Text("What is destroyed: data, and what others may need"),
                                          Text("MIT OR Apache-2.0"),
                                          Text(""),
                                          ArrayOf(kRules),
                                          {},
                                          Bit(SDP_EFFECT_DESTROY),
                                          {}};

// The current project, which is only looked for when it matters.
class LazyProject {
 public:
  LazyProject(const Host& host, const Request& request) : host_(host), request_(request) {}
  LazyProject(const LazyProject&) = delete;
  LazyProject& operator=(const LazyProject&) = delete;

  const Project& Get() { return project_ ? *project_ : project_.emplace(host_, request_); }

 private:
  const Host& host_;
  const Request& request_;
  std::optional<Project> project_;
};

bool IsMadeAgain(std::string_view kind) { return kind == "container" || kind == "network"; }

// Containers and networks are made again by the next `up`, and images that were built for the project by its next
// build; those that were pulled may be anyone's.
RuleIndex RuleOfProjectPart(const Effect& effect, const Extent& extent, LazyProject* project) {
  const bool is_built_image = effect.name() == "image" && !extent.all;
  if (IsMadeAgain(effect.name()) && !extent.orphans) {
    return kNothing;
  }
  const bool passes = (is_built_image || extent.orphans) && project->Get().IsCurrent(effect.subject());
  return passes ? kNothing : kObject;
}

RuleIndex RuleOf(const Effect& effect, LazyProject* project) {
  const Extent extent(effect.options());
  const std::string_view kind = effect.name();
  if (extent.unused || (extent.all && !extent.project && effect.subject().empty())) {
    return kEverything;
  }
  if (extent.data || kind == "volume") {
    return kData;
  }
  if (extent.project) {
    return RuleOfProjectPart(effect, extent, project);
  }
  if (IsMadeAgain(kind)) {
    return kNothing;
  }
  const bool may_be_own = kind == "image" && !effect.Is(SDP_EFFECT_UNRESOLVED);
  return may_be_own && project->Get().OwnsImage(effect.subject()) ? kNothing : kObject;
}

// Effects that one phrase names together: those of one kind and extent.
struct Group {
  explicit Group(const Effect& effect)
      : kind(KindOf(effect.name())), extent(effect.options()), has_no_subject(effect.subject().empty()) {
    const bool bits[] = {extent.all,     extent.anonymous, extent.project,
                         extent.orphans, extent.data,      has_no_subject && !extent.project};
    for (const bool bit : bits) {
      index = index * 2 + (bit ? 1 : 0);
    }
  }
  bool operator==(const Group& other) const { return kind == other.kind && index == other.index; }

  // docker rm -v: volumes of the containers that are named beside them.
  bool IsOfRemovedContainers() const { return has_no_subject && extent.anonymous && !extent.project; }

  std::size_t kind;
  Extent extent;
  bool has_no_subject;
  std::size_t index = 0;
};
constexpr std::size_t kExtentCount = 64;

// True if another effect takes all of the same kind.
bool IsOutdone(const Group& group, const Request& request) {
  if (group.extent.all) {
    return false;
  }
  for (const Effect effect : request.effects()) {
    if (effect.kind() == SDP_EFFECT_DESTROY && KindOf(effect.name()) == group.kind && Extent(effect.options()).all) {
      return true;
    }
  }
  return false;
}

// The kinds of which the request destroys more than what it names.
struct WideKinds {
  explicit WideKinds(const Request& request) {
    for (const Effect effect : request.effects()) {
      const Extent extent(effect.options());
      if (effect.kind() == SDP_EFFECT_DESTROY && (extent.all || extent.unused)) {
        has[KindOf(effect.name())] = true;
      }
    }
  }
  // True for an effect without a subject beside one that says what is meant (buildx rm --all-inactive).
  bool Cover(const Group& group) const {
    return has[group.kind] && group.has_no_subject && !group.extent.project && !group.extent.all &&
           !group.extent.unused;
  }
  bool has[kKindCount] = {};
};

void AddName(std::string_view name, Enumeration* names) {
  if (!IsKnown(name)) {
    names->AddUnknown();
  } else if (!name.empty()) {
    names->Add(name);
  }
}

void AddContainers(const Request& request, Enumeration* names) {
  for (const Effect effect : request.effects()) {
    if (effect.kind() == SDP_EFFECT_DESTROY && effect.name() == "container") {
      AddName(effect.subject(), names);
    }
  }
}

bool HasOption(const Request& request, std::string_view name) {
  for (const Option option : request.options()) {
    if (option.name() == name) {
      return true;
    }
  }
  return false;
}

class Destroy {
 public:
  void Create(const Host& host, Findings&) { host_ = &host.raw(); }

  void Check(const Request& request, Findings& findings) const {
    const Host host(*host_);
    LazyProject project(host, request);
    for (const RuleIndex rule : {kData, kEverything, kObject}) {
      Judge(rule, request, &project, findings);
    }
  }

 private:
  // One finding for all that the rule objects to.
  static void Judge(RuleIndex rule, const Request& request, LazyProject* project, Findings& findings) {
    Enumeration list;
    bool is_listed[kKindCount][kExtentCount] = {};
    const sdp_evidence* evidence = nullptr;
    bool loses_data = false;
    bool is_named = true;
    const Kind* kind = nullptr;
    const WideKinds wide(request);
    for (const Effect effect : request.effects()) {
      if (effect.kind() != SDP_EFFECT_DESTROY || RuleOf(effect, project) != rule) {
        continue;
      }
      const Group group(effect);
      if (wide.Cover(group)) {
        continue;
      }
      loses_data = loses_data || group.extent.data;
      // Several are said by the request as a whole.
      evidence = kind == nullptr ? effect.evidence() : nullptr;
      if (kind == nullptr) {
        kind = &KindAt(group.kind);
        is_named = !group.extent.project && !group.extent.anonymous;
      }
      bool& listed = is_listed[group.kind][group.index];
      if (!listed) {
        listed = true;
        Add(group, rule, request, project, &list);
      }
    }
    if (kind != nullptr) {
      const std::string_view filter = HasOption(request, "filter") ? " that --filter selects" : "";
      Report(rule, {evidence, kind->look, list.Join(), filter, loses_data, is_named}, findings);
    }
  }

  static void Add(const Group& group, RuleIndex rule, const Request& request, LazyProject* project, Enumeration* list) {
    if (rule == kEverything) {
      return IsOutdone(group, request) ? void() : AddUnusedPhrase(KindAt(group.kind), group.extent, list);
    }
    Enumeration names;
    if (group.IsOfRemovedContainers()) {
      AddContainers(request, &names);
      return AddPhrase(KindAt(group.kind), group.extent, &names, list);
    }
    for (const Effect effect : request.effects()) {
      if (effect.kind() != SDP_EFFECT_DESTROY || RuleOf(effect, project) != rule || !(Group(effect) == group)) {
        continue;
      }
      const std::string_view name = group.extent.project ? project->Get().Meant(effect.subject()) : effect.subject();
      AddName(group.extent.project && name.empty() ? "of this folder" : name, &names);
    }
    AddPhrase(KindAt(group.kind), group.extent, &names, list);
  }

  struct Found {
    const sdp_evidence* evidence;
    std::string_view look;
    std::string_view list;
    std::string_view filter;
    bool loses_data;
    bool is_named;
  };

  static void Report(RuleIndex rule, const Found& found, Findings& findings) {
    const auto report = [&](std::string_view message, std::string_view advice) {
      findings.Report(View(kRules[rule].id), kRules[rule].standard, found.evidence, message, advice);
    };
    switch (rule) {
      case kData:
        return report(Message("would destroy ", found.list, ", whose data cannot be brought back"),
                      found.is_named ? Message("Look first with `", found.look,
                                               "` whether anyone needs it, save what matters, and let a person decide.")
                                     : Message("Leave the option out that takes the volumes along (-v, --volumes, -V),"
                                               " which keeps the data."));
      case kEverything:
        return report(
            Message("would remove ", found.list, found.filter, ", also other people's",
                    found.loses_data ? ", with data that cannot be brought back" : ""),
            "See first with `docker system df -v` what there is, remove your own containers and networks by name, "
            "and let a person decide on the rest.");
      case kObject:
        return report(Message("would remove ", found.list, ", which somebody may still need"),
                      Message("See first with `", found.look,
                              "` what there is, remove only what is your own, "
                              "and let a person decide on the rest."));
      case kNothing:
        return;
    }
  }

  const sdp_host* host_ = nullptr;
};

}  // namespace

SAFE_DOCKER_PLUGIN(Destroy, kDescription);
