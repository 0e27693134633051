#include "agents/tool_matcher.hpp"

#include <gtest/gtest.h>

#include <string>

namespace safe_docker::agents {
namespace {

struct Row {
  std::string matcher;
  std::string tool;
  Match expected;
};

TEST(ToolMatcher, ReadsMatchersAsClaudeCodeDoes) {
  const Row rows[] = {
      {"", "Bash", Match::kYes},
      {"*", "Bash", Match::kYes},
      {"Bash", "Bash", Match::kYes},
      {"Bash", "BashOutput", Match::kNo},
      {"bash", "Bash", Match::kNo},
      {"Bash|PowerShell|Monitor", "Monitor", Match::kYes},
      {"Bash, PowerShell", "PowerShell", Match::kYes},
      {"Bash |PowerShell", "Bash", Match::kYes},
      {"Write|Edit", "Bash", Match::kNo},
      {"|", "Bash", Match::kNo},
      {"mcp-server", "Bash", Match::kNo},
      {".*", "Bash", Match::kYes},
      {"Bash.*", "BashOutput", Match::kYes},
      {"as.", "Bash", Match::kYes},  // found anywhere
      {"^(Bash|Monitor)$", "Monitor", Match::kYes},
      {"^(Bash|Monitor)$", "PowerShell", Match::kNo},
      {"^(?!Write)", "Bash", Match::kYes},
      {"^(?!Bash)", "Bash", Match::kNo},
      {"Bash(", "Bash", Match::kNoPattern},
      {"[", "Bash", Match::kNoPattern},
      {std::string(2000, '('), "Bash", Match::kNoPattern},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(MatchTool(row.matcher, row.tool), row.expected) << "'" << row.matcher << "' and " << row.tool;
  }
}

}  // namespace
}  // namespace safe_docker::agents
