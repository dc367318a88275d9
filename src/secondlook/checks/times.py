"""Times to events: medians and their limits, confidence bands, repeats, and the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from secondlook.checks.simulated import Overlap, overlaps
from secondlook.checks.verdicts import Check, Found, Said
from secondlook.paper.medians import (
    Timed,
    is_symmetric,
    least_follow_up,
    longest_follow_up,
    partitions_of,
    printed_medians,
    uncensored,
)
from secondlook.paper.registry import Registry, Value
from secondlook.paper.schema import Median
from secondlook.stats import km


def check(registry: Registry) -> Iterator[Check]:
    """Yield all checks of medians, their confidence bands, repeats, and the calendar."""
    groups = list(printed_medians(registry))
    yield from check_medians(registry, groups)
    yield from check_deaths_come_last(registry, groups)
    yield from check_bands(registry, groups)
    yield from check_repeats(registry)
    yield from check_calendar(registry, groups)


# Medians ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MedianFound(Found):
    """A printed median: whether it lies between its limits."""

    timed: Timed
    inside: bool


@dataclass(frozen=True)
class Ordered(Found):
    """A median and limits beside those of the time to death: ids of what is printed later than death and cannot be."""

    timed: Timed
    death: Timed
    late: tuple[str, ...]


def _named(registry: Registry, timed: Timed) -> str:
    return f"{registry.layout.endpoints[timed.endpoint]}, {registry.layout.groups[timed.group].label}"


def check_medians(registry: Registry, groups: list[Timed]) -> Iterator[Check]:
    """Yield one check per median: does it lie between its limits?"""
    for timed in groups:
        lower, median, upper = (v.number.value for v in timed.values)
        inside = lower <= median <= upper
        yield Check(
            family="median",
            subject=f"{timed.endpoint}.{timed.group}",
            value_ids=timed.ids,
            evidence="algebra",
            verdict="coherent" if inside else "inconsistent",
            found=MedianFound(timed, inside),
            said=Said(
                quantity=f"median and its interval, {_named(registry, timed)}",
                published=timed.shown,
                method="lower limit ≤ median ≤ upper limit",
                note=f"The median lies {'inside' if inside else 'outside'} its interval.",
            ),
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
            family="order",
            subject=f"{timed.endpoint}.{timed.group}",
            value_ids=(*timed.ids, *death.ids),
            evidence="algebra",
            verdict="inconsistent" if late else "coherent",
            found=Ordered(timed, death, tuple(late)),
            said=Said(
                quantity=f"{registry.layout.endpoints[timed.endpoint]} ends with death, {_named(registry, timed)}",
                published=f"{timed.shown}; {death.shown}",
                method="median and limits no later than those of death",
                note="Printed is a time that is longer than the time to death." if late else "A death ends both times.",
            ),
        )


def _later_than_death(timed: Timed, death: Timed, until: float | None) -> list[str]:
    """Return the ids of the median and limits that are printed later than death's where that cannot be."""
    banded = not (is_symmetric(timed) or is_symmetric(death))
    pairs = [(a, b) for a, b in zip(timed.values, death.values, strict=True) if banded or a is timed.values[1]]
    seen = [(a, b) for a, b in pairs if until is None or b.number.stands_for().high <= until]
    return [a.id for a, b in seen if a.number.stands_for().low >= b.number.stands_for().high]


# Bands --------------------------------------------------------------------------------------------------------------


def possible_bands(timed: Timed) -> dict[str, bool]:
    """Return, for each band and for the symmetric interval, whether it can print the median's interval.

    Nobody is taken to be censored before the upper limit. A band can print an interval when both limits exist.
    """
    found = {band: km.ranks(timed.n, band).exist for band in km.BANDS}
    return found | {"symmetric": is_symmetric(timed)}


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


@dataclass(frozen=True)
class Bands(Found):
    """Which confidence bands can print the intervals of some medians: those that can, and those that cannot."""

    medians: tuple[Timed, ...]
    able: tuple[str, ...]
    unable: tuple[str, ...]


def _band(registry: Registry, timed: Timed) -> Check:
    bands = possible_bands(timed)
    able = tuple(band for band, can in bands.items() if can)
    unable = tuple(band for band, can in bands.items() if not can)
    return Check(
        family="band",
        subject=f"{timed.endpoint}.{timed.group}",
        value_ids=timed.ids,
        evidence="algebra",
        verdict="coherent" if able else "inconsistent",
        found=Bands((timed,), able, unable),
        said=Said(
            quantity=f"kind of confidence interval of the median, {_named(registry, timed)}",
            published=timed.shown,
            recomputed=", ".join(able),
            method=f"ranks of the limits among {timed.n} uncensored patients, band by band",
            note=_band_note(timed, unable),
        ),
    )


def _band_note(timed: Timed, unable: tuple[str, ...]) -> str:
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
    able = tuple(band for band, reason in why_not.items() if not reason)
    members = tuple(t for groups in partitions for t in groups)
    return Check(
        family="bands",
        subject=endpoint,
        value_ids=tuple(i for t in members for i in t.ids),
        evidence="algebra",
        verdict="coherent" if able else "query",
        found=Bands(members, able, tuple(band for band in why_not if band not in able)),
        said=Said(
            quantity=f"one kind of confidence band for all medians, {registry.layout.endpoints[endpoint]}",
            published="; ".join(t.shown for t in members),
            recomputed=", ".join(able),
            method="events by each time, from the ranks of medians and limits",
            note=_bands_note(registry, members, why_not, until),
        ),
    )


def _bands_note(registry: Registry, members: tuple[Timed, ...], why_not: dict[str, str], until: float) -> str:
    note = "Each division of the patients counts the same events by any time; held against each other below the "
    note += f"least follow-up of {until:.1f} months. "
    note += " ".join(f"Not {band}: {reason}." for band, reason in why_not.items() if reason)
    neither = [t for t in members if not any(possible_bands(t).get(band) for band in ("log", "symmetric"))]
    note += "".join(
        f" Neither {km.DEFAULTS['log']} nor {km.DEFAULTS['symmetric']} prints {t.shown}, for "
        f"{registry.layout.groups[t.group].label}."
        for t in neither
    )
    if all(why_not.values()):
        return note + " The events of the groups do not add up under any band."
    return note.strip()


# Repeats ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Repeated(Found):
    """Two groups that print the same median with the same limits, and how they overlap, where that is printed."""

    first: Timed
    second: Timed
    overlap: Overlap | None


def check_repeats(registry: Registry) -> Iterator[Check]:
    """Yield a query per pair of groups of one endpoint that print the same median with the same limits."""
    by_key = {(t.endpoint, t.group): t for t in printed_medians(registry)}
    for first, second, overlap in overlaps(registry):
        pair = [by_key.get((m.endpoint, m.group)) for m in (first, second)]
        if None in pair:
            continue
        record = registry.simulated.repeats.get(overlap.key) if overlap else None
        found = Repeated(*pair, overlap)
        yield Check(
            family="triple",
            subject=f"{first.endpoint}.{first.group}-{second.group}",
            value_ids=(*pair[0].ids, *pair[1].ids),
            evidence="restatement",
            verdict="query",
            chance=Fraction(str(max(record.triple.values()))) if record and record.triple else None,
            found=found,
            said=Said(
                quantity=f"the same triple for two groups, {registry.layout.endpoints[first.endpoint]}",
                published=pair[0].shown,
                method="comparison of all printed medians of one endpoint",
                note=_repeated_note(registry, found) + _others_alike(registry, first, second, by_key),
            ),
        )


def _repeated_note(registry: Registry, found: Repeated) -> str:
    labels = [registry.layout.groups[t.group].label for t in (found.first, found.second)]
    note = f"{labels[0]} and {labels[1]} print the same median and the same limits."
    if found.overlap:
        note += (
            f" {found.overlap.both} patients are in both; leaving out {found.overlap.first} and adding "
            f"{found.overlap.second} others would have to leave all three where they were, to the printed digit."
        )
    return note


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


@dataclass(frozen=True)
class Observable(Found):
    """The longest and the least follow-up, months, and ids of times that are longer than the longest."""

    longest: float
    least: float
    late: tuple[str, ...]


def check_calendar(registry: Registry, groups: list[Timed]) -> Iterator[Check]:
    """Yield one check per endpoint: can times so long have been observed between first entry and last follow-up?"""
    longest, least = longest_follow_up(registry), least_follow_up(registry)
    if longest is None:
        return
    for endpoint in registry.layout.endpoints:
        values = [v for t in groups if t.endpoint == endpoint for v in t.values]
        if values:
            late = tuple(v.id for v in values if v.number.stands_for().low > longest)
            yield _calendar(registry, endpoint, values, Observable(longest, least, late))


def _calendar(registry: Registry, endpoint: str, values: list[Value], found: Observable) -> Check:
    spec = registry.layout.follow_up
    last = max(values, key=lambda v: v.number.value)
    return Check(
        family="follow-up",
        subject=endpoint,
        value_ids=(*(v.id for v in values), spec.start, spec.end, spec.cut_off),
        suspect_ids=found.late,
        evidence="algebra",
        verdict="inconsistent" if found.late or found.least < 0 else "coherent",
        found=found,
        recomputes=(last.id,) if found.late else (),
        said=Said(
            quantity=f"times that can have been observed, {registry.layout.endpoints[endpoint]}",
            published=f"up to {last.printed}",
            recomputed=f"up to {found.longest:.1f}",
            method="last follow-up less first entry",
            note=_calendar_note(values, found),
        ),
    )


def _calendar_note(values: list[Value], found: Observable) -> str:
    if found.least < 0:
        return "The last follow-up comes before the last entry."
    after = [v.printed for v in values if v.number.stands_for().high > found.least]
    note = f"Between first entry and the last follow-up lie {found.longest:.0f} months, and everyone alive was "
    note += f"followed {found.least:.0f} at least, unless lost. "
    return note + (
        f"Censoring can have touched only {', '.join(after)}." if after else "No censoring can have touched these."
    )
