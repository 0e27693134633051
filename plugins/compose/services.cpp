#include "services.hpp"

#include <algorithm>
#include <string>

#include "fields.hpp"
#include "paths.hpp"

namespace safe_docker::compose {
namespace {

// The value after the text so far, if there is one.
void AppendPart(std::string& text, char separator, std::string_view part) {
  if (!part.empty()) {
    text += separator;
    text += part;
  }
}

std::string_view MapText(const ServiceContext& context, const Node& map, std::string_view key, std::string_view field) {
  const Entry* entry = Find(map, key);
  return entry == nullptr ? std::string_view{} : TextOf(context, *entry, field);
}

// One row of the table: the setting, what writes it, and the option of `docker run` that means the same.
struct Field {
  std::string_view name;
  void (*write)(const ServiceContext& context, const Field& field, const Entry& entry);
  std::string_view option;
};

// ---- Fields that are an option of `docker run` ---------------------------------------------------------------------

void WriteSwitch(const ServiceContext& context, const Field& field, const Entry& entry) {
  switch (TruthOf(context, entry, field.name)) {
    case Truth::kTrue:
      context.out.Option({field.name, entry}, field.option, "true");
      break;
    case Truth::kUnknown:
      context.out.Unknown({field.name, entry}, "whether this is switched on cannot be told: write true or false");
      break;
    case Truth::kFalse:
      break;
  }
}

void WriteText(const ServiceContext& context, const Field& field, const Entry& entry) {
  const std::string_view text = TextOf(context, entry, field.name);
  if (!text.empty()) {
    context.out.Option({field.name, entry}, field.option, text);
  }
}

// A namespace; that of another service of the project is ordinary, and the other service is judged itself.
void WriteNamespace(const ServiceContext& context, const Field& field, const Entry& entry) {
  if (!TextOf(context, entry, field.name).starts_with("service:")) {
    WriteText(context, field, entry);
  }
}

void WriteList(const ServiceContext& context, const Field& field, const Entry& entry) {
  ForEachItem(context, entry, field.name, [&](const Entry& item) {
    context.out.Option({field.name, item}, field.option, TextOf(context, item, field.name));
  });
}

void WritePairs(const ServiceContext& context, const Field& field, const Entry& entry) {
  ForEachPair(context, entry, field.name, "=", [&](const Entry& pair, std::string_view key, std::string_view value) {
    context.out.Option({field.name, pair}, field.option, std::string(key) + '=' + std::string(value));
  });
}

void WriteHosts(const ServiceContext& context, const Field& field, const Entry& entry) {
  ForEachPair(context, entry, field.name, "=:", [&](const Entry& pair, std::string_view host, std::string_view given) {
    // One host may have several addresses.
    while (!given.empty()) {
      const std::size_t comma = given.find(',');
      context.out.Option({field.name, pair}, field.option,
                         std::string(host) + ':' + std::string(given.substr(0, comma)));
      given.remove_prefix(comma == std::string_view::npos ? given.size() : comma + 1);
    }
  });
}

// env_file and label_file: a path, a list of them, or of mappings with a path.
void WriteEnvFiles(const ServiceContext& context, const Field& field, const Entry& entry) {
  ForEachItemOrSelf(context, entry, field.name, [&](const Entry& item) {
    const Entry* path = item.value->IsMap() ? Find(*item.value, "path") : &item;
    if (path == nullptr) {
      FailType(context, item, field.name, "a path, or a mapping with a path");
    }
    const std::string_view text = TextOf(context, *path, field.name);
    context.out.Option({field.name, item}, field.option,
                       OpenedPathWithHome(text, path->value->source->folder, context.out.home()));
  });
}

// A seccomp profile is a file that counts from the whole project, also in what is included or extended.
void WriteSecurityOptions(const ServiceContext& context, const Field& field, const Entry& entry) {
  ForEachItem(context, entry, field.name, [&](const Entry& item) {
    const std::string_view text = TextOf(context, item, field.name);
    const std::string_view prefix = text.substr(0, 8);
    const std::string_view profile = plugin::Slice(text, 8);
    const bool is_file = (prefix == "seccomp=" || prefix == "seccomp:") && profile != "unconfined" &&
                         profile != "builtin" && !profile.empty() && !profile.starts_with('{');
    if (is_file) {
      const std::string path = OpenedPath(profile, context.out.folder());
      context.out.Option({field.name, item}, field.option, "seccomp=" + path);
    } else {
      context.out.Option({field.name, item}, field.option, text);
    }
  });
}

// ---- Devices -------------------------------------------------------------------------------------------------------

std::string DeviceSpec(const ServiceContext& context, const Entry& item) {
  if (!item.value->IsMap()) {
    return std::string(TextOf(context, item, "devices"));
  }
  std::string spec(MapText(context, *item.value, "source", "devices.source"));
  AppendPart(spec, ':', MapText(context, *item.value, "target", "devices.target"));
  AppendPart(spec, ':', MapText(context, *item.value, "permissions", "devices.permissions"));
  return spec;
}

void WriteDevices(const ServiceContext& context, const Field& field, const Entry& entry) {
  ForEachItem(context, entry, field.name, [&](const Entry& item) {
    context.out.Option({field.name, item}, field.option, DeviceSpec(context, item));
  });
}

// One request for devices, as the CSV of --gpus; CDI devices are named one by one.
void WriteDeviceRequest(const ServiceContext& context, const Setting& setting, const Node& request) {
  const std::string_view driver = MapText(context, request, "driver", "gpus.driver");
  const Entry* ids = Find(request, "device_ids");
  if (driver == "cdi" && ids != nullptr) {
    ForEachItem(context, *ids, "device_ids", [&](const Entry& id) {
      context.out.Option({"device_ids", id}, "device", TextOf(context, id, "device_ids"));
    });
    return;
  }
  std::string list;
  if (ids != nullptr) {
    ForEachItem(context, *ids, "device_ids", [&](const Entry& id) {
      list += list.empty() ? "" : ",";
      list += TextOf(context, id, "device_ids");
    });
  }
  const std::string_view count = MapText(context, request, "count", "gpus.count");
  std::string csv = ids == nullptr ? "count=" + std::string(count.empty() ? "all" : count) : "\"device=" + list + "\"";
  if (!driver.empty()) {
    csv += ",driver=" + std::string(driver);
  }
  context.out.Option(setting, "gpus", csv);
}

void WriteGpus(const ServiceContext& context, const Field& field, const Entry& entry) {
  if (!entry.value->IsList()) {
    WriteText(context, field, entry);
    return;
  }
  ForEachItem(context, entry, field.name, [&](const Entry& item) {
    if (item.value->IsMap()) {
      WriteDeviceRequest(context, {field.name, item}, *item.value);
    } else {
      context.out.Option({field.name, item}, field.option, TextOf(context, item, field.name));
    }
  });
}

void WriteDeploy(const ServiceContext& context, const Field& /*field*/, const Entry& entry) {
  const Node* resources = FindNode(*entry.value, "resources");
  const Node* reservations = resources == nullptr ? nullptr : FindNode(*resources, "reservations");
  const Entry* devices = reservations == nullptr ? nullptr : Find(*reservations, "devices");
  if (devices == nullptr) {
    return;
  }
  ForEachItem(context, *devices, "deploy.resources.reservations.devices", [&](const Entry& item) {
    if (!item.value->IsMap()) {
      FailType(context, item, "deploy.resources.reservations.devices", "a list of mappings");
    }
    WriteDeviceRequest(context, {"devices", item}, *item.value);
  });
}

// ---- Ports, volumes of others, networks ----------------------------------------------------------------------------

void WritePorts(const ServiceContext& context, const Field& field, const Entry& entry) {
  if (!context.parts.ports) {
    return;
  }
  ForEachItem(context, entry, field.name, [&](const Entry& item) {
    if (!item.value->IsMap()) {
      context.out.Option({field.name, item}, field.option, TextOf(context, item, field.name));
      return;
    }
    const Node& port = *item.value;
    std::string address(MapText(context, port, "host_ip", "ports.host_ip"));
    if (address.find(':') != std::string::npos && !address.starts_with('[')) {
      address = '[' + address + ']';
    }
    const std::string_view published = MapText(context, port, "published", "ports.published");
    std::string spec = address.empty() ? std::string(published) : address + ':' + std::string(published);
    spec += spec.empty() ? "" : ":";
    spec += MapText(context, port, "target", "ports.target");
    AppendPart(spec, '/', MapText(context, port, "protocol", "ports.protocol"));
    context.out.Option({field.name, item}, field.option, spec);
  });
}

void WriteVolumesFrom(const ServiceContext& context, const Field& field, const Entry& entry) {
  constexpr std::string_view kContainer = "container:";
  ForEachItem(context, entry, field.name, [&](const Entry& item) {
    const std::string_view text = TextOf(context, item, field.name);
    if (text.starts_with(kContainer)) {
      context.out.Option({field.name, item}, field.option, text.substr(kContainer.size()));
    } else if (text.starts_with('\0')) {
      context.out.Option({field.name, item}, field.option, text);
    }
  });
}

// The network of a project is ordinary; what stands for another network of the engine may not be.
void WriteNetwork(const ServiceContext& context, std::string_view name) {
  const Entry* network = context.sections.Find(Section::kNetworks, name);
  if (network == nullptr) {
    return;
  }
  const Node* external = FindNode(*network->value, "external");
  const Entry* real_name = Find(*network->value, "name");
  if (real_name == nullptr && external != nullptr) {
    real_name = Find(*external, "name");
  }
  if (real_name != nullptr && (real_name->value->text == "host" || !plugin::IsKnown(real_name->value->text))) {
    context.out.Option({"name", *real_name}, "network", real_name->value->text);
  } else if (real_name == nullptr && name == "host" && external != nullptr) {
    context.out.Option({"networks", *network}, "network", name);
  }
  const Entry* driver = Find(*network->value, "driver");
  if (driver == nullptr) {
    return;
  }
  const std::string_view text = driver->value->text;
  if (text == "host") {
    context.out.Option({"driver", *driver}, "network", text);
  } else if (text == "macvlan" || text == "ipvlan") {
    context.out.Unknown({"driver", *driver}, "it puts the container on the network of the host's own interface");
  }
}

void WriteNetworks(const ServiceContext& context, const Field& field, const Entry& entry) {
  if (entry.value->IsMap()) {
    for (const Entry& network : entry.value->entries) {
      if (network.value->tag != Tag::kReset) {
        WriteNetwork(context, network.key);
      }
    }
    return;
  }
  ForEachItem(context, entry, field.name,
              [&](const Entry& item) { WriteNetwork(context, TextOf(context, item, field.name)); });
}

// ---- What has no option of `docker run` ----------------------------------------------------------------------------

void WriteCommand(const ServiceContext& context, const Field& field, const Entry& entry) {
  std::string command;
  ForEachItemOrSelf(context, entry, field.name, [&](const Entry& item) {
    command += command.empty() ? "" : " ";
    command += TextOf(context, item, field.name);
  });
  context.out.Effect({field.name, entry}, SDP_EFFECT_RUN_COMMAND, {command});
}

void WriteHooks(const ServiceContext& context, const Field& field, const Entry& entry) {
  ForEachItem(context, entry, field.name, [&](const Entry& hook) {
    if (!hook.value->IsMap()) {
      FailType(context, hook, field.name, "a list of mappings");
    }
    const Entry* privileged = Find(*hook.value, "privileged");
    const Truth truth =
        privileged == nullptr ? Truth::kFalse : TruthOf(context, *privileged, std::string(field.name) + ".privileged");
    if (truth == Truth::kTrue) {
      context.out.Effect({"privileged", *privileged}, SDP_EFFECT_PRIVILEGED, {{}, "hook"});
    } else if (truth == Truth::kUnknown) {
      context.out.Unknown({"privileged", *privileged}, "whether this hook is privileged cannot be told");
    }
    if (const Entry* image = Find(*hook.value, "image")) {
      context.out.Option({"image", *image}, "image", TextOf(context, *image, field.name));
    }
  });
}

// A provider is a program of the host; that of docker's own models is ordinary.
void WriteProvider(const ServiceContext& context, const Field& field, const Entry& entry) {
  const Entry* type = entry.value->IsMap() ? Find(*entry.value, "type") : nullptr;
  if (type == nullptr) {
    FailType(context, entry, field.name, "a mapping with a type");
  }
  const std::string_view text = TextOf(context, *type, "provider.type");
  if (text != "model") {
    context.out.Effect({"provider.type", *type}, SDP_EFFECT_RUN_CODE, {text, "provider"});
  }
}

void WriteLogging(const ServiceContext& context, const Field& /*field*/, const Entry& entry) {
  const Entry* driver = Find(*entry.value, "driver");
  if (driver != nullptr && !driver->value->text.empty()) {
    context.out.Option({"logging.driver", *driver}, "log-driver", TextOf(context, *driver, "logging.driver"));
  }
  const Entry* options = Find(*entry.value, "options");
  if (options != nullptr && !options->value->IsNull() && options->value->tag != Tag::kReset) {
    WritePairs(context, {"logging.options", nullptr, "log-opt"}, *options);
  }
}

// What `docker run` has no option for, or one that takes fewer forms.
void WriteSetting(const ServiceContext& context, const Field& field, const Entry& entry) {
  const std::string_view text = TextOf(context, entry, field.name);
  if (!text.empty()) {
    context.out.Effect({field.name, entry}, SDP_EFFECT_SET_OPTION, {text, field.option});
  }
}

void WriteCredentialSpec(const ServiceContext& context, const Field& field, const Entry& entry) {
  ForEachPair(context, entry, field.name, "=", [&](const Entry& pair, std::string_view kind, std::string_view value) {
    const std::string spec = std::string(kind) + "://" + std::string(value);
    context.out.Effect({field.name, pair}, SDP_EFFECT_SET_OPTION, {spec, field.option});
  });
}

void WriteModels(const ServiceContext& context, const Field& /*field*/, const Entry& entry) {
  for (const Entry& item : entry.value->entries) {
    const std::string_view name = entry.value->IsMap() ? item.key : item.value->text;
    const Entry* model = context.sections.Find(Section::kModels, name);
    const Entry* flags = model == nullptr ? nullptr : Find(*model->value, "runtime_flags");
    if (flags != nullptr) {
      context.out.Unknown({"runtime_flags", *flags}, "they go to the model runner, which is outside of any container");
    }
  }
}

void WriteWatch(const ServiceContext& context, const Field& field, const Entry& entry) {
  const Entry* watch = entry.value->IsMap() ? Find(*entry.value, "watch") : nullptr;
  if (!context.parts.watch || watch == nullptr) {
    return;
  }
  ForEachItem(context, *watch, field.name, [&](const Entry& item) {
    const Entry* path = Find(*item.value, "path");
    if (path == nullptr) {
      FailType(context, item, "develop.watch", "a list of mappings with a path");
    }
    const std::string folder = OpenedPathWithHome(TextOf(context, *path, "develop.watch.path"),
                                                  path->value->source->folder, context.out.home());
    context.out.Effect({"path", *path}, SDP_EFFECT_READ_HOST_PATH, {folder, "watch path"});
    const Node* hook = FindNode(*item.value, "exec");
    const Entry* privileged = hook == nullptr ? nullptr : Find(*hook, "privileged");
    if (privileged != nullptr && TruthOf(context, *privileged, "develop.watch.exec.privileged") != Truth::kFalse) {
      context.out.Effect({"privileged", *privileged}, SDP_EFFECT_PRIVILEGED, {{}, "hook"});
    }
  });
}

void WriteVolumesField(const ServiceContext& context, const Field& /*field*/, const Entry& entry) {
  WriteVolumes(context, entry);
}
void WriteConfigsField(const ServiceContext& context, const Field& /*field*/, const Entry& entry) {
  WriteConfigs(context, entry);
}
void WriteSecretsField(const ServiceContext& context, const Field& /*field*/, const Entry& entry) {
  WriteSecrets(context, entry);
}

constexpr Field kFields[] = {
    {"image", WriteText, "image"},
    {"volumes", WriteVolumesField, {}},
    {"ports", WritePorts, "publish"},
    {"env_file", WriteEnvFiles, "env-file"},
    {"command", WriteCommand, {}},
    {"networks", WriteNetworks, {}},
    {"secrets", WriteSecretsField, {}},
    {"configs", WriteConfigsField, {}},
    {"privileged", WriteSwitch, "privileged"},
    {"use_api_socket", WriteSwitch, "use-api-socket"},
    {"cap_add", WriteList, "cap-add"},
    {"security_opt", WriteSecurityOptions, "security-opt"},
    {"network_mode", WriteNamespace, "network"},
    {"pid", WriteNamespace, "pid"},
    {"ipc", WriteNamespace, "ipc"},
    {"uts", WriteNamespace, "uts"},
    {"userns_mode", WriteText, "userns"},
    {"cgroup", WriteNamespace, "cgroupns"},
    {"devices", WriteDevices, "device"},
    {"device_cgroup_rules", WriteList, "device-cgroup-rule"},
    {"gpus", WriteGpus, "gpus"},
    {"deploy", WriteDeploy, {}},
    {"sysctls", WritePairs, "sysctl"},
    {"annotations", WritePairs, "annotation"},
    {"label_file", WriteEnvFiles, "label-file"},
    {"extra_hosts", WriteHosts, "add-host"},
    {"cgroup_parent", WriteText, "cgroup-parent"},
    {"runtime", WriteText, "runtime"},
    {"oom_score_adj", WriteText, "oom-score-adj"},
    {"oom_kill_disable", WriteSwitch, "oom-kill-disable"},
    {"cpu_rt_runtime", WriteSetting, "cpu-rt-runtime"},
    {"cpu_rt_period", WriteSetting, "cpu-rt-period"},
    {"isolation", WriteText, "isolation"},
    {"credential_spec", WriteCredentialSpec, "credential-spec"},
    {"volumes_from", WriteVolumesFrom, "volumes-from"},
    {"entrypoint", WriteCommand, {}},
    {"pre_start", WriteHooks, {}},
    {"post_start", WriteHooks, {}},
    {"pre_stop", WriteHooks, {}},
    {"provider", WriteProvider, {}},
    {"logging", WriteLogging, {}},
    {"models", WriteModels, {}},
    {"develop", WriteWatch, {}},
    {"x-develop", WriteWatch, {}},
};

bool IsSet(const Entry& entry) { return !entry.value->IsNull() && entry.value->tag != Tag::kReset; }

void WriteField(const ServiceContext& context, const Entry& entry) {
  const auto* field = std::ranges::find(kFields, entry.key, &Field::name);
  if (field != std::end(kFields) && IsSet(entry)) {
    field->write(context, *field, entry);
  }
}

void WriteContainer(const ServiceContext& context) {
  bool has_network = false;
  for (const Entry& entry : context.service.entries) {
    has_network = has_network || entry.key == "networks" || entry.key == "network_mode";
    WriteField(context, entry);
  }
  if (!has_network) {
    WriteNetwork(context, "default");
  }
}

// Ends the request of a service in any case, so that a failure half-way leaves none open.
class OpenService {
 public:
  OpenService(Writer& out, const Entry& service) : out_(out) { out_.BeginService(service); }
  OpenService(const OpenService&) = delete;
  OpenService& operator=(const OpenService&) = delete;
  ~OpenService() { out_.End(); }

 private:
  Writer& out_;
};

}  // namespace

void FailType(const ServiceContext& context, const Entry& entry, std::string_view field, std::string_view expected) {
  FailAt(entry, "services." + std::string(context.out.service()) + "." + std::string(field) + " must be " +
                    std::string(expected));
}

std::string_view TextOf(const ServiceContext& context, const Entry& entry, std::string_view field) {
  if (!entry.value->IsScalar() && !entry.value->IsNull()) {
    FailType(context, entry, field, "a single value, not a list or mapping");
  }
  return entry.value->text;
}

Truth TruthOf(const ServiceContext& context, const Entry& entry, std::string_view field) {
  if (!entry.value->IsScalar()) {
    FailType(context, entry, field, "a boolean");
  }
  const std::optional<bool> truth = CastToBoolean(entry.value->text);
  if (!truth.has_value() || entry.value->kind == Kind::kNumber) {
    return Truth::kUnknown;
  }
  return *truth ? Truth::kTrue : Truth::kFalse;
}

void WriteService(const Entry& service, const Sections& sections, const Parts& parts, Writer& out) {
  const ServiceContext context{out, sections, *service.value, parts};
  if (service.value->IsNull()) {
    return;
  }
  if (!service.value->IsMap()) {
    FailAt(service, "services." + std::string(service.key) + " must be a mapping");
  }
  const OpenService open(out, service);
  if (parts.container) {
    WriteContainer(context);
  }
  const Entry* build = Find(*service.value, "build");
  if (parts.build && build != nullptr) {
    WriteBuild(context, *build);
  }
}

void WritePrograms(const Entry& service, const Sections& sections, std::span<const std::string_view> programs,
                   Writer& out) {
  const auto runs = [&](const Entry& entry) {
    return std::ranges::find(programs, entry.key) != programs.end() && IsSet(entry);
  };
  if (!service.value->IsMap() || std::ranges::none_of(service.value->entries, runs)) {
    return;
  }
  const OpenService open(out, service);
  const ServiceContext context{out, sections, *service.value, {}};
  for (const Entry& entry : service.value->entries) {
    if (runs(entry)) {
      WriteField(context, entry);
    }
  }
}

}  // namespace safe_docker::compose
