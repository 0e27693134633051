// Rules as anyone may write them, and expressions with any text: what is read either makes sense or is told with a
// place, and an expression that was taken never stumbles.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "rule.hpp"

namespace safe_docker::rules {
namespace {

void Require(bool holds, const char* rule) {
  if (!holds) {
    std::fprintf(stderr, "broken: %s\n", rule);
    std::abort();
  }
}

void CheckRules(const nlohmann::json& settings) {
  Problems problems;
  for (const Rule& rule : ReadRules(settings, &problems)) {
    Require(!problems.empty() || (rule.standard >= SDP_ASK && !rule.message.empty() && !rule.id.empty()),
            "a rule that is taken can object, and say so");
  }
  Require(problems.text().find('\n') == std::string::npos, "problems are one line");
}

// The first line is an expression, the rest a text.
void CheckExpression(std::string_view input) {
  const std::string_view pattern = input.substr(0, input.find('\n'));
  const std::string_view text = input.substr(pattern.size() == input.size() ? input.size() : pattern.size() + 1);
  Expression::Error error;
  const std::optional<Expression> expression = Expression::Compile(pattern, &error);
  Require(expression.has_value() || (error.at <= pattern.size() && !error.what.empty()), "an error has a place");
  Require(!expression || !expression->Finds("") || pattern.find_first_of("^$\\") != std::string_view::npos ||
              expression->Finds(text),
          "what fits nothing at all fits in any text");
}

}  // namespace
}  // namespace safe_docker::rules

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const nlohmann::json settings = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (settings.is_object()) {
    safe_docker::rules::CheckRules(settings);
  }
  safe_docker::rules::CheckExpression(text);
  return 0;
}
