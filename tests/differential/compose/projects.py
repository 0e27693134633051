"""Compose projects as data: reads the files of tests/unit/compose/cases and of projects/, and lays a project out on disk.

    === name of the project
    --- compose.yaml            a file, below /home/me/app unless it is absolute (then it must be below /home/me)
    ...
    !env NAME=value             a variable of the process
    !cwd /home/me/app/sub       the folder that the command runs in; relative ones are below /home/me/app
    !folder data                an empty folder
    !link a b                   a symbolic link a to b
    >>> -f compose.yaml up -d web     the command, without "docker compose"; `up` if there is none
    ...                         what is expected, which is of no interest here

/home/me becomes a folder of its own, in the files, in the variables and in the command.
"""
import dataclasses
import pathlib
import shlex

HOME = "/home/me"
APP = HOME + "/app"
# What only a pretended host can do.
UNREAL = ("unknown", "unreadable")
# Flags of compose itself with a value, so that the next word is not the command.
VALUED_FLAGS = ("-f", "--file", "-p", "--project-name", "--profile", "--env-file", "--project-directory", "--workdir",
                "--progress", "--ansi", "--parallel")


@dataclasses.dataclass
class LaidOut:
    """A project on disk, and how to start compose in it."""
    home: pathlib.Path
    cwd: pathlib.Path
    environment: dict
    words: list  # the command, without "docker compose"

    def split(self):
        """The flags of compose, the command, and what follows it."""
        index = 0
        while index < len(self.words) and self.words[index].startswith("-"):
            index += 2 if self.words[index] in VALUED_FLAGS else 1
        return self.words[:index], self.words[index], self.words[index + 1:]


@dataclasses.dataclass
class Project:
    origin: str  # FILE:LINE
    name: str
    files: dict = dataclasses.field(default_factory=dict)  # absolute path: text
    folders: list = dataclasses.field(default_factory=list)
    links: list = dataclasses.field(default_factory=list)
    environment: dict = dataclasses.field(default_factory=dict)
    cwd: str = APP
    command: str = "up"
    is_real: bool = True  # False if no disk could hold it

    def lay_out(self, root, path_variable="/usr/bin:/bin"):
        """Writes the files below `root`, whose home/me is the home of the project."""
        root = pathlib.Path(root).resolve()

        def moved(text):
            return text.replace(HOME, str(root) + HOME)

        for folder in (APP, self.cwd, *self.folders):
            pathlib.Path(moved(folder)).mkdir(parents=True, exist_ok=True)
        for name, text in self.files.items():
            path = pathlib.Path(moved(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(moved(text).encode("utf-8", "surrogateescape"))
        for name, target in self.links:
            path = pathlib.Path(moved(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(moved(target))
        environment = {"HOME": moved(HOME), "PATH": path_variable, "PWD": moved(self.cwd)}
        environment.update({name: moved(value) for name, value in self.environment.items()})
        return LaidOut(pathlib.Path(moved(HOME)), pathlib.Path(moved(self.cwd)), environment,
                       [moved(word) for word in shlex.split(self.command)])


def _absolute(path):
    return path if path.startswith("/") else APP + "/" + path


def _add_setting(project, line):
    name, _, value = line[1:].partition(" ")
    if name == "env":
        key, _, text = value.partition("=")
        project.environment[key] = text
    elif name == "cwd":
        project.cwd = _absolute(value)
    elif name == "folder":
        project.folders.append(_absolute(value))
    elif name == "link":
        link, target = value.split(" ")
        project.links.append((_absolute(link), target))
    elif name in UNREAL:
        project.is_real = False


def read_projects(path):
    """All projects of one file."""
    path = pathlib.Path(path)
    projects = []
    lines = None  # of the file that is being read
    text = path.read_text(encoding="utf-8", errors="surrogateescape")
    for number, line in enumerate(text.split("\n")[:-1], 1):
        if line.startswith("=== "):
            projects.append(Project(f"{path.name}:{number}", line[4:]))
            lines = None
        elif not projects:
            continue
        elif line.startswith("--- "):
            lines = projects[-1].files.setdefault(_absolute(line[4:]), [])
        elif line.startswith(">>> "):
            projects[-1].command = line[4:]
            lines = None
        elif line.startswith("!"):
            _add_setting(projects[-1], line)
        elif lines is not None:
            lines.append(line + "\n")
    for project in projects:
        project.files = {name: "".join(lines) for name, lines in project.files.items()}
        outside = any(not name.startswith(HOME + "/") for name in project.files)
        project.is_real = project.is_real and not outside and "?" not in project.command.split()
    return projects


def read_all(*places):
    """All projects of the files, and of the *.txt in the folders, that are named."""
    projects = []
    for place in map(pathlib.Path, places):
        for path in sorted(place.glob("*.txt")) if place.is_dir() else [place]:
            projects.extend(read_projects(path))
    return projects
