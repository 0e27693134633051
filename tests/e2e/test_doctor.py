"""`safe-docker doctor`: arrangements with one thing wrong each, and the point that says so, by its id."""

import contextlib
import json
import os
import pathlib
import re
import socket
import threading
import time

import jsonschema

import context
import support

HOOK_MATCHER = "Bash|PowerShell|Monitor"
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["checks", "summary"],
    "properties": {
        "checks": {
            "type": "array",
            "minItems": 8,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "status", "message", "fix"],
                "properties": {
                    "id": {"pattern": "^(installation|configuration|plugins|docker|engine|path|hook|audit)[.][a-z-]+$"},
                    "status": {"enum": ["ok", "warn", "fail"]},
                    "message": {"type": "string", "minLength": 1},
                    "fix": {"type": "string"},
                },
                # What is wrong comes with what mends it.
                "if": {"properties": {"status": {"enum": ["warn", "fail"]}}},
                "then": {"properties": {"fix": {"minLength": 1}}},
                "else": {"properties": {"fix": {"maxLength": 0}}},
            },
        },
        "summary": {
            "type": "object",
            "additionalProperties": False,
            "required": ["ok", "warnings", "failures"],
            "properties": {name: {"type": "integer", "minimum": 0} for name in ("ok", "warnings", "failures")},
        },
    },
}


class DoctorTest(support.SandboxTest):
    def doctor(self, *words, env=None, timeout=60):
        """The points by id, as (status, message) in order, of a run whose answer and exit status fit together."""
        result = self.box.run("doctor", "--json", *words, env=env, timeout=timeout)
        report = json.loads(result.stdout)
        jsonschema.validate(report, SCHEMA)
        self.assertEqual(result.stderr, "")
        counted = {name: sum(check["status"] == status for check in report["checks"])
                   for name, status in (("ok", "ok"), ("warnings", "warn"), ("failures", "fail"))}
        self.assertEqual(report["summary"], counted)
        self.assertEqual(result.code, 1 if counted["failures"] else 0)
        points = {}
        for check in report["checks"]:
            points.setdefault(check["id"], []).append((check["status"], check["message"]))
        return points

    def assertPoint(self, points, name, status, text=""):
        found = points.get(name, [])
        self.assertTrue(any(each == status and re.search(text, message) for each, message in found),
                        f"no {status} {name} with '{text}' in {json.dumps(points, indent=1)}")

    def assertNothingFailsBut(self, points, *names):
        failed = {name for name, found in points.items() if any(status == "fail" for status, _ in found)}
        self.assertEqual(failed, set(names), json.dumps(points, indent=1))


class InstallationTest(DoctorTest):
    def test_nothing_fails_in_a_new_home(self):
        points = self.doctor()
        self.assertNothingFailsBut(points)
        self.assertPoint(points, "installation.version", "ok", "safe-docker [0-9.]+, /.*/bin/safe-docker$")
        self.assertPoint(points, "installation.helpers", "ok")
        self.assertPoint(points, "plugins.loaded", "ok", "^10 loaded, all trusted: mounts, ")
        self.assertPoint(points, "audit.enabled", "ok", "^off")

    def test_text_has_a_line_a_point_and_a_summary(self):
        result = self.box.run("doctor")
        lines = result.stdout.splitlines()
        self.assertRegex(lines[-1], r"^\d+ ok, \d+ warnings?, 0 failures$")
        for line in lines[:-1]:
            self.assertRegex(line, r"^(ok    |warn  |fail  )[a-z]+\.[a-z-]+ +\S|^      fix: \S")

    def test_wrong_options_and_recursion_are_refused(self):
        self.assertEqual(self.box.run("doctor", "--jsn").code, 2)
        self.assertEqual(self.box.run("doctor", "extra").code, 2)
        self.assertEqual(self.box.run("doctor", env={"SAFE_DOCKER_DOCTOR": "1"}).code, 2)


class ConfigurationTest(DoctorTest):
    def test_errors_are_named_by_file_line_and_key(self):
        self.box.configure('profile = "standard"\nprofil = "strict"\n')
        points = self.doctor()
        self.assertPoint(points, "configuration.errors", "fail", r"config\.toml:2:.*profil")

    def test_modes_that_do_not_enforce(self):
        self.box.configure('[modes]\naudit = ["all"]\n')
        self.assertPoint(self.doctor(), "configuration.mode", "warn", r"config\.toml:2: mode audit")

    def test_file_that_everyone_can_write(self):
        self.box.configure("").chmod(0o666)
        self.assertPoint(self.doctor(), "configuration.permissions", "fail", "can be written by everyone")

    def test_project_file_that_nobody_trusts(self):
        self.box.write("project/.safe-docker.toml", 'allowed_paths = ["/srv"]\n')
        self.assertPoint(self.doctor(), "configuration.project", "warn", "not trusted: 1 line")
        self.box.write("project/.safe-docker.toml", 'blocked_flags = ["--init"]\n')
        self.assertPoint(self.doctor(), "configuration.project", "ok", "only makes things stricter")


class PluginsTest(DoctorTest):
    def declare(self, name, path):
        self.box.configure(f'[plugins.{name}]\npath = "{path}"\n')

    def test_missing(self):
        self.declare("absent", "/nowhere/absent.so")
        points = self.doctor()
        self.assertPoint(points, "plugins.failed", "fail", "^absent: ")
        self.assertPoint(points, "plugins.loaded", "ok", "^10 loaded")

    def test_written_by_everyone(self):
        path = self.box.write("plugin.so", "")
        path.chmod(0o666)
        self.declare("open", path)
        self.assertPoint(self.doctor(), "plugins.failed", "fail", "can be written by everyone")

    def test_no_library(self):
        self.declare("text", self.box.write("plugin.so", "text"))
        self.assertPoint(self.doctor(), "plugins.failed", "fail", "^text: ")

    def test_disabled(self):
        self.box.configure("[plugins.mounts]\nenabled = false\n")
        points = self.doctor()
        self.assertPoint(points, "plugins.disabled", "warn", "mounts")
        self.assertPoint(points, "plugins.loaded", "ok", "^9 loaded")

    def test_one_that_crashes_hides_nothing(self):
        if context.plugins is None or not list(context.plugins.glob("*crashes*")):
            self.skipTest("needs the plugins that misbehave")
        self.declare("crashes-when-loaded", next(context.plugins.glob("*crashes*")))
        points = self.doctor()
        self.assertPoint(points, "plugins.failed", "fail", "SIGABRT")
        self.assertPoint(points, "plugins.loaded", "ok", "^10 loaded")

    def test_one_cannot_speak_for_doctor(self):
        if context.plugins is None or not (context.plugins / "careless").is_dir():
            self.skipTest("needs the plugins that misbehave")
        self.box.configure("[plugins.mounts]\nenabled = false\n"
                           f'[plugins.writes-to-strangers]\npath = "{context.plugins}/careless/writes_to_strangers.so"\n')
        points = self.doctor()
        self.assertNotIn("plugins.forged", points)
        self.assertPoint(points, "plugins.disabled", "warn", "mounts")
        self.assertPoint(points, "plugins.loaded", "ok", "^10 loaded")

    def test_a_path_that_would_steer_the_terminal(self):
        self.declare("absent", "/nowhere/\u202e\u2066\\u009b31m.so")
        result = self.box.run("doctor", "--json")
        self.assertTrue(result.stdout.isascii(), result.stdout)
        self.assertIn("absent: ", result.stdout)


class DockerTest(DoctorTest):
    def path(self, *folders):
        return {"PATH": ":".join([*map(str, folders), "/usr/bin", "/bin"])}

    def folder(self, name):
        folder = self.box.home.parent / name
        folder.mkdir()
        return folder

    def link(self):
        folder = self.folder("link")
        (folder / "docker").symlink_to(self.box.binary)
        return folder

    def test_version_of_the_one_that_would_run(self):
        stub = self.box.stub_docker("echo Docker version 99.1")
        points = self.doctor(env=self.path(self.link(), stub))
        self.assertPoint(points, "docker.program", "ok", f"{stub}/docker: Docker version 99.1")
        self.assertPoint(points, "path.docker", "ok", "docker is safe-docker")

    def test_none(self):
        points = self.doctor(env={"PATH": str(self.folder("empty"))})
        self.assertPoint(points, "docker.program", "warn", "no docker other than safe-docker")

    def test_loops(self):
        for body in (f'exec "{self.box.binary}" "$@"', f'"{self.box.binary}" "$@"', "echo safe-docker 0.1.0"):
            with self.subTest(body):
                stub = self.box.stub_docker(body)
                self.assertPoint(self.doctor(env=self.path(stub)), "docker.program", "fail", "leads back")

    def test_named_wrongly(self):
        for path, text in ((self.box.binary, "safe-docker itself"), ("/nowhere/docker", "no program")):
            self.box.configure(f'[wrapper]\ndocker_path = "{path}"\n')
            self.assertPoint(self.doctor(), "docker.program", "fail", text)

    def test_hangs(self):
        start = time.monotonic()
        points = self.doctor(env=self.path(self.box.stub_docker("sleep 100 & sleep 100")))
        self.assertPoint(points, "docker.program", "fail", "did not end within 5 s")
        self.assertLess(time.monotonic() - start, 30)

    def test_prints_without_end(self):
        points = self.doctor(env=self.path(self.box.stub_docker("exec yes")))
        self.assertPoint(points, "docker.program", "fail", "more than 1 MiB")

    def test_link_behind_the_real_one(self):
        stub, link = self.box.stub_docker("echo Docker"), self.link()
        result = self.box.run("doctor", env=self.path(stub, link))
        self.assertIn(f'export PATH="{link}:$PATH"', result.stdout)
        self.assertPoint(self.doctor(env=self.path(stub, link)), "path.docker", "warn", "comes before the link")

    def test_link_that_leads_nowhere(self):
        folder = self.folder("old")
        (folder / "docker").symlink_to("/nowhere/bin/safe-docker")
        self.assertPoint(self.doctor(env=self.path(folder)), "path.dangling", "fail", "that is gone")

    def test_compose_past_the_link(self):
        stub = self.box.stub_docker("echo Docker", name="docker-compose")
        self.assertPoint(self.doctor(env=self.path(self.link(), stub)), "path.compose", "warn")

    def test_folders_in_front(self):
        stub, shared = self.box.stub_docker("echo Docker"), self.folder("shared")
        shared.chmod(0o777)
        points = self.doctor(env=self.path(".", shared, stub))
        self.assertPoint(points, "path.folders", "warn", "'.'")
        self.assertPoint(points, "path.folders", "warn", "everyone may write")
        self.assertNotIn("path.folders", self.doctor(env=self.path(stub, shared)))


class EngineTest(DoctorTest):
    @contextlib.contextmanager
    def engine(self, answers):
        """A socket that gives `answers` by path, and hangs up on the rest (docker itself asks, too). Without any it never
        answers."""
        path = str(self.box.home / "engine.sock")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen()

            kept = []

            def serve():
                with contextlib.suppress(OSError):
                    while True:
                        connection, _ = listener.accept()
                        kept.append(connection)
                        asked = connection.recv(4096).decode().split()[1]
                        if answers:
                            connection.sendall(answers.get(asked, b""))
                            connection.close()

            threading.Thread(target=serve, daemon=True).start()
            yield {"DOCKER_HOST": f"unix://{path}"}
            listener.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def answer(value):
        return b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + json.dumps(value).encode()

    def test_rootless_and_rootful(self):
        for options, status, text in ((["name=seccomp,profile=builtin", "name=rootless"], "ok", "as you"),
                                      (["name=seccomp,profile=builtin"], "warn", "runs as root: whoever.*machine$"),
                                      (["name=userns"], "warn", "userns-remap")):
            with self.subTest(options), self.engine({"/version": self.answer({"Version": "28.2.2"}),
                                                     "/info": self.answer({"SecurityOptions": options})}) as env:
                points = self.doctor(env=env)
                self.assertPoint(points, "engine.reachable", "ok", r"DOCKER_HOST\): docker 28.2.2")
                self.assertPoint(points, "engine.rootless", status, text)
            pathlib.Path(self.box.home / "engine.sock").unlink()

    def test_what_is_no_engine(self):
        for bad in (b"", b"garbage", b"HTTP/1.0 500 No\r\n\r\n{}", b"HTTP/1.0 200 OK\r\n\r\n[]", b"\0" * 3_000_000):
            with self.subTest(bad[:20]), self.engine({"/version": bad}) as env:
                self.assertPoint(self.doctor(env=env), "engine.reachable", "warn", "no engine")
            pathlib.Path(self.box.home / "engine.sock").unlink()

    def test_silence_has_an_end(self):
        with self.engine({}) as env:
            start = time.monotonic()
            self.assertPoint(self.doctor(env=env), "engine.reachable", "warn", "does not answer")
            self.assertLess(time.monotonic() - start, 20)

    def test_elsewhere(self):
        for host, name, text in (("tcp://build.example:2376", "engine.endpoint", "another machine"),
                                 ("ssh://me@build.example", "engine.endpoint", "another machine"),
                                 ("tcp://127.0.0.1:2375", "engine.endpoint", "port of this machine"),
                                 ("unix:///nowhere.sock", "engine.reachable", "No such file")):
            self.assertPoint(self.doctor(env={"DOCKER_HOST": host}), name, "warn", text)
        self.assertPoint(self.doctor(env={"DOCKER_CONTEXT": "absent"}), "engine.endpoint", "warn", "no context absent")


class HookTest(DoctorTest):
    def handler(self, **changes):
        handler = {"type": "command", "command": self.box.binary, "args": ["hook"], "timeout": 10, "onFailure": "block"}
        handler.update(changes)
        return {key: value for key, value in handler.items() if value is not None}

    def wire(self, *handlers, matcher=HOOK_MATCHER, path=".claude/settings.json", **switches):
        settings = {**switches, "hooks": {"PreToolUse": [{"matcher": matcher, "hooks": list(handlers)}]}}
        return self.box.write(path, json.dumps(settings, indent=2))

    def script(self, body):
        return str(self.box.write("safe-docker", f"#!/bin/sh\n{body}\n", mode=0o755))

    def test_sound(self):
        for handler in (self.handler(), self.handler(args=None, command=f"{self.box.binary} hook"),
                        self.handler(args=None, command=f'"{self.box.binary}" "hook"')):
            with self.subTest(handler):
                self.wire(handler)
                points = self.doctor()
                self.assertNothingFailsBut(points)
                hook = {name: found for name, found in points.items() if name.startswith("hook.")}
                self.assertEqual({status for found in hook.values() for status, _ in found}, {"ok"}, hook)
                self.assertEqual(set(hook), {"hook.found", "hook.matcher", "hook.program", "hook.harmless",
                                             "hook.denied"})

    def test_none(self):
        self.assertPoint(self.doctor(env={"CLAUDE_CONFIG_DIR": "/nowhere"}), "hook.found", "ok", "has not been used")
        (self.box.home / ".claude").mkdir(exist_ok=True)
        self.assertPoint(self.doctor(), "hook.found", "warn", "no hook")

    def test_mistakes_in_the_wiring(self):
        for changes, name, status, text in (
                ({"onFailure": None}, "hook.on-failure", "warn", "cannot be started"),
                ({"onFailure": "allow"}, "hook.on-failure", "warn", "cannot be started"),
                ({"timeout": 1}, "hook.timeout", "warn", "timeout"),
                ({"if": "Bash(docker *)"}, "hook.condition", "fail", "sh -c"),
                ({"async": True}, "hook.async", "fail", "nobody waits"),
                ({"command": "/nowhere/safe-docker"}, "hook.program", "fail", "is no program"),
                ({"command": "safe-docker"}, "hook.program", "fail", "not in PATH"),
                ({"command": "./safe-docker"}, "hook.program", "fail", ""),
                ({"timeout": "10"}, "hook.settings", "fail", r"settings.json:\d+: timeout: expected a number"),
        ):
            with self.subTest(changes):
                self.wire(self.handler(**changes))
                self.assertPoint(self.doctor(), name, status, text)

    def test_variables_that_decide(self):
        for name, warns in (("SAFE_DOCKER_CONFIG", True), ("LD_PRELOAD", True), ("PATH", True), ("BASH_ENV", True), ("EDITOR", False)):
            with self.subTest(name):
                self.wire(self.handler(), env={name: "/tmp/x"})
                points = self.doctor()
                if warns:
                    self.assertPoint(points, "hook.environment", "warn", rf'settings.json:\d+: "env" sets {name}')
                else:
                    self.assertNotIn("hook.environment", points)

    def test_matchers(self):
        for matcher, status in (("*", "ok"), ("", "ok"), ("Bash", "warn"), ("bash", "fail"), ("Write|Edit", "fail"),
                                ("^(Bash|PowerShell|Monitor)$", "ok"), ("Bash(", "fail"), ("Bash, Monitor", "warn")):
            with self.subTest(matcher):
                self.wire(self.handler(), matcher=matcher)
                self.assertPoint(self.doctor(), "hook.matcher", status)

    def test_switches(self):
        self.wire(self.handler(), disableAllHooks=True)
        self.assertPoint(self.doctor(), "hook.disabled", "fail", r"settings.json:2: disableAllHooks")
        # A nearer file decides.
        self.box.write("project/.claude/settings.local.json", '{"disableAllHooks": false}')
        self.assertNotIn("hook.disabled", self.doctor())

    def test_broken_settings(self):
        self.box.write(".claude/settings.json", '{\n"hooks": {,}\n}')
        self.assertPoint(self.doctor(), "hook.settings", "fail", r"settings.json:2: is not JSON")
        self.box.write(".claude/settings.json", "{} // mine")
        self.assertPoint(self.doctor(), "hook.settings", "warn", "comments")

    def test_asked_twice(self):
        self.wire(self.handler())
        self.wire(self.handler(timeout=20), path="project/.claude/settings.json")
        self.assertPoint(self.doctor(), "hook.twice", "warn", "is asked here and at")

    def test_hooks_that_answer_wrongly(self):
        allow = ('{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"%s",'
                 '"permissionDecisionReason":"x"}}')
        for body, name, text in (
                (f"echo '{allow % 'allow'}'", "hook.denied", "lets .* pass"),
                (f"echo '{allow % 'allow'}'", "hook.harmless", "skips your own permission prompt"),
                (f"echo '{allow % 'deny'}'", "hook.harmless", "objects to a harmless command"),
                (f"echo '{allow % 'maybe'}'", "hook.denied", "decision that does not exist"),
                ("exit 0", "hook.denied", "lets .* pass"),
                ("exit 1", "hook.denied", "exit status 1"),
                ("exit 2", "hook.harmless", "objects"),
                ("echo '{\"decision\": 1}'", "hook.denied", "decision that does not exist"),
                ("echo '{\"decision\": \"approve\"}'", "hook.denied", "lets .* pass"),
                ("echo '{\"hookSpecificOutput\": {}}'", "hook.denied", "no answer"),
                ("echo '{\"systemMessage\": \"x\"}'", "hook.denied", "lets .* pass"),
                ("echo '{\"a\"'", "hook.denied", "no answer"),
                ("kill -9 $$", "hook.denied", "signal 9"),
        ):
            with self.subTest(body):
                self.wire(self.handler(command=self.script(body)))
                self.assertPoint(self.doctor("--run-hooks"), name, "fail", text)

    def test_hook_that_hangs(self):
        self.wire(self.handler(command=self.script("sleep 100 & sleep 100"), timeout=2))
        start = time.monotonic()
        self.assertPoint(self.doctor("--run-hooks"), "hook.denied", "fail", "did not end within 2 s")
        self.assertLess(time.monotonic() - start, 30)

    def test_hook_that_runs_doctor(self):
        self.wire(self.handler(command=self.script(f"exec '{self.box.binary}' doctor")))
        self.assertPoint(self.doctor("--run-hooks"), "hook.harmless", "fail", "objects")

    def test_the_line_is_run_as_configured(self):
        self.wire(self.handler(args=None, command=f"cd / && '{self.box.binary}' hook"))
        self.assertPoint(self.doctor("--run-hooks"), "hook.denied", "ok", "denies|asks")

    def test_what_came_with_a_project_is_not_run_unasked(self):
        mark = self.box.home / "was-run"
        for handler in (self.handler(command=self.script(f"touch {mark}")),
                        self.handler(args=None, command=f"touch {mark}; safe-docker hook"),
                        self.handler(args=["-c", f"touch {mark} # safe-docker"], command="/bin/sh"),
                        self.handler(args=["doctor"]), self.handler(args=["hook", "x"])):
            for path in (".claude/settings.json", "project/.claude/settings.json"):
                with self.subTest(handler=handler, path=path):
                    self.wire(handler, path=path)
                    self.assertPoint(self.doctor(), "hook.tried", "warn", "not tried")
                    self.assertFalse(mark.exists())
                    os.unlink(self.box.home / path)

    def test_what_is_looked_at_is_what_is_run(self):
        """A project's program is not taken for safe-docker, whatever way its settings name it."""
        mark = self.box.home / "was-run"
        evil = self.box.write("project/safe-docker", f"#!/bin/sh\ntouch {mark}\n", mode=0o755)
        (self.box.project / "a/b/c/d/e").mkdir(parents=True)
        (self.box.project / "deep").symlink_to("a/b/c/d/e")
        way = "deep/" + "../" * len(self.box.project.parts)  # by text to the root
        place = pathlib.Path(os.path.realpath(self.box.project / way)) / self.box.binary.lstrip("/")
        self.assertTrue(place.is_relative_to(self.box.home.parent), place)
        place.parent.mkdir(parents=True)
        os.link(evil, place)
        rows = (({"command": f"{way}{self.box.binary.lstrip('/')} hook", "args": None}, {}),
                ({"command": f"./safe-docker\0/../{way}{self.box.binary.lstrip('/')}"}, {}),
                ({"command": "safe-docker hook", "args": None},
                 {"PATH": f":{pathlib.Path(self.box.binary).parent}:/usr/bin:/bin"}))
        for changes, env in rows:
            with self.subTest(changes):
                self.wire(self.handler(**changes), path="project/.claude/settings.json")
                self.doctor(env=env)
                self.assertFalse(mark.exists())

    def test_modes_weaken_it(self):
        self.wire(self.handler())
        for mode in ("audit", "warn"):
            self.box.configure(f'[modes]\n{mode} = ["all"]\n')
            self.assertPoint(self.doctor(), "hook.denied", "warn", "only records or warns")

    def test_program_that_is_not_ones_own(self):
        other = self.box.write("safe-docker", "#!/bin/sh\nexit 0\n", mode=0o755)
        self.wire(self.handler(command=str(other)))
        points = self.doctor()
        self.assertPoint(points, "hook.program", "warn", "is another safe-docker than this one, /")
        self.assertNotIn("hook.permissions", points)
        other.chmod(0o777)
        self.assertPoint(self.doctor(), "hook.permissions", "fail", "safe-docker can be written by everyone")

    def test_decisions_of_ones_own_are_no_broken_hook(self):
        self.wire(self.handler())
        self.box.configure('[decisions]\n"flags/privileged" = "allow"\n')
        self.assertPoint(self.doctor(), "hook.denied", "warn", "because the configuration does: .* a decision")
        # What is silent where safe-docker is not is broken all the same.
        self.box.configure("")
        self.wire(self.handler(command=self.script("exit 0")))
        self.assertPoint(self.doctor("--run-hooks"), "hook.denied", "fail", "lets .* pass")


class AuditTest(DoctorTest):
    def configure(self, path, more=""):
        self.box.configure(f'[audit]\nenabled = true\njsonl_path = "{path}"\n{more}')

    def test_not_there_yet(self):
        self.configure(self.box.home / "logs/new/audit.jsonl")
        points = self.doctor()
        self.assertPoint(points, "audit.writable", "ok", "with the first record")
        self.assertFalse((self.box.home / "logs").exists())

    def test_cannot_be_written(self):
        blocked = self.box.write("file", "")
        folder = self.box.home / "folder"
        folder.mkdir()
        shared = self.box.write("shared.jsonl", "")
        shared.chmod(0o666)
        link = self.box.home / "link.jsonl"
        link.symlink_to("/dev/null")
        for path, text in ((blocked / "audit.jsonl", "cannot be made|Not a directory"), (folder, ""),
                           (shared, "others may write"), (link, "")):
            with self.subTest(path):
                self.configure(path)
                self.assertPoint(self.doctor(), "audit.writable", "fail", text)

    def test_folder_of_everyone(self):
        folder = self.box.home / "open"
        folder.mkdir()
        folder.chmod(0o777)
        self.configure(folder / "audit.jsonl")
        self.assertPoint(self.doctor(), "audit.folder", "fail", "everyone may write")

    def test_chain(self):
        log = self.box.home / "audit.jsonl"
        self.configure(log, "chain = true\n")
        for _ in range(3):
            self.box.hook("docker ps")
        before = log.read_bytes()
        self.assertPoint(self.doctor(), "audit.chain", "ok", "3 records")
        self.assertEqual(log.read_bytes(), before)
        log.write_bytes(before.replace(b"docker ps", b"docker pS", 1))
        self.assertPoint(self.doctor(), "audit.chain", "fail", "changed")

    def test_trying_the_hook_says_that_it_is_recorded(self):
        self.configure(self.box.home / "audit.jsonl")
        self.box.write(".claude/settings.json", json.dumps({"hooks": {"PreToolUse": [{"matcher": "*", "hooks": [
            {"type": "command", "command": self.box.binary, "args": ["hook"], "onFailure": "block"}]}]}}))
        self.assertPoint(self.doctor(), "hook.denied", "ok", "session safe-docker-doctor")
        self.assertIn("safe-docker-doctor", (self.box.home / "audit.jsonl").read_text())
