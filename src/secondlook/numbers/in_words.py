"""Lists, first letters and small chances as sentences have them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction


def listed(items: Iterable[object]) -> str:
    """Return items as a list in words.

    >>> listed("abc"), listed([1])
    ('a, b and c', '1')
    """
    texts = list(map(str, items))
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def capital(words: str) -> str:
    """Return words with a large first letter, as a sentence begins; the symbol p stays small.

    >>> capital("counts, as printed"), capital("p is printed")
    ('Counts, as printed', 'p is printed')
    """
    return words if words.startswith("p ") else words[:1].upper() + words[1:]


def one_in(chance: Fraction) -> int:
    """Return of how many one comes up with a chance above 0, with one digit that counts.

    >>> one_in(Fraction(17, 1000))
    60
    """
    odds = round(1 / chance)
    return round(odds, 1 - len(str(odds)))
