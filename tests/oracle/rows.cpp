#include "rows.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <utility>

namespace safe_docker::oracle {
namespace {

constexpr std::string_view kReturnSign = "\u21B5";
constexpr std::string_view kSeparator = " | ";

constexpr std::pair<std::string_view, Expectation> kExpectations[] = {
    {"exact", Expectation::kExact}, {"covers", Expectation::kCovers}, {"caught", Expectation::kCaught},
    {"asks", Expectation::kAsks},   {"silent", Expectation::kSilent}, {"allowed", Expectation::kAllowed},
};

std::string Replaced(std::string_view text, std::string_view what, std::string_view by) {
  std::string result;
  for (;;) {
    const std::size_t at = text.find(what);
    result += text.substr(0, at);
    if (at == std::string_view::npos) {
      return result;
    }
    result += by;
    text.remove_prefix(at + what.size());
  }
}

std::optional<Row> ParseRow(const std::string& line, const std::string& place) {
  const std::size_t separator = line.find(kSeparator);
  if (separator == std::string::npos) {
    return std::nullopt;
  }
  const std::string_view word = std::string_view(line).substr(0, separator);
  for (const auto& [name, expectation] : kExpectations) {
    if (name == word) {
      return Row{place, line, expectation,
                 WithLineBreaks(std::string_view(line).substr(separator + kSeparator.size()))};
    }
  }
  return std::nullopt;
}

}  // namespace

Rows ReadRows(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".cases") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  Rows rows;
  for (const std::filesystem::path& path : files) {
    std::ifstream file(path);
    int number = 0;
    for (std::string line; std::getline(file, line);) {
      const std::string place = path.filename().string() + ":" + std::to_string(++number);
      if (line.empty() || line.starts_with("# ")) {
        continue;
      }
      if (std::optional<Row> row = ParseRow(line, place)) {
        rows.rows.push_back(std::move(*row));
      } else {
        rows.problems.push_back(place);
      }
    }
  }
  return rows;
}

std::string OnOneLine(std::string_view text) { return Replaced(text, "\n", kReturnSign); }

std::string WithLineBreaks(std::string_view text) { return Replaced(text, kReturnSign, "\n"); }

}  // namespace safe_docker::oracle
