"""Many cohorts that print the same statistics: what the printed numbers leave open shows in how the cohorts differ.

Each is made from one that is known: some of its last events are censored, or the other way round, or two patients
exchange a label that the models hold; orders near both orders are listed by meeting in the middle
(:mod:`lookalike.halves`), two that hold the same patients are put together, and these are finished anew
(:mod:`lookalike.finish`). What is made is known from then on, so that the ensemble walks away from where it began.
A cohort that prints too little is kept only to go on from, while it prints more than any before.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from lookalike import assemble, finish, halves, kernels, search
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
#: Last places at which events and censored times are tried for each other, and places between patients who exchange a
#: label at most.
LAST, APART = 14, 8
#: Pairs of orders that are finished in a step, and walks over each label.
TRIED, ROUNDS = 8, 1
#: Numbers of the models, of those that are sought, that a cohort may miss.
MODELS_MISSED = 7
#: Chances that a step changes the numbers of events, or the joint table of the labels of both endpoints' models, and
#: that its orders hold the rare labels, where they can.
EVENTS, TABLE, RARE = 0.6, 0.0, 1.0


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


def classes_of(paper: Sought, e: int, order: Order) -> np.ndarray:
    """Return which combination of the labels that both orders hold each place has."""
    columns = paper.core(paper.endpoints[e]).columns
    return sum(((order.codes >> columns.index(name)) & 1) << k for k, name in enumerate(paper.shared()))


# Steps --------------------------------------------------------------------------------------------------------------


@dataclass
class Growing:
    """An ensemble in the making: what is known, and how many steps were made.

    Orders of ``whole`` hold the labels whose rows few arrangements print, those of ``paper`` do not: with fewer events
    such rows may be out of reach, and a cohort may miss some numbers.
    """

    paper: Sought
    whole: Sought
    seed: int
    known: list[Member] = field(default_factory=list)
    steps: int = 0
    tried: Counter[tuple[int, ...]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
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
        more = [want - have for want, have in zip(to, parent.events, strict=True)]
        paper = self.whole if min(more) >= 0 and rng.random() < RARE else self.paper
        orders = assemble.orders_of(paper, parent.records)
        changed = [flipped(order, k, rng) for order, k in zip(orders, more, strict=True)]
        if not any(more) and rng.random() < TABLE / (1 - EVENTS):
            changed = with_other_table(paper, orders, rng)
        near = [orders_near(paper.core(name), order, other, rng)
                for name, order, other in zip(paper.endpoints, orders, changed, strict=True)]  # fmt: skip
        for pair in self._pairs(paper, near, rng):
            try:
                frame = finish.finish(paper, pair, paper.codes.credibility, rng, ROUNDS, parent.records)
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
        self, paper: Sought, near: Sequence[Sequence[Order]], rng: np.random.Generator
    ) -> list[tuple[Order, Order]]:
        """Return pairs of orders that hold the same patients and that patients can have, each joint table in turn."""
        sides: list[dict[tuple, list[Order]]] = [{}, {}]
        for e, found in enumerate(near):
            for order in found:
                key = tuple(np.bincount(classes_of(paper, e, order), minlength=1 << len(paper.shared())).tolist())
                sides[e].setdefault(key, []).append(order)
        tables = sorted(sides[0].keys() & sides[1].keys())
        tables = [tables[k] for k in rng.permutation(len(tables))]
        cores, chosen = tuple(paper.core(name) for name in paper.endpoints), []
        for k in range(3 * TRIED):
            if not tables or len(chosen) == TRIED:
                break
            pair = tuple(side[tables[k % len(tables)]] for side in sides)
            pair = tuple(some[int(rng.integers(len(some)))] for some in pair)
            if assemble.misfit(paper, cores, pair) <= 0:
                chosen.append(pair)
        return chosen


def flipped(order: Order, more: int, rng: np.random.Generator) -> Order:
    """Return the order with so many more events among its last places, or fewer."""
    if more == 0:
        return order
    events, q = order.events.copy(), np.arange(len(order.events))
    free = q[(q >= order.high[-1]) & (q >= len(q) - LAST) & (events == (0 if more > 0 else 1))]
    chosen = rng.permutation(free)[: abs(more)]
    events[chosen] = float(more > 0)
    return replace(order, events=events)


def with_other_table(paper: Sought, orders: Sequence[Order], rng: np.random.Generator) -> list[Order]:
    """Let two patients of an arm exchange one label that both models hold: the same kinds on either endpoint.

    Where no such exchange leaves all medians and limits where they are, the orders stay as they are.
    """
    classes = [classes_of(paper, e, order) for e, order in enumerate(orders)]
    kinds = list(kinds_of_exchange(paper, classes))
    for k in rng.permutation(len(kinds)):
        made = [exchanged(paper, e, order, classes[e], kinds[k], rng) for e, order in enumerate(orders)]
        if all(made):
            return made
    return list(orders)


def kinds_of_exchange(paper: Sought, classes: Sequence[np.ndarray]) -> Iterator[tuple[int, int, int]]:
    """Yield two classes of one arm and the shared label in which they differ, beside another that a model holds."""
    shared, there = paper.shared(), sorted(set(classes[0].tolist()) & set(classes[1].tolist()))
    cores = [paper.core(name) for name in paper.endpoints]
    modelled = [k for k, name in enumerate(shared) if all(core.columns.index(name) in core.model.bit for core in cores)]
    for label, a, b in product(modelled, there, there):
        others = sum(1 << k for k in modelled if k != label)
        if a & ~b & 1 << label and not (a ^ b) & 1 and (a ^ b) & others:
            yield a, b, label


def exchanged(
    paper: Sought, e: int, order: Order, classes: np.ndarray, kind: tuple[int, int, int], rng
) -> Order | None:
    """Return the order after two patients of these classes, near each other, exchanged the label; None if none can."""
    a, b, label = kind
    core = paper.core(paper.endpoints[e])
    bit = 1 << core.columns.index(paper.shared()[label])
    near = [
        (i, j) for i, j in product(np.flatnonzero(classes == a), np.flatnonzero(classes == b)) if abs(i - j) <= APART
    ]
    for k in rng.permutation(len(near)):
        codes = order.codes.copy()
        codes[list(near[k])] ^= bit
        made = replace(order, codes=codes)
        state = halves.state_of(made)
        if kernels.missed_marks(state, kernels.blank(core, state).counts, core.marks) == 0:
            return made
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
    settings = search.settings_of(codes)
    if codes.credibility is None:
        raise SearchError("cohort.toml has no section [credibility]")
    if not starts:
        raise SearchError("there are no patients to start from")
    paper = Sought(registry, codes, settings.set_aside)
    whole = Sought(registry, codes, settings.set_aside, also=settings.rare)
    growing = Growing(paper, whole, seed, [member_of(paper, frame) for frame in starts])
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
