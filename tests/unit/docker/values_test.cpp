// Values that the docker client takes and refuses; tests/differential asks the client itself about many more.
#include "docker/values.hpp"

#include <gtest/gtest.h>

#include "docker/value_text.hpp"

namespace safe_docker::docker {
namespace {

struct Value {
  std::string_view command;
  std::string_view flag;
  std::string_view value;
};

TEST(ExpectedInstead, IsEmptyForWhatDockerTakes) {
  for (const Value& row : {
           Value{"container run", "memory", "512m"},
           {"container run", "memory", "1.5 GiB"},
           {"container run", "memory-swap", "-1"},
           {"container run", "cpus", "1/2"},
           {"container run", "cpus", "1e-9"},
           {"container run", "pids-limit", "0x10"},
           {"container run", "pids-limit", "-1"},
           {"container run", "blkio-weight", "1_0"},
           {"container run", "health-interval", "1m30.5s"},
           {"container run", "restart", "on-failure:3"},
           {"container run", "ulimit", "nofile=1024:2048"},
           {"container run", "publish", "[::1]:8080:80/udp"},
           {"container run", "publish", "8000-8002:80"},
           {"container run", "publish", "published=127.0.0.1:8080,target=80"},
           {"container run", "network", "name=a,alias=b,driver-opt=c=d"},
           {"container run", "network", "a b"},
           {"container run", "add-host", "a=[::1]"},
           {"container run", "sysctl", "kernel.shmmax=1"},
           {"container run", "dns-search", "."},
           {"container run", "log-opt", ""},
           {"service create", "health-retries", "-1"},
           {"service update", "args", "sh -c 'a b'"},
           {"image build", "tag", "a/b:c"},
           {"buildx build", "memory", "anything"},
           {"compose run", "publish", "anything"},
           {"container run", "no-such-flag", ""},
       }) {
    EXPECT_EQ(ExpectedInstead(row.command, row.flag, row.value), "") << row.flag << "=" << row.value;
  }
}

TEST(ExpectedInstead, SaysSomethingOfWhatDockerRefuses) {
  for (const Value& row : {
           Value{"container run", "memory", ""},
           {"container run", "memory", "1gg"},
           {"container run", "memory", "-1"},
           {"container run", "cpus", "1e-10"},
           {"container run", "cpus", "1/0"},
           {"container run", "pids-limit", "1.5"},
           {"container run", "pids-limit", "99999999999999999999"},
           {"container run", "pids-limit", "1__0"},
           {"container run", "blkio-weight", "65536"},
           {"container run", "health-interval", "5"},
           {"container run", "health-interval", "-1s"},
           {"container run", "restart", "on-failure:x"},
           {"container run", "ulimit", "NOFILE=1"},
           {"container run", "ulimit", "nofile=2:1"},
           {"container run", "publish", "1-2:3-9"},
           {"container run", "publish", "8080:"},
           {"container run", "network", "name=a,privileged=true"},
           {"container run", "network", "alias=a"},
           {"container run", "add-host", "a:1.2.3.4:5"},
           {"container run", "sysctl", "kernel.core_pattern=x"},
           {"container run", "security-opt", "unconfined"},
           {"container exec", "env", "=x"},
           {"service create", "publish", "127.0.0.1:1:1"},
           {"service update", "args", "'a"},
           {"image build", "tag", "A"},
       }) {
    EXPECT_NE(ExpectedInstead(row.command, row.flag, row.value), "") << row.flag << "=" << row.value;
  }
}

TEST(IsAddress, KnowsBothFamilies) {
  for (const std::string_view text :
       {"1.2.3.4", "::", "::1", "1::", "fe80::1:2", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8"}) {
    EXPECT_TRUE(IsAddress(text)) << text;
  }
  for (const std::string_view text : {"", "1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4.5", ":1", "1:", "1::2::3",
                                      "1:2:3:4:5:6:7:8:9", "12345::", "g::", "1.2.3.4:80"}) {
    EXPECT_FALSE(IsAddress(text)) << text;
  }
}

}  // namespace
}  // namespace safe_docker::docker
