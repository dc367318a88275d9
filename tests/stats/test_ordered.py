"""Tests over ordered levels against R's printed output, against SciPy, and against identities that must hold."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from secondlook.stats import contingency, ordered

REFERENCE = Path(__file__).parents[2] / "data" / "reference" / "ordered-tests.csv"
BY_R = list(csv.DictReader(line for line in REFERENCE.read_text(encoding="utf-8").splitlines() if line[0] != "#"))

cells = st.integers(min_value=0, max_value=25)
tables = st.lists(st.tuples(cells, cells), min_size=2, max_size=5).map(tuple)


def levels(table):
    """Return the code of every patient, by group."""
    return [np.repeat(range(len(table)), column) for column in zip(*table, strict=True)]


def varied(table):
    return all(len(codes) > 1 for codes in levels(table)) and len(set(np.concatenate(levels(table)))) > 1


@pytest.mark.parametrize("row", BY_R, ids=lambda row: f"{row['table']}-{row['test']}")
def test_against_r(row):
    table = tuple(tuple(map(int, level.split())) for level in row["table"].split("|"))
    assert ordered.ORDERED_TESTS[row["test"]][1](table) == pytest.approx(float(row["p"]), rel=1e-9)


def test_r_was_asked_for_every_test():
    assert {row["test"] for row in BY_R} == set(ordered.ORDERED_TESTS)


@given(tables.filter(varied))
def test_against_scipy(table):
    """SciPy's own rounding shows where p is near 1, hence the tolerance."""
    first, second = levels(table)
    statistic = max(stats.kruskal(first, second).statistic, 0.0)  # which SciPy lets fall below 0 by its rounding
    assert ordered.kruskal_wallis(table) == pytest.approx(stats.chi2.sf(statistic, 1), rel=1e-6)
    corrected = stats.mannwhitneyu(first, second, method="asymptotic").pvalue
    assert ordered.wilcoxon_corrected(table) == pytest.approx(corrected, rel=1e-6)
    if len(set(first)) > 1 and len(set(second)) > 1:  # SciPy warns of constant data
        assert ordered.t_test(table) == pytest.approx(stats.ttest_ind(first, second).pvalue, rel=1e-6)
        assert ordered.welch(table) == pytest.approx(stats.ttest_ind(first, second, equal_var=False).pvalue, rel=1e-6)


@given(tables.filter(varied))
def test_the_order_may_be_reversed_and_the_groups_exchanged(table):
    for name, (_, test) in ordered.ORDERED_TESTS.items():
        p = test(table)
        for other in (table[::-1], tuple(row[::-1] for row in table)):
            assert test(other) == (None if p is None else pytest.approx(p, rel=1e-9)), name


@given(tables.filter(lambda t: len(t) == 2 and varied(t)))
def test_two_levels_are_the_tests_of_a_two_by_two_table(table):
    """Midranks and codes of two levels differ by a linear change only (Mantel 1963)."""
    results = contingency.all_tests(table)
    assert ordered.cochran_armitage(table) == pytest.approx(results["pearson"], rel=1e-9)
    assert ordered.kruskal_wallis(table) == pytest.approx(results["n_minus_1"], rel=1e-9)
    assert ordered.linear_by_linear(table) == pytest.approx(results["n_minus_1"], rel=1e-9)


@pytest.mark.parametrize("table", [((5, 0), (3, 0)), ((4, 6), (0, 0)), ((1, 2, 3), (4, 5, 6))])
def test_where_nothing_varies_or_there_are_three_groups_no_test_is_defined(table):
    assert {name: test(table) for name, (_, test) in ordered.ORDERED_TESTS.items()} == dict.fromkeys(
        ordered.ORDERED_TESTS
    )


def test_complete_separation_has_no_t_test():
    """R's t.test refuses data that are constant within the groups."""
    assert ordered.t_test(((5, 0), (0, 7))) is None
    assert ordered.welch(((5, 0), (0, 7))) is None
