#include "docker/api/engine_path.hpp"

#include <algorithm>

#include "command_line.hpp"

namespace safe_docker::docker {
namespace {

int HexDigit(char letter) {
  if (letter >= '0' && letter <= '9') {
    return letter - '0';
  }
  const char small = letter >= 'A' && letter <= 'F' ? static_cast<char>(letter - 'A' + 'a') : letter;
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

std::optional<std::string> DecodePercent(std::string_view text, bool plus_is_blank) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      decoded += plus_is_blank && text[at] == '+' ? ' ' : text[at];
      continue;
    }
    const int high = at + 2 < text.size() ? HexDigit(text[at + 1]) : -1;
    const int low = at + 2 < text.size() ? HexDigit(text[at + 2]) : -1;
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    decoded += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return decoded;
}

// The text of "/v1.45" in front of a path, without the "v".
std::string_view VersionIn(std::string_view path) {
  if (!path.starts_with("/v")) {
    return {};
  }
  const std::string_view version = path.substr(2, path.find('/', 1) - 2);
  const bool is_version = !version.empty() && path.size() > version.size() + 2 &&
                          version.find_first_not_of("0123456789.") == std::string_view::npos;
  return is_version ? version : std::string_view{};
}

int NumberIn(std::string_view text) {
  int number = 0;
  for (const char digit : text.substr(0, 6)) {
    number = number * 10 + (digit - '0');
  }
  return number;
}

}  // namespace

bool IsUncleanPath(std::string_view path) {
  return path.find("//") != std::string_view::npos || path.find("/./") != std::string_view::npos ||
         path.find("/../") != std::string_view::npos || path.ends_with("/.") || path.ends_with("/..");
}

int EngineMinor(std::string_view version) {
  const std::size_t dot = version.find('.');
  const std::string_view major = version.substr(0, dot);
  std::string_view minor = dot == std::string_view::npos ? std::string_view{} : version.substr(dot + 1);
  minor = minor.substr(0, minor.find('.'));
  if (major.empty() || NumberIn(major) == 0) {
    return -1;
  }
  return NumberIn(major) > 1 ? 1000 : NumberIn(minor);
}

std::optional<std::vector<EngineParameter>> ReadEngineQuery(std::string_view query) {
  std::vector<EngineParameter> parameters;
  if (query.find(';') != std::string_view::npos) {
    return std::nullopt;
  }
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = pair.find('=');
    const std::string_view value = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    std::optional<std::string> name = DecodePercent(pair.substr(0, equals), /*plus_is_blank=*/true);
    std::optional<std::string> text = DecodePercent(value, /*plus_is_blank=*/true);
    if (!name || !text) {
      return std::nullopt;
    }
    if (!pair.empty()) {
      parameters.emplace_back(std::move(*name), std::move(*text));
    }
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
  }
  return parameters;
}

std::optional<EnginePath> ReadEnginePath(std::string_view target) {
  const std::size_t scheme = target.find("://");
  const std::size_t query = target.find('?');
  if (scheme != std::string_view::npos && scheme < query && !target.starts_with('/')) {
    target.remove_prefix(scheme + 3);
    const std::size_t end = target.find_first_of("/?");
    target.remove_prefix(end == std::string_view::npos ? target.size() : end);
  }
  const std::size_t mark = target.find('?');
  std::optional<std::string> path = DecodePercent(target.substr(0, mark), /*plus_is_blank=*/false);
  if (!path) {
    return std::nullopt;
  }
  EnginePath where;
  where.version = VersionIn(*path);
  where.path = where.version.empty() ? *path : path->substr(where.version.size() + 2);
  where.query = mark == std::string_view::npos ? "" : target.substr(mark + 1);
  if (where.path.empty()) {
    where.path = "/";
  }
  return where.path[0] == '/' || where.path[0] == kUnknownPart || where.path == "*" ? std::optional(where)
                                                                                    : std::nullopt;
}

bool NamesEngineObjects(std::string_view path) {
  constexpr std::string_view kObjects[] = {"_ping",        "auth",   "build",   "commit",  "configs",  "containers",
                                           "distribution", "events", "exec",    "grpc",    "images",   "info",
                                           "networks",     "nodes",  "plugins", "secrets", "services", "session",
                                           "swarm",        "system", "tasks",   "version", "volumes",  "libpod"};
  const std::string_view first = path.empty() ? path : path.substr(1, path.find('/', 1) - 1);
  return std::find(std::begin(kObjects), std::end(kObjects), first) != std::end(kObjects);
}

}  // namespace safe_docker::docker
