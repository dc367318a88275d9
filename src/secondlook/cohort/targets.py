"""What a file of patients is held against: the printed statistics of survival, and the printed counts.

A row of hazard ratios that cannot be true as printed, and that exactly one small change would make true, is held
against that change (:mod:`secondlook.stats.repairs`): no patients could print the row as it stands. Every other
number is
held against what is printed, whether or not it can be attained.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from secondlook.cohort.columns import Codes, arm_variable
from secondlook.numbers.printed import Printed, parse
from secondlook.paper.registry import Registry, Value
from secondlook.paper.rows import Row, neighbours, table_rows
from secondlook.stats.repairs import search
from secondlook.stats.wald import CELLS, Line, box, is_ordered

#: Kinds of targets beside the sets of columns of a table of models (``uni``, ``multi``).
MEDIAN, LOG_RANK = "median", "log-rank"
#: Kinds of printed counts that files of the paper's own patients have by right: baseline, responses, sizes of groups.
BASELINE, RESPONSE, SIZE = "baseline", "response", "size"


@dataclass(frozen=True)
class Target:
    """One number that the patients should print.

    Attributes
    ----------
    value_id, place : str
        Where it is printed.
    kind : str
        ``uni`` or ``multi`` for a number of a model, :data:`MEDIAN`, :data:`LOG_RANK`, :data:`BASELINE`,
        :data:`RESPONSE` or :data:`SIZE`.
    endpoint : str
        The time that it is about; empty for a count.
    statistic : str
        What it is: ``hr``, ``lower``, ``upper``, ``p``, ``median`` or ``count``.
    printed, wanted : str
        The string as printed, and the one that patients can print: the repair's where the row has one.
    groups : tuple of str
        The group of a median or a count, the groups of a log-rank test.
    table, variable, level : str
        For a model and a count of a table: the table, the variable (for a response its criterion) and the level.
    row : str
        For a number of a model: the key of its row.
    """

    value_id: str
    place: str
    kind: str
    endpoint: str
    statistic: str
    printed: str
    wanted: str
    groups: tuple[str, ...] = ()
    table: str = ""
    variable: str = ""
    level: str = ""
    row: str = ""

    @property
    def repaired(self) -> bool:
        """True when another string is wanted than the printed one."""
        return self.wanted != self.printed

    @property
    def number(self) -> Printed:
        """The wanted string as a number."""
        return parse(self.wanted)


def targets(registry: Registry, codes: Codes) -> list[Target]:
    """Return the statistics of survival that patients should print, in the order of tables, medians, log-rank tests.

    Endpoints without columns in the file are left out.
    """
    known = {item.endpoint for item in codes.endpoints}
    found = [*_of_models(registry), *_of_medians(registry), *_of_log_ranks(registry)]
    return [target for target in found if target.endpoint in known]


def wanted_line(row: Row, rows: list[Row]) -> Line:
    """Return the row of a model as patients can print it: its only repair, if it needs one and has exactly one."""
    if not box(row.line, row.level).is_empty and is_ordered(row.line):
        return row.line
    repair = search(row.line, [other.line for other in neighbours(row, rows)], row.level)
    return repair.line or row.line


def _of_models(registry: Registry) -> Iterator[Target]:
    rows = list(table_rows(registry))
    for row in rows:
        if row.contrast is None:
            continue
        line = wanted_line(row, rows)
        for name in CELLS:
            if name in row.values:
                wanted = getattr(line, name).text
                place = {"table": row.table, "variable": row.variable, "row": row.key}
                yield _target(row.values[name], row.set, row.endpoint, name, wanted, **place)


def _of_medians(registry: Registry) -> Iterator[Target]:
    for item in registry.layout.medians:
        for name in ("median", "lower", "upper"):
            value = registry.values.get(getattr(item, name))
            if value and value.number:
                yield _target(value, MEDIAN, item.endpoint, name, value.printed, groups=(item.group,))


def _of_log_ranks(registry: Registry) -> Iterator[Target]:
    for item in registry.layout.log_ranks:
        value = registry.values.get(item.p)
        if value and value.number:
            groups = tuple(item.groups)
            yield _target(value, LOG_RANK, item.endpoint, "p", value.printed, groups=groups, variable=item.variable)


def _target(value: Value, kind: str, endpoint: str, statistic: str, wanted: str, **more) -> Target:
    return Target(value.id, value.place, kind, endpoint, statistic, value.printed, wanted, **more)


def covariates(registry: Registry, table: str, kind: str, variable: str) -> tuple[str, ...]:
    """Return the variables of the model that prints a row, the row's own first: all adjusted rows of a table share one.

    Parameters
    ----------
    registry : Registry
    table, kind, variable : str
        As a target has them.
    """
    if registry.layout.tables[table].model_of(kind) != "adjusted":
        return (variable,)
    rows = (row for row in table_rows(registry) if (row.table, row.set) == (table, kind) and row.contrast)
    return tuple(dict.fromkeys((variable, *(row.variable for row in rows))))


# Counts -------------------------------------------------------------------------------------------------------------


def constraints(registry: Registry, codes: Codes) -> list[Target]:
    """Return the printed counts of the file's columns: sizes of groups, baseline and responses by arm."""
    return [*_sizes(registry), *_baseline(registry, codes), *_responses(registry, codes)]


def _sizes(registry: Registry) -> Iterator[Target]:
    for name, spec in registry.layout.groups.items():
        value = registry.values.get(spec.size or "")
        if value and value.number:
            yield _target(value, SIZE, "", "count", value.printed, groups=(name,))


def _baseline(registry: Registry, codes: Codes) -> Iterator[Target]:
    variables = {item.variable for item in codes.characteristics}
    for name, table in registry.layout.tables.items():
        for value in registry.cells(name, statistic="count") if table.kind == "baseline" else ():
            if value.variable in variables and value.level and value.group and value.number:
                place = {"table": name, "variable": value.variable, "level": value.level}
                yield _target(value, BASELINE, "", "count", value.printed, groups=(value.group,), **place)


def _responses(registry: Registry, codes: Codes) -> Iterator[Target]:
    for item in codes.responses:
        for value in registry.cells(item.table, set=item.set, statistic="count"):
            if value.row in item.codes.values() and value.group and value.number:
                place = {"table": item.table, "variable": item.set, "level": value.row}
                yield _target(value, RESPONSE, "", "count", value.printed, groups=(value.group,), **place)


# The list for other programs ----------------------------------------------------------------------------------------

COLUMNS = ("value_id", "kind", "endpoint", "statistic", "subject", "terms", "time", "event", "wanted")


def to_csv(registry: Registry, codes: Codes) -> str:
    """Return the targets as CSV text with the columns of :data:`COLUMNS`, for a program that knows no paper.

    ``subject`` is the variable of a model or the groups. ``terms`` are the model's covariates, the row's own first, or
    the groups, separated by semicolons, each as column=code|code for the patients above the line or in the group.
    ``time`` and ``event`` are the columns of the endpoint.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for target in targets(registry, codes):
        times = codes.times(target.endpoint)
        subject = " ".join(target.groups) or target.variable
        row = [target.value_id, target.kind, target.endpoint, target.statistic, subject, terms(registry, codes, target)]
        writer.writerow([*row, times.time, times.event, target.wanted])
    return out.getvalue()


def terms(registry: Registry, codes: Codes, target: Target) -> str:
    """Return the covariates of a target's model, or its groups, in terms of the file's columns."""
    if target.groups:
        return ";".join(_group_term(registry, codes, name) for name in target.groups)
    contrasts = registry.layout.tables[target.table].contrasts
    names = covariates(registry, target.table, target.kind, target.variable)
    return ";".join(codes.term(name, contrasts[name].exposed) for name in names)


def _group_term(registry: Registry, codes: Codes, name: str) -> str:
    spec = registry.layout.groups[name]
    if name in registry.layout.paper.arms:
        return codes.term(arm_variable(registry), [name])
    return codes.term(spec.variable, spec.levels) if spec.variable else ""
