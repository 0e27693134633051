// Says what the compose plugin makes of a command line, for compare.py: one case a line on standard input,
//   {"argv": ["docker", "compose", ...], "cwd": "/...", "env": {"NAME": "value"}}
// and one line of JSON for each on standard output: the requests with their effects, the findings, and the model that
// all files make together. The plugin's own sources are linked in; files and folders are those of the disk.
//   {"yaml": "..."} gives the same text as JSON.
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "describe_effect.hpp"
#include "docker/requests.hpp"
#include "plugins/bridge.hpp"
#include "plugins/services.hpp"
#include "plugins/sinks.hpp"
#include "project.hpp"
#include "yaml.hpp"

extern "C" const sdp_plugin safe_docker_plugin_v1;

namespace safe_docker {
namespace {

using nlohmann::json;

json Describe(const docker::Request& request) {
  json effects = json::array();
  for (const docker::Effect& effect : request.effects) {
    if (effect.kind != SDP_EFFECT_USE_ENGINE) {
      json& described = effects.emplace_back(docker::DescribeEffect(effect));
      described["written"] = effect.evidence.written;
    }
  }
  return {{"command", request.command}, {"service", request.evidence.service}, {"effects", std::move(effects)}};
}

class Expander {
 public:
  Expander() : services_("compose", json::object()) {
    wrong_ = plugins::ReadDescription(safe_docker_plugin_v1, "compose", &description_);
    std::vector<policy::Finding> none;
    plugins::FindingSink sink(description_, nullptr, &none);
    if (!wrong_.empty() || safe_docker_plugin_v1.create(&services_.raw(), &sink.raw(), &self_) != SDP_OK) {
      std::fprintf(stderr, "describe_project: the plugin cannot be used: %s\n", wrong_.c_str());
      std::exit(EXIT_FAILURE);
    }
  }
  Expander(const Expander&) = delete;
  Expander& operator=(const Expander&) = delete;
  ~Expander() { safe_docker_plugin_v1.destroy(self_); }

  json Expand(const docker::Request& request) {
    std::vector<docker::Request> made;
    std::vector<policy::Finding> findings;
    plugins::FindingSink sink(description_, &request, &findings);
    plugins::RequestSink requests(request, &made);
    const plugins::LentRequest lent(request);
    services_.BeginCall(request.environment, request.inputs);
    const std::int32_t status = safe_docker_plugin_v1.expand(self_, &lent.raw(), &requests.raw(), &sink.raw());
    json described = Model(lent.raw());
    services_.EndCall();
    std::string violation = requests.Finish().violation;
    if (status != SDP_OK) {
      violation += "failed: " + sink.errors().error;
    }
    described["requests"] = Described(made);
    described["findings"] = Described(findings);
    described["violation"] = violation;
    return described;
  }

 private:
  static json Described(const std::vector<docker::Request>& requests) {
    json described = json::array();
    for (const docker::Request& request : requests) {
      described.push_back(Describe(request));
    }
    return described;
  }

  static json Described(const std::vector<policy::Finding>& findings) {
    json described = json::array();
    for (const policy::Finding& finding : findings) {
      described.push_back({{"rule", finding.rule}, {"message", finding.message}});
    }
    return described;
  }

  // The folder of the project and the merged files, before anything is made of them; nulls if they cannot be read.
  json Model(const sdp_request& lent) {
    try {
      const plugin::Request request(lent);
      const compose::CommandLine line(request);
      compose::Arena arena;
      const plugin::Host host(services_.raw());
      compose::Project project(host, line, arena);
      project.Load();
      const compose::Node* model = project.model();
      return {{"folder", project.folder()}, {"model", model == nullptr ? json() : Plain(*model)}};
    } catch (const compose::Failure&) {
      return {{"folder", json()}, {"model", json()}};
    }
  }

 public:
  static json Plain(const compose::Node& node) {
    switch (node.kind) {
      case compose::Kind::kNull:
        return {};
      case compose::Kind::kBoolean:
        return node.text.starts_with('t') || node.text.starts_with('T');
      case compose::Kind::kNumber: {
        json number = json::parse(node.text, nullptr, /*allow_exceptions=*/false);
        return number.is_number() ? number : json(node.text);
      }
      case compose::Kind::kString:
        return node.text;
      case compose::Kind::kList: {
        json list = json::array();
        for (const compose::Entry& entry : node.entries) {
          if (entry.value->tag != compose::Tag::kReset) {
            list.push_back(Plain(*entry.value));
          }
        }
        return list;
      }
      case compose::Kind::kMap: {
        json map = json::object();
        for (const compose::Entry& entry : node.entries) {
          if (entry.value->tag != compose::Tag::kReset) {
            map[std::string(entry.key)] = Plain(*entry.value);
          }
        }
        return map;
      }
    }
    return {};
  }

 private:
  plugins::Services services_;
  plugins::Description description_;
  std::string wrong_;
  void* self_ = nullptr;
};

// ---- One case ------------------------------------------------------------------------------------------------------

json DescribeCommand(const json& given, Expander& expander) {
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
  json described = json::array();
  for (const docker::Request& request : docker::ReadCommandLine(line)) {
    json one = Describe(request);
    if (request.needs_expansion) {
      one["expansion"] = expander.Expand(request);
    }
    described.push_back(std::move(one));
  }
  return described;
}

json DescribeYaml(const std::string& text) {
  plugins::Services services("yaml", json::object());
  const plugin::Host host(services.raw());
  compose::Arena arena;
  const compose::Variables variables(host, "/");
  return Expander::Plain(*compose::ReadYaml(text, {"-", "/"}, variables, arena).roots.at(0));
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

int Run() {
  Expander expander;
  std::string line;
  while (ReadLine(&line)) {
    const json given = json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (given.is_discarded()) {
      std::fprintf(stderr, "describe_project: not JSON: %s\n", line.c_str());
      return EXIT_FAILURE;
    }
    const json described =
        given.contains("yaml") ? DescribeYaml(given.at("yaml").get<std::string>()) : DescribeCommand(given, expander);
    std::printf("%s\n", described.dump(-1, ' ', /*ensure_ascii=*/true, json::error_handler_t::replace).c_str());
    std::fflush(stdout);
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace safe_docker

int main() { return safe_docker::Run(); }
