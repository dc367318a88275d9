"""Directions: does a hazard ratio, read as its row is labelled, point the way that other things known of it point?

A row is queried only when chance alone would point as far the wrong way in fewer than :data:`IMPLAUSIBLE` of studies:
hazard ratios near 1 fall on the unexpected side in every second true paper. Once one label of a table is that far out,
the labels of the other rows that read the wrong way are in doubt as well, and one check per table gathers them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from scipy.special import ndtr

from secondlook.checks.verdicts import Check, Found, Said
from secondlook.numbers.printed import Interval, Printed, show
from secondlook.paper.registry import Registry
from secondlook.paper.rows import Row
from secondlook.paper.schema import Median, Variable
from secondlook.stats.wald import LEVEL, Line, box, z_of_level

#: A row that reads against what is known is queried when chance alone does so more rarely than this.
IMPLAUSIBLE = 0.01


@dataclass(frozen=True)
class Direction(Found):
    """A row held against something that says which way its hazard ratio should point.

    Attributes
    ----------
    row : Row
    held_against : str
        ``medians`` or ``order`` (of the levels, by prognosis).
    expected : int
        1 for a hazard ratio above 1, −1 for one below, 0 for either.
    against : bool
        The hazard ratio points the other way.
    rarity : float
        How rarely chance alone points so far the other way; 1 for a row that does not.
    """

    row: Row
    held_against: str
    expected: int
    against: bool
    rarity: float

    @property
    def is_implausible(self) -> bool:
        """True when chance hardly explains it."""
        return self.against and self.rarity < IMPLAUSIBLE


@dataclass(frozen=True)
class Labels(Found):
    """The rows of a table that read against, and along with, what is known of them, by their keys."""

    against: tuple[str, ...]
    along: tuple[str, ...]


def check_directions(registry: Registry, rows: list[Row]) -> Iterator[Check]:
    """Yield the directions of rows against medians and clinical order, and per table one check that gathers them."""
    by_table: dict[str, list[Direction]] = {}
    for row in rows:
        if row.in_prose or not row.contrast or "hr" not in row.values or box(row.line, row.level).is_empty:
            continue
        for check in (_against_medians(registry, row), _against_order(registry, row)):
            if check:
                by_table.setdefault(row.table, []).append(check.found)
                yield check
    for table, found in by_table.items():
        yield _gathered(registry, table, found)


def _levels_of(registry: Registry, group: str, variable: str) -> set[str]:
    """Return the levels of a variable that make up a group; an arm's key is a level of its own variable."""
    spec = registry.layout.groups[group]
    if spec.variable == variable:
        return set(spec.levels)
    return {group} & set(registry.layout.variables[variable].levels)


def _sides(registry: Registry, row: Row) -> tuple[Median, Median] | None:
    """Return the printed medians of the exposed and of the reference group of a row, when log-rank test joins them."""
    medians = {item.group: item for item in registry.layout.medians if item.endpoint == row.endpoint}
    for test in registry.layout.log_ranks:
        if (test.variable, test.endpoint) != (row.variable, row.endpoint):
            continue
        found = [
            next((medians.get(g) for g in test.groups if _levels_of(registry, g, row.variable) == set(levels)), None)
            for levels in (row.contrast.exposed, row.contrast.reference)
        ]
        if all(found):
            return found[0], found[1]
    return None


def _log(value: Printed) -> Interval:
    interval = value.stands_for()
    low = math.log(interval.low) if interval.low > 0 else -math.inf
    return Interval(low, math.log(interval.high) if interval.high > 0 else -math.inf)


def _sign(interval: Interval) -> int:
    return (interval.low > 0) - (interval.high < 0)


def _least(interval: Interval) -> float:
    return max(0.0, interval.low, -interval.high)


def _against_medians(registry: Registry, row: Row) -> Check | None:
    """Hold an unadjusted row against the medians of its two groups: a higher hazard goes with a shorter time.

    With log HR 0 the standardised log HR and log ratio of medians have correlation −ln 2, whatever the shape of the
    curves (the median's asymptotic efficiency against the partial likelihood is ln² 2, without censoring), so that the
    variance of their sum is 2 (1 − ln 2). That they point the same way as far as printed is as rare as that sum.
    """
    sides = _sides(registry, row) if row.model == "unadjusted" else None
    if not sides:
        return None
    exposed, reference = sides
    numbers = {i: registry[i].number for s in sides for i in (s.median, s.lower, s.upper) if i in registry.values}
    if not numbers.get(exposed.median) or not numbers.get(reference.median):
        return None
    found = box(row.line, row.level)
    ratio = _difference(_log(numbers[exposed.median]), _log(numbers[reference.median]))
    expected = -_sign(ratio)
    against = expected * _sign(found.b) < 0
    rarity = _rarity(found.b, found.s, ratio, [(numbers.get(s.lower), numbers.get(s.upper)) for s in sides])
    return _median_check(registry, sides, Direction(row, "medians", expected, against, rarity if against else 1.0))


def _difference(first: Interval, second: Interval) -> Interval:
    return Interval(first.low - second.high, first.high - second.low)


def _rarity(b: Interval, s: Interval, ratio: Interval, limits: list[tuple[Printed | None, Printed | None]]) -> float:
    """Return how rarely medians and hazard ratio disagree so far; medians without two limits count for nothing."""
    total = _least(b) / s.high
    if all(low and high and low.stands_for().low > 0 and high.stands_for().high < math.inf for low, high in limits):
        width = 2 * z_of_level(LEVEL)[0]
        total += _least(ratio) / math.hypot(*(_difference(_log(high), _log(low)).high / width for low, high in limits))
    return float(2 * ndtr(-total / math.sqrt(2 * (1 - math.log(2)))))


def _median_check(registry: Registry, sides: tuple[Median, Median], found: Direction) -> Check:
    row, hr = found.row, found.row.values["hr"]
    ids = [i for side in sides for i in (side.median, side.lower, side.upper)]
    return Check(
        family="direction",
        subject=f"{row.key}.medians",
        value_ids=(*row.ids, *(i for i in ids if i in registry.values)),
        suspect_ids=(hr.id, sides[0].median, sides[1].median) if found.is_implausible else (),
        evidence="algebra",
        verdict="query" if found.is_implausible else "coherent",
        found=found,
        said=_beside_medians(registry, sides, found),
    )


def _against_order(registry: Registry, row: Row) -> Check | None:
    """Hold a row against the order of its levels from the better to the worse prognosis; the event is unwelcome."""
    variable = registry.layout.variables[row.variable]
    order = variable.order
    if not order or not set(row.contrast.exposed + row.contrast.reference) <= set(order):
        return None
    exposed, reference = (
        [order.index(level) for level in side] for side in (row.contrast.exposed, row.contrast.reference)
    )
    worse = (min(exposed) > max(reference)) - (max(exposed) < min(reference))
    if not worse:
        return None
    found = box(row.line, row.level)
    against = _sign(found.b) * worse < 0
    rarity = found.p.high / 2 if against else 1.0
    return _order_check(variable, Direction(row, "order", worse, against, rarity))


def _order_check(variable: Variable, found: Direction) -> Check:
    row = found.row
    return Check(
        family="direction",
        subject=f"{row.key}.order",
        value_ids=row.ids,
        suspect_ids=(row.values["hr"].id,),
        evidence="algebra",
        verdict="query" if found.is_implausible else "coherent",
        found=found,
        said=_beside_order(variable, found),
    )


def _gathered(registry: Registry, table: str, directions: list[Direction]) -> Check:
    """Return one check per table: which labels read against what is known, while others read along with it.

    It is a query when at least one row is by itself more than chance allows: one label is then the wrong way round or
    something else is amiss, and the other labels that read so can be read in two directions.
    """
    against = list({found.row.key: found.row for found in directions if found.against}.values())
    along = list({found.row.key: found.row for found in directions if not found.against}.values())
    rare = [found.row for found in directions if found.is_implausible]
    rows = list({found.row.key: found.row for found in directions}.values())
    return Check(
        family="labels",
        subject=table,
        value_ids=tuple(row.values["hr"].id for row in rows),
        suspect_ids=tuple(row.values["hr"].id for row in against) if rare else (),
        evidence="algebra",
        verdict="query" if rare else "coherent",
        found=Labels(tuple(row.key for row in against), tuple(row.key for row in along)),
        said=_gathered_words(registry, table, rows, against, along, rare),
    )


# In words -----------------------------------------------------------------------------------------------------------

_EXPECTED = {1: "HR above 1", -1: "HR below 1", 0: "HR on either side of 1"}


def _beside_medians(registry: Registry, sides: tuple[Median, Median], found: Direction) -> Said:
    names = [registry.layout.groups[side.group].label for side in sides]
    times = [registry[side.median].printed for side in sides]
    hr = found.row.values["hr"]
    note = f"Labelled {names[0]} vs {names[1]}, HR {hr.printed}; medians {times[0]} and {times[1]}."
    if found.rarity < 1:
        longer = names[found.expected > 0]
        note += f" {longer} has the longer median and, by the hazard ratio, the higher hazard."
        note += _how_rare(found.rarity) + _reversed(found.row.line, names)
    return Said(
        quantity=f"direction of the hazard ratio of {found.row.subject}, against the medians",
        published=f"HR {hr.printed}, medians {times[0]} and {times[1]}",
        recomputed=_EXPECTED[found.expected],
        method="the group with the longer median has the lower hazard",
        note=note,
    )


def _how_rare(rarity: float) -> str:
    if rarity < IMPLAUSIBLE:
        often = f"about {_per_cent(rarity)} of studies (by a formula for large samples)"
        return f" Curves that cross can do that, but chance alone does it in {often}."
    return f" With intervals as wide as these that is no rarity (chance up to {_per_cent(rarity)})."


def _per_cent(share: float) -> str:
    return f"{100 * share:.2g} %"


def _reversed(line: Line, names: list[str]) -> str:
    """Return what a label the other way round would say; nothing for a ratio printed as 0."""
    numbers = [number for number in (line.hr, line.upper, line.lower) if number]
    if any(number.value <= 0 for number in numbers):
        return ""
    ratio, *limits = (show(1 / number.value, number.places) for number in numbers)
    interval = f" ({'–'.join(limits)})" if len(limits) == 2 else ""
    return f" Were the label the wrong way round, {names[0]} vs {names[1]} would be {ratio}{interval}."


def _beside_order(variable: Variable, found: Direction) -> Said:
    contrast, hr, worse = found.row.contrast, found.row.values["hr"], found.expected
    names = [" or ".join(variable.levels[key] for key in side) for side in (contrast.exposed, contrast.reference)]
    note = f"Labelled {names[0]} vs {names[1]}, HR {hr.printed}; {names[worse < 0]} is known to be the worse."
    if found.against:
        rarely = f"in {_per_cent(found.rarity)} of studies, for one row"
        note += f" Read as labelled, {names[worse > 0]} has the higher hazard; chance alone does so much "
        note += f"{rarely}." if found.is_implausible else "often enough."
        note += _reversed(found.row.line, names)
    source = f"({variable.order_source})" if variable.order_source else ""
    return Said(
        quantity=f"direction of the hazard ratio of {found.row.subject}, against the order of its levels",
        published=f"HR {hr.printed}",
        recomputed=_EXPECTED[worse],
        method=" ".join(filter(None, ("levels in the order of prognosis", source))),
        note=note,
    )


def _gathered_words(
    registry: Registry, table: str, rows: list[Row], against: list[Row], along: list[Row], rare: list[Row]
) -> Said:
    said = "; ".join(f"{_label(registry, row)} HR {row.values['hr'].printed}" for row in against)
    note = f"Of {len(rows)} rows medians or clinical order tell which group should fare worse; as labelled, "
    note += f"{len(against)} say the other" + (f": {said}." if said else ".")
    if against and along and all(row.line.hr.value > 1 for row in rows):
        note += f" All {len(rows)} print a hazard ratio above 1, whichever level the label names first."
    if rare:
        named = " and ".join(dict.fromkeys(_label(registry, row) for row in rare))
        note += f" For {named} chance hardly explains it: some labels of this table may stand the other way round."
    return Said(
        quantity=f"labels whose direction is in doubt, {registry.layout.tables[table].title}",
        published=", ".join(dict.fromkeys(_label(registry, row) for row in against)) or "none",
        recomputed=f"{len(along)} rows as expected, {len(against)} the other way",
        method="direction of each row against medians and clinical order",
        note=note,
    )


def _label(registry: Registry, row: Row) -> str:
    """Return a row's label: the variable, its contrast, and the set of columns when adjusted."""
    variable = registry.layout.variables[row.variable]
    exposed, reference = (
        " or ".join(variable.levels.get(key, key) for key in side)
        for side in (row.contrast.exposed, row.contrast.reference)
    )
    adjusted = ", adjusted" if row.model == "adjusted" else ""
    return f"{variable.label} ({exposed} vs {reference}{adjusted})"
