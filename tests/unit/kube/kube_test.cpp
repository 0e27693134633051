// What the kube plugin makes of Kubernetes YAML: cases/*.txt, and what is too large or too deep to be a case.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "cases.hpp"

namespace safe_docker::kube {
namespace {

using expanders::FakeHost;
using expanders::Joined;

const expanders::Tool kKube = {"podman", "kube", "kube object", {"seccomp-profile-root", "configmap", "annotation"}};

TEST(KubeTest, Cases) { expanders::RunCases(std::filesystem::path(TEST_DATA_DIR) / "cases", kKube, 60); }

std::string ExpandFile(const std::string& content) {
  FakeHost host(kKube);
  host.files["/home/me/app/pod.yaml"] = content;
  return Joined(host.Expand({"play", "pod.yaml"}));
}

TEST(KubeTest, RefusesDeepNesting) {
  EXPECT_NE(ExpandFile("kind: " + std::string(5000, '[')).find("nested more than 64 levels deep"), std::string::npos);
}

TEST(KubeTest, RefusesLargeFile) {
  EXPECT_NE(ExpandFile("kind: Pod\n" + std::string(std::size_t{1} << 20, '#')).find("larger than the limit"),
            std::string::npos);
}

TEST(KubeTest, SurvivesTruncation) {
  const std::string whole =
      "{kind: List, items: [{kind: Pod, metadata: {annotations: {io.podman.annotations.userns: x}}, spec: {containers: "
      "[{name: a, securityContext: {privileged: true}, volumeMounts: [{name: h, mountPath: /h}]}], volumes: [{name: h, "
      "hostPath: {path: /}}]}}]}\n";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    EXPECT_EQ(ExpandFile(whole.substr(0, length)).find("BROKEN"), std::string::npos) << length;
  }
}

TEST(KubeTest, LinearInTheNumberOfMounts) {
  std::string content = "kind: Pod\nspec:\n  containers:\n  - name: a\n    volumeMounts:\n";
  for (int mount = 0; mount < 4000; ++mount) {
    content += "    - {name: v" + std::to_string(mount) + ", mountPath: /m}\n";
  }
  content += "  volumes:\n";
  for (int volume = 0; volume < 4000; ++volume) {
    content += "  - {name: v" + std::to_string(volume) + ", hostPath: {path: /d}}\n";
  }
  EXPECT_NE(ExpandFile(content).find("  volume=/d:/m\n"), std::string::npos);
}

}  // namespace
}  // namespace safe_docker::kube
