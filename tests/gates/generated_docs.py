#!/usr/bin/env python3
"""The parts of the documentation that safe-docker prints itself are what it prints.

    generated_docs.py --binary PATH [--write]

A part stands between "<!-- printed by: safe-docker WORDS -->" and "<!-- end -->". docs/config.schema.json is the output
of `safe-docker config schema`. With --write they are brought up to date; without, a difference is a failure.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PART = re.compile(r"(<!-- printed by: safe-docker ([^>]*?) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def output(binary, words):
    """What the command prints where nothing is configured."""
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    return subprocess.run([binary, *words], capture_output=True, text=True, check=True, env=environment, cwd="/").stdout


def renewed(binary, text):
    return PART.sub(lambda part: part[1] + "\n" + output(binary, part[2].split()) + "\n" + part[4], text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    options.binary = str(pathlib.Path(options.binary).resolve())
    files = {ROOT / "docs/config.schema.json": output(options.binary, ["config", "schema"])}
    parts = 0
    for path in sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]):
        text = path.read_text(encoding="utf-8")
        parts += len(PART.findall(text))
        files[path] = renewed(options.binary, text)
    stale = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if options.write:
            path.write_text(files[path], encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {'written' if options.write else 'is not what safe-docker prints'}")
    if parts < 2:
        sys.exit("the marks of the printed parts are gone")
    if stale and not options.write:
        sys.exit(f"bring them up to date with: {sys.argv[0]} --binary {options.binary} --write")


if __name__ == "__main__":
    main()
