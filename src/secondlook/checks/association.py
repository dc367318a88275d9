"""P values of association: which test, if any, turns the printed counts into the printed p?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from secondlook.checks.counts import balanced, shares
from secondlook.checks.proportions import implied_table
from secondlook.checks.verdicts import Change, Check, Found, Said
from secondlook.numbers.printed import Interval, Printed, parse, show, show_like
from secondlook.paper.registry import Registry, Value
from secondlook.stats.contingency import TESTS, Counts, all_tests, as_counts, smallest_expected

#: Relative slack for p values computed in floating point; far below any printed digit.
_FLOAT_SLACK = 1e-11
#: The customary limit for 2×2 tables, after Cochran: below this expected count the exact test is usual.
COCHRAN = 5
#: The tests that a p value is held against where the paper names none.
CUSTOMARY = ("pearson", "fisher")


@dataclass(frozen=True)
class Association:
    """A printed p value and the table of counts that it tests."""

    p: Value
    counts: tuple[Value, ...]
    table: Counts

    @property
    def printed(self) -> Printed:
        """The p value as printed."""
        return self.p.number


def associations(registry: Registry) -> Iterator[Association]:
    """Yield every p value that tests a table of printed counts, those restated in the prose too.

    In a baseline table the p of a variable tests its levels against the arms; in a table of frequencies the p of a
    row tests those counted against those not. Percentages in the prose whose counts are not printed make a table when
    each leaves one count possible.
    """
    yield from _declared(registry)
    for p in registry:
        cell = registry.origin(p)
        # "p > 0.05" of several variables at once tests no one table.
        if p.statistic == "p" and cell.table and p.number is not None and p.number.bound in ("", "<"):
            counts = _counted(registry, cell)
            if counts:
                yield Association(p, *counts)


def _declared(registry: Registry) -> Iterator[Association]:
    for item in registry.layout.proportions:
        p, implied = registry.values.get(item.p or ""), implied_table(registry, item)
        if p and p.number and p.number.bound in ("", "<") and implied:
            yield Association(p, *implied)


def _counted(registry: Registry, cell: Value) -> tuple[tuple[Value, ...], Counts] | None:
    """Return the counts that the p value in a table's cell tests, and the table that they make."""
    kind = registry.layout.tables[cell.table].kind
    return {"baseline": _levels, "frequencies": _row, "models": lambda *_: None}[kind](registry, cell)


def _levels(registry: Registry, p: Value) -> tuple[tuple[Value, ...], Counts] | None:
    arms = registry.layout.paper.arms
    variable = registry.layout.variables[p.variable]
    rows = [
        [registry.cell(p.table, f"{p.variable}.{level}", p.set, "count", arm) for arm in arms]
        for level in variable.levels
    ]
    if len(rows) < 2 or not all(v and v.number for row in rows for v in row):
        return None
    table = as_counts([[int(v.number.value) for v in row] for row in rows])
    return tuple(v for row in rows for v in row), table


def _row(registry: Registry, p: Value) -> tuple[tuple[Value, ...], Counts] | None:
    arms = registry.layout.paper.arms
    counted = [registry.cell(p.table, p.row, p.set, "count", arm) for arm in arms]
    sizes = [registry.size(arm) for arm in arms]
    if None in sizes or not all(v and v.number for v in counted):
        return None
    yes = [int(v.number.value) for v in counted]
    no = [size - n for size, n in zip(sizes, yes, strict=True)]
    return (tuple(counted), as_counts([yes, no])) if min(no) >= 0 else None


def reproducing(association: Association, tests: Iterable[str] = TESTS) -> list[str]:
    """Return the keys of the tests that print the printed p, in the order of :data:`TESTS`."""
    results = all_tests(association.table)
    return [key for key in tests if key in results and association.printed.matches(_tolerant(results[key]))]


def _tolerant(p: float | Fraction) -> Interval:
    """Return exact p values as they are and widen those computed in floating point by their error."""
    if isinstance(p, Fraction):
        return Interval(p, p)
    return Interval(p * (1 - _FLOAT_SLACK), p * (1 + _FLOAT_SLACK))


def check_p_values(registry: Registry) -> Iterator[Check]:
    """Yield one check per p value of association."""
    stated = registry.layout.paper.association_tests
    held, neighbours = _held_counts(registry), Neighbours(registry)
    for association in associations(registry):
        by_stated = reproducing(association, stated)
        by_any = reproducing(association)
        if by_stated:
            yield _reproduced(association, by_stated, by_any)
        elif by_any:
            yield _reproduced_if(registry, association, by_any)
        else:
            yield _wrong(neighbours, association, held)


def _held_counts(registry: Registry) -> set[str]:
    """Return ids of counts that a percentage or a sum supports."""
    by_percentage = {v.id for s in shares(registry) if s.printed.matches(s.exact) for v in s.counts}
    return by_percentage | balanced(registry)


@dataclass(frozen=True)
class Tested(Found):
    """Which tests print a p value.

    Attributes
    ----------
    association : Association
    by_stated, by_any : tuple of str
        Keys of the tests that print it: of those that the paper names, and of all.
    """

    association: Association
    by_stated: tuple[str, ...] = ()
    by_any: tuple[str, ...] = ()


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
    return "; ".join(TESTS[key][0] for key in tests)  # some names have a comma of their own


def _shown(association: Association, test: str) -> str:
    return show_like(all_tests(association.table)[test], association.printed)


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


def _printable(association: Association) -> set[str]:
    """Return the distinct p values that the tests would print for this table."""
    return {show(p, association.printed.places) for p in all_tests(association.table).values()}


def _reproduced_if(registry: Registry, association: Association, by_any: list[str]) -> Check:
    note = f"Of the tests that might have been used, {_names(by_any)} gives the printed p; "
    note += "the paper names others." if registry.layout.paper.association_tests else "the paper names none."
    return Check(
        **_common(association),
        verdict="reproduced-if",
        suspect_ids=(association.p.id,),
        chance=_chance_of_match(association),
        found=Tested(association, by_any=tuple(by_any)),
        said=_said(association, recomputed=_shown(association, by_any[0]), method=_names(by_any), note=note),
    )


def _chance_of_match(association: Association) -> Fraction:
    """Return the chance that a random printed p, with the same sign before it, would be matched by one of the tests.

    A bound is matched whenever it lies above the smallest p value, which is often.
    """
    if not association.printed.bound:
        return _chance(len(_printable(association)), association.printed)
    scale = 10**association.printed.places
    smallest = min(all_tests(association.table).values())
    return Fraction(sum(Fraction(n, scale) > smallest for n in range(scale + 1)), scale + 1)


def _chance(strings: int, printed: Printed) -> Fraction:
    """Return the chance that a p value drawn evenly from the printable ones is among so many different strings."""
    return min(Fraction(strings, 10**printed.places + 1), Fraction(1))


# P values that no test gives ----------------------------------------------------------------------------------------


def transforms(association: Association) -> list[tuple[str, str, str]]:
    """Return what a slip of handling would have printed: (printed string, what was done, the p it was done to).

    The complement 1 − p, the doubled and the halved p of each test.
    """
    made = []
    for key, p in all_tests(association.table).items():
        for what, slipped in (("the complement of", 1 - p), ("twice", 2 * p), ("half of", p / 2)):
            if 0 <= slipped <= 1:
                name = f"{what} {TESTS[key][0]}"
                made.append((show(slipped, association.printed.places), name, show_like(p, association.printed)))
    return made


class Neighbours:
    """The p values that the stated tests give for the rows of each table, by what they print.

    To look through all rows for each that is wrong would take a long table's length squared.
    """

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.printing: dict[tuple[str, int], dict[str, list[tuple[Counts, str]]]] = {}

    @cached_property
    def tests(self) -> dict[str, list[tuple[Counts, str, float | Fraction]]]:
        """Counts, name and p value of each stated test of each row, by table."""
        stated = self.registry.layout.paper.association_tests
        found: dict[str, list[tuple[Counts, str, float | Fraction]]] = {}
        for other in associations(self.registry):
            for key, p in all_tests(other.table).items():
                if key in stated:
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

    def hits(self, association: Association) -> list[tuple[str, str]]:
        """Return what of the other rows prints the printed p."""
        found = self.printed(association).get(association.p.printed, ())
        return [(name, "") for counts, name in found if counts != association.table]

    def distinct(self, association: Association, also: set[str]) -> int:
        """Return how many different strings the other rows' p values and those in `also` print."""
        texts, own = self.printed(association), _printable(association)
        lonely = {text for text in own if all(counts == association.table for counts, _ in texts.get(text, ()))}
        others = len(texts) - len(lonely & texts.keys())
        return others + len([text for text in also if text not in texts or text in lonely])


def _wrong(neighbours: Neighbours, association: Association, held: set[str]) -> Check:
    registry = neighbours.registry
    named = registry.layout.paper.association_tests or CUSTOMARY
    stated = [key for key in named if key in all_tests(association.table)]
    recomputed = {key: _shown(association, key) for key in stated}
    tried = transforms(association)
    hits = [(what, true) for text, what, true in tried if text == association.p.printed] + neighbours.hits(association)
    note = f"Printed is {association.p.printed}; " + ", ".join(
        f"{TESTS[k][0]} gives {p}" for k, p in recomputed.items()
    )
    note += ", and none of the other tests gives the printed p."
    repair, chance = "", None
    if len(hits) == 1:
        what, repair = hits[0]
        distinct = neighbours.distinct(association, {text for text, _, _ in tried})
        chance = _chance(distinct, association.printed)
        note += f" It is what {what} prints" + (f" ({repair})." if repair else ".")
    elif hits:
        note += f" It would come of {' or of '.join(what for what, _ in hits)}; several repairs are possible."
    supported = all(v.id in held for v in association.counts)
    shown = " or ".join(dict.fromkeys(recomputed.values()))
    return Check(
        **_common(association),
        verdict="decision" if _other_side(registry, association, stated) else "inconsistent",
        suspect_ids=(association.p.id,) if supported else (),
        changes=(Change(association.p.id, repair),) if repair else (),
        chance=chance,
        found=Tested(association),
        said=_said(association, recomputed=shown, method=_names(stated), note=note, repair=repair),
    )


def _other_side(registry: Registry, association: Association, stated: list[str], alpha: float = 0.05) -> bool:
    """Return True when every stated test lies on the other side of `alpha` than the printed p."""
    sides = {all_tests(association.table)[key] < alpha for key in stated}
    printed = association.printed.value < alpha or (
        association.printed.bound == "<" and association.printed.value <= alpha
    )
    return sides == {not printed}


# Bounds -------------------------------------------------------------------------------------------------------------


def check_bounds(registry: Registry) -> Iterator[Check]:
    """Yield a query per p value printed as below a number that no one uses as a bound.

    Bounds are round: 0.05, 0.01, 0.001, a 1 or a 5 after zeros. Other digits read like the p value itself.
    """
    for association in associations(registry):
        if association.printed.bound and not _is_round(association.printed):
            yield _odd_bound(association)


def _is_round(printed: Printed) -> bool:
    return printed.text.strip("<≤>≥ 0.") in ("1", "5", "")


@dataclass(frozen=True)
class OddBound(Found):
    """A p value printed as below a number that no one uses as a bound, and the tests that give that number itself."""

    association: Association
    tests: tuple[str, ...]


def _odd_bound(association: Association) -> Check:
    digits = parse(association.printed.text.lstrip("<≤>≥ "))
    hits = [key for key, p in all_tests(association.table).items() if digits.matches(_tolerant(p))]
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
        chance=_chance(len(_printable(association)), digits) if hits else None,
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
