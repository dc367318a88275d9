"""Events that a paper never prints: every standard error of a Cox model bounds their number from below.

**The bound.** Let x be a binary covariate of a Cox model, d₁ and d₀ the events among those with x = 1 and x = 0, and
D = d₁ + d₀. Then the model's own (not a robust) standard error of x's log hazard ratio obeys

    1/SE² ≤ d₁·d₀/D,   that is   SE² ≥ 1/d₁ + 1/d₀,

whatever the hazard ratio, the censoring, the ties and the other covariates.

*Proof.* At event i let p_i be the share of the exposed in the risk set, weighted by the fitted hazards. The score
equation of x says that expected exposed events equal observed ones: Σ p_i = d₁. The information about x is
I = Σ p_i(1 − p_i). As p(1 − p) is concave, I ≤ D·p̄(1 − p̄) with p̄ = d₁/D, which is d₁·d₀/D. Ties by Breslow's or
Efron's method only repeat or reweight the p_i; the exact method's variance is smaller still. Strata only add terms
to both sums. With further covariates the same p_i and the same score equation hold, and the entry of the inverse
information that belongs to x is at least 1/I (Schur complement). ∎

Equality needs the same p_i at every event. The rough rule D = 1/(SE² q(1 − q)), q the share of the exposed patients,
puts patients for events and fails away from a hazard ratio of 1; the bound holds everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from secondlook.numbers.printed import Interval
from secondlook.paper.registry import Registry
from secondlook.paper.rows import Row, table_rows
from secondlook.stats.wald import Line, box

#: Relative slack for variances computed in floating point; far below any printed digit.
_SLACK = 1e-9


def least_events(exposed: int, reference: int, variance: float) -> tuple[int, int] | None:
    """Return the smallest events (exposed, reference) that allow a variance SE², or None when no split does.

    Parameters
    ----------
    exposed, reference : int
        Patients in the two groups.
    variance : float
        The largest SE² that the printed row stands for.
    """
    for total in range(2, exposed + reference + 1):
        inside = min(max(total // 2, total - reference), exposed, total - 1)
        if _allows(inside, total - inside, variance):
            return inside, total - inside
    return None


def _allows(exposed, reference, variance):
    """Return whether 1/d₁ + 1/d₀ ≤ SE², for numbers or arrays of them, without dividing."""
    return exposed + reference <= variance * (1 + _SLACK) * exposed * reference


# What a row says ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sizes:
    """How many patients are exposed and unexposed, arm by arm, in the order of the layout's arms."""

    exposed: tuple[int, ...]
    reference: tuple[int, ...]


def sizes(registry: Registry, table: str, variable: str) -> Sizes | None:
    """Return the groups that a model's row compares, by arm, from the baseline table.

    A variable whose levels are the arms needs no row there. None when the paper does not print the counts, and when a
    variable's levels do not add up to an arm: on which side a model has those of whom it is not known is not printed.
    """
    contrast = registry.layout.tables[table].contrasts.get(variable)
    if contrast is None:
        return None
    found = [_by_arm(registry, variable, levels) for levels in (contrast.exposed, contrast.reference)]
    return None if None in found else Sizes(*found)


def _by_arm(registry: Registry, variable: str, levels: list[str]) -> tuple[int, ...] | None:
    arms = registry.layout.paper.arms
    if set(levels) <= set(arms):
        counts = [registry.size(arm) if arm in levels else 0 for arm in arms]
    else:
        counts = [registry.level_count(variable, levels, arm) for arm in arms]
        known = [registry.level_count(variable, list(registry.layout.variables[variable].levels), arm) for arm in arms]
        if known != [registry.size(arm) for arm in arms]:
            return None
    return None if None in counts else tuple(counts)


@dataclass(frozen=True)
class Modelled:
    """One row of one model in a table, with the groups that it compares.

    Attributes
    ----------
    row : secondlook.paper.rows.Row
        What is printed.
    sizes : Sizes or None
        None when the paper does not print the sizes of the groups.
    """

    row: Row
    sizes: Sizes | None

    @cached_property
    def se(self) -> Interval | None:
        """Standard errors that print the whole row; None when its numbers cannot belong together."""
        return _standard_errors(self.row.line)

    @cached_property
    def se_of_limits(self) -> Interval | None:
        """Standard errors that print the two confidence limits, whatever the hazard ratio and p."""
        return _standard_errors(self.row.line.without("hr", "p"))

    @property
    def groups(self) -> tuple[int, int] | None:
        """Patients exposed and unexposed, both arms together."""
        return (sum(self.sizes.exposed), sum(self.sizes.reference)) if self.sizes else None

    @property
    def adjusted(self) -> bool:
        """True for a row of a model with several covariates."""
        return self.row.model != "unadjusted"


def _standard_errors(line: Line) -> Interval | None:
    found = box(line)
    return None if found.is_empty or found.s.high <= 0 else found.s


def modelled(registry: Registry, endpoint: str | None = None) -> Iterator[Modelled]:
    """Yield every row of the models' tables that prints both confidence limits; of one endpoint if given."""
    for row in table_rows(registry):
        if endpoint in (None, row.endpoint) and {"lower", "upper"} <= set(row.values):
            yield Modelled(row, sizes(registry, row.table, row.variable))


def least_for_row(row: Modelled, everyone: int, se: Interval) -> int | None:
    """Return the least number of events with which a row can have a standard error, or None when none suffices.

    Where the groups' sizes are not printed, the most favourable split is taken.
    """
    groups = row.groups or (everyone, everyone)
    split = least_events(*groups, float(se.high) ** 2)
    return sum(split) if split and sum(split) <= everyone else None


# All rows of an endpoint together -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Joint:
    """Which numbers of events by arm allow every row of an endpoint at once.

    Attributes
    ----------
    arms, patients : tuple
        Keys of the arms and how many patients each has.
    allowed : numpy array of bool
        One axis per arm, from no event to all; True where every row has a split of these events.
    rows : tuple of Modelled
        The rows that were used.
    """

    arms: tuple[str, ...]
    patients: tuple[int, ...]
    allowed: np.ndarray
    rows: tuple[Modelled, ...]

    @cached_property
    def models(self) -> dict[str, dict]:
        """Room for what is made once of the rows of each table's model."""
        return {}

    @cached_property
    def totals(self) -> np.ndarray:
        """The number of events of each cell of `allowed`."""
        return sum(np.indices(self.allowed.shape))

    @property
    def least(self) -> int | None:
        """The least number of events; None when no number allows all rows."""
        return int(self.totals[self.allowed].min()) if self.allowed.any() else None

    @property
    def most_without(self) -> int | None:
        """The greatest number of patients without an event."""
        return None if self.least is None else sum(self.patients) - self.least

    @property
    def least_by_arm(self) -> tuple[int, ...] | None:
        """The least number of events in each arm, whatever happens in the other."""
        if not self.allowed.any():
            return None
        return tuple(int(axis.min()) for axis in np.nonzero(self.allowed))


def joint(registry: Registry, endpoint: str) -> Joint | None:
    """Return the exact joint search over all rows of an endpoint whose numbers belong together.

    The total and the arms' events are common to all rows; each row divides the events of each arm between its two
    groups within the baseline table's counts. Which patients have which combination of characteristics is free, so
    the rows' divisions do not bind each other further, and the search over the arms' events is exhaustive.
    Rows that no event count allows are left out (they are flagged on their own). None without sizes of the arms.
    """
    patients = tuple(registry.size(arm) for arm in registry.layout.paper.arms)
    if None in patients:
        return None
    rows = tuple(
        row for row in modelled(registry, endpoint) if row.se and least_for_row(row, sum(patients), row.se) is not None
    )
    if not rows:
        return None
    counts = np.indices([n + 1 for n in patients])
    allowed = np.ones(counts.shape[1:], dtype=bool)
    for row in rows:
        allowed &= splits_allowed(row.sizes, counts, float(row.se.high) ** 2)
    return Joint(tuple(registry.layout.paper.arms), patients, allowed, rows)


def splits_allowed(groups: Sizes | None, counts: np.ndarray, variance: float) -> np.ndarray:
    """Return where the arms' events can be divided between the groups so that the bound allows the variance.

    Parameters
    ----------
    groups : Sizes or None
        None when the sizes are not printed: any division is then possible.
    counts : numpy array
        Events by arm along the first axis.
    variance : float
        The largest SE² that the row stands for.
    """
    total = counts.sum(axis=0)
    most = [total, total]
    if groups:
        # Events among patients whom the row leaves out do not help it: as few of them as possible are taken.
        together = [e + r for e, r in zip(groups.exposed, groups.reference, strict=True)]
        total = sum(map(np.minimum, together, counts))
        most = [sum(map(np.minimum, side, counts)) for side in (groups.exposed, groups.reference)]
    exposed = np.minimum(np.maximum(total // 2, total - most[1]), most[0])
    reference = total - exposed
    return (exposed > 0) & (reference > 0) & _allows(exposed, reference, variance)


def within(progressions: Joint, deaths: Joint) -> Joint:
    """Return the event counts of an endpoint that includes death, less those below every possible count of deaths.

    Each death is an event of the other endpoint too, so its events in each arm are at least the deaths there.
    """
    reachable = deaths.allowed.copy()
    for axis in range(reachable.ndim):
        reachable = np.logical_or.accumulate(reachable, axis=axis)
    return Joint(progressions.arms, progressions.patients, progressions.allowed & reachable, progressions.rows)


def joints(registry: Registry) -> dict[str, Joint]:
    """Return the joint search of every endpoint that has a model, deaths counted as events of the others.

    The layout's ``follow_up.death`` names the endpoint whose event is death; without it each endpoint stands alone.
    """
    found = {name: made for name in registry.layout.endpoints if (made := joint(registry, name))}
    follow_up = registry.layout.follow_up
    death = found.get(follow_up.death or "") if follow_up else None
    if death is None or death.least is None:
        return found
    return {name: made if made is death else within(made, death) for name, made in found.items()}
