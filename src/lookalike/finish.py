"""From two exact orders to patients a clinician would believe: who has which places, all other labels, and times.

What is left when the orders of both endpoints print their models: who has which place in both, and the labels that no
order holds. Labels are sought one after the other, the one with the rarest rows first. As long as the matching is open,
each endpoint is sought alone, and sets of places that agree in every class of patients so far are put together:
thousands of either make millions of pairs. Then the patients of a class are matched so that their two times go together
(:func:`costs_of_matching`), and the remaining labels are sought on patients, with a price on breaking rules of staging.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from lookalike import assemble, halves, kernels, label_kernels
from lookalike.orders import Order
from lookalike.problem import SearchError, Sought, limits
from secondlook.cohort.columns import Credibility
from secondlook.cohort.credible import LONG, SOON, criteria
from secondlook.cohort.records import Records

#: Share of the rounding intervals that is used; both programs go on to the maximum (:mod:`secondlook.cohort.programs`).
SHARE = 0.99
#: Levels of distances: from random draws down, near what is known, and where rows are met most often.
DOWN, NEAR, RARE = (1.0, 0.3, 0.1, 0.05, 0.03, 0.015), (0.1, 0.06, 0.03, 0.015), (0.03, 0.02, 0.01)
#: The same from patients who are known.
FROM_KNOWN = (0.006, 0.012, 0.006, 0.02, 0.01)
#: Moves at a level, sets of places that are kept, and pairs of sets whose patients are matched.
MOVES, SETS, MATCHED = 50_000, 1500, 250
#: Cost of what cannot be, gain of a death without progression, and cost of two places that take after two patients.
NEVER, DIED, AWAY = 40.0, 2.0, 6.0
#: Squared half-widths by which a label that one order alone holds may miss on the other.
SLACK = 0.3
#: Times that four exchanges are tried, and labels found by them of which the most credible is taken.
MENDINGS, MENDED = 4, 30
#: Prices of a broken rule of staging, tried in turn.
WEIGHTS = (4.0, 2.5, 1.0)
#: Draws of the levels and responses that are left, of which the most credible is taken.
DRAWS = 6
#: Patients whose two times may be one, at most.
MOST_DIED = 8


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


@dataclass(frozen=True)
class NearPatients:
    """Patients who are known already, for orders near theirs.

    Attributes
    ----------
    labels : dict
        0/1 by known patient, by column.
    patient : int array of shape (2, patients)
        Which of them each place of either order takes after.
    """

    labels: dict[str, np.ndarray]
    patient: np.ndarray


def known_of(made: Finishing, records: Records) -> NearPatients:
    """Return the patients of a file as what new patients with orders near theirs take after.

    In each order a place takes after one whose place was near and who has the same labels, the arm before all.
    """
    paper, patient = made.paper, []
    labels = {
        name: records.frame[name].astype(str).isin(label.exposed).to_numpy().astype(np.int64)
        for name, label in paper.labels.items()
    }
    for e, endpoint in enumerate(paper.endpoints):
        n = len(records)
        was = np.empty(n, dtype=np.int64)
        was[np.argsort(records.times(endpoint), kind="stable")] = np.arange(n)
        cost = np.abs(np.arange(n)[:, None] - was[None, :]).astype(float)
        for name in made.cores[e].columns:
            cost += (1e6 if name == paper.arm else 15.0) * (made.held(e, name)[:, None] != labels[name][None, :])
        patient.append(linear_sum_assignment(cost)[1])
    return NearPatients(labels, np.array(patient))


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
    made: Finishing, column: str, on: Sequence[int], group: np.ndarray, start: np.ndarray, rounds: int,
    want: int = SETS, levels: Sequence[float] = DOWN, pull: np.ndarray | None = None, slack: float = 0.0,
) -> tuple[np.ndarray, float]:  # fmt: skip
    """Return patients who have a label, one line each, all different, and by how much its rows miss.

    Those whose rows print, or miss by `slack` (:func:`lookalike.kernels.beyond`); where none was met, the one whose
    rows miss least.
    """
    x, fit = start.astype(float), fit_of(made.paper, column, on)
    who, n = np.argsort(made.place, axis=1), len(start)
    spread = spread_of(made, x, group, fit)
    kept, found = np.zeros((want, n), dtype=np.int8), 0
    closest, least = np.zeros(n, dtype=np.int8), np.full(1, np.inf)
    pull = np.zeros(n) if pull is None else pull
    kernels.seed_kernels(int(made.rng.integers(2**31)))
    for _ in range(rounds):
        for whiten in assemble.whitens_at(fit, spread, NEAR if found else levels):  # where one is, more are near
            found += label_kernels.walk_label(
                x, group, made.place, who, made.events, fit, whiten, pull, MOVES, slack, kept[found:], closest, least
            )
            if found == want:
                return np.unique(kept, axis=0), float(least[0])
    return (np.unique(kept[:found], axis=0), float(least[0])) if found else (closest[None], float(least[0]))


def spread_of(made: Finishing, x: np.ndarray, group: np.ndarray, fit: kernels.Fit, draws: int = 150) -> np.ndarray:
    """Return the covariance of (b, s) by endpoint when the label is drawn at random within the groups."""
    people = assemble.Patients(made.orders, made.place, {})
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


def own_labels(paper: Sought, cores) -> tuple[str, str]:
    """Return the label that the first order alone holds, and that of the second; raises SearchError for others."""
    own = [[name for name in core.columns if name not in paper.shared()] for core in cores]
    if [len(names) for names in own] != [1, 1]:
        raise SearchError(f"the orders hold {own[0]} and {own[1]} alone: one label each is known")
    return own[0][0], own[1][0]


def match(made: Finishing, rounds: int, known: NearPatients | None) -> None:
    """Match places such that the label of each order alone prints its row on the other, or nearly.

    Patients are matched who are alike in the shared labels. Raises SearchError when nobody can have both orders.
    """
    names, classes = own_labels(made.paper, made.cores), made.classes()
    held, found = [made.held(e, name) for e, name in enumerate(names)], []
    for e, name in ((0, names[1]), (1, names[0])):
        start = known.labels[name][known.patient[e]] if known else made.rng.permutation(len(classes[e])) % 2
        start = kept_in_classes(start, held[1 - e], classes[1 - e], classes[e], made.rng)
        levels, on = FROM_KNOWN if known else DOWN, [int(k == e) for k in range(2)]
        found.append(sets_of(made, name, on, classes[e], start, 3 * rounds, levels=levels, slack=SLACK)[0])
    place, other = _cheapest(made, held, found, classes, known)
    made.place[1] = place
    made.labels |= {name: made.held(0, name) for name in (*made.paper.shared(), names[0])}
    made.labels[names[1]] = other.astype(np.int64)


def _cheapest(made: Finishing, held, found, classes, known: NearPatients | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the places and the label of the cheapest match of two sets that agree in every class."""
    costs = made.costs
    if known:
        costs = costs + AWAY * (known.patient[0][:, None] != known.patient[1][None, :])
    size = 1 + max(int(part.max()) for part in classes)
    pairs = pairs_that_agree(*(by_class(found[e] * held[e], classes[e], size) for e in range(2)))
    best, cheapest, rows = None, np.inf, np.arange(len(classes[0]))
    for k in made.rng.permutation(len(pairs))[:MATCHED]:
        i, j = pairs[k]
        fine = classes[0] * 4 + held[0] * 2 + found[0][i], classes[1] * 4 + found[1][j] * 2 + held[1]
        cost, to = assigned(costs, *fine)
        if cost < cheapest and made.costs[rows, to].max() < NEVER - DIED:
            cheapest, best = cost, (to, found[0][i])
    if best is None:
        raise SearchError("somebody would progress after dying, or be censored for progression and dead")
    return best


def kept_in_classes(
    label: np.ndarray, theirs: np.ndarray, of_theirs: np.ndarray, mine: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return a label by place, changed at random where needed so that each class has as many as at other places."""
    out = label.astype(np.int64)
    for c in np.unique(mine):
        members = rng.permutation(np.flatnonzero(mine == c))
        members = members[np.argsort(-out[members], kind="stable")]
        out[members] = np.arange(len(members)) < int(theirs[of_theirs == c].sum())
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


def add_label(made: Finishing, column: str, rules: Credibility, rounds: int, known: NearPatients | None) -> None:
    """Give patients a label that prints its rows on both orders, or as nearly as was found."""
    on = [int(made.paper.row(endpoint, column) is not None) for endpoint in made.paper.endpoints]
    arm, price = made.labels[made.paper.arm], pull_of(made, column, rules)
    levels = FROM_KNOWN if known else (*DOWN[:4], *RARE, *RARE)
    start = known.labels[column][known.patient[0]] if known else assemble.drawn(made.paper, column, arm, made.rng)
    pull = WEIGHTS[0] * price
    found, miss = sets_of(made, column, on, arm, start, rounds, want=1, levels=levels, pull=pull)
    if miss > 0:
        found = [mended(made, column, on, arm, found[0], pull)]
    made.labels[column] = np.asarray(found[0]).astype(np.int64)


def mended(
    made: Finishing, column: str, on: Sequence[int], group: np.ndarray, start: np.ndarray, pull: np.ndarray
) -> np.ndarray:  # fmt: skip
    """Return who has a label after four exchanges at a time, until its rows print: the most credible of some."""
    x, fit, base = start.astype(float), fit_of(made.paper, column, on), np.zeros(4)
    for _ in range(MENDINGS):
        label_kernels.rows_at(x, made.place, made.events, fit, base)
        pairs = label_kernels.exchanges_of(x, group)
        effects = label_kernels.effects_of(x, made.place, made.events, fit, pairs, base)
        which, sums = label_kernels.pairs_of(pairs, effects)
        kept, closest = np.zeros((MENDED, len(x)), np.int8), np.zeros(len(x), np.int8)
        least = np.full(2, np.inf)
        found = label_kernels.four_exchanges(
            x, made.place, made.events, fit, pull, pairs, which, sums, -base,
            *halves.slots(sums, 2.0, label_kernels.BITS), 0.0, kept, closest, least,
        )  # fmt: skip
        if found:
            return kept[int(np.argmin(kept[:found] @ pull))]
        if not np.isfinite(least[0]):
            break
        x = closest.astype(float)
    return x


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


def finish(
    paper: Sought, orders: tuple[Order, Order], rules: Credibility, rng: np.random.Generator, rounds: int,
    near: Records | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return invented patients who have two orders, with all other labels and times.

    Parameters
    ----------
    paper : Sought
    orders : tuple of Order
        They hold the same patients, and print their models and medians, or nearly.
    rules : Credibility
    rng : numpy Generator
    rounds : int
        Walks over each label, down all levels of distances.
    near : Records
        Patients whose orders are near these: the new ones take after them.

    Raises
    ------
    SearchError
        When nobody can have both orders, or there are no times.
    """
    made = Finishing(paper, orders, rng)
    if not np.array_equal(*(np.bincount(of, minlength=1 << len(paper.shared())) for of in made.classes())):
        raise SearchError("the two orders do not have the same patients")
    known = known_of(made, near) if near else None
    match(made, rounds, known)
    for column in left(paper, made, rules):
        add_label(made, column, rules, rounds, known)
    months = months_of(made)
    return min((frame_of(made, months, rules) for _ in range(DRAWS)), key=lambda frame: _broken(paper, frame))


def _broken(paper: Sought, frame: pd.DataFrame) -> int:
    """How often patients break a criterion that nobody should break."""
    found = criteria(Records(frame, paper.registry, paper.codes))
    return sum(item.count for item in found if item.wanted == "none")


def left(paper: Sought, made: Finishing, rules: Credibility) -> list[str]:
    """Return the labels that no order holds: the stage and its signs, then others."""
    held = {name for core in made.cores for name in core.columns}
    free = [name for name in paper.labels if name not in held]
    staging = [paper.column(name) for name in (rules.stage.variable, *rules.stage.advanced)]
    return [*(name for name in staging if name in free), *(name for name in free if name not in staging)]


def months_of(made: Finishing) -> np.ndarray:
    """Return times such that as many as can be of those whose places allow it died without a progression.

    Raises SearchError when there are none.
    """
    first, second = made.place
    seen, died = made.events[0, first] == 1, made.events[1, second] == 1
    overlap = np.minimum(made.late[0][first], made.late[1][second])
    overlap = overlap - np.maximum(made.early[0][first], made.early[1][second])
    apart = np.abs(made.times[1][second] - made.times[0][first])
    whole = [a for a in np.argsort(apart) if seen[a] and died[a] and overlap[a] > 0 and made.times[0][first[a]] > 4]
    people = assemble.Patients(made.orders, made.place, made.labels)
    censored, most = list(np.flatnonzero(~seen)), len(whole[:MOST_DIED])
    for some in range(most, -1, -2):
        try:
            return assemble.times(made.paper, made.cores, people, [*censored, *whole[:some]], SOON)
        except SearchError:
            continue
    return assemble.times(made.paper, made.cores, people, censored, SOON)


def frame_of(made: Finishing, months: np.ndarray, rules: Credibility) -> pd.DataFrame:
    """Return the patients as the file's columns, with levels and responses as credible as the counts allow."""
    people = assemble.Patients(made.orders, made.place, made.labels)
    stage = made.paper.column(rules.stage.variable)
    early = made.labels[stage] == 1
    signs = [made.paper.column(name) for name in rules.stage.advanced]
    advanced = np.any([made.labels[name] == 1 for name in signs], axis=0)
    return assemble.frame(made.paper, people, months, made.rng, well=early * 2 + (~early & advanced))
