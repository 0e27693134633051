// Which task runner reads which file.
#include <algorithm>
#include <array>

#include "file_system.hpp"
#include "foreign_code.hpp"
#include "task_readers.hpp"

namespace safe_docker::shell {
namespace {

struct TaskRunner {
  std::string_view name;
  ForeignCode (*read)(const std::vector<Word>& words, const ForeignContext& context);
};

constexpr std::array kTaskRunners = {
    TaskRunner{"make", ReadMake},
    TaskRunner{"gmake", ReadMake},
    TaskRunner{"gnumake", ReadMake},
    TaskRunner{"npm", ReadPackageScripts},
    TaskRunner{"pnpm", ReadPackageScripts},
    TaskRunner{"yarn", ReadPackageScripts},
    TaskRunner{"yarnpkg", ReadPackageScripts},
    TaskRunner{"bun", ReadPackageScripts},
    TaskRunner{"node", ReadPackageScripts},
    TaskRunner{"composer", ReadComposerScripts},
    TaskRunner{"deno", ReadDenoTasks},
    TaskRunner{"just", ReadJustfile},
    TaskRunner{"task", ReadTaskfile},
    TaskRunner{"go-task", ReadTaskfile},
    TaskRunner{"mise", ReadMiseTasks},
    TaskRunner{"tox", ReadToxEnvironments},
};

const TaskRunner* FindTaskRunner(std::string_view program) {
  const auto* found = std::find_if(kTaskRunners.begin(), kTaskRunners.end(),
                                   [program](const TaskRunner& each) { return each.name == program; });
  return found == kTaskRunners.end() ? nullptr : found;
}

}  // namespace

bool IsTaskRunner(std::string_view program) { return FindTaskRunner(program) != nullptr; }

ForeignCode ReadTasks(const std::vector<Word>& words, const ForeignContext& context) {
  return FindTaskRunner(BaseName(words[0].text))->read(words, context);
}

}  // namespace safe_docker::shell
