"""Cox models of several covariates for many small studies at once: plain, with Firth's penalty, or shrunk by a ridge.

Patients of a study stand in the order of their times. Times are without ties; a patient who counts twice (a bootstrap)
has weight 2, which is Breslow's method for ties.
"""

from __future__ import annotations

import numpy as np

_STEPS = 30
#: A log hazard ratio beyond this stands for one that does not exist.
_INFINITE = 8.0


def fit(
    x: np.ndarray,
    events: np.ndarray,
    weights: np.ndarray | None = None,
    firth: bool = False,
    ridge: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Return log hazard ratios and standard errors, study × covariate; NaN for a study without a finite estimate.

    Parameters
    ----------
    x : numpy array
        Study × patient × covariate, patients in the order of their times. A column of zeros gives the estimate 0: so
        studies with different chosen covariates are fitted together.
    events : numpy array of bool
        Study × patient.
    weights : numpy array, optional
        Study × patient, whole numbers from 0.
    firth : bool
        Add half the log determinant of the information to the log-likelihood; every column must vary
        (Heinze & Schemper, Biometrics 2001;57:114).
    ridge : float
        Take ridge/2 times the sum of squared coefficients from the log-likelihood.
    """
    x = np.asarray(x, dtype=float)
    amounts = np.ones(x.shape[:2]) if weights is None else weights.astype(float)
    events = events * amounts
    beta = np.zeros((len(x), x.shape[2]))
    hold = 1e-9 * np.eye(x.shape[2])
    step = np.full_like(beta, np.inf)
    going = np.arange(len(x))  # studies that have not converged yet: most need few steps
    for _ in range(_STEPS):
        score, information = _derivatives(x[going], events[going], amounts[going], beta[going], firth)
        score = score - ridge * beta[going]
        step[going] = np.linalg.solve(information + ridge * np.eye(x.shape[2]) + hold, score[:, :, None])[:, :, 0]
        beta[going] = np.clip(beta[going] + np.clip(step[going], -1, 1), -2 * _INFINITE, 2 * _INFINITE)
        going = going[np.abs(step[going]).max(axis=1) >= 1e-8]
        if not going.size:
            break
    _, information = _derivatives(x, events, amounts, beta, False)
    variance = np.linalg.inv(information + ridge * np.eye(x.shape[2]) + hold)
    se = np.sqrt(np.abs(np.einsum("sjj->sj", variance)))
    found = ((np.abs(step) < 1e-5) & (np.abs(beta) < _INFINITE)).all(axis=1, keepdims=True)
    return np.where(found, beta, np.nan), np.where(found, se, np.nan)


def _at_risk(values: np.ndarray) -> np.ndarray:
    """Sum over everyone whose time is not earlier."""
    return np.cumsum(values[:, ::-1], axis=1)[:, ::-1]


def _derivatives(
    x: np.ndarray, events: np.ndarray, amounts: np.ndarray, beta: np.ndarray, firth: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return score and information; with `firth` the score has its correction, ½ tr(I⁻¹ ∂I/∂β)."""
    hazard = np.exp(np.einsum("spj,sj->sp", x, beta)) * amounts
    total = np.maximum(_at_risk(hazard), 1e-300)
    first = _at_risk(hazard[:, :, None] * x) / total[:, :, None]
    # The sum over events of the second moments: each patient counts in every risk set up to his or her own time.
    often = hazard * np.cumsum(events / total, axis=1)
    seen = first * np.sqrt(events)[:, :, None]
    information = np.swapaxes(x, 1, 2) @ (x * often[:, :, None]) - np.swapaxes(seen, 1, 2) @ seen
    score = np.einsum("sp,spj->sj", events, x - first)
    if firth:
        inverse = np.linalg.inv(information + 1e-12 * np.eye(x.shape[2]))
        score = score + _correction(x, events, hazard, total, first, inverse)
    return score, information


def _correction(x, events, hazard, total, first, inverse) -> np.ndarray:
    """Return ½ Σ_jk I⁻¹_jk ∂I_jk/∂β_r: the inverse against the third central moments of each risk set.

    With q = x'I⁻¹x the third moment contracted with I⁻¹ is cov(q, x_r) − 2·Σ_jk mean_j I⁻¹_jk cov(x_k, x_r).
    """
    second = _at_risk(hazard[:, :, None, None] * x[:, :, :, None] * x[:, :, None, :]) / total[:, :, None, None]
    spread = second - first[:, :, :, None] * first[:, :, None, :]
    quadratic = np.einsum("spj,sjk,spk->sp", x, inverse, x)
    mean = _at_risk(hazard * quadratic) / total
    together = _at_risk((hazard * quadratic)[:, :, None] * x) / total[:, :, None] - mean[:, :, None] * first
    pulled = np.einsum("spj,sjk,spkr->spr", first, inverse, spread)
    return np.einsum("sp,spr->sr", events, together - 2 * pulled) / 2


def concordance(risk: np.ndarray, events: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Return Harrell's C of each study: of pairs whose order is known, how often the higher risk has its event first.

    Parameters
    ----------
    risk : numpy array
        Study × patient, patients in the order of their times; equal risks count one half.
    events, weights : numpy array
        As for :func:`fit`.
    """
    amounts = np.ones(risk.shape) if weights is None else weights.astype(float)
    right, pairs = np.zeros(len(risk)), np.zeros(len(risk))
    for k in range(risk.shape[1] - 1):
        count = (events[:, k] * amounts[:, k])[:, None] * amounts[:, k + 1 :]
        difference = risk[:, k : k + 1] - risk[:, k + 1 :]
        right += (count * ((difference > 1e-12) + 0.5 * (np.abs(difference) <= 1e-12))).sum(axis=1)
        pairs += count.sum(axis=1)
    return right / pairs
