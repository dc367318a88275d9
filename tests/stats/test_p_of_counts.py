"""Readings of a p of counts: each against R, their chance against counting, slips against what they would print."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondlook.numbers.printed import parse, show
from secondlook.stats import p_of_counts
from secondlook.stats.p_of_counts import HANDLED, NAMES, PReading, p_values, prints, readings, strings, transformed

# Right rows of published tables, with the call of R 4.2.2 that prints their p.
ROWS = [
    (((15, 18), (3, 5)), "0.690", "welch", "rounded"),  # t.test(c(rep(0, 15), rep(1, 3)), c(rep(0, 18), rep(1, 5)))
    (((7, 8), (11, 15)), "0.794", "welch", "rounded"),
    (((18, 21), (0, 2)), "0.209", "t_test", "rounded"),  # t.test(..., var.equal = TRUE): one group is constant
    (((366, 390), (114, 120)), "0.995", "yates", "rounded"),  # chisq.test(matrix(c(366, 114, 390, 120), 2)) 0.9953
    (((29, 14), (16, 6)), "0.879", "yates", "twice"),  # chisq.test(matrix(c(29, 16, 14, 6), 2)) 0.87848
    (((18, 5), (27, 15)), "0.376", "yates", "twice"),  # 0.37546
    (((26, 35), (54, 125)), "0.053", "fisher_greater", "rounded"),  # fisher.test(..., alternative = "greater")
    (((13, 7), (20, 15), (8, 5)), "0.762", "kruskal_wallis", "rounded"),  # kruskal.test 0.76233
    (((13, 7), (20, 15), (8, 5)), "0.779", "cochran_armitage", "rounded"),  # prop.trend.test 0.77919
]  # fmt: skip


@pytest.mark.parametrize(("table", "p", "test", "handled"), ROWS)
def test_right_rows_have_their_reading_and_no_usual_one(table, p, test, handled):
    found = readings(table, parse(p))
    assert PReading(test, handled) in found
    assert not {"pearson", "fisher"} & {reading.test for reading in found if reading.handled == "rounded"}
    assert NAMES[test] in PReading(test, handled).name


@pytest.mark.parametrize(
    ("table", "doubled"),
    [
        (((3, 1), (1, 3)), Fraction(34, 70)),  # Fisher's tea: 16 + 1 of the 70 ways
        (((1, 3), (3, 1)), Fraction(34, 70)),
        (((4, 0), (0, 4)), Fraction(2, 70)),
        (((2, 2), (2, 2)), 1),  # twice 53 of 70
    ],
)
def test_the_smaller_side_of_fishers_test_is_doubled_and_no_p_is_above_1(table, doubled):
    assert p_values(table)["fisher_doubled"] == pytest.approx(doubled)


cells = st.integers(min_value=1, max_value=12)


@settings(max_examples=8)
@given(st.lists(st.tuples(cells, cells), min_size=2, max_size=3).map(tuple))
def test_the_chance_is_the_share_of_all_printable_p_that_some_reading_gives(table):
    """Counted one by one: every string from 0 to 1 is tried."""
    places = 2
    every = [show(Fraction(n, 10**places), places) for n in range(10**places + 1)]
    given_by_some = sum(bool(readings(table, parse(text))) for text in every)
    assert p_of_counts.chance([table], parse(every[0])) == Fraction(given_by_some, len(every))


def test_the_chance_of_a_bound_is_that_of_lying_beyond_the_nearest_p():
    table = ((40, 15), (10, 15))
    least = float(min(p_values(table).values()))
    beyond = sum(n / 1000 > least for n in range(1001))
    assert p_of_counts.chance([table], parse("<0.001")) == Fraction(beyond, 1001)


@given(st.floats(0, 1), st.sampled_from([1, 2, 3, 4]), st.sampled_from(sorted(HANDLED)))
def test_a_value_prints_exactly_its_strings(value, places, handled):
    texts = strings(value, places, handled)
    assert all(prints(value, parse(text), handled) for text in texts)
    other = Fraction(1, 10**places)
    for text in texts:
        for away in (show(Fraction(text) + other, places), show(Fraction(text) - other, places)):
            assert away in texts or not prints(value, parse(away), handled)


def test_rounded_twice():
    """0.37546 is 0.3755, and that 0.376 or, to the even digit, 0.376; 0.37448 is 0.3745, and that 0.375 or 0.374."""
    assert prints(0.37546, parse("0.376"), "twice")
    assert {text for text in ("0.374", "0.375") if prints(0.37448, parse(text), "twice")} == {"0.374", "0.375"}
    assert not prints(0.37438, parse("0.375"), "twice")
    assert not prints(0.0004, parse("<0.001"), "twice")


@pytest.mark.parametrize(("p", "value", "holds"), [("1", 1.0, True), ("1", 0.996, True), ("1", 0.7, False),
                                                   ("0", 0.0001, True), ("0", 0.3, False)])  # fmt: skip
def test_a_p_without_decimals_is_what_a_program_prints_so(p, value, holds):
    """Not everything from 0.5 to 1.5."""
    assert prints(value, p_of_counts.as_probability(parse(p))) == holds


@pytest.mark.parametrize(
    ("p", "possible"),
    [("0.05", True), ("1", True), ("1.000", True), ("1.084", False), ("-0.02", False), ("<0.001", True), ("<0", False),
     (">0.999", True), (">1", False), ("0.000", True)],
)  # fmt: skip
def test_what_a_p_value_can_be(p, possible):
    assert p_of_counts.is_possible(parse(p)) == possible


def test_slips_of_a_p_value():
    """Pearson's p of the table is 0.0534 (R: chisq.test): its point moved, its complement, its double and its half."""
    made = {
        what: text
        for text, what, true in transformed(((33, 23), (81, 47), (75, 24)), parse("0.530"), ["pearson"])
        if true == "0.053"
    }
    printed = {text for text, _, _ in transformed(((33, 23), (81, 47), (75, 24)), parse("0.530"), ["pearson"])}
    assert {"0.530", "0.534", "0.005", "0.947", "0.107", "0.027"} <= printed
    assert set(made) == {
        f"{what} Pearson chi-square" for what in ("the complement of", "twice", "half of", "a moved point in")
    }


def test_nothing_is_tried_above_one_unless_it_is_printed():
    table = ((33, 23), (81, 47), (75, 24))
    assert max(Fraction(text) for text, _, _ in transformed(table, parse("0.9"), NAMES)) <= 1
    assert "5.30" not in {text for text, _, _ in transformed(table, parse("0.53"), NAMES)}
    assert max(Fraction(text) for text, _, _ in transformed(((5, 9), (9, 5)), parse("1.31"), ["pearson"])) > 1


def test_a_table_too_large_for_fisher_is_not_complete():
    table = tuple((400 + n, 410 - n, 395) for n in range(4))
    assert not p_of_counts.is_complete(table)
    assert p_of_counts.is_complete(((33, 23), (81, 47), (75, 24)))


def test_an_unknown_handling_is_refused():
    with pytest.raises(ValueError, match="unknown handling 'up'"):
        prints(0.5, parse("0.5"), "up")
