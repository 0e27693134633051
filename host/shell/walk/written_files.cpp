// The part of the evaluator that keeps which files the text itself writes or links.
#include <unistd.h>

#include <algorithm>
#include <array>

#include "evaluator.hpp"
#include "file_system.hpp"
#include "foreign/foreign_code.hpp"
#include "tools/output.hpp"

namespace safe_docker::shell {
namespace {

// The programs that put files where an operand or an option says.
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

// Programs that change the files that they are given, or put theirs in the place of them; and the letters of the
// options without which they do not.
struct Editor {
  std::string_view program;
  std::string_view needed;
};
constexpr std::array kEditors = {
    Editor{"yq", "i"},      Editor{"awk", "i"},      Editor{"gawk", "i"},     Editor{"ed", ""},
    Editor{"ex", ""},       Editor{"vi", ""},        Editor{"vim", ""},       Editor{"nvim", ""},
    Editor{"patch", ""},    Editor{"sponge", ""},    Editor{"sort", "o"},     Editor{"shuf", "o"},
    Editor{"uniq", ""},     Editor{"rsync", ""},     Editor{"scp", ""},       Editor{"dos2unix", ""},
    Editor{"unix2dos", ""}, Editor{"openssl", "o"},  Editor{"gunzip", ""},    Editor{"bunzip2", ""},
    Editor{"unxz", ""},     Editor{"unzstd", ""},    Editor{"truncate", ""},  Editor{"shred", ""},
    Editor{"split", ""},    Editor{"csplit", ""},    Editor{"envsubst", "o"}, Editor{"gomplate", "o"},
    Editor{"tac", "o"},     Editor{"prettier", "w"}, Editor{"crudini", ""},   Editor{"dasel", "w"},
    Editor{"sd", ""},       Editor{"rpl", ""},       Editor{"dotenv", ""}};

// What a program of another language does to write a file, as far as a glance at it tells.
constexpr std::array<std::string_view, 20> kWritingCode = {
    "write", "dump", "rename", "replace(", "copy", "truncate", "unlink", "remove", "symlink",      "sub(",
    "'w",    "\"w",  "'a'",    "\"a\"",    "'r+",  "\"r+",     "'x'",    "\"x\"",  "put_contents", ">"};

// The files of a project that stand in `code` in quotes or as words.
std::vector<std::string_view> ProjectFilesIn(std::string_view code) {
  std::vector<std::string_view> files;
  while (!code.empty()) {
    const std::size_t end = std::min(code.find_first_of("'\"` \t\n(),;=<>"), code.size());
    const std::string_view word = code.substr(0, end);
    const std::string_view name = BaseName(word);
    const bool is_compose = name.find("compose") != name.npos && (name.ends_with(".yml") || name.ends_with(".yaml"));
    if (is_compose || name == ".env") {
      files.push_back(word);
    }
    code.remove_prefix(std::min(end + 1, code.size()));
  }
  return files;
}

// Programs after which a file may refuse to be written.
constexpr std::array<std::string_view, 5> kGuards = {"chmod", "chattr", "chown", "setfacl", "chgrp"};

// Whether the target stands for itself, even if it is a folder or a link to one.
bool TakesTargetAsIs(const Copier& copier, const std::vector<Word>& words) {
  return std::any_of(words.begin() + 1, words.end(), [&copier](const Word& word) {
    const std::string_view text = word.text;
    const bool is_short = text.size() > 1 && text[0] == '-' && text[1] != '-';
    const bool is_long = text.starts_with("--no-t") || (copier.name == "ln" && text.starts_with("--no-d"));
    return is_long || (is_short &&
                       (text.find('T') != text.npos || (copier.name == "ln" && text.find_first_of("nh") != text.npos)));
  });
}

// "folder/." and "..": what lies in it is meant, and not the folder under its name.
bool MeansContent(std::string_view source) {
  while (source.size() > 1 && source.ends_with('/')) {
    source.remove_suffix(1);
  }
  return BaseName(source) == "." || BaseName(source) == "..";
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

void Evaluator::NoteRemoved(std::string_view path) {
  const std::string file = AbsolutePath(path);
  if (file.starts_with('/') && Spend(1)) {
    removed_files_.insert(file);
  }
}

// A file that cannot be written keeps what it holds, and the command fails. `replaces`: the folder decides.
void Evaluator::NoteMayFail(const std::string& path, bool replaces) {
  if (!IsKnown(path) || path.starts_with("/dev/") || !Spend(kCostOfLookUp / 4)) {
    return;
  }
  const std::string folder = path.substr(0, std::max<std::size_t>(path.rfind('/'), 1));
  const bool is_guarded =
      std::any_of(guarded_paths_.begin(), guarded_paths_.end(),
                  [&path](const std::string& guarded) { return !IsKnown(guarded) || IsWithin(path, guarded); });
  const bool is_there = access(path.c_str(), F_OK) == 0;
  const bool refuses = (is_there && !replaces ? access(path.c_str(), W_OK) : access(folder.c_str(), W_OK)) != 0;
  const bool is_new = files_.IsWritten(path) || files_.IsMadeFolder(folder);
  may_have_failed_ = may_have_failed_ || is_guarded || (refuses && !is_new);
}

// What a program has made of the files that it is given cannot be told.
void Evaluator::NoteEdited(std::string_view program, const Words& words, const Streams& streams) {
  const auto* editor =
      std::find_if(kEditors.begin(), kEditors.end(), [program](const Editor& each) { return each.program == program; });
  const bool edits = editor != kEditors.end() &&
                     (editor->needed.empty() || std::any_of(words.begin() + 1, words.end(), [editor](const Word& word) {
                        return HasLetter(word.text, editor->needed[0]) || word.text.starts_with("--");
                      }));
  for (std::size_t i = 1; i < words.size() && edits; ++i) {
    std::string_view word = words[i].text;
    word = word.substr(word.starts_with("--") && word.find('=') != word.npos ? word.find('=') + 1 : 0);
    word = word.substr(word.starts_with("-o") && !word.starts_with("-out") ? 2 : 0);
    const bool is_place = !word.empty() && !word.starts_with('-') && Spend(kCostOfLookUp);
    const std::string path = is_place ? AbsolutePath(word) : std::string();
    const bool is_file = !path.empty() && (word.find('.') != word.npos || !files_.ReadAll(path).empty());
    is_file ? WriteUnknown(word) : void();
  }
  if (IsInterpreter(program)) {
    std::string code;
    for (const Word& word : words) {
      code += word.text + "\n";
    }
    const std::string* input = InputOf(streams);
    code += input == nullptr ? std::string() : *input;
    const bool writes = Spend(1 + code.size() / 32) &&
                        std::any_of(kWritingCode.begin(), kWritingCode.end(),
                                    [&code](std::string_view each) { return code.find(each) != code.npos; });
    for (const std::string_view file : writes ? ProjectFilesIn(code) : std::vector<std::string_view>()) {
      Spend(1) ? WriteUnknown(file) : void();
    }
  }
  if (std::find(kGuards.begin(), kGuards.end(), program) != kGuards.end()) {
    for (std::size_t i = 1; i < words.size() && Spend(1); ++i) {
      words[i].text.starts_with('-') ? void() : static_cast<void>(guarded_paths_.insert(AbsolutePath(words[i].text)));
    }
  }
}

void Evaluator::NoteTargets(std::string_view program, const Words& words, const Streams& streams) {
  NoteEdited(program, words, streams);
  const auto* copier =
      std::find_if(kCopiers.begin(), kCopiers.end(), [program](const Copier& each) { return each.name == program; });
  if (copier != kCopiers.end()) {
    Copier given = *copier;
    given.overwrites = std::none_of(words.begin() + 1, words.end(), [](const Word& word) {
      const bool is_option = word.text.size() > 1 && word.text[0] == '-' && !word.text.starts_with("--t");
      return is_option && word.text.find_first_not_of("-farRvpdPLTtDm0123456789") != std::string::npos;
    });
    given.follows = std::none_of(words.begin() + 1, words.end(), [](const Word& word) {
      const bool is_option = word.text.size() > 1 && word.text[0] == '-';
      return is_option && word.text.find_first_not_of("-finpuvT") != std::string::npos;
    });
    NoteCopies(given, words);
  } else if (program == "tee") {
    WriteTee(words, streams);
  } else if (program == "sed") {
    EditInPlace(words);
  } else if (program == "perl" || program == "ruby") {
    const bool in_place = std::any_of(words.begin() + 1, words.end(), [](const Word& word) {
      return HasLetter(word.text, 'i') && word.text.find('/') == std::string::npos;
    });
    for (std::size_t i = 1; i < words.size() && in_place; ++i) {
      files_.ReadAll(AbsolutePath(words[i].text)).empty() ? void() : WriteUnknown(words[i].text);
    }
  } else if (program == "curl" || program == "wget") {
    NoteDownloads(program, words);
  } else if (program == "rm" || program == "unlink" || program == "rmdir") {
    // Others ask first, or leave a folder alone that is not empty.
    const bool removes =
        program != "rmdir" && std::none_of(words.begin() + 1, words.end(), [](const Word& word) {
          return word.text.starts_with('-') && word.text.find_first_not_of("-rfRv") != std::string::npos;
        });
    for (const std::string& word : OperandsOf(words, "").words) {
      NoteRemoved(word);
      const std::string path = AbsolutePath(word);
      NoteMayFail(path, true);
      files_.Remove(path, IsCertainHere() && removes);
    }
  } else if (program == "find") {
    NoteFound(words);
  } else if (program == "mkdir") {
    NoteFolders(words);
  } else if (program == "xxd" && OperandsOf(words, "cglos").words.size() > 1) {
    WriteUnknown(OperandsOf(words, "cglos").words.back());
    decoder_seen_ = decoder_seen_ || IsDecoder(words);
  } else if (program == "dd") {
    for (const Word& word : words) {
      word.text.starts_with("of=") ? WriteUnknown(std::string_view(word.text).substr(3)) : void();
    }
  } else if (program == "mount") {
    const bool binds = std::any_of(words.begin() + 1, words.end(), [](const Word& word) {
      return word.text.find("bind") != std::string::npos || word.text == "-B" || word.text == "-R";
    });
    if (binds && words.size() > 2) {
      NoteLinked(words.back().text);
      files_.Alias(AbsolutePath(words.back().text), std::string(1, kUnknownPart));
    }
  }
}

// What find may remove: anything below the folders that it walks.
void Evaluator::NoteFound(const Words& words) {
  const bool removes =
      std::any_of(words.begin() + 1, words.end(), [](const Word& word) { return word.text == "-delete"; });
  for (std::size_t i = 1; i < words.size() && removes && Spend(1); ++i) {
    if (words[i].text.starts_with('-') || words[i].text.starts_with('(') || words[i].text == "!") {
      i == 1 ? NoteRemoved(".") : void();
      break;
    }
    NoteRemoved(words[i].text);
    files_.Alias(AbsolutePath(words[i].text), std::string(1, kUnknownPart));
  }
}

// With -p the folders on the way as well.
void Evaluator::NoteFolders(const Words& words) {
  const bool with_parents = std::any_of(words.begin() + 1, words.end(), [](const Word& word) {
    return HasLetter(word.text, 'p') || word.text == "--parents";
  });
  for (const std::string& word : OperandsOf(words, "mZ").words) {
    std::string path = AbsolutePath(word);
    while (IsCertainHere() && IsKnown(path) && path.size() > 1 && Spend(1)) {
      const bool is_there = ResolvePath(path, "/").kind != ResolvedPath::Kind::kMissing && !files_.IsWritten(path);
      if (is_there || !Spend(kCostOfLookUp / 4)) {
        break;
      }
      files_.MakeFolder(path);
      path.resize(with_parents ? path.rfind('/') : 0);
    }
  }
}

// The target, and the files that lie in it if it is a folder or may be one.
void Evaluator::NoteCopies(const Copier& copier, const Words& words) {
  Operands operands = OperandsOf(words, copier.short_with_value);
  const bool alone = operands.folder.empty() && operands.words.size() == 1;
  std::string target = operands.folder;
  if (target.empty() && !operands.words.empty()) {
    target = alone ? "." : operands.words.back();
    operands.words.resize(operands.words.size() - (alone ? 0 : 1));
  }
  const std::string place = AbsolutePath(target);
  // What lay there may have been removed by the text, or be a link that is replaced.
  const bool may_be_gone = std::any_of(removed_files_.begin(), removed_files_.end(), [&place](const std::string& gone) {
    return !IsKnown(gone) || IsWithin(place, gone);
  });
  const bool is_link = IsKnown(place) && ResolvePath(place, "/").resolved != place;
  const bool may_be_itself = !alone && operands.folder.empty() &&
                             (TakesTargetAsIs(copier, words) || may_be_gone || (is_link && copier.name != "cp"));
  const bool keeps_parents =
      std::any_of(words.begin() + 1, words.end(), [](const Word& word) { return word.text.starts_with("--pa"); });
  const bool is_folder = alone || !operands.folder.empty() || target.ends_with('/') || files_.IsMadeFolder(place) ||
                         (IsKnown(place) && ResolvePath(place, "/").kind == ResolvedPath::Kind::kDirectory);
  for (const std::string& source : operands.words) {
    if (!Spend(2 * kCostOfLookUp)) {
      return;
    }
    const std::string inside =
        target + (target.ends_with('/') ? "" : "/") + std::string(BaseName(AbsolutePath(source)));
    CopyFile(copier, source, inside, is_folder && !may_be_itself);
    if (!is_folder || may_be_itself) {
      CopyFile(copier, source, target, !is_folder);
    }
    const bool is_source_folder = ResolvePath(AbsolutePath(source), "/").kind == ResolvedPath::Kind::kDirectory;
    if (MeansContent(source) || keeps_parents || (may_be_itself && is_source_folder)) {
      // Files of one folder among those of the other.
      NoteWritten(target);
      NoteLinked(target);
      files_.Alias(place, std::string(1, kUnknownPart));
    }
    if (copier.name == "mv") {
      NoteRemoved(source);
      MoveAway(AbsolutePath(source));
    }
  }
  if (operands.words.empty() && !target.empty()) {
    WriteUnknown(target);
  }
}

// `certain`: this is where the copy stands, and not in a folder of the same name.
void Evaluator::CopyFile(const Copier& copier, std::string_view source, std::string_view target, bool certain) {
  const std::string from = AbsolutePath(source);
  const std::string to = AbsolutePath(target);
  NoteWritten(target);
  const std::string program(BaseName(from));
  if (names_.Contains(program)) {
    copies_[to] = program;
  } else if (!IsKnown(from) && mentions_ > command_start_ && !context_.names.empty()) {
    copies_[to] = context_.names.front();  // $(command -v docker): one of them it may be
  }
  if (from.empty() || to.empty()) {
    copier.may_link ? NoteLinked(target) : void();
    return;
  }
  NoteMayFail(to, copier.name == "mv");
  const std::vector<std::string> texts = files_.ReadAll(from);
  // A copied file is a file; one that is moved is what it was.
  const bool is_file = !texts.empty() && IsKnown(from) && files_.Behind(from) == from;
  const bool stays_file = copier.name == "cp" ? copier.follows : ResolvePath(from, "/").resolved == from;
  copier.may_link && !(is_file && copier.name != "ln" && stays_file) ? NoteLinked(target) : void();
  if (copier.name == "ln" || texts.empty()) {
    certain ? files_.Alias(to, from) : void();
  } else {
    for (std::size_t i = 0; i < texts.size() && Spend(1 + texts[i].size() / 256); ++i) {
      files_.Write(to, texts[i], certain && copier.overwrites && IsCertainHere() && i == 0);
    }
  }
}

// A file that is no longer there, if there was one: a folder stays readable under its new name.
void Evaluator::MoveAway(const std::string& path) {
  if (!files_.ReadAll(path).empty()) {
    files_.Remove(path, IsCertainHere());
  }
}

// Each file gets what comes in.
void Evaluator::WriteTee(const Words& words, const Streams& streams) {
  bool appends = false;
  const std::string* input = InputOf(streams);
  const std::string text = input != nullptr ? *input : std::string(1, kUnknownPart);
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i].text;
    if (word.size() > 1 && word[0] == '-') {
      appends = appends || HasLetter(word, 'a') || word.starts_with("--a");
      continue;
    }
    NoteWritten(word);
    const std::string path = AbsolutePath(word);
    NoteMayFail(path, false);
    appends ? files_.Append(path, text, IsCertainHere()) : files_.Write(path, text, IsCertainHere());
  }
}

// sed -i: each file holds afterwards what sed makes of it.
void Evaluator::EditInPlace(const Words& words) {
  const bool in_place = std::any_of(words.begin() + 1, words.end(), [](const Word& word) {
    return HasLetter(word.text, 'i') || word.text.starts_with("--in-place");
  });
  const Operands operands = OperandsOf(words, "ef");
  for (std::size_t i = 0; i < operands.words.size() && in_place; ++i) {
    const std::string path = AbsolutePath(operands.words[i]);
    NoteMayFail(path, true);
    const std::optional<std::string> before = files_.Read(path);
    const std::optional<std::string> after =
        before && IsKnown(*before) && Spend(1 + before->size() / 64) ? EditWithSed(words, *before) : std::nullopt;
    if (after) {
      NoteWritten(operands.words[i]);
      files_.Write(path, *after, IsCertainHere());
    } else {
      WriteUnknown(operands.words[i]);
    }
  }
}

// A file that gets something which cannot be told.
void Evaluator::WriteUnknown(std::string_view path) {
  NoteWritten(path);
  if (const std::string file = AbsolutePath(path); !file.empty()) {
    files_.Write(file, std::string(1, kUnknownPart), IsCertainHere());
  }
}

void Evaluator::NoteDownloads(std::string_view program, const Words& words) {
  const bool curl = program == "curl";
  const char name_option = curl ? 'o' : 'O';
  bool named_by_address = !curl;
  std::string folder;  // that such a name is put in
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i].text;
    const std::string_view long_option = curl ? "--output" : "--output-document";
    if (word.starts_with(long_option) && (word.size() == long_option.size() || word[long_option.size()] == '=')) {
      const bool in_next = word.size() == long_option.size() && i + 1 < words.size();
      WriteUnknown(in_next ? std::string_view(words[++i].text)
                           : word.substr(std::min(long_option.size() + 1, word.size())));
      named_by_address = false;
    } else if (HasLetter(word, name_option)) {
      named_by_address = false;
      const std::size_t at = word.find(name_option);
      const bool in_next = at + 1 == word.size() && i + 1 < words.size();
      WriteUnknown(in_next ? std::string_view(words[++i].text) : word.substr(at + 1));
    } else if (word == "-P" || word == "--output-dir" || word == "--directory-prefix") {
      folder = i + 1 < words.size() ? words[++i].text + "/" : folder;
    } else if (word.starts_with("--output-dir=") || word.starts_with("--directory-prefix=")) {
      folder = std::string(word.substr(word.find('=') + 1)) + "/";
    } else {
      named_by_address = named_by_address || HasLetter(word, 'O') || word.starts_with("--remote-name");
    }
  }
  for (std::size_t i = 1; i < words.size() && named_by_address; ++i) {
    if (words[i].text.find('/') != std::string::npos && !words[i].text.starts_with('-')) {
      WriteUnknown(folder + NameInAddress(words[i].text));
    }
  }
}

}  // namespace safe_docker::shell
