"""What a person types: plugins, --check-config, compose resolve, --help, --version."""

import json

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
