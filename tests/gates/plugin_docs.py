#!/usr/bin/env python3
"""What docs/plugins.md shows of other files is what stands there.

    plugin_docs.py [--write]

Between "<!-- file: PATH -->" and "<!-- end -->" stands that file as a code block; between "<!-- effects -->" and
"<!-- end -->" a table of the kinds of effects, made of plugin.h. With --write both are brought up to date; without, a
difference is a failure. Commands of safe-docker that the page shows must exist, and so must the names of the SDK.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/plugins.md"
HEADERS = sorted((ROOT / "plugin-api/include/safe_docker").glob("*.h*"))
FILE = re.compile(r"(<!-- file: (\S+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
EFFECTS = re.compile(r"(<!-- effects -->\n)(.*?)(<!-- end -->)", re.DOTALL)
LANGUAGES = {".cpp": "cpp", ".toml": "toml", ".in": "toml", ".txt": "cmake", ".md": "markdown"}
KIND = re.compile(r"/\*((?:(?!\*/).)*)\*/\s*SDP_EFFECT_([A-Z_]+) = (\d+),|SDP_EFFECT_([A-Z_]+) = (\d+),", re.DOTALL)


def block(name):
    path = ROOT / name
    return f"\n```{LANGUAGES[path.suffix]}\n{path.read_text(encoding='utf-8')}```\n\n"


def effects():
    """(name, number, meaning) of each kind, in the order of the header. One comment may stand above several."""
    text = (ROOT / "plugin-api/include/safe_docker/plugin.h").read_text(encoding="utf-8")
    enum = text[text.index("typedef uint32_t sdp_effect_kind;"):text.index("SDP_EFFECT_KIND_COUNT =")]
    meaning = ""
    for match in KIND.finditer(enum):
        if match[1] is not None:
            meaning = " ".join(match[1].split())
        yield match[2] or match[4], int(match[3] or match[5]), meaning


def effects_table():
    rows = ["", "| kind | | what its fields say |", "| --- | --- | --- |"]
    former = None
    for name, number, meaning in effects():
        rows.append(f"| `{name}` | {number} | {'likewise' if meaning == former else meaning.replace('|', chr(92) + '|')} |")
        former = meaning
    return "\n".join(rows) + "\n\n"


def renewed(text):
    text = FILE.sub(lambda part: part[1] + block(part[2]) + part[4], text)
    return EFFECTS.sub(lambda part: part[1] + effects_table() + part[3], text)


def unknown_names(text):
    """What the page says in code of the SDK, and no header has."""
    headers = "".join(path.read_text(encoding="utf-8") for path in HEADERS)
    names = set(re.findall(r"`(?:\w+::)*(SDP_\w+|sdp_\w+|Host::\w+|Findings::\w+|Requests::\w+)", text))
    return sorted(name for name in names if not re.search(rf"\b{name.rsplit('::')[-1]}\b", headers))


def main():
    text = PAGE.read_text(encoding="utf-8")
    kinds = [number for _, number, _ in effects()]
    if kinds != list(range(1, len(kinds) + 1)) or len(kinds) < 30:
        sys.exit(f"plugin.h could not be read: kinds {kinds}")
    if len(FILE.findall(text)) < 3 or len(EFFECTS.findall(text)) != 1:
        sys.exit("the marks of the shown parts are gone")
    if unknown := unknown_names(text):
        sys.exit(f"docs/plugins.md names what no header has: {', '.join(unknown)}")
    fresh = renewed(text)
    if "--write" in sys.argv[1:]:
        PAGE.write_text(fresh, encoding="utf-8")
    elif fresh != text:
        sys.exit(f"docs/plugins.md does not show what stands in the files; bring it up to date with: {sys.argv[0]} --write")


if __name__ == "__main__":
    main()
