// Keeps secrets out of the audit log. What the parsed requests say comes first: which option, variable or build
// argument a value belongs to. A secret that is known so is taken out of every text in whatever encoding; what stands
// in no request is found in the text itself, by the name beside it or by its shape.
#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/encodings.hpp"
#include "audit/record.hpp"
#include "policy/config.hpp"

namespace safe_docker::audit {

class Redactor {
 public:
  explicit Redactor(policy::Redaction mode) : mode_(mode) {}

  // What a request's options, arguments, variables and input say.
  void Learn(const docker::Request& request);
  // What a shell's text or a program's words say.
  void LearnFromText(std::string_view text);

  // `text` without secrets, each "[REDACTED:KIND]".
  std::string Redact(std::string_view text);

  // What has been taken out so far: "env:DB_PASSWORD", "url".
  const std::vector<std::string>& redactions() const { return redactions_; }

 private:
  // A form of a secret that was found somewhere.
  struct Known {
    Form form;
    std::size_t keep = 0;  // letters at its beginning that stay: "NAME="
    bool bounded = false;  // counts only as a whole word
    std::string kind;
    std::string name;
  };
  struct Piece {
    std::size_t begin;
    std::size_t end;
    std::string kind;
    std::string name;
  };

  void LearnOption(std::string_view option, const std::string& value);
  void LearnAssignment(std::string_view kind, std::string_view assignment);
  void LearnVariable(std::string_view kind, std::string_view name, std::string_view value);
  void LearnValue(std::string_view kind, std::string_view name, std::string_view value);
  void AddKnown(Known known);
  void FindKnown(std::string_view text, std::vector<Piece>* pieces);
  bool IsOrdinary(std::string_view value) const;

  policy::Redaction mode_;
  std::vector<Known> known_;
  std::array<std::vector<std::size_t>, 256> by_first_letter_;
  std::set<std::string, std::less<>> learned_;
  std::set<std::string, std::less<>> ordinary_;  // words of image names and the like, which are no secrets elsewhere
  std::vector<std::string> redactions_;
};

// Takes the secrets out of every text of `record`, and says in it what was taken out.
void Redact(policy::Redaction mode, Record* record);

// A message about `requests` without the secrets that they hold, for standard error and agents.
std::string RedactMessage(policy::Redaction mode, const std::vector<docker::Request>& requests,
                          std::string_view message);

}  // namespace safe_docker::audit
