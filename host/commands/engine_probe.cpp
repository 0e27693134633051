#include "commands/engine_probe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string_view>

#include "audit/log_file.hpp"

namespace safe_docker::commands {
namespace {

using audit::Descriptor;
using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

constexpr std::size_t kMostAnswer = 1024 * 1024;

// False if the time is up.
bool WaitFor(const Descriptor& socket, short events, Clock::time_point until) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd waited = {socket.get(), events, 0};
    const int ready = left <= 0 ? 0 : poll(&waited, 1, static_cast<int>(left));
    if (ready >= 0 || errno != EINTR) {
      return ready > 0;
    }
  }
}

// The time that a full queue of the listener takes counts, too: a Unix socket says EAGAIN instead of waiting.
Descriptor Connect(const std::string& path, Clock::time_point until, EngineAnswer* answer) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    answer->problem = "its path is longer than a socket's may be";
    return Descriptor();
  }
  std::copy(path.begin(), path.end(), address.sun_path);
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  fcntl(socket.get(), F_SETFD, FD_CLOEXEC);
  fcntl(socket.get(), F_SETFL, O_NONBLOCK);
  while (connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == EINPROGRESS || errno == EISCONN) {
      break;
    }
    if ((errno != EAGAIN && errno != EINTR) || Clock::now() >= until) {
      answer->is_refused = errno == EACCES || errno == EPERM;
      answer->is_missing = errno == ENOENT || errno == ECONNREFUSED;
      answer->problem = errno == EAGAIN ? "it takes no connection" : std::strerror(errno);
      return Descriptor();
    }
    poll(nullptr, 0, 20);
  }
  return socket;
}

// The JSON that a GET of `path` brings; discarded, and a problem, if there is none.
Json Get(const std::string& socket_path, const std::string& path, Clock::time_point until, EngineAnswer* answer) {
  const Json nothing(Json::value_t::discarded);
  const Descriptor socket = Connect(socket_path, until, answer);
  if (!socket.is_open()) {
    return nothing;
  }
  // HTTP/1.0: the answer ends with the connection.
  const std::string request = "GET " + path + " HTTP/1.0\r\nHost: docker\r\n\r\n";
  if (!WaitFor(socket, POLLOUT, until) ||
      write(socket.get(), request.data(), request.size()) != static_cast<ssize_t>(request.size())) {
    answer->problem = "it takes no request";
    return nothing;
  }
  std::string text;
  char bytes[4096];
  for (;;) {
    if (!WaitFor(socket, POLLIN, until)) {
      answer->problem = "it does not answer";
      return nothing;
    }
    const ssize_t size = read(socket.get(), bytes, sizeof bytes);
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) {
      continue;
    }
    if (size <= 0 || text.size() > kMostAnswer) {
      break;
    }
    text.append(bytes, static_cast<std::size_t>(size));
  }
  const std::size_t body = text.find("\r\n\r\n");
  const bool is_good = text.starts_with("HTTP/1.") && text.substr(8, 4) == " 200" && body != std::string::npos;
  Json json = is_good ? Json::parse(text.substr(body + 4), nullptr, /*allow_exceptions=*/false) : nothing;
  if (!json.is_object()) {
    answer->problem = "what answers GET " + path + " is no engine";
    return nothing;
  }
  return json;
}

std::string TextMember(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

bool HasOption(const Json& options, std::string_view name) {
  return std::any_of(options.begin(), options.end(), [name](const Json& option) {
    return option.is_string() && option.get<std::string>().substr(0, option.get<std::string>().find(',')) == name;
  });
}

}  // namespace

EngineAnswer AskEngine(const std::string& socket, std::chrono::milliseconds limit) {
  EngineAnswer answer;
  std::signal(SIGPIPE, SIG_IGN);
  const Clock::time_point until = Clock::now() + limit;
  const Json version = Get(socket, "/version", until, &answer);
  if (version.is_discarded()) {
    return answer;
  }
  answer.version = TextMember(version, "Version");
  answer.is_podman = version.dump(-1, ' ', false, Json::error_handler_t::replace).find("Podman") != std::string::npos;
  EngineAnswer second;
  const Json info = Get(socket, "/info", until, &second);
  const auto options = info.is_object() ? info.find("SecurityOptions") : info.end();
  if (info.is_object() && options != info.end() && options->is_array()) {
    answer.knows_security = true;
    answer.is_rootless = HasOption(*options, "name=rootless");
    answer.has_user_namespaces = HasOption(*options, "name=userns");
  }
  return answer;
}

}  // namespace safe_docker::commands
