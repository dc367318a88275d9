"""Restatements: a number of the prose against the table or paragraph that it restates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from secondlook.checks.counts import balanced, shares
from secondlook.checks.levels import on_other_sides
from secondlook.checks.verdicts import Change, Check, Found, Said
from secondlook.numbers.printed import Printed, parse, show
from secondlook.numbers.slips import slip
from secondlook.paper.registry import Registry, Value


@dataclass(frozen=True)
class Restated(Found):
    """A value of the prose beside the value that it restates.

    Attributes
    ----------
    value, original : Value
    restated : str
        What the original prints, as the value would print it.
    twin : Value or None
        Another number near the original that prints what the value prints.
    supported : bool
        Whether counts support the original.
    """

    value: Value
    original: Value
    restated: str
    twin: Value | None = None
    supported: bool = False

    @property
    def slip(self) -> str:
        """The smallest slip that leads from one to the other; empty when none does, or a twin explains it."""
        return "" if self.twin else slip(self.value.printed, self.restated)

    @property
    def of_other_row(self) -> bool:
        """True when the twin stands in another row: a slip of the name explains the difference as well."""
        return self.twin is not None and self.twin.row != self.original.row


def check(registry: Registry) -> Iterator[Check]:
    """Yield one check per pair of a restating value and the value that it restates."""
    supported = _supported(registry)
    for value in registry:
        for other in value.restates:
            check_ = _compare(registry, value, registry[other], supported)
            if check_:
                yield check_


def _supported(registry: Registry) -> set[str]:
    """Return ids that counts support: percentages that their counts print, and counts in sums that hold."""
    return {s.percent.id for s in shares(registry) if s.printed.matches(s.exact)} | balanced(registry)


def agree(first: Printed, second: Printed) -> bool:
    """Return True when one real number can have been printed both ways.

    With the same unit of rounding that is the same number (or the same bound); with different units the two sets of
    reals must meet, and meet in more than an end: 44.0 and 44.05 share a half, 44.0 and 44.4 nothing.
    """
    if first.bound or second.bound:
        return (first.bound, first.value) == (second.bound, second.value) or (
            first.bound != second.bound and first.stands_for().meets(second.stands_for())
        )
    if first.places == second.places:
        return first.value == second.value
    return first.stands_for().meets(second.stands_for())


def _compare(registry: Registry, value: Value, original: Value, supported: set[str]) -> Check | None:
    if not value.printed or not original.printed:  # a claim in words, or a cell left blank
        return None
    restated = _in_terms_of(registry, value, original)
    if restated is None:
        return None
    found = Restated(value, original, restated)
    if not _holds(value, restated):
        return _differs(registry, found, supported)
    return Check(**_common(found), verdict="coherent", found=found, said=_said(found, _agreeing(found)))


def _common(found: Restated) -> dict:
    return {
        "family": "restatement",
        "subject": f"{found.value.id}:{found.original.id}",
        "value_ids": (found.value.id, found.original.id),
        "evidence": "restatement",
        "recomputes": (found.value.id,),
    }


def _said(found: Restated, note: str, repair: str = "") -> Said:
    return Said(
        quantity=found.value.subject,
        published=found.value.printed,
        recomputed=found.restated,
        method=f"as printed at {found.original.place}{_one_of(found.value)}",
        note=note,
        repair=repair,
    )


def _agreeing(found: Restated) -> str:
    value = found.value
    alike = "within the bound that is printed" if value.number and value.number.bound else (
        "printed with other digits, it can be the same"
    )  # fmt: skip
    return f"{found.original.place}: {found.restated}" + ("." if value.printed == found.restated else f"; {alike}.")


def _one_of(value: Value) -> str:
    """Return that a bound is printed for several numbers at once, if it is."""
    several = bool(value.number and value.number.bound) and len(value.restates) > 1
    return f", one of {len(value.restates)} that the bound is printed for" if several else ""


def _in_terms_of(registry: Registry, value: Value, original: Value) -> str | None:
    """Return what the original prints, as a percentage where a percentage restates a count; None if incomparable."""
    if value.statistic == "percent" and original.statistic == "count":
        count, size = registry.whole(original.id), registry.size(original.group)
        return show(Fraction(100 * count, size), value.number.places) if count is not None and size else None
    return original.printed if (value.number is None) == (original.number is None) else None


def _holds(value: Value, restated: str) -> bool:
    return value.printed == restated if value.number is None else agree(value.number, parse(restated))


def _differs(registry: Registry, found: Restated, supported: set[str]) -> Check:
    value, original = found.value, found.original
    twin = next((v for v in _neighbours(registry, original, value.statistic) if v.printed == value.printed), None)
    found = replace(found, twin=twin, supported=original.id in supported)
    singled_out = twin is not None or found.supported
    # A twin in the same row is a slip of the number; one in another row may as well be a slip of the name.
    mended = singled_out and not found.of_other_row
    return Check(
        **_common(found),
        verdict="decision" if _other_side(value, original) else "inconsistent",
        suspect_ids=(value.id,) if singled_out else (),
        changes=(Change(value.id, found.restated, found.slip),) if mended else (),
        chance=_chance(registry, value, original) if twin else None,
        found=found,
        said=_said(found, _differing(found), found.restated if mended else ""),
    )


def _differing(found: Restated) -> str:
    value, original = found.value, found.original
    there = original.printed if original.printed == found.restated else f"{original.printed}, that is {found.restated}"
    note = f"Printed is {value.printed}, and at {original.place} it is {there}."
    if found.twin:
        note += f" {value.printed} is the number printed at {found.twin.place}."
    if found.supported:
        note += f" The counts that the paper prints give {found.restated}."
    note += f" The two differ by {found.slip}." if found.slip else ""
    return note + (" Either the number or the name beside it is out of place." if found.of_other_row else "")


def _neighbours(registry: Registry, original: Value, statistic: str) -> list[Value]:
    """Return the cells that a copying eye could have slipped to: the statistic sought, same row or same column."""
    if not original.table:
        return []
    row = [v for v in registry.cells(original.table, statistic=statistic, row=original.row) if v.id != original.id]
    column = registry.cells(original.table, statistic=statistic, set=original.set, group=original.group)
    return [v for v in row + [v for v in column if v.row != original.row] if v.number]


def _chance(registry: Registry, value: Value, original: Value) -> Fraction:
    """Return the chance that a random number would equal one of the neighbours.

    Random means drawn evenly from the numbers with as many decimals: percentages from 0 to 100, p values from 0 to 1,
    others up to twice the printed one.
    """
    ends = {"percent": Fraction(100), "p": Fraction(1)}
    end = ends.get(value.statistic, 2 * abs(value.number.value))
    candidates = int(end / value.number.unit) + 1
    neighbours = {v.printed for v in _neighbours(registry, original, value.statistic)}
    return min(Fraction(len(neighbours), candidates), Fraction(1))


def _other_side(value: Value, original: Value) -> bool:
    """Return True when two p values that should be one lie on different sides of 0.05."""
    return value.statistic == "p" and on_other_sides(value.number, original.number)
