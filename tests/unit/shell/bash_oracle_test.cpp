// Runs snippets with the real bash, a recording `docker` in PATH, and compares what docker got with what the analysis
// says that it gets.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "cases.hpp"
#include "shell/analysis.hpp"

namespace safe_docker::shell {
namespace {

using Arguments = std::vector<std::string>;

class BashOracleTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists("/bin/bash")) {
      if (std::getenv("CI") != nullptr) {
        FAIL() << "bash is missing";
      }
      GTEST_SKIP() << "bash is missing";
    }
    std::string pattern = testing::TempDir() + "shell_oracle_XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = std::filesystem::canonical(pattern);
    std::filesystem::create_directories(folder_ / "bin");
    std::filesystem::create_directories(folder_ / "work/sub");
    for (const char* tool : {"bash", "sh", "cat", "env", "nice", "nohup", "timeout", "stdbuf", "setsid", "true",
                             "false", "sleep", "tee", "ls", "find"}) {
      for (const char* place : {"/usr/bin/", "/bin/"}) {
        const std::filesystem::path path = std::string(place) + tool;
        if (std::filesystem::exists(path) && !std::filesystem::exists(folder_ / "bin" / tool)) {
          std::filesystem::create_symlink(path, folder_ / "bin" / tool);
        }
      }
    }
    const std::filesystem::path stub = folder_ / "bin/docker";
    std::ofstream(stub) << "#!/bin/bash\nprintf '%s\\0' \"$#\" \"$@\" >> " << Log() << "\n";
    std::filesystem::permissions(stub, std::filesystem::perms::owner_all);
  }

  void TearDown() override {
    if (!folder_.empty()) {
      std::filesystem::remove_all(folder_);
    }
  }

  std::string Log() const { return (folder_ / "log").string(); }

  // The arguments of each docker that bash starts for `text`.
  std::vector<Arguments> Run(const std::string& text) const {
    std::filesystem::remove(Log());
    const pid_t child = fork();
    if (child == 0) {
      Exec(text);
    }
    int status = 0;
    waitpid(child, &status, 0);
    std::ifstream file(Log(), std::ios::binary);
    const std::string log((std::istreambuf_iterator<char>(file)), {});
    std::vector<Arguments> calls;
    std::size_t at = 0;
    const auto next = [&] {
      const std::size_t end = log.find('\0', at);
      std::string field = log.substr(at, end - at);
      at = end + 1;
      return field;
    };
    while (at < log.size()) {
      Arguments arguments(std::stoul(next()));
      for (std::string& argument : arguments) {
        argument = next();
      }
      calls.push_back(std::move(arguments));
    }
    return calls;
  }

  std::vector<Arguments> Analyzed(const std::string& text) const {
    const std::string home = "HOME=" + folder_.string();
    const std::string path = "PATH=" + (folder_ / "bin").string();
    const std::array<const char*, 3> environment = {home.c_str(), path.c_str(), nullptr};
    const Analysis analysis = Analyze(text, {(folder_ / "work").string(), Environment(environment.data()), {"docker"}});
    std::vector<Arguments> calls;
    for (const CommandLine& command : analysis.commands) {
      Arguments arguments;
      for (std::size_t i = 1; i < command.words.size(); ++i) {
        arguments.push_back(command.words[i].text);
      }
      calls.push_back(std::move(arguments));
    }
    return calls;
  }

 private:
  [[noreturn]] void Exec(const std::string& text) const {
    const std::string home = "HOME=" + folder_.string();
    const std::string path = "PATH=" + (folder_ / "bin").string();
    const std::array<const char*, 4> environment = {home.c_str(), path.c_str(), "LC_ALL=C.UTF-8", nullptr};
    const bool ready = chdir((folder_ / "work").c_str()) == 0 && std::freopen("/dev/null", "r", stdin) != nullptr &&
                       std::freopen("/dev/null", "w", stdout) != nullptr &&
                       std::freopen("/dev/null", "w", stderr) != nullptr;
    if (ready) {
      execle("/bin/bash", "bash", "-c", text.c_str(), nullptr, environment.data());
    }
    _exit(127);
  }

  std::filesystem::path folder_;
};

TEST_F(BashOracleTest, AgreesWithBash) {
  const std::vector<std::string> rows = ReadRows("oracle.cases");
  ASSERT_GE(rows.size(), 80U);
  for (const std::string& row : rows) {
    const std::string text = WithLineBreaks(row);
    EXPECT_EQ(Analyzed(text), Run(text)) << text;
  }
}

}  // namespace
}  // namespace safe_docker::shell
