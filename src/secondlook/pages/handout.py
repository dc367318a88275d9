"""What leaves the book: one A4 page of the findings as PDF, and the picture that a shared link shows.

Both are typeset by Typst from a ledger, with fonts that come with it; the same ledger gives the same bytes. The PDF
follows PDF/UA-1: it is tagged, has a title and a language, and its text is text.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files

from secondlook.audit import Ledger
from secondlook.checks.joint import Proved
from secondlook.checks.verdicts import FLAGS, ICONS, VERDICTS
from secondlook.corrections import MatterLine, lines
from secondlook.pages import palette

RULE = (
    "A line says what is printed and what follows from what else is printed. It says nothing about how it came about, "
    "and the text at hand is a rendering of the article: a slip may be the rendering's. Only the journal can print an "
    "erratum; these are suggestions."
)
#: Sizes of type that are tried in turn, in points, until all fits one page.
SIZES = (9.5, 9.0, 8.75, 8.5, 8.25, 8.0, 7.75, 7.5)


def content(ledger: Ledger, most: int | None = None) -> dict[str, object]:
    """Return what the page says, as JSON-able data; only the first `most` matters if given."""
    paper, totals, found = ledger.registry.layout.paper, ledger.totals(), merged(ledger)
    left = len(found) - len(found[:most])
    return {
        "title": f"A second look at {paper.short}: the findings on one page",
        "about": f"{paper.title}.",
        "doi": paper.doi,
        "rule": RULE,
        "counted": counted(ledger),
        "colors": palette.VERDICTS,
        "icons": ICONS,
        "totals": [{"word": w, "values": n, "meaning": VERDICTS[w]} for w, n in totals.items() if n],
        "found": found[:most],
        "more": f"{left} more stand in the book." if left else "",
        "cells": [ledger.verdicts[value.id] for value in ledger.registry],
    }


def counted(ledger: Ledger) -> str:
    """Return the totals in one sentence."""
    totals = ledger.totals()
    parts = {
        "are reproduced": totals["reproduced"],
        "agree with all that they can be held against": totals["coherent"] + totals["attained"],
        "raise a flag": sum(totals[word] for word in FLAGS),
        "cannot be tested": totals["not-testable"],
    }
    said = ", ".join(f"{number} {what}" for what, number in parts.items() if number)
    return f"Of {sum(totals.values())} printed numbers and claims {said}."


def merged(ledger: Ledger) -> list[dict[str, str]]:
    """Return the matters that do not hold, one line each."""
    return [_line(ledger, found) for found in lines(ledger)]


def _line(ledger: Ledger, found: MatterLine) -> dict[str, str]:
    in_words = all(value.statistic == "claim" for value in found.values)
    return {
        "word": ledger.verdicts[found.values[0].id],
        "place": found.where,
        "why": _why(found) if in_words or not found.should_read else "",
        "printed": "(in words)" if in_words else found.printed,
        "reads": found.suggested,
    }


def _why(found: MatterLine) -> str:
    """Return what a line needs to be understood without the book: what is said, and what it is held against."""
    check = found.matter.lead
    if isinstance(check.found, Proved):
        return f"{check.found.proof.claim}, unless a premise of the proof fails."
    if found.matter.kind == "number":
        return check.said.note
    against = check.said.note if check.evidence == "source" else f"Held against: {check.said.recomputed}."
    return f"Said, in our words: {found.values[0].subject}. {against}"


def findings_pdf(ledger: Ledger) -> bytes:
    """Return one A4 page of the findings as PDF: in the largest type that fits, and with fewer lines if none does."""
    for size in SIZES:
        pdf = _typeset("findings", content(ledger), size)
        if _pages(pdf) == 1:
            return pdf
    for most in range(len(merged(ledger)) - 1, -1, -1):
        pdf = _typeset("findings", content(ledger, most), SIZES[-1])
        if _pages(pdf) == 1:
            break
    return pdf


def social_png(ledger: Ledger) -> bytes:
    """Return the picture of a shared link: the map of the paper, 1200 × 630 pixels, as PNG."""
    return _typeset("social", content(ledger), SIZES[0], format="png", ppi=144.0)


def _typeset(name: str, data: dict[str, object], size: float, **options) -> bytes:
    import typst

    source = files("secondlook.pages").joinpath(f"{name}.typ").read_bytes()
    inputs = {"data": json.dumps(data, ensure_ascii=False), "size": str(size)}
    options = options or {"format": "pdf", "pdf_standards": "ua-1"}
    return typst.compile(source, sys_inputs=inputs, ignore_system_fonts=True, **options)


def _pages(pdf: bytes) -> int:
    [number] = re.findall(rb"/Type/Pages/Count (\d+)", pdf)
    return int(number)
