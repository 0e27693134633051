// Which project a command line means: the flags before and after the sub-command, the files that compose would find,
// the project folder, and the variables of .env and --env-file. Loads the model of it.
#pragma once

#include <safe_docker/checker.hpp>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model.hpp"
#include "variables.hpp"
#include "yaml.hpp"

namespace safe_docker::compose {

// Who reads the project: docker's own compose, podman-compose, or nobody can tell which of them (podman compose).
enum class Reader : std::uint8_t { kCompose, kPodmanCompose, kEither };

// The command line of compose, as far as it matters here.
struct CommandLine {
  explicit CommandLine(const plugin::Request& request);

  std::string_view command;  // "compose up"
  std::string_view cwd;
  std::string_view home;
  std::vector<std::string_view> files;
  std::vector<std::string_view> env_files;
  std::vector<std::string_view> profiles;
  std::string_view project_directory;
  std::string_view project_name;
  std::vector<std::string_view> arguments;
  Reader reader = Reader::kCompose;
  bool no_deps = false;
  bool watch = false;
  bool with_dependencies = false;
  bool prints_help = false;
  bool volumes = false;                       // down: what the project has stored goes as well
  bool stops = false;                         // rm, wait: what still runs is stopped first
  bool publishes_ports = true;                // those that the file names for the service itself
  bool is_bake = false;                       // buildx bake, which reads compose files as well
  bool only_prints = false;                   // of bake: nothing is built
  std::vector<std::string_view> environment;  // of run: what the container is given
  std::vector<std::pair<std::string_view, std::string_view>> variables;  // of bake: they come before the environment
};

// The names of the compose files that are looked for, in order.
std::vector<std::string_view> DefaultFileNames();

// What relative paths of included and extended files count from: their own folder for compose, that of the project for
// podman-compose.
enum class Bases : bool { kEachFile, kProject };

class Project {
 public:
  Project(const plugin::Host& host, const CommandLine& line, Arena& arena, Bases bases = Bases::kEachFile);
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;

  // Finds and reads everything. Throws Failure.
  void Load();

  const Variables& variables() const { return variables_; }
  const Node* model() const { return model_; }  // null if nothing of it could be seen
  std::string_view folder() const { return folder_; }
  // As compose spells it; holds an unknown part if nobody can tell.
  std::string name() const { return std::string(name_); }
  const std::vector<Unseen>& unseen() const { return loader_.unseen(); }
  // Whether it matters what paths count from.
  bool has_several_bases() const { return loader_.has_other_bases(); }
  // What is switched on; "*" is everything.
  const std::vector<std::string_view>& profiles() const { return profiles_; }

 private:
  bool IsPlaceKnown();
  std::string_view Absolute(std::string_view path);
  bool LoadEnvFiles();
  void HeedBakeVariables();
  void LoadDotenv(std::string_view folder);
  bool IsDotenvDisabled() const;
  void HeedPodmanSettings();
  void HeedPodmanEnvFile(std::string_view folder);
  bool FindFiles();
  bool SplitComposeFile(const Variable& setting);
  void Discover();
  bool DiscoverIn(std::string_view folder);
  std::vector<std::string_view> Existing(std::string_view folder, std::span<const std::string_view> names);
  std::string_view FirstExisting(std::string_view folder, std::span<const std::string_view> names);
  std::vector<std::string_view> WithoutUnseen();
  void FindProfiles();
  void LoadModel();
  std::string_view FirstName(std::initializer_list<std::string_view> names);
  std::string_view FolderOfFirst(const std::vector<std::string_view>& files) const;

  const plugin::Host& host_;
  const CommandLine& line_;
  Arena& arena_;
  ModelLoader loader_;
  Variables variables_;
  Variables podman_variables_;           // what podman-compose replaces
  std::vector<std::string_view> files_;  // absolute, or what stands for something unseen
  std::string_view folder_;
  std::vector<std::string_view> profiles_;
  std::string_view name_;
  const Node* model_ = nullptr;
};

}  // namespace safe_docker::compose
