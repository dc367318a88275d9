"""Score intervals against published worked examples, brute force and coverage."""

import math

import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import binom

from secondlook.stats import intervals


def test_wilson_of_newcombes_example():
    """Newcombe, Stat Med 1998;17:857, Table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for part, whole, low, high in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)]:  # fmt: skip
        assert intervals.wilson(part, whole) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("first", "second", "score"),
    [
        ((56, 70), (48, 80), (0.0528, 0.3382)),
        ((9, 10), (3, 10), (0.1700, 0.8406)),
        ((10, 10), (0, 20), (0.7156, 1.0)),
    ],
)
def test_differences_of_newcombes_examples(first, second, score):
    """Newcombe, Stat Med 1998;17:873, Table II, method 6 (Miettinen and Nurminen's)."""
    assert intervals.difference(first, second) == pytest.approx(score, abs=6e-5)


def test_ratio_of_koopmans_example():
    """Koopman, Biometrics 1984;40:513, p. 517: 36 of 40 against 16 of 80, from 2.94 to 7.15."""
    assert intervals.ratio((36, 40), (16, 80)) == pytest.approx((2.94, 7.15), abs=0.005)


@pytest.mark.parametrize(("first", "second", "delta"), [((8, 41), (2, 27), 0.1), ((0, 41), (3, 27), -0.3), ((5, 9), (2, 30), 0.7)])  # fmt: skip
def test_restricted_proportions_are_the_likeliest(first, second, delta):
    def loss(p):
        return -binom.logpmf(first[0], first[1], p) - binom.logpmf(second[0], second[1], p - delta)

    found = minimize_scalar(loss, bounds=(max(0, delta) + 1e-9, min(1, 1 + delta) - 1e-9), method="bounded").x
    assert intervals._apart(first, second, delta)[0] == pytest.approx(found, abs=1e-4)


def test_exchanging_the_groups_turns_the_interval():
    low, high = intervals.difference((8, 41), (2, 27))
    assert intervals.difference((2, 27), (8, 41)) == pytest.approx((-high, -low))
    low, high = intervals.ratio((8, 41), (2, 27))
    assert intervals.ratio((2, 27), (8, 41)) == pytest.approx((1 / high, 1 / low))


def test_counts_of_zero_have_intervals():
    assert intervals.ratio((2, 41), (0, 27))[1] == math.inf
    assert intervals.ratio((2, 41), (0, 27))[0] > 0
    assert intervals.ratio((0, 41), (2, 27))[0] == 0
    assert intervals.ratio((0, 41), (0, 27)) == (0, math.inf)
    low, high = intervals.difference((0, 41), (0, 27))
    assert low < 0 < high


def test_intervals_hold_the_true_difference_about_as_often_as_they_say():
    covered = 0.0
    for i in range(42):
        for j in range(28):
            low, high = intervals.difference((i, 41), (j, 27))
            if low <= 0.12 <= high:
                covered += binom.pmf(i, 41, 0.2) * binom.pmf(j, 27, 0.08)
    assert 0.93 < covered < 0.97


def test_no_proportion_is_refused():
    with pytest.raises(ValueError, match="no proportion"):
        intervals.difference((5, 4), (1, 3))
