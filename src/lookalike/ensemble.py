"""Many cohorts that print the same statistics: what the printed numbers leave open shows in how the cohorts differ.

Each is made from one that is known: one of its last events is censored, or the other way round; orders near both
orders are listed by meeting in the middle (:mod:`lookalike.halves`), without the label of few patients; two that hold
the same patients are put together, that label is given to them anew (:mod:`lookalike.few`), such that its joint table
with the others is one that few cohorts have, and they are finished (:mod:`lookalike.finish`). What is made is known
from then on, so that the ensemble walks away from where it began.
A cohort that prints too little is kept only to go on from, while it prints more than any before.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from lookalike import assemble, few, finish, halves, search
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

#: Sets of exchanges that are kept of each half, and how often meeting in the middle goes on from the closest order.
KEPT, TURNS = 200_000, 2
#: Squared half-widths by which an order may miss, summed, and orders that are enough.
CLOSE, ENOUGH = 0.2, 40
#: Last places at which events and censored times are tried for each other, and how often, until the label of few
#: patients can print its row beside them.
LAST, FLIPS = 14, 12
#: Patterns of events and censored times that are looked at on either endpoint, and ways to give a pair of orders the
#: label of few patients.
PATTERNS, WAYS = 2, 60
#: Pairs of orders that are finished in a step, and walks over each label.
TRIED, ROUNDS = 8, 1
#: Numbers of the models, of those that are sought, that a cohort may miss.
MODELS_MISSED = 7
#: Chances that a step changes the numbers of events, and that its orders hold the labels whose rows are rare.
EVENTS, RARE = 0.6, 0.5


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
    """

    records: Records
    attained: int
    sought: int
    enough: bool
    events: tuple[int, ...]
    table: tuple[int, ...]


def member_of(paper: Sought, frame: pd.DataFrame) -> Member:
    """Return patients as a member."""
    records = Records(frame.reset_index(drop=True), paper.registry, paper.codes)
    results = verify.verify(records, [programs.OWN])  # lifelines takes four times as long
    whole = all(r.attained for r in results if r.target.kind in (MEDIAN, LOG_RANK, *COUNTS))
    models = [r for r in results if r.target.kind not in (MEDIAN, LOG_RANK, *COUNTS)]
    models = [r for r in models if r.target.value_id.rsplit(".", 1)[0] not in paper.aside_keys]
    attained = sum(r.attained for r in models)
    enough = whole and attained >= len(models) - MODELS_MISSED and believed(records)
    events = tuple(int(records.events(endpoint).sum()) for endpoint in paper.endpoints)
    return Member(records, attained if whole else 0, len(models), enough, events, table_of_records(paper, records))


def believed(records: Records) -> bool:
    """Return whether a clinician would believe the patients, by ``credibility.most`` in ``cohort.toml``."""
    counts = {item.key: item.count for item in credible.criteria(records)}
    return all(counts[key] <= most for key, most in records.codes.credibility.most.items())


def table_of_records(paper: Sought, records: Records) -> tuple[int, ...]:
    """Return how many patients have each combination of the labels that both endpoints' models and tests hold."""
    cells = sum(
        records.frame[name].astype(str).isin(paper.labels[name].exposed).to_numpy().astype(np.int64) << k
        for k, name in enumerate(paper.shared())
    )
    return tuple(np.bincount(cells, minlength=1 << len(paper.shared())).tolist())


def table_of(paper: Sought, e: int, order: Order, held: Sought | None = None) -> tuple[int, ...]:
    """Return :func:`table_of_records` from an order that holds the labels of `held`, at least those of the paper."""
    columns = (held or paper).core(paper.endpoints[e]).columns
    cells = sum(((order.codes >> columns.index(name)) & 1) << k for k, name in enumerate(paper.shared()))
    return tuple(np.bincount(cells, minlength=1 << len(paper.shared())).tolist())


# Steps --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Orders:
    """What the orders of a step hold: not the label of few patients, which is added to them."""

    lean: Sought
    whole: Sought

    @cached_property
    def adding(self) -> few.Adding:
        """What adds the label of few patients."""
        return few.Adding(self.lean, self.whole)

    @classmethod
    def of(cls, registry: Registry, codes: Codes, also: Sequence[str] = ()) -> Orders:
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
    tried: Counter[tuple[int, ...]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.paper = self.plain.whole
        needed, most = event_counts.joints(self.paper.registry), self.paper.patients
        first, second = (needed[endpoint].least or 0 for endpoint in self.paper.endpoints)
        self.allowed = [(p, o) for p in range(first, most + 1) for o in range(second, p + 1)]

    @property
    def members(self) -> list[Member]:
        """Those that print enough and are believed."""
        return [member for member in self.known if member.enough]

    def step(self) -> int:
        """Make cohorts from one that is known; return how many are new members. The seed and what is known decide."""
        rng = np.random.default_rng([self.seed, self.steps])
        self.steps += 1
        parent, before = self._parent(rng), len(self.members)
        to = self._events(parent.events, rng)
        held = self.rare if rng.random() < RARE else self.plain
        for pair in self._pairs(held, near(held, parent, to, rng), rng):
            try:
                frame = finish.finish(held.whole, pair, self.paper.codes.credibility, rng, ROUNDS, parent.records)
            except SearchError:
                continue
            self.add(member_of(self.paper, frame))
        return len(self.members) - before

    def add(self, member: Member) -> None:
        """Add a cohort when it prints enough, or more than all that are known."""
        if member.enough or member.attained > max((other.attained for other in self.known), default=-1):
            self.known.append(member)

    def _parent(self, rng: np.random.Generator) -> Member:
        """Draw a member, or, without one, the cohort that prints most; rare tables and numbers of events first."""
        members = self.members or [max(self.known, key=lambda member: member.attained)]
        tables, events = Counter(m.table for m in members), Counter(m.events for m in members)
        weights = np.array([1 / (tables[m.table] * events[m.events]) for m in members])
        return members[int(rng.choice(len(members), p=weights / weights.sum()))]

    def _events(self, now: tuple[int, ...], rng: np.random.Generator) -> tuple[int, ...]:
        """Draw numbers of events near those of a cohort, or the same: of which few are had and few were tried."""
        if not self.members or rng.random() >= EVENTS:
            return now
        near = [pair for pair in self.allowed if max(abs(a - b) for a, b in zip(pair, now, strict=True)) == 1]
        had = Counter(member.events for member in self.members)
        weights = np.array([1 / (1 + had[pair] + self.tried[pair]) ** 2 for pair in near])
        to = near[int(rng.choice(len(near), p=weights / weights.sum()))]
        self.tried[to] += 1
        return to

    def _pairs(
        self, held: Orders, found: Sequence[Sequence[Order]], rng: np.random.Generator
    ) -> Iterator[tuple[Order, Order]]:
        """Yield pairs of orders, with the label of few patients, that the same patients can have, at most TRIED."""
        sides: list[dict[tuple, list[Order]]] = [{}, {}]
        for e, side in enumerate(sides):
            for order in with_few_patterns(found[e], rng):
                side.setdefault(table_of(held.lean, e, order), []).append(order)
        tables, made = sorted(sides[0].keys() & sides[1].keys()), 0
        tables = [tables[k] for k in rng.permutation(len(tables))]
        for k in range(3 * TRIED if tables else 0):
            pair = tuple(side[tables[k % len(tables)]] for side in sides)
            pair = self._with_few(held, tuple(some[int(rng.integers(len(some)))] for some in pair), rng)
            if pair:
                made += 1
                yield pair
            if made == TRIED:
                return

    def _with_few(self, held: Orders, pair: tuple[Order, Order], rng) -> tuple[Order, Order] | None:
        """Return a pair with the label of few patients, its joint table one that few members have; None if none can."""
        had = Counter(member.table for member in self.members)
        ways = list(islice(held.adding.pairs(pair, rng), WAYS))
        cores = tuple(held.whole.core(name) for name in held.whole.endpoints)
        for way in sorted(ways, key=lambda way: had[table_of(self.paper, 0, way[0], held.whole)]):
            if assemble.misfit(held.whole, cores, way) <= 0:
                return way
        return None


def near(held: Orders, parent: Member, to: tuple[int, ...], rng: np.random.Generator) -> list[list[Order]]:
    """Return orders near those of a cohort, with so many events; none where the label of few patients has no place."""
    found: list[list[Order]] = []
    for e, order in enumerate(assemble.orders_of(held.lean, parent.records)):
        changed = flipped(held.adding, e, order, to[e] - parent.events[e], rng)
        if changed is None:
            return [[], []]
        found.append(orders_near(held.lean.core(held.lean.endpoints[e]), order, changed, rng))
    return found


def with_few_patterns(found: Sequence[Order], rng: np.random.Generator) -> list[Order]:
    """Return the orders that have one of PATTERNS patterns of events: to list the places of a label takes a second."""
    patterns = list(dict.fromkeys(order.events.tobytes() for order in found))
    chosen = {patterns[k] for k in rng.permutation(len(patterns))[:PATTERNS]}
    return [order for order in found if order.events.tobytes() in chosen]


def flipped(adding: few.Adding, e: int, order: Order, more: int, rng: np.random.Generator) -> Order | None:
    """Return the order with so many more events among its last places, or fewer; None where few patients have none."""
    if more == 0:
        return order
    q = np.arange(len(order.events))
    free = q[(q >= order.high[-1]) & (q >= len(q) - LAST) & (order.events == (0 if more > 0 else 1))]
    for _ in range(FLIPS):
        events = order.events.copy()
        events[rng.permutation(free)[: abs(more)]] = float(more > 0)
        if len(adding.sets(e, new := replace(order, events=events))):
            return new
    return None


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
    start, about = changed, order
    for _ in range(TURNS):
        some = halves.closer(core, start, middle, kept=KEPT, about=about, mending=mending)
        found |= {near.codes.tobytes() + near.events.tobytes(): near for near in some}
        if not some or sum(near.miss <= CLOSE for near in found.values()) >= ENOUGH:
            break
        start = about = min(found.values(), key=lambda near: near.miss)
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
    growing = Growing(Orders.of(registry, codes), Orders.of(registry, codes, rare), seed)
    growing.known = [member_of(growing.paper, frame) for frame in starts]
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
    tried = [[*pair, count] for pair, count in growing.tried.items()]
    (folder / "steps").write_text(json.dumps([growing.steps, tried]))


def restore(growing: Growing, folder: Path | None) -> None:
    """Go on from what an earlier run with the same seed and starts left in a folder."""
    if folder is None or not (folder / "steps").exists():
        return
    growing.steps, tried = json.loads((folder / "steps").read_text())
    growing.tried = Counter({(first, second): count for first, second, count in tried})
    for file in sorted(folder.glob("*.csv")):
        if int(file.stem.split("-")[0]) <= growing.steps:
            growing.known.append(member_of(growing.paper, pd.read_csv(file)))


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
