"""Restricted mean survival time with its standard error: the area under a Kaplan–Meier curve up to a horizon."""

from __future__ import annotations

import math

import numpy as np


def rmst(times: np.ndarray, events: np.ndarray, horizon: float) -> tuple[float, float]:
    """Return the restricted mean survival time and its standard error, in the unit of the times.

    Royston & Parmar, BMC Med Res Methodol 2013;13:152. The variance is Greenwood's: each event weighs with the
    square of the area that remains after it. Beyond the last time the curve stays where it is.

    Parameters
    ----------
    times, events : numpy array
        Times to the event or to censoring, and whether it was the event.
    horizon : float
        The area is taken from 0 to here.
    """
    events = np.asarray(events, dtype=bool)
    at, deaths = np.unique(times[events & (times <= horizon)], return_counts=True)
    if not len(at):
        return float(horizon), 0.0
    risk = (times[None, :] >= at[:, None]).sum(axis=1)
    curve = np.concatenate([[1.0], np.cumprod(1 - deaths / risk)])
    areas = curve * np.diff(np.concatenate([[0.0], at, [horizon]]))
    left = np.cumsum(areas[::-1])[::-1][1:]
    # the last event of all leaves no area, and its term is nothing
    terms = np.divide(deaths * left**2, risk * (risk - deaths), out=np.zeros(len(at)), where=risk > deaths)
    return float(areas.sum()), math.sqrt(terms.sum())


def difference(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float, float]:
    """Return the difference of two restricted means, each with its standard error, and its 95 % limits."""
    gap, reach = first[0] - second[0], 1.959963984540054 * math.hypot(first[1], second[1])
    return gap, gap - reach, gap + reach
