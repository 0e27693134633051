// The readers of the files of task runners. Each gets the runner's command and tells what it would run.
#pragma once

#include <vector>

#include "foreign_code.hpp"

namespace safe_docker::shell {

ForeignCode ReadMake(const std::vector<Word>& words, const ForeignContext& context);
ForeignCode ReadPackageScripts(const std::vector<Word>& words, const ForeignContext& context);
ForeignCode ReadComposerScripts(const std::vector<Word>& words, const ForeignContext& context);
ForeignCode ReadDenoTasks(const std::vector<Word>& words, const ForeignContext& context);
ForeignCode ReadJustfile(const std::vector<Word>& words, const ForeignContext& context);
ForeignCode ReadTaskfile(const std::vector<Word>& words, const ForeignContext& context);
ForeignCode ReadMiseTasks(const std::vector<Word>& words, const ForeignContext& context);
ForeignCode ReadToxEnvironments(const std::vector<Word>& words, const ForeignContext& context);

}  // namespace safe_docker::shell
