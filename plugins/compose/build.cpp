// The build of a service: what the builder is given to read and write, and what it is allowed to do.
#include <algorithm>
#include <string>

#include "bake.hpp"
#include "fields.hpp"
#include "paths.hpp"

namespace safe_docker::compose {
namespace {

// What is no path: it is fetched, or built by another service.
constexpr std::string_view kAddresses[] = {"http://", "https://", "git://", "ssh://", "git@", "github.com/"};
constexpr std::string_view kBuiltElsewhere[] = {"docker-image://", "service:"};

// A ".." inside shows that a folder of such a name is meant.
bool HasPrefix(std::string_view context, std::span<const std::string_view> prefixes) {
  return context.find("/../") == std::string_view::npos && !context.ends_with("/..") &&
         std::ranges::any_of(prefixes, [&](std::string_view prefix) { return context.starts_with(prefix); });
}

bool IsAddress(std::string_view context) { return HasPrefix(context, kAddresses); }

bool IsElsewhere(std::string_view context) { return IsAddress(context) || HasPrefix(context, kBuiltElsewhere); }

struct BuildField {
  std::string_view name;
  void (*write)(const ServiceContext& context, const Entry& entry);
};

std::string BuildPath(const ServiceContext& context, const Entry& entry, std::string_view text) {
  return OpenedPathWithHome(text, entry.value->source->folder, context.out.home());
}

// A build that names no context has the folder of the project that the service is in, wherever the build itself comes
// from.
std::string DefaultContext(const ServiceContext& context) { return AbsolutePath(".", context.service.source->folder); }

void WriteSource(const ServiceContext& context, const Setting& setting, const Entry& entry, std::string_view text) {
  if (IsAddress(text)) {
    context.out.Effect(setting, SDP_EFFECT_FETCH, {text, "build context"});
  } else if (!IsElsewhere(text)) {
    context.out.Effect(setting, SDP_EFFECT_READ_HOST_PATH, {BuildPath(context, entry, text), "build context"});
  }
}

void WriteContext(const ServiceContext& context, const Entry& entry) {
  WriteSource(context, {"build.context", entry}, entry, TextOf(context, entry, "build.context"));
}

void WriteAdditionalContexts(const ServiceContext& context, const Entry& entry) {
  ForEachPair(context, entry, "build.additional_contexts", "=",
              [&](const Entry& pair, std::string_view /*name*/, std::string_view text) {
                constexpr std::string_view kLayout = "oci-layout://";
                text.remove_prefix(text.starts_with(kLayout) ? kLayout.size() : 0);
                if (!text.empty()) {
                  WriteSource(context, {"build.additional_contexts", pair}, pair, text);
                }
              });
}

// An item is "default", an id, or an id with the agent socket or key to use.
void WriteSsh(const ServiceContext& context, const Entry& entry) {
  const auto write = [&](const Entry& place, std::string_view id, std::string_view path) {
    context.out.Effect({"build.ssh", place}, SDP_EFFECT_BUILD_CREDENTIAL, {id, "ssh"});
    if (!path.empty()) {
      context.out.Effect({"build.ssh", place}, SDP_EFFECT_READ_HOST_PATH, {BuildPath(context, place, path), "ssh key"});
    }
  };
  if (entry.value->IsScalar()) {
    const std::string_view text = entry.value->text;
    const std::size_t at = text.find('=');
    write(entry, text.substr(0, at), at == std::string_view::npos ? std::string_view{} : text.substr(at + 1));
    return;
  }
  ForEachPair(context, entry, "build.ssh", "=", write);
}

void WriteBuildSecrets(const ServiceContext& context, const Entry& entry) {
  ForEachItem(context, entry, "build.secrets", [&](const Entry& item) {
    const Node* source = item.value->IsMap() ? FindNode(*item.value, "source") : item.value;
    if (source == nullptr) {
      return;
    }
    if (!plugin::IsKnown(source->text)) {
      context.out.Unknown({"build.secrets", item}, "which file of the host is meant is not known");
    }
    const Entry* secret = context.sections.Find(Section::kSecrets, source->text);
    const Entry* file = secret == nullptr ? nullptr : Find(*secret->value, "file");
    if (file != nullptr) {
      context.out.Effect({"file", *file}, SDP_EFFECT_READ_HOST_PATH,
                         {BuildPath(context, *file, TextOf(context, *file, "secrets.file")), "build secret"});
    }
  });
}

void WritePrivilegedBuild(const ServiceContext& context, const Entry& entry) {
  switch (TruthOf(context, entry, "build.privileged")) {
    case Truth::kTrue:
      context.out.Effect({"build.privileged", entry}, SDP_EFFECT_PRIVILEGED, {{}, "build"});
      break;
    case Truth::kUnknown:
      context.out.Unknown({"build.privileged", entry}, "whether the build is privileged cannot be told");
      break;
    case Truth::kFalse:
      break;
  }
}

void WriteEntitlements(const ServiceContext& context, const Entry& entry) {
  ForEachItem(context, entry, "build.entitlements", [&](const Entry& item) {
    const std::string_view text = TextOf(context, item, "build.entitlements");
    if (text == "security.insecure") {
      context.out.Effect({"build.entitlements", item}, SDP_EFFECT_PRIVILEGED, {{}, "build"});
    } else if (text == "network.host") {
      context.out.Option({"build.entitlements", item}, "network", "host");
    } else {
      context.out.Unknown({"build.entitlements", item}, "the build would be allowed more than builds are");
    }
  });
}

void WriteBuildNetwork(const ServiceContext& context, const Entry& entry) {
  const std::string_view text = TextOf(context, entry, "build.network");
  if (text == "host" || text.starts_with("container:") || !plugin::IsKnown(text)) {
    context.out.Option({"build.network", entry}, "network", text);
  }
}

void WriteArguments(const ServiceContext& context, const Entry& entry) {
  ForEachPair(context, entry, "build.args", "=", [&](const Entry& pair, std::string_view name, std::string_view value) {
    // The value of an argument is no danger by itself, so it may well be unknown.
    const bool is_known = plugin::IsKnown(value);
    context.out.Effect({"build.args", pair}, SDP_EFFECT_BUILD_ARGUMENT, {is_known ? value : std::string_view{}, name});
    if (name == "BUILDKIT_SYNTAX" || !plugin::IsKnown(name)) {
      context.out.Effect({"build.args", pair}, SDP_EFFECT_SET_OPTION, {value, "build frontend"});
    }
  });
}

void WriteBuildHosts(const ServiceContext& context, const Entry& entry) {
  ForEachPair(
      context, entry, "build.extra_hosts",
      "=:", [&](const Entry& pair, std::string_view host, std::string_view address) {
        context.out.Option({"build.extra_hosts", pair}, "add-host", std::string(host) + ':' + std::string(address));
      });
}

void WriteBuildOption(const ServiceContext& context, const Entry& entry, std::string_view option) {
  ForEachItemOrSelf(context, entry, option, [&](const Entry& item) {
    const std::string_view text = TextOf(context, item, option);
    if (!text.empty()) {
      context.out.Effect({option, item}, SDP_EFFECT_SET_OPTION, {text, option});
    }
  });
}

void WriteIsolation(const ServiceContext& context, const Entry& entry) {
  WriteBuildOption(context, entry, "isolation");
}
void WriteSbom(const ServiceContext& context, const Entry& entry) { WriteBuildOption(context, entry, "sbom"); }
void WriteAttestations(const ServiceContext& context, const Entry& entry) {
  WriteBuildOption(context, entry, "attest");
}

bool StartsWithIgnoringCase(std::string_view text, std::string_view prefix) {
  return plugin::EqualIgnoringCase(text.substr(0, prefix.size()), prefix);
}

struct Cache {
  std::string_view type = "registry";
  std::string_view path;
};

// The fields of "type=local,KEY=PATH"; a text without fields is an image.
Cache ReadCache(std::string_view text, std::string_view key) {
  Cache cache;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view field = text.substr(0, comma);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    if (field.size() > 1 && field.starts_with('"') && field.ends_with('"')) {
      field = field.substr(1, field.size() - 2);
    }
    if (StartsWithIgnoringCase(field, "type=")) {
      cache.type = field.substr(5);
    } else if (StartsWithIgnoringCase(field, key)) {
      cache.path = field.substr(key.size());
    }
  }
  return cache;
}

// compose passes a path on, so it counts from the folder that the command runs in. What is no folder, image or
// registry is a service of someone's, which the builder is given the caller's logins for.
void WriteCaches(const ServiceContext& context, const Entry& entry, std::string_view key, sdp_effect_kind kind) {
  const Setting whole{"build.cache", entry};
  ForEachItem(context, entry, whole.field, [&](const Entry& item) {
    const std::string_view text = TextOf(context, item, whole.field);
    const Cache cache = ReadCache(text, key);
    if (!cache.path.empty()) {
      context.out.Effect({whole.field, item}, kind, {OpenedPath(cache.path, context.out.cwd()), "build cache"});
    }
    if (cache.type != "local" && cache.type != "inline" && cache.type != "registry") {
      context.out.Effect({whole.field, item}, SDP_EFFECT_SEND, {text, "logins for the build cache"});
    }
  });
}

void WriteCacheFrom(const ServiceContext& context, const Entry& entry) {
  WriteCaches(context, entry, "src=", SDP_EFFECT_READ_HOST_PATH);
}

void WriteCacheTo(const ServiceContext& context, const Entry& entry) {
  WriteCaches(context, entry, "dest=", SDP_EFFECT_WRITE_HOST_PATH);
}

// The Dockerfile counts from the context; one of a remote context lies there, unless it is absolute.
void WriteDockerfile(const ServiceContext& context, const Entry& build, const Entry& dockerfile) {
  const std::string_view text = TextOf(context, dockerfile, "build.dockerfile");
  const Entry* entry = Find(*build.value, "context");
  const std::string_view where = entry == nullptr ? std::string_view(".") : entry->value->text;
  const bool lies_elsewhere = IsElsewhere(where) && !text.starts_with('/') && plugin::IsKnown(text);
  if (lies_elsewhere || IsElsewhere(text)) {
    return;
  }
  const std::string folder = entry == nullptr ? DefaultContext(context) : BuildPath(context, *entry, where);
  context.out.Effect({"build.dockerfile", dockerfile}, SDP_EFFECT_READ_HOST_PATH,
                     {OpenedPath(text, folder), "Dockerfile"});
}

constexpr BuildField kFields[] = {
    {"context", WriteContext},
    {"additional_contexts", WriteAdditionalContexts},
    {"ssh", WriteSsh},
    {"secrets", WriteBuildSecrets},
    {"privileged", WritePrivilegedBuild},
    {"entitlements", WriteEntitlements},
    {"network", WriteBuildNetwork},
    {"args", WriteArguments},
    {"extra_hosts", WriteBuildHosts},
    {"cache_from", WriteCacheFrom},
    {"cache_to", WriteCacheTo},
    {"isolation", WriteIsolation},
    {"sbom", WriteSbom},
    {"attest", WriteAttestations},
};

}  // namespace

void WriteBuild(const ServiceContext& context, const Entry& entry) {
  if (entry.value->IsScalar()) {
    WriteContext(context, entry);
    return;
  }
  if (!entry.value->IsMap()) {
    FailType(context, entry, "build", "a path or a mapping");
  }
  for (const Entry& setting : entry.value->entries) {
    const auto* field = std::ranges::find(kFields, setting.key, &BuildField::name);
    if (field != std::end(kFields) && !setting.value->IsNull() && setting.value->tag != Tag::kReset) {
      field->write(context, setting);
    }
  }
  if (Find(*entry.value, "context") == nullptr) {
    context.out.Effect({"build", entry}, SDP_EFFECT_READ_HOST_PATH, {DefaultContext(context), "build context"});
  }
  if (const Entry* dockerfile = Find(*entry.value, "dockerfile")) {
    WriteDockerfile(context, entry, *dockerfile);
  }
  if (context.parts.bake) {
    WriteBakeExtension(context, entry);
  }
}

}  // namespace safe_docker::compose
