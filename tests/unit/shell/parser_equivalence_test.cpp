// Every shell script that is installed here: what bash accepts is accepted, and printed so that the words, the
// operators and the functions that bash makes of it stay the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bash_syntax.hpp"
#include "cases.hpp"
#include "shell/syntax/printer.hpp"
#include "token_reader.hpp"

namespace safe_docker::shell {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestScript = 4 * 1024 * 1024;

std::string ReadStart(const fs::path& path, std::size_t size) {
  std::ifstream file(path, std::ios::binary);
  std::string start(size, '\0');
  file.read(start.data(), static_cast<std::streamsize>(size));
  start.resize(static_cast<std::size_t>(file.gcount()));
  return start;
}

bool HasShellShebang(const fs::path& path) {
  const std::string start = ReadStart(path, 200);
  std::string_view line(start);
  line = line.substr(0, line.find('\n'));
  if (!line.starts_with("#!")) {
    return false;
  }
  line.remove_prefix(2);
  for (const std::string_view piece : {" ", "/usr", "/bin/", "env "}) {
    line.remove_prefix(line.starts_with(piece) ? piece.size() : 0);
  }
  const std::string_view name = line.substr(0, line.find_first_of(" \t"));
  return name == "sh" || name == "bash" || name == "dash";
}

bool IsMaintainerScript(const fs::path& path) {
  static constexpr std::array<std::string_view, 4> kEndings = {".preinst", ".postinst", ".prerm", ".postrm"};
  const std::string name = path.filename();
  return path.parent_path() == "/var/lib/dpkg/info" &&
         std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view each) { return name.ends_with(each); });
}

bool IsShellScript(const fs::path& path) {
  const std::string extension = path.extension();
  return extension == ".sh" || extension == ".bash" || IsMaintainerScript(path) ||
         path.native().find("/bash-completion/") != std::string::npos ||
         path.native().find("/bash_completion.d/") != std::string::npos || HasShellShebang(path);
}

std::vector<std::string> InstalledScripts() {
  std::vector<std::string> scripts;
  for (const char* root : {"/usr/share", "/etc", "/usr/bin", "/usr/sbin", "/usr/lib", "/var/lib/dpkg/info"}) {
    std::error_code error;
    constexpr auto kOptions = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator each(root, kOptions, error), end; !error && each != end;
         each.increment(error)) {
      std::error_code ignored;
      if (!each->is_symlink(ignored) && each->is_regular_file(ignored) && each->file_size(ignored) <= kLargestScript &&
          IsShellScript(each->path())) {
        scripts.push_back(each->path());
      }
    }
  }
  std::sort(scripts.begin(), scripts.end());
  return scripts;
}

// A backslash that ends a text would join what follows: it is a quoted one.
std::string WithWholeEnd(std::string text) {
  const std::size_t slashes = text.size() - (text.find_last_not_of('\\') + 1);
  return slashes % 2 == 1 ? text + "\\" : text;
}

// What is wrong with how `text` is parsed and printed; empty if nothing is.
std::string Difference(const std::string& text) {
  const bool accepted = BashAccepts(text);
  Arena arena;
  const Program program = Parse(text, &arena, 0);
  if (accepted != (program.failure == Failure::kNone)) {
    return accepted ? "bash accepts it: " + Describe(program.error, text) : "bash refuses it";
  }
  if (!accepted || program.has_late_body) {
    return {};
  }
  const std::string printed = Print(program);
  Arena second_arena;
  const Program second = Parse(printed, &second_arena, 0);
  if (second.failure != Failure::kNone || Print(second) != printed) {
    return "what is printed prints differently";
  }
  Arena token_arena;
  const std::string whole = WithWholeEnd(text);
  TokenReader reader(whole, &token_arena, 0);
  if (reader.Read() != TokenReader(printed, &token_arena, 0).Read()) {
    return "the tokens differ";
  }
  // A here-document that the end of the text ends would take the end of the function.
  return !reader.all_terminated() || BashFunction(whole) == BashFunction(printed) ? ""
                                                                                  : "bash makes another function of it";
}

// FILE or TEXT => REASON
std::map<std::string, std::string> KnownDifferences() {
  std::map<std::string, std::string> known;
  for (const std::string& row : ReadRows("parser_equivalence.differences")) {
    const std::size_t arrow = row.find(" => ");
    known[row.substr(0, arrow)] = row.substr(arrow + 4);
  }
  return known;
}

TEST(ParserEquivalenceTest, InstalledScripts) {
  const std::map<std::string, std::string> known = KnownDifferences();
  const std::vector<std::string> scripts = InstalledScripts();
  if (std::getenv("CI") == nullptr && scripts.size() < 50) {
    GTEST_SKIP() << "hardly a script is installed";
  }
  ASSERT_GE(scripts.size(), 50U);
  for (std::size_t index = 0; index < scripts.size(); index += EVERY) {
    const std::string& path = scripts[index];
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    if (known.find(path) == known.end()) {
      EXPECT_EQ(Difference(text), "") << path;
    }
  }
  RecordProperty("scripts", static_cast<int>(scripts.size()));
}

TEST(ParserEquivalenceTest, SnippetsOfTheTests) {
  const std::map<std::string, std::string> known = KnownDifferences();
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(TEST_DATA_DIR)) {
    if (entry.path().extension() == ".cases" && entry.path().filename() != "syntax_differences.cases") {
      files.push_back(entry.path().filename());
    }
  }
  ASSERT_GE(files.size(), 3U);
  for (const std::string& file : files) {
    const std::vector<std::string> rows = ReadRows(file);
    for (std::size_t index = 0; index < rows.size(); index += EVERY) {
      const std::string& row = rows[index];
      std::string snippet = row.substr(0, row.find(" =>"));
      snippet = file == "syntax.cases" ? snippet.substr(snippet.find(' ') + 1) : snippet;
      if (known.find(snippet) == known.end()) {
        EXPECT_EQ(Difference(WithLineBreaks(snippet)), "") << file << ": " << snippet;
      }
    }
  }
}

}  // namespace
}  // namespace safe_docker::shell
