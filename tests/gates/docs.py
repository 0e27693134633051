#!/usr/bin/env python3
"""The documentation says what is so.

    docs.py --binary PATH

- Links and their anchors lead somewhere, in every Markdown file.
- Rules that are named exist. Every rule stands in docs/threat-model.md.
- Each row of the threat model's tables: the hook decides about its example as it says, by those rules; the tests exist, and
  one of them is about each rule.
- README.md and README.ja.md have the same shape, links and code.
- A block of ```console prints what it shows, in a fresh home. A block that cannot be run says why, in front of it:
  <!-- not run: REASON -->
"""
import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
THREATS = ROOT / "docs/threat-model.md"
sys.path.insert(0, str(TESTS / "e2e"))
import harness  # noqa: E402

FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*(\S*)")
LINK = re.compile(r"(?<!\\)\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
CODE = re.compile(r"`([^`]+)`")
DECISIONS = {"silent": "allow", "ask": "ask", "deny": "deny"}


class Problems(list):
    def at(self, path, line, text):
        self.append(f"{path.relative_to(ROOT)}:{line}: {text}")


# ---- Markdown --------------------------------------------------------------------------------------------------------


Block = collections.namedtuple("Block", "language text line note")


class Document:
    """A file's lines of text (code blocks are blank lines there), its code blocks and its anchors."""

    def __init__(self, path):
        self.path = path
        self.lines = []
        self.blocks = []
        indent, fence, body, start, language, note = 0, None, [], 0, "", ""
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            mark = FENCE.match(line)
            if fence is None and mark:
                indent, fence, body, start, language = len(mark[1]), mark[2], [], number, mark[3]
            elif fence is not None and mark and mark[2].startswith(fence) and not mark[3]:
                self.blocks.append(Block(language, "\n".join(body), start, note))
                fence, note = None, ""
            elif fence is not None:
                body.append(line[indent:] if not line[:indent].strip() else line)
            else:
                if line.strip():
                    note = line.strip()
                self.lines.append((number, line))
        if fence is not None:
            raise SystemExit(f"{path}:{start}: the code block has no end")

    def headings(self):
        return [(number, len(found[1]), found[2].strip()) for number, line in self.lines
                if (found := re.match(r"(#{1,6}) +(.*?)#*$", line))]

    def anchors(self):
        found, seen = set(), collections.Counter()
        for _, _, title in self.headings():
            slug = anchor(title)
            found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
        return found | set(re.findall(r'<a (?:id|name)="([^"]+)"', "\n".join(line for _, line in self.lines)))

    def links(self):
        for number, line in self.lines:
            for target in LINK.findall(CODE.sub("", line) if "](" not in line else re.sub(r"`[^`\]]*`(?!\])", "", line)):
                yield number, target

    def tables(self):
        """Lists of rows (number, cells), without the line of dashes."""
        table = []
        for number, line in [*self.lines, (0, "")]:
            if line.lstrip().startswith("|"):
                cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
                if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                    table.append((number, cells))
            elif table:
                yield table
                table = []


def anchor(title):
    """As GitHub makes them."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).replace("`", "").lower()
    kept = [c for c in plain if c in " -_" or unicodedata.category(c)[0] in "LNM"]
    return "".join(kept).replace(" ", "-")


def documents():
    for folder, folders, files in os.walk(ROOT):
        top = pathlib.Path(folder) == ROOT
        folders[:] = sorted(f for f in folders if not f.startswith(".") and not (top and f.startswith("build")))
        yield from (Document(pathlib.Path(folder, name)) for name in sorted(files) if name.endswith(".md"))


# ---- What is checked -------------------------------------------------------------------------------------------------


def check_links(all_documents, problems):
    anchors = {document.path: document.anchors() for document in all_documents}
    count = 0
    for document in all_documents:
        for number, target in document.links():
            if re.match(r"[a-z]+:", target):
                continue
            count += 1
            name, _, part = target.partition("#")
            path = (document.path.parent / name).resolve() if name else document.path
            if not path.exists():
                problems.at(document.path, number, f"{target}: there is no such file")
            elif part and part not in anchors.get(path, ()):
                problems.at(document.path, number, f"{target}: there is no such heading")
    return count


def check_rule_names(all_documents, rules, problems):
    """What is written like a rule of a plugin that exists is one, unless it is a file or folder."""
    plugins = "|".join(sorted({rule.split("/")[0] for rule in rules}))
    name = re.compile(rf"""[`"'( ]((?:{plugins})/[a-z][a-z-]*)(?=[`"') ,.|])""")
    count = 0
    for document in all_documents:
        for number, line in enumerate(document.path.read_text(encoding="utf-8").split("\n"), 1):
            for rule in name.findall(line):
                count += 1
                is_file = any(any(base.glob(f"{rule}*")) for base in (ROOT, TESTS, TESTS / "unit"))
                if rule not in rules and not is_file:
                    problems.at(document.path, number, f"{rule}: there is no such rule")
    return count


def threat_rows(document):
    """(line, cells by name) of the tables of vectors."""
    for table in document.tables():
        header = [cell.lower() for cell in table[0][1]]
        if "vector" in header and "tests" in header:
            for number, cells in table[1:]:
                yield number, dict(zip(header, cells))


def check_threats(document, rules, binary, problems):
    text = document.path.read_text(encoding="utf-8")
    for rule in sorted(rules):
        if f"`{rule}`" not in text:
            problems.at(document.path, 1, f"{rule} is missing: put it into a row, or into the list of those that are no answer to a vector")
    rows = list(threat_rows(document))
    tried = 0
    with harness.sandbox(binary) as box:
        for number, row in rows:
            named = [code for code in CODE.findall(row["verdict"]) if "/" in code]
            said = re.findall(r"\*+(\w+)\*+", row["verdict"])
            check_tests(document, number, row, named, problems)
            if not row.get("what remains"):
                problems.at(document.path, number, "nothing is said of what remains")
            example = CODE.fullmatch(row["for example"])
            if not example:
                continue
            tried += 1
            result = box.hook(example[1].replace("⏎", "\n"))
            decision, reason = result.verdict()
            if [decision] != [DECISIONS.get(word) for word in said]:
                problems.at(document.path, number, f"{example[1]}\n    is judged: {decision}  {reason.strip()}")
            for rule in named:
                if f"({rule})" not in reason:
                    problems.at(document.path, number, f"{example[1]}\n    is not judged by {rule}: {reason.strip()}")
    return len(rows), tried


def check_tests(document, number, row, named, problems):
    texts = []
    for name in CODE.findall(row["tests"]):
        path = TESTS / name
        if not path.exists():
            problems.at(document.path, number, f"tests/{name}: there is no such file")
            continue
        files = [f for f in path.rglob("*") if f.is_file() and not f.is_symlink()] if path.is_dir() else [path]
        texts += [f.read_text(encoding="utf-8", errors="replace") for f in files]
    if not texts:
        problems.at(document.path, number, "no test is named")
    for rule in named:
        if not any(rule in text for text in texts):
            problems.at(document.path, number, f"none of the tests named is about {rule}")


def check_in_step(one, other, problems):
    """The translation has the same headings, tables, links and code; only words and comments differ."""
    def shape(document):
        def code(block):
            text = block.text if block.language == "console" else re.sub(r"(^|\s)#.*", "", block.text)
            return re.sub(r"[ ]+\n", "\n", text + "\n")
        own = lambda target: re.sub(r"^README(\.ja)?\.md", "README", target)  # noqa: E731
        return {"headings": [level for _, level, _ in document.headings()],
                "rows of tables": [len(table) for table in document.tables()],
                "columns of tables": [len(table[0][1]) for table in document.tables()],
                "links": sorted(own(target) for _, target in document.links() if not target.startswith("#")),
                "code blocks": [(block.language, code(block)) for block in document.blocks]}
    first, second = shape(one), shape(other)
    for what in first:
        if first[what] != second[what]:
            problems.at(other.path, 1, f"the {what} differ from {one.path.name}:\n    {first[what]}\n    {second[what]}")


# ---- Blocks of console -----------------------------------------------------------------------------------------------

# What a reader may type there: safe-docker, also behind a pipe, and reading a file that was made before.
OURS = re.compile(r"(.*\| *)?safe-docker( |$)|(echo|cat|mkdir|printf|cd|export) ")


def sessions(block):
    """(command, output) pairs. A command goes on behind a backslash."""
    pairs = []
    for line in block.text.split("\n"):
        if line.startswith("$ "):
            pairs.append(([line[2:]], []))
        elif pairs and not pairs[-1][1] and pairs[-1][0][-1].endswith("\\"):
            pairs[-1][0].append(line)
        elif pairs:
            pairs[-1][1].append(line)
    return [("\n".join(command), "\n".join(output).rstrip()) for command, output in pairs]


def console_blocks(document, binary, problems):
    """How many were run, and which were not."""
    run, skipped = 0, []
    for block in document.blocks:
        if block.language != "console":
            continue
        pairs = sessions(block)
        if not pairs:
            problems.at(document.path, block.line, "a block of console without a command ('$ ' in front)")
        elif (reason := re.match(r"<!-- not run: (.+) -->", block.note)):
            skipped.append(f"{document.path.relative_to(ROOT)}:{block.line}: {reason[1]}")
        elif not all(OURS.match(command) for command, _ in pairs):
            problems.at(document.path, block.line, "runs something else than safe-docker: say why it is not run, in front of it: "
                                                   "<!-- not run: REASON -->")
        else:
            run_block(document, block, pairs, binary, problems)
            run += 1
    return run, skipped


def run_block(document, block, pairs, binary, problems):
    """One shell for all commands of a block, in the folder ~/project with a few files; its home is called /home/me."""
    with tempfile.TemporaryDirectory(prefix="docs") as folder:
        home = pathlib.Path(os.path.realpath(folder), "home")
        project = home / "project"
        project.mkdir(parents=True)
        home.chmod(0o755)
        for example in (ROOT / "docs/examples").iterdir():
            if example.is_file():
                shutil.copy(example, project)
        marked = "\n".join(f"{command}\nprintf '\\036'" for command, _ in pairs)
        environment = {"HOME": str(home), "PATH": f"{binary.parent}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(["bash", "-c", marked], cwd=project, env=environment, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=60, start_new_session=True)
        printed = done.stdout.replace(str(home), "/home/me").split("\036")
    for (command, expected), found in zip(pairs, printed):
        if not matches(expected, found.rstrip()):
            problems.at(document.path, block.line, f"$ {command}\n{indented('prints', found)}\n{indented('not', expected)}")


def matches(expected, found):
    """Equal, where a line "..." stands for any lines, and white space at the beginning of a line and its breaks count as one."""
    pattern = re.escape(" ".join(expected.split())).replace(r"\.\.\.\ ", "(?:.* )?").replace(r"\ \.\.\.", "(?: .*)?")
    return re.fullmatch(pattern, " ".join(found.split())) is not None


def indented(word, text):
    return f"  {word}:\n" + "\n".join("    " + line for line in text.rstrip().split("\n"))


# ----------------------------------------------------------------------------------------------------------------------


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True, type=pathlib.Path)
    binary = parser.parse_args().binary.resolve()
    environment = {"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"}
    listed = subprocess.run([binary, "rules", "--json"], env=environment, cwd="/", capture_output=True, text=True, check=True)
    rules = {rule["id"] for rule in json.loads(listed.stdout)}

    problems = Problems()
    all_documents = list(documents())
    by_name = {document.path.relative_to(ROOT).as_posix(): document for document in all_documents}
    links = check_links(all_documents, problems)
    names = check_rule_names(all_documents, rules, problems)
    rows, tried = check_threats(by_name["docs/threat-model.md"], rules, binary, problems)
    check_in_step(by_name["README.md"], by_name["README.ja.md"], problems)
    run, skipped = 0, []
    for document in all_documents:
        if document.path.parent in (ROOT, ROOT / "docs"):
            more, others = console_blocks(document, binary, problems)
            run, skipped = run + more, skipped + others

    print(f"{len(all_documents)} files, {links} links, {names} names of {len(rules)} rules, {rows} rows of the threat model "
          f"({tried} examples tried), {run} console blocks run, {len(skipped)} not:")
    print("\n".join(skipped))
    if links < 50 or rows < 60 or run < 5:
        problems.append("too little was found: the gate does not see what it should check")
    print("\n".join(problems))
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
