"""What a person types: plugins, rules, status, trust, config, check-config, compose resolve, --help, --version."""

import json
import os
import pty

import harness
import support

SHIPPED = ("bake", "compose", "destroy", "devcontainer", "flags", "images", "kube", "mounts", "rootless", "rules")


class Commands(support.SandboxTest):
    def test_plugins_are_listed(self):
        result = self.box.run("plugins")
        self.assertEqual(result.code, 0, f"\n{result}")
        for name in SHIPPED:
            self.assertRegex(result.stdout, rf"(?m)^\W*{name}\b")
        for text in ("outside-home", "privileged", "not-allowed", ".so", "1.0"):
            self.assertIn(text, result.stdout)

    def test_plugins_that_do_not_load_are_listed_too(self):
        self.box.configure('[plugins.broken]\npath = "/no/such/plugin.so"\n')
        result = self.box.run("plugins")
        self.assertIn("broken", result.stdout + result.stderr)
        self.assertNotEqual(result.code, 0)

    def test_version_and_help(self):
        result = self.box.run("--version")
        self.assertEqual(result.code, 0)
        self.assertRegex(result.stdout, r"^safe-docker \d+\.\d+\.\d+\n$")
        result = self.box.run("--help")
        self.assertEqual(result.code, 0)
        for word in ("hook", "--dry-run", "--check-config", "plugins", "--docker-path"):
            self.assertIn(word, result.stdout)

    def test_check_config_reads_the_users_file_by_default(self):
        self.assertEqual(self.box.run("--check-config").code, 0)
        self.box.configure("allowed_path = []\n")
        result = self.box.run("--check-config")
        self.assertEqual(result.code, 1)
        self.assertIn("config.toml:1:1", result.stdout + result.stderr)

    def test_check_config_of_a_missing_file_fails(self):
        self.assertNotEqual(self.box.run("--check-config", "--config", "/no/such/file.toml").code, 0)

    def test_check_config_knows_the_settings_of_plugins(self):
        self.box.configure("[plugins.mounts]\nenabled = true\n")
        self.assertEqual(self.box.run("--check-config").code, 0)

    def resolve(self, text, *words):
        (self.box.project / "resolved.yaml").write_text(text, encoding="utf-8")
        return self.box.run("compose", "-f", "resolved.yaml", "resolve", *words)

    def test_compose_resolve_prints_the_project_as_it_is_judged(self):
        text = "services: {web: {image: nginx, volumes: ['./x:/d:ro'], privileged: 'yes', command: echo \"a b\"}}\n"
        result = self.resolve(text)
        self.assertEqual(result.code, 0, f"\n{result}")
        for line in (f"source: {self.box.project}/x", "read_only: true", "privileged: true", "- a b"):
            self.assertIn(line, result.stdout)
        project = json.loads(self.resolve(text, "--format", "json").stdout)
        self.assertEqual(project["services"]["web"]["volumes"][0]["target"], "/d")
        self.assertEqual(project["networks"], {"default": {"name": f"{self.box.project.name}_default"}})

    def test_what_compose_resolve_prints_resolves_to_itself(self):
        text = ("services:\n  web: {image: 'a$$b', environment: {A: 'y', B: '010', C: '1:2', D: '~', E: ''}, "
                "ports: ['80:80'], mem_limit: 64m, healthcheck: {interval: 90s}}\n")
        first = self.resolve(text)
        self.assertEqual(self.resolve(first.stdout).stdout, first.stdout)

    def test_compose_resolve_of_some_services(self):
        text = "services: {web: {image: a, depends_on: [db]}, db: {image: b}, other: {image: c}}\n"
        project = json.loads(self.resolve(text, "--format=json", "web").stdout)
        self.assertEqual(sorted(project["services"]), ["db", "web"])

    def test_compose_resolve_says_what_is_wrong(self):
        for text, words, code, says in (("services: [\n", (), 1, "resolved.yaml:2:1: yaml:"),
                                        ("services: {a: {extends: b}}\n", (), 1, "service \"b\" not found"),
                                        ("services: {a: {image: x}}\n", ("--format=xml",), 2, "--format is yaml or json"),
                                        ("services: {a: {image: x}}\n", ("--hash", "a"), 2, "does not take --hash"),
                                        ("services: {a: {image: x}}\n", ("nope",), 1, "no such service: nope")):
            result = self.resolve(text, *words)
            self.assertEqual(result.code, code, f"\n{result}")
            self.assertIn(says, result.stderr)

    def test_compose_resolve_of_what_is_called_resolve(self):
        text = "services: {resolve: {image: a}}\n"
        project = json.loads(self.resolve(text, "--format=json", "resolve").stdout)
        self.assertEqual(list(project["services"]), ["resolve"])
        result = self.box.run("compose", "-p", "resolve", "-f", "resolved.yaml", "resolve")
        self.assertIn("name: resolve", result.stdout, f"\n{result}")

    def test_resolve_is_no_command_where_compose_has_arguments(self):
        for words in (("compose", "run", "web", "resolve"), ("compose", "config", "resolve")):
            result = self.box.run("--dry-run", *words)
            self.assertNotIn("services:", result.stdout)
        result = self.box.run("compose", "resolve", "--help")
        self.assertIn("Usage: safe-docker compose", result.stdout)


class PolicyCommands(support.SandboxTest):
    """rules, status, trust, config: what a person asks about the policy in force."""

    PROJECT = ('profile = "strict"\nallowed_paths = ["/srv"]\n[[exceptions]]\nrule = "mounts/outside-home"\n'
               'match = { path = "/opt/**" }\nreason = "tools"\n')

    def project_file(self, text):
        path = self.box.project / ".safe-docker.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def test_rules_are_listed_with_what_is_in_force(self):
        self.box.configure('[decisions]\n"flags/gpu" = "allow"\n[modes]\nwarn = "tag:network"\n')
        result = self.box.run("rules")
        self.assertEqual(result.code, 0, f"\n{result}")
        self.assertRegex(result.stdout, r"(?m)^mounts/outside-home +deny +high ")
        self.assertRegex(result.stdout, r"(?m)^flags/gpu +allow +low ")
        self.assertRegex(result.stdout, r"(?m)^flags/host-namespace +deny \(warned\)")
        rules = {rule["id"]: rule for rule in json.loads(self.box.run("rules", "--json").stdout)}
        self.assertEqual(rules["flags/gpu"]["decision"], "allow")
        self.assertIn("config.toml:2", rules["flags/gpu"]["because"])
        self.assertTrue(all(rule["title"] and rule["why"] and rule["severity"] for rule in rules.values()))

    def test_rules_by_id_tag_and_standard(self):
        for word, found in (("mounts/outside-home", "CIS-5.6"), ("tag:escape", "flags/privileged"),
                            ("CIS-5.4", "flags/capability"), ("images/*", "images/not-allowed")):
            result = self.box.run("rules", word)
            self.assertEqual(result.code, 0, f"\n{result}")
            self.assertIn(found, result.stdout)
        result = self.box.run("rules", "mounts/outsidehome")
        self.assertEqual(result.code, 2)
        self.assertIn("did you mean mounts/outside-home?", result.stderr)

    def test_config_init_writes_a_file_that_is_sound_and_says_what_holds_by_default(self):
        before = json.loads(self.box.run("rules", "--json").stdout)
        result = self.box.run("config", "init")
        self.assertEqual(result.code, 0, f"\n{result}")
        path = self.box.home / ".config/safe-docker/config.toml"
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertIn(": ok", self.box.run("check-config").stdout)
        self.assertEqual(json.loads(self.box.run("rules", "--json").stdout), before)
        self.assertEqual(self.box.run("config", "init").code, 2, "it replaced a file that was there")
        self.assertEqual(self.box.run("config", "init", "--force", "--profile", "strict").code, 0)
        self.assertTrue(path.with_name("config.toml.bak").exists())
        self.assertIn("profile     strict", self.box.run("status").stdout)

    def test_config_sample_has_the_keys_of_config_init_and_none_of_them_in_force(self):
        sample = self.box.run("config", "sample")
        self.assertEqual(sample.code, 0, sample.stderr)
        self.assertEqual([line for line in sample.stdout.splitlines() if line and not line.startswith("#")], [])
        self.box.run("config", "init")
        written = (self.box.home / ".config/safe-docker/config.toml").read_text(encoding="utf-8")
        self.assertEqual([line.lstrip("#") for line in sample.stdout.splitlines()],
                         [line.lstrip("#") for line in written.splitlines()])
        self.box.configure(sample.stdout)
        self.assertIn(": ok", self.box.run("check-config").stdout)

    def test_every_sample_of_config_init_can_be_switched_on(self):
        self.box.run("config", "init")
        path = self.box.home / ".config/safe-docker/config.toml"
        text = "\n".join(line[1:] if line.startswith("#") and not line.startswith("# ") else line
                         for line in path.read_text(encoding="utf-8").splitlines())
        path.write_text(text, encoding="utf-8")
        result = self.box.run("check-config")
        self.assertEqual(result.code, 0, f"\n{text}\n{result}")
        self.assertIn("config.toml: ok", result.stdout)

    def test_the_schema_knows_every_key_of_the_sample(self):
        schema = json.loads(self.box.run("config", "schema").stdout)
        self.assertFalse(schema["additionalProperties"])
        for key in ("profile", "modes", "exceptions", "lists", "rules", "decisions", "audit", "plugins"):
            self.assertIn(key, schema["properties"])
        self.assertIn("rule", schema["$defs"])
        self.assertIn("jsonl_path", schema["properties"]["audit"]["properties"])

    def test_docker_keeps_its_own_commands_of_these_names(self):
        stub = self.box.stub_docker()
        for words in (("config", "ls"), ("trust", "inspect", "alpine")):
            result = self.box.run(*words, env={"PATH": f"{stub}:{harness.SYSTEM_PATH}"})
            self.assertEqual(self.box.recorded()[1:], [*words], f"\n{result}")

    def test_status_says_what_each_line_does(self):
        self.box.configure('profile = "standard"\n')
        self.project_file(self.PROJECT)
        result = self.box.run("status")
        self.assertEqual(result.code, 0, f"\n{result}")
        self.assertRegex(result.stdout, r"1 +tightens +profile = \"strict\"")
        self.assertRegex(result.stdout, r"2 +ignored: not trusted +allowed_paths = \[\"/srv\"\]")
        self.assertIn("made strict by the project", result.stdout)
        report = json.loads(self.box.run("status", "--json").stdout)
        self.assertEqual([file["kind"] for file in report["files"]], ["yours", "the project's, not trusted"])

    def test_trust_needs_a_person_and_shows_what_it_is_for(self):
        path = self.project_file(self.PROJECT)
        result = self.box.run("trust", "--show")
        self.assertEqual(result.code, 0, f"\n{result}")
        self.assertIn('line 2: allowed_paths = ["/srv"]', result.stdout)
        self.assertNotIn("profile", result.stdout, "what tightens needs no trust")
        result = self.box.run("trust")
        self.assertEqual(result.code, 2, f"\n{result}")
        self.assertIn("only a person at a terminal", result.stderr)
        self.assertFalse((self.box.home / ".local/share/safe-docker/trusted").exists())
        path.unlink()
        self.assertIn("there is no .safe-docker.toml", self.box.run("trust").stderr)

    def test_trust_of_a_file_that_only_tightens_or_is_wrong(self):
        self.project_file('profile = "strict"\n')
        self.assertIn("needs no trust", self.box.run("trust").stdout)
        self.project_file("profil = 1\n")
        result = self.box.run("trust")
        self.assertEqual(result.code, 2)
        self.assertIn("has errors", result.stderr)

    def test_a_person_at_a_terminal_trusts_and_the_next_change_ends_it(self):
        path = self.project_file(self.PROJECT)
        mount = "docker run -v /opt/tools/x:/x alpine"
        self.assertDecision(self.box.hook(mount), "deny", "mounts/outside-home")
        self.assertEqual(self.answer_trust("n"), 1)
        self.assertDecision(self.box.hook(mount), "deny", "mounts/outside-home")
        self.assertEqual(self.answer_trust("y"), 0)
        self.assertNotIn("mounts/outside-home", self.box.hook(mount).stdout)
        self.assertIn("the project's, trusted", self.box.run("status").stdout)
        path.write_text(self.PROJECT + "\n", encoding="utf-8")
        self.assertDecision(self.box.hook(mount), "deny", "mounts/outside-home")
        path.write_text(self.PROJECT, encoding="utf-8")
        self.assertEqual(self.box.run("trust", "--remove").code, 0)
        self.assertDecision(self.box.hook(mount), "deny", "mounts/outside-home")

    def answer_trust(self, letter):
        """Runs `safe-docker trust` on a terminal of its own and types `letter`. Returns the exit code."""
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.box.project)
            os.execve(self.box.binary, [self.box.binary, "trust"], self.box.environment())
        seen = b""
        while b"[y/N]" not in seen:
            seen += os.read(terminal, 4096)
        os.write(terminal, letter.encode() + b"\n")
        try:
            while os.read(terminal, 4096):
                pass
        except OSError:
            pass  # the other side is closed
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
