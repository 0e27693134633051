"""How many instructions the whole process takes, against recorded limits. Counted by callgrind, so the figure does not
depend on how busy the machine is.

instructions.py --binary HOST --limits FILE --compose GENERATOR [--record]
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TOLERANCE = 1.05
COMMANDS = {
    "no-docker": "git status && npm test",
    "docker-ps": "docker ps",
    "docker-run": "docker run --rm -v ~/project:/app -e A=b -p 127.0.0.1:80:80 alpine sh -c ls",
    "compose-5": "docker compose up -d",
    "compose-50": "docker compose up -d",
}


def count(binary, scenario, home, generator):
    """Instructions of one run in the user's part of the process."""
    project = home / "project"
    if scenario.startswith("compose-"):
        services = scenario.removeprefix("compose-")
        text = subprocess.run([sys.executable, "-B", generator, services], capture_output=True, text=True, check=True)
        (project / "compose.yaml").write_text(text.stdout, encoding="utf-8")
    request = {"hook_event_name": "PreToolUse", "tool_name": "Bash", "cwd": str(project),
               "tool_input": {"command": COMMANDS[scenario]}}
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", binary, "hook"],
                         input=json.dumps(request), capture_output=True, text=True, cwd=project, env=environment,
                         check=False)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or run.stdout or not found:
        sys.exit(f"{scenario}: expected silence and exit 0, got exit {run.returncode}: {run.stdout}{run.stderr}")
    return int(found[1])


def read_limits(path):
    rows = (line.split("#")[0].split() for line in path.read_text(encoding="utf-8").splitlines())
    return {row[0]: int(row[1]) for row in rows if row}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--limits", required=True, type=pathlib.Path)
    parser.add_argument("--compose", required=True)
    parser.add_argument("--record", action="store_true", help="print the lines that the limits file would hold")
    arguments = parser.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("valgrind is not here: tests/run.sh installs it")

    limits = read_limits(arguments.limits)
    failed = False
    for scenario in COMMANDS:
        with tempfile.TemporaryDirectory(prefix="gate") as folder:
            home = pathlib.Path(os.path.realpath(folder))
            (home / "project").mkdir()
            counted = count(arguments.binary, scenario, home, arguments.compose)
        if arguments.record:
            print(f"{scenario} {counted}")
            continue
        limit = limits.get(scenario)
        too_many = limit is None or counted > limit * TOLERANCE
        failed = failed or too_many
        print(f"{scenario:12} {counted:>10} instructions, recorded {limit}{'  TOO MANY' if too_many else ''}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
