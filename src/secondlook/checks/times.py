"""Time to event: medians and their limits, log-rank beside Wald, confidence bands, repeats, and the calendar."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from secondlook.checks.events import show_range
from secondlook.checks.verdicts import Check
from secondlook.numbers.dates import months_between, parse_date
from secondlook.numbers.printed import Interval
from secondlook.paper.event_counts import Joint, Modelled, joints
from secondlook.paper.registry import Registry, Value
from secondlook.paper.schema import LogRank, Median
from secondlook.stats import km
from secondlook.stats.wald import box, z_ends
from secondlook.trials.standard_errors import STORED, overlaps, question, stored

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


def check(registry: Registry, simulated: Path = STORED) -> Iterator[Check]:
    """Yield all checks of times to events.

    Parameters
    ----------
    registry : Registry
    simulated : Path
        The stored simulation; without it stated tolerances serve.
    """
    groups = list(printed_medians(registry))
    yield from check_medians(registry, groups)
    yield from check_deaths_come_last(registry, groups)
    yield from check_bands(registry, groups)
    yield from check_repeats(registry, simulated)
    yield from check_calendar(registry, groups)
    yield from check_log_ranks(registry, simulated)


# Medians ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Timed:
    """A printed median with its limits, as values and as numbers.

    Attributes
    ----------
    endpoint, group : str
        Keys of the layout.
    values : tuple of Value
        Lower limit, median, upper limit.
    n : int or None
        Size of the group; None when it is not printed.
    """

    endpoint: str
    group: str
    values: tuple[Value, Value, Value]
    n: int | None

    @property
    def ids(self) -> tuple[str, str, str]:
        """Ids of the median and its lower and upper limit, the median first."""
        lower, median, upper = self.values
        return median.id, lower.id, upper.id

    @property
    def shown(self) -> str:
        """``5.3 (4.0–7.2)``."""
        lower, median, upper = (v.printed for v in self.values)
        return f"{median} ({lower}–{upper})"

    @property
    def as_printed(self) -> km.PrintedMedian:
        """The same for the arithmetic of ranks; the group's size must be known."""
        lower, median, upper = (v.number for v in self.values)
        return km.PrintedMedian(self.group, self.n, lower, median, upper)


def printed_medians(registry: Registry) -> Iterator[Timed]:
    """Yield every printed median of which both limits are plain numbers."""
    for item in registry.layout.medians:
        values = [registry.values.get(i) for i in (item.lower, item.median, item.upper)]
        if all(v and v.number and not v.number.bound for v in values):
            yield Timed(item.endpoint, item.group, tuple(values), group_size(registry, item.group))


def group_size(registry: Registry, group: str) -> int | None:
    """Return the size of a group, printed as such or summed from the baseline table's levels."""
    spec = registry.layout.groups[group]
    if spec.size:
        return registry.size(group)
    return registry.level_count(spec.variable, spec.levels) if spec.variable else None


def _named(registry: Registry, timed: Timed) -> str:
    return f"{registry.layout.endpoints[timed.endpoint]}, {registry.layout.groups[timed.group].label}"


def check_medians(registry: Registry, groups: list[Timed]) -> Iterator[Check]:
    """Yield one check per median: does it lie between its limits?"""
    for timed in groups:
        lower, median, upper = (v.number.value for v in timed.values)
        inside = lower <= median <= upper
        yield Check(
            check_id=f"median.{timed.endpoint}.{timed.group}",
            value_ids=timed.ids,
            quantity=f"median and its interval, {_named(registry, timed)}",
            published=timed.shown,
            recomputed="",
            method="lower limit ≤ median ≤ upper limit",
            evidence="algebra",
            verdict="coherent" if inside else "inconsistent",
            note=f"The median lies {'inside' if inside else 'outside'} its interval.",
        )


def check_deaths_come_last(registry: Registry, groups: list[Timed]) -> Iterator[Check]:
    """Yield one check per group and endpoint that includes death: its times cannot be longer than those to death.

    While nobody is censored the curve of the endpoint that includes death lies below, and so do its median and the
    limits that a band gives. Beyond the least follow-up the two curves can cross, and the limits of a median ± 1.96 SE
    stand in no order at all: such pairs are not compared.
    """
    follow_up, until = registry.layout.follow_up, least_follow_up(registry)
    deaths = {t.group: t for t in groups if follow_up and t.endpoint == follow_up.death}
    for timed in groups:
        death = deaths.get(timed.group)
        if death is None or death is timed:
            continue
        late = _later_than_death(timed, death, until)
        yield Check(
            check_id=f"order.{timed.endpoint}.{timed.group}",
            value_ids=(*timed.ids, *death.ids),
            quantity=f"{registry.layout.endpoints[timed.endpoint]} ends with death, {_named(registry, timed)}",
            published=f"{timed.shown}; {death.shown}",
            recomputed="",
            method="median and limits no later than those of death",
            evidence="algebra",
            verdict="inconsistent" if late else "coherent",
            note="A death ends both times." if not late else "Printed is a time that is longer than the time to death.",
        )


def _later_than_death(timed: Timed, death: Timed, until: float | None) -> list[str]:
    """Return the ids of the median and limits that are printed later than death's where that cannot be."""
    banded = not (is_symmetric(timed) or is_symmetric(death))
    pairs = [(a, b) for a, b in zip(timed.values, death.values, strict=True) if banded or a is timed.values[1]]
    seen = [(a, b) for a, b in pairs if until is None or b.number.stands_for().high <= until]
    return [a.id for a, b in seen if a.number.stands_for().low >= b.number.stands_for().high]


# Bands --------------------------------------------------------------------------------------------------------------


def least_follow_up(registry: Registry) -> float | None:
    """Return how many months everyone alive was followed at least, if nobody was lost; None without the dates."""
    dates = _dates(registry)
    return months_between(dates[1].last, dates[2].first) if dates else None


def longest_follow_up(registry: Registry) -> float | None:
    """Return how many months the first patient can have been followed; None without the dates."""
    dates = _dates(registry)
    return months_between(dates[0].first, dates[2].last) if dates else None


def _dates(registry: Registry):
    spec = registry.layout.follow_up
    values = [registry.values.get(i) for i in (spec.start, spec.end, spec.cut_off)] if spec else []
    days = [parse_date(v.printed) for v in values if v]
    return days if len(days) == 3 and None not in days else None


def possible_bands(timed: Timed) -> dict[str, bool]:
    """Return, for each band and for the symmetric interval, whether it can print the median's interval.

    Nobody is taken to be censored before the upper limit. A band can print an interval when both limits exist.
    """
    found = {band: km.ranks(timed.n, band).exist for band in km.BANDS}
    return found | {"symmetric": is_symmetric(timed)}


def is_symmetric(timed: Timed) -> bool:
    """Return whether a median ± 1.96 SE can print the interval; a lower limit below 0 is cut off there."""
    lower, median, upper = (v.number for v in timed.values)
    cut_off = lower.value == 0 and 2 * median.stands_for().low <= upper.stands_for().high
    return cut_off or km.symmetric(median, lower, upper)


def uncensored(timed: Timed, until: float | None) -> bool:
    """Return True when the whole interval lies below the least follow-up, so that no censoring can have touched it."""
    return until is not None and bool(timed.n) and timed.n > 1 and timed.values[2].number.stands_for().high <= until


def check_bands(registry: Registry, groups: list[Timed]) -> Iterator[Check]:
    """Yield per median, and per endpoint for all its medians, which confidence bands can print the intervals."""
    until = least_follow_up(registry)
    for timed in groups:
        if uncensored(timed, until):
            yield _band(registry, timed)
    for endpoint in registry.layout.endpoints:
        of_it = [t for t in groups if t.endpoint == endpoint and t.n]
        partitions = partitions_of(registry, of_it)
        if until is not None and len(partitions) > 1:
            yield _bands_of_all(registry, endpoint, partitions, until)


def _band(registry: Registry, timed: Timed) -> Check:
    bands = possible_bands(timed)
    able = [band for band, can in bands.items() if can]
    return Check(
        check_id=f"band.{timed.endpoint}.{timed.group}",
        value_ids=timed.ids,
        quantity=f"kind of confidence interval of the median, {_named(registry, timed)}",
        published=timed.shown,
        recomputed=", ".join(able),
        method=f"ranks of the limits among {timed.n} uncensored patients, band by band",
        evidence="algebra",
        verdict="coherent" if able else "inconsistent",
        note=_band_note(timed, [band for band, can in bands.items() if not can]),
    )


def _band_note(timed: Timed, unable: list[str]) -> str:
    note = "Unless someone alive was lost, nobody can have been censored before the upper limit. "
    if "symmetric" in unable:
        note += "The median does not lie midway between its limits, as it would in a median ± 1.96 SE. "
    never = [band for band in unable if band != "symmetric"]
    if never:
        names = " and ".join(f"{band} ({km.DEFAULTS[band]})" if band in km.DEFAULTS else band for band in never)
        note += (
            f"With {timed.n} patients the {names} band never comes down to one half"
            f"{', whatever the censoring' if never == ['log'] else ''}: no upper limit could be printed. "
        )
    return note.strip()


def partitions_of(registry: Registry, groups: list[Timed]) -> list[list[Timed]]:
    """Return the sets of groups of one endpoint that divide all patients: the arms, the strata of each variable."""
    everyone = sum(registry.size(arm) or 0 for arm in registry.layout.paper.arms)
    by_variable: dict[str, list[Timed]] = {}
    for timed in groups:
        spec = registry.layout.groups[timed.group]
        if spec.variable or timed.group in registry.layout.paper.arms:
            by_variable.setdefault(spec.variable or "", []).append(timed)
    return [members for members in by_variable.values() if sum(t.n for t in members) == everyone]


def joint_bands(partitions: list[list[Timed]], until: float) -> dict[str, str]:
    """Return, for each band, why it cannot have printed all medians of an endpoint; empty for one that can.

    A median ± 1.96 SE ties its limits to no rank: all that it asks is that each median lies midway.
    """
    found = {}
    for band in km.BANDS:
        never = [t.n for groups in partitions for t in groups if uncensored(t, until) and not km.ranks(t.n, band).exist]
        clash = None
        if all(km.ranks(t.n, band).exist for groups in partitions for t in groups):
            clash = km.disagreement([[t.as_printed for t in groups] for groups in partitions], band, until)
        reasons = [f"no upper limit with {min(never)} patients"] if never else []
        reasons += [f"the groups' events do not add up at {clash:.2f}"] if clash is not None else []
        found[band] = "; ".join(reasons)
    uneven = [t.shown for groups in partitions for t in groups if not is_symmetric(t)]
    found["symmetric"] = f"{uneven[0]} does not have its median midway" if uneven else ""
    return found


def _bands_of_all(registry: Registry, endpoint: str, partitions: list[list[Timed]], until: float) -> Check:
    why_not = joint_bands(partitions, until)
    able = [band for band, reason in why_not.items() if not reason]
    members = [t for groups in partitions for t in groups]
    note = "Each division of the patients counts the same events by any time; held against each other below the "
    note += f"least follow-up of {until:.1f} months. "
    note += " ".join(f"Not {band}: {reason}." for band, reason in why_not.items() if reason)
    neither = [t for t in members if not any(possible_bands(t).get(band) for band in ("log", "symmetric"))]
    note += "".join(
        f" Neither {km.DEFAULTS['log']} nor {km.DEFAULTS['symmetric']} prints {t.shown}, for "
        f"{registry.layout.groups[t.group].label}."
        for t in neither
    )
    return Check(
        check_id=f"bands.{endpoint}",
        value_ids=tuple(i for t in members for i in t.ids),
        quantity=f"one kind of confidence band for all medians, {registry.layout.endpoints[endpoint]}",
        published="; ".join(t.shown for t in members),
        recomputed=", ".join(able),
        method="events by each time, from the ranks of medians and limits",
        evidence="algebra",
        verdict="coherent" if able else "query",
        note=note.strip() if able else note + " The events of the groups do not add up under any band.",
    )


# Repeats ------------------------------------------------------------------------------------------------------------


def check_repeats(registry: Registry, simulated: Path = STORED) -> Iterator[Check]:
    """Yield a query per pair of groups of one endpoint that print the same median with the same limits."""
    by_key = {(t.endpoint, t.group): t for t in printed_medians(registry)}
    for first, second, overlap in overlaps(registry):
        pair = [by_key.get((m.endpoint, m.group)) for m in (first, second)]
        if None in pair:
            continue
        record = stored(simulated)["repeats"].get(overlap.key) if overlap else None
        chance = Fraction(str(max(record["triple"].values()))) if record and record["triple"] else None
        labels = [registry.layout.groups[t.group].label for t in pair]
        note = f"{labels[0]} and {labels[1]} print the same median and the same limits."
        if overlap:
            note += (
                f" {overlap.both} patients are in both; leaving out {overlap.first} and adding {overlap.second} others "
                "would have to leave all three where they were, to the printed digit."
            )
        note += _others_alike(registry, first, second, by_key)
        yield Check(
            check_id=f"triple.{first.endpoint}.{first.group}-{second.group}",
            value_ids=(*pair[0].ids, *pair[1].ids),
            quantity=f"the same triple for two groups, {registry.layout.endpoints[first.endpoint]}",
            published=pair[0].shown,
            recomputed="",
            method="comparison of all printed medians of one endpoint",
            evidence="restatement",
            verdict="query",
            chance=chance,
            note=note,
        )


def _others_alike(registry: Registry, first: Median, second: Median, by_key: dict) -> str:
    """Say so when the groups with which the two are compared print the same median too."""
    partners = []
    for item in (first, second):
        beside = [r for r in registry.layout.log_ranks if item.endpoint == r.endpoint and item.group in r.groups]
        others = [g for r in beside for g in r.groups if g != item.group and (item.endpoint, g) in by_key]
        if len(others) != 1:
            return ""
        partners.append(by_key[item.endpoint, others[0]])
    if {t.group for t in partners} & {first.group, second.group} or partners[0].group == partners[1].group:
        return ""
    if partners[0].values[1].printed != partners[1].values[1].printed:
        return ""
    names = [registry.layout.groups[t.group].label for t in partners]
    median = partners[0].values[1].printed
    return f" The groups that they are compared with, {names[0]} and {names[1]}, share the median {median}."


# The calendar -------------------------------------------------------------------------------------------------------


def check_calendar(registry: Registry, groups: list[Timed]) -> Iterator[Check]:
    """Yield one check per endpoint: can times so long have been observed between first entry and last follow-up?"""
    longest, least = longest_follow_up(registry), least_follow_up(registry)
    if longest is None:
        return
    spec = registry.layout.follow_up
    for endpoint in registry.layout.endpoints:
        values = [v for t in groups if t.endpoint == endpoint for v in t.values]
        if not values:
            continue
        late = [v.id for v in values if v.number.stands_for().low > longest]
        after = [v.printed for v in values if v.number.stands_for().high > least]
        note = f"Between first entry and the last follow-up lie {longest:.0f} months, and everyone alive was followed "
        note += f"{least:.0f} at least, unless lost. "
        note += (
            f"Censoring can have touched only {', '.join(after)}." if after else "No censoring can have touched these."
        )
        yield Check(
            check_id=f"follow-up.{endpoint}",
            value_ids=(*(v.id for v in values), spec.start, spec.end, spec.cut_off),
            suspect_ids=tuple(late),
            quantity=f"times that can have been observed, {registry.layout.endpoints[endpoint]}",
            published=f"up to {max((v for v in values), key=lambda v: v.number.value).printed}",
            recomputed=f"up to {longest:.1f}",
            method="last follow-up less first entry",
            evidence="algebra",
            verdict="inconsistent" if late or least < 0 else "coherent",
            note=note if least >= 0 else "The last follow-up comes before the last entry.",
        )


# Log-rank and Wald --------------------------------------------------------------------------------------------------


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
        if rows and rows[0].se and p and p.number and p.number.bound in ("", "<"):
            yield Compared(item, p, rows[0], search)


def allowed_excess(pair: Compared, simulated: Path = STORED) -> tuple[float, float, str]:
    """Return how much |log-rank z| may exceed |Wald z|, at least and at most, and where that comes from."""
    asked = question(pair.row, pair.search)
    record = stored(simulated)["ranges"].get(asked.key) if asked else None
    size = pair.wald[1]
    (below, below_z), (above, above_z) = TIES if record else TOLERANCE
    low, high = (record["excess_z"][0], record["excess_z"][-1]) if record else (0.0, 0.0)
    how = "simulated cohorts, with room for ties" if record else "a stated tolerance"
    return low - below - below_z * size, high + above + above_z * size, how


def check_log_ranks(registry: Registry, simulated: Path = STORED) -> Iterator[Check]:
    """Yield, per log-rank p, how it agrees with the model's Wald test, the size of the effect, and the medians."""
    for pair in compared(registry):
        yield _log_rank(registry, pair, simulated)
        yield _effect(registry, pair)
    for item in registry.layout.log_ranks:
        yield from _medians_beside_p(registry, item)


def _log_rank(registry: Registry, pair: Compared, simulated: Path) -> Check:
    low, high, how = allowed_excess(pair, simulated)
    (z_low, z_high), (w_low, w_high) = pair.z, pair.wald
    agrees = z_low - w_high <= high and z_high - w_low >= low
    expected = Interval(max(0.0, w_low + low), max(0.0, w_high + high))
    printed_p = pair.row.row.line.p
    return Check(
        check_id=f"log-rank.{pair.log_rank.endpoint}.{pair.log_rank.variable}",
        value_ids=(pair.p.id, *pair.row.row.ids),
        suspect_ids=() if agrees else (pair.p.id,),
        quantity=f"log-rank p beside the model's, {pair.row.row.subject}",
        published=pair.p.printed,
        recomputed="–".join(dict.fromkeys(_show_p(z) for z in (expected.high, expected.low))),
        method=f"Wald's statistic, and its difference from the log-rank statistic by {how}",
        evidence="algebra",
        verdict="coherent" if agrees else "query",
        note=f"The model's row implies a log-rank p like this one; it prints p {printed_p.text if printed_p else '–'}."
        if agrees
        else "Log-rank and Wald tests of the same groups do not lie so far apart.",
    )


def _show_p(z: float) -> str:
    p = math.erfc(z / math.sqrt(2))
    return f"{p:.3f}" if p >= 0.0005 else "<0.001"


def _effect(registry: Registry, pair: Compared) -> Check:
    low, high = implied_effect(pair)
    line = pair.row.row.line
    found = box(line.without("p")).b
    size = (0.0 if found.low <= 0 <= found.high else min(abs(found.low), abs(found.high)), max(-found.low, found.high))
    agrees = size[0] <= high * (1 + SIZE_TOLERANCE) + 0.02 and size[1] >= low * (1 - SIZE_TOLERANCE) - 0.02
    upwards = found.high > 0 and found.low + found.high > 0
    sign = 1 if upwards else -1
    ends = [f"{math.exp(sign * end):.2f}" for end in sorted((low, min(high, 20.0)), reverse=not upwards)]
    bound = f"at least {ends[0]}" if upwards else f"at most {ends[-1]}"
    return Check(
        check_id=f"log-rank-effect.{pair.log_rank.endpoint}.{pair.log_rank.variable}",
        value_ids=(pair.p.id, *pair.row.row.ids_of(("hr",))),
        quantity=f"size of the effect that the log-rank p implies, {pair.row.row.subject}",
        published=line.hr.text if line.hr else "",
        recomputed=bound if pair.p.number.bound else "–".join(dict.fromkeys(ends)),
        method="|ln HR| ≈ z·√(1/d₁ + 1/d₀) over the possible events",
        evidence="algebra",
        verdict="coherent" if agrees else "query",
        note=f"With a standard error between {show_range(_possible_width(pair))}"
        f" this p goes with a hazard ratio of that size{'' if agrees else ', and another is printed'}.",
    )


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


def _medians_beside_p(registry: Registry, item: LogRank) -> Iterator[Check]:
    p = registry.values.get(item.p)
    groups = [t for t in printed_medians(registry) if t.endpoint == item.endpoint and t.group in item.groups]
    if len(groups) != 2 or not p or not p.number or p.number.bound not in ("", "<"):
        return
    interval = p.number.stands_for()
    (low_a, median_a, high_a), (low_b, median_b, high_b) = ([v.number.value for v in t.values] for t in groups)
    apart = high_a < low_b or high_b < low_a
    clash = (apart and interval.low > P_OF_APART) or (median_a == median_b and interval.high <= P_OF_EQUAL)
    yield Check(
        check_id=f"medians.{item.endpoint}.{item.variable}",
        value_ids=(p.id, *groups[0].ids, *groups[1].ids),
        quantity=f"medians beside the log-rank p, {registry.layout.endpoints[item.endpoint]}",
        published=f"{groups[0].shown} against {groups[1].shown}, p {p.printed}",
        recomputed="",
        method="intervals that lie apart go with a small p, equal medians with a large one",
        evidence="algebra",
        verdict="query" if clash else "coherent",
        note="The distance of the medians does not contradict the p value; their order is judged with the hazard ratio."
        if not clash
        else "The intervals of the medians say the opposite of the p value; curves that cross could do so.",
    )
