#include "mount_forms.hpp"

#include <charconv>
#include <vector>

#include "paths.hpp"
#include "units.hpp"
#include "volume_spec.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {
namespace {

using Inner = std::span<const CanonicalField>;

Value Flag(const Surroundings& /*around*/, const Node& node, Inner /*inner*/) {
  return Value::Boolean(CastToBoolean(node.text).value_or(false));
}

Value Size(const Surroundings& /*around*/, const Node& node, Inner /*inner*/) {
  return Value::String(SizeInBytes(TextOfScalar(node)));
}

Value Number(const Surroundings& /*around*/, const Node& node, Inner /*inner*/) {
  return Value::Number(TextOfScalar(node));
}

Value Nested(const Surroundings& around, const Node& node, Inner inner) { return Fields(around, node, inner); }

constexpr CanonicalField kBind[] = {
    {"selinux", Text}, {"propagation", Text}, {"create_host_path", Flag}, {"recursive", Text}};
constexpr CanonicalField kVolume[] = {{"labels", Mapping}, {"nocopy", Flag}, {"subpath", Text}};
constexpr CanonicalField kTmpfs[] = {{"size", Size}, {"mode", Number}};
constexpr CanonicalField kImage[] = {{"subpath", Text}};
constexpr CanonicalField kMount[] = {
    {"type", Text},
    {"source", Text},
    {"target", Text},
    {"read_only", Flag},
    {"consistency", Text},
    {"bind", Nested, kBind, WhenEmpty::kKeep},
    {"volume", Nested, kVolume, WhenEmpty::kKeep},
    {"tmpfs", Nested, kTmpfs, WhenEmpty::kKeep},
    {"image", Nested, kImage, WhenEmpty::kKeep},
};

// An absolute source goes to the engine as it is.
Value SourcePath(const Surroundings& around, const Node& node, std::string_view source) {
  const bool is_counted = !source.starts_with('/') && !IsWindowsPath(source);
  return Value::String(is_counted ? AbsolutePathWithHome(source, node.source->folder, around.home)
                                  : std::string(source));
}

std::string CleanTarget(std::string_view target) {
  if (target.starts_with('/')) {
    return AbsolutePath(target, "/");
  }
  return target.starts_with("./") ? AbsolutePath(target, "/").substr(1) : std::string(target);
}

void AddOption(std::string_view option, Value& mount, Value& details) {
  if (option == "ro") {
    mount.Set("read_only", Value::Boolean(true));
  } else if (option == "nocopy") {
    details.Set("nocopy", Value::Boolean(true));
  } else if (option == "z" || option == "Z") {
    details.Set("selinux", Value::String(option));
  } else if (IsPropagation(option)) {
    details.Set("propagation", Value::String(option));
  }
}

Value ShortMount(const Surroundings& around, const Node& node) {
  const std::string text = TextOfScalar(node);
  const std::vector<std::string_view> parts = SplitSpec(text);
  const bool has_source = parts.size() > 1;
  const bool is_bind = has_source && IsPathOfVolume(parts[0]);
  Value mount = Value::Map();
  Value details = Value::Map();
  constexpr std::size_t kNoParts = 2;  // compose takes no colon from a text as short as this
  if (text.size() <= kNoParts) {
    mount.Set("type", Value::String("volume"));
    mount.Set("target", Value::String(text));
    return mount;
  }
  mount.Set("type", Value::String(is_bind ? "bind" : "volume"));
  if (is_bind) {
    mount.Set("source", SourcePath(around, node, parts[0]));
  } else if (has_source) {
    mount.Set("source", Value::String(parts[0]));
  }
  mount.Set("target", Value::String(CleanTarget(VolumeTarget(text))));
  for (const std::string_view option : SplitOptions(parts.size() > 2 ? parts[2] : std::string_view{}, ',')) {
    AddOption(option, mount, details);
  }
  if (is_bind) {
    details.Set("create_host_path", Value::Boolean(true));
  }
  mount.Set(is_bind ? "bind" : "volume", std::move(details));
  return mount;
}

Value LongMount(const Surroundings& around, const Node& node) {
  Value mount = Fields(around, node, kMount);
  const Value* type = mount.Find("type");
  Value* source = mount.Find("source");
  if (Value* target = mount.Find("target")) {
    target->text = CleanTarget(target->text);
  }
  if (type != nullptr && type->text == "bind" && source != nullptr) {
    *source = SourcePath(around, node, source->text);
  }
  return mount;
}

Value Device(const Surroundings& around, const Node& node) {
  constexpr CanonicalField kDevice[] = {{"source", Text}, {"target", Text}, {"permissions", Text}};
  if (node.IsMap()) {
    return Fields(around, node, kDevice);
  }
  const std::string text = TextOfScalar(node);
  const std::vector<std::string_view> parts = SplitOptions(text, ':');
  Value device = Value::Map();
  device.Set("source", Value::String(parts.empty() ? std::string_view{} : parts[0]));
  device.Set("target", Value::String(parts.size() > 1 ? parts[1] : text));
  device.Set("permissions", Value::String(parts.size() > 2 ? parts[2] : std::string_view("rwm")));
  return device;
}

template <typename Make>
Value EachItem(const Surroundings& around, const Node& node, const Make& make) {
  Value list = Value::List();
  for (const Entry& item : node.entries) {
    if (item.value->tag != Tag::kReset && !item.value->IsNull()) {
      list.Add(make(around, *item.value));
    }
  }
  return list;
}

}  // namespace

Value Mounts(const Surroundings& around, const Node& node, Inner /*inner*/) {
  return EachItem(around, node, [](const Surroundings& where, const Node& item) {
    return item.IsMap() ? LongMount(where, item) : ShortMount(where, item);
  });
}

Value Devices(const Surroundings& around, const Node& node, Inner /*inner*/) { return EachItem(around, node, Device); }

std::string FileMode(std::string_view decimal) {
  constexpr int kOctal = 8;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(decimal.data(), decimal.data() + decimal.size(), value);
  if (error != std::errc{} || end != decimal.data() + decimal.size()) {
    return std::string(decimal);
  }
  char buffer[16];
  const auto printed = std::to_chars(std::begin(buffer), std::end(buffer), value, kOctal);
  return "0" + std::string(buffer, printed.ptr);
}

}  // namespace safe_docker::compose
