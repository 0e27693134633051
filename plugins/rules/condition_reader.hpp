// Reads the condition of a rule, and sees to it that it makes sense: what could never hold, or says something else than
// it seems to, is a problem and no condition.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "condition.hpp"
#include "problems.hpp"

namespace safe_docker::rules {

class ConditionReader {
 public:
  explicit ConditionReader(Problems* problems) : problems_(problems) {}

  // The condition in `json`, which stands at `place`. What it returns counts only if there was no problem.
  Condition Read(const nlohmann::json& json, const Pointer& place) { return ReadTable(json, place, {}); }

 private:
  // What the tables around one say.
  struct Scope {
    std::uint64_t kinds = 0;        // of the effect that it is about
    bool chooses_requests = false;  // by command, effect or service
    bool negated = false;
    int depth = 0;
  };

  Condition ReadTable(const nlohmann::json& json, const Pointer& place, Scope scope);
  void ReadEffects(const nlohmann::json& json, const Pointer& place, Scope* scope, Condition* condition);
  void ReadMember(const std::string& key, const nlohmann::json& value, const Pointer& place, const Scope& scope,
                  Condition* condition);
  bool ReadCombinator(const std::string& key, const nlohmann::json& value, const Pointer& place, Scope scope,
                      Condition* condition);
  void ReadField(const std::string& key, const nlohmann::json& value, const Pointer& place, const Scope& scope,
                 Condition* condition);
  const Field* FindFieldFor(const std::string& key, const Pointer& place, std::uint64_t kinds);
  void ReadValues(const Field& field, const nlohmann::json& value, const Pointer& place, Test* test);
  void ReadPorts(const nlohmann::json& value, const Pointer& place, Test* test);
  void ReadOption(const nlohmann::json& value, const Pointer& place, Condition* condition);
  void ReadLacks(const nlohmann::json& value, const Pointer& place, const Scope& scope, Condition* condition);
  void ReadExpressions(const nlohmann::json& value, const Pointer& place, Condition* condition);
  // A text or a list of texts, each a pattern that may be compared.
  std::vector<std::string> ReadPatterns(const nlohmann::json& value, const Pointer& place);
  void CheckPatterns(const Field& field, const Pointer& place, std::vector<std::string>* patterns);
  void CheckTogether(const nlohmann::json& json, const Pointer& place);

  Problems* problems_;
  int count_ = 0;
};

}  // namespace safe_docker::rules
