"""From the audit log to policy: audit suggest, baseline, anomalies."""

import json
import re
import tomllib

import audit_log
import test_audit_commands


def uncommented(fragment):
    """The fragment with all that it only proposes in force."""
    return re.sub(r"(?m)^# (?=\[\[exceptions\]\]$|rule = |match = |reason = )", "", fragment)


def run_with(path, number, **more):
    return audit_log.run([audit_log.mount(path)], number=number,
                         findings=[audit_log.outside_home(path) | {"decision": "ask", "raised": "ask"}], **more)


class Suggest(test_audit_commands.LogTest):
    ASKING = '[decisions]\n"mounts/outside-home" = "ask"\n'  # it is denied otherwise

    def suggest(self, *words, **more):
        return self.audit("suggest", *words, **more).stdout

    def exceptions(self, fragment):
        return [(each["rule"], each["match"]) for each in tomllib.loads(fragment).get("exceptions", [])]

    def replay(self, config):
        data = json.loads(self.audit("replay", "--json", "--config", self.box.write("new.toml", config)).stdout)
        return {(each["before"], each["after"], each["rule"]): each["count"] for each in data["changes"]}

    def approve(self, *paths, answer="yes", times=2):
        return [run_with(path, number, mode="wrapper", answer=answer, session_id="")
                for number, path in enumerate(path for path in paths for _ in range(times))]

    def test_what_was_approved_becomes_configuration(self):
        self.box.configure(self.ASKING)
        self.log(*self.approve("/data/one"), *self.approve("/srv/two", times=1),
                 audit_log.run([{"k": audit_log.PRIVILEGED, "n": "container", "w": "--privileged"}], number=8,
                               findings=[audit_log.privileged()]))
        fragment = self.suggest()
        self.assertEqual(self.exceptions(fragment), [("mounts/outside-home", {"path": "/data/one"})])
        self.assertEqual(self.replay(self.ASKING), {})
        self.assertEqual(self.replay(self.ASKING + fragment), {("ask", "allow", "mounts/outside-home"): 2})
        # With it in force there is nothing more to suggest.
        self.box.configure(self.ASKING + fragment)
        self.assertEqual(self.exceptions(uncommented(self.suggest())), [])

    def test_never_writes_and_is_stable(self):
        path = self.box.configure(self.ASKING)
        self.log(*self.approve("/data/b"), *self.approve("/data/a"), *self.approve("/data/sets/c"))
        first = self.suggest()
        self.assertEqual(first, self.suggest())
        self.assertEqual(path.read_text(encoding="utf-8"), self.ASKING)
        self.assertEqual([match["path"] for _, match in self.exceptions(first)], ["/data/a", "/data/b", "/data/sets/c"])

    def test_siblings_stand_for_their_folder(self):
        self.box.configure(self.ASKING)
        for paths, expected in (
                (("/data/sets/a", "/data/sets/b", "/data/sets/c"), ["/data/sets/**"]),
                (("/data/sets/a", "/data/sets/b"), ["/data/sets/a", "/data/sets/b"]),
                (("/data/a", "/data/b", "/data/c"), ["/data/a", "/data/b", "/data/c"]),  # a whole first folder
                (("/home/a", "/home/b", "/home/c"), ["/home/a", "/home/b", "/home/c"])):  # above the home
            with self.subTest(paths):
                self.log(*self.approve(*paths))
                self.assertEqual([match["path"] for _, match in self.exceptions(self.suggest())], expected)

    def test_who_said_no_once_is_asked_again(self):
        self.box.configure(self.ASKING)
        self.log(*self.approve("/data/one", times=5), *self.approve("/data/one", answer="no", times=1))
        fragment = self.suggest()
        self.assertEqual(self.exceptions(fragment), [])
        self.assertIn("asked 6 times on 2025-10-09, approved 5 times, refused 1 time\n", fragment)

    def test_asks_of_a_hook_are_only_proposed(self):
        self.log(*(audit_log.run([audit_log.add_capability("IPC_LOCK")], number=number * 40,
                                 findings=[audit_log.capability("IPC_LOCK")]) for number in range(2)),
                 audit_log.run([audit_log.add_capability("MKNOD2")], findings=[audit_log.capability("MKNOD2")]))
        fragment = self.suggest()
        self.assertEqual(self.exceptions(fragment), [])
        self.assertEqual(self.exceptions(uncommented(fragment)), [("flags/other-capability", {"value": "IPC_LOCK"})])
        self.assertIn("the log cannot know the answer", fragment)
        self.assertEqual(self.replay(uncommented(fragment)), {("ask", "allow", "flags/other-capability"): 2})
        self.assertIn("MKNOD2", self.suggest("--min-count", "1"))
        self.assertNotIn("IPC_LOCK", self.suggest("--decision", "deny"))

    def test_images_by_repository(self):
        self.box.configure('allowed_images = ["busybox"]\n')
        for tag in ("1", "2", "sha256-x"):
            self.box.hook(f"docker run ghcr.io/me/tool:{tag}", env={"SAFE_DOCKER_AUDIT": "1"})
        fragment = self.suggest()
        self.assertEqual(self.exceptions(fragment), [])
        self.assertEqual(self.exceptions(uncommented(fragment)), [("images/not-allowed", {"image": "ghcr.io/me/tool"})])
        config = 'allowed_images = ["busybox"]\n' + uncommented(fragment)
        self.assertEqual(self.replay(config), {("deny", "allow", "images/not-allowed"): 3})

    def test_power_over_the_host_is_explained_not_excused(self):
        for command in ("docker run --privileged alpine", "docker run -v /var/run/docker.sock:/s alpine",
                        "docker run -v /:/host alpine", "docker run -v /etc:/x alpine", "docker run --pid host alpine",
                        "docker run --network host alpine", "docker run --cap-add SYS_ADMIN alpine",
                        "docker run --cap-add ALL alpine", "docker run --device /dev/sda alpine",
                        "docker run --security-opt seccomp=unconfined alpine", "SAFE_DOCKER_BYPASS=1 docker ps",
                        "docker run --use-api-socket alpine", "docker swarm join --token x 10.0.0.1:2377",
                        'docker run -v "$NOWHERE:/x" alpine', "docker plugin install x", "docker frobnicate",
                        "docker run -v /home:/x alpine", 'eval "$(printf docker; date)"'):
            for session in ("a", "b", "c"):
                result = self.box.hook(command, session_id=session, env={"SAFE_DOCKER_AUDIT": "1"})
                self.assertNotEqual(result.verdict()[0], "allow", command)
        fragment = self.suggest()
        self.assertEqual(self.exceptions(uncommented(fragment)), [])
        for text in ("# flags/privileged: denied", "# mounts/engine-socket", "# host/self-protection: asked 3 times",
                     "power over the host", "instead: "):
            self.assertIn(text, fragment)

    def test_hostile_texts_stay_texts(self):
        self.box.configure(self.ASKING)
        evil = '/data/x"]\n[[exceptions]]\nrule = "all"\\'
        self.log(*self.approve("/data/" + 'q"\\u0041\\', evil, "/data/*", "/data/\u202egpj", "/data/\x1b[2J"),
                 *(run_with("/data/plain", 90 + number, mode="wrapper", answer="yes",
                            written='x\n[[exceptions]]\nrule="all"\nreason="r"\u202e') for number in range(2)))
        fragment = self.suggest()
        self.assertEqual([match["path"] for _, match in self.exceptions(uncommented(fragment))],
                         ["/data/plain", '/data/q"\\u0041\\'])
        self.assertNotIn("\u202e", fragment)
        self.assertNotIn("\x1b", fragment)

    def test_why(self):
        self.log(audit_log.run([audit_log.mount("/data/x")], findings=[audit_log.outside_home("/data/x")], number=1),
                 audit_log.run([{"k": audit_log.PRIVILEGED, "n": "container", "w": "--privileged"}], number=2,
                               findings=[audit_log.privileged()]))
        text = self.suggest("--why", "0000000000001001")
        self.assertIn("then: deny; now: deny", text)
        self.assertIn('an exception would be: [[exceptions]] rule = "mounts/outside-home", match = { path = "/data/x" }',
                      text)
        self.assertIn("no exception is suggested: it would give", self.suggest("--why", "0000000000001002"))
        self.assertIn("no record has the id", self.audit("suggest", "--why", "nothing", code=2).stderr)

    def test_what_is_wrong_is_said(self):
        self.log()
        for words, text in ((("--min-count", "0"), "--min-count wants"), (("--decision", "allow"), "--decision is"),
                            (("--since", "x"), "no time"), (("--config", "/no/such"), "/no/such")):
            self.assertIn(text, self.audit("suggest", *words, code=2).stderr)
        self.assertIn("Nothing was met often enough", self.suggest())


class Projects(test_audit_commands.LogTest):
    """Records of commands in projects that have configuration of their own."""

    def test_the_file_of_the_project_counts(self):
        for name in ("strict", "plain"):
            folder = self.box.home / name
            (folder / ".git").mkdir(parents=True)
        self.box.write("strict/.safe-docker.toml", 'blocked_capabilities = ["IPC_LOCK"]\n')
        for _ in range(3):
            for name, decision in (("strict", "deny"), ("plain", "ask")):
                result = self.box.hook("docker run --cap-add IPC_LOCK alpine", cwd=self.box.home / name,
                                       env={"SAFE_DOCKER_AUDIT": "1"})
                self.assertEqual(result.verdict()[0], decision)
        data = json.loads(self.audit("replay", "--json").stdout)
        self.assertEqual((data["replayed"], data["changed"]), (6, 0))
        self.box.write("strict/.safe-docker.toml", "\n")
        data = json.loads(self.audit("replay", "--json").stdout)
        self.assertEqual([(each["before"], each["after"], each["count"]) for each in data["changes"]],
                         [("deny", "ask", 3)])


class Anomalies(test_audit_commands.LogTest):
    APP = "/home/me/app"

    def ordinary(self, count, start=0, **more):
        return [audit_log.run([audit_log.mount(self.APP, "/app")], "node:20", number=start + number,
                              **({"project": self.APP} | more)) for number in range(count)]

    def unusual(self, *words):
        return [(each["project"], each["does"], each["commands_before"], each["times"])
                for each in json.loads(self.audit("anomalies", "--json", *words).stdout)]

    def test_first_time(self):
        other = audit_log.run([audit_log.mount("/home/me/other/deep")], "node:22", number=212, project=self.APP)
        self.log(*self.ordinary(212), other)
        text = self.audit("anomalies").stdout
        self.assertIn("first time that this project mounts ~/other; 0 of 212 commands before did\n", text)
        self.assertEqual(self.unusual(), [(self.APP, "mounts ~/other", 212, 1)])
        self.audit("anomalies", "--exit-code", code=1)
        self.audit("anomalies", "--exit-code", "--until", "2025-10-09T09:00:00Z")

    def test_small_logs_say_so(self):
        self.log(*self.ordinary(19), audit_log.run([audit_log.mount("/other/x")], number=19, project=self.APP))
        result = self.audit("anomalies", "--exit-code").stdout
        self.assertEqual(result, "nothing unusual\n")
        self.log(*self.ordinary(5))
        self.assertIn("fewer than 20 commands", self.audit("anomalies").stdout)

    def test_projects_have_pasts_of_their_own(self):
        self.log(*self.ordinary(30), *self.ordinary(30, 30, project="/home/me/web"),
                 audit_log.run([audit_log.mount("/home/me/web")], "node:20", number=60, project=self.APP),
                 audit_log.run([audit_log.mount("/home/me/app")], "node:20", number=61, project="/home/me/web"))
        self.assertEqual(self.unusual(), [(self.APP, "mounts ~/web", 30, 1)])

    def test_trying_does_not_make_usual(self):
        tries = [audit_log.run([{"k": audit_log.PRIVILEGED, "n": "container"}], "node:20", number=30 + number,
                               project=self.APP, findings=[audit_log.privileged()]) for number in range(9)]
        self.log(*self.ordinary(30), *tries)
        self.assertEqual(self.unusual(), [(self.APP, "makes a container privileged", 30, 9)])

    def test_new_images_may_be_daily_work(self):
        various = [audit_log.run([], f"image{number}", number=number, project=self.APP) for number in range(40)]
        self.log(*various)
        self.assertEqual(self.unusual(), [])

    def test_baseline(self):
        self.log(*self.ordinary(25), *self.ordinary(3, 25, project=""))
        text = self.audit("baseline").stdout
        self.assertIn("(outside of projects): 3 commands", text)
        self.assertRegex(text, r"(?m)^       25  mounts its own files$")
        file = self.box.home / "past.json"
        self.audit("baseline", "-o", file, "--project", self.APP)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        data = json.loads(file.read_text(encoding="utf-8"))
        self.assertEqual([(each["project"], each["commands"]) for each in data["projects"]], [(self.APP, 25)])
        self.log(audit_log.run([audit_log.mount("/other/place")], "node:20", number=99, project=self.APP))
        self.assertEqual(self.unusual(), [])
        self.assertEqual(self.unusual("--baseline", file), [(self.APP, "mounts /other/place", 25, 1)])
        file.write_text("{}", encoding="utf-8")
        self.assertIn("no baseline", self.audit("anomalies", "--baseline", file, code=2).stderr)

    def test_old_lines_count(self):
        lines = []
        for record in self.ordinary(25) + [audit_log.run([audit_log.mount("/other/x")], "node:20", number=25,
                                                         project=self.APP)]:
            del record["v"], record["requests"], record["findings"]
            lines.append(record)
        self.log(*lines)
        self.assertEqual(self.unusual(), [(self.APP, "mounts /other/x", 25, 1)])
