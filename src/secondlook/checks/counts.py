"""Counts and percentages: every n (%) against its denominator, every sum against its parts."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from secondlook.checks.verdicts import Change, Check, Found, Said
from secondlook.numbers.printed import READINGS, Printed, show
from secondlook.numbers.slips import chance_of_slip, slip
from secondlook.paper.registry import Registry, Value, expand

# Percentages --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share(Found):
    """A printed percentage with the counts that it is made of."""

    percent: Value
    counts: tuple[Value, ...]
    group: str
    n: int
    size: int
    size_id: str

    @property
    def exact(self) -> Fraction:
        """The share in per cent, as an exact fraction."""
        return Fraction(100 * self.n, self.size)

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
    declared = {item.percent: item for item in registry.layout.percentages}
    for value in registry:
        if value.statistic != "percent" or value.number is None:
            continue
        if value.id in declared:
            item = declared[value.id]
            counts, group = [registry.values.get(i) for i in item.numerator], item.denominator
        else:
            cell = registry.origin(value)
            counts, group = [_count_beside(registry, cell)], cell.group
        share = _share(registry, value, counts, group)
        if share:
            yield share


def _count_beside(registry: Registry, value: Value) -> Value | None:
    return registry.cell(value.table, value.row, value.set, "count", value.group) if value.table else None


def _share(registry: Registry, percent: Value, counts: list[Value | None], group: str) -> Share | None:
    size = registry.size(group)
    wholes = [registry.whole(v.id) if v else None for v in counts]
    if not size or None in wholes:
        return None
    size_id = registry.layout.groups[group].size or ""
    return Share(percent, tuple(v for v in counts if v), group, sum(wholes), size, size_id)


def check_percentages(registry: Registry) -> Iterator[Check]:
    """Yield one check per percentage: does n / N, rounded as printed, give what is printed?"""
    held = balanced(registry)
    for share in shares(registry):
        reading = next((r for r in READINGS if share.printed.matches(share.exact, r)), None)
        if reading == "nearest":
            said = _said(share, f"{_arithmetic(share)} prints {share.shown}.")
            yield Check(**_common(share), verdict="reproduced", said=said)
        elif reading == "truncated":
            yield _cut_off(share)
        else:
            yield _wrong_percentage(registry, share, held)


def _common(share: Share) -> dict:
    return {
        "family": "percent",
        "subject": share.percent.id,
        "value_ids": share.ids,
        "evidence": "counts",
        "found": share,
        "recomputes": (share.percent.id,),
    }


def _arithmetic(share: Share) -> str:
    return f"{' + '.join(v.printed for v in share.counts)} of {share.size}"


def _said(share: Share, note: str, **more: str) -> Said:
    words = {"recomputed": share.shown, "method": _arithmetic(share), "note": note}
    return Said(quantity=share.percent.subject, published=share.percent.printed, **(words | more))


def _cut_off(share: Share) -> Check:
    cut = show(share.exact, share.printed.places, "truncated")
    note = f"Rounded it would print {share.shown}; {share.percent.printed} is what cutting the digits off gives."
    return Check(
        **_common(share),
        verdict="reproduced-if",
        suspect_ids=(share.percent.id,),
        chance=Fraction(len({cut, share.shown}), _strings(share.printed)),
        said=_said(share, note, recomputed=cut, method=f"{_arithmetic(share)}, digits cut off"),
    )


def _strings(percent: Printed) -> int:
    """Return how many different percentages with as many decimals there are."""
    return 100 * 10**percent.places + 1


def _wrong_percentage(registry: Registry, share: Share, held: set[str]) -> Check:
    counts = [] if {v.id for v in share.counts} <= held else other_counts(share.printed, share.size)
    own = [n for n in own_denominators(registry) if share.printed.matches(Fraction(100 * share.n, n))]
    kind = slip(share.percent.printed, share.shown)
    note = f"{_arithmetic(share)} prints {share.shown}; printed is {share.percent.printed}."
    if counts or own:
        note += _other_ways(counts, own, share)
        return Check(**_common(share), verdict="inconsistent", said=_said(share, note))
    note += f" They differ by {kind}." if kind else ""
    note += " No count of the group and no other denominator that the paper prints gives the printed percentage."
    return Check(
        **_common(share),
        verdict="inconsistent",
        suspect_ids=(share.percent.id,),
        changes=(Change(share.percent.id, share.shown, kind),),
        chance=chance_of_slip(share.shown, _strings(share.printed)) if kind else None,
        said=_said(share, note, repair=share.shown),
    )


def _other_ways(counts: list[int], own: list[int], share: Share) -> str:
    ways = [f"the count {n}" for n in counts] + [f"the denominator {n}" for n in own]
    return f" The printed percentage would also come of {' or '.join(ways)}, so several repairs are possible."


def other_counts(percent: Printed, size: int) -> list[int]:
    """Return every whole count out of `size` that prints the percentage (the GRIM question).

    Source: Brown and Heathers, The GRIM test, Soc Psychol Personal Sci 2017;8:363-369.
    """
    return [n for n in range(size + 1) if percent.matches(Fraction(100 * n, size))]


def own_denominators(registry: Registry) -> list[int]:
    """Return the whole numbers that the paper prints as sizes of groups or as counts of patients, in order."""
    return list(registry.counted)


# One denominator behind several misprints ---------------------------------------------------------------------------


def check_common_denominators(registry: Registry) -> Iterator[Check]:
    """Yield a query when one other whole number explains two or more wrong percentages of the same group.

    A number counts when it turns at least two different counts into the percentages printed for them. It is reported
    only when no other number, up to the largest that the paper prints as a size, does the same.
    """
    largest = max(registry.counted, default=0)
    for group, group_shares in _wrong_shares(registry).items():
        found = {n: _explained(group_shares, n) for n in range(2, largest + 1)}
        found = {n: them for n, them in found.items() if len({s.n for s in them}) > 1}
        if len(found) == 1:
            [(size, explained)] = found.items()
            yield _common_denominator(registry, group, size, explained, largest)


def _wrong_shares(registry: Registry) -> dict[str, list[Share]]:
    """Return the percentages that their counts do not print, by group."""
    wrong: dict[str, list[Share]] = {}
    for share in shares(registry):
        if not any(share.printed.matches(share.exact, reading) for reading in READINGS):
            wrong.setdefault(share.group, []).append(share)
    return wrong


@dataclass(frozen=True)
class Complement(Found):
    """Two wrong percentages of which one is printed as 100 less the other."""

    first: Share
    second: Share


def check_complements(registry: Registry) -> Iterator[Check]:
    """Yield a query per pair of wrong percentages of which one is printed as 100 less the other.

    The two counts together are the whole group, so that one slip, carried over by subtraction, explains both.
    """
    for group_shares in _wrong_shares(registry).values():
        for first, second in itertools.combinations(group_shares, 2):
            together = first.printed.value + second.printed.value
            if first.n + second.n == first.size and together == 100:
                yield _complement(first, second)


def _complement(first: Share, second: Share) -> Check:
    return Check(
        family="complement",
        subject=f"{first.percent.id}:{second.percent.id}",
        value_ids=(*first.ids, *(i for i in second.ids if i not in first.ids)),
        suspect_ids=(first.percent.id, second.percent.id),
        evidence="counts",
        verdict="query",
        chance=Fraction(1, len(_window(second))),
        found=Complement(first, second),
        recomputes=(first.percent.id, second.percent.id),
        said=Said(
            quantity=f"one slip for two percentages of the {first.size}",
            published=f"{first.percent.printed}, {second.percent.printed}",
            recomputed=f"{first.shown}, {second.shown}",
            method="100 less the other",
            note=f"{first.percent.printed} and {second.percent.printed} add up to 100, and neither is what its count "
            "gives. If one was misprinted and the other taken as 100 less it, one slip explains both.",
        ),
    )


def _explained(group_shares: Iterable[Share], size: int) -> list[Share]:
    return [s for s in group_shares if s.n <= size and s.printed.matches(Fraction(100 * s.n, size))]


@dataclass(frozen=True)
class CommonDenominator(Found):
    """One whole number over which the counts of several wrong percentages give what is printed."""

    group: str
    size: int
    explained: tuple[Share, ...]


def _common_denominator(registry: Registry, group: str, size: int, explained: list[Share], largest: int) -> Check:
    distinct = {share.n: share for share in explained}
    printed = ", ".join(f"{s.n}/{size} = {s.percent.printed} %" for s in distinct.values())
    own = size in own_denominators(registry)
    return Check(
        family="denominator",
        subject=f"{group}.{size}",
        value_ids=tuple(dict.fromkeys(i for share in explained for i in share.ids)),
        suspect_ids=tuple(share.percent.id for share in explained),
        evidence="counts",
        verdict="query",
        chance=_chance_of_common(list(distinct.values()), largest),
        found=CommonDenominator(group, size, tuple(explained)),
        recomputes=tuple(share.percent.id for share in explained),
        said=Said(
            quantity=f"one denominator for several percentages of {registry.layout.groups[group].label}",
            published=", ".join(s.percent.printed for s in distinct.values()),
            recomputed=", ".join(s.shown for s in distinct.values()),
            method=f"the same counts over {size}",
            note=f"{printed}: one denominator, {size}, explains all of these, and no other whole number up to "
            f"{largest} does. The group has {explained[0].size} patients"
            + ("." if own else f", and {size} is a number that the paper does not print as a size or a count."),
        ),
    )


def _chance_of_common(explained: list[Share], largest: int) -> Fraction:
    """Return the chance that misprints as far off as these would have had a common denominator too.

    Every percentage is drawn evenly from those no farther from the true one than the printed one is, other than the
    true one itself; the chance is the share of the draws that some whole number up to `largest` explains all at once.
    """
    windows = [_window(share) for share in explained]
    found = set()
    for size in range(2, largest + 1):
        shown = tuple(show(Fraction(100 * s.n, size), s.printed.places) for s in explained)
        if all(text in window for text, window in zip(shown, windows, strict=True)):
            found.add(shown)
    return Fraction(len(found), math.prod(map(len, windows)))


def _window(share: Share) -> set[str]:
    """Return the percentages as far from the true one as the printed one or nearer, without the true one."""
    true, unit = Fraction(share.shown), share.printed.unit
    steps = int(abs(share.printed.value - true) / unit)
    return {show(true + k * unit, share.printed.places) for k in range(-steps, steps + 1) if k}


# Sums ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Total(Found):
    """A printed whole and what must add up to it."""

    whole: str
    parts: tuple[str, ...]
    minus: tuple[str, ...]
    why: str
    name: str


def totals(registry: Registry) -> Iterator[Total]:
    """Yield every sum that must hold: the levels of each variable by arm, then the sums that the layout declares."""
    yield from _levels(registry)
    for item in registry.layout.sums:
        for whole, parts, minus in expand(item):
            yield Total(whole, tuple(parts), tuple(minus), item.why, f"{whole}:{parts[0]}")


def _levels(registry: Registry) -> Iterator[Total]:
    for name, table in registry.layout.tables.items():
        if table.kind != "baseline":
            continue
        for key, variable in registry.layout.variables.items():
            for arm in registry.layout.paper.arms:
                parts = [v for v in registry.cells(name, variable=key, statistic="count", group=arm) if v.level]
                size = registry.layout.groups[arm].size
                if size and {v.level for v in parts} == set(variable.levels):
                    why = f"every patient has one level of {variable.label}"
                    yield Total(size, tuple(v.id for v in parts), (), why, f"{name}.{key}.{arm}")


def _added(registry: Registry, total: Total) -> tuple[int, int] | None:
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
        added = _added(registry, total)
        if added and added[0] == added[1]:
            held.update((total.whole, *total.parts, *total.minus))
    return held


def check_sums(registry: Registry) -> Iterator[Check]:
    """Yield one check per sum."""
    for total in totals(registry):
        added = _added(registry, total)
        if added is None:
            continue
        whole, recomputed = added
        signs = " + ".join(registry[i].printed for i in total.parts)
        signs += "".join(f" − {registry[i].printed}" for i in total.minus)
        holds = whole == recomputed
        yield Check(
            family="sum",
            subject=total.name,
            value_ids=(total.whole, *total.parts, *total.minus),
            evidence="counts",
            verdict="reproduced" if holds else "inconsistent",
            found=total,
            recomputes=(total.whole,),
            said=Said(
                quantity=total.why,
                published=str(whole),
                recomputed=str(recomputed),
                method=signs,
                note=f"{signs} = {recomputed}" + ("." if holds else f", and {whole} is printed: {total.why}."),
            ),
        )


def check(registry: Registry) -> Iterator[Check]:
    """Yield all checks of counts, percentages and sums."""
    yield from check_percentages(registry)
    yield from check_common_denominators(registry)
    yield from check_complements(registry)
    yield from check_sums(registry)
