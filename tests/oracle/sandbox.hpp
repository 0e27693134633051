// A throw-away place in which snippets may do what they like: namespaces of its own (files, processes, network), a
// read-only system, recording stubs instead of docker and its like, and a fresh home for each snippet. The process that
// enters is the first of its process namespace, so that whatever a snippet leaves behind can be ended.
#pragma once

#include <sys/types.h>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace safe_docker::oracle {

// Where things are inside.
inline constexpr const char* kHome = "/home/u";
inline constexpr const char* kProject = "/home/u/project";
inline constexpr const char* kHost = "/opt/safe-docker";

// The environment that snippets, the analysis and the hook start from; ends with a null pointer.
extern const char* const kEnvironment[];

struct SandboxPlan {
  std::filesystem::path stub;           // the executable
  std::filesystem::path home;           // what a fresh home holds
  std::filesystem::path host;           // the tree with bin/safe-docker and its plugins
  std::vector<std::string> host_parts;  // the folders of that tree that are wanted
  std::vector<std::string> programs;    // the names that stubs stand for
};

// One start of a stub.
struct Call {
  std::string name;  // the program that the stub stands for
  std::vector<std::string> words;
  std::string cwd;
  std::map<std::string, std::optional<std::string>> environment;
  std::optional<std::string> standard_input;

  auto operator<=>(const Call&) const = default;
};

// What happened when a snippet ran.
struct Recording {
  std::vector<Call> calls;  // sorted, each once
  std::string output;       // standard output and error
  bool timed_out = false;
};

class Sandbox {
 public:
  // Makes this process's child the first process of a new sandbox and returns in it; this process itself waits for it
  // and ends as it does. Returns what went wrong, or an empty text.
  std::string Enter(const SandboxPlan& plan);

  // A fresh home and /tmp.
  void Reset();

  // Runs `text` as `bash -c` does, until all of its processes have ended or the time is over.
  Recording Run(const std::string& text);

  // Runs a program with `input`; returns what it printed. Ends with it, or when the time is over.
  std::string Ask(const std::vector<std::string>& command, const std::string& input);

 private:
  struct TemplateFile {
    std::string path;  // below the home
    mode_t mode;
    std::string content;
    bool is_folder;
  };

  std::string MakeNamespaces();
  void ReadTemplate(const std::filesystem::path& home);
  void WriteTemplate() const;
  [[noreturn]] void Exec(const std::vector<std::string>& command, bool with_memory_limit) const;
  bool WaitForAll(std::chrono::milliseconds limit);

  bool is_root_ = false;
  bool has_home_ = false;
  int log_ = -1;
  std::vector<TemplateFile> template_;
};

}  // namespace safe_docker::oracle
