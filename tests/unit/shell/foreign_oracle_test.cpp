// Runs programs and tasks with the real make, python3, perl, awk, node and npm, a recording `docker` in PATH, and
// compares what docker got with what the analysis says that it gets.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "cases.hpp"
#include "projects.hpp"
#include "shell/analysis.hpp"

namespace safe_docker::shell {
namespace {

using Calls = std::vector<std::vector<std::string>>;

constexpr std::array<const char*, 4> kNeeded = {"make", "python3", "perl", "awk"};

bool IsInstalled(const std::string& tool) {
  for (const char* folder : {"/usr/bin/", "/bin/"}) {
    if (std::filesystem::exists(folder + tool)) {
      return true;
    }
  }
  return false;
}

class ForeignOracleTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* tool : kNeeded) {
      if (!IsInstalled(tool)) {
        if (std::getenv("CI") != nullptr) {
          FAIL() << tool << " is missing";
        }
        GTEST_SKIP() << tool << " is missing";
      }
    }
    std::string pattern = testing::TempDir() + "foreign_oracle_XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = std::filesystem::canonical(pattern);
    std::filesystem::create_directories(folder_ / "bin");
    std::filesystem::create_directories(folder_ / "work");
    for (const char* name : {"docker", "podman"}) {
      const std::filesystem::path stub = folder_ / "bin" / name;
      std::ofstream(stub) << "#!/bin/sh\nprintf '%s\\0' \"$(($# + 1))\" " << name << " \"$@\" >> " << Log() << "\n";
      std::filesystem::permissions(stub, std::filesystem::perms::owner_all);
    }
    // What the projects call and what is not there.
    for (const char* name : {"pytest", "ruff", "mypy", "jest", "eslint", "tsc", "sudo"}) {
      const std::filesystem::path stub = folder_ / "bin" / name;
      std::ofstream(stub) << "#!/bin/sh\n" << (std::string(name) == "sudo" ? "exec \"$@\"\n" : "exit 0\n");
      std::filesystem::permissions(stub, std::filesystem::perms::owner_all);
    }
  }

  void TearDown() override {
    if (!folder_.empty()) {
      std::filesystem::remove_all(folder_);
    }
  }

  std::string Log() const { return (folder_ / "log").string(); }
  std::string Path() const { return (folder_ / "bin").string() + ":/usr/bin:/bin"; }
  std::string WorkFolder() const { return (folder_ / "work").string(); }

  // What docker gets when `text` runs in `folder`.
  Calls Run(const std::string& text, const std::string& folder) const {
    std::filesystem::remove(Log());
    const pid_t child = fork();
    if (child == 0) {
      Exec(text, folder);
    }
    int status = 0;
    waitpid(child, &status, 0);
    std::ifstream file(Log(), std::ios::binary);
    const std::string log((std::istreambuf_iterator<char>(file)), {});
    Calls calls;
    std::size_t at = 0;
    const auto next = [&] {
      const std::size_t end = log.find('\0', at);
      std::string field = log.substr(at, end - at);
      at = end + 1;
      return field;
    };
    while (at < log.size()) {
      std::vector<std::string> call(std::stoul(next()));
      std::generate(call.begin(), call.end(), next);
      calls.push_back(std::move(call));
    }
    std::sort(calls.begin(), calls.end());
    calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
    return calls;
  }

  Calls Analyzed(const std::string& text, const std::string& folder) const {
    const std::string home = "HOME=" + folder_.string();
    const std::string path = "PATH=" + Path();
    const std::array<const char*, 3> environment = {home.c_str(), path.c_str(), nullptr};
    const Analysis analysis = Analyze(text, {folder, Environment(environment.data()), {"docker", "podman"}});
    Calls calls;
    for (const CommandLine& command : analysis.commands) {
      std::vector<std::string> call;
      for (const Word& word : command.words) {
        call.push_back(word.text);
      }
      calls.push_back(std::move(call));
    }
    std::sort(calls.begin(), calls.end());
    calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
    return calls;
  }

 private:
  [[noreturn]] void Exec(const std::string& text, const std::string& folder) const {
    const std::string home = "HOME=" + folder_.string();
    const std::string path = "PATH=" + Path();
    const std::array<const char*, 5> environment = {home.c_str(), path.c_str(), "LC_ALL=C.UTF-8",
                                                    "npm_config_update_notifier=false", nullptr};
    const bool ready = chdir(folder.c_str()) == 0 && std::freopen("/dev/null", "r", stdin) != nullptr &&
                       std::freopen("/dev/null", "w", stdout) != nullptr &&
                       std::freopen("/dev/null", "w", stderr) != nullptr;
    if (ready) {
      execle("/bin/bash", "bash", "-c", text.c_str(), nullptr, const_cast<char* const*>(environment.data()));
    }
    _exit(127);
  }

  std::filesystem::path folder_;
};

bool NeedsMissingTool(const std::string& text) {
  for (const char* tool : {"npm", "node"}) {
    if (text.find(tool) != std::string::npos && !IsInstalled(tool)) {
      return true;
    }
  }
  return false;
}

TEST_F(ForeignOracleTest, TasksRunWhatIsSaid) {
  std::size_t tried = 0;
  for (const Project& project : ReadProjects("foreign_projects.cases")) {
    for (const Project::Row& row : project.rows) {
      const std::string text = WithLineBreaks(row.command);
      if (row.is_tried && !NeedsMissingTool(text)) {
        const ProjectFolder folder(project);
        const Calls said = Analyzed(text, folder.path());
        EXPECT_EQ(said, Run(text, folder.path())) << project.name << ": " << text;
        ++tried;
      }
    }
  }
  EXPECT_GE(tried, 80U);
}

TEST_F(ForeignOracleTest, ProgramsRunWhatIsSaid) {
  std::size_t tried = 0;
  for (const std::string& row : ReadRows("foreign_oracle.cases")) {
    const std::string text = WithLineBreaks(row);
    if (!NeedsMissingTool(text)) {
      EXPECT_EQ(Analyzed(text, WorkFolder()), Run(text, WorkFolder())) << text;
      ++tried;
    }
  }
  EXPECT_GE(tried, 60U);
}

}  // namespace
}  // namespace safe_docker::shell
