"""What follows from the counts of records: totals, percentages, and p values of association.

Records are counted once (:mod:`secondlook.cohort.verify`). What a paper prints beside its counts is then judged by the
same arithmetic as in print, on the counts of the records in the place of the printed ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from secondlook.checks.association import Association, check_p_values, named_tests
from secondlook.checks.counts import check_percentages
from secondlook.checks.shares import totals
from secondlook.checks.verdicts import Check
from secondlook.cohort.targets import Target
from secondlook.cohort.verify import COUNTS, Result, off_by, share_of
from secondlook.numbers.printed import Real, show_like
from secondlook.paper.registry import Registry, Value
from secondlook.stats.p_of_counts import p_values

TOTAL, PERCENT, ASSOCIATION = "total", "percent", "association"
#: How a table names what follows from counts.
NAMES_OF_KINDS = {TOTAL: "totals of counts", PERCENT: "percentages", ASSOCIATION: "p values of association"}


@dataclass(frozen=True)
class Following:
    """A number, the chance that a random one would be reproduced so too, and whether a miss can only be asked."""

    result: Result
    chance: Fraction | None = None
    asks: bool = False


def following(registry: Registry, counted: Sequence[Result]) -> Iterator[Following]:
    """Yield what records print for every printed total, percentage and p value of association that their counts give.

    Parameters
    ----------
    registry : Registry
    counted : sequence of Result
        What the records print for the printed counts; of those that are not known of everybody nothing follows.
    """
    counts = {r.target.value_id: int(r.texts[0]) for r in counted if r.target.kind in COUNTS and r.known}
    added = dict(_added(registry, counts))
    for value_id, n in added.items():
        yield Following(_total(registry[value_id], n))
    told = _with_counts(registry, counts | added)
    known = counts.keys() | added.keys()
    for check in check_percentages(told):
        share = check.found
        if known >= {*(v.id for v in share.counts), share.size_id}:
            way = f"{share.n} of {share.size}"
            yield _followed(check, _target(share.percent, PERCENT), share.size, [share.exact], [share.shown], way)
    for check in check_p_values(told):
        association = check.found.association
        if known >= {v.id for v in association.counts} | _sizes(told, association):
            yield from _p_value(told, check, association)


def _added(registry: Registry, counts: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield the printed totals that are not counted themselves and whose parts are."""
    for total in totals(registry):
        if total.whole not in counts and counts.keys() >= {*total.parts, *total.minus}:
            yield total.whole, sum(counts[i] for i in total.parts) - sum(counts[i] for i in total.minus)


def _with_counts(registry: Registry, counts: Mapping[str, int]) -> Registry:
    """Return the paper as it would print other counts; all else is as it is printed."""
    values = {i: replace(v, printed=str(counts[i])) if i in counts else v for i, v in registry.values.items()}
    return replace(registry, values=values)


def _sizes(registry: Registry, association: Association) -> set[str]:
    """Return the ids of the sizes of the groups whose counts are tested."""
    groups = (registry.layout.groups.get(value.group) for value in association.counts)
    return {spec.size for spec in groups if spec and spec.size}


def _target(value: Value, kind: str) -> Target:
    place = {"table": value.table, "variable": value.variable, "level": value.level}
    groups = (value.group,) if value.group else ()
    return Target(value.id, value.place, kind, "", value.statistic, value.printed, value.printed, groups, **place)


def _total(value: Value, n: int) -> Result:
    target = _target(value, TOTAL)
    off = off_by(n, target.number)
    return Result(target, (str(n),), off, share_of(off, target.number), n, "adding up the counts")


def _p_value(told: Registry, check: Check, association: Association) -> Iterator[Following]:
    """Yield what the tests give of the counts; nothing where none of the usual ones can be computed."""
    table = association.ordered
    given = [p_values(table)[key] for key in named_tests(told) if key in p_values(table)]
    if given:
        texts = dict.fromkeys(show_like(p, association.printed) for p in given)
        n = sum(map(sum, table))
        yield _followed(check, _target(association.p, ASSOCIATION), n, given, texts, check.said.method)


def _followed(
    check: Check, target: Target, n: int, values: Sequence[Real], texts: Iterable[str], way: str
) -> Following:
    """Return a number as the arithmetic of print judges it of these counts, or by how much the nearest value misses."""
    if check.verdict in ("reproduced", "reproduced-if"):
        result = Result(target, (target.printed,), 0, 0.0, n, check.said.method, check.verdict == "reproduced")
        return Following(result, check.chance)
    off = max(1, min(off_by(float(value), target.number) for value in values))
    result = Result(target, tuple(texts), off, share_of(off, target.number), n, way)
    return Following(result, asks=check.verdict == "query")
