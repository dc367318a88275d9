"""Models: can the numbers of a row of hazard ratios be true together, do rows agree with what else is known of them?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from secondlook.checks.directions import check_directions
from secondlook.checks.drawn import drawn_on
from secondlook.checks.levels import on_other_sides
from secondlook.checks.selection import check_selection
from secondlook.checks.verdicts import Change, Check, Found, Said
from secondlook.numbers.in_words import capital
from secondlook.numbers.printed import Interval, Printed, show, show_like
from secondlook.paper.registry import Registry
from secondlook.paper.rows import NAMES, Row, all_neighbours, all_rows
from secondlook.stats.readings import PrintedRow
from secondlook.stats.readings_table import ENOUGH, Judgement, TableJudgement, interval_against_p, judge_table
from secondlook.stats.repairs import LARGEST_COST, Repair, alone, chance, copied, search
from secondlook.stats.wald import CELLS, Line, as_line, box, implied_p, is_ordered

#: The level below which papers call a p value significant.
#: So many rows of a set of columns can show how it was made; fewer are judged with the whole table.
TELLING = 5


def check(registry: Registry) -> Iterator[Check]:
    """Yield all checks of rows of hazard ratios."""
    rows = all_rows(registry)
    beside = all_neighbours(rows)
    judged: dict[str, Judgement] = {}
    for columns in _columns(rows):
        table = judge_table([_printed(row, registry) for row in columns], mend=False)
        judged |= {row.key: judgement for row, judgement in zip(columns, table.rows, strict=True)}
        if not table.is_wald and len({row.set for row in columns}) == 1:
            yield _check_table(columns, table)
    drawn = drawn_on(registry) if registry.claims.claims else None
    for row in rows:
        if len(row.values) >= ENOUGH:
            concludes = None if drawn is None else bool(drawn & set(row.ids))
            yield check_row(row, [other.line for other in beside.get(row.key, ())], judged[row.key], concludes)
    yield from check_directions(registry, rows)
    yield from check_selection(registry, rows)


# A table: by which method were its columns made? ---------------------------------------------------------------------


def _columns(rows: list[Row]) -> list[list[Row]]:
    """Return the rows that were made alike: those of one set of columns of a table, and what restates them.

    A set of few rows cannot show how it was made: it is judged with the whole table. The groups of sets come last, so
    that where a row stands in two groups the later one counts.
    """
    whole: dict[str, list[Row]] = {}
    sets: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        whole.setdefault(row.table, []).append(row)
        sets.setdefault((row.table, row.set), []).append(row)
    large = {key: columns for key, columns in sets.items() if len(columns) >= TELLING}
    small = [table for (table, _), columns in sets.items() if len(columns) < TELLING]
    return [whole[table] for table in dict.fromkeys(small)] + list(large.values())


def _printed(row: Row, registry: Registry) -> PrintedRow:
    """Return a row with what the layout declares of its table; a level of 95 % where it declares how it was made."""
    table = registry.layout.tables[row.table]
    said = {name: getattr(table, name) or "" for name in ("interval", "p_of", "digits")}
    level = row.level if table.level or (table.interval and table.p_of) else None
    sides = table.sides or (2 if table.interval and table.p_of else None)
    return PrintedRow(row.line, row.label, level=level, sides=sides, **said)


@dataclass(frozen=True)
class Made(Found):
    """How the rows of a set of columns were made, where it is not by Wald's method.

    Attributes
    ----------
    rows : tuple of Row
    reading, reason : str
        As in :class:`secondlook.stats.readings_table.TableJudgement`.
    """

    rows: tuple[Row, ...]
    reading: str
    reason: str


def _check_table(rows: list[Row], table: TableJudgement) -> Check:
    first = rows[0]
    return Check(
        family="making",
        subject=".".join(filter(None, (first.table, first.set))),
        value_ids=tuple(dict.fromkeys(i for row in rows for i in row.ids)),
        evidence="algebra",
        verdict="coherent",
        found=Made(tuple(rows), table.reading, table.reason),
        said=Said(
            quantity="how the ratios, limits and p of these columns were made",
            published="not stated",
            recomputed=table.reading,
            method="readings weighed by all rows of the columns",
            note=f"{capital(table.reason)}. The rows are judged by that reading.",
        ),
    )


# One row: ratio, interval and p --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Boxed(Found):
    """A row held against its own Wald box.

    Attributes
    ----------
    row : Row
    repair : Repair or None
        What the search for a repair found; None for a row that is possible.
    only : str
        The one number without which an impossible row is possible, when there is just one.
    reads_otherwise : bool
        Whether a reader of the row, or of the mended row, would draw another conclusion.
    """

    row: Row
    repair: Repair | None = None
    only: str = ""
    reads_otherwise: bool = False


@dataclass(frozen=True)
class Otherwise(Found):
    """A row that Wald's model does not print, judged by another reading, or by none.

    Attributes
    ----------
    row : Row
    judgement : Judgement
    """

    row: Row
    judgement: Judgement


def check_row(row: Row, beside: list[Line], judgement: Judgement, concludes: bool | None = True) -> Check:
    """Return the check of one row by the reading that holds in its table; a repair is looked for where it is Wald's.

    Parameters
    ----------
    row : Row
    beside : list of Line
        The rows just above and below.
    judgement : Judgement
        What its table says of it.
    concludes : bool or None
        Whether a sentence of the paper draws something from the row; None where its claims are not declared: then the
        row is all that is known of what it concludes.
    """
    by_wald = judgement.by is not None and judgement.by.is_wald and judgement.by.digits == "rounded"
    if judgement.verdict == "coherent" and by_wald and judgement.by.sides == 2 and judgement.by.level == row.level:
        return Check(**_common(row), verdict="coherent", found=Boxed(row), said=_coherent(row))
    if judgement.verdict in ("inconsistent", "decision") and by_wald and judgement.by.sides == 2:
        return _impossible(row, search(row.line, beside, row.level), concludes)
    words = "Wald model" if judgement.by is None else judgement.by.says
    unread = judgement.verdict == "decision" and concludes is False
    return Check(
        **_common(row),
        verdict="inconsistent" if unread else judgement.verdict,
        chance=judgement.chance,
        found=Otherwise(row, judgement),
        said=replace(_words(row, str(row.line), judgement.reading, judgement.reason), method=words),
    )


def _common(row: Row) -> dict:
    return {"family": "model", "subject": row.key, "value_ids": row.ids, "evidence": "algebra"}


def _impossible(row: Row, repair: Repair, concludes: bool | None) -> Check:
    line, changes = row.line, _changes(row, repair)
    single = alone(line.texts, row.level)
    only = single[0] if len(single) == 1 else ""
    flips = bool(interval_against_p(line, row.level))
    flips = flips or (concludes and repair.line is not None and _reads_otherwise(line, repair.line))
    cells = repair.cells or ((only,) if only and repair.outcome in ("none", "rival") else ())
    found = Boxed(row, repair, only, flips)
    return Check(
        **_common(row),
        verdict="decision" if flips and concludes is not False else "inconsistent",
        suspect_ids=row.ids_of(cells),
        chance=chance(repair),
        changes=changes,
        recomputes=tuple(change.value_id for change in changes),
        found=found,
        said=_said(found),
    )


def _changes(row: Row, repair: Repair) -> tuple[Change, ...]:
    """Return the repair as data, number by number; none when no repair is singled out."""
    if repair.line is None:
        return ()
    kinds = repair.candidates[0].kinds
    slips = kinds if len(kinds) == len(repair.cells) else (", ".join(dict.fromkeys(kinds)),) * len(repair.cells)
    named = zip(repair.cells, slips, strict=True)
    return tuple(Change(row.values[cell].id, getattr(repair.line, cell).text, slip) for cell, slip in named)


def _reads_otherwise(line: Line, mended: Line) -> bool:
    """Return True when the mended row lies on another side of 0.05 or of HR 1 than the printed one."""
    directions = {(x.hr.value > 1) - (x.hr.value < 1) for x in (line, mended) if x.hr} - {0}
    return on_other_sides(line.p, mended.p) or len(directions) == 2


# In words -----------------------------------------------------------------------------------------------------------


def _words(row: Row, published: str, recomputed: str, note: str, repair: str = "") -> Said:
    return Said(
        quantity=f"HR, interval and p of {row.subject}",
        published=published,
        recomputed=recomputed,
        method="Wald model: one log HR and SE must print all numbers of the row",
        note=note,
        repair=repair,
    )


def _coherent(row: Row) -> Said:
    line = row.line
    target = next(name for name in reversed(CELLS) if name in line.given)
    printed = getattr(line, target)
    recomputed = _shown(getattr(box(line.without(target), row.level), target), printed)
    rest = ", ".join(NAMES[name] for name in line.given if name != target)
    note = f"{line}: {rest} imply {_named(target)} {recomputed}; printed is {printed.text}."
    return _words(row, printed.text, recomputed, note)


def _said(found: Boxed) -> Said:
    line, repair, level = found.row.line, found.repair, found.row.level
    return _words(
        found.row,
        published=str(line),
        recomputed=str(repair.line) if repair.line else _implied(line, level),
        note=" ".join((*_troubles(line, level), _mending(repair, line, found.only, level))),
        repair=_mended(repair.line, repair.cells) if repair.line else "",
    )


def _shown(interval: Interval, like: Printed) -> str:
    """Return an interval as the paper prints such numbers; an end at infinity is named by the other end."""
    if math.isinf(interval.low):
        return "no finite number"
    if math.isinf(interval.high):
        return f"at least {show(interval.low, like.places)}"
    return show_like(interval, like)


def _named(cell: str) -> str:
    return NAMES[cell] if cell in ("hr", "p") else f"a {NAMES[cell]} of"


def _mended(line: Line, cells: tuple[str, ...]) -> str:
    return ", ".join(f"{NAMES[name]} {getattr(line, name).text}" for name in cells)


def _implied(line: Line, level: float) -> str:
    """Return the p that HR and limits imply or, when those contradict each other, what the limits alone imply."""
    p = implied_p(line, level)
    if p and line.p:
        return f"p {_shown(p, line.p)}"
    limits = box(line.without("hr", "p"), level)
    if line.lower and line.upper and line.hr and not limits.is_empty:
        return f"HR {_shown(limits.hr, line.hr)}" + (f", p {_shown(limits.p, line.p)}" if line.p else "")
    return "no log HR and SE"


def _troubles(line: Line, level: float) -> Iterator[str]:
    """Yield what is wrong with a row, one sentence each."""
    if not is_ordered(line):
        yield f"{line}: the hazard ratio does not lie between its limits."
    limits = box(line.without("hr", "p"), level)
    if line.hr and line.lower and line.upper and not limits.is_empty and implied_p(line, level) is None:
        yield (
            f"The limits {line.lower.text}–{line.upper.text} belong to a hazard ratio of {_shown(limits.hr, line.hr)}, "
            f"their geometric mean; {line.hr.text} is printed."
        )
    if line.p and line.p.value > 1:
        yield f"p is printed {line.p.text}, and no probability is above 1."
    p = implied_p(line, level)
    if p and line.p:
        yield f"{line.without('p')} implies p {_shown(p, line.p)}; {line.p.text} is printed."
    if contrary := interval_against_p(line, level):
        covers = "excludes" if contrary > 0 else "covers"
        yield f"The interval {covers} 1, while p is {line.p.text}: the one speaks for a difference, the other does not."


def _mending(repair: Repair, line: Line, only: str, level: float) -> str:
    if repair.outcome == "unique":
        said = f"Of rows that can be true, exactly one is so near ({_kinds(repair)}): {repair.line}."
        rest = line.without(*repair.cells)
        if len(rest.given) >= 2:
            implied = (f"{NAMES[name]} {_range_of(name, rest, line, level)}" for name in repair.cells)
            said += f" The other numbers by themselves imply {', '.join(implied)}."
        return said
    repeats, source = copied(line, level=level)
    if repeats:
        said = f"{NAMES[repeats]} repeats {NAMES[source]}: a number that was copied into the wrong place."
    elif repair.outcome == "none":
        said = f"No repair by one or {LARGEST_COST} slips was found."
    elif repair.outcome == "range":
        spans = " and ".join(f"{NAMES[name]} {low} to {high}" for name, (low, high) in repair.spans.items())
        said = f"The smallest repairs ({_slips(repair.cost)}) differ in last digits only: {spans}; none is singled out."
    elif repair.outcome == "rival":
        near = as_line(*repair.candidates[0].texts)
        said = f"{capital(_slips(repair.cost))} would make it {near}, yet one number alone may be wrong."
    else:
        said = f"{len(repair.candidates)} repairs of the same size ({_slips(repair.cost)}) are possible."
    if only:
        said += f" If a single number is wrong it is {NAMES[only]}, for which the others imply "
        said += f"{_range_of(only, line.without(only), line, level)}."
    return said


def _range_of(name: str, rest: Line, line: Line, level: float) -> str:
    """Return what the rest of a row implies about one of its numbers, shown as that number is printed."""
    return _shown(getattr(box(rest, level), name), getattr(line, name))


def _kinds(repair: Repair) -> str:
    """Return the slips of a repair in words: ``one slip: one digit``."""
    kinds = repair.candidates[0].kinds
    if len(kinds) == 2 and kinds[0] == kinds[1]:
        where = "in each of two numbers" if len(repair.cells) == 2 else "twice in one number"
        return f"{_slips(repair.cost)}: {kinds[0]} {where}"
    return f"{_slips(repair.cost)}: {' and '.join(kinds)}"


def _slips(cost: int) -> str:
    words = {1: "one slip", 2: "two slips", 3: "three slips"}
    return words.get(cost, f"{cost} slips")
