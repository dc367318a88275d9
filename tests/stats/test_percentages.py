"""Which counts and denominators print a percentage.

Authority: Brown and Heathers, The GRIM test, Soc Psychol Personal Sci 2017;8:363-369 (a mean of whole numbers has few
values that it can take), worked by hand for small groups.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from secondlook.numbers.printed import parse
from secondlook.stats import percentages


@pytest.mark.parametrize(
    ("printed", "size", "counts"),
    [
        ("17.9", 28, [5]),
        ("0.0", 28, [0]),
        ("100.0", 28, [28]),
        ("40.0", 28, []),
        ("107.1", 28, []),  # 30 of 28
        ("0", 400, [0, 1, 2]),  # 0.5 prints 0 by half down
        ("<1", 200, [0, 1]),
    ],
)
def test_counts_that_print_a_percentage(printed, size, counts):
    assert percentages.other_counts(parse(printed), size) == counts


@pytest.mark.parametrize(
    ("printed", "n", "size", "known"),
    [
        ("50.0", 5, 12, [10]),
        ("100.0", 6, 12, [6]),  # half of the patients, and no fewer
        ("100.0", 5, 12, []),
        ("50.0", 6, 12, []),  # all of them
        ("54.5", 6, 12, [11]),
        ("0.0", 0, 3, [1, 2]),
    ],
)
def test_patients_of_known_value_are_from_half_of_all_to_all_but_one(printed, n, size, known):
    assert percentages.known_sizes(parse(printed), n, size) == known


@pytest.mark.parametrize(
    ("printed", "others", "is_made_up"),
    [
        ("33.4", [("33.3", 1, 3), ("33.3", 1, 3)], True),
        ("33.3", [("33.3", 1, 3), ("33.3", 1, 3)], False),  # 99.9
        ("33.5", [("33.3", 1, 3), ("33.3", 1, 3)], False),  # 100.1
        ("33.4", [("66.6", 2, 3)], False),  # the other was cut off, not rounded
        ("100.0", [], False),
    ],
)
def test_a_percentage_that_makes_up_a_hundred(printed, others, is_made_up):
    others = [(parse(text), n, size) for text, n, size in others]
    assert percentages.made_up(parse(printed), others) is is_made_up


@pytest.mark.parametrize(("printed", "texts"), [("13", 101), ("12.5", 1001), ("12.50", 10001)])
def test_how_many_percentages_can_be_printed(printed, texts):
    """From 0 to 100 in steps of the last decimal."""
    assert percentages.possible_strings(parse(printed)) == texts
    eighth = Fraction(100, 8)  # 12.5 prints 12 or 13 without decimals, and one text with them
    assert percentages.chance(parse(printed), [eighth]) == Fraction(2 if texts == 101 else 1, texts)


@pytest.mark.parametrize(("n", "size", "how"), [(1, 8, "rounded"), (2, 3, "rounded"), (5, 9, "")])
def test_what_was_done_to_the_digits(n, size, how):
    assert percentages.handled(parse({8: "12", 3: "67", 9: "57"}[size]), n, size) == how


def test_digits_that_are_cut_off_are_told_apart():
    assert percentages.handled(parse("66"), 2, 3) == "cut"


def test_a_share_of_nobody_is_refused():
    assert percentages.share(1, 1) == 100
    with pytest.raises(ValueError, match="0 patients"):
        percentages.share(1, 0)
