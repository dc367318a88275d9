"""Log-rank p values: beside the model's Wald test, the size of the effect, and the medians of the same groups."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from secondlook.checks.events import show_range
from secondlook.checks.simulated import question
from secondlook.checks.verdicts import Check, Found, Said
from secondlook.numbers.printed import Interval
from secondlook.paper.event_counts import Joint, Modelled, joints
from secondlook.paper.medians import Timed, printed_medians
from secondlook.paper.registry import Registry, Value
from secondlook.paper.schema import LogRank
from secondlook.stats.p_of_counts import is_possible
from secondlook.stats.wald import box, z_ends

#: Medians whose intervals lie apart are queried beside a p above the first, equal medians beside a p below the second.
#: In true simulated cohorts p was 0.06 beside intervals that lay apart: the level of 0.05 would flag such a one.
P_OF_APART, P_OF_EQUAL = Fraction(1, 4), Fraction(1, 1000)
#: How far |log-rank z| may lie below and above |Wald z|, as (constant, multiple of |z|), where nothing was simulated.
#: Among 68 simulated patients it reaches 0.07 z without ties, 0.13 z with times rounded to a tenth of the median.
TOLERANCE = ((0.12, 0.05), (0.12, 0.15))
#: What tied times add to the simulated range, which has none: with Breslow's method above, with Efron's below as well.
TIES = ((0.03, 0.03), (0.03, 0.08))
#: How far, relatively, the log hazard ratio that a log-rank p implies may miss: it comes of a first-step formula.
SIZE_TOLERANCE = 0.2


@dataclass(frozen=True)
class Compared:
    """A log-rank p value and the row of the unadjusted model that compares the same groups."""

    log_rank: LogRank
    p: Value
    row: Modelled
    search: Joint

    @property
    def z(self) -> tuple[float, float]:
        """Range of the log-rank statistic's size, on the scale of a standard normal variable."""
        return z_ends(self.p.number)

    @property
    def wald(self) -> tuple[float, float]:
        """Range of |log hazard ratio| / SE."""
        found = box(self.row.row.line)
        ratios = [abs(b) / s for polygon in found.polygons for b, s in polygon if s > 0]
        straddles = found.b.low <= 0 <= found.b.high
        return 0.0 if straddles else min(ratios), max(ratios)


def compared(registry: Registry) -> Iterator[Compared]:
    """Yield every log-rank p value whose groups an unadjusted model compares, in a row whose numbers fit together."""
    searches = joints(registry)
    for item in registry.layout.log_ranks:
        search = searches.get(item.endpoint)
        p = registry.values.get(item.p)
        rows = [r for r in search.rows if r.row.variable == item.variable and not r.adjusted] if search else []
        if rows and rows[0].se and p and p.number and p.number.bound in ("", "<") and is_possible(p.number):
            yield Compared(item, p, rows[0], search)


def allowed_excess(registry: Registry, pair: Compared) -> tuple[float, float, str]:
    """Return how much |log-rank z| may exceed |Wald z|, at least and at most, and where that comes from."""
    asked = question(pair.row, pair.search)
    excess = registry.simulated.excess_z(asked.key) if asked else None
    size = pair.wald[1]
    (below, below_z), (above, above_z) = TIES if excess else TOLERANCE
    low, high = (excess[0], excess[-1]) if excess else (0.0, 0.0)
    how = "simulated cohorts, with room for ties" if excess else "a stated tolerance"
    return low - below - below_z * size, high + above + above_z * size, how


def check(registry: Registry) -> Iterator[Check]:
    """Yield, per log-rank p, how it agrees with the model's Wald test, the size of the effect, and the medians."""
    for pair in compared(registry):
        yield _log_rank(registry, pair)
        yield _effect(registry, pair)
    for item in registry.layout.log_ranks:
        p = registry.values.get(item.p)
        if p and p.number and not is_possible(p.number):
            yield _no_probability(item, p)
        else:
            yield from _medians_beside_p(registry, item)


@dataclass(frozen=True)
class NoProbability(Found):
    """A log-rank p value that lies beyond 0 or 1."""

    p: Value


def _no_probability(item: LogRank, p: Value) -> Check:
    return Check(
        family="log-rank",
        subject=f"{item.endpoint}.{item.variable}",
        value_ids=(p.id,),
        evidence="algebra",
        verdict="inconsistent",
        found=NoProbability(p),
        said=Said(p.subject, p.printed, method="what a probability can be", note="A p value lies between 0 and 1."),
    )


@dataclass(frozen=True)
class LogRankFound(Found):
    """A log-rank p value beside the model's row, and the range of its statistic that the row allows."""

    compared: Compared
    low: float
    high: float


def _log_rank(registry: Registry, pair: Compared) -> Check:
    low, high, how = allowed_excess(registry, pair)
    (z_low, z_high), (w_low, w_high) = pair.z, pair.wald
    agrees = z_low - w_high <= high and z_high - w_low >= low
    found = LogRankFound(pair, max(0.0, w_low + low), max(0.0, w_high + high))
    printed_p = pair.row.row.line.p
    apart = "Log-rank and Wald tests of the same groups do not lie so far apart."
    near = f"The model's row implies a log-rank p like this one; it prints p {printed_p.text if printed_p else '–'}."
    return Check(
        family="log-rank",
        subject=f"{pair.log_rank.endpoint}.{pair.log_rank.variable}",
        value_ids=(pair.p.id, *pair.row.row.ids),
        suspect_ids=() if agrees else (pair.p.id,),
        evidence="algebra",
        verdict="coherent" if agrees else "query",
        found=found,
        recomputes=(pair.p.id,),
        said=Said(
            quantity=f"log-rank p beside the model's, {pair.row.row.subject}",
            published=pair.p.printed,
            recomputed="–".join(dict.fromkeys(_show_p(z) for z in (found.high, found.low))),
            method=f"Wald's statistic, and its difference from the log-rank statistic by {how}",
            note=near if agrees else apart,
        ),
    )


def _show_p(z: float) -> str:
    p = math.erfc(z / math.sqrt(2))
    return f"{p:.3f}" if p >= 0.0005 else "<0.001"


@dataclass(frozen=True)
class Effect(Found):
    """The range of |log hazard ratio| that a log-rank p implies, and whether the printed ratio lies in it."""

    compared: Compared
    implied: tuple[float, float]
    agrees: bool


def _effect(registry: Registry, pair: Compared) -> Check:
    low, high = implied_effect(pair)
    line = pair.row.row.line
    found = box(line.without("p")).b
    size = (0.0 if found.low <= 0 <= found.high else min(abs(found.low), abs(found.high)), max(-found.low, found.high))
    agrees = size[0] <= high * (1 + SIZE_TOLERANCE) + 0.02 and size[1] >= low * (1 - SIZE_TOLERANCE) - 0.02
    hr = pair.row.row.ids_of(("hr",))
    return Check(
        family="log-rank-effect",
        subject=f"{pair.log_rank.endpoint}.{pair.log_rank.variable}",
        value_ids=(pair.p.id, *hr),
        evidence="algebra",
        verdict="coherent" if agrees else "query",
        found=Effect(pair, (low, high), agrees),
        recomputes=() if agrees else hr,
        said=Said(
            quantity=f"size of the effect that the log-rank p implies, {pair.row.row.subject}",
            published=line.hr.text if line.hr else "",
            recomputed=_implied_words(pair, found.high > 0 and found.low + found.high > 0),
            method="|ln HR| ≈ z·√(1/d₁ + 1/d₀) over the possible events",
            note=f"With a standard error between {show_range(_possible_width(pair))}"
            f" this p goes with a hazard ratio of that size{'' if agrees else ', and another is printed'}.",
        ),
    )


def _implied_words(pair: Compared, upwards: bool) -> str:
    """Return the hazard ratios that a log-rank p implies, on the side of 1 on which the printed one lies."""
    low, high = implied_effect(pair)
    sign = 1 if upwards else -1
    ends = [f"{math.exp(sign * end):.2f}" for end in sorted((low, min(high, 20.0)), reverse=not upwards)]
    if pair.p.number.bound:
        return f"at least {ends[0]}" if upwards else f"at most {ends[-1]}"
    return "–".join(dict.fromkeys(ends))


def _possible_width(pair: Compared) -> Interval:
    """Return the range of √(1/d₁ + 1/d₀): from all patients having the event to the row's own standard error."""
    groups = pair.row.groups or (sum(pair.search.patients) / 2,) * 2
    least = math.sqrt(sum(1 / n for n in groups))
    return Interval(min(least, float(pair.row.se.high)), float(pair.row.se.high))


def implied_effect(pair: Compared) -> tuple[float, float]:
    """Return the range of |log hazard ratio| that a log-rank p implies, by Peto's and Schoenfeld's first-step formula.

    Source: Schoenfeld D. Biometrika 1981;68:316-319.
    """
    width = _possible_width(pair)
    return pair.z[0] * width.low, pair.z[1] * width.high


@dataclass(frozen=True)
class MediansBesideP(Found):
    """The medians of two groups beside their log-rank p value, and whether they contradict it."""

    groups: tuple[Timed, ...]
    p: Value
    clash: bool


def _medians_beside_p(registry: Registry, item: LogRank) -> Iterator[Check]:
    p = registry.values.get(item.p)
    groups = [t for t in printed_medians(registry) if t.endpoint == item.endpoint and t.group in item.groups]
    if len(groups) != 2 or not p or not p.number or p.number.bound not in ("", "<"):
        return
    interval = p.number.stands_for()
    (low_a, median_a, high_a), (low_b, median_b, high_b) = ([v.number.value for v in t.values] for t in groups)
    apart = high_a < low_b or high_b < low_a
    clash = (apart and interval.low > P_OF_APART) or (median_a == median_b and interval.high <= P_OF_EQUAL)
    fine = "The distance of the medians does not contradict the p value; their order is judged with the hazard ratio."
    yield Check(
        family="medians",
        subject=f"{item.endpoint}.{item.variable}",
        value_ids=(p.id, *groups[0].ids, *groups[1].ids),
        evidence="algebra",
        verdict="query" if clash else "coherent",
        found=MediansBesideP(tuple(groups), p, clash),
        said=Said(
            quantity=f"medians beside the log-rank p, {registry.layout.endpoints[item.endpoint]}",
            published=f"{groups[0].shown} against {groups[1].shown}, p {p.printed}",
            method="intervals that lie apart go with a small p, equal medians with a large one",
            note="The intervals of the medians say the opposite of the p value; curves that cross could do so."
            if clash
            else fine,
        ),
    )
