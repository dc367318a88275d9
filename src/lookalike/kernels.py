"""The compiled inner loops of the cohort search (numba): how far an order is from the printed numbers, and moves.

An order is an array of *codes*, one per place, first event first: bit k of a code says whether the patient at that
place has label k; bit 0 is the arm. Sums over events of score and information are kept place by place, so that a move
recomputes the places between its ends only. Every model is evaluated at the log hazard ratio b that is wanted: one
Newton step, b + U / I, is exact where it matters, near U = 0 (Cox 1972; Tsiatis 1981 for why events alone count).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

Z = 1.959963984540054
#: Moves that shift a printed time's places, exchange two places, mirrored pairs of exchanges; the rest moves censoring.
SHIFT, EXCHANGE, MIRRORED = 0.06, 0.50, 0.96
#: How far from an exchange its mirror image is sought, in places.
REACH = 12
#: Share of the exchanges within an arm that exchange one label only.
ONE_LABEL = 0.15
#: A cost of a missing patient of a cell, in squared half-widths.
CELL = 100.0
#: Months: how far inside a printed time's rounding interval its patients stay, and how far others stay out of it.
INSIDE, OUTSIDE = 0.044, 0.056
#: Stands for an estimate that does not exist.
FAR = 1e3


class Room(NamedTuple):
    """How printed times take places: at most `widest` each, patients `gap` months apart, from `first` months on."""

    times: np.ndarray
    widest: int
    gap: float
    first: float
    last_end: int


class Floors(NamedTuple):
    """What another endpoint's order asks of this one, so that the same patients can have both.

    ``cell`` is each code's number among the combinations of shared labels. The k-th patient of cell c, by place, has a
    time of at least ``times[c, k]`` months, and at least ``alive[c]`` of the cell are censored whose code counts: see
    :func:`lookalike.assemble.floors_of`. Empty when nothing is asked.
    """

    cell: np.ndarray
    counts: np.ndarray
    times: np.ndarray
    alive: np.ndarray
    most: float


class State(NamedTuple):
    """One order: codes and events (1.0, censored 0.0) by place; the places low … high − 1 of each printed time."""

    codes: np.ndarray
    events: np.ndarray
    low: np.ndarray
    high: np.ndarray


class Work(NamedTuple):
    """Sums of a state: label counts and weights of those at risk, each place's terms, those before it, the total."""

    counts: np.ndarray
    weights: np.ndarray
    terms: np.ndarray
    before: np.ndarray
    total: np.ndarray


class Move(NamedTuple):
    """The labels of `mask` change places between i and j and, if k ≥ 0, between k and m; mask 0: the events of i, j.

    ``first`` is the earliest place where the model's weights at risk may change; ``split`` is 1 when patients keep some
    of their labels, so that the joint table of labels may change. No move: i is −1.
    """

    i: int
    j: int
    mask: int
    k: int
    m: int
    first: int
    split: int


def blank(core, state: State) -> Work:
    """Return the sums of a state."""
    n, width = len(state.codes), 2 * len(core.rows.bit) + 9 + 2 * len(core.cells.mask)
    work = blank_work(n, len(core.columns), width)
    resum(state, work, 0, n - 1, core.rows, core.model, core.cells)
    return work


def blank_work(n: int, labels: int, width: int) -> Work:
    """Return sums of nothing, for n patients."""
    sizes = ((n + 1, labels), (n + 1, 7), (n, width), (n + 1, width), width)
    return Work(*(np.zeros(size) for size in sizes))


@njit(cache=True, fastmath=True, inline="always")
def place_terms(code, event, size, counts, weights, rows, model, cells, out):
    """Fill in what one place adds: (U, I) of each curve, the model's 3 scores and 6 informations, the cells' counts."""
    curves = len(rows.bit)
    if event > 0:
        for k in range(curves):
            n, theta = counts[rows.bit[k]], rows.theta[k]
            p = n * theta / (size + n * (theta - 1.0))
            out[2 * k] = ((code >> rows.bit[k]) & 1) - p
            out[2 * k + 1] = p * (1.0 - p)
        r, o = 1.0 / weights[0], 2 * curves
        p0, p1, p2 = weights[1] * r, weights[2] * r, weights[3] * r
        out[o] = ((code >> model.bit[0]) & 1) - p0
        out[o + 1] = ((code >> model.bit[1]) & 1) - p1
        out[o + 2] = ((code >> model.bit[2]) & 1) - p2
        out[o + 3] = p0 * (1.0 - p0)
        out[o + 4] = p1 * (1.0 - p1)
        out[o + 5] = p2 * (1.0 - p2)
        out[o + 6] = weights[4] * r - p0 * p1
        out[o + 7] = weights[5] * r - p0 * p2
        out[o + 8] = weights[6] * r - p1 * p2
    else:
        for k in range(2 * curves + 9):
            out[k] = 0.0
    o = 2 * curves + 9
    for m in range(len(cells.mask)):
        out[o + 2 * m] = 0.0
        out[o + 2 * m + 1] = 0.0
        if code & cells.mask[m] == cells.mask[m]:
            out[o + 2 * m + (code & 1)] = 1.0


@njit(cache=True, fastmath=True)
def resum(state, work, start, stop, rows, model, cells):
    """Recompute the places stop … start, and all sums that contain them."""
    n, weights, counts, terms, before = len(state.codes), work.weights, work.counts, work.terms, work.before
    for q in range(stop, start - 1, -1):
        code = state.codes[q]
        for v in range(counts.shape[1]):
            counts[q, v] = counts[q + 1, v] + ((code >> v) & 1)
        a, b, c = (code >> model.bit[0]) & 1, (code >> model.bit[1]) & 1, (code >> model.bit[2]) & 1
        w = model.weights[a | b << 1 | c << 2]
        weights[q, 0] = weights[q + 1, 0] + w
        weights[q, 1] = weights[q + 1, 1] + w * a
        weights[q, 2] = weights[q + 1, 2] + w * b
        weights[q, 3] = weights[q + 1, 3] + w * c
        weights[q, 4] = weights[q + 1, 4] + w * a * b
        weights[q, 5] = weights[q + 1, 5] + w * a * c
        weights[q, 6] = weights[q + 1, 6] + w * b * c
        place_terms(code, state.events[q], n - q, counts[q], weights[q], rows, model, cells, terms[q])
    for q in range(start, n):
        for k in range(terms.shape[1]):
            before[q + 1, k] = before[q, k] + terms[q, k]
    work.total[:] = before[n]


@njit(cache=True, fastmath=True)
def change_of(state, work, move, rows, model, cells, modelled, total):
    """Fill in the total after a move that the state has made and the sums do not know yet.

    Only what the move touches is summed anew: the curves of its labels between its places, the model where it holds
    one of them.
    """
    codes, events, n, curves = state.codes, state.events, len(state.codes), len(rows.bit)
    low, stop = move.i, move.j + 1
    if move.k >= 0:
        low, stop = min(low, move.k), max(stop, move.m + 1)
    for k in range(len(total)):
        total[k] = work.total[k]
    for c in range(curves):
        v = rows.bit[c]
        if move.mask != 0 and (move.mask >> v) & 1 == 0:
            continue
        theta, one, score, information = rows.theta[c], work.counts[stop, v], 0.0, 0.0
        for q in range(stop - 1, low - 1, -1):
            x = (codes[q] >> v) & 1
            one += x
            if events[q] > 0:
                p = one * theta / (n - q + one * (theta - 1.0))
                score += x - p
                information += p * (1.0 - p)
        total[2 * c] += score - work.before[stop, 2 * c] + work.before[low, 2 * c]
        total[2 * c + 1] += information - work.before[stop, 2 * c + 1] + work.before[low, 2 * c + 1]
    o = 2 * curves
    if move.mask == 0 or move.mask & modelled != 0:
        model_change(codes, events, work, model, min(low, move.first), stop, o, total)
    if move.split == 0:
        return
    for k in range(len(cells.mask)):
        for arm in range(2):
            c = o + 9 + 2 * k + arm
            total[c] += work.before[low, c] - work.before[stop, c]
        for q in range(low, stop):
            if codes[q] & cells.mask[k] == cells.mask[k]:
                total[o + 9 + 2 * k + (codes[q] & 1)] += 1.0


@njit(cache=True, fastmath=True, inline="always")
def model_change(codes, events, work, model, first, stop, o, total):
    """Sum the model's scores and informations of the places first … stop − 1 anew; they begin at total[o]."""
    bit0, bit1, bit2 = model.bit[0], model.bit[1], model.bit[2]
    end = work.weights[stop]
    w0, w1, w2, w3, w4, w5, w6 = end[0], end[1], end[2], end[3], end[4], end[5], end[6]
    u0, u1, u2, i0, i1, i2, i3, i4, i5 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for q in range(stop - 1, first - 1, -1):
        a, b, c = (codes[q] >> bit0) & 1, (codes[q] >> bit1) & 1, (codes[q] >> bit2) & 1
        w = model.weights[a | b << 1 | c << 2]
        w0 += w
        w1 += w * a
        w2 += w * b
        w3 += w * c
        w4 += w * a * b
        w5 += w * a * c
        w6 += w * b * c
        if events[q] > 0:
            r = 1.0 / w0
            p0, p1, p2 = w1 * r, w2 * r, w3 * r
            u0 += a - p0
            u1 += b - p1
            u2 += c - p2
            i0 += p0 * (1.0 - p0)
            i1 += p1 * (1.0 - p1)
            i2 += p2 * (1.0 - p2)
            i3 += w4 * r - p0 * p1
            i4 += w5 * r - p0 * p2
            i5 += w6 * r - p1 * p2
    for k in range(9):
        total[o + k] += work.before[first, o + k] - work.before[stop, o + k]
    total[o] += u0
    total[o + 1] += u1
    total[o + 2] += u2
    total[o + 3] += i0
    total[o + 4] += i1
    total[o + 5] += i2
    total[o + 6] += i3
    total[o + 7] += i4
    total[o + 8] += i5


@njit(cache=True, fastmath=True)
def missed_marks(state, counts, marks, move=None):
    """Return how many patients, squared and summed, lie beyond the places of the printed medians and limits.

    `counts` may be those before a move that the state has made.
    """
    total = 0.0
    for m in range(len(marks.bit)):
        a, b, v = state.low[marks.time[m]], state.high[marks.time[m]], marks.bit[m]
        before, within = counts[0, v] - counts[a, v], counts[0, v] - counts[b, v]
        if move is not None and (move.mask >> v) & 1:
            before += crossed(state.codes, move, a, v)
            within += crossed(state.codes, move, b, v)
        if marks.side[m] == 0:
            before, within = a - before, b - within
        if before > marks.low[m] - 1:
            total += (before - marks.low[m] + 1) ** 2
        if within < marks.high[m]:
            total += (marks.high[m] - within) ** 2
    return total


@njit(cache=True, fastmath=True, inline="always")
def crossed(codes, move, a, v):
    """Return by how many a move has changed the number of those with label v before place a."""
    change = 0
    if move.i < a <= move.j:
        change += 2 * ((codes[move.i] >> v) & 1) - 1
    if move.k >= 0 and move.k < a <= move.m:
        change += 2 * ((codes[move.k] >> v) & 1) - 1
    return change


@njit(cache=True)
def late_times(state, room, floors, late):
    """Fill in the latest time of each place, as :func:`lookalike.assemble.latest` has it."""
    now, m = floors.most, len(room.times) - 1
    for k in range(len(late) - 1, -1, -1):
        while m >= 0 and state.low[m] > k:
            now, m = min(now, room.times[m] - OUTSIDE), m - 1
        if m >= 0 and state.high[m] > k:
            now = min(now, room.times[m] + INSIDE)
        late[k] = now
        now -= room.gap


@njit(cache=True)
def unfit(state, floors, late, seen):
    """Return what it costs that patients' times are below their floors, or too few of a cell are censored."""
    if len(floors.alive) == 0:
        return 0.0
    total = 0.0
    seen[:] = 0
    for q in range(len(state.codes)):
        c = floors.cell[state.codes[q]]
        over = floors.times[c, seen[0, c]] - late[q]
        if over > 0:
            total += 0.3 + over
        seen[0, c] += 1
        if state.events[q] == 0:
            seen[1, c] += floors.counts[state.codes[q]]
    for c in range(len(floors.alive)):
        if seen[1, c] < floors.alive[c]:
            total += floors.alive[c] - seen[1, c]
    return total


@njit(cache=True, fastmath=True, inline="always")
def estimates(total, start, b):
    """Return b and SE of the three covariates, one step from b; all are infinite for a singular information."""
    u0, u1, u2 = total[start], total[start + 1], total[start + 2]
    i0, i1, i2 = total[start + 3], total[start + 4], total[start + 5]
    i3, i4, i5 = total[start + 6], total[start + 7], total[start + 8]
    aa, bb, cc = i1 * i2 - i5 * i5, i0 * i2 - i4 * i4, i0 * i1 - i3 * i3
    ab, ac, bc = i4 * i5 - i3 * i2, i3 * i5 - i4 * i1, i3 * i4 - i0 * i5
    det = i0 * aa + i3 * ab + i4 * ac
    if det < 1e-6 or aa <= 0 or bb <= 0 or cc <= 0:
        return FAR, FAR, FAR, FAR, FAR, FAR
    d = 1.0 / det
    b0, b1 = b[0] + d * (aa * u0 + ab * u1 + ac * u2), b[1] + d * (ab * u0 + bb * u1 + bc * u2)
    b2 = b[2] + d * (ac * u0 + bc * u1 + cc * u2)
    return b0, b1, b2, math.sqrt(aa * d), math.sqrt(bb * d), math.sqrt(cc * d)


@njit(cache=True, fastmath=True, inline="always")
def distances(total, rows, model, cells, out):
    """Fill in signed distances from what is printed, about 1 at the edge: rows (2 each), tests, model, cells."""
    n = 0
    for k in range(len(rows.s)):
        information = max(total[2 * k + 1], 1e-3)
        b, s = total[2 * k] / information, 1.0 / math.sqrt(information) - rows.s[k]
        out[n] = rows.whiten[k, 0, 0] * b + rows.whiten[k, 0, 1] * s
        out[n + 1] = rows.whiten[k, 1, 0] * b + rows.whiten[k, 1, 1] * s
        n += 2
    for q in range(len(rows.z)):
        k = len(rows.s) + q
        z = rows.sign[q] * total[2 * k] / math.sqrt(max(total[2 * k + 1], 1e-3))
        out[n] = (z - rows.z[q]) / abs(rows.z_half[q])
        if rows.z_half[q] < 0:
            out[n] = min(0.0, out[n])
        n += 1
    start = 2 * len(rows.bit)
    b0, b1, b2, s0, s1, s2 = estimates(total, start, model.b)
    for k, b, s in ((0, b0, s0), (1, b1, s1), (2, b2, s2)):
        b -= model.b[k]
        s -= model.s[k]
        out[n] = model.whiten[k, 0, 0] * b + model.whiten[k, 0, 1] * s
        out[n + 1] = model.whiten[k, 1, 0] * b + model.whiten[k, 1, 1] * s
        n += 2
    for k in range(len(cells.want)):
        out[n] = 2.5 * (total[start + 9 + k] - cells.want[k])
        n += 1


@njit(cache=True, fastmath=True)
def beyond(b, s, low, high, half):
    """Return how far (log HR, SE) lies outside the ends of HR, lower, upper and |z|: squared half-widths, summed."""
    total = 0.0
    for k in range(4):
        value = b
        if k == 1:
            value = b - Z * s
        elif k == 2:
            value = b + Z * s
        elif k == 3:
            value = abs(b) / s
        over = max(low[k] - value, value - high[k]) / half[k]
        if over > 0:
            total += over * over
    return total


@njit(cache=True, fastmath=True)
def miss(total, rows, model, cells):
    """Return how far all rows, tests and the model lie outside what prints them: 0 when every number is printed."""
    energy = 0.0
    fits = len(rows.s)
    for k in range(fits):
        information = max(total[2 * k + 1], 1e-3)
        b, s = rows.b[k] + total[2 * k] / information, 1.0 / math.sqrt(information)
        energy += beyond(b, s, rows.limits.low[k], rows.limits.high[k], rows.limits.half[k])
    for k in range(fits, len(rows.bit)):
        z = abs(total[2 * k]) / math.sqrt(max(total[2 * k + 1], 1e-3))
        over = max(rows.limits.low[k, 3] - z, z - rows.limits.high[k, 3]) / rows.limits.half[k, 3]
        if over > 0:
            energy += over * over
    start = 2 * len(rows.bit)
    b0, b1, b2, s0, s1, s2 = estimates(total, start, model.b)
    for k, b, s in ((0, b0, s0), (1, b1, s1), (2, b2, s2)):
        energy += beyond(b, s, model.limits.low[k], model.limits.high[k], model.limits.half[k])
    for k in range(len(cells.want)):
        energy += CELL * abs(total[start + 9 + k] - cells.want[k])
    return energy


@njit(cache=True, fastmath=True, inline="always")
def energy_of(scale, total, rows, model, cells, out, limit):
    """Return |scale · distances|², or as soon as it exceeds `limit`, what it is so far; the last axes vary most."""
    distances(total, rows, model, cells, out)
    energy = 0.0
    for r in range(len(out) - 1, -1, -1):
        value = 0.0
        for k in range(len(out)):
            value += scale[r, k] * out[k]
        energy += value * value
        if energy > limit:
            break
    return energy


# Moves --------------------------------------------------------------------------------------------------------------


@njit(cache=True)
def has_room(state, room):
    """Return whether each printed time has 1 to `widest` places, and each stretch between two has the time it needs.

    Nobody is censored before the last of them: the ranks of medians and limits hold only then.
    """
    end, time = 0, room.first - 0.05
    for m in range(len(room.times)):
        low, high = state.low[m], state.high[m]
        if high - low < 1 or high - low > room.widest or low < end:
            return False
        if (low - end) * room.gap > room.times[m] - time - 0.1 + 1e-9:
            return False
        end, time = high, room.times[m]
    return end <= room.last_end and state.events[:end].all()


@njit(cache=True)
def shift_ends(state, start, stop, step):
    """Move the ends start … stop − 1 of the printed times' places (two each, in order) by one place."""
    for k in range(start, stop):
        if k % 2 == 0:
            state.low[k // 2] += step
        else:
            state.high[k // 2] += step


@njit(cache=True)
def accepts(change, temperature):
    """Return whether Metropolis accepts a change of energy."""
    return change <= 0 or np.random.random() < math.exp(-change / temperature)


@njit(cache=True)
def draw_distance(n):
    """Return a distance between two places: mostly near, at times anywhere."""
    kind = np.random.random()
    if kind < 0.3:
        return 1
    if kind < 0.6:
        return np.random.randint(1, 5)
    if kind < 0.9:
        return np.random.randint(1, 17)
    return np.random.randint(1, n)


@njit(cache=True)
def narrowed(difference, labels, chance):
    """Return the labels to exchange: all in which two patients differ, or, by chance, only one; 0 for none."""
    if np.random.random() >= chance or difference & 1:
        return difference
    v = np.random.randint(labels)
    return difference & (1 << v)


@njit(cache=True)
def find_mirror(codes, i, j, gap, mask):
    """Return a place k near i where exchanging k and k + gap undoes most of what exchanging i and j does, or −1."""
    n, offset = len(codes), np.random.randint(2 * REACH + 1)
    for step in range(2 * REACH + 1):
        k = i - REACH + (offset + step) % (2 * REACH + 1)
        m = k + gap
        if k < 0 or m >= n or k == i or k == j or m == i or m == j:
            continue
        difference = codes[k] ^ codes[m]
        if difference & mask != mask or codes[k] & mask != codes[j] & mask:
            continue
        if (difference & 1) and difference != mask:  # labels are exchanged within an arm, whole patients anywhere
            continue
        return k
    return -1


@njit(cache=True)
def keeps_together(difference, mask, modelled):
    """Return whether exchanging the labels of a mask leaves the modelled labels of two patients together."""
    return mask & modelled == 0 or difference & modelled & ~mask == 0


@njit(cache=True)
def draw_move(state, labels, modelled, frozen):
    """Draw a move that leaves the labels of the mask `frozen` where they are.

    One that changes which modelled labels go together changes the weights at risk at all earlier places: its first
    place is 0.
    """
    none = Move(-1, -1, 0, -1, -1, 0, 0)
    codes, n = state.codes, len(state.codes)
    i = np.random.randint(n)
    gap = draw_distance(n)
    j = i + gap
    if j >= n:
        return none
    kind = np.random.random()
    difference = codes[i] ^ codes[j]
    if kind > MIRRORED:
        if i < state.high[-1] or state.events[i] == state.events[j]:
            return none
        return Move(i, j, 0, -1, -1, i, 0)
    if difference & frozen and difference & 1:  # labels are exchanged within an arm, whole patients anywhere
        return none
    mask = narrowed(difference & ~frozen, labels, ONE_LABEL)
    if mask == 0:
        return none
    whole, split = keeps_together(difference, mask, modelled), mask != difference
    if kind <= EXCHANGE:
        return Move(i, j, mask, -1, -1, i if whole else 0, int(split))
    near = gap if np.random.random() < 0.6 else np.random.randint(1, 9)
    k = find_mirror(codes, i, j, near, mask)
    if k < 0:
        return none
    other = codes[k] ^ codes[k + near]
    whole = whole and keeps_together(other, mask, modelled)
    return Move(i, j, mask, k, k + near, min(i, k) if whole else 0, int(split or mask != other))


@njit(cache=True, inline="always")
def make(state, move):
    """Make a move; made twice it is undone."""
    if move.mask == 0:
        state.events[move.i], state.events[move.j] = state.events[move.j], state.events[move.i]
        return
    state.codes[move.i] ^= move.mask
    state.codes[move.j] ^= move.mask
    if move.k >= 0:
        state.codes[move.k] ^= move.mask
        state.codes[move.m] ^= move.mask


@njit(cache=True)
def copy_state(to, state):
    """Copy a whole state."""
    to.codes[:] = state.codes
    to.events[:] = state.events
    to.low[:] = state.low
    to.high[:] = state.high


@njit(cache=True, fastmath=True)
def shift_a_time(state, work, marks, room, floors, late, seen, missed, temperature):
    """Propose to move neighbouring ends of the printed times' places by one; return what the state then misses."""
    ends = 2 * len(state.low)
    start, step = np.random.randint(ends), 1 - 2 * np.random.randint(2)
    stop = start + 1
    while stop < ends and np.random.random() < 0.6:
        stop += 1
    shift_ends(state, start, stop, step)
    if has_room(state, room):
        late_times(state, room, floors, late)
        new = missed_marks(state, work.counts, marks) + unfit(state, floors, late, seen)
        if accepts(new - missed, temperature):
            return new
    shift_ends(state, start, stop, -step)
    late_times(state, room, floors, late)
    return missed


@njit(cache=True, fastmath=True)
def anneal(state, work, best, rows, model, marks, cells, room, floors, scale, weight, temperature, moves, look, frozen):
    """Make random moves at one temperature, by the Metropolis rule; what costs least to compute is asked first.

    Parameters
    ----------
    state, work : State, Work
        Where the walk stands; changed in place.
    best : State
        Filled with the state of the lowest :func:`miss` among those whose energy is below `look` and whose marks hold.
    scale : array
        The matrix that turns distances into energy; `weight` is the energy of a patient beyond a mark.
    frozen : int
        Mask of labels that stay at their places.

    Returns
    -------
    energy, lowest miss, accepted moves : float, float, int
    """
    n, out, total = len(state.codes), np.zeros(scale.shape[0]), np.zeros(len(work.total))
    resum(state, work, 0, n - 1, rows, model, cells)
    late, seen = np.zeros(n), np.zeros((2, len(floors.alive)), dtype=np.int64)
    late_times(state, room, floors, late)
    missed = missed_marks(state, work.counts, marks) + unfit(state, floors, late, seen)
    distance = energy_of(scale, work.total, rows, model, cells, out, np.inf)
    lowest, taken, ends = 1e99, 0, 2 * len(state.low)
    labels, modelled = work.counts.shape[1], 0
    for k in range(3):
        modelled |= 1 << model.bit[k]
    for _ in range(moves):
        if np.random.random() < SHIFT and ends > 0:
            missed = shift_a_time(state, work, marks, room, floors, late, seen, missed, temperature / weight)
            continue
        move = draw_move(state, labels, modelled, frozen)
        if move.i < 0:
            continue
        make(state, move)
        limit = distance + weight * missed - temperature * math.log(1.0 - np.random.random())
        new = missed_marks(state, work.counts, marks, move)
        if weight * new > limit:
            make(state, move)
            continue
        change_of(state, work, move, rows, model, cells, modelled, total)
        proposed = energy_of(scale, total, rows, model, cells, out, limit - weight * new)
        if proposed + weight * new <= limit:
            new += unfit(state, floors, late, seen)
        if not proposed + weight * new <= limit:
            make(state, move)
            continue
        first = move.i if move.k < 0 else min(move.i, move.k)
        last = move.j if move.k < 0 else max(move.j, move.m)
        resum(state, work, min(first, move.first), last, rows, model, cells)
        distance, missed = proposed, new
        taken += 1
        if distance + weight * missed < look and missed == 0:
            value = miss(work.total, rows, model, cells)
            if value < lowest:
                lowest = value
                copy_state(best, state)
                if lowest < 1e-9:
                    break
    return distance + weight * missed, lowest, taken


@njit(cache=True)
def seed_kernels(seed):
    """Seed the compiled code's random numbers."""
    np.random.seed(seed)


# One label at a time ------------------------------------------------------------------------------------------------


class Fit(NamedTuple):
    """A label's models of one variable, one entry per endpoint; `on` is 0 where none is sought.

    ``corners`` is the covariance of the corners of the row's polygon of (b, s).
    """

    on: np.ndarray
    b: np.ndarray
    s: np.ndarray
    corners: np.ndarray
    low: np.ndarray
    high: np.ndarray
    half: np.ndarray


@njit(cache=True, fastmath=True)
def score_and_information(x, events, b):
    """Return Cox's score and information of a 0/1 covariate, listed by place, at the log hazard ratio b."""
    n, theta, one, score, information = len(x), math.exp(b), 0.0, 0.0, 0.0
    for k in range(n - 1, -1, -1):
        one += x[k]
        if events[k] > 0:
            p = one * theta / (n - k + one * (theta - 1.0))
            score += x[k] - p
            information += p * (1.0 - p)
    return score, information


@njit(cache=True)
def misfit(early, late, events, k, q):
    """Return what it costs that one patient has place k of the first endpoint and place q of the second.

    The first endpoint's time must not exceed the second's, and whoever is censored for it must not be dead.
    """
    over = early[k] - late[q]
    cost = 0.3 + over if over > 0 else 0.0
    return cost + 5.0 if events[0, k] == 0 and events[1, q] > 0 else cost


@njit(cache=True)
def total_misfit(early, late, events, place):
    """Return the sum of :func:`misfit` over the patients."""
    total = 0.0
    for a in range(place.shape[1]):
        total += misfit(early, late, events, place[0, a], place[1, a])
    return total
