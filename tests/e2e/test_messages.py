"""What people see who type something wrong: each message names the thing, the place and the way out.

A row is what was typed, the exit code, and what the message must hold. Errors stand on standard error behind
"[safe-docker]"; what check-config, status and their like have to tell of a file is their answer.
"""

import json
import os
import pty
import stat
import unittest

import support

FILES = {
    "key.toml": 'allowed_pth = ["/x"]\n',
    "syntax.toml": "# mine\nallowed_paths = [\n",
    "profile.toml": 'profile = "stict"\n',
    "type.toml": '[audit]\nenabled = "yes"\n',
    "table.toml": '[audti]\nenabled = true\n',
    "date.toml": '[[exceptions]]\nrule = "mounts/outside-home"\nmatch = { path = "/opt/**" }\nreason = "x"\n'
                 'expires = "2026-13-45"\n',
    "wide.toml": '[[exceptions]]\nrule = "mounts/outside-home"\nreason = "x"\n',
    "reason.toml": '[[exceptions]]\nrule = "mounts/outside-home"\nmatch = { path = "/opt/**" }\n',
    "rule.toml": '[decisions]\n"mounts/outside-hom" = "allow"\n',
    "decision.toml": '[decisions]\n"mounts/outside-home" = "alow"\n',
    "regex.toml": '[[rules]]\nid = "mine"\ndecision = "ask"\nmessage = "x"\n'
                  'when = { effect = "image", subject = { regex = "[" } }\n',
    "when.toml": '[[rules]]\nid = "mine"\nwhen = "image is x"\n',
    "plugin.toml": '[plugins.mine]\npath = "/no/such.so"\n',
    "pathless.toml": "[plugins.mine]\nenabled = true\n",
    "case.toml": '[[case]]\ncommnd = "x"\nexpect = "deny"\n',
    "expect.toml": '[[case]]\ncommand = "x"\nexpect = "denied"\n',
    "hello.so": "hello\n",
    "broken.yaml": "services: [\n",
    "log.jsonl": "",
}

# What was typed; the exit code; what is said of it, each in the one place where the command says it.
ERRORS = [
    # Options and words
    ("rules --jsn", 2, "rules: unknown option '--jsn'", "did you mean --json?", "`safe-docker rules --help`"),
    ("explain --cwd", 2, "explain: --cwd needs a value: FOLDER", "--help"),
    ("explain --json=yes -- x", 2, "explain: --json takes no value", "--help"),
    ("explain", 2, "explain: what is to be judged?", "'TEXT'", "--argv", "--help"),
    ("explain docker ps", 2, "explain: the text is one word, so quote it", "'docker ps'", "--argv"),
    ("status here", 2, "status: does not take 'here'", "--help"),
    ("check-config key.toml", 2, "does not take 'key.toml'", "did you mean --config key.toml?"),
    ("trust a b", 2, "trust: does not take 'b'", "--help"),
    ("trust --sow", 2, "unknown option '--sow'", "did you mean --show?"),
    ("trust --json", 2, "trust: --json", "--show", "--list"),
    ("test", 2, "test: which files?", "`safe-docker test --help`"),
    ("test --json --tap case.toml", 2, "either --json or --tap"),
    ("--version --jsn", 2, "unknown option '--jsn'", "did you mean --json?"),
    ("audit shwo", 2, "audit has no command 'shwo'", "did you mean show?"),
    ("audit nonsense", 2, "audit has no command 'nonsense'", "`safe-docker audit --help`"),
    ("rules mounts/outside-hom", 2, "no rule is called 'mounts/outside-hom'", "did you mean mounts/outside-home?"),
    ("rules nonsense", 2, "no rule is called 'nonsense'"),
    # Files that are not there, or something else
    ("test none.toml", 2, "none.toml: error: there is no such file"),
    ("test .", 2, ".: error: not a regular file"),
    ("test syntax.toml", 2, "syntax.toml:2:", "array"),
    ("test case.toml", 2, "case.toml:2:1: error: case.commnd: unknown key", "did you mean 'command'?"),
    ("test expect.toml", 2, "expect.toml:3:", "allow", "ask", "deny"),
    ("trust", 2, "there is no .safe-docker.toml from @PROJECT@ upwards", "safe-docker trust PATH"),
    ("trust /no/such", 2, "/no/such/.safe-docker.toml: there is no such file"),
    ("compose -f none.yaml resolve", 1, "@PROJECT@/none.yaml does not exist", "create it"),
    ("compose -f broken.yaml resolve", 1, "@PROJECT@/broken.yaml:2:1"),
    ("compose resolve --format xml", 2, "--format is yaml or json"),
    # Plugins
    ("plugin new", 2, "plugin new: what is it to be called?", "`safe-docker plugin new no-latest`"),
    ("plugin new Bad_Name", 2, "'Bad_Name' is no name for a plugin", "lower case letters, digits and dashes", "no-latest"),
    ("plugin new mounts", 2, "a plugin called mounts itself", "choose another name"),
    ("plugin new src", 2, "src is there already", "--target", "--force"),
    ("plugin check", 2, "plugin check: which plugin?", ".so"),
    ("plugin check none.so", 2, "@PROJECT@/none.so is not there", "build/NAME.so"),
    ("plugin check hello.so --settings none.toml", 2, "--settings: none.toml cannot be read"),
    # The log
    ("audit show", 2, "@HOME@/.local/share/safe-docker/audit.jsonl: there is no log yet", "[audit] enabled = true"),
    ("audit show --last x --input-file log.jsonl", 2, "--last wants a number, not 'x'"),
    ("audit show --input-file none.jsonl", 2, "--input-file: none.jsonl: No such file", "standard input"),
    ("audit show --since yesterday --input-file log.jsonl", 2, "--since: 'yesterday' is no time", "7d", "2026-11-22"),
    ("audit show --decision denied --input-file log.jsonl", 2, "--decision is allow, ask or deny, not 'denied'"),
    ("audit show --mode hok --input-file log.jsonl", 2, "--mode is hook or wrapper, not 'hok'"),
    ("audit show --not --input-file log.jsonl", 2, "--not negates the filter behind it", "--not --decision allow"),
    ("audit show --output xml --input-file log.jsonl", 2, "--output is compact, dict, json or jsonl, not 'xml'"),
    ("audit tail --input-file log.jsonl", 2, "--follow follows the log", "leave --input-file out"),
    ("audit stats --by colour --input-file log.jsonl", 2, "--by is rule, image", "not 'colour'"),
    ("audit verify", 2, "audit.jsonl: there is no such log", "[audit] enabled = true"),
    ("audit verify none.jsonl", 2, "none.jsonl: there is no such log", "name its file"),
    ("audit head log.jsonl", 2, "log.jsonl: no record is chained", "[audit] chain = true"),
    ("audit replay --config none.toml", 2, "none.toml: error: cannot be read: No such file or directory"),
    ("audit replay --config key.toml --input-file log.jsonl", 2, "key.toml:1:", "did you mean 'allowed_paths'?"),
    ("audit suggest --min-count 0 --input-file log.jsonl", 2, "--min-count wants a number from 1 on, not '0'"),
    ("audit suggest --why 1234 --input-file log.jsonl", 2, "no record has the id '1234'"),
    ("audit anomalies --baseline none.json", 2, "none.json: there is no such file", "`safe-docker audit baseline -o`"),
    ("audit anomalies --baseline hello.so", 2, "hello.so: no baseline of `audit baseline -o`"),
    # Writing
    ("config init --profile stict", 2, "'stict' is no profile", "strict, standard and permissive"),
    ("config init --config key.toml", 2, "key.toml is there already", "--force", "key.toml.bak"),
    ("config init --config /proc/none/config.toml", 2, "/proc/none/config.toml: ", "--config"),
    # Docker's own
    ("ruls", 1, "docker ruls", "Did you mean `safe-docker rules`?", "`safe-docker --help`"),
    ("chek-config", 1, "Did you mean `safe-docker check-config`?"),
    ("config shema", 1, "docker config shema", "`safe-docker --help`"),
    ("--privileged", 1, "unknown flag --privileged", "safe-docker run --privileged", "`safe-docker --help`"),
    ("run --privileged alpine", 1, "--privileged", "(flags/privileged)", "--cap-add"),
    ("run -v /etc:/x alpine", 1, "/etc", "(mounts/outside-home)", "allowed_paths in config.toml"),
    ("--docker-path /no/docker ps", 2, "--docker-path names /no/docker, which is no program"),
]

ANSWERS = [
    ("check-config --config key.toml", 1, "key.toml:1:15: error: allowed_pth: unknown key", "did you mean 'allowed_paths'?"),
    ("check-config --config syntax.toml", 1, "syntax.toml:2:", "array"),
    ("check-config --config profile.toml", 1, "profile.toml:1:11: error: profile: 'stict'", "did you mean 'strict'?"),
    ("check-config --config type.toml", 1, "type.toml:2:", "audit.enabled: expected true or false, found a string"),
    ("check-config --config table.toml", 1, "table.toml:1:", "audti", "did you mean 'audit'?"),
    ("check-config --config date.toml", 1, "date.toml:5:", "exceptions.expires", "2026-12-31"),
    ("check-config --config wide.toml", 0, "wide.toml:1:1: warning: exceptions", "narrow it with match"),
    ("check-config --config reason.toml", 1, "reason.toml:1:1: error: exceptions", "reason"),
    ("check-config --config rule.toml", 0, "rule.toml:2:1: warning: decisions", "did you mean mounts/outside-home?"),
    ("check-config --config decision.toml", 1, "decision.toml:2:", "'alow'", "allow"),
    ("check-config --config regex.toml", 1, "regex.toml:1:1: error: rules/0/when/subject: this takes a text in quotes"),
    ("check-config --config when.toml", 1, "when.toml:1:1: error: rules/0/when: a condition is a table", "{ effect ="),
    ("check-config --config plugin.toml", 1, "plugin.toml:1:1: error: plugins.mine: /no/such.so cannot be reached"),
    ("check-config --config pathless.toml", 1, "pathless.toml:1:1: error: plugins.mine: needs a path"),
    ("check-config --config hello.so", 1, "hello.so:1:", "expected '='"),
    ("check-config --config .", 1, ".: error: cannot be read: not a regular file"),
    ("check-config --config none.toml", 1, "none.toml: error: cannot be read: No such file or directory"),
    ("status --config none.toml", 1, "none.toml: error: cannot be read: No such file or directory"),
    ("explain --config none.toml -- 'docker ps'", 0, "none.toml: error: cannot be read", "host/config"),
    ("plugin check hello.so", 1, "fail  type", "it is no ELF file", "-shared -fPIC"),
]


class Messages(support.SandboxTest):
    def setUp(self):
        super().setUp()
        for name, text in FILES.items():
            self.box.write(f"project/{name}", text)

    def filled(self, text):
        return text.replace("@PROJECT@", str(self.box.project)).replace("@HOME@", str(self.box.home))

    def words(self, typed):
        front, _, quoted = typed.partition(" -- ")
        return [*front.split(), *(["--", quoted.strip("'")] if quoted else [])]

    def test_errors(self):
        for typed, code, *texts in ERRORS:
            with self.subTest(typed):
                result = self.box.run(*self.words(typed))
                self.assertEqual((result.code, result.stdout), (code, ""), f"\n{result}")
                self.assertTrue(result.stderr.startswith("[safe-docker] "), f"\n{result}")
                for text in texts:
                    self.assertIn(self.filled(text), result.stderr)

    def test_answers(self):
        for typed, code, *texts in ANSWERS:
            with self.subTest(typed):
                result = self.box.run(*self.words(typed))
                self.assertEqual((result.code, result.stderr), (code, ""), f"\n{result}")
                for text in texts:
                    self.assertIn(self.filled(text), result.stdout)

    def test_no_docker(self):
        for words in (("ps",), ("version",)):
            result = self.box.run(*words, env={"PATH": "/nonexistent"})
            self.assertEqual((result.code, result.stdout), (2, ""), f"\n{result}")
            for text in ("[safe-docker] no docker", "PATH", "--docker-path", "SAFE_DOCKER_DOCKER_PATH"):
                self.assertIn(text, result.stderr)

    def test_docker_that_leads_back(self):
        folder = self.box.home.parent / "links"
        folder.mkdir()
        (folder / "docker").symlink_to(self.box.binary)
        result = self.box.run("ps", program=str(folder / "docker"), env={"PATH": str(folder)})
        self.assertEqual(result.code, 2, f"\n{result}")
        self.assertIn("[safe-docker] no docker other than safe-docker itself is in PATH", result.stderr)

    def test_the_hook_says_how_it_is_to_be_fed(self):
        for stdin, says in (("", "the hook's input is empty"), ("docker ps", "is no JSON object"), ("[]", "is no JSON object"),
                            ("{}", "names no tool"), ('{"tool_name": "Bash"}', "has no tool_input.command"),
                            ('{"tool_name": "Bash", "tool_input": {}}', "has no tool_input.command for the tool Bash"),
                            (json.dumps({"tool_name": "Bash", "tool_input": {"command": 1}}), "has no tool_input.command")):
            with self.subTest(stdin):
                result = self.box.run("hook", stdin=stdin)
                self.assertDecision(result, "deny", says, "Check how the hook is wired", "(host/bad-input)")

    def test_the_hook_is_not_for_terminals(self):
        process, terminal = pty.fork()
        if process == 0:
            os.execve(self.box.binary, ["safe-docker", "hook"], self.box.environment(TERM="dumb"))
        text = b""
        while b"judged" not in text:
            text += os.read(terminal, 4096)  # raises when the program has ended
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), 2)
        os.close(terminal)
        for part in (b"[safe-docker] error: hook: standard input is a terminal", b"safe-docker explain -- 'TEXT'"):
            self.assertIn(part, text)

    def test_a_folder_that_is_not_there(self):
        result = self.box.run("explain", "--cwd", "/no/such", "--", "docker ps")
        self.assertEqual(result.code, 0)
        self.assertIn("[safe-docker] warning: explain: --cwd: /no/such is no folder here", result.stderr)

    def test_a_configuration_that_others_may_write(self):
        self.box.configure("").chmod(0o666)
        result = self.box.run("check-config")
        for text in ("config.toml: ", "others may write it", "chmod go-w "):
            self.assertIn(text, result.stdout)

    def test_a_plugin_that_others_may_write(self):
        path = self.box.write("project/open.so", "x", 0o666)
        self.box.configure(f'[plugins.mine]\npath = "{path}"\n')
        result = self.box.run("plugins")
        self.assertEqual(result.code, 1)
        self.assertIn(f"{path} can be written by everyone", result.stdout)
        self.assertTrue(path.stat().st_mode & stat.S_IWOTH)

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_no_permission(self):
        self.box.write("project/secret.toml", "", 0)
        for words in (("check-config", "--config", "secret.toml"), ("test", "secret.toml")):
            result = self.box.run(*words)
            self.assertIn("secret.toml", result.stdout + result.stderr)
            self.assertIn("Permission denied", result.stdout + result.stderr)

    def test_an_audit_log_that_cannot_be_written(self):
        self.box.configure('[audit]\nenabled = true\njsonl_path = "/proc/none/audit.jsonl"\n')
        result = self.box.run("--dry-run", "run", "--privileged", "alpine")
        self.assertEqual(result.code, 1)
        self.assertIn("[safe-docker] warning: the audit log cannot be written: /proc/none", result.stderr)

    def test_trust_without_a_person(self):
        self.box.write("project/.safe-docker.toml", 'allowed_paths = ["/srv"]\n')
        result = self.box.run("trust")
        self.assertEqual(result.code, 2)
        self.assertIn("[safe-docker] error: only a person at a terminal can trust a file", result.stderr)
