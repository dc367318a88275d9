"""External: what the paper says of other studies, against what those studies say themselves.

A flag needs the source's own words, a peer-reviewed table or an official summary; on a digest or less it is at most a
query. A percentage quoted of so many patients must be printed by some whole number of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from secondlook.checks.verdicts import Check, Found, Said
from secondlook.numbers.printed import NotPrintedError, Printed, parse
from secondlook.paper.registry import Registry, Value
from secondlook.paper.schema import ExternalRow
from secondlook.stats.percentages import other_counts

#: What the look-up of a source means as a verdict. What a study says of a quotation is no conclusion of the paper.
VERDICT = {
    "yes": "coherent",
    "partly": "query",
    "no": "inconsistent",
    "opposite": "inconsistent",
    "silent": "not-testable",
    "not-found": "not-testable",
    "no-copy": "not-testable",
    "not-sought": "not-testable",
}
#: How the source was read, and which of these bear a flag that says that something is wrong.
CERTAINTY = {
    "A": "read in its authors' own words (A)",
    "B": "read in a peer-reviewed table or an official summary (B)",
    "C": "read in a digest, news or an interview (C)",
    "": "",
}
SURE = ("A", "B")
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
#: A percentage in the source's own value.
_PERCENT = re.compile(r"(?<![\d.–-])(\d+(?:\.\d+)?)%")


@dataclass(frozen=True)
class LookedUp(Found):
    """What a cited source says of a value, as ``external.csv`` has it."""

    row: ExternalRow

    @property
    def verdict(self) -> str:
        """What the look-up means, no worse than how it was read bears."""
        word = VERDICT[self.row.agrees]
        return "query" if word == "inconsistent" and self.row.certainty not in SURE else word

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
        return " ".join(filter(None, (reason, self.row.note, _not_of_all(self.row))))

    @property
    def source_value(self) -> str:
        """The source's own value, as printed there."""
        return self.row.source_value

    @property
    def values(self) -> tuple[str, ...]:
        """The source's own values: more than one where accounts of it differ."""
        return tuple(filter(None, self.row.source_value.split(" or ")))


def check(registry: Registry) -> Iterator[Check]:
    """Yield one check per quoted value or claim and source, numbered where one source was looked up twice for it.

    A quoted percentage of a known number of patients makes another. Rows about something that is no value of the
    registry (a name in the reference list) make none.
    """
    seen: Counter[str] = Counter()
    for row in registry.external:
        if row.quote in registry.values:
            name = f"{row.quote}:{row.cites or 'uncited'}"
            seen[name] += 1
            value = registry[row.quote]
            number = registry.layout.reference(row.cites)
            yield _check(row, value, name if seen[name] == 1 else f"{name}.{seen[name]}", number)
            if row.size and value.statistic == "percent" and value.number:
                yield _quoted(row, value, name)


def _check(row: ExternalRow, value: Value, name: str, number: str) -> Check:
    found = LookedUp(row)
    several = len(found.values) > 1 and found.verdict == "inconsistent"
    return Check(
        family="external",
        subject=name,
        value_ids=(row.quote,),
        evidence="source" if found.decides else "none",
        verdict=found.verdict,
        found=found,
        candidates=found.values if several else (),
        recomputes=(row.quote,) if row.printed == value.printed else (),
        said=Said(
            quantity=row.quantity,
            published=row.printed or value.subject,
            recomputed=row.source_value,
            method=named(row) if found.decides else "",
            note=_note(found, number),
        ),
    )


def _note(found: LookedUp, number: str) -> str:
    """Return which source is meant, why it does not decide where it does not, and what it says."""
    reason = "" if found.is_uncited else UNDECIDED.get(found.row.agrees, "")
    return " ".join(filter(None, (f"Reference {number}:" if number else "", reason, found.words)))


def named(row: ExternalRow) -> str:
    """Return what a source's value is: its name, criterion, patients, arms and population, and how it was read."""
    size = f"of {row.size} patients" if row.size else ""
    arms = f"arms: {row.arms}" if row.arms else ""
    criterion = f"criterion: {row.criterion}" if row.criterion else ""
    parts = (row.endpoint or "the source's own words", criterion, size, arms, row.source_population)
    return "; ".join(filter(None, (*parts, CERTAINTY[row.certainty])))


# Percentages of whole patients ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quoted(Found):
    """A quoted percentage, and the whole numbers of the source's patients that print it."""

    row: ExternalRow
    counts: tuple[int, ...]


def _quoted(row: ExternalRow, value: Value, name: str) -> Check:
    size = int(row.size)
    counts = tuple(other_counts(value.number, size))
    listed = " or ".join(f"{n} of {size}" for n in counts)
    note = f"{listed or f'No whole number of {size} patients'} prints {value.printed}."
    own = _number(row.source_value)
    if not counts and own and other_counts(own, size):
        note += f" {' or '.join(f'{n} of {size}' for n in other_counts(own, size))} prints the source's {own.text}."
    return Check(
        family="quoted",
        subject=name,
        value_ids=(value.id,),
        evidence="algebra",
        verdict="coherent" if counts else "query",
        found=Quoted(row, counts),
        said=Said(
            quantity=f"{row.quantity}, as a number of patients",
            published=value.printed,
            recomputed=listed,
            method="whole numbers of the cited study's patients that print the percentage",
            note=note,
        ),
    )


def _number(text: str) -> Printed | None:
    try:
        return parse(text)
    except NotPrintedError:
        return None


def _not_of_all(row: ExternalRow) -> str:
    """Return that the source's own percentages are not of all patients of the arm, where no whole number prints one.

    A smaller number of patients is named where exactly one prints them all: perhaps those who could be judged.
    """
    own = [parse(text) for text in _PERCENT.findall(row.source_value)]
    size = int(row.size or 0)
    if not size or not own or all(other_counts(percent, size) for percent in own):
        return ""
    fewer = [n for n in range(2, size) if all(other_counts(percent, n) for percent in own)]
    shown = " and ".join(percent.text for percent in own)
    said = f"No whole number of the {size} patients prints {shown}"
    if len(fewer) == 1:
        counts = " and ".join(str(other_counts(percent, fewer[0])[0]) for percent in own)
        said += f"; {counts} of {fewer[0]} do, perhaps those who could be judged"
    return f"{said}."
