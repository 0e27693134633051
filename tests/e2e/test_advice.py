"""Advice works: who follows it is allowed. The rows of cases/advice/advice.cases; every rule that can object has one."""

import json
import re
import shutil
import socket
import unittest

import context
import harness

FOLDER = harness.CASES / "advice"
PERSON = re.compile(r"\b(person|yourself)\b")
PATH = re.compile(r"(^|\s)/\S+")


def read_rows():
    for number, line in enumerate((FOLDER / "advice.cases").read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            cells = [cell.strip().replace("\\|", "|") for cell in line.split(" | ")]
            if len(cells) != 4 or not all(cells):
                raise ValueError(f"advice.cases:{number}: not a row of rule, config, command and what comes after")
            yield number, *cells


class Row(unittest.TestCase):
    def __init__(self, number, rule, config, command, after):
        super().__init__("run_row")
        self.name = f"advice.cases:{number}: {rule}: {command}"
        self.rule, self.config, self.command, self.after = rule, config, command, after

    def __str__(self):
        return self.name

    def shortDescription(self):
        return None

    def explain(self, box, config, command):
        box.configure("" if config == "-" else config.replace("\\n", "\n"))
        result = box.run("explain", "--json", "--", command)
        self.assertEqual(result.code, 0, f"\n{result}")
        return json.loads(result.stdout)

    def objections(self, facts):
        return [each for each in facts["findings"] if each["decision"] != "allow"]

    def expect_objection(self, box):
        """The advice of the one rule that objects."""
        if self.command == "-":
            decision, reason = box.run("hook").verdict()
            self.assertEqual(decision, "deny")
            return reason.partition(f"({self.rule}). ")[2]
        found = self.objections(self.explain(box, self.config, self.command))
        self.assertEqual({each["rule"] for each in found}, {self.rule}, f"\n{found}")
        for each in found:
            evidence = each.get("written") or each.get("file") or PATH.search(each["message"])
            self.assertTrue(evidence, f"no evidence\n{each}")
            self.assertTrue(each["advice"], f"no advice\n{each}")
        return " ".join(each["advice"] for each in found)

    def run_row(self):
        with harness.sandbox(context.binary) as box:
            shutil.copytree(FOLDER / "files", box.project, dirs_exist_ok=True)
            listener = self.enterContext(socket.socket(socket.AF_UNIX))
            listener.bind(str(box.project / "service.sock"))
            advice = self.expect_objection(box)
            self.assertTrue(advice, "no advice")
            if self.after == "person":
                self.assertRegex(advice, PERSON, "it does not say that a person decides")
                return
            if self.command == "-":
                self.assertEqual(box.hook(self.after).verdict(), ("allow", ""))
                return
            is_config = self.after.startswith("config:")
            facts = (self.explain(box, self.after.removeprefix("config:").strip(), self.command) if is_config else
                     self.explain(box, self.config, self.after))
            self.assertEqual(facts["verdict"], "allow", f"advice: {advice}\n{self.objections(facts)}")
            if not is_config:
                self.assertTrue(facts["commands"], "nothing of docker's in what comes after")


class EveryRule(unittest.TestCase):
    def test_has_a_row(self):
        with harness.sandbox(context.binary) as box:
            rules = json.loads(box.run("rules", "--json").stdout)
        objecting = {each["id"] for each in rules
                     if {each[profile] for profile in ("strict", "standard", "permissive")} != {"allow"}}
        self.assertEqual({row[1] for row in read_rows()} ^ objecting, set())


def load_tests(loader, tests, pattern):
    return unittest.TestSuite([unittest.TestSuite(Row(*row) for row in read_rows()),
                               loader.loadTestsFromTestCase(EveryRule)])
