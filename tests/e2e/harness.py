"""Starts the built program as an agent's hook or a person would: in a fresh home, with a clean environment."""

import contextlib
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

CASES = pathlib.Path(__file__).resolve().parent.parent / "cases"
SYSTEM_PATH = "/usr/bin:/bin"
# Sanitizers read their options from the environment; a test run under them must be able to pass some.
KEPT_VARIABLES = ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")

# A docker that writes down how it was called and then does what the test asks for.
STUB_DOCKER = """#!/bin/sh
printf '%s\\n' "$$" > "{record}.pid"
printf '%s\\0' "$0" "$@" > "{record}.argv"
env > "{record}.env"
{body}
"""


@dataclasses.dataclass
class Result:
    code: int
    stdout: str
    stderr: str

    def verdict(self):
        """(decision, reason) of a hook's answer; raises ValueError if it is no proper answer."""
        if self.code == 2:
            if "[safe-docker]" not in self.stderr or (self.stdout and not self.stdout.startswith("{")):
                raise ValueError("exit status 2 without a reason, or with something else on stdout")
            return "deny", self.stderr
        if self.code != 0:
            raise ValueError(f"exit status {self.code}")
        if self.stdout == "":
            return "allow", ""
        if not self.stdout.startswith("{"):
            raise ValueError("stdout does not begin with {")
        answer = json.loads(self.stdout)
        output = answer["hookSpecificOutput"]
        if set(answer) - {"hookSpecificOutput", "systemMessage"}:
            raise ValueError("unexpected keys on top of the answer")
        if set(output) != {"hookEventName", "permissionDecision", "permissionDecisionReason"}:
            raise ValueError("unexpected keys in hookSpecificOutput")
        if output["hookEventName"] != "PreToolUse" or output["permissionDecision"] not in ("ask", "deny"):
            raise ValueError("not an ask or deny for PreToolUse")
        if not output["permissionDecisionReason"].startswith("[safe-docker] "):
            raise ValueError("the reason does not say who speaks")
        return output["permissionDecision"], output["permissionDecisionReason"]

    def __str__(self):
        return f"exit {self.code}\nstdout: {self.stdout.strip()}\nstderr: {self.stderr.strip()}"


class Sandbox:
    """A home with a project in it, as cases/fixture says. `binary` is the program under test."""

    def __init__(self, binary, folder):
        self.binary = str(binary)
        self.home = pathlib.Path(os.path.realpath(folder)) / "home"
        self.project = self.home / "project"
        self.record = self.home.parent / "stub"
        shutil.copytree(CASES / "fixture", self.home, symlinks=True)
        self.home.chmod(0o755)

    def environment(self, **more):
        environment = {"HOME": str(self.home), "PATH": SYSTEM_PATH}
        environment.update({name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ})
        environment.update({name: value.replace("@HOME@", str(self.home)) for name, value in more.items()})
        return environment

    def write(self, path, text, mode=0o644):
        """Writes a file whose path counts from the home."""
        target = self.home / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        target.chmod(mode)
        return target

    def configure(self, text):
        return self.write(".config/safe-docker/config.toml", text.replace("@HOME@", str(self.home)))

    def stub_docker(self, body="exit 0", name="docker", folder="bin"):
        """A recording program in a folder of its own, which is returned."""
        path = self.home.parent / folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(STUB_DOCKER.format(record=self.record, body=body), encoding="utf-8")
        path.chmod(0o755)
        return path.parent

    def recorded(self, what="argv"):
        """What the stub was called with; None if it was not called."""
        path = self.record.with_suffix("." + what)
        if not path.exists():
            return None
        text = path.read_text(encoding="utf-8")
        return text.split("\0")[:-1] if what == "argv" else text.strip()

    def forget(self):
        """As if the stub had not been called."""
        for suffix in (".pid", ".argv", ".env"):
            self.record.with_suffix(suffix).unlink(missing_ok=True)

    def run(self, *words, stdin="", env=None, program=None, timeout=60):
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        done = subprocess.run([program or self.binary, *map(str, words)], input=data, capture_output=True,
                              cwd=self.project, env=self.environment(**(env or {})), timeout=timeout, check=False,
                              start_new_session=True)  # no terminal, even where the tests have one
        return Result(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))

    def hook(self, command, env=None, cwd=None, words=("hook",), timeout=60, **fields):
        """Asks about a shell command as Claude Code does."""
        request = {"session_id": "e2e", "transcript_path": "/nowhere", "cwd": str(self.project if cwd is None else cwd),
                   "permission_mode": "default", "hook_event_name": "PreToolUse", "tool_name": "Bash",
                   "tool_input": {"command": command, "description": "a test"}, "tool_use_id": "toolu_1"}
        request.update(fields)
        return self.run(*words, stdin=json.dumps(request), env=env, timeout=timeout)


@contextlib.contextmanager
def sandbox(binary):
    with tempfile.TemporaryDirectory(prefix="e2e") as folder:
        yield Sandbox(binary, folder)
