"""One test of a claim in words, computed; what came out, in words, and whether the claim holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from secondlook.checks.counts import totals
from secondlook.checks.selection import below, entries
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
ALPHA = Fraction(1, 20)


@dataclass(frozen=True)
class Finding:
    """How one test of a claim came out.

    Attributes
    ----------
    outcome : str
        One of :data:`OUTCOMES`.
    said : str
        What the printed numbers say, as a plain clause.
    value_ids : tuple of str
        The values that were looked at.
    evidence : str
        A word of :data:`secondlook.checks.verdicts.EVIDENCE`.
    method : str
        How it was found.
    suspect_ids : tuple of str
        Values in doubt beside the claim itself.
    held : tuple of int
        Where it is about rows: in how many it holds, and of how many; empty otherwise.
    """

    outcome: str
    said: str
    value_ids: tuple[str, ...]
    evidence: str
    method: str
    suspect_ids: tuple[str, ...] = ()
    held: tuple[int, ...] = ()


def worst(outcomes: Iterable[str]) -> str:
    """Return the worst of several outcomes."""
    return max(outcomes, key=OUTCOMES.index)


def listed(items: Iterable[str]) -> str:
    """Return items as a list in words: ``a, b and c``."""
    items = list(items)
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


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
    return Finding(
        outcome=worst(outcomes),
        said="; ".join(_comparison(registry, a, b) for a, b in pairs),
        value_ids=(*test.these, *test.than),
        evidence="counts" if counted else "restatement",
        method="the printed numbers compared",
    )


def _comparison(registry: Registry, a: Value, b: Value) -> str:
    names = [registry.layout.groups[v.group].label if v.group else v.place for v in (a, b)]
    return f"{_what(registry, a)}: {names[0]} {a.printed or 'blank'}, {names[1]} {b.printed or 'blank'}"


def _what(registry: Registry, value: Value) -> str:
    """Return the quantity of a value without its group: its row and set of columns in a table, else its subject."""
    if not value.table:
        return value.subject
    sets = registry.layout.tables[value.table].sets
    return ", ".join([value.label, *([sets[value.set]] if value.set else [])])


def _all_higher(registry: Registry, test: AllHigher) -> Finding:
    others = [arm for arm in registry.layout.paper.arms if arm != test.group]
    rows = list(_shares(registry, test, others))
    against = [cells for cells, own, other in rows if own < other]
    alike = [cells for cells, own, other in rows if own == other]
    outcome = "opposite" if against else ("fails" if alike else "holds") if rows else "open"
    label = registry.layout.groups[test.group].label
    held = len(rows) - len(against) - len(alike), len(rows)
    said = f"in {held[0]} of {held[1]} rows the share is higher in {label}"
    if against:
        shown = [_share_words(registry, cells) for cells in against]
        said += f"; it is lower there for {listed(shown)}"
    return Finding(
        outcome=outcome,
        said=said,
        value_ids=tuple(dict.fromkeys(v.id for cells, _, _ in rows for v in cells)),
        evidence="counts",
        method="the shares of the arms compared row by row",
        held=held,
    )


def _shares(registry: Registry, test: AllHigher, others: list[str]) -> Iterator[tuple[list[Value], Fraction, Fraction]]:
    """Yield (cells, share of the arm named, share of another) for each row with both counts."""
    for own in registry.cells(test.table, set=test.set, statistic="count", group=test.group):
        for arm in others:
            other = registry.cell(test.table, own.row, test.set, "count", arm)
            sizes = registry.size(test.group), registry.size(arm)
            if other and own.number and other.number and all(sizes):
                yield [own, other], own.number.value / sizes[0], other.number.value / sizes[1]


def _share_words(registry: Registry, cells: list[Value]) -> str:
    parts = [f"{cell.printed} of {registry.size(cell.group)}" for cell in cells]
    return f"{cells[0].label} ({' against '.join(parts)})"


# Ranks --------------------------------------------------------------------------------------------------------------


def _leading(registry: Registry, test: Leading) -> Finding:
    named = [registry[i] for i in test.named]
    first = named[0]
    groups = registry.layout.paper.arms if test.together else [first.group]
    ranked = _added_rows(registry, first, groups)
    rows = [v.row for v in named]
    if not set(rows) <= set(ranked):
        return _unranked(test)
    smallest = min(rows, key=lambda row: ranked[row][0])
    rest = [row for row in ranked if row not in rows]
    largest = max(rest, key=lambda row: ranked[row][0], default=None)
    outcome, said = _rank_outcome(ranked, smallest, largest, len(rows))
    number = registry.whole(test.number)
    if number is not None and number != len(rows):
        outcome, said = worst([outcome, "fails"]), f"{said}; {len(rows)} are named and {number} is printed"
    cells = [c.id for row in [*rows, *([largest] if largest else [])] for c in ranked[row][1]]
    number_ids = (test.number,) if test.number else ()
    return Finding(outcome, said, (*cells, *number_ids), "counts", "the rows of the column ranked", number_ids)


def _unranked(test: Leading) -> Finding:
    return Finding("open", "a cell named as leading is blank", tuple(test.named), "counts", "the rows ranked")


def _added_rows(registry: Registry, like: Value, groups: list[str]) -> dict[str, tuple[Fraction, list[Value]]]:
    """Return each row's number in a column (arms added up), leaving out the rows where one of them is blank."""
    made = {}
    for row in dict.fromkeys(v.row for v in registry.cells(like.table, set=like.set)):
        cells = [registry.cell(like.table, row, like.set, like.statistic, group) for group in groups]
        if all(cell and cell.number for cell in cells):
            made[row] = (sum(cell.number.value for cell in cells), cells)
    return made


def _rank_outcome(ranked: dict, smallest: str, largest: str | None, named: int) -> tuple[str, str]:
    def shown(row: str) -> str:
        cells = ranked[row][1]
        return f"{cells[0].label} ({' + '.join(cell.printed for cell in cells)})"

    if largest is None or ranked[smallest][0] > ranked[largest][0]:
        after = f", and the next is {shown(largest)}" if largest else ""
        return "holds", f"the least of the {named} named is {shown(smallest)}{after}" if named > 1 else (
            f"{shown(smallest)} leads{after}"
        )
    if ranked[smallest][0] == ranked[largest][0]:
        return "open", f"{shown(smallest)} is named, and {shown(largest)} is not, though it has as many"
    return "fails", f"{shown(smallest)} is named, and {shown(largest)} is not, though it has more"


# P values and models ------------------------------------------------------------------------------------------------


def level_of(registry: Registry, level: str | None) -> Fraction:
    """Return a level of significance as printed, or 0.05."""
    value = registry.values.get(level or "")
    return value.number.value if value and value.number else ALPHA


def _side(p: Value | None, level: Fraction, wanted: bool) -> str:
    """Return the outcome of the claim that a p value is (or is not) below a level."""
    found = below(p.number, level) if p and p.number else None
    return "open" if found is None else ("holds" if found == wanted else "opposite")


def _significant(registry: Registry, test: Significant) -> Finding:
    level = level_of(registry, test.level)
    cells = [registry[i] for i in test.p]
    outcomes = [_side(p, level, test.below) for p in cells]
    return Finding(
        outcome=worst(outcomes),
        said=f"p is {listed(dict.fromkeys(p.printed or 'blank' for p in cells))}, and the level is {float(level):g}",
        value_ids=(*test.p, *([test.level] if test.level else [])),
        evidence="restatement",
        method=f"printed p values held against {float(level):g}",
    )


def _model_rows(registry: Registry, tables: list[str], set_: str, variables: list[str]) -> Iterator[tuple]:
    """Yield (table, variable, p, hazard ratio) of each row, with None for cells that are not there or blank."""
    for table in tables:
        for variable in variables:
            cells = [registry.cell(table, variable, set_, statistic) for statistic in ("p", "hr")]
            yield table, variable, *(cell if cell and cell.number else None for cell in cells)


def _independent(registry: Registry, test: Independent) -> Finding:
    level = level_of(registry, test.level)
    found: list[tuple[str, str]] = []
    ids: list[str] = []
    for table, variable, p, hr in _model_rows(registry, test.tables, test.set, test.variables):
        where = f"{registry.layout.variables[variable].label} (Table {table.removeprefix('t')})"
        if p is None:
            found.append(("fails", f"{where} has no adjusted p value"))
            continue
        ids.append(p.id)
        found.append((_side(p, level, True), f"{where} has an adjusted p of {p.printed}"))
        if test.raises and hr is not None:
            ids.append(hr.id)
            above = hr.number.stands_for().low >= 1
            found.append(("holds" if above else "opposite", f"{where} has an adjusted hazard ratio of {hr.printed}"))
    outcome = worst(outcome for outcome, _ in found)
    said = "; ".join(words for each, words in found if outcome == "holds" or each != "holds")
    method = f"adjusted p values held against {float(level):g}" + (", hazard ratios against 1" if test.raises else "")
    return Finding(outcome, said, (*ids, *([test.level] if test.level else [])), "restatement", method)


def _entered(registry: Registry, test: Entered) -> Finding:
    rows = list(_model_rows(registry, test.tables, test.set, test.variables))
    missing = [(table, variable) for table, variable, p, hr in rows if p is None and hr is None]
    shown = [f"{registry.layout.variables[v].label} (Table {t.removeprefix('t')})" for t, v in missing]
    said = "the adjusted model has these rows"
    if missing:
        said = f"no adjusted row is printed for {listed(shown)}, so the adjusted model shows nothing of it either way"
    found = [cell.id for _, _, *cells in rows for cell in cells if cell]
    unadjusted = [v.id for t, variable in missing for v in registry.cells(t, variable=variable, statistic="p")]
    return Finding(
        "open" if missing else "holds", said, (*found, *unadjusted), "restatement", "rows of the adjusted model"
    )


def _selected(registry: Registry, test: Selected) -> Finding:
    level = level_of(registry, test.level)
    rows = [entry for table in test.tables for entry in entries(registry, table, test.before, test.after, level)]
    # Who is on the wrong side of an entry rule contradicts the method, not the direction of a result.
    outcomes = ["open" if row.enters is None else "fails" if row.breaks_the_rule else "holds" for row in rows]
    broken = [
        f"{row.p.label} (Table {row.p.table.removeprefix('t')}, p {row.p.printed or 'blank'})"
        for row, outcome in zip(rows, outcomes, strict=True)
        if outcome != "holds"
    ]
    ids = [test.level, *(value.id for row in rows for value in (row.p, *row.adjusted_p))]
    said = f"the rule is broken by {listed(broken)}" if broken else f"all {len(outcomes)} rows obey the rule"
    method = f"unadjusted p values held against {float(level):g}, row by row"
    return Finding(worst(outcomes or ["open"]), said, tuple(ids), "restatement", method)


# Counts and samples -------------------------------------------------------------------------------------------------


def _counted(registry: Registry, test: Counted) -> Finding:
    cells = [registry[i] for i in test.counts]
    wholes = [registry.whole(i) for i in test.counts]
    known = [n for n in wholes if n is not None]
    total = sum(known)
    if total == 0 and len(known) < len(wholes):
        outcome = "open"
    else:
        outcome = "holds" if (total == 0) == (test.expect == "none") else "fails"
    said = (
        f"{' + '.join(cell.printed or 'blank' for cell in cells)} = {total}" if len(cells) > 1 else f"{total} counted"
    )
    return Finding(outcome, said, tuple(test.counts), "counts", "the printed counts added up")


def _adds_up(registry: Registry, test: AddsUp) -> Finding:
    outcomes, said, ids = [], [], []
    for total in totals(registry):
        if total.whole not in test.wholes:
            continue
        parts = [registry.whole(i) for i in total.parts]
        minus = [registry.whole(i) for i in total.minus]
        whole = registry.whole(total.whole)
        if whole is None or None in parts or None in minus:
            continue
        outcomes.append("holds" if sum(parts) - sum(minus) == whole else "fails")
        said.append(f"{' + '.join(map(str, parts))}{''.join(f' − {n}' for n in minus)} is printed as {whole}")
        ids += [total.whole, *total.parts, *total.minus]
    return Finding(
        outcome=worst(outcomes or ["open"]),
        said="; ".join(dict.fromkeys(said)) or "no sum is printed in full",
        value_ids=tuple(dict.fromkeys(ids)) or tuple(test.wholes),
        evidence="counts",
        method="the sums that the definition asks for",
    )


def _repeats(registry: Registry, test: Repeats) -> Finding:
    places = [registry[i].place for i in test.claims]
    said = f"the same is said at {'; '.join(places)}"
    return Finding("holds", said, tuple(test.claims), "restatement", "places that say the same in words")


def _too_small(registry: Registry, test: TooSmall) -> Finding:
    sizes = [registry.size(group) for group in test.groups]
    ids = tuple(i for group in test.groups if (i := registry.layout.groups[group].size))
    if not all(sizes):
        return Finding("open", "a size is not printed", ids, "algebra", "")
    ratio = schoenfeld.detectable(schoenfeld.smallest_standard_error(*sizes), test.power, float(ALPHA))
    studies = f"{100 * test.power:.0f} % of studies"
    said = (
        f"with {sizes[0]} and {sizes[1]} patients, and an event in each, a hazard ratio has to reach {ratio:.2f} (or "
        f"{1 / ratio:.2f}) to be found in {studies}; one of {test.effect:g} would be found in fewer"
    )
    if ratio <= test.effect:
        said = f"with an event in each patient a hazard ratio of {ratio:.2f} is found in {studies}"
    # That fewer events would not do says nothing of how many there were: a sample that could do is left open.
    outcome = "holds" if ratio > test.effect else "open"
    return Finding(outcome, said, ids, "algebra", "Schoenfeld's number of events, all patients taken as events")


TESTS: dict[type[Test], Callable[[Registry, Test], Finding]] = {
    Higher: _higher, Leading: _leading, AllHigher: _all_higher, Significant: _significant, Counted: _counted,
    Independent: _independent, Entered: _entered, Selected: _selected, AddsUp: _adds_up, Repeats: _repeats,
    TooSmall: _too_small,
}  # fmt: skip


def assess(registry: Registry, test: Test) -> Finding:
    """Compute one test of a claim."""
    return TESTS[type(test)](registry, test)
