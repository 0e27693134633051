// Reads the tables of one configuration file into a LoadedConfig, and remembers where it is for messages. What single
// keys mean is in config_keys.cpp; this is what they share.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/config.hpp"
#include "toml.hpp"

namespace safe_docker::policy {

class Reader {
 public:
  Reader(std::string file, std::string_view home, const ReadingOptions& options, Author author, LoadedConfig* loaded)
      : file_(std::move(file)), home_(home), options_(options), author_(author), loaded_(*loaded) {}

  Config& config() { return loaded_.config; }
  const ReadingOptions& options() const { return options_; }
  const std::string& file() const { return file_; }
  bool is_project() const { return author_ != Author::kUser; }

  // Whether what `node` says may allow more than was allowed before. If not, that is kept for `status`.
  bool MayLoosen(const toml::node& node, std::string_view key);

  // Keeps what a line did, for `status`.
  void Record(Contribution::Kind kind, const toml::node& node, std::string_view key);

  Place PlaceOf(const toml::node& node) const { return {file_, node.source().begin.line}; }

  void Report(Problem::Severity severity, const toml::source_region& where, std::string_view key, std::string message);
  void Error(const toml::node& node, std::string_view key, std::string message) {
    Report(Problem::Severity::kError, node.source(), key, std::move(message));
  }
  void Warn(const toml::node& node, std::string_view key, std::string message) {
    Report(Problem::Severity::kWarning, node.source(), key, std::move(message));
  }

  // The text with "~" and $HOME in front replaced. Without a home nothing is: "~/x" must not become "/x".
  std::string Expand(std::string_view text) const;

  // An absolute path, or nothing and a problem.
  std::optional<std::string> AbsolutePath(const toml::node& node, std::string_view key);

  // The texts of a list, or a single text, with the lists that it names ("@NAME") put in.
  std::vector<std::string> Texts(const toml::node& node, std::string_view key);

  // The list that is called `name` (without "@"); null and a problem if there is none.
  const std::vector<std::string>* List(const toml::node& node, std::string_view key, std::string_view name);
  void SetList(std::string_view name, std::vector<std::string> items);

 private:
  std::string file_;
  std::string home_;
  ReadingOptions options_;
  Author author_;
  LoadedConfig& loaded_;
};

std::string DidYouMean(std::string_view name, std::span<const std::string_view> known);

// "a list".
std::string TypeName(toml::node_type type);

// A value as JSON. Dates become texts.
nlohmann::json ToJson(const toml::node& node);

// The texts of a list, without those that `take` refuses. A text that stands twice is pointed out.
template <typename Take>
std::vector<std::string> TakeTexts(const toml::node& node, std::string_view key, Reader* reader, const Take& take) {
  std::vector<std::string> taken;
  for (const toml::node& item : *node.as_array()) {
    if (!item.is_string()) {
      reader->Error(item, key, "expected a string, found " + TypeName(item.type()));
      continue;
    }
    std::optional<std::string> text = take(item);
    if (!text) {
      continue;
    }
    if (std::find(taken.begin(), taken.end(), *text) != taken.end()) {
      reader->Warn(item, key, "'" + *text + "' stands here twice");
      continue;
    }
    taken.push_back(std::move(*text));
  }
  return taken;
}

}  // namespace safe_docker::policy
