#include "policy/config_reader.hpp"

#include <sstream>

#include "file_system.hpp"
#include "policy/suggestion.hpp"

namespace safe_docker::policy {

bool Reader::MayLoosen(const toml::node& node, std::string_view key) {
  if (author_ == Author::kProject) {
    Record(Contribution::Kind::kIgnored, node, key);
    return false;
  }
  if (author_ == Author::kTrustedProject) {
    Record(Contribution::Kind::kLoosens, node, key);
  }
  return true;
}

void Reader::Record(Contribution::Kind kind, const toml::node& node, std::string_view key) {
  if (options_.record_contributions) {
    loaded_.contributions.push_back({kind, PlaceOf(node), std::string(key), ToJson(node).dump()});
  }
}

void Reader::Report(Problem::Severity severity, const toml::source_region& where, std::string_view key,
                    std::string message) {
  Problem problem;
  problem.severity = severity;
  problem.file = file_;
  problem.line = where.begin.line;
  problem.column = where.begin.column;
  problem.key = key;
  problem.message = std::move(message);
  loaded_.problems.push_back(std::move(problem));
}

std::string Reader::Expand(std::string_view text) const {
  if (home_.empty()) {
    return std::string(text);
  }
  for (const std::string_view prefix : {"~", "$HOME", "${HOME}"}) {
    if (text.starts_with(prefix) && (text.size() == prefix.size() || text[prefix.size()] == '/')) {
      return home_ + std::string(text.substr(prefix.size()));
    }
  }
  return std::string(text);
}

std::optional<std::string> Reader::AbsolutePath(const toml::node& node, std::string_view key) {
  const std::string path = Expand(*node.value<std::string_view>());
  if (!path.starts_with('/')) {
    const bool needs_home = home_.empty() && (path[0] == '~' || path[0] == '$');
    Error(node, key,
          needs_home ? "'" + path + "' lies below your home, and HOME does not say where that is"
                     : "'" + path + "' is relative: write an absolute path, or one that starts with ~");
    return std::nullopt;
  }
  return CleanPath(path, "/");
}

std::vector<std::string> Reader::Texts(const toml::node& node, std::string_view key) {
  std::vector<std::string> texts;
  const auto add = [&](const toml::node& item) {
    const std::optional<std::string> text = item.value_exact<std::string>();
    if (!text || text->empty()) {
      Error(item, key, text ? "an empty text" : "expected a string, found " + TypeName(item.type()));
    } else if (text->front() != '@') {
      texts.push_back(*text);
    } else if (const std::vector<std::string>* list = List(item, key, std::string_view(*text).substr(1))) {
      texts.insert(texts.end(), list->begin(), list->end());
    }
  };
  if (const toml::array* array = node.as_array()) {
    std::for_each(array->begin(), array->end(), add);
    if (array->empty()) {
      Error(node, key, "an empty list");
    }
  } else {
    add(node);
  }
  return texts;
}

const std::vector<std::string>* Reader::List(const toml::node& node, std::string_view key, std::string_view name) {
  const auto found = loaded_.lists.find(name);
  if (found != loaded_.lists.end()) {
    return &found->second;
  }
  std::vector<std::string_view> known;
  for (const auto& [each, items] : loaded_.lists) {
    known.push_back(each);
  }
  Error(node, key, "there is no list '" + std::string(name) + "' in [lists]" + DidYouMean(name, known));
  return nullptr;
}

void Reader::SetList(std::string_view name, std::vector<std::string> items) {
  loaded_.lists.insert_or_assign(std::string(name), std::move(items));
}

std::string DidYouMean(std::string_view name, std::span<const std::string_view> known) {
  const std::string_view nearest = Nearest(name, known);
  return nearest.empty() ? "" : ", did you mean '" + std::string(nearest) + "'?";
}

std::string TypeName(toml::node_type type) {
  switch (type) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::date:
      return "a date";
    default:
      return "another type";
  }
}

nlohmann::json ToJson(const toml::node& node) {
  if (const toml::table* table = node.as_table()) {
    nlohmann::json object = nlohmann::json::object();
    for (const auto& [key, value] : *table) {
      object[std::string(key.str())] = ToJson(value);
    }
    return object;
  }
  if (const toml::array* array = node.as_array()) {
    nlohmann::json list = nlohmann::json::array();
    for (const toml::node& item : *array) {
      list.push_back(ToJson(item));
    }
    return list;
  }
  if (const auto text = node.value_exact<std::string>()) {
    return *text;
  }
  if (const auto flag = node.value_exact<bool>()) {
    return *flag;
  }
  if (const auto integer = node.value_exact<std::int64_t>()) {
    return *integer;
  }
  if (const auto number = node.value_exact<double>()) {
    return *number;
  }
  if (const auto date = node.value_exact<toml::date>()) {
    std::ostringstream text;  // what toml++ has for it
    text << *date;
    return text.str();
  }
  return nullptr;
}

}  // namespace safe_docker::policy
