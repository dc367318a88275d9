"""Rows of Cox models: each line of hazard ratio, interval and p that a paper prints, in a table or in its prose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from secondlook.paper.registry import Registry, Value
from secondlook.paper.schema import Contrast, Model
from secondlook.stats.wald import CELLS, LEVEL, Line

#: How pages name the four numbers.
NAMES = {"hr": "HR", "lower": "lower limit", "upper": "upper limit", "p": "p"}


@dataclass(frozen=True)
class Row:
    """One row of a model as printed in one place.

    Attributes
    ----------
    key : str
        Its place: ``t3.side.uni`` for a table, for the prose the common part of its values' ids.
    table, row, set : str
        The cells that it is, or restates; the set is empty where the table has none.
    model : str
        ``unadjusted`` (of one variable), ``adjusted`` (of several); empty where the layout does not tell.
    variable, endpoint : str
        What is modelled; the endpoint is empty when the layout names none.
    values : dict
        The printed values by name (:data:`secondlook.stats.wald.CELLS`); those not printed are missing.
    subject, label : str
        The row in words, with its endpoint and without.
    contrast : Contrast or None
        Which levels it compares, as labelled; None also for a row of its own level beside an unnamed reference.
    in_prose : bool
        True for a row that the prose restates.
    level : float
        The level of its interval that the layout states, or the usual one.
    """

    key: str
    table: str
    row: str
    set: str
    variable: str
    endpoint: str
    values: dict[str, Value] = field(hash=False)
    subject: str = ""
    label: str = ""
    contrast: Contrast | None = None
    in_prose: bool = False
    model: Model | Literal[""] = ""
    level: float = LEVEL

    @property
    def line(self) -> Line:
        """The printed numbers."""
        return Line(**{name: value.number for name, value in self.values.items()})

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the printed values, in the order in which papers print them."""
        return tuple(self.values[name].id for name in CELLS if name in self.values)

    def ids_of(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the ids of some of the numbers."""
        return tuple(self.values[name].id for name in names if name in self.values)


def table_rows(registry: Registry) -> Iterator[Row]:
    """Yield the rows of every table of models, set by set, in reading order, those without a number left out."""
    for name, table in registry.layout.tables.items():
        if table.kind != "models":
            continue
        for set_ in table.sets or ("",):
            for key in dict.fromkeys(value.row for value in registry.cells(name, set=set_)):
                cells = {statistic: registry.cell(name, key, set_, statistic) for statistic in CELLS}
                values = {statistic: value for statistic, value in cells.items() if value and value.number}
                if values:
                    place = ".".join(filter(None, (name, key, set_)))
                    yield _row(registry, place, values, next(iter(values.values())), in_prose=False)


def prose_rows(registry: Registry) -> Iterator[Row]:
    """Yield every row that the prose restates from a table of models, in reading order.

    Values belong together when they stand in one section and restate the same row; a second value of the same
    statistic begins another row.
    """
    found: list[tuple[tuple, dict[str, Value], Value]] = []
    for value in registry:
        origin = registry.origin(value)
        if value.table or not _is_model_cell(registry, origin) or not value.number:
            continue
        place = (value.section, origin.table, origin.row, origin.set)
        open_row = next((row for row in reversed(found) if row[0] == place), None)
        if open_row is None or value.statistic in open_row[1]:
            open_row = (place, {}, origin)
            found.append(open_row)
        open_row[1][value.statistic] = value
    for _, values, origin in found:
        first = next(iter(values.values()))
        yield _row(registry, first.id.rpartition(".")[0] or first.id, values, origin, in_prose=True)


def _is_model_cell(registry: Registry, cell: Value) -> bool:
    return bool(cell.table) and registry.layout.tables[cell.table].kind == "models" and cell.statistic in CELLS


def _row(registry: Registry, key: str, values: dict[str, Value], cell: Value, in_prose: bool) -> Row:
    table = registry.layout.tables[cell.table]
    label = registry.layout.variables[cell.variable].label if cell.variable else cell.row
    label = ", ".join(filter(None, (label, table.sets.get(cell.set, ""))))
    endpoint = registry.layout.endpoints.get(table.endpoint or "", "")
    return Row(
        key=key,
        table=cell.table,
        row=cell.row,
        set=cell.set,
        variable=cell.variable,
        endpoint=table.endpoint or "",
        values=values,
        subject=", ".join(filter(None, (label, endpoint))),
        label=label,
        contrast=None if cell.level else table.contrasts.get(cell.variable),
        in_prose=in_prose,
        model=table.model_of(cell.set),
        level=_as_fraction(table.level) if table.level else LEVEL,
    )


def _as_fraction(level: float) -> float:
    return level if level < 1 else level / 100


def all_rows(registry: Registry) -> list[Row]:
    """Return the rows of the tables, then those of the prose; keys are unique."""
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for row in (*table_rows(registry), *prose_rows(registry)):
        seen[row.key] = seen.get(row.key, 0) + 1
        rows.append(row if seen[row.key] == 1 else _renamed(row, seen[row.key]))
    return rows


def _renamed(row: Row, number: int) -> Row:
    return replace(row, key=f"{row.key}:{number}")


def neighbours(row: Row, rows: list[Row]) -> list[Row]:
    """Return the rows just above and below in the same columns of the table; none for a row of the prose."""
    return all_neighbours(rows).get(row.key, [])


def all_neighbours(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the neighbours of each row of a table, by its key: to look through all rows for each of them is slow."""
    columns: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if not row.in_prose:
            columns.setdefault((row.table, row.set), []).append(row)
    return {
        row.key: column[max(0, place - 1) : place] + column[place + 1 : place + 2]
        for column in columns.values()
        for place, row in enumerate(column)
    }
