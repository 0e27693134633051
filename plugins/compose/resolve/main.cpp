// compose-resolve --NAME=VALUE... [SERVICE...]: prints a compose project as it is judged. Called by `safe-docker
// compose resolve`, which reads the command line; the names are those of compose's own flags, and --format=yaml or
// json.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <safe_docker/checker.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "local_host.hpp"
#include "printer.hpp"
#include "project.hpp"
#include "resolve.hpp"
#include "yaml.hpp"

namespace {

using namespace safe_docker;
using namespace safe_docker::compose;

// Flags that say which project is meant, and flags that change nothing of what is printed.
constexpr std::string_view kFlags[] = {"file",         "env-file",      "profile",  "project-directory",
                                       "project-name", "format",        "parallel", "ansi",
                                       "progress",     "compatibility", "verbose",  "dry-run"};

struct Arguments {
  std::vector<sdp_option> options;
  std::vector<sdp_string> services;
  std::string_view format = "yaml";
  std::string refused;
};

Arguments ReadArguments(const std::vector<std::string>& words) {
  Arguments arguments;
  for (const std::string_view word : words) {
    if (!word.starts_with("--")) {
      arguments.services.push_back(plugin::Text(word));
      continue;
    }
    const std::size_t at = std::min(word.find('='), word.size());
    const std::string_view name = word.substr(2, at - 2);
    const std::string_view value = plugin::Slice(word, at + 1);
    if (std::ranges::find(kFlags, name) == std::end(kFlags)) {
      arguments.refused = "compose resolve does not take --" + std::string(name);
    } else if (name == "format") {
      arguments.format = value;
    } else {
      arguments.options.push_back({sizeof(sdp_option), 0, plugin::Text(name), plugin::Text(value), plugin::Text(word)});
    }
  }
  if (arguments.format != "yaml" && arguments.format != "json") {
    arguments.refused = "--format is yaml or json";
  }
  return arguments;
}

// How many bytes of `text`, which is UTF-8 and not empty, are a character that a terminal obeys or that changes the
// order in which others are shown.
std::size_t Misleading(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x20 || first == 0x7F) {
    return 1;
  }
  constexpr std::string_view kOthers[] = {"\xD8\x9C",     "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xAA",
                                          "\xE2\x80\xAB", "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE",
                                          "\xE2\x81\xA6", "\xE2\x81\xA7", "\xE2\x81\xA8", "\xE2\x81\xA9"};
  const bool is_c1 = first == 0xC2 && text.size() > 1 && static_cast<unsigned char>(text[1]) < 0xA0;
  const auto* const other = std::find_if(std::begin(kOthers), std::end(kOthers),
                                         [text](std::string_view each) { return text.starts_with(each); });
  return is_c1 ? 2 : other == std::end(kOthers) ? 0 : other->size();
}

// What files say may reach a terminal, and may not command it.
std::string Shown(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string shown;
  for (std::size_t at = 0, escaped = 0; at < text.size(); ++at) {
    escaped = escaped > 0 ? escaped : Misleading(text.substr(at));
    if (escaped == 0) {
      shown += text[at];
      continue;
    }
    const auto byte = static_cast<unsigned char>(text[at]);
    shown += {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 15U]};
    --escaped;
  }
  return shown;
}

void Say(std::string_view text) { std::fprintf(stderr, "[safe-docker] %s\n", Shown(text).c_str()); }

int Fail(const Failure& failure) {
  std::string place = failure.file;
  for (const std::uint32_t part : {failure.line, failure.column}) {
    place += part == 0 ? "" : ":" + std::to_string(part);
  }
  const bool names_file =
      place.empty() || (failure.line == 0 && failure.message.find(failure.file) != std::string::npos);
  Say("error: " + (names_file ? "" : place + ": ") + failure.message);
  std::fprintf(stderr, "%s\n", Shown(failure.advice).c_str());
  return 1;
}

int Resolve(const Arguments& arguments) {
  const char* home = std::getenv("HOME");
  const char* working_directory = std::getenv("PWD");
  std::error_code error;
  const std::filesystem::path real = std::filesystem::current_path(error);
  const bool is_current = working_directory != nullptr && std::filesystem::equivalent(working_directory, real, error);
  const std::string cwd = is_current ? std::string(working_directory) : real.string();
  sdp_request raw{};
  raw.size = sizeof raw;
  raw.program = plugin::Text("docker");
  raw.command = plugin::Text("compose config");
  raw.cwd = plugin::Text(cwd);
  raw.home = plugin::Text(home == nullptr ? std::string_view{} : std::string_view(home));
  raw.options = {arguments.options.data(), static_cast<std::uint32_t>(arguments.options.size()), sizeof(sdp_option)};
  raw.arguments = {arguments.services.data(), static_cast<std::uint32_t>(arguments.services.size()),
                   sizeof(sdp_string)};
  const LocalHost host;
  Arena arena;
  const CommandLine line{plugin::Request(raw)};
  const Value project = ResolveProject(plugin::Host(host.raw()), line, arena);
  const std::string text = arguments.format == "json" ? PrintJson(project) : PrintYaml(project);
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  const Arguments arguments = ReadArguments(words);
  if (!arguments.refused.empty()) {
    Say("error: " + arguments.refused);
    return 2;
  }
  try {
    return Resolve(arguments);
  } catch (const Failure& failure) {
    return Fail(failure);
  }
}
