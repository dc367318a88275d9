"""The ways in which programs compute a paper's statistics of survival.

The usual way is computed twice, by lifelines and by this package's own modules: both take ties by Efron's method, give
Wald limits and p values, and invert the log-log band for a median's limits. (The log band, the default of R's
``survfit``, has no upper limit at all in a group of 13 or fewer: :mod:`secondlook.stats.km`.) They can differ in three
places:

- lifelines, with the options it comes with, stops Newton's method once (step / standard error)² / 2 is below 1e-7
  (√(2e-7) standard errors). Its log hazard ratio can be short by so much, which moves p by up to 4e-4 and a ratio or
  limit of a few decimals by about a unit of the fourth: now and then another last digit. An estimate is where the
  likelihood is greatest and not where a program stops, so lifelines is told to go on (:data:`GO_ON`), as R does.
- Where a curve lies at exactly one half over a stretch, ours takes the stretch's middle as the median, as R's
  quantile(survfit) does.
  lifelines takes its beginning, or its end where its floating-point product of the steps comes out a hair above one
  half (a group of 28 or 40 without censoring: the beginning; one of 14 or 44: the end).
- Where the last event brings the curve to 0 and an edge of the band was above one half until then, lifelines takes
  that last time as the limit. Ours has none, as R has none, for the band does not exist at 0.

The other ways that programs have by default are computed by our own modules, which the tests hold against R: ties by
Breslow's method (SPSS, SAS, Stata), the log band (R), the beginning of a level stretch as the median (SAS), and a
median ± 1.96 standard errors (SPSS).

Each function returns None, or a limit None, for what the patients do not have: an infinite hazard ratio, an empty
group, a curve that never comes down to one half.
"""

from __future__ import annotations

import contextlib
import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy.linalg import LinAlgWarning

from secondlook.stats import cox, km

BAND = "log-log"
#: With these options it stops where rounding does not let it go on.
GO_ON = {"precision": 1e-12, "r_precision": 1e-15}

Ratio = tuple[float, float, float, float]
Medians = tuple[float | None, float | None, float | None]


@dataclass(frozen=True)
class Program:
    """One way to compute the statistics.

    Attributes
    ----------
    name : str
    ratios : callable
        (patient × covariate, times, events) → (HR, lower, upper, p) of the first covariate, or None.
    median : callable
        (times, events) → median, lower limit, upper limit.
    log_rank : callable
        (group of each patient, times, events) → p, or None.
    """

    name: str
    ratios: Callable[[np.ndarray, np.ndarray, np.ndarray], Ratio | None]
    median: Callable[[np.ndarray, np.ndarray], Medians]
    log_rank: Callable[[np.ndarray, np.ndarray, np.ndarray], float | None]


# Our own ------------------------------------------------------------------------------------------------------------


def own_ratios(x: np.ndarray, times: np.ndarray, events: np.ndarray, ties: str = "efron") -> Ratio | None:
    """Return the first covariate's row by :mod:`secondlook.stats.cox`."""
    try:
        return cox.fit(x, times, events, ties).ratios()[0]
    except cox.NoFitError:
        return None


def own_median(times: np.ndarray, events: np.ndarray, band: str = BAND, stretch: str = "quantile") -> Medians:
    """Return the median and its limits by :mod:`secondlook.stats.km`; ``symmetric`` stands for ± 1.96 SE."""
    if not len(times):
        return None, None, None
    symmetric = band == "symmetric"
    found = km.symmetric_interval(times, events) if symmetric else km.median_interval(times, events, band, stretch)
    return found.median, found.lower, found.upper


def own_log_rank(groups: np.ndarray, times: np.ndarray, events: np.ndarray) -> float | None:
    """Return the log-rank p by :mod:`secondlook.stats.cox`."""
    if len(np.unique(groups)) < 2:
        return None
    try:
        return cox.log_rank(groups, times, events)
    except cox.NoTestError:
        return None


# lifelines ----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Silence what lifelines says of odd data; a fit that fails is reported as missing, not as a warning."""
    from lifelines import exceptions

    with warnings.catch_warnings():
        kinds = (exceptions.ConvergenceWarning, exceptions.StatisticalWarning, exceptions.ApproximationWarning)
        for kind in (*kinds, LinAlgWarning, RuntimeWarning):
            warnings.simplefilter("ignore", kind)
        yield


def lifelines_ratios(x: np.ndarray, times: np.ndarray, events: np.ndarray) -> Ratio | None:
    """Return the first covariate's row by ``CoxPHFitter``; None also where our own fit finds no finite maximum."""
    if own_ratios(x, times, events) is None:
        return None
    frame = pd.DataFrame(x, columns=[f"x{number}" for number in range(x.shape[1])]).assign(time=times, event=events)
    # The default step overshoots where a hazard ratio is large, and lifelines then ends at NaN; a shorter one arrives.
    fits = (_lifelines_fit(frame, options) for options in (GO_ON, GO_ON | {"step_size": 0.25}))
    return next((found for found in fits if found), None)


def _lifelines_fit(frame: pd.DataFrame, options: dict[str, float]) -> Ratio | None:
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError

    try:
        with _quiet():
            row = CoxPHFitter().fit(frame, "time", "event", fit_options=options).summary.iloc[0]
    except ConvergenceError:
        return None
    names = ("exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%", "p")
    found = tuple(float(row[name]) for name in names)
    return found if all(map(math.isfinite, found)) else None


def lifelines_median(times: np.ndarray, events: np.ndarray) -> Medians:
    """Return the median and its limits by ``KaplanMeierFitter``."""
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times

    if not len(times):
        return None, None, None
    with _quiet():
        fitter = KaplanMeierFitter().fit(times, events)
        lower, upper = median_survival_times(fitter.confidence_interval_).iloc[0]
    return _finite(fitter.median_survival_time_), _finite(lower), _finite(upper)


def lifelines_log_rank(groups: np.ndarray, times: np.ndarray, events: np.ndarray) -> float | None:
    """Return the log-rank p by ``multivariate_logrank_test``."""
    from lifelines.statistics import multivariate_logrank_test

    if own_log_rank(groups, times, events) is None:
        return None
    with _quiet():
        return _finite(multivariate_logrank_test(times, groups, events).p_value)


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


LIFELINES = Program("lifelines", lifelines_ratios, lifelines_median, lifelines_log_rank)
OWN = Program("Second Look", own_ratios, own_median, own_log_rank)
USUAL = (LIFELINES, OWN)


@dataclass(frozen=True)
class Way:
    """A choice that programs make differently, with the programs that compute it.

    Attributes
    ----------
    name : str
        In words, as in *reproduced by Breslow's ties*.
    key : str
        What an option of the command names: a method of ties, a band.
    programs : tuple of Program
        All of them must print a number for it to be attained.
    """

    name: str
    key: str
    programs: tuple[Program, ...]


def _own(**how) -> tuple[Program, ...]:
    ratios = partial(own_ratios, ties=how["ties"]) if "ties" in how else own_ratios
    median = partial(own_median, band=how["band"], stretch=how.get("stretch", "first")) if "band" in how else own_median
    return (Program("Second Look", ratios, median, own_log_rank),)


#: Ties in a Cox model, the usual way first.
TIES = (Way("Efron's ties", "efron", USUAL), Way("Breslow's ties", "breslow", _own(ties="breslow")))
#: Limits of a median, the usual way first.
BANDS = (
    Way("the log-log band", BAND, USUAL),
    Way("the log-log band, SAS's median", BAND, _own(band=BAND)),
    Way("R's log band", "log", _own(band="log", stretch="print")),
    Way("the median ± 1.96 SE of SPSS", "symmetric", _own(band="symmetric")),
)
