// What files hold at one point of a text: what the text itself has written there so far, else what is on disk. A script
// that the text writes and then runs is judged by what it will contain.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "written_files.hpp"

namespace safe_docker::shell {

class Files {
 public:
  static constexpr std::size_t kMostText = 256 * 1024;

  // All paths here are absolute and clean. One that holds unknown parts may be any of the written files that fit it,
  // and none on disk.

  // The text of a regular file; nothing if there is none. A single unknown part if it cannot be told: several contents
  // are possible, or it is too large, not readable, or no text.
  std::optional<std::string> Read(const std::string& path) const;

  // Every text that the file may hold, each with unknown parts where it has them. None if there is no such file.
  std::vector<std::string> ReadAll(const std::string& path) const;

  // True if the text has written to the file, whatever is on disk.
  bool IsWritten(const std::string& path) const;
  // A written file that is called `name`, in whatever folder; empty if there is none.
  std::string WrittenAs(std::string_view name) const;
  // Every text that was written and of which something is known.
  std::vector<std::string_view> WrittenTexts() const;
  // The written files whose paths hold `part`.
  std::vector<std::string> WrittenWith(std::string_view part) const;

  // `certain`: it happens for sure, so that what was there before no longer counts.
  void Write(const std::string& path, std::string text, bool certain);
  void Append(const std::string& path, std::string_view text, bool certain);
  void Remove(const std::string& path, bool certain);
  // `path`, a file or a folder, is from now on another name or a copy of `target`.
  void Alias(const std::string& path, const std::string& target);
  void MakeFolder(const std::string& path);
  bool IsMadeFolder(const std::string& path) const { return made_folders_.find(path) != made_folders_.end(); }

  // What happens between Begin and End may not have happened, or not in this order, if End is told so: until then it
  // counts, for what follows it there. They nest.
  void Begin();
  void End(bool may_not_have_happened);

  // What a command may find now, one view for each way in which files that may hold one of several things can combine.
  // If these are more than a few, such files are unknown in the only view.
  std::vector<WrittenFiles> Views() const;
  // How many different things a written file may hold.
  std::size_t CountOfTexts(const std::string& path) const;
  // The written files that have changed since changes() was `since`.
  std::vector<std::string> ChangedSince(std::size_t since) const;

  // The path with the names that the text made of others (ln -s) taken out.
  std::string Behind(std::string path) const;

  // The names in a folder on disk, at most `limit` of them. Empty if it is none that can be read.
  static std::vector<std::string> NamesIn(const std::string& folder, std::size_t limit);

  // Grows with each change: what was looked up before may be different now.
  std::size_t changes() const { return changes_; }
  // How many files were written.
  std::size_t written_count() const { return written_.size(); }
  // How much text was written in all.
  std::size_t text_bytes() const { return text_bytes_; }

 private:
  using Text = std::shared_ptr<std::string>;  // shared with what remembers it; changed only while it is not
  struct Content {
    bool or_disk = false;     // what is on disk may still be there
    bool or_missing = false;  // there may be no such file
    std::vector<Text> texts;  // those that were written, without doubles
    std::size_t changed = 0;  // what changes() was then
  };
  // What a file held before it was first changed since a Begin; nothing if the text had not touched it.
  struct Former {
    std::string path;
    std::optional<Content> content;
  };
  struct AliasTarget {
    std::string path;
    std::size_t changed;
  };
  struct Frame {
    std::size_t first_former;
    std::size_t changes;
    std::size_t first_folder;
  };
  // Base name and path, so that a name is found among many files.
  using PathsByName = std::set<std::pair<std::string, std::string>>;

  Content& Change(const std::string& path, bool certain);
  void Forget(const std::string& path);
  void AppendFitting(const std::string& path, std::vector<std::string>* texts) const;
  static std::vector<WrittenFiles::File> AlternativesOf(const Content& content);
  void Remember(const std::string& path, const Content* content);
  Text BoundText(std::string text);
  static void Bound(Content* content);

  std::map<std::string, Content, std::less<>> written_;
  PathsByName written_names_;
  std::set<std::string, std::less<>> unknown_paths_;  // of written_
  std::map<std::string, AliasTarget, std::less<>> aliases_;
  PathsByName alias_names_;
  std::set<std::string, std::less<>> made_folders_;
  std::vector<Former> former_;
  std::vector<std::string> new_folders_;  // made since the first Begin
  std::vector<Frame> frames_;
  std::size_t text_bytes_ = 0;  // kept so far
  std::size_t changes_ = 0;
};

}  // namespace safe_docker::shell
