#include "resolve.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "canonical.hpp"
#include "paths.hpp"
#include "sections.hpp"
#include "selection.hpp"
#include "service_environment.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {
namespace {

// A section of named things beside the services, in the order in which compose prints them.
struct NamedSection {
  Section section;
  std::string_view name;
  std::span<const CanonicalField> (*fields)();
};
constexpr NamedSection kNamedSections[] = {
    {Section::kNetworks, "networks", NetworkFields}, {Section::kVolumes, "volumes", VolumeFields},
    {Section::kSecrets, "secrets", FileFields},      {Section::kConfigs, "configs", FileFields},
    {Section::kModels, "models", ModelFields},
};

// What another service is needed for, and whether it is started anew with it.
struct ServiceReference {
  std::string_view field;
  bool restarts;
};
constexpr ServiceReference kServiceReferences[] = {{"network_mode", true}, {"ipc", true},    {"pid", true},
                                                   {"uts", true},          {"cgroup", true}, {"links", true},
                                                   {"volumes_from", false}};

class Resolver {
 public:
  Resolver(const plugin::Host& host, const CommandLine& line, Arena& arena)
      : host_(host),
        line_(line),
        arena_(arena),
        project_(host, line, arena),
        around_{project_.variables(), line.home} {}

  Value Resolve() {
    project_.Load();
    if (!project_.unseen().empty() || project_.model() == nullptr) {
      FailUnseen();
    }
    const Sections sections(*project_.model());
    Value result = Value::Map();
    result.Set("name", Value::String(project_.name()));
    result.Set("services", Services(sections));
    for (const NamedSection& section : kNamedSections) {
      Value found = Used(sections, section);
      if (!found.IsEmpty()) {
        result.Set(section.name, std::move(found));
      }
    }
    for (const Entry& entry : project_.model()->entries) {
      if (entry.key.starts_with("x-") && entry.value->tag != Tag::kReset) {
        result.Set(entry.key, AsWritten(around_, *entry.value));
      }
    }
    return result;
  }

 private:
  [[noreturn]] void FailUnseen() const {
    const std::vector<Unseen>& unseen = project_.unseen();
    FailUnreadable(unseen.empty() ? std::string_view{} : unseen.front().file,
                   unseen.empty() ? std::string("there is nothing to resolve")
                                  : std::string(unseen.front().what) + ": " + std::string(unseen.front().why),
                   "Bring it here as a file first.");
  }

  Value Services(const Sections& sections) {
    for (const std::string_view name : line_.arguments) {
      if (sections.Find(Section::kServices, name) == nullptr) {
        FailUnreadable({}, "no such service: " + std::string(name), "Name services of the project, or none for all.");
      }
    }
    std::vector<SelectedService> selected = SelectServices(sections, project_, line_);
    std::erase_if(selected, [](const SelectedService& one) { return one.is_build_only; });
    std::ranges::sort(selected, {}, [](const SelectedService& one) { return one.service->key; });
    Value services = Value::Map();
    for (const SelectedService& one : selected) {
      services.Set(one.service->key, Service(*one.service->value));
    }
    return services;
  }

  Value Service(const Node& node) {
    const std::span<const CanonicalField> fields = ServiceFields();
    Value service = Fields(around_, node, fields);
    for (const std::string_view field : {"extends", "env_file", "label_file"}) {
      std::erase_if(service.entries, [&](const auto& entry) { return entry.key == field; });
    }
    AddFiles(node, "env_file", "environment", service);
    AddFiles(node, "label_file", "labels", service);
    AddNetworks(service);
    AddDependencies(service);
    Note(service);
    return service;
  }

  void AddFiles(const Node& node, std::string_view files, std::string_view field, Value& service) {
    const Value* given = service.Find(field);
    Value all = WithFiles(host_, around_, node, files, given == nullptr ? Value::Map() : *given, arena_);
    if (!all.IsEmpty()) {
      SetInOrder(service, ServiceFields(), field, std::move(all));
    }
  }

  // A service that says nothing is in the project's own network.
  static void AddNetworks(Value& service) {
    const bool is_elsewhere = service.Find("network_mode") != nullptr || service.Find("provider") != nullptr;
    if (!is_elsewhere && service.Find("networks") == nullptr) {
      Value networks = Value::Map();
      networks.Set("default", {});
      SetInOrder(service, ServiceFields(), "networks", std::move(networks));
    }
  }

  // The services that it refers to in other fields.
  static void AddDependencies(Value& service) {
    const Value* given = service.Find("depends_on");
    Value dependencies = given == nullptr ? Value::Map() : *given;
    for (const ServiceReference& reference : kServiceReferences) {
      if (const Value* value = service.Find(reference.field)) {
        AddReferences(reference, *value, dependencies);
      }
    }
    std::ranges::sort(dependencies.entries, {}, &Value::Member::key);
    if (!dependencies.IsEmpty()) {
      SetInOrder(service, ServiceFields(), "depends_on", std::move(dependencies));
    }
  }

  static void AddReferences(const ServiceReference& reference, const Value& value, Value& dependencies) {
    constexpr std::string_view kService = "service:";
    if (value.kind == Value::Kind::kList) {
      for (const auto& [key, item] : value.entries) {
        if (!item.text.starts_with("container:")) {
          AddReference(reference, std::string_view(item.text).substr(0, item.text.find(':')), dependencies);
        }
      }
    } else if (value.text.starts_with(kService)) {
      AddReference(reference, std::string_view(value.text).substr(kService.size()), dependencies);
    }
  }

  static void AddReference(const ServiceReference& reference, std::string_view name, Value& dependencies) {
    if (dependencies.Find(name) != nullptr) {
      return;
    }
    Value dependency = Value::Map();
    dependency.Set("condition", Value::String("service_started"));
    if (reference.restarts) {
      dependency.Set("restart", Value::Boolean(true));
    }
    dependency.Set("required", Value::Boolean(true));
    dependencies.Set(name, std::move(dependency));
  }

  // ---- The other sections --------------------------------------------------------------------------------------

  // Remembers what of the other sections the service uses.
  void Note(const Value& service) {
    NoteKeys(Section::kNetworks, service.Find("networks"));
    NoteKeys(Section::kModels, service.Find("models"));
    NoteSources(Section::kConfigs, service.Find("configs"));
    NoteSources(Section::kSecrets, service.Find("secrets"));
    if (const Value* build = service.Find("build")) {
      NoteSources(Section::kSecrets, build->Find("secrets"));
    }
    if (const Value* volumes = service.Find("volumes")) {
      for (const auto& [key, mount] : volumes->entries) {
        const Value* type = mount.Find("type");
        if (type != nullptr && type->text == "volume") {
          NoteSource(Section::kVolumes, mount);
        }
      }
    }
  }

  void NoteKeys(Section section, const Value* map) {
    for (const auto& [key, value] : map == nullptr ? Value{}.entries : map->entries) {
      used_.emplace(section, key);
    }
  }

  void NoteSources(Section section, const Value* list) {
    for (const auto& [key, value] : list == nullptr ? Value{}.entries : list->entries) {
      NoteSource(section, value);
    }
  }

  void NoteSource(Section section, const Value& map) {
    if (const Value* source = map.Find("source")) {
      used_.emplace(section, source->text);
    }
  }

  Value Used(const Sections& sections, const NamedSection& section) const {
    Value map = Value::Map();
    for (const auto& [kind, name] : used_) {
      if (kind != section.section) {
        continue;
      }
      const Entry* entry = sections.Find(kind, name);
      const bool is_own_network = kind == Section::kNetworks && name == "default";
      if (entry == nullptr && !is_own_network) {
        continue;
      }
      Value value = entry == nullptr ? Value::Map() : Fields(around_, *entry->value, section.fields());
      value.kind = Value::Kind::kMap;
      if (section.section != Section::kModels) {
        AddName(name, entry, value);
      }
      if (section.section == Section::kVolumes && entry != nullptr) {
        ResolveDevice(*entry->value, value);
      }
      map.Set(name, std::move(value));
    }
    return map;
  }

  // What is made for the project is called after it.
  void AddName(const std::string& key, const Entry* entry, Value& value) const {
    if (value.Find("name") != nullptr) {
      return;
    }
    const Value* external = value.Find("external");
    std::string name = external == nullptr ? std::string(project_.name()) + "_" + key : key;
    const Node* old_form = entry == nullptr ? nullptr : FindNode(*entry->value, "external");
    if (const Node* given = old_form == nullptr ? nullptr : FindNode(*old_form, "name")) {
      name = given->text;
    }
    value.entries.insert(value.entries.begin(), {"name", Value::String(name)});
  }

  // compose counts the device of a plain bind from the project, and leaves any other to the engine.
  void ResolveDevice(const Node& node, Value& volume) const {
    Value* options = volume.Find("driver_opts");
    const Value* driver = volume.Find("driver");
    const Value* flags = options == nullptr ? nullptr : options->Find("o");
    Value* device = options == nullptr ? nullptr : options->Find("device");
    if (driver != nullptr && driver->text == "local" && flags != nullptr && flags->text == "bind" &&
        device != nullptr) {
      device->text = AbsolutePathWithHome(device->text, node.source->folder, around_.home);
    }
  }

  const plugin::Host& host_;
  const CommandLine& line_;
  Arena& arena_;
  Project project_;
  Surroundings around_;
  std::set<std::pair<Section, std::string>> used_;
};

}  // namespace

Value ResolveProject(const plugin::Host& host, const CommandLine& line, Arena& arena) {
  return Resolver(host, line, arena).Resolve();
}

}  // namespace safe_docker::compose
