"""The compiled dynamic program of :mod:`lookalike.prove` (numba): the greatest total over all orders.

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
#: Denominators of an empty risk set, whose events do not exist.
_TINY = np.float32(1e-6)


class Space(NamedTuple):
    """The states: numbers of the outer cells, and at which place of their list such numbers stand."""

    fours: np.ndarray
    four_at: np.ndarray
    pairs: np.ndarray
    pair_at: np.ndarray
    patients: int
    exposed: np.ndarray
    rows: int
    columns: int


class Terms(NamedTuple):
    """What an event adds to the total.

    ``gain`` is what the cell of the patient adds. The risk set adds, for the covariate ``which`` alone, at the hazard
    ratio ``ratio``, minus ``alone`` × p and minus ``own`` × p(1 − p), p being the share of its exposed; for the model,
    minus ``scores`` · the means weighted by ``hazards``, and ``form`` (symmetric) times the weighted covariances. Up to
    ``tied`` events may share a time. By Breslow's method all of them meet the same risk set; by Efron's, which is here
    for three at most, the j-th of d (from 0) meets one in which each of the d counts 1 − j/d.
    """

    which: int
    ratio: np.float32
    alone: np.float32
    own: np.float32
    gain: np.ndarray
    hazards: np.ndarray
    scores: np.ndarray
    form: np.ndarray
    tied: int
    efron: bool


def space(patients: int, exposed: tuple[int, int, int]) -> Space:
    """Return the states of so many patients, of whom so many are exposed to each covariate."""
    fours, four_at = _compositions(4, exposed[0])
    pairs, pair_at = _compositions(2, patients - exposed[1])
    rows, columns = min(exposed[1], patients - exposed[2]) + 1, min(exposed[1:]) + 1
    return Space(fours, four_at, pairs, pair_at, patients, np.array(exposed), rows, columns)


def _compositions(parts: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    """All ways to have `most` patients at most in so many cells, in lexicographic order, and the place of each."""
    grid = np.indices((most + 1,) * parts).reshape(parts, -1).T
    found = grid[grid.sum(axis=1) <= most]
    place = np.full((most + 1,) * parts, -1)
    place[tuple(found.T)] = np.arange(len(found))
    return found, place


def greatest(states: Space, terms: Terms) -> float:
    """Return the greatest total of any order of all patients, whatever their joint table and whoever is censored."""
    size = len(states.fours) * len(states.pairs) * states.rows * states.columns
    # The first row is the value; row d is what d events of one time bring besides their risk set, and the value of
    # those left. One more line of nothing, to which a missing predecessor points.
    values = np.full((1 if terms.efron else terms.tied, size + states.columns), NONE, dtype=np.float32)
    return float(_sweep(values, states, terms))


@njit(cache=True, error_model="numpy")
def _sweep(values, states, terms):
    counts = np.zeros(8, np.int64)
    work = np.zeros((len(values) + 7, states.columns), np.float32)
    best = NONE
    for four in range(len(states.fours)):
        for pair in range(len(states.pairs)):
            counts[1], counts[3], counts[5], counts[7] = states.fours[four]
            counts[0], counts[4] = states.pairs[pair]
            counts[2] = 0
            columns = _columns(counts, states)
            while columns > 0:
                _line(values, columns, counts, states, terms, work)
                if _is_whole(counts, columns - 1, states):
                    best = max(best, values[0, _start(counts, states) + columns - 1])
                counts[2] += 1
                columns = _columns(counts, states)
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
def _start(counts, states):
    """Where the line of these counts begins; −1 for none."""
    if counts.min() < 0:
        return -1
    four = states.four_at[counts[1], counts[3], counts[5], counts[7]]
    line = (four * len(states.pairs) + states.pair_at[counts[0], counts[4]]) * states.rows + counts[2]
    return line * states.columns


@njit(cache=True, error_model="numpy")
def _line(values, columns, counts, states, terms, work):
    """Fill one line: all numbers of cell 6, from 0 to columns − 1."""
    tied, start = len(values), _start(counts, states)
    hidden, shared = work[tied], work[tied + 1]
    work[:, :columns] = NONE
    for cell in range(8):
        counts[cell] -= 1
        at = _start(counts, states)
        counts[cell] += 1
        if cell != 6 and at >= 0:
            hidden[:columns] = np.maximum(hidden[:columns], values[0, at : at + columns])
            for d in range(tied):
                _raise(work[d], values[d], at, terms.gain[cell], columns)
    if counts.sum() - counts[6] == 0:
        hidden[0] = 0  # nobody is at risk
    _of_risk_sets(columns, counts.astype(np.float32), np.float32(0), terms, shared)
    if terms.efron:
        _by_efron(values, columns, counts, states, terms, shared, work[tied + 2 :])
    _with_sixes(values[:, start : start + columns], terms, work)


@njit(cache=True, error_model="numpy")
def _with_sixes(line, terms, work):
    """Settle one line from left to right: what was found without a patient of cell 6, or with one or more."""
    tied, columns = line.shape
    hidden, shared, mixed, sixes = work[tied], work[tied + 1], work[tied + 2], work[tied + 5 :]
    six = terms.gain[6]
    for i in range(columns):
        best = max(hidden[i], mixed[i])
        if i > 0:
            best = max(best, line[0, i - 1])
        if terms.efron:
            for d in range(2, min(terms.tied, i) + 1):
                best = max(best, line[0, i - d] + np.float32(d) * six + sixes[d - 2, i])
        for d in range(tied):
            events = max(work[d, i], six + line[d, i - 1]) if i > 0 else work[d, i]
            if d + 1 < tied:
                line[d + 1, i] = events
            best = max(best, events + np.float32(d + 1) * shared[i])
        line[0, i] = best


@njit(cache=True, error_model="numpy")
def _by_efron(values, columns, counts, states, terms, shared, work):
    """Two or three events of one time by Efron's method; those of cell 6 alone are left to :func:`_with_sixes`.

    Of d events the j-th (from 0) meets a risk set in which each of the d counts 1 − j/d.
    """
    mixed, together, part, sixes_alone = work[0], work[1], work[2], work[3:]
    who = np.zeros(3, np.int64)
    for d in range(2, terms.tied + 1):
        who[:] = 0
        while who[0] < 8:
            sixes = 0
            for k in range(d):
                counts[who[k]] -= 1
                sixes += who[k] == 6
            counts[6] += sixes
            at = _start(counts, states)
            counts[6] -= sixes
            for k in range(d):
                counts[who[k]] += 1
            if at >= 0 and sixes < d:
                gain = np.float32(0)
                for k in range(d):
                    gain += terms.gain[who[k]]
                _met_in_turn(columns, counts, who, d, terms, shared, together, part)
                for i in range(sixes, columns):
                    mixed[i] = max(mixed[i], values[0, at + i - sixes] + gain + together[i])
            _next_multiset(who, d)
        who[:] = 6
        _met_in_turn(columns, counts, who, d, terms, shared, sixes_alone[d - 2], part)


@njit(cache=True, error_model="numpy")
def _met_in_turn(columns, counts, who, d, terms, shared, together, part):
    """What the risk sets of d events of one time add by Efron's method, for all numbers of cell 6."""
    together[:columns] = shared[:columns]
    for j in range(1, d):
        share, less = np.float32(j) / np.float32(d), np.float32(0)
        risk = counts.astype(np.float32)
        for k in range(d):
            if who[k] == 6:
                less += share
            else:
                risk[who[k]] -= share
        _of_risk_sets(columns, risk, less, terms, part)
        for i in range(columns):
            together[i] += part[i]


@njit(cache=True, error_model="numpy")
def _next_multiset(who, d):
    """Go to the next d cells in ascending order; the first is 8 after the last."""
    k = d - 1
    while k > 0 and who[k] == 7:
        k -= 1
    who[k] += 1
    who[k + 1 : d] = who[k]


@njit(cache=True, error_model="numpy")
def _raise(line, values, at, gain, columns):
    """Raise a line to the values of another, plus a gain."""
    for i in range(columns):
        line[i] = max(line[i], values[at + i] + gain)


@njit(cache=True, error_model="numpy")
def _of_risk_sets(columns, counts, less, terms, shared):
    """What the risk set adds to the total at an event, for all numbers of cell 6 less so much."""
    one = np.float32(1)
    sums = np.zeros(8, np.float32)  # weighted: 0 all; bits: those who have all of these covariates
    alone, others = np.float32(0), np.float32(0)
    for cell in range(8):
        if cell == 6:
            continue
        for bits in range(8):
            if cell & bits == bits:
                sums[bits] += terms.hazards[cell] * counts[cell]
        if cell >> terms.which & 1:
            alone += counts[cell]
        else:
            others += counts[cell]
    six = np.float32(6 >> terms.which & 1)
    a, b, c = terms.scores
    f = terms.form
    for i in range(columns):
        more = np.float32(i) - less
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
