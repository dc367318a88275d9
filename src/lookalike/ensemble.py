"""Many cohorts that print the same statistics: what the printed numbers leave open shows in how the cohorts differ.

Each is made from one that is known: one of its last events is censored, or the other way round; orders near both
orders are listed by meeting in the middle (:mod:`lookalike.halves`), without the label of few patients; two that hold
the same patients are put together, that label is given to them anew (:mod:`lookalike.few`), such that its joint table
with the others is one that few cohorts have, and they are finished (:mod:`lookalike.finish`). What is made is known
from then on, so that the ensemble walks away from where it began.
Or nothing but the label of few patients is given to others of a finished cohort: all ways to do so are listed, at the
price of some numbers of its own two rows.
A cohort that prints too little is a stone to step on: kept while none with its joint table and numbers of events
prints more.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lookalike import assemble, few, finish, halves, kernels, search
from lookalike.orders import Order
from lookalike.problem import Core, SearchError, Sought
from secondlook.cohort import credible, programs, verify
from secondlook.cohort.beyond import COHORT
from secondlook.cohort.columns import Codes
from secondlook.cohort.records import Records, to_csv
from secondlook.cohort.targets import LOG_RANK, MEDIAN
from secondlook.cohort.verify import COUNTS
from secondlook.paper import event_counts
from secondlook.paper.registry import Registry

#: Sets of exchanges that are kept of each half, how often meeting in the middle goes on from the closest order, and how
#: wide it looks the first time about an order whose events changed.
KEPT, TURNS, FAR = 200_000, 6, 600.0
#: Squared half-widths by which an order may miss, summed, and orders that are enough.
CLOSE, ENOUGH = 0.2, 40
#: Last places at which events and censored times are tried for each other, how many at once, and of how many of the
#: closest one is drawn.
LAST, FLIPS, NEAREST = 14, 4, 3
#: Patterns of events and censored times that are looked at on either endpoint, and ways to give a pair of orders the
#: label of few patients.
PATTERNS, WAYS = 2, 300
#: Pairs of orders that are looked at in a step, and finished, and walks over each label.
TRIED, FINISHED, ROUNDS = 24, 8, 1
#: Numbers of the models, of those that are sought, that a cohort may miss.
MODELS_MISSED = 7
#: Chances that a step from a member changes the numbers of events, and gives the label of few patients anew; that it
#: starts from a stone; and that orders with fewer events do not hold the labels whose rows are rare.
EVENTS, ANEW, CLIMB, PLAIN = 0.1, 0.1, 0.05, 0.5
#: Chance that a step does no more than give the label of few patients of a member to others, which takes a tenth of the
#: time, and how many numbers its rows may miss then, by endpoint: one or the other.
OTHERS, SPARED = 0.8, ((1, 4), (4, 1))
#: What a place by which one of few patients moves weighs against a cohort that has the joint table already.
MOVED = 0.2
#: Numbers of the models that a stone may miss.
STONE = 12


def packed(frame: pd.DataFrame) -> bytes:
    """Return an ensemble as CSV compressed by gzip, without the hour at which it was made."""
    return gzip.compress(frame.to_csv(index=False, lineterminator="\n").encode("ascii"), mtime=0)


@dataclass(frozen=True)
class Member:
    """A cohort: its patients, and how many numbers of the models that were sought it prints.

    Attributes
    ----------
    records : Records
    attained, sought : int
    enough : bool
        Whether it prints all counts, medians and log-rank p and enough of the others, and is believed.
    events : tuple of int
        By endpoint.
    table : tuple of int
        Patients in each combination of the labels that both endpoints' models and tests hold.
    missing : frozenset of str
        Which numbers of the models it does not print.
    """

    records: Records
    attained: int
    sought: int
    enough: bool
    events: tuple[int, ...]
    table: tuple[int, ...]
    missing: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Its joint table and numbers of events."""
        return self.table, self.events

    @cached_property
    def patients(self) -> frozenset[tuple]:
        """Its patients without their numbers."""
        return patients_of(self.records)


def patients_of(records: Records) -> frozenset[tuple]:
    """Return patients without their numbers."""
    return frozenset(records.frame.drop(columns=records.codes.patient.column).itertuples(index=False, name=None))


def member_of(paper: Sought, frame: pd.DataFrame) -> Member:
    """Return patients as a member."""
    records = Records(frame.reset_index(drop=True), paper.registry, paper.codes)
    results = verify.verify(records, [programs.OWN])  # lifelines takes four times as long
    whole = all(r.attained for r in results if r.target.kind in (MEDIAN, LOG_RANK, *COUNTS))
    models = [r for r in results if r.target.kind not in (MEDIAN, LOG_RANK, *COUNTS)]
    models = [r for r in models if r.target.value_id.rsplit(".", 1)[0] not in paper.aside_keys]
    missing = frozenset(r.target.value_id for r in models if not r.attained)
    attained = len(models) - len(missing)
    enough = whole and len(missing) <= MODELS_MISSED and believed(records)
    events = tuple(int(records.events(endpoint).sum()) for endpoint in paper.endpoints)
    table = table_of_records(paper, records)
    return Member(records, attained if whole else 0, len(models), enough, events, table, missing)


def believed(records: Records) -> bool:
    """Return whether a clinician would believe the patients, by ``credibility.most`` in ``cohort.toml``."""
    counts = {item.key: item.count for item in credible.criteria(records)}
    return all(counts[key] <= most for key, most in records.codes.credibility.most.items())


def table_of_records(paper: Sought, records: Records) -> tuple[int, ...]:
    """Return how many patients have each combination of the labels that both endpoints' models and tests hold."""
    return tuple(np.bincount(cells_of(paper, records, paper.shared()), minlength=1 << len(paper.shared())).tolist())


def cells_of(paper: Sought, records: Records, columns: Sequence[str]) -> np.ndarray:
    """Return which combination of some labels each patient has."""
    return sum(
        records.frame[name].astype(str).isin(paper.labels[name].exposed).to_numpy().astype(np.int64) << k
        for k, name in enumerate(columns)
    )


def table_of(paper: Sought, e: int, order: Order, held: Sought | None = None) -> tuple[int, ...]:
    """Return :func:`table_of_records` from an order that holds the labels of `held`, at least those of the paper."""
    cells = assemble.cells(order, (held or paper).core(paper.endpoints[e]), paper.shared())
    return tuple(np.bincount(cells, minlength=1 << len(paper.shared())).tolist())


# Steps --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Orders:
    """What the orders of a step hold: without the label of few patients, which is then added to them, and with it."""

    lean: Sought
    whole: Sought

    @cached_property
    def adding(self) -> few.Adding:
        """What adds the label of few patients."""
        return few.Adding(self.lean, self.whole)

    @cached_property
    def cores(self) -> tuple[Core, ...]:
        """What the orders must print, by endpoint."""
        return tuple(self.whole.core(endpoint) for endpoint in self.whole.endpoints)

    def moved(self, e: int, first: Order, second: Order) -> int:
        """Return by how many places, in all, the few patients of one order are from those of another."""
        bit = self.cores[e].columns.index(self.adding.column)
        places = [np.flatnonzero(order.codes >> bit & 1 == self.adding.side) for order in (first, second)]
        return int(np.abs(places[0] - places[1]).sum())

    def of(self, anew: bool) -> Sought:
        """Return what is sought: without the label of few patients where it is given anew."""
        return self.lean if anew else self.whole

    @classmethod
    def holding(cls, registry: Registry, codes: Codes, also: Sequence[str] = ()) -> Orders:
        """Return the orders that hold some further labels."""
        aside = search.settings_of(codes).set_aside
        return cls(*(Sought(registry, codes, aside, few=held, also=also) for held in (False, True)))


@dataclass
class Growing:
    """An ensemble in the making: what is known, and how many steps were made.

    Orders of ``rare`` hold the labels whose rows few arrangements print, those of ``plain`` do not: with fewer events
    such rows may be out of reach, and a cohort may miss some numbers.
    """

    plain: Orders
    rare: Orders
    seed: int
    known: list[Member] = field(default_factory=list)
    steps: int = 0
    tried: Counter[tuple] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.paper = self.plain.whole
        needed, most = event_counts.joints(self.paper.registry), self.paper.patients
        first, second = (needed[endpoint].least or 0 for endpoint in self.paper.endpoints)
        self.allowed = [(p, o) for p in range(first, most + 1) for o in range(second, p + 1)]

    @property
    def members(self) -> list[Member]:
        """Those that print enough and are believed."""
        return [member for member in self.known if member.enough]

    @property
    def stones(self) -> list[Member]:
        """Of each joint table and numbers of events that no member has, the cohort that prints most."""
        best = {member.key: member for member in sorted(self.known, key=lambda member: member.attained)}
        had = {member.key for member in self.members}
        return [member for key, member in best.items() if key not in had and not member.enough]

    def step(self) -> int:
        """Make cohorts from one that is known; return how many are new members. The seed and what is known decide."""
        rng = np.random.default_rng([self.seed, self.steps])
        self.steps += 1
        before = len(self.members)
        if before and rng.random() < OTHERS:
            self._others(self._giver(rng), SPARED[int(rng.integers(2))])
            return len(self.members) - before
        parent = self._parent(rng)
        to = self._events(parent, rng)
        anew = parent.enough and to == parent.events and rng.random() < ANEW
        held = self.plain if to != parent.events and rng.random() < PLAIN else self.rare
        pairs, finished = self._pairs(held, anew, parent, near(held, anew, parent, to, rng), rng), 0
        while finished < FINISHED and (pair := next(pairs, None)):
            try:
                frame = finish.finish(held.whole, pair, self.paper.codes.credibility, rng, ROUNDS, parent.records)
            except SearchError:
                continue
            finished += 1
            self.add(member_of(self.paper, frame))
        return len(self.members) - before

    def add(self, member: Member) -> None:
        """Add a new cohort when it prints enough, or more than others with its joint table and numbers of events."""
        best = max((other.attained for other in self.known if other.key == member.key), default=member.sought - STONE)
        new = all(other.patients != member.patients for other in self.known)
        if new and (member.enough or member.attained > best):
            self.known.append(member)

    def _giver(self, rng: np.random.Generator) -> Member:
        """Draw a member whose label of few patients is given to others: one that prints much and was drawn seldom."""
        members = [(k, member) for k, member in enumerate(self.known) if member.enough]
        weights = np.array([1.5 ** (m.attained - m.sought) / (1 + self.tried["others", k]) ** 2 for k, m in members])
        k, member = members[int(rng.choice(len(members), p=weights / weights.sum()))]
        self.tried["others", k] += 1
        return member

    def _others(self, parent: Member, spared: tuple[int, int]) -> None:
        """Give the label of few patients to others: first where the joint table is one that few cohorts have."""
        column, had = self.rare.adding.column, Counter(member.table for member in self.members)
        own = {row.key for endpoint in self.paper.endpoints if (row := self.paper.row(endpoint, column))}
        left = MODELS_MISSED - sum(value.rsplit(".", 1)[0] not in own for value in parent.missing)
        sets, missed = few.given_anew(self.paper, column, parent.records, spared)
        sets = sets[missed <= left]
        kinds = np.sort(cells_of(self.paper, parent.records, [n for n in self.paper.shared() if n != column])[sets])
        alike: dict[bytes, list[int]] = {}
        for k, kind in enumerate(kinds):  # those that miss least come first
            alike.setdefault(kind.tobytes(), []).append(k)
        queue = []
        for ways in alike.values():
            new = [replace(parent.records, frame=few.given_to(self.paper, column, parent.records, sets[k]))
                   for k in ways[:FINISHED]]  # fmt: skip
            table = had[table_of_records(self.paper, new[0])]
            queue += [(table + k, ways[k], records) for k, records in enumerate(new)]
        known = {member.patients for member in self.known}
        new = (r.frame for _, _, r in sorted(queue, key=lambda item: item[:2]) if patients_of(r) not in known)
        for frame in islice(new, FINISHED):
            self.add(member_of(self.paper, frame))

    def _parent(self, rng: np.random.Generator) -> Member:
        """Draw a member, rare tables and numbers of events first, or a stone, those that print most first."""
        members, stones = self.members, self.stones
        if stones and (not members or rng.random() < CLIMB):
            weights = np.array([1.5 ** (m.attained - m.sought) / (1 + self.tried[m.key, m.attained]) for m in stones])
            stone = stones[int(rng.choice(len(stones), p=weights / weights.sum()))]
            self.tried[stone.key, stone.attained] += 1
            return stone
        tables, events = Counter(m.table for m in members), Counter(m.events for m in members)
        weights = np.array([1 / (tables[m.table] * events[m.events]) for m in members])
        return members[int(rng.choice(len(members), p=weights / weights.sum()))]

    def _events(self, parent: Member, rng: np.random.Generator) -> tuple[int, ...]:
        """Draw numbers of events near those of a member, or the same: of which few are had and few were tried."""
        now = parent.events
        if not parent.enough or rng.random() >= EVENTS:
            return now
        near = [pair for pair in self.allowed if max(abs(a - b) for a, b in zip(pair, now, strict=True)) == 1]
        had = Counter(member.events for member in self.members)
        weights = np.array([1 / (1 + had[pair] + self.tried[pair]) ** 2 for pair in near])
        to = near[int(rng.choice(len(near), p=weights / weights.sum()))]
        self.tried[to] += 1
        return to

    def _pairs(
        self, held: Orders, anew: bool, parent: Member, found: Sequence[Sequence[Order]], rng: np.random.Generator
    ) -> Iterator[tuple[Order, Order]]:
        """Yield pairs of orders that the same patients can have, each joint table in turn: TRIED are looked at."""
        paper, sides = held.of(anew), ({}, {})
        for e, side in enumerate(sides):
            for order in with_few_patterns(found[e], rng) if anew else found[e]:
                side.setdefault(table_of(paper, e, order), []).append(order)
        tables = sorted(sides[0].keys() & sides[1].keys())
        tables = [tables[k] for k in rng.permutation(len(tables))]
        for k in range(TRIED if tables else 0):
            pair = tuple(side[tables[k % len(tables)]] for side in sides)
            pair = tuple(some[int(rng.integers(len(some)))] for some in pair)
            pair = self._with_few(held, parent, pair, rng) if anew else pair
            if pair and assemble.misfit(held.whole, held.cores, pair) <= 0:
                yield pair

    def _with_few(self, held: Orders, parent: Member, pair: tuple[Order, Order], rng) -> tuple[Order, Order] | None:
        """Return a pair with the label of few patients; None if none can have it.

        Its joint table is one that few cohorts have, its places are near those that the parent's patients have.
        """
        had = Counter(member.table for member in self.known)
        before = assemble.orders_of(held.whole, parent.records)

        def cost(way: tuple[Order, Order]) -> float:
            moved = sum(held.moved(e, *both) for e, both in enumerate(zip(way, before, strict=True)))
            return had[table_of(self.paper, 0, way[0], held.whole)] + MOVED * moved

        return min(islice(held.adding.pairs(pair, rng), WAYS), key=cost, default=None)


def near(
    held: Orders, anew: bool, parent: Member, to: tuple[int, ...], rng: np.random.Generator
) -> list[list[Order]]:  # fmt: skip
    """Return orders near those of a cohort, with so many events."""
    paper, found = held.of(anew), []
    for e, order in enumerate(assemble.orders_of(paper, parent.records)):
        core = paper.core(paper.endpoints[e])
        found.append(orders_near(core, order, flipped(core, order, to[e] - parent.events[e], rng), rng))
        if not found[-1]:
            return [[], []]
    return found


def with_few_patterns(found: Sequence[Order], rng: np.random.Generator) -> list[Order]:
    """Return the orders that have one of PATTERNS patterns of events: to list the places of a label takes a second."""
    patterns = list(dict.fromkeys(order.events.tobytes() for order in found))
    chosen = {patterns[k] for k in rng.permutation(len(patterns))[:PATTERNS]}
    return [order for order in found if order.events.tobytes() in chosen]


def flipped(core: Core, order: Order, more: int, rng: np.random.Generator) -> Order:
    """Return the order with so many more events, or fewer, among its last places: one of those that miss least."""
    if more == 0:
        return order
    last = np.arange(max(order.high[-1], len(order.events) - LAST), len(order.events))
    made = []
    for size in range(abs(more), FLIPS + 1, 2):
        for some in combinations(last, size):
            events = order.events.copy()
            events[list(some)] = 1 - events[list(some)]
            if events.sum() - order.events.sum() == more:
                made.append(replace(order, events=events, miss=missed(core, replace(order, events=events))))
    nearest = sorted(made, key=lambda new: new.miss)[:NEAREST]
    return nearest[min(int(rng.geometric(0.5)), len(nearest)) - 1]


def missed(core: Core, order: Order) -> float:
    """Return how far an order is from printing all."""
    total = kernels.blank(core, halves.state_of(order)).total
    return float(kernels.miss(total, core.rows, core.model, core.cells))


def orders_near(core: Core, order: Order, changed: Order, rng: np.random.Generator) -> list[Order]:
    """Return orders near a changed one that miss little, by meeting in the middle.

    The first time the half in which the change is brings back what it did; then from the closest that was found.
    """
    where = np.flatnonzero((order.codes != changed.codes) | (order.events != changed.events))
    middle = int(len(order.codes) * rng.uniform(*halves.MIDDLE))
    if len(where) and where.min() < middle <= where.max():
        middle = int(where.min())
    mending = int(len(where) == 0 or where.min() >= middle)
    found: dict[bytes, Order] = {}
    start, about, wide = changed, order, FAR if len(where) else halves.WIDE
    for _ in range(TURNS):
        some = halves.closer(core, start, middle, wide, KEPT, about, mending)
        found |= {near.codes.tobytes() + near.events.tobytes(): near for near in some}
        if not some or sum(near.miss <= CLOSE for near in found.values()) >= ENOUGH:
            break
        start, wide = min(found.values(), key=lambda near: near.miss), halves.WIDE
        about = start
        middle = int(len(order.codes) * rng.uniform(*halves.MIDDLE))
    return [near for near in found.values() if near.miss <= CLOSE]


# Whole ensembles ----------------------------------------------------------------------------------------------------


def ensemble(
    registry: Registry, codes: Codes, starts: Sequence[pd.DataFrame], count: int, seed: int, steps: int,
    folder: Path | None = None, tell: Callable[[Growing], None] = lambda growing: None,
) -> list[Member]:  # fmt: skip
    """Return many cohorts.

    Parameters
    ----------
    registry, codes : Registry, Codes
    starts : sequence of DataFrame
        Patients that are known; those that print enough and are believed are members too.
    count : int
        Members wanted.
    seed : int
        The same seed and starts give the same members.
    steps : int
        When to stop.
    folder : Path
        Where what is made is saved; a run that finds some there goes on from it.
    tell : callable
        Told after each step.

    Raises
    ------
    SearchError
        When ``cohort.toml`` has no section ``search`` or ``credibility``, or there is nothing to start from.
    """
    rare = search.settings_of(codes).rare
    if codes.credibility is None:
        raise SearchError("cohort.toml has no section [credibility]")
    if not starts:
        raise SearchError("there are no patients to start from")
    growing = Growing(Orders.holding(registry, codes), Orders.holding(registry, codes, rare), seed)
    given = [member_of(growing.paper, frame) for frame in starts]
    growing.known = list({member.patients: member for member in given}.values())
    restore(growing, folder)
    while len(growing.members) < count and growing.steps < steps:
        before = len(growing.known)
        growing.step()
        save(growing, folder, growing.known[before:])
        tell(growing)
    return growing.members[:count]


def save(growing: Growing, folder: Path | None, new: Sequence[Member]) -> None:
    """Save what the last step made, then that it was made."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for k, member in enumerate(new):
        (folder / f"{growing.steps:06d}-{k}.csv").write_text(to_csv(member.records.frame, growing.paper.codes))
    tried = list(growing.tried.items())
    (folder / "steps").write_text(json.dumps([growing.steps, tried]))


def restore(growing: Growing, folder: Path | None) -> None:
    """Go on from what an earlier run with the same seed and starts left in a folder."""
    if folder is None or not (folder / "steps").exists():
        return
    growing.steps, tried = json.loads((folder / "steps").read_text())
    growing.tried = Counter({as_key(key): count for key, count in tried})
    for file in sorted(folder.glob("*.csv")):
        if int(file.stem.split("-")[0]) <= growing.steps:
            growing.known.append(member_of(growing.paper, pd.read_csv(file)))


def as_key(value: Any) -> Any:
    """Return lists within lists, as JSON brings them back, as tuples."""
    return tuple(map(as_key, value)) if isinstance(value, list) else value


def joined(members: Sequence[Member], codes: Codes) -> pd.DataFrame:
    """Return the members one below the other, numbered in the column :data:`COHORT`."""
    frames = [m.records.frame.assign(**{COHORT: k}) for k, m in enumerate(members, 1)]
    return pd.concat(frames, ignore_index=True)[[COHORT, *codes.columns]]


def attained(members: Sequence[Member]) -> str:
    """Return one line per cohort (CSV): its events by endpoint, and how many numbers of the models it attains."""
    endpoints = [item.endpoint for item in members[0].records.codes.endpoints]
    head = [COHORT, *(f"{endpoint}_events" for endpoint in endpoints), "attained", "sought"]
    lines = [[k, *m.events, m.attained, m.sought] for k, m in enumerate(members, 1)]
    return "\n".join(",".join(map(str, line)) for line in [head, *lines]) + "\n"


def summary(members: Sequence[Member]) -> str:
    """Return in words what an ensemble holds."""
    tables, events = {m.table for m in members}, [[m.events[e] for m in members] for e in range(2)]
    spans = " and ".join(f"{min(some)}-{max(some)}" for some in events)
    least = f"{min(m.attained for m in members)} of {members[0].sought} numbers of the models at least"
    return f"{len(members)} cohorts, {len(tables)} joint tables, events {spans}, {least}"
