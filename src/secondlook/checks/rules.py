"""Definitions and clocks: what staging rules, schedules and sequences force, and whether the counts allow it.

:mod:`secondlook.checks.rule_words` says it in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from secondlook.checks.claim_tests import compare
from secondlook.checks.rule_shown import (
    Addends,
    Cycled,
    DatesInOrder,
    Early,
    Excess,
    Forced,
    Gapped,
    Held,
    Levels,
    Outcome,
    Places,
    Rest,
    RuleShown,
)
from secondlook.checks.rule_words import note, words
from secondlook.checks.verdicts import Check, Found, Said
from secondlook.numbers.dates import MONTH, can_be_in_order, parse_date
from secondlook.paper.claims_file import placeholders
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

#: Below this chance an overlap that the counts force is remarkable, though allowed.
REMARKABLE = Fraction(1, 100)


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
    clash, doubted, said = outcome.verdict != "coherent", _doubted(registry, rule), words(registry, rule, outcome.shown)
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
            published=f"{doubted.subject}; printed {said.printed}" if doubted else said.printed,
            recomputed=said.follows,
            method=said.method,
            note=note(registry, rule, said.arithmetic, clash),
        ),
    )


def _doubted(registry: Registry, rule: Rule) -> Value | None:
    """Return the claim in words that a rule doubts, if that is what it doubts."""
    doubted = registry[rule.suspects[0]] if rule.suspects and not isinstance(rule, OpenQuestion) else None
    return doubted if doubted and doubted.statistic == "claim" else None


def _verdict(obeyed: bool) -> str:
    return "coherent" if obeyed else "query"


def _sum(registry: Registry, ids: list[str]) -> Addends | None:
    """Return the sum of printed numbers, or None when one of them is blank."""
    numbers = [registry[i].number for i in ids]
    if not all(numbers):
        return None
    return Addends(tuple(n.text for n in numbers), sum((n.value for n in numbers), Fraction(0)))


# Counts that must fit each other ------------------------------------------------------------------------------------


def _at_most(registry: Registry, rule: AtMost) -> Iterator[Outcome]:
    left, right = _sum(registry, rule.values), _sum(registry, rule.limit)
    if left is None or right is None:
        return
    excess = left.total + rule.plus - right.total
    yield Outcome(
        verdict=_verdict(excess <= 0),
        shown=Excess(left, right, excess),
        value_ids=(*rule.values, *rule.limit),
        recomputes=tuple(rule.values) if len(rule.values) == 1 and not rule.plus else (),
    )


def forced_overlap(first: int, second: int, within: int) -> int:
    """Return how many two sets inside a third must have in common: |A ∩ B| ≥ |A| + |B| − |C|."""
    return max(0, first + second - within)


def chance_of_overlap(first: int, second: int, size: int, at_least: int) -> Fraction:
    """Return the chance that two sets drawn independently among `size` overlap at least so much (hypergeometric)."""
    ways = sum(comb(second, k) * comb(size - second, first - k) for k in range(at_least, min(first, second) + 1))
    return Fraction(ways, comb(size, first))


def _overlap(registry: Registry, rule: ForcedOverlap) -> Iterator[Outcome]:
    sums = [_sum(registry, ids) for ids in (rule.first, rule.second, rule.within)]
    size = registry.size(rule.group)
    if None in sums or not size:
        return
    first, second, within = (int(terms.total) for terms in sums)
    forced, room = forced_overlap(first, second, within), min(first, second)
    possible = forced <= room and max(first, second) <= within
    chance = chance_of_overlap(first, second, size, forced) if possible else Fraction(0)
    yield Outcome(
        verdict=_verdict(possible and chance >= REMARKABLE),
        shown=Forced(first, second, within, size, forced, room, possible, chance),
        value_ids=(*rule.first, *rule.second, *rule.within),
    )


def _remainder(registry: Registry, rule: Remainder) -> Iterator[Outcome]:
    whole, parts = _sum(registry, [rule.whole]), _sum(registry, rule.parts)
    if whole is None or parts is None:
        return
    rest = whole.total - parts.total
    obeyed = rest >= 0 and (rest == 0) == (rule.expect == "none")
    yield Outcome(
        verdict="inconsistent" if rest < 0 else _verdict(obeyed),
        shown=Rest(whole, parts, rest),
        value_ids=(rule.whole, *rule.parts),
        recomputes=tuple(rule.parts) if len(rule.parts) == 1 else (),
    )


def _nested(registry: Registry, rule: Nested) -> Iterator[Outcome]:
    for inner in registry.cells(rule.table, set=rule.inner, statistic="count"):
        outer = registry.cell(rule.table, inner.row, rule.outer, "count", inner.group)
        if not (outer and outer.number and inner.number):
            continue
        yield Outcome(
            verdict="coherent" if inner.number.value <= outer.number.value else "inconsistent",
            shown=Held(inner, outer),
            value_ids=(inner.id, outer.id),
            recomputes=(inner.id,),
            part=".".join(filter(None, [inner.row, inner.group])),
        )


# Clocks -------------------------------------------------------------------------------------------------------------


def _early_majority(registry: Registry, rule: EarlyMajority) -> Iterator[Outcome]:
    events, size = registry.whole(rule.events), registry.size(rule.group)
    median, weeks = registry[rule.median].number, registry[rule.date].number
    lower = registry[rule.lower].number if rule.lower else None
    if events is None or not size or not median or not weeks:
        return
    last = 7 * weeks.value / Fraction(MONTH)
    later = lower.text if lower and lower.stands_for().low > last else ""
    shown = Early(events, size, weeks.text, last, median.text, median.stands_for().low, later)
    yield Outcome(
        verdict=_verdict(not shown.is_late),
        shown=shown,
        value_ids=(rule.median, *([rule.lower] if rule.lower else []), rule.events, *rule.also, rule.date),
        recomputes=(rule.median,),
        evidence="algebra",
    )


def _cycles(registry: Registry, rule: Cycles) -> Iterator[Outcome]:
    number = registry[rule.cycles].number
    spans = {group: _sum(registry, ids) for group, ids in rule.lengths.items()}
    if not number or None in spans.values():
        return
    weeks = {group: number.value * terms.total for group, terms in spans.items()}
    yield Outcome(
        verdict=_verdict(len(set(weeks.values())) == 1),
        shown=Cycled(number.text, tuple((group, spans[group], weeks[group]) for group in weeks)),
        value_ids=(rule.cycles, *(i for ids in rule.lengths.values() for i in ids), *rule.clock),
        recomputes=(rule.cycles,),
        evidence="algebra",
    )


def _in_order(registry: Registry, rule: InOrder) -> Iterator[Outcome]:
    dates = [parse_date(registry[i].printed) for i in rule.dates]
    if None in dates:
        return
    first, last = dates[0].first, dates[-1].first
    months = (last.year - first.year) * 12 + last.month - first.month
    yield Outcome(
        verdict="coherent" if can_be_in_order(dates) else "inconsistent",
        shown=DatesInOrder(tuple(registry[i].printed for i in rule.dates), months),
        value_ids=tuple(rule.dates),
        evidence="restatement",
    )


# Limits, repetitions and questions ----------------------------------------------------------------------------------


def _gap(registry: Registry, rule: Gap) -> Iterator[Outcome]:
    low, high = registry[rule.below].number, registry[rule.above].number
    if not low or not high:
        return
    yield Outcome(
        verdict=_verdict(low.value > high.value),
        shown=Gapped(low.text, high.text, low.value <= high.value, low.value == high.value),
        value_ids=(rule.below, rule.above),
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
        shown=Levels(low.text, high.text, tuple(v.text for v in values), tuple(outside)),
        value_ids=(rule.low, rule.high, *rule.values),
        recomputes=tuple(rule.values) if len(rule.values) == 1 else (),
        evidence="restatement",
    )


def _same(registry: Registry, rule: Same) -> Iterator[Outcome]:
    printed = tuple(registry[i].printed for i in rule.values)
    alike = len(set(printed)) == 1
    yield Outcome(
        verdict="coherent" if alike else "inconsistent",
        shown=Places(printed),
        value_ids=tuple(rule.values),
        recomputes=tuple(rule.values[:1]) if alike else (),
        evidence="restatement",
    )


def _question(registry: Registry, rule: OpenQuestion) -> Iterator[Outcome]:
    yield Outcome(verdict="query", shown=RuleShown(), value_ids=tuple(rule.values), evidence="none")


RULES: dict[type[Rule], Callable[[Registry, Rule], Iterator[Outcome]]] = {
    AtMost: _at_most, ForcedOverlap: _overlap, EarlyMajority: _early_majority, Gap: _gap, Remainder: _remainder,
    Cycles: _cycles, Within: _within, Nested: _nested, Same: _same, InOrder: _in_order, OpenQuestion: _question,
}  # fmt: skip
