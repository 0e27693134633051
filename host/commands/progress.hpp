// How far a long work has come, for a person who waits: one line on standard error that is drawn again and again and is
// gone at the end, however that comes about. Nothing is drawn for works that are done soon, nor where standard error is
// no terminal. A process has one at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "audit/log_reader.hpp"

namespace safe_docker::commands {

class Progress {
 public:
  // What is counted.
  enum class Unit : std::uint8_t { kBytes, kThings };

  // `what`: "reading audit.jsonl". `patience`: what takes no longer is not told of.
  explicit Progress(std::string what, Unit unit = Unit::kBytes,
                    std::chrono::milliseconds patience = std::chrono::milliseconds(300));
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { End(); }

  // So much of so much; `all` is 0 if nobody knows.
  void Tell(std::uint64_t done, std::uint64_t all);
  // What is done now, where nothing can be counted.
  void Tell(std::string_view step);
  // Wipes the line. Whoever prints something calls it first.
  void End();

 private:
  bool IsDue();
  void Draw(const std::string& line);

  std::string what_;
  Unit unit_;
  bool is_wanted_;
  bool is_shown_ = false;
  std::chrono::steady_clock::time_point next_;
};

// Tells `progress`, which must outlive it, how far `reader` has come.
void Watch(audit::LogReader* reader, Progress* progress);

// "reading audit.jsonl", of a log's path or "-" for standard input.
std::string Reading(std::string_view path);

}  // namespace safe_docker::commands
