#include "files.hpp"

#include <dirent.h>

#include <algorithm>
#include <memory>

#include "command_line.hpp"
#include "file_system.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostContents = 8;
constexpr int kMostAliases = 16;
constexpr std::size_t kMostTextInAll = 8 * 1024 * 1024;
constexpr std::size_t kMostCompared = 256;  // paths that a path with unknown parts is held against
constexpr std::size_t kLongestPath = 4096;  // what a system call takes

// Whether two paths with unknown parts may be the same: what is known at their ends fits.
bool MayBeSame(std::string_view a, std::string_view b) {
  const std::size_t front = std::min({a.find(kUnknownPart), b.find(kUnknownPart), a.size(), b.size()});
  const auto known_end = [](std::string_view text) {
    const std::size_t last = text.rfind(kUnknownPart);
    return last == text.npos ? text.size() : text.size() - last - 1;
  };
  const std::size_t back = std::min(known_end(a), known_end(b));
  return a.substr(0, front) == b.substr(0, front) && a.substr(a.size() - back) == b.substr(b.size() - back);
}

std::string Unknown() { return std::string(1, kUnknownPart); }

std::optional<std::string> ReadFromDisk(const std::string& path) {
  FileContent content = ReadRegularFile(path, Files::kMostText);
  if (content.status == FileContent::Status::kMissing) {
    return std::nullopt;
  }
  const bool is_text = content.status == FileContent::Status::kRead && content.text.find('\0') == std::string::npos;
  return is_text ? std::move(content.text) : Unknown();
}

}  // namespace

// The texts of the written files that `path`, which is none of them by its letters, may be.
void Files::AppendFitting(const std::string& path, std::vector<std::string>* texts) const {
  const auto append = [&](const std::string& other, const Content& content) {
    if (MayBeSame(path, other)) {
      texts->insert(texts->end(), content.texts.begin(), content.texts.end());
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
    texts = found->second.texts;
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
    texts.insert(texts.end(), content.texts.begin(), content.texts.end());
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
    aliases_[path] = target;
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
    path.replace(0, alias->first.size(), alias->second);
  }
  return path;
}

// The content of `path` to be changed. What was there before stays possible unless the change is certain.
Files::Content& Files::Change(const std::string& path, bool certain) {
  ++changes_;
  const auto [at, is_new] = written_.try_emplace(path);
  if (is_new) {
    written_names_.emplace(BaseName(path), path);
    IsKnown(path) ? void() : static_cast<void>(unknown_paths_.insert(path));
    at->second.or_disk = !certain;
  } else if (certain) {
    at->second = {};
  }
  return at->second;
}

// What is too long, by itself or with all that was written before, is kept as unknown.
std::string Files::BoundText(std::string text) {
  if (text.size() > kMostText || text_bytes_ + text.size() > kMostTextInAll) {
    return Unknown();
  }
  text_bytes_ += text.size();
  return text;
}

void Files::Bound(Content* content) {
  std::sort(content->texts.begin(), content->texts.end());
  content->texts.erase(std::unique(content->texts.begin(), content->texts.end()), content->texts.end());
  if (content->texts.size() > kMostContents) {
    content->texts = {Unknown()};
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
    ++changes_;
    std::string& only = found->second.texts.front();
    only.size() + text.size() <= kMostText ? only.append(text) : only = Unknown();
    return;
  }
  std::vector<std::string> longer = ReadAll(path);
  if (longer.empty() || (found != written_.end() && found->second.or_missing)) {
    longer.emplace_back();
  }
  for (std::string& each : longer) {
    each = BoundText(std::move(each.append(text)));
  }
  Content& content = Change(real, certain);
  content.texts.insert(content.texts.end(), longer.begin(), longer.end());
  Bound(&content);
}

void Files::Remove(const std::string& path, bool certain) {
  if (certain) {
    aliases_.erase(path);
  }
  Content& content = Change(path, certain);
  content.or_missing = true;
}

}  // namespace safe_docker::shell
