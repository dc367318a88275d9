"""Numbers as printed: a string, its unit of rounding, and the set of real values that print so.

A printed number is never a float. ``"3.270"`` and ``"3.27"`` are different statements: the first stands for the
values from 3.2695 to 3.2705, the second for those from 3.265 to 3.275. All arithmetic here is exact (fractions).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

Real = Fraction | int | float

# ASCII digits only: "٣" and "３" are digits to Python's \d, but no table of this kind prints them.
_PATTERN = re.compile(r"(?P<bound>[<>≤≥])?\s?(?P<sign>[-\u2212+])?(?P<whole>[0-9]*)(?:\.(?P<decimals>[0-9]+))?")
# Longer strings are no printed statistics, and a million digits would only cost time.
_LONGEST = 40

#: How a digit string may stand for a value. The first is the usual one; the second must be named where it is used.
READINGS = ("nearest", "truncated")


class NotPrintedError(ValueError):
    """The text is not a number as papers print them."""


@dataclass(frozen=True)
class Interval:
    """A set of reals between two ends, each of which may be open or infinite.

    Parameters
    ----------
    low, high : Fraction, int or float
        The ends; ``math.inf`` for none.
    low_open, high_open : bool
        True when the end itself does not belong to the set.

    Raises
    ------
    ValueError
        When the set would be empty.
    """

    low: Real
    high: Real
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        if self.low > self.high or (self.low == self.high and (self.low_open or self.high_open)):
            raise ValueError(f"empty interval: {self.low} to {self.high}")

    def meets(self, other: Interval) -> bool:
        """Return True when the two sets have a value in common."""
        return _begins_before(self, other) and _begins_before(other, self)

    def __contains__(self, value: Real) -> bool:
        return self.meets(Interval(value, value))

    def scaled(self, factor: Real) -> Interval:
        """Return the set of all ``factor * x``; a negative factor exchanges the ends."""
        if factor < 0:
            return Interval(self.high * factor, self.low * factor, self.high_open, self.low_open)
        return Interval(self.low * factor, self.high * factor, self.low_open, self.high_open)


def _begins_before(first: Interval, second: Interval) -> bool:
    """Return True when `first` does not begin after `second` has ended."""
    if first.low == second.high:
        return not (first.low_open or second.high_open)
    return first.low < second.high


@dataclass(frozen=True)
class Printed:
    """A number as printed.

    Attributes
    ----------
    text : str
        The string as it stands in the paper.
    value : Fraction
        The number that the digits write (for ``<0.001`` the bound itself).
    places : int
        Digits after the point; the unit of rounding is ``10 ** -places``.
    bound : str
        ``""`` for a plain number, else one of ``< > ≤ ≥``.
    """

    text: str
    value: Fraction
    places: int
    bound: str = ""

    @property
    def unit(self) -> Fraction:
        """The unit of rounding: 0.1 for ``"19.5"``, 1 for ``"8"``."""
        return Fraction(1, 10**self.places)

    @property
    def is_whole(self) -> bool:
        """True for a plain whole number printed without decimals, as counts are."""
        return not self.bound and self.places == 0 and self.value >= 0

    def stands_for(self, reading: str = "nearest") -> Interval:
        """Return the set of real values that print so.

        Parameters
        ----------
        reading : {"nearest", "truncated"}
            ``nearest`` takes both half-up and half-down ends, x ± unit/2 closed, for a paper does not say what its
            program does with halves. ``truncated`` is the set whose further digits were cut off.

        Raises
        ------
        ValueError
            For another reading.
        """
        if reading not in READINGS:
            raise ValueError(f"unknown reading {reading!r}: one of {', '.join(READINGS)}")
        if self.bound:
            return self._beyond_bound()
        if reading == "nearest":
            return Interval(self.value - self.unit / 2, self.value + self.unit / 2)
        if self.value == 0:  # both -0.04 and 0.04 are cut to 0.0
            return Interval(-self.unit, self.unit, True, True)
        if self.value < 0:
            return Interval(self.value - self.unit, self.value, True, False)
        return Interval(self.value, self.value + self.unit, False, True)

    def _beyond_bound(self) -> Interval:
        # A bound is a statement of its own and is not rounded: p = 0.00149 violates "<0.001".
        if self.bound in "<≤":
            return Interval(-math.inf, self.value, True, self.bound == "<")
        return Interval(self.value, math.inf, self.bound == ">", True)

    def matches(self, value: Real | Interval, reading: str = "nearest") -> bool:
        """Return True when `value` (or some value of the interval) prints so."""
        sought = value if isinstance(value, Interval) else Interval(value, value)
        return self.stands_for(reading).meets(sought)


def parse(text: str) -> Printed:
    """Read a printed number.

    Parameters
    ----------
    text : str
        Digits with an optional point, sign (ASCII or U+2212) and bound (``< > ≤ ≥``); no percent sign, no spaces
        other than one after the bound, no thousands separator, no exponent.

    Raises
    ------
    NotPrintedError
        With what was expected.
    """
    match = _PATTERN.fullmatch(text) if len(text) <= _LONGEST else None
    if not match or not (match["whole"] or match["decimals"]):
        shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
        raise NotPrintedError(f"{shown!r} is not a printed number such as 12, 19.5 or <0.001")
    decimals = match["decimals"] or ""
    value = Fraction(int((match["whole"] or "0") + decimals), 10 ** len(decimals))
    if match["sign"] in ("-", "\u2212"):
        value = -value
    return Printed(text, value, len(decimals), match["bound"] or "")


def show(value: Real, places: int, reading: str = "nearest") -> str:
    """Format a value with `places` decimals, halves away from zero (or further digits cut off).

    Floats are taken at their exact binary value, so pass fractions where a half matters.

    Examples
    --------
    >>> show(Fraction(1, 8), 2), show(Fraction(1, 8), 2, "truncated"), show(Fraction(-1, 8), 2)
    ('0.13', '0.12', '-0.13')
    """
    if reading not in READINGS:
        raise ValueError(f"unknown reading {reading!r}: one of {', '.join(READINGS)}")
    scaled = abs(Fraction(value)) * 10**places
    digits = str(math.floor(scaled + Fraction(1, 2)) if reading == "nearest" else math.floor(scaled))
    digits = digits.rjust(places + 1, "0")
    sign = "-" if value < 0 and digits.strip("0") else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def show_like(value: Real | Interval, like: Printed) -> str:
    """Format a value, or both ends of an interval where they differ, the way `like` prints its own.

    A p value below a printed bound is shown as that bound: ``show_like(0.0004, parse("<0.001"))`` is ``"<0.001"``.
    """
    if isinstance(value, Interval):
        ends = dict.fromkeys(show_like(end, like) for end in (value.low, value.high))
        return "–".join(ends)
    if like.bound and like.matches(value):
        return like.text
    return show(value, like.places)
