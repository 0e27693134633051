#include "docker/host_power.hpp"

#include <gtest/gtest.h>

#include "docker/effect_phrases.hpp"

namespace safe_docker::docker {
namespace {

Effect Make(sdp_effect_kind kind, std::string subject, std::string name = "", std::uint32_t flags = 0,
            std::string options = "") {
  Effect effect;
  effect.kind = kind;
  effect.subject = std::move(subject);
  effect.name = std::move(name);
  effect.flags = flags;
  effect.options = std::move(options);
  return effect;
}

constexpr Surroundings kAround = {"/home/me", "/home/me/project"};

struct PowerCase {
  Effect effect;
  std::string_view power;  // empty: none
};

TEST(HostPower, OfSingleEffects) {
  const PowerCase kCases[] = {
      {Make(SDP_EFFECT_PRIVILEGED, "", "container"), "do all that root can do on the host"},
      {Make(SDP_EFFECT_USE_API_SOCKET, ""), "command the engine, and so control the host"},
      {Make(SDP_EFFECT_MOUNT_HOST_PATH, "/"), "write every file of the host"},
      {Make(SDP_EFFECT_MOUNT_HOST_PATH, "/run", "", SDP_EFFECT_READ_ONLY),
       "command the engine, and so control the host"},
      {Make(SDP_EFFECT_MOUNT_HOST_PATH, "/run/user/1/docker.sock"), "command the engine, and so control the host"},
      {Make(SDP_EFFECT_RAW_ENGINE, "", "ctr"), "do anything that the engine can do"},
      {Make(SDP_EFFECT_RAW_ENGINE, "GET /info", "curl", 0, "read"), ""},
      {Make(SDP_EFFECT_ADD_CAPABILITY, "ALL"), "use all of root's capabilities"},
      {Make(SDP_EFFECT_ADD_CAPABILITY, "NET_ADMIN"), "use root's capability NET_ADMIN"},
      {Make(SDP_EFFECT_USE_DEVICE, "/dev/sda", "device"), "use the host's device /dev/sda"},
      {Make(SDP_EFFECT_MOUNT_HOST_PATH, std::string("\0/x", 3), "", SDP_EFFECT_UNRESOLVED),
       "reach files of the host that nobody knows beforehand"},
      {Make(SDP_EFFECT_JOIN_NAMESPACE, "host", "pid"), "see and stop the host's processes"},
      {Make(SDP_EFFECT_JOIN_NAMESPACE, "host", "network"), "join the host's network"},
      {Make(SDP_EFFECT_JOIN_NAMESPACE, "container:db", "network"), "touch what belongs to another container (network)"},
      {Make(SDP_EFFECT_JOIN_NAMESPACE, "backend", "network"), ""},
      {Make(SDP_EFFECT_MOUNT_HOST_PATH, "/home/me"), "write your home"},
      {Make(SDP_EFFECT_MOUNT_HOST_PATH, "/home"), "write your home"},
      {Make(SDP_EFFECT_MOUNT_HOST_PATH, "/home/me", "", SDP_EFFECT_READ_ONLY), "read your home"},
      {Make(SDP_EFFECT_MOUNT_HOST_PATH, "/home/me/other"), "write /home/me/other"},
      {Make(SDP_EFFECT_MOUNT_HOST_PATH, "/home/me/project"), ""},
      {Make(SDP_EFFECT_MOUNT_HOST_PATH, "/home/me/project/src"), ""},
      {Make(SDP_EFFECT_MOUNT_HOST_PATH, "/home/me/project2", "", SDP_EFFECT_READ_ONLY), "read /home/me/project2"},
      {Make(SDP_EFFECT_MOUNT_HOST_PATH, "/etc"), "write /etc"},
      {Make(SDP_EFFECT_MOUNT_HOST_PATH, "/mnt", "", SDP_EFFECT_READ_ONLY, "ro,rshared"),
       "mount file systems on the host below /mnt"},
      {Make(SDP_EFFECT_DELETE_HOST_PATH, "/home/me", "", 0, "tree"), "delete your home"},
      {Make(SDP_EFFECT_READ_HOST_PATH, "/home/me/project/compose.yaml"), ""},
      {Make(SDP_EFFECT_READ_HOST_PATH, "/etc/passwd"), "read /etc/passwd"},
      {Make(SDP_EFFECT_SECURITY_OPTION, "unconfined", "seccomp"),
       "attack the kernel without the protection of seccomp"},
      {Make(SDP_EFFECT_SECURITY_OPTION, "true", "no-new-privileges"), ""},
      {Make(SDP_EFFECT_SET_SYSCTL, "1", "kernel.panic"), "set the kernel's parameter kernel.panic"},
      {Make(SDP_EFFECT_SET_SYSCTL, "1", "net.core.somaxconn"), ""},
      {Make(SDP_EFFECT_DESTROY, "db", "volume", 0, "data"), "destroy data that cannot be made again (volume db)"},
      {Make(SDP_EFFECT_DESTROY, "", "volume", 0, "unused,data"), "destroy data that cannot be made again (volume)"},
      {Make(SDP_EFFECT_DESTROY, "web", "container"), ""},
      {Make(SDP_EFFECT_USE_IMAGE, "docker.io/library/alpine:latest", "run"), ""},
      {Make(SDP_EFFECT_PUBLISH_PORT, "80"), ""},
      {Make(SDP_EFFECT_UNKNOWN, "--new"), "do something that nobody knows beforehand"},
  };
  for (const PowerCase& each : kCases) {
    Request request;
    request.effects.push_back(each.effect);
    const std::vector<std::string> powers = HostPowers(std::span(&request, 1), kAround);
    EXPECT_EQ(powers.empty() ? "" : powers[0], each.power) << Phrase(each.effect);
  }
}

TEST(HostPower, StrongestFirstAndEachOnce) {
  std::vector<Request> requests(2);
  requests[0].effects = {Make(SDP_EFFECT_USE_IMAGE, "a", "run"), Make(SDP_EFFECT_JOIN_NAMESPACE, "host", "network"),
                         Make(SDP_EFFECT_MOUNT_HOST_PATH, "/home/me")};
  requests[1].effects = {Make(SDP_EFFECT_JOIN_NAMESPACE, "host", "network")};
  const std::vector<std::string> powers = HostPowers(requests, kAround);
  EXPECT_EQ(HostPowerLine(requests, powers), "this container could write your home, and join the host's network");
  requests[1].effects.push_back(Make(SDP_EFFECT_USE_IMAGE, "b", "run"));
  EXPECT_EQ(HostPowerLine(requests, powers), "these containers could write your home, and join the host's network");
  EXPECT_EQ(HostPowerLine({}, powers), "this command could write your home, and join the host's network");
  EXPECT_EQ(HostPowerLine(requests, {}), "nothing of the host beyond the project");
}

TEST(HostPower, SaysThatTheEngineIsElsewhere) {
  Request request;
  request.flags = SDP_REQUEST_REMOTE_ENGINE;
  request.effects = {Make(SDP_EFFECT_MOUNT_HOST_PATH, "/etc")};
  EXPECT_EQ(HostPowers(std::span(&request, 1), kAround),
            std::vector<std::string>{"write /etc, on the engine's machine"});
}

TEST(EffectPhrases, EveryKindHasANameAndAPhrase) {
  for (sdp_effect_kind kind = 1; kind < SDP_EFFECT_KIND_COUNT; ++kind) {
    Effect effect = Make(kind, "SUBJECT", "NAME");
    const std::string phrase = Phrase(effect);
    EXPECT_EQ(phrase.find_first_of("{}[]"), std::string::npos) << phrase;
    EXPECT_FALSE(NameOf(kind).empty());
  }
}

TEST(EffectPhrases, PartsWithoutTheirFieldAreLeftOut) {
  const Effect volume = Make(SDP_EFFECT_USE_VOLUME, "");
  EXPECT_EQ(Phrase(volume), "mounts a volume");
  EXPECT_EQ(FillIn("a[ {s}] b[ {n} {s}]", Make(SDP_EFFECT_USE_VOLUME, "x")), "a x b");
}

}  // namespace
}  // namespace safe_docker::docker
