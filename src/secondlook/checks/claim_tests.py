"""One test of a claim in words, computed: what came out, as data, and whether the claim holds.

:mod:`secondlook.checks.claim_words` says it in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from secondlook.checks.counts import totals
from secondlook.checks.levels import ALPHA, below
from secondlook.checks.selection import entries
from secondlook.numbers.printed import Printed
from secondlook.paper.claims_schema import (
    AddsUp,
    AllHigher,
    Counted,
    Entered,
    Higher,
    Independent,
    Leading,
    Repeats,
    Selected,
    Significant,
    Test,
    TooSmall,
)
from secondlook.paper.registry import Registry, Value
from secondlook.stats import schoenfeld

#: How a test of a claim came out: it holds, cannot be told, fails, or the numbers say the opposite.
OUTCOMES = ("holds", "open", "fails", "opposite")
#: The level of significance where the paper prints none.


@dataclass(frozen=True)
class Shown:
    """What one test of a claim found, as data, beyond what the test itself names."""


@dataclass(frozen=True)
class Lower(Shown):
    """Rows whose share is lower in the arm named: its cell and the other arm's."""

    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Ranked(Shown):
    """The least of the rows named and the largest of the others (each with its cells), and how many are named.

    `least` is empty when a cell named is blank, `largest` when no other row has numbers; `miscounted` is the number
    printed where it is not that of the rows named.
    """

    least: tuple[Value, ...] = ()
    largest: tuple[Value, ...] = ()
    named: int = 0
    compared: str = "open"
    miscounted: int | None = None


@dataclass(frozen=True)
class Adjusted(Shown):
    """Cells of adjusted rows, each with its outcome, table and variable; None for a p value that is not printed."""

    cells: tuple[tuple[str, str, str, Value | None], ...]


@dataclass(frozen=True)
class Absent(Shown):
    """Tables and variables without an adjusted row."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Entries(Shown):
    """The rows that break a rule of entry, or may, by their p; and of how many."""

    broken: tuple[Value, ...]
    of: int


@dataclass(frozen=True)
class Sums(Shown):
    """Printed wholes with what is added up and what is taken off."""

    sums: tuple[tuple[tuple[int, ...], tuple[int, ...], int], ...]


@dataclass(frozen=True)
class Counts(Shown):
    """How many the printed counts are together."""

    total: int


@dataclass(frozen=True)
class Detectable(Shown):
    """Sizes of the groups and the hazard ratio that they can find; no ratio where a size is not printed."""

    sizes: tuple[int, ...] = ()
    ratio: float | None = None


@dataclass(frozen=True)
class Finding:
    """How one test of a claim came out.

    Attributes
    ----------
    outcome : str
        One of :data:`OUTCOMES`.
    value_ids : tuple of str
        The values that were looked at.
    evidence : str
        A word of :data:`secondlook.checks.verdicts.EVIDENCE`.
    shown : Shown
        What was found.
    suspect_ids : tuple of str
        Values in doubt beside the claim itself.
    held : tuple of int
        Where it is about rows: in how many it holds, and of how many; empty otherwise.
    """

    outcome: str
    value_ids: tuple[str, ...]
    evidence: str
    shown: Shown = Shown()
    suspect_ids: tuple[str, ...] = ()
    held: tuple[int, ...] = ()


def worst(outcomes: Iterable[str]) -> str:
    """Return the worst of several outcomes."""
    return max(outcomes, key=OUTCOMES.index)


# Comparisons --------------------------------------------------------------------------------------------------------


def compare(first: Printed, second: Printed) -> str:
    """Return whether the first printed number is higher: ``holds``, ``opposite``, ``fails`` (alike) or ``open``."""
    a, b = first.stands_for(), second.stands_for()
    if (first.bound, first.value, first.places) == (second.bound, second.value, second.places):
        return "fails"
    if a.low >= b.high:
        return "holds"
    return "opposite" if a.high <= b.low else "open"


def _higher(registry: Registry, test: Higher) -> Finding:
    pairs = [(registry[a], registry[b]) for a, b in zip(test.these, test.than, strict=True)]
    outcomes = [compare(a.number, b.number) if a.number and b.number else "open" for a, b in pairs]
    counted = all(v.statistic in ("count", "percent") for pair in pairs for v in pair)
    return Finding(worst(outcomes), (*test.these, *test.than), "counts" if counted else "restatement")


def _all_higher(registry: Registry, test: AllHigher) -> Finding:
    others = [arm for arm in registry.layout.paper.arms if arm != test.group]
    rows = list(_shares(registry, test, others))
    against = [tuple(cells) for cells, own, other in rows if own < other]
    alike = [cells for cells, own, other in rows if own == other]
    return Finding(
        outcome="opposite" if against else ("fails" if alike else "holds") if rows else "open",
        value_ids=tuple(dict.fromkeys(v.id for cells, _, _ in rows for v in cells)),
        evidence="counts",
        shown=Lower(tuple(against)),
        held=(len(rows) - len(against) - len(alike), len(rows)),
    )


def _shares(registry: Registry, test: AllHigher, others: list[str]) -> Iterator[tuple[list[Value], Fraction, Fraction]]:
    """Yield (cells, share of the arm named, share of another) for each row with both counts."""
    for own in registry.cells(test.table, set=test.set, statistic="count", group=test.group):
        for arm in others:
            other = registry.cell(test.table, own.row, test.set, "count", arm)
            sizes = registry.size(test.group), registry.size(arm)
            if other and own.number and other.number and all(sizes):
                yield [own, other], own.number.value / sizes[0], other.number.value / sizes[1]


# Ranks --------------------------------------------------------------------------------------------------------------


def _leading(registry: Registry, test: Leading) -> Finding:
    named = [registry[i] for i in test.named]
    first = named[0]
    groups = registry.layout.paper.arms if test.together else [first.group]
    ranked = _added_rows(registry, first, groups)
    rows = [v.row for v in named]
    if not set(rows) <= set(ranked):
        return Finding("open", tuple(test.named), "counts", Ranked())
    least = min(rows, key=lambda row: ranked[row][0])
    rest = [row for row in ranked if row not in rows]
    largest = max(rest, key=lambda row: ranked[row][0], default=None)
    compared, number = _rank(ranked, least, largest), registry.whole(test.number)
    miscounted = number if number is not None and number != len(rows) else None
    cells = [c.id for row in [*rows, *([largest] if largest else [])] for c in ranked[row][1]]
    number_ids = (test.number,) if test.number else ()
    top = tuple(ranked[largest][1]) if largest else ()
    return Finding(
        outcome=compared if miscounted is None else worst([compared, "fails"]),
        value_ids=(*cells, *number_ids),
        evidence="counts",
        shown=Ranked(tuple(ranked[least][1]), top, len(rows), compared, miscounted),
        suspect_ids=number_ids,
    )


def _added_rows(registry: Registry, like: Value, groups: list[str]) -> dict[str, tuple[Fraction, list[Value]]]:
    """Return each row's number in a column (arms added up), leaving out the rows where one of them is blank."""
    made = {}
    for row in dict.fromkeys(v.row for v in registry.cells(like.table, set=like.set)):
        cells = [registry.cell(like.table, row, like.set, like.statistic, group) for group in groups]
        if all(cell and cell.number for cell in cells):
            made[row] = (sum(cell.number.value for cell in cells), cells)
    return made


def _rank(ranked: dict, least: str, largest: str | None) -> str:
    """Return whether the least of the rows named leads all others."""
    if largest is None or ranked[least][0] > ranked[largest][0]:
        return "holds"
    return "open" if ranked[least][0] == ranked[largest][0] else "fails"


# P values and models ------------------------------------------------------------------------------------------------


def level_of(registry: Registry, level: str | None) -> Fraction:
    """Return a level of significance as printed, or 0.05."""
    value = registry.values.get(level or "")
    return value.number.value if value and value.number else ALPHA


def _side(p: Value | None, level: Fraction, wanted: bool) -> str:
    """Return the outcome of the claim that a p value is (or is not) below a level."""
    found = below(p.number, level) if p else None
    return "open" if found is None else ("holds" if found == wanted else "opposite")


def _significant(registry: Registry, test: Significant) -> Finding:
    level = level_of(registry, test.level)
    outcomes = [_side(registry[i], level, test.below) for i in test.p]
    return Finding(worst(outcomes), (*test.p, *([test.level] if test.level else [])), "restatement")


def _model_rows(registry: Registry, tables: list[str], set_: str, variables: list[str]) -> Iterator[tuple]:
    """Yield (table, variable, p, hazard ratio) of each row, with None for cells that are not there or blank."""
    for table in tables:
        for variable in variables:
            cells = [registry.cell(table, variable, set_, statistic) for statistic in ("p", "hr")]
            yield table, variable, *(cell if cell and cell.number else None for cell in cells)


def _independent(registry: Registry, test: Independent) -> Finding:
    level = level_of(registry, test.level)
    found: list[tuple[str, str, str, Value | None]] = []
    for table, variable, p, hr in _model_rows(registry, test.tables, test.set, test.variables):
        found.append(("fails" if p is None else _side(p, level, True), table, variable, p))
        if p is not None and test.raises and hr is not None:
            above = hr.number.stands_for().low >= 1
            found.append(("holds" if above else "opposite", table, variable, hr))
    ids = [cell.id for *_, cell in found if cell]
    outcome = worst(outcome for outcome, *_ in found)
    return Finding(outcome, (*ids, *([test.level] if test.level else [])), "restatement", Adjusted(tuple(found)))


def _entered(registry: Registry, test: Entered) -> Finding:
    rows = list(_model_rows(registry, test.tables, test.set, test.variables))
    missing = [(table, variable) for table, variable, p, hr in rows if p is None and hr is None]
    found = [cell.id for _, _, *cells in rows for cell in cells if cell]
    unadjusted = [v.id for t, variable in missing for v in registry.cells(t, variable=variable, statistic="p")]
    outcome = "open" if missing else "holds"
    return Finding(outcome, (*found, *unadjusted), "restatement", Absent(tuple(missing)))


def _selected(registry: Registry, test: Selected) -> Finding:
    level = level_of(registry, test.level)
    rows = [entry for table in test.tables for entry in entries(registry, table, test.before, test.after, level)]
    # Who is on the wrong side of an entry rule contradicts the method, not the direction of a result.
    outcomes = ["open" if row.enters is None else "fails" if row.breaks_the_rule else "holds" for row in rows]
    broken = [row.p for row, outcome in zip(rows, outcomes, strict=True) if outcome != "holds"]
    ids = [test.level, *(value.id for row in rows for value in (row.p, *row.adjusted_p))]
    return Finding(worst(outcomes or ["open"]), tuple(ids), "restatement", Entries(tuple(broken), len(outcomes)))


# Counts and samples -------------------------------------------------------------------------------------------------


def _counted(registry: Registry, test: Counted) -> Finding:
    wholes = [registry.whole(i) for i in test.counts]
    known = [n for n in wholes if n is not None]
    total = sum(known)
    if total == 0 and len(known) < len(wholes):
        outcome = "open"
    else:
        outcome = "holds" if (total == 0) == (test.expect == "none") else "fails"
    return Finding(outcome, tuple(test.counts), "counts", Counts(total))


def _adds_up(registry: Registry, test: AddsUp) -> Finding:
    outcomes, sums, ids = [], [], []
    for total in totals(registry):
        if total.whole not in test.wholes:
            continue
        parts = [registry.whole(i) for i in total.parts]
        minus = [registry.whole(i) for i in total.minus]
        whole = registry.whole(total.whole)
        if whole is None or None in parts or None in minus:
            continue
        outcomes.append("holds" if sum(parts) - sum(minus) == whole else "fails")
        sums.append((tuple(parts), tuple(minus), whole))
        ids += [total.whole, *total.parts, *total.minus]
    value_ids = tuple(dict.fromkeys(ids)) or tuple(test.wholes)
    return Finding(worst(outcomes or ["open"]), value_ids, "counts", Sums(tuple(dict.fromkeys(sums))))


def _repeats(registry: Registry, test: Repeats) -> Finding:
    return Finding("holds", tuple(test.claims), "restatement")


def _too_small(registry: Registry, test: TooSmall) -> Finding:
    sizes = [registry.size(group) for group in test.groups]
    ids = tuple(i for group in test.groups if (i := registry.layout.groups[group].size))
    if not all(sizes):
        return Finding("open", ids, "algebra", Detectable())
    ratio = schoenfeld.detectable(schoenfeld.smallest_standard_error(*sizes), test.power, float(ALPHA))
    # That fewer events would not do says nothing of how many there were: a sample that could do is left open.
    return Finding("holds" if ratio > test.effect else "open", ids, "algebra", Detectable(tuple(sizes), ratio))


TESTS: dict[type[Test], Callable[[Registry, Test], Finding]] = {
    Higher: _higher, Leading: _leading, AllHigher: _all_higher, Significant: _significant, Counted: _counted,
    Independent: _independent, Entered: _entered, Selected: _selected, AddsUp: _adds_up, Repeats: _repeats,
    TooSmall: _too_small,
}  # fmt: skip


def assess(registry: Registry, test: Test) -> Finding:
    """Compute one test of a claim."""
    return TESTS[type(test)](registry, test)
