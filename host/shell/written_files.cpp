// The part of the evaluator that keeps which files the text itself writes or links.
#include <algorithm>
#include <array>

#include "evaluator.hpp"
#include "file_system.hpp"

namespace safe_docker::shell {
namespace {

// A program that puts files where an operand or an option says.
struct Copier {
  std::string_view name;
  std::string_view short_with_value;
  bool may_link;
};
constexpr std::array kCopiers = {Copier{"cp", "St", true}, Copier{"mv", "St", true}, Copier{"install", "Stmog", false},
                                 Copier{"ln", "St", true}};

struct Operands {
  std::vector<std::string> words;
  std::string folder;  // of -t
};

Operands OperandsOf(const std::vector<Word>& words, std::string_view short_with_value) {
  constexpr std::string_view kTargetOption = "--target-directory";
  Operands operands;
  bool options_end = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i].text;
    const bool is_option = !options_end && word.size() > 1 && word[0] == '-';
    if (!is_option) {
      operands.words.emplace_back(word);
    } else if (word == "--") {
      options_end = true;
    } else if (word.starts_with("--t")) {
      const std::size_t equals = word.find('=');
      const bool is_target = kTargetOption.starts_with(word.substr(0, equals));
      const bool in_next = is_target && equals == word.npos && i + 1 < words.size();
      operands.folder = in_next ? words[++i].text : std::string(is_target ? word.substr(equals + 1) : operands.folder);
    } else if (!word.starts_with("--")) {
      const std::size_t at = word.find_first_of(short_with_value, 1);
      const bool in_next = at != word.npos && at + 1 == word.size() && i + 1 < words.size();
      const std::string value = in_next ? words[++i].text : std::string(at == word.npos ? "" : word.substr(at + 1));
      operands.folder = at != word.npos && word[at] == 't' ? value : operands.folder;
    }
  }
  return operands;
}

// What stands behind the last slash that is not at the end of a web address.
std::string NameInAddress(std::string_view address) {
  address = address.substr(0, address.find_first_of("?#"));
  return std::string(BaseName(address));
}

bool HasLetter(std::string_view word, char letter) {
  return word.size() > 1 && word[0] == '-' && word[1] != '-' && word.find(letter) != std::string_view::npos;
}

}  // namespace

void Evaluator::NoteWritten(std::string_view path) {
  const bool placed = !path.empty() && IsKnown(path) && (path[0] == '/' || IsKnown(state_.cwd));
  if (placed && path != "/dev/null" && path != "-" && Spend(1)) {
    written_files_.insert(CleanPath(path, state_.cwd));
  }
}

void Evaluator::NoteLinked(std::string_view path) {
  const bool placed = !path.empty() && IsKnown(path) && (path[0] == '/' || IsKnown(state_.cwd));
  if (placed && Spend(1)) {
    linked_files_.insert(CleanPath(path, state_.cwd));
  }
}

void Evaluator::NoteTargets(std::string_view program, const Words& words) {
  const auto* copier =
      std::find_if(kCopiers.begin(), kCopiers.end(), [program](const Copier& each) { return each.name == program; });
  if (copier != kCopiers.end()) {
    NoteCopies(words, copier->short_with_value, copier->may_link);
  } else if (program == "tee") {
    std::for_each(words.begin() + 1, words.end(), [this](const Word& word) { NoteWritten(word.text); });
  } else if (program == "sed") {
    const bool in_place = std::any_of(words.begin() + 1, words.end(), [](const Word& word) {
      return HasLetter(word.text, 'i') || word.text.starts_with("--in-place");
    });
    const Operands operands = OperandsOf(words, "ef");
    std::for_each(operands.words.begin(), in_place ? operands.words.end() : operands.words.begin(),
                  [this](const std::string& word) { NoteWritten(word); });
  } else if (program == "curl" || program == "wget") {
    NoteDownloads(program, words);
  } else if (program == "mount") {
    const bool binds = std::any_of(words.begin() + 1, words.end(), [](const Word& word) {
      return word.text.find("bind") != std::string::npos || word.text == "-B" || word.text == "-R";
    });
    if (binds && words.size() > 2) {
      NoteLinked(words.back().text);
    }
  }
}

// The target, and the files that lie in it if it is a folder or may be one.
void Evaluator::NoteCopies(const Words& words, std::string_view short_with_value, bool may_link) {
  Operands operands = OperandsOf(words, short_with_value);
  const bool alone = operands.folder.empty() && operands.words.size() == 1;
  std::string target = operands.folder;
  if (target.empty() && !operands.words.empty()) {
    target = alone ? "." : operands.words.back();
    operands.words.resize(operands.words.size() - (alone ? 0 : 1));
  }
  const auto note = [&](const std::string& path) {
    NoteWritten(path);
    may_link ? NoteLinked(path) : void();
  };
  alone ? void() : note(target);
  for (const std::string& source : operands.words) {
    const std::string clean = IsKnown(source) ? CleanPath(source, "/") : std::string();
    clean.empty() ? void() : note(target + "/" + std::string(BaseName(clean)));
  }
}

void Evaluator::NoteDownloads(std::string_view program, const Words& words) {
  const bool curl = program == "curl";
  const char name_option = curl ? 'o' : 'O';
  bool named_by_address = !curl;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i].text;
    const std::string_view long_option = curl ? "--output" : "--output-document";
    if (word.starts_with(long_option) && (word.size() == long_option.size() || word[long_option.size()] == '=')) {
      const bool in_next = word.size() == long_option.size() && i + 1 < words.size();
      NoteWritten(in_next ? std::string_view(words[++i].text)
                          : word.substr(std::min(long_option.size() + 1, word.size())));
      named_by_address = false;
    } else if (HasLetter(word, name_option)) {
      named_by_address = false;
      const std::size_t at = word.find(name_option);
      const bool in_next = at + 1 == word.size() && i + 1 < words.size();
      NoteWritten(in_next ? std::string_view(words[++i].text) : word.substr(at + 1));
    } else {
      named_by_address = named_by_address || HasLetter(word, 'O') || word.starts_with("--remote-name");
    }
  }
  for (std::size_t i = 1; i < words.size() && named_by_address; ++i) {
    if (words[i].text.find('/') != std::string::npos && !words[i].text.starts_with('-')) {
      NoteWritten(NameInAddress(words[i].text));
    }
  }
}

// What a file will hold that the text itself writes is not followed: it asks if a name is in sight.
bool Evaluator::ReportWrittenScript(const std::string& path) {
  if (written_files_.find(CleanPath(path, state_.cwd)) == written_files_.end()) {
    return false;
  }
  ReportOpaque(Opaque::Reason::kComputedCode, source_, "runs a file that this text writes", names_.MentionedIn(text_));
  return true;
}

}  // namespace safe_docker::shell
