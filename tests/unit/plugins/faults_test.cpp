// Plugins that misbehave: each ends in a denial that says which one it was and why.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <ostream>
#include <string>

#include "guarded_child.hpp"
#include "plugins/plugin_set.hpp"
#include "test_plugins.hpp"

namespace safe_docker::plugins {
namespace {

using policy::Decision;
using policy::Finding;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

struct Case {
  std::string plugin;
  std::string reason;
};

void PrintTo(const Case& fault, std::ostream* out) { *out << fault.plugin; }

std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.plugin; }

auto IsFailure(const std::string& reason) {
  return AllOf(Field(&Finding::rule, policy::kPluginFailed), Field(&Finding::decision, Decision::kDeny),
               Field(&Finding::message, HasSubstr(reason)), Field(&Finding::advice, HasSubstr("enabled = false")),
               Field(&Finding::written, "docker run alpine"));
}

std::vector<Finding> Judge(const Declaration& declaration) {
  PluginSet set({declaration});
  std::vector<docker::Request> requests = {RunRequest("alpine")};
  std::vector<Finding> findings = set.Judge(&requests, true);
  return findings;
}

// ---- Those that leave the host alive ----------------------------------------------------------------------------

class CaughtFault : public testing::TestWithParam<Case> {};

TEST_P(CaughtFault, IsAFinding) {
  const PrivateFolder folder;
  const Declaration declaration = Declare(folder.Copy(GetParam().plugin));
  const std::vector<Finding> findings = Judge(declaration);
  EXPECT_THAT(findings, Contains(IsFailure(GetParam().reason)).Times(1));
  EXPECT_THAT(findings, Contains(Field(&Finding::message, HasSubstr("the plugin " + declaration.id + " (" +
                                                                    declaration.path + ") failed: "))));
}

INSTANTIATE_TEST_SUITE_P(
    Each, CaughtFault,
    testing::Values(Case{"advises_deny", "only advises, but reported more than a note"},
                    Case{"create_fails", "create says: settings.colour is missing"},
                    Case{"empty_finding", "reported something that is no finding"},
                    Case{"fails_without_reason", "check returned -1"},
                    Case{"lies_about_major", "speaks ABI major 2, this safe-docker speaks 1"},
                    Case{"malformed_rules", "its list of rules is malformed"},
                    Case{"missing_symbol", "safe_docker_test_function_of_nobody"},
                    Case{"newer_minor", "needs ABI 1.7, this safe-docker has 1.0"},
                    Case{"no_plugin", "no symbol safe_docker_plugin_v1"}, Case{"null_strings", "a text that is null"},
                    Case{"own_rules_bad_decision", "its rule made has a decision that is none"},
                    Case{"own_rules_malformed", "its list of rules is malformed"},
                    Case{"own_rules_twice", "its rule found is described twice"},
                    Case{"reports_bad_decision", "the decision 0, which does not exist"},
                    Case{"reports_undeclared_rule", "the rule made-up, which it does not describe"},
                    Case{"returns_garbage", "check returned 42"}, Case{"returns_zero", "check returned 0"},
                    Case{"throws", "check says: an exception was thrown"},
                    Case{"throws_in_create", "create says: an exception was thrown"},
                    Case{"too_many_findings", "more than 1000 findings"},
                    Case{"too_many_requests", "more than 10000 requests"}, Case{"unfinished_request", "did not end it"},
                    Case{"unknown_effects", "effects of a kind that does not exist"},
                    Case{"wrong_id", "calls itself somebody-else, not wrong-id"},
                    Case{"wrong_major", "no symbol safe_docker_plugin_v1"},
                    Case{"zeroed_description", "no description"}),
    NameOf);

TEST(Fault, WhatWasFoundBeforeStands) {
  const PrivateFolder folder;
  EXPECT_THAT(Judge(Declare(folder.Copy("reports_undeclared_rule"))),
              ElementsAre(Field(&Finding::rule, "reports-undeclared-rule/found"),
                          Field(&Finding::rule, policy::kPluginFailed)));
}

TEST(Fault, MissingFile) {
  const PrivateFolder folder;
  EXPECT_THAT(Judge(Declare(folder.path() + "/nowhere.so")), ElementsAre(IsFailure("nowhere.so: No such file")));
}

TEST(Fault, FileThatIsNoLibrary) {
  const PrivateFolder folder;
  std::ofstream(folder.path() + "/text.so") << "not a library";
  EXPECT_THAT(Judge(Declare(folder.path() + "/text.so")), ElementsAre(IsFailure("cannot be loaded: ")));
}

TEST(Fault, FolderThatCannotBeTrusted) {
  const PrivateFolder folder;
  const Declaration declaration = Declare(folder.Copy("ok"));
  ASSERT_EQ(chmod(folder.path().c_str(), 0777), 0);
  EXPECT_THAT(Judge(declaration), ElementsAre(AllOf(IsFailure("can be written by everyone"),
                                                    Field(&Finding::advice, HasSubstr("chmod go-w")))));
}

// ---- Those that do not ------------------------------------------------------------------------------------------

Ending JudgeGuarded(const std::string& plugin, guard::Answer answer, std::chrono::milliseconds deadline) {
  const PrivateFolder folder;
  const Declaration declaration = Declare(folder.Copy(plugin));
  return RunGuarded(answer, deadline, [&] {
    // As a door would: a failure is told, and a plugin without objections is answered with silence.
    const std::vector<Finding> findings = Judge(declaration);
    const auto failed =
        std::find_if(findings.begin(), findings.end(), [](const Finding& f) { return f.decision == Decision::kDeny; });
    guard::WriteAnswer(failed == findings.end() ? "silence" : "finding: " + failed->message);
    _exit(0);
  });
}

class FatalFault : public testing::TestWithParam<Case> {};

TEST_P(FatalFault, EndsInADenial) {
  std::string id = GetParam().plugin;
  std::replace(id.begin(), id.end(), '_', '-');
  const std::string sentence = "internal failure (" + GetParam().reason + " in plugin " + id + ")";
  const auto start = std::chrono::steady_clock::now();
  const Ending hook = JudgeGuarded(GetParam().plugin, guard::Answer::kHook, std::chrono::milliseconds(200));
  EXPECT_EQ(hook.exit_code, 2);
  EXPECT_THAT(DenialReason(hook.output), HasSubstr(sentence)) << hook.output;
  EXPECT_THAT(hook.error, HasSubstr(sentence));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));

  const Ending wrapper = JudgeGuarded(GetParam().plugin, guard::Answer::kWrapper, std::chrono::milliseconds(200));
  EXPECT_EQ(wrapper.exit_code, 2);
  EXPECT_EQ(wrapper.output, "");
  EXPECT_THAT(wrapper.error, HasSubstr(sentence));
}

INSTANTIATE_TEST_SUITE_P(Each, FatalFault,
                         testing::Values(Case{"segfaults", "SIGSEGV"}, Case{"aborts", "SIGABRT"},
                                         Case{"divides_by_zero", "SIGFPE"}, Case{"stack_overflow", "SIGSEGV"},
                                         Case{"exits", "exit was called"}, Case{"exits_quickly", "exit was called"},
                                         Case{"hangs", "out of time"}, Case{"crashes_when_loaded", "SIGABRT"}),
                         NameOf);

// The sanitizers' own _exit stands before the guard's.
#if !defined(SAFE_DOCKER_SANITIZED)
INSTANTIATE_TEST_SUITE_P(WithoutHandlers, FatalFault, testing::Values(Case{"exits_at_once", "_exit was called"}),
                         NameOf);
#endif

// Whether the exception can be caught depends on the unwinders of both sides; a denial it is in both cases.
void ExpectEscapeIsDenied(const std::string& plugin, const std::string& id) {
  const Ending hook = JudgeGuarded(plugin, guard::Answer::kHook, std::chrono::seconds(10));
  if (hook.exit_code == 0) {
    EXPECT_THAT(hook.output, HasSubstr("finding: the plugin " + id));
    EXPECT_THAT(hook.output, HasSubstr("let an exception escape"));
  } else {
    EXPECT_EQ(hook.exit_code, 2);
    EXPECT_THAT(DenialReason(hook.output), HasSubstr("in plugin " + id));
  }
}

TEST(Fault, ExceptionThatEscapes) { ExpectEscapeIsDenied("throws_raw", "throws-raw"); }

TEST(Fault, ExceptionThatEscapesWhereRulesAreAskedFor) {
  ExpectEscapeIsDenied("throws_in_extension", "throws-in-extension");
}

TEST(Fault, PluginThatClosesStandardOutputCannotSwallowTheAnswer) {
  const Ending hook = JudgeGuarded("closes_stdout", guard::Answer::kHook, std::chrono::seconds(10));
  EXPECT_EQ(hook.exit_code, 0);
  EXPECT_EQ(hook.output, "silence");
}

TEST(Fault, PluginThatPrintsCannotSpoilTheAnswer) {
  const Ending hook = JudgeGuarded("prints_to_stdout", guard::Answer::kHook, std::chrono::seconds(10));
  EXPECT_EQ(hook.exit_code, 0);
  EXPECT_EQ(hook.output, "silence");
  EXPECT_THAT(hook.error, HasSubstr("noise"));
}

TEST(Fault, SoundPluginIsTheControl) {
  const Ending hook = JudgeGuarded("ok", guard::Answer::kHook, std::chrono::seconds(10));
  EXPECT_EQ(hook.exit_code, 0);
  EXPECT_EQ(hook.output, "silence");
}

}  // namespace
}  // namespace safe_docker::plugins
