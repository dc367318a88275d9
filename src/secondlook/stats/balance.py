"""Balance between two groups that were not drawn by lot: standardised differences, propensities, weights."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from secondlook.stats import inputs

#: Newton's steps; a coefficient beyond _INFINITE means that a covariate divides the arms.
_STEPS, _INFINITE = 25, 8.0


def standardised_difference(first: Sequence[int], second: Sequence[int]) -> float:
    """Return by how many standard deviations two groups differ in a characteristic of any number of levels.

    With two levels the signed difference of the shares of the first level (Austin, Stat Med 2009;28:3083); with more,
    without a sign, the Mahalanobis distance of the shares (Yang & Dalton, SAS Global Forum 2012, paper 335).

    Parameters
    ----------
    first, second : sequence of int
        Patients of each group with each level. NaN when no level varies.

    Raises
    ------
    ValueError
        When they are no whole counts of the same levels, two at least, or a group has nobody.
    """
    first, second = inputs.pairs_of("patients by level", first, second)
    if len(first) < 2 or not sum(first) or not sum(second):
        raise ValueError("two groups of at least one patient and two levels are needed")
    p, q = (np.asarray(counts, dtype=float) / sum(counts) for counts in (first, second))
    if len(p) == 2:
        spread = (p[0] * p[1] + q[0] * q[1]) / 2
        return float((p[0] - q[0]) / math.sqrt(spread)) if spread else math.nan
    p, q = p[1:], q[1:]
    spread = (np.diag(p + q) - np.outer(p, p) - np.outer(q, q)) / 2
    return float(math.sqrt((p - q) @ np.linalg.pinv(spread) @ (p - q)))


def by_lot(first: int, second: int, limit: float) -> float:
    """Return how often chance alone puts a standardised difference beyond ±`limit` when the groups are drawn by lot.

    The difference of two means is then near to normal, with variance 1/first + 1/second in standard deviations.

    Parameters
    ----------
    first, second : int
        Patients of each group.
    limit : float
        In standard deviations, from 0.
    """
    first, second = (inputs.count("patients", n, 1) for n in (first, second))
    return math.erfc(limit / math.sqrt(1 / first + 1 / second) / math.sqrt(2))


def confounding(first: float, second: float, ratio: float) -> float:
    """Return by what factor an imbalance in one binary cause multiplies a hazard ratio of 1.

    Source: Bross, J Chronic Dis 1966;19:637, for risks; for hazards it holds at the beginning of follow-up.

    Parameters
    ----------
    first, second : float
        Share with the cause in the group above and below the line.
    ratio : float
        What the cause does to the hazard.
    """
    for share in (first, second):
        if not 0 <= share <= 1:
            raise ValueError(f"a share lies between 0 and 1, not {share!r}")
    ratio = inputs.positive("ratio", ratio)
    return (1 + first * (ratio - 1)) / (1 + second * (ratio - 1))


def propensities(x: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Return each patient's fitted chance of treatment by logistic regression, for many studies at once.

    Parameters
    ----------
    x : numpy array
        Study × patient × covariate; an intercept is added.
    treated : numpy array of bool
        Study × patient.

    Returns
    -------
    numpy array
        Study × patient; NaN for a study in which some covariates tell the arms apart without fail.

    Raises
    ------
    ValueError
        When covariates are not finite, or `treated` is not False and True (or 0 and 1) for each study and patient.
    """
    x, treated, *_ = inputs.studies(x, treated)
    design = np.concatenate([np.ones((*x.shape[:2], 1)), x], axis=2)
    beta = np.zeros((len(x), design.shape[2]))
    ridge = 1e-9 * np.eye(design.shape[2])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.einsum("spj,sj->sp", design, beta)))
        score = np.einsum("spj,sp->sj", design, treated - chance)
        weighted = design * (chance * (1 - chance))[:, :, None]
        information = np.swapaxes(design, 1, 2) @ weighted + ridge
        step = np.linalg.solve(information, score[:, :, None])[:, :, 0]
        beta = beta + np.clip(step, -1, 1)
    chance = 1 / (1 + np.exp(-np.einsum("spj,sj->sp", design, beta)))
    found = (np.abs(beta) < _INFINITE).all(axis=1) & (np.abs(step) < 1e-6).all(axis=1)
    return np.where(found[:, None], chance, np.nan)


def weights(chance: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Return stabilised inverse-probability weights: the share of the arm over the chance of having been in it.

    Robins, Hernán & Brumback, Epidemiology 2000;11:550.

    Parameters
    ----------
    chance : numpy array
        Study × patient: of having been treated; NaN gives NaN.
    treated : numpy array of bool
        Study × patient.
    """
    chance = inputs.numbers("chance", chance)
    treated = inputs.flags("treated", treated, chance.shape)
    share = treated.mean(axis=1, keepdims=True)
    return np.where(treated, share / chance, (1 - share) / (1 - chance))


def effective_size(amounts: np.ndarray) -> np.ndarray:
    """Return how many unweighted patients the weighted ones are worth, study by study (Kish, Survey Sampling, 1965)."""
    return amounts.sum(axis=1) ** 2 / (amounts**2).sum(axis=1)
