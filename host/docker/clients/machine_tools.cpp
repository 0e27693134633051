// lima, limactl and colima, which run engines in virtual machines: the command line that one runs inside is read like
// any other; what they do to the machine itself, and what of the host they give to it, is read here.
#include <algorithm>
#include <span>

#include "docker/clients/raw_engine.hpp"
#include "docker/effects.hpp"
#include "docker/programs.hpp"
#include "docker/requests.hpp"
#include "fixed_text.hpp"

namespace safe_docker::docker {
namespace {

// ---- Words -------------------------------------------------------------------------------------------------------

enum class Role : std::uint8_t { kNone, kProfile, kData, kMount, kAllWritable, kAgent, kSet, kHelp };

struct MachineFlag {
  FixedText<16> name;
  char letter;  // NUL if it has none
  bool takes_value;
  Role role = Role::kNone;
};

constexpr MachineFlag kColimaFlags[] = {
    {"profile", 'p', true, Role::kProfile},
    {"mount", 'V', true, Role::kMount},
    {"ssh-agent", 's', false, Role::kAgent},
    {"data", '\0', false, Role::kData},
    {"help", 'h', false, Role::kHelp},
    {"arch", 'a', true},
    {"cpu", 'c', true},
    {"cpus", 'c', true},
    {"disk", 'd', true},
    {"memory", 'm', true},
    {"dns", 'n', true},
    {"runtime", 'r', true},
    {"vm-type", 't', true},
};
constexpr MachineFlag kLimaFlags[] = {
    {"mount", '\0', true, Role::kMount},
    {"mount-only", '\0', true, Role::kMount},
    {"mount-writable", '\0', false, Role::kAllWritable},
    {"set", '\0', true, Role::kSet},
    {"help", 'h', false, Role::kHelp},
    {"arch", '\0', true},
    {"backend", '\0', true},
    {"containerd", '\0', true},
    {"cpus", '\0', true},
    {"disk", '\0', true},
    {"dns", '\0', true},
    {"log-format", '\0', true},
    {"log-level", '\0', true},
    {"memory", '\0', true},
    {"mount-type", '\0', true},
    {"name", '\0', true},
    {"network", '\0', true},
    {"param", '\0', true},
    {"port-forward", '\0', true},
    {"timeout", '\0', true},
    {"vm-type", '\0', true},
};

struct GivenFlag {
  Role role;
  std::string value;
  std::string written;
};

struct MachineLine {
  std::vector<Word> arguments;  // with the command's own
  std::vector<GivenFlag> flags;
  std::vector<const Word*> doubts;  // may be options

  bool Has(Role role) const {
    return std::any_of(flags.begin(), flags.end(),
                       [role](const GivenFlag& flag) { return flag.role == role && flag.value != "false"; });
  }
};

class Reader {
 public:
  Reader(std::span<const Word> words, std::span<const MachineFlag> flags) : words_(words), flags_(flags) {}

  MachineLine Read() {
    bool takes_options = true;
    for (; at_ < words_.size(); ++at_) {
      const Word& word = words_[at_];
      if (takes_options && (word.may_split || word.text.starts_with(kUnknownPart))) {
        line_.doubts.push_back(&word);
      }
      if (takes_options && word.text == "--") {
        takes_options = false;
      } else if (takes_options && word.text.starts_with("--")) {
        ReadLong(word);
      } else if (takes_options && word.text.size() > 1 && word.text[0] == '-') {
        ReadShort(word);
      } else {
        line_.arguments.push_back(word);
      }
    }
    return std::move(line_);
  }

 private:
  template <typename Test>
  const MachineFlag* Find(Test&& test) const {
    const auto found = std::find_if(flags_.begin(), flags_.end(), test);
    return found != flags_.end() ? &*found : nullptr;
  }

  void Take(const MachineFlag& flag, std::string_view value, const Word& word) {
    line_.flags.push_back({flag.role, std::string(value), word.written});
  }

  void TakeNext(const MachineFlag& flag, const Word& word) {
    Take(flag, at_ + 1 < words_.size() ? words_[at_ + 1].text : "", word);
    ++at_;
  }

  void ReadLong(const Word& word) {
    const std::string_view text = std::string_view(word.text).substr(2);
    const std::size_t equals = text.find('=');
    const MachineFlag* flag = Find([&](const MachineFlag& row) { return row.name == text.substr(0, equals); });
    if (flag == nullptr) {
      return;
    }
    if (equals != std::string_view::npos) {
      Take(*flag, text.substr(equals + 1), word);
    } else if (flag->takes_value) {
      TakeNext(*flag, word);
    } else {
      Take(*flag, "true", word);
    }
  }

  void ReadShort(const Word& word) {
    const std::string_view letters = word.text;
    for (std::size_t index = 1; index < letters.size(); ++index) {
      const MachineFlag* flag =
          Find([&](const MachineFlag& row) { return row.letter == letters[index] && row.letter != '\0'; });
      if (flag == nullptr) {
        continue;
      }
      std::string_view rest = letters.substr(index + 1);
      if (flag->takes_value && !rest.empty()) {
        rest.remove_prefix(rest[0] == '=' ? 1 : 0);
        return Take(*flag, rest, word);
      }
      if (flag->takes_value) {
        return TakeNext(*flag, word);
      }
      Take(*flag, "true", word);
    }
  }

  std::span<const Word> words_;
  std::span<const MachineFlag> flags_;
  std::size_t at_ = 0;
  MachineLine line_;
};

// ---- Commands ----------------------------------------------------------------------------------------------------

void AddFolder(std::string_view path, bool is_writable, const Evidence& evidence, Request* request) {
  Effect effect;
  effect.kind = SDP_EFFECT_MOUNT_HOST_PATH;
  effect.name = "machine";
  effect.options = is_writable ? "" : "ro";
  effect.flags = is_writable ? 0U : static_cast<std::uint32_t>(SDP_EFFECT_READ_ONLY);
  effect.evidence = evidence;
  const bool is_in_home = path == "~" || path.starts_with("~/");
  ResolveEffectPath(is_in_home ? request->home + std::string(path.substr(1)) : std::string(path), request->cwd,
                    *request, &effect);
  request->effects.push_back(std::move(effect));
}

// PATH[:PLACE][:w], several between commas.
void AddFolders(std::string_view value, bool all_writable, const Evidence& evidence, Request* request) {
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    const std::string_view folder = value.substr(0, comma);
    const std::string_view path = folder.substr(0, folder.find(':'));
    const bool is_writable = all_writable || folder.ends_with(":w") || !IsKnown(folder);
    if (!path.empty() && folder != "none") {
      AddFolder(path, is_writable, evidence, request);
    }
    value = comma == std::string_view::npos ? std::string_view{} : value.substr(comma + 1);
  }
}

// What a machine is made from: one of the templates that come along, or something that says what it may reach.
void AddTemplate(const Word& word, Request* request) {
  const std::string_view text = word.text;
  const bool has_scheme = text.find("://") != std::string_view::npos;
  const bool is_file =
      text == "-" || text.ends_with(".yaml") || text.ends_with(".yml") || text.find('/') != std::string_view::npos;
  if (text.starts_with("template:")) {
    return;
  }
  if ((has_scheme && !text.starts_with("file://")) || text.starts_with("github:")) {
    AddEffect(SDP_EFFECT_FETCH, text, "machine template", EvidenceOf(word.written), request);
  } else if (is_file || has_scheme) {
    AddUnknown("what '" + word.written + "' gives to the virtual machine", "it may reach the host's files",
               EvidenceOf(word.written), request);
  }
}

void ReadStart(const MachineLine& line, std::span<const Word> arguments, Request* request) {
  const bool all_writable = line.Has(Role::kAllWritable);
  if (all_writable && !line.Has(Role::kMount)) {
    AddFolder("~", /*is_writable=*/true, request->evidence, request);  // what the templates mount
  }
  for (const GivenFlag& flag : line.flags) {
    if (flag.role == Role::kMount) {
      AddFolders(flag.value, all_writable, EvidenceOf(flag.written), request);
    } else if (flag.role == Role::kAgent && flag.value != "false") {
      AddEffect(SDP_EFFECT_BUILD_CREDENTIAL, "", "ssh", EvidenceOf(flag.written), request);
    } else if (flag.role == Role::kSet) {
      AddUnknown("what --set changes in the virtual machine", "it may reach the host's files", EvidenceOf(flag.written),
                 request);
    }
  }
  for (const Word& word : arguments) {
    AddTemplate(word, request);
  }
  for (const Word* doubt : line.doubts) {
    AddUnknown("the word '" + doubt->written + "' of " + request->program, "it may be an option",
               EvidenceOf(doubt->written), request);
  }
}

void AddDestroyed(std::string_view name, const Evidence& evidence, Request* request) {
  AddEffect(SDP_EFFECT_DESTROY, name, "machine", evidence, request);
  request->effects.back().options = "data";
}

void ReadDelete(const MachineLine& line, std::span<const Word> arguments, Request* request) {
  for (const Word& word : arguments) {
    AddDestroyed(word.text, EvidenceOf(word.written), request);
  }
  if (!arguments.empty()) {
    return;
  }
  const auto profile = std::find_if(line.flags.rbegin(), line.flags.rend(),
                                    [](const GivenFlag& flag) { return flag.role == Role::kProfile; });
  AddDestroyed(profile != line.flags.rend() ? profile->value : "default", request->evidence, request);
}

// A side without "INSTANCE:" is the host's.
void ReadCopy(const MachineLine& /*line*/, std::span<const Word> arguments, Request* request) {
  for (const Word& word : arguments) {
    if (word.text.find(':') == std::string::npos) {
      const bool is_target = &word == &arguments.back();
      AddOpenedPath(is_target ? SDP_EFFECT_WRITE_HOST_PATH : SDP_EFFECT_READ_HOST_PATH, word.text, "copy",
                    EvidenceOf(word.written), request);
    }
  }
}

struct MachineCommand {
  FixedText<16> words;
  void (*read)(const MachineLine& line, std::span<const Word> arguments, Request* request);
};
constexpr MachineCommand kColimaCommands[] = {{"start", &ReadStart}, {"delete", &ReadDelete}};
constexpr MachineCommand kLimaCommands[] = {
    {"start", &ReadStart},          {"create", &ReadStart},   {"edit", &ReadStart}, {"clone", &ReadStart},
    {"delete", &ReadDelete},        {"remove", &ReadDelete},  {"rm", &ReadDelete},  {"disk delete", &ReadDelete},
    {"disk remove", &ReadDelete},   {"disk rm", &ReadDelete}, {"cp", &ReadCopy},    {"copy", &ReadCopy},
    {"factory-reset", &ReadDelete},
};

struct MachineTool {
  std::string_view name;
  std::span<const MachineFlag> flags;
  std::span<const MachineCommand> commands;
};
constexpr MachineTool kTools[] = {{"colima", kColimaFlags, kColimaCommands}, {"limactl", kLimaFlags, kLimaCommands}};

// The command that the first arguments name, which are taken away; null if it is none of those that matter.
const MachineCommand* TakeCommand(const MachineTool& tool, std::span<const Word>* arguments) {
  std::string text;
  for (std::size_t count = 1; count <= 2 && count <= arguments->size(); ++count) {
    text += (count == 1 ? "" : " ") + (*arguments)[count - 1].text;
    const auto found = std::find_if(tool.commands.begin(), tool.commands.end(),
                                    [&text](const MachineCommand& command) { return command.words == text; });
    if (found != tool.commands.end()) {
      *arguments = arguments->subspan(count);
      return &*found;
    }
  }
  return nullptr;
}

// What the tool does to a machine; false if it is something else.
bool ReadOwnCommand(std::span<const Word> words, Request* request) {
  const auto* tool = std::find_if(std::begin(kTools), std::end(kTools),
                                  [request](const MachineTool& row) { return row.name == request->program; });
  if (tool == std::end(kTools)) {
    return false;
  }
  const MachineLine line = Reader(words, tool->flags).Read();
  std::span<const Word> arguments = line.arguments;
  const MachineCommand* command = TakeCommand(*tool, &arguments);
  if (command != nullptr && !line.Has(Role::kHelp)) {
    command->read(line, arguments, request);
  }
  return command != nullptr;
}

}  // namespace

std::vector<Request> ReadMachineTool(const CommandLine& line) {
  const Program& program = FindProgram(BaseName(line.words[0].text));
  const std::span<const Word> words = std::span(line.words).subspan(1);
  InnerCall inner = ReadInnerCall(program, words);
  if (!inner.words.empty()) {
    CommandLine inner_line = line;
    inner_line.words = std::move(inner.words);
    return ReadCommandLine(inner_line);
  }
  Request request = StartRequest(line, program.name);
  if (!ReadOwnCommand(words, &request) && inner.is_unread) {
    request.flags |= SDP_REQUEST_INCOMPLETE;
    AddUnknown("what '" + std::string(program.name) + "' runs in its virtual machine", "it may reach the host's files",
               request.evidence, &request);
  }
  return request.effects.empty() ? std::vector<Request>() : std::vector{std::move(request)};
}

}  // namespace safe_docker::docker
