#include "files.hpp"

#include <algorithm>

#include "command_line.hpp"
#include "file_system.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostContents = 8;

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

std::vector<std::string> Files::ReadAll(const std::string& path) const {
  const auto found = written_.find(path);
  std::vector<std::string> texts = found == written_.end() ? std::vector<std::string>() : found->second.texts;
  if (found == written_.end() || found->second.or_disk) {
    if (std::optional<std::string> text = ReadFromDisk(path); text) {
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

bool Files::IsWritten(const std::string& path) const { return written_.find(path) != written_.end(); }

// The content of `path` to be changed. What was there before stays possible unless the change is certain.
Files::Content& Files::Change(const std::string& path, bool certain) {
  ++changes_;
  const auto found = written_.find(path);
  if (found != written_.end()) {
    if (certain) {
      found->second = {};
    }
    return found->second;
  }
  Content& content = written_[path];
  content.or_disk = !certain;
  return content;
}

void Files::Bound(Content* content) {
  std::sort(content->texts.begin(), content->texts.end());
  content->texts.erase(std::unique(content->texts.begin(), content->texts.end()), content->texts.end());
  if (content->texts.size() > kMostContents) {
    content->texts = {Unknown()};
  }
}

void Files::Write(const std::string& path, std::string text, bool certain) {
  Content& content = Change(path, certain);
  content.texts.push_back(text.size() <= kMostText ? std::move(text) : Unknown());
  Bound(&content);
}

void Files::Append(const std::string& path, std::string_view text, bool certain) {
  std::vector<std::string> longer = ReadAll(path);
  if (longer.empty()) {
    longer.emplace_back();
  }
  for (std::string& each : longer) {
    each = each.size() + text.size() <= kMostText ? each.append(text) : Unknown();
  }
  Content& content = Change(path, certain);
  content.texts.insert(content.texts.end(), longer.begin(), longer.end());
  Bound(&content);
}

void Files::Remove(const std::string& path, bool certain) {
  Content& content = Change(path, certain);
  content.or_missing = true;
}

}  // namespace safe_docker::shell
