"""How small the information of a hazard ratio can be: a dynamic program over the numbers at risk.

Without ties a Cox model of one 0/1 covariate depends on the order of events and censorings alone. Whatever the order,
the numbers at risk step from (exposed, others) down to (0, 0), one at a time. Among all such paths whose score is zero
at the printed hazard ratio, the least sum of informations bounds the printed standard error from above: one that is
larger belongs to no patients at all, with so many events.
"""

from __future__ import annotations

import math

import numpy as np

from secondlook.paper.medians import Timed, least_follow_up, partitions_of, printed_medians
from secondlook.paper.registry import Registry
from secondlook.stats import km

#: Scores are kept on a grid of this step.
STEP = 4e-3
#: Scores beyond this are not followed: the grid ends there.
WIDEST = 32.0


def least_information(
    exposed: int,
    others: int,
    censored: int,
    b: float,
    reach: float = 0.0,
    step: float = STEP,
    tail: int | None = None,
):
    """Return the least information of any order whose maximum partial likelihood estimate is near b.

    Parameters
    ----------
    exposed, others : int
        Patients on the two sides of the covariate.
    censored : int
        How many may be censored.
    b : float
        Log hazard ratio of the exposed.
    reach : float
        How far the estimate may lie from b.
    step : float
        Step of the grid on which scores are kept. Every patient's score is off by half of it at most, so paths are
        admitted whose score misses zero by so much in all: the result is a lower bound, closer for a finer grid.
    tail : int or None
        Patients are censored only while at most so many are at risk (:func:`most_at_risk`); None for at any place.

    Returns
    -------
    list of float
        The least information with 0 … `censored` patients censored at most, not increasing.

    Notes
    -----
    An event of p = aθ/(aθ + o), a exposed and o others at risk, adds p(1 − p) to the information and 1 − p or −p to
    the score (Cox 1972). An estimate within `reach` of b has a score at b of at most reach × the greatest information,
    a quarter of the patients; the information at the estimate and at b differ by a factor of at most exp(reach),
    since |d p(1 − p)/db| ≤ p(1 − p).
    """
    half, patients = round(WIDEST / step), exposed + others
    least = _least_by_score(exposed, others, censored, b, step, half, patients if tail is None else tail)
    slack = math.ceil((patients * step / 2 + reach * patients / 4) / step)
    ends = slice(half - slack, half + slack + 1)
    # Sums of so many terms in single precision are at most this much too large (Higham 2002, section 4.2).
    rounded = 1 - (patients + 1) * 2.0**-23
    return [float(sums[ends].min()) * rounded * math.exp(-reach) for sums in least]


def _least_by_score(
    exposed: int, others: int, censored: int, b: float, step: float, half: int, tail: int
) -> list[np.ndarray]:
    """Return, by how many are censored at most, the least information of any order at each score of the grid."""
    before: list[list[np.ndarray]] = []
    for a in range(exposed + 1):
        now: list[list[np.ndarray]] = []
        for o in range(others + 1):
            fewer = (before[o] if a else None, now[o - 1] if o else None)
            now.append(_cell(a, o, censored, a + o <= tail, b, step, half, fewer))
        before = now
    return before[others]


def _cell(a: int, o: int, censored: int, hides: bool, b: float, step: float, half: int, fewer):
    """The least information by score when a exposed and o others are at risk, for each number of censorings.

    `fewer` holds the same with one exposed and with one other less; `hides` says whether the next may be censored.
    """
    if a + o == 0:
        start = np.full(2 * half + 1, np.inf, dtype=np.float32)
        start[half] = 0.0
        return [start] * (censored + 1)
    p = a * math.exp(b) / (a * math.exp(b) + o)
    added, found = np.float32(p * (1 - p)), []
    for c in range(censored + 1):
        ways = []
        for sums, score in zip(fewer, (1 - p, -p), strict=True):
            if sums is not None:
                ways.append(_shifted(sums[c], round(score / step)) + added)
                ways += [sums[c - 1]] if c and hides else []
        found.append(np.minimum.reduce(ways))
    return found


def _shifted(sums: np.ndarray, by: int) -> np.ndarray:
    """An array moved along by so many places; what enters is infinite."""
    moved = np.full_like(sums, np.inf)
    if by >= 0:
        moved[by:] = sums[: len(sums) - by]
    else:
        moved[:by] = sums[-by:]
    return moved


# Where censoring can happen -----------------------------------------------------------------------------------------


def most_at_risk(registry: Registry, endpoint: str, band: str) -> int:
    """Return how many patients can still be at risk when the first of them is censored.

    Parameters
    ----------
    registry : Registry
    endpoint : str
        A key of the layout.
    band : str
        The confidence band of the medians' limits, a key of :data:`secondlook.stats.km.BANDS`; any other word, such as
        ``symmetric``, takes nothing from the limits and uses the medians alone.

    Returns
    -------
    int
        Everyone, where the paper prints no dates or no medians that say more.

    Notes
    -----
    Everyone alive is followed from the last entry to the cut-off at least. A median, or a limit that a band gives, that
    lies within that time is an order statistic of uncensored times: so many of its group had had their event by then
    (:func:`secondlook.stats.km.ranks`). Groups that divide all patients add up; the division that says most counts.
    """
    everyone, until = sum(registry.size(arm) or 0 for arm in registry.layout.paper.arms), least_follow_up(registry)
    timed = [t for t in printed_medians(registry) if t.endpoint == endpoint and t.n and t.n > 1]
    if until is None or not timed:
        return everyone
    sums = [sum(_had_event(t, band, until) for t in groups) for groups in partitions_of(registry, timed)]
    return everyone - max(sums, default=0)


def _had_event(timed: Timed, band: str, until: float) -> int:
    """How many of a group had had their event by `until` at least, by its median and its upper limit."""
    _, median, upper = (value.number.stands_for().high <= until for value in timed.values)
    ranks = km.ranks(timed.n, band if band in km.BANDS else "log")
    least = ranks.median[0] if median else 0
    return max(least, ranks.upper or 0) if upper and band in km.BANDS else least
