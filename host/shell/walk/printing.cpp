// The part of the evaluator that knows what commands print, where somebody in the text reads it.
#include <algorithm>
#include <array>

#include "evaluator.hpp"
#include "tools/output.hpp"

namespace safe_docker::shell {
namespace {

constexpr std::size_t kMostOutput = 256 * 1024;

}  // namespace

void Evaluator::PrintUnknown(const Streams& streams) const {
  for (std::string* text : {streams.output, streams.errors}) {
    if (text != nullptr && !text->ends_with(kUnknownPart) && text->size() < kMostOutput) {
      text->push_back(kUnknownPart);
    }
  }
}

// What prints `text` runs beside others: it may stand before, behind and among all that they print.
void Evaluator::PrintInAnyOrder(std::string_view text, const Streams& streams) {
  if (!text.empty() && streams.output != nullptr) {
    streams.output->assign(1, kUnknownPart);
    any_order_ = true;
  }
}

// Builtins print what the shell knows, any of which may be code; but for those that print nothing or only when they are
// asked to.
void Evaluator::PrintState(const Words& words, const Streams& streams) {
  constexpr std::array<std::string_view, 19> kSilent = {
      "eval",  "source",  ".",    "cd",   "shift", "unset",  "read",    "mapfile", "let",     "readarray",
      "break", "getopts", "exit", "test", "[",     "printf", "unalias", "return",  "continue"};
  constexpr std::array<std::string_view, 8> kSilentWithNames = {"declare",  "typeset", "export", "local",
                                                                "readonly", "set",     "trap",   "alias"};
  const std::string_view name = words[0].text;
  const bool asks = words.size() == 1 || (words[1].text.starts_with('-') && words[1].text != "--");
  const bool defines = std::find(kSilentWithNames.begin(), kSilentWithNames.end(), name) != kSilentWithNames.end();
  const bool assigns = words.size() > 1 && (name != "alias" || words.back().text.find('=') != std::string::npos);
  if (std::find(kSilent.begin(), kSilent.end(), name) != kSilent.end() || (defines && assigns && !asks)) {
    return;
  }
  if (streams.output != nullptr || streams.errors != nullptr) {
    PrintUnknown(streams);
    mentions_ += TextMentions() ? 1 : 0;
  }
}

// What is known of the status of a program that is called by this name.
std::optional<bool> Evaluator::StatusOf(std::string_view name) {
  const bool succeeds = name == "true" || name == ":" || name == "echo" || name == "pwd";
  return succeeds ? std::optional(true) : (name == "false" ? std::optional(false) : std::nullopt);
}

// What the program prints goes where somebody reads it.
void Evaluator::Print(const Words& words, const Streams& streams) {
  if ((streams.output == nullptr && streams.errors == nullptr) || !Spend(1 + state_.size() / 4)) {
    return;
  }
  const bool physical = state_.physical || runner_depth_ > 0 || words[0].text != "pwd";
  ToolContext context;
  context.cwd = state_.cwd;
  context.physical = physical;
  context.input = InputOf(streams);
  context.files = &files_;
  const Environment environment = state_.CommandEnvironment();
  context.environment = &environment;
  context.is_bash = state_.is_bash && runner_depth_ == 0 && state_.options.xpg_echo == Setting::kOff;
  context.asks_for_program = std::none_of(words.begin() + 1, words.end(), [this](const Word& word) {
    return state_.functions.find(word.text) != state_.functions.end() ||
           state_.aliases.find(word.text) != state_.aliases.end();
  });
  context.paths_changed = !linked_files_.empty();
  const std::optional<std::string> output = OutputOf(words, context);
  constexpr std::array<std::string_view, 6> kStatePrinters = {"env", "printenv", "history", "fc", "jobs", "ps"};
  const bool prints_variables =
      std::find(kStatePrinters.begin(), kStatePrinters.end(), words[0].text) != kStatePrinters.end();
  const bool is_known = output && IsKnown(*output);
  const bool mentions = (prints_variables && TextMentions()) || (!is_known && ReadsMention(words, streams));
  mentions_ += !is_known && mentions ? 1 : 0;
  printed_ = output ? PrintedWords::kAny : WordsPrintedBy(words);
  if (!is_known || any_order_ || leaving_ != Leaving::kNothing) {
    NoteReadFiles(words);
  }
  if (!output || any_order_ || leaving_ != Leaving::kNothing) {
    PrintUnknown(streams);
    mentions_ += output && names_.MentionedIn(*output) ? 1 : 0;
  } else if (streams.output != nullptr) {
    streams.output->append(*output, 0, streams.output->size() < kMostOutput ? output->size() : 0);
    mentions_ += names_.MentionedIn(*output) ? 1 : 0;
  }
  if (output && !is_known && streams.errors != nullptr && streams.errors != streams.output) {
    Streams errors_only;
    errors_only.errors = streams.errors;
    PrintUnknown(errors_only);
  }
  decoder_seen_ = decoder_seen_ || (streams.output != nullptr && IsDecoder(words) && !is_known);
}

// Whether the program only starts another one: it prints nothing of its own.
bool Evaluator::PassesOutputOn(const std::optional<Runner>& runner, const Words& words) {
  const bool has_command =
      words.size() > 1 && !words[1].text.starts_with('-') && words[1].text.find('=') == std::string::npos;
  return runner && runner->Has(Runner::kPrintsNothing) && has_command && !words[1].may_split;
}

}  // namespace safe_docker::shell
