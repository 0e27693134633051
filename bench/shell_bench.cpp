// Shell text to command lines.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>

#include "hard_texts.hpp"
#include "shell/analysis.hpp"
#include "shell/syntax/parser.hpp"

namespace {

safe_docker::shell::Context MakeContext() {
  safe_docker::shell::Context context;
  context.cwd = "/home/user/project";
  context.names = {"docker", "docker-compose", "podman"};
  return context;
}

void Analyze(benchmark::State& state, const std::string& text) {
  const safe_docker::shell::Context context = MakeContext();
  for (auto _ : state) {
    benchmark::DoNotOptimize(safe_docker::shell::Analyze(text, context));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void ParseText(benchmark::State& state, const std::string& text) {
  for (auto _ : state) {
    safe_docker::shell::Arena arena;
    benchmark::DoNotOptimize(safe_docker::shell::Parse(text, &arena, 0).commands);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

std::string Repeat(const std::string& text, std::size_t bytes) {
  std::string result;
  while (result.size() < bytes) result += text;
  return result;
}

constexpr char kTypical[] =
    "cd app && docker run --rm -v \"$PWD\":/app -w /app -e CI=1 node:20 npm test -- --watch=false";
constexpr char kScript[] =
    "# build and start\n"
    "set -eu\n"
    "VERSION=1.2.3; export VERSION\n"
    "echo \"building $VERSION\" >> log.txt 2>&1\n"
    "git status --short | grep -v '^#' | wc -l\n"
    "npm ci && npm test -- --reporter=dot || exit 1\n"
    "tar czf \"out-$VERSION.tar.gz\" build/ src/ 'a b'\n";

// One check of a configure script and one function of a libtool script, both in the style of their generators.
constexpr char kConfigureCheck[] =
    "{ printf \"%s\\n\" \"$as_me:${as_lineno-$LINENO}: checking for feature_N\" >&5\n"
    "printf %s \"checking for feature_N... \" >&6; }\n"
    "if test ${ac_cv_feature_N+y}\n"
    "then :\n"
    "  printf %s \"(cached) \" >&6\n"
    "else $as_nop\n"
    "  ac_save_LIBS=\"$LIBS\"\n"
    "# Find the library that has it; some systems keep it apart.\n"
    "  for ac_lib in '' feature_N compat bsd; do\n"
    "    if test -z \"$ac_lib\"; then\n"
    "      ac_res=\"none required\"\n"
    "    else\n"
    "      ac_res=-l$ac_lib\n"
    "      LIBS=\"-l$ac_lib  $ac_func_search_save_LIBS\"\n"
    "    fi\n"
    "    cat confdefs.h - <<_ACEOF >conftest.$ac_ext\n"
    "/* end confdefs.h.  */\n"
    "#ifdef __cplusplus\n"
    "extern \"C\"\n"
    "#endif\n"
    "char feature_N ();\n"
    "int main (void) { return feature_N (); }\n"
    "_ACEOF\n"
    "    if ac_fn_c_try_link \"$LINENO\"\n"
    "    then :\n"
    "      ac_cv_feature_N=$ac_res\n"
    "    fi\n"
    "    rm -f core conftest.err conftest.$ac_objext conftest.beam conftest$ac_exeext\n"
    "  done\n"
    "fi\n";
constexpr char kLibtoolFunction[] =
    "# func_mode_N arg...\n"
    "# Handles one mode of the program: looks at each argument, and keeps those that the linker is to see.\n"
    "func_mode_N ()\n"
    "{\n"
    "    $debug_cmd\n"
    "    case $host in\n"
    "    *-*-cygwin* | *-*-mingw* | *-*-pw32* | *-*-os2*) allow_undefined=yes ;;\n"
    "    *) allow_undefined=no ;;\n"
    "    esac\n"
    "    while test \"$#\" -gt 0; do\n"
    "      arg=$1\n"
    "      shift\n"
    "      func_quote_for_eval \"$arg\"\n"
    "      qarg=$func_quote_for_eval_unquoted_result\n"
    "      func_append libtool_args \" $func_quote_for_eval_result\"\n"
    "      if test -n \"$prev\" && test \"x$prev\" != xnone; then\n"
    "        eval \"$prev=\\\"\\$arg\\\"\"\n"
    "        value=`$ECHO \"$arg\" | $SED -e 's/^-[^=]*=//' -e \"s/'/'\\\\\\\\\\\\\\\\''/g\"`\n"
    "        prev=\n"
    "        continue\n"
    "      fi\n"
    "    done\n"
    "    func_basename \"${arg#*/}\" && file=$(cd \"$dir\" && pwd)/${func_basename_result%.lo}\n"
    "}\n";

std::string LargeScript() {
  std::string text;
  for (int i = 0; text.size() < 1024 * 1024; ++i) {
    std::string piece = i % 2 == 0 ? kConfigureCheck : kLibtoolFunction;
    for (std::size_t at = 0; (at = piece.find("_N", at)) != std::string::npos;) {
      piece.replace(at, 2, "_" + std::to_string(i));
    }
    text += piece;
  }
  return text;
}

std::string DeepBackquotes() {
  std::string text = "a";
  for (std::string slashes; text.size() < 128 * 1024; slashes += slashes + "\\") {
    text = "a " + slashes + "`" + text + " " + slashes + "`";
  }
  return text;
}

// In the deepest place that is read, a long here-document in each of its lines.
std::string NestedHereDocuments() {
  std::string text;
  for (int i = 0; i < 190; ++i) {
    text += "$(cat <<E" + std::to_string(i) + "\n";
  }
  return "cat <<E\n" + text + Repeat("x\n", 256 * 1024);
}

constexpr std::size_t kAdversarial = 256 * 1024;

void ParseRepeated(benchmark::State& state, const char* piece) { ParseText(state, Repeat(piece, kAdversarial)); }

BENCHMARK_CAPTURE(ParseText, typical_command, std::string(kTypical));
BENCHMARK_CAPTURE(ParseText, large_script, LargeScript());
BENCHMARK_CAPTURE(ParseText, backquotes_in_backquotes, DeepBackquotes());
BENCHMARK_CAPTURE(ParseText, here_documents_in_here_documents, NestedHereDocuments());
BENCHMARK_CAPTURE(ParseRepeated, parentheses, "(");
BENCHMARK_CAPTURE(ParseRepeated, spaced_parentheses, "( ");
BENCHMARK_CAPTURE(ParseRepeated, substitutions, "$(");
BENCHMARK_CAPTURE(ParseRepeated, double_parentheses, "((a) ");
BENCHMARK_CAPTURE(ParseRepeated, arithmetic, "$((");
BENCHMARK_CAPTURE(ParseRepeated, subshells_like_arithmetic, "$((a);");
BENCHMARK_CAPTURE(ParseRepeated, braces, "{a,b}");
BENCHMARK_CAPTURE(ParseRepeated, here_documents, "cat <<E\nx\nE\n");
BENCHMARK_CAPTURE(ParseRepeated, here_documents_of_one_line, "<<E ");
BENCHMARK_CAPTURE(ParseRepeated, here_documents_late, "$(<<E) ");
BENCHMARK_CAPTURE(ParseRepeated, backquotes, "`");
BENCHMARK_CAPTURE(ParseRepeated, defaults, "${x:-");
BENCHMARK_CAPTURE(ParseRepeated, quoted_defaults, "\"${x:-");
BENCHMARK_CAPTURE(ParseRepeated, paired_quotes, "\"${x:-'$(");
BENCHMARK_CAPTURE(ParseRepeated, arrays, "a=( ");
BENCHMARK_CAPTURE(ParseRepeated, subscripts, "a[");
BENCHMARK_CAPTURE(ParseRepeated, cases, "case x in (");
BENCHMARK_CAPTURE(ParseRepeated, nested_cases, "case x in x) ");
BENCHMARK_CAPTURE(ParseRepeated, conditions, "[[ ( a && ");
BENCHMARK_CAPTURE(ParseRepeated, negated_conditions, "[[ ! ");
BENCHMARK_CAPTURE(ParseRepeated, groups, "@(");
BENCHMARK_CAPTURE(ParseRepeated, functions, "f() ");
BENCHMARK_CAPTURE(ParseRepeated, coprocesses, "coproc ");
BENCHMARK_CAPTURE(ParseRepeated, double_quotes, "\"");
BENCHMARK_CAPTURE(ParseRepeated, single_quotes, "'");
BENCHMARK_CAPTURE(ParseRepeated, backslashes, "\\");
BENCHMARK_CAPTURE(ParseRepeated, continued_lines, "\\\n");
BENCHMARK_CAPTURE(ParseRepeated, continued_words, "a\\\n");
BENCHMARK_CAPTURE(ParseRepeated, digits, "1");
BENCHMARK_CAPTURE(ParseRepeated, redirections, ">a ");

BENCHMARK_CAPTURE(Analyze, typical_command, std::string(kTypical));
BENCHMARK_CAPTURE(Analyze, no_docker, std::string("git status && npm test"));
BENCHMARK_CAPTURE(Analyze, script_64_KiB, Repeat(kScript, 64 * 1024));
BENCHMARK_CAPTURE(Analyze, script_256_KiB, Repeat(kScript, 256 * 1024));

// One a shape: 256 KiB are to be answered within 250 ms on an idle machine, whatever they hold.
const bool kHardTextsRegistered = [] {
  for (safe_docker::shell::HardText& hard : safe_docker::shell::HardTexts(kAdversarial)) {
    const std::string name = "Analyze/hard/" + std::string(hard.name);
    benchmark::RegisterBenchmark(name.c_str(),
                                 [text = std::move(hard.text)](benchmark::State& state) { Analyze(state, text); })
        ->Unit(benchmark::kMillisecond)
        ->Iterations(3);
  }
  return true;
}();

}  // namespace
