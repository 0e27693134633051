#!/usr/bin/env python3
"""The differential test: what this project reads in docker command lines against what the real client sends for them.

    python3 compare.py --describe PATH/TO/describe_requests [--seed N] [--count M] [--only TEXT] [--verbose]

See README.md beside this file. Exit status: 0 no difference, 1 differences, 77 no real client to compare with.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from facts import SECRETS, is_asked, is_doubted, read_act, sent_act  # noqa: E402
from fake_engine import FakeEngine  # noqa: E402
from generate import Generator  # noqa: E402
from rules import Differences, explain_extra, explain_refusal, explain_missing  # noqa: E402

HERE = pathlib.Path(__file__).parent
CLIENTS = ("/usr/bin/docker", "/usr/local/bin/docker")
WORKERS = 2
SKIPPED = 77
# By each client, of some 1,880: those that differ between versions are not compared.
LEAST_COMPARED = 1500
TIME_LIMIT = 10
HARMLESS = ("use-engine", "set-option")  # what is read of a line that only shows help: whose help
FILES = {
    "work/env.list": "# comment\nSD_FILE_1=from:@CWD@/env.list\n",
    "work/ctx/more.env": "SD_FILE_2=from:@CWD@/ctx/more.env\n",
    "work/label.list": "label.from=@CWD@/label.list\n", "work/seccomp.json": '{"defaultAction": "SCMP_ACT_ALLOW"}\n',
    "work/broken.json": "{", "work/marker": "@CWD@\n", "work/ctx/marker": "@CWD@/ctx\n", "home/.docker/config.json": "{}\n",
    "work/Dockerfile": "# @CWD@/Dockerfile\n", "work/ctx/Dockerfile": "# @CWD@/ctx/Dockerfile\n",
    "work/sub/Other": "# @CWD@/sub/Other\n", "outside/Dockerfile": "# @ROOT@/outside/Dockerfile\n",
}


class Case:
    def __init__(self, line, origin):
        self.line = line
        self.origin = origin
        words = shlex.split(line)
        self.variables = {}
        while words and re.match(r"[A-Z_]+=", words[0]):
            name, _, value = words.pop(0).partition("=")
            self.variables[name] = value
        self.words = words


class Workshop:
    """A folder with the files that the cases name, a pretended engine, and one client."""

    def __init__(self, folder, client):
        self.root = pathlib.Path(folder)
        self.client = client
        self.engine = FakeEngine(folder)
        self.places = {"@ROOT@": folder, "@CWD@": folder + "/work", "@HOME@": folder + "/home", "@NEWLINE@": "\n",
                       **{f"@{name.upper()}@": address for name, address in self.engine.addresses.items()}}
        for name, text in FILES.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.fill(text), encoding="utf-8")
        self.make_context("elsewhere", self.engine.address("other"))

    def make_context(self, name, host):
        folder = self.root / "home/.docker/contexts/meta" / hashlib.sha256(name.encode()).hexdigest()
        folder.mkdir(parents=True)
        endpoints = {"docker": {"Host": host, "SkipTLSVerify": False}}
        (folder / "meta.json").write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": endpoints}))

    def fill(self, text):
        for place, value in self.places.items():
            text = text.replace(place, value)
        return text

    def environment(self, case):
        own = {name: self.fill(value) for name, value in case.variables.items()}
        variables = {"PATH": "/usr/bin:/bin", "HOME": self.places["@HOME@"],
                     "DOCKER_HOST": self.engine.address("default"),
                "DOCKER_BUILDKIT": "0", "DOCKER_CLI_HINTS": "false", **SECRETS, **own}
        return {name: value for name, value in variables.items() if value != "@UNSET@"}

    def words(self, case):
        return [self.fill(word.replace("@FRESH@", f"{self.root}/{case.origin.replace(':', '-')}")) for word in case.words]

    def describe(self, program, cases):
        lines = [json.dumps({"argv": self.words(case), "cwd": self.places["@CWD@"],
                             "env": self.environment(case)}) for case in cases]
        done = subprocess.run([program], input="\n".join(lines) + "\n", stdout=subprocess.PIPE, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def run(self, case):
        """What the client did: its exit status (None: it had to be stopped), output, and requests."""
        self.engine.take()
        words = [self.client.program, *self.words(case)[1:]]
        try:
            done = subprocess.run(words, env=self.environment(case), cwd=self.places["@CWD@"], stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=TIME_LIMIT)
            status, output = done.returncode, (done.stdout + done.stderr).decode(errors="replace")
        except subprocess.TimeoutExpired as late:
            status, output = None, (late.stderr or b"").decode(errors="replace")
        return status, output, self.engine.take()

    def listener(self, endpoint):
        """The name of the pretended engine at `endpoint`."""
        return next((name for name, address in self.engine.addresses.items() if address == endpoint), endpoint)


class Client:
    def __init__(self, program, version):
        self.program = program
        self.version = version

    @staticmethod
    def find():
        named = os.environ.get("SAFE_DOCKER_TEST_DOCKER", "").split(":")
        clients = {}
        for program in [*filter(None, named), *CLIENTS]:
            if not os.access(program, os.X_OK):
                continue
            done = subprocess.run([program, "--version"], capture_output=True, text=True)
            match = re.match(r"Docker version (\d+)\.(\d+)\.(\d+)", done.stdout)
            if match:
                clients.setdefault(tuple(map(int, match.groups())), program)
        return [Client(program, version) for version, program in clients.items()]


class Tally:
    """Counts of outcomes, and the differences."""

    def __init__(self):
        self.counts = collections.Counter()
        self.differences = []

    def add(self, other):
        self.counts.update(other.counts)
        self.differences += other.differences


def compare_accepted(sent, requests, workshop):
    """Differences between what the client sent and what is read; rules that explain one are counted."""
    read = read_act(requests)
    if read is None:
        return [f"client does {sent.kind}, nothing is read"], []
    found, explained = [], []
    if is_doubted(requests) and not any(fact[0] == "refused-by-engine" for fact in sent.facts):
        found.append("the client accepts what is taken for a line that it refuses")
    if read.kind != sent.kind:
        return [f"kind: client {sent.kind}, read {read.kind}"], []
    if workshop.listener(read.engine) != sent.engine:
        found.append(f"engine: client {sent.engine}, read {workshop.listener(read.engine)}")
    for name, value in sent.exact.items():
        if read.exact.get(name) != value:
            found.append(f"{name}: client {value!r}, read {read.exact.get(name)!r}")
    for name, value in sent.options.items():
        if value is not None and name in read.options and read.options[name] != value:
            found.append(f"--{name}: client {value!r}, read {read.options[name]!r}")
    ignored = {("image", sent.exact.get("image"))}
    for fact in sorted(sent.facts - read.facts - ignored, key=repr):
        reason = explain_missing(fact, sent, read)
        explained.append(reason) if reason else found.append(f"not seen: {fact}")
    for fact in sorted(read.facts - sent.facts - ignored, key=repr):
        reason = explain_extra(fact, sent, read)
        explained.append(reason) if reason is not None else found.append(f"seen, but not sent: {fact}")
    return found, explained


def compare(case, requests, workshop, differences):
    """(outcome, [differences], [rules that were used])"""
    status, output, recorded = workshop.run(case)
    sent = sent_act(recorded)
    if status is None and sent is None:
        return "late", ["the client did not end"], []
    command = requests[0]["command"] if requests else ""
    known = differences.explain(case.line, command, workshop.client.version, output, sent is not None)
    if known:
        return "skipped: differs between versions", [], [known]
    if sent is not None:
        found, explained = compare_accepted(sent, requests, workshop)
        return "accepted", found, explained
    if status == 0:
        quiet = all(effect["kind"] in HARMLESS for request in requests for effect in request["effects"])
        return "shows help", [] if quiet or is_asked(requests) else ["the client only shows help"], []
    if is_asked(requests):
        return "refused", [], []
    output = re.sub(r"^(DEPRECATED: |Flag shorthand -h|WARNING: |  ).*\n", "", output, flags=re.MULTILINE)
    reason = explain_refusal(output, read_act(requests))
    if reason:
        return "refused", [], [reason]
    return "refused", ["refused by the client, not asked about: " + output.strip()[:300]], []


def run_part(client, cases, describe, differences, verbose):
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="sd-") as folder:
        workshop = Workshop(folder, client)
        with workshop.engine:
            for case, requests in zip(cases, workshop.describe(describe, cases)):
                outcome, found, explained = compare(case, requests, workshop, differences)
                tally.counts[outcome] += 1
                tally.counts.update("rule: " + reason for reason in explained if reason)
                if found:
                    version = ".".join(map(str, client.version))
                    tally.differences.append(f"{case.origin} [{version}]: {case.line}\n    " + "\n    ".join(found))
                if verbose:
                    print(f"{outcome}: {case.line}\n    {json.dumps(requests)}")
    return tally


def read_cases(options):
    cases = []
    for number, line in enumerate((HERE / "cases.txt").read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            cases.append(Case(line, f"cases.txt:{number}"))
    for number, line in enumerate(Generator(options.seed).lines(options.count), 1):
        cases.append(Case(line, f"seed {options.seed}:{number}"))
    return [case for case in cases if options.only in case.line]


def describe_only(cases, describe):
    """The real client is no other under the sanitizers, which look at what is read alone."""
    with tempfile.TemporaryDirectory(prefix="sd-") as folder:
        described = Workshop(folder, None).describe(describe, cases)
    print(f"{len(described)} of {len(cases)} cases are described")
    return len(described) != len(cases) or len(cases) < LEAST_COMPARED


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--describe", required=True, metavar="PATH", help="the program describe_requests")
    parser.add_argument("--seed", type=int, default=1, help="of the generated cases")
    parser.add_argument("--count", type=int, default=1600, help="how many cases to generate")
    parser.add_argument("--only", default="", metavar="TEXT", help="only cases that hold this text")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--describe-only", action="store_true", help="for the sanitizers: compare with nothing")
    options = parser.parse_args()
    if options.describe_only:
        return describe_only(read_cases(options), options.describe)
    clients = Client.find()
    if not clients:
        print("differential: there is no docker client to compare with (package docker.io)")
        return 1 if os.environ.get("CI") == "true" else SKIPPED
    cases, differences, total = read_cases(options), Differences(HERE / "version_differences.txt"), Tally()
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        parts = [pool.submit(run_part, client, cases[first::WORKERS], options.describe, differences, options.verbose)
                 for client in clients for first in range(WORKERS)]
        for part in parts:
            total.add(part.result())
    for difference in sorted(total.differences):
        print(difference)
    print(f"{len(cases)} cases with docker {', '.join('.'.join(map(str, client.version)) for client in clients)}:")
    for outcome, count in sorted(total.counts.items()):
        print(f"  {count:6} {outcome}")
    print(f"  {len(total.differences):6} differences")
    if total.differences:
        return 1
    # A run that compares too little proves nothing, whatever it found.
    compared = total.counts["accepted"] + total.counts["refused"]
    if not options.only and (compared < LEAST_COMPARED * len(clients) or total.counts["accepted"] < compared / 4):
        print(f"differential: only {compared} cases were compared, {total.counts['accepted']} of them accepted")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
