"""Names and blanks: a variable of one table that another does not have, a cell left empty where others print 0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from secondlook.checks.verdicts import Check, Found, Said
from secondlook.paper.registry import Registry, Value
from secondlook.paper.rows import Row, table_rows


def check(registry: Registry) -> Iterator[Check]:
    """Yield all checks of names and blanks."""
    yield from check_counterparts(registry)
    yield from check_blanks(registry)
    yield from check_decimals(registry)


def _variables(registry: Registry, kind: str) -> set[str]:
    names = [name for name, table in registry.layout.tables.items() if table.kind == kind]
    return {v.variable for name in names for v in registry.cells(name)}


def check_counterparts(registry: Registry) -> Iterator[Check]:
    """Yield a query per variable that the models have and the baseline tables have not.

    A variable whose levels are the arms themselves needs no counterpart.
    """
    baseline, models = _variables(registry, "baseline"), _variables(registry, "models")
    arms = set(registry.layout.paper.arms)
    if not baseline or not models:
        return
    unmatched = tuple(sorted(baseline - models))
    for name in sorted(models - baseline):
        if set(registry.layout.variables[name].levels) != arms:
            yield _no_counterpart(registry, name, unmatched)


@dataclass(frozen=True)
class Nameless(Found):
    """A variable of the models that the baseline tables do not have, and those of theirs that no model has."""

    variable: str
    unmatched: tuple[str, ...]


def _no_counterpart(registry: Registry, variable: str, unmatched: tuple[str, ...]) -> Check:
    label = registry.layout.variables[variable].label
    names = [registry.layout.variables[name].label for name in unmatched]
    cells = [v for v in registry if v.variable == variable]
    note = f"{label} is modelled but is not among the characteristics of the patients"
    if names:
        note += f"; of those, {' and '.join(names)} is not modelled. One variable may go by two names."
    else:
        note += "."
    return Check(
        family="name",
        subject=variable,
        value_ids=tuple(v.id for v in cells),
        evidence="restatement",
        verdict="query",
        found=Nameless(variable, unmatched),
        said=Said(
            quantity=f"the variable {label}",
            published=label,
            recomputed=" or ".join(names),
            method="names of the variables compared across tables",
            note=note,
        ),
    )


def check_blanks(registry: Registry) -> Iterator[Check]:
    """Yield a query per cell that prints nothing where comparable cells print 0."""
    for value in registry:
        if value.is_blank:
            alike = registry.cells(value.table, statistic=value.statistic, set=value.set)
            zeros = [v for v in alike if _prints_zero(v)]
            yield _blank(registry, value, zeros)


def _prints_zero(value: Value) -> bool:
    return value.number is not None and value.number.value == 0


@dataclass(frozen=True)
class Blank(Found):
    """An empty cell, and how many comparable cells print 0."""

    value: Value
    zeros: int


def _blank(registry: Registry, value: Value, zeros: list[Value]) -> Check:
    cells = "comparable cell of the table prints" if len(zeros) == 1 else "comparable cells of the table print"
    note = "The cell is empty"
    note += f", while {len(zeros)} {cells} {zeros[0].printed}" if zeros else ""
    count = registry.cell(value.table, value.row, value.set, "count", value.group)
    if value.statistic == "percent" and count and _prints_zero(count):
        note += f". The count beside it is {count.printed}, so the share is plain; the table is uneven."
    else:
        note += ". Whether nothing was counted or nothing was printed cannot be told."
    return Check(
        family="blank",
        subject=value.id,
        value_ids=(value.id,),
        evidence="none",
        verdict="query",
        found=Blank(value, len(zeros)),
        recomputes=(value.id,),
        said=Said(
            quantity=value.subject,
            published="",
            method="compared with the other cells of the column's kind",
            note=note,
        ),
    )


# Decimals -----------------------------------------------------------------------------------------------------------


def check_decimals(registry: Registry) -> Iterator[Check]:
    """Yield a query per row of a models' table whose ratio and limits all have other decimals than the rest.

    One number with a zero dropped is a habit of typing; a whole row in another format may come of another analysis.
    """
    for rows in _by_table(table_rows(registry)).values():
        places = {row.key: _places(row) for row in rows}
        common, times = Counter(places.values()).most_common(1)[0]
        if common is None or times < _MOST * len(rows):
            continue
        yield from (_other_decimals(row, common) for row in rows if places[row.key] not in (None, common))


#: The share of a table's rows that must agree before another one stands out.
_MOST = 0.75


def _by_table(rows: Iterable[Row]) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {}
    for row in rows:
        tables.setdefault(row.table, []).append(row)
    return tables


def _places(row: Row) -> int | None:
    """Return the decimals of a row's ratio and limits; None when they differ among themselves or are not all there."""
    places = {value.number.places for name, value in row.values.items() if name != "p"}
    return places.pop() if len(places) == 1 and len(row.values) >= 3 else None


@dataclass(frozen=True)
class OtherDecimals(Found):
    """A row whose ratio and limits have other decimals than the rest of the table."""

    row: Row
    places: int
    common: int


def _other_decimals(row: Row, common: int) -> Check:
    ids = tuple(value.id for name, value in row.values.items() if name != "p")
    return Check(
        family="decimals",
        subject=row.key,
        value_ids=ids,
        evidence="none",
        verdict="query",
        found=OtherDecimals(row, _places(row), common),
        said=Said(
            quantity=f"decimals of {row.subject}",
            published=", ".join(value.printed for name, value in row.values.items() if name != "p"),
            method="compared with the other rows of the table",
            note=f"The hazard ratio and its limits have {_places(row)} decimals where the rest of the table has "
            f"{common}. The row may come of another analysis than its neighbours.",
        ),
    )
