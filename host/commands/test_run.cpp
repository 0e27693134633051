#include "commands/test_run.hpp"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "docker/requests.hpp"
#include "modes/door.hpp"
#include "modes/judge.hpp"
#include "modes/text_reading.hpp"
#include "modes/typed_line.hpp"

namespace safe_docker::commands {
namespace {

namespace fs = std::filesystem;

// Deleted in the end, with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::error_code ignored;
    std::string name = (fs::canonical(fs::temp_directory_path(ignored), ignored) / "safe-docker-test-XXXXXX").string();
    path_ = mkdtemp(name.data()) == nullptr ? "" : name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// What a case sees: a home with a project in it, and an environment that has nothing of the tester's own.
class Surroundings {
 public:
  explicit Surroundings(const TestCase& test) : home_(folder_.path() + "/home"), project_(home_ + "/project") {
    std::error_code error;
    if (folder_.path().empty() || !fs::create_directories(project_, error)) {
      failure_ = "no temporary folder can be made";
      return;
    }
    for (const auto& [path, content] : test.files) {
      Write(path, content);
    }
    for (const auto& [path, target] : test.links) {
      const fs::path link = Place(path);
      fs::create_directories(link.parent_path(), error);
      fs::create_symlink(target.starts_with('~') ? Place(target).string() : target, link, error);
      failure_ = error ? "the link " + path + " cannot be made: " + error.message() : failure_;
    }
    cwd_ = FolderOf(test);
    fs::create_directories(cwd_, error);  // that of a project elsewhere is there
    std::map<std::string, std::string> variables = {{"HOME", home_}, {"PATH", "/usr/local/bin:/usr/bin:/bin"}};
    for (const auto& [name, value] : test.environment) {
      variables[name] = value;
    }
    variables["PWD"] = cwd_;
    for (const auto& [name, value] : variables) {
      environment_texts_.push_back(name + "=" + value);
    }
    for (const std::string& text : environment_texts_) {
      environment_.push_back(text.c_str());
    }
    environment_.push_back(nullptr);
  }

  Environment environment() const { return Environment(environment_.data()); }
  const std::string& cwd() const { return cwd_; }
  const std::string& failure() const { return failure_; }

 private:
  // Where the command is run, as a clean path.
  std::string FolderOf(const TestCase& test) const {
    std::error_code ignored;
    fs::path folder = Place(test.cwd.empty() ? "." : test.cwd);
    if (!test.compose.empty()) {
      folder = fs::is_directory(test.compose, ignored) ? fs::path(test.compose) : fs::path(test.compose).parent_path();
    }
    std::string clean = folder.lexically_normal().string();
    while (clean.size() > 1 && clean.ends_with('/')) {
      clean.pop_back();
    }
    return clean;
  }

  // "~/x" lies in the home, "x" in the project.
  fs::path Place(const std::string& path) const {
    return path == "~"              ? fs::path(home_)
           : path.starts_with("~/") ? fs::path(home_) / path.substr(2)
                                    : fs::path(project_) / path;
  }

  void Write(const std::string& path, const std::string& content) {
    const fs::path place = Place(path);
    std::error_code error;
    fs::create_directories(place.parent_path(), error);
    std::ofstream file(place, std::ios::binary);
    file << content;
    file.close();
    failure_ = file ? failure_ : "the file " + path + " cannot be written";
  }

  TemporaryFolder folder_;
  std::string home_;
  std::string project_;
  std::string cwd_;
  std::string failure_;
  std::vector<std::string> environment_texts_;
  std::vector<const char*> environment_;
};

// The words of the command; those of a compose project start it.
std::vector<std::string> WordsOf(const TestCase& test) {
  if (test.compose.empty()) {
    return test.arguments;
  }
  std::error_code ignored;
  if (fs::is_directory(test.compose, ignored)) {
    return {"docker", "compose", "up", "-d"};
  }
  return {"docker", "compose", "-f", test.compose, "up", "-d"};
}

policy::Verdict JudgeIn(const TestCase& test, const std::string& config_path, const Surroundings& surroundings) {
  modes::TextReading reading;
  if (!test.command.empty()) {
    reading = modes::ReadShellText({test.command, false, surroundings.cwd(), surroundings.environment()});
  } else {
    reading.requests =
        docker::ReadCommandLine(modes::LineOfWords(WordsOf(test), surroundings.cwd(), surroundings.environment()));
  }
  modes::ConfigurationRequest request = modes::ForCommandIn(surroundings.cwd());
  request.explicit_path = config_path;
  const policy::LoadedConfig config = modes::LoadConfiguration(surroundings.environment(), request);
  return modes::Judge(std::move(reading.requests), std::move(reading.findings), config, /*advise=*/false).verdict;
}

std::string Difference(const TestCase& test, const policy::Verdict& verdict) {
  std::string difference;
  if (verdict.decision != test.expected) {
    difference = "expected " + std::string(policy::Name(test.expected)) + ", found " +
                 std::string(policy::Name(verdict.decision));
  }
  for (const std::string& rule : test.rules) {
    const bool is_found =
        std::any_of(verdict.findings.begin(), verdict.findings.end(), [&](const policy::Finding& finding) {
          return finding.rule == rule && (test.expected == policy::Decision::kAllow || IsInForce(finding));
        });
    if (!is_found) {
      difference += (difference.empty() ? "" : ", and ") + std::string("the rule ") + rule + " did not object";
    }
  }
  return difference;
}

}  // namespace

bool IsInForce(const policy::Finding& finding) {
  return finding.treatment == policy::Treatment::kEnforced && finding.decision != policy::Decision::kAllow;
}

TestResult RunTest(const TestCase& test, const std::string& config_path) {
  TestResult result;
  result.test = &test;
  const Surroundings surroundings(test);
  if (!surroundings.failure().empty()) {
    result.failure = surroundings.failure();
    return result;
  }
  result.verdict = JudgeIn(test, config_path, surroundings);
  result.failure = Difference(test, result.verdict);
  return result;
}

}  // namespace safe_docker::commands
