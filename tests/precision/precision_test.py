"""Ordinary work stays silent: precision_test.py --binary PROGRAM [ROWS...]

Each row of silent.cases is asked of the program as Claude Code asks, in the project of a copy of home/ (one copy for
all rows: the program judges and changes nothing). A row fails when it is interrupted by ask or deny, or when the program
does not end properly. Files with rows of your own may be named instead.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
LINE_BREAK = "↵"
LEAST_ROWS = 1100


def rows_of(path):
    """(place, command) of each row; a blank line and one that begins with # is none."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield f"{path.name}:{number}", line.replace(LINE_BREAK, "\n")


def interruption(binary, home, command):
    """What the program said about a command, or "" when it was silent."""
    project = home / "project"
    request = {"session_id": "precision", "transcript_path": "/nowhere", "cwd": str(project),
               "permission_mode": "default", "hook_event_name": "PreToolUse", "tool_name": "Bash",
               "tool_input": {"command": command, "description": "a test"}, "tool_use_id": "toolu_1"}
    environment = {"HOME": str(home), "USER": "dev", "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    done = subprocess.run([binary, "hook"], input=json.dumps(request).encode(), capture_output=True, cwd=project,
                          env=environment, timeout=60, check=False)
    if done.returncode != 0:
        return f"exit status {done.returncode}: {done.stderr.decode(errors='replace').strip()}"
    if done.stdout == b"":
        return ""
    output = json.loads(done.stdout)["hookSpecificOutput"]
    return f"{output['permissionDecision']}: {output['permissionDecisionReason']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, type=pathlib.Path)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth row, for slow builds")
    parser.add_argument("rows", nargs="*", type=pathlib.Path, metavar="ROWS")
    arguments = parser.parse_args()
    binary = str(arguments.binary.resolve(strict=True))
    rows = [row for path in arguments.rows or [FOLDER / "silent.cases"] for row in rows_of(path)]
    if not arguments.rows and len(rows) < LEAST_ROWS:
        sys.exit(f"silent.cases has {len(rows)} rows; {LEAST_ROWS} are the least")
    interrupted = 0
    with tempfile.TemporaryDirectory(prefix="precision") as folder:
        home = pathlib.Path(folder).resolve() / "dev"
        shutil.copytree(FOLDER / "home", home, symlinks=True)
        home.chmod(0o755)
        for place, command in rows[::arguments.every]:
            said = interruption(binary, home, command)
            if said:
                interrupted += 1
                shown = command.replace("\n", LINE_BREAK)
                print(f"{place}: {shown}\n    " + said.replace("\n", "\n    "))
    print(f"{len(rows[::arguments.every])} commands, {interrupted} interrupted")
    sys.exit(interrupted != 0)


if __name__ == "__main__":
    main()
