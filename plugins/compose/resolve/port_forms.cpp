#include "port_forms.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace safe_docker::compose {
namespace {

constexpr CanonicalField kPort[] = {
    {"name", Text},
    {"mode", Text},
    {"host_ip", Text},
    {"target",
     [](const Surroundings& around, const Node& node, std::span<const CanonicalField> inner) {
       return node.IsScalar() ? Value::Number(TextOfScalar(node)) : AsWritten(around, node, inner);
     }},
    {"published", Text},
    {"protocol", Text},
    {"app_protocol", Text},
};

struct Range {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  std::uint32_t size() const { return last - first; }
};

std::optional<std::uint32_t> ReadPort(std::string_view text) {
  std::uint32_t port = 0;
  constexpr std::uint32_t kMostPorts = 65535;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool is_port = error == std::errc{} && end == text.data() + text.size() && port <= kMostPorts;
  return is_port ? std::optional(port) : std::nullopt;
}

std::optional<Range> ReadRange(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = ReadPort(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : ReadPort(text.substr(dash + 1));
  return first && last && *first <= *last ? std::optional(Range{*first, *last}) : std::nullopt;
}

// "[ADDRESS:][PUBLISHED:]TARGET[/PROTOCOL]" taken apart.
struct PortSpec {
  explicit PortSpec(std::string_view spec) {
    const std::size_t slash = spec.find('/');
    if (slash != std::string_view::npos) {
      protocol = spec.substr(slash + 1);
      spec = spec.substr(0, slash);
    }
    const std::size_t colon = spec.rfind(':');
    target = spec.substr(colon == std::string_view::npos ? 0 : colon + 1);
    if (colon == std::string_view::npos) {
      return;
    }
    spec = spec.substr(0, colon);
    const std::size_t before = spec.ends_with(']') ? spec.size() : spec.rfind(':');
    published = before == std::string_view::npos ? spec
                : before == spec.size()          ? std::string_view{}
                                                 : spec.substr(before + 1);
    address = before == std::string_view::npos ? std::string_view{} : spec.substr(0, before);
    if (address.starts_with('[') && address.ends_with(']')) {
      address = address.substr(1, address.size() - 2);
    }
  }

  std::string_view address;
  std::string_view published;
  std::string_view target;
  std::string_view protocol = "tcp";
};

// What makes a port the same as another one.
std::string KeyOf(const Value& port) {
  std::string key;
  for (const std::string_view field : {"host_ip", "target", "published", "protocol"}) {
    const Value* value = port.Find(field);
    key += (value == nullptr ? std::string{} : value->text) + '/';
  }
  return key;
}

// Puts `port` in the place of an earlier one that is the same.
void Place(Value port, Value& ports) {
  const std::string key = KeyOf(port);
  for (auto& [name, earlier] : ports.entries) {
    if (KeyOf(earlier) == key) {
      earlier = std::move(port);
      return;
    }
  }
  ports.Add(std::move(port));
}

void AddPort(const PortSpec& spec, std::uint32_t target, std::string_view published, Value& ports) {
  Value port = Value::Map();
  port.Set("mode", Value::String("ingress"));
  if (!spec.address.empty()) {
    port.Set("host_ip", Value::String(spec.address));
  }
  port.Set("target", Value::Number(std::to_string(target)));
  if (!published.empty()) {
    port.Set("published", Value::String(published));
  }
  port.Set("protocol", Value::String(spec.protocol));
  Place(std::move(port), ports);
}

// False if it is none.
bool AddShortPorts(std::string_view text, Value& ports) {
  const PortSpec spec(text);
  const std::optional<Range> targets = ReadRange(spec.target);
  const std::optional<Range> published = ReadRange(spec.published);
  if (!targets || (!spec.published.empty() && !published)) {
    return false;
  }
  // One target with several to choose from is published as the range.
  const bool has_choice = published && targets->size() == 0 && published->size() > 0;
  for (std::uint32_t port = targets->first; port <= targets->last; ++port) {
    const std::string host = published ? std::to_string(published->first + (port - targets->first)) : std::string{};
    AddPort(spec, port, has_choice ? std::string(spec.published) : host, ports);
  }
  return true;
}

}  // namespace

Value Ports(const Surroundings& around, const Node& node, std::span<const CanonicalField> inner) {
  constexpr std::pair<std::string_view, std::string_view> kDefaults[] = {{"mode", "ingress"}, {"protocol", "tcp"}};
  Value ports = Value::List();
  for (const Entry& item : node.entries) {
    if (item.value->tag == Tag::kReset || item.value->IsNull()) {
      continue;
    }
    if (!item.value->IsMap()) {
      if (!AddShortPorts(TextOfScalar(*item.value), ports)) {
        ports.Add(AsWritten(around, *item.value, inner));
      }
      continue;
    }
    Value port = Fields(around, *item.value, kPort);
    for (const auto& [key, value] : kDefaults) {
      if (port.Find(key) == nullptr) {
        SetInOrder(port, kPort, key, Value::String(value));
      }
    }
    Place(std::move(port), ports);
  }
  return ports;
}

}  // namespace safe_docker::compose
