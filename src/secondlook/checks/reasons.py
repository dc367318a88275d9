"""Reasons: why a value that no check supports or flags cannot be tested, as the data folder or its checks tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from secondlook.checks.verdicts import Check
from secondlook.paper.claims import reason_for
from secondlook.paper.registry import Registry, Value

#: What is said of a value for which no reason is given.
NOT_COVERED = "no check covers this value yet"


def check(registry: Registry, values: Iterable[Value], checks: Iterable[Check] = ()) -> Iterator[Check]:
    """Yield a ``not-testable`` check with its reason for each of some values.

    Parameters
    ----------
    registry : Registry
    values : iterable of Value
        Those that all families together leave without a verdict.
    checks : iterable of Check
        What the families found: a value that only flags involve, and none of them suspects, is told so.
    """
    flags = [found for found in checks if found.is_flag]
    for value in values:
        reason = reason_for(registry.claims, value.id, value.statistic) or _unsuspected(value, flags)
        yield Check(
            check_id=f"{'reason' if reason else 'uncovered'}.{value.id}",
            value_ids=(value.id,),
            quantity=value.subject,
            published=value.printed,
            recomputed="",
            method="",
            evidence="none",
            verdict="not-testable",
            note=f"{reason[0].upper()}{reason[1:]}." if reason else NOT_COVERED,
        )


def _unsuspected(value: Value, flags: list[Check]) -> str:
    """Return why a value that flags involve and none suspects has no verdict; nothing when no flag involves it."""
    about = [found.quantity for found in flags if value.id in found.value_ids]
    if not about:
        return ""
    return f"takes part in a check that suspects another number ({about[0]}), and nothing else supports it"
