// cut: bytes and fields of lines.
#include <algorithm>

#include "tool.hpp"

namespace safe_docker::shell {
namespace {

struct Range {
  std::size_t first;
  std::size_t last;
};

std::optional<Range> ReadRange(std::string_view text) {
  const std::size_t dash = text.find('-');
  const std::string_view left = text.substr(0, dash);
  const std::string_view right = dash == std::string_view::npos ? left : text.substr(dash + 1);
  const std::optional<std::size_t> first = left.empty() ? 1 : ParseNumber(left);
  const std::optional<std::size_t> last = right.empty() ? std::string_view::npos : ParseNumber(right);
  if (text.size() < 1 || text == "-" || !first || !last || *first == 0 || *last < *first) {
    return std::nullopt;
  }
  return Range{*first, *last};
}

class Selection {
 public:
  static std::optional<Selection> Read(std::string_view list, bool complement) {
    Selection selection;
    selection.complement_ = complement;
    while (true) {
      const std::size_t comma = list.find(',');
      const std::optional<Range> range = ReadRange(list.substr(0, comma));
      if (!range || selection.ranges_.size() > 64) {
        return std::nullopt;
      }
      selection.ranges_.push_back(*range);
      if (comma == std::string_view::npos) {
        return selection;
      }
      list.remove_prefix(comma + 1);
    }
  }

  bool Has(std::size_t place) const {
    return complement_ != std::any_of(ranges_.begin(), ranges_.end(), [place](const Range& range) {
             return place >= range.first && place <= range.last;
           });
  }

 private:
  std::vector<Range> ranges_;
  bool complement_ = false;
};

std::string CutBytes(std::string_view line, const Selection& selection) {
  std::string cut;
  for (std::size_t i = 0; i < line.size(); ++i) {
    selection.Has(i + 1) ? cut.push_back(line[i]) : void();
  }
  return cut + "\n";
}

struct Fields {
  char delimiter = '\t';
  std::string_view between;  // what the fields are joined with
  bool only_delimited = false;
};

std::string CutFields(std::string_view line, const Selection& selection, const Fields& fields) {
  if (line.find(fields.delimiter) == std::string_view::npos) {
    return fields.only_delimited ? "" : std::string(line) + "\n";
  }
  std::string cut;
  bool first = true;
  for (std::size_t place = 1;; ++place) {
    const std::size_t end = line.find(fields.delimiter);
    if (selection.Has(place)) {
      cut.append(first ? "" : fields.between).append(line.substr(0, end));
      first = false;
    }
    if (end == std::string_view::npos) {
      return cut + "\n";
    }
    line.remove_prefix(end + 1);
  }
}

}  // namespace

Printed PrintCut(const Words& words, const ToolContext& context) {
  constexpr std::string_view kLong =
      " bytes:b characters:c delimiter:d fields:f complement:C only-delimited:s output-delimiter:O ";
  const std::optional<Arguments> arguments = ParseArguments(words, {"sC", "bcdfO", "", kLong, "CO"});
  if (!arguments) {
    return std::nullopt;
  }
  const bool by_fields = arguments->Has('f');
  const int lists = (by_fields ? 1 : 0) + (arguments->Has('b') ? 1 : 0) + (arguments->Has('c') ? 1 : 0);
  const char letter = by_fields ? 'f' : (arguments->Has('b') ? 'b' : 'c');
  const std::string_view delimiter = arguments->ValueOf('d').value_or("\t");
  const bool odd_delimiter = delimiter.size() != 1 || delimiter == "\n" || !IsAscii(delimiter);
  if (lists != 1 || odd_delimiter ||
      (!by_fields && (arguments->Has('d') || arguments->Has('s') || arguments->Has('O')))) {
    return std::nullopt;
  }
  const std::optional<Selection> selection = Selection::Read(*arguments->ValueOf(letter), arguments->Has('C'));
  const Printed input = ReadInput(arguments->operands, context);
  if (!selection || !input || (letter == 'c' && !IsAscii(*input))) {
    return std::nullopt;
  }
  const Fields fields = {delimiter[0], arguments->ValueOf('O').value_or(delimiter), arguments->Has('s')};
  const KnownLines known = LinesBeforeUnknown(*input);
  std::string text;
  for (std::string_view rest = known.lines; !rest.empty();) {
    const std::string_view line = WithoutBreak(TakeLine(&rest));
    text.append(by_fields ? CutFields(line, *selection, fields) : CutBytes(line, *selection));
  }
  return WithRest(std::move(text), known);
}

}  // namespace safe_docker::shell
