"""Orders of one endpoint that print its numbers: annealing and parallel tempering from coarse to fine.

What a rearrangement of a few neighbouring places changes differs by three orders of magnitude between combinations of
the printed numbers: some combinations move with every exchange, others hardly at all. Annealing all of them at one
temperature leaves the stiff ones unsatisfied once the loose ones freeze. So the distances are measured along the axes
of that spread, each in units of `λ` × its spread, never less than its tolerance, and λ goes down: all combinations
tighten together. Copies of the order at a ladder of λ exchange places (replica exchange in the Hamiltonian: Hukushima &
Nemoto 1996; Fukunishi, Watanabe & Takada 2002), so that a dead end at the fine end is replaced from the coarse one.
The ladder ends where moves are still accepted now and then (one in a thousand): below that, copies only freeze. All of
them look at every state they enter, since what is stiff decorrelates with each move; the closest are then cooled down.
"""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lookalike import kernels
from lookalike.kernels import Floors, Room, State
from lookalike.problem import Core, SearchError

#: Ladder of λ for parallel tempering, coarse to fine, and the temperature of all its copies.
LADDER = np.geomspace(0.015, 0.0015, 8)
TEMPERATURE = 1.5
#: The ladder near an order that is already close.
NEAR_LADDER = np.geomspace(0.012, 0.0015, 8)
#: λ and temperatures at which the closest orders of a round are cooled down, and how many are.
FINEST, COOLING, COOLED = 3e-4, (1.0, 0.4, 0.15), 2
#: Energy of a patient beyond a median's mark, and the energy below which a state is looked at closely.
MARK, LOOK = 60.0, 1e3
#: Months: between two patients, of the earliest event; places that one printed time takes at most.
GAP, FIRST_TIME, WIDEST = 0.012, 1.0, 6
#: Nothing asked by another order.
NO_FLOORS = Floors(
    np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), np.zeros((1, 1)), np.zeros(0, dtype=np.int64), 60.0
)


@dataclass(frozen=True)
class Order:
    """An order of one endpoint.

    Attributes
    ----------
    codes : int array
        Codes by place, in the bits of the core's columns.
    events : float array
        1.0 for an event, 0.0 for a censored time.
    low, high : int arrays
        Places low … high − 1 of each printed time.
    miss : float
        How far it is from printing all (:func:`lookalike.kernels.miss`), in squared half-widths.
    """

    codes: np.ndarray
    events: np.ndarray
    low: np.ndarray
    high: np.ndarray
    miss: float = np.inf


class Walk:
    """A random walk over the orders of one core.

    Parameters
    ----------
    core : Core
    codes : int array
        Codes in any order: the patients.
    censored : int
        How many are censored; they are after the last printed time.
    seed : int
    floors : Floors
        What an order of another endpoint asks of this one.

    Raises
    ------
    SearchError
        When the medians and their limits cannot be placed.
    """

    def __init__(self, core: Core, codes: np.ndarray, censored: int, seed: int, floors: Floors = NO_FLOORS) -> None:
        self.core, self.n, self.moves, self.frozen = core, len(codes), 0, 0
        self.rng, self.floors = np.random.default_rng(seed), floors
        kernels.seed_kernels(seed)
        events = np.ones(self.n)
        if censored:
            events[-censored:] = 0.0
        self.room = room_of(core, self.n, censored)
        low, high = self._first_ends(codes)
        self.state = State(self.rng.permutation(codes).astype(np.int64), events, low, high)
        self.work = kernels.blank(core, self.state)
        self._best = _copy(self.state)
        self._place_marks()

    def _first_ends(self, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """A first guess of the printed times' places: how many patients, by the groups' medians, precede each time."""
        core, times = self.core, self.core.times
        totals = []
        for v, side in sorted({(int(v), int(s)) for v, s in zip(core.marks.bit, core.marks.side, strict=True)}):
            mine = (core.marks.bit == v) & (core.marks.side == side)
            size = int((((codes >> v) & 1) == side).sum())
            at = np.argsort(core.marks.low[mine], kind="stable")
            known = times[core.marks.time[mine]][at], (core.marks.low[mine] + core.marks.high[mine])[at] / 2
            totals.append(np.interp(times, [0, *known[0], 2 * times[-1]], [0, *known[1], size]))
        pairs = max(len(totals) / 2, 1)
        low = np.maximum.accumulate(np.round(np.sum(totals, axis=0) / pairs - 1).astype(np.int64))
        low = np.maximum(low, np.arange(len(low)))
        for m in range(1, len(low)):
            low[m] = max(low[m], low[m - 1] + 1)
        return low, low + 1

    def _place_marks(self) -> None:
        """Move places and ends until every median and limit can be printed."""
        flat = np.zeros((self.core.width, self.core.width))
        for temperature in np.geomspace(200.0, 0.5, 40):
            self.anneal(flat, temperature, 20_000)
        if not kernels.has_room(self.state, self.room) or self.missed() >= 1:
            raise SearchError(f"the medians of {self.core.endpoint} could not be placed")

    def missed(self) -> float:
        """Return how many patients, squared and summed, lie beyond the marks, and by how much below their floors."""
        return self.missed_by(self.state)

    def missed_by(self, state: State) -> float:
        """Return :meth:`missed` of another state."""
        late, seen = np.zeros(self.n), np.zeros((2, len(self.floors.alive)), dtype=np.int64)
        kernels.late_times(state, self.room, self.floors, late)
        counts = kernels.blank(self.core, state).counts
        return kernels.missed_marks(state, counts, self.core.marks) + kernels.unfit(state, self.floors, late, seen)

    def anneal(self, scale: np.ndarray, temperature: float, moves: int, look: float = 0.0) -> Order | None:
        """Walk at one temperature; return the best order seen, or None when none was worth a look."""
        core = self.core
        _, lowest, _ = kernels.anneal(
            self.state, self.work, self._best, core.rows, core.model, core.marks, core.cells, self.room, self.floors,
            np.ascontiguousarray(scale), MARK, temperature, moves, look, self.frozen,
        )  # fmt: skip
        self.moves += moves
        return Order(*(part.copy() for part in self._best), float(lowest)) if lowest < 1e98 else None

    def distances(self, state: State | None = None) -> np.ndarray:
        """Return the signed distances of a state from what is printed."""
        work = self.work if state is None else kernels.blank(self.core, state)
        out = np.zeros(self.core.width)
        kernels.distances(work.total, self.core.rows, self.core.model, self.core.cells, out)
        return out

    def axes(self, samples: int = 300, span: int = 9) -> tuple[np.ndarray, np.ndarray]:
        """Return the spreads, and the axes as columns, of the distances under random rearrangements of near places."""
        change, spread = jacobian(self.core, self.work.total), 0.0
        for start in range(0, self.n, span):
            sums = np.array([self._shuffled(start, min(start + span, self.n)) for _ in range(samples)])
            spread = spread + np.cov(sums.T)
        variances, axes = np.linalg.eigh(change @ spread @ change.T + 1e-9 * np.eye(self.core.width))
        return np.sqrt(np.maximum(variances, 1e-12)), axes

    def _shuffled(self, start: int, stop: int) -> np.ndarray:
        """The sums when the places start … stop − 1, and the labels within each arm there, are shuffled."""
        state = _copy(self.state)
        piece = self.rng.permutation(state.codes[start:stop])
        for v in range(1, len(self.core.columns)):
            for arm in (0, 1):
                mine = np.flatnonzero((piece & 1) == arm)
                bits = self.rng.permutation(piece[mine] & (1 << v))
                piece[mine] = (piece[mine] & ~(1 << v)) | bits
        state.codes[start:stop] = piece
        return kernels.blank(self.core, state).total

    def load(self, state: State) -> None:
        """Continue from a state."""
        kernels.copy_state(self.state, state)
        kernels.resum(self.state, self.work, 0, self.n - 1, self.core.rows, self.core.model, self.core.cells)

    def snapshot(self) -> State:
        """Return a copy of where the walk stands."""
        return _copy(self.state)


def jacobian(core: Core, total: np.ndarray, step: float = 1e-4) -> np.ndarray:
    """Return how the distances change with the sums, by central differences: distances × sums."""
    columns = []
    for k in range(len(total)):
        ends = []
        for sign in (1, -1):
            moved, out = total.copy(), np.zeros(core.width)
            moved[k] += sign * step
            kernels.distances(moved, core.rows, core.model, core.cells, out)
            ends.append(out)
        columns.append((ends[0] - ends[1]) / (2 * step))
    return np.array(columns).T


def _copy(state: State) -> State:
    return State(*(part.copy() for part in state))


def scale_of(spreads: np.ndarray, axes: np.ndarray, level: float) -> np.ndarray:
    """Return the matrix that measures each axis in units of level × spread, but never finer than its tolerance."""
    return (axes / np.maximum(spreads * level, 1.0)).T


def temper(
    walk: Walk,
    seconds: float,
    start: Order | None = None,
    ladder: Sequence[float] = LADDER,
    warm: int = 6_000_000,
    moves: int = 150_000,
    tell: Callable[[float, float], None] | None = None,
) -> Iterator[Order]:
    """Run parallel tempering from coarse to fine; yield the closest order of each copy and round, and those cooled.

    Parameters
    ----------
    walk : Walk
    seconds : float
        When to stop.
    start : Order
        Where all copies start; without one the walk is annealed first.
    ladder : sequence of float
        λ of the copies, coarse to fine.
    warm, moves : int
        Moves of that annealing, and of each copy between exchanges.
    tell : callable
        Told (seconds so far, lowest miss) after each round.
    """
    begun, lowest = clock.monotonic(), np.inf
    _place(walk, start, ladder[0], warm)
    spreads, axes = walk.axes(300 if start is None else 600)
    scales, finest = [scale_of(spreads, axes, level) for level in ladder], scale_of(spreads, axes, FINEST)
    copies: list[State] = []
    for scale in scales:
        walk.anneal(scale, TEMPERATURE, moves)
        copies.append(walk.snapshot())
    while clock.monotonic() - begun < seconds:
        found = []
        for k, scale in enumerate(scales):
            walk.load(copies[k])
            found.append(walk.anneal(scale, TEMPERATURE, moves, LOOK))
            copies[k] = walk.snapshot()
        _exchange(walk, copies, scales)
        found = sorted((order for order in found if order is not None), key=lambda order: order.miss)
        found += [_cooled(walk, order, finest, moves // 2) for order in found[:COOLED]]
        for order in found:
            lowest = min(lowest, order.miss)
            yield order
        if tell:
            tell(clock.monotonic() - begun, lowest)


def _place(walk: Walk, start: Order | None, coarsest: float, warm: int) -> None:
    """Put a walk where tempering starts: at an order, or where annealing leads down to the coarsest level."""
    if start is not None:
        walk.load(State(start.codes, start.events, start.low, start.high))
        return
    for level in np.geomspace(1.0, coarsest, 40):
        walk.anneal(scale_of(*walk.axes(100), level), TEMPERATURE, warm // 40)


def _cooled(walk: Walk, order: Order, scale: np.ndarray, moves: int) -> Order:
    """Return the closest order met while cooling down from one; the order itself when none was closer."""
    walk.load(State(order.codes, order.events, order.low, order.high))
    for temperature in COOLING:
        closer = walk.anneal(scale, temperature, moves, np.inf)
        if closer is not None and closer.miss < order.miss:
            order = closer
    return order


def _exchange(walk: Walk, copies: list[State], scales: Sequence[np.ndarray]) -> None:
    """Let neighbouring copies exchange their states by the Metropolis rule."""
    distances = [walk.distances(state) for state in copies]
    missed = [walk.missed_by(state) for state in copies]

    def energy(k: int, q: int) -> float:
        return float(((scales[k] @ distances[q]) ** 2).sum()) + MARK * missed[q]

    for k in range(len(copies) - 1):
        gain = (energy(k, k) + energy(k + 1, k + 1) - energy(k, k + 1) - energy(k + 1, k)) / TEMPERATURE
        if gain >= 0 or walk.rng.random() < np.exp(gain):
            for items in (copies, distances, missed):
                items[k], items[k + 1] = items[k + 1], items[k]


def room_of(core: Core, n: int, censored: int) -> Room:
    """Return how printed times take places among n patients."""
    return Room(core.times, WIDEST, GAP, FIRST_TIME, n - max(censored, 1) - 1)


def trimmed(core: Core, order: Order) -> Order:
    """Return the order with each printed time's places cut down to those that its medians and limits need.

    Places are given up one by one, as long as the time between printed times has room for the patients there.
    """
    n, codes = len(order.codes), order.codes
    least, most = np.full(len(core.times), n), np.zeros(len(core.times), dtype=np.int64)
    for v, side, first, last, m in zip(*core.marks, strict=True):
        members = np.flatnonzero(((codes >> v) & 1) == side)
        least[m], most[m] = min(least[m], members[first - 1]), max(most[m], members[last - 1] + 1)
    state = State(codes, order.events, order.low.copy(), order.high.copy())
    room = room_of(core, n, int((order.events == 0).sum()))
    for m in range(len(core.times)):
        for ends, end, step in ((state.low, least[m], 1), (state.high, most[m], -1)):
            while ends[m] * step < end * step:
                ends[m] += step
                if not kernels.has_room(state, room):
                    ends[m] -= step
                    break
    return replace(order, low=state.low, high=state.high)
