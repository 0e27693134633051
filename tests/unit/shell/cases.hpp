// Reads the data files of the shell tests: one row a case, '#' starts a comment line, a line break inside a text is
// written as the return sign.
#pragma once

#include <fstream>
#include <string>
#include <vector>

namespace safe_docker::shell {

inline std::vector<std::string> ReadRows(const std::string& name) {
  std::ifstream file(std::string(TEST_DATA_DIR) + "/" + name);
  std::vector<std::string> rows;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && !line.starts_with("# ")) {
      rows.push_back(line);
    }
  }
  return rows;
}

inline std::string WithLineBreaks(std::string text) {
  const std::string sign = "\u21B5";
  for (std::size_t at = text.find(sign); at != std::string::npos; at = text.find(sign, at)) {
    text.replace(at, sign.size(), "\n");
  }
  return text;
}

}  // namespace safe_docker::shell
