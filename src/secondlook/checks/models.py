"""Models: can the numbers of a row of hazard ratios be true together, do rows agree with what else is known of them?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from secondlook.checks.directions import check_directions
from secondlook.checks.selection import check_selection
from secondlook.checks.verdicts import Change, Check, Found, Said
from secondlook.numbers.printed import Interval, Printed, show, show_like
from secondlook.paper.registry import Registry
from secondlook.paper.rows import NAMES, Row, all_neighbours, all_rows
from secondlook.stats.repairs import LARGEST_COST, Repair, alone, chance, search
from secondlook.stats.wald import CELLS, LEVEL, Line, as_line, box, implied_p, is_ordered

#: The level below which papers call a p value significant.
ALPHA = Fraction(1, 20)
#: Numbers of a row that must be printed before two unknowns, log HR and SE, can be over-determined.
_ENOUGH = 3


def check(registry: Registry) -> Iterator[Check]:
    """Yield all checks of rows of hazard ratios."""
    rows = all_rows(registry)
    beside = all_neighbours(rows)
    for row in rows:
        if len(row.values) >= _ENOUGH:
            yield check_row(row, [other.line for other in beside.get(row.key, ())])
    yield from check_directions(registry, rows)
    yield from check_selection(registry, rows)


# One row: hazard ratio, interval and p ------------------------------------------------------------------------------


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


def check_row(row: Row, beside: list[Line]) -> Check:
    """Return the check of one row: the Wald box of all its numbers, and the search for a repair when it is empty."""
    line = row.line
    if not box(line, LEVEL).is_empty and is_ordered(line):
        found = Boxed(row)
        return Check(**_common(row), verdict="coherent", found=found, said=_coherent(row))
    return _impossible(row, search(line, beside, LEVEL))


def _common(row: Row) -> dict:
    return {"family": "model", "subject": row.key, "value_ids": row.ids, "evidence": "algebra"}


def _impossible(row: Row, repair: Repair) -> Check:
    line, changes = row.line, _changes(row, repair)
    single = alone(line.texts, LEVEL)
    only = single[0] if len(single) == 1 else ""
    flips = _interval_against_p(line) or bool(repair.line and _reads_otherwise(line, repair.line))
    cells = repair.cells or ((only,) if only and repair.outcome in ("none", "rival") else ())
    found = Boxed(row, repair, only, flips)
    return Check(
        **_common(row),
        verdict="decision" if flips else "inconsistent",
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


def _side(p: Printed | None) -> bool | None:
    """Return True for p below ALPHA, False for p above, None when rounding or a missing p leaves it open."""
    if p is None:
        return None
    interval = p.stands_for()
    if interval.high < ALPHA or (interval.high == ALPHA and interval.high_open):
        return True
    return False if interval.low > ALPHA or (interval.low == ALPHA and interval.low_open) else None


def _excludes_null(line: Line) -> bool:
    low, high = line.lower.stands_for().low, line.upper.stands_for().high
    return low <= high and (low > 1 or high < 1)  # limits the wrong way round exclude nothing


def _interval_against_p(line: Line) -> bool:
    """Return True when the interval covers 1 and p is below 0.05, or excludes 1 and p is above."""
    side = _side(line.p)
    if side is None or line.lower is None or line.upper is None:
        return False
    covers = line.lower.stands_for().high < 1 < line.upper.stands_for().low
    return covers if side else _excludes_null(line)


def _reads_otherwise(line: Line, mended: Line) -> bool:
    """Return True when the mended row lies on another side of 0.05 or of HR 1 than the printed one."""
    sides = {_side(line.p), _side(mended.p)} - {None}
    directions = {(x.hr.value > 1) - (x.hr.value < 1) for x in (line, mended) if x.hr} - {0}
    return len(sides) == 2 or len(directions) == 2


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
    recomputed = _shown(getattr(box(line.without(target), LEVEL), target), printed)
    rest = ", ".join(NAMES[name] for name in line.given if name != target)
    note = f"{line}: {rest} imply {_named(target)} {recomputed}; printed is {printed.text}."
    return _words(row, printed.text, recomputed, note)


def _said(found: Boxed) -> Said:
    line, repair = found.row.line, found.repair
    return _words(
        found.row,
        published=str(line),
        recomputed=str(repair.line) if repair.line else _implied(line),
        note=" ".join((*_troubles(line), _mending(repair, line, found.only))),
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


def _implied(line: Line) -> str:
    """Return the p that HR and limits imply or, when those contradict each other, what the limits alone imply."""
    p = implied_p(line, LEVEL)
    if p and line.p:
        return f"p {_shown(p, line.p)}"
    limits = box(line.without("hr", "p"), LEVEL)
    if line.lower and line.upper and line.hr and not limits.is_empty:
        return f"HR {_shown(limits.hr, line.hr)}" + (f", p {_shown(limits.p, line.p)}" if line.p else "")
    return "no log HR and SE"


def _troubles(line: Line) -> Iterator[str]:
    """Yield what is wrong with a row, one sentence each."""
    if not is_ordered(line):
        yield f"{line}: the hazard ratio does not lie between its limits."
    limits = box(line.without("hr", "p"), LEVEL)
    if line.hr and line.lower and line.upper and not limits.is_empty and implied_p(line, LEVEL) is None:
        yield (
            f"The limits {line.lower.text}–{line.upper.text} belong to a hazard ratio of {_shown(limits.hr, line.hr)}, "
            f"their geometric mean; {line.hr.text} is printed."
        )
    p = implied_p(line, LEVEL)
    if p and line.p:
        yield f"{line.without('p')} implies p {_shown(p, line.p)}; {line.p.text} is printed."
    if _interval_against_p(line):
        covers = "excludes" if _excludes_null(line) else "covers"
        yield f"The interval {covers} 1, while p is {line.p.text}: a reader of one concludes the opposite of the other."


def _mending(repair: Repair, line: Line, only: str) -> str:
    if repair.outcome == "unique":
        said = f"Exactly one row is so near ({_kinds(repair)}) and true: {repair.line}."
        rest = line.without(*repair.cells)
        if len(rest.given) >= 2:
            implied = (f"{NAMES[name]} {_range_of(name, rest, line)}" for name in repair.cells)
            said += f" The other numbers by themselves imply {', '.join(implied)}."
        return said
    if repair.outcome == "none":
        said = f"No repair by one or {LARGEST_COST} slips was found."
    elif repair.outcome == "range":
        spans = " and ".join(f"{NAMES[name]} {low} to {high}" for name, (low, high) in repair.spans.items())
        said = f"The smallest repairs ({_slips(repair.cost)}) differ in last digits only: {spans}; none is singled out."
    elif repair.outcome == "rival":
        near = as_line(*repair.candidates[0].texts)
        said = f"{_slips(repair.cost).capitalize()} would make it {near}, yet one number alone may be wrong."
    else:
        said = f"{len(repair.candidates)} repairs of the same size ({_slips(repair.cost)}) are possible."
    if only:
        said += f" If a single number is wrong it is {NAMES[only]}, for which the others imply "
        said += f"{_range_of(only, line.without(only), line)}."
    return said


def _range_of(name: str, rest: Line, line: Line) -> str:
    """Return what the rest of a row implies about one of its numbers, shown as that number is printed."""
    return _shown(getattr(box(rest, LEVEL), name), getattr(line, name))


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
