"""What follows from the counts of records: totals, percentages, and p values of association.

Records are counted once (:mod:`secondlook.cohort.verify`). What a paper prints beside its counts is then judged by the
same arithmetic as in print, on the counts of the records in the place of the printed ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from secondlook.checks.association import Association, associations, named_tests, reproducing
from secondlook.checks.shares import Share, shares, totals
from secondlook.cohort.targets import Target
from secondlook.cohort.verify import COUNTS, Result, off_by, share_of
from secondlook.numbers.printed import Real, show_like
from secondlook.paper.registry import Registry, Value
from secondlook.stats import p_of_counts, percentages
from secondlook.stats.p_of_counts import HANDLED, NAMES, p_values

TOTAL, PERCENT, ASSOCIATION = "total", "percent", "association"
#: How a table names what follows from counts.
NAMES_OF_KINDS = {TOTAL: "totals of counts", PERCENT: "percentages", ASSOCIATION: "p values of association"}


@dataclass(frozen=True)
class Following:
    """A number that follows from counts, and the chance that a random one would have been reproduced so too."""

    result: Result
    chance: Fraction | None = None


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
    for share in shares(told):
        if known >= {*(v.id for v in share.counts), share.size_id}:
            yield _percent(share)
    for association in associations(told):
        if known >= {v.id for v in association.counts} | _sizes(told, association):
            yield from _p_value(told, association)


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


def _percent(share: Share) -> Following:
    target, way = _target(share.percent, PERCENT), f"{share.n} of {share.size}"
    if not share.handled:
        return Following(_missing(target, [share.exact], (share.shown,), share.size, way))
    usual = share.handled == "rounded"
    way = way if usual else f"{way}, {HANDLED[share.handled]}"
    result = Result(target, (share.printed.text,), 0, 0.0, share.size, way, usual)
    return Following(result, percentages.chance(share.printed, [share.exact]))


def _p_value(told: Registry, association: Association) -> Iterator[Following]:
    """Yield what the tests give of the counts; nothing of so large a table that a usual test cannot be computed."""
    target, printed, table = _target(association.p, ASSOCIATION), association.printed, association.ordered
    n, named = sum(map(sum, table)), [key for key in named_tests(told) if key in p_values(table)]
    by_named = reproducing(association, named)
    found = [r for each in association.tables for r in p_of_counts.readings(each, printed)]
    if by_named or found:
        ways = [NAMES[key] for key in by_named] or dict.fromkeys(reading.name for reading in found)
        result = Result(target, (printed.text,), 0, 0.0, n, "; ".join(ways), bool(by_named))
        yield Following(result, p_of_counts.chance(association.tables, printed))
    elif named and p_of_counts.is_complete(table):
        given = [p_values(table)[key] for key in named]
        texts = tuple(dict.fromkeys(show_like(p, printed) for p in given))
        yield Following(_missing(target, given, texts, n, "; ".join(NAMES[key] for key in named)))


def _missing(target: Target, values: Sequence[Real], texts: tuple[str, ...], n: int, way: str) -> Result:
    """Return by how much the nearest of what the counts give misses what is printed."""
    off = max(1, min(off_by(float(value), target.number) for value in values))
    return Result(target, texts, off, share_of(off, target.number), n, way)
