"""External: what the paper says of other studies, against what those studies say themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from secondlook.checks.verdicts import Check
from secondlook.paper.registry import Registry
from secondlook.paper.schema import ExternalRow

#: What the look-up of a source means as a verdict.
VERDICT = {
    "yes": "coherent",
    "partly": "query",
    "no": "inconsistent",
    "opposite": "decision",
    "silent": "not-testable",
    "not-found": "not-testable",
}
SILENT = "The source, as far as it could be read, does not decide it."
UNREAD = "What would decide it could not be read."
#: How a note begins that gives its reason itself.
SOUGHT = ("Not looked for", "Looked for")
UNCITED = "The paper cites no source for this."


def reference(key: str) -> str:
    """Return the number of a cited study in the paper's list, from a key such as ``ref31-lin2022``; else nothing."""
    found = re.match(r"ref0*(\d+)-", key)
    return found[1] if found else ""


def check(registry: Registry) -> Iterator[Check]:
    """Yield one check per quoted value or claim and source, numbered where one source was looked up twice for it.

    Rows about something that is no value of the registry (a name in the reference list) make no check.
    """
    seen: Counter[str] = Counter()
    for row in registry.external:
        if row.quote in registry.values:
            name = f"external.{row.quote}:{row.cites or 'uncited'}"
            seen[name] += 1
            yield _check(registry, row, name if seen[name] == 1 else f"{name}.{seen[name]}")


def _check(registry: Registry, row: ExternalRow, name: str) -> Check:
    found = row.agrees not in ("silent", "not-found")
    return Check(
        check_id=name,
        value_ids=(row.quote,),
        quantity=row.quantity,
        published=row.printed or registry[row.quote].subject,
        recomputed=row.source_value,
        method=_method(row) if found else "",
        evidence="source" if found else "none",
        verdict=VERDICT[row.agrees],
        note=_note(row, found),
    )


def _note(row: ExternalRow, found: bool) -> str:
    """Return which source is meant, why it does not decide where it does not, and what it says."""
    number = reference(row.cites)
    named = f"Reference {number}: " if number else ""
    reason = SILENT if row.agrees == "silent" else UNREAD if row.cites else UNCITED
    if found or row.note.startswith((*SOUGHT, reason)):
        return named + row.note
    return f"{named}{reason} {row.note}".strip()


def _method(row: ExternalRow) -> str:
    """Return what was held against the quotation: the source's own quantity and population."""
    return "; ".join(part for part in (row.source_quantity, row.source_population) if part) or "the source's own words"
