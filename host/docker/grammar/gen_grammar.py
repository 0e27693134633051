#!/usr/bin/env python3
"""Turns grammar.txt into compile-time tables: python3 gen_grammar.py grammar.txt OUTPUT.inc [DIFFERENCES.txt...]

Each file of differences (podman.txt) makes one more tool, with its own entries for the commands that differ from docker's.

The tables hold numbers and offsets into one string, so they need no relocation and no work at start-up. Names of roles
are checked by the compiler: they become enumerators of grammar.hpp.
"""
import copy
import pathlib
import shlex
import sys

# What stands in front of every command, and the variables that work like a flag.
UNNAMED = (("*",), ("$",))
SUBJECTS = ("none", "command", "first", "second", "each", "each-or-current")
KINDS = ("switch", "optional", "value", "list", "list-or-value")
ATTRIBUTES = ("ends-at-argument", "own-help", "expands")


def fail(number, text):
    sys.exit(f"line {number} of a grammar: {text}")


class Command:
    def __init__(self, path, number):
        self.path = path
        self.number = number
        self.aliases = []
        self.attributes = []
        self.without = []
        self.arguments = "none"
        self.effects = []
        self.flags = []
        self.base = None  # docker's command that this one stands for with another tool


def read(lines):
    commands = []
    for number, line in enumerate(lines, 1):
        words = shlex.split(line, comments=True)
        if not words:
            continue
        kind, rest = words[0], words[1:]
        if kind == "command":
            commands.append(Command(tuple(rest), number))
        elif kind == "alias":
            commands[-1].aliases.append(tuple(rest))
        elif kind in ATTRIBUTES:
            commands[-1].attributes.append(kind)
        elif kind == "without":
            commands[-1].without.append(rest[0])
        elif kind == "arguments":
            commands[-1].arguments = rest[0]
        elif kind == "effect":
            if len(rest) not in (3, 4) or rest[1] not in SUBJECTS:
                fail(number, 'expected: effect KIND SUBJECT "NAME" [OPTIONS]')
            commands[-1].effects.append((rest[0], rest[1], rest[2], rest[3] if len(rest) == 4 else ""))
        elif kind == "flag":
            if len(rest) not in (4, 6) or rest[2] not in KINDS:
                fail(number, f"expected: flag NAME SHORT {'|'.join(KINDS)} ROLE [= NAME]")
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


def effect_of_role(role, name):
    """The effect that a flag's role is by itself, as in an effect line; none if the role is an enumerator."""
    if role in ("set-option", "ordinary-option"):
        return (role, "none", name, "")
    if ":" not in role:
        return None
    kind, effect_name, options = (role.split(":") + [""])[:3]
    return (kind, "none", effect_name, options)


def merged(command, base):
    """docker's command with another tool's differences."""
    both = copy.deepcopy(base)
    both.base = base
    both.aliases += command.aliases
    for name in command.without:
        both.attributes = [attribute for attribute in both.attributes if attribute != name]
        both.flags = [flag for flag in both.flags if flag[0] != name]
    both.attributes += command.attributes
    if command.arguments != "none":
        both.arguments = command.arguments
    both.effects += command.effects
    names = {flag[0] for flag in command.flags}
    letters = {flag[1] for flag in command.flags} - {"-"}
    # A letter that the tool gives to another flag is no longer docker's.
    kept = [flag for flag in both.flags if flag[0] not in names]
    both.flags = [[flag[0], "-", *flag[2:]] if flag[1] in letters else flag for flag in kept] + command.flags
    return both


def differing(commands, differences):
    """A tool's own commands: those that differ from docker's, and all that lead to one."""
    docker = {command.path: command for command in commands}
    own = {}
    for command in differences:
        if command.path in own:
            fail(command.number, "a command that stands here twice")
        own[command.path] = merged(command, docker[command.path]) if command.path in docker else command
    for path in UNNAMED:
        own.setdefault(path, merged(Command(path, 0), docker[path]))
    for command in list(own.values()):
        for path in (command.path, *command.aliases):
            for length in range(1, len(path)):
                lead = path[:length]
                if lead not in own and lead in docker:
                    own[lead] = merged(Command(lead, 0), docker[lead])
    return [own.pop(path) for path in UNNAMED] + list(own.values())


def edges_of(commands, first=0):
    """(parent index, word) -> [command index, ...]: the first is the plugin's reading, the second the client's own.
    The commands of one tool, whose root stands at index `first`."""
    index = {}
    for position, command in enumerate(commands, first):
        if command.path not in UNNAMED:
            index.setdefault(command.path, position)
    nodes = dict(index)
    for position, command in enumerate(commands, first):
        for alias in command.aliases:
            nodes.setdefault(alias, position)
    edges = {}

    def add(path, position, in_front):
        parents = [first] if len(path) == 1 else {index.get(path[:-1]), nodes.get(path[:-1])} - {None}
        for parent in parents:
            targets = edges.setdefault((parent, path[-1]), [])
            if position not in targets:
                targets.insert(0 if in_front else len(targets), position)

    for position, command in enumerate(commands, first):
        if command.path not in UNNAMED:
            add(command.path, position, False)
    for position, command in enumerate(commands, first):
        for alias in command.aliases:
            add(alias, position, command.path[0] in ("buildx", "compose"))
    return edges


def main(source, output, *differences):
    with open(source, encoding="utf-8") as file:
        commands = read(file)
    if tuple(command.path for command in commands[:2]) != UNNAMED:
        fail(1, "the first commands must be '*' and '$'")
    edges = edges_of(commands)
    docker = list(commands)
    roots = {"docker": 0}
    for difference in differences:
        with open(difference, encoding="utf-8") as file:
            own = differing(docker, read(file))
        roots[pathlib.Path(difference).stem] = len(commands)
        edges.update(edges_of(own, len(commands)))
        commands += own
    pool = Pool()
    pool.offset("")
    flag_rows, command_rows, edge_rows, effect_rows = [], [], [], []

    def effect_row(effect):
        kind, subject, name, options = effect
        return (f"{{SDP_EFFECT_{kind.upper().replace('-', '_')}, EffectSubject::{enumerator(subject)}, "
                f"{pool.offset(name)}, {pool.offset(options)}}},")

    def place_of(effect):
        row = effect_row(effect)
        if row not in effect_rows:
            effect_rows.append(row)
        return effect_rows.index(row)

    for position, command in enumerate(commands):
        first = len(flag_rows)
        for flag in sorted(command.flags, key=lambda flag: flag[0].encode()):
            name, short, kind, role = flag[:4]
            canonical = flag[5] if len(flag) == 6 else name
            short = "'\\0'" if short == "-" else f"'{short}'"
            effect = effect_of_role(role, canonical)
            role = "FlagRole::" + ("kEffect" if effect else "kNone" if role == "-" else enumerator(role))
            flag_rows.append(
                f"{{{pool.offset(name)}, {pool.offset(canonical)}, {short}, FlagKind::{enumerator(kind)}, {role}, "
                f"{place_of(effect) if effect else 0}}},")
        # The rows of a command's own effects stand together.
        first_effect = len(effect_rows)
        effect_rows.extend(effect_row(effect) for effect in command.effects)
        path = "" if command.path in UNNAMED else " ".join(command.path)
        has = lambda attribute: str(attribute in command.attributes).lower()
        base = docker.index(command.base) if command.base else position
        command_rows.append(
            f"{{{pool.offset(path)}, {base}, {first}, {len(flag_rows) - first}, ArgumentsRole::{enumerator(command.arguments)}, "
            f"{first_effect}, {len(command.effects)}, "
            f"{has('ends-at-argument')}, {has('own-help')}, {has('expands')}}},")
    for (parent, word), targets in sorted(edges.items(), key=lambda item: (item[0][0], item[0][1].encode())):
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
                                 ("EdgeEntry", "kEdges", edge_rows), ("EffectEntry", "kEffects", effect_rows)):
            file.write(f"constexpr {kind} {name}[] = {{\n")
            file.writelines(f"    {row}\n" for row in rows)
            file.write("};\n")
        file.write("constexpr std::uint16_t kRoots[] = {\n")
        file.writelines(f"    {root},  // Dialect::{enumerator(tool)}\n" for tool, root in roots.items())
        file.write("};\n")
        for place, tool in enumerate(roots):
            file.write(f"static_assert(static_cast<int>(Dialect::{enumerator(tool)}) == {place});\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
