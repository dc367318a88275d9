"""Two ratings of the same patients of which only the margins are printed: which tables of agreement are possible?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from secondlook.stats.contingency import Counts, tables_with_margins


def kappa(table: Counts) -> float:
    """Return Cohen's kappa (Educ Psychol Meas 1960;20:37): agreement beyond chance, 1 at most; 1 if all are alike."""
    total = sum(map(sum, table))
    seen = sum(table[k][k] for k in range(len(table))) / total
    columns = [sum(column) for column in zip(*table, strict=True)]
    expected = sum(sum(row) * column for row, column in zip(table, columns, strict=True)) / total**2
    return 1.0 if expected == 1 else (seen - expected) / (1 - expected)


def agreeing(table: Counts) -> int:
    """Return how many patients have the same category by both ratings."""
    return sum(table[k][k] for k in range(len(table)))


def tables(first: Sequence[int], second: Sequence[int]) -> Iterator[Counts]:
    """Yield every table whose rows are the first rating's counts and whose columns the second's."""
    yield from tables_with_margins(first, second)


def never_worse(first: Sequence[int], second: Sequence[int]) -> Iterator[Counts]:
    """Yield the tables in which nobody has a worse category by the second rating; categories from best to worst."""
    yield from _rows(tuple(first), tuple(second))


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
