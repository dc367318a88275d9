"""Names and blanks: a variable of one table that another does not have, a cell left empty where others print 0."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from secondlook.checks.verdicts import Check
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
    unmatched = [registry.layout.variables[name].label for name in sorted(baseline - models)]
    for name in sorted(models - baseline):
        if set(registry.layout.variables[name].levels) != arms:
            yield _no_counterpart(registry, name, unmatched)


def _no_counterpart(registry: Registry, variable: str, unmatched: list[str]) -> Check:
    label = registry.layout.variables[variable].label
    cells = [v for v in registry if v.variable == variable]
    note = f"{label} is modelled but is not among the characteristics of the patients"
    if unmatched:
        note += f"; of those, {' and '.join(unmatched)} is not modelled. One variable may go by two names."
    else:
        note += "."
    return Check(
        check_id=f"name.{variable}",
        value_ids=tuple(v.id for v in cells),
        quantity=f"the variable {label}",
        published=label,
        recomputed=" or ".join(unmatched),
        method="names of the variables compared across tables",
        evidence="restatement",
        verdict="query",
        note=note,
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
        check_id=f"blank.{value.id}",
        value_ids=(value.id,),
        quantity=value.subject,
        published="",
        recomputed="",
        method="compared with the other cells of the column's kind",
        evidence="none",
        verdict="query",
        note=note,
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


def _other_decimals(row: Row, common: int) -> Check:
    ids = tuple(value.id for name, value in row.values.items() if name != "p")
    return Check(
        check_id=f"decimals.{row.key}",
        value_ids=ids,
        quantity=f"decimals of {row.subject}",
        published=", ".join(value.printed for name, value in row.values.items() if name != "p"),
        recomputed="",
        method="compared with the other rows of the table",
        evidence="none",
        verdict="query",
        note=(
            f"The hazard ratio and its limits have {_places(row)} decimals where the rest of the table has {common}. "
            "The row may come of another analysis than its neighbours."
        ),
    )
