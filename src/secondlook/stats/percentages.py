"""Printed percentages of whole numbers of patients: which handling of the digits, count or denominator prints them?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from secondlook.numbers.printed import Printed
from secondlook.stats.p_of_counts import HANDLED, prints, strings

#: Known patients are at least this share of a group: of a smaller one almost any percentage could come.
LEAST_KNOWN = Fraction(1, 2)


def share(n: int, size: int) -> Fraction:
    """Return n of size in per cent.

    Raises
    ------
    ValueError
        For a size below 1.
    """
    if size < 1:
        raise ValueError(f"a share of {size} patients is not defined")
    return Fraction(100 * n, size)


def handled(percent: Printed, n: int, size: int) -> str:
    """Return what was done to the digits of n of size to print the percentage (:data:`HANDLED`); empty when nothing."""
    return next((how for how in HANDLED if prints(share(n, size), percent, how)), "")


def other_counts(percent: Printed, size: int) -> list[int]:
    """Return every whole count out of `size` that prints the percentage (the GRIM question).

    Source: Brown and Heathers, The GRIM test, Soc Psychol Personal Sci 2017;8:363-369.
    """
    return [n for n in range(size + 1) if percent.matches(share(n, size))]


def known_sizes(percent: Printed, n: int, size: int) -> list[int]:
    """Return every number of known patients, from half of `size` to one less, of whom n print the percentage."""
    least = max(n, 1, int(LEAST_KNOWN * size))
    return [known for known in range(least, size) if percent.matches(share(n, known))]


def made_up(percent: Printed, others: Sequence[tuple[Printed, int, int]]) -> bool:
    """Return True when a percentage is 100 less the printed others, so that all add up to 100.

    Parameters
    ----------
    percent : Printed
    others : sequence of (Printed, int, int)
        Percentage, count and size of each other level. All must be rightly rounded: the percentage is then within
        their roundings of its own share.
    """
    whole = percent.value + sum(other.value for other, _, _ in others)
    return bool(others) and whole == 100 and all(handled(*other) == "rounded" for other in others)


def possible_strings(percent: Printed) -> int:
    """Return how many different percentages with as many decimals there are."""
    return 100 * 10**percent.places + 1


def chance(percent: Printed, values: Iterable[Fraction]) -> Fraction:
    """Return the chance that a percentage drawn evenly from those with as many decimals prints one of the values."""
    texts = set().union(*(strings(value, percent.places, how) for value in values for how in HANDLED))
    return min(Fraction(len(texts), possible_strings(percent)), Fraction(1))
