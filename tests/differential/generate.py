#!/usr/bin/env python3
"""Makes docker command lines from the project's own table of flags: python3 generate.py [--seed N] [--count M]

Prints COUNT lines in the form of cases.txt, always the same for a seed: first every flag of every command that is
compared, in one spelling after the other, then combinations, plausible and hostile ones.
"""
import argparse
import pathlib
import random
import shlex
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "host/docker/grammar"))
import gen_grammar  # noqa: E402

from flag_values import COMMON, VALUES  # noqa: E402  (beside this file)

# The commands that are compared: their spellings, and the words behind the flags.
COMMANDS = {
    "container run": (["run", "container run"], [["img"], ["reg.example:5000/a/b:1", "sh", "-c", "x"], ["img", "--privileged"]]),
    "container create": (["create", "container create"], [["img"], ["a/b@sha256:" + "0" * 64, "-v", "/:/x"]]),
    "container exec": (["exec", "container exec"], [["box", "sh"], ["box", "sh", "--privileged"], ["-", "sh"]]),
    "volume create": (["volume create"], [["vol"], []]),
    "service create": (["service create"], [["img"], ["img", "sh", "--mount", "x"]]),
    "service update": (["service update"], [["svc"]]),
    "image build": (["build", "image build", "builder build"], [["."], ["ctx"], ["./ctx/../ctx"]]),
}
# What may stand in front of the command.
FRONT = [[], [], [], [], [], [], [], [], ["--help"], ["-h"], ["-v"], ["--version"], ["-D"], ["--debug=false"], ["--"],
         ["-l", "debug"], ["--log-level=error"], ["-H", "@OTHER@"], ["-H@OTHER@"], ["--host=@TCP@"], ["-H=@OTHER@"],
         ["--", "-H", "@OTHER@"], ["--context", "elsewhere"], ["-celsewhere"], ["-Dc", "elsewhere"],
         ["-H", "@OTHER@", "-H", "@DEFAULT@"], ["--context", "elsewhere", "-H", "@TCP@"], ["--privileged"],
         ["--help=false"], ["-Dv"]]
# Whole words that shift what comes after them, or that docker refuses.
TRAPS = [["--privileged=yes"], ["--privileged", "true"], ["--privileged=TRUE"], ["--privileged=false", "--privileged"],
         ["--privileged", "--privileged=0"], ["--privilegedd"], ["--Privileged"], ["--priv"], ["--vol", "/:/x"], ["-Z"],
         ["---rm"], ["--=x"], ["-=x"], ["--", "-v"], ["--"], ["-"], [""], ["--help"], ["--help=false"], ["-h"], ["-h", "x"],
         ["--name", "--privileged"], ["-e", "--privileged"], ["--label", "--"], ["-w", "-v"], ["-v", "--privileged"],
         ["--no-rm"], ["--rm=maybe"], ["-it"], ["-itd"], ["-di="], ["-d=true"], ["-d=x"], ["-ev/etc:/x"], ["-itv/etc:/x"],
         ["-volume", "/etc:/x"], ["-dv=/etc:/x"], ["-itdv", "/etc:/x"], ["-u0"], ["-p8080:80"], ["-v="], ["-v==/etc:/x"],
         ["--volume"], ["--mount"], ["--net", "host"], ["--network-alias"], ["-P=false"], ["--pid", "host", "--pid="],
         ["--privileged="], ["--user=0", "--user", "1"]]


def spellings(name, short, kind, value):
    """All ways to write one flag."""
    if kind == "switch":
        yield ["--" + name]
        yield [f"--{name}={value}"]
        if short != "-":
            yield ["-" + short]
            yield [f"-{short}={value}"]
        return
    yield [f"--{name}={value}"]
    yield ["--" + name, value]
    if short != "-":
        yield ["-" + short + value]
        yield ["-" + short, value]
        yield [f"-{short}={value}"]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        with open(ROOT / "host/docker/grammar/grammar.txt", encoding="utf-8") as file:
            known = {" ".join(command.path): command for command in gen_grammar.read(file)}
        # grammar.txt's --help is docker's own, and shows help instead of being compared
        self.flags = {path: [row[:3] for row in known[path].flags if row[0] != "help"] for path in COMMANDS}

    def value(self, name, kind):
        own = VALUES.get(name, COMMON[kind])
        pool = own if self.random.random() < 0.93 or name == "disable-content-trust" else COMMON["hostile"]
        return self.random.choice(pool)

    def line(self, path, flags, front=(), tail=None):
        names, tails = COMMANDS[path]
        words = ["docker", *front, *self.random.choice(names).split(), *flags]
        words += self.random.choice(tails) if tail is None else tail
        return shlex.join(words)

    def each_flag(self):
        """Every flag of every command in every spelling; the values take turns."""
        for path, flags in self.flags.items():
            for name, short, kind in flags:
                own = VALUES.get(name, COMMON[kind])
                for index, words in enumerate(spellings(name, short, kind, "")):
                    value = own[index % len(own)]
                    yield self.line(path, list(spellings(name, short, kind, value))[index])

    def each_value(self):
        """Every value that is known for a flag."""
        for path, flags in self.flags.items():
            for name, short, kind in flags:
                for value in VALUES.get(name, [])[1:]:
                    yield self.line(path, self.random.choice(list(spellings(name, short, kind, value))))

    def bundle(self, path):
        """Switch letters in one word, perhaps with a value flag at its end."""
        switches = [short for _, short, kind in self.flags[path] if kind == "switch" and short not in "-it"]
        valued = [(name, short) for name, short, kind in self.flags[path] if kind == "value" and short != "-"]
        letters = "".join(self.random.sample(switches, self.random.randint(0, min(2, len(switches)))))
        if valued and (not letters or self.random.random() < 0.8):
            name, short = self.random.choice(valued)
            value = self.value(name, "value")
            return self.random.choice([[f"-{letters}{short}{value}"], [f"-{letters}{short}", value],
                                       [f"-{letters}{short}={value}"]])
        return ["-" + letters] if letters else []

    def combination(self):
        path = self.random.choices(list(COMMANDS), weights=[8, 5, 3, 2, 3, 3, 3])[0]
        flags = []
        for _ in range(self.random.randint(1, 5)):
            kind_of_words = self.random.random()
            if kind_of_words < 0.12:
                flags += self.random.choice(TRAPS)
            elif kind_of_words < 0.27:
                flags += self.bundle(path)
            else:
                name, short, kind = self.random.choice(self.flags[path])
                flags += self.random.choice(list(spellings(name, short, kind, self.value(name, kind))))
        tail = None
        if self.random.random() < 0.1:
            tail = ["--", *self.random.choice(COMMANDS[path][1])]
        elif self.random.random() < 0.1:
            tail = [*self.random.choice(COMMANDS[path][1]), *flags[-1:]]
        elif self.random.random() < 0.05:
            tail = []
        return self.line(path, flags, self.random.choice(FRONT), tail)

    def lines(self, count):
        systematic = list(self.each_flag()) + list(self.each_value())
        if len(systematic) > count * 3 // 4:
            systematic = self.random.sample(systematic, count * 3 // 4)
        yield from systematic
        for _ in range(count - len(systematic)):
            yield self.combination()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1600)
    options = parser.parse_args()
    for line in Generator(options.seed).lines(options.count):
        print(line)


if __name__ == "__main__":
    main()
