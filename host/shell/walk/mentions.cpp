// The part of the evaluator that knows whether one of the names is in sight: in words, in variables that were made from
// them, in files that were written or read.
#include <algorithm>
#include <array>

#include "evaluator.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostReadFiles = 64;

}  // namespace

// Remembers that what is printed from here on may hold a name, because a word does.
void Evaluator::NoteMentions(const Words& words, const Streams& streams) {
  if (streams.output == nullptr && streams.errors == nullptr) {
    return;
  }
  constexpr std::array<std::string_view, 4> kEditors = {"sed", "tr", "awk", "perl"};
  const bool edits = std::find(kEditors.begin(), kEditors.end(), words[0].text) != kEditors.end();
  const bool mentions = std::any_of(words.begin(), words.end(), [&](const Word& word) {
    return names_.MentionedIn(word.text) || (edits && names_.StandsIn(word.text));
  });
  mentions_ += mentions ? 1 : 0;
}

// Whether the command word is the whole value of a variable that gets it from text that is read or matched.
bool Evaluator::IsReadFromText(const Word& word) const {
  std::string_view written = word.written;
  const auto skip = [&written](std::string_view what) {
    written.remove_prefix(std::min(written.find_first_not_of(what), written.size()));
  };
  if (word.text.find_first_not_of(kUnknownPart) != std::string::npos) {
    return false;
  }
  skip("\"");
  if (!written.starts_with('$')) {
    return false;
  }
  written.remove_prefix(1);
  skip("{!");
  std::size_t size = 0;
  while (size < written.size() && IsNameCharacter(written[size])) {
    ++size;
  }
  const std::string_view name = written.substr(0, size);
  const bool positional = written.starts_with('@') || written.starts_with('*') ||
                          (!name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos);
  const bool never_set =
      !name.empty() && assigned_.find(name) == assigned_.end() && state_.Get(name).state == Variable::State::kUnset;
  return positional || never_set || name == "BASH_REMATCH" || name == "REPLY" || name == "MAPFILE" ||
         read_names_.find(name) != read_names_.end();
}

// Whether a variable stands in `written` whose value is not known, but was made from something that mentions a name.
bool Evaluator::RefersToMention(std::string_view written) const {
  for (std::size_t at = written.find('$'); at < written.size(); at = written.find('$', at + 1)) {
    std::size_t begin = at + 1;
    while (begin < written.size() && (written[begin] == '{' || written[begin] == '!' || written[begin] == '#')) {
      ++begin;
    }
    std::size_t end = begin;
    while (end < written.size() && IsNameCharacter(written[end])) {
      ++end;
    }
    const std::string_view name = written.substr(begin, end - begin);
    const bool is_text = name == "BASH_EXECUTION_STRING" || name == "BASH_COMMAND";
    if (tainted_.find(name) != tainted_.end() || (is_text && TextMentions())) {
      return true;
    }
  }
  return false;
}

// Whether a file that the text has written, and that the program may read, mentions a name.
bool Evaluator::ReadsMention(const Words& words, const Streams& streams) const {
  if (files_.changes() == 0) {
    return false;
  }
  const auto mentions = [this](const std::string& path) {
    const std::vector<std::string> texts = files_.IsWritten(path) ? files_.ReadAll(path) : std::vector<std::string>();
    return std::any_of(texts.begin(), texts.end(),
                       [this](const std::string& text) { return names_.MentionedIn(text); });
  };
  return (!streams.file.empty() && mentions(streams.file)) ||
         std::any_of(words.begin() + 1, words.end(),
                     [&](const Word& word) { return !word.text.empty() && mentions(AbsolutePath(word.text)); });
}

// Whether a file that a program before a shell in a pipeline was given mentions a name.
bool Evaluator::ReadFilesMention() const {
  const auto mentions = [this](const std::string& path) {
    const std::vector<std::string> texts = files_.ReadAll(path);
    return std::any_of(texts.begin(), texts.end(),
                       [this](const std::string& text) { return names_.MentionedIn(text); });
  };
  return std::any_of(read_files_.begin(), read_files_.end(), [&](const std::string& path) {
    const std::vector<std::string> inside = files_.WrittenWith(path + "/");  // if it is a folder
    return mentions(path) || std::any_of(inside.begin(), inside.end(), mentions);
  });
}

// Whether a file that the text has written mentions a name.
bool Evaluator::WrittenFilesMention() {
  if (written_mention_ || files_.changes() == changes_looked_at_) {
    return written_mention_;
  }
  if (!Spend(1 + files_.text_bytes() / 16 + files_.written_count() / 2)) {
    return TextMentions();
  }
  changes_looked_at_ = files_.changes();
  const std::vector<std::string_view> texts = files_.WrittenTexts();
  written_mention_ =
      std::any_of(texts.begin(), texts.end(), [this](std::string_view text) { return names_.MentionedIn(text); });
  return written_mention_;
}

// Remembers the files that a program may have read, of which nobody knows what it prints.
void Evaluator::NoteReadFiles(const Words& words) {
  for (std::size_t i = 1; i < words.size() && read_files_.size() < kMostReadFiles; ++i) {
    const std::string_view text = words[i].text;
    const std::string_view path = text.substr(text.find('=') == text.npos ? 0 : text.find('=') + 1);
    if (!path.empty() && path[0] != '-' && path.find_first_of(" \n") == path.npos) {
      read_files_.push_back(AbsolutePath(path));
    }
  }
}

// Remembers that a program which may write files was given a name, in its words or by its input.
void Evaluator::NoteForeignMention(std::string_view program, const Words& words, const Streams& streams) {
  constexpr std::array<std::string_view, 18> kWriters = {"bunzip2", "cpio", "csplit", "dd",    "ed",    "git",
                                                         "gunzip",  "gzip", "patch",  "rsync", "sed",   "sort",
                                                         "split",   "tar",  "uniq",   "unxz",  "unzip", "zstd"};
  const bool writes = std::find(kWriters.begin(), kWriters.end(), program) != kWriters.end();
  if (foreign_mention_ || !files_may_differ_ || (IsKnownNonExecutor(program) && !writes)) {
    return;
  }
  const std::string* input = streams.input;
  foreign_mention_ =
      (input != nullptr && names_.MentionedIn(*input)) || (writes && WrittenFilesMention()) ||
      std::any_of(words.begin() + 1, words.end(), [this](const Word& word) { return names_.MentionedIn(word.text); });
}

bool Evaluator::CallIsIn(const std::string* text) const { return text != nullptr && names_.CalledIn(*text); }

// Whether one of the names stands anywhere in the judged text.
bool Evaluator::TextMentions() const {
  if (!text_mentions_) {
    text_mentions_ = names_.MentionedIn(text_);
  }
  return *text_mentions_;
}

}  // namespace safe_docker::shell
