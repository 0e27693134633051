#include "audit/redaction.hpp"

#include <gtest/gtest.h>

#include "audit/secret_names.hpp"
#include "audit/secret_shapes.hpp"
#include "audit/secret_text.hpp"

namespace safe_docker::audit {
namespace {

using policy::Redaction;

docker::Request RunWith(const std::string& option, const std::string& value) {
  docker::Request request;
  request.command = "container run";
  request.options = {{option, value, "--" + option + " " + value}};
  return request;
}

std::string Redacted(Redaction mode, const docker::Request& request, const std::string& text) {
  Redactor redactor(mode);
  redactor.Learn(request);
  return redactor.Redact(text);
}

TEST(Redactor, HasThreeModes) {
  const docker::Request request = RunWith("env", "COLOUR=blue");
  EXPECT_EQ(Redacted(Redaction::kNames, request, "run -e COLOUR=blue"), "run -e COLOUR=[REDACTED:env]");
  EXPECT_EQ(Redacted(Redaction::kPattern, request, "run -e COLOUR=blue"), "run -e COLOUR=blue");
  EXPECT_EQ(Redacted(Redaction::kPattern, request, "PASSWORD=hunter2"), "PASSWORD=[REDACTED:env]");
  EXPECT_EQ(Redacted(Redaction::kOff, request, "PASSWORD=hunter2"), "PASSWORD=hunter2");
}

TEST(Redactor, FindsAKnownSecretInEveryForm) {
  const docker::Request request = RunWith("env", "TOKEN=a b/c'd\"e+f");
  for (const char* text : {"a b/c'd\"e+f", "a\\ b/c\\'d\\\"e+f", "'a b/c'\\''d\"e+f'", "a%20b%2Fc%27d%22e%2Bf",
                           "a+b%2fc%27d%22e%2bf", "YSBiL2MnZCJlK2Y=", "bWU6YSBiL2MnZCJlK2Y=", "a b/c'd\\\"e+f"}) {
    const std::string redacted = Redacted(Redaction::kNames, request, "x " + std::string(text) + " y");
    EXPECT_NE(redacted.find("[REDACTED:env]"), std::string::npos) << text << ": " << redacted;
    EXPECT_EQ(redacted.find("b/c"), std::string::npos) << redacted;
    EXPECT_TRUE(redacted.starts_with("x ") && redacted.ends_with(" y")) << redacted;
  }
}

// An image is still named when somebody has used its name as a password.
TEST(Redactor, DoesNotTakeAnImageForAPassword) {
  docker::Request request = RunWith("env", "POSTGRES_PASSWORD=postgres");
  docker::Effect image;
  image.kind = SDP_EFFECT_USE_IMAGE;
  image.subject = "docker.io/library/postgres:16";
  request.effects = {image};
  EXPECT_EQ(Redacted(Redaction::kNames, request, "-e POSTGRES_PASSWORD=postgres postgres:16"),
            "-e POSTGRES_PASSWORD=[REDACTED:env] postgres:16");
}

TEST(Redactor, LeavesOutATextThatCostsTooMuch) {
  docker::Request request = RunWith("env", "TOKEN=" + std::string(4000, 'a') + "b");
  EXPECT_EQ(Redacted(Redaction::kNames, request, std::string(32'000, 'a')), "[REDACTED:too long to look through]");
}

// Whatever stands in a text, the scanner ends and stays inside it.
TEST(FindSecrets, StaysInsideTheText) {
  constexpr std::string_view kPieces[] = {"TOKEN=",
                                          "'",
                                          "\"",
                                          "\\",
                                          "$(",
                                          "`",
                                          " ",
                                          "\n",
                                          "://",
                                          "a:b@",
                                          "--password",
                                          "<<",
                                          "EOF",
                                          "echo ",
                                          "|",
                                          "--password-stdin",
                                          "-----BEGIN PRIVATE KEY",
                                          "mysql -p",
                                          "curl -u",
                                          ",",
                                          ":",
                                          "=",
                                          "eyJ",
                                          std::string_view("\0", 1),
                                          "\xff"};
  std::uint32_t state = 7;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::uint32_t count = 0; count < 12; ++count) {
      state = state * 1664525 + 1013904223;
      text += kPieces[(state >> 16U) % std::size(kPieces)];
    }
    for (const Secret& secret : FindSecrets(text, (round & 1) != 0)) {
      ASSERT_LE(secret.begin, secret.end) << text;
      ASSERT_LE(secret.end, text.size()) << text;
    }
    Redactor redactor(Redaction::kNames);
    redactor.LearnFromText(text);
    redactor.Redact(text);
  }
}

TEST(SensitivityOf, ReadsTheWordsOfAName) {
  for (const char* name : {"PASSWORD", "DB_PASSWORD", "dbPassword", "PGPASSWORD", "api-key", "apiKey", "API_KEY_2",
                           "com.example.token", "MYSQL_PWD", "AWS_SECRET_ACCESS_KEY", "client-secret", "_authToken"}) {
    EXPECT_EQ(SensitivityOf(name), Sensitivity::kStrong) << name;
  }
  for (const char* name : {"AUTH", "session", "KEY", "X-Amz-Signature", "cookie"}) {
    EXPECT_EQ(SensitivityOf(name), Sensitivity::kWeak) << name;
  }
  for (const char* name : {"PATH", "PWD", "token-ttl", "PASSWORD_FILE", "tokenizer", "max-tokens", "author", "compass",
                           "SECRET_NAME", "monkey", "keyboard", ""}) {
    EXPECT_EQ(SensitivityOf(name), Sensitivity::kNone) << name;
  }
}

TEST(LooksRandom, TellsTokensFromWords) {
  EXPECT_TRUE(LooksRandom("f3Kq9ZxT1vB7mN2c"));
  EXPECT_FALSE(LooksRandom("production"));
  EXPECT_FALSE(LooksRandom("my-long-service-name"));
  EXPECT_FALSE(LooksRandom("1.2.3"));
}

TEST(Redact, CoversEveryTextOfARecord) {
  docker::Request request = RunWith("env", "TOKEN=hunter2secret");
  docker::Effect effect;
  effect.kind = SDP_EFFECT_MOUNT_HOST_PATH;
  effect.subject = effect.resolved = effect.target = effect.options = effect.name = "/x/hunter2secret";
  effect.evidence.written = "-v hunter2secret";
  request.effects = {effect};
  request.arguments = {"hunter2secret"};
  request.cwd = request.engine = request.evidence.file = request.evidence.service = "/hunter2secret";
  policy::Finding finding;
  finding.rule = "flags/privileged";
  finding.message = finding.written = finding.file = finding.service = finding.because = "hunter2secret";
  finding.about.path = finding.about.image = finding.about.value = "hunter2secret";
  Record record = MakeRecord({request}, policy::Merge({finding}));
  record.command = record.cwd = record.project = "hunter2secret";
  Redact(Redaction::kNames, &record);
  EXPECT_EQ(EncodeJsonLine(record).find("hunter2secret"), std::string::npos) << EncodeJsonLine(record);
  EXPECT_EQ(EncodeOtlpLine(record).find("hunter2secret"), std::string::npos);
  EXPECT_EQ(record.redactions, std::vector<std::string>{"env:TOKEN"});
}

}  // namespace
}  // namespace safe_docker::audit
