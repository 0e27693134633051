#!/usr/bin/env python3
"""Writes the manual pages of sections 5 and 7 out of docs/*.md, into FOLDER/man5 and FOLDER/man7.

    manual_pages.py --date DATE --version VERSION FOLDER

Those of section 1 are written by `safe-docker manual`. What of Markdown docs/ makes use of is read here: headings,
paragraphs, lists, code, tables, links. A table becomes a list, because its lines are too wide for a terminal: the first
cell stands above what the others say.
"""
import argparse
import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[1]
HOME = "https://github.com/nekoruri/safe-docker/blob/main/"


@dataclasses.dataclass
class Page:
    name: str
    section: int
    title: str
    files: tuple
    see_also: tuple


PAGES = (
    Page("safe-docker-config", 5, "the configuration of safe-docker", ("config.md",),
         ("safe-docker-check-config(1)", "safe-docker-config(1)", "safe-docker-policy(7)", "safe-docker-rule-language(7)")),
    Page("safe-docker-policy", 7, "what safe-docker makes of objections", ("policy.md",),
         ("safe-docker-explain(1)", "safe-docker-status(1)", "safe-docker-trust(1)", "safe-docker-config(5)",
          "safe-docker-rules(7)")),
    Page("safe-docker-rules", 7, "what safe-docker objects to, and why", ("rules.md",),
         ("safe-docker-rules(1)", "safe-docker-policy(7)")),
    Page("safe-docker-rule-language", 7, "rules of your own for safe-docker", ("rule-language.md",),
         ("safe-docker-config(5)", "safe-docker-policy(7)", "safe-docker-testing-policy(7)")),
    Page("safe-docker-testing-policy", 7, "trying out a policy of safe-docker", ("testing-policy.md",),
         ("safe-docker-test(1)", "safe-docker-policy(7)")),
    Page("safe-docker-audit", 7, "the log of what safe-docker decided", ("audit.md", "audit-commands.md"),
         ("safe-docker-audit(1)", "safe-docker-config(5)")),
    Page("safe-docker-compose", 7, "how safe-docker judges compose projects", ("compose.md",),
         ("safe-docker-compose-resolve(1)", "safe-docker-rules(7)")),
    Page("safe-docker-plugins", 7, "writing a plugin for safe-docker", ("plugins.md",),
         ("safe-docker-plugin-new(1)", "safe-docker-plugin-check(1)", "safe-docker-rule-language(7)")),
)
PAGE_OF = {file: page for page in PAGES for file in page.files}

# ---- Inside of a line ------------------------------------------------------------------------------------------------

LETTERS = {"\\": r"\(rs", "'": r"\(aq", '"': r"\(dq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", "…": "...", "—": r"\(em"}


def escaped(text):
    """`text` so that it can be copied into a shell."""
    return "".join(LETTERS.get(each, each if each.isascii() else rf"\[u{ord(each):04X}]") for each in text)


def literal(text):
    return escaped(text).replace("-", r"\-")


def prose(text):
    """Here a hyphen is one, unless it belongs to an option."""
    return re.sub(r"--|(?<![\w])-(?=\w)", lambda found: found[0].replace("-", r"\-"), escaped(text))


def reference(page):
    name, section = page[:-1].split("(")
    return rf"\fB{literal(name)}\fR({section})"


def link(text, target):
    """No page has links: what is said of another page names it, what lies elsewhere has its address."""
    file, _, _ = target.partition("#")
    if "://" in file:
        return f"{inline(text)} <{literal(target)}>"
    if not file:
        return inline(text)
    page = PAGE_OF.get(file)
    if page is None:
        address = literal(HOME + (file[3:] if file.startswith("../") else "docs/" + file))
        return address if text.endswith((".md", ".json", ".toml")) else f"{inline(text)} <{address}>"
    name = reference(f"{page.name}({page.section})")
    return name if text == file else f"{inline(text)} ({name})"


INLINE = re.compile(r"`(?P<code>[^`]+)`|\[(?P<text>[^\]]+)\]\((?P<target>[^)]+)\)|\*\*(?P<bold>.+?)\*\*"
                    r"|(?<![\w*])\*(?P<italic>[^\s*][^*]*)\*(?!\w)|<br>")


def inline(text):
    # A file that is a page is named as that, also where it is no link.
    text = re.sub(r"(?<![\[`])(`?)docs/([\w-]+\.md)\1(?!\])", lambda found: f"[{found[2]}]({found[2]})", text)
    roff, at = "", 0
    for found in INLINE.finditer(text):
        roff += prose(text[at:found.start()])
        at = found.end()
        if found["code"]:
            roff += rf"\fB{literal(found['code'])}\fR"
        elif found["text"]:
            roff += link(found["text"], found["target"])
        elif found["bold"]:
            roff += rf"\fB{inline(found['bold'])}\fR"
        elif found["italic"]:
            roff += rf"\fI{inline(found['italic'])}\fR"
        else:
            roff += "\n.br\n"
    return roff + prose(text[at:])


def line(text):
    """`text` as lines of roff; one that begins with a dot would be a request."""
    return "".join(("\\&" if each.startswith(".") and each != ".br" else "") + each + "\n"
                   for each in inline(text).split("\n") if each)


# ---- Blocks ----------------------------------------------------------------------------------------------------------

ITEM = re.compile(r"(?P<head>[-*]|\d+\.) +(?=\S)")


def code(lines):
    rows = [("\\&" if row.startswith((".", "'")) else "") + literal(row) for row in lines]
    return ".PP\n.RS 4\n.EX\n" + "\n".join(rows) + "\n.EE\n.RE\n"


def cells(row):
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def table(lines):
    header, rows = cells(lines[0]), [cells(row) for row in lines[2:]]
    heads = 2 if header[0] in ("no.", "command") else 1
    roff = ""
    for row in rows:
        head = " ".join(line(cell).strip() for cell in row[:heads] if cell)
        last = len(row) - 1
        told, is_short = "", False
        for at, cell in enumerate(row[heads:], heads):
            if not cell:
                continue
            named = header[at] and not (at == last and len(row) <= heads + 2)
            text = (f"*{header[at]}:* " if named else "") + cell
            was_short, is_short = is_short, len(text) < 30
            if told:
                told = told[:-1] + ";\n" if was_short and is_short else told + ".br\n"
            told += line(text)
        roff += f".TP\n{head}\n{told}" if told else f".PP\n{head}\n"
    return roff


def items(lines):
    """A list, and what is indented below each of its items."""
    roff, at = "", 0
    while at < len(lines):
        found = ITEM.match(lines[at])
        width = len(found[0])
        body = [lines[at][width:]]
        at += 1
        while at < len(lines) and not ITEM.match(lines[at]):
            body.append(lines[at][min(width, len(lines[at]) - len(lines[at].lstrip())):])
            at += 1
        first = next((end for end, row in enumerate(body) if not row.strip()), len(body))
        head = r"\(bu" if found["head"] in "-*" else found["head"]
        roff += f".IP {head} 4\n" + line(" ".join(row.strip() for row in body[:first]))
        rest = blocks(body[first:])
        roff += f".RS 4\n{rest}.RE\n" if rest else ""
    return roff


def heading(row, is_further):
    """The title of the first file is the page's own."""
    level, text = row.split(" ", 1)
    if level == "#" and not is_further:
        return ""
    name = text if "`" in text or level == "###" else text.upper()
    return f".{'SS' if level == '###' else 'SH'} {line(name).strip()}\n"


def taken(lines, at, belongs):
    end = at
    while end < len(lines) and belongs(lines[end]):
        end += 1
    return end


def block(lines, at, is_further):
    """The block that begins at `at`, and where the next one does."""
    row = lines[at]
    if row.startswith("```"):
        end = taken(lines, at + 1, lambda each: not each.startswith("```"))
        return code(lines[at + 1:end]), end + 1
    if row.startswith("<!--"):
        return "", at + 1
    if row.startswith("#"):
        return heading(row, is_further), at + 1
    if row.startswith("|"):
        end = taken(lines, at, lambda each: each.startswith("|"))
        return table(lines[at:end]), end
    if row.startswith("    "):
        end = taken(lines, at, lambda each: each.startswith("    ") or not each.strip())
        rows = [each[4:] for each in lines[at:end]]
        while not rows[-1].strip():
            rows.pop()
        return code(rows), end
    if ITEM.match(row):
        end = taken(lines, at, lambda each: ITEM.match(each) or each.startswith("  ") or not each.strip())
        return items(lines[at:end]), end
    end = taken(lines, at, lambda each: each.strip() and not each.startswith(("```", "|", "#", "<!--")))
    return ".PP\n" + line(" ".join(each.strip() for each in lines[at:end])), end


def blocks(lines, is_further=False):
    roff, at = "", 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        text, at = block(lines, at, is_further)
        roff += text
    return roff


def page_text(page, date, version):
    body = ""
    for file in page.files:
        body += blocks((ROOT / "docs" / file).read_text(encoding="utf-8").splitlines(), is_further=bool(body))
    named = ",\n".join(rf".BR {literal(each[:-3])} {each[-3:]}" for each in ("safe-docker(1)", *page.see_also))
    text = (f'.TH "{literal(page.name.upper())}" "{page.section}" "{date}" "safe\\-docker {version}" '
            f'"Manual of safe\\-docker"\n.ad l\n.SH NAME\n{literal(page.name)} \\- {prose(page.title)}\n.SH DESCRIPTION\n'
            f"{body}.SH SEE ALSO\n{named}\n")
    # A paragraph begins behind a heading by itself.
    return re.sub(r"(?m)^(\.S[HS] .*\n)\.PP\n", r"\1", text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--date", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    for page in PAGES:
        folder = options.folder / f"man{page.section}"
        folder.mkdir(parents=True, exist_ok=True)
        text = page_text(page, options.date, options.version)
        (folder / f"{page.name}.{page.section}").write_text(text, encoding="ascii")


if __name__ == "__main__":
    main()
