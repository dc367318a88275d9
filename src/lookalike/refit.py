"""What an order prints when its models are fitted to the end, and how orders are compared by it.

The search takes one Newton step from the wanted estimates. Half a unit of the last digit from them that is exact to a
tenth of that half unit, no better, so that orders close to the answer are fitted fully.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lookalike import kernels
from lookalike.kernels import State
from lookalike.orders import Order
from lookalike.problem import SHARE, Core, Limits
from secondlook.stats import cox_batch

#: Half-widths beyond an end that are a rounding error of ours.
ROUNDING = 1e-6
#: Squared half-widths below which an order is close enough to be fitted fully.
NEAR = 2.0


def newton(order: Order, bits: Sequence[int], start: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Return the log hazard ratios of the labels `bits` in one Cox model of an order, and their standard errors.

    Maximum of the partial likelihood without ties (:func:`secondlook.stats.cox_batch.fit`), sought from `start`. A log
    hazard ratio that does not exist is :data:`lookalike.kernels.FAR`.
    """
    x = np.array([(order.codes >> int(k)) & 1 for k in bits], dtype=float).T
    b, se = cox_batch.fit(x[None], (order.events > 0)[None], start=np.asarray(start, dtype=float))
    if np.isnan(b).any():
        return np.full(len(x.T), kernels.FAR), np.ones(len(x.T))
    return b[0], se[0]


def outside(core: Core, order: Order, share: float = 1.0) -> np.ndarray:
    """Return how far each number lies outside the ends that print it, in half-widths: 0 for a number that is printed.

    Parameters
    ----------
    core : Core
    order : Order
    share : float
        Share of the rounding interval that counts as printed.

    Returns
    -------
    float array
        HR, lower, upper and p of each model of one variable; p of each log-rank test; the four of each adjusted row.
    """
    rows, model, fits = core.rows, core.model, len(core.rows.s)
    found = []
    for k in range(fits):
        b, s = newton(order, [rows.bit[k]], [rows.b[k]])
        found.append(_beyond(b, s, _line(rows.limits, slice(k, k + 1)), share))
    total = kernels.blank(core, State(order.codes, order.events, order.low, order.high)).total
    scores, informations = total[2 * fits : 2 * len(rows.bit) : 2], total[2 * fits + 1 : 2 * len(rows.bit) : 2]
    z = np.abs(scores) / np.sqrt(np.maximum(informations, 1e-3))
    ends = _line(rows.limits, slice(fits, None))
    found.append(_past(z, *(part[:, 3] for part in ends), share))
    found.append(_beyond(*newton(order, model.bit, model.b), model.limits, share))
    return np.concatenate([part.ravel() for part in found])


def _line(limits: Limits, which: slice) -> Limits:
    return Limits(*(part[which] for part in limits))


def _beyond(b: np.ndarray, s: np.ndarray, limits: Limits, share: float) -> np.ndarray:
    values = np.array([b, b - kernels.Z * s, b + kernels.Z * s, np.abs(b) / s]).T
    return _past(values, *limits, share)


def _past(values: np.ndarray, low: np.ndarray, high: np.ndarray, half: np.ndarray, share: float) -> np.ndarray:
    """How far values lie past ends that were drawn in to SHARE, when drawn in to another share."""
    out = (share - SHARE) * np.where(high - low < 1e8, half, 0.0)
    past = np.maximum(low - out - values, values - high - out) / half
    return np.where(past > ROUNDING, past, 0.0)


def rank(core: Core, order: Order) -> tuple[int, float]:
    """Return (numbers that are not printed, how far they miss in squared half-widths): what orders are compared by.

    Patients of a cell that are missing count as in :func:`lookalike.kernels.miss`; a log-rank p that is not
    printed counts as ten numbers, since medians and tests must all hold.
    """
    total = kernels.blank(core, State(order.codes, order.events, order.low, order.high)).total
    one_step = float(kernels.miss(total, core.rows, core.model, core.cells))
    if one_step > NEAR:
        return 10**6, one_step
    missed = outside(core, order)
    tests = slice(4 * len(core.rows.s), 4 * len(core.rows.s) + len(core.rows.z))
    return int((missed > 0).sum() + 9 * (missed[tests] > 0).sum()), float((missed**2).sum())
