"""Two ratings of the same patients of which only the margins are printed: which tables of agreement are possible?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from secondlook.stats import inputs
from secondlook.stats.contingency import Counts, as_counts, tables_with_margins


def kappa(table: Counts) -> float:
    """Return Cohen's kappa (Educ Psychol Meas 1960;20:37): agreement beyond chance, 1 at most; 1 if all are alike.

    Raises
    ------
    ValueError
        When the table is not square, holds what is no count, or nobody.
    """
    table = _square(table)
    total = sum(map(sum, table))
    seen = sum(table[k][k] for k in range(len(table))) / total
    columns = [sum(column) for column in zip(*table, strict=True)]
    expected = sum(sum(row) * column for row, column in zip(table, columns, strict=True)) / total**2
    return 1.0 if expected == 1 else (seen - expected) / (1 - expected)


def agreeing(table: Counts) -> int:
    """Return how many patients have the same category by both ratings; the table as for :func:`kappa`."""
    table = _square(table)
    return sum(table[k][k] for k in range(len(table)))


def tables(first: Sequence[int], second: Sequence[int]) -> Iterator[Counts]:
    """Yield every table whose rows are the first rating's counts and whose columns the second's.

    Raises
    ------
    ValueError
        When they are no whole counts of the same categories and patients.
    """
    return tables_with_margins(*_margins(first, second))


def never_worse(first: Sequence[int], second: Sequence[int]) -> Iterator[Counts]:
    """Yield the tables in which nobody has a worse category by the second rating; categories from best to worst.

    Raises
    ------
    ValueError
        As :func:`tables`.
    """
    return _rows(*_margins(first, second))


def _square(table: Counts) -> Counts:
    table = as_counts(table)
    if len(table) != len(table[0]):
        raise ValueError(f"{len(table)} categories by one rating and {len(table[0])} by the other")
    if not any(map(sum, table)):
        raise ValueError("a table of agreement needs a patient")
    return table


def _margins(first: Sequence[int], second: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    first, second = inputs.pairs_of("patients by category", first, second)
    if sum(first) != sum(second):
        raise ValueError(f"{sum(first)} patients by one rating and {sum(second)} by the other")
    return first, second


def _rows(first: tuple[int, ...], second: tuple[int, ...]) -> Iterator[Counts]:
    """Fill the last row first: the worst category of the second rating can only come from the worst of the first."""
    if not first:
        if not any(second):
            yield ()
        return
    size = len(first)
    for row in _shares(first[-1], second[:size]):
        left = tuple(c - n for c, n in zip(second, row + (0,) * (len(second) - size), strict=True))
        # no row above can fill this column: do not look further
        if any(left[size - 1 :]):
            continue
        for above in _rows(first[:-1], left):
            yield (*above, row + (0,) * (len(second) - size))


def _shares(total: int, room: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if len(room) == 1:
        if total <= room[0]:
            yield (total,)
        return
    for n in range(min(total, room[0]) + 1):
        yield from ((n, *rest) for rest in _shares(total - n, room[1:]))
