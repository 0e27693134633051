// A request arrives at a plugin as it is.
#include "plugins/bridge.hpp"

#include <gtest/gtest.h>
#include <safe_docker/checker.hpp>

#include "test_plugins.hpp"

namespace safe_docker::plugins {
namespace {

TEST(Bridge, LendsEveryField) {
  docker::Request request = RunRequest("docker.io/library/alpine:latest");
  request.flags = SDP_REQUEST_REMOTE_ENGINE;
  request.options = {{"volume", "/a:/b", "-v /a:/b"}, {"rm", "true", "--rm"}};
  request.arguments = {"alpine", std::string("\0x", 2)};
  request.effects[1].flags = SDP_EFFECT_UNRESOLVED;
  request.effects[1].target = "/t";
  request.effects[1].options = "ro";
  request.effects[1].resolved = "/r";
  request.effects[1].evidence = {"written", "/f", "web", 12, 3};
  const LentRequest lent(request);
  const plugin::Request view(lent.raw());

  EXPECT_EQ(lent.raw().size, sizeof(sdp_request));
  EXPECT_EQ(lent.raw().origin, static_cast<std::uint32_t>(SDP_ORIGIN_COMMAND_LINE));
  EXPECT_TRUE(view.Is(SDP_REQUEST_REMOTE_ENGINE));
  EXPECT_EQ(view.program(), "docker");
  EXPECT_EQ(view.command(), "container run");
  EXPECT_EQ(view.cwd(), "/");
  EXPECT_EQ(view.home(), "/home/nobody");
  EXPECT_EQ(view.engine(), "unix:///var/run/docker.sock");
  EXPECT_EQ(view.source(), request.source);

  std::string options;
  for (const plugin::Option option : view.options()) {
    options.append(option.name()).append("|").append(option.value()).append("|").append(option.written()).append(";");
  }
  EXPECT_EQ(options, "volume|/a:/b|-v /a:/b;rm|true|--rm;");
  std::vector<std::string> arguments;
  for (const plugin::Word word : view.arguments()) {
    arguments.emplace_back(std::string_view(word));
  }
  EXPECT_EQ(arguments, request.arguments);

  ASSERT_EQ(view.effects().size(), 2U);
  const plugin::Effect use = *++view.effects().begin();
  EXPECT_EQ(use.kind(), static_cast<sdp_effect_kind>(SDP_EFFECT_USE_IMAGE));
  EXPECT_TRUE(use.Is(SDP_EFFECT_UNRESOLVED));
  EXPECT_EQ(use.subject(), "docker.io/library/alpine:latest");
  EXPECT_EQ(use.name(), "run");
  EXPECT_EQ(use.target(), "/t");
  EXPECT_EQ(use.options(), "ro");
  EXPECT_EQ(use.resolved(), "/r");
  ASSERT_NE(use.evidence(), nullptr);
  EXPECT_EQ(use.written(), "written");
  EXPECT_EQ(plugin::View(use.evidence()->file), "/f");
  EXPECT_EQ(plugin::View(use.evidence()->service), "web");
  EXPECT_EQ(use.evidence()->line, 12U);
  EXPECT_EQ(use.evidence()->column, 3U);
}

TEST(Bridge, EffectWithoutEvidenceHasThatOfTheRequest) {
  const docker::Request request = RunRequest("x");
  const LentRequest lent(request);
  EXPECT_EQ((*plugin::Request(lent.raw()).effects().begin()).evidence(), nullptr);
  EXPECT_EQ(plugin::View(lent.raw().evidence->written), "docker run x");
}

TEST(Bridge, EmptyRequest) {
  const docker::Request request;
  const LentRequest lent(request);
  EXPECT_TRUE(plugin::Request(lent.raw()).effects().empty());
}

}  // namespace
}  // namespace safe_docker::plugins
