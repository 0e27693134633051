// What can be configured, made from the table of keys: a JSON Schema for editors, a commented file to begin with, and
// the reference in the documentation.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>

#include "commands/commands.hpp"
#include "commands/json_output.hpp"
#include "commands/known_rules.hpp"
#include "commands/terminal.hpp"
#include "guard.hpp"
#include "modes/answer.hpp"
#include "modes/door.hpp"
#include "modes/shipped_plugins.hpp"
#include "policy/config_keys.hpp"

namespace safe_docker::commands {
namespace {

using Json = nlohmann::ordered_json;
using policy::Key;
using policy::Shape;

// ---- Schema ---------------------------------------------------------------------------------------------------------

Json KeySchema(const Key& key) {
  Json schema = Json::parse(key.schema);
  schema["description"] = key.description;
  return schema;
}

// The settings of one plugin's table. Those that come with safe-docker have none: their settings are the keys above.
Json PluginSchema(const plugins::PluginInfo& info) {
  Json properties = {{"enabled", {{"type", "boolean"}, {"default", true}}}};
  if (!info.shipped) {
    properties["path"] = {{"type", "string"}, {"description", "where its library lies"}};
    Json settings = Json::parse(info.settings_schema, nullptr, /*allow_exceptions=*/false);
    properties["settings"] = settings.is_object() ? settings : Json{{"type", "object"}};
  }
  return {
      {"type", "object"}, {"description", info.summary}, {"properties", properties}, {"additionalProperties", false}};
}

// The definitions that the rules plugin's schema has for [[rules]] are those of the whole.
Json Definitions(const KnownRules& known) {
  for (const plugins::PluginInfo& info : known.plugins) {
    const Json schema = Json::parse(info.settings_schema, nullptr, /*allow_exceptions=*/false);
    if (info.id == "rules" && schema.is_object()) {
      return schema.value("$defs", Json::object());
    }
  }
  return Json::object();
}

Json Schema(const KnownRules& known) {
  Json properties = Json::object();
  for (const Key& key : policy::Keys()) {
    const std::size_t dot = key.name.find('.');
    if (dot == std::string_view::npos) {
      properties[std::string(key.name)] = KeySchema(key);
      continue;
    }
    Json& table = properties[std::string(key.name.substr(0, dot))];
    table["type"] = "object";
    table["properties"][std::string(key.name.substr(dot + 1))] = KeySchema(key);
    table["additionalProperties"] = false;
  }
  Json plugins = Json::object();
  for (const plugins::PluginInfo& info : known.plugins) {
    plugins[info.id] = PluginSchema(info);
  }
  const Json other = {
      {"type", "object"},
      {"properties",
       {{"enabled", {{"type", "boolean"}}}, {"path", {{"type", "string"}}}, {"settings", {{"type", "object"}}}}},
      {"required", {"path"}},
      {"additionalProperties", false}};
  properties["plugins"] = {{"type", "object"}, {"properties", plugins}, {"additionalProperties", other}};
  Json definitions = Definitions(known);
  definitions["texts"] = {
      {"anyOf", {{{"type", "string"}}, {{"type", "array"}, {"items", {{"type", "string"}}}, {"minItems", 1}}}}};
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"title", "config.toml of safe-docker"},
          {"type", "object"},
          {"properties", properties},
          {"additionalProperties", false},
          {"$defs", definitions}};
}

// ---- The commented file ---------------------------------------------------------------------------------------------

// `text` as comment lines of at most 100 characters.
std::string Comment(std::string_view text) {
  constexpr std::size_t kWidth = 98;
  std::string lines;
  while (!text.empty()) {
    std::size_t end = text.size() <= kWidth ? text.size() : text.rfind(' ', kWidth);
    end = end == std::string_view::npos ? text.size() : end;
    lines += "# " + std::string(text.substr(0, end)) + "\n";
    text = text.substr(std::min(text.size(), end + 1));
  }
  return lines;
}

// Each line of `text` with "# " in front.
std::string CommentedOut(std::string_view text) {
  std::string lines = "#";
  for (const char letter : text) {
    lines += letter == '\n' ? "\n#" : std::string(1, letter);
  }
  return lines + "\n";
}

// One key as a comment and a line that is commented out; `last` is its name without its table.
std::string Sample(const Key& key, std::string_view last) {
  std::string text = "\n" + Comment(key.description);
  switch (key.shape) {
    case Shape::kTable:
      return text + CommentedOut("[" + std::string(last) + "]\n" + std::string(key.sample));
    case Shape::kTables:
      return text + CommentedOut("[[" + std::string(last) + "]]\n" + std::string(key.sample));
    default:
      return text + CommentedOut(std::string(last) + " = " + std::string(key.sample));
  }
}

// Without a profile all of it is commented out, headings as well.
std::string SampleFile(std::string_view profile) {
  std::string text =
      "# Configuration of safe-docker. What is commented out is the default or an example.\n"
      "# `safe-docker check-config` looks for mistakes, `safe-docker rules` lists the rules.\n";
  const std::string_view heading = profile.empty() ? "#[" : "[";
  std::string tables;
  std::string table;
  for (const Key& key : policy::Keys()) {
    const std::size_t dot = key.name.find('.');
    const bool is_table = key.shape == Shape::kTable || key.shape == Shape::kTables;
    if (key.name == "profile" && !profile.empty()) {
      text += "\n" + Comment(key.description) + "profile = \"" + std::string(profile) + "\"\n";
    } else if (dot == std::string_view::npos && !is_table) {
      text += Sample(key, key.name);
    } else if (is_table) {
      tables += Sample(key, key.name);
    } else {
      const std::string owner(key.name.substr(0, dot));
      tables += owner == table ? "" : "\n" + std::string(heading) + owner + "]\n";
      table = owner;
      tables += Sample(key, key.name.substr(dot + 1));
    }
  }
  return text + tables;
}

// What went wrong, or nothing.
std::string WriteNew(const std::string& path, const std::string& text, bool replace) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    mkdir(path.substr(0, slash).c_str(), 0700);
  }
  if (replace && rename(path.c_str(), (path + ".bak").c_str()) != 0 && errno != ENOENT) {
    return path + ".bak: " + std::strerror(errno);
  }
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return errno == EEXIST ? path + " is there already; --force replaces it, and keeps it as " + path + ".bak"
                           : path + ": " + std::strerror(errno) + "; name another file with --config";
  }
  const bool is_written = write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  return close(descriptor) == 0 && is_written ? "" : path + ": " + std::strerror(errno);
}

int Init(const Options& options) {
  guard::Answered();
  const std::string profile = options.Last("--profile").value_or("standard");
  constexpr std::string_view kProfiles[] = {"strict", "standard", "permissive"};
  if (std::find(std::begin(kProfiles), std::end(kProfiles), profile) == std::end(kProfiles)) {
    return RefuseArguments("'" + profile + "' is no profile; there are strict, standard and permissive");
  }
  const std::string path = options.Last("--config").value_or(policy::UserConfigPath(modes::ProcessEnvironment()));
  if (path.empty()) {
    return RefuseArguments("there is no home to write to; name a file with --config PATH");
  }
  if (const std::string problem = WriteNew(path, SampleFile(profile), options.Has("--force")); !problem.empty()) {
    return RefuseArguments(problem);
  }
  Print("Written: " + modes::Printable(path) + "\n");
  return 0;
}

// ---- Reference ------------------------------------------------------------------------------------------------------

std::string_view Name(Shape shape) {
  constexpr std::string_view kNames[] = {"text", "true or false", "integer", "list", "text or list", "table", "tables"};
  return kNames[static_cast<std::size_t>(shape)];
}

std::string Reference() {
  std::string text = "| key | type | default, or an example | meaning |\n| --- | --- | --- | --- |\n";
  for (const Key& key : policy::Keys()) {
    std::string sample;
    for (const char letter : key.sample) {
      sample += letter == '\n' ? "`<br>`" : std::string(1, letter);
    }
    text += "| `" + std::string(key.name) + "` | " + std::string(Name(key.shape)) + " | `" + sample + "` | " +
            std::string(key.description) + " |\n";
  }
  return text;
}

int PrintSchema(const Options&) {
  const KnownRules known = DescribeRules(modes::LoadConfiguration(modes::ProcessEnvironment(), {}).config);
  guard::Answered();
  Print(Schema(known).dump(2) + "\n");
  return 0;
}

int PrintSample(const Options&) {
  guard::Answered();
  Print(SampleFile(""));
  return 0;
}

Json ReferenceJson() {
  Json keys = Json::array();
  for (const Key& key : policy::Keys()) {
    keys.push_back({{"key", key.name},
                    {"type", Name(key.shape)},
                    {"sample", key.sample},
                    {"meaning", key.description},
                    {"schema", Json::parse(key.schema, nullptr, /*allow_exceptions=*/false)}});
  }
  return keys;
}

int PrintReference(const Options& options) {
  guard::Answered();
  Print(options.Has("--json") ? AsciiJson(ReferenceJson()) + "\n" : Reference());
  return 0;
}

}  // namespace

Command Config() {
  return {
      .manual = {.name = "config",
                 .group = Group::kConfiguring,
                 .summary = "write a file to begin with; print what can be configured",
                 .usage = {"config COMMAND [OPTIONS]"},
                 .description = {"What can be configured: as a file, as documentation, as a schema."},
                 .examples = {{"safe-docker config init", "Write ~/.config/safe-docker/config.toml."},
                              {"safe-docker config schema > config.schema.json", "For an editor that checks TOML."}},
                 .exit_codes = {{0, "written"}, {2, "it was called wrongly, or the file cannot be written"}},
                 .see_also = {"safe-docker-config(5)", "safe-docker-check-config(1)"}}};
}

Command ConfigInit() {
  return {.manual = {.name = "config init",
                     .group = Group::kConfiguring,
                     .summary = "write a config.toml with every key and what it means",
                     .usage = {"config init [--profile NAME] [--config PATH] [--force]"},
                     .description = {"Writes a configuration to begin with. Each key is explained in it and commented "
                                     "out, so that the defaults hold until a line is changed."},
                     .options = {{"--profile", "strict|standard|permissive", "the profile that it sets (standard)"},
                                 {"--config", "PATH", "write there instead of ~/.config/safe-docker/config.toml"},
                                 {"--force", "", "replace a file that is there; it is kept as PATH.bak"}},
                     .examples = {{"safe-docker config init", "Write ~/.config/safe-docker/config.toml."},
                                  {"safe-docker config init --profile strict --config strict.toml",
                                   "Write a strict one elsewhere."}},
                     .exit_codes = {{0, "written"},
                                    {2, "it was called wrongly, a file is there already, or it cannot be written"}},
                     .see_also = {"safe-docker-config(5)", "safe-docker-check-config(1)"}},
          .run = &Init,
          .is_watched = true};
}

Command ConfigReference() {
  return {
      .manual = {.name = "config reference",
                 .group = Group::kConfiguring,
                 .summary = "print all keys as Markdown",
                 .usage = {"config reference [--json]"},
                 .description = {"Prints all keys of the configuration with their types, defaults and meanings as a "
                                 "table in Markdown, as docs/config.md has it."},
                 .options = {{"--json", "", "as a JSON array"}},
                 .examples = {{"safe-docker config reference | less", "Read about all keys."},
                              {"safe-docker config reference --json", "The same, for a program."}},
                 .exit_codes = {{0, "printed"}, {2, "it was called wrongly"}},
                 .see_also = {"safe-docker-config(5)"}},
      .run = &PrintReference,
      .is_watched = true};
}

Command ConfigSample() {
  return {
      .manual = {.name = "config sample",
                 .group = Group::kConfiguring,
                 .summary = "print a config.toml that changes nothing",
                 .usage = {"config sample"},
                 .description = {"Prints a configuration in which every key is explained and commented out. Packages "
                                 "install it as /etc/safe-docker/config.toml."},
                 .examples = {{"safe-docker config sample | less", "Read about all keys."}},
                 .exit_codes = {{0, "printed"}, {2, "it was called wrongly"}},
                 .see_also = {"safe-docker-config(5)"}},
      .run = &PrintSample,
      .is_watched = true};
}

Command ConfigSchema() {
  return {.manual = {.name = "config schema",
                     .group = Group::kConfiguring,
                     .summary = "print the JSON Schema of config.toml, for editors",
                     .usage = {"config schema"},
                     .description = {"Prints the JSON Schema of config.toml, with the settings of the plugins that are "
                                     "in force here."},
                     .examples = {{"safe-docker config schema > config.schema.json",
                                   "With `#:schema ./config.schema.json` as its first line an editor checks "
                                   "config.toml by it."}},
                     .exit_codes = {{0, "printed"}, {2, "it was called wrongly"}},
                     .see_also = {"safe-docker-config(5)"}},
          .run = &PrintSchema,
          .is_watched = true};
}

}  // namespace safe_docker::commands
