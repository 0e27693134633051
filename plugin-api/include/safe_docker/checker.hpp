// The C++ side of safe-docker's plugin contract: thin, header-only views over <safe_docker/plugin.h>, which has the
// rules on ownership, threads and errors. A checker is a class with Create and Check (an expander has Expand), named in
// SAFE_DOCKER_PLUGIN at the end of its one source file.
//
// Nothing here needs the C++ runtime library, so a checker that does without std::string and exceptions can be linked
// without libstdc++ and loads in half the time. One that uses them links them statically; both work.
#ifndef SAFE_DOCKER_CHECKER_HPP
#define SAFE_DOCKER_CHECKER_HPP

#include <safe_docker/plugin.h>

#include <cstdlib>
#include <cstring>
#include <iterator>
#include <new>
#include <string_view>

namespace safe_docker::plugin {

constexpr std::string_view View(sdp_string text) {
  return text.size == 0 ? std::string_view{} : std::string_view{text.data, text.size};
}

constexpr sdp_string Text(std::string_view text) { return {text.data(), text.size()}; }

// False if the text holds a part that nobody can know before the command runs.
constexpr bool IsKnown(std::string_view text) { return text.find('\0') == std::string_view::npos; }

// Like std::string_view::substr, but a position behind the end gives nothing instead of throwing.
constexpr std::string_view Slice(std::string_view text, std::size_t position,
                                 std::size_t count = std::string_view::npos) {
  if (position >= text.size()) {
    return {};
  }
  const std::size_t rest = text.size() - position;
  return {text.data() + position, count < rest ? count : rest};
}

// std::string_view has these as well, but unless they are optimised away they need the C++ runtime library.
constexpr bool StartsWith(std::string_view text, std::string_view start) {
  return Slice(text, 0, start.size()) == start;
}
constexpr bool StartsWith(std::string_view text, char start) { return !text.empty() && text.front() == start; }
constexpr bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && Slice(text, text.size() - end.size()) == end;
}
constexpr bool EndsWith(std::string_view text, char end) { return !text.empty() && text.back() == end; }

// True if `path` is `folder` or lies below it. Both absolute and clean; compared by component, so that "/data" does not
// contain "/database". Every path lies within "/".
constexpr bool IsWithin(std::string_view path, std::string_view folder) {
  while (!folder.empty() && folder.back() == '/') {
    folder.remove_suffix(1);
  }
  return StartsWith(path, folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

constexpr char ToLower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

// True if the texts differ in the case of ASCII letters at most.
constexpr bool EqualIgnoringCase(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) {
    return false;
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (ToLower(left[i]) != ToLower(right[i])) {
      return false;
    }
  }
  return true;
}

// Takes the text before the next `separator` off the front of `rest`, and the separator with it. Empty parts count; the
// last part is all that is left.
constexpr std::string_view NextPart(std::string_view* rest, char separator) {
  const std::size_t end = rest->find(separator);
  const std::string_view part = Slice(*rest, 0, end);
  *rest = end == std::string_view::npos ? std::string_view{} : Slice(*rest, end + 1);
  return part;
}

// The items of an sdp_array, each seen through View_. Steps by the array's stride, so an older plugin can read the
// larger structs of a newer host.
template <typename Raw, typename Item>
class List {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Item;
    using difference_type = std::ptrdiff_t;
    using pointer = const Item*;
    using reference = Item;

    Iterator(const char* at, std::uint32_t stride) : at_(at), stride_(stride) {}
    Item operator*() const { return Item(*static_cast<const Raw*>(static_cast<const void*>(at_))); }
    Iterator& operator++() {
      at_ += stride_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    const char* at_;
    std::uint32_t stride_;
  };

  explicit List(const sdp_array& array) : array_(array) {}
  Iterator begin() const { return {static_cast<const char*>(array_.items), array_.stride}; }
  Iterator end() const {
    return {static_cast<const char*>(array_.items) + static_cast<std::size_t>(array_.count) * array_.stride,
            array_.stride};
  }
  std::uint32_t size() const { return array_.count; }
  bool empty() const { return array_.count == 0; }

 private:
  const sdp_array& array_;
};

// A string item of a List.
class Word {
 public:
  explicit Word(const sdp_string& raw) : text_(View(raw)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): a word is its text
  operator std::string_view() const { return text_; }

 private:
  std::string_view text_;
};

// One option of the command line, as docker's parser sees it.
class Option {
 public:
  explicit Option(const sdp_option& raw) : raw_(&raw) {}
  std::string_view name() const { return View(raw_->name); }
  std::string_view value() const { return View(raw_->value); }
  std::string_view written() const { return View(raw_->written); }

 private:
  const sdp_option* raw_;
};

// One effect. What the fields mean depends on kind(); see sdp_effect_kind.
class Effect {
 public:
  explicit Effect(const sdp_effect& raw) : raw_(&raw) {}
  sdp_effect_kind kind() const { return raw_->kind; }
  std::string_view subject() const { return View(raw_->subject); }
  std::string_view name() const { return View(raw_->name); }
  std::string_view target() const { return View(raw_->target); }
  std::string_view options() const { return View(raw_->options); }
  std::string_view resolved() const { return View(raw_->resolved); }
  bool Is(std::uint32_t flag) const { return (raw_->flags & flag) != 0; }
  const sdp_evidence* evidence() const { return raw_->evidence; }
  // The words or the setting that say so.
  std::string_view written() const {
    return raw_->evidence == nullptr ? std::string_view{} : View(raw_->evidence->written);
  }
  const sdp_effect& raw() const { return *raw_; }

 private:
  const sdp_effect* raw_;
};

// One request. Valid during the call that it was handed to.
class Request {
 public:
  explicit Request(const sdp_request& raw) : raw_(&raw) {}
  std::string_view program() const { return View(raw_->program); }
  std::string_view command() const { return View(raw_->command); }
  std::string_view cwd() const { return View(raw_->cwd); }
  std::string_view home() const { return View(raw_->home); }
  std::string_view engine() const { return View(raw_->engine); }
  std::string_view source() const { return View(raw_->source); }
  bool Is(std::uint32_t flag) const { return (raw_->flags & flag) != 0; }
  List<sdp_option, Option> options() const { return List<sdp_option, Option>(raw_->options); }
  List<sdp_string, Word> arguments() const { return List<sdp_string, Word>(raw_->arguments); }
  List<sdp_effect, Effect> effects() const { return List<sdp_effect, Effect>(raw_->effects); }
  const sdp_evidence* evidence() const { return raw_->evidence; }
  const sdp_request& raw() const { return *raw_; }

 private:
  const sdp_request* raw_;
};

// A text put together from parts; owns its bytes. Runs out of memory by ending the process, which the host answers with
// a deny.
class Message {
 public:
  template <typename... Parts>
  explicit Message(const Parts&... parts) {
    const std::string_view views[] = {std::string_view(parts)...};
    for (std::string_view part : views) {
      size_ += part.size();
    }
    data_ = static_cast<char*>(std::malloc(size_ + 1));
    if (data_ == nullptr) {
      std::abort();
    }
    char* end = data_;
    for (std::string_view part : views) {
      if (!part.empty()) {
        std::memcpy(end, part.data(), part.size());
        end += part.size();
      }
    }
  }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;
  ~Message() { std::free(data_); }

  // NOLINTNEXTLINE(google-explicit-constructor): reads as its text
  operator std::string_view() const { return {data_, size_}; }

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
};

// A list of texts that owns its bytes, for what has to outlive a call. Runs out of memory like Message.
class Texts {
 public:
  Texts() = default;
  Texts(const Texts&) = delete;
  Texts& operator=(const Texts&) = delete;
  ~Texts() { Clear(); }

  void Add(std::string_view text) {
    auto* items = static_cast<std::string_view*>(std::realloc(items_, (size_ + 1) * sizeof *items_));
    auto* bytes = static_cast<char*>(std::malloc(text.size() + 1));
    if (items == nullptr || bytes == nullptr) {
      std::abort();
    }
    if (!text.empty()) {
      std::memcpy(bytes, text.data(), text.size());
    }
    items_ = items;
    new (static_cast<void*>(items_ + size_)) std::string_view(bytes, text.size());
    ++size_;
  }

  void Clear() {
    for (std::string_view item : *this) {
      std::free(const_cast<char*>(item.data()));
    }
    std::free(items_);
    items_ = nullptr;
    size_ = 0;
  }

  const std::string_view* begin() const { return items_; }
  const std::string_view* end() const { return items_ + size_; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  std::string_view* items_ = nullptr;
  std::size_t size_ = 0;
};

// Where a checker puts its findings, and where it says why it cannot go on. Texts are copied before a function returns.
// Valid during the call that it was handed to.
class Findings {
 public:
  explicit Findings(const sdp_finding_sink& sink) : sink_(&sink) {}

  // Reports `rule` (without the plugin's id) with the evidence of `effect`.
  void Report(std::string_view rule, sdp_decision decision, const Effect& effect, std::string_view message,
              std::string_view advice = {}) {
    Report(rule, decision, effect.evidence(), message, advice, &effect.raw());
  }

  // The same with the rule's decision in the standard profile.
  void Report(const sdp_rule& rule, const Effect& effect, std::string_view message, std::string_view advice = {}) {
    Report(View(rule.id), rule.standard, effect, message, advice);
  }

  // The same with any evidence; null means that of the request. `effect`: what it is about, if anything.
  void Report(std::string_view rule, sdp_decision decision, const sdp_evidence* evidence, std::string_view message,
              std::string_view advice = {}, const sdp_effect* effect = nullptr) {
    sdp_finding finding{};
    finding.size = sizeof finding;
    finding.decision = decision;
    finding.rule = Text(rule);
    finding.message = Text(message);
    finding.advice = Text(advice);
    finding.evidence = evidence;
    finding.effect = effect;
    if (sink_->report(sink_->context, &finding) != SDP_OK) {
      failed_ = true;
    }
  }

  // The running call has failed, and this is why. The host answers "deny".
  void Fail(std::string_view why) {
    failed_ = true;
    sink_->error(sink_->context, Text(why));
  }

  bool failed() const { return failed_; }

 private:
  const sdp_finding_sink* sink_;
  bool failed_ = false;
};

// Where an expander puts its requests: Begin, then Add and Option, then End. Each returns false if the host has taken
// nothing: what was said before counts all the same, and the host asks or denies about the rest. Texts are copied.
// Valid during the call that it was handed to.
class Requests {
 public:
  explicit Requests(const sdp_request_sink& sink) : sink_(&sink) {}

  // Starts a request for `command`, made by the `service` and the place that `evidence` names. Relative paths of
  // options count from `cwd`; an empty one means that of the request being expanded.
  bool Begin(std::string_view command, std::string_view cwd, const sdp_evidence& evidence) {
    sdp_request request{};
    request.size = sizeof request;
    request.origin = SDP_ORIGIN_COMPOSE;
    request.command = Text(command);
    request.cwd = Text(cwd);
    request.evidence = &evidence;
    return sink_->begin(sink_->context, &request) == SDP_OK;
  }

  bool Add(sdp_effect_kind kind, std::string_view subject, std::string_view name, const sdp_evidence& evidence,
           std::uint32_t flags = 0) {
    sdp_effect effect{};
    effect.size = sizeof effect;
    effect.kind = kind;
    effect.flags = flags;
    effect.subject = Text(subject);
    effect.name = Text(name);
    effect.evidence = &evidence;
    return Add(effect);
  }
  bool Add(const sdp_effect& effect) { return sink_->effect(sink_->context, &effect) == SDP_OK; }

  // The effects that `docker run --name=value` would have; in a request for "buildx build", those of `docker build`.
  bool Option(std::string_view name, std::string_view value, const sdp_evidence& evidence) {
    return sink_->option(sink_->context, Text(name), Text(value), &evidence) == SDP_OK;
  }

  bool End() { return sink_->end(sink_->context) == SDP_OK; }

  // A command line that the tool would run in `cwd`, between requests: `words` are `count` of them.
  bool Run(std::string_view cwd, const sdp_string* words, std::size_t count, const sdp_evidence& evidence) {
    const sdp_array array{words, static_cast<std::uint32_t>(count), sizeof(sdp_string)};
    return sink_->run(sink_->context, Text(cwd), array, &evidence) == SDP_OK;
  }

 private:
  const sdp_request_sink* sink_;
};

// The host's services. Texts that it gives back are valid until the running call returns, settings for ever.
class Host {
 public:
  explicit Host(const sdp_host& raw) : raw_(&raw) {}

  void Log(std::int32_t level, std::string_view message) const { raw_->log(raw_->context, level, Text(message)); }

  // SDP_OK, SDP_FAILED or SDP_UNKNOWN; see sdp_host.resolve_path.
  std::int32_t ResolvePath(std::string_view path, std::string_view base, sdp_path* result) const {
    *result = {};
    result->size = sizeof *result;
    return raw_->resolve_path(raw_->context, Text(path), Text(base), result);
  }

  // `path` is absolute, `limit` in bytes. SDP_OK; SDP_ABSENT; SDP_FAILED or SDP_UNKNOWN with the reason in `content`.
  std::int32_t ReadFile(std::string_view path, std::uint64_t limit, std::string_view* content) const {
    sdp_string text{};
    const std::int32_t status = raw_->read_file(raw_->context, Text(path), limit, &text);
    *content = View(text);
    return status;
  }

  // SDP_OK, SDP_ABSENT or SDP_UNKNOWN.
  std::int32_t Environment(std::string_view name, std::string_view* value) const {
    sdp_string text{};
    const std::int32_t status = raw_->environment(raw_->context, Text(name), &text);
    *value = View(text);
    return status;
  }

  // A boolean of the plugin's settings, or `fallback`.
  bool SettingFlag(std::string_view pointer, bool fallback) const {
    sdp_value value{};
    return Setting(pointer, &value) && value.kind == SDP_VALUE_BOOLEAN ? value.integer != 0 : fallback;
  }

  // A text of the plugin's settings, or `fallback`.
  std::string_view SettingText(std::string_view pointer, std::string_view fallback) const {
    sdp_value value{};
    return Setting(pointer, &value) && value.kind == SDP_VALUE_STRING ? View(value.text) : fallback;
  }

  // Number of items of a list in the plugin's settings; 0 if there is none.
  std::size_t SettingCount(std::string_view pointer) const {
    sdp_value value{};
    return Setting(pointer, &value) && value.kind == SDP_VALUE_LIST ? static_cast<std::size_t>(value.integer) : 0;
  }

  // Item `index` of a list of texts; empty if it is none.
  std::string_view SettingItem(std::string_view pointer, std::size_t index) const {
    char digits[20];
    std::size_t at = sizeof digits;
    do {
      digits[--at] = static_cast<char>('0' + index % 10);
      index /= 10;
    } while (index != 0);
    return SettingText(Message(pointer, "/", std::string_view(digits + at, sizeof digits - at)), {});
  }

  // Adds all items of a list of texts to `items`.
  void SettingList(std::string_view pointer, Texts* items) const {
    const std::size_t count = SettingCount(pointer);
    for (std::size_t i = 0; i < count; ++i) {
      items->Add(SettingItem(pointer, i));
    }
  }

  // Any setting by its JSON pointer ("/limits/0/name"); false if there is none.
  bool Setting(std::string_view pointer, sdp_value* value) const {
    value->size = sizeof *value;
    return raw_->setting(raw_->context, Text(pointer), value) == SDP_OK;
  }

  const sdp_host& raw() const { return *raw_; }

 private:
  const sdp_host* raw_;
};

// ---- A plugin's description: constants, so that the host can read them before it runs any code ----

template <typename Item, std::size_t kCount>
constexpr sdp_array ArrayOf(const Item (&items)[kCount]) {
  return {items, static_cast<std::uint32_t>(kCount), static_cast<std::uint32_t>(sizeof(Item))};
}

struct RuleText {
  std::string_view id, title, why, standards;
  std::string_view tags = {};
  std::uint32_t severity = SDP_SEVERITY_MEDIUM;
};

// A rule with a decision for each profile.
constexpr sdp_rule Rule(sdp_decision strict, sdp_decision standard, sdp_decision permissive, const RuleText& text) {
  return {
      sizeof(sdp_rule),     strict,          standard,      permissive, Text(text.id), Text(text.title), Text(text.why),
      Text(text.standards), Text(text.tags), text.severity, 0};
}

// A rule with the same decision in every profile.
constexpr sdp_rule Rule(sdp_decision decision, const RuleText& text) {
  return Rule(decision, decision, decision, text);
}

// The bit of one kind in sdp_description.effects.
constexpr std::uint64_t Bit(sdp_effect_kind kind) { return std::uint64_t{1} << kind; }

// ---- From the C entry points to the class ----

template <typename Class>
struct EntryPoints {
  // A plugin exists once in a process, so its object lives in the library: nothing is allocated.
  static Class* Storage() {
    alignas(Class) static unsigned char bytes[sizeof(Class)];
    return std::launder(reinterpret_cast<Class*>(bytes));
  }

  // Runs `body` and turns whatever it does into a status: no exception may leave a plugin.
  template <typename Body>
  static std::int32_t Guarded(const sdp_finding_sink* sink, const Body& body) noexcept {
    Findings findings(*sink);
#if defined(__cpp_exceptions)
    try {
      body(findings);
    } catch (...) {
      findings.Fail("an exception was thrown");
    }
#else
    body(findings);
#endif
    return findings.failed() ? SDP_FAILED : SDP_OK;
  }

  static std::int32_t Create(const sdp_host* host, const sdp_finding_sink* sink, void** self) noexcept {
    Class* object = nullptr;
    const std::int32_t status = Guarded(sink, [&](Findings& findings) {
      object = new (static_cast<void*>(Storage())) Class();
      object->Create(Host(*host), findings);
    });
    if (status != SDP_OK && object != nullptr) {
      object->~Class();  // the host ends only what was made
      object = nullptr;
    }
    *self = object;
    return status;
  }

  static std::int32_t Check(void* self, const sdp_request* request, const sdp_finding_sink* sink) noexcept {
    return Guarded(sink, [&](Findings& findings) {
      if constexpr (requires(Class & object) { object.Check(Request(*request), findings); }) {
        static_cast<Class*>(self)->Check(Request(*request), findings);
      }
    });
  }

  static std::int32_t Expand(void* self, const sdp_request* request, const sdp_request_sink* requests,
                             const sdp_finding_sink* sink) noexcept {
    return Guarded(sink, [&](Findings& findings) {
      if constexpr (requires(Class & object, Requests & made) { object.Expand(Request(*request), made, findings); }) {
        Requests made(*requests);
        static_cast<Class*>(self)->Expand(Request(*request), made, findings);
      }
    });
  }

  static void Destroy(void* self) noexcept { static_cast<Class*>(self)->~Class(); }

  // A class whose rules come from its settings has `const sdp_array* Rules() const`.
  static const void* Extension(void* self, const char* id) noexcept {
    if constexpr (requires(const Class& object) { object.Rules(); }) {
      if (std::strcmp(id, SDP_EXTENSION_RULES) == 0) {
        return static_cast<const Class*>(self)->Rules();
      }
    }
    return nullptr;
  }

  static constexpr sdp_plugin Plugin(const sdp_description* description) {
    constexpr bool kChecks = requires(Class & object, const Request& request, Findings& findings) {
      object.Check(request, findings);
    };
    constexpr bool kExpands = requires(Class & object, const Request& request, Requests& requests, Findings& findings) {
      object.Expand(request, requests, findings);
    };
    constexpr bool kHasRules = requires(const Class& object) { object.Rules(); };
    static_assert(kChecks || kExpands, "a plugin has Check(const Request&, Findings&) or Expand(...)");
    return {sizeof(sdp_plugin),
            SDP_ABI_MAJOR,
            SDP_ABI_MINOR,
            0,
            description,
            &Create,
            kChecks ? &Check : nullptr,
            kExpands ? &Expand : nullptr,
            &Destroy,
            kHasRules ? &Extension : nullptr};
  }
};

}  // namespace safe_docker::plugin

// Makes `Class`, described by the constant `description`, the plugin of this library. Stands once, outside of every
// namespace. The class has a constructor without arguments, `void Create(const Host&, Findings&)`, and one of
//   void Check(const Request&, Findings&)              or const
//   void Expand(const Request&, Requests&, Findings&)  or const
// or both; `const sdp_array* Rules() const` if rules come from its settings. The Host that Create gets a view of stays
// as long as the object: keep `&host.raw()`, or a copy of the view.
#define SAFE_DOCKER_PLUGIN(Class, description)                             \
  extern "C" SDP_EXPORT constinit const sdp_plugin safe_docker_plugin_v1 = \
      ::safe_docker::plugin::EntryPoints<Class>::Plugin(&(description))

#endif  // SAFE_DOCKER_CHECKER_HPP
