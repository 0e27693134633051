// Reads the data file of small projects and makes folders of them. A project starts with "=== name", a file in it with
// "--- path", and "> command => expected" is a row; ">! " a row that is not tried with the real tool.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace safe_docker::shell {

struct Project {
  struct Row {
    std::string command;
    std::string expected;
    bool is_tried = true;
  };
  std::string name;
  std::vector<std::pair<std::string, std::string>> files;
  std::vector<Row> rows;
};

inline std::vector<Project> ReadProjects(const std::string& name) {
  std::ifstream file(std::string(TEST_DATA_DIR) + "/" + name);
  std::vector<Project> projects;
  for (std::string line; std::getline(file, line);) {
    const bool is_row = line.starts_with("> ") || line.starts_with(">! ");
    if (line.starts_with("=== ")) {
      projects.push_back({line.substr(4), {}, {}});
    } else if (projects.empty() || line.starts_with("### ")) {
      continue;
    } else if (line.starts_with("--- ")) {
      projects.back().files.emplace_back(line.substr(4), "");
    } else if (is_row && line.rfind(" =>") != std::string::npos) {
      const std::size_t begin = line.find(' ') + 1;
      const std::size_t arrow = line.rfind(" =>");
      const std::string expected = line.size() > arrow + 4 ? line.substr(arrow + 4) : "";
      projects.back().rows.push_back({line.substr(begin, arrow - begin), expected, line[1] == ' '});
    } else if (!projects.back().files.empty()) {
      projects.back().files.back().second += line + "\n";
    }
  }
  return projects;
}

// The folder of a project, for as long as this lives.
class ProjectFolder {
 public:
  explicit ProjectFolder(const Project& project) {
    std::string pattern = testing::TempDir() + "shell_project_XXXXXX";
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    path_ = std::filesystem::canonical(pattern);
    for (const auto& [name, text] : project.files) {
      const std::filesystem::path file = path_ / name;
      std::filesystem::create_directories(file.parent_path());
      std::ofstream(file) << text;
      std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    }
  }
  ~ProjectFolder() { std::filesystem::remove_all(path_); }
  ProjectFolder(const ProjectFolder&) = delete;
  ProjectFolder& operator=(const ProjectFolder&) = delete;

  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace safe_docker::shell
