#include "podman_reading.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "interpolation.hpp"

namespace safe_docker::compose {
namespace {

constexpr std::size_t kMaxDifferences = 20;  // one is enough to ask
constexpr int kSectionDepth = 2;             // below it, names are settings
constexpr std::string_view kEnvironment = "environment";
// What holds texts of any kind, none of them a path.
constexpr std::string_view kFreeTexts[] = {"labels", "args", "annotations", "command", "entrypoint", kEnvironment};

// "~name", which Python takes for the home of that user and compose for a path in one's own.
bool IsHomeOfOther(std::string_view text) {
  return text.size() > 1 && text.front() == '~' && text[1] != '/' && text[1] != ':';
}

std::optional<std::string> Replaced(std::string_view written, const Variables& variables) {
  try {
    return Interpolate(written, variables);
  } catch (const InterpolationError&) {
    return std::nullopt;
  }
}

class Comparison {
 public:
  void Visit(const Entry& place, const Node& node, const Variables& variables, int depth, bool is_free) {
    if (differences_.size() >= kMaxDifferences) {
      return;
    }
    if (node.IsMap()) {
      VisitMap(node, variables, depth, is_free);
    } else if (node.IsList()) {
      for (const Entry& item : node.entries) {
        Visit(item, *item.value, variables, depth + 1, is_free);
      }
    } else {
      VisitText(place, node, variables, is_free);
    }
  }

  std::vector<Difference> Take() && { return std::move(differences_); }

 private:
  void VisitMap(const Node& map, const Variables& variables, int depth, bool is_free) {
    const Entry* found = FindRaw(map, kEnvironment);
    const Node* environment = found == nullptr ? nullptr : found->value;
    std::vector<std::string> texts;  // outlives the scope, whose values are views
    Variables inner(&variables);
    if (environment != nullptr) {
      texts.reserve(environment->entries.size());
      Define(*environment, variables, inner, texts);
    }
    const Variables& scope = environment == nullptr ? variables : inner;
    for (const Entry& entry : map.entries) {
      if (HasVariables(entry.key) && !is_free) {
        differences_.push_back(
            {entry.key, "podman-compose may replace the variable in this key", entry.line, entry.column});
      }
      if (entry.key != kEnvironment || depth < kSectionDepth) {
        const bool is_free_text = std::ranges::find(kFreeTexts, entry.key) != std::end(kFreeTexts);
        Visit(entry, *entry.value, scope, depth + 1, is_free || (is_free_text && depth >= kSectionDepth));
      }
    }
  }

  // What an environment adds to the variables; those that there are already win.
  static void Define(const Node& environment, const Variables& variables, Variables& inner,
                     std::vector<std::string>& texts) {
    for (const Entry& entry : environment.entries) {
      const bool is_pair = !environment.IsMap();
      const std::string_view written = entry.value->written;
      const std::size_t equals = written.find('=');
      if (entry.value->IsNull() || (is_pair && equals == std::string_view::npos)) {
        continue;
      }
      const std::string_view name = is_pair ? written.substr(0, equals) : entry.key;
      const std::string_view value = is_pair ? written.substr(equals + 1) : written;
      texts.push_back(Replaced(value, variables).value_or(std::string(value)));
      inner.Define(name, texts.back());
    }
  }

  void VisitText(const Entry& place, const Node& node, const Variables& variables, bool is_free) {
    if (HasVariables(node.written) && Replaced(node.written, variables) != node.text) {
      differences_.push_back(
          {node.written, "podman-compose replaces the variables of this text otherwise", place.line, place.column});
    }
    if (!is_free && IsHomeOfOther(node.text)) {
      differences_.push_back(
          {node.written, "podman-compose takes this for the home of another user", place.line, place.column});
    }
  }

  std::vector<Difference> differences_;
};

}  // namespace

std::vector<Difference> PodmanDifferences(const Node& document, const Variables& variables) {
  Comparison comparison;
  comparison.Visit({{}, &document, document.line, document.column}, document, variables, 0, false);
  return std::move(comparison).Take();
}

bool HasColonLines(std::string_view content) {
  while (!content.empty()) {
    const std::size_t end = std::min(content.find('\n'), content.size());
    const std::string_view line = content.substr(0, end);
    content.remove_prefix(std::min(end + 1, content.size()));
    const std::size_t first = line.find_first_not_of(" \t\v\f\r");
    const std::size_t mark = line.find_first_of("=:");
    if (mark != std::string_view::npos && line[mark] == ':' && line[first] != '#') {
      return true;
    }
  }
  return false;
}

}  // namespace safe_docker::compose
