#include "language.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace safe_docker::shell {
namespace {

using Shape = Executor::Shape;

constexpr std::array kPython = {
    Executor{"system", Shape::kShell, {}},
    Executor{"popen", Shape::kShell, {}},
    Executor{"getoutput", Shape::kShell, {}},
    Executor{"getstatusoutput", Shape::kShell, {}},
    Executor{"Popen", Shape::kShell, {}},
    Executor{"check_call", Shape::kShell, {}},
    Executor{"check_output", Shape::kShell, {}},
    Executor{"run", Shape::kShell, " subprocess sp "},
    Executor{"call", Shape::kShell, " subprocess sp "},
    Executor{"spawn", Shape::kWords, " pty pexpect "},
    Executor{"create_subprocess_shell", Shape::kShell, {}},
    Executor{"create_subprocess_exec", Shape::kWords, {}},
    Executor{"execl", Shape::kExecWords, {}},
    Executor{"execlp", Shape::kExecWords, {}},
    Executor{"execle", Shape::kExecWords, {}},
    Executor{"execlpe", Shape::kExecWords, {}},
    Executor{"execv", Shape::kExecList, {}},
    Executor{"execvp", Shape::kExecList, {}},
    Executor{"execve", Shape::kExecList, {}},
    Executor{"execvpe", Shape::kExecList, {}},
    Executor{"posix_spawn", Shape::kExecList, {}},
    Executor{"posix_spawnp", Shape::kExecList, {}},
    Executor{"spawnl", Shape::kSpawnWords, {}},
    Executor{"spawnlp", Shape::kSpawnWords, {}},
    Executor{"spawnle", Shape::kSpawnWords, {}},
    Executor{"spawnlpe", Shape::kSpawnWords, {}},
    Executor{"spawnv", Shape::kSpawnList, {}},
    Executor{"spawnvp", Shape::kSpawnList, {}},
    Executor{"spawnve", Shape::kSpawnList, {}},
    Executor{"spawnvpe", Shape::kSpawnList, {}},
    Executor{"runu", Shape::kShell, " pexpect "},
    Executor{"sudo", Shape::kShell, " fabric "},
    Executor{"local", Shape::kShell, " fabric "},
    Executor{"sh", Shape::kWords, " invoke "},
    Executor{"cmd", Shape::kWords, " sh "},
    Executor{"getstatus", Shape::kShell, " commands "},
    Executor{"exec", Shape::kCode, {}},
    Executor{"eval", Shape::kCode, {}},
    Executor{"compile", Shape::kCode, " builtins "},
};

constexpr std::array kJavaScript = {
    Executor{"execSync", Shape::kShell, {}},
    Executor{"exec", Shape::kShell, " child_process cp childProcess "},
    Executor{"spawn", Shape::kWords, " child_process cp childProcess Bun "},
    Executor{"spawnSync", Shape::kWords, {}},
    Executor{"execFile", Shape::kWords, {}},
    Executor{"execFileSync", Shape::kWords, {}},
    Executor{"fork", Shape::kWords, " child_process cp childProcess "},
    Executor{"execa", Shape::kWords, {}},
    Executor{"execaSync", Shape::kWords, {}},
    Executor{"execaCommand", Shape::kShell, {}},
    Executor{"execaCommandSync", Shape::kShell, {}},
    Executor{"$", Shape::kShell, {}},
    Executor{"shell", Shape::kShell, " Bun execa "},
    Executor{"Command", Shape::kWords, " Deno "},
    Executor{"run", Shape::kShell, " Deno shell shelljs "},
    Executor{"eval", Shape::kCode, {}},
    Executor{"Function", Shape::kCode, " globalThis "},
    Executor{"runInThisContext", Shape::kCode, {}},
    Executor{"runInNewContext", Shape::kCode, {}},
};

constexpr std::array kRuby = {
    Executor{"system", Shape::kWords, {}},
    Executor{"exec", Shape::kWords, " Kernel Process "},
    Executor{"spawn", Shape::kWords, " Kernel Process PTY "},
    Executor{"popen", Shape::kShell, {}},
    Executor{"popen2", Shape::kWords, {}},
    Executor{"popen2e", Shape::kWords, {}},
    Executor{"popen3", Shape::kWords, {}},
    Executor{"capture2", Shape::kWords, {}},
    Executor{"capture2e", Shape::kWords, {}},
    Executor{"capture3", Shape::kWords, {}},
    Executor{"pipeline", Shape::kWords, " Open3 "},
    Executor{"open", Shape::kPipeOpen, " Kernel "},
    Executor{"sh", Shape::kWords, " Rake FileUtils "},
    Executor{"eval", Shape::kCode, {}},
    Executor{"instance_eval", Shape::kCode, {}},
    Executor{"class_eval", Shape::kCode, {}},
};

constexpr std::array kPerl = {
    Executor{"system", Shape::kWords, {}},        Executor{"exec", Shape::kWords, {}},
    Executor{"open", Shape::kPipeOpen, " CORE "}, Executor{"open2", Shape::kHandles, {}},
    Executor{"open3", Shape::kHandles, {}},       Executor{"readpipe", Shape::kShell, {}},
    Executor{"run", Shape::kWords, " IPC "},      Executor{"capture", Shape::kWords, " IPC "},
    Executor{"eval", Shape::kCode, {}},
};

constexpr std::array kPhp = {
    Executor{"system", Shape::kShell, {}},
    Executor{"exec", Shape::kShell, {}},
    Executor{"shell_exec", Shape::kShell, {}},
    Executor{"passthru", Shape::kShell, {}},
    Executor{"proc_open", Shape::kShell, {}},
    Executor{"popen", Shape::kShell, {}},
    Executor{"pcntl_exec", Shape::kWords, {}},
    Executor{"Process", Shape::kShell, " new "},
    Executor{"fromShellCommandline", Shape::kShell, {}},
    Executor{"eval", Shape::kCode, {}},
};

constexpr std::array kLua = {
    Executor{"execute", Shape::kShell, " os "}, Executor{"popen", Shape::kShell, {}},
    Executor{"system", Shape::kShell, {}},      Executor{"load", Shape::kCode, {}},
    Executor{"loadstring", Shape::kCode, {}},   Executor{"dostring", Shape::kCode, {}},
};

constexpr std::array kAwk = {Executor{"system", Shape::kShell, {}}};

constexpr std::array kTcl = {
    Executor{"exec", Shape::kLine, {}},
    Executor{"spawn", Shape::kLine, {}},
    Executor{"open", Shape::kPipeOpen, " :: "},
    Executor{"eval", Shape::kCode, {}},
};

constexpr std::array kOther = {
    Executor{"system", Shape::kShell, {}},        Executor{"system2", Shape::kWords, {}},
    Executor{"script", Shape::kShell, " shell "}, Executor{"shell", Shape::kShell, " base "},
    Executor{"pipe", Shape::kShell, " base "},    Executor{"run", Shape::kWords, " Base "},
    Executor{"execute", Shape::kShell, {}},       Executor{"ProcessBuilder", Shape::kWords, {}},
    Executor{"exec", Shape::kShell, " Runtime "}, Executor{"eval", Shape::kCode, {}},
};

constexpr Syntax PythonSyntax() {
  Syntax syntax;
  syntax.line_comments = "#";
  syntax.quotes = "\"'";
  syntax.triple_quotes = true;
  syntax.string_prefixes = true;
  return syntax;
}

constexpr Syntax JavaScriptSyntax() {
  Syntax syntax;
  syntax.line_comments = "//";
  syntax.block_comment = "/* */";
  syntax.quotes = "\"'";
  syntax.template_quote = '`';
  syntax.hole = "${";
  syntax.sigils = "$";
  syntax.regular_expressions = true;
  return syntax;
}

constexpr Syntax RubySyntax() {
  Syntax syntax;
  syntax.line_comments = "#";
  syntax.quotes = "\"'";
  syntax.plain_quotes = "'";
  syntax.command_quote = '`';
  syntax.hole = "#{";
  syntax.sigils = "$@";
  syntax.percent_literals = true;
  syntax.here_documents = true;
  syntax.regular_expressions = true;
  return syntax;
}

constexpr Syntax PerlSyntax() {
  Syntax syntax;
  syntax.line_comments = "#";
  syntax.quotes = "\"'";
  syntax.plain_quotes = "'";
  syntax.command_quote = '`';
  syntax.sigils = "$@";
  syntax.sigil_holes = true;
  syntax.quote_operators = true;
  syntax.here_documents = true;
  syntax.regular_expressions = true;
  return syntax;
}

constexpr Syntax PhpSyntax() {
  Syntax syntax;
  syntax.line_comments = "// #";
  syntax.block_comment = "/* */";
  syntax.quotes = "\"'";
  syntax.plain_quotes = "'";
  syntax.command_quote = '`';
  syntax.hole = "{$";
  syntax.sigils = "$";
  syntax.sigil_holes = true;
  syntax.here_documents = true;
  syntax.embedded = true;
  return syntax;
}

constexpr Syntax LuaSyntax() {
  Syntax syntax;
  syntax.line_comments = "--";
  syntax.block_comment = "--[[ ]]";
  syntax.quotes = "\"'";
  syntax.long_brackets = true;
  return syntax;
}

constexpr Syntax AwkSyntax() {
  Syntax syntax;
  syntax.line_comments = "#";
  syntax.quotes = "\"";
  syntax.regular_expressions = true;
  return syntax;
}

// Tcl, R, Julia, Groovy, AppleScript: near enough to tell strings from code.
constexpr Syntax OtherSyntax() {
  Syntax syntax;
  syntax.line_comments = "#";
  syntax.quotes = "\"";
  syntax.sigils = "$";
  syntax.sigil_holes = true;
  syntax.triple_quotes = true;
  syntax.command_quote = '`';
  return syntax;
}

constexpr Syntax OtherSyntaxWithSingleQuotes() {
  Syntax syntax = OtherSyntax();
  syntax.quotes = "\"'";
  return syntax;
}

constexpr Syntax GroovySyntax() {
  Syntax syntax = OtherSyntaxWithSingleQuotes();
  syntax.line_comments = "//";
  syntax.block_comment = "/* */";
  syntax.command_quote = '\0';
  return syntax;
}

constexpr std::array kLanguages = {
    Language{" python pypy ipython ", PythonSyntax(), "+", true, false, kPython, " -c ", "", " -m ", " -W -X -Q ", "",
             false},
    Language{" node nodejs ", JavaScriptSyntax(), "+", false, false, kJavaScript, " -e -p -pe --eval --print ", "", "",
             " -r --require --import --loader -C --conditions --env-file ", "", false},
    Language{" deno ", JavaScriptSyntax(), "+", false, false, kJavaScript, "", "", "", " -c --config --import-map ",
             " run eval ", false},
    Language{" bun ", JavaScriptSyntax(), "+", false, false, kJavaScript, " -e -p --eval --print ", "", "",
             " -r --preload --cwd -c --config ", " run ", false},
    Language{" zx tsx ts-node ", JavaScriptSyntax(), "+", false, false, kJavaScript, " -e --eval ", "", "", "", "",
             false},
    Language{" ruby jruby ", RubySyntax(), "+", true, true, kRuby, " -e ", "iFxKWTE0", "", " -r -I -C ", "", false},
    Language{" perl ", PerlSyntax(), ".", false, true, kPerl, " -e -E ", "iMmFxCD0", "", " -I ", "", false},
    Language{" php ", PhpSyntax(), ".", false, false, kPhp, " -r -R -B -E ", "", "", " -d -c -z ", "", false},
    Language{" lua luajit texlua ", LuaSyntax(), "..", false, true, kLua, " -e ", "", "", " -l ", "", false},
    Language{" awk gawk mawk nawk original-awk ", AwkSyntax(), "", true, true, kAwk, " -e --source ", "", "",
             " -F -v -i -l --assign --field-separator --include ", "", true},
    Language{" tclsh wish expect ", OtherSyntax(), "", false, true, kTcl, " -c ", "", "", " -encoding ", "", false},
    Language{" osascript ", OtherSyntax(), "", true, true, kOther, " -e ", "", "", " -l -s ", "", false},
    Language{" Rscript R littler ", OtherSyntaxWithSingleQuotes(), "", false, false, kOther, " -e ", "", "", "", "",
             false},
    Language{" julia ", OtherSyntax(), "*", false, false, kOther, " -e -E --eval --print ", "", "",
             " -p -t -L --project ", "", false},
    Language{" groovy ", GroovySyntax(), "+", false, false, kOther, " -e ", "", "", " -cp --classpath -c ", "", false},
};

}  // namespace

bool IsListed(std::string_view list, std::string_view word) {
  if (word.empty() || word.find(' ') != std::string_view::npos) {
    return false;
  }
  for (std::size_t at = list.find(word); at != std::string_view::npos; at = list.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if (at > 0 && list[at - 1] == ' ' && end < list.size() && list[end] == ' ') {
      return true;
    }
  }
  return false;
}

const Language* FindLanguage(std::string_view program) {
  const std::size_t digits = program.find_last_not_of("0123456789.-");
  const std::string_view bare = program.substr(0, digits == std::string_view::npos ? 0 : digits + 1);
  const auto* found = std::find_if(kLanguages.begin(), kLanguages.end(),
                                   [bare](const Language& each) { return IsListed(each.names, bare); });
  return found == kLanguages.end() ? nullptr : found;
}

}  // namespace safe_docker::shell
