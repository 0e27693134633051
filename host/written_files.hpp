// What the judged text itself makes of files by the time one of its commands reads them: a command is judged by what it
// will find then, and not by what lies there now. The shell room makes these, the plugins' services look into them.
// Owned values; nothing here exists for a text that writes no file.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker {

// Why a written file cannot be read yet, in the words that plugins are given.
inline constexpr std::string_view kContentNotKnown =
    "the command itself writes it before docker reads it, and what it will hold is not known";

class WrittenFiles {
 public:
  struct File {
    enum class State : std::uint8_t { kUntouched, kText, kRemoved, kUnknown };
    State state = State::kUntouched;
    std::shared_ptr<const std::string> text = nullptr;  // if kText
    bool operator==(const File& other) const;
  };

  // What is known of the file at `path`, absolute and clean. Links that lie on disk are followed.
  File Find(std::string_view path) const;

  // What a path holds. Two names of one file that hold different things make it unknown.
  void Add(std::string_view path, File file);
  void MarkUnknown(std::string_view path);
  // A file that holds this in one of several ways in which things may have gone.
  void AddAlternative(std::string_view path, File file);
  // True for such a file: if it is not there, that is one of the ways, and the command fails by itself.
  bool IsAlternative(std::string_view path) const;
  // Something was written to a file that may have further names.
  void MarkRestUnknown() { is_rest_unknown_ = true; }
  // Some file whose path fits, unknown parts and all.
  void AddUnknownPath(std::string path) { unknown_paths_.push_back(std::move(path)); }
  // A folder that was made, so that nothing lies in it but what was written.
  void AddMadeFolder(std::string path) { made_folders_.push_back(std::move(path)); }
  // A name that stands for something else, and all that lies below it.
  void AddReplaced(std::string path) { replaced_.push_back(std::move(path)); }

  // Paths that may be links or mounts of something else by then.
  void SetLinked(std::vector<std::string> paths) { linked_ = std::move(paths); }
  bool IsBehindLink(std::string_view path) const;

  bool operator==(const WrittenFiles& other) const = default;

 private:
  std::map<std::string, File, std::less<>> files_;  // by where the path leads on disk
  std::vector<std::string> unknown_paths_;
  std::vector<std::string> made_folders_;
  std::vector<std::string> replaced_;
  std::vector<std::string> linked_;
  std::vector<std::string> alternatives_;  // places, as in files_
  bool is_rest_unknown_ = false;
};

// What a command gets to read beside what is on disk.
struct CommandInputs {
  std::shared_ptr<const WrittenFiles> files;          // null: the text has touched none
  std::shared_ptr<const std::string> standard_input;  // null: not known
  std::string standard_input_file;                    // it comes from there; absolute, may hold unknown parts
};

// True for a path that is the reader's own standard input.
bool IsStandardInput(std::string_view path);

// Whether two paths with unknown parts may be the same: what is known at their ends fits.
bool MayBeSamePath(std::string_view a, std::string_view b);

}  // namespace safe_docker
