"""`safe-docker test`: policy as tests, and the examples of the documentation, which are such tests."""

import json
import pathlib
import re

from support import SandboxTest

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"

PASSES = """
[[case]]
command = "docker run alpine"
expect = "allow"

[[case]]
name = "etc # stays out"
command = "docker run -v /etc:/x alpine"
expect = "deny"
rule = "mounts/outside-home"
"""

FAILS = """
[[case]]
command = "docker run -v /etc:/x alpine"
expect = "ask"
rules = ["flags/privileged", "mounts/outside-home"]
"""


def blocks(text):
    """The TOML blocks of a document."""
    return re.findall(r"(?ms)^```toml\n(.*?)^```", text)


class PolicyTests(SandboxTest):
    def run_tests(self, text, *words, **more):
        path = self.box.write("tests.toml", text)
        return self.box.run("test", path, *words, **more)

    def assertCode(self, result, code):
        self.assertEqual(result.code, code, f"\n{result}")

    def test_passes(self):
        result = self.run_tests(PASSES)
        self.assertCode(result, 0)
        self.assertEqual(result.stdout, "2 passed, 0 failed\n")

    def test_fails_with_what_was_found(self):
        result = self.run_tests(FAILS)
        self.assertCode(result, 1)
        self.assertIn("tests.toml:2: docker run -v /etc:/x alpine", result.stdout)
        self.assertIn("expected ask, found deny, and the rule flags/privileged did not object", result.stdout)
        self.assertIn("mounts/outside-home", result.stdout)
        self.assertIn("0 passed, 1 failed", result.stdout)

    def test_tap(self):
        result = self.run_tests(PASSES + FAILS, "--tap")
        self.assertCode(result, 1)
        lines = result.stdout.splitlines()
        self.assertEqual(lines[:4], ["TAP version 14", "1..3", "ok 1 - docker run alpine", "ok 2 - etc \\# stays out"])
        self.assertEqual(lines[4:6], ["not ok 3 - docker run -v /etc:/x alpine", "  ---"])
        self.assertEqual(lines[-1], "  ...")
        for line in ("  expected: ask", "  found: deny", '  rules: ["mounts/outside-home"]', "  findings:"):
            self.assertIn(line, lines)

    def test_json(self):
        report = json.loads(self.run_tests(PASSES + FAILS, "--json").stdout)
        self.assertEqual((report["ok"], report["passed"], report["failed"]), (False, 2, 1))
        case = report["cases"][2]
        self.assertEqual((case["expected"], case["found"], case["rules"]), ("ask", "deny", ["mounts/outside-home"]))
        self.assertEqual(case["findings"][0]["rule"], "mounts/outside-home")
        self.assertTrue(report["cases"][0]["ok"])

    def test_uses_the_configuration_that_is_named(self):
        ask = '[[case]]\ncommand = "docker run --rm alpine"\nexpect = "deny"\nrule = "images/not-allowed"\n'
        own = self.box.write("policy.toml", 'allowed_images = ["nginx"]\n')
        self.assertCode(self.run_tests(ask), 1)
        self.assertCode(self.run_tests(ask, "--config", own), 0)
        self.assertCode(self.run_tests('[settings]\nconfig = "policy.toml"\n' + ask), 0)
        self.box.configure('allowed_images = ["nginx"]\n')
        self.assertCode(self.run_tests(ask), 0)

    def test_has_nothing_of_the_testers_own(self):
        case = '[[case]]\ncommand = "docker run -v ${DATA:-~/x}:/x alpine"\nexpect = "allow"\n'
        self.assertCode(self.run_tests(case, env={"DATA": "/etc"}), 0)
        self.assertCode(self.run_tests(case + 'env = { DATA = "/etc" }\n'), 1)

    def test_makes_files_links_and_folders(self):
        result = self.run_tests("""
[settings]
files = { "compose.yaml" = "services: {a: {image: nginx, privileged: true}}" }

[[case]]
command = "docker compose up"
expect = "deny"
rule = "flags/privileged"

[[case]]
command = "docker compose up"
cwd = "sub"
files = { "sub/compose.yaml" = "services: {a: {image: nginx}}" }
expect = "allow"

[[case]]
argv = ["docker", "run", "-v", "./out:/x", "alpine"]
links = { "out" = "/etc" }
expect = "deny"
rule = "mounts/outside-home"

[[case]]
command = "docker run -v ~/.aws:/x alpine"
files = { "~/.aws/config" = "" }
expect = "ask"
rule = "mounts/sensitive-path"

[[case]]
command = "docker run alpine"
files = { ".safe-docker.toml" = 'allowed_images = ["nginx"]' }
expect = "deny"
""")
        self.assertCode(result, 0)

    def test_judges_a_compose_project_beside_it(self):
        self.box.write("app/compose.yaml", "services: {a: {image: nginx, network_mode: host}}")
        for path in ("app", "app/compose.yaml"):
            result = self.run_tests(f'[[case]]\ncompose = "{path}"\nexpect = "deny"\nrule = "flags/host-namespace"\n')
            self.assertCode(result, 0)

    def test_leaves_nothing_behind(self):
        folder = self.box.home / "tmp"
        folder.mkdir()
        self.assertCode(self.run_tests(PASSES, env={"TMPDIR": str(folder)}), 0)
        self.assertEqual(list(folder.iterdir()), [])

    def test_refuses_what_it_cannot_read(self):
        for text, said in (
                ("", "there are no cases"),
                ("[[case]]\nexpect = 'allow'\n", "one of command, argv and compose"),
                ("[[case]]\ncommand = 'x'\nargv = ['x']\nexpect = 'allow'\n", "one of command, argv and compose"),
                ("[[case]]\ncommand = 'x'\n", "expects \"allow\", \"ask\" or \"deny\""),
                ("[[case]]\ncommand = 'x'\nexpect = 'block'\n", "tests.toml:3:10: error: case.expect"),
                ("[[case]]\ncomand = 'x'\nexpect = 'ask'\n", "case.comand: unknown key, did you mean 'command'?"),
                ("[[case]]\ncommand = 'x'\nexpect = 'ask'\nrule = 'outside-home'\n", "no rule's full name"),
                ("[[case]]\ncommand = 'x'\nexpect = 'ask'\nfiles = { '../x' = '' }\n", "the case's own project"),
                ("[[case]]\ncommand = 1\nexpect = 'ask'\n", "expected a text"),
                ("[[case]\n", "tests.toml:1"),
                ("[setings]\n" + PASSES, "unknown key, did you mean 'settings'?")):
            with self.subTest(text):
                result = self.run_tests(text)
                self.assertCode(result, 2)
                self.assertIn(said, result.stderr)
                self.assertEqual(result.stdout, "")
        self.assertCode(self.box.run("test", "nowhere.toml"), 2)
        self.assertCode(self.box.run("test"), 2)
        self.assertCode(self.run_tests(PASSES, "--json", "--tap"), 2)
        broken = self.box.write("broken.toml", "nonsense = 1\n")
        self.assertCode(self.run_tests(PASSES, "--config", broken), 2)

    def test_the_shipped_example_passes(self):
        result = self.box.run("test", DOCS / "examples/policy-tests.toml")
        self.assertCode(result, 0)

    def test_examples_of_the_rule_language(self):
        text = (DOCS / "rule-language.md").read_text(encoding="utf-8")
        examples = re.split(r"(?m)^### \d+\. ", text)[1:]
        self.assertGreaterEqual(len(examples), 10)
        for example in examples:
            title = example.splitlines()[0]
            with self.subTest(title):
                rules, cases = blocks(example)
                self.box.write("rules.toml", rules)
                self.assertCode(self.box.run("check-config", "--config", self.box.home / "rules.toml"), 0)
                result = self.run_tests(cases, "--config", self.box.home / "rules.toml")
                self.assertCode(result, 0)
                # Without the rule they are no longer as expected, so it is the rule that they try.
                self.assertCode(self.run_tests(cases), 1)
