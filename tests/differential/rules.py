"""What may differ between the real client and this project's reading, and why. Each rule has a name, which is counted
and printed. No rule lets an image, a command, a container, or the engine that is reached differ."""
import pathlib
import re
import shlex

# ---- Lines that the client refuses, and that safe-docker need not ask about -----------------------------------------
# The client refuses a line before it asks the engine for anything. Then one of these holds, or safe-docker must ask:
#   a rule below names why the refusal is not one of the language of the command line: another day, on another machine,
#   with another file, the same line runs, and is judged by its effects;
#   or what is refused is a value that has an effect of its own, which is judged by that value (a namespace).

REFUSALS = [
    ("a file is missing, a folder, or not what it should be",
     r"no such file or directory|path .* not found|is a directory|json for seccomp profile"),
    ("a file is there already", r"container ID file found"),
    ("no terminal", r"the input device is not a TTY"),
    ("a flag for another operating system", r"is only supported on a Docker daemon running on windows"),
    ("the client itself crashes", r"^panic: runtime error"),
    ("no such object in the engine",
     r"No such network|could not find generic-resource|No such container|invalid container name|no such thing: /networks|[Nn]o such (secret|config)"),
    ("the client is of no use with this engine", r"requires API version"),
]

# An effect whose value the client refuses: the plugins judge it by that value.
JUDGED_VALUES = [
    ("the namespace is no known one: judged by its name", r"invalid (PID|UTS|USER|CGROUP|IPC) mode", "namespace"),
    ("the device is none: judged as one", r"is not an absolute path|bad format for path|bad mode specified", "device"),
    ("the device is none: judged as one", r"slice bounds out of range|is not an absolute path", "cdi"),
    ("the GPU is none: judged as one", r'for "--gpus" flag', "gpu"),
    ("the cgroup rule is none: judged as one", r'for "--device-cgroup-rule" flag', "device-rule"),
    ("the image is no reference: judged as one", r"invalid reference format|must be lowercase", "image"),
]

# Settings of a container that contradict each other, or that have another form than one flag alone can tell. They mean
# nothing to the host.
HARMLESS_REFUSALS = [
    ("settings without meaning to the host contradict each other",
     r"[Cc]onflicting options: (-a and -d|cannot specify both --(attach|detach|restart|health|no-healthcheck)|--restart|"
     r"--no-healthcheck)|--no-healthcheck conflicts|network-scoped alias|Conflicting options: --restart and --rm|"
     r"max-concurrent can only be used|can't be used with job|for jobs|replicas can only be used|incompatible with|"
     r"either specify --name or provide|"
     r"update and rollback configuration|conflicting options: cannot specify a volume-name|"
     r"Conflicting options: .*--name|conflicting options: cannot attach both|user specified IP|invalid volume name"),
    ("a platform that does not exist", r"parsing specified platform"),
    ("detach keys that do not exist", r"invalid detach keys|Unknown character"),
]


# Settings of builds that the classic builder checks and buildx takes as they are, or ignores.
CLASSIC_ONLY = r'for "(-., )?--(memory|memory-swap|cpu-\w+|cpuset-\w+|build-arg|label|cache-from|add-host|isolation)" flag'


def explain_refusal(output, read):
    if read and read.kind == "build" and re.search(CLASSIC_ONLY, output):
        return "refused, not asked: the classic builder refuses what buildx takes"
    for name, pattern in REFUSALS + HARMLESS_REFUSALS:
        if re.search(pattern, output, re.MULTILINE):
            return "refused, not asked: " + name
    for name, pattern, kind in JUDGED_VALUES:
        if re.search(pattern, output) and read and any(fact[0] == kind for fact in read.facts):
            return "refused, not asked: " + name
    return None


# ---- Facts ----------------------------------------------------------------------------------------------------------


def explain_missing(fact, sent, read):
    """Why the client may send what is not seen so."""
    if fact[0] == "asks" and any(other[0] == "unknown" for other in read.facts):
        return "not seen: asked about instead"
    if fact[0] == "refused-by-engine":
        return "not seen: the engine refuses it"
    if fact[0] == "security" and sent.kind == "build":
        return "not seen: the engine refuses it"  # on Linux, with the classic builder; buildx ignores it
    if fact[:2] == ("namespace", "network") and sent.kind == "build" and "=" in fact[2]:
        return "not seen: the engine refuses it"  # there is no long form of a build's network
    if fact[0] == "names" and any(fact[1] in str(part) for other in read.facts for part in other[1:]):
        return "not seen: the driver is named in another effect"
    return None


def explain_extra(fact, sent, read):
    """Why more may be seen than the client sends. All of these rules go one way: towards more danger."""
    kind = fact[0]
    refused = [" ".join(other[1:]) for other in sent.facts if other[0] == "refused-by-engine"]
    if kind in ("mount", "volume") and any(fact[1] in text or fact[2] in text for text in refused):
        return "seen: a mount that the engine refuses"
    if kind == "unknown" and refused and "volume" in fact[1]:
        return "seen: a mount that the engine refuses"
    if kind == "unknown" and any(other[0] in ("asks", "names") for other in sent.facts):
        return "seen: a driver or a type of mount that is asked about"
    if kind == "read" and fact[2] == "seccomp profile" and ("security", "seccomp", "PROFILE") in sent.facts:
        return "seen: the file of the profile that was sent"
    if kind == "read" and fact[2] == "Dockerfile":
        folders = [other[1] for other in sent.facts if other[0] == "read" and other[2] == "build context"]
        if not fact[1] or any(fact[1].startswith(folder + "/") for folder in folders):
            return "seen: a Dockerfile that is a part of the context"
    if kind == "option":
        return ""
    long_form = sent.kind == "build" and any(other[0] == "namespace" and "=" in other[2] for other in sent.facts)
    if long_form and kind == "sysctl" or kind == "namespace" and any(other[:2] == fact[:2] for other in sent.facts):
        return "seen: a network that a later one replaces, or that a build does not read so"
    if kind == "sysctl" and any(other[:2] == fact[:2] for other in sent.facts):
        return "seen: a value that a later one replaces"
    if kind == "unknown" and re.match(r"--(pid|ipc|uts|userns|cgroupns) '", fact[1]):
        return "seen: a namespace that no engine knows"
    if fact == ("image", ""):
        return "seen: an empty image, which changes nothing"
    if kind == "pass-environment":
        return "seen: a variable that is not set here"
    return None


# ---- Versions -------------------------------------------------------------------------------------------------------


class Differences:
    """version_differences.txt: what clients of different versions read differently."""

    def __init__(self, path):
        self.flags = []
        self.values = []
        for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1):
            words = shlex.split(line, comments=True)
            if not words:
                continue
            if words[0] == "flag" and len(words) == 5:
                self.flags.append((words[1], words[2], words[3], float(words[4])))
            elif words[0] == "value" and len(words) == 4:
                self.values.append((re.compile(words[1]), re.compile(words[2], re.MULTILINE), words[3]))
            else:
                raise ValueError(f"{path}:{number}: expected 'flag COMMANDS NAME SHORT FIRST' "
                                 "or 'value LINE ANSWER FROM-BEFORE'")

    def explain(self, line, command, version, output, accepted):
        """Why a case says nothing with a client of this version; None if it has to agree."""
        numbers = version[0] + version[1] / 100
        for commands, name, short, since in self.flags:
            unknown = rf"unknown flag: --{re.escape(name)}$" if short == "-" else \
                rf"unknown flag: --{re.escape(name)}$|unknown shorthand flag: '{short}' in"
            concerns = numbers < since and command in commands.split(", ")
            if concerns and not accepted and re.search(unknown, output, re.MULTILINE):
                return f"version: --{name} since {since:g}"
        for word, answer, versions in self.values:
            low, _, high = versions.partition("-")
            if float(low or 0) <= numbers < float(high or 999) and word.search(line):
                if re.search(answer, output) if not accepted else answer.pattern == "accepted":
                    return f"version: {word.pattern}"
        return None
