"""Would a clinician believe these patients? Counts by criterion, from the section ``credibility`` of ``cohort.toml``.

Printed statistics say nothing of most of this, so invented patients can print a paper and still be absurd. A count says
how many patients break a criterion; some of them the printed numbers may force.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import kendalltau

from secondlook.cohort.columns import Credibility, Response
from secondlook.cohort.records import Records
from secondlook.numbers.dates import MONTH

#: Weeks in a month.
WEEKS = MONTH / 7
#: Months after a progression within which few die, and beyond which few live.
SOON, LONG = 0.25, 18.0

__all__ = ["LONG", "SOON", "WEEKS", "Credibility", "Criterion", "criteria", "off_the_grid"]


@dataclass(frozen=True)
class Criterion:
    """One criterion.

    Attributes
    ----------
    key : str
        What is counted, as a word.
    words : str
        The same in words.
    count, of : int
        Patients who break it, or who are counted, and among how many.
    wanted : str
        What a clinician expects: ``none``, ``few`` or ``some``.
    """

    key: str
    words: str
    count: int
    of: int
    wanted: str


def off_the_grid(months: np.ndarray, weeks: tuple[float, float], jitter: float) -> np.ndarray:
    """Return which times are at no scan: the k-th is k × the shortest to k × the longest interval, ± `jitter`.

    Times in months, intervals and jitter in weeks. From some scan on the ranges meet, and every time is at one.
    """
    at, found = np.asarray(months, dtype=float) * WEEKS, np.zeros(len(months), dtype=bool)
    for k in range(1, int(at.max(initial=0.0) / weeks[0]) + 2):
        found |= (at >= k * weeks[0] - jitter) & (at <= k * weeks[1] + jitter)
    return ~found


def criteria(records: Records) -> list[Criterion]:
    """Return the counts by criterion; empty without a section ``credibility`` in ``cohort.toml``."""
    rules = records.codes.credibility
    if rules is None:
        return []
    return [*_staging(records, rules), *_times(records, rules), *_responses(records, rules)]


def _staging(records: Records, rules: Credibility) -> list[Criterion]:
    """Staging by the Barcelona system: stage B has none of what makes stage C (Reig et al., J Hepatol 2022;76:681)."""
    stage = rules.stage
    layout = records.registry.layout
    early = records.having(stage.variable, stage.earlier)
    name = "/".join(layout.variables[stage.variable].levels[level] for level in stage.earlier)
    signs = {key: records.having(key, levels) for key, levels in stage.advanced.items()}
    any_sign = np.any(list(signs.values()), axis=0)
    found = [
        Criterion(
            f"stage.{key}", f"stage {name} with {stage.words[key]}", int((early & has).sum()), int(early.sum()), "none"
        )
        for key, has in signs.items()
    ]
    later = ~early
    return [
        *found,
        Criterion(
            "stage.any", f"stage {name} with any of these", int((early & any_sign).sum()), int(early.sum()), "none"
        ),
        Criterion(
            "stage.none", "a later stage with none of these", int((later & ~any_sign).sum()), int(later.sum()), "none"
        ),
    ]


def _times(records: Records, rules: Credibility) -> list[Criterion]:
    first, second = rules.progression, rules.death
    t, s = records.times(first), records.times(second)
    seen, died = records.events(first).astype(bool), records.events(second).astype(bool)
    gap, both = s - t, seen & died
    progressed = seen & ~(died & (gap == 0))
    off = off_the_grid(t[progressed], (rules.weeks[0], rules.weeks[1]), rules.jitter)
    soon, long = both & (gap > 0) & (gap * WEEKS <= 1), progressed & (gap > LONG)

    def of(who: np.ndarray, all_: np.ndarray) -> tuple[int, int]:
        return int(who.sum()), int(all_.sum())

    return [
        Criterion("death.without", "deaths without a progression before", *of(both & (gap == 0), died), "some"),
        Criterion("death.soon", "deaths within a week after progression", *of(soon, died), "few"),
        Criterion("death.long", f"alive more than {LONG:g} months after progression", *of(long, progressed), "few"),
        Criterion(
            "follow-up", "censored for progression, followed on for death", *of(~seen & (gap > 0), ~seen), "none"
        ),
        Criterion("grid", "progressions at no scan", int(off.sum()), len(off), "none"),
    ]


def _responses(records: Records, rules: Credibility) -> list[Criterion]:
    t = records.times(rules.progression) * WEEKS
    second = 2 * rules.weeks[0] - rules.jitter, 2 * rules.weeks[1] + rules.jitter
    found = []
    for item in records.codes.responses:
        named = records.registry.layout.tables[item.table].sets[item.set]
        worst, best = (_with(records, item, rows) for rows in (rules.progressive, rules.responding))
        late, early = worst & (t > second[1]), best & (t < second[0])
        words = f"best response progression, {named}, later than the second scan", f"response, {named}, before it"
        found += [
            Criterion(f"progressive.{item.set}", words[0], int(late.sum()), int(worst.sum()), "none"),
            Criterion(f"response.{item.set}", words[1], int(early.sum()), int(best.sum()), "none"),
        ]
    return found


def _with(records: Records, item: Response, rows: list[str]) -> np.ndarray:
    codes = {code for code, row in item.codes.items() if row in rows}
    return records.frame[item.column].astype(str).isin(codes).to_numpy()


def rank_correlation(records: Records) -> float:
    """Return Kendall's tau-b of the two times (Kendall 1945, Biometrika 33:239)."""
    rules = records.codes.credibility
    return float(kendalltau(records.times(rules.progression), records.times(rules.death)).statistic)
