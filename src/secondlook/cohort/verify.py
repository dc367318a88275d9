"""Patients held against the paper: what they print beside what is printed, number by number.

:func:`verify` computes the usual way, by two programs that must both print a number (:mod:`.programs`); on invented
patients that agreement is by construction and proves nothing. :func:`tried` takes all ways in which programs compute
such numbers, and both ways to treat patients of whom something is not known: on real records, what one of them prints
is a reproduction, by that way.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

import numpy as np

from secondlook.cohort.columns import follow_up
from secondlook.cohort.problems import aligned
from secondlook.cohort.programs import BANDS, TIES, USUAL, Program, Way
from secondlook.cohort.records import Records
from secondlook.cohort.targets import (
    BASELINE,
    LOG_RANK,
    MEDIAN,
    RESPONSE,
    SIZE,
    Target,
    constraints,
    covariates,
    targets,
)
from secondlook.numbers.printed import Interval, Printed
from secondlook.paper.registry import Registry
from secondlook.stats import inputs
from secondlook.stats.wald import CELLS

#: What stands for a number that the patients do not have: an infinite ratio, a curve that never reaches one half.
NONE = "none"
#: What separates two numbers where the two programs print different ones: lifelines' first, then ours.
EITHER = " / "
#: What stands between the least and the greatest count where it is not known of everybody.
TO = " to "
COLUMNS = (
    "value_id", "kind", "endpoint", "place", "printed", "wanted", "got", "attained", "off", "relative", "n", "way",
)  # fmt: skip
#: How a summary names the kinds of targets; sets of columns are named by their table.
KINDS = {MEDIAN: "medians and limits", LOG_RANK: "log-rank p"}
COUNTS = {SIZE: "sizes of groups", BASELINE: "baseline by arm", RESPONSE: "responses by arm"}
#: What may have been done with patients of whom something is not known.
EACH, DROPPED = "of each number the patients of whom it is known", "without the patients with an empty cell"
#: From this share of events on that share their time with another, ties are said to be many.
MANY = 0.1
#: Misses from this share of the printed number on, in per cent, are told as how many times as much it is.
MANY_TIMES = 300


@dataclass(frozen=True)
class Result:
    """What the patients print for one target.

    Attributes
    ----------
    target : Target
    texts : tuple of str
        Formatted as the target is: what all programs print, or what each prints where they differ; :data:`NONE` for a
        number that does not exist. The least and the greatest that it can be, for a count not known of everybody.
    off : int or None
        By how many units of the last digit it misses, by the worst of the programs; 0 when attained, None when the
        number does not exist in one of them or, for a count, what is not known can make it the printed one.
    relative : float or None
        By what share of the printed number it misses; None with `off`.
    n : int
        On how many patients it is computed.
    way : str
        By which choice of a program (:class:`secondlook.cohort.programs.Way`), and of whom.
    usual : bool
        False for a way that is not the usual one.
    known : bool
        False for a count that is not known of everybody.
    """

    target: Target
    texts: tuple[str, ...]
    off: int | None
    relative: float | None = None
    n: int = 0
    way: str = ""
    usual: bool = True
    known: bool = True

    @property
    def got(self) -> str:
        """What they print, in words."""
        return (EITHER if self.known else TO).join(self.texts)

    @property
    def exists(self) -> bool:
        """False where a program, at least one, has no such number."""
        return NONE not in self.texts

    @property
    def attained(self) -> bool:
        """True when all programs print what is wanted."""
        return self.off == 0


def verify(records: Records, programs: Sequence[Program] = USUAL) -> list[Result]:
    """Return what the patients print, the usual way, for each target of their paper, then for each printed count."""
    wanted = [*targets(records.registry, records.codes), *constraints(records.registry, records.codes)]
    return _results(records, wanted, programs)


@dataclass(frozen=True)
class Tried:
    """What the patients print by all ways that were tried.

    Attributes
    ----------
    results : tuple of Result
        For each target: by the way that reproduces the most numbers of its family, or else by another that reproduces
        this one; by the former where none does.
    tallies : dict of str to dict of str to (int, int)
        For each family of numbers and each way: how many are reproduced, of how many.
    """

    results: tuple[Result, ...]
    tallies: dict[str, dict[str, tuple[int, int]]]


#: The families of numbers that a program prints by one choice.
FAMILIES = {"hazard ratios": TIES, "medians and limits": BANDS, "log-rank p": (), "counts": ()}


def tried(
    records: Records, ties: str | None = None, band: str | None = None, *, wanted: Sequence[Target] = ()
) -> Tried:
    """Return what the patients print by every way, and which way prints the most of each family.

    Parameters
    ----------
    records : Records
    ties : str, optional
        ``efron`` or ``breslow``: this way only.
    band : str, optional
        ``log-log``, ``log`` or ``symmetric``: this way only.
    wanted : sequence of Target, optional
        What they are held against, by default all targets and printed counts of their paper.
    """
    wanted = wanted or [*targets(records.registry, records.codes), *constraints(records.registry, records.codes)]
    samples = {EACH: records, DROPPED: records.complete} if records.missing else {"": records}
    chosen, tallies = {}, {}
    for family, ways in FAMILIES.items():
        of_family = [target for target in wanted if _family(target) == family]
        asked = [way for way in ways if way.key in (ties, band)] or list(ways) or [Way("", "", USUAL)]
        found = []
        for way in asked:
            for whom, sample in samples.items():
                name = ", ".join(filter(None, (way.name, whom)))
                usual = way is asked[0] and whom in ("", EACH)
                results = _results(sample, of_family, way.programs) if len(sample) else []
                found.append([replace(result, way=name, usual=usual) for result in results])
        found = [results for results in found if results]
        best = max(found, key=lambda results: sum(r.attained for r in results), default=[])
        tallies[family] = {r[0].way: (sum(each.attained for each in r), len(r)) for r in found}
        for place, result in enumerate(best):
            others = (results[place] for results in found)
            chosen[result.target] = result if result.attained else next((r for r in others if r.attained), result)
    return Tried(tuple(chosen[target] for target in wanted), tallies)


def _family(target: Target) -> str:
    if target.kind in COUNTS:
        return "counts"
    return KINDS.get(target.kind, "hazard ratios")


def _results(records: Records, wanted: Sequence[Target], programs: Sequence[Program]) -> list[Result]:
    found = [_values(records, wanted, program) for program in programs]
    made = []
    for target, *each in zip(wanted, *found, strict=True):
        (n, _), values = each[0], [value for _, value in each]
        made.append(_counted(target, n, values[0]) if target.kind in COUNTS else _result(target, n, values))
    return made


def _result(target: Target, n: int, values: Sequence[float | None]) -> Result:
    number = target.number
    texts = tuple(dict.fromkeys(NONE if value is None else shown_like(value, number) for value in values))
    if None in values:
        return Result(target, texts, None, None, n)
    off = max(off_by(value, number) for value in values)
    return Result(target, texts, off, share_of(off, number), n)


def _counted(target: Target, n: int, ends: tuple[int, int]) -> Result:
    """Return a count, or its least and greatest where it is not known of everybody."""
    (least, most), number = ends, target.number
    off = max(0, least - int(number.value), int(number.value) - most)
    if least == most:
        return Result(target, (str(least),), off, share_of(off, number), n)
    relative = share_of(off, number) if off else None
    return Result(target, (str(least), str(most)), off or None, relative, n, known=False)


def share_of(off: int, wanted: Printed) -> float | None:
    """Return what share of a printed number so many units of its last digit are; None of nought."""
    return float(off * wanted.unit / abs(wanted.value)) if wanted.value else None


def shown_like(value: float, wanted: Printed) -> str:
    """Return how R and Python print a value with the decimals of a printed number; a bound stands for what it covers.

    Unlike :func:`secondlook.numbers.printed.show_like` it rounds as C's ``printf`` does, for these are the programs
    that must
    print the number: a binary fraction exactly midway goes to the even digit.

    Examples
    --------
    >>> from secondlook.numbers.printed import parse
    >>> shown_like(5.25, parse("5.3")), shown_like(5.35, parse("5.3")), shown_like(0.0004, parse("<0.001"))
    ('5.2', '5.3', '<0.001')
    """
    if wanted.bound and wanted.matches(Fraction(value)):
        return wanted.text
    return f"{value:.{wanted.places}f}"


def off_by(value: float, wanted: Printed) -> int:
    """Return by how many units of its last digit a value misses a printed number; 0 when it prints so.

    A value on the wrong side of a bound misses it by one unit at least.

    Examples
    --------
    >>> from secondlook.numbers.printed import parse
    >>> off_by(5.34, parse("5.3")), off_by(5.12, parse("5.3")), off_by(0.0014, parse("<0.001"))
    (0, 2, 1)
    """
    shown = shown_like(value, wanted)
    if shown == wanted.text:
        return 0
    if wanted.bound:
        return max(1, math.ceil(abs(Fraction(value) - wanted.value) / wanted.unit))
    return abs(int((Fraction(shown) - wanted.value) / wanted.unit))


# Computing ----------------------------------------------------------------------------------------------------------


def _values(records: Records, wanted: Sequence[Target], program: Program) -> list[tuple[int, object]]:
    """Return (patients, value) of each target by one program; what prints several targets is computed once."""
    known: dict[tuple, tuple[int, Sequence | None]] = {}
    made = []
    for target in wanted:
        key, position, compute = _plan(records, target, program)
        if key not in known:
            known[key] = compute()
        n, values = known[key]
        made.append((n, None if values is None else values[position]))
    return made


def _plan(records: Records, target: Target, program: Program) -> tuple[tuple, int, Callable[[], tuple]]:
    """Return (what is computed, which of its numbers the target is, how it is computed)."""
    key = (target.kind, target.endpoint, target.table, target.variable, target.level, target.groups)
    if target.kind in COUNTS:
        return key, 0, partial(_count, records, target)
    if target.kind == MEDIAN:
        return key, ("median", "lower", "upper").index(target.statistic), partial(_median, records, target, program)
    if target.kind == LOG_RANK:
        return key, 0, partial(_log_rank, records, target, program)
    return key, CELLS.index(target.statistic), partial(_ratios, records, target, program)


def _count(records: Records, target: Target) -> tuple[int, tuple[tuple[int, int]]]:
    """Return how many are known to have a level and how many may have it."""
    [group] = target.groups
    members, known = records.groups(group), np.ones(len(records), dtype=bool)
    found = members
    if target.kind == BASELINE:
        known = records.decided(target.variable, [target.level])
        found = members & records.having(target.variable, [target.level])
    elif target.kind == RESPONSE:
        responses = records.responses(target.table, target.variable)
        known, found = responses != "", members & (responses == target.level)
    least = int(found.sum())
    return int((members & known).sum()), ((least, least + int((members & ~known).sum())),)


def _timed(records: Records, endpoint: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the times of an endpoint, near-equal ones made equal as R does, the events, and of whom both are known."""
    seen, times = records.observed(endpoint), records.times(endpoint)
    times[seen] = inputs.settle(times[seen])
    return times, records.events(endpoint), seen


def _median(records: Records, target: Target, program: Program) -> tuple[int, Sequence]:
    times, events, seen = _timed(records, target.endpoint)
    members = records.groups(target.groups[0]) & seen
    return int(members.sum()), program.median(times[members], events[members])


def _log_rank(records: Records, target: Target, program: Program) -> tuple[int, Sequence | None]:
    groups = np.full(len(records), -1)
    for number, name in enumerate(target.groups):
        groups[records.groups(name)] = number
    times, events, seen = _timed(records, target.endpoint)
    members = (groups >= 0) & seen
    p = program.log_rank(groups[members], times[members], events[members])
    return int(members.sum()), None if p is None else (p,)


def _ratios(records: Records, target: Target, program: Program) -> tuple[int, Sequence | None]:
    names = covariates(records.registry, target.table, target.kind, target.variable)
    x = np.column_stack([records.exposed(target.table, name) for name in names]).astype(float)
    times, events, seen = _timed(records, target.endpoint)
    seen = seen & ~np.isnan(x).any(axis=1)
    return int(seen.sum()), program.ratios(x[seen], times[seen], events[seen]) if seen.any() else None


# Saying -------------------------------------------------------------------------------------------------------------


def to_csv(results: Sequence[Result]) -> str:
    """Return the results as CSV text with the columns of :data:`COLUMNS`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for result in results:
        t = result.target
        row = [t.value_id, t.kind, t.endpoint, t.place, t.printed, t.wanted, result.got]
        row += ["yes" if result.attained else "no", "" if result.off is None else result.off]
        writer.writerow([*row, "" if result.relative is None else f"{result.relative:.2g}", result.n, result.way])
    return out.getvalue()


def to_table(found: Tried, records: Records) -> str:
    """Return what was found as text: what is degenerate and tied, each statistic, totals, the counts and the events."""
    results, word = found.results, "attained" if records.is_synthetic else "reproduced"
    rows = [("value id", "place", "printed", "wanted", "got", "n", "")]
    rows += [_table_row(result, word) for result in results if result.target.kind not in COUNTS]
    before = [*degenerate(records), *said_of_ties(records)]
    lines = [*before, *([""] if before else []), *aligned(rows), "", *summary(results, records.registry)]
    return "\n".join([*lines, *said_of_ways(found), *said_of_counts(results), *said_of_events(records)]) + "\n"


def _table_row(result: Result, word: str) -> tuple[str, ...]:
    target = result.target
    wanted = f"{target.wanted} (repaired)" if target.repaired else target.wanted
    said = _verdict(result, word)
    return target.value_id, target.place, target.printed, wanted, result.got, str(result.n), said


def _verdict(result: Result, word: str = "attained") -> str:
    by = "" if result.usual or not result.way else f" by {result.way}"
    if result.attained:
        return f"{word}{by}"
    if result.off is None:
        return "does not exist" if result.texts == (NONE,) else "does not exist in one program"
    return f"off by {missed(result)}{by}"


def missed(result: Result) -> str:
    """Return by how much a number is missed: in units of its last digit, and as a share of it.

    Examples
    --------
    >>> from types import SimpleNamespace as Of
    >>> missed(Of(off=3, relative=0.0041)), missed(Of(off=224, relative=22.4)), missed(Of(off=2, relative=None))
    ('3 (0.41 %)', '224 (23 times as much)', '2')
    """
    if result.relative is None:
        return str(result.off)
    percent = 100 * result.relative
    if percent >= MANY_TIMES:
        return f"{result.off} ({1 + result.relative:.0f} times as much)"
    return f"{result.off} ({percent:.0f} %)" if percent >= 10 else f"{result.off} ({percent:.2g} %)"


# What is said before any fit ----------------------------------------------------------------------------------------


def degenerate(records: Records) -> list[str]:
    """Return one line for each group that makes a statistic impossible: without patients, without an event, alone."""
    layout, lines = records.registry.layout, []
    for item in records.codes.endpoints:
        if not records.events(item.endpoint).any():
            lines.append(f"nobody has the event of {layout.endpoints[item.endpoint]}: it has no number")
    wanted = targets(records.registry, records.codes)
    named = dict.fromkeys(name for target in wanted for name in target.groups)
    empty = [name for name in named if not records.groups(name).any()]
    lines += [f"{layout.groups[name].label}: no patient" for name in empty]
    for key in dict.fromkeys((t.table, t.variable, t.endpoint) for t in wanted if t.table):
        lines += _one_sided(records, *key)
    return list(dict.fromkeys(lines))


def _one_sided(records: Records, table: str, variable: str, endpoint: str) -> list[str]:
    """Return what is said of a contrast that all patients are on one side of, or of a side without an event."""
    label, exposed = records.registry.layout.variables[variable].label, records.exposed(table, variable).astype(float)
    events = records.events(endpoint) & records.observed(endpoint)
    sides = [exposed == 1, exposed == 0]
    if not all(side.any() for side in sides):
        return [f"{label}: all patients of whom it is known are on one side; it has no hazard ratio"]
    if events.any() and not all((side & events).any() for side in sides):
        return [f"{label}: one side has no event of {endpoint.upper()}; its hazard ratio has no bound"]
    return []


def said_of_ties(records: Records) -> list[str]:
    """Return one line per endpoint many of whose events share their time with another."""
    lines = []
    for item in records.codes.endpoints:
        times, events, seen = _timed(records, item.endpoint)
        at, deaths = np.unique(times[seen & events], return_counts=True)
        tied = int(deaths[deaths > 1].sum())
        if at.size and tied > MANY * deaths.sum():
            words = f"{tied} of {deaths.sum()} events share their time with another"
            lines.append(f"ties {item.endpoint.upper()}: {words}; Efron's and Breslow's way to break them differ")
    return lines


def said_of_ways(found: Tried) -> list[str]:
    """Return one line per family that was computed in several ways: how many numbers each way prints."""
    return [
        f"{family}: {'; '.join(f'{n} of {all_} by {way}' for way, (n, all_) in tally.items())}"
        for family, tally in found.tallies.items()
        if len(tally) > 1
    ]


# Totals -------------------------------------------------------------------------------------------------------------


def totals(results: Sequence[Result]) -> dict[tuple[str, str], tuple[int, int]]:
    """Return (attained, all) of each kind and endpoint, in order."""
    counted: dict[tuple[str, str], tuple[int, int]] = {}
    for result in results:
        key = (result.target.kind, result.target.endpoint)
        attained, all_ = counted.get(key, (0, 0))
        counted[key] = (attained + result.attained, all_ + 1)
    return counted


def summary(results: Sequence[Result], registry: Registry) -> list[str]:
    """Return one line per kind of target and endpoint, ``univariable PFS 44 of 48``, and one for all of them."""
    of_targets = {key: n for key, n in totals(results).items() if key[0] not in COUNTS}
    sets = {name: words for table in registry.layout.tables.values() for name, words in table.sets.items()}
    names = sets | KINDS
    lines = [
        f"{names.get(kind, kind)} {endpoint.upper()} {n} of {all_}"
        for (kind, endpoint), (n, all_) in of_targets.items()
    ]
    attained, wanted = (sum(pair[i] for pair in of_targets.values()) for i in (0, 1))
    return [*lines, f"all statistics of survival {attained} of {wanted}"]


def said_of_counts(results: Sequence[Result]) -> list[str]:
    """Return one line per kind of printed count, and one for each count that the patients do not have."""
    lines = []
    for (kind, _), (attained, all_) in totals(results).items():
        if kind in COUNTS:
            lines.append(f"{COUNTS[kind]} {attained} of {all_}")
            missed = [r for r in results if r.target.kind == kind and not r.attained]
            lines += [f"  {r.target.place}: {r.target.wanted} wanted, {r.got} found{_of(r)}" for r in missed]
    return lines


def _of(result: Result) -> str:
    return "" if result.known else f", known of {result.n}"


def said_of_events(records: Records) -> list[str]:
    """Return one line per endpoint: its events by arm, and whether its censored times fit the dates of follow-up."""
    lines, window = [], follow_up(records.registry)
    for item in records.codes.endpoints:
        times, events = records.times(item.endpoint), records.events(item.endpoint)
        parts = [f"{int(events.sum())} of {len(records)}"]
        for arm in records.registry.layout.paper.arms:
            members = records.groups(arm)
            label = records.registry.layout.groups[arm].label
            parts.append(f"{label} {int(events[members].sum())} of {int(members.sum())}")
        line = f"events {item.endpoint.upper()}: {', '.join(parts)}"
        lines.append(line + (_said_of_censoring(times[~events], window) if window and not events.all() else ""))
    return lines


def _said_of_censoring(times: np.ndarray, window: Interval) -> str:
    outside = int(((times < window.low) | (times > window.high)).sum())
    words = f"{window.low:.2f} to {window.high:.2f} months that the dates allow"
    return f"; {outside or 'none'} of {len(times)} censored outside the {words}"
