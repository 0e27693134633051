#include "hard_texts.hpp"

#include <utility>

namespace safe_docker::shell {
namespace {

struct RepeatedShape {
  std::string_view name;
  std::string_view before;
  std::string_view piece;  // "#" in it is the number of the piece
  std::string_view after;
};

// As many pieces as fit.
constexpr RepeatedShape kRepeated[] = {
    {"parentheses", "", "(", ""},
    {"spaced_parentheses", "", "( ", ""},
    {"double_parentheses", "", "((", ""},
    {"double_parentheses_of_commands", "", "((a) ", ""},
    {"substitutions", "", "$(", ""},
    {"quoted_substitutions", "", "\"$(", ""},
    {"backquotes", "", "`", ""},
    {"backquotes_of_words", "", "`a ", ""},
    {"arithmetic", "", "$((", ""},
    {"arithmetic_of_commands", "", "$((a);", ""},
    {"old_arithmetic", "", "$[", ""},
    {"defaults", "", "${x:-", ""},
    {"quoted_defaults", "", "\"${x:-", ""},
    {"defaults_that_assign", "", "${x:=", ""},
    {"patterns_of_parameters", "", "${x#", ""},
    {"processes", "", "<(", ""},
    {"extended_patterns", "", "@(", ""},
    {"brace_products", "echo ", "{a,b}", ""},
    {"brace_products_of_the_name", "docker ", "{a,b}", ""},
    {"brace_lists", "echo ", "{a,b} ", ""},
    {"brace_sequences", "echo ", "{1..99999999} ", ""},
    {"brace_sequences_in_product", "echo ", "{1..9999}", ""},
    {"open_braces", "", "{a,", ""},
    {"brace_words", "echo {", "a,", "}"},
    {"brace_words_twice", "echo {", "a,", "b}{c,d}"},
    {"here_documents", "", "cat <<E\nx\nE\n", ""},
    {"here_documents_of_one_line", "", "<<E ", ""},
    {"here_documents_that_expand", "x=a;", "cat <<E\n$x\nE\n", ""},
    {"here_documents_never_ended", "", "cat <<E# <<F#\n", ""},
    {"here_strings", "", "cat <<<x#;", ""},
    {"redirections", "a ", ">a ", ""},
    {"redirections_to_many_files", "a ", ">f# ", ""},
    {"descriptors", "exec ", "#>&1 ", ""},
    {"writes_to_many_files", "", "echo a >f#\n", ""},
    {"appends_to_one_file", "", "echo a >>f\n", "sh f"},
    {"appends_that_may_not_happen", "", "a && echo b# >>f\n", "sh f"},
    {"scripts_written_and_run", "", "echo docker ps# >f#; sh f#\n", ""},
    {"copies_of_files", "echo a >f0\n", "cp f0 f#; mv f# g#\n", "sh f0"},
    {"links_in_a_chain", "", "ln -s f# g#\n", "cat g1"},
    {"removed_files", "", "rm f#\n", ""},
    {"folders", "", "cd d#\n", "sh x"},
    {"folders_up_and_down", "", "pushd d#;popd\n", ""},
    {"arrays", "", "a=( ", ""},
    {"array_of_many_elements", "a=(", "b ", "); echo ${a[@]} ${a[@]}"},
    {"array_of_many_subscripts", "", "a[#]=b;", "echo ${a[@]}"},
    {"array_that_grows", "a=();", "a+=(b);", "docker ${a[@]}"},
    {"array_used_often", "a=(b c d e f g h);", "x=${a[@]};", ""},
    {"associative_array", "declare -A a;", "a[k#]=b;", "echo ${a[@]}"},
    {"subscripts", "", "a[", ""},
    {"cases", "", "case x in (", ""},
    {"cases_in_cases", "", "case x in x) ", ""},
    {"case_items", "case $x in ", "a#) y=#;; ", "esac; docker $y"},
    {"case_patterns", "case $x in ", "a#|", "a) b;; esac"},
    {"single_quotes", "", "'", ""},
    {"double_quotes", "", "\"", ""},
    {"quoted_quotes", "", "\"'", ""},
    {"ansi_quotes", "", "$'\\x41'", ""},
    {"backslashes", "", "\\", ""},
    {"continued_lines", "", "\\\n", ""},
    {"pipeline", "a", "|b", ""},
    {"pipeline_of_cat", "echo a", "|cat", ""},
    {"pipeline_of_tr", "echo a", "|tr a b", "|sh"},
    {"pipeline_of_docker", "docker ps", "|docker ps", ""},
    {"conjunction", "a", "&&b", ""},
    {"conjunction_of_assignments", "a", "&&x=#", "; docker $x"},
    {"conjunction_of_folders", "a", "&&cd x#", "; docker ps"},
    {"background", "", "a&", ""},
    {"background_scripts", "", "sh x#&", ""},
    {"assignments", "", "a#=#;", ""},
    {"assignments_in_front", "", "a#=# ", "docker ps"},
    {"exports", "", "export a#=#;", "docker ps"},
    {"exports_and_commands", "", "export a#=#;docker ps #;", ""},
    {"names_given_often", "", "docker ps #;", ""},
    {"values_that_double", "x=ab;", "x=$x$x;", "docker $x"},
    {"values_that_grow", "x=ab;", "x+=b;", "docker $x"},
    {"values_that_grow_in_front", "x=ab;", "x=b$x;", "docker $x"},
    {"values_given_on", "x=docker;", "x=$x;", "$x ps"},
    {"values_of_many_words", "x='a b c d e f g h i j k l m n o p q r s t';", "echo $x;", ""},
    {"appended_unknowns", "", "x+=$(a#);", "docker $x"},
    {"groups", "", "{ ", ""},
    {"conditions", "", "if a;then ", ""},
    {"conditions_in_a_row", "", "if a;then x=#;fi;", "docker $x"},
    {"conditions_of_many_variables", "", "if a;then x#=docker;fi;", "$x1 ps"},
    {"elif_chain", "if a;then b", "\nelif a;then x#=b", "\nfi"},
    {"loops_in_loops", "", "while a;do ", ""},
    {"for_loops_in_for_loops", "", "for i# in a b c;do ", ""},
    {"for_over_many_words", "for i in ", "a# ", ";do docker $i; done"},
    {"for_loops", "", "for i in 1 2 3 4 5 6 7 8;do x=$x$i;done;", "docker $x"},
    {"arithmetic_loops", "", "for((i=0;i<99999;i++));do x=$i;done;", ""},
    {"functions", "", "f#(){ docker ps; };", ""},
    {"functions_called", "", "f#(){ docker ps; };f#;", ""},
    {"functions_in_functions", "", "f#(){ ", ""},
    {"function_called_often", "f(){ docker ps; };", "f;", ""},
    {"function_bodies_replaced", "", "f(){ g#; };", "f"},
    {"functions_that_may_be", "", "a&&f(){ docker ps; };", "f"},
    {"aliases", "", "alias a#=b;", ""},
    {"aliases_in_a_chain", "", "alias a#='b ';", "a1"},
    {"alias_called_often", "alias d=docker\n", "d ps\n", ""},
    {"traps", "", "trap a# b;", ""},
    {"traps_of_one_signal", "", "trap 'docker ps #' EXIT;", ""},
    {"evals_of_evals", "", "eval ", ""},
    {"evals", "", "eval 'x=#';", ""},
    {"evals_of_docker", "", "eval 'docker ps #';", ""},
    {"evals_in_substitutions", "", "eval \"$(", ""},
    {"runners", "", "sudo ", "docker ps"},
    {"runners_with_options", "", "env -i A#=b ", "docker ps"},
    {"runners_in_a_row", "", "sudo -u a env A=b docker ps;", ""},
    {"shells_in_shells", "", "sh -c \"", ""},
    {"shells_in_a_row", "", "sh -c 'docker ps #';", ""},
    {"shells_with_input", "", "sh <<E\ndocker ps #\nE\n", ""},
    {"coprocesses", "", "coproc ", ""},
    {"globs", "echo ", "*", ""},
    {"glob_words", "echo ", "* ", ""},
    {"glob_paths", "echo /", "*/", ""},
    {"glob_words_of_paths", "echo ", "/*/*/* ", ""},
    {"glob_names", "", "*ocke* ps;", ""},
    {"glob_sets", "echo ", "[a", ""},
    {"glob_commands", "/", "?*?/", "docke? ps"},
    {"tildes", "echo ", "~:", ""},
    {"tests", "[[ ", "a == b && ", "a ]]"},
    {"tests_of_expressions", "[[ a =~ ", "(a|b)*", " ]]"},
    {"tests_of_patterns", "x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaab; [[ $x == ", "*a", "*c ]]"},
    {"tests_of_groups", "[[ ", "( a && ", ""},
    {"tests_negated", "[[ ", "! ", "a ]]"},
    {"sums", "((x=", "1+", "1))"},
    {"sums_of_variables", "((x=", "a#+", "1))"},
    {"sums_of_groups", "((x=", "(", "1))"},
    {"conditional_sums", "((x=", "a?", "1))"},
    {"assignments_of_sums", "", "((x+=#));", "echo $x"},
    {"sums_that_refer_on", "", "a#=a##;", "echo $((a1))"},
    {"calls_of_test", "", "[ -f a# ] && x=#;", ""},
    {"formats", "printf '", "%s", "' a b c"},
    {"formats_of_many_words", "printf '%s %s' ", "a# ", "| sh"},
    {"format_into_variable", "", "printf -v x '%s-%s' a #;", "docker $x"},
    {"formats_wide", "", "printf '%9999d' 1;", ""},
    {"words_of_xargs", "echo ", "w# ", "| xargs -n1 docker ps"},
    {"words_of_xargs_in_place", "echo ", "w# ", "| tr ' ' '\\n' | xargs -I% docker ps %"},
    {"many_xargs", "", "echo a b c | xargs docker ps;", ""},
    {"words_of_parallel", "parallel docker ps ::: ", "w# ", ""},
    {"executions_of_find", "find . ", "-exec docker ps \\; ", ""},
    {"option_words", "docker ", "-v /a#:/b ", "x"},
    {"positional_words", "set -- ", "a# ", "; docker $@ $@ $*"},
    {"shifts", "set -- a b c;", "shift;", "docker $@"},
    {"positional_words_used_often", "set -- a b c d e f;", "echo $@;", ""},
    {"read_variables", "read ", "a# ", "<<<'x y z'"},
    {"reads", "", "read a# <<<x;", ""},
    {"mapped_lines", "mapfile a <<E\n", "x#\n", "E\ndocker ${a[@]}"},
    {"lines_of_loop", "while read x; do docker $x; done <<E\n", "x#\n", "E\n"},
    {"lines_of_pipe", "cat <<E | while read x; do docker $x; done\n", "x#\n", "E\n"},
    {"sed_of_lines", "sed s/a/b/ <<E | sh\n", "docker ps #\n", "E\n"},
    {"sed_commands", "echo a | sed '", "s/a/aa/;", "' | sh"},
    {"sed_in_place", "", "sed -i s/a/b/ f#;", ""},
    {"tr_of_lines", "tr a b <<E | sh\n", "docker ps #\n", "E\n"},
    {"sort_of_lines", "sort <<E | sh\n", "docker ps #\n", "E\n"},
    {"cut_of_lines", "cut -d' ' -f1- <<E | sh\n", "docker ps #\n", "E\n"},
    {"head_of_lines", "head -n 9999 <<E | sh\n", "docker ps #\n", "E\n"},
    {"grep_of_lines", "grep -v x <<E | sh\n", "docker ps #\n", "E\n"},
    {"awk_of_lines", "awk '{print $1}' <<E | sh\n", "docker ps #\n", "E\n"},
    {"base64_of_lines", "base64 -d <<E | sh\n", "ZG9ja2VyIHBzCg==\n", "E\n"},
    {"hexadecimal_of_lines", "xxd -r -p <<E | sh\n", "646f636b65722070730a", "\nE\n"},
    {"reversed_lines", "rev <<E | sh\n", "sp rekcod\n", "E\n"},
    {"makefile_written_and_run", "cat >Makefile <<'E'\n", "t#: t##\n\tdocker ps #\n", "E\nmake t1"},
    {"makefile_variables", "cat >Makefile <<'E'\n", "V# := $(V##) x\n", "all:\n\tdocker ps $(V1)\nE\nmake"},
    {"makefile_values_that_grow", "cat >Makefile <<'E'\nV = x\n", "V := $(V) $(V)\n", "all:\n\tdocker $(V)\nE\nmake"},
    {"makefile_patterns", "cat >Makefile <<'E'\n", "%.a#: %.b#\n\tdocker ps $@\n", "E\nmake x.a1 x.a2"},
    {"makefile_run_often", "printf 'a:\\n\\tdocker ps\\n' >Makefile\n", "make a\n", ""},
    {"makefile_prerequisites", "cat >Makefile <<'E'\nall: ", "t# ", "\nt%:\n\tdocker ps $@\nE\nmake"},
    {"package_scripts", "cat >package.json <<'E'\n{\"scripts\":{", "\"s#\":\"npm run s##; docker ps\",",
     "\"z\":\"a\"}}\nE\nnpm run s1"},
    {"justfile_recipes", "cat >justfile <<'E'\n", "r#: r##\n  docker ps #\n", "E\njust r1"},
    {"python_strings", "python3 -c '", "x#=\"docker ps\"\n", "'"},
    {"python_calls", "python3 -c 'import os\n", "os.system(\"docker ps #\")\n", "'"},
    {"python_sums", "python3 -c 'x=\"a\"\n", "x=x+x\n", "import os;os.system(x)'"},
    {"python_lists", "python3 -c 'import subprocess\nsubprocess.run([", "\"docker\",", "])'"},
    {"python_parentheses", "python3 -c 'import os\nos.system(", "(", "'"},
    {"python_names", "python3 -c 'import os\n", "a#=b#;os.system(a##)\n", "'"},
    {"node_calls", "node -e '", "require(\"child_process\").execSync(\"docker ps #\");", "'"},
    {"perl_calls", "perl -e '", "system(\"docker ps #\");", "'"},
    {"ruby_backquotes", "ruby -e '", "`docker ps #`;", "'"},
    {"awk_program", "awk 'BEGIN{", "system(\"docker ps #\");", "}'"},
    {"many_pythons", "", "python3 -c 'import os;os.system(\"docker ps #\")';", ""},
    {"replacements", "", "y=${x//a/b};", ""},
    {"removed_patterns", "x=a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a;", "y=${x%%*.*.*.*.*b};", ""},
    {"indirect_names", "", "a#=a##;", "echo ${!a1}"},
    {"references", "", "declare -n a#=a##;", "a1=x"},
    {"prefix_names", "", "a#=b;x=${!a*};", ""},
    {"local_variables", "f(){ ", "local a#=b;", "};f;f;f"},
    {"unset_variables", "", "a#=b;unset a#;", ""},
    {"options_read", "set -- -a -b;", "getopts ab x;", "docker $x"},
    {"separators", "IFS=:;x=", "a:", ";docker $x"},
    {"separators_changed", "x=a:b:c;", "IFS=:;echo $x;IFS=,;", ""},
    {"sources", "", "source f#;", ""},
    {"missing_scripts", "", "./f#;", ""},
    {"secure_shells", "", "ssh h# docker ps;", ""},
    {"comments", "", "# docker ps\n", ""},
    {"words_in_utf8", "echo ", "\xc3\xa9", ""},
    {"semicolons_of_words", "", "a#;", ""},
    {"closings", "", "))", ""},
    {"unknown_names", "", "$a# ps;", ""},
    {"unknown_names_in_eval", "eval '", "$a# ps;", "'"},
    {"unknown_code_in_eval", "eval '", "eval $a#;", "'"},
    {"commands_in_eval", "eval '", "docker ps #;", "'"},
    {"commands_in_shell", "sh -c '", "sudo docker ps #;", "'"},
    {"scripts_in_shell", "sh -c '", "./f#;", "'"},
    {"captures_in_eval", "eval '", "x=$(a#);", "'"},
    {"pipes_into_shells", "", "echo docker ps # | sh;", ""},
    {"unknown_pipes_into_shells", "", "a# | sh;", ""},
    {"processes_read", "", "sh <(echo docker ps #);", ""},
    {"processes_written", "", "echo docker ps # > >(sh);", ""},
    {"unknown_folders", "", "cd $a#;docker ps;", ""},
    {"unknown_files", "", "echo a >$a#;", "sh f"},
    {"unknown_files_run", "", "echo a >$a#; sh $b#;", ""},
    {"alternatives_of_one_variable", "", "case $a in #) x=b#;; esac;", "docker $x"},
    {"alternatives_of_many_variables", "", "a && x#=docker;", "$x1 ps"},
    {"pairs_in_pairs", "", "${x:-$(( 0 )# d((\n)) $ \"$((1 ", ""},
    {"continuation_bytes", "", "\xA5", ""},
    {"writers", "echo docker ps >s;", "git a#;", ""},
    {"writers_of_more", "", "echo a >s#; git a#;", ""},
    {"missing_inputs", "", "x#=a < n#;", ""},
    {"execs_in_captures", "", "x=$(exec >s#;echo docker);", ""},
    {"lists_of_states", "", "a && x#=1 || y#=2;", ""},
    {"last_of_pipelines", "shopt -s lastpipe;", "a | x#=b;", ""},
    {"prefixed_exports", "", "x#=a export x#;", ""},
    {"words_of_docker", "echo ", "docker ", ""},
    {"words_of_docker_in_unknown", "abc ", "docker ps ", ""},
};

void AppendPiece(const RepeatedShape& shape, std::size_t number, std::string* text) {
  for (std::size_t at = 0; at < shape.piece.size(); ++at) {
    if (shape.piece[at] != '#') {
      *text += shape.piece[at];
    } else if (shape.piece.substr(at, 2) == "##") {
      *text += std::to_string(number + 1);  // the next piece
      ++at;
    } else {
      *text += std::to_string(number);
    }
  }
}

std::string TextOf(const RepeatedShape& shape, std::size_t bytes) {
  std::string text(shape.before);
  for (std::size_t number = 1; text.size() + shape.after.size() < bytes; ++number) {
    AppendPiece(shape, number, &text);
  }
  return text.append(shape.after);
}

// Pairs that nest as deep as fits: `opening`, then `inside`, then as often `closing`.
std::string Nested(std::string_view opening, std::string_view inside, std::string_view closing, std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) {
    text += opening;
  }
  text += inside;
  for (std::size_t i = 0; i < depth; ++i) {
    text += closing;
  }
  return text;
}

// Each quotes the one in it again.
std::string NestedBackquotes(std::size_t bytes) {
  std::string text = "a";
  for (std::string slashes; text.size() < bytes / 2; slashes += slashes + "\\") {
    text = "a " + slashes + "`" + text + " " + slashes + "`";
  }
  return text;
}

// Each calls the one before twice, `depth` deep; then the last is called.
std::string FunctionsThatMultiply(std::size_t depth) {
  std::string text = "f0() { docker ps $1; }\n";
  for (std::size_t i = 1; i <= depth; ++i) {
    const std::string inner = "f" + std::to_string(i - 1);
    text += "f" + std::to_string(i) + "() { " + inner + " a$1; " + inner + " b$1; }\n";
  }
  return text + "f" + std::to_string(depth) + "\n";
}

std::string LoopsThatMultiply(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) {
    text += "for i" + std::to_string(i) + " in 1 2 3 4 5 6 7 8; do ";
  }
  return text + "x=$x$i1; docker $x; " + Repeated("done; ", depth * 6);
}

// Each variable is assigned in an arm of its own, then all are used.
std::string VariablesInConditions(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = "v" + std::to_string(i);
    text += "if a; then " + name + "=docker; else " + name + "=b; fi\n";
  }
  for (std::size_t i = 0; i < count; ++i) {
    text += "$v" + std::to_string(i) + " ps\n";
  }
  return text;
}

std::string AssignmentsThenUses(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += "a" + std::to_string(i) + "=" + std::to_string(i) + "\n";
  }
  for (std::size_t i = 0; i < count; ++i) {
    text += "$a" + std::to_string(i) + "\n";
  }
  return text;
}

// A long value, and what is done with it again and again.
std::string LongValue(std::string_view letters, std::string_view use, std::size_t bytes) {
  return "x='" + Repeated(letters, bytes / 4) + "'\n" + Repeated(use, bytes * 3 / 4);
}

// In the deepest place that is read, a long here-document in each of its lines.
std::string NestedHereDocuments(std::size_t bytes) {
  std::string text = "cat <<E\n";
  for (int i = 0; i < 190; ++i) {
    text += "$(cat <<E" + std::to_string(i) + "\n";
  }
  return text + Repeated("x\n", bytes);
}

void AppendLongValues(std::size_t bytes, std::vector<HardText>* texts) {
  static constexpr std::pair<std::string_view, std::string_view> kUses[] = {
      {"long_value_replaced", "y=${x//a/b}\n"},
      {"long_value_replaced_by_more", "y=${x//a/bbbbbbbb}\n"},
      {"long_value_replaced_into_itself", "x=${x//a/aa}\n"},
      {"long_value_replaced_by_pattern", "y=${x//a*b/c}\n"},
      {"long_value_cut_in_front", "y=${x#*b}\n"},
      {"long_value_cut_in_front_longest", "y=${x##*a*b}\n"},
      {"long_value_cut_at_end", "y=${x%b*}\n"},
      {"long_value_cut_at_end_longest", "y=${x%%*a*b*}\n"},
      {"long_value_sliced", "y=${x:1:9999}\n"},
      {"long_value_in_upper_case", "y=${x^^}\n"},
      {"long_value_quoted", "y=${x@Q}\n"},
      {"long_value_measured", "y=${#x}\n"},
      {"long_value_split", "a $x\n"},
      {"long_value_in_many_words", "y=$x\n"},
      {"long_value_of_words_counted", "set -- $x\n"},
      {"long_value_as_code", "eval \"$x\"\n"},
      {"long_value_printed", "echo $x >f\n"},
      {"long_value_captured", "y=$(echo $x)\n"},
      {"long_value_given_to_docker", "docker \"$x\"\n"},
      {"long_value_given_to_program", "abc \"$x\"\n"},
      {"long_value_read", "read y <<<$x\n"},
      {"long_value_exported", "export y=$x\n"},
      {"long_value_compared", "[[ $x == *a*b*c ]]\n"},
      {"long_value_chosen", "case $x in *a*b*c) y=1;; esac\n"},
      {"long_value_of_expression", "[[ $x =~ (a|b)*c ]]\n"},
      {"long_value_formatted", "printf -v y %s $x\n"},
      {"long_value_translated", "y=$(echo $x | tr a b)\n"},
      {"long_value_edited", "y=$(echo $x | sed s/a/b/g)\n"},
      {"long_value_in_shell", "sh -c \"$x\"\n"},
      {"long_value_in_python", "python3 -c \"$x\"\n"},
      {"long_value_in_function", "f() { y=$1; }; f \"$x\"\n"},
      {"long_value_in_arithmetic", "((y=x))\n"},
      {"long_value_in_array", "y=($x)\n"},
      {"long_value_in_loop", "for i in $x; do y=$i; done\n"},
      {"long_value_for_xargs", "echo $x | xargs docker ps\n"},
      {"long_value_for_alias", "alias y=\"$x\"\n"},
      {"long_value_for_trap", "trap \"$x\" EXIT\n"},
      {"long_value_in_subshell", "(y=$x)\n"},
      {"long_value_in_environment", "y=$x docker ps\n"},
  };
  for (const auto& [name, use] : kUses) {
    texts->push_back({name, LongValue("a ab", use, bytes)});
  }
}

// A long file that the text writes, and what is done with it again and again.
void AppendLongFiles(std::size_t bytes, std::vector<HardText>* texts) {
  static constexpr std::pair<std::string_view, std::string_view> kUses[] = {
      {"long_file_appended", "echo a >>f\n"},
      {"long_file_appended_maybe", "a && echo b >>f\n"},
      {"long_file_read", "cat f >g\n"},
      {"long_file_captured", "x=$(<f)\n"},
      {"long_file_run", "sh f\n"},
      {"long_file_sourced", ". ./f\n"},
      {"long_file_copied", "cp f g\n"},
      {"long_file_linked", "ln -s f g; ln -s g f\n"},
      {"long_file_edited", "sed -i s/a/b/ f\n"},
      {"long_file_given_to_docker", "docker ps <f\n"},
      {"long_file_given_to_program", "x=$(abc f)\n"},
      {"long_file_given_to_xargs", "xargs docker ps <f\n"},
      {"long_file_given_to_python", "python3 f\n"},
      {"long_file_given_to_make", "make -f f a\n"},
      {"long_file_called", "./f\n"},
      {"long_file_of_lines", "while read x; do a; done <f\n"},
      {"long_file_mapped", "mapfile -t x <f\n"},
  };
  for (const auto& [name, use] : kUses) {
    texts->push_back(
        {name, "cat >f <<'E'\n" + Repeated("docker ps a\n", bytes / 2) + "E\n" + Repeated(use, bytes / 2)});
  }
}

void AppendNested(std::size_t bytes, std::vector<HardText>* texts) {
  texts->push_back({"closed_parentheses", Nested("( ", "docker ps", " )", bytes / 4)});
  texts->push_back({"closed_substitutions", Nested("$(a ", "docker ps", ")", bytes / 5)});
  texts->push_back({"closed_substitutions_in_quotes", Nested("\"$(a ", "docker ps", ")\"", 190)});
  texts->push_back({"closed_defaults", Nested("${x:-", "docker ps", "}", bytes / 6)});
  texts->push_back({"closed_arithmetic", Nested("$((1+", "1", "))", bytes / 7)});
  texts->push_back({"closed_conditions", Nested("if a; then ", "docker ps", "; fi", bytes / 15)});
  texts->push_back({"closed_braces", "echo " + Nested("{a,", "b", "}", bytes / 4)});
  texts->push_back({"backquotes_in_backquotes", NestedBackquotes(bytes)});
  texts->push_back({"here_documents_in_here_documents", NestedHereDocuments(bytes)});
  texts->push_back({"functions_that_multiply", FunctionsThatMultiply(20)});
  texts->push_back({"loops_that_multiply", LoopsThatMultiply(20)});
  texts->push_back({"variables_in_conditions", VariablesInConditions(bytes / 48)});
  texts->push_back({"assignments_then_uses", AssignmentsThenUses(bytes / 19)});
}

}  // namespace

std::string Repeated(std::string_view piece, std::size_t bytes) {
  std::string text;
  text.reserve(bytes + piece.size());
  while (text.size() < bytes) {
    text += piece;
  }
  return text;
}

std::vector<HardText> HardTexts(std::size_t bytes) {
  std::vector<HardText> texts;
  for (const RepeatedShape& shape : kRepeated) {
    texts.push_back({shape.name, TextOf(shape, bytes)});
  }
  AppendLongValues(bytes, &texts);
  AppendLongFiles(bytes, &texts);
  AppendNested(bytes, &texts);
  return texts;
}

}  // namespace safe_docker::shell
