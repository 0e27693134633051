"""The lines that tests reach, a row a room: coverage_report.py PROJECT BUILD SUMMARY.json FILES.txt

SUMMARY.json is llvm-cov's export. FILES.txt gets a row a file. Exits with 1 if a room is below its limit."""

import collections
import json
import os
import pathlib
import sys

# The least percentage of lines; None: printed only.
LIMITS = {"host/docker": 90, "host/shell": 90, "host/policy": 90, "plugins": 90, "host/audit": None, "host/commands": None,
          "host/modes": None, "host/plugins": None, "host": None, "plugin-api": None}


def room_of(path):
    """The longest of the names above that is in front of `path`."""
    return max((room for room in LIMITS if path.startswith(room + "/")), key=len, default=None)


def main():
    project, build, summary, files = map(pathlib.Path, sys.argv[1:])
    covered, lines, rows = collections.Counter(), collections.Counter(), []
    for entry in json.loads(summary.read_text(encoding="utf-8"))["data"][0]["files"]:
        path = pathlib.Path(os.path.normpath(build / entry["filename"]))  # a compiler cache writes them as seen from there
        name = str(path.relative_to(project)) if path.is_relative_to(project) else ""
        room = room_of(name)
        if room:
            figures = entry["summary"]["lines"]
            covered[room] += figures["covered"]
            lines[room] += figures["count"]
            rows.append((figures["count"] - figures["covered"], figures["count"], name))
    rows.sort(reverse=True)
    files.write_text("".join(f"{missed:6} of {count:6} not reached  {name}\n" for missed, count, name in rows),
                     encoding="utf-8")
    below = []
    for room, limit in LIMITS.items():
        percent = 100 * covered[room] / lines[room] if lines[room] else 0
        print(f"{percent:5.1f} %  {covered[room]:6} of {lines[room]:6} lines  {room}" + (f"  (at least {limit} %)" if limit else ""))
        if limit and percent < limit:
            below.append(room)
    for room in below:
        print(f"error: {room}: fewer lines are reached than must be; {files} lists its files")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
