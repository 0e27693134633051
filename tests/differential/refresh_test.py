#!/usr/bin/env python3
"""Tests that host/docker/grammar/refresh.py reads a client's help: as an older and as a newer client print it."""
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "host/docker/grammar"))
import gen_grammar  # noqa: E402
import refresh  # noqa: E402

TOP = """Usage:  docker [OPTIONS] COMMAND

Common Commands:
  run         Create and run a new container from an image

Management Commands:
  buildx*     Docker Buildx
  container   Manage containers

Global Options:
      --config string      Location of client config files (default
                           "/root/.docker")
  -D, --debug              Enable debug mode
  -H, --host list          Daemon socket to connect to

Run 'docker COMMAND --help' for more information on a command.
"""
NEW_LIST = """Usage:  docker image ls [OPTIONS] [REPOSITORY[:TAG]]

Aliases:
  docker image ls, docker image list, docker images

Options:
  -a, --all             Show all images (default hides intermediate images)
      --format string   Format output using a custom template:
                        'table':            Print output in table format
                        --not-a-flag        is text
      --tree            List multi-platform images as a tree (EXPERIMENTAL)
"""
OLD_LIST = """
Usage:  docker image ls [OPTIONS] [REPOSITORY[:TAG]]

Aliases:
  ls, list

Options:
  -f, --filter filter   Filter output based on conditions provided
  -q, --quiet           Only show image IDs
"""
GRAMMAR = """command *
flag config - value client-config
flag debug D switch -
flag host H value engine-host

command image ls
alias images
flag all a value -
flag format - value -
"""


class FakeClient(refresh.Client):
    """A client with the help texts above and no others."""

    def run(self, *words):
        top = TOP.replace("  buildx*     Docker Buildx\n", "").replace("run         Create", "images      List")
        texts = {("--help",): top, ("images", "--help"): NEW_LIST}
        return texts.get(words, "Usage:  docker " + " ".join(words[:-1]))


class HelpTest(unittest.TestCase):
    def test_reads_commands_and_plugins_of_all_sections(self):
        self.assertEqual(refresh.Help(TOP).commands, ["run", "buildx", "container"])

    def test_reads_flags_with_their_letter_and_kind(self):
        self.assertEqual(refresh.Help(TOP).flags,
                         {"config": ("-", "value"), "debug": ("D", "switch"), "host": ("H", "value")})
        self.assertEqual(refresh.Help(OLD_LIST).flags, {"filter": ("f", "value"), "quiet": ("q", "switch")})

    def test_takes_no_description_for_a_flag(self):
        self.assertEqual(list(refresh.Help(NEW_LIST).flags), ["all", "format", "tree"])

    def test_reads_aliases_of_old_and_new_clients(self):
        path = ("image", "ls")
        both = [path, ("image", "list")]
        for text, expected in ((NEW_LIST, [*both, ("images",)]), (OLD_LIST, both)):
            self.assertEqual([refresh.alias_path(words, path) for words in refresh.Help(text).aliases], expected)


class AddedTest(unittest.TestCase):
    def test_prints_what_the_grammar_lacks(self):
        commands = gen_grammar.read(GRAMMAR.replace("alias images\n", "alias images\nalias image list\n").splitlines())
        known = refresh.commands_by_path(commands)
        del known[("images",)]
        self.assertEqual(list(refresh.added(FakeClient("docker"), known)),
                         ["command image ls", "alias images", "command container"])

    def test_prints_flags_that_are_new_or_changed(self):
        commands = gen_grammar.read(GRAMMAR.splitlines())
        commands[1].path = ("images",)
        lines = list(refresh.added(FakeClient("docker"), refresh.commands_by_path(commands)))
        self.assertIn("flag tree - switch -", lines)
        self.assertIn("flag all a switch -   # grammar.txt: a value", lines)
        self.assertNotIn("flag format - value -", lines)


if __name__ == "__main__":
    unittest.main()
