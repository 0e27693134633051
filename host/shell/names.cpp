#include "names.hpp"

#include <algorithm>
#include <array>

#include "values/patterns.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::array<std::string_view, 66> kSubcommands = {
    "run",     "exec",    "create",  "build",  "compose", "cp",      "start",   "volume",   "container",  "image",
    "buildx",  "service", "stack",   "plugin", "system",  "swarm",   "network", "node",     "config",     "secret",
    "context", "builder", "commit",  "save",   "load",    "import",  "export",  "restart",  "stop",       "kill",
    "rm",      "rmi",     "pull",    "push",   "tag",     "login",   "logout",  "attach",   "update",     "rename",
    "pause",   "unpause", "wait",    "ps",     "images",  "inspect", "logs",    "info",     "stats",      "top",
    "port",    "diff",    "history", "search", "events",  "up",      "down",    "manifest", "checkpoint", "trust",
    "model",   "sandbox", "scout",   "debug",  "kube",    "play"};

constexpr std::array<std::string_view, 12> kGlobalOptions = {
    "-H", "--host", "-c", "--context", "-D", "--debug", "-l", "--log-level", "--tls", "--config", "--tlsverify", "-f"};

constexpr std::array kEngineFlags = std::to_array<std::string_view>({"-v",
                                                                     "--volume",
                                                                     "--mount",
                                                                     "--privileged",
                                                                     "--rm",
                                                                     "--network",
                                                                     "--net",
                                                                     "-it",
                                                                     "-ti",
                                                                     "--cap-add",
                                                                     "--device",
                                                                     "--pid",
                                                                     "--security-opt",
                                                                     "--ipc",
                                                                     "--uts",
                                                                     "--userns",
                                                                     "--gpus",
                                                                     "--volumes-from",
                                                                     "-itd",
                                                                     "--entrypoint",
                                                                     "--pull",
                                                                     "--group-add",
                                                                     "--tmpfs",
                                                                     "-dit",
                                                                     "--use-api-socket",
                                                                     "--cgroupns",
                                                                     "--cgroup-parent",
                                                                     "--sysctl",
                                                                     "--device-cgroup-rule",
                                                                     "--volume-driver"});

constexpr std::array<std::string_view, 8> kRunners = {"run",     "create", "exec",  "container",
                                                      "compose", "cp",     "build", "buildx"};

template <std::size_t kSize>
bool IsIn(const std::array<std::string_view, kSize>& table, std::string_view word) {
  return std::find(table.begin(), table.end(), word) != table.end();
}

bool IsWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.' || c == '/' || c == ':' || c == '@' || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

bool Names::Contains(std::string_view name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

bool Names::MentionedLiterally(std::string_view text) const {
  for (const std::string& name : names_) {
    for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
      const std::size_t end = at + name.size();
      const bool begins = at == 0 || !IsWordCharacter(text[at - 1]) || text[at - 1] == '/';
      const bool ends = end == text.size() || !IsWordCharacter(text[end]);
      if (begins && ends) {
        return true;
      }
    }
  }
  return false;
}

bool Names::MentionedIn(std::string_view text) const {
  if (MentionedLiterally(text)) {
    return true;
  }
  if (text.find_first_of("'\"\\") == std::string_view::npos) {
    return false;
  }
  std::string bare;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '\n') {
      ++i;
    } else if (text[i] != '\'' && text[i] != '"' && text[i] != '\\') {
      bare.push_back(text[i]);
    }
  }
  return MentionedLiterally(bare);
}

bool Names::StandsIn(std::string_view text) const {
  return std::any_of(names_.begin(), names_.end(),
                     [text](const std::string& name) { return text.find(name) != std::string_view::npos; });
}

bool Names::CalledIn(std::string_view text) const {
  constexpr std::string_view kBlanks = " \t\n";
  constexpr std::string_view kEnds = " \t\n;|&()<>'\"`";
  bool after_name = false;
  bool after_option = false;
  for (std::size_t at = text.find_first_not_of(kEnds); at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(kEnds, at), text.size());
    const std::string_view word = text.substr(at, end - at);
    if ((after_name || after_option) && LooksLikeSubcommand(word)) {
      return true;
    }
    after_option = (after_name || after_option) && word.starts_with('-');
    after_name = Contains(BaseName(word)) && end < text.size() && kBlanks.find(text[end]) != kBlanks.npos;
    at = text.find_first_not_of(kEnds, end);
  }
  return false;
}

std::string_view Names::MayBe(std::string_view word, const std::vector<std::uint32_t>& globs) const {
  const std::string_view base = BaseName(word);
  if (globs.empty() && IsKnown(base)) {  // nearly every word
    const auto found = std::find(names_.begin(), names_.end(), base);
    return found == names_.end() ? std::string_view() : std::string_view(*found);
  }
  const std::size_t offset = word.size() - base.size();
  std::vector<std::uint32_t> in_base;
  for (const std::uint32_t at : globs) {
    if (at >= offset) {
      in_base.push_back(at - static_cast<std::uint32_t>(offset));
    }
  }
  const std::size_t unknown = static_cast<std::size_t>(std::count(base.begin(), base.end(), kUnknownPart));
  const std::size_t known = base.size() - unknown - in_base.size();
  for (const std::string& name : names_) {
    if ((known >= 3 || (known > 0 && unknown == 0)) && MatchesPattern(base, &in_base, name)) {
      return name;
    }
  }
  return {};
}

bool LooksLikeSubcommand(std::string_view word) {
  return IsIn(kSubcommands, word) || IsIn(kGlobalOptions, word.substr(0, word.find('=')));
}

bool LooksLikeEngineArguments(const std::vector<Word>& words) {
  if (words.size() < 2 || !IsIn(kRunners, words[1].text)) {
    return false;
  }
  const std::string_view command = words[1].text;
  const bool two_words = words.size() > 2 && (command == "compose" || command == "container" || command == "buildx") &&
                         IsIn(kSubcommands, words[2].text);
  return two_words || std::any_of(words.begin() + 2, words.end(), [](const Word& word) {
           return IsIn(kEngineFlags, std::string_view(word.text).substr(0, word.text.find('='))) ||
                  word.text.find(":/") != std::string::npos;
         });
}

}  // namespace safe_docker::shell
