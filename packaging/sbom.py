"""Writes what of others is in the programs and plugins of a build, as CycloneDX 1.5: sbom.py BUILD-FOLDER OUTPUT

Nothing is taken from a list of wishes: the headers that ninja saw compiled and the archives that it saw linked, for the
targets that packages hold, are asked of dpkg whose they are. What nobody has named in components.txt is an error. The
same build of the same sources gives the same bytes."""

import datetime
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import uuid

FOLDER = pathlib.Path(__file__).resolve().parent
# libc is not in the programs: it is what they need at run time, and its headers and start files come with it.
LIBC = {"glibc", "linux"}
# -static-libstdc++ and -static-libgcc name no file.
ALWAYS_LINKED = ("libstdc++.a", "libgcc.a")


def run(*words, cwd=None):
    return subprocess.run(words, capture_output=True, text=True, check=True, cwd=cwd,
                          env=os.environ | {"LC_ALL": "C"}).stdout


def used_files(build):
    """The files outside the source tree that the target `packaged` was made of."""
    inputs = {line.strip() for line in run("ninja", "-t", "inputs", "packaged", cwd=build).splitlines()}
    files = {path for path in inputs if path.startswith("/usr/")}
    wanted = False
    for line in run("ninja", "-t", "deps", cwd=build).splitlines():
        if line and not line[0].isspace():
            wanted = line.split(":")[0] in inputs
        elif wanted and line.strip().startswith("/usr/"):
            files.add(line.strip())
    if not any(path.endswith(".h") for path in files):
        sys.exit(f"sbom.py: {build} was not built yet: build the target packaged")
    compiler = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", (build / "CMakeCache.txt").read_text(encoding="utf-8"), re.M)[1]
    files.update(run(compiler, f"-print-file-name={name}").strip() for name in ALWAYS_LINKED)
    return sorted(os.path.realpath(path) for path in files if not path.startswith("/usr/bin/"))


def owners(files):
    """{source package: (its binary packages, version)} of the packages that the files belong to."""
    names = set()
    for line in run("dpkg-query", "--search", *files).splitlines():
        names.update(name.strip() for name in line.rsplit(": ", 1)[0].split(","))
    found = {}
    for name in sorted(names):
        source, version = run("dpkg-query", "--show", "--showformat=${source:Package} ${source:Version}", name).split()
        found.setdefault(source, (set(), version))[0].add(name)
    return found


def known_components():
    rows = {}
    for line in (FOLDER / "components.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            source, name, licence, site = re.fullmatch(r"(\S+)\s+(\S+)\s+(\S.*?)\s+(https:\S+)", line).groups()
            rows[source] = (name, licence, site)
    return rows


def licences(expression):
    is_one = " " not in expression
    return [{"license": {"id": expression}} if is_one else {"expression": expression}]


def upstream(version):
    """1:1.10.0+ds-0.4 of Debian is 1.10.0 of the project."""
    return re.sub(r"[+~].*", "", re.sub(r"-[^-]*$", "", version.split(":")[-1]))


def component(source, packages, debian_version, known):
    name, licence, site = known
    purl = f"pkg:deb/debian/{source}@{debian_version.replace(':', '%3A').replace('+', '%2B')}?arch=source"
    return {"type": "library", "bom-ref": purl, "name": name, "version": upstream(debian_version), "scope": "required",
            "licenses": licences(licence), "purl": purl,
            "externalReferences": [{"type": "website", "url": site}],
            "properties": [{"name": "debian:package", "value": each} for each in sorted(packages)]}


def own_component(build):
    cache = (build / "CMakeCache.txt").read_text(encoding="utf-8")
    version = re.search(r"^CMAKE_PROJECT_VERSION:\w+=(.*)$", cache, re.M)[1]
    site = re.search(r"^CMAKE_PROJECT_HOMEPAGE_URL:\w+=(.*)$", cache, re.M)[1]
    purl = f"pkg:generic/safe-docker@{version}"
    return {"type": "application", "bom-ref": purl, "name": "safe-docker", "version": version,
            "licenses": licences("MIT OR Apache-2.0"), "purl": purl,
            "externalReferences": [{"type": "website", "url": site}]}


def libc():
    version = run("dpkg-query", "--show", "--showformat=${source:Version}", "libc6-dev")
    ref = f"pkg:deb/debian/glibc@{version.replace('+', '%2B')}?arch=source"
    return {"type": "library", "bom-ref": ref, "name": "glibc", "version": upstream(version), "scope": "excluded",
            "description": "of the system: linked when the programs start, and not part of them",
            "licenses": licences("LGPL-2.1-or-later"), "purl": ref}


def describe(build):
    known = known_components()
    found = owners(used_files(build))
    strange = sorted(set(found) - set(known) - LIBC)
    if strange:
        sys.exit(f"sbom.py: {', '.join(strange)} got into the build: name and licence belong into components.txt")
    own = own_component(build)
    parts = [component(source, *found[source], known[source]) for source in sorted(set(found) - LIBC)]
    moment = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.timezone.utc)
    bom = {"$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.5",
           "version": 1,
           "metadata": {"timestamp": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
                        "tools": {"components": [{"type": "application", "name": "packaging/sbom.py",
                                                  "version": own["version"]}]},
                        "component": own,
                        "properties": [{"name": "build:machine", "value": platform.machine()}]},
           "components": [*parts, libc()],
           "dependencies": [{"ref": own["bom-ref"], "dependsOn": [each["bom-ref"] for each in [*parts, libc()]]}]}
    # A number of its own, that the same contents have again.
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(bom, sort_keys=True))
    return {"$schema": bom.pop("$schema"), "bomFormat": bom.pop("bomFormat"), "specVersion": bom.pop("specVersion"),
            "serialNumber": f"urn:uuid:{number}", **bom}


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: sbom.py BUILD-FOLDER OUTPUT")
    text = json.dumps(describe(pathlib.Path(sys.argv[1])), indent=2, ensure_ascii=False)
    pathlib.Path(sys.argv[2]).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
