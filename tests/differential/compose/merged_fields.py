"""The fields of a service as the files make them when they are merged, in one form that can be compared: those of the
project that compose prints, and those of the model that the plugin merges. Fields whose effects are compared are not
listed here."""
import re
import shlex

DURATIONS = ("interval", "timeout", "start_period", "start_interval")
UNITS = {"b": 1, "k": 1 << 10, "kb": 1 << 10, "m": 1 << 20, "mb": 1 << 20, "g": 1 << 30, "gb": 1 << 30}


def text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def scalar(value):
    """true/yes/on are the same, and 1g is 1073741824."""
    lower = text(value).lower()
    if lower in ("true", "yes", "on", "y"):
        return "true"
    if lower in ("false", "no", "off", "n"):
        return "false"
    size = re.fullmatch(r"(\d+)\s*([kmg]?b?)", lower)
    if size:
        return str(int(size[1]) * UNITS.get(size[2], 1))
    if re.fullmatch(r"-?\d+\.\d+", lower):
        return "%g" % float(lower)
    return text(value)


def duration(value):
    """1m30s is 90 seconds."""
    seconds = {"h": 3600, "m": 60, "s": 1, "ms": 0.001, "us": 1e-6}
    return "%gs" % sum(float(number) * seconds[unit] for number, unit in re.findall(r"([\d.]+)(h|ms|us|m|s)", text(value)))


def pairs(value):
    if isinstance(value, dict):
        return {name: None if given is None else text(given) for name, given in value.items()}
    made = {}
    for item in value:
        name, equals, given = text(item).partition("=")
        made[name] = given if equals else None
    return made


def labels(value):
    return {name: given or "" for name, given in pairs(value).items()}


def strings(value):
    return [text(item) for item in value] if isinstance(value, list) else [text(value)]


def mapping(value):
    return {name: deep(inner) for name, inner in value.items()} if isinstance(value, dict) else dict.fromkeys(value)


def deep(value):
    """Without what is null or empty, which compose leaves out or adds."""
    if isinstance(value, dict):
        made = {name: deep(inner) for name, inner in value.items() if not name.startswith("x-")}
        return {name: inner for name, inner in made.items() if inner not in (None, {}, [])}
    if isinstance(value, list):
        return [deep(item) for item in value]
    return None if value is None else scalar(value)


def command(value):
    return strings(value) if isinstance(value, list) else shlex.split(value)


def test(value):
    return ["CMD-SHELL", value] if isinstance(value, str) else strings(value)


def healthcheck(value):
    made = deep({name: inner for name, inner in value.items() if name not in ("test", *DURATIONS)})
    made.update({name: duration(value[name]) for name in DURATIONS if value.get(name)})
    if value.get("test"):
        made["test"] = test(value["test"])
    return made


def deploy(value):
    made = deep({name: inner for name, inner in value.items() if name not in ("labels", "resources")})
    if value.get("labels"):
        made["labels"] = labels(value["labels"])
    limits = deep((value.get("resources") or {}).get("limits") or {})
    if limits:
        made["limits"] = limits
    return made


def ulimits(value):
    return {name: deep(inner) or "0" for name, inner in value.items()}  # what is 0 is printed as nothing


def blkio(value):
    """The names of its inner fields are printed in capitals."""
    if isinstance(value, dict):
        return {name.lower(): blkio(inner) for name, inner in value.items()}
    return [blkio(inner) for inner in value] if isinstance(value, list) else scalar(value)


def build(value):
    if not isinstance(value, dict):
        return {}
    made = {name: scalar(value[name]) for name in ("target", "pull", "no_cache", "shm_size", "isolation") if value.get(name)}
    for name in ("tags", "platforms", "cache_from", "cache_to", "entitlements"):
        if value.get(name):
            made[name] = strings(value[name])
    if value.get("labels"):
        made["labels"] = labels(value["labels"])
    if value.get("ulimits"):
        made["ulimits"] = ulimits(value["ulimits"])
    if value.get("dockerfile_inline"):
        made["dockerfile_inline"] = value["dockerfile_inline"]
    return made


def provider(value):
    options = value.get("options") or {}
    return {"type": value.get("type"), **{name: strings(given) for name, given in options.items()}}


def depends_on(value):
    if not isinstance(value, dict):
        value = {name: {} for name in value}
    return {name: {"condition": "service_started", "required": "true", **(deep(inner) or {})} for name, inner in value.items()}


FIELDS = {
    "environment": pairs, "labels": labels, "annotations": pairs, "sysctls": pairs, "storage_opt": deep,
    "dns": strings, "dns_search": strings, "dns_opt": strings, "tmpfs": strings, "expose": strings,
    "cap_add": strings, "cap_drop": strings, "links": strings, "external_links": strings, "group_add": strings,
    "security_opt": strings, "volumes_from": strings, "device_cgroup_rules": strings, "profiles": strings,
    "command": command, "entrypoint": command, "healthcheck": healthcheck, "deploy": deploy, "ulimits": ulimits,
    "build": build, "depends_on": depends_on, "logging": deep, "networks": mapping, "models": mapping,
    "blkio_config": blkio, "stop_grace_period": duration, "provider": provider,
}
SCALARS = ("attach", "cgroup_parent", "container_name", "cpu_count", "cpu_percent", "cpu_period", "cpu_quota", "cpu_shares",
           "cpus", "cpuset", "domainname", "hostname", "image", "init", "ipc", "isolation", "mac_address", "mem_limit",
           "mem_reservation", "mem_swappiness", "memswap_limit", "network_mode", "oom_kill_disable", "oom_score_adj", "pid",
           "pids_limit", "platform", "privileged", "pull_policy", "read_only", "restart", "runtime", "scale", "shm_size",
           "stdin_open", "stop_signal", "tty", "use_api_socket", "user", "userns_mode", "uts",
           "working_dir")
# To these compose adds by itself.
GROWN = ("depends_on", "networks")


def merged(service):
    """The listed fields of a service, each in its one form."""
    made = {}
    for name, form in FIELDS.items():
        if service.get(name) is not None:
            made[name] = form(service[name])
    for name in SCALARS:
        if service.get(name) is not None:
            made[name] = scalar(service[name])
    return {name: value for name, value in made.items() if value not in ({}, [], "", "false")}


def differences(resolved, read, variables):
    """Lines that say which fields of a service differ. `variables` are those of the process and of .env."""
    theirs, ours = merged(resolved), merged(read)
    if ours.get("environment"):
        ours["environment"] = {name: variables.get(name) if value is None else value
                               for name, value in ours["environment"].items()}
    grown = list(GROWN)
    grown += ["environment"] if read.get("env_file") else []  # what the files hold has been added
    grown += ["labels"] if read.get("label_file") else []
    for name in grown:
        known = ours.get(name) or {}
        if name in theirs:
            theirs[name] = {key: value for key, value in theirs[name].items() if key in known}
            if not theirs[name]:
                del theirs[name]
    return [f"{name}: compose has {theirs.get(name)}, we have {ours.get(name)}"
            for name in sorted({*theirs, *ours}) if theirs.get(name) != ours.get(name)]
