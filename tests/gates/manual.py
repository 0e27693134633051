"""What is printed and installed for people to read says all that there is, and is sound.

    manual.py --binary PATH --pages FOLDER

Every command has a page that names each option of its --help; every page that another one names exists; man and mandoc
have nothing to say against any of them. The completions of all shells know every command and option.
"""
import argparse
import gzip
import os
import pathlib
import re
import shutil
import subprocess
import sys

SHELLS = {"bash": ("bash", "-n"), "zsh": ("zsh", "-n"), "fish": ("fish", "--no-execute")}
COMMANDS = re.compile(r"(?m)^  ([a-z][a-z-]*(?: [a-z][a-z-]*)?) {2,}\S")
OPTIONS = re.compile(r"(?m)^  (?:(-\w), )?(--[a-z-]+)")
REFERENCE = re.compile(r"\b(safe-docker[a-z-]*)(?:\\fR)? ?\((\d)\)")


def run(*command, **more):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, check=False, **more)


def plain(roff):
    """The page's text with the letters as they are printed."""
    return re.sub(r"\\f[BIR]", "", roff.replace(r"\-", "-"))


def commands_of(binary):
    """Every command with the text of its --help."""
    found, waiting = {}, [()]
    while waiting:
        words = waiting.pop()
        text = run(binary, *words, "--help").stdout
        found[" ".join(words)] = text
        lists = text.split("\nOptions")[0]
        waiting += [(*words, *name.split()) for name in COMMANDS.findall(lists)]
    return found


def missing_of_pages(commands, pages):
    for command, text in commands.items():
        name = "-".join(["safe-docker", *command.split()])
        page = plain(pages.get(f"{name}.1", ""))
        if not page:
            yield f"{name}(1) is not there"
        yield from (f"{name}(1) says nothing of {option}" for pair in OPTIONS.findall(text) for option in pair
                    if option and not re.search(rf"(?m)^(-\w, )?{option}\b", page))
    for name, text in pages.items():
        for page, section in REFERENCE.findall(plain(text)):
            if f"{page}.{section}" not in pages:
                yield f"{name} names {page}({section}), which is not there"
        if re.search(r"\]\(|\.md#|<!--", text):
            yield f"{name} holds Markdown"


def complaints(folder):
    for path in sorted(folder.glob("man*/*.gz")):
        for command in (("mandoc", "-Tlint", "-W", "warning"), ("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z")):
            result = run(*command, str(path))
            said = result.stderr + (result.stdout if command[0] == "mandoc" else "")
            if said or result.returncode != 0:
                yield f"{path.name}: {command[0]} says: {said or result.returncode}"


def missing_of_completion(binary, commands, shell):
    script = run(binary, "completion", shell).stdout
    result = run(*SHELLS[shell], "/dev/stdin", input=script)
    if result.stderr or result.returncode != 0:
        yield f"{shell} does not read its completion: {result.stderr}"
    for command, text in commands.items():
        # All that the script says of this command.
        part = script.split(f"case '{command}'\n" if shell == "fish" else f"\n    '{command}')\n")[-1]
        part = re.split(r"\n {4,8}(?:case|'[^']*'\)$)", part, maxsplit=1)[0] if part != script else ""
        if not part:
            yield f"the completion for {shell} does not know the command '{command}'"
        rows = "".join(row for row in script.splitlines() if row.startswith("complete ") and f"\\'{command}\\'" in row)
        for option in (option for pair in OPTIONS.findall(text) for option in pair if option):
            # fish has a row for each besides the tables.
            row = f" -{'l' if option.startswith('--') else 's'} {option.lstrip('-')} "
            if not re.search(rf"(?<![\w-]){option}(?![\w-])", part) or (shell == "fish" and row not in rows):
                yield f"the completion for {shell} does not know {option} of '{command}'"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--pages", required=True, type=pathlib.Path)
    options = parser.parse_args()
    lacking = [tool for tool in ("man", "mandoc", *SHELLS) if shutil.which(tool) is None]
    if lacking:
        sys.exit(f"not there: {', '.join(lacking)}; packaging/install-packages.sh test installs them")
    pages = {path.stem: gzip.decompress(path.read_bytes()).decode() for path in options.pages.glob("man*/*.gz")}
    commands = commands_of(options.binary)
    if len(commands) < 20 or len(pages) <= len(commands):
        sys.exit(f"only {len(commands)} commands and {len(pages)} pages were found")
    problems = [*missing_of_pages(commands, pages), *complaints(options.pages)]
    for shell in SHELLS:
        problems += missing_of_completion(options.binary, commands, shell)
    print("\n".join(problems) or f"{len(commands)} commands, {len(pages)} pages, completions for {', '.join(SHELLS)}")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
