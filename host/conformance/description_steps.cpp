// What the plugin says of itself.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include "conformance/ordinary_requests.hpp"
#include "conformance/session.hpp"
#include "conformance/steps.hpp"
#include "plugins/call.hpp"
#include "plugins/loader.hpp"

namespace safe_docker::conformance {
namespace {

std::string Milliseconds(std::chrono::steady_clock::duration time) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2f ms", std::chrono::duration<double, std::milli>(time).count());
  return text;
}

// "1.2.3", with anything behind "-" or "+".
bool IsVersion(std::string_view text) {
  int parts = 0;
  while (parts < 3) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0) {
      return false;
    }
    text.remove_prefix(digits);
    if (++parts < 3 && !text.starts_with('.')) {
      return false;
    }
    text.remove_prefix(parts < 3 ? 1 : 0);
  }
  return text.empty() || text.front() == '-' || text.front() == '+';
}

bool IsOneLine(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char byte) { return static_cast<unsigned char>(byte) < ' ' || byte == '\x7f'; });
}

// Runs `body` with the plugin loaded, in a child that is expected to live.
template <typename Body>
void Describe(const Subject& subject, std::string_view id, Report* report, const Body& body) {
  const Ending ending = RunIsolated(
      subject.limits,
      [&](Teller& teller) {
        teller.Doing("loading it");
        Session session(subject);
        const std::string error = session.Load();
        Report found;
        body(session, error, &found);
        for (const Point& point : found.points) {
          teller.Tell(point);
        }
        for (const auto& [fact, value] : found.facts) {
          teller.Know(fact, value);
        }
      },
      report);
  if (!ending.finished) {
    report->Fail(id, "it " + ending.how + " in " + ending.doing, "Read nothing and run nothing while it is loaded.");
  }
}

}  // namespace

void TryLoading(const Subject& subject, Report* report) {
  const Ending ending = RunIsolated(
      subject.limits,
      [&](Teller& teller) {
        teller.Doing("an initialiser, which the dynamic linker runs");
        plugins::LoadedLibrary library;
        const auto start = std::chrono::steady_clock::now();
        const auto loaded = plugins::Guarded([&]() -> std::int32_t {
          library = plugins::LoadLibrary(subject.path);
          return SDP_OK;
        });
        const auto time = std::chrono::steady_clock::now() - start;
        if (!loaded || library.plugin == nullptr) {
          teller.Tell({"load", Level::kFailure, loaded ? library.error : "loading it let an exception escape",
                       "Build it against the headers of the safe-docker that will load it, with every symbol defined "
                       "(-Wl,-z,defs finds those that are not)."});
          return;
        }
        const std::string abi =
            std::to_string(library.plugin->abi_major) + "." + std::to_string(library.plugin->abi_minor);
        teller.Know("abi", abi);
        teller.Tell({"load", Level::kOk, "it loads in " + Milliseconds(time) + " and speaks ABI " + abi, ""});
      },
      report);
  if (!ending.finished) {
    report->Fail("load", "it " + ending.how + " in " + ending.doing,
                 "Do nothing before create is called: no objects with constructors outside of functions.");
  }
}

void TryDescription(const Subject& subject, Report* report) {
  Describe(subject, "description", report, [&](const Session& session, const std::string& error, Report* found) {
    if (!error.empty()) {
      found->Fail("description", error, "safe_docker/plugin.h says what a description holds; fill in every field.");
      return;
    }
    const plugins::Description& description = session.description();
    found->facts["id"] = description.id;
    found->facts["version"] = description.version;
    std::string file = std::filesystem::path(subject.path).stem().string();
    std::replace(file.begin(), file.end(), '_', '-');
    if (file != description.id) {
      found->Warn("description", "its id is " + std::string(description.id) + ", its file is called " + file,
                  "Call both the same; the table in config.toml is [plugins." + std::string(description.id) + "].");
    }
    if (!IsVersion(description.version)) {
      found->Warn("description", "its version is no semantic version", "Number it as in \"1.0.0\".");
    }
    if (description.summary.empty() || !IsOneLine(description.summary)) {
      found->Warn("description", "its summary is not one line", "Say in one line what it watches over.");
    }
    if (found->points.empty()) {
      found->Ok("description", "it is " + std::string(description.id) + " " + std::string(description.version) + ": " +
                                   std::string(description.summary));
    }
  });
}

void TryRules(const Subject& subject, Report* report) {
  Describe(subject, "rules", report, [](const Session& session, const std::string&, Report* found) {
    const plugins::Description& description = session.description();
    for (const plugins::Rule& rule : description.rules) {
      const std::string name = "its rule " + std::string(rule.id);
      if (rule.strict < rule.standard || rule.standard < rule.permissive) {
        found->Warn("rules", name + " is weaker in a stricter profile",
                    "Order its decisions: strict is at least standard, and standard at least permissive.");
      }
      if (rule.title.empty() || rule.why.empty() || !IsOneLine(rule.title) || !IsOneLine(rule.why)) {
        found->Warn("rules", name + " does not say in one line each what it finds and why that matters",
                    "Fill in title and why; `safe-docker rules` prints them.");
      }
    }
    if (description.rules.empty() && session.raw().check != nullptr && session.raw().extension == nullptr) {
      found->Warn("rules", "it has no rule, so it can report nothing", "Describe each rule that check may report.");
    }
    if (found->points.empty()) {
      const std::size_t count = description.rules.size();
      found->Ok("rules", std::to_string(count) + (count == 1 ? " rule is" : " rules are") + " well described");
    }
  });
}

void TryCommands(const Subject& subject, Report* report) {
  Describe(subject, "commands", report, [](const Session& session, const std::string&, Report* found) {
    const plugins::Description& description = session.description();
    for (const std::string_view pattern : description.commands) {
      if (const std::string wrong = CheckCommandPattern(pattern); !wrong.empty()) {
        found->Warn("commands",
                    "it wants the command \"" + std::string(pattern) + "\" and would never be asked: " + wrong,
                    "Name commands as in `safe-docker explain`: \"container run\", \"compose *\".");
      }
    }
    if (found->points.empty()) {
      found->Ok("commands", description.commands.empty()
                                ? "it wants every command"
                                : std::to_string(description.commands.size()) + " wanted commands exist");
    }
  });
}

}  // namespace safe_docker::conformance
