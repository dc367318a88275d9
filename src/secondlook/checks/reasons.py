"""Reasons: why a value that no check supports or flags cannot be tested, as the data folder or its checks tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from secondlook.checks.verdicts import Check, Found, Said
from secondlook.numbers.in_words import capital
from secondlook.paper.claims_file import reason_for
from secondlook.paper.registry import Registry, Value

#: What is said of a value for which no reason is given.
NOT_COVERED = "no check covers this value yet"


@dataclass(frozen=True)
class Untested(Found):
    """A value that no check supports or flags.

    Attributes
    ----------
    because : str
        What it would take: a word of :data:`secondlook.paper.claims_schema.Because`; ``other`` where the folder does
        not say.
    taken_up : bool
        Whether a check involves it, and suspects another number.
    """

    because: str
    taken_up: bool = False


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
        given = reason_for(registry.claims, value.id, value.statistic)
        about = [] if given else [flag.said.quantity for flag in flags if value.id in flag.value_ids]
        found = Untested(given.because if given else "other", bool(about))
        yield Check(
            family="reason" if given or about else "uncovered",
            subject=value.id,
            value_ids=(value.id,),
            evidence="none",
            verdict="not-testable",
            found=found,
            said=Said(value.subject, value.printed, note=_note(given.reason if given else "", about)),
        )


def _note(reason: str, about: list[str]) -> str:
    if about:
        reason = f"takes part in a check that suspects another number ({about[0]}), and nothing else supports it"
    return f"{capital(reason)}." if reason else NOT_COVERED
