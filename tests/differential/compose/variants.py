"""Projects from a table: each field in each of its forms, laid over each other form of it, by each way in turn that compose
lays settings over each other; and some that mix it all, always the same for a seed."""
import random

from projects import APP, Project

# The forms of a field, as YAML on one line. Each project has one of them earlier and one later.
FORMS = {
    "environment": ["{A: 1, B: two, C: null}", "[A=3, D=four, E]", "{B: '', F: 0x10}", "[A=1, 'A=2', 'G=x=y']"],
    "labels": ["{a: 1, b: two}", "['a=3', c]", "{b: '', d: true}"],
    "annotations": ["{a: one}", "['a=two', 'b=three']", "{b: four, c: ''}"],
    "sysctls": ["{net.core.somaxconn: 1}", "['net.core.somaxconn=2', 'net.ipv4.ip_forward=1']", "{kernel.sem: '1 2'}"],
    "extra_hosts": ["['a:1.1.1.1']", "{a: 2.2.2.2, b: 3.3.3.3}", "{a: [1.1.1.1, 4.4.4.4]}", "['b=[::1]', 'a=1.1.1.1']"],
    "dns": ["1.1.1.1", "[8.8.8.8, 1.1.1.1]", "[9.9.9.9]"],
    "dns_search": ["a.example", "[b.example, a.example]"],
    "tmpfs": ["/run", "[/tmp, /run]", "['/run:size=1m']"],
    "env_file": ["a.env", "[b.env, ./a.env]", "[{path: a.env, required: false}, c.env]", "[{path: b.env}]"],
    "expose": ["[80, 81]", "['81', '90-91']"],
    "cap_add": ["[CHOWN, KILL]", "[KILL, SYS_TIME]"],
    "cap_drop": ["[ALL]", "[NET_RAW, ALL]"],
    "security_opt": ["['no-new-privileges:true']", "['apparmor=unconfined']"],
    "group_add": ["[1, audio]", "[2]"],
    "command": ["one two", "[three, 'four five']", "[]", "null"],
    "entrypoint": ["/bin/one", "[two]", "null"],
    "volumes": ["['./a:/x', 'vol:/y:ro', '/z']", "['./b:/x/', {type: bind, source: c, target: /y}]",
                "[{type: volume, source: vol, target: /x, volume: {nocopy: true}}, '~/d:/w:rshared']"],
    "ports": ["['80:80', 81]", "[{target: 80, published: '80'}, '127.0.0.1:82:82']", "['80:80', '90-91:90-91/udp']"],
    "devices": ["['/dev/null:/dev/a', /dev/kvm]", "[{source: /dev/zero, target: /dev/a}, '/dev/kvm:/dev/kvm:r']"],
    "secrets": ["[one, two]", "[{source: two, target: /run/secrets/one}, two]"],
    "configs": ["[one]", "[{source: two, target: /one}, {source: one, target: /two}]"],
    "depends_on": ["[b, c]", "{b: {condition: service_healthy, restart: true}}", "{c: {condition: service_started, required: false}}"],
    "networks": ["[one, two]", "{one: {aliases: [x, y]}}", "{one: {aliases: [y, z], priority: 3}, two: null}"],
    "ulimits": ["{nofile: 10, core: 5}", "{nofile: {soft: 1, hard: 2}}"],
    "healthcheck": ["{test: curl x, interval: 10s}", "{test: [CMD, y], retries: 3}", "{disable: true}"],
    "logging": ["{driver: json-file, options: {max-size: 1m}}", "{driver: syslog, options: {tag: x}}", "{options: {max-file: '2'}}"],
    "deploy": ["{replicas: 2, labels: {a: b}}", "{labels: ['a=c', 'd=e'], resources: {limits: {memory: 1g}}}",
               "{resources: {reservations: {devices: [{capabilities: [gpu], count: 1}]}}}"],
    "build": ["./one", "{context: two, dockerfile: D, args: {A: 1, B: 2}}", "{args: [A=3, C], tags: [x], additional_contexts: {n: ./n}}",
              "{context: ., privileged: true, ssh: [default], cache_from: ['type=local,src=c'], extra_hosts: ['h=1.1.1.1']}"],
    "privileged": ["true", "'no'", "null", "'${UNSET:-yes}'"],
    "network_mode": ["host", "none", "'service:b'"],
    "gpus": ["all", "[{driver: nvidia, count: 1}]"],
    "post_start": ["[{command: a, privileged: true}]", "[{command: [b]}]"],
    "profiles": ["[on]", "['', off]", "[off, on]"],
    "user": ["root", "'1000'", "null"],
}
FILES = {"a.env": "FROM_A=1\n", "b.env": "FROM_B=1\n", "c.env": "FROM_C=1\n"}
REST = """
  b: {image: b, healthcheck: {test: x}}
  c: {image: c}
volumes: {vol: {driver: local, driver_opts: {type: none, o: bind, device: ./dev}}}
networks: {one: {}, two: {}}
secrets: {one: {file: ./1}, two: {file: ~/2}}
configs: {one: {file: ./1}, two: {file: ../2}}
"""


def service(name, *settings):
    return f"  {name}: {{{', '.join(settings)}}}"


def by_override(field, earlier, later):
    return {"compose.yaml": "services:\n" + service("web", "image: a", f"{field}: {earlier}") + REST,
            "compose.override.yaml": "services:\n" + service("web", f"{field}: {later}") + "\n"}


def by_extends(field, earlier, later):
    return {"compose.yaml": "services:\n" + service("base", "image: a", f"{field}: {earlier}") + "\n"
                            + service("web", "extends: base", f"{field}: {later}") + REST}


def by_extends_of_file(field, earlier, later):
    return {"compose.yaml": "services:\n" + service("web", "extends: {file: sub/base.yaml, service: base}", f"{field}: {later}") + REST,
            "sub/base.yaml": "services:\n" + service("base", "image: a", f"{field}: {earlier}") + "\n",
            **{"sub/" + name: text for name, text in FILES.items()}}


def by_documents(field, earlier, later):
    return {"compose.yaml": "services:\n" + service("web", "image: a", f"{field}: {earlier}") + REST
                            + "---\nservices:\n" + service("web", f"{field}: {later}") + "\n"}


def by_tag(field, earlier, later):
    return {"compose.yaml": "services:\n" + service("web", "image: a", f"{field}: {earlier}") + REST,
            "compose.override.yaml": "services:\n" + service("web", f"{field}: !override {later}") + "\n"}


def by_merge_key(field, earlier, later):
    return {"compose.yaml": f"x-base: &base {{image: a, {field}: {earlier}}}\nservices:\n"
                            + service("web", "<<: *base", f"{field}: {later}") + REST}


WAYS = (by_override, by_extends, by_extends_of_file, by_documents, by_tag, by_merge_key)


def variants():
    made = []
    for field, forms in FORMS.items():
        for earlier in forms:
            for later in forms:
                way = WAYS[len(made) % len(WAYS)]
                files = {**FILES, **way(field, earlier, later)}
                made.append(Project("variants.py", f"{field}: {later} over {earlier} {way.__name__}",
                                    {f"{APP}/{name}": text for name, text in files.items()}, command="--profile on up"))
    return made


def mixed_service(rng, name, *settings):
    """A service with a few fields, some of which override or take away what was there."""
    fields = rng.sample(sorted(FORMS), rng.randint(1, 6))
    tags = [rng.choice(("", "", "", "", "!override ", "!reset ")) for _ in fields]
    return service(name, *settings, *(f"{field}: {tag}{rng.choice(FORMS[field])}" for field, tag in zip(fields, tags)))


def mixed(seed, count):
    """Projects of two files, with an include, bases in the file and in another one, and several documents."""
    made = []
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        include = rng.choice(("", "include: [inc/more.yaml]\n"))
        second = rng.choice(("", "---\nservices:\n" + mixed_service(rng, "web") + "\n"))
        files = {
            "compose.yaml": include + "services:\n" + mixed_service(rng, "base", "image: a") + "\n"
                            + mixed_service(rng, "web", rng.choice(("image: a", "extends: base"))) + "\n"
                            + mixed_service(rng, "api", "extends: {file: sub/base.yaml, service: base}") + REST + second,
            "sub/base.yaml": "services:\n" + mixed_service(rng, "base", "extends: deep") + "\n"
                             + mixed_service(rng, "deep", "image: a") + "\n",
            "inc/more.yaml": "services:\n" + mixed_service(rng, "more", "image: a") + "\n",
            "compose.override.yaml": "services:\n" + mixed_service(rng, "web") + "\n" + mixed_service(rng, "api") + "\n"}
        files.update({f"{folder}{name}": text for folder in ("", "sub/", "inc/") for name, text in FILES.items()})
        made.append(Project("variants.py", f"mixed {seed} {number}", {f"{APP}/{name}": text for name, text in files.items()},
                            command="--profile on --profile off up"))
    return made
