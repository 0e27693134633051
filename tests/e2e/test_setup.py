"""setup: links in front of docker, and the hook in Claude Code's settings."""
import json
import os
import pathlib
import shutil
import subprocess
import unittest

import harness
import support


class SetupTest(support.SandboxTest):
    def setUp(self):
        super().setUp()
        self.docker = self.box.stub_docker()
        self.links = self.box.home / ".local/bin"
        self.user = self.box.home / ".claude/settings.json"
        self.path = f"{self.docker}:{harness.SYSTEM_PATH}"
        shutil.rmtree(self.box.home / ".claude", ignore_errors=True)

    def run_setup(self, *words, code=0, env=None):
        result = self.box.run("setup", *words, env={"PATH": self.path, **(env or {})})
        self.assertEqual(result.code, code, f"{words}\n{result}")
        return result

    def claude(self, *words, **more):
        return self.run_setup("claude-code", *words, **more)

    def tree(self):
        """All that lies in the home: names, kinds, contents."""
        found = {}
        for folder, _, files in os.walk(self.box.home):
            for name in files:
                path = pathlib.Path(folder, name)
                found[str(path)] = os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else None
        return found


class Links(SetupTest):
    def test_docker_is_judged_through_the_link(self):
        self.run_setup()
        self.assertEqual(os.readlink(self.links / "docker"), self.box.binary)
        first = {"PATH": f"{self.links}:{self.path}"}
        denied = self.box.run("run", "--privileged", "alpine", program=str(self.links / "docker"), env=first)
        self.assertEqual(denied.code, 1)
        self.assertIn("flags/privileged", denied.stderr)
        self.assertIsNone(self.box.recorded())
        passed = self.box.run("ps", program=str(self.links / "docker"), env=first)
        self.assertEqual(passed.code, 0, passed)
        self.assertEqual(self.box.recorded()[1:], ["ps"])

    def test_it_says_what_path_makes_of_it(self):
        behind = self.run_setup()
        self.assertIn(f"The real docker: {self.docker}/docker\n", behind.stdout)
        self.assertIn(f"still {self.docker}/docker, which stands in front", behind.stdout)
        self.assertIn("""echo 'export PATH="$HOME/.local/bin:$PATH"' >> ~/.profile""", behind.stdout)
        front = self.run_setup(env={"PATH": f"{self.links}:{self.path}"})
        self.assertIn("There already", front.stdout)
        self.assertIn("docker is safe-docker now", front.stdout)
        self.assertIn(f"The real docker: {self.docker}/docker\n", front.stdout)
        self.assertNotIn("export PATH", front.stdout)

    def test_advice_is_for_the_shell_that_is_used(self):
        for shell, advice in (("/bin/bash", ">> ~/.bashrc"), ("/usr/bin/zsh", ">> ~/.zshrc"),
                              ("/usr/bin/fish", 'fish_add_path --move "$HOME/.local/bin"'), ("/bin/dash", ">> ~/.profile")):
            self.assertIn(advice, self.run_setup(env={"SHELL": shell}).stdout)

    def test_docker_compose_is_linked_where_it_is_installed(self):
        self.run_setup()
        self.assertFalse(os.path.lexists(self.links / "docker-compose"))
        self.box.stub_docker(name="docker-compose")
        self.run_setup()
        self.assertTrue((self.links / "docker-compose").is_symlink())
        self.run_setup("--remove")
        self.assertEqual(list(self.links.iterdir()), [])

    def test_the_link_leads_through_the_name_in_path(self):
        """A package manager's link stays when it puts another version behind it."""
        folder = self.box.home / "brew/bin"
        folder.mkdir(parents=True)
        (folder / "safe-docker").symlink_to(self.box.binary)
        self.run_setup(env={"PATH": f"{folder}:{self.path}"})
        self.assertEqual(os.readlink(self.links / "docker"), str(folder / "safe-docker"))

    def test_a_program_of_that_name_in_path_is_not_believed(self):
        self.box.stub_docker(name="safe-docker", folder="other")
        self.run_setup(env={"PATH": f"{self.box.home.parent}/other:{self.path}"})
        self.assertEqual(os.readlink(self.links / "docker"), self.box.binary)

    def test_targets(self):
        for word, folder in (("bin two", "bin two"), ("./a/../b", "b"), (self.box.home / "c/d", "../c/d"),
                             ("~/tilde", "../tilde")):
            self.run_setup("--target", word)
            self.assertTrue((self.box.project / folder / "docker").is_symlink(), word)
        self.run_setup(f"--target={self.box.home}/e")
        self.assertTrue((self.box.home / "e/docker").is_symlink())
        self.assertIn("--target", self.run_setup("--target", "", code=2).stderr)
        self.assertIn("HOME is not set", self.run_setup("--target=~/x", code=2, env={"HOME": ""}).stderr)

    def test_a_file_is_never_replaced(self):
        for words in ((), ("--force",)):
            before = self.tree()
            result = self.run_setup("--target", self.docker, *words, code=1)
            self.assertIn(f"{self.docker}/docker is there already, and no link", result.stderr)
            self.assertIn("--target", result.stderr)
            self.assertEqual(self.tree(), before)
        (self.links / "docker").mkdir(parents=True)
        self.run_setup("--force", code=1)

    def test_another_link_is_replaced_by_force_alone(self):
        self.links.mkdir(parents=True)
        (self.links / "docker").symlink_to("/opt/other/docker")
        self.assertIn("is a link to /opt/other/docker", self.run_setup(code=1).stderr)
        self.assertIn("it led to /opt/other/docker", self.run_setup("--force").stdout)
        self.assertEqual(os.readlink(self.links / "docker"), self.box.binary)

    def test_the_only_docker_is_not_lost(self):
        self.links.mkdir(parents=True)
        (self.links / "docker").symlink_to(self.docker / "docker")
        only = {"PATH": f"{self.links}:{self.box.home}"}
        result = self.run_setup("--force", code=1, env=only)
        self.assertIn("by which the real docker is reached", result.stderr)
        self.assertEqual(os.readlink(self.links / "docker"), str(self.docker / "docker"))

    def test_the_docker_that_the_configuration_names_is_not_lost(self):
        folder = self.box.home.parent / "opt"
        folder.mkdir()
        (folder / "docker").symlink_to(self.docker / "docker")
        self.box.configure(f'[wrapper]\ndocker_path = "{folder}/docker"\n')
        result = self.run_setup("--target", folder, "--force", code=1)
        self.assertIn("by which the real docker is reached", result.stderr)
        self.assertEqual(os.readlink(folder / "docker"), str(self.docker / "docker"))

    def test_a_link_on_the_way_to_docker_is_not_lost(self):
        first, second, turned = (self.box.home.parent / name for name in ("first", "second", "turned"))
        first.mkdir()
        second.mkdir()
        turned.symlink_to(second)
        (second / "docker").symlink_to(self.docker / "docker")
        (first / "docker").symlink_to("../turned/docker")
        for target in (first, second, turned):
            result = self.run_setup("--target", target, "--force", code=1, env={"PATH": f"{first}:{self.path}"})
            self.assertIn("by which the real docker is reached", result.stderr)
        self.assertEqual(os.readlink(second / "docker"), str(self.docker / "docker"))
        self.run_setup("--target", second, "--force")  # the real one is another now

    def test_no_line_is_advised_that_a_shell_would_read_otherwise(self):
        for name in ("a$(touch x)", "it's", 'a"b', "a`b`", "a\\b", "a\nb", "a!b", "\u00e4"):
            told = self.run_setup("--target", self.box.home / name)
            self.assertNotIn("export PATH", told.stdout, name)
            self.assertIn("put the folder into PATH yourself", told.stdout, name)
        self.assertIn('export PATH="$HOME/a b:$PATH"', self.run_setup("--target", self.box.home / "a b").stdout)

    def test_a_folder_that_cannot_stand_in_path(self):
        self.assertIn("has a colon", self.run_setup("--target", self.box.home / "a:b", code=2).stderr)
        self.assertFalse((self.box.home / "a:b").exists())

    def test_a_folder_that_is_gone(self):
        gone = self.box.home / "gone"
        gone.mkdir()
        script = f"cd '{gone}' && rmdir '{gone}' && exec '{self.box.binary}' setup --dry-run --target links"
        result = self.box.run("-c", script, program="/bin/sh", env={"PATH": self.path})
        self.assertEqual(result.code, 2, result)
        self.assertIn("no longer there", result.stderr)

    def test_how_to_undo_it_goes_with_the_target(self):
        self.assertIn("Undo it: safe-docker setup --remove\n", self.run_setup().stdout)
        self.assertIn("--remove, with the same --target\n", self.run_setup("--target", "b").stdout)

    def test_an_agent_that_replaces_the_link_is_asked_about(self):
        """Also one that writes through it, into safe-docker itself."""
        commands = ("echo x > ~/.local/bin/docker", "cp x ~/.local/bin/docker", "cp x/docker ~/.local/bin/",
                    "mv docker ~/.local/bin", "install x ~/.local/bin/docker", "rm ~/.local/bin/docker",
                    "ln -sf /usr/bin/docker ~/.local/bin/docker", "ln -sf /usr/bin/docker ~/.local/bin/",
                    "ln -sft ~/.local/bin /usr/bin/docker", "cd ~/.local/bin && ln -sf /usr/bin/docker",
                    "ln -sf --target-directory=$HOME/.local/bin /usr/bin/docker", "chmod -x ~/.local/bin/docker")
        for command in commands:
            self.assertEqual(self.box.hook(command).verdict()[0], "allow", command)
        self.run_setup()
        for command in commands:
            decision, reason = self.box.hook(command).verdict()
            self.assertEqual(decision, "ask", command)
            self.assertIn("host/self-protection", reason)
        for command in ("cat ~/.local/bin/docker > x", "cp x ~/.local/bin/other", "ln -sf x ~/.local/bin/other",
                        "ls -l ~/.local/bin"):
            self.assertEqual(self.box.hook(command).verdict()[0], "allow", command)

    def test_an_old_link_is_renewed(self):
        self.links.mkdir(parents=True)
        (self.links / "docker").symlink_to("/gone/bin/safe-docker")
        self.assertIn("it led to /gone/bin/safe-docker", self.run_setup().stdout)

    def test_remove_takes_only_what_leads_to_safe_docker(self):
        self.links.mkdir(parents=True)
        (self.links / "docker").symlink_to(self.docker / "docker")
        self.assertIn("Left alone", self.run_setup("--remove").stdout)
        self.assertTrue((self.links / "docker").is_symlink())
        (self.links / "docker").unlink()
        self.run_setup()
        self.assertIn("Removed", self.run_setup("--remove").stdout)
        self.assertFalse(os.path.lexists(self.links / "docker"))
        self.assertIn("Not there", self.run_setup("--remove").stdout)

    def test_dry_run_changes_nothing(self):
        before = self.tree()
        self.assertIn("Would link", self.run_setup("--dry-run").stdout)
        self.assertEqual(self.tree(), before)
        self.run_setup()
        before = self.tree()
        self.assertIn("Would remove", self.run_setup("--remove", "--dry-run").stdout)
        self.assertEqual(self.tree(), before)

    def test_no_docker_at_all_is_told(self):
        result = self.run_setup(env={"PATH": str(self.box.home)})
        self.assertIn("no real docker", result.stderr)
        self.assertTrue((self.links / "docker").is_symlink())


class Installation(SetupTest):
    def test_it_is_guarded_wherever_it_lies(self):
        prefix = pathlib.Path(self.box.binary).parents[1]
        for command in (f"cp x {self.box.binary}", f"cp x.so {prefix}/lib/safe-docker/plugins/mounts.so",
                        f"rm -rf {prefix}", f"echo > {self.box.binary}", f"mv x {prefix}/lib/safe-docker/commands"):
            self.assertDecision(self.box.hook(command), "ask", "host/self-protection")
        self.assertSilent(self.box.hook(f"ls {prefix}/bin && cp {self.box.binary} mine && rm -rf {prefix}/docs"))


class ClaudeCode(SetupTest):
    def entries(self, path=None):
        return json.loads((path or self.user).read_text())["hooks"]["PreToolUse"]

    def test_the_command_that_is_written_denies(self):
        self.claude()
        group = self.entries()[0]
        self.assertEqual(group["matcher"], "Bash|PowerShell|Monitor")
        handler = group["hooks"][0]
        self.assertEqual((handler["type"], handler["timeout"], handler["onFailure"]), ("command", 10, "block"))
        for command, expected in (("docker run --privileged alpine", "deny"), ("docker ps", "allow")):
            request = {"hook_event_name": "PreToolUse", "tool_name": "Bash", "cwd": str(self.box.project),
                       "tool_input": {"command": command}}
            done = subprocess.run([handler["command"], *handler["args"]], input=json.dumps(request).encode(),
                                  capture_output=True, env=self.box.environment(), check=False, timeout=60)
            result = harness.Result(done.returncode, done.stdout.decode(), done.stderr.decode())
            self.assertEqual(result.verdict()[0], expected, result)

    def test_twice_is_once(self):
        self.claude()
        before = self.tree()
        self.assertIn("already, as it should be", self.claude().stdout)
        self.assertEqual(self.tree(), before)

    def test_everything_else_stays_and_comes_back(self):
        for text in ('{}', '{\n}\n', '{"hooks": {}}', '{"a": 1, "hooks": {"PreToolUse": []}}\n', '{\r\n\t"z": [1,\r\n2], // c\r\n\t"a": "\\u00e4"\r\n}',
                     '\ufeff{\n  "model": "opus"\n}\n', ' \n'):
            with self.subTest(text):
                shutil.rmtree(self.user.parent, ignore_errors=True)
                self.box.write(".claude/settings.json", "", 0o640)
                self.user.write_bytes(text.encode())
                self.claude()
                self.assertEqual(self.user.stat().st_mode & 0o777, 0o640)
                self.assertIn(b"safe-docker", self.user.read_bytes())
                self.assertEqual((self.user.parent / "settings.json.safe-docker-backup").read_bytes(), text.encode())
                self.claude("--remove")
                self.assertEqual(self.user.read_bytes(), text.encode())

    def test_what_setup_made_is_gone_again(self):
        self.claude()
        self.claude("--remove")
        self.assertEqual(list(self.user.parent.iterdir()), [])

    def test_what_was_added_meanwhile_stays(self):
        self.box.write(".claude/settings.json", '{"model": "opus"}\n')
        self.claude()
        settings = json.loads(self.user.read_text())
        settings["hooks"]["PreToolUse"].append({"matcher": "Bash", "hooks": [{"type": "command", "command": "mine"}]})
        self.user.write_text(json.dumps(settings, indent=4))
        self.claude("--remove")
        left = json.loads(self.user.read_text())
        self.assertEqual(left, {"model": "opus", "hooks": {"PreToolUse": [
            {"matcher": "Bash", "hooks": [{"type": "command", "command": "mine"}]}]}})

    def test_remove_never_puts_a_hook_of_ours_back(self):
        """An older one that was brought up to date, and one that somebody has written into the backup."""
        def settings(program, *args):
            handler = {"type": "command", "command": program, **({"args": list(args)} if args else {})}
            return json.dumps({"a": 1, "hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [handler]}]}})
        self.box.write(".claude/settings.json", settings("/old/safe-docker hook"))
        self.claude()
        self.claude("--remove")
        self.assertEqual(json.loads(self.user.read_text()), {"a": 1})
        self.claude()
        newest = sorted(self.user.parent.glob("*backup*"))[-1]
        written = self.user.read_text()
        newest.write_text(written.replace(self.box.binary, "/evil/safe-docker"))
        self.claude("--remove")
        self.assertEqual(json.loads(self.user.read_text()), {"a": 1})

    def test_an_empty_file_comes_back(self):
        self.box.write(".claude/settings.json", "")
        self.claude()
        self.claude("--remove")
        self.assertEqual(self.user.read_bytes(), b"")

    def test_a_path_that_json_cannot_hold(self):
        folder = os.fsencode(self.box.home) + b"/caf\xe9"
        try:
            os.mkdir(folder)
        except OSError:
            self.skipTest("the file system takes no such name")
        os.symlink(self.box.binary, folder + b"/safe-docker")
        result = self.claude(code=1, env={"PATH": os.fsdecode(folder) + ":" + self.path})
        self.assertIn("is no UTF-8", result.stderr)
        self.assertFalse(self.user.exists())

    @unittest.skipUnless(os.geteuid() == 0, "only root can give a file any group")
    def test_owner_and_group_stay(self):
        self.box.write(".claude/settings.json", "{}", 0o640)
        for owner, group in ((0, 12345), (54321, 12345)):
            os.chown(self.user, owner, group)
            self.claude("--remove")
            self.claude()
            status = self.user.stat()
            self.assertEqual((status.st_uid, status.st_gid, status.st_mode & 0o777), (owner, group, 0o640))

    def test_backups_are_never_overwritten(self):
        texts = [f'{{"n": {number}}}' for number in range(3)]
        for text in texts:
            self.box.write(".claude/settings.json", text)
            self.claude()
        names = ["settings.json.safe-docker-backup" + end for end in ("", ".2", ".3")]
        self.assertEqual([(self.user.parent / name).read_text() for name in names], texts)

    def test_places(self):
        (self.box.project / ".git").mkdir()
        deep = self.box.project / "a/b"
        deep.mkdir(parents=True)
        self.box.project = deep
        top = deep.parents[1] / ".claude"
        self.claude("--local")
        self.assertEqual(self.entries(top / "settings.local.json")[0]["hooks"][0]["command"], self.box.binary)
        told = self.claude("--project", env={"PATH": f"{pathlib.Path(self.box.binary).parent}:{self.path}"})
        self.assertEqual(self.entries(top / "settings.json")[0]["hooks"][0]["command"], "safe-docker")
        self.assertIn("Everyone who works in this project", told.stdout)
        self.assertFalse(self.user.exists())
        self.assertIn("project/.claude/settings.json:", self.box.run("doctor").stdout)
        self.box.project = self.box.home
        (self.box.home / ".git").mkdir()
        self.assertIn("use --user", self.claude("--project", code=2).stderr)
        elsewhere = self.box.home / "elsewhere"
        self.claude("--user", env={"CLAUDE_CONFIG_DIR": str(elsewhere)})
        self.assertTrue((elsewhere / "settings.json").exists())
        self.assertEqual(elsewhere.stat().st_mode & 0o777, 0o700)
        self.assertEqual((elsewhere / "settings.json").stat().st_mode & 0o777, 0o600)

    def test_a_link_is_followed(self):
        real = self.box.write("dotfiles/claude.json", '{"a": 1}\n')
        self.user.parent.mkdir()
        self.user.symlink_to(real)
        self.claude()
        self.assertTrue(self.user.is_symlink())
        self.assertIn("safe-docker", real.read_text())
        self.claude("--remove")
        self.assertEqual(real.read_text(), '{"a": 1}\n')

    def test_what_cannot_be_changed_safely_is_left_alone(self):
        rows = (('{"a": }', 1, "settings.json:1: is not JSON"),
                ('{\n "hooks": 7}', 1, 'settings.json:2: "hooks" is expected to be an object'),
                ('{"hooks": {"PreToolUse": [{"hooks": [{"type": "command", "command": "nice safe-docker hook"}]}]}}', 1,
                 "in a way of its own"))
        for text, code, message in rows:
            self.box.write(".claude/settings.json", text)
            before = self.tree()
            result = self.claude(code=code)
            self.assertIn(message, result.stderr)
            self.assertIn("Nothing was changed", result.stderr)
            self.assertEqual(self.tree(), before)
        self.user.unlink()
        os.mkfifo(self.user)
        self.assertIn("cannot be read", self.claude(code=1).stderr)
        self.user.unlink()
        self.user.mkdir()
        self.assertIn("cannot be read", self.claude(code=1).stderr)

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_folder_that_cannot_be_written(self):
        self.box.write(".claude/settings.json", "{}")
        self.user.parent.chmod(0o500)
        self.addCleanup(self.user.parent.chmod, 0o700)
        self.assertIn("Nothing was changed", self.claude(code=1).stderr)
        self.assertEqual(self.user.read_text(), "{}")

    def test_dry_run_changes_nothing(self):
        before = self.tree()
        self.assertIn("Would change", self.claude("--dry-run").stdout)
        self.assertEqual(self.tree(), before)

    def test_hooks_that_are_switched_off_are_told(self):
        self.box.write(".claude/settings.json", '{"disableAllHooks": true}')
        self.assertIn("disableAllHooks", self.claude().stderr)

    def test_wrong_calls(self):
        self.assertIn("choose one of", self.claude("--user", "--local", code=2).stderr)
        self.assertIn("HOME is not set", self.claude(code=2, env={"HOME": ""}).stderr)
        self.assertIn("no absolute path", self.claude(code=2, env={"CLAUDE_CONFIG_DIR": "x"}).stderr)
        self.claude("word", code=2)
