"""Each header compiles alone, with the flags of its source or of one beside it.

The build has shown it of those that their own source includes first: only the others are compiled here.

headers.py SOURCE-FOLDER compile_commands.json"""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

FOLDERS = ("host", "plugins", "plugin-api/include", "tests")
# Folders that only another preset builds, and one that is built with the same flags.
BUILT_LIKE = {"tests/fuzz": "tests/unit/docker"}


def commands_by_place(root, database):
    """Compiler and flags of each source and of one source of each folder, without input and output."""
    found = {}
    for entry in json.loads(pathlib.Path(database).read_text(encoding="utf-8")):
        source = pathlib.Path(entry["directory"], entry["file"]).resolve()
        if source.suffix != ".cpp" or root not in source.parents:
            continue
        words = shlex.split(entry["command"])
        kept = []
        skip = False
        for word in words:
            if skip:
                skip = False
            elif word in ("-o", "-MF", "-MT", "-MQ"):
                skip = True
            elif word not in ("-c", "-MD", entry["file"], str(source)):
                kept.append(word)
        for place in (source, source.parent):
            found.setdefault(place, (kept, entry["directory"]))
    return found


def command_for(header, root, commands):
    """The flags of the header's own source, else of the nearest folder's; plugin-api/ has to do with its own folder."""
    if root / "plugin-api" in header.parents:
        return ["c++", "-std=c++20", "-Wall", "-Wextra", "-Werror", "-I", str(root / "plugin-api/include")], root
    like = BUILT_LIKE.get(str(header.parent.relative_to(root)))
    if like and root / like in commands:
        return commands[root / like]
    if header.with_suffix(".cpp") in commands:
        return commands[header.with_suffix(".cpp")]
    for folder in header.parents:
        for candidate, command in commands.items():
            if candidate == folder or folder in candidate.parents and folder != root:
                return command
        if folder == root:
            break
    return next(command for folder, command in commands.items() if root / "host" in folder.parents)


def is_compiled_first(header, commands):
    """Whether the build compiles a source of that name that begins with the header, which guards itself."""
    source = header.with_suffix(".cpp")
    if source not in commands or not re.search(r"^#pragma once$", header.read_text(encoding="utf-8"), re.MULTILINE):
        return False
    directive = re.search(r'^\s*#\s*(\w.*)', source.read_text(encoding="utf-8"), re.MULTILINE)
    return bool(directive) and re.fullmatch(rf'include\s*"([^"]*/)?{re.escape(header.name)}"', directive[1].strip()) is not None


def compile_alone(header, command):
    words, directory = command
    unit = f'#include "{header}"\n#include "{header}"\n'
    return subprocess.run([*words, "-fsyntax-only", "-x", "c++", "-"], cwd=directory, input=unit, text=True,
                          capture_output=True, check=False)


def compile_as_c(header, root):
    return subprocess.run(["cc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I",
                           str(root / "plugin-api/include"), "-fsyntax-only", "-x", "c", "-"],
                          input=f'#include "{header}"\n', text=True, capture_output=True, check=False)


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    commands = commands_by_place(root, sys.argv[2])
    headers = sorted(path for folder in FOLDERS for path in (root / folder).rglob("*")
                     if path.suffix in (".h", ".hpp") and "out_of_tree" not in path.parts)
    if len(headers) < 8 or not commands:
        sys.exit(f"found {len(headers)} headers and {len(commands)} places with sources: nothing was checked")
    left = [header for header in headers if not is_compiled_first(header, commands)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda header: compile_alone(header, command_for(header, root, commands)), left))
    results += [compile_as_c(header, root) for header in headers if header.suffix == ".h"]
    failed = [result.stderr for result in results if result.returncode != 0]
    print("\n".join(failed) or f"{len(headers)} headers compile alone, {len(left)} of them tried here")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
