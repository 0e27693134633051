#include "audit/redaction.hpp"

#include <algorithm>
#include <iterator>

#include "audit/secret_names.hpp"
#include "audit/secret_shapes.hpp"
#include "audit/secret_text.hpp"

namespace safe_docker::audit {
namespace {

// A value that is shorter is a secret only where its name stands beside it.
constexpr std::size_t kLeastAlone = 4;
// What one text may cost. Who writes commands that cost more gets them left out.
constexpr std::size_t kMostSteps = 20'000'000;
constexpr std::size_t kMostKnown = 4096;
constexpr std::size_t kLongestSecret = 8192;

bool IsLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool IsAlphanumeric(char c) { return IsLetter(c) || (c >= '0' && c <= '9'); }

// Options whose values are NAME=VALUE, all of them variables.
constexpr std::string_view kVariableOptions[] = {"env", "build-arg", "env-add", "build-arg-add"};
// The same, but most are no secrets: only the name says.
constexpr std::string_view kSettingOptions[] = {"annotation", "container-label", "driver-opt", "label",  "log-opt",
                                                "opt",        "storage-opt",     "volume-opt", "header", "label-add"};
// Options whose values name a secret that lies elsewhere.
constexpr std::string_view kReferringOptions[] = {"secret", "secret-add", "secret-rm",
                                                  "config", "ssh",        "credential-spec"};

// Commands that read a secret from their standard input.
constexpr std::string_view kReaders[] = {"login", "secret create", "config create", "swarm unlock"};

template <typename Table>
bool Holds(const Table& table, std::string_view word) {
  return std::find(std::begin(table), std::end(table), word) != std::end(table);
}

std::string Label(std::string_view kind, std::string_view name) {
  return std::string(kind) + (name.empty() ? "" : ":" + std::string(name));
}

// Whether the letters in front of `at` let a word begin there, or are an option's: -psecret.
bool BeginsWord(std::string_view text, std::size_t at) {
  return at == 0 || !IsAlphanumeric(text[at - 1]) ||
         (at >= 2 && text[at - 2] == '-' && (at == 2 || !IsAlphanumeric(text[at - 3])));
}

}  // namespace

bool Redactor::IsOrdinary(std::string_view value) const {
  constexpr std::string_view kWords[] = {"admin",     "alpine",     "default", "docker", "latest",
                                         "localhost", "production", "root",    "test",   "user"};
  return Holds(kWords, value) || ordinary_.contains(value);
}

void Redactor::AddKnown(Known known) {
  if (known.form.text.empty() || known_.size() >= kMostKnown) {
    return;
  }
  by_first_letter_[static_cast<unsigned char>(known.form.text[0])].push_back(known_.size());
  known_.push_back(std::move(known));
}

// A secret, wherever it stands.
void Redactor::LearnValue(std::string_view kind, std::string_view name, std::string_view value) {
  if (value.size() > kLongestSecret) {
    value = value.substr(0, kLongestSecret);
  }
  // What nobody can know yet is no part of it.
  if (const std::size_t unknown = value.find(kUnknownPart); unknown != std::string_view::npos) {
    LearnValue(kind, name, value.substr(0, unknown));
    LearnValue(kind, name, value.substr(unknown + 1));
    return;
  }
  if (value.size() < kLeastAlone || IsHarmlessValue(value) || IsOrdinary(value) ||
      !learned_.insert(std::string(value)).second) {
    return;
  }
  constexpr std::size_t kLongWord = 8;
  const bool bounded = value.size() < kLongWord && std::all_of(value.begin(), value.end(), IsAlphanumeric);
  for (Form& form : FormsOf(value)) {
    const bool is_bounded = bounded && !form.base64;
    AddKnown({std::move(form), 0, is_bounded, std::string(kind), std::string(name)});
  }
}

// A variable's value is left out where its name stands beside it, and everywhere if the name says that it is a secret.
void Redactor::LearnVariable(std::string_view kind, std::string_view name, std::string_view value) {
  const Sensitivity sensitivity = SensitivityOf(name);
  const bool is_secret =
      sensitivity == Sensitivity::kStrong || (sensitivity == Sensitivity::kWeak && LooksRandom(value));
  if (value.empty() || name.empty() ||
      (!is_secret && (mode_ == policy::Redaction::kPattern || IsOrdinaryVariable(name))) ||
      (is_secret && IsHarmlessValue(value))) {
    return;
  }
  const std::string assignment = std::string(name) + "=";
  if (learned_.insert(assignment + std::string(value)).second && value.find(kUnknownPart) == std::string_view::npos) {
    AddKnown({{assignment + std::string(value.substr(0, kLongestSecret)), true, false},
              assignment.size(),
              true,
              std::string(kind),
              std::string(name)});
  }
  if (is_secret) {
    LearnValue(kind, name, value);
  }
}

void Redactor::LearnAssignment(std::string_view kind, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals != std::string_view::npos) {
    LearnVariable(kind, assignment.substr(0, equals), assignment.substr(equals + 1));
  }
}

void Redactor::LearnOption(std::string_view option, const std::string& value) {
  if (Holds(kVariableOptions, option)) {
    LearnAssignment(option.starts_with("env") ? "env" : "build-arg", value);
  } else if (Holds(kSettingOptions, option)) {
    const std::size_t equals = value.find('=');
    if (equals != std::string::npos && SensitivityOf(value.substr(0, equals)) == Sensitivity::kStrong) {
      LearnVariable(option, value.substr(0, equals), value.substr(equals + 1));
    }
  } else if (!Holds(kReferringOptions, option) && SensitivityOf(option) == Sensitivity::kStrong) {
    LearnValue("option", option, value);
  }
}

void Redactor::Learn(const docker::Request& request) {
  if (mode_ == policy::Redaction::kOff) {
    return;
  }
  for (const docker::Effect& effect : request.effects) {
    if (effect.kind == SDP_EFFECT_USE_IMAGE) {
      for (std::size_t begin = 0; begin < effect.subject.size();) {
        const std::size_t end = std::min(effect.subject.find_first_of("/:@.-_", begin), effect.subject.size());
        ordinary_.insert(effect.subject.substr(begin, end - begin));
        begin = end + 1;
      }
    }
  }
  for (const docker::Option& option : request.options) {
    LearnOption(option.name, option.value);
  }
  for (const docker::Effect& effect : request.effects) {
    if (effect.kind == SDP_EFFECT_BUILD_ARGUMENT) {
      LearnVariable("build-arg", effect.name, effect.subject);
    } else if (effect.kind == SDP_EFFECT_SET_OPTION || effect.kind == SDP_EFFECT_ORDINARY_OPTION) {
      LearnOption(effect.name.substr(effect.name.rfind(' ') + 1), effect.subject);
    }
  }
  for (const auto& [name, variable] : request.environment.changes()) {
    LearnVariable("env", name, variable.value);
  }
  const std::string* input = request.inputs.standard_input.get();
  if (input != nullptr && Holds(kReaders, request.command)) {
    const std::size_t end = input->find_last_not_of("\r\n") + 1;
    LearnValue("stdin", "", std::string_view(*input).substr(0, end));
  }
  std::string words;
  for (const std::string& argument : request.arguments) {
    words += argument + " ";
    LearnFromText(argument);
  }
  LearnFromText(words);
}

void Redactor::LearnFromText(std::string_view text) {
  if (mode_ == policy::Redaction::kOff) {
    return;
  }
  for (const Secret& secret : FindSecrets(text, /*all_variables=*/false)) {
    LearnValue(secret.kind, secret.name, secret.value);
  }
}

void Redactor::FindKnown(std::string_view text, std::vector<Piece>* pieces) {
  std::size_t steps = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const std::size_t index : by_first_letter_[static_cast<unsigned char>(text[at])]) {
      const Known& known = known_[index];
      std::size_t end = MatchForm(known.form, text, at, &steps);
      if (steps > kMostSteps) {
        *pieces = {{0, text.size(), "too long to look through", ""}};
        return;
      }
      if (end == std::string_view::npos ||
          (known.bounded &&
           (!BeginsWord(text, at) || (known.keep == 0 && end < text.size() && IsAlphanumeric(text[end]))))) {
        continue;
      }
      std::size_t begin = at;
      if (known.keep > 0) {
        begin = text.find('=', at) + 1;
        begin = std::min(text.find_first_not_of("\"'\\", begin), end);
      }
      while (known.form.base64 && begin > 0 && IsBase64Letter(text[begin - 1])) {
        --begin;
      }
      while (known.form.base64 && end < text.size() && (IsBase64Letter(text[end]) || text[end] == '=')) {
        ++end;
      }
      pieces->push_back({begin, end, known.kind, known.name});
    }
  }
}

std::string Redactor::Redact(std::string_view text) {
  if (mode_ == policy::Redaction::kOff || text.empty()) {
    return std::string(text);
  }
  std::vector<Piece> pieces;
  FindKnown(text, &pieces);
  for (Secret& secret : FindSecrets(text, mode_ == policy::Redaction::kNames)) {
    pieces.push_back({secret.begin, secret.end, std::move(secret.kind), std::move(secret.name)});
  }
  std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.begin < b.begin; });
  std::string result;
  std::size_t done = 0;
  for (std::size_t index = 0; index < pieces.size();) {
    const Piece& piece = pieces[index];
    std::size_t end = piece.end;
    for (++index; index < pieces.size() && pieces[index].begin < end; ++index) {
      end = std::max(end, pieces[index].end);
    }
    if (end == piece.begin) {
      continue;
    }
    result += text.substr(done, piece.begin - done);
    result += "[REDACTED:" + piece.kind + "]";
    done = end;
    const std::string label = Label(piece.kind, piece.name);
    if (!Holds(redactions_, label)) {
      redactions_.push_back(label);
    }
  }
  return result + std::string(text.substr(done));
}

namespace {

void RedactAll(Redactor* redactor, std::initializer_list<std::string*> texts) {
  for (std::string* text : texts) {
    *text = redactor->Redact(*text);
  }
}

// `value` as it would be written behind `name`, so that the name tells what it is.
std::string RedactBeside(const std::string& name, const std::string& value, Redactor* redactor) {
  const std::string redacted = redactor->Redact(name + "=" + value);
  return redacted.starts_with(name + "=") ? redacted.substr(name.size() + 1) : redactor->Redact(value);
}

void RedactRequest(Redactor* redactor, docker::Request* request) {
  RedactAll(redactor, {&request->engine, &request->cwd, &request->source, &request->evidence.file,
                       &request->evidence.service, &request->evidence.written});
  for (docker::Option& option : request->options) {
    option.value = RedactBeside("--" + option.name, option.value, redactor);
  }
  for (std::string& argument : request->arguments) {
    argument = redactor->Redact(argument);
  }
  for (docker::Effect& effect : request->effects) {
    if (effect.kind == SDP_EFFECT_BUILD_ARGUMENT) {
      effect.subject = RedactBeside(effect.name, effect.subject, redactor);
    }
    RedactAll(redactor, {&effect.subject, &effect.name, &effect.target, &effect.options, &effect.resolved,
                         &effect.evidence.written});
  }
}

}  // namespace

void Redact(policy::Redaction mode, Record* record) {
  Redactor redactor(mode);
  for (const docker::Request& request : record->requests) {
    redactor.Learn(request);
  }
  redactor.LearnFromText(record->command);
  RedactAll(&redactor, {&record->command, &record->reason, &record->docker_subcommand, &record->docker_image,
                        &record->cwd, &record->project, &record->config_source});
  for (std::vector<std::string>* list : {&record->bind_mounts, &record->dangerous_flags}) {
    for (std::string& text : *list) {
      text = redactor.Redact(text);
    }
  }
  for (policy::Finding& finding : record->findings) {
    RedactAll(&redactor, {&finding.message, &finding.because, &finding.written, &finding.file, &finding.service,
                          &finding.about.path, &finding.about.image, &finding.about.value});
  }
  for (docker::Request& request : record->requests) {
    RedactRequest(&redactor, &request);
  }
  record->redactions = redactor.redactions();
}

std::string RedactMessage(policy::Redaction mode, const std::vector<docker::Request>& requests,
                          std::string_view message) {
  Redactor redactor(mode);
  for (const docker::Request& request : requests) {
    redactor.Learn(request);
    redactor.LearnFromText(request.source);
  }
  return redactor.Redact(message);
}

}  // namespace safe_docker::audit
