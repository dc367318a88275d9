"""Meeting in the middle: every rearrangement of early places together with every one of late places.

An exchange of two patients changes the terms of score and information between their places and no others: the numbers
at risk before and after are the same. So what exchanges between disjoint places add to the sums adds up exactly. Sets
of up to four exchanges among the early places are listed, and as many among the late ones; a pair of sets, one of each,
that brings all distances to zero is found by hashing, without looking at the 10¹² pairs (Horowitz & Sahni 1974).
Tempering (:mod:`lookalike.orders`) comes close; this finds what is near to where it came.
"""

from __future__ import annotations

import math
import time as clock
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numba import njit

from lookalike import kernels, refit
from lookalike.kernels import Move, State
from lookalike.orders import Order, jacobian
from lookalike.problem import Core

#: Places between two patients who are exchanged, at most; sets of exchanges that are kept of each half, and exchanges
#: of a set.
REACH, KEPT, DEEP = 12, 400_000, 3
#: Bins of a histogram of squared distances, and how many for a doubling.
BINS, FINE = 800, 16
#: Squared distance from the target below which a pair of sets is looked at, and pairs that are kept.
WIDE, BEST = 60.0, 400
#: Least spread that an axis is measured by.
LEAST = 0.55
#: Bits of the table's slots; axes that are hashed.
BITS, HASHED = 24, 4
#: Where the places are halved, at random: between these shares of all places.
MIDDLE = (0.3, 0.65)
#: Among how many of the closest orders the next one is drawn; orders beyond which the others are dropped, and kept.
CLOSEST, MOST, FEWER = 40, 15_000, 5_000
#: What a number that is not printed weighs, in squared half-widths.
NUMBER = 0.05


class Half(NamedTuple):
    """The exchanges among some places (i, j, mask), and what each adds to the sums."""

    moves: np.ndarray
    sums: np.ndarray


def exchanges(core: Core, state: State, start: int, stop: int, reach: int = REACH) -> Half:
    """Return the exchanges of two places in start … stop − 1 that leave each median and limit where it is.

    Whole patients are exchanged, or, within an arm, one label that no model holds together with others, or all but
    that, or an event with a censored time.
    """
    work = kernels.blank(core, state)
    total = np.zeros(len(work.total))
    modelled = int(sum(1 << int(v) for v in core.model.bit))
    moves, sums = [], []
    for i in range(start, stop):
        for j in range(i + 1, min(i + reach + 1, stop)):
            for mask in _masks(core, state, i, j, modelled):
                split = mask not in (0, int(state.codes[i] ^ state.codes[j]))
                move = Move(i, j, mask, -1, -1, i, int(split))
                kernels.make(state, move)
                if kernels.missed_marks(state, work.counts, core.marks, move) == 0:
                    kernels.change_of(state, work, move, core.rows, core.model, core.cells, modelled, total)
                    moves.append((i, j, mask))
                    sums.append(total - work.total)
                kernels.make(state, move)
    return Half(np.array(moves, dtype=np.int64).reshape(-1, 3), np.array(sums).reshape(-1, len(total)))


def _masks(core: Core, state: State, i: int, j: int, modelled: int) -> list[int]:
    """Labels that two places can exchange without a change at other places: 0 stands for their events."""
    difference = int(state.codes[i] ^ state.codes[j])
    if state.events[i] != state.events[j]:
        return [0] if i >= state.high[-1] else []
    if difference == 0:
        return []
    if difference & 1:
        return [difference]
    free = [1 << v for v in range(1, len(core.columns)) if not modelled >> v & 1 and difference & 1 << v != 0]
    return list(dict.fromkeys([difference, *free, *(difference & ~label for label in free if difference != label)]))


def listed(moves: np.ndarray, changes: np.ndarray, offset: np.ndarray, deep: int, kept: int) -> np.ndarray:
    """Return the sets of up to `deep` disjoint moves whose summed change is nearest to `offset`: `kept` at most.

    A set is a line of indices, −1 where it has fewer; the empty set is one of them. Moves stand in the order of their
    first places.
    """
    histogram, sets = np.zeros(BINS, np.int64), np.empty((kept, deep), np.int16)
    sets_below(moves, changes, offset, np.inf, histogram, sets[:0])
    full = np.flatnonzero(np.cumsum(histogram) > kept)
    most = 2.0 ** (full[0] / FINE) - 1.0 if len(full) else np.inf
    return sets[: sets_below(moves, changes, offset, most, histogram, sets)]


@njit(cache=True, fastmath=True, inline="always")
def follower_of(moves, chosen, depth, start):
    """Return the first move from `start` on that begins behind the end of the last one chosen."""
    n = len(moves)
    while start < n and depth > 0 and moves[start, 0] <= moves[chosen[depth - 1], 1]:
        start += 1
    return start


@njit(cache=True, fastmath=True, inline="always")
def length_of(point):
    """Return the squared length of a point."""
    total = 0.0
    for k in range(len(point)):
        total += point[k] ** 2
    return total


@njit(cache=True, inline="always")
def add(point, change, out):
    """Fill in the sum of a point and a change."""
    for k in range(len(out)):
        out[k] = point[k] + change[k]


@njit(cache=True)
def sets_below(moves, changes, offset, most, histogram, sets):
    """Go through all sets, count their distances from the offset, and fill in those nearer than `most` (squared)."""
    (n, width), deep = changes.shape, sets.shape[1]
    chosen, at, found = np.full(deep, -1, np.int64), np.zeros((deep + 1, width)), 0
    at[0] = -offset
    depth, follower, complete = 0, 0, True
    while depth >= 0:
        if complete:
            size = length_of(at[depth])
            histogram[min(int(math.log2(1.0 + size) * FINE), BINS - 1)] += 1
            if found < len(sets) and size < most:
                sets[found, :depth], sets[found, depth:] = chosen[:depth], -1
                found += 1
        follower = follower_of(moves, chosen, depth, follower)
        complete = depth < deep and follower < n
        if complete:
            chosen[depth] = follower
            add(at[depth], changes[follower], at[depth + 1])
            depth, follower = depth + 1, follower + 1
        else:
            depth -= 1
            follower = chosen[depth] + 1
    return found


@njit(cache=True)
def summed(sets, values):
    """Return the sums of the values (moves × …) of each set."""
    out = np.zeros((len(sets), values.shape[1]), np.float32)
    for r in range(len(sets)):
        for index in sets[r]:
            if index >= 0:
                for k in range(values.shape[1]):
                    out[r, k] += values[index, k]
    return out


@njit(cache=True)
def slot_of(cell, bits):
    """Return a slot for a cell of the hashed axes: a multiply-and-shift mix of its coordinates."""
    h = np.uint64(0)
    for k in range(len(cell)):
        h = (h ^ np.uint64(cell[k])) * np.uint64(0x9E3779B97F4A7C15)
        h ^= h >> np.uint64(29)
    h *= np.uint64(0xBF58476D1CE4E5B9)
    h ^= h >> np.uint64(32)
    return np.int64(h & np.uint64((1 << bits) - 1))


@njit(cache=True)
def slots(points, side, bits):
    """Return (starts, order): the points of slot s are order[starts[s] : starts[s + 1]]."""
    keys, starts, cell = (
        np.zeros(len(points), np.int64),
        np.zeros((1 << bits) + 1, np.int64),
        np.zeros(HASHED, np.int64),
    )
    for b in range(len(points)):
        for k in range(HASHED):
            cell[k] = np.int64(np.floor(points[b, k] / side))
        keys[b] = slot_of(cell, bits)
        starts[keys[b] + 1] += 1
    starts = np.cumsum(starts)
    filled, order = starts[:-1].copy(), np.zeros(len(points), np.int64)
    for b in range(len(points)):
        order[filled[keys[b]]] = b
        filled[keys[b]] += 1
    return starts, order


@njit(cache=True, fastmath=True, inline="always")
def gap(point, wanted, wide):
    """Return the squared distance of a point, or as soon as it exceeds `wide`, what it is so far."""
    total = 0.0
    for k in range(len(wanted)):
        total += (point[k] - wanted[k]) ** 2
        if total > wide:
            break
    return total


@njit(cache=True, inline="always")
def add_sums(sums, chosen, values):
    """Add to the sums those of the moves of a set."""
    for index in chosen:
        if index >= 0:
            for k in range(len(sums)):
                sums[k] += values[index, k]


@njit(cache=True, inline="always")
def neighbour(wanted, side, corner, cell):
    """Fill in the cell of a point, or of its nearest neighbour across the sides in `corner`."""
    for k in range(HASHED):
        at = wanted[k] / side
        cell[k] = np.int64(np.floor(at))
        if corner >> k & 1:
            cell[k] += 1 if at - cell[k] > 0.5 else -1


@njit(cache=True, fastmath=True)
def meet(target, early, late, starts, order, side, bits, wide, early_sets, late_sets, early_sums, late_sums, total,
         rows, model, cells, best):  # fmt: skip
    """Return the pairs of sets, one early and one late, that come closest to the target, and how far they miss.

    A pair is looked at when early + late is within `wide` (squared) of the target: the late one is then in the cell of
    target − early or in the nearest of its neighbours.
    """
    misses, pairs, found, worst = np.full(best, np.inf), np.zeros((best, 2), np.int64), 0, 0
    wanted, sums, cell = np.zeros(len(target)), np.zeros(len(total)), np.zeros(HASHED, np.int64)
    for a in range(len(early)):
        wanted[:] = target - early[a]
        for corner in range(1 << HASHED):
            neighbour(wanted, side, corner, cell)
            slot = slot_of(cell, bits)
            for q in range(starts[slot], starts[slot + 1]):
                b = order[q]
                if gap(late[b], wanted, wide) > wide:
                    continue
                sums[:] = total
                add_sums(sums, early_sets[a], early_sums)
                add_sums(sums, late_sets[b], late_sums)
                value = kernels.miss(sums, rows, model, cells)
                if value < misses[worst]:
                    misses[worst], pairs[worst, 0], pairs[worst, 1] = value, a, b
                    found = min(found + 1, best)
                    worst = found if found < best else np.argmax(misses)
    return misses[:found], pairs[:found]


def closer(
    core: Core, order: Order, middle: int, wide: float = WIDE, kept: int = KEPT, about: Order | None = None,
    mending: int = 1, deep: int = DEEP,
) -> list[Order]:  # fmt: skip
    """Return the orders that come closest to printing all when early and late places are rearranged.

    Parameters
    ----------
    core : Core
    order : Order
    middle : int
        The early places are those before it.
    wide : float
        How far a linear extrapolation may lie from the target, squared, for a pair to be looked at.
    kept : int
        Sets of each half that are kept.
    about : Order
        An order that prints all, or nearly, where the order itself does not: what is extrapolated from.
    mending : int
        The half, 0 or 1, whose sets are to bring back what the order misses; those of the other are the smallest.
    deep : int
        Exchanges of a set at most.

    Returns
    -------
    list of Order
        Closest first, each keeping every median and limit; the order itself among them when it is close.
    """
    state, sums = state_of(order), kernels.blank(core, state_of(about or order)).total
    total, away = kernels.blank(core, state).total, np.zeros(core.width)
    kernels.distances(sums, core.rows, core.model, core.cells, away)
    change = jacobian(core, sums)
    away += change @ (total - sums)
    halves = [exchanges(core, state, 0, middle), exchanges(core, state, middle, len(state.codes))]
    if not all(len(half.moves) for half in halves):
        return []
    moved = [half.sums @ change.T for half in halves]
    variances, axes = np.linalg.eigh(sum(part.T @ part for part in moved) / sum(len(part) for part in moved))
    axes, spreads = axes[:, ::-1], np.sqrt(np.maximum(variances[::-1], 0.0))
    moved, live = [part @ axes for part in moved], spreads > 1e-3
    target, chosen = -(away @ axes), []
    for h, (half, part) in enumerate(zip(halves, moved, strict=True)):
        unit = np.maximum(spreads[live], LEAST)
        offset = target[live] / unit if h == mending else np.zeros(int(live.sum()))
        chosen.append(listed(half.moves, part[:, live] / unit, offset, deep, kept))
    points = [summed(sets, part.astype(np.float32)) for sets, part in zip(chosen, moved, strict=True)]
    side = 2 * np.sqrt(wide)  # whoever is within reach is then in the cell or across the nearer side
    _, pairs = meet(
        target, *points, *slots(points[1], side, BITS), side, BITS, wide, *chosen, halves[0].sums,
        halves[1].sums, total, core.rows, core.model, core.cells, BEST,
    )  # fmt: skip
    found = (_made(core, state, halves, [sets[k] for sets, k in zip(chosen, pair, strict=True)]) for pair in pairs)
    return sorted((order for order in found if order is not None), key=lambda order: order.miss)


def state_of(order: Order) -> State:
    """Return an order as a state of its own."""
    return State(*(part.copy() for part in (order.codes, order.events, order.low, order.high)))


def _made(core: Core, state: State, halves: list[Half], sets: list[np.ndarray]) -> Order | None:
    """The order after the moves of two sets; None when a median or limit has moved."""
    new = State(*(part.copy() for part in state))
    for half, indices in zip(halves, sets, strict=True):
        for i, j, mask in half.moves[indices[indices >= 0]]:
            kernels.make(new, Move(int(i), int(j), int(mask), -1, -1, 0, 0))
    work = kernels.blank(core, new)
    if kernels.missed_marks(new, work.counts, core.marks) > 0:
        return None
    return Order(*new, float(kernels.miss(work.total, core.rows, core.model, core.cells)))


def polish(
    core: Core, found: Iterable[Order], seconds: float, seed: int, fits: Callable[[Order], bool] = lambda order: True,
    enough: int = 200, tell: Callable[[tuple[int, float]], None] = lambda rank: None,
) -> list[Order]:  # fmt: skip
    """Meet in the middle from the closest orders, then from those that were found, until the time is up.

    Parameters
    ----------
    core : Core
    found : iterable of Order
        Where to start.
    seconds : float
    seed : int
    fits : callable
        Whether an order may be kept.
    enough : int
        Orders that print everything, after which it stops.
    tell : callable
        Told the rank of the best order whenever it is a better one.

    Returns
    -------
    list of Order
        Fewest missed numbers first (:func:`lookalike.refit.rank`), `miss` as after a full refit.
    """
    rng, begun = np.random.default_rng(seed), clock.monotonic()
    pool: dict[bytes, tuple[tuple[int, float], Order]] = {}
    tried: set[bytes] = set()
    best = (10**9, np.inf)
    _add(pool, core, found, fits)
    while clock.monotonic() - begun < seconds:
        left = sorted((key for key in pool if key not in tried), key=lambda key: _cost(pool[key][0]))
        if not left or sum(rank[0] == 0 for rank, _ in pool.values()) >= enough:
            break
        key = _next(pool, left, rng)
        tried.add(key)
        places = len(pool[key][1].codes)
        _add(pool, core, closer(core, pool[key][1], int(places * rng.uniform(*MIDDLE))), fits)
        if (now := min(rank for rank, _ in pool.values())) < best:
            best = now
            tell(best)
        if len(pool) > MOST:
            pool = {key: pool[key] for key in sorted(pool, key=lambda key: _cost(pool[key][0]))[:FEWER]}
    return [order for _, order in sorted(pool.values(), key=lambda item: item[0])]


def _add(pool: dict, core: Core, found: Iterable[Order], fits: Callable[[Order], bool]) -> None:
    for order in found:
        key = order.codes.tobytes() + order.events.tobytes()
        if key not in pool and fits(order):
            rank = refit.rank(core, order)
            pool[key] = rank, replace(order, miss=rank[1])


def _cost(rank: tuple[int, float]) -> float:
    return rank[1] + NUMBER * rank[0]


def _next(pool: dict, left: list[bytes], rng: np.random.Generator) -> bytes:
    """The closest order that is left, or one of the close ones, or the one that misses the fewest numbers."""
    kind = rng.random()
    if kind < 0.4:
        return left[0]
    if kind < 0.8:
        return left[int(rng.integers(min(CLOSEST, len(left))))]
    return min(left, key=lambda key: pool[key][0])
