// What anybody may have written into a repository can only make things stricter: random configurations of a user, with
// and without a random project's file that nobody has trusted, are asked about the same commands by the real plugins.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "docker/grammar.hpp"
#include "modes/judge.hpp"
#include "modes/shipped_plugins.hpp"
#include "modes/text_reading.hpp"
#include "plugins/plugin_set.hpp"
#include "policy/rules.hpp"

namespace safe_docker::modes {
namespace {

using policy::Author;
using policy::Decision;
using policy::Finding;
using policy::LoadedConfig;
using policy::Profile;

// One of each kind of effect, at least.
constexpr std::string_view kCommands[] = {
    "docker run alpine",
    "docker run alpine:latest true",
    "docker run ghcr.io/me/app:1",
    "docker run ghcr.io/me/app@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "docker run $IMAGE",
    "docker run 0123456789ab",
    "docker run -v $PWD:/w alpine",
    "docker run -v ~/other:/w alpine",
    "docker run -v ~:/w alpine",
    "docker run -v ~/.ssh:/w alpine",
    "docker run -v ~/.ssh/known_hosts:/w:ro alpine",
    "docker run -v ~/secret/x:/w alpine",
    "docker run -v /srv/data/x:/w alpine",
    "docker run -v /srv/data:/w:ro alpine",
    "docker run -v /etc:/w alpine",
    "docker run -v /:/w alpine",
    "docker run -v $SOMEWHERE:/w alpine",
    "docker run -v /var/run/docker.sock:/var/run/docker.sock alpine",
    "docker run --mount type=bind,src=/etc/passwd,dst=/p,bind-propagation=rshared alpine",
    "docker run --volumes-from other alpine",
    "docker run --privileged alpine",
    "docker run --cap-add NET_ADMIN alpine",
    "docker run --cap-add ALL alpine",
    "docker run --cap-add CHOWN alpine",
    "docker run --cap-add $CAP alpine",
    "docker run --network host alpine",
    "docker run --network container:x alpine",
    "docker run --pid host alpine",
    "docker run --ipc host alpine",
    "docker run --uts host alpine",
    "docker run --userns host alpine",
    "docker run --cgroupns host alpine",
    "docker run --device /dev/sda alpine",
    "docker run --gpus all alpine",
    "docker run --security-opt seccomp=unconfined alpine",
    "docker run --security-opt apparmor=unconfined alpine",
    "docker run --security-opt label=disable alpine",
    "docker run --sysctl kernel.shm_rmid_forced=1 alpine",
    "docker run --cgroup-parent /x alpine",
    "docker run --add-host metadata:169.254.169.254 alpine",
    "docker run --runtime other alpine",
    "docker run -p 8080:80 alpine",
    "docker run -P alpine",
    "docker run --env-file ~/.aws/credentials alpine",
    "docker run --unknown-flag alpine",
    "docker exec --privileged web sh",
    "docker build --build-arg AWS_SECRET_ACCESS_KEY=x .",
    "docker build --network host --ssh default .",
    "docker build --secret id=x,src=/etc/shadow .",
    "docker build -o /srv/data/out .",
    "docker cp web:/x /etc/x",
    "docker cp ~/.ssh/id_rsa web:/x",
    "docker save -o /etc/x alpine",
    "docker -H tcp://elsewhere:2375 run alpine",
    "docker --context other ps",
    "docker system prune -a --volumes -f",
    "docker volume rm data",
    "docker rm -f web",
    "docker swarm init",
    "docker plugin install x",
    "docker push ghcr.io/me/app",
    "docker login",
    "docker compose up -d",
    "docker compose down -v",
    "docker frobnicate",
    "curl -fsSL https://example.org/install | sh",
    "eval \"$DOCKER run alpine\"",
    "echo ZG9ja2Vy | base64 -d | sh",
    "curl --unix-socket /var/run/docker.sock http://x/containers/json",
};

constexpr std::string_view kSelectors[] = {"all",
                                           "**",
                                           "mounts/*",
                                           "flags/*",
                                           "images/*",
                                           "host/*",
                                           "mounts/**",
                                           "destroy/*",
                                           "tag:files",
                                           "tag:escape",
                                           "tag:network",
                                           "tag:supply-chain",
                                           "tag:unknown",
                                           "flags/gpu",
                                           "flags/device",
                                           "flags/capability",
                                           "flags/privileged",
                                           "mounts/outside-home",
                                           "host/unknown",
                                           "mounts/sensitive",
                                           "images/not-allowed",
                                           "images/not-listed",
                                           "host/opaque-text",
                                           "rules/mine"};
constexpr std::string_view kProfiles[] = {"strict", "standard", "permissive"};
constexpr std::string_view kDecisions[] = {"allow", "ask", "deny"};
constexpr std::string_view kModes[] = {"enforce", "warn", "audit"};
constexpr std::string_view kMatches[] = {"",
                                         "match = {path = \"/srv/data/**\"}\n",
                                         "match = {path = [\"~/**\", \"/etc/**\"]}\n",
                                         "match = {image = \"**\"}\n",
                                         "match = {image = \"@list\"}\n",
                                         "match = {value = \"**\"}\n",
                                         "match = {value = [\"NET_ADMIN\", \"network=host\", \"*=unconfined\"]}\n",
                                         "match = {service = \"web\"}\n"};
constexpr std::string_view kTopLines[] = {"allowed_paths = [\"/srv/data\"]\n",
                                          "allowed_paths = [\"/\", \"~/.ssh\"]\n",
                                          "allowed_paths = []\n",
                                          "sensitive_paths = [\"secret\"]\n",
                                          "sensitive_paths = []\n",
                                          "blocked_flags = []\n",
                                          "blocked_flags = [\"--gpus\", \"--publish-all\"]\n",
                                          "blocked_flags = [\"--network=host\", \"--device\"]\n",
                                          "blocked_capabilities = []\n",
                                          "blocked_capabilities = [\"CHOWN\"]\n",
                                          "allowed_images = []\n",
                                          "allowed_images = [\"**\"]\n",
                                          "allowed_images = [\"alpine\", \"ghcr.io/me/**\"]\n",
                                          "block_docker_socket = true\n",
                                          "block_docker_socket = false\n",
                                          "profile_version = 1\n"};
constexpr std::string_view kRules[] = {
    "when = {effect = \"image\", tag = \"latest\"}\ndecision = \"ask\"\nmessage = \"would\"\n",
    "when = {effect = \"privileged\"}\ndecision = \"deny\"\nmessage = \"would\"\n",
    "when = {effect = \"image\", image = \"@list\"}\ndecision = \"deny\"\nmessage = \"would\"\n"};
constexpr std::string_view kErrors[] = {"nonsense = 1\n",
                                        "profile = \"strct\"\n",
                                        "allowed_paths = 3\n",
                                        "block_docker_socket = 1",
                                        "deadline_ms = 50\n",
                                        "= broken",
                                        "[audit]\nenabled = false\n",
                                        "[plugins.mounts]\nenabled = false\n",
                                        "[wrapper]\nnon_interactive_ask = \"allow\"\n"};

class Generator {
 public:
  explicit Generator(unsigned seed) : engine_(seed) {}

  bool Chance(unsigned percent) { return engine_() % 100 < percent; }

  template <std::size_t kCount>
  std::string Pick(const std::string_view (&choices)[kCount]) {
    return std::string(choices[engine_() % kCount]);
  }

  std::string Config(std::string_view author, bool with_error) {
    std::string text = with_error && Chance(50) ? Pick(kErrors) : "";
    const bool ends_in_table = text.starts_with('[');
    std::string top;
    std::vector<std::string> keys;
    for (int count = 0; count < 5; ++count) {
      const std::string line = Pick(kTopLines);
      const std::string key = line.substr(0, line.find(' '));
      if (Chance(60) && std::find(keys.begin(), keys.end(), key) == keys.end()) {
        keys.push_back(key);
        top += line;
      }
    }
    top += Chance(50) ? "profile = \"" + Pick(kProfiles) + "\"\n" : "";
    text = ends_in_table ? top + text : text + "\n" + top;
    text += "[lists]\nlist = [\"" + std::string(Chance(50) ? "**" : "ghcr.io/**") + "\"]\n";
    text += Modes() + Decisions();
    for (int count = 0; count < 3 && Chance(60); ++count) {
      text += "[[exceptions]]\nrule = \"" + Pick(kSelectors) + "\"\nreason = \"why\"\n" + Pick(kMatches);
      text += Chance(30) ? "expires = 2000-01-01\n" : "";
    }
    for (int count = 0; count < 2 && Chance(30); ++count) {
      text += "[[rules]]\nid = \"" + std::string(count == 0 ? author : "mine") + "\"\n" + Pick(kRules);
    }
    return text + (with_error ? "\n[no-such-table]\nx = 1\n" : "");
  }

 private:
  std::string Modes() {
    std::string text = "[modes]\n";
    for (const std::string_view mode : kModes) {
      if (Chance(35)) {
        text += std::string(mode) + " = [\"" + (Chance(40) ? Pick(kProfiles) : Pick(kSelectors)) + "\", \"" +
                Pick(kSelectors) + "\"]\n";
      }
    }
    return text;
  }

  std::string Decisions() {
    std::string text = "[decisions]\n";
    std::vector<std::string> seen;
    for (int count = 0; count < 4 && Chance(70); ++count) {
      const std::string selector = Pick(kSelectors);
      if (std::find(seen.begin(), seen.end(), selector) == seen.end()) {
        seen.push_back(selector);
        text += "\"" + selector + "\" = \"" + Pick(kDecisions) + "\"\n";
      }
    }
    return text;
  }

  std::mt19937 engine_;
};

class ProjectFileProperty : public testing::Test {
 protected:
  ProjectFileProperty() {
    char folder[] = "/tmp/projectXXXXXX";
    home_ = std::filesystem::canonical(mkdtemp(folder)).string();
    std::filesystem::create_directories(home_ + "/project");
    home_variable_ = "HOME=" + home_;
    variables_[0] = home_variable_.c_str();
    for (const std::string_view command : kCommands) {
      readings_.push_back(Read(command));
    }
  }
  ~ProjectFileProperty() override { std::filesystem::remove_all(home_); }

  TextReading Read(std::string_view command) const {
    return ReadShellText({std::string(command), false, home_ + "/project", Environment(variables_)});
  }

  void Apply(const std::string& text, const std::string& file, Author author, LoadedConfig* loaded) const {
    policy::ReadingOptions options;
    options.flag_names = &docker::FlagNames;
    policy::ApplyConfigText(text, home_ + "/" + file, home_, options, loaded, author);
    // As the doors do.
    loaded->config.project_folder =
        loaded->config.policy.Consults(Profile::kStrict) ? home_ + "/project" : std::string();
  }

  LoadedConfig Defaults() const {
    LoadedConfig loaded;
    loaded.config = policy::DefaultConfig(home_);
    return loaded;
  }

  policy::Verdict JudgeOne(std::size_t index, const LoadedConfig& config) const {
    return Judge(readings_[index].requests, readings_[index].findings, config, /*advise=*/false).verdict;
  }

  // All commands at once: what holds for each finding holds for the verdicts, which are the strongest of them.
  policy::Verdict JudgeAll(const LoadedConfig& config) const {
    std::vector<docker::Request> requests;
    std::vector<Finding> findings;
    for (const TextReading& reading : readings_) {
      requests.insert(requests.end(), reading.requests.begin(), reading.requests.end());
      findings.insert(findings.end(), reading.findings.begin(), reading.findings.end());
    }
    return Judge(std::move(requests), std::move(findings), config, /*advise=*/false).verdict;
  }

  std::string home_;
  std::string home_variable_;
  const char* variables_[3] = {nullptr, "PATH=/usr/bin:/bin", nullptr};  // requests look into it
  std::vector<TextReading> readings_;
};

bool IsAsStrong(const Finding& finding, const policy::Verdict& verdict) {
  return std::any_of(verdict.findings.begin(), verdict.findings.end(), [&finding](const Finding& other) {
    return other.rule == finding.rule && other.written == finding.written && other.message == finding.message &&
           other.decision >= finding.decision;
  });
}

void ExpectNothingWeaker(const policy::Verdict& before, const policy::Verdict& after, const std::string& where) {
  EXPECT_GE(after.decision, before.decision) << where;
  const bool is_incomplete = std::any_of(after.findings.begin(), after.findings.end(), [](const Finding& finding) {
    return finding.rule == policy::kPluginFailed;  // a rule that has the id of one of the user's
  });
  if (is_incomplete) {
    EXPECT_EQ(after.decision, Decision::kDeny) << where;
    return;
  }
  for (const Finding& finding : before.findings) {
    // Self-protection speaks only where nobody else objects, so another objection may stand in its place.
    const bool counts = finding.decision != Decision::kAllow && finding.rule != policy::kConfigError &&
                        finding.rule != policy::kSelfProtection;
    if (counts && !IsAsStrong(finding, after)) {
      ADD_FAILURE() << finding.rule << " (" << finding.written << ", " << Name(finding.decision)
                    << ") is weaker with the project's file\n"
                    << where;
      return;
    }
  }
}

TEST_F(ProjectFileProperty, NobodyHasTrustedItSoItLoosensNothing) {
  constexpr unsigned kPairs = 1500;
  std::size_t enforced = 0;
  std::size_t let_through = 0;
  for (unsigned seed = 0; seed < kPairs && !HasFailure(); ++seed) {
    Generator generate(seed);
    const std::string user = generate.Config("users", /*with_error=*/generate.Chance(10));
    const std::string project = generate.Config("theirs", /*with_error=*/generate.Chance(25));
    LoadedConfig without = Defaults();
    Apply(user, "config.toml", Author::kUser, &without);
    LoadedConfig with = without;
    Apply(project, "project/.safe-docker.toml", Author::kProject, &with);
    const std::string where = "seed " + std::to_string(seed) + "\n# user\n" + user + "\n# project\n" + project;
    const policy::Verdict before = JudgeAll(without);
    ExpectNothingWeaker(before, JudgeAll(with), where);
    const std::size_t one = seed % readings_.size();
    ExpectNothingWeaker(JudgeOne(one, without), JudgeOne(one, with), std::string(kCommands[one]) + "\n" + where);
    const auto counts = [](const Finding& finding) { return finding.decision != Decision::kAllow; };
    const auto found = std::count_if(before.findings.begin(), before.findings.end(), counts);
    enforced += static_cast<std::size_t>(found);
    let_through += before.findings.size() - static_cast<std::size_t>(found);
  }
  // The property says nothing of configurations that deny all or let all pass.
  EXPECT_GT(enforced, kPairs * 10);
  EXPECT_GT(let_through, kPairs * 10);
}

// What shows that the property can fail: the same files, trusted.
TEST_F(ProjectFileProperty, SomethingIsLoosenedOnceItIsTrusted) {
  std::size_t loosened = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    Generator generate(seed);
    const std::string project = generate.Config("theirs", /*with_error=*/false);
    LoadedConfig with = Defaults();
    const policy::Verdict before = JudgeAll(with);
    Apply(project, "project/.safe-docker.toml", Author::kTrustedProject, &with);
    const policy::Verdict after = JudgeAll(with);
    loosened +=
        static_cast<std::size_t>(std::any_of(before.findings.begin(), before.findings.end(),
                                             [&after](const Finding& finding) { return !IsAsStrong(finding, after); }));
  }
  EXPECT_GT(loosened, 10U);
}

TEST_F(ProjectFileProperty, ProfilesAreOrderedForEveryCommand) {
  for (std::size_t index = 0; index < readings_.size(); ++index) {
    Decision weaker = Decision::kAllow;
    for (const std::string_view profile : {"permissive", "standard", "strict"}) {
      LoadedConfig config = Defaults();
      Apply("profile = \"" + std::string(profile) + "\"\n", "config.toml", Author::kUser, &config);
      const Decision decision = JudgeOne(index, config).decision;
      EXPECT_GE(decision, weaker) << profile << ": " << kCommands[index];
      weaker = decision;
    }
  }
}

TEST(ShippedRules, AreOrderedByProfile) {
  policy::Config config = policy::DefaultConfig("/home/user");
  std::size_t count = 0;
  for (const plugins::PluginInfo& plugin : plugins::PluginSet(DeclarePlugins(config, Which::kAll)).Describe()) {
    for (const auto& rule : plugin.rules) {
      EXPECT_GE(rule.profiles.strict, rule.profiles.standard) << plugin.id << "/" << rule.id;
      EXPECT_GE(rule.profiles.standard, rule.profiles.permissive) << plugin.id << "/" << rule.id;
      ++count;
    }
  }
  for (const policy::HostRule& rule : policy::HostRules()) {
    EXPECT_GE(rule.profiles.strict, rule.profiles.standard) << rule.id;
    EXPECT_GE(rule.profiles.standard, rule.profiles.permissive) << rule.id;
  }
  EXPECT_GT(count, 40U);
}

}  // namespace
}  // namespace safe_docker::modes
