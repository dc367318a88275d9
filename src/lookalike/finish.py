"""From two exact orders to patients a clinician would believe: who has which places, all other labels, and times.

What is left when the orders of both endpoints print their models: who has which place in both, and the labels that no
order holds. Labels are sought one after the other, the one with the rarest rows first. As long as the matching is open,
each endpoint is sought alone, and sets of places that agree in every class of patients so far are put together:
thousands of either make millions of pairs. Then the patients of a class are matched so that their two times go together
(:func:`costs_of_matching`), and the remaining labels are sought on patients, with a price on breaking rules of staging.
"""

from __future__ import annotations

import time as clock
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from lookalike import assemble, kernels, label_kernels, search
from lookalike.orders import Order
from lookalike.problem import SearchError, Sought, centre, limits
from secondlook.cohort.columns import Credibility
from secondlook.cohort.credible import LONG, SOON
from secondlook.cohort.records import Records

#: Share of the rounding intervals that is used; both programs go on to the maximum (:mod:`secondlook.cohort.programs`).
SHARE = 0.99
#: Levels of distances: from random draws down, near what is known, and where rows are met most often.
DOWN, NEAR, RARE = (1.0, 0.3, 0.1, 0.05, 0.03, 0.015), (0.1, 0.06, 0.03, 0.015), (0.03, 0.02, 0.01)
#: Moves at a level, sets of places that are kept, and pairs of sets whose patients are matched.
MOVES, SETS, MATCHED = 60_000, 6000, 400
#: Cost of what cannot be, and gain of a death without progression.
NEVER, DIED = 40.0, 2.0
#: Prices of a broken rule of staging, tried in turn, and patients whose two times are one at most.
WEIGHTS, MOST_DIED = (4.0, 3.0, 2.0, 2.0, 1.0), 8


@dataclass
class Finishing:
    """Patients in the making.

    Attributes
    ----------
    paper, orders : Sought, tuple of Order
    place : int array of shape (2, patients)
        Their places in the orders; patients stand in the order of the first.
    labels : dict
        0/1 by patient, by column; those that only one order holds are by its places until they are matched.
    """

    paper: Sought
    orders: tuple[Order, Order]
    rng: np.random.Generator
    place: np.ndarray = field(init=False)
    labels: dict[str, np.ndarray] = field(init=False)

    def __post_init__(self) -> None:
        self.cores = tuple(self.paper.core(endpoint) for endpoint in self.paper.endpoints)
        n = self.paper.patients
        self.place = np.array([np.arange(n), np.arange(n)])
        self.events = np.array([order.events for order in self.orders])
        self.labels = {}
        self.early, self.late, self.times = windows(self.paper, self.cores, self.orders)
        self.costs = costs_of_matching(self)

    def held(self, e: int, column: str) -> np.ndarray:
        """Return a label by place of an order that holds it."""
        return (self.orders[e].codes >> self.cores[e].columns.index(column)) & 1

    def classes(self) -> list[np.ndarray]:
        """Return, by endpoint, which combination of the shared labels each place has."""
        shared = self.paper.shared()
        return [sum(self.held(e, name) << k for k, name in enumerate(shared)) for e in range(2)]


def windows(paper: Sought, cores, orders: Sequence[Order]):
    """Return by endpoint the earliest, the latest and a smooth time of each place."""
    bounds = assemble.window(paper)
    early = [assemble.earliest(core, order, bounds.low) for core, order in zip(cores, orders, strict=True)]
    late = [assemble.latest(core, order, bounds.high) for core, order in zip(cores, orders, strict=True)]
    smooth = [assemble.smooth(core, order, bounds.high) for core, order in zip(cores, orders, strict=True)]
    return early, late, [np.clip(t, a, b) for t, a, b in zip(smooth, early, late, strict=True)]


def costs_of_matching(made: Finishing) -> np.ndarray:
    """Return what it costs that one patient has place p of the first order and place q of the second.

    Impossible: to progress after dying, to be censored for progression and dead, or followed longer for one endpoint
    than for the other. Dear: to live long after an early progression. A gain: to die without one, as some patients do.
    """
    p, q = (np.arange(len(made.times[e])) for e in range(2))
    (e1, e2), (l1, l2) = ([side[0][:, None], side[1][None, :]] for side in (made.early, made.late))
    first, second = made.times[0][:, None], made.times[1][None, :]
    seen, died = made.events[0][:, None] == 1, made.events[1][None, :] == 1
    overlap = np.minimum(l1, l2) - np.maximum(e1, e2)
    gap = np.where(overlap < 0, np.maximum(second - first, e2 - l1), second - first)
    cost = np.where(e1 + SOON > l2, NEVER + NEVER * np.maximum(e1 - l2, 0.0), 0.0)
    after = np.where(died, 0.012 * np.maximum(gap - LONG / 2, 0) ** 2, 0.003 * np.maximum(gap - LONG, 0) ** 2)
    cost = cost + np.where(seen, after * np.where(died & (first < 4), 2.0, 1.0), 0.0)
    cost = cost + np.where(~seen & (died | (overlap < 0.1)), NEVER, 0.0)
    whole = seen & died & (overlap > 0.05) & (first > 4)
    return cost - DIED * whole[np.ix_(p, q)]


# Labels -------------------------------------------------------------------------------------------------------------


def fit_of(paper: Sought, column: str, on: Sequence[int]) -> kernels.Fit:
    """Return a label's rows as :func:`lookalike.assemble.fit_of`, for programs that go on to the maximum."""
    fit = assemble.fit_of(paper, column, on)
    low, high, half = fit.low.copy(), fit.high.copy(), fit.half.copy()
    for e, endpoint in enumerate(paper.endpoints):
        if fit.on[e]:
            ends = limits([paper.lines[paper.row(endpoint, column).key]], SHARE)
            low[e], high[e], half[e] = (part[0] for part in ends)
    return fit._replace(low=low, high=high, half=half)


def sets_of(
    made: Finishing, column: str, on: Sequence[int], group: np.ndarray, start: np.ndarray, seconds: float,
    want: int = SETS, levels: Sequence[float] = DOWN, pull: np.ndarray | None = None,
) -> np.ndarray:  # fmt: skip
    """Return patients who have a label such that its rows print, one line each, all different."""
    x, fit = start.astype(float), fit_of(made.paper, column, on)
    who, n = np.argsort(made.place, axis=1), len(start)
    spread = spread_of(made, x, group, fit)
    kept, found, begun = np.zeros((want, n), dtype=np.int8), 0, clock.process_time()
    pull = np.zeros(n) if pull is None else pull
    kernels.seed_kernels(int(made.rng.integers(2**31)))
    while found < want and clock.process_time() - begun < seconds:
        for whiten in assemble.whitens_at(fit, spread, levels):
            found += label_kernels.walk_label(
                x, group, made.place, who, made.events, fit, whiten, pull, MOVES, kept[found:]
            )
            if found == want:
                break
    return np.unique(kept[:found], axis=0)


def spread_of(made: Finishing, x: np.ndarray, group: np.ndarray, fit: kernels.Fit, draws: int = 150) -> np.ndarray:
    """Return the covariance of (b, s) by endpoint when the label is drawn at random within the groups."""
    people = assemble.Patients(made.orders, made.place, {}, {})
    return assemble.spread_of_draws(people, x, group, fit, made.rng, draws)


def by_class(x: np.ndarray, of: np.ndarray, classes: int) -> np.ndarray:
    """Return how many of each class have a label, one line for each line of x."""
    return np.atleast_2d(x) @ np.eye(classes, dtype=np.int64)[of]


def pairs_that_agree(first: np.ndarray, second: np.ndarray) -> list[tuple[int, int]]:
    """Return the pairs of lines, one of each, that are equal."""
    where = defaultdict(list)
    for k, line in enumerate(second):
        where[line.astype(np.int64).tobytes()].append(k)
    return [(i, k) for i, line in enumerate(first) for k in where.get(line.astype(np.int64).tobytes(), ())]


def rare_label(made: Finishing, column: str, known: Sequence[np.ndarray], seconds: float):
    """Yield pairs of a label by place of either order that print its rows and that the same patients can have.

    `known` is the label of some patients by place of either order, from where the walks start.
    """
    sets, classes = [], made.classes()
    for e in range(2):
        on, group = [int(k == e) for k in range(2)], made.held(e, made.paper.arm)
        both = [sets_of(made, column, on, group, known[e], seconds / 2, levels=some) for some in (RARE, NEAR)]
        sets.append(np.unique(np.concatenate(both), axis=0))
    size = 1 + max(int(part.max()) for part in classes)
    pairs = pairs_that_agree(*(by_class(some, of, size) for some, of in zip(sets, classes, strict=True)))
    for k in made.rng.permutation(len(pairs)):
        yield sets[0][pairs[k][0]].astype(np.int64), sets[1][pairs[k][1]].astype(np.int64)


def own_labels(paper: Sought, cores) -> tuple[str, str]:
    """Return the label that the first order alone holds, and that of the second; raises SearchError for others."""
    own = [[name for name in core.columns if name not in paper.shared()] for core in cores]
    if [len(names) for names in own] != [1, 1]:
        raise SearchError(f"the orders hold {own[0]} and {own[1]} alone: one label each is known")
    return own[0][0], own[1][0]


def match(made: Finishing, classes: Sequence[np.ndarray], seconds: float) -> float:
    """Match places such that the label of each order alone prints its row on the other; return what it costs at least.

    Infinite when no sets of places agree. `classes` are those in which the patients must be alike, by place.
    """
    names = own_labels(made.paper, made.cores)
    held = [made.held(e, name) for e, name in enumerate(names)]
    found = []
    for e, name in ((0, names[1]), (1, names[0])):
        start = spread_in_classes(held[1 - e], classes[1 - e], classes[e], made.rng)
        found.append(sets_of(made, name, [int(k == e) for k in range(2)], classes[e], start, seconds))
    size = 1 + max(int(part.max()) for part in classes)
    both = [by_class(found[e] * held[e], classes[e], size) for e in range(2)]
    pairs = pairs_that_agree(*both)
    best = (np.inf, made.place[1], None)
    for k in made.rng.permutation(len(pairs))[:MATCHED]:
        i, j = pairs[k]
        fine = classes[0] * 4 + held[0] * 2 + found[0][i], classes[1] * 4 + found[1][j] * 2 + held[1]
        cost, to = assigned(made.costs, *fine)
        if cost < best[0]:
            best = (cost, to, found[0][i])
    if best[2] is not None:
        made.place[1] = best[1]
        made.labels |= {name: made.held(0, name) for name in (*made.paper.shared(), names[0])}
        made.labels[names[1]] = best[2].astype(np.int64)
    return float(best[0])


def spread_in_classes(label: np.ndarray, theirs: np.ndarray, mine: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a label for other places, drawn so that each class has as many as in `label`."""
    out = np.zeros(len(label), dtype=np.int64)
    for c in np.unique(mine):
        out[rng.permutation(np.flatnonzero(mine == c))[: int(label[theirs == c].sum())]] = 1
    return out


def assigned(costs: np.ndarray, first: np.ndarray, second: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the least cost of giving each place of the first order one of its class in the second, and which."""
    to, total = np.zeros(len(first), dtype=np.int64), 0.0
    for c in np.unique(first):
        p, q = np.flatnonzero(first == c), np.flatnonzero(second == c)
        x, y = linear_sum_assignment(costs[np.ix_(p, q)])
        to[p[x]] = q[y]
        total += float(costs[p[x], q[y]].sum())
    return total, to


def add_label(made: Finishing, column: str, rules: Credibility, weight: float, seconds: float) -> bool:
    """Give patients a label that prints its rows on both orders, and return whether one was found."""
    on = [int(made.paper.row(endpoint, column) is not None) for endpoint in made.paper.endpoints]
    arm = made.labels[made.paper.arm]
    start = assemble.drawn(made.paper, column, arm, made.rng)
    pull = weight * pull_of(made, column, rules)
    found = sets_of(made, column, on, arm, start, seconds, want=1, levels=(*DOWN[:4], *RARE, *RARE), pull=pull)
    if len(found):
        made.labels[column] = found[0].astype(np.int64)
    return bool(len(found))


def pull_of(made: Finishing, column: str, rules: Credibility) -> np.ndarray:
    """Return how many more rules of staging a patient breaks with a label than without it, by the labels known."""
    stage = made.paper.column(rules.stage.variable)
    signs = [made.paper.column(name) for name in rules.stage.advanced]
    signs = [name for name in signs if name in made.labels and name != column]
    n = made.paper.patients
    advanced = sum((made.labels[name] for name in signs), np.zeros(n))
    if column == stage:
        return advanced
    is_sign = column in (made.paper.column(name) for name in rules.stage.advanced)
    return made.labels[stage].astype(float) if is_sign and stage in made.labels else np.zeros(n)


# Patients -----------------------------------------------------------------------------------------------------------


def finish(registry, codes, records: Records, seed: int, seconds: float, tell=lambda words: None) -> pd.DataFrame:
    """Return invented patients who have the two orders of those of a file, sought anew in all else.

    Parameters
    ----------
    registry, codes : Registry, Codes
    records : Records
        Patients whose orders print the adjusted models, the medians, and the rows of the labels that an order holds.
    seed : int
        The same seed and time make the same patients, as long as the machine is as fast.
    seconds : float
        Processor time for the sets of the rarest label; the others take about as much.
    tell : callable
        Told in words what is going on.

    Raises
    ------
    SearchError
        When no patients are found in time.
    """
    paper = search.paper_of(registry, codes)
    rules = codes.credibility
    if rules is None:
        raise SearchError("cohort.toml has no section [credibility]")
    orders = assemble.orders_of(paper, records)
    made = Finishing(paper, orders, np.random.default_rng(seed))
    rare, *rest = left(paper, made, rules)
    exposed = records.frame[rare].astype(str).isin(paper.labels[rare].exposed).to_numpy().astype(np.int64)
    known = [exposed[np.argsort(records.times(endpoint), kind="stable")] for endpoint in paper.endpoints]
    for number, pair in enumerate(rare_label(made, rare, known, seconds), start=1):
        classes = [of * 2 + x for of, x in zip(made.classes(), pair, strict=True)]
        cost = match(made, classes, seconds / 20)
        tell(f"{rare}, pair {number}: patients can be matched at a cost of {cost:.1f}")
        if cost >= NEVER:
            continue
        made.labels = {rare: pair[0], **{k: v for k, v in made.labels.items() if k != rare}}
        frame = finished(made, rest, rules, seconds, tell)
        if frame is not None:
            return frame
    raise SearchError("no patients were found in time")


def left(paper: Sought, made: Finishing, rules: Credibility) -> list[str]:
    """Return the labels that no order holds: the one with the rarest rows, the stage and its signs, then others."""
    held = {name for core in made.cores for name in core.columns}
    free = [name for name in paper.labels if name not in held]
    rare = max(free, key=lambda name: rarity(paper, made, name))
    staging = [paper.column(name) for name in (rules.stage.variable, *rules.stage.advanced)]
    return [rare, *(name for name in staging if name in free and name != rare),
            *(name for name in free if name not in (*staging, rare))]  # fmt: skip


def rarity(paper: Sought, made: Finishing, column: str) -> float:
    """Return how many spreads, at most, a label's printed standard errors lie from their mean under random draws."""
    arm = made.held(0, paper.arm)
    far = [0.0]
    for e, endpoint in enumerate(paper.endpoints):
        row = paper.row(endpoint, column)
        if row is None:
            continue
        b, s = centre(paper.lines[row.key])
        group = made.held(e, paper.arm) if e else arm
        drawn = [assemble.drawn(paper, column, group, made.rng) for _ in range(100)]
        errors = [label_kernels.row_of(x, made.events[e], b)[1] for x in drawn]
        far.append(abs(s - np.mean(errors)) / np.std(errors))
    return max(far)


def finished(made: Finishing, rest: Sequence[str], rules: Credibility, seconds: float, tell) -> pd.DataFrame | None:
    """Give matched patients the labels that are left, and times; None when some label is not found."""
    for column in rest:
        if not any(add_label(made, column, rules, weight, seconds / 20) for weight in WEIGHTS):
            tell(f"{column}: not found")
            return None
        tell(f"{column}: found")
    months = months_of(made)
    if months is None:
        return None
    return frame_of(made, months, rules)


def months_of(made: Finishing) -> np.ndarray | None:
    """Return times such that as many as can be of those whose places allow it died without a progression."""
    first, second = made.place
    seen, died = made.events[0, first] == 1, made.events[1, second] == 1
    overlap = np.minimum(made.late[0][first], made.late[1][second])
    overlap = overlap - np.maximum(made.early[0][first], made.early[1][second])
    apart = np.abs(made.times[1][second] - made.times[0][first])
    whole = [a for a in np.argsort(apart) if seen[a] and died[a] and overlap[a] > 0 and made.times[0][first[a]] > 4]
    people = assemble.Patients(made.orders, made.place, made.labels, {})
    chosen = list(np.flatnonzero(~seen))
    found = _times_or_none(made, people, chosen)
    for a in whole:
        tried = _times_or_none(made, people, [*chosen, a]) if found is not None and len(chosen) < MOST_DIED else None
        if tried is not None:
            chosen, found = [*chosen, a], tried
    return found


def _times_or_none(made: Finishing, people, together: Sequence[int]) -> np.ndarray | None:
    try:
        return assemble.times(made.paper, made.cores, people, together, SOON)
    except SearchError:
        return None


def frame_of(made: Finishing, months: np.ndarray, rules: Credibility) -> pd.DataFrame:
    """Return the patients as the file's columns, with levels and responses as credible as the counts allow."""
    people = assemble.Patients(made.orders, made.place, made.labels, {})
    stage = made.paper.column(rules.stage.variable)
    early = made.labels[stage] == 1
    signs = [made.paper.column(name) for name in rules.stage.advanced]
    advanced = np.any([made.labels[name] == 1 for name in signs], axis=0)
    return assemble.frame(made.paper, people, months, made.rng, well=early * 2 + (~early & advanced))
