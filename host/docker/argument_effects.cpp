#include "docker/argument_effects.hpp"

#include "docker/effects.hpp"
#include "file_system.hpp"

namespace safe_docker::docker {
namespace {

// The written forms of the words from `first` on, joined.
std::string WrittenFrom(const std::vector<Word>& words, std::size_t first) {
  std::string written;
  for (std::size_t index = first; index < words.size(); ++index) {
    written += (index == first ? "" : " ") + words[index].written;
  }
  return written;
}

void AddInnerCommand(const std::vector<Word>& words, std::size_t first, std::string_view container, Request* request) {
  if (words.size() > first) {
    AddEffect(SDP_EFFECT_RUN_COMMAND, JoinWords(words, first), container, EvidenceOf(WrittenFrom(words, first)),
              request);
  }
}

// The command of a new container: the words behind the image, behind the entrypoint if one is given.
void AddContainerCommand(const Invocation& invocation, Request* request) {
  const GivenOption* entrypoint = LastOption(invocation, "entrypoint");
  if (entrypoint == nullptr || entrypoint->value.empty()) {
    return AddInnerCommand(invocation.arguments, 1, "", request);
  }
  std::vector<Word> words = invocation.arguments;
  words[0].text = entrypoint->value;
  words[0].written = entrypoint->written;
  AddInnerCommand(words, 0, "", request);
}

// docker cp takes a side for a path of the host if it is absolute, has no colon, or starts with a dot in front of one.
// One that starts with an unknown part may be anything.
bool MayBeLocalSide(std::string_view side) {
  return side.empty() || side[0] == '/' || side[0] == '.' || side[0] == kUnknownPart ||
         side.find(':') == std::string_view::npos;
}

void AddCopySide(const Word& word, bool is_source, Request* request) {
  const bool names_container =
      word.is_identifier && word.text.find(':') != std::string::npos && word.text[0] != '/' && word.text[0] != '.';
  if (word.text != "-" && MayBeLocalSide(word.text) && !names_container) {
    AddOpenedPath(is_source ? SDP_EFFECT_READ_HOST_PATH : SDP_EFFECT_WRITE_HOST_PATH, word.text, "copy",
                  EvidenceOf(word.written), request);
  }
}

bool IsUrl(std::string_view text) { return text.starts_with("http://") || text.starts_with("https://"); }

// What bake takes for the address of a file elsewhere rather than for a target.
bool IsRemoteAddress(std::string_view text) {
  return text.find("://") != std::string_view::npos || text.starts_with("git@") || text.starts_with("github.com/");
}

// podman run --rootfs FOLDER[:OPTIONS]: the folder is the container's root, and what it writes stays there.
void AddRootFolder(std::string_view folder, const Evidence& evidence, Request* request) {
  Effect effect;
  effect.kind = SDP_EFFECT_MOUNT_HOST_PATH;
  effect.name = "rootfs";
  effect.target = "/";
  effect.evidence = evidence;
  const std::size_t colon = folder.rfind(':');
  effect.options = colon == std::string_view::npos ? std::string_view{} : folder.substr(colon + 1);
  ResolveEffectPath(folder.substr(0, colon), request->cwd, *request, &effect);
  request->effects.push_back(std::move(effect));
}

// What is done with the arguments of a command; there is at least one.
void AddRunArguments(const Invocation& invocation, Request* request) {
  const Word& image = invocation.arguments[0];
  const GivenOption* rootfs = LastOption(invocation, "rootfs");
  if (rootfs != nullptr && rootfs->value != "false") {
    AddRootFolder(image.text, EvidenceOf(image.written), request);
  } else {
    AddImage(image.text, "run", EvidenceOf(image.written), request);
  }
  AddContainerCommand(invocation, request);
}

void AddExecArguments(const Invocation& invocation, Request* request) {
  AddInnerCommand(invocation.arguments, 1, invocation.arguments[0].text, request);
}

void AddPushedImage(const Invocation& invocation, Request* request) {
  if (invocation.arguments.size() > 1) {
    const Word& destination = invocation.arguments[1];
    AddImageTransport(destination.text, /*is_written=*/true, "push", EvidenceOf(destination.written), request);
  }
}

void AddPulledImage(const Invocation& invocation, Request* request) {
  AddImage(invocation.arguments[0].text, "pull", EvidenceOf(invocation.arguments[0].written), request);
}

// True for a side that can only be a path of the host.
bool IsLocalSide(const Word& word) {
  const bool is_path = !word.text.empty() && (word.text[0] == '/' || word.text[0] == '.' || word.text == "-");
  return !word.may_split && (is_path || (IsKnown(word.text) && word.text.find(':') == std::string::npos));
}

// One side must be a container: docker refuses two paths of the host.
void AddCopiedPaths(const Invocation& invocation, Request* request) {
  const Word& source = invocation.arguments[0];
  const bool has_target = invocation.arguments.size() > 1;
  if (IsLocalSide(source) || !has_target || !IsLocalSide(invocation.arguments[1])) {
    AddCopySide(source, /*is_source=*/true, request);
  }
  if (has_target && !IsLocalSide(source)) {
    AddCopySide(invocation.arguments[1], /*is_source=*/false, request);
  }
}

void AddContextArgument(const Invocation& invocation, Request* request) {
  const Word& context = invocation.arguments.back();
  AddBuildContext(context.text, EvidenceOf(context.written), request);
}

void AddImportedFile(const Invocation& invocation, Request* request) {
  const Word& source = invocation.arguments[0];
  if (IsUrl(source.text)) {
    AddEffect(SDP_EFFECT_FETCH, source.text, "image import", EvidenceOf(source.written), request);
  } else if (source.text != "-") {
    AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, source.text, "image", EvidenceOf(source.written), request);
  }
}

void AddInputFiles(const Invocation& invocation, Request* request) {
  for (const Word& word : invocation.arguments) {
    if (word.text != "-" && !IsUrl(word.text)) {
      AddOpenedPath(SDP_EFFECT_READ_HOST_PATH, word.text, "input", EvidenceOf(word.written), request);
    }
  }
}

void AddNamedFile(const Invocation& invocation, sdp_effect_kind kind, std::string_view name, Request* request) {
  if (invocation.arguments.size() > 1 && invocation.arguments[1].text != "-") {
    const Word& file = invocation.arguments[1];
    AddOpenedPath(kind, file.text, name, EvidenceOf(file.written), request);
  }
}

void AddNamedInput(const Invocation& invocation, Request* request) {
  AddNamedFile(invocation, SDP_EFFECT_READ_HOST_PATH, "input", request);
}

void AddNamedOutput(const Invocation& invocation, Request* request) {
  AddNamedFile(invocation, SDP_EFFECT_WRITE_HOST_PATH, "output", request);
}

void AddOutputFile(const Invocation& invocation, Request* request) {
  AddOpenedPath(SDP_EFFECT_WRITE_HOST_PATH, invocation.arguments[0].text, "output",
                EvidenceOf(invocation.arguments[0].written), request);
}

void AddEndpointArgument(const Invocation& invocation, Request* request) {
  AddBuilderEndpoint(invocation.arguments[0].text, EvidenceOf(invocation.arguments[0].written), request);
}

// What stands in files that are here is read by plugins.
void AddBakeTarget(const Invocation& invocation, Request* request) {
  const Word& target = invocation.arguments[0];
  if (IsRemoteAddress(target.text)) {
    AddEffect(SDP_EFFECT_RUN_CODE, target.text, "remote bake file", EvidenceOf(target.written), request);
  }
}

struct ArgumentReader {
  ArgumentsRole role;
  void (*add)(const Invocation& invocation, Request* request);
};
constexpr ArgumentReader kReaders[] = {
    {ArgumentsRole::kImageAndCommand, &AddRunArguments},
    {ArgumentsRole::kContainerAndCommand, &AddExecArguments},
    {ArgumentsRole::kCopy, &AddCopiedPaths},
    {ArgumentsRole::kBuildContext, &AddContextArgument},
    {ArgumentsRole::kImport, &AddImportedFile},
    {ArgumentsRole::kImage, &AddPulledImage},
    {ArgumentsRole::kImageAndDestination, &AddPushedImage},
    {ArgumentsRole::kFile, &AddInputFiles},
    {ArgumentsRole::kNameAndFile, &AddNamedInput},
    {ArgumentsRole::kNameAndOutput, &AddNamedOutput},
    {ArgumentsRole::kOutput, &AddOutputFile},
    {ArgumentsRole::kBake, &AddBakeTarget},
    {ArgumentsRole::kBuilderEndpoint, &AddEndpointArgument},
};

}  // namespace

void AddArgumentEffects(const Invocation& invocation, Request* request) {
  for (const ArgumentReader& reader : kReaders) {
    if (reader.role == invocation.command.arguments() && !invocation.arguments.empty()) {
      reader.add(invocation, request);
    }
  }
}

}  // namespace safe_docker::docker
