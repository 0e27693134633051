"""What one service does to the host, as facts that can be compared: from the project as compose resolves it, and from the
effects that describe_project reads in the same files. A fact is a tuple that begins with its kind."""
import pathlib
import posixpath
import re
import sys

sys.path.append(str(pathlib.Path(__file__).parent.parent))
from facts import capability, clean, complete, pair  # noqa: E402

ADDRESSES = ("http://", "https://", "git://", "ssh://", "git@", "github.com/")
BUILT_ELSEWHERE = ("docker-image://", "service:")
PROPAGATIONS = ("shared", "rshared", "slave", "rslave", "private", "rprivate")
CACHE_PATHS = {"cache_from": "src", "cache_to": "dest"}
CACHE_TYPES = ("local", "inline", "registry")
ORDINARY_NETWORKS = ("bridge", "none", "default")
# The settings that say in which of the host's namespaces a container lives, and what they are called in an effect.
NAMESPACES = {"network_mode": "network", "pid": "pid", "ipc": "ipc", "uts": "uts", "userns_mode": "userns",
              "cgroup": "cgroupns"}
OPTIONS = {"oom_score_adj": "oom-score-adj", "isolation": "isolation", "cpu_rt_runtime": "cpu-rt-runtime",
           "cpu_rt_period": "cpu-rt-period"}


# What is read and put in place of the file's name when compose resolves a project.
FILE_FIELDS = ("env_file", "label_file")


def text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_address(context):
    return context.startswith(ADDRESSES)


def is_elsewhere(context):
    return context.startswith(ADDRESSES + BUILT_ELSEWHERE)


def drop_default_dockerfiles(facts):
    """Compose names the Dockerfile of a context that names none; whoever reads the context reads it."""
    facts -= {("dockerfile", fact[1].rstrip("/") + "/Dockerfile") for fact in facts if fact[0] == "context"}


def csv_fields(record):
    return dict(field.partition("=")[::2] for field in record.replace('"', "").split(",") if "=" in field)


# ---- What compose resolves -----------------------------------------------------------------------------------------


class Resolved:
    """The facts of a service in the project that `docker compose config` printed."""

    def __init__(self, project, name, parts, folder, cwd):
        self.project = project
        self.service = project["services"][name]
        self.folder = folder
        self.cwd = cwd
        self.facts = set()
        if parts.container:
            self.add_container(parts)
        if parts.build and self.service.get("build"):
            self.add_build(self.service["build"])
        drop_default_dockerfiles(self.facts)

    def add(self, *fact):
        self.facts.add(fact)

    def get(self, name):
        value = self.service.get(name)
        return [] if value is None else value

    def section(self, section, name):
        return (self.project.get(section) or {}).get(name) or {}

    def add_container(self, parts):
        if self.service.get("image"):
            self.add("image", complete(self.service["image"]))
        for volume in self.get("volumes"):
            self.add_volume(volume)
        for section, folder in (("configs", "/"), ("secrets", "/run/secrets")):
            for item in self.get(section):
                self.add_file(section, folder, item)
        self.add_namespaces()
        self.add_rights()
        self.add_devices()
        self.add_settings()
        if parts.ports:
            for port in self.get("ports"):
                address = port.get("host_ip") or ""
                self.add("port", address, text(port.get("published", "")), f"{port['target']}/{port['protocol']}")
        if parts.watch:
            for rule in (self.service.get("develop") or {}).get("watch") or ():
                self.add("watch", clean(rule["path"]))
                if (rule.get("exec") or {}).get("privileged"):
                    self.add("privileged", "hook")

    def add_volume(self, volume):
        kind, source, target = volume["type"], volume.get("source", ""), clean(volume["target"])
        if kind == "bind":
            propagation = (volume.get("bind") or {}).get("propagation", "")
            self.add("bind", clean(source), target, bool(volume.get("read_only")), propagation)
        elif kind == "volume":
            self.add("volume", source, target)
            if source:
                self.add_driver(self.section("volumes", source))
        elif kind == "image":
            self.add("mounted image", complete(source))

    def add_driver(self, volume):
        options = volume.get("driver_opts") or {}
        device, flags = text(options.get("device", "")), text(options.get("o", "")).split(",")
        kind = text(options.get("type", ""))
        if volume.get("driver", "local") == "local" and device:
            if {"bind", "rbind"} & set(flags) or kind in ("", "none"):
                self.add("driver", clean("/" + device if not device.startswith("/") else device))

    def add_file(self, section, folder, item):
        top = self.section(section, item["source"])
        if top.get("file"):
            target = posixpath.join(folder, item.get("target") or item["source"])
            self.add("file", clean(top["file"]), clean(target))

    def add_namespaces(self):
        for field, kind in NAMESPACES.items():
            value = self.service.get(field)
            if value and not value.startswith("service:") and not (kind == "network" and value in ORDINARY_NETWORKS):
                self.add("namespace", kind, value)
        for name in self.get("networks"):
            network = self.section("networks", name)
            if network.get("name") == "host" or network.get("driver") == "host":
                self.add("namespace", "network", "host")

    def add_rights(self):
        if self.service.get("privileged"):
            self.add("privileged", "container")
        if self.service.get("use_api_socket"):
            self.add("api socket")
        for name in self.get("cap_add"):
            self.add("capability", capability(name))
        for option in self.get("security_opt"):
            self.add_security(option)
        for field in ("pre_start", "post_start", "pre_stop"):
            for hook in self.get(field):
                if hook.get("privileged"):
                    self.add("privileged", "hook")

    def add_security(self, option):
        name, value = pair(option)
        if name == "seccomp" and value not in ("unconfined", "builtin", ""):
            value = clean(posixpath.join(self.folder, value))
            self.add("profile", value)
        self.add("security", name, value or "true")

    def add_devices(self):
        for device in self.get("devices"):
            source, target = device["source"], device.get("target") or device["source"]
            if re.fullmatch(r"[a-z0-9.]+/\w+=\S+", source):
                self.add("cdi", source)
            else:
                self.add("device", clean(source), target, device.get("permissions") or "rwm")
        for rule in self.get("device_cgroup_rules"):
            self.add("device rule", rule)
        reserved = ((self.service.get("deploy") or {}).get("resources") or {}).get("reservations") or {}
        for request in [*self.get("gpus"), *(reserved.get("devices") or ())]:
            self.add_device_request(request)

    def add_device_request(self, request):
        driver, ids = request.get("driver", ""), request.get("device_ids") or []
        if driver == "cdi" and ids:
            self.facts.update(("cdi", name) for name in ids)
            return
        count = request.get("count", -1)
        which = ",".join(ids) if ids else "all" if count in (-1, "all") else text(count)
        self.add("gpu", driver, which)

    def add_settings(self):
        for name, value in dict(self.get("sysctls")).items():
            self.add("sysctl", name, text(value))
        for entry in self.get("extra_hosts"):
            host, address = re.split("[=:]", entry, maxsplit=1)
            self.add("host", host, address.strip("[]"))
        for source in self.get("volumes_from"):
            if source.startswith("container:"):
                self.add("inherits", source.removeprefix("container:"))
        for name, value in dict(self.get("annotations")).items():
            self.add("option", "annotation", f"{name}={value}")
        for field, option in OPTIONS.items():
            if self.service.get(field) not in (None, "", 0):
                self.add("option", option, text(self.service[field]))
        logging = self.service.get("logging") or {}
        if logging.get("driver"):
            self.add("option", "log-driver", logging["driver"])
        for name, value in (logging.get("options") or {}).items():
            self.add("option", "log-opt", f"{name}={text(value)}")
        if self.service.get("oom_kill_disable"):
            self.add("option", "oom-kill-disable", "")
        for kind, value in (self.service.get("credential_spec") or {}).items():
            self.add("option", "credential-spec", f"{kind}://{value}")
        for field, kind in (("cgroup_parent", "cgroup"), ("runtime", "runtime")):
            if self.service.get(field):
                self.add(kind, self.service[field])
        provider = self.service.get("provider")
        if provider and provider["type"] != "model":
            self.add("program", provider["type"])

    def add_build(self, build):
        context = build.get("context", "")
        self.add_context(context)
        for source in (build.get("additional_contexts") or {}).values():
            layout = source.removeprefix("oci-layout://")
            self.add_context(source if layout == source else posixpath.join(self.cwd, layout))
        dockerfile = build.get("dockerfile", "")
        if not build.get("dockerfile_inline") and dockerfile and not is_elsewhere(context):
            self.add("dockerfile", clean(posixpath.join(context, dockerfile)))
        elif dockerfile.startswith("/"):
            self.add("dockerfile", clean(dockerfile))
        for item in build.get("secrets") or ():
            top = self.section("secrets", item["source"])
            if top.get("file"):
                self.add("build secret", clean(top["file"]))
        for item in build.get("ssh") or ():
            name, path = re.fullmatch(r"([^=:]*)(?:=|: )?(.*)", item).groups()
            self.add("ssh", name)
            if path:
                self.add("ssh key", clean(path))
        for name, value in (build.get("args") or {}).items():
            if value:
                self.add("argument", name, text(value))
        if build.get("privileged") or "security.insecure" in (build.get("entitlements") or ()):
            self.add("privileged", "build")
        for network in [build.get("network", ""), *(build.get("entitlements") or ())]:
            if network in ("host", "network.host") or network.startswith("container:"):
                self.add("build network", network.removeprefix("network."))
        for entry in build.get("extra_hosts") or ():
            host, address = re.split("[=:]", entry, maxsplit=1)
            self.add("build host", host, address.strip("[]"))
        for field in ("isolation", "sbom"):
            if build.get(field):
                self.add("option", field, text(build[field]))
        for field, key in CACHE_PATHS.items():
            for entry in build.get(field) or ():
                self.add_cache(field, key, entry)

    def add_context(self, context):
        if is_address(context):
            self.add("fetch", context)
        elif not is_elsewhere(context):
            self.add("context", clean(context))

    def add_cache(self, field, key, entry):
        fields = csv_fields(entry)
        kind = fields.get("type", "registry")
        if kind == "local" and key in fields:
            self.add(field, clean(posixpath.join(self.cwd, fields[key])))
        if kind not in CACHE_TYPES:
            self.add("cache service", entry)


def named_files(service):
    """The facts about FILE_FIELDS of a service whose variables compose has left alone."""
    return {(field, clean(entry["path"] if isinstance(entry, dict) else entry))
            for field in FILE_FIELDS for entry in service.get(field) or ()}


# ---- What safe-docker reads ----------------------------------------------------------------------------------------


def expanded_ports(address, published, target):
    """One fact for each port of a range."""
    port, _, protocol = target.partition("/")

    def numbers(ports):
        first, _, last = ports.partition("-")
        return [str(number) for number in range(int(first), int(last or first) + 1)] if ports.isdigit() or last else [ports]

    targets, outside = numbers(port), numbers(published)
    if len(outside) != len(targets):
        outside = [published] * len(targets)
    return {("port", address, out, f"{inside}/{protocol or 'tcp'}") for out, inside in zip(outside, targets)}


class Read:
    """The facts of a request that the compose plugin made."""

    def __init__(self, request):
        self.facts = set()
        self.unknown = []
        self.inherited = set()  # the beginnings of facts whose rest comes from the environment
        for effect in request["effects"]:
            self.add_effect(effect)
        drop_default_dockerfiles(self.facts)

    def add(self, *fact):
        self.facts.add(fact)

    def add_effect(self, effect):
        kind, name, subject = effect["kind"], effect["name"], effect["subject"]
        is_build = effect["written"].startswith("build.")
        writer = getattr(self, "add_" + kind.replace("-", "_"), None)
        if kind == "unknown":
            self.unknown.append(effect["written"])
        elif writer is not None:
            writer(effect, name, subject, is_build)
        else:
            self.add("effect", kind, name, subject)

    def add_mount_host_path(self, effect, name, subject, _):
        if name == "bind":
            options = effect["options"].split(",")
            propagation = ([option for option in options if option in PROPAGATIONS] or [""])[-1]
            self.add("bind", clean(subject), clean(effect["target"]), effect["read_only"], propagation)
        elif name in ("secret file", "config file"):
            self.add("file", clean(subject), clean(effect["target"]))
        else:
            self.add("driver", clean(subject))

    def files(self):
        """The facts about files that compose has put in place of their names in what it prints."""
        return {fact for fact in self.facts if fact[0] in FILE_FIELDS}

    def add_use_volume(self, effect, _, subject, __):
        self.add("volume", subject, clean(effect["target"]))

    def add_read_host_path(self, effect, name, subject, _):
        names = {"env file": "env_file", "label file": "label_file", "build context": "context", "Dockerfile": "dockerfile", "watch path": "watch",
                 "build secret": "build secret", "ssh key": "ssh key", "seccomp profile": "profile"}
        if name == "build cache":
            self.add("cache_from", clean(subject))
        else:
            self.add(names[name], clean(subject))

    def add_write_host_path(self, _, name, subject, __):
        self.add("cache_to" if name == "build cache" else name, clean(subject))

    def add_use_image(self, _, name, subject, __):
        self.add("mounted image" if name == "mount" else "image", subject)

    def add_join_namespace(self, _, name, subject, is_build):
        if is_build:
            self.add("build network", subject)
        elif not (name == "network" and subject in ORDINARY_NETWORKS):
            self.add("namespace", name, subject)

    def add_privileged(self, _, name, __, ___):
        self.add("privileged", name)

    def add_use_api_socket(self, *_):
        self.add("api socket")

    def add_add_capability(self, _, __, subject, ___):
        self.add("capability", capability(subject))

    def add_security_option(self, _, name, subject, __):
        self.add("security", name, subject or "true")

    def add_use_device(self, effect, name, subject, _):
        if name == "gpu":
            fields = csv_fields(re.sub(r'"device=([^"]*)"', lambda match: "device=" + match[1].replace(",", ";"), subject))
            which = fields.get("device", "").replace(";", ",") or fields.get("count", "all")
            self.add("gpu", fields.get("driver", ""), "all" if which == "-1" else which)
        elif name == "cgroup-rule":
            self.add("device rule", subject)
        elif name == "cdi":
            self.add("cdi", subject)
        else:
            self.add("device", clean(subject), effect["target"] or subject, effect["options"] or "rwm")

    def add_set_sysctl(self, _, name, subject, __):
        self.add("sysctl", name, subject)

    def add_add_host(self, _, name, subject, is_build):
        self.add("build host" if is_build else "host", name, subject)

    def add_inherit_mounts(self, _, __, subject, ___):
        self.add("inherits", subject)

    def add_set_option(self, _, name, subject, __):
        if name != "build frontend":
            self.add("option", name, subject)

    add_ordinary_option = add_set_option

    def add_cgroup_parent(self, _, __, subject, ___):
        self.add("cgroup", subject)

    def add_use_runtime(self, _, __, subject, ___):
        self.add("runtime", subject)

    def add_run_code(self, _, __, subject, ___):
        self.add("program", subject)

    def add_run_command(self, *_):
        pass  # compared with the model

    def add_publish_port(self, effect, _, subject, __):
        address, _, published = subject.rpartition(":")
        self.facts |= expanded_ports(address.strip("[]"), published, effect["target"])

    def add_build_credential(self, _, __, subject, ___):
        self.add("ssh", subject)

    def add_build_argument(self, _, name, subject, __):
        if subject:
            self.add("argument", name, subject)
        else:  # compose looks the value up, and leaves out what it cannot find
            self.inherited.add(("argument", name))

    def add_fetch(self, _, __, subject, ___):
        self.add("fetch", subject)

    def add_send(self, _, __, subject, ___):
        self.add("cache service", subject)
