"""For the authors of a paper: every matter as a form to answer, as a table and as a letter, and one matter as an issue.

In: a ledger. An answer comes back as a row of the folder's ``answers.csv`` under the same slug. The letter is Markdown,
which every word processor opens, and the table is one that spreadsheets open: a DOCX would take python-docx, whose lxml
is five megabytes compiled for each system, in every reader's installation.
"""

from __future__ import annotations

import csv
import io
from urllib.parse import urlencode

from secondlook.audit import Ledger
from secondlook.corrections import MatterLine, headed, lines, reasons
from secondlook.matters import WEIGHTS

COLUMNS = ("number", "matter", "where", "printed", "suggested", "how_sure", "why", "answer")

ABOUT = (
    "This letter lists what a recomputation of the printed numbers came upon, in order of weight. Each entry says what "
    "is printed and what follows from what else is printed; it says nothing about how it came about. What was read is "
    "a text rendering of the article, so a slip may be the rendering's. A word behind any entry is enough: that it is "
    "right as printed and why, what should stand there, or that it cannot be told any more. The answer will stand "
    "beside the number."
)


def entries(ledger: Ledger) -> list[tuple[int, MatterLine]]:
    """Return all matters in order of weight, each with its number, from 1."""
    return list(enumerate(lines(ledger, WEIGHTS), 1))


def form_csv(ledger: Ledger) -> str:
    """Return the form as CSV: a line a matter, with the columns of :data:`COLUMNS`; the last is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, x in entries(ledger):
        why = " ".join(reasons(ledger, x.matter.checks))
        writer.writerow([number, x.matter.slug, x.where, x.printed, x.should_read, x.how_sure, why, ""])
    return out.getvalue()


def letter(ledger: Ledger) -> str:
    """Return the form as a letter in Markdown, a heading a matter and room for an answer below each."""
    paper = ledger.registry.layout.paper
    doi = f", doi:{paper.doi}" if paper.doi else ""
    parts = [f"# Questions about the numbers of {paper.short}", f"{paper.title}{doi}.", ABOUT]
    number = 0
    for head, found in headed(ledger, WEIGHTS):
        parts.append(f"## {head}")
        for x in found:
            number += 1
            parts.append(f"### {number}. {x.where} (`{x.matter.slug}`)")
            parts.append("\n".join(f"- {line}" for line in _facts(x)))
            parts += [*reasons(ledger, x.matter.checks), "Answer:"]
    return "\n\n".join(parts) + "\n"


def issue(ledger: Ledger, found: MatterLine) -> str:
    """Return the query of an address that opens a new issue about a matter: its title and its beginning."""
    facts, why = (f"- {line}" for line in _facts(found)), reasons(ledger, found.matter.checks)
    body = [*facts, "", *why, "", "Answer or objection:", ""]
    return urlencode({"title": f"{found.matter.slug}: {found.where}", "body": "\n".join(body)})


def _facts(found: MatterLine) -> list[str]:
    words = "says, in our words" if all(v.statistic == "claim" for v in found.values) else "printed"
    facts = {words: found.printed, "suggested": found.should_read or "no single change", "how sure": found.how_sure}
    return [f"{name}: {text}" for name, text in facts.items()]
