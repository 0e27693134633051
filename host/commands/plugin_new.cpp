// `safe-docker plugin new`: writes a checker to begin with. Its files are those of plugin-api/template, where they are
// a checker called my-checker, under another name.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

#include "commands/commands.hpp"
#include "commands/terminal.hpp"
#include "modes/answer.hpp"
#include "modes/shipped_plugins.hpp"

namespace safe_docker::commands {
namespace {

namespace fs = std::filesystem;

struct TemplateFile {
  std::string_view path;
  std::string_view content;
};
constexpr TemplateFile kFiles[] = {
#include "plugin_template.inc"
};

// The template's own names.
constexpr std::string_view kName = "my-checker";
constexpr std::string_view kClass = "MyChecker";

constexpr std::size_t kLongestName = 64;

// Names that mean something else to the host, or as targets of CMake.
constexpr std::string_view kReserved[] = {"host",    "all",     "clean",  "contract", "help",
                                          "install", "package", "policy", "test"};

// What is wrong with a name for a plugin, or nothing.
std::string CheckName(std::string_view name) {
  const auto fits = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
  };
  if (name.empty() || name.size() > kLongestName || !std::all_of(name.begin(), name.end(), fits) ||
      name.front() < 'a' || name.back() == '-') {
    return "'" + std::string(name) +
           "' is no name for a plugin: it is made of lower case letters, digits and dashes, " +
           "and begins with a letter, as in no-latest";
  }
  if (modes::IsShipped(name)) {
    return "safe-docker has a plugin called " + std::string(name) + " itself; choose another name";
  }
  if (std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved)) {
    return "the name " + std::string(name) + " is taken; choose another, as in my-" + std::string(name);
  }
  return {};
}

// "no-latest" as the name of a class, which is none of the SDK's.
std::string ClassOf(std::string_view name) {
  std::string text;
  bool starts_word = true;
  for (const char letter : name) {
    if (letter != '-') {
      text += starts_word && letter >= 'a' ? static_cast<char>(letter - 'a' + 'A') : letter;
    }
    starts_word = letter == '-';
  }
  return text.ends_with("Checker") ? text : text + "Checker";
}

std::string Replace(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string Rename(std::string_view text, const std::string& name) {
  return Replace(Replace(std::string(text), kName, name), kClass, ClassOf(name));
}

// Writes one file; what stands in the way of it, or nothing.
std::string Write(const fs::path& path, const std::string& content) {
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  if (failed) {
    return path.parent_path().string() + ": " + failed.message();
  }
  const fs::file_status status = fs::symlink_status(path, failed);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return path.string() + " is a link, or no file; remove it";
  }
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  return file ? "" : path.string() + " cannot be written";
}

std::string NextSteps(const std::string& target, const std::string& name) {
  return "\nNext:\n"
         "  cd " +
         target +
         "\n"
         "  cmake -S . -B build -DCMAKE_BUILD_TYPE=Release && cmake --build build\n"
         "  ctest --test-dir build --output-on-failure\n"
         "Then edit " +
         name + ".cpp, and say in tests/policy.toml what it is to decide.\n";
}

int Run(const Options& options) {
  if (options.words.empty()) {
    return RefuseArguments("plugin new: what is it to be called? As in `safe-docker plugin new no-latest`");
  }
  const std::string& name = options.words[0];
  if (const std::string wrong = CheckName(name); !wrong.empty()) {
    return RefuseArguments("plugin new: " + wrong);
  }
  const fs::path target = options.Last("--target").value_or(name);
  std::error_code ignored;
  if (target.empty()) {
    return RefuseArguments("plugin new: --target names no folder");
  }
  if (fs::exists(fs::symlink_status(target, ignored)) && !options.Has("--force")) {
    return RefuseArguments("plugin new: " + target.string() +
                           " is there already; choose another folder with --target, or write into it with --force");
  }
  std::string told;
  for (const TemplateFile& file : kFiles) {
    const fs::path path = target / Rename(file.path, name);
    const bool is_there = fs::exists(path, ignored);
    if (const std::string wrong = Write(path, Rename(file.content, name)); !wrong.empty()) {
      return RefuseArguments("plugin new: " + wrong);
    }
    told += (is_there ? "overwritten  " : "written  ") + modes::Printable(path.string()) + "\n";
  }
  Print(told + NextSteps(modes::Printable(target.string()), name));
  return 0;
}

}  // namespace

Command PluginNew() {
  return {.manual = {.name = "plugin new",
                     .group = Group::kPlugins,
                     .summary = "write a plugin of your own to begin with",
                     .usage = {"plugin new NAME [--target FOLDER] [--force]"},
                     .description = {"Writes a checker that builds and passes its own tests: its source with one rule "
                                     "and one setting, a build for CMake, cases of what it decides. NAME is made of "
                                     "lower case letters, digits and dashes.",
                                     "What is there already is not touched without --force."},
                     .options = {{"--target", "FOLDER", "where to; a new folder called NAME if it is not given"},
                                 {"--force", "", "write into a folder that is there, over files of the same names"}},
                     .words = "NAME",
                     .most_words = 1,
                     .examples = {{"safe-docker plugin new no-latest", "Begin a checker in the folder no-latest."}},
                     .exit_codes = {{0, "it is written"}, {2, "it was called wrongly, or something stands in its way"}},
                     .see_also = {"safe-docker-plugin-check(1)", "safe-docker-plugins(7)"}},
          .run = &Run};
}

}  // namespace safe_docker::commands
