"""Definitions and clocks: what staging rules, schedules and sequences force, and whether the counts allow it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from secondlook.checks.claim_tests import compare, listed
from secondlook.checks.verdicts import Check, Found, Said
from secondlook.numbers.dates import can_be_in_order, parse_date
from secondlook.numbers.printed import Printed, show
from secondlook.paper.claims_file import filled, placeholders
from secondlook.paper.claims_schema import (
    AtMost,
    Cycles,
    EarlyMajority,
    ForcedOverlap,
    Gap,
    InOrder,
    Nested,
    OpenQuestion,
    Remainder,
    Rule,
    Same,
    Within,
)
from secondlook.paper.registry import Registry, Value
from secondlook.paper.schema import references

#: Mean length of a month in weeks.
WEEKS_IN_A_MONTH = Fraction(487, 112)  # 365.25 / 12 / 7
#: Below this chance an overlap that the counts force is remarkable, though allowed.
REMARKABLE = Fraction(1, 100)


@dataclass(frozen=True)
class Outcome:
    """How a rule came out.

    Attributes
    ----------
    verdict : str
        ``coherent`` when it is obeyed, otherwise as a rule ``query``.
    printed, follows : str
        What is printed, and what follows from the rule.
    arithmetic : str
        The arithmetic, as a plain clause.
    value_ids : tuple of str
        What it involves.
    method : str
        The arithmetic's usual name.
    evidence : str
        A word of :data:`secondlook.checks.verdicts.EVIDENCE`.
    part : str
        For a rule that is held against several rows, which.
    recomputes : tuple of str
        The values that `printed` prints, where `follows` says what they should print.
    """

    verdict: str
    printed: str
    follows: str
    arithmetic: str
    value_ids: tuple[str, ...]
    method: str
    evidence: str = "counts"
    part: str = ""
    recomputes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ruled(Found):
    """A rule of the folder, as it came out: of which rows, where it is about several."""

    rule: Rule
    obeyed: bool
    part: str = ""


def check(registry: Registry) -> Iterator[Check]:
    """Yield one check per rule of ``claims.toml`` (per row, where a rule is about rows).

    A rule whose ids are not all there, or whose cells are blank, is passed over.
    """
    for rule in registry.claims.rules:
        ids = [name for _, kind, name in references(rule) if kind == "values"] + placeholders(rule)
        if all(i in registry.values for i in ids):
            for outcome in RULES[type(rule)](registry, rule):
                yield _check(registry, rule, outcome)


def _check(registry: Registry, rule: Rule, outcome: Outcome) -> Check:
    clash, doubted = outcome.verdict != "coherent", _doubted(registry, rule)
    return Check(
        family="rule",
        subject=".".join(filter(None, [rule.name, outcome.part])),
        value_ids=tuple(dict.fromkeys([*outcome.value_ids, *(rule.suspects if not outcome.part else [])])),
        suspect_ids=tuple(rule.suspects) if clash else (),
        evidence=outcome.evidence,
        verdict=outcome.verdict,
        found=Ruled(rule, not clash, outcome.part),
        recomputes=() if doubted else outcome.recomputes,
        said=Said(
            quantity=rule.about,
            published=f"{doubted.subject}; printed {outcome.printed}" if doubted else outcome.printed,
            recomputed=outcome.follows,
            method=outcome.method,
            note=_note(registry, rule, outcome),
        ),
    )


def _doubted(registry: Registry, rule: Rule) -> Value | None:
    """Return the claim in words that a rule doubts, if that is what it doubts."""
    doubted = registry[rule.suspects[0]] if rule.suspects and not isinstance(rule, OpenQuestion) else None
    return doubted if doubted and doubted.statistic == "claim" else None


def _note(registry: Registry, rule: Rule, outcome: Outcome) -> str:
    note = f"{rule.about[0].upper()}{rule.about[1:]}" + (f": {outcome.arithmetic}." if outcome.arithmetic else ".")
    if outcome.verdict != "coherent" and rule.meaning:
        note += f" {filled(rule.meaning, {value.id: value.printed for value in registry})}"
    return f"{note} Assumed: {rule.assumption}."


def _verdict(obeyed: bool) -> str:
    return "coherent" if obeyed else "query"


def _sum(registry: Registry, ids: list[str]) -> tuple[Fraction, str] | None:
    """Return the sum of printed numbers and how it is written, or None when one of them is blank."""
    numbers = [registry[i].number for i in ids]
    if not all(numbers):
        return None
    return sum((n.value for n in numbers), Fraction(0)), " + ".join(n.text for n in numbers)


# Counts that must fit each other ------------------------------------------------------------------------------------


def _at_most(registry: Registry, rule: AtMost) -> Iterator[Outcome]:
    left, right = _sum(registry, rule.values), _sum(registry, rule.limit)
    if left is None or right is None:
        return
    terms = " + ".join(filter(None, [left[1], str(rule.plus) if rule.plus or not left[1] else ""]))
    most = right[1] or "0"
    excess = left[0] + rule.plus - right[0]
    yield Outcome(
        verdict=_verdict(excess <= 0),
        printed=terms,
        follows=f"at most {most}",
        arithmetic=f"{terms} {rule.unit} where {most} is the most, " + (
            "which fits" if excess <= 0 else f"{show(excess, 0)} too many"
        ),
        value_ids=(*rule.values, *rule.limit),
        method="one count held against another",
        recomputes=tuple(rule.values) if len(rule.values) == 1 and not rule.plus else (),
    )  # fmt: skip


def forced_overlap(first: int, second: int, within: int) -> int:
    """Return how many two sets inside a third must have in common: |A ∩ B| ≥ |A| + |B| − |C|."""
    return max(0, first + second - within)


def chance_of_overlap(first: int, second: int, size: int, at_least: int) -> Fraction:
    """Return the chance that two sets drawn independently among `size` overlap at least so much (hypergeometric)."""
    ways = sum(comb(second, k) * comb(size - second, first - k) for k in range(at_least, min(first, second) + 1))
    return Fraction(ways, comb(size, first))


def _odds(chance: Fraction) -> str:
    """Return a chance in words that can be pictured: ``about 1 in 900,000`` where it is small."""
    if chance >= Fraction(1, 100):
        return f"{float(chance):.2g}"
    odds = round(1 / chance)
    return f"about 1 in {round(odds, 1 - len(str(odds))):,}"


def _overlap(registry: Registry, rule: ForcedOverlap) -> Iterator[Outcome]:
    sums = [_sum(registry, ids) for ids in (rule.first, rule.second, rule.within)]
    size = registry.size(rule.group)
    if None in sums or not size:
        return
    first, second, within = (int(total) for total, _ in sums)
    forced, room = forced_overlap(first, second, within), min(first, second)
    possible = forced <= room and max(first, second) <= within
    chance = chance_of_overlap(first, second, size, forced) if possible else Fraction(0)
    arithmetic = (
        f"{first} + {second} − {within} = {first + second - within}, so at least {forced} of {room} are in both"
    )
    if possible and forced:
        arithmetic += f"; were the two unrelated among {size} patients, so many would be in both with a chance of "
        arithmetic += f"{_odds(chance)}, which tells how neat the counts are and not how likely an error is"
    yield Outcome(
        verdict=_verdict(possible and chance >= REMARKABLE),
        printed=f"{first} and {second} within {within}",
        follows=f"at least {forced} of {room} in both",
        arithmetic=arithmetic if possible else f"{first} and {second} do not both fit within {within}",
        value_ids=(*rule.first, *rule.second, *rule.within),
        method="inclusion and exclusion; hypergeometric distribution",
    )


def _remainder(registry: Registry, rule: Remainder) -> Iterator[Outcome]:
    whole, parts = _sum(registry, [rule.whole]), _sum(registry, rule.parts)
    if whole is None or parts is None:
        return
    rest = whole[0] - parts[0]
    arithmetic = f"{whole[1]} − ({parts[1]}) = {show(rest, 0)}" if len(rule.parts) > 1 else (
        f"{whole[1]} − {parts[1]} = {show(rest, 0)}"
    )  # fmt: skip
    obeyed = rest >= 0 and (rest == 0) == (rule.expect == "none")
    yield Outcome(
        verdict="inconsistent" if rest < 0 else _verdict(obeyed),
        printed=parts[1],
        follows=f"{show(rest, 0)} left of {whole[1]}",
        arithmetic=arithmetic,
        value_ids=(rule.whole, *rule.parts),
        method="a whole less its parts",
        recomputes=tuple(rule.parts) if len(rule.parts) == 1 else (),
    )


def _nested(registry: Registry, rule: Nested) -> Iterator[Outcome]:
    for inner in registry.cells(rule.table, set=rule.inner, statistic="count"):
        outer = registry.cell(rule.table, inner.row, rule.outer, "count", inner.group)
        if not (outer and outer.number and inner.number):
            continue
        holds = inner.number.value <= outer.number.value
        label = registry.layout.groups[inner.group].label if inner.group else ""
        yield Outcome(
            verdict="coherent" if holds else "inconsistent",
            printed=inner.printed,
            follows=f"at most {outer.printed}",
            arithmetic=f"{inner.label}, {label}: {inner.printed} of the {outer.printed}",
            value_ids=(inner.id, outer.id),
            recomputes=(inner.id,),
            method="one count held against another",
            part=".".join(filter(None, [inner.row, inner.group])),
        )


# Clocks -------------------------------------------------------------------------------------------------------------


def before_median(size: int, median: Printed) -> tuple[int, Fraction]:
    """Return how many of a group, at most, have their event before the times that print its median, and when these begin.

    Nobody is censored before the median. It is then the (n + 1)/2-th time, or, n being even, anything from the n/2-th
    to the next (Kaplan & Meier 1958, J Am Stat Assoc 53:457).

    Examples
    --------
    >>> from secondlook.numbers.printed import parse
    >>> before_median(27, parse("3.0"))
    (13, Fraction(59, 20))
    """
    return size // 2, median.stands_for().low


def _early_majority(registry: Registry, rule: EarlyMajority) -> Iterator[Outcome]:
    events, size = registry.whole(rule.events), registry.size(rule.group)
    median, weeks = registry[rule.median].number, registry[rule.date].number
    lower = registry[rule.lower].number if rule.lower else None
    if events is None or not size or not median or not weeks:
        return
    last = weeks.value / WEEKS_IN_A_MONTH
    share = show(Fraction(100 * events, size), 1)
    shown = f"{weeks.text} weeks are {show(last, 2)} months"
    if 2 * events <= size:
        arithmetic = f"{events} of {size} ({share} %) is no majority, so the median may lie beyond; {shown}"
        obeyed = True
    else:
        obeyed = median.stands_for().low <= last
        arithmetic = (
            f"{events} of {size} ({share} %) is a majority, so the median lies within {weeks.text} weeks; {shown}"
        )
        arithmetic += f", and the median is {median.text} months"
        if lower and lower.stands_for().low > last:
            arithmetic += f", its interval beginning at {lower.text}"
        if not obeyed:
            most, months = before_median(size, median)
            arithmetic += (
                f". With nobody censored before it, at most {most} of the {size} had the event before "
                f"{show(months, 2)} months, so at least {events - most} of the {events} had it no earlier"
            )
    yield Outcome(
        verdict=_verdict(obeyed),
        printed=median.text,
        follows=f"at most {show(last, 2)} months" if 2 * events > size else "no bound",
        arithmetic=arithmetic,
        value_ids=(rule.median, *([rule.lower] if rule.lower else []), rule.events, *rule.also, rule.date),
        method="the median is reached when half have had the event",
        recomputes=(rule.median,),
        evidence="algebra",
    )


def _cycles(registry: Registry, rule: Cycles) -> Iterator[Outcome]:
    number = registry[rule.cycles].number
    spans = {group: _sum(registry, ids) for group, ids in rule.lengths.items()}
    if not number or None in spans.values():
        return
    weeks = {group: number.value * total for group, (total, _) in spans.items()}
    labels = {group: registry.layout.groups[group].label for group in weeks}
    shown = [
        f"{number.text} × ({spans[g][1]}) = {show(w, 0)} weeks in {labels[g]}"
        if len(rule.lengths[g]) > 1
        else f"{number.text} × {spans[g][1]} = {show(w, 0)} weeks in {labels[g]}"
        for g, w in weeks.items()
    ]
    yield Outcome(
        verdict=_verdict(len(set(weeks.values())) == 1),
        printed=number.text,
        follows=" and ".join(f"{show(w, 0)} weeks" for w in dict.fromkeys(weeks.values())),
        arithmetic=listed(shown),
        value_ids=(rule.cycles, *(i for ids in rule.lengths.values() for i in ids), *rule.clock),
        method="cycles times their length",
        recomputes=(rule.cycles,),
        evidence="algebra",
    )


def _in_order(registry: Registry, rule: InOrder) -> Iterator[Outcome]:
    dates = [parse_date(registry[i].printed) for i in rule.dates]
    if None in dates:
        return
    first, last = dates[0].first, dates[-1].first
    shown = " – ".join(registry[i].printed for i in rule.dates)
    months = (last.year - first.year) * 12 + last.month - first.month
    yield Outcome(
        verdict="coherent" if can_be_in_order(dates) else "inconsistent",
        printed=shown,
        follows="each on or after the one before",
        arithmetic=f"{shown}, {months} months from the first to the last",
        value_ids=tuple(rule.dates),
        method="dates compared",
        evidence="restatement",
    )


# Limits, repetitions and questions ----------------------------------------------------------------------------------


def _gap(registry: Registry, rule: Gap) -> Iterator[Outcome]:
    low, high = registry[rule.below].number, registry[rule.above].number
    if not low or not high:
        return
    uncovered = f"exactly {low.text} {rule.unit}" if low.value == high.value else (
        f"{low.text} to {high.text} {rule.unit}"
    )  # fmt: skip
    yield Outcome(
        verdict=_verdict(low.value > high.value),
        printed=f"below {low.text}, above {high.text}",
        follows="nothing left out" if low.value > high.value else f"nothing said of {uncovered}",
        arithmetic=f"below {low.text} the one, above {high.text} the other"
        + ("" if low.value > high.value else f", and nothing for {uncovered}"),
        value_ids=(rule.below, rule.above),
        method="the limits of the two parts compared",
        evidence="algebra",
    )


def _within(registry: Registry, rule: Within) -> Iterator[Outcome]:
    low, high = registry[rule.low].number, registry[rule.high].number
    values = [registry[i].number for i in rule.values]
    if not low or not high or not all(values):
        return
    outside = [v.text for v in values if compare(low, v) == "holds" or compare(v, high) == "holds"]
    yield Outcome(
        verdict="inconsistent" if outside else "coherent",
        printed=", ".join(v.text for v in values),
        follows=f"{low.text} to {high.text}",
        arithmetic=f"{listed(outside)} outside {low.text} to {high.text}" if outside else (
            f"{listed(v.text for v in values)} within {low.text} to {high.text}"
        ),
        value_ids=(rule.low, rule.high, *rule.values),
        method="limits of admission held against the levels printed",
        recomputes=tuple(rule.values) if len(rule.values) == 1 else (),
        evidence="restatement",
    )  # fmt: skip


def _same(registry: Registry, rule: Same) -> Iterator[Outcome]:
    printed = [registry[i].printed for i in rule.values]
    distinct = list(dict.fromkeys(printed))
    yield Outcome(
        verdict="coherent" if len(distinct) == 1 else "inconsistent",
        printed=", ".join(distinct),
        follows=max(distinct, key=printed.count),
        arithmetic=f"{listed(distinct)} in {len(printed)} places",
        value_ids=tuple(rule.values),
        method="places that print the same compared",
        recomputes=tuple(rule.values[:1]) if len(distinct) == 1 else (),
        evidence="restatement",
    )  # fmt: skip


def _question(registry: Registry, rule: OpenQuestion) -> Iterator[Outcome]:
    read = [registry[i] for i in rule.values]
    shown = [f"{value.subject}: {value.printed}" if value.printed else value.subject for value in read]
    yield Outcome(
        verdict="query",
        printed="; ".join(shown),
        follows="",
        arithmetic="",
        value_ids=tuple(rule.values),
        method="statements read side by side",
        evidence="none",
    )


RULES: dict[type[Rule], Callable[[Registry, Rule], Iterator[Outcome]]] = {
    AtMost: _at_most, ForcedOverlap: _overlap, EarlyMajority: _early_majority, Gap: _gap, Remainder: _remainder,
    Cycles: _cycles, Within: _within, Nested: _nested, Same: _same, InOrder: _in_order, OpenQuestion: _question,
}  # fmt: skip
