"""How far other tests and intervals can lie from Wald's: bounds from the likelihood of two groups.

Write I(t) for the information about a log ratio b at distance t from its estimate, other coefficients profiled out;
I(0) = 1/s². For a covariate with two levels an event (or a patient) contributes π (1 − π) to it, whose logarithm
changes by 1 − 2π per unit of b, and so no faster than 1. Averages keep that bound, and so does profiling out the
intercept of two binomials (the slopes are weighted by f² and (1 − f)²). Hence, for a Cox partial likelihood without
tied events, two Poisson rates, or two proportions::

    e^(−|t|) / s²  ≤  I(t)  ≤  e^|t| / s²

With d₁ and d₀ events in groups whose sizes stay in proportion, log I has the slope c = 1 − 2 d₁/(d₁ + d₀) at the
estimate, and 1/s² = d₁d₀/(d₁ + d₀): as long as the number of events is unknown, a standard error leaves every c between
−1 and 1 open; with D events, |c| ≤ √(1 − 4/(D s²)). With log I(t) = c t − 2 log s the tests and intervals are::

    likelihood ratio   z_LR = z g(c b), with g(x) = √(2 (e^(−x) − 1 + x)) / |x| = 1 − x/6 + …
    score, log-rank    z_S² = 4 sinh²(b/2) / s² whatever d₁ and d₀ are; down to tanh|b| sinh|b| / s² when the groups'
                       proportion changes as much as it can (to the second order in b)
    profile limits     b + t with 2 (e^(c t) − 1 − c t) = (c z s)²: the further limit lies where I falls, and the
                       centre up to z s/6 of a half-width off b. Where log I bends instead (its second derivative is
                       −1/2 to 1), both limits lie up to (z s)²/48 further out or (z s)²/24 further in

A continuous covariate with skewness γ has c s = γ/√D instead. Exact and continuity-corrected p move by up to half an
event from the score, s/2 in z. Of exact, mid-p and bootstrap intervals no such bound is used.

Sources: Cox and Oakes, Analysis of Survival Data, 1984, ch. 7 and 8; Venzon and Moolgavkar, Appl Stat 1988;37:87-94;
Bach, Electron J Stat 2010;4:384-414 (the bound on I). ``tests/stats/test_readings_theory.py`` holds all of it against
fits by R.
"""

from __future__ import annotations

import math
from functools import lru_cache

from secondlook.stats.wald import Ends

#: Beyond such exponents nothing changes any more.
_FAR = 600.0


def lr_factor(x: float) -> float:
    """Return z of the likelihood-ratio test over Wald's z for x = c b.

    Examples
    --------
    >>> round(lr_factor(0.6), 3), round(lr_factor(-0.6), 3)
    (0.909, 1.111)
    """
    if abs(x) < 1e-3:
        return 1 - x / 6
    return math.sqrt(2 * (math.exp(min(-x, _FAR)) - 1 + x)) / abs(x)


def score_factors(b: float) -> Ends:
    """Return the least and the greatest z of the score test over Wald's z for a log ratio b.

    The lower one is √(tanh|b| sinh|b|)/|b|, or a little less, up to where that is smallest.
    """
    b = min(abs(b), _FAR)
    return 1 - min(b * b / 12, 0.07), 2 * math.sinh(b / 2) / b if b > 1e-3 else 1.0


@lru_cache(maxsize=65536)
def limit_factor(y: float) -> float:
    """Return how many times z s a profile limit lies from b, for y = c z s; y > 0 on the side where I rises.

    Examples
    --------
    >>> round(limit_factor(0.6), 3), round(limit_factor(-0.6), 3)
    (0.909, 1.111)
    """
    if abs(y) < 1e-3:
        return 1 - y / 6
    x = y * (1 - y / 6) if y < 1 else math.log(1 + y + y * y / 2)
    for _ in range(60):  # Newton
        step = (2 * (math.exp(x) - 1 - x) - y * y) / (2 * (math.exp(x) - 1))
        x -= step
        if abs(step) < 1e-12 * abs(x):
            break
    return x / y


def limit_bend(half: float) -> float:
    """Return the share by which both profile limits can lie further out or in, for a half-width z s."""
    return half * half / 24
