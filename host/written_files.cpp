#include "written_files.hpp"

#include <algorithm>

#include "command_line.hpp"
#include "file_system.hpp"

namespace safe_docker {
namespace {

using State = WrittenFiles::File::State;

// Where a path leads on disk. What lies below /dev and /proc depends on who looks.
std::string PlaceOf(std::string_view path) {
  const bool is_own = path.starts_with("/dev/") || path.starts_with("/proc/");
  return is_own ? std::string(path) : ResolvePath(path, "/").resolved;
}

}  // namespace

bool IsStandardInput(std::string_view path) {
  return path == "-" || path == "/dev/stdin" || path == "/dev/fd/0" || path == "/proc/self/fd/0";
}

bool MayBeSamePath(std::string_view a, std::string_view b) {
  const std::size_t front = std::min({a.find(kUnknownPart), b.find(kUnknownPart), a.size(), b.size()});
  const auto known_end = [](std::string_view text) {
    const std::size_t last = text.rfind(kUnknownPart);
    return last == text.npos ? text.size() : text.size() - last - 1;
  };
  const std::size_t back = std::min(known_end(a), known_end(b));
  return a.substr(0, front) == b.substr(0, front) && a.substr(a.size() - back) == b.substr(b.size() - back);
}

bool WrittenFiles::File::operator==(const File& other) const {
  const bool same_text = text == other.text || (text != nullptr && other.text != nullptr && *text == *other.text);
  return state == other.state && same_text;
}

void WrittenFiles::Add(std::string_view path, File file) {
  // What is as it was is noted as well: the folders around it do not decide about it.
  const auto [at, is_new] = files_.try_emplace(PlaceOf(path), file);
  if (!is_new && !(at->second == file)) {
    at->second = {State::kUnknown, nullptr};
  }
}

void WrittenFiles::AddAlternative(std::string_view path, File file) {
  Add(path, std::move(file));
  alternatives_.push_back(PlaceOf(path));
}

bool WrittenFiles::IsAlternative(std::string_view path) const {
  return !alternatives_.empty() &&
         std::find(alternatives_.begin(), alternatives_.end(), PlaceOf(path)) != alternatives_.end();
}

void WrittenFiles::MarkUnknown(std::string_view path) {
  files_.insert_or_assign(PlaceOf(path), File{State::kUnknown, nullptr});
}

WrittenFiles::File WrittenFiles::Find(std::string_view path) const {
  const std::string place = PlaceOf(path);
  if (const auto found = files_.find(place); found != files_.end()) {
    return found->second;
  }
  const auto lies_below = [&](const std::string& folder) { return IsWithin(path, folder) || IsWithin(place, folder); };
  const auto fits = [&](const std::string& other) { return MayBeSamePath(path, other) || MayBeSamePath(place, other); };
  if (std::any_of(replaced_.begin(), replaced_.end(), lies_below) ||
      std::any_of(unknown_paths_.begin(), unknown_paths_.end(), fits)) {
    return {State::kUnknown, nullptr};
  }
  if (is_rest_unknown_ && ResolvePath(place, "/").kind == ResolvedPath::Kind::kRegular) {
    return {State::kUnknown, nullptr};
  }
  // What lay in a folder that was removed is gone; something else may have taken its place, unless the text made it.
  for (std::size_t end = place.rfind('/'); end != 0 && end != std::string::npos; end = place.rfind('/', end - 1)) {
    const std::string_view folder = std::string_view(place).substr(0, end);
    const auto found = files_.find(folder);
    if (found != files_.end() && found->second.state != State::kUntouched) {
      const bool is_made = std::find(made_folders_.begin(), made_folders_.end(), folder) != made_folders_.end();
      return {is_made ? State::kRemoved : State::kUnknown, nullptr};
    }
  }
  return {};
}

bool WrittenFiles::IsBehindLink(std::string_view path) const {
  return std::any_of(linked_.begin(), linked_.end(), [&](const std::string& link) { return IsWithin(path, link); });
}

}  // namespace safe_docker
