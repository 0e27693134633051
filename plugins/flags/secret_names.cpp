#include "secret_names.hpp"

#include <safe_docker/checker.hpp>

namespace safe_docker::flags {
namespace {

using namespace plugin;

constexpr std::string_view kSecretParts[] = {
    "SECRET",    "SECRETS",   "PASSWORD",    "PASSWORDS",     "PASSWD",      "PASSPHRASE",  "PASSCODE",
    "TOKEN",     "TOKENS",    "APIKEY",      "APIKEYS",       "CREDENTIAL",  "CREDENTIALS", "PRIVATEKEY",
    "ACCESSKEY", "SECRETKEY", "SSHKEY",      "APITOKEN",      "ACCESSTOKEN", "AUTHTOKEN",   "DBPASSWORD",
    "NPMTOKEN",  "GHTOKEN",   "GITHUBTOKEN", "MYSQLPASSWORD", "PGPASSWORD"};

// What makes a secret of a "KEY" that follows.
constexpr std::string_view kKeyKinds[] = {"API",     "PRIVATE",    "ACCESS",     "SECRET",  "SSH",
                                          "AUTH",    "ENCRYPTION", "DECRYPTION", "SIGNING", "DEPLOY",
                                          "ACCOUNT", "MASTER",     "LICENSE"};

template <std::size_t kCount>
bool Has(const std::string_view (&list)[kCount], std::string_view part) {
  for (std::string_view item : list) {
    if (EqualIgnoringCase(item, part)) {
      return true;
    }
  }
  return false;
}

bool IsLower(char letter) { return letter >= 'a' && letter <= 'z'; }
bool IsUpper(char letter) { return letter >= 'A' && letter <= 'Z'; }
bool IsDigit(char letter) { return letter >= '0' && letter <= '9'; }

// Takes the next part off the front of `rest`. Parts end at anything but letters and digits, and where "camelCase"
// begins a word.
std::string_view TakePart(std::string_view* rest) {
  std::size_t end = 0;
  while (end < rest->size()) {
    const char letter = (*rest)[end];
    const bool is_part_of_word = IsLower(letter) || IsUpper(letter) || IsDigit(letter);
    if (!is_part_of_word || (end > 0 && IsUpper(letter) && IsLower((*rest)[end - 1]))) {
      break;
    }
    ++end;
  }
  std::string_view part = Slice(*rest, 0, end);
  const bool at_separator = end < rest->size() && !IsUpper((*rest)[end]);
  *rest = Slice(*rest, at_separator ? end + 1 : end);
  while (!part.empty() && IsDigit(part.back())) {
    part.remove_suffix(1);
  }
  return part;
}

}  // namespace

bool IsSecretName(std::string_view name) {
  std::string_view previous;
  bool is_first = true;
  while (!name.empty()) {
    const std::string_view part = TakePart(&name);
    const bool is_key = EqualIgnoringCase(part, "KEY") || EqualIgnoringCase(part, "KEYS");
    const bool is_last_pass = !is_first && name.empty() && EqualIgnoringCase(part, "PASS");
    if (Has(kSecretParts, part) || (is_key && Has(kKeyKinds, previous)) || is_last_pass) {
      return true;
    }
    previous = part;
    is_first = false;
  }
  return false;
}

}  // namespace safe_docker::flags
