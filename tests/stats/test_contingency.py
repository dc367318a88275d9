"""Tests of association against SciPy, against R's printed output, and against properties that must hold."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from secondlook.stats import contingency
from secondlook.stats.contingency import all_tests, as_counts, tables_with_margins

cells = st.integers(min_value=0, max_value=40)
tables_2x2 = st.tuples(st.tuples(cells, cells), st.tuples(cells, cells))


def usable(table):
    """True when no row and no column is empty."""
    return all(map(sum, table)) and all(map(sum, zip(*table, strict=True)))


usable_2x2 = tables_2x2.filter(lambda t: all(map(sum, t)) and all(map(sum, zip(*t, strict=True))))


@given(usable_2x2)
def test_chi_square_tests_against_scipy(table):
    results = all_tests(table)
    for name, options in {
        "pearson": {"correction": False},
        "yates": {"correction": True},
        "likelihood_ratio": {"correction": False, "lambda_": "log-likelihood"},
    }.items():
        assert results[name] == pytest.approx(stats.chi2_contingency(table, **options).pvalue, rel=1e-9, abs=1e-300)


@given(st.integers(2, 4).flatmap(lambda k: st.lists(st.tuples(*[cells] * k), min_size=2, max_size=4)).filter(usable))
def test_chi_square_tests_of_any_shape_against_scipy(table):
    """Degrees of freedom are (rows − 1)(columns − 1)."""
    found = {
        "pearson": contingency.pearson(as_counts(table)),
        "log-likelihood": contingency.likelihood_ratio(as_counts(table)),
    }
    for name, p in found.items():
        expected = stats.chi2_contingency(table, correction=False, lambda_=name).pvalue
        assert p == pytest.approx(expected, rel=1e-8, abs=1e-300)


@given(usable_2x2)
def test_fisher_against_scipy(table):
    results = all_tests(table)
    assert float(results["fisher"]) == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-9)
    assert float(results["fisher_less"]) == pytest.approx(stats.fisher_exact(table, "less").pvalue, rel=1e-9)
    assert float(results["fisher_greater"]) == pytest.approx(stats.fisher_exact(table, "greater").pvalue, rel=1e-9)


@given(usable_2x2)
def test_n_minus_1_is_the_squared_correlation_times_n_minus_1(table):
    """SPSS's linear-by-linear association is (N−1)r² (Mantel 1963); for 2×2 it is the N−1 chi-square."""
    x, y = zip(*[(i, j) for i in (0, 1) for j in (0, 1) for _ in range(table[i][j])], strict=True)
    statistic = (len(x) - 1) * np.corrcoef(x, y)[0, 1] ** 2
    assert contingency.n_minus_1(table) == pytest.approx(stats.chi2.sf(statistic, 1), rel=1e-6, abs=1e-12)


@given(tables_2x2)
def test_one_sided_p_values_overlap_in_the_table_seen(table):
    less, greater = contingency.fisher_less(table), contingency.fisher_greater(table)
    seen = less + greater - 1
    assert 0 < seen <= 1
    if contingency.mid_p(table) is not None:
        assert contingency.fisher(table) - contingency.mid_p(table) == seen / 2


@given(tables_2x2)
def test_arms_and_levels_can_change_places(table):
    transposed = tuple(zip(*table, strict=True))
    assert contingency.fisher(table) == contingency.fisher(transposed)
    assert contingency.fisher(table) == contingency.fisher(table[::-1])


# ECOG PS in Table 1. R 4.2.2: print(fisher.test(matrix(c(13,20,8,7,15,5),3))$p.value, digits = 12).
ECOG, ECOG_IN_R = ((13, 7), (20, 15), (8, 5)), 0.944756667149
# The lady tasting tea, R's help page of fisher.test: one-sided p = 0.2429.
TEA = ((3, 1), (1, 3))


def test_fisher_beyond_2x2_against_r():
    assert float(contingency.fisher(ECOG)) == pytest.approx(ECOG_IN_R, rel=1e-11)


def test_fisher_one_sided_against_r_help_page():
    assert contingency.fisher_greater(TEA) == Fraction(17, 70)


def test_beyond_2x2_some_tests_are_not_defined():
    assert set(all_tests(((3, 4), (5, 6), (7, 8)))) == {"pearson", "fisher", "likelihood_ratio"}


def test_an_empty_row_leaves_only_exact_tests():
    assert set(all_tests(((0, 0), (5, 6)))) == {"fisher", "fisher_less", "fisher_greater"}
    assert contingency.fisher(((0, 0), (5, 6))) == 1


def test_a_table_too_large_to_list_has_no_exact_test():
    huge = ((10**6, 2 * 10**6), (3 * 10**6, 10**6))
    assert {"fisher", "fisher_less", "mid_p"}.isdisjoint(all_tests(huge))
    assert "pearson" in all_tests(huge)


def test_every_table_with_the_margins_is_listed_once():
    tables = list(tables_with_margins([3, 2, 1], [4, 2]))
    assert len(tables) == len(set(tables)) == 5
    assert all([sum(r) for r in t] == [3, 2, 1] for t in tables)
    assert all([sum(c) for c in zip(*t, strict=True)] == [4, 2] for t in tables)


@pytest.mark.parametrize("rows", [[[1, 2]], [[1], [2]], [[1, 2], [3]], [[1, -2], [3, 4]]])
def test_what_is_no_table_of_counts(rows):
    with pytest.raises(ValueError, match="count"):
        as_counts(rows)


def test_smallest_expected_count():
    """Row total times column total over the grand total: 6 × 27 / 68 for the women of Table 1."""
    assert contingency.smallest_expected(((37, 25), (4, 2))) == pytest.approx(6 * 27 / 68)


# Large tables, which are listed in floating point -------------------------------------------------------------------


@pytest.mark.parametrize("table", [((1500, 1600), (140, 130)), ((9000, 11000), (410, 430)), ((382, 399), (95, 84))])
def test_large_2x2_tables_against_scipy(table, monkeypatch):
    monkeypatch.setattr(contingency, "MOST_EXACT", 10_000)
    results = all_tests(table)
    for key, side in {"fisher": "two-sided", "fisher_less": "less", "fisher_greater": "greater"}.items():
        assert isinstance(results[key], float)
        assert results[key] == pytest.approx(stats.fisher_exact(table, side).pvalue, rel=1e-8)
    total, yes, first = sum(map(sum, table)), sum(table[0]), table[0][0] + table[1][0]
    seen = stats.hypergeom.pmf(table[0][0], total, yes, first)
    assert results["mid_p"] == pytest.approx(results["fisher"] - seen / 2, rel=1e-8)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=4).filter(usable))
def test_tables_in_floating_point_and_in_whole_numbers_are_the_same_test(table):
    table = as_counts(table)
    exact = all_tests(table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contingency, "MOST_EXACT", 0)
        assert all_tests(table) == {key: pytest.approx(float(p), rel=1e-9) for key, p in exact.items()}
        assert contingency.fisher(tuple(zip(*table, strict=True))) == pytest.approx(float(exact["fisher"]), rel=1e-9)


def test_a_large_table_of_levels_against_r():
    """R 4.2.2: print(fisher.test(matrix(c(73,246,158,69,273,141),3), workspace = 2e8)$p.value, digits = 12)."""
    assert contingency.fisher(((73, 69), (246, 273), (158, 141))) == pytest.approx(0.298876322302, rel=1e-8)


@pytest.mark.parametrize("table", [((5, 9), (0, 0), (8, 3)), ((5, 0, 9), (8, 0, 3))])
def test_a_level_that_nobody_has_takes_no_part(table):
    """R: chisq.test(table(g, v)) of values that occur is that of 5, 9, 8, 3: 0.06595227 without correction, on 1 df."""
    assert contingency.occupied(table) == ((5, 9), (8, 3))
    found = contingency.all_tests(table)
    assert found == contingency.all_tests(((5, 9), (8, 3)))
    assert found["pearson"] == pytest.approx(0.06595227, abs=1e-8)
    assert contingency.occupied(((0, 0), (3, 4))) == ((0, 0), (3, 4)), "no association to test"


# Wald ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "difference", "odds"),
    [
        (((15, 18), (3, 5)), 0.679890754304, 0.684941322299),
        (((366, 390), (114, 120)), 0.934934053885, 0.934928081243),
        (((2, 7), (24, 9)), 0.00737829180501, 0.0122772728948),
    ],
)
def test_wald_tests_against_r(table, difference, odds):
    """R 4.2.2: summary(glm(t(m) ~ c(0, 1), family = binomial)); 2 * pnorm(-abs(diff(p) / sqrt(sum(p * (1 - p) / n))))."""
    assert contingency.wald_difference(table) == pytest.approx(difference, rel=1e-10)
    assert contingency.wald_log_odds(table) == pytest.approx(odds, rel=1e-6)  # R's fit stops short of the maximum


def test_where_wald_is_not_defined():
    assert contingency.wald_log_odds(((0, 3), (4, 5))) is None
    assert contingency.wald_difference(((4, 0), (0, 5))) is None
    assert contingency.wald_difference(((1, 2), (3, 4), (5, 6))) is None
