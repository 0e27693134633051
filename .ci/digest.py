"""What failed in the steps of .ci/run, in some fifty lines: digest.py LOG...

Each LOG is the output of one failed step, its name that of the file. People see the end of the output alone, so every
failed test, target and file has its name here and the lines that say why, as many as there is room for."""

import pathlib
import re
import sys

ROOM = 48
WIDTH = 240
# What tells most comes first.
TELLING = [re.compile(pattern) for pattern in (
    r"^broken:|^input \(base64\)|runtime error:|ERROR: \w+Sanitizer|SUMMARY: ", r"\b(fatal )?error:|\[error\]",
    r": Failure$|AssertionError|^\w*(Error|Exception)\b|^(FAIL|ERROR):|terminate called",
    r"SC\d{4} \((error|warning|info|style)\)|^In .* line \d+:",
    r"^\s*(Expected|Actual|Which is|expected|but)\b|differ|Timeout|timed out|\*\*\*")]
FAILED_TEST = re.compile(r"^\s*\d+/\d+ Test +#\d+: (\S+) .*\*\*\*(.*?)\s*[\d.]+ sec")
ANY_TEST = re.compile(r"^\s*\d+/\d+ Test +#\d+:|^\s*Start +\d+: ")


def failed_tests(lines):
    """(name, its output) of each test that ctest calls failed; skipped ones and those that passed are no matter."""
    name, output = None, []
    for line in lines + ["0/0 Test #0:"]:
        if ANY_TEST.match(line) or "tests passed, " in line:
            if name:
                yield name, output
            match = FAILED_TEST.match(line)
            name = match and "Skipped" not in match[2] and f"{match[1]} ({match[2].strip()})"
            output = []
        elif name:
            output.append(line)


def failed_targets(lines):
    """(name, its lines) of each fuzz target that tests/fuzz/run.sh reports."""
    found = []
    for line in lines:
        if line.startswith("==== fuzz_"):
            found.append((line[5:], []))
        elif found:
            found[-1][1].append(line)
    return found


def telling(lines, most):
    lines = [line.rstrip() for line in lines if line.strip()]
    ranked = [(rank, at) for rank, pattern in enumerate(TELLING) for at, line in enumerate(lines) if pattern.search(line)]
    chosen = []
    for _, at in sorted(ranked):
        if lines[at] not in (lines[other] for other in chosen):
            chosen.append(at)
    return [lines[at] for at in sorted(chosen[:most])] or lines[-most:]


def main():
    items = []
    for log in map(pathlib.Path, sys.argv[1:]):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        parts = [*failed_tests(lines), *failed_targets(lines)] or [("", lines)]
        items += [(f"{log.name}: {name}" if name else log.name, output) for name, output in parts]
    # The input of a fuzz target is worth nothing if it is cut.
    most = max(1, (ROOM - len(items)) // max(1, len(items)))
    for name, output in items:
        print(f"-- {name}")
        for line in telling(output, min(most, 8)):
            print("   " + (line if line.startswith("input (base64)") else line[:WIDTH]))


if __name__ == "__main__":
    main()
