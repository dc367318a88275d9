"""Markdown → Typst → PDF: pandoc converts, Typst typesets; both are libraries, and their source goes into the kit.

PDFs follow PDF/UA-1: tagged, with a title and a language, alternative texts for figures and formulas. The same text
gives the same bytes.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

READ = "markdown-yaml_metadata_block-smart-implicit_figures"
TEMPLATES = Path(__file__).parent


def as_typst(text: str) -> str:
    """Return Markdown as Typst markup; each formula has its LaTeX as alternative text."""
    import pypandoc  # needed for the kit alone

    tree = json.loads(pypandoc.convert_text(text, "json", format=READ))
    formulas: list[dict] = []
    _collect(tree["blocks"], formulas)
    if formulas:
        lines = "\n\n".join(f"${node['c'][1].strip()}$" for node in formulas)
        made = pypandoc.convert_text(lines, "typst", format=READ, extra_args=["--wrap=none"]).strip().split("\n\n")
        for node, markup in zip(formulas, made, strict=True):
            kind, latex = node["c"][0]["t"], " ".join(node["c"][1].split())
            block = "true" if kind == "DisplayMath" else "false"
            call = f"#math.equation(block: {block}, alt: {json.dumps(latex, ensure_ascii=False)}, {markup})"
            node.clear()
            node.update(t="RawInline", c=["typst", call])
    made = pypandoc.convert_text(json.dumps(tree), "typst", format="json", extra_args=["--wrap=none"])
    return made.replace("align(center)[#table(", "[#table(")  # a table's words stand on the left


def _collect(part: object, found: list[dict]) -> None:
    """Gather the formulas of a tree, in order."""
    if isinstance(part, dict):
        if part.get("t") == "Math":
            found.append(part)
        else:
            _collect(part.get("c"), found)
    elif isinstance(part, list):
        for each in part:
            _collect(each, found)


def figure(file: str, alt: str, caption: str) -> str:
    """Return a figure for a slide, as a block of Markdown that pandoc passes on."""
    words = ", ".join(
        f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in (("alt", alt), ("said", caption))
    )
    return f"```{{=typst}}\n#drawn({json.dumps(file)}, {words})\n```"


def slides(title: str, about: str, pages: list[tuple[str, str]]) -> str:
    """Return the source of a deck: its title, a line about it, and pages of a title and Markdown each."""
    head = f'#import "slides.typ": *\n#show: deck.with(title: {quoted(title)}, about: {quoted(about)})\n'
    parts = [f"#slide({quoted(name)})[\n{as_typst(text).strip()}\n]\n" for name, text in pages]
    return "\n".join([head, *parts])


def paper(title: str, text: str) -> str:
    """Return the source of a hand-out: its title and its Markdown."""
    return f'#import "paper.typ": *\n#show: paper.with(title: {quoted(title)})\n\n{as_typst(text)}'


def quoted(text: str) -> str:
    """Return a text as a string of Typst."""
    return json.dumps(text, ensure_ascii=False)


def write(file: Path, source: str) -> Path:
    """Write a source beside its template, and the PDF that it gives; return the PDF."""
    import typst

    [template] = re.findall(r'^#import "(.+?)"', source, re.MULTILINE)
    (file.parent / template).write_bytes((TEMPLATES / template).read_bytes())
    file.write_text(source, encoding="utf-8", newline="")
    pdf = file.with_suffix(".pdf")
    pdf.write_bytes(typst.compile(file, root=file.parent, ignore_system_fonts=True, format="pdf", pdf_standards="ua-1"))
    return pdf
