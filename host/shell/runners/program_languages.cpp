#include "program_languages.hpp"

#include <algorithm>
#include <array>

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostCommands = 64;

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return lower;
}

// Reads a sed script command by command.
class SedReader {
 public:
  explicit SedReader(std::string_view script) : script_(script) {}

  SedCommands Read() {
    while (at_ < script_.size() && commands_.texts.size() < kMostCommands) {
      SkipAddresses();
      if (at_ < script_.size()) {
        ReadCommand(script_[at_++]);
      }
    }
    commands_.runs_data = commands_.runs_data || commands_.texts.size() == kMostCommands;
    return std::move(commands_);
  }

 private:
  void SkipAddresses() {
    constexpr std::string_view kAddressCharacters = " \t\n;{},!~+$0123456789IM";
    while (at_ < script_.size()) {
      const char c = script_[at_];
      if (c == '/') {
        ++at_;
        SkipPattern('/');
      } else if (c == '\\' && at_ + 1 < script_.size()) {
        at_ += 2;
        SkipPattern(script_[at_ - 1]);
      } else if (kAddressCharacters.find(c) != std::string_view::npos) {
        ++at_;
      } else {
        return;
      }
    }
  }

  // Moves behind `end`, which ends a pattern between brackets too.
  void SkipPattern(char end) {
    for (; at_ < script_.size() && script_[at_] != end; ++at_) {
      at_ += script_[at_] == '\\' ? 1 : 0;
    }
    at_ = std::min(at_ + 1, script_.size());
  }

  std::string_view RestOfLine() {
    const std::size_t begin = std::min(script_.find_first_not_of(" \t", at_), script_.size());
    at_ = std::min(script_.find('\n', begin), script_.size());
    return script_.substr(begin, at_ - begin);
  }

  void ReadCommand(char command) {
    if (command == 'e') {
      const std::string_view text = RestOfLine();
      if (text.empty()) {
        commands_.runs_data = true;
      } else {
        commands_.texts.emplace_back(text);
      }
    } else if (command == 's' || command == 'y') {
      const char delimiter = at_ < script_.size() ? script_[at_++] : '\n';
      SkipPattern(delimiter);
      SkipPattern(delimiter);
      command == 's' ? ReadFlags() : void();
    } else if (command == 'a' || command == 'i' || command == 'c') {
      while (at_ < script_.size() && script_[at_] != '\n') {
        at_ += script_[at_] == '\\' ? 2 : 1;
      }
    } else if (std::string_view("rRwW#").find(command) != std::string_view::npos) {
      RestOfLine();
    } else if (std::string_view("btT:").find(command) != std::string_view::npos) {
      at_ = std::min(script_.find_first_of("\n;}", at_), script_.size());
    }
  }

  void ReadFlags() {
    for (; at_ < script_.size() && std::string_view("\n;}#").find(script_[at_]) == std::string_view::npos; ++at_) {
      commands_.runs_data = commands_.runs_data || script_[at_] == 'e';
      if (script_[at_] == 'w') {
        RestOfLine();
        return;
      }
    }
  }

  std::string_view script_;
  std::size_t at_ = 0;
  SedCommands commands_;
};

// A setting of git that names a command: section and last part of its name in lower case, the part between is any.
struct GitSetting {
  enum class Kind : std::uint8_t { kText, kAfterBang, kCredential };
  std::string_view section;
  std::string_view name;
  Kind kind = Kind::kText;
};

constexpr std::array kGitSettings = {
    GitSetting{"alias", "", GitSetting::Kind::kAfterBang},
    GitSetting{"core", "sshcommand"},
    GitSetting{"core", "editor"},
    GitSetting{"core", "pager"},
    GitSetting{"core", "fsmonitor"},
    GitSetting{"core", "askpass"},
    GitSetting{"core", "gitproxy"},
    GitSetting{"core", "alternaterefscommand"},
    GitSetting{"pager", ""},
    GitSetting{"sequence", "editor"},
    GitSetting{"interactive", "difffilter"},
    GitSetting{"diff", "external"},
    GitSetting{"diff", "command"},
    GitSetting{"diff", "textconv"},
    GitSetting{"difftool", "cmd"},
    GitSetting{"difftool", "path"},
    GitSetting{"mergetool", "cmd"},
    GitSetting{"mergetool", "path"},
    GitSetting{"merge", "driver"},
    GitSetting{"filter", "clean"},
    GitSetting{"filter", "smudge"},
    GitSetting{"filter", "process"},
    GitSetting{"credential", "helper", GitSetting::Kind::kCredential},
    GitSetting{"gpg", "program"},
    GitSetting{"gpg", "defaultkeycommand"},
    GitSetting{"man", "cmd"},
    GitSetting{"man", "path"},
    GitSetting{"browser", "cmd"},
    GitSetting{"browser", "path"},
    GitSetting{"guitool", "cmd"},
    GitSetting{"trailer", "command"},
    GitSetting{"trailer", "cmd"},
    GitSetting{"uploadpack", "packobjectshook"},
    GitSetting{"sendemail", "sendmailcmd"},
    GitSetting{"sendemail", "smtpserver"},
    GitSetting{"sendemail", "tocmd"},
    GitSetting{"sendemail", "cccmd"},
    GitSetting{"sendemail", "headercmd"},
    GitSetting{"remote", "uploadpack"},
    GitSetting{"remote", "receivepack"},
    GitSetting{"tar", "command"},
    GitSetting{"imap", "tunnel"},
    GitSetting{"submodule", "update", GitSetting::Kind::kAfterBang},
    GitSetting{"lfs", "path"},
};

// ssh's settings whose value is text for a shell here.
constexpr std::array<std::string_view, 4> kSshSettings = {"proxycommand", "localcommand", "knownhostscommand",
                                                          "ssh_command"};

// What stands before the '!' of a command of vi that runs the rest: ranges, `r`, `w`, `silent` and such words.
bool MayStandBeforeBang(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(" :%$.,+-'|<>").find(c) != std::string_view::npos;
  });
}

std::string UnescapedUntilQuote(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size() && text[i] != '"'; ++i) {
    i += text[i] == '\\' && i + 1 < text.size() ? 1 : 0;
    result.push_back(text[i]);
  }
  return result;
}

}  // namespace

SedCommands CommandsOfSed(std::string_view script) { return SedReader(script).Read(); }

std::optional<std::string> ShellTextOfEditor(std::string_view command) {
  constexpr std::string_view kAppleScript = "do shell script \"";
  if (const std::size_t at = command.find(kAppleScript); at != command.npos) {
    return UnescapedUntilQuote(command.substr(at + kAppleScript.size()));
  }
  command.remove_prefix(std::min(command.find_first_not_of(" :\t"), command.size()));
  for (const std::string_view word : {"shell ", "sh ", "platform shell "}) {
    if (command.starts_with(word)) {
      return std::string(command.substr(word.size()));
    }
  }
  const std::size_t bang = command.find('!');
  if (bang == command.npos || !MayStandBeforeBang(command.substr(0, bang))) {
    return std::nullopt;
  }
  return std::string(command.substr(bang + 1));
}

std::vector<std::string> CommandsOfCrontab(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  std::vector<std::string> commands;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    if (line.empty() || line[0] == '#') {
      continue;
    }
    const int fields = line[0] == '@' ? 1 : 5;
    const bool has_times = line[0] == '@' || line[0] == '*' || (line[0] >= '0' && line[0] <= '9') || line[0] == '\0';
    for (int field = 0; field < fields && has_times; ++field) {
      line.remove_prefix(std::min(line.find_first_of(kBlanks), line.size()));
      line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    }
    commands.emplace_back(line.substr(0, line.find('%')));
  }
  return commands;
}

std::vector<std::string> CommandsOfAddress(std::string_view address) {
  constexpr std::array<std::string_view, 3> kTypes = {"exec:", "system:", "shell:"};
  std::vector<std::string> commands;
  while (!address.empty()) {
    const std::size_t dual = address.find("!!");
    const std::string_view one = address.substr(0, dual);
    address.remove_prefix(dual == address.npos ? address.size() : dual + 2);
    const std::string lower = LowerCase(one);
    for (const std::string_view type : kTypes) {
      if (!lower.starts_with(type)) {
        continue;
      }
      std::string command;
      bool quoted = false;
      for (std::size_t i = type.size(); i < one.size() && (one[i] != ',' || quoted); ++i) {
        quoted = quoted != (one[i] == '"' || one[i] == '\'');
        i += one[i] == '\\' && i + 1 < one.size() && (one[i + 1] == ',' || one[i + 1] == ':') ? 1 : 0;
        command.push_back(one[i]);
      }
      commands.push_back(std::move(command));
    }
  }
  return commands;
}

std::optional<std::string> CommandOfGitSetting(std::string_view name, std::string_view value) {
  const std::size_t first = name.find('.');
  const std::size_t last = name.rfind('.');
  if (first == name.npos) {
    return std::nullopt;
  }
  const std::string section = LowerCase(name.substr(0, first));
  const std::string end = LowerCase(name.substr(last + 1));
  for (const GitSetting& each : kGitSettings) {
    if (each.section != section || (!each.name.empty() && each.name != end)) {
      continue;
    }
    if (each.kind == GitSetting::Kind::kText) {
      return std::string(value);
    }
    if (value.starts_with('!')) {
      return std::string(value.substr(1));
    }
    const bool may_be = each.kind == GitSetting::Kind::kCredential && value.starts_with('/');
    return may_be || value.starts_with('\0') ? std::optional<std::string>(value) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> CommandOfSshSetting(std::string_view setting) {
  const std::size_t end = std::min(setting.find_first_of(" \t="), setting.size());
  const std::string name = LowerCase(setting.substr(0, end));
  if (std::find(kSshSettings.begin(), kSshSettings.end(), name) == kSshSettings.end()) {
    return std::nullopt;
  }
  const std::size_t begin = std::min(setting.find_first_not_of(" \t=", end), setting.size());
  return std::string(setting.substr(begin));
}

std::string TypedKeys(const std::vector<std::string>& keys) {
  constexpr std::array<std::string_view, 5> kEnter = {"enter", "c-m", "kpenter", "c-j", "^m"};
  std::string typed;
  for (const std::string& key : keys) {
    const std::string lower = LowerCase(key);
    if (std::find(kEnter.begin(), kEnter.end(), lower) != kEnter.end()) {
      typed.push_back('\n');
    } else {
      typed.append(lower == "space" ? " " : (lower == "tab" ? "\t" : key));
    }
  }
  return typed;
}

std::string StuffedText(std::string_view text) {
  std::string stuffed;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view two = text.substr(i, 2);
    const bool enter = two == "^M" || two == "\\n" || two == "\\r" || text.substr(i, 4) == "\\015" ||
                       text.substr(i, 4) == "\\012" || text[i] == '\r';
    stuffed.push_back(enter ? '\n' : text[i]);
    if (enter && text[i] != '\r') {
      i += text[i] == '\\' && text[i + 1] == '0' ? 3 : 1;
    }
  }
  return stuffed;
}

}  // namespace safe_docker::shell
