#include "checker_harness.hpp"

#include <dlfcn.h>

#include <charconv>
#include <filesystem>
#include <stdexcept>

namespace safe_docker::test {
namespace {

std::string_view View(sdp_string text) { return {text.data, text.size}; }
sdp_string Lend(const std::string& text) { return {text.data(), text.size()}; }

}  // namespace

std::string TestFiles::Resolve(std::string_view path) const {
  std::string resolved(path);
  for (int i = 0; i < 8; ++i) {
    bool changed = false;
    for (const auto& [link, target] : links) {
      if (resolved != target && resolved.starts_with(link) &&
          (resolved.size() == link.size() || resolved[link.size()] == '/')) {
        const std::string rest = resolved.substr(link.size());
        resolved = target == "/" && !rest.empty() ? rest : target + rest;
        changed = true;
      }
    }
    if (!changed) {
      break;
    }
  }
  return resolved;
}

Checker::Checker(const char* library, Settings settings, TestFiles files, std::string json)
    : settings_(std::move(settings)), files_(std::move(files)), json_(std::move(json)) {
  library_ = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (library_ == nullptr) {
    throw std::runtime_error(dlerror());
  }
  plugin_ = static_cast<const sdp_plugin*>(dlsym(library_, SDP_ENTRY_SYMBOL));
  if (plugin_ == nullptr) {
    throw std::runtime_error("no entry symbol");
  }
  host_.size = sizeof host_;
  host_.context = this;
  host_.log = [](void*, std::int32_t, sdp_string) {};
  host_.resolve_path = [](void* context, sdp_string path, sdp_string base, sdp_path* result) {
    return Self(context).ResolvePath(View(path), View(base), result);
  };
  host_.read_file = [](void* context, sdp_string path, std::uint64_t limit, sdp_string* content) {
    return Self(context).ReadFile(View(path), limit, content);
  };
  host_.environment = [](void* context, sdp_string name, sdp_string* value) {
    return Self(context).Environment(View(name), value);
  };
  host_.setting = [](void* context, sdp_string pointer, sdp_value* value) {
    return Self(context).Setting(View(pointer), value);
  };
  host_.settings_json = [](void* context, sdp_string* text) -> std::int32_t {
    *text = Lend(Self(context).json_);
    return SDP_OK;
  };
  const sdp_finding_sink sink = Sink();
  if (plugin_->create(&host_, &sink, &self_) != SDP_OK) {
    throw std::runtime_error("create: " + error_);
  }
}

Checker::~Checker() {
  plugin_->destroy(self_);
  dlclose(library_);
}

sdp_string Checker::Keep(std::string text) { return Lend(kept_.emplace_back(std::move(text))); }

std::int32_t Checker::ReadFile(std::string_view path, std::uint64_t limit, sdp_string* content) const {
  const auto found = files_.contents.find(path);
  if (found == files_.contents.end()) {
    return SDP_ABSENT;
  }
  *content = Lend(found->second);
  return found->second.size() <= limit ? SDP_OK : SDP_FAILED;
}

std::int32_t Checker::Environment(std::string_view name, sdp_string* value) const {
  const auto found = files_.environment.find(name);
  if (found == files_.environment.end()) {
    return SDP_ABSENT;
  }
  *value = Lend(found->second);
  return found->second.find('\0') == std::string::npos ? SDP_OK : SDP_UNKNOWN;
}

std::int32_t Checker::ResolvePath(std::string_view path, std::string_view base, sdp_path* result) {
  const bool is_relative = !path.starts_with('/');
  if (path.find('\0') != std::string_view::npos || (is_relative && !base.starts_with('/'))) {
    return SDP_UNKNOWN;
  }
  std::filesystem::path clean = (std::filesystem::path(base) / path).lexically_normal();
  clean = clean.has_filename() || clean == "/" ? clean : clean.parent_path();
  const std::string resolved = files_.Resolve(is_relative ? clean.string() : std::string(path));
  result->clean = Keep(clean.string());
  result->flags = files_.contents.contains(clean.string()) ? SDP_PATH_EXISTS | SDP_PATH_REGULAR : 0;
  for (const std::string& socket : files_.sockets) {
    if (socket == resolved) {
      result->flags = SDP_PATH_EXISTS | SDP_PATH_SOCKET;
    }
  }
  result->resolved = Keep(resolved);
  return SDP_OK;
}

std::int32_t Checker::Setting(std::string_view pointer, sdp_value* value) {
  const std::size_t slash = pointer.find('/', 1);
  const auto found = settings_.find(pointer.substr(1, slash == std::string_view::npos ? slash : slash - 1));
  if (found == settings_.end()) {
    return SDP_ABSENT;
  }
  const std::vector<std::string>& items = found->second;
  if (slash != std::string_view::npos) {
    std::size_t index = 0;
    std::from_chars(pointer.data() + slash + 1, pointer.data() + pointer.size(), index);
    if (index >= items.size()) {
      return SDP_ABSENT;
    }
    value->kind = SDP_VALUE_STRING;
    value->text = Lend(items[index]);
  } else if (items.size() == 1 && (items[0] == "true" || items[0] == "false")) {
    value->kind = SDP_VALUE_BOOLEAN;
    value->integer = items[0] == "true" ? 1 : 0;
  } else {
    value->kind = SDP_VALUE_LIST;
    value->integer = static_cast<std::int64_t>(items.size());
  }
  return SDP_OK;
}

sdp_finding_sink Checker::Sink() {
  sdp_finding_sink sink{};
  sink.size = sizeof sink;
  sink.context = this;
  sink.report = [](void* context, const sdp_finding* finding) -> std::int32_t {
    Self(context).Collect(*finding);
    return SDP_OK;
  };
  sink.error = [](void* context, sdp_string message) { Self(context).error_ = View(message); };
  return sink;
}

void Checker::Collect(const sdp_finding& finding) {
  found_.push_back({finding.decision, std::string(View(finding.rule)), std::string(View(finding.message)),
                    std::string(View(finding.advice)),
                    finding.evidence == nullptr ? std::string() : std::string(View(finding.evidence->written))});
}

std::vector<Found> Checker::Check(const TestRequest& request) {
  std::vector<sdp_evidence> evidence(request.effects.size());
  std::vector<sdp_effect> effects;
  for (std::size_t i = 0; i < request.effects.size(); ++i) {
    const TestEffect& effect = request.effects[i];
    evidence[i] = {sizeof(sdp_evidence), 0, 0, 0, Lend(effect.written), {}, {}};
    effects.push_back({sizeof(sdp_effect), effect.kind, effect.flags, 0, Lend(effect.subject), Lend(effect.name),
                       Lend(effect.target), Lend(effect.options), Lend(effect.resolved),
                       effect.has_evidence ? &evidence[i] : nullptr});
  }
  std::vector<sdp_option> options;
  for (const auto& [name, value] : request.options) {
    options.push_back({sizeof(sdp_option), 0, Lend(name), Lend(value), Keep("--" + name + "=" + value)});
  }
  std::vector<sdp_string> arguments;
  for (const std::string& argument : request.arguments) {
    arguments.push_back(Lend(argument));
  }
  const sdp_evidence place = {sizeof(sdp_evidence), 1, 1, 0, {}, Lend(request.file), Lend(request.service)};
  sdp_request raw{};
  raw.size = sizeof raw;
  raw.origin = request.file.empty() ? SDP_ORIGIN_COMMAND_LINE : SDP_ORIGIN_COMPOSE;
  raw.flags = request.flags;
  raw.program = Lend(request.program);
  raw.command = Lend(request.command);
  raw.evidence = &place;
  raw.arguments = {arguments.data(), static_cast<std::uint32_t>(arguments.size()), sizeof(sdp_string)};
  raw.home = Lend(request.home);
  raw.cwd = Lend(request.cwd);
  raw.source = Lend(request.source);
  raw.engine = Lend(request.engine);
  raw.effects = {effects.data(), static_cast<std::uint32_t>(effects.size()), sizeof(sdp_effect)};
  raw.options = {options.data(), static_cast<std::uint32_t>(options.size()), sizeof(sdp_option)};
  found_.clear();
  const sdp_finding_sink sink = Sink();
  if (plugin_->check(self_, &raw, &sink) != SDP_OK) {
    throw std::runtime_error("check: " + error_);
  }
  kept_.clear();
  return found_;
}

std::vector<sdp_rule> Checker::rules() const {
  std::vector<sdp_rule> rules;
  const auto add = [&rules](const sdp_array& array) {
    for (std::uint32_t i = 0; i < array.count; ++i) {
      const char* item = static_cast<const char*>(array.items) + static_cast<std::size_t>(i) * array.stride;
      rules.push_back(*static_cast<const sdp_rule*>(static_cast<const void*>(item)));
    }
  };
  add(description().rules);
  if (plugin_->extension != nullptr) {
    add(*static_cast<const sdp_array*>(plugin_->extension(self_, SDP_EXTENSION_RULES)));
  }
  return rules;
}

}  // namespace safe_docker::test
