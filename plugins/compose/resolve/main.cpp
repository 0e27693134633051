// compose-resolve --NAME=VALUE... [SERVICE...]: prints a compose project as it is judged. Called by `safe-docker
// compose resolve`, which reads the command line; the names are those of compose's own flags, and --format=yaml or
// json.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
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

// What files say may reach a terminal: nothing in it may command one. C1 control characters are two bytes in UTF-8.
std::string Shown(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string shown;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool begins_control = byte == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0;
    const bool ends_control = byte >= 0x80 && byte < 0xA0 && at > 0 && static_cast<unsigned char>(text[at - 1]) == 0xC2;
    if (byte < 0x20 || byte == 0x7F || begins_control || ends_control) {
      shown += "\\x";
      shown += kDigits[byte >> 4U];
      shown += kDigits[byte & 15U];
    } else {
      shown += text[at];
    }
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
