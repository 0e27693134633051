// The tables of compose's settings and the forms that they have, in the order of `docker compose config`.
#include <algorithm>
#include <string>
#include <vector>

#include "canonical.hpp"
#include "mount_forms.hpp"
#include "paths.hpp"
#include "port_forms.hpp"
#include "shell_words.hpp"
#include "units.hpp"
#include "volume_spec.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {
namespace {

using Inner = std::span<const CanonicalField>;

// ---- Single values -------------------------------------------------------------------------------------------------

Value Number(const Surroundings& around, const Node& node, Inner inner) {
  return node.IsScalar() ? Value::Number(DecimalNumber(node.text)) : AsWritten(around, node, inner);
}

Value Flag(const Surroundings& around, const Node& node, Inner inner) {
  const std::optional<bool> truth = node.IsScalar() ? CastToBoolean(node.text) : std::nullopt;
  return truth ? Value::Boolean(*truth) : AsWritten(around, node, inner);
}

Value Size(const Surroundings& around, const Node& node, Inner inner) {
  const std::string size = node.IsScalar() ? SizeInBytes(TextOfScalar(node)) : std::string{};
  return !node.IsScalar() ? AsWritten(around, node, inner) : size == "0" ? Value{} : Value::String(size);
}

Value Duration(const Surroundings& around, const Node& node, Inner inner) {
  return node.IsScalar() ? Value::String(NormalDuration(TextOfScalar(node))) : AsWritten(around, node, inner);
}

Value ProjectPath(const Surroundings& around, const Node& node, Inner inner) {
  return node.IsScalar() ? Value::String(AbsolutePathWithHome(node.text, node.source->folder, around.home))
                         : AsWritten(around, node, inner);
}

// "all" stands for -1.
Value DeviceCount(const Surroundings& around, const Node& node, Inner inner) {
  return node.text == "all" ? Value::Number("-1") : Number(around, node, inner);
}

// A file mode, in octal.
Value Mode(const Surroundings& /*around*/, const Node& node, Inner /*inner*/) {
  return Value::String(FileMode(TextOfScalar(node)));
}

// ---- Lists ---------------------------------------------------------------------------------------------------------

Value Texts(const Surroundings& around, const Node& node, Inner inner) {
  Value list = Value::List();
  if (!node.IsList()) {
    list.Add(Text(around, node, inner));
    return list;
  }
  for (const Entry& item : node.entries) {
    if (item.value->tag != Tag::kReset && !item.value->IsNull()) {
      list.Add(Text(around, *item.value, inner));
    }
  }
  return list;
}

// Words of a command: a text is split as a shell would.
Value Command(const Surroundings& around, const Node& node, Inner inner) {
  if (!node.IsScalar()) {
    return Texts(around, node, inner);
  }
  Value list = Value::List();
  for (const std::string& word : SplitShellWords(TextOfScalar(node))) {
    list.Add(Value::String(word));
  }
  return list;
}

// The test of a health check: a text is run by a shell.
Value HealthTest(const Surroundings& around, const Node& node, Inner inner) {
  if (!node.IsScalar()) {
    return Texts(around, node, inner);
  }
  Value list = Value::List();
  list.Add(Value::String("CMD-SHELL"));
  list.Add(Value::String(TextOfScalar(node)));
  return list;
}

Value Items(const Surroundings& around, const Node& node, Inner inner) {
  if (!node.IsList()) {
    return Fields(around, node, inner);
  }
  Value list = Value::List();
  for (const Entry& item : node.entries) {
    if (item.value->tag != Tag::kReset && !item.value->IsNull()) {
      list.Add(Fields(around, *item.value, inner));
    }
  }
  return list;
}

// "host=address" texts, one for each address.
Value Hosts(const Surroundings& /*around*/, const Node& node, Inner /*inner*/) {
  std::vector<std::string> hosts;
  const auto add = [&hosts](std::string_view host, std::string_view addresses) {
    for (std::string_view address : SplitOptions(addresses, ',')) {
      const bool is_bracketed = address.starts_with('[') && address.ends_with(']');
      address = is_bracketed ? address.substr(1, address.size() - 2) : address;
      hosts.push_back(std::string(host) + '=' + std::string(address));
    }
  };
  for (const Entry& entry : node.entries) {
    if (entry.value->tag == Tag::kReset) {
      continue;
    }
    if (node.IsList()) {
      const std::string text = TextOfScalar(*entry.value);
      const std::size_t equals = text.find('=');
      const std::size_t at = equals == std::string::npos ? text.find(':') : equals;
      add(text.substr(0, at), at == std::string::npos ? std::string{} : text.substr(at + 1));
    } else if (entry.value->IsList()) {
      for (const Entry& address : entry.value->entries) {
        add(entry.key, address.value->text);
      }
    } else {
      add(entry.key, entry.value->text);
    }
  }
  std::ranges::sort(hosts);
  Value list = Value::List();
  for (const std::string& host : hosts) {
    list.Add(Value::String(host));
  }
  return list;
}

// ---- Maps ----------------------------------------------------------------------------------------------------------

Value Nested(const Surroundings& around, const Node& node, Inner inner) { return Fields(around, node, inner); }

// A map from names that anyone may choose to maps of fields; a list of names is a map of them to nothing.
Value Named(const Surroundings& around, const Node& node, Inner inner) {
  Value map = Value::Map();
  for (const Entry& entry : node.entries) {
    if (entry.value->tag == Tag::kReset) {
      continue;
    }
    const std::string_view name = node.IsList() ? entry.value->text : entry.key;
    const bool has_fields = !node.IsList() && !entry.value->IsNull();
    Value value = has_fields ? Fields(around, *entry.value, inner) : Value{};
    if (value.IsEmpty()) {
      map.Set(name, {});
    } else {
      map.Set(name, std::move(value));
    }
  }
  std::ranges::sort(map.entries, {}, &Value::Member::key);
  return map;
}

constexpr CanonicalField kDependency[] = {
    {"condition", Text}, {"restart", Flag}, {"required", Flag, {}, WhenEmpty::kKeep}};

Value Dependencies(const Surroundings& around, const Node& node, Inner /*inner*/) {
  Value map = Named(around, node, kDependency);
  for (auto& [name, dependency] : map.entries) {
    dependency.kind = Value::Kind::kMap;
    if (dependency.Find("condition") == nullptr) {
      dependency.entries.insert(dependency.entries.begin(), {"condition", Value::String("service_started")});
    }
    if (dependency.Find("required") == nullptr) {
      dependency.Set("required", Value::Boolean(true));
    }
  }
  return map;
}

// Variables that are named without a value take that of the project's environment, if there is one.
Value Environment(const Surroundings& around, const Node& node, Inner /*inner*/) {
  Value map = Value::Map();
  const auto inherit = [&](std::string_view name) {
    const Variable variable = around.variables.Get(name);
    map.Set(name, variable.state == Variable::State::kUnset ? Value{} : Value::String(variable.text));
  };
  for (const Entry& entry : node.entries) {
    if (entry.value->tag == Tag::kReset) {
      continue;
    }
    if (node.IsMap()) {
      entry.value->IsNull() ? inherit(entry.key) : map.Set(entry.key, Value::String(TextOfScalar(*entry.value)));
      continue;
    }
    const std::string text = TextOfScalar(*entry.value);
    const std::size_t at = text.find('=');
    at == std::string::npos ? inherit(text) : map.Set(text.substr(0, at), Value::String(text.substr(at + 1)));
  }
  std::ranges::sort(map.entries, {}, &Value::Member::key);
  return map;
}

// The arguments of a build: one without a value that the environment does not have is left out.
Value Arguments(const Surroundings& around, const Node& node, Inner inner) {
  Value map = Environment(around, node, inner);
  std::erase_if(map.entries, [](const auto& entry) { return entry.value.kind == Value::Kind::kNull; });
  return map;
}

// A limit, or a soft and a hard one.
Value Limits(const Surroundings& around, const Node& node, Inner inner) {
  Value map = Value::Map();
  for (const Entry& entry : node.entries) {
    if (entry.value->tag == Tag::kReset || entry.value->IsNull()) {
      continue;
    }
    map.Set(entry.key,
            entry.value->IsMap() ? Fields(around, *entry.value, inner) : Number(around, *entry.value, inner));
  }
  std::ranges::sort(map.entries, {}, &Value::Member::key);
  return map;
}

// The options of a provider: each a list of texts.
Value Options(const Surroundings& around, const Node& node, Inner inner) {
  Value map = Value::Map();
  for (const Entry& entry : node.entries) {
    map.Set(entry.key, Texts(around, *entry.value, inner));
  }
  std::ranges::sort(map.entries, {}, &Value::Member::key);
  return map;
}

// ---- The tables ----------------------------------------------------------------------------------------------------

constexpr CanonicalField kLimit[] = {{"soft", Number}, {"hard", Number}};

constexpr CanonicalField kFileReference[] = {
    {"source", Text}, {"target", Text}, {"uid", Text}, {"gid", Text}, {"mode", Mode}};

Value FileReferences(const Surroundings& around, const Node& node, Inner inner) {
  Value list = Value::List();
  for (const Entry& item : node.entries) {
    if (item.value->tag == Tag::kReset) {
      continue;
    }
    if (item.value->IsMap()) {
      list.Add(Fields(around, *item.value, inner));
    } else {
      Value reference = Value::Map();
      reference.Set("source", Value::String(TextOfScalar(*item.value)));
      list.Add(std::move(reference));
    }
  }
  return list;
}

// A secret that does not say where it goes is found below /run/secrets.
Value Secrets(const Surroundings& around, const Node& node, Inner inner) {
  Value list = FileReferences(around, node, inner);
  for (auto& [key, secret] : list.entries) {
    const Value* source = secret.Find("source");
    if (source != nullptr && secret.Find("target") == nullptr) {
      secret.entries.insert(secret.entries.begin() + 1, {"target", Value::String("/run/secrets/" + source->text)});
    }
  }
  return list;
}

constexpr std::string_view kAddresses[] = {"http://", "https://", "git://", "ssh://", "git@", "github.com/"};

Value Context(const Surroundings& around, const Node& node, Inner inner) {
  const bool is_elsewhere =
      node.text.find("://") != std::string_view::npos || node.text.starts_with("service:") ||
      std::ranges::any_of(kAddresses, [&](std::string_view prefix) { return node.text.starts_with(prefix); });
  return is_elsewhere ? Text(around, node, inner) : ProjectPath(around, node, inner);
}

Value AdditionalContexts(const Surroundings& around, const Node& node, Inner inner) {
  Value map = Mapping(around, node, inner);
  for (auto& [name, value] : map.entries) {
    Node context = node;
    context.kind = Kind::kString;
    context.text = value.text;
    value = Context(around, context, inner);
  }
  return map;
}

Value Ssh(const Surroundings& around, const Node& node, Inner inner) {
  Value list = Value::List();
  const Value map =
      node.IsScalar() ? Value{Value::Kind::kMap, {}, {{TextOfScalar(node), {}}}} : Mapping(around, node, inner);
  for (const auto& [id, path] : map.entries) {
    const bool is_whole = path.text.empty();
    list.Add(
        Value::String(is_whole ? id : id + "=" + AbsolutePathWithHome(path.text, node.source->folder, around.home)));
  }
  return list;
}

constexpr CanonicalField kBuild[] = {
    {"context", Context},
    {"dockerfile", Text},
    {"dockerfile_inline", Text},
    {"entitlements", Texts},
    {"args", Arguments},
    {"provenance", Text},
    {"sbom", Text},
    {"ssh", Ssh},
    {"labels", Mapping},
    {"cache_from", Texts},
    {"cache_to", Texts},
    {"no_cache", Flag},
    {"no_cache_filter", Texts},
    {"additional_contexts", AdditionalContexts},
    {"pull", Flag},
    {"extra_hosts", Hosts},
    {"isolation", Text},
    {"network", Text},
    {"target", Text},
    {"secrets", FileReferences, kFileReference},
    {"shm_size", Size},
    {"tags", Texts},
    {"ulimits", Limits, kLimit},
    {"platforms", Texts},
    {"privileged", Flag},
};

Value Build(const Surroundings& around, const Node& node, Inner inner) {
  Value build = Value::Map();
  if (node.IsScalar()) {
    build.Set("context", Context(around, node, inner));
  } else {
    build = Fields(around, node, inner);
  }
  if (build.Find("context") == nullptr) {
    Node here = node;
    here.text = ".";
    build.entries.insert(build.entries.begin(), {"context", ProjectPath(around, here, inner)});
    build.entries.front().value = Value::String(AbsolutePath(".", node.source->folder));
  }
  if (build.Find("dockerfile") == nullptr && build.Find("dockerfile_inline") == nullptr) {
    build.entries.insert(build.entries.begin() + 1, {"dockerfile", Value::String("Dockerfile")});
  }
  return build;
}

constexpr CanonicalField kHook[] = {
    {"command", Command},         {"image", Text},       {"user", Text}, {"privileged", Flag}, {"working_dir", Text},
    {"environment", Environment}, {"per_replica", Flag},
};

constexpr CanonicalField kWatch[] = {
    {"path", ProjectPath}, {"action", Text},  {"target", Text},       {"exec", Nested, kHook},
    {"include", Texts},    {"ignore", Texts}, {"initial_sync", Flag},
};
constexpr CanonicalField kDevelop[] = {{"watch", Items, kWatch}};

constexpr CanonicalField kDeviceRate[] = {{"path", Text}, {"rate", Size}};
constexpr CanonicalField kDeviceWeight[] = {{"path", Text}, {"weight", Number}};
constexpr CanonicalField kBlockIo[] = {
    {"weight", Number},
    {"weight_device", Items, kDeviceWeight},
    {"device_read_bps", Items, kDeviceRate},
    {"device_read_iops", Items, kDeviceRate},
    {"device_write_bps", Items, kDeviceRate},
    {"device_write_iops", Items, kDeviceRate},
};

constexpr CanonicalField kDeviceRequest[] = {
    {"capabilities", Texts}, {"driver", Text}, {"count", DeviceCount}, {"device_ids", Texts}, {"options", Mapping},
};

// One request for GPUs; "all" and what does not say how many or which is for every one.
Value Gpu(const Surroundings& around, const Node& node, Inner inner) {
  Value request = node.IsScalar() ? Value::Map() : Fields(around, node, inner);
  if (node.IsScalar()) {
    request.Set("count", DeviceCount(around, node, inner));
  } else if (request.Find("count") == nullptr && request.Find("device_ids") == nullptr) {
    SetInOrder(request, inner, "count", Value::Number("-1"));
  }
  return request;
}

Value Gpus(const Surroundings& around, const Node& node, Inner inner) {
  Value list = Value::List();
  if (!node.IsList()) {
    list.Add(Gpu(around, node, inner));
  }
  for (const Entry& item : node.entries) {
    if (node.IsList() && item.value->tag != Tag::kReset) {
      list.Add(Gpu(around, *item.value, inner));
    }
  }
  return list;
}

constexpr CanonicalField kGenericResource[] = {{"discrete_resource_spec", AsWritten}};
constexpr CanonicalField kResource[] = {
    {"cpus", Number},
    {"memory", Size},
    {"pids", Number},
    {"devices", Items, kDeviceRequest},
    {"generic_resources", Items, kGenericResource},
};
constexpr CanonicalField kResources[] = {{"limits", Nested, kResource}, {"reservations", Nested, kResource}};
constexpr CanonicalField kUpdate[] = {
    {"parallelism", Number, {}, WhenEmpty::kKeep},
    {"delay", Duration},
    {"failure_action", Text},
    {"monitor", Duration},
    {"max_failure_ratio", Number},
    {"order", Text},
};
constexpr CanonicalField kRestart[] = {
    {"condition", Text}, {"delay", Duration}, {"max_attempts", Number, {}, WhenEmpty::kKeep}, {"window", Duration}};
constexpr CanonicalField kPlacement[] = {
    {"constraints", Texts}, {"preferences", AsWritten}, {"max_replicas_per_node", Number}};
constexpr CanonicalField kDeploy[] = {
    {"mode", Text},
    {"replicas", Number, {}, WhenEmpty::kKeep},
    {"labels", Mapping},
    {"update_config", Nested, kUpdate},
    {"rollback_config", Nested, kUpdate},
    {"resources", Nested, kResources},
    {"restart_policy", Nested, kRestart},
    {"placement", Nested, kPlacement},
    {"endpoint_mode", Text},
};

constexpr CanonicalField kHealthCheck[] = {
    {"test", HealthTest},
    {"timeout", Duration, {}, WhenEmpty::kKeep},
    {"interval", Duration, {}, WhenEmpty::kKeep},
    {"retries", Number, {}, WhenEmpty::kKeep},
    {"start_period", Duration, {}, WhenEmpty::kKeep},
    {"start_interval", Duration, {}, WhenEmpty::kKeep},
    {"disable", Flag},
};

constexpr CanonicalField kLogging[] = {{"driver", Text}, {"options", Mapping}};

constexpr CanonicalField kServiceNetwork[] = {
    {"aliases", Texts},        {"driver_opts", Mapping}, {"gw_priority", Number},
    {"interface_name", Text},  {"ipv4_address", Text},   {"ipv6_address", Text},
    {"link_local_ips", Texts}, {"mac_address", Text},    {"priority", Number},
};

constexpr CanonicalField kServiceModel[] = {{"endpoint_var", Text}, {"model_var", Text}};
constexpr CanonicalField kProvider[] = {{"type", Text}, {"options", Options}};
constexpr CanonicalField kCredentialSpec[] = {{"config", Text}, {"file", Text}, {"registry", Text}};

constexpr CanonicalField kService[] = {
    {"profiles", Texts},
    {"provider", Nested, kProvider},
    {"annotations", Mapping},
    {"attach", Flag, {}, WhenEmpty::kKeep},
    {"build", Build, kBuild},
    {"develop", Nested, kDevelop},
    {"blkio_config", Nested, kBlockIo},
    {"cap_add", Texts},
    {"cap_drop", Texts},
    {"cgroup_parent", Text},
    {"cgroup", Text},
    {"cpu_count", Number},
    {"cpu_percent", Number},
    {"cpu_period", Number},
    {"cpu_quota", Number},
    {"cpu_rt_period", Number},
    {"cpu_rt_runtime", Number},
    {"cpus", Number},
    {"cpuset", Text},
    {"cpu_shares", Number},
    {"command", Command, {}, WhenEmpty::kKeep},
    {"configs", FileReferences, kFileReference},
    {"container_name", Text},
    {"credential_spec", Nested, kCredentialSpec},
    {"depends_on", Dependencies},
    {"deploy", Nested, kDeploy, WhenEmpty::kKeep},
    {"device_cgroup_rules", Texts},
    {"devices", Devices},
    {"dns", Texts},
    {"dns_opt", Texts},
    {"dns_search", Texts},
    {"dockerfile", Text},
    {"domainname", Text},
    {"entrypoint", Command, {}, WhenEmpty::kKeep},
    {"environment", Environment},
    {"expose", Texts},
    {"external_links", Texts},
    {"extra_hosts", Hosts},
    {"group_add", Texts},
    {"gpus", Gpus, kDeviceRequest},
    {"hostname", Text},
    {"healthcheck", Nested, kHealthCheck, WhenEmpty::kKeep},
    {"image", Text},
    {"init", Flag, {}, WhenEmpty::kKeep},
    {"ipc", Text},
    {"isolation", Text},
    {"labels", Mapping},
    {"links", Texts},
    {"logging", Nested, kLogging, WhenEmpty::kKeep},
    {"log_driver", Text},
    {"log_opt", Mapping},
    {"mem_limit", Size},
    {"mem_reservation", Size},
    {"memswap_limit", Size},
    {"mem_swappiness", Size},
    {"mac_address", Text},
    {"models", Named, kServiceModel},
    {"net", Text},
    {"network_mode", Text},
    {"networks", Named, kServiceNetwork},
    {"oom_kill_disable", Flag},
    {"oom_score_adj", Number},
    {"pid", Text},
    {"pids_limit", Number},
    {"platform", Text},
    {"ports", Ports},
    {"privileged", Flag},
    {"pull_policy", Text},
    {"read_only", Flag},
    {"restart", Text},
    {"runtime", Text},
    {"scale", Number, {}, WhenEmpty::kKeep},
    {"secrets", Secrets, kFileReference},
    {"security_opt", Texts},
    {"shm_size", Size},
    {"stdin_open", Flag},
    {"stop_grace_period", Duration},
    {"stop_signal", Text},
    {"storage_opt", Mapping},
    {"sysctls", Mapping},
    {"tmpfs", Texts},
    {"tty", Flag},
    {"ulimits", Limits, kLimit},
    {"use_api_socket", Flag},
    {"user", Text},
    {"userns_mode", Text},
    {"uts", Text},
    {"volume_driver", Text},
    {"volumes", Mounts},
    {"volumes_from", Texts},
    {"working_dir", Text},
    {"pre_start", Items, kHook},
    {"post_start", Items, kHook},
    {"pre_stop", Items, kHook},
};

// ---- Other sections ------------------------------------------------------------------------------------------------

// external: true, or the old form with the name in it.
Value External(const Surroundings& around, const Node& node, Inner inner) {
  return node.IsMap() ? Value::Boolean(true) : Flag(around, node, inner);
}

constexpr CanonicalField kPool[] = {
    {"subnet", Text}, {"gateway", Text}, {"ip_range", Text}, {"aux_addresses", Mapping}};
constexpr CanonicalField kIpam[] = {{"driver", Text}, {"config", Items, kPool}};

constexpr CanonicalField kNetwork[] = {
    {"name", Text},
    {"driver", Text},
    {"driver_opts", Mapping},
    {"ipam", Nested, kIpam},
    {"external", External},
    {"internal", Flag},
    {"attachable", Flag},
    {"labels", Mapping},
    {"enable_ipv4", Flag, {}, WhenEmpty::kKeep},
    {"enable_ipv6", Flag, {}, WhenEmpty::kKeep},
};

constexpr CanonicalField kVolume[] = {
    {"name", Text}, {"driver", Text}, {"driver_opts", Mapping}, {"external", External}, {"labels", Mapping},
};

constexpr CanonicalField kFile[] = {
    {"name", Text},    {"file", ProjectPath},    {"environment", Text},
    {"content", Text}, {"external", External},   {"labels", Mapping},
    {"driver", Text},  {"driver_opts", Mapping}, {"template_driver", Text},
};

constexpr CanonicalField kModel[] = {
    {"name", Text}, {"model", Text}, {"context_size", Number}, {"runtime_flags", Texts}};

}  // namespace

std::span<const CanonicalField> ServiceFields() { return kService; }
std::span<const CanonicalField> NetworkFields() { return kNetwork; }
std::span<const CanonicalField> VolumeFields() { return kVolume; }
std::span<const CanonicalField> FileFields() { return kFile; }
std::span<const CanonicalField> ModelFields() { return kModel; }

}  // namespace safe_docker::compose
