// The part of the evaluator that writes down what it found: commands, and what cannot be told.
#include <algorithm>
#include <utility>

#include "evaluator.hpp"
#include "file_system.hpp"
#include "joined_words.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostSource = 200;

std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) {
      line.push_back(c);
    } else if (!line.empty() && line.back() != ' ') {
      line.push_back(' ');
    }
    if (line.size() > kMostSource) {
      const auto is_continuation = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; };
      while (!line.empty() && is_continuation(line.back())) {
        line.pop_back();
      }
      line.resize(line.empty() ? 0 : line.size() - 1);
      return line + "...";
    }
  }
  return line;
}

}  // namespace

// Words from the first on that is one of the names and is followed by what may follow it.
bool Evaluator::ReportNameAmong(const Words& words, bool any_follower) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view text = words[i].text;
    const std::string_view base = BaseName(text);
    const std::string_view folder = text.substr(0, text.size() - base.size());
    if (!names_.Contains(base) || !(folder.empty() || folder == "./" || folder.ends_with("bin/"))) {
      continue;
    }
    const bool has_options = i + 1 < words.size() && words[i + 1].text.starts_with('-');
    const bool follows =
        i + 1 < words.size() &&
        (LooksLikeSubcommand(words[i + 1].text) || words[i + 1].may_split ||
         (has_options && std::any_of(words.begin() + static_cast<std::ptrdiff_t>(i) + 2, words.end(),
                                     [](const Word& word) { return LooksLikeSubcommand(word.text); })));
    if (any_follower || follows) {
      // What starts it may do so as another user.
      const ShellVariable home = state_.Get("HOME");
      const bool is_unknown = !IsKnown(words[0].text) || words[0].may_split;
      if (is_unknown) {
        state_.Set("HOME", UnknownVariable());
      }
      Report(Words(words.begin() + static_cast<std::ptrdiff_t>(i), words.end()), {});
      if (is_unknown) {
        state_.Set("HOME", home);
      }
      return true;
    }
  }
  return false;
}

void Evaluator::Report(Words words, const Streams& streams) {
  PrintUnknown(streams);
  files_may_differ_ = true;
  const std::size_t input_size = streams.input == nullptr ? 0 : streams.input->size();
  if (!Spend(1 + state_.size() / 8 + (input_size + LengthOf(words)) / 64)) {
    return;
  }
  const bool prints_identifier = context_.prints_identifier != nullptr && context_.prints_identifier(words);
  printed_ = prints_identifier ? PrintedWords::kIdentifier : PrintedWords::kAny;
  CommandLine line;
  line.environment = state_.CommandEnvironment();
  line.cwd = state_.cwd;
  line.source = OneLine(source_);
  const bool is_fresh = !IsReadBefore(streams);
  if (streams.input != nullptr && IsKnown(*streams.input) && is_fresh) {
    line.standard_input = *streams.input;
    line.has_standard_input = true;
  }
  line.standard_input_file = streams.redirected && streams.input == nullptr ? streams.file : std::string();
  if (!is_fresh && !line.standard_input_file.empty()) {
    line.standard_input_file.assign(1, kUnknownPart);
  }
  const std::vector<std::shared_ptr<const WrittenFiles>> views = ViewsOfFiles(words);
  line.standard_output_file = streams.output_file;
  std::string key = std::to_string(words[0].span.begin) + '\n' + line.cwd;
  if (!views.empty() && views.front() != nullptr) {
    key += '\n' + std::to_string(views_made_);
    for (const std::string& path : open_outputs_) {
      key += '\n' + path;
    }
  }
  for (const Word& word : words) {
    key.append("\n").append(word.text).append(word.may_split ? "?" : "!");
  }
  for (const auto& [name, variable] : line.environment.changes()) {
    key.append("\n").append(name).append("=").append(variable.value);
  }
  line.words = std::move(words);
  if (Spend(1 + key.size() / 64 + 2 * line.environment.changes().size()) && reported_.insert(std::move(key)).second) {
    for (const auto& view : views) {
      line.files = view;
      analysis_.commands.push_back(line);
    }
  }
}

void Evaluator::ReportComputed(std::string_view text) {
  const std::string_view around = text_depth_ == 0 ? pipeline_ : source_;
  Spend(1 + (text.size() + around.size() + source_.size() + inner_.size()) / 64);
  const bool mentions = names_.MentionedIn(text) || names_.MentionedIn(around) || names_.MentionedIn(inner_) ||
                        mentions_ > pipeline_start_ || RefersToMention(around) || RefersToMention(source_) ||
                        (input_may_be_any_text_ && TextMentions()) || ReadFilesMention() ||
                        (foreign_mention_ && !read_files_.empty());
  ReportOpaque(decoder_seen_ ? Opaque::Reason::kHiddenCode : Opaque::Reason::kComputedCode, source_,
               "the shell code is known only when it runs", mentions);
}

void Evaluator::ReportBroken(const Program& program) {
  const auto reason = [](Failure failure) {
    return failure == Failure::kTooDeep ? Opaque::Reason::kTooMuch : Opaque::Reason::kSyntaxError;
  };
  if (program.failure != Failure::kNone) {
    const std::string detail =
        program.failure == Failure::kTooDeep ? "nested too deeply" : Describe(program.error, program.commands->written);
    // An alias may make sense of what makes none by itself.
    const bool mentions = names_.MentionedIn(program.rest) || (text_.find("alias") != text_.npos && TextMentions());
    ReportOpaque(reason(program.failure), program.rest, detail, mentions);
  }
  for (const BrokenPart& part : program.broken_parts) {
    ReportOpaque(reason(part.failure), part.text, "bash would refuse this", names_.MentionedIn(part.text));
  }
}

void Evaluator::ReportOpaque(Opaque::Reason reason, std::string_view written, std::string detail, bool mentions) {
  const Span span = SpanOf(written);
  for (const Opaque& each : analysis_.opaque) {
    if (each.reason == reason && each.span.begin == span.begin && each.mentions_name == mentions) {
      return;
    }
  }
  if (analysis_.opaque.size() < 64 || (mentions && analysis_.opaque.size() < 128)) {
    analysis_.opaque.push_back({reason, OneLine(written), std::move(detail), mentions, span});
  }
}

}  // namespace safe_docker::shell
