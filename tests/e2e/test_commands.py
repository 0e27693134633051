"""What a person types: plugins, --check-config, --help, --version."""

import support

SHIPPED = ("compose", "destroy", "flags", "images", "mounts", "rootless")


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
