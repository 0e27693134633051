"""Many processes at one audit log, and processes that are killed in the middle of a line.

writers_test.py --writer LOG_WRITER --binary SAFE_DOCKER
"""

import argparse
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest

WRITERS = 64
RECORDS = 1000
ROUNDS = 60


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writer", required=True)
    parser.add_argument("--binary", required=True)
    return parser.parse_args()


class LogTest(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="log"))
        self.log = os.path.join(self.folder, "audit.jsonl")

    def start(self, writer, records, size, mebibytes, mode):
        return subprocess.Popen([ARGUMENTS.writer, self.log, str(writer), str(records), str(size), str(mebibytes),
                                 "1000", mode])

    def files(self):
        """The log's own files, oldest first."""
        rotated = [path for path in pathlib.Path(self.folder).iterdir() if path.suffix[1:].isdigit()]
        rotated.sort(key=lambda path: -int(path.suffix[1:]))
        return [*rotated, pathlib.Path(self.log)]

    def lines(self):
        for path in self.files():
            text = path.read_bytes()
            self.assertTrue(text.endswith(b"\n"), path)
            yield from text[:-1].split(b"\n")

    def verify(self, *words):
        done = subprocess.run([ARGUMENTS.binary, "audit", "verify", "--json", *words, self.log], capture_output=True,
                              check=False, env={"HOME": self.folder})
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.returncode, json.loads(done.stdout)


class ManyWriters(LogTest):
    def write_at_once(self, mode):
        writers = [self.start(number, RECORDS, 100, 2, mode) for number in range(WRITERS)]
        self.assertEqual([writer.wait() for writer in writers], [0] * WRITERS)
        seen = set()
        rotations = 0
        for line in self.lines():
            record = json.loads(line)  # a torn line is none
            if record["event"] == "rotate":
                rotations += 1
                continue
            words = record["command"].split()
            seen.add((int(words[1]), int(words[3])))
        self.assertEqual(len(seen), WRITERS * RECORDS)
        self.assertGreater(rotations, 3)
        self.assertEqual(rotations, len(self.files()) - 1)
        for path in self.files()[1:]:
            with path.open("rb") as file:
                self.assertEqual(json.loads(file.readline())["event"], "rotate", path)
        return rotations

    def test_no_line_is_lost_or_torn(self):
        self.write_at_once("plain")

    def test_the_chain_holds(self):
        rotations = self.write_at_once("chain")
        code, found = self.verify()
        self.assertEqual((code, found["flaws"]), (0, []))
        self.assertEqual(found["chained"], WRITERS * RECORDS + rotations)
        self.assertEqual((found["first_seq"], found["last_seq"]), (1, found["chained"]))


class KilledWriters(LogTest):
    """SIGKILL in the middle of writing: at most one line is not complete, and the next writer repairs around it."""

    def kill_often(self, mode):
        random.seed(6)
        for number in range(ROUNDS):
            size = self.size()
            writer = self.start(number, 100000, 15000, 64, mode)
            while self.size() == size and writer.poll() is None:  # however slow the machine is
                time.sleep(0.001)
            time.sleep(random.uniform(0, 0.02))
            writer.send_signal(signal.SIGKILL)
            writer.wait()

    def size(self):
        return [path.stat().st_size for path in self.files() if path.exists()]

    def partial_lines(self):
        partial = 0
        for path in self.files():
            for line in path.read_bytes().split(b"\n"):
                try:
                    partial += 0 if not line else not json.loads(line)
                except ValueError:
                    partial += 1
        return partial

    def test_killed_while_chained(self):
        self.kill_often("chain")
        self.assertLessEqual(self.partial_lines(), ROUNDS)
        code, found = self.verify()
        self.assertEqual(code, 0, found["flaws"])
        self.assertGreater(found["chained"], ROUNDS)
        self.assertLessEqual({flaw["kind"] for flaw in found["flaws"]}, {"partial"})

    def test_killed_without_chain(self):
        self.kill_often("plain")
        self.assertLessEqual(self.partial_lines(), ROUNDS)

    def test_half_a_line_is_told_and_repaired(self):
        self.assertEqual(self.start(1, 3, 10, 64, "chain").wait(), 0)
        with open(self.log, "r+b") as file:  # as a writer that was killed leaves it
            file.seek(-40, os.SEEK_END)
            file.truncate()
        code, found = self.verify()
        self.assertEqual((code, [flaw["kind"] for flaw in found["flaws"]]), (0, ["partial"]))
        self.assertEqual(self.start(2, 1, 10, 64, "chain").wait(), 0)
        code, found = self.verify()
        self.assertEqual((code, found["chained"], [flaw["kind"] for flaw in found["flaws"]]), (0, 3, ["partial"]))
        self.assertEqual(found["flaws"][0]["line"], 3)


class Tampering(LogTest):
    """What the chain is for."""

    def setUp(self):
        super().setUp()
        self.assertEqual(self.start(1, 10, 10, 64, "chain").wait(), 0)
        self.text = pathlib.Path(self.log).read_bytes().split(b"\n")[:-1]

    def kinds(self, lines, *words):
        pathlib.Path(self.log).write_bytes(b"".join(line + b"\n" for line in lines))
        code, found = self.verify(*words)
        kinds = {flaw["kind"] for flaw in found["flaws"] if flaw["breaks"]}
        self.assertEqual(code, 1 if kinds else 0)
        return kinds

    def test_untouched(self):
        self.assertEqual(self.kinds(self.text), set())

    def test_changed(self):
        lines = [line.replace(b"record 4", b"record 5") for line in self.text]
        self.assertEqual(self.kinds(lines), {"hash"})

    def test_removed(self):
        self.assertEqual(self.kinds(self.text[:4] + self.text[5:]), {"seq", "prev"})

    def test_moved(self):
        lines = self.text[:4] + [self.text[5], self.text[4]] + self.text[6:]
        self.assertEqual(self.kinds(lines), {"seq", "prev"})

    def test_put_in(self):
        foreign = b'{"v":1,"event":"decision","command":"docker ps"}'
        self.assertEqual(self.kinds(self.text[:4] + [foreign] + self.text[4:]), {"unchained"})

    def test_cut_off(self):
        head = json.loads(self.text[-1])["hash"]
        self.assertEqual(self.kinds(self.text[:-2]), set())
        self.assertEqual(self.kinds(self.text[:-2], "--head", head), {"head"})
        self.assertEqual(self.kinds(self.text, "--head", head), set())

    def test_every_changed_byte_shows(self):
        line = self.text[6]
        for at in range(0, len(line), 7):
            changed = line[:at] + bytes([line[at] ^ 1]) + line[at + 1:]
            kinds = self.kinds([*self.text[:6], changed, *self.text[7:]])
            self.assertTrue(kinds, changed)

    def test_unreadable(self):
        done = subprocess.run([ARGUMENTS.binary, "audit", "verify", self.folder + "/none"], capture_output=True,
                              check=False, env={"HOME": self.folder})
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"none", done.stderr)


if __name__ == "__main__":
    ARGUMENTS = parse()
    unittest.main(argv=sys.argv[:1])
