"""Patients held against the paper: what they print beside what is printed, number by number.

A number counts as attained only when two programs print it (:mod:`secondlook.cohort.programs`). On invented patients
that agreement is by construction and proves nothing; on real records it is a reproduction.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np

from secondlook.cohort.columns import follow_up
from secondlook.cohort.programs import LIFELINES, OWN, Program
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
from secondlook.stats.wald import CELLS

#: What stands for a number that the patients do not have: an infinite ratio, a curve that never reaches one half.
NONE = "none"
#: What separates two numbers where the two programs print different ones: lifelines' first, then ours.
EITHER = " / "
COLUMNS = ("value_id", "kind", "endpoint", "place", "printed", "wanted", "got", "attained", "off")
#: How a summary names the kinds of targets; sets of columns are named by their table.
KINDS = {MEDIAN: "medians and limits", LOG_RANK: "log-rank p"}
COUNTS = {SIZE: "sizes of groups", BASELINE: "baseline by arm", RESPONSE: "responses by arm"}


@dataclass(frozen=True)
class Result:
    """What the patients print for one target.

    Attributes
    ----------
    target : Target
    got : str
        Formatted as the target is. What both programs print, or what lifelines and what our own fits print with
        :data:`EITHER` between where they differ; :data:`NONE` for a number that does not exist.
    off : int or None
        By how many units of the last digit it misses, by the worse of the two programs; 0 when attained, None when the
        number does not exist in one of them.
    """

    target: Target
    got: str
    off: int | None

    @property
    def attained(self) -> bool:
        """True when both programs print what is wanted."""
        return self.off == 0


def verify(records: Records) -> list[Result]:
    """Return what the patients print for each target of their paper, then for each printed count."""
    wanted = [*targets(records.registry, records.codes), *constraints(records.registry, records.codes)]
    found = [_values(records, wanted, program) for program in (LIFELINES, OWN)]
    return [_result(*triple) for triple in zip(wanted, *found, strict=True)]


def _result(target: Target, first: float | None, second: float | None) -> Result:
    texts = dict.fromkeys(NONE if value is None else shown_like(value, target.number) for value in (first, second))
    misses = [None if value is None else off_by(value, target.number) for value in (first, second)]
    return Result(target, EITHER.join(texts), None if None in misses else max(misses))


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


def row_of(target: Target) -> str:
    """Return the key of the row of a model that a target belongs to."""
    return target.value_id.rsplit(".", 1)[0]


# Computing ----------------------------------------------------------------------------------------------------------


def _values(records: Records, wanted: list[Target], program: Program) -> list[float | None]:
    """Return each target's value by one program; what prints several targets is computed once."""
    known: dict[tuple, Sequence | None] = {}
    made = []
    for target in wanted:
        key, position, compute = _plan(records, target, program)
        if key not in known:
            known[key] = compute()
        made.append(None if known[key] is None else known[key][position])
    return made


def _plan(records: Records, target: Target, program: Program) -> tuple[tuple, int, Callable[[], Sequence | None]]:
    """Return (what is computed, which of its numbers the target is, how it is computed)."""
    key = (target.kind, target.endpoint, target.table, target.variable, target.level, target.groups)
    if target.kind in COUNTS:
        return key, 0, partial(_count, records, target)
    if target.kind == MEDIAN:
        return key, ("median", "lower", "upper").index(target.statistic), partial(_median, records, target, program)
    if target.kind == LOG_RANK:
        return key, 0, partial(_log_rank, records, target, program)
    return key, CELLS.index(target.statistic), partial(_ratios, records, target, program)


def _count(records: Records, target: Target) -> tuple[int]:
    [group] = target.groups
    members = records.groups(group)
    if target.kind == BASELINE:
        members = members & records.having(target.variable, [target.level])
    elif target.kind == RESPONSE:
        members = members & (records.responses(target.table, target.variable) == target.level)
    return (int(members.sum()),)


def _median(records: Records, target: Target, program: Program) -> Sequence:
    members = records.groups(target.groups[0])
    return program.median(records.times(target.endpoint)[members], records.events(target.endpoint)[members])


def _log_rank(records: Records, target: Target, program: Program) -> Sequence | None:
    groups = np.full(len(records), -1)
    for number, name in enumerate(target.groups):
        groups[records.groups(name)] = number
    members = groups >= 0
    times, events = records.times(target.endpoint), records.events(target.endpoint)
    p = program.log_rank(groups[members], times[members], events[members])
    return None if p is None else (p,)


def _ratios(records: Records, target: Target, program: Program) -> Sequence | None:
    names = covariates(records.registry, target.table, target.kind, target.variable)
    x = np.column_stack([records.exposed(target.table, name) for name in names]).astype(float)
    return program.ratios(x, records.times(target.endpoint), records.events(target.endpoint))


# Saying -------------------------------------------------------------------------------------------------------------


def to_csv(results: Sequence[Result]) -> str:
    """Return the results as CSV text with the columns of :data:`COLUMNS`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for result in results:
        t = result.target
        row = [t.value_id, t.kind, t.endpoint, t.place, t.printed, t.wanted, result.got]
        writer.writerow([*row, "yes" if result.attained else "no", "" if result.off is None else result.off])
    return out.getvalue()


def to_table(results: Sequence[Result], records: Records) -> str:
    """Return the results as text: a table of the statistics, then totals by kind, the counts and the events."""
    rows = [("value id", "place", "printed", "wanted", "got", "")]
    rows += [_table_row(result) for result in results if result.target.kind not in COUNTS]
    lines = [*_aligned(rows), "", *summary(results, records.registry)]
    return "\n".join([*lines, *said_of_counts(results), *said_of_events(records)]) + "\n"


def _table_row(result: Result) -> tuple[str, ...]:
    target = result.target
    wanted = f"{target.wanted} (repaired)" if target.repaired else target.wanted
    return target.value_id, target.place, target.printed, wanted, result.got, _verdict(result)


def _verdict(result: Result) -> str:
    if result.attained:
        return "attained"
    if result.off is None:
        return "does not exist" if result.got == NONE else "does not exist in one program"
    return f"off by {result.off}"


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]


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
            lines += [f"  {r.target.place}: {r.target.wanted} wanted, {r.got} found" for r in missed]
    return lines


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
