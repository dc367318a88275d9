"""The search for a synthetic cohort, in stages that are saved and can be resumed.

First the order of the first endpoint, then that of the second with the same joint table of shared labels; then each is
refined in turn so that patients can have both places; then the labels that no order knows, then months. Each stage
needs only what the one before left.
"""

from __future__ import annotations

import heapq
import pickle
import time as clock
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from lookalike import assemble as patients
from lookalike import few, halves, orders, refit
from lookalike.finish import finish
from lookalike.orders import Order, Walk
from lookalike.problem import Core, SearchError, Sought
from secondlook.cohort import verify
from secondlook.cohort.columns import Codes, Search
from secondlook.cohort.records import Records
from secondlook.paper.registry import Registry

#: Orders that are kept of each walk, and how far they may miss (squared half-widths, summed) to be kept.
KEPT, CLOSE = 200, 25.0
#: Exact orders after which a walk stops.
ENOUGH = 5
#: Shares of the time for walks on each endpoint, and for refining both in turn; the rest goes to patients and labels.
WALKS, REFINING = (0.3, 0.15), 0.4
#: Rounds of refining, the share of one that is walked before meeting in the middle, and orders that start it.
ROUNDS, WALKED, STARTS = 4, 0.3, 3000
#: Closest orders among which one is sought whose rarest label can stay where it is.
FROZEN = 200
#: Name of the stage that holds the first endpoint's refined orders, before the second is sought.
LEADING = "leading"
#: Orders of the other endpoint with one of which a refined order must be had by the same patients.
GIVEN = 6
#: Pairs of orders that are looked at, pairs that are finished, ways of each to add the label of few patients, and walks
#: over each of the other labels.
LOOKED, PAIRS, EACH, LABEL_WALKS = 4000, 200, 3, 4

Tell = Callable[[str], None]


@dataclass(frozen=True)
class FoundCohort:
    """A cohort: its rows of a file, how many numbers that were sought it misses, and what the search took."""

    frame: pd.DataFrame
    missed: int
    moves: int
    seconds: float


def paper_of(registry: Registry, codes: Codes) -> Sought:
    """Return the paper's numbers without the rows that ``cohort.toml`` sets aside; raises SearchError."""
    return Sought(registry, codes, settings_of(codes).set_aside)


def lean_of(registry: Registry, codes: Codes) -> Sought:
    """Return :func:`paper_of` for orders without the label of few patients, which :mod:`lookalike.few` adds to them."""
    return Sought(registry, codes, settings_of(codes).set_aside, few=False)


def settings_of(codes: Codes) -> Search:
    """Return the section ``search`` of cohort.toml; raises SearchError when there is none."""
    if codes.search is None:
        raise SearchError("cohort.toml has no section [search]")
    missing = [item.endpoint for item in codes.endpoints if item.endpoint not in codes.search.censored]
    if missing:
        raise SearchError(f"cohort.toml, search.censored: how many patients are censored for {missing[0]}?")
    return codes.search


def drawn_codes(paper: Sought, core: Core, rng: np.random.Generator) -> np.ndarray:
    """Return one code per patient, each label drawn within the arms' margins."""
    found = []
    for arm in paper.arms:
        codes = np.zeros(paper.sizes[arm], dtype=np.int64)
        for k, column in enumerate(core.columns):
            codes[rng.permutation(len(codes))[: paper.labels[column].counts[arm]]] |= 1 << k
        found.append(codes)
    return np.concatenate(found)


@dataclass(frozen=True)
class Pool:
    """The closest orders of one walk, closest first, and its moves."""

    orders: list[Order]
    moves: int


@dataclass(frozen=True)
class Task:
    """What a walk seeks: orders of an endpoint; for the second one, such that patients can also have the others."""

    registry: Registry
    codes: Codes
    endpoint: str
    others: tuple[Order, ...] = ()

    def walk(self, seed: int) -> Walk:
        """Return a walk over such orders; raises SearchError when the medians cannot be placed."""
        paper = lean_of(self.registry, self.codes)
        cells = cells_of(paper, paper.endpoints[0], self.others[0]) if self.others else ()
        core = paper.core(self.endpoint, cells)
        floors = patients.floors_of(paper, core, self.others) if self.others else orders.NO_FLOORS
        start = drawn_codes(paper, core, np.random.default_rng(seed))
        return Walk(core, start, settings_of(self.codes).censored[self.endpoint], seed, floors)


def walk_for(task: Task, seed: int, seconds: float, path: Path | None = None) -> Pool:
    """Return the closest orders that one walk finds; with a path they are saved as they are found.

    A walk that cannot place the medians, or meets none that are close, returns none.
    """
    try:
        walk = task.walk(seed)
    except SearchError:
        return Pool([], 0)
    kept: list[Order] = []
    saved = clock.monotonic()
    for order in orders.temper(walk, seconds):
        if order.miss <= CLOSE:
            kept = sorted([*kept, order], key=lambda order: order.miss)[:KEPT]
        if path and clock.monotonic() - saved > 20:
            saved = clock.monotonic()
            save(path, Pool(kept, walk.moves))
        if len(kept) >= ENOUGH and kept[ENOUGH - 1].miss <= 0:
            break
    return Pool(kept, walk.moves)


def save(path: Path, pool: Pool) -> None:
    """Write a pool whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(pickle.dumps(pool))
    part.replace(path)


def restore(folder: Path | None, stage: str) -> list[Pool]:
    """Return the pools of a stage that an earlier run left in a folder of its own.

    Only files that this program wrote belong there: they are unpickled.
    """
    paths = sorted([*folder.glob(f"{stage}-*.pool"), *folder.glob(f"{stage}.pool")]) if folder else []
    return [pickle.loads(path.read_bytes()) for path in paths]


def walks(task: Task, seeds: Iterable[int], seconds: float, jobs: int, folder: Path | None = None) -> list[Pool]:
    """Run one walk per seed, `jobs` at a time, and return their pools; those in the folder are kept and added to."""
    kept = restore(folder, task.endpoint)
    seeds = list(seeds)[len(kept) :]
    paths = [folder / f"{task.endpoint}-{seed}.pool" if folder else None for seed in seeds]
    rounds = max(1, -(-len(seeds) // max(jobs, 1)))
    work = (delayed(walk_for)(task, seed, seconds / rounds, path) for seed, path in zip(seeds, paths, strict=True))
    new = Parallel(n_jobs=jobs)(work) if seeds else []
    for path, pool in zip(paths, new, strict=True):
        if path:
            save(path, pool)
    return [*kept, *new]


def closest(pools: Sequence[Pool]) -> list[Order]:
    """Return the orders of all pools, closest first."""
    return sorted((order for pool in pools for order in pool.orders), key=lambda order: order.miss)


def some(found: list[Order], endpoint: str) -> list[Order]:
    """Return orders; raise SearchError when there are none."""
    if not found:
        raise SearchError(f"no order of {endpoint} came close in time")
    return found


def cells_of(paper: Sought, endpoint: str, order: Order) -> tuple[float, ...]:
    """Return the joint table of shared labels that an order has, as a core takes it."""
    masks = paper.cell_masks(paper.core(endpoint).columns)
    return tuple(patients.wanted_cells(order, masks))


def search(
    registry: Registry, codes: Codes, seed: int = 1, seconds: float = 1800, jobs: int = 2, folder: Path | None = None,
    tell: Tell = lambda words: None,
) -> FoundCohort:  # fmt: skip
    """Return the closest cohort found.

    Parameters
    ----------
    registry, codes : Registry, Codes
        The paper and the columns; ``cohort.toml`` has a section ``search``.
    seed : int
        The same seed, time permitting, finds the same walks.
    seconds : float
        Time for the whole search; a walk that is done earlier stops.
    jobs : int
        Walks at a time.
    folder : Path
        Where the stages are saved; a search that finds some there goes on from them.
    tell : callable
        Told in words what is going on.

    Raises
    ------
    SearchError
        When no cohort is found in time.
    """
    start = clock.monotonic()
    paper = lean_of(registry, codes)
    first, second = paper.endpoints
    seeds = [seed * 1000 + k for k in range(jobs)]
    tell(f"orders of {first}")
    pools = walks(Task(registry, codes, first), seeds, seconds * WALKS[0], jobs, folder)
    leading = some(closest(pools), first)
    share = seconds * REFINING / (2 * ROUNDS + 1)
    leading = led(Refining(registry, codes, first), leading, share, seeds, jobs, folder)
    tell(f"orders of {first}: {told(paper, first, leading)}")
    others = walks(Task(registry, codes, second, (leading[0],)), seeds, seconds * WALKS[1], jobs, folder)
    following = some(closest(others), second)
    for turn in range(ROUNDS):
        seeds = [k + 100 for k in seeds]
        following = refined(Refining(registry, codes, second, tuple(leading[:GIVEN])), following, share, seeds, jobs)
        tell(f"round {turn + 1}, orders of {second}: {told(paper, second, following)}")
        leading = refined(Refining(registry, codes, first, tuple(following[:GIVEN])), leading, share, seeds, jobs)
        tell(f"round {turn + 1}, orders of {first}: {told(paper, first, leading)}")
    moves = sum(pool.moves for pool in (*pools, *others))
    return best_of(paper, leading, following, seed, jobs, start, seconds, moves, tell)


def told(paper: Sought, endpoint: str, found: Sequence[Order]) -> str:
    """Say how close the best order is."""
    missed, miss = refit.rank(paper.core(endpoint), found[0])
    return f"{missed} numbers missed by {miss:.3f} squared half-widths in all; {len(found)} kept"


@dataclass(frozen=True)
class Refining:
    """What is refined: orders of an endpoint; with `given`, such that patients can also have one of these."""

    registry: Registry
    codes: Codes
    endpoint: str
    given: tuple[Order, ...] = ()

    def fits(self, paper: Sought, order: Order) -> bool:
        """Return whether patients can have an order and one of those given."""
        if not self.given:
            return True
        cores = tuple(paper.core(endpoint) for endpoint in paper.endpoints)
        leads = self.endpoint == paper.endpoints[0]
        return any(patients.misfit(paper, cores, (order, g) if leads else (g, order)) <= 0 for g in self.given)


def refine(task: Refining, found: Sequence[Order], seconds: float, seed: int) -> list[Order]:
    """Return orders closer than those found: a walk near the first of them, then meeting in the middle from all.

    When none of them fits, they are returned as they are.
    """
    begun, paper = clock.monotonic(), lean_of(task.registry, task.codes)
    leads = task.endpoint == paper.endpoints[0]
    of = (paper.endpoints[1] if leads else paper.endpoints[0], task.given[0]) if task.given else None
    core = paper.core(task.endpoint, cells_of(paper, *of) if of else ())
    floors = patients.floors_of(paper, core, task.given[:1]) if task.given and not leads else orders.NO_FLOORS
    start, frozen = frozen_start(core, found)
    walk = Walk(core, start.codes.copy(), int((start.events == 0).sum()), seed, floors)
    walk.frozen = frozen
    near = list(orders.temper(walk, seconds * WALKED, start, orders.NEAR_LADDER))
    near = [order for order in near if order.miss <= CLOSE]
    left = max(seconds - (clock.monotonic() - begun), 0.0)
    closer = halves.polish(core, [*near, *found[:STARTS]], left, seed, lambda order: task.fits(paper, order))
    return closer[:STARTS] or list(found)


def frozen_start(core: Core, found: Sequence[Order]) -> tuple[Order, int]:
    """Return the closest order that prints the row of the model's rarest label, and the mask of that label.

    Its row depends on a dozen places: while they stay where they are, all the rest is easier to find. Without such an
    order, the closest of all and an empty mask.
    """
    exposed = {int(bit): int(((found[0].codes >> bit) & 1).sum()) for bit in core.model.bit}
    rarest = min(exposed, key=lambda bit: min(exposed[bit], len(found[0].codes) - exposed[bit]))
    rows = np.flatnonzero(core.rows.bit[: len(core.rows.s)] == rarest)
    for order in found[:FROZEN] if len(rows) else ():
        if not refit.outside(core, order)[4 * rows[0] : 4 * rows[0] + 4].any():
            return order, 1 << rarest
    return found[0], 0


def refined(task: Refining, found: Sequence[Order], seconds: float, seeds: Sequence[int], jobs: int) -> list[Order]:
    """Refine with several seeds, `jobs` at a time, and return all orders, those that miss the fewest numbers first."""
    rounds = max(1, -(-len(seeds) // max(jobs, 1)))
    some = Parallel(n_jobs=jobs)(delayed(refine)(task, found, seconds / rounds, seed) for seed in seeds)
    core = lean_of(task.registry, task.codes).core(task.endpoint)
    pool = {order.codes.tobytes() + order.events.tobytes(): order for part in some for order in part}
    return sorted(pool.values(), key=lambda order: refit.rank(core, order))[:STARTS]


def led(task: Refining, found: Sequence[Order], seconds: float, seeds, jobs: int, folder: Path | None) -> list[Order]:
    """Refine the first endpoint's orders, or return those from which a search in this folder went on.

    The walks on the second endpoint that it left are for the patients of the first of them.
    """
    kept = [order for pool in restore(folder, LEADING) for order in pool.orders]
    if kept:
        return kept
    leading = refined(task, found, seconds, seeds, jobs)
    if folder:
        save(folder / f"{LEADING}.pool", Pool(leading, 0))
    return leading


def pairs_of(paper: Sought, first: Sequence[Order], second: Sequence[Order], most: int) -> list[tuple[Order, Order]]:
    """Return pairs of orders that the same patients can have, fewest missed numbers in all first; `most` are tried."""
    cores = tuple(paper.core(endpoint) for endpoint in paper.endpoints)
    ranks = [[refit.rank(core, order) for order in some] for core, some in zip(cores, (first, second), strict=True)]
    both = ((x[0] + y[0], x[1] + y[1], a, b) for a, x in enumerate(ranks[0]) for b, y in enumerate(ranks[1]))
    chosen = ((first[a], second[b]) for _, _, a, b in heapq.nsmallest(most, both))  # of millions, few are kept
    return [pair for pair in chosen if patients.misfit(paper, cores, pair) <= 0]


def best_of(paper: Sought, first, second, seed, jobs, start, seconds, moves, tell: Tell) -> FoundCohort:
    """Finish the closest pairs of orders and return the cohort that prints most; raises SearchError."""
    whole = paper_of(paper.registry, paper.codes)
    adding, rng = few.Adding(paper, whole), np.random.default_rng(seed)
    pairs = pairs_of(paper, first, second, LOOKED)
    tell(f"patients: {len(pairs)} pairs of orders")
    ways = (way for pair in pairs for way in islice(adding.pairs(pair, rng), EACH))
    best: FoundCohort | None = None
    for k, some in enumerate(batched(islice(ways, PAIRS), jobs)):
        found = Parallel(n_jobs=jobs)(delayed(_try)(whole, pair, seed * 1000 + jobs * k + q) for q, pair in some)
        for frame, missed in (item for item in found if item is not None):
            if best is None or missed < best.missed:
                best = FoundCohort(frame, missed, moves, clock.monotonic() - start)
                tell(f"patients: the closest cohort misses {missed} numbers")
        if best is not None and (best.missed == 0 or clock.monotonic() - start > seconds):
            break
    if best is None:
        raise SearchError("no two orders belong to the same patients")
    return best


def batched(items: Iterable, size: int) -> Iterator[list[tuple[int, object]]]:
    """Yield the items, numbered within lists of so many."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield list(enumerate(some))


def _try(paper: Sought, pair: tuple[Order, Order], seed: int) -> tuple[pd.DataFrame, int] | None:
    try:
        frame = finish(paper, pair, paper.codes.credibility, np.random.default_rng(seed), LABEL_WALKS)
    except SearchError:
        return None
    results = verify.verify(Records(frame, paper.registry, paper.codes))
    return frame, sum(not r.attained for r in results if r.target.value_id.rsplit(".", 1)[0] not in paper.aside_keys)
