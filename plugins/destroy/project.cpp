#include "project.hpp"

namespace safe_docker::destroy {
namespace {

using namespace plugin;

constexpr std::string_view kVariable = "COMPOSE_PROJECT_NAME";
constexpr std::string_view kAssignment = "COMPOSE_PROJECT_NAME=";
constexpr std::string_view kFileNames[] = {"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"};
constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 20;

// What a place says of the project's name.
enum class Answer { kSilent, kFound, kUnclear };

bool IsBlank(char letter) { return letter == ' ' || letter == '\t' || letter == '\r'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && IsBlank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

// The value of a setting as it stands behind "=" or ":", without quotes and comment. Variables and whatever else makes
// it more than a plain text are left to compose.
Answer ReadValue(std::string_view written, std::string_view* value) {
  written = Trim(written);
  const char quote = StartsWith(written, '"') || StartsWith(written, '\'') ? written.front() : '\0';
  if (quote != '\0') {
    const std::size_t end = Slice(written, 1).find(quote);
    if (end == std::string_view::npos) {
      return Answer::kUnclear;
    }
    written = Slice(written, 1, end);
  } else {
    written = Trim(Slice(written, 0, written.find(" #")));
  }
  for (char letter : written) {
    const bool is_plain = (ToLower(letter) >= 'a' && ToLower(letter) <= 'z') || (letter >= '0' && letter <= '9') ||
                          letter == '-' || letter == '_' || letter == '.';
    if (!is_plain) {
      return Answer::kUnclear;
    }
  }
  *value = written;
  return written.empty() ? Answer::kSilent : Answer::kFound;
}

// COMPOSE_PROJECT_NAME in the text of a .env file; the last one counts.
Answer ReadDotenv(std::string_view content, std::string_view* name) {
  constexpr std::string_view kExport = "export ";
  Answer answer = Answer::kSilent;
  while (!content.empty()) {
    std::string_view line = Trim(NextPart(&content, '\n'));
    if (StartsWith(line, kExport)) {
      line = Trim(Slice(line, kExport.size()));
    }
    if (!StartsWith(line, kVariable)) {
      continue;
    }
    line = Trim(Slice(line, kVariable.size()));
    if (StartsWith(line, '=') || StartsWith(line, ':')) {
      answer = ReadValue(Slice(line, 1), name);
    }
  }
  return answer;
}

// The top-level "name:" in the text of a compose file.
Answer ReadComposeFile(std::string_view content, std::string_view* name) {
  constexpr std::string_view kKey = "name:";
  Answer answer = Answer::kSilent;
  while (!content.empty()) {
    const std::string_view line = NextPart(&content, '\n');
    const std::string_view rest = Slice(line, kKey.size());
    if (StartsWith(line, kKey) && (rest.empty() || IsBlank(rest.front()))) {
      answer = ReadValue(rest, name);
    }
  }
  return answer;
}

Answer ReadNamed(const Host& host, std::string_view path, Answer (*read)(std::string_view, std::string_view*),
                 std::string_view* name) {
  std::string_view content;
  switch (host.ReadFile(path, kLargestFile, &content)) {
    case SDP_OK:
      return read(content, name);
    case SDP_ABSENT:
      return Answer::kSilent;
    default:
      return Answer::kUnclear;
  }
}

// Of several --file compose takes the folder of the first, of several --project-directory the last.
std::string_view OptionValue(const Request& request, std::string_view name, bool takes_first) {
  std::string_view value;
  for (const Option option : request.options()) {
    if (option.name() == name && (value.empty() || !takes_first)) {
      value = option.value();
    }
  }
  return value;
}

std::string_view FolderOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 ? Slice(path, 0, 1) : Slice(path, 0, slash);
}

bool Exists(const Host& host, std::string_view path) {
  sdp_path found{};
  return host.ResolvePath(path, "/", &found) == SDP_OK && (found.flags & SDP_PATH_EXISTS) != 0;
}

// Absolute and clean; empty if it cannot be told.
std::string_view Clean(const Host& host, std::string_view path, std::string_view base) {
  sdp_path found{};
  const std::int32_t status = host.ResolvePath(path, base, &found);
  return status == SDP_OK && StartsWith(View(found.clean), '/') ? View(found.clean) : std::string_view{};
}

// Where compose starts to look, the file that it finds, and the folder of the project.
struct Place {
  std::string_view start;
  std::string_view file;  // empty if there is none
  std::string_view folder;
};

// The nearest folder with a compose file from `start` on upwards; `start` itself if there is none.
Place Discover(const Host& host, std::string_view start) {
  std::string_view folder = start;
  while (true) {
    for (std::string_view name : kFileNames) {
      const Message path(folder == "/" ? "" : folder, "/", name);
      if (Exists(host, path)) {
        return {start, Clean(host, path, "/"), folder};
      }
    }
    if (folder.size() <= 1) {
      return {start, {}, start};
    }
    folder = FolderOf(folder);
  }
}

// Null parts if nobody can tell.
Place FindPlace(const Host& host, const Request& request) {
  const std::string_view cwd = Clean(host, request.cwd(), "/");
  const std::string_view directory = OptionValue(request, "project-directory", /*takes_first=*/false);
  const std::string_view file = OptionValue(request, "file", /*takes_first=*/true);
  if (cwd.empty() || !IsKnown(directory) || !IsKnown(file)) {
    return {};
  }
  const std::string_view start = directory.empty() ? cwd : Clean(host, directory, cwd);
  if (file.empty() || start.empty()) {
    return start.empty() || !IsWithin(start, cwd) ? Place{} : Discover(host, start);
  }
  const std::string_view path = Clean(host, file, cwd);
  const std::string_view folder = directory.empty() && !path.empty() ? FolderOf(path) : start;
  // A file elsewhere belongs to another project, whatever folder is asked for.
  return IsWithin(folder, cwd) ? Place{folder, path, folder} : Place{};
}

}  // namespace

Project::Project(const Host& host, const Request& request) {
  if (request.source().find(kAssignment) != std::string_view::npos &&
      host.Environment(kVariable, &variable_) != SDP_OK) {
    variable_ = std::string_view("\0", 1);
  }
  Find(host, request);
}

void Project::Find(const Host& host, const Request& request) {
  std::string_view name;
  if (variable_.empty()) {
    const std::int32_t status = host.Environment(kVariable, &name);
    if (status == SDP_UNKNOWN || (status == SDP_OK && !name.empty())) {
      return status == SDP_OK ? Take(name) : void();
    }
  }
  const Place place = FindPlace(host, request);
  if (place.folder.empty()) {
    return;
  }
  Answer answer = ReadNamed(host, Message(place.start, "/.env"), &ReadDotenv, &name);
  if (answer == Answer::kSilent && place.folder != place.start) {
    answer = ReadNamed(host, Message(place.folder, "/.env"), &ReadDotenv, &name);
  }
  if (answer == Answer::kSilent && !place.file.empty()) {
    answer = ReadNamed(host, place.file, &ReadComposeFile, &name);
  }
  if (answer != Answer::kUnclear) {
    Take(answer == Answer::kFound ? name : Slice(place.folder, place.folder.rfind('/') + 1));
  }
}

// As compose does: lower case, only letters, digits, "_" and "-", and a letter or digit in front.
void Project::Take(std::string_view name) {
  if (!IsKnown(name) || name.size() > kLongestName) {
    return;
  }
  for (char letter : name) {
    const char lower = ToLower(letter);
    const bool is_alphanumeric = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (is_alphanumeric || (size_ > 0 && (lower == '_' || lower == '-'))) {
      name_[size_++] = lower;
    }
  }
}

std::string_view Project::Meant(std::string_view chosen) const {
  if (!chosen.empty()) {
    return chosen;
  }
  return variable_.empty() ? name() : variable_;
}

bool Project::IsCurrent(std::string_view chosen) const {
  const bool is_chosen = !chosen.empty() || !variable_.empty();
  return !is_chosen || (size_ > 0 && Meant(chosen) == name());
}

bool Project::OwnsImage(std::string_view reference) const {
  if (size_ == 0 || !IsKnown(reference)) {
    return false;
  }
  reference = Slice(reference, 0, reference.find('@'));
  const std::size_t slash = reference.rfind('/');
  if (slash != std::string_view::npos) {
    reference = Slice(reference, slash + 1);
  }
  reference = Slice(reference, 0, reference.find(':'));
  if (!StartsWith(reference, name())) {
    return false;
  }
  const std::string_view rest = Slice(reference, size_);
  return rest.empty() || StartsWith(rest, '-') || StartsWith(rest, '_');
}

}  // namespace safe_docker::destroy
