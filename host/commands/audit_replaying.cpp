#include "commands/audit_replaying.hpp"

#include <algorithm>

#include "modes/door.hpp"
#include "modes/shipped_plugins.hpp"

namespace safe_docker::commands {
namespace {

constexpr std::size_t kMostKept = 8192;

bool LacksExpanders(const policy::Config& config) {
  return std::any_of(config.plugins.begin(), config.plugins.end(), [](const policy::PluginSettings& plugin) {
    return !plugin.enabled && modes::IsShippedExpander(plugin.id);
  });
}

// The first error in it, for people.
std::string ErrorIn(const policy::LoadedConfig& config) {
  const auto found = std::find_if(config.problems.begin(), config.problems.end(), [](const policy::Problem& problem) {
    return problem.severity == policy::Problem::Severity::kError;
  });
  return found == config.problems.end() ? std::string() : Describe(*found);
}

policy::LoadedConfig Load(const std::string& config_path, const std::string& folder) {
  modes::ConfigurationRequest request;
  request.explicit_path = config_path;
  request.cwd = folder;
  return modes::LoadConfiguration(modes::ProcessEnvironment(), request);
}

}  // namespace

PastJudge::PastJudge(std::string config_path) : config_path_(std::move(config_path)) {
  configs_.push_back(std::make_unique<policy::LoadedConfig>(Load(config_path_, "")));
  problem_ = ErrorIn(*configs_.front());
}

// Which of the configurations holds for `project`. Most projects have no file of their own.
std::size_t PastJudge::ConfigOf(const std::string& project) {
  if (project.empty()) {
    return 0;
  }
  const auto [known, is_new] = by_project_.try_emplace(project, 0);
  if (is_new) {
    auto config = std::make_unique<policy::LoadedConfig>(Load(config_path_, project));
    const bool differs = !config->project_files.empty() || config->config.policy.Consults(policy::Profile::kStrict) ||
                         config->has_errors();
    if (differs) {
      known->second = configs_.size();
      configs_.push_back(std::move(config));
    }
  }
  return known->second;
}

audit::Replayer::Outcome PastJudge::Judge(const audit::LoggedDecision& logged) {
  const std::size_t wanted = ConfigOf(logged.project);
  const policy::LoadedConfig& config = *configs_[wanted];
  if (config.has_errors()) {
    return {std::nullopt, "the project's own configuration has an error"};
  }
  if (replayer_ == nullptr || ready_ != wanted) {
    replayer_.reset();  // before its plugins are made ready once more
    replayer_ = std::make_unique<audit::Replayer>(modes::DeclarePlugins(config.config, modes::Which::kNeeded),
                                                  config.config.policy, LacksExpanders(config.config));
    ready_ = wanted;
  }
  return replayer_->Judge(logged);
}

void PastJudge::JudgeKept(const Take& take) {
  audit::LoggedDecision logged;
  for (const auto& [config, lines] : kept_) {
    for (const std::string& line : lines) {
      if (audit::ReadLine(line, &logged)) {
        take(logged, Judge(logged));
      }
    }
  }
  kept_.clear();
  kept_lines_ = 0;
}

void PastJudge::JudgeAll(audit::LogReader* reader, const audit::LogFilter& filter, const Take& take) {
  audit::LoggedDecision logged;
  while (reader->Next(&logged)) {
    if (!filter.Matches(logged)) {
      continue;
    }
    const std::size_t wanted = ConfigOf(logged.project);
    if (replayer_ == nullptr || wanted == ready_) {
      take(logged, Judge(logged));
      continue;
    }
    kept_[wanted].emplace_back(logged.line);
    if (++kept_lines_ == kMostKept) {
      JudgeKept(take);
    }
  }
  JudgeKept(take);
}

}  // namespace safe_docker::commands
