// Commands of the environments of a tox.ini.
#include <algorithm>
#include <map>

#include "file_system.hpp"
#include "language.hpp"
#include "makefile.hpp"
#include "task_readers.hpp"

namespace safe_docker::shell {
namespace {

using Section = std::map<std::string, std::vector<std::string>, std::less<>>;

// The values of a file of "[section]", "key = value" and indented lines that go on.
std::map<std::string, Section, std::less<>> ReadSections(std::string_view text) {
  std::map<std::string, Section, std::less<>> sections;
  Section* section = nullptr;
  std::vector<std::string>* values = nullptr;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view bare = Trim(line);
    const std::size_t equals = bare.find('=');
    if (bare.empty() || bare[0] == '#' || bare[0] == ';') {
      continue;
    }
    if (line[0] == '[' && bare.ends_with(']')) {
      section = &sections[std::string(bare.substr(1, bare.size() - 2))];
      values = nullptr;
    } else if ((line[0] == ' ' || line[0] == '\t') && values != nullptr) {
      const bool goes_on = !values->empty() && values->back().ends_with('\\');
      if (goes_on) {
        values->back().pop_back();
        values->back().append(bare);
      } else {
        values->emplace_back(bare);
      }
    } else if (section != nullptr && equals != std::string_view::npos) {
      values = &(*section)[std::string(Trim(bare.substr(0, equals)))];
      const std::string_view value = Trim(bare.substr(equals + 1));
      if (!value.empty()) {
        values->emplace_back(value);
      }
    }
  }
  return sections;
}

// What tox puts in for {posargs}, {toxinidir} and their like is not known; a factor in front is taken off.
std::string CommandOf(std::string_view line) {
  const std::size_t colon = line.find(": ");
  const bool factor = colon != std::string_view::npos && line.substr(0, colon).find(' ') == std::string_view::npos;
  line = Trim(factor ? line.substr(colon + 2) : line);
  while (!line.empty() && (line[0] == '-' || line[0] == '!' || line[0] == ' ')) {
    line.remove_prefix(1);
  }
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::size_t close = line[i] == '{' ? line.find('}', i) : std::string_view::npos;
    text.push_back(close == std::string_view::npos ? line[i] : kUnknownPart);
    i = close == std::string_view::npos ? i : close;
  }
  return text;
}

}  // namespace

ForeignCode ReadToxEnvironments(const std::vector<Word>& words, const ForeignContext& context) {
  ForeignCode code;
  std::string path = "tox.ini";
  std::vector<std::string> wanted;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i].text;
    if (word == "--" || IsListed(" -l --listenvs -a --version --help -h config c list l ", word)) {
      break;
    }
    const bool has_next = i + 1 < words.size();
    if (word == "-c" && has_next) {
      path = words[++i].text;
    } else if (word.starts_with("-e")) {
      const std::string list = word == "-e" ? (has_next ? words[++i].text : "") : word.substr(2);
      for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find(',', at), list.size());
        wanted.push_back(list.substr(at, end - at));
        at = end + 1;
      }
    }
  }
  if (!IsKnown(context.cwd) || !IsKnown(path)) {
    return code;
  }
  path = CleanPath(path, context.cwd);
  const std::optional<std::string> text = context.files->Read(path);
  if (!text) {
    return code;
  }
  const auto sections = ReadSections(*text);
  for (const auto& [name, section] : sections) {
    const bool environment = name.starts_with("testenv:");
    const bool runs =
        name == "testenv" ||
        (environment && (wanted.empty() || std::find(wanted.begin(), wanted.end(), name.substr(8)) != wanted.end()));
    for (const char* key : {"commands_pre", "commands", "commands_post"}) {
      const auto commands = section.find(key);

      if (!runs || commands == section.end()) {
        continue;
      }
      for (const std::string& line : commands->second) {
        FoundCommand command;
        command.text = CommandOf(line);
        command.directory = CleanPath(path + "/..", "/");
        code.commands.push_back(std::move(command));
      }
    }
  }
  return code;
}

}  // namespace safe_docker::shell
