"""Printed median times with their limits, whose they are, and how long the patients can have been followed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from secondlook.numbers.dates import months_between, parse_date
from secondlook.paper.registry import Registry, Value
from secondlook.stats import km


@dataclass(frozen=True)
class Timed:
    """A printed median with its limits, as values and as numbers.

    Attributes
    ----------
    endpoint, group : str
        Keys of the layout.
    values : tuple of Value
        Lower limit, median, upper limit.
    n : int or None
        Size of the group; None when it is not printed.
    """

    endpoint: str
    group: str
    values: tuple[Value, Value, Value]
    n: int | None

    @property
    def ids(self) -> tuple[str, str, str]:
        """Ids of the median and its lower and upper limit, the median first."""
        lower, median, upper = self.values
        return median.id, lower.id, upper.id

    @property
    def shown(self) -> str:
        """``5.3 (4.0–7.2)``."""
        lower, median, upper = (v.printed for v in self.values)
        return f"{median} ({lower}–{upper})"

    @property
    def as_printed(self) -> km.PrintedMedian:
        """The same for the arithmetic of ranks; the group's size must be known."""
        lower, median, upper = (v.number for v in self.values)
        return km.PrintedMedian(self.group, self.n, lower, median, upper)


def printed_medians(registry: Registry) -> Iterator[Timed]:
    """Yield every printed median of which both limits are plain numbers."""
    for item in registry.layout.medians:
        values = [registry.values.get(i) for i in (item.lower, item.median, item.upper)]
        if all(v and v.number and not v.number.bound for v in values):
            yield Timed(item.endpoint, item.group, tuple(values), group_size(registry, item.group))


def group_size(registry: Registry, group: str) -> int | None:
    """Return the size of a group, printed as such or summed from the baseline table's levels."""
    spec = registry.layout.groups[group]
    if spec.size:
        return registry.size(group)
    return registry.level_count(spec.variable, spec.levels) if spec.variable else None


def partitions_of(registry: Registry, groups: list[Timed]) -> list[list[Timed]]:
    """Return the sets of groups of one endpoint that divide all patients: the arms, the strata of each variable."""
    everyone = sum(registry.size(arm) or 0 for arm in registry.layout.paper.arms)
    by_variable: dict[str, list[Timed]] = {}
    for timed in groups:
        spec = registry.layout.groups[timed.group]
        if spec.variable or timed.group in registry.layout.paper.arms:
            by_variable.setdefault(spec.variable or "", []).append(timed)
    return [members for members in by_variable.values() if sum(t.n for t in members) == everyone]


# Follow-up ----------------------------------------------------------------------------------------------------------


def least_follow_up(registry: Registry) -> float | None:
    """Return how many months everyone alive was followed at least, if nobody was lost; None without the dates."""
    dates = _dates(registry)
    return months_between(dates[1].last, dates[2].first) if dates else None


def longest_follow_up(registry: Registry) -> float | None:
    """Return how many months the first patient can have been followed; None without the dates."""
    dates = _dates(registry)
    return months_between(dates[0].first, dates[2].last) if dates else None


def _dates(registry: Registry):
    spec = registry.layout.follow_up
    values = [registry.values.get(i) for i in (spec.start, spec.end, spec.cut_off)] if spec else []
    days = [parse_date(v.printed) for v in values if v]
    return days if len(days) == 3 and None not in days else None


def is_symmetric(timed: Timed) -> bool:
    """Return whether a median ± 1.96 SE can print the interval; a lower limit below 0 is cut off there."""
    lower, median, upper = (v.number for v in timed.values)
    cut_off = lower.value == 0 and 2 * median.stands_for().low <= upper.stands_for().high
    return cut_off or km.symmetric(median, lower, upper)


def uncensored(timed: Timed, until: float | None) -> bool:
    """Return True when the whole interval lies below the least follow-up, so that no censoring can have touched it."""
    return until is not None and bool(timed.n) and timed.n > 1 and timed.values[2].number.stands_for().high <= until
