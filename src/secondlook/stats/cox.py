"""Cox models and log-rank tests of one small data set, ties included.

The checks never fit a model; these are for simulated patients, where a whole paper's tables are computed from scratch.
Ties are taken by Efron's method (J Am Stat Assoc 1977;72:557-565), the default of R and lifelines, or by Breslow's
(Biometrics 1974;30:89-99), the one of SPSS. Many studies at once: :mod:`.cox_batch`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtr, ndtri

from secondlook.stats import inputs

#: Newton's method stops when no coefficient moves by more than this part of its mean deviation, and gives up after so
#: many steps.
_SETTLED, _STEPS = 1e-10, 100
#: When the log hazards of two patients are further apart than this, the likelihood has no maximum: it keeps rising.
_INFINITE = 60.0
#: What R's coxph takes for a covariate that the others determine: so small a share of its information is its own.
SINGULAR = float(np.finfo(float).eps ** 0.75)


class NoFitError(ValueError):
    """The partial likelihood has no single maximum at finite coefficients."""


class NoTestError(ValueError):
    """The log-rank statistic does not exist: nothing could have turned out otherwise."""


@dataclass(frozen=True)
class CoxFit:
    """Log hazard ratios with their standard errors (inverse observed information)."""

    beta: np.ndarray
    se: np.ndarray

    def ratios(self, level: float = 0.95) -> list[tuple[float, float, float, float]]:
        """Return (hazard ratio, lower limit, upper limit, two-sided Wald p) of each covariate."""
        reach = float(ndtri((1 + level) / 2)) * self.se
        columns = (np.exp(self.beta), np.exp(self.beta - reach), np.exp(self.beta + reach))
        p = 2 * ndtr(-np.abs(self.beta) / self.se)
        return [tuple(map(float, row)) for row in zip(*columns, p, strict=True)]


def fit(x: np.ndarray, times: np.ndarray, events: np.ndarray, ties: str = "efron") -> CoxFit:
    """Fit a Cox model by Newton's method.

    Parameters
    ----------
    x : numpy array
        Patient × covariate, in any unit.
    times : numpy array
        Times to the event or to censoring, finite, from 0; at equal times events come first. Times that differ by a
        rounding error only are equal (:func:`secondlook.stats.inputs.settle`).
    events : numpy array of bool, or of 0 and 1
        False or 0 for a censored time.
    ties : str
        ``efron`` or ``breslow``.

    Raises
    ------
    ValueError
        When the input is not of this kind.
    NoFitError
        When nobody has the event, a covariate is constant among those at risk or a combination of those before it (R
        prints NA for its ratio), an estimate is infinite, or Newton's method does not settle.
    """
    if ties not in ("efron", "breslow"):
        raise ValueError(f"ties are taken by efron or breslow, not by {ties!r}")
    times, events = inputs.survival(times, events)
    x = inputs.covariates(x, len(times))
    if not events.any():
        raise NoFitError("nobody has the event")
    # Of a constant column a rounding error of its mean would be left.
    x = np.where(np.ptp(x, axis=0) > 0, x - x.mean(axis=0), 0.0)
    spread = np.abs(x).mean(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    x = x / spread
    risk, observed = _risk_sets(times, events, ties == "efron"), x[events].sum(axis=0)
    beta, information = _estimate(x, risk, observed)
    return CoxFit(beta / spread, np.sqrt(np.diag(np.linalg.inv(information))) / spread)


def _estimate(x: np.ndarray, risk: np.ndarray, observed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the coefficients at the maximum and the information there; a step that leads down is halved, as in R."""
    beta = np.zeros(x.shape[1])
    height, score, information = _likelihood(x, risk, observed, beta)
    _refuse_singular(information)
    for _ in range(_STEPS):
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError as error:
            raise NoFitError("no finite maximum was found") from error
        before, part = height, 1.0
        while part > _SETTLED:
            height, score, information = _likelihood(x, risk, observed, beta + part * step)
            if height >= before - _SETTLED * abs(before):
                break
            part /= 2
        beta = beta + part * step
        if np.abs(step).max() < _SETTLED:
            _refuse_singular(information)
            return beta, information
        if np.ptp(x @ beta) > _INFINITE:
            break
    raise NoFitError("no finite maximum was found")


def _refuse_singular(information: np.ndarray) -> None:
    """Raise NoFitError when too little of a covariate's information is left beside those before it (R's rule)."""
    left = information.copy()
    for j in range(len(left)):
        if not left[j, j] > SINGULAR * np.diag(information).max():
            raise NoFitError(f"covariate {j + 1} is constant among those at risk, or a combination of those before it")
        left[j + 1 :, j + 1 :] -= np.outer(left[j + 1 :, j], left[j, j + 1 :]) / left[j, j]


def _risk_sets(times: np.ndarray, events: np.ndarray, efron: bool) -> np.ndarray:
    """Return event × patient: the part with which each patient is at risk.

    By Efron's method, of d tied events the l-th (from 0) counts 1 − l/d; by Breslow's everyone counts wholly.
    """
    rows = []
    for time in np.unique(times[events]):
        at_risk, tied = (times >= time).astype(float), events & (times == time)
        deaths = int(tied.sum())
        rows += [at_risk - efron * number / deaths * tied for number in range(deaths)]
    return np.array(rows)


def _likelihood(
    x: np.ndarray, risk: np.ndarray, observed: np.ndarray, beta: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the log partial likelihood, its score and its information."""
    log_hazard = x @ beta
    top = log_hazard.max()
    weights = risk * np.exp(log_hazard - top)
    total = np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
    weights /= total
    means = weights @ x
    height = float(observed @ beta - np.log(total).sum() - len(risk) * top)
    return height, observed - means.sum(axis=0), (x * weights.sum(axis=0)[:, None]).T @ x - means.T @ means


def log_rank(groups: np.ndarray, times: np.ndarray, events: np.ndarray) -> float:
    """Return the p value of the log-rank test (Mantel, Cancer Chemother Rep 1966;50:163), hypergeometric variance.

    As R's survdiff: a group of whom nobody is at risk at any event takes no part, and p is 1 when one group is left.

    Parameters
    ----------
    groups : numpy array
        Each patient's group, two or more.
    times, events : numpy array
        As for :func:`fit`.

    Raises
    ------
    ValueError
        When the input is not of this kind, or all patients are in one group.
    NoTestError
        When nobody has the event, or all at risk have it at once, so that the statistic has no variance.
    """
    times, events = inputs.survival(times, events)
    groups = inputs.groups(groups, len(times))
    if not events.any():
        raise NoTestError("nobody has the event")
    at_risk_once = np.isin(groups, np.unique(groups[times >= times[events].min()]))
    if len(np.unique(groups[at_risk_once])) < 2:
        return 1.0
    excess, variance = _excess(groups[at_risk_once], times[at_risk_once], events[at_risk_once])
    own = np.diag(variance)
    if not (own > 0).all() or np.linalg.cond(variance / np.sqrt(np.outer(own, own))) > 1 / SINGULAR:
        raise NoTestError("all who are at risk have the event at once: the log-rank statistic has no variance")
    return float(chdtrc(len(excess), excess @ np.linalg.solve(variance, excess)))


def _excess(groups: np.ndarray, times: np.ndarray, events: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return observed less expected events of all groups but the last, and their covariances."""
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
    return excess, variance
