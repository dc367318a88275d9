"""Small slips between two digit strings, and how often chance alone would look like one."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import pairwise

_DIGITS = "0123456789"


def _positions(text: str) -> list[int]:
    return [i for i, c in enumerate(text) if c in _DIGITS]


@cache
def one_digit(text: str) -> frozenset[str]:
    """Return all strings that differ from `text` in exactly one digit."""
    return frozenset(
        text[:i] + digit + text[i + 1 :] for i in _positions(text) for digit in _DIGITS if digit != text[i]
    )


@cache
def exchanged(text: str) -> frozenset[str]:
    """Return all strings that arise when two neighbouring digits change places (across the point too)."""
    places = _positions(text)
    swapped = set()
    for i, j in pairwise(places):
        letters = list(text)
        letters[i], letters[j] = letters[j], letters[i]
        swapped.add("".join(letters))
    return frozenset(swapped - {text})


@cache
def lost_or_added(text: str) -> frozenset[str]:
    """Return all strings with one digit before the point lost or added."""
    whole = len(text.partition(".")[0])
    lost = {text[:i] + text[i + 1 :] for i in range(whole)} if whole > 1 else set()
    added = {text[:i] + digit + text[i:] for i in range(whole + 1) for digit in _DIGITS}
    return frozenset({t for t in lost | added if not (t[0] == "0" and t[1:2].isdigit())} - {text})


#: Kinds of slip, smallest first, with the strings that each reaches from a given one.
KINDS = {"one digit": one_digit, "two neighbouring digits exchanged": exchanged, "a digit lost or added": lost_or_added}


def slip(printed: str, true: str) -> str:
    """Return the smallest kind of slip that leads from `true` to `printed`; empty when none does.

    Examples
    --------
    >>> slip("37.4", "37.0"), slip("60.1", "61.0"), slip("13.1", "11.8")
    ('one digit', 'two neighbouring digits exchanged', '')
    """
    return next((kind for kind, reach in KINDS.items() if printed in reach(true)), "")


def chance_of_slip(true: str, strings: int) -> Fraction:
    """Return the chance that one of `strings` equally likely printed numbers is a small slip of `true`.

    Parameters
    ----------
    true : str
        The number that should stand there.
    strings : int
        How many different numbers, from 0 up in steps of its last decimal, could have been printed in its place (1001
        for a percentage with one decimal). A slip that leads to none of them, as 137.0 or 07.0, does not count.
    """
    largest = Fraction(strings - 1, 10 ** len(true.partition(".")[2]))
    reached = frozenset().union(*(reach(true) for reach in KINDS.values()))
    printable = [text for text in reached if not (text[0] == "0" and text[1:2].isdigit()) and Fraction(text) <= largest]
    return Fraction(len(printable), strings)
