"""A label of few patients, found after the order: all sets of places that print its row are listed.

A row of one 0/1 label depends on the places of its rarer side and on who is censored, on nothing else of the order.
Its score and information are sums of a term for each of these places, so that even the hundred million sets of six
places among 68 are looked at in less than a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numba import njit

from lookalike import kernels
from lookalike.assemble import cells, fit_of
from lookalike.label_kernels import row_of
from lookalike.orders import Order
from lookalike.problem import SearchError, Sought
from secondlook.cohort.records import Records

#: Sets that are kept at most, and how far the first step may lie from the middle of what prints the row.
MOST, NEAR = 20_000, (1e-3, 6e-4)


def label_of(lean: Sought, whole: Sought) -> str:
    """Return the one label that the cores of `whole` hold and those of `lean` do not; raises SearchError for others."""
    found = {
        name for endpoint in whole.endpoints for name in whole.core(endpoint).columns
        if name not in lean.core(endpoint).columns
    }  # fmt: skip
    if len(found) != 1:
        raise SearchError(f"one label of few patients is known, not {sorted(found)}")
    return found.pop()


def terms(events: np.ndarray, size: int, b: float, exposed: bool) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Return what the i-th of `size` places of the rarer side adds to score and information, and both without any.

    Parameters
    ----------
    events : float array
        By place.
    size : int
    b : float
        Log hazard ratio of the exposed.
    exposed : bool
        Whether the rarer side are the exposed.

    Returns
    -------
    score, information : arrays of shape (size, places)
    none, none : float
        What the events add when nobody of the rarer side is at risk.
    """
    n, theta = len(events), np.exp(b if exposed else -b)
    at_risk, rare = n - np.arange(n), np.arange(size + 1)[:, None]
    p = rare * theta / (rare * theta + np.maximum(at_risk - rare, 0))
    sums = [np.concatenate([np.zeros((size + 1, 1)), np.cumsum(part * events, axis=1)], axis=1)
            for part in (p, p * (1 - p))]  # fmt: skip
    before = np.arange(1, n + 1)
    score, information = (
        np.array([part[size - i, before] - part[size - i - 1, before] for i in range(size)]) for part in sums
    )
    sign = 1.0 if exposed else -1.0
    return sign * (events - score), information, -sign * float(sums[0][0, n]), float(sums[1][0, n])


@njit(cache=True)
def sets_near(score, information, first, second, s, near, found):
    """Fill `found` with the sets of places whose row lies near (log HR, SE) = (middle, s); return how many there are.

    `first` and `second` are score and information without any of these places.
    """
    size, n = score.shape
    at, u, i = np.zeros(size, np.int64), np.zeros(size + 1), np.zeros(size + 1)
    u[0], i[0], depth, kept = first, second, 0, 0
    at[0] = -1
    while depth >= 0:
        at[depth] += 1
        if at[depth] > n - size + depth:
            depth -= 1
            continue
        u[depth + 1] = u[depth] + score[depth, at[depth]]
        i[depth + 1] = i[depth] + information[depth, at[depth]]
        if depth + 1 < size:
            at[depth + 1] = at[depth]
            depth += 1
            continue
        total = i[size]
        if total > 0.0 and abs(u[size]) < near[0] * total and abs(total**-0.5 - s) < near[1]:
            if kept < len(found):
                found[kept] = at
            kept += 1
    return kept


def sets_of(whole: Sought, column: str, e: int, order: Order) -> np.ndarray:
    """Return the sets of places of a label's rarer side that print its row beside an order, one line each."""
    fit = fit_of(whole, column, [int(k == e) for k in range(2)])
    total = sum(whole.labels[column].counts.values())
    size, exposed = min(total, whole.patients - total), 2 * total <= whole.patients
    if not fit.on[e]:
        raise SearchError(f"no row of {column} is sought for {whole.endpoints[e]}")
    found = np.zeros((MOST, size), dtype=np.int64)
    kept = sets_near(*terms(order.events, size, fit.b[e], exposed), fit.s[e], np.array(NEAR), found)
    return np.array([line for line in found[:kept] if _prints(line, order, fit, e, exposed)]).reshape(-1, size)


def _prints(line: np.ndarray, order: Order, fit: kernels.Fit, e: int, exposed: bool) -> bool:
    listed = np.full(len(order.events), 0.0 if exposed else 1.0)
    listed[line] = 1.0 if exposed else 0.0
    step, s = row_of(listed, order.events, fit.b[e])
    return kernels.beyond(fit.b[e] + step, s, fit.low[e], fit.high[e], fit.half[e]) == 0.0


class Adding:
    """Adds the label of few patients to pairs of orders that were sought without it; sets are listed once per events.

    Parameters
    ----------
    lean, whole : Sought
        Without the label and with it.
    """

    def __init__(self, lean: Sought, whole: Sought) -> None:
        self.lean, self.whole, self.column = lean, whole, label_of(lean, whole)
        self._sets: dict[tuple[int, bytes], np.ndarray] = {}

    @property
    def side(self) -> int:
        """The label's value, 0 or 1, of the few patients."""
        return int(2 * sum(self.whole.labels[self.column].counts.values()) <= self.whole.patients)

    def sets(self, e: int, order: Order) -> np.ndarray:
        """Return :func:`sets_of` for an endpoint's order."""
        key = e, order.events.tobytes()
        if key not in self._sets:
            self._sets[key] = sets_of(self.whole, self.column, e, order)
        return self._sets[key]

    def pairs(self, orders: tuple[Order, Order], rng: np.random.Generator) -> Iterator[tuple[Order, Order]]:
        """Yield, in a random order, the pairs with the label whose patients are as many in every class of either."""
        classes = [self._classes(e, order) for e, order in enumerate(orders)]
        sides: list[dict[bytes, list[np.ndarray]]] = [{}, {}]
        for e, order in enumerate(orders):
            for line in self.sets(e, order):
                if self._in_arms(classes[e][line]):
                    sides[e].setdefault(np.sort(classes[e][line]).tobytes(), []).append(line)
        alike = sorted(sides[0].keys() & sides[1].keys())
        for k in rng.permutation(len(alike)):
            lines = [side[alike[k]][int(rng.integers(len(side[alike[k]])))] for side in sides]
            yield tuple(self._with(e, order, line) for e, (order, line) in enumerate(zip(orders, lines, strict=True)))

    def _classes(self, e: int, order: Order) -> np.ndarray:
        return cells(order, self.lean.core(self.lean.endpoints[e]), self.lean.shared())

    def _in_arms(self, classes: np.ndarray) -> bool:
        """Whether so many of the rarer side are in each arm as the paper prints; the arm is bit 0 of a class."""
        label, sizes = self.whole.labels[self.column], self.whole.sizes
        rare = label.counts if 2 * sum(label.counts.values()) <= self.whole.patients else {
            arm: sizes[arm] - k for arm, k in label.counts.items()
        }  # fmt: skip
        first = next(arm for arm in self.whole.arms if self.whole.labels[self.whole.arm].counts[arm])
        return int((classes & 1).sum()) == rare[first]

    def _with(self, e: int, order: Order, line: np.ndarray) -> Order:
        bit = 1 << self.whole.core(self.whole.endpoints[e]).columns.index(self.column)
        total = sum(self.whole.labels[self.column].counts.values())
        codes = order.codes | (0 if 2 * total <= self.whole.patients else bit)
        codes[line] ^= bit
        return replace(order, codes=codes)


# Given to other patients --------------------------------------------------------------------------------------------


class Side(NamedTuple):
    """The rarer side of a label on an endpoint: what its i-th place adds, what is there without it, and its row.

    ``low`` and ``high`` are the ends of log HR, its lower and upper limit and |z| that print the row at log HR ``b``.
    """

    score: np.ndarray
    information: np.ndarray
    no_score: float
    no_information: float
    b: float
    low: np.ndarray
    high: np.ndarray


@njit(cache=True, inline="always")
def missed_of(score, information, side):
    """Return how many of HR, lower, upper and p a row misses that has so large a score and information at b.

    And how far they lie from what prints them, on the scale of the log hazard ratio and of |z|, in all.
    """
    if information <= 0.0:
        return 4, np.inf
    b, s, missed, off = side.b + score / information, 1.0 / np.sqrt(information), 0, 0.0
    for k, value in enumerate((b, b - kernels.Z * s, b + kernels.Z * s, abs(b) / s)):
        past = max(side.low[k] - value, value - side.high[k])
        if past > 0.0:
            missed += 1
            off += past
    return missed, off


@njit(cache=True)
def missed_at(places, side):
    """Return :func:`missed_of` for the rarer side at these places, which ascend."""
    score, information = side.no_score, side.no_information
    for k, place in enumerate(places):
        score += side.score[k, place]
        information += side.information[k, place]
    return missed_of(score, information, side)


@njit(cache=True)
def sets_missing(first, second, to, arm, in_arm, most, found, missed, far):
    """Fill `found` with the sets of the first order's places whose rows miss few numbers; return how many there are.

    ``most`` is how many by order: only where the first misses no more is the second looked at. ``to`` is the second
    order's place of whoever has one of the first, ``arm`` 1 for those of the arm of which there are to be ``in_arm``;
    ``far`` is how far off the rows are.
    """
    size, n = first.score.shape
    at, armed, kept = np.zeros(size, np.int64), np.zeros(size + 1, np.int64), 0
    u, i = np.zeros(size + 1), np.zeros(size + 1)
    u[0], i[0], at[0], depth = first.no_score, first.no_information, -1, 0
    while depth >= 0:
        at[depth] += 1
        if at[depth] > n - size + depth:
            depth -= 1
            continue
        armed[depth + 1] = armed[depth] + arm[at[depth]]
        if armed[depth + 1] > in_arm or depth + 1 - armed[depth + 1] > size - in_arm:
            continue
        u[depth + 1] = u[depth] + first.score[depth, at[depth]]
        i[depth + 1] = i[depth] + first.information[depth, at[depth]]
        if depth + 1 < size:
            at[depth + 1] = at[depth]
            depth += 1
            continue
        out, off = missed_of(u[size], i[size], first)
        if out > most[0]:
            continue
        more, further = missed_at(np.sort(to[at]), second)
        if more <= most[1] and kept < len(found):
            found[kept], missed[kept], far[kept] = at, out + more, off + further
            kept += 1
    return kept


def given_anew(
    paper: Sought, column: str, records: Records, most: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return who could be on the rarer side of a label instead, and how many numbers of its rows that misses.

    Parameters
    ----------
    paper : Sought
    column : str
        A label of few patients.
    records : Records
        Patients without ties.
    most : tuple of int
        Numbers that its row may miss, by endpoint.

    Returns
    -------
    sets : int array
        Rows of the records, one line a set; as many of each arm as the paper prints, fewest missed numbers first, then
        those that are least off.
    missed : int array
    """
    fit, label = fit_of(paper, column, [1, 1]), paper.labels[column]
    total = sum(label.counts.values())
    size, exposed = min(total, paper.patients - total), 2 * total <= paper.patients
    leading = np.argsort(most, kind="stable")  # the endpoint that may miss less
    orders = [np.argsort(records.times(paper.endpoints[e]), kind="stable") for e in leading]
    events = [records.events(paper.endpoints[e])[order].astype(float) for e, order in zip(leading, orders, strict=True)]
    sides = [
        Side(*terms(events[k], size, fit.b[e], exposed), fit.b[e], fit.low[e], fit.high[e])
        for k, e in enumerate(leading)
    ]
    arm, (name, *_) = records.frame[paper.arm].astype(str), [a for a in paper.arms if paper.labels[paper.arm].counts[a]]
    in_arm = label.counts[name] if exposed else paper.sizes[name] - label.counts[name]
    found, missed = np.zeros((MOST, size), dtype=np.int64), np.zeros(MOST, dtype=np.int64)
    far = np.zeros(MOST)
    kept = sets_missing(
        *sides, np.argsort(orders[1])[orders[0]], arm.isin(paper.labels[paper.arm].exposed).to_numpy()[orders[0]],
        in_arm, tuple(sorted(most)), found, missed, far,
    )  # fmt: skip
    best = np.lexsort((far[:kept], missed[:kept]))
    return orders[0][found[best]], missed[best]


def given_to(paper: Sought, column: str, records: Records, rare: np.ndarray) -> pd.DataFrame:
    """Return the patients after those in the rows `rare` got the rarer side of a label, of others of their arm."""
    label, values = paper.labels[column], records.frame[column].to_numpy(copy=True)
    total = sum(label.counts.values())
    now = np.isin(values.astype(str), list(label.exposed)) == (2 * total <= paper.patients)
    then = np.isin(np.arange(len(values)), rare)
    for _, members in records.frame.groupby(paper.arm).indices.items():
        leave, come = (members[part[members]] for part in (now & ~then, then & ~now))
        values[leave], values[come] = values[come], values[leave]
    return records.frame.assign(**{column: values})
