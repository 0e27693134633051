// What tells about places: folders, paths, programs and variables.
#include <unistd.h>

#include <algorithm>
#include <array>

#include "file_system.hpp"
#include "tool.hpp"

namespace safe_docker::shell {
namespace {

// Builtins and reserved words, for which `command -v` and `type` give no path.
constexpr std::string_view kOfShell =
    " . : [ alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown echo "
    "enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf "
    "pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit "
    "umask unalias unset wait if then else elif fi case esac for select while until do done in function time { } ! [[ "
    "]] coproc newgrp print whence ";

// The first regular file of the name in PATH, if it can be run.
Printed FindProgram(std::string_view name, const ToolContext& context) {
  if (context.environment == nullptr || context.paths_changed || name.find_first_of("/ \n") != std::string_view::npos ||
      name.empty()) {
    return std::nullopt;
  }
  const Variable path = context.environment->Get("PATH");
  if (path.state != Variable::State::kKnown) {
    return std::nullopt;
  }
  for (std::string_view rest = path.value; !rest.empty();) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
    if (!folder.starts_with('/')) {
      return std::nullopt;
    }
    const std::string file = std::string(folder) + "/" + std::string(name);
    if (context.files != nullptr && context.files->IsWritten(CleanPath(file, "/"))) {
      return std::nullopt;
    }
    const ResolvedPath found = ResolvePath(file, "/");
    if (found.kind == ResolvedPath::Kind::kRegular || !found.complete) {
      return found.complete && access(file.c_str(), X_OK) == 0 ? Printed(file + "\n") : std::nullopt;
    }
  }
  return std::nullopt;
}

std::string_view WithoutSlashes(std::string_view path) {
  const std::size_t last = path.find_last_not_of('/');
  return path.substr(0, last == std::string_view::npos ? std::min<std::size_t>(path.size(), 1) : last + 1);
}

std::string NameOf(std::string_view path, std::string_view suffix) {
  path = WithoutSlashes(path);
  const std::string_view name = path == "/" ? path : BaseName(path);
  const bool cut = name.size() > suffix.size() && name.ends_with(suffix);
  return std::string(name.substr(0, name.size() - (cut ? suffix.size() : 0)));
}

std::string FolderOf(std::string_view path) {
  path = WithoutSlashes(path);
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) {
    return ".";
  }
  return std::string(WithoutSlashes(path.substr(0, slash + 1)));
}

// Where opening `path` leads, if that is there.
Printed LeadsTo(std::string_view path, const ToolContext& context) {
  if (path.empty() || context.paths_changed || !IsKnown(path) || (!path.starts_with('/') && !IsKnown(context.cwd))) {
    return std::nullopt;
  }
  const ResolvedPath place = PathResolver().ResolveAsOpened(path, context.cwd);
  const bool folder = place.kind == ResolvedPath::Kind::kDirectory;
  const bool there = folder || (place.kind == ResolvedPath::Kind::kRegular && path.back() != '/');
  return place.complete && there ? Printed(place.resolved) : std::nullopt;
}

bool IsAllKnown(const Words& words) {
  return std::none_of(words.begin(), words.end(),
                      [](const Word& word) { return word.may_split || !IsKnown(word.text); });
}

}  // namespace

Printed PrintWorkingDirectory(const Words& words, const ToolContext& context) {
  const bool follows = context.physical || std::any_of(words.begin() + 1, words.end(), [](const Word& word) {
                         return word.may_split || word.text.find('P') != std::string::npos || !IsKnown(word.text);
                       });
  const bool known = IsKnown(context.cwd) && !context.paths_changed;
  const ResolvedPath folder = follows && known ? ResolvePath(context.cwd, "/") : ResolvedPath();
  const bool same = !follows || (folder.complete && folder.resolved == context.cwd);
  return (same ? std::string(context.cwd) : UnknownText()) + "\n";
}

Printed PrintBaseName(const Words& words, const ToolContext& /*context*/) {
  const std::optional<Arguments> arguments = ParseArguments(words, {"a", "s", "", " multiple:a suffix:s "});
  if (!arguments || arguments->operands.empty()) {
    return std::nullopt;
  }
  std::vector<std::string_view> paths = arguments->operands;
  std::string_view suffix = arguments->ValueOf('s').value_or("");
  if (arguments->options.empty()) {
    if (paths.size() > 2) {
      return std::nullopt;
    }
    suffix = paths.size() == 2 ? paths[1] : "";
    paths.resize(1);
  }
  std::string out;
  for (const std::string_view path : paths) {
    out.append(NameOf(path, suffix)).push_back('\n');
  }
  return out;
}

Printed PrintFolderName(const Words& words, const ToolContext& /*context*/) {
  const std::optional<Arguments> arguments = ParseArguments(words, {""});
  if (!arguments || arguments->operands.empty()) {
    return std::nullopt;
  }
  std::string out;
  for (const std::string_view path : arguments->operands) {
    out.append(FolderOf(path)).push_back('\n');
  }
  return out;
}

Printed PrintRealPath(const Words& words, const ToolContext& context) {
  const std::optional<Arguments> arguments = ParseArguments(words, {"eq", "", "", " canonicalize-existing:e quiet:q "});
  const Printed place =
      arguments && arguments->operands.size() == 1 ? LeadsTo(arguments->operands[0], context) : std::nullopt;
  return place ? Printed(*place + "\n") : std::nullopt;
}

Printed PrintLinkTarget(const Words& words, const ToolContext& context) {
  constexpr std::string_view kLong =
      " canonicalize:f canonicalize-existing:e canonicalize-missing:m no-newline:n quiet:q ";
  const std::optional<Arguments> arguments = ParseArguments(words, {"femnq", "", "", kLong});
  if (!arguments || arguments->operands.size() != 1 ||
      (!arguments->Has('f') && !arguments->Has('e') && !arguments->Has('m'))) {
    return std::nullopt;
  }
  const Printed place = LeadsTo(arguments->operands[0], context);
  return place ? Printed(*place + (arguments->Has('n') ? "" : "\n")) : std::nullopt;
}

Printed PrintProgramPath(const Words& words, const ToolContext& context) {
  if (!IsAllKnown(words)) {
    return std::nullopt;
  }
  const std::string_view program = words[0].text;
  const bool is_which = BaseName(program) == "which";
  if (words.size() != (is_which ? 2U : 3U) || words.back().text.starts_with('-')) {
    return std::nullopt;
  }
  const std::string_view option = is_which ? std::string_view() : std::string_view(words[1].text);
  const std::string_view name = words.back().text;
  const bool asks_for_file = program == "type" && option == "-P";
  const bool asks_shell = (program == "command" && option == "-v") || (program == "type" && option == "-p");
  const bool of_shell = kOfShell.find(" " + std::string(name) + " ") != std::string_view::npos;
  if (!is_which && !asks_for_file && (!asks_shell || !context.asks_for_program || of_shell)) {
    return std::nullopt;
  }
  return FindProgram(name, context);
}

Printed PrintVariable(const Words& words, const ToolContext& context) {
  if (!IsAllKnown(words) || words.size() < 2 || context.environment == nullptr) {
    return std::nullopt;
  }
  std::string out;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& name = words[i].text;
    if (name.empty() || name[0] == '-' || name.find('=') != std::string::npos || name == "_") {
      return std::nullopt;
    }
    const Variable variable = context.environment->Get(name);
    if (variable.state == Variable::State::kKnown) {
      out.append(variable.value).push_back('\n');
    } else if (variable.state == Variable::State::kUnknown) {
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace safe_docker::shell
