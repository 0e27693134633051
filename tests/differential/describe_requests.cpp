// Says what this project reads in docker command lines, for compare.py: one case a line on standard input,
//   {"argv": ["docker", ...], "cwd": "/...", "env": {"NAME": "value"}}
// and one line of JSON for each on standard output: its requests with their options, arguments and effects.
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "describe_effect.hpp"
#include "docker/requests.hpp"

namespace safe_docker::docker {
namespace {

using nlohmann::json;

json Describe(const Request& request) {
  json effects = json::array();
  for (const Effect& effect : request.effects) {
    effects.push_back(DescribeEffect(effect));
  }
  json options = json::array();
  for (const Option& option : request.options) {
    options.push_back({option.name, option.value});
  }
  return {{"command", request.command},
          {"engine", request.engine},
          {"incomplete", (request.flags & SDP_REQUEST_INCOMPLETE) != 0},
          {"options", std::move(options)},
          {"arguments", request.arguments},
          {"effects", std::move(effects)}};
}

json Describe(const json& given) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : given.at("env").items()) {
    variables.push_back(name + "=" + value.get<std::string>());
  }
  std::vector<const char*> process;
  for (const std::string& variable : variables) {
    process.push_back(variable.c_str());
  }
  process.push_back(nullptr);

  CommandLine line;
  line.environment = Environment(process.data());
  line.cwd = given.at("cwd").get<std::string>();
  for (const json& text : given.at("argv")) {
    Word word;
    word.text = word.written = text.get<std::string>();
    line.source += (line.source.empty() ? "" : " ") + word.text;
    line.words.push_back(std::move(word));
  }
  json requests = json::array();
  for (const Request& request : ReadCommandLine(line)) {
    requests.push_back(Describe(request));
  }
  return requests;
}

// One line without its end; false at the end of the input.
bool ReadLine(std::string* line) {
  line->clear();
  for (int letter = std::getchar(); letter != EOF; letter = std::getchar()) {
    if (letter == '\n') {
      return true;
    }
    *line += static_cast<char>(letter);
  }
  return !line->empty();
}

}  // namespace
}  // namespace safe_docker::docker

int main() {
  std::string line;
  while (safe_docker::docker::ReadLine(&line)) {
    const nlohmann::json given = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (given.is_discarded()) {
      std::fprintf(stderr, "describe_requests: not JSON: %s\n", line.c_str());
      return EXIT_FAILURE;
    }
    const std::string described = safe_docker::docker::Describe(given).dump(-1, ' ', /*ensure_ascii=*/true,
                                                                            nlohmann::json::error_handler_t::replace);
    std::printf("%s\n", described.c_str());
  }
  return EXIT_SUCCESS;
}
