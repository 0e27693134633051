#include "docker/image_reference.hpp"

#include <gtest/gtest.h>

namespace safe_docker::docker {
namespace {

TEST(CompleteImageReference, CompletesAsTheEngineDoes) {
  const struct {
    std::string_view text, full;
  } kCases[] = {
      {"alpine", "docker.io/library/alpine:latest"},
      {"alpine:3.20", "docker.io/library/alpine:3.20"},
      {"me/app", "docker.io/me/app:latest"},
      {"docker.io/alpine", "docker.io/library/alpine:latest"},
      {"index.docker.io/me/app", "docker.io/me/app:latest"},
      {"ghcr.io/a/b:1", "ghcr.io/a/b:1"},
      {"localhost/x", "localhost/x:latest"},
      {"localhost:5000/x", "localhost:5000/x:latest"},
      {"host:5000/x:y", "host:5000/x:y"},
      {"alpine@sha256:abc", "docker.io/library/alpine@sha256:abc"},
      {"alpine:3@sha256:abc", "docker.io/library/alpine:3@sha256:abc"},
  };
  for (const auto& [text, full] : kCases) {
    EXPECT_EQ(CompleteImageReference(text).full, full);
    EXPECT_EQ(CompleteImageReference(text).kind, ImageReference::Kind::kName) << text;
  }
}

TEST(CompleteImageReference, KnowsIdsAndNonsense) {
  EXPECT_EQ(CompleteImageReference(std::string(64, 'a')).kind, ImageReference::Kind::kId);
  EXPECT_EQ(CompleteImageReference("sha256:" + std::string(64, 'a')).kind, ImageReference::Kind::kId);
  for (const std::string_view text : {"", "Alpine", "a//b", "/x", "x/", "alpine:", "alpine:-x", "a b", "a:b:c"}) {
    EXPECT_EQ(CompleteImageReference(text).kind, ImageReference::Kind::kInvalid) << text;
  }
}

}  // namespace
}  // namespace safe_docker::docker
