"""Counts and percentages: every n (%) against its denominator, every sum against its parts."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from secondlook.checks.shares import Known, Share, Total, added, balanced, known_only, shares, totals
from secondlook.checks.verdicts import Change, Check, Found, Said
from secondlook.numbers.printed import show
from secondlook.numbers.slips import chance_of_slip, slip
from secondlook.paper.registry import Registry, Value
from secondlook.stats import percentages
from secondlook.stats.p_of_counts import HANDLED, strings
from secondlook.stats.percentages import other_counts

# Percentages --------------------------------------------------------------------------------------------------------


def check_percentages(registry: Registry) -> Iterator[Check]:
    """Yield one check per percentage: does n / N, rounded as printed, give what is printed?

    Those that are of known patients only are left to :func:`check_known`.
    """
    held, levels = balanced(registry), _of_levels(registry)
    known = {share.percent.id for item in known_only(registry) for share in item.shares}
    for share in shares(registry):
        if share.percent.id in known:
            continue
        if share.handled == "rounded":
            said = _said(share, f"{_arithmetic(share)} prints {share.shown}.")
            yield Check(**_common(share), verdict="reproduced", said=said)
        elif share.handled:
            yield _handled_otherwise(share)
        elif _is_made_up(registry, share, levels, held):
            yield _made_up(share)
        else:
            yield _of_others(share, held) or _wrong_percentage(registry, share, held)


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


def _handled_otherwise(share: Share) -> Check:
    how, printed = HANDLED[share.handled], share.printed
    other = next(iter(strings(share.exact, printed.places, share.handled) - {share.shown}), share.shown)
    note = f"Rounded it would print {share.shown}; {share.percent.printed} is the same share {how}."
    return Check(
        **_common(share),
        verdict="reproduced-if",
        suspect_ids=(share.percent.id,),
        chance=percentages.chance(printed, [share.exact]),
        said=_said(share, note, recomputed=other, method=f"{_arithmetic(share)}, {how}"),
    )


def _of_levels(registry: Registry) -> dict[tuple[str, str, str], list[Share]]:
    """Return the percentages of each variable's levels in a table, by table, variable and group."""
    found: dict[tuple[str, str, str], list[Share]] = {}
    for share in shares(registry):
        if share.percent.level:
            found.setdefault((share.percent.table, share.percent.variable, share.percent.group), []).append(share)
    return found


def _is_made_up(registry: Registry, share: Share, levels: dict, held: set[str]) -> bool:
    """Return True when a percentage is 100 less those of the other levels, of which every patient has one."""
    cell = registry.origin(share.percent)
    of_variable = levels.get((cell.table, cell.variable, cell.group), [])
    others = [other for other in of_variable if other.percent.level != cell.level]
    if len(others) + 1 != len(of_variable) or not all(v.id in held for s in of_variable for v in s.counts):
        return False
    complete = len(of_variable) == len(registry.layout.variables[cell.variable].levels)
    return complete and percentages.made_up(share.printed, [(o.printed, o.n, o.size) for o in others])


def _made_up(share: Share) -> Check:
    note = f"Rounded it would print {share.shown}; {share.percent.printed} is 100 less the other levels."
    return Check(
        **_common(share),
        verdict="reproduced-if",
        suspect_ids=(share.percent.id,),
        chance=percentages.chance(share.printed, [share.exact, share.printed.value]),
        said=_said(share, note, recomputed=share.percent.printed, method="100 less the other levels"),
    )


def _of_others(share: Share, held: set[str]) -> Check | None:
    """Return a query for a percentage of fewer patients, where nothing says that the value of everyone is known."""
    everyone = share.is_stated or len(share.counts) != 1 or share.counts[0].id in held
    known = [] if everyone else percentages.known_sizes(share.printed, share.n, share.size)
    if not known:
        return None
    exact = [percentages.share(share.n, size) for size in range(known[0], share.size + 1)]
    note = (
        f"{_arithmetic(share)} prints {share.shown}; printed is {share.percent.printed}, which is {share.n} of "
        f"{known[-1]}. It holds if the value of the others is not known; otherwise it should read {share.shown}."
    )
    return Check(
        **_common(share),
        verdict="query",
        suspect_ids=(share.percent.id,),
        chance=percentages.chance(share.printed, exact),
        said=_said(share, note),
    )


def _wrong_percentage(registry: Registry, share: Share, held: set[str]) -> Check:
    counts = [] if {v.id for v in share.counts} <= held else other_counts(share.printed, share.size)
    own = [n for n in own_denominators(registry) if share.printed.matches(percentages.share(share.n, n))]
    kind = slip(share.percent.printed, share.shown)
    note = f"{_arithmetic(share)} prints {share.shown}; printed is {share.percent.printed}."
    if counts or own:
        note += _other_ways(counts, own, share)
        return Check(**_common(share), verdict="inconsistent", said=_said(share, note))
    note += f" They differ by {kind}." if kind else ""
    if same := _same_elsewhere(registry, share):
        note += f" It is also what is printed at {same[0].place}."
    return Check(
        **_common(share),
        verdict="inconsistent",
        suspect_ids=(share.percent.id,),
        changes=(Change(share.percent.id, share.shown, kind),),
        chance=chance_of_slip(share.shown, percentages.possible_strings(share.printed)) if kind else None,
        said=_said(share, note, repair=share.shown, method=f"{_arithmetic(share)}; no other count or denominator fits"),
    )


def _same_elsewhere(registry: Registry, share: Share) -> list[Value]:
    """Return the percentages of another row of the table of the counts that print what a wrong one prints.

    Only those of the same set of columns, between which an eye can slip.
    """
    if share.percent.table or not share.counts or not share.counts[0].table:
        return []
    cell = share.counts[0]
    rows = {v.row for v in share.counts}
    beside = registry.cells(cell.table, set=cell.set, statistic="percent")
    return [v for v in beside if v.row not in rows and v.printed == share.percent.printed]


def _other_ways(counts: list[int], own: list[int], share: Share) -> str:
    ways = [f"the count {n}" for n in counts] + [f"the denominator {n}" for n in own]
    return f" The printed percentage would also come of {' or '.join(ways)}, so several repairs are possible."


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
    """Return the percentages that their counts do not print, by group; those of known patients only are not wrong."""
    wrong: dict[str, list[Share]] = {}
    known = {share.percent.id for item in known_only(registry) for share in item.shares}
    for share in shares(registry):
        if not share.handled and share.percent.id not in known:
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
            note=_common_note(registry, list(distinct.values()), size, largest),
        ),
    )


def _common_note(registry: Registry, explained: list[Share], size: int, largest: int) -> str:
    printed = " and ".join(f"{s.n}/{size} = {s.percent.printed} %" for s in explained)
    own = size in own_denominators(registry)
    note = (
        f"{printed}: counted over {size} patients instead of {explained[0].size}, all of these would be right, and "
        f"over no other number up to {largest}" + (". " if own else f". The paper prints no group or count of {size}. ")
    )
    elsewhere = {s: same[0] for s in explained if (same := _same_elsewhere(registry, s))}
    for share, value in elsewhere.items():
        note += f"But {share.percent.printed} % is also what is printed at {value.place}. "
    rest = [s for s in explained if s not in elsewhere]
    if elsewhere and len(rest) < 2:
        alone = f"{rest[0].percent.printed} % alone" if rest else "nothing"
        note += f"If that is where it comes from, the explanation by {size} rests on {alone}. "
    return note.strip()


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


# Known patients only ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KnownPatients(Found):
    """A variable of one table whose percentages are of known patients only, group by group."""

    groups: tuple[Known, ...]


def check_known(registry: Registry) -> Iterator[Check]:
    """Yield one query per variable whose percentages are of those patients only that its levels add up to."""
    by_variable: dict[tuple[str, str], list[Known]] = {}
    for item in known_only(registry):
        by_variable.setdefault((item.table, item.variable), []).append(item)
    for (table, variable), groups in by_variable.items():
        yield _known_patients(registry, f"{table}.{variable}", variable, groups)


def _known_patients(registry: Registry, subject: str, variable: str, groups: list[Known]) -> Check:
    all_shares = [share for group in groups for share in group.shares]
    label = registry.layout.variables[variable].label
    said = "; ".join(f"{g.known} of the {g.size} of {registry.layout.groups[g.group].label}" for g in groups)
    # The percentage of one level follows from the others, and one in the prose is the table's.
    free = [share for g in groups for share in [s for s in g.shares if s.percent.table][1:]]
    known = {share.percent.id: g.known for g in groups for share in g.shares}
    return Check(
        family="known",
        subject=subject,
        value_ids=tuple(dict.fromkeys(i for share in all_shares for i in share.ids)),
        suspect_ids=tuple(share.percent.id for share in all_shares),
        evidence="counts",
        verdict="query",
        chance=math.prod(
            percentages.chance(s.printed, [s.exact, percentages.share(s.n, known[s.percent.id])]) for s in free
        ),
        found=KnownPatients(tuple(groups)),
        recomputes=tuple(share.percent.id for share in all_shares),
        said=Said(
            quantity=f"{label}: percentages of those whose value is printed",
            published=", ".join(share.percent.printed for share in all_shares),
            recomputed=", ".join(share.shown for share in all_shares),
            method="counts over the sum of the levels, and over the size of the group",
            note=f"The levels add up to {said}, and the printed percentages are of these. The others are not accounted "
            "for: their value was perhaps not known, and the heading of the column does not hold for this row.",
        ),
    )


# Sums -----------------------------------------------------------------------------------------------------------------


def check_sums(registry: Registry) -> Iterator[Check]:
    """Yield one check per sum; levels that leave out patients are a query, unless :func:`check_known` has it."""
    known = {f"{item.table}.{item.variable}.{item.group}" for item in known_only(registry)}
    for total in totals(registry):
        sums = added(registry, total)
        if sums is not None and not (total.may_lack and total.name in known):
            yield _sum(registry, total, *sums)


def _sum(registry: Registry, total: Total, whole: int, recomputed: int) -> Check:
    signs = " + ".join(registry[i].printed for i in total.parts)
    signs += "".join(f" − {registry[i].printed}" for i in total.minus)
    lacking = total.may_lack and recomputed < whole
    note = f"{signs} = {recomputed}" + ("." if whole == recomputed else f", and {whole} is printed: {total.why}.")
    if lacking:
        note = f"{signs} = {recomputed} of {whole}: {whole - recomputed} are not accounted for, perhaps as not known."
    return Check(
        family="sum",
        subject=total.name,
        value_ids=(total.whole, *total.parts, *total.minus),
        suspect_ids=total.parts if lacking else (),
        evidence="counts",
        verdict="reproduced" if whole == recomputed else "query" if lacking else "inconsistent",
        found=total,
        recomputes=(total.whole,),
        said=Said(quantity=total.why, published=str(whole), recomputed=str(recomputed), method=signs, note=note),
    )


def check(registry: Registry) -> Iterator[Check]:
    """Yield all checks of counts, percentages and sums."""
    yield from check_percentages(registry)
    yield from check_common_denominators(registry)
    yield from check_complements(registry)
    yield from check_known(registry)
    yield from check_sums(registry)
