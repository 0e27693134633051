// The rows of *.cases; README.md says how they are written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace safe_docker::oracle {

enum class Expectation : std::uint8_t { kExact, kCovers, kCaught, kAsks, kSilent, kAllowed };

struct Row {
  std::string place;    // file:line
  std::string written;  // the whole row
  Expectation expectation = Expectation::kExact;
  std::string text;
};

struct Rows {
  std::vector<Row> rows;
  std::vector<std::string> problems;  // places that hold no row
};

// All rows in the files of `folder`, by name and line.
Rows ReadRows(const std::filesystem::path& folder);

// Line breaks as the return sign, and back.
std::string OnOneLine(std::string_view text);
std::string WithLineBreaks(std::string_view text);

}  // namespace safe_docker::oracle
