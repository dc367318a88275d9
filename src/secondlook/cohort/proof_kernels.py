"""The compiled dynamic program of :mod:`secondlook.cohort.proofs` (numba): the greatest total over all orders.

The 8 combinations (*cells*) of three 0/1 covariates are numbered by bits. The state is how many of each cell are at
risk; it is built from nobody upwards, one patient at a time, backwards in time. The value of a state is the greatest
total of the events of all orders of those patients, any of whom may be censored. States lie in one array: four cells of
the first covariate's exposed, then the two of its unexposed without the second, then cells 2 and 6. Least memory is
needed when few are exposed to the first and few are not exposed to the second.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

#: The value of what is no state.
NONE = np.float32(-1e30)
#: Cells of the outer loops; 2 and 6 make the rows and columns within.
FOUR, PAIR = (1, 3, 5, 7), (0, 4)
#: Denominators of an empty risk set, whose events do not exist.
_TINY = np.float32(1e-6)


class Space(NamedTuple):
    """The states: numbers of the outer cells, and where in the list one with a patient less of each stands (or −1)."""

    fours: np.ndarray
    fewer_fours: np.ndarray
    pairs: np.ndarray
    fewer_pairs: np.ndarray
    patients: int
    exposed: np.ndarray
    rows: int
    columns: int


class Terms(NamedTuple):
    """What an event adds to the total.

    ``gain`` is what the cell of the patient adds. The risk set adds, for the covariate ``which`` alone, at the hazard
    ratio ``ratio``, minus ``alone`` × p and minus ``own`` × p(1 − p), p being the share of its exposed; for the model,
    minus ``scores`` · the means weighted by ``hazards``, and ``form`` (symmetric) times the weighted covariances.
    """

    which: int
    ratio: np.float32
    alone: np.float32
    own: np.float32
    gain: np.ndarray
    hazards: np.ndarray
    scores: np.ndarray
    form: np.ndarray


def space(patients: int, exposed: tuple[int, int, int]) -> Space:
    """Return the states of so many patients, of whom so many are exposed to each covariate."""
    fours = _compositions(4, exposed[0])
    pairs = _compositions(2, patients - exposed[1])
    rows = min(exposed[1], patients - exposed[2]) + 1
    return Space(
        fours, _fewer(fours), pairs, _fewer(pairs), patients, np.array(exposed), rows, min(exposed[1:]) + 1
    )  # fmt: skip


def _compositions(parts: int, most: int) -> np.ndarray:
    """All ways to have `most` patients at most in so many cells, in lexicographic order."""
    grid = np.indices((most + 1,) * parts).reshape(parts, -1).T
    return grid[grid.sum(axis=1) <= most]


def _fewer(counts: np.ndarray) -> np.ndarray:
    place = {tuple(row): k for k, row in enumerate(counts.tolist())}
    steps = np.eye(counts.shape[1], dtype=int)
    return np.array([[place.get(tuple(row - step), -1) for step in steps] for row in counts])


def greatest(states: Space, terms: Terms, tied: int) -> float:
    """Return the greatest total of any order of all patients, whatever their joint table and whoever is censored.

    Up to `tied` events may share a time: by Breslow's method all of them meet the same risk set.
    """
    size = len(states.fours) * len(states.pairs) * states.rows * states.columns
    # The first row is the value; row d is what d events of one time bring besides their risk set, and the value of
    # those left. One more line of nothing, to which a missing predecessor points.
    values = np.full((tied, size + states.columns), NONE, dtype=np.float32)
    return float(_sweep(values, states, terms))


@njit(cache=True, error_model="numpy")
def _sweep(values, states, terms):
    counts, before = np.zeros(8, np.int64), np.zeros(8, np.int64)
    tied, size = values.shape
    work = np.zeros((tied + 2, states.columns), np.float32)
    nothing, best = size - states.columns, NONE
    for four in range(len(states.fours)):
        for pair in range(len(states.pairs)):
            counts[1], counts[3], counts[5], counts[7] = states.fours[four]
            counts[0], counts[4] = states.pairs[pair]
            counts[2] = 0
            while _columns(counts, states) > 0:
                start = _predecessors(four, pair, counts, states, nothing, before)
                columns = _columns(counts, states)
                _line(values, start, columns, counts, before, nothing, terms, work)
                if _is_whole(counts, columns - 1, states):
                    best = max(best, values[0, start + columns - 1])
                counts[2] += 1
    return best


@njit(cache=True, error_model="numpy")
def _columns(counts, states):
    """How many numbers of cell 6 go with these of the other cells: 0 when there are too many already."""
    first = counts[1] + counts[3] + counts[5] + counts[7]
    second = counts[2] + counts[3] + counts[7]
    third = counts[4] + counts[5] + counts[7]
    others = counts[0] + counts[2] + counts[4]
    lacking = counts[0] + counts[1] + counts[4] + counts[5]
    low = counts[0] + counts[1] + counts[2] + counts[3]
    n, exposed = states.patients, states.exposed
    if first > exposed[0] or lacking > n - exposed[1] or low > n - exposed[2]:
        return 0
    return max(0, 1 + min(exposed[2] - third, exposed[1] - second, n - exposed[0] - others))


@njit(cache=True, error_model="numpy")
def _is_whole(counts, last, states):
    """Whether these, with so many of cell 6, are all patients with the right margins."""
    first = counts[1] + counts[3] + counts[5] + counts[7]
    second = counts[2] + counts[3] + counts[7] + last
    third = counts[4] + counts[5] + counts[7] + last
    total = first + counts[0] + counts[2] + counts[4] + last
    exposed = states.exposed
    return total == states.patients and first == exposed[0] and second == exposed[1] and third == exposed[2]


@njit(cache=True, error_model="numpy")
def _predecessors(four, pair, counts, states, nothing, before):
    """Where the line of these counts begins; `before` is filled with the lines that have a patient of a cell less."""
    per_pair = states.rows * states.columns
    per_four = len(states.pairs) * per_pair
    inside = counts[2] * states.columns
    start = four * per_four + pair * per_pair + inside
    for k in range(4):
        fewer = states.fewer_fours[four, k]
        before[FOUR[k]] = nothing if fewer < 0 else fewer * per_four + pair * per_pair + inside
    for k in range(2):
        fewer = states.fewer_pairs[pair, k]
        before[PAIR[k]] = nothing if fewer < 0 else four * per_four + fewer * per_pair + inside
    before[2] = nothing if counts[2] == 0 else start - states.columns
    return start


@njit(cache=True, error_model="numpy")
def _line(values, start, columns, counts, before, nothing, terms, work):
    """Fill one line: all numbers of cell 6, from 0 to columns − 1."""
    tied = len(values)
    hidden, shared = work[tied], work[tied + 1]
    work[: tied + 1, :columns] = NONE
    for cell in range(8):
        at = before[cell]
        if cell == 6 or at == nothing:
            continue
        hidden[:columns] = np.maximum(hidden[:columns], values[0, at : at + columns])
        for d in range(tied):
            _raise(work[d], values[d], at, terms.gain[cell], columns)
    _of_risk_sets(columns, counts, terms, shared)
    if counts.sum() - counts[6] == 0:
        hidden[0] = 0  # nobody is at risk
    for i in range(columns):
        best = hidden[i]
        if i > 0:
            best = max(best, values[0, start + i - 1])
        for d in range(tied):
            events = work[d, i]
            if i > 0:
                events = max(events, terms.gain[6] + values[d, start + i - 1])
            if d + 1 < tied:
                values[d + 1, start + i] = events
            best = max(best, events + np.float32(d + 1) * shared[i])
        values[0, start + i] = best


@njit(cache=True, error_model="numpy")
def _raise(line, values, at, gain, columns):
    """Raise a line to the values of another, plus a gain."""
    for i in range(columns):
        line[i] = max(line[i], values[at + i] + gain)


@njit(cache=True, error_model="numpy")
def _of_risk_sets(columns, counts, terms, shared):
    """What the risk set adds to the total at an event, for all numbers of cell 6."""
    one = np.float32(1)
    sums = np.zeros(8, np.float32)  # weighted: 0 all; bits: those who have all of these covariates
    alone, others = np.float32(0), np.float32(0)
    for cell in range(8):
        if cell == 6:
            continue
        for bits in range(8):
            if cell & bits == bits:
                sums[bits] += terms.hazards[cell] * np.float32(counts[cell])
        if cell >> terms.which & 1:
            alone += np.float32(counts[cell])
        else:
            others += np.float32(counts[cell])
    six = np.float32(6 >> terms.which & 1)
    a, b, c = terms.scores
    f = terms.form
    for i in range(columns):
        more = np.float32(i)
        exposed = (alone + six * more) * terms.ratio
        share = exposed / max(exposed + others + (one - six) * more, _TINY)
        weight = terms.hazards[6] * more
        scale = one / max(sums[0] + weight, _TINY)
        x, y, z = sums[1] * scale, (sums[2] + weight) * scale, (sums[4] + weight) * scale
        xy, xz, yz = sums[3] * scale, sums[5] * scale, (sums[6] + weight) * scale
        variances = f[0, 0] * x * (one - x) + f[1, 1] * y * (one - y) + f[2, 2] * z * (one - z)
        covariances = f[0, 1] * (xy - x * y) + f[0, 2] * (xz - x * z) + f[1, 2] * (yz - y * z)
        scores = a * x + b * y + c * z + share * (terms.alone + terms.own * (one - share))
        shared[i] = variances + np.float32(2) * covariances - scores
