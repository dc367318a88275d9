"""Restricted mean survival time with its standard error: the area under a Kaplan–Meier curve up to a horizon."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from secondlook.stats import inputs, km


def rmst(times: Sequence[float], events: Sequence[bool], horizon: float) -> tuple[float, float]:
    """Return the restricted mean survival time and its standard error, in the unit of the times.

    Royston & Parmar, BMC Med Res Methodol 2013;13:152. The variance is Greenwood's: each event weighs with the
    square of the area that remains after it. Beyond the last time the curve stays where it is.

    Parameters
    ----------
    times, events : sequence of float, sequence of bool
        As for :func:`secondlook.stats.km.curve`.
    horizon : float
        The area is taken from 0 to here.

    Raises
    ------
    ValueError
        When the input is not of this kind, or the horizon is not finite and above 0.
    """
    drawn, horizon = km.curve(times, events), inputs.positive("horizon", horizon)
    inside = drawn.times <= horizon
    at, risk, deaths = drawn.times[inside], drawn.at_risk[inside], drawn.deaths[inside]
    heights = np.concatenate([[1.0], drawn.survival[inside]])
    areas = heights * np.diff(np.concatenate([[0.0], at, [horizon]]))
    left = np.cumsum(areas[::-1])[::-1][1:]
    # the last event of all leaves no area, and its term is nothing
    terms = np.divide(deaths * left**2, risk * (risk - deaths), out=np.zeros(len(at)), where=risk > deaths)
    return float(areas.sum()), math.sqrt(terms.sum())


def difference(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float, float]:
    """Return the difference of two restricted means, each with its standard error, and its 95 % limits."""
    gap, reach = first[0] - second[0], 1.959963984540054 * math.hypot(first[1], second[1])
    return gap, gap - reach, gap + reach
