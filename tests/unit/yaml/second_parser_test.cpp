// Reads the YAML files of the expanders' cases with another parser, yaml-cpp, and expects the same tree: the same keys
// in the same order, the same kinds, the same texts. What yaml-cpp leaves to its caller (merge keys, tags) is done
// here, in the plainest way. Files that are read in two ways on purpose are rows of second_parser.differences.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "yaml/arena.hpp"
#include "yaml/failure.hpp"
#include "yaml/scalars.hpp"
#include "yaml/yaml.hpp"

namespace safe_docker::yaml {
namespace {

struct File {
  std::string origin;  // "fields.txt: name of the case: compose.yaml"
  std::string content;
};

bool IsYaml(std::string_view name) { return name.ends_with(".yaml") || name.ends_with(".yml"); }

// The YAML files of the cases in `path`; cases.hpp of the expanders has the form.
void AddFiles(const std::filesystem::path& path, std::vector<File>* files) {
  std::ifstream stream(path, std::ios::binary);
  std::string name;
  bool is_content = false;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("=== ")) {
      name = line.substr(4);
      is_content = false;
    } else if (line.starts_with("--- ")) {
      is_content = IsYaml(line);
      if (is_content) {
        files->push_back({path.filename().string() + ": " + name + ": " + line.substr(4), {}});
      }
    } else if (line.starts_with(">>> ") || line.starts_with("!")) {
      is_content = is_content && !line.starts_with(">>> ");
    } else if (is_content) {
      files->back().content += line + "\n";
    }
  }
}

std::vector<File> AllFiles() {
  std::vector<File> files;
  std::istringstream folders(CASE_FOLDERS);
  for (std::string folder; std::getline(folders, folder, ':');) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() == ".txt") {
        AddFiles(entry.path(), &files);
      }
    }
  }
  return files;
}

// ---- Both trees as text ------------------------------------------------------------------------------------------

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char byte : text) {
    quoted += byte == '"' || byte == '\\' ? std::string("\\") + byte
              : byte == '\n'              ? std::string("\\n")
                                          : std::string(1, byte);
  }
  return quoted + "\"";
}

std::string ScalarText(Kind kind, std::string_view text) {
  constexpr std::string_view kNames[] = {"null", "boolean ", "number ", "string "};
  return kind == Kind::kNull ? "null" : std::string(kNames[static_cast<std::size_t>(kind)]) + Quoted(text);
}

std::string Print(const Node& node) {
  const std::string tag = node.tag == Tag::kReset ? "!reset " : node.tag == Tag::kOverride ? "!override " : "";
  if (!node.IsMap() && !node.IsList()) {
    // yaml-cpp does not say how a nothing behind a tag is spelt.
    const bool is_nothing = !tag.empty() && ScalarKind(node.written, {}, true) == Kind::kNull;
    return tag + ScalarText(node.kind, is_nothing ? std::string_view("null") : node.written);
  }
  std::string text = tag + (node.IsMap() ? "{" : "[");
  for (const Entry& entry : node.entries) {
    text += (node.IsMap() ? Quoted(entry.key) + ": " : std::string{}) + Print(*entry.value) + ", ";
  }
  return text + (node.IsMap() ? "}" : "]");
}

// Its kind by yaml-cpp's own telling of plain texts from quoted ones.
std::string PrintScalar(const YAML::Node& node) {
  const std::string tag = node.Tag();
  const bool is_plain = tag == "?" || tag.empty();
  const bool has_tag = !is_plain && tag != "!";
  if (node.IsNull() && has_tag && tag.starts_with('!')) {
    return ScalarText(Kind::kString, "null");
  }
  const std::string text = node.IsNull() ? std::string{} : node.Scalar();
  // An unknown tag makes a text of what stands behind it, and so do !reset and !override.
  const Kind kind = node.IsNull() ? Kind::kNull : ScalarKind(text, has_tag ? tag : std::string{}, is_plain);
  return ScalarText(kind, text);
}

std::string PrintSecond(const YAML::Node& node);

using Pairs = std::vector<std::pair<std::string, YAML::Node>>;

bool Has(const Pairs& pairs, const std::string& key) {
  return std::any_of(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.first == key; });
}

Pairs WithMerged(const YAML::Node& map) {
  Pairs pairs;
  std::vector<YAML::Node> merged;
  for (const auto& pair : map) {
    if (pair.first.Scalar() == "<<" && pair.first.Tag() != "!") {
      const std::vector<YAML::Node> maps =
          pair.second.IsSequence() ? pair.second.as<std::vector<YAML::Node>>() : std::vector<YAML::Node>{pair.second};
      merged.insert(merged.end(), maps.begin(), maps.end());
    } else {
      pairs.emplace_back(pair.first.Scalar(), pair.second);
    }
  }
  for (const YAML::Node& other : merged) {
    for (const auto& pair : WithMerged(other)) {
      if (!Has(pairs, pair.first)) {
        pairs.push_back(pair);
      }
    }
  }
  return pairs;
}

std::string PrintSecond(const YAML::Node& node) {
  const std::string tag = node.Tag() == "!reset" || node.Tag() == "!override" ? node.Tag() + " " : "";
  if (!node.IsMap() && !node.IsSequence()) {
    return tag + PrintScalar(node);
  }
  std::string text = tag + (node.IsMap() ? "{" : "[");
  if (node.IsMap()) {
    for (const auto& [key, value] : WithMerged(node)) {
      text += Quoted(key) + ": " + PrintSecond(value) + ", ";
    }
  } else {
    for (const YAML::Node& item : node) {
      text += PrintSecond(item) + ", ";
    }
  }
  return text + (node.IsMap() ? "}" : "]");
}

// Nothing if it is refused.
std::optional<std::string> ReadFirst(const std::string& content) {
  Arena arena;
  Dialect dialect;
  dialect.has_merge_tags = true;
  try {
    std::string text;
    for (const Node* root : ReadYaml(content, {"file", "/"}, dialect, arena).roots) {
      text += Print(*root) + "\n";
    }
    return text;
  } catch (const Failure&) {
    return std::nullopt;
  }
}

std::optional<std::string> ReadSecond(const std::string& content) {
  try {
    std::string text;
    for (const YAML::Node& root : YAML::LoadAll(content)) {
      text += PrintSecond(root) + "\n";
    }
    return text;
  } catch (const YAML::Exception&) {
    return std::nullopt;
  }
}

// Rows of ORIGIN, two blanks, REASON.
std::map<std::string, std::string> Differences() {
  std::map<std::string, std::string> rows;
  std::ifstream stream(std::filesystem::path(TEST_DATA_DIR) / "second_parser.differences");
  for (std::string line; std::getline(stream, line);) {
    const std::size_t at = line.find("  ");
    if (!line.starts_with('#') && at != std::string::npos) {
      rows.emplace(line.substr(0, at), line.substr(at + 2));
    }
  }
  return rows;
}

TEST(SecondParserTest, SameTree) {
  const std::vector<File> files = AllFiles();
  const std::map<std::string, std::string> explained = Differences();
  std::set<std::string> used;
  std::size_t compared = 0;
  for (const File& file : files) {
    const std::optional<std::string> first = ReadFirst(file.content);
    if (!first) {
      continue;  // what is refused is never judged by what it says
    }
    const std::optional<std::string> second = ReadSecond(file.content);
    ++compared;
    if (first == second) {
      continue;
    }
    used.insert(file.origin);
    EXPECT_TRUE(explained.contains(file.origin)) << file.origin << "\n"
                                                 << file.content << *first << second.value_or("yaml-cpp refuses it\n");
  }
  EXPECT_GE(compared, 400U) << "of " << files.size();
  for (const auto& [origin, reason] : explained) {
    EXPECT_TRUE(used.contains(origin)) << "no longer needed: " << origin;
  }
}

}  // namespace
}  // namespace safe_docker::yaml
