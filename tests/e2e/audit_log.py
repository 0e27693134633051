"""Makes audit logs for tests and figures: records as docs/audit.md has them, of commands as a day's work brings them.

audit_log.py COUNT [FILE]    writes COUNT records (about 1 KB each) to FILE or standard output
"""

import json
import random
import sys
import time

HOME = "/home/me"
START = 1_760_000_000_000_000_000  # 2025-10-09T08:53:20Z
STEP = 20_000_000_000

# Kinds of effects, as in plugin-api/include/safe_docker/plugin.h.
UNKNOWN, MOUNT, READ, VOLUME, PRIVILEGED, CAPABILITY, NAMESPACE = 1, 2, 3, 6, 8, 9, 10
DEVICE, IMAGE, ENGINE, DESTROY, RUN, PORT, CONTROL = 11, 18, 19, 20, 22, 23, 31
READ_ONLY, DIRECTORY, EXISTS = 1, 8, 16
STANDARD = ["deny", "ask", "ask"]
DENIED = ["deny", "deny", "ask"]


def engine():
    return {"k": ENGINE, "s": "unix:///var/run/docker.sock", "n": "default"}


def image(name):
    full = name if "/" in name else "docker.io/library/" + name
    return {"k": IMAGE, "s": full if ":" in full else full + ":latest", "n": "run", "w": name}


def mount(path, target="/x", read_only=False):
    flags = EXISTS | DIRECTORY | (READ_ONLY if read_only else 0)
    return {"k": MOUNT, "f": flags, "s": path, "n": "bind", "t": target, "r": path,
            "w": f"-v {path}:{target}", **({"o": "ro"} if read_only else {})}


def request(command, effects, options=(), arguments=(), **more):
    return {"command": command, "program": "docker", "engine": "unix:///var/run/docker.sock", "options": list(options),
            "arguments": list(arguments), "effects": [engine(), *effects], **more}


def finding(rule, decision, message, about=None, by_profile=None, **more):
    return {"rule": rule, "raised": decision, "decision": decision, "treatment": "enforced", "message": message,
            **({"about": about} if about else {}),
            "by_profile": by_profile or (DENIED if decision == "deny" else STANDARD), **more}


def record(command, requests=(), findings=(), number=0, project="/home/me/project", **more):
    """One record; `more` overrides or adds fields. With a value of None a field is left out."""
    decisions = ["allow", *(each["decision"] for each in findings)]
    decision = max(decisions, key=["allow", "ask", "deny"].index)
    strongest = [each for each in findings if each["decision"] == decision]
    effects = [effect for each in requests for effect in each["effects"]]
    nano = more.pop("time", START + number * STEP)
    seconds, rest = divmod(nano, 1_000_000_000)
    fields = {
        "v": 1, "id": f"{number + 0x1000:016x}",
        "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{rest:09d}Z",
        "timestamp_unix_nano": nano, "event": "decision", "session_id": f"session-{number // 40}",
        "agent": "claude-code", "tool": "Bash", "mode": "hook", "command": command, "decision": decision,
        "reason": strongest[0]["message"] if strongest else "no objection",
        "rules": list(dict.fromkeys(each["rule"] for each in findings)),
        "docker_subcommand": requests[0]["command"] if requests else "",
        "docker_image": next((each["s"] for each in effects if each["k"] == IMAGE), ""),
        "bind_mounts": [f"{each['s']}:{each['t']}" for each in effects if each["k"] == MOUNT],
        "dangerous_flags": [], "cwd": project, "home": HOME, "project": project, "pid": 1000 + number % 30000,
        "host_name": "laptop", "environment": "development", "config_source": "default", "config_hash": "0" * 16,
        "profile": "standard", "duration_us": 400 + number % 97 * 7, "redactions": [], "answer": "",
        "findings": list(findings), "requests": list(requests)}
    fields.update(more)
    return {name: value for name, value in fields.items() if value is not None}


def run(effects, name="alpine", written="", findings=(), **more):
    words = " ".join(effect["w"] for effect in effects if "w" in effect)
    command = f"docker run --rm {words} {name} make test".replace("  ", " ")
    return record(written or command, [request("container run", [*effects, image(name), {"k": RUN, "s": "make test"}],
                                               [["rm", "true"]], [name, "make", "test"])], findings, **more)


def outside_home(path):
    return finding("mounts/outside-home", "deny",
                   f"would mount {path} into the container, which is outside your home and the allowed paths",
                   {"kind": MOUNT, "path": path, "image": "", "value": path}, written=f"-v {path}:/x")


def sensitive(path):
    return finding("mounts/sensitive-path", "ask",
                   f"would mount {path} into the container, which may hold secrets",
                   {"kind": MOUNT, "path": path, "image": "", "value": path}, written=f"-v {path}:/x")


def privileged():
    return finding("flags/privileged", "deny", "would make this container privileged, which gives it all "
                   "capabilities and devices of the host", {"kind": PRIVILEGED, "path": "", "image": "", "value": ""},
                   ["deny", "deny", "deny"], written="--privileged")


def capability(name):
    return finding("flags/other-capability", "ask", f"would add the capability {name}",
                   {"kind": CAPABILITY, "path": "", "image": "", "value": name}, written=f"--cap-add {name}")


def add_capability(name):
    return {"k": CAPABILITY, "s": name, "w": f"--cap-add {name}"}


def day_of_work(count, seed=1):
    """`count` records of ordinary work, with some that were asked about or denied."""
    chance = random.Random(seed)
    for number in range(count):
        project = f"{HOME}/projects/{chance.choice(['app', 'web', 'tools'])}"
        kind = chance.random()
        more = {"number": number, "project": project}
        if kind < 0.35:
            yield run([mount(project, "/app"), {"k": PORT, "s": "8080", "t": "80", "w": "-p 8080:80"}],
                      chance.choice(["node:20", "python:3.12", "golang:1.23"]), **more)
        elif kind < 0.5:
            yield record("docker ps --all", [request("container ls", [], [["all", "true"]])], **more)
        elif kind < 0.6:
            container = chance.choice(["web-1", "db-1"])
            yield record(f"docker exec {container} psql -c 'select 1'", [request(
                "container exec", [{"k": CONTROL, "s": container, "n": "exec"},
                                   {"k": RUN, "s": "psql -c select 1", "n": container}],
                [], [container, "psql"])], **more)
        elif kind < 0.75:
            yield record("docker compose up -d", [request("compose up", [], [["detach", "true"]]), *(
                request("compose service", [image(name), mount(f"{project}/data/{name}", "/data"),
                                            {"k": VOLUME, "s": f"app_{name}", "t": "/var/lib"}],
                        service=name, file=f"{project}/compose.yaml", line=3) for name in ("web", "db"))], **more)
        elif kind < 0.9:
            yield record("docker build -t app .", [request(
                "buildx build", [{"k": READ, "f": EXISTS | DIRECTORY, "s": project, "n": "build context",
                                  "r": project, "w": "."}], [["tag", "app"]], ["."])], **more)
        elif kind < 0.94:
            yield run([mount("/data/sets/" + chance.choice("abc"))],
                      findings=[outside_home("/data/sets/" + chance.choice("abc"))], **more)
        elif kind < 0.97:
            yield run([add_capability("NET_RAW2")], findings=[capability("NET_RAW2")], **more)
        else:
            yield run([{"k": PRIVILEGED, "n": "container", "w": "--privileged"}], findings=[privileged()], **more)


def lines(records):
    return "".join(json.dumps(each, separators=(",", ":"), ensure_ascii=False) + "\n" for each in records)


def main():
    count = int(sys.argv[1])
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            for each in day_of_work(count):
                file.write(lines([each]))
    else:
        for each in day_of_work(count):
            sys.stdout.write(lines([each]))


if __name__ == "__main__":
    main()
