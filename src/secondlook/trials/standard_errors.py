"""Simulated cohorts: which standard error, and which log-rank statistic, a printed hazard ratio can have at this size.

A cohort has the printed group sizes and exponential times whose hazards differ by the printed ratio. Its number of
events is drawn evenly from what the paper leaves possible; those without an event are in half of the cohorts the
longest lived (a common closing date), in the others any patients, censored at a random part of their time. Only
cohorts whose *fitted* hazard ratio lies beside the printed one are kept, for the standard error depends on it.

The simulation runs once, by ``python -m secondlook.trials.standard_errors``, and is stored with its seed; checks
only look
results up. A result is found by what was simulated (sizes, hazard ratio, events) and so never applies to a row that
has changed since, or to another paper.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
import numpy as np

from bookpress.paths import ROOT
from secondlook.paper.event_counts import Joint, Modelled, joints
from secondlook.paper.registry import Registry, load
from secondlook.paper.schema import Median
from secondlook.stats import km
from secondlook.writing import write_whole

SEED = 20230801
COHORTS = 10_000
#: Where the quantiles are taken: the central 99.9%, 99%, 95% and 50% ranges and the median.
PROBABILITIES = (0.0005, 0.005, 0.025, 0.25, 0.5, 0.75, 0.975, 0.995, 0.9995)
#: A kept cohort's fitted log hazard ratio lies within this distance of the printed one.
WINDOW = 0.02
#: The same for a model of several covariates, whose fit costs more.
WINDOW_ADJUSTED = 0.05
#: The other covariates of a model lean towards its own by up to this much (correlations up to about ±0.4).
PULL = 0.5
_BATCH = 10_000
_MOST_TRIED = 2_000_000
STORED = ROOT / "data" / "simulated" / "se-ranges.json"


@dataclass(frozen=True)
class Covariate:
    """A binary covariate: how many are exposed and unexposed, and its hazard ratio as printed."""

    exposed: int
    reference: int
    hr: str

    @property
    def beta(self) -> float:
        """The log hazard ratio."""
        return float(np.log(float(self.hr)))

    def __str__(self) -> str:
        return f"{self.exposed}+{self.reference} HR {self.hr}"


@dataclass(frozen=True)
class Question:
    """What is simulated for one row of a model.

    Attributes
    ----------
    covariate : Covariate
        The row's own.
    least : int
        The least number of events; the greatest is everyone.
    adjusted : tuple of Covariate
        The other covariates of the same model; how they go together with it is not printed and is drawn at random.
    """

    covariate: Covariate
    least: int
    adjusted: tuple[Covariate, ...] = ()

    @property
    def everyone(self) -> int:
        """The patients of the cohort."""
        return self.covariate.exposed + self.covariate.reference

    @property
    def reversed(self) -> Question:
        """The same with the groups exchanged: the hazard ratio is read as that of the other group."""
        own = self.covariate
        return Question(Covariate(own.reference, own.exposed, own.hr), self.least, self.adjusted)

    @property
    def key(self) -> str:
        """What was simulated, as stored."""
        parts = [str(self.covariate), f"{self.least}-{self.everyone} events"]
        return "; ".join(parts + [f"beside {other}" for other in self.adjusted])


# Cohorts ------------------------------------------------------------------------------------------------------------


def draw(rng: np.random.Generator, question: Question, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return `size` cohorts, patients in the order of their times.

    Returns
    -------
    covariates : numpy array
        Cohort × patient × covariate, 0 or 1, the row's own covariate first.
    events : numpy array of bool
        Cohort × patient; False for a censored time.
    """
    n, covariates = question.everyone, (question.covariate, *question.adjusted)
    x = np.zeros((size, n, len(covariates)), dtype=np.int8)
    x[:, : question.covariate.exposed, 0] = 1
    for j, covariate in enumerate(question.adjusted, 1):
        # Exposed are those highest on a scale that goes with the row's own covariate more or less, either way.
        pull = rng.uniform(-PULL, PULL, (size, 1))
        scale = pull * (2 * x[:, :, 0] - 1) + rng.standard_normal((size, n))
        x[:, :, j] = np.argsort(np.argsort(-scale, axis=1), axis=1) < covariate.exposed
    beta = np.array([covariate.beta for covariate in covariates])
    times = rng.standard_exponential((size, n)) * np.exp(-(x @ beta))
    censored = n - rng.integers(question.least, n + 1, size)
    closing = rng.random((size, 1)) < 0.5
    rank = np.where(closing, times, rng.random((size, n)))
    is_last = np.argsort(np.argsort(-rank, axis=1), axis=1) < censored[:, None]
    times = np.where(is_last & ~closing, times * rng.random((size, n)), times)
    order = np.argsort(times, axis=1)
    return np.take_along_axis(x, order[:, :, None], axis=1), ~np.take_along_axis(is_last, order, axis=1)


def _at_risk(values: np.ndarray) -> np.ndarray:
    """Return, for each place in time, the sum over those still at risk."""
    return np.cumsum(values[:, ::-1], axis=1)[:, ::-1]


def score_and_information(
    exposed: np.ndarray, events: np.ndarray, beta: float | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return score and information of a single binary covariate at `beta`, cohort by cohort (no ties)."""
    at_risk = exposed.shape[1] - np.arange(exposed.shape[1])
    hazard = np.exp(np.asarray(beta, dtype=float)).reshape(-1, 1)
    weighted = _at_risk(exposed.astype(float))
    weighted, others = weighted * hazard, at_risk - weighted
    p = weighted / (weighted + others)
    return ((exposed - p) * events).sum(axis=1), (p * (1 - p) * events).sum(axis=1)


def fit_single(exposed: np.ndarray, events: np.ndarray, start: float, steps: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Return log hazard ratios and standard errors of a single binary covariate by Newton's method.

    Meant for cohorts whose estimate lies near `start`.
    """
    beta = np.full(len(exposed), start)
    for _ in range(steps):
        score, information = score_and_information(exposed, events, beta)
        beta += np.clip(score / information, -1, 1)
    return beta, 1 / np.sqrt(score_and_information(exposed, events, beta)[1])


def fit(x: np.ndarray, events: np.ndarray, start: np.ndarray, steps: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Return log hazard ratios and standard errors of several covariates (cohort × covariate) by Newton's method.

    Cohorts whose estimate is infinite or did not settle get NaN.
    """
    x = x.astype(float)
    beta = np.tile(np.asarray(start, dtype=float), (len(x), 1))
    ridge = 1e-9 * np.eye(x.shape[2])
    for _ in range(steps):
        score, information = _several(x, events, beta)
        step = np.linalg.solve(information + ridge, score[:, :, None])[:, :, 0]
        beta += np.clip(step, -1, 1)
    score, information = _several(x, events, beta)
    variance = np.linalg.inv(information + ridge)
    se = np.sqrt(np.abs(np.einsum("cjj->cj", variance)))
    settled = (np.abs(step) < 1e-6).all(axis=1, keepdims=True)
    return np.where(settled, beta, np.nan), np.where(settled, se, np.nan)


def _several(x: np.ndarray, events: np.ndarray, beta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    hazard = np.exp(np.einsum("cpj,cj->cp", x, beta))
    total = _at_risk(hazard)
    means = _at_risk(hazard[:, :, None] * x) / total[:, :, None]
    score = ((x - means) * events[:, :, None]).sum(axis=1)
    size = x.shape[2]
    information = np.empty((len(x), size, size))
    for j in range(size):
        for k in range(j + 1):
            products = _at_risk(hazard * x[:, :, j] * x[:, :, k]) / total - means[:, :, j] * means[:, :, k]
            information[:, j, k] = information[:, k, j] = (products * events).sum(axis=1)
    return score, information


# Answers ------------------------------------------------------------------------------------------------------------


def answer(question: Question, cohorts: int = COHORTS, seed: int = SEED) -> dict:
    """Simulate one row and return its stored record.

    Returns
    -------
    dict
        ``tried`` and ``kept`` cohorts; ``se``, quantiles of the standard error at :data:`PROBABILITIES`; for a single
        covariate also ``excess_z``, quantiles of |log-rank z| − |Wald z|, signed by the direction of the estimate.
    """
    rng = np.random.default_rng([seed, zlib.crc32(question.key.encode())])
    find = _kept_adjusted if question.adjusted else _kept_single
    found, tried, batch = [], 0, min(_BATCH, 10 * cohorts)
    while sum(len(f[0]) for f in found) < cohorts and tried < _MOST_TRIED:
        found.append(find(*draw(rng, question, batch), question))
        tried += batch
    columns = [np.concatenate(column)[:cohorts] for column in zip(*found, strict=True)]
    record = {"tried": tried, "kept": len(columns[0])}
    for name, column in zip(("se", "excess_z"), columns, strict=False):
        record[name] = [round(float(q), 4) for q in np.quantile(column, PROBABILITIES)]
    return record


def _kept_single(x: np.ndarray, events: np.ndarray, question: Question) -> tuple[np.ndarray, np.ndarray]:
    exposed, beta = x[:, :, 0], question.covariate.beta
    below = score_and_information(exposed, events, beta - WINDOW)[0]
    above = score_and_information(exposed, events, beta + WINDOW)[0]
    kept = (below > 0) & (above < 0)
    exposed, events = exposed[kept], events[kept]
    estimates, se = fit_single(exposed, events, beta, 4)
    score, information = score_and_information(exposed, events, 0.0)
    direction = np.where(beta < 0, -1, 1)
    return se, direction * (score / np.sqrt(information) - estimates / se)


def _kept_adjusted(x: np.ndarray, events: np.ndarray, question: Question) -> tuple[np.ndarray]:
    betas = np.array([c.beta for c in (question.covariate, *question.adjusted)])
    estimates, se = fit(x, events, betas)
    kept = np.abs(estimates[:, 0] - betas[0]) < WINDOW_ADJUSTED
    return (se[kept, 0],)


# Repeated medians ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Overlap:
    """Two groups of patients that overlap: how many are in both, only in the first, only in the second."""

    both: int
    first: int
    second: int
    median: str

    @property
    def key(self) -> str:
        """What was simulated, as stored."""
        return f"{self.both} in both, {self.first} and {self.second} in one; median {self.median}"


def repeat_chance(overlap: Overlap, cohorts: int = COHORTS, seed: int = SEED) -> dict:
    """Return how often two overlapping groups of one distribution print the same median and the same limits.

    Exponential times without censoring, whose median is the printed one; printed like it.

    Returns
    -------
    dict
        ``median``, the share of cohorts in which the medians print alike; ``triple``, by band, the share in which the
        limits do so as well.
    """
    rng = np.random.default_rng([seed, zlib.crc32(overlap.key.encode())])
    places = len(overlap.median.partition(".")[2])
    sizes = overlap.both + overlap.first + overlap.second
    times = rng.standard_exponential((cohorts, sizes)) * float(overlap.median) / np.log(2)
    first = np.sort(times[:, : overlap.both + overlap.first], axis=1)
    second = np.sort(np.delete(times, np.s_[overlap.both : overlap.both + overlap.first], axis=1), axis=1)
    groups = [(first, overlap.both + overlap.first), (second, overlap.both + overlap.second)]
    triples = {}
    for band in km.BANDS:
        ranks = [km.ranks(n, band) for _, n in groups]
        if all(r.exist for r in ranks):
            printed = [_printed(group, r, places) for (group, _), r in zip(groups, ranks, strict=True)]
            same = printed[0] == printed[1]
            triples[band] = round(float(same.all(axis=1).mean()), 5)
            medians = round(float(same[:, 1].mean()), 5)
    return {"cohorts": cohorts, "median": medians, "triple": triples}


def _printed(times: np.ndarray, ranks: km.Ranks, places: int) -> np.ndarray:
    lower, upper = times[:, ranks.lower - 1], times[:, ranks.upper - 1]
    median = (times[:, ranks.median[0] - 1] + times[:, ranks.median[1] - 1]) / 2
    return np.round(np.stack([lower, median, upper], axis=1), places)


# The command --------------------------------------------------------------------------------------------------------


def questions(registry: Registry) -> Iterator[tuple[Modelled, Question]]:
    """Yield every row that the joint search used and whose groups' sizes are printed, with what to simulate for it."""
    for search in joints(registry).values():
        for row in search.rows:
            made = question(row, search)
            if made:
                yield row, made


def question(row: Modelled, search: Joint) -> Question | None:
    """Return what is to be simulated for a row of a joint search.

    None when no number of events allows all rows, the row prints no hazard ratio, or its groups are not known or
    leave patients out.
    """
    everyone = sum(search.patients)
    if search.least is None or not _is_whole(row, everyone):
        return None
    model = _model(search, row.row.table) if row.adjusted else {}
    others = tuple(covariate for key, covariate in model.items() if key != row.row.key)
    return Question(_covariate(row), search.least, others)


def _model(search: Joint, table: str) -> dict[str, Covariate]:
    """Return the covariates of a table's multivariable model, by the keys of their rows; made once for each search."""
    if table not in search.models:
        adjusted = [row for row in search.rows if row.adjusted and row.row.table == table]
        fit = [row for row in adjusted if _is_whole(row, sum(search.patients))]
        search.models[table] = {row.row.key: _covariate(row) for row in fit}
    return search.models[table]


def _is_whole(row: Modelled, everyone: int) -> bool:
    return bool(row.groups) and sum(row.groups) == everyone and "hr" in row.row.values


def _covariate(row: Modelled) -> Covariate:
    return Covariate(*row.groups, row.row.values["hr"].printed)


def overlaps(registry: Registry) -> Iterator[tuple[Median, Median, Overlap | None]]:
    """Yield the pairs of groups of one endpoint that print the same median with the same limits, and their overlap.

    The overlap is None when the paper does not print how many patients are in both.
    """
    medians = registry.layout.medians
    for i, first in enumerate(medians):
        for second in medians[i + 1 :]:
            if first.endpoint == second.endpoint and _texts(registry, first) == _texts(registry, second):
                yield first, second, _overlap(registry, first, second)


def _texts(registry: Registry, median: Median) -> list[str]:
    return [registry[i].printed for i in (median.lower, median.median, median.upper)]


def _overlap(registry: Registry, first: Median, second: Median) -> Overlap | None:
    arms = registry.layout.paper.arms
    arm, other = (first, second) if first.group in arms else (second, first)
    stratum = registry.layout.groups[other.group]
    if arm.group not in arms or not stratum.variable:
        return None
    size = registry.size(arm.group)
    both, everywhere = (registry.level_count(stratum.variable, stratum.levels, a) for a in (arm.group, None))
    if None in (size, both, everywhere):
        return None
    return Overlap(both, size - both, everywhere - both, registry[first.median].printed)


@cache
def stored(path: Path = STORED) -> dict:
    """Return the stored simulation, ``ranges`` by question and ``repeats`` by overlap; both empty without the file."""
    if not path.is_file():
        return {"ranges": {}, "repeats": {}}
    return json.loads(path.read_text(encoding="utf-8"))


def simulate(registry: Registry, cohorts: int = COHORTS, seed: int = SEED) -> dict:
    """Return the whole stored file for a paper: each row as labelled and, unadjusted, with its groups exchanged."""
    wanted: dict[str, Question] = {}
    for _, asked in questions(registry):
        for one in (asked,) if asked.adjusted else (asked, asked.reversed):
            wanted[one.key] = one
    pairs = {overlap.key: overlap for _, _, overlap in overlaps(registry) if overlap}
    with click.progressbar(wanted.items(), label="simulating cohorts", file=sys.stderr) as shown:
        ranges = {key: answer(one, cohorts, seed) for key, one in shown}
    return {
        "about": "standard errors and log-rank statistics of simulated cohorts, by what was simulated",
        "made_by": "python -m secondlook.trials.standard_errors",
        "seed": seed,
        "probabilities": list(PROBABILITIES),
        "window": {"single": WINDOW, "adjusted": WINDOW_ADJUSTED},
        "ranges": ranges,
        "repeats": {key: repeat_chance(pair, cohorts, seed) for key, pair in pairs.items()},
    }


@click.command()
@click.option(
    "--published",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT / "data" / "published",
    help="Data folder.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=STORED, help="File to write.")
@click.option(
    "--cohorts", type=click.IntRange(min=100), default=COHORTS, show_default=True, help="Kept cohorts per row."
)
@click.option("--seed", type=click.IntRange(min=0), default=SEED, show_default=True)
def main(published: Path, out: Path, cohorts: int, seed: int) -> None:
    """Simulate the standard errors that the rows of a paper can have, and store their ranges."""
    if hasattr(os, "nice"):
        os.nice(10)
    found = simulate(load(published), cohorts, seed)
    write_whole(out, json.dumps(found, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
