#include "case_file.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace safe_docker::test {
namespace {

using Words = std::vector<std::string>;

const std::map<std::string, sdp_effect_kind, std::less<>> kKinds = {
    {"mount", SDP_EFFECT_MOUNT_HOST_PATH},
    {"read", SDP_EFFECT_READ_HOST_PATH},
    {"write", SDP_EFFECT_WRITE_HOST_PATH},
    {"delete", SDP_EFFECT_DELETE_HOST_PATH},
    {"volume", SDP_EFFECT_USE_VOLUME},
    {"volumes-from", SDP_EFFECT_INHERIT_MOUNTS},
    {"privileged", SDP_EFFECT_PRIVILEGED},
    {"capability", SDP_EFFECT_ADD_CAPABILITY},
    {"namespace", SDP_EFFECT_JOIN_NAMESPACE},
    {"device", SDP_EFFECT_USE_DEVICE},
    {"security", SDP_EFFECT_SECURITY_OPTION},
    {"sysctl", SDP_EFFECT_SET_SYSCTL},
    {"cgroup-parent", SDP_EFFECT_CGROUP_PARENT},
    {"add-host", SDP_EFFECT_ADD_HOST},
    {"build-argument", SDP_EFFECT_BUILD_ARGUMENT},
    {"build-credential", SDP_EFFECT_BUILD_CREDENTIAL},
    {"image", SDP_EFFECT_USE_IMAGE},
    {"engine", SDP_EFFECT_USE_ENGINE},
    {"destroy", SDP_EFFECT_DESTROY},
    {"code", SDP_EFFECT_RUN_CODE},
    {"publish", SDP_EFFECT_PUBLISH_PORT},
    {"api-socket", SDP_EFFECT_USE_API_SOCKET},
    {"engine-change", SDP_EFFECT_CHANGE_ENGINE},
    {"runtime", SDP_EFFECT_USE_RUNTIME},
    {"send", SDP_EFFECT_SEND},
    {"fetch", SDP_EFFECT_FETCH},
    {"setting", SDP_EFFECT_SET_OPTION},
    {"control", SDP_EFFECT_CONTROL_CONTAINER},
    {"raw-engine", SDP_EFFECT_RAW_ENGINE},
    {"ordinary", SDP_EFFECT_ORDINARY_OPTION},
    {"run", SDP_EFFECT_RUN_COMMAND},
    {"environment", SDP_EFFECT_PASS_ENVIRONMENT},
    {"unknown", SDP_EFFECT_UNKNOWN},
};

const std::map<std::string, std::uint32_t, std::less<>> kFlags = {
    {"ro", SDP_EFFECT_READ_ONLY},        {"unresolved", SDP_EFFECT_UNRESOLVED}, {"socket", SDP_EFFECT_SOCKET},
    {"directory", SDP_EFFECT_DIRECTORY}, {"exists", SDP_EFFECT_EXISTS},
};

const std::map<std::string, sdp_decision, std::less<>> kDecisions = {
    {"allow", SDP_ALLOW}, {"ask", SDP_ASK}, {"deny", SDP_DENY}};

std::string Unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : 'x';
    if (text[i] == '\\' && (next == '0' || next == 's' || next == 'n')) {
      plain += next == '0' ? '\0' : next == 's' ? ' ' : '\n';
      ++i;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    parts.push_back(part);
  }
  return parts;
}

std::pair<std::string, std::string> Cut(const std::string& text, char separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string::npos) {
    throw std::runtime_error("no '" + std::string(1, separator) + "' in " + text);
  }
  return {text.substr(0, at), text.substr(at + 1)};
}

// What a word KEY=VALUE sets; null if there is no such key.
std::string* Field(const std::string& key, TestEffect* effect, TestRequest* request) {
  const std::map<std::string, std::string*, std::less<>> fields = {
      {"subject", &effect->subject}, {"name", &effect->name},         {"target", &effect->target},
      {"options", &effect->options}, {"resolved", &effect->resolved}, {"written", &effect->written},
      {"home", &request->home},      {"endpoint", &request->engine},  {"cwd", &request->cwd},
      {"source", &request->source},  {"program", &request->program},  {"command", &request->command},
      {"in-file", &request->file},   {"service", &request->service},
  };
  const auto found = fields.find(key);
  return found == fields.end() ? nullptr : found->second;
}

bool ApplyPair(const std::string& key, const std::string& value, TestEffect* effect, Case* row) {
  if (std::string* field = Field(key, effect, &row->request)) {
    *field = value;
  } else if (key.starts_with("set.")) {
    row->settings[key.substr(4)] = Split(value, ',');
  } else if (key == "link") {
    const auto [link, target] = Cut(value, '>');
    row->files.links[link] = target;
  } else if (key == "file") {
    const auto [path, content] = Cut(value, '>');
    row->files.contents[path] = content;
  } else if (key == "open-socket") {
    row->files.sockets.push_back(value);
  } else if (key == "env") {
    const auto [name, text] = Cut(value, '=');
    row->files.environment[name] = text;
  } else if (key == "when") {
    row->rule = value;
  } else if (key == "decision") {
    row->decision = value;
  } else if (key == "argument") {
    row->request.arguments.push_back(value);
  } else if (key == "option") {
    row->request.options.push_back(Cut(value, ':'));
  } else {
    return false;
  }
  return true;
}

void Apply(const std::string& raw, bool is_subject, TestEffect* effect, Case* row) {
  const std::string word = Unescape(raw);
  const std::size_t equals = word.find('=');
  if (const auto flag = kFlags.find(word); flag != kFlags.end()) {
    effect->flags |= flag->second;
  } else if (word == "incomplete") {
    row->request.flags |= SDP_REQUEST_INCOMPLETE;
  } else if (word == "remote") {
    row->request.flags |= SDP_REQUEST_REMOTE_ENGINE;
  } else if (equals != std::string::npos && ApplyPair(word.substr(0, equals), word.substr(equals + 1), effect, row)) {
    return;
  } else if (is_subject) {
    effect->subject = word;
  } else {
    throw std::runtime_error("what is " + word);
  }
}

void ReadExpected(const std::string& text, Case* row) {
  const std::size_t bar = text.find(" | ");
  if (bar != std::string::npos) {
    row->message = text.substr(bar + 3);
  }
  const std::string findings = text.substr(0, bar);
  if (findings == "nothing") {
    return;
  }
  for (const std::string& part : Split(findings, ',')) {
    std::istringstream words(part);
    std::string decision;
    Expected expected;
    if (!(words >> decision >> expected.rule) || !kDecisions.contains(decision)) {
      throw std::runtime_error("no finding: " + part);
    }
    expected.decision = kDecisions.at(decision);
    row->expected.push_back(expected);
  }
}

Words WordsOf(const std::string& text) {
  std::istringstream stream(text);
  Words words;
  for (std::string word; stream >> word;) {
    words.push_back(word);
  }
  return words;
}

bool IsPath(const TestEffect& effect) {
  return (effect.kind >= SDP_EFFECT_MOUNT_HOST_PATH && effect.kind <= SDP_EFFECT_DELETE_HOST_PATH) ||
         effect.kind == SDP_EFFECT_USE_DEVICE;
}

void ReadEffect(const Words& words, const Words& defaults, Case* row) {
  TestEffect effect;
  for (const std::string& word : defaults) {
    Apply(word, false, &effect, row);
  }
  const bool has_effect = words.at(0) != "none";
  if (has_effect) {
    effect.kind = kKinds.at(words[0]);
  }
  for (std::size_t i = 1; i < words.size(); ++i) {
    Apply(words[i], i == 1, &effect, row);
  }
  if (effect.resolved.empty() && IsPath(effect) && effect.subject.find('\0') == std::string::npos) {
    effect.resolved = row->files.Resolve(effect.subject);
  }
  if (has_effect) {
    row->request.effects.push_back(effect);
  }
}

Case ReadCase(const std::string& line, const Words& defaults) {
  const std::size_t arrow = line.find(" -> ");
  if (arrow == std::string::npos) {
    throw std::runtime_error("no arrow");
  }
  Case row;
  row.text = line;
  const Words words = WordsOf(line.substr(0, arrow));
  for (auto begin = words.begin(); begin != words.end();) {
    const auto end = std::find(begin, words.end(), "+");
    ReadEffect({begin, end}, defaults, &row);
    begin = end == words.end() ? end : end + 1;
  }
  ReadExpected(line.substr(arrow + 4), &row);
  return row;
}

}  // namespace

std::vector<Case> ReadCases(const std::string& name) {
  const std::string path = std::string(TEST_DATA_DIR) + "/" + name + ".cases";
  std::ifstream file(path);
  if (!file) {
    throw std::runtime_error("cannot read " + path);
  }
  std::vector<Case> cases;
  Words defaults;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    if (line.starts_with("defaults")) {
      defaults = WordsOf(line.substr(std::string("defaults").size()));
      continue;
    }
    try {
      cases.push_back(ReadCase(line, defaults));
    } catch (const std::exception& error) {
      throw std::runtime_error(path + ":" + std::to_string(number) + ": " + error.what());
    }
    cases.back().line = number;
  }
  return cases;
}

}  // namespace safe_docker::test
