// Which plugins are loaded and called for which requests, and what comes back.
#include "plugins/plugin_set.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "test_plugins.hpp"

namespace safe_docker::plugins {
namespace {

using policy::Decision;
using policy::Finding;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint64_t Bit(sdp_effect_kind kind) { return std::uint64_t{1} << kind; }

class PluginSetTest : public testing::Test {
 protected:
  std::vector<Finding> Judge(std::vector<Declaration> declarations, bool with_advice = false) {
    PluginSet set(std::move(declarations));
    std::vector<Finding> findings = set.Judge(&requests_, with_advice);
    return findings;
  }

  // A shipped plugin whose file is not there: it fails if, and only if, it is wanted.
  Declaration Missing() const {
    Declaration declaration = Declare(folder_.path() + "/missing.so");
    declaration.shipped = true;
    return declaration;
  }

  PrivateFolder folder_;
  std::vector<docker::Request> requests_ = {RunRequest("alpine")};
};

TEST_F(PluginSetTest, FindingsHaveFullRuleIdsAndEvidence) {
  requests_ = {RunRequest("denied")};
  EXPECT_THAT(Judge({Declare(folder_.Copy("ok"))}),
              ElementsAre(AllOf(Field(&Finding::rule, "ok/found"), Field(&Finding::decision, Decision::kDeny),
                                Field(&Finding::message, "the image denied"), Field(&Finding::advice, "Use another."),
                                Field(&Finding::written, "denied"))));
}

TEST_F(PluginSetTest, RulesFromSettingsCountLikeThoseOfTheDescription) {
  const Declaration declaration = Declare(folder_.Copy("own_rules"));
  EXPECT_THAT(Judge({declaration}),
              ElementsAre(Field(&Finding::rule, "own-rules/made"), Field(&Finding::rule, "own-rules/found")));
  PluginSet set({declaration});
  const std::vector<PluginInfo> infos = set.Describe();
  ASSERT_EQ(infos.at(0).rules.size(), 2U);
  EXPECT_EQ(infos[0].rules[1].id, "own-rules/made");
}

TEST_F(PluginSetTest, SilenceIsNoObjection) { EXPECT_THAT(Judge({Declare(folder_.Copy("ok"))}), IsEmpty()); }

TEST_F(PluginSetTest, NothingIsLoadedWithoutARequest) {
  requests_.clear();
  EXPECT_THAT(Judge({Declare(folder_.path() + "/missing.so")}), IsEmpty());
}

TEST_F(PluginSetTest, ShippedOnesAreLoadedByTheirEffects) {
  Declaration declaration = Missing();
  declaration.effects = Bit(SDP_EFFECT_MOUNT_HOST_PATH);
  EXPECT_THAT(Judge({declaration}), IsEmpty());
  declaration.effects |= Bit(SDP_EFFECT_USE_IMAGE);
  EXPECT_THAT(Judge({declaration}), ElementsAre(Field(&Finding::rule, policy::kPluginFailed)));
}

TEST_F(PluginSetTest, ShippedOnesAreLoadedByTheirCommands) {
  Declaration declaration = Missing();
  declaration.effects = Bit(SDP_EFFECT_USE_IMAGE);
  declaration.commands = {"compose *", "container exec", "container"};
  EXPECT_THAT(Judge({declaration}), IsEmpty());
  declaration.commands = {"container *"};
  EXPECT_THAT(Judge({declaration}), ElementsAre(Field(&Finding::rule, policy::kPluginFailed)));
}

TEST_F(PluginSetTest, ShippedOnesOfWhichNothingIsKnownAreLoaded) {
  EXPECT_THAT(Judge({Missing()}), ElementsAre(Field(&Finding::rule, policy::kPluginFailed)));
}

TEST_F(PluginSetTest, WhatIsKnownOfOthersIsNotTrusted) {
  Declaration declaration = Missing();
  declaration.shipped = false;
  declaration.effects = Bit(SDP_EFFECT_DESTROY);
  declaration.commands = {"volume prune"};
  EXPECT_THAT(Judge({declaration}), ElementsAre(Field(&Finding::rule, policy::kPluginFailed)));
}

TEST_F(PluginSetTest, ShippedOneMustBeWhatIsKnownOfIt) {
  Declaration declaration = Declare(folder_.Copy("ok"));
  declaration.shipped = true;
  declaration.effects = Bit(SDP_EFFECT_USE_IMAGE);
  EXPECT_THAT(Judge({declaration}), IsEmpty());
  declaration.effects = Bit(SDP_EFFECT_USE_ENGINE);
  EXPECT_THAT(Judge({declaration}), ElementsAre(Field(&Finding::message, HasSubstr("of another version"))));
}

TEST_F(PluginSetTest, ShippedOneThatWantsEverythingMayBeDeclaredWithLess) {
  Declaration declaration = Declare(folder_.Copy("returns_garbage"));
  declaration.shipped = true;
  declaration.effects = Bit(SDP_EFFECT_DESTROY);
  EXPECT_THAT(Judge({declaration}), IsEmpty());
  declaration.effects = Bit(SDP_EFFECT_USE_IMAGE);
  EXPECT_THAT(Judge({declaration}), ElementsAre(Field(&Finding::message, HasSubstr("check returned 42"))));
}

TEST_F(PluginSetTest, AFailureIsToldOnceInEachJudgement) {
  requests_.push_back(RunRequest("other"));
  PluginSet set({Declare(folder_.path() + "/missing.so")});
  EXPECT_EQ(set.Judge(&requests_, true).size(), 1U);
  EXPECT_EQ(set.Judge(&requests_, true).size(), 1U);
}

TEST_F(PluginSetTest, OtherPluginsGoOnAfterAFailure) {
  requests_ = {RunRequest("denied")};
  EXPECT_THAT(Judge({Declare(folder_.Copy("returns_garbage")), Declare(folder_.Copy("ok"))}),
              ElementsAre(Field(&Finding::rule, policy::kPluginFailed), Field(&Finding::rule, "ok/found")));
}

TEST_F(PluginSetTest, SameIdTwice) {
  requests_ = {RunRequest("denied")};
  const Declaration declaration = Declare(folder_.Copy("ok"));
  EXPECT_THAT(Judge({declaration, declaration}),
              testing::Contains(Field(&Finding::message, HasSubstr("another plugin with this id"))));
}

TEST_F(PluginSetTest, AdviceOnlyWhenItIsWanted) {
  const Declaration declaration = Declare(folder_.Copy("advises"));
  EXPECT_THAT(Judge({declaration}, false), IsEmpty());
  EXPECT_THAT(Judge({declaration}, true),
              ElementsAre(AllOf(Field(&Finding::rule, "advises/found"), Field(&Finding::decision, Decision::kAllow))));
}

TEST_F(PluginSetTest, AdviceAfterTheJudgement) {
  PluginSet set({Declare(folder_.Copy("advises"))});
  EXPECT_THAT(set.Judge(&requests_, false), IsEmpty());
  EXPECT_THAT(set.Advise(requests_), ElementsAre(Field(&Finding::rule, "advises/found")));
}

TEST_F(PluginSetTest, ShippedAdviserIsNotLoadedForAJudgement) {
  Declaration declaration = Missing();
  declaration.advises = true;
  EXPECT_THAT(Judge({declaration}, false), IsEmpty());
  EXPECT_THAT(Judge({declaration}, true), ElementsAre(Field(&Finding::rule, policy::kPluginFailed)));
}

TEST_F(PluginSetTest, TheHostAsksAboutUnknownEffects) {
  docker::Effect unknown;
  unknown.subject = "--colour";
  unknown.name = "docker does not know it";
  unknown.evidence.written = "--colour=red";
  requests_[0].effects.push_back(unknown);
  unknown.kind = 9999;
  unknown.subject = "a kind of tomorrow";
  requests_[0].effects.push_back(unknown);
  EXPECT_THAT(Judge({}),
              ElementsAre(AllOf(Field(&Finding::rule, policy::kUnknown), Field(&Finding::decision, Decision::kAsk),
                                Field(&Finding::message, HasSubstr("--colour cannot be judged: docker does")),
                                Field(&Finding::written, "--colour=red")),
                          Field(&Finding::message, HasSubstr("a kind of tomorrow"))));
}

// ---- Expanding --------------------------------------------------------------------------------------------------

TEST_F(PluginSetTest, NobodyExpands) {
  requests_ = {ComposeRequest()};
  EXPECT_THAT(Judge({Declare(folder_.Copy("ok"))}),
              ElementsAre(AllOf(Field(&Finding::rule, policy::kNotExpanded), Field(&Finding::decision, Decision::kAsk),
                                Field(&Finding::message, HasSubstr("compose up")))));
}

TEST_F(PluginSetTest, ExpanderThatFailsHasNotExpanded) {
  requests_ = {ComposeRequest()};
  EXPECT_THAT(Judge({Declare(folder_.Copy("unfinished_request"))}),
              ElementsAre(Field(&Finding::rule, policy::kPluginFailed), Field(&Finding::rule, policy::kNotExpanded)));
}

TEST_F(PluginSetTest, ServicesAreJudgedLikeCommands) {
  requests_ = {ComposeRequest()};
  EXPECT_THAT(Judge({Declare(folder_.Copy("ok")), Declare(folder_.Copy("expands"))}),
              ElementsAre(AllOf(Field(&Finding::rule, "ok/found"), Field(&Finding::written, "image: denied:1"),
                                Field(&Finding::file, "/project/compose.yaml"), Field(&Finding::service, "db"),
                                Field(&Finding::line, 8U))));
}

TEST_F(PluginSetTest, ServicesTakeAfterTheCommand) {
  requests_ = {ComposeRequest()};
  requests_[0].environment.Set("NAME", {Variable::State::kKnown, "value"});
  Judge({Declare(folder_.Copy("expands"))});
  ASSERT_EQ(requests_.size(), 3U);
  const docker::Request& web = requests_[1];
  EXPECT_EQ(web.origin, static_cast<std::uint32_t>(SDP_ORIGIN_COMPOSE));
  EXPECT_EQ(web.flags, static_cast<std::uint32_t>(SDP_REQUEST_INCOMPLETE));
  EXPECT_FALSE(web.needs_expansion);
  EXPECT_EQ(web.command, "compose service");
  EXPECT_EQ(web.program, "docker");
  EXPECT_EQ(web.home, "/home/nobody");
  EXPECT_EQ(web.engine, "unix:///var/run/docker.sock");
  EXPECT_EQ(web.source, "docker compose up");
  EXPECT_EQ(web.evidence.service, "web");
  EXPECT_EQ(web.environment.GetOr("NAME", ""), "value");
  ASSERT_EQ(web.effects.size(), 2U);
  EXPECT_EQ(web.effects[0].kind, static_cast<sdp_effect_kind>(SDP_EFFECT_USE_ENGINE));
}

TEST_F(PluginSetTest, TheHostResolvesPathsOfExpanders) {
  requests_ = {ComposeRequest()};
  Judge({Declare(folder_.Copy("expands"))});
  ASSERT_EQ(requests_.size(), 3U);
  ASSERT_EQ(requests_[1].effects.size(), 2U);
  const docker::Effect& mount = requests_[1].effects[1];
  EXPECT_EQ(mount.subject, "/tmp");
  EXPECT_FALSE(mount.resolved.empty());
  EXPECT_EQ(mount.flags, static_cast<std::uint32_t>(SDP_EFFECT_EXISTS | SDP_EFFECT_DIRECTORY));
  EXPECT_EQ(mount.evidence.line, 5U);
}

TEST_F(PluginSetTest, OptionsOfExpandersAreThoseOfTheCommandLine) {
  requests_ = {ComposeRequest()};
  Judge({Declare(folder_.Copy("expands"))});
  ASSERT_EQ(requests_.size(), 3U);
  ASSERT_EQ(requests_[2].effects.size(), 3U);
  EXPECT_EQ(requests_[2].effects[2].kind, static_cast<sdp_effect_kind>(SDP_EFFECT_MOUNT_HOST_PATH));
  EXPECT_EQ(requests_[2].effects[2].subject, "/etc");
}

TEST_F(PluginSetTest, CommandLinesOfExpandersAreReadAsIfTyped) {
  requests_ = {ComposeRequest()};
  Judge({Declare(folder_.Copy("runs"))});
  ASSERT_GE(requests_.size(), 3U);
  const docker::Request& container = requests_[1];
  EXPECT_EQ(container.command, "container run");
  EXPECT_EQ(container.cwd, "/project");
  const auto kinds = [&container](sdp_effect_kind kind) {
    return std::count_if(container.effects.begin(), container.effects.end(),
                         [kind](const docker::Effect& effect) { return effect.kind == kind; });
  };
  EXPECT_EQ(kinds(SDP_EFFECT_MOUNT_HOST_PATH), 1);
  EXPECT_EQ(kinds(SDP_EFFECT_USE_IMAGE), 0);
  EXPECT_EQ(kinds(SDP_EFFECT_UNKNOWN), 0);
  for (const docker::Effect& effect : container.effects) {
    EXPECT_EQ(effect.evidence.file, "/project/file");
    EXPECT_EQ(effect.evidence.line, 7U);
  }
}

TEST_F(PluginSetTest, WhatExpandersRunIsExpandedInTurnButNotForEver) {
  requests_ = {ComposeRequest()};
  const std::vector<Finding> findings = Judge({Declare(folder_.Copy("runs"))});
  EXPECT_EQ(requests_.size(), 7U);
  EXPECT_THAT(findings, ElementsAre(AllOf(Field(&Finding::rule, policy::kNotExpanded), Field(&Finding::line, 7U))));
}

TEST_F(PluginSetTest, ShippedExpanderIsNotLoadedForOtherCommands) {
  Declaration declaration = Missing();
  declaration.expands = true;
  declaration.commands = {"compose up"};
  EXPECT_THAT(Judge({declaration}), IsEmpty());
  requests_ = {ComposeRequest()};
  EXPECT_THAT(Judge({declaration}),
              ElementsAre(Field(&Finding::rule, policy::kPluginFailed), Field(&Finding::rule, policy::kNotExpanded)));
}

// ---- Describing -------------------------------------------------------------------------------------------------

TEST_F(PluginSetTest, Describe) {
  Declaration failing = Declare(folder_.path() + "/missing.so");
  PluginSet set({Declare(folder_.Copy("ok")), failing, Declare(folder_.Copy("create_fails"))});
  const std::vector<PluginInfo> infos = set.Describe();
  ASSERT_EQ(infos.size(), 3U);
  EXPECT_EQ(infos[0].id, "ok");
  EXPECT_EQ(infos[0].version, "1.2.3");
  EXPECT_EQ(infos[0].abi, "1.0");
  EXPECT_EQ(infos[0].summary, "A test plugin");
  EXPECT_EQ(infos[0].path, folder_.path() + "/ok.so");
  EXPECT_EQ(infos[0].settings_schema, "{}");
  EXPECT_EQ(infos[0].error, "");
  ASSERT_EQ(infos[0].rules.size(), 1U);
  EXPECT_EQ(infos[0].rules[0].id, "ok/found");
  EXPECT_EQ(infos[0].rules[0].profiles.standard, Decision::kDeny);
  EXPECT_EQ(infos[0].rules[0].title, "what the test looks for");
  EXPECT_EQ(infos[1].id, "missing");
  EXPECT_THAT(infos[1].error, HasSubstr("No such file"));
  EXPECT_THAT(infos[2].error, HasSubstr("settings.colour is missing"));
  EXPECT_EQ(infos[2].rules.size(), 1U);
}

}  // namespace
}  // namespace safe_docker::plugins
