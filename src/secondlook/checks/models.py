"""Models: can the numbers of a row of hazard ratios be true together, do rows agree with what else is known of them?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from secondlook.checks.directions import LEVEL, check_directions
from secondlook.checks.verdicts import Check
from secondlook.numbers.printed import Interval, Printed, show, show_like
from secondlook.paper.registry import Registry
from secondlook.paper.rows import ADJUSTED, NAMES, UNADJUSTED, Row, all_neighbours, all_rows
from secondlook.stats.repairs import LARGEST_COST, Repair, alone, chance, search
from secondlook.stats.wald import CELLS, Line, as_line, box, implied_p, is_ordered

#: The level below which papers call a p value significant, and which the printed selection rule names.
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


def check_row(row: Row, beside: list[Line]) -> Check:
    """Return the check of one row: the Wald box of all its numbers, and the search for a repair when it is empty."""
    line = row.line
    if not box(line, LEVEL).is_empty and is_ordered(line):
        return _coherent(row)
    return _impossible(row, search(line, beside, LEVEL))


def _common(row: Row) -> dict:
    return {
        "check_id": f"model.{row.key}",
        "value_ids": row.ids,
        "quantity": f"HR, interval and p of {row.subject}",
        "method": "Wald model: one log HR and SE must print all numbers of the row",
        "evidence": "algebra",
    }


def _coherent(row: Row) -> Check:
    line = row.line
    target = next(name for name in reversed(CELLS) if name in line.given)
    printed = getattr(line, target)
    recomputed = _shown(getattr(box(line.without(target), LEVEL), target), printed)
    rest = ", ".join(NAMES[name] for name in line.given if name != target)
    note = f"{line}: {rest} imply {_named(target)} {recomputed}; printed is {printed.text}."
    return Check(**_common(row), published=printed.text, recomputed=recomputed, verdict="coherent", note=note)


def _shown(interval: Interval, like: Printed) -> str:
    """Return an interval as the paper prints such numbers; an end at infinity is named by the other end."""
    if math.isinf(interval.low):
        return "no finite number"
    if math.isinf(interval.high):
        return f"at least {show(interval.low, like.places)}"
    return show_like(interval, like)


def _named(cell: str) -> str:
    return NAMES[cell] if cell in ("hr", "p") else f"a {NAMES[cell]} of"


# A row that cannot be true ------------------------------------------------------------------------------------------


def _impossible(row: Row, repair: Repair) -> Check:
    line = row.line
    single = alone(line.texts, LEVEL)
    only = single[0] if len(single) == 1 else ""
    flips = _interval_against_p(line) or bool(repair.line and _reads_otherwise(line, repair.line))
    cells = repair.cells or ((only,) if only and repair.outcome in ("none", "rival") else ())
    return Check(
        **_common(row),
        published=str(line),
        recomputed=str(repair.line) if repair.line else _implied(line),
        verdict="decision" if flips else "inconsistent",
        suspect_ids=row.ids_of(cells),
        chance=chance(repair),
        repair=_said(repair.line, repair.cells) if repair.line else "",
        note=" ".join((*_troubles(line), _mending(repair, line, only))),
    )


def _said(line: Line, cells: tuple[str, ...]) -> str:
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


# Selection ----------------------------------------------------------------------------------------------------------


def check_selection(registry: Registry, rows: list[Row]) -> Iterator[Check]:
    """Yield one check per variable: it is in the adjusted model when, and only when, its unadjusted p is below 0.05."""
    cells = {(row.table, row.row, row.set): row for row in rows if not row.in_prose}
    adjusted_tables = {table for table, _, set_ in cells if set_ == ADJUSTED}
    for (table, key, set_), row in cells.items():
        if set_ == UNADJUSTED and table in adjusted_tables and row.line.p:
            yield _selected(row, cells.get((table, key, ADJUSTED)))


def _selected(row: Row, adjusted: Row | None) -> Check:
    side = _side(row.line.p)
    holds = side is None or side == (adjusted is not None)
    p = row.values["p"]
    rule = f"p {p.printed if p.number.bound else '= ' + p.printed} " + {True: "below", False: "above", None: "at"}[side]
    entered = "is in the adjusted model" if adjusted else "is not in the adjusted model"
    return Check(
        check_id=f"selection.{row.table}.{row.row}",
        value_ids=(p.id, *(adjusted.ids if adjusted else ())),
        quantity=f"selection of {row.subject} for the adjusted model",
        published="entered" if adjusted else "not entered",
        recomputed={True: "entered", False: "not entered", None: "either"}[side],
        method="a variable enters when its unadjusted p is below 0.05",
        evidence="algebra",
        verdict="coherent" if holds else "inconsistent",
        note=f"With {rule} 0.05 the variable {entered}" + ("." if holds else ", against the rule."),
    )
