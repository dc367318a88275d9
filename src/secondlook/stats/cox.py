"""Cox models and log-rank tests of one small data set, ties included.

The checks never fit a model; these are for simulated patients, where a whole paper's tables are computed from scratch.
Ties are taken by Efron's method (J Am Stat Assoc 1977;72:557-565), the default of R and lifelines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtr, ndtri

#: Newton's method stops when no coefficient moves by more than this, and gives up after so many steps.
_SETTLED, _STEPS = 1e-10, 60
#: A log hazard ratio beyond this stands for one that does not exist: a group without events, or separated times.
_INFINITE = 12.0


class NoFitError(ValueError):
    """The partial likelihood has no maximum at finite coefficients."""


@dataclass(frozen=True)
class Fit:
    """Log hazard ratios with their standard errors (inverse observed information)."""

    beta: np.ndarray
    se: np.ndarray

    def ratios(self, level: float = 0.95) -> list[tuple[float, float, float, float]]:
        """Return (hazard ratio, lower limit, upper limit, two-sided Wald p) of each covariate."""
        reach = float(ndtri((1 + level) / 2)) * self.se
        columns = (np.exp(self.beta), np.exp(self.beta - reach), np.exp(self.beta + reach))
        p = 2 * ndtr(-np.abs(self.beta) / self.se)
        return [tuple(map(float, row)) for row in zip(*columns, p, strict=True)]


def fit(x: np.ndarray, times: np.ndarray, events: np.ndarray) -> Fit:
    """Fit a Cox model by Newton's method, ties by Efron's.

    Parameters
    ----------
    x : numpy array
        Patient × covariate.
    times : numpy array
        Times to the event or to censoring; at equal times events come first.
    events : numpy array of bool
        False for a censored time.

    Raises
    ------
    NoFitError
        When an estimate is infinite or Newton's method does not settle.
    """
    x = np.asarray(x, dtype=float)
    risk, observed = _risk_sets(times, events), x[events].sum(axis=0)
    beta = _estimate(x, risk, observed)
    information = _score_and_information(x, risk, observed, beta)[1]
    return Fit(beta, np.sqrt(np.diag(np.linalg.inv(information))))


def _estimate(x: np.ndarray, risk: np.ndarray, observed: np.ndarray) -> np.ndarray:
    beta = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        score, information = _score_and_information(x, risk, observed, beta)
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError as error:
            raise NoFitError("the information is singular") from error
        beta = beta + np.clip(step, -1, 1)
        if np.abs(step).max() < _SETTLED:
            return beta
        if np.abs(beta).max() > _INFINITE:
            break
    raise NoFitError("no finite maximum was found")


def _risk_sets(times: np.ndarray, events: np.ndarray) -> np.ndarray:
    """Return event × patient: the part with which each patient is at risk; of d tied events the l-th counts 1 − l/d."""
    rows = []
    for time in np.unique(times[events]):
        at_risk, tied = (times >= time).astype(float), events & (times == time)
        deaths = int(tied.sum())
        rows += [at_risk - number / deaths * tied for number in range(deaths)]
    return np.array(rows)


def _score_and_information(
    x: np.ndarray, risk: np.ndarray, observed: np.ndarray, beta: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    hazard = np.exp(x @ beta)
    weights = risk * hazard
    weights /= weights.sum(axis=1, keepdims=True)
    means = weights @ x
    return observed - means.sum(axis=0), (x * weights.sum(axis=0)[:, None]).T @ x - means.T @ means


def log_rank(groups: np.ndarray, times: np.ndarray, events: np.ndarray) -> float:
    """Return the p value of the log-rank test (Mantel's, hypergeometric variance).

    Parameters
    ----------
    groups : numpy array
        Each patient's group, two or more.
    times, events : numpy array
        As for :func:`fit`.
    """
    member = groups[:, None] == np.unique(groups)[:-1]
    size = member.shape[1]
    excess, variance = np.zeros(size), np.zeros((size, size))
    for time in np.unique(times[events]):
        at_risk, tied = times >= time, events & (times == time)
        n, deaths = at_risk.sum(), tied.sum()
        share = member[at_risk].mean(axis=0)
        excess += member[tied].sum(axis=0) - deaths * share
        if n > 1:
            variance += deaths * (n - deaths) / (n - 1) * (np.diag(share) - np.outer(share, share))
    return float(chdtrc(size, excess @ np.linalg.solve(variance, excess)))
