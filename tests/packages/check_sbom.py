"""Whether the list of what is in a release (SBOM) is sound: check_sbom.py SBOM COPYRIGHT

Against CycloneDX's own schema, asked of its own library (packaging/oracles.txt), and against what the copyright file
tells people: neither may name what the other does not."""

import json
import os
import re
import sys

# SPDX's names, and those of Debian's copyright files.
DEBIAN_NAMES = {"MIT": "Expat", "GPL-3.0-or-later WITH GCC-exception-3.1": "GPL-3+ with GCC exception"}


def schema_problems(text):
    try:
        from cyclonedx.schema import SchemaVersion
        from cyclonedx.validation.json import JsonStrictValidator
    except ImportError as error:
        if os.environ.get("CI"):
            return [f"the oracle is missing (packaging/install-oracles.sh): {error}"]
        print(f"not asked of CycloneDX's schema: {error}")
        return []
    problem = JsonStrictValidator(SchemaVersion.V1_5).validate_str(text)
    # What follows the first line is the whole schema.
    return ["CycloneDX's schema: " + str(problem).splitlines()[0][:300]] if problem else []


def reference_problems(bom):
    parts = [bom["metadata"]["component"], *bom["components"]]
    references = [part["bom-ref"] for part in parts]
    for reference in references:
        if references.count(reference) > 1:
            yield f"{reference} is there twice"
    for dependency in bom["dependencies"]:
        for reference in [dependency["ref"], *dependency["dependsOn"]]:
            if reference not in references:
                yield f"{reference} depends or is depended on, and is no component"
    for part in parts:
        for key in ("name", "version", "licenses", "purl"):
            if not part.get(key):
                yield f"{part['bom-ref']} has no {key}"


def licences(part):
    """{SPDX names} of one component."""
    (choice,) = part["licenses"]
    expression = choice.get("expression") or choice["license"]["id"]
    return {name.strip("() ") for name in re.split(r" AND | OR ", expression)}


def copyright_problems(bom, copyright_text):
    stated = {}
    for name, licence in re.findall(r"^Files: linked-in/([^/\n]+)/.*?^License: (.*?)$", copyright_text, re.M | re.S):
        stated.setdefault(name, set()).add(licence)
    linked = {part["name"]: {DEBIAN_NAMES.get(each, each) for each in licences(part)}
              for part in bom["components"] if part["scope"] == "required"}
    for name in sorted(stated.keys() | linked.keys()):
        if stated.get(name) != linked.get(name):
            yield f"{name}: the copyright file says {stated.get(name)}, the SBOM {linked.get(name)}"
    for licence in sorted(set().union(*stated.values())):
        if f"\nLicense: {licence}\n " not in copyright_text:
            yield f"the copyright file does not have the text of {licence}"


def main():
    text = open(sys.argv[1], encoding="utf-8").read()
    bom = json.loads(text)
    with open(sys.argv[2], encoding="utf-8") as file:
        problems = [*schema_problems(text), *reference_problems(bom), *copyright_problems(bom, file.read())]
    for problem in problems:
        print(problem)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
