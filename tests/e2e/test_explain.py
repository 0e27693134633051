"""safe-docker explain: how a verdict comes about."""

import json

import support


class Explain(support.SandboxTest):
    def explain(self, *words, code=0, env=None):
        result = self.box.run("explain", *words, env=env)
        self.assertEqual(result.code, code, f"\n{result}")
        return result

    def facts(self, *words):
        return json.loads(self.explain("--json", *words).stdout)

    def test_each_step_is_told(self):
        text = self.explain("--", "cd /tmp && docker run -v /etc:/x --network host alpine ls").stdout
        for part in ("docker run -v /etc:/x --network host alpine ls  in /tmp", "docker container run",
                     "makes the host's /etc visible in the container as /x, to read and write",
                     "deny  mounts/outside-home", "deny  flags/host-namespace", "-v /etc:/x: would mount",
                     "Host power: this container could write /etc, and join the host's network",
                     "Verdict: deny  (profile standard"):
            self.assertIn(part, text)
        self.assertNotIn("\x1b", text)

    def test_it_agrees_with_the_hook(self):
        for command in ("docker ps", "docker run --privileged alpine", "docker volume rm data", "docker $X", "ls",
                        "docker compose up", "curl --unix-socket /var/run/docker.sock http://x/info"):
            decision, _ = self.box.hook(command).verdict()
            self.assertEqual(self.facts("--", command)["verdict"], decision, command)

    def test_words_instead_of_a_text(self):
        for words in (("run", "-v", "/etc:/x", "alpine"), ("docker", "run", "-v", "/etc:/x", "alpine")):
            facts = self.facts("--argv", *words)
            self.assertEqual(facts["commands"][0]["words"], ["docker", "run", "-v", "/etc:/x", "alpine"])
            self.assertEqual(facts["verdict"], "deny")
        self.assertEqual(self.facts("--argv", "ps", "--json")["commands"][0]["words"], ["docker", "ps", "--json"])

    def test_json_has_everything(self):
        facts = self.facts("--", "docker run --privileged alpine")
        self.assertEqual(facts["host_power"], "this container could do all that root can do on the host")
        self.assertEqual((facts["verdict"], facts["profile"], facts["cwd"]), ("deny", "standard", str(self.box.project)))
        self.assertEqual(facts["requests"][0]["effects"][0]["kind"], "privileged")
        finding = facts["findings"][0]
        self.assertEqual((finding["rule"], finding["raised"], finding["decision"], finding["treatment"]),
                         ("flags/privileged", "deny", "deny", "enforced"))
        self.assertIn("--privileged", finding["written"])
        self.assertIn("Leave --privileged out", finding["advice"])

    def test_nothing_beyond_the_project(self):
        facts = self.facts("--", "docker run --rm -v ./src:/src -p 8080:80 nginx")
        self.assertEqual((facts["verdict"], facts["host_power"]), ("allow", "nothing of the host beyond the project"))
        self.assertIn("none that concerns docker", self.explain("--", "ls -l").stdout)

    def test_services_of_a_project(self):
        facts = self.facts("--", "docker compose up")
        self.assertEqual({each["service"] for each in facts["requests"]} - {""}, {"web", "db"})
        self.assertIn("service web", self.explain("--", "docker compose up").stdout)

    def test_what_the_configuration_makes_of_a_finding(self):
        self.box.configure('[modes]\naudit = ["flags/*"]\n[[exceptions]]\nrule = "mounts/outside-home"\n'
                           'match = { path = "/etc" }\nreason = "looked at"\n')
        command = "docker run --privileged -v /etc:/x alpine"
        findings = {each["rule"]: each for each in self.facts("--", command)["findings"]}
        self.assertEqual((findings["flags/privileged"]["raised"], findings["flags/privileged"]["decision"],
                          findings["flags/privileged"]["treatment"]), ("deny", "allow", "audited"))
        self.assertEqual(findings["mounts/outside-home"]["treatment"], "excused")
        text = self.explain("--", command).stdout
        self.assertRegex(text, r"deny -> allow, excused \(exception .*config\.toml:3.*looked at\)  mounts/outside-home")
        self.assertIn("Verdict: allow", text)

    def test_another_configuration_and_folder(self):
        path = self.box.write("other.toml", 'allowed_paths = ["/etc"]\n')
        self.assertEqual(self.facts("--config", path, "--", "docker run -v /etc:/x alpine")["verdict"], "allow")
        facts = self.facts("--cwd", "/etc", "--", "docker run -v .:/x alpine")
        self.assertEqual((facts["verdict"], facts["cwd"]), ("deny", "/etc"))
        facts = self.facts("--cwd", "sub", "--", "docker ps")
        self.assertEqual(facts["cwd"], str(self.box.project / "sub"))

    def test_a_project_that_is_stricter(self):
        path = self.box.write("project/.safe-docker.toml", 'profile = "strict"\n')
        facts = self.facts("--", "docker run alpine")
        self.assertEqual((facts["profile"], facts["verdict"]), ("strict", "deny"))
        self.assertIn(str(path), facts["files"])

    def test_an_error_in_the_configuration_is_told(self):
        self.box.configure("allowed_path = []\n")
        text = self.explain("--", "docker ps").stdout
        self.assertIn("ask  host/config-error", text)
        self.assertIn("config.toml:1:16: error", text)

    def test_nothing_is_run_or_logged(self):
        folder = self.box.stub_docker()
        self.box.configure("[audit]\nenabled = true\n")
        self.explain("--argv", "ps", env={"PATH": f"{folder}:/usr/bin:/bin"})
        self.explain("--", "docker ps; touch made", env={"PATH": f"{folder}:/usr/bin:/bin"})
        self.assertIsNone(self.box.recorded())
        self.assertFalse((self.box.project / "made").exists())
        self.assertFalse(list(self.box.home.rglob("*.jsonl")))

    def test_colours_only_where_they_are_wanted(self):
        command = ("--", "docker run --privileged alpine")
        self.assertNotIn("\x1b", self.explain(*command).stdout)
        self.assertIn("\x1b", self.explain(*command, env={"CLICOLOR_FORCE": "1"}).stdout)
        self.assertNotIn("\x1b", self.explain(*command, env={"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}).stdout)

    def test_a_text_cannot_speak_to_the_terminal(self):
        self.assertNotIn("\x1b", self.explain("--", "docker run '\x1b[2J' alpine").stdout)

    def test_exit_code(self):
        self.explain("--exit-code", "--", "docker run --privileged alpine", code=1)
        self.explain("--exit-code", "--", "docker volume rm data")
        self.explain("--", "docker run --privileged alpine")

    def test_called_wrongly(self):
        for words, says in (((), "TEXT"), (("--", "docker", "ps"), "quote it"), (("--argv",), "--argv"),
                            (("x", "--argv", "ps"), "--argv"), (("--jsn", "--", "ls"), "did you mean --json?")):
            result = self.explain(*words, code=2)
            self.assertIn(says, result.stderr)
            self.assertNotIn("internal failure", result.stderr)
