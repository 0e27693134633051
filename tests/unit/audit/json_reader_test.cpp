#include "audit/json_reader.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace safe_docker::audit {
namespace {

struct TextCase {
  const char* json;
  std::string text;
};

class ReadsTexts : public testing::TestWithParam<TextCase> {};

TEST_P(ReadsTexts, AsWritten) {
  JsonReader reader(GetParam().json);
  std::string text = "before";
  EXPECT_TRUE(reader.ReadString(&text));
  EXPECT_EQ(text, GetParam().text);
  EXPECT_TRUE(reader.IsDone());
  EXPECT_EQ(text, nlohmann::json::parse(GetParam().json).get<std::string>());
}

INSTANTIATE_TEST_SUITE_P(Texts, ReadsTexts,
                         testing::Values(TextCase{R"("")", ""}, TextCase{R"("plain")", "plain"},
                                         TextCase{R"( "blanks" )", "blanks"}, TextCase{R"("\"\\\/")", "\"\\/"},
                                         TextCase{R"("\b\f\n\r\t")", "\b\f\n\r\t"},
                                         TextCase{R"("a\u0000b")", std::string("a\0b", 3)},
                                         TextCase{R"("\u00e9\u20AC")", "\u00e9\u20ac"},
                                         TextCase{R"("\ud83d\ude00!")", "\U0001f600!"}, TextCase{R"("\\")", "\\"},
                                         TextCase{R"("\\\\\"")", "\\\\\""}));

class RefusesTexts : public testing::TestWithParam<const char*> {};

TEST_P(RefusesTexts, ThatAreBroken) {
  JsonReader reader(GetParam());
  std::string text;
  EXPECT_FALSE(reader.ReadString(&text));
  EXPECT_TRUE(reader.failed());
  EXPECT_FALSE(nlohmann::json::accept(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Texts, RefusesTexts,
                         testing::Values("", "\"", "\"open", R"("\")", R"("\x")", R"("\u12")", R"("\u12g4")",
                                         R"("\u-123")", R"("\ud83d")", R"("\ud83dx")", R"("\ud83d\u0041")",
                                         R"("\ude00")", "\"\\"));

class Skips : public testing::TestWithParam<const char*> {};

TEST_P(Skips, WholeValues) {
  const std::string text = std::string("[") + GetParam() + ", 7]";
  JsonReader reader(text);
  std::string_view raw;
  std::uint64_t number = 0;
  int count = 0;
  EXPECT_TRUE(reader.ReadArray([&] { return ++count == 1 ? reader.Skip(&raw) : reader.ReadUnsigned(&number); }));
  EXPECT_EQ(raw, GetParam());
  EXPECT_EQ(number, 7U);
  EXPECT_TRUE(reader.IsDone());
}

INSTANTIATE_TEST_SUITE_P(Values, Skips,
                         testing::Values("1", "-1.5e+3", "true", "null", R"("a, ]}\"")", "[]", "{}", "[[], {}]",
                                         R"({"a": "}", "b": ["]", {"c": "\\"}]})"));

class Refuses : public testing::TestWithParam<const char*> {};

TEST_P(Refuses, BrokenObjects) {
  JsonReader reader(GetParam());
  const bool is_read = reader.ReadObject([&](std::string_view) { return reader.Skip(); });
  EXPECT_FALSE(is_read && reader.IsDone());
}

INSTANTIATE_TEST_SUITE_P(Objects, Refuses,
                         testing::Values("", "[]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}",
                                         "{,}", "{\"a\" 1}", "{\"a\":}", "{a:1}", "{\"a\":[}", "{\"a\":[}]}",
                                         "{\"a\":\"}", "{} x", "{\"a\":1 \"b\":2}"));

TEST(JsonReader, BoundsItsDepth) {
  const std::string deep = std::string(100000, '[');
  JsonReader skipping(deep);
  EXPECT_FALSE(skipping.Skip());
}

TEST(JsonReader, KeysMayHoldEscapes) {
  JsonReader reader(R"({"\u0061\"": "x"})");
  std::string key;
  EXPECT_TRUE(reader.ReadObject([&](std::string_view name) {
    key = name;
    return reader.Skip();
  }));
  EXPECT_EQ(key, "a\"");
}

TEST(JsonReader, NumbersAreWholeAndNotNegative) {
  for (const char* text : {"-1", "1.5", "1e3", "18446744073709551616", "x", ""}) {
    JsonReader reader(text);
    std::uint64_t number = 0;
    EXPECT_FALSE(reader.ReadUnsigned(&number)) << text;
  }
}

}  // namespace
}  // namespace safe_docker::audit
