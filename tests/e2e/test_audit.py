"""The audit log: off by default, one line for each verdict, readable by its owner alone."""

import base64
import json
import os
import socket
import stat
import time
import urllib.parse

import harness
import support

FIELDS = {"timestamp_unix_nano", "session_id", "mode", "command", "decision", "reason", "rules", "docker_subcommand",
          "docker_image", "bind_mounts", "dangerous_flags", "cwd", "pid", "host_name", "environment", "config_source"}
LOG = ".local/share/safe-docker/audit.jsonl"


class Audit(support.SandboxTest):
    def lines(self, path=LOG):
        text = (self.box.home / path).read_text(encoding="utf-8")
        self.assertTrue(text.endswith("\n"), text)
        return [json.loads(line) for line in text[:-1].split("\n")]

    def test_off_by_default(self):
        self.box.hook("docker run --privileged alpine")
        self.assertFalse((self.box.home / LOG).exists())
        self.assertFalse((self.box.home / ".local").exists())

    def test_fields(self):
        self.box.configure("[audit]\nenabled = true\n")
        before = time.time_ns()
        self.box.hook("docker run --privileged -v /etc:/x alpine:3", session_id="s-1")
        line, = self.lines()
        self.assertLessEqual(FIELDS, set(line))
        self.assertLessEqual(before, int(line["timestamp_unix_nano"]))
        self.assertLessEqual(int(line["timestamp_unix_nano"]), time.time_ns())
        self.assertEqual(line["session_id"], "s-1")
        self.assertEqual(line["mode"], "hook")
        self.assertEqual(line["command"], "docker run --privileged -v /etc:/x alpine:3")
        self.assertEqual(line["decision"], "deny")
        self.assertLessEqual({"flags/privileged", "mounts/outside-home"}, set(line["rules"]))
        self.assertIn("run", line["docker_subcommand"])
        self.assertIn("alpine:3", line["docker_image"])
        self.assertTrue(any("/etc" in mount for mount in line["bind_mounts"]), line["bind_mounts"])
        self.assertTrue(any("privileged" in flag for flag in line["dangerous_flags"]), line["dangerous_flags"])
        self.assertEqual(line["cwd"], str(self.box.project))
        self.assertIsInstance(line["pid"], int)
        self.assertEqual(line["host_name"], socket.gethostname())
        self.assertEqual(line["environment"], "development")
        self.assertEqual(line["config_source"], str(self.box.home / ".config/safe-docker/config.toml"))

    def test_allow_and_ask_are_written_too(self):
        self.box.configure("[audit]\nenabled = true\n")
        self.box.hook("docker ps")
        self.box.hook("docker run --gpus all alpine")
        self.assertEqual([line["decision"] for line in self.lines()], ["allow", "ask"])

    def test_switched_on_by_environment(self):
        self.box.hook("docker ps", env={"SAFE_DOCKER_AUDIT": "1", "SAFE_DOCKER_ENV": "ci"})
        line, = self.lines()
        self.assertEqual(line["environment"], "ci")

    def test_file_mode(self):
        self.box.hook("docker ps", env={"SAFE_DOCKER_AUDIT": "1"})
        self.assertEqual(stat.S_IMODE((self.box.home / LOG).stat().st_mode), 0o600)

    def test_appends(self):
        self.box.configure(f'[audit]\nenabled = true\njsonl_path = "{self.box.home}/log.jsonl"\n')
        self.box.write("log.jsonl", '{"old": 1}\n', 0o600)
        self.box.hook("docker ps")
        self.assertEqual(len(self.lines("log.jsonl")), 2)
        self.assertEqual(self.lines("log.jsonl")[0], {"old": 1})

    def test_home_in_the_path_expands(self):
        self.box.configure('[audit]\nenabled = true\njsonl_path = "~/logs/here.jsonl"\n')
        self.box.hook("docker ps")
        self.assertEqual(len(self.lines("logs/here.jsonl")), 1)

    def test_hostile_text_stays_one_line(self):
        command = "docker run alpine echo 'a\nb\"c\\' $'\\e[31m' \u2028 \U0001f600"
        self.box.hook(command, env={"SAFE_DOCKER_AUDIT": "1"})
        line, = self.lines()
        self.assertEqual(line["command"], command)

    def test_unwritable_log_changes_no_verdict(self):
        self.box.configure('[audit]\nenabled = true\njsonl_path = "/proc/no/such/file"\n')
        result = self.box.hook("docker ps")
        self.assertSilent(result)
        self.assertIn("safe-docker", result.stderr)
        self.assertDecision(self.box.hook("docker run --privileged alpine"), "deny", "(flags/privileged)")

    def test_a_link_is_not_followed(self):
        target = self.box.write("precious", "precious\n")
        log = self.box.home / LOG
        log.parent.mkdir(parents=True)
        os.symlink(target, log)
        self.assertSilent(self.box.hook("docker ps", env={"SAFE_DOCKER_AUDIT": "1"}))
        self.assertEqual(target.read_text(encoding="utf-8"), "precious\n")

    def test_a_fifo_does_not_hang(self):
        log = self.box.home / LOG
        log.parent.mkdir(parents=True)
        os.mkfifo(log)
        self.assertSilent(self.box.hook("docker ps", env={"SAFE_DOCKER_AUDIT": "1"}, timeout=20))

    def test_commands_without_docker_are_not_written(self):
        self.box.hook("git status", env={"SAFE_DOCKER_AUDIT": "1"})
        self.assertFalse((self.box.home / LOG).exists())

    def test_wrapper(self):
        path = f"{self.box.stub_docker()}:{harness.SYSTEM_PATH}"
        for words in (("ps",), ("run", "--privileged", "alpine")):
            self.box.run(*words, env={"SAFE_DOCKER_AUDIT": "1", "PATH": path})
        self.assertEqual([(line["mode"], line["decision"]) for line in self.lines()],
                         [("wrapper", "allow"), ("wrapper", "deny")])

    def test_who_asked_and_what_was_said(self):
        self.box.configure("[audit]\nenabled = true\n")
        (self.box.project / ".git").mkdir(exist_ok=True)
        (self.box.project / "deep").mkdir()
        self.box.hook("docker run --privileged alpine", session_id="s-1", cwd=self.box.project / "deep")
        line, = self.lines()
        self.assertEqual((line["agent"], line["tool"], line["event"], line["profile"]),
                         ("claude-code", "Bash", "decision", "standard"))
        self.assertEqual((line["project"], line["home"]), (str(self.box.project), str(self.box.home)))
        self.assertRegex(line["id"], "^[0-9a-f]{16}$")
        self.assertRegex(line["config_hash"], "^[0-9a-f]{16}$")
        self.assertGreater(line["duration_us"], 0)
        finding = line["findings"][0]
        self.assertEqual((finding["rule"], finding["raised"], finding["decision"], finding["treatment"]),
                         ("flags/privileged", "deny", "deny", "enforced"))
        request = line["requests"][0]
        self.assertEqual((request["command"], request["arguments"]), ("container run", ["alpine"]))
        self.assertIn({"k": 8, "n": "container", "w": "--privileged"}, request["effects"])

    def test_unknown_parts(self):
        self.box.configure("[audit]\nenabled = true\n")
        self.box.hook("docker run -v $UNKNOWN:/x alpine")
        line, = self.lines()
        self.assertIn("?", "".join(line["bind_mounts"]))
        self.assertIn("\0", json.dumps(line["requests"]).encode().decode("unicode_escape"))

    def test_chain(self):
        self.box.configure("[audit]\nenabled = true\nchain = true\n")
        for _ in range(3):
            self.box.hook("docker ps")
        self.assertEqual([line["seq"] for line in self.lines()], [1, 2, 3])
        result = self.box.run("audit", "verify")
        self.assertEqual(result.code, 0, result)
        head = self.box.run("audit", "head").stdout.strip()
        self.assertEqual(head, self.lines()[-1]["hash"])
        self.assertEqual(self.box.run("audit", "verify", "--head", head).code, 0)
        log = self.box.home / LOG
        log.write_text(log.read_text(encoding="utf-8").replace("docker ps", "docker PS", 1), encoding="utf-8")
        result = self.box.run("audit", "verify")
        self.assertEqual(result.code, 1, result)
        self.assertIn("audit.jsonl:1: BROKEN", result.stdout)

    def test_levels(self):
        self.box.configure('[audit]\nenabled = true\nlog = "deny"\n')
        for command in ("docker ps", "docker run --gpus all alpine", "docker run --privileged alpine"):
            self.box.hook(command)
        self.assertEqual([line["decision"] for line in self.lines()], ["deny"])

    def test_wrong_subcommand_names_the_right_one(self):
        result = self.box.run("audit", "verfy")
        self.assertEqual(result.code, 2)
        self.assertIn("did you mean verify?", result.stderr)


def rows(name):
    text = (harness.CASES / "audit" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def forms(secret):
    """A secret as it is and as it may be encoded."""
    found = {secret, urllib.parse.quote(secret, safe=""), urllib.parse.quote_plus(secret), json.dumps(secret)[1:-1]}
    for shift in range(3):  # wherever in a text of base64 it begins
        digits = base64.b64encode(b"x" * shift + secret.encode()).decode().rstrip("=")
        core = digits[shift + 1 if shift else 0:-2]
        found |= {core, core.replace("+", "-").replace("/", "_")}
    return found


class Redaction(support.SandboxTest):
    """No secret gets into the log, in either format, and nothing is taken for one that is none."""

    def logged(self, command, config='enabled = true\nformat = "both"'):
        self.box.configure(f"[audit]\n{config}\n")
        folder = self.box.home / ".local/share/safe-docker"
        for path in folder.glob("*.jsonl"):
            path.unlink()
        self.box.hook(command)
        return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.jsonl")}

    def test_secrets(self):
        cases = rows("secrets.txt")
        self.assertGreaterEqual(len(cases), 200)
        for row in cases:
            secret, command = row.split("\t")
            with self.subTest(row):
                logs = self.logged(command.replace("\\n", "\n"))
                self.assertEqual(len(logs), 2)
                for text in logs.values():
                    self.assertEqual([form for form in forms(secret) if form in text], [], text)
                    self.assertIn("[REDACTED:", text)

    def test_look_alikes(self):
        cases = rows("look_alikes.txt")
        self.assertGreaterEqual(len(cases), 200)
        for command in cases:
            with self.subTest(command):
                logs = self.logged(command)
                record = json.loads(logs["audit.jsonl"])
                self.assertEqual((record["command"], record["redactions"]), (command, []))
                self.assertNotIn("REDACTED", "".join(logs.values()))

    def test_what_was_taken_out_is_said(self):
        log, = self.logged("docker run -e DB_PASSWORD=hunter22 -e A=b app", "enabled = true").values()
        record = json.loads(log)
        self.assertEqual(record["command"], "docker run -e DB_PASSWORD=[REDACTED:env] -e A=[REDACTED:env] app")
        self.assertEqual(record["redactions"], ["env:DB_PASSWORD", "env:A"])
