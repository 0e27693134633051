"""What a docker command does, as facts that can be compared: from the requests that a client sent, and from what
describe_requests reads in the same words. A fact is a tuple that begins with its kind."""
import io
import json
import posixpath
import re
import tarfile

SECRETS = {"SD_SECRET": "differential-secret", "SD_OTHER": "differential-other"}


class Act:
    """What is done: `kind`, the engine that is asked, what must be equal to the letter, and facts."""

    def __init__(self, kind, engine):
        self.kind = kind
        self.engine = engine
        self.exact = {}
        self.facts = set()

    def add(self, *fact):
        self.facts.add(fact)


def clean(path):
    """As Go's filepath.Clean."""
    cleaned = posixpath.normpath(path)
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def complete(image):
    """A reference in full, as far as the cases need it."""
    if re.fullmatch(r"sha256:.*|[0-9a-f]{64}", image):
        return image
    if not image:
        return ""
    name, _, digest = image.partition("@")
    head, slash, rest = name.partition("/")
    if not slash or not re.search(r"[.:]|^localhost$|[A-Z]", head):
        head, rest = "docker.io", name if slash else "library/" + name
    elif head in ("docker.io", "index.docker.io"):
        head, rest = "docker.io", rest if "/" in rest else "library/" + rest
    if not digest and ":" not in rest.rsplit("/", 1)[-1]:
        rest += ":latest"
    return f"{head}/{rest}" + ("@" + digest if digest else "")


def pair(text):
    """KEY=VALUE, or KEY:VALUE if there is no '='."""
    return tuple(text.partition("=" if "=" in text else ":")[::2])


def capability(text):
    upper = text.strip().upper()
    return (upper[4:] if upper.startswith("CAP_") else upper).strip()


def port_range(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1) if re.fullmatch(r"\d+(-\d+)?", text) else [text]


# ---- What the client sent ------------------------------------------------------------------------------------------


MODES = [{"ro", "rw", "RO", "RW"}, {"z", "Z"}, {"private", "rprivate", "shared", "rshared", "slave", "rslave"}, {"nocopy"},
         {"consistent", "cached", "delegated"}]


def is_mode(text):
    """True if the engine takes it for the mode of a bind: words of MODES, one of each set."""
    words = text.split(",")
    return all(any(word in group for group in MODES) for word in words) and \
        all(sum(word in group for word in words) <= 1 for group in MODES)


def add_bind(act, bind):
    """One of HostConfig.Binds, as the engine on Linux reads it."""
    source, target, mode = (bind.split(":", 2) + [""])[:3]
    if bind.count(":") > 1 and not is_mode(mode) or not target.startswith("/") or clean(target) == "/":
        act.add("refused-by-engine", bind, bind)
    elif source.startswith("/"):
        act.add("mount", clean(source), target, "ro" in mode.split(","))
    elif re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+", source) and target.startswith("/"):
        act.add("volume", source, target)
    else:
        act.add("refused-by-engine", bind, bind)


def has(options, word):
    return word in options.split(",")


def add_driver_options(act, options, target):
    """Options of the local volume driver: what mount(2) is told."""
    kind, device, text = options.get("type", ""), options.get("device", ""), options.get("o", "")
    binds = has(text, "bind") or has(text, "rbind")
    if set(options) - {"type", "device", "o", "size"}:
        act.add("asks", "an option")
    if not binds and kind in ("", "tmpfs") and device in ("", "tmpfs") and not has(text, "remount"):
        return
    folders = [folder for option in text.split(",") for key, _, value in [option.partition("=")]
               if key in ("lowerdir", "upperdir", "workdir") for folder in value.split(":")]
    folders += [device] if binds or device.startswith("/") else []
    for folder in folders:
        act.add("driver-mount", clean("/" + folder) if folder else "", target)
    if not folders:
        act.add("asks", "mounting")


def add_mount(act, mount):
    kind, source, target = mount.get("Type", ""), mount.get("Source", ""), mount.get("Target", "")
    read_only = mount.get("ReadOnly", False)
    if kind == "npipe":
        act.add("npipe-mount", target)  # an engine on Windows says where its source is
    elif kind == "bind":
        if source.startswith("/"):
            act.add("mount", clean(source), target, read_only)
        else:
            act.add("refused-by-engine", source, target)
    elif kind in ("volume", "cluster"):
        driver = (mount.get("VolumeOptions") or {}).get("DriverConfig") or {}
        act.add("refused-by-engine" if source.startswith(("/", ".")) else "volume", source, target)
        if driver.get("Name") not in (None, "", "local"):
            act.add("names", driver["Name"])
        if driver.get("Options"):
            add_driver_options(act, driver["Options"], target)
    elif kind == "image":
        act.add("image", complete(source))
    elif kind != "tmpfs":
        act.add("asks", "mount of type")


def add_environment(act, variables):
    for variable in variables or []:
        name, _, value = variable.partition("=")
        if SECRETS.get(name) == value:
            act.add("pass-environment", name)
        if value.startswith("from:"):
            act.add("read", value[5:], "env file")


def add_security(act, host):
    for option in host.get("SecurityOpt") or []:
        key, value = pair(option)
        act.add("security", key, "PROFILE" if value.startswith("{") else value)
    if host.get("MaskedPaths") == [] and host.get("ReadonlyPaths") == []:
        act.add("security", "systempaths", "unconfined")


def add_devices(act, host):
    for device in host.get("Devices") or []:
        act.add("device", clean("/" + device["PathOnHost"]) if device["PathOnHost"] else "", device["PathInContainer"],
                device["CgroupPermissions"])
    for rule in host.get("DeviceCgroupRules") or []:
        act.add("device-rule", rule)
    for request in host.get("DeviceRequests") or []:
        if request.get("Driver") == "cdi" and not request.get("Capabilities"):
            for name in request["DeviceIDs"]:
                act.add("cdi", name)
        else:
            act.add("gpu")


def add_networks(act, body, host):
    endpoints = (body.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}
    for network in {host.get("NetworkMode", ""), *endpoints} - {"", "default"}:
        act.add("namespace", "network", network)
    for endpoint in endpoints.values():
        for key, value in ((endpoint or {}).get("DriverOpts") or {}).items():
            if key == "com.docker.network.endpoint.sysctls":
                act.add("sysctl", *pair(value))


def add_ports(act, bindings):
    for container_port, places in (bindings or {}).items():
        for place in places:
            act.add("port", place.get("HostIp", ""), container_port)


def create_act(request):
    body, act = request.json(), Act("create", request.listener)
    host = body.get("HostConfig") or {}
    act.exact = {"image": complete(body.get("Image", "")), "command": body.get("Cmd") or []}
    for bind in host.get("Binds") or []:
        add_bind(act, bind)
    for target in body.get("Volumes") or {}:
        act.add("volume", "", target)
    for mount in host.get("Mounts") or []:
        if mount.get("Target") == "/var/run/docker.sock" and mount["Source"].endswith("/" + act.engine + ".sock"):
            act.add("api-socket")
        else:
            add_mount(act, mount)
    for name in filter(None, host.get("VolumesFrom") or []):
        act.add("volumes-from", name)
    for kind in ("Pid", "Ipc", "UTS", "Userns", "Cgroupns"):
        if host.get(kind + "Mode"):
            act.add("namespace", kind.lower(), host[kind + "Mode"])
    for name in host.get("CapAdd") or []:
        act.add("capability", capability(name))
    for name, value in (host.get("Sysctls") or {}).items():
        act.add("sysctl", name, value)
    for line in host.get("ExtraHosts") or []:
        act.add("host", *line.split(":", 1))
    if host.get("Privileged"):
        act.add("privileged", "container")
    for key, kind in (("CgroupParent", "cgroup-parent"), ("Runtime", "runtime")):
        if host.get(key):
            act.add(kind, host[key])
    if host.get("VolumeDriver", "") not in ("", "local"):
        act.add("names", host["VolumeDriver"])
    if "label.from" in (body.get("Labels") or {}):
        act.add("read", body["Labels"]["label.from"], "label file")
    add_security(act, host)
    add_devices(act, host)
    add_networks(act, body, host)
    add_ports(act, host.get("PortBindings"))
    add_environment(act, body.get("Env"))
    act.options = {"hostname": body.get("Hostname"), "domainname": body.get("Domainname"), "user": body.get("User"),
                   "workdir": body.get("WorkingDir"), "stop-signal": body.get("StopSignal"),
                   "name": request.query.get("name", [""])[0], "entrypoint": (body.get("Entrypoint") or [""])[0],
                   "isolation": host.get("Isolation")}
    return act


def exec_act(request):
    body, act = request.json(), Act("exec", request.listener)
    act.exact = {"container": re.fullmatch(r"/containers/+(.*)/exec", request.path)[1], "command": body.get("Cmd") or []}
    if body.get("Privileged"):
        act.add("privileged", "exec")
    add_environment(act, body.get("Env"))
    act.options = {"user": body.get("User"), "workdir": body.get("WorkingDir")}
    return act


def volume_act(request):
    body, act = request.json(), Act("volume", request.listener)
    if body.get("Driver", "") not in ("", "local"):
        act.add("names", body["Driver"])
    add_driver_options(act, body.get("DriverOpts") or {}, "")
    act.options = {}
    return act


def service_act(request, kind):
    body, act = request.json(), Act(kind, request.listener)
    task = body["TaskTemplate"]
    container = task["ContainerSpec"]
    if kind == "service":
        act.exact = {"image": complete(container.get("Image", "")), "command": container.get("Args") or []}
    elif container.get("Image", "before:1") not in ("", "before:1"):
        act.add("image", complete(container.get("Image", "")))
    for mount in container.get("Mounts") or []:
        add_mount(act, mount)
    for name in container.get("CapabilityAdd") or []:
        act.add("capability", capability(name))
    for name, value in (container.get("Sysctls") or {}).items():
        act.add("sysctl", name, value)
    for line in container.get("Hosts") or []:
        act.add("host", *reversed(line.rsplit(" ", 1)))
    for network in (task.get("Networks") or []) + (body.get("Networks") or []):
        act.add("namespace", "network", network["Target"])
        for key, value in (network.get("DriverOpts") or {}).items():
            if key == "com.docker.network.endpoint.sysctls":
                act.add("sysctl", *pair(value))
    for port in (body.get("EndpointSpec") or {}).get("Ports") or []:
        act.add("port", "", f"{port['TargetPort']}/{port['Protocol']}")
    add_environment(act, container.get("Env"))
    act.options = {"hostname": container.get("Hostname"), "user": container.get("User"), "workdir": container.get("Dir"),
                   "name": body.get("Name", "") if kind == "service" else None}
    return act


def context_files(archive):
    """The regular files of a build context, each with its text; as many as there are if the client has given up."""
    files = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as context:
            for member in context:
                if member.isfile():
                    files[member.name] = context.extractfile(member).read().decode()
    except tarfile.ReadError:
        files["broken"] = ""
    return files


def build_act(request):
    act, query = Act("build", request.listener), {key: values[-1] for key, values in request.query.items()}
    files = context_files(request.body)
    if "marker" in files:
        act.add("read", files["marker"].strip(), "build context")
    if query.get("dockerfile") in files and query["dockerfile"] != "Dockerfile":  # else it is a part of the context
        act.add("read", files[query["dockerfile"]].strip("# \n"), "Dockerfile")
    if query.get("networkmode", "default") not in ("default", ""):
        act.add("namespace", "network", query["networkmode"])
    if query.get("cgroupparent"):
        act.add("cgroup-parent", query["cgroupparent"])
    for name, value in (json.loads(query.get("buildargs") or "{}") or {}).items():
        act.add("build-argument", name, "" if SECRETS.get(name) == value else value or "")
    for option in request.query.get("securityopt", []):
        act.add("security", *pair(option))
    for line in request.query.get("extrahosts", []):
        act.add("host", *line.split(":", 1))
    act.options = {}
    return act


ACTS = [(r"/containers/create", create_act), (r"/containers/[^/]+/exec", exec_act), (r"/volumes/create", volume_act),
        (r"/services/create", lambda request: service_act(request, "service")),
        (r"/services/[^/]+/update", lambda request: service_act(request, "service-update")), (r"/build", build_act)]


def sent_act(requests):
    """What the client asked for; None if it asked for nothing that is compared."""
    for request in requests:
        for path, make in ACTS:
            if request.method == "POST" and re.fullmatch(path, request.path) and not request.cut_off:
                return make(request)
    return None


# ---- What this project reads ---------------------------------------------------------------------------------------

KINDS = {"container run": "create", "container create": "create", "container exec": "exec", "volume create": "volume",
         "service create": "service", "service update": "service-update", "image build": "build",
         "buildx build": "build"}


def add_read_port(act, subject, target):
    address = subject.rpartition(":")[0].strip("[]")
    ports, _, protocol = target.partition("/")
    for port in port_range(ports):
        act.add("port", address, f"{port}/{protocol or 'tcp'}")


def add_effect(act, effect):
    kind, subject, name, target = (effect[key] for key in ("kind", "subject", "name", "target"))
    simple = {"inherit-mounts": ("volumes-from", subject), "privileged": ("privileged", name),
              "add-capability": ("capability", subject), "join-namespace": ("namespace", name, subject),
              "set-sysctl": ("sysctl", name, subject), "cgroup-parent": ("cgroup-parent", subject),
              "add-host": ("host", name, subject), "use-runtime": ("runtime", subject),
              "pass-environment": ("pass-environment", name), "use-api-socket": ("api-socket",),
              "read-host-path": ("read", subject, name), "build-argument": ("build-argument", name, subject),
              "use-volume": ("volume", subject, target), "unknown": ("unknown", subject),
              "set-option": ("option", name, subject)}
    if kind == "join-namespace" and act.kind in ("create", "build") and (name, subject) == ("network", "default"):
        return  # the client says so as well if nothing is said
    if kind in simple:
        act.add(*simple[kind])
    elif kind == "mount-host-path":
        brought_in = {"npipe": ("npipe-mount", target), "device": ("driver-mount", subject, target),
                      "overlay": ("driver-mount", subject, target)}
        act.add(*brought_in.get(name, ("mount", subject, target, effect["read_only"])))
    elif kind == "use-image":
        act.add("image", complete(subject))
    elif kind == "security-option":
        is_profile = name == "seccomp" and subject not in ("unconfined", "builtin")
        act.add("security", name, "PROFILE" if is_profile else subject)
    elif kind == "use-device":
        rows = {"gpu": ("gpu",), "cdi": ("cdi", subject), "cgroup-rule": ("device-rule", subject)}
        act.add(*rows.get(name, ("device", subject, target or subject, effect["options"] or "rwm")))
    elif kind == "publish-port":
        add_read_port(act, subject, target)


def read_act(requests):
    """The act that describe_requests saw; None if none is compared. Several readings of one line are put together."""
    act = None
    for request in requests:
        kind = KINDS.get(request["command"])
        if kind is None:
            continue
        act = act or Act(kind, request["engine"])
        arguments = request["arguments"]
        if kind in ("create", "service") and arguments:
            images = [complete(effect["subject"]) for effect in request["effects"]
                      if effect["kind"] == "use-image" and effect["name"] == "run"]
            act.exact = {"image": images[-1] if images else None, "command": arguments[1:]}
        elif kind == "exec" and arguments:
            act.exact = {"container": arguments[0].lstrip("/"), "command": arguments[1:]}
        for effect in request["effects"]:
            add_effect(act, effect)
        act.options = {name: value for name, value in request["options"]}
    return act


def is_asked(requests):
    """True if something of the line was not understood: safe-docker asks."""
    return any(request["incomplete"] or any(effect["kind"] == "unknown" for effect in request["effects"])
               for request in requests)


def is_doubted(requests):
    """True if the line was taken for one that docker would not run so."""
    return any(request["incomplete"] or any(effect["kind"] == "unknown" and effect["options"] == "refused"
                                            for effect in request["effects"]) for request in requests)
