"""`safe-docker completion`: the scripts, in real shells. Where a docker command stands, docker's own completion is asked:
here one that says which words it was given."""

import os
import pathlib
import pty
import select
import subprocess
import time
import unittest

import support

# Stand in for docker's completion, in the form that each shell's has.
DOCKER = {
    "bash": r'''_of_docker() { COMPREPLY=("docker-${COMP_WORDS[*]}-$COMP_CWORD-$COMP_LINE-$COMP_POINT-$2-$3"); }
complete -F _of_docker docker
''',
    "zsh": r'''_of_docker() { compadd -U -- "docker-$words-$CURRENT" }
compdef _of_docker docker
''',
    "fish": r'''complete -c docker -f -a '(echo docker-(commandline -opc | string join "+"))'
complete -c docker -f -a pull
''',
}

# Prints what is offered behind the words of the last line.
BASH = r'''
COMP_LINE=$1
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
COMP_POINT=${#COMP_LINE}
_safe_docker
printf '%s\n' "${COMPREPLY[@]}"
'''

# Writes what is offered for the line that is typed, and "=end=", to $OFFERS. compadd is what all completions end in.
ZSH = r'''
autoload -Uz compinit
compinit -u -D
compadd() {
  local -a hits
  # With one of these it looks for something and offers nothing.
  if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
    builtin compadd -O hits "$@"
    print -rl -- $hits >>$OFFERS
  fi
  builtin compadd "$@"
}
offer() {
  _main_complete
  print '=end=' >>$OFFERS
}
zle -C offer complete-word offer
bindkey '^I' offer
'''


BASH_COMPLETION = pathlib.Path("/usr/share/bash-completion/bash_completion")


def words_of(line):
    """The words of `line` as bash hands them over: the last one empty if there is a blank behind them, and each = a word."""
    return line.replace("=", " = ").rstrip(" ").split() + ([""] if line.endswith(" ") else [])


class Completion(support.SandboxTest):
    def script(self, shell):
        result = self.box.run("completion", shell)
        self.assertEqual((result.code, result.stderr), (0, ""), f"\n{result}")
        return result.stdout

    def file(self, name, text):
        path = self.box.home / name
        path.write_text(text, encoding="utf-8")
        return path

    def printed(self, *command):
        """What the command prints in the project's folder, line by line; nothing on standard error."""
        result = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=self.box.project, check=False,
                                env=self.box.environment(XDG_CONFIG_HOME=str(self.box.home / "config")))
        # docker's own completion asks the engine for its images.
        said = [line for line in result.stderr.splitlines() if not line.startswith("Cannot connect to the Docker daemon")]
        self.assertEqual(said, [], command)
        return [line for line in result.stdout.split("\n") if line]

    def bash(self, line, docker):
        path = self.file("complete.bash", self.script("bash") + docker + BASH)
        return self.printed("bash", "--norc", str(path), line, *words_of(line))

    def fish(self, line, docker):
        path = self.file("complete.fish", docker + self.script("fish") + "complete -C $argv[1]\n")
        return [offer.split("\t")[0] for offer in self.printed("fish", "--no-config", str(path), line)]

    def zsh(self, line, docker):
        return self.typed_into_zsh(ZSH + self.script("zsh") + docker, line)[0]

    def typed_into_zsh(self, setup, *lines):
        """Types each line and a tab at a terminal. Returns what is offered for each."""
        path = self.file("complete.zsh", setup + "PS1='ready> '\n")
        offers = self.file("offers", "")
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.box.project)
            os.execvpe("zsh", ["zsh", "-f", "-i"], self.box.environment(OFFERS=str(offers), TERM="dumb", ZDOTDIR="/"))
        try:
            until = time.monotonic() + 30
            seen = b""
            os.write(terminal, f"source {path}\n".encode())
            while b"ready> " not in seen:
                self.assertTrue(select.select([terminal], [], [], 30)[0], f"zsh does not begin: {seen}")
                seen += os.read(terminal, 4096)
            for count, line in enumerate(lines, 1):
                os.write(terminal, b"\x15" + line.encode() + b"\t")
                while offers.read_text(encoding="utf-8").split("\n").count("=end=") < count:
                    self.assertLess(time.monotonic(), until, f"nothing is offered for {line}")
                    time.sleep(0.01)
        finally:
            os.kill(child, 9)
            os.waitpid(child, 0)
            os.close(terminal)
        parts = offers.read_text(encoding="utf-8").split("=end=\n")[:-1]
        return [[offer for offer in part.split("\n") if offer] for part in parts]

    SHELLS = {"bash": bash, "zsh": zsh, "fish": fish}

    def offers(self, shell, line, docker=None):
        return self.SHELLS[shell](self, line, DOCKER[shell] if docker is None else docker)

    def assertOffers(self, line, *words, shells=("bash", "zsh", "fish")):
        """Each shell offers these, in any order; docker's own offers are not looked at."""
        for shell in shells:
            with self.subTest(shell=shell, line=line):
                found = {offer for offer in self.offers(shell, line) if not offer.startswith(("docker-", "pull"))}
                # fish completes the whole word, bash and zsh what is behind the =.
                found = {offer.split("=", 1)[-1] if "=" in line else offer for offer in found}
                self.assertEqual(sorted(found), sorted(words))

    def assertDockerIsAsked(self, line, *words):
        """docker's completion is asked with these words in front of the last one, besides whatever else is offered."""
        last = words_of(line)[-1]
        told = {"bash": f"docker-{' '.join([*words, last])}-{len(words)}-{' '.join([*words, last])}-"
                        f"{len(' '.join([*words, last]))}-{last}-{words[-1]}",
                "zsh": f"docker-{' '.join([*words, last])}-{len(words) + 1}", "fish": f"docker-{'+'.join(words)}"}
        for shell, text in told.items():
            # fish drops what does not begin with what is typed.
            typed = line if shell != "fish" else line[:len(line) - len(last)] + "docker-"
            with self.subTest(shell=shell, line=typed):
                self.assertIn(text, self.offers(shell, typed))

    def test_commands(self):
        self.assertOffers("safe-docker aud", "audit")
        self.assertOffers("safe-docker audit s", "show", "stats", "suggest")
        self.assertOffers("safe-docker plugin n", "new")

    def test_options(self):
        self.assertOffers("safe-docker audit show --fo", "--follow")
        self.assertOffers("safe-docker --dr", "--dry-run")
        self.assertOffers("safe-docker audit show --last 3 --se", "--session")

    def test_values(self):
        self.assertOffers("safe-docker audit show --output ", "compact", "dict", "json", "jsonl")
        self.assertOffers("safe-docker audit show -o ", "compact", "dict", "json", "jsonl")
        self.assertOffers("safe-docker audit show --output=js", "json", "jsonl")
        self.assertOffers("safe-docker completion ", "bash", "fish", "zsh")
        self.assertOffers("safe-docker audit show --last ")

    def test_files_and_folders(self):
        self.box.write("project/odd/policy.toml", "")
        self.assertOffers("safe-docker test odd/po", "policy.toml", shells=["zsh"])
        self.assertOffers("safe-docker test odd/po", "odd/policy.toml", shells=["fish"])
        self.assertOffers("safe-docker explain --cwd od", "odd", shells=["bash"])
        self.assertOffers("safe-docker explain --cwd od", "odd/", shells=["fish"])
        self.assertIn("odd", self.offers("zsh", "safe-docker explain --cwd od"))

    def test_a_file_is_completed_at_a_terminal(self):
        """For bash no offer means a file, but only where it is really asked to complete."""
        self.box.write("project/odd-policy.toml", "")
        setup = self.file("rc", self.script("bash") + "PS1='ready> '\n")
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.box.project)
            os.execvpe("bash", ["bash", "--rcfile", str(setup), "-i"], self.box.environment(TERM="dumb"))
        try:
            seen = b""
            for wanted, typed in ((b"ready> ", b"safe-docker test odd-p\t"), (b"odd-policy.toml", b"\x15")):
                while wanted not in seen:
                    self.assertTrue(select.select([terminal], [], [], 30)[0], f"bash completes nothing: {seen}")
                    seen += os.read(terminal, 4096)
                os.write(terminal, typed)
        finally:
            os.kill(child, 9)
            os.waitpid(child, 0)
            os.close(terminal)

    def test_zsh_finds_the_installed_file_again_and_again(self):
        folder = self.box.home / "functions"
        folder.mkdir()
        self.file("functions/_safe-docker", self.script("zsh"))
        offers = self.typed_into_zsh(f"fpath=({folder} $fpath)\n" + ZSH, "safe-docker aud", "safe-docker audit v",
                                     "safe-docker expl")
        self.assertEqual([[offer for offer in each if offer in ("audit", "verify", "explain")] for each in offers],
                         [["audit"], ["verify"], ["explain"]])

    def test_dockers_commands_are_dockers(self):
        self.assertDockerIsAsked("safe-docker ru", "docker")
        self.assertDockerIsAsked("safe-docker run --rm x", "docker", "run", "--rm")
        self.assertDockerIsAsked("safe-docker --dry-run aud", "docker")
        self.assertDockerIsAsked("safe-docker --docker-path /x/docker run x", "docker", "run")
        self.assertDockerIsAsked("safe-docker explain --json --argv run x", "docker", "run")

    @unittest.skipUnless(BASH_COMPLETION.exists() and pathlib.Path("/usr/share/bash-completion/completions/docker").exists(),
                         "no completion of docker is installed")
    def test_the_completion_that_docker_comes_with(self):
        folder = "/usr/share/fish/vendor_completions.d"
        for shell, docker in (("bash", f"source {BASH_COMPLETION}\n"), ("zsh", ""),
                              ("fish", f"set -p fish_complete_path {folder}\n")):
            for words in ("run", "--dry-run container run", "explain --argv run"):
                with self.subTest(shell=shell, words=words):
                    offers = self.offers(shell, f"safe-docker {words} --privi", docker)
                    self.assertEqual(set(offers), {"--privileged"})

    def test_commands_that_docker_has_too(self):
        self.assertOffers("safe-docker config s", "sample", "schema")
        self.assertDockerIsAsked("safe-docker config x", "docker", "config")
        self.assertDockerIsAsked("safe-docker config inspect x", "docker", "config", "inspect")
        self.assertDockerIsAsked("safe-docker compose -f a.yaml x", "docker", "compose", "-f", "a.yaml")

    def test_without_completion_of_docker(self):
        self.box.write("project/odd-file", "")
        for shell in ("zsh", "fish"):
            self.assertEqual(self.offers(shell, "safe-docker run odd-", docker=self.NONE[shell]), ["odd-file"], shell)
        self.assertEqual(self.offers("bash", "safe-docker aud", docker=""), ["audit"])
        self.assertEqual(self.offers("zsh", "safe-docker aud", docker=self.NONE["zsh"]), ["audit"])

    NONE = {"zsh": "unset '_comps[docker]'\n", "fish": "complete -e -c docker\n"}

    def test_completion_for_powershell_is_dockers(self):
        stub = self.box.stub_docker()
        self.box.run("completion", "powershell", env={"PATH": f"{stub}:/usr/bin:/bin"})
        self.assertEqual(self.box.recorded()[1:], ["completion", "powershell"])
        for words in ((), ("bash", "zsh")):
            self.box.forget()
            result = self.box.run("completion", *words, env={"PATH": f"{stub}:/usr/bin:/bin"})
            self.assertEqual((result.code, self.box.recorded()), (2, None), f"\n{result}")

    def test_called_as_docker_it_is_dockers(self):
        stub = self.box.stub_docker()
        link = self.box.home / "docker"
        link.symlink_to(self.box.binary)
        self.box.run("completion", "bash", program=str(link), env={"PATH": f"{stub}:/usr/bin:/bin"})
        self.assertEqual(self.box.recorded()[1:], ["completion", "bash"])


class ManualPages(support.SandboxTest):
    def test_they_are_written_with_their_date(self):
        result = self.box.run("manual", "--date", "2026-11-22", "pages")
        self.assertEqual(result.code, 0, f"\n{result}")
        page = (self.box.project / "pages/safe-docker-audit-show.1").read_text(encoding="utf-8")
        self.assertTrue(page.startswith('.TH "SAFE\\-DOCKER\\-AUDIT\\-SHOW" "1" "2026-11-22" '), page)
        for text in ("\n\\fB\\-f\\fR, \\fB\\-\\-follow\\fR\n", ".BR safe\\-docker\\-audit (7)"):
            self.assertIn(text, page)

    def test_what_stands_in_the_way_is_named(self):
        (self.box.project / "pages").mkdir()
        (self.box.project / "target").write_text("mine", encoding="utf-8")
        (self.box.project / "pages/safe-docker.1").symlink_to("../target")
        for words, says in ((("pages",), "pages/safe-docker.1 cannot be written"), (("target",), "target: "), ((), "folder"),
                            (("--date", "soon", "pages"), "--date wants a day such as 2026-11-22, not 'soon'")):
            result = self.box.run("manual", *words)
            self.assertEqual(result.code, 2, f"\n{result}")
            self.assertIn(says, result.stderr)
        self.assertEqual((self.box.project / "target").read_text(encoding="utf-8"), "mine")
        (self.box.project / "pages/safe-docker.1").unlink()
        os.mkfifo(self.box.project / "pages/safe-docker.1")
        result = self.box.run("manual", "pages", timeout=20)
        self.assertEqual(result.code, 2, f"\n{result}")
        self.assertIn("pages/safe-docker.1 cannot be written: ", result.stderr)
