"""Draw a study by the mechanism of ``invent.py``, and write down what is recorded of each patient and each scan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import invent
import numpy as np
import pandas as pd

PATIENTS = 400
FIRST, LAST, END = dt.date(2018, 1, 1), dt.date(2021, 12, 31), dt.date(2023, 12, 31)
#: Days from the start of drug B within which a death leaves the chart without albumin.
EARLY = 180


@dataclass(frozen=True)
class Study:
    """Everything about the patients, seen and unseen: days since eligibility, infinite where it never happened."""

    who: invent.Baseline
    a: np.ndarray
    eligible: np.ndarray
    start: np.ndarray
    died_waiting: np.ndarray
    course: invent.Course
    qol: np.ndarray
    end: np.ndarray

    @property
    def starts(self) -> np.ndarray:
        """Who lived to the start."""
        return self.died_waiting > self.start

    def since_eligible(self, days: np.ndarray) -> np.ndarray:
        """Return days from the start of the drug as days from eligibility."""
        return np.where(self.starts, self.start + days, np.inf)

    @property
    def death(self) -> np.ndarray:
        """Days to death, seen or not."""
        return np.where(self.starts, self.start + self.course.death, self.died_waiting)

    @property
    def last(self) -> np.ndarray:
        """Days to the last contact: death, loss or the end of the study."""
        return np.minimum(self.end, np.minimum(self.death, self.since_eligible(self.course.lost)))

    @property
    def without_losses(self) -> Study:
        """The same patients, of whom nobody is lost."""
        return replace(self, course=replace(self.course, lost=np.full(len(self.a), np.inf)))


def study(seed: int, n: int = PATIENTS) -> Study:
    """Draw a study."""
    rng = np.random.default_rng(seed)
    who = invent.baseline(rng, n)
    a = rng.random(n) < invent.chance_of_a(who)
    eligible = np.sort(rng.integers(0, (LAST - FIRST).days + 1, n))
    died_waiting = np.ceil(rng.exponential(1, n) / (invent.DEATH * np.exp(who.risk)))
    return Study(
        who=who,
        a=a,
        eligible=eligible,
        start=invent.waiting(rng, a),
        died_waiting=died_waiting,
        course=invent.course(rng, who, a),
        qol=np.round(np.clip(rng.normal(68 - 8 * who.ecog, 14), 0, 100)),
        end=(END - FIRST).days - eligible,
    )


def missing(rng: np.random.Generator, made: Study) -> tuple[np.ndarray, np.ndarray]:
    """Return whose albumin and whose quality of life are not recorded.

    Albumin: by drug B together with an early death, both recorded (missing at random, given these), and of some by
    chance. Quality of life: by its own value (not at random).
    """
    early_with_b = ~made.a & made.starts & (made.course.death <= EARLY)
    odds = np.exp(-2.6 + 4.0 * early_with_b)
    no_albumin = rng.random(len(made.a)) < odds / (1 + odds)
    odds = np.exp(-0.9 - 0.09 * (made.qol - 60))
    return no_albumin, rng.random(len(made.a)) < odds / (1 + odds)


def tables(made: Study, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return patients and scans as recorded, and the same patients with nothing missing and nobody lost."""
    patients = recorded(made)
    no_albumin, no_qol = missing(rng, made)
    patients["albumin"] = patients["albumin"].mask(no_albumin)
    patients["qol"] = patients["qol"].mask(no_qol)
    return {"patients": patients, "scans": scans(made), "whole": recorded(made.without_losses)}


def names(made: Study) -> list[str]:
    """Return what the patients are called."""
    return [f"TEACH-{k:03d}" for k in range(1, len(made.a) + 1)]


def happened(made: Study) -> dict[str, np.ndarray]:
    """Return days from eligibility to what scans show, seen or not."""
    return {name: made.since_eligible(getattr(made.course, name)) for name in ("response", "progression", "switch")}


def recorded(made: Study) -> pd.DataFrame:
    """Return one row for each patient, with what happened before the last contact."""

    def dates(days: np.ndarray, seen: np.ndarray) -> list[str]:
        found = zip(made.eligible + days, seen, strict=True)
        return [(FIRST + dt.timedelta(days=int(day))).isoformat() if known else "" for day, known in found]

    who, last, always = made.who, made.last, np.ones(len(made.a), bool)
    table = pd.DataFrame({"patient": names(made), "eligible": dates(np.zeros(len(made.a)), always)})
    table["drug"] = np.where(made.starts & (made.start <= last), np.where(made.a, "A", "B"), "none")
    table["start"] = dates(made.start, table["drug"] != "none")
    for name, days in happened(made).items():
        table[name] = dates(np.where(np.isfinite(days), days, 0), days < last)
    table["death"] = dates(last, made.death <= last)
    table["last_contact"] = dates(last, always)
    table["age"] = who.age.astype(int)
    table["sex"] = np.where(who.female, "F", "M")
    table["ecog"] = who.ecog
    table["spread"] = who.spread.astype(int)
    table["marker"] = who.marker.astype(int)
    table["albumin"] = who.albumin
    table["qol"] = pd.array(made.qol).astype("Int64")
    return table


def scans(made: Study) -> pd.DataFrame:
    """Return one row for each scan before the last contact, with what it was the first to show."""
    rows, seen, last = [], happened(made), made.last
    for k, name in enumerate(names(made)):
        days = made.start[k] + made.course.scans[k] if made.starts[k] else []
        for day, albumin in zip(days, made.course.albumin[k], strict=False):
            if day >= last[k]:
                break
            found = [what for what in ("response", "progression") if seen[what][k] == day]
            date = FIRST + dt.timedelta(days=int(made.eligible[k] + day))
            rows.append((name, date.isoformat(), albumin, " and ".join(found) or "nothing new"))
    return pd.DataFrame(rows, columns=["patient", "scan", "albumin", "found"])
