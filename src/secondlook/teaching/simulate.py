"""Cox models of one binary covariate for many small simulated studies at once: late entry and weights included.

One array per quantity, study × patient. A patient who is not in a study has the time NaN.
"""

from __future__ import annotations

import numpy as np

#: Newton's steps, and how far one may move: estimates of studies without a maximum stop at about this many.
_STEPS, _LONGEST_STEP = 12, 1.0
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
    present = np.isfinite(times)
    seen = events & present
    counts = np.ones(times.shape) if weights is None else weights
    one, nil = at_risk(times, np.broadcast_to(entry, times.shape), exposed, counts * present)
    beta = np.zeros(len(times))
    amount = counts * seen
    for _ in range(_STEPS):
        score, information = _derivatives(beta, one, nil, exposed, amount)
        with np.errstate(invalid="ignore", divide="ignore"):
            step = np.where(information > 0, score / information, np.nan)
        beta = beta + np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
    information = _derivatives(beta, one, nil, exposed, amount)[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.isfinite(beta) & (np.abs(beta) < _INFINITE) & (np.abs(step) < 1e-6)
        return np.where(found, beta, np.nan), np.where(found, 1 / np.sqrt(information), np.nan)


def at_risk(times: np.ndarray, entry: np.ndarray, exposed: np.ndarray, counts: np.ndarray) -> tuple:
    """Return the weight of the exposed and of the others at risk at each patient's time, study × patient."""
    one, nil = np.zeros(times.shape), np.zeros(times.shape)
    among = exposed * counts, ~exposed * counts
    with np.errstate(invalid="ignore"):
        for k in range(times.shape[1]):
            moment = times[:, k : k + 1]
            there = (times >= moment) & (entry < moment)
            for found, amounts in zip((one, nil), among, strict=True):
                found[:, k] = np.einsum("sp,sp->s", there, amounts)
    return one, nil


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
