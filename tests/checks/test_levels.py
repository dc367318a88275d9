"""On which side of a level of significance a printed p value lies: every value that prints so must lie there."""

import pytest

from secondlook.checks.levels import ALPHA, below, on_other_sides
from secondlook.numbers.printed import parse


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        ("0.049", True),
        ("<0.05", True),
        ("≤0.05", None),
        ("≤0.04", True),
        ("0.05", None),
        ("0.051", False),
        (">0.05", False),
        ("<0.1", None),
    ],
)
def test_a_p_value_is_below_the_level_or_not_or_it_cannot_be_told(p, expected):
    assert below(parse(p), ALPHA) is expected


@pytest.mark.parametrize(
    ("p", "other", "expected"),
    [
        ("0.049", "0.051", True),
        ("<0.05", "0.06", True),
        ("0.04", "0.049", False),
        ("0.05", "0.2", False),
        ("0.04", None, False),
    ],
)
def test_two_p_values_lie_on_different_sides_or_it_cannot_be_told(p, other, expected):
    assert on_other_sides(parse(p), parse(other) if other else None) is expected
    assert on_other_sides(parse(other) if other else None, parse(p)) is expected
