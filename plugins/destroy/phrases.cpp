#include "phrases.hpp"

#include <cstdlib>
#include <cstring>

namespace safe_docker::destroy {
namespace {

using namespace plugin;

constexpr Kind kKinds[kKindCount] = {
    {"volume", "volumes", "docker volume ls", "every unused volume", "every unused volume"},
    {"container", "containers", "docker ps -a", "every stopped container", "every container"},
    {"image", "images", "docker image ls", "every dangling image", "every unused image"},
    {"network", "networks", "docker network ls", "every unused network", "every unused network"},
    {"build cache", "build caches", "docker buildx du", "the unused build cache", "the whole build cache"},
    {"builder", "builders", "docker buildx ls", "every inactive builder", "every inactive builder"},
    {"service", "services", "docker service ls", "every unused service", "every service"},
    {"stack", "stacks", "docker stack ls", "every unused stack", "every stack"},
    {"secret", "secrets", "docker secret ls", "every unused secret", "every secret"},
    {"config", "configs", "docker config ls", "every unused config", "every config"},
    {"node", "nodes", "docker node ls", "every unused node", "every node"},
    {"engine plugin", "engine plugins", "docker plugin ls", "every unused engine plugin", "every engine plugin"},
    {"context", "contexts", "docker context ls", "every unused context", "every context"},
    {"build record", "build records", "docker buildx history ls", "every build record", "every build record"},
    {"machine", "machines", "podman machine ls", "every unused machine", "every machine"},
    {"namespace", "namespaces", "nerdctl namespace ls", "every unused namespace", "every namespace"},
    {"object", "objects", "docker system df -v", "every unused object", "every object"},
};

constexpr std::string_view kUnknownNames = "whose names are only known when the command runs";
constexpr std::size_t kMostItems = 50;

struct Digits {
  explicit Digits(std::size_t number) {
    do {
      text[--begin] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
  }
  std::string_view view() const { return {text + begin, sizeof text - begin}; }
  char text[20] = {};
  std::size_t begin = sizeof text;
};

// The words in front of the names.
Message Before(const Kind& kind, const Extent& extent, bool is_one) {
  if (extent.project) {
    return Message(extent.all && !extent.anonymous ? "all " : "the ", extent.anonymous ? "anonymous " : "", kind.names,
                   " of the compose project", is_one ? " " : "s ");
  }
  if (extent.anonymous || (kind.name == "container" && extent.data)) {
    return Message("the anonymous volumes of the container", is_one ? " " : "s ");
  }
  return Message("the ", is_one ? kind.name : kind.names, " ");
}

}  // namespace

Extent::Extent(std::string_view options) {
  while (!options.empty()) {
    const std::string_view option = NextPart(&options, ',');
    data = data || option == "data";
    unused = unused || option == "unused";
    all = all || option == "all";
    anonymous = anonymous || option == "anonymous";
    project = project || option == "project";
    orphans = orphans || option == "orphans";
  }
}

std::size_t KindOf(std::string_view name) {
  std::size_t index = 0;
  while (index + 1 < kKindCount && kKinds[index].name != name) {
    ++index;
  }
  return index;
}

const Kind& KindAt(std::size_t index) { return kKinds[index]; }

void Enumeration::Add(std::string_view item) {
  if (count_++ < kMostItems) {
    items_.Add(item);
  }
}

std::string_view Enumeration::Join() {
  const Digits more(count_ - items_.size());
  const std::string_view last = has_unknown_
                                    ? (count_ == 0 ? kUnknownNames
                                                   : std::string_view("others whose names are only known when the "
                                                                      "command runs"))
                                    : std::string_view{};
  Texts parts;
  for (std::string_view item : items_) {
    parts.Add(item);
  }
  if (count_ > items_.size()) {
    parts.Add(Message(more.view(), " more"));
  }
  if (!last.empty()) {
    parts.Add(last);
  }
  joined_.Clear();
  joined_.Add("");
  std::size_t index = 0;
  for (std::string_view part : parts) {
    const std::string_view before = index == 0 ? "" : index + 1 == parts.size() ? " and " : ", ";
    const Message longer(*joined_.begin(), before, part);
    joined_.Clear();
    joined_.Add(longer);
    ++index;
  }
  return *joined_.begin();
}

void AddPhrase(const Kind& kind, const Extent& extent, Enumeration* names, Enumeration* list) {
  if (!names->IsEmpty()) {
    const Message before = Before(kind, extent, names->IsOneName());
    const std::string_view orphans = extent.orphans ? " that its file no longer names" : "";
    return list->Add(Message(before, names->Join(), orphans));
  }
  if (extent.anonymous) {
    return list->Add("the anonymous volumes of the containers that it removes");
  }
  if (kind.name == "builder") {
    return list->Add("the builder in use");
  }
  if (extent.orphans) {
    return list->Add(Message("the ", kind.names, " that the file no longer names"));
  }
  list->Add(Message("every ", kind.name));
}

void AddUnusedPhrase(const Kind& kind, const Extent& extent, Enumeration* list) {
  if (kind.name == "volume" && extent.anonymous) {
    list->Add("every unused anonymous volume");
    return;
  }
  list->Add(extent.all ? kind.unused_all : kind.unused);
}

}  // namespace safe_docker::destroy
