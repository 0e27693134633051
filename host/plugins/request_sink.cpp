#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "docker/effects.hpp"
#include "docker/requests.hpp"
#include "plugins/sinks.hpp"
#include "plugins/text.hpp"

namespace safe_docker::plugins {
namespace {

constexpr std::uint64_t Bit(sdp_effect_kind kind) { return std::uint64_t{1} << kind; }

// True if the subject of the effect is a host path.
bool IsPath(const docker::Effect& effect) {
  constexpr std::uint64_t kPaths = Bit(SDP_EFFECT_MOUNT_HOST_PATH) | Bit(SDP_EFFECT_READ_HOST_PATH) |
                                   Bit(SDP_EFFECT_WRITE_HOST_PATH) | Bit(SDP_EFFECT_DELETE_HOST_PATH);
  return (kPaths & Bit(effect.kind)) != 0 || (effect.kind == SDP_EFFECT_USE_DEVICE && effect.name == "device");
}

// Adds an effect whose path the expander leaves to the host to follow. A path that holds ".." may lead to two places,
// and then becomes two effects.
void AddFollowed(const docker::Effect& given, docker::Request* request) {
  constexpr std::uint32_t kFound = SDP_EFFECT_EXISTS | SDP_EFFECT_DIRECTORY | SDP_EFFECT_SOCKET;
  const std::size_t before = request->effects.size();
  docker::AddOpenedPath(given.kind, given.subject, given.name, given.evidence, request);
  for (docker::Effect& effect : std::span(request->effects).subspan(before)) {
    effect.target = given.target;
    effect.options = given.options;
    effect.flags |= given.flags & ~kFound;
  }
}

// Says of what a command line does where in a file it stands, and passes over the image that has no name.
void Place(const docker::Evidence& evidence, docker::Request* request) {
  std::erase_if(request->effects, [](const docker::Effect& effect) {
    return effect.kind == SDP_EFFECT_USE_IMAGE && effect.evidence.written.empty();
  });
  const auto place = [&evidence](docker::Evidence* own) {
    own->file = evidence.file;
    own->service = evidence.service;
    own->line = evidence.line;
    own->column = evidence.column;
  };
  place(&request->evidence);
  request->evidence.written = evidence.written;
  for (docker::Effect& effect : request->effects) {
    place(&effect.evidence);
  }
}

// Runs `body` as one call of a plugin into the host: nothing may be thrown through the plugin.
template <typename Sink, typename Body>
std::int32_t Guarded(Sink& sink, CallErrors* errors, const Body& body) noexcept {
  try {
    return body(sink);
  } catch (const std::exception&) {
    return errors->Violate("out of memory");
  }
}

}  // namespace

RequestSink::RequestSink(const docker::Request& parent, std::vector<docker::Request>* made)
    : parent_(parent), made_(made), raw_{sizeof raw_, 0, this, &Begin, &Effect, &Option, &End, &Run} {}

const CallErrors& RequestSink::Finish() {
  if (open_) {
    errors_.Violate("it began a request and did not end it");
  }
  return errors_;
}

bool RequestSink::MayGoOn(bool open) {
  if (errors_.violation.empty() && open_ != open) {
    errors_.Violate(open ? "it described a request before it began one" : "it began a request inside another");
  }
  return errors_.violation.empty();
}

std::int32_t RequestSink::Begin(void* context, const sdp_request* request) noexcept {
  RequestSink& self = *static_cast<RequestSink*>(context);
  return Guarded(self, &self.errors_, [request](RequestSink& sink) -> std::int32_t {
    if (!sink.MayGoOn(false)) {
      return SDP_FAILED;
    }
    if (request == nullptr || request->size < sizeof *request) {
      return sink.errors_.Violate("it began something that is no request");
    }
    return sink.BeginRequest(*request);
  });
}

std::int32_t RequestSink::BeginRequest(const sdp_request& raw) {
  if (++requests_ > kMostRequests) {
    return errors_.Violate("it made more than 10000 requests");
  }
  docker::Request request;
  std::optional<docker::Evidence> evidence = ReadEvidence(raw.evidence, parent_.evidence);
  if (!evidence || !ReadAll({{&raw.program, &request.program},
                             {&raw.command, &request.command},
                             {&raw.cwd, &request.cwd},
                             {&raw.home, &request.home},
                             {&raw.engine, &request.engine},
                             {&raw.source, &request.source}})) {
    return errors_.Violate("it began a request with a text that is null or too long");
  }
  request.evidence = std::move(*evidence);
  for (std::string docker::Request::*field :
       {&docker::Request::program, &docker::Request::command, &docker::Request::cwd, &docker::Request::home,
        &docker::Request::engine, &docker::Request::source}) {
    if ((request.*field).empty()) {
      request.*field = parent_.*field;
    }
  }
  request.origin = SDP_ORIGIN_COMPOSE;
  request.flags = raw.flags | parent_.flags;
  request.environment = parent_.environment;
  request.inputs = parent_.inputs;
  request.paths = parent_.paths;
  for (const docker::Effect& effect : parent_.effects) {
    if (effect.kind == SDP_EFFECT_USE_ENGINE) {
      request.effects.push_back(effect);
    }
  }
  current_ = std::move(request);
  open_ = true;
  return TakeWords(raw) ? SDP_OK : errors_.Violate("it began a request whose lists are malformed");
}

bool RequestSink::TakeWords(const sdp_request& raw) {
  if (!IsSound<sdp_option>(raw.options) || !IsSound<sdp_string>(raw.arguments) || !IsSound<sdp_effect>(raw.effects)) {
    return false;
  }
  for (std::uint32_t i = 0; i < raw.options.count; ++i) {
    const sdp_option& option = ItemAt<sdp_option>(raw.options, i);
    docker::Option& copy = current_.options.emplace_back();
    if (option.size < sizeof option ||
        !ReadAll({{&option.name, &copy.name}, {&option.value, &copy.value}, {&option.written, &copy.written}})) {
      return false;
    }
  }
  for (std::uint32_t i = 0; i < raw.arguments.count; ++i) {
    if (!ReadAll({{&ItemAt<sdp_string>(raw.arguments, i), &current_.arguments.emplace_back()}})) {
      return false;
    }
  }
  for (std::uint32_t i = 0; i < raw.effects.count; ++i) {
    if (TakeEffect(ItemAt<sdp_effect>(raw.effects, i)) != SDP_OK) {
      return false;
    }
  }
  return true;
}

std::int32_t RequestSink::Effect(void* context, const sdp_effect* effect) noexcept {
  RequestSink& self = *static_cast<RequestSink*>(context);
  return Guarded(self, &self.errors_, [effect](RequestSink& sink) -> std::int32_t {
    if (!sink.MayGoOn(true)) {
      return SDP_FAILED;
    }
    return effect == nullptr ? sink.errors_.Violate("it added an effect that is none") : sink.TakeEffect(*effect);
  });
}

std::int32_t RequestSink::TakeEffect(const sdp_effect& raw) {
  if (raw.size < sizeof raw || raw.kind == 0 || raw.kind >= SDP_EFFECT_KIND_COUNT) {
    return errors_.Violate("it added an effect of a kind that does not exist");
  }
  if (++effects_ > kMostEffects) {
    return errors_.Violate("it added more than 100000 effects");
  }
  docker::Effect effect;
  effect.kind = raw.kind;
  effect.flags = raw.flags;
  std::optional<docker::Evidence> evidence = ReadEvidence(raw.evidence, current_.evidence);
  if (!evidence || !ReadAll({{&raw.subject, &effect.subject},
                             {&raw.name, &effect.name},
                             {&raw.target, &effect.target},
                             {&raw.options, &effect.options},
                             {&raw.resolved, &effect.resolved}})) {
    return errors_.Violate("it added an effect with a text that is null or too long");
  }
  effect.evidence = std::move(*evidence);
  if (IsPath(effect) && effect.resolved.empty()) {
    AddFollowed(effect, &current_);
  } else {
    current_.effects.push_back(std::move(effect));
  }
  return SDP_OK;
}

std::int32_t RequestSink::Option(void* context, sdp_string name, sdp_string value,
                                 const sdp_evidence* evidence) noexcept {
  RequestSink& self = *static_cast<RequestSink*>(context);
  return Guarded(self, &self.errors_, [&](RequestSink& sink) -> std::int32_t {
    return sink.MayGoOn(true) ? sink.TakeOption(name, value, evidence) : std::int32_t{SDP_FAILED};
  });
}

std::int32_t RequestSink::TakeOption(sdp_string name, sdp_string value, const sdp_evidence* raw_evidence) {
  const std::optional<std::string_view> option = Read(name);
  const std::optional<std::string_view> text = Read(value);
  const std::optional<docker::Evidence> evidence = ReadEvidence(raw_evidence, current_.evidence);
  if (!option || !text || !evidence || option->empty()) {
    return errors_.Violate("it added an option with a text that is null or too long");
  }
  const std::size_t before = current_.effects.size();
  const bool valid = docker::AddOptionEffects(*option, *text, *evidence, &current_);
  if (!valid && current_.effects.size() == before) {  // what is refused is never passed over
    docker::Effect unknown;
    unknown.subject = "--" + std::string(*option) + "=" + std::string(*text);
    unknown.name = "docker would refuse it";
    unknown.evidence = *evidence;
    current_.effects.push_back(std::move(unknown));
  }
  effects_ += current_.effects.size() - before + 1;
  if (effects_ > kMostEffects) {
    return errors_.Violate("it added more than 100000 effects");
  }
  return valid ? SDP_OK : SDP_FAILED;
}

std::int32_t RequestSink::End(void* context) noexcept {
  RequestSink& self = *static_cast<RequestSink*>(context);
  return Guarded(self, &self.errors_, [](RequestSink& sink) -> std::int32_t {
    return sink.MayGoOn(true) ? sink.EndRequest() : std::int32_t{SDP_FAILED};
  });
}

std::int32_t RequestSink::Run(void* context, sdp_string cwd, sdp_array words, const sdp_evidence* evidence) noexcept {
  RequestSink& self = *static_cast<RequestSink*>(context);
  return Guarded(self, &self.errors_, [&](RequestSink& sink) -> std::int32_t {
    return sink.MayGoOn(false) ? sink.TakeCommandLine(cwd, words, evidence) : std::int32_t{SDP_FAILED};
  });
}

std::int32_t RequestSink::TakeCommandLine(sdp_string cwd, const sdp_array& words, const sdp_evidence* raw_evidence) {
  CommandLine line;
  line.environment = parent_.environment;
  line.source = parent_.source;
  const std::optional<docker::Evidence> evidence = ReadEvidence(raw_evidence, parent_.evidence);
  if (!evidence || !IsSound<sdp_string>(words) || words.count == 0 || !ReadAll({{&cwd, &line.cwd}})) {
    return errors_.Violate("it ran something that is no command line");
  }
  for (std::uint32_t i = 0; i < words.count; ++i) {
    Word& word = line.words.emplace_back();
    if (!ReadAll({{&ItemAt<sdp_string>(words, i), &word.text}})) {
      return errors_.Violate("it ran a word that is null or too long");
    }
    word.written = word.text;
  }
  for (docker::Request& request : docker::ReadCommandLine(line)) {
    Place(*evidence, &request);
    request.paths = parent_.paths;
    request.flags |= parent_.flags;
    requests_ += 1;
    effects_ += request.effects.size();
    made_->push_back(std::move(request));
  }
  return requests_ > kMostRequests || effects_ > kMostEffects ? errors_.Violate("it made too many requests")
                                                              : std::int32_t{SDP_OK};
}

std::int32_t RequestSink::EndRequest() {
  docker::HeedLinks(&current_);
  made_->push_back(std::move(current_));
  open_ = false;
  return SDP_OK;
}

}  // namespace safe_docker::plugins
