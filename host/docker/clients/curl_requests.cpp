// What a curl command line asks of an engine: the request that would go out is put together as curl does it, and read
// as the Engine API. Transfers that go elsewhere are nothing.
#include <algorithm>
#include <optional>

#include "docker/api/engine_api.hpp"
#include "docker/api/engine_path.hpp"
#include "docker/clients/curl.hpp"
#include "docker/clients/raw_engine.hpp"
#include "docker/csv.hpp"
#include "docker/effects.hpp"

namespace safe_docker::docker {
namespace {

constexpr std::uint64_t kLargestBody = 1 << 20;
constexpr std::uint64_t kLargestConfig = 64 << 10;
constexpr std::size_t kMostUrls = 64;

// The parts of an address that count here.
struct Url {
  bool is_web = true;  // http, https, or a scheme that curl guesses to be http
  std::string_view authority;
  std::string target;  // path and query
};

Url SplitUrl(std::string_view text) {
  Url url;
  const std::size_t scheme = text.find("://");
  if (scheme != std::string_view::npos && text.find_first_of("/?#") > scheme) {
    const std::string name = ToLower(text.substr(0, scheme));
    url.is_web = name == "http" || name == "https";
    text.remove_prefix(scheme + 3);
  }
  const std::size_t end = text.find_first_of("/?#");
  url.authority = text.substr(0, end);
  std::string_view rest = end == std::string_view::npos ? std::string_view{} : text.substr(end);
  rest = rest.substr(0, rest.find('#'));
  url.target = (rest.starts_with('/') ? "" : "/") + std::string(rest);
  if (rest.empty() && !IsKnown(url.authority)) {
    url.target += kUnknownPart;  // it may hold the path
  }
  return url;
}

bool IsThisMachine(std::string_view authority) {
  constexpr std::string_view kOwn[] = {"localhost", "127.", "[::1]", "0.0.0.0", "[::]", "docker"};
  const std::string host = ToLower(authority.substr(authority.rfind('@') + 1));
  return std::any_of(std::begin(kOwn), std::end(kOwn), [&host](std::string_view own) { return host.starts_with(own); });
}

// True for a path with a version of the engine's API ("/v1.45/info"), or one that names what only engines have.
bool IsEngineTarget(std::string_view target, bool needs_version) {
  const std::optional<EnginePath> where = ReadEnginePath(target);
  if (!where) {
    return false;
  }
  if (where->version.find('.') != std::string::npos) {
    return NamesEngineObjects(where->path);
  }
  return !needs_version && (where->path.starts_with("/containers/") || where->path.starts_with("/exec/") ||
                            where->path == "/images/json" || where->path == "/images/create");
}

// Proxies that the environment names and that are an engine: it obeys a request that is sent to it as to a proxy.
bool HasEngineProxy(const Environment& environment) {
  return std::any_of(environment.changes().begin(), environment.changes().end(), [&environment](const auto& change) {
    return ToLower(change.first).ends_with("_proxy") && IsEngineAddress(change.second.value, environment);
  });
}

// Where a transfer goes.
struct Goal {
  std::string endpoint;  // empty if it is no engine
  std::string_view chosen_by;
  bool is_doubtful = false;  // nobody can tell
};

Goal SocketGoal(const CurlOption& socket, const Url& url, const CommandLine& line, PathResolver* paths) {
  Goal goal;
  const SocketKind kind = JudgeSocket(socket.value, line, paths);
  const bool asks_engine = IsEngineTarget(url.target, /*needs_version=*/false);
  goal.is_doubtful = kind == SocketKind::kUnknown;
  if (kind == SocketKind::kEngine || asks_engine || socket.is_hidden || (goal.is_doubtful && !IsKnown(url.target))) {
    const bool is_path = socket.role == CurlRole::kUnixSocket && IsKnown(socket.value) && IsKnown(line.cwd);
    goal.endpoint = "unix://" + (is_path ? CleanPath(socket.value, line.cwd) : socket.value);
    goal.chosen_by = "--unix-socket";
  }
  return goal;
}

// An address whose host curl itself puts together may be an engine's if the rest looks like it, or hides too.
bool HidesEngine(const CurlOption& address, const Url& url, bool is_pattern) {
  const bool looks_local = IsThisMachine(url.authority) || IsEngineTarget(url.target, /*needs_version=*/false);
  return !IsKnown(url.authority) && (address.is_hidden || (is_pattern && looks_local));
}

Goal FindGoal(const CurlTransfer& transfer, const Url& url, const CommandLine& line, PathResolver* paths) {
  for (const CurlRole role : {CurlRole::kUnixSocket, CurlRole::kAbstractSocket}) {
    const CurlOption* socket = transfer.Last(role);
    if (socket != nullptr && !socket->value.empty()) {
      return SocketGoal(*socket, url, line, paths);
    }
  }
  const bool goes_round =
      std::any_of(transfer.options.begin(), transfer.options.end(), [&line](const CurlOption& option) {
        return option.role == CurlRole::kConnection &&
               (option.is_hidden || IsEngineAddress(option.value, line.environment));
      });
  Goal goal;
  if (goes_round || IsEngineAddress(url.authority, line.environment) || HasEngineProxy(line.environment) ||
      (IsThisMachine(url.authority) && IsEngineTarget(url.target, /*needs_version=*/true))) {
    goal.endpoint = "tcp://" + std::string(AuthorityOf(url.authority));
    goal.chosen_by = "address";
  }
  return goal;
}

// ---- Bodies ------------------------------------------------------------------------------------------------------

const std::string kUnknownText(1, kUnknownPart);

// What stands in a file that curl sends; nothing if nobody can tell.
std::optional<std::string> ReadSentFile(const std::string& path, const Word& word, const CommandLine& line,
                                        Request* request) {
  if (path == "-" || path == ".") {
    return line.has_standard_input ? std::optional(line.standard_input) : std::nullopt;
  }
  if (!IsKnown(path) || path.empty() || (!path.starts_with('/') && !IsKnown(line.cwd))) {
    return std::nullopt;
  }
  AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, path, "input", EvidenceOf(word.written), request);
  const std::string place = path.starts_with('/') ? path : line.cwd + "/" + path;
  FileContent content = ReadRegularFile(place, kLargestBody);
  return content.status == FileContent::Status::kRead ? std::optional(std::move(content.text)) : std::nullopt;
}

bool IsUnreserved(char letter) {
  return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         letter == '-' || letter == '.' || letter == '_' || letter == '~' || letter == kUnknownPart;
}

std::string EncodeUrl(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char letter : text) {
    if (IsUnreserved(letter)) {
      encoded += letter;
    } else {
      const auto byte = static_cast<unsigned char>(letter);
      encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return encoded;
}

// --data-urlencode and --url-query: "content", "=content", "name=content", "@file", "name@file".
std::string UrlData(const std::string& value) {
  const std::size_t mark = value.find_first_of("=@");
  if (mark == std::string::npos) {
    return EncodeUrl(value);
  }
  if (value[mark] == '@') {
    return kUnknownText;
  }
  return value.substr(0, mark) + (mark == 0 ? "" : "=") + EncodeUrl(std::string_view(value).substr(mark + 1));
}

// One of the options that hold data, as it goes out.
std::string DataOf(const CurlOption& option, const CommandLine& line, Request* request) {
  if (option.role == CurlRole::kDataUrl) {
    return UrlData(option.value);
  }
  if (option.role == CurlRole::kDataRaw || !option.value.starts_with('@')) {
    return option.value;
  }
  std::string text = ReadSentFile(option.value.substr(1), *option.word, line, request).value_or(kUnknownText);
  if (option.role == CurlRole::kData) {
    std::erase_if(text, [](char letter) { return letter == '\r' || letter == '\n'; });
  }
  return text;
}

bool IsData(CurlRole role) {
  return role == CurlRole::kData || role == CurlRole::kDataBinary || role == CurlRole::kDataRaw ||
         role == CurlRole::kDataUrl || role == CurlRole::kJson;
}

// All data put together; nothing if there are none.
std::optional<std::string> JoinData(const CurlTransfer& transfer, const CommandLine& line, Request* request) {
  std::optional<std::string> data;
  for (const CurlOption& option : transfer.options) {
    if (!IsData(option.role)) {
      continue;
    }
    const std::string piece = DataOf(option, line, request);
    data = data ? *data + (option.role == CurlRole::kJson ? "" : "&") + piece : piece;
  }
  return data;
}

// ---- Headers -----------------------------------------------------------------------------------------------------

// Takes the headers that matter; false if one is not understood.
bool ReadHeaders(const CurlTransfer& transfer, std::string* content_type) {
  bool has_type = false;
  bool is_understood = true;
  for (const CurlOption& option : transfer.options) {
    if (option.role != CurlRole::kHeader) {
      continue;
    }
    const std::size_t mark = option.value.find_first_of(":;");
    const std::string name = ToLower(Trim(std::string_view(option.value).substr(0, mark)));
    const std::string_view value =
        mark == std::string::npos ? std::string_view{} : Trim(std::string_view(option.value).substr(mark + 1));
    if (name == "content-type") {
      is_understood = is_understood && !has_type;
      has_type = true;
      *content_type = value;
    } else if (name == "content-length" || name == "transfer-encoding" || !IsKnown(option.value) ||
               name.starts_with('@') || (name == "upgrade" && value != "tcp")) {
      is_understood = false;
    }
  }
  return is_understood;
}

// ---- Requests ----------------------------------------------------------------------------------------------------

std::string MethodOf(const CurlTransfer& transfer, bool has_data) {
  if (const CurlOption* method = transfer.Last(CurlRole::kMethod); method != nullptr && !method->value.empty()) {
    return method->value;
  }
  if (transfer.Has(CurlRole::kHead)) {
    return "HEAD";
  }
  if (transfer.Has(CurlRole::kUpload)) {
    return "PUT";
  }
  return (has_data && !transfer.Has(CurlRole::kGet)) || transfer.Has(CurlRole::kForm) ? "POST" : "GET";
}

void AppendQuery(std::string_view query, std::string* target) {
  if (!query.empty()) {
    *target += (target->find('?') == std::string::npos ? "?" : "&") + std::string(query);
  }
}

// Options that fight each other, and addresses that stand for several.
bool IsAmbiguous(const CurlTransfer& transfer, const Url& url, bool is_pattern, bool has_data) {
  const int bodies = static_cast<int>(has_data) + static_cast<int>(transfer.Has(CurlRole::kUpload)) +
                     static_cast<int>(transfer.Has(CurlRole::kForm)) + static_cast<int>(transfer.Has(CurlRole::kHead));
  const bool appends_name = transfer.Has(CurlRole::kUpload) && url.target.find_last_of('/') + 1 == url.target.size();
  const bool is_pattern_behind =
      !transfer.Has(CurlRole::kGlobOff) && url.target.find_first_of("{}[]") != std::string::npos;
  const bool is_get = has_data && transfer.Has(CurlRole::kGet);
  return (bodies > 1 && !is_get) || appends_name || is_pattern || is_pattern_behind || !url.is_web ||
         !IsKnown(url.authority);
}

// The request of one address that an engine gets.
EngineCall MakeCall(const CurlTransfer& transfer, const Url& url, const CurlOption& address, const CommandLine& line,
                    Request* request) {
  EngineCall call;
  std::optional<std::string> data = JoinData(transfer, line, request);
  call.method = MethodOf(transfer, data.has_value());
  call.target = url.target;
  for (const CurlOption& option : transfer.options) {
    if (option.role == CurlRole::kUrlQuery) {
      AppendQuery(option.value.starts_with('+') ? option.value.substr(1) : UrlData(option.value), &call.target);
    }
  }
  const bool is_get = transfer.Has(CurlRole::kGet);
  if (is_get && data) {
    AppendQuery(*data, &call.target);
  }
  if (const CurlOption* target = transfer.Last(CurlRole::kTarget)) {
    call.target = target->value;
  }
  call.evidence = EvidenceOf(address.word->written);
  call.content_type = transfer.Has(CurlRole::kJson)   ? "application/json"
                      : transfer.Has(CurlRole::kForm) ? "multipart/form-data"
                      : data && !is_get               ? "application/x-www-form-urlencoded"
                                                      : "";
  call.body = is_get || !data ? "" : *data;
  if (const CurlOption* upload = transfer.Last(CurlRole::kUpload)) {
    call.body = ReadSentFile(upload->value, *upload->word, line, request);
  } else if (transfer.Has(CurlRole::kForm)) {
    call.body = std::nullopt;
  }
  return call;
}

void AddOutputs(const CurlTransfer& transfer, Request* request) {
  for (const CurlOption& option : transfer.options) {
    if (option.role == CurlRole::kOutput && option.value != "-" && option.value != "/dev/null") {
      AddOpenedPath(SDP_EFFECT_WRITE_HOST_PATH, option.value, "output", EvidenceOf(option.word->written), request);
    }
  }
}

void AddDoubt(std::string_view what, const Evidence& evidence, Request* request) {
  AddUnknown(what, "nobody can tell what the engine is asked for", evidence, request);
}

Request MakeRequest(const CurlTransfer& transfer, const CurlOption& address, const Url& url, bool is_pattern,
                    const Goal& goal, const CommandLine& line) {
  Request request = StartRequest(line, BaseName(line.words[0].text));
  EngineCall call = MakeCall(transfer, url, address, line, &request);
  const bool is_understood = ReadHeaders(transfer, &call.content_type);
  ReadEngineCall(call, &request);
  if (!is_understood) {
    AddDoubt("a header of the request", call.evidence, &request);
  }
  const bool has_data =
      std::any_of(transfer.options.begin(), transfer.options.end(), [](const CurlOption& o) { return IsData(o.role); });
  if (IsAmbiguous(transfer, url, is_pattern, has_data)) {
    AddDoubt("what curl makes of this address and these options", call.evidence, &request);
  }
  for (const Word* doubt : transfer.doubts) {
    AddDoubt("the word '" + doubt->written + "' of curl", EvidenceOf(doubt->written), &request);
  }
  if (transfer.Has(CurlRole::kConfig)) {
    AddDoubt("what curl reads from its config file", request.evidence, &request);
  }
  AddOutputs(transfer, &request);
  const std::optional<EnginePath> where = ReadEnginePath(call.target);
  AddRawEngine(call.method + " " + (where ? where->path : call.target), call.evidence, &request);
  AddRawEndpoint(goal.endpoint, goal.chosen_by, &request);
  return request;
}

// A request that says no more than that nobody can tell.
Request MakeDoubtfulRequest(std::string_view what, const CommandLine& line) {
  Request request = StartRequest(line, BaseName(line.words[0].text));
  AddUnknown(what, "it may be docker's engine", request.evidence, &request);
  return request;
}

// What --config holds; nothing if nobody can tell.
std::optional<std::string> ReadConfig(const CurlOption& config, const CommandLine& line) {
  if (config.value == "-") {
    return line.has_standard_input ? std::optional(line.standard_input) : std::nullopt;
  }
  if (!IsKnown(config.value) || !IsKnown(line.cwd)) {
    return std::nullopt;
  }
  FileContent content = ReadRegularFile(CleanPath(config.value, line.cwd), kLargestConfig);
  return content.status == FileContent::Status::kRead ? std::optional(std::move(content.text)) : std::nullopt;
}

bool NamesEngine(std::string_view config) {
  const std::string small = ToLower(config);
  return small.find("unix-s") != std::string::npos || small.find("docker") != std::string::npos ||
         small.find(":237") != std::string::npos;
}

// Variables that the judged text sets and that name the folder of a config file.
struct ConfigVariable {
  std::string_view name;
  std::string_view file;
  bool needs_file;  // the variable is there for other reasons
};
constexpr ConfigVariable kConfigVariables[] = {{"CURL_HOME", "/.curlrc", false},
                                               {"XDG_CONFIG_HOME", "/.curlrc", true},
                                               {"XDG_CONFIG_HOME", "/curlrc", true},
                                               {"HOME", "/.curlrc", true}};

// A config file that curl reads without being told, unless its first option forbids it.
void HeedHomes(const CommandLine& line, std::vector<Request>* requests) {
  if (line.words.size() > 1 && (line.words[1].text.starts_with("-q") || line.words[1].text == "--disable")) {
    return;
  }
  for (const ConfigVariable& variable : kConfigVariables) {
    const auto change = line.environment.changes().find(variable.name);
    if (change == line.environment.changes().end() || change->second.value.empty() || !requests->empty()) {
      continue;
    }
    const CurlOption file{CurlRole::kConfig, change->second.value + std::string(variable.file), &line.words[0]};
    const std::optional<std::string> text = ReadConfig(file, line);
    if (!text && variable.needs_file) {
      continue;
    }
    if (!text || NamesEngine(*text)) {
      requests->push_back(MakeDoubtfulRequest("what curl reads from its config file", line));
    }
    if (text && NamesEngine(*text)) {
      AddUnreadEngine("", requests->back().evidence, &requests->back());
    }
  }
}

// A config file can name a socket or an address as well as the command line.
void HeedConfigs(const CurlTransfer& transfer, const CommandLine& line, std::vector<Request>* requests) {
  for (const CurlOption& option : transfer.options) {
    if ((option.role != CurlRole::kConfig && option.role != CurlRole::kUrlFile) || !requests->empty()) {
      continue;
    }
    const std::optional<std::string> text = ReadConfig(option, line);
    if (option.is_hidden || NamesEngine(text.value_or(""))) {
      Request request = MakeDoubtfulRequest("what curl reads from its config file", line);
      AddUnreadEngine("", EvidenceOf(option.word->written), &request);
      requests->push_back(std::move(request));
    } else if (!text) {
      requests->push_back(MakeDoubtfulRequest("what curl reads from its config file", line));
    }
  }
}

// The first of the addresses that `address` stands for and that lead to an engine says enough of all.
void ReadAddress(const CurlTransfer& transfer, const CurlOption& address, const CommandLine& line, PathResolver* paths,
                 std::vector<Request>* requests) {
  const std::vector<std::string> places =
      transfer.Has(CurlRole::kGlobOff) ? std::vector{address.value} : ExpandCurlGlobs(address.value);
  for (const std::string& place : places) {
    const Url url = SplitUrl(place);
    const bool is_pattern = place != address.value;
    Goal goal = FindGoal(transfer, url, line, paths);
    if (goal.endpoint.empty() && HidesEngine(address, url, is_pattern)) {
      goal.endpoint = "tcp://" + std::string(AuthorityOf(url.authority));
      goal.chosen_by = "address";
    }
    if (!goal.endpoint.empty()) {
      return requests->push_back(MakeRequest(transfer, address, url, is_pattern, goal, line));
    }
    if (goal.is_doubtful) {
      return requests->push_back(MakeDoubtfulRequest("the socket that curl talks to", line));
    }
  }
}

void ReadTransfer(const CurlTransfer& transfer, const CommandLine& line, std::vector<Request>* requests) {
  PathResolver paths;
  for (const CurlOption& address : transfer.urls) {
    if (requests->size() > kMostUrls) {
      return;
    }
    ReadAddress(transfer, address, line, &paths, requests);
  }
  // Words that are not known may hold the address.
  const CurlOption* socket = transfer.Last(CurlRole::kUnixSocket);
  if (transfer.urls.empty() && !transfer.doubts.empty() && socket != nullptr &&
      JudgeSocket(socket->value, line, &paths) != SocketKind::kOther) {
    Request request = MakeDoubtfulRequest("what curl asks for", line);
    AddUnreadEngine("", EvidenceOf(socket->word->written), &request);
    requests->push_back(std::move(request));
  }
  HeedConfigs(transfer, line, requests);
}

}  // namespace

std::vector<Request> ReadCurl(const CommandLine& line) {
  std::vector<Request> requests;
  for (const CurlTransfer& transfer : ReadCurlWords(line.words)) {
    if (transfer.Has(CurlRole::kHelp) && transfer.doubts.empty()) {
      return {};
    }
    ReadTransfer(transfer, line, &requests);
  }
  HeedHomes(line, &requests);
  return requests;
}

}  // namespace safe_docker::docker
