#!/usr/bin/env python3
"""Compares grammar.txt with a docker client: python3 refresh.py [--docker PATH] [--removed]

Prints what the client knows and grammar.txt does not, in the form of grammar.txt: commands, aliases, flags with their
short letter and whether they take a value. With --removed it prints what grammar.txt has and this client refuses, hidden
flags included: that is no fault by itself, for grammar.txt holds the flags of all clients, old and new.

To refresh grammar.txt for a new release:
  1. Install that client with its plugins (buildx, compose); they are walked as well.
  2. Run this against an engine, for a client hides from its help what the engine is too old for. The pretended one of the
     tests does:  python3 tests/differential/fake_engine.py python3 host/docker/grammar/refresh.py --docker PATH
     What it prints is the list of what the release added.
  3. Add each line to grammar.txt, decide its role ('-' if its value means nothing to the host), and give it a row in the
     tests. A flag that is hidden from the help is not found this way: look for MarkHidden in the client's sources.
  4. Run the differential test (tests/differential/README.md) with that client, and write what differs from older
     clients into tests/differential/version_differences.txt.
Exit status: 0 if there is nothing to print, 1 otherwise.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
import gen_grammar  # noqa: E402  (beside this file)

GRAMMAR = pathlib.Path(__file__).with_name("grammar.txt")
SECTION = re.compile(r"^([A-Z][A-Za-z ]*):\s*$")
COMMAND = re.compile(r"^  ([a-z][\w-]*)(\*?) {2,}\S")
FLAG = re.compile(r"^(?:  -(\S), |      )--([\w.-]+)(?: (\S+))?(?: {2,}|$)")


class Help:
    """What one help text says: subcommands, aliases (as words), and flags {name: (short or '-', kind)}."""

    def __init__(self, text):
        self.commands, self.aliases, self.flags = [], [], {}
        section = ""
        for line in text.splitlines():
            if match := SECTION.match(line):
                section = match[1]
            elif section.endswith("Commands") and (match := COMMAND.match(line)):
                self.commands.append(match[1])
            elif section == "Aliases" and line.startswith("  "):
                self.aliases += [alias.strip().split() for alias in line.split(",")]
            elif section.endswith(("Options", "Flags")) and (match := FLAG.match(line)):
                self.flags[match[2]] = (match[1] or "-", "value" if match[3] else "switch")


def alias_path(words, path):
    """An alias as a path: newer clients print it in full behind 'docker', older ones its last word alone."""
    return tuple(words[1:]) if words[0] == "docker" else path[:-1] + tuple(words)


class Client:
    def __init__(self, program):
        self.program = program

    def run(self, *words):
        environment = dict(os.environ, DOCKER_BUILDKIT=os.environ.get("DOCKER_BUILDKIT", ""), BUILDX_EXPERIMENTAL="1")
        done = subprocess.run([self.program, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env=environment, timeout=60)
        return done.stdout + done.stderr

    def walk(self, path=()):
        """(path, Help) of every command from `path` down."""
        text = Help(self.run(*path, "--help"))
        yield path, text
        for word in text.commands:
            if path + (word,) != path:
                yield from self.walk(path + (word,))

    def refuses_flag(self, path, name, kind):
        """True if the command does not know the flag so. Never runs it: the last word is a flag that nobody knows."""
        answer = self.run(*path, "--" + name, "--no-such-1", "--no-such-2")
        wrong_kind = "unknown flag: --no-such-" + ("2" if kind == "switch" else "1")
        return f"unknown flag: --{name}\n" in answer or wrong_kind in answer


def commands_by_path(commands):
    """Every path, canonical or alias, with the commands that it may lead to."""
    spellings = {}  # canonical path -> all of its spellings
    for command in commands:
        path = () if command.path == ("*",) else command.path
        spellings.setdefault(path, set()).update([path], map(tuple, command.aliases))
    known = {}
    for command in commands:
        path = () if command.path == ("*",) else command.path
        # 'builder ls' is 'buildx ls', for 'builder' is an alias of 'buildx'.
        parents = spellings.get(path[:-1], set()) if len(path) > 1 else set()
        for spelling in spellings[path] | {parent + path[-1:] for parent in parents}:
            known.setdefault(spelling, []).append(command)
    return known


def added(client, known):
    """Lines of grammar.txt for what the client knows beyond it."""
    for path, text in client.walk():
        aliases = [alias_path(words, path) for words in text.aliases]
        targets = known.get(path)
        if targets is None and any(alias in known for alias in aliases):
            yield from (f"command {' '.join(next(alias for alias in aliases if alias in known))}", f"alias {' '.join(path)}")
            continue
        if targets and path not in [target.path for target in targets] and path != ():
            continue  # another spelling: its flags are looked at under the command's own path
        lines = [f"alias {' '.join(alias)}" for alias in aliases if alias not in known and alias != path]
        rows = [row for target in targets or [] for row in target.flags]
        for name, (short, kind) in sorted(text.flags.items()):
            same = [row for row in rows if row[0] == name]
            if name != "help" and not any(row[1] == short and row[2] == kind for row in same):
                was = f"   # grammar.txt: {same[0][1]} {same[0][2]}" if same else ""
                lines.append(f"flag {name} {short} {kind} -{was}")
        if targets is None or lines:
            yield f"command {' '.join(path) or '*'}"
            yield from lines


def removed(client, commands):
    """What grammar.txt has and the client does not know."""
    missing = []
    for command in commands:
        path = () if command.path == ("*",) else command.path
        if path == ("$",) or "".join(path[:1]).startswith("__") or any(path[:len(parent)] == parent for parent in missing):
            continue
        if f"Usage:  {' '.join(('docker', *path))}" not in client.run(*path, "--help"):
            missing.append(path)
            yield f"command {' '.join(path)}"
            continue
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            rows = [row for row in command.flags if row[0] != "help"]
            for row, refused in zip(rows, pool.map(lambda row: client.refuses_flag(path, row[0], row[2]), rows)):
                if refused:
                    yield f"command {' '.join(path) or '*'}: flag {' '.join(row[:3])}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--docker", default="docker", metavar="PATH", help="the client (default: docker)")
    parser.add_argument("--removed", action="store_true", help="what grammar.txt has and the client does not know")
    options = parser.parse_args()
    with GRAMMAR.open(encoding="utf-8") as file:
        commands = gen_grammar.read(file)
    client = Client(options.docker)
    if "Docker version" not in client.run("--version"):
        sys.exit(f"refresh.py: {options.docker} is no docker client")
    found = False
    for line in removed(client, commands) if options.removed else added(client, commands_by_path(commands)):
        print(line, flush=True)
        found = True
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
