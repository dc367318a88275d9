"""The truth about the data made to teach: what a trial by lot of very many such patients, none of them lost, finds."""

from __future__ import annotations

import estimates
import invent
import numpy as np
import pandas as pd
import study

#: How many patients the truth is computed on, and how many of them are matched.
MANY, MATCHED = 100_000, 8_000
#: Of these patients, who are not those of the files.
SEED = 90_000
#: How often the lives of those who are matched are drawn.
LIVES = 25


def truth() -> dict[str, float]:
    """Return the truth, by the name that ``estimates.TRUE`` has for it.

    `hr`: hazard ratio of death, A to B, in those who live to the start of their drug, adjusted as in the estimates;
    drug by lot, entry and end as in the study. `difference`: their survival at a year, all with A less all with B, in
    points; `matched`: that of those who find a partner in matching. `survival`: per cent of them alive at 18 months,
    with the drugs that they had; `progressed`: whose progression was seen within a year; `qol`: their mean.
    `waiting`: survival a year after eligibility in everyone, in points, all starting A when it is approved or on the
    last day of grace, less all starting B in the first week.
    """
    rng = np.random.default_rng([SEED, 1])
    made = study.study(SEED, MANY)
    who, course = made.who.of(made.starts), made.course
    year = 12 * estimates.MONTH
    by_drug = {a: death(rng, who, a) for a in (True, False)}
    plans = {wait: since_eligible(rng, made, wait) > year for wait in (True, False)}
    return {
        "response": 1.0,
        "hr": by_lot(rng, made, by_drug),
        "difference": points(by_drug[True] > year, by_drug[False] > year),
        "matched": among_matched(rng, study.study(SEED + 1, MATCHED), year),
        "qol": float(made.qol[made.starts].mean()),
        "survival": 100 * float(np.mean(course.death[made.starts] > 18 * estimates.MONTH)),
        "progressed": 100 * float(np.mean(course.progression[made.starts] <= year)),
        "waiting": points(plans[True], plans[False]),
    }


def points(some: np.ndarray, others: np.ndarray) -> float:
    """Return the difference of two shares in percentage points."""
    return 100 * float(some.mean() - others.mean())


def death(rng: np.random.Generator, who: invent.Baseline, a: bool) -> np.ndarray:
    """Return days from the start to death, when all get one drug."""
    return invent.course(rng, who, np.full(len(who.age), a)).death


def by_lot(rng: np.random.Generator, made: study.Study, by_drug: dict[bool, np.ndarray]) -> float:
    """Return the hazard ratio that a trial with the study's calendar finds."""
    who, until = made.who.of(made.starts), (made.end - made.start)[made.starts]
    a = rng.random(len(until)) < 0.5
    dies = np.where(a, by_drug[True], by_drug[False])
    table = covariates(who).assign(a=a.astype(float), last_contact=np.minimum(dies, until), died=dies <= until)
    return float(np.exp(estimates.hazard_ratio(table, ["a", *estimates.ADJUSTED])[0]))


def covariates(who: invent.Baseline) -> pd.DataFrame:
    """Return what the estimates adjust for."""
    levels = {f"ecog_{level}": who.ecog == level for level in (1, 2)}
    rest = {"spread": who.spread, "log_marker": np.log10(who.marker), "age": who.age, "albumin": who.albumin}
    return pd.DataFrame(levels | rest).astype(float)


def among_matched(rng: np.random.Generator, made: study.Study, year: float) -> float:
    """Return the difference in survival of those whom matching keeps, had all of them got either drug."""
    who, a = made.who.of(made.starts), made.a[made.starts]
    pairs = estimates.matched(estimates.propensity(covariates(who).assign(a=a.astype(float))), a)
    kept = who.of(pairs.ravel())
    return float(np.mean([points(death(rng, kept, True) > year, death(rng, kept, False) > year) for _ in range(LIVES)]))


def since_eligible(rng: np.random.Generator, made: study.Study, wait_for_a: bool) -> np.ndarray:
    """Return everyone's days from eligibility to death, when all wait for A, within its grace, or all take B."""
    start = np.minimum(invent.waiting(rng, np.full(len(made.a), wait_for_a)), estimates.GRACE)
    return np.where(made.died_waiting > start, start + death(rng, made.who, wait_for_a), made.died_waiting)
