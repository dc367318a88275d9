"""Cox models of many small studies at once: weights, late entry, covariates that differ by study, penalties.

One array for each quantity, study × patient. The maximum of the partial likelihood is found by Newton's method for
all studies together (Cox, J R Stat Soc B 1972;34:187). Tied times are taken by Breslow's method (Biometrics
1974;30:89), under which a patient of weight 2 is a patient twice. One data set with Efron's ties: :mod:`.cox`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from secondlook.stats import inputs
from secondlook.stats.cox import SINGULAR

_STEPS = 30
#: Newton's method ends for a study at the first step; one whose last step is beyond the second has no maximum.
_CONVERGED, _SMALL = 1e-8, 1e-5
#: A log hazard ratio beyond this, for a unit of its covariate, stands for one that does not exist.
_INFINITE = 8.0


def fit(
    x: np.ndarray,
    events: np.ndarray,
    weights: np.ndarray | None = None,
    *,
    times: np.ndarray | None = None,
    entry: np.ndarray | float | None = None,
    chosen: np.ndarray | None = None,
    firth: bool = False,
    ridge: float = 0.0,
    start: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return log hazard ratios and their model-based standard errors, study × covariate.

    Parameters
    ----------
    x : numpy array
        Study × patient × covariate.
    events : numpy array of bool, or of 0 and 1
        Study × patient.
    weights : numpy array, optional
        Study × patient, from 0: what each patient counts for. Unless the weights count equal patients, the standard
        errors are not to be used.
    times : numpy array, optional
        Study × patient, from 0; NaN for a patient who is not in a study. Without them patients stand in the order of
        their times, none tied.
    entry : numpy array or float, optional
        When patients come under observation: they are at risk only after that (left truncation), and whoever would
        come after his or her own time is not in the study. Needs `times`.
    chosen : numpy array of bool, optional
        Study × covariate: which covariates are in a study's model. Others have the log hazard ratio 0 and the standard
        error NaN.
    firth : bool
        Add half the log determinant of the information to the log-likelihood (Heinze & Schemper, Biometrics
        2001;57:114). Every study's model then has all covariates.
    ridge : float
        Take ridge/2 times the sum of squared coefficients from the log-likelihood (Verweij & van Houwelingen, Stat Med
        1994;13:2427).
    start : numpy array, optional
        Log hazard ratios from which Newton's method starts, for each covariate; 0 otherwise.

    Returns
    -------
    beta, se : numpy array, numpy array
        NaN for a study whose estimates are not all finite (within ±8 for a unit of a covariate, or for about a mean
        deviation of one that is larger), or not determined: no event, a covariate that does not vary among those at
        risk or is a combination of others.

    Raises
    ------
    ValueError
        When the input is not of this kind (:func:`secondlook.stats.inputs.studies`).
    """
    if entry is not None and times is None:
        raise ValueError("entry needs times")
    if firth and chosen is not None:
        raise ValueError("Firth's penalty is for models with all covariates")
    if not 0 <= ridge < np.inf:
        raise ValueError(f"ridge must be finite and not negative, not {ridge!r}")
    x, *others = inputs.studies(x, events, times, entry, weights)
    centre, unit = _units(x)
    data = _prepared((x - centre) / unit, *others)
    taken = np.ones((len(data.x), data.x.shape[2]), dtype=bool)
    if chosen is not None:
        taken = inputs.flags("chosen", chosen, taken.shape)
        data = _Studies(data.x * taken[:, None, :], data.events, data.amounts, data.risk)
    beta = np.zeros(taken.shape) if start is None else np.where(taken, inputs.numbers("start", start) * unit, 0.0)
    penalty = ridge / unit**2
    beta, found = _newton(data, beta, taken, firth, penalty)
    se, found = _standard_errors(data, beta, taken, penalty, found)
    found = found[:, None]
    return np.where(found, beta / unit, np.nan), np.where(found & taken, se / unit, np.nan)


def _units(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the centre and the unit, a power of two, in which each covariate is fitted; 0 and 1 if it is not large.

    Days or counts in the thousands would overflow; what is about of unit size, as 0 and 1 are, is left as it is.
    """
    mean = x.mean(axis=(0, 1)) if x.size else np.zeros(x.shape[2])
    spread = np.abs(x - mean).mean(axis=(0, 1)) if x.size else np.ones(x.shape[2])
    unit = np.exp2(np.maximum(np.round(np.log2(np.maximum(spread, 1.0))), 0.0))
    far = (unit > 1) | (np.abs(mean) > 100)
    return np.where(far, mean, 0.0), unit


def binary(
    times: np.ndarray,
    events: np.ndarray,
    exposed: np.ndarray,
    entry: np.ndarray | float | None = None,
    weights: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return each study's log hazard ratio of one covariate and its standard error: :func:`fit` for a single column.

    Parameters
    ----------
    times, events, entry, weights : numpy array
        As for :func:`fit`, study × patient.
    exposed : numpy array
        Study × patient: the covariate, usually False and True.

    Returns
    -------
    beta, se : numpy array, numpy array
        One for each study; NaN where there is no finite estimate.
    """
    column = inputs.numbers("exposed", exposed)
    beta, se = fit(column[..., None], events, weights, times=times, entry=entry)
    return beta[:, 0], se[:, 0]


def score_and_information(x: np.ndarray, events: np.ndarray, beta: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    """Return the score (study × covariate) and the information (study × covariate × covariate) at `beta`.

    Parameters
    ----------
    x, events : numpy array
        As for :func:`fit`; patients in the order of their times, none tied.
    beta : numpy array or float
        Log hazard ratios: one for all, one for each covariate, or study × covariate.
    """
    data = _prepared(*inputs.studies(x, events))
    at = inputs.numbers("beta", beta)
    return _derivatives(data, np.broadcast_to(at, (len(data.x), data.x.shape[2])), False)


def concordance(risk: np.ndarray, events: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Return Harrell's C of each study: of pairs whose order is known, how often the higher risk has its event first.

    Harrell, Lee & Mark, Stat Med 1996;15:361.

    Parameters
    ----------
    risk : numpy array
        Study × patient, patients in the order of their times, none tied; equal risks count one half.
    events, weights : numpy array
        As for :func:`fit`.

    Returns
    -------
    numpy array
        Between 0 and 1; NaN for a study without a pair whose order is known.
    """
    column, events, _, _, amounts = inputs.studies(inputs.numbers("risk", risk)[..., None], events, weights=weights)
    risk = column[:, :, 0]
    right, pairs = np.zeros(len(risk)), np.zeros(len(risk))
    for k in range(risk.shape[1] - 1):
        count = (events[:, k] * amounts[:, k])[:, None] * amounts[:, k + 1 :]
        difference = risk[:, k : k + 1] - risk[:, k + 1 :]
        right += (count * ((difference > 1e-12) + 0.5 * (np.abs(difference) <= 1e-12))).sum(axis=1)
        pairs += count.sum(axis=1)
    return np.divide(right, pairs, out=np.full(len(risk), np.nan), where=pairs > 0)


# Who is at risk -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _RiskSets:
    """Who is at risk at each patient's time, patients in the order of their times.

    Without ties and late entries everything is None: everyone from a place on. Otherwise, for each place: how many
    times are earlier and how many are not later, the order of entries, how many entries are earlier, and how many
    times are not later than the patient's entry.
    """

    earlier: np.ndarray | None = None
    until: np.ndarray | None = None
    by_entry: np.ndarray | None = None
    entered: np.ndarray | None = None
    before_entry: np.ndarray | None = None

    def of(self, which: np.ndarray) -> _RiskSets:
        """Return those of some studies."""
        parts = (self.earlier, self.until, self.by_entry, self.entered, self.before_entry)
        return _RiskSets(*(part if part is None else part[which] for part in parts))

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Return the sum over those at risk at each patient's time."""
        from_here = np.cumsum(values[:, ::-1], axis=1)[:, ::-1]
        if self.earlier is None:
            return from_here
        found = _at(from_here, self.earlier)
        if self.by_entry is None:
            return found
        later = np.cumsum(_at(values, self.by_entry)[:, ::-1], axis=1)[:, ::-1]
        return found - _at(np.concatenate([later, np.zeros_like(later[:, :1])], axis=1), self.entered)

    def spent(self, values: np.ndarray) -> np.ndarray:
        """Return the sum over the events for which each patient was at risk: what the others are to :meth:`sums`."""
        to_here = np.cumsum(values, axis=1)
        if self.until is None:
            return to_here
        padded = np.concatenate([np.zeros_like(to_here[:, :1]), to_here], axis=1)
        found = _at(padded, self.until)
        return found if self.before_entry is None else found - _at(padded, self.before_entry)


def _at(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return each study's values at its places; as take_along_axis does, several times as fast."""
    studies, size = values.shape[:2]
    return values.reshape(studies * size, *values.shape[2:]).take(places + size * np.arange(studies)[:, None], axis=0)


def _how_many(values: np.ndarray, moments: np.ndarray, equal: bool) -> np.ndarray:
    """Return how many values lie before each moment of the same study, or at it too."""
    parts, size = ([values, moments] if equal else [moments, values]), values.shape[1]
    order = np.argsort(np.concatenate(parts, axis=1), axis=1, kind="stable")
    is_value = order < size if equal else order >= moments.shape[1]
    ranks = np.empty(order.shape, dtype=np.intp)
    np.put_along_axis(ranks, order, np.cumsum(is_value, axis=1), axis=1)
    return ranks[:, size:] if equal else ranks[:, : moments.shape[1]]


@dataclass(frozen=True)
class _Studies:
    """Studies whose patients stand in the order of their times; whoever is not in one has the amount 0."""

    x: np.ndarray
    events: np.ndarray
    amounts: np.ndarray
    risk: _RiskSets

    def of(self, which: np.ndarray) -> _Studies:
        """Return some of the studies."""
        return _Studies(self.x[which], self.events[which], self.amounts[which], self.risk.of(which))


def _prepared(x, events, times, entry, amounts) -> _Studies:
    if times is None:
        return _Studies(x, events * amounts, amounts, _RiskSets())
    if entry is None:
        moments, begun = inputs.settle(times), None
        present = np.isfinite(moments)
    else:
        moments, begun = np.split(inputs.settle(np.concatenate([times, entry], axis=1)), 2, axis=1)
        present = begun < moments
    order = np.argsort(moments, axis=1, kind="stable")
    moments, amounts, sorted_x = _at(moments, order), _at(amounts * present, order), _at(x, order)
    risk = _RiskSets()
    if begun is not None:
        begun = _at(begun, order)
        entered, before = _how_many(begun, moments, False), _how_many(moments, begun, True)
        risk = _RiskSets(*_around(moments), np.argsort(begun, axis=1, kind="stable"), entered, before)
    elif (np.diff(moments, axis=1) == 0).any():
        risk = _RiskSets(*_around(moments))
    return _Studies(sorted_x, _at(events, order) * amounts, amounts, risk)


def _around(moments: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return _how_many(moments, moments, False), _how_many(moments, moments, True)


# Newton's method ----------------------------------------------------------------------------------------------------


def _newton(
    data: _Studies, beta: np.ndarray, taken: np.ndarray, firth: bool, penalty: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the coefficients at which Newton's method ends, and which studies have settled at finite ones."""
    step = np.full_like(beta, np.inf)
    going = np.arange(len(beta))  # studies that have not converged yet: most need few steps
    for _ in range(_STEPS):
        score, information = _derivatives(data.of(going), beta[going], firth)
        score = score - penalty * beta[going]
        information = _held(information + np.diag(penalty), taken[going])
        step[going] = np.linalg.solve(information, score[:, :, None])[:, :, 0]
        beta[going] = np.clip(beta[going] + np.clip(step[going], -1, 1), -2 * _INFINITE, 2 * _INFINITE)
        going = going[np.abs(step[going]).max(axis=1) >= _CONVERGED]
        if not going.size:
            break
    return beta, ((np.abs(step) < _SMALL) & (np.abs(beta) < _INFINITE)).all(axis=1)


def _standard_errors(data: _Studies, beta, taken, penalty, found) -> tuple[np.ndarray, np.ndarray]:
    """Return standard errors by the observed information, and which of the estimates found are also determined."""
    information = _derivatives(data, beta, False)[1] + np.diag(penalty)
    largest = data.events.sum(axis=1)[:, None] * np.square(data.x).max(axis=1, initial=0)
    found = found & _determined(information, largest + penalty, taken)
    variance = np.linalg.inv(np.where(found[:, None, None], _held(information, taken, 0.0), np.eye(beta.shape[1])))
    return np.sqrt(np.abs(np.einsum("sjj->sj", variance))), found


def _held(information: np.ndarray, taken: np.ndarray, little: float = 1e-9) -> np.ndarray:
    """Return the information with 1 for a covariate that is not in the model, a little more for one that is.

    So that it can be inverted: Newton's method goes on for all studies while some turn out to have no maximum.
    """
    return information + np.eye(information.shape[1]) * np.where(taken, little, 1.0)[:, None, :]


def _determined(information: np.ndarray, largest: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Return in which studies no covariate of the model is constant or a combination of others among those at risk.

    `largest` is what the information of a covariate cannot exceed, by which a rounding error is told from some.
    """
    own = np.einsum("sjj->sj", information)
    some = own > SINGULAR * largest
    scale = np.sqrt(np.where(some, own, 1.0))
    correlation = information / scale[:, :, None] / scale[:, None, :]
    correlation = np.where((taken[:, :, None] & taken[:, None, :]), correlation, np.eye(own.shape[1]))
    return (some | ~taken).all(axis=1) & (np.linalg.eigvalsh(correlation)[:, 0] > SINGULAR)


def _derivatives(data: _Studies, beta: np.ndarray, firth: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return score and information; with `firth` the score has its correction, ½ tr(I⁻¹ ∂I/∂β)."""
    x, events, risk = data.x, data.events, data.risk
    hazard = np.exp(np.einsum("spj,sj->sp", x, beta)) * data.amounts
    total = np.maximum(risk.sums(hazard), 1e-300)
    first = risk.sums(hazard[:, :, None] * x) / total[:, :, None]
    # The sum over events of the second moments: each patient counts in every risk set that he or she is in.
    often = hazard * risk.spent(events / total)
    seen = first * np.sqrt(events)[:, :, None]
    information = np.swapaxes(x, 1, 2) @ (x * often[:, :, None]) - np.swapaxes(seen, 1, 2) @ seen
    score = np.einsum("sp,spj->sj", events, x - first)
    if firth:
        inverse = np.linalg.inv(information + 1e-12 * np.eye(x.shape[2]))
        score = score + _correction(data, hazard, total, first, inverse)
    return score, information


def _correction(data: _Studies, hazard, total, first, inverse) -> np.ndarray:
    """Return ½ Σ_jk I⁻¹_jk ∂I_jk/∂β_r: the inverse against the third central moments of each risk set.

    With q = x'I⁻¹x the third moment contracted with I⁻¹ is cov(q, x_r) − 2·Σ_jk mean_j I⁻¹_jk cov(x_k, x_r).
    """
    x, at_risk = data.x, data.risk.sums
    second = at_risk(hazard[:, :, None, None] * x[:, :, :, None] * x[:, :, None, :]) / total[:, :, None, None]
    spread = second - first[:, :, :, None] * first[:, :, None, :]
    quadratic = np.einsum("spj,sjk,spk->sp", x, inverse, x)
    mean = at_risk(hazard * quadratic) / total
    together = at_risk((hazard * quadratic)[:, :, None] * x) / total[:, :, None] - mean[:, :, None] * first
    pulled = np.einsum("spj,sjk,spkr->spr", first, inverse, spread)
    return np.einsum("sp,spr->sr", data.events, together - 2 * pulled) / 2
