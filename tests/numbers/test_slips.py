"""Small slips between digit strings, case by case."""

from fractions import Fraction

import pytest

from secondlook.numbers.slips import KINDS, chance_of_slip, lost_or_added, one_digit, slip

SLIPS = [
    ("37.4", "37.0", "one digit", "10 of 27 in Table 2"),
    ("60.1", "69.1", "one digit", "47 of 68 in the text"),
    ("60.1", "61.0", "two neighbouring digits exchanged", "across the point"),
    ("0.813", "1.813", "one digit", "a leading 1 that became 0"),
    ("813", "1813", "a digit lost or added", "a leading digit lost"),
    ("13.1", "11.8", "", "no small slip"),
    ("3.0", "3.00", "", "other decimals are another statement"),
    ("5", "5", "", "no slip at all"),
]


@pytest.mark.parametrize(("printed", "true", "kind", "reason"), SLIPS)
def test_kind_of_slip(printed, true, kind, reason):
    assert slip(printed, true) == kind, reason


def test_slips_are_counted_exactly():
    assert len(one_digit("12.3")) == 27
    assert all(len(text.replace(".", "")) in (1, 3) for text in lost_or_added("1.2"))


@pytest.mark.parametrize("text", ["0.5", "10.25", "7", "<0.001"])
def test_no_slip_leaves_the_number_as_it_was(text):
    assert all(text not in reach(text) for reach in KINDS.values())


def test_chance_is_a_share_of_the_numbers_that_could_stand_there():
    could_stand = [f"{tenths // 10}.{tenths % 10}" for tenths in range(1001)]
    assert chance_of_slip("37.0", 1001) == Fraction(sum(slip(text, "37.0") != "" for text in could_stand), 1001)
    assert chance_of_slip("7", 3) == 1, "0, 1 and 2 are all one digit off"
