#include "commands/manual_page.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace safe_docker::commands {
namespace {

struct Escape {
  char letter;
  std::string_view roff;
};
// What would mean something else to roff, and what it would print as another letter: a text must come out so that it
// can be copied into a shell.
constexpr Escape kEscapes[] = {
    {'\\', "\\(rs"}, {'-', "\\-"}, {'\'', "\\(aq"}, {'"', "\\(dq"}, {'`', "\\(ga"}, {'^', "\\(ha"}, {'~', "\\(ti"},
};

// `text` inside of a line.
std::string Escaped(std::string_view text) {
  std::string roff;
  for (const char letter : text) {
    const auto* const found = std::find_if(std::begin(kEscapes), std::end(kEscapes),
                                           [letter](const Escape& each) { return each.letter == letter; });
    if (found == std::end(kEscapes)) {
      roff += letter;
    } else {
      roff += found->roff;
    }
  }
  return roff;
}

// `text` as a line of its own. One that begins with a dot would be a request.
std::string Line(std::string_view text) { return (text.starts_with('.') ? "\\&" : "") + Escaped(text) + "\n"; }

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  return text;
}

// A line of usage: what is typed as it is in bold, what stands for something else ("FILE") in italics.
std::string Usage(std::string_view text) {
  const auto is_part = [](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '-' || letter == '_';
  };
  std::string roff;
  while (!text.empty()) {
    const auto end =
        std::find_if(text.begin(), text.end(), [&](char each) { return is_part(each) != is_part(text[0]); });
    const std::string_view run = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    const bool is_name =
        std::any_of(run.begin(), run.end(), [](unsigned char each) { return std::islower(each) != 0; });
    roff += !is_part(run[0]) ? Escaped(run) : (is_name ? "\\fB" : "\\fI") + Escaped(run) + "\\fR";
    text.remove_prefix(run.size());
  }
  return roff;
}

// "safe-docker-audit(7)" as what man pages show as a link.
std::string Reference(std::string_view page) {
  const std::size_t open = std::min(page.find('('), page.size());
  return ".BR " + Escaped(page.substr(0, open)) + " " + Escaped(page.substr(open));
}

std::string Item(std::string_view head, const std::string& text) { return ".TP\n" + std::string(head) + "\n" + text; }

std::string Synopsis(const Manual& manual) {
  std::string text = ".SH SYNOPSIS\n";
  for (const std::string_view usage : manual.usage) {
    text +=
        (usage == manual.usage.front() ? "" : ".br\n") + std::string("\\fBsafe\\-docker\\fR ") + Usage(usage) + "\n";
  }
  return text;
}

std::string Description(const Manual& manual) {
  std::string text = ".SH DESCRIPTION\n";
  for (const std::string_view paragraph : manual.description) {
    text += (paragraph == manual.description.front() ? "" : ".PP\n") + Line(paragraph);
  }
  return text;
}

std::string CommandsBelow(const Manual& manual, const std::vector<Command>& all) {
  const std::vector<ListedGroup> groups = GroupsBelow(all, manual);
  std::string text = groups.empty() ? "" : ".SH COMMANDS\n";
  for (const ListedGroup& group : groups) {
    text += groups.size() > 1 ? ".SS " + Escaped(group.title) + "\n" : "";
    for (const Manual* each : group.manuals) {
      text += Item(Reference(PageName(*each) + "(1)"), Line(each->summary));
    }
  }
  return text;
}

std::string OptionsSection(const Manual& manual) {
  std::string text = ".SH OPTIONS\n";
  for (const OptionSpec& option : OptionsOf(manual)) {
    text += option.heading.empty() ? "" : ".SS " + Escaped(option.heading) + "\n";
    std::string head = option.short_name.empty() ? "" : "\\fB" + Escaped(option.short_name) + "\\fR, ";
    head += "\\fB" + Escaped(option.name) + "\\fR";
    text += Item(head + (option.value.empty() ? "" : " " + Usage(option.value)), Line(option.text));
  }
  return text;
}

std::string ExamplesSection(const Manual& manual) {
  std::string text = manual.examples.empty() ? "" : ".SH EXAMPLES\n";
  for (const Example& example : manual.examples) {
    text += (example.command == manual.examples.front().command ? "" : ".PP\n") + Line(example.text);
    text += ".PP\n.RS 4\n.EX\n" + Line(example.command) + ".EE\n.RE\n";
  }
  return text;
}

std::string ExitCodesSection(const Manual& manual) {
  std::string text = manual.exit_codes.empty() ? "" : ".SH EXIT STATUS\n";
  for (const ExitCode& each : manual.exit_codes) {
    text += Item(".B " + std::to_string(each.code), Line(each.meaning));
  }
  return text;
}

std::string SeeAlso(const Manual& manual) {
  // That which it is below of stands in front.
  std::vector<std::string> pages;
  if (!manual.name.empty()) {
    pages.emplace_back("safe-docker(1)");
  }
  pages.insert(pages.end(), manual.see_also.begin(), manual.see_also.end());
  std::string text = pages.empty() ? "" : ".SH SEE ALSO\n";
  for (const std::string& page : pages) {
    text += Reference(page) + (&page == &pages.back() ? "\n" : ",\n");
  }
  return text;
}

}  // namespace

std::string PageName(const Manual& manual) {
  std::string name = "safe-docker" + (manual.name.empty() ? "" : " " + std::string(manual.name));
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string ManualPage(const Manual& manual, const std::vector<Command>& all, std::string_view date) {
  const std::string name = PageName(manual);
  return ".TH \"" + Escaped(Upper(name)) + "\" \"1\" \"" + std::string(date) +
         "\" \"safe\\-docker " SAFE_DOCKER_VERSION "\" \"Manual of safe\\-docker\"\n.ad l\n.SH NAME\n" + Escaped(name) +
         " \\- " + Escaped(manual.summary) + "\n" + Synopsis(manual) + Description(manual) +
         CommandsBelow(manual, all) + OptionsSection(manual) + ExamplesSection(manual) + ExitCodesSection(manual) +
         SeeAlso(manual);
}

}  // namespace safe_docker::commands
