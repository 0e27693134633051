// Writes the tables of the completion scripts. All texts are those of the manuals: constants, but with quotes and
// brackets that mean something to a shell.
#include <algorithm>
#include <iterator>

#include "commands/completion_places.hpp"

namespace safe_docker::commands {
namespace {

struct Script {
  std::string_view name;
  std::string_view text;
};
constexpr Script kScripts[] = {
#include "completion_scripts.inc"
};

// Where the tables go in a script.
constexpr std::string_view kMark = "# TABLES\n";

std::string WithTables(std::string_view script, const std::string& tables) {
  const auto* const found =
      std::find_if(std::begin(kScripts), std::end(kScripts), [&](const Script& each) { return each.name == script; });
  std::string text(found->text);
  return text.replace(text.find(kMark), kMark.size(), tables);
}

std::string Replaced(std::string_view text, std::string_view letters, std::string_view front) {
  std::string replaced;
  for (const char letter : text) {
    if (letters.find(letter) != std::string_view::npos) {
      replaced += front;
    }
    replaced += letter;
  }
  return replaced;
}

// Quoted for bash and zsh.
std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char letter : text) {
    quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  }
  return quoted + "'";
}

// Quoted for fish.
std::string FishQuoted(std::string_view text) { return "'" + Replaced(text, "'\\", "\\") + "'"; }

std::string Join(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) {
    text += (text.empty() ? "" : " ") + std::string(word);
  }
  return text;
}

// The names that an option has.
std::vector<std::string_view> NamesOf(const OptionSpec& option) {
  return option.short_name.empty() ? std::vector<std::string_view>{option.name}
                                   : std::vector<std::string_view>{option.short_name, option.name};
}

std::string_view YesIf(bool holds) { return holds ? "yes" : ""; }

// ---- bash -----------------------------------------------------------------------------------------------------------

// What completes it, as completion/safe-docker.bash wants it told.
std::string BashOffer(const Offer& offer) {
  switch (offer.by) {
    case Completes::kNothing:
      return "'nothing'";
    case Completes::kFiles:
      return "'files'";
    case Completes::kFolders:
      return "'folders'";
    case Completes::kDockerCommand:
      return "'docker'";
    case Completes::kWords:
      break;
  }
  return "'words " + Join(offer.words) + "'";
}

std::string BashPlace(const Place& place) {
  std::vector<std::string_view> below;
  std::vector<std::string_view> options;
  for (const Place::Word& each : place.below) {
    below.push_back(each.word);
  }
  for (const OptionSpec& option : place.options) {
    const std::vector<std::string_view> names = NamesOf(option);
    options.insert(options.end(), names.begin(), names.end());
  }
  return "    " + Quoted(place.name) + ")\n      below='" + Join(below) + "'\n      options='" + Join(options) +
         "'\n      words=" + BashOffer(place.offer) + "\n      shared=" + std::string(YesIf(place.is_dockers_too)) +
         " ;;\n";
}

std::string BashValues(const Place& place) {
  std::string text;
  for (const OptionSpec& option : place.options) {
    if (option.value.empty()) {
      continue;
    }
    for (const std::string_view name : NamesOf(option)) {
      text += "    " + Quoted(place.name + " " + std::string(name)) + ") value=" + BashOffer(OfferFor(option.value)) +
              " ;;\n";
    }
  }
  return text;
}

// ---- zsh ------------------------------------------------------------------------------------------------------------

std::string ZshAction(const Offer& offer) {
  switch (offer.by) {
    case Completes::kNothing:
      return " ";
    case Completes::kFiles:
      return "_files";
    case Completes::kFolders:
      return "_files -/";
    case Completes::kDockerCommand:
      return "_safe_docker_docker";
    case Completes::kWords:
      break;
  }
  return "(" + Join(offer.words) + ")";
}

// The rows of an option for _arguments, one a name: '--last[the last N records]:N: '. An option with a value may be
// given again.
std::string ZshOption(const OptionSpec& option) {
  std::string text;
  for (const std::string_view name : NamesOf(option)) {
    const std::string_view front = option.takes_all_behind ? "(- *)" : option.takes_value() ? "*" : "";
    const std::string others =
        option.short_name.empty() || option.takes_value() ? "" : "(" + Join(NamesOf(option)) + ")";
    std::string row = std::string(front) + others + std::string(name) +
                      (option.takes_value() && name == option.name ? "=" : "") + "[" +
                      Replaced(option.text, "[]\\:", "\\") + "]";
    if (option.takes_all_behind) {
      row += ":*::" + Replaced(option.value, ":", "\\") + ":_safe_docker_docker";
    } else if (option.takes_value()) {
      row += ":" + Replaced(option.value, ":", "\\") + ":" + ZshAction(OfferFor(option.value));
    }
    text += "        " + Quoted(row) + "\n";
  }
  return text;
}

std::string ZshPlace(const Place& place) {
  std::string text = "    " + Quoted(place.name) + ")\n      below=(\n";
  for (const Place::Word& each : place.below) {
    text += "        " + Quoted(std::string(each.word) + ":" + Replaced(each.text, ":\\", "\\")) + "\n";
  }
  text += "      )\n      rows=(\n";
  for (const OptionSpec& option : place.options) {
    text += ZshOption(option);
  }
  if (!place.words.empty()) {
    text += "        " + Quoted("*:" + Replaced(place.words, ":", "\\") + ":" + ZshAction(place.offer)) + "\n";
  }
  return text + "      )\n      shared=" + std::string(YesIf(place.is_dockers_too)) + " ;;\n";
}

// ---- fish -----------------------------------------------------------------------------------------------------------

std::string FishAction(const Offer& offer) {
  switch (offer.by) {
    case Completes::kNothing:
      return "";
    case Completes::kFiles:
      return " -F";
    case Completes::kFolders:
      return " -a '(__fish_complete_directories)'";
    case Completes::kDockerCommand:
      return " -a '(__safe_docker_docker)'";
    case Completes::kWords:
      break;
  }
  return " -a " + FishQuoted(Join(offer.words));
}

std::string FishOption(const OptionSpec& option) {
  const std::string short_name = option.short_name.empty() ? "" : " -s " + std::string(option.short_name.substr(1));
  const Offer offer = OfferFor(option.value);
  const std::string value =
      !option.takes_value() ? "" : (offer.by == Completes::kFiles ? " -r" : " -x") + FishAction(offer);
  return short_name + " -l " + std::string(option.name.substr(2)) + value + " -d " + FishQuoted(option.text);
}

// What is offered behind the words of a place.
std::string FishRows(const Place& place) {
  const std::string front = "complete -c safe-docker -n " + FishQuoted("__safe_docker_at " + FishQuoted(place.name));
  std::string text;
  for (const Place::Word& each : place.below) {
    text += front + " -a " + std::string(each.word) + " -d " + FishQuoted(each.text) + "\n";
  }
  const std::string words = place.words.empty() ? "" : FishAction(place.offer);
  text += words.empty() ? "" : front + words + "\n";
  for (const OptionSpec& option : place.options) {
    text += front + FishOption(option) + "\n";
  }
  return text;
}

std::string FishSet(std::string_view name, std::string_view words) {
  return "            set " + std::string(name) + (words.empty() ? "" : " ") + std::string(words) + "\n";
}

// What the script has to know of a place to find it.
std::string FishPlace(const Place& place) {
  std::vector<std::string_view> below;
  std::vector<std::string_view> switches;
  std::vector<std::string_view> with_value;
  std::vector<std::string_view> docker;
  for (const Place::Word& each : place.below) {
    below.push_back(each.word);
  }
  for (const OptionSpec& option : place.options) {
    std::vector<std::string_view>& kind = option.takes_all_behind ? docker
                                          : option.takes_value()  ? with_value
                                                                  : switches;
    const std::vector<std::string_view> names = NamesOf(option);
    kind.insert(kind.end(), names.begin(), names.end());
  }
  return "        case " + FishQuoted(place.name) + "\n" + FishSet("below", Join(below)) +
         FishSet("switches", Join(switches)) + FishSet("with_value", Join(with_value)) +
         FishSet("dockers_behind", Join(docker)) + FishSet("shared", YesIf(place.is_dockers_too));
}

}  // namespace

std::string BashCompletion(const std::vector<Place>& places) {
  std::string tables = "_safe_docker_place() { # COMMAND\n  case $1 in\n";
  for (const Place& place : places) {
    tables += BashPlace(place);
  }
  tables += "  esac\n}\n\n_safe_docker_value() { # COMMAND OPTION\n  value=\n  case \"$1 $2\" in\n";
  for (const Place& place : places) {
    tables += BashValues(place);
  }
  return WithTables("safe-docker.bash", tables + "  esac\n}\n");
}

std::string ZshCompletion(const std::vector<Place>& places) {
  std::string tables = "_safe_docker_place() { # COMMAND\n  case $1 in\n";
  for (const Place& place : places) {
    tables += ZshPlace(place);
  }
  return WithTables("safe-docker.zsh", tables + "  esac\n}\n");
}

std::string FishCompletion(const std::vector<Place>& places) {
  std::string tables = "function __safe_docker_place --no-scope-shadowing --argument-names place\n    switch $place\n";
  std::string rows;
  for (const Place& place : places) {
    tables += FishPlace(place);
    rows += FishRows(place);
  }
  return WithTables("safe-docker.fish", tables + "    end\nend\n\n" + rows);
}

}  // namespace safe_docker::commands
