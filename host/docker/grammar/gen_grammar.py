#!/usr/bin/env python3
"""Turns grammar.txt into compile-time tables: python3 gen_grammar.py grammar.txt OUTPUT.inc

The tables hold numbers and offsets into one string, so they need no relocation and no work at start-up. Names of roles
are checked by the compiler: they become enumerators of grammar.hpp.
"""
import sys


def fail(number, text):
    sys.exit(f"grammar.txt:{number}: {text}")


class Command:
    def __init__(self, path, number):
        self.path = path
        self.number = number
        self.aliases = []
        self.attributes = []
        self.arguments = "none"
        self.effect = ("none", "")
        self.flags = []


def read(lines):
    commands = []
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        kind, rest = words[0], words[1:]
        if kind == "command":
            commands.append(Command(tuple(rest), number))
        elif kind == "alias":
            commands[-1].aliases.append(tuple(rest))
        elif kind in ("ends-at-argument", "own-help", "expands"):
            commands[-1].attributes.append(kind)
        elif kind == "arguments":
            commands[-1].arguments = rest[0]
        elif kind == "effect":
            commands[-1].effect = (rest[0], " ".join(rest[1:]))
        elif kind == "flag":
            if len(rest) not in (4, 6) or rest[2] not in ("switch", "value"):
                fail(number, "expected: flag NAME SHORT switch|value ROLE [= NAME]")
            commands[-1].flags.append(rest)
        else:
            fail(number, f"unknown line '{kind}'")
    return commands


def enumerator(name):
    return "k" + "".join(part.capitalize() for part in name.split("-"))


class Pool:
    """Strings, each once, as one literal with offsets."""

    def __init__(self):
        self.text = ""
        self.known = {}

    def offset(self, string):
        if string not in self.known:
            self.known[string] = len(self.text)
            self.text += string + "\0"
        return self.known[string]


def edges_of(commands):
    """(parent index, word) -> [command index, ...]: the first is the plugin's reading, the second the client's own."""
    index = {}
    for position, command in enumerate(commands):
        if command.path != ("*",):
            index.setdefault(command.path, position)
    nodes = dict(index)
    for position, command in enumerate(commands):
        for alias in command.aliases:
            nodes.setdefault(alias, position)
    edges = {}

    def add(path, position, first):
        parents = [0] if len(path) == 1 else {index.get(path[:-1]), nodes.get(path[:-1])} - {None}
        for parent in parents:
            targets = edges.setdefault((parent, path[-1]), [])
            if position not in targets:
                targets.insert(0 if first else len(targets), position)

    for position, command in enumerate(commands):
        if command.path != ("*",):
            add(command.path, position, False)
    for position, command in enumerate(commands):
        for alias in command.aliases:
            add(alias, position, command.path[0] in ("buildx", "compose"))
    return edges


def main(source, output):
    with open(source, encoding="utf-8") as file:
        commands = read(file)
    if commands[0].path != ("*",):
        fail(1, "the first command must be '*'")
    pool = Pool()
    pool.offset("")
    flag_rows, command_rows, edge_rows = [], [], []
    for command in commands:
        first = len(flag_rows)
        for flag in sorted(command.flags, key=lambda flag: flag[0].encode()):
            name, short, kind, role = flag[:4]
            canonical = flag[5] if len(flag) == 6 else name
            short = "'\\0'" if short == "-" else f"'{short}'"
            role = "FlagRole::" + ("kNone" if role == "-" else enumerator(role))
            flag_rows.append(
                f"{{{pool.offset(name)}, {pool.offset(canonical)}, {short}, {str(kind == 'switch').lower()}, {role}}},")
        path = "" if command.path == ("*",) else " ".join(command.path)
        has = lambda attribute: str(attribute in command.attributes).lower()
        command_rows.append(
            f"{{{pool.offset(path)}, {first}, {len(flag_rows) - first}, ArgumentsRole::{enumerator(command.arguments)}, "
            f"CommandEffect::{enumerator(command.effect[0])}, {pool.offset(command.effect[1])}, "
            f"{has('ends-at-argument')}, {has('own-help')}, {has('expands')}}},")
    for (parent, word), targets in sorted(edges_of(commands).items(), key=lambda item: (item[0][0], item[0][1].encode())):
        alternative = targets[1] if len(targets) > 1 else 0
        edge_rows.append(f"{{{parent}, {pool.offset(word)}, {targets[0]}, {alternative}}},")
    if len(pool.text) > 0xFFFF or len(flag_rows) > 0xFFFF:
        sys.exit("grammar.txt: the tables no longer fit 16-bit offsets")
    literal = pool.text.replace("\\", "\\\\").replace('"', '\\"')
    with open(output, "w", encoding="utf-8") as file:
        file.write("// Made by gen_grammar.py from grammar.txt; do not edit.\n")
        file.write("constexpr char kText[] =\n")
        for piece in literal.split("\0")[:-1]:
            file.write(f'    "{piece}\\0"\n')
        file.write(";\n")
        for kind, name, rows in (("FlagEntry", "kFlags", flag_rows), ("CommandEntry", "kCommands", command_rows),
                                 ("EdgeEntry", "kEdges", edge_rows)):
            file.write(f"constexpr {kind} {name}[] = {{\n")
            file.writelines(f"    {row}\n" for row in rows)
            file.write("};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
