// The part of the evaluator that follows programs which add words to a command: xargs, parallel, find.
#include <algorithm>

#include "evaluator.hpp"
#include "file_system.hpp"
#include "joined_words.hpp"
#include "runners/given_arguments.hpp"
#include "runners/runner_prefix.hpp"

namespace safe_docker::shell {
namespace {

const GivenOption* ArgumentFile(const Prefix& prefix) {
  const GivenOption* file = prefix.Find(OptionRole::kNoted, "a");
  return file != nullptr ? file : prefix.Find(OptionRole::kNoted, "arg-file");
}

// Where a runner's command ends in an expression of find or fd: behind its last word.
std::size_t EndOfCommand(const std::vector<Word>& words, std::size_t begin, bool ends_at_plus) {
  for (std::size_t i = begin; i < words.size(); ++i) {
    if (words[i].text == ";" || (ends_at_plus && words[i].text == "+" && i > begin && words[i - 1].text == "{}")) {
      return i;
    }
  }
  return words.size();
}

// The placeholders of fd.
constexpr std::string_view kFdTokens[] = {"{}", "{/}", "{//}", "{.}", "{/.}"};

// The option of fd after which a command stands: 'x' for one run each, 'X' for one with all; NUL if `word` is none.
char FdExecOption(std::string_view word) {
  if (word == "--exec" || word == "--exec-batch") {
    return word == "--exec" ? 'x' : 'X';
  }
  const bool letters = word.size() > 1 && word[0] == '-' && word[1] != '-';
  return letters && (word.back() == 'x' || word.back() == 'X') ? word.back() : '\0';
}

}  // namespace

// The text of a file as it is now, if that is known.
std::optional<std::string> Evaluator::KnownContent(std::string_view path) const {
  const std::string file = AbsolutePath(path);
  std::optional<std::string> text = file.empty() || !IsKnown(file) ? std::nullopt : files_.Read(file);
  return text && IsKnown(*text) ? text : std::nullopt;
}

// The text that xargs and parallel take arguments from, if it is known.
std::optional<std::string> Evaluator::ArgumentText(const Prefix& prefix, const Streams& streams) {
  const GivenOption* file = ArgumentFile(prefix);
  if (file != nullptr && file->value != "-") {
    return KnownContent(file->value);
  }
  const std::string* input = InputOf(streams);
  return input != nullptr && IsKnown(*input) ? std::optional(*input) : std::nullopt;
}

void Evaluator::RunXargs(const Prefix& prefix, const Words& inner, const Streams& streams) {
  source_ = text_depth_ == 0 && !pipeline_.empty() ? pipeline_ : source_;  // the words come through the pipe
  const std::string replacement = ReplacementOf(prefix);
  const std::optional<std::string> text = ArgumentText(prefix, streams);
  const auto groups = text ? XargsGroups(prefix, *text) : std::nullopt;
  Streams inner_streams = streams;
  inner_streams.input = nullptr;
  inner_streams.file.clear();
  if (!groups) {
    Words words = WithReplacement(inner, replacement, std::string_view("\0", 1));
    const bool replaced = std::any_of(inner.begin() + 1, inner.end(), [&replacement](const Word& word) {
      return !replacement.empty() && word.text.find(replacement) != std::string::npos;
    });
    if (!replaced) {
      words.push_back(UnknownWords());
    }
    RunWords(std::move(words), inner_streams, Lookup::kProgram);
    return;
  }
  for (const std::vector<std::string>& group : *groups) {
    Words words = replacement.empty() ? inner : WithReplacement(inner, replacement, group[0]);
    for (std::size_t i = 0; i < group.size() && replacement.empty(); ++i) {
      words.push_back({group[i], "", false, inner.back().span});
    }
    RunWords(std::move(words), inner_streams, Lookup::kProgram);
  }
}

// The texts that parallel runs, if its arguments are known.
std::optional<std::vector<std::string>> Evaluator::TextsOfParallel(const Prefix& prefix, Words* command,
                                                                   const Streams& streams) {
  std::vector<ArgumentSource> sources = TakeArgumentSources(command);
  const auto is_known = [](const std::string& value) { return IsKnown(value); };
  const bool null_ends = prefix.Find(OptionRole::kNoted, "0") != nullptr || prefix.Find(OptionRole::kNoted, "null");
  if (sources.empty()) {
    const std::optional<std::string> text = ArgumentText(prefix, streams);
    if (!text) {
      return std::nullopt;
    }
    sources.push_back({false, false, LinesOf(*text, null_ends ? '\0' : '\n')});
  }
  for (ArgumentSource& source : sources) {
    if (source.in_files) {
      const std::optional<std::string> text = source.values.size() == 1 ? KnownContent(source.values[0]) : std::nullopt;
      source.values = LinesOf(text.value_or(std::string(1, kUnknownPart)), null_ends ? '\0' : '\n');
    }
    if (!std::all_of(source.values.begin(), source.values.end(), is_known)) {
      return std::nullopt;
    }
  }
  return IsPlainParallel(prefix) ? ParallelTexts(JoinedText(*command, 0), ReplacementOf(prefix), sources)
                                 : std::nullopt;
}

void Evaluator::RunParallel(const Prefix& prefix, const Words& inner, const Streams& streams) {
  source_ = text_depth_ == 0 && !pipeline_.empty() ? pipeline_ : source_;
  Words command = inner;
  Streams inner_streams = streams;
  inner_streams.input = nullptr;
  inner_streams.file.clear();
  if (const auto texts = TextsOfParallel(prefix, &command, streams); texts) {
    for (const std::string& text : *texts) {
      RunInChildShell(text, "", {}, inner_streams);
    }
    return;
  }
  if (command.empty()) {
    ReportComputed(std::string(1, kUnknownPart));
    return;
  }
  const std::string given = ReplacementOf(prefix);
  const std::string replacement = given.empty() ? "{}" : given;
  const bool replaced = JoinedText(command, 0).find(replacement) != std::string::npos;
  const bool is_text = command[0].text.find(' ') != std::string::npos;
  command.insert(command.begin(), Word());
  command = WithReplacement(std::move(command), replacement, std::string_view("\0", 1));
  command.erase(command.begin());
  if (!replaced) {
    command.push_back(UnknownWords());
  }
  is_text ? RunInChildShell(JoinedText(command, 0), "", {}, inner_streams)
          : RunWords(std::move(command), inner_streams, Lookup::kProgram);
}

void Evaluator::RunFind(const Words& words, const Streams& streams) {
  if (BaseName(words[0].text).starts_with("fd")) {
    RunFd(words, streams);
    return;
  }
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i].text;
    if (word != "-exec" && word != "-execdir" && word != "-ok" && word != "-okdir") {
      continue;
    }
    const std::size_t begin = i + 1;
    i = EndOfCommand(words, begin, true);
    const bool several = i < words.size() && words[i].text == "+";
    Words inner(words.begin() + static_cast<std::ptrdiff_t>(std::min(begin, words.size())),
                words.begin() + static_cast<std::ptrdiff_t>(i));
    if (inner.empty()) {
      continue;
    }
    inner.back().may_split = inner.back().may_split || several;
    for (Word& each : inner) {
      std::string& text = each.text;
      for (std::size_t at = text.find("{}"); at != std::string::npos; at = text.find("{}", at + 1)) {
        text.replace(at, 2, 1, kUnknownPart);
      }
    }
    ShellState saved = state_;
    if (word.ends_with("dir")) {
      state_.cwd.assign(1, kUnknownPart);
    }
    RunWords(std::move(inner), streams, Lookup::kProgram);
    state_ = std::move(saved);
  }
}

void Evaluator::RunFd(const Words& words, const Streams& streams) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view text = words[i].text;
    const bool is_batch = text.starts_with("--exec-batch=");
    const bool has_value = is_batch || text.starts_with("--exec=");
    const char option = is_batch ? 'X' : FdExecOption(text);
    if (option == '\0' && !has_value) {
      continue;
    }
    const std::size_t begin = i + 1;
    i = EndOfCommand(words, begin, false);
    Words inner(words.begin() + static_cast<std::ptrdiff_t>(std::min(begin, words.size())),
                words.begin() + static_cast<std::ptrdiff_t>(i));
    if (has_value) {
      inner.insert(inner.begin(), {std::string(text.substr(text.find('=') + 1)), "", false, words[0].span});
    }
    if (inner.empty()) {
      continue;
    }
    bool replaced = false;
    for (Word& each : inner) {
      for (const std::string_view token : kFdTokens) {
        for (std::size_t at = each.text.find(token); at != std::string::npos; at = each.text.find(token)) {
          each.text.replace(at, token.size(), 1, kUnknownPart);
          each.may_split = each.may_split || option == 'X';
          replaced = true;
        }
      }
    }
    if (!replaced) {
      inner.push_back({std::string(1, kUnknownPart), "", option == 'X', words[0].span});
    }
    RunWords(std::move(inner), streams, Lookup::kProgram);
  }
}

}  // namespace safe_docker::shell
