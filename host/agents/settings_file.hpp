// Replaces a person's settings file without ever losing what was in it: the old text is kept beside it, the new one
// appears all at once, and a file that somebody else changes meanwhile is left alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace safe_docker::agents {

// The file as it was read.
struct SettingsFile {
  std::string path;     // where the links lead that it is reached by
  std::string text;     // empty if it does not exist
  std::string problem;  // it cannot be read; empty if it can
  bool exists = false;
};

// `path` is absolute.
SettingsFile ReadSettingsFile(const std::string& path);

struct Written {
  std::string backup;   // where the old text lies; empty if there was none
  std::string problem;  // nothing was changed; empty if the file was written
};

// Writes `text` to `file`, unless it is no longer what `file` has. Folders that are missing are made. Mode and owner
// stay; a new file is for its owner alone.
// The old text need not be kept if setup could make it again.
enum class OldText : std::uint8_t { kKept, kDropped };
Written ReplaceSettingsFile(const SettingsFile& file, std::string_view text, OldText old_text = OldText::kKept);

// Removes `file`, unless it is no longer what it was. What went wrong, or nothing.
std::string RemoveSettingsFile(const SettingsFile& file);

// The text that the newest backup of `file` has; nothing if there is none. Whoever may write beside the file may have
// written it, so it is no more than a hint.
std::optional<std::string> NewestBackup(const SettingsFile& file);

}  // namespace safe_docker::agents
