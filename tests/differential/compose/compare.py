#!/usr/bin/env python3
"""The differential test: what the compose plugin reads in projects against what a real docker compose makes of them.

    python3 compare.py --describe PATH/TO/describe_project --cache FOLDER [--only TEXT] [--seed N] [--count M] [PLACE...]

See README.md beside this file. Exit status: 0 no difference, 1 differences, 77 no real compose to compare with.
"""
import argparse
import collections
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from projects import read_all  # noqa: E402
from variants import mixed, variants  # noqa: E402
import service_facts  # noqa: E402
import merged_fields  # noqa: E402

HERE = pathlib.Path(__file__).parent
PLACES = (HERE / "projects", HERE.parent.parent / "unit" / "compose" / "cases")
# Of what these do, the hooks and providers that they run, `config` says nothing; the unit cases do.
MAKE_NOTHING = ("down", "start", "restart", "stop", "rm", "wait")
WORKERS = 2
SKIPPED = 77
TIME_LIMIT = 60
LEAST_ACCEPTED = 700  # of all projects; fewer, and something is wrong with the test
NO_IMAGE = "has neither an image nor a build context specified"
# Flags behind a command with a value, so that the next word is no service.
VALUED_FLAGS = ("-v", "--volume", "--workdir", "-w", "-u", "--user", "--scale", "-e", "--env", "--entrypoint", "--name",
                "-p", "--publish", "-t", "--timeout", "--build-arg", "--ssh", "--cap-add", "--pull", "-l", "--label")


@dataclasses.dataclass
class Parts:
    """What a command brings to life of one service."""
    container: bool
    build: bool
    watch: bool
    ports: bool


class Command:
    def __init__(self, laid_out):
        self.flags, self.name, rest = laid_out.split()
        self.names = []
        self.switches = set()
        index = 0
        while index < len(rest):
            word = rest[index]
            if word.startswith("-"):
                self.switches.add(word)
                index += 2 if word in VALUED_FLAGS else 1
                continue
            self.names.append(word.partition("=")[0] if self.name == "scale" else word)
            index += 1
            if self.name == "run":
                break

    def parts(self, service):
        starts_only = self.name in ("start", "restart")
        is_target = self.name == "run" and service in self.names
        return Parts(self.name != "build", not starts_only, self.name == "watch" or "--watch" in self.switches,
                     not is_target or "--service-ports" in self.switches)

    def selected(self, resolved):
        """The names of the services that the command touches."""
        services = resolved["services"]
        if self.name == "build" and self.names and "--with-dependencies" not in self.switches:
            chosen = list(self.names)
            for name in chosen:
                contexts = (services.get(name, {}).get("build") or {}).get("additional_contexts") or {}
                chosen.extend(other for value in contexts.values() if value.startswith("service:")
                              for other in [value.removeprefix("service:")] if other not in chosen)
            return set(chosen)
        return set(self.names) if "--no-deps" in self.switches else set(services)


class Explained:
    """explained.txt: what may differ, and why. Every use is counted."""

    def __init__(self, path, version):
        self.lines = []
        self.uses = collections.Counter()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip() and not line.startswith("#"):
                versions, kind, pattern, reason = (part.strip() for part in line.split(" | ", 3))
                if not reason:
                    raise SystemExit(f"{path.name}:{number}: no reason is given")
                if version.startswith(versions.rstrip("*")):
                    self.lines.append((number, kind, re.compile(pattern)))

    def explains(self, kind, text):
        for number, of_kind, pattern in self.lines:
            if of_kind == kind and pattern.search(text):
                self.uses[number] += 1
                return True
        return False

    def unused(self):
        return [f"explained.txt:{number}: nothing uses this line: {pattern.pattern}"
                for number, _, pattern in self.lines if not self.uses[number]]


@dataclasses.dataclass
class Answer:
    """What docker compose said."""
    resolved: dict
    refusal: str
    is_lenient: bool = False  # without its checks of what belongs together, without which it refuses the project


class Compose:
    def __init__(self, program, describe):
        self.program = program
        self.describe = describe
        self.version = self.run(["version", "--short"], "/", {"PATH": "/usr/bin:/bin"}).stdout.strip()

    def run(self, words, cwd, environment):
        return subprocess.run([self.program, *words], cwd=cwd, env=environment, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=TIME_LIMIT, check=False, errors="surrogateescape")

    def resolve(self, laid_out, command):
        flags = [*command.flags, "config"]
        asked = self.run([*flags, "--format", "json", *command.names], laid_out.cwd, laid_out.environment)
        if NO_IMAGE in asked.stderr:  # many a small project needs none to show what it is there for
            flags.append("--no-consistency")
            asked = self.run([*flags, "--format", "json", *command.names], laid_out.cwd, laid_out.environment)
        is_lenient = "--no-consistency" in flags
        if asked.returncode == 0:
            return Answer(unescaped(json.loads(asked.stdout)), "", is_lenient)
        if "MarshalJSON" in asked.stderr:  # a path for ssh is more than its JSON can hold
            asked = self.run([*flags, *command.names], laid_out.cwd, laid_out.environment)
            text = subprocess.run([self.describe], input=json.dumps({"yaml": asked.stdout}) + "\n", text=True,
                                  capture_output=True, check=True).stdout
            return Answer(json.loads(text), "", is_lenient)
        said = [line for line in asked.stderr.splitlines() if line and not line.startswith("time=")]
        return Answer(None, " / ".join(said) or f"exit status {asked.returncode}")

    def unreplaced(self, laid_out, command):
        """The services with the names of their files; none if variables are needed to make sense of them."""
        flags = [*command.flags, "config", "--no-interpolate", "--no-consistency", "--format", "json"]
        asked = self.run([*flags, *command.names], laid_out.cwd, laid_out.environment)
        return json.loads(asked.stdout).get("services") or {} if asked.returncode == 0 else {}

    def variables(self, laid_out, command):
        """Those that compose takes the values of `environment: [NAME]` from."""
        asked = self.run([*command.flags, "config", "--no-consistency", "--environment"], laid_out.cwd, laid_out.environment)
        return dict(line.partition("=")[::2] for line in asked.stdout.splitlines())


def unescaped(value):
    """Compose writes a dollar sign twice, so that the project can be read again."""
    if isinstance(value, dict):
        return {unescaped(name): unescaped(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [unescaped(item) for item in value]
    return value.replace("$$", "$") if isinstance(value, str) else value


class Comparison:
    def __init__(self, compose, explained):
        self.compose = compose
        self.explained = explained
        self.counts = collections.Counter()
        self.differences = []

    def differ(self, project, what):
        if self.explained.explains("difference", f"{project.name}: {what}"):
            self.counts["explained differences"] += 1
        else:
            self.differences.append(f"{project.origin} ({project.name}): {what}")

    def compare(self, project, laid_out, described):
        command = Command(laid_out)
        if command.name in MAKE_NOTHING or not described or "expansion" not in described[0]:
            self.counts["not compared: makes no container"] += 1
            return
        expansion = described[0]["expansion"]
        answer = self.compose.resolve(laid_out, command)
        if expansion["violation"]:
            self.differ(project, "the plugin failed: " + expansion["violation"])
        if answer.refusal:
            self.compare_refusal(project, expansion, answer)
        elif expansion["findings"] and answer.is_lenient:
            self.counts["refused by both"] += 1
        elif expansion["findings"]:
            self.differ(project, "compose accepts it, we refuse it: " + expansion["findings"][0]["message"])
        elif any(not request["service"] for request in expansion["requests"]):
            self.counts["asked: a part cannot be seen"] += 1
        else:
            self.counts["accepted by both"] += 1
            self.compare_services(project, laid_out, command, expansion, answer.resolved)

    def compare_refusal(self, project, expansion, answer):
        asked = any(effect["kind"] == "unknown" for request in expansion["requests"] for effect in request["effects"])
        if expansion["findings"] or asked:
            self.counts["refused by both"] += 1
        elif self.explained.explains("refusal", answer.refusal):
            self.counts["refused by compose alone, explained"] += 1
        else:
            self.differ(project, "compose refuses it, we do not: " + answer.refusal)

    def compare_services(self, project, laid_out, command, expansion, resolved):
        requests = {request["service"]: request for request in expansion["requests"]}
        services = resolved["services"] = resolved.get("services") or {}
        for name, service in services.items():
            services[name] = service or {}
        wanted = command.selected(resolved)
        if set(requests) != wanted:
            self.differ(project, f"compose selects {sorted(wanted)}, we select {sorted(requests)}")
        has_files = any(service_facts.Read(request).files() for request in requests.values())
        unreplaced = self.compose.unreplaced(laid_out, command) if has_files else {}
        for name in sorted(wanted & set(requests) & set(services)):
            self.counts["services"] += 1
            theirs = service_facts.Resolved(resolved, name, command.parts(name), expansion["folder"],
                                            str(laid_out.cwd)).facts
            read = service_facts.Read(requests[name])
            if command.parts(name).container:
                self.add_files(theirs, read, unreplaced.get(name) or {})
            self.compare_facts(project, name, theirs, read)
            self.compare_model(project, laid_out, command, services[name],
                               ((expansion["model"] or {}).get("services") or {}).get(name) or {})

    def add_files(self, theirs, read, unreplaced):
        named = service_facts.named_files(unreplaced)
        if read.files() and not named or "$" in repr(named):
            self.counts["services whose env files need variables, not compared"] += 1
            named = read.files()
        theirs |= named

    def compare_facts(self, project, name, theirs, read):
        self.counts["facts"] += len(theirs)
        theirs = {fact for fact in theirs if fact[:2] not in read.inherited}
        for fact in sorted(theirs - read.facts, key=repr):
            if read.unknown:
                self.counts["facts of services that are asked about"] += 1
            else:
                self.differ(project, f"service {name}: compose has {fact}, we do not")
        for fact in sorted(read.facts - theirs, key=repr):
            self.differ(project, f"service {name}: we have {fact}, compose does not")

    def compare_model(self, project, laid_out, command, resolved, read):
        needs_variables = None in merged_fields.pairs(read.get("environment") or {}).values()
        variables = self.compose.variables(laid_out, command) if needs_variables else {}
        self.counts["fields"] += len(merged_fields.merged(resolved))
        for difference in merged_fields.differences(resolved, read, variables):
            self.differ(project, "merged " + difference)


def lay_out_all(projects, folder):
    laid_out = []
    for number, project in enumerate(projects):
        place = pathlib.Path(folder) / str(number)
        place.mkdir()
        laid_out.append(project.lay_out(place))
    return laid_out


def describe_all(describe, laid_out):
    cases = [{"argv": ["docker", "compose", *one.words], "cwd": str(one.cwd), "env": one.environment} for one in laid_out]
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    answered = subprocess.run([describe], input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    if len(answered) != len(cases):
        raise SystemExit(f"differential: {len(cases)} projects were given and {len(answered)} described")
    return [json.loads(line) for line in answered]


def find_compose(cache):
    found = subprocess.run([HERE / "fetch_compose.sh", cache], stdout=subprocess.PIPE, text=True, check=False)
    return found.stdout.strip() if found.returncode == 0 else ""


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--describe", required=True)
    arguments.add_argument("--cache", required=True)
    arguments.add_argument("--only", default="")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--count", type=int, default=120)
    arguments.add_argument("places", nargs="*", default=PLACES)
    given = arguments.parse_args()
    program = find_compose(given.cache)
    if not program:
        print("differential: there is no docker compose to compare with")
        return 1 if os.environ.get("CI") == "true" else SKIPPED
    compose = Compose(program, given.describe)
    everything = read_all(*given.places)
    if given.places == PLACES:
        everything += variants() + mixed(given.seed, given.count)
    projects = [project for project in everything if project.is_real and given.only in project.name]
    comparison = Comparison(compose, Explained(HERE / "explained.txt", compose.version))
    with tempfile.TemporaryDirectory() as folder:
        laid_out = lay_out_all(projects, folder)
        described = describe_all(given.describe, laid_out)
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(comparison.compare, projects, laid_out, described))
    whole = not given.only and given.places == PLACES
    return report(comparison, len(projects), len(everything) - len(projects), whole)


def report(comparison, count, unreal, whole):
    print(f"differential: {count} projects against docker compose {comparison.compose.version}; {unreal} need what no disk has")
    for name, number in sorted(comparison.counts.items()):
        print(f"  {number:6} {name}")
    for number, uses in sorted(comparison.explained.uses.items()):
        print(f"  explained.txt:{number}: used {uses} times")
    wrong = sorted(comparison.differences)
    if whole:
        wrong += comparison.explained.unused()
        if comparison.counts["accepted by both"] < LEAST_ACCEPTED:
            wrong.append(f"only {comparison.counts['accepted by both']} projects were accepted by both")
    for line in wrong:
        print("DIFFERENT " + line)
    print(f"differential: {len(wrong)} unexplained differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
