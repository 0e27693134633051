#include "sha256.hpp"

#include <gtest/gtest.h>

namespace safe_docker {
namespace {

// The examples of FIPS 180-4.
TEST(Sha256Hex, IsThatOfTheStandard) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(HexDigits, WritesEveryByte) { EXPECT_EQ(HexDigits(std::string_view("\0\x7f\xff", 3)), "007fff"); }

}  // namespace
}  // namespace safe_docker
