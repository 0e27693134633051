#include "audit/secret_names.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace safe_docker::audit {
namespace {

bool IsUpper(char letter) { return letter >= 'A' && letter <= 'Z'; }
bool IsLower(char letter) { return letter >= 'a' && letter <= 'z'; }
bool IsAlphanumeric(char letter) { return IsUpper(letter) || IsLower(letter) || (letter >= '0' && letter <= '9'); }

template <typename Table>
bool Holds(const Table& table, std::string_view word) {
  return std::find(std::begin(table), std::end(table), word) != std::end(table);
}

// A whole part of a name.
constexpr std::string_view kStrong[] = {
    "apikey",    "accesskey", "authkey",    "connectionstring", "creds", "credential", "credentials",
    "masterkey", "authtoken", "masterauth", "requirepass",      "pass",  "passcode",   "passphrase",
    "passwd",    "password",  "pat",        "privatekey",       "psk",   "pw",         "pwd",
    "secret",    "secretkey", "secrets",    "signingkey",       "token", "unlockkey",
};
// Two parts that follow each other.
constexpr std::string_view kStrongPairs[] = {
    "account key",    "api key",     "access key", "auth key",    "connection string", "deploy key",
    "encryption key", "master key",  "pass code",  "pass phrase", "pass word",         "private key",
    "secret key",     "service key", "shared key", "signing key", "unlock key",        "webhook key",
};
// The end of a part: PGPASSWORD, dbpassword, accesstoken.
constexpr std::string_view kStrongEnds[] = {"passphrase", "passwd", "password", "secret", "token", "apikey"};
constexpr std::string_view kWeak[] = {
    "auth", "authorization", "bearer", "cookie", "dsn",     "encryption", "hmac", "jwt", "key",       "license",
    "otp",  "pin",           "salt",   "sas",    "session", "sessionid",  "sid",  "sig", "signature",
};
// A name that ends with one of these speaks of a secret and is none: PASSWORD_FILE, --token-ttl, SECRET_NAME.
constexpr std::string_view kAboutSecrets[] = {
    "add",      "age",        "alg",      "algo",     "algorithm", "arn",      "attempts",   "audience",  "backend",
    "bits",     "cache",      "check",    "class",    "count",     "days",     "dir",        "directory", "domain",
    "driver",   "duration",   "enable",   "enabled",  "disabled",  "endpoint", "engine",     "exp",       "expire",
    "expires",  "expiration", "expiry",   "field",    "file",      "folder",   "format",     "group",     "header",
    "headers",  "helper",     "host",     "hours",    "id",        "ids",      "interval",   "issuer",    "len",
    "length",   "level",      "limit",    "location", "manager",   "max",      "method",     "methods",   "min",
    "minutes",  "mode",       "mount",    "name",     "names",     "path",     "paths",      "period",    "policy",
    "port",     "prefix",     "provider", "ref",      "region",    "renew",    "required",   "reset",     "rm",
    "rotation", "scope",      "scopes",   "seconds",  "server",    "service",  "size",       "sock",      "socket",
    "source",   "stdin",      "store",    "strategy", "strength",  "suffix",   "timeout",    "ttl",       "type",
    "uri",      "url",        "usage",    "use",      "user",      "username", "validation", "version",
};
// These are file names and folders in spite of their parts.
constexpr std::string_view kExceptions[] = {"PWD", "OLDPWD", "INIT_CWD"};

constexpr std::string_view kOrdinary[] = {
    "APP_ENV",
    "BUILDKIT_PROGRESS",
    "BUILD_DATE",
    "CGO_ENABLED",
    "CI",
    "COLUMNS",
    "COMPOSE_FILE",
    "COMPOSE_PROFILES",
    "COMPOSE_PROJECT_NAME",
    "DEBIAN_FRONTEND",
    "DEBUG",
    "DISPLAY",
    "DOCKER_BUILDKIT",
    "DOCKER_CONFIG",
    "DOCKER_CONTEXT",
    "DOCKER_HOST",
    "EDITOR",
    "ENV",
    "ENVIRONMENT",
    "FLASK_ENV",
    "GID",
    "GOARCH",
    "GOOS",
    "HOME",
    "HOST",
    "HOSTNAME",
    "JAVA_HOME",
    "LANG",
    "LANGUAGE",
    "LINES",
    "LOGLEVEL",
    "LOG_LEVEL",
    "NODE_ENV",
    "NODE_VERSION",
    "OLDPWD",
    "PATH",
    "PGID",
    "PORT",
    "PUID",
    "PWD",
    "PYTHONPATH",
    "PYTHONUNBUFFERED",
    "PYTHON_VERSION",
    "RAILS_ENV",
    "RUST_BACKTRACE",
    "RUST_LOG",
    "SHELL",
    "TERM",
    "TMPDIR",
    "TZ",
    "UID",
    "USER",
    "VERBOSE",
    "VERSION",
};

// The parts of a name in lower case: DB_PASSWORD, dbPassword, db-password and db.password are alike.
std::vector<std::string> PartsOf(std::string_view name) {
  std::vector<std::string> parts(1);
  for (std::size_t at = 0; at < name.size(); ++at) {
    const char letter = name[at];
    const bool begins =
        IsUpper(letter) && at > 0 &&
        (IsLower(name[at - 1]) || (at + 1 < name.size() && IsUpper(name[at - 1]) && IsLower(name[at + 1])));
    if ((!IsAlphanumeric(letter) || begins) && !parts.back().empty()) {
      parts.emplace_back();
    }
    if (IsAlphanumeric(letter)) {
      parts.back() += static_cast<char>(IsUpper(letter) ? letter - 'A' + 'a' : letter);
    }
  }
  if (parts.back().empty()) {
    parts.pop_back();
  }
  return parts;
}

bool IsStrong(std::string_view part) {
  return Holds(kStrong, part) || std::any_of(std::begin(kStrongEnds), std::end(kStrongEnds),
                                             [&](std::string_view end) { return part.ends_with(end); });
}

// PASSWORD1, TOKEN_2: what stands behind the last letters does not count.
void DropNumbers(std::vector<std::string>* parts) {
  for (std::string& part : *parts) {
    part.resize(part.find_last_not_of("0123456789") + 1);
  }
  while (!parts->empty() && parts->back().empty()) {
    parts->pop_back();
  }
}

}  // namespace

Sensitivity SensitivityOf(std::string_view name) {
  constexpr std::size_t kLongestName = 128;
  if (Holds(kExceptions, name) || name.size() > kLongestName) {
    return Sensitivity::kNone;
  }
  std::vector<std::string> parts = PartsOf(name);
  DropNumbers(&parts);
  if (parts.empty() || Holds(kAboutSecrets, parts.back())) {
    return Sensitivity::kNone;
  }
  bool is_weak = false;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (IsStrong(parts[at]) || (at > 0 && Holds(kStrongPairs, parts[at - 1] + " " + parts[at]))) {
      return Sensitivity::kStrong;
    }
    is_weak = is_weak || Holds(kWeak, parts[at]);
  }
  return is_weak ? Sensitivity::kWeak : Sensitivity::kNone;
}

bool IsOrdinaryVariable(std::string_view name) { return name.starts_with("LC_") || Holds(kOrdinary, name); }

}  // namespace safe_docker::audit
