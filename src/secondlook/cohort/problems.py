"""All that is wrong with a file of patients, in one table: file, row, column, what was found, what was expected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from secondlook.paper.reading import DataError

#: Longer cells lose their end, and longer lists of cells say how many more there are.
LONGEST, MOST_SHOWN, MOST_RUNS = 60, 3, 40
HEAD = ("file", "row", "column", "found", "expected")


@dataclass(frozen=True)
class Problem:
    """One cell, header or row that does not fit.

    Attributes
    ----------
    file : str
        Name of the file.
    row : int or None
        Row in the file, its first being 1; None for what concerns no single row.
    column : str
        The column as the file names it; empty for none.
    found, expected : str
        What stands there and what should, in words; a cell's text goes through :func:`shown`.
    """

    file: str
    row: int | None
    column: str
    found: str
    expected: str


class ProblemsError(DataError):
    """A file is refused; the message is a table of all that is wrong with it.

    Attributes
    ----------
    problems : tuple of Problem
    """

    def __init__(self, problems: Iterable[Problem], advice: str = "") -> None:
        self.problems = tuple(problems)
        Exception.__init__(
            self, "\n".join([_title(self.problems), *table(self.problems), *([advice] if advice else [])])
        )


def _title(problems: Sequence[Problem]) -> str:
    files = ", ".join(dict.fromkeys(problem.file for problem in problems))
    return f"{files}: {len(problems)} problem{'s' if len(problems) > 1 else ''}, and nothing is taken"


def shown(text: str) -> str:
    """Return a cell's text in quotes, on one line, cut where it is long."""
    quoted = repr(text)
    return quoted if len(quoted) <= LONGEST else f"{quoted[: LONGEST - 3]}…"


def table(problems: Iterable[Problem]) -> list[str]:
    """Return the lines of the table; what a column does wrong in the same way in many rows stands in one line."""
    grouped: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        grouped.setdefault((problem.file, problem.column, problem.expected), []).append(problem)
    lines = [HEAD]
    for (file, column, expected), alike in grouped.items():
        rows = sorted({problem.row for problem in alike if problem.row is not None})
        lines.append((file, ranges(rows), column, _found(alike), expected))
    return aligned(lines)


def _found(alike: Sequence[Problem]) -> str:
    texts = list(dict.fromkeys(problem.found for problem in alike))
    more = len(texts) - MOST_SHOWN
    return ", ".join(texts[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def ranges(numbers: Sequence[int]) -> str:
    """Return ascending whole numbers with their runs drawn together, not too many of them.

    Examples
    --------
    >>> ranges([2, 3, 4, 7])
    '2–4, 7'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    texts = [str(low) if low == high else f"{low}–{high}" for low, high in runs]
    more = len(texts) - MOST_RUNS
    return ", ".join(texts[:MOST_RUNS]) + (f" and {more} more" if more > 0 else "")


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows of texts as lines whose columns stand below one another."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
