"""Restatements: a number of the prose against the table or paragraph that it restates."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from secondlook.checks.counts import balanced, shares
from secondlook.checks.verdicts import Check
from secondlook.numbers.printed import Printed, parse, show
from secondlook.numbers.slips import slip
from secondlook.paper.registry import Registry, Value


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
    common = {
        "check_id": f"restatement.{value.id}:{original.id}",
        "value_ids": (value.id, original.id),
        "quantity": value.subject,
        "published": value.printed,
        "recomputed": restated,
        "method": f"as printed at {original.place}{_one_of(value)}",
        "evidence": "restatement",
    }
    if not _holds(value, restated):
        return _differs(registry, value, original, common, supported)
    same = value.printed == restated
    alike = "within the bound that is printed" if value.number and value.number.bound else (
        "printed with other digits, it can be the same"
    )  # fmt: skip
    note = f"{original.place}: {restated}" + ("." if same else f"; {alike}.")
    return Check(**common, verdict="coherent", note=note)


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


def _differs(registry: Registry, value: Value, original: Value, common: dict, supported: set[str]) -> Check:
    restated = common["recomputed"]
    there = original.printed if original.printed == restated else f"{original.printed}, that is {restated}"
    note = f"Printed is {value.printed}, and at {original.place} it is {there}."
    twins = [v for v in _neighbours(registry, original, value.statistic) if v.printed == value.printed]
    if twins:
        note += f" {value.printed} is the number printed at {twins[0].place}."
    if original.id in supported:
        note += f" The counts that the paper prints give {restated}."
    kind = slip(value.printed, restated)
    note += f" The two differ by {kind}." if kind and not twins else ""
    # A twin in the same row is a slip of the number; one in another row may as well be a slip of the name.
    other_row = bool(twins) and twins[0].row != original.row
    note += " Either the number or the name beside it is out of place." if other_row else ""
    singled_out = bool(twins) or original.id in supported
    return Check(
        **common,
        verdict="decision" if _other_side(value, original) else "inconsistent",
        suspect_ids=(value.id,) if singled_out else (),
        repair=restated if singled_out and not other_row else "",
        chance=_chance(registry, value, original) if twins else None,
        note=note,
    )


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


def _other_side(value: Value, original: Value, alpha: Fraction = Fraction(1, 20)) -> bool:
    """Return True when two p values that should be one lie on different sides of 0.05."""
    if value.statistic != "p" or value.number is None or original.number is None:
        return False
    return (value.number.stands_for().high < alpha) != (original.number.stands_for().high < alpha)
