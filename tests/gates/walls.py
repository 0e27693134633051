"""The walls between the rooms: who may include what. walls.py SOURCE-FOLDER"""

import pathlib
import re
import sys

# Folder: what a file in it may not include. A room of the host is named by its folder, as its includes are written
# (from host/, so "docker/request.hpp").
ROOMS = ["shell/", "docker/", "policy/", "plugins/", "audit/", "modes/", "commands/", "conformance/", "agents/"]
WALLS = {
    "plugin-api/include": ["host/", *ROOMS],
    "plugins": ["host/", *ROOMS, "command_line", "file_system"],
    "host/shell": ["docker/", "policy/", "plugins/", "audit/", "modes/", "commands/", "conformance/", "agents/",
                   "safe_docker/"],
    "host/shell/syntax": ["values/", "walk/", "runners/", "tools/", "foreign/"],
    "host/shell/values": ["walk/", "runners/", "foreign/"],
    "host/shell/runners": ["walk/", "foreign/"],
    "host/shell/tools": ["walk/", "runners/", "foreign/"],
    "host/shell/foreign": ["walk/"],
    "host/docker": ["shell/", "policy/", "plugins/", "audit/", "modes/", "commands/", "conformance/", "agents/"],
    "host/policy": ["shell/", "docker/", "plugins/", "modes/", "commands/", "audit/", "conformance/",
                    "agents/"],
    "host/plugins": ["shell/", "modes/", "commands/", "audit/", "conformance/", "agents/"],
    "host/conformance": ["shell/", "audit/", "modes/", "commands/", "agents/"],
    "host/agents": ["shell/", "docker/", "policy/", "plugins/", "audit/", "modes/", "commands/", "conformance/"],
    "host/audit": ["shell/", "modes/", "commands/", "conformance/", "agents/"],
    "host/modes": ["commands/", "conformance/", "agents/"],
    "host/colors": ROOMS,
    "host/command_line": ROOMS,
    "host/file_system": ROOMS,
    "host/guard": ROOMS,
    "host/own_commands": ROOMS,
    "host/printable": ROOMS,
    "host/sha256": ROOMS,
    "host/toml": ROOMS,
    "host/diagnostics": ROOMS,
}
# What plugins share: libraries, no plugins. They may include none of them.
SHARED = {"yaml"}
# What plugin-api/ may include at all: the standard headers, which have no folder and no ".h" of ours, and itself.
STANDARD = re.compile(r"[a-z_0-9]+(\.h)?")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
SUFFIXES = {".c", ".h", ".cpp", ".hpp"}


def included(path):
    return INCLUDE.findall(path.read_text(encoding="utf-8"))


def own_files(root, start):
    """The sources whose path begins with `start`, a folder or the beginning of a file's name."""
    for path in sorted((root / start).parent.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix in SUFFIXES and (name.startswith(start + "/") or name.startswith(start + ".")):
            yield path


def broken_walls(root):
    for start, forbidden in WALLS.items():
        for path in own_files(root, start):
            for name in included(path):
                plain = re.sub(r"^(\.\./)+", "", name)
                if any(plain.startswith(room) for room in forbidden):
                    yield f"{path.relative_to(root)} includes {name}"
    for path in own_files(root, "plugin-api/include"):
        for name in included(path):
            if not STANDARD.fullmatch(name) and not name.startswith("safe_docker/"):
                yield f"{path.relative_to(root)} includes {name}, which is no standard header"
    for path in own_files(root, "plugins"):
        for name in included(path):
            other = re.match(r"(?:\.\./)*([a-z_]+)/", name)
            if other and other[1] not in SHARED and (root / "plugins" / other[1]).is_dir():
                yield f"{path.relative_to(root)} includes {name} of another plugin"
    for name in ("util", "common", "utils", "helpers"):
        for folder in ("host", "plugins"):
            yield from (f"{path.relative_to(root)}: a thing lives with the thing that it serves"
                        for path in (root / folder).rglob(name) if path.is_dir())


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    files = sum(1 for start in WALLS for _ in own_files(root, start))
    if files < 20:
        sys.exit(f"only {files} files found below {root}: nothing was checked")
    broken = list(broken_walls(root))
    print("\n".join(broken) or f"{files} files, all walls stand")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
