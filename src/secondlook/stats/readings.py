"""Readings of a row: by which methods can a ratio, its limits and its p have been made, and what do they allow?

Wald's model (:mod:`secondlook.stats.wald`) makes limits and p of two numbers, b and its standard error s. Others make
them of the whole likelihood, and lie apart from Wald's by no more than :mod:`secondlook.stats.readings_theory` derives.
A reading takes those bounds "slack" times, for models with other covariates, and slopes c of up to "skew per root
event" over s, for continuous ones (a skewness of 2 with 44 events).

Of exact, mid-p and bootstrap intervals no bound is known. They are taken as *free*: off centre by up to a fixed share
of their half-width, and never accused of less. Simultaneous intervals are symmetric with a larger multiple of s, and
their p is that of one comparison or adjusted (Šidák, J Am Stat Assoc 1967;62:626-633).

The constants stand in ``readings.json``, which the page reads too. Only the normal distribution is needed here.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from scipy.special import ndtr, ndtri

from secondlook.numbers.printed import Printed
from secondlook.stats.readings_theory import limit_bend, limit_factor, lr_factor, score_factors
from secondlook.stats.wald import FAR_Z, Ends, Line, implied_p, is_possible_with, z_of_level

#: All constants, shared with the page.
CONSTANTS = json.loads((Path(__file__).parent / "readings.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class PrintedRow:
    """A row as printed, with what is said of its making.

    Attributes
    ----------
    line : Line
        The ratio, its limits and p.
    label, measure : str
        What the row is called, and what its ratio is (``HR``, ``OR``, …); empty when unknown.
    level : float or None
        Level of the confidence interval, between 0 and 1.
    sides : int or None
        1 or 2: whether p is one-sided.
    interval, p_of, digits : str
        The kind of interval, the test that p is of, ``rounded`` or ``cut``; empty when unknown.

    Raises
    ------
    ValueError
        For a level, number of sides or kind that is none.
    """

    line: Line
    label: str = ""
    measure: str = ""
    level: float | None = None
    sides: int | None = None
    interval: str = ""
    p_of: str = ""
    digits: str = ""

    def __post_init__(self) -> None:
        if self.level is not None and not 0 < self.level < 1:
            raise ValueError(f"a confidence level lies between 0 and 1, not at {self.level}")
        if self.sides not in (None, 1, 2):
            raise ValueError(f"a p value has one side or two, not {self.sides}")
        for name, known in KINDS.items():
            if getattr(self, name) not in ("", *known):
                raise ValueError(f"unknown {name} {getattr(self, name)!r}: one of {', '.join(known)}")

    @property
    def making(self) -> tuple:
        """What is said of how the row was made; rows of one making are judged together."""
        return (self.level, self.sides, self.interval, self.p_of, self.digits)


#: The words that a row may carry.
KINDS = {
    "interval": (*CONSTANTS["kinds of interval"], *CONSTANTS["no such interval"]),
    "p_of": (*CONSTANTS["kinds of p"], *CONSTANTS["no such p"]),
    "digits": ("rounded", "cut"),
}


@dataclass(frozen=True)
class RowReading:
    """One way in which a whole table may have been made.

    Attributes
    ----------
    key, says : str
        A short name, and what it is in words.
    interval : {"wald", "profile", "simultaneous", "free"}
    p_of : {"wald", "lr", "score", "exact", "adjusted"}
    prior : float
        How common it is taken to be among tables that do not say.
    digits : {"rounded", "cut", "some cut"}
    sides : int
    level : float
    """

    key: str
    interval: str
    p_of: str
    prior: float
    says: str
    digits: str = "rounded"
    sides: int = 2
    level: float = 0.95

    @property
    def is_wald(self) -> bool:
        """True when two numbers alone make the row: no method's slack."""
        return self.interval == "wald" and self.p_of == "wald"

    @property
    def holds_wald(self) -> bool:
        """True when whatever Wald's method prints, rounded, this reading could print too."""
        others = self.interval in ("profile", "free") or self.p_of in ("lr", "score", "exact")
        return others and self.interval != "simultaneous" and (self.digits, self.sides) == ("rounded", 2)


READINGS = tuple(RowReading(**entry) for entry in CONSTANTS["readings"])
_WALD = READINGS[0]


def readings_for(row: PrintedRow) -> tuple[RowReading, ...]:
    """Return the readings that what is said of a row leaves open, Wald's first.

    Another level than 95 % is only among them when none is said.
    """
    interval, p_of = CONSTANTS["kinds of interval"].get(row.interval), CONSTANTS["kinds of p"].get(row.p_of)
    found = []
    for reading in READINGS:
        if (interval or reading.interval) != reading.interval or row.digits not in ("", reading.digits):
            continue
        if (p_of or reading.p_of) != reading.p_of or (row.sides or reading.sides) != reading.sides:
            continue
        found.append(replace(reading, level=row.level or reading.level))
    found = found or [_declared(row, interval, p_of)]
    wald = next((r for r in found if r.key == "wald"), None)
    if wald and row.level is None:
        prior = CONSTANTS["other level prior"]
        levels = [level for level in CONSTANTS["levels"] if level != wald.level]
        found += [
            replace(
                wald,
                key=f"level-{level}",
                level=level,
                prior=prior,
                says=f"Wald interval of {100 * level:g} % and Wald p",
            )
            for level in levels
        ]
    return tuple(found)


def _declared(row: PrintedRow, interval: str | None, p_of: str | None) -> RowReading:
    """Return the reading that a row declares when none of the usual ones is it."""
    interval, p_of, digits, sides = interval or "wald", p_of or "wald", row.digits or "rounded", row.sides or 2
    says = f"{row.interval or 'Wald'} interval and {'one-sided ' if sides == 1 else ''}p of {row.p_of or 'Wald'}"
    says += ", further digits cut off" if digits == "cut" else ""
    return RowReading("declared", interval, p_of, 1.0, says, digits, sides, row.level or 0.95)


# Printed numbers as ends ---------------------------------------------------------------------------------------------


def real_ends(number: Printed | None, digits: str, units: float = 0.5) -> Ends | None:
    """Return the ends of the reals that print so, rounded to `units` of a last digit or cut off; None for no number."""
    if number is None:
        return None
    if number.bound:
        interval = number.stands_for()
        return float(interval.low), float(interval.high)
    value, unit = float(number.value), float(number.unit)
    low, high = {"cut": (0.0, 1.0), "some cut": (units, 1.0)}.get(digits, (units, units))
    return value - low * unit, value + high * unit


def _log(ends: Ends | None) -> Ends:
    if ends is None:
        return -math.inf, math.inf
    low, high = ends
    if high <= 0:
        return math.inf, -math.inf
    return math.log(low) if low > 0 else -math.inf, math.log(high)


def z_of_p(ends: Ends | None, sides: int = 2, comparisons: Ends = (1.0, 1.0)) -> Ends:
    """Return the ends of |z| of a p between two ends; (FAR_Z, -1), an empty set, when no probability is so.

    A one-sided p belongs to |z| on either side: p or 1 − p is the smaller tail. A p that was adjusted for k comparisons
    (Šidák) belongs to 1 − (1 − p)^(1/k), with k between its ends.
    """
    if ends is None:
        return 0.0, FAR_Z
    low, high = max(ends[0], 0.0), min(ends[1], 1.0)
    if low > high:
        return FAR_Z, -1.0
    if sides == 1:
        low, high = (2 * low, 2 * high) if high <= 0.5 else (2 * (1 - high), 2 * (1 - low)) if low >= 0.5 else (
            2 * min(low, 1 - high), 1.0)  # fmt: skip
    fewest, most = comparisons
    low, high = (
        -math.expm1(math.log1p(-low) / most) if low < 1 else 1.0,
        (-math.expm1(math.log1p(-high) / fewest) if high < 1 else 1.0),
    )
    return _z(high), _z(low)


def _z(p: float) -> float:
    return min(FAR_Z, -float(ndtri(p / 2))) if p > 0 else FAR_Z


def _p_factors(p_of: str, x: float, b: float) -> Ends:
    """Return the least and the greatest factor between a test's z and Wald's, for |c b| up to x."""
    x = min(x, CONSTANTS["slack"] * b) if p_of == "exact" else x  # exact tests are made of two groups
    by_lr, by_score = (lr_factor(x), lr_factor(-x)), score_factors(b)
    ties = CONSTANTS["ties"]
    if p_of == "lr":
        return by_lr
    if p_of == "score":
        return min(by_score[0], 1 - x / 24) - ties, max(by_score[1], 1 + x / 24) + ties
    if p_of == "exact":
        return min(by_lr[0], by_score[0]) - ties, max(by_lr[1], by_score[1]) + ties
    return 1.0, 1.0


@dataclass(frozen=True)
class Slice:
    """A part of what a reading allows: multiples of s to each limit, and the comparisons that p is adjusted for."""

    to_lower: Ends
    to_upper: Ends
    comparisons: Ends = (1.0, 1.0)


def _even(most: float) -> Iterator[Ends]:
    cells = CONSTANTS["cells"]
    yield from itertools.pairwise([most * (2 * i / cells - 1) for i in range(cells + 1)])


def _times(zs: Ends, first: float, second: float) -> Ends:
    return zs[0] * min(first, second), zs[1] * max(first, second)


def _cells(reading: RowReading, found: Shape) -> Iterator[Slice]:
    """Yield the parts of a reading for a row of some half-width (z s) and slopes c of log I up to its skew."""
    half, skew = found.half, found.skew
    zs = z_of_level(reading.level)
    if reading.interval == "wald":
        yield Slice(zs, zs)
    elif reading.interval == "profile":
        bent = min(0.3, CONSTANTS["slack"] * max(1.0, (skew / CONSTANTS["slack"]) ** 2) * limit_bend(half))
        zs = (zs[0] * (1 - bent), zs[1] * (1 + bent))
        for y0, y1 in _even(min(skew * half, 50.0)):
            lower = _times(zs, limit_factor(-y0), limit_factor(-y1))
            yield Slice(lower, _times(zs, limit_factor(y0), limit_factor(y1)))
    elif reading.interval == "free":
        for a0, a1 in _even(off_centre(found, reading)):
            yield Slice(_times(zs, 1 - a0, 1 - a1), _times(zs, 1 + a0, 1 + a1))
    else:
        numbers = CONSTANTS["comparisons"]
        for fewest, most in itertools.pairwise(numbers):
            multiples = tuple(_z(-math.expm1(math.log(reading.level) / k)) for k in (fewest, most))
            yield Slice(multiples, multiples, (fewest, most) if reading.p_of == "adjusted" else (1.0, 1.0))


# Does a reading explain a row? ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shape:
    """What is known of a row before its limits are explained: its half-width z s, s, the largest |b| and |c|."""

    half: float
    s: float
    b: float
    skew: float


@lru_cache(maxsize=4096)
def shape(line: Line, level: float, wide: bool = False) -> Shape:
    """Return the shape of a row; a missing or infinite limit leaves s open and the slopes at their bound."""
    hr, lower, upper = (_log(real_ends(n, "rounded")) for n in (line.hr, line.lower, line.upper))
    ends = [abs(end) for end in (hr if line.hr else (*lower, *upper)) if math.isfinite(end)]
    b = max(ends, default=0.0)
    span = upper[1] - lower[0]
    if not math.isfinite(span) and math.isfinite(upper[0] - hr[1]):
        span = 2 * (upper[1] - hr[0])
    half = span / 2 if math.isfinite(span) and span > 0 else math.inf
    s = half / z_of_level(level)[0]
    skew = CONSTANTS["slack"] * max(1.0, CONSTANTS["skew per root event"][wide] / s)
    return Shape(half, s, b, skew)


@lru_cache(maxsize=65536)
def explains(line: Line, reading: RowReading, roughly: bool = False, wide: bool = False) -> bool:
    """Return whether some numbers print a row that was made so.

    Parameters
    ----------
    line : Line
        Any of its numbers may be missing.
    reading : RowReading
        How it was made.
    roughly : bool
        Whether it may have been made by hand: each number rounded twice (a unit of its last digit either way), the
        ratio and its limits worked out from b and s that were rounded before ("by hand" in log, or that share of s).
    wide : bool
        Whether a covariate may be as skewed as a marker in its own units (the second "skew per root event").

    Examples
    --------
    >>> from secondlook.stats.wald import as_line
    >>> wald, lr = (next(r for r in READINGS if r.key == key) for key in ("wald", "wald-lr"))
    >>> row = as_line("0.127", "0.014", "1.147", "0.031")  # p of the likelihood-ratio test
    >>> explains(row, wald), explains(row, lr)
    (False, True)
    """
    if reading.holds_wald and explains(line, replace(_WALD, level=reading.level), roughly):
        return True
    units = 1.0 if roughly else 0.5
    hr, lower, upper = (_log(real_ends(n, reading.digits, units)) for n in (line.hr, line.lower, line.upper))
    p = real_ends(line.p, reading.digits, units)
    if reading.sides == 1 and line.p and line.p.bound in (">", "≥"):
        p = (p[0], 0.5)  # who writes "not significant" does not mean the other tail
    found = shape(line, reading.level, wide)
    by_hand = min(CONSTANTS["by hand"][0], CONSTANTS["by hand"][1] * found.s) if roughly else 0.0
    hr, lower, upper = (
        (low - by_hand * times, high + by_hand * times) for (low, high), times in ((hr, 1), (lower, 3), (upper, 3))
    )
    least, greatest = _p_factors(reading.p_of, min(found.skew * found.b, 50.0), found.b)
    loss = found.s / 2 if reading.p_of == "exact" else by_hand * (1 + found.b / found.s) / found.s
    for cell in _cells(reading, found):
        z = z_of_p(p, reading.sides, cell.comparisons)
        z = (max(0.0, z[0] - loss) / greatest, min(FAR_Z, (z[1] + loss) / least)) if z[0] <= z[1] else z
        if is_possible_with(hr, lower, upper, z, cell.to_lower, cell.to_upper):
            return True
    return False


def off_centre(found: Shape, reading: RowReading) -> float:
    """Return how far off b the centre of a reading's interval can lie, as a share of its half-width."""
    by_skew = min(found.skew * found.half / 6, 0.9)
    return {"profile": by_skew, "free": max(CONSTANTS["off centre"], by_skew)}.get(reading.interval, 0.0)


def p_ranges(line: Line, reading: RowReading) -> list[Ends]:
    """Return the two-sided or one-sided p that a reading allows beside the printed ratio and limits, as ranges."""
    triple = implied_p(line, reading.level)
    if triple is None:
        return []
    found = shape(line, reading.level)
    least, greatest = _p_factors(reading.p_of, min(found.skew * found.b, 50.0), found.b)
    loss = found.s / 2 if reading.p_of == "exact" else 0.0
    low, high = _z(float(triple.high)), _z(float(triple.low))
    p = float(2 * ndtr(-high * greatest - loss)), float(2 * ndtr(-max(0.0, low * least - loss)))
    return [p] if reading.sides == 2 else [(p[0] / 2, p[1] / 2), (1 - p[1] / 2, 1 - p[0] / 2)]
