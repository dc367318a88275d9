"""The header of a file of patients: what is wrong with it, named as what it is."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from secondlook.cohort.exports import SEPARATORS, separator_of
from secondlook.cohort.problems import Problem, ProblemsError, shown
from secondlook.paper.reading import DataError

#: What reads the forms that a file of records must not have.
ADVICE = "other forms are read by: secondlook cohort import FILE --out records.csv"
#: Names less alike than this (difflib's ratio) are other names.
_ALIKE = 0.75


def plain(text: str) -> str:
    """Return a text without what programs add to it: blanks around it, capitals, wide forms (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def grid(path: Path, text: str, most: int) -> list[list[str]]:
    """Return the rows of a comma-separated text, its header first, and no more than so many below it.

    Raises
    ------
    ProblemsError
        When the first line is a spreadsheet's ``sep=`` or separates its names otherwise.
    DataError
        When quoting is broken or there are more rows.
    """
    first = text.partition("\n")[0].strip()
    separator = separator_of(first)
    if first.casefold().strip('"').startswith("sep="):
        found = Problem(path.name, 1, "", shown(first), "the header; this line is a spreadsheet's own")
        raise ProblemsError([found], ADVICE)
    if separator != ",":
        found = Problem(path.name, 1, "", f"the separator is {SEPARATORS[separator]}", "commas between cells")
        raise ProblemsError([found], ADVICE)
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), strict=True), most + 2))
    except csv.Error as error:
        raise DataError(path, f"is not well-formed CSV ({error})") from error
    if len(rows) > most + 1:
        raise DataError(path, f"has more than {most} rows")
    return rows


def meant(header: Sequence[str], expected: Sequence[str]) -> dict[str, str]:
    """Return the expected column that each name of a header stands for: itself, or one that it is near to."""
    found = {name: name for name in header if name in expected}
    for name in header:
        close = None if name in found else near(name, [each for each in expected if each not in found.values()])
        if close:
            found[name] = close
    return found


def problems(file: str, header: Sequence[str], expected: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong with a header: doubled names, near names, unknown and missing ones, another order."""
    found = meant(header, expected)
    left = [name for name in expected if name not in found.values()]
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Problem(file, 1, name, "the name stands twice", "each name once")
    for place, name in enumerate(header, 1):
        if name not in expected:
            wanted = f"one of {', '.join(left)}" if left else "no further column"
            wanted = f"did you mean {found[name]}?" if name in found else wanted
            yield Problem(file, 1, f"column {place}", shown(name), wanted)
    for name in left:
        yield Problem(file, 1, name, "no such column", "a column of this name, empty where nothing is known")
    if set(header) == set(expected) and list(header) != list(expected):
        yield Problem(file, 1, "", "columns in another order", ", ".join(expected))


def near(name: str, names: Sequence[str]) -> str | None:
    """Return the name that another one is like, but for blanks, capitals, signs or a slip of typing; None for none.

    Examples
    --------
    >>> near(" PFS Months", ["pfs_months", "os_months"]), near("patint", ["patient"]), near("comment", ["patient"])
    ('pfs_months', 'patient', None)
    """
    by_letters = {letters(each): each for each in names}
    found = letters(name)
    if found in by_letters:
        return by_letters[found]
    close = get_close_matches(found, list(by_letters), n=1, cutoff=_ALIKE)
    return by_letters[close[0]] if close and found else None


def letters(name: str) -> str:
    """Return the letters and digits of a name, in small letters."""
    return "".join(c for c in plain(name) if c.isalnum())
