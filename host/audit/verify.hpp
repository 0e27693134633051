// Reads a chained log from its oldest rotated file to its end and says where the chain does not hold. What a person has
// to judge is a flaw that breaks it; what happens by itself, such as half a line of a writer that was killed, is told.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/reading_watch.hpp"

namespace safe_docker::audit {

struct Flaw {
  bool breaks = false;
  std::string kind;  // "hash", "prev", "seq", "unchained", "head", "partial", "time", "older"
  std::string file;
  std::uint64_t line = 0;  // 1 for the first
  std::uint64_t seq = 0;   // of the record; 0 if it has none
  std::string what;        // for people
  std::string expected;
  std::string got;
};

struct Verification {
  std::string problem;  // why a file cannot be read; empty if all could
  std::vector<std::string> files;
  std::uint64_t records = 0;  // lines that are records, chained or not
  std::uint64_t chained = 0;
  std::uint64_t first_seq = 0;
  std::uint64_t last_seq = 0;
  std::string head;  // the hash of the last chained record
  std::vector<Flaw> flaws;

  bool holds() const;
};

// `head`: a hash that `safe-docker audit head` has printed before; its record must still be there. May be empty.
// `teller`, if there is one, is told how much has been read.
Verification VerifyLog(const std::string& path, std::string_view head, ReadingWatch::Teller teller = {});

}  // namespace safe_docker::audit
