"""P values of association: which test, if any, turns the printed counts into the printed p?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from secondlook.checks.drawn import drawn_on
from secondlook.checks.levels import ALPHA, below
from secondlook.checks.proportions import implied_table
from secondlook.checks.shares import balanced, denominator, shares
from secondlook.checks.verdicts import Change, Check, Found, Said
from secondlook.numbers.printed import Printed, parse, show, show_like
from secondlook.paper.registry import Registry, Value
from secondlook.stats import p_of_counts
from secondlook.stats.contingency import TESTS, Counts, all_tests, as_counts, smallest_expected
from secondlook.stats.p_of_counts import CUSTOMARY, NAMES, PReading, p_values

#: The customary limit for 2×2 tables, after Cochran: below this expected count the exact test is usual.
COCHRAN = 5


@dataclass(frozen=True)
class Association:
    """A printed p value and the table of counts that it tests.

    Attributes
    ----------
    p : Value
    counts : tuple of Value
    table : tuple of tuple of int
        Levels by arms, as printed.
    others : tuple
        Other tables that the p value may test: with a level for the patients of no printed level.
    order : tuple of int
        The rows of the table from the first level to the last, where levels have an order.
    """

    p: Value
    counts: tuple[Value, ...]
    table: Counts
    others: tuple[Counts, ...] = ()
    order: tuple[int, ...] = ()

    @property
    def printed(self) -> Printed:
        """The p value as printed."""
        return self.p.number

    @property
    def ordered(self) -> Counts:
        """The table with its levels in order."""
        return tuple(self.table[i] for i in self.order) if self.order else self.table

    @property
    def tables(self) -> tuple[Counts, ...]:
        """All tables that the p value may test, the likeliest first."""
        return (self.ordered, *self.others)


def associations(registry: Registry) -> Iterator[Association]:
    """Yield every p value that tests a table of printed counts, those restated in the prose too.

    In a baseline table the p of a variable tests its levels against the arms; in a table of frequencies the p of a
    row tests those counted against those not, and so does that of a level where several levels have a p of their own.
    Percentages in the prose whose counts are not printed make a table when each leaves one count possible.
    """
    yield from _declared(registry)
    for p in registry:
        cell = registry.origin(p)
        # In the prose "p > 0.05" of several variables at once tests no one table.
        if p.statistic == "p" and cell.table and p.number is not None and (p.table or p.number.bound in ("", "<", "≤")):
            found = _counted(registry, cell, p)
            if found:
                yield found


def _declared(registry: Registry) -> Iterator[Association]:
    for item in registry.layout.proportions:
        p, implied = registry.values.get(item.p or ""), implied_table(registry, item)
        if p and p.number and p.number.bound in ("", "<", "≤") and implied:
            yield Association(p, *implied)


def _counted(registry: Registry, cell: Value, p: Value) -> Association | None:
    """Return what a p value, printed in a table's cell or restating it, tests."""
    kind = registry.layout.tables[cell.table].kind
    if kind == "models":
        return None
    if kind == "frequencies" or len(_levels_of(registry, cell)) == 1:
        return _row(registry, cell, p)
    of_levels = [other for other in registry.cells(cell.table, variable=cell.variable, statistic="p") if other.level]
    return _row(registry, cell, p) if cell.level and len(of_levels) > 1 else _levels(registry, cell, p)


def _levels_of(registry: Registry, cell: Value) -> list[str]:
    return list(registry.layout.variables[cell.variable].levels)


def _levels(registry: Registry, cell: Value, p: Value) -> Association | None:
    arms, levels = registry.layout.paper.arms, _levels_of(registry, cell)
    rows = [
        [registry.cell(cell.table, f"{cell.variable}.{level}", cell.set, "count", arm) for arm in arms]
        for level in levels
    ]
    if not rows or not all(v and v.number for row in rows for v in row):
        return None
    table = as_counts([[int(v.number.value) for v in row] for row in rows])
    order = registry.layout.variables[cell.variable].order
    places = tuple(levels.index(level) for level in order) if set(order) == set(levels) else ()
    found = Association(p, tuple(v for row in rows for v in row), table, (), places)
    columns = zip(_sizes(registry, rows[0]), zip(*table, strict=True), strict=True)
    rest = [size - sum(column) if size else 0 for size, column in columns]
    others = (as_counts([*found.ordered, rest]),) if any(rest) and min(rest) >= 0 else ()
    return replace(found, others=others)


def _sizes(registry: Registry, cells: Iterable[Value]) -> list[int | None]:
    return [registry.size(denominator(registry, cell)) for cell in cells]


def _row(registry: Registry, cell: Value, p: Value) -> Association | None:
    row = cell.row if cell.level or not cell.variable else f"{cell.variable}.{_levels_of(registry, cell)[0]}"
    counted = [registry.cell(cell.table, row, cell.set, "count", arm) for arm in registry.layout.paper.arms]
    if not all(v and v.number for v in counted):
        return None
    sizes = _sizes(registry, counted)
    yes = [int(v.number.value) for v in counted]
    if None in sizes or any(n > size for n, size in zip(yes, sizes, strict=True)):
        return None
    no = [size - n for size, n in zip(sizes, yes, strict=True)]
    return Association(p, tuple(counted), as_counts([yes, no]))


def named_tests(registry: Registry) -> Sequence[str]:
    """Return the keys of the tests that the paper names, or of the usual ones where it names none."""
    return registry.layout.paper.association_tests or CUSTOMARY


def reproducing(association: Association, tests: Iterable[str] = TESTS) -> list[str]:
    """Return the keys of the tests that print the printed p, rounded, in the order given."""
    found = p_of_counts.readings(association.ordered, association.printed, tests, ["rounded"])
    return [reading.test for reading in found]


def check_p_values(registry: Registry) -> Iterator[Check]:
    """Yield one check per p value of association."""
    named = named_tests(registry)
    held, neighbours = _held_counts(registry), Neighbours(registry)
    for association in associations(registry):
        by_named = reproducing(association, named)
        found = [r for table in association.tables for r in p_of_counts.readings(table, association.printed)]
        if not p_of_counts.is_possible(association.printed):
            yield _wrong(neighbours, association, held)
        elif by_named:
            yield _reproduced(association, by_named, reproducing(association))
        elif found:
            yield _reproduced_if(registry, association, found)
        else:
            yield _wrong(neighbours, association, held)


def _held_counts(registry: Registry) -> set[str]:
    """Return ids of counts that a percentage or a sum supports."""
    by_percentage = {v.id for s in shares(registry) if s.handled == "rounded" for v in s.counts}
    return by_percentage | balanced(registry)


@dataclass(frozen=True)
class Tested(Found):
    """Which tests print a p value.

    Attributes
    ----------
    association : Association
    by_stated, by_any : tuple of str
        Keys of the tests that print it: of those that the paper names, or of the usual ones where it names none; and
        of all.
    readings : tuple of PReading
        What prints it where none of the former does.
    """

    association: Association
    by_stated: tuple[str, ...] = ()
    by_any: tuple[str, ...] = ()
    readings: tuple[PReading, ...] = ()


def _common(association: Association, family: str = "association") -> dict:
    return {
        "family": family,
        "subject": association.p.id,
        "value_ids": (association.p.id, *(v.id for v in association.counts)),
        "evidence": "counts",
        "recomputes": (association.p.id,),
    }


def _said(association: Association, **words: str) -> Said:
    return Said(quantity=association.p.subject, published=association.p.printed, **words)


def _names(tests: Iterable[str]) -> str:
    return "; ".join(NAMES[key] for key in tests)  # some names have a comma of their own


def _shown(association: Association, test: str) -> str:
    return show_like(p_values(association.ordered)[test], association.printed)


def _reproduced(association: Association, by_stated: list[str], by_any: list[str]) -> Check:
    also = [key for key in by_any if key not in by_stated]
    note = f"{_names(by_stated)} prints {association.p.printed}."
    note += f" So would {_names(also)}." if also else ""
    return Check(
        **_common(association),
        verdict="reproduced",
        found=Tested(association, tuple(by_stated), tuple(by_any)),
        said=_said(association, recomputed=_shown(association, by_stated[0]), method=_names(by_any), note=note),
    )


def _reproduced_if(registry: Registry, association: Association, found: list[PReading]) -> Check:
    by_test = {reading.test: reading for reading in reversed(found)}  # the plainest handling of each
    readings = tuple(by_test.values())[::-1]
    names = "; ".join(reading.name for reading in readings)
    note = f"Of the tests that might have been used, {names} gives the printed p; "
    note += "the paper names others." if registry.layout.paper.association_tests else "the paper names none."
    if not reproducing(association, NAMES) and readings[0].handled == "rounded":
        note += " It does so with the patients of no printed level as a level of their own."
    shown = association.printed if association.printed.bound else p_of_counts.as_probability(association.printed)
    return Check(
        **_common(association),
        verdict="reproduced-if",
        suspect_ids=(association.p.id,),
        chance=p_of_counts.chance(association.tables, association.printed),
        found=Tested(association, by_any=tuple(by_test)[::-1], readings=readings),
        said=_said(association, recomputed=shown.text, method=names, note=note),
    )


# P values that no test gives ----------------------------------------------------------------------------------------


class Neighbours:
    """The p values that the stated tests give for the rows of each table, by what they print.

    To look through all rows for each that is wrong would take a long table's length squared.
    """

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.printing: dict[tuple[str, int], dict[str, list[tuple[Counts, str]]]] = {}

    @cached_property
    def tests(self) -> dict[str, list[tuple[Counts, str, float | Fraction]]]:
        """Counts, name and p value of each stated, or usual, test of each row, by table."""
        named = named_tests(self.registry)
        found: dict[str, list[tuple[Counts, str, float | Fraction]]] = {}
        for other in associations(self.registry):
            for key, p in all_tests(other.table).items():
                if key in named:
                    name = f"{TESTS[key][0]} of the row {other.p.subject}"
                    found.setdefault(other.p.table, []).append((other.table, name, p))
        return found

    def printed(self, association: Association) -> dict[str, list[tuple[Counts, str]]]:
        """Return counts and names of the tests of all rows of the same table, by what they would print."""
        table, places = self.registry.origin(association.p).table, association.printed.places
        if (table, places) not in self.printing:
            texts = self.printing[table, places] = {}
            for counts, name, p in self.tests.get(table, ()):
                texts.setdefault(show(p, places), []).append((counts, name))
        return self.printing[table, places]

    def hits(self, association: Association) -> list[str]:
        """Return what of the other rows prints the printed p."""
        found = self.printed(association).get(association.p.printed, ())
        return [name for counts, name in found if counts != association.table]

    def distinct(self, association: Association, also: set[str]) -> int:
        """Return how many different strings the other rows' p values and those in `also` print."""
        own = {show(p, association.printed.places) for p in all_tests(association.table).values()}
        texts = self.printed(association)
        lonely = {text for text in own if all(counts == association.table for counts, _ in texts.get(text, ()))}
        others = len(texts) - len(lonely & texts.keys())
        return others + len([text for text in also if text not in texts or text in lonely])


def _wrong(neighbours: Neighbours, association: Association, held: set[str]) -> Check:
    registry, printed = neighbours.registry, association.printed
    named = [key for key in named_tests(registry) if key in p_values(association.ordered)]
    given = {key: _shown(association, key) for key in named}
    note = f"Printed is {printed.text}; " + ", ".join(f"{NAMES[key]} gives {p}" for key, p in given.items()) + ". "
    complete, slip = p_of_counts.is_complete(association.table), _Slip()
    if complete:
        slip = _slip(neighbours, association, named)
    supported = all(v.id in held for v in association.counts)
    shown = tuple(dict.fromkeys(given.values()))
    several = complete and supported and not slip.repair and len(shown) > 1 and p_of_counts.is_possible(printed)
    return Check(
        **_common(association),
        verdict=_how_wrong(registry, association, named) if complete else "query",
        suspect_ids=(association.p.id,) if supported else (),
        changes=(Change(association.p.id, slip.repair),) if slip.repair else (),
        candidates=shown if several else (),
        chance=slip.chance,
        found=Tested(association),
        said=_said(
            association,
            recomputed=" or ".join(shown),
            method=_names(named),
            note=note + _why_wrong(printed, complete) + slip.what,
            repair=slip.repair,
        ),
    )


def _why_wrong(printed: Printed, complete: bool) -> str:
    if not p_of_counts.is_possible(printed):
        return "A p value lies between 0 and 1."
    if not complete:
        return "Of so many counts no exact test was computed, which may give it."
    return "No other test gives the printed p, rounded, cut off or rounded twice."


@dataclass(frozen=True)
class _Slip:
    """What slip explains a p value that no test gives, in words; the p that it should be; the chance of such a find."""

    what: str = ""
    repair: str = ""
    chance: Fraction | None = None


def _slip(neighbours: Neighbours, association: Association, tests: list[str]) -> _Slip:
    """Return the slip that explains a p value which no test gives.

    The p it should be is named only where exactly one is found, no other row's p is the printed one, and the test that
    it comes of is the one to be expected of such counts.
    """
    tried = list(p_of_counts.transformed(association.ordered, association.printed, tests))
    hits = {true: what for text, what, true in reversed(tried) if text == association.p.printed}
    copied = neighbours.hits(association)
    if not hits and not copied:
        return _Slip()
    if len(hits) + len(copied) > 1:
        ways = " or of ".join([*hits.values(), *copied])
        return _Slip(f" It would come of {ways}; several repairs are possible.")
    distinct = neighbours.distinct(association, {text for text, _, _ in tried})
    chance = min(Fraction(distinct, p_of_counts.possible_strings(association.printed)), Fraction(1))
    if copied:
        return _Slip(f" It is what {copied[0]} prints.", "", chance)
    [(true, what)] = hits.items()
    said, expected = f" It is what {what} prints ({true}).", _expected_p(association, tests)
    if true == expected:
        return _Slip(said, true, chance)
    said += f" But of counts like these {expected} is the p to be expected, so either may be meant."
    return _Slip(said, "", chance)


def _expected_p(association: Association, tests: list[str]) -> str:
    """Return what the test prints that custom picks among some: the exact one below Cochran's limit."""
    custom = "fisher" if smallest_expected(association.table) < COCHRAN else "pearson"
    return _shown(association, custom if custom in tests else tests[0])


def _how_wrong(registry: Registry, association: Association, tests: list[str]) -> str:
    """Return ``decision`` when the paper draws a conclusion that every test of these would turn."""
    possible = p_of_counts.is_possible(association.printed)
    turned = possible and bool(tests) and _other_side(association, tests) and _is_drawn(registry, association)
    return "decision" if turned else "inconsistent"


def _is_drawn(registry: Registry, association: Association) -> bool:
    """Return True when the prose speaks of the comparison: of its p, its counts or its shares."""
    cells = [v for count in association.counts for v in registry.cells(count.table, row=count.row)]
    return bool({association.p.id, *(cell.id for cell in cells)} & drawn_on(registry))


def _other_side(association: Association, tests: list[str]) -> bool:
    """Return True when every one of the tests lies on the other side of 0.05 than the printed p."""
    printed, sides = below(association.printed), {p_values(association.ordered)[key] < ALPHA for key in tests}
    return printed is not None and sides == {not printed}


# Bounds -------------------------------------------------------------------------------------------------------------


def check_bounds(registry: Registry) -> Iterator[Check]:
    """Yield a query per p value printed as below a number that no one uses as a bound.

    Bounds are round: 0.05, 0.01, 0.001, a 1 or a 5 after zeros. Other digits read like the p value itself.
    """
    for association in associations(registry):
        if association.printed.bound and not _is_round(association.printed):
            yield _odd_bound(association)


def _is_round(printed: Printed) -> bool:
    digits = printed.text.strip("<≤>≥ 0.")
    return digits in ("1", "5", "") or (printed.bound in ">≥" and not digits.strip("9"))


@dataclass(frozen=True)
class OddBound(Found):
    """A p value printed as below a number that no one uses as a bound, and the tests that give that number itself."""

    association: Association
    tests: tuple[str, ...]


def _odd_bound(association: Association) -> Check:
    digits = parse(association.printed.text.lstrip("<≤>≥ "))
    hits = [key for key, p in all_tests(association.table).items() if p_of_counts.prints(p, digits)]
    note = f"A p value is printed as {association.printed.text}, which is no customary bound."
    note += (
        f" It is the p value of {_names(hits)} itself, so the sign is probably a slip for the equals sign."
        if hits
        else ""
    )
    reads = digits.text if hits else ""
    return Check(
        **_common(association, "bound"),
        verdict="query",
        suspect_ids=(association.p.id,),
        chance=p_of_counts.chance([association.table], digits) if hits else None,
        changes=(Change(association.p.id, reads),) if hits else (),
        found=OddBound(association, tuple(hits)),
        said=_said(association, recomputed=reads, method=_names(hits), note=note, repair=reads),
    )


# The choice of test -------------------------------------------------------------------------------------------------


def check_choice_of_test(registry: Registry) -> Iterator[Check]:
    """Yield a query for p values whose test was chosen by another rule than that of other rows alike.

    Rows are alike when the smallest expected count is below 5, or is not. Within such a class the paper should have
    used one test. Where it used two, the rows that depart from the customary limit of 5
    are the suspects.

    Source: the custom goes back to Cochran WG. Biometrics 1954;10:417-451.
    """
    used = [(a, *reproducing(a, ("pearson", "fisher"))) for a in associations(registry) if a.p.table]
    clear = [(a, tests[0]) for a, *tests in used if len(tests) == 1]
    for small in (True, False):
        alike = [(a, test) for a, test in clear if (smallest_expected(a.table) < COCHRAN) == small]
        if len({test for _, test in alike}) == 2:
            yield _unlike_choice(alike, small)


@dataclass(frozen=True)
class UnlikeChoice(Found):
    """Rows alike that were tested differently: whether an expected count is small, and the test of each."""

    small: bool
    tests: tuple[tuple[Association, str], ...]


def _unlike_choice(alike: list[tuple[Association, str]], small: bool) -> Check:
    rule = "fisher" if small else "pearson"
    depart = [a for a, test in alike if test != rule]
    said = "; ".join(
        f"{a.p.subject} (smallest expected count {show(smallest_expected(a.table), 1)}): {TESTS[test][0]}"
        for a, test in alike
    )
    return Check(
        family="choice-of-test",
        subject="small" if small else "large",
        value_ids=tuple(a.p.id for a, _ in alike),
        suspect_ids=tuple(a.p.id for a in depart),
        evidence="counts",
        verdict="query",
        found=UnlikeChoice(small, tuple(alike)),
        recomputes=tuple(a.p.id for a in depart),
        said=Said(
            quantity=f"the test chosen where an expected count is {'below' if small else 'at least'} {COCHRAN}",
            published=", ".join(a.p.printed for a in depart),
            recomputed=", ".join(show_like(all_tests(a.table)[rule], a.printed) for a in depart),
            method=f"{TESTS[rule][0]}, by the customary limit of {COCHRAN}",
            note=f"The printed p values show that tables alike were tested differently: {said}.",
        ),
    )


def check(registry: Registry) -> Iterator[Check]:
    """Yield all checks of p values of association."""
    yield from check_p_values(registry)
    yield from check_bounds(registry)
    yield from check_choice_of_test(registry)
