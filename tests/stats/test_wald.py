"""The Wald box: it holds every true pair, nothing else, and no true row is ever flagged.

Authorities: the definition of a Wald interval and p (Cox DR. J R Stat Soc B 1972;34:187-220), applied to each point of
a grid by brute force; the Cox tables of public data that R's survival and lifelines print.
"""

import csv
import math

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from secondlook.numbers.printed import parse
from secondlook.stats import wald
from secondlook.stats.wald import CELLS, as_line, box, implied_p, is_ordered, log_ends, possible, z_ends
from secondlook.trials import planted_rows as planted

Z = float(ndtri(0.975))


def prints(texts, b, s, z=Z):
    """Say by definition whether (b, s) prints a row: the oracle, without lines or polygons."""
    numbers = [math.exp(b), math.exp(b - z * s), math.exp(b + z * s), float(2 * ndtr(-abs(b) / s))]
    return all(parse(text).matches(number) for text, number in zip(texts, numbers, strict=True) if text)


def grid_over(found, steps=60):
    """Return pairs that cover a box's ranges and a margin around them."""
    b, s = found.b, found.s
    db, ds = (b.high - b.low) or 1e-3, (s.high - s.low) or 1e-3
    return [
        (x, y)
        for x in np.linspace(b.low - db, b.high + db, steps)
        for y in np.linspace(max(s.low - ds, 1e-6), s.high + ds, steps)
    ]


def inside(polygons, b, s):
    """Say whether a point lies in one of the convex polygons, by the sign of cross products."""
    for polygon in polygons:
        turns = [
            (b1 - b0) * (s - s0) - (s1 - s0) * (b - b0)
            for (b0, s0), (b1, s1) in zip(polygon, polygon[1:] + polygon[:1], strict=True)
        ]
        if all(t >= -1e-12 for t in turns) or all(t <= 1e-12 for t in turns):
            return True
    return False


# Against brute force ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "texts",
    [
        ("1.36", "0.79", "2.32", "0.27"),
        ("1.0", "0.6", "1.7", "0.9"),  # straddles the null: p leaves the sign of b open
        ("2.7", "1.4", "5.2", "0.002"),
        ("3.000", "1.798", "5.004", "<0.001"),
        ("", "0.60", "1.73", "0.95"),
        ("0.5", "", "0.9", "0.0"),
        ("1.2", "0.9", "1.6", ">0.05"),
    ],
)
def test_the_polygon_is_what_brute_force_finds(texts):
    found = box(as_line(*texts))
    points = grid_over(found)
    by_definition = [prints(texts, b, s) or prints(texts, b, s, 1.96) for b, s in points]
    by_polygon = [inside(found.polygons, b, s) for b, s in points]
    assert sum(by_definition) > 20, "the grid must hit the box"
    # Points within a hair of an edge may fall on either side of it (the polygon allows every z from 1.95996 to 1.96).
    apart = [p for p, a, b in zip(points, by_definition, by_polygon, strict=True) if a != b]
    assert len(apart) <= 2
    assert all(inside(found.polygons, b, s) for b, s in apart), "the polygon may be larger by a hair, never smaller"


def test_ranges_are_those_of_the_grid():
    texts = ("1.1", "0.7", "1.7", "")
    found = box(as_line(*texts))
    hits = [(b, s) for b, s in grid_over(found, 120) if prints(texts, b, s)]
    for interval, values in (
        (found.b, [b for b, _ in hits]),
        (found.s, [s for _, s in hits]),
        (found.hr, [math.exp(b) for b, _ in hits]),
        (found.lower, [math.exp(b - Z * s) for b, s in hits]),
        (found.upper, [math.exp(b + Z * s) for b, s in hits]),
        (found.information, [1 / s**2 for _, s in hits]),
        (found.p, [float(2 * ndtr(-abs(b) / s)) for b, s in hits]),
    ):
        width = max(values) - min(values)
        assert interval.low <= min(values) <= interval.low + 0.05 * width
        assert interval.high >= max(values) >= interval.high - 0.05 * width


def test_a_box_that_straddles_the_null_lets_p_reach_1():
    """The trap: at the corners of the box of inputs |b| / s is not smallest; at b = 0 it is."""
    p = implied_p(as_line("1.0", "0.6", "1.7"))
    assert p.high == 1.0
    assert p.low < 0.9


def test_two_polygons_when_the_sign_is_open():
    found = box(as_line("1.0", "0.6", "1.7", "0.95"))
    assert len(found.polygons) == 2
    assert found.b.low < 0 < found.b.high


# True rows ----------------------------------------------------------------------------------------------------------

b_values = st.floats(-3, 3, allow_nan=False)
s_values = st.floats(0.02, 1.5, allow_nan=False)
decimals = st.integers(0, 5)


@given(b_values, s_values, decimals, decimals)
def test_a_true_row_is_never_flagged_and_its_box_holds_the_truth(b, s, places, p_places):
    texts = planted.printed_row(b, s, places, p_places)
    line = as_line(*texts)
    found = box(line)
    assert not found.is_empty
    assert is_ordered(line)
    slack = 1e-8
    assert found.b.low - slack <= b <= found.b.high + slack
    assert found.s.low - slack <= s <= found.s.high + slack
    assert (
        inside([tuple(p) for p in found.polygons], b, s)
        or min(math.dist(v, (b, s)) for polygon in found.polygons for v in polygon) < 1e-6
    )


@given(b_values, s_values, st.integers(1, 4))
def test_the_p_range_of_the_triple_holds_the_true_p(b, s, places):
    line = as_line(*planted.printed_row(b, s, places, 6)[:3])
    p = implied_p(line)
    true = float(2 * ndtr(-abs(b) / s))
    assert p.low * (1 - 1e-6) - 1e-12 <= true <= p.high * (1 + 1e-6) + 1e-12


@given(b_values, s_values, st.integers(1, 3), st.sets(st.sampled_from(CELLS), max_size=3))
def test_a_true_row_with_missing_numbers_is_never_flagged(b, s, places, missing):
    assert not box(as_line(*planted.printed_row(b, s, places)).without(*missing)).is_empty


@given(b_values, s_values, st.integers(1, 3))
def test_limits_made_with_the_textbook_z_are_true_too(b, s, places):
    texts = [f"{math.exp(x):.{places}f}" for x in (b, b - 1.96 * s, b + 1.96 * s)]
    assert not box(as_line(*texts, f"{float(2 * ndtr(-abs(b) / s)):.3f}")).is_empty


@pytest.mark.parametrize("level", [0.8, 0.9, 0.99])
def test_other_levels(level):
    z = float(ndtri((1 + level) / 2))
    texts = [f"{math.exp(x):.3f}" for x in (0.4, 0.4 - z * 0.3, 0.4 + z * 0.3)]
    line = as_line(*texts, f"{float(2 * ndtr(-0.4 / 0.3)):.3f}")
    assert not box(line, level).is_empty
    assert box(line, 0.95).is_empty


@pytest.mark.parametrize("level", [0, 1, -0.5, 95])
def test_a_level_lies_between_0_and_1(level):
    with pytest.raises(ValueError, match="level"):
        box(as_line("1", "0", "2"), level)


# Rows that cannot be true -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "texts",
    [
        ("0.660", "0.469", "1.616", "0.870"),  # HR is not the mean of its limits
        ("0.963", "0.551", "0.813", "0.907"),  # HR outside its limits
        ("1.778", "0.749", "4.222", "0.129"),  # the triple holds, p does not
        ("1.5", "1.2", "1.9", "0.3"),
        ("2.00", "1.01", "3.96", "<0.001"),
        ("-0.35", "0.5", "0.9", "0.01"),  # a logarithm is no ratio
        ("1.5", "1.2", "1.9", "1.3"),  # no probability
    ],
)
def test_impossible_rows_are_empty(texts):
    assert box(as_line(*texts)).is_empty


def test_a_bound_is_not_rounded():
    """p = 0.00149 rounds to 0.001 and yet violates <0.001."""
    b, s = 3.1761 * 0.3, 0.3  # p = 0.00149
    texts = planted.printed_row(b, s, 4, 5)
    assert texts[3] == "0.00149"
    assert not box(as_line(*texts[:3], "0.001")).is_empty
    assert box(as_line(*texts[:3], "<0.001")).is_empty


def test_an_empty_box_has_no_ranges():
    found = box(as_line("0.963", "0.551", "0.813"))
    assert implied_p(as_line("0.963", "0.551", "0.813")) is None
    for name in ("b", "s", "hr", "lower", "upper", "information", "p"):
        with pytest.raises(ValueError, match="empty"):
            getattr(found, name)


def test_order():
    assert is_ordered(as_line("1.00", "1.00", "1.00"))
    assert not is_ordered(as_line("0.963", "0.551", "0.813"))
    assert not is_ordered(as_line("", "2.0", "1.0"))
    assert is_ordered(as_line("1.2"))


# Rows that say little -----------------------------------------------------------------------------------------------


def test_a_lone_ratio_bounds_neither_error_nor_p():
    found = box(as_line("1.50"))
    assert (found.s.low, found.s.high) == (0, math.inf)
    assert (found.p.low, found.p.high) == (0, 1)
    assert (found.information.low, found.information.high) == (0, math.inf)
    assert found.hr.low == pytest.approx(1.495)
    assert found.upper.high == math.inf


def test_nothing_printed_excludes_nothing():
    found = box(as_line())
    assert (found.b.low, found.b.high) == (-math.inf, math.inf)


def test_separation_as_programs_print_it():
    """A factor without events among the exposed: R prints exp(-18), 0 and Inf, which papers write so."""
    assert not box(as_line("0.00", "0.00", "", "0.998")).is_empty
    assert not box(as_line("24155", "0.00", "", "0.997")).is_empty


# The quick tests ----------------------------------------------------------------------------------------------------

digits = st.decimals(0, 9, places=2).map(str)


@given(digits, digits, digits, st.decimals(0, 1, places=3).map(str), st.sets(st.sampled_from(CELLS), max_size=2))
def test_elimination_and_polygon_agree(hr, lower, upper, p, missing):
    line = as_line(hr, lower, upper, p).without(*missing)
    ends = (log_ends(line.hr), log_ends(line.lower), log_ends(line.upper), z_ends(line.p))
    expected = not box(line).is_empty
    assert wald.is_possible(*ends) == expected
    assert bool(possible(*ends)) == expected


def test_numbers_known_exactly_are_a_row_and_reversed_ones_none():
    """An interval of one point holds it: at a standard error of 1 the limits are the normal quantiles."""
    one, limit = (0.0, 0.0), wald.z_of_level()[0]
    limits = (-limit, -limit), (limit, limit)
    for judged in (wald.is_possible, possible):
        assert bool(judged(one, *limits, one))
        assert not judged((0.1, -0.1), *limits, one)


def test_many_rows_at_once_broadcast():
    hrs = [log_ends(parse(text)) for text in ("0.870", "0.660")]
    result = possible(
        tuple(np.array(x)[:, None] for x in zip(*hrs, strict=True)),
        log_ends(parse("0.469")),
        log_ends(parse("1.616")),
        tuple(np.array(x) for x in zip(z_ends(parse("0.660")), z_ends(parse("0.870")), strict=True)),
    )
    assert result.tolist() == [[True, False], [False, False]]


# Real public data ---------------------------------------------------------------------------------------------------


def r_rows():
    with (ROOT / "data" / "reference" / "cox-tables.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row[c] for c in CELLS) for row in csv.DictReader(file)]


def test_nothing_is_flagged_in_cox_tables_that_r_prints():
    rows = r_rows()
    assert len(rows) > 150
    assert [texts for texts in rows if planted.by_box(texts)] == []


def test_nothing_is_flagged_in_cox_tables_of_lifelines():
    rows = list(planted.lifelines_rows())
    assert {name for name, _, _ in rows} == {"rossi", "gbsg2", "lung"}
    assert [texts for _, _, texts in rows if planted.by_box(texts)] == []
