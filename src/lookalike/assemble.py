"""From two orders to patients: who has both places, who has the other labels, when, and with which response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

from lookalike import kernels
from lookalike.kernels import INSIDE, OUTSIDE, Fit, Floors
from lookalike.orders import FIRST_TIME, GAP, Order, trimmed
from lookalike.problem import Core, SearchError, Sought, centre, limits, spread_of_corners
from secondlook.cohort.columns import follow_up
from secondlook.cohort.records import Records
from secondlook.numbers.printed import Interval

#: Months by which the times of one patient differ at least when both are events on different days.
APART = 0.03
#: Without printed dates of entry and follow-up, nobody is censored before the last printed time, nor after this.
LONGEST = 60.0


@dataclass
class Patients:
    """Patients who have both orders.

    Attributes
    ----------
    place : int array of shape (2, patients)
        Their places in the orders of the two endpoints.
    labels : dict
        0/1 by patient, by column.
    """

    orders: tuple[Order, Order]
    place: np.ndarray
    labels: dict[str, np.ndarray]

    @property
    def events(self) -> np.ndarray:
        """1.0 for an event, 0.0 for a censored time: endpoint × place."""
        return np.array([order.events for order in self.orders])


def window(paper: Sought) -> Interval:
    """Return the least and the greatest time, in months, at which someone alive can be censored."""
    return follow_up(paper.registry) or Interval(0.0, LONGEST)


def fit_of(paper: Sought, column: str, on: Sequence[int] = (1, 1)) -> Fit:
    """Return a label's models of one variable; `on` switches endpoints."""
    size = len(paper.endpoints)
    on_, b, s, corners = np.zeros(size), np.zeros(size), np.ones(size), np.zeros((size, 2, 2))
    low, high, half = np.zeros((size, 4)), np.zeros((size, 4)), np.ones((size, 4))
    for e, endpoint in enumerate(paper.endpoints):
        row = paper.row(endpoint, column)
        if row is not None and on[e]:
            line = paper.lines[row.key]
            on_[e], (b[e], s[e]), corners[e] = 1.0, centre(line), spread_of_corners(line)
            low[e], high[e], half[e] = (part[0] for part in limits([line]))
    return Fit(on_, b, s, corners, low, high, half)


# Places -------------------------------------------------------------------------------------------------------------


def earliest(core: Core, order: Order, least: float) -> np.ndarray:
    """Return the earliest time of each place: nobody is censored before `least` months."""
    times, now, m, censored = np.empty(len(order.codes)), FIRST_TIME, 0, False
    for k in range(len(times)):
        while m < len(core.times) and order.high[m] <= k:
            now, m = max(now, core.times[m] + OUTSIDE), m + 1
        if m < len(core.times) and order.low[m] <= k:
            now = max(now, core.times[m] - INSIDE)
        censored = censored or order.events[k] == 0
        times[k] = now = max(now, least) if censored else now
        now += GAP
    return times


def latest(core: Core, order: Order, most: float) -> np.ndarray:
    """Return the latest time of each place, nobody later than `most` months."""
    times, now, m = np.empty(len(order.codes)), most, len(core.times) - 1
    for k in range(len(times) - 1, -1, -1):
        while m >= 0 and order.low[m] > k:
            now, m = min(now, core.times[m] - OUTSIDE), m - 1
        if m >= 0 and order.high[m] > k:
            now = min(now, core.times[m] + INSIDE)
        times[k] = now
        now -= GAP
    return times


def matched(paper: Sought, cores: tuple[Core, Core], orders: tuple[Order, Order]) -> tuple[Patients, np.ndarray]:
    """Return patients who have a place in both orders, earliest with earliest among those who are alike.

    Also returned is which patients are alike in the labels that both orders know. Raises SearchError when the orders'
    joint tables of these differ.
    """
    orders = (trimmed(cores[0], orders[0]), orders[1])  # the second keeps the room that the search gave its patients
    shared = paper.shared()
    cell = [cells(order, core, shared) for core, order in zip(cores, orders, strict=True)]
    if not np.array_equal(np.bincount(cell[0]), np.bincount(cell[1])):
        raise SearchError("the two orders do not have the same patients")
    place = np.array([np.argsort(part, kind="stable") for part in cell])
    known = {name: (orders[0].codes >> cores[0].columns.index(name)) & 1 for name in shared}
    people = Patients(orders, place, {name: x[place[0]] for name, x in known.items()})
    _match_censored(people)
    return people, cell[0][place[0]].astype(np.int64)


def misfit(paper: Sought, cores: tuple[Core, Core], orders: tuple[Order, Order]) -> float:
    """Return how far patients are from having both orders: 0 when they can, infinite when the joint tables differ.

    Counted are months by which a first event would follow the second, and patients censored for the first endpoint for
    whom nobody alive is left on the common side of the labels that the second order alone knows (:func:`floors_of`).
    """
    try:
        people, _ = matched(paper, cores, orders)
    except SearchError:
        return float("inf")
    early, late = _ends(paper, cores, people.orders)
    shared, (first, second) = paper.shared(), orders
    alive = (second.events == 0) & (_on_common_sides(paper, cores[1])[second.codes] == 1)
    size = 1 << len(shared)
    needed = np.bincount(cells(first, cores[0], shared)[first.events == 0], minlength=size)
    there = np.bincount(cells(second, cores[1], shared)[alive], minlength=size)
    return kernels.total_misfit(early, late, people.events, people.place) + float(np.maximum(needed - there, 0).sum())


def floors_of(paper: Sought, core: Core, others: Sequence[Order]) -> Floors:
    """Return what orders of the first endpoint, all for the same joint table, ask of an order of the second.

    Parameters
    ----------
    core : Core
        The second endpoint's; `others` are orders of the first. Times are the greatest that any of them asks for.

    Notes
    -----
    Who is censored for the first endpoint must be alive. He counts only on the commoner side of the labels that this
    order alone knows: on the rarer one he would take an event from the side that limits the information
    (1/SE² ≤ d₁d₀/(d₁ + d₀)).
    """
    first, bounds, shared = paper.core(paper.endpoints[0]), window(paper), paper.shared()
    cell = np.array([_cell(code, core.columns, shared) for code in range(1 << len(core.columns))], dtype=np.int64)
    times, alive = np.zeros((1 << len(shared), paper.patients + 1)), np.zeros(1 << len(shared), dtype=np.int64)
    for order in (trimmed(first, other) for other in others):
        early, seen = earliest(first, order, bounds.low) + APART, np.zeros(len(alive), dtype=np.int64)
        censored = np.zeros(len(alive), dtype=np.int64)
        for code, event, time in zip(order.codes, order.events, early, strict=True):
            c = _cell(int(code), first.columns, shared)
            times[c, seen[c]] = max(times[c, seen[c]], time)
            seen[c] += 1
            censored[c] += event == 0
        alive = np.maximum(alive, censored)
    return Floors(cell, _on_common_sides(paper, core), times, alive, bounds.high)


def _on_common_sides(paper: Sought, core: Core) -> np.ndarray:
    """For each code, 1 when it is on the commoner side of all labels that only this core knows, else 0."""
    codes, good = np.arange(1 << len(core.columns)), np.ones(1 << len(core.columns), dtype=np.int64)
    for k, name in enumerate(core.columns):
        if name not in paper.shared():
            common = int(2 * sum(paper.labels[name].counts.values()) > paper.patients)
            good &= ((codes >> k) & 1) == common
    return good


def cells(order: Order, core: Core, shared: Sequence[str]) -> np.ndarray:
    """Which combination of the shared labels each place has."""
    return sum(((order.codes >> core.columns.index(name)) & 1) << k for k, name in enumerate(shared))


def _cell(code: int, columns: Sequence[str], shared: Sequence[str]) -> int:
    return sum((code >> columns.index(name) & 1) << k for k, name in enumerate(shared))


def _ends(paper: Sought, cores: tuple[Core, Core], orders: tuple[Order, Order]) -> tuple[np.ndarray, np.ndarray]:
    bounds = window(paper)
    return earliest(cores[0], orders[0], bounds.low) + APART, latest(cores[1], orders[1], bounds.high)


def _match_censored(people: Patients) -> None:
    """Give who is censored for the first endpoint the second place of someone alive who is like him."""
    first, second = people.place
    events = people.events
    for a in np.flatnonzero(events[0, first] == 0):
        alive = [q for q in np.flatnonzero(_same(people, a)) if events[1, second[q]] == 0 and events[0, first[q]] == 1]
        if events[1, second[a]] == 1 and alive:
            second[a], second[alive[-1]] = second[alive[-1]], second[a]


def _same(people: Patients, a: int) -> np.ndarray:
    return np.all([x == x[a] for x in people.labels.values()], axis=0)


def spread_of_draws(people: Patients, x: np.ndarray, group: np.ndarray, fit: Fit, rng, draws: int = 200) -> np.ndarray:
    """Return the covariance of (b, s) by endpoint when the label is drawn at random within the arms."""
    found = np.zeros((2, draws, 2))
    for k in range(draws):
        drawn_x = x.copy()
        for g in np.unique(group):
            members = np.flatnonzero(group == g)
            drawn_x[members] = rng.permutation(drawn_x[members])
        for e in range(2):
            listed = np.zeros(len(x))
            listed[people.place[e]] = drawn_x
            score, information = kernels.score_and_information(listed, people.events[e], fit.b[e])
            found[e, k] = score / information, information**-0.5
    return np.array([np.cov(part.T) for part in found])


def whitens_at(fit: Fit, spread: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    """Return how (b, s) is measured at each level: in units of level × spread, never finer than the row's polygon."""
    ladder = np.zeros((len(levels), 2, 2, 2))
    for k, level in enumerate(levels):
        for e in range(2):
            variances, axes = np.linalg.eigh(fit.corners[e] + level**2 * spread[e] + 1e-12 * np.eye(2))
            ladder[k, e] = (axes / np.sqrt(variances)).T
    return ladder


def drawn(paper: Sought, column: str, arm: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a label drawn at random within the arms' margins: 1.0 for the exposed."""
    x, label = np.zeros(len(arm)), paper.labels[column]
    for name in paper.arms:
        members = np.flatnonzero(arm == int(paper.labels[paper.arm].counts[name] > 0))
        x[rng.permutation(members)[: label.counts[name]]] = 1.0
    return x


# Times --------------------------------------------------------------------------------------------------------------


def times(
    paper: Sought, cores: tuple[Core, Core], people: Patients, together: Sequence[int] = (), soon: float = GAP
) -> np.ndarray:
    """Return times in months by endpoint and patient, rounded to 0.01: one linear program.

    The two times of the patients in `together` are one; of others the second follows an event by `soon` months or more.

    Within each endpoint times ascend by places, those of a printed time print it and no others do; nobody's first time
    exceeds the second; of all such times, the ones nearest to a smooth curve through the printed times.

    Raises
    ------
    SearchError
        When there are none.
    """
    n, bounds = len(people.labels[paper.arm]), window(paper)
    low, high, target = [], [], []
    for core, order in zip(cores, people.orders, strict=True):
        first = earliest(core, order, bounds.low)
        last = latest(core, order, bounds.high)
        low, high = [*low, *first], [*high, *last]
        target += list(np.clip(smooth(core, order, bounds.high), first, last))
    rows = lil_matrix((2 * (n - 1) + n + 4 * n, 4 * n))
    limit, r = [], 0
    for e in range(2):
        for k in range(n - 1):
            rows[r, e * n + k], rows[r, e * n + k + 1] = 1, -1
            limit.append(-GAP)
            r += 1
    for a in range(n):
        first, second = people.place[:, a]
        rows[r, first], rows[r, n + second] = 1, -1
        limit.append(-soon if people.orders[0].events[first] and a not in together else 0.0)
        r += 1
    for q in range(2 * n):
        for sign in (1, -1):
            rows[r, q], rows[r, 2 * n + q] = sign, -1
            limit.append(sign * target[q])
            r += 1
    one = lil_matrix((len(together), 4 * n))
    for r, a in enumerate(together):
        one[r, people.place[0, a]], one[r, n + people.place[1, a]] = 1, -1
    cost = np.concatenate([np.zeros(2 * n), 1 / np.maximum(np.array(target), 1.0)])
    found = linprog(
        cost, A_ub=rows.tocsr(), b_ub=limit, A_eq=one.tocsr(), b_eq=np.zeros(len(together)),
        bounds=[*zip(low, high, strict=True), *[(0, None)] * (2 * n)],
    )  # fmt: skip
    if found.status != 0:
        raise SearchError("no times have these orders")
    placed = np.round(found.x[: 2 * n].reshape(2, n), 2)
    return np.array([placed[e, people.place[e]] for e in range(2)])


def smooth(core: Core, order: Order, most: float) -> np.ndarray:
    """Return a smooth time for each place: an exponential between printed times, by the share that is still at risk."""
    n = len(order.codes)
    hazard = -np.log((n - np.arange(n) - 0.5) / n)
    at = [(order.low[m] + order.high[m] - 1) / 2 for m in range(len(core.times))]
    known = np.interp(at, np.arange(n), hazard)
    end = max(core.times[-1] + 2 * GAP * n, min(most, core.times[-1] * 2.2))
    return np.interp(hazard, [0, *known, hazard[-1]], [FIRST_TIME * 0.8, *core.times, end])


# Frame --------------------------------------------------------------------------------------------------------------


def frame(
    paper: Sought, people: Patients, months: np.ndarray, rng: np.random.Generator, well: np.ndarray | None = None
) -> pd.DataFrame:
    """Return the patients as the file's columns, numbered in a random order that says nothing.

    Where a side of a label has several levels, those who are `well`, by patient, have the first; otherwise at random.
    """
    n, codes = len(people.labels[paper.arm]), paper.codes
    arms = np.where(people.labels[paper.arm] == 1, *_arm_codes(paper))
    columns: dict[str, Sequence] = {}
    for item in codes.characteristics:
        x = people.labels.get(item.column)
        values = _coded(paper, item, x, arms, rng, well)
        columns[item.column] = [int(v) if v.isdigit() else v for v in values]
    for item, given in zip(codes.responses, _responses(paper, arms, months[0], rng), strict=True):
        columns[item.column] = given
    for e, item in enumerate(codes.endpoints):
        columns[item.time] = months[e]
        columns[item.event] = people.orders[e].events[people.place[e]].astype(int)
    mixed = pd.DataFrame(columns).iloc[rng.permutation(n)].reset_index(drop=True)
    width = len(str(n))
    mixed.insert(0, codes.patient.column, [f"{codes.patient.synthetic}{k + 1:0{width}d}" for k in range(n)])
    return mixed


def _arm_codes(paper: Sought) -> tuple[str, str]:
    """The codes of the arm with the label, and of the other."""
    exposed = paper.labels[paper.arm].exposed
    item = next(item for item in paper.codes.characteristics if item.column == paper.arm)
    return next(code for code in item.codes if code in exposed), next(
        code for code in item.codes if code not in exposed
    )


def _coded(paper: Sought, item, x: np.ndarray | None, arms: np.ndarray, rng, well: np.ndarray | None) -> np.ndarray:
    """Codes of a characteristic: where a side of the label has several levels, drawn by the arms' counts."""
    if item.column == paper.arm:
        return arms
    exposed = paper.labels[item.column].exposed if item.column in paper.labels else frozenset()
    values = np.empty(len(arms), dtype=object)
    for arm_code, arm in next(i for i in paper.codes.characteristics if i.column == paper.arm).codes.items():
        for side in (1, 0):
            members = np.flatnonzero((arms == arm_code) & ((x if x is not None else np.zeros(len(arms))) == side))
            levels = {code: level for code, level in item.codes.items() if (code in exposed) == bool(side)}
            counts = {code: paper.count(item.variable, level, arm) for code, level in levels.items()}
            drawn_ = rng.permutation(members)
            if well is not None:
                drawn_ = drawn_[np.argsort(-well[drawn_], kind="stable")]
            values[drawn_] = [code for code, k in counts.items() for _ in range(k)]
    return values


def _responses(paper: Sought, arms: np.ndarray, months: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Best responses by arm, one array per criterion: progressive disease for the earliest, responses among the later.

    The codes of each criterion stand best first. Scores are alike for all criteria, so that they agree as far as their
    counts allow.
    """
    score = np.argsort(np.argsort(months)) + rng.normal(scale=len(months) / 8, size=len(months))
    found = []
    for item in paper.codes.responses:
        values = np.empty(len(arms), dtype=object)
        for arm_code, arm in next(i for i in paper.codes.characteristics if i.column == paper.arm).codes.items():
            members = np.flatnonzero(arms == arm_code)
            counts = {code: paper.response(item, row, arm) for code, row in item.codes.items()}
            listed = [code for code, k in counts.items() for _ in range(k)]
            worst = listed.count(listed[-1])
            soonest = members[np.argsort(-months[members], kind="stable")]
            others, last = soonest[:-worst], soonest[-worst:]
            values[[*others[np.argsort(-score[others], kind="stable")], *last]] = listed
        found.append(values)
    return found


def wanted_cells(order: Order, masks: Sequence[int]) -> list[float]:
    """Return how many patients of an order have all labels of each mask, in those without and with the arm's label."""
    return [
        float(((order.codes & mask == mask) & ((order.codes & 1) == arm)).sum()) for mask in masks for arm in (0, 1)
    ]


def orders_of(paper: Sought, records: Records) -> tuple[Order, Order]:
    """Return the orders of both endpoints that a file of patients has.

    The way back from a file to what the search works on. Times must not be tied; patients whose time prints a printed
    median or limit have that time's places.
    """
    found = []
    for endpoint in paper.endpoints:
        core = paper.core(endpoint)
        at = np.argsort(records.times(endpoint), kind="stable")
        labels = [records.frame[name].astype(str).isin(paper.labels[name].exposed) for name in core.columns]
        codes = sum(x.to_numpy()[at].astype(np.int64) << k for k, x in enumerate(labels))
        months = records.times(endpoint)[at]
        low = np.array([int((months < time - 0.05).sum()) for time in core.times])
        high = np.array([int((months < time + 0.05).sum()) for time in core.times])
        order = Order(codes, records.events(endpoint)[at].astype(float), low, high)
        state = kernels.State(codes, order.events, low, high)
        total = kernels.blank(core, state).total
        found.append(replace(order, miss=float(kernels.miss(total, core.rows, core.model, core.cells))))
    return found[0], found[1]
