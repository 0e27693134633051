// `safe-docker manual`: writes the manual pages of all commands, for packages.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <string>
#include <system_error>

#include "commands/commands.hpp"
#include "commands/manual_page.hpp"

namespace safe_docker::commands {
namespace {

namespace fs = std::filesystem;

std::string Today() {
  const std::time_t now = std::time(nullptr);
  std::tm parts = {};
  char text[sizeof "2026-11-22"] = {};
  return gmtime_r(&now, &parts) != nullptr && std::strftime(text, sizeof text, "%Y-%m-%d", &parts) > 0 ? text : "";
}

bool IsDate(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00";
  return text.size() == kForm.size() &&
         std::equal(text.begin(), text.end(), kForm.begin(), [](char letter, char wanted) {
           return wanted == '-' ? letter == '-' : letter >= '0' && letter <= '9';
         });
}

bool IsRegularFile(int descriptor) {
  struct stat status = {};
  if (fstat(descriptor, &status) != 0) {
    return false;
  }
  errno = EINVAL;
  return S_ISREG(status.st_mode);
}

// Writes one file, but through no link and into no pipe; what stands in the way of it, or nothing.
std::string Write(const fs::path& path, std::string_view content) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
  bool is_written = file >= 0 && IsRegularFile(file) && ftruncate(file, 0) == 0;
  while (is_written && !content.empty()) {
    const ssize_t count = write(file, content.data(), content.size());
    is_written = count > 0 || (count < 0 && errno == EINTR);
    content.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  std::string problem = is_written ? "" : path.string() + " cannot be written: " + std::strerror(errno);
  if (file >= 0 && close(file) != 0 && problem.empty()) {
    problem = path.string() + " cannot be written: " + std::strerror(errno);
  }
  return problem;
}

int Run(const Options& options) {
  if (options.words.empty()) {
    return RefuseArguments("manual: which folder are the pages to be written to?");
  }
  const std::string date = options.Last("--date").value_or(Today());
  if (!IsDate(date)) {
    return RefuseArguments("manual: --date wants a day such as 2026-11-22, not '" + date + "'");
  }
  const fs::path folder = options.words[0];
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) {
    return RefuseArguments("manual: " + folder.string() + ": " + failed.message());
  }
  const std::vector<Command> all = AllCommands();
  for (const Command& each : all) {
    const std::string problem = Write(folder / (PageName(each.manual) + ".1"), ManualPage(each.manual, all, date));
    if (!problem.empty()) {
      return RefuseArguments("manual: " + problem);
    }
  }
  return 0;
}

}  // namespace

Command ManualPages() {
  return {.manual = {.name = "manual",
                     .group = Group::kSettingUp,
                     .summary = "write the manual pages of all commands, for packages",
                     .usage = {"manual [--date DATE] FOLDER"},
                     .description = {"Writes a manual page of section 1 for each command into FOLDER, from what --help "
                                     "prints. Packages have them already."},
                     .options = {{"--date", "DATE", "the date that stands in the pages, as in 2026-11-22 (today)"}},
                     .words = "FOLDER",
                     .most_words = 1,
                     .examples = {{"safe-docker manual ~/.local/share/man/man1",
                                   "Have them for a program that no package has installed."}},
                     .exit_codes = {{0, "they are written"}, {2, "it was called wrongly, or they cannot be written"}},
                     .see_also = {"safe-docker-completion(1)", "man(1)"}},
          .run = &Run};
}

}  // namespace safe_docker::commands
