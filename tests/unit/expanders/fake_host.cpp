#include "fake_host.hpp"

#include <filesystem>
#include <safe_docker/checker.hpp>

namespace safe_docker::expanders {
namespace {

using plugin::Text;
using plugin::View;

constexpr std::string_view kEffectNames[] = {"",
                                             "UNKNOWN",
                                             "MOUNT",
                                             "READ",
                                             "WRITE",
                                             "DELETE",
                                             "USE_VOLUME",
                                             "INHERIT",
                                             "PRIVILEGED",
                                             "ADD_CAPABILITY",
                                             "NAMESPACE",
                                             "DEVICE",
                                             "SECURITY",
                                             "SYSCTL",
                                             "CGROUP",
                                             "ADD_HOST",
                                             "BUILD_ARGUMENT",
                                             "BUILD_CREDENTIAL",
                                             "IMAGE",
                                             "ENGINE",
                                             "DESTROY",
                                             "RUN_CODE",
                                             "RUN_COMMAND",
                                             "PUBLISH",
                                             "PASS_ENVIRONMENT",
                                             "API_SOCKET",
                                             "CHANGE_ENGINE",
                                             "RUNTIME",
                                             "SEND",
                                             "FETCH",
                                             "SET_OPTION",
                                             "CONTROL",
                                             "RAW_ENGINE",
                                             "ORDINARY"};

struct Record {
  FakeHost* host = nullptr;
  std::vector<std::string> lines;
  bool is_open = false;
};

Record& RecordOf(void* context) { return *static_cast<Record*>(context); }
FakeHost& HostOf(void* context) { return *static_cast<FakeHost*>(context); }

// Unknown parts are shown as "?".
std::string Shown(std::string_view text) {
  std::string shown(text);
  for (char& byte : shown) {
    byte = byte == '\0' ? '?' : byte;
  }
  return shown;
}

std::string Place(const Record& record, const sdp_evidence* evidence) {
  if (!record.host->shows_places || evidence == nullptr) {
    return {};
  }
  return " @" + std::string(View(evidence->file)) + ":" + std::to_string(evidence->line) + ":" +
         std::to_string(evidence->column) + " [" + Shown(View(evidence->written)) + "]";
}

// What the request is for: the service or part, or the project for a command of its own.
std::string NameOf(const Record& record, const sdp_request& request) {
  const std::string_view service = View(request.evidence->service);
  if (View(request.command) != record.host->tool.made) {
    return View(request.command).starts_with(record.host->tool.level + " ") ? "project" : "BROKEN command";
  }
  if (!service.empty()) {
    return std::string(service);
  }
  const std::string_view written = View(request.evidence->written);
  return request.evidence->file.size == 0 || record.host->tool.level == "compose" ? "unseen" : Shown(written);
}

int32_t Begin(void* context, const sdp_request* request) {
  Record& record = RecordOf(context);
  if (record.is_open) {
    record.lines.emplace_back("BROKEN begin");
  }
  record.is_open = true;
  std::string line = NameOf(record, *request);
  if (record.host->shows_places) {
    line += " in " + std::string(View(request->cwd));
  }
  record.lines.push_back(line + Place(record, request->evidence));
  return SDP_OK;
}

int32_t Effect(void* context, const sdp_effect* effect) {
  Record& record = RecordOf(context);
  std::string line = "  " + std::string(kEffectNames[effect->kind]) + " " + Shown(View(effect->subject));
  if (effect->name.size != 0) {
    line += " (" + Shown(View(effect->name)) + ")";
  }
  if (effect->target.size != 0) {
    line += " -> " + Shown(View(effect->target));
  }
  line += (effect->flags & SDP_EFFECT_READ_ONLY) != 0 ? " ro" : "";
  line += (effect->flags & SDP_EFFECT_UNRESOLVED) != 0 ? " unresolved" : "";
  record.lines.push_back((record.is_open ? line : "BROKEN effect") + Place(record, effect->evidence));
  return SDP_OK;
}

int32_t AddOption(void* context, sdp_string name, sdp_string value, const sdp_evidence* evidence) {
  Record& record = RecordOf(context);
  const std::string line = "  " + std::string(View(name)) + "=" + Shown(View(value));
  record.lines.push_back((record.is_open ? line : "BROKEN option") + Place(record, evidence));
  return SDP_OK;
}

int32_t End(void* context) {
  Record& record = RecordOf(context);
  if (!record.is_open) {
    record.lines.emplace_back("BROKEN end");
  }
  record.is_open = false;
  return SDP_OK;
}

// Words are shown between blanks, in quotes where that would mislead.
int32_t Run(void* context, sdp_string cwd, sdp_array words, const sdp_evidence* evidence) {
  Record& record = RecordOf(context);
  std::string line = record.is_open ? "BROKEN run" : "run";
  line += " in " + Shown(View(cwd)) + ":";
  for (const std::string_view word : plugin::List<sdp_string, plugin::Word>(words)) {
    const bool is_plain = !word.empty() && word.find_first_of(" '\n") == std::string_view::npos;
    line += is_plain ? " " + Shown(word) : " '" + Shown(word) + "'";
  }
  record.lines.push_back(line + Place(record, evidence));
  return SDP_OK;
}

int32_t Report(void* context, const sdp_finding* finding) {
  Record& record = RecordOf(context);
  record.lines.push_back("finding " + std::string(View(finding->rule)) + ": " + Shown(View(finding->message)));
  if (finding->decision != SDP_DENY || finding->advice.size == 0) {
    record.lines.emplace_back(finding->decision != SDP_DENY ? "BROKEN decision" : "  without advice");
  }
  return SDP_OK;
}

void Error(void* context, sdp_string message) { RecordOf(context).lines.push_back("error: " + Shown(View(message))); }

void Log(void* /*context*/, int32_t /*level*/, sdp_string /*message*/) {}

bool IsFolder(const FakeHost& host, std::string_view path) {
  if (path == "/") {
    return true;
  }
  const std::string prefix = std::string(path) + "/";
  const auto below = host.files.lower_bound(prefix);
  return below != host.files.end() && below->first.starts_with(prefix);
}

int32_t ResolvePath(void* context, sdp_string path, sdp_string base, sdp_path* result) {
  FakeHost& host = HostOf(context);
  const bool is_relative = !View(path).starts_with('/');
  if (!plugin::IsKnown(View(path)) || (is_relative && !View(base).starts_with('/'))) {
    return SDP_UNKNOWN;
  }
  std::string& given =
      host.lent.emplace_back(std::filesystem::path(is_relative ? std::string(View(base)) + "/" : std::string())
                                 .append(View(path))
                                 .lexically_normal()
                                 .string());
  if (given.size() > 1 && given.ends_with('/')) {
    given.pop_back();
  }
  const bool is_file = host.files.contains(given) || host.unreadable.contains(given);
  const bool is_folder = IsFolder(host, given);
  result->flags = (is_file || is_folder ? std::uint32_t{SDP_PATH_EXISTS} : 0U) |
                  (is_folder ? std::uint32_t{SDP_PATH_DIRECTORY} : 0U);
  result->clean = Text(given);
  result->resolved = Text(given);
  return SDP_OK;
}

int32_t ReadFile(void* context, sdp_string path, uint64_t limit, sdp_string* content) {
  FakeHost& host = HostOf(context);
  if (host.unreadable.contains(View(path))) {
    *content = Text("permission denied");
    return SDP_FAILED;
  }
  const auto found = host.files.find(View(path));
  if (found == host.files.end()) {
    *content = Text("is a directory");
    return IsFolder(host, View(path)) ? SDP_FAILED : SDP_ABSENT;
  }
  if (found->second.size() > limit) {
    *content = Text("larger than the limit");
    return SDP_FAILED;
  }
  *content = Text(host.lent.emplace_back(found->second));
  return SDP_OK;
}

int32_t Environment(void* context, sdp_string name, sdp_string* value) {
  FakeHost& host = HostOf(context);
  if (host.unknown_variables.contains(View(name))) {
    return SDP_UNKNOWN;
  }
  const auto found = host.variables.find(View(name));
  if (found == host.variables.end()) {
    return SDP_ABSENT;
  }
  *value = Text(found->second);
  return SDP_OK;
}

int32_t Setting(void* /*context*/, sdp_string /*pointer*/, sdp_value* /*value*/) { return SDP_ABSENT; }
int32_t SettingsJson(void* /*context*/, sdp_string* /*json*/) { return SDP_ABSENT; }
const void* Extension(void* /*context*/, const char* /*id*/) { return nullptr; }

sdp_option MakeOption(std::string_view name, std::string_view value, std::string_view written) {
  return {sizeof(sdp_option), 0, Text(name), Text(value), Text(written)};
}

// The words of a command line as the host would hand them over.
struct ParsedWords {
  ParsedWords(const Tool& given, const std::vector<std::string>& words) : tool(given) {
    for (std::size_t index = 0; index < words.size(); ++index) {
      Add(words, &index);
    }
  }

  void Add(const std::vector<std::string>& words, std::size_t* index) {
    const std::string_view word = words[*index];
    if (word == "-f" && (command.empty() || tool.level == "buildx")) {
      options.push_back(MakeOption("file", Unmarked(words[++*index]), word));
    } else if (word.starts_with("--")) {
      for (const std::string& option : tool.value_options) {
        if (option == word.substr(2)) {
          options.push_back(MakeOption(option, Unmarked(words[++*index]), word));
          return;
        }
      }
      options.push_back(MakeOption(word.substr(2), "true", word));
    } else if (word.starts_with("-") && word.size() > 1) {
      options.push_back(MakeOption("detach", "true", word));
    } else if (command.empty()) {
      command = tool.level + " " + std::string(word);
    } else {
      arguments.push_back(Text(Unmarked(word)));
    }
  }

  // "?" stands for a word that is not known.
  static std::string_view Unmarked(std::string_view word) { return word == "?" ? std::string_view("\0", 1) : word; }

  const Tool& tool;
  std::string command;
  std::vector<sdp_option> options;
  std::vector<sdp_string> arguments;
};

}  // namespace

std::vector<std::string> FakeHost::Expand(const std::vector<std::string>& words) {
  Record record{this, {}, false};
  sdp_host raw{sizeof(sdp_host), 0,           this,    Text("0"),    Log,      ResolvePath,
               ReadFile,         Environment, Setting, SettingsJson, Extension};
  const sdp_finding_sink findings{sizeof(sdp_finding_sink), 0, &record, Report, Error};
  const sdp_request_sink requests{sizeof(sdp_request_sink), 0, &record, Begin, Effect, AddOption, End, Run};
  const ParsedWords parsed(tool, words);
  sdp_evidence evidence{};
  evidence.size = sizeof evidence;
  sdp_request request{};
  request.size = sizeof request;
  request.program = Text(tool.program);
  request.command = Text(parsed.command);
  request.cwd = Text(cwd);
  request.home = Text(home);
  request.options = {parsed.options.data(), static_cast<std::uint32_t>(parsed.options.size()), sizeof(sdp_option)};
  request.arguments = {parsed.arguments.data(), static_cast<std::uint32_t>(parsed.arguments.size()),
                       sizeof(sdp_string)};
  request.evidence = &evidence;
  void* self = nullptr;
  if (safe_docker_plugin_v1.create(&raw, &findings, &self) != SDP_OK ||
      safe_docker_plugin_v1.expand(self, &request, &requests, &findings) != SDP_OK) {
    record.lines.emplace_back("failed");
  }
  safe_docker_plugin_v1.destroy(self);
  if (record.is_open) {
    record.lines.emplace_back("BROKEN: a request was not ended");
  }
  return record.lines;
}

}  // namespace safe_docker::expanders
