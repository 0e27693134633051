"""What `safe-docker compose resolve` prints, against `docker compose config`, for every project:
    compare_resolved.py --safe-docker PROGRAM --cache FOLDER [--only TEXT] [--verbose] [PLACE...]

The whole trees have to be equal, in the JSON form. What compose refuses has to be refused. Differences that are meant
are rows of resolved_differences.txt, each with its reason; a row that nothing needs any more is an error."""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import projects  # noqa: E402
from compare import PLACES, SKIPPED, find_compose  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent


def run(program, laid_out, extra):
    """What the program, a list of words, prints, as a tree, or None with its complaint."""
    flags, command, arguments = laid_out.split()
    services = [word for word in arguments if not word.startswith("-")] if command in SERVICES_NAMED else []
    done = subprocess.run([*program, *flags, *extra, *services], cwd=laid_out.cwd, env=laid_out.environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        return None, done.stderr.strip()
    return json.loads(done.stdout) if done.stdout.startswith("{") else {"printed": done.stdout}, ""


# The commands whose arguments are services as `config` takes them.
SERVICES_NAMED = ("up", "create", "start", "restart", "watch", "config")


def as_in_yaml(tree):
    """What compose shows in JSON, as it shows it in YAML."""
    for service in (tree.get("services") or {}).values():
        for key in ("command", "entrypoint"):
            if key in service and service[key] is None:
                del service[key]
        for rates in (service.get("blkio_config") or {}).values():
            for rate in rates if isinstance(rates, list) else []:
                for key in [key for key in rate if key != key.lower()]:
                    rate[key.lower()] = rate.pop(key)
        for watch in (service.get("develop") or {}).get("watch") or []:
            if watch.get("exec") == {"command": None}:
                del watch["exec"]
        for key in ("placement", "resources"):
            if (service.get("deploy") or {}).get(key) == {}:
                del service["deploy"][key]
    for network in (tree.get("networks") or {}).values():
        if network.get("ipam") == {}:
            del network["ipam"]
    return tree


def differences(ours, theirs, place=""):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(set(ours) | set(theirs)):
            inner = f"{place}.{key}" if place else key
            if key not in ours:
                yield f"{inner}: missing, compose has {json.dumps(theirs[key])}"
            elif key not in theirs and key.startswith("x-"):
                continue  # compose has extensions in YAML only
            elif key not in theirs:
                yield f"{inner}: {json.dumps(ours[key])}, compose has nothing"
            else:
                yield from differences(ours[key], theirs[key], inner)
    elif ours != theirs:
        yield f"{place}: {json.dumps(ours)}, compose has {json.dumps(theirs)}"


def read_explained():
    """Rows of PATTERN, two blanks or more, REASON; a pattern is searched in "PROJECT: DIFFERENCE"."""
    rows = []
    for line in (HERE / "resolved_differences.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern, _, reason = line.partition("  ")
            rows.append([re.compile(pattern), reason.strip(), 0])
    return rows


def compare(project, safe_docker, compose):
    """The differences of one project; None if compose is not asked."""
    with tempfile.TemporaryDirectory(prefix="resolved-") as folder:
        laid_out = project.lay_out(folder)
        ours, our_complaint = run([safe_docker, "compose"], laid_out, ["resolve", "--format=json"])
        theirs, their_complaint = run([compose], laid_out, ["config", "--no-consistency", "--format", "json"])

        def clean(text):
            return text.replace(folder, "").replace("\n", " | ")[:300]

        if ours is None and theirs is None:
            return []
        if ours is None:
            return [f"refused here: {clean(our_complaint)}"]
        if theirs is None:
            return [f"compose refuses: {clean(their_complaint.splitlines()[-1])}"]
        return [clean(text) for text in differences(ours, as_in_yaml(theirs))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--safe-docker", required=True)
    parser.add_argument("--cache", required=True, help="where a real docker compose is kept")
    parser.add_argument("--only", default="")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("places", nargs="*", default=PLACES)
    arguments = parser.parse_args()
    compose = find_compose(arguments.cache)
    if not compose:
        print("there is no docker compose to compare with")
        sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)
    safe_docker = str(pathlib.Path(arguments.safe_docker).resolve())
    chosen = [project for project in projects.read_all(*arguments.places)
              if project.is_real and arguments.only in f"{project.origin} {project.name}"]
    explained = read_explained()
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda project: compare(project, safe_docker, compose), chosen)
        for project, found in zip(chosen, results):
            for text in found:
                row = next((row for row in explained if row[0].search(f"{project.name}: {text}")), None)
                if row is not None:
                    row[2] += 1
                if row is None or arguments.verbose:
                    print(f"{project.origin} {project.name}: {text}{' (explained)' if row else ''}")
                failures += row is None
    for pattern, reason, uses in explained:
        print(f"explained {uses} times: {pattern.pattern}: {reason}")
        failures += uses == 0 and not arguments.only
    print(f"{len(chosen)} projects, {failures} differences without an explanation")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
