"""Plugins that fail, in the real program: each ends in a deny, never in silence, and at once or at the deadline."""

import os
import shutil
import time
import unittest

import context
import support

# Sound ones, and those whose fault is none for the verdict, have tests of their own; all others must end in a deny.
CONTROLS = {"ok", "advises", "asks_host", "expands", "runs", "prints_to_stdout", "closes_stdout", "advises_deny"}
# All plugins want to see every request, the expanders too.
COMMAND = "docker compose up -d; docker run --rm alpine"
SHORT_DEADLINE = 300


def uncaught():
    """Faults that this build cannot catch: sanitizers take over _exit, where safe-docker's own watch would stand."""
    return {"exits_at_once"} if context.sanitized else set()


def library(name):
    return context.plugins / f"{name}.so"


class FaultTest(support.SandboxTest):
    def setUp(self):
        if context.plugins is None:
            self.fail("--plugins is missing")
        super().setUp()

    def declare(self, name, path=None, more=""):
        identifier = name.replace("_", "-")
        self.box.configure(f'{more}\n[plugins.{identifier}]\npath = "{path or library(name)}"\n')

    def assertDenied(self, result, *texts):
        """Denied in a way that an agent heeds: the JSON with exit 0, or exit 2 with a reason on stderr."""
        reason = self.assertDecision(result, "deny", "[safe-docker]", *texts)
        self.assertNotEqual(reason.strip(), "")
        return reason


class Faults(FaultTest):
    def test_each_fault_is_denied(self):
        names = {path.stem for path in context.plugins.glob("*.so")} - CONTROLS - {"hangs"} - uncaught()
        self.assertGreater(len(names), 20, "the plugins that misbehave are not built")
        for name in sorted(names):
            with self.subTest(name):
                self.declare(name)
                start = time.monotonic()
                result = self.box.hook(COMMAND)
                self.assertDenied(result)
                self.assertIn(name.replace("_", "-"), result.stdout + result.stderr)
                self.assertLess(time.monotonic() - start, 1.9, "it waited for the deadline")

    def test_a_hang_is_denied_at_the_deadline(self):
        self.declare("hangs", more=f"deadline_ms = {SHORT_DEADLINE}")
        start = time.monotonic()
        self.assertDenied(self.box.hook(COMMAND, timeout=30))
        passed = time.monotonic() - start
        self.assertGreaterEqual(passed, SHORT_DEADLINE / 1000)
        self.assertLess(passed, SHORT_DEADLINE / 1000 + 1)

    def test_the_deadline_is_two_seconds_by_default(self):
        self.declare("hangs")
        start = time.monotonic()
        self.assertDenied(self.box.hook(COMMAND, timeout=30))
        passed = time.monotonic() - start
        self.assertGreaterEqual(passed, 1.5)
        self.assertLess(passed, 3.5)

    def test_faults_in_wrapper_mode_refuse(self):
        path = f"{self.box.stub_docker()}:/usr/bin:/bin"
        names = {"segfaults", "aborts", "divides_by_zero", "throws", "exits", "exits_at_once", "wrong_major", "hangs"}
        for name in sorted(names - uncaught()):
            with self.subTest(name):
                self.declare(name, more=f"deadline_ms = {SHORT_DEADLINE}")
                self.box.forget()
                result = self.box.run("run", "--rm", "alpine", env={"PATH": path}, timeout=30)
                self.assertNotEqual(result.code, 0, f"\n{result}")
                self.assertIn("[safe-docker]", result.stderr)
                self.assertIsNone(self.box.recorded())

    def test_a_command_without_docker_loads_none(self):
        for name in ("crashes_when_loaded", "hangs", "segfaults"):
            self.declare(name)
            self.assertSilent(self.box.hook("git status && npm test"))

    def test_a_failed_plugin_takes_nothing_from_the_others(self):
        self.declare("throws")
        self.assertDenied(self.box.hook("docker run --privileged alpine"), "(flags/privileged)", "(host/plugin-failed)")

    def test_a_disabled_plugin_is_not_loaded(self):
        self.box.configure(f'[plugins.segfaults]\npath = "{library("segfaults")}"\nenabled = false\n')
        self.assertSilent(self.box.hook("docker ps"))


class Controls(FaultTest):
    def test_a_sound_plugin_judges(self):
        self.declare("ok")
        self.assertSilent(self.box.hook("docker run --rm alpine"))
        self.assertDenied(self.box.hook("docker run --rm denied/alpine"), "(ok/found)")

    def test_advice_alone_is_silent(self):
        self.declare("advises")
        self.assertSilent(self.box.hook("docker run --rm alpine"))

    def test_an_adviser_that_denies_is_found_out_when_it_is_asked(self):
        self.declare("advises_deny")
        self.assertDenied(self.box.hook("docker run --gpus all alpine"), "(host/plugin-failed)")

    def test_what_a_plugin_does_to_stdout_does_not_spoil_the_answer(self):
        for name in ("prints_to_stdout", "closes_stdout"):
            with self.subTest(name):
                self.declare(name)
                self.assertSilent(self.box.hook("docker run --rm alpine"))
                self.assertDenied(self.box.hook("docker run --privileged alpine"), "(flags/privileged)")


class Trust(FaultTest):
    def copy(self, folder="plugins", mode=0o755):
        path = self.box.home / folder / "ok.so"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library("ok"), path)
        path.chmod(mode)
        return path

    def assertRefused(self, path, *texts):
        self.declare("ok", path)
        self.assertDenied(self.box.hook("docker run --rm alpine"), "(host/plugin-failed)", *texts)

    def test_a_plain_copy_is_loaded(self):
        path = self.copy()
        self.declare("ok", path)
        self.assertSilent(self.box.hook("docker run --rm alpine"))
        self.assertDenied(self.box.hook("docker run --rm denied"), "(ok/found)")

    def test_missing(self):
        self.assertRefused("/no/such/plugin.so", "/no/such/plugin.so")

    def test_relative_path(self):
        self.declare("ok", "plugins/ok.so")
        self.assertIn(self.box.hook("docker run --rm alpine").verdict()[0], ("ask", "deny"))

    def test_no_library(self):
        self.assertRefused(self.box.write("plugins/ok.so", "not a library", 0o755))

    def test_empty_file(self):
        self.assertRefused(self.box.write("plugins/ok.so", "", 0o755))

    def test_folder_instead_of_a_file(self):
        folder = self.box.home / "plugins/ok.so"
        folder.mkdir(parents=True)
        self.assertRefused(folder)

    def test_fifo_does_not_hang(self):
        path = self.box.home / "fifo.so"
        os.mkfifo(path)
        self.declare("ok", path)
        start = time.monotonic()
        self.assertDenied(self.box.hook("docker run --rm alpine", timeout=30))
        self.assertLess(time.monotonic() - start, 1.9)

    def test_world_writable_file(self):
        self.assertRefused(self.copy(mode=0o777))

    def test_group_writable_file(self):
        self.assertRefused(self.copy(mode=0o775))

    def test_world_writable_folder(self):
        path = self.copy()
        path.parent.chmod(0o777)
        self.assertRefused(path)

    def test_world_writable_folder_above(self):
        path = self.copy("above/plugins")
        path.parent.parent.chmod(0o777)
        self.assertRefused(path)

    def test_link_to_a_bad_place(self):
        target = self.copy()
        target.parent.chmod(0o777)
        link = self.box.home / "link.so"
        os.symlink(target, link)
        self.assertRefused(link)

    @unittest.skipUnless(os.geteuid() == 0, "only root can give files away")
    def test_bad_owner(self):
        path = self.copy()
        os.chown(path, 12345, 12345)
        self.assertRefused(path)
        os.chown(path, 0, 0)
        os.chown(path.parent, 12345, 12345)
        self.assertRefused(path)
