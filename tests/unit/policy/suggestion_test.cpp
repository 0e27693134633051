#include "policy/suggestion.hpp"

#include <gtest/gtest.h>

#include <array>

namespace safe_docker::policy {
namespace {

constexpr std::array<std::string_view, 3> kKnown = {"allowed_paths", "allowed_images", "audit.enabled"};

TEST(Nearest, FindsWhatWasMeant) {
  EXPECT_EQ(Nearest("allowed_path", kKnown), "allowed_paths");
  EXPECT_EQ(Nearest("alowed_image", kKnown), "allowed_images");
}

TEST(Nearest, DoesNotGuessWildly) {
  EXPECT_EQ(Nearest("xyz", kKnown), "");
  EXPECT_EQ(Nearest(std::string(1000, 'a'), kKnown), "");
}

}  // namespace
}  // namespace safe_docker::policy
