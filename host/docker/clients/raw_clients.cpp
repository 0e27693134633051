#include "docker/clients/raw_clients.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "docker/api/engine_api.hpp"
#include "docker/api/engine_path.hpp"
#include "docker/clients/raw_engine.hpp"
#include "docker/csv.hpp"
#include "docker/effects.hpp"
#include "docker/programs.hpp"
#include "docker/requests.hpp"

namespace safe_docker::docker {
namespace {

bool IsOneOf(std::string_view text, std::span<const std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

std::vector<Request> UnreadRequest(std::string_view endpoint, std::string_view subject, const Word& word,
                                   const CommandLine& line) {
  Request request = StartRequest(line, BaseName(line.words[0].text));
  AddUnreadEngine(subject, EvidenceOf(word.written), &request);
  if (!endpoint.empty()) {
    AddRawEndpoint(endpoint, "address", &request);
  }
  return {std::move(request)};
}

std::vector<Request> DoubtfulRequest(const Word& word, const CommandLine& line) {
  Request request = StartRequest(line, BaseName(line.words[0].text));
  AddUnknown("the socket that " + request.program + " talks to", "it may be docker's engine", EvidenceOf(word.written),
             &request);
  return {std::move(request)};
}

// ---- socat -------------------------------------------------------------------------------------------------------

// Quotes and backslashes mean to socat what they mean to a shell; blanks matter to nobody.
std::string WithoutQuotes(std::string_view text) {
  std::string plain(text);
  std::erase_if(plain, [](char letter) { return letter == '"' || letter == '\'' || letter == '\\'; });
  return plain;
}

struct SocatAddress {
  std::string type;  // in upper case; GOPEN for a bare path
  std::string value;
};

SocatAddress ReadSocatAddress(std::string_view text) {
  const std::string plain = WithoutQuotes(text);
  const std::size_t colon = plain.find(':');
  const std::size_t slash = plain.find('/');
  if (slash != std::string::npos && (colon == std::string::npos || slash < colon)) {
    return {"GOPEN", plain.substr(0, plain.find(','))};
  }
  SocatAddress address{ToUpper(Trim(plain.substr(0, colon))), ""};
  if (colon != std::string::npos) {
    const bool is_command = address.type == "EXEC" || address.type == "SYSTEM" || address.type == "SHELL";
    address.value = plain.substr(colon + 1);
    address.value = is_command ? address.value : address.value.substr(0, address.value.find(','));
  }
  return address;
}

// An address type ends in the protocol or in what is done with it: UNIX-CONNECT, ABSTRACT-CLIENT, TCP4-CONNECT.
bool IsLocalSocket(std::string_view type) {
  return type.starts_with("UNIX") || type.starts_with("LOCAL") || type.starts_with("ABSTRACT") || type == "GOPEN" ||
         type == "OPEN" || type == "FILE";
}

bool IsNetworkClient(std::string_view type) {
  const bool listens = type.find("LISTEN") != std::string_view::npos || type.ends_with("-L");
  return !listens && (type.starts_with("TCP") || type.starts_with("OPENSSL") || type.starts_with("SSL") ||
                      type.starts_with("SOCKS") || type.starts_with("PROXY"));
}

bool RunsEngineClient(const SocatAddress& address) {
  const std::string command = ToLower(address.value);
  return (address.type == "EXEC" || address.type == "SYSTEM" || address.type == "SHELL") &&
         (command.find("docker") != std::string::npos || command.find("podman") != std::string::npos ||
          command.find("nerdctl") != std::string::npos || command.find("containerd") != std::string::npos);
}

// The two halves of "READ!!WRITE".
std::vector<std::string_view> SplitDual(std::string_view text) {
  const std::size_t mark = text.find("!!");
  if (mark == std::string_view::npos) {
    return {text};
  }
  return {text.substr(0, mark), text.substr(mark + 2)};
}

std::vector<Request> ReadSocatWord(const Word& word, const CommandLine& line, PathResolver* paths) {
  for (const std::string_view half : SplitDual(word.text)) {
    const SocatAddress address = ReadSocatAddress(half);
    if (IsLocalSocket(address.type) && !address.value.empty()) {
      const SocketKind kind = JudgeSocket(address.value, line, paths);
      if (kind == SocketKind::kEngine) {
        return UnreadRequest("unix://" + address.value, "", word, line);
      }
      if (kind == SocketKind::kUnknown && address.type != "OPEN" && address.type != "FILE") {
        return DoubtfulRequest(word, line);
      }
    }
    if ((IsNetworkClient(address.type) && IsEngineAddress(address.value, line.environment)) ||
        RunsEngineClient(address)) {
      return UnreadRequest("", address.value, word, line);
    }
    if (address.type.find(kUnknownPart) != std::string::npos) {
      return DoubtfulRequest(word, line);
    }
  }
  return {};
}

std::vector<Request> ReadSocat(const CommandLine& line) {
  PathResolver paths;
  for (std::size_t index = 1; index < line.words.size(); ++index) {
    std::vector<Request> requests = ReadSocatWord(line.words[index], line, &paths);
    if (!requests.empty()) {
      return requests;
    }
  }
  return {};
}

// ---- nc ----------------------------------------------------------------------------------------------------------

bool HasLetter(const Word& word, char letter) {
  return word.text.size() > 1 && word.text[0] == '-' && word.text[1] != '-' &&
         word.text.find(letter) != std::string::npos;
}

// "-z", also between other switches: a port is looked at and nothing is sent.
bool IsProbe(const Word& word) {
  return HasLetter(word, 'z') && word.text.find_first_not_of("46dnrtuvz", 1) == std::string::npos;
}

// The command that `words[at]` has run for each connection; nothing if it is no such option. getopt takes as much of a
// long name as tells it apart.
std::optional<std::string> CommandAt(std::span<const Word> words, std::size_t at) {
  constexpr std::string_view kNames[] = {"--sh-exec", "--exec", "--lua-exec"};
  const std::string_view text = words[at].text;
  const std::string next = at + 1 < words.size() ? words[at + 1].text : "";
  const std::string_view name = text.substr(0, text.find('='));
  const bool is_long = text.starts_with("--");
  if (is_long && name.size() > 2 && std::any_of(std::begin(kNames), std::end(kNames), [name](std::string_view known) {
        return known.starts_with(name);
      })) {
    return name.size() == text.size() ? next : std::string(text.substr(name.size() + 1));
  }
  // The first of the letters has the rest for its value.
  const std::size_t letter = text.find_first_of("ce", 1);
  if (is_long || !text.starts_with('-') || letter == std::string_view::npos) {
    return std::nullopt;
  }
  return letter + 1 == text.size() ? next : std::string(text.substr(letter + 1));
}

// True if a command reaches an engine, or is put together only when it runs.
bool MayRunEngineClient(const std::string& command, const CommandLine& line, PathResolver* paths) {
  const std::string plain = ToLower(WithoutQuotes(command));
  const std::vector<std::string> names = ProgramNames();
  const bool is_named = NamesEngineTool(plain) || plain.find("docker") != std::string::npos ||
                        std::any_of(names.begin(), names.end(), [&plain](const std::string& name) {
                          return BaseName(plain.substr(0, plain.find(' '))) == name;
                        });
  return is_named || plain.find_first_of("$`*?[") != std::string::npos || !IsKnown(command) ||
         HoldsEngineSocket(WithoutQuotes(command), line, paths);
}

std::vector<Request> ReadNetcatCommands(const CommandLine& line, PathResolver* paths) {
  const auto words = std::span(line.words).subspan(1);
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::optional<std::string> command = CommandAt(words, at);
    if (command && MayRunEngineClient(*command, line, paths)) {
      return UnreadRequest("", *command, words[at], line);
    }
  }
  return {};
}

std::vector<Request> ReadNetcat(const CommandLine& line) {
  const auto words = std::span(line.words).subspan(1);
  const auto any = [&words](auto&& test) { return std::any_of(words.begin(), words.end(), test); };
  const bool is_local = any([](const Word& word) { return HasLetter(word, 'U') || word.text == "--unixsock"; });
  const bool only_probes = any(&IsProbe);
  PathResolver paths;
  std::vector<Request> doubtful = ReadNetcatCommands(line, &paths);
  if (!doubtful.empty()) {
    return doubtful;
  }
  std::string_view host;
  for (const Word& word : words) {
    if (is_local && word.text != "--unixsock") {
      // The path may hang on the letter.
      const std::size_t letter = HasLetter(word, 'U') ? word.text.find('U') + 1 : 0;
      const std::string path = word.text.substr(letter);
      const SocketKind kind = path.empty() ? SocketKind::kOther : JudgeSocket(path, line, &paths);
      if (kind == SocketKind::kEngine) {
        return UnreadRequest("unix://" + path, "", word, line);
      }
      if (kind == SocketKind::kUnknown) {
        doubtful = DoubtfulRequest(word, line);
      }
    }
    const std::string address = std::string(host) + ":" + word.text;
    if (!is_local && !only_probes && !host.empty() && IsEngineAddress(address, line.environment)) {
      return UnreadRequest("tcp://" + address, "", word, line);
    }
    host = word.text.starts_with('-') ? std::string_view{} : std::string_view(word.text);
  }
  return doubtful;
}

// ---- wget --------------------------------------------------------------------------------------------------------

// What wget may be told without changing what it asks for.
bool IsHarmlessWgetOption(std::string_view text) {
  constexpr std::array<std::string_view, 14> kHarmless = {"-q",  "--quiet",   "-nv",  "--no-verbose", "-S",
                                                          "-O-", "-O",        "-qO-", "-qO",          "-",
                                                          "-v",  "--verbose", "-d",   "--no-proxy"};
  constexpr std::array<std::string_view, 4> kPrefixes = {"--timeout=", "--tries=", "-T", "-t"};
  return IsOneOf(text, kHarmless) || std::any_of(kPrefixes.begin(), kPrefixes.end(),
                                                 [text](std::string_view prefix) { return text.starts_with(prefix); });
}

bool IsEngineUrl(const Word& word, const Environment& environment) {
  return !word.text.starts_with('-') && word.text.find(':') != std::string::npos &&
         IsEngineAddress(word.text, environment);
}

Request ReadWgetUrl(const Word& address, const CommandLine& line) {
  Request request = StartRequest(line, BaseName(line.words[0].text));
  EngineCall call;
  call.method = "GET";
  call.evidence = EvidenceOf(address.written);
  const std::size_t scheme = address.text.find("://");
  const std::size_t path = address.text.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  call.target = path == std::string::npos ? "/" : address.text.substr(path, address.text.find('#') - path);
  call.body = "";
  for (const Word& word : std::span(line.words).subspan(1)) {
    if (word.may_split || (word.text.starts_with('-') && !IsHarmlessWgetOption(word.text))) {
      AddUnknown("the word '" + word.written + "' of wget", "it may change what the engine is asked for",
                 EvidenceOf(word.written), &request);
      call.method = std::string(1, kUnknownPart);
    }
  }
  ReadEngineCall(call, &request);
  const std::optional<EnginePath> where = ReadEnginePath(call.target);
  AddRawEngine(call.method + " " + (where ? where->path : call.target), call.evidence, &request);
  AddRawEndpoint("tcp://" + std::string(AuthorityOf(address.text)), "address", &request);
  return request;
}

std::vector<Request> ReadWget(const CommandLine& line) {
  std::vector<Request> requests;
  for (const Word& word : std::span(line.words).subspan(1)) {
    if (IsEngineUrl(word, line.environment)) {
      requests.push_back(ReadWgetUrl(word, line));
    }
  }
  return requests;
}

// ---- Forwarders --------------------------------------------------------------------------------------------------

// Whoever hands an engine's socket on lets others ask it for anything.
std::vector<Request> ReadForwarder(const CommandLine& line) {
  PathResolver paths;
  for (const Word& word : std::span(line.words).subspan(1)) {
    if (HoldsEngineSocket(word.text, line, &paths)) {
      return UnreadRequest("", "forward an engine's socket", word, line);
    }
  }
  return {};
}

// ssh's own options stand in front of the host or right behind it; the rest runs on the other machine.
std::vector<Request> ReadSsh(const CommandLine& line) {
  constexpr std::string_view kValueLetters = "BbcDEeFIiJLlmMOopQRSWw";
  CommandLine options = line;
  bool has_host = false;
  std::size_t at = 1;
  for (; at < line.words.size(); ++at) {
    const std::string_view text = line.words[at].text;
    if (text.starts_with('-')) {
      const std::size_t letter = text.find_first_of(kValueLetters, 1);
      at += letter != std::string_view::npos && letter + 1 == text.size() ? 1 : 0;
    } else if (std::exchange(has_host, true)) {
      break;
    }
  }
  options.words.resize(std::min(at, line.words.size()));
  return ReadForwarder(options);
}

// ---- Daemons -----------------------------------------------------------------------------------------------------

// An engine of one's own obeys whatever its flags say.
std::vector<Request> ReadDaemon(const CommandLine& line) {
  constexpr std::array<std::string_view, 7> kLooking = {"--version",  "-v",   "--help", "-h",
                                                        "--validate", "help", "version"};
  if (line.words.size() == 2 && IsOneOf(line.words[1].text, kLooking)) {
    return {};
  }
  const std::string words = JoinWords(line.words, 1);
  if (words == "config default" || words == "config dump") {
    return {};
  }
  return UnreadRequest("", "start an engine", line.words[0], line);
}

struct Client {
  std::string_view name;
  std::vector<Request> (*read)(const CommandLine& line);
};
constexpr Client kClients[] = {
    {"curl", &ReadCurl},
    {"curl.exe", &ReadCurl},
    {"wget", &ReadWget},
    {"socat", &ReadSocat},
    {"socat1", &ReadSocat},
    {"nc", &ReadNetcat},
    {"ncat", &ReadNetcat},
    {"netcat", &ReadNetcat},
    {"nc.openbsd", &ReadNetcat},
    {"nc.traditional", &ReadNetcat},
    {"nsenter", &ReadNsenter},
    {"ssh", &ReadSsh},
    {"autossh", &ReadSsh},
    {"systemd-socket-proxyd", &ReadForwarder},
    {"websocat", &ReadForwarder},
    {"k3s", &ReadBundledTool},
    {"k0s", &ReadBundledTool},
    {"microk8s", &ReadBundledTool},
    {"lima", &ReadMachineTool},
    {"limactl", &ReadMachineTool},
    {"colima", &ReadMachineTool},
    {"dockerd", &ReadDaemon},
    {"containerd", &ReadDaemon},
    {"buildkitd", &ReadDaemon},
    {"docker-containerd", &ReadDaemon},
    {"dockerd-rootless.sh", &ReadDaemon},
    {"containerd-shim-runc-v2", &ReadDaemon},
    {"containerd-shim", &ReadDaemon},
};

}  // namespace

bool IsRawClient(std::string_view base_name) {
  return IsContainerTool(base_name) || std::any_of(std::begin(kClients), std::end(kClients),
                                                   [&](const Client& client) { return client.name == base_name; });
}

std::vector<Request> ReadRawClient(const CommandLine& line) {
  if (line.words.empty()) {
    return {};
  }
  const std::string_view name = BaseName(line.words[0].text);
  std::vector<Request> requests;
  for (const Client& client : kClients) {
    if (client.name == name) {
      requests = client.read(line);
    }
  }
  if (IsContainerTool(name)) {
    requests = ReadContainerTool(line);
  }
  for (Request& request : requests) {
    if (std::none_of(request.effects.begin(), request.effects.end(),
                     [](const Effect& effect) { return effect.kind == SDP_EFFECT_USE_ENGINE; })) {
      AddEffect(SDP_EFFECT_USE_ENGINE, "", name, request.evidence, &request);
    }
  }
  return requests;
}

}  // namespace safe_docker::docker
