"""Which test, and which handling of its digits, turns a table of counts into a printed p value?

A *reading* is a test (one for tables without order, one over ordered levels, or Fisher's one side doubled) and what was
done to its digits: rounded, cut off, or rounded twice (0.8785, then 0.879). A p value that only a named reading gives
comes with the chance that a random p value would have been matched too, from the union of the strings that all readings
print; a hull would count strings that none of them prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from secondlook.numbers.printed import Interval, Printed, Real, parse, show
from secondlook.stats.contingency import TESTS, WALD_TESTS, Counts, all_tests, occupied
from secondlook.stats.ordered import ORDERED_TESTS

#: Relative error of values that programs compute in floating point; far below any printed digit.
_SLACK = Fraction(1, 10**11)
#: The tests that a p value is held against where the paper names none.
CUSTOMARY = ("pearson", "fisher")
_DOUBLED = "fisher_doubled"
#: Tests over ordered levels that, of two levels, are one of the tests without order.
AS_2X2 = {"kruskal_wallis": "n_minus_1", "cochran_armitage": "pearson", "linear_by_linear": "n_minus_1"}
#: Names of all tests by key, the usual ones first.
NAMES: dict[str, str] = {
    **{key: name for key, (name, _) in TESTS.items()},
    _DOUBLED: "Fisher's exact test, the smaller side doubled",
    **{key: name for key, (name, _) in ORDERED_TESTS.items()},
    **{key: name for key, (name, _) in WALD_TESTS.items()},
}
#: What may have been done to the digits of a p value or a percentage, with the words that a reading adds.
HANDLED = {"rounded": "", "cut": "digits cut off", "twice": "rounded twice"}


@dataclass(frozen=True)
class PReading:
    """A test and what was done to its digits."""

    test: str
    handled: str = "rounded"

    @property
    def name(self) -> str:
        """The reading in words."""
        return ", ".join(part for part in (NAMES[self.test], HANDLED[self.handled]) if part)


@lru_cache(maxsize=4096)
def p_values(table: Counts) -> dict[str, Real]:
    """Return the p value of every test that is defined for the table, by key of :data:`NAMES`.

    Parameters
    ----------
    table : tuple of tuple of int
        One row per level, in order where there is one, and one column per group.
    """
    found: dict[str, Real] = dict(all_tests(table))
    if "fisher_less" in found:
        found[_DOUBLED] = min(Fraction(1), 2 * min(found["fisher_less"], found["fisher_greater"]))
    others = {key: test(table) for key, (_, test) in ORDERED_TESTS.items() if len(table) > 2 or key not in AS_2X2}
    others |= {key: test(occupied(table)) for key, (_, test) in WALD_TESTS.items()}
    return found | {key: p for key, p in others.items() if p is not None}


def is_complete(table: Counts) -> bool:
    """Return True when all usual tests could be computed; of a large table with several levels the exact one cannot."""
    return set(CUSTOMARY) <= p_values(table).keys() or "pearson" not in p_values(table)


def as_probability(printed: Printed) -> Printed:
    """Return a p value printed ``0`` or ``1`` as one that its program prints so, to two decimals at least.

    Without decimals it would stand for everything from 0.5, which no one means.
    """
    return parse(f"{printed.text}.00") if not (printed.places or printed.bound) else printed


def prints(value: Real, printed: Printed, handled: str = "rounded") -> bool:
    """Return True when a value, handled so, gives the printed digits (or lies beyond the printed bound).

    Raises
    ------
    ValueError
        For a handling that is none of :data:`HANDLED`.
    """
    if handled not in HANDLED:
        raise ValueError(f"unknown handling {handled!r}: one of {', '.join(HANDLED)}")
    if handled == "twice":  # a first rounding to one more decimal; a tie then goes up or to the even digit
        return not printed.bound and printed.matches(Fraction(show(value, printed.places + 1)))
    if handled == "cut":
        return not printed.bound and printed.matches(Interval(_around(value)[0], value), "truncated")
    return printed.matches(Interval(*_around(value)))


def _around(value: Real) -> tuple[Real, Real]:
    """Return the ends of what a program may have computed: 0.999… for 1.0, but an exact fraction as it is."""
    slack = abs(Fraction(value)) * _SLACK if isinstance(value, float) else 0
    return Fraction(value) - slack, Fraction(value) + slack


def strings(value: Real, places: int, handled: str = "rounded") -> set[str]:
    """Return what a value may be printed as with so many decimals: two strings where it is rounded from a tie."""
    if handled == "cut":
        return {show(end, places, "truncated") for end in (_around(value)[0], value)}
    low, high = _around(Fraction(show(value, places + 1)) if handled == "twice" else value)
    just_below = low - Fraction(1, 10 ** (places + 15))  # rounds down from a tie
    return {show(just_below, places), show(high, places)}


def readings(table: Counts, printed: Printed, tests: Iterable[str] = NAMES, handled: Iterable[str] = HANDLED) -> list:
    """Return every reading that gives the printed p, rounded before cut off, usual tests before others.

    Returns
    -------
    list of PReading
    """
    found, printed = p_values(table), as_probability(printed)
    tried = [(PReading(test, how), _computed(found[test], how)) for how in handled for test in tests if test in found]
    return [reading for reading, p in tried if prints(p, printed, reading.handled)]


def _computed(p: Real, handled: str) -> Real:
    """Return a p value as programs have it, in floating point, where cutting digits off shows the difference."""
    return float(p) if handled == "cut" else p


def is_possible(printed: Printed) -> bool:
    """Return True for what a p value can be: from 0 to 1, a bound of which something is left there."""
    if printed.bound in ("<", "≤"):
        return 0 < printed.value <= 1
    return 0 <= printed.value < 1 if printed.bound else 0 <= printed.value <= 1


def possible_strings(printed: Printed) -> int:
    """Return how many different p values with as many decimals there are."""
    return 10 ** as_probability(printed).places + 1


def chance_of_strings(texts: set[str], printed: Printed) -> Fraction:
    """Return the chance that a p value drawn evenly from the printable ones is among these strings."""
    return min(Fraction(len(texts), possible_strings(printed)), Fraction(1))


def chance(tables: Iterable[Counts], printed: Printed) -> Fraction:
    """Return the chance that a p value drawn evenly from the printable ones would be given by some reading.

    A bound, with the same sign before it, is matched whenever it lies beyond the p value nearest to it, which is often.
    """
    found = [p for table in tables for p in p_values(table).values()]
    count = possible_strings(printed)
    if printed.bound:
        bounds = [Fraction(n, count - 1) for n in range(count)]
        below = printed.bound in "<≤"
        return Fraction(sum(b > min(found) if below else b < max(found) for b in bounds), count)
    places = as_probability(printed).places
    texts = (strings(_computed(p, how), places, how) for p in found for how in HANDLED)
    return chance_of_strings(set().union(*texts), printed)


def transformed(table: Counts, printed: Printed, tests: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what a slip would have printed: (printed string, what was done, the p it was done to as it would print).

    The complement 1 − p, the doubled and the halved p, and the point moved by one place (0.530 for 0.053), of each
    test given. Nothing of it is above 1, unless the printed p is.
    """
    places, most = printed.places, max(Fraction(1), printed.value)
    values = p_values(table)
    for key in tests:
        if key not in values:
            continue
        p = Fraction(values[key])
        shown = Fraction(show(p, places))
        slips = [("the complement of", 1 - p), ("twice", 2 * p), ("half of", p / 2)]
        slips += [("a moved point in", moved) for of in (p, shown) for moved in (10 * of, of / 10)]
        for what, slipped in slips:
            if 0 <= slipped <= most:
                yield show(slipped, places), f"{what} {NAMES[key]}", show(p, places)
