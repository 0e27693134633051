// grep, egrep and fgrep.
#include <algorithm>

#include "file_system.hpp"
#include "regex.hpp"
#include "tool.hpp"

namespace safe_docker::shell {
namespace {

struct Search {
  std::vector<Regex> patterns;
  bool matches_all = false;  // one of the patterns is empty
  bool invert = false;
  bool whole_line = false;
  bool only_matching = false;
  bool count = false;
  bool number = false;
  std::size_t most = static_cast<std::size_t>(-1);
};

// `text` as an expression that matches it alone.
std::string Escaped(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    pattern.append(std::string_view(".*[]^$\\").find(c) == std::string_view::npos ? "" : "\\").push_back(c);
  }
  return pattern;
}

bool AddPattern(std::string_view text, bool fixed, const RegexOptions& options, Search* search) {
  if (text.find('\n') != std::string_view::npos || search->patterns.size() > 16) {
    return false;
  }
  if (text.empty()) {
    search->matches_all = true;
    return true;
  }
  std::optional<Regex> regex =
      fixed ? Regex::Compile(Escaped(text), {false, options.ignore_case, false}) : Regex::Compile(text, options);
  if (!regex) {
    return false;
  }
  search->patterns.push_back(std::move(*regex));
  return true;
}

std::optional<Search> MakeSearch(const Words& words, const Arguments& arguments,
                                 std::vector<std::string_view>* operands) {
  const std::string_view program = BaseName(words[0].text);
  const auto last = std::find_if(arguments.options.rbegin(), arguments.options.rend(), [](const Option& each) {
    return std::string_view("EFG").find(each.letter) != std::string_view::npos;
  });
  const char kind =
      last != arguments.options.rend() ? last->letter : (program == "egrep" ? 'E' : (program == "fgrep" ? 'F' : 'G'));
  const RegexOptions options = {kind == 'E', arguments.Has('i') || arguments.Has('y'), false};
  Search search;
  std::vector<std::string_view> patterns;
  for (const Option& option : arguments.options) {
    option.letter == 'e' ? patterns.push_back(option.value) : void();
  }
  if (patterns.empty() && !operands->empty()) {
    patterns.push_back(operands->front());
    operands->erase(operands->begin());
  }
  for (const std::string_view pattern : patterns) {
    if (!AddPattern(pattern, kind == 'F', options, &search)) {
      return std::nullopt;
    }
  }
  if (const std::optional<std::string_view> most = arguments.ValueOf('m'); most) {
    const std::optional<std::size_t> number = ParseNumber(*most);
    if (!number || *number == 0) {
      return std::nullopt;
    }
    search.most = *number;
  }
  search.invert = arguments.Has('v');
  search.whole_line = arguments.Has('x');
  search.only_matching = arguments.Has('o');
  search.count = arguments.Has('c');
  search.number = arguments.Has('n');
  const bool odd = search.only_matching &&
                   (patterns.size() > 1 || search.matches_all || search.invert || search.count || search.whole_line);
  return patterns.empty() || odd ? std::nullopt : std::optional(std::move(search));
}

class GrepRun {
 public:
  explicit GrepRun(const Search& search) : search_(search) {}

  Printed Run(std::string_view text) {
    std::size_t number = 0;
    std::size_t count = 0;
    while (!text.empty() && count < search_.most) {
      const std::string_view line = WithoutBreak(TakeLine(&text));
      ++number;
      const std::optional<bool> matches = Matches(line);
      if (!matches) {
        return std::nullopt;
      }
      if (*matches == search_.invert) {
        continue;
      }
      ++count;
      const std::string prefix = search_.number ? std::to_string(number) + ":" : "";
      if (search_.only_matching ? !PrintMatches(line, prefix) : out_.size() > kMostPrinted) {
        return std::nullopt;
      }
      if (!search_.only_matching && !search_.count) {
        out_.append(prefix).append(line).push_back('\n');
      }
    }
    return search_.count ? std::to_string(count) + "\n" : std::move(out_);
  }

 private:
  std::optional<bool> Matches(std::string_view line) {
    bool matches = search_.matches_all && (!search_.whole_line || line.empty());
    for (std::size_t i = 0; i < search_.patterns.size() && !matches; ++i) {
      RegexMatch match;
      const RegexMatcher::Result result = matcher_.Search(search_.patterns[i], line, 0, false, &match);
      if (result == RegexMatcher::Result::kUnknown) {
        return std::nullopt;
      }
      matches = result == RegexMatcher::Result::kMatch &&
                (!search_.whole_line || (match.begin() == 0 && match.end() == line.size()));
    }
    return matches;
  }

  bool PrintMatches(std::string_view line, const std::string& prefix) {
    for (std::size_t at = 0; at <= line.size();) {
      RegexMatch match;
      const RegexMatcher::Result result = matcher_.Search(search_.patterns[0], line, at, false, &match);
      if (result == RegexMatcher::Result::kUnknown || out_.size() > kMostPrinted) {
        return false;
      }
      if (result == RegexMatcher::Result::kNoMatch) {
        break;
      }
      if (match.begin() == match.end()) {
        at = match.end() + 1;
        continue;
      }
      out_.append(prefix).append(line.substr(match.begin(), match.end() - match.begin())).push_back('\n');
      at = match.end();
    }
    return true;
  }

  const Search& search_;
  RegexMatcher matcher_;
  std::string out_;
};

}  // namespace

Printed PrintMatching(const Words& words, const ToolContext& context) {
  constexpr std::string_view kLong =
      " extended-regexp:E fixed-strings:F basic-regexp:G ignore-case:i invert-match:v only-matching:o count:c "
      "line-number:n quiet:q silent:q no-filename:h no-messages:s line-regexp:x regexp:e max-count:m text:a ";
  std::optional<Arguments> arguments = ParseArguments(words, {"EFGivocnqhsxa", "em", "", kLong});
  if (!arguments) {
    return std::nullopt;
  }
  std::vector<std::string_view> operands = arguments->operands;
  const std::optional<Search> search = MakeSearch(words, *arguments, &operands);
  if (!search) {
    return std::nullopt;
  }
  if (arguments->Has('q')) {
    return std::string();
  }
  const Printed text = ReadInput(operands, context);
  // What holds other bytes may be taken for binary.
  if (!text || !IsKnown(*text) || !IsAscii(*text)) {
    return std::nullopt;
  }
  return GrepRun(*search).Run(*text);
}

}  // namespace safe_docker::shell
