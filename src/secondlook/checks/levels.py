"""Levels of significance: the customary one, and on which side of a level a printed p value lies."""

from __future__ import annotations

from fractions import Fraction

from secondlook.numbers.printed import Printed

#: Where a paper prints no level of its own.
ALPHA = Fraction(1, 20)


def below(p: Printed | None, level: Fraction = ALPHA) -> bool | None:
    """Return whether a printed p value lies below a level; None when its rounding does not tell, or there is none."""
    if p is None:
        return None
    stands = p.stands_for()
    if stands.high < level or (stands.high == level and stands.high_open):
        return True
    return False if stands.low >= level else None


def on_other_sides(p: Printed | None, other: Printed | None, level: Fraction = ALPHA) -> bool:
    """Return whether one of two printed p values lies below a level and the other does not, whatever their rounding."""
    return {below(p, level), below(other, level)} == {True, False}
