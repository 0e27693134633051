#!/usr/bin/env python3
"""The schema of the configuration says what the reader says: whatever safe-docker takes fits it, and the mistakes that a
schema can tell do not.

    config_schema.py --binary PATH      (needs the PyPI package jsonschema)
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

try:
    import jsonschema
except ImportError as error:
    print(f"{error}: tests/run.sh installs it")
    sys.exit(1 if os.environ.get("CI") else 77)

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What is wrong in a way that a schema can tell. check-config must refuse them, too.
WRONG = (
    "profil = 'strict'\n",
    "profile = 'none'\n",
    "profile_version = 2\n",
    "allowed_paths = '/srv'\n",
    "allowed_paths = [1]\n",
    "deadline_ms = 10\n",
    "deadline_ms = '2000'\n",
    "block_docker_socket = 1\n",
    "[audit]\nformat = 'xml'\n",
    "[audit]\nkeep = 0\n",
    "[audit]\nnothing = 1\n",
    "[modes]\nwarn = 1\n",
    "[modes]\nwarned = 'all'\n",
    "[decisions]\n\"flags/gpu\" = 'maybe'\n",
    "[[exceptions]]\nrule = 'flags/gpu'\n",
    "[[exceptions]]\nreason = 'x'\n",
    "[[exceptions]]\nrule = 'flags/gpu'\nreason = 'x'\nmatch = { pth = '/x' }\n",
    "[lists]\na = 1\n",
    "[[rules]]\nid = 'a'\n",
    "[[rules]]\nid = 'a'\nwhen = { effect = 'image' }\ndecision = 'allow'\nmessage = 'x'\n",
    "[plugins.mounts]\npath = '/x.so'\n",
    "[plugins.other]\nenabled = true\n",
)


def configurations(binary, home):
    """Texts that the reader takes: the sample with all lines on, and those of the documentation."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    subprocess.run([binary, "config", "init"], check=True, env=environment, capture_output=True)
    sample = (home / ".config/safe-docker/config.toml").read_text(encoding="utf-8")
    yield "config init", sample
    yield "config init, all on", re.sub(r"(?m)^#(?! )", "", sample)
    for name in ("README.md", "docs/rule-language.md", "docs/policy.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for part in re.findall(r"```toml\n(.*?)```", text, re.DOTALL):
            if "[[case]]" not in part and not part.startswith("when"):
                yield name, part


def refuses(binary, home, text):
    path = home / "tried.toml"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run([binary, "check-config", "--config", str(path)], capture_output=True, text=True, check=False,
                          env={"PATH": os.environ["PATH"], "HOME": str(home)}, cwd=home)
    return done.returncode != 0, done.stdout


def plain(value):
    """Dates as texts, as JSON has them."""
    return json.loads(json.dumps(value, default=str))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    binary = str(pathlib.Path(parser.parse_args().binary).resolve())
    schema = json.loads((ROOT / "docs/config.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        taken = list(configurations(binary, home))
        for name, text in taken:
            refused, said = refuses(binary, home, text)
            errors = [error.message for error in validator.iter_errors(plain(tomllib.loads(text)))]
            if refused or errors:
                failures.append(f"{name}: schema {errors}, reader {said}\n{text}")
        for text in WRONG:
            if validator.is_valid(plain(tomllib.loads(text))):
                failures.append(f"fits the schema: {text}")
            if not refuses(binary, home, text)[0]:
                failures.append(f"is taken by the reader: {text}")
    if failures:
        sys.exit("\n".join(failures))
    print(f"{len(taken)} configurations, {len(WRONG)} mistakes")


if __name__ == "__main__":
    main()
