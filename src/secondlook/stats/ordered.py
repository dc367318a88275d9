"""Tests of two groups whose levels have an order: ranks, trends, and t tests on codes.

A table holds one row per level, in order, and one column per group. With two levels these are tests of 0/1 codes, which
spreadsheets and statistics packages compute without asking. All but Welch's follow from one squared correlation between
group and score, computed in whole numbers. Every function returns the p value, or None where the test is not defined.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from scipy.special import chdtrc, ndtr, stdtr

Table = Sequence[Sequence[int]]


def _has_two_groups(table: Table) -> bool:
    return len(table) >= 2 and all(len(row) == 2 for row in table) and all(map(sum, zip(*table, strict=True)))


def midranks(table: Table) -> list[Fraction]:
    """Return the mean rank of each level when all patients are ranked together."""
    sizes = [sum(row) for row in table]
    before = itertools.accumulate(sizes, initial=0)
    return [b + Fraction(n + 1, 2) for b, n in zip(before, sizes, strict=False)]


def _squared_correlation(table: Table, scores: Sequence[Fraction | int]) -> Fraction | None:
    """Return r² between score and group over all patients; None where either does not vary."""
    if not _has_two_groups(table):
        return None
    first, second = (sum(column) for column in zip(*table, strict=True))
    total, sizes = first + second, [sum(row) for row in table]
    mean = Fraction(sum(s * n for s, n in zip(scores, sizes, strict=True)), total)
    spread = sum(n * (s - mean) ** 2 for s, n in zip(scores, sizes, strict=True))
    together = sum(row[0] * (s - mean) for s, row in zip(scores, table, strict=True))
    return together**2 * total / (spread * first * second) if spread else None


def _correlated(table: Table, scores: Sequence[Fraction | int], less: int) -> float | None:
    """Return the p value of (N − less) r² on one degree of freedom."""
    squared = _squared_correlation(table, scores)
    return None if squared is None else float(chdtrc(1, float((sum(map(sum, table)) - less) * squared)))


def kruskal_wallis(table: Table) -> float | None:
    """Kruskal–Wallis, corrected for ties; of two groups the Wilcoxon test without continuity correction.

    Source: Kruskal WH, Wallis WA. J Am Stat Assoc 1952;47:583-621. R: ``kruskal.test``.
    """
    return _correlated(table, midranks(table), 1)


def cochran_armitage(table: Table) -> float | None:
    """Cochran–Armitage test for linear trend, levels coded 1, 2, 3, …; R: ``prop.trend.test``.

    Source: Armitage P. Tests for linear trends in proportions and frequencies. Biometrics 1955;11:375-386.
    """
    return _correlated(table, range(len(table)), 0)


def linear_by_linear(table: Table) -> float | None:
    """Linear-by-linear association (N−1)r² (Mantel 1963), as SPSS prints it below its chi-square tests."""
    return _correlated(table, range(len(table)), 1)


def wilcoxon_corrected(table: Table) -> float | None:
    """Wilcoxon rank-sum test with continuity correction, the default of R's ``wilcox.test`` where ranks are tied."""
    if _squared_correlation(table, midranks(table)) is None:
        return None
    first, second = (sum(column) for column in zip(*table, strict=True))
    total = first + second
    ranks = sum(rank * row[0] for rank, row in zip(midranks(table), table, strict=True))
    distance = abs(ranks - Fraction(first * (total + 1), 2))
    ties = Fraction(sum(sum(row) ** 3 - sum(row) for row in table), total * (total - 1))
    variance = Fraction(first * second, 12) * (total + 1 - ties)
    # R takes off half only where there is a distance.
    z = (distance - Fraction(1, 2) if distance else 0) / math.sqrt(variance)
    return min(1.0, float(2 * ndtr(-float(z))))


def t_test(table: Table) -> float | None:
    """Student's t test on the codes, equal variances (Student 1908): t² = r²(N−2)/(1−r²)."""
    squared = _squared_correlation(table, range(len(table)))
    free = sum(map(sum, table)) - 2
    if squared is None or squared == 1 or free < 1:
        return None
    return float(2 * stdtr(free, -math.sqrt(squared * free / (1 - squared))))


def welch(table: Table) -> float | None:
    """Welch's t test on the codes; R's ``t.test``. Source: Welch BL. Biometrika 1947;34:28-35."""
    if not _has_two_groups(table) or min(map(sum, zip(*table, strict=True))) < 2:
        return None
    means, errors, sizes = [], [], []
    for column in zip(*table, strict=True):
        n = sum(column)
        mean = Fraction(sum(code * count for code, count in enumerate(column)), n)
        errors.append(sum(count * (code - mean) ** 2 for code, count in enumerate(column)) / (n * (n - 1)))
        means.append(mean)
        sizes.append(n)
    if not sum(errors):
        return None
    free = sum(errors) ** 2 / sum(e**2 / (n - 1) for e, n in zip(errors, sizes, strict=True))
    return float(2 * stdtr(float(free), -abs(float(means[0] - means[1])) / math.sqrt(sum(errors))))


#: The tests in the order in which a page lists them: key, name, function.
ORDERED_TESTS: dict[str, tuple[str, Callable[[Table], float | None]]] = {
    "kruskal_wallis": ("Kruskal–Wallis test", kruskal_wallis),
    "cochran_armitage": ("Cochran–Armitage trend test", cochran_armitage),
    "linear_by_linear": ("linear-by-linear association", linear_by_linear),
    "wilcoxon_corrected": ("Wilcoxon test with continuity correction", wilcoxon_corrected),
    "t_test": ("t test on the codes of the levels", t_test),
    "welch": ("Welch's t test on the codes of the levels", welch),
}
