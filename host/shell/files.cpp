#include "files.hpp"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "command_line.hpp"
#include "file_system.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostContents = 8;
constexpr int kMostAliases = 16;
constexpr std::size_t kMostTextInAll = 8 * 1024 * 1024;
constexpr std::size_t kMostViews = 8;
constexpr std::size_t kMostCompared = 256;  // paths that a path with unknown parts is held against
constexpr std::size_t kLongestPath = 4096;  // what a system call takes

std::string Unknown() { return std::string(1, kUnknownPart); }

std::optional<std::string> ReadFromDisk(const std::string& path) {
  FileContent content = ReadRegularFile(path, Files::kMostText);
  if (content.status == FileContent::Status::kMissing) {
    return std::nullopt;
  }
  const bool is_text = content.status == FileContent::Status::kRead && content.text.find('\0') == std::string::npos;
  return is_text ? std::move(content.text) : Unknown();
}

// Whether a file on disk has several names (ln without -s).
bool HasOtherNames(const std::string& path) {
  struct stat status = {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink > 1;
}

}  // namespace

// The texts of the written files that `path`, which is none of them by its letters, may be.
void Files::AppendFitting(const std::string& path, std::vector<std::string>* texts) const {
  const auto append = [&](const std::string& other, const Content& content) {
    if (MayBeSamePath(path, other)) {
      std::transform(content.texts.begin(), content.texts.end(), std::back_inserter(*texts),
                     [](const Text& text) { return *text; });
    }
  };
  const bool known = IsKnown(path);
  if ((known ? unknown_paths_.size() : written_.size()) > kMostCompared) {
    texts->push_back(Unknown());
    return;
  }
  if (!known) {
    for (const auto& [other, content] : written_) {
      append(other, content);
    }
    return;
  }
  for (const std::string& other : unknown_paths_) {
    append(other, written_.find(other)->second);
  }
}

std::vector<std::string> Files::ReadAll(const std::string& path) const {
  const std::string real = Behind(path);
  const auto found = written_.find(real);
  std::vector<std::string> texts;
  if (found != written_.end()) {
    std::transform(found->second.texts.begin(), found->second.texts.end(), std::back_inserter(texts),
                   [](const Text& text) { return *text; });
  } else {
    AppendFitting(real, &texts);
  }
  if (IsKnown(real) && (found == written_.end() || found->second.or_disk)) {
    if (std::optional<std::string> text = ReadFromDisk(real); text) {
      texts.push_back(std::move(*text));
    }
  }
  return texts;
}

std::optional<std::string> Files::Read(const std::string& path) const {
  std::vector<std::string> texts = ReadAll(path);
  if (texts.empty()) {
    return std::nullopt;
  }
  return texts.size() == 1 ? std::move(texts.front()) : Unknown();
}

bool Files::IsWritten(const std::string& path) const {
  return !written_.empty() && written_.find(Behind(path)) != written_.end();
}

std::string Files::WrittenAs(std::string_view name) const {
  const std::pair<std::string, std::string> first(name, "");
  auto at = written_names_.lower_bound(first);
  while (at != written_names_.end() && at->first == name && at->second.starts_with("/dev/")) {
    ++at;
  }
  if (at != written_names_.end() && at->first == name) {
    return at->second;
  }
  const auto alias = alias_names_.lower_bound(first);
  return alias == alias_names_.end() || alias->first != name ? std::string() : alias->second;
}

std::vector<std::string_view> Files::WrittenTexts() const {
  std::vector<std::string_view> texts;
  for (const auto& [path, content] : written_) {
    for (const Text& text : content.texts) {
      texts.push_back(*text);
    }
  }
  return texts;
}

std::vector<std::string> Files::WrittenWith(std::string_view part) const {
  std::vector<std::string> paths;
  for (const auto& [path, content] : written_) {
    if (path.find(part) != std::string::npos) {
      paths.push_back(path);
    }
  }
  return paths;
}

std::vector<std::string> Files::NamesIn(const std::string& folder, std::size_t limit) {
  std::vector<std::string> names;
  if (ResolvePath(folder, "/").kind != ResolvedPath::Kind::kDirectory) {
    return names;
  }
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(opendir(folder.c_str()), closedir);
  while (const dirent* entry = stream == nullptr || names.size() >= limit ? nullptr : readdir(stream.get())) {
    names.emplace_back(entry->d_name);
  }
  return names;
}

void Files::Alias(const std::string& path, const std::string& target) {
  ++changes_;
  if (path != target) {
    Forget(path);
    aliases_[path] = {target, changes_};
    alias_names_.emplace(BaseName(path), path);
  }
}

void Files::Forget(const std::string& path) {
  if (written_.erase(path) > 0) {
    written_names_.erase({std::string(BaseName(path)), path});
    unknown_paths_.erase(path);
  }
}

// The path with the names of the text itself taken out: of files, and of folders on the way.
std::string Files::Behind(std::string path) const {
  for (int i = 0; i < kMostAliases && !aliases_.empty() && path.size() <= kLongestPath; ++i) {
    auto alias = aliases_.end();
    // The folders that it lies in, the outermost first.
    for (std::size_t end = IsKnown(path) ? 0 : path.size(); alias == aliases_.end() && end < path.size();) {
      end = std::min(path.find('/', end + 1), path.size());
      alias = aliases_.find(std::string_view(path).substr(0, end));
    }
    alias = IsKnown(path) ? alias : aliases_.find(path);
    if (alias == aliases_.end()) {
      break;
    }
    path.replace(0, alias->first.size(), alias->second.path);
  }
  return path;
}

// The content of `path` to be changed. What was there before stays possible unless the change is certain.
Files::Content& Files::Change(const std::string& path, bool certain) {
  ++changes_;
  const auto [at, is_new] = written_.try_emplace(path);
  Remember(path, is_new ? nullptr : &at->second);
  if (is_new) {
    written_names_.emplace(BaseName(path), path);
    IsKnown(path) ? void() : static_cast<void>(unknown_paths_.insert(path));
    at->second.or_disk = !certain;
  } else if (certain) {
    at->second = {};
  }
  at->second.changed = changes_;
  return at->second;
}

// Keeps what a file held before, once a frame.
void Files::Remember(const std::string& path, const Content* content) {
  if (frames_.empty() || (content != nullptr && content->changed > frames_.back().changes)) {
    return;
  }
  former_.push_back({path, content == nullptr ? std::nullopt : std::optional(*content)});
}

void Files::MakeFolder(const std::string& path) {
  if (made_folders_.insert(path).second && !frames_.empty()) {
    new_folders_.push_back(path);
  }
}

void Files::Begin() { frames_.push_back({former_.size(), changes_, new_folders_.size()}); }

void Files::End(bool may_not_have_happened) {
  const Frame frame = frames_.back();
  frames_.pop_back();
  for (std::size_t i = former_.size(); may_not_have_happened && i > frame.first_former; --i) {
    const Former& former = former_[i - 1];
    const auto found = written_.find(former.path);
    if (found == written_.end()) {
      continue;  // another name for something by now
    }
    Content& now = found->second;
    now.or_disk = now.or_disk || !former.content || former.content->or_disk;
    if (former.content) {
      now.or_missing = now.or_missing || former.content->or_missing;
      now.texts.insert(now.texts.end(), former.content->texts.begin(), former.content->texts.end());
      Bound(&now);
    }
    now.changed = ++changes_;
  }
  for (; may_not_have_happened && new_folders_.size() > frame.first_folder; new_folders_.pop_back()) {
    made_folders_.erase(new_folders_.back());
  }
  if (frames_.empty()) {
    former_.clear();
    new_folders_.clear();
  }
}

// What is too long, by itself or with all that was written before, is kept as unknown.
Files::Text Files::BoundText(std::string text) {
  if (text.size() > kMostText || text_bytes_ + text.size() > kMostTextInAll) {
    return std::make_shared<std::string>(Unknown());
  }
  text_bytes_ += text.size();
  return std::make_shared<std::string>(std::move(text));
}

void Files::Bound(Content* content) {
  if (content->texts.size() < 2) {
    return;
  }
  std::sort(content->texts.begin(), content->texts.end(), [](const Text& a, const Text& b) { return *a < *b; });
  const auto end = std::unique(content->texts.begin(), content->texts.end(),
                               [](const Text& a, const Text& b) { return a == b || *a == *b; });
  content->texts.erase(end, content->texts.end());
  if (content->texts.size() > kMostContents) {
    content->texts = {std::make_shared<std::string>(Unknown())};
  }
}

void Files::Write(const std::string& path, std::string text, bool certain) {
  Content& content = Change(Behind(path), certain);
  content.texts.push_back(BoundText(std::move(text)));
  Bound(&content);
}

void Files::Append(const std::string& path, std::string_view text, bool certain) {
  const std::string real = Behind(path);
  const auto found = written_.find(real);
  const bool plain = found != written_.end() && !found->second.or_disk && !found->second.or_missing;
  if (certain && plain && found->second.texts.size() == 1) {
    Remember(real, &found->second);
    found->second.changed = ++changes_;
    Text& only = found->second.texts.front();
    if (only->size() + text.size() > kMostText) {
      only = std::make_shared<std::string>(Unknown());
    } else if (only.use_count() == 1) {
      only->append(text);
    } else {
      only = BoundText(*only + std::string(text));
    }
    return;
  }
  std::vector<std::string> longer = ReadAll(path);
  if (longer.empty() || (found != written_.end() && found->second.or_missing)) {
    longer.emplace_back();
  }
  Content& content = Change(real, certain);
  for (std::string& each : longer) {
    content.texts.push_back(BoundText(std::move(each.append(text))));
  }
  Bound(&content);
}

void Files::Remove(const std::string& path, bool certain) {
  if (certain) {
    aliases_.erase(path);
    made_folders_.erase(path);
  }
  // What lies in a folder goes with it.
  std::vector<std::string> inside;
  const std::string below = path + "/";
  for (auto at = written_.lower_bound(below); at != written_.end() && at->first.starts_with(below); ++at) {
    inside.push_back(at->first);
  }
  inside.push_back(path);
  for (const std::string& each : inside) {
    Change(each, certain).or_missing = true;
  }
}

// ---- What a command finds --------------------------------------------------------------------------------------

// One, unknown, if any of them is.
std::vector<WrittenFiles::File> Files::AlternativesOf(const Content& content) {
  using File = WrittenFiles::File;
  std::vector<File> alternatives;
  for (const Text& text : content.texts) {
    if (!IsKnown(*text)) {
      return {{File::State::kUnknown, nullptr}};
    }
    alternatives.push_back({File::State::kText, text});
  }
  if (content.or_missing) {
    alternatives.push_back({File::State::kRemoved, nullptr});
  }
  if (content.or_disk) {
    alternatives.push_back({File::State::kUntouched, nullptr});
  }
  return alternatives;
}

std::vector<WrittenFiles> Files::Views() const {
  using File = WrittenFiles::File;
  WrittenFiles common;
  std::vector<std::pair<std::string_view, std::vector<File>>> open;
  std::size_t count = 1;
  for (const auto& [path, content] : written_) {
    if (!IsKnown(path)) {
      // A name of which nothing is known is not taken for each file that there is.
      BaseName(path) == Unknown() ? void() : common.AddUnknownPath(path);
      continue;
    }
    if (path.starts_with("/dev/") && !path.starts_with("/dev/fd/")) {
      continue;
    }
    HasOtherNames(path) ? common.MarkRestUnknown() : void();
    std::vector<File> alternatives = AlternativesOf(content);
    if (alternatives.size() == 1) {
      common.Add(path, alternatives.front());
    } else if (!alternatives.empty()) {
      count = std::min(count * alternatives.size(), kMostViews + 1);
      open.emplace_back(path, std::move(alternatives));
    }
  }
  for (const auto& [path, target] : aliases_) {
    IsKnown(path) ? common.AddReplaced(path) : common.AddUnknownPath(path);
  }
  for (const std::string& folder : made_folders_) {
    common.AddMadeFolder(folder);
  }
  std::vector<WrittenFiles> views(count > kMostViews ? 1 : count, common);
  for (std::size_t i = 0; i < views.size(); ++i) {
    std::size_t choice = i;
    for (const auto& [path, alternatives] : open) {
      if (count > kMostViews) {
        views[i].Add(path, {File::State::kUnknown, nullptr});
      } else {
        views[i].AddAlternative(path, alternatives[choice % alternatives.size()]);
      }
      choice /= alternatives.size();
    }
  }
  return views;
}

std::size_t Files::CountOfTexts(const std::string& path) const {
  const auto found = written_.find(path);
  return found == written_.end() ? 0 : found->second.texts.size();
}

std::vector<std::string> Files::ChangedSince(std::size_t since) const {
  std::vector<std::string> paths;
  for (const auto& [path, content] : written_) {
    if (content.changed > since) {
      paths.push_back(path);
    }
  }
  for (const auto& [path, target] : aliases_) {
    if (target.changed > since) {
      paths.push_back(path);
    }
  }
  return paths;
}

}  // namespace safe_docker::shell
