"""`safe-docker plugin check`: each plugin that does one thing wrong is found out, by the line that says so; sound ones
pass without a warning. `plugin new`: what it writes, and what it refuses."""

import json
import os
import pathlib
import re
import shutil
import unittest

import context
import support

# Plugin: the checks that find it out, and what they say.
FAULTS = {
    "aborts": {"judgement": "ended by SIGABRT.* in `docker ps`"},
    "advises_deny": {"judgement": "only advises, but reported more than a note"},
    "closes_stdout": {"descriptors": "closed descriptor 1"},
    "crashes_when_loaded": {"load": "ended by SIGABRT.* in an initialiser"},
    "create_fails": {"settings": "settings.colour is missing"},
    "divides_by_zero": {"judgement": "ended by SIGFPE"},
    "empty_finding": {"judgement": "something that is no finding"},
    "exits": {"judgement": "ended the process with exit status 0"},
    "exits_at_once": {"judgement": "ended the process with exit status 0"},
    "exits_quickly": {"judgement": "ended the process with exit status 0"},
    "fails_without_reason": {"judgement": "returned -1 instead of success, without a reason"},
    "hangs": {"judgement": "did not come back within 2 s in `docker ps`"},
    "lies_about_major": {"load": "it speaks ABI major 2"},
    "malformed_rules": {"description": "list of rules is malformed"},
    "missing_symbol": {"load": "undefined symbol"},
    "newer_minor": {"load": "it needs ABI 1.7"},
    "no_plugin": {"load": "no symbol safe_docker_plugin_v1", "symbols": "does not export safe_docker_plugin_v1"},
    "null_strings": {"judgement": "null or too long"},
    "own_rules_bad_decision": {"settings": "rule made has a decision that is none"},
    "own_rules_malformed": {"settings": "list of rules is malformed"},
    "own_rules_twice": {"settings": "rule found is described twice"},
    "prints_to_stdout": {"output": 'writes to standard output or error: "noise"'},
    "reports_bad_decision": {"judgement": "decision 0, which does not exist"},
    "reports_undeclared_rule": {"judgement": "rule made-up, which it does not describe"},
    "returns_garbage": {"judgement": "check returned 42"},
    "returns_zero": {"judgement": "check returned 0"},
    "segfaults": {"judgement": "ended by SIGSEGV"},
    "stack_overflow": {"judgement": "ended by SIG(SEGV|BUS)"},
    "throws": {"judgement": "an exception was thrown"},
    "throws_in_create": {"settings": "an exception was thrown"},
    "throws_in_extension": {"settings": "let an exception escape|SIGABRT"},
    "throws_raw": {"judgement": "let an exception escape|SIGABRT"},
    "too_many_findings": {"judgement": "more than 1000 findings"},
    "too_many_requests": {"judgement": "more than 10000 requests"},
    "unfinished_request": {"judgement": "began a request and did not end it"},
    "unknown_effects": {"description": "effects of a kind that does not exist"},
    "wrong_id": {"description": "its id is somebody-else, its file is called wrong-id"},
    "wrong_major": {"load": "no symbol safe_docker_plugin_v1"},
    "zeroed_description": {"description": "no description, or one that is smaller"},
}
# Sound in all that is asked here; linked without care, and with a schema that accepts anything.
SOUND_FAULTS = {"advises", "asks_host", "expands", "ok", "own_rules", "runs"}
# What is wrong with each of the carelessly linked ones beside its fault.
LINKED_WITHOUT_CARE = {"symbols", "schema", "needs", "type"}

CARELESS = {
    "accepts_any_key": {"schema": "accepts keys that it does not know"},
    "accepts_any_value": {"refusals": "settings.name may be anything"},
    "breaks_own_schema": {"settings": "settings.n is a text, not an integer"},
    "bursts_on_settings": {"hostile-settings": "in create with texts of 64 KiB"},
    "changes_environment": {"environment": "changed the environment: CARELESS"},
    "changes_folder": {"working-directory": "changed the working directory"},
    "changes_locale": {"locale": "the rounding mode"},
    "changes_umask": {"umask": "changed the umask"},
    "counts": {"repetition": "something else of the same request the next time"},
    "depends_on_process": {"repetition": "in another process"},
    "does_not_stop": {"stopping": "goes on reporting"},
    "exports_two": {"symbols": "besides safe_docker_plugin_v1"},
    "has_no_advice": {"judgement": "has-no-advice/found objects without advice"},
    "has_no_schema": {"schema": "no JSON object", "settings": "no JSON object"},
    "has_no_version": {"description": "no semantic version"},
    "is_never_asked": {"judgement": "none of [0-9]+ ordinary requests would be shown"},
    "is_slow": {"time": "a call takes 2"},
    "leaks_descriptor": {"descriptors": "leaves descriptor [0-9]+ open"},
    "leaks_memory": {"memory": "grows by [0-9]+ bytes a call"},
    "leaves_child": {"threads": "leaves a child process"},
    "leaves_thread": {"threads": "leaves a thread running"},
    "loosens_strict": {"rules": "rule found is weaker in a stricter profile"},
    "misspells_schema": {"schema": "/properties/n/minimun"},
    "needs_libstdcxx": {"needs": r"libstdc\+\+.so.6, which costs about 1.1 ms"},
    "recurses_over_text": {"effects": "ended by SIG(SEGV|BUS).* with texts of 64 KiB"},
    "refuses_unknown": {"effects": "cannot tell .FETCH with unknown parts"},
    "says_two_lines": {"judgement": "not one line of UTF-8"},
    "sound": {},
    "starts_once": {"restarts": "it was there before"},
    "steps_by_sizeof": {"newer-host": "by a newer host"},
    "takes_signal": {"signals": "changed what signal [0-9]+ does"},
    "trusts_evidence": {"effects": "ended by SIGSEGV", "newer-host": "ended by SIGSEGV"},
    "trusts_services": {"no-services": "where no service has an answer"},
    "trusts_texts": {"newer-host": "ended by SIGSEGV"},
    "wants_alias": {"commands": 'its canonical name is "container run"', "judgement": "none of"},
    "wants_executable_stack": {"type": "executable stack"},
    "writes_in_destroy": {"output": '"bye"'},
    "writes_to_strangers": {"output": "it writes to standard output or error"},
}
# Sanitizers have a malloc of their own, and make everything slow.
NOT_SANITIZED = {"leaks_memory", "is_slow"}


class CheckTest(support.SandboxTest):
    def check(self, path, *words):
        result = self.box.run("plugin", "check", "--json", *words, path, timeout=120)
        try:
            return result, json.loads(result.stdout)
        except ValueError:
            self.fail(f"no JSON\n{result}")

    def wrong(self, path, *words):
        """{check: texts} of what is not ok, skipped ones apart."""
        _, answer = self.check(path, *words)
        found = {}
        for point in answer["checks"]:
            if point["result"] in ("warn", "fail"):
                self.assertTrue(point["advice"], f"no advice: {point}")
                found.setdefault(point["check"], []).append(point["text"])
        return found

    def assertFindsOut(self, path, expected, ignored=frozenset()):
        found = self.wrong(path)
        for check, pattern in expected.items():
            self.assertRegex("\n".join(found.get(check, [])), pattern, f"{path.name}: {found}")
        self.assertEqual(set(found) - set(expected) - ignored, set(), f"{path.name}: {found}")


class PluginCheck(CheckTest):
    def plugins(self, folder):
        return {path.stem: path for path in (context.plugins / folder).glob("*.so")}

    def test_each_fault_is_found_out(self):
        plugins = self.plugins(".")
        self.assertEqual(set(plugins), set(FAULTS) | SOUND_FAULTS)
        for name, expected in FAULTS.items():
            with self.subTest(name):
                self.assertFindsOut(plugins[name], expected, LINKED_WITHOUT_CARE | {"judgement"})

    def test_what_is_sound_is_not_blamed(self):
        for name in SOUND_FAULTS:
            with self.subTest(name):
                self.assertFindsOut(self.plugins(".")[name], {}, LINKED_WITHOUT_CARE | {"judgement"})

    def test_each_carelessness_is_found_out_and_nothing_else(self):
        plugins = self.plugins("careless")
        self.assertEqual(set(plugins), set(CARELESS))
        skipped = NOT_SANITIZED if context.sanitized else set()
        for name in sorted(set(CARELESS) - skipped):
            with self.subTest(name):
                self.assertFindsOut(plugins[name], CARELESS[name])

    def test_a_plugin_cannot_speak_for_the_check(self):
        plugins = self.plugins("careless")
        _, answer = self.check(plugins["writes_to_strangers"])
        self.assertEqual(answer["id"], "writes-to-strangers")
        self.assertEqual({point["check"] for point in answer["checks"]},
                         {point["check"] for point in self.check(plugins["sound"])[1]["checks"]})

    @unittest.skipIf(context.sanitized, "they need the sanitizers' own library")
    def test_the_shipped_plugins_pass_without_a_warning(self):
        plugins = sorted((context.binary.parent.parent / "lib").glob("**/safe-docker/plugins/*.so"))
        self.assertGreaterEqual(len(plugins), 10)
        for path in plugins:
            with self.subTest(path.name):
                result, answer = self.check(path, "--strict")
                self.assertEqual(result.code, 0, f"\n{result}")
                self.assertEqual((answer["warnings"], answer["failures"]), (0, 0))
                self.assertEqual(answer["id"], path.stem)
                self.assertGreaterEqual(answer["passed"], 28)
                self.assertLessEqual(answer["skipped"], 2)


class CommandLine(CheckTest):
    def careless(self, name):
        return context.plugins / f"careless/{name}.so"

    def copy(self, name="sound", mode=0o644):
        path = self.box.home / f"plugins/{name}.so"
        path.parent.mkdir(exist_ok=True)
        shutil.copy(self.careless(name), path)
        path.chmod(mode)
        return path

    def test_settings_that_are_no_file(self):
        pipe = self.box.project / "pipe.toml"
        os.mkfifo(pipe)
        for path in (pipe, "/dev/zero", self.box.project):
            result = self.box.run("plugin", "check", "--settings", path, self.careless("sound"), timeout=20)
            self.assertEqual(result.code, 2, f"\n{result}")
            self.assertIn(f"{path} cannot be read: ", result.stderr)

    def test_text_and_exit_codes(self):
        for words, code in (([self.careless("sound")], 0), ([self.careless("sound"), "--strict"], 0),
                            ([self.careless("is_never_asked")], 0), ([self.careless("is_never_asked"), "--strict"], 1),
                            ([self.careless("counts")], 1), ([], 2), (["/no/such.so"], 2), (["--nonsense"], 2),
                            ([self.careless("sound"), self.careless("sound")], 2),
                            ([self.careless("sound"), "--settings", "/no/such.toml"], 2)):
            with self.subTest(str(words)):
                result = self.box.run("plugin", "check", *words, timeout=120)
                self.assertEqual(result.code, code, f"\n{result}")
                self.assertEqual(result.stdout == "", code == 2, f"\n{result}")
        result = self.box.run("plugin", "check", self.careless("counts"), timeout=120)
        self.assertRegex(result.stdout, r"(?m)^ok    symbols +it exports safe_docker_plugin_v1 and nothing else$")
        self.assertRegex(result.stdout, r"(?m)^fail  repetition +it says something else .*\n +Judge by the request")
        self.assertRegex(result.stdout, r"(?m)^[0-9]+ ok, 0 warnings, 1 failure")

    def test_verbose_tells_the_findings(self):
        result = self.box.run("plugin", "check", "--verbose", self.careless("sound"), timeout=120)
        self.assertIn("`docker ps`: sound/found, deny: it is there", result.stdout)

    def test_the_file_is_looked_at(self):
        self.assertEqual(self.wrong(self.copy(mode=0o666))["file"][0].split(" (")[0].split("/")[-1],
                         "sound.so can be written by everyone")
        text = self.box.write("plugins/text.so", "no library")
        self.assertRegex(self.wrong(text)["type"][0], "no (ELF|Mach-O) file")
        self.assertIn("load", self.wrong(text))

    def test_a_mutilated_library_ends_nobody(self):
        whole = self.careless("sound").read_bytes()
        for size in (0, 4, 63, 64, 200, 1000, len(whole) // 2):
            with self.subTest(size):
                path = self.box.home / "cut.so"
                path.write_bytes(whole[:size])
                result = self.box.run("plugin", "check", path, timeout=120)
                self.assertEqual(result.code, 1, f"\n{result}")
                self.assertIn("load", result.stdout)

    def test_settings_from_a_file(self):
        path = self.careless("bursts_on_settings")
        for name, text in (("s.toml", 'name = "x"'), ("s.json", '{"name": "x"}'),
                           ("config.toml", '[plugins.bursts_on_settings.settings]\nname = "x"')):
            with self.subTest(name):
                result, answer = self.check(path, "--settings", self.box.write(name, text))
                self.assertIn('it is ready with {"name":"x"}', [each["text"] for each in answer["checks"]], f"\n{result}")
        for name, text in (("s.toml", "name = "), ("s.json", "[]"), ("s.json", "{")):
            result = self.box.run("plugin", "check", "--settings", self.box.write(name, text), path)
            self.assertEqual(result.code, 2, f"\n{result}")
            self.assertIn(name, result.stderr)
        settings = self.box.write("s.toml", "nane = 7")
        self.assertRegex(self.wrong(path, "--settings", settings)["settings"][0], "settings.nane .* did you mean name")

    def test_docker_keeps_its_own(self):
        folder = self.box.stub_docker()
        for words in (("plugin", "ls"), ("plugin", "inspect", "check"), ("plugin",), ("plugin", "--help")):
            self.box.forget()
            result = self.box.run(*words, env={"PATH": f"{folder}:/usr/bin:/bin"})
            self.assertEqual(self.box.recorded()[1:], list(words), f"\n{result}")


class PluginNew(CheckTest):
    def new(self, *words):
        return self.box.run("plugin", "new", *words)

    def test_what_it_writes(self):
        result = self.new("no-latest")
        self.assertEqual(result.code, 0, f"\n{result}")
        folder = self.box.project / "no-latest"
        files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        self.assertEqual(files, {".gitignore", "CMakeLists.txt", "README.md", "example-config.toml", "no-latest.cpp",
                                 "tests/config.toml.in", "tests/policy.toml"})
        text = "".join((folder / name).read_text() for name in sorted(files))
        self.assertNotRegex(text, re.compile("my.?checker", re.IGNORECASE))
        self.assertIn("class NoLatestChecker", text)
        for name in files:
            self.assertIn(name, result.stdout)
        # Nothing that safe-docker itself would read.
        self.assertFalse(files & {"config.toml", ".safe-docker.toml"})

    def test_the_template_with_another_name(self):
        """What is written differs from the files in the source tree in the names alone."""
        template = pathlib.Path(__file__).parents[2] / "plugin-api/template"
        self.new("x9")
        for path in template.rglob("*"):
            if path.is_file():
                name = str(path.relative_to(template)).replace("my-checker", "x9")
                expected = path.read_text().replace("my-checker", "x9").replace("MyChecker", "X9Checker")
                self.assertEqual((self.box.project / "x9" / name).read_text(), expected)

    def test_names(self):
        for name in ("", ".", "..", "a/b", "/a", "../a", "A", "a_b", "a b", "-a", "a-", "1a", "a" * 65, "a\nb", "ä",
                     "mounts", "rules", "host", "test", "all"):
            with self.subTest(name):
                result = self.new("--", name)
                self.assertEqual(result.code, 2, f"\n{result}")
                self.assertIn("plugin new: ", result.stderr)
        folders = [path for path in self.box.project.iterdir() if path.is_dir() and not path.is_symlink()]
        self.assertEqual([path for path in folders if (path / "CMakeLists.txt").exists()], [])
        for name in ("a", "a-b-c", "x9", "my-checker", "a" * 64):
            self.assertEqual(self.new(name).code, 0, name)

    def test_nothing_is_overwritten_silently(self):
        self.assertEqual(self.new("mine").code, 0)
        source = self.box.project / "mine/mine.cpp"
        source.write_text("changed")
        result = self.new("mine")
        self.assertEqual(result.code, 2)
        self.assertIn("is there already", result.stderr)
        self.assertEqual(source.read_text(), "changed")
        (self.box.project / "mine/README.md").unlink()
        result = self.new("mine", "--force")
        self.assertEqual(result.code, 0)
        self.assertIn("overwritten  mine/mine.cpp", result.stdout)
        self.assertIn("written  mine/README.md", result.stdout)
        self.assertNotEqual(source.read_text(), "changed")

    def test_no_link_is_followed(self):
        victim = self.box.write("victim", "precious")
        folder = self.box.project / "mine"
        folder.mkdir()
        (folder / "mine.cpp").symlink_to(victim)
        result = self.new("mine", "--force")
        self.assertEqual(result.code, 2)
        self.assertIn("is a link", result.stderr)
        self.assertEqual(victim.read_text(), "precious")

    def test_target(self):
        self.assertEqual(self.new("mine", "--target", "a/b").code, 0)
        self.assertTrue((self.box.project / "a/b/mine.cpp").is_file())
        self.assertEqual(self.new("mine", "--target", "/proc/no").code, 2)
        self.assertEqual(self.new("mine", "--target", "").code, 2)
        self.assertEqual(self.new().code, 2)
        self.assertEqual(self.new("a", "b").code, 2)
