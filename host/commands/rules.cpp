#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "commands/commands.hpp"
#include "commands/json_output.hpp"
#include "commands/known_rules.hpp"
#include "commands/terminal.hpp"
#include "file_system.hpp"
#include "guard.hpp"
#include "modes/door.hpp"
#include "policy/selector.hpp"

namespace safe_docker::commands {
namespace {

using policy::Decision;
using policy::Rule;

// What a rule comes to under the configuration: the finding that it would make, decided.
policy::Finding InForce(const Rule& rule, const policy::LoadedConfig& config) {
  policy::Finding finding;
  finding.rule = rule.id;
  finding.profiles = rule.profiles;
  finding.decision = rule.profiles.standard;
  finding.tags = rule.tags;
  policy::Policy policy = config.config.policy;
  policy.exceptions.clear();  // they are made for single things
  return policy::Decide({finding}, policy, policy::Today()).findings.front();
}

bool IsMeant(const Rule& rule, const std::vector<std::string>& words) {
  return words.empty() || std::any_of(words.begin(), words.end(), [&rule](const std::string& word) {
           return policy::Selects(policy::ReadSelector(word), rule.id, rule.tags) ||
                  policy::HasTag(rule.standards, word);
         });
}

nlohmann::ordered_json ToJson(const Rule& rule, const policy::LoadedConfig& config) {
  const policy::Finding in_force = InForce(rule, config);
  return {{"id", rule.id},
          {"severity", Name(rule.severity)},
          {"strict", Name(rule.profiles.strict)},
          {"standard", Name(rule.profiles.standard)},
          {"permissive", Name(rule.profiles.permissive)},
          {"decision", Name(in_force.raised)},
          {"treatment", Name(in_force.treatment)},
          {"because", in_force.because},
          {"fixed", policy::IsFixed(rule.id)},
          {"title", rule.title},
          {"why", rule.why},
          {"standards", rule.standards},
          {"tags", rule.tags}};
}

std::string Cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
    text.insert(at, "\\");
  }
  return text;
}

// One table a plugin, as docs/rules.md has them.
std::string Markdown(const std::vector<const Rule*>& rules) {
  std::string text;
  std::string_view plugin;
  for (const Rule* rule : rules) {
    const std::string_view owner = std::string_view(rule->id).substr(0, rule->id.find('/'));
    if (owner != plugin) {
      text += (plugin.empty() ? "### " : "\n### ") + std::string(owner) +
              "\n\n| rule | strict | standard | permissive | severity | what | why | standards | tags |\n"
              "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n";
      plugin = owner;
    }
    text += "| `" + rule->id + "` | " + std::string(Name(rule->profiles.strict)) + " | " +
            std::string(Name(rule->profiles.standard)) + " | " + std::string(Name(rule->profiles.permissive)) + " | " +
            std::string(Name(rule->severity)) + " | " + Cell(rule->title) + " | " + Cell(rule->why) + " | " +
            rule->standards + " | " + rule->tags + " |\n";
  }
  return text;
}

std::string Line(const Rule& rule, const policy::LoadedConfig& config, const Terminal& terminal) {
  const policy::Finding in_force = InForce(rule, config);
  const std::string treatment =
      in_force.treatment == policy::Treatment::kEnforced || in_force.treatment == policy::Treatment::kPassed
          ? ""
          : " (" + std::string(Name(in_force.treatment)) + ")";
  return terminal.PaintBold(rule.id) + std::string(rule.id.size() < 30 ? 30 - rule.id.size() : 0, ' ') + "  " +
         terminal.Paint(in_force.raised, PadRight(std::string(Name(in_force.raised)) + treatment, 14)) + "  " +
         PadRight(Name(rule.severity), 8) + "  " + rule.title + "\n";
}

std::string Page(const Rule& rule, const policy::LoadedConfig& config, const Terminal& terminal) {
  const policy::Finding in_force = InForce(rule, config);
  std::string text = terminal.PaintBold(rule.id) + ": " + rule.title + "\n  why        " + rule.why +
                     "\n  decision   " + terminal.Paint(in_force.raised, Name(in_force.raised));
  text += in_force.treatment == policy::Treatment::kEnforced
              ? "\n"
              : ", " + std::string(Name(in_force.treatment)) + " (" + in_force.because + ")\n";
  text += "  profiles   strict " + std::string(Name(rule.profiles.strict)) + ", standard " +
          std::string(Name(rule.profiles.standard)) + ", permissive " + std::string(Name(rule.profiles.permissive)) +
          "\n  severity   " + std::string(Name(rule.severity)) + "\n";
  text += rule.standards.empty() ? "" : "  standards  " + rule.standards + "\n";
  text += rule.tags.empty() ? "" : "  tags       " + rule.tags + "\n";
  text += policy::IsFixed(rule.id) ? "  Nothing in the configuration can loosen it.\n" : "";
  return text;
}

int Run(const Options& options) {
  modes::ConfigurationRequest request = modes::ForCommandIn(CurrentFolder(nullptr));
  request.explicit_path = options.Last("--config").value_or("");
  const policy::LoadedConfig config = modes::LoadConfiguration(modes::ProcessEnvironment(), request);
  const std::vector<Rule> rules = DescribeRules(config.config).rules;
  guard::Answered();
  std::vector<const Rule*> meant;
  for (const Rule& rule : rules) {
    if (IsMeant(rule, options.words)) {
      meant.push_back(&rule);
    }
  }
  if (meant.empty()) {
    return RefuseArguments("no rule is called '" + options.words[0] + "'" + NearestRule(options.words[0], rules));
  }
  const Terminal terminal = Terminal::OfOutput();
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  std::string text = options.Has("--markdown") ? Markdown(meant) : "";
  for (const Rule* rule : meant) {
    if (options.Has("--json")) {
      list.push_back(ToJson(*rule, config));
    } else if (!options.Has("--markdown")) {
      text += options.words.empty() || meant.size() > 3 ? Line(*rule, config, terminal) : Page(*rule, config, terminal);
    }
  }
  Print(options.Has("--json") ? AsciiJson(list) + "\n" : text);
  return 0;
}

}  // namespace

Command Rules() {
  return {
      .manual = {.name = "rules",
                 .group = Group::kUnderstanding,
                 .summary = "the rules with their decisions; all that is known of one",
                 .usage = {"rules [--json | --markdown] [--config PATH] [RULE...]"},
                 .description = {"Lists the rules that can object, with their decisions here; with a RULE, all that is "
                                 "known of it. A RULE is an id (mounts/outside-home), several of them (flags/*), a tag "
                                 "(tag:network) or a standard (CIS-5.4, PSS-hostNamespaces)."},
                 .options = {{"--json", "", "as a JSON array"},
                             {"--markdown", "", "as tables, as docs/rules.md has them"},
                             {"--config", "PATH", "decide by this file instead of the user's"}},
                 .words = "RULE",
                 .most_words = kAnyNumber,
                 .examples = {{"safe-docker rules mounts/outside-home", "All that is known of one rule."},
                              {"safe-docker rules tag:escape --json", "Those against ways out, for a program."}},
                 .exit_codes = {{0, "listed"}, {2, "it was called wrongly, or there is no such rule"}},
                 .see_also = {"safe-docker-explain(1)", "safe-docker-rules(7)", "safe-docker-policy(7)"}},
      .run = &Run,
      .is_watched = true};
}

}  // namespace safe_docker::commands
