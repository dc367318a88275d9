"""Cox models of one binary covariate for many small simulated studies at once: late entry and weights included.

One array per quantity, study × patient. A patient who is not in a study has the time NaN.
"""

from __future__ import annotations

import numpy as np

#: Newton's steps, and how far one may move: estimates of studies without a maximum stop at about this many.
_STEPS, _LONGEST_STEP = 12, 1.0
#: Newton's method ends at the first step; a study whose last step is beyond the second has no maximum.
_CONVERGED, _SMALL = 1e-10, 1e-6
#: A log hazard ratio beyond this stands for one that does not exist.
_INFINITE = 6.0


def binary_cox(
    times: np.ndarray,
    events: np.ndarray,
    exposed: np.ndarray,
    entry: np.ndarray | float = 0.0,
    weights: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return each study's log hazard ratio and its model-based standard error; NaN where there is no finite estimate.

    Parameters
    ----------
    times : numpy array
        Study × patient; NaN for nobody. Without ties (tied times are taken by Breslow's method).
    events, exposed : numpy array of bool
        Same shape.
    entry : numpy array or float
        When each patient comes under observation; at risk only after that (left truncation).
    weights : numpy array, optional
        What each patient counts for. The standard error is then not to be used.
    """
    with np.errstate(invalid="ignore"):
        present = np.isfinite(times) & (entry < times)
    counts = present * (1.0 if weights is None else weights)
    one, nil = at_risk(times, np.broadcast_to(entry, times.shape), exposed, counts)
    beta, step = np.zeros(len(times)), np.full(len(times), np.inf)
    amount = counts * events
    going = np.arange(len(times))  # studies that have not converged yet: most need few steps
    for _ in range(_STEPS):
        score, information = _derivatives(beta[going], one[going], nil[going], exposed[going], amount[going])
        with np.errstate(invalid="ignore", divide="ignore"):
            step[going] = np.where(information > 0, score / information, np.nan)
        beta[going] += np.clip(step[going], -_LONGEST_STEP, _LONGEST_STEP)
        going = going[np.abs(step[going]) >= _CONVERGED]
        if not going.size:
            break
    information = _derivatives(beta, one, nil, exposed, amount)[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.isfinite(beta) & (np.abs(beta) < _INFINITE) & (np.abs(step) < _SMALL)
        return np.where(found, beta, np.nan), np.where(found, 1 / np.sqrt(information), np.nan)


def at_risk(times: np.ndarray, entry: np.ndarray, exposed: np.ndarray, counts: np.ndarray) -> tuple:
    """Return the weight of the exposed and of the others at risk at each patient's time, study × patient.

    Everyone whose time is not earlier, without those who come later; nobody who counts comes after their own time.
    """
    among = exposed * counts, ~exposed * counts
    there = _from(times, times, among)
    if not np.any(entry > 0):
        return there
    return tuple(all_ - later for all_, later in zip(there, _from(entry, times, among), strict=True))


def _from(values: np.ndarray, moments: np.ndarray, amounts: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    """Return, for each kind of amounts, the sum of those whose value is at or after each moment, study × moment."""
    # A moment stands before the values that equal it, so that all of them are summed.
    order = np.argsort(np.concatenate([moments, values], axis=1), axis=1, kind="stable")
    sums = np.zeros(order.shape)
    found = []
    for amount in amounts:
        sums[:, moments.shape[1] :] = amount
        sums[:, : moments.shape[1]] = 0
        after = np.cumsum(np.take_along_axis(sums, order, axis=1)[:, ::-1], axis=1)[:, ::-1]
        np.put_along_axis(sums, order, after, axis=1)
        found.append(sums[:, : moments.shape[1]].copy())
    return tuple(found)


def _derivatives(
    beta: np.ndarray, one: np.ndarray, nil: np.ndarray, exposed: np.ndarray, amount: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    hazard = one * np.exp(beta)[:, None]
    total = hazard + nil
    share = np.divide(hazard, total, out=np.zeros_like(total), where=total > 0)
    return (amount * (exposed - share)).sum(axis=1), (amount * share * (1 - share)).sum(axis=1)


def medians(times: np.ndarray, events: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Return each study's Kaplan–Meier median among its members, in the unit of the times; NaN where not reached.

    The median is the first time at which the curve is at or below one half.
    """
    order = np.argsort(np.where(member, times, np.inf), axis=1)
    inside = np.take_along_axis(member & np.isfinite(times), order, axis=1)
    sorted_times = np.take_along_axis(times, order, axis=1)
    deaths = np.take_along_axis(events, order, axis=1) & inside
    left = inside.sum(axis=1, keepdims=True) - np.arange(times.shape[1])
    curve = np.cumprod(1 - deaths / np.maximum(left, 1), axis=1)
    below = (curve <= 0.5 + 1e-9) & inside
    first = np.argmax(below, axis=1)
    found = np.take_along_axis(sorted_times, first[:, None], axis=1)[:, 0]
    return np.where(below.any(axis=1), found, np.nan)
