"""External: what the paper says of other studies, against what those studies say themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from secondlook.checks.verdicts import Check, Found, Said
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
    "no-copy": "not-testable",
    "not-sought": "not-testable",
}
#: What is said of a look-up that read something and does not decide, and of one that read nothing, by its answer.
UNDECIDED = {
    "silent": "The source, as far as it could be read, does not decide it.",
    "not-found": "What would decide it could not be read.",
}
UNREAD = {
    "no-copy": "Looked for; no copy that could be read was found.",
    "not-sought": "Not looked for; nothing can be said of it here.",
}
UNCITED = "The paper cites no source for this."


@dataclass(frozen=True)
class LookedUp(Found):
    """What a cited source says of a value, as ``external.csv`` has it."""

    row: ExternalRow

    @property
    def decides(self) -> bool:
        """True when the source was read and says something of the value."""
        return self.row.agrees not in (*UNDECIDED, *UNREAD)

    @property
    def is_uncited(self) -> bool:
        """True when nothing was found because the paper names no source."""
        return self.row.agrees == "not-found" and not self.row.cites

    @property
    def words(self) -> str:
        """What the source says, in our words, or why it says nothing."""
        reason = UNCITED if self.is_uncited else UNREAD.get(self.row.agrees, "")
        return " ".join(filter(None, (reason, self.row.note)))

    @property
    def source_value(self) -> str:
        """The source's own value, as printed there."""
        return self.row.source_value


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
            name = f"{row.quote}:{row.cites or 'uncited'}"
            seen[name] += 1
            yield _check(registry, row, name if seen[name] == 1 else f"{name}.{seen[name]}")


def _check(registry: Registry, row: ExternalRow, name: str) -> Check:
    found, value = LookedUp(row), registry[row.quote]
    return Check(
        family="external",
        subject=name,
        value_ids=(row.quote,),
        evidence="source" if found.decides else "none",
        verdict=VERDICT[row.agrees],
        found=found,
        recomputes=(row.quote,) if row.printed == value.printed else (),
        said=Said(
            quantity=row.quantity,
            published=row.printed or value.subject,
            recomputed=row.source_value,
            method=_method(row) if found.decides else "",
            note=_note(found),
        ),
    )


def _note(found: LookedUp) -> str:
    """Return which source is meant, why it does not decide where it does not, and what it says."""
    number = reference(found.row.cites)
    reason = "" if found.is_uncited else UNDECIDED.get(found.row.agrees, "")
    return " ".join(filter(None, (f"Reference {number}:" if number else "", reason, found.words)))


def _method(row: ExternalRow) -> str:
    """Return what was held against the quotation: the source's own quantity and population."""
    return "; ".join(part for part in (row.source_quantity, row.source_population) if part) or "the source's own words"
