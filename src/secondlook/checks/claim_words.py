"""Claims in words: what their tests found, as plain clauses, and how it was found. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from secondlook.checks.claim_tests import Finding, level_of
from secondlook.numbers.in_words import listed
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


def said(registry: Registry, test: Test, found: Finding) -> str:
    """Return what the printed numbers say of a claim, as a clause."""
    return _SAID[type(test)](registry, test, found)


def method(registry: Registry, test: Test, found: Finding) -> str:
    """Return how it was found."""
    return _METHOD[type(test)](registry, test, found)


# Comparisons and ranks ----------------------------------------------------------------------------------------------


def _higher(registry: Registry, test: Higher, found: Finding) -> str:
    pairs = zip(test.these, test.than, strict=True)
    return "; ".join(_comparison(registry, registry[a], registry[b]) for a, b in pairs)


def _comparison(registry: Registry, a: Value, b: Value) -> str:
    names = [registry.layout.groups[v.group].label if v.group else v.place for v in (a, b)]
    texts = [_with_count(registry, v) for v in (a, b)]
    return f"{_what(registry, a)}: {names[0]} {texts[0]}, {names[1]} {texts[1]}"


def _with_count(registry: Registry, value: Value) -> str:
    """Return what is printed of a value, a percentage of a table behind its count: ``12 (44.4 %)``."""
    count = registry.cell(value.table, value.row, value.set, "count", value.group) if value.table else None
    if value.statistic != "percent" or not (value.printed and count and count.printed):
        return value.printed or "blank"
    return f"{count.printed} ({value.printed} %)"


def _what(registry: Registry, value: Value) -> str:
    """Return the quantity of a value without its group: its row and set of columns in a table, else its subject."""
    if not value.table:
        return value.subject
    sets = registry.layout.tables[value.table].sets
    return ", ".join([value.label, *([sets[value.set]] if value.set else [])])


def _all_higher(registry: Registry, test: AllHigher, found: Finding) -> str:
    label = registry.layout.groups[test.group].label
    words = f"in {found.held[0]} of {found.held[1]} rows the share is higher in {label}"
    lower = listed(_share(registry, cells) for cells in found.shown.rows)
    return f"{words}; it is lower there for {lower}" if lower else words


def _share(registry: Registry, cells: Iterable[Value]) -> str:
    cells = list(cells)
    parts = [f"{cell.printed} of {registry.size(cell.group)}" for cell in cells]
    return f"{cells[0].label} ({' against '.join(parts)})"


def _leading(registry: Registry, test: Leading, found: Finding) -> str:
    ranked = found.shown
    if not ranked.least:
        return "a cell named as leading is blank"
    words = _rank(ranked)
    if ranked.miscounted is None:
        return words
    return f"{words}; {ranked.named} are named and {ranked.miscounted} is printed"


def _rank(ranked) -> str:
    least, largest = _row(ranked.least), _row(ranked.largest)
    if ranked.compared != "holds":
        more = "as many" if ranked.compared == "open" else "more"
        return f"{least} is named, and {largest} is not, though it has {more}"
    after = f", and the next is {largest}" if largest else ""
    return f"the least of the {ranked.named} named is {least}{after}" if ranked.named > 1 else f"{least} leads{after}"


def _row(cells: tuple[Value, ...]) -> str:
    return f"{cells[0].label} ({' + '.join(cell.printed for cell in cells)})" if cells else ""


# P values and models ------------------------------------------------------------------------------------------------


def _level(registry: Registry, test: Test) -> str:
    return f"{float(level_of(registry, test.level)):g}"


def _in_table(registry: Registry, table: str, variable: str) -> str:
    return f"{registry.layout.variables[variable].label} ({registry.layout.table_name(table)})"


def _significant(registry: Registry, test: Significant, found: Finding) -> str:
    printed = listed(dict.fromkeys(registry[i].printed or "blank" for i in test.p))
    return f"p is {printed}, and the level is {_level(registry, test)}"


def _independent(registry: Registry, test: Independent, found: Finding) -> str:
    told = [cell for cell in found.shown.cells if found.outcome == "holds" or cell[0] != "holds"]
    return "; ".join(_adjusted(registry, *cell) for cell in told)


def _adjusted(registry: Registry, outcome: str, table: str, variable: str, cell: Value | None) -> str:
    where = _in_table(registry, table, variable)
    if cell is None:
        return f"{where} has no adjusted p value"
    return f"{where} has an adjusted {'p' if cell.statistic == 'p' else 'hazard ratio'} of {cell.printed}"


def _entered(registry: Registry, test: Entered, found: Finding) -> str:
    missing = listed(_in_table(registry, *row) for row in found.shown.rows)
    if not missing:
        return "the adjusted model has these rows"
    return f"no adjusted row is printed for {missing}, so the adjusted model shows nothing of it either way"


def _selected(registry: Registry, test: Selected, found: Finding) -> str:
    name = registry.layout.table_name
    broken = [f"{p.label} ({name(p.table)}, p {p.printed or 'blank'})" for p in found.shown.broken]
    return f"the rule is broken by {listed(broken)}" if broken else f"all {found.shown.of} rows obey the rule"


# Counts and samples -------------------------------------------------------------------------------------------------


def _counted(registry: Registry, test: Counted, found: Finding) -> str:
    terms = " + ".join(registry[i].printed or "blank" for i in test.counts)
    return f"{terms} = {found.shown.total}" if len(test.counts) > 1 else f"{found.shown.total} counted"


def _adds_up(registry: Registry, test: AddsUp, found: Finding) -> str:
    shown = [
        f"{' + '.join(map(str, parts))}{''.join(f' − {n}' for n in minus)} is printed as {whole}"
        for parts, minus, whole in found.shown.sums
    ]
    return "; ".join(shown) or "no sum is printed in full"


def _repeats(registry: Registry, test: Repeats, found: Finding) -> str:
    return f"the same is said at {'; '.join(registry[i].place for i in test.claims)}"


def _too_small(registry: Registry, test: TooSmall, found: Finding) -> str:
    sizes, ratio = found.shown.sizes, found.shown.ratio
    if ratio is None:
        return "a size is not printed"
    studies = f"{100 * test.power:.0f} % of studies"
    if ratio <= test.effect:
        return f"with an event in each patient a hazard ratio of {ratio:.2f} is found in {studies}"
    return (
        f"with {sizes[0]} and {sizes[1]} patients, and an event in each, a hazard ratio has to reach {ratio:.2f} (or "
        f"{1 / ratio:.2f}) to be found in {studies}; one of {test.effect:g} would be found in fewer"
    )


_SAID: dict[type[Test], Callable[[Registry, Test, Finding], str]] = {
    Higher: _higher, Leading: _leading, AllHigher: _all_higher, Significant: _significant, Counted: _counted,
    Independent: _independent, Entered: _entered, Selected: _selected, AddsUp: _adds_up, Repeats: _repeats,
    TooSmall: _too_small,
}  # fmt: skip


def _always(words: str) -> Callable[[Registry, Test, Finding], str]:
    return lambda registry, test, found: words


def _of_models(registry: Registry, test: Independent, found: Finding) -> str:
    also = ", hazard ratios against 1" if test.raises else ""
    return f"adjusted p values held against {_level(registry, test)}{also}"


_METHOD: dict[type[Test], Callable[[Registry, Test, Finding], str]] = {
    Higher: _always("the printed numbers compared"),
    Leading: lambda _, test, found: "the rows of the column ranked" if found.shown.least else "the rows ranked",
    AllHigher: _always("the shares of the arms compared row by row"),
    Significant: lambda registry, test, found: f"printed p values held against {_level(registry, test)}",
    Counted: _always("the printed counts added up"),
    Independent: _of_models,
    Entered: _always("rows of the adjusted model"),
    Selected: lambda registry, test, found: f"unadjusted p values held against {_level(registry, test)}, row by row",
    AddsUp: _always("the sums that the definition asks for"),
    Repeats: _always("places that say the same in words"),
    TooSmall: lambda _, test, found: (
        "Schoenfeld's number of events, all patients taken as events" if found.shown.sizes else ""
    ),
}
