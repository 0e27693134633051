#include "commands/manual.hpp"

#include <algorithm>

#include "commands/terminal.hpp"

namespace safe_docker::commands {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kTextColumn = 27;  // of what is said of an option

// "-f, --follow", "    --last N".
std::string Written(const OptionSpec& option) {
  std::string text = option.short_name.empty() ? "" : std::string(option.short_name) + ", ";
  text += option.name;
  return text + (option.value.empty() ? "" : " " + std::string(option.value));
}

// "left" in its column and what is said of it in the next; below it if there is no room.
std::string TwoColumns(std::string_view left, std::string_view text) {
  std::string lines = Wrap(text, kTextColumn, kWidth);
  const std::string front = "  " + std::string(left);
  if (front.size() + 2 > kTextColumn) {
    return front + "\n" + lines;
  }
  return lines.replace(0, front.size(), front);
}

std::string OptionsHelp(const Manual& manual) {
  std::string text;
  for (const OptionSpec& option : OptionsOf(manual)) {
    if (text.empty() || !option.heading.empty()) {
      text += "\n" + std::string(option.heading.empty() ? "Options" : option.heading) + ":\n";
    }
    text += TwoColumns(Written(option), option.text);
  }
  return text;
}

std::string ExamplesHelp(const Manual& manual) {
  std::string text = manual.examples.empty() ? "" : "\nExamples:\n";
  for (const Example& example : manual.examples) {
    text += "  " + std::string(example.command) + "\n" + Wrap(example.text, 6, kWidth);
  }
  return text;
}

std::string ExitCodesHelp(const Manual& manual) {
  std::string text = manual.exit_codes.empty() ? "" : "\nExit codes:\n";
  for (const ExitCode& each : manual.exit_codes) {
    std::string lines = Wrap(each.meaning, 5, kWidth);
    text += lines.replace(2, 1, std::to_string(each.code));
  }
  return text;
}

}  // namespace

std::vector<OptionSpec> OptionsOf(const Manual& manual) {
  std::vector<OptionSpec> options = manual.options;
  // In front of the first heading: it belongs to none.
  const auto first_heading =
      std::find_if(options.begin(), options.end(), [](const OptionSpec& each) { return !each.heading.empty(); });
  options.insert(first_heading, {"--help", "", "print this and exit", "-h"});
  return options;
}

Options ReadOptions(const Manual& manual, const std::vector<std::string>& arguments) {
  Options options = ReadOptions(OptionsOf(manual), arguments);
  if (options.problem.empty() && options.words.size() > manual.most_words) {
    const std::string& word = options.words[manual.most_words];
    const bool is_path = word.find_first_of("./") != std::string::npos;
    const bool has_config = std::any_of(manual.options.begin(), manual.options.end(),
                                        [](const OptionSpec& each) { return each.name == "--config"; });
    options.problem =
        "does not take '" + word + "'" + (is_path && has_config ? ", did you mean --config " + word + "?" : "");
  }
  return options;
}

std::string Wrap(std::string_view text, std::size_t indent, std::size_t width) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t room = width - indent;
    std::size_t end = text.size();
    if (end > room) {
      end = text.rfind(' ', room);
      end = end == std::string_view::npos ? std::min(text.find(' '), text.size()) : end;
    }
    lines += std::string(indent, ' ') + std::string(text.substr(0, end)) + "\n";
    text = text.substr(std::min(text.size(), end + 1));
  }
  return lines;
}

std::string HelpText(const Manual& manual, std::string_view list) {
  std::string text;
  for (const std::string_view line : manual.usage) {
    text += (text.empty() ? "Usage: " : "       ") + std::string("safe-docker ") + std::string(line) + "\n";
  }
  for (const std::string_view paragraph : manual.description) {
    text += "\n" + Wrap(paragraph, 0, kWidth);
  }
  return text + std::string(list) + OptionsHelp(manual) + ExamplesHelp(manual) + ExitCodesHelp(manual);
}

}  // namespace safe_docker::commands
