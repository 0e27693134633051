#include "docker/values.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "docker/csv.hpp"
#include "docker/image_reference.hpp"
#include "docker/value_text.hpp"

namespace safe_docker::docker {
namespace {

bool IsWordLetter(char letter) {
  return IsDigit(letter) || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_';
}

bool IsTrimmedAddress(std::string_view text) { return IsAddress(Trim(text)); }

// NAME:ADDRESS or NAME=ADDRESS.
bool IsHostEntry(std::string_view text) {
  const Cut cut = CutAt(text, text.find('=') != std::string_view::npos ? '=' : ':');
  std::string_view address = Trim(cut.after);
  if (address.size() > 2 && address.front() == '[' && address.back() == ']') {
    address = address.substr(1, address.size() - 2);
  }
  return !cut.before.empty() && (address == "host-gateway" || IsAddress(address));
}

bool IsDomain(std::string_view text) {
  text = Trim(text);
  if (text == ".") {
    return true;
  }
  // What docker calls a domain holds a letter, and its parts begin and end with a letter or a digit.
  bool has_letter = false;
  while (true) {
    const Cut cut = CutAt(text, '.');
    const auto is_plain = [](char letter) {
      return IsDigit(letter) || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    };
    for (const char letter : cut.before) {
      has_letter = has_letter || (is_plain(letter) && !IsDigit(letter));
      if (!is_plain(letter) && letter != '-' && letter != '_') {
        return false;
      }
    }
    if (!cut.before.empty() && (!is_plain(cut.before.front()) || !is_plain(cut.before.back()))) {
      return false;
    }
    if (cut.before.empty() && cut.found) {
      return false;
    }
    if (!cut.found) {
      return has_letter;
    }
    text = cut.after;
  }
}

bool IsNotEmpty(std::string_view text) { return !text.empty(); }
bool HasName(std::string_view text) { return !text.empty() && text[0] != '='; }
bool IsPair(std::string_view text) { return HasName(text) && CutAt(text, '=').found; }
bool HasLabelName(std::string_view text) { return !CutAt(text, '=').before.empty(); }

bool IsMacAddress(std::string_view text) {
  return text.empty() || text.find_first_not_of("0123456789abcdefABCDEF:-.") == std::string_view::npos;
}

// NAME or NAME:ALIAS.
bool IsLink(std::string_view text) {
  const Cut cut = CutAt(text, ':');
  return !text.empty() && cut.after.find(':') == std::string_view::npos;
}

bool IsStream(std::string_view text) { return IsOneOf(ToLower(text), {"stdin", "stdout", "stderr"}); }

// ---- Grammars of single flags ---------------------------------------------------------------------------------------

bool IsRestartPolicy(std::string_view text) {
  const Cut cut = CutAt(text, ':');
  return !cut.found || (!cut.before.empty() && (cut.after.empty() || IsSigned64(cut.after)));
}

bool IsLimit(std::string_view text, std::int64_t* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

// NAME=SOFT[:HARD].
bool IsUlimit(std::string_view text) {
  const Cut name = CutAt(text, '=');
  const Cut limits = CutAt(name.after, ':');
  std::int64_t soft = 0;
  std::int64_t hard = 0;
  if (!IsOneOf(name.before, {"as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile",
                             "nproc", "rss", "rtprio", "rttime", "sigpending", "stack"}) ||
      !IsLimit(limits.before, &soft)) {
    return false;
  }
  if (!limits.found) {
    return true;
  }
  return IsLimit(limits.after, &hard) && (hard == -1 || (soft != -1 && soft <= hard));
}

// The value behind the device of a limit for it; nothing if docker takes the device for none.
std::optional<std::string_view> ValueOfDevice(std::string_view text) {
  const Cut cut = CutAt(text, ':');
  return cut.found && text.starts_with("/dev/") ? std::optional(cut.after) : std::nullopt;
}

bool IsDeviceBytes(std::string_view text) {
  const std::optional<std::string_view> value = ValueOfDevice(text);
  return value && IsByteSize(*value);
}

bool IsDeviceOperations(std::string_view text) {
  const std::optional<std::string_view> value = ValueOfDevice(text);
  return value && ParseDigits(*value, 10, UINT64_MAX);
}

bool IsDeviceWeight(std::string_view text) {
  const std::optional<std::string_view> value = ValueOfDevice(text);
  const std::optional<std::uint64_t> weight = value ? ParseDigits(*value, 10, UINT16_MAX) : std::nullopt;
  return weight && (*weight == 0 || (*weight >= 10 && *weight <= 1000));
}

bool IsSysctl(std::string_view text) {
  const Cut cut = CutAt(text, '=');
  return cut.found &&
         (cut.before.starts_with("net.") || cut.before.starts_with("fs.mqueue.") ||
          IsOneOf(cut.before, {"kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall",
                               "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced"}));
}

bool IsReplicaMode(std::string_view text) {
  return IsOneOf(text, {"replicated", "global", "replicated-job", "global-job"});
}

bool IsCredentialSpec(std::string_view text) {
  return text.empty() || text.starts_with("config://") || text.starts_with("file://") ||
         text.starts_with("registry://");
}

bool IsPlacementPreference(std::string_view text) { return text.starts_with("spread="); }

bool IsGenericResource(std::string_view text) {
  const Cut cut = CutAt(text, '=');
  return cut.found && !cut.before.empty() && ParseDigits(cut.after, 10, INT64_MAX);
}

bool IsPullPolicy(std::string_view text) { return IsOneOf(text, {"", "always", "missing", "never"}); }

// A secret or a config of a service: its name, or fields.
bool IsServiceFile(std::string_view text) {
  const std::optional<std::vector<KeyValue>> fields = ReadCsvKeyValues(text);
  if (!fields || text.empty()) {
    return false;
  }
  return (fields->size() == 1 && !fields->front().has_value) ||
         std::all_of(fields->begin(), fields->end(), [](const KeyValue& field) {
           return field.has_value && IsOneOf(field.key, {"source", "src", "target", "uid", "gid", "mode"});
         });
}

// The long form of --network is checked field by field; any other text is the name of a network.
bool IsNetwork(std::string_view text) {
  if (!IsLongNetwork(text)) {
    return !text.empty();
  }
  const std::optional<std::vector<KeyValue>> fields = ReadCsvKeyValues(text);
  bool has_name = false;
  for (const KeyValue& field : fields.value_or(std::vector<KeyValue>{})) {
    const std::string_view key = Trim(field.key);
    const std::string_view value = Trim(field.value);
    has_name = has_name || (key == "name" && !value.empty());
    const bool is_number = key != "gw-priority" || IsSigned64(value);
    if (!field.has_value || !is_number || (key == "driver-opt" && !CutAt(value, '=').found) ||
        !IsOneOf(key, {"name", "alias", "ip", "ip6", "link-local-ip", "mac-address", "driver-opt", "gw-priority"})) {
      return false;
    }
  }
  return has_name;
}

// A port or a range of ports; how many there are.
std::optional<std::uint64_t> CountPorts(std::string_view text) {
  const Cut cut = CutAt(text, '-');
  const auto first = ParseDigits(cut.before, 10, UINT16_MAX);
  const auto last = cut.found ? ParseDigits(cut.after, 10, UINT16_MAX) : first;
  return first && last && *first <= *last ? std::optional(*last - *first + 1) : std::nullopt;
}

bool IsExposedPort(std::string_view text) {
  const Cut cut = CutAt(text, '/');
  return text.find(':') == std::string_view::npos && CountPorts(cut.before) &&
         (!cut.found || IsOneOf(ToLower(cut.after), {"tcp", "udp", "sctp"}));
}

// [[ADDRESS:]PORT:]PORT[/PROTOCOL].
bool IsShortPort(std::string_view text, bool may_have_address) {
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos && !IsOneOf(ToLower(text.substr(slash + 1)), {"tcp", "udp", "sctp"})) {
    return false;
  }
  text = text.substr(0, slash);
  const std::size_t colon = text.rfind(':');
  const auto inner = CountPorts(colon == std::string_view::npos ? text : text.substr(colon + 1));
  if (!inner || colon == std::string_view::npos) {
    return inner.has_value();
  }
  text = text.substr(0, colon);
  const std::size_t second = text.rfind(':');
  const std::string_view host = text.substr(second == std::string_view::npos ? 0 : second + 1);
  const auto outer = CountPorts(host);
  std::string_view address = second == std::string_view::npos ? std::string_view{} : text.substr(0, second);
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  // One port inside may be given a range outside to choose from.
  const bool fits = host.empty() || (outer && (*outer == *inner || *inner == 1));
  return fits && (address.empty() || (may_have_address && IsAddress(address)));
}

bool ReadPort(std::string_view text, bool may_have_address) {
  if (text.find('=') == std::string_view::npos) {
    return IsShortPort(text, may_have_address);
  }
  std::string target;
  std::string published;
  std::string protocol = "tcp";
  for (const KeyValue& field : ReadCsvKeyValues(text).value_or(std::vector<KeyValue>{})) {
    target = field.key == "target" ? field.value : target;
    published = field.key == "published" ? field.value : published;
    protocol = field.key == "protocol" ? field.value : protocol;
  }
  return IsShortPort((published.empty() ? "" : published + ":") + target + "/" + protocol, may_have_address);
}

bool IsPort(std::string_view text) { return ReadPort(text, /*may_have_address=*/true); }
bool IsServicePort(std::string_view text) { return ReadPort(text, /*may_have_address=*/false); }
bool IsPlainPort(std::string_view text) { return CountPorts(CutAt(text, '/').before).has_value(); }

bool IsSecurityOption(std::string_view text) {
  const Cut cut = CutAt(text, text.find('=') != std::string_view::npos ? '=' : ':');
  return text == "no-new-privileges" || (cut.found && !cut.after.empty());
}

bool IsImageTag(std::string_view text) {
  return !text.empty() && IsWordLetter(text[0]) && CompleteImageReference(text).kind != ImageReference::Kind::kInvalid;
}

bool IsStringList(std::string_view text) { return text.empty() || ReadCsvRecord(text).has_value(); }

// Words as a shell would split them: every quote has its partner.
bool IsShellWords(std::string_view text) {
  char quote = '\0';
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && quote != '\'') {
      if (++at == text.size()) {
        return false;
      }
    } else if (quote == '\0' && (text[at] == '"' || text[at] == '\'')) {
      quote = text[at];
    } else if (text[at] == quote) {
      quote = '\0';
    }
  }
  return quote == '\0';
}

// ---- Which flag takes what ------------------------------------------------------------------------------------------

constexpr std::string_view kSize = "a size such as 512m";
constexpr std::string_view kNumber = "a whole number";
constexpr std::string_view kDuration = "a time such as 30s";

struct Row {
  std::string_view name;
  bool (*is_valid)(std::string_view value);
  std::string_view expected;
};

// Flags of the commands below whose value has no effect that is judged anyway, as that of --device is. Where two
// commands give one name different grammars, the wider one.
constexpr Row kRows[] = {
    {"add-host", &IsHostEntry, "NAME:ADDRESS"},
    {"args", &IsShellWords, "words with their quotes in pairs"},
    {"attach", &IsStream, "stdin, stdout or stderr"},
    {"blkio-weight", &IsUnsigned16, kNumber},
    {"blkio-weight-device", &IsDeviceWeight, "DEVICE:WEIGHT"},
    {"build-arg", &HasName, "NAME or NAME=VALUE"},
    {"cache-from", &IsStringList, "a list with its quotes in pairs"},
    {"config", &IsServiceFile, "a name, or source= and target="},
    {"config-add", &IsServiceFile, "a name, or source= and target="},
    {"cpu-count", &IsSigned64, kNumber},
    {"cpu-percent", &IsSigned64, kNumber},
    {"cpu-period", &IsSigned64, kNumber},
    {"cpu-quota", &IsSigned64, kNumber},
    {"cpu-rt-period", &IsSigned64, kNumber},
    {"cpu-rt-runtime", &IsSigned64, kNumber},
    {"cpu-shares", &IsSigned64, kNumber},
    {"cpus", &IsCpus, "a number of processors"},
    {"credential-spec", &IsCredentialSpec, "config://, file:// or registry://"},
    {"device-cgroup-rule", &IsNotEmpty, "TYPE MAJOR:MINOR MODE"},
    {"device-read-bps", &IsDeviceBytes, "DEVICE:SIZE"},
    {"device-read-iops", &IsDeviceOperations, "DEVICE:NUMBER"},
    {"device-write-bps", &IsDeviceBytes, "DEVICE:SIZE"},
    {"device-write-iops", &IsDeviceOperations, "DEVICE:NUMBER"},
    {"dns", &IsTrimmedAddress, "an address"},
    {"dns-add", &IsTrimmedAddress, "an address"},
    {"dns-search", &IsDomain, "a domain"},
    {"dns-search-add", &IsDomain, "a domain"},
    {"env", &HasName, "NAME or NAME=VALUE"},
    {"env-add", &HasName, "NAME or NAME=VALUE"},
    {"expose", &IsExposedPort, "PORT[-PORT][/PROTOCOL]"},
    {"generic-resource", &IsGenericResource, "NAME=NUMBER"},
    {"generic-resource-add", &IsGenericResource, "NAME=NUMBER"},
    {"gpus", &IsNotEmpty, "all, a number, or fields"},
    {"health-interval", &IsPositiveDuration, kDuration},
    {"health-retries", &IsCount, kNumber},
    {"health-start-interval", &IsPositiveDuration, kDuration},
    {"health-start-period", &IsPositiveDuration, kDuration},
    {"health-timeout", &IsPositiveDuration, kDuration},
    {"host", &IsHostEntry, "NAME:ADDRESS"},
    {"host-add", &IsHostEntry, "NAME:ADDRESS"},
    {"io-maxbandwidth", &IsByteSize, kSize},
    {"io-maxiops", &IsUnsigned64, kNumber},
    {"kernel-memory", &IsByteSize, kSize},
    {"label", &HasLabelName, "NAME or NAME=VALUE"},
    {"limit-bytes", &IsByteSize, kSize},
    {"limit-cpu", &IsCpus, "a number of processors"},
    {"limit-memory", &IsByteSize, kSize},
    {"limit-pids", &IsSigned64, kNumber},
    {"link", &IsLink, "NAME[:ALIAS]"},
    {"log-opt", &HasName, "NAME=VALUE"},
    {"mac-address", &IsMacAddress, "a MAC address"},
    {"max-concurrent", &IsUnsigned64, kNumber},
    {"memory", &IsByteSize, kSize},
    {"memory-reservation", &IsByteSize, kSize},
    {"memory-swap", &IsSwapSize, kSize},
    {"memory-swappiness", &IsSwappiness, "a number from -1 to 100"},
    {"mode", &IsReplicaMode, "replicated or global"},
    {"network", &IsNetwork, "a network, or name= and more fields"},
    {"network-add", &IsNetwork, "a network, or name= and more fields"},
    {"oom-score-adj", &IsSigned64, kNumber},
    {"pids-limit", &IsSigned64, kNumber},
    {"placement-pref", &IsPlacementPreference, "spread=LABEL"},
    {"placement-pref-add", &IsPlacementPreference, "spread=LABEL"},
    {"placement-pref-rm", &IsPlacementPreference, "spread=LABEL"},
    {"publish", &IsPort, "[[ADDRESS:]PORT:]PORT[/PROTOCOL]"},
    {"publish-add", &IsServicePort, "[PORT:]PORT[/PROTOCOL]"},
    {"publish-rm", &IsPlainPort, "PORT[/PROTOCOL]"},
    {"pull", &IsPullPolicy, "always, missing or never"},
    {"replicas", &IsUnsigned64, kNumber},
    {"replicas-max-per-node", &IsUnsigned64, kNumber},
    {"required-bytes", &IsByteSize, kSize},
    {"reserve-cpu", &IsCpus, "a number of processors"},
    {"reserve-memory", &IsByteSize, kSize},
    {"restart", &IsRestartPolicy, "POLICY[:NUMBER]"},
    {"restart-delay", &IsDuration, kDuration},
    {"restart-max-attempts", &IsUnsigned64, kNumber},
    {"restart-window", &IsDuration, kDuration},
    {"rollback-delay", &IsDuration, kDuration},
    {"rollback-max-failure-ratio", &IsFloat, "a number"},
    {"rollback-monitor", &IsDuration, kDuration},
    {"rollback-parallelism", &IsUnsigned64, kNumber},
    {"secret", &IsServiceFile, "a name, or source= and target="},
    {"secret-add", &IsServiceFile, "a name, or source= and target="},
    {"security-opt", &IsSecurityOption, "NAME=VALUE or no-new-privileges"},
    {"shm-size", &IsByteSize, kSize},
    {"stop-grace-period", &IsDuration, kDuration},
    {"stop-timeout", &IsSigned64, kNumber},
    {"storage-opt", &IsPair, "NAME=VALUE"},
    {"sysctl", &IsSysctl, "NAME=VALUE of a container's own parameter"},
    {"tag", &IsImageTag, "NAME[:TAG]"},
    {"ulimit", &IsUlimit, "NAME=SOFT[:HARD]"},
    {"ulimit-add", &IsUlimit, "NAME=SOFT[:HARD]"},
    {"update-delay", &IsDuration, kDuration},
    {"update-max-failure-ratio", &IsFloat, "a number"},
    {"update-monitor", &IsDuration, kDuration},
    {"update-parallelism", &IsUnsigned64, kNumber},
};

constexpr bool IsBefore(const Row& row, std::string_view name) { return row.name < name; }
static_assert(std::is_sorted(std::begin(kRows), std::end(kRows),
                             [](const Row& left, const Row& right) { return IsBefore(left, right.name); }));

// The commands whose flags the rows are of. Flags of builds have names in common with flags of containers, but buildx
// hands most values to the builder as they are.
bool HasRows(std::string_view command, std::string_view name) {
  if (command == "image build") {
    return IsOneOf(name, {"add-host", "build-arg", "cache-from", "cpu-period", "cpu-quota", "cpu-shares", "label",
                          "memory", "memory-swap", "shm-size", "tag", "ulimit"});
  }
  if (command == "buildx build") {
    return IsOneOf(name, {"shm-size", "tag", "ulimit"});
  }
  if (command == "volume create") {
    return name != "secret";
  }
  if (name == "log-opt") {
    return command == "service create" || command == "service update";
  }
  return command == "container run" || command == "container create" || command == "container exec" ||
         ((command == "service create" || command == "service update") && name != "sysctl");
}

}  // namespace

std::string_view ExpectedInstead(std::string_view command, std::string_view name, std::string_view value) {
  if (!HasRows(command, name)) {
    return {};
  }
  // Of services docker checks two flags otherwise.
  if (command.starts_with("service ")) {
    name = name == "publish" ? "publish-add" : name == "health-retries" ? "limit-pids" : name;
  }
  const Row* row = std::lower_bound(std::begin(kRows), std::end(kRows), name, IsBefore);
  return row == std::end(kRows) || row->name != name || row->is_valid(value) ? std::string_view{} : row->expected;
}

bool IsLongNetwork(std::string_view text) {
  for (std::size_t at = text.find('='); at != std::string_view::npos; at = text.find('=', at + 1)) {
    if (at > 0 && at + 1 < text.size() && IsWordLetter(text[at - 1]) && IsWordLetter(text[at + 1])) {
      return true;
    }
  }
  return false;
}

}  // namespace safe_docker::docker
