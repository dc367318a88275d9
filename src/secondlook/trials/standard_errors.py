"""Simulated cohorts: which standard error, and which log-rank statistic, a printed hazard ratio can have at this size.

A cohort has the printed group sizes and exponential times whose hazards differ by the printed ratio. Its number of
events is drawn evenly from what the paper leaves possible; those without an event are in half of the cohorts the
longest lived (a common closing date), in the others any patients, censored at a random part of their time. Only
cohorts whose *fitted* hazard ratio lies beside the printed one are kept, for the standard error depends on it.

The simulation runs once, by ``python -m secondlook.trials.standard_errors``, and is stored with its seed in the folder
of the paper, where checks look its results up (:mod:`secondlook.checks.simulated`).
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np

from secondlook.checks.simulated import PROBABILITIES, Overlap, Question, overlaps, question
from secondlook.paper.event_counts import Modelled, joints
from secondlook.paper.registry import Registry, load
from secondlook.paper.simulated_ranges import FILE
from secondlook.stats import cox_batch, km
from secondlook.writing import write_whole

SEED = 20230801
COHORTS = 10_000
#: A kept cohort's fitted log hazard ratio lies within this distance of the printed one.
WINDOW = 0.02
#: The same for a model of several covariates, whose fit costs more.
WINDOW_ADJUSTED = 0.05
#: The other covariates of a model lean towards its own by up to this much (correlations up to about ±0.4).
PULL = 0.5
_BATCH = 10_000
_MOST_TRIED = 2_000_000


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
    exposed, beta = x[:, :, :1], question.covariate.beta
    below, above = (cox_batch.score_and_information(exposed, events, end)[0] for end in (beta - WINDOW, beta + WINDOW))
    kept = (below[:, 0] > 0) & (above[:, 0] < 0)
    exposed, events = exposed[kept], events[kept]
    estimates, se = cox_batch.fit(exposed, events, start=[beta])
    score, information = cox_batch.score_and_information(exposed, events, 0.0)
    direction = np.where(beta < 0, -1, 1)
    return se[:, 0], direction * (score / np.sqrt(information[:, :, 0]) - estimates / se)[:, 0]


def _kept_adjusted(x: np.ndarray, events: np.ndarray, question: Question) -> tuple[np.ndarray]:
    betas = np.array([c.beta for c in (question.covariate, *question.adjusted)])
    estimates, se = cox_batch.fit(x, events, start=betas)
    kept = np.abs(estimates[:, 0] - betas[0]) < WINDOW_ADJUSTED
    return (se[kept, 0],)


# Repeated medians ---------------------------------------------------------------------------------------------------


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
    default=Path("data/published"),
    show_default=True,
    help="Data folder.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=None, help="File to write; in the folder if none."
)
@click.option(
    "--cohorts", type=click.IntRange(min=100), default=COHORTS, show_default=True, help="Kept cohorts per row."
)
@click.option("--seed", type=click.IntRange(min=0), default=SEED, show_default=True)
def main(published: Path, out: Path | None, cohorts: int, seed: int) -> None:
    """Simulate the standard errors that the rows of a paper can have, and store their ranges beside the paper."""
    if hasattr(os, "nice"):
        os.nice(10)
    found = simulate(load(published), cohorts, seed)
    write_whole(out or published / FILE, json.dumps(found, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
