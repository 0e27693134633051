// What all bake files together define: variables and functions, which give expressions their values, groups, and
// targets with their matrix, in the order and with the merging of buildx. Nothing here knows what a field means.
#pragma once

#include <safe_docker/checker.hpp>

#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bake_files.hpp"
#include "evaluator.hpp"
#include "syntax.hpp"
#include "value.hpp"

namespace safe_docker::bake {

struct Field {
  std::string name;
  Value value;
};

struct Target {
  std::string name;  // holds an unknown part if nobody can tell
  Place place;
  std::vector<Field> fields;
  bool is_complete = true;  // false if it inherits something that is not known

  const Value* Find(std::string_view field) const;
  void Set(std::string_view field, Value value);
  void Remove(std::string_view field);
  // Lays `later` over this: some fields replace, some add.
  void Merge(const Target& later);
};

struct Group {
  std::string name;
  std::vector<std::string> targets;  // targets and groups
};

class Definition final : private Names {
 public:
  Definition(const plugin::Host& host, const CommandLine& line);

  // Reads a file. Throws Failure.
  // False, with the reason, if what the file will hold is only known when the command runs.
  bool Read(const std::string& path, std::string_view* why);
  // Works out groups and targets, once all files are read. Throws Failure.
  void Resolve();

  const std::vector<Target>& targets() const { return targets_; }
  const std::vector<Group>& groups() const { return groups_; }

 private:
  struct File {
    Source source;
    Body body;
  };

  Value Variable(const std::string& name) override;
  Value Field(std::string_view type, std::string_view name, std::string_view field) override;
  const Block* Function(std::string_view name) override;

  void Index(const Body& body);
  Value VariableOf(const std::string& name);
  Value Given(const std::string& name, const Block& variable, const Value& preset);
  void AddGroup(const Block& block);
  void AddTarget(const Block& block);
  std::vector<Scope> MatrixOf(const Block& block);
  void AddTo(const std::string& group, const std::string& target);

  const plugin::Host& host_;
  const CommandLine& line_;
  Evaluator evaluator_;
  std::deque<File> files_;
  std::map<std::string, const Block*, std::less<>> variables_;
  std::map<std::string, const Block*, std::less<>> functions_;
  std::map<std::string, std::vector<const Attribute*>, std::less<>> attributes_;
  std::map<std::string, Value> values_;
  std::set<std::string> evaluating_;
  std::vector<const Block*> target_blocks_;
  std::vector<const Block*> group_blocks_;
  std::vector<Target> targets_;
  std::vector<Group> groups_;
};

}  // namespace safe_docker::bake
