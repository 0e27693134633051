// Replaying for the commands that need it: each record is judged under the configuration that would be in force where
// its command was run, with the file of its project.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "audit/log_filter.hpp"
#include "audit/log_reader.hpp"
#include "audit/replay.hpp"
#include "policy/config.hpp"

namespace safe_docker::commands {

class PastJudge {
 public:
  // The user's configuration is that in `config_path`, or the one in force if it is empty.
  explicit PastJudge(std::string config_path);

  // What is wrong with the configuration, for people; empty if it can be used.
  const std::string& problem() const { return problem_; }

  using Take = std::function<void(const audit::LoggedDecision& logged, const audit::Replayer::Outcome& outcome)>;
  // Judges all records of `reader` that `filter` lets through, not always in their order.
  void JudgeAll(audit::LogReader* reader, const audit::LogFilter& filter, const Take& take);

  audit::Replayer::Outcome Judge(const audit::LoggedDecision& logged);

 private:
  std::size_t ConfigOf(const std::string& project);
  void JudgeKept(const Take& take);

  std::string config_path_;
  std::string problem_;
  std::vector<std::unique_ptr<policy::LoadedConfig>> configs_;  // the first is that outside of projects
  std::map<std::string, std::size_t, std::less<>> by_project_;
  // A plugin exists once in a process, so only one configuration is ready at a time; what is for others is kept for
  // later, so that it seldom changes.
  std::size_t ready_ = 0;
  std::unique_ptr<audit::Replayer> replayer_;
  std::map<std::size_t, std::vector<std::string>> kept_;  // lines
  std::size_t kept_lines_ = 0;
};

}  // namespace safe_docker::commands
