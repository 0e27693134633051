// The programs below docker: ctr and crictl (containerd), runc and its like, buildctl (BuildKit), and nsenter, which
// needs none of them. What only looks is no request. What is known well enough to be asked about counts as read; the
// rest does not.
#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "docker/clients/raw_engine.hpp"
#include "docker/csv.hpp"
#include "docker/effects.hpp"
#include "fixed_text.hpp"

namespace safe_docker::docker {
namespace {

// ---- Tables ------------------------------------------------------------------------------------------------------

struct ToolFlag {
  FixedText<32> names;  // "--namespace -n"
  bool takes_value;
  void (*add)(std::string_view value, const Evidence& evidence, Request* request) = nullptr;
};

enum class Use : std::uint8_t {
  kLooks,  // nothing happens
  kKnown,  // what happens is said by its words
  kRun,    // what happens is said by its flags
};

struct ToolCommand {
  FixedText<24> words;  // "images ls"
  Use use;
  std::span<const ToolFlag> flags = {};
};

struct Tool {
  std::string_view name;
  std::span<const ToolFlag> flags;  // in front of the command
  std::span<const ToolCommand> commands;
};

template <const char* kOption>
void GiveOption(std::string_view value, const Evidence& evidence, Request* request) {
  AddOptionEffects(kOption, value, evidence, request);
}
constexpr char kPrivileged[] = "privileged", kCapAdd[] = "cap-add", kDevice[] = "device", kRuntime[] = "runtime",
               kOutput[] = "output";

void ShareNetwork(std::string_view /*value*/, const Evidence& evidence, Request* request) {
  AddEffect(SDP_EFFECT_JOIN_NAMESPACE, "host", "network", evidence, request);
}

// pid:/proc/1/ns/pid
void ShareNamespace(std::string_view value, const Evidence& evidence, Request* request) {
  AddEffect(SDP_EFFECT_JOIN_NAMESPACE, "host", value.substr(0, value.find(':')), evidence, request);
}

void AddPath(sdp_effect_kind kind, std::string_view path, std::string_view name, std::string_view target,
             const Evidence& evidence, Request* request) {
  AddOpenedPath(kind, path, name, evidence, request);
  request->effects.back().target = target;
}

// type=bind,src=/etc,dst=/x,options=rbind:ro
void AddToolMount(std::string_view value, const Evidence& evidence, Request* request) {
  const std::optional<std::vector<KeyValue>> fields = ReadCsvKeyValues(value);
  std::string source, target, options, type;
  for (const KeyValue& field : fields ? *fields : std::vector<KeyValue>()) {
    source = field.key == "src" || field.key == "source" ? field.value : source;
    target = field.key == "dst" || field.key == "destination" ? field.value : target;
    options = field.key == "options" ? field.value : options;
    type = field.key == "type" ? field.value : type;
  }
  if (source.empty() || !IsKnown(value) || (type != "bind" && !source.starts_with('/'))) {
    AddUnknown("a mount that is not understood", "it may mean access to the host", evidence, request);
    return;
  }
  std::replace(options.begin(), options.end(), ':', ',');
  AddPath(SDP_EFFECT_MOUNT_HOST_PATH, source, "bind", target, evidence, request);
  Effect& effect = request->effects.back();
  effect.options = options;
  const bool is_read_only = ("," + options + ",").find(",ro,") != std::string::npos;
  effect.flags |= is_read_only ? static_cast<std::uint32_t>(SDP_EFFECT_READ_ONLY) : 0U;
}

void ReadFile(std::string_view value, const Evidence& evidence, Request* request) {
  AddPath(SDP_EFFECT_READ_HOST_PATH, value, "input", "", evidence, request);
}

// --local NAME=PATH
void ReadNamedFolder(std::string_view value, const Evidence& evidence, Request* request) {
  const std::size_t equals = value.find('=');
  AddPath(SDP_EFFECT_READ_HOST_PATH, equals == std::string_view::npos ? value : value.substr(equals + 1),
          "build context", "", evidence, request);
}

template <const char* kFlag>
void GiveBuildFlag(std::string_view value, const Evidence& evidence, Request* request) {
  const std::optional<Command> build = Command::Find("buildx build");
  const std::optional<Flag> flag = build ? build->FindFlag(kFlag) : std::nullopt;
  if (flag) {
    AddFlagEffects(*flag, value, evidence, request);
  } else {
    AddUnknown("the option --" + std::string(kFlag), "docker does not know it", evidence, request);
  }
}
constexpr char kAllow[] = "allow", kSecret[] = "secret", kSsh[] = "ssh", kCacheFrom[] = "cache-from",
               kCacheTo[] = "cache-to";

constexpr ToolFlag kCtrFlags[] = {{"--namespace -n", true},
                                  {"--address -a", true},
                                  {"--timeout", true},
                                  {"--connect-timeout", true},
                                  {"--debug", false}};
constexpr ToolFlag kCtrRunFlags[] = {{"--rm", false},
                                     {"--tty -t", false},
                                     {"--detach -d", false},
                                     {"--null-io", false},
                                     {"--env", true},
                                     {"--label", true},
                                     {"--cwd", true},
                                     {"--hostname", true},
                                     {"--user -u", true},
                                     {"--read-only", false},
                                     {"--memory-limit", true},
                                     {"--cpus", true},
                                     {"--platform", true},
                                     {"--pid-file", true, nullptr},
                                     {"--snapshotter", true},
                                     {"--privileged", false, &GiveOption<kPrivileged>},
                                     {"--net-host", false, &ShareNetwork},
                                     {"--mount", true, &AddToolMount},
                                     {"--device", true, &GiveOption<kDevice>},
                                     {"--cap-add", true, &GiveOption<kCapAdd>},
                                     {"--with-ns", true, &ShareNamespace},
                                     {"--runtime", true, &GiveOption<kRuntime>},
                                     {"--env-file", true, &ReadFile}};
constexpr ToolCommand kCtrCommands[] = {{"version", Use::kLooks},
                                        {"info", Use::kLooks},
                                        {"events", Use::kLooks},
                                        {"event", Use::kLooks},
                                        {"help", Use::kLooks},
                                        {"h", Use::kLooks},
                                        {"plugins ls", Use::kLooks},
                                        {"plugins list", Use::kLooks},
                                        {"plugin ls", Use::kLooks},
                                        {"plugin list", Use::kLooks},
                                        {"images ls", Use::kLooks},
                                        {"images list", Use::kLooks},
                                        {"images check", Use::kLooks},
                                        {"image ls", Use::kLooks},
                                        {"image list", Use::kLooks},
                                        {"i ls", Use::kLooks},
                                        {"i list", Use::kLooks},
                                        {"containers ls", Use::kLooks},
                                        {"containers list", Use::kLooks},
                                        {"containers info", Use::kLooks},
                                        {"container ls", Use::kLooks},
                                        {"container list", Use::kLooks},
                                        {"container info", Use::kLooks},
                                        {"c ls", Use::kLooks},
                                        {"c list", Use::kLooks},
                                        {"c info", Use::kLooks},
                                        {"tasks ls", Use::kLooks},
                                        {"tasks list", Use::kLooks},
                                        {"tasks ps", Use::kLooks},
                                        {"tasks metrics", Use::kLooks},
                                        {"task ls", Use::kLooks},
                                        {"task list", Use::kLooks},
                                        {"task ps", Use::kLooks},
                                        {"task metrics", Use::kLooks},
                                        {"t ls", Use::kLooks},
                                        {"t ps", Use::kLooks},
                                        {"snapshots ls", Use::kLooks},
                                        {"snapshots list", Use::kLooks},
                                        {"snapshots tree", Use::kLooks},
                                        {"snapshots info", Use::kLooks},
                                        {"snapshots usage", Use::kLooks},
                                        {"snapshot ls", Use::kLooks},
                                        {"namespaces ls", Use::kLooks},
                                        {"namespaces list", Use::kLooks},
                                        {"namespace ls", Use::kLooks},
                                        {"namespace list", Use::kLooks},
                                        {"ns ls", Use::kLooks},
                                        {"ns list", Use::kLooks},
                                        {"leases ls", Use::kLooks},
                                        {"leases list", Use::kLooks},
                                        {"content ls", Use::kLooks},
                                        {"content list", Use::kLooks},
                                        {"deprecations list", Use::kLooks},
                                        {"images pull", Use::kKnown},
                                        {"image pull", Use::kKnown},
                                        {"i pull", Use::kKnown},
                                        {"images tag", Use::kKnown},
                                        {"images rm", Use::kKnown},
                                        {"images remove", Use::kKnown},
                                        {"image rm", Use::kKnown},
                                        {"i rm", Use::kKnown},
                                        {"images push", Use::kKnown},
                                        {"containers rm", Use::kKnown},
                                        {"container rm", Use::kKnown},
                                        {"c rm", Use::kKnown},
                                        {"containers delete", Use::kKnown},
                                        {"tasks kill", Use::kKnown},
                                        {"task kill", Use::kKnown},
                                        {"t kill", Use::kKnown},
                                        {"tasks rm", Use::kKnown},
                                        {"task rm", Use::kKnown},
                                        {"tasks pause", Use::kKnown},
                                        {"tasks resume", Use::kKnown},
                                        {"run", Use::kRun, kCtrRunFlags}};

constexpr ToolFlag kCrictlFlags[] = {{"--config -c", true},
                                     {"--runtime-endpoint -r", true},
                                     {"--image-endpoint -i", true},
                                     {"--timeout -t", true},
                                     {"--debug -D", false}};
constexpr ToolCommand kCrictlCommands[] = {
    {"version", Use::kLooks},  {"info", Use::kLooks},    {"images", Use::kLooks},   {"image", Use::kLooks},
    {"img", Use::kLooks},      {"inspect", Use::kLooks}, {"inspecti", Use::kLooks}, {"inspectp", Use::kLooks},
    {"ps", Use::kLooks},       {"pods", Use::kLooks},    {"logs", Use::kLooks},     {"stats", Use::kLooks},
    {"statsp", Use::kLooks},   {"events", Use::kLooks},  {"event", Use::kLooks},    {"imagefsinfo", Use::kLooks},
    {"metricsp", Use::kLooks}, {"help", Use::kLooks},    {"h", Use::kLooks},        {"completion", Use::kLooks},
    {"pull", Use::kKnown},     {"rmi", Use::kKnown},     {"rm", Use::kKnown},       {"rmp", Use::kKnown},
    {"stop", Use::kKnown},     {"stopp", Use::kKnown},   {"start", Use::kKnown}};

constexpr ToolFlag kRuncFlags[] = {{"--root -root", true},      {"--log -log", true}, {"--log-format", true},
                                   {"--log-level", true},       {"--criu", true},     {"--debug -debug", false},
                                   {"--systemd-cgroup", false}, {"--rootless", true}};
constexpr ToolCommand kRuncCommands[] = {
    {"list", Use::kLooks},   {"ls", Use::kLooks},       {"ps", Use::kLooks},     {"state", Use::kLooks},
    {"events", Use::kLooks}, {"features", Use::kLooks}, {"help", Use::kLooks},   {"h", Use::kLooks},
    {"kill", Use::kKnown},   {"pause", Use::kKnown},    {"resume", Use::kKnown}, {"delete", Use::kKnown},
};

constexpr ToolFlag kBuildctlFlags[] = {{"--addr", true},      {"--timeout", true}, {"--tlsservername", true},
                                       {"--tlscacert", true}, {"--tlscert", true}, {"--tlskey", true},
                                       {"--tlsdir", true},    {"--debug", false},  {"--wait", false}};
constexpr ToolFlag kBuildctlBuildFlags[] = {{"--frontend", true},
                                            {"--opt", true},
                                            {"--progress", true},
                                            {"--no-cache", false},
                                            {"--trace", true},
                                            {"--metadata-file", true},
                                            {"--local", true, &ReadNamedFolder},
                                            {"--output -o", true, &GiveBuildFlag<kOutput>},
                                            {"--allow", true, &GiveBuildFlag<kAllow>},
                                            {"--secret", true, &GiveBuildFlag<kSecret>},
                                            {"--ssh", true, &GiveBuildFlag<kSsh>},
                                            {"--import-cache", true, &GiveBuildFlag<kCacheFrom>},
                                            {"--export-cache", true, &GiveBuildFlag<kCacheTo>}};
constexpr ToolCommand kBuildctlCommands[] = {
    {"du", Use::kLooks},
    {"debug workers", Use::kLooks},
    {"debug info", Use::kLooks},
    {"debug histories", Use::kLooks},
    {"help", Use::kLooks},
    {"h", Use::kLooks},
    {"prune", Use::kKnown},
    {"prune-histories", Use::kKnown},
    {"build", Use::kRun, kBuildctlBuildFlags},
    {"b", Use::kRun, kBuildctlBuildFlags},
};

constexpr Tool kTools[] = {
    {"ctr", kCtrFlags, kCtrCommands},
    {"docker-containerd-ctr", kCtrFlags, kCtrCommands},
    {"microk8s.ctr", kCtrFlags, kCtrCommands},
    {"crictl", kCrictlFlags, kCrictlCommands},
    {"runc", kRuncFlags, kRuncCommands},
    {"docker-runc", kRuncFlags, kRuncCommands},
    {"crun", kRuncFlags, kRuncCommands},
    {"runsc", kRuncFlags, kRuncCommands},
    {"youki", kRuncFlags, kRuncCommands},
    {"kata-runtime", kRuncFlags, kRuncCommands},
    {"buildctl", kBuildctlFlags, kBuildctlCommands},
};

// ---- Reading -----------------------------------------------------------------------------------------------------

// True if `name` is one of the names of `flag`.
bool IsNamed(const ToolFlag& flag, std::string_view name) {
  std::string_view names = flag.names;
  while (!names.empty()) {
    const std::size_t end = names.find(' ');
    if (names.substr(0, end) == name) {
      return true;
    }
    names = end == std::string_view::npos ? std::string_view{} : names.substr(end + 1);
  }
  return false;
}

bool AsksForHelp(const Word& word) {
  return word.text == "--help" || word.text == "-h" || word.text == "--version" || word.text == "-v";
}

// True if the word behind a command asks for help and is the last.
bool IsHelpFor(const std::vector<Word>& words, std::size_t at) {
  return at + 1 == words.size() && (words[at].text == "--help" || words[at].text == "-h");
}

// A flag with its value, as it stands at `*at`, which moves to its last word. False if it is not known.
struct GivenFlag {
  const ToolFlag* flag = nullptr;
  std::string value;
  std::string written;
};

GivenFlag ReadFlag(std::span<const ToolFlag> flags, const std::vector<Word>& words, std::size_t* at) {
  const Word& word = words[*at];
  const std::size_t equals = word.text.find('=');
  std::string name = word.text.substr(0, equals);
  const auto find = [&](std::string_view wanted) {
    return std::find_if(flags.begin(), flags.end(), [&](const ToolFlag& flag) { return IsNamed(flag, wanted); });
  };
  auto flag = find(name);
  if (flag == flags.end() && name.starts_with('-') && !name.starts_with("--")) {
    name.insert(0, "-");  // Go's own parser takes one dash for two
    flag = find(name);
  }
  if (flag == flags.end() || word.may_split) {
    return {};
  }
  GivenFlag given{&*flag, "true", word.written};
  if (equals != std::string::npos) {
    given.value = word.text.substr(equals + 1);
  } else if (flag->takes_value) {
    if (*at + 1 >= words.size()) {
      return {};
    }
    given.value = words[++*at].text;
    given.written += " " + words[*at].written;
  }
  return given;
}

// The words of the command at `at`, flags left out: "images ls alpine".
std::string CommandWords(const std::vector<Word>& words, std::size_t at, std::size_t most) {
  std::string text;
  for (std::size_t count = 0; at < words.size() && count < most && !words[at].text.starts_with('-'); ++at, ++count) {
    text += (text.empty() ? "" : " ") + words[at].text;
  }
  return text;
}

const ToolCommand* FindCommand(const Tool& tool, const std::vector<Word>& words, std::size_t at) {
  for (const std::size_t most : {std::size_t{2}, std::size_t{1}}) {
    const std::string text = CommandWords(words, at, most);
    const auto found = std::find_if(tool.commands.begin(), tool.commands.end(),
                                    [&text](const ToolCommand& command) { return command.words == text; });
    if (found != tool.commands.end()) {
      return &*found;
    }
  }
  return nullptr;
}

void Doubt(const Word& word, Request* request) {
  AddUnknown("the word '" + word.written + "' of " + request->program, "it may mean access to the host",
             EvidenceOf(word.written), request);
}

// Reads the flags of a command that runs something, and the image and command behind them.
void ReadRun(const ToolCommand& command, const std::vector<Word>& words, std::size_t at, Request* request) {
  for (; at < words.size() && words[at].text.starts_with('-'); ++at) {
    const Word& word = words[at];
    const GivenFlag given = ReadFlag(command.flags, words, &at);
    if (given.flag == nullptr) {
      Doubt(word, request);
    } else if (given.flag->add != nullptr && given.value != "false") {
      Evidence evidence;
      evidence.written = given.written;
      given.flag->add(given.value, evidence, request);
    }
  }
  if (command.words != "run") {
    for (; at < words.size(); ++at) {
      Doubt(words[at], request);
    }
    return;
  }
  if (at < words.size()) {
    AddImage(words[at].text, "run", EvidenceOf(words[at].written), request);
  }
  if (at + 2 < words.size()) {
    AddEffect(SDP_EFFECT_RUN_COMMAND, JoinWords(words, at + 2), "", EvidenceOf(words[at + 2].written), request);
  }
}

// ---- nsenter -----------------------------------------------------------------------------------------------------

struct EnterFlag {
  char letter;
  std::string_view name;
  std::string_view space;  // the namespace that it enters; empty if none
  enum class Value : std::uint8_t { kNone, kMaybe, kAlways } value;
};
using Value = EnterFlag::Value;
constexpr EnterFlag kEnterFlags[] = {
    {'a', "all", "all", Value::kNone},
    {'t', "target", "", Value::kAlways},
    {'m', "mount", "mount", Value::kMaybe},
    {'u', "uts", "uts", Value::kMaybe},
    {'i', "ipc", "ipc", Value::kMaybe},
    {'n', "net", "network", Value::kMaybe},
    {'N', "net-socket", "network", Value::kAlways},
    {'p', "pid", "pid", Value::kMaybe},
    {'C', "cgroup", "cgroupns", Value::kMaybe},
    {'U', "user", "userns", Value::kMaybe},
    {'T', "time", "time", Value::kMaybe},
    {'r', "root", "mount", Value::kMaybe},
    {'w', "wd", "mount", Value::kMaybe},
    {'W', "wdns", "mount", Value::kMaybe},
    {'S', "setuid", "", Value::kAlways},
    {'G', "setgid", "", Value::kAlways},
    {'F', "no-fork", "", Value::kNone},
    {'c', "join-cgroup", "cgroupns", Value::kNone},
    {'e', "env", "", Value::kNone},
    {'Z', "follow-context", "", Value::kNone},
    {'\0', "preserve-credentials", "", Value::kNone},
    {'\0', "keep-caps", "", Value::kNone},
    {'\0', "user-parent", "userns", Value::kNone},
};

const EnterFlag* FindEnterFlag(std::string_view name) {
  const EnterFlag* found = nullptr;
  for (const EnterFlag& flag : kEnterFlags) {
    if (flag.name == name) {
      return &flag;
    }
    found = flag.name.starts_with(name) && found == nullptr ? &flag : found;
  }
  return found;
}

const EnterFlag* FindEnterLetter(char letter) {
  const auto* found = std::find_if(std::begin(kEnterFlags), std::end(kEnterFlags),
                                   [letter](const EnterFlag& flag) { return flag.letter == letter && letter != '\0'; });
  return found != std::end(kEnterFlags) ? found : nullptr;
}

// Whoever is entered is a process of the host, whatever its number.
void Enter(const EnterFlag& flag, const Word& word, Request* request) {
  constexpr std::array<std::string_view, 4> kAll = {"mount", "pid", "network", "ipc"};
  if (flag.space == "all") {
    for (const std::string_view space : kAll) {
      AddEffect(SDP_EFFECT_JOIN_NAMESPACE, "host", space, EvidenceOf(word.written), request);
    }
  } else if (!flag.space.empty()) {
    AddEffect(SDP_EFFECT_JOIN_NAMESPACE, "host", flag.space, EvidenceOf(word.written), request);
  }
}

// Reads one word of options; true if the next word is the value of its last.
bool ReadEnterWord(const Word& word, Request* request) {
  const std::string_view text = word.text;
  if (text.starts_with("--")) {
    const std::size_t equals = text.find('=');
    const EnterFlag* flag = FindEnterFlag(text.substr(2, equals == std::string_view::npos ? equals : equals - 2));
    if (flag == nullptr) {
      Doubt(word, request);
      return false;
    }
    Enter(*flag, word, request);
    return flag->value == Value::kAlways && equals == std::string_view::npos;
  }
  for (std::size_t index = 1; index < text.size(); ++index) {
    const EnterFlag* flag = FindEnterLetter(text[index]);
    if (flag == nullptr) {
      Doubt(word, request);
      return false;
    }
    Enter(*flag, word, request);
    if (flag->value != Value::kNone) {
      // The rest of the word is the value.
      return flag->value == Value::kAlways && index + 1 == text.size();
    }
  }
  return false;
}

}  // namespace

bool IsContainerTool(std::string_view name) {
  return std::any_of(std::begin(kTools), std::end(kTools), [name](const Tool& tool) { return tool.name == name; });
}

std::vector<Request> ReadContainerTool(const CommandLine& line) {
  const std::string_view name = BaseName(line.words[0].text);
  const auto* tool =
      std::find_if(std::begin(kTools), std::end(kTools), [name](const Tool& row) { return row.name == name; });
  const std::vector<Word>& words = line.words;
  Request request = StartRequest(line, BaseName(line.words[0].text));
  std::size_t at = 1;
  for (; at < words.size() && words[at].text.starts_with('-') && !AsksForHelp(words[at]); ++at) {
    const Word& word = words[at];
    if (ReadFlag(tool->flags, words, &at).flag == nullptr) {
      Doubt(word, &request);
    }
  }
  if (request.effects.empty() && (at == words.size() || AsksForHelp(words[at]))) {
    return {};
  }
  const ToolCommand* command = FindCommand(*tool, words, at);
  const std::size_t count =
      command == nullptr || command->words.view().find(' ') == std::string_view::npos ? 1 : std::size_t{2};
  const bool looks = (command != nullptr && command->use == Use::kLooks) || IsHelpFor(words, at + count);
  if (looks && request.effects.empty()) {
    return {};
  }
  if (command == nullptr) {
    AddUnknown("what " + request.program + " does there", "it may mean access to the host", request.evidence, &request);
  } else if (command->use == Use::kRun) {
    ReadRun(*command, words, at + count, &request);
  }
  AddRawEngine(command == nullptr ? CommandWords(words, at, 2) : std::string(command->words), request.evidence,
               &request);
  return {std::move(request)};
}

std::vector<Request> ReadBundledTool(const CommandLine& line) {
  for (std::size_t at = 1; at < line.words.size(); ++at) {
    const std::string& text = line.words[at].text;
    if (text == "ctr" || text == "crictl") {
      CommandLine inner = line;
      inner.words.erase(inner.words.begin(), inner.words.begin() + static_cast<std::ptrdiff_t>(at));
      return ReadContainerTool(inner);
    }
    // A word behind an option may be its value.
    if (!text.starts_with('-') && !line.words[at - 1].text.starts_with('-')) {
      break;
    }
  }
  return {};
}

std::vector<Request> ReadNsenter(const CommandLine& line) {
  const std::vector<Word>& words = line.words;
  if (words.size() == 2 &&
      (words[1].text == "--help" || words[1].text == "--version" || words[1].text == "-h" || words[1].text == "-V")) {
    return {};
  }
  Request request = StartRequest(line, BaseName(line.words[0].text));
  std::size_t at = 1;
  for (; at < words.size() && (words[at].text.starts_with('-') || words[at].may_split); ++at) {
    if (words[at].text == "--") {
      ++at;
      break;
    }
    if (words[at].may_split) {
      Doubt(words[at], &request);
    } else if (ReadEnterWord(words[at], &request)) {
      ++at;
    }
  }
  const std::string inner = JoinWords(words, std::min(at, words.size()));
  if (!inner.empty()) {
    AddEffect(SDP_EFFECT_RUN_COMMAND, inner, "", request.evidence, &request);
  }
  AddRawEngine(inner, request.evidence, &request);
  return {std::move(request)};
}

}  // namespace safe_docker::docker
