"""Suggested corrections: one line per value that does not hold, and the questions that remain, made from a ledger."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from secondlook.audit import Ledger, show_chance
from secondlook.checks.claims import JudgedClaim
from secondlook.checks.counts import Share
from secondlook.checks.external import LookedUp
from secondlook.checks.verdicts import Check
from secondlook.paper.registry import Value

COLUMNS = ("value_id", "section", "where", "printed", "should_read", "why", "how_sure", "check_ids")

#: Verdicts that call for a correction; a query is a question, not a correction.
WRONG = ("decision", "inconsistent")


@dataclass(frozen=True)
class Correction:
    """One value that does not hold.

    Attributes
    ----------
    value : Value
    should_read : str
        The repair when exactly one is known, otherwise empty.
    why, how_sure : str
        The arithmetic in words, and what the repair rests on.
    checks : tuple of Check
        The checks that suspect the value, the one that is quoted first.
    """

    value: Value
    should_read: str
    why: str
    how_sure: str
    checks: tuple[Check, ...]


def corrections(ledger: Ledger) -> list[Correction]:
    """Return one correction per value whose own verdict is wrong, worst first, then in reading order."""
    wrong = [value for value in ledger.registry if ledger.verdicts[value.id] in WRONG]
    found = [_correction(ledger, value) for value in wrong]
    return sorted(found, key=lambda c: WRONG.index(ledger.verdicts[c.value.id]))


def _correction(ledger: Ledger, value: Value) -> Correction:
    flags = [c for c in ledger.by_value[value.id] if c.verdict in WRONG and value.id in c.suspect_ids]
    # The check that singles the value out and mends it speaks first; then the one with the fewest suspects.
    flags.sort(key=lambda c: (not c.changes, len(c.suspect_ids), WRONG.index(c.verdict)))
    first = flags[0]
    quoted = first.found.source_value if isinstance(first.found, LookedUp) and value.number else ""
    how_sure = "the cited study's own value, where it was read" if quoted else _how_sure(first)
    return Correction(value, first.said.repair or quoted, first.said.note, how_sure, tuple(flags))


def _how_sure(check: Check) -> str:
    if not check.changes:
        return "no single change is singled out"
    if isinstance(check.found, Share | JudgedClaim):
        return "follows from the printed counts"
    if check.chance is None:
        return "follows from the other place, which the counts support"
    chance = show_chance(check.chance)
    return f"the only small change that fits; one would turn up by accident with a chance of {chance}"


def questions(ledger: Ledger) -> list[Check]:
    """Return the queries: what is possible as printed, and what the authors could say."""
    return [check for check in ledger.flags() if check.verdict == "query"]


def to_csv(ledger: Ledger) -> str:
    """Return the corrections as CSV text with the columns of :data:`COLUMNS`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for c in corrections(ledger):
        checks = " ".join(check.check_id for check in c.checks)
        row = [c.value.id, c.value.section, c.value.place, c.value.printed, c.should_read, c.why, c.how_sure, checks]
        writer.writerow(row)
    return out.getvalue()
