// How the mounts checker compares paths, for every kind of file system on any machine.
#include "paths.hpp"

#include <gtest/gtest.h>

namespace safe_docker::mounts {
namespace {

TEST(Contains, ComparesByComponent) {
  for (const Names names : {Names::kExact, Names::kIgnoreCase, Names::kFold}) {
    EXPECT_TRUE(Contains("/data", "/data", names));
    EXPECT_TRUE(Contains("/data", "/data/x/y", names));
    EXPECT_TRUE(Contains("/data/", "/data/x", names));
    EXPECT_TRUE(Contains("/", "/x", names));
    EXPECT_TRUE(Contains("/", "/", names));
    EXPECT_FALSE(Contains("/data", "/database", names));
    EXPECT_FALSE(Contains("/data/x", "/data", names));
    EXPECT_FALSE(Contains("/x/data", "/data", names));
  }
}

TEST(Contains, TellsCaseWhereTheFileSystemDoes) {
  EXPECT_FALSE(Contains("/Users/me", "/users/ME/x", Names::kExact));
  EXPECT_TRUE(Contains("/Users/me", "/users/ME/x", Names::kIgnoreCase));
  EXPECT_TRUE(Contains("/Users/me", "/users/ME/x", Names::kFold));
  EXPECT_FALSE(Contains("/Users/me", "/users/mex", Names::kIgnoreCase));
}

TEST(Contains, FoldsOnlyWhereAsked) {
  EXPECT_FALSE(Contains("/h/.ssh", "/h/.\xc5\xbfsh/id", Names::kIgnoreCase));
  EXPECT_TRUE(Contains("/h/.ssh", "/h/.\xc5\xbfsh/id", Names::kFold));
}

TEST(IsSameName, FoldsAsFileSystemsDo) {
  EXPECT_TRUE(IsSameName("\xc3\x9f", "SS", Names::kFold));
  EXPECT_TRUE(IsSameName("\xe1\xba\x9e", "\xc3\x9f", Names::kFold));
  EXPECT_TRUE(IsSameName("\xe2\x84\xaaube", "kube", Names::kFold));
  EXPECT_TRUE(IsSameName("a\xef\xac\x83", "AFFI", Names::kFold));
  EXPECT_TRUE(IsSameName(".s\xe2\x80\x8bsh\xef\xbb\xbf", ".ssh", Names::kFold));
  EXPECT_TRUE(IsSameName(".ssh", ".s\xef\xb8\x8fsh", Names::kFold));
  EXPECT_FALSE(IsSameName(".ssh", ".sshs", Names::kFold));
  EXPECT_FALSE(IsSameName(".sshs", ".ssh", Names::kFold));
  EXPECT_FALSE(IsSameName(".s\xe2\x80\x90sh", ".ssh", Names::kFold));  // a hyphen is visible
  EXPECT_FALSE(IsSameName("\xc5", "s", Names::kFold));                 // the beginning of a letter
  EXPECT_FALSE(IsSameName("\xc3\xa9", "e\xcc\x81", Names::kFold));     // one letter written in two ways
}

TEST(ContainsAnywhere, FindsComponentsThatStandTogether) {
  EXPECT_TRUE(ContainsAnywhere(".ssh", "/data/me/.ssh/id", Names::kExact));
  EXPECT_TRUE(ContainsAnywhere(".config/gh", "/x/.config/gh", Names::kExact));
  EXPECT_FALSE(ContainsAnywhere(".config/gh", "/x/.config/y/gh", Names::kExact));
  EXPECT_FALSE(ContainsAnywhere(".ssh", "/data/.sshx", Names::kExact));
  EXPECT_FALSE(ContainsAnywhere(".ssh", "/", Names::kExact));
}

#ifdef __APPLE__
constexpr Names kUsual = Names::kIgnoreCase;
#else
constexpr Names kUsual = Names::kExact;
#endif
static_assert(kPermittedNames == kUsual);

}  // namespace
}  // namespace safe_docker::mounts
