"""What leaves the book: one A4 page of the findings as PDF, and the picture that a shared link shows.

Both are typeset by Typst from a ledger, with fonts that come with it; the same ledger gives the same bytes. The PDF
follows PDF/UA-1: it is tagged, has a title and a language, and its text is text.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from itertools import groupby

from secondlook.audit import Ledger
from secondlook.checks.verdicts import FLAGS, ICONS, VERDICTS
from secondlook.corrections import Correction, corrections
from secondlook.pages import palette
from secondlook.paper.registry import NAMES, Registry

RULE = (
    "A line says what is printed and what follows from what else is printed. It says nothing about how it came about, "
    "and the text at hand is a rendering of the article: a slip may be the rendering's. Only the journal can print an "
    "erratum; these are suggestions."
)
#: Sizes of type that are tried in turn, in points, until all fits one page.
SIZES = (9.5, 9.0, 8.75, 8.5, 8.25, 8.0, 7.75, 7.5)


def content(ledger: Ledger, lines: int | None = None) -> dict[str, object]:
    """Return what the page says, as JSON-able data; only the first `lines` corrections if given."""
    paper, totals, found = ledger.registry.layout.paper, ledger.totals(), merged(ledger)
    left = len(found) - len(found[:lines])
    return {
        "title": f"A second look at {paper.short}: the findings on one page",
        "about": f"{paper.title}.",
        "doi": paper.doi,
        "rule": RULE,
        "counted": counted(ledger),
        "colors": palette.VERDICTS,
        "icons": ICONS,
        "totals": [{"word": w, "values": n, "meaning": VERDICTS[w]} for w, n in totals.items() if n],
        "found": found[:lines],
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
    """Return the corrections as lines; neighbours that one check mends together are one line."""

    def together(correction: Correction) -> object:
        if not correction.should_read:
            return correction.value.id
        return correction.checks[0].check_id, correction.should_read

    return [_line(ledger, list(members)) for _, members in groupby(corrections(ledger), key=together)]


def _line(ledger: Ledger, group: list[Correction]) -> dict[str, str]:
    first = group[0]
    in_words = first.value.statistic == "claim"
    return {
        "word": ledger.verdicts[first.value.id],
        "place": _place(ledger.registry, group),
        "why": _why(first) if in_words or not first.should_read else "",
        "printed": "(in words)" if in_words else ", ".join(c.value.printed or "nothing" for c in group),
        "reads": first.should_read or "open",
    }


def _why(correction: Correction) -> str:
    """Return what a line needs to be understood without the book: what is said, and what it is held against."""
    check = correction.checks[0]
    if correction.value.statistic != "claim":
        return check.said.note
    against = check.said.note if check.evidence == "source" else f"Held against: {check.said.recomputed}."
    return f"Said, in our words: {check.said.published}. {against}"


def _place(registry: Registry, group: list[Correction]) -> str:
    """Return what a line is about: the first place, with what is other in the others; "all patients" goes unsaid."""
    arms = [registry.size(arm) for arm in registry.layout.paper.arms]
    everyone = {key for key in registry.layout.groups if None not in arms and registry.size(key) == sum(arms)}
    labels = {key: spec.label for key, spec in registry.layout.groups.items()}
    first, *others = (c.value for c in group)
    place = first.place.removesuffix(f", {labels[first.group]}") if first.group in everyone else first.place
    short = NAMES | {"lower": "lower", "upper": "upper"}  # "95% CI, lower and upper"
    own = [short.get(v.statistic, v.statistic) if v.table else labels.get(v.group, v.subject) for v in others]
    return " and ".join([place, *own])


def findings_pdf(ledger: Ledger) -> bytes:
    """Return one A4 page of the findings as PDF: in the largest type that fits, and with fewer lines if none does."""
    for size in SIZES:
        pdf = _typeset("findings", content(ledger), size)
        if _pages(pdf) == 1:
            return pdf
    for lines in range(len(merged(ledger)) - 1, -1, -1):
        pdf = _typeset("findings", content(ledger, lines), SIZES[-1])
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
