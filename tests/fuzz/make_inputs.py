"""Makes what the fuzzers start from: make_inputs.py PROJECT TARGETS OUTPUT

Seeds come from the case files of the unit tests, dictionaries from the grammar of the command line and from the words
that the sources of the docker room compare values with, so that neither has to be kept up by hand. TARGETS has a row
"NAME OPTION SHORT" a fuzzer; fuzz_option tries them all, its inputs begin with the number of the option's row. What earlier runs have found stays in OUTPUT/NAME/corpus.
"""

import collections
import hashlib
import pathlib
import re
import shlex
import sys

SHELL_OPERATORS = """
; & && || | |& ;; ;& ;;& ( ) (( { } < > >> <> >| <<- <<< &> &>> <& >& <( >( $( ` ${ ${! ${# ${x:- ${x# ${x/ ${x:
${x^^} ${x@P} $' $" $@ "$@" $* $# $? $! $0 $1 [ ] [@] [*] += =( ' " \\ ! * ? ~ # :- := :+ // %% ## .. , {a,b}
{1..9}
"""
UNKNOWN, SEPARATOR, SPLITS = "\x1e", "\x1f", "\x1d"


def read_command_lines(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#") and " =>" in line:
            text = line[:line.index(" =>")].replace("<?>", UNKNOWN).replace("<*>", UNKNOWN + SPLITS)
            lexer = shlex.shlex(text, posix=True)
            lexer.whitespace, lexer.whitespace_split, lexer.escape, lexer.quotes = " ", True, "", "'"
            lexer.commenters = ""
            yield list(lexer)


def values_of(words, names):
    for word, following in zip(words, words[1:] + [""]):
        for name in names:
            if word == name:
                yield following
            elif name.startswith("--") and word.startswith(name + "="):
                yield word[len(name) + 1:]
            elif not name.startswith("--") and word.startswith(name) and not word.startswith("--"):
                yield word[len(name):]


def read_shell_texts(folder):
    for path in sorted(folder.glob("*.cases")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("# "):
                text = line.split(" =>")[0].replace("\u21b5", "\n")
                yield re.sub(r"^(accept|refuse) ", "", text)


def read_programs(project):
    """What the evaluator is tried with elsewhere: programs for bash, with what is expected of them taken off."""
    for path in sorted((project / "tests/oracle").glob("*.cases")) + [project / "tests/precision/silent.cases"]:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("# "):
                yield re.sub(r"^(exact|covers|caught|asks|silent|allowed) \| ", "", line).replace("\u21b5", "\n")


def read_compose_projects(project):
    """The files of the compose plugin's cases, each project one text."""
    for folder in ("tests/unit/compose/cases", "tests/differential/compose/projects"):
        for path in sorted((project / folder).glob("*.txt")):
            for case in re.split(r"(?m)^=== .*\n", path.read_text(encoding="utf-8"))[1:]:
                files = re.sub(r"(?m)^(!|>>> ).*\n", "", re.split(r"(?m)^>>> ", case)[0])
                yield re.sub(r"^--- compose\.yaml\n", "", files)


def compose_words(projects):
    """The keys, values and marks that projects are made of."""
    words = {"<<: ", "*a", "&a ", "!reset ", "!override ", "\n--- compose.override.yaml\n", "\n--- .env\n", "\n---\n",
             "${A:-", "${UNKNOWN}", "$SET", "extends: ", "include: [", "    ", "- ", "? "}
    counts = collections.Counter(word for text in projects for word in re.findall(r"[A-Za-z_/.:~-]{3,24}", text))
    return words | {word for word, count in counts.items() if count > 2}


def seeds(name, names, lines):
    if name == "fuzz_arguments":
        return ["\0" + SEPARATOR.join(words[1:]) for words in lines]
    if name in ("fuzz_image", "fuzz_csv"):
        return sorted({word for words in lines for word in words[1:]})
    return sorted({value.replace(SPLITS, "") for words in lines for value in values_of(words, names)})


def seeds_of_all_options(rows, lines):
    options = [names for _, *names in rows if names[0] != "-"]
    return [chr(at) + seed for at, names in enumerate(options) for seed in seeds("", [n for n in names if n != "-"], lines)]


def read_rules(project):
    """Rules with the conditions of their tests, and the expressions of theirs."""
    text = (project / "tests/unit/checkers/rules.cases").read_text(encoding="utf-8")
    conditions = {match.replace("\\s", " ") for match in re.findall(r"when=(\S+)", text)}
    conditions |= set(re.findall(r"(?m)^when (.*?) => ",
                                 (project / "tests/unit/rules/problems.cases").read_text(encoding="utf-8")))
    for condition in conditions:
        yield '{"rules":[{"id":"r","decision":"deny","message":"x {path}","when":%s}]}' % condition
    expressions = (project / "tests/unit/rules/expression_test.cpp").read_text(encoding="utf-8")
    for pattern, given in re.findall(r'\{"(.*?)", "(.*?)", (?:true|false)\}', expressions):
        yield pattern.replace("\\\\", "\\") + "\n" + given


def write_dictionary(path, entries):
    with path.open("w", encoding="utf-8") as file:
        for entry in sorted(entries):
            escaped = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else
                              "".join(f"\\x{byte:02x}" for byte in c.encode()) for c in entry)
            file.write(f'"{escaped}"\n')


def grammar_words(path):
    words = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if fields[:1] in (["command"], ["alias"]):
            words.update(fields[1:])
        elif fields[:1] == ["flag"]:
            words.add("--" + fields[1])
            words.update(["-" + fields[2]] if fields[2] != "-" else [])
    return words - {"*", "$", "-"}


def shell_words(project, programs):
    """The operators of the grammar, the words that the sources compare with, and those that programs are made of."""
    words = set(SHELL_OPERATORS.split()) | {"\n", "<<E\nx\nE\n", "$(<", "$((", "))", "[[ ", " ]]", "\\\n"}
    for path in (project / "host/shell").rglob("*.cpp"):
        words.update(re.findall(r'"([^"\\ \n]{2,16})"', path.read_text(encoding="utf-8")))
    counts = collections.Counter(word for text in programs for word in set(text.split()) if 1 < len(word) < 16)
    return words | {word for word, count in counts.items() if count > 2}


def source_words(folder):
    words = {"/", "..", ":", ",", "=", '"', "~", UNKNOWN, "/proc/self/cwd", "/dev/stdin"}
    for path in folder.glob("*.cpp"):
        words.update(re.findall(r'"([^"\\ \n]{2,32})"', path.read_text(encoding="utf-8")))
    return words


def main():
    project, targets, output = map(pathlib.Path, sys.argv[1:])
    lines = list(read_command_lines(project / "tests/unit/docker/requests.cases"))
    texts = sorted(set(read_shell_texts(project / "tests/unit/shell")))
    output.mkdir(parents=True, exist_ok=True)
    write_dictionary(output / "syntax.dict", {word for text in texts for word in text.split() if len(word) < 12})
    programs = sorted(set(texts) | set(read_programs(project)))
    write_dictionary(output / "evaluator.dict", shell_words(project, programs))
    projects = sorted(set(read_compose_projects(project)))
    write_dictionary(output / "compose.dict", compose_words(projects))
    values = source_words(project / "host/docker")
    write_dictionary(output / "values.dict", values)
    write_dictionary(output / "arguments.dict",
                     values | grammar_words(project / "host/docker/grammar/grammar.txt") | {SEPARATOR})
    rows = [row.split() for row in targets.read_text(encoding="utf-8").splitlines()]
    for name, *names in rows:
        corpus = output / name / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        options = [option for option in names if option != "-"]
        own_seeds = {"fuzz_syntax": texts, "fuzz_evaluator": programs, "fuzz_compose": projects,
                     "fuzz_rules": sorted(set(read_rules(project))), "fuzz_option": seeds_of_all_options(rows, lines)}
        for seed in own_seeds.get(name) or seeds(name, options, lines):
            data = seed.encode()
            (corpus / hashlib.sha1(data).hexdigest()).write_bytes(data)


if __name__ == "__main__":
    main()
