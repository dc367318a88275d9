"""Intervals for proportions, their difference and their ratio, by inverting score tests; no study is too small.

One method for each: Wilson's for a proportion, Miettinen and Nurminen's for a difference, Koopman's for a ratio.

A score interval holds every value that the score test does not reject, so that a count of 0 still gives an interval and
no limit leaves the possible range.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy.optimize import brentq
from scipy.special import ndtri
from scipy.stats import binomtest

from secondlook.stats import inputs

#: How near to the ends of the possible range a limit is sought.
_EDGE = 1e-10
#: Ratios beyond this count as without limit.
_LARGEST = 1e6


def _z(level: float) -> float:
    return float(ndtri((1 + inputs.fraction("level", level)) / 2))


def _check(*pairs: tuple[int, int]) -> None:
    for part, whole in pairs:
        if inputs.count("part", part) > inputs.count("whole", whole, 1):
            raise ValueError(f"{part} of {whole} is no proportion")


def wilson(part: int, whole: int, level: float = 0.95) -> tuple[float, float]:
    """Return the score interval of one proportion (Wilson, J Am Stat Assoc 1927;22:209), between 0 and 1.

    Parameters
    ----------
    part, whole : int
        How many have it, of how many; whole numbers.
    level : float
        Confidence, between 0 and 1.

    Raises
    ------
    ValueError
        When `part` of `whole` is no proportion, or the level is not between 0 and 1.
    """
    _check((part, whole))
    low, high = binomtest(part, whole).proportion_ci(inputs.fraction("level", level), method="wilson")
    return float(low), float(high)


def difference(first: tuple[int, int], second: tuple[int, int], level: float = 0.95) -> tuple[float, float]:
    """Return the score interval of a difference of proportions (Miettinen & Nurminen, Stat Med 1985;4:213).

    Parameters
    ----------
    first, second : (int, int)
        Part and whole of each group; the difference is first less second, between −1 and 1.
    level : float
        Confidence.

    Raises
    ------
    ValueError
        When a pair is no proportion, or the level is not between 0 and 1.
    """
    _check(first, second)
    z, seen = _z(level), first[0] / first[1] - second[0] / second[1]

    def excess(delta: float) -> float:
        return _score(first, second, *_apart(first, second, delta), seen - delta, 1.0) - z

    return _limit(excess, seen, -1 + _EDGE, -1.0), _limit(excess, seen, 1 - _EDGE, 1.0)


def ratio(first: tuple[int, int], second: tuple[int, int], level: float = 0.95) -> tuple[float, float]:
    """Return the score interval of a ratio of proportions (Koopman, Biometrics 1984;40:513), first over second.

    The lower limit is 0 when the first count is 0, the upper one infinite when the second is.

    Parameters
    ----------
    first, second : (int, int)
        Part and whole of each group.
    level : float
        Confidence, between 0 and 1.

    Raises
    ------
    ValueError
        When a pair is no proportion, or the level is not between 0 and 1.
    """
    _check(first, second)
    z, p1, p2 = _z(level), first[0] / first[1], second[0] / second[1]

    def excess(logarithm: float) -> float:
        times = math.exp(logarithm)
        total = first[1] + second[1]
        # Koopman's statistic has no factor N/(N − 1): take it out again.
        unscaled = math.sqrt(total / (total - 1))
        return _score(first, second, *_times(first, second, times), p1 - times * p2, times) * unscaled - z

    seen = math.log(p1 / p2) if p1 and p2 else None
    ends = math.log(_LARGEST)
    low = 0.0 if seen is None and not p1 else math.exp(_limit(excess, ends if seen is None else seen, -ends, -ends))
    high = (
        math.inf if seen is None and not p2 else math.exp(_limit(excess, -ends if seen is None else seen, ends, ends))
    )
    return low, high


def _limit(excess: Callable[[float], float], inside: float, end: float, otherwise: float) -> float:
    """Return where the statistic reaches its critical value between the estimate and an end of the range."""
    if excess(end) <= 0:
        return otherwise
    low, high = sorted((inside, end))
    return brentq(excess, low, high, xtol=1e-12)


def _score(
    first: tuple[int, int], second: tuple[int, int], p1: float, p2: float, distance: float, times: float
) -> float:
    """Return |distance| in standard errors, taken at the restricted proportions, with the factor N/(N − 1)."""
    total = first[1] + second[1]
    variance = p1 * (1 - p1) / first[1] + times**2 * p2 * (1 - p2) / second[1]
    if variance <= 0:
        return 0.0 if abs(distance) < _EDGE else math.inf
    return abs(distance) / math.sqrt(variance * total / (total - 1))


def _apart(first: tuple[int, int], second: tuple[int, int], delta: float) -> tuple[float, float]:
    """Return the likeliest proportions that differ by `delta`: the root of a cubic.

    Source: Farrington & Manning, Stat Med 1990;9:1447.
    """
    share = second[1] / first[1]
    p1, p2 = first[0] / first[1], second[0] / second[1]
    a = 1 + share
    b = -(1 + share + p1 + share * p2 + delta * (share + 2))
    c = delta**2 + delta * (2 * p1 + share + 1) + p1 + share * p2
    d = -p1 * delta * (1 + delta)
    v = b**3 / (27 * a**3) - b * c / (6 * a**2) + d / (2 * a)
    u = math.copysign(math.sqrt(max(0.0, b**2 / (9 * a**2) - c / (3 * a))), v)
    turn = 1.0 if u == 0 else max(-1.0, min(1.0, v / u**3))
    found = 2 * u * math.cos((math.pi + math.acos(turn)) / 3) - b / (3 * a)
    found = min(1.0, max(0.0, found, delta), 1 + delta)
    return found, min(1.0, max(0.0, found - delta))


def _times(first: tuple[int, int], second: tuple[int, int], times: float) -> tuple[float, float]:
    """Return the likeliest proportions of which the first is `times` the second."""
    a = (first[1] + second[1]) * times
    b = first[1] * times + first[0] + second[1] + second[0] * times
    c = first[0] + second[0]
    p2 = (b - math.sqrt(max(0.0, b**2 - 4 * a * c))) / (2 * a)
    return min(1.0, times * p2), min(1.0, p2)
