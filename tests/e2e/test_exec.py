"""Wrapper mode: judges, then becomes the real docker."""

import errno
import os
import pty
import select
import signal
import subprocess
import time

import context
import harness
import support

ASKS = ("run", "--gpus", "all", "alpine")
DENIED = ("run", "--privileged", "alpine")


class WrapperTest(support.SandboxTest):
    def setUp(self):
        super().setUp()
        self.bin = self.box.stub_docker()
        self.path = f"{self.bin}:{harness.SYSTEM_PATH}"

    def wrap(self, *words, env=None, **more):
        return self.box.run(*words, env={"PATH": self.path} | (env or {}), **more)

    def link(self, name, kind=os.symlink, folder="front"):
        """The program under test by another name, in a folder of its own."""
        path = self.box.home.parent / folder / name
        path.parent.mkdir(exist_ok=True)
        kind(context.binary, path)
        return path

    def assertRan(self, *words):
        self.assertEqual(self.box.recorded()[1:], list(words))

    def assertNotRun(self):
        self.assertIsNone(self.box.recorded())


class Exec(WrapperTest):
    def test_arguments_arrive_untouched(self):
        words = ("run", "-e", "A=b c", "alpine", "echo", "", "a  b", "*", "$HOME", "'", '"', "\n", "\\", "-v", "--")
        self.assertEqual(self.wrap(*words).code, 0)
        self.assertRan(*words)

    def test_options_of_the_container_are_not_eaten(self):
        for words in (("run", "ubuntu", "npm", "publish", "--dry-run"), ("run", "ubuntu", "x", "--verbose"),
                      ("run", "ubuntu", "x", "--docker-path", "/y"), ("compose", "--dry-run", "up"), ("ps", "--help"),
                      ("exec", "web", "cmd", "--version")):
            with self.subTest(words):
                self.assertEqual(self.wrap(*words).code, 0)
                self.assertRan(*words)

    def test_exit_status_passes_through(self):
        for code in (0, 1, 7, 125, 255):
            self.box.stub_docker(f"exit {code}")
            self.assertEqual(self.wrap("ps").code, code)

    def test_output_and_input_pass_through(self):
        self.box.stub_docker("cat; echo error >&2")
        result = self.wrap("exec", "-i", "web", "cat", stdin="some text\n")
        self.assertEqual((result.stdout, result.stderr), ("some text\n", "error\n"))

    def test_same_process(self):
        process = subprocess.Popen([context.binary, "ps"], env=self.box.environment(PATH=self.path),
                                   cwd=self.box.project, stdin=subprocess.DEVNULL)
        process.wait(timeout=60)
        self.assertEqual(self.box.recorded("pid"), str(process.pid))

    def test_signals_reach_docker(self):
        self.box.stub_docker("trap 'exit 42' TERM; echo ready; while :; do sleep 0.05; done")
        process = subprocess.Popen([context.binary, "logs", "-f", "web"], env=self.box.environment(PATH=self.path),
                                   cwd=self.box.project, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.assertEqual(process.stdout.readline(), b"ready\n")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=60), 42)

    def test_signals_are_not_left_changed(self):
        self.box.stub_docker("grep -E '^Sig(Blk|Ign)' /proc/self/status")
        plain = subprocess.run([str(self.bin / "docker"), "ps"], env=self.box.environment(PATH=self.path),
                               capture_output=True, text=True, check=True)
        self.assertEqual(self.wrap("ps").stdout, plain.stdout)

    def test_no_timer_is_left_running(self):
        self.box.configure("deadline_ms = 200\n")
        self.box.stub_docker("sleep 1; exit 5")
        self.assertEqual(self.wrap("ps").code, 5)

    def test_no_descriptors_are_left_open(self):
        self.box.stub_docker("ls /proc/self/fd | wc -l")
        plain = subprocess.run([str(self.bin / "docker"), "ps"], env=self.box.environment(PATH=self.path),
                               capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
        self.assertEqual(self.wrap("ps").stdout, plain.stdout)

    def test_environment_passes_through(self):
        self.wrap("ps", env={"DOCKER_HOST": "unix:///x.sock", "A": "b c"})
        lines = self.box.recorded("env").splitlines()
        self.assertIn("DOCKER_HOST=unix:///x.sock", lines)
        self.assertIn("A=b c", lines)

    def test_harmless_calls_say_nothing(self):
        link = self.link("docker")
        for words in (("ps",), ("--version",), ("--help",), ("compose", "ps")):
            result = self.wrap(*words, program=link)
            self.assertEqual((result.code, result.stdout, result.stderr), (0, "", ""))
            self.assertRan(*words)


class Refusal(WrapperTest):
    def test_deny(self):
        result = self.wrap(*DENIED)
        self.assertEqual((result.code, result.stdout), (1, ""))
        self.assertIn("[safe-docker]", result.stderr)
        self.assertIn("(flags/privileged)", result.stderr)
        self.assertNotRun()

    def test_ask_without_a_terminal_is_refused(self):
        result = self.wrap(*ASKS)
        self.assertEqual(result.code, 1)
        self.assertIn("(flags/gpu)", result.stderr)
        self.assertNotRun()

    def test_ask_by_environment(self):
        self.assertEqual(self.wrap(*ASKS, env={"SAFE_DOCKER_ASK": "allow"}).code, 0)
        self.assertRan(*ASKS)

    def test_ask_by_config(self):
        self.box.configure('[wrapper]\nnon_interactive_ask = "allow"\n')
        self.assertEqual(self.wrap(*ASKS).code, 0)
        self.assertRan(*ASKS)

    def test_environment_goes_before_config(self):
        self.box.configure('[wrapper]\nnon_interactive_ask = "allow"\n')
        self.assertEqual(self.wrap(*ASKS, env={"SAFE_DOCKER_ASK": "deny"}).code, 1)
        self.assertNotRun()

    def test_other_words_for_ask_refuse(self):
        for word in ("yes", "ALLOW", "1", ""):
            self.assertEqual(self.wrap(*ASKS, env={"SAFE_DOCKER_ASK": word}).code, 1)
        self.assertNotRun()

    def test_ask_setting_never_lets_a_deny_through(self):
        self.assertEqual(self.wrap(*DENIED, env={"SAFE_DOCKER_ASK": "allow"}).code, 1)
        self.assertNotRun()

    def test_bypass(self):
        self.assertEqual(self.wrap(*DENIED, env={"SAFE_DOCKER_BYPASS": "1"}).code, 0)
        self.assertRan(*DENIED)

    def test_only_1_is_bypass(self):
        for word in ("0", "", "true", "11"):
            self.assertEqual(self.wrap(*DENIED, env={"SAFE_DOCKER_BYPASS": word}).code, 1)
        self.assertNotRun()

    def test_dry_run(self):
        result = self.wrap("--dry-run", "run", "--rm", "alpine", "echo", "a b")
        self.assertEqual(result.code, 0)
        self.assertIn("[safe-docker] Decision: allow", result.stdout)
        self.assertIn(str(self.bin / "docker"), result.stdout)
        self.assertNotRun()
        result = self.wrap("--dry-run", *DENIED)
        self.assertIn("[safe-docker] Decision: deny", result.stdout)
        self.assertIn("flags/privileged", result.stdout)
        self.assertIn("[safe-docker] Decision: ask", self.wrap("--dry-run", *ASKS).stdout)
        self.assertNotRun()

    def test_verbose_runs_and_refuses_alike(self):
        self.assertEqual(self.wrap("--verbose", "ps").code, 0)
        self.assertRan("ps")
        self.assertEqual(self.wrap("--verbose", *DENIED).code, 1)

    def test_unknown_own_option_is_docker_business_or_refused(self):
        result = self.wrap("--no-such-option", "ps")
        self.assertEqual(result.code, 1, f"\n{result}")
        self.assertNotRun()


class FindingDocker(WrapperTest):
    def other(self, name="other"):
        """A second recording docker; returns its path."""
        return self.box.stub_docker(f"echo {name}", folder=name) / "docker"

    def test_environment(self):
        other = self.other()
        self.assertEqual(self.wrap("ps", env={"SAFE_DOCKER_DOCKER_PATH": str(other)}).stdout, "other\n")

    def test_option(self):
        other = self.other()
        self.assertEqual(self.wrap("--docker-path", str(other), "ps").stdout, "other\n")
        self.assertEqual(self.wrap(f"--docker-path={other}", "ps").stdout, "other\n")
        self.assertRan("ps")

    def test_config(self):
        other = self.other()
        self.box.configure(f'[wrapper]\ndocker_path = "{other}"\n')
        self.assertEqual(self.wrap("ps").stdout, "other\n")

    def test_environment_goes_before_config(self):
        self.box.configure(f'[wrapper]\ndocker_path = "{self.other("configured")}"\n')
        self.assertEqual(self.wrap("ps", env={"SAFE_DOCKER_DOCKER_PATH": str(self.other())}).stdout, "other\n")

    def test_missing_docker_is_said(self):
        for env in ({"SAFE_DOCKER_DOCKER_PATH": "/no/such/docker"}, {"PATH": str(self.box.home)}):
            result = self.wrap("ps", env=env)
            self.assertNotEqual(result.code, 0)
            self.assertIn("[safe-docker]", result.stderr)
            self.assertIn("docker", result.stderr)
        self.assertNotRun()

    def check_alias(self, kind, folder="front"):
        link = self.link("docker", kind, folder)
        front = f"{link.parent}:{self.path}"
        self.assertEqual(self.wrap("ps", program=link, env={"PATH": front}).code, 0)
        self.assertRan("ps")
        self.box.forget()
        result = self.wrap(*DENIED, program=link, env={"PATH": front})
        self.assertEqual(result.code, 1)
        self.assertIn("(flags/privileged)", result.stderr)
        self.assertNotRun()

    def test_called_docker_by_symbolic_link(self):
        self.check_alias(os.symlink)

    def test_called_docker_by_hard_link(self):
        folder = self.box.home.parent / "installed"
        folder.mkdir()
        # The checkers are found from the executable's own folder.
        os.symlink(context.binary.parent.parent / "lib", folder / "lib")
        try:
            self.check_alias(os.link, folder="installed/bin")
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            self.skipTest("the build folder is on another file system")

    def test_called_docker_through_two_links(self):
        first = self.link("safe", folder="first")
        second = self.box.home.parent / "second"
        second.mkdir()
        os.symlink(first, second / "docker")
        result = self.wrap("ps", program=second / "docker", env={"PATH": f"{second}:{first.parent}:{self.path}"})
        self.assertEqual(result.code, 0, f"\n{result}")
        self.assertRan("ps")

    def test_called_without_a_path(self):
        link = self.link("docker")
        environment = self.box.environment(PATH=f"{link.parent}:{self.path}")
        done = subprocess.run(["docker", "ps"], executable=link, env=environment, cwd=self.box.project,
                              stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertRan("ps")

    def test_options_of_safe_docker_are_dockers_under_its_name(self):
        link = self.link("docker")
        result = self.wrap("--dry-run", "ps", program=link, env={"PATH": f"{link.parent}:{self.path}"})
        self.assertNotIn("Decision:", result.stdout)

    def test_version_and_help_of_docker_reach_docker(self):
        link = self.link("docker")
        for word in ("--version", "--help", "-v"):
            self.assertEqual(self.wrap(word, program=link, env={"PATH": f"{link.parent}:{self.path}"}).code, 0)
            self.assertRan(word)

    def test_docker_compose(self):
        self.box.stub_docker(name="docker-compose")
        link = self.link("docker-compose")
        front = {"PATH": f"{link.parent}:{self.path}"}
        result = self.wrap("up", "-d", program=link, env=front)
        self.assertEqual(result.code, 0, f"\n{result}")
        self.assertRan("up", "-d")
        self.assertTrue(self.box.recorded()[0].endswith("/docker-compose"), self.box.recorded()[0])
        self.box.forget()
        self.box.write("project/compose.yaml", "services:\n  web:\n    image: nginx\n    privileged: true\n")
        result = self.wrap("up", program=link, env=front)
        self.assertEqual(result.code, 1, f"\n{result}")
        self.assertIn("(flags/privileged)", result.stderr)
        self.assertNotRun()

    def test_path_that_holds_only_itself(self):
        link = self.link("docker")
        result = self.wrap("ps", program=link, env={"PATH": str(link.parent)})
        self.assertNotEqual(result.code, 0)
        self.assertIn("[safe-docker]", result.stderr)

    def test_script_that_calls_back_is_stopped(self):
        link = self.link("docker")
        looping = self.box.home.parent / "loop"
        looping.mkdir()
        script = looping / "docker"
        script.write_text(f'#!/bin/sh\nexec "{link}" "$@"\n', encoding="utf-8")
        script.chmod(0o755)
        result = self.wrap("ps", program=link, env={"PATH": f"{link.parent}:{looping}"}, timeout=20)
        self.assertNotEqual(result.code, 0)
        self.assertIn("[safe-docker]", result.stderr)

    def test_docker_path_that_is_itself_is_refused(self):
        result = self.wrap("ps", env={"SAFE_DOCKER_DOCKER_PATH": str(self.link("docker"))}, timeout=20)
        self.assertNotEqual(result.code, 0)
        self.assertIn("[safe-docker]", result.stderr)

    def test_a_folder_or_plain_file_called_docker_is_passed_over(self):
        first = self.box.home.parent / "plain"
        (first / "docker").mkdir(parents=True)
        second = self.box.home.parent / "text"
        second.mkdir()
        (second / "docker").write_text("not a program", encoding="utf-8")
        self.assertEqual(self.wrap("ps", env={"PATH": f"{first}:{second}:{self.path}"}).code, 0)
        self.assertRan("ps")


class Question(WrapperTest):
    """The question on the terminal."""

    def converse(self, answer, words=ASKS, env=None):
        """Runs in a terminal of its own and types `answer` at the question. Returns exit status and all output."""
        environment = self.box.environment(PATH=self.path, **(env or {}))
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.box.project)
            os.execve(context.binary, [str(context.binary), *words], environment)
        output = b""
        typed = False
        end = time.monotonic() + 60
        while time.monotonic() < end:
            ready, _, _ = select.select([terminal], [], [], 0.2)
            if ready:
                try:
                    chunk = os.read(terminal, 4096)
                except OSError:
                    break
                if not chunk:
                    break
                output += chunk
            if not typed and b"[y/N]" in output:
                os.write(terminal, answer)
                typed = True
        else:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            self.fail(f"no end: {output!r}")
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), output.decode(errors="replace")

    def test_yes_runs(self):
        for answer in (b"y\n", b"Y\n", b"yes\n"):
            with self.subTest(answer):
                code, output = self.converse(answer)
                self.assertEqual(code, 0, output)
                self.assertRan(*ASKS)

    def test_no_does_not(self):
        for answer in (b"n\n", b"\n", b"no\n", b"x\n", b"nay, y\n", b"\x04"):
            with self.subTest(answer):
                code, output = self.converse(answer)
                self.assertEqual(code, 1, output)
                self.assertNotRun()

    def test_question_says_why(self):
        _, output = self.converse(b"n\n")
        self.assertIn("(flags/gpu)", output)

    def test_deny_does_not_ask(self):
        code, output = self.converse(b"y\n", DENIED)
        self.assertEqual(code, 1)
        self.assertNotIn("[y/N]", output)
        self.assertNotRun()

    def test_interrupt_does_not_run(self):
        code, output = self.converse(b"\x03")
        self.assertNotEqual(code, 0, output)
        self.assertNotRun()

    def test_allow_does_not_ask(self):
        code, output = self.converse(b"", ("ps",))
        self.assertEqual((code, output), (0, ""))
