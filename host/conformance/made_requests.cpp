#include "conformance/made_requests.hpp"

#include <cstdint>
#include <cstring>
#include <utility>

namespace safe_docker::conformance {
namespace {

constexpr std::string_view kKindNames[] = {
    "no effect",        "UNKNOWN",           "MOUNT_HOST_PATH",  "READ_HOST_PATH", "WRITE_HOST_PATH",
    "DELETE_HOST_PATH", "USE_VOLUME",        "INHERIT_MOUNTS",   "PRIVILEGED",     "ADD_CAPABILITY",
    "JOIN_NAMESPACE",   "USE_DEVICE",        "SECURITY_OPTION",  "SET_SYSCTL",     "CGROUP_PARENT",
    "ADD_HOST",         "BUILD_ARGUMENT",    "BUILD_CREDENTIAL", "USE_IMAGE",      "USE_ENGINE",
    "DESTROY",          "RUN_CODE",          "RUN_COMMAND",      "PUBLISH_PORT",   "PASS_ENVIRONMENT",
    "USE_API_SOCKET",   "CHANGE_ENGINE",     "USE_RUNTIME",      "SEND",           "FETCH",
    "SET_OPTION",       "CONTROL_CONTAINER", "RAW_ENGINE",       "ORDINARY_OPTION"};
static_assert(std::size(kKindNames) == SDP_EFFECT_KIND_COUNT);

constexpr std::size_t kLong = 64 * 1024;
constexpr std::size_t kMany = 10'000;

struct TextKind {
  std::string_view name;
  std::string text;
};
std::vector<TextKind> TextKinds() {
  return {{"plain texts", "/some/where"},
          {"empty texts", ""},
          {"unknown parts", std::string("/a\0b", 4)},
          {"nothing but an unknown part", std::string(1, '\0')},
          {"texts of 64 KiB", std::string(kLong, 'x')},
          {"paths of 64 KiB", "/" +
                                  [] {
                                    std::string path;
                                    while (path.size() < kLong) {
                                      path += "../a/";
                                    }
                                    return path;
                                  }()},
          {"invalid UTF-8", "/\xff\xfe\xc3(\x80"},
          {"control characters", "/a\nb\x1b[31m\"\\{}%s"}};
}

docker::Request Base(std::string_view command) {
  docker::Request request;
  request.program = "docker";
  request.command = command;
  request.cwd = "/home/somebody/project";
  request.home = "/home/somebody";
  request.engine = "unix:///var/run/docker.sock";
  request.source = "docker " + std::string(command);
  request.evidence.written = request.source;
  return request;
}

docker::Effect MakeEffect(sdp_effect_kind kind, const std::string& text) {
  docker::Effect effect;
  effect.kind = kind;
  effect.subject = effect.name = effect.target = effect.options = effect.resolved = text;
  effect.evidence.written = text;
  effect.flags = text.find('\0') == std::string::npos ? 0 : SDP_EFFECT_UNRESOLVED;
  return effect;
}

docker::Request ManyEffects(std::string_view command) {
  docker::Request request = Base(command);
  for (std::size_t i = 0; i < kMany; ++i) {
    const auto kind = static_cast<sdp_effect_kind>(1 + i % (SDP_EFFECT_KIND_COUNT - 1));
    docker::Effect effect = MakeEffect(kind, "/some/where/" + std::to_string(i));
    if (effect.kind != SDP_EFFECT_UNKNOWN) {
      request.effects.push_back(std::move(effect));
    }
  }
  return request;
}

// With every field that may be empty.
docker::Request Nothing(std::string_view command) {
  docker::Request request;
  request.command = command;
  return request;
}

docker::Request ManyWords(std::string_view command) {
  docker::Request request = Base(command);
  for (std::size_t i = 0; i < kMany; ++i) {
    request.options.push_back({"volume", "/a:/b", "-v /a:/b"});
    request.arguments.emplace_back("word");
  }
  return request;
}

docker::Request OfFile(std::string_view command) {
  docker::Request request = Base(command);
  request.origin = SDP_ORIGIN_COMPOSE;
  for (sdp_effect_kind kind = 1; kind < SDP_EFFECT_KIND_COUNT; ++kind) {
    docker::Effect effect = MakeEffect(kind, "/some/where");
    effect.evidence = {"privileged: true", "/home/somebody/project/compose.yaml", "web", 12, 5};
    request.effects.push_back(std::move(effect));
  }
  return request;
}

docker::Request Remote(std::string_view command) {
  docker::Request request = OfFile(command);
  request.flags = SDP_REQUEST_REMOTE_ENGINE | SDP_REQUEST_INCOMPLETE;
  request.cwd = std::string(1, '\0');
  request.home.clear();
  request.engine = "ssh://host";
  return request;
}

}  // namespace

std::vector<NamedRequest> EveryEffect(std::string_view command) {
  std::vector<NamedRequest> requests;
  for (sdp_effect_kind kind = 1; kind < SDP_EFFECT_KIND_COUNT; ++kind) {
    for (const TextKind& texts : TextKinds()) {
      docker::Request request = Base(command);
      request.effects.push_back(MakeEffect(kind, texts.text));
      requests.push_back({std::string(kKindNames[kind]) + " with " + std::string(texts.name), std::move(request)});
    }
  }
  return requests;
}

std::vector<NamedRequest> OddRequests(std::string_view command) {
  std::vector<NamedRequest> requests;
  requests.push_back({"a request with 10000 effects", ManyEffects(command)});
  requests.push_back({"a request with 10000 options and words", ManyWords(command)});
  requests.push_back({"a request with nothing in it", Nothing(command)});
  requests.push_back({"a request that a file made", OfFile(command)});
  requests.push_back({"a request for a remote engine, from an unknown folder", Remote(command)});
  return requests;
}

template <typename Item>
sdp_array NewerRequest::Enlarge(const sdp_array& array, std::vector<Larger<Item>>* items) {
  items->resize(array.count);
  for (std::uint32_t i = 0; i < array.count; ++i) {
    Larger<Item>& larger = (*items)[i];
    std::memset(&larger, 0xa5, sizeof larger);  // appended fields may hold anything
    std::memcpy(&larger.item, static_cast<const char*>(array.items) + std::size_t{i} * array.stride,
                sizeof larger.item);
    larger.item.size = sizeof larger;
  }
  return {items->data(), array.count, sizeof(Larger<Item>)};
}

NewerRequest::NewerRequest(const docker::Request& request) : lent_(request), raw_() {
  constexpr std::uint32_t kNewFlag = 1U << 30U;
  raw_.request = lent_.raw();
  raw_.request.size = sizeof raw_;
  raw_.request.flags |= kNewFlag;
  raw_.request.effects = Enlarge(lent_.raw().effects, &effects_);
  raw_.request.options = Enlarge(lent_.raw().options, &options_);
  for (Larger<sdp_effect>& effect : effects_) {
    for (sdp_string sdp_effect::*field :
         {&sdp_effect::subject, &sdp_effect::name, &sdp_effect::target, &sdp_effect::options, &sdp_effect::resolved}) {
      sdp_string& text = effect.item.*field;
      text.data = text.size == 0 ? nullptr : text.data;
    }
  }
  if (!effects_.empty()) {
    effects_.back().item.kind = SDP_EFFECT_KIND_COUNT + 7;
    effects_.front().item.flags |= kNewFlag;
    effects_.front().item.evidence = nullptr;
  }
}

}  // namespace safe_docker::conformance
