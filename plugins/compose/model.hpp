// Loads the files of a project into one model: parses them, brings in what they include and extend, and lays them over
// each other in compose's order. A part that cannot be seen (a remote file, standard input, a name that depends on an
// unknown variable) is recorded, so that it can be asked about.
#pragma once

#include <safe_docker/checker.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "merge.hpp"
#include "variables.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {

// A part of the project that nobody here can read.
struct Unseen {
  std::string_view what;  // "https://example.com/x.git", "standard input"
  std::string_view why;
  std::string_view file;  // that refers to it; empty for the command line
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

// What podman-compose does otherwise when it loads a project; nothing of it is set for compose itself.
struct PodmanLoading {
  bool is_on = false;
  bool has_one_base = false;             // relative paths of every file count from the project's folder
  const Variables* variables = nullptr;  // what it replaces in all files
};

class ModelLoader {
 public:
  ModelLoader(const plugin::Host& host, Arena& arena) : host_(host), arena_(arena), merger_(arena) {}

  void LoadAsPodman(const PodmanLoading& podman) { podman_ = podman; }
  // Whether a file counted its paths from another folder than the project's.
  bool has_other_bases() const { return has_other_bases_; }

  // The model that `files` make together, or null if none could be seen. Absolute paths, or what stands for something
  // unseen; relative paths inside them count from `folder`.
  const Node* Load(const std::vector<std::string_view>& files, std::string_view folder, const Variables& variables);

  // Forgets what was loaded, and all but the first `unseen` parts that could not be seen.
  void Forget(std::size_t unseen);

  // Reads an env file into `variables`. Throws Failure if it `must_exist` and does not.
  void LoadEnvFile(std::string_view path, bool must_exist, Variables& variables);

  // True for standard input and its like, unless the command says what comes in there.
  bool IsUnseenStream(std::string_view path) const;

  const std::vector<Unseen>& unseen() const { return unseen_; }
  void AddUnseen(const Unseen& unseen) { unseen_.push_back(unseen); }

 private:
  // A loaded document or base file, in which services are looked up by `extends`.
  struct Scope {
    const Source* source = nullptr;
    const Variables* variables = nullptr;
    const Node* model = nullptr;
    const Node* earlier = nullptr;  // what was loaded before; null for base files
    std::unordered_map<std::string_view, const Node*> services = {};
    std::unordered_map<std::string_view, const Node*> resolved = {};
  };

  const Node* LoadFiles(const std::vector<std::string_view>& files, std::string_view folder,
                        const Variables& variables);
  const Node* Imported(const Node* model);
  bool IsFolder(std::string_view path);
  std::optional<std::string_view> Content(std::string_view path);
  std::vector<const Node*> Parse(const Source& source, const Variables& variables);
  const Node* Include(const Node& document, std::string_view folder, const Variables& variables);
  const Node* IncludeItem(const Entry& item, std::string_view folder, const Variables& variables);
  std::vector<std::string_view> IncludedPaths(const Entry& item, const Node& paths, std::string_view folder);
  void LoadIncludedEnvironment(const Node& item, std::string_view outer, std::string_view folder, Variables& inner);
  const Node* ExtendServices(const Node* model, const Node* earlier, const Source& source, const Variables& variables);
  const Node* Extend(Scope& scope, const Entry& service);
  const Node* Base(Scope& scope, const Entry& service, const Node& extends);
  Scope* BaseFile(const Entry& place, std::string_view path, const Variables& variables);
  void IndexServices(Scope& scope);
  bool IsUnseen(const Entry& place, std::string_view path);

  const plugin::Host& host_;
  Arena& arena_;
  Merger merger_;
  Source SourceOf(std::string_view path, std::string_view folder);
  void CompareWithPodman(const Documents& documents, const Source& source);

  PodmanLoading podman_;
  std::string_view project_folder_;
  bool has_other_bases_ = false;
  bool has_tags_ = false;
  std::size_t files_ = 0;
  std::size_t bytes_ = 0;
  std::vector<std::string_view> including_;
  std::vector<std::pair<std::string_view, std::string_view>> extending_;
  std::map<std::pair<std::string_view, const Variables*>, std::unique_ptr<Scope>> base_files_;
  std::vector<std::unique_ptr<Variables>> scopes_;
  std::vector<Unseen> unseen_;
};

}  // namespace safe_docker::compose
