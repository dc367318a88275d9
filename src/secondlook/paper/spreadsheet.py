"""Has a spreadsheet saved a folder anew? Then ``3.000`` has become ``3``, and of its decimals none ends in 0.

Where a paper prints all its decimals about one number in ten ends in 0. The chance that none of n numbers does is 0.9ⁿ:
large for a small table, below 0.01 from 44 numbers on and below one in ten thousand from 88. A number counts once a
column, for a common p value is no new evidence, and neither is a restatement. Where every column keeps its number of
decimals nothing was dropped, whatever its last digits are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from secondlook.paper.registry import Registry

#: Below this chance a folder is refused, and below this one warned about.
REFUSED, WARNED = 1e-4, 0.01
#: How often the last of several decimals is not 0.
_OTHER = 0.9


@dataclass(frozen=True)
class Resaved:
    """What the last decimals of a folder, or of one file in it, say.

    Attributes
    ----------
    where : str
        The file, or ``all files``.
    numbers : int
        Different numbers with decimals, none of which ends in 0.
    chance : float
        That this would be so had a paper printed them with all their decimals.
    """

    where: str
    numbers: int
    chance: float

    def __str__(self) -> str:
        return (
            f"{self.where}: none of {self.numbers} numbers with decimals ends in 0 (chance {self.chance:.1g}); a "
            "spreadsheet has probably dropped zeros that the paper prints, and with them what its numbers say"
        )


def last_decimals(registry: Registry) -> Resaved | None:
    """Return the place where the absence of a last 0 is most surprising; None where there is nothing to see."""
    files: dict[str, set[tuple[str, str]]] = {}
    places: dict[tuple[str, str], set[int]] = {}
    for value in registry:
        number = value.number
        if number is None or number.bound or value.restates or value.statistic == "count":
            continue
        column = f"{value.set} {value.statistic} {value.group}" if value.table else value.statistic
        places.setdefault((value.table, column), set()).add(number.places)
        if number.places:
            files.setdefault(value.table or "text", set()).add((column, number.text))
    short = {table or "text" for (table, _), found in places.items() if len(found) > 1}
    found = [_none_ends_in_0(_file(where), texts) for where, texts in files.items() if where in short]
    if len(files) > 1 and short:
        found.append(_none_ends_in_0("all files", {(where, *one) for where, texts in files.items() for one in texts}))
    return min(filter(None, found), key=lambda one: one.chance, default=None)


def _none_ends_in_0(where: str, numbers: Collection[tuple[str, ...]]) -> Resaved | None:
    if not numbers or any(text.endswith("0") for *_, text in numbers):
        return None
    return Resaved(where, len(numbers), _OTHER ** len(numbers))


def _file(table: str) -> str:
    return "text.csv" if table == "text" else f"table {table}"
