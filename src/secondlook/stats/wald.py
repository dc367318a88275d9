"""The Wald box: every pair (log hazard ratio, standard error) that prints all the numbers of one row of a Cox table.

A row prints a hazard ratio HR, its confidence limits L and U, and p. Under the Wald model all four come of two numbers,
b = log HR and its standard error s > 0::

    HR = exp(b)    L = exp(b − z s)    U = exp(b + z s)    p = 2 Φ(−|b| / s)

and every printed number, as an interval of reals, is a strip of the (b, s) half-plane between two straight lines. What
is common to the strips is one convex polygon, or two when p leaves the sign of b open. The row can be true when it is
not empty; every other quantity of the row has its extremes at the polygon's vertices, because it is monotone along
straight lines. (It is not enough to look at the corners of the box of inputs: |b| / s is smallest where b is 0.)

Lengths are in units of log hazard. Each line is moved outwards by :data:`TOLERANCE`, so that sets that share an end
meet in spite of floating point; that is far below half a unit of any number with up to seven decimals.

The model is Wald's. A profile-likelihood interval or a likelihood-ratio p beside a Wald interval makes another row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property, lru_cache

import numpy as np
from scipy.special import ndtr, ndtri

from secondlook.numbers.printed import Interval, Printed, parse

#: Level of confidence intervals where a paper prints none.
LEVEL = 0.95
#: How far each line is moved outwards, in log hazard.
TOLERANCE = 1e-9
#: Where the half-plane ends for polygons, in b and in s: exp(700) is the largest double, and programs print standard
#: errors of some thousands where a group has no events.
FAR_B, FAR_S = 1e3, 1e5
#: What stands for an infinite |b| / s. Its p value is far below the smallest double.
FAR_Z = 1e6

Point = tuple[float, float]
Polygon = tuple[Point, ...]
Ends = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """The numbers of one row; None for those that it does not print."""

    hr: Printed | None = None
    lower: Printed | None = None
    upper: Printed | None = None
    p: Printed | None = None

    @property
    def given(self) -> tuple[str, ...]:
        """Names of the numbers that the row prints."""
        return tuple(name for name in CELLS if getattr(self, name) is not None)

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """The strings as printed, in the order of :data:`CELLS`; empty for those not printed."""
        return tuple(number.text if (number := getattr(self, name)) else "" for name in CELLS)

    def without(self, *names: str) -> Line:
        """Return the row as if it did not print these numbers."""
        return replace(self, **dict.fromkeys(names))

    def __str__(self) -> str:
        hr, lower, upper, p = self.texts
        parts = [hr, f"({lower or '?'}–{upper or '?'})" if lower or upper else ""]
        ratio = " ".join(part for part in parts if part)
        # "p <0.001", as papers print it, and not "p = <0.001".
        return ", ".join(part for part in (ratio, f"p {p}" if p else "") if part)


#: Names of a row's numbers, in the order in which papers print them.
CELLS = tuple(field.name for field in fields(Line))


def as_line(hr: str = "", lower: str = "", upper: str = "", p: str = "") -> Line:
    """Return a row from strings, empty for what is not printed.

    Raises
    ------
    NotPrintedError
        For a string that is no printed number.
    """
    return Line(*(parse(text) if text else None for text in (hr, lower, upper, p)))


# From printed numbers to straight lines -----------------------------------------------------------------------------


@cache
def z_of_level(level: float = 0.95) -> Ends:
    """Return the least and the greatest multiple of the standard error that makes a confidence interval of `level`.

    Programs take the normal quantile (1.959964 for 95 %), hands its textbook rounding (1.96); either may be meant.

    Raises
    ------
    ValueError
        For a level that does not lie between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"a confidence level lies between 0 and 1, not at {level}")
    exact = float(ndtri((1 + level) / 2))
    textbook = round(exact, 2)
    return min(exact, textbook), max(exact, textbook)


def log_ends(number: Printed | None) -> Ends:
    """Return the ends of the logarithm of a printed ratio; (inf, -inf), an empty set, when no positive number is so."""
    if number is None:
        return -math.inf, math.inf
    interval = number.stands_for()
    if interval.high <= 0:
        return math.inf, -math.inf
    return math.log(interval.low) if interval.low > 0 else -math.inf, math.log(interval.high)


def z_ends(number: Printed | None) -> Ends:
    """Return the ends of |b| / s of a printed two-sided p; (FAR_Z, -1), an empty set, when no probability is so.

    A p whose interval reaches 1 allows |b| / s = 0, one whose interval reaches 0 has no largest |b| / s.
    """
    if number is None:
        return 0.0, FAR_Z
    interval = number.stands_for()
    if interval.low > 1 or interval.high < 0:
        return FAR_Z, -1.0
    low = -float(ndtri(min(1.0, float(interval.high)) / 2)) if interval.high > 0 else FAR_Z
    return min(low, FAR_Z), -float(ndtri(float(interval.low) / 2)) if interval.low > 0 else FAR_Z


@dataclass(frozen=True)
class HalfPlane:
    """The points with ``a * b + c * s <= d``."""

    a: float
    c: float
    d: float

    def clip(self, polygon: Polygon) -> Polygon:
        """Return the part of a convex polygon that lies in it (Sutherland and Hodgman, Commun ACM 1974;17:32-42)."""
        kept: list[Point] = []
        for (b0, s0), (b1, s1) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
            room0, room1 = self.d - self.a * b0 - self.c * s0, self.d - self.a * b1 - self.c * s1
            if room0 >= 0:
                kept.append((b0, s0))
            if (room0 < 0) != (room1 < 0):
                share = room0 / (room0 - room1)
                kept.append((b0 + share * (b1 - b0), s0 + share * (s1 - s0)))
        return tuple(dict.fromkeys(kept))


def _ratio_planes(line: Line, level: float) -> Iterator[HalfPlane]:
    """Yield the half-planes of HR, L and U; a limit may have been made with the least or the greatest z."""
    least, greatest = z_of_level(level)
    slopes = {"hr": (0.0, 0.0), "lower": (-greatest, -least), "upper": (least, greatest)}
    for name, (for_high, for_low) in slopes.items():
        low, high = log_ends(getattr(line, name))
        if high < math.inf:
            yield HalfPlane(1.0, for_high, high + TOLERANCE)
        if low > -math.inf:
            yield HalfPlane(-1.0, -for_low, -low + TOLERANCE)


def _p_planes(line: Line, sign: int) -> Iterator[HalfPlane]:
    """Yield the half-planes of p on one side of b = 0."""
    low, high = z_ends(line.p)
    yield HalfPlane(-sign, 0.0, TOLERANCE)
    yield HalfPlane(-sign, low, TOLERANCE)
    yield HalfPlane(sign, -high, TOLERANCE)


# The box ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Box:
    """All (b, s) that print a row.

    Attributes
    ----------
    polygons : tuple of polygons
        Vertices (b, s) in order. None: the row cannot be true. Two: b may be on either side of 0.
    z : (float, float)
        The least and the greatest multiple of s that makes the confidence limits.
    """

    polygons: tuple[Polygon, ...]
    z: Ends

    @property
    def is_empty(self) -> bool:
        """True when no pair prints the row."""
        return not self.polygons

    def _range(self, of: Callable[[float, float], float]) -> Interval:
        if self.is_empty:
            raise ValueError("an empty box has no ranges")
        values = [of(b, s) for polygon in self.polygons for b, s in polygon]
        return Interval(min(values), max(values))

    @cached_property
    def b(self) -> Interval:
        """Range of the log hazard ratio."""
        return self._range(lambda b, _: _unbounded(b))

    @cached_property
    def s(self) -> Interval:
        """Range of the standard error; 0 and infinity where the row sets no bound."""
        found = self._range(lambda _, s: s)
        return Interval(max(0.0, found.low), math.inf if found.high > FAR_S / 4 else found.high)

    @cached_property
    def hr(self) -> Interval:
        """Range of the hazard ratio."""
        return _exponential(self.b)

    @cached_property
    def lower(self) -> Interval:
        """Range of the lower confidence limit."""
        low = self._range(lambda b, s: b - self.z[1] * s).low
        return _exponential(Interval(_unbounded(low), _unbounded(self._range(lambda b, s: b - self.z[0] * s).high)))

    @cached_property
    def upper(self) -> Interval:
        """Range of the upper confidence limit."""
        low = self._range(lambda b, s: b + self.z[0] * s).low
        return _exponential(Interval(_unbounded(low), _unbounded(self._range(lambda b, s: b + self.z[1] * s).high)))

    @cached_property
    def information(self) -> Interval:
        """Range of 1 / s², the information about b, which bounds the number of events from below."""
        s = self.s
        return Interval(1 / s.high**2, 1 / s.low**2 if s.low > 0 else math.inf)

    @cached_property
    def p(self) -> Interval:
        """Range of the two-sided Wald p; its upper end is 1 when the box straddles the null."""
        pieces = [_z_range(polygon) for polygon in self.polygons]
        if not pieces:
            raise ValueError("an empty box has no ranges")
        least, greatest = min(low for low, _ in pieces), max(high for _, high in pieces)
        return Interval(float(2 * ndtr(-greatest)), float(2 * ndtr(-least)))


def _unbounded(logarithm: float) -> float:
    return math.copysign(math.inf, logarithm) if abs(logarithm) > FAR_B / 4 else logarithm


def _exponential(interval: Interval) -> Interval:
    return Interval(math.exp(interval.low), math.exp(interval.high))


def _z_range(polygon: Polygon) -> Ends:
    """Return the least and the greatest |b| / s in a polygon.

    b / s is monotone along every segment with s > 0, so that its extremes lie at vertices; |b| / s is 0 where b is.
    """
    ratios = [abs(b) / s if s > 0 else (math.inf if b else 0.0) for b, s in polygon]
    signs = [b for b, _ in polygon]
    straddles = min(signs) <= 0 <= max(signs) or max(s for _, s in polygon) > FAR_S / 4
    return 0.0 if straddles else min(ratios), max(ratios)


@lru_cache(maxsize=4096)
def box(line: Line, level: float = 0.95) -> Box:
    """Return the set of all (b, s) that print a row.

    Parameters
    ----------
    line : Line
        Any of its numbers may be missing, with any decimals, or be bounds such as ``<0.001``.
    level : float
        Level of the confidence interval.

    Examples
    --------
    >>> box(as_line("2.745", "1.449", "5.200", "0.002")).is_empty
    False
    >>> box(as_line("0.963", "0.551", "0.813", "0.907")).is_empty
    True
    """
    whole: Polygon = ((-FAR_B, 0.0), (FAR_B, 0.0), (FAR_B, FAR_S), (-FAR_B, FAR_S))
    for plane in _ratio_planes(line, level):
        whole = plane.clip(whole)
    if line.p is None:
        return Box((whole,) if whole else (), z_of_level(level))
    polygons = []
    for sign in (-1, 1):
        part = whole
        for plane in _p_planes(line, sign):
            part = plane.clip(part)
        polygons.append(part)
    return Box(tuple(part for part in polygons if part), z_of_level(level))


def implied_p(line: Line, level: float = 0.95) -> Interval | None:
    """Return the range of p that HR, L and U alone imply; None when the three cannot be true together.

    Examples
    --------
    >>> p = implied_p(as_line("1.02", "0.60", "1.73"))
    >>> round(p.low, 2), round(p.high, 2)
    (0.93, 0.96)
    """
    found = box(line.without("p"), level)
    return None if found.is_empty else found.p


def is_ordered(line: Line) -> bool:
    """Return True when L ≤ HR ≤ U can hold for the numbers as printed; also when fewer than two are printed."""
    present = [number.stands_for() for number in (line.lower, line.hr, line.upper) if number is not None]
    return all(first.low <= second.high for i, first in enumerate(present) for second in present[i:])


# Possible or not, without the polygon: for one row, and for many at once ---------------------------------------------
#
# b is eliminated by hand (Fourier and Motzkin): each pair of a line that bounds b from below and one that bounds it
# from above is a bound on s; a box holds a point when the greatest lower bound on s is at most the least upper one.


def is_possible(hr: Ends, lower: Ends, upper: Ends, z: Ends, level: float = 0.95) -> bool:
    """Return whether the box of one row holds a point; quicker than the polygon by two orders of magnitude.

    Parameters
    ----------
    hr, lower, upper : pair of floats
        Ends of the logarithms, as `log_ends` gives them.
    z : pair of floats
        Ends of |b| / s, as `z_ends` gives them.
    level : float
        Level of the confidence intervals.
    """
    zs = z_of_level(level)
    return is_possible_with(hr, lower, upper, z, zs, zs)


def is_possible_with(hr: Ends, lower: Ends, upper: Ends, z: Ends, to_lower: Ends, to_upper: Ends) -> bool:
    """Return the same for limits that lie other multiples of s from b, each between its two ends."""
    if any(low > high for low, high in (hr, lower, upper, z)):
        return False
    mirrored = ((-high, -low) for low, high in (hr, upper, lower))
    return _holds_above(*_lines(hr, lower, upper, z, to_lower, to_upper)) or _holds_above(
        *_lines(*mirrored, z, to_upper, to_lower)
    )


def _lines(
    hr: tuple, lower: tuple, upper: tuple, z: tuple, to_lower: Ends, to_upper: Ends
) -> tuple[list[tuple], list[tuple]]:
    """Return the lines (constant, slope in s) that bound b from below and from above where b ≥ 0."""
    below = [
        (hr[0] - TOLERANCE, 0.0),
        (lower[0] - TOLERANCE, to_lower[0]),
        (upper[0] - TOLERANCE, -to_upper[1]),
        (-TOLERANCE, z[0]),
        (-TOLERANCE, 0.0),
    ]
    above = [
        (hr[1] + TOLERANCE, 0.0),
        (lower[1] + TOLERANCE, to_lower[1]),
        (upper[1] + TOLERANCE, -to_upper[0]),
        (TOLERANCE, z[1]),
    ]
    return below, above


def _holds_above(below: list[tuple], above: list[tuple]) -> bool:
    """Return whether some s from 0 to FAR_S leaves room between the lines."""
    s_low, s_high = 0.0, FAR_S
    for c0, m0 in below:
        for c1, m1 in above:
            room, slope = c1 - c0, m0 - m1  # slope * s <= room
            if slope > 0:
                s_high = min(s_high, room / slope)
            elif slope < 0:
                s_low = max(s_low, room / slope)
            elif room < 0:
                return False
    return s_low <= s_high


def possible(hr: tuple, lower: tuple, upper: tuple, z: tuple, level: float = 0.95) -> np.ndarray:
    """Return for many rows at once what `is_possible` says of one.

    Parameters
    ----------
    hr, lower, upper, z : pair of arrays or floats
        As for `is_possible`.
    level : float
        Level of the confidence intervals.

    Returns
    -------
    array of bool
        In the shape to which the arrays broadcast.
    """
    hr, lower, upper, z = ((np.asarray(low, float), np.asarray(high, float)) for low, high in (hr, lower, upper, z))
    proper = [low <= high for low, high in (hr, lower, upper, z)]
    zs = z_of_level(level)
    mirrored = [(-high, -low) for low, high in (hr, upper, lower)]
    room = _hold_above(*_lines(hr, lower, upper, z, zs, zs)) | _hold_above(*_lines(*mirrored, z, zs, zs))
    return np.logical_and.reduce(np.broadcast_arrays(room, *proper))


def _hold_above(below: list[tuple], above: list[tuple]) -> np.ndarray:
    holds: np.ndarray = np.True_
    s_low, s_high = 0.0, FAR_S
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for c0, m0 in below:
            for c1, m1 in above:
                room, slope = c1 - c0, np.subtract(m0, m1)  # slope * s <= room
                bound = room / slope
                s_high = np.where(slope > 0, np.minimum(s_high, bound), s_high)
                s_low = np.where(slope < 0, np.maximum(s_low, bound), s_low)
                holds = holds & ((slope != 0) | (room >= 0))
    return holds & (s_low <= s_high)
