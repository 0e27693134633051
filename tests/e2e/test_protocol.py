"""Hook mode on its wire: what comes in on stdin, and what goes out."""

import json

import support

DANGEROUS = "docker run --privileged alpine"


class Input(support.SandboxTest):
    def ask(self, text, **more):
        return self.box.run("hook", stdin=text, **more)

    def test_invalid_json_is_denied(self):
        for text in ("{", "docker ps", "[1, 2", '{"tool_name": "Bash"', '{"a": 1} {"b": 2}', "\0"):
            with self.subTest(text):
                self.assertDecision(self.ask(text), "deny", "(host/bad-input)")

    def test_other_json_is_denied(self):
        for text in ("[]", "null", "3", '"docker ps"', "true"):
            with self.subTest(text):
                self.assertDecision(self.ask(text), "deny", "(host/bad-input)")

    def test_empty_input_is_denied(self):
        for text in ("", "\n", "   "):
            with self.subTest(text):
                self.assertDecision(self.ask(text), "deny", "(host/bad-input)")

    def test_invalid_utf8_is_denied_or_judged(self):
        text = json.dumps({"tool_name": "Bash", "tool_input": {"command": DANGEROUS}}).encode()
        result = self.ask(text.replace(b"alpine", b"alp\xff\xfeine"))
        self.assertDecision(result, "deny")

    def test_too_large_input_is_denied(self):
        request = {"tool_name": "Bash", "tool_input": {"command": "ls"}, "filler": "x" * (256 * 1024)}
        self.assertDecision(self.ask(json.dumps(request)), "deny", "(host/bad-input)")

    def test_input_below_the_limit_is_judged(self):
        request = {"tool_name": "Bash", "tool_input": {"command": "ls"}, "cwd": str(self.box.project),
                   "filler": "x" * (256 * 1024 - 300)}
        self.assertSilent(self.ask(json.dumps(request)))

    def test_deep_json_is_denied(self):
        self.assertDecision(self.ask("[" * 100_000), "deny", "(host/bad-input)")
        self.assertDecision(self.ask('{"a":' * 40_000), "deny", "(host/bad-input)")

    def test_shell_tool_without_command_is_denied(self):
        for tool_input in ({}, {"command": None}, {"command": 3}, {"command": ["docker", "ps"]}, {"cmd": "ls"}):
            with self.subTest(str(tool_input)):
                result = self.box.hook("", tool_input=tool_input)
                self.assertDecision(result, "deny", "(host/bad-input)")

    def test_shell_tool_without_input_is_denied(self):
        for text in ('{"tool_name": "Bash"}', '{"tool_name": "Bash", "tool_input": null}',
                     '{"tool_name": "Bash", "tool_input": "docker ps"}'):
            with self.subTest(text):
                self.assertDecision(self.ask(text), "deny", "(host/bad-input)")

    def test_request_without_tool_name_is_not_silently_allowed_if_dangerous(self):
        self.assertDecision(self.ask(json.dumps({"tool_input": {"command": DANGEROUS}})), "deny")

    def test_other_tools_are_none_of_our_business(self):
        for tool in ("Read", "Write", "Edit", "Grep", "WebFetch", "Agent", "Task", "mcp__github__create_issue"):
            with self.subTest(tool):
                self.assertSilent(self.box.hook(DANGEROUS, tool_name=tool))
        self.assertSilent(self.box.hook("", tool_name="Read", tool_input={"file_path": "/etc/passwd"}))

    def test_every_shell_tool_is_judged(self):
        for tool in ("Bash", "PowerShell", "Monitor"):
            with self.subTest(tool):
                self.assertDecision(self.box.hook(DANGEROUS, tool_name=tool), "deny", "(flags/privileged)")
                self.assertSilent(self.box.hook("docker ps", tool_name=tool))

    def test_powershell_is_not_read_as_bash(self):
        hidden = ("Start-Process docker -ArgumentList run,--privileged,alpine", "iex 'docker run --privileged alpine'",
                  "DOCKER run --privileged alpine", "echo C:\\;docker run --privileged alpine",
                  'echo "a\\"; docker run --privileged alpine; echo "', "$d = 'docker'; & $d run --privileged alpine",
                  "dock`er run --privileged alpine", "docker run -v $env:HOME:/x alpine")
        for command in hidden:
            with self.subTest(command):
                self.assertIn(self.box.hook(command, tool_name="PowerShell").verdict()[0], ("ask", "deny"))
        for command in ("Get-ChildItem C:\\ | Select-Object Name", "docker compose ps", "npm test; if ($?) { git push }"):
            with self.subTest(command):
                self.assertSilent(self.box.hook(command, tool_name="PowerShell"))

    def test_monitor_of_a_web_socket_runs_no_command(self):
        self.assertSilent(self.box.hook("", tool_name="Monitor", tool_input={"ws": {"url": "wss://example.com"}}))

    def test_unknown_fields_are_tolerated(self):
        more = {"effort": {"level": "high"}, "agent_id": "a", "future": [1, {"x": [None]}], "permission_mode": "plan"}
        self.assertSilent(self.box.hook("docker ps", **more))
        self.assertDecision(self.box.hook(DANGEROUS, **more), "deny")

    def test_only_the_fields_that_matter_are_needed(self):
        self.assertSilent(self.ask('{"tool_name":"Bash","tool_input":{"command":"docker ps"}}'))
        self.assertDecision(self.ask(json.dumps({"tool_name": "Bash", "tool_input": {"command": DANGEROUS}})), "deny")

    def test_white_space_around_the_json(self):
        self.assertSilent(self.ask('\n  {"tool_name":"Bash","tool_input":{"command":"docker ps"}}  \n'))

    def test_escapes_in_json(self):
        text = '{"tool_name":"Bash","tool_input":{"command":"\\u0064ocker run \\u002d\\u002dprivileged alpine"}}'
        self.assertDecision(self.ask(text), "deny", "(flags/privileged)")

    def test_nul_in_the_command_is_not_allowed(self):
        result = self.box.hook("docker run -v \0/etc:/x alpine")
        self.assertIn(result.verdict()[0], ("ask", "deny"), f"\n{result}")

    def test_empty_command_is_silent(self):
        for command in ("", " ", "\n"):
            self.assertSilent(self.box.hook(command))

    def test_hook_is_the_mode_without_arguments(self):
        self.assertDecision(self.box.hook(DANGEROUS, words=()), "deny", "(flags/privileged)")
        self.assertSilent(self.box.hook("docker ps", words=()))

    def test_a_duplicated_key_cannot_hide_a_command(self):
        first = '{"tool_name":"Bash","tool_input":{"command":"docker run --privileged alpine","command":"ls"}}'
        last = '{"tool_name":"Bash","tool_input":{"command":"ls","command":"docker run --privileged alpine"}}'
        self.assertDecision(self.ask(last), "deny")
        # JSON.parse, which the agent uses, takes the last one.
        self.assertIn(self.ask(first).verdict()[0], ("allow", "deny"))


class Advice(support.SandboxTest):
    def test_an_engine_is_advised_on_once_and_only_to_who_is_asked(self):
        ask = "docker run -v ~/.ssh:/a alpine; docker run -v ~/.ssh:/b alpine"
        self.assertEqual(self.box.hook(ask).verdict()[1].count("rootless/rootful-engine"), 1)
        self.assertNotIn("rootless/", self.box.hook("docker run --privileged alpine").verdict()[1])
        self.assertSilent(self.box.hook("docker run --rm alpine"))


class Environment(support.SandboxTest):
    def test_cwd_comes_from_the_request(self):
        self.assertDecision(self.box.hook("docker run -v .:/x alpine", cwd="/etc"), "deny", "(mounts/outside-home)")
        self.assertSilent(self.box.hook("docker run -v ./src:/x alpine", cwd=self.box.project))

    def test_unknown_cwd_is_not_guessed(self):
        result = self.box.hook("docker run -v ./src:/x alpine", cwd="relative/folder")
        self.assertIn(result.verdict()[0], ("ask", "deny"), f"\n{result}")
        self.assertSilent(self.box.hook("docker run --rm alpine", cwd="relative/folder"))

    def test_home_unset_or_relative_is_not_allowed(self):
        for home in ("", "relative"):
            with self.subTest(home):
                result = self.box.hook("docker run -v /opt/x:/x alpine", env={"HOME": home})
                self.assertIn(result.verdict()[0], ("ask", "deny"), f"\n{result}")

    def test_home_that_is_not_known_is_named_as_the_reason(self):
        for home in ("", "relative", "/", "//"):
            with self.subTest(home):
                reason = self.assertDecision(self.box.hook("docker run -v ./src:/x alpine", env={"HOME": home}), "deny",
                                             "(mounts/outside-home)")
                self.assertIn("your home is not known", reason)
                self.assertNotIn("outside your home", reason)
                self.assertIn("Set HOME", reason)

    def test_home_with_a_slash_behind_it_and_home_as_a_link(self):
        link = self.box.home.parent / "link"
        link.symlink_to(self.box.home)
        for home in (f"{self.box.home}/", f"{link}", f"{link}/", f"{self.box.home}/../home"):
            with self.subTest(home):
                expected = ("deny", "(mounts/outside-home)") if ".." in home else ("ask", "(mounts/sensitive-path)")
                self.assertDecision(self.box.hook("docker run -v ~/.ssh:/x alpine", env={"HOME": home}), *expected)
                if ".." not in home:
                    self.assertSilent(self.box.hook("docker run -v ./src:/x alpine", env={"HOME": home}))
                    self.assertDecision(self.box.hook("docker run -v /etc:/x alpine", env={"HOME": home}), "deny")

    def test_cwd_that_is_gone_or_no_folder_is_not_guessed(self):
        for cwd in ("relative", "./x", "~"):
            with self.subTest(cwd):
                for command in ("docker run -v .:/x alpine", "docker run --env-file app.env alpine", "docker build ."):
                    self.assertDecision(self.box.hook(command, cwd=cwd), "ask", "(mounts/unresolved)")
        self.assertSilent(self.box.hook("docker run -v .:/x alpine", cwd=self.box.home / "gone"))
        self.assertDecision(self.box.hook("docker run -v .:/x alpine", cwd="/gone"), "deny", "(mounts/outside-home)")

    def test_folder_above_a_link_is_judged_as_docker_names_it(self):
        (self.box.home / ".ssh" / "link").symlink_to(self.box.project / "src")
        self.assertDecision(self.box.hook("cd ~/.ssh/link && docker run -v ..:/x alpine"), "ask",
                            "(mounts/sensitive-path)")

    def test_allowed_paths_below_an_unknown_home_allow_nothing(self):
        config = self.box.write("config.toml", 'allowed_paths = ["~/data"]')
        result = self.box.hook("docker run -v /data:/x alpine", env={"HOME": "", "SAFE_DOCKER_CONFIG": str(config)})
        self.assertDecision(result, "deny", "HOME does not say where that is")

    def test_wrapper_takes_the_folder_above_as_docker_does(self):
        link = self.box.home.parent / "link"
        link.symlink_to(self.box.project)
        for pwd, decision in ((link, "deny"), (self.box.home, "ask"), ("/gone", "ask"), ("", "ask")):
            with self.subTest(pwd):
                result = self.box.run("--dry-run", "run", "-v", "..:/x", "alpine", env={"PWD": str(pwd)})
                self.assertIn(f"Decision: {decision}", result.stdout, f"\n{result}")

    def test_home_as_root_folder_does_not_open_everything(self):
        result = self.box.hook("docker run -v /etc:/x alpine", env={"HOME": "/"})
        self.assertIn(result.verdict()[0], ("ask", "deny"), f"\n{result}")

    def test_bypass_is_not_honoured_in_the_hooks_own_environment(self):
        result = self.box.hook(DANGEROUS, env={"SAFE_DOCKER_BYPASS": "1"})
        self.assertDecision(result, "deny", "(flags/privileged)")

    def test_ask_is_not_settled_by_the_environment(self):
        result = self.box.hook("docker run --gpus all alpine", env={"SAFE_DOCKER_ASK": "allow"})
        self.assertDecision(result, "ask", "(flags/gpu)")

    def test_variables_of_the_process_are_known(self):
        self.assertDecision(self.box.hook("docker run -v $DATA:/x alpine", env={"DATA": "/etc"}), "deny")
        self.assertSilent(self.box.hook("docker run -v $DATA:/x alpine", env={"DATA": "@HOME@/data"}))


class Output(support.SandboxTest):
    def test_reason_names_rule_evidence_and_way_out(self):
        reason = self.assertDecision(self.box.hook("docker run -v /etc:/x alpine"), "deny", "/etc",
                                     "(mounts/outside-home)")
        self.assertTrue(reason.startswith("[safe-docker] "), reason)

    def test_several_findings_are_a_list(self):
        reason = self.assertDecision(self.box.hook("docker run --privileged --pid=host -v /etc:/x alpine"), "deny",
                                     "(flags/privileged)", "(flags/host-namespace)", "(mounts/outside-home)")
        self.assertGreaterEqual(len(reason.splitlines()), 3, reason)

    def test_control_characters_do_not_reach_the_terminal(self):
        reason = self.assertDecision(self.box.hook("docker run -v $'/etc/\\e[31m\\a\\r':/x alpine"), "deny")
        self.assertNotRegex(reason, r"[\x00-\x08\x0b-\x1f\x7f]")

    def test_nothing_on_standard_error_for_an_ordinary_answer(self):
        self.assertEqual(self.box.hook("docker ps").stderr, "")
        self.assertEqual(self.box.hook("git status").stderr, "")

    def test_large_commands_are_answered(self):
        self.assertSilent(self.box.hook("echo " + "x" * 200_000))
        self.assertDecision(self.box.hook("echo " + "x" * 200_000 + "; " + DANGEROUS), "deny")
        self.assertDecision(self.box.hook("docker run " + "-e A=b " * 20_000 + "--privileged alpine"), "deny")

    def test_deeply_nested_text_is_not_allowed_and_does_not_crash(self):
        for text in ("( " * 20_000 + DANGEROUS + " )" * 20_000, "$(" * 20_000 + DANGEROUS + ")" * 20_000,
                     "{ " * 20_000 + DANGEROUS + "; }" * 20_000, '"$(' * 20_000 + DANGEROUS + ')"' * 20_000):
            with self.subTest(text[:3]):
                result = self.box.hook(text)
                self.assertIn(result.verdict()[0], ("ask", "deny"))
                self.assertEqual(result.code, 0, str(result)[:300])
