"""Definitions and clocks in words: what a rule compares, what follows, and the arithmetic. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

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
    Places,
    Rest,
    RuleShown,
)
from secondlook.numbers.in_words import capital, listed, one_in
from secondlook.numbers.printed import show
from secondlook.paper.claims_file import filled
from secondlook.paper.claims_schema import Rule
from secondlook.paper.registry import Registry


@dataclass(frozen=True)
class RuleWords:
    """What is printed, what follows from the rule, the arithmetic as a plain clause, and its usual name."""

    printed: str
    follows: str
    arithmetic: str
    method: str


def words(registry: Registry, rule: Rule, shown: RuleShown) -> RuleWords:
    """Return how a rule came out, in words."""
    return _WORDS[type(shown)](registry, rule, shown)


def note(registry: Registry, rule: Rule, arithmetic: str, clash: bool) -> str:
    """Return the arithmetic, what a clash means, and what is assumed."""
    about = capital(rule.about)
    told = clash and rule.meaning
    meaning = filled(rule.meaning, {value.id: value.printed for value in registry}) if told else ""
    first = f"{about}: {arithmetic}." if arithmetic else "" if meaning else f"{about}."
    return " ".join(filter(None, (first, meaning, f"Assumed: {rule.assumption}.")))


def _sum(terms: Addends) -> str:
    return " + ".join(terms.texts)


# Counts that must fit each other ------------------------------------------------------------------------------------


def _at_most(registry: Registry, rule: Rule, shown: Excess) -> RuleWords:
    left, most = _sum(shown.values), _sum(shown.limit) or "0"
    terms = " + ".join(filter(None, [left, str(rule.plus) if rule.plus or not left else ""]))
    fits = "which fits" if shown.excess <= 0 else f"{show(shown.excess, 0)} too many"
    return RuleWords(
        printed=terms,
        follows=f"at most {most}",
        arithmetic=f"{terms} {rule.unit} where {most} is the most, {fits}",
        method="one count held against another",
    )


def _overlap(registry: Registry, rule: Rule, shown: Forced) -> RuleWords:
    first, second, within = shown.first, shown.second, shown.within
    both = f"at least {shown.forced} of {shown.room}"
    said = f"{first} + {second} − {within} = {first + second - within}, so {both} are in both"
    if shown.possible and shown.forced:
        said += f"; were the two unrelated among {shown.size} patients, so many would be in both with a chance of "
        said += f"{_odds(shown.chance)}, which tells how neat the counts are and not how likely an error is"
    return RuleWords(
        printed=f"{first} and {second} within {within}",
        follows=f"{both} in both",
        arithmetic=said if shown.possible else f"{first} and {second} do not both fit within {within}",
        method="inclusion and exclusion; hypergeometric distribution",
    )


def _odds(chance: Fraction) -> str:
    """Return a chance in words that can be pictured: ``about 1 in 900,000`` where it is small."""
    if chance >= Fraction(1, 100):
        return f"{float(chance):.2g}"
    return f"about 1 in {one_in(chance):,}"


def _remainder(registry: Registry, rule: Rule, shown: Rest) -> RuleWords:
    whole, parts, rest = _sum(shown.whole), _sum(shown.parts), show(shown.rest, 0)
    taken = f"({parts})" if len(shown.parts.texts) > 1 else parts
    return RuleWords(parts, f"{rest} left of {whole}", f"{whole} − {taken} = {rest}", "a whole less its parts")


def _nested(registry: Registry, rule: Rule, shown: Held) -> RuleWords:
    inner, outer = shown.inner, shown.outer
    label = registry.layout.groups[inner.group].label if inner.group else ""
    return RuleWords(
        printed=inner.printed,
        follows=f"at most {outer.printed}",
        arithmetic=f"{inner.label}, {label}: {inner.printed} of the {outer.printed}",
        method="one count held against another",
    )


# Clocks -------------------------------------------------------------------------------------------------------------


def _early_majority(registry: Registry, rule: Rule, shown: Early) -> RuleWords:
    share, months = show(Fraction(100 * shown.events, shown.size), 1), show(shown.months, 2)
    counted = f"{shown.events} of {shown.size} ({share} %)"
    dated = f"{shown.weeks} weeks are {months} months"
    if shown.is_majority:
        said = f"{counted} is a majority, so the median should lie within {shown.weeks} weeks; {dated}"
        said += f", and the median is {shown.median} months"
        said += f", its interval beginning at {shown.lower}" if shown.lower else ""
        said += _before_median(shown) if shown.is_late else ""
    else:
        said = f"{counted} is no majority, so the median may lie beyond; {dated}"
    return RuleWords(
        printed=shown.median,
        follows=f"at most {months} months" if shown.is_majority else "no bound",
        arithmetic=said,
        method="the median is reached when half have had the event",
    )


def _before_median(shown: Early) -> str:
    later = f"at least {shown.events - shown.before} of the {shown.events} had it no earlier"
    earlier = f"at most {shown.before} of the {shown.size} had the event before {show(shown.begins, 2)} months"
    return f". With nobody censored before it, {earlier}, so {later}"


def _cycles(registry: Registry, rule: Rule, shown: Cycled) -> RuleWords:
    def told(group: str, terms: Addends, weeks: Fraction) -> str:
        length = f"({_sum(terms)})" if len(terms.texts) > 1 else _sum(terms)
        return f"{shown.cycles} × {length} = {show(weeks, 0)} weeks in {registry.layout.groups[group].label}"

    distinct = dict.fromkeys(weeks for _, _, weeks in shown.spans)
    return RuleWords(
        printed=shown.cycles,
        follows=" and ".join(f"{show(weeks, 0)} weeks" for weeks in distinct),
        arithmetic=listed(told(*span) for span in shown.spans),
        method="cycles times their length",
    )


def _in_order(registry: Registry, rule: Rule, shown: DatesInOrder) -> RuleWords:
    dates = " – ".join(shown.printed)
    return RuleWords(
        printed=dates,
        follows="each on or after the one before",
        arithmetic=f"{dates}, {shown.months} months from the first to the last",
        method="dates compared",
    )


# Limits, repetitions and questions ----------------------------------------------------------------------------------


def _gap(registry: Registry, rule: Rule, shown: Gapped) -> RuleWords:
    below, above = shown.below, shown.above
    uncovered = f"exactly {below} {rule.unit}" if shown.at_one_point else f"{below} to {above} {rule.unit}"
    left = f", and nothing for {uncovered}" if shown.leaves_out else ""
    return RuleWords(
        printed=f"below {below}, above {above}",
        follows=f"nothing said of {uncovered}" if shown.leaves_out else "nothing left out",
        arithmetic=f"below {below} the one, above {above} the other{left}",
        method="the limits of the two parts compared",
    )


def _within(registry: Registry, rule: Rule, shown: Levels) -> RuleWords:
    limits = f"{shown.low} to {shown.high}"
    outside, inside = f"{listed(shown.outside)} outside {limits}", f"{listed(shown.printed)} within {limits}"
    return RuleWords(
        printed=", ".join(shown.printed),
        follows=limits,
        arithmetic=outside if shown.outside else inside,
        method="limits of admission held against the levels printed",
    )


def _same(registry: Registry, rule: Rule, shown: Places) -> RuleWords:
    distinct = list(dict.fromkeys(shown.printed))
    return RuleWords(
        printed=", ".join(distinct),
        follows=max(distinct, key=shown.printed.count),
        arithmetic=f"{listed(distinct)} in {len(shown.printed)} places",
        method="places that print the same compared",
    )


def _question(registry: Registry, rule: Rule, shown: RuleShown) -> RuleWords:
    read = [registry[i] for i in rule.values]
    printed = [f"{value.subject}: {value.printed}" if value.printed else value.subject for value in read]
    return RuleWords("; ".join(printed), "", "", "statements read side by side")


_WORDS: dict[type[RuleShown], Callable[[Registry, Rule, RuleShown], RuleWords]] = {
    Excess: _at_most, Forced: _overlap, Rest: _remainder, Held: _nested, Early: _early_majority, Cycled: _cycles,
    DatesInOrder: _in_order, Gapped: _gap, Levels: _within, Places: _same, RuleShown: _question,
}  # fmt: skip
