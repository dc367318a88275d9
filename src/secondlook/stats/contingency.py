"""Tests of association for a table of counts: each test that a statistics package might have printed.

Exact tests are computed in whole numbers, so that ties between equally probable tables are ties and not a matter of
floating point; where that would take long, for two groups by logarithms of factorials, as in R. Every function takes
the table as rows of counts (:func:`as_counts`) and returns the p value, or None where the test is not defined for it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np
from scipy.special import chdtrc, gammaln, ndtr

from secondlook.stats import inputs

Counts = tuple[tuple[int, ...], ...]


def as_counts(rows: Sequence[Sequence[int]]) -> Counts:
    """Return the table as a tuple of tuples.

    Raises
    ------
    ValueError
        When it is ragged, has fewer than two rows or columns, or holds what is no whole number from 0.
    """
    table = tuple(inputs.counts("a table of counts", row) for row in rows)
    if len(table) < 2 or len(table[0]) < 2 or len({len(row) for row in table}) != 1:
        raise ValueError("a table of counts needs at least two rows and two columns of equal length")
    return table


def occupied(table: Counts) -> Counts:
    """Return the table without the rows and columns that hold nobody, which have no part in the degrees of freedom.

    SPSS's CROSSTABS tabulates the values that occur, R's ``table`` of a character likewise. A table of which fewer than
    two rows or columns would be left stays as it is: it has no test of association.
    """
    rows = [row for row in table if any(row)]
    columns = [column for column in zip(*rows, strict=True) if any(column)]
    return tuple(zip(*columns, strict=True)) if len(rows) > 1 and len(columns) > 1 else table


def expected(table: Counts) -> list[list[float]]:
    """Return the counts expected without association: row total times column total over the grand total."""
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    total = sum(rows)
    return [[r * c / total for c in columns] for r in rows]


def smallest_expected(table: Counts) -> float:
    """Return the smallest expected count, by which custom (after Cochran) chooses between chi-square and Fisher's test.

    Source: Cochran WG. Some methods for strengthening the common chi-squared tests. Biometrics 1954;10:417-451.
    """
    return min(map(min, expected(table)))


def _usable(table: Counts) -> bool:
    return all(map(sum, table)) and all(map(sum, zip(*table, strict=True)))


def _is_2x2(table: Counts) -> bool:
    return len(table) == 2 and len(table[0]) == 2


def _chi_square(table: Counts, yates: bool = False) -> tuple[float, int]:
    """Return Pearson's statistic, with Yates' correction if asked, and its degrees of freedom."""
    statistic = 0.0
    for row, expected_row in zip(table, expected(table), strict=True):
        for n, e in zip(row, expected_row, strict=True):
            distance = abs(n - e)
            # R and SciPy take off half, but never more than the distance itself.
            distance -= min(0.5, distance) if yates else 0.0
            statistic += distance**2 / e
    return statistic, (len(table) - 1) * (len(table[0]) - 1)


def pearson(table: Counts) -> float | None:
    """Pearson's chi-square without correction (Pearson 1900); what SPSS prints first."""
    if not _usable(table):
        return None
    statistic, df = _chi_square(table)
    return float(chdtrc(df, statistic))


def yates(table: Counts) -> float | None:
    """Chi-square with Yates' continuity correction (Yates 1934), 2×2 only; the default of R and SciPy."""
    if not (_is_2x2(table) and _usable(table)):
        return None
    statistic, df = _chi_square(table, yates=True)
    return float(chdtrc(df, statistic))


def likelihood_ratio(table: Counts) -> float | None:
    """Likelihood-ratio chi-square G = 2 Σ n log(n/e) (Wilks 1938)."""
    if not _usable(table):
        return None
    pairs = zip(itertools.chain(*table), itertools.chain(*expected(table)), strict=True)
    statistic = 2 * sum(n * math.log(n / e) for n, e in pairs if n)
    return float(chdtrc((len(table) - 1) * (len(table[0]) - 1), max(statistic, 0.0)))


def n_minus_1(table: Counts) -> float | None:
    """Pearson's chi-square times (N−1)/N, 2×2 only (Campbell, Stat Med 2007;26:3661); SPSS's linear-by-linear."""
    if not (_is_2x2(table) and _usable(table)):
        return None
    statistic, df = _chi_square(table)
    total = sum(map(sum, table))
    return float(chdtrc(df, statistic * (total - 1) / total))


# Exact tests --------------------------------------------------------------------------------------------------------


def _weight(table: Counts) -> int:
    """Return a whole number proportional to the table's probability given its margins: one multinomial per column."""
    weight = 1
    for column in zip(*table, strict=True):
        left = sum(column)
        for n in column:
            weight *= math.comb(left, n)
            left -= n
    return weight


def _columns(total: int, room: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield every column of counts that sums to `total` and leaves no row over its room."""
    if len(room) == 1:
        if total <= room[0]:
            yield (total,)
        return
    for n in range(min(total, room[0]) + 1):
        yield from ((n, *rest) for rest in _columns(total - n, room[1:]))


def tables_with_margins(rows: Sequence[int], columns: Sequence[int]) -> Iterator[Counts]:
    """Yield every table of counts with the given row and column totals."""
    if len(columns) == 1:
        yield tuple((n,) for n in rows)
        return
    for column in _columns(columns[0], tuple(rows)):
        left = [r - n for r, n in zip(rows, column, strict=True)]
        for rest in tables_with_margins(left, columns[1:]):
            yield tuple((n, *others) for n, others in zip(column, rest, strict=True))


#: Beyond so many tables with the same margins the exact tests are not computed.
MOST_TABLES = 200_000
#: Beyond so many tables times patients whole numbers take long.
MOST_EXACT = 1_000_000
#: Tables of two groups that are listed in floating point.
MOST_LISTED = 2_000_000
#: Tables whose probabilities differ by less, relatively, are taken to be equally probable, as in R's fisher.test.
_TIE = 1e-7


def _most_tables(table: Counts) -> int:
    """Return an upper bound of the number of tables with the same margins."""
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    return math.prod(min(r, c) + 1 for r, c in itertools.product(sorted(rows)[:-1], sorted(columns)[:-1]))


def _two_groups(table: Counts) -> Counts | None:
    """Return the table with the two groups as columns, or None when it has more."""
    return table if len(table[0]) == 2 else tuple(zip(*table, strict=True)) if len(table) == 2 else None


def _is_large(table: Counts) -> bool:
    return _two_groups(table) is not None and _most_tables(table) * sum(map(sum, table)) > MOST_EXACT


def _enumerable(table: Counts) -> bool:
    """Return True when the tables with these margins are few enough to be listed (an upper bound is compared)."""
    return _most_tables(table) <= (MOST_LISTED if _is_large(table) else MOST_TABLES)


@lru_cache(maxsize=256)
def _weights(table: Counts) -> tuple[tuple[Counts, int], ...]:
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    return tuple((other, _weight(other)) for other in tables_with_margins(rows, columns))


def _probability(table: Counts, keep: Callable[[Counts, int], bool]) -> Fraction:
    weights = _weights(table)
    return Fraction(sum(w for t, w in weights if keep(t, w)), sum(w for _, w in weights))


@lru_cache(maxsize=256)
def _listed(table: Counts) -> tuple[np.ndarray, np.ndarray, float]:
    """Return, of all tables of two groups with these margins, the first cells and probabilities; and that of this one.

    A column of counts x has the probability Π C(rᵢ, xᵢ) / C(N, Σx), rᵢ the row totals (Fisher 1935).
    """
    if not _is_2x2(table):  # the largest level last, which the others leave no choice
        table = tuple(sorted(table, key=sum))
    column, sizes = [row[0] for row in table], [sum(row) for row in table]
    first, left, logs = np.zeros(1, dtype=int), np.array([sum(column)]), np.zeros(1)
    for place, size in enumerate(sizes[:-1]):
        counts = np.arange(min(size, sum(column)) + 1)
        remaining = left[:, None] - counts
        kept = (remaining >= 0) & (remaining <= sum(sizes[place + 1 :]))
        logs = (logs[:, None] + _log_ways(size, counts))[kept]
        first = np.broadcast_to(first[:, None] if place else counts, kept.shape)[kept]
        left = remaining[kept]
    logs += _log_ways(sizes[-1], left)
    seen = sum(_log_ways(size, n) for size, n in zip(sizes, column, strict=True))
    weights = np.exp(logs - logs.max())
    return first, weights / weights.sum(), float(np.exp(seen - logs.max()) / weights.sum())


def _log_ways(size: int, counts: np.ndarray | int) -> np.ndarray | float:
    return gammaln(size + 1) - gammaln(counts + 1) - gammaln(size - counts + 1)


def fisher(table: Counts) -> Fraction | float | None:
    """Fisher's exact test, two-sided: all tables no more probable than the one seen (Freeman–Halton beyond 2×2)."""
    if not _enumerable(table):
        return None
    if _is_large(table):
        _, probabilities, seen = _listed(_two_groups(table))
        return min(1.0, float(probabilities[probabilities <= seen * (1 + _TIE)].sum()))
    seen = _weight(table)
    return _probability(table, lambda _, weight: weight <= seen)


def fisher_less(table: Counts) -> Fraction | float | None:
    """Fisher's exact test, one-sided: the first cell as small as seen or smaller; 2×2 only."""
    if not (_is_2x2(table) and _enumerable(table)):
        return None
    if _is_large(table):
        first, probabilities, _ = _listed(table)
        return min(1.0, float(probabilities[first <= table[0][0]].sum()))
    return _probability(table, lambda t, _: t[0][0] <= table[0][0])


def fisher_greater(table: Counts) -> Fraction | float | None:
    """Fisher's exact test, one-sided: the first cell as large as seen or larger; 2×2 only."""
    # With the columns exchanged the first cell is as small as it was large.
    return fisher_less(tuple(row[::-1] for row in table)) if _is_2x2(table) else None


def mid_p(table: Counts) -> Fraction | float | None:
    """Fisher's two-sided p less half the probability of the table seen (Lancaster 1961); 2×2 only."""
    if not (_is_2x2(table) and _usable(table) and _enumerable(table)):
        return None
    if _is_large(table):
        return fisher(table) - _listed(table)[2] / 2
    return fisher(table) - _probability(table, lambda t, _: t == table) / 2


# Wald tests, as regression programs and calculators of proportions print them -----------------------------------------


def _two_sided(z: float) -> float:
    return float(2 * ndtr(-abs(z)))


def wald_difference(table: Counts) -> float | None:
    """Wald test of the difference of two proportions, standard error without pooling; 2×2 only."""
    if not (_is_2x2(table) and _usable(table)):
        return None
    (a, b), (c, d) = table
    first, second = a + c, b + d
    variance = a * c / first**3 + b * d / second**3
    return _two_sided((a / first - b / second) / math.sqrt(variance)) if variance else None


def wald_log_odds(table: Counts) -> float | None:
    """Wald test of the log odds ratio (Woolf 1955), which logistic regression on the group prints; 2×2 only."""
    if not _is_2x2(table) or not min(map(min, table)):
        return None
    (a, b), (c, d) = table
    return _two_sided(math.log(a * d / (b * c)) / math.sqrt(1 / a + 1 / b + 1 / c + 1 / d))


#: Tests of 2×2 tables by Wald: key, name, function.
WALD_TESTS: dict[str, tuple[str, Callable[[Counts], float | None]]] = {
    "wald_difference": ("Wald test of the difference of proportions", wald_difference),
    "wald_log_odds": ("Wald test of the odds ratio", wald_log_odds),
}
#: All tests in the order in which a page lists them: key, name, function.
TESTS: dict[str, tuple[str, Callable[[Counts], float | Fraction | None]]] = {
    "pearson": ("Pearson chi-square", pearson),
    "fisher": ("Fisher's exact test", fisher),
    "yates": ("chi-square with Yates' correction", yates),
    "likelihood_ratio": ("likelihood-ratio chi-square", likelihood_ratio),
    "n_minus_1": ("N−1 chi-square", n_minus_1),
    "fisher_less": ("Fisher's exact test, one-sided (less)", fisher_less),
    "fisher_greater": ("Fisher's exact test, one-sided (greater)", fisher_greater),
    "mid_p": ("Fisher's mid-p", mid_p),
}


def all_tests(table: Counts) -> dict[str, float | Fraction]:
    """Return the p value of every test that is defined for the table, by key.

    Levels that nobody has are left out, as programs do (:func:`occupied`).

    Raises
    ------
    ValueError
        When it is no table of counts (:func:`as_counts`).
    """
    table = occupied(as_counts(table))
    results = {key: test(table) for key, (_, test) in TESTS.items()}
    return {key: p for key, p in results.items() if p is not None}
