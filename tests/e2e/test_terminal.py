"""What only a person at a terminal sees: colours, progress, and that no text of others commands the terminal."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import threading
import time
import termios

import audit_log
import support

LOG = ".local/share/safe-docker/audit.jsonl"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
WIPE = "\r\x1b[K"
# Obeyed by terminals: a colour, the window's title, CSI as one character of C1, the order of letters.
HOSTILE = "\x1b[31mred\x1b]0;title\x07\x9b2J\u202ereversed"
OBEYED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
CASES = '[[case]]\nname = "{}"\ncommand = "docker run --privileged alpine"\nexpect = "allow"\n'


class Terminal:
    """A pseudo-terminal whose text is gathered as it comes."""

    def __init__(self, columns=200):
        self.leader, self.follower = pty.openpty()
        fcntl.ioctl(self.follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        self.data = b""
        self.reader = threading.Thread(target=self.read, daemon=True)

    def read(self):
        while True:
            try:
                piece = os.read(self.leader, 65536)
            except OSError:  # the other end is closed
                return
            if not piece:
                return
            self.data += piece

    def start(self):
        os.close(self.follower)
        self.reader.start()

    def end(self):
        self.reader.join(20)
        os.close(self.leader)

    @property
    def text(self):
        return self.data.decode(errors="replace").replace("\r\n", "\n")


class TerminalTest(support.SandboxTest):
    def start(self, *words, out=None, error=None, env=None, **more):
        """Starts the program; `out` and `error` are Terminals, or None for pipes."""
        environment = self.box.environment(**{"TERM": "xterm", **(env or {})})
        process = subprocess.Popen([self.box.binary, *map(str, words)], cwd=self.box.project, env=environment,
                                   stdin=more.pop("stdin", subprocess.DEVNULL), start_new_session=True,
                                   stdout=out.follower if out else subprocess.PIPE,
                                   stderr=error.follower if error else subprocess.PIPE, **more)
        for terminal in (out, error):
            if terminal:
                terminal.start()
        return process

    def look(self, *words, out=True, error=True, env=None, **more):
        """(code, what standard output shows, what standard error shows), each on a terminal of its own or a pipe."""
        terminals = [Terminal() if wanted else None for wanted in (out, error)]
        process = self.start(*words, out=terminals[0], error=terminals[1], env=env, **more)
        pipes = process.communicate(timeout=60)
        for terminal in terminals:
            if terminal:
                terminal.end()
        return process.returncode, *(terminal.text if terminal else (pipe or b"").decode()
                                     for terminal, pipe in zip(terminals, pipes))

    def write_log(self, times=1, commands=("docker run --privileged alpine",)):
        effects = [audit_log.mount("/srv"), {"k": audit_log.PRIVILEGED, "w": "--privileged"}]
        text = audit_log.lines([audit_log.run(effects, written=command, findings=[audit_log.privileged()], number=number)
                                for number, command in enumerate(commands)])
        return self.box.write(LOG, text * times, 0o600)


class Colours(TerminalTest):
    DENIED = ("run", "--privileged", "alpine")

    def test_the_environment_decides(self):
        for env, on_terminal, in_pipe in (({}, True, False), ({"NO_COLOR": "1"}, False, False),
                                          ({"NO_COLOR": ""}, True, False), ({"CLICOLOR": "0"}, False, False),
                                          ({"CLICOLOR": "1"}, True, False), ({"TERM": "dumb"}, False, False),
                                          ({"CLICOLOR_FORCE": "1"}, True, True), ({"CLICOLOR_FORCE": "0"}, True, False),
                                          ({"CLICOLOR_FORCE": ""}, True, False),
                                          ({"CLICOLOR_FORCE": "1", "CLICOLOR": "0"}, True, True),
                                          ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False, False)):
            with self.subTest(env):
                self.assertEqual("\x1b" in self.look("rules", "flags/gpu", env=env)[1], on_terminal)
                self.assertEqual("\x1b" in self.look("rules", "flags/gpu", out=False, env=env)[1], in_pipe)
                self.assertEqual("\x1b" in self.look(*self.DENIED, env=env)[2], on_terminal)
                self.assertEqual("\x1b" in self.look(*self.DENIED, error=False, env=env)[2], in_pipe)

    def test_each_stream_is_decided_for_itself(self):
        self.assertIn("\x1b[1;31mBlocked\x1b[0m", self.look(*self.DENIED, out=False)[2])
        self.assertNotIn("\x1b", self.look(*self.DENIED, error=False)[2])
        # The guard has put standard error in the place of standard output by then.
        self.assertIn("\x1b[1;31mdeny\x1b[0m", self.look("--dry-run", *self.DENIED, error=False)[1])
        self.assertNotIn("\x1b", self.look("--dry-run", *self.DENIED, out=False)[1])

    def commands(self):
        """Words of commands that colour something, and what they colour."""
        self.write_log(commands=["docker run --privileged alpine", "docker ps"])
        self.box.write("project/policy.test.toml", CASES.format("a case"))
        return ((("--help",), "1mUsage:"), (("audit", "show", "--help"), "1mOptions:"), (("rules",), "33mask"),
                (("rules", "flags/privileged"), "1mflags/privileged"), (("status",), ""), (("plugins",), "1mmounts"),
                (("doctor",), "32mok"),
                (("explain", "--", "docker run --privileged alpine"), "1;31mdeny"), (("check-config",), "32mok"),
                (("check-config", "--config", "nothing.toml"), "1;31merror"),
                (("test", "policy.test.toml"), "1;31m1 failed"), (("--dry-run", *self.DENIED), "1;31mdeny"),
                (("audit", "show"), "1;31mdeny"), (("audit", "show", "-o", "dict"), "1;31mdeny"),
                (("audit", "stats"), "1;31mdeny"), (("audit", "verify"), "1;31mBROKEN"),
                (("plugin", "check", "policy.test.toml"), "1;31mfail"), (self.DENIED, "1mflags/privileged"))

    def test_without_colours_the_text_is_the_same(self):
        for words, painted in self.commands():
            with self.subTest(words):
                plain = self.box.run(*words)
                forced = self.box.run(*words, env={"CLICOLOR_FORCE": "1"})
                both = forced.stdout + forced.stderr
                self.assertIn(f"\x1b[{painted}" if painted else "", both)
                self.assertNotIn("\x1b", plain.stdout + plain.stderr)
                self.assertEqual(COLOUR.sub("", forced.stdout), plain.stdout)
                self.assertEqual(COLOUR.sub("", forced.stderr), plain.stderr)
                self.assertEqual(forced.code, plain.code)

    def test_no_colours_for_programs(self):
        self.write_log()
        self.box.write("project/policy.test.toml", CASES.format("a case"))
        forced = {"CLICOLOR_FORCE": "1"}
        for words in JSON_COMMANDS:
            with self.subTest(words):
                self.assertNotIn("\x1b", self.look(*words, env=forced)[1])
        answer = self.box.hook("docker run --privileged alpine", env=forced)
        self.assertNotIn("\\u001b", answer.stdout)
        self.assertDecision(answer, "deny")


# Words of commands, and keys that the one document (or each of the array) has.
JSON_COMMANDS = {
    ("--version", "--json"): {"name", "version", "plugin_abi"},
    ("rules", "--json"): {"id", "decision", "severity"},
    ("status", "--json"): {"profile", "files", "plugins"},
    ("plugins", "--json"): {"id", "version", "abi", "path", "ok", "error", "rules"},
    ("explain", "--json", "--", "docker run --privileged alpine"): {"verdict", "findings", "requests"},
    ("check-config", "--json"): {"ok", "files", "problems"},
    ("test", "--json", "policy.test.toml"): {"ok", "passed", "failed", "cases"},
    ("trust", "--show", "--json"): {"path", "trusted", "loosens"},
    ("trust", "--list", "--json"): {"path", "sha256", "trusted", "state"},
    ("config", "schema"): {"$schema", "properties"},
    ("config", "reference", "--json"): {"key", "type", "sample", "meaning", "schema"},
    ("compose", "resolve", "--format", "json"): {"services"},
    ("plugin", "check", "--json", "policy.test.toml"): {"ok", "path", "checks"},
    ("audit", "show", "--json"): {"command", "decision"},
    ("audit", "stats", "--json"): {"total", "groups"},
    ("audit", "verify", "--json"): {"ok", "flaws"},
    ("audit", "replay", "--json"): {"replayed", "changes"},
    ("audit", "suggest", "--json"): {"records", "not_judged", "exceptions", "never_excused"},
    ("audit", "baseline", "--json"): set(),
    ("audit", "anomalies", "--json"): set(),
}


class Json(TerminalTest):
    def setUp(self):
        super().setUp()
        self.write_log(times=3)
        self.box.write("project/policy.test.toml", CASES.format("a case"))
        self.project_file = self.box.write("project/.safe-docker.toml", 'allowed_paths = ["/srv"]\n')

    def trust(self):
        """As a person at a terminal does it."""
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(self.box.project)
            os.execve(self.box.binary, ["safe-docker", "trust"], self.box.environment(TERM="xterm"))
        text = b""
        while b"[y/N]" not in text:
            text += os.read(terminal, 4096)
        os.write(terminal, b"y\n")
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), 0)
        os.close(terminal)

    def test_each_is_one_document_and_nothing_else(self):
        self.trust()
        for words, keys in JSON_COMMANDS.items():
            with self.subTest(words):
                result = self.box.run(*words)
                self.assertIn(result.code, (0, 1), f"\n{result}")
                document = json.loads(result.stdout)
                if isinstance(document, list) and keys:
                    self.assertNotEqual(document, [])
                for each in document if isinstance(document, list) else [document]:
                    self.assertLessEqual(keys, set(each))

    def test_each_of_a_list_of_what_is_trusted_has_its_state(self):
        self.assertEqual(self.box.run("trust", "--list", "--json").stdout, "[]\n")
        self.assertIs(json.loads(self.box.run("trust", "--show", "--json").stdout)["trusted"], False)
        self.trust()
        shown = json.loads(self.box.run("trust", "--show", "--json").stdout)
        self.assertEqual(shown["loosens"], [{"line": 1, "key": "allowed_paths", "value": ["/srv"]}])
        self.assertIs(shown["trusted"], True)
        states = []
        for change in (lambda: None, lambda: self.project_file.write_text("# changed\n"), self.project_file.unlink):
            change()
            [record] = json.loads(self.box.run("trust", "--list", "--json").stdout)
            self.assertEqual(record["path"], str(self.project_file))
            states.append(record["state"])
            self.assertIn(record["state"], self.box.run("trust", "--list").stdout)
        self.assertEqual(states, ["trusted", "changed since, so not trusted", "missing"])

    def test_what_would_not_be_believed_is_not_listed(self):
        self.trust()
        [record] = (self.box.home / ".local/share/safe-docker/trusted").iterdir()
        record.rename(record.with_name("0" * 64))
        self.assertEqual(self.box.run("trust", "--list", "--json").stdout, "[]\n")

    def test_json_does_not_trust(self):
        result = self.box.run("trust", "--json")
        self.assertEqual((result.code, result.stdout), (2, ""))

    def test_what_is_followed_is_json_lines(self):
        process = self.start("audit", "tail", "--json")
        lines = [process.stdout.readline() for _ in range(3)]
        process.kill()
        process.communicate()
        for line in lines:
            self.assertEqual(json.loads(line)["decision"], "deny")

    def test_one_record_is_explained(self):
        record = json.loads(self.box.run("audit", "show", "--json").stdout)[0]
        told = json.loads(self.box.run("audit", "suggest", "--why", record["id"], "--json").stdout)
        self.assertEqual((told["id"], told["then"]), (record["id"], "deny"))

    def test_errors_leave_standard_output_empty(self):
        for words in (("rules", "--json", "no/such"), ("trust", "--show", "--json", "/no/such"),
                      ("test", "--json", "no.toml"), ("audit", "stats", "--json", "--input-file", "/no/such"),
                      ("audit", "suggest", "--json", "--min-count", "0"), ("plugin", "check", "--json", "/no/such"),
                      ("audit", "verify", "--json", "/no/such"), ("--version", "--json=1")):
            with self.subTest(words):
                result = self.box.run(*words)
                self.assertEqual((result.code, result.stdout), (2, ""), f"\n{result}")
                self.assertTrue(result.stderr.startswith("[safe-docker] error: "), f"\n{result}")


class Progress(TerminalTest):
    SHOWN = re.compile(r"\rreading audit\.jsonl: (\d+) % \((\d+) of (\d+) MB\)\x1b\[K\r")

    def big_log(self):
        """One that takes long to judge again: a second or more."""
        commands = [f"docker run --privileged -v /etc:/x{number} alpine" for number in range(500)]
        return self.write_log(times=100, commands=commands)

    @staticmethod
    def on_one_processor():
        """So that it takes as long where there are many."""
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

    def test_it_is_drawn_and_wiped(self):
        size = self.big_log().stat().st_size
        start = time.monotonic()
        code, out, error = self.look("audit", "replay", "--json", out=False, preexec_fn=self.on_one_processor)
        taken = time.monotonic() - start
        self.assertEqual(code, 0, error)
        json.loads(out)
        shown = [tuple(map(int, each)) for each in self.SHOWN.findall(error)]
        self.assertNotEqual(shown, [], error)
        self.assertEqual(shown, sorted(shown))
        for percent, done, of in shown:
            self.assertAlmostEqual(of, size / 1e6, delta=0.51)
            self.assertAlmostEqual(percent / 100, done / of, delta=0.06)
        self.assertLessEqual(len(shown), 10 * taken)
        self.assertEqual(self.SHOWN.sub("", error), WIPE)

    def test_it_is_nowhere_else(self):
        self.big_log()
        self.assertEqual(self.look("audit", "replay", error=False)[2], "")
        self.assertNotIn("\x1b", self.look("audit", "replay", env={"TERM": "dumb"})[2])

    def test_what_is_done_soon_draws_nothing(self):
        self.write_log()
        for words in (("stats",), ("replay",), ("verify",), ("suggest",), ("baseline",), ("anomalies",)):
            self.assertEqual(self.look("audit", *words)[2], "")

    def slowly(self, *words, columns=200, env=None, megabytes=4):
        """Reads a log from a pipe whose writer takes its time."""
        reader, writer = os.pipe()
        line = audit_log.lines([audit_log.record("docker ps", number=1)]).encode()
        terminal = Terminal(columns)
        process = self.start(*words, "--input-file", "-", error=terminal, env=env, stdin=reader)
        os.close(reader)
        with os.fdopen(writer, "wb") as pipe:
            for _ in range(megabytes):
                pipe.write(line * (1_000_000 // len(line)))
                pipe.flush()
                time.sleep(0.15)
        process.communicate(timeout=60)
        terminal.end()
        return process.returncode, terminal.text

    def test_every_reader_of_the_log_shows_it(self):
        for words in (("stats",), ("baseline",), ("anomalies",), ("suggest",), ("replay",)):
            with self.subTest(words):
                code, text = self.slowly("audit", *words)
                self.assertEqual(code, 0, text)
                self.assertRegex(text, r"\rreading standard input: \d+ MB\x1b\[K\r")
                self.assertTrue(text.endswith(WIPE), repr(text))

    def test_it_fits_the_terminal(self):
        for columns, env in ((20, {}), (200, {"COLUMNS": "20"})):
            text = self.slowly("audit", "stats", columns=columns, env=env)[1]
            shown = re.findall(r"\r([^\r\x1b]+)\x1b\[K", text)
            self.assertNotEqual(shown, [], repr(text))
            for each in shown:
                self.assertLess(len(each), 20)
                self.assertTrue(each.startswith("reading stand"), each)

    def test_it_is_wiped_before_an_error(self):
        text = self.slowly("audit", "suggest", "--why", "nobody")[1]
        self.assertIn("reading standard input", text)
        self.assertIn(WIPE + "[safe-docker] error: no record has the id 'nobody'", text)

    def test_it_is_wiped_when_interrupted(self):
        self.big_log()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                terminal = Terminal()
                process = self.start("audit", "replay", error=terminal, preexec_fn=self.on_one_processor)
                for _ in range(400):
                    if b"%" in terminal.data:
                        break
                    time.sleep(0.01)
                self.assertIn(b"%", terminal.data)
                os.killpg(process.pid, number)
                process.communicate(timeout=60)
                terminal.end()
                self.assertEqual(process.returncode, -number)
                self.assertTrue(terminal.text.endswith(WIPE), repr(terminal.text))

    def test_cases_are_counted(self):
        self.box.write("project/policy.test.toml", "".join(CASES.format(number) for number in range(3000)))
        text = self.look("test", "policy.test.toml", out=False)[2]
        self.assertRegex(text, r"\rjudging cases: \d+ % \(\d+ of 3000\)\x1b\[K\r")
        self.assertTrue(text.endswith(WIPE), repr(text[-200:]))


class TextsOfOthers(TerminalTest):
    def assertHarmless(self, *words, env=None, says="red", **more):
        for out in (True, False):
            _, shown, error = self.look(*words, out=out, error=out, env=env, **more)
            text = shown + error
            text = COLOUR.sub("", text).replace(WIPE[1:], "").replace("\r", "") if out else text
            # In a pipe there are no colours, and ours are never red alone.
            self.assertNotIn("\x1b[31m", shown + error, words)
            self.assertIsNone(OBEYED.search(text), f"{words}: {text!r}")
            self.assertIn(says, text, words)

    def test_commands(self):
        name = HOSTILE.replace("\x9b", "\u009b")
        self.assertHarmless("run", "-v", f"/etc/{name}:/x", "--privileged", "alpine")
        self.assertHarmless(name)
        self.assertHarmless(f"--{name}")
        self.assertHarmless("--dry-run", "run", name)
        self.assertHarmless("--dry-run", "--verbose", "ps", name)
        self.assertHarmless("--docker-path", f"/no/{name}", "ps")
        self.assertHarmless("explain", "--", f"docker run -v '/etc/{name}:/x' alpine")
        self.assertHarmless("explain", "--argv", "run", "-v", f"/etc/{name}:/x", "alpine")
        self.assertHarmless("explain", "--cwd", f"/no/{name}", "--", "docker ps")

    def test_arguments_and_names_of_files(self):
        name = HOSTILE.replace("\x9b", "\u009b").replace("/", "")
        self.box.write(f"project/{name}.toml", f'unknown_{"x"} = 1\n')
        for words in (("rules", name), ("rules", f"--{name}"), ("status", name), ("check-config", "--config", f"{name}.toml"),
                      ("status", "--config", f"{name}.toml"), ("explain", "--config", f"{name}.toml", "--", "docker ps"),
                      ("test", f"{name}.toml"), ("test", f"no{name}"), ("trust", name), ("plugin", "new", name),
                      ("plugin", "check", name), ("plugin", "check", f"{name}.toml"), ("config", "init", "--profile", name),
                      ("config", "init", "--config", f"/proc/{name}"), ("audit", name), ("audit", "show", "--last", name),
                      ("audit", "show", "--since", name), ("audit", "stats", "--by", name), ("audit", "verify", name),
                      ("audit", "stats", "--input-file", name), ("audit", "anomalies", "--baseline", name),
                      ("audit", "replay", "--config", f"{name}.toml"), ("audit", "suggest", "--min-count", name),
                      ("compose", "-f", f"{name}.yaml", "resolve"), ("compose", "-f", f"{name}.yaml", "up")):
            with self.subTest(words):
                self.assertHarmless(*words)

    def test_configuration(self):
        self.box.configure('allowed_paths = ["\\u001b[31mred"]\n"\\u001b[31mred" = 1\n[modes]\n'
                           'warn = "\\u001b[31mred"\n[plugins."\\u001b[31mred"]\npath = "/no/\\u001b[31mred"\n')
        for words in (("status",), ("check-config",), ("plugins",), ("explain", "--", "docker ps")):
            with self.subTest(words):
                self.assertHarmless(*words)

    def test_projects_files(self):
        self.box.write("project/.safe-docker.toml", 'allowed_paths = ["/srv/\\u001b[31mred\\u009b2J"]\n')
        self.assertHarmless("trust", "--show")
        self.assertHarmless("status")
        self.box.write("project/.safe-docker.toml", '"\\u001b[31mred" = 1\n')
        self.assertHarmless("trust", "--show")
        self.box.write("project/compose.yaml", 'services: {"\\e[31mred": {image: "\\e[31mred\\x9b2J", privileged: true}}\n')
        self.assertHarmless("compose", "up")
        self.assertHarmless("compose", "resolve")
        self.box.write("project/policy.test.toml", CASES.format("\\u001b[31mred\\u009b2J"))
        for words in (("test",), ("test", "--tap")):
            self.assertHarmless(*words, "policy.test.toml")

    def test_records_of_the_log(self):
        name = HOSTILE.replace("\x9b", "\u009b")
        record = audit_log.run([audit_log.mount(f"/srv/{name}")], name, number=1, session_id=name,
                               findings=[audit_log.sensitive(f"/srv/{name}")])
        record.update(project=f"/home/me/{name}", reason=name, answer="yes", profile=name)
        self.box.write(LOG, audit_log.lines([record] * 30), 0o600)
        for words in (("show",), ("show", "-o", "dict"), ("show", "--json"), ("stats", "--by", "session"),
                      ("stats", "--by", "project", "--json"), ("baseline",), ("suggest",), ("suggest", "--json"),
                      ("suggest", "--why", record["id"]), ("replay",), ("replay", "--json")):
            with self.subTest(words):
                self.assertHarmless("audit", *words, says="")

    def test_a_chain_that_was_tampered_with(self):
        self.box.configure("[audit]\nenabled = true\nchain = true\n")
        self.box.run("--dry-run", "run", "--privileged", "alpine")
        log = self.box.home / LOG
        log.write_text(re.sub(r'"hash": ?"[^"]*"', r'"hash":"\\u001b[31mred\\u009b2J"', log.read_text()))
        self.assertHarmless("audit", "verify", says="BROKEN")
