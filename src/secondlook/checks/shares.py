"""Data of counts: printed percentages with their counts, sums that must hold, patients of no printed level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from secondlook.checks.verdicts import Found
from secondlook.numbers.printed import Printed, show
from secondlook.paper.registry import Registry, Value, expand
from secondlook.stats import percentages

# Percentages --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share(Found):
    """A printed percentage with the counts that it is made of.

    Attributes
    ----------
    percent : Value
    counts : tuple of Value
        Their sum is the numerator.
    group, size, size_id : str, int, str
        Whose share it is, how many they are, and the id of the value that says so.
    n : int
        The numerator.
    is_stated : bool
        True when the paper names this denominator for the very percentage or row.
    """

    percent: Value
    counts: tuple[Value, ...]
    group: str
    n: int
    size: int
    size_id: str
    is_stated: bool = False

    @property
    def exact(self) -> Fraction:
        """The share in per cent, as an exact fraction."""
        return percentages.share(self.n, self.size)

    @property
    def handled(self) -> str:
        """What was done to the digits of the share to print the percentage; empty when nothing gives it."""
        return percentages.handled(self.printed, self.n, self.size)

    @property
    def printed(self) -> Printed:
        """The percentage as printed."""
        return self.percent.number

    @property
    def shown(self) -> str:
        """The share as the paper would print it."""
        return show(self.exact, self.printed.places)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the percentage, its counts and its denominator."""
        return (self.percent.id, *(v.id for v in self.counts), self.size_id)


def shares(registry: Registry) -> Iterator[Share]:
    """Yield every percentage whose counts and denominator the paper prints, those restated in the prose too."""
    elsewhere = {item.percent: item for item in registry.layout.percentages}
    for value in registry:
        if value.statistic != "percent" or value.number is None:
            continue
        cell = registry.origin(value)
        if value.id in elsewhere:
            item = elsewhere[value.id]
            counts, group = [registry.values.get(i) for i in item.numerator], item.denominator
        else:
            counts, group = [_count_beside(registry, cell)], denominator(registry, cell)
        stated = value.id in elsewhere or group != cell.group
        share = _share(registry, value, counts, group, stated)
        if share:
            yield share


def denominator(registry: Registry, cell: Value) -> str:
    """Return whose share a table's cell prints: the column's group, or the one that the paper names for such rows."""
    stated = registry.layout.tables[cell.table].denominators if cell.table else {}
    of_row = stated.get(cell.row) or stated.get(cell.variable) or {}
    return of_row.get(cell.group, cell.group)


def _count_beside(registry: Registry, value: Value) -> Value | None:
    return registry.cell(value.table, value.row, value.set, "count", value.group) if value.table else None


def _share(registry: Registry, percent: Value, counts: list[Value | None], group: str, stated: bool) -> Share | None:
    size = registry.size(group)
    wholes = [registry.whole(v.id) if v else None for v in counts]
    if not size or None in wholes:
        return None
    size_id = registry.layout.groups[group].size or ""
    return Share(percent, tuple(v for v in counts if v), group, sum(wholes), size, size_id, stated)


# Patients of no printed level ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known(Found):
    """A variable whose percentages, in one group, are of those patients only that its levels add up to.

    Attributes
    ----------
    table, variable, group : str
    size, known : int
        How many patients the group has, and how many the levels add up to.
    shares : tuple of Share
        The percentages of these levels, those restated in the prose too.
    """

    table: str
    variable: str
    group: str
    size: int
    known: int
    shares: tuple[Share, ...]


def known_only(registry: Registry) -> list[Known]:
    """Return the variables whose percentages are of known patients only, by table, variable and group.

    The levels add up to fewer patients than the group has, and over that number, and not over the group's size, all
    of their percentages are right.
    """
    by_levels: dict[tuple[str, str, str], list[Share]] = {}
    for share in shares(registry):
        cell = registry.origin(share.percent)
        if cell.level and not share.is_stated:
            by_levels.setdefault((cell.table, cell.variable, cell.group), []).append(share)
    found = []
    for (table, variable, group), of_levels in by_levels.items():
        counts = {registry.origin(share.percent).level: share.n for share in of_levels}
        known, size = sum(counts.values()), of_levels[0].size
        complete = counts.keys() == registry.layout.variables[variable].levels.keys()
        if not complete or not 0 < known < size or all(share.handled for share in of_levels):
            continue
        if all(percentages.handled(share.printed, share.n, known) for share in of_levels):
            found.append(Known(table, variable, group, size, known, tuple(of_levels)))
    return found


# Sums ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Total(Found):
    """A printed whole and what must add up to it.

    Attributes
    ----------
    whole : str
        Id of the whole; ``parts`` and ``minus`` likewise, what is added up and what is taken off.
    why, name : str
        Why they make the whole, and what distinguishes this sum from others.
    may_lack : bool
        True where the parts may leave out patients without saying so: those whose level is not known.
    """

    whole: str
    parts: tuple[str, ...]
    minus: tuple[str, ...]
    why: str
    name: str
    may_lack: bool = False


def totals(registry: Registry) -> Iterator[Total]:
    """Yield every sum that must hold: levels of each variable by group, declared sums, columns *all*."""
    yield from _levels(registry)
    declared = [
        Total(whole, tuple(parts), tuple(minus), item.why, f"{whole}:{parts[0]}")
        for item in registry.layout.sums
        for whole, parts, minus in expand(item)
    ]
    yield from declared
    names = {total.name for total in declared}
    yield from (total for total in _columns(registry) if total.name not in names)


def _groups(registry: Registry, table: str) -> list[str]:
    """Return the groups whose counts a table prints."""
    columns = registry.layout.tables[table].columns.values()
    return list(dict.fromkeys(column.group for column in columns if column.role == "count" and column.group))


def _levels(registry: Registry) -> Iterator[Total]:
    """A variable of one level, or of which the layout names none, need not cover everyone."""
    for name, table in registry.layout.tables.items():
        if table.kind != "baseline":
            continue
        for key, variable in registry.layout.variables.items():
            for group in _groups(registry, name):
                parts = [v for v in registry.cells(name, variable=key, statistic="count", group=group) if v.level]
                if len(parts) > 1 and {v.level for v in parts} == set(variable.levels):
                    size = registry.layout.groups[denominator(registry, parts[0])].size
                    why = f"every patient has one level of {variable.label}"
                    if size:
                        yield Total(size, tuple(v.id for v in parts), (), why, f"{name}.{key}.{group}", True)


def _columns(registry: Registry) -> Iterator[Total]:
    """Yield, for every count of a group that is both arms together, that it is the sum of theirs."""
    arms = registry.layout.paper.arms
    sizes = [registry.size(arm) for arm in arms]
    for name, table in registry.layout.tables.items():
        groups = _groups(registry, name) if table.kind != "models" and None not in sizes else []
        for group in groups if set(arms) <= set(groups) else []:
            if group not in arms and registry.size(group) == sum(sizes):
                why = f"{registry.layout.groups[group].label} is both arms together"
                for cell in registry.cells(name, statistic="count", group=group):
                    parts = [registry.cell(name, cell.row, cell.set, "count", arm) for arm in arms]
                    if cell.number and all(part and part.number for part in parts):
                        ids = tuple(part.id for part in parts)
                        yield Total(cell.id, ids, (), why, f"{cell.id}:{ids[0]}")


def added(registry: Registry, total: Total) -> tuple[int, int] | None:
    """Return (printed whole, sum of the parts), or None when one of them is not printed."""
    whole = registry.whole(total.whole)
    parts = [registry.whole(i) for i in total.parts]
    minus = [registry.whole(i) for i in total.minus]
    if whole is None or None in parts or None in minus:
        return None
    return whole, sum(parts) - sum(minus)


def balanced(registry: Registry) -> set[str]:
    """Return the ids of all values that stand in a sum that holds."""
    held: set[str] = set()
    for total in totals(registry):
        sums = added(registry, total)
        if sums and sums[0] == sums[1]:
            held.update((total.whole, *total.parts, *total.minus))
    return held
