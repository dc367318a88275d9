"""Simulated cohorts: what is to be simulated for a printed row or a repeated median, as the folder's results are found.

A result is found by what was simulated (sizes, hazard ratio, events) and so never applies to a row that has changed
since, or to another paper. :mod:`secondlook.trials.standard_errors` makes the file; checks only look results up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from secondlook.paper.event_counts import Joint, Modelled
from secondlook.paper.registry import Registry
from secondlook.paper.schema import Median

#: Where the quantiles are taken: the central 99.9%, 99%, 95% and 50% ranges and the median.
PROBABILITIES = (0.0005, 0.005, 0.025, 0.25, 0.5, 0.75, 0.975, 0.995, 0.9995)


@dataclass(frozen=True)
class Covariate:
    """A binary covariate: how many are exposed and unexposed, and its hazard ratio as printed."""

    exposed: int
    reference: int
    hr: str

    @property
    def beta(self) -> float:
        """The log hazard ratio."""
        return math.log(float(self.hr))

    def __str__(self) -> str:
        return f"{self.exposed}+{self.reference} HR {self.hr}"


@dataclass(frozen=True)
class Question:
    """What is simulated for one row of a model.

    Attributes
    ----------
    covariate : Covariate
        The row's own.
    least : int
        The least number of events; the greatest is everyone.
    adjusted : tuple of Covariate
        The other covariates of the same model; how they go together with it is not printed and is drawn at random.
    """

    covariate: Covariate
    least: int
    adjusted: tuple[Covariate, ...] = ()

    @property
    def everyone(self) -> int:
        """The patients of the cohort."""
        return self.covariate.exposed + self.covariate.reference

    @property
    def reversed(self) -> Question:
        """The same with the groups exchanged: the hazard ratio is read as that of the other group."""
        own = self.covariate
        return Question(Covariate(own.reference, own.exposed, own.hr), self.least, self.adjusted)

    @property
    def key(self) -> str:
        """What was simulated, as stored."""
        parts = [str(self.covariate), f"{self.least}-{self.everyone} events"]
        return "; ".join(parts + [f"beside {other}" for other in self.adjusted])


def question(row: Modelled, search: Joint) -> Question | None:
    """Return what is to be simulated for a row of a joint search.

    None when no number of events allows all rows, the row prints no hazard ratio, or its groups are not known or
    leave patients out.
    """
    everyone = sum(search.patients)
    if search.least is None or not _is_whole(row, everyone):
        return None
    model = _model(search, row.row.table) if row.adjusted else {}
    others = tuple(covariate for key, covariate in model.items() if key != row.row.key)
    return Question(_covariate(row), search.least, others)


def _model(search: Joint, table: str) -> dict[str, Covariate]:
    """Return the covariates of a table's multivariable model, by the keys of their rows; made once for each search."""
    if table not in search.models:
        adjusted = [row for row in search.rows if row.adjusted and row.row.table == table]
        fit = [row for row in adjusted if _is_whole(row, sum(search.patients))]
        search.models[table] = {row.row.key: _covariate(row) for row in fit}
    return search.models[table]


def _is_whole(row: Modelled, everyone: int) -> bool:
    return bool(row.groups) and sum(row.groups) == everyone and "hr" in row.row.values


def _covariate(row: Modelled) -> Covariate:
    return Covariate(*row.groups, row.row.values["hr"].printed)


# Repeated medians ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Overlap:
    """Two groups of patients that overlap: how many are in both, only in the first, only in the second."""

    both: int
    first: int
    second: int
    median: str

    @property
    def key(self) -> str:
        """What was simulated, as stored."""
        return f"{self.both} in both, {self.first} and {self.second} in one; median {self.median}"


def overlaps(registry: Registry) -> Iterator[tuple[Median, Median, Overlap | None]]:
    """Yield the pairs of groups of one endpoint that print the same median with the same limits, and their overlap.

    The overlap is None when the paper does not print how many patients are in both.
    """
    medians = registry.layout.medians
    for i, first in enumerate(medians):
        for second in medians[i + 1 :]:
            if first.endpoint == second.endpoint and _texts(registry, first) == _texts(registry, second):
                yield first, second, _overlap(registry, first, second)


def _texts(registry: Registry, median: Median) -> list[str]:
    return [registry[i].printed for i in (median.lower, median.median, median.upper)]


def _overlap(registry: Registry, first: Median, second: Median) -> Overlap | None:
    arms = registry.layout.paper.arms
    arm, other = (first, second) if first.group in arms else (second, first)
    stratum = registry.layout.groups[other.group]
    if arm.group not in arms or not stratum.variable:
        return None
    size = registry.size(arm.group)
    both, everywhere = (registry.level_count(stratum.variable, stratum.levels, a) for a in (arm.group, None))
    if None in (size, both, everywhere):
        return None
    return Overlap(both, size - both, everywhere - both, registry[first.median].printed)
