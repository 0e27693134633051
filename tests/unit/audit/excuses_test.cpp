#include "audit/excuses.hpp"

#include <gtest/gtest.h>
#include <safe_docker/plugin.h>

namespace safe_docker::audit {
namespace {

constexpr UserPlaces kPlaces{"/home/me/app", "/home/me"};

struct Case {
  const char* rule;
  std::uint32_t kind;
  const char* path;
  const char* image;
  const char* value;
  const char* match;  // empty: refused
  Excuse::Kind excuse = Excuse::Kind::kDoubtful;
};

class Excuses : public testing::TestWithParam<Case> {};

TEST_P(Excuses, Are) {
  const Case& row = GetParam();
  policy::Finding finding;
  finding.rule = row.rule;
  finding.about = {row.kind, row.path, row.image, row.value};
  const Excuse excuse = FindExcuse(finding, kPlaces);
  EXPECT_EQ(excuse.refusal.empty(), *row.match != '\0') << excuse.refusal;
  EXPECT_EQ(excuse.match, row.match);
  if (excuse.refusal.empty()) {
    EXPECT_EQ(excuse.kind, row.excuse);
    EXPECT_FALSE(excuse.risk.empty());
  }
}

constexpr std::uint32_t kMount = SDP_EFFECT_MOUNT_HOST_PATH;
constexpr std::uint32_t kCapability = SDP_EFFECT_ADD_CAPABILITY;
constexpr Excuse::Kind kSafe = Excuse::Kind::kSafe;

INSTANTIATE_TEST_SUITE_P(
    Paths, Excuses,
    testing::Values(Case{"mounts/outside-home", kMount, "/data/x", "", "/data/x", "/data/x", kSafe},
                    Case{"mounts/outside-home", kMount, "/data", "", "/data", "/data", kSafe},
                    Case{"mounts/outside-home", kMount, "/", "", "/", ""},
                    Case{"mounts/outside-home", kMount, "/home", "", "/home", ""},
                    Case{"mounts/outside-home", kMount, "/home/me", "", "/home/me", ""},
                    Case{"mounts/outside-home", kMount, "/etc", "", "/etc", ""},
                    Case{"mounts/outside-home", kMount, "/etc/ssl", "", "/etc/ssl", ""},
                    Case{"mounts/outside-home", kMount, "/etcetera", "", "/etcetera", "/etcetera", kSafe},
                    Case{"mounts/outside-home", kMount, "/var/lib/docker/volumes", "", "", ""},
                    Case{"mounts/outside-home", kMount, "", "", "/x", ""},
                    Case{"mounts/outside-home", kMount, "/data/*", "", "/data/*", ""},
                    Case{"mounts/outside-home", kMount, "/data/\u202ex", "", "x", ""},
                    Case{"mounts/outside-home", kMount, "/data/\u00e9", "", "x", "/data/\u00e9", kSafe},
                    Case{"mounts/outside-home", kMount, "/data/\u0085", "", "x", ""},
                    Case{"mounts/sensitive-path", kMount, "/home/me/.aws", "", "x", "/home/me/.aws"},
                    Case{"mounts/engine-socket", kMount, "/data/docker.sock", "", "x", ""},
                    Case{"mounts/client-takeover", kMount, "/home/me/.docker", "", "x", ""},
                    Case{"other/rule", kMount, "/etc", "", "/etc", ""},
                    Case{"other/rule", kMount, "/data/x", "", "/data/x", "/data/x"}));

INSTANTIATE_TEST_SUITE_P(
    Others, Excuses,
    testing::Values(
        Case{"images/not-allowed", SDP_EFFECT_USE_IMAGE, "", "docker.io/library/redis:7", "run=x",
             "docker.io/library/redis", kSafe},
        Case{"images/not-allowed", SDP_EFFECT_USE_IMAGE, "", "host:5000/a/b", "x", "host:5000/a/b", kSafe},
        Case{"images/not-allowed", SDP_EFFECT_USE_IMAGE, "", "ghcr.io/a/b:1@sha256:00", "x", "ghcr.io/a/b", kSafe},
        Case{"images/unnamed-image", SDP_EFFECT_USE_IMAGE, "", "0123456789ab", "x", ""},
        Case{"flags/other-capability", kCapability, "", "", "IPC_LOCK", "IPC_LOCK"},
        Case{"flags/other-capability", kCapability, "", "", "SYS_ADMIN", ""},
        Case{"flags/capability", kCapability, "", "", "SYS_PTRACE", ""},
        Case{"other/rule", kCapability, "", "", "ALL", ""},
        Case{"other/rule", SDP_EFFECT_PRIVILEGED, "", "", "container", ""},
        Case{"other/rule", SDP_EFFECT_JOIN_NAMESPACE, "", "", "pid=host", ""},
        Case{"other/rule", SDP_EFFECT_JOIN_NAMESPACE, "", "", "network=front", "network=front"},
        Case{"other/rule", SDP_EFFECT_USE_API_SOCKET, "", "", "x", ""}, Case{"other/rule", 0, "", "", "", ""},
        Case{"destroy/object", SDP_EFFECT_DESTROY, "", "", "image=a", "image=a", kSafe},
        Case{"destroy/data", SDP_EFFECT_DESTROY, "", "", "volume=a", "volume=a"},
        Case{"host/self-protection", 0, "", "", "", ""}, Case{"host/unknown", SDP_EFFECT_UNKNOWN, "", "", "x", ""},
        Case{"compose/malformed", 0, "", "", "", ""}));

TEST(Generalising, NeverReachesTooFar) {
  for (const char* folder : {"", "/data", "/", "/home", "/home/me", "/etc/ssl", "/var/lib/x", "/usr/local/x"}) {
    EXPECT_FALSE(MayGeneralise(folder, kPlaces)) << folder;
  }
  for (const char* folder : {"/data/sets", "/home/me/app", "/home/me/app/src", "/srv/a/b"}) {
    EXPECT_TRUE(MayGeneralise(folder, kPlaces)) << folder;
  }
}

}  // namespace
}  // namespace safe_docker::audit
