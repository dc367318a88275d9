"""Invent patients after a first-line failure who got one of two drugs, by a mechanism that is known to the last number.

What a study can suffer from is built in by one rule each (README.md beside this file says which): better patients get
drug A, A starts later, response does nothing, progression makes death more likely, patients leave after it. What is not
recorded, make.py decides. Nothing here is any paper's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Hazard ratio of death on drug A, at every moment; the direct effect, before what progression and a switch do.
EFFECT = 0.65
#: The same for progression between two scans.
EFFECT_ON_PROGRESSION = 0.65
#: Hazards a day of a middling patient: death, progression.
DEATH, PROGRESSION = 0.0010, 0.0045
#: What progression multiplies the hazard of death by, and a gram of albumin below 34 at that scan.
AFTER_PROGRESSION, PER_GRAM = 4.5, 1.10
#: Days between two scans, and how far one is off.
SCAN, JITTER = 56, 5
SCANS = 40
#: Chance of a first response at each of the first four scans, with B and with A, to whoever is alive. It does nothing.
RESPONSE = 0.12, 0.22
RESPONSE_SCANS = 4
#: Chances a day of being lost: before progression, after it.
LOSS, LOSS_AFTER = 0.0002, 0.008


@dataclass(frozen=True)
class Baseline:
    """What is known of each patient on the day of eligibility, in arrays of equal length."""

    age: np.ndarray
    female: np.ndarray
    ecog: np.ndarray
    albumin: np.ndarray
    marker: np.ndarray
    spread: np.ndarray

    def of(self, which: np.ndarray) -> Baseline:
        """Return some of the patients."""
        return Baseline(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    @property
    def risk(self) -> np.ndarray:
        """Log hazard ratio of death against a middling patient."""
        return (
            0.45 * self.ecog
            - 0.09 * (self.albumin - 36)
            + 0.35 * np.log10(self.marker / 200)
            + 0.35 * self.spread
            + 0.01 * (self.age - 60)
            - 0.35
        )


@dataclass(frozen=True)
class Course:
    """What happens to each patient from the start of the drug on, in days since then; infinite: never.

    `scans` and `albumin` are patient × scan; a scan happened if it lies before the end of the patient's time.
    """

    death: np.ndarray
    progression: np.ndarray
    response: np.ndarray
    switch: np.ndarray
    lost: np.ndarray
    scans: np.ndarray
    albumin: np.ndarray


def baseline(rng: np.random.Generator, n: int) -> Baseline:
    """Draw patients on the day of eligibility."""
    ecog = rng.choice(3, n, p=(0.40, 0.42, 0.18))
    return Baseline(
        age=np.round(np.clip(rng.normal(60, 10, n), 25, 85)),
        female=rng.random(n) < 0.2,
        ecog=ecog,
        albumin=np.round(np.clip(rng.normal(37 - 1.2 * ecog, 4.5), 20, 50), 1),
        marker=np.round(10 ** rng.normal(2.3, 0.9, n)) + 1,
        spread=rng.random(n) < 0.5,
    )


def chance_of_a(who: Baseline) -> np.ndarray:
    """Return the chance that drug A is chosen: confounding by indication, of what is recorded alone."""
    log_odds = 0.5 - 0.7 * who.ecog + 0.09 * (who.albumin - 36) - 0.5 * who.spread
    return 1 / (1 + np.exp(-log_odds))


def waiting(rng: np.random.Generator, a: np.ndarray) -> np.ndarray:
    """Return the days from eligibility to the start: A has to be approved first."""
    return np.where(a, 21 + rng.exponential(80, len(a)), rng.integers(1, 8, len(a))).round()


def course(rng: np.random.Generator, who: Baseline, a: np.ndarray) -> Course:
    """Return what happens from the start on, scan by scan, to patients who start A or, where `a` is False, B."""
    n = len(a)
    death, progression, response, switch, lost = (np.full(n, np.inf) for _ in range(5))
    on_a, hazard = a.copy(), DEATH * np.exp(who.risk)
    debt, leaves = rng.exponential(1, n), rng.exponential(1, n)
    scans = np.cumsum(SCAN + rng.integers(-JITTER, JITTER + 1, (n, SCANS)), axis=1).astype(float)
    values = np.round(who.albumin[:, None] + rng.normal(0, 1.5, (n, SCANS)), 1)
    before = np.zeros(n)
    for k in range(SCANS):
        now, beyond = scans[:, k], np.isfinite(progression)
        values[:, k] -= np.where(beyond, 2.0, 0.0)
        span = now - before
        rate = hazard * np.where(on_a, EFFECT, 1.0)
        death = np.where(np.isinf(death) & (debt < rate * span), before + debt / rate, death)
        debt = debt - rate * span
        leaving = np.where(beyond, LOSS_AFTER, LOSS)
        lost = np.where(np.isinf(lost) & (leaves < leaving * span), before + leaves / leaving, lost)
        leaves = leaves - leaving * span
        draws = rng.random((3, n))
        there = np.isinf(death) & ~beyond
        pace = PROGRESSION * np.exp(0.6 * who.risk) * np.where(on_a, EFFECT_ON_PROGRESSION, 1.0)
        grows = there & (draws[0] < 1 - np.exp(-pace * span))
        if k < RESPONSE_SCANS:
            seen = np.isinf(death) & np.isinf(response) & (draws[1] < np.where(a, RESPONSE[1], RESPONSE[0]))
            response[seen] = now[seen]
        progression[grows] = now[grows]
        values[grows, k] -= 2.0
        fit = np.clip((values[:, k] - 30) / 10, 0, 0.9)
        changes = grows & ~on_a & (draws[2] < fit)
        switch[changes] = now[changes]
        on_a = on_a | changes
        worse = AFTER_PROGRESSION * PER_GRAM ** (34 - values[:, k])
        hazard = np.where(grows, hazard * worse, hazard)
        before = now
    return Course(np.ceil(death), progression, response, switch, np.ceil(lost), scans, values)
