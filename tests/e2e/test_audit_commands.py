"""What reads the audit log: audit show, tail, stats, replay. The logs are made by audit_log.py or by the program."""

import json
import os
import pty
import select
import subprocess
import time

import audit_log
import context
import support

LOG = ".local/share/safe-docker/audit.jsonl"


class LogTest(support.SandboxTest):
    def log(self, *records, path=LOG):
        return self.box.write(path, audit_log.lines(records), 0o600)

    def audit(self, *words, code=0, **more):
        result = self.box.run("audit", *words, **more)
        self.assertEqual(result.code, code, f"\n{result}")
        return result

    def shown(self, *words, **more):
        """The commands that `audit show` finds, oldest first."""
        text = self.audit("show", "-o", "jsonl", *words, **more).stdout
        return [json.loads(line)["command"] for line in text.splitlines()]

    def on_terminal(self, *words, env=None):
        """What the command prints where a person looks."""
        leader, follower = pty.openpty()
        environment = self.box.environment(TERM="xterm", **(env or {}))
        with subprocess.Popen([self.box.binary, "audit", *words], stdout=follower, stderr=follower,
                              stdin=subprocess.DEVNULL, env=environment, cwd=self.box.project) as process:
            os.close(follower)
            text = b""
            while select.select([leader], [], [], 20)[0]:
                try:
                    piece = os.read(leader, 65536)
                except OSError:  # the other end is closed
                    break
                if not piece:
                    break
                text += piece
            os.close(leader)
            process.wait(20)
        return text.decode().replace("\r\n", "\n")


class Show(LogTest):
    def setUp(self):
        super().setUp()
        old = {"timestamp_unix_nano": audit_log.START, "session_id": "old", "mode": "hook", "command": "old",
               "decision": "allow", "reason": "no objection", "rules": [], "docker_subcommand": "container ls",
               "docker_image": "", "bind_mounts": ["/old/place:/x"], "dangerous_flags": [], "cwd": "/", "pid": 1,
               "host_name": "h", "environment": "development", "config_source": "default"}
        self.log(old, path=LOG + ".2")
        self.log(audit_log.record("first", number=1, session_id="a"), path=LOG + ".1")
        self.log(
            audit_log.run([audit_log.mount("/data/x")], findings=[audit_log.outside_home("/data/x")], written="second",
                          number=2, session_id="b", project="/home/me/app"),
            audit_log.run([audit_log.add_capability("X")], "ghcr.io/me/tool:1", "third",
                          [audit_log.capability("X")], number=3, mode="wrapper", answer="yes", session_id=""))

    def test_filters(self):
        for words, expected in (
                ((), "old first second third"),
                (("--last", "1"), "third"),
                (("--last", "0"), "old first second third"),
                (("--decision", "deny"), "second"),
                (("--decision", "deny,ask"), "second third"),
                (("--decision", "deny", "--decision", "ask"), "second third"),
                (("--not", "--decision", "allow"), "second third"),
                (("--rule", "mounts/*"), "second"),
                (("--not", "--rule", "mounts/*", "--decision", "deny,ask"), "third"),
                (("--mode", "wrapper"), "third"),
                (("--session", "a"), "first"),
                (("--project", "*/app"), "second"),
                (("--image", "ghcr.io/*"), "third"),
                (("--path", "/data/*"), "second"),
                (("--path", "/old/place"), "old"),
                (("--since", "2025-10-09T08:53:40Z"), "first second third"),
                (("--until", "2025-10-09T08:53:40Z"), "old"),
                (("--since", "2025-10-09T10:54:00+02:00", "--until", "2025-10-09T08:54:20"), "second"),
                (("--since", "1m"), ""),
                (("--since", "9999w"), "old first second third")):
            with self.subTest(words):
                self.assertEqual(" ".join(self.shown(*words)), expected)

    def test_formats(self):
        line = self.audit("show", "--last", "1").stdout
        self.assertRegex(line, r"^2025-10-09T08:54:20Z  ask    wrapper  third  \[flags/other-capability\]  "
                               r"0000000000001003\n$")
        fields = self.audit("show", "--last", "1", "-o", "dict").stdout
        for text in ("command      third\n", "answer       yes\n", "ask flags/other-capability: would add"):
            self.assertIn(text, fields)
        self.assertEqual([each["command"] for each in json.loads(self.audit("show", "-o", "json").stdout)],
                         ["old", "first", "second", "third"])
        self.assertEqual(json.loads(self.audit("show", "-o", "json", "--session", "none").stdout), [])
        lines = self.audit("show", "-o", "jsonl", "--session", "a").stdout
        self.assertEqual(lines, (self.box.home / (LOG + ".1")).read_text(encoding="utf-8"))

    def test_twenty_by_default_and_says_so(self):
        self.log(*(audit_log.record(f"c{number}", number=number) for number in range(30)))
        result = self.audit("show")
        self.assertEqual(len(result.stdout.splitlines()), 20)
        self.assertIn("the last 20 of 32", result.stderr)
        self.assertEqual(len(self.audit("show", "--last", "0").stdout.splitlines()), 32)

    def test_what_is_wrong_is_said(self):
        for words, text in ((("--since", "soon"), "'soon' is no time"), (("--decision", "never"), "allow, ask or deny"),
                            (("--mode", "door"), "hook or wrapper"), (("--last", "-1"), "wants a number"),
                            (("-o", "xml"), "compact, dict, json or jsonl"), (("--decisoin", "x"), "--decision"),
                            (("word",), "'word'"), (("--not",), "--not"), (("--rule",), "needs a value"),
                            (("--input-file", "/no/such"), "/no/such: No such file"),
                            (("--follow", "--input-file", "-"), "--follow")):
            with self.subTest(words):
                self.assertIn(text, self.audit("show", *words, code=2).stderr)

    def test_exit_code(self):
        self.audit("show", "--exit-code")
        self.audit("show", "--exit-code", "--session", "none", code=1)
        self.audit("show", "--session", "none")

    def test_input_file(self):
        text = audit_log.lines([audit_log.record("piped")])
        self.assertEqual(self.shown("--input-file", "-", stdin=text), ["piped"])
        self.assertEqual(self.shown("--input-file", self.log(audit_log.record("filed"), path="other")), ["filed"])

    def test_no_log_yet(self):
        for name in (LOG, LOG + ".1", LOG + ".2"):
            (self.box.home / name).unlink()
        self.assertIn("no log yet", self.audit("show", code=2).stderr)

    def test_bad_lines_are_passed_over(self):
        path = self.box.home / LOG
        path.write_text("torn\n" + path.read_text(encoding="utf-8") + '{"v":1,"comm', encoding="utf-8")
        result = self.audit("show", "--last", "0")
        self.assertEqual(len(result.stdout.splitlines()), 4)
        self.assertIn(f"2 lines are no records and were passed over, the first being {path}:1", result.stderr)

    def test_nothing_that_a_terminal_obeys(self):
        evil = "docker run \x1b[2J\x1b]0;x\x07 \u202egpj.exe \x9b31m \r\nalpine \x7f\udcff".replace("\udcff", "")
        self.log(audit_log.record(evil, session_id="\x1b[31m", rules=["\x1b[1m"], id="\x1b[5m"))
        for form in ("compact", "dict", "json", "jsonl"):
            with self.subTest(form):
                text = self.on_terminal("show", "--last", "1", "-o", form, env={"NO_COLOR": "1"})
                self.assertIn("gpj.exe", text)
                for letter in "\x1b\x07\u202e\x9b\r\x7f":
                    self.assertNotIn(letter, text)

    def test_colours_only_for_people(self):
        self.assertNotIn("\x1b", self.audit("show").stdout)
        self.assertIn("\x1b[1;31mdeny", self.on_terminal("show"))
        for env in ({"NO_COLOR": "1"}, {"CLICOLOR": "0"}):
            self.assertNotIn("\x1b", self.on_terminal("show", env=env))
        self.assertIn("\x1b[1;31mdeny", self.audit("show", env={"CLICOLOR_FORCE": "1"}).stdout)


class Tail(LogTest):
    def follow(self, *words):
        process = subprocess.Popen([context.binary, "audit", "tail", *words], stdout=subprocess.PIPE,
                                   env=self.box.environment(), cwd=self.box.project, bufsize=0)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def expect(self, process, *names):
        """The next lines tell of the commands `names`."""
        deadline = time.monotonic() + 20
        text = b""
        while text.count(b"\n") < len(names) and time.monotonic() < deadline:
            if select.select([process.stdout], [], [], 0.1)[0]:
                text += os.read(process.stdout.fileno(), 65536)
        self.assertEqual([line.split()[3].decode() for line in text.splitlines()], list(names))

    def append(self, name, number=1):
        with open(self.box.home / LOG, "a", encoding="utf-8") as file:
            file.write(audit_log.lines([audit_log.record(name, number=number)]))

    def test_follows_through_rotations(self):
        path = self.box.home / LOG
        self.log(audit_log.record("one"))
        process = self.follow("--last", "1")
        self.expect(process, "one")
        self.append("two")
        self.expect(process, "two")
        with open(path, "a", encoding="utf-8") as old:
            os.rename(path, str(path) + ".1")
            old.write(audit_log.lines([audit_log.record("late")]))  # who had it open still writes to it
        self.append("three")
        self.expect(process, "late", "three")
        # Twice between two looks.
        os.rename(str(path) + ".1", str(path) + ".2")
        os.rename(path, str(path) + ".1")
        self.append("four")
        os.rename(str(path) + ".2", str(path) + ".3")
        os.rename(str(path) + ".1", str(path) + ".2")
        os.rename(path, str(path) + ".1")
        self.append("five")
        self.expect(process, "four", "five")

    def test_waits_for_a_log(self):
        process = self.follow()
        time.sleep(0.5)
        self.box.hook("docker ps --all", env={"SAFE_DOCKER_AUDIT": "1"})
        self.expect(process, "docker")

    def test_filters_and_waits_for_whole_lines(self):
        self.log(audit_log.record("one"))
        process = self.follow("--decision", "deny")
        with open(self.box.home / LOG, "a", encoding="utf-8") as file:
            text = audit_log.lines([audit_log.record("skipped"),
                                    audit_log.record("taken", decision="deny")])
            file.write(text[:-40])
            file.flush()
            time.sleep(0.6)
            file.write(text[-40:])
        self.expect(process, "taken")


class Stats(LogTest):
    def setUp(self):
        super().setUp()
        self.log(*audit_log.day_of_work(400))

    def test_table(self):
        text = self.audit("stats").stdout
        self.assertRegex(text, r"^400 decisions, 2025-10-09T08:53:20Z to 2025-10-09T11:06:20Z\n")
        self.assertRegex(text, r"(?m)^rule +count +ask +deny +denied +p50 +p95$")
        self.assertRegex(text, r"(?m)^mounts/outside-home +\d+ +0 +\d+ +100.0% +0\.\d\d ms +1\.\d\d ms$")
        self.assertNotIn("\u2588", text)

    def test_json_adds_up(self):
        for by in ("rule", "image", "session", "project", "day", "decision", "mode"):
            with self.subTest(by):
                data = json.loads(self.audit("stats", "--json", "--by", by).stdout)
                self.assertEqual(data["total"]["count"], 400)
                self.assertEqual(data["by"], by)
                if by not in ("rule", "image"):
                    self.assertEqual(sum(each["count"] for each in data["groups"]), 400)
                for each in data["groups"]:
                    self.assertEqual(each["allow"] + each["ask"] + each["deny"], each["count"])
                    self.assertLessEqual(each["p50_us"], each["p95_us"])

    def test_bars_for_people_only(self):
        self.assertIn("\u2588", self.on_terminal("stats"))
        self.assertNotIn("\x1b", self.on_terminal("stats", env={"NO_COLOR": "1"}))

    def test_filters(self):
        data = json.loads(self.audit("stats", "--json", "--decision", "deny").stdout)
        self.assertEqual(data["total"]["count"], data["total"]["deny"])
        self.audit("stats", "--session", "none", "--exit-code", code=1)
        self.assertIn("--by is", self.audit("stats", "--by", "colour", code=2).stderr)


class Replay(LogTest):
    """Replays what the program itself has written."""

    COMMANDS = {"docker ps": "allow", "docker run -v ~/project:/app alpine": "allow",
                "docker run --privileged alpine": "deny", "docker run -v /data/sets:/x alpine": "deny",
                "docker run --cap-add SYS_PTRACE alpine": "deny", "docker run --cap-add IPC_LOCK alpine": "ask",
                'docker run -v "$NOWHERE:/x" alpine': "ask", 'eval "$(printf docker; date)"': "ask",
                "docker frobnicate": "ask", "docker compose up": "allow", "docker compose -f missing.yaml up": "deny"}

    def setUp(self):
        super().setUp()
        for command, decision in self.COMMANDS.items():
            self.assertDecision(self.box.hook(command, env={"SAFE_DOCKER_AUDIT": "1"}), decision)

    def replay(self, text=None, *words, code=0):
        words = ["--json", *words]
        if text is not None:
            words += ["--config", self.box.write("new.toml", text)]
        return json.loads(self.audit("replay", *words, code=code).stdout)

    def changes(self, text):
        return {(each["before"], each["after"], each["rule"], each["examples"][0]["command"])
                for each in self.replay(text)["changes"]}

    def test_the_same_configuration_changes_nothing(self):
        data = self.replay(None, "--exit-code")
        self.assertEqual((data["changes"], data["replayed"], data["not_replayed"]), ([], len(self.COMMANDS), 0))

    def test_what_is_allowed_more(self):
        self.assertEqual(self.changes('allowed_paths = ["/data"]\n'),
                         {("deny", "allow", "mounts/outside-home", "docker run -v /data/sets:/x alpine")})

    def test_what_is_allowed_less(self):
        data = self.replay('allowed_images = ["busybox"]\n', "--exit-code", code=1)
        allowed = [each for each in data["changes"] if each["before"] == "allow"]
        self.assertEqual({(each["after"], each["rule"]) for each in allowed}, {("deny", "images/not-allowed")})

    def test_text_for_people(self):
        path = self.box.write("new.toml", 'blocked_capabilities = ["SYS_PTRACE", "IPC_LOCK"]\n')
        text = self.audit("replay", "--config", path).stdout
        self.assertIn("11 decisions replayed; 1 would change", text)
        self.assertIn("ask -> deny  flags/capability  1\n", text)
        self.assertIn("docker run --cap-add IPC_LOCK alpine", text)

    def test_what_cannot_be_replayed_is_counted(self):
        old = audit_log.record("old", v=None)
        del old["requests"]
        self.log(audit_log.record("cut", truncated=True), old, audit_log.record("broken") | {"requests": [{"effects": 7}]},
                 audit_log.record("bypass", rules=["host/bypass"]), audit_log.record("docker ps"))
        data = self.replay()
        self.assertEqual((data["replayed"], data["not_replayed"], sum(data["obstacles"].values())), (1, 4, 4))

    def test_a_bad_configuration_is_refused(self):
        path = self.box.write("new.toml", "allowed_path = []\n")
        result = self.audit("replay", "--config", path, code=2)
        self.assertIn(f"{path}:1:16: error: allowed_path: unknown key", result.stderr)

    def test_shares_of_several_processes_add_up(self):
        self.log(*audit_log.day_of_work(1001))
        whole = self.replay('allowed_paths = ["/data"]\n')
        piped = self.box.run("audit", "replay", "--json", "--input-file", "-", "--config", self.box.home / "new.toml",
                             stdin=(self.box.home / LOG).read_bytes())
        self.assertEqual(whole["replayed"], 1001)
        self.assertEqual(json.loads(piped.stdout), whole)
