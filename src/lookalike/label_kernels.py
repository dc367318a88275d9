"""The compiled walk over one label of patients whose places in both orders are given (numba).

Near places matter: an exchange of neighbours in one of the orders changes a row a little, one of far ones a lot, and
two exchanges at once can undo most of each other. A walk that draws them so reaches rows whose standard error is rare.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from lookalike.halves import neighbour, slot_of
from lookalike.kernels import accepts, beyond

#: Mean distance of the places of two patients who exchange the label, and the share of moves that are two exchanges.
NEAR, TWICE = 5.0, 0.45
#: Moves between two states of a walk that are both kept.
APART = 30


@njit(cache=True, fastmath=True)
def row_of(listed, events, b):
    """Return (log HR − b, SE) of a 0/1 label listed by place: a step of Newton's method from b, of second order.

    The information is taken where the step leads, by its derivative at b.
    """
    n, theta, one, score, information, skew = len(listed), math.exp(b), 0.0, 0.0, 0.0, 0.0
    for k in range(n - 1, -1, -1):
        one += listed[k]
        if events[k] > 0:
            p = one * theta / (n - k + one * (theta - 1.0))
            score += listed[k] - p
            information += p * (1.0 - p)
            skew += p * (1.0 - p) * (1.0 - 2.0 * p)
    if information < 1e-3:
        return 50.0, 50.0
    step = score / information
    step -= skew * step * step / (2.0 * information)
    information += skew * step
    return (step, 1.0 / math.sqrt(information)) if information > 1e-3 else (50.0, 50.0)


@njit(cache=True, fastmath=True)
def energy_of(listed, events, e, fit, whiten):
    """Return (squared distance of a row from the middle of what prints it, :func:`beyond`); both 0 where it prints."""
    step, s = row_of(listed, events, fit.b[e])
    outside = beyond(fit.b[e] + step, s, fit.low[e], fit.high[e], fit.half[e])
    if outside == 0.0:
        return 0.0, 0.0
    first = whiten[e, 0, 0] * step + whiten[e, 0, 1] * (s - fit.s[e])
    second = whiten[e, 1, 0] * step + whiten[e, 1, 1] * (s - fit.s[e])
    return first * first + second * second, outside


@njit(cache=True, fastmath=True)
def of_both(listed, events, fit, whiten):
    """Return :func:`energy_of`, summed over the endpoints whose rows are sought."""
    energy, outside = 0.0, 0.0
    for e in range(2):
        if fit.on[e] > 0:
            more, out = energy_of(listed[e], events[e], e, fit, whiten)
            energy, outside = energy + more, outside + out
    return energy, outside


@njit(cache=True)
def drawn_pair(x, group, place, who, on):
    """Draw two patients who are near in one of the orders and can exchange the label; (−1, −1) when they cannot."""
    n, a, e = len(x), np.random.randint(len(x)), np.random.randint(2)
    if on[e] == 0:
        e = 1 - e
    step = 1 + int(min(-math.log(1.0 - np.random.random()) * NEAR, n))
    q = place[e, a] + (step if np.random.random() < 0.5 else -step)
    if q < 0 or q >= n:
        return -1, -1
    b = who[e, q]
    return (a, b) if x[a] != x[b] and group[a] == group[b] else (-1, -1)


@njit(cache=True)
def exchange(x, listed, place, a, b):
    """Let two patients exchange a label in which they differ; made twice it is undone."""
    x[a], x[b] = x[b], x[a]
    for e in range(2):
        listed[e, place[e, a]], listed[e, place[e, b]] = x[a], x[b]


@njit(cache=True, fastmath=True)
def walk_label(x, group, place, who, events, fit, whiten, pull, moves, slack, kept, closest, least):
    """Walk at one level of distances; return how many states that print the rows, or nearly, were kept.

    Parameters
    ----------
    x : float array
        The label by patient, 0 or 1; changed in place. It is exchanged within `group`.
    place, who : int arrays of shape (2, patients)
        The places of each patient, and the patient at each place.
    fit, whiten : Fit, array of shape (2, 2, 2)
        The rows that are sought, and how distances from them are measured.
    pull : float array
        Energy of the label by patient: what it costs that he has it.
    slack : float
        How far the rows of a state that is kept may miss (:func:`beyond`).
    kept : int8 array of shape (…, patients)
        Filled with such states; the walk stops when it is full.
    closest, least : int8 array, float array of one
        The state whose rows miss least, and by how much (:func:`beyond`); replaced by one that misses less.
    """
    listed, found, last = np.zeros((2, len(x))), 0, -APART
    for a in range(len(x)):
        listed[0, place[0, a]], listed[1, place[1, a]] = x[a], x[a]
    rows, outside = of_both(listed, events, fit, whiten)
    if outside < least[0]:
        least[0], closest[:] = outside, x
    if outside <= slack:
        kept[found], found, last = x, 1, 0
        if len(kept) == 1:
            return found
    for move in range(moves):
        a, b = drawn_pair(x, group, place, who, fit.on)
        c, d = drawn_pair(x, group, place, who, fit.on) if np.random.random() < TWICE else (-1, -1)
        if a < 0 or a in (c, d) or b in (c, d):
            continue
        change = (pull[a] - pull[b]) * (x[b] - x[a])
        exchange(x, listed, place, a, b)
        if c >= 0:
            change += (pull[c] - pull[d]) * (x[d] - x[c])
            exchange(x, listed, place, c, d)
        new, outside = of_both(listed, events, fit, whiten)
        if accepts(new - rows + change, 1.0):
            rows = new
            if outside < least[0]:
                least[0], closest[:] = outside, x
            if outside <= slack and move - last >= APART:
                kept[found], last = x, move
                found += 1
                if found == len(kept):
                    break
            continue
        if c >= 0:
            exchange(x, listed, place, c, d)
        exchange(x, listed, place, a, b)
    return found


# Four exchanges at once ---------------------------------------------------------------------------------------------

#: How far the sum of what single exchanges do may lie from what is wanted for four of them to be tried together, in
#: spreads of the corners of what prints a row, of log HR and of SE: they do not quite add up.
ABOUT = (12.0, 4.0)
#: Bits of the table's slots.
BITS = 18


@njit(cache=True)
def exchanges_of(x, group):
    """Return the patients (with, without) who can exchange a label, one pair a line."""
    n, found = len(x), 0
    for turn in range(2):
        if turn == 1:
            pairs = np.zeros((found, 2), np.int64)
        found = 0
        for a in range(n):
            for b in range(n):
                if x[a] > x[b] and group[a] == group[b]:
                    if turn == 1:
                        pairs[found] = a, b
                    found += 1
    return pairs


@njit(cache=True)
def rows_at(x, place, events, fit, out):
    """Fill in (log HR, SE) of a label on both endpoints, from what is wanted, in units of :data:`ABOUT`."""
    listed, outside = np.zeros(len(x)), 0.0
    for e in range(2):
        out[2 * e], out[2 * e + 1] = 0.0, 0.0
        if fit.on[e] > 0:
            for a in range(len(x)):
                listed[place[e, a]] = x[a]
            step, s = row_of(listed, events[e], fit.b[e])
            out[2 * e] = step / (ABOUT[0] * math.sqrt(fit.corners[e, 0, 0]))
            out[2 * e + 1] = (s - fit.s[e]) / (ABOUT[1] * math.sqrt(fit.corners[e, 1, 1]))
            outside += beyond(fit.b[e] + step, s, fit.low[e], fit.high[e], fit.half[e])
    return outside


@njit(cache=True)
def swap(x, pairs, k):
    """Let the two patients of an exchange have each other's label."""
    a, b = pairs[k]
    x[a], x[b] = x[b], x[a]


@njit(cache=True)
def pairs_of(pairs, effects):
    """Return all two exchanges of four patients, and the sums of what they do."""
    n, found = len(pairs), 0
    which, sums = np.zeros((n * (n - 1) // 2, 2), np.int64), np.zeros((n * (n - 1) // 2, effects.shape[1]))
    for i in range(n):
        for j in range(i):
            if pairs[i, 0] != pairs[j, 0] and pairs[i, 1] != pairs[j, 1]:
                which[found] = i, j
                sums[found] = effects[i] + effects[j]
                found += 1
    return which[:found], sums[:found]


@njit(cache=True)
def effects_of(x, place, events, fit, pairs, base):
    """Return what each exchange does to both rows, in units of :data:`ABOUT`; `base` is where they are."""
    effects = np.zeros((len(pairs), 4))
    for k in range(len(pairs)):
        swap(x, pairs, k)
        rows_at(x, place, events, fit, effects[k])
        swap(x, pairs, k)
        effects[k] -= base
    return effects


@njit(cache=True)
def outside_of(x, place, events, fit, most, listed):
    """Return by how much the rows of a label miss, summed; as soon as it exceeds `most`, what it is so far."""
    outside = 0.0
    for e in range(2):
        if fit.on[e] > 0 and outside <= most:
            for a in range(len(x)):
                listed[place[e, a]] = x[a]
            step, s = row_of(listed, events[e], fit.b[e])
            outside += beyond(fit.b[e] + step, s, fit.low[e], fit.high[e], fit.half[e])
    return outside


@njit(cache=True, inline="always")
def within_one(first, second):
    """Return whether two points differ by at most 1 in every coordinate."""
    most = 0.0
    for k in range(len(first)):
        most = max(most, abs(first[k] - second[k]))
    return most <= 1.0


@njit(cache=True)
def four_exchanges(x, place, events, fit, pull, pairs, which, sums, wanted, starts, order, slack, kept, closest, least):
    """Fill `kept` with labels four exchanges away that print the rows; return how many.

    `closest` and `least` are as in :func:`walk_label`, `pull` only breaks ties there.
    """
    found, cell, gap, now, listed = 0, np.zeros(4, np.int64), np.zeros(4), x.copy(), np.zeros(len(x))
    for p in np.random.permutation(len(which)):
        gap[:] = wanted - sums[p]
        for corner in range(16):
            neighbour(gap, 2.0, corner, cell)
            slot = slot_of(cell, BITS)
            for t in range(starts[slot], starts[slot + 1]):
                q = order[t]
                if q >= p or not within_one(gap, sums[q]):
                    continue
                now[:] = x
                for k in (which[p, 0], which[p, 1], which[q, 0], which[q, 1]):
                    swap(now, pairs, k)
                if now.sum() != x.sum():
                    continue
                outside = outside_of(now, place, events, fit, max(least[1], slack), listed)
                cost = outside + 1e-3 * (pull * now).sum()
                if cost < least[1]:
                    least[0], least[1], closest[:] = outside, cost, now
                if outside <= slack:
                    kept[found] = now
                    found += 1
                    if found == len(kept):
                        return found
    return found
