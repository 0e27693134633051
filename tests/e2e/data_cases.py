"""Makes tests of the data below tests/cases, whose README.md says how a case is written."""

import dataclasses
import re
import shlex
import tomllib
import unittest

import context
import harness

DECISIONS = ("allow", "ask", "deny", "stop")
ESCAPES = {"n": "\n", "r": "\r", "\\": "\\"}
COMPOSE_HEAD = "services:\n  web:\n    image: nginx\n"


@dataclasses.dataclass
class Case:
    name: str  # file and line
    decision: str
    rules: list[str]
    text: str


def read_cases(path):
    """Rows `DECISION | RULES | TEXT`; '\\n' in TEXT is a new line, '\\r' a carriage return and '\\\\' a backslash."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name = f"{path.stem}:{number}"
        parts = [part.strip() for part in line.split(" | ", 2)]
        if len(parts) != 3 or parts[0] not in DECISIONS:
            raise ValueError(f"{name}: not a row of decision, rules and text: {line}")
        rules = [] if parts[1] == "-" else [rule.strip() for rule in parts[1].split(",")]
        text = re.sub(r"\\([nr\\])", lambda match: ESCAPES[match[1]], parts[2])
        yield Case(name, parts[0], rules, text)


class DataTest(unittest.TestCase):
    """One case. A subclass says how it is asked."""

    def __init__(self, name, case):
        super().__init__("run_case")
        self.name = name
        self.case = case

    def __str__(self):
        return f"{self.name}: {self.case.text!r}" if isinstance(self.case, Case) else self.name

    def shortDescription(self):
        return None

    def expect(self, result, found, reason, expected, rules, texts=(), absent=()):
        accepted = ("ask", "deny") if expected == "stop" else (expected,)
        self.assertIn(found, accepted, f"\n{result}")
        for rule in rules:
            self.assertIn(f"({rule})", reason, f"rule not named\n{result}")
        for text in texts:
            self.assertIn(text, reason, f"not said\n{result}")
        for text in absent:
            self.assertNotIn(text, reason, f"said\n{result}")

    def expect_hook(self, result, *expected, **more):
        try:
            found, reason = result.verdict()
        except (ValueError, KeyError) as error:
            self.fail(f"no proper answer: {error!r}\n{result}")
        if found == "deny":
            self.assertEqual(result.code, 0, f"the program died\n{result}")
        self.expect(result, found, reason, *expected, **more)


class HookTest(DataTest):
    def run_case(self):
        with harness.sandbox(context.binary) as box:
            result = box.hook(self.case.text.replace("@HOME@", str(box.home)))
            self.expect_hook(result, self.case.decision, self.case.rules)


class ComposeTest(DataTest):
    """The text is a setting of a service of compose.yaml, or '^' and a top-level text in which {web} stands for it."""

    def run_case(self):
        with harness.sandbox(context.binary) as box:
            setting = self.case.text.replace("@HOME@", str(box.home))
            if setting.startswith("^"):
                text = setting[1:].lstrip().replace("{web}", COMPOSE_HEAD) + "\n"
            else:
                text = COMPOSE_HEAD + "".join(f"    {line}\n" for line in setting.split("\n"))
            box.write("project/compose.yaml", text)
            places = [] if self.case.decision == "allow" else ["compose.yaml"]
            if self.case.rules and not setting.startswith("^"):
                places.append("web")
                self.assertRegex(text, "(?m)^    [a-z]")
            result = box.hook("docker compose up -d")
            self.expect_hook(result, self.case.decision, self.case.rules, texts=places)


class WrapperTest(DataTest):
    def run_case(self):
        with harness.sandbox(context.binary) as box:
            folder = box.stub_docker()
            words = shlex.split(self.case.text.replace("@HOME@", str(box.home)))
            result = box.run("--dry-run", *words, env={"PATH": f"{folder}:{harness.SYSTEM_PATH}"})
            self.assertIsNone(box.recorded(), "--dry-run ran docker")
            found = re.search(r"^\[safe-docker\] Decision: (allow|ask|deny)$", result.stdout, re.MULTILINE)
            self.assertTrue(found, f"\n{result}")
            self.expect(result, found[1], result.stdout + result.stderr, self.case.decision, self.case.rules)


class ProjectTest(DataTest):
    def run_case(self):
        folder, case = self.case
        with harness.sandbox(context.binary) as box:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.name != "case.toml":
                    box.write("project" / path.relative_to(folder), path.read_text(encoding="utf-8"))
            for path in case.get("without", []):
                (box.project / path).unlink()
            for path, text in case.get("home", {}).items():
                box.write(path, text.replace("@HOME@", str(box.home)))
            if "config" in case:
                box.configure(case["config"])
            cwd = box.project / case.get("cwd", ".")
            result = box.hook(case["command"].replace("@HOME@", str(box.home)), env=case.get("env", {}), cwd=cwd)
            self.expect_hook(result, case["decision"], case.get("rules", []), texts=case.get("text", []),
                             absent=case.get("absent", []))


class ConfigTest(DataTest):
    """A config that begins with `# exit: N`, `# says: TEXT` and `# silent about: TEXT` lines."""

    def run_case(self):
        content = self.case.read_text(encoding="utf-8")
        said = {key: re.findall(rf"^# {key}: (.*)$", content, re.MULTILINE) for key in ("exit", "says", "silent about")}
        with harness.sandbox(context.binary) as box:
            path = box.write("config.toml", content.replace("@HOME@", str(box.home)))
            result = box.run("--check-config", "--config", path)
            output = result.stdout + result.stderr
            self.assertEqual([str(result.code)], said["exit"], f"\n{result}")
            for text in said["says"]:
                self.assertIn(text, output, f"\n{result}")
            for text in said["silent about"]:
                self.assertNotIn(text, output, f"\n{result}")


def row_tests(folder, kind):
    for path in sorted((harness.CASES / folder).glob("*.cases")):
        for case in read_cases(path):
            yield kind(f"{folder}/{case.name}", case)


def hook_tests():
    return row_tests("hook", HookTest)


def compose_tests():
    return row_tests("compose", ComposeTest)


def wrapper_tests():
    return row_tests("wrapper", WrapperTest)


def project_tests():
    for path in sorted((harness.CASES / "projects").glob("*/case.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        shared = {key: value for key, value in content.items() if key != "case"}
        for number, case in enumerate(content["case"], 1):
            yield ProjectTest(f"projects/{path.parent.name}:{number}", (path.parent, shared | case))


def config_tests():
    for path in sorted((harness.CASES / "config").glob("*.toml")):
        yield ConfigTest(f"config/{path.stem}", path)
